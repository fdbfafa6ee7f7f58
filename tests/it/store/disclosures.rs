//! Who was shown what is written down for good: a row that is changed, taken out or cut off is found.

use handoffd::referral::disposition::Disposition;
use handoffd::store::records::Commit;
use handoffd::store::spool::Position;

use super::{Home, Raw, incoming, minute, reference, saved, settled};

on_both! {
    p34_each_disclosure_is_a_link_of_one_chain_that_nobody_changes_unseen
    many_who_look_at_once_each_have_their_row
    of_a_referral_all_are_told_who_may_have_read_of_it_also_once_it_is_forgotten
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

async fn of_a_referral_all_are_told_who_may_have_read_of_it_also_once_it_is_forgotten(home: Home) {
    let store = &home.store;
    store.disclose(minute(-9), "early", "export", "all records").await.unwrap();
    store.spool("inbox", Position::default(), &[incoming("inbox/1/1")], minute(0)).await.unwrap();
    let mail = store.take_waiting(9).await.unwrap().remove(0).id;
    let both = vec![saved(1), saved(2)];
    let settled = Some(settled(mail, Disposition::Referral));
    store.commit(&[Commit { mail: settled, records: both, ..Commit::default() }], minute(0)).await.unwrap();
    let one = reference(1).to_string();
    let mail = format!("mail {mail}");
    for (at, who, what, about) in [
        (1, "a", "show", one.as_str()),
        (2, "b", "show", reference(2).as_str()),
        (3, "c", "parked show", &mail),
        (4, "d", "parked show", "mail 99"),
        (5, "e", "list", "all records"),
        (6, "f", "export", "figures"),
    ] {
        store.disclose(minute(at), who, what, about).await.unwrap();
    }
    let who = async |number: u64| {
        let told = store.disclosures_of(&reference(number)).await.unwrap();
        told.into_iter().map(|one| one.by_whom).collect::<Vec<_>>().join(" ")
    };
    assert_eq!((who(1).await, who(2).await, who(3).await), ("a c e".into(), "b c e".into(), String::new()));
    store.forget(&reference(1), "host", minute(7)).await.unwrap();
    store.disclose(minute(8), "late", "export", "all records").await.unwrap();
    assert_eq!((who(1).await, who(2).await), ("a c e".into(), "b c e late".into()));
    let mut all = Vec::new();
    loop {
        let page = store.disclosures_after(i64::try_from(all.len()).unwrap(), 3).await.unwrap();
        if page.is_empty() {
            break;
        }
        all.extend(page);
    }
    assert_eq!(all.iter().map(|one| one.id).collect::<Vec<_>>(), (1..=8).collect::<Vec<_>>());
}
