//! Periodic: the sheet of a week goes to the data owner on the first local day after it, that of a month to the
//! workflow owner and the data owner, each once. Weeks or months that were missed are folded into the next sheet, whose
//! dates say so.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use tracing::{info, warn};

use super::post::{self, About};
use super::spoken::{bounced, name};
use super::{Desk, measures};
use crate::referral::packet::Field;
use crate::referral::roster::{PartnerId, StaffId};
use crate::report::figures::Bounced;
use crate::report::measures::answered::{self, Answered};
use crate::report::measures::chokepoint;
use crate::report::measures::life::{Life, Split};
use crate::report::measures::sheet::{Group, Sheet};
use crate::report::periodic::{self, First, ForPartner, Monthly, Periodic, Reason, Rhythm, Weekly};
use crate::report::pilot::Count;
use crate::store::records::Commit;

/// What is past its due time for so long is stuck.
const STUCK: TimeDelta = TimeDelta::days(7);
/// The chokepoint is looked for over so long.
const QUARTER: Months = Months::new(3);
/// A sheet reaches no further back, however long the daemon was down.
const LONGEST_BACK: u32 = 6;

/// Local days, the last one too.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub until: NaiveDate,
}

impl Window {
    /// The last week or month that is over.
    #[must_use]
    pub fn last(rhythm: Rhythm, today: NaiveDate) -> Window {
        let begin = rhythm.begin(today);
        Window { from: rhythm.before(begin, 1), until: begin.pred_opt().unwrap_or(begin) }
    }

    /// From its first instant until before the first one after it, but not beyond now.
    fn instants(self, desk: &Desk, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
        let begins = |day: NaiveDate| desk.rules.calendar.instant(day, NaiveTime::MIN);
        let after = self.until.checked_add_days(Days::new(1)).unwrap_or(self.until);
        (begins(self.from), begins(after).min(now))
    }
}

/// Writes the sheet of every week and month that is over and has none yet.
///
/// # Errors
/// When the store cannot be reached, or for a mistake in the template.
pub async fn tick(desk: &Desk, now: DateTime<Utc>) -> anyhow::Result<()> {
    let calendar = &desk.rules.calendar;
    let today = calendar.local(now).date_naive();
    for rhythm in Rhythm::ALL {
        let begin = rhythm.begin(today);
        let mark = format!("{} sheet", rhythm.word());
        let covered = desk.store.last_beat(&mark).await?.map(|at| calendar.local(at).date_naive());
        if covered == Some(begin) {
            continue;
        }
        // One that was written by a clock far ahead is no reason to write none.
        let covered = covered.map(|day| if day > begin { rhythm.before(begin, 1) } else { day });
        // Of the time before we were here there is nothing to tell.
        if let Some(from) = covered {
            let from = from.max(rhythm.before(begin, LONGEST_BACK));
            let until = begin.pred_opt().unwrap_or(begin);
            send(desk, rhythm, Window { from, until }, now).await?;
            info!("The {} sheet from {from} to {until} was written", rhythm.word());
        }
        desk.store.beat(&mark, calendar.instant(begin, NaiveTime::MIN)).await?;
    }
    Ok(())
}

async fn send(desk: &Desk, rhythm: Rhythm, window: Window, now: DateTime<Utc>) -> anyhow::Result<()> {
    let figures = figures(desk, rhythm, window, now).await?;
    let rendered = periodic::write(&figures, &desk.templates, &desk.organisation)?;
    let about = About::Other(format!("{}-{}", rhythm.word(), window.until));
    let roster = &desk.rules.roster;
    let mut commit = Commit::default();
    for staff in readers(desk, rhythm).iter().filter_map(|id| roster.staff(id)) {
        match post::queued_report(desk, rhythm.word(), &rendered, &staff.address, &about, now) {
            Ok(row) => commit.letters.push(row),
            Err(error) => warn!(%error, "A {} sheet could not be made", rhythm.word()),
        }
    }
    desk.store.commit(&[commit], now).await?;
    desk.signals.deliver.notify_one();
    Ok(())
}

/// Who decides on it (requirements 60 and 61).
fn readers(desk: &Desk, rhythm: Rhythm) -> Vec<StaffId> {
    let roster = &desk.rules.roster;
    let mut readers = vec![roster.data_owner.clone()];
    if rhythm == Rhythm::Monthly && roster.workflow_owner != roster.data_owner {
        readers.push(roster.workflow_owner.clone());
    }
    readers
}

/// What a time comes to.
///
/// # Errors
/// When the store cannot be reached.
pub async fn figures(
    desk: &Desk,
    rhythm: Rhythm,
    window: Window,
    now: DateTime<Utc>,
) -> anyhow::Result<Periodic> {
    Ok(match rhythm {
        Rhythm::Weekly => Periodic::Weekly(Box::new(weekly(desk, window, now).await?)),
        Rhythm::Monthly => Periodic::Monthly(Box::new(monthly(desk, window, now).await?)),
    })
}

async fn weekly(desk: &Desk, window: Window, now: DateTime<Utc>) -> anyhow::Result<Weekly> {
    let (from, to) = window.instants(desk, now);
    let found = measures::lives(&desk.store, &desk.rules, from, to).await?;
    let (given_up, left_out) = desk.store.given_up_between(from, to).await?;
    let mut given_up: Vec<Bounced> = given_up.into_iter().map(|one| bounced(desk, one)).collect();
    for one in &mut given_up {
        name(desk, &mut one.owner);
    }
    let lives = &found.lives;
    let many = |is: fn(&&Life) -> bool| count(lives.iter().filter(is).count());
    Ok(Weekly {
        from: window.from,
        until: window.until,
        as_of: now,
        reasons: reasons(&given_up),
        bounced: First::of(given_up, left_out),
        made: count(lives.len()),
        completed: many(|life| life.is_completed),
        drivers: counts(lives.iter().flat_map(|life| &life.drivers).map(|driver| driver.word())),
        incomplete: many(|life| !life.lacked.is_empty()),
        missing: counts(lives.iter().flat_map(|life| &life.lacked).copied().map(Field::label)),
        parked: desk.store.parked().await?.len(),
        unreadable: found.unreadable,
        sheet: Sheet::of(lives, (window.from, window.until), None, now).without(found.unreadable),
    })
}

async fn monthly(desk: &Desk, window: Window, now: DateTime<Utc>) -> anyhow::Result<Monthly> {
    let (from, to) = window.instants(desk, now);
    let found = measures::lives(&desk.store, &desk.rules, from, to).await?;
    let (mut stuck, left_out) = desk.store.due_before(now - STUCK).await?;
    for one in &mut stuck {
        name(desk, &mut one.owner);
    }
    let quarter = quarter(desk, window, now).await?;
    let days = (window.from, window.until);
    let by_partner = Sheet::of(&found.lives, days, Some(Split::Partner), now);
    let named = |group: Group| {
        // Where nothing can be told there is nothing to pass on.
        let tells = group.measures.iter().flat_map(|told| &told.lines).any(|line| line.told);
        let known = desk.rules.roster.partner(&PartnerId(group.group.clone())).filter(|_| tells);
        known.map(|partner| ForPartner { name: partner.name.clone(), group })
    };
    Ok(Monthly {
        from: window.from,
        until: window.until,
        as_of: now,
        stuck: First::of(stuck, left_out),
        chokepoint: chokepoint::in_words(&quarter, now),
        answered: answered(desk, &quarter, from, to),
        unreadable: found.unreadable,
        partners: by_partner.groups.into_iter().filter_map(named).collect(),
        sheet: Sheet::of(&found.lives, days, None, now).without(found.unreadable),
    })
}

/// The lives of three months, so that one bad week is not the answer to what is waited for longest, and who was asked
/// this month about one that came before is counted.
async fn quarter(desk: &Desk, window: Window, now: DateTime<Utc>) -> anyhow::Result<Vec<Life>> {
    let after = window.until.succ_opt().unwrap_or(window.until);
    let from = after.checked_sub_months(QUARTER).unwrap_or(window.from).min(window.from);
    let (from, to) = Window { from, ..window }.instants(desk, now);
    Ok(measures::lives(&desk.store, &desk.rules, from, to).await?.lives)
}

fn answered(desk: &Desk, lives: &[Life], from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Answered> {
    let by_partner = answered::by_partner(lives, from, to).into_iter();
    let named = |(id, answered): (PartnerId, Answered)| match desk.rules.roster.partner(&id) {
        Some(partner) => Answered { name: partner.name.clone(), ..answered },
        None => answered,
    };
    by_partner.map(named).collect()
}

/// How many of each, the most first.
fn counts(words: impl Iterator<Item = &'static str>) -> Vec<Count> {
    let mut found: BTreeMap<&str, u64> = BTreeMap::new();
    for word in words {
        *found.entry(word).or_default() += 1;
    }
    let mut counts: Vec<Count> = found.into_iter().map(|(word, many)| Count::of(word, many)).collect();
    counts.sort_by_key(|one| std::cmp::Reverse(one.count));
    counts
}

fn reasons(given_up: &[Bounced]) -> Vec<Reason> {
    let mut found: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for one in given_up {
        *found.entry((&one.reason, &one.next_action)).or_default() += 1;
    }
    let reason = |((words, next), count): ((&str, &str), u64)| Reason {
        words: words.to_owned(),
        count,
        next_action: next.to_owned(),
    };
    let mut reasons: Vec<Reason> = found.into_iter().map(reason).collect();
    reasons.sort_by_key(|one| std::cmp::Reverse(one.count));
    reasons
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
