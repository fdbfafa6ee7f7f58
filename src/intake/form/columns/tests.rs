//! Tables with a column for each person, however they are drawn.

use super::super::tests::context;
use super::super::{Harvest, Source, read};
use crate::referral::packet::{Field, Found, Judged, Packet, Safety};

type Row = [&'static str; 3];

/// What stands above the columns is put before these.
const ROWS: [Row; 6] = [
    ["Name", "Ana Vega", "Bob Hines"],
    ["Phone", "518-555-0101", "518-555-0202"],
    ["Email", "ana@mail.example", "bob@mail.example"],
    ["Language", "Spanish", "English"],
    ["Safe to email", "Yes", "No"],
    ["Consent to share", "Yes", "No"],
];

/// The same table in every layout, with the client's column first or last.
fn layouts(head: Row, rows: &[Row]) -> Vec<(String, Harvest)> {
    let mut all = Vec::new();
    for is_first in [true, false] {
        let turned = |row: &Row| if is_first { *row } else { [row[0], row[2], row[1]] };
        let table: Vec<Row> = std::iter::once(&head).chain(rows).map(turned).collect();
        let cells = |row: &Row| row.map(|cell| format!("<td>{cell}</td>")).concat();
        let html = table.iter().map(|row| format!("<tr>{}</tr>", cells(row))).collect::<Vec<_>>().concat();
        let html = format!("<p>Please help.</p><table>{html}</table><p>Dana</p>");
        // A mail of markup alone is laid out as text, too.
        let text = crate::intake::html::text(&html);
        all.push((html.clone(), read(Source { html: Some(&html), ..Source::default() }, &context())));
        all.push((
            html.clone(),
            read(Source { text: &text, html: Some(&html), ..Source::default() }, &context()),
        ));
        let drawn: [fn(&Row) -> String; 5] = [
            |row| format!("| {} |", row.join(" | ")),
            |row| row.join(" | "),
            |row| row.join("\t"),
            |row| row.map(|cell| format!("{cell:<24}")).concat(),
            |row| row.join(","),
        ];
        for draw in drawn {
            let lines: Vec<String> = table.iter().map(|row| draw(row).trim_end().to_owned()).collect();
            let text = format!("Please help.\n\n{}\n\nDana\n", lines.join("\n"));
            all.push((text.clone(), read(Source { text: &text, ..Source::default() }, &context())));
        }
    }
    all
}

fn judged(packet: &Packet, field: Field) -> Option<&Judged> {
    packet.get(field).map(|found: &Found| &found.judged)
}

#[test]
fn the_clients_column_is_the_packet_and_the_other_sides_is_who_they_are() {
    for head in [
        ["", "Client", "Opposing party"],
        ["", "Client", "Abuser"],
        ["Field", "Applicant", "Respondent"],
        ["", "Client information", "Landlord"],
        ["", "Cliente", "Parte contraria"],
        ["Campo", "Solicitante", "Demandado"],
    ] {
        for (mail, harvest) in layouts(head, &ROWS) {
            let [packet] = harvest.packets.as_slice() else { panic!("{}: {mail}", harvest.packets.len()) };
            for (field, value) in [
                (Field::ClientName, "Ana Vega"),
                (Field::ClientPhone, "518-555-0101"),
                (Field::ClientEmail, "ana@mail.example"),
                (Field::Language, "Spanish"),
                (Field::OpposingParty, "Bob Hines"),
            ] {
                assert_eq!(packet.text(field), Some(value), "{field:?} {mail}");
            }
            for field in [Field::ClientPhoneOther, Field::ReferrerName, Field::ReferrerPhone] {
                assert_eq!(packet.text(field), None, "{field:?} {mail}");
            }
            assert_ne!(packet.channels().email, Safety::Safe, "{mail}");
            assert_ne!(judged(packet, Field::Consent), Some(&Judged::Yes), "{mail}");
            assert!(harvest.problems.iter().any(|said| said.contains("not certain")), "{mail}");
        }
    }
}

#[test]
fn what_the_other_side_answers_never_becomes_a_yes_of_the_clients() {
    for (own, theirs) in
        [("No", "Yes"), ("", "Yes"), ("", "X"), ("X", ""), ("?", "Yes"), ("", "yes, verbally")]
    {
        let rows = [
            ROWS[0],
            ROWS[2],
            ["Safe to email", own, theirs],
            ["Safe to contact", own, theirs],
            ["Consent to share", own, theirs],
            ["Consent to contact", own, theirs],
        ];
        for head in [
            ["", "Client", "Abuser"],
            ["", "Client", "Husband"],
            ["", "Client", "Referring worker"],
            ["", "Petitioner (client)", "Respondent"],
            ["", "Client (mother)", "Father"],
            ["", "Our client", "Abuser"],
            ["", "Applicant (our client)", "Spouse/Partner"],
        ] {
            for (mail, harvest) in layouts(head, &rows) {
                for packet in &harvest.packets {
                    assert_ne!(packet.channels().email, Safety::Safe, "{mail}");
                    for field in [Field::Consent, Field::ConsentContact] {
                        assert_ne!(judged(packet, field), Some(&Judged::Yes), "{mail}");
                    }
                    assert_ne!(packet.text(Field::ClientEmail), Some("bob@mail.example"), "{mail}");
                }
            }
        }
    }
}

#[test]
fn a_no_that_stands_in_another_column_alone_is_kept() {
    let rows = [ROWS[0], ["Safe to email", "", "No"], ["Consent to share", "", "No"]];
    let html = "<table><tr><td><td>Client<td>Abuser<tr><td>Name<td>Ana Vega<td>Bob Hines\
        <tr><td>Safe to email<td><td>No<tr><td>Consent to share<td><td>No</table>";
    let harvest = read(Source { html: Some(html), ..Source::default() }, &context());
    assert_eq!(judged(&harvest.packets[0], Field::SafeEmail), Some(&Judged::No), "{rows:?}");
    assert_eq!(judged(&harvest.packets[0], Field::Consent), Some(&Judged::No), "{rows:?}");
}

#[test]
fn an_address_in_the_other_column_alone_is_nobodys() {
    let rows = [ROWS[0], ["Phone", "", "518-555-0202"], ["Email", "", "bob@mail.example"], ROWS[3]];
    for head in [["", "Client", "Abuser"], ["", "Client", "Husband"]] {
        for (mail, harvest) in layouts(head, &rows) {
            for packet in &harvest.packets {
                for field in [Field::ClientPhone, Field::ClientPhoneOther, Field::ClientEmail] {
                    assert_eq!(packet.text(field), None, "{field:?} {mail}");
                }
            }
        }
    }
}

#[test]
fn whoever_refers_has_a_column_too() {
    for head in [
        ["", "Client", "Referring worker"],
        ["", "Client", "Referrer"],
        ["", "Cliente", "Trabajadora social"],
    ] {
        for (mail, harvest) in layouts(head, &ROWS) {
            let [packet] = harvest.packets.as_slice() else { panic!("{mail}") };
            for (field, value) in [
                (Field::ClientName, "Ana Vega"),
                (Field::ClientEmail, "ana@mail.example"),
                (Field::ReferrerName, "Bob Hines"),
                (Field::ReferrerPhone, "518-555-0202"),
                (Field::ReferrerEmail, "bob@mail.example"),
            ] {
                assert_eq!(packet.text(field), Some(value), "{field:?} {mail}");
            }
        }
    }
}

#[test]
fn two_clients_are_two_packets_each_with_their_own_answers() {
    for head in [["", "Client 1", "Client 2"], ["", "Client", "Client"]] {
        let html = std::iter::once(&head)
            .chain(&ROWS)
            .map(|row| {
                let cells = row.map(|cell| format!("<td>{cell}</td>")).concat();
                format!("<tr>{cells}</tr>")
            })
            .collect::<Vec<_>>()
            .concat();
        let html = format!("<table>{html}</table>");
        let harvest = read(Source { html: Some(&html), ..Source::default() }, &context());
        let [ana, bob] = harvest.packets.as_slice() else { panic!("{head:?}") };
        assert_eq!(ana.text(Field::ClientName), Some("Ana Vega"));
        assert_eq!(bob.text(Field::ClientEmail), Some("bob@mail.example"));
        assert_eq!(ana.channels().email, Safety::Safe);
        assert_ne!(bob.channels().email, Safety::Safe);
    }
}

#[test]
fn heads_that_are_not_sure_make_no_yes() {
    for head in [
        ["", "Client", "Petitioner"],
        ["", "Client", "Tenant"],
        ["", "Applicant", "Victim"],
        ["", "Client", "Sam"],
        ["", "Client", "Other parent"],
    ] {
        let rows =
            [ROWS[0], ROWS[1], ROWS[2], ["Safe to email", "Yes", "Yes"], ["Consent to share", "Yes", "Yes"]];
        for (mail, harvest) in layouts(head, &rows) {
            for packet in &harvest.packets {
                assert_ne!(packet.channels().email, Safety::Safe, "{mail}");
                assert_ne!(judged(packet, Field::Consent), Some(&Judged::Yes), "{mail}");
            }
        }
    }
}

#[test]
fn whoever_stands_beside_the_client_by_any_name_is_no_part_of_their_record() {
    for head in [
        ["", "Client", "Sam"],
        ["", "Applicant (our client)", "The man upstairs"],
        ["Field", "Client", "The lodger"],
    ] {
        for (mail, harvest) in layouts(head, &ROWS) {
            assert_eq!(harvest.packets.len(), 1, "{mail}");
            let packet = &harvest.packets[0];
            for (field, value) in [
                (Field::ClientName, "Ana Vega"),
                (Field::ClientPhone, "518-555-0101"),
                (Field::ClientEmail, "ana@mail.example"),
            ] {
                assert_eq!(packet.text(field), Some(value), "{mail}");
            }
            assert_ne!(packet.channels().email, Safety::Safe, "{mail}");
            assert!(packet.iter().all(|(_, found)| !found.value.contains("Hines")), "{mail}");
            assert!(!harvest.problems.is_empty(), "{mail}");
        }
    }
    for head in [["", "Client", "Value"], ["", "Client", "Room 4"]] {
        for (mail, harvest) in layouts(head, &ROWS) {
            let is_read = |packet: &Packet| packet.channels().email == Safety::Safe;
            assert!(!harvest.packets.iter().any(is_read), "{mail}");
        }
    }
}

#[test]
fn what_stands_in_a_column_of_remarks_or_of_somebody_unknown_is_not_lost() {
    let rows = [
        ["Name", "Ana Vega", ""],
        ["Phone", "518-555-0101", "he picks up"],
        ["Matter type", "housing", "lockout on 12/04/2026"],
    ];
    for (mail, harvest) in layouts(["Field", "Client", "Notes"], &rows) {
        let packet = &harvest.packets[0];
        let reason = packet.text(Field::Reason).unwrap_or_default();
        assert!(
            reason.contains("lockout on 12/04/2026") && reason.contains("he picks up"),
            "{reason}: {mail}"
        );
    }
    let rows = [["Name", "Ana Vega", "Bob Hines"], ["Phone", "518-555-0101", ""]];
    for (mail, harvest) in layouts(["Field", "Client", "Co-applicant"], &rows) {
        assert!(
            harvest.problems.iter().any(|said| said.contains("whether a client is among them")),
            "{mail}"
        );
    }
}

#[test]
fn no_title_makes_the_others_column_the_clients() {
    let sparse = [ROWS[0], ["Email", "", "bob@mail.example"], ["Safe to email", "", "yes"]];
    for first in [["Matter type", "housing", ""], ["Email", "", "bob@mail.example"]] {
        for title in ["", "About", "Details"] {
            let rows: Vec<Row> = std::iter::once(first).chain(sparse).collect();
            for (mail, harvest) in layouts([title, "Client", "Landlord"], &rows) {
                let is_safe = |packet: &Packet| packet.channels().email == Safety::Safe;
                assert!(!harvest.packets.iter().any(is_safe), "{mail}");
            }
        }
    }
    let rows = [
        ["Name", "Ana Vega", "Bob Hines"],
        ["Email", "", "bob@mail.example"],
        ["Safe to email", "", "yes"],
        ["Consent to share", "yes", ""],
        ["Language", "English", ""],
        ["Phone", "", "518-555-0202"],
        ["Safe to call", "", "yes"],
    ];
    for title in
        ["", "About", "Information", "Section", "Details", "Category", "Contact", "Phone", "Language"]
    {
        for other in ["Landlord", "The lodger", "Case worker", "Notes", "Second client"] {
            for (mail, harvest) in layouts([title, "Client", other], &rows) {
                for packet in &harvest.packets {
                    let ways = packet.channels();
                    assert!(ways.email != Safety::Safe && ways.call != Safety::Safe, "{mail}");
                    assert_ne!(judged(packet, Field::Consent), Some(&Judged::Yes), "{mail}");
                }
            }
        }
    }
}

#[test]
fn an_answer_beside_such_a_table_that_does_not_say_whose_it_is_is_asked() {
    let table = "| | Client | Abuser |\n| Name | Ana Vega | Bob Hines |\n\
                 | Email | ana@mail.example | bob@mail.example |\n";
    let answer = "Safe to email: yes\nConsent to share: yes\n";
    for text in [format!("{table}\n{answer}"), format!("{answer}\n{table}")] {
        let harvest = read(Source { text: &text, ..Source::default() }, &context());
        let packet = &harvest.packets[0];
        assert_eq!(packet.text(Field::ClientEmail), Some("ana@mail.example"), "{text}");
        assert_ne!(packet.channels().email, Safety::Safe, "{text}");
        assert_ne!(judged(packet, Field::Consent), Some(&Judged::Yes), "{text}");
        assert!(harvest.problems.iter().any(|said| said.contains("not certain")), "{text}");
    }
}

#[test]
fn a_row_with_fewer_cells_than_the_head_is_nobodys_answer() {
    let html = "<table><tr><td><td>Client<td>Abuser<tr><td>Name<td>Ana Vega<td>Bob Hines\
        <tr><td>Email<td>ana@mail.example<td>bob@mail.example<tr><td>Safe to email<td colspan=2>Yes\
        <tr><td>Court date<td colspan=2>December 3, 2026</table>";
    let harvest = read(Source { html: Some(html), ..Source::default() }, &context());
    assert_ne!(harvest.packets[0].channels().email, Safety::Safe);
    assert_eq!(harvest.packets[0].text(Field::CourtDate), Some("December 3, 2026"));
}

#[test]
fn a_yes_is_nobodys_where_people_stand_side_by_side_under_heads_that_no_list_has() {
    let rows: [Row; 6] = [
        ["Name", "Ana Vega", "Bob Hines"],
        ["Phone", "518-555-0142", "518-555-0199"],
        ["Email", "", "bob@mail.example"],
        ["Safe to call", "", "yes"],
        ["Safe to email", "", "yes"],
        ["Consent to share", "yes", "yes"],
    ];
    for head in [
        ["", "Petitioner", "Respondent"],
        ["", "Wife", "Husband"],
        ["", "Tess", "Mother"],
        ["Information", "Ana", "Landlord"],
        ["", "Tenant", "Contact person"],
    ] {
        for (mail, harvest) in layouts(head, &rows) {
            for packet in &harvest.packets {
                assert_ne!(packet.channels().email, Safety::Safe, "{mail}");
                assert_ne!(packet.channels().call, Safety::Safe, "{mail}");
            }
        }
    }
    for text in [
        "                Ana           Bob\nName            Ana Vega      Bob Hines\nEmail                         bob@mail.example\nSafe to email                 yes\n",
        "Name:   Ana Vega    Bob Hines\nEmail:  bob@mail.example\nSafe to email: yes\n",
        "Client name: Ana Vega\nEmail: ana@mail.example    bob@mail.example\nSafe to email: yes\n",
        "Client name: Ana Vega\nEmail: ana@mail.example\nSafe to email: yes     no\n",
    ] {
        let harvest = read(Source { text, ..Source::default() }, &context());
        assert_ne!(harvest.packets[0].channels().email, Safety::Safe, "{text}");
    }
    let one = "Name:   Ana    Vega\nPhone:  518-555-0142   (cell)\nEmail:  ana@mail.example\nSafe to email:    yes\n";
    let harvest = read(Source { text: one, ..Source::default() }, &context());
    assert_eq!(harvest.packets[0].channels().email, Safety::Safe);
}
