//! Tables with a column for each person: "Client" and "Opposing party" stand above the columns, and what is asked at the
//! left of each row.
//!
//! The client's column makes the packet. Of the others it is read who they are, and, of whoever refers, how they are
//! reached; what they answer about consent and safety is theirs, and never becomes a yes of the client's. A yes of the
//! client's beside such a column is a question to a person, and a no counts.

use super::super::cell::push_cell;
use super::super::entry::Item;
use super::super::fold::fold;
use super::super::judge;
use super::super::label::{self, Label};
use super::super::lexicon::{LEXICON, Meaning, Slot, Whose};
use super::super::matrix::{OPEN_ANSWER, is_tick};
use super::super::piece::{Piece, Place};
use super::super::slip::is_delicate;
use crate::referral::packet::{Confidence, Field};

/// More columns than anybody sets for people.
const MOST: usize = 12;
/// The longest name of a role, in bytes.
pub(in crate::intake::form) const LONGEST_ROLE: usize = 40;

/// Who stands above the columns of a table, behind the column of what is asked.
pub(in crate::intake::form) struct Heads {
    /// The table.
    pub(in crate::intake::form) table: usize,
    people: Vec<Whose>,
    /// The columns of remarks, "Notes", and those of somebody whom no list has.
    remarks: Vec<usize>,
    unknown: Vec<usize>,
}

/// What a row asks, and what stands in it.
struct Asked<'r> {
    label: Label,
    meaning: Meaning,
    cells: &'r [String],
    place: &'r Place,
    /// It has as many cells as the head, so that each is known to be somebody's.
    is_whole: bool,
}

impl Heads {
    /// Whether a row sets people above its columns, the client among them. `next` is what the row below begins with:
    /// where that is a label, somebody beside the client may stand there by any name.
    pub(in crate::intake::form) fn of(table: usize, cells: &[String], next: Option<&str>) -> Option<Heads> {
        let (title, heads) = cells.split_first()?;
        let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
        // Nearly no row has people at its head: its title is asked last.
        Heads::named(table, &heads, next).filter(|_| is_title(title))
    }

    /// The same of the heads alone.
    pub(in crate::intake::form) fn named(table: usize, heads: &[&str], next: Option<&str>) -> Option<Heads> {
        let filled = heads.iter().rposition(|head| !head.trim().is_empty())? + 1;
        let heads = heads.get(..filled).filter(|heads| (2..=MOST).contains(&heads.len()))?;
        let known: Vec<Option<Whose>> = heads.iter().map(|head| role(head)).collect();
        // Nearly no row has a client at its head.
        if !known.contains(&Some(Whose::Client)) {
            return None;
        }
        let is_asked = || next.is_some_and(|next| label::exact(next).is_some());
        let somebody = |head: &str| (is_somebody(head) && is_asked()).then_some(Whose::Other);
        let people: Vec<Whose> = heads
            .iter()
            .zip(known)
            .map(|(head, known)| known.or_else(|| somebody(head)))
            .collect::<Option<_>>()?;
        let mut clients = heads
            .iter()
            .zip(&people)
            .filter(|(_, whose)| **whose == Whose::Client)
            .map(|(head, _)| kind(head));
        // "Client" beside "Tenant" may be two people who are referred, or one of them.
        let first = clients.next()?;
        let among = |is: fn(&str) -> bool| -> Vec<usize> {
            (1..).zip(heads).filter(|(_, head)| is(head)).map(|(at, _)| at).collect()
        };
        let remarks = among(|head| role(head).is_none() && label::exact(head).is_some());
        let unknown = among(|head| role(head).is_none() && label::exact(head).is_none());
        clients.all(|other| other == first).then_some(Heads { table, people, remarks, unknown })
    }

    /// Whether a client, or somebody who is none, stands above the columns of a row that could not be read, beside anything
    /// else, and a label opens the next row: whose an answer below is nobody knows, whatever the other heads and the title
    /// are.
    pub(in crate::intake::form) fn are_unsure(cells: &[String], next: Option<&str>) -> bool {
        let is_person = |cell: &str| {
            let folded = fold(cell);
            let is_either = LEXICON.phrases("either_of_two").is(&folded);
            is_either || role(cell).is_some() || LEXICON.person(&folded) == Some(Whose::Client)
        };
        let heads = || cells.iter().skip(1).map(String::as_str).filter(|cell| !cell.trim().is_empty());
        heads().any(is_person) && heads().count() > 1 && next.is_some_and(|next| label::exact(next).is_some())
    }

    /// Whether one client stands above the columns: more rows of the table are of the same people.
    pub(in crate::intake::form) fn is_of_one(&self) -> bool {
        self.people.iter().filter(|whose| **whose == Whose::Client).count() == 1
    }

    /// How many cells a whole row has.
    pub(super) fn cells(&self) -> usize {
        self.people.len() + 1
    }

    /// What the rows below say.
    pub(in crate::intake::form) fn items(&self, rows: &[Piece<'_>]) -> Vec<Item> {
        let mut items = Vec::new();
        let mut is_unread = false;
        let mut asked = Vec::new();
        for row in rows {
            let Piece::Row { cells, place, .. } = row else { continue };
            match self.asked(cells, place) {
                Some(row) => {
                    is_unread |= !row.is_whole && !is_of_matter(row.meaning.slot);
                    asked.push(row);
                }
                None => is_unread |= is_unlabelled(cells) && Heads::of(self.table, cells, None).is_none(),
            }
        }
        let clients: Vec<usize> =
            self.columns().filter(|(_, whose)| *whose == Whose::Client).map(|(at, _)| at).collect();
        for client in &clients {
            if clients.len() > 1 {
                items.push(Item::Another);
            }
            for (column, whose) in self.columns().filter(|(_, whose)| *whose != Whose::Client) {
                if self.remarks.contains(&column) {
                    remarks(column, &asked, &mut items);
                } else {
                    beside(column, whose, &asked, &mut items);
                }
            }
            for row in &asked {
                row.of_client(*client, &clients, self.has_others(), &mut items);
            }
        }
        // Whoever stands there by a name that no list has may be a client as well.
        let names_somebody = |row: &Asked<'_>| {
            row.meaning.slot.is_of_name() && self.unknown.iter().any(|column| !row.cell(*column).is_empty())
        };
        is_unread |= asked.iter().any(names_somebody);
        if self.has_others() {
            items.push(Item::SideBySide);
        }
        if is_unread {
            items.push(Item::Unread);
        }
        items
    }

    /// Whether somebody else has a column beside the client.
    fn has_others(&self) -> bool {
        self.people.iter().any(|whose| *whose != Whose::Client)
    }

    /// Each column of a person, with whose it is.
    fn columns(&self) -> impl Iterator<Item = (usize, Whose)> {
        self.people.iter().enumerate().map(|(at, whose)| (at + 1, *whose))
    }

    fn asked<'r>(&self, cells: &'r [String], place: &'r Place) -> Option<Asked<'r>> {
        let first = cells.first().map(|cell| cell.trim()).filter(|cell| !cell.is_empty())?;
        let label = label::exact(first).or_else(|| label::near(first.trim_end_matches([':', '*', ' '])))?;
        let meaning = label.meaning?;
        let behind = cells.get(self.cells()..).unwrap_or_default();
        // A row may stop short of the remarks at its end.
        let needed = self.columns().map(|(at, _)| at).filter(|at| !self.remarks.contains(at)).max()? + 1;
        let is_whole = cells.len() >= needed && behind.iter().all(|cell| cell.trim().is_empty());
        Some(Asked { label, meaning, cells, place, is_whole })
    }
}

impl Asked<'_> {
    fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map(|cell| cell.trim()).unwrap_or_default()
    }

    /// What a row says of one client, or of the matter where it stands in another column than any client's.
    /// Beside another's column an answer about consent and safety stays one of which nobody says whose it is: a person
    /// is asked, for columns slip.
    fn of_client(&self, client: usize, clients: &[usize], is_beside: bool, items: &mut Vec<Item>) {
        let is_open = matches!(self.meaning.whose, Whose::Plain | Whose::Your);
        let whose = if is_open { Whose::Client } else { self.meaning.whose };
        let own = self.cell(client);
        if is_delicate(self.meaning) {
            // Nobody knows whose a tick is, or what stands in a row with fewer cells than the head has.
            let value = if self.is_whole && !is_tick(own) { own } else { self.unsure(own) };
            let whose = if is_beside { self.meaning.whose } else { whose };
            self.push(whose, self.refused(clients).unwrap_or(value), client, items);
        } else if self.is_whole && !own.is_empty() {
            self.push(whose, own, client, items);
        } else if is_of_matter(self.meaning.slot) {
            let said = self.cells.iter().skip(1).find(|cell| !cell.trim().is_empty());
            self.push(self.meaning.whose, said.map_or("", |cell| cell), client, items);
        }
    }

    /// Stands for an answer of which nobody can be sure; none where nothing is answered.
    fn unsure(&self, own: &str) -> &'static str {
        let is_answered =
            !own.is_empty() || !self.is_whole && self.cells.iter().skip(1).any(|cell| !cell.is_empty());
        if is_answered { OPEN_ANSWER } else { "" }
    }

    /// A no in another column, where no client answers: it may be about them, and none is lost.
    fn refused(&self, clients: &[usize]) -> Option<&str> {
        if clients.iter().any(|client| !self.cell(*client).is_empty()) {
            return None;
        }
        let refuses = |cell: &&String| match self.meaning.slot {
            Slot::DoNot(_) => judge::opens_with_yes(cell),
            _ => judge::opens_with_no(cell),
        };
        self.cells.iter().skip(1).find(refuses).map(|cell| cell.trim())
    }

    fn push(&self, whose: Whose, value: &str, column: usize, items: &mut Vec<Item>) {
        let meaning = Some(Meaning { whose, ..self.meaning });
        push_cell(Label { meaning, ..self.label.clone() }, value, self.place, Some(column), items);
    }
}

/// What the column of somebody beside the client says: who the other side is, who refers and how they are reached, and
/// what warns of something.
fn beside(column: usize, whose: Whose, asked: &[Asked<'_>], items: &mut Vec<Item>) {
    let is_of = |row: &&Asked<'_>| {
        row.is_whole
            && (matches!(row.meaning.whose, Whose::Plain | Whose::Your) || row.meaning.whose == whose)
    };
    let theirs = || asked.iter().filter(is_of);
    if whose == Whose::Opposing {
        named(column, &theirs().collect::<Vec<_>>(), items);
    }
    for row in theirs() {
        let is_taken = match row.meaning.slot {
            Slot::Field(Field::SafetyNotes) => {
                row.push(row.meaning.whose, row.cell(column), column, items);
                false
            }
            slot if whose == Whose::Referrer => is_referrers(slot),
            // A way to reach somebody whom a packet has no place for is told, and left out.
            slot => whose == Whose::Other && is_reach(slot),
        };
        if is_taken {
            row.push(whose, row.cell(column), column, items);
        }
    }
}

/// What a column of remarks says is a part of why the client comes, be it of a row of safety: then it is asked anyway.
fn remarks(column: usize, asked: &[Asked<'_>], items: &mut Vec<Item>) {
    let meaning = Some(Meaning { slot: Slot::Field(Field::Reason), whose: Whose::Plain });
    for row in asked.iter().filter(|row| !row.cell(column).is_empty()) {
        let label = Label { key: row.label.key.clone(), meaning, sure: Confidence::Medium };
        let value = format!("{}: {}", row.label.key, row.cell(column));
        push_cell(label, &value, row.place, Some(column), items);
    }
}

/// The whole name of the other side, from its parts where it stands in parts.
fn named(column: usize, rows: &[&Asked<'_>], items: &mut Vec<Item>) {
    const PARTS: [Slot; 5] = [Slot::Name, Slot::FirstName, Slot::MiddleName, Slot::LastName, Slot::LastName2];
    let of = |slot| {
        let is_of = |row: &&&Asked<'_>| row.meaning.slot == slot && !row.cell(column).is_empty();
        rows.iter().find(is_of).copied()
    };
    let mut parts: Vec<&Asked<'_>> = PARTS.into_iter().filter_map(of).collect();
    if parts.first().is_some_and(|row| row.meaning.slot == Slot::Name) {
        parts.truncate(1);
    }
    let Some(first) = parts.first() else { return };
    let value = parts.iter().map(|row| row.cell(column)).collect::<Vec<_>>().join(" ");
    let meaning = Some(Meaning { slot: Slot::Name, whose: Whose::Opposing });
    let label = Label { key: first.label.key.clone(), meaning, sure: Confidence::High };
    push_cell(label, &value, first.place, Some(column), items);
}

/// Whether a head may be somebody whom no list has, "The lodger", or stand above remarks: neither a label of anything
/// else nor what stands above answers, nor one who may be the client as well.
fn is_somebody(head: &str) -> bool {
    let folded = fold(head);
    let is_new = || LEXICON.person(&folded) != Some(Whose::Client) && LEXICON.heading(&folded).is_none();
    head.len() <= LONGEST_ROLE
        && !head.contains(['?', '@', ':'])
        && !head.contains(|c: char| c.is_ascii_digit())
        && head.contains(char::is_alphabetic)
        && !["label_heads", "value_heads"].into_iter().any(|list| LEXICON.phrases(list).is(&folded))
        && label::exact(head).map_or_else(is_new, |label| is_remark(&label))
}

/// "Notes", "Comments".
fn is_remark(label: &Label) -> bool {
    let slot = label.meaning.map(|meaning| meaning.slot);
    matches!(slot, Some(Slot::Ignore | Slot::Field(Field::Reason | Field::SafetyNotes)))
}

/// Whether a text stands in a row without a label before it.
fn is_unlabelled(cells: &[String]) -> bool {
    let (first, others) = cells.split_first().unzip();
    let is_filled = |cell: &String| !cell.trim().is_empty();
    !first.is_some_and(is_filled) && others.unwrap_or_default().iter().any(is_filled)
}

/// Whether a cell can stand above what is asked: empty, or words that are neither a person's nor a label.
fn is_title(cell: &str) -> bool {
    let cell = cell.trim();
    let is_head = || LEXICON.phrases("label_heads").is(&fold(cell));
    cell.is_empty()
        || cell.len() <= LONGEST_ROLE && role(cell).is_none() && (is_head() || label::exact(cell).is_none())
}

/// The name of a role without the number behind it: "client 1" and "client 2" are two of a kind.
pub(in crate::intake::form) fn kind(head: &str) -> String {
    fold(head).trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ').to_owned()
}

/// Whose column a head sets, or whose row a cell; `None` for one that is not sure: "Petitioner" may be either side.
pub(in crate::intake::form) fn role(head: &str) -> Option<Whose> {
    if head.len() > LONGEST_ROLE || head.contains(['?', '@']) {
        return None;
    }
    let folded = fold(head);
    if calls_client(head, &folded) {
        return Some(Whose::Client);
    }
    // "Spouse/Partner": either is somebody else.
    if head.contains('/') {
        let others = |part: &str| role(part).is_some_and(|whose| whose != Whose::Client);
        return head.split('/').all(others).then_some(Whose::Other);
    }
    let person = || LEXICON.person(&folded).filter(|whose| *whose != Whose::Client);
    let heading = || LEXICON.heading(&folded).filter(|whose| *whose != Whose::Plain);
    // Before all a "partner" is whom somebody lives with.
    let is_beside = LEXICON.phrases("beside").is(&folded);
    match (heading(), person()) {
        (Some(whose @ (Whose::Client | Whose::Opposing)), _) | (_, Some(whose @ Whose::Opposing)) => {
            Some(whose)
        }
        _ if is_beside => Some(Whose::Other),
        (heading, person) => heading.or(person),
    }
}

/// "Petitioner (client)", "Client (mother)", "our client": whatever else they are, that column is the client's.
fn calls_client(head: &str, folded: &str) -> bool {
    let is_client =
        |text: &str| matches!(fold(text).as_str(), "client" | "our client" | "the client" | "clienta");
    let (before, within) = head.split_once('(').unwrap_or((head, ""));
    let within = within.split(')').next().unwrap_or_default();
    matches!(folded, "our client" | "the client")
        || !within.is_empty() && (is_client(before) || is_client(within))
}

/// What is asked of a matter and not of a person: one column or the other may say it.
fn is_of_matter(slot: Slot) -> bool {
    let Slot::Field(field) = slot else { return slot == Slot::Matter };
    matches!(
        field,
        Field::CourtDate
            | Field::FilingDeadline
            | Field::LockoutDate
            | Field::OtherDeadline
            | Field::Service
            | Field::Reason
            | Field::Urgency
            | Field::County
            | Field::OpposingParty
            | Field::SafetyNotes
    )
}

fn is_reach(slot: Slot) -> bool {
    matches!(slot, Slot::Phone | Slot::PhoneOther | Slot::Email | Slot::ContactLine)
}

fn is_referrers(slot: Slot) -> bool {
    let is_name =
        matches!(slot, Slot::Name | Slot::FirstName | Slot::MiddleName | Slot::LastName | Slot::LastName2);
    is_name || is_reach(slot) || slot == Slot::Field(Field::ReferrerOrg)
}
