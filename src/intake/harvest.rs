//! Where packets stand in a mail: its new text, the original it forwards, what hangs on it.

use mail_parser::Message;

use super::body::Bodies;
use super::head::{self, Head};
use super::listing::Hung;
use super::reading::cleaned;
use super::reply::Own;
use super::warning::{self, Warnings};
use super::{
    Attachment, Context, Envelope, Forwarded, attachments, clean, envelope, form, forward, inline, report,
};
use crate::referral::address::EmailAddress;
use crate::referral::packet::Packet;

/// The packets of a mail, gathered from its text, an inline forward, and what hangs on it.
#[derive(Default)]
pub struct Gathered {
    /// One packet a person.
    pub packets: Vec<Packet>,
    /// Sentences without any text of the mail.
    pub problems: Vec<String>,
    /// What the words of the mail warn of.
    pub warnings: Warnings,
    /// Which attachments a packet was read from, by their place in the list.
    used: Vec<usize>,
}

impl Gathered {
    /// Reads every place a packet may stand in, and finds the original of a forward.
    pub(in crate::intake) fn gather(
        &mut self,
        hung: &[Hung<'_>],
        envelope: &Envelope,
        own: &Own<'_>,
        bodies: &Bodies,
        context: &Context,
    ) -> Option<Forwarded> {
        let subject = envelope.subject.as_str();
        let html = bodies.html.as_deref();
        let mut forwarded = forward::find_laid(subject, own);
        self.add(form::read(form::Source { subject, text: &inline::answered(own), html }, context));
        if let Some(original) = &forwarded
            && self.packets.is_empty()
        {
            let source = form::Source { subject: &original.subject, text: &original.body, html: None };
            self.add(form::read(source, context));
        }
        let is_bare = self.packets.is_empty();
        for (at, hung) in hung.iter().enumerate() {
            let before = self.packets.len();
            if let Some(inner) = hung.message {
                let original = attached_original(inner);
                // Several attached messages are several referrals.
                if is_bare {
                    let source =
                        form::Source { subject: &original.subject, text: &original.body, html: None };
                    self.add(form::read(source, context));
                }
                forwarded = forwarded.or(Some(original));
            } else if let Some(mut found) =
                attachments::read(&hung.attachment.name, &hung.attachment.media_type, hung.bytes, context)
            {
                // Whoever hangs their own card on a mail signs it, and refers nobody.
                let from = envelope.from.as_ref().map(EmailAddress::as_str);
                let is_card = attachments::is_card(&hung.attachment.name, &hung.attachment.media_type);
                found.packets.retain(|packet| !is_card || from.is_none() || packet.client_email() != from);
                self.add(found);
            }
            if self.packets.len() > before {
                self.used.push(at);
            }
        }
        let original = forwarded.as_ref();
        let texts = [
            subject,
            &own.text.own,
            original.map_or("", |original| &original.subject),
            original.map_or("", |original| &original.body),
        ];
        self.warnings = warning::heed(&mut self.packets, &texts, &mut self.problems);
        forwarded
    }

    fn add(&mut self, found: form::Harvest) {
        self.packets.extend(found.packets);
        self.problems.extend(found.problems);
    }

    /// Every attachment as listed, with what was read from it.
    #[must_use]
    pub fn listed(&self, hung: Vec<Hung<'_>>) -> Vec<Attachment> {
        let listed = hung.into_iter().enumerate();
        listed.map(|(at, hung)| Attachment { used: self.used.contains(&at), ..hung.attachment }).collect()
    }
}

/// The original in an attached message.
fn attached_original(inner: &Message<'_>) -> Forwarded {
    let head = Head::read(report::inner_bytes(inner));
    let first = head.first("from").unwrap_or_default();
    let bodies = cleaned(Bodies::of(inner));
    Forwarded {
        from: envelope::author(first).map(|(from, _)| from),
        from_shown: clean::line(&head::words(first), clean::HEADER_CHARS),
        subject: envelope::subject(&head),
        body: bodies.text(),
    }
}

#[cfg(test)]
mod tests {
    use crate::intake::{read, tests::context};

    #[test]
    fn the_senders_own_card_refers_nobody_and_somebody_elses_does() {
        let mail = |address: &str| {
            format!(
                "From: Jo <jo@partner.example>\nSubject: hello\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nsee you\n--x\n\
                 Content-Type: text/vcard; name=jo.vcf\n\nBEGIN:VCARD\nFN:Jo Bell\nTEL:518-555-0199\nEMAIL:{address}\nEND:VCARD\n--x--\n"
            )
        };
        assert!(read(mail("Jo@Partner.example").as_bytes(), &context()).packets.is_empty());
        assert_eq!(read(mail("ann@example.org").as_bytes(), &context()).packets.len(), 1);
    }

    #[test]
    fn an_attached_message_is_the_original_of_a_forward() {
        let mail = "From: colleague@handoff-team.example\nSubject: Fwd: help\nContent-Type: multipart/mixed; boundary=x\n\n\
                    --x\n\nplease handle\n--x\nContent-Type: message/rfc822\n\nFrom: Ann <ann@partner.example>\n\
                    Subject: help\n\nthe original\n--x--\n";
        let forwarded = read(mail.as_bytes(), &context()).forwarded.unwrap();
        assert_eq!(forwarded.from.unwrap().as_str(), "ann@partner.example");
        assert_eq!((forwarded.subject.as_str(), forwarded.body.trim()), ("help", "the original"));
    }
}
