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

#[test]
fn a14_an_address_gets_five_receipts_an_hour_and_twenty_a_day() {
    let mut world = open_office();
    let referral = |number: u32| {
        PACKET
            .replace("0142", &format!("{:04}", 1_000 + number))
            .replace("Ann Canary", &format!("Ann Number{number}"))
    };
    let told = |world: &World| world.letters_to("ann@stranger.example").len();
    for number in 0..8 {
        world.receive(&stranger().body(&referral(number)));
    }
    assert_eq!(told(&world), 5);
    for hour in 1..7 {
        world.pass("61m");
        for number in 0..6 {
            world.receive(&stranger().body(&referral(hour * 100 + number)));
        }
    }
    assert_eq!(told(&world), 20);
    assert_eq!(world.records().len(), 8 + 36, "recorded all the same");
}

#[test]
fn a14_strangers_get_so_many_receipts_an_hour_together_and_partners_theirs_all_the_same() {
    let few = OFFICE.replace("[privacy]\n", "[privacy]\nneutral_receipts = true\nneutral_per_hour = 3\n");
    let mut world = World::with("2026-11-24 10:00", &few);
    let referral = |number: u32| {
        PACKET
            .replace("0142", &format!("{:04}", 1_000 + number))
            .replace("Ann Canary", &format!("Ann Number{number}"))
    };
    let told = |world: &World| world.letters().iter().filter(|letter| letter.to.starts_with("ann@s")).count();
    for number in 0..6 {
        world.drop_in(&stranger().sent_by(&format!("ann@s{number}.example")).body(&referral(number)));
    }
    world.receive(&stranger().sent_by(PARTNER).body(&referral(7)));
    assert_eq!((told(&world), world.letters_to(PARTNER).len(), world.records().len()), (3, 1, 7));
    world.pass("61m");
    world.receive(&stranger().sent_by("ann@s9.example").body(&referral(9)));
    assert_eq!(told(&world), 4);
}

#[test]
fn a15_forged_mails_that_name_a_victim_send_the_victim_nothing_and_echo_nothing() {
    let mut world = open_office();
    for number in 0..40 {
        let body = format!(
            "{}Email: victim@elsewhere.example\nSafe to email: yes\nOpposing party: Canary Words{number}\n",
            PACKET.replace("0142", &format!("{:04}", 1_000 + number))
        );
        world.receive(
            &stranger()
                .sent_by(&format!("x{number}@forged{number}.example"))
                .subject("CANARY-SUBJECT")
                .body(&body),
        );
    }
    world.pass("2d");
    assert!(world.letters_to("victim@elsewhere.example").is_empty());
    for letter in world.letters().iter().filter(|letter| letter.to.contains("@forged")) {
        let said = format!("{}{}", letter.subject, letter.text);
        assert!(!said.contains("CANARY") && !said.contains("Canary"), "{said}");
    }
    for number in 0..40 {
        assert!(world.letters_to(&format!("x{number}@forged{number}.example")).len() <= 1);
    }
}

#[test]
fn a16_a_mail_that_fails_dmarc_waits_for_a_person_and_the_partner_hears_nothing() {
    let asks =
        OFFICE.replace("client_mail = true", "client_mail = true\ntrusted_authserv_id = \"mx.example.org\"");
    let mut world = World::with("2026-11-24 10:00", &asks);
    let verdict = "mx.example.org; dmarc=fail header.from=harbor.example";
    world.receive(&stranger().sent_by(PARTNER).header("Authentication-Results", verdict));
    assert_eq!(world.parked().iter().map(|(cause, _)| cause.as_str()).collect::<Vec<_>>(), ["forged"]);
    assert!(world.letters_to(PARTNER).is_empty());
}

#[test]
fn a18_only_a_partner_is_told_what_is_missing_and_by_name_only() {
    let poor = "Client name: Ann Canary\nPhone: 212-555-0142\n";
    let mut world = open_office();
    world.receive(&stranger().body(poor));
    world.receive(&stranger().sent_by(PARTNER).body(&poor.replace("Ann", "Bea").replace("0142", "0143")));
    let asks = |letter: &crate::world::Letter| letter.text.to_lowercase().contains("consent");
    assert!(!world.letters_to("ann@stranger.example").into_iter().any(asks));
    let asked: Vec<_> = world.letters_to(PARTNER).into_iter().filter(|letter| asks(letter)).collect();
    assert_eq!(asked.len(), 1);
    assert!(!asked[0].text.contains("Canary") && !asked[0].text.contains("0143"), "{}", asked[0].text);
}

#[test]
fn a19_every_letter_says_that_it_is_automatic_and_asks_for_no_answer_by_machines() {
    let mut world = open_office();
    world.receive(&stranger().sent_by(PARTNER));
    world.receive(&stranger().body(&PACKET.replace("0142", "0177").replace("Ann", "Bea")));
    world.pass("2d");
    assert!(world.letters().len() > 3 && !world.reports().is_empty());
    for letter in world.letters().iter().chain(world.reports()) {
        letter.check();
        assert_eq!(letter.suppress.as_deref(), Some("All"), "{}", letter.subject);
    }
    assert!(world.letters().iter().all(|letter| !letter.is_digest), "only digests are bulk");
}

#[test]
fn a20_a_report_about_a_report_or_about_a_letter_is_answered_by_nothing() {
    let mut world = open_office();
    world.receive(&stranger());
    let letter = world.last_to("ann@stranger.example");
    let before = world.letters().len();
    world.receive(&letter.bounced());
    world.receive(
        &letter.bounced().sent_by("MAILER-DAEMON@mx2.example.org").subject("Undelivered: Undelivered Mail"),
    );
    let after: Vec<_> = world.letters().iter().skip(before).map(|letter| letter.to.clone()).collect();
    assert!(after.iter().all(|to| to.ends_with("@example.org") && !to.starts_with("MAILER")), "{after:?}");
    world.check();
}
