//! Clients, strangers, colleagues, robots.

use super::{ANA, CLIENT, MARIA, Mail, PARTNER, referral, referral_with, tell};
use handoffd::referral::packet::Field;

use crate::world::{OFFICE, World};
use handoffd::referral::contact::Contact;
use handoffd::referral::reason::Reasons;
use handoffd::referral::record::FactKind;

#[test]
fn a_client_who_writes_back_holds_the_ladder_and_confirms_nothing() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let five = world.last_to(CLIENT);
    world.show(&five);
    world.pass("3h");
    world.answer(CLIENT, "Thank you. Please call me after six, confirmed.");
    assert_eq!(world.record(0).contact, Contact::NotStarted);
    let told = world.last_to(MARIA);
    world.show(&told);
    world.pass("3d");
    world.answer(MARIA, "resume");
    world.pass("2h");
    assert_eq!(world.count(0, FactKind::Bounced), 0);
    world.answer(
        MARIA,
        "confirmed method call, language English, safe times evenings, next step clinic, deadline none",
    );
    tell("the client writes back", world);
}

#[test]
fn a_client_who_writes_every_evening_does_not_put_the_escalation_off() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    for _ in 0..4 {
        world.pass("24h");
        world.receive(&Mail::from(CLIENT).subject("Hello").body("Can you call me?"));
    }
    assert!(world.count(0, FactKind::Escalated) >= 2);
    tell("the client writes every day", world);
}

#[test]
fn the_owner_is_told_where_somebody_else_may_have_written_from_the_clients_address() {
    for (words, is_doubted) in [
        ("This is her husband. What do you want from my wife?", true),
        ("You have the wrong person, there is no Ana here.", true),
        ("Hi, this is Ana. When is my appointment?", false),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        world.receive(&Mail::from(CLIENT).subject("?").body(words));
        let told = world.last_to(MARIA).text.replace('\n', " ");
        assert_eq!(told.contains("it may not be the client"), is_doubted, "{words}: {told}");
        assert_eq!(told.contains("read what the client wrote"), !is_doubted, "{words}: {told}");
    }
}

#[test]
fn stop_acts_at_once_and_staff_hears_of_it() {
    let mut world = World::at("2026-11-24 21:00");
    world.receive(&referral());
    assert!(world.letters_to(CLIENT).is_empty(), "outside safe hours");
    world.pass("1h");
    world.receive(&Mail::from(CLIENT).subject("?").body("Please stop emailing me"));
    let told = world.last_to(MARIA);
    world.show(&told);
    for words in ["it may not be the client who asked", "nothing that had not left yet", "\"allow contact\""]
    {
        assert!(told.text.contains(words), "{words}: {}", told.text);
    }
    world.pass("2d");
    assert!(world.letters_to(CLIENT).is_empty(), "what had not left never leaves");
    tell("stop before the letter left", world);
}

#[test]
fn a_stop_about_a_closed_referral_is_told_as_one_and_only_staff_takes_it_back() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let first = world.last_to(CLIENT);
    world.answer(MARIA, "close advice given");
    world.receive(&first.answer("STOP"));
    let told = world.last_to(MARIA);
    assert!(told.text.contains("asked to stop") && told.text.contains("There is nothing to do"));
    world.receive(&first.answer("You may write to me again"));
    assert!(world.record(0).stopped, "nobody but staff takes it back (RELIABILITY C31)");
    world.answer(MARIA, "allow contact she told me on the phone");
    assert!(!world.record(0).stopped);
    world.check();
}

#[test]
fn the_help_letter_names_every_verb_that_works() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&Mail::from(MARIA).subject("?").body("help"));
    let help = world.last_to(MARIA).text;
    let said = |line: &str| handoffd::intake::command::read(line, &Reasons::default());
    let lines: Vec<&str> = help.lines().filter_map(|line| line.strip_prefix("    ")).collect();
    for line in &lines {
        let said = said(line);
        assert!(said.unclear.is_empty() && said.commands.len() == 1, "{line}: {said:?}");
    }
    for verb in [
        "allow contact",
        "consent",
        "details",
        "away until",
        "back",
        "status",
        "history",
        "resume",
        "do not contact",
    ] {
        assert!(lines.iter().any(|line| line.starts_with(verb)), "{verb}");
    }
}

#[test]
fn an_out_of_office_changes_nothing_even_if_it_quotes_a_command() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let before = world.record(0);
    for (address, words) in [(PARTNER, "I am away"), (MARIA, "accept"), (CLIENT, "I am travelling")] {
        let away = world.last_to(address).answer(words).header("Auto-Submitted", "auto-replied").robot();
        // The person may be written to; the robot that answers for them may not.
        let letters = world.letters().len();
        world.drop_in(&away.said("an out-of-office"));
        world.settle();
        assert_eq!(world.letters().len(), letters);
    }
    assert_eq!(world.record(0), before);
    world.forget_robots();
    tell("out of office", world);
}

#[test]
fn an_owner_who_is_away_is_covered() {
    let away = OFFICE
        .replace("email = \"maria@example.org\"", "email = \"maria@example.org\"\naway_until = 2026-12-01");
    let away = format!("{away}\n[[staff]]\nid = \"sam\"\nname = \"Sam Reed\"\nemail = \"sam@example.org\"\n");
    let mut world = World::with("2026-11-24 10:00", &away);
    world.receive(&referral());
    assert_eq!(world.record(0).owner.0, "sam");
    world.answer("sam@example.org", "assign maria");
    world.pass("2d");
    tell("owner away", world);
}

#[test]
fn with_everybody_away_the_workflow_owner_has_it() {
    let away = OFFICE
        .replace("email = \"maria@example.org\"", "email = \"maria@example.org\"\naway_until = 2026-12-01");
    let mut world = World::with("2026-11-24 10:00", &away);
    world.receive(&referral());
    assert_eq!(world.record(0).owner.0, "wendy");
    tell("everybody away", world);
}

#[test]
fn a_stranger_gets_a_neutral_receipt_and_the_client_no_mail() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral().sent_by("somebody@elsewhere.example"));
    assert!(world.letters_to(CLIENT).is_empty());
    let receipt = world.last_to("somebody@elsewhere.example");
    world.show(&receipt);
    world.pass("1h");
    world.answer("somebody@elsewhere.example", "status");
    assert_eq!(world.records().len(), 1);
    tell("a stranger refers", world);
}

#[test]
fn observe_records_and_chases_nobody() {
    let observe = OFFICE.replacen("mode = \"enforce\"", "mode = \"observe\"", 1);
    let mut world = World::with("2026-11-24 10:00", &observe);
    world.receive(&referral());
    world.pass("20d");
    assert_eq!(world.letters_to(MARIA).len(), 1);
    tell("observe", world);
}

#[test]
fn an_unsafe_email_is_never_used() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Safe to email", "no, he reads it"));
    assert!(world.letters_to(CLIENT).is_empty());
    tell("email is not safe", world);
}

#[test]
fn a_handover_is_told_to_both() {
    let two =
        format!("{OFFICE}\n[[staff]]\nid = \"sam\"\nname = \"Sam Reed\"\nemail = \"sam@example.org\"\n");
    let mut world = World::with("2026-11-24 10:00", &two);
    world.receive(&referral());
    world.answer(MARIA, "assign sam\nnote she speaks Mixtec");
    world.answer(MARIA, "assign nobody");
    world.pass("20h");
    tell("handed over", world);
}

#[test]
fn a_self_referral_is_a_record_too() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&Mail::from(CLIENT).subject("Please help").body(ANA));
    world.pass("1h");
    world.answer(CLIENT, "I forgot: I am free in the mornings");
    assert_eq!(world.records().len(), 1);
    tell("a client refers herself", world);
}

#[test]
fn who_asks_for_help_by_a_web_form_keeps_the_address_and_the_phone_though_somebody_referred_them() {
    let mut world = World::at("2026-11-24 10:00");
    let body = "Client name: Ana Vega\nEmail: ana@mail.example\nPhone: 518-555-0142\nSafe to email: yes\n\
                Referred by: Hill House\n";
    let mail = Mail::from("wordpress@forms.example").subject("New submission").body(body);
    world.receive(&mail.header("Reply-To", "ana@mail.example"));
    let packet = world.record(0).packet;
    assert_eq!(packet.text(Field::ClientEmail), Some("ana@mail.example"));
    assert_eq!(packet.text(Field::ClientPhone), Some("518-555-0142"));
    world.check();
}
