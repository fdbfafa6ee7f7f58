//! Unheard: a mail that was parked since a record it may be about could not be read may say stop, or that somebody else
//! reads the client's mail. Whom it may be about is kept until somebody has it read again.

use sqlx::QueryBuilder;

use super::rows::{self, Column, Wide};
use super::{Store, StoreError};
use crate::referral::address::EmailAddress;
use crate::referral::reference::Reference;

impl Store {
    /// The keyed digest of a referral's number, a byte longer than one of a person: it names nobody, and stays where a
    /// person is forgotten.
    #[must_use]
    pub fn reference_digest(&self, reference: &Reference) -> Vec<u8> {
        let mut digest = self.keys.digest("reference", reference.as_str().as_bytes());
        digest.push(b'#');
        digest
    }

    /// Whether such a mail may be about one of these referrals, or about who has this address.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn is_unheard(
        &self,
        references: &[&Reference],
        address: &EmailAddress,
    ) -> Result<bool, StoreError> {
        let mut digests: Vec<Vec<u8>> =
            references.iter().map(|reference| self.reference_digest(reference)).collect();
        digests.push(self.address_digest(address));
        let first: Option<(i64,)> = on_pool!(self, pool => {
            let mut select = QueryBuilder::new("SELECT mail_id FROM unheard WHERE digest");
            Wide::push_among(&mut select, &Column::bytes(digests.iter().map(Vec::as_slice)));
            select.push(" LIMIT 1");
            rows::searching_for(&mut select).fetch_optional(pool).await?
        });
        Ok(first.is_some())
    }
}
