//! Clauses: what is a stop by how a clause is built, whatever stands around it: "Thanks, but stop", "I want you to stop",
//! "please do not ever again write". The words are those of the language files.

use super::{WORDS, explains_stop, fold, is_alone, is_turned};

/// Nobody is politer than that in front of one word, and nobody says more around it.
const MOST_POLITE: usize = 12;
const MOST: usize = 24;
/// A mail program breaks no line before so many letters.
const WRAPPED: usize = 56;
/// What forbids stands at most so many words before what it forbids.
const NEAR: usize = 4;

/// The words by which a clause is judged.
#[derive(Default)]
pub(super) struct Words {
    /// Courtesy in front of what is meant.
    courtesy: Vec<String>,
    /// Stop at the end of a clause.
    ends: Vec<String>,
    /// Somebody or something else that stops.
    others: Vec<String>,
    /// What forbids, and what is forbidden by it.
    bans: Vec<Ban>,
    /// Whoever forbids nothing to us: "they do not reply".
    tellers: Vec<String>,
    /// What only looks like a ban: "why did you not".
    complaints: Vec<String>,
    /// The same where it is about an answer: "you do not reply".
    complaints_of_answers: Vec<String>,
}

struct Ban {
    forbids: Vec<String>,
    forbidden: Vec<String>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Of a mail: "do not write".
    Mail,
    /// Of an answer, which people ask for as often: "do not reply".
    Answer,
    /// Of whoever writes: "I do not want to be called".
    Wish,
}

impl Words {
    /// Takes in a line of a language file, if it is one of these.
    pub(super) fn takes(&mut self, line: &str) -> bool {
        let each = |list: &str| -> Vec<String> { list.split_whitespace().map(fold).collect() };
        let phrases = |list: &str| -> Vec<String> { list.split(',').map(fold).collect() };
        let Some((sign, rest)) = line.split_once(' ') else { return false };
        match sign {
            "*" => self.courtesy.extend(each(rest)),
            ">" => self.ends.push(fold(rest)),
            "-" => self.others.extend(each(rest)),
            "^" => self.tellers.extend(each(rest)),
            "?" => self.complaints.extend(phrases(rest)),
            "??" => self.complaints_of_answers.extend(phrases(rest)),
            "~" | "~~" | "~?" => {
                let (forbids, forbidden) = rest.split_once('|').unwrap_or_default();
                let kind = match sign {
                    "~~" => Kind::Wish,
                    "~?" => Kind::Answer,
                    _ => Kind::Mail,
                };
                self.bans.push(Ban { forbids: phrases(forbids), forbidden: each(forbidden), kind });
            }
            _ => return false,
        }
        true
    }
}

/// Whether a clause of the line says stop: one that ends with it or is nothing else only where it is said early.
pub(super) fn is_said(line: &str, is_early: bool) -> bool {
    if line.contains('\u{1f6d1}') {
        return true;
    }
    let parts = line.split(PARTS).flat_map(|part| part.split(DASH)).map(fold);
    let clauses: Vec<String> = parts.filter(|clause| !clause.is_empty()).collect();
    clauses.iter().enumerate().any(|(place, clause)| {
        let words: Vec<&str> = clause.split(' ').collect();
        // "It is dangerous, the stairs are broken": what comes first is explained.
        let is_explained = place == 0 && clauses.len() > 1;
        let is_whole = || is_nothing_else(&words) || !is_explained && is_alone(clause);
        is_forbidden(&words) || is_early && (is_whole() || is_the_end(&words))
    })
}

/// Whether a ban begins in the last clause of a line and ends in the first one of the next: a mail program broke it.
pub(super) fn is_said_over(line: &str, next: &str) -> bool {
    let last = line.rsplit(PARTS).next().map(fold).unwrap_or_default();
    let first = next.split(PARTS).next().map(fold).unwrap_or_default();
    let breaks_off = || {
        let mut forbids = WORDS.clauses.bans.iter().flat_map(|ban| &ban.forbids);
        forbids.any(|forbids| last.ends_with(forbids.as_str()))
    };
    let is_broken = line.chars().count() >= WRAPPED || breaks_off();
    is_broken && is_forbidden(&last.split(' ').chain(first.split(' ')).collect::<Vec<_>>())
}

/// Where one clause ends and another begins. A hyphen does not: "e-mail".
pub(super) const PARTS: [char; 26] = [
    '.', '!', '?', ',', ';', ':', '(', ')', '"', '\u{201c}', '\u{201d}', '*', '<', '>', '/', '\u{2013}',
    '\u{2014}', '\u{2026}', '\u{3002}', '\u{ff0c}', '\u{ff01}', '\u{ff1f}', '\u{3001}', '\u{60c}', '\u{61f}',
    '_',
];

/// So does one between spaces.
pub(super) const DASH: &str = " - ";

/// STOP in capitals in a line that is not all capitals, and not a sign of the road or a day: it is meant.
pub(super) fn is_shouted(line: &str) -> bool {
    let is_word = |word: &&str| word.trim_matches(|c: char| !c.is_alphanumeric()) == "STOP";
    let words: Vec<&str> = line.split_whitespace().collect();
    explains_stop(line)
        && words.iter().position(is_word).is_some_and(|at| {
            let behind = words.iter().skip(at + 1).take(2).copied().collect::<Vec<_>>().join(" ");
            !is_turned(&format!(" {}", fold(&behind)))
        })
}

/// "Ok stop now": behind words of courtesy nothing but a word for stop, and perhaps a few that change nothing.
fn is_nothing_else(words: &[&str]) -> bool {
    let courtesy = |word: &&str| WORDS.clauses.courtesy.iter().any(|known| known == word);
    let most = words.iter().take(MOST_POLITE).take_while(|word| courtesy(word)).count();
    (0..=most).filter_map(|from| words.get(from..)).filter(|rest| rest.len() <= MOST).any(|rest| {
        let rest = rest.join(" ");
        let behind = WORDS.whole.iter().filter_map(|whole| rest.strip_prefix(whole.words.as_str()));
        let is_little =
            |word: &str| word.is_empty() || courtesy(&word) || WORDS.tails.iter().any(|tail| tail == word);
        let mut few = behind.filter(|rest| rest.is_empty() || rest.starts_with(' '));
        few.any(|rest| !is_turned(rest) && rest.split(' ').all(is_little))
    })
}

/// "I want you to stop": the clause ends with it, and nobody else is to.
fn is_the_end(words: &[&str]) -> bool {
    let Words { ends, others, .. } = &WORDS.clauses;
    words.split_last().is_some_and(|(last, before)| {
        ends.iter().any(|end| end == last)
            && !before.iter().any(|word| others.iter().any(|other| other == word))
    })
}

/// "Please do not ever again write": what forbids, and a little behind it what must not be done.
fn is_forbidden(words: &[&str]) -> bool {
    (0..words.len()).any(|at| WORDS.clauses.bans.iter().any(|ban| ban.is_said_at(words, at)))
}

/// Whether a complaint stands around these words: "why did *you not* reply".
fn is_complaint(complaints: &[String], words: &[&str], at: usize, length: usize) -> bool {
    let spans = |complaint: &String| {
        let most = complaint.split(' ').count();
        let first = (at + length).saturating_sub(most);
        (first..=at).any(|from| words.get(from..).is_some_and(|rest| behind(rest, complaint).is_some()))
    };
    complaints.iter().any(spans)
}

/// The words behind these, if a clause begins with them.
fn behind<'a, 'b>(words: &'a [&'b str], begin: &str) -> Option<&'a [&'b str]> {
    let mut rest = words;
    for word in begin.split(' ') {
        let (first, behind) = rest.split_first()?;
        if *first != word {
            return None;
        }
        rest = behind;
    }
    Some(rest)
}

impl Ban {
    /// Whether it begins at this place, and is meant for us.
    fn is_said_at(&self, words: &[&str], at: usize) -> bool {
        let rest = words.get(at..).unwrap_or_default();
        self.forbids.iter().any(|forbids| {
            behind(rest, forbids).is_some_and(|behind| {
                (0..NEAR).any(|place| self.is_forbidden(behind, place))
                    && !self.is_told(words, at, rest.len() - behind.len())
            })
        })
    }

    /// Whether it forbids nothing to us: it is told of somebody else, or complains.
    fn is_told(&self, words: &[&str], at: usize, length: usize) -> bool {
        let Words { tellers, complaints, complaints_of_answers, .. } = &WORDS.clauses;
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let is_of_others = before.is_some_and(|before| tellers.iter().any(|teller| teller == before));
        let complains = |complaints: &[String]| is_complaint(complaints, words, at, length);
        match self.kind {
            Kind::Wish => false,
            Kind::Mail => is_of_others || complains(complaints),
            Kind::Answer => is_of_others || complains(complaints) || complains(complaints_of_answers),
        }
    }

    /// Whether something forbidden begins at this place, and is not what somebody lacks: "do not have email".
    fn is_forbidden(&self, rest: &[&str], place: usize) -> bool {
        const LACKS: [&str; 8] = ["get", "got", "have", "had", "received", "receive", "heard", "seen"];
        const WHOSE: [&str; 10] = ["your", "my", "the", "any", "an", "a", "this", "that", "their", "no"];
        let before = rest.get(..place).unwrap_or_default();
        let lacks = || before.iter().rfind(|word| !WHOSE.contains(word)).is_some_and(|of| LACKS.contains(of));
        rest.get(place).is_some_and(|word| self.forbidden.iter().any(|verb| word.starts_with(verb.as_str())))
            && !before.contains(&"know")
            && !lacks()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ban_of_the_language_files_has_both_sides() {
        assert!(!WORDS.clauses.bans.is_empty());
        for ban in &WORDS.clauses.bans {
            assert!(!ban.forbids.is_empty() && ban.forbids.iter().all(|words| !words.is_empty()));
            assert!(!ban.forbidden.is_empty(), "{:?}", ban.forbids);
        }
    }
}
