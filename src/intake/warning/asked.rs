//! Labels beside those that a form's reader knows, whose answer speaks against writing: who else reads the client's mail,
//! that it is not safe, whose consent it is. "Can he see the email? yes".

use std::sync::LazyLock;

use super::super::form;
use super::super::form::fold::{fold, words};
use super::Warnings;
use super::agreed;
use super::anothers::is_near;
use super::forbidden::{is_forbidden, is_in_danger};
use crate::intake::quick::WordMap;

/// The longest label of so few words is one; what is longer is a sentence.
const MOST_WORDS: usize = 9;
/// The same in bytes.
const LONGEST: usize = 120;
/// The longest answer of so many words is one; what is longer is a notice or a story.
const MOST_ANSWERED: usize = 5;
/// Somebody is looked for in so many words of an answer.
const MOST_HEARD: usize = 40;

/// Words about mail.
pub(super) const MAIL: u16 = 1;
/// Words of safety: "Courriel sécuritaire".
pub(super) const SAFE: u16 = 1 << 1;
/// Words about consent.
pub(super) const CONSENT: u16 = 1 << 2;
/// Whose something is, or that it is not one person's alone: makes another question even of a label that is known.
const OWNED: u16 = 1 << 3;
/// What somebody may do with the mail of another.
const SEEN: u16 = 1 << 4;
/// Somebody, whoever it is; and that mail is not wanted.
const ANYONE: u16 = 1 << 5;
/// Whoever the client is not safe from.
pub(super) const ABUSER: u16 = 1 << 6;
/// What one has or not, as well as somebody else.
const ACCESS: u16 = 1 << 7;
/// Living, and where or with whom.
const LIVES: u16 = 1 << 8;
pub(super) const WITH: u16 = 1 << 9;
/// Opens a phrase of several words.
const OPENS: u16 = 1 << 10;
/// Writing to somebody, or reaching them.
pub(super) const CONTACT: u16 = 1 << 11;
/// What denies what a label says.
pub(super) const DENIED: u16 = 1 << 12;
/// Danger; and what is one beside a word of safety.
pub(super) const DANGER: u16 = 1 << 13;
pub(super) const WORRY: u16 = 1 << 14;

/// Words of labels, folded, in the languages we write to clients in; phrases of two or three are parted by "_".
const WORDS: [(u16, &str); 15] = [
    (CONTACT, "contact contacted contacting contactar write writing written"),
    (DENIED, "no not dont never cannot"),
    (DANGER, "danger unsafe peligro"),
    (WORRY, "concern concerns issue issues risk risks alert alerts preocupaciones preocupacion"),
    (MAIL, "email emails e_mail inbox gmail mailbox correo correos courriel courriels imel thu_dien_tu"),
    (MAIL | ANYONE, "unsubscribe unsubscribed opt_out"),
    (
        SAFE,
        "safe safely safety seguro segura seguranca securitaire securite sekirite an_toan ligtas private secure confidential \
         protected",
    ),
    (
        CONSENT,
        "consent consents consented permission authorization roi consentimiento permiso autorizacion consentement \
         consentimento konsantman dong_y pahintulot otorizasyon release_of_information release_signed signed_release \
         release_form",
    ),
    (OWNED, "owner owned owns belongs belong whose monitored shared"),
    (
        SEEN,
        "see sees read reads check checks open opens know knows view views monitor monitors control controls",
    ),
    (SEEN | ACCESS, "access accesses see sees"),
    (ANYONE, "anyone anybody someone somebody who whom else others"),
    (ABUSER, "abuser abusers perpetrator perpetrators agresor agresora"),
    (LIVES, "living lives live vive"),
    (WITH, "with con together home household same"),
];
/// Parts of words of mail, of languages that bend or join their words.
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
/// The same of consent.
const CONSENT_PARTS: [&str; 5] = ["соглас", "موافق", "동의", "同意", "授权"];
/// The same of safety.
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
/// What opens a question about who has the mail.
const QUESTIONS: [&str; 15] = [
    "does", "do", "is", "are", "can", "could", "has", "have", "who", "whose", "will", "may", "anyone",
    "anybody", "any",
];
/// What denies that anybody else does.
const DENIES: [&str; 7] = ["no", "n", "none", "nobody", "nope", "never", "nadie"];
/// What may stand behind it and names nobody but the client.
const NOBODY_ELSE: [&str; 20] = [
    "only", "just", "she", "her", "hers", "herself", "the", "client", "clients", "never", "does", "has",
    "access", "to", "uses", "it", "own", "one", "else", "private",
];
/// An answer of such words says that it is the client's own.
const CLIENTS_OWN: [&str; 10] =
    ["client", "clients", "herself", "self", "own", "the", "her", "only", "just", "private"];
/// Who is near to a client, and may have written an answer or see an answer, beside those whose name in an address
/// says that it is theirs.
const KIN: &str = "parents mere pere sister sisters son sons daughter daughters child children kid kids aunt cousin \
    friend friends neighbor neighbour niece nephew grandmother grandfather grandma grandpa grandson granddaughter \
    relative relatives family caregiver hermana hijo hija hijos prima primo tia tio amiga amigo vecina vecino abuela \
    abuelo soeur frere fils fille ami amie irma irmao filho filha";

static BITS: LazyLock<WordMap<u16>> = LazyLock::new(|| {
    let mut all: WordMap<u16> = WordMap::default();
    for (bits, phrases) in WORDS {
        for phrase in phrases.split_ascii_whitespace() {
            *all.entry(phrase.replace('_', " ")).or_default() |= bits;
            if let Some((first, _)) = phrase.split_once('_') {
                *all.entry(first.to_owned()).or_default() |= OPENS;
            }
        }
    }
    all
});

/// What a line warns of that opens with a label beside those that are known, and answers it.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Asked {
    /// Who else reads the mail, that it is not safe in words no list of labels knows, whose consent it is or that there
    /// is none.
    pub(super) warnings: Warnings,
    /// It is plainly another consent than to be referred: its no says nothing.
    pub(super) is_of_another_consent: bool,
    /// It asks whether somebody else has the client's mail, and nobody has: "Does anyone see the email? No, only she does".
    pub(super) is_nobody_else: bool,
}

/// A label that only speaks of mail or of safety says nothing of either.
pub(super) fn of(sentence: &str) -> Asked {
    let Some((label, answer)) = sentence.split_once([':', '?']) else { return Asked::default() };
    if label.len() > LONGEST {
        return Asked::default();
    }
    let folded = fold(label);
    let asked = words(&folded);
    let bits = bits(&folded, &asked);
    let is_about_it = bits & (MAIL | CONSENT | ABUSER | CONTACT | DANGER | WORRY | SAFE) != 0;
    let is_asked = is_about_it && asked.len() <= MOST_WORDS;
    if !is_asked || is_empty_or_address(answer) {
        return Asked::default();
    }
    let answer = fold(answer);
    let answered = words(&answer);
    let is_short = answered.len() <= MOST_ANSWERED;
    let is_no = answered.first().is_some_and(|first| NO.contains(first));
    let is_known = || form::is_label_nearly(label);
    let mail = is_turned(bits, &asked, &answered, &is_known)
        || is_short && is_no && bits & (MAIL | ABUSER) != 0 && bits & SAFE != 0 && !is_known()
        || bits & ABUSER != 0 && bits & LIVES != 0 && bits & WITH != 0 && !is_no
        || is_short
            && (is_forbidden(bits, &asked, &answered, is_no) || is_in_danger(bits, &asked, &answered, is_no));
    let consent = if bits & CONSENT != 0 && is_short && !is_known() {
        agreed::said(&asked, &answered, is_no)
    } else {
        agreed::Said::Nothing
    };
    Asked {
        warnings: Warnings { mail, consent: consent == agreed::Said::Doubt, ..Warnings::default() },
        is_of_another_consent: consent == agreed::Said::OfAnother,
        is_nobody_else: bits & MAIL != 0
            && bits & (SEEN | OWNED | ANYONE) != 0
            && is_question(&asked)
            && !is_of_client(&asked)
            && is_nobody_else(&answered),
    }
}

/// Whether a label asks, and says nothing that its answer would deny: "do not email her: no".
fn is_question(asked: &[&str]) -> bool {
    let opens = asked.first().is_some_and(|first| QUESTIONS.contains(first));
    opens && !asked.iter().any(|word| matches!(*word, "not" | "dont" | "never" | "no" | "nobody"))
}

/// Whether a label asks of the client: "does this email belong to the client" warns if that is denied.
fn is_of_client(asked: &[&str]) -> bool {
    let is_of_others =
        asked.iter().any(|word| is_somebody(word) || matches!(*word, "else" | "anyone" | "anybody"));
    !is_of_others
        && asked
            .iter()
            .any(|word| matches!(*word, "client" | "clients" | "she" | "hers" | "patient" | "owner"))
}

/// The kinds of words that a label has.
fn bits(folded: &str, words: &[&str]) -> u16 {
    let mut all = 0;
    for (at, word) in words.iter().enumerate() {
        let found = BITS.get(*word).copied().unwrap_or_default();
        all |= found & !OPENS;
        if found & OPENS != 0 {
            let phrases = [2, 3].into_iter().filter_map(|size| words.get(at..at + size));
            let of_phrase = |phrase: &[&str]| BITS.get(&*phrase.join(" ")).copied().unwrap_or_default();
            all = phrases.map(of_phrase).fold(all, |all, found| all | found & !OPENS);
        }
    }
    let parts = [(MAIL, &MAIL_PARTS[..]), (SAFE, &SAFE_PARTS), (CONSENT, &CONSENT_PARTS)];
    let has = |parts: &[&str]| parts.iter().any(|part| folded.contains(part));
    let of_parts = parts.into_iter().filter(|(_, parts)| !folded.is_ascii() && has(parts));
    of_parts.fold(all, |all, (bits, _)| all | bits)
}

/// Whether a label about mail asks who else has it, and the answer is not that nobody does.
fn is_turned(bits: u16, asked: &[&str], answered: &[&str], is_known: &impl Fn() -> bool) -> bool {
    if bits & MAIL == 0 || bits & (OWNED | SEEN | ANYONE | ABUSER) == 0 || is_nobody_else(answered) {
        return false;
    }
    let is_of_somebody = |words: &[&str]| words.iter().take(MOST_HEARD).any(|word| is_somebody(word));
    let is_named = is_of_somebody(asked) || bits & (ABUSER | ANYONE) != 0;
    // "Email access: yes" may be the client's own.
    let is_simple = matches!(answered, ["yes" | "y" | "si"]);
    let is_short = answered.len() <= MOST_ANSWERED;
    let opens_prose = !is_short && matches!(asked, ["please" | "see", ..]);
    bits & OWNED != 0 && !opens_prose
        || bits & SEEN != 0 && is_named && !opens_prose
        || is_of_somebody(answered)
        || is_short && (bits & ANYONE != 0 || bits & ACCESS != 0 && !is_simple)
        || is_short && bits & ABUSER != 0 && !is_known()
}

/// Whether a word is of somebody near to a client, against them or of their family.
pub(super) fn is_somebody(word: &str) -> bool {
    is_near(word) || is_kin(word)
}

/// Whether a word is of somebody of the client's family, or of a friend.
pub(super) fn is_kin(word: &str) -> bool {
    KIN.split_ascii_whitespace().any(|kin| kin == word)
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

/// Whether an answer says that nobody does, or nobody but the client: "no", "no, only she does", "client only".
pub(super) fn is_nobody_else(answer: &[&str]) -> bool {
    let is_denied = |(first, rest): (&&str, &[&str])| {
        DENIES.contains(first) && rest.iter().all(|word| NOBODY_ELSE.contains(word))
    };
    let is_own = || {
        answer.iter().all(|word| CLIENTS_OWN.contains(word))
            && answer.iter().any(|word| matches!(*word, "client" | "clients" | "herself" | "self" | "own"))
    };
    matches!(answer, ["n", "a"]) || answer.split_first().is_some_and(is_denied) || is_own()
}

#[cfg(test)]
mod tests {
    use crate::intake::warning::of;

    #[test]
    fn the_answer_to_an_unknown_question_about_mail_or_consent_is_a_doubt() {
        let lines = [
            "Email owner: John (husband)",
            "Does this email belong to the client? No",
            "Do not email: yes",
            "No email: yes",
            "Do not contact client: yes",
            "Confidential referral - client must not be contacted: yes",
            "Okay to contact client?: No",
            "Contact client directly?: No",
            "Safety concerns: Yes",
            "Are there any safety concerns?: yes",
            "Is the client safe at home?: No",
            "Does the client feel safe?: No",
            "Client in danger: yes",
            "Risk level: high",
            "Abuser in the home: Yes",
            "Is the client the owner of this email? No",
            "Does client have access to this email? No",
            "Does the client still have access to her email: no",
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
            "Email owner: John Smith, her husband since 2010",
            "Email owner: John Smith, whom she married in May of the year 2010",
            "Whose email: her son's",
            "Whose email is this? John's",
            "Who has access to email: husband",
            "Can access email: John",
            "Does abuser read email? yes, every day of the week",
            "Does abuser know about email: yes",
            "Does anyone else see this email? No, only her husband",
            "Does perpetrator live in the home? Yes",
            "Lives with abuser: yes",
            "Is client safe from abuser? No",
            "Email access: yes, shared with son",
            "Is this the abuser's email? yes",
        ];
        let unheard: Vec<_> = lines.into_iter().filter(|line| !of([*line]).mail).collect();
        assert!(unheard.is_empty(), "{unheard:#?}");
        let lines = [
            "Consent obtained from: husband",
            "Consent obtained from: her sister",
            "Consent obtained from: her son",
            "Consent was given by husband: yes",
            "Consent to contact client given by husband: yes",
            "Husband's consent: yes",
            "Consentement du mari: oui",
            "Consentimiento del marido: sí",
            "Consent withdrawn: yes",
            "Consent refused: yes",
            "Consent on file for services: no",
            "Signed ROI on file: no",
            "Media consent: No, she revoked her consent",
            "同意书: 否",
        ];
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
            "No contact order: yes",
            "Safety concerns: No",
            "Safe to leave voicemail: No",
            "Housing issues: yes",
            "At risk of eviction: yes",
            "In danger of eviction: yes",
            "Restraining order: yes",
            "Domestic violence involved: yes",
            "Okay to contact landlord? No",
            "Safe to call: No",
            "Risk level: low",
            "Email:",
            "Is this email shared? no",
            "She asked me to write to you by email and told me this about her case: the hearing is soon",
        ] {
            assert!(!of([line]).mail && !of([line]).consent, "{line}");
        }
    }

    #[test]
    fn an_ordinary_label_about_an_abuser_or_another_consent_is_none() {
        let lines = [
            "Is this email shared?: No, only client",
            "Does anyone else see this email? No, only she does",
            "Does anyone else see this email? nobody",
            "Can abuser access email?: No, never",
            "Does client have access to email? Yes",
            "Does client have email access? Yes",
            "Email access: yes",
            "Email owner: client",
            "Whose email is this? client's own",
            "How often does client check email: daily",
            "Please see the email below: she needs help with an eviction and has a hearing soon",
            "Abuser: John Vega",
            "Abuser name: John Smith",
            "Abuser's email: unknown",
            "Perpetrator name: John Vega",
            "Relationship to abuser: wife",
            "Is abuser in jail? yes",
            "Is abuser living with client: no",
            "Permission to contact landlord: Yes",
            "Permission to contact landlord: no",
            "Permission to contact your employer? No",
            "Consent to share with partner agencies: Yes",
            "Consent obtained by: partner agency",
            "Permission to speak with: her mother",
            "Media consent: No",
            "Consent to be photographed: no",
            "Consent to leave voicemail: no",
            "Consent refused: no",
            "Consent withdrawn: N/A",
        ];
        let heard = |line: &&str| of([*line]).mail || of([*line]).consent;
        let heard: Vec<_> = lines.into_iter().filter(heard).collect();
        assert!(heard.is_empty(), "{heard:#?}");
    }
}
