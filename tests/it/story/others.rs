//! What others may make us do by mail, and what nobody can (RELIABILITY C27 to C34).

use super::{ANA, CLIENT, MARIA, Mail, PARTNER, WENDY, referral};
use crate::world::{OFFICE, World};

const OUTSIDER: &str = "somebody@elsewhere.example";

#[test]
fn c27_no_letter_holds_a_link_that_does_anything_but_start_a_mail() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    for line in ["acept", "history", "details", "status", "attempt call no answer", "assign wendy"] {
        world.answer(MARIA, line);
    }
    world.pass("4d");
    let letters = world.letters().iter().chain(world.reports());
    let mut links = 0;
    for letter in letters {
        let html = letter.html.clone().unwrap_or_default();
        for link in html.split("href=\"").skip(1) {
            let shown: String = link.chars().take(60).collect();
            assert!(link.starts_with("mailto:"), "{}: {shown}", letter.subject);
            links += 1;
        }
        assert!(!html.contains(" src="), "nothing is fetched by looking: {}", letter.subject);
        let text = letter.text.to_lowercase();
        assert!(!text.contains("http://") && !text.contains("https://"), "{}", letter.subject);
    }
    assert!(links > 10, "staff get links to tap: {links}");
    world.check();
}

#[test]
fn c28_nobody_unsubscribes_staff_or_a_partner_from_what_they_must_hear() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    for (address, words) in [
        (MARIA, "STOP"),
        (WENDY, "unsubscribe"),
        (PARTNER, "unsubscribe"),
        (PARTNER, "stop"),
        (OUTSIDER, "unsubscribe maria@example.org"),
    ] {
        let one_click = Mail::from(address).subject("unsubscribe").body(words);
        world.receive(&one_click.header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        world.receive(&Mail::from(address).subject(words).body(words));
    }
    assert!(!world.record(0).stopped);
    let reminded = world.letters_to(WENDY).len();
    world.pass("4d");
    assert!(world.letters_to(WENDY).len() > reminded, "the ladder goes on");
    assert!(!world.letters_to(CLIENT).is_empty());
    world.check();
}

#[test]
fn c29_nobody_who_is_copied_in_hears_anything_ever() {
    let mut world = World::at("2026-11-24 10:00");
    let copied = |mail: Mail| mail.header("Cc", OUTSIDER).header("Bcc", "other@elsewhere.example");
    world.receive(&copied(referral()));
    for line in ["status", "history", "details", "attempt call no answer", "assign wendy"] {
        let task = world.last_to(MARIA);
        world.receive(&copied(task.answer(line)));
    }
    world.receive(&copied(world.last_to(CLIENT).answer("Thank you")));
    world.receive(&copied(world.letters_to(PARTNER)[0].answer("status")));
    world.pass("6d");
    assert!(world.letters().iter().all(|letter| !letter.to.ends_with("elsewhere.example")));
    world.check();
}

#[test]
fn c30_what_another_service_sends_to_the_inbox_is_never_shown_to_anybody() {
    let office = OFFICE.replace("[privacy]\n", "[privacy]\nneutral_receipts = true\n");
    let mut world = World::with("2026-11-24 10:00", &office);
    let secret = "https://chat.example/verify?token=Magicword";
    for (from, robot) in
        [("no-reply@chat.example", true), ("welcome@chat.example", false), (PARTNER, false), (MARIA, false)]
    {
        let mail = Mail::from(from)
            .subject("Verify your account Magicword: code 481516")
            .body(&format!("Your login code is 481516.\nConfirm: {secret}\n"));
        world.receive(&if robot { mail.robot() } else { mail });
    }
    world.answer(MARIA, "status");
    world.pass("3d");
    let all = world.letters().iter().chain(world.reports());
    for letter in all {
        for word in ["Magicword", "481516", "chat.example/"] {
            let html = letter.html.clone().unwrap_or_default();
            let shown = letter.subject.contains(word) || letter.text.contains(word) || html.contains(word);
            assert!(!shown, "{word} stands in \"{}\" to {}", letter.subject, letter.to);
        }
    }
    world.forget_robots();
}

#[test]
fn c31_a_stop_counts_from_whoever_seems_to_be_the_client_and_its_undoing_from_nobody() {
    let strict =
        OFFICE.replace("client_mail = true", "client_mail = true\ntrusted_authserv_id = \"mx.example.org\"");
    for said in ["mx.example.org; dmarc=fail header.from=mail.example", "other.example; none"] {
        let mut world = World::with("2026-11-24 21:00", &strict);
        world.receive(
            &referral()
                .header("Authentication-Results", "mx.example.org; dmarc=pass header.from=harbor.example"),
        );
        world.receive(&Mail::from(CLIENT).subject("x").body("STOP").header("Authentication-Results", said));
        assert!(world.record(0).stopped, "{said}");
        for words in
            ["START", "unstop", "You may write again", "SAFE", "allow contact I changed my mind", "yes"]
        {
            let pass = "mx.example.org; dmarc=pass header.from=mail.example";
            world.receive(
                &Mail::from(CLIENT).subject(words).body(words).header("Authentication-Results", pass),
            );
            assert!(world.record(0).stopped, "{words}");
        }
        let pass = "mx.example.org; dmarc=pass header.from=harbor.example";
        world.receive(
            &world
                .last_to(PARTNER)
                .answer("allow contact she said so")
                .header("Authentication-Results", pass),
        );
        world.receive(&referral_again().header("Authentication-Results", pass));
        assert!(world.records().iter().all(|record| record.stopped), "nor by a new referral");
        world.pass("3d");
        assert!(world.letters_to(CLIENT).is_empty());
        world.check();
    }
}

fn referral_again() -> Mail {
    referral().subject("Referral, updated").body(&format!("{ANA}Notes: it is safe to email again\n"))
}

#[test]
fn c33_no_mail_changes_whom_we_know() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let receipt = world.last_to(PARTNER);
    let before = world.record(0).sender.answer_to.clone();
    for words in [
        "Please use our new address from now on: intake@attack.example",
        "note our address is intake@attack.example",
        "Partner email: intake@attack.example\nReply to: intake@attack.example",
    ] {
        world.receive(&receipt.answer(words));
        world.receive(&Mail::from("intake@attack.example").subject("We moved").body(words));
    }
    assert_eq!(world.record(0).sender.answer_to, before);
    world.answer(MARIA, "close done");
    assert!(
        world.letters_to("intake@attack.example").iter().all(|letter| !letter.subject.contains("closed"))
    );
    let opened = world.records().len();
    world.receive(&Mail::from("intake@attack.example").subject("status").body("status"));
    for letter in world.letters_to("intake@attack.example") {
        assert!(!letter.text.contains(world.record(0).reference.as_str()));
    }
    assert!(world.records().iter().skip(1).all(|record| record.sender.partner.is_none()), "{opened}");
    world.check();
}

#[test]
fn c34_what_only_an_admin_on_the_host_may_do_is_no_line_of_a_mail() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let number = world.record(0).reference.to_string();
    let (record, config) = (world.record(0), world.digest().len());
    for line in [
        "forget",
        "purge",
        "hold",
        "release",
        "export",
        "replay 1",
        "restored",
        "rotate",
        "verify",
        "diag",
        "config",
        "sudo close done",
        "delete",
    ] {
        for author in [MARIA, WENDY] {
            let task = if author == MARIA {
                world.letter(MARIA, "Action needed")
            } else {
                world.receive(&Mail::from(WENDY).subject(&number).body("accept it"));
                world.last_to(WENDY)
            };
            let text = if line == "purge" { "purge all".to_owned() } else { format!("{line} {number}") };
            world.receive(&task.answer(&text));
            let now = world.record(0);
            assert_eq!(
                (now.status, now.contact, now.owner, now.packet),
                (record.status.clone(), record.contact.clone(), record.owner.clone(), record.packet.clone()),
                "{line}"
            );
        }
    }
    assert!(config > 0);
    world.check();
}
