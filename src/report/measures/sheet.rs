//! Sheet: the answers of all referrals added up, whole or split, as plain lines and as JSON. It may leave the house: it tells
//! no count under five, nor one from which, with the rest of this sheet, such a count follows. Two sheets of one time can
//! tell what neither of them does, and it says so.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Serialize;

use super::life::{Life, Split};
use super::{Answer, Measure, Sum};
use crate::report::cells::{self, Cell};

/// A median of fewer could be one person's.
const FEW: usize = 5;
const TOO_FEW: &str = "too few to tell";
/// What no sheet can promise by itself.
const ALONE: &str =
    "Do not hand out with another sheet of an overlapping time: what one hides, two may tell.";

/// The measures of one time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Sheet {
    /// The first local day.
    pub from: NaiveDate,
    /// The last local day.
    pub until: NaiveDate,
    /// When it was counted.
    pub as_of: DateTime<Utc>,
    /// Which policies the referrals ran under, and how many under each (requirement 95).
    pub policies: Vec<Cell>,
    /// How many records could not be read, and are counted nowhere else.
    pub unreadable: String,
    /// What whoever hands it out must know.
    pub note: &'static str,
    /// What each measure means.
    pub definitions: BTreeMap<&'static str, &'static str>,
    /// All of them, or one group a word of the split.
    pub groups: Vec<Group>,
}

/// Referrals that are counted together.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Group {
    /// `all`, or the word of the split.
    pub group: String,
    /// How many.
    pub received: String,
    /// Each measure, by name.
    pub measures: Vec<Told>,
}

/// A measure as it is told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Told {
    /// Its name.
    pub name: &'static str,
    /// Its words.
    pub title: &'static str,
    /// What it came to; each part has a line.
    pub lines: Vec<Cell>,
}

impl Sheet {
    /// Adds up the answers of these referrals.
    #[must_use]
    pub fn of(
        lives: &[Life],
        (from, until): (NaiveDate, NaiveDate),
        split: Option<Split>,
        now: DateTime<Utc>,
    ) -> Sheet {
        let by = |split: Split| {
            let mut groups: BTreeMap<&str, Vec<&Life>> = BTreeMap::new();
            for life in lives {
                groups.entry(life.word(split)).or_default().push(life);
            }
            groups
        };
        let sizes = |groups: &BTreeMap<&str, Vec<&Life>>| {
            let sizes = groups.iter().map(|(word, lives)| ((*word).to_owned(), count(lives.len())));
            cells::parts(&sizes.collect::<Vec<_>>())
        };
        let groups = match split {
            None => {
                let all: Vec<&Life> = lives.iter().collect();
                vec![group("all".to_owned(), cells::alone(count(all.len())), &all, now)]
            }
            Some(split) => {
                let mut groups = by(split);
                if split == Split::Partner {
                    for one in lives.iter().flat_map(|life| &life.asked) {
                        groups.entry(&one.partner.0).or_default();
                    }
                }
                let sizes = sizes(&groups);
                let of = |(size, (word, sent)): (Cell, (&&str, &Vec<&Life>))| {
                    let group = group(size.label, size.shown, sent, now);
                    if split == Split::Partner { group_of_partner(group, lives, word, now) } else { group }
                };
                sizes.into_iter().zip(&groups).map(of).collect()
            }
        };
        Sheet {
            from,
            until,
            as_of: now,
            policies: sizes(&by(Split::Policy)),
            unreadable: cells::alone(0),
            note: ALONE,
            definitions: Measure::ALL.map(|measure| (measure.name(), measure.definition())).into(),
            groups,
        }
    }

    /// The same, saying how many records could not be read.
    #[must_use]
    pub fn without(self, unreadable: u64) -> Sheet {
        Sheet { unreadable: cells::alone(unreadable), ..self }
    }

    /// Plain lines, one measure a line.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!(
            "Referrals received from {} to {}, without those that were forgotten since.\n",
            self.from, self.until
        );
        let policies: Vec<String> =
            self.policies.iter().map(|cell| format!("{} ({})", cell.label, cell.shown)).collect();
        let policies = if policies.is_empty() { "none".to_owned() } else { policies.join(", ") };
        let _ = writeln!(text, "Policies they ran under: {policies}.");
        let _ = writeln!(
            text,
            "Counts under {FEW} are not told, nor what on this sheet would give them away. {ALONE} What a measure \
             means, and on which referrals it is counted: report metrics --explain NAME."
        );
        if self.unreadable != cells::alone(0) {
            let many = &self.unreadable;
            let _ = writeln!(text, "Not readable, and counted nowhere: {many}; handoffd verify names them.");
        }
        for group in &self.groups {
            let _ = writeln!(text, "\n{}: {} received", group.group, group.received);
            for told in &group.measures {
                match told.lines.as_slice() {
                    [only] if only.label.is_empty() => {
                        let _ = writeln!(text, "  {:<18}{}: {}", told.name, told.title, only.shown);
                    }
                    lines => {
                        let _ = writeln!(text, "  {:<18}{}:", told.name, told.title);
                        for cell in lines {
                            let _ = writeln!(text, "    {}: {}", cell.label, cell.shown);
                        }
                    }
                }
            }
        }
        text
    }
}

fn group(name: String, received: String, lives: &[&Life], now: DateTime<Utc>) -> Group {
    // A group whose size is not told has nothing else to tell: any of its counts would tell it.
    let is_told = received.parse::<u64>().is_ok();
    let measures = Measure::ALL.into_iter().filter(|_| is_told);
    let ask =
        |measure: Measure| -> Vec<Answer> { lives.iter().flat_map(|life| measure.ask(life, now)).collect() };
    let measures = measures.map(|measure| {
        let is_hidden = told_again(measure).is_some_and(|(line, labels)| {
            let cells = parts(line, &ask(line), lives.len());
            let is_meant = |cell: &Cell| labels.is_empty() || labels.contains(&cell.label.as_str());
            !cells::is_told(&cells.into_iter().filter(is_meant).collect::<Vec<_>>())
        });
        let answers = ask(measure);
        Told {
            name: measure.name(),
            title: measure.title(),
            lines: told(measure, &answers, lives.len(), is_hidden),
        }
    });
    Group { group: name, received, measures: measures.collect() }
}

/// A partner is measured by what it was asked, whoever sent that (requirement 111).
fn group_of_partner(mut group: Group, all: &[Life], partner: &str, now: DateTime<Utc>) -> Group {
    let asked = || all.iter().flat_map(|life| &life.asked).filter(|one| one.partner.0 == partner);
    for measure in [Measure::PartnerReceipt, Measure::PartnerDecision] {
        let answers: Vec<Answer> = asked().filter_map(|one| measure.ask_of(one, now)).collect();
        let lines = told(measure, &answers, answers.len(), false);
        match group.measures.iter_mut().find(|told| told.name == measure.name()) {
            Some(told) => told.lines = lines,
            None if answers.is_empty() => {}
            None => group.measures.push(Told { name: measure.name(), title: measure.title(), lines }),
        }
    }
    group
}

/// The line of parts of which the counts of a measure would tell some again: these, or any where none is named. What that
/// line hides they must not tell.
const fn told_again(measure: Measure) -> Option<(Measure, &'static [&'static str])> {
    match measure {
        Measure::TimeToContact => Some((Measure::Contact, &[])),
        Measure::Contact24h => Some((Measure::Contact, &["confirmed", "not to be contacted, or not safely"])),
        Measure::Pending | Measure::Reopened => Some((Measure::Decision, &[])),
        Measure::Completed => Some((Measure::Decision, &["closed", "redirected"])),
        Measure::Contact
        | Measure::Repeats
        | Measure::Decision
        | Measure::Incomplete
        | Measure::MissingFields
        | Measure::Touches
        | Measure::ClientTold
        | Measure::PartnerReceipt
        | Measure::PartnerDecision
        | Measure::Drivers => None,
    }
}

fn told(measure: Measure, answers: &[Answer], received: usize, is_hidden: bool) -> Vec<Cell> {
    let line = |shown: String| vec![Cell { label: String::new(), shown }];
    match measure.sum() {
        Sum::Share => line(share(answers, is_hidden)),
        Sum::Times => line(times(answers, is_hidden)),
        Sum::Parts => parts(measure, answers, received),
        Sum::Total => line(total(answers, received)),
    }
}

fn share(answers: &[Answer], is_hidden: bool) -> String {
    let times = |wanted: &Answer| count(answers.iter().filter(|answer| *answer == wanted).count());
    let (yes, no) = (times(&Answer::Yes), times(&Answer::No));
    if yes + no == 0 {
        return "nothing to count".to_owned();
    }
    if is_hidden || !are_told(&[yes, no, not_counted(answers)]) {
        TOO_FEW.to_owned()
    } else {
        percent(yes, yes + no)
    }
}

/// Together with those who are not counted they make a whole whose size is told.
fn not_counted(answers: &[Answer]) -> u64 {
    count(answers.iter().filter(|answer| matches!(answer, Answer::NotCounted(_))).count())
}

fn are_told(counts: &[u64]) -> bool {
    let counts: Vec<(String, u64)> = counts.iter().map(|count| (String::new(), *count)).collect();
    cells::is_told(&cells::parts(&counts))
}

fn times(answers: &[Answer], is_hidden: bool) -> String {
    let mut took: Vec<TimeDelta> = Vec::new();
    let mut running = 0;
    for answer in answers {
        match answer {
            Answer::Took(span) => took.push(*span),
            Answer::StillRunning(_) => running += 1,
            Answer::NotCounted(_) | Answer::Yes | Answer::No | Answer::Is(_) | Answer::Count(_) => {}
        }
    }
    if took.is_empty() && running == 0 {
        return "nothing to count".to_owned();
    }
    if took.len() < FEW {
        return TOO_FEW.to_owned();
    }
    took.sort_unstable();
    // By nearest rank: a time that really occurred.
    let rank = |percent: usize| {
        took.get((took.len() * percent).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default()
    };
    let ended = count(took.len());
    let is_hidden = is_hidden || !are_told(&[ended, running, not_counted(answers)]);
    let many =
        if is_hidden { format!("how many: {TOO_FEW}") } else { format!("{ended} ended, {running} not") };
    format!("median {}, nine of ten within {} ({many})", span(rank(50)), span(rank(90)))
}

/// The parts of one whole are told as such; where a referral may be several, each part and what is left of the whole.
fn parts(measure: Measure, answers: &[Answer], received: usize) -> Vec<Cell> {
    let mut parts: BTreeMap<&str, u64> = BTreeMap::new();
    for answer in answers {
        if let Answer::Is(what) = answer {
            *parts.entry(what).or_default() += 1;
        }
    }
    let may_be_several = matches!(measure, Measure::MissingFields | Measure::Drivers);
    if !may_be_several {
        return cells::parts(&parts.into_iter().map(|(what, n)| (what.to_owned(), n)).collect::<Vec<_>>());
    }
    let alone = |(what, n): (&str, u64)| {
        let rest = count(received).saturating_sub(n);
        let two = cells::parts(&[(what.to_owned(), n), (String::new(), rest)]);
        let shown = if cells::is_told(&two) { percent(n, count(received)) } else { TOO_FEW.to_owned() };
        Cell { label: what.to_owned(), shown }
    };
    parts.into_iter().map(alone).collect()
}

fn total(answers: &[Answer], received: usize) -> String {
    let all: u64 = answers.iter().map(|one| if let Answer::Count(n) = one { *n } else { 0 }).sum();
    if received == 0 {
        return "nothing to count".to_owned();
    }
    let tenths = (all * 10 + count(received) / 2) / count(received);
    let shown = cells::alone(all);
    if shown.parse::<u64>().is_ok() {
        format!("{shown} in all, {}.{} for each referral", tenths / 10, tenths % 10)
    } else {
        shown
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// `71.7 % (33 of 46)`.
#[must_use]
pub fn percent(part: u64, of: u64) -> String {
    let tenths = (part * 1_000 + of / 2).checked_div(of).unwrap_or(0);
    format!("{}.{} % ({part} of {of})", tenths / 10, tenths % 10)
}

/// `45 s`, `12 min`, `6.5 h`, `3.1 d`.
#[must_use]
pub fn span(span: TimeDelta) -> String {
    match span.num_seconds() {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ 120..7_200 => format!("{} min", seconds / 60),
        seconds @ 7_200..259_200 => format!("{}.{} h", seconds / 3_600, seconds % 3_600 / 360),
        seconds => format!("{}.{} d", seconds / 86_400, seconds % 86_400 / 8_640),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referral::record::FactKind;
    use crate::referral::roster::PartnerId;
    use crate::report::measures::life::tests::{beginning, life};
    use crate::report::measures::life::{Asked, Reached};

    #[test]
    fn a_median_is_a_time_that_occurred_and_is_not_told_of_few() {
        let hours = |hours: &[i64]| -> Vec<Answer> {
            hours.iter().map(|hours| Answer::Took(TimeDelta::hours(*hours))).collect()
        };
        assert_eq!(
            times(&hours(&[5, 1, 3, 2, 100]), false),
            "median 3.0 h, nine of ten within 4.1 d (5 ended, 0 not)"
        );
        assert_eq!(times(&hours(&[1, 2, 3, 4]), false), TOO_FEW);
        let mut some = hours(&[1, 1, 1, 1, 1, 1]);
        some.extend(vec![Answer::StillRunning(TimeDelta::days(9)); 7]);
        assert_eq!(times(&some, false), "median 60 min, nine of ten within 60 min (6 ended, 7 not)");
        some.push(Answer::NotCounted("x"));
        // Fourteen were received: six and seven would tell of the one who is not counted.
        let untold = "median 60 min, nine of ten within 60 min (how many: too few to tell)";
        assert_eq!(times(&some, false), untold);
        some.truncate(7);
        assert_eq!(times(&some, false), untold);
        assert_eq!(times(&[Answer::NotCounted("x")], false), "nothing to count");
    }

    #[test]
    fn a_share_tells_neither_a_small_count_nor_what_would_give_it_away() {
        let answers = |yes: usize, no: usize, not_counted: usize| {
            let mut answers = vec![Answer::Yes; yes];
            answers.extend(vec![Answer::No; no]);
            answers.extend(vec![Answer::NotCounted("x"); not_counted]);
            answers
        };
        for (yes, no, not_counted, shown) in [
            (33, 13, 0, "71.7 % (33 of 46)"),
            (33, 13, 5, "71.7 % (33 of 46)"),
            (33, 13, 1, TOO_FEW),
            (10, 0, 0, "100.0 % (10 of 10)"),
            (0, 7, 0, "0.0 % (0 of 7)"),
            (42, 4, 0, TOO_FEW),
            (1, 45, 0, TOO_FEW),
            (0, 0, 9, "nothing to count"),
        ] {
            assert_eq!(share(&answers(yes, no, not_counted), false), shown, "{yes} {no} {not_counted}");
        }
    }

    /// The sheet of these lives, measured ten days after they were received.
    fn sheet(lives: &[Life], split: Option<Split>) -> String {
        let now = beginning() + TimeDelta::days(10);
        let days = (beginning().date_naive(), now.date_naive());
        Sheet::of(lives, days, split, now).text()
    }

    #[test]
    fn what_one_line_hides_no_other_line_of_the_sheet_tells() {
        use crate::referral::reason::BounceReason;
        let confirmed = life(Reached::Confirmed, &[(30, FactKind::Confirmed)]);
        let mut lives = vec![confirmed; 6];
        lives.extend(vec![life(Reached::Open, &[]); 12]);
        let all_told = sheet(&lives, None);
        assert!(all_told.contains("(6 ended, 12 not)"), "{all_told}");
        assert!(all_told.contains("0.0 % (0 of 18)"), "{all_told}");
        lives.extend(vec![life(Reached::GivenUp(BounceReason::CapacityDelay), &[]); 2]);
        let text = sheet(&lives, None);
        assert!(text.contains("confirmed: not shown") && text.contains("capacity delay: under 5"), "{text}");
        assert!(!text.contains("6 ended") && text.contains("median 30.0 h"), "{text}");
        assert!(text.contains("Contact confirmed within 24 hours: too few to tell"), "{text}");
        // The same of decisions and of the time until them.
        let decided = |kind: FactKind| Life { is_pending: false, ..life(Reached::Open, &[(9, kind)]) };
        let mut lives = vec![decided(FactKind::Accepted); 12];
        lives.extend(vec![decided(FactKind::Closed); 6]);
        lives.extend(vec![life(Reached::Open, &[]); 2]);
        let text = sheet(&lives, None);
        assert!(text.contains("closed: not shown") && text.contains("undecided: under 5"), "{text}");
        assert!(!text.contains("of 6)") && !text.contains("18 ended"), "{text}");
    }

    #[test]
    fn a_partner_that_was_asked_is_measured_by_itself_not_by_who_sent_the_referral() {
        let id = PartnerId("north-clinic".to_owned());
        let at = beginning();
        let received_at = Some(at + TimeDelta::hours(3));
        let ask = Asked { partner: id, at, received_at, decided_at: received_at, is_over: true };
        let sent = Life { asked: vec![ask], ..life(Reached::Open, &[]) };
        let text = sheet(&vec![sent; 6], Some(Split::Partner));
        let (north, sender) =
            text.split_once("north-clinic: 0 received").unwrap().1.split_once("6 received").unwrap();
        assert!(
            north.contains("has a redirect: median 3.0 h, nine of ten within 3.0 h (6 ended, 0 not)"),
            "{text}"
        );
        assert!(sender.contains("has a redirect: nothing to count"), "{text}");
    }

    #[test]
    fn of_fields_that_were_missing_each_is_told_or_not_by_itself() {
        let answers: Vec<Answer> = [("Phone", 9), ("Language", 2), ("Consent to share", 18)]
            .into_iter()
            .flat_map(|(label, n)| vec![Answer::Is(label); n])
            .collect();
        let lines: Vec<String> = parts(Measure::MissingFields, &answers, 20)
            .into_iter()
            .map(|cell| format!("{}: {}", cell.label, cell.shown))
            .collect();
        let expected =
            ["Consent to share: too few to tell", "Language: too few to tell", "Phone: 45.0 % (9 of 20)"];
        assert_eq!(lines, expected);
    }
}
