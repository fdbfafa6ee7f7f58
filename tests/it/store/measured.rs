//! What the measures read: everything of a time, page by page, on either database.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use handoffd::referral::letter::Part;
use handoffd::referral::reference::Reference;
use handoffd::store::note::Note;
use handoffd::store::outbox::Claimed;

use super::{Home, Raw, minute, opening, reference};

on_both! {
    what_was_received_in_a_time_is_read_once_whatever_the_page
    a_record_that_cannot_be_read_is_counted_and_hides_no_other
}

/// The numbers of what was received in a time, with how many lines their histories have, and how many could not be
/// read.
async fn read(home: &Home, minutes: (i64, i64), most: u32) -> (Vec<(Reference, usize)>, u64) {
    let (mut read, mut unreadable, mut last) = (Vec::new(), 0, None);
    loop {
        let time = (minute(minutes.0), minute(minutes.1));
        let page = home.store.received_between(time, last.as_ref(), most).await.unwrap();
        if page.is_empty() {
            return (read, unreadable);
        }
        unreadable += page.unreadable;
        read.extend(page.lived.iter().map(|(one, facts)| (one.referral.reference.clone(), facts.len())));
        last = Some(page);
    }
}

async fn what_was_received_in_a_time_is_read_once_whatever_the_page(home: Home) {
    let commits: Vec<_> = (1..=7)
        .map(|number| {
            let mut commit = opening(number);
            commit.records[0].referral.received_at = minute(i64::try_from(number).unwrap());
            commit
        })
        .collect();
    home.store.commit(&commits, minute(9)).await.unwrap();
    for most in [1, 2, 4, 5, 500] {
        let expected: Vec<_> = (2..=6).map(|number| (reference(number), 2)).collect();
        assert_eq!(read(&home, (2, 7), most).await, (expected, 0), "{most}");
    }
    assert_eq!(read(&home, (8, 9), 2).await, (Vec::new(), 0));
    // Of the letters of a time those count that the mail server took.
    let claimed = home.store.claim(minute(10), TimeDelta::minutes(30), 3).await.unwrap();
    let sent = |letter: &Claimed| Note::Sent { id: letter.id, answer: "250 ok".to_owned() };
    let sent: Vec<Note> = claimed.iter().map(sent).collect();
    home.store.note(&sent, minute(11)).await.unwrap();
    let one = vec![(Part::Sender, 1)];
    let expected: BTreeMap<String, _> =
        (2..=3).map(|number| (reference(number).to_string(), one.clone())).collect();
    assert_eq!(home.store.letters_taken(minute(2), minute(7)).await.unwrap(), expected);
}

async fn a_record_that_cannot_be_read_is_counted_and_hides_no_other(home: Home) {
    home.opened(&[1, 2, 3, 4]).await;
    let other = "(SELECT o.record FROM referral o WHERE o.id = 1)";
    home.raw.run(&format!("UPDATE referral SET record = {other} WHERE id = 4")).await.unwrap();
    let other = "(SELECT o.words FROM history o WHERE o.referral_id = 1 AND o.seq = 1)";
    let guard = match &home.raw {
        Raw::Sqlite(_) => "DROP TRIGGER history_is_never_changed",
        Raw::Postgres(_) => "DROP TRIGGER history_is_never_changed ON history",
    };
    home.raw.run(guard).await.unwrap();
    let damage = format!("UPDATE history SET words = {other} WHERE referral_id = 2 AND seq = 1");
    home.raw.run(&damage).await.unwrap();
    for most in [1, 2, 500] {
        assert_eq!(
            read(&home, (0, 1), most).await,
            (vec![(reference(1), 2), (reference(3), 2)], 2),
            "{most}"
        );
    }
}
