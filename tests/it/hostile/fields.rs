//! M: names, numbers and dates that look like something else.

use handoffd::intake::{Reading, read};
use handoffd::referral::packet::{Field, Judged};
use handoffd::referral::reference::Reference;
use mailparse::{MailAddr, MailHeaderMap as _};

use super::{context, packet, reading, words};
use crate::corpora::mails;
use crate::world::{Mail, World};

/// The one author another parser sees, if it sees one.
fn other_author(raw: &[u8]) -> Option<String> {
    let mail = mailparse::parse_mail(raw).ok()?;
    let header = mail.headers.get_first_header("From")?;
    match mailparse::addrparse_header(header).ok()?.as_slice() {
        [MailAddr::Single(one)] => Some(one.addr.to_lowercase()),
        _ => None,
    }
}

/// An author that counts is the one the other parser sees too, or a person is told.
fn check_author(raw: &[u8], reading: &Reading) -> bool {
    let Some(ours) = reading.envelope.from.as_ref() else { return true };
    !reading.problems.is_empty()
        || other_author(raw).is_none_or(|other| other == ours.as_str().to_lowercase())
}

#[test]
fn m9_no_author_counts_whom_another_parser_sees_differently() {
    for from in [
        "From: ann@partner.example\nFrom: eve@evil.example",
        "From: ann@partner.example, eve@evil.example",
        "From: ann@partner.example\n <eve@evil.example>",
        "From: <ann@partner.example> eve@evil.example",
        "From: eve@evil.example <ann@partner.example> <x@y.example>",
        "From: \"ann@partner.example \"@evil.example",
        "From: <@evil.example,@x.example:ann@partner.example>",
        "From: =?utf-8?q?ann=40partner.example?= <eve@evil.example>",
        "From: ann@partner.example\0 <eve@evil.example>",
        "From: group: ann@partner.example, eve@evil.example;",
        "From : ann@partner.example\nFrom: eve@evil.example",
    ] {
        let raw = format!("{from}\nSubject: x\n\nClient name: Ann Example\n");
        assert!(check_author(raw.as_bytes(), &reading(&raw)), "{from}");
    }
    let torn = mails().into_iter().flatten().filter(|mail| !check_author(&mail.raw, &mail.read()));
    let torn: Vec<String> = torn.map(|mail| mail.text("file").to_owned()).collect();
    assert!(torn.is_empty(), "{torn:?}");
}

/// The references a mail names, as the rules read them.
fn found(mail: &str) -> Vec<Reference> {
    reading(mail).mentions.references.iter().filter_map(|text| Reference::parse(text, "R")).collect()
}

#[test]
fn m19_a_reference_is_found_however_it_arrives_and_never_a_wrong_one() {
    let references: Vec<Reference> =
        (0..400).map(|number| Reference::draw("R", number * 7_919 + 5)).collect();
    let one = references.iter().find(|one| one.as_str().contains('0') && one.as_str().contains('1')).unwrap();
    let plain = one.as_str();
    for text in [
        plain.to_lowercase(),
        plain.replace('0', "O").replace('1', "l"),
        plain.replace('-', "\u{2013}"),
        plain.replace('-', "-\u{200b}"),
        plain.replace('-', "\u{a0}"),
        plain.replace('-', "\u{ad}-"),
        format!("\u{200f}{plain}"),
        format!("https://partner.example/case?ref={plain}&x=1"),
        format!("({plain})."),
        plain
            .chars()
            .map(|c| if c.is_ascii_digit() { char::from_u32(u32::from(c) + 0xFEE0).unwrap() } else { c })
            .collect(),
    ] {
        let mail = format!(
            "From: ann@partner.example\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\nAbout {text} please.\n"
        );
        assert_eq!(found(&mail), std::slice::from_ref(one), "{text:?}");
    }
    let ten: Vec<&str> = references.iter().take(10).map(Reference::as_str).collect();
    let mail = format!("From: ann@partner.example\nSubject: x\n\n{}\n", ten.join(", "));
    assert_eq!(found(&mail), references.iter().take(10).cloned().collect::<Vec<_>>());
    let symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    for (at, was) in plain.char_indices().skip(2).filter(|(_, c)| *c != '-') {
        for wrong in symbols.chars().filter(|c| *c != was) {
            let text: String =
                plain.char_indices().map(|(place, c)| if place == at { wrong } else { c }).collect();
            let mail = format!("From: ann@partner.example\nSubject: {text}\n\nx\n");
            assert!(found(&mail).is_empty(), "{text}");
        }
    }
}

#[test]
fn m20_a_look_alike_of_a_partners_domain_is_not_the_partner() {
    for address in [
        "intake@harb\u{43e}r.example",
        "intake@h\u{430}rbor.example",
        "intake@harbor.exаmple",
        "intake＠harbor.example",
    ] {
        let mail = format!(
            "From: Harbor House <{address}>\nTo: referrals@example.org\nSubject: x\n\nClient name: Ann\n"
        );
        let from = read(mail.as_bytes(), &context()).envelope.from;
        assert!(from.is_none_or(|from| from.as_str() != "intake@harbor.example"), "{address}");
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&Mail::from(address).body("Client name: Ann Example\nPhone: 212-555-0142\n"));
        assert!(world.records().iter().all(|record| record.sender.partner.is_none()), "{address}");
        assert!(world.letters_to("intake@harbor.example").is_empty());
    }
}

#[test]
fn m22_a_date_that_cannot_be_or_can_be_read_twice_is_no_deadline_by_itself() {
    let date = |text: &str| {
        packet(&format!("Client name: Ann Example\nPhone: 212-555-0142\nCourt date: {text}\n"))
            .get(Field::CourtDate)
            .map(|found| found.judged.clone())
    };
    for text in
        ["0000-01-01", "12/31/9999999", "2026-02-30", "13/13/2026", "2026-12-03 25:61", "soon", "-9959"]
    {
        let is_date = matches!(date(text), Some(Judged::Date { ambiguous: false, .. }));
        assert!(!is_date || text.starts_with("2026-12-03"), "{text}: {:?}", date(text));
    }
    for text in ["03/04/2027", "3.4.2027", "4/3/27"] {
        assert!(matches!(date(text), Some(Judged::Date { ambiguous: true, .. })), "{text}: {:?}", date(text));
    }
    for text in ["December 3, 2026 at 9:30 am", "2026-12-03", "12/25/2026"] {
        assert!(
            matches!(date(text), Some(Judged::Date { ambiguous: false, .. })),
            "{text}: {:?}",
            date(text)
        );
    }
}

#[test]
fn m23_signs_that_mean_something_elsewhere_are_only_signs() {
    for (number, sign) in
        ["'); DROP TABLE mail; --", "\\\"}", "${x} {{ 7*7 }} {% raw %}", "%s %n", "key: [a, b]", "`id`"]
            .iter()
            .enumerate()
    {
        let name = format!("Ann {sign} Example");
        let text = format!("Client name: {name}\nPhone: 212-555-0{number}42\nSafe to call: yes\n");
        let written = words(&packet(&text), Field::ClientName);
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&Mail::from("intake@harbor.example").body(&text));
        let kept = world.record(0).packet.text(Field::ClientName).unwrap_or_default().to_owned();
        assert_eq!((kept.as_str(), kept.as_str()), (written.as_str(), name.as_str()));
        world.check();
    }
}

#[test]
fn m11_no_field_that_can_reach_a_header_has_a_line_end_or_a_nought() {
    for trick in [
        "=0D=0A",
        "=0A",
        "=0D",
        "=00",
        "=E2=80=A8",
        "=C2=85",
        "=E2=80=AE",
        "=0D=0ABcc:_victim=40example.org=0D=0A",
    ] {
        let word = format!("=?utf-8?Q?Ann{trick}Lee?=");
        let mail = format!(
            "From: {word} <ann@partner.example>\nTo: {word} <intake@handoff.example>\nReply-To: {word} <ann@partner.example>\n\
             Subject: Fwd: {word}\nMessage-ID: <1{trick}@partner.example>\nReferences: <{word}@handoff.example>\n\
             MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nClient name: {word}\n\
             --x\nContent-Type: message/rfc822\n\nFrom: {word} <bob@partner.example>\nSubject: {word}\n\nhi\n\
             --x\nContent-Type: application/pdf; name=\"{word}.pdf\"\n\nx\n--x--\n"
        );
        let reading = reading(&mail);
        let envelope = &reading.envelope;
        let forwarded = reading.forwarded.as_ref().unwrap();
        let names = reading.attachments.iter().map(|one| one.name.as_str());
        let values =
            reading.packets.iter().flat_map(|packet| packet.iter().map(|(_, found)| found.value.as_str()));
        let shown =
            [envelope.subject.as_str(), &envelope.from_shown, &forwarded.from_shown, &forwarded.subject];
        for text in shown.into_iter().chain(names).chain(values) {
            let is_odd =
                |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}');
            assert!(!text.contains(is_odd), "{trick}: {text:?}");
        }
    }
}

#[test]
fn m15_the_signs_of_templates_are_only_signs() {
    for signs in
        ["{{7*7}}", "{% include 'x' %}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{ self }}{{", "%s%n", "{0}"]
    {
        let packet = packet(&format!("Client name: {signs}x\nReason for referral: {signs}\n"));
        assert_eq!(words(&packet, Field::ClientName), format!("{signs}x"));
        assert_eq!(words(&packet, Field::Reason), signs);
    }
}
