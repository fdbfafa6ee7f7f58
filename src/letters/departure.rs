//! When a letter leaves: what goes to somebody outside leaves at marks of time that are the same for all, so that its
//! delay does not tell what was done for it: a record looked up, opened and unsealed, or none found (RELIABILITY P17),
//! a check for conflicts or one of room (P19).

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};

use crate::referral::letter::{Body, Part};

/// The marks are so far apart, counted from the epoch.
const APART: TimeDelta = TimeDelta::seconds(5);
/// A mark nearer than this is left to the letters before: what is done for one answer takes some milliseconds. Letters
/// that a long batch wrote after their mark are put off to a later one ([`put_off`]).
const AHEAD: TimeDelta = TimeDelta::seconds(1);

/// Not before when a letter leaves that is decided at `now`: at once if it stays in the house, at the next mark but for
/// those under a second away if it goes outside. `now` is read before the work on the mail begins, so that nothing of
/// that work is in the answer.
///
/// A receipt leaves at once: whoever asks about the same person again gets another letter, so that its delay can be
/// looked at once only.
#[must_use]
pub fn leaves_at(part: Part, body: &Body, now: DateTime<Utc>) -> DateTime<Utc> {
    let is_outside = match part {
        Part::Sender | Part::Receiver | Part::Client => true,
        Part::Staff | Part::Admin => false,
    };
    if is_outside && !matches!(body, Body::Receipt(_)) { mark_after(now) } else { now }
}

/// Writing letters into the store takes less than this; where it does not, whoever sends them puts them off once more
/// ([`next_mark`]).
const WRITING: TimeDelta = TimeDelta::milliseconds(500);

/// Not before when a letter leaves that was to leave at `mark`, if the work on it was over only at `done`: were the
/// mark behind us once it is written, the letter would leave at once, and its delay would be that of the work.
#[must_use]
pub fn put_off(part: Part, kind: &str, mark: DateTime<Utc>, done: DateTime<Utc>) -> DateTime<Utc> {
    // Without any work before it, a mark that is reached stands.
    if waits(part, kind) && mark != done && mark < done + WRITING { mark_after(done) } else { mark }
}

/// The mark at which a letter leaves that missed its own; `None` for one that leaves at any time.
#[must_use]
pub fn next_mark(part: Part, kind: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    waits(part, kind).then(|| mark_after(now))
}

fn waits(part: Part, kind: &str) -> bool {
    matches!(part, Part::Sender | Part::Receiver | Part::Client) && kind != "receipt"
}

/// An instant that is a mark itself is its own: no work was done yet, and [`put_off`] sees to what the work takes.
fn mark_after(now: DateTime<Utc>) -> DateTime<Utc> {
    let up = |at: DateTime<Utc>| at.duration_round_up(APART).unwrap_or(at);
    if up(now) == now { now } else { up(now + AHEAD) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn p17_p19_what_goes_outside_leaves_at_marks_that_do_not_depend_on_its_work() {
        let none =
            || Body::StatusAnswer { referrals: Vec::new(), more: 0, to_staff: false, answers: Vec::new() };
        for (now, leaves) in [
            ("2026-11-24T15:00:00Z", "2026-11-24T15:00:00Z"),
            ("2026-11-24T15:00:00.001Z", "2026-11-24T15:00:05Z"),
            ("2026-11-24T15:00:04Z", "2026-11-24T15:00:05Z"),
            ("2026-11-24T15:00:04.001Z", "2026-11-24T15:00:10Z"),
            ("2026-11-24T15:00:04.999Z", "2026-11-24T15:00:10Z"),
            ("2026-12-31T23:59:59.500Z", "2027-01-01T00:00:05Z"),
        ] {
            for part in [Part::Sender, Part::Receiver, Part::Client] {
                assert_eq!(leaves_at(part, &none(), at(now)), at(leaves), "{now}");
            }
            for part in [Part::Staff, Part::Admin] {
                assert_eq!(leaves_at(part, &none(), at(now)), at(now), "{now}");
            }
        }
    }

    #[test]
    fn every_millisecond_has_a_mark_a_second_to_six_away() {
        let start = at("2026-11-24T15:00:00Z");
        for millis in 1..5_000 {
            let now = start + TimeDelta::milliseconds(millis);
            let wait = mark_after(now) - now;
            assert!(AHEAD <= wait && wait < AHEAD + APART, "{now} {wait}");
            assert_eq!(mark_after(now).timestamp() % 5, 0);
        }
    }

    #[test]
    fn p17_a_letter_whose_mark_went_by_while_it_was_written_waits_for_another() {
        for (mark, done, leaves) in [
            // A mail that is taken up at a mark, and any work at all.
            ("2026-11-24T15:00:00Z", "2026-11-24T15:00:00Z", "2026-11-24T15:00:00Z"),
            ("2026-11-24T15:00:00Z", "2026-11-24T15:00:00.001Z", "2026-11-24T15:00:05Z"),
            ("2026-11-24T15:00:05Z", "2026-11-24T15:00:04.500Z", "2026-11-24T15:00:05Z"),
            // The store may still be writing when the mark comes.
            ("2026-11-24T15:00:05Z", "2026-11-24T15:00:04.501Z", "2026-11-24T15:00:10Z"),
            ("2026-11-24T15:00:05Z", "2026-11-24T15:00:04.999Z", "2026-11-24T15:00:10Z"),
            ("2026-11-24T15:00:05Z", "2026-11-24T15:00:08Z", "2026-11-24T15:00:10Z"),
            ("2026-11-24T15:00:05Z", "2026-11-24T15:00:09.5Z", "2026-11-24T15:00:15Z"),
        ] {
            for part in [Part::Sender, Part::Receiver, Part::Client] {
                assert_eq!(put_off(part, "status-answer", at(mark), at(done)), at(leaves), "{mark} {done}");
            }
            for (part, kind) in
                [(Part::Staff, "status-answer"), (Part::Admin, "digest"), (Part::Sender, "receipt")]
            {
                assert_eq!(put_off(part, kind, at(mark), at(done)), at(mark), "{part:?} {kind}");
            }
        }
    }

    #[test]
    fn a_receipt_does_not_wait() {
        let receipt = Body::Receipt(crate::referral::letter::Receipt { referrals: Vec::new() });
        let now = at("2026-11-24T15:00:01.234Z");
        assert_eq!(leaves_at(Part::Sender, &receipt, now), now);
    }
}
