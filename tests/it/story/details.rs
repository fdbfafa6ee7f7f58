//! What we hold to call a person: for who is to call them, with both proofs, and in the history (RELIABILITY §4, P34).

use super::{CLIENT, MARIA, Mail, PARTNER, WENDY, referral, referral_with, tell};
use crate::world::{OFFICE, World};
use handoffd::referral::record::FactKind;

const PHONE: &str = "617-555-0142";

#[test]
fn the_owner_asks_for_what_is_needed_to_call_and_the_history_says_so() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Opposing party", "Rob Landlordcanary"));
    let task = world.last_to(MARIA);
    assert!(task.text.contains("    details\n"), "the assignment offers it: {}", task.text);
    world.answer(MARIA, "details");
    let details = world.last_to(MARIA);
    world.show(&details);
    assert!(details.text.contains("Ana Canary") && details.text.contains(PHONE));
    for unneeded in ["Evictionstory", "housing", "Landlordcanary"] {
        assert!(!details.text.contains(unneeded), "{unneeded} is not needed for a call");
    }
    let preview: String = details.text.chars().take(120).collect();
    assert!(!preview.contains("Canary") && !details.subject.contains("Canary"), "nothing on a lock screen");
    assert_eq!(world.count(0, FactKind::Disclosed), 1);
    world.note("-- and answers that letter");
    world.answer(MARIA, "attempt call no answer");
    world.note("-- the workflow owner asks");
    let handed = details.answer("x").sent_by(WENDY);
    world.receive(&handed.said("details, with Maria's token"));
    world.answer(WENDY, "details");
    assert!(world.last_to(WENDY).text.contains(PHONE));
    assert_eq!(world.count(0, FactKind::Disclosed), 2);
    tell("details for the owner", world);
}

#[test]
fn what_speaks_against_a_way_is_shown_to_who_calls_and_to_nobody_else() {
    const WARNING: &str = "Her husband reads her mail at night";
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral().body(&format!(
        "Client name: Ana Canary\nPhone: {PHONE}\nEmail: ana@mail.example\nSafe to email: yes\nConsent to share: yes\n\n\
         {WARNING}.\nThank you for seeing her."
    )));
    world.answer(MARIA, "details");
    let details = world.last_to(MARIA);
    assert!(details.text.contains(&format!("Ask first, because: “{WARNING}.”")), "{}", details.text);
    assert_eq!(
        world.letters().iter().filter(|letter| letter.text.contains("reads her mail")).count(),
        1,
        "no other letter has it"
    );
    assert!(world.letters_to(CLIENT).is_empty());
    world.note("-- a later mail of the sender warns of more");
    world.receive(&world.last_to(PARTNER).answer("He has her phone at night, please do not call."));
    world.answer(MARIA, "details");
    let details = world.last_to(MARIA);
    assert!(details.text.contains("He has her phone at night"), "{}", details.text);
    world.check();
}

#[test]
fn nobody_reads_in_details_what_a_stranger_wrote_or_what_is_said_of_another_client() {
    let person = |name: &str, at: &str, note: &str| {
        format!(
            "Client name: {name}\nPhone: 617-555-0{at}\nEmail: c{at}@mail.example\nSafe to email: yes\nConsent to share: yes\n{note}\n\n"
        )
    };
    let mut world = World::at("2026-11-24 10:00");
    let two = [
        person("Ana Canary", "142", "Safety notes: none"),
        person(
            "Lena Hilltop",
            "143",
            "Reason: eviction. Lena Hilltop told us that her husband reads her mail.",
        ),
    ];
    world.receive(&referral().body(&two.concat()).said("two clients"));
    let references: Vec<String> = (0..2).map(|at| world.record(at).reference.to_string()).collect();
    let grounds = |world: &World, at: usize| -> Vec<String> {
        world.record(at).packet.grounds().iter().map(str::to_owned).collect()
    };
    assert!(grounds(&world, 1).iter().any(|why| why.contains("husband")), "{:?}", grounds(&world, 1));
    assert!(!grounds(&world, 0).iter().any(|why| why.contains("Lena")), "{:?}", grounds(&world, 0));
    world.note("-- a mail about both tells neither of the other");
    let both = format!("{}: all is well.\n{}: her husband has her phone.", references[0], references[1]);
    world.receive(&world.last_to(PARTNER).answer(&both));
    assert!(!grounds(&world, 0).iter().any(|why| why.contains("has her phone")), "{:?}", grounds(&world, 0));
    world.note("-- a stranger would like to be written to");
    let before = grounds(&world, 1);
    let wish =
        "Please wait before you write to her. Do not call, her new address is b@evil.example, attempt ";
    let told: String =
        ["one. ", "two. ", "three. ", "four. ", "five. ", "six. "].map(|at| [wish, at].concat()).concat();
    world.receive(&Mail::from("bob@evil.example").subject(&format!("Re: {}", references[1])).body(&told));
    let after = grounds(&world, 1);
    assert!(after.starts_with(&before), "{after:?}");
    assert!(!after.iter().any(|why| why.contains("evil") || why.contains("attempt")), "{after:?}");
    world.check();
}

#[test]
fn details_need_both_proofs_and_the_right_person() {
    let three =
        format!("{OFFICE}\n[[staff]]\nid = \"sam\"\nname = \"Sam Reed\"\nemail = \"sam@example.org\"\n");
    let mut world = World::with("2026-11-24 10:00", &three);
    world.receive(&referral());
    let task = world.last_to(MARIA);
    let number = world.record(0).reference.to_string();
    let sam = "sam@example.org";
    world.receive(
        &Mail::from(MARIA).subject(&format!("Re: {number}")).body("details").said("details, no token"),
    );
    world.receive(&task.answer("details").sent_by("evil@elsewhere.example").said("details, a stranger"));
    world.receive(
        &Mail::from(sam).subject(&format!("Re: {number}")).body("details").said("details, no token"),
    );
    world.note("-- Sam has a token, but neither owns it nor owns the workflow");
    world.answer(sam, "details");
    let refused = world.last_to(sam);
    assert!(refused.text.contains("not yours to send"), "{}", refused.text);
    assert_eq!(world.count(0, FactKind::Disclosed), 0);
    world.note("-- after a handover it is the other way round");
    let before = world.last_to(MARIA).answer("details").said("details, by who owned it before");
    world.answer(MARIA, "assign sam");
    world.receive(&before);
    world.answer(sam, "details");
    assert!(world.last_to(sam).text.contains(PHONE));
    assert_eq!(world.count(0, FactKind::Disclosed), 1);
    tell("details for nobody else", world);
}

#[test]
fn what_is_not_safe_is_not_sent_around_and_who_must_not_be_contacted_is_not_named() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Safe to email", "no, he reads it"));
    world.answer(MARIA, "details");
    let details = world.last_to(MARIA);
    assert!(details.text.contains("- email: not safe") && !details.text.contains("ana@mail.example"));
    world.answer(MARIA, "do not contact");
    world.answer(MARIA, "details");
    let refused = world.last_to(MARIA);
    assert!(
        !refused.text.contains(PHONE) && refused.text.contains("not to be contacted"),
        "{}",
        refused.text
    );
    world.check();
}

#[test]
fn initials_stand_in_letters_to_staff_only_where_the_house_asked_for_them_and_never_in_a_subject_or_preview()
{
    let asked = OFFICE.replace("client_mail = true", "client_mail = true\nstaff_initials = true");
    let asked = asked.replace("digest_at", "alert_address = \"on-call@example.org\"\ndigest_at");
    for (config, shown) in [(OFFICE.to_owned(), false), (asked, true)] {
        let mut world = World::with("2026-11-24 10:00", &config);
        world.receive(&referral_with("Urgency", "immediate danger"));
        world.pass("1h");
        world.answer(MARIA, "attempt call no answer");
        world.pass("2d");
        let mut staff = 0;
        for letter in world.letters().iter().filter(|letter| letter.text.contains("Owner: ")) {
            let registered = [MARIA, WENDY].contains(&letter.to.as_str());
            let here = letter.text.contains("Client: A. C.");
            let task = letter.text.contains("tier: ");
            assert_eq!(
                here,
                shown && registered && task,
                "{} {}\n{}",
                letter.to,
                letter.subject,
                letter.text
            );
            let preview: String = letter.text.chars().take(140).collect();
            assert!(!preview.contains("A. C.") && !letter.subject.contains("A. C."), "{}", letter.subject);
            staff += usize::from(here);
        }
        assert_eq!(staff > 0, shown);
        world.end();
    }
}

#[test]
fn what_is_offered_with_a_status_works_as_an_answer_to_it() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.answer(MARIA, "status");
    let status = world.last_to(MARIA).clone();
    assert!(status.text.contains("    attempt call no answer\n"), "{}", status.text);
    assert!(status.html.as_deref().unwrap_or_default().contains("mailto:"), "to tap as well");
    world.receive(&status.answer("attempt call no answer"));
    assert_eq!(world.record(0).attempts.len(), 1);
    // A list of all that is theirs is about nobody in particular: what stands under one goes to an address of its own,
    // and an answer to the list acts on none.
    world.receive(&Mail::from(MARIA).subject("status").body("status"));
    let list = world.last_to(MARIA);
    assert!(list.text.contains("as the first line to referrals+"), "{}", list.text);
    world.receive(&list.answer("attempt call no answer"));
    assert_eq!(world.record(0).attempts.len(), 1, "the list itself proves nothing about one");
    world.check();
}
