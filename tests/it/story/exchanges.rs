//! Exchanges with an abuser, a careless partner and a confused colleague: whatever they write, no letter reaches the
//! client that should not, and nobody reads of somebody else's client.

use super::{ANA, CLIENT, MARIA, Mail, OTHER_PARTNER, PARTNER, referral, referral_with};
use crate::world::World;

const UTF8: &str = "text/plain; charset=utf-8";
const BEA: &str = "bea@mail.example";

/// She was written to at ten in the morning.
fn written_to() -> World {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    assert_eq!(world.letters_to(CLIENT).len(), 1);
    world
}

/// How many letters reach her from now on, whatever becomes of her referral.
fn letters_later(world: &mut World) -> usize {
    let before = world.letters_to(CLIENT).len();
    world.pass("1h");
    world.answer(MARIA, "accept");
    world.pass("5d");
    world.letters_to(CLIENT).len() - before
}

/// Bea, another client of the same partner.
fn bea() -> Mail {
    let packet = ANA
        .replace("Ana Canary", "Bea Secretname")
        .replace(CLIENT, BEA)
        .replace("0142", "0199")
        .replace("Evictionstory", "Divorcestory");
    Mail::from(PARTNER).subject("New referral").body(&packet)
}

#[test]
fn what_is_written_at_her_address_by_somebody_else_ends_the_letters() {
    let mut unheard = Vec::new();
    for words in [
        "Why are you writing to my wife?",
        "My husband opened this.",
        "He is reading this right now. Please call me at work.",
        "This is her husband. She does not need your help.",
        "She changed her mind, this is Bob",
        "I am answering for Ana, she is asleep.",
        "Ana asked me to write. I look after her mail.",
        "We share this email, my boyfriend and me.",
        "Not safe!! please call only",
        "do not email anymore, he found the last one",
        "Call me, do not write here",
        "Can you use my sister's mail instead? He checks this one",
        "plz dont send nothing here",
        "no escriban aqui, mi esposo lo ve",
        "Mi marido lee esto",
        "Soy el esposo de Ana. ¿Qué quieren?",
        "他会看我的邮件",
        "Chồng tôi đọc email này",
        "Мой муж читает эту почту",
        "Ana is in the hospital, this is her niece",
        "She doesn't live with us any more",
        "This is Ana's daughter, what is this about?",
        "I found this on her computer. Who are you people?",
        "My boss reads all mail here",
        "this is a family computer",
        "my kids use this email too",
        "mom can't read this, I am her son",
        "El correo es de mi esposo",
        "Soy su hija, mi mamá no sabe leer",
        "Aquí no vive ninguna Ana",
        "C'est son mari. Qui êtes-vous ?",
        "Mon mari lit mes mails",
        "Meu marido lê este email",
        "Mari m li imel mwen yo",
        "Binabasa ng asawa ko ang email ko",
        "زوجي يقرأ بريدي",
        "남편이 이 메일을 봅니다",
        "我老公看我的邮件",
    ] {
        let mut world = written_to();
        let letter = world.last_to(CLIENT);
        world.receive(&letter.answer(words).header("Content-Type", UTF8));
        unheard.extend((letters_later(&mut world) > 0).then_some(words));
        world.check();
    }
    assert!(unheard.is_empty(), "{unheard:#?}");
}

#[test]
fn harmless_words_of_hers_end_nothing() {
    // What is not made of a client's everyday words waits for a person.
    for (words, waits) in [
        ("Thank you!", false),
        ("They never wrote to me about the heat.", true),
        ("I can come on Friday.", false),
    ] {
        let mut world = written_to();
        let letter = world.last_to(CLIENT);
        world.receive(&letter.answer(words));
        assert_eq!(world.record(0).unread_since.is_some(), waits, "{words}");
        if waits {
            world.answer(MARIA, "resume");
        }
        assert!(letters_later(&mut world) > 0, "{words}");
        world.check();
    }
}

#[test]
fn without_harm_in_them_the_same_exchanges_let_letters_leave() {
    for words in ["Thank you!", "Language: Spanish", "She can come on Friday."] {
        let mut world = written_to();
        let receipt = world.letter(PARTNER, "Received");
        world.receive(&receipt.answer(words));
        assert!(letters_later(&mut world) > 0, "the partner: {words}");
        world.check();
    }
    for words in ["attempt call no answer", "note: she has two children"] {
        let mut world = written_to();
        world.answer(MARIA, words);
        assert!(letters_later(&mut world) > 0, "a colleague: {words}");
        world.check();
    }
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&bea());
    assert_eq!(world.letters_to(BEA).len(), 1, "another client of the partner");
    for (label, value) in [("Safe to email", "yes"), ("Notes", "She has two children.")] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral_with(label, value));
        assert_eq!(world.letters_to(CLIENT).len(), 1, "{label}: {value}");
    }
}

#[test]
fn what_a_subject_says_of_who_is_at_the_address_is_heard() {
    for subject in ["Who is Ana?", "Wrong person", "I am not Ms. Canary"] {
        let mut world = written_to();
        world.receive(&Mail::from(CLIENT).subject(subject).body("Hello"));
        assert_eq!(letters_later(&mut world), 0, "{subject}");
        world.check();
    }
    for (subject, body) in [
        ("Wrong email for Ana", ""),
        ("Wrong email for Ana", "Language: Spanish"),
        ("Ana", "Language: Spanish\n\nSorry, the email belongs to her ex."),
    ] {
        let mut world = written_to();
        let receipt = world.letter(PARTNER, "Received");
        world.receive(&receipt.answer(body).subject(subject));
        assert_eq!(letters_later(&mut world), 0, "the partner: {subject}: {body}");
        world.check();
    }
}

#[test]
fn what_a_colleague_says_under_a_greeting_or_beside_a_command_is_heard() {
    for words in [
        "email not safe",
        "Hi all,\n\nI called her. Her husband reads her mail.\n\nMaria",
        "attempt call no answer\n\nher ex has the password of her email",
        "accept\nemail not safe, her son reads it",
        "consent no",
        "accept\nconsent no",
        "do not contact",
        "confirmed\ndo not contact",
        "note: he reads her mail",
        "She says email is not safe.",
        "resume\nemail not safe",
        "bounce unsafe to contact",
    ] {
        let mut world = written_to();
        world.pass("1h");
        let before = world.letters_to(CLIENT).len();
        world.answer(MARIA, words);
        world.answer(MARIA, "accept");
        world.pass("5d");
        assert_eq!(world.letters_to(CLIENT).len(), before, "{words}");
        world.check();
    }
}

#[test]
fn what_a_careless_partner_writes_later_is_heard_and_opens_nothing() {
    let mut unheard = Vec::new();
    for words in [
        "Safe to email: no",
        "Please do not email her, her husband sees it.",
        "Sorry, wrong address for Ana! That one is her ex-husband's.",
        "She took back her consent.",
        "Ana does not want to be contacted any more.",
        "Safe to email: no\nSafe to email: yes",
        "Her email is not safe any longer; new one follows.",
        "Please hold off, her ex moved back in.",
        "Don't write to Ana, call only.",
        "He has access to her email.",
        "She asked that nobody email her.",
        "We never got her permission, sorry.",
        "She withdrew consent",
        "Use the phone only please, email is monitored",
        "Ana ya no quiere que la contacten",
    ] {
        let mut world = written_to();
        let receipt = world.letter(PARTNER, "Received");
        world.receive(&receipt.answer(words));
        unheard.extend((letters_later(&mut world) > 0).then_some(words));
        world.check();
    }
    assert!(unheard.is_empty(), "{unheard:#?}");
}

#[test]
fn what_a_partner_mixes_up_reaches_no_other_client() {
    type Exchange<'a> = (&'a str, &'a dyn Fn(&mut World));
    let tells = |world: &World, address: &str, words: &[&str]| {
        for letter in world.letters_to(address) {
            for word in words {
                assert!(
                    !letter.text.contains(word) && !letter.subject.contains(word),
                    "{word}: {}",
                    letter.text
                );
            }
        }
    };
    // Two forms in one mail, an answer about one in the thread of the other, one with the address of the other.
    let two_forms = |world: &mut World| {
        let both =
            format!("{ANA}\n\n{}", ANA.replace("Ana Canary", "Bea Secretname").replace("ana@", "bea@"));
        world.receive(&Mail::from(PARTNER).subject("Two people").body(&both));
    };
    let crossed = |world: &mut World| {
        world.receive(&bea());
        let receipt = world.letter(PARTNER, "Received");
        let form = ANA.replace("Evictionstory", "Otherstory");
        world.receive(&receipt.answer(&form));
    };
    let same_address = |world: &mut World| {
        let body = ANA.replace("Ana Canary", "Bea Secretname").replace("0142", "0199");
        world.receive(&Mail::from(OTHER_PARTNER).subject("New referral").body(&body));
    };
    let exchanges: [Exchange<'_>; 3] =
        [("two forms", &two_forms), ("crossed", &crossed), ("one address", &same_address)];
    for (name, exchange) in exchanges {
        let mut world = written_to();
        exchange(&mut world);
        world.pass("2d");
        world.answer(MARIA, "accept");
        world.pass("2d");
        for address in [CLIENT, BEA] {
            tells(&world, address, &["Canary", "Secretname", "story", "0142", "0199", "Harbor", "North"]);
        }
        tells(&world, OTHER_PARTNER, &["Evictionstory", "Harbor"]);
        tells(&world, PARTNER, &["North Clinic"]);
        assert!(!world.letters().is_empty(), "{name}");
        world.check();
    }
}

#[test]
fn a_form_that_is_odd_about_safety_writes_to_nobody() {
    let mut written = Vec::new();
    for (label, value) in [
        ("Safe to email", "yes/no"),
        ("Safe to email", "yes (husband reads it)"),
        ("Safe to email", "yes, but not at night when he is home"),
        ("Safe to email", "ask first"),
        ("Safe to email", "yes - ONLY until Friday"),
        ("Safe to email", "n"),
        ("Consent to share", "verbal, by her husband"),
        ("Consent to share", "yes but she took it back"),
        ("Email", "ana@mail.example (her husband's)"),
        ("Email", "ana@mail.example, bob@mail.example"),
        ("Email", "intake@harbor.example"),
        ("Safe ways to contact", "call only"),
        ("Safety notes", "He reads her mail."),
        ("Notes", "Do not write to her."),
        ("Opposing party", "Bob Canary, ana@mail.example"),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral_with(label, value));
        world.pass("1h");
        world.answer(MARIA, "accept");
        world.pass("3d");
        let clients = world.letters().iter().filter(|letter| letter.to.ends_with("@mail.example")).count();
        written.extend((clients > 0).then_some((label, value)));
        world.check();
    }
    assert!(written.is_empty(), "{written:#?}");
}

#[test]
fn a_confused_colleague_opens_no_gate() {
    let mut opened = Vec::new();
    for words in [
        "email safe",
        "email safe, I think",
        "email safe, by phone, from her husband",
        "Email: safe, phone",
        "allow contact",
        "consent yes",
        "is email safe, by phone, from the client?",
        "not email safe, by phone, from the client",
        "email safe, by phone, from the client, but only today",
        "resume",
        "accept",
        "reopen",
    ] {
        let mut world = written_to();
        let receipt = world.letter(PARTNER, "Received");
        world.receive(&receipt.answer("Her husband reads her mail now."));
        let before = world.letters_to(CLIENT).len();
        world.answer(MARIA, words);
        world.pass("1h");
        world.answer(MARIA, "accept");
        world.pass("3d");
        opened.extend((world.letters_to(CLIENT).len() > before).then_some(words));
        world.check();
    }
    assert!(opened.is_empty(), "{opened:#?}");
}
