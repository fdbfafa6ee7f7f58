//! The referrals of an address, for what is said against it of one of them, and the letter that somebody answers.

use handoffd::referral::packet::{Confidence, Field, Found, Judged};
use handoffd::referral::record::Status;
use handoffd::store::people::At;
use handoffd::store::records::{Commit, Saved};

use super::{Home, address, letter, minute, opening, referral, saved};

on_both! {
    the_open_referrals_of_an_address_are_found_newest_first
    a_letter_is_found_again_by_its_message_id
}

/// A referral whose client has this address, and is known by that of the person.
fn at(home: &Home, number: u64, client: &str, person: &str, closed: bool) -> Saved {
    let mut referral = referral(number);
    let judged = Judged::Email { address: client.to_owned(), problem: None };
    let found =
        Found { value: client.to_owned(), judged, confidence: Confidence::High, place: String::new() };
    referral.packet.put(Field::ClientEmail, found);
    if closed {
        referral.status = Status::Closed { reason: "done".to_owned() };
    }
    let persons = vec![home.store.address_digest(&address(person))];
    Saved { referral, persons, letters: Vec::new(), ..saved(number) }
}

async fn the_open_referrals_of_an_address_are_found_newest_first(home: Home) {
    for (number, client, person, closed) in [
        (1, "ana@mail.example", "ana@mail.example", false),
        (2, "Ana+x@mail.example", "ana@mail.example", false),
        (3, "ana@mail.example", "ana@mail.example", true),
        // She wrote in a mail of somebody else's.
        (4, "bea@mail.example", "ana@mail.example", false),
        (5, "ana@mail.example", "ana@mail.example", false),
        (6, "bea@mail.example", "bea@mail.example", false),
    ] {
        let records = vec![at(&home, number, client, person, closed)];
        home.store.commit(&[Commit { records, ..Commit::default() }], minute(1)).await.unwrap();
    }
    let (ana, nothing) = (address("ANA@mail.example"), At::new());
    for (most, expected) in [(20, vec![5, 2, 1]), (2, vec![5, 2])] {
        let found = home.store.open_at_address(&ana, &nothing, most).await.unwrap();
        let found: Vec<_> = found.into_iter().map(|stored| stored.referral.reference).collect();
        let expected: Vec<_> = expected.into_iter().map(super::reference).collect();
        assert_eq!(found, expected);
    }
    let nobody = home.store.open_at_address(&address("no@mail.example"), &nothing, 20).await.unwrap();
    assert!(nobody.is_empty());
    // What the store said of a mail's people need not be asked once more.
    for known in [vec![], vec![super::reference(2), super::reference(3)]] {
        let open = known.iter().filter(|reference| **reference != super::reference(3)).cloned();
        let expected: Vec<_> = open.collect();
        let known = At::from([(home.store.address_digest(&ana), known)]);
        let found = home.store.open_at_address(&ana, &known, 20).await.unwrap();
        let found: Vec<_> = found.into_iter().map(|stored| stored.referral.reference).collect();
        assert_eq!(found, expected);
    }
}

async fn a_letter_is_found_again_by_its_message_id(home: Home) {
    let loose = Commit { letters: vec![letter("digest", "digest")], ..Commit::default() };
    home.store.commit(&[opening(1), loose], minute(1)).await.unwrap();
    let receipt = saved(1).letters.remove(0);
    for queued in [receipt, letter("digest", "digest")] {
        let kept = home.store.letter_kept(&queued.message_id).await.unwrap();
        assert_eq!(kept.as_deref(), Some(queued.message.as_slice()));
    }
    assert_eq!(home.store.letter_kept("nobodys@example.org").await.unwrap(), None);
}
