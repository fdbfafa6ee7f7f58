//! What somebody tries who knows her name, sits in her mailbox, writes as her or as a partner, or holds a number of ours:
//! nothing of hers comes back, nothing of hers is changed, and a real number looks like any other.

use super::{ANA, CLIENT, MARIA, Mail, OTHER_PARTNER, PARTNER, WENDY, referral, referral_with};
use crate::world::{Letter, World};
use handoffd::referral::packet::Field;

/// His own mailbox.
const HIS: &str = "fishing77@mail.example";
/// What would tell him where she is, what she plans, or that we know her.
const HERS: [&str; 7] = ["Evictionstory", "housing", "555-0142", "Harbor", "Canary", "accepted", "Ana"];
/// Everybody who may get a letter of ours here at all.
const ALL: [&str; 6] = [HIS, CLIENT, PARTNER, OTHER_PARTNER, MARIA, WENDY];

/// She was written to.
fn written_to() -> World {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    assert_eq!(world.letters_to(CLIENT).len(), 1);
    world
}

/// The letters since then, of these readers.
fn since<'a>(world: &'a World, before: usize, readers: &[&str]) -> Vec<&'a Letter> {
    world.letters().iter().skip(before).filter(|letter| readers.contains(&letter.to.as_str())).collect()
}

/// Whatever came, nobody but staff and her own partner reads a word of hers, and her record stands as it stood.
fn is_in_vain(what: &str, mails: impl Fn(&World) -> Vec<Mail>) {
    let mut world = written_to();
    let record = world.record(0);
    let before = world.letters().len();
    for mail in mails(&world) {
        world.receive(&mail);
    }
    world.pass("1h");
    for letter in since(&world, before, &[HIS, CLIENT, OTHER_PARTNER]) {
        for word in HERS {
            let is_told = letter.text.contains(word) || letter.subject.contains(word);
            assert!(!is_told, "{what}: {word} to {}: {}\n{}", letter.to, letter.subject, letter.text);
        }
    }
    for letter in world.letters().iter().skip(before) {
        let is_his = what.contains(&letter.to) && HERS.iter().all(|word| !letter.text.contains(word));
        assert!(ALL.contains(&letter.to.as_str()) || is_his, "{what}: a letter to {}", letter.to);
    }
    let after = world.record(0);
    assert_eq!((after.status, after.contact), (record.status, record.contact), "{what}");
    for field in [Field::ClientName, Field::ClientPhone, Field::ClientEmail, Field::ClientPhoneOther] {
        assert_eq!(after.packet.text(field), record.packet.text(field), "{what}");
    }
    world.end();
}

/// The same of a number that is hers and of one that is nobody's: what comes back, and when.
fn tells_no_number(what: &str, mail: impl Fn(&str) -> Mail) {
    let told = |is_real: bool| -> Vec<String> {
        let mut world = written_to();
        let real = world.record(0).reference.to_string();
        let before = world.letters().len();
        let none = "R-7K4M-2QX9".to_owned();
        world.receive(&mail(if is_real { &real } else { &none }));
        world.pass("3h");
        let references: Vec<String> =
            world.records().iter().skip(1).map(|record| record.reference.to_string()).collect();
        let letters = since(&world, before, &[HIS, OTHER_PARTNER]).into_iter();
        let texts = letters.map(|letter| format!("{} {}\n{}", letter.to, letter.subject, letter.text));
        let shown = |text: String| references.iter().fold(text, |text, one| text.replace(one, "R"));
        texts.map(|text| shown(text).replace(&real, "N").replace(&none, "N")).collect()
    };
    assert_eq!(told(true), told(false), "{what}");
}

fn calendar(method: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\nMETHOD:{method}\nBEGIN:VEVENT\nUID:1@mail.example\nDTSTART:20261201T150000Z\n\
         SUMMARY:Ana meets her lawyer\nORGANIZER:mailto:{HIS}\nATTENDEE;RSVP=TRUE:mailto:referrals@example.org\n\
         END:VEVENT\nEND:VCALENDAR\n"
    )
}

fn read_receipt(letter: &Letter) -> String {
    format!(
        "--b\nContent-Type: text/plain\n\nYour message was read.\n--b\nContent-Type: message/disposition-notification\n\n\
         Final-Recipient: rfc822;{CLIENT}\nOriginal-Message-ID: {}\nDisposition: manual-action/MDN-sent-manually; displayed\n\n\
         --b--\n",
        letter.message_id
    )
}

#[test]
fn whatever_fields_ask_for_an_answer_elsewhere_get_none_there() {
    for field in [
        "Reply-To",
        "Sender",
        "Return-Path",
        "Cc",
        "Bcc",
        "Disposition-Notification-To",
        "Return-Receipt-To",
        "Mail-Followup-To",
        "Mail-Reply-To",
        "Errors-To",
        "X-Confirm-Reading-To",
        "Resent-From",
        "Resent-To",
        "X-Original-From",
        "Apparently-To",
        "Read-Receipt-To",
    ] {
        let led = |mail: Mail| mail.header(field, &format!("<{HIS}>"));
        let hers = |world: &World| {
            world.letters_to(CLIENT)[0].answer("Who sent you my data? Please send me all of it.")
        };
        let mut world = written_to();
        let before = world.letters().len();
        world.receive(&led(Mail::from(PARTNER)
            .body(&ANA.replace("Ana Canary", "Zoe Lark").replace(CLIENT, "zoe@mail.example"))));
        world.receive(&led(hers(&world)));
        world.receive(&led(Mail::from(PARTNER).subject("status").body("status")));
        world.pass("1h");
        let his = since(&world, before, &[HIS]);
        assert!(his.is_empty(), "{field}: {:?}", his.iter().map(|letter| &letter.text).collect::<Vec<_>>());
        world.end();
    }
}

#[test]
fn a_list_that_names_him_gets_no_letter() {
    for (field, value) in [
        ("List-Unsubscribe", format!("<mailto:{HIS}>")),
        ("List-Post", format!("<mailto:{HIS}>")),
        ("List-Id", "<her.list.example>".to_owned()),
        ("Precedence", "list".to_owned()),
        ("Auto-Submitted", "auto-generated".to_owned()),
        ("X-Auto-Response-Suppress", "All".to_owned()),
    ] {
        is_in_vain(field, |world| {
            let number = world.record(0).reference;
            vec![
                Mail::from(HIS).subject("status").body(&format!("status {number}")).header(field, &value),
                Mail::from(HIS).subject("New referral").body(ANA).header(field, &value),
            ]
        });
    }
}

#[test]
fn names_that_look_like_ours_or_hers_are_nobodys() {
    for from in [
        format!("\"maria@example.org\" <{HIS}>"),
        format!("maria@example.org <{HIS}>"),
        format!("=?utf-8?q?maria=40example=2Eorg?= <{HIS}>"),
        format!("Maria Lopez <{HIS}>"),
        "intake@harb\u{43e}r.example".to_owned(),
        "\u{430}na@mail.example".to_owned(),
        "maria@example.org.evil.example".to_owned(),
        "maria@\u{435}xample.org".to_owned(),
        "maria\u{200b}@example.org".to_owned(),
        format!("<maria@example.org>, <{HIS}>"),
        format!("Staff: maria@example.org, {HIS};"),
        "intake@harbor.example@mail.example".to_owned(),
    ] {
        is_in_vain(&from, |world| {
            let task = world.last_to(MARIA);
            let number = world.record(0).reference;
            vec![
                task.answer("close she is fine").sent_by(&from),
                Mail::from(&from).subject(&format!("Re: {number}")).body("details"),
                Mail::from(&from).subject(&format!("status {number}")).body("status"),
                Mail::from(&from).subject("Please answer").body("accept"),
            ]
        });
    }
}

#[test]
fn two_authors_and_broken_heads_command_nothing() {
    for head in [
        format!("From: maria@example.org\r\nFrom: {HIS}"),
        format!("From: {HIS}\r\nFrom: maria@example.org"),
        format!("From: maria@example.org(\r\n <{HIS}>"),
        format!("From : maria@example.org\r\nFrom: {HIS}"),
        format!("From:\r\n maria@example.org\r\nX: y\r\nFrom: <{HIS}>"),
        "From: maria@example.org\u{0}@mail.example".to_owned(),
    ] {
        is_in_vain(&head, |world| {
            let task = world.last_to(MARIA);
            vec![task.answer("close she is fine").head(&head), task.answer("details").head(&head)]
        });
    }
}

#[test]
fn an_old_letter_to_staff_in_his_hands_is_worth_nothing() {
    for line in [
        "details",
        "history",
        "accept",
        "close she is fine",
        "status",
        "assign wendy",
        "email safe, by phone, from the client",
    ] {
        is_in_vain(line, |world| {
            let task = world.last_to(MARIA);
            let pasted = format!("{line}\n\n{}", task.text);
            vec![
                task.answer(line).sent_by(HIS),
                task.answer(line).sent_by(CLIENT),
                task.answer(line).sent_by(OTHER_PARTNER),
                Mail::from(HIS).to(&task.reply_to).subject(&task.subject).body(line),
                Mail::from(HIS).subject(&format!("Fwd: {}", task.subject)).body(&pasted),
                Mail::from(CLIENT).to(&task.reply_to).subject("Hello").body(line),
            ]
        });
    }
}

#[test]
fn her_letter_in_his_hands_opens_nothing() {
    for line in [
        "details",
        "status",
        "history",
        "received",
        "accept",
        "Please confirm my appointment",
        "HELP",
        "START",
    ] {
        is_in_vain(line, |world| {
            let letter = world.last_to(CLIENT);
            vec![
                letter.answer(line).sent_by(HIS),
                letter.answer(line),
                Mail::from(HIS).to(&letter.reply_to).subject(line).body(line),
                Mail::from(OTHER_PARTNER).to(&letter.reply_to).subject(line).body(line),
                Mail::from("ana+x@mail.example").to(&letter.reply_to).subject(line).body(line),
            ]
        });
    }
}

#[test]
fn calendars_and_read_receipts_are_answered_by_nobody() {
    for method in ["REQUEST", "REPLY", "CANCEL", "COUNTER"] {
        for from in [HIS, CLIENT, OTHER_PARTNER] {
            is_in_vain(method, |_| {
                vec![
                    Mail::from(from)
                        .subject("Invitation: your lawyer")
                        .header("MIME-Version", "1.0")
                        .header("Content-Type", &format!("text/calendar; method={method}; charset=utf-8"))
                        .body(&calendar(method)),
                ]
            });
        }
    }
    for from in [HIS, CLIENT] {
        is_in_vain("read receipt", |world| {
            let letter = world.last_to(CLIENT);
            vec![
                letter
                    .answer("")
                    .sent_by(from)
                    .header("MIME-Version", "1.0")
                    .header(
                        "Content-Type",
                        "multipart/report; report-type=disposition-notification; boundary=b",
                    )
                    .body(&read_receipt(&letter)),
            ]
        });
    }
}

#[test]
fn reports_of_mail_that_he_makes_up_lead_nobody_to_him() {
    is_in_vain("a report about her letter", |world| {
        let letter = world.last_to(CLIENT);
        let report = letter.bounced();
        vec![report.clone().sent_by(HIS), report.header("Reply-To", HIS)]
    });
}

#[test]
fn a_number_of_hers_is_answered_like_any_other() {
    for words in [
        "status",
        "details",
        "Where is my case?",
        "accept",
        "help",
        "STOP",
        "history",
        "Her husband reads her mail.",
    ] {
        for from in [HIS, OTHER_PARTNER] {
            tells_no_number(words, |number| Mail::from(from).subject(number).body(words));
            tells_no_number(words, |number| {
                Mail::from(from).subject("Hello").body(&format!("{words} {number}"))
            });
            tells_no_number(words, |number| {
                Mail::from(from).to(&format!("referrals+{number}@example.org")).subject("Hello").body(words)
            });
        }
    }
    for packet in [
        "Client name: Ana Canary\nPhone: 617-555-0142\nEmail: fishing77@mail.example\nSafe to email: yes\n",
        ANA,
    ] {
        for from in [HIS, OTHER_PARTNER] {
            tells_no_number("a form", |number| {
                Mail::from(from).subject(&format!("Re: {number}")).body(packet)
            });
        }
    }
}

#[test]
fn another_partner_changes_nothing_of_hers_by_her_number() {
    is_in_vain("another partner", |world| {
        let number = world.record(0).reference;
        let receipt = world.letter(PARTNER, "Received");
        let form =
            format!("Client name: Ana Canary\nPhone: 617-555-0666\nEmail: {HIS}\nSafe to email: yes\n");
        vec![
            Mail::from(OTHER_PARTNER).subject(&format!("Re: {number}")).body(&form),
            receipt.answer(&form).sent_by(OTHER_PARTNER),
            receipt.answer("status").sent_by(OTHER_PARTNER),
            receipt.answer("received\naccept").sent_by(OTHER_PARTNER),
            Mail::from(OTHER_PARTNER).subject("status").body("status"),
            Mail::from(OTHER_PARTNER).subject("Question").body("Is Ana Canary with you? What is her status?"),
        ]
    });
}

#[test]
fn what_partners_call_their_number_shows_nobody_in_a_subject() {
    for (value, shown) in [
        ("Ana Canary", false),
        ("Canary, Ana - DV shelter", false),
        ("617-555-0142", false),
        ("ana@mail.example", false),
        ("03041980", false),
        ("1980-03-04", false),
        ("Canary2", false),
        ("16175550142", false),
        ("HH-6175550142", false),
        ("DOB03041980", false),
        ("3/4/1980", false),
        ("80-03-04", false),
        ("Ana1980", false),
        ("HH-Ana-12", false),
        ("HH-2026-117", true),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        let born = format!("{ANA}Date of birth: 03/04/1980\nYour reference: {value}\n");
        world.receive(&Mail::from(PARTNER).subject("New referral").body(&born));
        let subjects: Vec<&str> = world.letters().iter().map(|letter| letter.subject.as_str()).collect();
        let is_shown = subjects.iter().any(|subject| subject.contains(value));
        assert_eq!(is_shown, shown, "{value}: {subjects:?}");
    }
}

#[test]
fn a_name_and_a_number_of_identity_stay_out_of_a_subject_however_they_are_written() {
    for (name, value, shown) in [
        ("Rosa Muñoz", "Munoz-12", false),
        ("Rosa Garcia-Lopez", "GARCIA-2024-1", false),
        ("Sean O'Brien-Cole", "OBrien-9", false),
        ("Kim Lee", "KimLee-2024", false),
        ("Ana Lopez", "AL-1980", false),
        ("Ana Lopez", "123-45-6789", false),
        ("Ana Lopez", "A123456789", false),
        ("Ana Lopez", "CASE-88121", true),
        ("Rosa Muñoz", "24-0192", true),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        let form = format!("{}Your reference: {value}\n", ANA.replace("Ana Canary", name));
        let mail = Mail::from(PARTNER).subject("New referral").body(&form);
        world.receive(&mail.header("Content-Type", "text/plain; charset=utf-8"));
        let answer = world.letter_about(MARIA, 0).answer("conflict clear\naccept");
        world.receive(&answer);
        let letters = world.letters_to(PARTNER);
        assert!(letters.len() > 1, "a receipt and an outcome");
        let is_shown = |letter: &&Letter| letter.subject.contains(value) || letter.text.contains(value);
        assert_eq!(letters.into_iter().filter(|letter| is_shown(letter)).count() > 0, shown, "{value}");
    }
}

#[test]
fn she_is_answered_once_until_somebody_looked_however_often_he_asks_as_her() {
    let mut world = written_to();
    let letter = world.last_to(CLIENT);
    let before = world.letters_to(CLIENT).len();
    for words in
        ["When is my appointment?", "Hello?", "Why do you not answer me?", "status", "Can you call me?"]
    {
        world.receive(&letter.answer(words));
        world.receive(&Mail::from(CLIENT).subject(words).body(words));
    }
    assert_eq!(world.letters_to(CLIENT).len() - before, 1);
    world.end();
}

#[test]
fn what_nobody_answered_about_email_is_no_yes() {
    for value in [
        "?",
        "??",
        "(?)",
        "\u{bf}?",
        "to be confirmed",
        "yes (to be confirmed)",
        "can be confirmed",
        "may be ok",
        "ok to call",
        "text ok",
        "phone is fine",
        "is it safe",
        "was safe",
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(
            &referral_with("Safe to email", value).header("Content-Type", "text/plain; charset=utf-8"),
        );
        assert!(world.letters_to(CLIENT).is_empty(), "{value}");
        assert!(!world.record(0).questions.is_empty(), "{value}");
        world.end();
    }
}
