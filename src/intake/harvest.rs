//! Where packets stand in a mail: its new text, the original it forwards, what hangs on it.

use mail_parser::Message;

use super::aside::Aside;
use super::body::Bodies;
use super::head::{self, Head};
use super::limits::BODY_BYTES;
use super::listing::Hung;
use super::reply::Own;
use super::warning::{self, Author, Heard, Told, Warnings};
use super::{
    Attachment, Context, Envelope, Forwarded, attachments, clean, envelope, form, forward, html, inline,
    mentions, outside, report,
};
use crate::referral::address::{EmailAddress, is_public_provider};
use crate::referral::packet::{Packet, Person};

/// So many bytes of attached texts and of markup beside other text are read in one mail: reading them as forms is dear.
const MOST_READ: usize = BODY_BYTES;

/// What a person is told of more of them.
const LEFT: &str =
    "The attached texts are very long together; not all of them were read, and a person must look.";

/// What a person is told of a card with an address beside the sender's.
const COLLEAGUE: &str = "An attached card has an address at the sender's own domain; it was taken for a colleague's, please look.";

/// The packets of a mail, gathered from its text, an inline forward, and what hangs on it.
#[derive(Default)]
pub struct Gathered {
    /// One packet a person.
    pub packets: Vec<Packet>,
    /// Sentences without any text of the mail.
    pub problems: Vec<String>,
    /// What the words of the mail warn of.
    pub warnings: Warnings,
    /// What of them may warn of more, as a record tells whom they name.
    pub heard: Heard,
    /// What is said beside the new text.
    asides: Vec<Aside>,
    /// Which attachments a packet was read from, by their place in the list.
    used: Vec<usize>,
    /// Packets of files that do not say whether they are a client's, each with the place of its file in the list.
    unsure: Vec<(usize, Packet)>,
    /// How many packets were read, those of the same person counted each.
    gave: usize,
    /// So many bytes of files that are texts, and of markup beside them, were read.
    read: usize,
    /// Not all that may warn was heard.
    is_cut: bool,
    /// What earlier mails say that a new referral quotes.
    earlier: String,
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
        self.hear([&inline::heard(own)]);
        let text = inline::answered(own, envelope.from.as_ref(), &mut self.problems);
        let quoted = own.text.quoted.as_str();
        let read = || form::read(form::Source { subject, text: &text, html, quoted }, context);
        self.add(attachments::posted(&text, context).unwrap_or_else(read));
        let is_original_read = self.packets.is_empty();
        if let Some(original) = forwarded.as_ref().filter(|_| is_original_read) {
            self.add(form::read(original.source(), context));
        }
        let is_bare = self.packets.is_empty();
        let has_text = self.packets.len() == 1;
        for (at, hung) in hung.iter().enumerate() {
            let before = self.gave;
            if let Some(inner) = hung.message {
                let original = self.open(inner, is_bare, context);
                // A mail hung on as a mere file is no forward: what is said above it stands, a command too.
                if hung.attachment.media_type.starts_with("message/") {
                    forwarded = forwarded.or(Some(original));
                }
            } else {
                let unsure = self.file(hung, envelope, context);
                self.unsure.extend(unsure.into_iter().map(|packet| (at, packet)));
            }
            if self.gave > before {
                self.used.push(at);
            }
        }
        self.take_unsure([subject_said(subject, context), &own.text.own]);
        let cards = hung.iter().map(|hung| (&*hung.attachment.name, &*hung.attachment.media_type));
        let cards = cards.filter(|(name, media_type)| attachments::is_card(name, media_type));
        let cards: Vec<&str> = cards.map(|(name, _)| name).collect();
        let nobodys = form::settle(&mut self.packets, has_text, &cards, &mut self.problems);
        let earlier = std::mem::take(&mut self.earlier);
        if !self.packets.is_empty() && !earlier.is_empty() {
            self.hear([&earlier]);
        }
        let original = forwarded.as_ref();
        let texts = [
            (subject, true),
            (&own.text.own, true),
            (original.map_or("", |original| &original.subject), is_original_read),
            (original.map_or("", |original| &original.body), is_original_read),
        ];
        let author = Author { name: &envelope.from_name, address: envelope.from.as_ref() };
        let (asides, nobodys, is_cut) = (&self.asides, &nobodys, self.is_cut);
        let told = Told { texts: &texts, asides, nobodys, is_cut, author, end: &own.text.removed };
        (self.warnings, self.heard) = warning::heed(&mut self.packets, &told, &mut self.problems);
        forwarded
    }

    /// Reads an attached message. Several are several referrals. All of it is heard: both bodies, and what no program
    /// shows.
    fn open(&mut self, inner: &Message<'_>, is_bare: bool, context: &Context) -> Forwarded {
        let bodies = Bodies::of(inner).cleaned();
        let original = attached_original(inner, &bodies);
        if is_bare {
            self.add(form::read(original.source(), context));
        }
        let said = [&original.subject, &original.body];
        self.asides.extend(said.map(|text| Aside {
            text: text.clone(),
            is_read: is_bare,
            ..Aside::default()
        }));
        self.hear([&outside::text(inner)]);
        if let (Some(_), Some(html)) = (&bodies.plain, &bodies.html)
            && self.has_room(html.len())
        {
            self.hear([&html::text(html)]);
        }
        original
    }

    /// Takes the packets of files that do not call anybody a client, where nothing else in the mail is about one: those
    /// of files that ask what an office asks; or, where the mail is a referral, those of the only person there. For the
    /// others a person is asked. Each file is a place of its own: one form may hang there twice.
    fn take_unsure(&mut self, said: [&str; 2]) {
        let unsure = std::mem::take(&mut self.unsure);
        if unsure.is_empty() {
            return;
        }
        let is_referral = |text: &&str| form::speaks_of_referral(text) && !form::names_somebody_else(text);
        let is_somebody = |packet: &Packet| {
            let person = Person::of(packet);
            person.is_named() || person.can_be_reached()
        };
        let is_open = !self.packets.iter().any(is_somebody);
        let (asking, others): (Vec<_>, Vec<_>) =
            unsure.into_iter().partition(|(_, packet)| is_open && attachments::asks_of_an_applicant(packet));
        let is_only = || {
            let mut united = Vec::new();
            for (_, packet) in &others {
                form::unite(&mut united, vec![packet.clone()], &mut Vec::new());
            }
            united.len() == 1
        };
        let are_taken = is_open && asking.is_empty() && said.iter().any(is_referral) && is_only();
        let (taken, left) = if are_taken { (others, asking) } else { (asking, others) };
        for file in taken.chunk_by(|(one, _), (other, _)| one == other) {
            self.used.extend(file.first().map(|(at, _)| *at));
            let packets = file.iter().map(|(_, packet)| packet.clone()).collect();
            form::unite(&mut self.packets, packets, &mut self.problems);
        }
        if !left.is_empty() {
            form::say(&mut self.problems, attachments::SOMEBODY.to_owned());
        }
    }

    /// Reads a file; packets of somebody who may be no client are returned.
    fn file(&mut self, hung: &Hung<'_>, envelope: &Envelope, context: &Context) -> Vec<Packet> {
        let (name, media_type) = (&*hung.attachment.name, &*hung.attachment.media_type);
        if attachments::is_text(name, media_type) && !self.has_room(hung.bytes.len().min(BODY_BYTES)) {
            form::say(&mut self.problems, LEFT.to_owned());
            return Vec::new();
        }
        if let Some(mut found) = attachments::read(name, media_type, &hung.bytes, context) {
            // Whoever hangs their own card on a mail signs it, and refers nobody.
            if attachments::is_card(name, media_type) {
                let authors = [envelope.from.clone(), hung.within.and_then(author)];
                let is_author = |email: &str| authors.iter().flatten().any(|author| author.as_str() == email);
                found.packets.retain(|packet| !packet.client_email().is_some_and(is_author));
                let before = found.packets.len();
                let is_colleague =
                    |email: &str| authors.iter().flatten().any(|author| is_beside(author, email));
                found.packets.retain(|packet| !packet.client_email().is_some_and(is_colleague));
                if found.packets.len() < before {
                    found.problems.push(COLLEAGUE.to_owned());
                }
            }
            let unsure = std::mem::take(&mut found.unsure);
            self.add(found);
            return unsure;
        } else if let Some(text) = attachments::text(name, media_type, &hung.bytes) {
            self.hear([&text]);
        }
        Vec::new()
    }

    /// There is more to the mail than was kept of it; nobody knows what that warns of.
    pub(in crate::intake) fn is_cut_where(&mut self, is_cut: bool) {
        self.is_cut |= is_cut;
    }

    /// Whether so many bytes more of texts are read; if not, nobody knows what they warn of.
    fn has_room(&mut self, bytes: usize) -> bool {
        let has_room = self.read + bytes <= MOST_READ;
        self.read += if has_room { bytes } else { 0 };
        self.is_cut |= !has_room;
        has_room
    }

    fn add(&mut self, found: form::Harvest) {
        self.gave += found.packets.len();
        form::unite(&mut self.packets, found.packets, &mut self.problems);
        found.problems.into_iter().for_each(|problem| form::say(&mut self.problems, problem));
        self.asides.extend(found.asides);
    }

    /// Words that belong to nobody in particular.
    pub(in crate::intake) fn hear<const N: usize>(&mut self, texts: [&str; N]) {
        let aside = |text: &str| Aside { text: text.to_owned(), ..Aside::default() };
        self.asides.extend(texts.into_iter().map(aside));
    }

    /// Words of quoted mails, which count where the mail refers somebody.
    pub(in crate::intake) fn hear_earlier(&mut self, text: String) {
        self.earlier = text;
    }

    /// Every attachment as listed, with what was read from it.
    #[must_use]
    pub fn listed(&self, hung: Vec<Hung<'_>>) -> Vec<Attachment> {
        let listed = hung.into_iter().enumerate();
        listed.map(|(at, hung)| Attachment { used: self.used.contains(&at), ..hung.attachment }).collect()
    }
}

impl Forwarded {
    /// What of it is searched for packets.
    fn source(&self) -> form::Source<'_> {
        form::Source { subject: &self.subject, text: &self.body, ..form::Source::default() }
    }
}

/// What a subject says of this mail: that of an answer, or with a reference in it, speaks of an earlier one.
fn subject_said<'a>(subject: &'a str, context: &Context) -> &'a str {
    let has_reference = || !mentions::references_in(subject, &context.reference_prefix).is_empty();
    if forward::is_answer(subject) || has_reference() { "" } else { subject }
}

/// The original in an attached message with these bodies.
fn attached_original(inner: &Message<'_>, bodies: &Bodies) -> Forwarded {
    let head = Head::read(report::inner_bytes(inner));
    let first = head.first("from").unwrap_or_default();
    Forwarded {
        from: author(inner),
        from_shown: clean::line(&head::words(first), clean::HEADER_CHARS),
        subject: envelope::subject(&head),
        body: bodies.text(),
    }
}

/// Whether an address is at the same domain as the author's, where not everybody can have one.
fn is_beside(author: &EmailAddress, email: &str) -> bool {
    let is_at = |address: EmailAddress| address.domain() == author.domain();
    !is_public_provider(author.domain()) && EmailAddress::parse(email).is_ok_and(is_at)
}

/// Who wrote an attached message.
fn author(inner: &Message<'_>) -> Option<EmailAddress> {
    let head = Head::read(report::inner_bytes(inner));
    envelope::author(head.first("from")?).map(|(from, _)| from)
}

#[cfg(test)]
mod alike;
#[cfg(test)]
mod nobodys;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod unsure;

#[cfg(test)]
mod tests {
    use crate::intake::{read, tests::context};
    use crate::referral::packet::{Field, Judged, Packet};

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

    fn safe(mail: &str) -> Vec<Judged> {
        let reading = read(mail.as_bytes(), &context());
        let of = |packet: &Packet| packet.get(Field::SafeEmail).map(|found| found.judged.clone());
        reading.packets.iter().filter_map(of).collect()
    }

    const FORM: &str = "Client name: Ann Lee\nEmail: ann@mail.example\nSafe to email: yes\n";
    const WARNS: &str = "Please do not email her, he reads her mail.";

    fn parts(parts: &[(&str, &str)]) -> String {
        let part = |(kind, text): &(&str, &str)| format!("--x\nContent-Type: {kind}\n\n{text}\n");
        let parts: String = parts.iter().map(part).collect();
        format!(
            "From: Jo <jo@partner.example>\nSubject: hello\nContent-Type: multipart/mixed; boundary=x\n\n{parts}--x--\n"
        )
    }

    #[test]
    fn a_warning_below_a_box_that_looks_like_a_quote_and_one_that_names_the_other_side_are_heard() {
        let ruled = "|----------|--------------|\n| From:    | Harbor House |\n| To:      | Legal Aid    |\n\
                     |----------|--------------|";
        let form = FORM.replace("Email:", "Opposing party: Bob Ray\nEmail:");
        for mail in [
            parts(&[("text/plain", &format!("{FORM}\n{ruled}\n\n{WARNS}"))]),
            parts(&[("text/plain", &format!("{form}\nBob reads her mail."))]),
            parts(&[
                ("text/plain", &form),
                ("text/plain; name=a.txt\nContent-Disposition: attachment", "Bob reads her mail."),
            ]),
        ] {
            let safe = safe(&mail);
            assert!(!safe.is_empty() && !safe.contains(&Judged::Yes), "{safe:?} {mail:.900}");
        }
        assert_eq!(safe(&parts(&[("text/plain", &form)])), [Judged::Yes]);
    }

    #[test]
    fn a_warning_is_heard_wherever_it_stands() {
        let csv = "Client name,Email,Safe to email\nAnn Lee,ann@mail.example,yes\n";
        let inner = format!("From: Pat <pat@other.example>\nSubject: help\n\n{WARNS}\n");
        let second = format!("Content-Type: text/plain\n\n{WARNS}");
        let both = format!(
            "--y\nContent-Type: text/plain\n\n{FORM}\n--y\nContent-Type: text/html\n\n<p>Client name: Ann Lee</p><p>{WARNS}</p>\n--y--\n"
        );
        let json = format!("{{\"client_name\":\"Ann Lee\",\"safe_to_email\":\"yes\",\"x7\":\"{WARNS}\"}}");
        let html_only = format!("<p>{}</p><p>{WARNS}</p>", FORM.trim_end().replace('\n', "</p><p>"));
        for mail in [
            parts(&[("text/plain", &format!("{FORM}\n{WARNS}"))]),
            parts(&[("text/html", &html_only)]),
            parts(&[("multipart/alternative; boundary=y", &both)]),
            parts(&[
                ("text/plain", FORM),
                ("text/csv; name=a.csv", &format!("Client name,Ann Lee\nx,{WARNS}")),
            ]),
            parts(&[("text/plain", "see list"), ("text/csv; name=a.csv", &format!("{csv}\"{WARNS}\",,\n"))]),
            parts(&[("application/json; name=a.json", &json)]),
            parts(&[("text/plain", FORM), ("message/rfc822", &inner)]),
            parts(&[
                ("text/plain", FORM),
                ("message/rfc822", "Subject: a\n\nhi"),
                ("message/rfc822", &second),
            ]),
            parts(&[
                ("text/plain", FORM),
                ("text/plain; name=a.txt\nContent-Disposition: attachment", WARNS),
            ]),
            parts(&[
                ("text/plain", FORM),
                ("text/html; name=a.html\nContent-Disposition: attachment", WARNS),
            ]),
        ] {
            let safe = safe(&mail);
            assert!(!safe.is_empty() && !safe.contains(&Judged::Yes), "{safe:?} {mail}");
        }
    }

    #[test]
    fn a_line_among_the_headers_of_a_forward_that_is_none_is_heard() {
        for strange in [
            "   he reads her mail, never email her",
            "Warning: never email her",
            "Note: she is not safe by email\n   at all",
        ] {
            let body = format!(
                "---------- Forwarded message ---------\nFrom: Pat <pat@other.example>\nDate: Mon, Sep 14, 2026\nSubject: client\n{strange}\n\
                 To: Jo <jo@partner.example>\n\n{FORM}"
            );
            let mail = parts(&[("text/plain", &body)]).replace("Subject: hello", "Subject: Fwd: client");
            let safe = safe(&mail);
            assert!(!safe.is_empty() && !safe.contains(&Judged::Yes), "{safe:?} {strange}");
        }
    }

    #[test]
    fn a_warning_in_one_row_is_about_the_person_of_that_row() {
        let list = "Client name,Email,Safe to email,x\nAnn Lee,ann@mail.example,yes,he reads her email\n\
                    Bo Kim,bo@mail.example,yes,nothing\n";
        let safe = safe(&parts(&[("text/plain", "see list"), ("text/csv; name=a.csv", list)]));
        assert!(matches!(safe.as_slice(), [Judged::Unclear(_), Judged::Yes]), "{safe:?}");
    }

    #[test]
    fn what_an_answer_quotes_in_html_fills_nothing_and_warns_of_nothing() {
        let quoted = "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'><p><b>From:</b> Pat<br><b>Sent:</b> \
                      Monday<br><b>To:</b> Jo<br><b>Subject:</b> x</p></div><table><tr><td>Client name</td><td>Eve Evil</td></tr><tr><td>Safe to \
                      email</td><td>yes</td></tr></table><p>Never email her.</p>";
        let text = "Here is her data.\n\nClient name: Ann Lee\nSafe to email: yes\n\nFrom: Pat\nSent: Monday\nTo: Jo\nSubject: x\n\n\
                    Client name  Eve Evil\nSafe to email yes\nNever email her.\n";
        let own = "<p>Here is her data.</p><p>Client name: Ann Lee</p><p>Safe to email: yes</p>";
        let both = format!(
            "--y\nContent-Type: text/plain\n\n{text}\n--y\nContent-Type: text/html\n\n{own}{quoted}\n--y--\n"
        );
        let mail = parts(&[("multipart/alternative; boundary=y", &both)]).replacen(
            "Subject:",
            "In-Reply-To: <1@mail.handoff.example>\nSubject:",
            1,
        );
        let reading = read(mail.as_bytes(), &context());
        assert_eq!(reading.packets.len(), 1);
        assert_eq!(reading.packets[0].text(Field::ClientName), Some("Ann Lee"));
        assert_eq!(safe(&mail), [Judged::Yes]);
    }
}
