//! Reply tokens: one of the two proofs with which a reply acts (DESIGN §4).
//!
//! A token is 45 symbols of base 32 (Crockford's alphabet, lower case), so that it lives in the local part of an
//! address and in the left side of a Message-ID, and survives a mail program that folds the case:
//!
//! ```text
//! reference 8 | person 8 | last day 3 | tag 26
//! ```
//!
//! * **reference**: the eight symbols of the reference, without its prefix.
//! * **person**: 40 bits of a keyed digest of who may use it: a member of staff and the handovers there were, the mailbox
//!   of a sender or client, or the mailbox of a partner and the ask it answers.
//!   A token of one person says nothing to another, and a staff token never equals a client's, so the kind of person
//!   also bounds the verbs.
//! * **last day**: days since 2020-01-01 (UTC), up to the year 2109; the token is good until that day ends.
//! * **tag**: HMAC-SHA-256 over the rest, cut to 128 bits, compared in constant time.
//!
//! A reply address has 64 octets before the `@` (RFC 5321 §4.5.3.1.1), so the inbox itself may have 18: see
//! [`fits`]. Every symbol counts: one changed bit anywhere is refused, and mixed case is no token.

use chrono::{DateTime, Days, NaiveDate, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::referral::address::EmailAddress;
use crate::referral::reference::Reference;
use crate::referral::roster::StaffId;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const REFERENCE: usize = 8;
const PERSON: usize = 8;
const DAY: usize = 3;
const TAG_BYTES: usize = 16;
const TAG: usize = 26;
/// The symbols of a token.
pub const LENGTH: usize = REFERENCE + PERSON + DAY + TAG;
const LOCAL_PART: usize = 64;

/// A secret of 32 bytes, wiped when dropped, never shown.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<[u8; 32]>);

impl SecretKey {
    /// Takes over a secret.
    #[must_use]
    pub fn of(bytes: [u8; 32]) -> SecretKey {
        SecretKey(Zeroizing::new(bytes))
    }

    /// The key as HMAC-SHA-256 takes it: filled up with zeros to a block (RFC 2104 §2).
    pub(super) fn padded(&self) -> hmac::digest::Key<Hmac<Sha256>> {
        let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
        for (to, from) in block.iter_mut().zip(self.0.iter()) {
            *to = *from;
        }
        block
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(***)")
    }
}

/// What makes and checks tokens: a secret used for nothing else, and the prefix of our references.
#[derive(Clone, Debug)]
pub struct TokenKey {
    /// The secret.
    pub secret: SecretKey,
    /// The prefix a reference is read back with.
    pub prefix: String,
}

/// Who may use a token.
#[derive(Clone, Copy, Debug)]
pub enum Person<'a> {
    /// A member of staff, whatever address the roster gives them later, and after how many handovers of the referral
    /// the letter was written: an earlier owner's proof ends with the handover.
    Staff(&'a StaffId, u32),
    /// A sender or a client, by mailbox: case and `+tags` do not matter.
    Mailbox(&'a EmailAddress),
    /// Who was asked to take a referral on, by mailbox and by which ask of that referral it was: the answer to one says
    /// nothing to another.
    Asked(&'a EmailAddress, u32),
}

/// The digest of a [`Person`] under a [`TokenKey`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PersonMark([u8; 5]);

/// What a token says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claim {
    /// Who may use it.
    pub person: PersonMark,
    /// For which referral.
    pub reference: Reference,
    /// The last day, in UTC, on which it is good.
    pub last_day: NaiveDate,
}

/// Why a token proves nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TokenRefused {
    /// It has not the form of a token.
    #[error("not a reply token")]
    Malformed,
    /// We did not make it, or it was changed.
    #[error("a reply token we did not make")]
    Forged,
    /// It was ours; its last day is over.
    #[error("a reply token that has expired")]
    Expired,
}

impl TokenKey {
    /// The mark of a person, to put into a claim and to compare with one.
    #[must_use]
    pub fn mark(&self, person: Person<'_>) -> PersonMark {
        let digest = match person {
            Person::Staff(id, 0) => self.mac(b"staff", id.0.as_bytes()),
            Person::Staff(id, handovers) => {
                self.mac(b"staff after", format!("{} {handovers}", id.0).as_bytes())
            }
            Person::Mailbox(address) => self.mac(b"mailbox", address.mailbox().as_bytes()),
            Person::Asked(address, ask) => {
                self.mac(b"asked", format!("{} {ask}", address.mailbox()).as_bytes())
            }
        };
        let mut mark = [0; 5];
        for (to, from) in mark.iter_mut().zip(digest.finalize().into_bytes()) {
            *to = from;
        }
        PersonMark(mark)
    }

    /// The reference in a token that is bound to a person only and acts on no referral; we never draw it.
    #[must_use]
    pub fn of_no_referral(&self) -> Reference {
        Reference::draw(&self.prefix, 0)
    }

    fn mac(&self, purpose: &[u8], text: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new(&self.secret.padded());
        mac.update(b"reply-token\0");
        mac.update(purpose);
        mac.update(b"\0");
        mac.update(text);
        mac
    }
}

/// Makes the token of a claim.
#[must_use]
pub fn issue(key: &TokenKey, claim: &Claim) -> String {
    let symbols: Vec<char> = claim.reference.as_str().chars().filter(char::is_ascii_alphanumeric).collect();
    let body = symbols.get(symbols.len().saturating_sub(REFERENCE)..).unwrap_or_default();
    let mut token: String = body.iter().map(char::to_ascii_lowercase).collect();
    token.push_str(&base32(claim.person.0.iter().copied()));
    token.push_str(&day_symbols(claim.last_day));
    let tag = key.mac(b"token", token.as_bytes()).finalize().into_bytes();
    token.push_str(&base32(tag.iter().copied().take(TAG_BYTES)));
    token
}

/// Reads a token: the `+tag` of a reply address, or the left side of one of our Message-IDs.
///
/// # Errors
/// [`TokenRefused`]; the order of the checks tells a stranger nothing about our records.
pub fn check(key: &TokenKey, token: &str, now: DateTime<Utc>) -> Result<Claim, TokenRefused> {
    let token = token.rsplit('.').next().unwrap_or_default();
    let token = one_case(token).ok_or(TokenRefused::Malformed)?;
    let (claimed, tag) = token.split_at_checked(LENGTH - TAG).ok_or(TokenRefused::Malformed)?;
    let tag = bytes(tag).filter(|tag| tag.len() == TAG_BYTES).ok_or(TokenRefused::Malformed)?;
    key.mac(b"token", claimed.as_bytes()).verify_truncated_left(&tag).map_err(|_| TokenRefused::Forged)?;
    let claim = read(claimed, &key.prefix).ok_or(TokenRefused::Malformed)?;
    if now.date_naive() > claim.last_day { Err(TokenRefused::Expired) } else { Ok(claim) }
}

/// Whether a token fits behind the local part of an inbox.
#[must_use]
pub fn fits(inbox: &EmailAddress) -> bool {
    inbox.with_tag("").local().len() + LENGTH <= LOCAL_PART
}

/// Bytes in base 32, five bits a symbol, the last one filled up with zeros.
pub(super) fn base32(bytes: impl Iterator<Item = u8>) -> String {
    let (mut text, mut buffer, mut bits) = (String::new(), 0u32, 0u32);
    for byte in bytes {
        buffer = (buffer << 8 | u32::from(byte)) & 0xfff;
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(symbol(buffer >> bits));
        }
    }
    if bits > 0 {
        text.push(symbol(buffer << (5 - bits)));
    }
    text
}

/// The bytes behind base 32 symbols; `None` if a bit too many is set, so that every token has one writing only.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut buffer, mut bits) = (Vec::new(), 0u32, 0u32);
    for c in text.bytes() {
        buffer = (buffer << 5 | value(c)?) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(buffer >> bits & 0xff).ok()?);
        }
    }
    (bits < 5 && buffer & ((1 << bits) - 1) == 0).then_some(bytes)
}

fn read(claimed: &str, prefix: &str) -> Option<Claim> {
    let (reference, rest) = claimed.split_at_checked(REFERENCE)?;
    let (person, day) = rest.split_at_checked(PERSON)?;
    let days = day.bytes().try_fold(0u64, |days, c| Some(days * 32 + u64::from(value(c)?)))?;
    Some(Claim {
        person: PersonMark(bytes(person)?.try_into().ok()?),
        reference: Reference::parse(reference, prefix)?,
        last_day: epoch().checked_add_days(Days::new(days))?,
    })
}

/// The token in lower case, if it is all of one case, of the right length and alphabet.
fn one_case(token: &str) -> Option<String> {
    let mixed =
        token.bytes().any(|b| b.is_ascii_lowercase()) && token.bytes().any(|b| b.is_ascii_uppercase());
    let lower = token.to_ascii_lowercase();
    (!mixed && lower.len() == LENGTH && lower.bytes().all(|c| value(c).is_some())).then_some(lower)
}

/// The last day that three symbols of five bits can say, counted from the epoch of tokens.
const LAST_DAY: i64 = (1 << 15) - 1;

fn day_symbols(day: NaiveDate) -> String {
    let days = u32::try_from((day - epoch()).num_days().clamp(0, LAST_DAY)).unwrap_or(0);
    [days >> 10, days >> 5, days].into_iter().map(symbol).collect()
}

fn epoch() -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, 1, 1).unwrap_or_default()
}

fn symbol(value: u32) -> char {
    ALPHABET.get((value & 31) as usize).copied().map_or('0', char::from)
}

fn value(symbol: u8) -> Option<u32> {
    ALPHABET.iter().position(|known| *known == symbol).and_then(|at| u32::try_from(at).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8) -> TokenKey {
        TokenKey { secret: SecretKey::of([seed; 32]), prefix: "R".to_owned() }
    }

    fn claim(key: &TokenKey) -> Claim {
        Claim {
            person: key.mark(Person::Staff(&StaffId("maria".to_owned()), 0)),
            reference: Reference::draw("R", 0x1234_5678_9abc),
            last_day: NaiveDate::from_ymd_opt(2026, 11, 27).unwrap(),
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    const NOW: &str = "2026-11-20T12:00:00Z";

    #[test]
    fn a_token_says_what_was_claimed() {
        let key = key(1);
        let token = issue(&key, &claim(&key));
        assert_eq!(token.len(), LENGTH);
        assert_eq!(check(&key, &token, at(NOW)), Ok(claim(&key)));
        assert_eq!(check(&key, &token.to_ascii_uppercase(), at(NOW)), Ok(claim(&key)));
        assert_eq!(check(&key, &format!("0123abc.{token}"), at(NOW)), Ok(claim(&key)));
    }

    #[test]
    fn every_flipped_bit_is_refused() {
        let key = key(1);
        let token = issue(&key, &claim(&key)).into_bytes();
        for place in 0..token.len() {
            for bit in 0..8 {
                let mut flipped = token.clone();
                flipped[place] ^= 1 << bit;
                let text = String::from_utf8_lossy(&flipped).into_owned();
                assert!(check(&key, &text, at(NOW)).is_err(), "bit {bit} of symbol {place}");
            }
        }
    }

    #[test]
    fn every_other_symbol_in_every_place_is_refused() {
        let key = key(1);
        let token = issue(&key, &claim(&key)).into_bytes();
        for place in 0..token.len() {
            for symbol in ALPHABET.iter().filter(|symbol| **symbol != token[place]) {
                let mut changed = token.clone();
                changed[place] = *symbol;
                let text = String::from_utf8(changed).unwrap();
                assert!(check(&key, &text, at(NOW)).is_err(), "symbol {place}");
            }
        }
    }

    #[test]
    fn truncated_lengthened_and_foreign_tokens_are_refused() {
        let key1 = key(1);
        let token = issue(&key1, &claim(&key1));
        for length in 0..token.len() {
            let short: String = token.chars().take(length).collect();
            assert_eq!(check(&key1, &short, at(NOW)), Err(TokenRefused::Malformed));
        }
        for text in [format!("{token}0"), format!("0{token}"), String::new(), "é".repeat(45), "\0".repeat(45)]
        {
            assert_eq!(check(&key1, &text, at(NOW)), Err(TokenRefused::Malformed));
        }
        assert_eq!(check(&key(2), &token, at(NOW)), Err(TokenRefused::Forged));
    }

    #[test]
    fn a_token_is_good_until_its_last_day_ends() {
        let key = key(1);
        let token = issue(&key, &claim(&key));
        assert!(check(&key, &token, at("2026-11-27T23:59:59Z")).is_ok());
        assert_eq!(check(&key, &token, at("2026-11-28T00:00:00Z")), Err(TokenRefused::Expired));
    }

    #[test]
    fn random_tokens_are_forged() {
        let key = key(1);
        let mut state = 7u64;
        for _ in 0..65_536 {
            let text: String = (0..LENGTH)
                .map(|_| {
                    state =
                        state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    symbol(u32::try_from(state >> 59).unwrap())
                })
                .collect();
            assert!(check(&key, &text, at(NOW)).is_err());
        }
    }

    #[test]
    fn marks_tell_people_apart_and_forgive_tags() {
        let key1 = key(1);
        let staff = StaffId("maria@example.org".to_owned());
        let plain = EmailAddress::parse("maria@example.org").unwrap();
        let tagged = EmailAddress::parse("Maria+x@example.org").unwrap();
        assert_eq!(key1.mark(Person::Mailbox(&plain)), key1.mark(Person::Mailbox(&tagged)));
        assert_ne!(key1.mark(Person::Staff(&staff, 0)), key1.mark(Person::Mailbox(&plain)));
        assert_ne!(key1.mark(Person::Staff(&staff, 0)), key1.mark(Person::Staff(&staff, 1)));
        assert_ne!(key(2).mark(Person::Mailbox(&plain)), key1.mark(Person::Mailbox(&plain)));
    }

    #[test]
    fn the_reply_address_stays_within_64_octets() {
        for (inbox, fit) in [
            ("intake@example.org", true),
            ("exactly-18-letters@x.org", true),
            ("nineteen-characters@x.org", false),
        ] {
            assert_eq!(fits(&EmailAddress::parse(inbox).unwrap()), fit, "{inbox}");
        }
        let key = key(1);
        let address = EmailAddress::parse("exactly-18-letters@x.org").unwrap();
        let reply_to = address.with_tag(&issue(&key, &claim(&key)));
        assert!(EmailAddress::parse(reply_to.as_str()).is_ok());
    }

    #[test]
    fn base_32_reads_back() {
        for length in 0..40u8 {
            let all: Vec<u8> = (0..length).map(|n| n.wrapping_mul(91)).collect();
            assert_eq!(bytes(&base32(all.iter().copied())), Some(all));
        }
    }
}
