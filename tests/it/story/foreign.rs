//! Nobody learns of a referral that is not theirs (RELIABILITY P17, P38): two offices live through the same mails, and
//! the numbers that are asked about exist in one of them only. What leaves is the same in both.

use handoffd::referral::reference::Reference;

use super::{ANA, MARIA, Mail, OTHER_PARTNER, PARTNER, WENDY};
use crate::rig::draws::Draws;
use crate::world::World;

const STRANGERS: &str = "else.example";

/// An office with three referrals of one partner, each in another state, and their numbers.
fn office() -> (World, Vec<String>) {
    let mut world = World::at("2026-11-24 10:00");
    for (name, line) in [("Ana", "accept"), ("Bea", "close advice given"), ("Cara", "attempt call no answer")]
    {
        let body = ANA.replace("Ana", name).replace("ana@", &format!("{name}@").to_lowercase());
        let body = body.replace("555-0142", &format!("555-01{}", 50 + name.len()));
        world.receive(&Mail::from(PARTNER).subject(&format!("Referral {name}")).body(&body));
        world.answer(MARIA, line);
    }
    let numbers = world.records().iter().map(|record| record.reference.as_str().to_owned()).collect();
    (world, numbers)
}

/// One question; `number` is what differs between the offices.
fn question(draws: &mut Draws, number: &str, thread: &str, place: usize) -> Mail {
    let number = match draws.below(4) {
        0 => number.to_lowercase(),
        1 => number.replace('-', " "),
        _ => number.to_owned(),
    };
    let other = format!("other{}@north.example", place % TOGETHER);
    let stranger = format!("{}@{STRANGERS}", place % TOGETHER);
    let asker = draws.of(&[OTHER_PARTNER, OTHER_PARTNER, &other, &stranger]);
    let verb = draws.of(&[
        "status",
        "details",
        "history",
        "accept",
        "received",
        "decline capacity",
        "close done",
        "resume",
        "allow contact she said so",
        "consent yes, by phone, from the client",
        "email safe, by phone, from the client",
        "What is the status of",
        "Any news about",
        "Client name: Dana Doe\nPhone: 617-555-0199\nMatter type: housing\nConsent to share: yes\nAbout",
    ]);
    let subject = match draws.below(4) {
        0 => format!("Re: Received: {number}"),
        1 => format!("Re: Action needed: {number}"),
        2 => number.clone(),
        _ => "A question".to_owned(),
    };
    let body = if draws.below(4) == 0 { verb.to_owned() } else { format!("{verb} {number}") };
    let mail = Mail::from(asker).subject(&subject).body(&body);
    if draws.below(3) == 0 { mail.header("In-Reply-To", &format!("<{thread}>")) } else { mail }
}

/// A text with every number and day of ours made alike: those of their own mails are drawn anew in each office.
fn without_numbers(text: &str) -> String {
    let is_number = |word: &str| word.len() == 11 && word.starts_with("R-") && word.as_bytes()[6] == b'-';
    let words = text.split_inclusive(|c: char| !(c.is_alphanumeric() || c == '-'));
    words
        .map(|word| {
            let bare = word.trim_end_matches(|c: char| !(c.is_alphanumeric() || c == '-'));
            if is_number(bare) { word.replace(bare, "NUMBER") } else { word.to_owned() }
        })
        .collect()
}

/// What left for the outside since so many letters.
fn told(world: &World, since: usize) -> Vec<(String, String, String)> {
    let outside = |to: &str| to.ends_with("north.example") || to.ends_with(STRANGERS);
    let new = world.letters()[since..].iter().filter(|letter| outside(&letter.to));
    new.map(|letter| (letter.to.clone(), without_numbers(&letter.subject), without_numbers(&letter.text)))
        .collect()
}

/// So many questions arrive together, of as many authors: nobody is answered too often in an hour.
const TOGETHER: usize = 50;

fn ask_both(questions: usize) {
    let ((mut real, numbers), (mut none, hers)) = (office(), office());
    let (mut one, mut other) = (Draws(0x2545_f491_4f6c_dd1d), Draws(0x2545_f491_4f6c_dd1d));
    let (records, mut heard) = (real.records(), 0);
    for from in (0..questions).step_by(TOGETHER) {
        let since = (real.letters().len(), none.letters().len());
        for place in from..questions.min(from + TOGETHER) {
            let nobodys = Reference::draw("R", 90_000 + place as u64).as_str().to_owned();
            assert!(!hers.contains(&nobodys));
            // A Message-ID of ours cannot be guessed: who has it has the letter.
            let (number, thread) = (&numbers[place % numbers.len()], format!("nobody.{place}@mail.example"));
            real.drop_in(&question(&mut one, number, &thread, place));
            none.drop_in(&question(&mut other, &nobodys, &thread, place));
        }
        real.settle();
        none.settle();
        let (mut said, mut unsaid) = (told(&real, since.0), told(&none, since.1));
        said.sort();
        unsaid.sort();
        assert_eq!(said, unsaid, "questions from {from} on");
        heard += said.len();
        real.pass("1h");
        none.pass("1h");
    }
    assert!(heard > questions / 4, "many were answered: {heard} of {questions}");
    let now = real.records();
    for record in &records {
        let after = now.iter().find(|after| after.reference == record.reference).unwrap();
        assert_eq!((&after.status, &after.packet), (&record.status, &record.packet));
        assert_eq!((after.consent_told, after.stopped), (record.consent_told, record.stopped));
    }
    assert!(!real.letters_to(WENDY).iter().any(|letter| letter.text.contains("Ana Canary")));
}

#[test]
fn p38_what_a_partner_is_told_of_a_number_that_is_anothers_is_what_it_is_told_of_none() {
    ask_both(500);
}

/// As many as the catalogue asks for: `cargo test --release --test it -- --ignored p38`.
#[test]
#[ignore = "hours"]
fn p38_a_hundred_thousand_questions_of_a_partner_tell_it_nothing() {
    ask_both(100_000);
}
