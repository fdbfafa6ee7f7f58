//! Disclosures: who on this host had something personal shown to them, when, and about which referral or mail. Rows are
//! only added; each is a link of one chain, and the newest goes into the audit head of the digest.

use chrono::{DateTime, Utc};

use super::audit::Findings;
use super::{Store, StoreError, instant, millis};
use crate::referral::reference::Reference;

/// What a disclosure is about that showed everything.
pub const ALL_RECORDS: &str = "all records";

/// Rows of one step.
const AT_ONCE: i64 = 1_000;

/// One disclosure. It names nobody but who looked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Disclosure {
    /// Its number, from 1 on.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The user of the host.
    pub by_whom: String,
    /// The command: `show`, `parked show`.
    pub what: String,
    /// A reference, `mail 12`, [`ALL_RECORDS`], or `figures`.
    pub about: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    at: i64,
    by_whom: String,
    what: String,
    about: String,
    chain: Vec<u8>,
}

impl Store {
    /// Writes down that something personal is about to be shown; whoever shows it does so only if this worked.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was written.
    pub async fn disclose(
        &self,
        at: DateTime<Utc>,
        by_whom: &str,
        what: &str,
        about: &str,
    ) -> Result<(), StoreError> {
        const LAST: &str = "SELECT id, chain FROM disclosure ORDER BY id DESC LIMIT 1";
        const ADD: &str =
            "INSERT INTO disclosure (id, at, by_whom, what, about, chain) VALUES ($1, $2, $3, $4, $5, $6)";
        let is_postgres = matches!(self.pool, super::Pool::Postgres(_));
        in_transaction!(self, tx => {
            if is_postgres {
                // One at a time: each row is made over the one before it.
                sqlx::query("LOCK TABLE disclosure IN SHARE ROW EXCLUSIVE MODE").execute(&mut *tx).await?;
            }
            let last: Option<(i64, Vec<u8>)> = sqlx::query_as(LAST).fetch_optional(&mut *tx).await?;
            let (id, before) = last.unwrap_or_default();
            let id = id + 1;
            let chain = self.disclosure_link(&before, id, millis(at), by_whom, what, about);
            sqlx::query(ADD)
                .bind(id).bind(millis(at)).bind(by_whom).bind(what).bind(about).bind(chain)
                .execute(&mut *tx).await?;
        });
        Ok(())
    }

    /// The newest disclosures, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn disclosures(&self, most: u32) -> Result<Vec<Disclosure>, StoreError> {
        const SQL: &str =
            "SELECT id, at, by_whom, what, about, chain FROM disclosure ORDER BY id DESC LIMIT $1";
        let rows: Vec<Row> =
            on_pool!(self, pool => sqlx::query_as(SQL).bind(i64::from(most)).fetch_all(pool).await?);
        rows.into_iter().map(of_row).collect()
    }

    /// The disclosures after number `id`, oldest first, at most so many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn disclosures_after(&self, id: i64, most: u32) -> Result<Vec<Disclosure>, StoreError> {
        const SQL: &str =
            "SELECT id, at, by_whom, what, about, chain FROM disclosure WHERE id > $1 ORDER BY id LIMIT $2";
        let rows: Vec<Row> = on_pool!(self, pool => {
            sqlx::query_as(SQL).bind(id).bind(i64::from(most)).fetch_all(pool).await?
        });
        rows.into_iter().map(of_row).collect()
    }

    /// Every disclosure in which somebody may have read of this referral, oldest first: of itself, of a mail it came
    /// from, and of all records while it was one of them. They stay when it is forgotten.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn disclosures_of(&self, reference: &Reference) -> Result<Vec<Disclosure>, StoreError> {
        const SQL: &str = "SELECT d.id, d.at, d.by_whom, d.what, d.about, d.chain FROM disclosure d \
             WHERE d.about = $1 \
             OR (d.about = $2 AND EXISTS (SELECT 1 FROM referral r WHERE r.reference = $1 \
                 AND r.received_at <= d.at AND (r.data_key IS NOT NULL OR d.at <= r.changed_at))) \
             OR d.about IN (SELECT 'mail ' || CAST(a.mail_id AS TEXT) FROM mail_about a \
                 JOIN referral r ON r.id = a.referral_id WHERE r.reference = $1) \
             OR d.about IN (SELECT 'mail ' || CAST(m.id AS TEXT) FROM mail m \
                 JOIN referral r ON r.id = m.referral_id WHERE r.reference = $1) ORDER BY d.id";
        let rows: Vec<Row> = on_pool!(self, pool => {
            sqlx::query_as(SQL).bind(reference.as_str()).bind(ALL_RECORDS).fetch_all(pool).await?
        });
        rows.into_iter().map(of_row).collect()
    }

    /// The newest link up to an instant.
    pub(super) async fn disclosed_at(&self, as_of: DateTime<Utc>) -> Result<Option<Vec<u8>>, StoreError> {
        const SQL: &str = "SELECT chain FROM disclosure WHERE at <= $1 ORDER BY id DESC LIMIT 1";
        let row: Option<(Vec<u8>,)> =
            on_pool!(self, pool => sqlx::query_as(SQL).bind(millis(as_of)).fetch_optional(pool).await?);
        Ok(row.map(|(chain,)| chain))
    }

    /// Names the first link that is broken or missing.
    pub(super) async fn verify_disclosures(&self, findings: &mut Findings) -> Result<(), StoreError> {
        const SQL: &str =
            "SELECT id, at, by_whom, what, about, chain FROM disclosure WHERE id > $1 ORDER BY id LIMIT $2";
        let (mut after, mut before) = (0, Vec::new());
        loop {
            let rows: Vec<Row> =
                on_pool!(self, pool => sqlx::query_as(SQL).bind(after).bind(AT_ONCE).fetch_all(pool).await?);
            if rows.is_empty() {
                return Ok(());
            }
            for Row { id, at, by_whom, what, about, chain } in rows {
                if id != after + 1 {
                    findings.wrong.push(format!("disclosure {} is missing", after + 1));
                    return Ok(());
                }
                if self.disclosure_link(&before, id, at, &by_whom, &what, &about) != chain {
                    findings.wrong.push(format!("disclosure {id} was changed: the chain breaks there"));
                    return Ok(());
                }
                (after, before) = (id, chain);
            }
        }
    }

    fn disclosure_link(
        &self,
        before: &[u8],
        id: i64,
        at: i64,
        by_whom: &str,
        what: &str,
        about: &str,
    ) -> Vec<u8> {
        let (id, at) = (id.to_be_bytes(), at.to_be_bytes());
        let parts: [&[u8]; 7] =
            [b"disclosure", before, &id, &at, by_whom.as_bytes(), what.as_bytes(), about.as_bytes()];
        self.keys.link(&parts)
    }
}

fn of_row(row: Row) -> Result<Disclosure, StoreError> {
    let Row { id, at, by_whom, what, about, chain: _ } = row;
    Ok(Disclosure { id, at: instant("disclosure.at", at)?, by_whom, what, about })
}
