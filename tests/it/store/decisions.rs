//! One decision, one transaction: everything of it is written, or nothing.

use handoffd::referral::disposition::Disposition;
use handoffd::referral::record::FactKind;
use handoffd::referral::roster::{Absence, StaffId};
use handoffd::store::StoreError;
use handoffd::store::records::{Commit, Saved};
use handoffd::store::spool::Position;

use super::{Home, changing, fact, incoming, letter, minute, opening, reference, saved, settled, settling};

on_both! {
    one_decision_writes_all_its_rows
    a_batch_with_one_stale_record_writes_nothing
    a_step_that_fails_takes_back_the_steps_before
    a_reference_that_is_taken_is_stale
    a_mail_that_is_settled_already_is_stale
    a_letter_is_queued_once
    a_letter_with_the_message_id_of_another_is_not_lost_in_silence
    of_two_writers_one_wins
    history_is_numbered_without_gaps
    more_decisions_than_one_statement_holds_are_written
    a_mail_about_a_referral_is_linked_to_it
    the_newest_word_of_each_about_being_away_is_kept
}

fn is_stale(result: &Result<(), StoreError>) -> bool {
    matches!(result, Err(StoreError::Stale))
}

async fn one_decision_writes_all_its_rows(home: Home) {
    let mail = home.arrived(&["a"]).await[0].id;
    let commit = Commit {
        mail: Some(settled(mail, Disposition::Referral)),
        records: vec![saved(1), saved(2)],
        letters: vec![letter("digest/1", "digest")],
        ..Commit::default()
    };
    home.store.commit(&[commit], minute(5)).await.unwrap();
    assert_eq!(home.rows().await, [2, 4, 2, 3, 0, 2]);
    let linked = "SELECT r.reference FROM mail m JOIN referral r ON r.id = m.referral_id";
    assert_eq!(home.raw.texts(linked).await, [reference(1).as_str()]);
    assert_eq!(home.raw.number("SELECT handled_at FROM mail").await, minute(5).timestamp_millis());
    let stored = home.store.load(&[reference(2), reference(1), reference(3)]).await.unwrap();
    assert_eq!(
        stored.iter().map(|stored| &stored.referral).collect::<Vec<_>>(),
        [&saved(1).referral, &saved(2).referral]
    );
    assert_eq!(home.store.history(&stored[0]).await.unwrap(), saved(1).facts);
}

async fn a_batch_with_one_stale_record_writes_nothing(home: Home) {
    let stored = home.opened(&[1, 2]).await;
    let mail = home.arrived(&["a"]).await[0].id;
    home.again().await.commit(&[changing(&stored[1], "Meanwhile.")], minute(1)).await.unwrap();
    let before = home.rows().await;
    let mut first = changing(&stored[0], "Fine by itself.");
    first.mail = Some(settled(mail, Disposition::Command));
    first.letters = vec![letter("loose", "digest")];
    let batch = [opening(3), first, changing(&stored[1], "Too late.")];
    let refused = home.store.commit(&batch, minute(2)).await;
    assert!(is_stale(&refused), "{refused:?}");
    assert_eq!(home.rows().await, before);
    home.store.commit(&batch[..2], minute(3)).await.unwrap();
}

async fn a_step_that_fails_takes_back_the_steps_before(home: Home) {
    let stored = home.opened(&[1]).await;
    let mail = home.arrived(&["a"]).await[0].id;
    let before = home.rows().await;
    let batch = || {
        let mut commits = vec![changing(&stored[0], "A note."), opening(2)];
        commits[1].mail = Some(settled(mail, Disposition::Referral));
        commits[1].unheard = vec![b"somebody".to_vec()];
        commits
    };
    for table in ["referral", "history", "person", "outbox", "unheard"] {
        home.raw.refuse_rows(table).await;
        let refused = home.store.commit(&batch(), minute(1)).await;
        home.raw.accept_rows(table).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{table}: {refused:?}");
        assert_eq!(home.rows().await, before, "{table}");
    }
    home.store.commit(&batch(), minute(2)).await.unwrap();
}

async fn a_reference_that_is_taken_is_stale(home: Home) {
    home.opened(&[1]).await;
    let before = home.rows().await;
    for batch in [vec![opening(2), opening(1)], vec![opening(3), opening(3)]] {
        let refused = home.store.commit(&batch, minute(1)).await;
        assert!(is_stale(&refused), "{refused:?}");
        assert_eq!(home.rows().await, before);
    }
}

async fn a_mail_that_is_settled_already_is_stale(home: Home) {
    let taken = home.arrived(&["a", "b"]).await;
    home.store.commit(&[settling(taken[0].id, Disposition::Reply)], minute(1)).await.unwrap();
    let before = home.rows().await;
    for mails in [vec![taken[1].id, taken[0].id], vec![taken[1].id, taken[1].id], vec![999]] {
        let mut batch: Vec<Commit> =
            mails.iter().map(|mail| settling(*mail, Disposition::AutoReply)).collect();
        batch.push(opening(1));
        let refused = home.store.commit(&batch, minute(2)).await;
        assert!(is_stale(&refused), "{mails:?}: {refused:?}");
        assert_eq!(home.rows().await, before, "{mails:?}");
    }
}

async fn a_letter_is_queued_once(home: Home) {
    let stored = home.opened(&[1]).await;
    let with_letters = |letters| {
        let mut commit = changing(&stored[0], "Again.");
        commit.records[0].letters = letters;
        commit
    };
    let mut same = letter(&saved(1).letters[0].natural_key, "receipt");
    same.message = b"Subject: rendered again\r\n\r\n".to_vec();
    let letters = vec![same, letter("once", "reminder"), letter("once", "reminder")];
    home.store.commit(&[with_letters(letters)], minute(1)).await.unwrap();
    let claimed = home.store.claim(minute(9), chrono::TimeDelta::minutes(1), 10).await.unwrap();
    let messages: Vec<_> = claimed.iter().map(|letter| &letter.message).collect();
    assert_eq!(messages, [&saved(1).letters[0].message, &letter("once", "reminder").message]);
}

async fn a_letter_with_the_message_id_of_another_is_not_lost_in_silence(home: Home) {
    home.opened(&[1]).await;
    let before = home.rows().await;
    let mut clash = letter("another letter", "digest");
    clash.message_id.clone_from(&saved(1).letters[0].message_id);
    let commit = Commit { letters: vec![clash], ..Commit::default() };
    home.store.commit(&[commit], minute(1)).await.unwrap_err();
    assert_eq!(home.rows().await, before);
}

async fn of_two_writers_one_wins(home: Home) {
    let other = home.again().await;
    home.opened(&[1]).await;
    for round in 0..20 {
        let stored = home.store.load(&[reference(1)]).await.unwrap().remove(0);
        let (ours, theirs) = (changing(&stored, "Ours."), changing(&stored, "Theirs."));
        let (ours, theirs) = (std::slice::from_ref(&ours), std::slice::from_ref(&theirs));
        let (one, two) =
            tokio::join!(home.store.commit(ours, minute(round)), other.commit(theirs, minute(round)));
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        assert!(is_stale(&one) || is_stale(&two), "{one:?} {two:?}");
    }
    assert_eq!(home.raw.number("SELECT version FROM referral").await, 21);
    assert_eq!(home.raw.numbers("SELECT seq FROM history ORDER BY seq").await, (1..=22).collect::<Vec<_>>());
}

async fn history_is_numbered_without_gaps(home: Home) {
    home.opened(&[1, 2]).await;
    for facts in [3, 0, 1] {
        for stored in home.store.load(&[reference(1), reference(2)]).await.unwrap() {
            let facts = (0..facts).map(|at| fact(FactKind::Noted, &format!("Note {at}."))).collect();
            let referral = stored.referral.clone();
            let saved =
                Saved { before: Some(stored), referral, facts, persons: Vec::new(), letters: Vec::new() };
            let commit = Commit { records: vec![saved], ..Commit::default() };
            home.store.commit(&[commit], minute(1)).await.unwrap();
        }
    }
    for stored in home.store.load(&[reference(1), reference(2)]).await.unwrap() {
        let words: Vec<String> =
            home.store.history(&stored).await.unwrap().into_iter().map(|fact| fact.words).collect();
        assert_eq!(words, ["It came.", "Ana owns it.", "Note 0.", "Note 1.", "Note 2.", "Note 0."]);
    }
    let numbers = home.raw.numbers("SELECT seq FROM history ORDER BY referral_id, seq").await;
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6]);
    assert_eq!(home.raw.numbers("SELECT facts FROM referral").await, [6, 6]);
}

async fn more_decisions_than_one_statement_holds_are_written(home: Home) {
    const MANY: u64 = 1_050;
    let origins: Vec<String> = (0..MANY).map(|number| number.to_string()).collect();
    let mails: Vec<_> = origins.iter().map(|origin| incoming(origin)).collect();
    home.store.spool("inbox", Position::default(), &mails, minute(0)).await.unwrap();
    let taken = home.store.take_waiting(2_000).await.unwrap();
    let commits: Vec<Commit> = taken
        .iter()
        .zip(0..)
        .map(|(mail, number)| Commit {
            mail: Some(settled(mail.id, Disposition::Referral)),
            ..opening(number)
        })
        .collect();
    home.store.commit(&commits, minute(1)).await.unwrap();
    let many = MANY.cast_signed();
    assert_eq!(home.rows().await, [many, 2 * many, many, many, 0, many]);
    let crossed = "SELECT COUNT(*) FROM mail m JOIN referral r ON r.id = m.referral_id WHERE m.id <> r.id";
    assert_eq!(home.raw.number(crossed).await, 0, "each mail is linked to its own referral");
}

async fn a_mail_about_a_referral_is_linked_to_it(home: Home) {
    let stored = home.opened(&[1, 2]).await;
    let taken = home.arrived(&["a", "b", "c"]).await;
    let mut about = settling(taken[0].id, Disposition::AutoReply);
    about.mail.as_mut().unwrap().about = Some(reference(2));
    let mut unknown = settling(taken[1].id, Disposition::AutoReply);
    unknown.mail.as_mut().unwrap().about = Some(reference(99));
    let mut changed = changing(&stored[0], "A reply.");
    changed.mail = Some(settled(taken[2].id, Disposition::Reply));
    home.store.commit(&[about, unknown, changed], minute(1)).await.unwrap();
    let linked = "SELECT COALESCE(referral_id, 0) FROM mail ORDER BY id";
    assert_eq!(home.raw.numbers(linked).await, [2, 0, 1]);
}

async fn the_newest_word_of_each_about_being_away_is_kept(home: Home) {
    let absence = |staff: &str, until: i64, settings_said: Option<i64>| Absence {
        staff: StaffId(staff.to_owned()),
        until: minute(until),
        settings_said: settings_said.map(minute),
        by_host: staff == "ana",
    };
    assert_eq!(home.store.absences().await.unwrap(), []);
    let said = [absence("bea", 90, None), absence("ana", 60, Some(5)), absence("bea", 30, Some(7))];
    for (at, absence) in (1..).zip(&said) {
        let commit = Commit { absence: Some(absence.clone()), ..Commit::default() };
        home.store.commit(&[commit], minute(at)).await.unwrap();
    }
    let [_, ana, bea] = said;
    assert_eq!(home.store.absences().await.unwrap(), [ana.clone(), bea.clone()]);
    assert_eq!(home.again().await.absences().await.unwrap(), [ana, bea], "another process reads the same");
    let stale = Commit {
        absence: Some(absence("ana", 99, None)),
        mail: Some(settled(1_000_000, Disposition::Command)),
        ..Commit::default()
    };
    assert!(is_stale(&home.store.commit(&[stale], minute(9)).await));
    assert_eq!(home.store.absences().await.unwrap()[0].until, minute(60), "all or nothing");
}
