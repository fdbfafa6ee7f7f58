//! Lists that a partner sends again: who is on them keeps their record, and nobody is taken for somebody else.

use super::{ANA, CLIENT, MARIA, Mail, PARTNER};
use crate::world::World;

/// The packet of one more person: the number stands in the name, the phone and the address.
fn person(number: usize) -> String {
    let name = format!("Ana {}", ["Birch", "Cedar", "Elm", "Fir", "Hazel"][number % 5]);
    ANA.replace("Ana Canary", &format!("{name}{}", "aeiou".repeat(number / 5)))
        .replace("0142", &format!("{:04}", 100 + number))
        .replace("ana@", &format!("ana{number}@"))
}

fn list(numbers: impl Iterator<Item = usize>) -> Mail {
    let people: Vec<String> = numbers.map(person).collect();
    Mail::from(PARTNER).subject("Our list").body(&people.join("\n"))
}

#[test]
fn everybody_on_a_long_list_that_is_sent_again_keeps_their_record() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&list(0..24));
    assert_eq!(world.records().len(), 24);
    world.pass("1h");
    world.receive(&list(0..25));
    assert_eq!(world.records().len(), 25, "one is new");
}

#[test]
fn people_without_a_name_are_never_taken_for_each_other() {
    let unnamed = |language: &str| {
        let lines = ANA.lines().filter(|line| !line.starts_with("Client name") && !line.starts_with("Email"));
        let form = lines.collect::<Vec<_>>().join("\n");
        form.replace("Language: English", &format!("Language: {language}"))
    };
    let two = |one: &str, other: &str| {
        let body = format!("Person 1\n{}\n\nPerson 2\n{}\n", unnamed(one), unnamed(other));
        Mail::from(PARTNER).subject("Two women at our shelter").body(&body)
    };
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&two("Spanish", "English"));
    let first = world.records().len();
    assert_eq!(first, 2);
    world.pass("7d");
    world.receive(&two("French", "Portuguese"));
    assert_eq!(world.records().len(), 4, "the hotline of the shelter is nobody's own");
    world.receive(&Mail::from(PARTNER).subject("One more").body(&unnamed("Haitian Creole")));
    assert_eq!(world.records().len(), 5);
    let named = unnamed("English").replace("Phone:", "Client name: Eve Wren\nPhone:");
    world.receive(&Mail::from(PARTNER).subject("Eve").body(&named));
    assert_eq!(world.records().len(), 6);
    world.receive(&Mail::from(PARTNER).subject("Eve again").body(&named));
    assert_eq!(world.records().len(), 6, "a name and the phone are one person");
}

#[test]
fn each_of_two_lists_of_one_moment_has_one_answer_about_all_whom_we_know() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&list(0..3));
    let numbers: Vec<String> = world.records().iter().map(|record| record.reference.to_string()).collect();
    world.pass("1h");
    let before = world.letters_to(PARTNER).len();
    world.drop_in(&list(0..3));
    world.drop_in(&list(0..3).subject("The same list, with a word more"));
    world.settle();
    let letters = world.letters_to(PARTNER).split_off(before);
    assert_eq!(letters.len(), 2, "one a mail");
    for letter in &letters {
        assert!(letter.text.contains("already have"), "{}", letter.text);
        assert!(numbers.iter().all(|number| letter.text.contains(number)), "{}", letter.text);
    }
}

#[test]
fn what_each_of_two_lists_of_one_moment_says_of_somebody_is_told_to_the_owner() {
    let mut world = World::at("2026-11-24 21:00");
    world.receive(&list(0..2));
    let before = world.letters_to(MARIA).len();
    let doubt = |words: &str| {
        let one = person(0).replace("Safe to email: yes", &format!("Safe to email: {words}"));
        Mail::from(PARTNER).subject(&format!("Our list, {words}")).body(&format!("{one}\n{}", person(1)))
    };
    world.drop_in(&doubt("not sure"));
    world.drop_in(&doubt("no"));
    world.settle();
    assert_eq!(world.letters_to(MARIA).len(), before + 2);
    world.pass("14h");
    assert!(world.letters_to(&CLIENT.replace("ana", "ana0")).is_empty());
}
