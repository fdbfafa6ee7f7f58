//! Report: one digest an admin and local date, also when there is nothing to tell. A day that was missed is folded into
//! the next digest, and the digest says so.

use chrono::{DateTime, Days, DurationRound as _, NaiveDate, NaiveTime, TimeDelta, Utc};
use tracing::{info, warn};

use super::post::{self, About};
use super::spoken::{bounced, name_owners};
use super::{Desk, absence, client_letters, clock_alarm, periodic, pilot, purge, zones};
use crate::report::digest;
use crate::report::figures::Figures;
use crate::store::records::Commit;

/// The beat of "the digest was written": the instant up to which its window reached.
const WRITTEN: &str = "digest written";
/// A digest looks back no further, however long the daemon was down.
const LONGEST: TimeDelta = TimeDelta::days(31);

/// Writes the digest if its time has come. Returns when to look again.
///
/// # Errors
/// When the store cannot be reached.
pub async fn tick(desk: &Desk) -> anyhow::Result<DateTime<Utc>> {
    let now = desk.clock.now();
    let calendar = &desk.rules.calendar;
    let today = calendar.local(now).date_naive();
    let due_at = calendar.instant(today, desk.bounds.digest_at);
    if !clock_alarm::is_right(desk).await? {
        return Ok(now + TimeDelta::hours(1));
    }
    // One that was written by a clock far ahead is no reason to write none.
    let written_at = desk.store.last_beat(WRITTEN).await?.filter(|at| *at <= now + TimeDelta::days(1));
    let written_today = written_at.is_some_and(|at| calendar.local(at).date_naive() >= today);
    if now >= due_at && !written_today {
        write(desk, today, written_at, now).await?;
    }
    let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(today);
    Ok(if now < due_at { due_at } else { calendar.instant(tomorrow, desk.bounds.digest_at) })
}

/// The digest of the window since the last one.
///
/// # Errors
/// When the store cannot be reached.
pub async fn figures(
    desk: &Desk,
    since: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> anyhow::Result<Figures> {
    let calendar = &desk.rules.calendar;
    let date = calendar.local(now).date_naive();
    let from = since.unwrap_or(now - TimeDelta::days(1)).max(now - LONGEST);
    let tomorrow = date.checked_add_days(Days::new(1)).unwrap_or(date);
    let day = desk.store.day(from, now, calendar.instant(tomorrow, NaiveTime::MIN)).await?;
    let mut notes = notes(desk, from, now).await?;
    notes.extend(client_letters::note(desk, from, now).await?);
    let mut figures = Figures {
        date,
        as_of: now,
        mails: day.mails,
        overdue: day.overdue,
        due_today: day.due_today,
        new: day.new,
        confirmed: day.confirmed,
        bounced: day.bounced.into_iter().map(|one| bounced(desk, one)).collect(),
        parked: day.parked,
        delivery_failures: day.delivery_failures,
        left_out: day.left_out,
        notes,
        missed_days: missed_days(calendar.local(from).date_naive(), date, since.is_some()),
    };
    name_owners(desk, &mut figures);
    Ok(figures)
}

/// Who is away, and what nobody proved.
async fn notes(desk: &Desk, from: DateTime<Utc>, now: DateTime<Utc>) -> anyhow::Result<Vec<String>> {
    let mut notes = absence::notes(desk, now).await?;
    match desk.store.unproven(from, now).await? {
        0 => {}
        1 => notes.push("1 mail asked for something without its proofs; nothing was done.".to_owned()),
        many => {
            notes.push(format!("{many} mails asked for something without their proofs; nothing was done."));
        }
    }
    Ok(notes)
}

async fn write(
    desk: &Desk,
    date: NaiveDate,
    since: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let mut figures = figures(desk, since, now).await?;
    figures.notes.extend(zones::note(desk).await?);
    figures.notes.extend(audit_note(desk, now).await?);
    let rendered = digest::write(&figures, &desk.templates, &desk.organisation)?;
    let mut commit = Commit::default();
    let mut failed = None;
    for admin in &desk.rules.roster.admins {
        let Some(staff) = desk.rules.roster.staff(admin) else { continue };
        let about = About::Other(format!("digest-{date}"));
        match post::queued_report(desk, "digest", &rendered, &staff.address, &about, now) {
            Ok(row) => commit.letters.push(row),
            Err(error) => {
                warn!(%error, "The digest could not be made for an admin");
                failed = Some(error);
            }
        }
    }
    // Where it could be made for nobody, the day has had none: it is tried again, and the loop says why.
    if let Some(error) = failed.filter(|_| commit.letters.is_empty()) {
        return Err(anyhow::Error::new(error).context("the digest could not be made"));
    }
    desk.store.commit(&[commit], now).await?;
    desk.store.beat(WRITTEN, now).await?;
    info!("Digest of {date} written");
    desk.signals.deliver.notify_one();
    if let Err(error) = pilot::tick(desk, now).await {
        warn!("The report of a pilot could not be written, and is tried again tomorrow: {error:#}");
    }
    if let Err(error) = periodic::tick(desk, now).await {
        warn!("A weekly or monthly sheet could not be written, and is tried again tomorrow: {error:#}");
    }
    purge::tick(desk, now).await;
    Ok(())
}

/// The head of all histories up to the last full hour, if there are any: what was decided since may still be on its way into the store.
async fn audit_note(desk: &Desk, now: DateTime<Utc>) -> anyhow::Result<Option<String>> {
    let hour = (now - TimeDelta::hours(1)).duration_trunc(TimeDelta::hours(1)).unwrap_or(now);
    let (head, count) = desk.store.audit_head(hour).await?;
    if count == 0 {
        return Ok(None);
    }
    let shown = hour.format("%Y-%m-%dT%H:%M:%SZ");
    let histories = if count == 1 { "history" } else { "histories" };
    Ok(Some(format!(
        "Audit head over {count} {histories}: {head}. Keep this mail; \"handoffd verify --head {head} --as-of {shown}\" \
         says whether they were rewritten since."
    )))
}

/// The local dates between the last digest and this one.
fn missed_days(last: NaiveDate, today: NaiveDate, there_was_one: bool) -> Vec<NaiveDate> {
    let after = last.iter_days().skip(1).take_while(|day| *day < today);
    if there_was_one { after.take(31).collect() } else { Vec::new() }
}
