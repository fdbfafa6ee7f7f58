//! Notes: what became of letters that were claimed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;

use super::outbox::state::State;
use super::rows::{self, Column, Wide};
use super::{Store, StoreError, millis};

/// What is to be noted about a row.
#[derive(Clone, Debug)]
pub enum Note {
    /// The final dot comes next.
    InDoubt {
        /// The row.
        id: i64,
        /// If nothing more is heard, it may be tried again then.
        again_at: DateTime<Utc>,
    },
    /// The server took it.
    Sent {
        /// The row.
        id: i64,
        /// What the server said.
        answer: String,
    },
    /// Not this time.
    Again {
        /// The row.
        id: i64,
        /// When to try again.
        at: DateTime<Utc>,
        /// Why.
        answer: String,
    },
    /// Not yet: it was not tried at all, and the attempt its claim counted is taken back.
    Later {
        /// The row.
        id: i64,
        /// When to look again.
        at: DateTime<Utc>,
        /// Why.
        why: &'static str,
    },
    /// Not before then, on purpose: it was not tried, and is not late until then.
    NotBefore {
        /// The row.
        id: i64,
        /// When to look again.
        at: DateTime<Utc>,
        /// Why.
        why: &'static str,
    },
    /// It will never work.
    Failed {
        /// The row.
        id: i64,
        /// Why.
        answer: String,
    },
    /// Too often in doubt.
    Held {
        /// The row.
        id: i64,
    },
    /// The gate closed between the decision and now.
    Withheld {
        /// The row.
        id: i64,
        /// Why.
        why: &'static str,
    },
}

/// A note as the columns it changes; what is `None` stays.
struct Columns<'a> {
    id: i64,
    state: State,
    next_at: Option<DateTime<Utc>>,
    /// Until when nobody else may take it; `None` frees it.
    leased_until: Option<DateTime<Utc>>,
    settled: bool,
    answer: Option<&'a str>,
    /// Attempts that were counted and not made.
    untried: i64,
    /// Until when it waits on purpose.
    due_at: Option<DateTime<Utc>>,
}

impl<'a> Columns<'a> {
    fn of(note: &'a Note) -> Columns<'a> {
        let (id, state, next_at, answer) = match note {
            Note::InDoubt { id, .. } => (id, State::InDoubt, None, None),
            Note::Again { id, at, answer } => (id, State::Queued, Some(*at), Some(answer.as_str())),
            Note::Later { id, at, why } | Note::NotBefore { id, at, why } => {
                (id, State::Queued, Some(*at), Some(*why))
            }
            Note::Sent { id, answer } => (id, State::Sent, None, Some(answer.as_str())),
            Note::Failed { id, answer } => (id, State::Failed, None, Some(answer.as_str())),
            Note::Held { id } => (id, State::Held, None, Some("in doubt too often")),
            Note::Withheld { id, why } => (id, State::Withheld, None, Some(*why)),
        };
        let leased_until = if let Note::InDoubt { again_at, .. } = note { Some(*again_at) } else { None };
        let settled = next_at.is_none() && leased_until.is_none();
        let untried = i64::from(matches!(note, Note::Later { .. } | Note::NotBefore { .. }));
        let due_at = next_at.filter(|_| matches!(note, Note::NotBefore { .. }));
        Columns { id: *id, state, next_at, leased_until, settled, answer, untried, due_at }
    }
}

impl Store {
    /// Writes notes about rows, all in one statement and so in one transaction. Of several about one row the last
    /// counts: which of two an `UPDATE` takes is the planner's choice, and a letter that was sent stays in doubt.
    ///
    /// A row that was settled meanwhile, since it was forgotten or the store was put back, stays so: what waits once more
    /// would leave after all. But that the server took it is true whatever was meant, and a reason may follow.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn note(&self, notes: &[Note], now: DateTime<Utc>) -> Result<(), StoreError> {
        let last: BTreeMap<i64, Columns<'_>> =
            notes.iter().map(Columns::of).map(|columns| (columns.id, columns)).collect();
        let rows: Vec<Columns<'_>> = last.into_values().collect();
        let _turn = self.turn().await;
        for some in rows.chunks(rows::AT_ONCE) {
            let columns = [
                Column::numbers(some.iter().map(|note| note.id)),
                Column::texts(some.iter().map(|note| note.state.word())),
                Column::numbers(some.iter().map(|note| note.next_at.map(millis))),
                Column::numbers(some.iter().map(|note| note.settled.then_some(millis(now)))),
                Column::texts(some.iter().map(|note| note.answer)),
                Column::numbers(some.iter().map(|note| note.untried)),
                Column::numbers(some.iter().map(|note| note.due_at.map(millis))),
                Column::numbers(some.iter().map(|note| note.leased_until.map_or(0, millis))),
            ];
            on_pool!(self, pool => {
                let mut update = QueryBuilder::new(
                    "UPDATE outbox SET state = v.column2, next_at = COALESCE(v.column3, next_at), \
                     settled_at = COALESCE(v.column4, settled_at), answer = COALESCE(v.column5, answer), \
                     attempts = attempts - v.column6, due_at = COALESCE(v.column7, due_at), leased_until = v.column8 FROM (",
                );
                Wide::push_rows(&mut update, &columns);
                update.push(
                    ") AS v WHERE outbox.id = v.column1 \
                     AND (outbox.settled_at IS NULL OR v.column2 = 'sent' OR v.column2 = outbox.state)",
                );
                rows::searching(&mut update).execute(pool).await?;
            });
        }
        Ok(())
    }
}
