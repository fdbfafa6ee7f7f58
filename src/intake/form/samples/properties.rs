//! What holds of any text, however odd: the reader ends, and reads no yes that is not said.

use proptest::prelude::*;

use super::*;
use crate::intake::form::fold::{clean, fold};

fn letters(text: &str) -> String {
    fold(text).split_whitespace().collect()
}

/// Lines as forms have them, with hostile parts.
fn lines() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("Client name: ".to_owned()),
        Just("Phone".to_owned()),
        Just("Safe to contact? ".to_owned()),
        Just("Consent: ".to_owned()),
        Just("Court date: ".to_owned()),
        Just("Language\t".to_owned()),
        Just("Referral 2 of 3".to_owned()),
        Just("Client information\n".to_owned()),
        Just("<table><tr><td>Name</td><td>".to_owned()),
        Just("</td></tr></table>".to_owned()),
        Just("| a | b |".to_owned()),
        Just("\n".to_owned()),
        Just("&#x202e;&amp".to_owned()),
        "[0-9/.:-]{0,12}",
        "[a-záéñ ,.?()☑☐]{0,20}",
        any::<String>(),
    ];
    proptest::collection::vec(part, 0..30).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_stops_the_reader_and_every_word_of_a_value_comes_from_the_mail(text in lines()) {
        let harvest = read(Source { text: &text, ..Source::default() }, &context());
        prop_assert!(harvest.packets.len() <= 40);
        let all = letters(&text);
        for (_, found) in harvest.packets.iter().flat_map(crate::referral::packet::Packet::iter) {
            prop_assert_eq!(clean(&found.value, 4_000), found.value.clone());
            for word in fold(&found.value).split_whitespace() {
                prop_assert!(all.contains(word), "a word that is not in the mail");
            }
        }
    }

    #[test]
    fn no_markup_stops_the_reader(text in lines()) {
        let harvest = read(Source { subject: &text, html: Some(&text), ..Source::default() }, &context());
        prop_assert!(harvest.packets.len() <= 40);
    }

    #[test]
    fn no_value_is_judged_a_yes_unless_it_says_so(text in "[a-z ,.'?-]{0,40}") {
        let mail = format!("Client name: Ann Smith\nConsent: {text}\nSafe to leave a voicemail? {text}\n");
        let harvest = read(Source { text: &mail, ..Source::default() }, &context());
        let says = ["yes", "y", "ok", "true", "safe", "agree", "consent", "checked", "on", "grant", "obtain", "given", "accept", "sure", "allow", "permit", "x", "fine", "sign", "confirm", "yep", "yeah", "affirm", "si", "s", "acepto", "claro", "seguro", "both", "either", "any", "all", "vale"];
        let said = says.iter().any(|word| fold(&text).contains(word));
        for packet in &harvest.packets {
            prop_assert!(said || !packet.consents());
        }
    }

    #[test]
    fn no_bytes_stop_the_attachment_reader(bytes in proptest::collection::vec(any::<u8>(), 0..400), kind in 0..6_usize) {
        let name = ["a.csv", "a.xlsx", "a.pdf", "a.docx", "a.json", "a.vcf"][kind];
        let _ = crate::intake::attachments::read(name, "", &bytes, &context());
    }
}

#[test]
fn a_mail_of_one_long_line_or_a_million_short_ones_is_read_within_its_bounds() {
    let long = [
        "a".repeat(200_000),
        "Name: ".repeat(300_000),
        "a\n".repeat(1_000_000),
        "Client name: A\n".repeat(20_000),
        "<table><tr><td>".repeat(100_000),
        "<b>".repeat(300_000),
        "1/2/".repeat(200_000),
        "((((".repeat(200_000),
        "518-555-0100 ".repeat(50_000),
        "a@".repeat(300_000),
        "yes no ".repeat(100_000),
        "<".repeat(500_000),
        "<a \"".repeat(200_000),
        "&".repeat(500_000),
        format!("<table>{}", "<tr><td rowspan=1000>Client<td rowspan=999>a<td>b".repeat(20_000)),
    ];
    for text in &long {
        let start = text.get(..10).unwrap_or_default();
        let answers = format!("Safe to contact: {text}\nCourt date: {text}\nPhone: {text}\nReason: {text}");
        let both = read(Source { subject: text, text, html: Some(text), ..Source::default() }, &context());
        let one = read(Source { text: &answers, ..Source::default() }, &context());
        for harvest in [both, one] {
            assert!(
                harvest.packets.len() <= super::super::entry::MOST_PACKETS && harvest.problems.len() < 20,
                "{start}"
            );
            let values = harvest.packets.iter().flat_map(Packet::iter);
            let longest = values.map(|(_, found)| found.value.chars().count()).max().unwrap_or_default();
            assert!(longest <= 8_000, "{start}: {longest}");
        }
        // What is looked at, however long the mail is.
        let (page, pieces) = (markup::of_html(text).pieces, piece::of_text(text, "text"));
        let cells = |piece: &Piece<'_>| match piece {
            Piece::Row { cells, .. } => cells.len(),
            Piece::Line { .. } => 1,
        };
        let looked_at = page.iter().chain(&pieces).map(cells).sum::<usize>();
        assert!(page.len() <= piece::MOST_PIECES && pieces.len() <= piece::MOST_PIECES, "{start}");
        assert!(looked_at <= 8 * piece::MOST_PIECES, "{start}: {looked_at} cells");
        assert!(scan::items(&pieces).len() <= super::super::entry::MOST_ITEMS + 1, "{start}");
    }
}
