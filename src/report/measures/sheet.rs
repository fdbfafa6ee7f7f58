//! Sheet: the answers of all referrals added up, whole or split, as a letter and as JSON. It may leave the house: it
//! tells no count under five, nor one from which, with the rest of this sheet, such a count follows. Two sheets of one
//! time can tell what neither of them does, and it says so.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Serialize;

use super::life::{Life, Split};
use super::{Answer, Measure, Sum, ties};
use crate::letters::render::{FALLBACK, Templates};
use crate::letters::{Organisation, Rendered, TemplateError, WayBack};
use crate::report::cells::{self, Cell, Shown};

const FOLDER: &str = "measures";
/// A median of fewer could be one person's.
const FEW: usize = 5;
/// Of fewer, what nine of ten did not exceed is the longest one's own time.
const TEN: usize = 10;
const TOO_FEW: &str = "too few to tell";
const NOTHING: &str = "nothing to count";
/// What is asked of each time a partner was asked.
const ASKED: [Measure; 2] = [Measure::PartnerDecision, Measure::PartnerReceipt];
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
    pub unreadable: Shown,
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
    pub received: Shown,
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
    pub lines: Vec<Line>,
}

/// One line of a measure.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Line {
    /// The part; empty where there is only one.
    pub label: String,
    /// What it came to, or words for why it is not told.
    pub shown: String,
    /// It came to something that is told.
    pub told: bool,
}

impl Line {
    fn told(label: impl Into<String>, shown: String) -> Line {
        Line { label: label.into(), shown, told: true }
    }

    fn untold(label: impl Into<String>, why: &str) -> Line {
        Line { label: label.into(), shown: why.to_owned(), told: false }
    }
}

impl From<Cell> for Line {
    fn from(cell: Cell) -> Line {
        Line { label: cell.label, shown: cell.shown.to_string(), told: cell.shown.is_told() }
    }
}

/// Writes the sheet as it is handed out.
///
/// # Errors
/// A mistake in the template; [`check`] finds it at the start.
pub fn write(
    sheet: &Sheet,
    templates: &Templates,
    organisation: &Organisation,
) -> Result<Rendered, TemplateError> {
    templates.render_kind(FOLDER, sheet, FALLBACK, organisation, &WayBack::to(organisation.inbox.clone()))
}

/// Writes a full and an empty sheet, so that a mistake in the template shows at the start.
#[must_use]
pub fn check(templates: &Templates, organisation: &Organisation) -> Vec<TemplateError> {
    let empty = Sheet { policies: vec![], groups: vec![], ..Sheet::sample(None) };
    let all = [Sheet::sample(None).without(1), Sheet::sample(Some(Split::Partner)), empty];
    let mut mistakes: Vec<TemplateError> =
        all.iter().filter_map(|sheet| write(sheet, templates, organisation).err()).collect();
    mistakes.dedup();
    mistakes
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
                if sizes.len() < groups.len() {
                    // Also who sent any at all would tell.
                    let every = |size: Cell| group(size.label, size.shown, &[], now);
                    sizes.into_iter().map(every).collect()
                } else {
                    sizes.into_iter().zip(&groups).map(of).collect()
                }
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

    /// The sheet of invented referrals: enough of them that something is told.
    #[must_use]
    pub fn sample(split: Option<Split>) -> Sheet {
        let now = DateTime::from_timestamp(1_795_183_200, 0).unwrap_or_default();
        let lives: Vec<Life> = (0..24_i64).map(|turn| Life::sample(turn, now)).collect();
        let day = |days: i64| (now + TimeDelta::days(days)).date_naive();
        Sheet::of(&lives, (day(-7), day(-1)), split, now)
    }
}

fn group(name: String, received: Shown, lives: &[&Life], now: DateTime<Utc>) -> Group {
    // A group whose size is not told has nothing else to tell: any of its counts would tell it.
    let measures = Measure::ALL.into_iter().filter(|_| received.is_told());
    let ask =
        |measure: Measure| -> Vec<Answer> { lives.iter().flat_map(|life| measure.ask(life, now)).collect() };
    let hidden = ties::hidden(lives, now);
    let measures = measures.map(|measure| {
        let answers = ask(measure);
        Told {
            name: measure.name(),
            title: measure.title(),
            lines: told(measure, &answers, lives.len(), hidden.contains(&measure)),
        }
    });
    Group { group: name, received, measures: measures.collect() }
}

/// A partner is measured by what it was asked, whoever sent that (requirement 111).
fn group_of_partner(mut group: Group, all: &[Life], partner: &str, now: DateTime<Utc>) -> Group {
    let asked = || all.iter().flat_map(|life| &life.asked).filter(|one| one.partner.0 == partner);
    let ask = |measure: Measure| -> Vec<Vec<Answer>> {
        asked().map(|one| measure.ask_of(one, now).into_iter().collect()).collect()
    };
    let hidden = ties::hidden_of(&ASKED, ask);
    for measure in ASKED {
        let answers: Vec<Answer> = ask(measure).concat();
        let lines = told(measure, &answers, answers.len(), hidden.contains(&measure));
        match group.measures.iter_mut().find(|told| told.name == measure.name()) {
            Some(told) => told.lines = lines,
            None if answers.is_empty() => {}
            None => group.measures.push(Told { name: measure.name(), title: measure.title(), lines }),
        }
    }
    group
}

fn told(measure: Measure, answers: &[Answer], received: usize, is_hidden: bool) -> Vec<Line> {
    match measure.sum() {
        Sum::Share => vec![share(answers, is_hidden)],
        Sum::Times => vec![times(answers, is_hidden)],
        Sum::Parts => parts(measure, answers, received, is_hidden),
        Sum::Total => vec![total(answers, received)],
    }
}

fn share(answers: &[Answer], is_hidden: bool) -> Line {
    let times = |wanted: &Answer| count(answers.iter().filter(|answer| *answer == wanted).count());
    let (yes, no) = (times(&Answer::Yes), times(&Answer::No));
    if yes + no == 0 {
        return Line::untold("", NOTHING);
    }
    if is_hidden || !cells::are_told(&[yes, no, not_counted(answers)]) {
        Line::untold("", TOO_FEW)
    } else {
        Line::told("", percent(yes, yes + no))
    }
}

/// Together with those who are not counted they make a whole whose size is told.
fn not_counted(answers: &[Answer]) -> u64 {
    count(answers.iter().filter(|answer| matches!(answer, Answer::NotCounted(_))).count())
}

fn times(answers: &[Answer], is_hidden: bool) -> Line {
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
        return Line::untold("", NOTHING);
    }
    if took.len() < FEW {
        return Line::untold("", TOO_FEW);
    }
    took.sort_unstable();
    // By nearest rank: a time that really occurred.
    let rank = |percent: usize| {
        took.get((took.len() * percent).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default()
    };
    let ended = count(took.len());
    let is_hidden = is_hidden || !cells::are_told(&[ended, running, not_counted(answers)]);
    let many =
        if is_hidden { format!("how many: {TOO_FEW}") } else { format!("{ended} ended, {running} not") };
    let nine =
        if took.len() < TEN { String::new() } else { format!(", nine of ten within {}", span(rank(90))) };
    Line::told("", format!("median {}{nine} ({many})", span(rank(50))))
}

/// The parts of one whole are told as such; where a referral may be several, each part and what is left of the whole.
fn parts(measure: Measure, answers: &[Answer], received: usize, is_hidden: bool) -> Vec<Line> {
    let mut parts: BTreeMap<&str, u64> = BTreeMap::new();
    for answer in answers {
        if let Answer::Is(what) = answer {
            *parts.entry(what).or_default() += 1;
        }
    }
    if !measure.may_be_several() {
        let parts: Vec<(String, u64)> = parts.into_iter().map(|(what, n)| (what.to_owned(), n)).collect();
        return cells::parts(&parts).into_iter().map(Line::from).collect();
    }
    let alone = |(what, n): (&str, u64)| {
        let rest = count(received).saturating_sub(n);
        let two = cells::parts(&[(what.to_owned(), n), (String::new(), rest)]);
        if cells::is_told(&two) && !is_hidden {
            Line::told(what, percent(n, count(received)))
        } else {
            Line::untold(what, TOO_FEW)
        }
    };
    parts.into_iter().map(alone).collect()
}

fn total(answers: &[Answer], received: usize) -> Line {
    let all: u64 = answers.iter().map(|one| if let Answer::Count(n) = one { *n } else { 0 }).sum();
    if received == 0 {
        return Line::untold("", NOTHING);
    }
    let tenths = (all * 10 + count(received) / 2) / count(received);
    match cells::alone(all) {
        Shown::Told(all) => {
            Line::told("", format!("{all} in all, {}.{} for each referral", tenths / 10, tenths % 10))
        }
        few => Line::untold("", &few.to_string()),
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
            times(&hours(&[5, 1, 3, 2, 100]), false).shown,
            "median 3.0 h (5 ended, 0 not)",
            "nine of ten of these would be the one who took longest"
        );
        assert_eq!(
            times(&hours(&[1, 1, 1, 1, 1, 1, 1, 1, 100]), false).shown,
            "median 60 min (9 ended, 0 not)"
        );
        assert_eq!(
            times(&hours(&[1, 1, 1, 1, 1, 1, 1, 1, 5, 100]), false).shown,
            "median 60 min, nine of ten within 5.0 h (10 ended, 0 not)"
        );
        assert_eq!(times(&hours(&[1, 2, 3, 4]), false), Line::untold("", TOO_FEW));
        let mut some = hours(&[1, 1, 1, 1, 1, 1]);
        some.extend(vec![Answer::StillRunning(TimeDelta::days(9)); 7]);
        assert_eq!(times(&some, false).shown, "median 60 min (6 ended, 7 not)");
        some.push(Answer::NotCounted("x"));
        // Fourteen were received: six and seven would tell of the one who is not counted.
        let untold = "median 60 min (how many: too few to tell)";
        assert_eq!(times(&some, false).shown, untold);
        some.truncate(7);
        assert_eq!(times(&some, false).shown, untold);
        assert_eq!(times(&[Answer::NotCounted("x")], false).shown, "nothing to count");
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
            assert_eq!(share(&answers(yes, no, not_counted), false).shown, shown, "{yes} {no} {not_counted}");
        }
    }

    /// The sheet of these lives, measured ten days after they were received.
    fn sheet(lives: &[Life], split: Option<Split>) -> String {
        let now = beginning() + TimeDelta::days(10);
        let days = (beginning().date_naive(), now.date_naive());
        let mut text: Vec<String> = Vec::new();
        for group in &Sheet::of(lives, days, split, now).groups {
            text.push(format!("{}: {} received", group.group, group.received));
            for told in &group.measures {
                let line = |line: &Line| format!("{}: {}: {}", told.title, line.label, line.shown);
                text.extend(told.lines.iter().map(|one| line(one).replace(": : ", ": ")));
            }
        }
        text.join("\n")
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
        assert!(
            text.contains("confirmed: not shown") && text.contains("capacity delay: not shown"),
            "{text}"
        );
        assert!(!text.contains("6 ended") && text.contains("median 30.0 h"), "{text}");
        assert!(text.contains("Contact confirmed within 24 hours: too few to tell"), "{text}");
        // The same of decisions and of the time until them.
        let decided = |kind: FactKind| Life { is_pending: false, ..life(Reached::Open, &[(9, kind)]) };
        let mut lives = vec![decided(FactKind::Accepted); 12];
        lives.extend(vec![decided(FactKind::Closed); 6]);
        lives.extend(vec![life(Reached::Open, &[]); 2]);
        let text = sheet(&lives, None);
        assert!(text.contains("closed: not shown") && text.contains("undecided: not shown"), "{text}");
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
        assert!(north.contains("has a redirect: median 3.0 h (6 ended, 0 not)"), "{text}");
        assert!(sender.contains("has a redirect: nothing to count"), "{text}");
    }

    #[test]
    fn of_fields_that_were_missing_each_is_told_or_not_by_itself() {
        let answers: Vec<Answer> = [("Phone", 9), ("Language", 2), ("Consent to share", 18)]
            .into_iter()
            .flat_map(|(label, n)| vec![Answer::Is(label); n])
            .collect();
        let lines: Vec<String> = parts(Measure::MissingFields, &answers, 20, false)
            .into_iter()
            .map(|cell| format!("{}: {}", cell.label, cell.shown))
            .collect();
        let expected =
            ["Consent to share: too few to tell", "Language: too few to tell", "Phone: 45.0 % (9 of 20)"];
        assert_eq!(lines, expected);
    }
}
