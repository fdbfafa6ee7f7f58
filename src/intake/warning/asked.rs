//! Labels that no form's reader knows and that are about the client's mail, about consent or safety: what they ask, and
//! so what an answer to them means, nobody can tell. It may be "Can he see the email? yes".

use super::super::form;
use super::super::form::fold::{fold, words};
use super::Warnings;

/// The longest label of so few words is one; what is longer is a sentence.
const MOST_WORDS: usize = 9;
/// The same in bytes.
const LONGEST: usize = 120;

/// Words about mail and safety, in the languages we write to clients in, folded.
const MAIL: [&str; 33] = [
    "email",
    "emails",
    "e mail",
    "e mails",
    "inbox",
    "gmail",
    "unsubscribe",
    "unsubscribed",
    "opt out",
    "correo",
    "correos",
    "courriel",
    "courriels",
    "imel",
    "thu dien tu",
    "safe",
    "safety",
    "safely",
    "unsafe",
    "seguro",
    "segura",
    "seguridad",
    "securitaire",
    "securite",
    "seguranca",
    "sekirite",
    "an toan",
    "ligtas",
    "kaligtasan",
    "abuser",
    "abusers",
    "perpetrator",
    "agresor",
];
/// The same of languages that bend or join their words.
const MAIL_PARTS: [&str; 20] = [
    "почт",
    "письм",
    "имейл",
    "безопас",
    "بريد",
    "ايميل",
    "امن",
    "آمن",
    "이메일",
    "메일",
    "안전",
    "邮件",
    "邮箱",
    "电邮",
    "郵件",
    "郵箱",
    "電郵",
    "安全",
    "信箱",
    "емейл",
];
/// Words about consent.
const CONSENT: [&str; 14] = [
    "consent",
    "consents",
    "consented",
    "permission",
    "authorization",
    "consentimiento",
    "permiso",
    "autorizacion",
    "consentement",
    "consentimento",
    "konsantman",
    "dong y",
    "pahintulot",
    "otorizasyon",
];
/// The same of languages that bend or join their words.
const CONSENT_PARTS: [&str; 5] = ["соглас", "موافق", "동의", "同意", "授权"];
/// What makes another question even of a label that is known: "Email owner", "Does anyone else see this email".
const TURNED: [&str; 16] = [
    "owner",
    "owned",
    "belongs",
    "opt out",
    "unsubscribe",
    "unsubscribed",
    "abuser",
    "abusers",
    "anyone",
    "anybody",
    "else",
    "monitored",
    "shared",
    "access",
    "see",
    "sees",
];

/// Questions of who else reads the mail: a plain no to them is good news.
const DENIED: [&str; 8] = [
    "does anyone",
    "does anybody",
    "can anyone",
    "can anybody",
    "is this email shared",
    "is the email shared",
    "is email shared",
    "shared email",
];

/// What a line warns of that opens with such a label and answers it.
pub(super) fn of(sentence: &str) -> Warnings {
    let Some((label, answer)) = sentence.split_once([':', '?']) else { return Warnings::default() };
    if label.len() > LONGEST || is_empty_or_address(answer) {
        return Warnings::default();
    }
    let folded = fold(label);
    let words = words(&folded);
    if words.is_empty() || words.len() > MOST_WORDS {
        return Warnings::default();
    }
    let padded = format!(" {folded} ");
    let has = |list: &[&str]| list.iter().any(|word| padded.contains(&format!(" {word} ")));
    let holds = |parts: &[&str]| !folded.is_ascii() && parts.iter().any(|part| folded.contains(part));
    let is_of_mail = has(&MAIL) || holds(&MAIL_PARTS);
    let is_of_consent = has(&CONSENT) || holds(&CONSENT_PARTS);
    // "Is this email shared? no" is as plain as "[external email]: be careful" says nothing of the client.
    let is_denied =
        || is_no(answer) && DENIED.iter().any(|opening| folded.starts_with(opening)) && !says_safe(&words);
    let is_turned = || is_of_mail && has(&TURNED) && !is_no(answer);
    let is_heard = is_of_mail || is_of_consent;
    if !is_heard || words.contains(&"external") || is_denied() || form::is_label_nearly(label) && !is_turned()
    {
        return Warnings::default();
    }
    Warnings { mail: is_of_mail, consent: is_of_consent, ..Warnings::default() }
}

fn says_safe(words: &[&str]) -> bool {
    words.iter().any(|word| matches!(*word, "safe" | "safely" | "unsafe" | "not" | "ok" | "private"))
}

/// An address by itself is the client's or nobody's we write to.
fn is_empty_or_address(answer: &str) -> bool {
    let mut parts = answer.split_whitespace().filter(|part| part.contains(char::is_alphanumeric));
    match (parts.next(), parts.next()) {
        (None, _) => true,
        (Some(one), None) => one.contains('@') && !one.contains('?'),
        (Some(_), Some(_)) => false,
    }
}

fn is_no(answer: &str) -> bool {
    matches!(&*fold(answer), "no" | "n" | "none" | "nobody" | "no one" | "n a")
}

#[cfg(test)]
mod tests {
    use crate::intake::warning::of;

    #[test]
    fn the_answer_to_an_unknown_question_about_mail_or_consent_is_a_doubt() {
        let lines = [
            "Email owner: John (husband)",
            "Can abuser see email?: yes",
            "Email opt-out: yes",
            "Unsubscribed: yes",
            "安全邮箱: 否",
            "Courriel sécuritaire: non",
            "Is abuser living with client: yes",
            "Email belongs to: husband",
            "Is this email shared?: yes",
            "Does anyone else see this email? yes",
            "Imel an sekirite: non",
            "안전한 이메일: 아니요",
            "Безопасная почта: нет",
            "E-mail em segurança: não",
            "Email an toàn: không",
            "Ligtas ba ang email: hindi",
            "بريد آمن: لا",
        ];
        let unheard: Vec<_> = lines.into_iter().filter(|line| !of([*line]).mail).collect();
        assert!(unheard.is_empty(), "{unheard:#?}");
        let lines = ["Consent obtained from: husband", "Consentement du mari: oui", "同意书: 否"];
        let unheard: Vec<_> = lines.into_iter().filter(|line| !of([*line]).consent).collect();
        assert!(unheard.is_empty(), "{unheard:#?}");
    }

    #[test]
    fn a_known_label_an_address_and_a_sentence_are_none() {
        for line in [
            "Email: ann@mail.example",
            "Client email: ann@mail.example",
            "Caseworker email: dana@partner.example",
            "Safe to email: yes",
            "Is it safe to email the client? yes",
            "Consent to share: yes",
            "Consent to contact: yes",
            "Client consents: yes",
            "Safe to contact: call, email",
            "Safety notes: none",
            "Matter type: Housing",
            "Email:",
            "Is this email shared? no",
            "She asked me to write to you by email and told me this about her case: the hearing is soon",
        ] {
            assert!(!of([line]).mail && !of([line]).consent, "{line}");
        }
    }
}
