//! Who was shown what is written down for good: a row that is changed, taken out or cut off is found.

use super::{Home, Raw, minute};

on_both! {
    p34_each_disclosure_is_a_link_of_one_chain_that_nobody_changes_unseen
    many_who_look_at_once_each_have_their_row
}

const WHO: [(&str, &str, &str); 3] = [
    ("maria", "show", "R-1"),
    ("root (login sam)", "parked show", "mail 3"),
    ("maria", "export", "all records"),
];

async fn p34_each_disclosure_is_a_link_of_one_chain_that_nobody_changes_unseen(home: Home) {
    home.opened(&[1]).await;
    let (before, _) = home.store.audit_head(minute(9)).await.unwrap();
    for (place, (who, what, about)) in (1..).zip(WHO) {
        home.store.disclose(minute(place), who, what, about).await.unwrap();
    }
    let newest = home.store.disclosures(2).await.unwrap();
    assert_eq!(newest.iter().map(|one| one.id).collect::<Vec<_>>(), [3, 2]);
    assert_eq!((newest[1].by_whom.as_str(), newest[1].about.as_str()), ("root (login sam)", "mail 3"));
    assert_eq!(home.store.disclosures_about("R-1", 9).await.unwrap().len(), 1);
    assert_eq!(home.store.verify().await.unwrap().wrong, Vec::<String>::new());
    let (head, count) = home.store.audit_head(minute(9)).await.unwrap();
    assert!(head != before && count == 1);
    for refused in ["UPDATE disclosure SET by_whom = 'sam'", "DELETE FROM disclosure WHERE id = 2"] {
        assert!(home.raw.run(refused).await.is_err(), "{refused}");
    }
    // Whoever owns the database can take the guard off; the chain and the mailed head still tell.
    let off = match &home.raw {
        Raw::Sqlite(_) => {
            "DROP TRIGGER disclosure_is_never_changed; DROP TRIGGER disclosure_is_never_deleted"
        }
        Raw::Postgres(_) => "DROP TRIGGER disclosure_is_never_changed ON disclosure",
    };
    home.raw.run(off).await.unwrap();
    let wrong = async || home.store.verify().await.unwrap().wrong;
    home.raw.run("UPDATE disclosure SET by_whom = 'sam' WHERE id = 2").await.unwrap();
    assert_eq!(wrong().await, ["disclosure 2 was changed: the chain breaks there"]);
    home.raw.run("DELETE FROM disclosure WHERE id = 2").await.unwrap();
    assert_eq!(wrong().await, ["disclosure 2 is missing"]);
    home.raw.run("DELETE FROM disclosure WHERE id = 3").await.unwrap();
    assert_eq!(wrong().await, Vec::<String>::new(), "a tail that was cut off holds together");
    assert_ne!(home.store.audit_head(minute(9)).await.unwrap().0, head, "but the mailed head is another");
}

async fn many_who_look_at_once_each_have_their_row(home: Home) {
    let other = home.again().await;
    let looks = (0..20).map(|place| {
        let store = if place % 2 == 0 { home.store.clone() } else { other.clone() };
        tokio::spawn(async move { store.disclose(minute(place), "maria", "show", "R-1").await })
    });
    for look in looks.collect::<Vec<_>>() {
        look.await.unwrap().unwrap();
    }
    assert_eq!(home.store.disclosures(99).await.unwrap().len(), 20);
    assert_eq!(home.store.verify().await.unwrap().wrong, Vec::<String>::new());
}
