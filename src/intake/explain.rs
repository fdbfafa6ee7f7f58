//! What intake makes of a mail, for a person and for a machine: `handoffd explain` (DESIGN §6).
//!
//! It shows everything, persons included, because whoever asks holds the mail in hand; nothing here is ever logged.

pub mod judged;

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

use super::warning::{Phone, Warnings};
use super::worth::{self, Worth};
use super::{Attachment, Context, Dmarc, Nature, ParkCause, Reading, ReportedRecipient, Silence};
use crate::referral::disposition::{Disposition, IgnoreCause};
use crate::referral::packet::{Confidence, Field, Judged};

/// The view of one mail; its JSON keys are the contract of DESIGN §6.
#[derive(Clone, Serialize)]
pub struct Explanation {
    /// `referral`, `reply`, `command`, `auto_reply`, `delivery_report`, `parked` or `ignored`.
    pub disposition: &'static str,
    /// Why it is parked or ignored.
    pub cause: Option<String>,
    /// Whether an automatic answer may go out.
    pub may_answer: bool,
    /// The reason, in words.
    pub may_answer_why: String,
    /// The one strict author, else what to show of the field.
    pub from: String,
    /// The subject.
    pub subject: String,
    /// What the author wrote now.
    pub new_text: String,
    /// What was quoted, with the signatures and notices that were set aside, in the order of the mail: with `new_text`
    /// it is all of the text.
    pub quoted_text: String,
    /// The first reference of ours in it.
    pub reference: Option<String>,
    /// The command it gives, in the words of who reads commands.
    pub command: Option<String>,
    /// One map a person.
    pub packets: Vec<BTreeMap<&'static str, Value>>,
    /// Required fields that no packet, or not every packet, has.
    pub missing: Vec<&'static str>,
    /// The original of a forward.
    pub forwarded: Option<Original>,
    /// What a delivery report says.
    pub delivery_report: Option<Report>,
    /// What hangs on the mail.
    pub attachments: Vec<Attachment>,
    /// What was wrong with it.
    pub problems: Vec<String>,
    /// What follows from each packet as a whole, for a person.
    #[serde(skip)]
    sums: Vec<String>,
    /// What its words warn of, for a person.
    #[serde(skip)]
    warns: Vec<&'static str>,
    /// Why it is taken to warn: its sentences, or words of ours.
    #[serde(skip)]
    grounds: Vec<String>,
    /// What the server we trust says of its author.
    #[serde(skip)]
    dmarc: Dmarc,
}

/// A field of a packet with its provenance.
#[derive(Clone, Serialize)]
pub struct Value {
    /// The words as written.
    pub value: String,
    /// What we made of them.
    pub judged: Judged,
    /// How sure we are.
    pub confidence: Confidence,
    /// Where it stood.
    #[serde(rename = "where")]
    pub place: String,
}

/// The original of a forward.
#[derive(Clone, Serialize)]
pub struct Original {
    /// Who wrote it.
    pub from: String,
    /// Its subject.
    pub subject: String,
}

/// A delivery report.
#[derive(Clone, Serialize)]
pub struct Report {
    /// One entry a recipient.
    pub recipients: Vec<ReportedRecipient>,
}

impl Explanation {
    /// The view of a reading; `command` comes from whoever understands commands.
    #[must_use]
    pub fn new(reading: &Reading, context: &Context, command: Option<String>) -> Explanation {
        let disposition = disposition(reading, command.is_some());
        let envelope = &reading.envelope;
        let from =
            envelope.from.as_ref().map_or(envelope.from_shown.clone(), |from| from.as_str().to_owned());
        Explanation {
            disposition: disposition.pile().word(),
            cause: disposition.cause().map(str::to_owned),
            may_answer: reading.silence.is_none(),
            may_answer_why: reading
                .silence
                .map_or("nothing speaks against an answer", silence_words)
                .to_owned(),
            from,
            subject: envelope.subject.clone(),
            new_text: reading.text.own.clone(),
            quoted_text: reading.text.aside.clone(),
            reference: reading.mentions.references.first().cloned(),
            command,
            packets: packets(reading),
            missing: missing(reading, context),
            forwarded: reading.forwarded.as_ref().map(|original| Original {
                from: original
                    .from
                    .as_ref()
                    .map_or(original.from_shown.clone(), |from| from.as_str().to_owned()),
                subject: original.subject.clone(),
            }),
            delivery_report: match &reading.nature {
                Nature::DeliveryReport(report) => Some(Report { recipients: report.recipients.clone() }),
                Nature::Human | Nature::AutoReply | Nature::Bulk | Nature::Own => None,
            },
            attachments: reading.attachments.clone(),
            problems: reading.problems.clone(),
            grounds: grounds(reading),
            sums: reading.packets.iter().map(judged::sum).collect(),
            warns: warning_words(reading.warnings),
            dmarc: envelope.dmarc,
        }
    }

    /// The same for a person: one fact a line, then the text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut say = |line: std::fmt::Arguments<'_>| {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{line}");
        };
        say(format_args!("From:        {} ({})", self.from, dmarc_words(self.dmarc)));
        say(format_args!("Subject:     {}", self.subject));
        say(format_args!("Disposition: {}{}", self.disposition, behind(self.cause.as_deref())));
        let answer = if self.may_answer { "yes" } else { "no" };
        say(format_args!("May answer:  {answer} ({})", self.may_answer_why));
        for (name, value) in [("Reference:  ", &self.reference), ("Command:    ", &self.command)] {
            if let Some(value) = value {
                say(format_args!("{name} {value}"));
            }
        }
        if let Some(original) = &self.forwarded {
            say(format_args!("Forwarded:   from {}, subject {}", original.from, original.subject));
        }
        for one in self.delivery_report.iter().flat_map(|report| &report.recipients) {
            let status = behind(one.status.as_deref());
            say(format_args!("Delivery:    {} {}{status}, {:?}", one.address, one.action, one.kind));
        }
        for (at, packet) in self.packets.iter().enumerate() {
            say(format_args!("Packet {}:", at + 1));
            for (field, found) in packet {
                let judged = judged::words(&found.judged).filter(|words| *words != found.value);
                let judged = judged.map(|words| format!(" -> {words}")).unwrap_or_default();
                let sure = sure_words(found.confidence);
                say(format_args!("  {field}: {}{judged} [{}, {sure}]", found.value, found.place));
            }
            if let Some(sum) = self.sums.get(at) {
                say(format_args!("  = {sum}"));
            }
        }
        for warning in &self.warns {
            say(format_args!("Warning:     {warning}"));
        }
        for ground in &self.grounds {
            say(format_args!("Because of:  {ground}"));
        }
        if !self.missing.is_empty() {
            say(format_args!("Missing:     {}", self.missing.join(", ")));
        }
        for one in &self.attachments {
            let used = if one.used { ", read" } else { "" };
            say(format_args!("Attachment:  {} ({}, {} bytes{used})", one.name, one.media_type, one.bytes));
        }
        for problem in &self.problems {
            say(format_args!("Problem:     {problem}"));
        }
        say(format_args!("\n--- Read as new ---\n{}", self.new_text.trim_end()));
        if !self.quoted_text.trim().is_empty() {
            say(format_args!(
                "\n--- Set aside as quoted, signed or a notice ---\n{}",
                self.quoted_text.trim_end()
            ));
        }
        text
    }
}

/// Why it is taken to warn of something, as a mail and of each person.
fn grounds(reading: &Reading) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let of_mail = reading.heard.grounds();
    for ground in of_mail.iter().chain(reading.packets.iter().flat_map(|packet| packet.grounds().iter())) {
        if !all.iter().any(|known| known == ground) {
            all.push(ground.to_owned());
        }
    }
    all
}

/// How sure we are, in words for a person.
fn sure_words(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "sure",
        Confidence::Medium => "nearly sure",
        Confidence::Low => "a guess",
    }
}

/// What vouches for the author, in words for a person.
fn dmarc_words(dmarc: Dmarc) -> &'static str {
    match dmarc {
        Dmarc::Unknown => "no server we trust says whether that is true",
        Dmarc::Pass => "the server we trust vouches for it",
        Dmarc::Fail => "the server we trust does not vouch for it",
    }
}

/// What the words of a mail warn of, in words for a person.
fn warning_words(warnings: Warnings) -> Vec<&'static str> {
    let Phone { call, text, voicemail } = warnings.phone;
    [
        (warnings.mail, "its words may warn of writing to the client, so no yes about email is believed"),
        (call, "its words may warn of calling the client, so no yes about calls is believed"),
        (text, "its words may warn of texting the client, so no yes about text messages is believed"),
        (voicemail, "its words may warn of leaving messages, so no yes about voicemail is believed"),
        (warnings.consent, "its words may take a consent back, so no yes about consent is believed"),
    ]
    .into_iter()
    .filter(|(is_said, _)| *is_said)
    .map(|(_, words)| words)
    .collect()
}

fn behind(words: Option<&str>) -> String {
    words.map(|words| format!(" ({words})")).unwrap_or_default()
}

/// What the daemon would do with a mail that answers nothing it knows.
fn disposition(reading: &Reading, has_command: bool) -> Disposition {
    if let Some(cause) = reading.park {
        return Disposition::Parked(cause);
    }
    let is_bare = reading.packets.is_empty();
    match &reading.nature {
        Nature::DeliveryReport(_) => return Disposition::DeliveryReport,
        Nature::Own => return Disposition::Ignored(IgnoreCause::Own),
        Nature::AutoReply if is_bare => return Disposition::AutoReply,
        Nature::Bulk if is_bare => return Disposition::Ignored(IgnoreCause::Bulk),
        Nature::AutoReply | Nature::Bulk | Nature::Human => {}
    }
    if has_command && is_bare && reading.forwarded.is_none() {
        return Disposition::Command;
    }
    if !reading.mentions.references.is_empty() || !reading.mentions.tokens.is_empty() {
        return Disposition::Reply;
    }
    match worth::of(reading) {
        Worth::Record => Disposition::Referral,
        Worth::Machine => Disposition::Ignored(IgnoreCause::Machine),
        Worth::Empty => Disposition::Parked(ParkCause::Empty),
    }
}

fn packets(reading: &Reading) -> Vec<BTreeMap<&'static str, Value>> {
    let values = |packet: &crate::referral::packet::Packet| {
        let value = |found: &crate::referral::packet::Found| Value {
            value: found.value.clone(),
            judged: found.judged.clone(),
            confidence: found.confidence,
            place: found.place.clone(),
        };
        packet.iter().map(|(field, found)| (field.key(), value(found))).collect()
    };
    reading.packets.iter().map(values).collect()
}

fn missing(reading: &Reading, context: &Context) -> Vec<&'static str> {
    let is_missing = |field: &&Field| {
        reading.packets.is_empty() || reading.packets.iter().any(|packet| packet.get(**field).is_none())
    };
    if !matches!(reading.nature, Nature::Human) || reading.park.is_some() {
        return Vec::new();
    }
    context.required.iter().filter(is_missing).map(|field| field.key()).collect()
}

/// Why no answer goes out, in words for a person.
#[must_use]
pub fn silence_words(silence: Silence) -> &'static str {
    match silence {
        Silence::AutoSubmitted => "it says it was sent automatically (Auto-Submitted)",
        Silence::NullReturnPath => "its return path is empty, so nobody waits for an answer",
        Silence::MailingList => "it came through a mailing list",
        Silence::Precedence => "it was sent in bulk (Precedence)",
        Silence::SuppressHeader => "a header asks not to be answered automatically",
        Silence::Report => "it is a delivery report, a receipt, a complaint or a calendar answer",
        Silence::RobotSender => "its sender is a program, not a person",
        Silence::OwnAddress => "it comes from one of our own addresses",
        Silence::OwnMail => "it is a mail of our own that came back",
        Silence::AutoReplyText => "its words are those of an automatic answer",
        Silence::Loop => "it went through too many servers: a loop",
        Silence::NoAuthor => "it has no single clear author to answer to",
        Silence::Unread => "not enough of it could be read to be sure",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::{read, tests::context};

    fn explained(raw: &str) -> Explanation {
        Explanation::new(&read(raw.as_bytes(), &context()), &context(), None)
    }

    #[test]
    fn the_json_has_exactly_the_keys_of_the_contract() {
        let json = serde_json::to_value(explained("From: ann@partner.example\nSubject: x\n\nhello")).unwrap();
        let mut keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(
            keys,
            [
                "attachments",
                "cause",
                "command",
                "delivery_report",
                "disposition",
                "forwarded",
                "from",
                "may_answer",
                "may_answer_why",
                "missing",
                "new_text",
                "packets",
                "problems",
                "quoted_text",
                "reference",
                "subject",
            ]
        );
        assert_eq!(json["disposition"], "referral");
        assert_eq!(json["may_answer"], true);
    }

    #[test]
    fn every_kind_of_mail_has_its_disposition() {
        for (raw, disposition, cause) in [
            ("From: a@example.org\nSubject: R-7K4M-2QX9\n\nx", "reply", None),
            ("From: a@example.org\nSubject: Automatic reply: x\n\nx", "auto_reply", None),
            ("From: a@example.org\nList-Unsubscribe: <x>\n\nx", "ignored", Some(IgnoreCause::Bulk.words())),
            (
                "From: intake@handoff.example\nAuto-Submitted: auto-replied\n\nx",
                "ignored",
                Some(IgnoreCause::Own.words()),
            ),
            ("From: no-reply@example.org\nSubject: news\n\nx", "ignored", Some(IgnoreCause::Machine.words())),
            (
                "From: no-reply@example.org\nSubject: form\n\nClient name: Ann\nPhone: 212-555-0142",
                "referral",
                None,
            ),
            ("From: a@example.org\n\n", "parked", Some("empty")),
            ("From: intake@handoff.example\nSubject: form\n\nx", "referral", None),
            ("", "parked", Some("empty")),
        ] {
            let explained = explained(raw);
            assert_eq!((explained.disposition, explained.cause.as_deref()), (disposition, cause), "{raw}");
        }
    }

    #[test]
    fn a_person_is_told_which_words_warn() {
        let text = explained(
            "From: ann@partner.example\nSubject: x\n\nClient name: Ana Vega\nSafe to email: yes\n\nHe reads her mail. Bye",
        )
        .text();
        assert!(text.contains("\nBecause of:  “He reads her mail”\n"), "{text}");
    }

    #[test]
    fn the_text_for_a_person_says_the_same() {
        let text = explained("From: ann@partner.example\nSubject: hello\n\nPlease call.").text();
        for words in
            ["From:        ann@partner.example", "Disposition: referral", "May answer:  yes", "Please call."]
        {
            assert!(text.contains(words), "{text}");
        }
    }

    #[test]
    fn a_person_sees_what_is_believed_what_follows_and_what_was_set_aside() {
        let text = explained(
            "From: ann@partner.example\nSubject: x\n\nClient name: Bea\nPhone: 518-555-014\nSafe to email: yes\n\
             Consent: yes\n\nHe reads her email.\n\nOn Tue, 3 Nov 2026 at 09:15, Jo <jo@example.org> wrote:\n> older words\n",
        )
        .text();
        for words in [
            "client_phone: 518-555-014 -> not usable: the phone number has 9 digits",
            "safe_email: yes -> not believed, somebody must ask: the mail warns of it [text line 3, sure]",
            "= not safe: email; not said, so not used: call, voicemail, text, letter; consent: yes",
            "Warning:     its words may warn of writing to the client",
            "--- Set aside as quoted, signed or a notice ---\nOn Tue",
        ] {
            assert!(text.contains(words), "{words}\n{text}");
        }
    }
}
