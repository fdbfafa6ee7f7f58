//! Labels beside those that a form's reader knows, whose answer speaks against writing: who else reads the client's mail,
//! that it is not safe, whose consent it is. "Can he see the email? yes".

mod agreed;
mod forbidden;
mod lists;

use super::super::form;
use super::super::form::fold::fold;
use super::Warnings;
use agreed::Consent;
use forbidden::{is_forbidden, is_in_danger};
use lists::{
    ABUSER, ACCESS, ANYONE, ASKED_OF, BESIDE, CLIENTS_OWN, CONSENT, CONTACT, DANGER, DONE, LIVES, MAIL, NO,
    NOBODY, NOBODY_ELSE, OWNED, PLAIN_YES, PROSE, QUESTION, SAFE, SEEN, SELF, Said, TURNED, WITH, WORRY,
};

/// The longest label of so few words is one; what is longer is a sentence.
const MOST_WORDS: usize = 9;
/// The same in bytes.
const LONGEST: usize = 120;
/// The longest answer of so many words is one; what is longer is a notice or a story.
const MOST_ANSWERED: usize = 5;
/// Somebody is looked for in so many words of an answer.
const MOST_HEARD: usize = 40;

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
    let asked = Said::of(&folded);
    let is_about_it = asked.has(MAIL | CONSENT | ABUSER | CONTACT | DONE | DANGER | WORRY | SAFE);
    if !is_about_it || asked.len() > MOST_WORDS || is_empty_or_address(answer) {
        return Asked::default();
    }
    let folded = fold(answer);
    let answered = Said::of(&folded);
    let is_known = || form::is_label_nearly(label);
    let is_agreed = asked.has(CONSENT) && answered.len() <= MOST_ANSWERED && !is_known();
    let is_no = answered.has_at(0, NO);
    let consent = if is_agreed { agreed::said(&asked, &answered, is_no) } else { Consent::Nothing };
    let mail = is_against_mail(&asked, &answered, &is_known);
    Asked {
        warnings: Warnings { mail, consent: consent == Consent::Doubt, ..Warnings::default() },
        is_of_another_consent: consent == Consent::OfAnother,
        is_nobody_else: asked.has(MAIL)
            && asked.has(SEEN | OWNED | ANYONE)
            && is_question(&asked)
            && !is_of_client(&asked)
            && is_nobody_else(&answered),
    }
}

/// Whether a label and its answer speak against writing.
fn is_against_mail(asked: &Said<'_>, answered: &Said<'_>, is_known: &impl Fn() -> bool) -> bool {
    let is_short = answered.len() <= MOST_ANSWERED;
    let is_no = answered.has_at(0, NO);
    is_turned(asked, answered, is_known)
        || is_short && is_no && asked.has(MAIL | ABUSER) && asked.has(SAFE) && !is_known()
        || asked.has(ABUSER) && asked.has(LIVES) && asked.has(WITH) && !is_no
        || is_short && (is_forbidden(asked, answered, is_no) || is_in_danger(asked, answered, is_no))
}

/// Whether a label about mail asks who else has it, and the answer is not that nobody does.
fn is_turned(asked: &Said<'_>, answered: &Said<'_>, is_known: &impl Fn() -> bool) -> bool {
    if !asked.has(MAIL) || !asked.has(OWNED | SEEN | ANYONE | ABUSER) || is_nobody_else(answered) {
        return false;
    }
    let is_named = asked.has_somebody(MOST_HEARD) || asked.has(ABUSER | ANYONE);
    // "Email access: yes" may be the client's own.
    let is_simple = answered.len() == 1 && answered.has(PLAIN_YES);
    let is_short = answered.len() <= MOST_ANSWERED;
    let opens_prose = !is_short && asked.has_at(0, PROSE);
    asked.has(OWNED) && !opens_prose
        || asked.has(SEEN) && is_named && !opens_prose
        || answered.has_somebody(MOST_HEARD)
        || is_short && (asked.has(ANYONE) || asked.has(ACCESS) && !is_simple)
        || is_short && asked.has(ABUSER) && !is_known()
}

/// Whether a label asks, and says nothing that its answer would deny: "do not email her: no".
fn is_question(asked: &Said<'_>) -> bool {
    asked.has_at(0, QUESTION) && !asked.has(TURNED)
}

/// Whether a label asks of the client: "does this email belong to the client" warns if that is denied.
fn is_of_client(asked: &Said<'_>) -> bool {
    asked.has(ASKED_OF) && !asked.has(BESIDE) && !asked.has_somebody(usize::MAX)
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

/// Whether a folded answer says that nobody does, or nobody but the client: "no", "no, only she does", "client only".
pub(super) fn denies(answer: &str) -> bool {
    is_nobody_else(&Said::of(answer))
}

fn is_nobody_else(answered: &Said<'_>) -> bool {
    let is_denied = || answered.has_at(0, NOBODY) && answered.is_all(1, NOBODY_ELSE);
    let is_own = || answered.is_all(0, CLIENTS_OWN) && answered.has(SELF);
    answered.is(&["n", "a"]) || is_denied() || is_own()
}

#[cfg(test)]
mod tests {
    use crate::intake::warning::of;

    #[test]
    fn the_answer_to_an_unknown_question_about_mail_or_consent_is_a_doubt() {
        let lines = [
            "Email owner: John (husband)",
            "Does this email belong to the client? No",
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
            "Restraining order: yes",
            "Domestic violence involved: yes",
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
