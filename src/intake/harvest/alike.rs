//! Two people of one mail who are named alike.

use super::samples::mail;
use crate::intake::Reading;
use crate::referral::packet::{Field, Judged, Safety};

fn names(reading: &Reading) -> Vec<Option<&str>> {
    reading.packets.iter().map(|packet| packet.text(Field::ClientName)).collect()
}

fn is_asked(reading: &Reading, words: &str) -> bool {
    reading.problems.iter().any(|problem| problem.contains(words))
}

fn judged(reading: &Reading, field: Field) -> Option<&Judged> {
    reading.packets[0].get(field).map(|found| &found.judged)
}

const YES: &str = "Email: fam@m.example\nConsent to share: yes\nSafe to email: yes\nSafe to call: yes\n";

#[test]
fn spouses_and_siblings_on_one_phone_are_two() {
    for (one, other) in [
        ("Frances Ray", "Francis Ray"),
        ("Christian Lopez", "Christina Lopez"),
        ("Samir Haddad", "Samar Haddad"),
        ("Jamal Reed", "Jamil Reed"),
        ("Xiaoming Wu", "Xiaoling Wu"),
        ("Jesse Cole", "Jessie Cole"),
        ("Marian Cole", "Marion Cole"),
        ("Danielle Roy", "Daniele Roy"),
        ("René Roy", "Renée Roy"),
        ("Noa Levi", "Noah Levi"),
        ("Александр Шевченко", "Александра Шевченко"),
        ("Евгений Шевченко", "Евгения Шевченко"),
        ("דניאל כהן", "דניאלה כהן"),
    ] {
        let body = format!("Client name: {one}\nPhone: 518-555-0142\n{YES}Matter type: eviction\n");
        let row = format!("Client name,Phone,Matter type\n{other},518-555-0142,divorce\n");
        let reading = mail(&body, &[("b.csv", &row)]);
        assert_eq!(names(&reading), [Some(one), Some(other)]);
        assert_eq!(judged(&reading, Field::Consent), Some(&Judged::Yes), "{one}");
        assert_eq!(reading.packets[1].client_email(), None, "{one}");
    }
}

#[test]
fn the_misspelt_half_of_a_person_vouches_for_nothing_and_is_asked_about() {
    let row = "Client name,Phone,Email,Other phone,Consent to share,Safe to call,Safe to email,Court date\n\
               Anna Vega,518-555-0142,anna@m.example,518-555-0177,yes,yes,yes,12/23/2026\n";
    let reading =
        mail("Client name: Ana Vega\nPhone: 518-555-0142\nMatter type: eviction\n", &[("b.csv", row)]);
    assert_eq!(names(&reading), [Some("Ana Vega")]);
    let packet = &reading.packets[0];
    assert_eq!((packet.client_email(), packet.text(Field::ClientPhoneOther)), (None, None));
    for field in [Field::Consent, Field::SafeCall, Field::SafeEmail] {
        assert!(matches!(judged(&reading, field), Some(Judged::Unclear(_))), "{field:?}");
    }
    assert!(
        packet.get(Field::CourtDate).is_some() && is_asked(&reading, "spellings"),
        "{:?}",
        reading.problems
    );
    let own = format!("Client name: Ana Vega\nPhone: 518-555-0142\n{YES}");
    let reading = mail(&own, &[("b.csv", "Client name,Phone\nAnna Vega,518-555-0142\n")]);
    assert_eq!((names(&reading).len(), judged(&reading, Field::Consent)), (1, Some(&Judged::Yes)));
    assert!(is_asked(&reading, "spellings"), "{:?}", reading.problems);
}

#[test]
fn two_spellings_with_two_addresses_or_an_other_side_of_the_name_are_two() {
    let body = "Client name: Ana Vega\nPhone: 518-555-0142\n";
    let row = "Client name,Phone\nAnna Vega,518-555-0142\n";
    assert_eq!(mail(body, &[("b.csv", row)]).packets.len(), 1);
    let two = mail(
        &format!("{body}Email: ana@m.example\n"),
        &[("b.csv", "Client name,Phone,Email\nAnna Vega,518-555-0142,anna@m.example\n")],
    );
    assert_eq!(two.packets.len(), 2);
    for side in ["Anna Vega", "Anna Vega (her mother)", "Ana Vega", "Carlos Vega", "the Vega family"] {
        let body = format!("{body}Opposing party: {side}\n");
        assert_eq!(mail(&body, &[("b.csv", row)]).packets.len(), 2, "{side}");
        let row = format!("Client name,Phone,Opposing party\nAnna Vega,518-555-0142,{side}\n");
        assert_eq!(mail("Client name: Ana Vega\nPhone: 518-555-0142\n", &[("b.csv", &row)]).packets.len(), 2);
    }
}

#[test]
fn father_and_son_of_one_name_are_two_where_the_one_is_the_other_side_of_the_other() {
    let body = format!("Client name: Jose Garcia\nPhone: 518-555-0142\n{YES}Opposing party: Jose Garcia\n");
    let row = "Client name,Phone\nJose Garcia,518-555-0142\n";
    assert_eq!(mail(&body, &[("b.csv", row)]).packets.len(), 2);
}

#[test]
fn whoever_is_the_other_side_of_a_client_of_the_mail_is_written_to_by_nobody() {
    let body = "Client name: Frances Ray\nPhone: 518-555-0142\nMatter type: order of protection\n\
                Opposing party: Francis Ray\nSafe to call: yes\nConsent to share: yes\n";
    let row = "Client name,Phone,Email,Consent to share,Safe to email\n\
               Francis Ray,518-555-0142,francis@m.example,yes,yes\n";
    let reading = mail(body, &[("fr.csv", row)]);
    assert_eq!(names(&reading), [Some("Frances Ray"), Some("Francis Ray")]);
    let [hers, his] = reading.packets.as_slice() else { panic!("two") };
    assert_eq!(hers.client_email(), None);
    assert_ne!(his.channels().email, Safety::Safe);
    assert_ne!(hers.channels().call, Safety::Safe, "the phone is his too");
    assert_ne!(his.get(Field::Consent).map(|found| &found.judged), Some(&Judged::Yes));
    assert_eq!(judged(&reading, Field::Consent), Some(&Judged::Yes), "hers is her own");
    assert!(is_asked(&reading, "other side"), "{:?}", reading.problems);
}

#[test]
fn two_people_of_one_name_with_no_way_in_common_are_two_and_asked_about() {
    let form =
        "Client name: Maria Garcia\nPhone: 518-555-0142\nConsent to share: yes\nMatter type: eviction\n";
    let card = "BEGIN:VCARD\nFN:Maria Garcia\nTEL:518-555-0777\nEMAIL:mg@other.example\nEND:VCARD\n";
    for (file, text) in [
        ("a.csv", "Client name,Phone,Email,Matter type\nMaria Garcia,845-555-0199,mg@o.example,custody\n"),
        ("a.csv", "Client name,Phone\nMaria Garcia,845-555-0199\n"),
        ("a.csv", "Client name,Phone\nMaria Garcia,845-555\n"),
        ("a.csv", "Client name,Email\nMaria Garcia,mg@o.example\n"),
        ("a.csv", "Client name,Address,Matter type\nMaria Garcia,44 Elm St,order of protection\n"),
        ("a.vcf", card),
    ] {
        let reading = mail(form, &[(file, text)]);
        assert_eq!(reading.packets.len(), 2, "{text}");
        assert!(is_asked(&reading, "one name"), "{text} {:?}", reading.problems);
    }
    let lived = format!("{form}Address: 1 Main St, Albany\n");
    assert_eq!(mail(&lived, &[("a.csv", "Client name,Address\nMaria Garcia,44 Elm St\n")]).packets.len(), 2);
    assert_eq!(mail(form, &[("a.csv", "Client name,Language\nMaria Garcia,Spanish\n")]).packets.len(), 1);
}

#[test]
fn a_consent_that_a_name_alone_joins_to_a_matter_is_asked_about() {
    let row = "Client name,Phone,Consent to share\nAna Vega,518-555-0142,yes\n";
    let reading = mail("Client name: Ana Vega\nMatter type: eviction\n", &[("a.csv", row)]);
    assert_eq!(names(&reading), [Some("Ana Vega")]);
    assert!(matches!(judged(&reading, Field::Consent), Some(Judged::Unclear(_))));
    assert!(is_asked(&reading, "matter"), "{:?}", reading.problems);
    let body = "Client name: Ana Vega\nMatter type: eviction\nConsent to share: yes\n";
    let reading = mail(body, &[("a.csv", "Client name,Phone\nAna Vega,518-555-0142\n")]);
    assert_eq!(judged(&reading, Field::Consent), Some(&Judged::Yes));
}

#[test]
fn one_matter_or_home_in_other_words_is_still_one_and_another_house_is_not() {
    let body = "Client name: Ana Vega\nMatter type: eviction\nAddress: 12 Maple St\nOpposing party: Carlos Vega, husband of \
                Ana Vega\n";
    let same = "Client name,Phone,Matter type,Address\nAna Vega,518-555-0142,Housing - eviction,\"12 Maple Street, Troy\"\n";
    assert_eq!(names(&mail(body, &[("a.csv", same)])), [Some("Ana Vega")]);
    for row in [
        "Client name,Phone,Address\nAna Vega,518-555-0142,14 Maple St\n",
        "Client name,Phone,Matter type\nAna Vega,518-555-0142,custody\n",
    ] {
        assert_eq!(mail(body, &[("a.csv", row)]).packets.len(), 2, "{row}");
    }
}
