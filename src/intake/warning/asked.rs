//! Labels beside those that a form's reader knows, whose answer speaks against writing: who else reads the client's mail,
//! that it is not safe, whose consent it is. "Can he see the email? yes".

use super::super::form;
use super::super::form::fold::{fold, words};
use super::Warnings;
use super::anothers::is_near;

/// The longest label of so few words is one; what is longer is a sentence.
const MOST_WORDS: usize = 9;
/// The same in bytes.
const LONGEST: usize = 120;

/// Words about mail and safety, in the languages we write to clients in, folded.
const MAIL: [&str; 18] = [
    "email",
    "emails",
    "e mail",
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
    "abuser",
    "abusers",
    "perpetrator",
    "agresor",
];
/// The same of languages that bend or join their words.
const MAIL_PARTS: [&str; 15] = [
    "почт",
    "письм",
    "имейл",
    "بريد",
    "ايميل",
    "이메일",
    "메일",
    "邮件",
    "邮箱",
    "电邮",
    "郵件",
    "郵箱",
    "電郵",
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

/// Words of safety beside those of mail: "Courriel sécuritaire".
const SAFE: [&str; 14] = [
    "safe",
    "safely",
    "seguro",
    "segura",
    "seguranca",
    "securitaire",
    "securite",
    "sekirite",
    "an toan",
    "ligtas",
    "private",
    "secure",
    "confidential",
    "protected",
];
/// The same of languages that bend or join their words.
const SAFE_PARTS: [&str; 5] = ["безопас", "امن", "آمن", "안전", "安全"];
/// A no, in the languages we write to clients in, folded.
const NO: [&str; 18] = [
    "no",
    "n",
    "non",
    "nao",
    "khong",
    "hindi",
    "нет",
    "لا",
    "否",
    "不",
    "아니요",
    "아니오",
    "refused",
    "denied",
    "declined",
    "withdrawn",
    "never",
    "not",
];
/// Whoever else may say yes for a client, beside those who are near to them.
const ELDERS: [&str; 3] = ["parents", "mere", "pere"];
/// The longest answer of so many words is one; what is longer is a notice or a story.
const MOST_ANSWERED: usize = 5;

/// What a line warns of that opens with such a label and answers it: who else reads the mail, that it is not safe in
/// words no list of labels knows, whose consent it is or that there is none. A label that only speaks of mail or of
/// safety says nothing of either.
pub(super) fn of(sentence: &str) -> Warnings {
    let Some((label, answer)) = sentence.split_once([':', '?']) else { return Warnings::default() };
    if label.len() > LONGEST || is_empty_or_address(answer) {
        return Warnings::default();
    }
    let (label_folded, answer_folded) = (fold(label), fold(answer));
    let (asked, answered) = (words(&label_folded), words(&answer_folded));
    if asked.is_empty() || asked.len() > MOST_WORDS || answered.len() > MOST_ANSWERED {
        return Warnings::default();
    }
    let label_is = Spoken::of(&label_folded);
    let is_no = answered.first().is_some_and(|first| NO.contains(first)) || NO.contains(&&*answer_folded);
    let is_known = || form::is_label_nearly(label);
    let is_turned = || label_is.of_mail && has(&label_folded, &TURNED) && !is_plain_no(&answer_folded);
    let is_unsafe = || label_is.of_mail && label_is.of_safety && is_no && !is_known();
    let is_of_near = |words: &[&str]| words.iter().any(|word| is_near(word) || ELDERS.contains(word));
    let is_anothers = || is_of_near(&asked) && !is_no || is_of_near(&answered);
    Warnings {
        mail: is_turned() || is_unsafe(),
        consent: label_is.of_consent && !is_known() && (is_anothers() || is_no),
        ..Warnings::default()
    }
}

/// What a label speaks of.
struct Spoken {
    of_mail: bool,
    of_safety: bool,
    of_consent: bool,
}

impl Spoken {
    fn of(label: &str) -> Spoken {
        let holds = |parts: &[&str]| !label.is_ascii() && parts.iter().any(|part| label.contains(part));
        Spoken {
            of_mail: has(label, &MAIL) || holds(&MAIL_PARTS),
            of_safety: has(label, &SAFE) || holds(&SAFE_PARTS),
            of_consent: has(label, &CONSENT) || holds(&CONSENT_PARTS),
        }
    }
}

fn has(label: &str, list: &[&str]) -> bool {
    let padded = format!(" {label} ");
    list.iter().any(|word| padded.contains(&format!(" {word} ")))
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

fn is_plain_no(answer: &str) -> bool {
    matches!(answer, "no" | "n" | "none" | "nobody" | "no one" | "n a")
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
            "EMAIL CONFIDENTIALITY NOTICE: The information in this mail is for the one it is meant for",
            "If you have questions, email me: dana@partner.example or call 617-555-0100",
            "You can email me anytime: I am out Friday.",
            "Is she safe? Yes.",
            "Safe Haven Shelter Phone: 617-555-0100",
            "Email referral: Ana Vega",
            "Safe Horizon: new referral",
            "Secure email: referral for A.V.",
            "Safety planning: referral",
            "Alternate email: none",
            "Other email: none",
            "Work email: N/A",
            "Has email: yes",
            "Email verified: yes",
            "Email preferred: yes",
            "Preferred email: ana.vega@mail.example (personal)",
            "Safe contact number: 617-555-0142",
            "Safe contact person: her sister Lena",
            "Safe days: Mon-Fri",
            "Feels safe at home?: yes",
            "Safe housing: no",
            "Safety plan completed: yes",
            "Immediate safety risk: no",
            "Food safety: n/a",
            "Public Safety: no",
            "Note on safety: none",
            "Informed consent: yes",
            "Consent signed by client: yes",
            "Consent form attached: yes",
            "Consent obtained by: Dana Cole, advocate",
            "Consent to email: yes",
            "Email consent: yes",
            "Consent to contact client: Yes, verbally",
            "Client agrees to be contacted: Yes",
            "Contact safe? Yes",
            "Email:",
            "Is this email shared? no",
            "She asked me to write to you by email and told me this about her case: the hearing is soon",
        ] {
            assert!(!of([line]).mail && !of([line]).consent, "{line}");
        }
    }
}
