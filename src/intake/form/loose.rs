//! Cells of a table beside no label: they belong to the answer before them, and none is lost without a word.

use super::fold::fold;
use super::judge;
use super::lexicon::Slot;
use super::piece::Place;
use super::scan::{Entry, Item};
use super::slip::is_delicate;
use crate::referral::packet::Field;

/// What a person is told of a cell that fits nowhere.
pub(super) const LOOSE: &str =
    "A cell of a table stands beside no label; it was not read: please look at the mail.";

/// Gives a cell to the answer before it in its row, whose items begin at `from`: "Safe to call | yes | not until he is
/// out". Behind a name it would spoil the name: there a person is told.
pub(super) fn give(cell: &str, from: usize, items: &mut Vec<Item>) {
    if !cell.chars().any(char::is_alphanumeric) {
        return;
    }
    match items.get_mut(from..).and_then(<[Item]>::last_mut) {
        Some(Item::Entry(entry)) if takes(entry) => append(entry, cell),
        Some(Item::Entry(entry)) if fold(&entry.value) == fold(cell) => {}
        _ => items.push(Item::Loose),
    }
}

/// Whether the last answer of a row may go on in a cell of its own.
pub(super) fn may_take(from: usize, items: &[Item]) -> bool {
    matches!(items.get(from..).and_then(<[Item]>::last), Some(Item::Entry(entry)) if takes(entry))
}

/// Gives the one cell of a row to the answer above it, where it stands below that answer, or sets it a limit.
pub(super) fn continues(cell: &str, is_below: bool, items: &mut [Item]) {
    let opens_small = cell.starts_with(char::is_lowercase);
    if let Some(Item::Entry(entry)) = items.last_mut()
        && takes(entry)
        && (is_below || opens_small || judge::says("limits", &fold(cell)))
    {
        append(entry, cell);
    }
}

/// Gives a line behind the form's last answer to that answer, where it sets it a limit: "not until he is out".
pub(super) fn follows(line: &str, place: &Place, items: &mut [Item]) {
    let is_limit = || judge::says("limits", &fold(line));
    let is_asked =
        |item: &Item| matches!(item, Item::Entry(entry) if entry.label.meaning.is_some_and(is_delicate));
    let is_row = place.unit.ends_with("row");
    if items.last().is_some_and(is_asked) && (is_row || line.starts_with(char::is_lowercase) && is_limit()) {
        continues(line, false, items);
    }
}

fn append(entry: &mut Entry, cell: &str) {
    if fold(&entry.value) != fold(cell) {
        entry.value.push(' ');
        entry.value.push_str(cell.trim());
    }
}

/// Whether words behind a value may change what it says: an answer about consent or safety, a way to reach somebody, a
/// day, a story.
fn takes(entry: &Entry) -> bool {
    entry.label.meaning.is_some_and(|meaning| {
        is_delicate(meaning)
            || match meaning.slot {
                Slot::Phone | Slot::PhoneOther | Slot::Email | Slot::Address | Slot::ContactLine => true,
                Slot::Field(field) => is_open(field),
                _ => false,
            }
    })
}

const fn is_open(field: Field) -> bool {
    matches!(
        field,
        Field::Reason
            | Field::SafetyNotes
            | Field::Documents
            | Field::BestTime
            | Field::PreferredContact
            | Field::Urgency
            | Field::CourtDate
            | Field::FilingDeadline
            | Field::LockoutDate
            | Field::OtherDeadline
    )
}

#[cfg(test)]
mod tests {
    use super::super::piece::{Piece, Place};
    use super::super::tests::context;
    use super::super::{Harvest, Source, of_pieces, read};
    use super::LOOSE;
    use crate::referral::packet::{Field, Judged};

    const ROWS: [&[&str]; 8] = [
        &["Consent: yes", "Safe to call: yes", "not until he is out"],
        &["Safe to call: yes", "not until he is out"],
        &["Safe to call", "yes", "not until he is out"],
        &["Consent", "yes", "Safe to call", "yes", "not until he is out"],
        &["Safe to call", "yes", "not until he is out", "Language", "Spanish"],
        &["Safe to call", "yes", "", "not until he is out"],
        &["Consent", "yes", "Safe to call: yes", "not until he is out"],
        &["Safe to call: yes", "", "not until he is out", "Consent: yes"],
    ];

    fn of_rows(rows: &[&[&str]]) -> Harvest {
        let cells = |row: &&[&str]| row.iter().map(|cell| (*cell).to_owned()).collect();
        let piece = |(number, row)| {
            let place = Place { part: "list.csv".into(), unit: "row", number };
            Piece::Row { table: 1, cells: cells(row), place }
        };
        of_pieces(&(1..).zip(rows).map(piece).collect::<Vec<_>>(), &context())
    }

    fn is_asked(harvest: &Harvest) -> bool {
        let found = harvest.packets.iter().find_map(|packet| packet.get(Field::SafeCall));
        let is_whole = found.is_some_and(|found| found.value.contains("not until he is out"));
        is_whole && found.is_some_and(|found| matches!(found.judged, Judged::Unclear(_)))
    }

    #[test]
    fn a_cell_without_a_label_belongs_to_the_answer_before_it() {
        for row in ROWS {
            let head: &[&str] = &["Client name", "Ann Lee", "Phone", "518-555-0142"];
            assert!(is_asked(&of_rows(&[head, row])), "{row:?}");
            let html = |row: &[&str]| ["<tr><td>", &row.join("</td><td>"), "</td></tr>"].concat();
            let html = ["<table>", &html(head), &html(row), "</table>"].concat();
            assert!(is_asked(&read(Source { html: Some(&html), ..Source::default() }, &context())), "{html}");
            let text =
                [head.join(" | "), row.join(" | ")].map(|line| ["| ", &line, " |"].concat()).join("\n");
            assert!(is_asked(&read(Source { text: &text, ..Source::default() }, &context())), "{text}");
        }
    }

    #[test]
    fn a_cell_below_an_answer_or_below_no_heading_belongs_to_it() {
        let name: &[&str] = &["Client name", "Ann Lee", ""];
        for rows in [
            [name, &["Safe to call", "yes", ""], &["", "not until he is out", ""]],
            [name, &["Safe to call", "yes", ""], &["not until he is out", "", ""]],
            [
                &["Name", "Phone", "Safe to call"],
                &["Ann Lee", "518-555-0142", "yes", "not until he is out"],
                &[],
            ],
            [&["Name", "Safe to call", ""], &["Ann Lee", "yes", "not until he is out"], &[]],
        ] {
            assert!(is_asked(&of_rows(&rows)), "{rows:?}");
        }
        let html = "<table><tr><td>Client name<td>Ann Lee</tr><tr><td>Safe to call<td>yes</tr>\
                    <tr><td colspan=2>not until he is out</tr></table>";
        assert!(is_asked(&read(Source { html: Some(html), ..Source::default() }, &context())));
        let text = "Client name: Ann Lee\nSafe to call: yes\n\nnot until he is out\n";
        assert!(is_asked(&read(Source { text, ..Source::default() }, &context())));
    }

    #[test]
    fn a_cell_behind_a_name_spoils_nothing_and_is_told() {
        let harvest =
            of_rows(&[&["Client name", "Ann Lee", "moved out in May"], &["Phone", "518-555-0142", ""]]);
        assert_eq!(harvest.packets[0].text(Field::ClientName), Some("Ann Lee"));
        assert_eq!(harvest.problems, [LOOSE]);
        let rows: [&[&str]; 2] =
            [&["Client name", "Ann Lee", "Intake worker", "JB"], &["Section 2: Housing", "", "", ""]];
        let harvest = of_rows(&[rows[0], &["Safe to call", "yes", "", ""], rows[1]]);
        assert!(harvest.problems.is_empty(), "{:?}", harvest.problems);
        assert_eq!(harvest.packets[0].get(Field::SafeCall).map(|found| &found.judged), Some(&Judged::Yes));
    }
}
