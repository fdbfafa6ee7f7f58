//! Types that hold words of people: their `Debug` shows none of them, and they have no `Display` to be logged by.

use std::fmt::{Debug, Display};
use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use handoffd::delivery::Parcel;
use handoffd::intake;
use handoffd::letters::Rendered;
use handoffd::mailbox::{Fetched, Origin, Raw};
use handoffd::referral::address::EmailAddress;
use handoffd::referral::command::Command;
use handoffd::referral::contact::Confirmation;
use handoffd::referral::contact::{Attempt, Channel, Contact, ContactResult};
use handoffd::referral::decide::Decision;
use handoffd::referral::event::{Arrival, Event};
use handoffd::referral::letter::{Body, Letter, Part, Receipt, ReceiptLine, Recipient, StatusLine, Task};
use handoffd::referral::packet::{Confidence, Field, Found, Grounds, Judged, Packet};
use handoffd::referral::party::{Actor, Sender};
use handoffd::referral::reason::Reasons;
use handoffd::referral::record::{Fact, FactKind, Referral, Status};
use handoffd::referral::reference::Reference;
use handoffd::referral::roster::{PartnerId, Staff, StaffId};
use handoffd::store::known::Question;
use handoffd::store::outbox::{Claimed, Queued};
use handoffd::store::records::{Commit, Saved, Stored};
use handoffd::store::spool::{Incoming, Waiting};

/// In every text that a person wrote or that says who they are.
const CANARY: &str = "qanary7f3a";

// --- no Display: decided by the compiler ---------------------------------------------------------------------------

/// Whether `T` can be shown: an inherent constant, where its bound holds, hides the one of the trait.
struct Shown<T>(PhantomData<T>);

trait NotShown {
    const SHOWN: bool = false;
}

impl<T> NotShown for Shown<T> {}

impl<T: Display> Shown<T> {
    const SHOWN: bool = true;
}

macro_rules! has_no_display {
    ($($type:ty)*) => { $(const _: () = assert!(!<Shown<$type>>::SHOWN, "a person's words must not have Display");)* };
}

has_no_display! {
    EmailAddress Packet Found Judged Referral Status Contact Confirmation Command Event Fact Attempt Arrival Sender
    Decision Letter Body Recipient Receipt ReceiptLine StatusLine Task Staff
    intake::Reading intake::Envelope intake::Text intake::Forwarded intake::Attachment intake::Mentions
    intake::ReportedRecipient intake::DeliveryReport intake::command::Said
    Rendered Parcel Fetched Raw
    Queued Claimed Question Saved Stored Commit Incoming Waiting
}

// The same question has the other answer where there is a Display.
const _: () = assert!(<Shown<Reference>>::SHOWN && <Shown<StaffId>>::SHOWN);

// --- Debug shows nobody --------------------------------------------------------------------------------------------

fn shows_nobody(what: &str, value: &impl Debug) {
    for shown in [format!("{value:?}"), format!("{value:#?}")] {
        let lower = shown.to_lowercase();
        assert!(!lower.contains(CANARY), "{what}: {shown}");
        // Bytes are shown as numbers: those of the canary must not be there either.
        let bytes: Vec<String> = CANARY.bytes().map(|byte| byte.to_string()).collect();
        let numbers: Vec<&str> =
            shown.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).collect();
        assert!(!numbers.windows(bytes.len()).any(|window| window == bytes), "{what}: {shown}");
    }
}

fn text() -> String {
    CANARY.to_owned()
}

fn address() -> EmailAddress {
    EmailAddress::parse(&format!("{CANARY}@client.example")).unwrap()
}

fn noon() -> DateTime<Utc> {
    "2026-11-18T17:00:00Z".parse().unwrap()
}

fn judged() -> Vec<Judged> {
    vec![
        Judged::Unclear(text()),
        Judged::Phone { e164: text(), problem: Some(text()) },
        Judged::Email { address: text(), problem: Some(text()) },
        Judged::Language(text()),
    ]
}

fn packet() -> Packet {
    let mut packet = Packet::default();
    for (field, judged) in Field::ALL.into_iter().zip(judged().into_iter().cycle()) {
        let place = format!("{CANARY}.docx row 3");
        packet.put(field, Found { value: text(), judged, confidence: Confidence::Low, place });
    }
    let mut grounds = Grounds::default();
    grounds.quote(&text());
    packet.because(&grounds);
    packet
}

fn sender() -> Sender {
    Sender {
        answer_to: Some(address()),
        partner: Some(PartnerId("harbor".to_owned())),
        trusted: true,
        message_id: Some(text()),
    }
}

fn confirmation() -> Confirmation {
    Confirmation {
        language: Some(text()),
        safe_times: Some(text()),
        deadline: Some(text()),
        ..Confirmation::default()
    }
}

fn commands() -> Vec<Command> {
    vec![
        Command::Confirmed(confirmation()),
        Command::Decline { reason: text() },
        Command::Redirect { to: text(), reason: text() },
        Command::AllowContact { reason: text() },
        Command::Close { reason: text() },
        Command::Reopen { reason: text() },
        Command::Note { text: text() },
    ]
}

fn arrival() -> Arrival {
    Arrival {
        conflicts: Vec::new(),
        packet: packet(),
        sender: sender(),
        missing: Vec::new(),
        questions: vec![text()],
        transcribe: false,
        place: 0,
        received_at: noon(),
        address_shared: false,
        address_doubted_at: None,
        stopped: false,
        open: std::collections::BTreeMap::new(),
    }
}

/// A record of the rules, with a canary in every text, in each status that holds one.
fn referrals() -> Vec<Referral> {
    let rules = crate::rules::office::rules(handoffd::referral::roster::Mode::Enforce);
    let reference = [Reference::draw("R", 7)];
    let opened = handoffd::referral::decide::arrive(&rules, &[arrival()], &reference, noon());
    let mut referral = opened.into_iter().next().unwrap().referral;
    let by = Actor::Host;
    referral.attempts = vec![Attempt { channel: Channel::Call, result: ContactResult::Busy, at: noon(), by }];
    referral.questions = vec![text()];
    let statuses = [
        Status::Redirected { to: text(), reason: text() },
        Status::Closed { reason: text() },
        Status::Accepted,
    ];
    statuses
        .into_iter()
        .map(|status| {
            let contact = Contact::Confirmed { at: noon(), with: confirmation() };
            Referral { status, contact, ..referral.clone() }
        })
        .collect()
}

fn fact() -> Fact {
    Fact { at: noon(), kind: FactKind::Noted, by: Some(Actor::Host), words: text() }
}

/// Letters of the kinds that carry free text, each text a canary.
fn bodies() -> Vec<Body> {
    let reference = Reference::draw("R", 7);
    let task = Task {
        reference: reference.clone(),
        owner: text(),
        initials: Some(text()),
        next_action: "decide",
        due_at: noon(),
        is_late: false,
        status: "Received",
        contact: "attempting",
        tier: "standard",
        attempts: 1,
        received_at: noon(),
        missing: Vec::new(),
        questions: vec![text()],
        answers: Vec::new(),
    };
    let line = ReceiptLine {
        reference: reference.clone(),
        place: 1,
        partner_reference: Some(text()),
        owner: text(),
        contact_by: noon(),
        decision_by: noon(),
        missing: Vec::new(),
        remarks: vec![text()],
        part_two: false,
    };
    shows_nobody("a receipt's line", &line);
    shows_nobody("a task", &task);
    let status = StatusLine {
        reference: reference.clone(),
        owner: text(),
        items: (1, 2),
        status: "Received",
        contact: "attempting",
        next_at: noon(),
        next_action: "decide",
        part_two: false,
        answers: Vec::new(),
        reply_to: None,
        proof: Some(text()),
    };
    shows_nobody("a status line", &status);
    let receipt = Receipt { referrals: vec![line] };
    shows_nobody("a receipt", &receipt);
    vec![
        Body::Receipt(receipt),
        Body::Assignment(task.clone()),
        Body::Done { task, done: vec![text()], asked: vec![text()], refused: vec![text()], is_news: false },
        Body::NotDone {
            reference: Some(reference.clone()),
            why: "unclear".into(),
            suggestions: vec![text()],
        },
        Body::History { reference, lines: vec![text()], answers: vec![] },
        Body::StatusAnswer { referrals: vec![status], more: 0, to_staff: false, answers: Vec::new() },
        Body::Alert { what: text(), remedy: text() },
    ]
}

#[test]
fn what_the_rules_hold_shows_nobody() {
    shows_nobody("an address", &address());
    shows_nobody("a packet", &packet());
    for (field, found) in packet().iter() {
        shows_nobody(field.key(), found);
        shows_nobody("a judged value", &found.judged);
    }
    shows_nobody("a sender", &sender());
    shows_nobody("an arrival", &arrival());
    shows_nobody("a confirmation", &confirmation());
    for command in commands() {
        shows_nobody(command.verb(), &command);
    }
    for event in [
        Event::Commanded { by: Actor::Host, commands: commands() },
        Event::Supplemented { packet: packet(), conflicts: Vec::new() },
        Event::SentAgain { sender: sender(), packet: packet(), conflicts: Vec::new() },
        Event::Warned {
            doubt: packet(),
            then: Box::new(Event::Commanded { by: Actor::Host, commands: commands() }),
        },
    ] {
        shows_nobody("an event", &event);
    }
    shows_nobody("a fact", &fact());
    for referral in referrals() {
        shows_nobody("a status", &referral.status);
        shows_nobody("a contact", &referral.contact);
        shows_nobody("a record", &referral);
        shows_nobody(
            "a decision",
            &Decision { referral, facts: vec![fact()], letters: Vec::new(), said: vec![] },
        );
    }
    let staff = Staff {
        id: StaffId("maria".to_owned()),
        name: text(),
        address: address(),
        takes_referrals: true,
        languages: Vec::new(),
        matters: Vec::new(),
        partners: Vec::new(),
        away_until: None,
    };
    shows_nobody("a member of staff", &staff);
}

#[test]
fn what_is_said_and_sent_shows_nobody() {
    for body in bodies() {
        shows_nobody("what a letter says", &body);
        let to = Recipient { part: Part::Staff, address: address() };
        shows_nobody("a recipient", &to);
        shows_nobody("a letter", &Letter { to, body, step: "1".to_owned(), answers: Some(text()) });
    }
    shows_nobody("a rendered letter", &Rendered { subject: text(), text: text(), html: Some(text()) });
    let message = text().into_bytes();
    shows_nobody(
        "a parcel",
        &Parcel { id: 1, from: Some(address()), to: address(), message: message.clone() },
    );
    let queued = Queued {
        natural_key: "R-1/receipt/1".to_owned(),
        message_id: "1@example.org".to_owned(),
        kind: "receipt",
        part: Part::Sender,
        to: address(),
        message: message.clone(),
        send_at: noon(),
    };
    shows_nobody("a row of the outbox", &queued);
    for raw in [Raw::Whole(message.clone()), Raw::HeaderOnly { header: message, size: 9 }] {
        shows_nobody("a mail's bytes", &raw);
        let origin = Origin { mailbox: "INBOX".to_owned(), validity: 1, uid: 1, name: String::new() };
        shows_nobody("a fetched mail", &Fetched { origin, raw, internal_date: None });
    }
    let question = Question { thread: vec![text()], ..Question::default() };
    shows_nobody("a question to the store", &question);
    for referral in referrals() {
        let (before, facts, letters) = (None, vec![fact()], Vec::new());
        let saved = Saved { before, referral, facts, persons: Vec::new(), letters };
        shows_nobody("a commit", &Commit { records: vec![saved], ..Commit::default() });
    }
}

/// Mails with a canary in every part a person can write, read by intake itself.
#[test]
fn what_intake_made_of_a_mail_shows_nobody() {
    let head = format!(
        "From: \"{CANARY}\" <{CANARY}@partner.example>\r\nReply-To: {CANARY}@other.example\r\nTo: referrals@example.org\r\n\
         Message-ID: <{CANARY}@partner.example>\r\nIn-Reply-To: <{CANARY}.1@partner.example>\r\nSubject: {CANARY}\r\n"
    );
    let labels = format!(
        "Client name: {CANARY}\r\nPhone: {CANARY}\r\nEmail: {CANARY}@client.example\r\nReason: {CANARY}\r\n"
    );
    let plain = format!(
        "{head}\r\n{labels}\r\nnote {CANARY}\r\n-- \r\n{CANARY}\r\nOn Mon, {CANARY} <{CANARY}@x.example> wrote:\r\n> {CANARY}\r\n"
    );
    let forward = format!(
        "{head}\r\n---------- Forwarded message ----------\r\nFrom: {CANARY} <{CANARY}@f.example>\r\nSubject: {CANARY}\r\n\
         Date: today\r\nTo: {CANARY}\r\n\r\n{labels}"
    );
    let attached = format!(
        "{head}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{labels}\r\n--b\r\n\
         Content-Type: text/csv; name=\"{CANARY}.csv\"\r\nContent-Disposition: attachment; filename=\"{CANARY}.csv\"\r\n\r\n\
         name,phone\r\n{CANARY},{CANARY}\r\n--b--\r\n"
    );
    let report = format!(
        "From: mailer-daemon@mx.example\r\nTo: referrals@example.org\r\nSubject: {CANARY}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\n{CANARY}\r\n--b\r\n\
         Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; {CANARY}@client.example\r\nOriginal-Recipient: rfc822; {CANARY}@client.example\r\n\
         Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no {CANARY}\r\n--b--\r\n"
    );
    let desk = crate::rig::desk::Desk::new(
        crate::rig::desk::MAILDIR,
        crate::rig::desk::FOLDER,
        crate::rig::desk::SQLITE,
    );
    let settings = handoffd::settings::Settings::read(&desk.path("handoffd.toml")).unwrap();
    let context = handoffd::app::reading(&settings, noon().fixed_offset());
    for (what, mail) in [("plain", plain), ("forward", forward), ("attached", attached), ("report", report)] {
        let reading = intake::read(mail.as_bytes(), &context);
        shows_nobody(what, &reading);
        shows_nobody(what, &reading.envelope);
        assert!(what == "report" || !reading.packets.is_empty(), "{what} says nothing");
    }
    let said = intake::command::read(
        &format!("note {CANARY}\nclose {CANARY}\nredirect to {CANARY}: {CANARY}"),
        &Reasons::default(),
    );
    assert!(!said.commands.is_empty());
    shows_nobody("what was said", &said);
    shows_nobody(
        "what was not understood",
        &intake::command::read(&format!("asign {CANARY}"), &Reasons::default()),
    );
}
