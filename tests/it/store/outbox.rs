//! The outbox: each letter is claimed by one, counted before it is tried, and settled once.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use handoffd::referral::letter::Part;
use handoffd::store::Store;
use handoffd::store::note::Note;
use handoffd::store::outbox::state::State;
use handoffd::store::outbox::{Claimed, Queued};
use handoffd::store::records::Commit;

use super::{Home, address, letter, minute, opening, reference};

on_both! {
    the_letter_that_is_due_longest_is_claimed_first
    a_claimed_letter_is_whole_and_its_attempt_is_counted
    two_claimers_never_get_the_same_letter
    nobody_else_gets_a_letter_before_its_lease_ends
    doubts_rise_each_time_a_letter_in_doubt_is_taken_up_again
    a_wait_is_no_attempt
    a_settled_letter_is_never_claimed_again
    a_letter_that_was_settled_meanwhile_waits_no_more
    at_start_claimed_letters_are_free_and_doubtful_ones_wait
    a_spare_letter_is_in_nobodys_way_and_leaves_at_the_next_start
    the_earliest_due_letter_is_known
    a_letter_behind_one_that_somebody_has_is_known
    what_a_wrong_clock_put_off_is_called_back
    letters_are_listed_without_recipient_and_words
    a_warning_counts_once_the_server_took_it
    one_mailbox_has_one_natural_key_however_it_is_written
}

const LEASE: TimeDelta = TimeDelta::minutes(30);

async fn queue(store: &Store, letters: Vec<Queued>) {
    let commit = Commit { letters, ..Commit::default() };
    store.commit(&[commit], minute(0)).await.unwrap();
}

fn due(key: &str, at: i64) -> Queued {
    Queued { send_at: minute(at), ..letter(key, "digest") }
}

fn subjects(claimed: &[Claimed]) -> Vec<String> {
    claimed
        .iter()
        .map(|row| {
            let text = String::from_utf8(row.message.clone()).unwrap();
            text.lines().next().unwrap().trim_start_matches("Subject: ").to_owned()
        })
        .collect()
}

async fn the_letter_that_is_due_longest_is_claimed_first(home: Home) {
    queue(&home.store, vec![due("third", 3), due("first", 1), due("second", 2), due("later", 9)]).await;
    for expected in ["first", "second", "third"] {
        assert_eq!(subjects(&home.store.claim(minute(5), LEASE, 1).await.unwrap()), [expected]);
    }
    assert!(home.store.claim(minute(5), LEASE, 1).await.unwrap().is_empty(), "one is not due yet");
}

async fn a_claimed_letter_is_whole_and_its_attempt_is_counted(home: Home) {
    home.opened(&[1]).await;
    let claimed = home.store.claim(minute(5), LEASE, 10).await.unwrap();
    let row = &claimed[0];
    assert_eq!((row.reference.as_ref(), row.attempts, row.doubts), (Some(&reference(1)), 1, 0));
    assert_eq!((row.kind.as_str(), row.part), ("receipt", Part::Sender));
    assert_eq!((&row.to, row.created_at), (&address("intake@partner.example.org"), minute(0)));
    assert_eq!(row.message, opening(1).records[0].letters[0].message);
    assert_eq!(home.raw.number("SELECT attempts FROM outbox").await, 1);
}

async fn two_claimers_never_get_the_same_letter(home: Home) {
    const LETTERS: usize = 90;
    queue(&home.store, (0..LETTERS).map(|number| due(&format!("letter {number}"), 0)).collect()).await;
    let other = home.again().await;
    let claim_all = async |store: &Store| {
        let mut mine = Vec::new();
        loop {
            let some = store.claim(minute(5), LEASE, 4).await.unwrap();
            if some.is_empty() {
                return mine;
            }
            mine.extend(some.into_iter().map(|row| row.id));
        }
    };
    let (one, two, three) = tokio::join!(claim_all(&home.store), claim_all(&other), claim_all(&other));
    let all: Vec<i64> = [one, two, three].concat();
    assert_eq!(all.len(), LETTERS);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), LETTERS);
}

async fn nobody_else_gets_a_letter_before_its_lease_ends(home: Home) {
    queue(&home.store, vec![due("a", 0)]).await;
    assert_eq!(home.store.claim(minute(0), LEASE, 10).await.unwrap().len(), 1);
    assert!(home.store.claim(minute(29), LEASE, 10).await.unwrap().is_empty());
    let again = home.store.claim(minute(30), LEASE, 10).await.unwrap();
    assert_eq!((again[0].attempts, again[0].doubts), (2, 0), "a claim that ended is no doubt");
}

async fn doubts_rise_each_time_a_letter_in_doubt_is_taken_up_again(home: Home) {
    queue(&home.store, vec![due("a", 0), due("b", 500)]).await;
    for round in 0..4 {
        let now = minute(i64::from(round) * 60);
        let claimed = home.store.claim(now, LEASE, 10).await.unwrap();
        assert_eq!((claimed[0].attempts, claimed[0].doubts), (round + 1, round));
        let note = Note::InDoubt { id: claimed[0].id, again_at: now + TimeDelta::minutes(60) };
        home.store.note(&[note], now).await.unwrap();
        assert!(home.store.claim(now + LEASE, LEASE, 10).await.unwrap().is_empty(), "it waits its time");
    }
}

async fn a_wait_is_no_attempt(home: Home) {
    home.opened(&[1]).await;
    let id = home.store.claim(minute(0), TimeDelta::minutes(5), 1).await.unwrap()[0].id;
    for looked in 1..6 {
        let later = Note::NotBefore { id, at: minute(looked), why: "outside safe hours" };
        home.store.note(&[later], minute(looked)).await.unwrap();
        assert!(home.store.claim(minute(looked - 1), TimeDelta::minutes(5), 1).await.unwrap().is_empty());
        let claimed = home.store.claim(minute(looked), TimeDelta::minutes(5), 1).await.unwrap();
        assert_eq!((claimed[0].id, claimed[0].attempts), (id, 1), "looked at {looked} times, tried never");
    }
    let again = Note::Again { id, at: minute(7), answer: "451".to_owned() };
    home.store.note(&[again], minute(6)).await.unwrap();
    let claimed = home.store.claim(minute(7), TimeDelta::minutes(5), 1).await.unwrap();
    assert_eq!(claimed[0].attempts, 2, "a try is counted");
    assert_eq!(claimed[0].due_at, minute(5), "the last instant it was put off to on purpose");
    let later = Note::Later { id, at: minute(8), why: "the inbox is read first" };
    home.store.note(&[later], minute(7)).await.unwrap();
    let claimed = home.store.claim(minute(8), TimeDelta::minutes(5), 1).await.unwrap();
    assert_eq!(claimed[0].due_at, minute(5), "it is as late as it was");
}

async fn a_settled_letter_is_never_claimed_again(home: Home) {
    queue(&home.store, ["a", "b", "c", "d", "e", "f"].map(|key| due(key, 0)).into()).await;
    let ids: Vec<i64> =
        home.store.claim(minute(0), LEASE, 10).await.unwrap().iter().map(|row| row.id).collect();
    let answer = || "250 taken".to_owned();
    let notes = [
        Note::Sent { id: ids[0], answer: answer() },
        Note::Failed { id: ids[1], answer: "550 5.1.1".to_owned() },
        Note::Held { id: ids[2] },
        Note::Withheld { id: ids[3], why: "stopped" },
        Note::Again { id: ids[4], at: minute(7), answer: "451".to_owned() },
        // In doubt and then sent, in one batch: the later word counts.
        Note::InDoubt { id: ids[5], again_at: minute(9) },
        Note::Sent { id: ids[5], answer: answer() },
    ];
    home.store.note(&notes, minute(1)).await.unwrap();
    let states = home.raw.texts("SELECT state FROM outbox ORDER BY id").await;
    assert_eq!(states, ["sent", "failed", "held", "withheld", "queued", "sent"]);
    let settled = home.raw.numbers("SELECT COALESCE(settled_at, 0) FROM outbox ORDER BY id").await;
    let at = minute(1).timestamp_millis();
    assert_eq!(settled, [at, at, at, at, 0, at]);
    let again = home.store.claim(minute(99_999), LEASE, 10).await.unwrap();
    assert_eq!(subjects(&again), ["e"]);
}

async fn a_letter_that_was_settled_meanwhile_waits_no_more(home: Home) {
    let answer = || "its answer".to_owned();
    let notes: [fn(i64, String) -> Note; 7] = [
        |id, answer| Note::Again { id, at: minute(7), answer },
        |id, _| Note::Later { id, at: minute(7), why: "the inbox is read first" },
        |id, _| Note::NotBefore { id, at: minute(7), why: "outside safe hours" },
        |id, _| Note::InDoubt { id, again_at: minute(7) },
        |id, answer| Note::Failed { id, answer },
        |id, _| Note::Withheld { id, why: "stopped" },
        |id, answer| Note::Sent { id, answer },
    ];
    queue(&home.store, (0..notes.len()).map(|number| due(&format!("letter {number}"), 0)).collect()).await;
    let claimed = home.store.claim(minute(0), LEASE, 10).await.unwrap();
    assert_eq!(home.store.put_back(minute(1)).await.unwrap(), 7);
    let notes: Vec<Note> = claimed.iter().zip(notes).map(|(row, note)| note(row.id, answer())).collect();
    home.store.note(&notes, minute(2)).await.unwrap();
    let states = home.raw.texts("SELECT state FROM outbox ORDER BY id").await;
    // That the server took it is true all the same.
    assert_eq!(states, ["held", "held", "held", "held", "held", "held", "sent"]);
    assert_eq!(home.raw.number("SELECT COUNT(*) FROM outbox WHERE settled_at IS NULL").await, 0);
    assert_eq!(home.raw.number("SELECT CAST(SUM(attempts) AS BIGINT) FROM outbox").await, 7);
    home.raw.run("UPDATE outbox SET state = 'queued' WHERE state = 'held'").await.unwrap_err();
    home.raw.run("UPDATE outbox SET settled_at = NULL").await.unwrap_err();
    let sent = claimed[6].id;
    let notes =
        [Note::Withheld { id: sent, why: "stopped" }, Note::Failed { id: claimed[5].id, answer: answer() }];
    for note in notes {
        home.store.note(&[note], minute(3)).await.unwrap();
    }
    assert_eq!(home.raw.texts("SELECT state FROM outbox ORDER BY id").await, states);
    // Why, of one that was withheld together with its record.
    queue(&home.store, vec![due("unsent", 3)]).await;
    let id = home.store.claim(minute(3), LEASE, 10).await.unwrap()[0].id;
    let unsent = Commit { unsent: vec![(id, State::Withheld)], ..Commit::default() };
    home.store.commit(&[unsent], minute(3)).await.unwrap();
    home.store.note(&[Note::Withheld { id, why: "stopped" }], minute(3)).await.unwrap();
    let why = "SELECT answer FROM outbox WHERE state = 'withheld'";
    assert_eq!(home.raw.texts(why).await, ["stopped"]);
}

async fn at_start_claimed_letters_are_free_and_doubtful_ones_wait(home: Home) {
    queue(&home.store, ["a", "b"].map(|key| due(key, 0)).into()).await;
    let claimed = home.store.claim(minute(0), LEASE, 10).await.unwrap();
    let note = Note::InDoubt { id: claimed[0].id, again_at: minute(240) };
    home.store.note(&[note], minute(0)).await.unwrap();
    home.store.release(minute(1), minute(20)).await.unwrap();
    assert_eq!(subjects(&home.store.claim(minute(1), LEASE, 10).await.unwrap()), ["b"]);
    let doubtful = home.store.claim(minute(20), LEASE, 10).await.unwrap();
    assert_eq!((subjects(&doubtful), doubtful[0].doubts), (vec!["a".to_owned()], 1));
}

async fn a_spare_letter_is_in_nobodys_way_and_leaves_at_the_next_start(home: Home) {
    let spare = format!("{}-1", handoffd::store::outbox::SPARE);
    let to_staff = |key: &str, at| Queued { part: Part::Staff, ..due(key, at) };
    queue(&home.store, vec![to_staff("a", 4), to_staff(&spare, 11)]).await;
    let planned = home.store.last_planned().await.unwrap();
    assert_eq!(planned, Some(minute(4)), "no reminder is put behind it");
    home.store.release(minute(1), minute(20)).await.unwrap();
    assert_eq!(subjects(&home.store.claim(minute(1), LEASE, 10).await.unwrap()), [spare]);
}

async fn the_earliest_due_letter_is_known(home: Home) {
    assert_eq!(home.store.next_letter().await.unwrap(), None);
    queue(&home.store, vec![due("b", 4), due("a", 2)]).await;
    assert_eq!(home.store.next_letter().await.unwrap(), Some(minute(2)));
    let claimed = home.store.claim(minute(2), TimeDelta::minutes(1), 1).await.unwrap();
    assert_eq!(home.store.next_letter().await.unwrap(), Some(minute(3)), "the end of the lease");
    home.store.note(&[Note::Held { id: claimed[0].id }], minute(3)).await.unwrap();
    assert_eq!(home.store.next_letter().await.unwrap(), Some(minute(4)));
}

async fn a_letter_behind_one_that_somebody_has_is_known(home: Home) {
    queue(&home.store, vec![due("a", 0), due("b", 1), due("c", 20), due("d", 50)]).await;
    let claimed = home.store.claim(minute(1), LEASE, 10).await.unwrap();
    assert_eq!(subjects(&claimed), ["a", "b"]);
    assert_eq!(home.store.next_letter().await.unwrap(), Some(minute(20)), "sooner than the end of the lease");
    let third = home.store.claim(minute(20), LEASE, 10).await.unwrap();
    assert_eq!(subjects(&third), ["c"]);
    assert_eq!(home.store.next_letter().await.unwrap(), Some(minute(31)), "sooner than the next that is due");
    let doubt = Note::InDoubt { id: claimed[0].id, again_at: minute(25) };
    home.store.note(&[doubt], minute(20)).await.unwrap();
    assert_eq!(home.store.next_letter().await.unwrap(), Some(minute(25)));
}

async fn what_a_wrong_clock_put_off_is_called_back(home: Home) {
    const FAR: i64 = 1_000_000;
    queue(&home.store, vec![due("claimed", 0), due("planned", FAR)]).await;
    assert_eq!(home.store.claim(minute(FAR - 1), LEASE, 1).await.unwrap().len(), 1);
    home.store.call_back(minute(100), minute(2)).await.unwrap();
    assert!(home.store.claim(minute(1), LEASE, 10).await.unwrap().is_empty());
    assert_eq!(home.store.claim(minute(2), LEASE, 10).await.unwrap().len(), 2);
}

async fn letters_are_listed_without_recipient_and_words(home: Home) {
    home.opened(&[1]).await;
    queue(&home.store, vec![due("loose", 0)]).await;
    let lines = home.store.letters_since(0).await.unwrap();
    let shown: Vec<_> = lines
        .iter()
        .map(|line| (line.reference.clone(), line.kind.as_str(), line.part.name(), line.state.word()))
        .collect();
    assert_eq!(
        shown,
        [(Some(reference(1)), "receipt", "sender", "queued"), (None, "digest", "sender", "queued")]
    );
    assert_eq!(home.store.letters_since(lines[0].id).await.unwrap(), lines[1..]);
}

async fn a_warning_counts_once_the_server_took_it(home: Home) {
    let mut commits = vec![opening(1), opening(2), opening(3)];
    for (number, commit) in commits.iter_mut().enumerate().take(2) {
        commit.records[0].letters = vec![
            due(&format!("{number} to the owner"), 0),
            due(&format!("{number} to the workflow owner"), 0),
        ];
        for warning in &mut commit.records[0].letters {
            warning.kind = "final-warning";
        }
    }
    home.store.commit(&commits, minute(0)).await.unwrap();
    let claimed = home.store.claim(minute(0), LEASE, 10).await.unwrap();
    let of_first: Vec<&Claimed> = claimed.iter().filter(|row| row.reference == Some(reference(1))).collect();
    let all = [reference(1), reference(2), reference(3)];
    assert!(home.store.warnings_sent(&all).await.unwrap().is_empty());
    for (row, at) in of_first.iter().zip([8, 5]) {
        let note = Note::Sent { id: row.id, answer: "250".to_owned() };
        home.store.note(&[note], minute(at)).await.unwrap();
    }
    let sent = home.store.warnings_sent(&all).await.unwrap();
    assert_eq!(sent.into_iter().collect::<Vec<_>>(), [(reference(1).to_string(), minute(8))]);
    assert!(home.store.warnings_sent(&[]).await.unwrap().is_empty());
    // In a letter about many it counts once that letter is sent, and for those it names only.
    let mut among_many = Commit { letters: vec![due("summary", 9)], ..Commit::default() };
    let key = among_many.letters[0].natural_key.clone();
    among_many.warnings =
        vec![(key.clone(), reference(1)), (key, reference(3)), ("lost".into(), reference(2))];
    home.store.commit(&[among_many], minute(9)).await.unwrap();
    let before = home.store.warnings_sent(&all).await.unwrap();
    assert_eq!(before.get(reference(3).as_str()), None, "not sent yet");
    let claimed = home.store.claim(minute(9), LEASE, 10).await.unwrap();
    let summary = claimed.iter().find(|row| row.reference.is_none()).unwrap();
    let note = Note::Sent { id: summary.id, answer: "250".to_owned() };
    home.store.note(&[note], minute(11)).await.unwrap();
    let sent = home.store.warnings_sent(&all).await.unwrap();
    let expected = [(reference(1).to_string(), minute(11)), (reference(3).to_string(), minute(11))];
    assert_eq!(sent.into_iter().collect::<std::collections::BTreeSet<_>>(), expected.into_iter().collect());
}

async fn one_mailbox_has_one_natural_key_however_it_is_written(home: Home) {
    let key = |to: &str| home.store.natural_key("R-1", "receipt", "0", &address(to));
    assert_eq!(key("Ana@example.org"), key("ana@EXAMPLE.org"));
    assert_ne!(key("ana@example.org"), key("bea@example.org"));
    assert!(!key("ana@example.org").contains("ana"), "the key is stored in clear");
}
