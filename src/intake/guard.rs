//! Must we stay silent? RFC 3834 §2, RFC 5230 §4.5 and §4.6, and what other responders learned (RELIABILITY A1 to A13).
//!
//! A mail that must not be answered is still read and recorded like any other; only the answer is withheld. In doubt
//! the answer is silence, because two robots answering each other never stop.

use std::sync::LazyLock;

use super::any_of::AnyOf;
use super::head::Head;
use super::{Context, Envelope, Nature, Silence};
use crate::referral::address::EmailAddress;

/// Hops after which a mail is taken for a loop (Postfix `hopcount_limit`).
const HOPS: usize = 50;

/// Why no automatic answer may go out; `None` means one may.
#[must_use]
pub fn silence(
    head: &Head,
    envelope: &Envelope,
    nature: &Nature,
    is_report: bool,
    context: &Context,
) -> Option<Silence> {
    let reasons: [(Silence, &dyn Fn() -> bool); 11] = [
        (Silence::NullReturnPath, &|| envelope.return_path == Some(None) || has_null_path(head)),
        (Silence::AutoSubmitted, &|| is_auto_submitted(head)),
        (Silence::OwnMail, &|| is_own_mail(envelope, context)),
        (Silence::OwnAddress, &|| is_own_address(envelope, context)),
        (Silence::Report, &|| is_report || matches!(nature, Nature::DeliveryReport(_))),
        (Silence::MailingList, &|| is_list(head)),
        (Silence::Precedence, &|| has_precedence(head)),
        (Silence::SuppressHeader, &|| suppresses(head)),
        (Silence::RobotSender, &|| is_robot(head)),
        (Silence::AutoReplyText, &|| matches!(nature, Nature::AutoReply)),
        (Silence::Loop, &|| head.all("received").nth(HOPS - 1).is_some()),
    ];
    let found = reasons.iter().find(|(_, holds)| holds()).map(|(reason, _)| *reason);
    found.or_else(|| envelope.from.is_none().then_some(Silence::NoAuthor))
}

/// The symbols of the keyed hash that begins our Message-IDs, and of the reply token that may follow it.
const OUR_HASH: usize = 24;
const OUR_TOKEN: usize = 45;

/// A mail that was made by us and came back, recognised by its Message-ID: our domain and our shape. The domain alone
/// is not enough, since staff often share it.
#[must_use]
pub fn is_own_mail(envelope: &Envelope, context: &Context) -> bool {
    let Some((left, domain)) = envelope.message_id.as_deref().and_then(|id| id.rsplit_once('@')) else {
        return false;
    };
    let (hash, token) = left.split_once('.').map_or((left, None), |(hash, token)| (hash, Some(token)));
    let ours = |text: &str, length: usize| {
        text.len() == length
            && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase() && !b"ilou".contains(&b))
    };
    domain.eq_ignore_ascii_case(&context.message_id_domain)
        && ours(hash, OUR_HASH)
        && token.is_none_or(|token| ours(token, OUR_TOKEN))
}

/// A mail from one of our own mailboxes, whatever its case or tag (A17).
#[must_use]
pub fn is_own_address(envelope: &Envelope, context: &Context) -> bool {
    let shown = EmailAddress::parse(&envelope.from_shown).ok();
    let Some(from) = envelope.from.as_ref().or(shown.as_ref()) else { return false };
    context.own_addresses.iter().any(|own| own.shares_mailbox(from))
}

/// The mail was not addressed to us (A11), or its return path or Reply-To is not the author's (A9).
#[must_use]
pub fn is_elsewhere(envelope: &Envelope, author: &EmailAddress) -> bool {
    let is_apart = |other: &EmailAddress| {
        let (one, two) = (other.domain(), author.domain());
        !one.ends_with(two) && !two.ends_with(one)
    };
    let path = envelope.return_path.iter().flatten();
    !envelope.to_us || path.chain(&envelope.reply_to).any(is_apart)
}

fn has_null_path(head: &Head) -> bool {
    head.all("return-path").any(|value| value.split_whitespace().collect::<String>().starts_with("<>"))
}

/// Any `Auto-Submitted` field that says anything but `no`, whatever its case, comments and parameters.
#[must_use]
pub fn is_auto_submitted(head: &Head) -> bool {
    head.all("auto-submitted").chain(head.all("autosubmitted")).any(|value| {
        let keyword = value.split(['(', ';']).next().unwrap_or_default().trim();
        !keyword.eq_ignore_ascii_case("no")
    })
}

/// Whether the sender's machine says it answered by itself: the keyword is `auto-replied`, or a vacation program left
/// its own header.
#[must_use]
pub fn answered_by_itself(head: &Head) -> bool {
    const HEADERS: [&str; 10] = [
        "x-autoreply",
        "x-autoreply-from",
        "x-autorespond",
        "x-autoresponder",
        "x-auto-reply",
        "x-mail-autoreply",
        "x-vacation",
        "x-amazon-auto-reply",
        "x-autoreply-domain",
        "autorespond",
    ];
    let replied =
        head.all("auto-submitted").any(|value| value.trim().to_ascii_lowercase().starts_with("auto-replied"));
    let precedence = head.all("precedence").any(|value| {
        let value = value.trim().to_ascii_lowercase();
        value == "auto_reply" || value == "auto-reply"
    });
    let apple = head.all("x-apple-action").any(|value| value.trim().eq_ignore_ascii_case("vacation"));
    replied || precedence || apple || HEADERS.iter().any(|name| head.all(name).any(|value| !is_no(value)))
}

fn is_list(head: &Head) -> bool {
    head.names().any(|name| {
        name.starts_with("list-")
            || matches!(
                name,
                "mailing-list"
                    | "x-mailing-list"
                    | "x-mailinglist"
                    | "x-list"
                    | "x-beenthere"
                    | "x-mailman-version"
            )
    })
}

fn has_precedence(head: &Head) -> bool {
    head.all("precedence").chain(head.all("x-precedence")).any(|value| {
        let value = value.split(['(', ';']).next().unwrap_or_default().trim().to_ascii_lowercase();
        matches!(value.as_str(), "bulk" | "junk" | "list" | "auto_reply" | "auto-reply")
    })
}

fn suppresses(head: &Head) -> bool {
    const HEADERS: [&str; 9] = [
        "x-loop",
        "feedback-id",
        "x-autogenerated",
        "x-auto-generated",
        "x-fc-machinegenerated",
        "x-ms-exchange-inbox-rules-loop",
        "x-csa-complaints",
        "x-campaign",
        "x-campaignid",
    ];
    let asks = head.all("x-auto-response-suppress").any(|value| {
        value
            .split([',', ';', ' '])
            .any(|word| ["all", "oof", "autoreply"].iter().any(|name| word.trim().eq_ignore_ascii_case(name)))
    });
    asks || answered_by_itself(head) || HEADERS.iter().any(|name| head.all(name).any(|value| !is_no(value)))
}

fn is_no(value: &str) -> bool {
    ["no", "none", "false", "0"].iter().any(|word| value.trim().eq_ignore_ascii_case(word))
}

/// Whether any address that would get the answer, or that sent the mail, is a program's.
#[must_use]
pub fn is_robot(head: &Head) -> bool {
    ["from", "sender", "return-path", "reply-to"]
        .iter()
        .flat_map(|name| head.all(name))
        .any(|value| value.split(',').any(|one| is_robot_local(&local_part(one))))
}

/// Whether the mail system itself wrote, by its name: MAILER-DAEMON, postmaster and their kind.
#[must_use]
pub fn is_mail_system(head: &Head) -> bool {
    const LOCALS: [&str; 7] = [
        "mailer-daemon",
        "mailerdaemon",
        "postmaster",
        "mail-daemon",
        "maildaemon",
        "mailer_daemon",
        "mdaemon",
    ];
    let is_system = |value: &str| {
        LOCALS.contains(&local_part(value).as_str()) || SYSTEMS.is_in(&value.to_ascii_lowercase())
    };
    head.all("from").chain(head.all("return-path")).any(is_system)
}

/// Names of mail systems.
static SYSTEMS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::of([
        "mail delivery",
        "mail system",
        "mailer-daemon",
        "mail deliver",
        "delivery subsystem",
        "system administrator",
        "mail administrator",
        "courier mail server",
    ])
});

/// The local part of the address in a value, lower case, without comments of any kind: `<a@b> (x)` → `a`.
fn local_part(value: &str) -> String {
    let inner = value.rsplit_once('<').map_or(value, |(_, rest)| rest);
    let inner = inner.split(['>', '(']).next().unwrap_or_default().trim();
    let word = inner.split_whitespace().find(|word| word.contains('@')).unwrap_or(inner);
    let local = word.split_once('@').map_or(word, |(local, _)| local);
    local.trim_matches(|c| c == '"' || c == '\'').to_ascii_lowercase()
}

/// Local parts that only programs have.
const ROBOTS: &[&str] = &[
    "mailer-daemon",
    "mailerdaemon",
    "mailer_daemon",
    "mdaemon",
    "mail-daemon",
    "postmaster",
    "hostmaster",
    "daemon",
    "majordomo",
    "listserv",
    "listproc",
    "mailman",
    "sympa",
    "ezmlm",
    "lists",
    "bounce",
    "bounces",
    "autoreply",
    "autoresponder",
    "auto-reply",
    "auto-responder",
    "nobody",
    "www-data",
    "apache",
    "root",
    "cron",
    "devnull",
];

/// Beginnings and ends of local parts that ask not to be answered, letters and digits only.
const NEVER: [&str; 11] = [
    "noreply",
    "noreplies",
    "donotreply",
    "dontreply",
    "notreply",
    "neverreply",
    "noresponder",
    "noresponda",
    "nepasrepondre",
    "nichtantworten",
    "mailerdaemon",
];

fn is_robot_local(local: &str) -> bool {
    let base = local.split('+').next().unwrap_or_default();
    let plain: String = base.chars().filter(char::is_ascii_alphanumeric).collect();
    ROBOTS.contains(&base)
        || NEVER.iter().any(|word| plain.starts_with(word) || plain.ends_with(word))
        || base.starts_with("owner-")
        || base.starts_with("bounce-")
        || base.starts_with("bounces-")
        || base.starts_with("bounce=")
        || ["-request", "-owner", "-bounces", "-bounce", "-errors", "-outgoing", "-relay"]
            .iter()
            .any(|end| base.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::{envelope, tests::context};

    fn check(fields: &str, expected: Option<Silence>) {
        let head = Head::read(format!("{fields}\n").as_bytes());
        let envelope = envelope::read(&head, &context());
        assert_eq!(silence(&head, &envelope, &Nature::Human, false, &context()), expected, "{fields}");
    }

    fn check_beside_an_author(fields: &[&str], expected: Option<Silence>) {
        for field in fields {
            check(&format!("From: ann@partner.example\n{field}\n"), expected);
        }
    }

    #[test]
    fn an_ordinary_mail_may_be_answered() {
        check_beside_an_author(
            &[
                "Subject: referral",
                "Auto-Submitted: no",
                "Auto-Submitted: NO (really)",
                "X-Auto-Response-Suppress: None",
                "X-Auto-Response-Suppress: DR, RN, NRN",
                "Precedence: first-class",
                "Return-Path: <ann@partner.example>",
                "Reply-To: ann@partner.example",
            ],
            None,
        );
    }

    #[test]
    fn a1_a_null_return_path_is_not_answered() {
        check_beside_an_author(&["Return-Path: <>", "Return-Path: < >"], Some(Silence::NullReturnPath));
    }

    #[test]
    fn a2_every_auto_submitted_but_no_is_not_answered() {
        check_beside_an_author(
            &[
                "Auto-Submitted: auto-generated",
                "AUTO-SUBMITTED: Auto-Replied",
                "Auto-Submitted: auto-notified; owner-email=\"x\"",
                "Auto-Submitted:\n auto-replied",
                "Auto-Submitted: no\nAuto-Submitted: auto-replied",
                "Auto-Submitted: (no) auto-replied",
                "Auto-Submitted:",
            ],
            Some(Silence::AutoSubmitted),
        );
    }

    #[test]
    fn a3_bulk_precedence_is_not_answered() {
        check_beside_an_author(
            &["Precedence: bulk", "precedence: JUNK", "Precedence: list", "Precedence: auto_reply"],
            Some(Silence::Precedence),
        );
    }

    #[test]
    fn a4_and_a5_suppressing_headers_are_obeyed() {
        check_beside_an_author(
            &[
                "X-Auto-Response-Suppress: All",
                "X-Auto-Response-Suppress: DR, OOF",
                "X-Auto-Response-Suppress: autoreply",
                "X-Loop: x",
                "X-Autoreply: yes",
                "X-Autorespond: x",
                "Feedback-ID: 1:2:3:4",
            ],
            Some(Silence::SuppressHeader),
        );
        check_beside_an_author(
            &[
                "List-Id: <x>",
                "List-Help: <x>",
                "List-Subscribe: <x>",
                "List-Unsubscribe: <x>",
                "List-Post: <x>",
                "List-Owner: <x>",
                "List-Archive: <x>",
                "Mailing-List: x",
                "X-Mailing-List: x",
            ],
            Some(Silence::MailingList),
        );
    }

    #[test]
    fn a6_robots_and_we_ourselves_are_not_answered() {
        for from in [
            "MAILER-DAEMON@example.org",
            "MAILER-DAEMON",
            "Postmaster <postmaster@example.org>",
            "noreply@example.org",
            "no-reply@example.org",
            "No.Reply+x@example.org",
            "do-not-reply@example.org",
            "owner-list@example.org",
            "list-request@example.org",
            "list-bounces@example.org",
            "bounces+12@example.org",
            "majordomo@example.org",
            "listserv@example.org",
            "forms-noreply@example.org",
            "postmaster@example.org (System)",
        ] {
            check(&format!("From: {from}\n"), Some(Silence::RobotSender));
        }
        for from in ["intake@handoff.example", "INTAKE+x@handoff.example"] {
            check(&format!("From: {from}\n"), Some(Silence::OwnAddress));
        }
        check_beside_an_author(
            &["Sender: bounces@example.org", "Return-Path: <bounce-7@example.org>"],
            Some(Silence::RobotSender),
        );
        let token = "bj9xp5qj1q5cgxtx2fj1110q3nj4e5zzdtt8sh81bmn60";
        for ours in ["2eb3v5za99nds0bhf13j8ndz".to_owned(), format!("2eb3v5za99nds0bhf13j8ndz.{token}")] {
            check_beside_an_author(
                &[&format!("Message-ID: <{ours}@mail.handoff.example>")],
                Some(Silence::OwnMail),
            );
        }
        check_beside_an_author(&["Message-ID: <x@mail.handoff.example>"], None);
    }

    #[test]
    fn people_are_not_robots() {
        for from in [
            "norep@example.org",
            "rooty@example.org",
            "ann.bounces@example.org",
            "mailman.ann@example.org",
            "listserve@x.example",
        ] {
            check(&format!("From: {from}\n"), None);
        }
    }

    #[test]
    fn a13_fifty_hops_are_a_loop() {
        let hops =
            |count: usize| format!("From: ann@partner.example\n{}", "Received: from x\n".repeat(count));
        check(&hops(49), None);
        check(&hops(50), Some(Silence::Loop));
    }

    #[test]
    fn nobody_in_particular_is_not_answered() {
        check("From: a@example.org, b@example.org\n", Some(Silence::NoAuthor));
        check("Subject: x\n", Some(Silence::NoAuthor));
    }
}
