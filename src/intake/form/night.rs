//! Hours in the night: "02:30" is half past two by a clock of 24 hours, and who wrote it may have meant the afternoon.
//! No court sits at night, so that a person is asked.

use chrono::Timelike as _;

use super::Harvest;
use super::fold::{fold, words};
use super::merge::say;
use crate::referral::packet::{Field, Found, Judged};

/// The dates that have an hour.
const DATES: [Field; 4] = [Field::CourtDate, Field::FilingDeadline, Field::LockoutDate, Field::OtherDeadline];

/// Asks about each date whose hour is one of the night, though nothing beside it says so.
pub(super) fn ask(harvest: &mut Harvest) {
    for packet in &harvest.packets {
        for field in DATES {
            if packet.get(field).is_some_and(is_doubtful) {
                let asked = format!(
                    "The hour of {} reads as one of the night; please say whether the afternoon is meant.",
                    field.key()
                );
                say(&mut harvest.problems, asked);
            }
        }
    }
}

fn is_doubtful(found: &Found) -> bool {
    let Judged::Date { time: Some(time), .. } = &found.judged else { return false };
    (1..6).contains(&time.hour()) && !says_night(&found.value)
}

/// "2:30 am", "02:30am", "2 de la mañana".
fn says_night(value: &str) -> bool {
    const NIGHT: [&str; 8] =
        ["am", "manana", "madrugada", "noche", "morning", "night", "midnight", "overnight"];
    let folded = fold(value);
    let is_half = |word: &str| {
        word.strip_suffix("am").is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    words(&folded).iter().any(|word| NIGHT.contains(word) || is_half(word))
}

#[cfg(test)]
mod tests {
    use super::super::tests::context;
    use super::super::{Source, read};

    #[test]
    fn an_hour_of_the_night_is_asked_about_unless_the_night_is_meant() {
        let asked = |value: &str| {
            let text = format!("Client name: Ana Vega\nCourt date: {value}\n");
            let harvest = read(Source { text: &text, ..Source::default() }, &context());
            harvest.problems.iter().any(|problem| problem.contains("afternoon"))
        };
        for value in [
            "12/23/2026 02:30",
            "Dec 23, 2026 02:30 in the afternoon",
            "12/23/2026, afternoon session 02:30",
            "12/23/2026 at 0230",
            "2026-12-23T02:30",
        ] {
            assert!(asked(value), "{value}");
        }
        for value in [
            "12/23/2026",
            "12/23/2026 2:30",
            "12/23/2026 02:30 PM",
            "12/23/2026 02:30 am",
            "12/23/2026 2:30AM",
            "12/23/2026 09:30",
            "12/23/2026 14:30",
            "23 de diciembre de 2026 a las 2 de la mañana",
        ] {
            assert!(!asked(value), "{value}");
        }
    }
}
