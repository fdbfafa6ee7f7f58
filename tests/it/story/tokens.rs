//! What a token proves, for whom and how long, by every way on which it can come (RELIABILITY C6 to C9, C14 to C20,
//! C32).

use super::{ANA, CLIENT, MARIA, Mail, PARTNER, WENDY, referral};
use crate::world::{Letter, OFFICE, World};
use handoffd::referral::record::{FactKind, Status};

const CONFIRMED: &str =
    "confirmed method call, language English, safe times mornings, next step clinic, deadline none";
const OUTSIDER: &str = "somebody@elsewhere.example";

/// A second referral, of another person.
fn another() -> Mail {
    let body = ANA.replace("Ana Canary", "Ben Canary").replace("0142", "0143").replace("ana@", "ben@");
    referral().subject("Another one").body(&body)
}

fn without_thread(mail: Mail) -> Mail {
    mail.without("In-Reply-To").without("References")
}

#[test]
fn c7_whose_letter_came_into_other_hands_hears_of_it_once_a_day_and_nothing_of_the_mail() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let task = world.last_to(MARIA);
    let before = (world.records(), world.letters_to(MARIA).len());
    for words in ["accept Strangerword", "close Strangerword", "decline Strangerword"] {
        world.receive(&task.answer(words).sent_by(OUTSIDER));
        world.receive(&without_thread(task.answer(words).sent_by(OUTSIDER)).subject("x"));
    }
    assert_eq!(world.records(), before.0);
    assert_eq!(world.letters_to(MARIA).len(), before.1 + 1, "who holds the letter makes us write once");
    let told = world.last_to(MARIA);
    assert!(told.text.contains("somebody else answered a letter of ours to you"), "{}", told.text);
    assert!(!told.text.contains("Strangerword") && !told.text.contains(OUTSIDER));
    assert!(world.letters_to(OUTSIDER).is_empty());
    world.receive(&told.answer("accept"));
    assert_eq!(world.record(0).status, Status::Accepted, "her own answer works");
    world.end();
}

#[test]
fn c8_a_good_server_without_a_token_is_one_proof() {
    let strict =
        OFFICE.replace("client_mail = true", "client_mail = true\ntrusted_authserv_id = \"mx.example.org\"");
    let mut world = World::with("2026-11-24 10:00", &strict);
    world.receive(
        &referral().header("Authentication-Results", "mx.example.org; dmarc=pass header.from=harbor.example"),
    );
    let (before, number) = (world.record(0), world.record(0).reference.to_string());
    let pass = "mx.example.org; dmarc=pass header.from=example.org";
    let bare = Mail::from(MARIA).subject(&number).body("accept").header("Authentication-Results", pass);
    world.receive(&bare);
    assert_eq!(world.record(0), before);
    let fresh = world.last_to(MARIA);
    assert!(fresh.text.contains("did not answer a letter of ours to you"), "{}", fresh.text);
    world.receive(&fresh.answer("accept").header("Authentication-Results", pass));
    assert_eq!(world.record(0).status, Status::Accepted);
    world.end();
}

#[test]
fn c9_an_answer_goes_to_the_registered_address_whatever_the_mail_asks_for() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral().header("Reply-To", OUTSIDER));
    for line in ["status", "history", "details", "help", "acept", "away until 2020-01-01", "accept"] {
        let task = world.letter(MARIA, "Action needed");
        let letters = world.letters_to(MARIA).len();
        world.receive(&task.answer(line).header("Reply-To", OUTSIDER).header("Return-Path", OUTSIDER));
        assert!(world.letters_to(MARIA).len() > letters, "{line} is answered");
        let bare = Mail::from(MARIA).subject("?").body(line).header("Reply-To", OUTSIDER);
        world.receive(&bare.header("Cc", OUTSIDER));
    }
    world.receive(&Mail::from(PARTNER).subject("?").body("status").header("Reply-To", OUTSIDER));
    assert!(world.letters_to(OUTSIDER).is_empty());
    world.end();
}

#[test]
fn c14_an_earlier_owners_letter_proves_nothing_and_says_who_owns_it_now() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let task = world.last_to(MARIA);
    world.receive(&task.answer("assign wendy"));
    let hers = world.last_to(WENDY);
    let before = (world.record(0), world.history(0).len());
    for line in ["accept", "close done", "do not contact", "history", "assign maria", "she called me"] {
        world.receive(&task.answer(line));
        let told = world.last_to(MARIA);
        assert!(told.text.contains("Wendy Ross owns it now"), "{line}: {}", told.text);
        assert_eq!((world.record(0), world.history(0).len()), before, "{line}");
    }
    // The fresh letter names the owner, and so what she answers to it she means.
    let fresh = world.last_to(MARIA);
    world.receive(&fresh.answer("attempt call no answer"));
    assert_eq!(world.record(0).attempts.len(), 1);
    world.receive(&hers.answer("assign maria"));
    world.receive(&task.answer("accept"));
    assert_eq!(world.record(0).status, Status::Accepted, "it is hers again, and so is every letter about it");
    world.receive(&hers.answer("close done"));
    assert!(world.last_to(WENDY).text.contains("Maria Lopez owns it now"));
    assert_eq!(world.record(0).status, Status::Accepted);
    world.end();
}

#[test]
fn c14_what_was_done_is_not_done_twice_and_a_closed_referral_stays_closed() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let task = world.last_to(MARIA);
    let accept = task.answer("accept");
    world.receive(&accept);
    world.receive(&accept.clone().message_id("<again@example.org>"));
    assert_eq!(world.count(0, FactKind::Accepted), 1);
    world.receive(&task.answer("close advice given"));
    let closed = world.record(0);
    for line in ["accept", "confirmed method call", "close again", "attempt call no answer", "assign wendy"] {
        world.receive(&task.answer(line));
        assert!(world.last_to(MARIA).text.contains("this referral is closed"), "{line}");
        assert_eq!(world.record(0), closed, "{line}");
    }
    world.end();
}

/// The bytes differ by what the road wrote on top; the mail is the same.
fn by_another_road(mail: &Mail, id: &str) -> Mail {
    mail.clone().message_id(id).header("Received", "from relay.example by mx.example.org; again")
}

#[test]
fn c14_c24_a_mail_that_comes_again_by_another_road_does_nothing_again() {
    for (line, kind) in [
        ("attempt call no answer", FactKind::Attempted),
        (CONFIRMED, FactKind::Confirmed),
        ("note she prefers mornings", FactKind::Noted),
        ("needs phone", FactKind::Asked),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        let mail = world.last_to(MARIA).answer(line).message_id("<once@example.org>");
        world.drop_in(&mail);
        world.drop_in(&by_another_road(&mail, "<once@example.org>"));
        world.settle();
        world.pass("3h");
        let before = world.record(0);
        world.receive(&by_another_road(&mail, "<once@example.org>").header("X-Road", "3"));
        assert_eq!(world.count(0, kind), 1, "{line}");
        assert_eq!(world.record(0), before, "{line}");
        // Other words under the same Message-ID are words all the same.
        world.receive(&mail.body("note another word").header("X-Road", "4"));
        assert_eq!(world.history(0).last().unwrap().words, "another word");
        world.check();
    }
}

#[test]
fn a_copy_that_came_by_a_lists_road_and_did_nothing_does_not_swallow_the_command_itself() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let mail = world.last_to(MARIA).answer("attempt call no answer").message_id("<both@example.org>");
    world.receive(&mail.clone().header("Precedence", "list"));
    assert_eq!(world.count(0, FactKind::Attempted), 0, "a list's copy is no word of hers");
    world.receive(&by_another_road(&mail, "<both@example.org>"));
    assert_eq!(world.count(0, FactKind::Attempted), 1);
    world.check();
}

#[test]
fn c14_an_old_command_sent_once_more_never_turns_back_what_came_after() {
    // Each is said, then what follows it is said, then the first once more under a new Message-ID.
    for (first, then) in [
        ("accept", vec!["close advice given"]),
        (CONFIRMED, vec!["close advice given"]),
        ("attempt call no answer", vec![CONFIRMED]),
        ("bounce bad contact info", vec!["reopen a number was found", CONFIRMED]),
        ("raise deadline", vec!["raise safety"]),
        ("do not contact", vec!["close she asked us to"]),
        ("close advice given", vec!["reopen new court date", "accept"]),
        ("decline outside our area", vec!["reopen a mistake", "accept"]),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        let task = world.last_to(MARIA);
        let mail = task.answer(first);
        world.receive(&mail);
        for line in then {
            world.pass("1h");
            world.receive(&task.answer(line));
        }
        world.pass("1h");
        let before = world.record(0);
        world.receive(&by_another_road(&mail, "<again@example.org>"));
        let after = world.record(0);
        // Whoever holds both proofs may end what is open; everything else stays as it was left.
        if !first.starts_with("close") {
            assert_eq!(after.status, before.status, "{first}");
        }
        assert_eq!(
            (after.contact, after.tier, after.rung),
            (before.contact, before.tier, before.rung),
            "{first}"
        );
        assert_eq!((after.attempts, after.stopped), (before.attempts, before.stopped), "{first}");
        world.end();
    }
}

/// Every way on which a mail may say to what it belongs.
fn ways(task: &Letter, number: &str, line: &str) -> Vec<(&'static str, bool, Mail)> {
    let (local, domain) = task.reply_to.split_once('@').unwrap();
    let (inbox, token) = local.split_once('+').unwrap();
    let inbox = format!("{inbox}@{domain}");
    let id = task.message_id.trim_matches(['<', '>']).to_owned();
    let hash = id.split('.').next().unwrap();
    let plain = || Mail::from(MARIA).to(&inbox).subject("Question").body(line);
    vec![
        ("the address", true, plain().to(&task.reply_to)),
        ("In-Reply-To", true, plain().header("In-Reply-To", &task.message_id)),
        ("References", true, plain().header("References", &format!("<x@y.example> {}", task.message_id))),
        ("Delivered-To", true, plain().header("Delivered-To", &task.reply_to)),
        (
            "a proof in the text",
            true,
            plain().body(&format!("{line}\n\nProof: {token}\n\nSent from my phone")),
        ),
        ("a proof in a quote", false, plain().body(&format!("{line}\n\n> Proof: {token}"))),
        (
            "a changed proof",
            false,
            plain().body(&format!("{line}\n\nProof: {}", token.chars().rev().collect::<String>())),
        ),
        ("a number in the subject", false, plain().subject(&format!("Re: Action needed: {number}"))),
        ("a number in the text", false, plain().body(&format!("{line}\n{number}"))),
        (
            "the quoted letter",
            false,
            plain().body(&format!("{line}\n\n> {}", task.text.replace('\n', "\n> "))),
        ),
        ("a Message-ID of our form", false, plain().header("In-Reply-To", &format!("<{hash}@{domain}>"))),
        ("a token in the subject", false, plain().subject(token)),
        ("its own Message-ID", false, plain().message_id(&task.message_id.replace(hash, "0"))),
        (
            "a token at another host",
            false,
            plain().header("In-Reply-To", &format!("<{hash}.{token}@x.example>")),
        ),
        ("a token at another address", false, plain().to(&format!("other+{token}@{domain}"))),
    ]
}

#[test]
fn c18_on_every_way_a_command_needs_the_token_and_the_person_it_was_made_for() {
    let fresh = || {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        world
    };
    let count = {
        let world = fresh();
        ways(&world.last_to(MARIA), "", "").len()
    };
    for place in 0..count {
        for author in [MARIA, WENDY, OUTSIDER, PARTNER, CLIENT] {
            let mut world = fresh();
            let (task, number) = (world.last_to(MARIA), world.record(0).reference.to_string());
            let (way, proves, mail) = ways(&task, &number, "accept").swap_remove(place);
            world.receive(&mail.sent_by(author));
            let accepted = world.record(0).status == Status::Accepted;
            assert_eq!(accepted, proves && author == MARIA, "{way} by {author}");
        }
    }
}

#[test]
fn c15_c17_of_two_referrals_the_token_acts_on_its_own_and_a_changed_one_on_none() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let task = world.last_to(MARIA);
    world.receive(&another());
    let second = world.record(1);
    let crossed = task.answer("accept").subject(&format!("Re: {}", second.reference));
    world.receive(&crossed);
    let (inbox, domain) = task.reply_to.split_once('@').unwrap();
    let flipped: String = inbox
        .chars()
        .rev()
        .enumerate()
        .map(|(at, c)| if at == 3 { if c == 'a' { 'b' } else { 'a' } } else { c })
        .collect();
    let flipped: String = flipped.chars().rev().collect();
    for to in [
        format!("{flipped}@{domain}"),
        format!("{inbox}0@{domain}"),
        format!("{}@{domain}", inbox.strip_suffix(|_: char| true).unwrap()),
    ] {
        world.receive(&Mail::from(MARIA).to(&to).subject("x").body("accept"));
    }
    assert_eq!(world.record(1), second);
    let upper = format!("{}@{domain}", inbox.to_uppercase());
    world.receive(&Mail::from(MARIA).to(&upper).subject("x").body("accept"));
    assert_eq!(world.record(0).status, Status::Accepted, "a mail program that folds the case loses nothing");
    world.end();
}

#[test]
fn c20_no_letter_to_a_client_or_a_partner_carries_what_staff_may_do() {
    for line in [
        "accept",
        "close done",
        "confirmed method call",
        "assign wendy",
        "decline no",
        "allow contact",
        "email safe, by phone, from the client",
        "history",
        "details",
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        let before = world.record(0);
        let (receipt, five) = (world.last_to(PARTNER), world.last_to(CLIENT));
        let bare = five.message_id.split('@').next().unwrap();
        assert!(!five.reply_to.contains('+') && !bare.contains('.'), "a client's letter carries no token");
        let changed = |world: &World| {
            let now = world.record(0);
            (now.status, now.contact, now.owner, now.stopped, now.attempts.len())
        };
        let as_it_was =
            (before.status.clone(), before.contact.clone(), before.owner.clone(), before.stopped, 0);
        for mail in
            [receipt.answer(line), receipt.answer(line).sent_by(MARIA), receipt.answer(line).sent_by(CLIENT)]
        {
            world.receive(&mail);
            assert_eq!(changed(&world), as_it_was, "{line}");
        }
        for mail in [five.answer(line), five.answer(line).sent_by(MARIA), five.answer(line).sent_by(PARTNER)]
        {
            world.receive(&mail);
            assert_eq!(changed(&world), as_it_was, "{line}");
        }
    }
}

#[test]
fn c32_who_left_the_roster_acts_no_more_and_holds_nothing() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let task = world.last_to(MARIA);
    let (before, rest) = OFFICE
        .split_once(
            "[[staff]]
id = \"maria\"",
        )
        .unwrap();
    let (_, after) = rest.split_once("[[partner]]").unwrap();
    let without = format!("{before}[[partner]]{after}");
    world.restart_with(&without.replace("takes_referrals = false", "takes_referrals = true"));
    world.settle();
    let before = (world.record(0).status, world.record(0).contact, world.record(0).held);
    for mail in [
        task.answer("accept"),
        without_thread(task.answer("close done")),
        without_thread(task.answer("do not contact")).sent_by(WENDY),
    ] {
        world.receive(&mail);
        let record = world.record(0);
        assert_eq!((record.status, record.contact, record.held), before, "{}", mail.summary());
    }
    assert_eq!(world.records().len(), 1, "nothing is opened: a person looks at it");
    world.pass("1d");
    assert_eq!(world.record(0).owner.0, "wendy", "somebody who is here owns it");
    world.check();
}
