//! What belongs to a yes: what it covers, how and by whom it was given, until when. A word nobody knows makes the
//! whole answer unclear, and unclear is no consent.

use super::answer::unclear;
use super::date::{self, Style};
use super::{Verdict, until};
use crate::intake::form::Context;
use crate::intake::form::fold::{fold, words};
use crate::intake::form::lexicon::{LEXICON, channel};
use crate::referral::packet::consent::{By, How, Scope};
use crate::referral::packet::{Channels, Field, Judged, Safety};

/// A longer answer has other things in it.
const MOST_WORDS: usize = 40;

/// Judges what a consent covers.
pub(super) fn scope(value: &str) -> Verdict {
    match read_scope(value, None) {
        Some(scope) => Verdict::of(Judged::Scope(scope)),
        None => unclear("What the consent covers could not be read; please ask.".to_owned()),
    }
}

/// Judges how a consent was given.
pub(super) fn how(value: &str) -> Verdict {
    match read_how(value) {
        Some(how) => Verdict::of(Judged::How(how)),
        None => unclear("How the consent was given could not be read; please ask.".to_owned()),
    }
}

/// Judges who gave a consent: a name is kept as one, for the rest of the packet to explain.
pub(super) fn by(value: &str) -> Verdict {
    Verdict::of(Judged::By(read_by(value)))
}

/// Judges until when a consent holds; that it has no end is a yes.
pub(super) fn holds_until(value: &str, context: &Context) -> Verdict {
    let folded = fold(value);
    if LEXICON.phrases("nothing").is(&folded) || LEXICON.phrases("no_end").is(&folded) {
        return Verdict::of(Judged::Yes);
    }
    until::end_alone(value, context)
}

/// Judges when a consent was given. That it was not, or is to be, leaves it open.
pub(super) fn given_on(value: &str, context: &Context) -> Verdict {
    let folded = fold(value);
    let denies = LEXICON.phrases("negative").within(&words(&folded)) || value.contains(['?', '¿']);
    let verdict = date::judged(value, context, Style::Past);
    if denies || !matches!(verdict.judged, Judged::Date { .. }) {
        return unclear("When the consent was given could not be read; please ask.".to_owned());
    }
    verdict
}

/// Judges with whom may be shared: with anybody is a yes, with nobody a no; otherwise it is a list of names, for the
/// gate to compare.
pub(super) fn with_whom(value: &str) -> Verdict {
    let folded = fold(value);
    if LEXICON.phrases("with_anybody").is(&folded) {
        return Verdict::of(Judged::Yes);
    }
    if LEXICON.phrases("with_nobody").is(&folded) {
        return Verdict::of(Judged::No);
    }
    if value.contains(['?', '¿']) || words(&folded).is_empty() {
        return unclear("With whom may be shared could not be read; please ask.".to_owned());
    }
    Verdict::of(Judged::Text)
}

/// A yes with a limit in it: "yes, share only", "yes, but only by phone", "yes, but not by email".
pub(super) fn limited_yes(field: Field, value: &str) -> Option<Scope> {
    let folded = fold(value);
    let all = words(&folded);
    let opens = LEXICON.phrases("yes").starts(all.get(..1)?);
    // "On" is a ticked box, and "on her phone" none.
    if opens == 0 || all.first() == Some(&"on") || value.contains(['?', '¿']) {
        return None;
    }
    let scope = read_scope(&all.get(opens..)?.join(" "), Some(Scope::ALL))?;
    // How she may be contacted says nothing about what may be shared.
    Some(if field == Field::ConsentContact { Scope { share: true, ..scope } } else { scope })
}

/// How and by whom, where a clear yes says so too: "yes, in writing".
pub(super) fn beside(value: &str) -> Vec<(Field, String, Judged)> {
    let how = read_how(value).map(|how| (Field::ConsentHow, value.to_owned(), Judged::How(how)));
    how.into_iter().collect()
}

/// What is agreed to, and `but` for what is only taken away from.
fn read_scope(value: &str, but: Option<Scope>) -> Option<Scope> {
    let folded = fold(value);
    let all = words(&folded);
    if LEXICON.phrases("scope_all").is(&folded) {
        return Some(Scope::ALL);
    }
    if value.contains(['?', '¿']) || all.is_empty() || all.len() > MOST_WORDS {
        return None;
    }
    let said = Said::of(&all)?;
    let granted = said.granted.scope();
    if said.denies_any && !said.denied.is_any() {
        // "Not signed" takes nothing away that has a name: it may take everything.
        return None;
    }
    let base = if said.granted.is_any() { granted } else { but.filter(|_| said.denies_any)? };
    let denied = if said.denied.contact { EVERY_CHANNEL } else { said.denied.channels };
    Some(base.and(Scope { share: !said.denied.share, contact: open_but(denied) }))
}

/// What the words of a scope say.
#[derive(Default)]
struct Said {
    granted: Named,
    denied: Named,
    /// There was a "not", whatever followed.
    denies_any: bool,
}

/// What is named on one side of a "not".
#[derive(Default)]
struct Named {
    share: bool,
    contact: bool,
    channels: u8,
}

const EVERY_CHANNEL: u8 =
    channel::CALL | channel::VOICEMAIL | channel::TEXT | channel::EMAIL | channel::LETTER;

impl Said {
    /// `None` if a word is not known. After a "not" everything is taken away, until a "but".
    fn of(all: &[&str]) -> Option<Said> {
        let mut said = Said::default();
        let mut denies = false;
        let mut at = 0;
        while let Some(rest) = all.get(at..).filter(|rest| !rest.is_empty()) {
            let starts = |list: &str| LEXICON.phrases(list).starts(rest);
            let (share, contact) = (starts("scope_share"), starts("scope_contact"));
            let (bits, channel) = super::ways::channel_at(rest).unwrap_or_default();
            let (turn, negative) = (starts("turns"), starts("negative"));
            let longest = share.max(contact).max(channel);
            at += if longest > 0 && longest >= negative {
                let side = if denies { &mut said.denied } else { &mut said.granted };
                side.share |= share == longest;
                side.contact |= contact == longest;
                side.channels |= if channel == longest { bits } else { 0 };
                longest
            } else if negative > 0 {
                (denies, said.denies_any) = (true, true);
                negative
            } else if turn > 0 {
                denies = false;
                turn
            } else {
                // "Not given by phone" denies that it was given: after a "not" such words are no noise.
                let noise: &[&str] = if denies {
                    &["glue", "only", "scope_noise"]
                } else {
                    &["harmless", "glue", "only", "scope_noise", "yes"]
                };
                noise.iter().map(|list| starts(list)).max().filter(|size| *size > 0)?
            };
        }
        Some(said)
    }
}

impl Named {
    const fn is_any(&self) -> bool {
        self.share || self.contact || self.channels != 0
    }

    /// "Contact" alone is by any way; "contact by phone" is by phone.
    fn scope(&self) -> Scope {
        let bits = if self.contact && self.channels == 0 { EVERY_CHANNEL } else { self.channels };
        Scope { share: self.share, contact: open_but(!bits) }
    }
}

/// Every channel agreed to but these.
fn open_but(bits: u8) -> Channels {
    let of = |bit: u8| if bits & bit == 0 { Safety::Safe } else { Safety::NotSafe };
    Channels {
        call: of(channel::CALL),
        voicemail: of(channel::VOICEMAIL),
        text: of(channel::TEXT),
        email: of(channel::EMAIL),
        letter: of(channel::LETTER),
    }
}

fn read_how(value: &str) -> Option<How> {
    const LISTS: [(&str, How); 4] = [
        ("how_helper", How::Helper),
        ("how_writing", How::Writing),
        ("how_spoken", How::Spoken),
        ("how_phone", How::Phone),
    ];
    let folded = fold(value);
    let all = words(&folded);
    if value.contains(['?', '¿']) || all.len() > MOST_WORDS {
        return None;
    }
    let mut found: Option<How> = None;
    let mut at = 0;
    while let Some(rest) = all.get(at..).filter(|rest| !rest.is_empty()) {
        let named = LISTS.map(|(list, how)| (LEXICON.phrases(list).starts(rest), how));
        let (size, how) = named.into_iter().max_by_key(|(size, _)| *size).unwrap_or((0, How::Helper));
        if size > 0 {
            // Written beside spoken is written; a helper in between stays one.
            found = Some(match found {
                Some(before) if before == How::Helper || how == How::Helper => How::Helper,
                Some(before) => before.min(how),
                None => how,
            });
        }
        let noise =
            ["harmless", "glue", "of_date", "how_noise"].map(|list| LEXICON.phrases(list).starts(rest));
        let dated = rest.first().is_some_and(|word| {
            LEXICON.months.contains_key(*word) || word.starts_with(|c: char| c.is_ascii_digit())
        });
        at += noise.into_iter().chain([size, usize::from(dated)]).max().filter(|size| *size > 0)?;
    }
    found
}

/// The least of whom it names: "the client's husband" is the husband. Whoever is known by a name only is
/// [`By::Named`].
fn read_by(value: &str) -> By {
    const LISTS: [(&str, By); 5] = [
        ("by_opposing", By::OpposingParty),
        ("by_other", By::SomebodyElse),
        ("by_parent", By::Parent),
        ("by_guardian", By::Guardian),
        ("by_client", By::Client),
    ];
    let folded = fold(value);
    let all = words(&folded);
    let mut found: Option<By> = None;
    let mut named = value.contains(['?', '¿']) || all.len() > MOST_WORDS;
    let mut at = 0;
    while let Some(rest) = all.get(at..MOST_WORDS.min(all.len())).filter(|rest| !rest.is_empty()) {
        let known = LISTS.map(|(list, by)| (LEXICON.phrases(list).starts(rest), by));
        let (size, by) = known.into_iter().max_by_key(|(size, _)| *size).unwrap_or((0, By::Named));
        let noise = LEXICON.phrases("by_noise").starts(rest);
        if size > 0 {
            found = found.max(Some(by));
        }
        named |= size.max(noise) == 0;
        at += size.max(noise).max(1);
    }
    match found {
        None | Some(By::Client) if named => By::Named,
        None => By::Named,
        Some(by) => by,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::form::judge::asked;
    use crate::intake::form::tests::context;

    #[test]
    fn the_day_of_a_consent_is_a_date_or_open() {
        for (value, date) in [
            ("11/10/2026", Some("2026-11-10")),
            ("November 3, 2026", Some("2026-11-03")),
            ("not signed as of 11/10/2026", None),
            ("11/10/2026?", None),
            ("pending", None),
            ("will sign", None),
            ("on file", None),
        ] {
            let read = match given_on(value, &context()).judged {
                Judged::Date { date, .. } => Some(date.to_string()),
                _ => None,
            };
            assert_eq!(read.as_deref(), date, "{value}");
        }
    }

    #[test]
    fn with_whom_may_be_shared_is_anybody_nobody_or_a_list() {
        for (value, expected) in [
            ("any agency", Judged::Yes),
            ("Anyone", Judged::Yes),
            ("cualquiera", Judged::Yes),
            ("nobody", Judged::No),
            ("No", Judged::No),
            ("nadie", Judged::No),
            ("Legal Aid X only", Judged::Text),
            ("anyone but North Clinic", Judged::Text),
        ] {
            assert_eq!(with_whom(value).judged, expected, "{value}");
        }
        for value in ["Legal Aid?", "-", ""] {
            assert!(matches!(with_whom(value).judged, Judged::Unclear(_)), "{value}");
        }
    }

    fn covers(value: &str) -> String {
        match scope(value).judged {
            Judged::Scope(scope) => scope.words(),
            _ => "unclear".to_owned(),
        }
    }

    #[test]
    fn what_a_consent_covers_is_read_and_a_word_nobody_knows_makes_it_unclear() {
        let all = "sharing, contact by call, voicemail, text, email, letter";
        let any_way = "contact by call, voicemail, text, email, letter";
        for (value, expected) in [
            ("share and contact", all),
            ("everything", all),
            ("share information only", "sharing"),
            ("share", "sharing"),
            ("this referral", "sharing"),
            ("to be contacted", any_way),
            ("contact by phone only", "contact by call"),
            ("contact by phone and email", "contact by call, email"),
            ("email", "contact by email"),
            ("share, contact by text", "sharing, contact by text"),
            ("share but not contact", "sharing"),
            ("contact, but no email", "contact by call, voicemail, text, letter"),
            ("no email, phone ok", "unclear"),
            ("only phone, not email", "contact by call"),
            ("compartir información y contactar por teléfono", "sharing, contact by call"),
            ("solo compartir", "sharing"),
            ("contacto por correo electrónico", "contact by email"),
            ("contactar, pero no por correo electrónico", "contact by call, voicemail, text, letter"),
            ("her housing case", "unclear"),
            ("share with her sister", "unclear"),
            ("share?", "unclear"),
            ("none", "unclear"),
            ("", "unclear"),
            ("\u{0}", "unclear"),
        ] {
            assert_eq!(covers(value), expected, "{value}");
        }
    }

    #[test]
    fn a_yes_with_a_limit_is_a_yes_to_what_is_left() {
        for (field, value, expected) in [
            (Field::Consent, "yes, share only", Some("sharing")),
            (Field::Consent, "Yes, but only by phone", Some("contact by call")),
            (
                Field::Consent,
                "yes, but not by email",
                Some("sharing, contact by call, voicemail, text, letter"),
            ),
            (Field::ConsentContact, "Yes, but only by phone", Some("sharing, contact by call")),
            (Field::ConsentContact, "sí, pero solo por teléfono", Some("sharing, contact by call")),
            (Field::Consent, "yes, but only Tuesdays", None),
            (Field::Consent, "yes unless he is home", None),
            (Field::Consent, "only by phone", None),
            (Field::Consent, "on her phone", None),
            (Field::Consent, "yes, but not now", None),
            (Field::Consent, "yes, not signed", None),
            (Field::Consent, "yes, release form not signed", None),
            (Field::Consent, "yes, not given by phone", None),
            (Field::Consent, "yes, share, not signed", None),
            (Field::Consent, "sí, no firmado", None),
        ] {
            let verdict = asked::consent(field, value, &context());
            let scope = verdict.also.iter().find_map(|(_, _, judged)| {
                let Judged::Scope(scope) = judged else { return None };
                Some(scope.words())
            });
            assert_eq!(scope.as_deref(), expected, "{value}");
            assert_eq!(verdict.judged == Judged::Yes, expected.is_some(), "{value}");
        }
    }

    #[test]
    fn how_a_consent_was_given_is_read() {
        for (value, expected) in [
            ("in writing", Some(How::Writing)),
            ("Written, signed form on file 11/3/2026", Some(How::Writing)),
            ("verbally", Some(How::Spoken)),
            ("verbal and written", Some(How::Writing)),
            ("by phone", Some(How::Phone)),
            ("verbal, over the phone", Some(How::Spoken)),
            ("through a helper", Some(How::Helper)),
            ("in writing, passed on by her caseworker", Some(How::Helper)),
            ("por escrito", Some(How::Writing)),
            ("verbalmente", Some(How::Spoken)),
            ("por teléfono", Some(How::Phone)),
            ("por medio de una ayudante", Some(How::Helper)),
            ("implied", None),
            ("assumed, not asked", None),
            ("written?", None),
            ("", None),
        ] {
            assert_eq!(read_how(value), expected, "{value}");
        }
    }

    #[test]
    fn who_gave_a_consent_is_the_least_of_whom_the_answer_names() {
        for (value, expected) in [
            ("client", By::Client),
            ("The client herself", By::Client),
            ("la clienta", By::Client),
            ("ella misma", By::Client),
            ("mother", By::Parent),
            ("parent/guardian", By::Parent),
            ("legal guardian", By::Guardian),
            ("tutor legal", By::Guardian),
            ("her husband", By::SomebodyElse),
            ("the client's husband", By::SomebodyElse),
            ("su esposo", By::SomebodyElse),
            ("case manager on behalf of client", By::SomebodyElse),
            ("the opposing party", By::OpposingParty),
            ("parte contraria", By::OpposingParty),
            ("Ann Smith", By::Named),
            ("client (Ann Smith)", By::Named),
            ("client?", By::Named),
            ("", By::Named),
        ] {
            assert_eq!(read_by(value), expected, "{value}");
        }
    }

    #[test]
    fn an_end_of_its_own_field_is_a_date_or_no_end_and_anything_else_is_unclear() {
        for (value, expected) in [
            ("12/31/2026", "2026-12-31"),
            ("31 de diciembre de 2026", "2026-12-31"),
            ("none", "yes"),
            ("does not expire", "yes"),
            ("sin vencimiento", "yes"),
            ("end of the case", "unclear"),
            ("12/31", "2026-12-31"),
            ("?", "unclear"),
            ("99/99/9999", "unclear"),
        ] {
            let read = match holds_until(value, &context()).judged {
                Judged::YesUntil { date, .. } => date.to_string(),
                Judged::Yes => "yes".to_owned(),
                _ => "unclear".to_owned(),
            };
            assert_eq!(read, expected, "{value}");
        }
    }
}
