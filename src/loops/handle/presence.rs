//! Presence: somebody of us said with both proofs that they are away or back. It is written, they hear what follows, and
//! the workflow owner, who covers, hears it too.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::carry_out::{Case, MOST_LISTED, settle, status_line};
use crate::loops::post::{self, About};
use crate::referral::event::Day;
use crate::referral::letter::{self, Body, Letter, Part, Recipient, StatusLine};
use crate::referral::roster::{Absence, Staff, StaffId};
use crate::store::StoreError;
use crate::store::open::Whose;
use crate::store::records::Commit;
use crate::store::spool::Disposition;

/// Nobody is away for longer by one mail: such a date is a slip of the pen.
const LONGEST: TimeDelta = TimeDelta::days(366);

const EXAMPLE: &str = "away until 2026-12-01";

/// What somebody said about themselves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Presence {
    /// Away until this day begins.
    Away(Day),
    /// Here again.
    Back,
}

/// The line that says it again, in our words: nothing of what came in is repeated.
pub(super) fn line(presence: Presence, today: NaiveDate) -> String {
    match presence {
        Presence::Back => "back".to_owned(),
        Presence::Away(day) => {
            day.on(today).map_or_else(|| EXAMPLE.to_owned(), |date| format!("away until {date}"))
        }
    }
}

/// Everything that follows, ready to be written. A day that cannot be meant changes nothing and is asked about.
pub(super) async fn heard(case: &Case<'_>, id: &StaffId, presence: Presence) -> Result<Commit, StoreError> {
    let Case { desk, rules, item, now, .. } = *case;
    let mut commit = settle(item, Disposition::Command, None, None);
    let Some(staff) = desk.rules.roster.staff(id) else { return Ok(commit) };
    let step = format!("mail-{}", item.mail_id);
    let about = About::Author(step.clone(), desk.tokens.of_no_referral());
    let until = match presence {
        Presence::Back => None,
        Presence::Away(day) => match instant(case, day) {
            Ok(until) => Some(until),
            Err(why) => {
                let suggestions = vec![EXAMPLE.to_owned(), "back".to_owned()];
                let body = Body::NotDone { reference: None, why, suggestions };
                commit.letters = post::all_queued(desk, &about, &[to(staff, body, &step)], now);
                return Ok(commit);
            }
        },
    };
    let settings_said = staff.away_until;
    commit.absence = Some(Absence { staff: id.clone(), until: until.unwrap_or(now), settings_said });
    let workflow_owner = rules.roster.staff(&rules.roster.workflow_owner).filter(|owner| owner.id != *id);
    let open = desk.store.open_of(&Whose::Owner(id.clone()), MOST_LISTED).await?;
    let told = letter::Absence {
        name: staff.name.clone(),
        until,
        cover: workflow_owner.map(|owner| owner.name.clone()),
        to_themselves: true,
        open: open.all,
        due: Vec::new(),
    };
    let mut letters = vec![to(staff, Body::Absence(told.clone()), &step)];
    if let Some(owner) = workflow_owner {
        let lines = open.first.iter().map(|stored| status_line(desk, stored));
        let due: Vec<StatusLine> = lines.filter(|line| until.is_some_and(|at| line.next_at < at)).collect();
        let body = Body::Absence(letter::Absence { to_themselves: false, due, ..told });
        letters.push(to(owner, body, &step));
    }
    commit.letters = post::all_queued(desk, &about, &letters, now);
    Ok(commit)
}

/// The beginning of a day that lies ahead, and not too far.
fn instant(case: &Case<'_>, day: Day) -> Result<DateTime<Utc>, &'static str> {
    let calendar = &case.rules.calendar;
    let date = day.on(calendar.local(case.now).date_naive()).ok_or("there is no such day")?;
    let at = calendar.instant(date, NaiveTime::MIN);
    if at <= case.now {
        Err("that day is over or is today")
    } else if at > case.now + LONGEST {
        Err("that day is more than a year ahead")
    } else {
        Ok(at)
    }
}

fn to(staff: &Staff, body: Body, step: &str) -> Letter {
    let to = Recipient { part: Part::Staff, address: staff.address.clone() };
    Letter { to, body, step: step.to_owned(), answers: None }
}
