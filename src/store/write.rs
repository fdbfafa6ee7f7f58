//! One commit, step by step: every statement is wide, so that a hundred decisions cost a dozen statements.
//!
//! The text is written once and compiled for both databases: the transaction's type is the only difference.

mod order;

use std::collections::BTreeMap;

use super::audit::FactRow;
use super::outbox::SealedLetter;
use super::records::{Commit, Saved, Settled};
use super::rows::{self, Column, Wide};
use super::{StoreError, millis};
use crate::referral::disposition::Pile;
use crate::referral::reference::Reference;

pub(super) use order::{Order, RecordRow};

const INSERT_REFERRAL: &str = "INSERT INTO referral (reference, version, facts, head, status, contact, tier, open, stopped, owner, \
     partner, policy, next_action, next_action_at, look_at, received_at, confirmed_at, bounced_at, bounce_reason, \
     bounce_added, data_key, record, changed_at) ";

const UPDATE_REFERRAL: &str = "UPDATE referral SET version = version + 1, facts = $3, status = $4, contact = $5, \
     tier = $6, open = $7, owner = $8, stopped = $19, next_action = $9, next_action_at = $10, look_at = $11, confirmed_at = $12, \
     bounced_at = $13, bounce_reason = $14, record = $15, head = $16, bounce_added = $17, \
     changed_at = COALESCE($18, changed_at) WHERE id = $1 AND version = $2";

const SETTLE_MAIL: &str = "UPDATE mail SET disposition = v.column2, cause = v.column3, referral_id = v.column4, \
     handled_at = v.column5, message_id_digest = v.column6 FROM (";

/// A statement that changed another number of rows than it meant lost a race.
fn expect(changed: u64, meant: usize) -> Result<(), StoreError> {
    if usize::try_from(changed).ok() == Some(meant) { Ok(()) } else { Err(StoreError::Stale) }
}

/// The row numbers of the records in this transaction, by reference.
type Ids<'a> = BTreeMap<&'a str, i64>;

macro_rules! steps {
    ($dialect:ident, $database:ty) => {
        pub(super) mod $dialect {
            use super::*;
            use sqlx::{QueryBuilder, Transaction};

            type Tx = Transaction<'static, $database>;

            pub(in crate::store) async fn everything(
                tx: &mut Tx,
                order: &Order<'_>,
            ) -> Result<(), StoreError> {
                let mut ids = Ids::new();
                open_records(tx, order, &mut ids).await?;
                change_records(tx, order, &mut ids).await?;
                add_history(tx, order, &ids).await?;
                add_persons(tx, order, &ids).await?;
                queue_letters(tx, order, &ids).await?;
                add_warnings(tx, order).await?;
                replace_letters(tx, order).await?;
                end_letters(tx, order).await?;
                add_absences(tx, order).await?;
                note_stops(tx, order).await?;
                find_others(tx, order, &mut ids).await?;
                settle_mails(tx, order, &ids).await?;
                link_mails(tx, order, &ids).await?;
                end_unheard(tx, order).await?;
                add_unheard(tx, order).await?;
                forget_copies(tx, order).await
            }

            async fn open_records<'a>(
                tx: &mut Tx,
                order: &'a Order<'_>,
                ids: &mut Ids<'a>,
            ) -> Result<(), StoreError> {
                let fresh: Vec<&RecordRow<'_>> = order.rows.iter().filter(|row| row.id.is_none()).collect();
                for some in fresh.chunks(rows::AT_ONCE) {
                    let mut insert = QueryBuilder::new(INSERT_REFERRAL);
                    Wide::push_rows(&mut insert, &order::opened(some));
                    insert.push(" RETURNING id, reference");
                    let made: BTreeMap<String, i64> = insert
                        .build_query_as::<(i64, String)>()
                        .fetch_all(&mut **tx)
                        .await?
                        .into_iter()
                        .map(|(id, reference)| (reference, id))
                        .collect();
                    for row in some {
                        let id = made.get(row.reference()).copied();
                        ids.insert(row.reference(), id.ok_or(StoreError::Stale)?);
                    }
                }
                Ok(())
            }

            async fn change_records<'a>(
                tx: &mut Tx,
                order: &'a Order<'_>,
                ids: &mut Ids<'a>,
            ) -> Result<(), StoreError> {
                for row in &order.rows {
                    let Some((id, version)) = row.id else { continue };
                    let referral = &row.saved.referral;
                    let changed = sqlx::query(UPDATE_REFERRAL)
                        .bind(id)
                        .bind(version)
                        .bind(row.facts_after())
                        .bind(referral.status.word())
                        .bind(referral.contact.word())
                        .bind(referral.tier.word())
                        .bind(row.open())
                        .bind(referral.owner.0.as_str())
                        .bind(referral.next_action.words())
                        .bind(millis(referral.next_action_at))
                        .bind(referral.look_at.map(millis))
                        .bind(row.confirmed_at())
                        .bind(row.bounced().0)
                        .bind(row.bounced().1)
                        .bind(row.record.as_slice())
                        .bind(row.head.as_slice())
                        .bind(row.bounced().2)
                        .bind(row.changed_at())
                        .bind(i64::from(referral.stopped))
                        .execute(&mut **tx)
                        .await?
                        .rows_affected();
                    expect(changed, 1)?;
                    ids.insert(row.reference(), id);
                }
                Ok(())
            }

            async fn add_history(tx: &mut Tx, order: &Order<'_>, ids: &Ids<'_>) -> Result<(), StoreError> {
                let facts: Vec<(Option<i64>, &FactRow)> = order
                    .rows
                    .iter()
                    .flat_map(|row| row.facts.iter().map(|fact| (ids.get(row.reference()).copied(), fact)))
                    .collect();
                for some in facts.chunks(rows::AT_ONCE) {
                    let mut insert = QueryBuilder::new(
                        "INSERT INTO history (referral_id, seq, at, kind, by_whom, words, chain) ",
                    );
                    let columns = [
                        Column::numbers(some.iter().map(|(id, _)| *id)),
                        Column::numbers(some.iter().map(|(_, fact)| fact.seq)),
                        Column::numbers(some.iter().map(|(_, fact)| fact.at)),
                        Column::texts(some.iter().map(|(_, fact)| fact.kind.as_str())),
                        Column::texts(some.iter().map(|(_, fact)| fact.by_whom.as_str())),
                        Column::bytes(some.iter().map(|(_, fact)| fact.words.as_slice())),
                        Column::bytes(some.iter().map(|(_, fact)| fact.chain.as_slice())),
                    ];
                    Wide::push_rows(&mut insert, &columns);
                    insert.build().execute(&mut **tx).await?;
                }
                Ok(())
            }

            async fn add_persons(tx: &mut Tx, order: &Order<'_>, ids: &Ids<'_>) -> Result<(), StoreError> {
                let persons: Vec<(Option<i64>, &Vec<u8>)> = order
                    .rows
                    .iter()
                    .flat_map(|row| {
                        row.saved.persons.iter().map(|digest| (ids.get(row.reference()).copied(), digest))
                    })
                    .collect();
                for some in persons.chunks(rows::AT_ONCE) {
                    let mut insert = QueryBuilder::new("INSERT INTO person (referral_id, digest) ");
                    let columns = [
                        Column::numbers(some.iter().map(|(id, _)| *id)),
                        Column::bytes(some.iter().map(|(_, digest)| digest.as_slice())),
                    ];
                    Wide::push_rows(&mut insert, &columns);
                    insert.push(" ON CONFLICT DO NOTHING");
                    insert.build().execute(&mut **tx).await?;
                }
                Ok(())
            }

            async fn queue_letters(tx: &mut Tx, order: &Order<'_>, ids: &Ids<'_>) -> Result<(), StoreError> {
                let of_records = order.rows.iter().flat_map(|row| {
                    row.letters.iter().map(|letter| (ids.get(row.reference()).copied(), letter))
                });
                let letters: Vec<(Option<i64>, &SealedLetter<'_>)> =
                    of_records.chain(order.loose.iter().map(|letter| (None, letter))).collect();
                for some in letters.chunks(rows::AT_ONCE) {
                    let mut insert = QueryBuilder::new(crate::store::outbox::INSERT);
                    Wide::push_rows(&mut insert, &order::queued(some, order.now));
                    // The same letter again is none; another letter with its Message-ID is an error, not a lost letter.
                    insert.push(" ON CONFLICT (natural_key) DO NOTHING RETURNING id, natural_key");
                    let fresh: Vec<(i64, String)> = insert.build_query_as().fetch_all(&mut **tx).await?;
                    add_parcels(tx, parcels(some, &fresh)).await?;
                }
                Ok(())
            }

            async fn add_parcels(tx: &mut Tx, parcels: Vec<(i64, &[u8])>) -> Result<(), StoreError> {
                if parcels.is_empty() {
                    return Ok(());
                }
                let mut insert = QueryBuilder::new("INSERT INTO outbox_parcel (outbox_id, parcel) ");
                let columns = [
                    Column::numbers(parcels.iter().map(|(id, _)| *id)),
                    Column::bytes(parcels.iter().map(|(_, parcel)| *parcel)),
                ];
                Wide::push_rows(&mut insert, &columns);
                insert.build().execute(&mut **tx).await?;
                Ok(())
            }

            async fn add_warnings(tx: &mut Tx, order: &Order<'_>) -> Result<(), StoreError> {
                const SQL: &str = "INSERT INTO told (referral_id, natural_key) \
                     SELECT id, $1 FROM referral WHERE reference = $2 ON CONFLICT DO NOTHING";
                for (natural_key, reference) in order.commits.iter().flat_map(|commit| &commit.warnings) {
                    sqlx::query(SQL)
                        .bind(natural_key.as_str())
                        .bind(reference.as_str())
                        .execute(&mut **tx)
                        .await?;
                }
                Ok(())
            }

            async fn replace_letters(tx: &mut Tx, order: &Order<'_>) -> Result<(), StoreError> {
                const SQL: &str = "UPDATE outbox SET state = 'withheld', settled_at = $2, \
                     answer = 'a later letter tells it too' WHERE natural_key = $1 AND state = 'queued'";
                for natural_key in order.commits.iter().flat_map(|commit| &commit.replaced) {
                    sqlx::query(SQL)
                        .bind(natural_key.as_str())
                        .bind(millis(order.now))
                        .execute(&mut **tx)
                        .await?;
                }
                Ok(())
            }

            async fn end_letters(tx: &mut Tx, order: &Order<'_>) -> Result<(), StoreError> {
                const SQL: &str = "UPDATE outbox SET state = $2, settled_at = $3 WHERE id = $1 \
                     AND state IN ('claimed', 'in-doubt')";
                for (id, state) in order.commits.iter().flat_map(|commit| &commit.unsent) {
                    sqlx::query(SQL)
                        .bind(*id)
                        .bind(state.word())
                        .bind(millis(order.now))
                        .execute(&mut **tx)
                        .await?;
                }
                Ok(())
            }

            async fn add_absences(tx: &mut Tx, order: &Order<'_>) -> Result<(), StoreError> {
                const SQL: &str =
                    "INSERT INTO absence (staff, until, settings_said, said_by, said_at) VALUES ($1, $2, $3, $4, $5)";
                for absence in order.commits.iter().filter_map(|commit| commit.absence.as_ref()) {
                    sqlx::query(SQL)
                        .bind(absence.staff.0.as_str())
                        .bind(millis(absence.until))
                        .bind(absence.settings_said.map(millis))
                        .bind(if absence.by_host { "host" } else { absence.staff.0.as_str() })
                        .bind(millis(order.now))
                        .execute(&mut **tx)
                        .await?;
                }
                Ok(())
            }

            /// Only the day is kept: by the instant a digest could be told to be that of the record the mail opens.
            async fn note_stops(tx: &mut Tx, order: &Order<'_>) -> Result<(), StoreError> {
                for digest in &order.stops {
                    sqlx::query(crate::store::forget::NOTE_STOP)
                        .bind(digest.as_slice())
                        .bind(crate::store::stops::end_of_day(millis(order.now)))
                        .execute(&mut **tx)
                        .await?;
                }
                Ok(())
            }

            /// The referrals that mails belong to although no record changes.
            async fn find_others<'a>(
                tx: &mut Tx,
                order: &'a Order<'_>,
                ids: &mut Ids<'a>,
            ) -> Result<(), StoreError> {
                let about: Vec<&str> = order
                    .commits
                    .iter()
                    .filter_map(|commit| commit.mail.as_ref()?.about.as_ref())
                    .map(Reference::as_str)
                    .filter(|reference| !ids.contains_key(reference))
                    .collect();
                for some in about.chunks(rows::AT_ONCE) {
                    let mut select =
                        QueryBuilder::new("SELECT id, reference FROM referral WHERE reference");
                    Wide::push_among(&mut select, &Column::texts(some.iter().copied()));
                    let found: Vec<(i64, String)> = rows::searching_for(&mut select).fetch_all(&mut **tx).await?;
                    for (id, reference) in found {
                        if let Some(known) = some.iter().find(|known| **known == reference) {
                            ids.insert(known, id);
                        }
                    }
                }
                Ok(())
            }

            async fn settle_mails(tx: &mut Tx, order: &Order<'_>, ids: &Ids<'_>) -> Result<(), StoreError> {
                let settled: Vec<_> =
                    order.commits.iter().filter_map(|commit| settled(commit, ids)).collect();
                for some in settled.chunks(rows::AT_ONCE) {
                    let mut update = QueryBuilder::new(SETTLE_MAIL);
                    let columns = [
                        Column::numbers(some.iter().map(|(mail, _)| mail.mail_id)),
                        Column::texts(some.iter().map(|(mail, _)| mail.disposition.pile().word())),
                        Column::texts(some.iter().map(|(mail, _)| mail.disposition.cause())),
                        Column::numbers(some.iter().map(|(_, referral)| *referral)),
                        Column::numbers(some.iter().map(|_| millis(order.now))),
                        Column::bytes(some.iter().map(|(mail, _)| mail.message_id.as_deref())),
                    ];
                    Wide::push_rows(&mut update, &columns);
                    update.push(") AS v WHERE mail.id = v.column1 AND mail.disposition IS NULL");
                    let changed = rows::searching(&mut update).execute(&mut **tx).await?.rows_affected();
                    expect(changed, some.len())?;
                }
                Ok(())
            }

            /// A mail that led to several referrals is linked to each.
            async fn link_mails(tx: &mut Tx, order: &Order<'_>, ids: &Ids<'_>) -> Result<(), StoreError> {
                let links: Vec<(i64, i64)> =
                    order.commits.iter().flat_map(|commit| links(commit, ids)).collect();
                for some in links.chunks(rows::AT_ONCE) {
                    let mut insert = QueryBuilder::new("INSERT INTO mail_about (mail_id, referral_id) ");
                    let columns = [
                        Column::numbers(some.iter().map(|(mail, _)| *mail)),
                        Column::numbers(some.iter().map(|(_, referral)| *referral)),
                    ];
                    Wide::push_rows(&mut insert, &columns);
                    insert.push(" ON CONFLICT DO NOTHING");
                    insert.build().execute(&mut **tx).await?;
                }
                Ok(())
            }

            /// What was parked since nobody could read up on it is heard once it is settled as anything else.
            async fn end_unheard(tx: &mut Tx, order: &Order<'_>) -> Result<(), StoreError> {
                let heard: Vec<i64> = order.commits.iter().filter_map(heard).collect();
                for some in heard.chunks(rows::AT_ONCE) {
                    let mut delete = QueryBuilder::new("DELETE FROM unheard WHERE mail_id");
                    Wide::push_among(&mut delete, &Column::numbers(some.iter().copied()));
                    rows::searching(&mut delete).execute(&mut **tx).await?;
                }
                Ok(())
            }

            async fn add_unheard(tx: &mut Tx, order: &Order<'_>) -> Result<(), StoreError> {
                let unheard: Vec<(i64, &[u8])> = order.commits.iter().flat_map(unheard).collect();
                for some in unheard.chunks(rows::AT_ONCE) {
                    let mut insert = QueryBuilder::new("INSERT INTO unheard (mail_id, digest) ");
                    let columns = [
                        Column::numbers(some.iter().map(|(mail, _)| *mail)),
                        Column::bytes(some.iter().map(|(_, digest)| *digest)),
                    ];
                    Wide::push_rows(&mut insert, &columns);
                    insert.push(" ON CONFLICT DO NOTHING");
                    insert.build().execute(&mut **tx).await?;
                }
                Ok(())
            }

            /// A copy of a mail whose bytes were dropped is dropped too: a mailbox that is read anew brings nothing
            /// back.
            async fn forget_copies(tx: &mut Tx, order: &Order<'_>) -> Result<(), StoreError> {
                let copies: Vec<i64> = order.commits.iter().filter_map(duplicate).collect();
                for some in copies.chunks(rows::AT_ONCE) {
                    let mut update = QueryBuilder::new(
                        "UPDATE mail SET data_key = NULL WHERE EXISTS (SELECT 1 FROM mail o WHERE o.digest = mail.digest AND o.id < mail.id \
                         AND o.data_key IS NULL) AND id",
                    );
                    Wide::push_among(&mut update, &Column::numbers(some.iter().copied()));
                    rows::searching(&mut update).execute(&mut **tx).await?;
                }
                Ok(())
            }
        }
    };
}

/// The words of the letters that were new, each with the number its row was given. Of two with one key the first was
/// written, with its own key to its words.
fn parcels<'a>(
    letters: &'a [(Option<i64>, &SealedLetter<'_>)],
    fresh: &[(i64, String)],
) -> Vec<(i64, &'a [u8])> {
    let sealed: BTreeMap<&str, &[u8]> = letters
        .iter()
        .rev()
        .map(|(_, letter)| (letter.queued.natural_key.as_str(), letter.parcel.as_slice()))
        .collect();
    fresh.iter().filter_map(|(id, key)| Some((*id, *sealed.get(key.as_str())?))).collect()
}

/// The mail and the referrals of a commit that changes several.
fn links(commit: &Commit, ids: &Ids<'_>) -> Vec<(i64, i64)> {
    let Some(mail) = commit.mail.as_ref().filter(|mail| led_to(mail, commit).len() > 1) else {
        return Vec::new();
    };
    let row = |saved: &Saved| Some((mail.mail_id, *ids.get(saved.referral.reference.as_str())?));
    commit.records.iter().filter_map(row).collect()
}

/// The records a mail led to. One that is parked and belongs to none led to none, whatever was heard in it: once it is
/// read again it is handled as if it had just arrived.
fn led_to<'a>(mail: &Settled, commit: &'a Commit) -> &'a [Saved] {
    let is_open = mail.disposition.pile() == Pile::Parked && mail.about.is_none();
    if is_open { &[] } else { &commit.records }
}

/// The mail of a commit that was handled to its end.
fn heard(commit: &Commit) -> Option<i64> {
    let mail = commit.mail.as_ref().filter(|mail| mail.disposition.pile() != Pile::Parked)?;
    Some(mail.mail_id)
}

/// Whom a mail may be about that nobody could read up on.
fn unheard(commit: &Commit) -> impl Iterator<Item = (i64, &[u8])> {
    let mails = commit.mail.iter().map(|mail| mail.mail_id);
    mails.flat_map(|mail| commit.unheard.iter().map(move |digest| (mail, digest.as_slice())))
}

/// The mail of a commit that was one more of something.
fn duplicate(commit: &Commit) -> Option<i64> {
    let mail = commit.mail.as_ref()?;
    (mail.disposition.pile() == Pile::Duplicate).then_some(mail.mail_id)
}

/// The mail of a commit with the row number of the referral it belongs to.
fn settled<'a>(commit: &'a Commit, ids: &Ids<'_>) -> Option<(&'a Settled, Option<i64>)> {
    let mail = commit.mail.as_ref()?;
    let is_parked = mail.disposition.pile() == Pile::Parked;
    let first = led_to(mail, commit).first().filter(|_| !is_parked).map(|saved| &saved.referral.reference);
    let linked = first.or(mail.about.as_ref()).map(Reference::as_str);
    Some((mail, linked.and_then(|reference| ids.get(reference).copied())))
}

steps!(sqlite, sqlx::Sqlite);
steps!(postgres, sqlx::Postgres);
