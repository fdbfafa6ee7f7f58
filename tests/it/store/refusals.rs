//! What the database itself refuses, whoever asks: a mistake of ours cannot make a referral nobody owns.

use super::{Home, Raw, reference};

on_both! {
    history_cannot_be_changed_or_removed
    an_open_referral_without_owner_or_next_action_is_refused
    a_row_no_verb_would_write_is_refused
}

async fn history_cannot_be_changed_or_removed(home: Home) {
    home.opened(&[1]).await;
    let mut attempts = vec![
        "UPDATE history SET kind = 'noted'",
        "UPDATE history SET seq = 9 WHERE seq = 2",
        "DELETE FROM history WHERE seq = 2",
        "DELETE FROM referral",
    ];
    attempts.push(match &home.raw {
        Raw::Sqlite(_) => "REPLACE INTO history SELECT referral_id, seq, 0, 'noted', '', x'00' FROM history",
        Raw::Postgres(_) => "TRUNCATE history",
    });
    for sql in attempts {
        assert!(home.raw.run(sql).await.is_err(), "{sql}");
    }
    assert_eq!(home.raw.texts("SELECT kind FROM history ORDER BY seq").await, ["received", "assigned"]);
}

async fn an_open_referral_without_owner_or_next_action_is_refused(home: Home) {
    home.opened(&[1]).await;
    for change in [
        "owner = ''",
        "owner = NULL",
        "next_action = ''",
        "next_action = NULL",
        "next_action = 'nothing'",
        "next_action_at = NULL",
        "open = 0",
        "open = 2",
        "status = 'Lost'",
        "contact = 'sent'",
        "tier = 'low'",
        "bounced_at = 1",
    ] {
        assert!(home.raw.run(&format!("UPDATE referral SET {change}")).await.is_err(), "{change}");
    }
    home.raw.run("UPDATE referral SET open = 0, status = 'Closed', next_action = 'nothing'").await.unwrap();
}

async fn a_row_no_verb_would_write_is_refused(home: Home) {
    home.opened(&[1, 2]).await;
    home.arrived(&["a", "b"]).await;
    let taken = reference(1);
    for sql in [
        format!("UPDATE referral SET reference = '{taken}'"),
        "UPDATE mail SET disposition = 'lost', handled_at = 1".to_owned(),
        "UPDATE mail SET disposition = 'reply'".to_owned(),
        "UPDATE mail SET disposition = 'parked', handled_at = 1".to_owned(),
        "UPDATE mail SET disposition = 'ignored', handled_at = 1".to_owned(),
        "UPDATE mail SET origin = 'a'".to_owned(),
        "UPDATE mail SET referral_id = 99".to_owned(),
        "UPDATE mail_raw SET raw = NULL".to_owned(),
        "UPDATE mail_raw SET mail_id = 99".to_owned(),
        "UPDATE outbox SET state = 'lost'".to_owned(),
        "UPDATE outbox SET kept = 2".to_owned(),
        "UPDATE outbox SET part = 'everybody'".to_owned(),
        "UPDATE outbox SET natural_key = 'same'".to_owned(),
        "UPDATE outbox SET message_id_digest = (SELECT message_id_digest FROM outbox ORDER BY id LIMIT 1)"
            .to_owned(),
        "UPDATE outbox SET referral_id = 99".to_owned(),
        "INSERT INTO history SELECT 99, seq, at, kind, by_whom, words FROM history WHERE seq = 1".to_owned(),
        "INSERT INTO history SELECT * FROM history".to_owned(),
        "INSERT INTO history SELECT 99, seq, at, kind, by_whom, words, chain FROM history WHERE referral_id = 1"
            .to_owned(),
        "INSERT INTO person SELECT digest, 99 FROM person".to_owned(),
        "UPDATE person SET referral_id = 99 WHERE referral_id = 1".to_owned(),
        "UPDATE referral SET id = 99 WHERE id = 1".to_owned(),
        "DELETE FROM referral WHERE id = 1".to_owned(),
    ] {
        assert!(home.raw.run(&sql).await.is_err(), "{sql}");
    }
}
