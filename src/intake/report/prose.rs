//! Bounces written only for people: qmail, Exim, Postfix, sendmail, Exchange, Gmail, Yahoo and the many like them.
//!
//! They share a shape, and that shape is read: the mail system writes, says that something was not delivered, names
//! addresses at the start of a line or behind a few words, and then quotes the original. Nothing behind the quote is
//! believed.

use std::sync::LazyLock;

use super::kind::kind;
use super::notice::{Notice, apart};
use super::phrases;
use super::{RECIPIENTS, address, code, status};
use crate::intake::any_of::AnyOf;
use crate::intake::body::Bodies;
use crate::intake::head::Head;
use crate::intake::limits;
use crate::intake::{Envelope, ReportedRecipient, envelope, guard};

/// What the words told.
pub(super) struct Found {
    pub(super) recipients: Vec<ReportedRecipient>,
    /// Message-IDs in the quoted original.
    pub(super) message_ids: Vec<String>,
}

/// Bytes of text read: a bounce says who and why at its top.
const TEXT_BYTES: usize = 64 * 1024;

/// Reads a bounce out of its words; `None` when the mail is none.
pub(super) fn read(
    head: &Head,
    envelope: &Envelope,
    bodies: &Bodies,
    returned: &[Head],
    is_typed: bool,
) -> Option<Found> {
    let failed: Vec<String> =
        head.all("x-failed-recipients").flat_map(|list| list.split(',')).filter_map(address).collect();
    let is_sure = is_typed || !failed.is_empty();
    let author = Author::of(head, envelope);
    if !is_sure && !author.may_report() {
        return None;
    }
    let text = bodies.text();
    let (notice, original) = apart(limits::cut(&text, TEXT_BYTES));
    let is_robot = || guard::is_robot(head) || envelope.return_path == Some(None);
    if !is_sure && !author.reports(&notice.to_lowercase(), is_robot) {
        return None;
    }
    let quoted = Head::read(original.trim_start().as_bytes());
    let told = status::recipients(&notice, &Notice::of(&notice));
    let named = if failed.is_empty() { named(&notice, envelope) } else { failed };
    let recipients = if !told.is_empty() {
        told
    } else if named.is_empty() {
        returned.iter().chain(Some(&quoted)).flat_map(|head| said(&to(head), &notice, envelope)).collect()
    } else {
        said(&named, &notice, envelope)
    };
    let message_ids = quoted.first("message-id").map(envelope::ids).unwrap_or_default();
    Some(Found { recipients, message_ids })
}

fn to(head: &Head) -> Vec<String> {
    head.all("to").flat_map(envelope::mailboxes).map(|one| one.as_str().to_lowercase()).collect()
}

/// What the header says about who wrote, before any text is looked at.
struct Author {
    /// MAILER-DAEMON and its kind, by name.
    is_system: bool,
    /// A subject of mail systems, without the mark of a person's answer or forward in front.
    has_subject: bool,
}

impl Author {
    fn of(head: &Head, envelope: &Envelope) -> Author {
        const ANSWERS: [&str; 8] = ["re:", "fw:", "fwd:", "aw:", "wg:", "tr:", "rv:", "sv:"];
        let subject = envelope.subject.to_lowercase();
        let is_answer = ANSWERS.iter().any(|mark| subject.starts_with(mark));
        Author { is_system: guard::is_mail_system(head), has_subject: !is_answer && is_of_a_system(&subject) }
    }

    fn may_report(&self) -> bool {
        self.is_system || self.has_subject
    }

    /// Whether these lower-case words of this author are a bounce.
    fn reports(&self, notice: &str, is_robot: impl FnOnce() -> bool) -> bool {
        let has_words = phrases::WORDS.iter().any(|words| notice.contains(words));
        let is_believed = self.is_system || self.has_subject && (is_robot() || starts_like_a_system(notice));
        is_believed && has_words || self.is_system && self.has_subject
    }
}

/// Does a lower-case subject say that a mail did not arrive?
fn is_of_a_system(subject: &str) -> bool {
    let rest = || phrases::OPENINGS.iter().find_map(|opening| subject.strip_prefix(opening));
    let ends = |rest: &str| rest.trim().is_empty() || rest.trim_start().starts_with([':', '：', '.']);
    SUBJECTS.is_in(subject) || rest().is_some_and(ends)
}

/// Looked for all at once: every mail of a person passes here.
static SUBJECTS: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::of(phrases::SUBJECTS.iter().copied()));

/// The first words of a notice that no person writes.
fn starts_like_a_system(notice: &str) -> bool {
    let start: String = notice.chars().take(400).collect();
    let marks = [
        "automatically generated",
        "created automatically",
        "mail delivery",
        "delivery status",
        "undeliverable to",
        "this is the mail system",
        "this is the mail delivery",
        "this is the mail transport",
        "this is the mail server",
        "this is the email system",
        "this is the qmail",
        "this is the postfix",
        "this is the exim",
        "the following addresses",
        "the following recipient",
        "following address(es)",
        "following recipient(s)",
        "original message was received",
        "message from ",
    ];
    marks.iter().any(|mark| start.contains(mark))
}

/// The recipients a notice names: those in a telling place; failing that, any address that is not somebody else's.
fn named(notice: &str, envelope: &Envelope) -> Vec<String> {
    let (mut told, mut seen, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for line in notice.lines() {
        for (before, one) in addresses(line) {
            let list = if is_somebody_else(&before, &one, envelope) {
                &mut others
            } else if is_telling(&before) {
                &mut told
            } else {
                &mut seen
            };
            if !list.contains(&one) && list.len() < RECIPIENTS {
                list.push(one);
            }
        }
    }
    // Whom to ask for help is said once in words we know, and perhaps again in others.
    seen.retain(|one| !others.contains(one));
    if told.is_empty() { seen } else { told }
}

/// Every address in a line, lower-cased, with the lower-cased words before it.
fn addresses(line: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut before = String::new();
    for word in line.split_inclusive(|c: char| c.is_whitespace() || "<>()[]\",;".contains(c)) {
        let bare = word.trim_matches(|c: char| c.is_whitespace() || "<>()[]\",;:.'*|`".contains(c));
        let bare = bare.rsplit_once("mailto:").map_or(bare, |(_, rest)| rest);
        let bare = bare
            .rsplit_once([':', '='])
            .map_or(bare, |(_, rest)| if rest.contains('@') { rest } else { bare });
        if is_address(bare) {
            found.push((before.to_lowercase(), bare.to_lowercase()));
        }
        before.push_str(word);
        if found.len() >= RECIPIENTS {
            break;
        }
    }
    found
}

fn is_address(word: &str) -> bool {
    word.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && domain.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.' || c == '_')
            && domain.chars().any(char::is_alphabetic)
    })
}

/// An address behind these words is the sender's, a helper's or a forwarder's.
fn is_somebody_else(before: &str, one: &str, envelope: &Envelope) -> bool {
    const WORDS: &[&str] = &[
        "from",
        "sender",
        "reply to",
        "reply-to",
        "contact",
        "assistance",
        "mail from",
        "envelope-from",
        "questions",
        "help",
        "please send",
        "message-id",
        "message id",
        "expanded from",
        "postmaster",
        "administrator",
        "unsubscribe",
        "subject",
    ];
    let tail: String = before.chars().rev().take(40).collect::<Vec<_>>().into_iter().rev().collect();
    let role = one.split('@').next().unwrap_or_default();
    let is_role = matches!(role, "postmaster" | "mailer-daemon" | "abuse" | "hostmaster");
    let is_sender = envelope.to.iter().any(|to| to.as_str().eq_ignore_ascii_case(one));
    let is_author = envelope.from_shown.eq_ignore_ascii_case(one);
    is_role || is_sender || is_author || WORDS.iter().any(|word| tail.contains(word))
}

/// The address opens the line, or words stand before it that only introduce a recipient.
fn is_telling(before: &str) -> bool {
    const WORDS: &[&str] = &[
        "delivered to",
        "delivery to",
        "deliver to",
        "deliver message to",
        "message to",
        "mail to",
        "email to",
        "rcpt to",
        "recipient",
        "address",
        "undeliverable to",
        "addressed to",
        "sent to",
        "user",
        "to:",
        "delivering to",
        "for",
    ];
    let before = before.trim().trim_end_matches(|c: char| c.is_whitespace() || "<\"'*-[(•·>:|`".contains(c));
    before.is_empty()
        || before.chars().all(|c| c.is_ascii_digit() || c == '.')
        || WORDS.iter().any(|word| before.ends_with(word.trim_end_matches(':')))
}

/// What the notice says about each of these addresses.
fn said(addresses: &[String], notice: &str, envelope: &Envelope) -> Vec<ReportedRecipient> {
    let lower = notice.to_lowercase();
    let delayed = is_delay(&envelope.subject.to_lowercase(), &lower);
    let mut places: Vec<usize> = addresses.iter().filter_map(|one| lower.find(one.as_str())).collect();
    places.sort_unstable();
    let mut found: Vec<ReportedRecipient> = Vec::new();
    for one in addresses.iter().take(RECIPIENTS) {
        let start = lower.find(one.as_str()).unwrap_or(0);
        let end = places.iter().find(|place| **place > start).copied().unwrap_or(lower.len());
        let near = lower.get(start..end).unwrap_or(&lower);
        let status = code::first(near).or_else(|| code::first(&lower));
        let action = if delayed { "delayed" } else { "failed" }.to_owned();
        let kind = kind(&action, status.as_deref(), &[near, &lower]);
        if !found.iter().any(|known| known.address == *one) {
            found.push(ReportedRecipient { address: one.clone(), original: None, status, action, kind });
        }
    }
    found
}

fn is_delay(subject: &str, notice: &str) -> bool {
    let by_subject =
        ["delay", "warning: message", "warning: could not"].iter().any(|word| subject.contains(word));
    let by_words = [
        "not yet been delivered",
        "will continue to try",
        "no action is required",
        "do not need to resend",
        "delivery has been delayed",
        "temporary problem delivering",
        "this is a warning message only",
    ];
    let is_final = ["giving up", "given up", "permanent"].iter().any(|word| notice.contains(word));
    by_subject && !is_final || by_words.iter().any(|word| notice.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::{ReportKind, tests::context};

    fn check(subject: &str, text: &str, expected: &[(&str, Option<&str>, ReportKind)]) {
        let head =
            format!("From: MAILER-DAEMON@mx.example.net\nTo: us@handoff.example\nSubject: {subject}\n");
        let head = Head::read(head.as_bytes());
        let envelope = envelope::read(&head, &context());
        let bodies = Bodies { plain: Some(text.to_owned()), html: None };
        let found =
            read(&head, &envelope, &bodies, &[], false).map(|found| found.recipients).unwrap_or_default();
        let found: Vec<_> =
            found.iter().map(|one| (one.address.as_str(), one.status.as_deref(), one.kind)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn notices_of_the_common_mail_systems_are_read() {
        for (subject, text, expected) in [
            (
                "failure notice",
                "Hi. I wasn't able to deliver your message to the following addresses.\n\n<Ann@example.org>:\n192.0.2.1 said: 550 5.1.1 no such user\n\n<bob@example.org>:\nmailbox full (#5.2.2)\n\n--- Below this line is a copy of the message.\n\nTo: x@example.org\n",
                &[
                    ("ann@example.org", Some("5.1.1"), ReportKind::Hard),
                    ("bob@example.org", Some("5.2.2"), ReportKind::Soft),
                ][..],
            ),
            (
                "Mail delivery failed: returning message to sender",
                "A message that you sent could not be delivered. The following address(es) failed:\n\n  ann@example.org\n    retry timeout exceeded\n\n------ This is a copy of the message, including all the headers. ------\n\nTo: x@example.org\n",
                &[("ann@example.org", None, ReportKind::Soft)],
            ),
            (
                "Warning: message x delayed 24 hours",
                "A message that you sent has not yet been delivered.\nThe address is:\n\n  ann@example.org\n",
                &[("ann@example.org", None, ReportKind::Delay)],
            ),
            (
                "Mail delivery failed",
                "There was an error delivering your mail to <ann@example.org>.\n\nmx [192.0.2.25] did not like our RCPT TO:\n550 5.7.13 Disabled\n\nMessage headers follow.\n\nReceived: from x\nMessage-ID: <m@handoff.example>\n",
                &[("ann@example.org", Some("5.7.13"), ReportKind::Soft)],
            ),
        ] {
            check(subject, text, expected);
        }
    }

    #[test]
    fn shorter_notices_of_less_common_systems_are_read_too() {
        for (subject, text) in [
            (
                "Undeliverable Mail",
                "Unknown user: ann@example.org\n\nOriginal message follows.\n\nTo: x@example.org\n",
            ),
            ("Undeliverable Mail", "User mailbox exceeds allowed size: ann@example.org\n"),
            (
                "Message delivery has failed",
                "Unable to deliver message to: <ann@example.org>\nDelivery failed for the following reason:\nServer mx.example.org[192.0.2.2] failed with: 550 No such user here\n",
            ),
            (
                "Mail could not be delivered",
                "-------server message\n550 5.1.1 unknown user <ann@example.org>\n\n-------original message\nTo: <x@example.org>\n",
            ),
            (
                "DELIVERY FAILURE",
                "------- Failure Reasons  --------\n\nUser not listed in public Name & Address Book\nann@example.org\n\n------- Returned Message --------\n\nTo: x@example.org\n",
            ),
            (
                "Message Notification",
                "Your message could not be sent.\nA transcript of the attempts to send the message follows.\nThe number of attempts made: 1\nAddressed To: ann@example.org\n",
            ),
            (
                "Undeliverable: hello",
                "Your message\n\n  To:      Somebody\n  Subject: hello\n\ndid not reach the following recipient(s):\n\nann@example.org on Thu, 29 Apr 2010 23:34:45 +0900\n    The recipient name is not recognized\n",
            ),
            (
                "[BOUNCE]",
                "Hi. I'm afraid I wasn't able to deliver your message to the following addresses.\n\nann@example.org\n\nThe original message is attached.\n",
            ),
            (
                "Returned mail",
                "   ----- The following addresses had delivery problems -----\nann@example.org\n   ----- Non-delivered information -----\nThe mailbox is over quota\n",
            ),
            (
                "Delivery failure",
                "We had trouble delivering your message. The following address failed:\n\n   * ann@example.org\n",
            ),
            (
                "Undelivered",
                ">>> ann@example.org <ann@example.org>\n\n 550 sorry, no mailbox here by that name\n",
            ),
            ("Unzustellbar: Hallo", "Ihre Nachricht konnte nicht zugestellt werden:\n\n<ann@example.org>\n"),
            (
                "Delivery Status Notification (Failure)",
                "** Address not found **\n\nYour message wasn't delivered to ann@example.org because the address couldn't be found.\n",
            ),
            (
                "Delivery failed",
                "{ The following recipients could not be reached:\n\n\tRecipient: [SMTP:ann@example.org]\n",
            ),
        ] {
            let head =
                Head::read(format!("From: MAILER-DAEMON@mx.example.net\nSubject: {subject}\n").as_bytes());
            let bodies = Bodies { plain: Some(text.to_owned()), html: None };
            let found = read(&head, &envelope::read(&head, &context()), &bodies, &[], false);
            let found: Vec<String> =
                found.into_iter().flat_map(|found| found.recipients).map(|one| one.address).collect();
            assert_eq!(found, ["ann@example.org"], "{text}");
        }
    }

    #[test]
    fn helpers_and_senders_are_not_recipients() {
        check(
            "Undelivered Mail Returned to Sender",
            "I could not deliver your mail. For assistance, please send mail to postmaster@example.net\nfrom us@handoff.example\n\n<ann@example.org>: host mx said: 550 user unknown\n",
            &[("ann@example.org", None, ReportKind::Hard)],
        );
    }

    #[test]
    fn a_helper_named_again_in_another_language_is_no_recipient() {
        let notice = "Your mail could not be delivered.\nFor assistance, contact <support@example.net>\n\n\
                      お問い合わせは <support@example.net> まで\n";
        check("Undelivered Mail Returned to Sender", notice, &[]);
    }

    #[test]
    fn the_notices_of_more_systems_and_languages_name_their_recipient() {
        for (subject, text) in [
            (
                "NOTICE: mail delivery status.",
                "     UNDELIVERABLE MAIL\n\n<ann@example.org>:\n>>> RCPT TO:<ann@example.org>\n<<< 550 User Unknown\n",
            ),
            (
                "Undeliverable Message",
                "Error: No valid recipients for this MM\n\nRCPT TO: <ann@example.org>\n",
            ),
            (
                "Non recapitabile: x",
                "Recapito non riuscito per i destinatari o i gruppi seguenti:\n\nann@example.org\n",
            ),
            (
                "Não é possível entregar: x",
                "Falha na entrega para estes destinatários ou grupos:\n\nann@example.org\n",
            ),
            (
                "Går inte att leverera: x",
                "Det gick inte att leverera till följande mottagare eller grupper:\n\nann@example.org\n",
            ),
            (
                "Nie można dostarczyć: x",
                "Dostarczenie wiadomości do następujących adresatów nie powiodło się:\n\nann@example.org\n",
            ),
            ("未送达: x", "未能将邮件传递给以下收件人或组:\n\nann@example.org\n"),
            ("Teslim edilemedi: x", "Şu alıcılara veya gruplara teslim edilemedi:\n\nann@example.org\n"),
            ("Không gửi được: x", "Không thể gửi đến những người nhận hoặc nhóm sau:\n\nann@example.org\n"),
            ("배달되지 않음: x", "다음 받는 사람 또는 그룹에 배달하지 못했습니다.\n\nann@example.org\n"),
            (
                "Kan ikke leveres: x",
                "Levering mislykkedes til følgende modtagere eller grupper:\n\nann@example.org\n",
            ),
        ] {
            let head = Head::read(format!("From: postmaster@example.net\nSubject: {subject}\n").as_bytes());
            let bodies = Bodies { plain: Some(text.to_owned()), html: None };
            let found = read(&head, &envelope::read(&head, &context()), &bodies, &[], false);
            let found: Vec<String> =
                found.into_iter().flat_map(|found| found.recipients).map(|one| one.address).collect();
            assert_eq!(found, ["ann@example.org"], "{text}");
        }
    }

    #[test]
    fn a_referral_about_a_letter_that_did_not_arrive_is_no_bounce() {
        for subject in [
            "Mail delivery status of the court notice for Ann Lee",
            "Falha na entrega da carta do tribunal",
            "Mail delivery status",
            "Falha na entrega: carta do tribunal",
        ] {
            let head = Head::read(format!("From: jo@partner.example\nSubject: {subject}\n").as_bytes());
            let text = "This is the client I called you about, Ann Lee, who can be reached at ann@mail.example.\n\
                        Her notice could not be delivered, the address was not found, and her hearing is soon.\n";
            let bodies = Bodies { plain: Some(text.to_owned()), html: None };
            assert!(
                read(&head, &envelope::read(&head, &context()), &bodies, &[], false).is_none(),
                "{subject}"
            );
        }
        for subject in
            ["mail delivery status of the court notice", "falha na entrega da carta", "a: falha na entrega"]
        {
            assert!(!is_of_a_system(subject), "{subject}");
        }
        for subject in
            ["mail delivery status", "falha na entrega: x", "未送达：x", "notice: mail delivery status."]
        {
            assert!(is_of_a_system(subject), "{subject}");
        }
    }

    #[test]
    fn a_person_writing_about_a_bounce_is_no_bounce() {
        let head = Head::read(b"From: ann@partner.example\nSubject: Re: Undeliverable: your mail\n");
        let envelope = envelope::read(&head, &context());
        let bodies = Bodies {
            plain: Some("My mail could not be delivered to bob@example.org.".to_owned()),
            html: None,
        };
        assert!(read(&head, &envelope, &bodies, &[], false).is_none());
    }
}
