//! Other rules of time zones come with another version of the program (RELIABILITY T6).

use super::referral;
use crate::world::World;

#[test]
fn t6_other_rules_of_time_zones_move_no_due_time_and_are_told_once() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let digests = |world: &World| -> Vec<String> {
        let digests = world.reports().iter().filter(|report| report.subject.starts_with("Daily digest"));
        digests.map(|report| report.text.clone()).collect()
    };
    let told = |text: &String| text.contains("The rules of time zones changed");
    world.pass("1h");
    assert!(!digests(&world).iter().any(told), "the first rules are no change");
    let due = (world.record(0).decision, world.record(0).rung);
    // As a version of the program with the rules of 2019c left it behind.
    world.wait(world.desk().store.beat("zone rules", "2019-01-03T00:00:00Z".parse().unwrap())).unwrap();
    world.pass_to("2026-11-25 07:30");
    assert!(digests(&world).last().is_some_and(told), "{:?}", digests(&world));
    assert_eq!((world.record(0).decision.due_at, world.record(0).rung.from), (due.0.due_at, due.1.from));
    world.pass_to("2026-11-26 07:30");
    assert_eq!(digests(&world).iter().filter(|text| told(text)).count(), 1, "once");
}
