//! What is said against a client's address of one referral reaches whoever owns another one of that address, at once and
//! once, and tells them nothing of the other.

use super::{ANA, CLIENT, MARIA, Mail, OTHER_PARTNER, PARTNER, WENDY, referral, referral_with};
use crate::world::World;

const YES: &str = "email safe, by phone, from the client";

/// Two referrals of one client from two partners, with an owner each; the second came a day later.
fn two() -> World {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("1d");
    world.receive(&referral().sent_by(OTHER_PARTNER));
    assert_eq!(world.records().len(), 2);
    let task = world.letter_about(MARIA, 1);
    world.receive(&task.answer("assign wendy\nconflict clear"));
    world.pass("1h");
    world
}

/// What the other owner reads of their own referral from this moment on.
pub(super) fn told(world: &mut World, mail: &Mail) -> Vec<String> {
    let before = world.letters_to(WENDY).len();
    world.receive(mail);
    let other = world.record(1).reference;
    let news = world.letters_to(WENDY).into_iter().skip(before);
    news.filter(|letter| letter.subject.contains(other.as_str())).map(|letter| letter.text.clone()).collect()
}

#[test]
fn a_doubt_about_an_address_reaches_the_owner_of_each_referral_of_it_at_once_and_once() {
    type Doubt = fn(&World) -> Mail;
    let doubts: [(&str, Doubt); 5] = [
        ("the partner", |world| world.letter(PARTNER, "Received").answer("Her husband reads her mail now.")),
        ("the owner", |world| world.letter_about(MARIA, 0).answer("email not safe, he has her password")),
        ("the owner in a no", |world| world.letter_about(MARIA, 0).answer("consent no")),
        ("a stranger", |world| {
            let about = format!("About {}: her husband reads her mail.", world.record(0).reference);
            Mail::from("cousin@mail.example").subject("Ana").body(&about)
        }),
        ("a machine elsewhere", |world| {
            let letter = world.letters_to(CLIENT).first().copied().cloned().unwrap();
            let away = letter.answer("I am away until Monday.").sent_by("fishing77@mail.example");
            away.header("Auto-Submitted", "auto-replied").said("an out-of-office of another mailbox")
        }),
    ];
    for (who, doubt) in doubts {
        let mut world = two();
        let mail = doubt(&world);
        let first = told(&mut world, &mail);
        let [news] = first.as_slice() else { panic!("{who}: {first:?}") };
        let first = world.record(0).reference;
        assert!(news.contains("speaks against email") && news.contains(YES), "{who}: {news}");
        assert!(!news.contains(first.as_str()), "{who}: {news}");
        assert!(
            !news.contains("husband") && !news.contains("password") && !news.contains("Harbor"),
            "{who}: {news}"
        );
        assert!(told(&mut world, &mail_again(&mail)).is_empty(), "{who}: once");
        let before = world.letters_to(CLIENT).len();
        world.answer(WENDY, "accept");
        world.pass("1d");
        assert_eq!(world.letters_to(CLIENT).len(), before, "{who}");
        world.answer(WENDY, YES);
        assert!(world.last_to(WENDY).text.contains("noted as safe"), "{who}: {}", world.last_to(WENDY).text);
        world.check();
    }
}

/// The same once more, as another mail.
fn mail_again(mail: &Mail) -> Mail {
    mail.clone().message_id("<another@mail.example>").header("X-Again", "1")
}

#[test]
fn a_stop_by_a_word_of_staff_reaches_the_owner_of_each_referral_of_the_address() {
    for words in ["do not contact", "bounce unsafe to contact"] {
        let mut world = two();
        let mail = world.letter_about(MARIA, 0).answer(words);
        let news = told(&mut world, &mail);
        assert_eq!(news.len(), 1, "{words}: {news:?}");
        assert!(news[0].contains("nobody may write") && news[0].contains("allow contact"), "{}", news[0]);
        assert!(world.record(1).stopped && world.record(1).held.is_some(), "{words}");
        world.check();
    }
}

#[test]
fn a_stop_that_comes_with_a_doubt_is_told_beside_it() {
    let mut world = two();
    let task = world.letter_about(MARIA, 0);
    let before = world.letters_to(WENDY).len();
    world.drop_in(&task.answer("email not safe"));
    world.receive(&mail_again(&task.answer("do not contact")));
    let told: Vec<String> =
        world.letters_to(WENDY).into_iter().skip(before).map(|letter| letter.text.clone()).collect();
    assert!(told.iter().any(|text| text.contains("nobody may write")), "{told:?}");
    assert!(world.record(1).stopped);
    world.check();
}

#[test]
fn a_new_referral_that_calls_the_address_unsafe_is_heard_of_and_a_closed_one_hears_nothing() {
    let mut world = two();
    let doubt = referral_with("Safe to email", "no, he reads it").sent_by("worker@shelter.example");
    assert_eq!(told(&mut world, &doubt).len(), 1);
    assert!(world.records().iter().take(2).all(|record| record.address_doubted_at.is_some()));
    let mut world = two();
    world.answer(WENDY, "close advice given");
    assert_eq!(told(&mut world, &doubt).len(), 0);
    world.check();
}

#[test]
fn a_referral_that_is_opened_again_after_a_stop_about_another_one_of_the_address_writes_no_letter() {
    let mut world = two();
    world.answer(WENDY, "close advice given");
    let stop = world.letter_about(MARIA, 0).answer("do not contact");
    world.receive(&stop);
    assert!(!world.record(1).stopped, "nobody asks of what is closed");
    let before = world.letters_to(CLIENT).len();
    world.answer(WENDY, "reopen new court date");
    world.answer(WENDY, "accept");
    world.pass("1d");
    assert_eq!(world.letters_to(CLIENT).len(), before);
    world.check();
}

#[test]
fn two_mails_of_one_moment_are_heard_of_by_each_other() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("1h");
    let doubt = world.letter_about(MARIA, 0).answer("email not safe, he has her password");
    let bea = ANA.replace("Ana Canary", "Bea Other").replace("0142", "0199");
    world.drop_in(&Mail::from(OTHER_PARTNER).subject("Referral").body(&bea));
    world.drop_in(&doubt);
    world.settle();
    assert_eq!(world.records().len(), 2);
    let doubted = world.records().iter().filter(|record| record.address_doubted_at.is_some()).count();
    assert_eq!(doubted, 1, "the new one heard it");
    world.check();
}

#[test]
fn who_allows_contact_hears_that_a_stop_of_another_referral_still_holds_the_letters() {
    const STILL: &str = "still no letter to the client: something else we hold says that nobody may write";
    let mut world = two();
    let stop = world.letter_about(MARIA, 0).answer("do not contact");
    world.receive(&stop);
    assert!(world.record(1).stopped);
    let before = world.letters_to(CLIENT).len();
    for line in ["allow contact she called and wants mail", YES] {
        world.answer(WENDY, line);
        let told = world.last_to(WENDY);
        assert!(told.text.contains(STILL) && !told.text.contains("workflow owner"), "she is: {}", told.text);
        assert!(told.text.contains("in each referral of theirs"), "{line}: {}", told.text);
        let first = world.record(0).reference;
        assert!(
            !told.text.contains(first.as_str()) && !told.text.contains("Harbor"),
            "{line}: {}",
            told.text
        );
    }
    world.answer(WENDY, "allow contact she said so once more");
    let again = world.last_to(WENDY).text;
    assert!(again.contains(STILL) && !again.contains("nobody asked us to stop"), "{again}");
    world.answer(WENDY, "accept");
    world.pass("1d");
    assert_eq!(world.letters_to(CLIENT).len(), before, "no letter leaves");
    let allow = world.letter_about(MARIA, 0).answer("allow contact she called here too");
    world.receive(&allow);
    let told = world.last_to(MARIA).text;
    assert!(told.contains("contact is allowed again") && !told.contains(STILL), "{told}");
    world.check();
}

#[test]
fn who_is_not_the_workflow_owner_hears_whom_to_tell() {
    let mut world = two();
    let task = world.letter_about(WENDY, 1);
    world.receive(&task.answer("assign maria"));
    let stop = world.letter_about(MARIA, 0).answer("do not contact");
    world.receive(&stop);
    let task = world.letter_about(MARIA, 1);
    world.receive(&task.answer("allow contact she called and wants mail"));
    let told = world.last_to(MARIA).text;
    assert!(told.contains("tell the workflow owner"), "{told}");
    world.check();
}

#[test]
fn what_is_said_of_letters_after_a_word_of_staff_is_what_the_gate_does() {
    const CONSENT: &str = "consent yes, by phone, from the client";
    // Doubted while this one was closed: its own record knows nothing of it.
    let mut world = two();
    world.answer(WENDY, "close advice given");
    let doubt = world.letter_about(MARIA, 0).answer("email not safe, he has her password");
    world.receive(&doubt);
    world.answer(WENDY, "reopen new court date");
    assert!(world.record(1).address_doubted_at.is_none());
    world.answer(WENDY, CONSENT);
    let told = world.last_to(WENDY).text;
    assert!(told.contains("another referral says not to write to that address"), "{told}");
    let before = world.letters_to(CLIENT).len();
    world.answer(WENDY, "accept");
    world.pass("1d");
    assert_eq!(world.letters_to(CLIENT).len(), before);
    // Said at the address before anybody referred her.
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&Mail::from(CLIENT).subject("STOP").body("STOP"));
    world.receive(&referral_with("Consent to share", ""));
    world.answer(MARIA, CONSENT);
    let told = world.last_to(MARIA).text;
    assert!(told.contains("still no letter to the client"), "{told}");
    world.answer(MARIA, "allow contact she takes it back");
    assert!(!world.last_to(MARIA).text.contains("nobody asked us"), "{}", world.last_to(MARIA).text);
    world.answer(MARIA, CONSENT);
    assert!(world.last_to(MARIA).text.contains("may leave from now on"), "{}", world.last_to(MARIA).text);
    world.pass("1h");
    world.answer(MARIA, "accept");
    world.pass("1d");
    assert!(!world.letters_to(CLIENT).is_empty(), "and so it does");
    world.check();
}
