//! The measures over referrals that were really lived: each answer is the one a person would give who reads the record.

use chrono::TimeDelta;
use handoffd::loops::measures;
use handoffd::referral::record::FactKind;
use handoffd::report::measures::life::{Life, Split};
use handoffd::report::measures::sheet::{self, Sheet};
use handoffd::report::measures::{Answer, Measure};

use super::{ANA, MARIA, Mail, PARTNER, referral_with};
use crate::world::{OFFICE, World};

const CONFIRMED: &str =
    "confirmed method call, language English, safe times mornings, next step clinic, deadline none";

fn lives(world: &World) -> Vec<Life> {
    let (desk, now) = (world.desk(), world.now());
    let from = now - TimeDelta::days(60);
    let found = world.wait(measures::lives(&desk.store, &desk.rules, from, now)).unwrap();
    assert_eq!(found.unreadable, 0);
    found.lives
}

fn text_of(world: &World, sheet: &Sheet) -> String {
    sheet::write(sheet, &world.desk().templates, &world.desk().organisation).unwrap().text
}

/// Another person, with these lines set.
fn another(number: u32, lines: &str) -> Mail {
    let body = ANA
        .replace("Ana Canary", &format!("Person{number} Canary"))
        .replace("0142", &format!("01{number:02}"))
        .replace("ana@", &format!("ana{number}@"));
    Mail::from(PARTNER).subject("New referral").body(&(body + lines))
}

#[test]
fn each_measure_answers_of_each_referral_what_its_record_says() {
    let mut world = World::at("2026-11-16 10:00");
    // The first is reached in two hours and accepted; her mail comes twice.
    world.receive(&another(1, "Court date: 2026-12-20\n"));
    world.pass("2h");
    world.answer(MARIA, CONFIRMED);
    world.answer(MARIA, "accept");
    world.receive(&another(1, "Court date: 2026-12-20\n"));
    // The second lacks a phone number and gets nothing for a day.
    world.receive(&referral_with("Phone", ""));
    world.pass("25h");
    let asked = |measure: Measure| -> Vec<Vec<Answer>> {
        lives(&world).iter().map(|life| measure.ask(life, world.now())).collect()
    };
    let hours = TimeDelta::hours;
    for (measure, expected) in [
        (Measure::Contact24h, [Answer::Yes, Answer::No]),
        (Measure::TimeToContact, [Answer::Took(hours(2)), Answer::StillRunning(hours(25))]),
        (Measure::Contact, [Answer::Is("confirmed"), Answer::Is("still to be reached")]),
        (Measure::Completed, [Answer::Yes, Answer::No]),
        (Measure::Repeats, [Answer::Count(1), Answer::Count(0)]),
        (Measure::Decision, [Answer::Is("accepted"), Answer::Is("undecided")]),
        (Measure::Incomplete, [Answer::No, Answer::Yes]),
        (Measure::MissingFields, [Answer::NotCounted("nothing was missing"), Answer::Is("Phone")]),
        (Measure::Pending, [Answer::Took(hours(2)), Answer::StillRunning(hours(25))]),
        (Measure::ClientTold, [Answer::Yes, Answer::Yes]),
        (Measure::Reopened, [Answer::NotCounted("it never ended"), Answer::NotCounted("it never ended")]),
        (Measure::Drivers, [Answer::Is("court"), Answer::Is("none")]),
        (
            Measure::PartnerDecision,
            [Answer::NotCounted("no partner was asked"), Answer::NotCounted("no partner was asked")],
        ),
    ] {
        let answers: Vec<Answer> = asked(measure).into_iter().flatten().collect();
        // A few seconds of the clock of the world are between a mail and its reading.
        let near = |one: &Answer, other: &Answer| match (one, other) {
            (Answer::Took(a), Answer::Took(b)) | (Answer::StillRunning(a), Answer::StillRunning(b)) => {
                (*a - *b).abs() < TimeDelta::minutes(10)
            }
            (one, other) => one == other,
        };
        let same = answers.len() == 2 && answers.iter().zip(&expected).all(|(one, other)| near(one, other));
        assert!(same, "{}: {answers:?}, not {expected:?}", measure.name());
    }
    // Two letters of the first at least, one try; nothing is counted that did not leave.
    let touches = asked(Measure::Touches);
    assert!(matches!(touches[0][..], [Answer::Count(3..)]), "{touches:?}");
    world.pass("20d");
    world.check();
}

#[test]
fn what_was_closed_and_opened_again_waits_again_and_a_contact_tried_again_does_not() {
    let mut world = World::at("2026-11-16 10:00");
    world.receive(&another(1, ""));
    world.pass("2h");
    world.answer(MARIA, "close they moved away");
    world.pass("3h");
    world.answer(MARIA, "reopen they came back");
    world.pass("1h");
    world.answer(MARIA, "accept");
    let near = |life: &Life, now, hours: i64| {
        let [Answer::Took(took)] = Measure::Pending.ask(life, now)[..] else { panic!("it waits") };
        assert!((took - TimeDelta::hours(hours)).abs() < TimeDelta::minutes(10), "{took}");
    };
    let of_first = lives(&world);
    near(&of_first[0], world.now(), 3);
    assert_eq!(Measure::Reopened.ask(&of_first[0], world.now()), [Answer::Yes]);
    // Accepted, given up and tried again: the decision stands, and what stays open was not opened again.
    let mut world = World::at("2026-11-16 10:00");
    world.receive(&another(1, ""));
    world.pass("2h");
    for words in ["accept", "attempt call wrong number", "bounce bad contact info", "reopen a new number"] {
        world.answer(MARIA, words);
    }
    world.pass("20h");
    world.answer(MARIA, "close helped elsewhere");
    let of_second = lives(&world);
    let happened: Vec<FactKind> = of_second[0].facts.iter().map(|(_, kind)| *kind).collect();
    assert!(happened.contains(&FactKind::Bounced) && happened.contains(&FactKind::Reopened), "{happened:?}");
    near(&of_second[0], world.now(), 2);
    assert_eq!(Measure::Reopened.ask(&of_second[0], world.now()), [Answer::No]);
}

#[test]
fn a_partner_that_is_asked_is_measured_from_the_question_to_its_answer() {
    let mut world = World::at("2026-11-16 10:00");
    world.receive(&another(1, ""));
    world.answer(MARIA, "redirect to north-clinic: their county");
    world.pass("3h");
    world.answer(super::OTHER_PARTNER, "received");
    world.pass("2h");
    world.answer(super::OTHER_PARTNER, "accept");
    let lives = lives(&world);
    for (measure, hours) in [(Measure::PartnerReceipt, 3), (Measure::PartnerDecision, 5)] {
        let answers = measure.ask(&lives[0], world.now());
        let [Answer::Took(took)] = answers[..] else { panic!("{}: {answers:?}", measure.name()) };
        let off = (took - TimeDelta::hours(hours)).abs();
        assert!(off < TimeDelta::minutes(10), "{}: {took}", measure.name());
    }
    assert_eq!(lives[0].asked[0].partner.0, "north-clinic");
    assert_eq!(Measure::Completed.ask(&lives[0], world.now()), [Answer::Yes], "handed on is carried through");
}

#[test]
fn the_sheet_can_be_split_names_its_policy_and_tells_no_small_count() {
    let office = OFFICE.replacen("mode = \"enforce\"", "source = \"court-clinic\"\nmode = \"enforce\"", 1);
    let mut world = World::with("2026-11-16 10:00", &office);
    for number in 1..=6 {
        world.receive(&another(number, ""));
    }
    world.receive(&Mail::from("somebody@elsewhere.example").subject("New referral").body(ANA));
    world.pass("25h");
    let lives = lives(&world);
    assert_eq!(lives.len(), 7);
    let days = ("2026-11-16".parse().unwrap(), "2026-11-17".parse().unwrap());
    let text = text_of(&world, &Sheet::of(&lives, days, None, world.now()));
    assert!(text.contains("Policies they ran under: seed v1 (7)."), "{text}");
    assert!(text.contains("all: 7 received"), "{text}");
    assert!(text.contains("Contact confirmed within 24 hours: 0.0 % (0 of 7)"), "{text}");
    assert!(!text.contains("Not readable"), "{text}");
    let damaged = text_of(&world, &Sheet::of(&lives, days, None, world.now()).without(3));
    assert!(damaged.contains("Not readable, and counted nowhere: under 5;"), "{damaged}");
    let split = text_of(&world, &Sheet::of(&lives, days, Some(Split::Source), world.now()));
    // One stranger is too few to be told, and six of seven would tell it.
    assert!(split.contains("every part: not shown received"), "{split}");
    assert!(!split.contains("court-clinic") && !split.contains("outside the roster"), "{split}");
    assert!(!split.contains("Contact confirmed within"), "{split}");
    let known: Vec<Life> =
        lives.into_iter().filter(|life| life.word(Split::Source) == "court-clinic").collect();
    let split = text_of(&world, &Sheet::of(&known, days, Some(Split::Source), world.now()));
    assert!(split.contains("court-clinic: 6 received\n"), "{split}");
    assert!(split.contains("0.0 % (0 of 6)"), "{split}");
    for personal in ["Canary", "Ana", "555", "ana"] {
        assert!(!text.contains(personal) && !split.contains(personal), "{personal}");
    }
}
