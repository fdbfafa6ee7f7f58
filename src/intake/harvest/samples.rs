//! Mails whose answer stands elsewhere than in the form: whatever speaks against a yes is heard.

use crate::intake::{Reading, read, tests::context};
use crate::referral::packet::{Field, Judged, Packet, Safety};

/// The list that says yes to everything.
const LIST: &str = "Client name,Phone,Safe to email,Safe to call,Consent to share,Email\nAnn Lee,518-555-0101,yes,yes,yes,ann@m.example\n";

/// A mail with a body and files, each with its name, which tells its type.
pub(super) fn mail(body: &str, files: &[(&str, &str)]) -> Reading {
    let file = |(name, text): &(&str, &str)| {
        format!(
            "--x\nContent-Type: application/octet-stream; name={name}\nContent-Disposition: attachment\n\n{text}\n"
        )
    };
    let files: String = files.iter().map(file).collect();
    let mail = format!(
        "From: Jo <jo@partner.example>\nSubject: hello\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n{body}\n{files}--x--\n"
    );
    read(mail.as_bytes(), &context())
}

fn judged(packet: &Packet, field: Field) -> Option<&Judged> {
    packet.get(field).map(|found| &found.judged)
}

/// Whether some packet of the mail may be written to.
fn believes(reading: &Reading) -> bool {
    assert!(!reading.packets.is_empty());
    reading.packets.iter().any(|packet| packet.channels().email == Safety::Safe)
}

fn consents(reading: &Reading) -> bool {
    reading.packets.iter().any(|packet| judged(packet, Field::Consent) == Some(&Judged::Yes))
}

#[test]
fn a_no_behind_another_sentence_of_its_line_is_heard() {
    const FORM: &str = "Client name: Ann Lee\nEmail: ann@m.example\nSafe to email: yes\nSafe to call: yes\nConsent to share: yes\n";
    const BEFORE: &str = "She called me back this morning and has changed her mind about it all.";
    assert!(believes(&mail(FORM, &[])) && consents(&mail(FORM, &[])));
    for no in ["Safe to email: no, he reads her mail", "Safe to email: no", "Do not email: yes"] {
        assert!(!believes(&mail(&format!("{FORM}\n{BEFORE} {no}"), &[])), "{no}");
    }
    for no in ["Consent to share: no", "Consent to share: no, not any more"] {
        assert!(!consents(&mail(&format!("{FORM}\n{BEFORE} {no}"), &[])), "{no}");
    }
    let call = mail(&format!("{FORM}\n{BEFORE} Safe to call: no"), &[]);
    assert!(believes(&call) && call.packets[0].channels().call != Safety::Safe);
    assert!(believes(&mail(&format!("{FORM}\n{BEFORE} Safe to email: yes"), &[])));
    // Nothing reads it as a form.
    for name in ["note.txt", "note.md"] {
        assert!(!believes(&mail(FORM, &[(name, "Safe to email: no\n")])), "{name}");
    }
}

#[test]
fn a_sentence_behind_an_initial_is_heard_by_itself() {
    const FORM: &str = "Client name: Ann Lee\nEmail: ann@m.example\nSafe to email: yes\n";
    for line in [
        "Safe to leave a voicemail: yes, ask for Maria G. He reads her email.",
        "Consent given on: 11/3/2026 by Maria G. Her husband reads her email.",
    ] {
        assert!(!believes(&mail(&format!("{FORM}{line}"), &[])), "{line}");
    }
    let form = FORM.replace("Email:", "Opposing party: Robert O. Ray\nEmail:");
    assert!(!believes(&mail(&format!("{form}\nMr. O. Ray reads her mail."), &[])));
}

#[test]
fn a_no_in_the_body_wins_over_a_yes_in_a_file_about_who_may_be_the_same_person() {
    assert!(believes(&mail("See the list.", &[("a.csv", LIST)])));
    for body in [
        "Client name: Ann Lee\nSafe to email: no\nConsent to share: no",
        "Client name: Ann\nSafe to email: no\nConsent to share: no",
        "Safe to email: no\nConsent to share: no",
    ] {
        let reading = mail(body, &[("a.csv", LIST)]);
        assert!(!believes(&reading) && !consents(&reading), "{body}");
        assert!(!reading.problems.is_empty(), "{body}");
    }
    let twice = format!("{LIST}Ann Lee,518-555-0109,no,yes,no,\n");
    let reading = mail("See the list.", &[("a.csv", &twice)]);
    assert!(!believes(&reading) && !consents(&reading));
    let other = format!("{LIST}Bo Kim,518-555-0109,no,yes,no,\n");
    assert!(believes(&mail("See the list.", &[("a.csv", &other)])));
}

#[test]
fn a_no_in_running_text_is_not_overwritten_by_a_yes_in_a_file() {
    for body in
        ["Client phone: 518-555-0101\nForm attached. Safe to email: no", "Form attached. Safe to email: no"]
    {
        assert!(!believes(&mail(body, &[("a.csv", LIST)])), "{body}");
        let two = format!("{LIST}Bo Kim,518-555-0102,yes,yes,yes,bo@m.example\n");
        assert!(!believes(&mail(body, &[("a.csv", &two)])), "{body}");
    }
}

#[test]
fn a_yes_counts_for_the_address_that_stands_beside_it_only() {
    let letterhead = r"{\rtf1\ansi Phone: 518-555-0100\par Email: jane@shelter.example\par}";
    let card = "BEGIN:VCARD\nTEL:518-555-0100\nEMAIL:jane@shelter.example\nEND:VCARD\n";
    let row = "Client name,Phone,Email\nAnn Lee,518-555-0100,jane@shelter.example\n";
    let body = "Client name: Ann Lee\nPhone: 518-555-0100\nSafe to email: yes\nConsent to share: yes\n";
    for (name, file) in [("a.rtf", letterhead), ("a.vcf", card), ("a.csv", row)] {
        assert!(!believes(&mail(body, &[(name, file)])), "{name}");
        let is_hers =
            |packet: &Packet| packet.client_email().is_some() && packet.text(Field::ClientName).is_some();
        assert!(name == "a.csv" || !mail(body, &[(name, file)]).packets.iter().any(is_hers), "{name}");
    }
    let same = mail(&format!("{body}Email: jane@shelter.example\n"), &[("a.csv", row)]);
    assert!(believes(&same) && same.packets.len() == 1);
}

#[test]
fn what_is_said_at_a_phone_of_two_people_is_nobodys() {
    let two = "Client name,Phone,Safe to email\nAnn Lee,518-555-0100,yes\nBo Lee,518-555-0100,yes\n";
    let body = "Please call them at 518-555-0100 or write to shelter@harbor.example. The hearing is on December 3, 2026 at 9.";
    let reading = mail(body, &[("a.csv", two)]);
    assert_eq!(reading.packets.len(), 2);
    for packet in &reading.packets {
        assert_eq!((packet.client_email(), packet.text(Field::Reason)), (None, None));
        let dates: Vec<_> = packet.deadlines().map(|date| (date.kind, date.ambiguous)).collect();
        assert_eq!(dates, [(Field::OtherDeadline, true)]);
    }
    assert!(reading.problems[0].contains("please ask whose"), "{:?}", reading.problems);
}

#[test]
fn a_deadline_and_an_urgency_beside_a_file_are_kept_as_possible_ones_and_named() {
    let two = format!("{LIST}Bo Kim,518-555-0102,yes,yes,yes,bo@m.example\n");
    for list in [LIST, &two] {
        let body = "URGENT! Her hearing is on December 3, 2026 at 9. She speaks Spanish. Form attached.";
        let reading = mail(body, &[("a.csv", list)]);
        assert_eq!(reading.packets.len(), list.lines().count() - 1);
        for packet in &reading.packets {
            let dates: Vec<_> = packet.deadlines().map(|date| (date.kind, date.ambiguous)).collect();
            assert_eq!(dates, [(Field::OtherDeadline, true)]);
            assert!(packet.get(Field::Urgency).is_some() && packet.language().is_none());
        }
        let asked = &reading.problems[0];
        assert!(
            asked.contains("court date") && asked.contains("language") && asked.contains("whose"),
            "{asked}"
        );
    }
    let reading = mail("URGENT, please see the attached form.", &[("a.csv", LIST)]);
    assert!(
        !reading.problems[0].contains("date") && reading.problems[0].contains("urgency"),
        "{:?}",
        reading.problems
    );
}

#[test]
fn another_phone_in_the_text_is_kept_and_makes_no_call_safe() {
    let body = "Her email is ann@m.example. Please call her only at her new number 518-555-0199, the one on the form is his.";
    let reading = mail(body, &[("a.csv", LIST)]);
    let [packet] = reading.packets.as_slice() else { panic!("{} packets", reading.packets.len()) };
    assert_eq!(packet.text(Field::ClientPhone), Some("518-555-0101"));
    assert_eq!(packet.text(Field::ClientPhoneOther), Some("518-555-0199"));
    assert_ne!(packet.channels().call, Safety::Safe);
    assert!(reading.problems.iter().any(|problem| problem.contains("phone")), "{:?}", reading.problems);
    let spoken = mail(
        "Please call 518-555-0101. Her hearing is on December 5, 2026 at 9.",
        &[("a.csv", "Client name,Phone,Court date\nAnn Lee,518-555-0101,December 3 2026\n")],
    );
    assert!(spoken.problems.iter().any(|problem| problem.contains("court_date")), "{:?}", spoken.problems);
}

#[test]
fn a_large_text_before_a_warning_does_not_hide_it() {
    let line = "The landlord came again and took the mail box off the wall of the house.\n";
    let large = line.repeat(18_000);
    let warns = "Please do not email her, he reads her mail.";
    assert!(!believes(&mail("See the files.", &[("a.csv", LIST), ("big.txt", &large), ("note.txt", warns)])));
    let first = format!("{warns}\n{large}");
    assert!(!believes(&mail("See the files.", &[("a.csv", LIST), ("big.txt", &first)])));
    let last = format!("{large}{warns}\n");
    assert!(!believes(&mail("See the files.", &[("a.csv", LIST), ("big.txt", &last)])));
    let small = line.repeat(1_000);
    assert!(believes(&mail("See the files.", &[("a.csv", LIST), ("small.txt", &small)])));
}

#[test]
fn an_opened_mail_is_heard_in_both_its_bodies_and_outside_of_them() {
    let warns = "Please do not email her, he reads her mail.";
    let mail_file = |preamble: &str, plain: &str, html: &str, epilogue: &str| {
        format!(
            "From: Pat <pat@other.example>\nSubject: see\nContent-Type: multipart/alternative; boundary=y\n\n{preamble}\n--y\n\n\
             {plain}\n--y\nContent-Type: text/html\n\n<p>{html}</p>\n--y--\n{epilogue}\n"
        )
    };
    for file in [
        mail_file("", "hello", warns, ""),
        mail_file(warns, "hello", "hello", ""),
        mail_file("", "hello", "hello", warns),
        mail_file("", warns, "hello", ""),
    ] {
        assert!(!believes(&mail("See the files.", &[("a.csv", LIST), ("a.eml", &file)])), "{file}");
        let inline = format!(
            "From: Jo <jo@partner.example>\nSubject: hello\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n\
             Client name: Ann Lee\nEmail: ann@m.example\nSafe to email: yes\n--x\nContent-Type: message/rfc822\n\n{file}\n--x--\n"
        );
        assert!(!believes(&read(inline.as_bytes(), &context())), "{file}");
    }
    let harmless = mail_file("", "hello", "hello", "");
    assert!(believes(&mail("See the files.", &[("a.csv", LIST), ("a.eml", &harmless)])));
}

#[test]
fn the_other_side_of_one_packet_is_looked_for_with_every_packet() {
    let two = format!("{LIST}Bo Kim,518-555-0102,yes,yes,yes,bo@m.example\n");
    for list in [LIST, &two] {
        let reading = mail("Opposing party: Bob Ray\nBob reads her mail.", &[("a.csv", list)]);
        assert!(!believes(&reading));
        let named =
            mail("Client name: Cleo Ash\nOpposing party: Bob Ray\n\nBob reads her mail.", &[("a.csv", list)]);
        assert!(!believes(&named));
        assert!(believes(&mail("Opposing party: Bob Ray\nBob lives there.", &[("a.csv", list)])));
    }
}

#[test]
fn a_text_about_somebody_else_is_no_referral() {
    let report = "Complaint\nName: Bob Ray\nPhone: 518-555-0166\nEmail: bob@m.example\nAddress: 1 Main St, Albany\nDate of birth: 1/2/1980\n";
    for name in ["police.txt", "police.html"] {
        let report = if name.ends_with("html") { report.replace('\n', "<br>") } else { report.to_owned() };
        let reading = mail("The client is Ann Lee, 518-555-0142.", &[(name, &report)]);
        let names: Vec<_> = reading.packets.iter().map(|packet| packet.text(Field::ClientName)).collect();
        assert!(!names.contains(&Some("Bob Ray")), "{name} {names:?}");
        assert!(reading.problems.iter().any(|problem| problem.contains("whose")), "{:?}", reading.problems);
    }
    for label in ["Matter type: eviction", "Consent to share: yes", "Safe to call: yes"] {
        let reading = mail("See the file.", &[("form.txt", &format!("{report}{label}\n"))]);
        assert_eq!(reading.packets.len(), 1, "{label}");
    }
}

#[test]
fn the_card_of_whoever_wrote_refers_nobody_and_that_of_a_client_does_in_any_order() {
    let card = |who: &str| format!("BEGIN:VCARD\nFN:Ann Lee\nTEL:518-555-0101\nEMAIL:{who}\nEND:VCARD\n");
    let saved = "From: Ann <ann@m.example>\nSubject: please help\n\nhello\n";
    let count = |who: &str, order: [usize; 2]| {
        let card = card(who);
        let files = [("ann.vcf", card.as_str()), ("m.eml", saved)];
        mail("See the files.", &order.map(|at| files[at])).packets.len()
    };
    assert_eq!(count("ann@m.example", [0, 1]), count("ann@m.example", [1, 0]));
    assert_eq!((count("bo@m.example", [0, 1]), count("bo@m.example", [1, 0])), (1, 1));
    assert_eq!((count("jo@partner.example", [0, 1]), count("jo@partner.example", [1, 0])), (0, 0));
}

#[test]
fn a_problem_of_many_files_is_said_once_and_the_warning_before_it() {
    let files: Vec<(String, String)> = (0..30).map(|nth| (format!("a{nth}.json"), "{".to_owned())).collect();
    let mut files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (&**name, &**text)).collect();
    files.insert(0, ("a.csv", LIST));
    let reading = mail("Please do not email her, he reads her mail.", &files);
    let mut said = reading.problems.clone();
    said.dedup();
    assert_eq!(said, reading.problems);
    assert!(reading.problems[0].contains("may warn of writing"), "{:?}", reading.problems);
}

#[test]
fn a_warning_with_a_title_or_an_initial_in_it_is_heard() {
    const FORM: &str =
        "Client name: Ann Lee\nEmail: ann@m.example\nSafe to email: yes\nConsent to share: yes\n";
    for line in [
        "Email to Ms. Lee is not safe.",
        "Her husband Mr. Ray reads her mail.",
        "Her ex Robert J. Ray reads her email.",
    ] {
        assert!(!believes(&mail(&format!("{FORM}\n{line}"), &[])), "{line}");
    }
    assert!(!consents(&mail(&format!("{FORM}\nThe consent of Ms. Lee was withdrawn."), &[])));
    let harmless = mail(&format!("{FORM}\nMs. Lee lives with Robert J. Ray."), &[]);
    assert!(believes(&harmless) && consents(&harmless));
}

/// A list of people of one shelter, whose phone they share, each with what else its row says.
fn residents(rows: &[(&str, &str, &str)]) -> Reading {
    let row = |(name, consent, voicemail): &(&str, &str, &str)| {
        format!("{name},518-555-0100,{consent},{name},{voicemail},yes\n")
    };
    let rows: String = rows.iter().map(row).collect();
    let head = "Client name,Phone,Consent to share,Consent given by,Safe to leave voicemail,Safe to call\n";
    mail("See the list.", &[("a.csv", &format!("{head}{rows}"))])
}

#[test]
fn people_of_one_list_who_share_a_phone_keep_their_own_consent() {
    let all = residents(&[("Ann Lee", "yes", "yes"), ("Bo Kim", "yes", "yes"), ("Cleo Ash", "no", "no")]);
    assert_eq!(all.packets.len(), 3);
    for (packet, consent) in all.packets.iter().zip([Judged::Yes, Judged::Yes, Judged::No]) {
        assert_eq!(judged(packet, Field::Consent), Some(&consent));
        let alone = residents(&[(packet.text(Field::ClientName).unwrap(), "yes", "yes")]);
        assert_eq!(judged(packet, Field::ConsentBy), judged(&alone.packets[0], Field::ConsentBy));
        // The machine is one.
        assert_ne!(packet.channels().voicemail, Safety::Safe);
        assert_eq!(packet.channels().call, Safety::Safe);
    }
}

#[test]
fn a_row_without_a_name_that_has_its_own_phone_doubts_no_other_row() {
    let list = format!("{LIST}Bo Kim,518-555-0102,yes,yes,yes,bo@m.example\n,518-555-0103,no,no,no,\n");
    let reading = mail("See the list.", &[("a.csv", &list)]);
    let consents: Vec<_> = reading.packets.iter().map(|packet| judged(packet, Field::Consent)).collect();
    assert_eq!(consents, [Some(&Judged::Yes), Some(&Judged::Yes), Some(&Judged::No)]);
    let reading = mail("Client phone: 518-555-0103\nConsent to share: no", &[("a.csv", LIST)]);
    assert!(!consents_of_ann(&reading), "in another place it may be hers");
}

fn consents_of_ann(reading: &Reading) -> bool {
    let ann = reading.packets.iter().find(|packet| packet.text(Field::ClientName) == Some("Ann Lee"));
    ann.and_then(|packet| judged(packet, Field::Consent)) == Some(&Judged::Yes)
}

#[test]
fn both_options_of_a_form_in_the_second_body_of_an_attached_mail_are_no_warning() {
    let saved = |answer: &str, html: &str| {
        format!(
            "From: Pat <pat@other.example>\nSubject: see\nContent-Type: multipart/alternative; boundary=y\n\n--y\n\
             Content-Type: text/plain; charset=utf-8\n\nClient name: Ann Lee\nEmail: ann@m.example\nSafe to email: yes\n\
             Consent to share: {answer}\n--y\nContent-Type: text/html; charset=utf-8\n\n<p>Client name: Ann Lee</p>\
             <p>Consent to share: {html}</p>\n--y--\n"
        )
    };
    for yes in ["☒ Yes ☐ No", "☑ Yes ☐ No", "[x] Yes [ ] No", "Yes"] {
        assert!(consents(&mail("See the mail.", &[("a.eml", &saved(yes, yes))])), "{yes}");
    }
    for no in ["☐ Yes ☒ No", "☐ Yes ☑ No", "[ ] Yes [x] No", "No", "not any more", "yes, but withdrawn"]
    {
        assert!(!consents(&mail("See the mail.", &[("a.eml", &saved("Yes", no))])), "{no}");
    }
}

#[test]
fn a_text_with_the_labels_of_a_referral_is_one_without_the_word_client() {
    const FORM: &str = "Name: Ann Lee\nPhone: 518-555-0142\nDate of birth: 1/2/1980\nGender: F\n";
    assert!(mail("See the file.", &[("form.txt", FORM)]).packets.is_empty());
    for label in [
        "Reason for referral: eviction",
        "Court date: 12/3/2026",
        "Answer due: 12/3/2026",
        "Lockout date: 12/3/2026",
        "Referring agency: Harbor House",
        "Referred by: Jo Bell",
        "Referral date: 11/3/2026",
    ] {
        let text = format!("{FORM}{label}\n");
        for (name, text) in [("form.txt", text.clone()), ("form.html", text.replace('\n', "<br>"))] {
            let reading = mail("See the file.", &[(name, &text)]);
            assert_eq!(reading.packets.len(), 1, "{name} {label}");
            assert_eq!(reading.packets[0].text(Field::ClientPhone), Some("518-555-0142"), "{label}");
        }
    }
}

#[test]
fn a_text_that_names_nobody_is_not_given_to_the_card_of_a_signature() {
    let card =
        |address: &str| format!("BEGIN:VCARD\nFN:Jane Roe\nTEL:518-555-0100\nEMAIL:{address}\nEND:VCARD\n");
    let body =
        "Matter type: eviction\nCourt date: December 3, 2026\nConsent to share: yes\nSafe to call: yes\n";
    for address in ["jane@partner.example", "jane@home.example"] {
        let reading = mail(body, &[("jane.vcf", &card(address))]);
        let janes = reading.packets.iter().filter(|one| one.text(Field::ClientName) == Some("Jane Roe"));
        for jane in janes {
            assert!(judged(jane, Field::Consent) != Some(&Judged::Yes), "{address}");
            assert_ne!(jane.channels().call, Safety::Safe, "{address}");
        }
    }
    let own = mail(body, &[("jane.vcf", &card("jane@partner.example"))]);
    assert!(own.packets.iter().all(|one| one.text(Field::ClientName).is_none()));
    let hers = mail(&format!("Phone: 518-555-0100\n{body}"), &[("jane.vcf", &card("jane@home.example"))]);
    assert!(consents(&hers), "the phone is hers");
}
