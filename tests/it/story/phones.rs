//! What is said of one referral against its client's phone reaches whoever would call the same number.

use super::beside::told;
use super::{ANA, CLIENT, MARIA, Mail, OTHER_PARTNER, PARTNER, WENDY, referral, referral_with};
use crate::world::World;
use handoffd::referral::contact::Contact;
use handoffd::referral::packet::Safety;
use handoffd::referral::record::{BounceReason, FactKind};

const WARNS: &str = "speaks against reaching the client by the phone number";

/// Two referrals with one phone, each with an owner; the second names this person at this address.
fn two(name: &str, address: &str) -> World {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("1d");
    let other = ANA.replace("Ana Canary", name).replace(CLIENT, address);
    refer_to_wendy(&mut world, &other);
    world
}

/// Another referral by another partner, with an owner of its own.
fn refer_to_wendy(world: &mut World, other: &str) {
    world.receive(&Mail::from(OTHER_PARTNER).subject("New referral").body(other));
    assert_eq!(world.records().len(), 2);
    let task = world.letter_about(MARIA, 1);
    world.receive(&task.answer("assign wendy\nconflict clear"));
    world.pass("1h");
}

/// What another referral says of the number changes nothing in this one: it is asked.
fn is_only_asked(world: &World) {
    let record = world.record(1);
    let channels = record.packet.channels();
    assert_eq!((channels.call, channels.email), (Safety::Safe, Safety::Safe), "no channel is changed");
    assert_eq!(record.questions.iter().filter(|question| question.contains(WARNS)).count(), 1);
    assert_eq!(world.count(1, FactKind::PhoneDoubted), 1);
    assert_eq!(world.count(1, FactKind::Supplemented), 0, "no mail about it came");
    assert_eq!(world.count(1, FactKind::Held), 0, "it goes on");
}

#[test]
fn a_number_that_is_called_anothers_is_asked_about_by_whoever_else_has_it() {
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
            assert_eq!(world.record(0).packet.channels().call, Safety::NotSafe, "{words}");
            is_only_asked(&world);
            let again = doubt.clone().message_id("<again@harbor.example>").header("X-Again", "1");
            assert!(told(&mut world, &again).is_empty(), "once");
            is_only_asked(&world);
            world.check();
        }
    }
}

#[test]
fn what_she_says_of_her_number_from_her_own_address_is_asked_at_once() {
    let mut world = two("Ana Canary", "ana.canary@mail.example");
    let letter = world.letters_to(CLIENT).first().copied().cloned().unwrap();
    let news = told(&mut world, &letter.answer("That number is my husband's."));
    assert_eq!(news.len(), 1, "{news:?}");
    is_only_asked(&world);
    world.check();
}

#[test]
fn tries_stay_counted_and_the_number_shown_with_the_warning_beside_it() {
    let mut world = two("Zoe Lark", "zoe@mail.example");
    let task = world.letter_about(WENDY, 1);
    world.receive(&task.answer("attempt call no answer"));
    let doubt = world.letter(PARTNER, "Received").answer("That number is her husband's.");
    assert_eq!(told(&mut world, &doubt).len(), 1);
    let task = world.letter_about(WENDY, 1);
    world.receive(&task.answer("details"));
    let details = world.last_to(WENDY);
    assert!(details.text.contains("617-555-0142") && details.text.contains(WARNS), "{}", details.text);
    let task = world.letter_about(WENDY, 1);
    world.receive(&task.answer("bounce bad contact info"));
    let bounced = world.record(1).contact;
    assert!(matches!(bounced, Contact::Bounced { attempts_logged: true, .. }), "{bounced:?}");
    world.check();
}

#[test]
fn a_doubt_is_passed_on_by_nobody_who_only_heard_of_it() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("1d");
    let other = ANA.replace("Ana Canary", "Zoe Lark").replace(CLIENT, "zoe@mail.example");
    let with_both = format!("{other}Other phone: 617-555-0199\n");
    world.receive(&Mail::from(OTHER_PARTNER).subject("New referral").body(&with_both));
    let doubt = world.letter(PARTNER, "Received").answer("That number is her husband's.");
    world.receive(&doubt);
    assert_eq!(world.count(1, FactKind::PhoneDoubted), 1);
    let third = ANA.replace("Ana Canary", "Mia Finch").replace(CLIENT, "mia@mail.example");
    let third = third.replace("617-555-0142", "617-555-0199");
    world.receive(&Mail::from(OTHER_PARTNER).subject("New referral").body(&third));
    let questions = world.record(2).questions;
    assert!(!questions.iter().any(|question| question.contains(WARNS)), "{questions:?}");
    world.check();
}

#[test]
fn what_nobody_vouches_for_reaches_others_only_as_a_word_about_the_number() {
    for (line, words, is_asked) in [
        ("Safe to call: not sure", "", false),
        ("Safe to call: no", "", false),
        ("Safe to call: not sure", "That number is my husband's.", true),
    ] {
        let mut world = two("Zoe Lark", "zoe@mail.example");
        let records: Vec<_> = world.records().iter().map(|record| record.questions.len()).collect();
        let form = format!("Client name: Bob Smith\nPhone: 617-555-0142\n{line}\n{words}\n");
        let stranger = Mail::from("bob@elsewhere.example").subject("New referral").body(&form);
        let news = told(&mut world, &stranger);
        assert_eq!(news.len(), usize::from(is_asked), "{line} {words} {news:?}");
        assert_eq!(world.count(1, FactKind::PhoneDoubted), usize::from(is_asked), "{line} {words}");
        let asked = usize::from(is_asked);
        let now: Vec<_> = world.records().iter().take(2).map(|record| record.questions.len()).collect();
        assert_eq!(now, records.iter().map(|known| known + asked).collect::<Vec<_>>(), "{line} {words}");
        assert!(world.records().iter().take(2).all(|it| it.packet.channels().call == Safety::Safe));
        world.check();
    }
}

#[test]
fn a_word_about_the_number_counts_after_a_value_that_nobody_could_read() {
    let mut world = two("Zoe Lark", "zoe@mail.example");
    let form =
        "Client name: Bob Smith\nPhone: 617-555-0142\nSafe to call: not sure\nSafe to text: not sure\n";
    let stranger = Mail::from("bob@elsewhere.example").subject("New referral").body(form);
    assert!(told(&mut world, &stranger).is_empty());
    let about = format!("About {}: that number is her husband's.", world.record(2).reference);
    let news = told(&mut world, &Mail::from("bob@elsewhere.example").subject("Bob").body(&about));
    assert_eq!(news.len(), 1, "{news:?}");
    is_only_asked(&world);
    world.check();
}

#[test]
fn of_many_with_one_number_the_newest_twenty_hear_of_a_doubt() {
    let mut world = World::at("2026-11-24 10:00");
    for place in 0..22 {
        let name = format!("{} Lark", ["Zoe", "Mia", "Eva", "Ida"][place % 4]);
        let other = ANA.replace("Ana Canary", &format!("{name}{place}"));
        let other = other.replace(CLIENT, &format!("client{place}@mail.example"));
        world.receive(&Mail::from(OTHER_PARTNER).subject("New referral").body(&other));
        world.pass("1h");
    }
    assert_eq!(world.records().len(), 22);
    world.receive(&referral().body(&format!("{ANA}\nThat number is her husband's.\n")));
    assert_eq!(world.records().len(), 23);
    let heard: Vec<_> = (0..22).map(|place| world.count(place, FactKind::PhoneDoubted)).collect();
    assert_eq!(heard, [vec![0, 0], vec![1; 20]].concat(), "the newest");
    assert!(world.records().iter().take(22).all(|it| it.packet.channels().call == Safety::Safe));
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

/// A referral of Ana's whose number is called her husband's, and one of Zoe's from another partner by this number.
fn warned_and_zoe(phone: &str) -> World {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral().body(&format!("{ANA}\nThat number is her husband's.\n")));
    world.pass("1d");
    let other = ANA.replace("Ana Canary", "Zoe Lark").replace(CLIENT, "zoe@mail.example");
    refer_to_wendy(&mut world, &other.replace("617-555-0142", phone));
    world
}

#[test]
fn a_number_that_comes_later_is_asked_about_as_one_that_came_at_once() {
    for (line, is_asked) in [("Other phone: 617-555-0142", true), ("Other phone: 617-555-0188", false)] {
        let mut world = warned_and_zoe("617-555-0199");
        assert_eq!(world.count(1, FactKind::PhoneDoubted), 0);
        let letters = world.letters().len();
        let more = world.letter(OTHER_PARTNER, "Received").answer(line);
        let news = told(&mut world, &more);
        let warnings = news.iter().filter(|text| text.contains(WARNS)).count();
        assert_eq!(warnings > 0, is_asked, "{line} {news:#?}");
        assert_eq!(world.count(1, FactKind::PhoneDoubted), usize::from(is_asked), "{line}");
        let record = world.record(1);
        let asked = record.questions.iter().filter(|question| question.contains(WARNS)).count();
        assert_eq!(asked, usize::from(is_asked), "{line}");
        let channels = record.packet.channels();
        assert_eq!((channels.call, channels.email), (Safety::Safe, Safety::Safe), "no channel is changed");
        let mut theirs = world.letters().iter().skip(letters).filter(|letter| letter.to == OTHER_PARTNER);
        assert!(theirs.all(|letter| !letter.text.contains(WARNS)), "only staff");
        let task = world.letter_about(WENDY, 1);
        world.receive(&task.answer("details"));
        assert_eq!(world.last_to(WENDY).text.contains("Ask first"), is_asked, "{line}");
        world.check();
    }
}

#[test]
fn a_referral_that_is_opened_again_hears_what_was_said_of_its_number_meanwhile() {
    for (doubt, is_asked) in
        [("That number is her husband's.", true), ("Her court date is December 9.", false)]
    {
        let mut world = two("Zoe Lark", "zoe@mail.example");
        let task = world.letter_about(WENDY, 1);
        world.receive(&task.answer("close she found a lawyer"));
        let news = world.letter(PARTNER, "Received").answer(doubt);
        assert!(told(&mut world, &news).iter().all(|text| !text.contains(WARNS)), "it is closed");
        let task = world.letter_about(WENDY, 1);
        let news = told(&mut world, &task.answer("reopen she called again"));
        assert_eq!(news.iter().any(|text| text.contains(WARNS)), is_asked, "{news:#?}");
        assert_eq!(world.count(1, FactKind::PhoneDoubted), usize::from(is_asked), "{doubt}");
        world.check();
    }
}

#[test]
fn a_stranger_who_sent_somebody_is_not_to_be_asked_about_their_number() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral().body(&format!("{ANA}\nThat number is her husband's.\n")));
    world.pass("1d");
    let form = "Client name: Zoe Lark\nPhone: 617-555-0142\nSafe to call: yes\n";
    world.receive(&Mail::from("bob@elsewhere.example").subject("New referral").body(form));
    let ana = ANA.replace("Ana Canary", "Mia Finch").replace(CLIENT, "mia@mail.example");
    world.receive(&Mail::from(OTHER_PARTNER).subject("New referral").body(&ana));
    for (place, is_known) in [(1, false), (2, true)] {
        let questions = world.record(place).questions;
        let asked: Vec<_> = questions.iter().filter(|question| question.contains(WARNS)).collect();
        assert_eq!(asked.len(), 1, "{questions:?}");
        assert_eq!(asked[0].contains("who sent them"), is_known, "{asked:?}");
    }
    // The question of either form is asked once.
    let doubt =
        world.letter(PARTNER, "Received").answer("He answers that phone, that number is her husband's.");
    world.receive(&doubt);
    for place in [1, 2] {
        let questions = world.record(place).questions;
        assert_eq!(questions.iter().filter(|question| question.contains(WARNS)).count(), 1, "{questions:?}");
    }
    world.check();
}

#[test]
fn who_is_given_up_as_unsafe_by_the_clock_is_called_for_no_other_referral_of_theirs() {
    for (name, address, hears) in [
        ("Ana Canary", "ana.canary@mail.example", true),
        ("Ana Canary", CLIENT, true),
        ("Zoe Lark", "zoe@mail.example", false),
    ] {
        let mut world = two(name, address);
        for _ in 0..3 {
            let task = world.letter_about(MARIA, 0);
            world.receive(&task.answer("attempt call somebody else"));
            world.pass("1h");
        }
        assert_eq!(world.count(1, FactKind::PhoneDoubted), 0);
        world.pass("5d");
        let given_up = world.record(0).contact;
        assert!(
            matches!(given_up, Contact::Bounced { reason: BounceReason::UnsafeToContact, .. }),
            "{given_up:?}"
        );
        assert_eq!(world.count(1, FactKind::PhoneDoubted), usize::from(hears), "{name} {address}");
        assert_eq!(world.record(1).stopped, address == CLIENT, "{name} {address}");
        let other = world.record(1).reference;
        let heard = world.letters_to(WENDY).into_iter().filter(|letter| {
            letter.subject.contains(other.as_str()) && letter.text.contains("something else we hold")
        });
        assert_eq!(heard.count() > 0, hears, "{name} {address}");
        assert_eq!(world.record(1).packet.channels().call, Safety::Safe);
        world.pass("1d");
        assert_eq!(world.count(1, FactKind::PhoneDoubted), usize::from(hears), "once");
        world.check();
    }
}
