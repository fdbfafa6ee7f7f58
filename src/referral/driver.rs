//! What drives a referral (requirement 46): a court, a notice, a form. A court's calendar or a landlord's wave of
//! notices shows in these counts before it shows anywhere else.
//!
//! Derived from the packet, as the tier is; a referral may have several drivers, or none. Nothing is decided by them.

use std::collections::BTreeSet;

use serde::Serialize;

use super::fold::words;
use super::packet::{Field, Judged, Packet};

/// What made somebody send the person on now.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Driver {
    /// A court date, a hearing, a judge.
    Court,
    /// A paper that somebody was given: notice to quit, summons, lockout.
    Notice,
    /// A paper that somebody must fill in or file.
    Form,
}

impl Driver {
    /// Each of them.
    pub const ALL: [Driver; 3] = [Driver::Court, Driver::Notice, Driver::Form];

    /// The tag in figures and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Driver::Court => "court",
            Driver::Notice => "notice",
            Driver::Form => "form",
        }
    }

    /// The field whose date alone says it.
    const fn dated(self) -> Field {
        match self {
            Driver::Court => Field::CourtDate,
            Driver::Notice => Field::LockoutDate,
            Driver::Form => Field::FilingDeadline,
        }
    }

    /// The folded words that say it, in English and Spanish.
    const fn said(self) -> &'static [&'static str] {
        match self {
            Driver::Court => &[
                "court",
                "courts",
                "courthouse",
                "hearing",
                "hearings",
                "judge",
                "trial",
                "clerk",
                "corte",
                "tribunal",
                "juzgado",
                "audiencia",
                "juez",
                "juicio",
            ],
            Driver::Notice => &[
                "notice",
                "notices",
                "summons",
                "subpoena",
                "lockout",
                "aviso",
                "avisos",
                "notificacion",
                "citacion",
                "citatorio",
            ],
            Driver::Form => &[
                "form",
                "forms",
                "petition",
                "affidavit",
                "application",
                "paperwork",
                "formulario",
                "formularios",
                "solicitud",
                "peticion",
                "planilla",
            ],
        }
    }
}

/// The fields in which people say in their own words what it is about.
const TOLD_IN: [Field; 5] =
    [Field::Service, Field::Reason, Field::Urgency, Field::Documents, Field::OtherDeadline];
/// So near before a word, these take it back: "no court date", "not yet in court".
const NOT: [&str; 6] = ["no", "not", "without", "sin", "ningun", "ninguna"];
const NEAR: usize = 2;

/// The drivers of a packet.
#[must_use]
pub fn drivers(packet: &Packet) -> BTreeSet<Driver> {
    let told: Vec<Vec<String>> =
        TOLD_IN.into_iter().filter_map(|field| packet.text(field)).map(words).collect();
    let is_dated = |field| packet.get(field).is_some_and(|found| matches!(found.judged, Judged::Date { .. }));
    let is_said = |driver: Driver| told.iter().any(|words| says(words, driver.said()));
    Driver::ALL.into_iter().filter(|driver| is_dated(driver.dated()) || is_said(*driver)).collect()
}

fn says(told: &[String], known: &[&str]) -> bool {
    let is_taken_back = |at: usize| {
        told.iter().take(at).skip(at.saturating_sub(NEAR)).any(|word| NOT.contains(&word.as_str()))
    };
    told.iter().enumerate().any(|(at, word)| known.contains(&word.as_str()) && !is_taken_back(at))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::packet::{Confidence, Found};
    use super::*;

    fn found(value: &str, judged: Judged) -> Found {
        Found { value: value.to_owned(), judged, confidence: Confidence::High, place: String::new() }
    }

    #[test]
    fn what_drives_a_referral_is_read_from_its_dates_and_words() {
        for (service, reason, expected) in [
            ("eviction", "got a three-day NOTICE on the door", vec![Driver::Notice]),
            ("family", "Hearing before the judge on Monday", vec![Driver::Court]),
            ("vivienda", "recibió un aviso y una citación de la corte", vec![Driver::Court, Driver::Notice]),
            ("benefits", "needs help with the application form", vec![Driver::Form]),
            ("housing", "no court date yet, without any notice", vec![]),
            ("housing", "informed, formerly courted, noticed nothing", vec![]),
            ("", "", vec![]),
        ] {
            let mut packet = Packet::default();
            packet.put(Field::Service, found(service, Judged::Text));
            packet.put(Field::Reason, found(reason, Judged::Text));
            assert_eq!(drivers(&packet).into_iter().collect::<Vec<_>>(), expected, "{reason}");
        }
        for driver in Driver::ALL {
            let mut packet = Packet::default();
            let date = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
            packet.put(driver.dated(), found("Dec 1", Judged::Date { date, time: None, ambiguous: false }));
            assert_eq!(drivers(&packet).into_iter().collect::<Vec<_>>(), [driver]);
            packet.put(driver.dated(), found("none", Judged::No));
            assert!(drivers(&packet).is_empty());
        }
    }
}
