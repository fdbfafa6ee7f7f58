//! Generated lives: what each person's packet says and what happens to it afterwards is drawn from a seed. Mail comes by
//! IMAP and leaves by SMTP, both with a login; the relay refuses, delays and hangs up; reports, answers, stops and
//! commands follow; in the end the store is put back from a backup. Whatever leaves, and whatever stays in the clear,
//! names nobody (RELIABILITY P1 to P16, P20 to P23).

use std::collections::BTreeSet;
use std::fs;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use memchr::memmem;

use crate::rig::desk::{self, Desk, PARTNER, header};
use crate::rig::dovecot::{Dovecot, PASSWORD};
use crate::rig::draws::Draws;
use crate::rig::relay::{Act, Phase, Relay, Taken};
use crate::rig::rows::rows;
use crate::rig::{SOON, until};

const LIVES: usize = 48;
/// The login of the relay: no word of it may be seen anywhere.
const RELAY_PASSWORD: &str = "qxrelaypasswordzq";

/// One person; `qx000…zq` stands in every word that is theirs.
struct Life {
    number: usize,
    packet: String,
    from: String,
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
            lines.push(format!("{label}: {}", draws.of(values)));
        }
        if draws.below(2) == 0 {
            lines.push(format!("Opposing party: {}", word("other")));
            lines.push(format!("Safety notes: {} reads her mail", word("other")));
        }
        let from = match draws.below(6) {
            0 => format!("{}@else.example", word("stranger")),
            _ => format!("worker{number}@{PARTNER}"),
        };
        Life { number, packet: lines.join("\r\n") + "\r\n", from }
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
    fn later(&self, draws: &mut Draws, letters: &[Taken]) -> Vec<u8> {
        let (client, number) = (client(self.number), self.number);
        let word = format!("qx{number:03}laterzq");
        let to_client = letters.iter().find(|letter| letter.to == client);
        match (draws.below(8), to_client) {
            (0 | 1, Some(letter)) => self.report(letter, &word),
            (2 | 3, _) => {
                self.mail(&client, &format!("I am {word}"), "", &format!("Call {word} at 518-555-0142"))
            }
            (4, _) => self.mail(&client, "Re: Your request", "", "STOP\r\n"),
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

/// A relay that treats each client's address in a way of its own.
fn moody() -> Relay {
    Relay::start(|turn| {
        let (to, mood) = (&turn.to, number_in(&turn.to).map(|number| number % 6));
        match (turn.phase, mood) {
            (Phase::Rcpt, Some(1)) => Act::Say(format!("550 5.1.1 <{to}> qx999theirszq is unknown here")),
            (Phase::Rcpt, Some(2)) if turn.connection < 3 => {
                Act::Say(format!("451 4.3.0 {to} is greylisted"))
            }
            (Phase::Dot, Some(3)) if turn.connection < 3 => Act::Say(format!("452 4.2.2 {to} is full")),
            (Phase::Dot, Some(4)) if turn.connection < 3 => Act::TakeAndDrop,
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

/// A letter without the line that must name whom it goes to, and without the word a partner gave us to find its own
/// referral again by.
fn beside_the_recipient(letter: &Taken) -> String {
    let text = String::from_utf8_lossy(&letter.message);
    let kept: Vec<&str> = text.lines().filter(|line| !line.to_ascii_lowercase().starts_with("to:")).collect();
    let worker = letter.to.strip_prefix("worker").and_then(|rest| rest.split('@').next());
    match worker.and_then(|number| number.parse::<usize>().ok()) {
        Some(number) => kept.join("\n").replace(&format!("qx{number:03}theirszq"), ""),
        None => kept.join("\n"),
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
        for word in ["http", "example help center", "housing", "custody", "immigration", "opposing", "court"]
        {
            assert!(!text.contains(word), "{word} to a client");
        }
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

/// Mails nobody has read yet. `health` may find fault with other things.
fn waiting(desk: &Desk) -> i64 {
    let health: serde_json::Value =
        serde_json::from_str(&desk.run(&["health", "--json"]).out).unwrap_or_default();
    health["mails_waiting"].as_i64().unwrap_or(-1)
}

/// What every user of the machine sees of a process.
fn seen_of(process: u32) -> Vec<u8> {
    let files = ["cmdline", "environ"].map(|name| fs::read(format!("/proc/{process}/{name}")).unwrap());
    files.concat()
}

/// What opens something: passwords, as they are and as SMTP and IMAP send them, the lines of the key file, the tokens of
/// the letters to staff.
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
    let references: Vec<&str> =
        listed.as_array().unwrap().iter().filter_map(|one| one["reference"].as_str()).collect();
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

#[tokio::test(flavor = "multi_thread")]
async fn p1_to_p23_no_generated_life_shows_in_a_letter_a_log_a_file_or_a_process_and_no_secret_does() {
    let (dovecot, relay) = (Dovecot::start(), moody());
    let outlet = desk::relay(relay.listener.port) + "user = \"relay\"\npassword_file = \"relay-password\"\n";
    let mut desk = Desk::new(&desk::imap(&dovecot, "desk"), &outlet, desk::SQLITE);
    desk.secret("relay-password", RELAY_PASSWORD);
    desk.environment.push(("RUST_LOG".to_owned(), "trace".to_owned()));
    let mut draws = Draws(0x9e37_79b9_7f4a_7c15);
    let lives: Vec<Life> = (0..LIVES).map(|number| Life::draw(number, &mut draws)).collect();
    for life in &lives {
        dovecot.deliver(
            "desk",
            &life.mail(&life.from, &format!("Referral of qx{:03}subjectzq", life.number), "", &life.packet),
        );
    }
    desk.start_ready();
    assert_eq!(is_named(&seen_of(desk.pid())), None, "a process");
    let mails = u64::try_from(LIVES).unwrap();
    let received = || desk.json(&["report", "daily"])["mails"]["received"].as_u64();
    until("all referrals are handled", SOON * 4, || received() == Some(mails) && waiting(&desk) == 0);
    until("clients are written to", SOON, || {
        relay.taken().iter().any(|letter| number_in(&letter.to).is_some())
    });
    let backup = desk.path("backup.db");
    assert_eq!(desk.run(&["backup", backup.to_str().unwrap()]).code, 0);
    for life in &lives {
        dovecot.deliver("desk", &life.later(&mut draws, &relay.taken()));
    }
    until("what came later is handled", SOON * 4, || received() == Some(2 * mails) && waiting(&desk) == 0);
    act_on_some(&desk, &mut draws);
    let secrets_of = |desk: &Desk| secrets(desk, &relay.taken());
    until("letters are settled", SOON * 2, || relay.taken().len() > 2 * LIVES);
    for secret in secrets_of(&desk) {
        assert!(memmem::find(&seen_of(desk.pid()), secret.as_bytes()).is_none(), "a process shows a secret");
    }
    desk.terminate();
    let url = format!("sqlite://{}", desk.path("handoffd.db").display());
    let kinds: BTreeSet<String> =
        rows(&url, "SELECT DISTINCT kind FROM outbox").await.into_iter().flatten().collect();
    for kind in
        ["receipt", "neutral-receipt", "client-confirmation", "client-answer", "assignment", "stopped"]
    {
        assert!(kinds.contains(kind), "no {kind} among {kinds:?}");
    }
    fs::copy(backup, desk.path("handoffd.db")).unwrap();
    desk.start();
    until("it is said that the store was put back", SOON, || desk.said("was put back from a backup") > 0);
    until("all is read again", SOON * 4, || waiting(&desk) == 0);
    desk.terminate();

    search(&desk, &relay.taken());
}

/// What was sent, what is printed and what lies in the clear on the disk.
fn search(desk: &Desk, letters: &[Taken]) {
    letters.iter().for_each(judge);
    let to_clients = letters.iter().filter(|letter| number_in(&letter.to).is_some()).count();
    assert!(to_clients > LIVES / 10, "{to_clients} letters to clients");
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
            assert!(memmem::find(&bytes, secret.as_bytes()).is_none(), "{place} holds a secret");
        }
    }
}
