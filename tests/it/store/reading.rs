//! What the loops ask: what is known, what is due, how the day went.

use chrono::{DateTime, TimeDelta, Utc};
use handoffd::referral::contact::Confirmation;
use handoffd::referral::contact::Contact;
use handoffd::referral::disposition::Disposition;
use handoffd::referral::letter::Part;
use handoffd::referral::record::{BounceReason, NextAction, Status};
use handoffd::referral::roster::{PartnerId, StaffId};
use handoffd::report::figures::LeftOut;
use handoffd::store::known::Question;
use handoffd::store::note::Note;
use handoffd::store::open::Whose;
use handoffd::store::records::Commit;
use handoffd::store::spool::Position;

use super::{Home, IGNORED, PARKED, address, incoming, letter, minute, opening, reference, settling};

on_both! {
    a_copy_is_known_by_its_bytes
    a_thread_and_a_person_lead_to_their_referrals
    a_name_on_the_other_side_leads_to_its_referrals_until_they_are_forgotten
    answers_to_an_author_are_counted_by_the_hour_and_by_the_day
    nothing_is_asked_of_the_store_for_no_question
    what_is_due_comes_the_most_overdue_first
    open_and_closed_referrals_are_listed_newest_first
    pages_of_any_size_hold_every_referral_once
    each_owner_s_open_referrals_are_counted
    the_open_referrals_of_one_partner_or_owner_come_the_most_urgent_first
    the_day_adds_up
    a_day_that_is_too_long_to_list_says_how_many_more_there_are
    health_counts_what_waits
    a_beat_is_remembered
}

/// An opening with its record changed.
fn opening_with(number: u64, change: impl FnOnce(&mut handoffd::referral::record::Referral)) -> Commit {
    let mut commit = opening(number);
    change(&mut commit.records[0].referral);
    commit
}

fn close(referral: &mut handoffd::referral::record::Referral) {
    referral.status = Status::Closed { reason: "done".to_owned() };
    referral.next_action = NextAction::Nothing;
    referral.look_at = None;
}

async fn a_copy_is_known_by_its_bytes(home: Home) {
    let mut copy = incoming("a");
    "b".clone_into(&mut copy.origin);
    home.store.spool("inbox", Position::default(), &[incoming("a"), copy], minute(0)).await.unwrap();
    let taken = home.store.take_waiting(10).await.unwrap();
    let questions: Vec<Question> = taken
        .iter()
        .map(|mail| Question { mail_id: mail.id, digest: mail.digest.clone(), ..Question::default() })
        .collect();
    let known = home.store.known(&questions, minute(1)).await.unwrap();
    assert_eq!([known[0].copy_of, known[1].copy_of], [None, Some(taken[0].id)]);
}

async fn a_thread_and_a_person_lead_to_their_referrals(home: Home) {
    let mut commits = vec![opening(1), opening(2), opening(3)];
    let person = vec![9; 32];
    for commit in &mut commits {
        commit.records[0].persons = vec![person.clone(), person.clone()];
    }
    commits[2].records[0].persons = vec![vec![8; 32]];
    commits[0].letters = vec![letter("loose", "digest")];
    home.store.commit(&commits, minute(0)).await.unwrap();
    let receipt = opening(2).records[0].letters[0].message_id.clone();
    let question = Question {
        thread: vec!["unknown@example.org".to_owned(), receipt.clone(), "loose@example.org".to_owned()],
        persons: vec![person.clone(), vec![7; 32], person],
        ..Question::default()
    };
    let known = home.store.known(&[Question::default(), question], minute(1)).await.unwrap();
    assert!(known[0].threads.is_empty() && known[0].persons.is_empty());
    let threads: Vec<_> = known[1]
        .threads
        .iter()
        .map(|letter| (letter.message_id.as_str(), letter.reference.clone()))
        .collect();
    assert_eq!(threads, [(receipt.as_str(), Some(reference(2))), ("loose@example.org", None)]);
    assert_eq!(known[1].persons, [reference(2), reference(1)], "newest first, each once");
    let found = home.store.letters_by_message_id([&receipt].into_iter()).await.unwrap();
    assert_eq!(found[&receipt].part, Part::Sender);
}

async fn a_name_on_the_other_side_leads_to_its_referrals_until_they_are_forgotten(home: Home) {
    let digest = |side: &str| home.store.keys().digest(side, b"diaz juan");
    let (client, opposing) = (digest("name of a client"), digest("name of an opposing party"));
    assert_ne!(client, opposing, "the two sides never meet");
    let mut commits = vec![opening(1), opening(2), opening(3)];
    commits[0].records[0].persons = vec![client.clone()];
    commits[1].records[0].persons = vec![opposing];
    commits[2].records[0].persons = vec![vec![8; 32], client.clone()];
    home.store.commit(&commits, minute(0)).await.unwrap();
    let questions = [
        Question { names: vec![client.clone(), vec![7; 32]], ..Question::default() },
        Question { persons: vec![vec![8; 32]], ..Question::default() },
    ];
    let known = home.store.known(&questions, minute(1)).await.unwrap();
    assert_eq!(known[0].named, [(client.clone(), reference(1)), (client.clone(), reference(3))]);
    assert!(known[0].persons.is_empty(), "a name alone makes nobody the same person");
    assert!(known[1].named.is_empty());
    home.store.forget(&reference(1), "admin", minute(2)).await.unwrap();
    let known = home.store.known(&questions, minute(3)).await.unwrap();
    assert_eq!(known[0].named, [(client, reference(3))]);
}

async fn answers_to_an_author_are_counted_by_the_hour_and_by_the_day(home: Home) {
    for (key, at) in [("old", 0), ("a day", 24 * 60 - 61), ("b", 24 * 60), ("c", 24 * 60 + 1)] {
        let commit = Commit { letters: vec![letter(key, "receipt")], ..Commit::default() };
        home.store.commit(&[commit], minute(at)).await.unwrap();
    }
    let author = |text: &str| Question {
        author: Some(home.store.address_digest(&address(text))),
        ..Question::default()
    };
    let questions = [author("INTAKE@partner.example.org"), author("other@example.org"), Question::default()];
    let known = home.store.known(&questions, minute(24 * 60 + 1)).await.unwrap();
    assert_eq!(known.iter().map(|known| known.answered).collect::<Vec<_>>(), [(2, 3), (0, 0), (0, 0)]);
}

async fn nothing_is_asked_of_the_store_for_no_question(home: Home) {
    assert!(home.store.known(&[], minute(0)).await.unwrap().is_empty());
    assert!(home.store.load(&[]).await.unwrap().is_empty());
    assert!(home.store.load(&[reference(1)]).await.unwrap().is_empty());
    home.store.commit(&[], minute(0)).await.unwrap();
    home.store.note(&[], minute(0)).await.unwrap();
    assert_eq!(home.rows().await, [0; 6]);
}

async fn what_is_due_comes_the_most_overdue_first(home: Home) {
    assert_eq!(home.store.next_look().await.unwrap(), None);
    let look = |number, at: Option<i64>| opening_with(number, |referral| referral.look_at = at.map(minute));
    let commits = [look(1, Some(30)), look(2, Some(10)), look(3, None), look(4, Some(20)), look(5, Some(90))];
    home.store.commit(&commits, minute(0)).await.unwrap();
    assert_eq!(home.store.next_look().await.unwrap(), Some(minute(10)));
    for (now, most, expected) in [(9, 9, vec![]), (30, 9, vec![2, 4, 1]), (30, 2, vec![2, 4])] {
        let due = home.store.due(minute(now), most, None).await.unwrap().due;
        let references: Vec<_> = due.iter().map(|stored| stored.referral.reference.clone()).collect();
        assert_eq!(references, expected.into_iter().map(reference).collect::<Vec<_>>());
    }
    // The next page begins where the store looked last, whatever the sealed record says about it.
    home.raw.run("UPDATE referral SET look_at = look_at + 60000").await.unwrap();
    let mut pages = Vec::new();
    let mut place = None;
    loop {
        let page = home.store.due(minute(60), 2, place).await.unwrap();
        pages.push(page.due.iter().map(|stored| stored.referral.reference.clone()).collect::<Vec<_>>());
        place = page.next;
        if place.is_none() {
            break;
        }
    }
    assert_eq!(pages, [vec![reference(2), reference(4)], vec![reference(1)]]);
}

async fn open_and_closed_referrals_are_listed_newest_first(home: Home) {
    let commits = [opening(1), opening_with(2, close), opening(3)];
    home.store.commit(&commits, minute(0)).await.unwrap();
    for (all, most, expected) in [(false, 9, vec![3, 1]), (true, 9, vec![3, 2, 1]), (true, 2, vec![3, 2])] {
        let listed = home.store.list(all, most).await.unwrap();
        let references: Vec<_> = listed.iter().map(|stored| stored.referral.reference.clone()).collect();
        assert_eq!(references, expected.into_iter().map(reference).collect::<Vec<_>>());
    }
}

async fn pages_of_any_size_hold_every_referral_once(home: Home) {
    let commits: Vec<Commit> =
        (1..=7).map(|n| if n == 4 { opening_with(n, close) } else { opening(n) }).collect();
    home.store.commit(&commits, minute(0)).await.unwrap();
    for size in [0, 1, 2, 3, 6, 7, 8, 500] {
        for (all, expected) in [(true, vec![7, 6, 5, 4, 3, 2, 1]), (false, vec![7, 6, 5, 3, 2, 1])] {
            let mut pages = home.store.pages(all, size);
            let mut seen = Vec::new();
            loop {
                let page = pages.next().await.unwrap();
                assert!(page.len() <= usize::try_from(size.max(1)).unwrap());
                if page.is_empty() {
                    break;
                }
                seen.extend(page.into_iter().map(|stored| stored.referral.reference));
            }
            assert!(pages.next().await.unwrap().is_empty(), "the end stays the end");
            assert_eq!(seen, expected.into_iter().map(reference).collect::<Vec<_>>(), "{size}");
        }
    }
    // One that arrives meanwhile is on no page, and moves none from its page.
    let mut pages = home.store.pages(true, 4);
    assert_eq!(pages.next().await.unwrap().len(), 4);
    home.store.commit(&[opening(8)], minute(1)).await.unwrap();
    assert_eq!(pages.next().await.unwrap().len(), 3);
    assert!(pages.next().await.unwrap().is_empty());
}

async fn each_owner_s_open_referrals_are_counted(home: Home) {
    let bea = |referral: &mut handoffd::referral::record::Referral| {
        referral.owner = StaffId("bea".to_owned());
    };
    let closed = opening_with(4, |referral| {
        bea(referral);
        close(referral);
    });
    home.store.commit(&[opening(1), opening(2), opening_with(3, bea), closed], minute(0)).await.unwrap();
    let open: Vec<_> = home.store.open_by_owner().await.unwrap().into_iter().collect();
    assert_eq!(open, [(StaffId("ana".to_owned()), 2), (StaffId("bea".to_owned()), 1)]);
}

async fn the_open_referrals_of_one_partner_or_owner_come_the_most_urgent_first(home: Home) {
    let of = |number, partner: Option<&str>, owner: &str, due: i64| {
        opening_with(number, |referral| {
            referral.sender.partner = partner.map(|id| PartnerId(id.to_owned()));
            referral.owner = StaffId(owner.to_owned());
            referral.next_action_at = minute(due);
        })
    };
    let mut closed = of(5, Some("harbor"), "ana", 1);
    close(&mut closed.records[0].referral);
    let commits = [
        of(1, Some("harbor"), "ana", 30),
        of(2, Some("harbor"), "bea", 10),
        of(3, Some("north"), "ana", 5),
        of(4, None, "ana", 20),
        closed,
    ];
    home.store.commit(&commits, minute(0)).await.unwrap();
    let harbor = Whose::Partner(PartnerId("harbor".to_owned()));
    let ana = Whose::Owner(StaffId("ana".to_owned()));
    let nobody = Whose::Partner(PartnerId("' OR 1=1 --".to_owned()));
    for (whose, most, expected, all) in [
        (&harbor, 9, vec![2, 1], 2),
        (&harbor, 1, vec![2], 2),
        (&ana, 9, vec![3, 4, 1], 3),
        (&nobody, 9, vec![], 0),
    ] {
        let open = home.store.open_of(whose, most).await.unwrap();
        let references: Vec<_> = open.first.iter().map(|stored| stored.referral.reference.clone()).collect();
        assert_eq!(references, expected.into_iter().map(reference).collect::<Vec<_>>(), "{whose:?}");
        assert_eq!(open.all, all, "{whose:?}");
    }
    home.store.forget(&reference(2), "host", minute(1)).await.unwrap();
    assert_eq!(home.store.open_of(&harbor, 9).await.unwrap().all, 1, "a forgotten one is nobody's");
}

async fn the_day_adds_up(home: Home) {
    let taken = home.arrived(&["a", "b", "c", "d"]).await;
    let give_up = |referral: &mut handoffd::referral::record::Referral| {
        let reason = BounceReason::CapacityDelay;
        referral.contact = Contact::Bounced {
            at: minute(5),
            reason,
            added: Some("night_line_full".to_owned()),
            attempts_logged: false,
        };
        referral.next_action_at = minute(500);
    };
    let commits = [
        settling(taken[0].id, Disposition::Referral),
        settling(taken[1].id, PARKED),
        settling(taken[2].id, IGNORED),
        opening_with(1, |referral| referral.next_action_at = minute(-1)),
        opening_with(2, give_up),
        opening_with(3, close),
    ];
    home.store.commit(&commits, minute(5)).await.unwrap();
    let claimed = home.store.claim(minute(5), TimeDelta::minutes(1), 9).await.unwrap();
    let refused = Note::Failed { id: claimed[0].id, answer: "550 5.1.1 no such user".to_owned() };
    home.store.note(&[refused, Note::Held { id: claimed[1].id }], minute(6)).await.unwrap();
    let day = home.store.day(minute(0), minute(10), minute(600)).await.unwrap();
    assert!(day.mails.adds_up(), "{:?}", day.mails);
    let mails = day.mails;
    assert_eq!((mails.received, mails.waiting, mails.parked, mails.ignored), (4, 1, 1, 1));
    assert_eq!(day.overdue.iter().map(|due| &due.reference).collect::<Vec<_>>(), [&reference(1)]);
    assert_eq!(day.due_today.iter().map(|due| &due.reference).collect::<Vec<_>>(), [&reference(2)]);
    assert_eq!(day.new.len(), 3);
    assert_eq!(day.bounced[0].reason, BounceReason::CapacityDelay);
    assert_eq!(day.bounced[0].added.as_deref(), Some("night_line_full"));
    assert_eq!(day.parked[0].id, taken[1].id);
    let statuses: Vec<_> = day.delivery_failures.iter().map(|failure| failure.status.as_deref()).collect();
    assert_eq!(statuses, [Some("550"), None]);
    let before = home.store.day(minute(-20), minute(-10), minute(-5)).await.unwrap();
    assert_eq!((before.mails.received, before.new.len(), before.bounced.len()), (0, 0, 0));
}

async fn a_day_that_is_too_long_to_list_says_how_many_more_there_are(home: Home) {
    let give_up = |referral: &mut handoffd::referral::record::Referral| {
        let reason = BounceReason::CapacityDelay;
        referral.contact = Contact::Bounced { at: minute(5), reason, added: None, attempts_logged: false };
        referral.next_action_at = minute(500);
    };
    let reach = |referral: &mut handoffd::referral::record::Referral| {
        referral.contact = Contact::Confirmed { at: minute(5), with: Confirmation::default() };
        referral.next_action_at = minute(-1);
    };
    let mut commits: Vec<_> = (0..503).map(|number| opening_with(number, give_up)).collect();
    commits.extend((503..1_005).map(|number| opening_with(number, reach)));
    home.store.commit(&commits, minute(5)).await.unwrap();
    let claimed = home.store.claim(minute(5), TimeDelta::minutes(1), 501).await.unwrap();
    let held: Vec<Note> = claimed.iter().map(|row| Note::Held { id: row.id }).collect();
    home.store.note(&held, minute(6)).await.unwrap();
    let day = home.store.day(minute(0), minute(10), minute(600)).await.unwrap();
    let listed = [
        (day.overdue.len(), day.left_out.overdue, 502),
        (day.due_today.len(), day.left_out.due_today, 503),
        (day.new.len(), day.left_out.new, 1_005),
        (day.confirmed.len(), day.left_out.confirmed, 502),
        (day.bounced.len(), day.left_out.bounced, 503),
        (day.delivery_failures.len(), day.left_out.delivery_failures, 501),
    ];
    for (place, (lines, more, all)) in listed.into_iter().enumerate() {
        assert_eq!((lines, lines + more), (500, all), "list {place}");
    }
    let quiet = home.store.day(minute(-20), minute(-10), minute(-5)).await.unwrap();
    assert_eq!(quiet.left_out, LeftOut::default());
}

async fn health_counts_what_waits(home: Home) {
    let taken = home.arrived(&["a", "b"]).await;
    home.opened(&[1, 2, 3]).await;
    home.store.commit(&[settling(taken[0].id, PARKED)], minute(1)).await.unwrap();
    home.store.beat("inbox read", minute(2)).await.unwrap();
    let claimed = home.store.claim(minute(2), TimeDelta::minutes(1), 2).await.unwrap();
    let sent = Note::Sent { id: claimed[0].id, answer: "250".to_owned() };
    home.store.note(&[sent, Note::Held { id: claimed[1].id }], minute(3)).await.unwrap();
    let health = home.store.health(minute(61)).await.unwrap();
    assert_eq!((health.inbox_read_at, health.last_sent_at), (Some(minute(2)), Some(minute(3))));
    assert_eq!((health.mails_waiting, health.parked), (1, 1));
    assert_eq!((health.letters_waiting, health.letters_failed), (1, 1));
    assert_eq!(health.oldest_letter_at, Some(minute(0)));
    assert_eq!((health.open, health.overdue), (3, 3));
}

async fn a_beat_is_remembered(home: Home) {
    let last = async |name: &str| -> Option<DateTime<Utc>> { home.store.last_beat(name).await.unwrap() };
    assert_eq!(last("remind").await, None);
    home.store.beat("remind", minute(1)).await.unwrap();
    home.store.beat("remind", minute(2)).await.unwrap();
    assert_eq!((last("remind").await, last("report").await), (Some(minute(2)), None));
}
