//! Absence: the rules of this moment, with what people said by mail about being away. Everything that decides asks
//! here, so that what was said holds at once, in every process, and over a restart.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::Desk;
use crate::referral::decide::Rules;
use crate::store::StoreError;

/// The rules with who is away now.
///
/// # Errors
/// When the store cannot be reached.
pub async fn rules(desk: &Desk, now: DateTime<Utc>) -> Result<Cow<'_, Rules>, StoreError> {
    let absences = desk.store.absences().await?;
    if absences.is_empty() {
        return Ok(Cow::Borrowed(&desk.rules));
    }
    let mut rules = desk.rules.clone();
    rules.roster.hear(&absences, now);
    Ok(Cow::Owned(rules))
}

/// One sentence a person who is away now, for the digest.
///
/// # Errors
/// When the store cannot be reached.
pub async fn notes(desk: &Desk, now: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
    let rules = rules(desk, now).await?;
    let said = desk.store.absences().await?;
    let away = rules.roster.staff.iter().filter_map(|staff| {
        let until = staff.away_until.filter(|until| *until > now)?;
        let day = rules.calendar.local(until).format("%a %-d %b %Y");
        let by_host = said.iter().any(|one| one.staff == staff.id && one.until == until && one.by_host);
        let whose = if by_host { " (said on the host)" } else { "" };
        Some(format!(
            "{} is away until {day} begins{whose}; what is due goes to the workflow owner.",
            staff.name
        ))
    });
    Ok(away.collect())
}
