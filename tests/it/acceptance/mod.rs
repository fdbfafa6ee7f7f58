//! The main job, end to end: real servers, real binary, killed again and again; then everything must add up.

mod mails;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crate::rig::desk::{self, Desk, header};
use crate::rig::dovecot::Dovecot;
use crate::rig::postgres::Postgres;
use crate::rig::relay::{Act, Relay, Taken};
use crate::rig::rows::rows;
use crate::rig::until;
use handoffd::store::seal::Keyring;
use mails::{Answer, Chance, Sample};

/// Changes what the mails are and when the kills come; a failure names it.
const SEED: u64 = 20_261_120;
/// For a slow, busy machine and a build without optimisation.
const PATIENCE: Duration = Duration::from_mins(5);

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_mails_and_ten_kills_add_up() {
    let (dovecot, relay) = (Dovecot::start(), Relay::start(|_| Act::Go));
    let mut desk = Desk::new(&desk::imap(&dovecot, "desk"), &desk::relay(relay.listener.port), desk::SQLITE);
    let samples = mails::mixed(500, SEED);
    storm(&mut desk, &dovecot, &relay, &samples, 10);
    let url = format!("sqlite://{}", desk.path("handoffd.db").display());
    judge(&desk, &relay, &samples, &url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_mails_and_three_kills_add_up_in_postgresql() {
    let (dovecot, relay, postgres) = (Dovecot::start(), Relay::start(|_| Act::Go), Postgres::start());
    let store = "kind = \"postgres\"\nurl_file = \"postgres\"\n";
    let mut desk = Desk::new(&desk::imap(&dovecot, "desk"), &desk::relay(relay.listener.port), store);
    desk.secret("postgres", &postgres.url);
    let samples = mails::mixed(100, SEED);
    storm(&mut desk, &dovecot, &relay, &samples, 3);
    judge(&desk, &relay, &samples, &postgres.url).await;
}

/// Delivers the mails in heaps, and kills the daemon at random moments in between; at the end it may finish.
fn storm(desk: &mut Desk, dovecot: &Dovecot, relay: &Relay, samples: &[Sample], kills: usize) {
    let began = Instant::now();
    let mut chance = Chance(SEED);
    for heap in samples.chunks(samples.len().div_ceil(kills + 1)) {
        let kill = desk.said("Ready") < kills;
        desk.start_ready();
        let up = Instant::now();
        for sample in heap {
            dovecot.deliver("desk", &sample.bytes);
        }
        if kill {
            // Some kills come at a moment of their own, some in the midst of sending.
            let moment = Duration::from_millis(chance.below(900) as u64);
            let letters = relay.taken().len() + chance.below(20);
            let is_sending = chance.below(2) == 0;
            until("the moment of the kill", PATIENCE, || {
                if is_sending { relay.taken().len() >= letters } else { up.elapsed() >= moment }
            });
            desk.kill();
        }
    }
    desk.settled(samples.len() as u64, PATIENCE);
    let suspected = let_in(desk);
    assert!(suspected <= kills, "{suspected} mails were suspected");
    desk.settled(samples.len() as u64, PATIENCE);
    let code = desk.terminate();
    assert_eq!(code, 0, "{}", desk.log());
    let (count, took, letters) = (samples.len(), began.elapsed(), relay.taken().len());
    println!("{count} mails, {kills} kills, {suspected} mails suspected: {took:?}, {letters} letters");
}

/// A mail that was under the reader at two kills is suspected of having caused them, and parked. A person looks and
/// lets it in. Returns how many there were.
fn let_in(desk: &Desk) -> usize {
    let parked = desk.json(&["parked", "list"]);
    let suspects = parked.as_array().unwrap().iter().filter(|mail| mail["cause"] == "poison");
    suspects.map(|mail| assert_eq!(desk.run(&["parked", "replay", &mail["id"].to_string()]).code, 0)).count()
}

async fn judge(desk: &Desk, relay: &Relay, samples: &[Sample], url: &str) {
    let taken = relay.taken();
    every_mail_ended_once(desk, samples);
    every_referral_is_owned(desk);
    dispositions_fit(url, samples).await;
    receipts_are_right(samples, &taken);
    copies_were_in_doubt(desk, url, &taken).await;
    letters_are_sound(&taken);
}

fn every_mail_ended_once(desk: &Desk, samples: &[Sample]) {
    let mails = &desk.json(&["report", "daily"])["mails"];
    let piles =
        ["referral", "reply", "command", "auto_reply", "delivery_report", "duplicate", "parked", "ignored"];
    let sum: u64 = piles.iter().map(|pile| mails[pile].as_u64().unwrap()).sum();
    assert_eq!(
        (mails["received"].as_u64().unwrap(), sum),
        (samples.len() as u64, samples.len() as u64),
        "{mails}"
    );
    assert_eq!(mails["waiting"], 0);
}

fn every_referral_is_owned(desk: &Desk) {
    let list = desk.json(&["list", "--all"]);
    let list = list.as_array().unwrap();
    let references: BTreeSet<&str> = list.iter().map(|one| one["reference"].as_str().unwrap()).collect();
    assert_eq!(references.len(), list.len(), "a reference twice");
    for one in list {
        let said = |key: &str| one[key].as_str().is_some_and(|text| !text.is_empty());
        assert!(said("owner") && said("next_action") && said("next_action_at"), "{one}");
    }
}

/// What each mail ended as, found by its digest-free trail: mails end in the order of their numbers in the mailbox.
async fn dispositions_fit(url: &str, samples: &[Sample]) {
    let by_uid: BTreeMap<u64, String> = rows(url, "SELECT origin, disposition FROM mail")
        .await
        .into_iter()
        .map(|row| {
            let uid = row[0].rsplit(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty()).unwrap();
            (uid.parse().unwrap(), row[1].clone())
        })
        .collect();
    assert_eq!(by_uid.len(), samples.len());
    let mut wrong = Vec::new();
    for ((uid, disposition), sample) in by_uid.iter().zip(samples) {
        if !sample.ends_as.is_empty() && !sample.ends_as.contains(&disposition.as_str()) {
            wrong.push(format!("UID {uid}, {}: {disposition}", sample.sort));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let opened: usize = rows(url, "SELECT CAST(COUNT(*) AS TEXT) FROM referral").await[0][0].parse().unwrap();
    let certain: usize = samples.iter().filter_map(|sample| sample.opens).sum();
    assert!(opened >= certain, "{opened} opened, {certain} expected");
}

fn receipts_are_right(samples: &[Sample], taken: &[Taken]) {
    let mut by_author: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for letter in taken {
        by_author.entry(&letter.to).or_default().insert(header(&letter.message, "Message-ID"));
    }
    let mut wrong = Vec::new();
    for sample in samples {
        let letters = by_author.get(sample.author.as_str()).map_or(0, BTreeSet::len);
        let right = match sample.answer {
            Answer::Receipt => letters == 1,
            Answer::Silence => letters == 0,
            Answer::Perhaps => letters <= 1,
        };
        if !right {
            wrong.push(format!("{}: {letters} letters to {}", sample.sort, sample.author));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let known: BTreeSet<&str> = samples.iter().map(|sample| sample.author.as_str()).collect();
    let staff = ["maria@desk.example.org", "sam@desk.example.org"];
    let others: BTreeSet<&str> =
        by_author.into_keys().filter(|to| !known.contains(to) && !staff.contains(to)).collect();
    assert!(others.is_empty(), "letters to strangers: {others:?}");
}

/// A letter came twice only if nobody could know whether it had come once.
async fn copies_were_in_doubt(desk: &Desk, url: &str, taken: &[Taken]) {
    let keys = Keyring::read(&desk.path("key")).unwrap();
    let sql = if url.starts_with("postgres") {
        "SELECT encode(message_id_digest, 'hex'), CAST(doubts AS TEXT), state FROM outbox"
    } else {
        "SELECT lower(hex(message_id_digest)), CAST(doubts AS TEXT), state FROM outbox"
    };
    let mut doubts: BTreeMap<String, i64> = BTreeMap::new();
    for row in rows(url, sql).await {
        let doubted: i64 = row[1].parse().unwrap();
        // Three kills at the very moment of one letter leave it to a person.
        let is_settled = matches!(row[2].as_str(), "sent" | "withheld") || (row[2] == "held" && doubted >= 3);
        assert!(is_settled, "{} after {doubted} doubts", row[2]);
        doubts.insert(row[0].clone(), doubted);
    }
    let mut copies: BTreeMap<String, i64> = BTreeMap::new();
    for letter in taken {
        *copies.entry(header(&letter.message, "Message-ID")).or_default() += 1;
    }
    for (id, count) in &copies {
        let id = id.trim_matches(['<', '>']);
        let digest = hex::encode(keys.digest("message-id", id.as_bytes()));
        let known = doubts.get(&digest).unwrap_or_else(|| panic!("{id} is in no outbox"));
        assert!(*count <= 1 + known && *count <= 3, "{id}: {count} copies, {known} doubts");
    }
    let again: i64 = copies.values().map(|count| count - 1).sum();
    println!("{again} copies, all with the Message-ID of the first");
}

/// Two parsers that are not ours agree with each other about every letter.
fn letters_are_sound(taken: &[Taken]) {
    assert!(!taken.is_empty());
    for letter in taken {
        let one = mail_parser::MessageParser::default().parse(&letter.message).unwrap();
        let other = mailparse::parse_mail(&letter.message).unwrap();
        let field =
            |name: &str| mailparse::MailHeaderMap::get_first_value(other.headers.as_slice(), name).unwrap();
        let address = |list: Option<&mail_parser::Address<'_>>| {
            list.and_then(|list| list.first()).and_then(|one| one.address()).unwrap().to_owned()
        };
        let addressed =
            |name: &str| mailparse::addrparse(&field(name)).unwrap().extract_single_info().unwrap().addr;
        assert_eq!(one.subject().unwrap(), field("Subject"));
        assert_eq!((address(one.from()), address(one.to())), (addressed("From"), addressed("To")));
        assert_eq!(address(one.to()), letter.to);
        let text = String::from_utf8_lossy(&letter.message);
        assert!(!text.contains("victim.example"), "an address from an encoded word got into a letter");
        assert!(header(&letter.message, "Auto-Submitted").starts_with("auto-"), "{text}");
        assert!(text.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])));
    }
}
