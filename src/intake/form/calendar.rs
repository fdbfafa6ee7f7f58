//! A line of a court's calendar, copied into a mail: "LT-304512-26/KI  12/03/2026  9:30 AM  Part A, Room 402".

use super::entry::Entry;
use super::fold::{fold, words};
use super::label::{self, Label};
use super::lexicon::{LEXICON, Slot};
use super::piece::Place;
use crate::intake::quick;
use crate::referral::packet::{Confidence, Field};

/// Longer lines are running text, in bytes.
const LONGEST: usize = 300;
/// A date and a time have so many digits at least.
const DIGITS: usize = 9;

/// Whether a line with a time says where a court sits, and for which case or in which room of it.
pub(super) fn is_entry(line: &str) -> bool {
    if line.len() > LONGEST || quick::find(line, b':').is_none() {
        return false;
    }
    if line.bytes().filter(u8::is_ascii_digit).count() < DIGITS {
        return false;
    }
    let rooms = rooms(line);
    rooms >= 2 || rooms == 1 && line.split_whitespace().any(is_case_number)
}

/// How many words of a text name a part of a court: "Part A, Room 402".
fn rooms(text: &str) -> usize {
    let folded = fold(text);
    words(&folded).iter().filter(|word| LEXICON.phrases("court_rooms").is(word)).count()
}

/// "LT-304512-26/KI", "26-CV-1042", "304512/26": four digits and more beside a dash or a stroke, and no date and no
/// phone.
fn is_case_number(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let groups: Vec<&str> = word.split(['-', '/']).collect();
    let is_long = |group: &&str| group.len() >= 4 && group.bytes().all(|byte| byte.is_ascii_digit());
    let has_letters = word.chars().any(char::is_alphabetic);
    match groups.as_slice() {
        [_] => false,
        [one, _] => digits >= 6 && (has_letters || is_long(one)),
        _ => digits >= 4 && has_letters,
    }
}

/// What a row of cells without any label says, where it is such a line: a court date.
pub(super) fn of_row(cells: &[String], place: &Place) -> Option<Entry> {
    let filled = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
    of_line(&filled.collect::<Vec<_>>().join("  "), place)
}

/// What a line without any label says, where it is such a line: a court date.
pub(super) fn of_line(line: &str, place: &Place) -> Option<Entry> {
    let label = if is_entry(line) { court_date() } else { None }?;
    let label = Label { sure: Confidence::Low, ..label };
    Some(Entry { label, value: line.to_owned(), place: place.shown() })
}

/// A column "Date" beside a column of court rooms is one of court dates.
pub(super) fn reread(cells: &[String], labels: &mut [Option<Label>]) {
    let is_date = |label: &Label| {
        label.meaning.is_some_and(|meaning| meaning.slot == Slot::Field(Field::ReferralDate))
            && label.key == "date"
    };
    for label in labels.iter_mut().filter(|label| label.as_ref().is_some_and(is_date)) {
        if cells.iter().any(|cell| rooms(cell) > 0) {
            *label = court_date();
        }
    }
}

fn court_date() -> Option<Label> {
    label::exact("court date")
}

#[cfg(test)]
mod tests {
    use super::super::tests::context;
    use super::super::{Source, read};
    use super::is_entry;
    use crate::referral::packet::{Field, Judged};

    #[test]
    fn a_line_of_a_calendar_is_a_court_date_and_nobody() {
        for line in [
            "LT-304512-26/KI   12/03/2026   9:30 AM   Part A, Room 402   POE v VEGA",
            "Index No. 304512/26 | 12/03/2026 | 9:30 AM | Courtroom 402 | Motion",
            "12/03/2026 09:30 AM Part A Room 402 Hon. Jane Roe",
            "26-CV-1042\t12/03/2026\t9:30 AM\tDept 12",
        ] {
            for text in [
                format!("Please help Ana Vega, 518-555-0142.\n\n{line}\n"),
                format!("Client: Ana Vega\nPhone: 518-555-0142\nReason: her home\n\n{line}\n"),
            ] {
                let packets = read(Source { text: &text, ..Source::default() }, &context()).packets;
                let [packet] = packets.as_slice() else { panic!("{text}") };
                assert_eq!(packet.text(Field::ClientName), Some("Ana Vega"), "{text}");
                let judged = packet.get(Field::CourtDate).map(|found| &found.judged);
                let Some(Judged::Date { date, time, .. }) = judged else { panic!("{text}: {judged:?}") };
                assert_eq!((date.to_string(), time.is_some()), ("2026-12-03".to_owned(), true), "{text}");
            }
        }
        let table = "Please help Ana Vega, 518-555-0142.\n\nCase No.\tDate\tTime\tCourtroom\n26-CV-1042\t12/03/2026\t9:30 AM\t402\n";
        let packets = read(Source { text: table, ..Source::default() }, &context()).packets;
        assert!(packets[0].get(Field::CourtDate).is_some() && packets[0].get(Field::ReferralDate).is_none());
        for line in [
            "Meeting 12/03/2026 9:30 AM in room 402",
            "Call 518-555-0142 on 12/03/2026 at 9:30",
            "Medicare Part A from 12/03/2026, call 9:30",
        ] {
            assert!(!is_entry(line), "{line}");
        }
    }
}
