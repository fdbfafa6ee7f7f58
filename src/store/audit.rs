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
use sqlx::QueryBuilder;

use super::outbox::state::State;
use super::places::history_place;
use super::rows::{self, Column, Wide};
use super::seal::DataKey;
use super::{Store, StoreError, millis};
use crate::referral::party::Actor;
use crate::referral::record::{Fact, Referral};
use crate::referral::reference::Reference;

/// Referrals of one step.
const AT_ONCE: i64 = 500;
/// Mails or letters of one step: whole ones, which may be large.
const WHOLE_AT_ONCE: i64 = 200;
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

/// A line of a history as it lies in the store.
#[derive(sqlx::FromRow)]
struct Link {
    referral_id: i64,
    seq: i64,
    at: i64,
    kind: String,
    by_whom: String,
    words: Vec<u8>,
    chain: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct ReferralRow {
    id: i64,
    reference: String,
    facts: i64,
    head: Vec<u8>,
    data_key: Option<Vec<u8>>,
    record: Vec<u8>,
    open: i64,
    owner: String,
    next_action: String,
    stopped: i64,
}

#[derive(sqlx::FromRow)]
struct MailRow {
    id: i64,
    origin: String,
    data_key: Option<Vec<u8>>,
    raw: Option<Vec<u8>>,
    disposition: Option<String>,
    referral_id: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct LetterRow {
    id: i64,
    natural_key: String,
    data_key: Option<Vec<u8>>,
    parcel: Option<Vec<u8>>,
    state: String,
    settled_at: Option<i64>,
    reference: Option<String>,
    referral_key: Option<Vec<u8>>,
}

/// One line of history, sealed.
pub(super) struct FactRow {
    pub(super) seq: i64,
    pub(super) at: i64,
    pub(super) kind: String,
    pub(super) by_whom: String,
    pub(super) words: Vec<u8>,
    pub(super) chain: Vec<u8>,
}

impl Store {
    /// Seals a fact and links it to the line before.
    pub(super) fn fact_row(
        &self,
        reference: &Reference,
        seq: i64,
        fact: &Fact,
        key: &DataKey,
        before: &[u8],
    ) -> Result<FactRow, StoreError> {
        let place = history_place(reference, seq);
        let json =
            |value: Result<Vec<u8>, serde_json::Error>| value.map_err(|_| StoreError::Decode(place.clone()));
        let kind = json(serde_json::to_vec(&fact.kind))?;
        let kind = String::from_utf8_lossy(&kind).trim_matches('"').to_owned();
        let by_whom = match &fact.by {
            None => String::new(),
            Some(Actor::Host) => "host".to_owned(),
            Some(Actor::Staff(id)) => id.0.clone(),
            Some(Actor::Partner(id)) => format!("partner {id}"),
        };
        let words = key.seal(&place, &json(serde_json::to_vec(fact))?)?;
        // The chain is over the time as it is stored.
        let chain = self.chain(before, reference, seq, fact.at, &kind, &by_whom, &words);
        Ok(FactRow { seq, at: millis(fact.at), kind, by_whom, words, chain })
    }

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
    /// It is made over whole batches of newest links as the database writes them out: a link of a million referrals is
    /// only looked at by itself if its referral changed after the instant.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn audit_head(&self, as_of: DateTime<Utc>) -> Result<(String, u64), StoreError> {
        let (mut head, mut count, mut after) = (Vec::new(), 0, 0);
        while let Some((last, mut links)) = self.heads(after).await? {
            // Read after the heads: what was written meanwhile came later than the instant, and is found here.
            let later = self.changed_since(as_of, after, last).await?;
            after = last;
            if !later.is_empty() {
                links = with_others(&links, &later, &self.links_at(&later, as_of).await?);
            }
            let here = links.split(',').filter(|link| !link.is_empty()).count();
            if here > 0 {
                head = self.keys.link(&[&head, links.as_bytes()]);
                count += u64::try_from(here).unwrap_or(0);
            }
        }
        if let Some(shown) = self.disclosed_at(as_of).await? {
            head = self.keys.link(&[&head, b"disclosure", &shown]);
        }
        Ok((hex::encode(head.get(..16).unwrap_or_default()), count))
    }

    /// The newest links of the next referrals in order, as `1:AB12,2:CD34`, and the last of them. One text, in the letters
    /// SQLite writes them in: a row each would cost more than the links, and other letters a third more.
    async fn heads(&self, after: i64) -> Result<Option<(i64, String)>, StoreError> {
        let all = match &self.pool {
            super::Pool::Sqlite(_) => "group_concat(id || ':' || hex(head), ',')",
            super::Pool::Postgres(_) => {
                "string_agg(id || ':' || upper(encode(head, 'hex')), ',' ORDER BY id)"
            }
        };
        let sql = format!(
            "SELECT MAX(id), {all} FROM (SELECT id, head FROM referral WHERE id > $1 ORDER BY id LIMIT $2) AS heads"
        );
        let (last, text): (Option<i64>, Option<String>) = on_pool!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(after).bind(HEADS_AT_ONCE).fetch_one(pool).await?
        });
        Ok(last.zip(text))
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

    /// The newest links of some referrals up to an instant; one that began later has none.
    async fn links_at(
        &self,
        ids: &BTreeSet<i64>,
        as_of: DateTime<Utc>,
    ) -> Result<BTreeMap<i64, String>, StoreError> {
        let ids: Vec<i64> = ids.iter().copied().collect();
        let mut links = BTreeMap::new();
        for some in ids.chunks(rows::AT_ONCE) {
            let rows: Vec<(i64, Vec<u8>)> = on_pool!(self, pool => {
                let mut select = QueryBuilder::new("SELECT referral_id, chain FROM history WHERE at <= ");
                select.push_bind(millis(as_of)).push(" AND referral_id");
                Wide::push_among(&mut select, &Column::numbers(some.iter().copied()));
                // In order, so that the newest of each referral is kept.
                select.push(" ORDER BY referral_id, seq");
                rows::searching_for(&mut select).fetch_all(pool).await?
            });
            links.extend(rows.into_iter().map(|(id, chain)| (id, hex::encode_upper(&chain))));
        }
        Ok(links)
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
        self.verify_disclosures(&mut findings).await?;
        Ok(findings)
    }

    async fn verify_referrals(&self, findings: &mut Findings) -> Result<(), StoreError> {
        const SQL: &str = "SELECT id, reference, facts, head, data_key, record, open, owner, next_action, \
             stopped FROM referral WHERE id > $1 ORDER BY id LIMIT $2";
        let mut after = 0;
        loop {
            let rows: Vec<ReferralRow> = on_pool!(self, pool => {
                sqlx::query_as(SQL).bind(after).bind(AT_ONCE).fetch_all(pool).await?
            });
            let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(()) };
            let mut links = self.links(first.id, last.id).await?;
            after = last.id;
            for row in rows {
                let links = links.remove(&row.id).unwrap_or_default();
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
            by_referral.entry(row.referral_id).or_default().push(row);
        }
        Ok(by_referral)
    }

    fn verify_one(&self, row: &ReferralRow, links: &[Link], findings: &mut Findings) {
        let ReferralRow { reference, facts, head, record, .. } = row;
        let mut wrong = |what: String| findings.wrong.push(format!("{reference}: {what}"));
        if row.open == 1
            && (row.owner.is_empty() || row.next_action.is_empty() || row.next_action == "nothing")
        {
            wrong("is open without an owner or a next action".to_owned());
        }
        let Ok(name) = super::places::reference_of(reference.clone()) else {
            return wrong("is no reference of ours".to_owned());
        };
        let key = match &row.data_key {
            Some(wrapped) => match self.keys.open_key(&format!("referral:{reference}"), Some(wrapped)) {
                Ok(key) => Some(key),
                Err(error) => return wrong(error.to_string()),
            },
            None => None,
        };
        match key.as_ref().map(|key| key.open(&format!("referral:record:{reference}"), record)) {
            Some(Err(error)) => wrong(error.to_string()),
            Some(Ok(record)) => {
                let read = serde_json::from_slice::<Referral>(&record);
                if read.is_ok_and(|referral| i64::from(referral.stopped) != row.stopped) {
                    wrong("its row does not say of a stop what its record says".to_owned());
                }
            }
            None => {}
        }
        let mut before: Vec<u8> = Vec::new();
        for (place, link) in (1..).zip(links) {
            let Link { seq, kind, by_whom, words, chain, .. } = link;
            if *seq != place {
                return wrong(format!("line {place} of its history is missing"));
            }
            let at = super::instant("history.at", link.at).unwrap_or_default();
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
        if key.is_none() && links.last().is_none_or(|link| link.kind != super::forget::FORGOTTEN) {
            wrong("has no key and no line that it was forgotten".to_owned());
        }
    }

    async fn verify_mails(&self, findings: &mut Findings) -> Result<(), StoreError> {
        const SQL: &str = "SELECT m.id, m.origin, m.data_key, r.raw, m.disposition, m.referral_id FROM mail m \
             LEFT JOIN mail_raw r ON r.mail_id = m.id WHERE m.id > $1 ORDER BY m.id LIMIT $2";
        let mut after = 0;
        loop {
            let rows: Vec<MailRow> = on_pool!(self, pool => {
                sqlx::query_as(SQL).bind(after).bind(WHOLE_AT_ONCE).fetch_all(pool).await?
            });
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.id;
            for MailRow { id, origin, data_key, raw, disposition, referral_id } in rows {
                findings.looked_at.2 += 1;
                let opened =
                    data_key.is_none() || self.open_raw(&origin, data_key.as_deref(), raw.as_deref()).is_ok();
                if !opened {
                    findings.wrong.push(format!("mail {id} does not open"));
                }
                if data_key.is_none() && (raw.is_some() || disposition.is_none()) {
                    findings.wrong.push(format!("mail {id} lost its key before it was handled or emptied"));
                }
                if disposition.as_deref() == Some("referral") && referral_id.is_none() {
                    findings.wrong.push(format!("mail {id} counts as a referral and belongs to none"));
                }
            }
        }
    }

    async fn verify_letters(&self, findings: &mut Findings) -> Result<(), StoreError> {
        const SQL: &str = "SELECT o.id, o.natural_key, o.data_key, p.parcel, o.state, o.settled_at, r.reference, \
             r.data_key AS referral_key FROM outbox o LEFT JOIN outbox_parcel p ON p.outbox_id = o.id \
             LEFT JOIN referral r ON r.id = o.referral_id \
             WHERE o.id > $1 ORDER BY o.id LIMIT $2";
        let mut after = 0;
        loop {
            let rows: Vec<LetterRow> = on_pool!(self, pool => {
                sqlx::query_as(SQL).bind(after).bind(WHOLE_AT_ONCE).fetch_all(pool).await?
            });
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.id;
            for row in rows {
                let LetterRow { id, natural_key, state, .. } = row;
                findings.looked_at.3 += 1;
                let waits = State::of_word(&state).is_some_and(State::waits);
                if waits == row.settled_at.is_some() {
                    findings.wrong.push(format!("letter {id} is {state}, and its time says otherwise"));
                }
                let Some(parcel) = row.parcel else {
                    if waits {
                        findings.wrong.push(format!("letter {id} waits and is empty"));
                    }
                    continue;
                };
                let place = row.reference.map_or_else(
                    || (format!("outbox:{natural_key}"), row.data_key),
                    |reference| (format!("referral:{reference}"), row.referral_key),
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

/// The links with those of changed referrals as they were; one that was not there yet has none.
fn with_others(links: &str, changed: &BTreeSet<i64>, were: &BTreeMap<i64, String>) -> String {
    let mut all = String::with_capacity(links.len());
    for link in links.split(',') {
        let Some((number, digest)) = link.split_once(':') else { continue };
        let id = number.parse().unwrap_or(0);
        let kept = if changed.contains(&id) { were.get(&id).map(String::as_str) } else { Some(digest) };
        let Some(digest) = kept else { continue };
        let gap = if all.is_empty() { "" } else { "," };
        all.extend([gap, number, ":", digest]);
    }
    all
}
