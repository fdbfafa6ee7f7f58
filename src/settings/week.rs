//! A partner's week: `Monday to Friday`, `Tuesdays`, `Tuesdays and Thursdays 13:00-17:00`; and redirects to it in
//! words.

use crate::referral::calendar::Calendar;
use crate::referral::fold::fold;
use crate::referral::policy::{Ladder, Span};
use crate::referral::roster::{Partner, Week};

use super::hours::{self, Hours};
use super::mistake::{Wrong, wrong};

/// More characters are no week.
const LONGEST: usize = 200;

/// Within how much of the partner's own time a redirect is to be confirmed as received, and answered, unless settings
/// say otherwise: who works one or two days a week says so on the next of them, and answers on the one after.
pub(super) fn usual_spans(week: Option<&Week>) -> (Span, Span) {
    let few = week.is_some_and(|week| week.iter().flatten().count() <= 2);
    let (receipt, decision) = if few { (0, 1) } else { (1, 3) };
    (Span::business_days(receipt), Span::business_days(decision))
}

/// The days somebody works, and perhaps the hours, which are nine to five else.
pub(super) fn week(text: &str) -> Result<Week, Wrong> {
    let not_a_week =
        || wrong("is not a week", "write \"Monday to Friday\", \"Tuesdays\" or \"Tuesdays 13:00-17:00\"");
    let folded = fold(&text.chars().take(LONGEST).collect::<String>()).replace(',', " ");
    let mut words: Vec<&str> = folded.split_whitespace().collect();
    let mut open = hours::USUAL;
    if words.last().is_some_and(|last| last.contains(':')) {
        open = hours::hours(words.pop().unwrap_or_default())?;
    }
    let mut week: Week = [None; 7];
    let mut last: Option<usize> = None;
    let mut until = false;
    for word in words {
        match word {
            "and" | "&" | "y" => {}
            "to" | "-" | "through" | "until" if last.is_some() && !until => until = true,
            day => {
                let day = day_of(day).ok_or_else(not_a_week)?;
                let first = if until { last.ok_or_else(not_a_week)? } else { day };
                if first > day {
                    return Err(not_a_week());
                }
                week.iter_mut().take(day + 1).skip(first).for_each(|hours| *hours = Some(open));
                last = Some(day);
                until = false;
            }
        }
    }
    if last.is_none() || until { Err(not_a_week()) } else { Ok(week) }
}

/// `tuesday`, `tuesdays`, `tue`.
fn day_of(word: &str) -> Option<usize> {
    let short = word.len() >= 3;
    hours::WEEKDAYS.iter().position(|day| {
        word == *day || word.strip_suffix('s') == Some(day) || (short && day.starts_with(word))
    })
}

/// What follows when something is redirected to a partner, as a person would say it.
#[must_use]
pub fn redirects_in_words(partner: &Partner, ours: &Calendar, ladder: &Ladder) -> String {
    if partner.ask_address().is_none() {
        return format!(
            "Redirects to {}: not by mail, as only its domain is known here; add ask = \"…\" to [[partner]] {}\n",
            partner.name, partner.id,
        );
    }
    format!(
        "Redirects to {} (works {}): receipt due: {}; yes or no due: {}; both in its own working time. A reminder {} h \
         before each; without a receipt our owner is told, without an answer it comes back to our owner. Until its yes \
         it stays ours.\n",
        partner.name,
        week_in_words(&partner.calendar(ours).week),
        super::policy::words(partner.redirect_receipt),
        super::policy::words(partner.redirect_decision),
        ladder.remind_hours,
    )
}

fn week_in_words(week: &Week) -> String {
    let open = hours::WEEKDAYS.iter().zip(week).filter_map(|(day, hours)| hours.map(|hours| (*day, hours)));
    let mut told: Vec<(Vec<&str>, Hours)> = Vec::new();
    for (day, hours) in open {
        match told.last_mut() {
            Some((days, same)) if *same == hours => days.push(day),
            Some(_) | None => told.push((vec![day], hours)),
        }
    }
    let parts = told.into_iter().map(|(days, (opens, closes))| {
        format!("{} {}-{}", days.join(", "), opens.format("%H:%M"), closes.format("%H:%M"))
    });
    parts.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_read_as_people_write_it() {
        for (text, days, opens) in [
            ("Monday to Friday", vec![0, 1, 2, 3, 4], "09:00"),
            ("Tuesdays", vec![1], "09:00"),
            ("tuesday 13:00-17:00", vec![1], "13:00"),
            ("Tuesdays and Thursdays", vec![1, 3], "09:00"),
            ("Mon, Wed, Fri", vec![0, 2, 4], "09:00"),
            ("Mon - Wed and Saturday 10:00-12:00", vec![0, 1, 2, 5], "10:00"),
        ] {
            let week = week(text).unwrap_or_else(|_| panic!("{text}"));
            let open: Vec<usize> = (0..7).filter(|day| week[*day].is_some()).collect();
            assert_eq!(open, days, "{text}");
            assert_eq!(week[days[0]].unwrap().0.format("%H:%M").to_string(), opens, "{text}");
        }
        for text in
            ["", "to", "Friday to Monday", "Monday to", "always", "Tuesday 17:00-13:00", "t", "13:00-17:00"]
        {
            assert!(week(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_week_is_told_in_words() {
        let told = |text: &str| week_in_words(&week(text).unwrap_or([None; 7]));
        assert_eq!(told("Tuesdays"), "tuesday 09:00-17:00");
        assert_eq!(told("Monday to Wednesday 10:00-12:00"), "monday, tuesday, wednesday 10:00-12:00");
    }
}
