//! Nobody gets hurt by a mail: where two readings are possible, the safer one counts, and a person hears of it.

use chrono::TimeDelta;

use super::{ANA, CLIENT, MARIA, Mail, PARTNER, referral_with};
use crate::world::World;
use handoffd::referral::record::FactKind;

/// The reasons in the record for which letters to the client were held back.
fn withheld(world: &World, place: usize) -> Vec<String> {
    let facts = world.history(place).into_iter();
    facts.filter(|fact| fact.kind == FactKind::ClientLetterWithheld).map(|fact| fact.words).collect()
}

/// The owner was told: a question stands in the record.
fn asked(world: &World, place: usize, words: &str) -> bool {
    world.record(place).questions.iter().any(|question| question.contains(words))
}

#[test]
fn p12_a_consent_with_an_end_lets_letters_through_until_then() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Consent to share", "yes, until 2026-11-25"));
    assert_eq!(world.letters_to(CLIENT).len(), 1);
    world.pass_to("2026-11-26 10:00");
    world.answer(MARIA, "accept");
    world.pass("1h");
    assert_eq!(world.letters_to(CLIENT).len(), 1, "the consent has run out");
    assert_eq!(withheld(&world, 0), ["the consent has run out"]);
    world.end();
}

#[test]
fn p12_a_consent_that_ends_while_a_letter_waits_holds_it_back_and_the_record_says_why() {
    let mut world = World::at("2026-11-24 21:00");
    world.receive(&referral_with("Consent to share", "sí, hasta el 24 de noviembre"));
    assert!(world.letters_to(CLIENT).is_empty(), "outside safe hours");
    assert_eq!(withheld(&world, 0), Vec::<String>::new());
    world.pass("14h");
    assert!(world.letters_to(CLIENT).is_empty());
    assert_eq!(withheld(&world, 0), ["a letter to the client was not sent: the consent has run out"]);
    assert!(asked(&world, 0, "was not sent: the consent has run out"));
    world.end();
}

#[test]
fn an_end_of_a_consent_that_nobody_can_read_is_no_consent_and_is_asked_about() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Consent to share", "yes, until the hearing"));
    assert!(world.letters_to(CLIENT).is_empty());
    assert_eq!(withheld(&world, 0), ["nobody could read until when the consent holds"]);
    assert!(asked(&world, 0, "could not be read; please ask"));
    world.end();
}

#[test]
fn a_consent_for_named_organizations_or_of_no_readable_day_is_no_yes_for_us_until_somebody_asked() {
    const NOT_COVERED: &str = "the consent does not cover email to the client";
    const OPEN: &str = "nobody could read what the consent covers or how it was given";
    for (line, why) in [
        ("Consent to share with: Example Help Center", None),
        ("Share only with: the Example Help Center, and North Clinic", None),
        ("Se puede compartir con: cualquier agencia", None),
        ("Consent given on: 11/20/2026", None),
        ("Fecha del consentimiento: 20 de noviembre de 2026", None),
        ("Consent to share with: North Clinic only", Some(NOT_COVERED)),
        ("Consentimiento para compartir con: nadie", Some(NOT_COVERED)),
        ("Named agencies: not Example Help Center", Some(NOT_COVERED)),
        ("Consent to share with: Example Help Center\nMay share with: North Clinic", Some(OPEN)),
        ("Consent to share with: Example Help Center?", Some(OPEN)),
        ("Consent date: 12/31/2026", Some(OPEN)),
        ("Consent given on: pending", Some(OPEN)),
        ("Consent given on: not as of 11/20/2026", Some(OPEN)),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&Mail::from(PARTNER).subject("New referral").body(&format!("{ANA}{line}\n")));
        assert_eq!(world.letters_to(CLIENT).len(), usize::from(why.is_none()), "{line}");
        assert_eq!(withheld(&world, 0), why.into_iter().collect::<Vec<_>>(), "{line}");
        world.end();
    }
}

#[test]
fn a_later_list_of_organizations_takes_a_yes_away_and_a_later_wider_one_waits_for_a_person() {
    for (first, later, written) in [
        ("any agency", "North Clinic only", false),
        ("Example Help Center", "North Clinic", false),
        ("North Clinic", "any agency", false),
        ("North Clinic", "Example Help Center", false),
        ("Example Help Center", "any agency", true),
    ] {
        let mut world = World::at("2026-11-24 21:00");
        world.receive(&referral_with("Consent to share with", first));
        let reference = world.record(0).reference.to_string();
        world.receive(
            &Mail::from(PARTNER).subject(&reference).body(&format!("Consent to share with: {later}\n")),
        );
        assert_eq!(world.records().len(), 1);
        assert!(asked(&world, 0, "Consent to share with"), "{first} {later}");
        world.pass("14h");
        assert_eq!(!world.letters_to(CLIENT).is_empty(), written, "{first}, then {later}");
        world.end();
    }
}

#[test]
fn p13_a_consent_the_partner_takes_back_counts_before_the_letter_leaves() {
    for (line, why) in [
        ("Consent to share: no, she withdrew it", "there is no clear consent"),
        ("Safe to email: no", "email was not marked as safe"),
    ] {
        let mut world = World::at("2026-11-24 21:00");
        world.receive(&super::referral());
        world.pass("1h");
        world.answer(PARTNER, line);
        world.pass("14h");
        assert!(world.letters_to(CLIENT).is_empty(), "{line}");
        assert_eq!(withheld(&world, 0), [format!("a letter to the client was not sent: {why}")]);
        assert!(asked(&world, 0, "the sender now says something else"), "{line}");
        // The yes comes back by a person's word only.
        world.answer(PARTNER, &line.replace("no, she withdrew it", "yes").replace("no", "yes"));
        world.answer(MARIA, "accept");
        world.pass("2h");
        assert!(world.letters_to(CLIENT).is_empty(), "{line}");
        world.end();
    }
}

#[test]
fn t22_a_letter_waits_for_the_clients_own_morning_and_a_zone_in_doubt_is_asked_about() {
    for (line, hour, question) in [
        ("Time zone: Eastern", 9, None),
        ("Time zone: Pacific", 12, None),
        ("Address: 12 Elm St, Fresno, CA 93650", 12, None),
        ("Safe times: after 9 am PT", 12, None),
        ("Address: 12 Elm St, El Paso, TX 79901", 11, None),
        ("Time zone: Mars/Olympus", 12, Some("time zone could not be read")),
        ("Time zone: Pacific\nAddress: 12 Elm St, Troy, NY 12180", 12, Some("do not agree")),
    ] {
        let mut world = World::at("2026-11-24 08:00");
        world.receive(&Mail::from(PARTNER).subject("New referral").body(&format!("{ANA}{line}\n")));
        world.pass_to(&format!("2026-11-24 {:02}:59", hour - 1));
        assert!(world.letters_to(CLIENT).is_empty(), "{line}");
        world.pass("2m");
        assert_eq!(world.letters_to(CLIENT).len(), 1, "{line}");
        let questions = world.record(0).questions;
        assert_eq!(questions.iter().find(|asked| asked.contains("zone")).is_some(), question.is_some());
        assert!(question.is_none_or(|words| asked(&world, 0, words)), "{line}");
        world.end();
    }
}

#[test]
fn p8_a_letter_leaves_in_the_clients_own_safe_times_and_waits_until_then() {
    // Tuesday morning in the office's zone; letters leave from 9 to 20.
    for (line, leaves) in [
        ("weekdays after 5pm", "2026-11-24 17:00"),
        ("only mornings", "2026-11-24 10:00"),
        ("solo por la tarde", "2026-11-24 13:00"),
        ("Mon/Wed 9-12", "2026-11-25 09:00"),
        ("weekends", "2026-11-28 09:00"),
        ("after 5pm PT", "2026-11-24 20:00"),
        ("mornings\nBest time to call: after 11am", "2026-11-24 11:00"),
        ("anytime", "2026-11-24 10:00"),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral_with("Safe times", line));
        if leaves != "2026-11-24 10:00" {
            assert!(world.letters_to(CLIENT).is_empty(), "{line}");
            let at = chrono::NaiveDateTime::parse_from_str(leaves, "%Y-%m-%d %H:%M").unwrap();
            let before = (at - chrono::TimeDelta::minutes(1)).format("%Y-%m-%d %H:%M").to_string();
            world.pass_to(&before);
            assert!(world.letters_to(CLIENT).is_empty(), "{line}");
            world.pass("2m");
        }
        assert_eq!(world.letters_to(CLIENT).len(), 1, "{line}");
        world.end();
    }
}

#[test]
fn p8_safe_times_that_nobody_can_read_or_that_leave_no_hour_are_asked_about() {
    for (line, why) in [
        ("when he is at work", "nobody could read which times are safe for the client"),
        ("after 9pm", "no hour of ours is safe for the client in every time zone they may be in"),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral_with("Safe times", line));
        world.pass("12h");
        assert!(world.letters_to(CLIENT).is_empty(), "{line}");
        assert_eq!(withheld(&world, 0), [why], "{line}");
        assert!(asked(&world, 0, why), "{line}");
        world.end();
    }
}

#[test]
fn p12_a_consent_that_was_over_once_stays_over_when_the_clock_is_set_back() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Consent to share", "yes, until 2026-11-25"));
    assert_eq!(world.letters_to(CLIENT).len(), 1);
    world.pass_to("2026-11-26 10:00");
    let now = world.now();
    world.set_clock(now - TimeDelta::hours(22));
    world.settle();
    world.answer(MARIA, "accept");
    world.pass("1h");
    assert_eq!(world.letters_to(CLIENT).len(), 1, "by the clock it would hold");
    assert_eq!(world.record(0).status.word(), "Accepted");
}

#[test]
fn p13_safe_times_the_partner_narrows_count_before_the_letter_leaves() {
    let mut world = World::at("2026-11-24 08:00");
    world.receive(&super::referral());
    world.answer(PARTNER, "Safe times: after 11am");
    world.pass_to("2026-11-24 10:59");
    assert!(world.letters_to(CLIENT).is_empty());
    world.pass("2m");
    assert_eq!(world.letters_to(CLIENT).len(), 1);
    assert!(asked(&world, 0, "the sender now says something else"));
    world.end();
}

#[test]
fn where_two_readings_are_possible_no_letter_leaves_and_the_owner_is_asked() {
    for (lines, why, question) in [
        (
            "Opposing party: John Doe\nConsent to contact: yes, given by John Doe",
            "the opposing party seems to have given the consent",
            "opposing party seems to have given",
        ),
        (
            "Opposing party: John Doe\nReferrer name: John Doe",
            "the opposing party seems to have given the consent",
            "opposing party seems to have given",
        ),
        (
            "Consent given by: her husband",
            "somebody other than the client gave the consent",
            "somebody other than the client",
        ),
        (
            "Opposing party: John Doe\nConsent given by: John Doe",
            "the opposing party seems to have given the consent",
            "opposing party seems to have given",
        ),
        (
            "Consent covers: sharing, contact by phone",
            "the consent does not cover email to the client",
            "does not cover email",
        ),
        (
            "Consent given how: implied",
            "nobody could read what the consent covers or how it was given",
            "could not be read; please ask",
        ),
        ("Consent expires: 11/20/2026", "the consent has run out", "the consent has run out"),
        ("Safe to email: no", "email was not marked as safe", "disagree; the safer one counts"),
        ("Consent to share: no", "there is no clear consent", "disagree; the safer one counts"),
        (
            "Opposing party: John Doe\nSafety notes: John reads her mail",
            "email was marked as safe, but that is in doubt",
            "or of who reads their mail",
        ),
        ("Email: intake@harbor.example", "the address belongs to somebody else", "belongs to somebody else"),
        (
            "Email: Intake+ana@harbor.example",
            "the address belongs to somebody else",
            "belongs to somebody else",
        ),
        ("Email: maria@example.org", "the address belongs to somebody else", "belongs to somebody else"),
        ("Email: referrals@example.org", "the address belongs to somebody else", "belongs to somebody else"),
        ("Email: info@shop.example", "others may read that address", "others may read"),
        (
            "Email: john.doe@mail.example\nOpposing party: John Doe",
            "the address may be the opposing party's",
            "may be the opposing party's",
        ),
    ] {
        is_held_and_asked(lines, why, question);
    }
}

/// No letter leaves for a referral with these lines, and the owner is asked.
fn is_held_and_asked(lines: &str, why: &str, question: &str) {
    let mut world = World::at("2026-11-24 10:00");
    let replaced = lines.contains("Email: ");
    let ana = if replaced { ANA.replace("Email: ana@mail.example\n", "") } else { ANA.to_owned() };
    world.receive(&Mail::from(PARTNER).subject("New referral").body(&format!("{ana}{lines}\n")));
    let to_client = world.letters().iter().filter(|letter| letter.text.contains("Reply STOP")).count();
    assert_eq!(to_client, 0, "{lines}");
    assert_eq!(withheld(&world, 0), [why], "{lines}");
    assert!(asked(&world, 0, question), "{lines}: {:?}", world.record(0).questions);
    let told = world.last_to(MARIA).text;
    assert!(told.replace('\n', " ").contains(question), "{lines}: {told}");
    world.end();
}

#[test]
fn where_an_address_or_a_consent_may_be_somebody_elses_by_its_looks_the_owner_is_asked() {
    for (lines, why, question) in [
        ("Email: ana@example.org", "the address belongs to somebody else", "belongs to somebody else"),
        ("Email: ana@desk.example.org", "the address belongs to somebody else", "belongs to somebody else"),
        ("Email: ana@harbor.example", "the address belongs to somebody else", "belongs to somebody else"),
        ("Email: ana@mail.north.example", "the address belongs to somebody else", "belongs to somebody else"),
        ("Email: front.desk@shop.example", "others may read that address", "others may read"),
        ("Email: ana.bob@mail.example", "the address looks like several people's", "several people's"),
        (
            "Email: mike.roe2@mail.example\nHusband: Mike Roe",
            "email was marked as safe, but that is in doubt",
            "or of who reads their mail",
        ),
        (
            "Email: bob.vance@mail.example\n\nHer husband Bob Vance threatens her.",
            "email was marked as safe, but that is in doubt",
            "or of who reads their mail",
        ),
        (
            "Opposing party: Dana Cole\n\nBest regards,\nDana Cole",
            "there is no clear consent",
            "consent was not given",
        ),
    ] {
        is_held_and_asked(lines, why, question);
    }
}

#[test]
fn p11_a_stop_inside_an_out_of_office_is_a_stop_and_the_owner_is_told() {
    for (subject, words) in [
        ("Automatic reply: Your request", "I am away until Monday.\nStop emailing me."),
        ("Respuesta automática", "Estoy fuera de la oficina.\nNo me escriban más."),
        ("STOP", "I am away."),
    ] {
        let mut world = World::at("2026-11-24 21:00");
        world.receive(&super::referral());
        let away = Mail::from(CLIENT).subject(subject).body(words).header("Auto-Submitted", "auto-replied");
        world.receive(&away);
        world.pass("2d");
        assert!(world.letters_to(CLIENT).is_empty(), "{words}");
        assert_eq!(world.count(0, FactKind::Stopped), 1, "{words}");
        assert!(world.letters_to(MARIA).len() > 1, "the owner is told");
        world.end();
    }
}

#[test]
fn p11_nothing_leaves_after_the_poll_that_read_the_stop_however_long_it_waits_to_be_understood() {
    const BOB: &str = "bob@mail.example";
    let mut world = World::at("2026-11-24 21:00");
    world.receive(&super::referral());
    let bob = ANA.replace("Ana Canary", "Bob Other").replace("0142", "0199").replace(CLIENT, BOB);
    world.receive(&Mail::from(PARTNER).subject("New referral").body(&bob));
    world.pass_to("2026-11-25 08:59");
    world.drop_in(&Mail::from(CLIENT).subject("Re: x").body("Please stop emailing me."));
    world.poll_alone();
    let polled_at = world.now();
    assert!(world.letters_to(CLIENT).is_empty() && world.letters_to(BOB).is_empty(), "before safe hours");
    for _ in 0..60 {
        world.wait_until(world.now() + TimeDelta::minutes(1));
        world.deliver_alone();
        // Nobody knows whose word it is that waits.
        assert!(world.letters_to(CLIENT).is_empty() && world.letters_to(BOB).is_empty(), "{}", world.now());
    }
    assert!(world.now() - polled_at >= TimeDelta::hours(1));
    world.settle();
    world.pass("1m");
    assert_eq!(world.letters_to(BOB).len(), 1, "who said nothing is written to");
    world.pass("2d");
    assert!(world.letters_to(CLIENT).is_empty());
    assert_eq!(world.count(0, FactKind::Stopped), 1);
    world.end();
}

#[test]
fn a_language_we_do_not_have_is_told_to_the_owner_and_the_letter_leaves_in_english() {
    for (language, question) in [
        ("Mixteco", Some("No letter is written in the client's language")),
        ("Polish", Some("No letter is written in the client's language")),
        ("Vulcan", Some("The language was not recognised")),
        ("Cantonese", None),
        ("Spanish", None),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral_with("Language", language));
        let letter = world.last_to(CLIENT);
        assert_eq!(letter.text.contains("We got your referral"), question.is_some(), "{language}");
        let questions = world.record(0).questions;
        assert_eq!(questions.is_empty(), question.is_none(), "{language}: {questions:?}");
        assert!(question.is_none_or(|words| asked(&world, 0, words)), "{language}: {questions:?}");
        world.end();
    }
}

#[test]
fn at_an_address_that_is_not_safe_no_receipt_is_sent_either_whatever_the_client_writes() {
    for words in [
        "Please call me at 617-555-0142",
        "Name: Ana Canary\nPhone: 617-555-0142\nLanguage: Spanish",
        "Client name: Bo Somebody\nPhone: 617-555-0199\nLanguage: Spanish\nMatter type: housing",
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral_with("Safe to email", "no"));
        world.receive(&Mail::from(CLIENT).subject("Hello").body(words));
        world.pass("2h");
        assert!(world.letters_to(CLIENT).is_empty(), "{words}");
        let names_another = words.contains("Somebody");
        assert_eq!(world.record(0).held.is_some(), !names_another, "{words}");
        assert_eq!(world.records().len(), 1 + usize::from(names_another), "{words}");
        world.end();
    }
}

#[test]
fn p17_p38_an_answer_about_a_foreign_reference_is_the_answer_about_none() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&super::referral());
    let foreign = world.record(0).reference.as_str().to_owned();
    let unknown = handoffd::referral::reference::Reference::draw("R", 4_711).as_str().to_owned();
    let mut answers = Vec::new();
    for (reference, asker) in [
        (foreign.as_str(), super::OTHER_PARTNER),
        (unknown.as_str(), super::OTHER_PARTNER),
        ("nothing", super::OTHER_PARTNER),
        (foreign.as_str(), "someone@else.example"),
        (unknown.as_str(), "someone@else.example"),
    ] {
        let before = world.letters().len();
        world.receive(
            &Mail::from(asker).subject(&format!("About {reference}")).body(&format!("status {reference}")),
        );
        let new: Vec<_> = world.letters()[before..].iter().filter(|letter| letter.to == asker).collect();
        assert!(new.len() <= 1, "{asker} {reference}");
        // The number of a mail of their own is all that may differ.
        let said = new.first().map(|letter| {
            let own = world.records().last().unwrap().reference.as_str().to_owned();
            let told = (letter.subject.clone(), letter.text.clone());
            assert!(!told.1.contains(foreign.as_str()) && !told.0.contains(foreign.as_str()));
            (told.0.replace(&own, "OWN"), told.1.replace(&own, "OWN"))
        });
        answers.push((asker, said));
    }
    assert!(answers.iter().all(|(_, said)| said.is_some()), "everybody is answered: {answers:?}");
    for (asker, said) in &answers {
        let first = answers.iter().find(|(other, _)| other == asker).unwrap();
        assert_eq!(&first.1, said, "{asker}");
    }
    world.end();
}

#[test]
fn p12_who_says_stop_before_anybody_refers_them_is_not_answered_and_not_written_to_later() {
    for (words, stops) in [
        ("STOP", true),
        ("Por favor no me escriban más.", true),
        ("STOP\n\nAna Vega\n617-555-0142", true),
        ("Do you have an office in Salem?", false),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&Mail::from(CLIENT).subject("Hello").body(words));
        assert_eq!(world.records().len(), 1, "a person looks at it: {words}");
        assert_eq!(world.letters_to(CLIENT).is_empty(), stops, "{words}");
        let before = world.letters_to(CLIENT).len();
        world.receive(&super::referral());
        world.pass("2h");
        assert_eq!(world.letters_to(CLIENT).len() > before, !stops, "{words}");
        assert_eq!(asked(&world, 1, "asked not to write"), stops, "{:?}", world.record(1).questions);
        if stops {
            world.answer(MARIA, "allow contact she asked for letters on the phone");
            world.pass("2h");
            assert_eq!(world.letters_to(CLIENT).len(), before + 1, "{words}");
        }
        world.end();
    }
}

#[test]
fn a_mail_of_the_roster_or_with_a_referral_in_it_is_no_stop_of_who_wrote_it() {
    for who in [PARTNER, "worker@shelter.example"] {
        let mut world = World::at("2026-11-24 10:00");
        let body = format!("{ANA}\nPlease do not contact her husband. Stop emailing the old address.");
        world.receive(&Mail::from(who).subject("Referral").body(&body));
        assert_eq!(world.letters_to(who).len(), 1, "{who} is answered");
        world.end();
    }
}

#[test]
fn p12_who_says_stop_to_the_receipt_of_their_own_mail_is_not_written_to_once_somebody_refers_them() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&Mail::from(CLIENT).subject("Hello").body("Do you have an office in Salem?"));
    let receipt = world.last_to(CLIENT);
    world.receive(&receipt.answer("STOP"));
    let before = world.letters_to(CLIENT).len();
    world.receive(&super::referral());
    world.pass("2h");
    assert_eq!(world.letters_to(CLIENT).len(), before);
    world.end();
}
