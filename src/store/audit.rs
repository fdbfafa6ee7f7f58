//! The audit: every line of history is a link of its referral's chain, and the newest link lies in the referral's row.
//! A link is a keyed digest over the link before it, the reference, the number, the time, the kind, who did it, and the
//! sealed words as they lie there: whoever changes, removes, swaps or adds a line without the key breaks the chain, and
//! forgetting, which drops a key and no line, does not.
//!
//! A chain a referral rather than one for all, so that commits do not wait for each other. One digest over the newest
//! links of all of them, the head, goes out with every daily digest: a store that was put back or rewritten as a whole,
//! key and all, cannot match a head that was mailed before.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::records::history_place;
use super::{Store, StoreError, hex, millis};
use crate::referral::reference::Reference;

/// Referrals of one step.
const AT_ONCE: i64 = 500;
/// Newest links of one step.
const HEADS_AT_ONCE: i64 = 10_000;

/// What [`Store::verify`] found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Findings {
    /// Referrals, lines of history, mails and letters that were looked at.
    pub looked_at: (u64, u64, u64, u64),
    /// What is wrong, in sentences that name the place and nobody.
    pub wrong: Vec<String>,
}

type Link = (i64, i64, i64, String, String, Vec<u8>, Vec<u8>);
type RowOf = (i64, String, i64, Vec<u8>, Option<Vec<u8>>, Vec<u8>, i64, String, String);

impl Store {
    /// The link that follows `before`.
    #[expect(clippy::too_many_arguments, reason = "a link is made of all the columns of its row")]
    pub(super) fn chain(
        &self,
        before: &[u8],
        reference: &Reference,
        seq: i64,
        at: DateTime<Utc>,
        kind: &str,
        by_whom: &str,
        words: &[u8],
    ) -> Vec<u8> {
        let (seq, at) = (seq.to_be_bytes(), millis(at).to_be_bytes());
        let parts: [&[u8]; 7] =
            [before, reference.as_str().as_bytes(), &seq, &at, kind.as_bytes(), by_whom.as_bytes(), words];
        self.keys.link(&parts)
    }

    /// The head of all chains as they stood at an instant, and how many there were.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn audit_head(&self, as_of: DateTime<Utc>) -> Result<(String, u64), StoreError> {
        let (mut head, mut count, mut after) = (Vec::new(), 0, 0);
        loop {
            let heads = self.heads(after).await?;
            let Some((last, _)) = heads.last() else { break };
            // Read after the heads: what was written meanwhile came later than the instant, and is found here.
            let later = self.changed_since(as_of, after, *last).await?;
            after = *last;
            for (id, newest) in heads {
                let chain = if later.contains(&id) { self.chain_at(id, as_of).await? } else { Some(newest) };
                if let Some(chain) = chain {
                    head = self.keys.link(&[&head, &id.to_be_bytes(), &chain]);
                    count += 1;
                }
            }
        }
        Ok((hex(head.get(..16).unwrap_or_default()), count))
    }

    /// The newest links of the next referrals, in order. They come as one text: a row each would cost more than the links.
    async fn heads(&self, after: i64) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        let all = match &self.pool {
            super::Pool::Sqlite(_) => "group_concat(id || ':' || hex(head), ',')",
            super::Pool::Postgres(_) => "string_agg(id || ':' || encode(head, 'hex'), ',' ORDER BY id)",
        };
        let sql = format!(
            "SELECT {all} FROM (SELECT id, head FROM referral WHERE id > $1 ORDER BY id LIMIT $2) AS heads"
        );
        let (text,): (Option<String>,) = on_pool!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(after).bind(HEADS_AT_ONCE).fetch_one(pool).await?
        });
        let decode = || StoreError::Decode("referral.head".to_owned());
        let one = |one: &str| {
            let (id, head) = one.split_once(':')?;
            Some((id.parse().ok()?, unhex(head)?))
        };
        let text = text.unwrap_or_default();
        text.split(',').filter(|text| !text.is_empty()).map(|text| one(text).ok_or_else(decode)).collect()
    }

    /// Which of these referrals have a line from after an instant. The sign keeps SQLite to the index by time.
    async fn changed_since(
        &self,
        as_of: DateTime<Utc>,
        after: i64,
        last: i64,
    ) -> Result<BTreeSet<i64>, StoreError> {
        const SQL: &str = "SELECT referral_id FROM history \
             WHERE at > $1 AND +referral_id > $2 AND +referral_id <= $3";
        let rows: Vec<(i64,)> = on_pool!(self, pool => {
            sqlx::query_as(SQL).bind(millis(as_of)).bind(after).bind(last).fetch_all(pool).await?
        });
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// The newest link of a referral up to an instant.
    async fn chain_at(&self, id: i64, as_of: DateTime<Utc>) -> Result<Option<Vec<u8>>, StoreError> {
        const SQL: &str =
            "SELECT chain FROM history WHERE referral_id = $1 AND at <= $2 ORDER BY seq DESC LIMIT 1";
        let row: Option<(Vec<u8>,)> = on_pool!(self, pool => {
            sqlx::query_as(SQL).bind(id).bind(millis(as_of)).fetch_optional(pool).await?
        });
        Ok(row.map(|(chain,)| chain))
    }

    /// Looks at everything: owners and due times, sums, histories without gaps, chains, and that every sealed value
    /// opens or was forgotten.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read at all; what is wrong in it is no error but a finding.
    pub async fn verify(&self) -> Result<Findings, StoreError> {
        let mut findings = Findings::default();
        self.verify_referrals(&mut findings).await?;
        self.verify_mails(&mut findings).await?;
        self.verify_letters(&mut findings).await?;
        Ok(findings)
    }

    async fn verify_referrals(&self, findings: &mut Findings) -> Result<(), StoreError> {
        const SQL: &str = "SELECT id, reference, facts, head, data_key, record, open, owner, next_action \
             FROM referral WHERE id > $1 ORDER BY id LIMIT $2";
        let mut after = 0;
        loop {
            let rows: Vec<RowOf> = on_pool!(self, pool => {
                sqlx::query_as(SQL).bind(after).bind(AT_ONCE).fetch_all(pool).await?
            });
            let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(()) };
            let mut links = self.links(first.0, last.0).await?;
            after = last.0;
            for row in rows {
                let links = links.remove(&row.0).unwrap_or_default();
                findings.looked_at.0 += 1;
                findings.looked_at.1 += u64::try_from(links.len()).unwrap_or(0);
                self.verify_one(&row, &links, findings);
            }
            findings.wrong.extend(links.into_keys().map(|id| format!("history of row {id} has no referral")));
        }
    }

    /// The history of the referrals of these row numbers.
    async fn links(&self, first: i64, last: i64) -> Result<BTreeMap<i64, Vec<Link>>, StoreError> {
        const SQL: &str = "SELECT referral_id, seq, at, kind, by_whom, words, chain FROM history \
             WHERE referral_id >= $1 AND referral_id <= $2 ORDER BY referral_id, seq";
        let rows: Vec<Link> =
            on_pool!(self, pool => sqlx::query_as(SQL).bind(first).bind(last).fetch_all(pool).await?);
        let mut by_referral: BTreeMap<i64, Vec<Link>> = BTreeMap::new();
        for row in rows {
            by_referral.entry(row.0).or_default().push(row);
        }
        Ok(by_referral)
    }

    fn verify_one(&self, row: &RowOf, links: &[Link], findings: &mut Findings) {
        let (_, reference, facts, head, data_key, record, open, owner, next_action) = row;
        let mut wrong = |what: String| findings.wrong.push(format!("{reference}: {what}"));
        if *open == 1 && (owner.is_empty() || next_action.is_empty() || next_action == "nothing") {
            wrong("is open without an owner or a next action".to_owned());
        }
        let Ok(name) = super::records::reference_of(reference.clone()) else {
            return wrong("is no reference of ours".to_owned());
        };
        let key = match data_key {
            Some(wrapped) => match self.keys.open_key(&format!("referral:{reference}"), Some(wrapped)) {
                Ok(key) => Some(key),
                Err(error) => return wrong(error.to_string()),
            },
            None => None,
        };
        if let Some(key) = &key
            && let Err(error) = key.open(&format!("referral:record:{reference}"), record)
        {
            wrong(error.to_string());
        }
        let mut before: Vec<u8> = Vec::new();
        for (place, (_, seq, at, kind, by_whom, words, chain)) in (1..).zip(links) {
            if *seq != place {
                return wrong(format!("line {place} of its history is missing"));
            }
            let at = super::instant("history.at", *at).unwrap_or_default();
            if self.chain(&before, &name, *seq, at, kind, by_whom, words) != *chain {
                return wrong(format!("line {seq} of its history was changed: the chain breaks there"));
            }
            if let Some(key) = &key
                && let Err(error) = key.open(&history_place(&name, *seq), words)
            {
                wrong(format!("line {seq} of its history: {error}"));
            }
            before.clone_from(chain);
        }
        if usize::try_from(*facts).ok() != Some(links.len()) || before != *head {
            wrong(format!(
                "its history has {} of {facts} lines: the end is missing or another's",
                links.len()
            ));
        }
        if key.is_none() && links.last().is_none_or(|link| link.3 != super::forget::FORGOTTEN) {
            wrong("has no key and no line that it was forgotten".to_owned());
        }
    }

    async fn verify_mails(&self, findings: &mut Findings) -> Result<(), StoreError> {
        const SQL: &str = "SELECT id, origin, data_key, raw, disposition, referral_id FROM mail \
             WHERE id > $1 ORDER BY id LIMIT 200";
        type Row = (i64, String, Option<Vec<u8>>, Vec<u8>, Option<String>, Option<i64>);
        let mut after = 0;
        loop {
            let rows: Vec<Row> =
                on_pool!(self, pool => sqlx::query_as(SQL).bind(after).fetch_all(pool).await?);
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.0;
            for (id, origin, data_key, raw, disposition, referral) in rows {
                findings.looked_at.2 += 1;
                let opened = data_key.is_none() || self.open_raw(&origin, data_key.as_deref(), &raw).is_ok();
                if !opened {
                    findings.wrong.push(format!("mail {id} does not open"));
                }
                if data_key.is_none() && (!raw.is_empty() || disposition.is_none()) {
                    findings.wrong.push(format!("mail {id} lost its key before it was handled or emptied"));
                }
                if disposition.as_deref() == Some("referral") && referral.is_none() {
                    findings.wrong.push(format!("mail {id} counts as a referral and belongs to none"));
                }
            }
        }
    }

    async fn verify_letters(&self, findings: &mut Findings) -> Result<(), StoreError> {
        const SQL: &str = "SELECT o.id, o.natural_key, o.data_key, o.parcel, o.state, o.settled_at, r.reference, \
             r.data_key FROM outbox o LEFT JOIN referral r ON r.id = o.referral_id \
             WHERE o.id > $1 ORDER BY o.id LIMIT 200";
        type Row =
            (i64, String, Option<Vec<u8>>, Vec<u8>, String, Option<i64>, Option<String>, Option<Vec<u8>>);
        let mut after = 0;
        loop {
            let rows: Vec<Row> =
                on_pool!(self, pool => sqlx::query_as(SQL).bind(after).fetch_all(pool).await?);
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.0;
            for (id, natural_key, own_key, parcel, state, settled_at, reference, key) in rows {
                findings.looked_at.3 += 1;
                let waits = ["queued", "claimed", "in-doubt"].contains(&state.as_str());
                if waits == settled_at.is_some() {
                    findings.wrong.push(format!("letter {id} is {state}, and its time says otherwise"));
                }
                if parcel.is_empty() {
                    if waits {
                        findings.wrong.push(format!("letter {id} waits and is empty"));
                    }
                    continue;
                }
                let place = reference.map_or_else(
                    || (format!("outbox:{natural_key}"), own_key),
                    |reference| (format!("referral:{reference}"), key),
                );
                let opened = self.keys.open_key(&place.0, place.1.as_deref());
                let opened =
                    opened.and_then(|key| key.open(&super::outbox::parcel_place(&natural_key), &parcel));
                if opened.is_err() {
                    findings.wrong.push(format!("letter {id} does not open"));
                }
            }
        }
    }
}

/// The bytes of hexadecimal digits; `None` if there is anything else.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}
