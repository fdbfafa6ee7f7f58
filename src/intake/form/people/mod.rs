//! Several people in running text: a list, a paragraph each, "first client … second client …".
//!
//! Where it is certain that blocks of a text are one person each, each is read by itself. Where it is not, no phone is
//! taken for anybody's: a number in the wrong record makes staff call a stranger about somebody else's case.

mod blocks;
pub(super) mod opening;
pub(super) mod owner;
pub(super) mod reach;
mod signature;

use blocks::{Block, Family};
pub(super) use opening::{is_bystander_word, name};
pub(super) use reach::speaks_of_client;
pub(super) use signature::signer;

use super::Context;
use super::fold::{fold, words};
use super::label;
use super::lexicon::{LEXICON, Slot, Whose};
use super::merge::say;

/// What a person is told of a mail in which nobody's phone is certain.
pub(super) const SEVERAL: &str =
    "This mail may hold several people; it is not certain whose each phone number is, so none was taken.";
/// What a person is told of words beside a list of people.
const BESIDE: &str =
    "The mail lists several people; what stands above or below the list was given to none of them.";

/// How many people a text speaks of.
pub(super) enum Division<'a> {
    /// Nothing says that it is more than one.
    One,
    /// Each of these blocks is another person's.
    Several(People<'a>),
    /// It may be several.
    Unsure,
}

/// The blocks of a text that are one person's each.
pub(super) struct People<'a> {
    /// In the order of the mail.
    pub(super) each: Vec<Person<'a>>,
    /// The text above the first of them.
    pub(super) above: &'a str,
    /// The text below the last of them.
    pub(super) below: &'a str,
}

/// One person's block.
pub(super) struct Person<'a> {
    /// The name it opens with.
    pub(super) name: Option<&'a str>,
    /// Its words, without what counts them.
    pub(super) text: &'a str,
    /// Lines of the mail above it.
    pub(super) lines_above: usize,
}

/// Divides a text among the people it speaks of.
pub(super) fn divide<'a>(subject: &str, text: &'a str, context: &Context) -> Division<'a> {
    if !reach::may_reach(text) {
        return Division::One;
    }
    if text.len() > MOST_BYTES {
        return Division::Unsure;
    }
    let mut is_unsure = false;
    for family in Family::ALL {
        let Some(blocks) = blocks::of(text, family) else { continue };
        match judge(subject, text, &blocks, family, context) {
            Division::One => {}
            Division::Several(people) => return Division::Several(people),
            Division::Unsure => is_unsure = true,
        }
    }
    if is_unsure { Division::Unsure } else { Division::One }
}

/// Longer texts are not searched for people: nobody knows then how many there are.
const MOST_BYTES: usize = 100_000;

/// What a block is.
enum Kind<'a> {
    /// Somebody, by name, with or without a way to reach them.
    Somebody { name: &'a str, is_reachable: bool },
    /// Somebody who stands beside a client: a landlord, a sister, a worker.
    Bystander,
    /// No name: a document, a fact, a sentence.
    Words { is_reachable: bool },
}

fn judge<'a>(
    subject: &str,
    text: &'a str,
    blocks: &[Block<'a>],
    family: Family,
    context: &Context,
) -> Division<'a> {
    let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else { return Division::One };
    let above = text.get(..first.start).unwrap_or_default();
    let below = text.get(last.end..).unwrap_or_default();
    let heading = above.lines().rev().find(|line| !line.trim().is_empty());
    // "Hi team, three new clients:" heads clients, whoever is greeted.
    if heading.is_some_and(|line| opening::heads_others(line) && !announces(line))
        || names_client(above)
        || names_client(below)
    {
        return Division::One;
    }
    let kinds: Vec<Kind<'_>> = blocks.iter().map(|block| kind(block, context)).collect();
    let is_announced = announces(subject) || announces(above);
    let names: Vec<String> = kinds
        .iter()
        .filter_map(|kind| if let Kind::Somebody { name, .. } = kind { Some(fold(name)) } else { None })
        .collect();
    let reachable = kinds
        .iter()
        .filter(|kind| {
            matches!(kind, Kind::Somebody { is_reachable: true, .. } | Kind::Words { is_reachable: true })
        })
        .count();
    let named_and_reachable =
        kinds.iter().filter(|kind| matches!(kind, Kind::Somebody { is_reachable: true, .. })).count();
    let bystanders = kinds.iter().filter(|kind| matches!(kind, Kind::Bystander)).count();
    let is_certain = bystanders == 0
        && are_different(&names)
        && match family {
            Family::Counted => reachable >= 1 && reachable + names.len() >= blocks.len(),
            Family::Numbered | Family::Lettered | Family::Bulleted => {
                names.len() == blocks.len()
                    && (named_and_reachable == blocks.len() || is_announced && named_and_reachable >= 1)
            }
            Family::Paragraphs | Family::Lines => {
                named_and_reachable == blocks.len() && (is_announced || have_one_form(blocks))
            }
        };
    if is_certain {
        let each = blocks.iter().zip(&kinds).map(|(block, kind)| person(block, kind)).collect();
        return Division::Several(People { each, above, below });
    }
    let mixed = named_and_reachable >= 2 && are_different(&names);
    if mixed { Division::Unsure } else { Division::One }
}

fn person<'a>(block: &Block<'a>, kind: &Kind<'a>) -> Person<'a> {
    let name = if let Kind::Somebody { name, .. } = kind { Some(*name) } else { None };
    Person { name, text: block.text, lines_above: block.lines_above }
}

fn kind<'a>(block: &Block<'a>, context: &Context) -> Kind<'a> {
    let is_reachable = reach::is_reachable(block.text, context);
    if opening::is_bystander(block.text) {
        return Kind::Bystander;
    }
    match opening::name(block.text) {
        Some(name) => Kind::Somebody { name, is_reachable },
        None => Kind::Words { is_reachable },
    }
}

/// No two of the names can be the same person's.
fn are_different(names: &[String]) -> bool {
    names.iter().enumerate().all(|(at, name)| {
        names.iter().skip(at + 1).all(|other| {
            let (one, two) = (words(name), words(other));
            !(one.iter().all(|word| two.contains(word)) || two.iter().all(|word| one.contains(word)))
        })
    })
}

/// Below each name stand the same labels, as in a form filled in once a person.
fn have_one_form(blocks: &[Block<'_>]) -> bool {
    let labels = |block: &Block<'_>| -> Vec<String> {
        let lines = block.text.lines().skip(1);
        lines.filter_map(|line| label::exact(line.split_once(':')?.0)).map(|label| label.key).collect()
    };
    let first = blocks.first().map(labels).unwrap_or_default();
    !first.is_empty() && blocks.iter().all(|block| labels(block).first() == first.first())
}

/// Whether a label in the text names the client: then a list beside it lists somebody else.
fn names_client(text: &str) -> bool {
    text.lines().any(|line| {
        let label = line.split_once(':').and_then(|(left, value)| {
            if value.trim().is_empty() { None } else { label::exact(left)?.meaning }
        });
        label.is_some_and(|meaning| {
            matches!(meaning.slot, Slot::Name | Slot::FirstName | Slot::LastName)
                && meaning.whose == Whose::Client
        })
    })
}

/// "Two new clients", "the following people", "dos personas".
fn announces(text: &str) -> bool {
    let folded = fold(text);
    let words = words(&folded);
    let (counts, people) = (LEXICON.phrases("counts_of_people"), LEXICON.phrases("people"));
    (0..words.len()).any(|at| {
        let rest = words.get(at..).unwrap_or_default();
        let taken = counts.starts(rest);
        taken > 0 && (taken..taken + 3).any(|at| people.starts(rest.get(at..).unwrap_or_default()) > 0)
    })
}

/// Says what was left aside beside a list of people.
pub(super) fn say_beside(problems: &mut Vec<String>) {
    say(problems, BESIDE.to_owned());
}
