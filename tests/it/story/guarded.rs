//! Nobody gets hurt by a mail (issue 5), where it is easily overlooked: what is kept too long, a stranger who says stop,
//! other addresses of one mailbox, a consent that is taken back between two tries, a word on safety that grows old.

use super::{ANA, CLIENT, MARIA, Mail, OTHER_PARTNER, PARTNER, WENDY, referral, referral_with};
use crate::world::{OFFICE, World};

const STRANGER: &str = "someone@else.example";
const REACHED: &str =
    "confirmed method call, language English, safe times any day 9am to 8pm, next step clinic, deadline none";

fn is_told_of_one_kept_too_long(world: &World) -> usize {
    let alerts = world.letters_to(WENDY).into_iter();
    alerts.filter(|letter| letter.text.contains("are not forgotten: 1")).count()
}

#[test]
fn the_admins_hear_each_day_of_a_closed_referral_that_is_kept_too_long_and_no_more_once_it_is_gone() {
    let office = OFFICE.replace("client_mail = true", "client_mail = true\nkeep_closed_days = 30");
    let mut world = World::with("2026-11-24 10:00", &office);
    world.receive(&referral());
    // What she said would be lost with a record that nobody can read.
    world.receive(&Mail::from(CLIENT).subject("Hi").body("STOP"));
    world.answer(MARIA, "close she found a lawyer");
    world.damage(1);
    world.pass("29d");
    assert_eq!(is_told_of_one_kept_too_long(&world), 0, "its time is not over");
    world.pass("4d");
    let told = is_told_of_one_kept_too_long(&world);
    assert!((3..=4).contains(&told), "once a day: {told}");
    let alert = world.last_to(WENDY);
    assert!(alert.text.contains("handoffd verify") && !alert.text.contains("Canary"), "{}", alert.text);
    world.mend();
    world.pass("3d");
    assert_eq!(is_told_of_one_kept_too_long(&world), told, "nothing is left to tell");
    assert!(world.records().is_empty(), "it is forgotten");
}

#[test]
fn a_stranger_who_says_stop_gets_no_letter_whatever_else_they_ask() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let number = world.record(0).reference.to_string();
    let receipt = world.last_to(PARTNER);
    let asked = ["status", "help", "form", "details", "history", "accept", "Where is she now?"];
    for words in asked.map(str::to_owned).into_iter().chain([format!("status {number}")]) {
        for body in [format!("STOP\n{words}"), format!("STOP\n\n{words}")] {
            let opened = world.records().len();
            for mail in [
                Mail::from(STRANGER).subject("Hello").body(&body),
                Mail::from(STRANGER).subject(&format!("Re: Received: {number}")).body(&body),
                receipt.answer(&body).sent_by(STRANGER),
            ] {
                world.receive(&mail);
                world.pass("1h");
            }
            assert!(world.letters_to(STRANGER).is_empty(), "{body}");
            assert!(world.records().len() > opened, "{body}: a person looks at it");
        }
    }
    world.receive(&Mail::from("other@else.example").subject("Hello").body("Where is your office?"));
    assert_eq!(world.letters_to("other@else.example").len(), 1, "who does not say stop is answered");
    world.check();
}

#[test]
fn a_stop_from_any_address_of_her_mailbox_is_hers() {
    for (hers, writes) in [
        ("ana@mail.example", "ANA@Mail.Example"),
        ("ana@mail.example", "ana+shop@mail.example"),
        ("ana+help@mail.example", "ana@mail.example"),
        ("ana.canary@gmail.com", "anacanary@gmail.com"),
        ("ana.canary@gmail.com", "AnaCanary+x@googlemail.com"),
        ("ana@googlemail.com", "a.na@gmail.com"),
        ("ana@icloud.com", "ana@me.com"),
        ("ana@mac.com", "Ana@icloud.com"),
        ("ana@protonmail.com", "ana@proton.me"),
        ("ana@pm.me", "ana@protonmail.com"),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral_with("Email", hers));
        assert_eq!(world.letters_to(hers).len(), 1, "{hers}");
        world.receive(&Mail::from(writes).subject("Hi").body("STOP"));
        assert!(world.record(0).stopped, "{hers}: {writes}");
        world.answer(MARIA, "accept");
        world.pass("1d");
        assert_eq!(world.letters_to(hers).len(), 1, "{hers}: {writes}");
        world.check();
    }
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.receive(&Mail::from("ana@other.example").subject("Hi").body("STOP"));
    assert!(!world.record(0).stopped, "another mailbox");
}

#[test]
fn a_consent_that_is_taken_back_between_two_tries_ends_the_tries() {
    for (words, from) in [
        ("Consent to share: no", PARTNER),
        ("consent no", MARIA),
        ("Spoke to her.\n\nemail not safe", MARIA),
        ("Notes only\n\nbounce unsafe to contact", MARIA),
        ("STOP", CLIENT),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        let (task, receipt) = (world.last_to(MARIA), world.last_to(PARTNER));
        let before = world.letters_to(CLIENT).len();
        world.deaf(true);
        world.receive(&task.answer("accept"));
        world.pass("20m");
        let mail = match from {
            PARTNER => receipt.answer(words),
            MARIA => task.answer(words),
            _ => Mail::from(from).subject("Hi").body(words),
        };
        world.drop_in(&mail);
        world.deaf(false);
        world.settle();
        world.pass("1d");
        assert_eq!(world.letters_to(CLIENT).len(), before, "{words}");
        world.check();
    }
}

#[test]
fn p9_a_word_on_safety_of_thirty_days_holds_a_letter_back_also_one_that_waited_for_the_morning() {
    for (accepted_at, leaves) in
        [("2026-12-23 15:00", true), ("2026-12-23 21:00", false), ("2026-12-24 10:00", false)]
    {
        let mut world = World::at("2026-11-24 08:30");
        world.receive(&referral());
        world.pass("2h");
        // Reached by phone, which says nothing of the mailbox.
        world.answer(MARIA, REACHED);
        world.pass_to(accepted_at);
        let before = world.letters_to(CLIENT).len();
        assert!(before > 0);
        world.answer(MARIA, "accept");
        world.pass("1d");
        assert_eq!(
            world.letters_to(CLIENT).len() > before,
            leaves,
            "accepted at {accepted_at}: {:?}",
            world.history(0)
        );
        let asked = world.record(0).questions.iter().any(|one| one.contains("safety is too old"));
        assert_eq!(asked, !leaves, "{accepted_at}: {:?}", world.record(0).questions);
        world.check();
    }
}

/// What somebody outside is told who asks about this person, with every number of ours made alike.
fn told_about(asker: &str, words: &str) -> Vec<(String, String, usize)> {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.answer(MARIA, "accept");
    let (before, hers) = (world.letters_to(asker).len(), world.record(0).reference);
    world.receive(&Mail::from(asker).subject("A question").body(words));
    world.pass("1h");
    let own = world.records().last().map_or(hers, |record| record.reference.clone());
    let letters = world.letters_to(asker).into_iter().skip(before);
    letters
        .map(|letter| {
            let alike = |text: &str| text.replace(own.as_str(), "OWN");
            (alike(&letter.subject), alike(&letter.text), letter.size)
        })
        .collect()
}

#[test]
fn p17_a_question_about_a_person_is_answered_alike_whether_we_know_them() {
    for asker in [OTHER_PARTNER, STRANGER] {
        for (known, unknown) in
            [("Ana Canary", "Una Nobody"), ("617-555-0142", "617-555-0199"), (CLIENT, "una@mail.example")]
        {
            for question in ["status", "Do you know", "Any news about"] {
                let told = |who: &str| told_about(asker, &format!("{question} {who}"));
                let (of_known, of_unknown) = (told(known), told(unknown));
                assert!(!of_known.is_empty(), "{asker} is answered: {question} {known}");
                assert_eq!(of_known, of_unknown, "{asker}: {question} {known}");
            }
        }
        let form = |name: &str, phone: &str| ANA.replace("Ana Canary", name).replace("617-555-0142", phone);
        let same = told_about(asker, &form("Ana Canary", "617-555-0142"));
        let other = told_about(asker, &form("Una Canary", "617-555-0199"));
        assert_eq!(same, other, "{asker}: a referral of somebody we know");
    }
}
