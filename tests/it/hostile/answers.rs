//! A: whom a mail may make us answer. The office sends neutral receipts to strangers, so that silence is a decision.

use handoffd::referral::address::EmailAddress;

use crate::world::{Mail, OFFICE, World};

const PACKET: &str = "Client name: Ann Canary\nPhone: 212-555-0142\nSafe to call: yes\nLanguage: English\nConsent to share: yes\nMatter: eviction\n";
const PARTNER: &str = "intake@harbor.example";

fn open_office() -> World {
    World::with("2026-11-24 10:00", &OFFICE.replace("[privacy]\n", "[privacy]\nneutral_receipts = true\n"))
}

fn stranger() -> Mail {
    Mail::from("ann@stranger.example").body(PACKET)
}

#[test]
fn a1_to_a8_no_machine_is_answered_and_each_mail_is_kept() {
    let headers = [
        ("Return-Path", "<>"),
        ("Auto-Submitted", "auto-generated"),
        ("Auto-Submitted", "auto-replied"),
        ("AUTO-SUBMITTED", "Auto-Notified; x=y"),
        ("Precedence", "bulk"),
        ("Precedence", "junk"),
        ("Precedence", "list"),
        ("Precedence", "auto_reply"),
        ("X-Auto-Response-Suppress", "All"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ("List-Id", "<x.example>"),
        ("List-Post", "<mailto:x@example.org>"),
        ("Mailing-List", "x"),
        ("X-Mailing-List", "x"),
        ("X-Loop", "x"),
        ("X-Autoreply", "yes"),
        ("X-Autorespond", "x"),
        ("Feedback-ID", "1:2:3"),
        ("Sender", "bounces@stranger.example"),
    ];
    for partner in [true, false] {
        let mut world = open_office();
        for (name, value) in headers {
            let mail = if partner { stranger().sent_by(PARTNER) } else { stranger() };
            world.receive(&mail.header(name, value).robot());
        }
        for subject in ["Out of Office: x", "Automatic reply: x", "Abwesenheitsnotiz", "Respuesta automática"]
        {
            world.receive(&stranger().body("I am away until Monday.").subject(subject).robot());
        }
        world.check();
    }
}

#[test]
fn a6_robots_are_not_answered() {
    let mut world = open_office();
    for from in [
        "MAILER-DAEMON",
        "postmaster",
        "noreply",
        "no-reply",
        "do-not-reply",
        "owner-x",
        "x-request",
        "x-bounces",
        "majordomo",
        "listserv",
    ] {
        world.receive(&stranger().sent_by(&format!("{from}@stranger.example")).robot());
    }
    world.receive(&stranger().sent_by("referrals+x@example.org").robot());
    world.check();
}

#[test]
fn a9_a_stranger_whose_answers_belong_elsewhere_is_not_answered() {
    for (name, value, is_answered) in [
        ("Return-Path", "<ann@stranger.example>", true),
        ("Return-Path", "<x@mail.stranger.example>", true),
        ("Return-Path", "<victim@elsewhere.example>", false),
        ("Reply-To", "victim@elsewhere.example", false),
    ] {
        let mut world = open_office();
        world.receive(&stranger().header(name, value));
        assert_eq!(!world.letters_to("ann@stranger.example").is_empty(), is_answered, "{name}: {value}");
        assert!(world.letters_to("victim@elsewhere.example").is_empty());
        assert_eq!(world.records().len(), 1, "recorded all the same");
    }
}

#[test]
fn a11_a_mail_that_was_not_written_to_us_is_recorded_and_only_a_partner_hears_of_it() {
    let mut world = open_office();
    world.receive(&stranger().to("somebody@else.example"));
    world.receive(
        &stranger()
            .body(&PACKET.replace("0142", "0177").replace("Ann", "Bea"))
            .sent_by(PARTNER)
            .to("somebody@else.example"),
    );
    assert_eq!(world.records().len(), 2);
    assert!(world.letters_to("ann@stranger.example").is_empty());
    assert_eq!(world.letters_to(PARTNER).len(), 1);
}

#[test]
fn a12_a_ticket_system_that_strips_headers_and_quotes_everything_falls_silent() {
    let mut world = open_office();
    world.receive(&stranger().sent_by(PARTNER));
    for round in 0..6 {
        let letter = world.last_to(PARTNER);
        let quoted = letter.text.lines().fold(String::new(), |quoted, line| quoted + "> " + line + "\n");
        let echo = Mail::from(PARTNER)
            .subject(&format!("[#{round}] Re: {}", letter.subject))
            .body(&format!("Thank you, we have received your message.\n\n{quoted}"));
        world.receive(&echo);
    }
    assert!(world.letters_to(PARTNER).len() <= 2, "{} letters", world.letters_to(PARTNER).len());
}

#[test]
fn a13_a_mail_that_went_in_circles_is_not_answered() {
    let mut world = open_office();
    let looped =
        (0..60).fold(stranger(), |mail, hop| mail.header("Received", &format!("from hop{hop}.example")));
    world.receive(&looped.robot());
    world.check();
}

#[test]
fn a17_a_thousand_faces_of_one_mailbox_are_one() {
    let mut faces = std::collections::BTreeSet::new();
    for number in 0..1_000 {
        let local = if number % 2 == 0 { "ann.example" } else { "Ann.Example" };
        faces.insert(EmailAddress::parse(&format!("{local}+{number}@Stranger.example")).unwrap().mailbox());
    }
    assert_eq!(faces.len(), 1);
    let mailbox = |text: &str| EmailAddress::parse(text).unwrap().mailbox();
    assert_eq!(mailbox("a.n.n@gmail.com"), mailbox("Ann+x@gmail.com"));
    assert_ne!(mailbox("a.nn@stranger.example"), mailbox("ann@stranger.example"));
    let mut world = open_office();
    for number in 0..12 {
        let body = PACKET.replace("0142", &format!("01{number:02}")).replace("Ann", &format!("Ann{number}"));
        world.receive(&stranger().sent_by(&format!("ann+{number}@stranger.example")).body(&body));
    }
    let letters = world.letters().iter().filter(|letter| letter.to.ends_with("@stranger.example")).count();
    assert!(letters <= 5, "{letters} letters to one mailbox");
}
