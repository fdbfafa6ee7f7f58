//! A mail somebody writes to us.

use std::fmt::Write as _;

use chrono::DateTime;
use chrono_tz::Tz;

/// A mail before it is sent; each word sets one part of it.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    pub(crate) from: String,
    to: String,
    subject: String,
    body: String,
    headers: Vec<(String, String)>,
    summary: String,
    robot: bool,
    message_id: String,
    date: String,
    head: String,
}

impl Mail {
    pub(crate) fn from(address: &str) -> Mail {
        Mail {
            from: address.to_owned(),
            to: "referrals@example.org".to_owned(),
            subject: "New referral".to_owned(),
            body: String::new(),
            headers: Vec::new(),
            summary: String::new(),
            robot: false,
            message_id: String::new(),
            date: String::new(),
            head: String::new(),
        }
    }

    pub(crate) fn to(mut self, address: &str) -> Mail {
        address.clone_into(&mut self.to);
        self
    }

    pub(crate) fn subject(mut self, subject: &str) -> Mail {
        subject.clone_into(&mut self.subject);
        self
    }

    pub(crate) fn body(mut self, body: &str) -> Mail {
        body.clone_into(&mut self.body);
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Mail {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Not the Message-ID of its number, but this one.
    pub(crate) fn message_id(mut self, id: &str) -> Mail {
        id.clone_into(&mut self.message_id);
        self
    }

    /// These bytes stand where the From field would, as somebody who deceives would write them.
    pub(crate) fn head(mut self, bytes: &str) -> Mail {
        bytes.clone_into(&mut self.head);
        self
    }

    /// Its Date field says this, whatever time it is.
    pub(crate) fn dated(mut self, date: &str) -> Mail {
        date.clone_into(&mut self.date);
        self
    }

    /// Without its fields of this name.
    pub(crate) fn without(mut self, name: &str) -> Mail {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    /// Somebody else sends the same mail.
    pub(crate) fn sent_by(mut self, address: &str) -> Mail {
        address.clone_into(&mut self.from);
        self
    }

    /// The words of the transcript for it; its subject without them.
    pub(crate) fn said(mut self, words: &str) -> Mail {
        words.clone_into(&mut self.summary);
        self
    }

    /// A machine sends it, and no machine may be answered.
    pub(crate) fn robot(mut self) -> Mail {
        self.robot = true;
        self
    }

    pub(crate) fn is_robot(&self) -> bool {
        self.robot
    }

    pub(crate) fn summary(&self) -> String {
        let words = if self.summary.is_empty() { &self.subject } else { &self.summary };
        words.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join(" / ")
    }

    /// The bytes as they lie in the mailbox; the number makes the Message-ID.
    pub(crate) fn bytes(&self, number: u32, date: DateTime<Tz>) -> Vec<u8> {
        let Mail { from, to, subject, body, .. } = self;
        let domain = from.rsplit('@').next().unwrap_or("mail.example");
        let numbered = format!("<mail-{number}@{domain}>");
        let id = if self.message_id.is_empty() { &numbered } else { &self.message_id };
        let plain = format!("From: {from}");
        let head = if self.head.is_empty() { &plain } else { &self.head };
        let date = if self.date.is_empty() { date.to_rfc2822() } else { self.date.clone() };
        let mut text =
            format!("{head}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {date}\r\nMessage-ID: {id}\r\n");
        for (name, value) in &self.headers {
            write!(text, "{name}: {value}\r\n").unwrap();
        }
        let body = body.replace("\r\n", "\n").replace('\n', "\r\n");
        write!(text, "\r\n{body}\r\n").unwrap();
        text.into_bytes()
    }
}
