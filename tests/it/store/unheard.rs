//! Whom a parked mail may be about: kept with it, and for as long as nobody had it read again.

use handoffd::referral::reference::Reference;
use handoffd::store::forget::Before;
use handoffd::store::records::Commit;
use handoffd::store::replay::Replay;
use handoffd::store::spool::Disposition;

use super::{Home, address, minute, opening, reference, settled, settling};

on_both! {
    whom_a_parked_mail_may_be_about_is_known_until_it_is_replayed
    what_was_heard_in_a_parked_mail_does_not_make_it_a_mail_of_that_record
}

async fn whom_a_parked_mail_may_be_about_is_known_until_it_is_replayed(home: Home) {
    let taken = home.arrived(&["a", "b"]).await;
    let (ana, bea) = (address("ana@mail.example"), address("bea@mail.example"));
    let numbers: Vec<Reference> = (1..=3).map(reference).collect();
    let [first, second, third] = numbers.as_slice() else { unreachable!() };
    let parked = |mail: usize, about: &Reference| Commit {
        unheard: vec![home.store.address_digest(&ana), home.store.reference_digest(about)],
        ..settling(taken[mail].id, Disposition::Parked)
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
    home.store.commit(&[settling(taken[0].id, Disposition::Parked)], minute(2)).await.unwrap();
    assert!(is_unheard(&[first], &bea).await, "for another cause this time");
    assert_eq!(home.store.replay(taken[0].id).await.unwrap(), Replay::Waits);
    home.store.commit(&[settling(taken[0].id, Disposition::Ignored)], minute(3)).await.unwrap();
    assert!(!is_unheard(&[first], &bea).await);
    assert!(is_unheard(&[first], &ana).await, "the other mail may be about them too");
    let before = Before { parked: Some(minute(9)), ..Before::default() };
    assert_eq!(
        home.store.purge_some(before, minute(9)).await.unwrap().mails,
        0,
        "kept until somebody read it"
    );
    assert_eq!(home.store.replay(taken[1].id).await.unwrap(), Replay::Waits);
    home.store.commit(&[settling(taken[1].id, Disposition::Ignored)], minute(10)).await.unwrap();
    assert_eq!(home.raw.number("SELECT COUNT(*) FROM unheard").await, 0);
}

async fn what_was_heard_in_a_parked_mail_does_not_make_it_a_mail_of_that_record(home: Home) {
    let taken = home.arrived(&["a", "b", "c"]).await;
    let both = || opening(3).records.into_iter().chain(opening(4).records).collect();
    let of_its_own = settled(taken[1].id, Disposition::Parked);
    let commits = [
        Commit { mail: Some(settled(taken[0].id, Disposition::Parked)), ..opening(1) },
        Commit {
            mail: Some(handoffd::store::records::Settled { about: Some(reference(2)), ..of_its_own }),
            ..opening(2)
        },
        Commit { records: both(), ..settling(taken[2].id, Disposition::Parked) },
    ];
    home.store.commit(&commits, minute(1)).await.unwrap();
    let listed = home.store.parked().await.unwrap();
    let led_to: Vec<Option<String>> = listed.into_iter().map(|mail| mail.reference).collect();
    assert_eq!(led_to, [None, Some(reference(2).to_string()), None]);
    assert_eq!(home.raw.number("SELECT COUNT(*) FROM mail_about").await, 0);
}
