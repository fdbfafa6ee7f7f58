//! Files whose name says that they are about somebody beside the client: "opposing party.csv", a sheet "Landlord".

use super::super::form::{Harvest, names_somebody_else, speaks_of_referral};
use crate::referral::packet::Packet;
use crate::referral::safety::is_guarded;

/// What a person is told of one.
const OTHERS: &str = "An attached file is named for somebody beside the client and calls nobody a client; it was not read as a \
                      referral, please look.";

/// Takes the packets out of such a file, unless something in it is called a client's, or it is called a referral and
/// asks what is safe: nobody asks that about the other side. Texts tell by their own heading too (`is_text`).
pub(super) fn left_out(name: &str, mut harvest: Harvest, is_text: bool) -> Harvest {
    if is_text || harvest.calls_client || harvest.packets.is_empty() {
        return harvest;
    }
    let name = name.replace(|c: char| !c.is_alphanumeric(), " ");
    if !names_somebody_else(&name) {
        return harvest;
    }
    let asks_of_safety = |packet: &Packet| packet.iter().any(|(field, _)| is_guarded(field));
    let before = harvest.packets.len();
    harvest.packets.retain(|packet| speaks_of_referral(&name) && asks_of_safety(packet));
    if harvest.packets.len() < before {
        harvest.problems.push(OTHERS.to_owned());
    }
    harvest
}

#[cfg(test)]
mod tests {
    use crate::intake::attachments::read;
    use crate::intake::form::tests::context;

    #[test]
    fn a_file_named_for_the_other_side_makes_no_client() {
        let plain = "Name,Phone,Address\nJohn Poe,518-555-0144,1 Elm St\n";
        let safe = "Name,Phone,Safe to call?\nAna Vega,518-555-0142,yes\n";
        let clients = "Client name,Phone\nAna Vega,518-555-0142\n";
        for (name, text, count) in [
            ("opposing party.csv", plain, 0),
            ("Opposing_Parties.csv", plain, 0),
            ("landlord-info.csv", plain, 0),
            ("batterer.csv", plain, 0),
            ("RESPONDENT.CSV", plain, 0),
            ("arrendador.csv", plain, 0),
            ("november.csv", plain, 1),
            ("landlord cases.csv", clients, 1),
            ("landlord tenant referrals.csv", safe, 1),
            ("landlord.csv", safe, 0),
        ] {
            let harvest = read(name, "", text.as_bytes(), &context()).unwrap();
            assert_eq!(harvest.packets.len(), count, "{name}");
            let is_said = harvest.problems.iter().any(|problem| problem.contains("beside the client"));
            assert_eq!(is_said, count == 0, "{name}");
        }
        let card = "BEGIN:VCARD\nFN:John Poe\nTEL:518-555-0144\nEND:VCARD\n";
        assert!(read("landlord.vcf", "", card.as_bytes(), &context()).unwrap().packets.is_empty());
        assert_eq!(read("ana.vcf", "", card.as_bytes(), &context()).unwrap().packets.len(), 1);
    }
}
