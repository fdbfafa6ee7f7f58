//! One of several people in a mail is forgotten: nothing of theirs is left that any key still opens, and the others'
//! records are whole.

use handoffd::referral::disposition::{Disposition, Likeness};
use handoffd::referral::letter::Part;
use handoffd::referral::packet::{Confidence, Field, Found, Judged};
use handoffd::referral::record::{FactKind, NextAction, Status};
use handoffd::store::forget::{Before, Forgetting};
use handoffd::store::records::{Commit, Saved};
use handoffd::store::seal::SealError;
use handoffd::store::spool::{Incoming, Position};
use handoffd::store::{Store, StoreError};

use super::keeping::newest_key;
use super::sealed::{everything_at_rest, holds};
use super::{Home, Postgres, Raw, address, fact, incoming, keys, letter, minute, reference, saved, settled};

on_both! {
    whoever_of_a_mail_is_forgotten_is_nowhere_and_the_others_are_whole
    a_copy_that_comes_after_is_forgotten_too
    a_copy_that_waits_is_not_read_any_more
    a_hold_on_one_keeps_the_mail_of_all
    the_hold_of_the_second_keeps_the_mail_when_its_time_is_over
    what_lists_all_people_of_a_mail_goes_with_any_of_them
    a_stop_that_nobody_can_read_is_not_forgotten
}

const WORDS: [&str; 3] = ["Qanaryone", "Qanarytwo", "Qanarythree"];

/// A person whose every value is their own word.
fn person(number: u64, word: &str) -> Saved {
    let mut saved = saved(number);
    for field in Field::ALL {
        let value = format!("{word} {}", field.key());
        let judged = Judged::Text;
        saved.referral.packet.put(
            field,
            Found { value, judged, confidence: Confidence::High, place: "text line 1".to_owned() },
        );
    }
    saved.facts = vec![fact(FactKind::Noted, &format!("{word} called."))];
    let mut to_client = letter(&format!("{number}/client"), "client-confirmation");
    to_client.part = Part::Client;
    to_client.to = address(&format!("{word}@client.example.org"));
    to_client.message = format!("To: {word}@client.example.org\r\n\r\nHello\r\n").into_bytes();
    saved.letters = vec![to_client];
    saved
}

fn of_all() -> Incoming {
    let mut mail = incoming("inbox/1/1");
    mail.raw = format!("Subject: three people\r\n\r\n{}\r\n", WORDS.join(", ")).into_bytes();
    mail
}

/// One mail with three people, and the same bytes once more; the receipt that lists all hangs on the first.
async fn with_three(home: &Home) {
    let copy = Incoming { origin: "inbox/1/2".to_owned(), ..of_all() };
    home.store.spool("inbox", Position::default(), &[of_all(), copy], minute(0)).await.unwrap();
    let taken = home.store.take_waiting(9).await.unwrap();
    let mut records: Vec<Saved> = (1..).zip(WORDS).map(|(number, word)| person(number, word)).collect();
    let mut receipt = letter("1/receipt", "receipt");
    receipt.message = format!("Your numbers: {}\r\n", WORDS.join(", ")).into_bytes();
    records[0].letters.push(receipt);
    let opening =
        Commit { mail: Some(settled(taken[0].id, Disposition::Referral)), records, ..Commit::default() };
    let again = settled(taken[1].id, Disposition::Duplicate(Likeness::Bytes));
    let copied = Commit { mail: Some(again), ..Commit::default() };
    home.store.commit(&[opening, copied], minute(1)).await.unwrap();
}

/// Everything in the tables that the keys still open, and every text that needs none.
async fn everything_that_opens(home: &Home) -> String {
    let keys = keys(7);
    let mut all = String::new();
    let mut add = |place: &str, key: Option<Vec<u8>>, within: &str, sealed: &[u8]| {
        if let Ok(key) = keys.open_key(place, key.as_deref())
            && let Ok(opened) = key.open(within, sealed)
        {
            all.push_str(&String::from_utf8_lossy(&opened));
        }
    };
    for (origin, key, raw) in
        home.raw.sealed("SELECT origin, data_key, raw FROM mail JOIN mail_raw ON mail_id = id").await
    {
        add(&format!("mail:{origin}"), key, &format!("mail:raw:{origin}"), &raw);
    }
    for (name, key, record) in home.raw.sealed("SELECT reference, data_key, record FROM referral").await {
        add(&format!("referral:{name}"), key, &format!("referral:record:{name}"), &record);
    }
    let letters = "SELECT r.reference || ' ' || o.natural_key, r.data_key, p.parcel FROM outbox o \
                   JOIN outbox_parcel p ON p.outbox_id = o.id JOIN referral r ON r.id = o.referral_id";
    for (names, key, parcel) in home.raw.sealed(letters).await {
        let (name, natural_key) = names.split_once(' ').unwrap();
        add(&format!("referral:{name}"), key, &format!("outbox:parcel:{natural_key}"), &parcel);
    }
    for stored in home.store.list(true, 10).await.unwrap() {
        for fact in home.store.history(&stored).await.unwrap() {
            all.push_str(&fact.words);
        }
    }
    all
}

impl Raw {
    async fn sealed(&self, sql: &'static str) -> Vec<(String, Option<Vec<u8>>, Vec<u8>)> {
        match self {
            Raw::Sqlite(pool) => sqlx::query_as(sql).fetch_all(pool).await.unwrap(),
            Raw::Postgres(pool) => sqlx::query_as(sql).fetch_all(pool).await.unwrap(),
        }
    }

    /// The keys of all records and mails, and how each sealed value begins.
    async fn needles(&self) -> Vec<Vec<u8>> {
        let mut needles: Vec<Vec<u8>> = Vec::new();
        for sql in [
            "SELECT '', data_key, record FROM referral",
            "SELECT '', data_key, raw FROM mail JOIN mail_raw ON mail_id = id",
        ] {
            for (_, key, sealed) in self.sealed(sql).await {
                needles.extend(key);
                needles.push(sealed.chunks(24).next().unwrap().to_vec());
            }
        }
        needles
    }
}

async fn whoever_of_a_mail_is_forgotten_is_nowhere_and_the_others_are_whole(home: Home) {
    with_three(&home).await;
    let before = everything_that_opens(&home).await;
    assert!(WORDS.iter().all(|word| before.matches(word).count() > 40), "the search finds what is there");
    // The middle one, then the first, on whom the mail and the receipt hang, then the last.
    for (step, number) in [2_u64, 1, 3].into_iter().enumerate() {
        let name = reference(number);
        let done = home.store.forget(&name, "host", minute(2)).await.unwrap();
        assert_eq!(done, Forgetting::Done);
        let after = everything_that_opens(&home).await;
        for (place, word) in WORDS.into_iter().enumerate() {
            let gone = [2, 1, 3][..=step].contains(&(place + 1));
            assert_eq!(after.contains(word), !gone, "{word} after {step}");
            let others = home.store.load(&[reference(place as u64 + 1)]).await.unwrap();
            if !gone {
                let whole = person(place as u64 + 1, word);
                assert_eq!(others[0].referral, whole.referral);
                assert_eq!(home.store.history(&others[0]).await.unwrap(), whole.facts);
            }
        }
        let bytes = everything_at_rest(&home);
        assert!(WORDS.iter().all(|word| !holds(&bytes, word)), "the files, or the dump");
        let findings = home.store.verify().await.unwrap();
        assert_eq!(findings.wrong, Vec::<String>::new());
        let renamed = "SELECT COUNT(*) FROM outbox WHERE part = 'client' AND natural_key LIKE 'forgotten:%'";
        assert_eq!(home.raw.number(renamed).await, 1 + i64::try_from(step).unwrap());
        let with_digest = home
            .raw
            .number("SELECT COUNT(*) FROM outbox WHERE part = 'client' AND length(recipient_digest) > 0");
        assert_eq!(with_digest.await, 2 - i64::try_from(step).unwrap());
    }
    assert_eq!(home.raw.number("SELECT COUNT(*) FROM referral").await, 3, "the figures stay");
}

async fn a_copy_that_comes_after_is_forgotten_too(home: Home) {
    with_three(&home).await;
    home.store.forget(&reference(3), "host", minute(2)).await.unwrap();
    let later = Incoming { origin: "inbox/2/1".to_owned(), ..of_all() };
    home.store.spool("inbox", Position::default(), &[later], minute(3)).await.unwrap();
    let taken = home.store.take_waiting(9).await.unwrap();
    let again = settled(taken[0].id, Disposition::Duplicate(Likeness::Bytes));
    home.store.commit(&[Commit { mail: Some(again), ..Commit::default() }], minute(4)).await.unwrap();
    assert!(!everything_that_opens(&home).await.contains(WORDS[2]));
    assert_eq!(home.store.verify().await.unwrap().wrong, Vec::<String>::new());
}

async fn a_copy_that_waits_is_not_read_any_more(home: Home) {
    with_three(&home).await;
    let later = Incoming { origin: "inbox/2/1".to_owned(), ..of_all() };
    home.store.spool("inbox", Position::default(), &[later], minute(1)).await.unwrap();
    home.store.forget(&reference(3), "host", minute(2)).await.unwrap();
    assert_eq!(home.store.waiting().await.unwrap(), 0);
    assert!(!everything_that_opens(&home).await.contains(WORDS[2]));
    assert_eq!(home.store.verify().await.unwrap().wrong, Vec::<String>::new());
}

async fn a_hold_on_one_keeps_the_mail_of_all(home: Home) {
    with_three(&home).await;
    home.store.place_hold(&reference(2), "maria", minute(2)).await.unwrap();
    for number in [1, 2, 3] {
        let kept = home.store.forget(&reference(number), "host", minute(3)).await.unwrap();
        assert!(matches!(kept, Forgetting::Kept(hold) if hold.by == "maria"), "{number}");
    }
    home.store.lift_hold(&reference(2), "sam", minute(4)).await.unwrap();
    assert_eq!(home.store.forget(&reference(1), "host", minute(5)).await.unwrap(), Forgetting::Done);
}

async fn the_hold_of_the_second_keeps_the_mail_when_its_time_is_over(home: Home) {
    with_three(&home).await;
    home.store.place_hold(&reference(2), "maria", minute(2)).await.unwrap();
    let before = Before { raw_mail: Some(minute(9)), ..Before::default() };
    while home.store.purge_some(before, minute(10)).await.unwrap().mails > 0 {}
    assert!(home.store.raw(1).await.unwrap().is_some(), "the mail of the held one");
    home.store.lift_hold(&reference(2), "sam", minute(11)).await.unwrap();
    home.store.purge_some(before, minute(12)).await.unwrap();
    assert!(home.store.raw(1).await.is_err());
}

async fn what_lists_all_people_of_a_mail_goes_with_any_of_them(home: Home) {
    with_three(&home).await;
    let listing = ["receipt", "neutral-receipt", "already-have"];
    let letters = listing.map(|kind| {
        let mut letter = letter(&format!("1/{kind}/later"), kind);
        letter.message = format!("You have them already: {}\r\n", WORDS.join(", ")).into_bytes();
        letter
    });
    let first = home.store.load(&[reference(1)]).await.unwrap().remove(0);
    let referral = first.referral.clone();
    let facts = vec![fact(FactKind::SentAgain, "It came again.")];
    let saved = Saved { before: Some(first), referral, facts, persons: Vec::new(), letters: letters.into() };
    home.store.commit(&[Commit { records: vec![saved], ..Commit::default() }], minute(2)).await.unwrap();
    let listed = "SELECT COUNT(*) FROM outbox WHERE natural_key LIKE '1/%/later' AND kept = 1";
    assert_eq!(home.raw.number(listed).await, 3);
    home.store.forget(&reference(3), "host", minute(3)).await.unwrap();
    assert_eq!(home.raw.number(listed).await, 0);
    let after = everything_that_opens(&home).await;
    assert!(!after.contains(WORDS[2]) && after.contains(WORDS[0]));
    let waiting = "SELECT COUNT(*) FROM outbox WHERE natural_key LIKE '1/%/later' AND state = 'queued'";
    assert_eq!(home.raw.number(waiting).await, 0, "what had not left does not leave");
}

async fn a_stop_that_nobody_can_read_is_not_forgotten(home: Home) {
    let said = |number: u64, kinds: &[FactKind], is_stopped: bool| {
        let mut saved = saved(number);
        saved.facts = kinds.iter().map(|kind| fact(*kind, "said")).collect();
        saved.referral.stopped = is_stopped;
        saved.referral.status = Status::Closed { reason: "done".to_owned() };
        (saved.referral.next_action, saved.referral.look_at) = (NextAction::Nothing, None);
        Commit { records: vec![saved], ..Commit::default() }
    };
    let (stop, taken_back) = (FactKind::Stopped, FactKind::Allowed);
    let commits = [
        said(1, &[FactKind::Received, stop], true),
        // No line of its history says so: it bounced as unsafe to contact.
        said(2, &[FactKind::Received, stop, taken_back, FactKind::Bounced], true),
        said(3, &[FactKind::Received, stop, taken_back], false),
        said(4, &[FactKind::Received], false),
    ];
    home.store.commit(&commits, minute(1)).await.unwrap();
    // A key that is not in the key file may come back.
    let without = Store::open(&home.place, newest_key()).await.unwrap();
    let refused = without.forget(&reference(1), "host", minute(2)).await.unwrap_err();
    assert!(matches!(refused, StoreError::Seal(SealError::UnknownKey(1))), "{refused}");
    home.raw.run("UPDATE referral SET record = substr(record, 1, 40)").await.unwrap();
    let kept = "SELECT COUNT(*) FROM referral WHERE data_key IS NOT NULL";
    for number in [1, 2] {
        let done = home.store.forget(&reference(number), "host", minute(3)).await.unwrap();
        assert_eq!(done, Forgetting::StopUnread, "{number}");
    }
    assert_eq!(home.raw.number(kept).await, 4);
    let before = Before { closed: Some(minute(90)), ..Before::default() };
    let blind = without.purge_some(before, minute(99)).await.unwrap();
    assert_eq!((blind.referrals, blind.stuck), (0, 4), "and hold up nothing else");
    assert_eq!(home.store.purge_some(before, minute(100)).await.unwrap().referrals, 2, "nor for their age");
    let left = home.store.purge_some(before, minute(100)).await.unwrap();
    assert!(left.is_nothing() && left.stuck == 2, "{left:?}");
    assert_eq!(
        home.raw.numbers("SELECT id FROM referral WHERE data_key IS NOT NULL ORDER BY id").await,
        [1, 2]
    );
    assert_eq!(home.store.forget(&reference(3), "host", minute(101)).await.unwrap(), Forgetting::Already);
}

/// Every byte of the files under a folder, file by file.
fn bytes_of(folder: &std::path::Path) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            all.extend(bytes_of(&entry.path()));
        } else {
            all.extend(std::fs::read(entry.path()));
        }
    }
    all
}

fn lies_in(files: &[Vec<u8>], needle: &[u8]) -> bool {
    files.iter().any(|bytes| memchr::memmem::find(bytes, needle).is_some())
}

/// The log of PostgreSQL may keep a sealed key of the forgotten for long; what ends it is a rotation, after which
/// nobody keeps the old key of the key file.
#[tokio::test]
async fn p23_p27_a_base_backup_of_postgresql_names_nobody_and_after_a_rotation_opens_no_more() {
    let home = Home::postgres().await;
    with_three(&home).await;
    let wrapped = home.raw.sealed("SELECT reference, data_key, record FROM referral").await;
    for number in 1..=3 {
        home.store.forget(&reference(number), "host", minute(2)).await.unwrap();
    }
    home.store.scrub().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    Postgres::base_backup(&folder.path().join("backup"));
    let files = bytes_of(&folder.path().join("backup"));
    for word in WORDS {
        assert!(!lies_in(&files, word.as_bytes()), "{word}");
    }
    let (with_old, without) = (super::keeping::two_keys(), super::keeping::newest_key());
    assert_eq!(wrapped.len(), 3);
    for (place, key, _) in wrapped {
        let key = key.unwrap();
        let place = format!("referral:{place}");
        assert!(with_old.open_key(&place, Some(&key)).is_ok(), "which the old key opens");
        assert!(matches!(without.open_key(&place, Some(&key)), Err(SealError::UnknownKey { .. })));
    }
}

#[tokio::test]
async fn p27_the_files_of_sqlite_hold_neither_the_keys_nor_the_sealed_bytes_of_the_forgotten() {
    let home = Home::sqlite().await;
    with_three(&home).await;
    let needles = home.raw.needles().await;
    let before = bytes_of(home.folder.path());
    assert!(needles.len() >= 10 && needles.iter().all(|needle| lies_in(&before, needle)));
    for number in 1..=3 {
        home.store.forget(&reference(number), "host", minute(2)).await.unwrap();
    }
    let unscrubbed = bytes_of(home.folder.path());
    assert!(needles.iter().any(|needle| lies_in(&unscrubbed, needle)), "the log keeps its bytes");
    home.store.scrub().await.unwrap();
    let after = bytes_of(home.folder.path());
    assert!(needles.iter().all(|needle| !lies_in(&after, needle)));
    assert_eq!(home.store.verify().await.unwrap().wrong, Vec::<String>::new());
}

#[tokio::test]
async fn p27_the_files_of_postgresql_hold_neither_the_keys_nor_the_sealed_bytes_of_the_forgotten() {
    let home = Home::postgres().await;
    with_three(&home).await;
    let Raw::Postgres(pool) = &home.raw else { panic!("PostgreSQL") };
    let (data, number): (String, String) = sqlx::query_as(
        "SELECT current_setting('data_directory'), oid::text FROM pg_database WHERE datname = current_database()",
    )
    .fetch_one(pool)
    .await
    .unwrap();
    let folder = std::path::Path::new(&data).join("base").join(number);
    let needles = home.raw.needles().await;
    home.raw.run("CHECKPOINT").await.unwrap();
    let before = bytes_of(&folder);
    assert!(needles.len() >= 10 && needles.iter().all(|needle| lies_in(&before, needle)));
    for number in 1..=3 {
        home.store.forget(&reference(number), "host", minute(2)).await.unwrap();
    }
    home.raw.run("CHECKPOINT").await.unwrap();
    let unscrubbed = bytes_of(&folder);
    assert!(needles.iter().any(|needle| lies_in(&unscrubbed, needle)), "dead rows keep their bytes");
    home.store.scrub().await.unwrap();
    home.raw.run("CHECKPOINT").await.unwrap();
    let after = bytes_of(&folder);
    assert!(needles.iter().all(|needle| !lies_in(&after, needle)));
    assert_eq!(home.store.verify().await.unwrap().wrong, Vec::<String>::new());
}
