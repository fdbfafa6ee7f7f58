//! A later word on consent or safety: what it takes away counts at once, what it gives waits for a person.

use super::super::packet::consent::{By, How};
use super::super::packet::{Channels, Field, Judged, Packet, Safety};
use super::beside::is_said;

/// What counts from now on, if the later word allows less than the earlier one (RELIABILITY P13); `None` where the
/// earlier one stays, and for every field that is not about consent or safety.
#[must_use]
pub fn safer_word(field: Field, earlier: &Judged, later: &Judged) -> Option<Judged> {
    if !is_guarded(field) {
        return None;
    }
    match (earlier, later) {
        (Judged::No, _) | (_, Judged::Yes) => None,
        // What is wrong with a number is more than that nobody could read whether it is safe: others hear of it.
        (earlier @ Judged::Unclear(_), later)
            if is_by_phone(field) && is_said(later) && !is_said(earlier) =>
        {
            Some(later.clone())
        }
        (Judged::Unclear(_), later) => (*later == Judged::No).then(|| later.clone()),
        (Judged::YesUntil { date, .. }, Judged::YesUntil { date: other, .. }) => {
            (other < date).then(|| later.clone())
        }
        (Judged::Channels(earlier), Judged::Channels(later)) => {
            let both = both(*earlier, *later);
            (both != *earlier).then_some(Judged::Channels(both))
        }
        (Judged::Scope(earlier), Judged::Scope(later)) => {
            let both = earlier.and(*later);
            (both != earlier.and(*earlier)).then_some(Judged::Scope(both))
        }
        // Whose name it is is not known here, so that a second one counts as somebody else's.
        (Judged::By(By::Named), Judged::By(By::Named)) => Some(Judged::By(By::SomebodyElse)),
        (Judged::By(earlier), Judged::By(later)) => (later > earlier).then_some(Judged::By(*later)),
        (Judged::How(earlier), Judged::How(later)) => {
            (later > earlier && *later == How::Helper).then_some(Judged::How(*later))
        }
        // A later day cannot have been before what the earlier one was said of.
        (Judged::Date { date, .. }, Judged::Date { date: other, .. }) => {
            (other > date).then(|| later.clone())
        }
        // Two lists of names: who stands on both is not known here.
        (Judged::Text, Judged::Text) => Some(Judged::Unclear("two different answers".to_owned())),
        (_, later) => Some(later.clone()),
    }
}

const fn is_by_phone(field: Field) -> bool {
    matches!(field, Field::SafeCall | Field::SafeText | Field::SafeVoicemail)
}

/// What a word takes away that nothing vouches for, beside what is known: a doubt needs no proof, and a yes does.
/// `None` where it takes nothing away, and for every field that is not about consent or safety.
#[must_use]
pub fn taken_away(field: Field, known: Option<&Judged>, word: &Judged) -> Option<Judged> {
    if !is_guarded(field) {
        return None;
    }
    if let Some(known) = known {
        return safer_word(field, known, word);
    }
    if let Judged::Channels(channels) = word {
        let left = both(Channels::default(), *channels);
        return (left != Channels::default()).then_some(Judged::Channels(left));
    }
    matches!(word, Judged::No | Judged::Unclear(_)).then(|| word.clone())
}

/// Two texts about safe times as one that allows only what both allow; `None` for every other field, and where the
/// later one says nothing else. Words beyond the longest text are safe to lose: they make what is left unclear.
#[must_use]
pub fn both_times(field: Field, earlier: &str, later: &str) -> Option<String> {
    const LONGEST: usize = 4_000;
    let is_said = |part: &str| part.trim() == later.trim();
    if field != Field::BestTime || earlier.split(';').any(is_said) || earlier.trim() == later.trim() {
        return None;
    }
    let both = format!("{earlier}; {later}");
    Some(if both.chars().count() > LONGEST { later.to_owned() + "; ?" } else { both })
}

/// Whether something about consent or safety in it is not to be believed before somebody asked.
#[must_use]
pub fn is_in_doubt(packet: &Packet) -> bool {
    packet.iter().any(|(field, found)| is_guarded(field) && matches!(found.judged, Judged::Unclear(_)))
}

/// Whether a field is about consent or safety: two answers never cancel out.
#[must_use]
pub const fn is_guarded(field: Field) -> bool {
    is_consent(field)
        || matches!(
            field,
            Field::SafeToContact
                | Field::SafeCall
                | Field::SafeVoicemail
                | Field::SafeText
                | Field::SafeEmail
                | Field::SafeLetter
        )
}

/// Whether a field says something of a consent.
#[must_use]
pub const fn is_consent(field: Field) -> bool {
    matches!(
        field,
        Field::Consent
            | Field::ConsentContact
            | Field::ConsentScope
            | Field::ConsentUntil
            | Field::ConsentHow
            | Field::ConsentBy
            | Field::ConsentGiven
            | Field::ConsentWith
    )
}

/// The earlier channels without those the later word calls unsafe.
fn both(earlier: Channels, later: Channels) -> Channels {
    let pick = |earlier: Safety, later: Safety| if later == Safety::NotSafe { later } else { earlier };
    Channels {
        call: pick(earlier.call, later.call),
        voicemail: pick(earlier.voicemail, later.voicemail),
        text: pick(earlier.text, later.text),
        email: pick(earlier.email, later.email),
        letter: pick(earlier.letter, later.letter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn until(date: &str) -> Judged {
        Judged::YesUntil { date: date.parse().unwrap(), time: None }
    }

    fn email(safety: Safety) -> Judged {
        Judged::Channels(Channels { call: Safety::Safe, email: safety, ..Channels::default() })
    }

    #[test]
    fn later_safe_times_only_take_hours_away() {
        let both = |earlier: &str, later: &str| both_times(Field::BestTime, earlier, later);
        assert_eq!(both("mornings", "after 10am").as_deref(), Some("mornings; after 10am"));
        assert_eq!(both("mornings", " mornings"), None);
        assert_eq!(both("mornings; after 10am", "after 10am"), None);
        assert_eq!(both_times(Field::Reason, "mornings", "after 10am"), None);
        assert!(both(&"x".repeat(4_000), "mornings").is_some_and(|text| text.ends_with('?')));
    }

    #[test]
    fn p13_a_later_no_counts_at_once_and_a_later_yes_waits_for_a_person() {
        let unclear = || Judged::Unclear(String::new());
        for (earlier, later, counts) in [
            (Judged::Yes, Judged::No, Some(Judged::No)),
            (Judged::Yes, unclear(), Some(unclear())),
            (Judged::Yes, until("2026-12-31"), Some(until("2026-12-31"))),
            (until("2026-12-31"), until("2026-11-30"), Some(until("2026-11-30"))),
            (until("2026-12-31"), until("2027-11-30"), None),
            (until("2026-12-31"), Judged::Yes, None),
            (unclear(), Judged::No, Some(Judged::No)),
            (unclear(), Judged::Yes, None),
            (Judged::No, Judged::Yes, None),
            (email(Safety::Safe), email(Safety::NotSafe), Some(email(Safety::NotSafe))),
            (email(Safety::NotSafe), email(Safety::Safe), None),
            (email(Safety::Safe), email(Safety::Unknown), None),
            (email(Safety::Safe), Judged::No, Some(Judged::No)),
        ] {
            assert_eq!(safer_word(Field::SafeToContact, &earlier, &later), counts, "{earlier:?} {later:?}");
            assert_eq!(safer_word(Field::Language, &earlier, &later), None);
        }
    }
}
