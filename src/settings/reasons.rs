//! `[[reason]]` and `[next_action]`: why a contact is given up beside the five reasons of the seed, and what happens
//! instead. What staff may write must mean one thing only.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::intake::command;
use crate::referral::reason::{Added, BounceReason, Instead, Reasons, plain};

use super::mistake::{Wrong, wrong};
use super::reader::{Read, Section, nearest, one_line};

/// More reasons than so nobody tells apart.
const MOST: usize = 30;
const MOST_WORDS: usize = 12;
const LONGEST_WORDS: usize = 60;

/// What was given a meaning, in folded words, and the line of its section.
type Seen = BTreeMap<String, usize>;

/// The data owner's reasons, and the plan of each of the five where it is not the seed's.
pub(super) fn reasons(sections: &[Section<'_>], plans: &Section<'_>) -> Read<Reasons> {
    let mut seen = Seen::new();
    let added: Vec<Read<Added>> = sections.iter().map(|section| added(section, &mut seen)).collect();
    let mut next = BTreeMap::new();
    let mut noted = Ok(());
    for core in BounceReason::ALL {
        match plans.read_if(core.code(), |text| instead_of(core, text)) {
            Ok(Some(instead)) => drop(next.insert(core, instead)),
            Ok(None) => {}
            Err(wrong) => noted = Err(wrong),
        }
    }
    plans.finish();
    if let Some(section) = sections.get(MOST) {
        noted =
            Err(section.wrong(wrong("is one reason too many", "30 are enough for anybody to choose from")));
    }
    noted?;
    Ok(Reasons { added: added.into_iter().collect::<Read<_>>()?, next })
}

fn added(section: &Section<'_>, seen: &mut Seen) -> Read<Added> {
    let code =
        section.need_read("code", "\"wrong_number_family\"", |text| own_code(text, section.line, seen));
    let counts_as = section.need_read("core", "\"bad_contact_info\"", core);
    let is_code = |words: &str| code.as_ref().is_ok_and(|code| plain(code) == plain(words));
    let said = section.need("words", "[\"wrong number, family answered\"]").and_then(|item| item.items());
    let words = said.and_then(|items| {
        if items.is_empty() || items.len() > MOST_WORDS {
            return Err(section.wrong(wrong("the reason needs 1 to 12 words", "write words = [\"…\"]")));
        }
        let read = items.iter().map(|item| {
            let words = item.read(own_words)?;
            // Words that are the code once more were looked at with it.
            if !is_code(&words) {
                item.or_note(means_one_thing(&words, section.line, seen))?;
            }
            Ok(words)
        });
        // Every mistake is noted, not the first alone.
        read.collect::<Vec<Read<String>>>().into_iter().collect::<Read<Vec<String>>>()
    });
    let next = section.read_if("next", |text| match &counts_as {
        Ok(reason) => instead_of(*reason, text),
        Err(_) => instead(text),
    });
    section.finish();
    Ok(Added { code: code?, core: counts_as?, words: words?, next: next? })
}

fn own_code(text: &str, line: usize, seen: &mut Seen) -> Result<String, Wrong> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let begins = text.starts_with(|c: char| c.is_ascii_lowercase());
    if !begins || text.len() > 40 || !text.chars().all(fits) {
        let remedy = "begin with a letter and use at most 40 of: a to z, 0 to 9 and _";
        return Err(wrong("is not a code", remedy));
    }
    means_one_thing(text, line, seen)?;
    Ok(text.to_owned())
}

/// What staff may write behind `bounce`, and letters say.
fn own_words(text: &str) -> Result<String, Wrong> {
    let words = one_line(text)?;
    let fits = |c: char| c.is_alphanumeric() || matches!(c, ' ' | ',' | '\'' | '-');
    let letters = words.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 3 || words.chars().count() > LONGEST_WORDS || !words.chars().all(fits) {
        let remedy =
            "write 3 letters or more, at most 60 characters: letters, digits, spaces, commas, ' and -";
        return Err(wrong("are not words somebody can write behind bounce", remedy));
    }
    Ok(words)
}

/// Words that mean something already must not mean something else from now on. `line` is the line of their section.
fn means_one_thing(words: &str, line: usize, seen: &mut Seen) -> Result<(), Wrong> {
    if command::hides_a_core_reason(words) {
        return Err(wrong("means one of the five reasons already", "say more, or something else"));
    }
    let said = command::read(&plain(words), &Reasons::default());
    if !said.commands.is_empty() || !said.unclear.is_empty() {
        return Err(wrong("begins like another line of a reply", "begin with another word"));
    }
    match seen.insert(plain(words), line) {
        Some(other) if other == line => Err(wrong("stands here twice", "remove one of the two")),
        Some(_) => {
            Err(wrong("is what another [[reason]] has already", "give each reason its own code and words"))
        }
        None => Ok(()),
    }
}

fn core(text: &str) -> Result<BounceReason, Wrong> {
    let codes = || BounceReason::ALL.into_iter().map(BounceReason::code);
    BounceReason::ALL.into_iter().find(|reason| reason.code() == text).ok_or_else(|| {
        let remedy = nearest(text, codes()).map_or_else(
            || format!("write one of: {}", codes().collect::<Vec<_>>().join(", ")),
            |known| format!("did you mean {known}?"),
        );
        wrong("is none of the five reasons", remedy)
    })
}

/// A plan that does not reach out, after all, to somebody whom that endangers.
fn instead_of(core: BounceReason, text: &str) -> Result<Instead, Wrong> {
    let instead = instead(text)?;
    if core == BounceReason::UnsafeToContact && instead.reaches_the_person() {
        let remedy = "choose partner relay, or another plan that does not reach out to the person";
        return Err(wrong("reaches somebody whom it is unsafe to contact", remedy));
    }
    Ok(instead)
}

fn instead(text: &str) -> Result<Instead, Wrong> {
    if let Some(own) = text.strip_prefix(Instead::OTHER) {
        let own = one_line(own.trim())?;
        return if own.chars().count() > 120 {
            Err(wrong("is too long for a line of a letter", "write at most 120 characters behind other:"))
        } else {
            Ok(Instead::Other(own))
        };
    }
    let names = || Instead::ALL.iter().map(Instead::name);
    Instead::ALL.iter().find(|instead| instead.name() == text).cloned().ok_or_else(|| {
        let remedy = nearest(text, names()).map_or_else(
            || format!("write one of: {}, other: …", names().collect::<Vec<_>>().join(", ")),
            |known| format!("did you mean {known}?"),
        );
        wrong("is not a next action we know", remedy)
    })
}

/// Every reason with its plan, as `check` shows it.
#[must_use]
pub fn reasons_in_words(reasons: &Reasons) -> String {
    let mut text = "When a contact is given up, and what happens instead:\n".to_owned();
    for core in BounceReason::ALL {
        let _ = writeln!(text, "  {}: {}", core.words(), reasons.instead(core, None));
        for added in reasons.added.iter().filter(|added| added.core == core) {
            let instead = reasons.instead(core, Some(&added.code));
            let _ = writeln!(text, "    {} ({}): {instead}", added.words.join("; "), added.code);
        }
    }
    text
}
