//! A partner goes from observe to pilot; thirty days later its report comes, once.

use super::{ANA, MARIA, Mail, PARTNER, WENDY, referral};
use crate::world::{Letter, OFFICE, World};
use handoffd::referral::record::FactKind;

const CONFIRMED: &str =
    "confirmed method call, language English, safe times mornings, next step clinic, deadline none";

/// The office with Harbor House in this mode, and somebody else as data owner.
fn office(mode: &str) -> String {
    let pilot = OFFICE.replacen("mode = \"enforce\"", mode, 1);
    pilot.replacen("data_owner = \"wendy\"", "data_owner = \"maria\"", 1)
}

fn pilots(world: &World) -> Vec<&Letter> {
    world.reports().iter().filter(|letter| letter.subject.contains("pilot")).collect()
}

/// Another person of the same partner.
fn another(number: u32) -> Mail {
    let body = ANA
        .replace("Ana Canary", &format!("Person{number} Canary"))
        .replace("0142", &format!("01{number:02}"));
    Mail::from(PARTNER).subject("New referral").body(&body.replace("ana@", &format!("ana{number}@")))
}

#[test]
fn thirty_days_after_the_first_referral_of_a_pilot_its_report_comes_once() {
    let mut world = World::with("2026-09-14 10:00", &office("mode = \"observe\""));
    world.receive(&another(1));
    world.pass("10d");
    assert_eq!(world.count(0, FactKind::Escalated), 0, "observe chases nobody");
    world.restart_with(&office("mode = \"pilot\""));
    world.receive(&referral());
    world.answer(MARIA, CONFIRMED);
    world.answer(MARIA, "accept");
    for number in 2..8 {
        world.receive(&another(number));
    }
    world.pass("29d");
    assert!(pilots(&world).is_empty(), "not before its time");
    assert_eq!(world.count(0, FactKind::Escalated), 0, "what came in observe goes on as it began");
    assert!(world.count(2, FactKind::Escalated) > 0, "a pilot chases");
    world.pass("5d");
    let reports = pilots(&world);
    let readers: Vec<&str> = reports.iter().map(|letter| letter.to.as_str()).collect();
    assert_eq!(readers, [MARIA, WENDY], "the data owner and the admin, once");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("snapshots");
    settings.bind(|| insta::assert_snapshot!("the report of a pilot", reports[0].text));
    for personal in ["Canary", "Ana", "555", "ana@"] {
        assert!(!reports[0].text.contains(personal), "{personal}");
    }
    world.check();
}

#[test]
fn the_first_day_in_the_settings_counts_and_a_restart_sends_no_second_report() {
    let mode = "mode = \"pilot\"\npilot_since = 2026-09-01";
    let mut world = World::with("2026-09-20 10:00", &office(mode));
    world.receive(&referral());
    world.pass_to("2026-10-01 07:00");
    assert!(pilots(&world).is_empty());
    world.pass_to("2026-10-01 08:00");
    assert_eq!(pilots(&world).len(), 2);
    world.restart_with(&office(mode));
    world.pass("3d");
    assert_eq!(pilots(&world).len(), 2);
}

#[test]
fn a_pilot_that_ended_early_or_had_no_referral_has_no_report() {
    let mut world = World::with("2026-09-14 10:00", &office("mode = \"pilot\""));
    world.pass("40d");
    world.receive(&referral());
    world.pass("10d");
    world.restart_with(&office("mode = \"enforce\""));
    world.pass("40d");
    assert!(pilots(&world).is_empty());
}
