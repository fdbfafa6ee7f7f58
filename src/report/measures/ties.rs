//! Ties: which measures of one sheet would tell, by a difference of two of their counts, what none of them tells. What
//! had a decision is what waits no more, but for those that were opened again: of the two counts one is not told then.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::life::Life;
use super::{Answer, Measure, Sum};
use crate::report::cells;

/// Measures that count the same referrals, or the same askings of a partner, by what follows from each other. Those
/// before tell first.
const FAMILIES: [&[Measure]; 4] = [
    &[Measure::Contact, Measure::TimeToContact, Measure::Contact24h],
    &[Measure::Decision, Measure::Pending, Measure::Completed, Measure::Reopened],
    &[Measure::PartnerDecision, Measure::PartnerReceipt],
    &[Measure::Incomplete, Measure::MissingFields],
];

/// More parts of one whole are not put together in every way: a measure that has more is not told.
const MOST: usize = 10;

/// For each of what is counted, whether it is in.
type Set = Vec<bool>;

/// The measures whose counts are not told, as others tell theirs.
#[must_use]
pub(super) fn hidden(lives: &[&Life], now: DateTime<Utc>) -> Vec<Measure> {
    let ask = |measure: Measure| -> Vec<Vec<Answer>> {
        let answers = lives.iter().map(|life| measure.ask(life, now));
        // Each asking of a partner is counted by itself, also where a referral has several.
        if measure.is_of_askings() {
            answers.flatten().map(|one| vec![one]).collect()
        } else {
            answers.collect()
        }
    };
    FAMILIES.into_iter().flat_map(|family| hidden_of(family, ask)).collect()
}

/// The same of one family: of referrals, or of the askings of one partner.
#[must_use]
pub(super) fn hidden_of(family: &[Measure], ask: impl Fn(Measure) -> Vec<Vec<Answer>>) -> Vec<Measure> {
    let all: Vec<Vec<(Set, bool)>> = family.iter().map(|measure| counted(*measure, &ask(*measure))).collect();
    let (weights, all) = folded(&all);
    let mut told: Vec<Vec<Set>> = Vec::new();
    let mut hidden = Vec::new();
    let mut is_open = true;
    for (measure, counted) in family.iter().zip(all) {
        let many = counted.len();
        let sets: Vec<Set> =
            counted.into_iter().filter(|(_, is_told)| *is_told).map(|(set, _)| set).collect();
        let is_too_many = !measure.may_be_several() && sets.len() > MOST;
        let is_whole = sets.len() == many;
        // Parts that overlap nobody can add up: each tells for itself.
        let sets = if measure.may_be_several() { with_rests(sets) } else { with_rests(unions(&sets)) };
        let is_tied = is_too_many || told.iter().any(|before| is_small_between(before, &sets, &weights));
        if is_tied || !is_open && !measure.may_be_several() {
            hidden.push(*measure);
            continue;
        }
        // What the first hides the others must not tell.
        is_open &= !told.is_empty() || is_whole;
        told.push(sets);
    }
    hidden
}

/// The same sets, with those that are in the same ones counted together: how many they are, and the sets.
fn folded(all: &[Vec<(Set, bool)>]) -> (Vec<u64>, Vec<Vec<(Set, bool)>>) {
    let sets = || all.iter().flatten().map(|(set, _)| set);
    let many = sets().map(Vec::len).max().unwrap_or(0);
    let mut alike: BTreeMap<Vec<bool>, u64> = BTreeMap::new();
    for place in 0..many {
        let is_in = sets().map(|set| set.get(place).copied().unwrap_or_default());
        *alike.entry(is_in.collect()).or_default() += 1;
    }
    let mut column = 0..;
    let mut fold = |(_, is_told): &(Set, bool)| {
        let at = column.next().unwrap_or_default();
        (alike.keys().map(|is_in| is_in.get(at).copied().unwrap_or_default()).collect(), *is_told)
    };
    let all = all.iter().map(|sets| sets.iter().map(&mut fold).collect()).collect();
    (alike.into_values().collect(), all)
}

/// What a measure counts, and whether it may be told as far as that alone goes.
fn counted(measure: Measure, answers: &[Vec<Answer>]) -> Vec<(Set, bool)> {
    let set = |is_in: &dyn Fn(&Answer) -> bool| -> Set {
        answers.iter().map(|answers| answers.iter().any(is_in)).collect()
    };
    let sets: Vec<Set> = match measure.sum() {
        Sum::Share => vec![
            set(&|one| *one == Answer::Yes),
            set(&|one| *one == Answer::No),
            set(&|one| matches!(one, Answer::NotCounted(_))),
        ],
        Sum::Times => vec![
            set(&|one| matches!(one, Answer::Took(_))),
            set(&|one| matches!(one, Answer::StillRunning(_))),
            set(&|one| matches!(one, Answer::NotCounted(_))),
        ],
        Sum::Parts => {
            labels(answers).into_iter().map(|label| set(&|one| *one == Answer::Is(label))).collect()
        }
        Sum::Total => Vec::new(),
    };
    if measure.may_be_several() {
        let is_told = |set: &Set| cells::are_told(&[size(set), size(&complement(set))]);
        return sets.iter().map(|set| (set.clone(), is_told(set))).collect();
    }
    let sizes: Vec<u64> = sets.iter().map(size).collect();
    let are_told = cells::are_told(&sizes);
    let is_told =
        |set: &Set| if measure.sum() == Sum::Parts { cells::is_told_in(&sizes, size(set)) } else { are_told };
    sets.iter().map(|set| (set.clone(), is_told(set))).collect()
}

fn labels(answers: &[Vec<Answer>]) -> Vec<&'static str> {
    let mut labels: Vec<&'static str> = Vec::new();
    for answer in answers.iter().flatten() {
        if let Answer::Is(label) = answer
            && !labels.contains(label)
        {
            labels.push(label);
        }
    }
    labels
}

/// Whether one of the first sets and one of the others lie in each other, and few between.
fn is_small_between(first: &[Set], others: &[Set], weights: &[u64]) -> bool {
    let is_few =
        |one: &Set, other: &Set| is_few_more(one, other, weights) || is_few_more(other, one, weights);
    first.iter().any(|one| others.iter().any(|other| is_few(one, other)))
}

/// Each of them, and all that can be made of them.
fn unions(sets: &[Set]) -> Vec<Set> {
    let mut unions: Vec<Set> = Vec::new();
    for set in sets.iter().take(MOST) {
        let more: Vec<Set> = unions.iter().map(|known| union(known, set)).collect();
        unions.push(set.clone());
        unions.extend(more);
    }
    unions
}

/// The same sets, each with what is left of the whole.
fn with_rests(mut sets: Vec<Set>) -> Vec<Set> {
    let rests: Vec<Set> = sets.iter().map(complement).collect();
    sets.extend(rests);
    sets
}

/// Whether the larger one holds all of the smaller one, and few others.
fn is_few_more(small: &Set, large: &Set, weights: &[u64]) -> bool {
    let mut more = 0;
    for ((small, large), weight) in small.iter().zip(large).zip(weights) {
        match (small, large) {
            (true, false) => return false,
            (false, true) => more += weight,
            (true, true) | (false, false) => {}
        }
    }
    cells::is_small(more)
}

fn union(one: &Set, other: &Set) -> Set {
    one.iter().zip(other).map(|(one, other)| *one || *other).collect()
}

fn complement(set: &Set) -> Set {
    set.iter().map(|is_in| !is_in).collect()
}

fn size(set: &Set) -> u64 {
    set.iter().map(|is_in| u64::from(*is_in)).sum()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::super::life::tests::{beginning, life};
    use super::super::life::{Asked, Reached};
    use super::super::sheet::Sheet;
    use super::*;
    use crate::referral::packet::Field;
    use crate::referral::reason::BounceReason;
    use crate::referral::record::FactKind;
    use crate::referral::roster::PartnerId;

    /// What an attacker reads in a sheet: the numbers of a line, or nothing where they are not told.
    struct Sheets(Vec<(String, Vec<i64>)>);

    impl Sheets {
        fn of(lives: &[Life]) -> Sheets {
            let now = beginning() + TimeDelta::days(10);
            let sheet = Sheet::of(lives, (beginning().date_naive(), now.date_naive()), None, now);
            let group = &sheet.groups[0];
            let mut read = vec![("received".to_owned(), numbers(&group.received.to_string()))];
            for told in &group.measures {
                let line = |label: &str| format!("{} {label}", told.name).trim_end().to_owned();
                read.extend(told.lines.iter().map(|one| (line(&one.label), numbers(&one.shown))));
            }
            Sheets(read)
        }

        /// The number at a place of a line; a part that is not listed is nobody, where the others are told.
        fn told(&self, line: &str, place: usize) -> Option<i64> {
            let measure = line.split(' ').next().unwrap();
            let mut of_measure = self.0.iter().filter(|(known, _)| known.starts_with(measure));
            match self.0.iter().find(|(known, _)| known == line) {
                Some((_, numbers)) => numbers.get(place).copied(),
                None if of_measure.all(|(_, numbers)| !numbers.is_empty()) => Some(0),
                None => None,
            }
        }
    }

    /// The counts in the words of a line, without its times and percents.
    fn numbers(words: &str) -> Vec<i64> {
        let counts = words.rsplit_once('(').map_or(words, |(_, counts)| counts);
        let all = counts.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok());
        if words.contains("under") || counts.contains("few") { Vec::new() } else { all.collect() }
    }

    /// As many lives of each kind as any table of these counts says.
    fn every_table(kinds: &[Life], counts: &[usize]) -> impl Iterator<Item = Vec<Life>> {
        let places = u32::try_from(kinds.len()).unwrap();
        (0..counts.len().pow(places)).map(move |number| {
            let many = |place: u32| counts[number / counts.len().pow(place) % counts.len()];
            (0..).zip(kinds).flat_map(|(place, kind)| vec![kind.clone(); many(place)]).collect()
        })
    }

    fn check(kinds: &[Life], differences: impl Fn(&Sheets) -> Vec<(&'static str, Option<i64>)>) {
        let mut worked_out = 0;
        for lives in every_table(kinds, &[0, 2, 6]) {
            for (what, difference) in differences(&Sheets::of(&lives)) {
                worked_out += usize::from(difference.is_some());
                assert!(
                    !difference.is_some_and(|few| few.abs() > 0 && few.abs() < 5),
                    "{what}: {difference:?}"
                );
            }
        }
        assert!(worked_out > 50, "an attacker who reads nothing proves nothing: {worked_out}");
    }

    #[test]
    fn no_difference_of_two_lines_about_decisions_tells_of_few() {
        use FactKind::{Accepted, Closed, Redirected, Reopened};
        let decided = |facts: &[(i64, FactKind)], is_pending: bool, is_completed: bool| Life {
            is_completed,
            is_pending,
            ..life(Reached::Open, facts)
        };
        let kinds = [
            decided(&[(9, Accepted)], false, false),
            decided(&[(9, Accepted), (20, Closed)], false, true),
            decided(&[(9, Closed)], false, true),
            decided(&[(9, Redirected)], false, true),
            decided(&[], true, false),
            decided(&[(9, Closed), (20, Reopened)], true, false),
            decided(&[(9, Closed), (20, Reopened), (30, Accepted)], false, false),
        ];
        check(&kinds, |sheet| {
            let told = |line: &str, place: usize| sheet.told(line, place);
            let (received, undecided) = (told("received", 0), told("decision undecided", 0));
            let (ended, running) = (told("pending", 0), told("pending", 1));
            let (again, had_ended) = (told("reopened", 0), told("reopened", 1));
            let first = || Some(told("decision closed", 0)? + told("decision redirected", 0)?);
            let less = |one: Option<i64>, other: Option<i64>| Some(one? - other?);
            vec![
                ("wait again", less(running, undecided)),
                ("wait again", less(less(received, undecided), ended)),
                ("ended later", less(had_ended, first())),
                ("never ended", less(less(received, undecided), had_ended)),
                ("opened again and not ended", less(less(had_ended, again), told("completed", 0))),
                ("ended, of those decided", less(ended, told("completed", 0))),
            ]
        });
    }

    fn hides(lives: &[Life], measure: Measure) -> bool {
        let lives: Vec<&Life> = lives.iter().collect();
        hidden(&lives, beginning() + TimeDelta::days(10)).contains(&measure)
    }

    #[test]
    fn each_asking_of_a_partner_counts_by_itself() {
        let ask = |received: bool, decided: bool| Asked {
            partner: PartnerId("north".to_owned()),
            at: beginning(),
            received_at: received.then(beginning),
            decided_at: decided.then(beginning),
            is_over: decided,
        };
        let of = |asked: Vec<Asked>| Life { asked, ..life(Reached::Open, &[]) };
        let (decided, had, waits) = (ask(true, true), ask(true, false), ask(false, false));
        let many = |few: usize| {
            let mut lives = vec![of(vec![decided.clone(), decided.clone()]); 8];
            lives.extend(vec![of(vec![decided.clone(), had.clone(), waits.clone()]); few]);
            lives.extend(vec![of(vec![decided.clone(), waits.clone()]); 6]);
            lives.extend(vec![of(vec![waits.clone()]); 6]);
            lives
        };
        assert!(hides(&many(2), Measure::PartnerReceipt), "two have it and did not decide");
        assert!(!hides(&many(6), Measure::PartnerReceipt));
    }

    #[test]
    fn each_missing_field_tells_for_itself_however_many_there_are() {
        let lacks = |fields: &[Field]| Life { lacked: fields.to_vec(), ..life(Reached::Open, &[]) };
        let (ten, last) = (Field::ALL.get(..10).unwrap(), Field::ALL.get(10..11).unwrap());
        let mut lives = vec![lacks(&[ten, last].concat()); 6];
        lives.extend(vec![lacks(&[]); 10]);
        lives.extend(vec![lacks(last); 4]);
        lives.extend(vec![lacks(&Field::ALL[11..12]); 2]);
        assert!(hides(&lives, Measure::MissingFields), "two lack something, and not the eleventh field");
        let (one, other) = (&Field::ALL[..1], &Field::ALL[1..2]);
        let mut lives = vec![lacks(one); 5];
        lives.extend(vec![lacks(&[one, other].concat()); 5]);
        lives.extend(vec![lacks(other); 5]);
        lives.extend(vec![lacks(&Field::ALL[2..3]); 1]);
        lives.extend(vec![lacks(&[]); 10]);
        assert!(!hides(&lives, Measure::MissingFields), "how many lack one or the other, no line says");
    }

    #[test]
    fn no_difference_of_two_lines_about_the_contact_tells_of_few() {
        use FactKind::{Bounced, Confirmed};
        let given_up = Reached::GivenUp(BounceReason::CapacityDelay);
        let kinds = [
            life(Reached::Confirmed, &[(3, Confirmed)]),
            life(Reached::Confirmed, &[(30, Confirmed)]),
            life(given_up, &[(3, Confirmed), (30, Bounced)]),
            life(Reached::MustNot, &[]),
            life(Reached::MustNot, &[(3, Confirmed)]),
            life(Reached::Open, &[]),
        ];
        check(&kinds, |sheet| {
            let told = |line: &str, place: usize| sheet.told(line, place);
            let less = |one: Option<i64>, other: Option<i64>| Some(one? - other?);
            let (received, reached) = (told("received", 0), told("time-to-contact", 0));
            let never = less(less(received, reached), told("time-to-contact", 1));
            let must_not = told("contact not to be contacted, or not safely", 0);
            vec![
                ("reached, and no more", less(reached, told("contact confirmed", 0))),
                ("reached, and not to be any more", less(must_not, never)),
                ("reached late", less(reached, told("contact-24h", 0))),
                ("not counted", less(less(received, told("contact-24h", 1)), never)),
            ]
        });
    }
}
