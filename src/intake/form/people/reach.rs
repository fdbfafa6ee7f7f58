//! Phone numbers and addresses in running text: whose each of them is, as far as the words beside it say.

use super::super::Context;
use super::super::LINES;
use super::super::fold::{fold, words};
use super::super::judge;
use super::super::lexicon::LEXICON;
use super::blocks::is_farewell;
use super::opening::{heads_others, is_bystander_word, is_capitalised, is_role};
use super::owner::{Owner, Reach};
use super::signature;
use crate::referral::packet::Judged;

/// Lines longer than this are searched at their beginning only, in characters.
const LONGEST_LINE: usize = 4_000;
/// The most that are found in a text.
const MOST: usize = 40;

/// Whether a text may hold a phone or an address at all.
pub(super) fn may_reach(text: &str) -> bool {
    text.contains('@') || text.lines().any(|line| line.bytes().filter(u8::is_ascii_digit).count() >= 7)
}

/// Whether a block has a phone or an address that may be its person's own.
pub(super) fn is_reachable(text: &str, context: &Context) -> bool {
    let own = |reach: &Reach| matches!(reach.owner, Owner::Client | Owner::Also | Owner::Unknown);
    phones("", text, context).iter().any(own) || addresses("", text).iter().any(own)
}

/// Every valid phone number of the text, each once, with its owner.
pub(in crate::intake::form) fn phones(subject: &str, text: &str, context: &Context) -> Vec<Reach> {
    let find = |line: &str| {
        let line = start(line);
        if line.bytes().filter(u8::is_ascii_digit).count() < 7 {
            return Vec::new();
        }
        let numbers = judge::phones_in(line).into_iter();
        let judged = numbers.map(|number| (judge::number(&number, context), number));
        judged.filter(|(judged, _)| matches!(judged, Judged::Phone { problem: None, .. })).collect()
    };
    owned(subject, text, &find)
}

/// Every address of the text, each once, with its owner.
pub(in crate::intake::form) fn addresses(subject: &str, text: &str) -> Vec<Reach> {
    let find = |line: &str| {
        let mut found = Vec::new();
        let mut rest = start(line);
        while rest.contains('@') && found.len() < 5 {
            let Some(address) = judge::address_in(rest) else { break };
            let address = address.to_ascii_lowercase();
            let Some(at) = rest.to_ascii_lowercase().find(&address) else { break };
            let Some((written, after)) = rest.get(at..).and_then(|from| from.split_at_checked(address.len()))
            else {
                break;
            };
            found.push((Judged::Email { address, problem: None }, written.to_owned()));
            rest = after;
        }
        found
    };
    owned(subject, text, &find)
}

type Find<'a> = &'a dyn Fn(&str) -> Vec<(Judged, String)>;

fn owned(subject: &str, text: &str, find: Find<'_>) -> Vec<Reach> {
    let mut all: Vec<Reach> = Vec::new();
    let lines = || std::iter::once(subject).chain(text.lines().take(LINES)).enumerate();
    if lines().all(|(_, line)| find(line).is_empty()) {
        return all;
    }
    let mut between = String::new();
    let (mut below_farewell, mut is_written, mut among_others) = (false, false, false);
    for (number, line) in lines() {
        if line.starts_with('>') || all.len() >= MOST {
            continue;
        }
        let mut rest = start(line);
        below_farewell |= is_written && number > 0 && is_farewell(line);
        is_written |= number > 0 && !line.trim().is_empty();
        among_others &= !line.trim().is_empty();
        for (judged, value) in find(rest) {
            let Some(at) = rest.find(&value) else { continue };
            between.push_str(rest.get(..at).unwrap_or_default());
            rest = rest.get(at + value.len()..).unwrap_or_default();
            if !all.iter().any(|reach| reach.judged == judged) {
                let owner = match (below_farewell || signature::thanks(&between, rest), among_others) {
                    (true, _) => Owner::Writer,
                    (false, true) => Owner::Bystander,
                    (false, false) => owner(&between, rest, &all),
                };
                all.push(Reach { value, judged, line: number, owner });
            }
            between.clear();
        }
        among_others |= heads_others(line);
        between.push_str(rest);
        between.push('\n');
        shorten(&mut between);
    }
    // Somebody who writes about nobody but themself is the client.
    let is_clients = |reach: &Reach| reach.owner == Owner::Client;
    let writers = all.iter().position(|reach| reach.owner == Owner::Writer);
    if let Some(reach) = writers.filter(|_| !all.iter().any(is_clients)).and_then(|at| all.get_mut(at))
        && !speaks_of_another(subject, text)
        && !signature::is_of_referrer(subject, text, reach.line)
    {
        reach.owner = Owner::Client;
    }
    signature::leave_out(&mut all, subject, text);
    all
}

/// As much of a line as is searched.
fn start(line: &str) -> &str {
    if line.len() <= LONGEST_LINE {
        return line;
    }
    let end = line.char_indices().nth(LONGEST_LINE).map_or(line.len(), |(at, _)| at);
    line.get(..end).unwrap_or_default()
}

/// Only the last words before a number say whose it is.
fn shorten(between: &mut String) {
    if between.len() > 2_000
        && let Some((at, _)) = between.char_indices().rev().nth(600)
    {
        *between = between.split_off(at);
    }
}

fn owner(before: &str, after: &str, earlier: &[Reach]) -> Owner {
    if let Some(owner) = told_before(before).or_else(|| told_after(after)) {
        return owner;
    }
    if !earlier.iter().any(|reach| matches!(reach.owner, Owner::Client | Owner::Unknown)) {
        return Owner::Client;
    }
    if is_linked(before) { Owner::Also } else { Owner::Unknown }
}

/// The nearest word before the number that says whose it is, in its sentence.
fn told_before(before: &str) -> Option<Owner> {
    let folded = fold(sentence_end(before));
    let all = words(&folded);
    let near = all.get(all.len().saturating_sub(NEAR)..).unwrap_or_default();
    let is = |list: &str, word: &str| LEXICON.phrases(list).is(word);
    for at in (0..near.len()).rev() {
        let word = near.get(at).copied().unwrap_or_default();
        let two = near.get(at..at + 2).map(|two| two.join(" ")).unwrap_or_default();
        if is("writers", word) || is("writers", &two) {
            return Some(Owner::Writer);
        }
        if is("old_numbers", word) && at + 3 > near.len() {
            return Some(Owner::Bystander);
        }
        if is_bystander_word(word) || is_bystander_word(&two) {
            let told = near.get(at.saturating_sub(2)..at).unwrap_or_default();
            if !told.iter().any(|word| is("story_words", word)) {
                return Some(Owner::Bystander);
            }
        }
        if is("clients_own", word) {
            // Whether it is the same client's is for the words between to say.
            return None;
        }
    }
    None
}

/// Words before a number that are looked at.
const NEAR: usize = 6;

/// The text behind the last full stop.
fn sentence_end(text: &str) -> &str {
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ':' | '-'));
    let cut = [". ", ".\n", "! ", "? ", "\n\n", "; "]
        .iter()
        .filter_map(|end| text.rfind(end).map(|at| at + end.len()))
        .max();
    text.get(cut.unwrap_or(0)..).unwrap_or(text)
}

/// "518-555-0102 (landlord)", "… is her sister's".
fn told_after(after: &str) -> Option<Owner> {
    let after = after.trim_start();
    let part = match after.strip_prefix(['(', '[', ',', '-', '–', '—']) {
        Some(rest) => rest.split([')', ']', ',', '.', ';', '(']).next()?,
        None => after.split([',', '.', ';', '(']).next()?,
    };
    let folded = fold(part);
    let all = words(&folded);
    let said = all.first().is_some_and(|word| LEXICON.phrases("is_words").is(word));
    let all = if said { all.get(1..)? } else { all.as_slice() };
    // "518-555-0102 is her friend's phone".
    let all = match all {
        [whose @ .., thing] if said && LEXICON.phrases("number_words").is(thing) => whose,
        all => all,
    };
    let is_beside = said || part.len() < after.len();
    if !is_beside || all.len() > 5 {
        return None;
    }
    let writer = all.len() <= 2 && all.iter().any(|word| LEXICON.phrases("writers").is(word));
    if writer { Some(Owner::Writer) } else { is_role(all).then_some(Owner::Bystander) }
}

/// Whether the words between two numbers make the second one the same person's: "or", "cell", and no other name.
fn is_linked(between: &str) -> bool {
    let folded = fold(between);
    let all = words(&folded);
    if all.is_empty() {
        return true;
    }
    let near = all.get(all.len().saturating_sub(NEAR + 2)..).unwrap_or_default();
    !names_somebody(between) && near.iter().any(|word| LEXICON.phrases("links").is(word))
}

/// Two capitalised words in a row, one within a sentence, or one that owns something, and none of them a known word.
fn names_somebody(text: &str) -> bool {
    text.lines().any(|line| {
        let all: Vec<&str> = line.split_whitespace().collect();
        let is_name = |at: usize| all.get(at).is_some_and(|word| is_unknown_name(word));
        let mut opens = true;
        (0..all.len()).any(|at| {
            let word = all.get(at).copied().unwrap_or_default();
            let stands_out = !opens
                || is_name(at + 1)
                || word.ends_with([':', ','])
                || word.ends_with("'s")
                || all.len() - at <= 3;
            opens = word.ends_with(['.', '!', '?']) || opens && !word.contains(char::is_alphanumeric);
            is_name(at) && stands_out
        })
    })
}

fn is_unknown_name(word: &str) -> bool {
    let core = word.trim_matches(|c: char| !c.is_alphanumeric());
    let bare = core.strip_suffix("'s").or_else(|| core.strip_suffix("’s")).unwrap_or(core);
    let folded = fold(bare);
    let lists = ["no_names", "links", "clients_own", "writers", "honorifics"];
    is_capitalised(bare)
        && bare.chars().count() > 1
        && !lists.iter().any(|list| LEXICON.phrases(list).is(&folded))
        && !LEXICON.months.contains_key(&folded)
        && !LEXICON.weekdays.contains_key(&folded)
        && LEXICON.label(&folded).is_none()
}

/// "she", "the client", "él": the text is about somebody who does not write it.
fn speaks_of_another(subject: &str, text: &str) -> bool {
    speaks_of_client(subject) || text.lines().take(200).any(speaks_of_client)
}

pub(in crate::intake::form) fn speaks_of_client(line: &str) -> bool {
    let folded = fold(line);
    words(&folded).iter().any(|word| LEXICON.phrases("clients_own").is(word))
}
