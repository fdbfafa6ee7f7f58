//! What is said of one referral against its client's phone reaches whoever would call the same number.

use super::{ANA, CLIENT, MARIA, Mail, OTHER_PARTNER, PARTNER, WENDY, referral, referral_with};
use crate::world::World;
use handoffd::referral::packet::Safety;

const WARNS: &str = "speaks against reaching the client by the phone number";

/// Two referrals with one phone, each with an owner; the second names this person at this address.
fn two(name: &str, address: &str) -> World {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("1d");
    let other = ANA.replace("Ana Canary", name).replace(CLIENT, address);
    world.receive(&Mail::from(OTHER_PARTNER).subject("New referral").body(&other));
    assert_eq!(world.records().len(), 2);
    let task = world.letter_about(MARIA, 1);
    world.receive(&task.answer("assign wendy\nconflict clear"));
    world.pass("1h");
    world
}

/// What the other owner reads of their own referral from this moment on.
fn told(world: &mut World, mail: &Mail) -> Vec<String> {
    let before = world.letters_to(WENDY).len();
    world.receive(mail);
    let other = world.record(1).reference;
    let news = world.letters_to(WENDY).into_iter().skip(before);
    news.filter(|letter| letter.subject.contains(other.as_str())).map(|letter| letter.text.clone()).collect()
}

#[test]
fn a_number_that_is_called_anothers_is_called_by_nobody_who_has_it() {
    for words in ["That number is her husband's.", "Please do not call her phone, he answers it."] {
        for (name, address) in [("Ana Canary", CLIENT), ("Zoe Lark", "zoe@mail.example")] {
            let mut world = two(name, address);
            let doubt = world.letter(PARTNER, "Received").answer(words);
            let news = told(&mut world, &doubt);
            assert_eq!(news.iter().filter(|text| text.contains(WARNS)).count(), 1, "{words} {news:#?}");
            let first = world.record(0).reference;
            for text in &news {
                assert!(!text.contains(first.as_str()) && !text.contains("Harbor"), "{text}");
                assert!(!text.contains("attempt call") && !text.contains("usband"), "{text}");
            }
            for record in world.records() {
                assert_eq!(record.packet.channels().call, Safety::NotSafe, "{words}");
            }
            let again = doubt.clone().message_id("<again@harbor.example>").header("X-Again", "1");
            assert!(told(&mut world, &again).is_empty(), "once");
            world.check();
        }
    }
}

#[test]
fn what_she_says_of_her_number_from_her_own_address_counts_at_once() {
    let mut world = two("Ana Canary", "ana.canary@mail.example");
    let letter = world.letters_to(CLIENT).first().copied().cloned().unwrap();
    let news = told(&mut world, &letter.answer("That number is my husband's."));
    assert_eq!(news.len(), 1, "{news:?}");
    assert!(world.records().iter().all(|record| record.packet.channels().call == Safety::NotSafe));
    world.check();
}

#[test]
fn who_is_not_to_be_contacted_is_called_for_no_other_referral_of_theirs() {
    for (name, hears) in [("Ana Canary", true), ("Zoe Lark", false)] {
        let mut world = two(name, "zoe@mail.example");
        let stop = world.letter_about(MARIA, 0).answer("do not contact");
        assert_eq!(told(&mut world, &stop).len(), usize::from(hears), "{name}");
        world.check();
    }
}

#[test]
fn a_referral_that_comes_later_with_the_number_asks_before_anybody_calls() {
    for (name, line, is_asked) in [
        ("Ana Canary", "no", true),
        ("Zoe Lark", "ask first, he may answer", true),
        ("Zoe Lark", "no", false),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral_with("Safe to call", line));
        world.pass("1d");
        let later = ANA.replace("Ana Canary", name).replace(CLIENT, "other@mail.example");
        let before = world.letters_to(OTHER_PARTNER).len();
        world.receive(&Mail::from(OTHER_PARTNER).subject("New referral").body(&later));
        let asked = world.record(1).questions.iter().any(|question| question.contains(WARNS));
        assert_eq!(asked, is_asked, "{name} {line}");
        let told: Vec<_> = world.letters_to(OTHER_PARTNER).into_iter().skip(before).collect();
        assert!(told.iter().all(|letter| !letter.text.contains("phone number we have")), "only staff");
        world.check();
    }
}
