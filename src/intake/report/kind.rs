//! What a failure means for an address: does a person have to ask for another one?
//!
//! What is said more exactly is believed first: the action (RFC 3464 §2.3.3), then the enhanced status code (RFC 3463),
//! then the step of the SMTP talk that was refused, then the code and the words of the refusing server, then the words
//! around them in the notice. What nobody says to be the address's fault is soft.

use super::code;
use super::phrases::{NOBODY, OTHER, REJECTED, SENDER};
use crate::intake::ReportKind;
use crate::intake::limits;

/// Bytes of words looked at: a server says why in its first lines.
const WORDS_BYTES: usize = 4096;

/// The kind of what happened to one recipient; `said` are words about it, the most exact ones first.
pub(super) fn kind(action: &str, status: Option<&str>, said: &[&str]) -> ReportKind {
    match action {
        "delayed" => return ReportKind::Delay,
        "delivered" | "relayed" | "expanded" => return ReportKind::NoFailure,
        _ => {}
    }
    let said: Vec<Words> = said.iter().map(|words| Words::of(words)).collect();
    let code = Code::of(status);
    let step = said.iter().find_map(|words| words.step);
    let is_fault = code
        .decides(said.first(), step)
        .or_else(|| said.iter().find_map(|words| words.blame_the_address(step)))
        .unwrap_or(matches!(code, Code::Address));
    if is_fault { ReportKind::Hard } else { ReportKind::Soft }
}

/// What an enhanced status code says about the address (RFC 3463 §3).
#[derive(Clone, Copy)]
enum Code {
    /// There is no such mailbox or domain: X.1.1 to X.1.4, X.1.6, X.1.10 (RFC 7505), X.4.4.
    Nobody,
    /// Something about the address, the words have to say what: X.1.0.
    Address,
    /// The state of a mailbox that is there: X.2.X.
    Mailbox,
    /// What is no fault of the address for now, 4.1.X: a server that gave up may yet say that nobody is there.
    Later,
    /// It will work later, or the sender's address stands in the way: 4.X.X, X.1.7, X.1.8.
    Other,
    /// Nothing.
    Silent,
}

impl Code {
    fn of(status: Option<&str>) -> Code {
        let mut numbers = status.unwrap_or_default().split('.');
        match (numbers.next(), numbers.next(), numbers.next()) {
            (_, Some("1"), Some("7" | "8")) => Code::Other,
            (Some("4"), Some("1"), _) => Code::Later,
            (Some("4"), ..) => Code::Other,
            (_, Some("2"), _) => Code::Mailbox,
            (_, Some("1"), Some("1" | "2" | "3" | "4" | "6" | "10")) | (_, Some("4"), Some("4")) => {
                Code::Nobody
            }
            (_, Some("1"), Some("0")) => Code::Address,
            _ => Code::Silent,
        }
    }

    /// Whether the address is at fault, if the code alone says so. Servers that throttle or filter use the code of an
    /// unknown address too, their words tell.
    fn decides(self, words: Option<&Words>, step: Option<Step>) -> Option<bool> {
        let says = |list| words.is_some_and(|words| words.say(list));
        match self {
            Code::Nobody => Some(says(NOBODY) || !says(OTHER)),
            // Some servers call every refused recipient a disabled mailbox.
            Code::Mailbox => Some(step == Some(Step::Recipient) && says(NOBODY)),
            Code::Later => Some(says(NOBODY)),
            Code::Other => Some(false),
            Code::Address | Code::Silent => None,
        }
    }
}

/// What a server or a notice says, in lower case, line breaks and addresses left out.
struct Words {
    text: String,
    code: Code,
    step: Option<Step>,
}

/// The step of the SMTP talk that was refused.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Sender,
    Recipient,
    Text,
}

impl Words {
    fn of(said: &str) -> Words {
        let said = limits::cut(said, WORDS_BYTES).to_lowercase().replace('\u{2019}', "'");
        let is_word = |word: &&str| {
            let is_continued = word.split_once('-').is_some_and(|(code, _)| is_reply_code(code));
            !word.is_empty() && !word.contains('@') && !is_continued
        };
        let words = said.split(|c: char| c.is_whitespace() || "<>()[]\"".contains(c)).filter(is_word);
        let text = words.collect::<Vec<_>>().join(" ");
        Words { code: Code::of(code::first(&said).as_deref()), step: refused(&said, &text), text }
    }

    fn say(&self, list: &[&str]) -> bool {
        list.iter().any(|phrase| match phrase.split_once(" .. ") {
            None => self.text.contains(phrase),
            Some((opening, end)) => {
                let behind = self.text.split_once(opening).map_or("", |(_, behind)| behind);
                behind.split(' ').take(5).any(|word| word.trim_end_matches(['.', ',', ':', ';']) == end)
            }
        })
    }

    /// Whether the address is at fault, if these words say anything about it.
    fn blame_the_address(&self, step: Option<Step>) -> Option<bool> {
        if step == Some(Step::Sender) || self.say(SENDER) {
            return Some(false);
        }
        // After DATA a 550 is a refusal for policy reasons: the recipient had been taken (RFC 5321 §4.3.2).
        let is_text = step == Some(Step::Text);
        self.code
            .decides(Some(self), step)
            .or_else(|| is_text.then_some(false))
            .or_else(|| self.say(NOBODY).then_some(true))
            .or_else(|| self.say(OTHER).then_some(false))
            .or_else(|| (self.say(REJECTED) || matches!(self.code, Code::Address)).then_some(true))
    }
}

fn is_reply_code(word: &str) -> bool {
    word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// The step these words name: Postfix, Exim and qmail name it in words, sendmail and Courier show the talk.
fn refused(said: &str, text: &str) -> Option<Step> {
    const STEPS: [(&str, Step); 12] = [
        ("in reply to mail from", Step::Sender),
        ("after mail from", Step::Sender),
        ("in reply to rcpt to", Step::Recipient),
        ("after rcpt to", Step::Recipient),
        ("in reply to end of data", Step::Text),
        ("in reply to data", Step::Text),
        ("after end of data", Step::Text),
        ("after data", Step::Text),
        ("but sender was rejected", Step::Sender),
        ("does not like recipient", Step::Recipient),
        ("rcpt_to", Step::Recipient),
        ("failed after i sent the message", Step::Text),
    ];
    let text = text.replace("pipelined ", "");
    STEPS.iter().find(|(phrase, _)| text.contains(phrase)).map(|(_, step)| *step).or_else(|| in_talk(said))
}

/// The command in front of the first refusal in a transcript.
fn in_talk(said: &str) -> Option<Step> {
    let mut command = "";
    for line in said.lines().map(str::trim) {
        if let Some(sent) = line.strip_prefix(">>>") {
            command = sent.trim_start();
        } else if line.strip_prefix("<<<").is_some_and(|answer| answer.trim_start().starts_with('5')) {
            break;
        }
    }
    let steps = [("mail", Step::Sender), ("rcpt", Step::Recipient), ("data", Step::Text), (".", Step::Text)];
    steps.iter().find(|(verb, _)| command.starts_with(verb)).map(|(_, step)| *step)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rows: &[(&str, &[&str], ReportKind)]) {
        for (status, said, expected) in rows {
            let status = Some(*status).filter(|status| !status.is_empty());
            assert_eq!(kind("failed", status, said), *expected, "{status:?} {said:?}");
        }
    }

    #[test]
    fn the_action_comes_first() {
        for (action, expected) in [
            ("delayed", ReportKind::Delay),
            ("relayed", ReportKind::NoFailure),
            ("delivered", ReportKind::NoFailure),
            ("expanded", ReportKind::NoFailure),
        ] {
            assert_eq!(kind(action, Some("5.1.1"), &["550 user unknown"]), expected, "{action}");
        }
    }

    #[test]
    fn a_code_that_says_it_is_believed_over_words() {
        check(&[
            ("5.1.1", &[""], ReportKind::Hard),
            ("5.1.10", &["556 no"], ReportKind::Hard),
            ("5.4.4", &[], ReportKind::Hard),
            ("5.2.1", &["550 user unknown"], ReportKind::Soft),
            ("5.2.2", &["mailbox full"], ReportKind::Soft),
            ("4.4.7", &["host unknown"], ReportKind::Soft),
            ("4.1.1", &["450 user unknown"], ReportKind::Hard),
            ("4.1.1", &["450 unverified address"], ReportKind::Soft),
            ("5.2.1", &["550 user unknown (in reply to RCPT TO command)"], ReportKind::Hard),
            ("5.1.8", &["553 domain of sender address x does not exist"], ReportKind::Soft),
        ]);
    }

    #[test]
    fn the_code_of_an_unknown_address_may_be_used_for_other_things() {
        check(&[
            ("5.1.1", &["550 too many mails, blocked for now"], ReportKind::Soft),
            ("5.1.1", &["550 blocked, no such user"], ReportKind::Hard),
            ("5.1.1", &["550 <policy@example.org> no"], ReportKind::Hard),
        ]);
    }

    #[test]
    fn an_empty_code_lets_the_words_speak() {
        check(&[
            ("5.0.0", &["550 User unknown"], ReportKind::Hard),
            ("5.0.0", &["550 5.1.1 sorry"], ReportKind::Hard),
            ("5.0.0", &["550 #5.1.0 Address rejected."], ReportKind::Hard),
            ("5.1.0", &["550 listed at a blocklist"], ReportKind::Soft),
            ("5.1.0", &[], ReportKind::Hard),
            ("5.0.0", &["550-5.1.1 tried to reach does\r\n550-5.1.1 not exist"], ReportKind::Hard),
            ("5.7.1", &["rejected by policy"], ReportKind::Soft),
            ("5.7.1", &["550 SPF Eintrag wurde nicht gefunden"], ReportKind::Soft),
            ("5.0.0", &["Le serveur est introuvable"], ReportKind::Soft),
            ("5.7.1", &["550 5.7.1 no such user here"], ReportKind::Hard),
            ("", &["quota exceeded"], ReportKind::Soft),
            ("", &["an MX or SRV record indicated no SMTP service"], ReportKind::Hard),
            ("5.0.0", &[""], ReportKind::Soft),
            ("", &[], ReportKind::Soft),
        ]);
    }

    #[test]
    fn a_bare_refusal_means_the_address_unless_a_reason_follows() {
        check(&[
            ("5.0.0", &["550 requested action not taken: mailbox unavailable"], ReportKind::Hard),
            ("5.0.0", &["550 mailbox unavailable: reject due to policy restrictions"], ReportKind::Soft),
            ("5.0.0", &["554 recipient address rejected: relay access denied"], ReportKind::Soft),
            ("5.4.1", &["550 5.4.1 recipient address rejected: access denied"], ReportKind::Hard),
        ]);
    }

    #[test]
    fn other_languages_say_that_nobody_is_there() {
        for said in [
            "L\u{2019}adresse de messagerie que vous avez entrée est introuvable.",
            "Die eingegebene E-Mail-Adresse konnte nicht gefunden werden.",
            "Impossibile trovare l'indirizzo di posta elettronica immesso.",
            "No se ha encontrado la dirección.",
            "Endereço não encontrado",
            "Het door u ingevoerde e-mailadres is niet gevonden.",
            "Nie można odnaleźć wprowadzonego adresu e-mail.",
            "Не удалось найти указанный адрес электронной почты.",
            "找不到您输入的电子邮件地址。",
            "入力した電子メール アドレスが見つかりません。",
        ] {
            check(&[("", &[said], ReportKind::Hard)]);
        }
    }

    #[test]
    fn the_step_that_was_refused_tells_whose_fault_it_is() {
        check(&[
            ("5.0.0", &["550 x does not exist (in reply to MAIL FROM command)"], ReportKind::Soft),
            (
                "5.0.0",
                &["550 Unknown user a@example.org (in reply to end of DATA command)"],
                ReportKind::Soft,
            ),
            ("5.0.0", &["550 Unknown user a@example.org (in reply to RCPT TO command)"], ReportKind::Hard),
            ("5.0.0", &["550 unknown user", ">>> DATA\n<<< 550 unknown user"], ReportKind::Soft),
            (
                "5.0.0",
                &["", ">>> RCPT To:<a@example.org>\n<<< 250 ok\n>>> DATA\n<<< 550 unknown user"],
                ReportKind::Soft,
            ),
        ]);
    }

    #[test]
    fn somebody_who_has_no_licence_is_there() {
        check(&[
            ("5.0.0", &["554 user does not have a licence for this list"], ReportKind::Soft),
            ("5.0.0", &["554 This user doesn't have a licence to read your accounts"], ReportKind::Soft),
            (
                "5.0.0",
                &["554 This user doesn't have a example.org account (a@example.org)"],
                ReportKind::Hard,
            ),
            ("5.0.0", &["550 user does not have a valid mailbox here"], ReportKind::Hard),
        ]);
    }

    #[test]
    fn the_notice_speaks_when_the_server_said_nothing() {
        check(&[
            ("5.0.0", &["", "a@example.org: Domain does not exist"], ReportKind::Hard),
            ("5.0.0", &["550 quota", "a@example.org: Domain does not exist"], ReportKind::Soft),
        ]);
    }
}
