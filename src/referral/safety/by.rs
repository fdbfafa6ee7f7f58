//! Who gave the consent, as far as the whole packet tells.

use chrono::{DateTime, Datelike, Utc};

use super::super::fold::words;
use super::super::packet::consent::By;
use super::super::packet::{Field, Judged, Packet};

/// At this age a parent's yes is not enough.
const OF_AGE: u32 = 18;

/// Whether whoever gave a consent can give it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Giver {
    /// Nothing is said.
    NotSaid,
    /// The client, a guardian, or the parent of a child.
    Able,
    /// The opposing party, or somebody with a name of its own.
    OpposingParty,
    /// Anybody else, or nobody knows who.
    Another,
}

/// Who gave the consent. A name must be the client's; one that only the opposing party has is the opposing party's,
/// whatever it calls itself.
pub(super) fn of(packet: &Packet, now: DateTime<Utc>) -> Giver {
    let Some(found) = packet.get(Field::ConsentBy) else { return Giver::NotSaid };
    let said: Vec<String> = words(&found.value).into_iter().filter(|word| !says_nothing(word)).collect();
    let client = words(packet.text(Field::ClientName).unwrap_or_default());
    let opposing = words(packet.text(Field::OpposingParty).unwrap_or_default());
    let named: Vec<&String> = said.iter().filter(|word| opposing.contains(word)).collect();
    let is_opposing =
        named.iter().any(|word| !client.contains(word)) || !said.is_empty() && named.len() == said.len();
    let is_client = client.first().is_some_and(|first| said.contains(first))
        && said.iter().all(|word| client.contains(word));
    let Judged::By(by) = &found.judged else {
        return if is_opposing { Giver::OpposingParty } else { Giver::Another };
    };
    match by {
        By::OpposingParty => Giver::OpposingParty,
        By::Named if is_client => Giver::Able,
        By::Guardian | By::Parent | By::Named | By::SomebodyElse if is_opposing => Giver::OpposingParty,
        By::Client | By::Guardian => Giver::Able,
        By::Parent if is_child(packet, now) => Giver::Able,
        By::Parent | By::Named | By::SomebodyElse => Giver::Another,
    }
}

/// Not of age by a date of birth that can be read in one way only; on the safe side by a day.
pub(super) fn is_child(packet: &Packet, now: DateTime<Utc>) -> bool {
    let Some(Judged::Date { date, ambiguous: false, .. }) =
        packet.get(Field::ClientDob).map(|found| &found.judged)
    else {
        return false;
    };
    let today = now.date_naive().succ_opt().unwrap_or_else(|| now.date_naive());
    today.years_since(*date).is_some_and(|years| years < OF_AGE) && date.year() > 0
}

/// Words beside a name, in English and Spanish.
fn says_nothing(word: &str) -> bool {
    const WORDS: [&str; 32] = [
        "the", "a", "an", "her", "his", "their", "own", "of", "by", "and", "on", "behalf", "client",
        "clients", "s", "self", "herself", "himself", "themself", "patient", "survivor", "cliente",
        "clienta", "la", "el", "su", "de", "por", "misma", "mismo", "ella", "y",
    ];
    WORDS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::super::tests::packet;
    use super::*;

    #[test]
    fn a_name_is_the_clients_only_with_the_given_name_in_it() {
        let now: DateTime<Utc> = "2026-11-20T15:00:00Z".parse().unwrap();
        let named = || Judged::By(By::Named);
        for (value, judged, opposing, expected) in [
            ("Ann Smith", named(), "John Smith", Giver::Able),
            ("client (Ann)", named(), "John Smith", Giver::Able),
            ("ANN SMITH herself", named(), "", Giver::Able),
            ("Smith", named(), "", Giver::Another),
            ("Smith", named(), "John Smith", Giver::OpposingParty),
            ("John Smith", named(), "John Smith", Giver::OpposingParty),
            ("Ann and John", named(), "John Smith", Giver::OpposingParty),
            ("Ann Jones", named(), "", Giver::Another),
            ("", named(), "", Giver::Another),
            ("father", Judged::By(By::Parent), "his father, Bo Smith", Giver::OpposingParty),
            ("guardian Bo", Judged::By(By::Guardian), "Bo Smith", Giver::OpposingParty),
            ("guardian", Judged::By(By::Guardian), "Bo Smith", Giver::Able),
            ("client", Judged::By(By::Client), "the client's landlord", Giver::Able),
            ("husband", Judged::By(By::SomebodyElse), "", Giver::Another),
        ] {
            let packet = packet(&[
                (Field::ClientName, "Ann Smith", Judged::Text),
                (Field::OpposingParty, opposing, Judged::Text),
                (Field::ConsentBy, value, judged),
            ]);
            assert_eq!(of(&packet, now), expected, "{value} / {opposing}");
        }
        assert_eq!(of(&Packet::default(), now), Giver::NotSaid);
    }

    #[test]
    fn a_parent_speaks_for_a_child_and_for_nobody_of_age() {
        let now: DateTime<Utc> = "2026-11-20T15:00:00Z".parse().unwrap();
        let born =
            |date: &str, ambiguous: bool| Judged::Date { date: date.parse().unwrap(), time: None, ambiguous };
        for (dob, expected) in [
            (born("2012-05-01", false), Giver::Able),
            (born("2012-05-01", true), Giver::Another),
            (born("2008-11-22", false), Giver::Able),
            (born("2008-11-21", false), Giver::Another),
            (born("1980-01-01", false), Giver::Another),
            (born("2030-01-01", false), Giver::Another),
            (Judged::Text, Giver::Another),
        ] {
            let packet = packet(&[
                (Field::ClientDob, "x", dob.clone()),
                (Field::ConsentBy, "mother", Judged::By(By::Parent)),
            ]);
            assert_eq!(of(&packet, now), expected, "{dob:?}");
        }
    }
}
