//! Sealed at rest: who has the disk, a backup or a dump, but not the key file, learns nothing about anybody.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use handoffd::referral::disposition::Disposition;
use handoffd::referral::packet::{Confidence, Field, Found, Judged};
use handoffd::referral::record::{FactKind, Status};
use handoffd::store::records::{Commit, Saved};
use handoffd::store::seal::SealError;
use handoffd::store::spool::Position;
use handoffd::store::{Place, Store, StoreError};

use super::{Home, Raw, address, fact, incoming, keys, letter, minute, opening, reference, saved, settled};
use crate::rig::run;

on_both! {
    no_personal_value_is_found_in_what_is_stored
    another_key_file_is_refused_before_anything_is_read
    a_forgotten_referral_says_so_and_never_opens_empty
    a_value_in_another_row_does_not_open
    a_damaged_value_does_not_open
    a_letter_that_does_not_open_holds_up_no_other
    a_mail_that_does_not_open_holds_up_no_other
    a_referral_that_does_not_open_holds_up_no_other
}

/// In every personal value; appears nowhere in code or settings.
const CANARY: &str = "Qanary";

/// A referral whose every personal value carries the canary.
fn personal(number: u64) -> Saved {
    let mut saved = saved(number);
    let referral = &mut saved.referral;
    for field in Field::ALL {
        let value = format!("{CANARY} {}", field.key());
        let judged = match field {
            Field::ClientEmail => {
                Judged::Email { address: format!("{CANARY}@client.example.org"), problem: None }
            }
            Field::SafeToContact => Judged::Unclear(value.clone()),
            _ => Judged::Text,
        };
        let place = format!("text line {CANARY}");
        referral.packet.put(field, Found { value, judged, confidence: Confidence::High, place });
    }
    referral.sender.answer_to = Some(address(&format!("{CANARY}@partner.example.org")));
    referral.sender.message_id = Some(format!("{CANARY}-1@partner.example.org"));
    referral.questions = vec![format!("Is {CANARY} right?")];
    referral.status = Status::Redirected { to: CANARY.to_owned(), reason: CANARY.to_owned() };
    saved.facts = vec![fact(FactKind::Noted, &format!("{CANARY} called."))];
    let mut letter = letter(&format!("{number}/client"), "receipt");
    letter.to = address(&format!("{CANARY}@client.example.org"));
    letter.message = format!("To: {CANARY}\r\n\r\nDear {CANARY}\r\n").into_bytes();
    saved.letters = vec![letter];
    saved
}

async fn no_personal_value_is_found_in_what_is_stored(home: Home) {
    let mut mail = incoming("inbox/1/1");
    mail.raw = format!("From: {CANARY}@example.org\r\nSubject: {CANARY}\r\n\r\n{CANARY}\r\n").into_bytes();
    home.store.spool("inbox", Position::default(), &[mail], minute(0)).await.unwrap();
    let taken = home.store.take_waiting(1).await.unwrap();
    let mut loose = letter("digest/1", "digest");
    loose.to = address(&format!("{CANARY}@staff.example.org"));
    loose.message = CANARY.as_bytes().to_vec();
    let commit = Commit {
        mail: Some(settled(taken[0].id, Disposition::Referral)),
        records: vec![personal(1)],
        letters: vec![loose],
        ..Commit::default()
    };
    home.store.commit(&[commit], minute(1)).await.unwrap();
    let stored = home.store.load(&[reference(1)]).await.unwrap();
    assert_eq!(stored[0].referral, personal(1).referral);
    assert_eq!(home.store.history(&stored[0]).await.unwrap(), personal(1).facts);
    let claimed = home.store.claim(minute(9), chrono::TimeDelta::minutes(1), 9).await.unwrap();
    assert_eq!(claimed[0].to, address(&format!("{CANARY}@client.example.org")));

    let bytes = everything_at_rest(&home);
    assert!(holds(&bytes, reference(1).as_str()), "the scan looks at the right bytes");
    for canary in [CANARY.to_owned(), CANARY.to_lowercase(), hex_of(CANARY), base64_of(CANARY)] {
        assert!(!holds(&bytes, &canary), "{canary}");
    }
    assert!(!format!("{:?} {:?}", stored[0], stored).contains(CANARY));
}

/// Every byte of the files, or of a dump.
pub(super) fn everything_at_rest(home: &Home) -> Vec<u8> {
    match &home.place {
        Place::Sqlite(_) => {
            let files = std::fs::read_dir(home.folder.path()).unwrap().map(|file| file.unwrap().path());
            let files: Vec<_> = files.collect();
            assert!(files.len() >= 3, "the file, its log and the log's index: {files:?}");
            files.iter().flat_map(|file| std::fs::read(file).unwrap()).collect()
        }
        Place::Postgres(url) => {
            run(Command::new("pg_dump").arg("--inserts").arg(format!("--dbname={url}"))).into_bytes()
        }
    }
}

pub(super) fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn hex_of(text: &str) -> String {
    hex::encode(text.as_bytes())
}

fn base64_of(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

async fn another_key_file_is_refused_before_anything_is_read(home: Home) {
    home.opened(&[1]).await;
    let before = home.rows().await;
    let refused = Store::open(&home.place, keys(8)).await.err().unwrap();
    assert!(
        matches!(&refused, StoreError::WrongKeys(why) if why.contains("put back the key file")),
        "{refused}"
    );
    assert_eq!(home.rows().await, before);
    home.again().await;
}

async fn a_forgotten_referral_says_so_and_never_opens_empty(home: Home) {
    home.opened(&[1, 2]).await;
    home.arrived(&["a"]).await;
    home.raw
        .run(&format!("UPDATE referral SET data_key = NULL WHERE reference = '{}'", reference(1)))
        .await
        .unwrap();
    home.raw.run("UPDATE mail SET data_key = NULL").await.unwrap();
    let forgotten = |error: &StoreError| matches!(error, StoreError::Seal(SealError::Forgotten(_)));
    assert!(home.store.load(&[reference(1)]).await.unwrap().is_empty(), "nothing of it is left to load");
    let refused = home.store.raw(1).await.unwrap_err();
    assert!(forgotten(&refused), "{refused}");
    assert!(refused.to_string().contains("forgotten on request"), "{refused}");
    assert_eq!(home.store.load(&[reference(2)]).await.unwrap().len(), 1, "the others are not touched");
}

async fn a_value_in_another_row_does_not_open(home: Home) {
    home.opened(&[1, 2]).await;
    home.arrived(&["a", "b"]).await;
    let commit = Commit { letters: vec![letter("a", "digest"), letter("b", "digest")], ..Commit::default() };
    home.store.commit(&[commit], minute(0)).await.unwrap();
    let stored = home.store.load(&[reference(1)]).await.unwrap();
    for sql in [
        "UPDATE referral SET record = (SELECT record FROM referral ORDER BY id LIMIT 1), \
             data_key = (SELECT data_key FROM referral ORDER BY id LIMIT 1)",
        "UPDATE mail_raw SET raw = (SELECT raw FROM mail_raw ORDER BY mail_id LIMIT 1)",
        "UPDATE mail SET data_key = (SELECT data_key FROM mail ORDER BY id LIMIT 1)",
        "UPDATE outbox_parcel SET parcel = (SELECT parcel FROM outbox_parcel JOIN outbox ON id = outbox_id \
             WHERE natural_key = 'a') WHERE outbox_id = (SELECT id FROM outbox WHERE natural_key = 'b')",
        "UPDATE outbox SET data_key = (SELECT data_key FROM outbox WHERE natural_key = 'a') WHERE natural_key = 'b'",
        "INSERT INTO history SELECT referral_id, 3, at, kind, by_whom, words, chain FROM history WHERE seq = 2",
    ] {
        home.raw.run(sql).await.unwrap();
    }
    let does_not_open = |error: &StoreError| matches!(error, StoreError::Seal(SealError::DoesNotOpen(_)));
    let refused = [
        home.store.load(&[reference(2)]).await.err().unwrap(),
        home.store.raw(2).await.err().unwrap(),
        home.store.history(&stored[0]).await.err().unwrap(),
    ];
    for error in refused {
        assert!(does_not_open(&error), "{error}");
    }
    assert_eq!(home.store.load(&[reference(1)]).await.unwrap().len(), 1, "the row it came from still opens");
    assert_eq!(home.store.raw(1).await.unwrap(), Some(incoming("a").raw));
}

async fn a_damaged_value_does_not_open(home: Home) {
    home.opened(&[1]).await;
    for (sqlite, postgres) in [
        ("x''", "''::bytea"),
        ("x'0100'", "'\\x0100'::bytea"),
        ("substr(record, 1, length(record) - 1)", "substr(record, 1, length(record) - 1)"),
    ] {
        let value = if matches!(home.raw, Raw::Sqlite(_)) { sqlite } else { postgres };
        home.raw.run(&format!("UPDATE referral SET record = {value}")).await.unwrap();
        let refused = home.store.load(&[reference(1)]).await.unwrap_err();
        assert!(matches!(refused, StoreError::Seal(SealError::DoesNotOpen(_))), "{value}: {refused}");
    }
}

async fn a_letter_that_does_not_open_holds_up_no_other(home: Home) {
    home.opened(&[1, 2]).await;
    let letters = vec![letter("damaged", "digest"), letter("whole", "digest")];
    home.store.commit(&[Commit { letters, ..Commit::default() }], minute(0)).await.unwrap();
    let forget = format!("UPDATE referral SET data_key = NULL WHERE reference = '{}'", reference(1));
    home.raw.run(&forget).await.unwrap();
    home.raw
        .run(
            "UPDATE outbox_parcel SET parcel = substr(parcel, 1, 40) \
             WHERE outbox_id = (SELECT id FROM outbox WHERE natural_key = 'damaged')",
        )
        .await
        .unwrap();
    let claimed = home.store.claim(minute(1), chrono::TimeDelta::minutes(1), 9).await.unwrap();
    let references: Vec<_> = claimed.iter().map(|row| row.reference.clone()).collect();
    assert_eq!(references, [Some(reference(2)), None]);
    let states = home.raw.texts("SELECT state || COALESCE(': ' || answer, '') FROM outbox ORDER BY id").await;
    assert_eq!(states, ["withheld: forgotten on request", "claimed", "failed: it does not open", "claimed"]);
}

async fn a_mail_that_does_not_open_holds_up_no_other(home: Home) {
    let mails = ["forgotten", "damaged", "whole"].map(incoming);
    home.store.spool("inbox", Position::default(), &mails, minute(0)).await.unwrap();
    home.raw.run("UPDATE mail SET data_key = NULL WHERE origin = 'forgotten'").await.unwrap();
    home.raw
        .run(
            "UPDATE mail_raw SET raw = substr(raw, 1, 40) \
             WHERE mail_id = (SELECT id FROM mail WHERE origin = 'damaged')",
        )
        .await
        .unwrap();
    let taken = home.store.take_waiting(9).await.unwrap();
    assert_eq!(taken.iter().map(|mail| mail.id).collect::<Vec<_>>(), [3]);
    let parked = home.store.parked().await.unwrap();
    let shown: Vec<_> = parked.iter().map(|mail| (mail.id, mail.cause.as_str())).collect();
    assert_eq!(shown, [(1, "does_not_open"), (2, "does_not_open")]);
    assert_eq!(home.store.take_waiting(9).await.unwrap().len(), 1);
    assert!(home.store.raw(2).await.is_err(), "who asks for it is told");
}

async fn a_referral_that_does_not_open_holds_up_no_other(home: Home) {
    home.opened(&[1, 2, 3]).await;
    let spoil = |number, change| {
        let sql = format!("UPDATE referral SET {change} WHERE reference = '{}'", reference(number));
        async { home.raw.run(&{ sql }).await.unwrap() }
    };
    spoil(1, "record = substr(record, 1, 40)").await;
    spoil(2, "data_key = NULL").await;
    let references = |listed: Vec<handoffd::store::records::Stored>| -> Vec<_> {
        listed.into_iter().map(|stored| stored.referral.reference).collect()
    };
    let page = home.store.due(minute(60), 1, None).await.unwrap();
    assert!(page.due.is_empty() && page.next.is_some(), "a page of one that does not open is not the last");
    assert_eq!(references(home.store.due(minute(60), 9, None).await.unwrap().due), [reference(3)]);
    assert_eq!(
        references(home.store.due(minute(60), 1, None).await.unwrap().due),
        [reference(3)],
        "they do not use up the limit"
    );
    let looks = home.raw.numbers("SELECT look_at FROM referral ORDER BY id").await;
    let later = minute(120).timestamp_millis();
    assert_eq!(looks, [later, minute(60).timestamp_millis(), minute(60).timestamp_millis()]);
    let day = home.store.day(minute(0), minute(61), minute(90)).await.unwrap();
    assert_eq!(day.overdue.len(), 3, "the digest still shows them");
    let error = home.store.list(true, 9).await.unwrap_err().to_string();
    assert!(error.contains(reference(1).as_str()), "it says which: {error}");
    spoil(1, "data_key = NULL").await;
    assert_eq!(references(home.store.list(true, 9).await.unwrap()), [reference(3)]);
}

#[tokio::test]
async fn the_files_are_for_their_owner_only() {
    let home = Home::sqlite().await;
    home.store.commit(&[opening(1)], minute(0)).await.unwrap();
    let Place::Sqlite(path) = &home.place else { unreachable!() };
    let modes = || -> Vec<u32> {
        let files = std::fs::read_dir(home.folder.path()).unwrap();
        files.map(|file| file.unwrap().metadata().unwrap().permissions().mode() & 0o777).collect()
    };
    assert_eq!(modes(), [0o600; 3]);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
    home.again().await;
    assert_eq!(modes(), [0o600; 3], "a file that was opened up is closed again");
}
