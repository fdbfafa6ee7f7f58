//! Eligibility: simple screens whose outcome is a proposal to a person, never a refusal (requirements 40 and 49).
//!
//! In doubt a packet is inside: what is missing, unreadable or can be read in two ways is no result.

use super::fold::{fold, front, words};
use super::packet::{Field, Packet};

/// More characters of an income are not looked at.
const LONGEST_INCOME: usize = 200;
/// A larger number is no household.
const LARGEST_HOUSEHOLD: u32 = 30;

/// Whom we take, as settings say; what is empty screens nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Eligibility {
    /// The counties served.
    pub counties: Vec<String>,
    /// Words of the matters taken on.
    pub matters: Vec<String>,
    /// The highest household income of a year, by the number of people, from one.
    pub ceilings: Vec<u32>,
    /// What each further person adds to the last ceiling.
    pub each_further: u32,
    /// Who takes people from other counties.
    pub county_redirect: Option<String>,
    /// Who takes other matters.
    pub matter_redirect: Option<String>,
    /// Who takes people with a higher income.
    pub income_redirect: Option<String>,
}

/// One screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Screen {
    /// Where the person lives.
    County,
    /// What it is about.
    Matter,
    /// What the household earns.
    Income,
}

impl Screen {
    /// Why a packet is outside, for staff and the record.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Screen::County => "outside our counties",
            Screen::Matter => "not a matter we take on",
            Screen::Income => "income over our ceiling",
        }
    }

    /// The line that asks the sender about it.
    #[must_use]
    pub const fn ask(self) -> &'static str {
        match self {
            Screen::County => "needs county",
            Screen::Matter => "needs matter type",
            Screen::Income => "needs income",
        }
    }
}

impl Eligibility {
    /// The screens a packet is outside of.
    #[must_use]
    pub fn outside(&self, packet: &Packet) -> Vec<Screen> {
        let screens = [
            (Screen::County, self.is_elsewhere(packet)),
            (Screen::Matter, self.is_another_matter(packet)),
            (Screen::Income, self.earns_more(packet)),
        ];
        screens.into_iter().filter_map(|(screen, outside)| outside.then_some(screen)).collect()
    }

    /// The organisation that settings name for a screen.
    #[must_use]
    pub fn redirect(&self, screen: Screen) -> Option<&str> {
        match screen {
            Screen::County => self.county_redirect.as_deref(),
            Screen::Matter => self.matter_redirect.as_deref(),
            Screen::Income => self.income_redirect.as_deref(),
        }
    }

    /// The line a screen proposes: to redirect, or, where no organisation is named, to ask the sender.
    #[must_use]
    pub fn proposal(&self, screen: Screen) -> String {
        self.redirect(screen)
            .map_or_else(|| screen.ask().to_owned(), |to| format!("redirect to {to}: {}", screen.reason()))
    }

    fn is_elsewhere(&self, packet: &Packet) -> bool {
        let names = |said: &[String], county: &String| contains(said, &without_county(words(county)));
        !self.counties.is_empty()
            && said(packet, Field::County)
                .is_some_and(|said| !self.counties.iter().any(|county| names(&said, county)))
    }

    fn is_another_matter(&self, packet: &Packet) -> bool {
        let names = |said: &[String], matter: &String| said.join(" ").contains(&words(matter).join(" "));
        !self.matters.is_empty()
            && said(packet, Field::Service)
                .is_some_and(|said| !self.matters.iter().any(|matter| names(&said, matter)))
    }

    fn earns_more(&self, packet: &Packet) -> bool {
        if self.ceilings.is_empty() {
            return false;
        }
        let income = packet.text(Field::HouseholdIncome).and_then(lowest_yearly);
        let size = packet.text(Field::HouseholdSize).and_then(people);
        income.zip(self.ceiling(size)).is_some_and(|(income, ceiling)| income > ceiling)
    }

    /// The ceiling for so many people; one ceiling alone holds for everybody.
    fn ceiling(&self, size: Option<u32>) -> Option<u64> {
        let last = u64::from(*self.ceilings.last()?);
        if self.ceilings.len() == 1 && self.each_further == 0 {
            return Some(last);
        }
        let size = usize::try_from(size?).ok()?;
        let listed = self.ceilings.get(size.checked_sub(1)?).copied().map(u64::from);
        let further = u64::try_from(size.saturating_sub(self.ceilings.len())).ok()?;
        Some(listed.unwrap_or(last + further * u64::from(self.each_further)))
    }
}

/// What a field says in folded words, unless it says that nobody knows.
fn said(packet: &Packet, field: Field) -> Option<Vec<String>> {
    const NOTHING: [&str; 9] =
        ["", "unknown", "n a", "na", "not known", "not sure", "other", "no se", "desconocido"];
    let said = words(&front(packet.text(field)?));
    (!NOTHING.contains(&said.join(" ").as_str())).then_some(said)
}

fn without_county(words: Vec<String>) -> Vec<String> {
    let county =
        |word: &str| matches!(word, "county" | "co" | "parish" | "borough" | "condado" | "de" | "of");
    words.into_iter().filter(|word| !county(word)).collect()
}

/// Whether words stand in a text one after another.
fn contains(text: &[String], part: &[String]) -> bool {
    !part.is_empty() && text.windows(part.len()).any(|window| window == part)
}

/// The first number, if it can be a household.
fn people(text: &str) -> Option<u32> {
    let size: u32 = words(text).iter().find_map(|word| word.parse().ok())?;
    (1..=LARGEST_HOUSEHOLD).contains(&size).then_some(size)
}

/// The lowest income of a year that a text can mean: without a period it may be a year's already.
fn lowest_yearly(text: &str) -> Option<u64> {
    let folded = fold(&text.chars().take(LONGEST_INCOME).collect::<String>());
    let said = words(&folded);
    let says = |known: &[&str]| said.iter().any(|word| known.contains(&word.as_str()));
    if says(&["twice", "semi", "semimonthly", "hour", "hourly", "hr", "hora", "day", "daily", "dia"]) {
        return None;
    }
    let amount = amount(&folded)?;
    let periods = if says(&["biweekly", "bi", "fortnight", "quincena", "quincenal"]) {
        26
    } else if says(&["week", "weekly", "wk", "semana", "semanal"]) {
        52
    } else if says(&["month", "monthly", "mo", "mes", "mensual", "mensuales"]) {
        12
    } else {
        1
    };
    Some(amount.saturating_mul(periods))
}

/// The only amount in a text; of two nobody knows which one counts.
fn amount(text: &str) -> Option<u64> {
    let is_part = |c: char| c.is_ascii_digit() || c == ',' || c == '.' || c == 'k';
    let mut amounts = text
        .split(|c: char| !is_part(c))
        .map(|part| part.trim_matches(['.', ',']))
        .filter(|part| part.starts_with(|c: char| c.is_ascii_digit()));
    let only = amounts.next()?;
    if amounts.next().is_some() {
        return None;
    }
    let (only, thousands) = only.strip_suffix('k').map_or((only, 1), |only| (only, 1_000));
    // Cents are two digits at most; three after a point are thousands, as Spanish writes them.
    let whole = match only.rsplit_once('.') {
        Some((whole, cents)) if cents.len() < 3 => whole,
        Some(_) | None => only,
    };
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    if digits.len() == whole.chars().filter(|c| *c != ',' && *c != '.').count() {
        digits.parse::<u64>().ok()?.checked_mul(thousands)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::packet::{Confidence, Found, Judged};
    use super::*;

    fn screens() -> Eligibility {
        Eligibility {
            counties: vec!["Example County".to_owned(), "San José".to_owned()],
            matters: vec!["housing".to_owned(), "eviction".to_owned()],
            ceilings: vec![30_000, 40_000],
            each_further: 5_000,
            county_redirect: Some("North Clinic".to_owned()),
            ..Eligibility::default()
        }
    }

    fn packet(fields: &[(Field, &str)]) -> Packet {
        let mut packet = Packet::default();
        for (field, value) in fields {
            let found = Found {
                value: (*value).to_owned(),
                judged: Judged::Text,
                confidence: Confidence::High,
                place: String::new(),
            };
            packet.put(*field, found);
        }
        packet
    }

    #[test]
    fn counties_and_matters_are_compared_by_their_words() {
        let screens = screens();
        for (field, value, outside) in [
            (Field::County, "Example", false),
            (Field::County, "EXAMPLE COUNTY, NY", false),
            (Field::County, "condado de San Jose", false),
            (Field::County, "Kings County", true),
            (Field::County, "unknown", false),
            (Field::County, "?", false),
            (Field::Service, "Housing (eviction)", false),
            (Field::Service, "immigration", true),
            (Field::Service, "n/a", false),
        ] {
            assert_eq!(!screens.outside(&packet(&[(field, value)])).is_empty(), outside, "{value}");
        }
        assert!(screens.outside(&Packet::default()).is_empty(), "nothing said is no result");
    }

    #[test]
    fn an_income_is_over_the_ceiling_only_if_every_reading_is() {
        let screens = screens();
        for (income, size, outside) in [
            ("$45,000 a year", "1", true),
            ("45k", "1", true),
            ("$45,000", "4", false),
            ("$50,001/yr", "4", true),
            ("$50,000/yr", "4", false),
            ("$3,500 monthly", "2 people", true),
            ("$3,500", "2 people", false),
            ("3.500,00 al mes", "2", true),
            ("$900 weekly", "2", true),
            ("$1,600.50 bi-weekly", "2", true),
            ("$25 an hour", "1", false),
            ("$40,000 or $50,000", "1", false),
            ("none", "1", false),
            ("$45,000 a year", "", false),
            ("$45,000 a year", "a few", false),
            ("99999999999999999999999", "1", false),
        ] {
            let packet = packet(&[(Field::HouseholdIncome, income), (Field::HouseholdSize, size)]);
            assert_eq!(screens.outside(&packet) == [Screen::Income], outside, "{income} for {size}");
        }
        let one = Eligibility { ceilings: vec![30_000], ..Eligibility::default() };
        assert_eq!(one.outside(&packet(&[(Field::HouseholdIncome, "$31,000 a year")])), [Screen::Income]);
    }

    #[test]
    fn a_screen_proposes_a_redirect_or_a_question() {
        let screens = screens();
        assert_eq!(screens.proposal(Screen::County), "redirect to North Clinic: outside our counties");
        assert_eq!(screens.proposal(Screen::Income), "needs income");
    }

    proptest! {
        #[test]
        fn without_screens_everybody_is_inside_and_no_text_is_too_odd(text in ".{0,300}", size in ".{0,20}") {
            let fields = [
                (Field::County, text.as_str()),
                (Field::Service, text.as_str()),
                (Field::HouseholdIncome, text.as_str()),
                (Field::HouseholdSize, size.as_str()),
            ];
            prop_assert!(Eligibility::default().outside(&packet(&fields)).is_empty());
            let _ = screens().outside(&packet(&fields));
        }

        #[test]
        fn more_people_never_make_a_ceiling_lower(size in 1u32..29) {
            prop_assert!(screens().ceiling(Some(size)) <= screens().ceiling(Some(size + 1)));
        }
    }
}
