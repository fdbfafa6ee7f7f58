//! People, by keyed digests: who is the same person, and whose name stands on the other side of another referral.
//!
//! What a digest is of goes into it, so that a phone number, a client's name and an opposing party's name never meet.

use std::collections::BTreeMap;

use sqlx::QueryBuilder;

use super::places::reference_of;
use super::records::Stored;
use super::rows::{self, Column, Wide};
use super::{Store, StoreError};
use crate::referral::address::EmailAddress;
use crate::referral::record::Referral;
use crate::referral::reference::Reference;
use crate::referral::safety;

/// So many referrals of one digest are looked at, the newest.
const MOST_OF_ONE: usize = 20;
/// So many of one address or phone.
const MOST_AT_ADDRESS: usize = 50;

/// The referrals of some digests of people, newest first, so many of each as are looked at. Of a digest that it has not,
/// nobody asked the store.
pub type At = BTreeMap<Vec<u8>, Vec<Reference>>;

impl Store {
    /// The referrals whose client has this address, newest first; at most 50 are looked at.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn at_address(&self, address: &EmailAddress) -> Result<Vec<Stored>, StoreError> {
        self.load(&self.named_by(&self.address_digest(address), &At::new()).await?).await
    }

    /// The open referrals whose client has this address, newest first, so many at most; those that cannot be read are
    /// left out. What is `known` is not asked again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_at_address(
        &self,
        address: &EmailAddress,
        known: &At,
        most: usize,
    ) -> Result<Vec<Stored>, StoreError> {
        let is_theirs = |referral: &Referral| {
            referral.client_address().is_some_and(|theirs| theirs.shares_mailbox(address))
        };
        self.open_by(&self.address_digest(address), known, is_theirs, most).await
    }

    /// The open referrals whose client has this phone number, in E.164, newest first, so many at most; those that cannot
    /// be read are left out. What is `known` is not asked again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_at_phone(
        &self,
        e164: &str,
        known: &At,
        most: usize,
    ) -> Result<Vec<Stored>, StoreError> {
        let is_theirs = |referral: &Referral| safety::phones(&referral.packet).any(|phone| phone == e164);
        self.open_by(&self.phone_digest(e164), known, is_theirs, most).await
    }

    /// The referrals whose client has this phone number, in E.164, open or not; at most 50 are looked at, and those that
    /// cannot be read are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn at_phone(&self, e164: &str) -> Result<Vec<Stored>, StoreError> {
        let mut stored =
            self.load_readable(&self.named_by(&self.phone_digest(e164), &At::new()).await?).await?;
        stored.retain(|stored| safety::phones(&stored.referral.packet).any(|phone| phone == e164));
        Ok(stored)
    }

    /// The keyed digest of a client's phone number in E.164.
    #[must_use]
    pub fn phone_digest(&self, e164: &str) -> Vec<u8> {
        self.keys.digest("phone", e164.as_bytes())
    }

    async fn open_by(
        &self,
        digest: &Vec<u8>,
        known: &At,
        is_theirs: impl Fn(&Referral) -> bool,
        most: usize,
    ) -> Result<Vec<Stored>, StoreError> {
        let mut stored = self.load_readable(&self.named_by(digest, known).await?).await?;
        stored.retain(|stored| !stored.referral.is_closed() && is_theirs(&stored.referral));
        stored.reverse();
        stored.truncate(most);
        Ok(stored)
    }

    /// The references of the newest referrals of a digest, newest first.
    async fn named_by(&self, digest: &Vec<u8>, known: &At) -> Result<Vec<Reference>, StoreError> {
        if let Some(found) = known.get(digest) {
            return Ok(found.clone());
        }
        let found = self.by_person(std::iter::once(digest)).await?;
        Ok(at(std::slice::from_ref(digest), &found).remove(digest).unwrap_or_default())
    }

    /// The referrals of each of these digests, oldest first.
    pub(super) async fn by_person<'a>(
        &self,
        digests: impl Iterator<Item = &'a Vec<u8>>,
    ) -> Result<BTreeMap<Vec<u8>, Vec<(i64, Reference)>>, StoreError> {
        let digests: Vec<&Vec<u8>> = digests.collect();
        let mut persons: BTreeMap<Vec<u8>, Vec<(i64, Reference)>> = BTreeMap::new();
        for some in digests.chunks(rows::AT_ONCE) {
            let rows: Vec<(Vec<u8>, i64, String)> = on_pool!(self, pool => {
                let mut select = QueryBuilder::new(
                    "SELECT p.digest, r.id, r.reference FROM person p JOIN referral r ON r.id = p.referral_id \
                     WHERE p.digest",
                );
                Wide::push_among(&mut select, &Column::bytes(some.iter().map(|digest| digest.as_slice())));
                select.push(" ORDER BY r.id");
                rows::searching_for(&mut select).fetch_all(pool).await?
            });
            for (digest, id, reference) in rows {
                persons.entry(digest).or_default().push((id, reference_of(reference)?));
            }
        }
        Ok(persons)
    }
}

/// The newest referrals of each of these digests.
pub(super) fn at(digests: &[Vec<u8>], known: &BTreeMap<Vec<u8>, Vec<(i64, Reference)>>) -> At {
    let of_one = |digest: &Vec<u8>| {
        let newest = known.get(digest).into_iter().flatten().rev().take(MOST_AT_ADDRESS);
        (digest.clone(), newest.map(|(_, reference)| reference.clone()).collect())
    };
    digests.iter().map(of_one).collect()
}

/// The newest referrals of each of these digests, all together newest first: the phone of a shelter, which leads to
/// many, hides nobody else of a list.
pub(super) fn newest(
    digests: &[Vec<u8>],
    known: &BTreeMap<Vec<u8>, Vec<(i64, Reference)>>,
) -> Vec<Reference> {
    let of_each = digests
        .iter()
        .filter_map(|digest| known.get(digest))
        .flat_map(|all| all.iter().rev().take(MOST_OF_ONE));
    let by_row: BTreeMap<i64, &Reference> = of_each.map(|(id, reference)| (*id, reference)).collect();
    by_row.into_values().rev().cloned().collect()
}

/// The referrals of some digests, oldest first.
pub(super) fn named(
    digests: &[Vec<u8>],
    known: &BTreeMap<Vec<u8>, Vec<(i64, Reference)>>,
) -> Vec<(Vec<u8>, Reference)> {
    let mut named: Vec<(i64, Vec<u8>, Reference)> = Vec::new();
    for digest in digests {
        let theirs = known.get(digest).into_iter().flatten();
        named.extend(theirs.map(|(id, reference)| (*id, digest.clone(), reference.clone())));
    }
    named.sort_by_key(|(id, _, _)| *id);
    named.into_iter().map(|(_, digest, reference)| (digest, reference)).collect()
}
