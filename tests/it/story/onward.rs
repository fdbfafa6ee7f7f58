//! Redirected to a partner of ours: it is asked, and until its yes the referral stays ours.

use super::{CLIENT, MARIA, Mail, OTHER_PARTNER, PARTNER, referral, referral_with, tell};
use crate::world::{OFFICE, World};
use handoffd::referral::record::{FactKind, Status};

const NORTH: &str = OTHER_PARTNER;
const ASK: &str = "redirect to North Clinic: outside our county";

/// An office whose other partner works on Tuesdays only.
fn tuesdays(local: &str) -> World {
    let address = "addresses = [\"desk@north.example\"]";
    let week = format!("{address}\nweek = \"Tuesdays\"");
    World::with(local, &OFFICE.replace(address, &week))
}

fn asked() -> World {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("1h");
    world.answer(MARIA, ASK);
    world
}

#[test]
fn a_partner_that_accepts_closes_our_side_and_the_sender_hears_of_it() {
    let mut world = asked();
    let offer = world.last_to(NORTH);
    world.show(&offer);
    let done = world.last_to(MARIA);
    world.show(&done);
    let sent = world.letters_to(PARTNER).len();
    assert_eq!(world.record(0).status, Status::UnderReview);
    assert_eq!(world.record(0).owner.0, "maria", "until their yes it is ours");
    world.pass("1h");
    world.answer(NORTH, "received");
    world.pass("3h");
    assert_eq!(world.letters_to(PARTNER).len(), sent, "the sender hears no redirect that is none yet");
    world.answer(NORTH, "accept");
    let thanks = world.last_to(NORTH);
    world.show(&thanks);
    let news = world.last_to(MARIA);
    world.show(&news);
    assert!(matches!(world.record(0).status, Status::Redirected { .. }));
    assert_eq!(world.letters_to(PARTNER).len(), sent + 1);
    world.note("-- the same yes once more");
    world.receive(&offer.answer("accept"));
    world.pass("7d");
    tell("a partner accepts a redirect", world);
}

#[test]
fn a_partner_that_declines_is_asked_why_and_it_comes_back_to_our_owner() {
    let mut world = asked();
    world.pass("2h");
    world.answer(NORTH, "decline");
    let why = world.last_to(NORTH);
    world.show(&why);
    assert!(world.record(0).onward.is_some(), "a no without a reason is none yet");
    world.answer(NORTH, "decline capacity, we are full until March");
    let news = world.last_to(MARIA);
    world.show(&news);
    assert!(world.record(0).onward.is_none());
    assert_eq!(world.count(0, FactKind::OfferDeclined), 1);
    world.pass("1h");
    world.answer(MARIA, "redirect to Harbor Legal: North Clinic is full");
    let outcome = world.last_to(PARTNER);
    world.show(&outcome);
    tell("a partner declines a redirect", world);
}

#[test]
fn a_partner_that_names_another_place_before_its_yes_has_declined_and_our_owner_hears_which() {
    for (words, news, history) in [
        (
            "redirect to County Law Library: they hold a clinic on Tuesdays",
            "declined it, and named another organization",
            "declined, and named County Law Library in its place: they hold a clinic on Tuesdays",
        ),
        (
            "close we are full until March",
            "declined it: no capacity",
            "declined (capacity): we are full until March",
        ),
    ] {
        let mut world = asked();
        let sent = world.letters_to(PARTNER).len();
        world.answer(NORTH, words);
        assert!(world.record(0).onward.is_none(), "{words}");
        assert_eq!(world.record(0).status, Status::UnderReview, "it is ours to decide: {words}");
        assert_eq!(world.count(0, FactKind::OfferDeclined), 1);
        let told = world.letter(MARIA, "Redirect of").text;
        assert!(told.contains(news) && !told.contains("County Law Library"), "{told}");
        let facts = world.history(0);
        assert!(facts.iter().any(|fact| fact.words.contains(history)), "{words}");
        assert_eq!(world.letters_to(PARTNER).len(), sent, "the sender hears no redirect that is none");
        world.check();
    }
    // A yes and another place in one mail are no answer.
    let mut world = asked();
    world.answer(NORTH, "accept\nredirect to County Law Library: closer to her");
    assert!(world.record(0).onward.is_some());
    assert_eq!(world.count(0, FactKind::OfferDeclined), 0);
    world.check();
}

#[test]
fn a_partner_of_one_day_a_week_is_reminded_on_that_day_and_then_it_comes_back() {
    let mut world = tuesdays("2026-11-25 10:00");
    world.receive(&referral());
    world.answer(
        MARIA,
        "confirmed method call, language English, safe times mornings, next step clinic, deadline none",
    );
    world.answer(MARIA, ASK);
    world.pass("21d");
    assert!(world.record(0).onward.is_none());
    assert_eq!(world.count(0, FactKind::OfferUnanswered), 1);
    let news = world.letter(MARIA, "Redirect of");
    world.show(&news);
    world.note("-- a late yes changes nothing by itself");
    let late = world.letter(NORTH, "Can you take this on").answer("accept");
    world.receive(&late);
    assert!(!matches!(world.record(0).status, Status::Redirected { .. }));
    tell("a redirect nobody answers", world);
}

#[test]
fn a_consent_that_names_organizations_is_none_for_another() {
    for (with, may_accept) in [
        ("North Clinic", true),
        ("Legal Aid of the Valley, North Clinic", true),
        ("any agency", true),
        ("Legal Aid of the Valley only", false),
        ("anyone but North Clinic", false),
        ("nobody", false),
        ("North Clinic?", false),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral_with("Consent to share with", with));
        world.pass("1h");
        world.answer(MARIA, ASK);
        let offer = world.last_to(NORTH);
        assert_eq!(offer.text.contains("\n    accept\n"), may_accept, "{with}: {}", offer.text);
        world.answer(NORTH, "accept");
        assert_eq!(matches!(world.record(0).status, Status::Redirected { .. }), may_accept, "{with}");
        world.end();
    }
}

#[test]
fn without_a_clear_yes_to_sharing_the_partner_is_only_asked_to_call() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Consent to share", "not yet, ask her"));
    world.pass("1h");
    world.answer(MARIA, ASK);
    let offer = world.last_to(NORTH);
    world.show(&offer);
    assert!(!offer.text.contains("\n    accept\n"), "no line accepts what must not be shared");
    world.answer(NORTH, "accept");
    let refused = world.last_to(NORTH);
    world.show(&refused);
    assert!(world.record(0).onward.is_some());
    assert!(!matches!(world.record(0).status, Status::Redirected { .. }));
    world.pass("1h");
    world.answer(MARIA, "close North Clinic was told by phone, and takes her on Tuesday");
    tell("a redirect without consent", world);
}

#[test]
fn a_court_date_makes_the_partners_time_short() {
    let mut world = tuesdays("2026-11-25 10:00");
    world.receive(&referral_with("Court date", "2026-11-30 09:00"));
    world.answer(MARIA, ASK);
    let onward = world.record(0).onward.unwrap();
    let due = world.desk().rules.calendar.local(onward.decision.due_at);
    assert!(due.to_string().as_str() < "2026-11-30 09:00", "before the date: {due}");
    world.pass("6d");
    assert_eq!(world.count(0, FactKind::OfferUnanswered), 1);
    tell("a redirect before a court date", world);
}

#[test]
fn without_both_proofs_a_partners_answer_does_nothing() {
    let mut world = asked();
    let offer = world.last_to(NORTH);
    let before = world.records();
    let subject = format!("Re: {}", before[0].reference);
    for (mail, heard) in [
        (
            offer
                .answer("accept")
                .sent_by("colleague@north.example")
                .said("accept, a stranger with the token"),
            false,
        ),
        (offer.answer("accept").sent_by(PARTNER).said("accept, the sender with the token"), false),
        (Mail::from(NORTH).subject(&subject).body("accept").said("accept, without a token"), true),
    ] {
        let letters = world.letters_to(NORTH).len();
        world.receive(&mail);
        // Whatever else such a mail opens or holds, the redirect waits as before.
        assert_eq!(world.record(0).onward, before[0].onward);
        assert_eq!(world.record(0).status, before[0].status);
        assert_eq!(world.letters_to(NORTH).len() > letters, heard);
    }
    let away = offer.answer("accept").header("Auto-Submitted", "auto-replied").robot();
    world.drop_in(&away.said("an out-of-office that quotes accept"));
    world.settle();
    world.forget_robots();
    assert_eq!(world.record(0).onward, before[0].onward);
    world.answer(NORTH, "accept\ndecline capacity");
    assert!(world.record(0).onward.is_some(), "of a yes and a no neither is taken");
    world.answer(NORTH, "acept");
    let again = world.last_to(NORTH);
    world.show(&again);
    world.answer(NORTH, "Who is the landlord?");
    let question = world.last_to(MARIA);
    world.show(&question);
    tell("a redirect and its proofs", world);
}

#[test]
fn a_colleague_at_a_registered_domain_makes_us_ask_the_registered_address_again() {
    let address = "addresses = [\"desk@north.example\"]";
    let domain = format!("{address}\ndomains = [\"north.example\"]");
    let mut world = World::with("2026-11-24 10:00", &OFFICE.replace(address, &domain));
    world.receive(&referral());
    world.answer(MARIA, ASK);
    let before = world.records();
    let offer = world.last_to(NORTH);
    world.receive(&offer.answer("accept").sent_by("colleague@north.example").said("accept, with the token"));
    assert_eq!(world.records(), before, "nothing changed");
    let fresh = world.last_to(NORTH);
    world.show(&fresh);
    world.receive(&fresh.answer("accept"));
    assert!(matches!(world.record(0).status, Status::Redirected { .. }));
    tell("a redirect answered by a colleague", world);
}

#[test]
fn our_own_decision_takes_the_question_back() {
    let mut world = asked();
    world.answer(MARIA, "redirect to north-clinic: again");
    world.answer(MARIA, "redirect to Harbor House: they know her");
    world.answer(MARIA, "accept");
    assert_eq!(world.record(0).status, Status::Accepted);
    assert!(world.record(0).onward.is_none());
    let over = world.last_to(NORTH);
    world.show(&over);
    let late = world.letter(NORTH, "Can you take this on").answer("accept");
    world.receive(&late);
    assert_eq!(world.record(0).status, Status::Accepted);
    assert!(world.letters_to(CLIENT).len() <= 2);
    tell("a redirect taken back", world);
}

#[test]
fn a_partner_whose_address_does_not_work_was_not_asked() {
    let mut world = asked();
    let report = world.last_to(NORTH).bounced();
    world.receive(&report);
    assert!(world.record(0).onward.is_none());
    let news = world.last_to(MARIA);
    world.show(&news);
    world.pass("1h");
    world.answer(MARIA, "accept");
    tell("a redirect that does not arrive", world);
}

#[test]
fn with_a_trusted_server_a_partners_yes_needs_its_word_too() {
    let strict =
        OFFICE.replace("client_mail = true", "client_mail = true\ntrusted_authserv_id = \"mx.example.org\"");
    let mut world = World::with("2026-11-24 10:00", &strict);
    let pass = |domain: &str| format!("mx.example.org; dmarc=pass header.from={domain}");
    world.receive(&referral().header("Authentication-Results", &pass("harbor.example")));
    let ask = world.letter(MARIA, "Action needed").answer(ASK);
    world.receive(&ask.header("Authentication-Results", &pass("example.org")));
    let offer = world.last_to(NORTH);
    let before = world.records();
    world.receive(&offer.answer("accept"));
    assert_eq!(world.records(), before, "the token alone is one proof");
    assert_eq!(world.letters_to(NORTH).len(), 2, "the registered address is asked again");
    let forged = "mx.example.org; dmarc=fail header.from=north.example";
    world.receive(&offer.answer("accept").header("Authentication-Results", forged));
    assert_eq!(world.records(), before);
    world.receive(&offer.answer("accept").header("Authentication-Results", &pass("north.example")));
    assert!(matches!(world.record(0).status, Status::Redirected { .. }));
}

#[test]
fn a_referral_of_their_own_written_as_an_answer_is_a_referral() {
    let mut world = asked();
    let packet =
        super::ANA.replace("Ana Canary", "Ben Canary").replace("0142", "0143").replace("ana@", "ben@");
    let answer = world.last_to(NORTH).answer(&packet);
    world.receive(&answer.said("a referral of their own"));
    assert_eq!(world.records().len(), 2);
    assert!(world.record(0).onward.is_some());
}

#[test]
fn a_yes_to_an_earlier_ask_is_no_yes_to_a_later_one() {
    let mut world = asked();
    let first = world.last_to(NORTH);
    world.answer(NORTH, "decline capacity, we are full until March");
    world.pass("1h");
    // While another is asked, and while nobody is, the old letter leads to the news that it is over.
    let old_yes =
        |world: &mut World| world.receive(&first.answer("accept").said("accept, by the first letter"));
    old_yes(&mut world);
    assert!(
        world.last_to(NORTH).subject.contains("no longer")
            || !world.last_to(NORTH).text.contains("    accept")
    );
    world.answer(MARIA, "redirect to North Clinic: they have room again, I called");
    let second = world.last_to(NORTH);
    let before = world.records();
    old_yes(&mut world);
    assert_eq!(world.records(), before, "nothing happens");
    let fresh = world.last_to(NORTH);
    assert!(fresh.message_id != second.message_id && fresh.text.contains("    accept"), "{}", fresh.text);
    world.show(&fresh);
    world.receive(&first.answer("decline capacity").said("decline capacity, by the first letter"));
    assert_eq!(world.records(), before);
    world.receive(&second.answer("accept"));
    assert!(matches!(world.record(0).status, Status::Redirected { .. }));
    world.note("-- and the second letter is good for its own ask only");
    world.answer(MARIA, "reopen she moved back");
    world.answer(MARIA, "redirect to North Clinic: once more");
    let before = world.records();
    world.receive(&second.answer("accept").said("accept, by the second letter"));
    assert_eq!(world.records(), before);
    tell("a redirect asked twice", world);
}

#[test]
fn a_partner_known_by_its_domain_is_asked_where_settings_say_and_not_at_all_without() {
    let address = "addresses = [\"desk@north.example\"]";
    let domain = "domains = [\"north.example\"]";
    let mut world = World::with("2026-11-24 10:00", &OFFICE.replace(address, domain));
    world.receive(&referral());
    world.answer(MARIA, ASK);
    let told = world.last_to(MARIA);
    assert!(told.text.contains("no address at which that organization can be asked"), "{}", told.text);
    assert!(world.record(0).onward.is_none());
    world.end();
    let ask = format!("{domain}\nask = \"desk@north.example\"");
    let mut world = World::with("2026-11-24 10:00", &OFFICE.replace(address, &ask));
    world.receive(&referral());
    world.answer(MARIA, ASK);
    world.answer(NORTH, "accept");
    assert!(matches!(world.record(0).status, Status::Redirected { .. }));
    world.end();
}

#[test]
fn a_partner_that_took_somebody_on_says_how_it_went_on_and_the_sender_hears_of_it() {
    for (line, subject, kept) in [
        ("close helped at the clinic", "Closed there", "closed it: helped at the clinic"),
        (
            "redirect to County Law Library: they hold the clinic",
            "Redirected on",
            "redirected it on to County Law Library: they hold the clinic",
        ),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        world.answer(MARIA, "redirect to north-clinic: their county");
        world.answer(OTHER_PARTNER, "accept");
        let told = |world: &World| {
            let letters = world.letters_to(PARTNER);
            letters.iter().filter(|letter| letter.subject.starts_with(subject)).count()
        };
        // Without a reason nothing follows, and a stranger's word is none.
        world.answer(OTHER_PARTNER, "close");
        let stranger = world.last_to(OTHER_PARTNER).answer(line).sent_by("evil@elsewhere.example");
        world.receive(&stranger);
        assert_eq!(told(&world), 0, "{line}");
        world.answer(OTHER_PARTNER, line);
        assert_eq!(told(&world), 1, "{line}");
        assert!(
            world.history(0).iter().any(|fact| fact.words.ends_with(kept)),
            "{:?}",
            world.history(0).last().map(|fact| fact.words.clone())
        );
        assert!(matches!(world.record(0).status, Status::Redirected { .. }), "our side stays closed");
        let outcome = world.last_to(PARTNER).text.clone();
        assert!(!outcome.contains("clinic") && !outcome.contains("Library"), "no reason leaves: {outcome}");
        world.check();
    }
}

#[test]
fn what_only_we_may_say_is_for_the_owner_to_read_where_the_partner_says_it() {
    for words in [
        "note we met her sister",
        "note we met her sister\n\nShe was there.\nconsent no",
        "note we met her sister\nconsent: no",
        "consent no",
        "status\n\nWe met her sister.\nbounce unsafe to contact",
        // No doubt by itself, in any reading but that of a command.
        "note we met her sister\nbounce unsafe",
        "We met her sister.\n\ndevolver inseguro",
        "status\n\nWe met her sister.\nbounce unsafe",
    ] {
        let mut world = asked();
        let heard = world.letters_to(MARIA).len();
        let offer = world.last_to(NORTH);
        world.receive(&offer.answer(words));
        assert_eq!(world.letters_to(MARIA).len() - heard, 1, "{words}");
        let told = world.last_to(MARIA).text.replace('\n', " ");
        assert!(told.contains("what the organization that was asked"), "{words}: {told}");
        let record = world.record(0);
        assert!(record.held.is_some(), "{words}: the ladder stands still");
        assert!(record.onward.is_some() && record.consent_told.is_none(), "{words}");
        world.end();
    }
}
