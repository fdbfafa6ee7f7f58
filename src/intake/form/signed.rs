//! Numbers below a farewell: "Best, Noor Aziz, Tel 518-555-0100" is how to reach whoever wrote.

use super::lexicon::{Slot, Whose};
use super::people;
use super::piece::Piece;
use super::scan::Item;

/// Gives the ways to reach somebody that stand below a farewell, and nothing else there, to whoever wrote, where the
/// mail is about somebody else.
pub(super) fn give(items: &mut [Item], farewell: Option<usize>, pieces: &[Piece<'_>]) {
    let Some((above, below)) = farewell.and_then(|at| items.split_at_mut_checked(at)) else { return };
    if below.is_empty() || !below.iter().all(is_reach) {
        return;
    }
    let names_another = |item: &Item| match item {
        Item::Entry(entry) => entry
            .label
            .meaning
            .is_some_and(|meaning| matches!(meaning.whose, Whose::Client | Whose::Referrer)),
        Item::Section(whose) => matches!(whose, Whose::Client | Whose::Referrer),
        Item::Another => true,
    };
    let speaks = |piece: &Piece<'_>| match piece {
        Piece::Line { text, .. } => people::speaks_of_client(text),
        Piece::Row { .. } => false,
    };
    if !above.iter().any(names_another) && !pieces.iter().take(MOST_LINES).any(speaks) {
        return;
    }
    for item in below {
        if let Item::Entry(entry) = item
            && let Some(meaning) = entry.label.meaning.as_mut()
        {
            meaning.whose = Whose::Referrer;
        }
    }
}

/// The most lines that are asked whether they speak of a client.
const MOST_LINES: usize = 200;

fn is_reach(item: &Item) -> bool {
    let Item::Entry(entry) = item else { return false };
    entry.label.meaning.is_some_and(|meaning| {
        meaning.whose == Whose::Plain && matches!(meaning.slot, Slot::Phone | Slot::PhoneOther | Slot::Email)
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::context;
    use super::super::{Source, read};
    use crate::referral::packet::Field;

    #[test]
    fn a_number_below_a_farewell_is_the_writers() {
        for (text, client, writer) in [
            (
                "The Vega family speaks Dari, her number is 518-555-0142.\n\nBest,\nNoor Aziz\nTel 518-555-0100\n",
                None,
                true,
            ),
            (
                "Client name: Ana Vega\nPhone: 518-555-0142\n\nThanks,\nNoor Aziz\nTel: 518-555-0100\n",
                Some("518-555-0142"),
                true,
            ),
            (
                "My landlord put me out.\n\nThanks,\nAna Vega\nPhone: 518-555-0142\n",
                Some("518-555-0142"),
                false,
            ),
        ] {
            let packet = read(Source { text, ..Source::default() }, &context()).packets.remove(0);
            let has = |field| packet.text(field);
            assert_eq!(has(Field::ReferrerPhone).is_some(), writer, "{text}");
            if client.is_some() {
                assert_eq!(has(Field::ClientPhone), client, "{text}");
            }
            assert_ne!(has(Field::ClientPhone), Some("518-555-0100"), "{text}");
        }
    }
}
