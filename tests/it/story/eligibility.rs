//! A packet outside our screens.

use super::{CLIENT, MARIA, PARTNER, referral_with, tell};
use crate::world::{OFFICE, World};
use handoffd::referral::record::Status;

const SCREENS: &str = "
[eligibility]
counties = [\"Suffolk County\"]
county_redirect = \"Harbor Legal\"
income_ceilings = [30000, 40000]
";

#[test]
fn a_county_we_do_not_serve_is_a_proposal_to_the_owner_and_nothing_to_others() {
    let mut plain = World::at("2026-11-24 10:00");
    plain.receive(&referral_with("County", "Middlesex County"));
    let mut world = World::with("2026-11-24 10:00", &format!("{OFFICE}{SCREENS}"));
    world.receive(&referral_with("County", "Middlesex County"));
    for outside in [PARTNER, CLIENT] {
        let (one, other) = (plain.last_to(outside), world.last_to(outside));
        assert_eq!(one.text.len(), other.text.len(), "the same letter but for its number");
    }
    let assigned = world.last_to(MARIA);
    world.show(&assigned);
    world.pass("1h");
    world.answer(MARIA, "redirect to Harbor Legal: outside our counties");
    assert!(matches!(world.record(0).status, Status::Redirected { .. }));
    tell("outside our counties", world);
}

#[test]
fn a_county_that_is_filled_in_later_is_screened_then() {
    let mut world = World::with("2026-11-24 10:00", &format!("{OFFICE}{SCREENS}"));
    world.receive(&referral_with("County", ""));
    world.pass("1h");
    world.answer(PARTNER, "County: Middlesex");
    let told = world.last_to(MARIA);
    world.show(&told);
    world.pass("1h");
    world.answer(MARIA, "attempt call no answer\nattempt text left message");
    world.pass("3h");
    world.answer(MARIA, "redirect to Harbor Legal: outside our counties");
    tell("outside our counties, said later", world);
}
