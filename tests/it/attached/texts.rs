//! Text files, web pages and mails that hang on a mail as plain files: read when somebody filled them in.

use handoffd::intake::{Reading, read};
use handoffd::referral::packet::{Field, Judged, Packet};

const FORM: &str = "Client name: Ann Lee\nPhone: 518-555-0101\nLanguage: Spanish\nSafe to email: no\nConsent to share: yes\n";

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// A mail with one file, sent in base64 as programs send files.
fn mail(kind: &str, name: &str, bytes: &[u8]) -> Reading {
    let mail = format!(
        "From: jo@partner.example\nTo: intake@handoff.example\nSubject: hello\nContent-Type: multipart/mixed; boundary=x\n\n\
         --x\n\nPlease see the file.\n--x\nContent-Type: {kind}; name=\"{name}\"\n\
         Content-Disposition: attachment; filename=\"{name}\"\nContent-Transfer-Encoding: base64\n\n{}\n--x--\n",
        base64(bytes)
    );
    read(mail.as_bytes(), &crate::corpora::context())
}

fn ann(reading: &Reading) -> &Packet {
    let [packet] = reading.packets.as_slice() else { panic!("{} packets", reading.packets.len()) };
    assert_eq!(packet.text(Field::ClientName), Some("Ann Lee"));
    assert_eq!(packet.text(Field::ClientPhone), Some("518-555-0101"));
    packet
}

#[test]
fn a_text_file_and_a_web_page_that_were_filled_in_are_packets() {
    let row = |line: &str| {
        let (label, value) = line.split_once(':').unwrap();
        format!("<tr><td>{label}</td><td>{}</td></tr>", value.trim())
    };
    let rows = FORM.lines().map(row).collect::<Vec<_>>().concat();
    let page = format!("<html><body><table>{rows}</table></body></html>");
    for (kind, name, text) in [
        ("text/plain", "referral.txt", FORM),
        ("application/octet-stream", "referral.TXT", FORM),
        ("text/html", "referral.html", &page),
        ("application/octet-stream", "referral.htm", &page),
    ] {
        let reading = mail(kind, name, text.as_bytes());
        let packet = ann(&reading);
        assert!(packet.get(Field::ClientPhone).unwrap().place.starts_with(name), "{name}");
        assert!(reading.attachments[0].used && reading.attachments[0].name == name, "{name}");
    }
}

#[test]
fn a_text_file_that_is_no_form_is_heard_and_refers_nobody() {
    for text in [
        "-- \nJo Bell\nPhone: 518-555-0199\nEmail: jo@partner.example\n",
        "Phone: 518-555-0199\nEmail: jo@partner.example\n",
        "2026-11-03 09:15 call from 518-555-0199 was not answered\n",
        "Dear Ms. Lee,\nyour hearing is on December 3 at 9. Call 518-555-0100.\n",
        "On Tue, 3 Nov 2026 at 09:15, Ann <ann@example.org> wrote:\n> Client name: Eve Evil\n> Phone: 518-555-0102\n> Language: Spanish\n",
    ] {
        let reading = mail("text/plain", "note.txt", text.as_bytes());
        assert_eq!((reading.packets.len(), reading.attachments[0].used), (0, false), "{text}");
    }
    let warned = mail("text/plain", "note.txt", b"He reads her email. Do not email her.\n");
    assert!(warned.warnings.mail);
}

#[test]
fn a_mail_saved_as_a_file_is_opened_under_whatever_type_and_what_hangs_on_it_is_listed() {
    let plain = format!("From: Pat <pat@other.example>\nSubject: A client\n\n{FORM}");
    let parted = "From: Pat <pat@other.example>\nSubject: A client\nContent-Type: multipart/mixed; boundary=y\n\n--y\n\nsee list\n--y\n\
                  Content-Type: text/csv; name=list.csv\n\nClient name,Phone\nAnn Lee,518-555-0101\n--y--\n";
    for (kind, mail_file) in [
        ("application/octet-stream", plain.as_str()),
        ("text/plain", &plain),
        ("message/rfc822", &plain),
        ("application/octet-stream", parted),
    ] {
        let reading = mail(kind, "saved.eml", mail_file.as_bytes());
        ann(&reading);
        // What is only a file is no forward: a command above it stands.
        let from = reading.forwarded.as_ref().and_then(|forwarded| forwarded.from.as_ref());
        let forwarded = kind.starts_with("message/").then_some("pat@other.example");
        assert_eq!(from.map(handoffd::referral::address::EmailAddress::as_str), forwarded, "{kind}");
        let names: Vec<&str> = reading.attachments.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names.contains(&"list.csv"), mail_file == parted, "{names:?}");
    }
}

#[test]
fn a_file_that_only_calls_itself_a_mail_is_listed_and_one_over_a_bound_is_said() {
    for bytes in [&b""[..], b"just words", b"\0\x01\x02", b"X: y\n\nbody"] {
        let reading = mail("application/octet-stream", "saved.eml", bytes);
        assert_eq!((reading.packets.len(), reading.attachments.len()), (0, 1));
        assert!(reading.forwarded.is_none() && reading.problems.is_empty(), "{:?}", reading.problems);
    }
    let deep = "Content-Type: message/rfc822\n\n".repeat(5_000);
    let reading =
        mail("application/octet-stream", "saved.eml", format!("From: a@b.example\n{deep}").as_bytes());
    assert!(reading.problems.iter().any(|problem| problem.contains("over a bound")));
}

#[test]
fn a_list_in_utf_16_is_read_without_a_charset_and_listed_by_its_own_bytes() {
    let text = "Client name;Phone;Language\r\nAnn Lee;518-555-0101;Español\r\n";
    let wide = |unit: fn(u16) -> [u8; 2], mark: &str| -> Vec<u8> {
        [mark, text].concat().encode_utf16().flat_map(unit).collect()
    };
    for bytes in
        [wide(u16::to_le_bytes, "\u{feff}"), wide(u16::to_be_bytes, "\u{feff}"), wide(u16::to_le_bytes, "")]
    {
        for kind in ["text/csv", "text/csv; charset=us-ascii", "application/octet-stream"] {
            let reading = mail(kind, "list.csv", &bytes);
            assert_eq!(ann(&reading).text(Field::Language), Some("Español"), "{kind}");
            assert_eq!(reading.attachments[0].bytes, bytes.len(), "{kind}");
        }
    }
}

/// A mail with a text and files, each with its type.
fn with(text: &str, files: &[(&str, &str, &str)]) -> Reading {
    let part = |(kind, name, text): &(&str, &str, &str)| {
        let said = format!("Content-Disposition: attachment; filename={name}");
        format!("--x\nContent-Type: {kind}; name={name}\n{said}\n\n{text}\n")
    };
    let parts = files.iter().map(part).collect::<Vec<_>>().concat();
    let mail = format!(
        "From: jo@partner.example\nTo: intake@handoff.example\nSubject: hello\nContent-Type: multipart/mixed; boundary=x\n\n\
         --x\n\n{text}\n{parts}--x--\n"
    );
    read(mail.as_bytes(), &crate::corpora::context())
}

#[test]
fn the_same_person_in_the_text_and_in_files_is_one_packet_with_the_safer_answers() {
    let list = "Client name,Phone,County,Safe to email\n\"LEE, Ann\",(518) 555 0101,Kings,yes\nBo Ray,518-555-0102,Kings,yes\n";
    let reading = with(FORM, &[("text/plain", "copy.txt", FORM), ("text/csv", "list.csv", list)]);
    let names: Vec<_> = reading.packets.iter().map(|packet| packet.text(Field::ClientName)).collect();
    assert_eq!(names, [Some("Ann Lee"), Some("Bo Ray")]);
    assert_eq!(reading.packets[0].text(Field::County), Some("Kings"));
    assert_eq!(reading.packets[0].get(Field::SafeEmail).unwrap().judged, Judged::No);
    assert!(reading.attachments.iter().all(|one| one.used));
}

#[test]
fn words_around_a_file_with_its_people_are_no_person_of_their_own() {
    let list = "Client name,Phone\nAnn Lee,518-555-0101\n";
    let two = "Client name,Phone\nAnn Lee,518-555-0101\nBo Ray,518-555-0102\n";
    for (text, list, count) in [
        ("Please see the list. Hearing on Dec 3 at 9. She speaks Spanish.", list, 1),
        ("Separately, Bo Ray has a hearing on December 3 at 9 and he speaks French.", list, 1),
        ("Her ex husband has a hearing on December 3 at 9 and he speaks French.", list, 1),
        ("All of them have an eviction hearing on December 3 at 9.", two, 2),
    ] {
        let reading = with(text, &[("text/csv", "list.csv", list)]);
        assert_eq!(reading.packets.len(), count, "{text}");
        let is_asked = |problem: &String| problem.contains("please ask whose");
        assert!(reading.problems.first().is_some_and(is_asked), "{text} {:?}", reading.problems);
        for packet in &reading.packets {
            assert!(packet.language().is_none() && packet.get(Field::CourtDate).is_none(), "{text}");
        }
    }
    let beside = with("Please also call Bo Ray at 518-555-0102.", &[("text/csv", "list.csv", list)]);
    assert_eq!(beside.packets.len(), 2);
}

#[test]
fn more_saved_mails_than_are_opened_are_said_and_the_card_of_ones_author_refers_nobody() {
    let saved = |nth: usize| {
        format!("From: pat@other.example\n\nClient name: Ann Lee{nth}\nPhone: 518-555-01{nth:02}\n")
    };
    let mails: Vec<String> = (10..35).map(saved).collect();
    let kind = "application/octet-stream";
    let files: Vec<_> = mails.iter().map(|mail| (kind, "saved.eml", mail.as_str())).collect();
    let said = |files| {
        with("Please see the files.", files).problems.iter().any(|told| told.contains("over a bound"))
    };
    assert!(said(&files) && !said(&files[..20]));
    let card = |email: &str| {
        format!(
            "From: Pat <pat@other.example>\nSubject: see\nContent-Type: multipart/mixed; boundary=y\n\n--y\n\nsee you\n--y\n\
             Content-Type: text/vcard; name=pat.vcf\n\nBEGIN:VCARD\nFN:Pat Bell\nTEL:518-555-0199\nEMAIL:{email}\nEND:VCARD\n--y--\n"
        )
    };
    let packets = |email: &str| mail(kind, "saved.eml", card(email).as_bytes()).packets.len();
    assert_eq!((packets("pat@other.example"), packets("ann@client.example")), (0, 1));
}

#[test]
fn words_of_our_own_letters_stay_the_authors_as_a_command_is_made_of_them() {
    for own in [
        "confirmed method call, language Spanish, safe times after 5 pm, next step appointment",
        "confirmed method call, language Spanish, safe times after 5 pm, next step intake visit",
        "If you do not know, write to me.\n\naccept\n\nPlease do not ask the person to tell their story again for this.",
    ] {
        let mail = format!("From: maria@office.example\nSubject: Re: New, R-7K4M-2QX9\n\n{own}\n");
        assert_eq!(read(mail.as_bytes(), &crate::corpora::context()).text.own.trim(), own);
    }
}
