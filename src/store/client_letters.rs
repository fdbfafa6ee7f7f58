//! Measure 109 as the store knows it: to how many of the clients of a window a letter went out, and why to the others
//! none did.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::places::history_place;
use super::{Store, StoreError, millis};
use crate::referral::record::Fact;

/// The newest word on the letters to the client of a referral: `2` went out, `1` waits, `0` neither.
const BEST: &str = "CAST(COALESCE((SELECT MAX(CASE o.state WHEN 'sent' THEN 2 WHEN 'queued' THEN 1 WHEN 'claimed' THEN 1 \
     WHEN 'in-doubt' THEN 1 ELSE 0 END) FROM outbox o WHERE o.referral_id = h.referral_id AND o.part = 'client'), 0) AS BIGINT)";

/// What came of the letters to the clients of a window of time.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ClientLetters {
    /// Referrals that came in.
    pub all: u64,
    /// Those to whose client the mail server took a letter.
    pub sent: u64,
    /// Those whose client's first letter waits.
    pub waiting: u64,
    /// The first reason in the record of each of the others that has one, with how many have it.
    pub reasons: BTreeMap<String, u64>,
}

/// The line of a history that says why a letter was withheld, with what opens it.
#[derive(sqlx::FromRow)]
struct WithheldRow {
    reference: String,
    data_key: Vec<u8>,
    seq: i64,
    words: Vec<u8>,
}

impl Store {
    /// What came of the letters to the clients of the referrals that came in between two instants.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn client_letters(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<ClientLetters, StoreError> {
        let sql = format!(
            "SELECT {BEST} AS best, COUNT(*) FROM history h WHERE h.seq = 1 AND h.at >= $1 AND h.at < $2 \
             GROUP BY 1 ORDER BY 1"
        );
        let rows: Vec<(i64, i64)> = on_pool!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(millis(from)).bind(millis(to)).fetch_all(pool).await?
        });
        let of = |best: i64| {
            let count = rows.iter().find(|row| row.0 == best).map_or(0, |row| row.1);
            u64::try_from(count).unwrap_or(0)
        };
        let reasons = self.reasons_withheld(from, to).await?;
        Ok(ClientLetters { all: of(0) + of(1) + of(2), sent: of(2), waiting: of(1), reasons })
    }

    /// The words are sealed; those of a referral that was forgotten since are gone.
    async fn reasons_withheld(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<BTreeMap<String, u64>, StoreError> {
        let sql = format!(
            "SELECT r.reference, r.data_key, w.seq, w.words FROM history h JOIN referral r ON r.id = h.referral_id \
             JOIN history w ON w.referral_id = h.referral_id AND w.seq = (SELECT MIN(f.seq) FROM history f \
              WHERE f.referral_id = h.referral_id AND f.kind = 'client_letter_withheld') \
             WHERE h.seq = 1 AND h.at >= $1 AND h.at < $2 AND r.data_key IS NOT NULL AND {BEST} = 0"
        );
        let rows: Vec<WithheldRow> = on_pool!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(millis(from)).bind(millis(to)).fetch_all(pool).await?
        });
        let mut reasons = BTreeMap::new();
        for WithheldRow { reference, data_key, seq, words } in rows {
            let key = self.keys.open_key(&format!("referral:{reference}"), Some(&data_key))?;
            let place = history_place(&super::places::reference_of(reference)?, seq);
            let words = key.open(&place, &words)?;
            let fact: Fact = serde_json::from_slice(&words).map_err(|_| StoreError::Decode(place))?;
            *reasons.entry(fact.words).or_default() += 1;
        }
        Ok(reasons)
    }
}
