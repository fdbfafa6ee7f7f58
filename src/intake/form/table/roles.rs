//! Tables with a row for each person that say in a column who they are: "Client", "Landlord".

use super::super::cell::{Row, push_cell};
use super::super::columns::{kind, role};
use super::super::entry::Item;
use super::super::label::Label;
use super::super::lexicon::{Meaning, Slot, Whose};

/// Who the rows of such a table are.
pub(super) struct Roles {
    /// The column that says so.
    column: usize,
    /// The word it has for the client.
    client: String,
    /// Every row says who it is, in words that we know.
    is_sure: bool,
}

/// Who a row is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// The client.
    Client,
    /// Somebody else.
    Other(Whose),
    /// Nobody knows.
    Unsure,
}

/// The column stands among these.
const FIRST: usize = 3;

impl Roles {
    /// The column that calls one of several rows the client's.
    pub(super) fn of(head: &[Option<Label>], rows: &[Row<'_>]) -> Option<Roles> {
        // "Role", "Relationship", or nothing that we know.
        let asks_who = |label: &Option<Label>| {
            let slot = label.as_ref().and_then(|label| label.meaning).map(|meaning| meaning.slot);
            slot.is_none_or(|slot| !slot.is_of_person() && !slot.is_of_safety())
        };
        let filled = || rows.iter().filter(|row| row.filled() > 0);
        if filled().count() < 2 {
            return None;
        }
        let columns = head.iter().take(FIRST).enumerate().filter(|(_, label)| asks_who(label));
        let (column, client) = columns.map(|(column, _)| column).find_map(|column| {
            let words = filled().filter_map(|row| row.cells.get(column));
            let mut clients = words.filter(|word| role(word) == Some(Whose::Client));
            clients.next().map(|word| (column, kind(word)))
        })?;
        let roles = Roles { column, client, is_sure: true };
        let is_sure = filled().all(|row| roles.of_row(row) != Said::Unsure);
        Some(Roles { is_sure, ..roles })
    }

    /// Who a row is. Where one of them is not sure, an answer of the client's may be theirs too.
    pub(super) fn of_row(&self, row: &Row<'_>) -> Said {
        let word = row.cells.get(self.column).map(String::as_str).unwrap_or_default();
        match role(word) {
            Some(Whose::Client) if kind(word) == self.client && self.is_sure => Said::Client,
            Some(Whose::Client) | None => Said::Unsure,
            Some(whose) => Said::Other(whose),
        }
    }
}

/// A label of the client's row: it asks of them.
pub(super) fn clients(label: &Label) -> Label {
    let of_client = |meaning: Meaning| match meaning.whose {
        Whose::Plain | Whose::Your => Meaning { whose: Whose::Client, ..meaning },
        Whose::Client | Whose::Referrer | Whose::Opposing | Whose::Other => meaning,
    };
    Label { meaning: label.meaning.map(of_client), ..label.clone() }
}

/// Who somebody is whose row is no client's: the name of the other side, or how whoever refers is reached.
pub(super) fn named(head: &[Option<Label>], row: &Row<'_>, whose: Whose, items: &mut Vec<Item>) {
    for (column, (label, value)) in head.iter().zip(row.cells).enumerate() {
        let Some((label, meaning)) = label.as_ref().and_then(|label| Some((label, label.meaning?))) else {
            continue;
        };
        let is_open = matches!(meaning.whose, Whose::Plain | Whose::Your);
        let is_reach = matches!(meaning.slot, Slot::Phone | Slot::PhoneOther | Slot::Email);
        let is_taken = match whose {
            Whose::Opposing => meaning.slot == Slot::Name,
            Whose::Referrer => meaning.slot == Slot::Name || is_reach,
            Whose::Other => is_reach,
            Whose::Client | Whose::Plain | Whose::Your => false,
        };
        if is_open && is_taken {
            let label = Label { meaning: Some(Meaning { whose, ..meaning }), ..label.clone() };
            push_cell(label, value, row.place, Some(column), items);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::context;
    use super::super::super::{Harvest, Source, read};
    use crate::referral::packet::{Field, Packet, Safety};

    fn harvest(head: &str, rows: [&str; 2]) -> Harvest {
        let line = |row: &str| format!("<tr><td>{}</td></tr>", row.replace('|', "</td><td>"));
        let table = [head, rows[0], rows[1]].map(line).concat();
        let html = format!("<p>Please help.</p><table>{table}</table><p>Dana</p>");
        read(Source { html: Some(&html), ..Source::default() }, &context())
    }

    fn emails(harvest: &Harvest, is_wanted: impl Fn(&Packet) -> bool) -> Vec<&str> {
        let wanted = harvest.packets.iter().filter(|packet| is_wanted(packet));
        wanted.filter_map(|packet| packet.text(Field::ClientEmail)).collect()
    }

    fn is_safe(packet: &Packet) -> bool {
        packet.channels().email == Safety::Safe
    }

    const ANA: &str = "Client|Ana Vega|518-555-0101|ana@mail.example|Yes|Yes";
    const HEAD: &str = "|Name|Phone|Email|Safe to email|Consent to share";

    #[test]
    fn of_rows_that_say_who_they_are_only_the_clients_is_a_clients() {
        for who in
            ["Landlord", "Abuser", "Referrer", "Husband", "Emergency contact", "Attorney", "Parte contraria"]
        {
            let other = format!("{who}|Bob Hines|518-555-0202|bob@mail.example|Yes|Yes");
            for rows in [[ANA, &*other], [&*other, ANA]] {
                for head in [HEAD, "Role|Name|Phone|Email|Safe to email|Consent to share"] {
                    let harvest = harvest(head, rows);
                    assert_eq!(emails(&harvest, |_| true), ["ana@mail.example"], "{head} {rows:?}");
                    assert_eq!(emails(&harvest, is_safe), ["ana@mail.example"], "{head} {rows:?}");
                }
            }
        }
        let landlord = harvest(HEAD, [ANA, "Landlord|Bob Hines|518-555-0202|bob@mail.example||"]);
        assert_eq!(landlord.packets[0].text(Field::OpposingParty), Some("Bob Hines"));
        let referrer = harvest(HEAD, [ANA, "Referrer|Bob Hines|518-555-0202|bob@mail.example||"]);
        assert_eq!(referrer.packets[0].text(Field::ReferrerEmail), Some("bob@mail.example"));
    }

    #[test]
    fn a_row_of_somebody_whose_part_nobody_knows_makes_every_yes_a_question() {
        for who in ["Petitioner", "Tenant", "Other parent", "Sam", ""] {
            let other = format!("{who}|Bob Hines|518-555-0202|bob@mail.example|Yes|Yes");
            for rows in [[ANA, &*other], [&*other, ANA]] {
                let harvest = harvest(HEAD, rows);
                assert_eq!(emails(&harvest, is_safe), [""; 0], "{rows:?}");
            }
        }
    }

    #[test]
    fn rows_of_clients_stay_clients() {
        let other = "Client|Bob Hines|518-555-0202|bob@mail.example|Yes|Yes";
        assert_eq!(emails(&harvest(HEAD, [ANA, other]), is_safe), ["ana@mail.example", "bob@mail.example"]);
    }
}
