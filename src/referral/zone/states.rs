//! The states and territories of the United States with the zones their people live by.

use chrono_tz::{America, Pacific, Tz};

const EAST: Tz = America::New_York;
const CENTRAL: Tz = America::Chicago;
const MOUNTAIN: Tz = America::Denver;
const WEST: Tz = America::Los_Angeles;

/// Post code, name, zones; the one most people live by first. Arizona has Denver's beside its own: the Navajo Nation
/// keeps summer time.
const STATES: [(&str, &str, &[Tz]); 56] = [
    ("AL", "alabama", &[CENTRAL]),
    ("AK", "alaska", &[America::Anchorage, America::Adak]),
    ("AZ", "arizona", &[America::Phoenix, MOUNTAIN]),
    ("AR", "arkansas", &[CENTRAL]),
    ("CA", "california", &[WEST]),
    ("CO", "colorado", &[MOUNTAIN]),
    ("CT", "connecticut", &[EAST]),
    ("DE", "delaware", &[EAST]),
    ("DC", "district of columbia", &[EAST]),
    ("FL", "florida", &[EAST, CENTRAL]),
    ("GA", "georgia", &[EAST]),
    ("HI", "hawaii", &[Pacific::Honolulu]),
    ("ID", "idaho", &[MOUNTAIN, WEST]),
    ("IL", "illinois", &[CENTRAL]),
    ("IN", "indiana", &[EAST, CENTRAL]),
    ("IA", "iowa", &[CENTRAL]),
    ("KS", "kansas", &[CENTRAL, MOUNTAIN]),
    ("KY", "kentucky", &[EAST, CENTRAL]),
    ("LA", "louisiana", &[CENTRAL]),
    ("ME", "maine", &[EAST]),
    ("MD", "maryland", &[EAST]),
    ("MA", "massachusetts", &[EAST]),
    ("MI", "michigan", &[EAST, CENTRAL]),
    ("MN", "minnesota", &[CENTRAL]),
    ("MS", "mississippi", &[CENTRAL]),
    ("MO", "missouri", &[CENTRAL]),
    ("MT", "montana", &[MOUNTAIN]),
    ("NE", "nebraska", &[CENTRAL, MOUNTAIN]),
    ("NV", "nevada", &[WEST, MOUNTAIN]),
    ("NH", "new hampshire", &[EAST]),
    ("NJ", "new jersey", &[EAST]),
    ("NM", "new mexico", &[MOUNTAIN]),
    ("NY", "new york", &[EAST]),
    ("NC", "north carolina", &[EAST]),
    ("ND", "north dakota", &[CENTRAL, MOUNTAIN]),
    ("OH", "ohio", &[EAST]),
    ("OK", "oklahoma", &[CENTRAL]),
    ("OR", "oregon", &[WEST, MOUNTAIN]),
    ("PA", "pennsylvania", &[EAST]),
    ("RI", "rhode island", &[EAST]),
    ("SC", "south carolina", &[EAST]),
    ("SD", "south dakota", &[CENTRAL, MOUNTAIN]),
    ("TN", "tennessee", &[CENTRAL, EAST]),
    ("TX", "texas", &[CENTRAL, MOUNTAIN]),
    ("UT", "utah", &[MOUNTAIN]),
    ("VT", "vermont", &[EAST]),
    ("VA", "virginia", &[EAST]),
    ("WA", "washington", &[WEST]),
    ("WV", "west virginia", &[EAST]),
    ("WI", "wisconsin", &[CENTRAL]),
    ("WY", "wyoming", &[MOUNTAIN]),
    ("PR", "puerto rico", &[America::Puerto_Rico]),
    ("VI", "virgin islands", &[America::Puerto_Rico]),
    ("GU", "guam", &[Pacific::Guam]),
    ("AS", "american samoa", &[Pacific::Pago_Pago]),
    ("MP", "northern mariana islands", &[Pacific::Guam]),
];

/// The zones of the state at the end of an address, before the ZIP code and the country; empty without one.
pub(super) fn in_address(text: &str) -> Vec<Tz> {
    let mut words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut zip = "";
    while let Some(last) = words.pop_if(|last| is_after_state(last)) {
        zip = if last.len() == 5 { last } else { zip };
    }
    let Some(last) = words.last() else { return Vec::new() };
    // Many mean the city by "LA"; the ZIP codes of Louisiana begin with a 7.
    if *last == "LA" && !zip.starts_with('7') {
        return vec![CENTRAL, WEST];
    }
    if let Some((_, _, zones)) = STATES.iter().find(|(code, _, _)| code == last) {
        return zones.to_vec();
    }
    // "Washington" alone may be the city in the east; "New York" is in New York either way.
    let end = (1..=3).rev().find_map(|count| {
        let from = words.len().checked_sub(count)?;
        let name = words.get(from..)?.join(" ").to_lowercase();
        STATES.iter().find(|(_, state, _)| *state == name)
    });
    match end {
        Some((_, "washington", zones)) => zones.iter().copied().chain([EAST]).collect(),
        Some((_, _, zones)) => zones.to_vec(),
        None => Vec::new(),
    }
}

/// The zones of a state that a text is the name of, with or without "time".
pub(super) fn named(text: &str) -> &'static [Tz] {
    let name = text.trim().to_lowercase();
    let name = name.strip_suffix(" time").unwrap_or(&name);
    let found = STATES.iter().find(|(_, state, _)| *state == name);
    found.map_or(&[], |(_, _, zones)| zones)
}

/// A ZIP code, its four more digits, or the country.
fn is_after_state(word: &str) -> bool {
    let is_zip = matches!(word.len(), 4 | 5) && word.bytes().all(|b| b.is_ascii_digit());
    is_zip || matches!(word, "USA" | "US" | "EEUU")
}
