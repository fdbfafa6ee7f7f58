//! What is kept and what may go: rotation, forgetting, holds, purge and the audit over all of it.

use std::sync::Arc;

use handoffd::referral::disposition::Disposition;
use handoffd::referral::record::{FactKind, NextAction, Status};
use handoffd::store::audit::Findings;
use handoffd::store::counts::Counts;
use handoffd::store::forget::{Before, Forgetting, Purged};
use handoffd::store::note::Note;
use handoffd::store::records::{Commit, Saved};
use handoffd::store::seal::Keyring;
use handoffd::store::seal::SealError;
use handoffd::store::{Store, StoreError};
use zeroize::Zeroizing;

use super::{Home, PARKED, Raw, fact, letter, minute, opening, reference, settled};
use chrono::TimeDelta;

on_both! {
    a_rotation_wraps_everything_anew_and_the_old_key_may_go
    a_rotation_without_the_old_key_says_so_and_changes_nothing
    forgetting_leaves_figures_and_a_whole_chain_and_nothing_to_read
    forgetting_is_all_or_nothing_whichever_statement_fails
    a_hold_beats_forgetting_and_purge_until_somebody_else_lifts_it
    p27_what_is_purged_leaves_every_count_as_it_was
    purge_goes_by_the_age_of_each_kind
    a_purge_that_fails_at_any_statement_is_finished_later
    a_rotation_that_fails_at_any_statement_is_finished_later
    an_audit_names_what_was_done_past_the_store
    the_head_of_a_time_stays_the_same_whatever_comes_later
}

/// The old key and a newer one.
pub(super) fn two_keys() -> Arc<Keyring> {
    let ring = Keyring::with_root(
        &Zeroizing::new([7; 32]),
        &[(1, Zeroizing::new([7; 32])), (2, Zeroizing::new([8; 32]))],
    );
    Arc::new(ring.unwrap())
}

/// The newer key alone; look-ups come from the root, which never changes.
pub(super) fn newest_key() -> Arc<Keyring> {
    Arc::new(Keyring::with_root(&Zeroizing::new([7; 32]), &[(2, Zeroizing::new([8; 32]))]).unwrap())
}

async fn rotate(store: &Store) -> u64 {
    let mut all = 0;
    loop {
        match store.rewrap_some().await.unwrap() {
            0 => return all,
            some => all += some,
        }
    }
}

pub(super) async fn is_whole(store: &Store) -> Findings {
    let findings = store.verify().await.unwrap();
    assert_eq!(findings.wrong, [""; 0]);
    findings
}

/// Mails, each with a referral, a person and a letter; one letter about no referral; half of the letters were sent.
pub(super) async fn filled(home: &Home, count: u64) {
    let origins: Vec<String> = (1..=count).map(|number| format!("inbox/{number}")).collect();
    let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
    let mails = home.arrived(&origins).await;
    let mut commits: Vec<Commit> = Vec::new();
    for (mail, number) in mails.iter().zip(1..) {
        commits.push(Commit { mail: Some(settled(mail.id, Disposition::Referral)), ..opening(number) });
    }
    commits.push(Commit { letters: vec![letter("day/1", "digest")], ..Commit::default() });
    home.store.commit(&commits, minute(1)).await.unwrap();
    let half = u32::try_from(count / 2).unwrap();
    let claimed = home.store.claim(minute(1), TimeDelta::minutes(30), half).await.unwrap();
    let sent = |id| Note::Sent { id, answer: "250 taken".to_owned() };
    let notes: Vec<Note> = claimed.iter().map(|row| sent(row.id)).collect();
    home.store.note(&notes, minute(2)).await.unwrap();
}

/// Closes referrals of these numbers.
pub(super) async fn close(home: &Home, numbers: impl Iterator<Item = u64>) {
    let references: Vec<_> = numbers.map(reference).collect();
    let mut commits = Vec::new();
    for stored in home.store.load(&references).await.unwrap() {
        let mut referral = stored.referral.clone();
        referral.status = Status::Closed { reason: "done".to_owned() };
        (referral.next_action, referral.look_at) = (NextAction::Nothing, None);
        let facts = vec![fact(FactKind::Closed, "done")];
        let saved = Saved { before: Some(stored), referral, facts, persons: vec![], letters: vec![] };
        commits.push(Commit { records: vec![saved], ..Commit::default() });
    }
    home.store.commit(&commits, minute(3)).await.unwrap();
}

/// What can still be read: records, mails, letters, people; lines of history; letters that wait.
pub(super) async fn left(home: &Home) -> [i64; 6] {
    let mut left = [0; 6];
    for (place, sql) in [
        "referral WHERE data_key IS NOT NULL AND length(record) > 0",
        "mail JOIN mail_raw ON mail_id = id WHERE data_key IS NOT NULL AND length(raw) > 0",
        "outbox_parcel WHERE length(parcel) > 0",
        "person",
        "history",
        "outbox WHERE state IN ('queued', 'claimed', 'in-doubt')",
    ]
    .into_iter()
    .enumerate()
    {
        left[place] = home.raw.number(&format!("SELECT COUNT(*) FROM {sql}")).await;
    }
    left
}

/// The database refuses one statement from now on: an UPDATE, INSERT or DELETE of such rows.
async fn refuse(home: &Home, statement: &str, table: &str, when: &str) {
    let sql = match &home.raw {
        Raw::Sqlite(_) => format!(
            "CREATE TRIGGER refused BEFORE {statement} ON {table} WHEN {when} \
             BEGIN SELECT RAISE(ABORT, 'refused'); END"
        ),
        Raw::Postgres(_) => format!(
            "CREATE OR REPLACE FUNCTION refused() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'refused'; END $$; \
             CREATE TRIGGER refused BEFORE {statement} ON {table} FOR EACH ROW WHEN ({when}) \
             EXECUTE FUNCTION refused()"
        ),
    };
    home.raw.run(&sql).await.unwrap();
}

async fn refuse_no_more(home: &Home, table: &str) {
    let sql = match &home.raw {
        Raw::Sqlite(_) => "DROP TRIGGER refused".to_owned(),
        Raw::Postgres(_) => format!("DROP TRIGGER refused ON {table}"),
    };
    home.raw.run(&sql).await.unwrap();
}

async fn open_with(home: &Home, keys: Arc<Keyring>) -> Store {
    Store::open(&home.place, keys).await.unwrap()
}

async fn a_rotation_wraps_everything_anew_and_the_old_key_may_go(home: Home) {
    filled(&home, 20).await;
    let used: Vec<(u8, u64)> = home.store.keys_in_use().await.unwrap().into_iter().collect();
    assert_eq!(used, [(1, 41)], "20 mails, 20 records, one letter about neither");
    let store = open_with(&home, two_keys()).await;
    assert_eq!(rotate(&store).await, 41);
    assert_eq!(store.rewrap_some().await.unwrap(), 0, "there is nothing left to do");
    store.scrub().await.unwrap();
    let noted = home.raw.texts("SELECT name FROM beat WHERE name LIKE 'wraps:%'").await;
    assert_eq!(noted, ["wraps:2"], "a start without the old key need not count");
    let used: Vec<(u8, u64)> = store.keys_in_use().await.unwrap().into_iter().collect();
    assert_eq!(used, [(2, 41)]);
    let store = open_with(&home, newest_key()).await;
    assert_eq!(is_whole(&store).await.looked_at, (20, 40, 20, 21));
    assert!(store.raw(1).await.unwrap().unwrap().starts_with(b"Subject: inbox/1"));
    assert_eq!(store.list(true, 99).await.unwrap().len(), 20);
    // The rest of the letters can still be sent.
    assert_eq!(store.claim(minute(60), TimeDelta::minutes(30), 99).await.unwrap().len(), 11);
}

async fn a_rotation_without_the_old_key_says_so_and_changes_nothing(home: Home) {
    filled(&home, 3).await;
    let store = open_with(&home, newest_key()).await;
    let error = store.rewrap_some().await.unwrap_err();
    assert!(matches!(error, StoreError::Seal(SealError::UnknownKey { .. })), "{error:?}");
    is_whole(&home.store).await;
}

async fn forgetting_leaves_figures_and_a_whole_chain_and_nothing_to_read(home: Home) {
    filled(&home, 3).await;
    let before = left(&home).await;
    assert_eq!(before, [3, 3, 4, 3, 6, 3]);
    assert_eq!(home.store.forget(&reference(2), "host", minute(9)).await.unwrap(), Forgetting::Done);
    assert_eq!(left(&home).await, [2, 2, 3, 2, 7, 2], "one of each is gone, and a line says so");
    is_whole(&home.store).await;
    let again = home.store.forget(&reference(2), "host", minute(9)).await.unwrap();
    assert_eq!(again, Forgetting::Already);
    let unknown = home.store.forget(&reference(9), "host", minute(9)).await.unwrap();
    assert_eq!(unknown, Forgetting::Unknown);
    assert!(home.store.load(&[reference(2)]).await.unwrap().is_empty());
    assert_eq!(home.raw.number("SELECT COUNT(*) FROM referral").await, 3, "the figures stay");
    let kinds = home.raw.texts("SELECT kind FROM history WHERE referral_id = 2 ORDER BY seq").await;
    assert_eq!(kinds.last().map(String::as_str), Some("forgotten"));
}

async fn forgetting_is_all_or_nothing_whichever_statement_fails(home: Home) {
    filled(&home, 3).await;
    let before = left(&home).await;
    for (statement, table, when) in [
        ("UPDATE", "referral", "NEW.data_key IS NULL AND NEW.version = OLD.version"),
        ("UPDATE", "outbox", "NEW.kept = 0 AND NEW.state = OLD.state"),
        ("DELETE", "outbox_parcel", "OLD.outbox_id > 0"),
        ("UPDATE", "outbox", "NEW.state = 'withheld'"),
        ("UPDATE", "mail", "NEW.data_key IS NULL"),
        ("DELETE", "mail_raw", "OLD.mail_id > 0"),
        ("DELETE", "person", "OLD.referral_id = 2"),
        ("UPDATE", "referral", "NEW.version <> OLD.version"),
        ("INSERT", "history", "NEW.kind = 'forgotten'"),
    ] {
        refuse(&home, statement, table, when).await;
        let refused = home.store.forget(&reference(2), "host", minute(9)).await;
        assert!(refused.is_err(), "{statement} {table} {when} was never reached");
        refuse_no_more(&home, table).await;
        assert_eq!(left(&home).await, before, "{statement} {table}");
        is_whole(&home.store).await;
    }
    assert_eq!(home.store.forget(&reference(2), "host", minute(9)).await.unwrap(), Forgetting::Done);
    is_whole(&home.store).await;
}

async fn a_hold_beats_forgetting_and_purge_until_somebody_else_lifts_it(home: Home) {
    filled(&home, 2).await;
    close(&home, 1..=2).await;
    assert_eq!(home.store.place_hold(&reference(1), "maria", minute(4)).await.unwrap(), None);
    let held = home.store.place_hold(&reference(1), "sam", minute(5)).await.unwrap().unwrap();
    assert_eq!((held.by.as_str(), held.at), ("maria", minute(4)), "there is one hold, the first");
    let kept = home.store.forget(&reference(1), "host", minute(6)).await.unwrap();
    assert_eq!(kept, Forgetting::Kept(held));
    let late = Some(minute(99));
    let everything = Before { raw_mail: late, closed: late, parked: late, letters: late };
    purge(&home.store, everything).await;
    assert_eq!(
        left(&home).await,
        [1, 1, 2, 1, 7, 1],
        "all of the held one is there, and the digest that waits"
    );
    is_whole(&home.store).await;
    assert!(home.store.lift_hold(&reference(1), "maria", minute(7)).await.is_err(), "not who placed it");
    assert!(home.store.legal_hold(&reference(1)).await.unwrap().is_some());
    home.store.lift_hold(&reference(1), "sam", minute(8)).await.unwrap();
    assert_eq!(home.store.legal_hold(&reference(1)).await.unwrap(), None);
    purge(&home.store, everything).await;
    assert_eq!(left(&home).await, [0, 0, 1, 0, 8, 1]);
    is_whole(&home.store).await;
}

pub(super) async fn purge(store: &Store, before: Before) -> Purged {
    let mut all = Purged::default();
    loop {
        let some = store.purge_some(before, minute(100)).await.unwrap();
        if some == Purged::default() {
            return all;
        }
        all.mails += some.mails;
        all.referrals += some.referrals;
        all.letters += some.letters;
    }
}

async fn p27_what_is_purged_leaves_every_count_as_it_was(home: Home) {
    filled(&home, 9).await;
    close(&home, 1..=5).await;
    let mails = home.arrived(&["inbox/parked"]).await;
    let parked = Commit { mail: Some(settled(mails[0].id, PARKED)), ..Commit::default() };
    home.store.commit(&[parked], minute(2)).await.unwrap();
    // What waits for a client who is forgotten is withheld; all else that is counted is not touched.
    let counted =
        |counts: Counts| -> Counts { counts.into_iter().filter(|(table, _)| *table != "letter").collect() };
    let before = counted(home.store.counts().await.unwrap());
    let late = Some(minute(99));
    let purged =
        purge(&home.store, Before { raw_mail: late, closed: late, parked: late, letters: late }).await;
    assert_eq!(purged.referrals, 5);
    assert_eq!(counted(home.store.counts().await.unwrap()), before);
    is_whole(&home.store).await;
}

async fn purge_goes_by_the_age_of_each_kind(home: Home) {
    let parked = home.arrived(&["inbox/p"]).await;
    let parked = Commit { mail: Some(settled(parked[0].id, PARKED)), ..Commit::default() };
    home.store.commit(&[parked], minute(1)).await.unwrap();
    filled(&home, 4).await;
    close(&home, 1..=2).await;
    let (young, old) = (Some(minute(0)), Some(minute(50)));
    let of = |mails, referrals, letters| Purged { mails, referrals, letters, stuck: 0 };
    for (what, before, purged, then) in [
        (
            "nothing is old",
            Before { raw_mail: young, closed: young, parked: young, letters: young },
            of(0, 0, 0),
            [4, 5, 5, 4, 10, 3],
        ),
        ("nothing is to go", Before::default(), of(0, 0, 0), [4, 5, 5, 4, 10, 3]),
        (
            "letters that were sent",
            Before { letters: old, ..Before::default() },
            of(0, 0, 2),
            [4, 5, 3, 4, 10, 3],
        ),
        ("parked mails", Before { parked: old, ..Before::default() }, of(1, 0, 0), [4, 4, 3, 4, 10, 3]),
        ("closed referrals", Before { closed: old, ..Before::default() }, of(0, 2, 0), [2, 2, 3, 2, 12, 3]),
        ("mails", Before { raw_mail: old, ..Before::default() }, of(2, 0, 0), [2, 0, 3, 2, 12, 3]),
    ] {
        assert_eq!(purge(&home.store, before).await, purged, "{what}");
        assert_eq!(left(&home).await, then, "{what}");
        is_whole(&home.store).await;
    }
}

async fn a_purge_that_fails_at_any_statement_is_finished_later(home: Home) {
    filled(&home, 4).await;
    close(&home, 1..=4).await;
    let late = Some(minute(99));
    let everything = Before { raw_mail: late, closed: late, parked: late, letters: late };
    for (statement, table, when) in [
        ("UPDATE", "mail", "NEW.id = 3"),
        ("UPDATE", "outbox", "NEW.kept = 0 AND NEW.id = 2"),
        ("DELETE", "outbox_parcel", "OLD.outbox_id = 2"),
        ("UPDATE", "referral", "NEW.id = 3"),
        ("DELETE", "person", "OLD.referral_id = 4"),
        ("INSERT", "history", "NEW.referral_id = 4"),
    ] {
        refuse(&home, statement, table, when).await;
        let refused = home.store.purge_some(everything, minute(100)).await;
        assert!(refused.is_err(), "{statement} {table} {when} was never reached");
        refuse_no_more(&home, table).await;
        is_whole(&home.store).await;
    }
    purge(&home.store, everything).await;
    assert_eq!(left(&home).await, [0, 0, 1, 0, 16, 1], "the digest that waits is nobody's");
    is_whole(&home.store).await;
}

async fn a_rotation_that_fails_at_any_statement_is_finished_later(home: Home) {
    filled(&home, 6).await;
    let store = open_with(&home, two_keys()).await;
    for (table, when) in [
        ("mail", "NEW.id = 1"),
        ("mail", "NEW.id = 6"),
        ("referral", "NEW.id = 3"),
        ("outbox", "NEW.data_key IS NOT NULL"),
    ] {
        refuse(&home, "UPDATE", table, when).await;
        assert!(store.rewrap_some().await.is_err(), "{table} {when} was never reached");
        refuse_no_more(&home, table).await;
        // Under both keys everything can be read, and work goes on meanwhile.
        is_whole(&store).await;
        assert_eq!(store.list(true, 99).await.unwrap().len(), 6);
    }
    rotate(&store).await;
    is_whole(&open_with(&home, newest_key()).await).await;
}

async fn an_audit_names_what_was_done_past_the_store(home: Home) {
    filled(&home, 3).await;
    is_whole(&home.store).await;
    for forbidden in ["UPDATE history SET kind = 'closed'", "DELETE FROM history"] {
        assert!(home.raw.run(forbidden).await.is_err(), "the store itself refuses: {forbidden}");
    }
    match &home.raw {
        Raw::Sqlite(_) => {
            home.raw.run("DROP TRIGGER history_is_never_changed").await.unwrap();
            home.raw.run("DROP TRIGGER history_is_never_deleted").await.unwrap();
        }
        Raw::Postgres(_) => {
            assert!(home.raw.run("TRUNCATE history").await.is_err());
            home.raw.run("DROP TRIGGER history_is_never_changed ON history").await.unwrap();
        }
    }
    for (sql, found) in [
        (
            "UPDATE history SET at = at + 1 WHERE referral_id = 1 AND seq = 1",
            "line 1 of its history was changed",
        ),
        (
            "UPDATE referral SET stopped = 1 WHERE id = 1",
            "its row does not say of a stop what its record says",
        ),
        ("DELETE FROM history WHERE referral_id = 2 AND seq = 1", "line 1 of its history is missing"),
        ("DELETE FROM history WHERE referral_id = 3 AND seq = 2", "the end is missing"),
        (
            "UPDATE mail_raw SET raw = (SELECT raw FROM mail_raw WHERE mail_id = 1) WHERE mail_id = 2",
            "mail 2 does not open",
        ),
        (
            "UPDATE outbox_parcel SET parcel = (SELECT parcel FROM outbox_parcel WHERE outbox_id = 1) WHERE outbox_id = 2",
            "letter 2 does not open",
        ),
    ] {
        home.raw.run(sql).await.unwrap();
        let wrong = home.store.verify().await.unwrap().wrong;
        assert!(wrong.iter().any(|line| line.contains(found)), "{sql}: {wrong:?}");
    }
    let wrong = home.store.verify().await.unwrap().wrong;
    for number in 1..=3 {
        assert!(wrong.iter().any(|line| line.contains(reference(number).as_str())), "{wrong:?}");
    }
}

async fn the_head_of_a_time_stays_the_same_whatever_comes_later(home: Home) {
    filled(&home, 3).await;
    close(&home, 1..=1).await;
    let head = home.store.audit_head(minute(8)).await.unwrap();
    assert_eq!(head.1, 3);
    home.store.forget(&reference(2), "host", minute(9)).await.unwrap();
    assert_eq!(home.store.audit_head(minute(8)).await.unwrap(), head);
    assert_ne!(
        home.store.audit_head(minute(9)).await.unwrap().0,
        head.0,
        "the last line counts from its time on"
    );
    assert_eq!(home.store.audit_head(minute(-1)).await.unwrap().1, 0, "before the first line there is none");
}
