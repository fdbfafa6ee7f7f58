//! `[eligibility]`: whom we take. Every screen is a proposal to a person.

use std::fmt::Write as _;

use crate::referral::eligibility::{Eligibility, Screen};

use super::mistake::{Wrong, wrong};
use super::reader::{Item, Read, Section, one_line};

const MOST_CEILINGS: usize = 20;
const HIGHEST: u32 = 10_000_000;

/// The screens; without the section nobody is outside.
pub(super) fn eligibility(section: &Section<'_>) -> Read<Eligibility> {
    let counties = section.list("counties", one_line);
    let matters = section.list("matters", one_line);
    let ceilings = section.get("income_ceilings").map_or(Ok(Vec::new()), |item| ceilings(&item));
    let each_further = section.number("income_each_further", 0..=HIGHEST, 0);
    let county_redirect = section.read_if("county_redirect", organisation);
    let matter_redirect = section.read_if("matter_redirect", organisation);
    let income_redirect = section.read_if("income_redirect", organisation);
    section.finish();
    Ok(Eligibility {
        counties: counties?,
        matters: matters?,
        ceilings: ceilings?,
        each_further: each_further?,
        county_redirect: county_redirect?,
        matter_redirect: matter_redirect?,
        income_redirect: income_redirect?,
    })
}

fn ceilings(item: &Item<'_>) -> Read<Vec<u32>> {
    let items = item.items()?;
    let numbers: Vec<Read<u32>> = items.iter().map(|item| item.number(1..=HIGHEST)).collect();
    let ceilings = numbers.into_iter().collect::<Read<Vec<u32>>>()?;
    if ceilings.len() > MOST_CEILINGS || !ceilings.is_sorted() {
        let remedy = "list at most 20, for one person, two, three …, none lower than the one before";
        return Err(item.wrong(wrong("are not ceilings by household size", remedy)));
    }
    Ok(ceilings)
}

/// The name must come through `redirect to NAME: REASON` whole.
fn organisation(text: &str) -> Result<String, Wrong> {
    let name = one_line(text)?;
    let parts = name.contains([':', ',', ';']) || name.contains(" - ") || name.chars().count() > 80;
    if parts || name.is_empty() {
        let remedy =
            "write at most 80 characters without comma, colon, semicolon and dash, or a [[partner]]'s id";
        return Err(wrong("is not a name that fits into a line", remedy));
    }
    Ok(name)
}

/// The screens as a person would say them; nothing where there is none.
#[must_use]
pub fn screens_in_words(eligibility: &Eligibility) -> String {
    let money: Vec<String> = eligibility.ceilings.iter().map(u32::to_string).collect();
    let further = match eligibility.each_further {
        0 => String::new(),
        more => format!(", {more} more for each further person"),
    };
    [
        (Screen::County, eligibility.counties.join(", "), "counties served", ""),
        (Screen::Matter, eligibility.matters.join(", "), "matters taken on", ""),
        (
            Screen::Income,
            money.join(", "),
            "household income of a year, for one person, two …, at most",
            further.as_str(),
        ),
    ]
    .into_iter()
    .filter(|(_, list, _, _)| !list.is_empty())
    .fold(String::new(), |mut told, (screen, list, what, more)| {
        let then = eligibility.redirect(screen).map_or_else(
            || format!("the owner is asked to look, with the line \"{}\"", screen.ask()),
            |to| format!("the owner is proposed a redirect to {to}"),
        );
        let _ = writeln!(told, "Screen: {what} {list}{more}; outside, {then}");
        told
    })
}
