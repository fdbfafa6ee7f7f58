//! The gate: may this client get this letter at this address now? It fails closed: unknown is no (requirement 122).
//!
//! | question | withheld when |
//! |---|---|
//! | does the organisation write to clients at all? | the setting says no |
//! | did the client say stop? | yes, about this referral or another one at the same address |
//! | is contact given up as unsafe, or not wanted? | yes |
//! | is the sender of the referral proven? | no: nobody outside the roster makes us write to a third person |
//! | did the client consent? | anything but a clear yes; also one that ran out, or that the opposing party gave |
//! | is there an address? | none, or one that cannot be right |
//! | is *this* address marked safe for email? | anything but a clear yes |
//! | whose address is it? | the sender's, a partner's, staff's, our own, the opposing party's |
//! | who else reads it? | a role address such as `info@`; an address that stands for another client too |
//! | how old is the last word on safety? | older than the setting (30 days) |
//! | is it a safe hour? | never withheld: sent at the next safe hour |
//!
//! The first row that speaks against it is the reason. It is asked at the decision and again before the letter is sent.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::address::EmailAddress;
use super::calendar::Calendar;
use super::packet::{Field, Judged, Packet, Safety};
use super::record::{BounceReason, Contact, Referral};
use super::roster::Roster;

/// What the settings say about letters to clients.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ClientMail {
    /// Clients are written to at all.
    pub enabled: bool,
    /// A word on safety counts for so many days.
    pub recheck_days: u32,
    /// Letters leave only between these local times.
    pub hours: (NaiveTime, NaiveTime),
}

/// The gate's answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gate {
    /// Now.
    Send,
    /// Not before then.
    SendAt(DateTime<Utc>),
    /// Not at all, and why.
    Withhold(Withheld),
}

/// Why a client gets no letter. The words are in the record and in measure 109.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Withheld {
    /// The setting says no.
    SwitchedOff,
    /// The client said stop.
    Stopped,
    /// Contact is not wanted, or was given up as unsafe.
    DoNotContact,
    /// The sender of the referral is not proven.
    SenderNotProven,
    /// No clear consent.
    NoConsent,
    /// The consent has run out.
    ConsentExpired,
    /// The opposing party gave the consent.
    ConsentByOpposingParty,
    /// No address, or one that cannot be right.
    NoAddress,
    /// Email was not said to be safe.
    NotMarkedSafe,
    /// The address belongs to the sender, a partner, staff or ourselves.
    NotTheirOwn,
    /// The address is, or looks like, the opposing party's.
    OpposingParty,
    /// A role address that others may read.
    RoleAddress,
    /// The address stands for another client too.
    SharedAddress,
    /// The last word on safety is too old.
    SafetyTooOld,
}

impl Withheld {
    /// The reason in words, for the record and for staff.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Withheld::SwitchedOff => "letters to clients are switched off",
            Withheld::Stopped => "the client asked us not to write",
            Withheld::DoNotContact => "the client is not to be contacted",
            Withheld::SenderNotProven => "the sender of the referral is not a proven partner",
            Withheld::NoConsent => "there is no clear consent",
            Withheld::ConsentExpired => "the consent has run out",
            Withheld::ConsentByOpposingParty => "the opposing party seems to have given the consent",
            Withheld::NoAddress => "there is no usable email address",
            Withheld::NotMarkedSafe => "email was not marked as safe",
            Withheld::NotTheirOwn => "the address belongs to somebody else",
            Withheld::OpposingParty => "the address may be the opposing party's",
            Withheld::RoleAddress => "others may read that address",
            Withheld::SharedAddress => "another client has the same address",
            Withheld::SafetyTooOld => "the last word on safety is too old",
        }
    }
}

/// What is known about the consent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Consent {
    /// A clear yes of the client.
    Given,
    /// Nothing, a no, or anything in doubt.
    Unclear,
    /// A yes with a last day that has passed.
    Expired,
    /// A yes in which the opposing party is named.
    ByOpposingParty,
}

/// Whose address it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whose {
    /// The client's, as far as anybody can tell.
    Client,
    /// There is none.
    Nobody,
    /// The sender's, a partner's, staff's or our own.
    Ours,
    /// The opposing party's, or it looks like it.
    OpposingParty,
    /// A role address.
    Role,
    /// Two clients' at least.
    Shared,
}

/// Everything the gate looks at, each in the fewest values it can have.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own, and the test walks them all"
)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Circumstances {
    /// The setting.
    pub enabled: bool,
    /// The client said stop.
    pub stopped: bool,
    /// Not to be contacted.
    pub do_not_contact: bool,
    /// The sender is proven.
    pub proven: bool,
    /// The consent.
    pub consent: Consent,
    /// The address.
    pub whose: Whose,
    /// What was said about email.
    pub email: Safety,
    /// The last word on safety is young enough.
    pub fresh: bool,
}

impl Circumstances {
    /// The table above, row by row.
    ///
    /// # Errors
    /// The first row that speaks against it.
    pub fn judge(&self) -> Result<(), Withheld> {
        let consent = match self.consent {
            Consent::Given => None,
            Consent::Unclear => Some(Withheld::NoConsent),
            Consent::Expired => Some(Withheld::ConsentExpired),
            Consent::ByOpposingParty => Some(Withheld::ConsentByOpposingParty),
        };
        let whose = match self.whose {
            Whose::Client | Whose::Nobody => None,
            Whose::Ours => Some(Withheld::NotTheirOwn),
            Whose::OpposingParty => Some(Withheld::OpposingParty),
            Whose::Role => Some(Withheld::RoleAddress),
            Whose::Shared => Some(Withheld::SharedAddress),
        };
        let when = |speaks: bool, why: Withheld| speaks.then_some(why);
        let against = when(!self.enabled, Withheld::SwitchedOff)
            .or(when(self.stopped, Withheld::Stopped))
            .or(when(self.do_not_contact, Withheld::DoNotContact))
            .or(when(!self.proven, Withheld::SenderNotProven))
            .or(consent)
            .or(when(self.whose == Whose::Nobody, Withheld::NoAddress))
            .or(when(self.email != Safety::Safe, Withheld::NotMarkedSafe))
            .or(whose)
            .or(when(!self.fresh, Withheld::SafetyTooOld));
        against.map_or(Ok(()), Err)
    }
}

/// Whether the client of this referral may be written to now, and at which address.
///
/// # Errors
/// [`Withheld`] with the first reason of the table above.
pub fn client_address(
    referral: &Referral,
    roster: &Roster,
    own: &EmailAddress,
    rules: ClientMail,
    now: DateTime<Utc>,
) -> Result<EmailAddress, Withheld> {
    let address = referral.client_address();
    let unsafe_contact =
        matches!(referral.contact, Contact::Bounced { reason: BounceReason::UnsafeToContact, .. });
    let age = now - safety_checked_at(referral);
    Circumstances {
        enabled: rules.enabled,
        stopped: referral.stopped,
        do_not_contact: referral.contact == Contact::DoNotContact || unsafe_contact,
        proven: referral.sender.trusted,
        consent: consent(&referral.packet, now),
        whose: address.as_ref().map_or(Whose::Nobody, |address| whose(address, referral, roster, own)),
        email: referral.packet.channels().email,
        fresh: age <= TimeDelta::days(i64::from(rules.recheck_days)),
    }
    .judge()?;
    address.ok_or(Withheld::NoAddress)
}

/// Whether two packets name one address for two people. The same name, however it is written, is one person; without a
/// name nobody knows, and that counts as two.
#[must_use]
pub fn share_an_address(one: &Packet, other: &Packet) -> bool {
    let mailbox = |packet: &Packet| Some(EmailAddress::parse(packet.client_email()?).ok()?.mailbox());
    let name = |packet: &Packet| packet.text(Field::ClientName).map(plain).unwrap_or_default();
    mailbox(one).is_some()
        && mailbox(one) == mailbox(other)
        && (name(one).is_empty() || name(one) != name(other))
}

/// Whether two packets name two people: both have a name, and the names differ however they are written.
#[must_use]
pub fn are_named_apart(one: &Packet, other: &Packet) -> bool {
    let name = |packet: &Packet| packet.text(Field::ClientName).map(plain).unwrap_or_default();
    !name(one).is_empty() && !name(other).is_empty() && name(one) != name(other)
}

/// The last time somebody said what is safe: at the referral, or when a person confirmed the safe times.
fn safety_checked_at(referral: &Referral) -> DateTime<Utc> {
    match &referral.contact {
        Contact::Confirmed { at, with } if with.method.is_some() && with.safe_times.is_some() => {
            (*at).max(referral.received_at)
        }
        Contact::Confirmed { .. }
        | Contact::NotStarted
        | Contact::Attempting
        | Contact::Bounced { .. }
        | Contact::DoNotContact => referral.received_at,
    }
}

/// Only [`Packet::consents`] makes a yes; what else is said only makes the reason plainer, and takes a yes away.
fn consent(packet: &Packet, now: DateTime<Utc>) -> Consent {
    let said = [Field::Consent, Field::ConsentContact].map(|field| packet.text(field).unwrap_or_default());
    let opposing = packet.text(Field::OpposingParty).map(names).unwrap_or_default();
    if said.iter().any(|said| names(said).iter().any(|name| opposing.contains(name))) {
        return Consent::ByOpposingParty;
    }
    if said.iter().any(|said| dates(said).any(|day| day < now.date_naive())) && speaks_of_an_end(&said) {
        return Consent::Expired;
    }
    if packet.consents() { Consent::Given } else { Consent::Unclear }
}

fn speaks_of_an_end(said: &[&str]) -> bool {
    const END: [&str; 7] = ["until", "expire", "through", "valid", "hasta", "vence", "ends"];
    said.iter().any(|said| END.iter().any(|word| said.to_lowercase().contains(word)))
}

/// The days a text names in a form that can be read in one way only.
fn dates(text: &str) -> impl Iterator<Item = NaiveDate> {
    text.split(|c: char| !c.is_ascii_digit() && c != '-' && c != '/').filter_map(|word| {
        let year_first = NaiveDate::parse_from_str(word, "%Y-%m-%d");
        year_first.or_else(|_| NaiveDate::parse_from_str(word, "%m/%d/%Y")).ok()
    })
}

/// The words of a text that can be somebody's name: three letters or more, in plain letters.
fn names(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() >= 3).map(plain).collect()
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn whose(address: &EmailAddress, referral: &Referral, roster: &Roster, own: &EmailAddress) -> Whose {
    if belongs_to_us(address, referral, roster, own) {
        Whose::Ours
    } else if is_opposing(address, &referral.packet) {
        Whose::OpposingParty
    } else if is_role(address) {
        Whose::Role
    } else if referral.address_shared {
        Whose::Shared
    } else {
        Whose::Client
    }
}

/// The address stands in another field of the packet (the opposing party, a safety note, whoever refers), or carries
/// the opposing party's name and not the client's.
fn is_opposing(address: &EmailAddress, packet: &Packet) -> bool {
    let elsewhere = packet.iter().filter(|(field, _)| *field != Field::ClientEmail).any(|(_, found)| {
        let named = matches!(&found.judged, Judged::Email { address: other, .. } if same(address, other));
        named || found.value.split_whitespace().any(|word| same(address, word.trim_matches(is_wrapping)))
    });
    let local = plain(address.local());
    let opposing = packet.text(Field::OpposingParty).map(names).unwrap_or_default();
    let client = packet.text(Field::ClientName).map(names).unwrap_or_default();
    elsewhere || likeness(&local, &opposing) > likeness(&local, &client)
}

/// How much of a name is in an address: a point for each of its words, one for an initial before another word.
fn likeness(local: &str, name: &[String]) -> usize {
    let words = name.iter().filter(|word| local.contains(word.as_str())).count();
    let initials = name.iter().filter_map(|word| word.chars().next());
    let initial = initials.into_iter().any(|initial| {
        name.iter().any(|word| !word.starts_with(initial) && local.contains(&format!("{initial}{word}")))
    });
    words + usize::from(initial)
}

fn same(address: &EmailAddress, text: &str) -> bool {
    EmailAddress::parse(text).is_ok_and(|other| other.mailbox() == address.mailbox())
}

const fn is_wrapping(c: char) -> bool {
    matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | ':' | '.' | '"' | '\'' | '[' | ']')
}

/// The gate for one letter to one address. An address that is no longer the client's is withheld too.
#[must_use]
pub fn gate(
    referral: &Referral,
    address: &EmailAddress,
    roster: &Roster,
    own: &EmailAddress,
    rules: ClientMail,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Gate {
    match client_address(referral, roster, own, rules, now) {
        Err(why) => Gate::Withhold(why),
        Ok(safe) if safe != *address => Gate::Withhold(Withheld::NotMarkedSafe),
        Ok(_) => {
            let at = next_safe_hour(rules, calendar, now);
            if at <= now { Gate::Send } else { Gate::SendAt(at) }
        }
    }
}

/// `now` if it is a safe hour, else the next beginning of the safe hours.
fn next_safe_hour(rules: ClientMail, calendar: &Calendar, now: DateTime<Utc>) -> DateTime<Utc> {
    let local = calendar.local(now);
    let (opens, closes) = rules.hours;
    if (opens..closes).contains(&local.time()) {
        return now;
    }
    let days = u64::from(local.time() >= opens);
    local
        .date_naive()
        .checked_add_days(chrono::Days::new(days))
        .map_or(now, |day| calendar.instant(day, opens))
}

fn belongs_to_us(address: &EmailAddress, referral: &Referral, roster: &Roster, own: &EmailAddress) -> bool {
    let is = |other: &EmailAddress| other.shares_mailbox(address);
    is(own)
        || referral.sender.answer_to.as_ref().is_some_and(is)
        || roster.staff.iter().any(|staff| is(&staff.address))
        || roster.partner_by_address(address).is_some()
}

/// Addresses that several people usually read.
fn is_role(address: &EmailAddress) -> bool {
    const ROLES: [&str; 30] = [
        "info",
        "office",
        "admin",
        "contact",
        "family",
        "help",
        "support",
        "mail",
        "hello",
        "team",
        "intake",
        "reception",
        "frontdesk",
        "postmaster",
        "webmaster",
        "house",
        "home",
        "thefamily",
        "household",
        "everyone",
        "all",
        "staff",
        "sales",
        "service",
        "services",
        "enquiries",
        "inquiries",
        "hr",
        "noreply",
        "no-reply",
    ];
    let local = address.mailbox();
    let local = local.split('@').next().unwrap_or_default();
    ROLES.contains(&local)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONSENTS: [Consent; 4] =
        [Consent::Given, Consent::Unclear, Consent::Expired, Consent::ByOpposingParty];
    const OWNERS: [Whose; 6] =
        [Whose::Client, Whose::Nobody, Whose::Ours, Whose::OpposingParty, Whose::Role, Whose::Shared];
    const SAFETIES: [Safety; 3] = [Safety::Safe, Safety::NotSafe, Safety::Unknown];

    fn all() -> Vec<Circumstances> {
        let mut all = Vec::new();
        for bits in 0..32_u8 {
            let bit = |at: u8| bits & (1 << at) != 0;
            for consent in CONSENTS {
                for whose in OWNERS {
                    for email in SAFETIES {
                        all.push(Circumstances {
                            enabled: bit(0),
                            stopped: bit(1),
                            do_not_contact: bit(2),
                            proven: bit(3),
                            fresh: bit(4),
                            consent,
                            whose,
                            email,
                        });
                    }
                }
            }
        }
        all
    }

    #[test]
    fn of_all_circumstances_only_one_lets_a_letter_through() {
        let all = all();
        assert_eq!(all.len(), 32 * 4 * 6 * 3);
        let through: Vec<&Circumstances> = all.iter().filter(|one| one.judge().is_ok()).collect();
        let clear = Circumstances {
            enabled: true,
            stopped: false,
            do_not_contact: false,
            proven: true,
            consent: Consent::Given,
            whose: Whose::Client,
            email: Safety::Safe,
            fresh: true,
        };
        assert_eq!(through, [&clear]);
    }

    #[test]
    fn the_reason_is_always_one_that_holds_and_the_first_of_the_table() {
        for one in all() {
            let Err(why) = one.judge() else { continue };
            let rows = [
                (!one.enabled, Withheld::SwitchedOff),
                (one.stopped, Withheld::Stopped),
                (one.do_not_contact, Withheld::DoNotContact),
                (!one.proven, Withheld::SenderNotProven),
                (one.consent == Consent::Unclear, Withheld::NoConsent),
                (one.consent == Consent::Expired, Withheld::ConsentExpired),
                (one.consent == Consent::ByOpposingParty, Withheld::ConsentByOpposingParty),
                (one.whose == Whose::Nobody, Withheld::NoAddress),
                (one.email != Safety::Safe, Withheld::NotMarkedSafe),
                (one.whose == Whose::Ours, Withheld::NotTheirOwn),
                (one.whose == Whose::OpposingParty, Withheld::OpposingParty),
                (one.whose == Whose::Role, Withheld::RoleAddress),
                (one.whose == Whose::Shared, Withheld::SharedAddress),
                (!one.fresh, Withheld::SafetyTooOld),
            ];
            let first = rows.into_iter().find(|(speaks, _)| *speaks).map(|(_, row)| row);
            assert_eq!(Some(why), first, "{one:?}");
        }
    }

    fn packet(fields: &[(Field, &str, Judged)]) -> Packet {
        use crate::referral::packet::{Confidence, Found};
        let mut packet = Packet::default();
        for (field, value, judged) in fields {
            let found = Found {
                value: (*value).to_owned(),
                judged: judged.clone(),
                confidence: Confidence::High,
                place: "line 1".to_owned(),
            };
            packet.put(*field, found);
        }
        packet
    }

    #[test]
    fn consent_is_a_clear_yes_of_the_client_that_has_not_run_out() {
        let now: DateTime<Utc> = "2026-11-20T15:00:00Z".parse().unwrap();
        let unclear = || Judged::Unclear(String::new());
        for (value, judged, opposing, expected) in [
            ("Yes", Judged::Yes, "John Doe", Consent::Given),
            ("No", Judged::No, "John Doe", Consent::Unclear),
            ("Yes, given by John Doe", unclear(), "John Doe", Consent::ByOpposingParty),
            ("yes (doe)", Judged::Yes, "John DOE", Consent::ByOpposingParty),
            ("Yes until 2026-11-19", unclear(), "", Consent::Expired),
            ("yes, expires 11/01/2026", Judged::Yes, "", Consent::Expired),
            ("Yes until 2027-01-01", unclear(), "", Consent::Unclear),
            ("verbal, call only", unclear(), "", Consent::Unclear),
        ] {
            let packet =
                packet(&[(Field::Consent, value, judged), (Field::OpposingParty, opposing, Judged::Text)]);
            assert_eq!(consent(&packet, now), expected, "{value}");
        }
        assert_eq!(consent(&Packet::default(), now), Consent::Unclear);
    }

    #[test]
    fn an_address_that_may_be_the_opposing_partys_is_not_the_clients() {
        for (address, opposing, notes, expected) in [
            ("ann.smith@example.org", "John Doe", "", false),
            ("john.doe@example.org", "John Doe", "", true),
            ("jdoe77@example.org", "John Doe", "", true),
            ("ann.doe@example.org", "John Doe", "", false),
            ("ann@example.org", "John Doe <Ann+x@example.org>", "", true),
            ("ann@example.org", "John Doe", "he reads ann@example.org.", true),
        ] {
            let packet = packet(&[
                (Field::ClientName, "Ann Doe", Judged::Text),
                (Field::OpposingParty, opposing, Judged::Text),
                (Field::SafetyNotes, notes, Judged::Text),
            ]);
            assert_eq!(is_opposing(&EmailAddress::parse(address).unwrap(), &packet), expected, "{address}");
        }
    }
}
