//! Where the client's clock stands: from the time zone a packet names, else from the state in its address or county.
//!
//! What is not said is the office's zone. Where it is in doubt, every zone that may be meant is kept, the office's
//! too, and an hour must be right in all of them. Reads only what is written in full: a state by its name or its two
//! capitals, a zone by its name; never a town.

mod states;

use chrono::{DateTime, Offset, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::packet::{Field, Packet};

/// The zones the client may be in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Whereabouts {
    /// One if it is clear; never empty.
    pub zones: Vec<Tz>,
    /// What a person must settle.
    pub doubt: Option<Doubt>,
}

/// What a person must settle about a zone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Doubt {
    /// A zone was named that does not exist: it may be any.
    Unknown,
    /// The named zone is not the one of the address.
    Torn,
}

impl Doubt {
    /// The question, without the value.
    #[must_use]
    pub const fn question(self) -> &'static str {
        match self {
            Doubt::Unknown => {
                "The client's time zone could not be read; letters leave in hours that are safe across the country \
                 until somebody has asked."
            }
            Doubt::Torn => {
                "The client's time zone and address do not agree; letters leave in hours that are safe in both until \
                 somebody has asked."
            }
        }
    }
}

/// The zones in all of which an hour must be right for this client.
#[must_use]
pub fn of(packet: &Packet, office: Tz) -> Whereabouts {
    let Said { zones, doubt } = said(packet);
    let is_clear = zones.len() == 1 && doubt.is_none();
    let zones = if is_clear { zones } else { union(zones, &[office]) };
    Whereabouts { zones, doubt }
}

/// What a person must settle about this packet's zone, if anything.
#[must_use]
pub fn doubt(packet: &Packet) -> Option<Doubt> {
    said(packet).doubt
}

/// What a text or a packet says: nothing is an empty list.
#[derive(Default)]
struct Said {
    zones: Vec<Tz>,
    doubt: Option<Doubt>,
}

fn said(packet: &Packet) -> Said {
    let text = |field: Field| packet.text(field).unwrap_or_default();
    let mut named = named(text(Field::TimeZone));
    let mentioned = mentioned(text(Field::BestTime));
    named.zones = union(named.zones, &mentioned.zones);
    named.doubt = named.doubt.or(mentioned.doubt);
    let place =
        union(states::in_address(text(Field::ClientAddress)), &states::in_address(text(Field::County)));
    if named.zones.is_empty() || place.is_empty() {
        return Said { zones: union(named.zones, &place), doubt: named.doubt };
    }
    let both: Vec<Tz> = named
        .zones
        .iter()
        .copied()
        .filter(|zone| place.iter().any(|other| show_the_same(*zone, *other)))
        .collect();
    if both.is_empty() {
        return Said { zones: union(named.zones, &place), doubt: named.doubt.or(Some(Doubt::Torn)) };
    }
    Said { zones: both, doubt: named.doubt }
}

/// The value of a field that asks for the zone.
fn named(value: &str) -> Said {
    let mut said = Said::default();
    let mut is_plain = !value.contains('?');
    for word in words(value) {
        if word.contains('/') {
            match iana(word) {
                Some(zone) => said.zones = union(said.zones, &[zone]),
                None => said.doubt = Some(Doubt::Unknown),
            }
            continue;
        }
        let folded = plain(word);
        match spoken(&folded) {
            Some(zones) => said.zones = union(said.zones, zones),
            None => is_plain &= is_beside(&folded),
        }
    }
    let state = if said.zones.is_empty() { states::named(value) } else { &[] };
    said.zones = union(said.zones, state);
    if !value.trim().is_empty() && (said.zones.is_empty() || !is_plain && state.is_empty()) {
        said.doubt = Some(Doubt::Unknown);
    }
    said
}

/// A zone beside a time of day: "after 5pm ET", "9-12 Pacific time", "18:00 America/Denver".
fn mentioned(value: &str) -> Said {
    let mut said = Said::default();
    let words: Vec<&str> = words(value).collect();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| words.get(before)).copied().unwrap_or_default();
        let after = words.get(at + 1).map(|word| plain(word)).unwrap_or_default();
        let beside_time = before.ends_with(|c: char| c.is_ascii_digit())
            || matches!(plain(before).trim_start_matches(|c: char| c.is_ascii_digit()), "am" | "pm" | "noon");
        let is_capital = word.len() <= 4 && word.chars().all(|c| c.is_ascii_uppercase());
        let speaks = match word.len() {
            _ if word.contains('/') => has_area(word),
            0..=2 => is_capital && beside_time,
            3 | 4 => is_capital,
            _ => beside_time || matches!(after.as_str(), "time" | "standard" | "daylight"),
        };
        if !speaks {
            continue;
        }
        if word.contains('/') {
            match iana(word) {
                Some(zone) => said.zones = union(said.zones, &[zone]),
                None => said.doubt = Some(Doubt::Unknown),
            }
        } else if let Some(zones) = spoken(&plain(word)) {
            said.zones = union(said.zones, zones);
        }
    }
    said
}

/// At most the first sixty words, brackets and stops off.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_wrapping = |c: char| matches!(c, '(' | ')' | ',' | ';' | ':' | '.' | '"' | '[' | ']' | '!' | '?');
    text.split_whitespace()
        .map(move |word| word.trim_matches(is_wrapping))
        .filter(|word| !word.is_empty())
        .take(60)
}

/// Lower case, accents of Spanish off, letters and digits only.
fn plain(word: &str) -> String {
    let base = |c: char| match c {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ñ' => 'n',
        other => other,
    };
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).map(base).collect()
}

/// A zone of the IANA database, in any case.
fn iana(name: &str) -> Option<Tz> {
    TZ_VARIANTS.iter().copied().find(|zone| zone.name().eq_ignore_ascii_case(name))
}

/// Whether a word with a slash in it means to be a zone: `America/Nowhere`, not `mornings/evenings`.
fn has_area(word: &str) -> bool {
    const AREAS: [&str; 11] = [
        "africa",
        "america",
        "antarctica",
        "asia",
        "atlantic",
        "australia",
        "europe",
        "etc",
        "indian",
        "pacific",
        "us",
    ];
    let area = word.split('/').next().unwrap_or_default().to_ascii_lowercase();
    AREAS.contains(&area.as_str()) && iana(word).is_some()
        || AREAS.contains(&area.as_str()) && area != "pacific"
}

/// The zones people mean by a word. In winter and in summer "EST" is the clock of New York; "MST" may be Arizona's,
/// which knows no summer time.
fn spoken(word: &str) -> Option<&'static [Tz]> {
    use chrono_tz::{America, Asia, Etc, Pacific};
    Some(match word {
        "et" | "est" | "edt" | "eastern" | "este" => &[America::New_York],
        "ct" | "cst" | "cdt" | "central" | "centro" => &[America::Chicago],
        "mt" | "mdt" | "mountain" | "montana" => &[America::Denver],
        "mst" => &[America::Denver, America::Phoenix],
        "pt" | "pst" | "pdt" | "pacific" | "pacifico" => &[America::Los_Angeles],
        "akt" | "akst" | "akdt" | "alaska" => &[America::Anchorage],
        "hst" | "hawaii" | "hawai" => &[Pacific::Honolulu],
        "ast" | "adt" | "atlantic" | "atlantico" => &[America::Puerto_Rico, America::Halifax],
        "arizona" => &[America::Phoenix],
        "chst" | "guam" => &[Pacific::Guam],
        "manila" => &[Asia::Manila],
        "utc" | "gmt" => &[Etc::UTC],
        _ => return None,
    })
}

/// Whether a word in plain small letters names a zone, or stands beside one.
#[must_use]
pub fn is_zone_word(word: &str) -> bool {
    spoken(word).is_some() || matches!(word, "standard" | "daylight" | "zone")
}

/// Words that say nothing more beside a zone's name.
fn is_beside(word: &str) -> bool {
    matches!(
        word,
        "time"
            | "zone"
            | "standard"
            | "daylight"
            | "savings"
            | "saving"
            | "us"
            | "usa"
            | "the"
            | "is"
            | "in"
            | "hora"
            | "zona"
            | "horaria"
            | "de"
            | "del"
            | "la"
            | "el"
            | "tiempo"
            | "estandar"
    )
}

/// Whether two zones show the same time the year round, in winter and in summer.
fn show_the_same(one: Tz, other: Tz) -> bool {
    const WINTER_AND_SUMMER: [i64; 2] = [1_768_478_400, 1_784_116_800];
    WINTER_AND_SUMMER.into_iter().filter_map(|at| DateTime::from_timestamp(at, 0)).all(|at: DateTime<Utc>| {
        let offset = |zone: Tz| zone.offset_from_utc_datetime(&at.naive_utc()).fix();
        offset(one) == offset(other)
    })
}

/// Both lists; zones that show the same time are one.
fn union(mut zones: Vec<Tz>, more: &[Tz]) -> Vec<Tz> {
    for zone in more {
        if !zones.iter().any(|known| show_the_same(*known, *zone)) {
            zones.push(*zone);
        }
    }
    zones
}

#[cfg(test)]
mod tests {
    use super::super::packet::{Confidence, Found, Judged};
    use super::*;

    fn packet(fields: &[(Field, &str)]) -> Packet {
        let mut packet = Packet::default();
        for (field, value) in fields {
            let found = Found {
                value: (*value).to_owned(),
                judged: Judged::Text,
                confidence: Confidence::High,
                place: "line 1".to_owned(),
            };
            packet.put(*field, found);
        }
        packet
    }

    fn read(fields: &[(Field, &str)]) -> (Vec<&'static str>, Option<Doubt>) {
        let Whereabouts { zones, doubt } = of(&packet(fields), chrono_tz::America::New_York);
        (zones.into_iter().map(Tz::name).collect(), doubt)
    }

    const EAST: &str = "America/New_York";
    const CENTRAL: &str = "America/Chicago";
    const DENVER: &str = "America/Denver";
    const PHOENIX: &str = "America/Phoenix";
    const WEST: &str = "America/Los_Angeles";

    #[test]
    fn a_zone_that_is_named_is_the_clients() {
        for (value, zones) in [
            ("ET", vec![EAST]),
            ("eastern", vec![EAST]),
            ("America/Denver", vec![DENVER]),
            ("america/denver", vec![DENVER]),
            ("Pacific", vec![WEST]),
            ("Pacific Standard Time (PST)", vec![WEST]),
            ("hora del Pacífico", vec![WEST]),
            ("US/Central", vec!["US/Central"]),
            ("Arizona", vec![PHOENIX]),
            ("California", vec![WEST]),
            ("MST", vec![DENVER, PHOENIX, EAST]),
            ("", vec![EAST]),
        ] {
            assert_eq!(read(&[(Field::TimeZone, value)]), (zones, None), "{value}");
        }
    }

    #[test]
    fn a_zone_that_does_not_exist_is_a_question() {
        for value in
            ["Mars/Olympus", "XYZ", "America/Nowhere", "eastern?", "her own time", "🕐", "UTC-5", "12"]
        {
            assert_eq!(read(&[(Field::TimeZone, value)]).1, Some(Doubt::Unknown), "{value}");
        }
        assert_eq!(read(&[(Field::BestTime, "after 5 America/Nowhere")]).1, Some(Doubt::Unknown));
    }

    #[test]
    fn a_zone_beside_a_time_of_day_is_heard_and_other_words_are_not() {
        for (value, zones) in [
            ("after 5pm ET", vec![EAST]),
            ("9-12 PT", vec![WEST]),
            ("mornings, Pacific time", vec![WEST]),
            ("18:00 America/Denver", vec![DENVER]),
            ("weekdays PST", vec![WEST]),
            ("matin et soir", vec![EAST]),
            ("at the central library", vec![EAST]),
            ("mornings/evenings", vec![EAST]),
            ("pacific/evenings", vec![EAST]),
            ("9am MT", vec![DENVER]),
        ] {
            assert_eq!(read(&[(Field::BestTime, value)]), (zones, None), "{value}");
        }
    }

    #[test]
    fn an_address_gives_the_zone_of_its_state_and_of_a_state_with_two_zones_both_and_the_offices() {
        for (address, zones) in [
            ("12 Elm St, Troy, NY 12180", vec![EAST]),
            ("12 Elm St, Fresno, CA, 93650", vec![WEST]),
            ("12 Elm St\nFresno California 93650", vec![WEST]),
            ("12 Elm St, El Paso, TX 79901", vec![CENTRAL, DENVER, EAST]),
            ("12 Elm St, Nashville, Tennessee", vec![CENTRAL, EAST]),
            ("1 Oregon St, Troy, NY", vec![EAST]),
            ("in or me ok hi", vec![EAST]),
            ("12180", vec![EAST]),
        ] {
            assert_eq!(read(&[(Field::ClientAddress, address)]), (zones, None), "{address}");
        }
        assert_eq!(read(&[(Field::County, "Maricopa County, AZ")]), (vec![PHOENIX, DENVER, EAST], None));
        assert_eq!(read(&[(Field::County, "Albany")]), (vec![EAST], None));
    }

    #[test]
    fn a_named_zone_and_an_address_settle_each_other_or_are_a_question() {
        let both =
            |zone: &str, address: &str| read(&[(Field::TimeZone, zone), (Field::ClientAddress, address)]);
        assert_eq!(both("Mountain", "El Paso, TX 79901"), (vec![DENVER], None));
        assert_eq!(both("MST", "Phoenix, AZ 85001"), (vec![DENVER, PHOENIX, EAST], None));
        assert_eq!(both("America/Indiana/Indianapolis", "Gary, IN 46401").1, None);
        assert_eq!(both("Pacific", "Troy, NY 12180"), (vec![WEST, EAST], Some(Doubt::Torn)));
        assert_eq!(both("Mars/Olympus", "Fresno, CA 93650"), (vec![WEST, EAST], Some(Doubt::Unknown)));
    }
}
