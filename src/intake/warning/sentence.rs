//! What the words of one sentence warn of.

use std::borrow::Cow;
use std::cell::LazyCell;

use super::super::form;
use super::super::form::fold::{fold, words};
use super::Warnings;
use super::answers::{self, Answer};
use super::asked::{self, Asked};
use super::denied::denied;
use super::meaning::clear_harmless;
use super::named::{self, OtherSide};
use super::reach;
use super::unagreed;
use super::words::{
    ALONE, BY, CALL, CONSENT, CONTACT, DANGER, DEVICE, FINE, FIRST, GO_BETWEEN, HELD, HOUR, LATER, MAIL, MAY,
    NEGATIVE, NOT_MEANT, ONLY, ORDER, OTHERS, PERSON, SAFE, SEE, SHARE, SOLELY, TAKEN_BACK, TAPPED, TEXT,
    TRIED, VOICEMAIL, WATCHED, WITHOUT, in_language, kinds, languages,
};
use crate::intake::quick::{self, bare};

/// Words that are looked at together; a longer sentence is taken in parts that overlap.
const TOGETHER: usize = 24;

/// The text with lines put together that a mail program broke: running text that goes on below.
pub(super) fn unwrapped(text: &str) -> Cow<'_, str> {
    if quick::find(text, b'\n').is_none() {
        return text.into();
    }
    let mut whole = String::with_capacity(text.len() + 1);
    let mut lines = quick::lines(text).map(bare).map(|line| (line, quick::find(line, b':').is_some()));
    let mut next = lines.next();
    while let Some((line, has_colon)) = next {
        next = lines.next();
        let goes_on = |(next, has_colon): (&str, bool)| !has_colon && !next.trim().is_empty();
        let is_broken = !has_colon && next.is_some_and(goes_on) && is_open(line);
        whole.push_str(line);
        match line.ends_with('-') {
            _ if !is_broken => whole.push('\n'),
            true => {}
            false => whole.push(' '),
        }
    }
    whole.into()
}

/// Whether a line may go on below: it is about as long as lines are, or ends with a word that needs another.
fn is_open(line: &str) -> bool {
    let needs_more = || {
        let last = line.trim_end().rsplit(' ').next().unwrap_or_default();
        last.len() < 12
            && matches!(fold(last).as_str(), "not" | "dont" | "never" | "cannot" | "cant" | "nunca")
    };
    let is_text = |c: char| c.is_alphabetic() || matches!(c, ',' | ' ' | '-');
    line.ends_with(is_text) && (line.len() > 20 || line.ends_with('-') || needs_more()) && !is_answered(line)
}

/// "Safe to contact  Yes  No": the row of a table, which ends with its answers and not with a "no" to what is below.
fn is_answered(line: &str) -> bool {
    // Nearly every line ends with a longer word.
    let is_short = |word: &str| word.chars().filter(|c| c.is_alphanumeric()).nth(3).is_none();
    let is_answer = |word: &str| is_short(word) && matches!(&*fold(word), "yes" | "no" | "n a" | "na" | "si");
    let line = line.trim_end();
    let Some((before, last)) = line
        .char_indices()
        .rfind(|(_, c)| c.is_whitespace())
        .and_then(|(at, _)| Some((line.get(..at)?, line.get(at..)?)))
    else {
        return false;
    };
    let is_apart = last.starts_with('\t') || before.ends_with(char::is_whitespace);
    let is_boxed = before.ends_with([']', ')', '/', '☐', '☒', '□']);
    let other = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let is_one_of_two = || other.ends_with(char::is_alphabetic) && other.len() < 8 && is_answer(other);
    let is_other = || fold(other) != fold(last);
    last.len() < 8 && is_answer(last) && (is_apart || is_boxed || is_one_of_two() && is_other())
}

/// A sentence, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Sentence<'a> {
    /// Its words. What a label asks and its answer stay together.
    pub(super) words: &'a str,
    /// It begins a line: a form's reader sees a label there, and nowhere else.
    pub(super) begins_line: bool,
    /// How much of a sentence it is.
    pub(super) extent: Extent,
}

/// How much of a sentence words are. Nobody can tell a full stop behind an initial or a title from the end of one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it, or all but for an initial.
    Whole,
    /// What stands before or behind a title: a name without the title that tells whose it is.
    Part,
    /// Whole ones and parts put together.
    Joined,
}

/// The lines of a text, and the sentences in them. Where a full stop may end one or stand behind a title ("Maria G. He
/// reads her mail", "Mr. Ray reads her mail"), the two are given each by itself and then as one.
pub(super) fn each_in(text: &str, each: &mut impl FnMut(Sentence<'_>)) {
    for line in quick::lines(text).map(bare) {
        let (mut rest, mut begins_line, mut is_behind_title) = (Some(line), true, false);
        let mut joined: Option<(&str, bool)> = None;
        while let Some(from) = rest {
            let (words, after) = first_sentence(from);
            let is_titled = after.is_some() && named::ends_with_title(words);
            let extent = if is_titled || is_behind_title { Extent::Part } else { Extent::Whole };
            each(Sentence { words, begins_line, extent });
            let (whole, begins) = joined.unwrap_or((from, begins_line));
            let is_open = is_titled || after.is_some() && named::ends_with_initial(words);
            if joined.is_some() && !is_open {
                let end = whole.len() - after.map_or(0, str::len);
                let words = whole.get(..end).unwrap_or(whole);
                each(Sentence { words, begins_line: begins, extent: Extent::Joined });
            }
            joined = is_open.then_some((whole, begins));
            (rest, begins_line, is_behind_title) = (after, false, is_titled);
        }
    }
}

/// The words before the first end of a sentence, and those behind it: `!`, `;`, or a full stop with a space.
fn first_sentence(text: &str) -> (&str, Option<&str>) {
    let ends = memchr::memchr3_iter(b'!', b';', b'.', text.as_bytes());
    for (sentence, end) in ends.filter_map(|at| text.split_at_checked(at)) {
        let after = end.strip_prefix(['!', ';']);
        if let Some(after) = after.or_else(|| end.strip_prefix(". ")) {
            return (sentence, Some(after));
        }
    }
    (text, None)
}

/// What it warns of. `marks` are the kinds that its words may be of; `is_judged` says that a label it begins with is
/// read as one of a form.
pub(super) fn of_sentence(sentence: &str, marks: u64, is_judged: bool) -> Warnings {
    let may_be_unagreed = unagreed::may_be_said(marks);
    let folded = LazyCell::new(|| fold(sentence));
    let label = if is_judged { asked::of(sentence) } else { Asked::default() };
    let asked = label.warnings;
    // "Lives with him: no" denies it.
    let may_reach = reach::may_be_said(marks) && question(sentence).is_none();
    let reached = if may_reach { reach::said(sentence, &folded) } else { Warnings::default() };
    let may_answer = is_judged && answers::may_be_said(marks);
    let answer = if may_answer { answers::of(sentence) } else { Answer::Nothing };
    let asked = match answer {
        Answer::Denies => return asked,
        Answer::Warns => asked.and(reached).and(answers::CLOSE),
        Answer::Nothing => asked.and(reached),
    };
    if !may_warn(marks) && !may_be_unagreed {
        return asked;
    }
    let denied = match answered(sentence) {
        Some(_) if is_judged => return asked,
        // The "no" that a form prints beside the ticked yes denies nothing.
        Some((label, answer)) if form::only_agrees(answer) => return denied(label, answer),
        Some((label, answer)) => denied(label, answer),
        None => Warnings::default(),
    };
    let words = words(&folded);
    let unagreed =
        if may_be_unagreed { unagreed::said(sentence, marks, &folded, &words) } else { Warnings::default() };
    let is_said = may_warn(marks) && !label.is_nobody_else;
    let said = if is_said { of_folded(sentence, &words, &[]) } else { Warnings::default() };
    let said = Warnings { consent: said.consent && !label.is_of_another_consent, ..said };
    said.and(unagreed).and(denied).and(asked)
}

/// What it warns of where it names the other side: that name is read as "he". `marks` are the kinds that its words may
/// be of.
pub(super) fn of_sentence_about(sentence: &str, marks: u64, is_judged: bool, other: &OtherSide) -> Warnings {
    if may_name(marks) { of_naming_sentence(sentence, is_judged, other) } else { Warnings::default() }
}

/// The same of a sentence that [`may_name`] let through.
pub(super) fn of_naming_sentence(sentence: &str, is_judged: bool, other: &OtherSide) -> Warnings {
    if is_judged && answered(sentence).is_some() {
        return Warnings::default();
    }
    let folded = fold(sentence);
    let all = words(&folded);
    let named = other.among(&all);
    if named.is_empty() { Warnings::default() } else { of_folded(sentence, &all, &named) }
}

/// Whether a sentence with words of these kinds may warn of anything if it names the other side.
pub(super) const fn may_name(marks: u64) -> bool {
    may_warn(marks | OTHERS)
}

/// `named` says which of the words mean the other side; it may be empty.
fn of_folded(sentence: &str, all: &[&str], named: &[bool]) -> Warnings {
    let mut warnings = Warnings::default();
    let is_named = |at: usize| named.get(at).copied().unwrap_or_default();
    let others = |at: usize| if is_named(at) { OTHERS } else { 0 };
    let read: Vec<&str> =
        all.iter().enumerate().map(|(at, word)| if is_named(at) { "he" } else { word }).collect();
    let mut first: Vec<u64> = all.iter().enumerate().map(|(at, word)| kinds(word) | others(at)).collect();
    clear_harmless(&read, &mut first);
    if all.len() >= 2 && any(&first, TELLING) != 0 && !is_fine_print(&first, &read) {
        let asked = question(sentence).map_or(first.len(), |asked| words(&fold(asked)).len());
        warnings = of_words(&first, first.get(..asked).unwrap_or_default(), FIRST);
        warnings.letter = warnings.mail && may_mean_letters(all);
    }
    for language in languages(all, !sentence.is_ascii()) {
        let kinds: Vec<u64> =
            all.iter().enumerate().map(|(at, word)| in_language(word, language) | others(at)).collect();
        if any(&kinds, TELLING) != 0 {
            let said = of_words(&kinds, &kinds, language);
            warnings = warnings.and(Warnings { letter: said.mail, ..said });
        }
    }
    warnings
}

/// Whether words about mail may mean letters: "don't mail anything to the house", "do not write to her".
fn may_mean_letters(words: &[&str]) -> bool {
    const POST: [&str; 22] = [
        "mail",
        "mails",
        "mailing",
        "mailed",
        "mailbox",
        "letter",
        "letters",
        "post",
        "postal",
        "usps",
        "write",
        "writing",
        "contact",
        "correspondence",
        "house",
        "correo",
        "carta",
        "cartas",
        "escriba",
        "escriban",
        "escribir",
        "contacten",
    ];
    // "E-mail" is two words.
    let is_post = |(at, word): (usize, &&str)| {
        POST.contains(word) && !(at > 0 && words.get(at - 1).is_some_and(|before| *before == "e"))
    };
    words.iter().enumerate().any(is_post)
}

/// Whether words of these kinds can warn of anything together, wherever in a sentence they stand: what is asked of a
/// few words in a row below is asked of all of them here.
const fn may_warn(said: u64) -> bool {
    let is_meant = said & (MAIL | CONTACT | CALL | TEXT | VOICEMAIL | CONSENT) != 0;
    let limits = said & ONLY != 0 && said & BY != 0 && said & PERSON != 0;
    let is_alone = said & MAIL != 0 && said & ALONE != 0;
    let is_others = said & OTHERS != 0
        && (said & MAIL != 0 && said & (WATCHED | HELD) != 0 || said & DEVICE != 0 && said & WATCHED != 0);
    let is_undone = said & CONSENT != 0 && said & TAKEN_BACK != 0;
    let is_told = said & NEGATIVE != 0 && said & SHARE != 0;
    (said & (NEGATIVE | DANGER) != 0 && is_meant)
        || limits
        || is_alone
        || is_others
        || is_undone
        || is_told
        || is_device_risky(said)
        || said & OTHERS != 0 && said & MAY != 0 && said & SEE != 0
        || said & SOLELY != 0 && said & GO_BETWEEN != 0 && said & (CONTACT | CALL) != 0
}

/// Words about a device, and that it is none to use.
const fn is_device_risky(said: u64) -> bool {
    said & (DEVICE | CALL | TEXT) != 0 && said & (TAPPED | DANGER | SAFE | ALONE) != 0
}

/// Without one of these kinds of words a sentence warns of nothing.
const TELLING: u64 = MAIL | DEVICE | CONSENT | CONTACT | ONLY | CALL | TEXT | VOICEMAIL | SHARE;

/// What the words of one sentence warn of. `asked` are those before an answer that denies, else all of them.
fn of_words(all: &[u64], asked: &[u64], language: usize) -> Warnings {
    // "Does anybody read her mail? No" denies; "Contact by email: no" forbids.
    let is_denied = asked.len() < all.len() && parts(asked).any(is_watched);
    let mut warnings = Warnings::default();
    let is_told = |part: &&[u64]| may_warn(any(part, u64::MAX));
    for part in parts(if is_denied { asked } else { all }).filter(is_told) {
        let is_watched = !is_denied && is_watched(part);
        let is_unsafe = endangers(part, MAIL | DEVICE);
        let is_phone_watched = is_watched && any(part, DEVICE | CALL | TEXT) != 0;
        let is_closed = names_another(part);
        let is_phone_closed = |way: u64| {
            is_phone_watched || is_closed || endangers(part, way | DEVICE) || forbids_way(part, way, language)
        };
        warnings.is_grave |= is_watched || is_unsafe && any(part, MAIL | DEVICE) != 0;
        warnings.mail |= is_watched || is_closed || is_unsafe || forbids(part, language);
        warnings.phone.call |= is_phone_closed(CALL);
        warnings.phone.text |= is_phone_closed(TEXT);
        warnings.phone.voicemail |= is_phone_closed(VOICEMAIL);
    }
    warnings.consent =
        parts(all).any(has_no_consent) || parts(all).any(|part| may_not_be_told(part, language));
    warnings
}

fn parts(words: &[u64]) -> impl Iterator<Item = &[u64]> {
    let starts = (0..words.len()).step_by(TOGETHER / 2);
    starts.filter_map(|at| words.get(at..(at + TOGETHER).min(words.len())))
}

/// What stands below every mail, and politeness; one such word in a sentence about somebody is neither.
fn is_fine_print(all: &[u64], words: &[&str]) -> bool {
    const SOMEBODY: [&str; 8] = ["he", "hes", "him", "she", "her", "husband", "esposo", "marido"];
    match all.iter().filter(|word| **word & NOT_MEANT != 0).count() {
        0 => false,
        1 => !words.iter().any(|word| SOMEBODY.contains(word)),
        _ => true,
    }
}

/// A question of a form about safety or consent, and its answer.
fn answered(sentence: &str) -> Option<(&str, &str)> {
    let (label, answer) = sentence.split_once([':', '?'])?;
    form::asks_of_safety(label).then_some((label, answer))
}

/// What is asked in "Does anybody read her mail? No"; `None` when nothing is denied so.
fn question(sentence: &str) -> Option<&str> {
    let (asked, answer) = sentence.rsplit_once([':', '?'])?;
    asked::denies(&fold(answer)).then_some(asked)
}

/// The kinds among these words that are wanted.
fn any(words: &[u64], wanted: u64) -> u64 {
    words.iter().fold(0, |all, word| all | word) & wanted
}

/// The words around one, itself among them.
fn around(words: &[u64], at: usize) -> &[u64] {
    words.get(at.saturating_sub(6)..(at + 7).min(words.len())).unwrap_or_default()
}

/// "Do not email", "never write", "call only", "do not contact her"; not "could not contact" and "no contact order".
fn forbids(words: &[u64], language: usize) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let denies = word & NEGATIVE != 0
            && (any(around(words, at), MAIL) != 0
                || (!is_tried(words, at) && any(behind(words, at, language), CONTACT) != 0));
        let limits = word & ONLY != 0 && any(around(words, at), BY) != 0 && any(words, PERSON) != 0;
        denies || limits
    })
}

/// "Do not call", "never leave a message"; not "could not call", "do not call before nine" and "…, text is fine".
fn forbids_way(words: &[u64], way: u64, language: usize) -> bool {
    if any(words, NEGATIVE) == 0 || any(words, way | CONTACT) == 0 {
        return false;
    }
    let is_meant = |at: usize| any(words.get(at..=at).unwrap_or_default(), way | CONTACT) != 0;
    // "Text only" behind "do not call" speaks of texts.
    let is_other_way = |word: &u64| word & (CALL | TEXT | VOICEMAIL | MAIL | CONTACT) != 0;
    let is_fine = |at: usize| {
        let near = after(words, at, 2).iter().take_while(|word| !is_other_way(word));
        near.fold(0, |all, word| all | word) & (FINE | ONLY) != 0
    };
    words.iter().enumerate().any(|(at, word)| {
        let reach = behind(words, at, language).len();
        let from = if language == FIRST { at + 1 } else { at.saturating_sub(6) };
        word & NEGATIVE != 0
            && !is_tried(words, at)
            && (from..from + reach).any(|place| is_meant(place) && !is_fine(place))
            && any(after(words, at, 6), HOUR) == 0
    })
}

/// "Unsafe to call", "her phone is not safe", "emailing could get her killed"; not "at risk of eviction", "not safe at
/// home" and "unsafe to call before nine".
fn endangers(words: &[u64], way: u64) -> bool {
    if any(words, DANGER | SAFE) == 0 {
        return false;
    }
    let before = |at: usize, most: usize| words.get(at.saturating_sub(most)..at).unwrap_or_default();
    words.iter().enumerate().any(|(at, word)| {
        let is_unsafe = word & SAFE != 0 && any(before(at, 3), NEGATIVE) != 0;
        let reach = if is_unsafe { 6 } else { 3 };
        let near = any(before(at, 5), way | CONTACT) != 0 || any(after(words, at, reach), way | CONTACT) != 0;
        (is_unsafe || word & DANGER != 0) && near && any(after(words, at, 6), HOUR) == 0
    })
}

/// "Contact only her advocate", "call her sister instead".
fn names_another(words: &[u64]) -> bool {
    if any(words, GO_BETWEEN) == 0 {
        return false;
    }
    words.iter().enumerate().any(|(at, word)| {
        let near = words.get(at.saturating_sub(4)..(at + 5).min(words.len())).unwrap_or_default();
        word & SOLELY != 0 && any(near, CONTACT | CALL) != 0 && any(near, GO_BETWEEN) != 0
    })
}

/// "Do not share her address", "without her knowledge".
fn may_not_be_told(words: &[u64], language: usize) -> bool {
    if any(words, SHARE) == 0 {
        return false;
    }
    words.iter().enumerate().any(|(at, word)| {
        word & NEGATIVE != 0 && any(behind(words, at, language), SHARE) != 0 && !is_tried(words, at)
    })
}

/// The words that one forbids: in English those behind it, in other languages also those before it.
fn behind(words: &[u64], at: usize, language: usize) -> &[u64] {
    if language == FIRST { after(words, at, 4) } else { around(words, at) }
}

fn after(words: &[u64], at: usize, most: usize) -> &[u64] {
    words.get(at + 1..(at + 1 + most).min(words.len())).unwrap_or_default()
}

/// "Could not contact", "no contact order".
fn is_tried(words: &[u64], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| words.get(at)).copied().unwrap_or_default();
    before & TRIED != 0 || any(after(words, at, 4), ORDER) != 0
}

/// "He reads her mail", "shared inbox", "her ex has the password".
fn is_watched(words: &[u64]) -> bool {
    let said = any(words, u64::MAX);
    let has = |kind: u64| said & kind != 0;
    (has(MAIL) && has(ALONE))
        || (has(OTHERS) && has(MAIL) && has(WATCHED | HELD))
        || (has(OTHERS) && has(DEVICE) && has(WATCHED))
        || (has(DEVICE | CALL | TEXT) && has(TAPPED))
        || (has(DEVICE | CALL | TEXT | MAIL) && can_be_seen(words))
        || is_shared(words)
}

/// "He can see" what is written.
fn can_be_seen(words: &[u64]) -> bool {
    words.array_windows().any(|[who, may, see]| who & OTHERS != 0 && may & MAY != 0 && see & SEE != 0)
}

/// "A shared phone", "the phone is shared".
fn is_shared(words: &[u64]) -> bool {
    words.array_windows().any(|[one, two]| one & ALONE != 0 && two & DEVICE != 0 && two & CALL != 0)
        || words.array_windows().any(|[one, _, two]| one & DEVICE != 0 && one & CALL != 0 && two & ALONE != 0)
}

/// "She has withdrawn her consent", "no release was signed"; not "she may revoke this consent" and "not without
/// consent".
fn has_no_consent(words: &[u64]) -> bool {
    if any(words, CONSENT) == 0 {
        return false;
    }
    let is_rights = |at: usize| {
        let before = words.get(at.saturating_sub(4)..at).unwrap_or_default();
        let word = words.get(at).copied().unwrap_or_default();
        (word & LATER != 0 && any(before, MAY) != 0) || (word & WITHOUT != 0 && any(words, NEGATIVE) != 0)
    };
    let may_be_undone = (0..words.len()).any(is_rights);
    words.iter().enumerate().any(|(at, word)| {
        word & CONSENT != 0 && !may_be_undone && any(around(words, at), TAKEN_BACK | NEGATIVE) != 0
    })
}

#[cfg(test)]
mod tests {
    use super::super::words::KINDS;
    use super::*;

    #[test]
    fn the_first_look_passes_over_no_words_that_warn() {
        let bits = || (0..KINDS.len()).map(|at| 1_u64 << at);
        let threes =
            bits().flat_map(|one| bits().flat_map(move |two| bits().map(move |three| [one, two, three])));
        for words in threes {
            let said = any(&words, u64::MAX);
            for language in [FIRST, FIRST + 1] {
                let mut ways = (0..=words.len()).map(|asked| of_words(&words, &words[..asked], language));
                let warns = of_words(&[said], &[said], language) != Warnings::default()
                    || ways.any(|warnings| warnings != Warnings::default());
                assert!(!warns || may_warn(said), "{words:?}");
            }
        }
    }
}
