//! Five hundred mails of every sort a shared inbox sees, all invented; each knows what may follow from it.

use crate::rig::desk::{PARTNER, body};

/// A mail, and what may follow.
pub(crate) struct Sample {
    /// Where an answer would go; nobody else in the run has this address.
    pub(crate) author: String,
    /// The bytes, CRLF.
    pub(crate) bytes: Vec<u8>,
    /// The sort, for messages.
    pub(crate) sort: &'static str,
    /// What must follow.
    pub(crate) answer: Answer,
    /// What it may end as; empty if anything will do.
    pub(crate) ends_as: &'static [&'static str],
    /// How many referrals it opens, if that is certain.
    pub(crate) opens: Option<usize>,
}

/// Whether its author hears from us.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Answer {
    /// Exactly one receipt.
    Receipt,
    /// Nothing, ever.
    Silence,
    /// At most one receipt: it is damaged, and who wrote it is a matter of reading.
    Perhaps,
}

/// `count` mails; the same `seed` gives the same ones.
pub(crate) fn mixed(count: usize, seed: u64) -> Vec<Sample> {
    let mut samples: Vec<Sample> = Vec::with_capacity(count);
    let mut chance = Chance(seed);
    for number in 0..count {
        let copied = if number % 25 == 24 { copy_of(&samples, &mut chance) } else { None };
        samples.push(copied.unwrap_or_else(|| one(number)));
    }
    samples
}

/// Small numbers without pattern.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// Below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

/// The very same bytes as an earlier mail.
fn copy_of(samples: &[Sample], chance: &mut Chance) -> Option<Sample> {
    let original = &samples[chance.below(samples.len())];
    let plain = original.opens == Some(1) && original.answer == Answer::Receipt;
    plain.then(|| Sample {
        author: original.author.clone(),
        bytes: original.bytes.clone(),
        sort: "the same bytes again",
        answer: Answer::Receipt,
        ends_as: &["duplicate", "referral"],
        opens: None,
    })
}

fn one(number: usize) -> Sample {
    match number % 20 {
        0 | 1 => labels(number),
        2 | 3 => table(number),
        4 => alternative(number),
        5 => attachment(number),
        6 => two_people(number),
        7 => stranger(number),
        8 | 9 => charset(number),
        10 => no_message_id(number),
        11 => poisoned_name(number),
        12..=14 => robot(number),
        15 => out_of_office(number),
        16 => delivery_report(number),
        17 => two_authors(number),
        _ => damaged(number),
    }
}

fn worker(number: usize) -> String {
    format!("worker{number}@{PARTNER}")
}

/// The fields of an ordinary mail, without those of its body.
fn head(number: usize, from: &str) -> String {
    format!(
        "Return-Path: <{}>\r\nFrom: {from}\r\nTo: referrals@desk.example.org\r\nSubject: Referral {number}\r\n\
         Message-ID: <mixed{number}@rig.example>\r\nDate: Tue, 17 Nov 2026 09:00:00 -0500\r\nMIME-Version: 1.0\r\n",
        from.rsplit('<').next().unwrap().trim_end_matches('>')
    )
}

fn accepted(number: usize, sort: &'static str, bytes: Vec<u8>, opens: usize) -> Sample {
    let (answer, ends_as, opens) = (Answer::Receipt, ["referral"].as_slice(), Some(opens));
    Sample { author: worker(number), bytes, sort, answer, ends_as, opens }
}

fn plain(head: &str, text: &str) -> Vec<u8> {
    format!("{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}").into_bytes()
}

fn labels(number: usize) -> Sample {
    let head = head(number, &format!("Worker <{}>", worker(number)));
    accepted(number, "labels in plain text", plain(&head, &body(number)), 1)
}

fn html(number: usize) -> String {
    let rows: Vec<String> = body(number)
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(label, value)| format!("<tr><td>{label}</td><td>{value}</td></tr>"))
        .collect();
    format!("<html><body><p>New referral</p><table>{}</table></body></html>", rows.join("\r\n"))
}

fn table(number: usize) -> Sample {
    let head = head(number, &worker(number));
    let bytes = format!("{head}Content-Type: text/html; charset=utf-8\r\n\r\n{}", html(number));
    accepted(number, "a table in HTML", bytes.into_bytes(), 1)
}

fn alternative(number: usize) -> Sample {
    let head = head(number, &worker(number));
    let bytes = format!(
        "{head}Content-Type: multipart/alternative; boundary=\"alt\"\r\n\r\n--alt\r\nContent-Type: text/plain\r\n\r\n{}\r\n\
         --alt\r\nContent-Type: text/html\r\n\r\n{}\r\n--alt--\r\n",
        body(number),
        html(number)
    );
    accepted(number, "text and HTML of the same", bytes.into_bytes(), 1)
}

fn attachment(number: usize) -> Sample {
    let head = head(number, &worker(number));
    let bytes = format!(
        "{head}Content-Type: multipart/mixed; boundary=mix\r\n\r\n--mix\r\nContent-Type: text/plain\r\n\r\n{}\r\n--mix\r\n\
         Content-Type: application/pdf; name=scan.pdf\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=scan.pdf\r\n\r\nJVBERi0xLjcKJcOkw7zDtsOf\r\n--mix--\r\n",
        body(number)
    );
    accepted(number, "a scan attached", bytes.into_bytes(), 1)
}

fn two_people(number: usize) -> Sample {
    let head = head(number, &worker(number));
    let text = format!(
        "Referral 1 of 2\r\n\r\n{}\r\nReferral 2 of 2\r\n\r\n{}",
        body(number),
        body(number + 600).replace("Person", "Other")
    );
    accepted(number, "two people in one mail", plain(&head, &text), 2)
}

fn stranger(number: usize) -> Sample {
    let author = format!("neighbour{number}@elsewhere{number}.example");
    let text = "Hello, the family next door got a letter from the court. Can somebody call them?\r\n";
    let bytes = plain(&head(number, &author), text);
    Sample { author, ..accepted(number, "a stranger's own words", bytes, 1) }
}

fn charset(number: usize) -> Sample {
    const KINDS: [(&str, &[u8]); 5] = [
        ("windows-1252", b"Note: se\xf1ora \x93quoted\x94\r\n"),
        ("iso-2022-jp", b"Note: \x1b$B$3$s$K$A$O\x1b(B\r\n"),
        ("koi8-r", b"Note: \xf0\xd2\xc9\xd7\xc5\xd4\r\n"),
        ("x-klingon-9", b"Note: \xff\xfe\xfd\r\n"),
        ("utf-8", b"Note: cut off \xe2\x82\r\n"),
    ];
    let (name, note) = KINDS[number / 2 % KINDS.len()];
    let head = head(number, &worker(number));
    let head =
        format!("{head}Content-Type: text/plain; charset={name}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
    accepted(number, "an odd charset", [head.as_bytes(), body(number).as_bytes(), note].concat(), 1)
}

fn no_message_id(number: usize) -> Sample {
    let head = head(number, &worker(number));
    let head: String = head.split_inclusive("\r\n").filter(|line| !line.starts_with("Message-ID")).collect();
    accepted(number, "no Message-ID", plain(&head, &body(number)), 1)
}

fn poisoned_name(number: usize) -> Sample {
    // With a bare colon it is no address any more: nobody counts as the author, and nobody is answered.
    let (name, answer) = if number % 40 < 20 {
        ("=?utf-8?Q?Eve=0D=0ABcc=3A_victim=40victim=2Eexample=0D=0A?=", Answer::Receipt)
    } else {
        ("=?utf-8?Q?Eve=0D=0ABcc:_victim=40victim.example=0D=0A?=", Answer::Silence)
    };
    let subject = "=?utf-8?B?UmU6DQpCY2M6IHZpY3RpbUB2aWN0aW0uZXhhbXBsZQ0KDQpib2R5?=";
    let head = head(number, &format!("{name} <{}>", worker(number)));
    let head = head.replace(&format!("Referral {number}"), subject);
    let sample = accepted(number, "line breaks in encoded words", plain(&head, &body(number)), 1);
    Sample { answer, ..sample }
}

fn silent(author: String, sort: &'static str, bytes: Vec<u8>) -> Sample {
    Sample { author, bytes, sort, answer: Answer::Silence, ends_as: &[], opens: None }
}

/// Machines, with and without a referral in what they send.
fn robot(number: usize) -> Sample {
    const FIELDS: [&str; 14] = [
        "Auto-Submitted: auto-generated\r\n",
        "Auto-Submitted: auto-replied (vacation)\r\n",
        "Precedence: bulk\r\n",
        "Precedence: junk\r\n",
        "List-Id: <news.robot.example>\r\n",
        "List-Unsubscribe: <mailto:off@robot.example>\r\n",
        "X-Auto-Response-Suppress: All\r\n",
        "X-Auto-Response-Suppress: OOF, AutoReply\r\n",
        "X-Autoreply: yes\r\n",
        "X-Loop: robot.example\r\n",
        "Feedback-ID: 1:2:3:robot\r\n",
        "X-Autogenerated: Reply\r\n",
        "Mailing-List: contact news-help@robot.example\r\n",
        "Auto-Submitted:\r\n auto-generated; type=x\r\n",
    ];
    const NAMES: [&str; 6] =
        ["MAILER-DAEMON", "noreply", "no-reply", "postmaster", "news-bounces", "listserv"];
    let text =
        if number.is_multiple_of(2) { body(number) } else { "Your weekly news are here.\r\n".to_owned() };
    let kind = number / 20 % (FIELDS.len() + NAMES.len() + 1);
    let (author, field, null) = match kind.checked_sub(FIELDS.len()) {
        None => (format!("machine{number}@robot.example"), FIELDS[kind], false),
        Some(name) if name < NAMES.len() => (format!("{}@robot{number}.example", NAMES[name]), "", false),
        Some(_) => (format!("quiet{number}@robot.example"), "", true),
    };
    let mut head = head(number, &author);
    if null {
        head = head.replacen(&format!("<{author}>"), "<>", 1);
    }
    silent(author, "a robot", plain(&format!("{head}{field}"), &text))
}

fn out_of_office(number: usize) -> Sample {
    let author = format!("away{number}@{PARTNER}");
    let head = head(number, &author).replace("Subject: ", "Subject: Automatic reply: ");
    let field = if number % 40 < 20 { "Auto-Submitted: auto-replied\r\n" } else { "X-Autoreply: yes\r\n" };
    let text = "I am out of the office until Monday. For urgent matters call 555-0100.\r\n";
    let mut sample = silent(author, "out of office", plain(&format!("{head}{field}"), text));
    sample.ends_as = &["auto_reply"];
    sample
}

fn delivery_report(number: usize) -> Sample {
    let author = format!("MAILER-DAEMON@mx{number}.example");
    let head = head(number, &author).replacen(&format!("<{author}>"), "<>", 1);
    let bytes = format!(
        "{head}Auto-Submitted: auto-replied\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=dsn\r\n\r\n\
         --dsn\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n\
         --dsn\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx{number}.example\r\n\r\n\
         Final-Recipient: rfc822; gone{number}@lost.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n\
         --dsn\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <unknown{number}@desk.example.org>\r\n\r\n--dsn--\r\n"
    );
    let mut sample = silent(author, "a delivery report", bytes.into_bytes());
    sample.ends_as = &["delivery_report"];
    sample
}

fn two_authors(number: usize) -> Sample {
    let author = format!("first{number}@{PARTNER}");
    let head = head(number, &author);
    let second = format!("From: second{number}@elsewhere.example\r\n");
    silent(author, "two From fields", plain(&format!("{head}{second}"), &body(number)))
}

fn damaged(number: usize) -> Sample {
    let author = worker(number);
    let good = head(number, &author);
    let bytes: Vec<u8> = match number / 20 % 9 {
        0 => Vec::new(),
        1 => b"no header, just a line\r\n".to_vec(),
        2 => (0..4_000).map(|at| u8::try_from(at * 7 % 256).unwrap()).collect(),
        3 => format!("{good}Content-Type: multipart/mixed; boundary=\"never closed\"\r\n\r\n--never closed\r\n\r\nhello\r\n").into_bytes(),
        4 => format!("{good}Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!not base64!!!\r\n").into_bytes(),
        5 => [good.as_bytes(), b"\r\n\0\0\0 nothing but \0 in it\r\n"].concat(),
        6 => format!("{good}Content-Type: ;;;=\"\r\n\r\nodd\r\n").into_bytes(),
        7 => good.replace("\r\n", "\n").into_bytes(),
        _ => format!("{good}{}\r\n\r\ntext\r\n", "X: y\r\n".repeat(3_000)).into_bytes(),
    };
    // A number at the end keeps damaged mails of one sort from being copies of each other.
    let bytes = [bytes, number.to_string().into_bytes()].concat();
    Sample { author, bytes, sort: "damaged", answer: Answer::Perhaps, ends_as: &[], opens: None }
}
