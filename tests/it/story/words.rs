//! Which words of a mail count, and what becomes of them (RELIABILITY C21 to C26).

use super::{MARIA, Mail, PARTNER, referral};
use crate::world::World;
use handoffd::referral::record::{FactKind, Status};

#[test]
fn c22_a_report_of_a_machine_that_quotes_token_and_command_does_nothing() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let task = world.last_to(MARIA);
    let before = (world.record(0).status, world.record(0).contact);
    // Hers came back: the report holds the letter with its tokens, and the line she could have sent.
    world.receive(&task.bounced());
    for (name, value) in [
        ("Auto-Submitted", "auto-replied"),
        ("Precedence", "bulk"),
        ("X-Auto-Response-Suppress", "All"),
        ("Return-Path", "<>"),
    ] {
        world.receive(&task.answer("accept\nACCEPT").header(name, value).robot());
    }
    let read = task
        .answer("accept")
        .header("Content-Type", "multipart/report; report-type=disposition-notification; boundary=b");
    world.receive(&read.body("--b\r\nContent-Type: text/plain\r\n\r\naccept\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\nDisposition: automatic-action/MDN-sent-automatically; displayed\r\n\r\n--b--").robot());
    assert_eq!((world.record(0).status, world.record(0).contact), before);
    assert_eq!(world.count(0, FactKind::Accepted), 0);
    world.forget_robots();
    world.check();
}

#[test]
fn c25_a_reason_of_any_signs_is_kept_short_and_shown_as_what_it_is() {
    let reasons = [
        "{{ 7 * 7 }} {% include \"digest/en.txt\" %} ${7*7} <% x %>".to_owned(),
        "<script>alert(1)</script><img src=x onerror=y> &amp; \"quoted\"".to_owned(),
        "line\u{202e}one\u{0}\u{1b}[31m Subject: x".to_owned(),
        "=cmd|' /C calc'!A0".to_owned(),
        "x".repeat(100_000),
    ];
    for reason in reasons {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        let task = world.last_to(MARIA);
        world.receive(&task.answer(&format!("close {reason}\r\nBcc: victim@x.example")).said("close"));
        let Status::Closed { reason: kept } = world.record(0).status else { panic!("not closed") };
        assert!(kept.chars().count() <= 500);
        assert!(!kept.contains(['\n', '\r', '\0', '\u{1b}', '\u{202e}']), "{kept:?}");
        world.receive(&task.answer("history"));
        let history = world.last_to(MARIA);
        assert!(!history.text.contains("49 "), "{}", history.text);
        assert!(history.text.chars().all(|c| c == '\n' || !c.is_control()));
        assert!(history.text.len() < 5_000, "{}", history.text.len());
        let html = history.html.unwrap_or_default();
        assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
        for letter in world.letters() {
            assert!(!letter.subject.contains("Subject:") && letter.to != "victim@x.example");
        }
        for word in ["{{", "xxxx", "script", "cmd|"] {
            assert!(world.letters_to(PARTNER).iter().all(|letter| !letter.text.contains(word)), "{word}");
        }
        world.check();
    }
}

#[test]
fn c26_only_the_text_of_a_command_counts_and_no_part_beside_it() {
    let parts = |first: &str, method: &str| {
        format!(
            "--b\r\nContent-Type: text/plain\r\n\r\n{first}\r\n\
             --b\r\nContent-Type: text/calendar; method={method}\r\n\r\nBEGIN:VCALENDAR\r\nSUMMARY:accept\r\nEND:VCALENDAR\r\n\
             --b\r\nContent-Type: text/x-shellscript; name=accept.sh\r\nContent-Disposition: attachment; filename=accept.sh\r\n\r\nclose done\r\n\
             --b\r\nContent-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Disposition: attachment; filename=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\nY2xvc2UgZG9uZQ==\r\n\
             --b\r\nContent-Type: text/plain; name=c.txt\r\nContent-Disposition: attachment; filename=c.txt\r\n\r\ndecline no room\r\n--b--"
        )
    };
    for (first, method, status) in [
        ("Thanks, I read it.", "REQUEST", Status::Received),
        ("accept", "REQUEST", Status::Accepted),
        // The answer of a calendar is the word of a machine.
        ("accept", "REPLY", Status::Received),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        let task = world.last_to(MARIA);
        let mail = Mail::from(MARIA)
            .to(&task.reply_to)
            .subject("Re: x")
            .header("MIME-Version", "1.0")
            .header("Content-Type", "multipart/mixed; boundary=b")
            .body(&parts(first, method));
        world.receive(&mail);
        assert_eq!(world.record(0).status, status, "{first} {method}");
        assert_eq!(world.record(0).missing.len(), 0);
        world.check();
    }
}
