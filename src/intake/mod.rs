//! Intake: bytes → meaning. Pure, and it cannot fail: a broken mail is a [`Reading`] with problems, not an error.
//!
//! [`read`] bounds the bytes first ([`limits`]), parses once, and lets each file answer its own question: who wrote it
//! ([`envelope`], from the raw fields of [`head`]), must we stay silent ([`guard`]), is it a delivery report
//! ([`report`]) or an automatic answer ([`automatic`]), what is new text ([`reply`]), what was forwarded ([`forward`]),
//! which packets does it carry ([`harvest`] from [`form`] and [`attachments`]), which words of ours ([`mentions`]).
//! [`explain`] shows it all to a person.
//!
//! Nevers: no clock, no log, no network, no store; no panic on any bytes; no text of a mail leaves unsanitised.

#[macro_use]
mod masked;

pub mod another;
mod any_of;
pub mod aside;
pub mod attachments;
pub mod automatic;
pub mod body;
pub mod charset;
pub mod clean;
pub mod command;
mod enclosed;
pub mod envelope;
pub mod explain;
pub mod flowed;
pub mod form;
pub mod forward;
pub mod guard;
pub mod harvest;
pub mod head;
pub mod herself;
pub mod html;
mod inline;
pub mod limits;
pub mod listing;
mod marks;
pub mod mentions;
mod numbers;
mod outside;
mod plain;
mod presence;
mod quick;
mod reading;
pub mod reply;
pub mod report;
pub mod rtf;
mod shapes;
pub mod stop;
pub mod tnef;
pub mod warning;
pub mod worth;

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::referral::address::EmailAddress;
pub use crate::referral::disposition::ParkCause;
use crate::referral::packet::{Field, Packet};

/// What intake must know besides the bytes. Plain data from settings.
#[derive(Clone, Debug)]
pub struct Context {
    /// Every address of ours, without tags: mail from them is our own, mail to them is for us.
    pub own_addresses: Vec<EmailAddress>,
    /// The domain of the Message-IDs we make.
    pub message_id_domain: String,
    /// The prefix of our references, such as `R`.
    pub reference_prefix: String,
    /// The region for phone numbers without a country code, such as `US`.
    pub phone_region: String,
    /// Is 03/04 the third of April (`DayFirst`) or the fourth of March?
    pub date_order: DateOrder,
    /// Fields a packet must have.
    pub required: Vec<Field>,
    /// Whose `Authentication-Results` we believe; none means we believe nobody's (RFC 8601 §7.1).
    pub trusted_authserv_id: Option<String>,
    /// When the mail arrived, in the organisation's zone: "tomorrow" is meant from here.
    pub received_at: DateTime<FixedOffset>,
    /// The bounds.
    pub limits: limits::Limits,
}

/// How a date of two small numbers is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// 03/04 is March 4th.
    #[default]
    MonthFirst,
    /// 03/04 is 3 April.
    DayFirst,
}

/// What one mail means.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Who wrote it, to whom, in which thread.
    pub envelope: Envelope,
    /// Why no automatic answer may go out; `None` means one may.
    pub silence: Option<Silence>,
    /// What kind of mail it is.
    pub nature: Nature,
    /// The text, taken apart.
    pub text: Text,
    /// Words of ours that tie it to a record.
    pub mentions: Mentions,
    /// One packet a person; empty when nothing of the kind was found.
    pub packets: Vec<Packet>,
    /// What its words warn of, beside any packet.
    pub warnings: warning::Warnings,
    /// What may warn of more, once it is known about which record it is.
    pub heard: warning::Heard,
    /// The original inside a forward.
    pub forwarded: Option<Forwarded>,
    /// What hung on the mail.
    pub attachments: Vec<Attachment>,
    /// What was wrong with the mail, in words for a person; no text of the mail in them.
    pub problems: Vec<String>,
    /// Set when a person must look before anything else happens.
    pub park: Option<ParkCause>,
}

/// Who wrote a mail, to whom, in which thread: every text sanitised, every list bounded.
#[derive(Clone, Default)]
pub struct Envelope {
    /// The one strict author; `None` when there are several `From` fields, several addresses or an odd one.
    pub from: Option<EmailAddress>,
    /// The name beside it.
    pub from_name: String,
    /// The first author as written, for showing only.
    pub from_shown: String,
    /// The first strict `Reply-To`.
    pub reply_to: Option<EmailAddress>,
    /// The `Return-Path` of the last hop; `Some(None)` is the null path `<>`.
    pub return_path: Option<Option<EmailAddress>>,
    /// Strict addresses in To, Cc and Delivered-To.
    pub to: Vec<EmailAddress>,
    /// One of our own addresses stands in To or Cc: it was written to us and did not only reach us (RFC 5230 §4.5).
    pub to_us: bool,
    /// The decoded subject, one line.
    pub subject: String,
    /// The Message-ID without brackets.
    pub message_id: Option<String>,
    /// In-Reply-To and References without brackets, nearest first, no repeats.
    pub thread: Vec<String>,
    /// What the configured authserv-id said about DMARC.
    pub dmarc: Dmarc,
}

impl std::fmt::Debug for Envelope {
    /// Shows the shape, never a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Envelope")
            .field("dmarc", &self.dmarc)
            .field("thread", &self.thread.len())
            .finish_non_exhaustive()
    }
}

/// The verdict of the authserv-id we trust.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dmarc {
    /// Nobody we trust said anything.
    #[default]
    Unknown,
    /// `dmarc=pass`, aligned with the one author.
    Pass,
    /// Anything else from the one we trust.
    Fail,
}

/// Why a mail gets no automatic answer (RFC 3834 §2, RFC 5230 §4.6 and practice).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// `Auto-Submitted` says anything but `no`.
    AutoSubmitted,
    /// The return path is `<>`.
    NullReturnPath,
    /// A mailing list (`List-*`, `Mailing-List`, …).
    MailingList,
    /// `Precedence` bulk, junk, list or `auto_reply`.
    Precedence,
    /// `X-Auto-Response-Suppress`, `X-Autoreply`, `X-Loop`, `Feedback-ID` and their kind.
    SuppressHeader,
    /// A delivery report, a read receipt, a complaint, a calendar answer.
    Report,
    /// MAILER-DAEMON, postmaster, no-reply, owner-, -request and their kind.
    RobotSender,
    /// One of our own addresses.
    OwnAddress,
    /// A mail of our own making came back.
    OwnMail,
    /// The subject or text is an out-of-office or another automatic answer.
    AutoReplyText,
    /// Too many hops: a loop.
    Loop,
    /// There is no single strict author to answer to.
    NoAuthor,
    /// We could not read enough of it to be sure.
    Unread,
}

/// What kind of mail this is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Nature {
    /// Written by a person, or sent by a web form on a person's behalf.
    #[default]
    Human,
    /// An out-of-office, a challenge, a read receipt, a calendar answer.
    AutoReply,
    /// A delivery report or a complaint about a mail of ours or of somebody else's.
    DeliveryReport(DeliveryReport),
    /// A newsletter or a list.
    Bulk,
    /// Our own mail, come back.
    Own,
}

/// A delivery report (RFC 3464, or the shapes in use beside it).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryReport {
    /// One entry a recipient the report speaks of.
    pub recipients: Vec<ReportedRecipient>,
    /// Message-IDs of the returned mail, to match our outbox.
    pub message_ids: Vec<String>,
}

/// What a report says about one recipient.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedRecipient {
    /// Final recipient, lower-cased.
    pub address: String,
    /// Original recipient, if another one was given.
    pub original: Option<String>,
    /// Enhanced status `5.1.1` (RFC 3463), if any.
    pub status: Option<String>,
    /// `failed`, `delayed`, `delivered`, `relayed`, `expanded`.
    pub action: String,
    /// Hard, soft, delay, complaint or other.
    pub kind: ReportKind,
}

impl std::fmt::Debug for ReportedRecipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReportedRecipient")
            .field("status", &self.status)
            .field("action", &self.action)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// What a report means for the address.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// The address does not work.
    Hard,
    /// It did not work this time.
    Soft,
    /// Still trying.
    Delay,
    /// The recipient called it spam.
    Complaint,
    /// Delivered, relayed, expanded: no failure.
    #[default]
    NoFailure,
}

/// A mail's text, taken apart; nothing is lost: own + quoted + removed is all of it.
#[derive(Clone, Default)]
pub struct Text {
    /// What the author wrote now.
    pub own: String,
    /// What was quoted.
    pub quoted: String,
    /// Signatures, disclaimers, footers.
    pub removed: String,
    /// What was quoted or removed, in the order of the mail: for showing.
    pub aside: String,
    /// What of it stands below a heading that may be none: no form is read from it, but its warnings count.
    pub unsure: String,
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Text({} + {} + {} bytes)", self.own.len(), self.quoted.len(), self.removed.len())
    }
}

/// Words of ours in a mail.
#[derive(Clone, Default)]
pub struct Mentions {
    /// Valid references, the subject's first, then the new text's; no repeats; at most ten.
    pub references: Vec<String>,
    /// Reply tokens: from `+tag` of our own address, then from our Message-IDs in the thread.
    pub tokens: Vec<String>,
}

impl std::fmt::Debug for Mentions {
    /// A token is a proof: only how many there are is shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mentions")
            .field("references", &self.references.len())
            .field("tokens", &self.tokens.len())
            .finish()
    }
}

/// The original inside a forwarded mail.
#[derive(Clone, Default)]
pub struct Forwarded {
    /// Who wrote the original, if one strict address could be read.
    pub from: Option<EmailAddress>,
    /// As shown in the forward.
    pub from_shown: String,
    /// The original's subject.
    pub subject: String,
    /// The original's text.
    pub body: String,
}

impl std::fmt::Debug for Forwarded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Forwarded").field("from", &self.from).finish_non_exhaustive()
    }
}

/// An attachment: listed always, read only by the kinds in [`attachments`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Sanitised file name; never a path.
    pub name: String,
    /// `application/pdf`.
    #[serde(rename = "type")]
    pub media_type: String,
    /// Decoded size.
    pub bytes: usize,
    /// Lower-case hex digest of the decoded bytes.
    pub sha256: String,
    /// A packet was read from it.
    pub used: bool,
}

impl std::fmt::Debug for Attachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attachment")
            .field("type", &self.media_type)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

/// Reads one mail. It cannot fail: what could not be read is said in `problems` or `park`.
#[must_use]
pub fn read(raw: &[u8], context: &Context) -> Reading {
    reading::read(raw, context)
}

/// The whole text of a mail as a person sees it, before quotes and signatures are taken off; empty when it is over a
/// bound.
#[must_use]
pub fn shown_text(raw: &[u8], limits: &limits::Limits) -> String {
    reading::shown_text(raw, limits)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn context() -> Context {
        Context {
            own_addresses: vec![EmailAddress::parse("intake@handoff.example").unwrap()],
            message_id_domain: "mail.handoff.example".to_owned(),
            reference_prefix: "R".to_owned(),
            phone_region: "US".to_owned(),
            date_order: DateOrder::MonthFirst,
            required: Field::REQUIRED.to_vec(),
            trusted_authserv_id: None,
            received_at: DateTime::parse_from_rfc3339("2026-11-20T09:00:00-05:00").unwrap(),
            limits: limits::Limits::default(),
        }
    }
}
