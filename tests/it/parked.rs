//! Mails nobody can read, and mails that come twice: nothing is lost, nothing is opened twice (issue 3, points 10 and
//! 11).
#![cfg(test)]

use handoffd::referral::record::Status;

use crate::rig::SOON;
use crate::rig::desk::{self, Desk};
use crate::world::{Mail, OFFICE, World};

const PACKET: &str = "Client name: Ann Canary\nPhone: 212-555-0142\nSafe to contact: yes, phone\n\
    Language: English\nConsent to share: yes\nMatter: eviction\n";

fn partner_mail() -> Mail {
    Mail::from("intake@harbor.example").body(PACKET)
}

/// The office with a bound so low that every mail with a body is over it.
fn narrow() -> String {
    format!("{OFFICE}\n[limits]\nheader_fields = 50\n")
}

/// A mail with more header fields than the narrow office reads.
fn long_headed() -> Mail {
    (0..60).fold(partner_mail(), |mail, number| mail.header(&format!("X-Relay-{number}"), "x"))
}

#[test]
fn a_mail_nobody_can_read_is_received_once_and_read_after_the_fix() {
    let mut world = World::with("2026-11-24 10:00", &narrow());
    world.receive(&long_headed());
    let record = world.record(0);
    assert_eq!(world.parked(), [("too_many".to_owned(), Some(record.reference.to_string()))]);
    assert!(record.transcribe && matches!(record.status, Status::NeedsInfo { .. }));
    let receipt = world.last_to("intake@harbor.example");
    assert!(receipt.text.contains(record.reference.as_str()));
    assert_eq!(world.letters_to("intake@harbor.example").len(), 1);

    // Replayed without a fix it stays what it is.
    world.replay_parked();
    assert_eq!((world.parked().len(), world.records().len()), (1, 1));
    assert_eq!(world.letters_to("intake@harbor.example").len(), 1, "no second receipt");

    world.restart_with(OFFICE);
    world.replay_parked();
    assert_eq!((world.parked().len(), world.records().len()), (0, 1));
    let read = world.record(0);
    assert_eq!(read.reference, record.reference);
    assert!(!read.transcribe);
    let mut fresh = World::at("2026-11-24 10:00");
    fresh.receive(&long_headed());
    let packet = |world: &World| -> Vec<_> {
        world.record(0).packet.iter().map(|(field, found)| (field, found.value.clone())).collect()
    };
    assert_eq!(packet(&world), packet(&fresh));
    assert_eq!(read.missing, fresh.record(0).missing);
    world.check();
}

/// The words around an e-fax name who sent it: a number that only they give is no client's, and the page is to be typed
/// in.
#[test]
fn an_efax_waits_to_be_typed_in_though_its_mail_gives_a_number() {
    let page = "--x\n\nYou have received a 2 page fax from +1 212-555-0177.\n--x\nContent-Type: application/pdf; name=fax.pdf\n\n\
                %PDF-1.4 a scan\n--x--\n";
    let mut world = World::at("2026-11-24 10:00");
    let mail = Mail::from("intake@harbor.example").subject("Fax").body(page);
    world.receive(&mail.header("Content-Type", "multipart/mixed; boundary=x"));
    assert!(world.record(0).transcribe);
    world.check();
}

/// As far as it was read, it is heard: the subject at least.
#[test]
fn p11_a_stop_in_a_mail_that_is_over_a_bound_is_a_stop() {
    let mut world = World::with("2026-11-24 10:00", &narrow());
    world.receive(&partner_mail().body(&format!("{PACKET}Email: ann@mail.example\n")));
    let fields =
        |mail: Mail| (0..60).fold(mail, |mail, number| mail.header(&format!("X-Relay-{number}"), "x"));
    world.receive(&fields(Mail::from("ann@mail.example").subject("A question").body("When?")));
    assert!(!world.record(0).stopped);
    world.receive(&fields(Mail::from("ann@mail.example").subject("STOP").body("")));
    assert!(world.record(0).stopped);
    world.check();
}

#[test]
fn a_mail_nobody_can_read_opens_nothing_for_a_stranger_or_a_machine() {
    let mut world = World::with("2026-11-24 10:00", &narrow());
    world.receive(&long_headed().sent_by("ann@stranger.example"));
    world.receive(&long_headed().header("Auto-Submitted", "auto-generated").robot());
    world.receive(&long_headed().subject("Automatic reply: away").robot());
    assert_eq!((world.parked().len(), world.records().len()), (3, 0));
    assert!(world.letters().is_empty());
    world.check();
}

#[test]
fn a_parked_mail_replayed_after_a_fix_is_what_a_fresh_one_is() {
    let stranger = long_headed().sent_by("ann@stranger.example");
    let mut fresh = World::at("2026-11-24 10:00");
    fresh.receive(&stranger);
    let mut world = World::with("2026-11-24 10:00", &narrow());
    world.receive(&stranger);
    assert!(world.records().is_empty());
    world.restart_with(OFFICE);
    world.replay_parked();
    let told = |world: &World| {
        let record = world.record(0);
        let packet: Vec<_> =
            record.packet.iter().map(|(field, found)| (field, found.value.clone())).collect();
        let facts: Vec<String> = world.history(0).into_iter().map(|fact| fact.words).collect();
        (packet, record.missing, record.questions, record.received_at, record.next_action_at, facts)
    };
    assert_eq!(told(&world), told(&fresh));
    let letters =
        |world: &World| -> Vec<String> { world.letters().iter().map(|letter| letter.to.clone()).collect() };
    assert_eq!(letters(&world), letters(&fresh));
}

#[test]
fn a_mail_fetched_without_its_body_is_read_like_a_fresh_one_once_its_whole_is_handed_in() {
    let large =
        || partner_mail().body(&format!("{PACKET}\n{}", format!("{}\n", "x".repeat(70)).repeat(20_000)));
    let mut world = World::with("2026-11-24 10:00", &format!("{OFFICE}\n[limits]\nmail_mib = 1\n"));
    let local = world.local(world.now());
    world.receive(&large());
    let record = world.record(0);
    assert_eq!(world.parked(), [("too_large".to_owned(), Some(record.reference.to_string()))]);
    assert!(record.transcribe);

    world.restart_with(OFFICE);
    world.replay_whole(large().bytes(1, local));
    assert_eq!((world.parked().len(), world.records().len()), (0, 1));
    let read = world.record(0);
    assert_eq!((read.reference, read.transcribe), (record.reference, false));
    let mut fresh = World::at("2026-11-24 10:00");
    fresh.receive(&large());
    let packet = |world: &World| -> Vec<_> {
        world.record(0).packet.iter().map(|(field, found)| (field, found.value.clone())).collect()
    };
    assert_eq!(packet(&world), packet(&fresh));
    assert_eq!(world.letters_to("intake@harbor.example").len(), 1, "no second receipt");
    world.check();
}

#[test]
fn the_same_message_id_with_other_words_is_a_new_item_and_flagged() {
    let mut world = World::at("2026-11-24 10:00");
    let id = |mail: Mail| mail.message_id("<same@harbor.example>");
    world.receive(&id(partner_mail()));
    world.receive(&id(
        partner_mail().body(&PACKET.replace("Ann Canary", "Bea Canary").replace("0142", "0143"))
    ));
    assert_eq!(world.records().len(), 2);
    assert!(world.record(0).questions.is_empty());
    assert!(world.record(1).questions.iter().any(|question| question.contains("same Message-ID")));
    // The first one on another road: a header more, and it is the same.
    world.receive(&id(partner_mail().header("Received", "from elsewhere")));
    assert_eq!(world.records().len(), 2);
}

/// A list of people, a form each.
fn list(people: &[(&str, &str)]) -> Mail {
    let forms: Vec<String> = people
        .iter()
        .map(|(name, phone)| PACKET.replace("Ann Canary", name).replace("212-555-0142", phone))
        .collect();
    let numbered =
        (1..).zip(&forms).map(|(number, form)| format!("Referral {number} of {}\n{form}", forms.len()));
    partner_mail().body(&numbered.collect::<Vec<_>>().join("\n"))
}

#[test]
fn a_list_sent_again_with_one_more_line_opens_one_record_and_one_sent_again_as_it_was_none() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&list(&[("Ann Canary", "212-555-0142"), ("Bea Canary", "212-555-0143")]));
    assert_eq!(world.records().len(), 2);
    let before = world.letters_to("intake@harbor.example").len();
    world.receive(&list(&[
        ("CANARY, Bea", "(212) 555 0143"),
        ("Cleo Canary", "212-555-0144"),
        ("Ann Canary", "212-555-0142"),
    ]));
    assert_eq!(world.records().len(), 3);
    let receipts: Vec<String> = world
        .letters_to("intake@harbor.example")
        .iter()
        .skip(before)
        .map(|one| one.subject.clone())
        .collect();
    let about = |words: &str| receipts.iter().filter(|subject| subject.starts_with(words)).count();
    assert_eq!((about("Received"), about("We already have this")), (1, 1), "{receipts:?}");
    for place in 0..2 {
        let asked = world.record(place).questions;
        assert!(asked.iter().all(|question| !question.contains("Phone")), "{asked:?}");
    }
    world.receive(&list(&[
        ("Ann Canary", "212-555-0142"),
        ("Bea Canary", "212-555-0143"),
        ("Cleo Canary", "212-555-0144"),
    ]));
    assert_eq!(world.records().len(), 3);
    // The same phone under another name, and another partner's list, are others.
    world.receive(&list(&[("Dora Canary", "212-555-0142"), ("Ann Canary", "212-555-0142")]));
    assert_eq!(world.records().len(), 4);
    world.check();
}

#[test]
fn a_mail_of_which_only_the_head_was_kept_says_what_to_do() {
    let mut desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    let large = |id: &str| {
        let body = format!("{}\r\n", "x".repeat(70)).repeat(400_000);
        format!("From: a@harbor-house.example\r\nMessage-ID: {id}\r\nSubject: x\r\n\r\n{body}").into_bytes()
    };
    desk.drop_in("1", &large("<1@x>"));
    desk.start();
    desk.settled(1, SOON);
    let parked = desk.json(&["parked", "list"]);
    assert_eq!((parked[0]["cause"].as_str(), parked[0]["whole"].as_bool()), (Some("too_large"), Some(false)));
    let id = parked[0]["id"].to_string();
    assert!(desk.run(&["parked", "list"]).out.contains("only its head is kept"));
    let refused = desk.run(&["parked", "replay", &id]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("--with FILE") && refused.err.contains("mail_mib"), "{}", refused.err);
    let file = desk.path("mail.eml");
    let with = ["parked", "replay", &id, "--with", file.to_str().unwrap()];
    for (bytes, words) in [
        (large("<1@x>"), "over [limits] mail_mib"),
        (b"Message-ID: <2@x>\r\n\r\nanother".to_vec(), "another mail"),
    ] {
        std::fs::write(&file, bytes).unwrap();
        let refused = desk.run(&with);
        assert_eq!(refused.code, 1);
        assert!(refused.err.contains(words), "{}", refused.err);
    }
    std::fs::write(
        &file,
        b"From: a@harbor-house.example\r\nMessage-ID: <1@x>\r\nSubject: x\r\n\r\nshort now\r\n",
    )
    .unwrap();
    assert_eq!(desk.run(&with).code, 0);
    desk.settled(1, SOON);
    assert!(desk.json(&["parked", "list"]).as_array().unwrap().is_empty());
}
