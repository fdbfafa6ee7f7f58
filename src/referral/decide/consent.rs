//! Consent told to staff: where nobody could read the partner's yes, the client says it to the owner, and the gate asks
//! everything else as before (issue 5). Sharing with others takes it in writing.

use super::super::packet::Field;
use super::super::packet::consent::{Heard, How, Told};
use super::super::party::Actor;
use super::super::record::FactKind;
use super::super::roster::StaffId;
use super::super::safety::{self, Consent, Withheld};
use super::outcome::Outcome;
use super::{Course, client, complete};

/// Writes down what the client said. A yes that would be worth nothing is not kept.
pub(super) fn told(course: &mut Course<'_>, by: &Actor, told: Told) -> Outcome {
    let owes_first = client::owes_first(course);
    let before = course.referral.consent_told.replace(Heard { told, at: course.now });
    let why = match safety::consent_to_email(
        &course.referral,
        &course.rules.roster,
        &course.rules.calendar,
        course.now,
    ) {
        Consent::ByOpposingParty => Some(
            "the opposing party has a hand in the consent; a line does not undo that, so call instead of writing",
        ),
        Consent::ByAnother => Some("a parent's yes counts for a child only: ask the client"),
        Consent::Given
        | Consent::Unclear
        | Consent::Expired
        | Consent::EndUnclear
        | Consent::TermsUnclear
        | Consent::NotCovered => None,
    };
    if let Some(why) = why.filter(|_| told != Told::No) {
        course.referral.consent_told = before;
        return Outcome::Refused(why);
    }
    course.fact(FactKind::ConsentTold, Some(by), format!("consent told to us: {}", told.words()));
    let Told::Yes { how, .. } = told else {
        return Outcome::Done("noted: no consent; nothing is sent to the client or shared".to_owned());
    };
    let (covered, covers): (&[Field], &str) = match how {
        How::Writing => (
            &[Field::Consent, Field::ConsentContact],
            "contact, and to sharing unless the referral says no to that,",
        ),
        How::Spoken | How::Phone | How::Helper => (&[Field::ConsentContact], "contact, not sharing,"),
    };
    course.referral.missing.retain(|field| !covered.contains(field));
    complete::complete(course, owes_first);
    Outcome::Done(format!("consent to {covers} noted; {}", letters(course, by)))
}

/// A yes that was told to us counts no longer; a no stays one.
pub(super) fn forget_yes(course: &mut Course<'_>) {
    course.referral.consent_told = course.referral.consent_told.filter(|heard| heard.told == Told::No);
}

/// A stop of another referral at the address, which a word about this one does not take back: nobody said whether the
/// client meant both.
const STOPPED_BESIDE: &str = "still no letter to the client: something else we hold says that nobody may write to their \
                              address; please tell the workflow owner what the client said to you, and call instead of \
                              writing";
/// The same for whoever is told then.
const YOURS_TO_SETTLE: &str = "still no letter to the client: something else we hold says that nobody may write to their \
                               address; ask the client whether they take that back too, and if so, have contact allowed in \
                               each referral of theirs; call instead of writing until then";

/// That a stop of another referral holds the letters back, as this reader can do something about it.
pub(super) fn stopped_beside(course: &Course<'_>, by: &Actor) -> &'static str {
    let is_told = |id: &StaffId| *id != course.rules.roster.workflow_owner;
    match by {
        Actor::Staff(id) if is_told(id) => STOPPED_BESIDE,
        Actor::Staff(_) | Actor::Host | Actor::Partner(_) => YOURS_TO_SETTLE,
    }
}

/// What the gate will say of the next letter, by all that is known of the address now.
pub(super) fn letters(course: &Course<'_>, by: &Actor) -> String {
    let seen = course.beside.onto(&course.referral);
    let rules = course.rules;
    let (roster, calendar, mail) = (&rules.roster, &rules.calendar, rules.client_mail);
    match safety::client_address(&seen, roster, &rules.inbox, mail, calendar, course.now) {
        Ok(_) => "letters to the client may leave from now on".to_owned(),
        Err(Withheld::Stopped) if course.beside.is_stopped() => stopped_beside(course, by).to_owned(),
        Err(why) => format!("still no letter to the client: {}", why.words()),
    }
}
