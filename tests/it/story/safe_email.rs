//! A doubt about the client's address: the owner hears of it with the line that settles it, asks the client by phone, and
//! letters leave again, until the next doubt.

use super::{ANA, CLIENT, MARIA, Mail, OTHER_PARTNER, PARTNER, WENDY, referral, referral_with, tell};
use crate::world::World;
use handoffd::intake::warning::{self, Warnings};
use handoffd::referral::packet::consent::Told;
use handoffd::referral::record::FactKind;

const YES: &str = "email safe, by phone, from the client";
const ALIAS: &str = "fishing77@mail.example";

/// She was written to, and a machine at another mailbox answered her letter.
fn doubted() -> World {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    carried(&mut world);
    world.pass("30m");
    world
}

/// One more automatic answer of a machine at another mailbox.
fn carried(world: &mut World) {
    let away = world.last_to(CLIENT).answer("I am away until Monday.").sent_by(ALIAS);
    world.receive(&away.header("Auto-Submitted", "auto-replied").said("an out-of-office of another mailbox"));
}

/// How many letters reach her when something is decided about her.
fn letters_later(world: &mut World, words: &str) -> usize {
    let before = world.letters_to(CLIENT).len();
    world.answer(MARIA, words);
    world.pass("2h");
    world.letters_to(CLIENT).len() - before
}

fn is_told_safe(world: &World) -> bool {
    world.record(0).email_told.is_some()
}

#[test]
fn the_letter_about_a_doubt_says_what_makes_email_safe_again_and_it_does_until_the_next_doubt() {
    let mut world = doubted();
    let told = world.last_to(MARIA);
    world.show(&told);
    assert!(told.subject.contains("a message about") && told.text.contains(YES), "{}", told.text);
    assert_eq!(letters_later(&mut world, "accept"), 0, "in doubt no letter leaves");
    world.answer(MARIA, &format!("{YES}\nresume"));
    let told = world.last_to(MARIA);
    world.show(&told);
    assert!(told.text.contains("may leave from now on") && !told.text.contains(YES), "{}", told.text);
    let facts = world.history(0);
    let fact = facts.iter().find(|fact| fact.kind == FactKind::EmailTold).unwrap();
    assert_eq!(fact.words, "email told to us: safe, on the phone");
    assert!(fact.by.is_some(), "the history says who");
    assert!(world.record(0).questions.is_empty(), "nothing of it is left to settle");
    assert_eq!(letters_later(&mut world, "close advice given"), 1);
    world.answer(MARIA, "reopen a new court date");
    carried(&mut world);
    assert!(!is_told_safe(&world));
    assert!(world.last_to(MARIA).text.contains(YES), "asked anew");
    assert_eq!(letters_later(&mut world, "close advice given"), 0, "a later doubt closes it again");
    assert_eq!(world.count(0, FactKind::EmailTold), 2, "the history says so");
    tell("email made safe again", world);
}

#[test]
fn each_later_word_that_doubts_her_mail_closes_it_again() {
    type Doubt = fn(&World) -> Mail;
    let doubts: [(&str, Doubt); 6] = [
        ("the partner", |world| world.last_to(PARTNER).answer("Her husband reads her mail now.")),
        ("a form of the partner", |world| world.last_to(PARTNER).answer("Safe to email: no")),
        ("a form with an end", |world| world.last_to(PARTNER).answer("Safe to email: yes until 11/20/2026")),
        ("the owner", |world| world.last_to(MARIA).answer("Her husband reads her mail now.")),
        ("the owner in a word", |world| world.last_to(MARIA).answer("email not safe, he has her password")),
        ("a stranger", |world| {
            let about = format!("About {}: her husband reads her mail.", world.record(0).reference);
            Mail::from("cousin@mail.example").subject("Ana").body(&about)
        }),
    ];
    for (who, doubt) in doubts {
        let mut world = doubted();
        world.answer(MARIA, &format!("{YES}\nresume"));
        assert!(is_told_safe(&world), "{who}");
        let mail = doubt(&world);
        world.receive(&mail);
        assert!(!is_told_safe(&world), "{who}");
        assert_eq!(letters_later(&mut world, "accept"), 0, "{who}");
        world.check();
    }
}

#[test]
fn only_the_owner_and_the_workflow_owner_say_it_and_neither_partner_client_nor_stranger_by_any_mail() {
    let mut world = doubted();
    let task = world.last_to(MARIA);
    let receipt = world.last_to(PARTNER);
    let letter = world.last_to(CLIENT);
    for mail in [
        receipt.answer(YES),
        receipt.answer("Safe to email: yes"),
        receipt.answer(YES).sent_by(OTHER_PARTNER),
        letter.answer(YES),
        letter.answer("email safe, in person, from the client").sent_by(ALIAS),
        Mail::from(CLIENT).subject("email safe").body(YES),
        task.answer(YES).sent_by(CLIENT),
        task.answer(YES).sent_by(PARTNER),
        Mail::from(MARIA).subject(world.record(0).reference.as_str()).body(YES),
    ] {
        world.receive(&mail);
        assert!(!is_told_safe(&world), "{}", mail.summary());
    }
    assert_eq!(letters_later(&mut world, "accept"), 0);
    // Handed over: the letter in her hands is about a referral of somebody else's.
    world.answer(MARIA, "assign wendy");
    world.receive(&task.answer(YES));
    assert!(!is_told_safe(&world));
    world.answer(WENDY, YES);
    assert!(is_told_safe(&world));
    world.check();
}

#[test]
fn what_was_not_asked_by_phone_or_in_person_is_asked_about_and_nothing_done() {
    for words in
        ["email safe", "email safe, in writing", "email safe, she wrote to me", "Email is safe, I think"]
    {
        let mut world = doubted();
        world.answer(MARIA, words);
        let told = world.last_to(MARIA);
        assert!(!is_told_safe(&world) && told.text.contains(YES), "{words}: {}", told.text);
        world.check();
    }
    let mut world = doubted();
    world.answer(MARIA, &format!("{YES}\nemail not safe"));
    assert!(world.last_to(MARIA).text.contains("contradict each other"));
    assert!(!is_told_safe(&world));
    let mut world = doubted();
    world.answer(MARIA, &format!("{YES}\n\nHer husband reads her mail."));
    assert!(!is_told_safe(&world), "what else the mail says counts more");
    let told: String = world.letters_to(MARIA).iter().map(|letter| letter.text.replace('\n', " ")).collect();
    assert!(told.contains("the line below it was not"), "{told}");
    world.check();
}

#[test]
fn it_undoes_neither_a_stop_nor_do_not_contact_and_a_stop_ends_it() {
    let mut world = doubted();
    world.answer(MARIA, &format!("{YES}\nresume"));
    world.receive(&Mail::from(CLIENT).subject("STOP").body(""));
    assert!(!is_told_safe(&world));
    world.answer(MARIA, YES);
    assert!(world.record(0).stopped);
    assert!(world.last_to(MARIA).text.contains("we were asked not to write to the client"));
    assert_eq!(letters_later(&mut world, "accept"), 0);
    world.check();
    let mut world = doubted();
    world.answer(MARIA, "do not contact");
    world.answer(MARIA, YES);
    assert!(world.last_to(MARIA).text.contains("still no letter to the client"));
    assert_eq!(letters_later(&mut world, "accept"), 0);
    world.check();
}

#[test]
fn a_confirmation_that_was_owed_leaves_once_she_said_that_email_is_safe() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Notes", "Her husband reads her mail."));
    assert!(world.letters_to(CLIENT).is_empty());
    let told = world.last_to(MARIA);
    assert!(told.text.contains(YES), "{}", told.text);
    world.answer(MARIA, "email safe, in person, from the client");
    assert_eq!(
        world.letters_to(CLIENT).len(),
        1,
        "{:?}",
        world.history(0).last().map(|fact| fact.words.clone())
    );
    world.check();
}

#[test]
fn where_another_referral_speaks_against_the_address_it_is_asked_about_and_answered_alike() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Safe to email", "no"));
    world.receive(&referral().sent_by(OTHER_PARTNER));
    assert_eq!(world.records().len(), 2);
    let task = world.letter_about(MARIA, 1);
    assert!(task.text.contains(YES), "{}", task.text);
    assert!(world.letters_to(CLIENT).is_empty());
    world.pass("30m");
    world.receive(&task.answer(YES));
    assert_eq!(world.letters_to(CLIENT).len(), 1);
    assert!(world.record(0).email_told.is_none(), "it was said of one of them");
    world.check();
}

#[test]
fn what_we_ask_warns_of_nothing_where_it_is_quoted() {
    let mut world = doubted();
    let told = world.last_to(MARIA).text;
    let asked: Vec<&str> = told.lines().filter(|line| line.starts_with("- ")).collect();
    assert!(asked.len() == 2 && asked[1].contains(YES), "{told}");
    assert_eq!(warning::of(asked), Warnings::default(), "{told}");
    world.check();
}

/// A cousin who knows the number writes of it.
fn cousin(world: &mut World) {
    let about = format!("About {}: her husband reads her mail.", world.record(0).reference);
    world.receive(&Mail::from("cousin@mail.example").subject("Ana").body(&about));
}

#[test]
fn an_answer_to_a_letter_from_before_a_doubt_settles_nothing_of_it() {
    let mut world = doubted();
    let first = world.last_to(MARIA);
    cousin(&mut world);
    world.pass("5m");
    world.receive(&first.answer(&format!("{YES}\nresume")));
    assert!(!is_told_safe(&world), "she had not read it");
    let told = world.last_to(MARIA);
    assert!(told.text.contains("a later mail speaks against it"), "{}", told.text);
    assert_eq!(letters_later(&mut world, "accept"), 0);
    world.receive(&told.answer(YES));
    assert!(is_told_safe(&world), "by now she has");
    world.check();
}

#[test]
fn a_colleagues_no_is_told_to_the_owner_and_stands_until_the_owner_answers_it() {
    let mut world = doubted();
    let first = world.last_to(MARIA);
    world.answer(MARIA, "assign wendy");
    world.pass("5m");
    let of_wendy = world.last_to(WENDY);
    world.receive(&world.last_to(MARIA).answer("email not safe, he has her password"));
    assert!(!first.text.contains("not safe"));
    let told = world.last_to(WENDY);
    assert!(told.text.contains("called email to the client not safe"), "{}", told.text);
    world.pass("5m");
    world.receive(&of_wendy.answer(YES));
    assert!(!is_told_safe(&world));
    world.receive(&told.answer(YES));
    assert!(is_told_safe(&world));
    world.check();
}

#[test]
fn an_address_that_came_after_the_letter_is_not_the_one_she_was_asked_about() {
    let mut world = doubted();
    world.answer(MARIA, "needs email");
    let asked = world.last_to(MARIA);
    world.pass("5m");
    world.receive(&world.last_to(PARTNER).answer("Client email: ana.new@mail.example"));
    world.pass("5m");
    world.receive(&asked.answer(YES));
    assert!(!is_told_safe(&world), "she spoke of the other address");
    world.answer(MARIA, YES);
    assert!(is_told_safe(&world));
    world.check();
}

#[test]
fn a_line_that_answers_no_letter_we_know_settles_nothing() {
    let mut world = doubted();
    let told = world.last_to(MARIA);
    world.receive(&Mail::from(MARIA).to(&told.reply_to).subject(&told.subject).body(YES));
    assert!(!is_told_safe(&world), "nobody knows what she had read");
    assert!(world.last_to(MARIA).text.contains("answer this letter"), "{}", world.last_to(MARIA).text);
    world.check();
}

/// Nobody says of email whether it is safe.
fn silent_about_email() -> Mail {
    let lines: Vec<&str> = ANA.lines().filter(|line| !line.starts_with("Safe ")).collect();
    Mail::from(PARTNER).subject("New referral").body(&format!("{}\nSafe times: any day", lines.join("\n")))
}

#[test]
fn the_partners_form_does_not_undo_what_was_said_against_email() {
    type Against = fn(&mut World);
    let against: [Against; 2] = [|world| world.answer(MARIA, "email not safe, he has her password"), cousin];
    for said in against {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&silent_about_email());
        let receipt = world.last_to(PARTNER);
        said(&mut world);
        world.pass("5m");
        world.receive(&receipt.answer("Safe to email: yes"));
        assert!(world.letters_to(CLIENT).is_empty());
        assert_eq!(letters_later(&mut world, "resume\naccept"), 0, "a partner's yes is none after a doubt");
        world.check();
    }
}

/// What a colleague writes, and what of it is not done.
const UNSAFE: [(&str, &str); 4] = [
    ("bounce unsafe to contact\nattempt smoke signal", "was not understood"),
    ("attempt smoke signal\nbounce unsafe to contact", "not understood"),
    ("email safe, by phone, from the client\nbounce unsafe to contact", "contradict"),
    ("bounce unsafe to contact\nbounce bad contact info", "contradict"),
];

#[test]
fn a_bounce_that_calls_it_unsafe_ends_the_letters_though_it_is_not_done_as_a_whole() {
    for (words, not_done) in UNSAFE {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        let before = world.letters_to(MARIA).len();
        world.answer(MARIA, words);
        assert!(world.record(0).stopped, "{words}");
        assert!(world.record(0).held.is_some(), "{words}: nobody calls before somebody looked");
        assert!(world.record(0).contact.is_running(), "{words}: the contact is not given up");
        let told: String =
            world.letters_to(MARIA).into_iter().skip(before).map(|letter| letter.text.as_str()).collect();
        assert!(told.contains("no letter goes to the client") && told.contains(not_done), "{words}: {told}");
        assert_eq!(letters_later(&mut world, "resume\naccept"), 0, "{words}");
        world.answer(MARIA, "bounce unsafe to contact");
        assert!(!world.record(0).contact.is_running(), "{words}: said alone it is done");
        world.check();
    }
}

#[test]
fn unsafe_to_contact_ends_the_letters_where_there_is_no_contact_to_give_up() {
    let whole =
        "confirmed method call, language English, safe times evenings, next step clinic, deadline none";
    for earlier in [whole, "bounce bad contact info", "close done"] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        world.answer(MARIA, earlier);
        let contact = world.record(0).contact;
        world.answer(MARIA, "bounce unsafe to contact");
        assert!(world.record(0).stopped, "{earlier}");
        assert_eq!(world.record(0).contact, contact, "{earlier}");
        world.check();
    }
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let task = world.last_to(MARIA);
    world.receive(&task.answer("assign wendy"));
    let before = world.letters_to(WENDY).len();
    world.answer(MARIA, "bounce unsafe to contact");
    assert!(world.record(0).stopped, "whoever of us says so");
    assert!(world.letters_to(WENDY).len() > before, "the owner hears of it");
    world.check();
}

#[test]
fn what_protects_the_client_is_heard_below_an_account_and_below_ten_lines() {
    let notes = "note one\n".repeat(12);
    for above in ["Hi Wendy,\n\nI spoke to her sister today.\n\n", notes.as_str()] {
        for line in ["do not contact", "consent no", "email not safe", "bounce unsafe to contact"] {
            let mut world = World::at("2026-11-24 10:00");
            world.receive(&referral());
            world.answer(MARIA, &format!("{above}{line}\n\nThanks\nMaria"));
            assert_eq!(letters_later(&mut world, "resume\naccept"), 0, "{line} below {above}");
            assert!(world.count(0, FactKind::Noted) > 0, "{line}: the words above are kept");
            world.check();
        }
    }
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.answer(MARIA, "Confirmed it with her yesterday evening by the phone.\n\nconsent no");
    assert_eq!(world.record(0).consent_told.map(|heard| heard.told), Some(Told::No));
    assert!(world.last_to(MARIA).text.contains("confirmed"), "what was settled is asked");
    assert!(world.record(0).contact.is_running());
    world.check();
}

#[test]
fn what_protects_the_client_is_done_whatever_becomes_of_the_other_lines() {
    for (words, not_done) in [
        ("accept\ndo not contact\nallow contact she called", "contradict"),
        ("bounce bad contact info\ndo not contact\nbounce capacity delay", "contradict"),
        ("do not contact\nattempt smoke signal", "was not"),
        ("attempt smoke signal\ndo not contact", "not understood"),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        let before = world.letters_to(MARIA).len();
        world.answer(MARIA, words);
        assert!(world.record(0).stopped, "{words}");
        assert_eq!(world.record(0).status.word(), "Received", "{words}: the rest is not done");
        let told: String =
            world.letters_to(MARIA).into_iter().skip(before).map(|letter| letter.text.as_str()).collect();
        assert!(told.contains("will not be contacted") && told.contains(not_done), "{words}: {told}");
        world.check();
    }
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let task = world.last_to(MARIA);
    world.receive(&task.answer("assign wendy"));
    world.answer(MARIA, "do not contact\nconsent yes, by phone, from the client");
    assert!(world.record(0).stopped, "whoever says so");
    world.check();
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.answer(MARIA, "assign wendy");
    world.answer(MARIA, "accept\nconsent no\nemail safe, by phone, from the client");
    assert_eq!(world.record(0).consent_told.map(|heard| heard.told), Some(Told::No));
    assert_eq!(world.record(0).status.word(), "Received");
    world.check();
}

#[test]
fn contact_that_is_unsafe_ends_every_yes_that_was_told_to_us() {
    let mut world = doubted();
    world.answer(MARIA, &format!("{YES}\nresume"));
    world.answer(MARIA, "consent yes, by phone, from the client");
    world.pass("2h");
    world.answer(MARIA, "bounce unsafe to contact");
    world.answer(MARIA, "allow contact: she called\nreopen new number");
    assert!(!is_told_safe(&world));
    assert_eq!(world.record(0).consent_told, None);
    assert_eq!(letters_later(&mut world, "accept"), 0);
    world.check();
}

#[test]
fn a_plain_no_of_the_referral_is_no_doubt_that_a_line_settles() {
    let no = |label| referral_with(label, "no");
    for (mail, is_no) in
        [(no("Safe to email"), true), (no("Safe ways to contact"), true), (silent_about_email(), false)]
    {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&mail);
        world.answer(MARIA, YES);
        let told = world.last_to(MARIA);
        assert!(!is_told_safe(&world), "a no: {is_no}");
        assert!(told.text.contains("no doubt"), "{}", told.text);
        cousin(&mut world);
        world.pass("5m");
        world.answer(MARIA, YES);
        assert_eq!(is_told_safe(&world), !is_no, "a doubt on top of a no changes nothing");
        world.check();
    }
}

#[test]
fn a_doubt_about_another_referral_that_came_later_names_the_line_too() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.receive(&referral().sent_by(OTHER_PARTNER));
    assert_eq!(world.records().len(), 2);
    world.pass("5m");
    cousin(&mut world);
    let task = world.letter_about(MARIA, 1);
    let before = world.letters_to(CLIENT).len();
    world.receive(&task.answer("accept"));
    world.pass("2h");
    assert_eq!(world.letters_to(CLIENT).len(), before);
    assert!(world.record(1).address_doubted_at.is_some());
    world.receive(&task.answer("note she moved"));
    assert!(world.letter_about(MARIA, 1).text.contains(YES), "{}", world.letter_about(MARIA, 1).text);
    world.check();
}

#[test]
fn who_may_not_say_it_is_asked_to_tell_the_owner() {
    let mut world = doubted();
    world.answer(MARIA, "assign wendy");
    world.answer(MARIA, "note she called");
    let told = world.last_to(MARIA);
    assert!(!told.text.contains(YES) && told.text.contains("tell the owner"), "{}", told.text);
    world.check();
}
