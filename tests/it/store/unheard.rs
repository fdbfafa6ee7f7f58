//! Whom a parked mail may be about: kept with it, and for as long as nobody had it read again.

use handoffd::referral::reference::Reference;
use handoffd::store::forget::{Before, Forgetting};
use handoffd::store::records::{Commit, Saved, Settled};
use handoffd::store::replay::{Replay, Settling};
use handoffd::store::seal::SealError;
use handoffd::store::{Store, StoreError};

use super::{Home, IGNORED, PARKED, address, keeping, minute, opening, reference, saved, settled, settling};

on_both! {
    whom_a_parked_mail_may_be_about_is_known_until_it_is_replayed
    what_was_heard_in_a_parked_mail_does_not_make_it_a_mail_of_that_record
    who_is_forgotten_takes_no_mail_along_that_nobody_heard
    a_mail_that_does_not_open_is_settled_by_a_person_who_read_it_and_one_that_opens_is_not
}

async fn whom_a_parked_mail_may_be_about_is_known_until_it_is_replayed(home: Home) {
    let taken = home.arrived(&["a", "b"]).await;
    let (ana, bea) = (address("ana@mail.example"), address("bea@mail.example"));
    let numbers: Vec<Reference> = (1..=3).map(reference).collect();
    let [first, second, third] = numbers.as_slice() else { unreachable!() };
    let parked = |mail: usize, about: &Reference| Commit {
        unheard: vec![home.store.address_digest(&ana), home.store.reference_digest(about)],
        ..settling(taken[mail].id, PARKED)
    };
    let is_unheard = async |about: &[&Reference], who| home.store.is_unheard(about, who).await.unwrap();
    assert!(!is_unheard(&[first], &ana).await);
    home.store.commit(&[parked(0, first), parked(1, second)], minute(1)).await.unwrap();
    for (about, who, unheard) in [
        (vec![third], &ana, true),
        (vec![third, second], &bea, true),
        (vec![first], &bea, true),
        (vec![third], &bea, false),
        (vec![], &ana, true),
        (vec![], &bea, false),
    ] {
        assert_eq!(is_unheard(&about, who).await, unheard, "{about:?}");
    }
    assert_eq!(home.store.replay(taken[0].id).await.unwrap(), Replay::Waits);
    assert!(is_unheard(&[first], &bea).await, "it waits, and may be parked again");
    home.store.commit(&[settling(taken[0].id, PARKED)], minute(2)).await.unwrap();
    assert!(is_unheard(&[first], &bea).await, "for another cause this time");
    assert_eq!(home.store.replay(taken[0].id).await.unwrap(), Replay::Waits);
    home.store.commit(&[settling(taken[0].id, IGNORED)], minute(3)).await.unwrap();
    assert!(!is_unheard(&[first], &bea).await);
    assert!(is_unheard(&[first], &ana).await, "the other mail may be about them too");
    let before = Before { parked: Some(minute(9)), ..Before::default() };
    assert_eq!(
        home.store.purge_some(before, minute(9)).await.unwrap().mails,
        0,
        "kept until somebody read it"
    );
    assert_eq!(home.store.replay(taken[1].id).await.unwrap(), Replay::Waits);
    home.store.commit(&[settling(taken[1].id, IGNORED)], minute(10)).await.unwrap();
    assert_eq!(home.raw.number("SELECT COUNT(*) FROM unheard").await, 0);
}

async fn what_was_heard_in_a_parked_mail_does_not_make_it_a_mail_of_that_record(home: Home) {
    let taken = home.arrived(&["a", "b", "c"]).await;
    let both = || opening(3).records.into_iter().chain(opening(4).records).collect();
    let of_its_own = settled(taken[1].id, PARKED);
    let commits = [
        Commit { mail: Some(settled(taken[0].id, PARKED)), ..opening(1) },
        Commit { mail: Some(Settled { about: Some(reference(2)), ..of_its_own }), ..opening(2) },
        Commit { records: both(), ..settling(taken[2].id, PARKED) },
    ];
    home.store.commit(&commits, minute(1)).await.unwrap();
    let listed = home.store.parked().await.unwrap();
    let led_to: Vec<Option<String>> = listed.into_iter().map(|mail| mail.reference).collect();
    assert_eq!(led_to, [None, Some(reference(2).to_string()), None]);
    assert_eq!(home.raw.number("SELECT COUNT(*) FROM mail_about").await, 0);
}

/// Three referrals, of which the first two have one address and the third another; and two parked mails that may be about
/// all of them, of which the second belongs to the first.
async fn of_one_address(home: &Home) {
    let taken = home.arrived(&["a", "b"]).await;
    let of = |who| home.store.address_digest(&address(who));
    let (ana, bea) = (of("ana@mail.example"), of("bea@mail.example"));
    let person = |number: u64, digest: &Vec<u8>| Commit {
        records: vec![Saved { persons: vec![digest.clone()], ..saved(number) }],
        ..Commit::default()
    };
    let numbers = (1..=3).map(|number| home.store.reference_digest(&reference(number)));
    let unheard: Vec<Vec<u8>> = numbers.chain([ana.clone(), of("new@mail.example")]).collect();
    let belongs = settled(taken[1].id, PARKED);
    let commits = [
        person(1, &ana),
        person(2, &ana),
        person(3, &bea),
        Commit { unheard: unheard.clone(), ..settling(taken[0].id, PARKED) },
        Commit { unheard, mail: Some(Settled { about: Some(reference(1)), ..belongs }), ..Commit::default() },
    ];
    home.store.commit(&commits, minute(1)).await.unwrap();
}

async fn who_is_forgotten_takes_no_mail_along_that_nobody_heard(home: Home) {
    of_one_address(&home).await;
    let (ana, other) = (address("ana@mail.example"), address("other@mail.example"));
    let is_unheard = async |about, who| home.store.is_unheard(&[&reference(about)], who).await.unwrap();
    let of_mail =
        async |id: i64| home.raw.number(&format!("SELECT COUNT(*) FROM unheard WHERE mail_id = {id}")).await;
    assert_eq!((of_mail(1).await, of_mail(2).await), (5, 5));
    let refused = home.store.forget(&reference(1), "host", minute(2)).await.unwrap();
    assert_eq!(refused, Forgetting::Unheard(2), "the second mail would go with it");
    home.store.forget(&reference(2), "host", minute(2)).await.unwrap();
    for (number, held) in [(1, true), (2, false), (3, true)] {
        assert_eq!(is_unheard(number, &other).await, held, "by its number: {number}");
    }
    assert_eq!(
        (of_mail(1).await, of_mail(2).await),
        (4, 4),
        "its number is gone; the rest stays with the bytes"
    );
    home.raw
        .run("UPDATE referral SET record = substr(record, 1, 40) WHERE data_key IS NOT NULL")
        .await
        .unwrap();
    assert_eq!(home.store.forget(&reference(3), "host", minute(3)).await.unwrap(), Forgetting::Done);
    assert!(is_unheard(9, &ana).await, "a later referral of that address waits for what was not heard");
    let refused = home.store.forget(&reference(1), "host", minute(3)).await.unwrap();
    assert_eq!(refused, Forgetting::Unheard(2));
    assert_eq!(
        home.store.settle_unread(1, minute(4)).await.unwrap(),
        Settling::Readable,
        "it belongs to none"
    );
    assert_eq!(
        home.store.settle_unread(2, minute(4)).await.unwrap(),
        Settling::Done,
        "its record does not open"
    );
    assert_eq!((of_mail(1).await, of_mail(2).await), (3, 0));
    assert_eq!(home.store.forget(&reference(1), "host", minute(5)).await.unwrap(), Forgetting::Done);
    assert!(is_unheard(9, &ana).await, "the first mail was not heard");
    assert_eq!(home.store.replay(1).await.unwrap(), Replay::Waits);
    home.store.commit(&[settling(1, IGNORED)], minute(6)).await.unwrap();
    assert_eq!(home.raw.number("SELECT COUNT(*) FROM unheard").await, 0);
}

async fn a_mail_that_does_not_open_is_settled_by_a_person_who_read_it_and_one_that_opens_is_not(home: Home) {
    of_one_address(&home).await;
    let ana = address("ana@mail.example");
    let is_unheard = async || home.store.is_unheard(&[], &ana).await.unwrap();
    for id in [1, 2] {
        assert_eq!(home.store.settle_unread(id, minute(2)).await.unwrap(), Settling::Readable);
    }
    assert_eq!(home.store.settle_unread(99, minute(2)).await.unwrap(), Settling::NotParked);
    home.raw.run("UPDATE mail_raw SET raw = substr(raw, 1, 20)").await.unwrap();
    // Under a key that is not there it may be whole.
    let without = Store::open(&home.place, keeping::newest_key()).await.unwrap();
    let refused = without.settle_unread(1, minute(2)).await.unwrap_err();
    assert!(matches!(refused, StoreError::Seal(SealError::UnknownKey(1))), "{refused}");
    assert!(is_unheard().await);
    assert_eq!(home.store.settle_unread(1, minute(3)).await.unwrap(), Settling::Done);
    assert!(is_unheard().await, "the other one was not read");
    assert_eq!(home.store.settle_unread(1, minute(3)).await.unwrap(), Settling::NotParked);
    assert_eq!(home.store.settle_unread(2, minute(3)).await.unwrap(), Settling::Done);
    assert!(!is_unheard().await);
    let causes = home.raw.texts("SELECT cause FROM mail WHERE disposition = 'ignored'").await;
    assert_eq!(causes, ["a person read it", "a person read it"]);
}
