//! Sealing: everything personal is stored encrypted (DESIGN §4 "At rest").
//!
//! Every mail and every referral has a data key of its own; the data key is stored wrapped by a key from the key file.
//! Forgetting is dropping the data key. The place of a value (table, column, row) is authenticated with it, so that a
//! sealed value moved elsewhere does not open. Format of everything sealed: version, key id, nonce (24), ciphertext.

use std::fmt;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

pub(super) const VERSION: u8 = 1;
const NONCE: usize = 24;
const HEAD: usize = 2 + NONCE;
/// The length of a wrapped data key: the head, the key, and the seal's own 16 bytes.
pub(super) const WRAPPED: i64 = 26 + 32 + 16;
/// The key id of what is sealed under a data key: no key of the key file has it.
const OWN_KEY: u8 = 0;

/// What can go wrong with keys and sealed values. None of it ever becomes an empty text.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The key file cannot be read.
    #[error(
        "the key file {path} cannot be read ({cause}); restore it from your backup of keys, or run `handoffd init` for a first start"
    )]
    Unreadable {
        /// Which file.
        path: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Others may read the key file.
    #[error("the key file {path} can be read by others (mode {mode:o}); run: chmod 600 {path}")]
    TooOpen {
        /// Which file.
        path: String,
        /// Its mode bits.
        mode: u32,
    },
    /// The key file is not one of ours.
    #[error(
        "the key file {path} is damaged: line {line} is not `id base64-of-32-bytes` or the one `lookup` line; restore it from your backup of keys"
    )]
    Damaged {
        /// Which file.
        path: String,
        /// Which line.
        line: usize,
    },
    /// The value was sealed under a key that is not in the key file.
    #[error(
        "a value was sealed with key {0}, which is not in the key file; add that key again from your backup of keys"
    )]
    UnknownKey(u8),
    /// The value was changed, moved, or sealed under another key.
    #[error(
        "a sealed value in {0} does not open: it was damaged or moved, or the key file belongs to another store"
    )]
    DoesNotOpen(String),
    /// The key was dropped on purpose.
    #[error("{0} was forgotten on request")]
    Forgotten(String),
    /// The key file cannot be changed.
    #[error(
        "the key file {path} cannot be written ({cause}); name the file itself in [privacy] key_file, not a copy that systemd hands over"
    )]
    Unwritable {
        /// Which file.
        path: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// 255 keys are in the file.
    #[error("the key file holds 255 keys; remove the ones that are not used any more")]
    TooManyKeys,
    /// The system gives no random numbers.
    #[error("the system gives no random numbers; nothing can be sealed")]
    NoRandomness,
}

/// 32 secret bytes, overwritten when they are no longer needed.
pub type Key = Zeroizing<[u8; 32]>;

/// The keys of the key file; the last one wraps what is sealed now, the others still open what is old.
pub struct Keyring {
    wrapping: Vec<(u8, XChaCha20Poly1305)>,
    lookup: Zeroizing<[u8; 32]>,
    token: Zeroizing<[u8; 32]>,
    chain: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({} keys)", self.wrapping.len())
    }
}

/// A data key, open and ready.
#[derive(Clone)]
pub struct DataKey {
    cipher: XChaCha20Poly1305,
}

impl Keyring {
    /// A keyring of these keys; `None` without any. The first key also stands for the look-up key.
    #[must_use]
    pub fn of(keys: &[(u8, Key)]) -> Option<Keyring> {
        let (_, first) = keys.first()?;
        Keyring::with_root(first, keys)
    }

    /// A keyring of a look-up key, from which everything comes that must outlive a rotation, and the wrapping keys.
    #[must_use]
    pub fn with_root(root: &[u8; 32], keys: &[(u8, Key)]) -> Option<Keyring> {
        let derived = |purpose: &[u8]| {
            let mut key = Zeroizing::new([0u8; 32]);
            hkdf::Hkdf::<Sha256>::new(None, root.as_slice()).expand(purpose, key.as_mut_slice()).ok()?;
            Some(key)
        };
        let wrapping: Vec<_> =
            keys.iter().map(|(id, key)| (*id, XChaCha20Poly1305::new(&(**key).into()))).collect();
        wrapping.last()?;
        Some(Keyring {
            wrapping,
            lookup: derived(b"handoffd lookup 1")?,
            token: derived(b"handoffd token 1")?,
            chain: derived(b"handoffd chain 1")?,
        })
    }

    /// Whether the key file holds the key of this id.
    #[must_use]
    pub fn has(&self, id: u8) -> bool {
        self.wrapping.iter().any(|(known, _)| *known == id)
    }

    /// The id of the key that wraps what is sealed now.
    #[must_use]
    pub fn newest(&self) -> u8 {
        self.wrapping.last().map_or(0, |(id, _)| *id)
    }

    /// A wrapped data key under the newest key; `None` if it is already.
    ///
    /// # Errors
    /// [`SealError`] when it does not open.
    pub fn rewrapped(&self, place: &str, wrapped: &[u8]) -> Result<Option<Vec<u8>>, SealError> {
        let id = wrapped.get(1).copied().unwrap_or_default();
        if id == self.newest() {
            return Ok(None);
        }
        let old = self.wrapping.iter().find(|(known, _)| *known == id);
        let (_, old) = old.ok_or(SealError::UnknownKey(id))?;
        let (newest, cipher) = self.wrapping.last().ok_or(SealError::NoRandomness)?;
        let place = format!("key|{place}");
        let key = Zeroizing::new(opened(old, &place, wrapped)?);
        sealed(cipher, *newest, &place, &key).map(Some)
    }

    /// The next link of an audit chain: keyed, so that whoever can write to the database cannot make one.
    #[must_use]
    pub fn link(&self, parts: &[&[u8]]) -> Vec<u8> {
        let mut mac = keyed(&self.chain);
        for part in parts {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().to_vec()
    }

    /// A fresh data key, and the same wrapped for the row `place`.
    ///
    /// # Errors
    /// [`SealError::NoRandomness`].
    pub fn data_key(&self, place: &str) -> Result<(DataKey, Vec<u8>), SealError> {
        let key = random::<32>()?;
        let (id, cipher) = self.wrapping.last().ok_or(SealError::NoRandomness)?;
        let wrapped = sealed(cipher, *id, &format!("key|{place}"), key.as_slice())?;
        Ok((DataKey { cipher: XChaCha20Poly1305::new(&(*key).into()) }, wrapped))
    }

    /// Opens a wrapped data key; a dropped one says so.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn open_key(&self, place: &str, wrapped: Option<&[u8]>) -> Result<DataKey, SealError> {
        let wrapped = wrapped.ok_or_else(|| SealError::Forgotten(place.to_owned()))?;
        let id = wrapped.get(1).copied().unwrap_or_default();
        let known = self.wrapping.iter().find(|(known, _)| *known == id);
        let (_, cipher) = known.ok_or(SealError::UnknownKey(id))?;
        let key = Zeroizing::new(opened(cipher, &format!("key|{place}"), wrapped)?);
        let cipher =
            XChaCha20Poly1305::new_from_slice(&key).map_err(|_| SealError::DoesNotOpen(place.to_owned()))?;
        Ok(DataKey { cipher })
    }

    /// A keyed digest for look-ups by equality: nobody without the key file can try values against it.
    #[must_use]
    pub fn digest(&self, kind: &str, value: &[u8]) -> Vec<u8> {
        let mut mac = keyed(&self.lookup);
        mac.update(kind.as_bytes());
        mac.update(&[0]);
        mac.update(value);
        mac.finalize().into_bytes().to_vec()
    }

    /// The key for reply tokens and Message-IDs.
    #[must_use]
    pub fn token_key(&self) -> &[u8; 32] {
        &self.token
    }
}

impl DataKey {
    /// Seals a value for the place `table:column:row`.
    ///
    /// # Errors
    /// [`SealError::NoRandomness`].
    pub fn seal(&self, place: &str, value: &[u8]) -> Result<Vec<u8>, SealError> {
        sealed(&self.cipher, OWN_KEY, place, value)
    }

    /// Opens a value sealed for that place.
    ///
    /// # Errors
    /// [`SealError::DoesNotOpen`].
    pub fn open(&self, place: &str, value: &[u8]) -> Result<Vec<u8>, SealError> {
        if value.get(1) != Some(&OWN_KEY) {
            return Err(SealError::DoesNotOpen(place.to_owned()));
        }
        opened(&self.cipher, place, value)
    }
}

fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    // An HMAC takes a key of any length (RFC 2104), so this constructor has no failing case for 32 bytes.
    <Hmac<Sha256> as KeyInit>::new(&hmac_key(key))
}

/// The HMAC block: the key, padded with zeros to the block length of SHA-256.
fn hmac_key(key: &[u8; 32]) -> hmac::digest::Key<Hmac<Sha256>> {
    let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    block
}

fn sealed(cipher: &XChaCha20Poly1305, key_id: u8, place: &str, value: &[u8]) -> Result<Vec<u8>, SealError> {
    let nonce = random::<NONCE>()?;
    let payload = Payload { msg: value, aad: place.as_bytes() };
    let ciphertext = cipher.encrypt(&XNonce::from(*nonce), payload).map_err(|_| SealError::NoRandomness)?;
    let mut out = Vec::with_capacity(HEAD + ciphertext.len());
    out.extend([VERSION, key_id]);
    out.extend(nonce.iter());
    out.extend(ciphertext);
    Ok(out)
}

fn opened(cipher: &XChaCha20Poly1305, place: &str, value: &[u8]) -> Result<Vec<u8>, SealError> {
    let refuse = || SealError::DoesNotOpen(place.to_owned());
    let (head, ciphertext) = value.split_at_checked(HEAD).ok_or_else(refuse)?;
    let nonce: [u8; NONCE] = head.get(2..).and_then(|nonce| nonce.try_into().ok()).ok_or_else(refuse)?;
    if head.first() != Some(&VERSION) {
        return Err(refuse());
    }
    let payload = Payload { msg: ciphertext, aad: place.as_bytes() };
    cipher.decrypt(&XNonce::from(nonce), payload).map_err(|_| refuse())
}

/// The private bits of a random number from the system.
///
/// # Errors
/// [`SealError::NoRandomness`].
pub fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, SealError> {
    let mut bytes = Zeroizing::new([0u8; N]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| SealError::NoRandomness)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyring(ids: &[u8]) -> Keyring {
        Keyring::of(&ids.iter().map(|id| (*id, Zeroizing::new([*id; 32]))).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn p24_a_value_opens_only_in_its_own_place_and_with_every_bit_as_it_was() {
        let (key, _) = keyring(&[1]).data_key("referral:R-1").unwrap();
        let sealed = key.seal("referral:record:R-1", b"Ann").unwrap();
        assert_eq!(key.open("referral:record:R-1", &sealed).unwrap(), b"Ann");
        assert!(key.open("referral:record:R-2", &sealed).is_err());
        assert!(key.open("history:words:R-1", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut flipped = sealed.clone();
            for bit in 0..8 {
                flipped[at] ^= 1 << bit;
                let refused = key.open("referral:record:R-1", &flipped);
                assert!(matches!(refused, Err(SealError::DoesNotOpen(_))), "byte {at}");
                flipped[at] ^= 1 << bit;
            }
        }
        assert!(key.open("referral:record:R-1", &sealed[..10]).is_err());
    }

    #[test]
    fn a_wrong_missing_or_dropped_key_is_a_loud_refusal() {
        let (_, wrapped) = keyring(&[1]).data_key("p").unwrap();
        assert_eq!(i64::try_from(wrapped.len()).unwrap(), WRAPPED);
        for at in 0..wrapped.len() * 8 {
            let mut flipped = wrapped.clone();
            flipped[at / 8] ^= 1 << (at % 8);
            assert!(keyring(&[1, 2, 3]).open_key("p", Some(&flipped)).is_err(), "bit {at}");
        }
        let other = Keyring::of(&[(1, Zeroizing::new([9; 32]))]).unwrap();
        assert!(matches!(other.open_key("p", Some(&wrapped)), Err(SealError::DoesNotOpen(_))));
        assert!(matches!(keyring(&[2]).open_key("p", Some(&wrapped)), Err(SealError::UnknownKey(1))));
        assert!(matches!(keyring(&[1]).open_key("p", None), Err(SealError::Forgotten(_))));
        assert!(keyring(&[1, 2]).open_key("p", Some(&wrapped)).is_ok());
    }

    #[test]
    fn digests_tell_kinds_apart() {
        let keys = keyring(&[1]);
        assert_ne!(keys.digest("phone", b"1"), keys.digest("email", b"1"));
        assert_eq!(keys.digest("phone", b"1"), keyring(&[1, 2]).digest("phone", b"1"));
    }
}
