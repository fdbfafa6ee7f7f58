//! Dates as people write them, and what is none.

use super::*;
use crate::intake::form::tests::context;

fn read(text: &str, style: Style) -> Option<(String, Option<String>, bool)> {
    let found = find(text, &context(), style)?;
    Some((found.date.to_string(), found.time.map(|time| time.format("%H:%M").to_string()), found.ambiguous))
}

#[test]
fn dates_are_read_as_people_write_them() {
    // The mail arrived on Monday 2026-09-14.
    for (text, date, time, ambiguous) in [
        ("2026-12-03", "2026-12-03", None, false),
        ("2026-12-03T09:30", "2026-12-03", Some("09:30"), false),
        ("Thursday 9/17, 8:30am", "2026-09-17", Some("08:30"), false),
        ("12/25/2026", "2026-12-25", None, false),
        ("25/12/2026", "2026-12-25", None, false),
        ("10/11/26", "2026-10-11", None, true),
        ("10/10/26", "2026-10-10", None, false),
        ("needs a stay by 11/20", "2026-11-20", None, false),
        ("at 9 on 9/17", "2026-09-17", Some("09:00"), false),
        ("hearing on Dec 3 at 9", "2026-12-03", Some("09:00"), false),
        ("December 3rd, 2026 at 2:15 p.m.", "2026-12-03", Some("14:15"), false),
        ("3 December 2026", "2026-12-03", None, false),
        ("3 de diciembre de 2026 a las 9", "2026-12-03", Some("09:00"), false),
        ("el 3 de diciembre", "2026-12-03", None, false),
        ("Jan 5", "2027-01-05", None, false),
        ("tomorrow", "2026-09-15", None, false),
        ("lockout tomorrow at noon", "2026-09-15", Some("12:00"), false),
        ("mañana a las 10", "2026-09-15", Some("10:00"), false),
        ("pasado mañana", "2026-09-16", None, false),
        ("in 3 days", "2026-09-17", None, false),
        ("Friday", "2026-09-18", None, false),
        ("17-Sep-2026", "2026-09-17", None, false),
    ] {
        let expected = Some((date.to_owned(), time.map(str::to_owned), ambiguous));
        assert_eq!(read(text, Style::Deadline), expected, "{text}");
    }
    for none in [
        "",
        "soon",
        "0/0/0000",
        "99/99/9999",
        "2026-13-45",
        "518-555-0100",
        "1/2/3/4",
        "9999999999/9/9",
        "-9959",
        "por la mañana",
    ] {
        assert_eq!(read(none, Style::Deadline), None, "{none}");
    }
}

#[test]
fn hours_are_read_as_people_write_them() {
    let time = |text: &str| read(text, Style::Deadline).unwrap().1;
    for (text, hour) in [
        ("12/3 @ 9:30 am, Dept 5", "09:30"),
        ("2026-12-03 06:30", "06:30"),
        ("12/03/2026 06:30", "06:30"),
        ("12/3/2026 6:30", "18:30"),
        ("12/3/2026 06:30 pm", "18:30"),
        ("12/03/2026 0930", "09:30"),
        ("12/03/26, 0930 hours", "09:30"),
        ("12/3/2026 1430 hrs", "14:30"),
        ("12/3/2026 at 1430", "14:30"),
        ("12/3 @ 0600", "06:00"),
        ("Dec 3 at 930", "09:30"),
        ("12/3 @0930 Rm 4", "09:30"),
        ("Dec 3 930am", "09:30"),
        ("12/3/26 1130 PM", "23:30"),
        ("Dec 3, 9.30", "09:30"),
        ("Dec 3 at 9.30 am", "09:30"),
        ("03.12.2026 09.30", "09:30"),
        ("Dec 3rd @ 9", "09:00"),
        ("Dec 3 at 9 o'clock", "09:00"),
        ("12/3/26 9:30p", "21:30"),
        ("12/3/2026 9-11am", "09:00"),
        ("12/3/2026 from 11-1pm", "11:00"),
        ("Dec 3-5 pm", "17:00"),
        ("12/3/2026 1-3pm", "13:00"),
        ("12/3/2026 9 am - 11 am", "09:00"),
        ("Dec. 3. 9 am", "09:00"),
        ("12/3 @ 5 Main St 9:30am", "09:30"),
        ("Dec 3 at noon", "12:00"),
        ("3 de diciembre a las 9 y media", "09:30"),
    ] {
        assert_eq!(time(text).as_deref(), Some(hour), "{text}");
    }
    for text in [
        "12/3/2026, Case no. 0930",
        "Dec 3 2026, Room 930",
        "12/3/2026 Index 1430/26",
        "12/3/2026 room 15.30",
        "12/3/2026 ($15.30)",
        "Dec 3 @ 5 Main St",
        "12/3/2026 p. 5",
        "Dec 3 at 141 Livingston St",
        "Dec 3 at 2026 Main St",
        "Dec 3 @ 930 Main St",
        "12/3/2026 at 2460",
        "12.03.2026",
        "12/3/2026 518-555-0142",
        "12/3/2026 (0930/26)",
    ] {
        assert_eq!(time(text), None, "{text}");
    }
}

#[test]
fn a_day_without_a_year_that_is_over_is_not_next_years() {
    // The mail arrived on Monday 2026-09-14.
    for over in [
        "9/11",
        "Hearing was on 9/11, continued",
        "Sept 11 at 9",
        "el 11 de septiembre",
        "9/5",
        "due w/in 5 days of 9/11",
        "in 5 days of 9/11",
        "20 days to respond from 9/4",
    ] {
        assert_eq!(read(over, Style::Deadline), None, "{over}");
    }
    assert_eq!(read("9/11, continued to 10/22", Style::Deadline).unwrap().0, "2026-10-22");
    assert_eq!(read("in 5 days", Style::Deadline).unwrap().0, "2026-09-19");
    assert_eq!(read("2/11", Style::Deadline).unwrap().0, "2027-02-11");
}

#[test]
fn a_birth_is_never_in_the_future() {
    assert_eq!(read("3/4/85", Style::Birth).unwrap().0, "1985-03-04");
    assert_eq!(read("12/31/27", Style::Birth).unwrap().0, "1927-12-31");
    assert_eq!(read("4 de marzo de 1985", Style::Birth).unwrap().0, "1985-03-04");
    assert_eq!(read("34", Style::Birth), None);
}
