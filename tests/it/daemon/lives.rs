//! Generated lives: what each person's packet says and what happens to it afterwards is said from a seed. Mail comes by
//! IMAP and leaves by SMTP, both with a login; the relay refuses, delays and hangs up; reports, answers, stops and
//! commands follow; in the end the store is put back from a backup. Whatever leaves, and whatever stays in the clear,
//! names nobody (RELIABILITY P1 to P16, P20 to P23).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Mutex;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use mailparse::MailHeaderMap as _;
use memchr::memmem;

use super::{all_settled, looked_up};
use crate::rig::desk::{self, Desk, PARTNER, header};
use crate::rig::dovecot::{Dovecot, PASSWORD};
use crate::rig::draws::Draws;
use crate::rig::relay::{Act, Phase, Relay, Taken};
use crate::rig::{SOON, until};

const LIVES: usize = 48;
/// So many are plain: nothing of theirs speaks against a letter, and each of the things that happen later happens to
/// one.
const PLAIN: usize = 8;
/// Of the things that happen later: the client says stop.
const STOPS: usize = 4;
/// The login of the relay: no word of it may be seen anywhere.
const RELAY_PASSWORD: &str = "qxrelaypasswordzq";

/// One person; `qx000…zq` stands in every word that is theirs.
struct Life {
    number: usize,
    packet: String,
    from: String,
    said: BTreeMap<&'static str, &'static str>,
    is_warned_of: bool,
}

impl Life {
    fn draw(number: usize, draws: &mut Draws) -> Life {
        let word = |what: &str| format!("qx{number:03}{what}zq");
        let mut lines: Vec<String> = [
            ("Client name", word("first") + " " + &word("last")),
            ("Date of birth", "1980-02-03".to_owned()),
            ("Phone", format!("518-555-{number:04}")),
            ("Email", client(number)),
            ("Address", word("street") + " Street 5, Troy, NY 12180"),
            ("Reason for referral", word("reason")),
            ("Household income", word("income")),
            ("Documents", word("docs")),
            ("Your reference", word("theirs")),
            ("Referrer phone", word("phone")),
        ]
        .map(|(label, value)| format!("{label}: {value}"))
        .into();
        let mut said = BTreeMap::new();
        for (label, values) in [
            ("Safe to call", &["yes", "no", "ask first"][..]),
            ("Safe to email", &["yes", "yes", "yes", "no", "only at work"]),
            ("Safe times", &["any time", "any time", "when he is out", "9am to 8pm"]),
            ("Language", &["English", "Spanish", "Arabic", "Russian", "Haitian Creole", "Somali"]),
            ("Matter type", &["housing", "custody", "immigration"]),
            ("Urgency", &["normal", "urgent", "danger at home"]),
            ("Consent to share", &["yes", "yes", "yes", "no", "verbal, see notes", "yes, until 12/31/2027"]),
            ("Part 2", &["no", "yes"]),
            ("Court date", &["12/31/2027", "none", "next week"]),
        ] {
            // The first of each is the plain one.
            let value = if number < PLAIN { values[0] } else { draws.of(values) };
            lines.push(format!("{label}: {value}"));
            said.insert(label, value);
        }
        let is_warned_of = number >= PLAIN && draws.below(2) == 0;
        if is_warned_of {
            lines.push(format!("Opposing party: {}", word("other")));
            lines.push(format!("Safety notes: {} reads her mail", word("other")));
        }
        let is_stranger = number == PLAIN || number > PLAIN && draws.below(6) == 0;
        let from = if is_stranger {
            format!("{}@else.example", word("stranger"))
        } else {
            format!("worker{number}@{PARTNER}")
        };
        Life { number, packet: lines.join("\r\n") + "\r\n", from, said, is_warned_of }
    }

    /// Whether the packet lets us write to the client: by what each of its words means, not by the rules under test.
    fn lets_us_write(&self) -> bool {
        let consents = self.said["Consent to share"].starts_with("yes");
        consents && self.would_let_us_write_if_they_consent()
    }

    fn would_let_us_write_if_they_consent(&self) -> bool {
        let is_partner = self.from.ends_with(PARTNER);
        let is_safe = self.said["Safe to email"] == "yes" && self.said["Safe times"] != "when he is out";
        is_partner && is_safe && !self.is_warned_of
    }

    fn mail(&self, from: &str, subject: &str, more: &str, body: &str) -> Vec<u8> {
        let host = if from == client(self.number) { "client.example" } else { "rig.example" };
        let id = format!("{}.{}@{host}", self.number, body.len() + 7 * subject.len());
        format!(
            "From: {from}\r\nTo: referrals@desk.example.org\r\nSubject: {subject}\r\nMessage-ID: <{id}>\r\n\
             Date: Tue, 17 Nov 2026 09:00:00 -0500\r\nMIME-Version: 1.0\r\n{more}\r\n{body}"
        )
        .into_bytes()
    }

    /// What comes by mail after the referral.
    fn later(&self, what: usize, letters: &[Taken]) -> Vec<u8> {
        let (client, number) = (client(self.number), self.number);
        let word = format!("qx{number:03}laterzq");
        // Who is written to in some hours only may have a letter by now or not.
        let is_any_time = self.said["Safe times"] == "any time";
        let to_client = letters.iter().find(|letter| letter.to == client && is_any_time);
        match (what, to_client) {
            (0 | 1, Some(letter)) => self.report(letter, &word),
            (2 | 3, _) => {
                let name = format!("qx{number:03}firstzq");
                self.mail(&client, &format!("I am {name}"), "", &format!("Call me, {name}, at 518-555-0142"))
            }
            (STOPS, _) => self.mail(&client, "Re: Your request", "", "STOP\r\n"),
            (5, _) => self.mail(&self.from, &format!("Referral of {word}"), "", &self.packet),
            (6, _) => self.mail(&self.from, "status", "", &format!("status {word}\r\n")),
            _ => self.mail(&format!("\"{word}\u{0}\" <broken"), &word, "", &word),
        }
    }

    /// A report about a letter of ours, with the whole of it and more inside.
    fn report(&self, letter: &Taken, word: &str) -> Vec<u8> {
        let head = "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\
                    Auto-Submitted: auto-replied\r\n";
        let to = &letter.to;
        let body = format!(
            "--b\r\nContent-Type: text/plain\r\n\r\n{word} <{to}> could not be reached\r\n--b\r\n\
             Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.client.example\r\n\r\n\
             Final-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no {word}\r\n\r\n\
             --b\r\nContent-Type: message/rfc822\r\n\r\n{}\r\n--b--\r\n",
            String::from_utf8_lossy(&letter.message)
        );
        self.mail("mailer-daemon@client.example", "Undelivered", head, &body)
    }
}

fn client(number: usize) -> String {
    format!("qx{number:03}mailzq@client.example")
}

/// The number of the life a client's address is of.
fn number_in(address: &str) -> Option<usize> {
    address.strip_suffix("mailzq@client.example")?.strip_prefix("qx")?.parse().ok()
}

/// A relay that treats each client's address in a way of its own, at each of its first tries.
fn moody() -> Relay {
    let tries: Mutex<BTreeMap<String, usize>> = Mutex::default();
    Relay::start(move |turn| {
        let to = &turn.to;
        let Some(mood) = number_in(to).map(|number| number % 6) else { return Act::Go };
        let mut tries = tries.lock().unwrap();
        let earlier = tries.entry(to.clone()).or_default();
        match (turn.phase, mood, *earlier) {
            (Phase::Rcpt, 1, _) => Act::Say(format!("550 5.1.1 <{to}> qx999theirszq is unknown here")),
            (Phase::Rcpt, 2, 0) => {
                *earlier += 1;
                Act::Say(format!("451 4.3.0 {to} is greylisted"))
            }
            (Phase::Dot, 3, 0) => {
                *earlier += 1;
                Act::Say(format!("452 4.2.2 {to} is full"))
            }
            (Phase::Dot, 4, 0) => {
                *earlier += 1;
                Act::TakeAndDrop
            }
            _ => Act::Go,
        }
    })
}

fn is_named(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let at = text.match_indices("qx").map(|(at, _)| at).find(|at| {
        let rest: String = text.get(*at..).unwrap_or_default().chars().take(24).collect();
        rest.contains("zq") && rest.chars().skip(2).take(3).all(|c| c.is_ascii_digit())
    })?;
    text.get(at..).map(|rest| rest.chars().take(60).collect())
}

/// A letter as its reader sees it, however it is coded, field by field and part by part; without the field that must
/// name whom it goes to, and without the word a partner gave us to find its own referral again by.
fn beside_the_recipient(letter: &Taken) -> String {
    let mail = mailparse::parse_mail(&letter.message).unwrap();
    let fields = mail.headers.iter().filter(|field| !field.get_key_ref().eq_ignore_ascii_case("to"));
    let mut text: Vec<String> =
        fields.map(|field| format!("{}: {}", field.get_key_ref(), field.get_value())).collect();
    text.extend(mail.parts().map(|part| String::from_utf8_lossy(&part.get_body_raw().unwrap()).into_owned()));
    let text = text.join("\n");
    let worker = letter.to.strip_prefix("worker").and_then(|rest| rest.split('@').next());
    match worker.and_then(|number| number.parse::<usize>().ok()) {
        Some(number) => text.replace(&format!("qx{number:03}theirszq"), ""),
        None => text,
    }
}

/// The rows of RELIABILITY §4 for one letter.
fn judge(letter: &Taken) {
    let (subject, to) = (header(&letter.message, "Subject"), &letter.to);
    assert_eq!(is_named(beside_the_recipient(letter).as_bytes()), None, "to {to}: {subject}");
    assert!(header(&letter.message, "To").contains(to.as_str()), "one recipient, and it is named");
    let text = String::from_utf8_lossy(&letter.message).to_ascii_lowercase();
    for field in
        ["\r\ncc:", "\r\nbcc:", "disposition-notification-to", "return-receipt-to", "content-disposition"]
    {
        assert!(!text.contains(field), "{field} to {to}");
    }
    if number_in(to).is_some() {
        let thread = header(&letter.message, "In-Reply-To") + &header(&letter.message, "References");
        assert!(!thread.contains("rig.example"), "in the thread of somebody else's mail: {thread}");
        assert!(header(&letter.message, "Content-Type").starts_with("text/plain"));
        assert_eq!(header(&letter.message, "From"), "\"Front Desk\" <referrals@desk.example.org>");
        nothing_tells_in_the_head(letter);
        let mail = mailparse::parse_mail(&letter.message).unwrap();
        let shown = mail.headers.get_first_value("Subject").unwrap() + "\n" + &mail.get_body().unwrap();
        let shown = shown.to_ascii_lowercase();
        // A number of ours may hold the letters of "http", and no colon.
        for word in [
            "http:",
            "https:",
            "www.",
            "example help center",
            "housing",
            "custody",
            "immigration",
            "opposing",
        ] {
            assert!(!shown.contains(word), "{word} to a client");
        }
        assert!(!shown.contains("court"), "court to a client");
    } else {
        let from = header(&letter.message, "From");
        assert_eq!(from, "\"Example Help Center\" <referrals@desk.example.org>", "to {to}: {subject}");
    }
}

/// Whoever opens the head of a letter to a client sees the neutral name, the number and what every mail has: no token
/// and no tag, no list, no thread, no word about the program.
fn nothing_tells_in_the_head(letter: &Taken) {
    const FIELDS: [&str; 11] = [
        "Date",
        "From",
        "Reply-To",
        "To",
        "Subject",
        "Message-ID",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    ];
    let text = String::from_utf8_lossy(&letter.message).into_owned();
    let head = text.split("\r\n\r\n").next().unwrap_or_default();
    for line in head.lines().filter(|line| !line.starts_with([' ', '\t'])) {
        let name = line.split(':').next().unwrap_or_default();
        assert!(FIELDS.contains(&name), "a letter to a client says {line}");
    }
    assert_eq!(header(&letter.message, "Reply-To"), "referrals@desk.example.org");
    let id = header(&letter.message, "Message-ID");
    let (left, domain) = id.trim_matches(['<', '>']).split_once('@').unwrap();
    assert!(left.len() == 24 && left.chars().all(|c| c.is_ascii_alphanumeric()), "{id}");
    assert_eq!(domain, "desk.example.org");
}

/// The numbers of the clients who were written to.
fn written_to(letters: &[Taken]) -> BTreeSet<usize> {
    letters.iter().filter_map(|letter| number_in(&letter.to)).collect()
}

/// How many letters each client who said stop has got.
fn letters_to_the_stopped(lives: &[Life], later: &[usize], letters: &[Taken]) -> Vec<usize> {
    let stopped = lives.iter().zip(later).filter(|(_, what)| **what == STOPS);
    stopped
        .map(|(life, _)| letters.iter().filter(|letter| letter.to == client(life.number)).count())
        .collect()
}

/// What every user of the machine sees of a process.
fn seen_of(process: u32) -> Vec<u8> {
    let files = ["cmdline", "environ"].map(|name| fs::read(format!("/proc/{process}/{name}")).unwrap());
    files.concat()
}

/// What opens something: passwords, as they are and as SMTP and IMAP send them, the lines of the key file, the tokens
/// of the letters to staff.
fn secrets(desk: &Desk, letters: &[Taken]) -> Vec<String> {
    let key_file = fs::read_to_string(desk.path("key")).unwrap();
    let keys = key_file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '));
    let tokens = letters.iter().filter_map(|letter| {
        let reply_to = header(&letter.message, "Reply-To");
        Some(reply_to.split_once('+')?.1.split_once('@')?.0.to_owned())
    });
    let logins = [("desk", PASSWORD), ("relay", RELAY_PASSWORD)];
    let sent = logins.map(|(user, password)| BASE64_STANDARD.encode(format!("\0{user}\0{password}")));
    let plain = logins.map(|(_, password)| password.to_owned());
    let coded = logins.map(|(_, password)| BASE64_STANDARD.encode(password));
    let keys = keys.map(|(_, key)| key.trim().to_owned());
    plain.into_iter().chain(coded).chain(sent).chain(keys).chain(tokens).collect()
}

/// Two commands of an operator on every second record.
fn act_on_some(desk: &Desk, draws: &mut Draws) {
    let listed = desk.json(&["list", "--all"]);
    // In the order of the lives: references are said by the daemon.
    let mut listed: Vec<&serde_json::Value> = listed.as_array().unwrap().iter().rev().collect();
    listed.sort_by_key(|one| one["client"]["email"].as_str().map(str::to_owned));
    let references: Vec<&str> = listed.iter().filter_map(|one| one["reference"].as_str()).collect();
    assert!(references.len() >= LIVES);
    for reference in references.iter().step_by(2) {
        for _ in 0..2 {
            let line = draws.of(&[
                "attempt call no answer",
                "accept",
                "consent yes, in person, from the client",
                "redirect to Elsewhere: full",
                "bounce bad contact info",
                "reopen she called",
                "close done",
                "do not contact",
                "needs phone, language",
                "raise safety",
                "conflict clear",
            ]);
            desk.run(&["act", reference, line]);
        }
    }
}

#[test]
fn p1_to_p23_no_generated_life_shows_in_a_letter_a_log_a_file_or_a_process_and_no_secret_does() {
    let (dovecot, relay) = (Dovecot::start(), moody());
    let outlet = desk::relay(relay.listener.port) + "user = \"relay\"\npassword_file = \"relay-password\"\n";
    let mut desk = Desk::new(&desk::imap(&dovecot, "desk"), &outlet, desk::SQLITE);
    desk.secret("relay-password", RELAY_PASSWORD);
    desk.environment.push(("RUST_LOG".to_owned(), "trace".to_owned()));
    let mut draws = Draws(0x9e37_79b9_7f4a_7c15);
    let lives: Vec<Life> = (0..LIVES).map(|number| Life::draw(number, &mut draws)).collect();
    let later: Vec<usize> =
        (0..LIVES).map(|number| if number < PLAIN { number } else { draws.below(8) }).collect();
    for life in &lives {
        dovecot.deliver(
            "desk",
            &life.mail(&life.from, &format!("Referral of qx{:03}subjectzq", life.number), "", &life.packet),
        );
    }
    desk.start_ready();
    assert_eq!(is_named(&seen_of(desk.pid())), None, "a process");
    all_settled(&desk, LIVES);
    who_may_be_written_to_is_and_nobody_else(&lives, &relay.taken());
    let backup = desk.path("backup.db");
    assert_eq!(desk.run(&["backup", backup.to_str().unwrap()]).code, 0);
    for (life, what) in lives.iter().zip(&later) {
        dovecot.deliver("desk", &life.later(*what, &relay.taken()));
    }
    all_settled(&desk, 2 * LIVES);
    who_may_be_written_to_is_and_nobody_else(&lives, &relay.taken());
    let before = letters_to_the_stopped(&lives, &later, &relay.taken());
    act_on_some(&desk, &mut draws);
    all_settled(&desk, 2 * LIVES);
    for secret in secrets(&desk, &relay.taken()) {
        assert!(memmem::find(&seen_of(desk.pid()), secret.as_bytes()).is_none(), "a process shows a secret");
    }
    let kinds: BTreeSet<String> =
        looked_up(&desk, "SELECT DISTINCT kind FROM outbox").into_iter().flatten().collect();
    for kind in
        ["receipt", "neutral-receipt", "client-confirmation", "client-answer", "assignment", "stopped"]
    {
        assert!(kinds.contains(kind), "no {kind} among {kinds:?}");
    }
    desk.terminate();
    fs::copy(backup, desk.path("handoffd.db")).unwrap();
    desk.start();
    until("it is said that the store was put back", SOON, || desk.said("was put back from a backup") > 0);
    all_settled(&desk, 2 * LIVES);
    desk.terminate();

    let letters = relay.taken();
    // By then somebody on the host may have noted a consent, and nothing else that speaks for a letter.
    let wrongly =
        written_to(&letters).into_iter().find(|at| !lives[*at].would_let_us_write_if_they_consent());
    assert_eq!(wrongly, None, "a client who must not be written to");
    assert_eq!(letters_to_the_stopped(&lives, &later, &letters), before, "letters after a stop");
    search(&desk, &letters);
}

/// Before anybody of the staff said anything.
fn who_may_be_written_to_is_and_nobody_else(lives: &[Life], letters: &[Taken]) {
    let written_to = written_to(letters);
    for life in lives {
        let (is, may) = (written_to.contains(&life.number), life.lets_us_write());
        assert!(may || !is, "{} must not be written to: {:?}", life.number, life.packet);
        // Whose address works, and who has no hours.
        let is_reached = life.number % 6 != 1 && life.said["Safe times"] == "any time";
        assert!(is || !may || !is_reached, "{} may be written to: {:?}", life.number, life.packet);
    }
}

/// What was sent, what is printed and what lies in the clear on the disk.
fn search(desk: &Desk, letters: &[Taken]) {
    letters.iter().for_each(judge);
    let printed = ["health", "verify", "report daily", "report pilot", "diag", "check"].map(|words| {
        let ended = desk.run(&words.split(' ').collect::<Vec<_>>());
        (words.to_owned(), (ended.out + &ended.err).into_bytes())
    });
    let files = [
        "log",
        "handoffd.db",
        "handoffd.db-wal",
        "backup.db",
        "handoffd.db.claims",
        "handoffd.db.stops",
        "handoffd.db.lock",
    ]
    .map(|name| (name.to_owned(), fs::read(desk.path(name)).unwrap_or_default()));
    let secrets = secrets(desk, letters);
    assert!(secrets.len() > 10, "tokens were seen");
    for (place, bytes) in printed.into_iter().chain(files) {
        assert_eq!(is_named(&bytes), None, "{place}");
        for secret in &secrets {
            let at = memmem::find(&bytes, secret.as_bytes());
            let around = |at: usize| {
                let bytes = bytes.get(at.saturating_sub(40)..(at + 80).min(bytes.len()));
                String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
            };
            assert_eq!(at.map(around), None, "{place} holds a secret");
        }
    }
}
