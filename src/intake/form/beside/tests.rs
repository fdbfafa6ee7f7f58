//! Ways and answers that may be somebody else's, in the forms people write them.

use super::super::tests::context;
use super::super::{Harvest, Source, read};
use crate::referral::packet::{Field, Packet, Safety};

fn said(text: &str) -> Harvest {
    read(Source { text, ..Source::default() }, &context())
}

fn of<'h>(harvest: &'h Harvest, name: &str) -> &'h Packet {
    let is_theirs = |packet: &&Packet| packet.text(Field::ClientName) == Some(name);
    harvest.packets.iter().find(is_theirs).unwrap()
}

/// Whether a letter or a call may go to the client by this mail alone.
fn is_open(harvest: &Harvest) -> bool {
    harvest.packets.iter().any(|packet| {
        let ways = packet.channels();
        packet.client_email().is_some() && ways.email == Safety::Safe
            || packet.text(Field::ClientPhone).is_some() && ways.call == Safety::Safe
    })
}

const HEADINGS: [&str; 15] = [
    "Tenant 2",
    "Person #2",
    "Applicant 2:",
    "Other adult",
    "Party 2",
    "Bob Hines",
    "The lodger:",
    "Him",
    "HIM:",
    "Él",
    "El señor",
    "Man at the house",
    "Contact him",
    "Second adult in home",
    "Roomie",
];

#[test]
fn what_stands_below_somebody_whom_no_list_has_is_not_believed_to_be_the_clients() {
    for heading in HEADINGS {
        for (above, below) in [
            (
                "Client name: Ana Vega\nPhone: 518-555-0142\n",
                "Email: bob@mail.example\nSafe to email: yes\nConsent to share: yes\n",
            ),
            (
                "Name: Ana Vega\nPhone: 518-555-0142\n",
                "Email: bob@mail.example\nSafe to email: yes\nConsent to share: yes\n",
            ),
            ("Name: Ana Vega\nConsent to share: yes\nSafe to call: yes\n", "Phone: 518-555-0199\n"),
            (
                "Client name: Ana Vega\nPhone: 518-555-0142\nEmail: ana@mail.example\n",
                "Name: Bea Stone\nSafe to email: yes\nConsent to share: yes\n",
            ),
        ] {
            for gap in ["", "\n"] {
                let text = format!("{above}{gap}{heading}\n{below}");
                assert!(!is_open(&said(&text)), "{text}");
            }
        }
    }
}

#[test]
fn below_the_heading_of_a_part_of_a_form_and_beside_the_clients_own_ways_a_yes_is_one() {
    let own = "Client name: Ana Vega\nPhone: 518-555-0142\nEmail: ana@mail.example\n";
    let answers = "Safe to email: yes\nSafe to call: yes\nConsent to share: yes\n";
    for heading in [
        "Safety",
        "SAFE CONTACT",
        "How to reach her",
        "Contact details:",
        "Contacto seguro",
        "Consent and permissions",
        "Client",
        "About the case",
        "Housing",
        "Communication preferences",
    ] {
        let harvest = said(&format!("{own}\n{heading}\n{answers}"));
        assert_eq!(of(&harvest, "Ana Vega").channels().email, Safety::Safe, "{heading}");
        let split = own.split_at(own.find("Email").unwrap());
        let harvest = said(&format!("{}\n{heading}\n{}{answers}", split.0, split.1));
        assert_eq!(of(&harvest, "Ana Vega").channels().email, Safety::Safe, "{heading}");
    }
    for tail in ["Other adult\nPhone: 518-555-0199\n", "Thanks,\nJane Roe\nEmail: jane@hill.example\n"] {
        let harvest = said(&format!("{own}{answers}\n{tail}"));
        assert_eq!(of(&harvest, "Ana Vega").channels().email, Safety::Safe, "{tail}");
    }
}

#[test]
fn a_number_or_an_address_behind_another_name_is_asked_however_the_name_is_written() {
    for name in [
        "Bob",
        "Bob Hines",
        "Mr. Hines",
        "Hines, Bob",
        "Bob Hines - violent",
        "Bob Hines (ex)",
        "Bob Hines 518-555-0199",
    ] {
        for label in ["Him", "Other adult", "Other person"] {
            for way in ["Phone: 518-555-0198", "Email: hines@mail.example"] {
                let text = format!(
                    "Client name: Ana Vega\n{label}: {name}\n{way}\nSafe to call: yes\nSafe to email: yes\nConsent to share: yes\n"
                );
                assert!(!is_open(&said(&text)), "{text}");
            }
        }
    }
    for ordinary in [
        "Lives with: two kids",
        "Building: Lincoln Towers",
        "Other: none",
        "Interpreter: yes",
        "Language of interpreter: Spanish",
    ] {
        let text = format!(
            "Client name: Ana Vega\n{ordinary}\nPhone: 518-555-0142\nEmail: ana@mail.example\nSafe to email: yes\nConsent to share: yes\n"
        );
        assert_eq!(of(&said(&text), "Ana Vega").channels().email, Safety::Safe, "{text}");
    }
}

#[test]
fn whoever_is_named_by_whatever_label_or_heading_takes_the_address_below_with_them() {
    let yes = "Safe to email: yes\nSafe to call: yes\nConsent to share: yes\n";
    let bob = "Email: bhines77@mail.example\n";
    for between in [
        "Stepdad: Bob Hines\n",
        "Other tenant: Bob Hines\n",
        "POA: Bob Hines\n",
        "Him: Bob Hines Jr.\n",
        "Him: Bob H.\n",
        "\nHim\nCounty: Albany\n",
        "Address: 12 Main St\nBoyfriend\n",
        "\nNew boyfriend\n",
        "\n2. Bob Hines\n",
        "\nMr. Hines\n",
        "\nAdditional contact\n",
        "\nFamily\n",
        "\nContact 2\n",
        "\nContact #2:\n",
        "Matter: eviction\nFamilia\nBob Hines\n",
        "Matter: eviction\nFamily\nBob Hines\n",
    ] {
        let text = format!("Client name: Ana Vega\nPhone: 518-555-0142\n{between}{bob}{yes}");
        let harvest = said(&text);
        let is_his =
            |packet: &Packet| packet.client_email().is_some() && packet.channels().email == Safety::Safe;
        assert!(!harvest.packets.iter().any(is_his), "{text}");
    }
    let html = "<h3>Client</h3><table><tr><td>Name<td>Ana Vega</table><h3>Boyfriend</h3><table><tr><td>Email\
                <td>bhines77@mail.example<tr><td>Safe to email<td>yes</table>";
    let rows = "<table><tr><td colspan=2>Client<tr><td>Name<td>Ana Vega<tr><td colspan=2>The lodger<tr><td>Email\
                <td>bhines77@mail.example<tr><td>Safe to email<td>yes</table>";
    for html in [html, rows] {
        assert!(!is_open(&read(Source { html: Some(html), ..Source::default() }, &context())), "{html}");
    }
    for owner in ["husband's", "Bob's", "Bob’s cell", "call Bob's"] {
        let text = format!("Client name: Ana Vega\nPhone: 518-555-0199 ({owner})\nSafe to call: yes\n");
        assert!(!is_open(&said(&text)), "{owner}");
    }
    for owner in ["Ana's", "Ana's cell", "client's cell", "her own", "T-Mobile"] {
        let text = format!("Client name: Ana Vega\nPhone: 518-555-0199 ({owner})\nSafe to call: yes\n");
        assert!(is_open(&said(&text)), "{owner}");
    }
}

#[test]
fn a_remark_between_two_ways_is_no_heading_of_somebody() {
    let yes = "Phone: 518-555-0142\nSafe to email: yes\nConsent to share: yes\n";
    for remark in [
        "private account",
        "(private account)",
        "- this is her personal email",
        "she checks this one daily",
        "Only she has the password.",
        "Prefers texts",
        "She answers best after work.",
    ] {
        let text = format!("Client name: Ana Vega\nEmail: sunny22@mail.example\n{remark}\n{yes}");
        assert!(is_open(&said(&text)), "{remark}");
    }
    for heading in ["Bob Hines", "Other adult", "private: Bob Hines"] {
        let text = format!("Client name: Ana Vega\n{heading}\nEmail: sunny22@mail.example\n{yes}");
        assert!(!is_open(&said(&text)), "{heading}");
    }
}

#[test]
fn where_nothing_says_which_of_several_people_the_client_is_nobodys_yes_is_believed() {
    let ways = "Phone: 518-555-0142\nEmail: sunny22@mail.example\nSafe to email: yes\nSafe to call: yes\nConsent to share: yes\n";
    for named in [
        "Clients: Ana Vega and Bob Hines",
        "Client name: Ana Vega and Bob Hines",
        "Name: Ana Vega / Bob Hines",
        "Name: Ana Vega & Bob Hines",
        "P1: Ana Vega\nP2: Bob Hines",
        "Head of household: Ana Vega\nCo-head: Bob Hines",
        "Adult 1: Ana Vega\nAdult 2: Bob Hines",
        "Adult 1: Ana Vega\nPhone: 518-555-0143\nAdult 2: Bob Hines",
    ] {
        assert!(!is_open(&said(&format!("{named}\n{ways}"))), "{named}");
    }
    for named in [
        "Client name: Ana Vega",
        "Client name: Ana Vega / Ana Stone",
        "Client name: Ana and Luis Vega",
        "Client name: Ana Vega\nBuilding: Lincoln Towers\nManaged by: Hill House",
        "P1: Ana Vega\nBuilding: Lincoln Towers",
    ] {
        assert!(is_open(&said(&format!("{named}\n{ways}"))), "{named}");
    }
}

#[test]
fn what_stands_above_the_clients_own_lines_and_calls_nobody_takes_nothing() {
    let ways = "Phone: 518-555-0142\nEmail: ana@mail.example\n";
    let yes = "Safe to email: yes\nSafe to call: yes\nConsent to share: yes\n";
    for between in [
        "County: Albany\nSpeaks Spanish\n",
        "County: Albany\nSection 8\n",
        "\nHer contact info\n",
        "\nContact Ana\n",
        "\nAna Vega\n",
        "\nReach her here\n",
        "County: Albany\nShe has a hearing on December 3\n",
        "\nComo comunicarnos con ella\n",
        "Living arrangement: Shelter\n",
        "Her attorney: None\n",
        "Other names used: Ana Cruz\n",
    ] {
        let text = format!("Client name: Ana Vega\n{between}{ways}{yes}");
        assert_eq!(of(&said(&text), "Ana Vega").channels().email, Safety::Safe, "{text}");
    }
    for between in [
        "Survivor safety",
        "Permission from client",
        "Safety planning",
        "Rent arrears\n\nNonpayment case",
        "Permisos",
    ] {
        let text = format!("Client name: Ana Vega\n{ways}\n{between}\n{yes}");
        assert_eq!(of(&said(&text), "Ana Vega").channels().email, Safety::Safe, "{text}");
    }
    for whole in [
        format!("Client: Anita\nClient full name: Ana Vega\n{ways}{yes}"),
        format!("Client information\nYour name: Jane Roe\nClient name: Ana Vega\n{ways}\nSafety\n{yes}"),
        format!("Client name: Ana Vega\n{ways}Safe to call: Yes      Safe to text: Yes\n{yes}"),
        format!("Client name: Ana Vega\n{ways}Safe to email:  [x] Yes    [ ] No\n"),
        format!(
            "Client name: Ana Vega\nPhone: 518-555-0142      518-555-0143\nEmail: ana@mail.example\n{yes}"
        ),
    ] {
        let harvest = said(&whole);
        assert_eq!(harvest.packets[0].channels().email, Safety::Safe, "{whole}");
    }
}

#[test]
fn a_way_is_asked_whatever_form_says_that_somebody_else_is_meant() {
    let yes = "Safe to email: yes\nSafe to call: yes\nConsent to share: yes\n";
    let bob = "Email: bhines77@mail.example\n";
    for between in [
        "Email (bf): bhines77@mail.example\n".to_owned(),
        format!("Sponsor first name: Bob\nSponsor last name: Hines\n{bob}"),
        format!("Cosigner name: Bob Hines\n{bob}"),
        format!("Stepdad: Bob Hines\nLanguage: English\nRace: White\n{bob}"),
        format!("stepdad: bob hines\n{bob}"),
        format!("Him: Bob & Sue Hines\n{bob}"),
        format!("\nHusband\nBob Hines\n\n{bob}"),
        format!("\nAlso her son\n{bob}"),
        format!("\nThe man who lives there with her\n{bob}"),
        format!("\nEmployment\n{bob}"),
    ] {
        let text = format!("Client name: Ana Vega\nPhone: 518-555-0142\n{between}{yes}");
        for packet in said(&text).packets {
            assert!(packet.client_email().is_none() || packet.channels().email != Safety::Safe, "{text}");
        }
    }
    let rows = "<table><tr><td>Client Name<td>Ana Vega<tr><td>Cosigner Name<td>Bob Hines<tr><td>E-mail\
                <td>bhines77@mail.example<tr><td>Safe to email<td>Yes</table>";
    assert!(!is_open(&read(Source { html: Some(rows), ..Source::default() }, &context())));
    for ordinary in [
        "Interpreter: Mandarin",
        "School name: Hill House",
        "Email (home): sunny22@mail.example",
        "Employer: Hill House",
    ] {
        let text = format!("Client name: Ana Vega\n{ordinary}\nEmail: sunny22@mail.example\n{yes}");
        assert_eq!(of(&said(&text), "Ana Vega").channels().email, Safety::Safe, "{text}");
    }
}

#[test]
fn two_whole_names_beside_each_other_make_columns_whatever_stands_above_them() {
    for heads in [["A", "B"], ["Primary", "Secondary"], ["Person 1", "Person 2"], ["1", "2"]] {
        let form = |second: &str, email: &str| {
            format!(
                "\t{}\t{}\nName\tAna Vega\t{second}\nPhone\t518-555-0142\t\nEmail\t{email}\n\
                 Safe to email\tyes\t\nSafe to call\tyes\t\nConsent to share\tyes\t\n",
                heads[0], heads[1]
            )
        };
        let text = form("Bob Hines", "\tbob@mail.example");
        assert!(!is_open(&said(&text)), "{text}");
        let text = form("", "ana@mail.example\t");
        assert!(is_open(&said(&text)), "{text}");
    }
}
