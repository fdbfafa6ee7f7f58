//! A letter as its reader's mail program shows it, and how that reader answers.

use mailparse::{MailHeaderMap as _, ParsedMail};

use super::Mail;

/// A letter that left.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) reply_to: String,
    pub(crate) message_id: String,
    /// The plain text.
    pub(crate) text: String,
    /// The other part of the mail, if it has one.
    pub(crate) html: Option<String>,
    pub(crate) is_digest: bool,
    /// Its size on the wire, in bytes.
    pub(crate) size: usize,
    /// What it asks machines not to answer.
    pub(crate) suppress: Option<String>,
    auto_submitted: Option<String>,
    recipients: usize,
    longest_line: usize,
}

impl Letter {
    pub(crate) fn parse(raw: &[u8]) -> Letter {
        let mail = mailparse::parse_mail(raw).unwrap();
        let header = |name: &str| mail.headers.get_first_value(name);
        let to = header("To").unwrap();
        let recipients = mailparse::addrparse(&to).unwrap();
        Letter {
            to: bare(&to),
            subject: header("Subject").unwrap(),
            reply_to: bare(&header("Reply-To").unwrap()),
            message_id: header("Message-ID").unwrap(),
            text: part(&mail, "text/plain").unwrap_or_default().replace("\r\n", "\n"),
            html: part(&mail, "text/html"),
            is_digest: header("Precedence").is_some(),
            size: raw.len(),
            suppress: header("X-Auto-Response-Suppress"),
            auto_submitted: header("Auto-Submitted"),
            recipients: recipients.len(),
            longest_line: raw.split(|byte| *byte == b'\n').map(<[u8]>::len).max().unwrap_or(0),
        }
    }

    /// What holds for every letter.
    pub(crate) fn check(&self) {
        assert!(self.auto_submitted.is_some(), "a letter says that it is automatic");
        assert_eq!(self.recipients, 1, "a letter has one recipient");
        assert!(self.longest_line <= 998, "no line is too long");
    }

    /// The reader's reply, as common mail programs write it: the words on top, the letter quoted below.
    pub(crate) fn answer(&self, words: &str) -> Mail {
        let quoted: Vec<String> = self.text.lines().map(|line| format!("> {line}")).collect();
        let quoted = quoted.join("\n");
        let body = format!(
            "{words}\n\nOn Tue, Nov 24, 2026 at 10:00 AM Example Help Center <referrals@example.org> wrote:\n\n{quoted}"
        );
        let subject = if self.subject.starts_with("Re: ") {
            self.subject.clone()
        } else {
            format!("Re: {}", self.subject)
        };
        Mail::from(&self.to)
            .to(&self.reply_to)
            .subject(&subject)
            .body(&body)
            .header("In-Reply-To", &self.message_id)
            .header("References", &self.message_id)
            .said(words)
    }

    /// The report of a mail server that this letter could not be delivered for good.
    pub(crate) fn bounced(&self) -> Mail {
        let (to, id) = (&self.to, &self.message_id);
        let boundary = "=_report";
        let body = format!(
            "--{boundary}\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n\
             --{boundary}\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; mx.example.org\r\n\r\n\
             Final-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: 5.1.1\r\n\
             Diagnostic-Code: smtp; 550 5.1.1 user unknown\r\n\r\n\
             --{boundary}\r\nContent-Type: text/rfc822-headers\r\n\r\n\
             From: referrals@example.org\r\nTo: {to}\r\nMessage-ID: {id}\r\nSubject: x\r\n\r\n--{boundary}--\r\n"
        );
        Mail::from("MAILER-DAEMON@mx.example.org")
            .subject("Undelivered Mail Returned to Sender")
            .header("Return-Path", "<>")
            .header("Auto-Submitted", "auto-replied")
            .header("MIME-Version", "1.0")
            .header(
                "Content-Type",
                &format!("multipart/report; report-type=delivery-status; boundary=\"{boundary}\""),
            )
            .body(&body)
            .robot()
            .said("a delivery report: the address does not work")
    }
}

fn bare(header: &str) -> String {
    let list = mailparse::addrparse(header).unwrap();
    list.extract_single_info().unwrap().addr
}

fn part(mail: &ParsedMail<'_>, kind: &str) -> Option<String> {
    if mail.ctype.mimetype == kind {
        return Some(mail.get_body().unwrap());
    }
    mail.subparts.iter().find_map(|inner| part(inner, kind))
}
