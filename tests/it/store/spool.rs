//! The spool: mails are kept once, counted before they are handed out, and never lost from sight.

use handoffd::referral::disposition::{Disposition, Likeness, Pile};
use handoffd::store::StoreError;
use handoffd::store::replay::Replay;
use handoffd::store::spool::{Handled, Incoming, Position};

use super::{Home, IGNORED, PARKED, incoming, minute, settling};

on_both! {
    a_mail_from_a_known_place_is_kept_once
    the_position_moves_with_the_mails_or_not_at_all
    more_mails_than_one_statement_holds_are_kept
    an_attempt_is_counted_before_the_mail_is_handed_out
    the_oldest_mails_are_taken_first
    large_mails_are_taken_few_at_once
    a_parked_mail_is_listed_shown_and_replayed
    a_mail_of_which_only_the_head_is_kept_waits_for_the_whole_of_it
    every_disposition_can_be_written_and_read_back
}

async fn a_mail_from_a_known_place_is_kept_once(home: Home) {
    let spool = async |origins: &[&str]| {
        let mails: Vec<_> = origins.iter().map(|origin| incoming(origin)).collect();
        home.store.spool("inbox", Position::default(), &mails, minute(0)).await.unwrap()
    };
    assert_eq!(spool(&["a", "b"]).await, 2);
    assert_eq!(spool(&["b", "c", "c"]).await, 1, "known from before, and twice in one fetch");
    let mut changed = incoming("a");
    changed.raw = b"Subject: other\r\n\r\n".to_vec();
    assert_eq!(home.store.spool("inbox", Position::default(), &[changed], minute(1)).await.unwrap(), 0);
    assert_eq!(home.store.waiting().await.unwrap(), 3);
    assert_eq!(home.store.raw(1).await.unwrap(), Some(incoming("a").raw), "the first bytes stay");
}

async fn the_position_moves_with_the_mails_or_not_at_all(home: Home) {
    let there = |next_uid| Position { validity: u32::MAX, next_uid, vanished: 2, renumbered: 1 };
    assert_eq!(home.store.position("inbox").await.unwrap(), Position::default());
    home.store.spool("inbox", there(5), &[incoming("a")], minute(0)).await.unwrap();
    home.store.spool("inbox", there(u32::MAX), &[], minute(0)).await.unwrap();
    assert_eq!(home.store.position("inbox").await.unwrap(), there(u32::MAX));
    assert_eq!(home.store.position("another").await.unwrap(), Position::default());
    for table in ["mail", "mailbox"] {
        home.raw.refuse_rows(table).await;
        home.store.spool("another", there(9), &[incoming("b")], minute(0)).await.unwrap_err();
        home.raw.accept_rows(table).await;
        assert_eq!(home.store.position("another").await.unwrap(), Position::default(), "{table}");
        assert_eq!(home.store.waiting().await.unwrap(), 1, "{table}");
    }
}

async fn more_mails_than_one_statement_holds_are_kept(home: Home) {
    let mails: Vec<_> = (0..1_201).map(|number| incoming(&format!("mail {number}"))).collect();
    assert_eq!(home.store.spool("inbox", Position::default(), &mails, minute(0)).await.unwrap(), 1_201);
    let taken = home.store.take_waiting(5_000).await.unwrap();
    assert!(taken.iter().map(|mail| &mail.raw).eq(mails.iter().map(|mail| &mail.raw)));
}

async fn an_attempt_is_counted_before_the_mail_is_handed_out(home: Home) {
    let mut headers = incoming("big");
    headers.whole = false;
    headers.bytes = 90_000_000;
    home.store.spool("inbox", Position::default(), &[headers], minute(3)).await.unwrap();
    for life in 1..=3 {
        // Each life takes the mail and dies of it: nothing is written after the mail was handed out.
        let store = home.again().await;
        let taken = store.take_waiting(10).await.unwrap();
        assert_eq!(home.raw.number("SELECT attempts FROM mail").await, life);
        assert_eq!(i64::from(taken[0].attempts), life);
        assert!(!taken[0].whole);
        assert_eq!((taken[0].arrived_at, &taken[0].raw), (minute(0), &incoming("big").raw));
        assert_eq!(taken[0].digest, store.keys().digest("mail", &taken[0].raw));
        store.close().await;
    }
}

async fn the_oldest_mails_are_taken_first(home: Home) {
    let taken = home.arrived(&["a", "b", "c", "d"]).await;
    home.store.commit(&[settling(taken[0].id, Disposition::Reply)], minute(1)).await.unwrap();
    // What was taken before without an end is taken alone, the oldest first; then the fresh ones together.
    home.store.spool("inbox", Position::default(), &["e", "f"].map(incoming), minute(1)).await.unwrap();
    let mut ids = Vec::new();
    for _ in 0..3 {
        let [alone] = home.store.take_waiting(2).await.unwrap().try_into().ok().unwrap();
        ids.push(alone.id);
        home.store.commit(&[settling(alone.id, Disposition::Reply)], minute(1)).await.unwrap();
    }
    assert_eq!(ids, [taken[1].id, taken[2].id, taken[3].id]);
    assert_eq!(home.store.take_waiting(9).await.unwrap().len(), 2);
    assert_eq!(home.raw.numbers("SELECT attempts FROM mail ORDER BY id").await, [1, 2, 2, 2, 1, 1]);
}

async fn large_mails_are_taken_few_at_once(home: Home) {
    let of = |(at, mebibytes): (usize, u64)| Incoming { bytes: mebibytes << 20, ..incoming(&at.to_string()) };
    let mails: Vec<_> = [25, 1, 6, 25, 25, 1].into_iter().enumerate().map(of).collect();
    home.store.spool("inbox", Position::default(), &mails, minute(0)).await.unwrap();
    let mut taken = Vec::new();
    for _ in 0..5 {
        taken.push(home.store.take_fresh(10).await.unwrap().iter().map(|mail| mail.id).collect::<Vec<_>>());
    }
    assert_eq!(taken, [vec![1], vec![2, 3, 4], vec![5], vec![6], vec![]]);
}

async fn a_parked_mail_is_listed_shown_and_replayed(home: Home) {
    let taken = home.arrived(&["a", "b"]).await;
    let (parked, ignored) = (taken[0].id, taken[1].id);
    let commits = [settling(parked, PARKED), settling(ignored, IGNORED)];
    home.store.commit(&commits, minute(1)).await.unwrap();
    let listed = home.store.parked().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].id, listed[0].cause.as_str()), (parked, "empty"));
    assert_eq!((listed[0].arrived_at, listed[0].bytes), (minute(0), incoming("a").bytes.cast_signed()));
    assert_eq!(home.store.raw(parked).await.unwrap(), Some(incoming("a").raw));
    assert_eq!(home.store.raw(999).await.unwrap(), None);
    assert_eq!(home.store.replay(ignored).await.unwrap(), Replay::NotParked);
    assert_eq!(home.store.replay(999).await.unwrap(), Replay::NotParked);
    assert_eq!(home.store.replay(parked).await.unwrap(), Replay::Waits);
    assert_eq!(home.store.replay(parked).await.unwrap(), Replay::NotParked, "it is not parked any more");
    let again = home.store.take_waiting(10).await.unwrap();
    assert_eq!(again.iter().map(|mail| (mail.id, mail.attempts)).collect::<Vec<_>>(), [(parked, 1)]);
}

async fn a_mail_of_which_only_the_head_is_kept_waits_for_the_whole_of_it(home: Home) {
    let head = Incoming { whole: false, bytes: 90_000_000, ..incoming("big") };
    home.store.spool("inbox", Position::default(), &[head, incoming("small")], minute(0)).await.unwrap();
    let taken = home.store.take_waiting(10).await.unwrap();
    let commits: Vec<_> = taken.iter().map(|mail| settling(mail.id, PARKED)).collect();
    home.store.commit(&commits, minute(1)).await.unwrap();
    let (big, small) = (taken[0].id, taken[1].id);
    assert_eq!(
        home.store.parked().await.unwrap().iter().map(|mail| mail.whole).collect::<Vec<_>>(),
        [false, true]
    );
    assert_eq!(home.store.replay(big).await.unwrap(), Replay::HeadOnly);
    let whole = b"Subject: x\r\n\r\nall of it".to_vec();
    let replay = async |id| home.store.replay_whole(id, whole.clone(), minute(2)).await.unwrap();
    assert_eq!(replay(small).await, Replay::NotParked, "nothing of it is missing");
    assert_eq!(replay(big).await, Replay::Waits);
    assert_eq!(replay(big).await, Replay::NotParked);
    let [again] = home.store.take_waiting(10).await.unwrap().try_into().ok().unwrap();
    assert_eq!((again.id, again.whole, again.attempts, again.arrived_at), (big, true, 1, minute(0)));
    assert_eq!((again.digest, again.raw), (home.store.keys().digest("mail", &whole), whole.clone()));
}

async fn every_disposition_can_be_written_and_read_back(home: Home) {
    const ALL: [(Disposition, &str, Option<&str>); 9] = [
        (Disposition::Referral, "referral", None),
        (Disposition::Reply, "reply", None),
        (Disposition::Command, "command", None),
        (Disposition::UnprovenCommand, "command", Some("unproven")),
        (Disposition::AutoReply, "auto_reply", None),
        (Disposition::DeliveryReport, "delivery_report", None),
        (Disposition::Duplicate(Likeness::Bytes), "duplicate", Some("the same bytes")),
        (PARKED, "parked", Some("empty")),
        (IGNORED, "ignored", Some("list or bulk mail")),
    ];
    let origins: Vec<String> = (0..ALL.len()).map(|number| number.to_string()).collect();
    let taken = home.arrived(&origins.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let pairs: Vec<_> = taken.iter().zip(ALL).collect();
    let commits: Vec<_> = pairs.iter().map(|(mail, (what, ..))| settling(mail.id, *what)).collect();
    home.store.commit(&commits, minute(1)).await.unwrap();
    let handled = home.store.handled_since(pairs[1].0.id).await.unwrap();
    let expected: Vec<_> = pairs[2..]
        .iter()
        .map(|(mail, (_, pile, cause))| Handled {
            id: mail.id,
            pile: Pile::of_word(pile).unwrap(),
            cause: cause.map(str::to_owned),
        })
        .collect();
    assert_eq!(handled, expected);
    assert_eq!(home.store.waiting().await.unwrap(), 0);
    let again = home.store.commit(&commits[..1], minute(2)).await;
    assert!(matches!(again, Err(StoreError::Stale)), "{again:?}");
}
