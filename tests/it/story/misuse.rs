//! Mails, answers and lines that would make us write to somebody who must not be written to, or to somebody else, as an
//! abuser, a hurried worker or a colleague in passing writes them.

use super::{ANA, CLIENT, MARIA, Mail, PARTNER, referral};
use crate::world::World;

/// How many letters reach her address of a referral with these words below its form, whatever is decided later.
fn letters(words: &str) -> usize {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&Mail::from(PARTNER).subject("New referral").body(&format!("{ANA}\n{words}\n")));
    world.pass("1h");
    world.answer(MARIA, "accept");
    world.pass("1d");
    world.check();
    world.letters_to(CLIENT).len()
}

#[test]
fn a_hurried_worker_says_below_a_form_who_reads_her_mail_or_that_nobody_asked_her() {
    for words in [
        "She does not know that I am referring her.",
        "Please wait for my go-ahead before reaching out.",
        "Todavía no le pregunté.",
        "The phone and email are on the abuser's plan.",
        "Her email auto-forwards to her husband.",
        "That is her roommate's email.",
        "All communication through me please.",
    ] {
        assert_eq!(letters(words), 0, "{words}");
    }
    assert!(letters("She is glad that I am referring her and waits for your email.") > 0);
}

#[test]
fn whoever_asks_from_her_address_who_we_are_gets_neither_an_answer_nor_any_later_letter() {
    for (words, is_answered) in [
        ("This is her husband, who are you?", false),
        ("Ana is not here, this is Juan.", false),
        ("Ana no vive aquí, soy su esposo.", false),
        ("This is my work email, my boss can see it.", false),
        ("he is here now", false),
        ("When is my appointment?", true),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        world.pass("1h");
        let before = world.letters_to(CLIENT).len();
        let reply = world.last_to(CLIENT).answer(words);
        world.receive(&reply);
        assert!(world.record(0).held.is_some(), "{words}: the owner reads it");
        world.answer(MARIA, "resume\naccept");
        world.pass("1d");
        assert_eq!(world.letters_to(CLIENT).len() > before, is_answered, "{words}");
        world.check();
    }
}

#[test]
fn a_colleague_who_says_that_email_is_safe_and_then_tells_of_him_is_asked_again() {
    for behind in
        ["P.S. He answered first.", "Ask me before you write.", "I think.", "Her husband confirmed it."]
    {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(
            &Mail::from(PARTNER)
                .subject("New referral")
                .body(&format!("{ANA}\nHer husband reads her mail.\n")),
        );
        world.answer(MARIA, &format!("email safe, by phone, from the client\n\n{behind}"));
        assert!(world.record(0).email_told.is_none(), "{behind}");
        world.answer(MARIA, "accept");
        world.pass("1d");
        assert_eq!(world.letters_to(CLIENT).len(), 0, "{behind}");
        world.check();
    }
}
