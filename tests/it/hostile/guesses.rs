//! A million guesses (RELIABILITY C19): at the number people quote, and at the proof behind it. What is answered does not
//! depend on the guess; that is shown where mails are answered (`p17_p38_...`, `a_number_that_is_not_theirs_...`).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use handoffd::letters::token::{self, Claim, Person, SecretKey, TokenKey, TokenRefused};
use handoffd::referral::reference::Reference;
use handoffd::referral::roster::StaffId;

const GUESSES: u64 = 1_000_000;
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The same numbers in every run (splitmix64).
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn symbols(state: &mut u64, many: usize) -> String {
    (0..many).map(|_| char::from(ALPHABET[usize::try_from(random(state) % 32).unwrap()])).collect()
}

#[test]
fn c19_of_a_million_guessed_numbers_none_is_one_of_five_hundred_open_ones() {
    let mut state = 1;
    let open: BTreeSet<Reference> = (0..500).map(|_| Reference::draw("R", random(&mut state))).collect();
    let (mut valid, mut hit) = (0_u64, 0_u64);
    for _ in 0..GUESSES {
        let guess = format!("R-{}", symbols(&mut state, 8));
        if let Some(reference) = Reference::parse(&guess, "R") {
            valid += 1;
            hit += u64::from(open.contains(&reference));
        }
    }
    assert_eq!(open.len(), 500);
    // The check symbol tells that a number could be one, which everybody may know, and nothing of ours.
    assert!((30_000..33_000).contains(&valid), "one of 32: {valid}");
    assert_eq!(hit, 0);
}

/// So many well-formed proofs for a person, a referral and a day that whoever guesses knows already.
fn guessed(many: u64, seed: u64) -> BTreeMap<String, u64> {
    let key = TokenKey { secret: SecretKey::of([7; 32]), prefix: "R".to_owned() };
    let claim = Claim {
        person: key.mark(Person::Staff(&StaffId("maria".to_owned()), 0)),
        reference: Reference::draw("R", 0x1234_5678_9abc),
        last_day: NaiveDate::from_ymd_opt(2026, 12, 24).unwrap(),
    };
    let now: DateTime<Utc> = "2026-11-24T15:00:00Z".parse().unwrap();
    let known = token::issue(&key, &claim);
    assert!(token::check(&key, &known, now).is_ok());
    let (said, _) = known.split_at(known.len() - 26);
    let (mut state, mut answers) = (seed, BTreeMap::new());
    for _ in 0..many {
        // 130 bits hold a tag of 128: the last symbol ends in two zeros.
        let last = char::from(ALPHABET[usize::try_from(random(&mut state) % 8).unwrap() * 4]);
        let guess = format!("{said}{}{last}", symbols(&mut state, 25));
        let answer =
            token::check(&key, &guess, now).map_or_else(|refused| refused.to_string(), |_| "yes".into());
        *answers.entry(answer).or_default() += 1;
    }
    answers
}

#[test]
fn c19_guessed_proofs_of_a_known_number_and_person_are_all_refused_with_the_same_word() {
    let answers = guessed(65_536, 2);
    assert_eq!(answers, BTreeMap::from([(TokenRefused::Forged.to_string(), 65_536)]));
}

#[test]
#[ignore = "a million proofs take a while without optimisation: cargo test --test it c19_ -- --ignored"]
fn c19_a_million_guessed_proofs_are_all_refused_with_the_same_word() {
    let answers = guessed(GUESSES, 3);
    assert_eq!(answers, BTreeMap::from([(TokenRefused::Forged.to_string(), GUESSES)]));
}
