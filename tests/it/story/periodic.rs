//! The sheet of a week on Monday, that of a month on its first day: to whom they belong, once, also after downtime.

use super::{ANA, MARIA, Mail, PARTNER, WENDY};
use crate::world::{Letter, OFFICE, World};

/// The office with somebody else as data owner.
fn office() -> String {
    OFFICE.replacen("data_owner = \"wendy\"", "data_owner = \"maria\"", 1)
}

fn sheets<'a>(world: &'a World, rhythm: &str) -> Vec<&'a Letter> {
    world.reports().iter().filter(|letter| letter.subject.starts_with(rhythm)).collect()
}

/// Another person of the same partner; every second one without a phone number.
fn another(number: u32) -> Mail {
    let mut body = ANA
        .replace("Ana Canary", &format!("Person{number} Canary"))
        .replace("0142", &format!("01{number:02}"))
        .replace("ana@", &format!("ana{number}@"));
    if number.is_multiple_of(2) {
        let without = body.lines().filter(|line| !line.starts_with("Phone"));
        body = without.collect::<Vec<_>>().join("\n");
    }
    Mail::from(PARTNER).subject("New referral").body(&body)
}

fn shown(name: &str, world: &World, letter: &Letter) {
    let mut text = letter.text.clone();
    for (place, record) in world.records().iter().enumerate() {
        text = text.replace(record.reference.as_str(), &format!("R-{}", place + 1));
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("snapshots");
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// Maria answers the newest letter about the n-th referral.
fn answer_about(world: &mut World, place: usize, words: &str) {
    let reference = world.record(place).reference;
    let letter = world.letter(MARIA, reference.as_str());
    world.receive(&letter.answer(words));
}

#[test]
fn the_week_goes_to_the_data_owner_on_monday_and_names_what_to_decide() {
    // A Thursday.
    let mut world = World::with("2026-11-12 10:00", &office());
    for number in 1..=12 {
        world.receive(&another(number));
    }
    world.pass("2h");
    // Six of twelve are given up, for one reason; the others stay.
    for number in 0..6 {
        answer_about(&mut world, number, "attempt call wrong number");
        answer_about(&mut world, number, "bounce bad contact info");
    }
    world.pass_to("2026-11-16 07:29");
    assert!(
        sheets(&world, "Weekly").is_empty(),
        "not before its day, and not of the time before we were here"
    );
    world.pass_to("2026-11-16 07:30");
    let weekly = sheets(&world, "Weekly");
    let readers: Vec<&str> = weekly.iter().map(|letter| letter.to.as_str()).collect();
    assert_eq!(readers, [MARIA], "requirement 61: the data owner, and nobody else");
    assert_eq!(weekly[0].subject, "Weekly review 2026-11-09 to 2026-11-15: 6 bounced");
    shown("the sheet of a week", &world, weekly[0]);
    for personal in ["Canary", "Ana", "555", "ana1"] {
        assert!(!weekly[0].text.contains(personal), "{personal}");
    }
    world.pass_to("2026-11-22 23:00");
    assert_eq!(sheets(&world, "Weekly").len(), 1, "once");
    world.pass_to("2026-11-23 07:30");
    assert_eq!(sheets(&world, "Weekly")[1].subject, "Weekly review 2026-11-16 to 2026-11-22: 6 bounced");
    world.check();
}

#[test]
fn the_month_goes_to_the_workflow_owner_and_the_data_owner_on_its_first_day() {
    let mut world = World::with("2026-11-09 10:00", &office());
    for number in 1..=12 {
        world.receive(&another(number));
    }
    world.pass_to("2026-12-01 07:29");
    assert!(sheets(&world, "Monthly").is_empty());
    world.pass_to("2026-12-01 07:30");
    let monthly = sheets(&world, "Monthly");
    let readers: Vec<&str> = monthly.iter().map(|letter| letter.to.as_str()).collect();
    assert_eq!(readers, [MARIA, WENDY], "requirements 60 and 61");
    assert_eq!(monthly[0].text, monthly[1].text);
    assert!(
        monthly[0].subject.starts_with("Monthly review 2026-11-01 to 2026-11-30: "),
        "{}",
        monthly[0].subject
    );
    shown("the sheet of a month", &world, monthly[0]);
    let text = &monthly[0].text;
    for words in [
        "which single chokepoint",
        "TO PASS ON TO Harbor House, AND TO NOBODY ELSE",
        "50.0 % (6 of 12) of the referrals you sent us came without: Phone.",
    ] {
        assert!(text.to_lowercase().contains(&words.to_lowercase()), "{words}: {text}");
    }
    for personal in ["Canary", "Ana", "555", "ana1"] {
        assert!(!text.contains(personal), "{personal}");
    }
    world.pass_to("2026-12-31 23:00");
    assert_eq!(sheets(&world, "Monthly").len(), 2, "once");
}

#[test]
fn the_month_tells_the_house_how_soon_a_partner_answered_also_where_it_was_asked_once() {
    let mut world = World::with("2026-11-16 10:00", &office());
    world.receive(&another(1));
    answer_about(&mut world, 0, "redirect to North Clinic: they hold a clinic");
    world.pass("2h");
    let offer = world.last_to(super::OTHER_PARTNER);
    world.receive(&offer.answer("received"));
    world.pass("18h");
    world.receive(&offer.answer("accept"));
    world.pass_to("2026-12-01 07:30");
    let text = &sheets(&world, "Monthly")[0].text;
    let line = "- North Clinic: asked 1 time. Has it: 1, median 2.0 h. Yes or no: 1, median 20.0 h.\n";
    assert!(text.contains(line), "requirement 116: {text}");
    assert!(!text.contains("TO PASS ON"), "nothing can be told of one: {text}");
    assert!(text.contains("Policies they ran under: seed v1 (under 5)."), "requirement 95: {text}");
    // The month after, nobody was asked.
    world.pass_to("2027-01-01 07:30");
    let text = &sheets(&world, "Monthly")[2].text;
    assert!(text.contains("HOW PARTNERS ANSWERED") && text.contains("Nobody was asked."), "{text}");
}

#[test]
fn a_small_count_is_not_passed_on_to_a_partner() {
    let mut world = World::with("2026-11-09 10:00", &office());
    for number in [1, 2, 3, 5, 7, 9] {
        world.receive(&another(number));
    }
    world.pass_to("2026-12-01 07:30");
    let text = &sheets(&world, "Monthly")[0].text;
    let (_, passed_on) = text.split_once("TO PASS ON TO Harbor House").unwrap();
    assert!(passed_on.contains("6 received"), "{text}");
    assert!(passed_on.contains("Phone: too few to tell"), "{text}");
    assert!(!text.contains("of the referrals you sent us came without"), "one of six: {text}");
}

#[test]
fn weeks_that_were_missed_are_one_sheet_and_a_restart_sends_no_second_one() {
    let mut world = World::with("2026-11-12 10:00", &office());
    world.receive(&another(1));
    world.stop();
    // Two Mondays go by; it is Wednesday.
    world.sleep_through("13d");
    world.restart();
    world.settle();
    let weekly = sheets(&world, "Weekly");
    let subjects: Vec<&str> = weekly.iter().map(|letter| letter.subject.as_str()).collect();
    assert_eq!(subjects, ["Weekly review 2026-11-09 to 2026-11-22: 0 bounced"], "both weeks, once");
    world.stop();
    world.restart();
    world.settle();
    world.pass("2d");
    assert_eq!(sheets(&world, "Weekly").len(), 1);
    world.pass_to("2026-11-30 07:30");
    assert!(sheets(&world, "Weekly")[1].subject.starts_with("Weekly review 2026-11-23 to 2026-11-29: "));
}

#[test]
fn a_sheet_that_a_clock_far_ahead_wrote_keeps_none_back() {
    let mut world = World::with("2026-11-12 10:00", &office());
    let now = world.now();
    world.stop();
    let mark = "2027-02-01T05:00:00Z".parse().unwrap();
    world.restart();
    world.wait(world.desk().store.beat("weekly sheet", mark)).unwrap();
    assert_eq!(world.now(), now);
    world.pass_to("2026-11-16 07:30");
    let last = sheets(&world, "Weekly").pop().unwrap();
    assert_eq!(last.subject, "Weekly review 2026-11-09 to 2026-11-15: 0 bounced");
}
