//! After three days down with 500 open (RELIABILITY T14, T12, T16).

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::{ANA, MARIA, Mail, PARTNER, WENDY};
use crate::world::{Letter, OFFICE, World};
use handoffd::referral::contact::Contact;
use handoffd::referral::policy::Tier;
use handoffd::referral::record::{FactKind, Referral};

const SAM: &str = "sam@example.org";
const CONFIRMED: &str =
    "confirmed method call, language English, safe times mornings, next step clinic, deadline none";

/// Two owners who fit alike, so that the load decides.
fn office() -> String {
    let sam = format!(
        "[[staff]]\nid = \"sam\"\nname = \"Sam Reed\"\nemail = \"{SAM}\"\nlanguages = [\"en\", \"es\"]\n"
    );
    format!("{OFFICE}\n{sam}")
}

/// Referrals of these invented people arrive; the task letters about them, by reference.
fn open(world: &mut World, numbers: std::ops::Range<u32>) -> BTreeMap<String, Letter> {
    let before = world.letters().len();
    for number in numbers {
        let body = ANA.replace("617-555-0142", &format!("617-555-{number:04}"));
        let body = body.replace("Email: ana@mail.example\n", "").replace("call, email", "call");
        let body = body.replace("Safe to email: yes", "Safe to email: no");
        world.drop_in(&Mail::from(PARTNER).subject(&format!("Referral {number}")).body(&body));
        // More at once would be one letter about all of them.
        if number % 5 == 4 {
            world.settle();
        }
    }
    world.settle();
    let tasks =
        world.letters().iter().skip(before).filter(|letter| letter.subject.starts_with("Action needed"));
    tasks.map(|task| (task.subject.split_whitespace().nth(2).unwrap().to_owned(), task.clone())).collect()
}

fn bounced(world: &World) -> usize {
    world.records().iter().filter(|record| matches!(record.contact, Contact::Bounced { .. })).count()
}

fn count(world: &World, referral: &Referral, kind: FactKind) -> usize {
    world.history_of(&referral.reference).iter().filter(|fact| fact.kind == kind).count()
}

/// The ladder goes on from where it stood, and ends as any other.
fn is_given_up_after_its_notice_only(world: &mut World) {
    // The final notice stands among many and counts as one: without it nothing would ever
    // be given up, and with it nobody is before the grace is over.
    let warned = |world: &World| {
        let lists = world
            .letters_to(WENDY)
            .into_iter()
            .skip_while(|letter| !letter.text.contains("will be given up"));
        lists.map(|letter| letter.text.matches("will be given up").count()).next()
    };
    while warned(world).is_none() {
        assert_eq!(bounced(world), 0, "nobody is given up without a final notice");
        assert!(world.letters_to(MARIA).iter().all(|letter| !letter.subject.starts_with("Last step")));
        world.pass("1h");
    }
    assert_eq!(warned(world), Some(175));
    world.pass("11h");
    assert_eq!(bounced(world), 0, "the grace");
    world.pass("4d");
    assert!(bounced(world) >= 60, "{}", bounced(world));
}

#[test]
fn five_hundred_open_two_hundred_overdue_and_sixty_past_the_end_are_caught_up_in_a_quarter_of_an_hour() {
    let mut world = World::with("2026-11-30 10:00", &office());
    let past_the_end = open(&mut world, 1000..1060);
    world.pass_to("2026-12-01 10:00");
    let overdue = open(&mut world, 2000..2140);
    let fine = open(&mut world, 3000..3300);
    assert_eq!((past_the_end.len(), overdue.len(), fine.len()), (60, 140, 300));
    for task in fine.values() {
        world.drop_in(&task.answer(&format!("{CONFIRMED}\naccept")));
    }
    world.settle();
    world.pass_to("2026-12-01 12:00");
    world.stop();
    world.sleep_through("1d");
    let told: Vec<&String> = overdue.keys().take(25).collect();
    for reference in &told {
        world.drop_in(&overdue[*reference].answer(CONFIRMED));
    }
    world.sleep_through("2d");
    let before = world.letters().len();
    world.restart();
    world.settle();

    let mut minutes = vec![world.letters().len() - before];
    for _ in 0..15 {
        let sent = world.letters().len();
        world.pass("1m");
        minutes.push(world.letters().len() - sent);
    }
    assert!(minutes.iter().all(|letters| *letters <= 30), "letters a minute: {minutes:?}");
    let fresh: Vec<Letter> = world.letters().iter().skip(before).cloned().collect();
    for person in [MARIA, SAM, WENDY] {
        let theirs: Vec<&Letter> = fresh.iter().filter(|letter| letter.to == person).collect();
        let summaries = theirs.iter().filter(|letter| letter.subject.starts_with("Catch-up")).count();
        assert_eq!(summaries, 1, "{person} gets one summary");
        let single = theirs
            .iter()
            .filter(|letter| !letter.subject.starts_with("Catch-up") && !letter.subject.starts_with("Done"));
        assert_eq!(single.count(), 0, "{person} gets nothing beside it");
    }

    // Steady: nothing waits that is due (the world checks it), and everybody of the 175 stands in one letter.
    world.check();
    let records = world.records();
    assert_eq!(records.len(), 500);
    assert!(records.iter().all(|record| record.look_at.is_none_or(|at| at > world.now())));
    let text: String = fresh.iter().map(|letter| letter.text.as_str()).collect();
    for record in &records {
        let reference = record.reference.to_string();
        if told.contains(&&reference) {
            assert!(matches!(record.contact, Contact::Confirmed { .. }));
            assert_eq!(count(&world, record, FactKind::Escalated), 0, "the confirmed are not escalated");
        } else if !fine.contains_key(&reference) {
            assert!(text.contains(&reference), "{reference} is in a summary");
        }
    }
    assert_eq!(bounced(&world), 0, "nothing is given up at once");

    is_given_up_after_its_notice_only(&mut world);
    world.check();
}

#[test]
fn a_handful_is_told_one_by_one_and_danger_never_waits_in_a_list() {
    let mut world = World::with("2026-12-01 10:00", &office());
    open(&mut world, 1000..1010);
    world.pass("1h");
    let urgent = ANA.replace("Urgency: normal", "Urgency: immediate danger");
    world.receive(&Mail::from(PARTNER).subject("Danger").body(&urgent));
    let danger = world.records().last().unwrap().reference.to_string();
    world.stop();
    world.sleep_through("2d");
    let before = world.letters().len();
    world.restart();
    world.settle();
    world.pass("1h");
    let fresh: Vec<&Letter> = world.letters().iter().skip(before).collect();
    let single = fresh.iter().filter(|letter| letter.subject.contains(&danger));
    assert!(single.count() >= 1, "danger has a letter of its own");
    let lists = fresh.iter().filter(|letter| letter.subject.starts_with("Catch-up"));
    assert!(lists.clone().all(|letter| !letter.text.contains(&danger)));
    assert_eq!(
        lists.map(|letter| letter.to.as_str()).collect::<Vec<_>>(),
        [WENDY],
        "ten are many, five are few"
    );
    world.check();
}

#[test]
fn each_line_of_a_summary_is_answered_by_a_tap_or_by_typing_and_only_by_whom_it_was_written_to() {
    let mut world = World::with("2026-12-01 10:00", &office());
    let tasks = open(&mut world, 1000..1010);
    world.stop();
    world.sleep_through("2d");
    world.restart();
    world.settle();
    world.pass("1h");
    let summary = world.letter(WENDY, "Catch-up");
    for (place, reference) in tasks.keys().enumerate() {
        let under = summary.text.split_once(&format!("- {reference} (")).unwrap().1;
        let to = under.split_once("as the first line to ").unwrap().1.split_once(':').unwrap().0;
        let answers: Vec<&str> =
            under.lines().skip_while(|line| !line.contains(to)).skip(1).take(3).map(str::trim).collect();
        assert_eq!(answers, ["assign", "attempt call no answer", "confirmed"]);
        // The link carries the same: to whom, about which one, and what.
        let (local, domain) = to.split_once('@').unwrap();
        let link = format!(
            "mailto:{}@{domain}?subject=Re%3A%20{reference}&amp;body=attempt%20call%20no%20answer",
            local.replace('+', "%2B")
        );
        assert!(summary.html.as_ref().unwrap().contains(&link), "{link}");
        let author = if place == 0 { MARIA } else { WENDY };
        let subject = format!("Re: {reference}");
        world.receive(&Mail::from(author).to(to).subject(&subject).body("attempt call no answer"));
        let record = world.records().into_iter().find(|record| record.reference.as_str() == reference);
        assert_eq!(record.unwrap().attempts.len(), usize::from(place > 0), "the proof is one person's");
    }
    world.check();
}

/// What a mail program makes of a link: to whom, the subject, the text.
pub(super) fn tapped(link: &str) -> Mail {
    let plain = |text: &str| -> String {
        let mut parts = text.split('%');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |all, part| {
            let (code, rest) = part.split_at(2);
            format!("{all}{}{rest}", char::from(u8::from_str_radix(code, 16).unwrap()))
        })
    };
    let (to, rest) = link.split_once('?').unwrap();
    let (subject, body) = rest.split_once("&amp;body=").unwrap();
    let subject = plain(subject.strip_prefix("subject=").unwrap());
    Mail::from("").to(&plain(to)).subject(&subject).body(&plain(body))
}

pub(super) fn links(letter: &Letter) -> Vec<String> {
    let html = letter.html.clone().unwrap_or_default();
    html.split("href=\"mailto:").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[test]
fn without_tagged_addresses_a_tap_carries_the_proof_in_the_text_and_for_its_reader_only() {
    let config = office().replace("kind = \"maildir\"", "kind = \"maildir\"\nplus_addressing = false");
    for author in [MARIA, WENDY, "somebody@elsewhere.example"] {
        let mut world = World::with("2026-12-01 10:00", &config);
        open(&mut world, 1000..1001);
        let task = world
            .letters()
            .iter()
            .find(|letter| letter.subject.starts_with("Action needed"))
            .unwrap()
            .clone();
        let (owner, link) =
            (task.to.clone(), links(&task).into_iter().find(|link| link.contains("body=attempt")).unwrap());
        assert!(!task.reply_to.contains('+'));
        let author = if author == MARIA { owner.as_str() } else { author };
        let mail = tapped(&link);
        assert!(mail.summary().len() < 80, "nothing of the proof is in the subject");
        world.receive(&mail.sent_by(author));
        assert_eq!(world.record(0).attempts.len(), usize::from(author == owner), "{author}");
        assert!(world.history(0).iter().all(|fact| !fact.words.contains("Proof")));
        world.check();
    }
}

#[test]
fn without_tagged_addresses_a_line_of_a_summary_is_answered_by_a_tap_or_by_typing_too() {
    let config = office().replace("kind = \"maildir\"", "kind = \"maildir\"\nplus_addressing = false");
    let mut world = World::with("2026-12-01 10:00", &config);
    let tasks = open(&mut world, 1000..1010);
    world.stop();
    world.sleep_through("2d");
    world.restart();
    world.settle();
    world.pass("1h");
    let summary = world.letter(WENDY, "Catch-up");
    for (place, reference) in tasks.keys().enumerate() {
        let under = summary.text.split_once(&format!("- {reference} (")).unwrap().1;
        let proof = under.lines().find(|line| line.trim().starts_with("Proof: ")).unwrap().trim();
        let about = format!("subject=Re%3A%20{reference}&amp;body=attempt%20call");
        let link = links(&summary).into_iter().find(|link| link.contains(&about)).unwrap();
        let mail = if place % 2 == 0 {
            tapped(&link)
        } else {
            Mail::from("")
                .subject(&format!("Re: {reference}"))
                .body(&format!("attempt call no answer\n{proof}"))
        };
        for author in [MARIA, WENDY] {
            world.receive(&mail.clone().sent_by(author));
            let record =
                world.records().into_iter().find(|record| record.reference.as_str() == reference).unwrap();
            assert_eq!(record.attempts.len(), usize::from(author == WENDY), "the proof is one person's");
        }
    }
    world.check();
}

#[test]
fn t16_more_than_one_tick_works_off_are_one_letter_a_person() {
    let mut world = World::with("2026-12-01 10:00", &office());
    world.at_once(7);
    open(&mut world, 1000..1060);
    world.pass("1h");
    world.stop();
    world.sleep_through("3d");
    let before = world.letters().len();
    world.restart();
    world.settle();
    let fresh: Vec<Letter> = world.letters().iter().skip(before).cloned().collect();
    for person in [MARIA, SAM, WENDY] {
        let theirs: Vec<&Letter> = fresh.iter().filter(|letter| letter.to == person).collect();
        assert_eq!(theirs.len(), 1, "{person} gets one letter, whatever one tick works off");
        assert!(theirs[0].subject.starts_with("Catch-up"));
    }
    let wendys = fresh.iter().find(|letter| letter.to == WENDY).unwrap();
    assert!(wendys.subject.contains("60 referrals"), "{}", wendys.subject);
    for record in world.records() {
        assert!(wendys.text.contains(record.reference.as_str()));
        assert!(record.look_at.is_none_or(|at| at > world.now()));
    }
    world.check();
    // The final notices of all of them stand in one letter too, and count.
    is_warned_of_in_one_letter_and_then_given_up(&mut world, 60);
}

#[test]
fn a_tick_that_fails_in_a_catch_up_tells_nobody_a_second_time() {
    let mut world = World::with("2026-12-01 10:00", &office());
    world.at_once(7);
    open(&mut world, 1000..1030);
    world.pass("1h");
    world.stop();
    world.sleep_through("3d");
    let before = world.letters().len();
    world.restart();
    // The first seven are worked off, everybody is told of all thirty, and then the store refuses once.
    world.turn();
    world.remind_in_vain();
    world.settle();
    world.pass("1h");
    for person in [MARIA, SAM, WENDY] {
        let theirs = world.letters().iter().skip(before).filter(|letter| letter.to == person);
        let subjects: Vec<&str> = theirs.map(|letter| letter.subject.as_str()).collect();
        assert_eq!(subjects.len(), 1, "{person}: {subjects:?}");
    }
    assert!(world.letter(WENDY, "Catch-up").subject.contains("30 referrals"));
    world.check();
}

fn is_warned_of_in_one_letter_and_then_given_up(world: &mut World, all: usize) {
    let warned = |world: &World| -> Vec<usize> {
        let lists =
            world.letters_to(WENDY).into_iter().map(|letter| letter.text.matches("will be given up").count());
        lists.filter(|count| *count > 0).collect()
    };
    while warned(world).is_empty() {
        world.pass("1h");
    }
    assert_eq!(warned(world), [all]);
    world.pass("5d");
    assert_eq!(bounced(world), all, "each was named, and so each is given up after the grace");
    assert_eq!(warned(world), [all], "and warned of once");
}

/// So many different referrals come in at once.
fn flood(world: &mut World, count: usize) {
    for number in 0..count {
        let body = ANA.replace("617-555-0142", &format!("617-555-{:04}", 1000 + number));
        let body = body.replace("Email: ana@mail.example\n", "");
        world.drop_in(&Mail::from(PARTNER).subject(&format!("Referral {number}")).body(&body));
    }
    world.settle();
}

/// The same, told; gives how many of them each letter to an owner tells of.
fn told_of_a_flood(world: &mut World, count: usize) -> [(&'static str, Vec<usize>); 2] {
    flood(world, count);
    let listed = |world: &World, owner| -> Vec<usize> {
        let letters = world.letters_to(owner).into_iter();
        let lists = letters.filter(|letter| letter.subject.starts_with("Catch-up"));
        lists.map(|letter| letter.text.matches("yours now").count()).collect()
    };
    assert!([MARIA, SAM].iter().all(|owner| listed(world, owner).iter().all(|told| *told > 400)));
    world.pass("1m");
    let told = [MARIA, SAM].map(|owner| (owner, listed(world, owner)));
    // The letters of its batches are no second telling.
    world.pass("15m");
    assert_eq!(told, [MARIA, SAM].map(|owner| (owner, listed(world, owner))));
    told
}

#[test]
fn a_flood_that_takes_several_batches_is_one_letter_to_each_owner() {
    let mut world = World::with("2026-12-01 10:00", &office());
    let told = told_of_a_flood(&mut world, 230);
    assert_eq!(world.records().len(), 230);
    for (owner, lists) in &told {
        assert_eq!(lists.len(), 1, "{owner}");
        assert_eq!(world.letters_to(owner).len(), 1, "{owner}");
    }
    let listed: usize = told.iter().flat_map(|(_, lists)| lists).sum();
    assert_eq!(listed, 230, "each of them once");
    // What comes after it is told by itself again.
    let body = ANA.replace("617-555-0142", "617-555-3000").replace("Email: ana@mail.example\n", "");
    world.receive(&Mail::from(PARTNER).subject("One more").body(&body));
    let after = world.letters().iter().filter(|letter| letter.subject.starts_with("Action needed")).count();
    assert_eq!(after, 1);
    world.check();
}

#[test]
fn a_flood_that_one_letter_cannot_hold_is_several_and_none_is_told_twice() {
    let mut world = World::with("2026-12-01 10:00", &office());
    let told = told_of_a_flood(&mut world, 1_150);
    for (owner, lists) in &told {
        assert_eq!(lists.len(), 2, "{owner}: {lists:?}");
    }
    let letters = [MARIA, SAM].into_iter().flat_map(|owner| world.letters_to(owner));
    let all: String = letters.map(|letter| letter.text.as_str()).collect();
    for record in world.records() {
        let lines = all.lines().filter(|line| line.contains("yours now"));
        let told = lines.filter(|line| line.contains(record.reference.as_str())).count();
        assert_eq!(told, 1, "{}", record.reference);
    }
    world.check();
}

#[test]
fn a_flood_that_a_stop_cut_short_is_told_by_the_letters_of_its_batches() {
    let mut world = World::with("2026-12-01 10:00", &office());
    flood(&mut world, 20);
    world.restart();
    world.settle();
    let letters = [MARIA, SAM].into_iter().flat_map(|owner| world.letters_to(owner));
    let told: usize = letters.map(|letter| letter.text.matches("yours now").count()).sum();
    assert_eq!(told, 20);
    world.check();
}

#[test]
fn a_flood_whose_letter_nobody_came_to_write_is_not_told_again_by_it() {
    let mut world = World::with("2026-12-01 10:00", &office());
    flood(&mut world, 20);
    world.wait_until(world.now() + TimeDelta::minutes(12));
    // The letters of its batches are due, and nobody looked after mail since.
    world.deliver_alone();
    let told = |world: &World| -> usize {
        let letters = [MARIA, SAM].into_iter().flat_map(|owner| world.letters_to(owner));
        letters.map(|letter| letter.text.matches("yours now").count()).sum()
    };
    assert_eq!(told(&world), 20);
    world.settle();
    world.pass("30m");
    assert_eq!(told(&world), 20, "each of them once");
    world.check();
}

#[test]
fn a_flood_is_told_also_while_mail_cannot_be_decided() {
    let mut world = World::with("2026-12-01 10:00", &office());
    flood(&mut world, 20);
    world.wait_until(world.now() + TimeDelta::seconds(31));
    let body = ANA.replace("617-555-0142", "617-555-3000").replace("Email: ana@mail.example\n", "");
    world.drop_in(&Mail::from(PARTNER).subject("One more").body(&body));
    world.handle_in_vain();
    world.deliver_alone();
    for owner in [MARIA, SAM] {
        assert_eq!(world.letters_to(owner).len(), 1, "{owner}");
        assert!(world.last_to(owner).subject.starts_with("Catch-up"), "{owner}");
    }
    world.settle();
    assert_eq!(world.records().len(), 21, "the mail waited");
    world.check();
}

#[test]
fn a_flood_of_referrals_is_one_letter_to_each_owner_and_a_receipt_each_to_the_partner() {
    let mut world = World::with("2026-12-01 10:00", &office());
    for number in 0..20 {
        let body = ANA.replace("617-555-0142", &format!("617-555-{:04}", 1000 + number));
        let body = body.replace("Email: ana@mail.example\n", "");
        let body =
            if number == 7 { body.replace("Urgency: normal", "Urgency: immediate danger") } else { body };
        world.drop_in(&Mail::from(PARTNER).subject(&format!("Referral {number}")).body(&body));
    }
    world.settle();
    assert_eq!(world.letters_to(PARTNER).len(), 20, "nobody's receipt waits for a list");
    // A letter about many waits a moment for more of them.
    world.pass("1m");
    let records = world.records();
    for (owner, id) in [(MARIA, "maria"), (SAM, "sam")] {
        let lists =
            world.letters_to(owner).into_iter().filter(|letter| letter.subject.starts_with("Catch-up"));
        let list: String = lists.map(|letter| letter.text.as_str()).collect();
        let theirs = records.iter().filter(|record| record.owner.0 == id);
        let mut calm = 0;
        for record in theirs {
            let listed = list.contains(record.reference.as_str());
            assert_eq!(listed, record.tier == Tier::Standard, "{} of {owner}", record.reference);
            calm += usize::from(listed);
        }
        assert!(calm > 5, "{calm}");
        assert_eq!(list.matches("yours now").count(), calm);
        let single =
            world.letters_to(owner).into_iter().filter(|letter| letter.subject.starts_with("Action needed"));
        assert!(single.count() <= 1, "only danger has a letter of its own");
    }
    world.check();
}
