//! Pilot: thirty days after a partner's pilot began, its report goes to the admins and the data owner, once.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use tracing::{info, warn};

use super::Desk;
use super::post::{self, About};
use crate::referral::contact::Contact;
use crate::referral::decide::Rules;
use crate::referral::policy::{Ladder, Span};
use crate::referral::record::{BounceReason, Fact, FactKind, Referral};
use crate::referral::roster::{Mode, Partner};
use crate::report::pilot::{self, Count, Met, Pilot};
use crate::simulation::replay::{self, Steps};
use crate::store::records::Commit;

/// How long a pilot is.
const LENGTH: Days = Days::new(30);
/// A first referral is looked for no further back: the digest looks every day.
const LOOK_BACK: TimeDelta = TimeDelta::days(62);
const DECIDED: [FactKind; 3] = [FactKind::Accepted, FactKind::Redirected, FactKind::Closed];

/// Writes the report of every pilot whose thirty days are over and that has none yet.
///
/// # Errors
/// When the store cannot be reached, or for a mistake in the template.
pub async fn tick(desk: &Desk, now: DateTime<Utc>) -> anyhow::Result<()> {
    let today = desk.rules.calendar.local(now).date_naive();
    for partner in desk.rules.roster.partners.iter().filter(|partner| partner.mode == Mode::Pilot) {
        let Some(since) = since(desk, partner, now).await? else { continue };
        let until = since.checked_add_days(LENGTH).unwrap_or(since);
        let written = format!("pilot report {} {since}", partner.id);
        if today < until || desk.store.last_beat(&written).await?.is_some() {
            continue;
        }
        write(desk, partner, since, until, now).await?;
        desk.store.beat(&written, now).await?;
        info!("Report of the pilot of {} written", partner.id);
    }
    Ok(())
}

/// The first day of a pilot: as the settings say, else the day of its first referral, kept once it was found.
async fn since(desk: &Desk, partner: &Partner, now: DateTime<Utc>) -> anyhow::Result<Option<NaiveDate>> {
    if partner.pilot_since.is_some() {
        return Ok(partner.pilot_since);
    }
    let name = format!("pilot {}", partner.id);
    let local = |at: DateTime<Utc>| desk.rules.calendar.local(at).date_naive();
    if let Some(at) = desk.store.last_beat(&name).await? {
        return Ok(Some(local(at)));
    }
    let came = desk.store.of_partner(&partner.id, now - LOOK_BACK, now).await?;
    let first = came.iter().map(|stored| &stored.referral).find(|one| one.mode == Mode::Pilot);
    let Some(at) = first.map(|one| one.received_at) else { return Ok(None) };
    desk.store.beat(&name, at).await?;
    Ok(Some(local(at)))
}

async fn write(
    desk: &Desk,
    partner: &Partner,
    since: NaiveDate,
    until: NaiveDate,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let pilot = figures(desk, partner, since, until, now).await?;
    let rendered = pilot::write(&pilot, &desk.templates, &desk.organisation)?;
    let about = About::Other(format!("pilot-{}-{since}", partner.id));
    let roster = &desk.rules.roster;
    let mut readers = roster.admins.clone();
    readers.push(roster.data_owner.clone());
    readers.sort();
    readers.dedup();
    let mut commit = Commit::default();
    for staff in readers.iter().filter_map(|id| roster.staff(id)) {
        match post::queued_report(desk, "pilot", &rendered, &staff.address, &about, now) {
            Ok(row) => commit.letters.push(row),
            Err(error) => warn!(%error, "The report of a pilot could not be made"),
        }
    }
    desk.store.commit(&[commit], now).await?;
    desk.signals.deliver.notify_one();
    Ok(())
}

/// What came of a partner's pilot, and of the thirty days before it.
async fn figures(
    desk: &Desk,
    partner: &Partner,
    since: NaiveDate,
    until: NaiveDate,
    now: DateTime<Utc>,
) -> anyhow::Result<Pilot> {
    let rules = &desk.rules;
    let begins = |date: NaiveDate| rules.calendar.instant(date, NaiveTime::MIN);
    let before = since.checked_sub_days(LENGTH).unwrap_or(since);
    let mut lives = Vec::new();
    for stored in desk.store.of_partner(&partner.id, begins(before), begins(until)).await? {
        let history = desk.store.history(&stored).await?;
        lives.push((stored.referral, history));
    }
    let (observed, ran): (Vec<_>, Vec<_>) = lives.into_iter().partition(|(one, _)| one.mode == Mode::Observe);
    let observed: Vec<_> = observed.into_iter().filter(|(one, _)| one.received_at < begins(since)).collect();
    let ran: Vec<_> = ran.into_iter().filter(|(one, _)| one.received_at >= begins(since)).collect();
    let (mut steps, mut would_have_been) = (Steps::default(), Steps::default());
    for (_, history) in &ran {
        steps.count(history);
    }
    for (one, history) in &observed {
        would_have_been.add(replay::would_have_been(rules, one, history, now));
    }
    Ok(Pilot {
        partner: partner.name.clone(),
        since,
        until,
        as_of: now,
        received: count(ran.len()),
        contact: contact(&ran),
        decision: decision(&ran),
        contact_clock: contact_clock(rules, &ran, now),
        decision_clock: decision_clock(rules, &ran, now),
        steps: in_words(steps),
        observed: count(observed.len()),
        would_have_been: in_words(would_have_been),
    })
}

type Lives = [(Referral, Vec<Fact>)];

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn in_words(steps: Steps) -> Vec<Count> {
    vec![
        Count::of("reminders", steps.reminded),
        Count::of("escalations", steps.escalated),
        Count::of("questions back to the partner", steps.looped_back),
        Count::of("final warnings", steps.warned),
        Count::of("given up", steps.bounced),
    ]
}

/// How the contact stands, each referral in one line.
fn contact(lives: &Lives) -> Vec<Count> {
    let mut bounces: BTreeMap<BounceReason, u64> = BTreeMap::new();
    let (mut confirmed, mut not_wanted, mut open) = (0, 0, 0);
    for (referral, _) in lives {
        match &referral.contact {
            Contact::Confirmed { .. } => confirmed += 1,
            Contact::Bounced { reason, .. } => *bounces.entry(*reason).or_insert(0) += 1,
            Contact::DoNotContact => not_wanted += 1,
            Contact::NotStarted | Contact::Attempting => open += 1,
        }
    }
    let given_up =
        bounces.into_iter().map(|(reason, n)| Count::of(format!("given up: {}", reason.words()), n));
    let mut counts = vec![Count::of("confirmed", confirmed)];
    counts.extend(given_up);
    counts.push(Count::of("not to be contacted", not_wanted));
    counts.push(Count::of("still open", open));
    counts.retain(|one| one.count > 0);
    counts
}

/// The first decision of each.
fn decision(lives: &Lives) -> Vec<Count> {
    let (mut accepted, mut redirected, mut closed, mut undecided) = (0, 0, 0, 0);
    for (_, history) in lives {
        *match first(history, &DECIDED).map(|fact| fact.kind) {
            Some(FactKind::Accepted) => &mut accepted,
            Some(FactKind::Redirected) => &mut redirected,
            Some(_) => &mut closed,
            None => &mut undecided,
        } += 1;
    }
    let mut counts = vec![
        Count::of("accepted", accepted),
        Count::of("redirected", redirected),
        Count::of("closed", closed),
        Count::of("undecided", undecided),
    ];
    counts.retain(|one| one.count > 0);
    counts
}

/// Confirmed by the target; whoever is not to be contacted has no such clock (requirement 99).
fn contact_clock(rules: &Rules, lives: &Lives, now: DateTime<Utc>) -> Met {
    let wanted = lives.iter().filter(|(referral, _)| {
        let unsafe_to =
            matches!(referral.contact, Contact::Bounced { reason: BounceReason::UnsafeToContact, .. });
        referral.contact != Contact::DoNotContact && !unsafe_to
    });
    met(rules, wanted, &[FactKind::Confirmed], |ladder| ladder.contact_target, now)
}

fn decision_clock(rules: &Rules, lives: &Lives, now: DateTime<Utc>) -> Met {
    met(rules, lives.iter(), &DECIDED, |ladder| ladder.decision_target, now)
}

fn met<'a>(
    rules: &Rules,
    lives: impl Iterator<Item = &'a (Referral, Vec<Fact>)>,
    kinds: &[FactKind],
    target: impl Fn(&Ladder) -> Span,
    now: DateTime<Utc>,
) -> Met {
    let mut met = Met::default();
    for (referral, history) in lives {
        let today = rules.policy_labelled(&referral.policy).ladder(referral.tier);
        let ladder = referral.terms.as_ref().map_or(today, |terms| &terms.ladder);
        let due_at = target(ladder).after(referral.received_at, &rules.calendar);
        match first(history, kinds) {
            Some(fact) if fact.at <= due_at => met.met += 1,
            None if now < due_at => met.running += 1,
            Some(_) | None => met.missed += 1,
        }
    }
    met
}

fn first<'a>(history: &'a [Fact], kinds: &[FactKind]) -> Option<&'a Fact> {
    history.iter().find(|fact| kinds.contains(&fact.kind))
}
