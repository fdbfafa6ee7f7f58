//! A verb taken away is refused with the ordinary answer (RELIABILITY C16, C34, P17).

use super::{MARIA, Mail, PARTNER, WENDY, referral, tell};
use crate::world::{OFFICE, World};
use handoffd::referral::record::Status;

#[test]
fn a_verb_taken_away_is_refused_and_the_rest_still_works() {
    let office = format!(
        "{OFFICE}\n[verbs]\nclose = [\"workflow-owner\"]\nhistory = [\"workflow-owner\", \"admin\"]\naway = []\nnote = []\n"
    );
    let mut world = World::with("2026-11-24 10:00", &office);
    world.receive(&referral());
    let task = world.last_to(MARIA);
    for words in
        ["close she never called", "accept\nclose done", "history", "away until 2026-12-01", "she is glad"]
    {
        let before = world.record(0);
        world.receive(&task.answer(words));
        let refused = world.last_to(MARIA);
        assert!(refused.text.contains("not yours to send"), "{words}: {}", refused.text);
        assert_eq!(world.record(0), before, "{words}");
    }
    let refused = world.last_to(MARIA);
    world.show(&refused);
    world.answer(MARIA, "accept");
    assert_eq!(world.record(0).status, Status::Accepted);
    let number = world.record(0).reference.to_string();
    world.receive(&Mail::from(WENDY).subject(&number).body("close"));
    world.answer(WENDY, "close advice given");
    assert!(matches!(world.record(0).status, Status::Closed { .. }));
    world.answer(MARIA, "do not contact");
    assert!(world.record(0).stopped, "nobody takes that away");
    tell("verbs taken away", world);
}

#[test]
fn a_partner_without_status_hears_the_same_as_about_an_unknown_number() {
    let unknown = handoffd::referral::reference::Reference::draw("R", 77).to_string();
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.receive(&Mail::from(PARTNER).subject("Question").body(&format!("status {unknown}")));
    let ordinary = world.last_to(PARTNER);

    let mut world = World::with("2026-11-24 10:00", &format!("{OFFICE}\n[verbs]\nstatus = [\"staff\"]\n"));
    world.receive(&referral());
    let number = world.record(0).reference.to_string();
    for body in ["status".to_owned(), format!("status {number}")] {
        world.receive(&Mail::from(PARTNER).subject("Question").body(&body));
        let answer = world.last_to(PARTNER);
        assert_eq!(
            (answer.subject, answer.text),
            (ordinary.subject.clone(), ordinary.text.clone()),
            "{body}"
        );
    }
    world.receive(&Mail::from(MARIA).subject("Mine").body("status"));
    assert!(world.last_to(MARIA).text.contains(&number), "staff still hear of theirs");
    world.check();
}
