//! Files about somebody who is no client, and forms that hang on a mail twice.

use super::samples::mail;
use crate::intake::{Reading, read, tests::context};
use crate::referral::packet::Field;

fn names(reading: &Reading) -> Vec<Option<&str>> {
    reading.packets.iter().map(|packet| packet.text(Field::ClientName)).collect()
}

fn is_asked(reading: &Reading, words: &str) -> bool {
    reading.problems.iter().any(|problem| problem.contains(words))
}

const SOMEBODY: &str =
    "Name: Bob Ray\nPhone: 518-555-0142\nDate of birth: 3/14/1980\nAddress: 12 Elm St, Troy NY\n";
const CLIENT: &str = "Name: Ana Vega\nPhone: 518-555-0111\nDate of birth: 3/14/1990\nLanguage: Spanish\n";

#[test]
fn a_file_about_the_other_side_or_another_paper_is_no_clients() {
    let headed = |heading: &str| format!("{heading}\n\n{SOMEBODY}");
    let wants = |text: &str| format!("{text}Language: English\nCourt date: 12/3/2026\nSafe to call: yes\n");
    for (body, name, text) in [
        ("Here is what I have on the landlord for the referral of yesterday.", "l.txt", SOMEBODY.to_owned()),
        ("A referral, see the file.", "landlord.txt", SOMEBODY.to_owned()),
        (
            "What I know about her abusive husband, for the referral I sent you.",
            "bob.txt",
            SOMEBODY.to_owned(),
        ),
        ("A referral, see the file.", "abuser.txt", wants(SOMEBODY)),
        ("A referral, see the file.", "husband.txt", wants(SOMEBODY)),
        ("see file", "referral opposing party.txt", SOMEBODY.to_owned()),
        ("see file", "a.txt", headed("Opposing party in this referral")),
        ("see file", "police_report_for_referral.txt", SOMEBODY.to_owned()),
        (
            "She was referred to us by a friend, her data for the job is attached.",
            "c.txt",
            SOMEBODY.to_owned(),
        ),
        ("She was referred to us, see the file.", "candidate.txt", SOMEBODY.to_owned()),
        ("Con referencia a su pedido, adjunto los datos.", "datos.txt", SOMEBODY.to_owned()),
        ("Una remisión.", "esposo.txt", SOMEBODY.to_owned()),
    ] {
        let reading = mail(body, &[(name, &text)]);
        assert!(!names(&reading).contains(&Some("Bob Ray")), "{body} {name}");
        assert!(!reading.attachments[0].used && is_asked(&reading, "whose"), "{name} {:?}", reading.problems);
    }
    let form = format!("Referral form\nClient\n{CLIENT}\nLandlord: Bob Ray\nReason for referral: eviction\n");
    assert_eq!(names(&mail("See the file.", &[("landlord_case.txt", &form)])), [Some("Ana Vega")]);
    assert_eq!(names(&mail("Una referencia nueva.", &[("a.txt", SOMEBODY)])), [Some("Bob Ray")]);
}

#[test]
fn a_file_beside_a_clients_is_a_client_only_where_it_asks_itself() {
    for name in ["husband.txt", "b.txt"] {
        for body in ["see files", "A referral, see the files."] {
            let reading = mail(body, &[("ana.txt", CLIENT), (name, SOMEBODY)]);
            assert_eq!(names(&reading), [Some("Ana Vega")], "{name} {body}");
            assert!(is_asked(&reading, "whose"), "{name} {:?}", reading.problems);
            let used: Vec<bool> = reading.attachments.iter().map(|file| file.used).collect();
            assert_eq!(used, [true, false], "{name}");
        }
    }
    let other = SOMEBODY.replace("Bob Ray", "Al Roe").replace("0142", "0143");
    assert!(mail("A referral, see the files.", &[("a.txt", SOMEBODY), ("b.txt", &other)]).packets.is_empty());
}

#[test]
fn one_form_hung_on_twice_is_one_client() {
    let page = CLIENT.replace('\n', "<br>");
    let again = format!("{CLIENT}\nHe reads her texts, never text her\n");
    for (name, text) in [("form.html", page), ("ana2.txt", again)] {
        let reading = mail("A referral, see the files.", &[("form.txt", CLIENT), (name, &text)]);
        assert_eq!(names(&reading), [Some("Ana Vega")], "{name}");
        assert!(reading.attachments.iter().all(|file| file.used), "{name}");
    }
    let plain = SOMEBODY.replace('\n', "<br>");
    let reading = mail("A referral, see the files.", &[("a.txt", SOMEBODY), ("a.html", &plain)]);
    assert_eq!(names(&reading), [Some("Bob Ray")]);
}

#[test]
fn the_subject_of_an_answer_makes_no_file_a_referral() {
    let count = |subject: &str| {
        let mail = format!(
            "From: Jo <jo@partner.example>\nSubject: {subject}\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nsee file\n\
             --x\nContent-Type: text/plain; name=a.txt\nContent-Disposition: attachment\n\n{SOMEBODY}\n--x--\n"
        );
        read(mail.as_bytes(), &context()).packets.len()
    };
    assert_eq!(count("New referral"), 1);
    for subject in
        ["Re: New referral", "RE: Referral R-7K4M-2QX9", "referral R-7K4M-2QX9", "Referral r-7k4m-2qx9"]
    {
        assert_eq!(count(subject), 0, "{subject}");
    }
}

#[test]
fn a_form_of_a_program_that_is_named_for_what_it_does_is_read() {
    let form = "Lawyer Referral Service\nLandlord-Tenant Intake\nName: Ana Vega\nPhone: 518-555-0142\nSafe to call: yes\n\
                Legal problem: eviction\n";
    let reading = mail("See the file.", &[("form.txt", form)]);
    assert_eq!(names(&reading), [Some("Ana Vega")]);
}
