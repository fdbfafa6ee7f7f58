//! Files that do not say whether they are about a client, and people whose name two hands spelt.

use super::samples::mail;
use crate::intake::Reading;
use crate::referral::packet::{Field, Judged, Safety};

fn names(reading: &Reading) -> Vec<Option<&str>> {
    reading.packets.iter().map(|packet| packet.text(Field::ClientName)).collect()
}

const NAME: &str = "Name: Ann Lee\nPhone: 518-555-0142\nDate of birth: 3/14/1980\n";

#[test]
fn a_file_without_a_label_of_a_referral_is_one_where_it_or_the_mail_says_so() {
    let language = format!("{NAME}Language: Spanish\n");
    let headed = |heading: &str| format!("{heading}\n\n{NAME}");
    for (body, name, text) in [
        ("See the file.", "form.txt", headed("REFERRAL FORM")),
        ("See the file.", "form.txt", headed("Hoja de derivación")),
        ("See the file.", "form.txt", headed("Oficio de canalización")),
        ("See the file.", "referral_lee.txt", NAME.to_owned()),
        ("See the file.", "remision.txt", NAME.to_owned()),
        ("Here is a new referral.", "form.txt", NAME.to_owned()),
        ("Adjunto la remisión de una familia.", "form.txt", NAME.to_owned()),
        ("See the file.", "form.txt", language),
    ] {
        let reading = mail(body, &[(name, &text)]);
        assert_eq!(names(&reading), [Some("Ann Lee")], "{body} {name} {text}");
        assert!(reading.attachments[0].used && reading.problems.is_empty(), "{name} {:?}", reading.problems);
        let page = text.replace('\n', "<br>");
        let reading = mail(body, &[(&name.replace("txt", "html"), &page)]);
        assert_eq!(names(&reading), [Some("Ann Lee")], "{body} {name} {page}");
    }
}

#[test]
fn a_file_about_somebody_is_asked_about_where_it_is_another_paper_or_the_mail_names_its_client() {
    let form = format!("{NAME}Language: Spanish\n");
    for (body, name, text) in [
        ("See the file.", "form.txt", NAME.to_owned()),
        ("A new referral, see the file.", "police.txt", form.clone()),
        ("A new referral, see the file.", "a.txt", format!("Complaint\n{form}")),
        ("Una remisión.", "denuncia.txt", form.clone()),
    ] {
        let reading = mail(body, &[(name, &text)]);
        assert!(!names(&reading).contains(&Some("Ann Lee")), "{body} {name}");
        assert!(reading.problems.iter().any(|one| one.contains("whose")), "{:?}", reading.problems);
    }
    let reading = mail("Referral\nClient name: Bo Kim\nPhone: 518-555-0101\n", &[("a.txt", &form)]);
    assert_eq!(names(&reading), [Some("Bo Kim")]);
    assert!(reading.problems.iter().any(|one| one.contains("whose")), "{:?}", reading.problems);
}

const FORM: &str = "Client name: Ana Vega\nPhone: 518-555-0142\nEmail: ana@m.example\nSafe to email: yes\nSafe to call: yes\n\
                    Consent to share: yes\nLanguage: Spanish\nMatter type: eviction\n";

fn card(name: &str) -> String {
    format!("BEGIN:VCARD\nFN:{name}\nTEL:518-555-0142\nEMAIL:ana@m.example\nEND:VCARD\n")
}

#[test]
fn a_form_and_a_card_or_a_row_with_the_name_written_otherwise_are_one_person_and_a_slip_is_asked_about() {
    for name in ["Ana Vega", "VEGA, Ana", "Ana M. Vega", "Aná Végá", "Anna Vega"] {
        let row =
            format!("Client name,Phone,Email,Safe to email\n\"{name}\",518-555-0142,ana@m.example,yes\n");
        for (file, text) in [("a.vcf", card(name)), ("a.csv", row)] {
            let reading = mail(FORM, &[(file, &text)]);
            assert_eq!(names(&reading), [Some("Ana Vega")], "{name} {file}");
            let asked = if name == "Anna Vega" { ["Two spellings"].as_slice() } else { &[] };
            let begins: Vec<_> = reading.problems.iter().map(|one| one.get(..13).unwrap_or(one)).collect();
            assert_eq!(begins, asked, "{name} {file}");
            let channels = reading.packets[0].channels();
            assert_eq!((channels.email, channels.call), (Safety::Safe, Safety::Safe), "{name} {file}");
        }
    }
}

#[test]
fn of_a_misspelt_person_a_no_wins_and_is_asked_about() {
    let row = "Client name,Phone,Safe to email,Consent to share\nAnna Vega,518-555-0142,no,no\n";
    let reading = mail(FORM, &[("a.csv", row)]);
    assert_eq!(names(&reading), [Some("Ana Vega")]);
    assert_ne!(reading.packets[0].channels().email, Safety::Safe);
    assert_eq!(reading.packets[0].get(Field::Consent).unwrap().judged, Judged::No);
    assert!(reading.problems.iter().any(|one| one.contains("disagree")), "{:?}", reading.problems);
}

#[test]
fn a_sister_with_one_phone_and_two_rows_of_a_list_stay_two() {
    for name in ["Ina Vega", "Ana Veega", "Ana Maria Vega", "Anita Vega", "Bo Vega"] {
        let row = format!("Client name,Phone\n{name},518-555-0142\n");
        assert_eq!(names(&mail(FORM, &[("a.csv", &row)])), [Some("Ana Vega"), Some(name)], "{name}");
    }
    let two = "Client name,Phone\nAna Vega,518-555-0142\nAnna Vega,518-555-0142\n";
    assert_eq!(mail("See the list.", &[("a.csv", two)]).packets.len(), 2);
    assert_eq!(mail(FORM, &[("a.csv", two)]).packets.len(), 2);
    let born = "Client name,Phone,Date of birth\nAnna Vega,518-555-0142,3/14/1999\n";
    assert_eq!(mail(&format!("{FORM}Date of birth: 3/14/1960\n"), &[("a.csv", born)]).packets.len(), 2);
}

#[test]
fn the_only_two_of_one_whole_name_are_one_and_a_name_that_three_have_tells_nobody() {
    let body = "Client name: Ana Vega\nMatter type: eviction\nCourt date: 12/23/2026\n";
    let one = "Client name,Phone,Safe to call\n\"VEGA, Ana\",518-555-0142,yes\nBo Kim,518-555-0101,yes\n";
    let reading = mail(body, &[("a.csv", one)]);
    assert_eq!(names(&reading), [Some("Ana Vega"), Some("Bo Kim")]);
    assert_eq!(reading.packets[0].text(Field::ClientPhone), Some("518-555-0142"));
    assert_eq!(reading.packets[0].channels().call, Safety::Safe);
    assert_eq!(reading.problems, [""; 0]);
    let two = format!("{one}Ana Vega,518-555-0199,yes\n");
    assert_eq!(mail(body, &[("a.csv", &two)]).packets.len(), 4);
    let first = body.replace("Ana Vega", "Ana");
    assert_eq!(mail(&first, &[("a.csv", one)]).packets.len(), 3, "a first name is many people's");
}

#[test]
fn a_text_that_is_nothing_but_json_is_read_as_such() {
    let text = r#"{"client": {"name": "Ann Lee", "phone": "518-555-0142"}, "safe_to_call": false, "referrer": {"name": "Jo Bell"}}"#;
    let reading = mail(text, &[]);
    assert_eq!(names(&reading), [Some("Ann Lee")]);
    let packet = &reading.packets[0];
    assert_eq!(packet.text(Field::ReferrerName), Some("Jo Bell"));
    assert_eq!(packet.channels().call, Safety::NotSafe);
    assert_eq!(packet.get(Field::ClientPhone).unwrap().place, "text client.phone");
    assert_eq!(names(&mail("{see below}\nClient name: Bo Kim\n[end]", &[])), [Some("Bo Kim")]);
}

#[test]
fn attached_texts_that_are_longer_together_than_are_read_are_said_to_be() {
    let text = "The landlord came again and took the box off the wall.\n".repeat(6_000);
    let names = ["a.txt", "b.txt", "c.txt", "d.txt"];
    let said = |count: usize| {
        let files: Vec<(&str, &str)> = names.iter().take(count).map(|name| (*name, &*text)).collect();
        let reading = mail("Client name: Bo Kim\nPhone: 518-555-0101\n", &files);
        reading.problems.iter().any(|one| one.contains("very long together"))
    };
    assert!(!said(3) && said(4));
}
