//! Presence: somebody of us said with both proofs that they are away or back. It is written, they hear what follows,
//! and the workflow owner, who covers, hears it too.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::case::{Case, settle};
use super::status::{MOST_LISTED, status_line};
use crate::loops::post::{self, About};
use crate::loops::{Desk, absence};
use crate::referral::command::Command;
use crate::referral::contact::Day;
use crate::referral::decide::Rules;
use crate::referral::disposition::Disposition;
use crate::referral::letter::{self, Body, Letter, Part, Recipient, StatusLine};
use crate::referral::roster::{Absence, Staff, StaffId};
use crate::store::StoreError;
use crate::store::open::Whose;
use crate::store::records::Commit;

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

/// A line about the author alone; among other lines it is none.
pub(super) fn said_in(commands: &[Command]) -> Option<Presence> {
    if let [Command::Away { until }] = commands {
        Some(Presence::Away(*until))
    } else {
        matches!(commands, [Command::Back]).then_some(Presence::Back)
    }
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
    let settled = settle(item, Disposition::Command, None);
    let step = format!("mail-{}", item.mail_id);
    let Some(staff) = desk.rules.roster.staff(id) else { return Ok(settled) };
    match until(rules, presence, now) {
        Ok(until) => {
            let said = Said { staff, until, by_host: false, step: &step };
            Ok(Commit { mail: settled.mail, ..written(desk, rules, &said, now).await? })
        }
        Err(why) => {
            let suggestions = vec![EXAMPLE.to_owned(), "back".to_owned()];
            let body = Body::NotDone { reference: None, why: why.into(), suggestions };
            let about = About::Author(step.clone(), desk.tokens.of_no_referral());
            let letters = post::all_queued(desk, &about, &[to(staff, body, &step)], now);
            Ok(Commit { letters, ..settled })
        }
    }
}

/// An admin on the host says for somebody of us that they are away or back; both they and who covers hear it. `None`
/// for a line that is about something else.
///
/// # Errors
/// In the outer result the store's; in the inner one why nothing was done.
pub async fn said_on_the_host(
    desk: &Desk,
    id: &StaffId,
    command: &Command,
    now: DateTime<Utc>,
) -> Result<Option<Result<Commit, &'static str>>, StoreError> {
    let presence = if let Command::Away { until } = command {
        Presence::Away(*until)
    } else if matches!(command, Command::Back) {
        Presence::Back
    } else {
        return Ok(None);
    };
    let rules = absence::rules(desk, now).await?;
    let Some(staff) = desk.rules.roster.staff(id) else {
        let why = "there is nobody of that name on the roster; write it with the id of a member of staff: \
                   act maria away until 2026-12-01";
        return Ok(Some(Err(why)));
    };
    let step = format!("host-{}", now.timestamp_millis());
    match until(&rules, presence, now) {
        Err(why) => Ok(Some(Err(why))),
        Ok(until) => {
            let said = Said { staff, until, by_host: true, step: &step };
            Ok(Some(Ok(written(desk, &rules, &said, now).await?)))
        }
    }
}

/// What was said about somebody, understood.
struct Said<'a> {
    staff: &'a Staff,
    /// `None` means here again.
    until: Option<DateTime<Utc>>,
    by_host: bool,
    /// What makes this word another one than the same word tomorrow.
    step: &'a str,
}

async fn written(
    desk: &Desk,
    rules: &Rules,
    said: &Said<'_>,
    now: DateTime<Utc>,
) -> Result<Commit, StoreError> {
    let Said { staff, until, by_host, step } = *said;
    let (id, settings_said) = (&staff.id, staff.away_until);
    let absence = Absence { staff: id.clone(), until: until.unwrap_or(now), settings_said, by_host };
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
    let mut letters = vec![to(staff, Body::Absence(told.clone()), step)];
    if let Some(owner) = workflow_owner {
        let lines = open.first.iter().map(|stored| {
            let reviews = rules.may(&owner.id, "conflict", Some(&stored.referral), now);
            status_line(desk, stored, reviews)
        });
        let due: Vec<StatusLine> = lines.filter(|line| until.is_some_and(|at| line.next_at < at)).collect();
        let body = Body::Absence(letter::Absence { to_themselves: false, due, ..told });
        letters.push(to(owner, body, step));
    }
    let about = About::Author(step.to_owned(), desk.tokens.of_no_referral());
    let letters = post::all_queued(desk, &about, &letters, now);
    Ok(Commit { absence: Some(absence), letters, ..Commit::default() })
}

fn until(
    rules: &Rules,
    presence: Presence,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, &'static str> {
    match presence {
        Presence::Back => Ok(None),
        Presence::Away(day) => instant(rules, day, now).map(Some),
    }
}

/// The beginning of a day that lies ahead, and not too far.
fn instant(rules: &Rules, day: Day, now: DateTime<Utc>) -> Result<DateTime<Utc>, &'static str> {
    let calendar = &rules.calendar;
    let date = day.on(calendar.local(now).date_naive()).ok_or("there is no such day")?;
    let at = calendar.instant(date, NaiveTime::MIN);
    if at <= now {
        Err("that day is over or is today")
    } else if at > now + LONGEST {
        Err("that day is more than a year ahead")
    } else {
        Ok(at)
    }
}

fn to(staff: &Staff, body: Body, step: &str) -> Letter {
    let to = Recipient { part: Part::Staff, address: staff.address.clone() };
    Letter { to, body, step: step.to_owned(), answers: None }
}
