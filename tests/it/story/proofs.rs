//! Who may do what: without both proofs nothing happens (RELIABILITY C).

use super::{MARIA, Mail, PARTNER, WENDY, referral, tell};
use crate::world::{OFFICE, World};
use handoffd::referral::contact::Contact;
use handoffd::referral::record::{FactKind, Status};

/// Nothing in the record moved, and the registered address of the person heard why, with a way that works.
fn nothing_happened(world: &mut World, mail: &Mail, registered: &str) {
    let before = world.records();
    let letters = world.letters_to(registered).len();
    world.receive(mail);
    assert_eq!(world.records(), before, "nothing changed");
    assert_eq!(world.letters_to(registered).len(), letters + 1, "the registered address hears of it");
}

#[test]
fn a_command_without_its_proofs_changes_nothing_and_a_fresh_letter_goes_to_the_registered_address() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let task = world.last_to(MARIA);
    let reference = world.record(0).reference.to_string();

    world.note("-- no token at all");
    let bare =
        Mail::from(MARIA).subject(&format!("Re: {reference}")).body("accept").said("accept, without a token");
    nothing_happened(&mut world, &bare, MARIA);
    let fresh = world.last_to(MARIA);
    world.show(&fresh);

    world.note("-- the token of another colleague");
    let stolen = task.answer("accept").sent_by(WENDY).said("accept, with Maria's token");
    nothing_happened(&mut world, &stolen, WENDY);

    world.note("-- the token in the hands of a stranger");
    let before = world.record(0);
    let outside = task.answer("accept").sent_by("evil@elsewhere.example").said("accept, with Maria's token");
    world.receive(&outside);
    assert_eq!(world.records(), [before], "nothing changed, nothing opened: it is parked for a person");

    world.note("-- the fresh letter works");
    let answer = fresh.answer("accept");
    world.receive(&answer);
    assert_eq!(world.record(0).status, Status::Accepted);
    tell("unproven commands", world);
}

#[test]
fn a_token_proves_nothing_about_another_referral() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let first = world.last_to(MARIA);
    let second =
        super::ANA.replace("Ana Canary", "Ben Canary").replace("0142", "0143").replace("ana@", "ben@");
    world.receive(&Mail::from(PARTNER).subject("Another one").body(&second));
    let other = world.record(1).reference.to_string();
    let crossed = first
        .answer("close wrong person")
        .subject(&format!("Re: {other}"))
        .said("close, the token of one, the number of the other");
    nothing_happened(&mut world, &crossed, MARIA);
    tell("the token of another referral", world);
}

#[test]
fn who_got_a_partners_letter_passed_on_is_heard() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let receipt = world.last_to(PARTNER);
    world.receive(&receipt.answer("I am her case worker now, call me first.").sent_by("case@worker.example"));
    assert_eq!(world.records().len(), 1);
    assert!(world.record(0).held.is_some());
    tell("a receipt that was passed on", world);
}

#[test]
fn an_expired_token_is_refused_and_a_fresh_letter_works() {
    let observe = OFFICE.replacen("mode = \"enforce\"", "mode = \"observe\"", 1);
    let mut world = World::with("2026-11-24 10:00", &observe);
    world.receive(&referral());
    world.pass("40d");
    let late = world.last_to(MARIA).answer("accept").said("accept, 40 days later");
    nothing_happened(&mut world, &late, MARIA);
    world.answer(MARIA, "accept");
    assert_eq!(world.record(0).status, Status::Accepted);
    tell("an expired token", world);
}

#[test]
fn quoted_commands_and_signatures_do_nothing() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let task = world.last_to(MARIA);
    assert!(task.text.contains("accept"), "the letter itself offers commands");
    world.receive(&task.answer("Thanks, I will look at it tomorrow."));
    let outlook = Mail::from(MARIA)
        .to(&task.reply_to)
        .subject(&format!("RE: {}", task.subject))
        .body("ok\n\n________________________________\nFrom: Example Help Center <referrals@example.org>\nSent: Tuesday, November 24, 2026 10:00 AM\nTo: Maria Lopez\nSubject: Action needed\n\naccept\ndecline no capacity\n")
        .said("ok, with commands below an Outlook line");
    world.receive(&outlook);
    let signed =
        task.answer("Noted.\n\n-- \naccept\nclose done").said("Noted, with commands in the signature");
    world.receive(&signed);
    let record = world.record(0);
    assert_eq!((record.status, record.contact), (Status::Received, Contact::NotStarted));
    tell("quoted commands", world);
}

#[test]
fn a_line_that_is_unclear_stops_those_above_it_and_the_answer_says_which_were_understood() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.answer(MARIA, "attempt call no answer\nattempt by pigeon");
    let answer = world.last_to(MARIA);
    assert!(
        answer.text.contains("\"attempt\" was understood, and the line below it was not"),
        "{}",
        answer.text
    );
    assert!(world.record(0).attempts.is_empty(), "half of what was said is not done");
    world.answer(MARIA, "attempt by pigeon");
    assert!(world.last_to(MARIA).text.contains("the first line was not understood"));
    world.check();
}

#[test]
fn contradicting_commands_do_nothing_and_are_asked_about() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    for words in [
        "accept\ndecline no capacity",
        "confirmed method call\nbounce bad contact info",
        "assign maria\nassign wendy",
        "close done\nreopen not done",
    ] {
        let before = (world.record(0).status, world.record(0).contact, world.record(0).owner);
        world.answer(MARIA, words);
        assert_eq!(
            (world.record(0).status, world.record(0).contact, world.record(0).owner),
            before,
            "{words}"
        );
    }
    let asked = world.last_to(MARIA);
    world.show(&asked);
    assert_eq!(world.count(0, FactKind::Accepted), 0);
    tell("contradicting commands", world);
}

#[test]
fn an_unclear_line_is_answered_with_the_nearest_right_ones() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.answer(MARIA, "atempt call");
    let asked = world.last_to(MARIA);
    world.show(&asked);
    world.answer(MARIA, "help");
    world.answer(MARIA, "history");
    let history = world.last_to(MARIA);
    world.show(&history);
    tell("unclear, help, history", world);
}

#[test]
fn the_same_command_twice_is_done_once() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let accept = world.last_to(MARIA).answer("accept");
    world.drop_in(&accept);
    world.drop_in(&accept);
    world.settle();
    assert_eq!(world.count(0, FactKind::Accepted), 1);
    assert_eq!(world.letters_to(PARTNER).len(), 2, "receipt and outcome, once each");
    tell("the same command twice", world);
}

#[test]
fn with_a_trusted_server_a_command_needs_its_word_too() {
    let strict =
        OFFICE.replace("client_mail = true", "client_mail = true\ntrusted_authserv_id = \"mx.example.org\"");
    let mut world = World::with("2026-11-24 10:00", &strict);
    let pass = "mx.example.org; dmarc=pass header.from=harbor.example";
    world.receive(&referral().header("Authentication-Results", pass));
    let task = world.letter(MARIA, "Action needed");
    world.note("-- no word about the author");
    nothing_happened(&mut world, &task.answer("accept"), MARIA);
    world.note("-- the server says it is forged");
    let fail = "mx.example.org; dmarc=fail header.from=example.org";
    nothing_happened(&mut world, &task.answer("accept").header("Authentication-Results", fail), MARIA);
    world.note("-- the server vouches for it");
    let pass = "mx.example.org; dmarc=pass header.from=example.org";
    world.receive(&task.answer("accept").header("Authentication-Results", pass));
    assert_eq!(world.record(0).status, Status::Accepted);
    tell("a trusted server", world);
}

#[test]
fn a_partner_asks_for_the_status_and_gets_no_client_data() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("2h");
    world.answer(PARTNER, "status");
    let answer = world.last_to(PARTNER);
    world.show(&answer);
    world.receive(&Mail::from(PARTNER).subject("form please").body("form"));
    tell("a partner asks", world);
}

#[test]
fn the_digest_counts_what_nobody_proved() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let (task, number) = (world.last_to(MARIA), world.record(0).reference.to_string());
    world.pass("1m");
    assert!(!world.digest().contains("without"));
    world.receive(&Mail::from(MARIA).subject(&number).body("accept"));
    world.pass("1m");
    assert!(world.digest().contains("1 mail asked for something without its proofs"), "{}", world.digest());
    world.receive(&task.answer("accept").sent_by(WENDY));
    world.receive(&task.answer("accept").sent_by("evil@elsewhere.example"));
    world.receive(&task.answer("acept"));
    world.receive(&task.answer("assign wendy"));
    world.receive(&task.answer("accept"));
    world.pass("1m");
    assert!(
        world.digest().contains("4 mails asked for something without their proofs"),
        "{}",
        world.digest()
    );
    world.check();
}

#[test]
fn a_command_above_an_attached_referral_counts_by_its_proofs_and_the_referral_is_opened_too() {
    let other =
        super::ANA.replace("Ana Canary", "Ben Canary").replace("0142", "0143").replace("ana@", "ben@");
    let body = format!(
        "--b\r\nContent-Type: text/plain\r\n\r\naccept\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
         From: {PARTNER}\r\nTo: referrals@example.org\r\nSubject: Another one\r\n\
         Message-ID: <another@harbor.example>\r\n\r\n{other}\r\n--b--\r\n"
    );
    for (author, status) in [(MARIA, Status::Accepted), (WENDY, Status::Received)] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        let answer = world.last_to(MARIA).answer("accept").sent_by(author);
        let answer =
            answer.header("MIME-Version", "1.0").header("Content-Type", "multipart/mixed; boundary=b");
        world.receive(&answer.body(&body).said("accept, above an attached referral"));
        assert_eq!(world.records().len(), 2, "{author}: the attached referral has a record");
        assert_eq!((world.record(0).status, world.record(1).status), (status, Status::Received), "{author}");
        world.check();
    }
}
