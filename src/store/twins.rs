//! Mails that are tied to earlier ones: the same Message-ID, or the same mail replayed.

use std::collections::BTreeMap;

use sqlx::QueryBuilder;

use super::places::reference_of;
use super::rows::{self, Column, Wide};
use super::{Store, StoreError};
use crate::referral::disposition::Pile;
use crate::referral::reference::Reference;

/// An earlier mail with the same Message-ID.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Twin {
    /// Its number in the spool.
    pub mail_id: i64,
    /// The referral it led to.
    pub reference: Option<Reference>,
    /// What it asked for was done, or asked back: it was no copy by a robot's road, and not parked.
    pub was_heeded: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    message_id_digest: Vec<u8>,
    id: i64,
    reference: Option<String>,
    disposition: Option<String>,
}

impl Store {
    /// The first mail of each Message-ID.
    pub(super) async fn twins(&self, digests: &[&[u8]]) -> Result<BTreeMap<Vec<u8>, Twin>, StoreError> {
        if digests.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows: Vec<Row> = on_pool!(self, pool => {
            let mut select = QueryBuilder::new(
                "SELECT m.message_id_digest, m.id, r.reference, m.disposition FROM mail m \
                 LEFT JOIN referral r ON r.id = m.referral_id \
                 WHERE m.id IN (SELECT MIN(id) FROM mail WHERE message_id_digest",
            );
            Wide::push_among(&mut select, &Column::bytes(digests.iter().copied()));
            select.push(" GROUP BY message_id_digest)");
            rows::searching_for(&mut select).fetch_all(pool).await?
        });
        rows.into_iter()
            .map(|row| {
                let reference = row.reference.map(reference_of).transpose()?;
                let heeded = [Pile::Command.word(), Pile::Reply.word()];
                let was_heeded = row.disposition.is_some_and(|word| heeded.contains(&word.as_str()));
                Ok((row.message_id_digest, Twin { mail_id: row.id, reference, was_heeded }))
            })
            .collect()
    }

    /// The references of the rows that replayed mails led to.
    pub(super) async fn linked(&self, ids: &[i64]) -> Result<BTreeMap<i64, Reference>, StoreError> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows: Vec<(i64, String)> = on_pool!(self, pool => {
            let mut select = QueryBuilder::new("SELECT id, reference FROM referral WHERE id");
            Wide::push_among(&mut select, &Column::numbers(ids.iter().copied()));
            rows::searching_for(&mut select).fetch_all(pool).await?
        });
        rows.into_iter().map(|(id, reference)| Ok((id, reference_of(reference)?))).collect()
    }
}
