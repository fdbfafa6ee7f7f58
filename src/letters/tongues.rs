//! Languages: which files stand for a tag (BCP 47, RFC 4647 look-up), and how each language writes a date and time.
//!
//! Dates are written as CLDR has them, by ICU4X. It does not know Haitian Creole, whose names of days and months are in
//! [`creole`].

mod creole;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Timelike as _};
use chrono_tz::Tz;
use icu_calendar::Gregorian;
use icu_datetime::fieldsets::{YMDE, YMDET};
use icu_datetime::{DateTimeFormatterPreferences, FixedCalendarDateTimeFormatter, input};
use icu_locale_core::{LanguageIdentifier, langid};

/// The languages every letter to a client is written in (issue 5, point 3), as the files are named.
pub const CLIENT_LANGUAGES: [&str; 12] =
    ["en", "es", "zh-hans", "zh-hant", "vi", "ht", "ar", "ru", "ko", "pt", "fr", "tl"];

/// Whose way of writing a date a letter takes. Those who read the Spanish one live where the clock has twelve hours;
/// the Arabic one has the digits of the phone number beside it.
static LOCALES: [(&str, LanguageIdentifier); 11] = [
    ("en", langid!("en-US")),
    ("es", langid!("es-US")),
    ("zh-hans", langid!("zh-Hans")),
    ("zh-hant", langid!("zh-Hant")),
    ("vi", langid!("vi")),
    ("ar", langid!("ar")),
    ("ru", langid!("ru")),
    ("ko", langid!("ko")),
    ("pt", langid!("pt")),
    ("fr", langid!("fr")),
    ("tl", langid!("fil")),
];

/// Other tags for the languages above: the code of ISO 639-2 or -3, and languages whose readers read that writing.
const ALIASES: [(&str, &str); 37] = [
    ("eng", "en"),
    ("spa", "es"),
    ("zh", "zh-hans"),
    ("zho", "zh-hans"),
    ("chi", "zh-hans"),
    ("cmn", "zh-hans"),
    ("wuu", "zh-hans"),
    ("zh-cn", "zh-hans"),
    ("zh-sg", "zh-hans"),
    ("zh-tw", "zh-hant"),
    ("zh-hk", "zh-hant"),
    ("zh-mo", "zh-hant"),
    ("cmn-hans", "zh-hans"),
    ("cmn-hant", "zh-hant"),
    ("cmn-tw", "zh-hant"),
    ("yue", "zh-hant"),
    ("yue-hans", "zh-hans"),
    ("yue-cn", "zh-hans"),
    ("nan", "zh-hant"),
    ("hak", "zh-hant"),
    ("vie", "vi"),
    ("hat", "ht"),
    ("ara", "ar"),
    ("arb", "ar"),
    ("ary", "ar"),
    ("arz", "ar"),
    ("apc", "ar"),
    ("acm", "ar"),
    ("ajp", "ar"),
    ("rus", "ru"),
    ("kor", "ko"),
    ("por", "pt"),
    ("fra", "fr"),
    ("fre", "fr"),
    ("tgl", "tl"),
    ("fil", "tl"),
    ("ph", "tl"),
];

/// The files that may stand for a language, best first: the tag as given, then with its last part cut off again and
/// again (RFC 4647 §3.4), each followed by the name the same language has here.
#[must_use]
pub fn candidates(language: &str) -> Vec<String> {
    let mut tag = language.trim().to_ascii_lowercase().replace('_', "-");
    let mut all = Vec::new();
    loop {
        let alias = ALIASES.iter().find(|(other, _)| *other == tag).map(|(_, ours)| (*ours).to_owned());
        all.extend(std::iter::once(tag.clone()).chain(alias));
        match tag.rsplit_once('-') {
            Some((shorter, _)) => tag = shorter.to_owned(),
            None => return all,
        }
    }
}

/// A day in the words of a language; in one we do not have, `2026-11-24`.
#[must_use]
pub fn day(language: &str, date: NaiveDate) -> String {
    let words = match manner_of(language) {
        Some(Manner::Cldr(locale)) => cldr_day(locale, date),
        Some(Manner::Creole) => Some(creole::day(date)),
        None => None,
    };
    words.unwrap_or_else(|| date.format("%Y-%m-%d").to_string())
}

/// A day and time in the words of a language, with the name of the zone.
#[must_use]
pub fn instant(language: &str, at: &DateTime<Tz>) -> String {
    let (date, time) = (at.date_naive(), at.time());
    let words = match manner_of(language) {
        Some(Manner::Cldr(locale)) => cldr_instant(locale, date, time),
        Some(Manner::Creole) => Some(creole::instant(date, time)),
        None => None,
    };
    let words = words.unwrap_or_else(|| at.format("%Y-%m-%d, %H:%M").to_string());
    format!("{words} {}", at.format("%Z"))
}

/// Whose names and order of parts a language takes.
enum Manner {
    Cldr(&'static LanguageIdentifier),
    Creole,
}

fn manner_of(language: &str) -> Option<Manner> {
    candidates(language).iter().find_map(|tag| {
        if tag == "ht" {
            return Some(Manner::Creole);
        }
        LOCALES.iter().find(|(ours, _)| ours == tag).map(|(_, locale)| Manner::Cldr(locale))
    })
}

fn cldr_day(locale: &LanguageIdentifier, date: NaiveDate) -> Option<String> {
    let formatter =
        FixedCalendarDateTimeFormatter::<Gregorian, YMDE>::try_new(preferences(locale), YMDE::long());
    Some(in_plain_spaces(&formatter.ok()?.format(&gregorian(date)?).to_string()))
}

fn cldr_instant(locale: &LanguageIdentifier, date: NaiveDate, time: NaiveTime) -> Option<String> {
    let parts = YMDE::long().with_time_hm();
    let formatter = FixedCalendarDateTimeFormatter::<Gregorian, YMDET>::try_new(preferences(locale), parts);
    let number = |part: u32| u8::try_from(part).ok();
    let time = input::Time::try_new(number(time.hour())?, number(time.minute())?, 0, 0).ok()?;
    let at = input::DateTime { date: gregorian(date)?, time };
    Some(in_plain_spaces(&formatter.ok()?.format(&at).to_string()))
}

fn preferences(locale: &LanguageIdentifier) -> DateTimeFormatterPreferences {
    locale.into()
}

fn gregorian(date: NaiveDate) -> Option<input::Date<Gregorian>> {
    let number = |part: u32| u8::try_from(part).ok();
    input::Date::try_new_gregorian(date.year(), number(date.month())?, number(date.day())?).ok()
}

/// CLDR's narrow spaces, which old phones show as a box.
fn in_plain_spaces(text: &str) -> String {
    text.replace(['\u{202f}', '\u{a0}'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_cut_short_until_a_file_stands_for_it() {
        for (tag, best) in [
            ("es-MX", "es"),
            ("ES_mx", "es"),
            ("zh", "zh-hans"),
            ("zh-Hant", "zh-hant"),
            ("zh-Hant-HK", "zh-hant"),
            ("zh-TW", "zh-hant"),
            ("zh-Hans-SG", "zh-hans"),
            ("cmn", "zh-hans"),
            ("yue", "zh-hant"),
            ("yue-HK", "zh-hant"),
            ("pt-BR", "pt"),
            ("pt-PT", "pt"),
            ("fil", "tl"),
            ("fil-PH", "tl"),
            ("arz-EG", "ar"),
            ("hat", "ht"),
            ("en-GB", "en"),
        ] {
            let ours = candidates(tag).into_iter().find(|tag| CLIENT_LANGUAGES.contains(&tag.as_str()));
            assert_eq!(ours.as_deref(), Some(best), "{tag}");
        }
        assert!(!candidates("so").iter().any(|tag| CLIENT_LANGUAGES.contains(&tag.as_str())));
        assert_eq!(candidates(""), [""]);
    }

    #[test]
    fn a_date_and_time_is_written_the_way_the_language_writes_it() {
        let at: DateTime<chrono::Utc> = "2026-11-24T20:00:00Z".parse().unwrap();
        let at = at.with_timezone(&chrono_tz::America::New_York);
        for (language, words) in [
            ("en", "Tuesday, November 24, 2026 at 3:00 PM EST"),
            ("es", "martes, 24 de noviembre de 2026 a las 3:00 p.m. EST"),
            ("zh-hans", "2026年11月24日星期二 15:00 EST"),
            ("zh-hant", "2026年11月24日星期二 下午3:00 EST"),
            ("vi", "lúc 15:00 Thứ Ba, 24 tháng 11 2026 EST"),
            ("ht", "madi 24 novanm 2026, 15:00 EST"),
            ("ar", "الثلاثاء، 24 نوفمبر 2026 في 3:00 م EST"),
            ("ru", "вторник, 24 ноября 2026 г. в 15:00 EST"),
            ("ko", "2026년 11월 24일 화요일 오후 3:00 EST"),
            ("pt-BR", "terça-feira, 24 de novembro de 2026 às 15:00 EST"),
            ("fr", "mardi 24 novembre 2026 à 15:00 EST"),
            ("tl", "Martes, Nobyembre 24, 2026 nang 3:00 PM EST"),
            ("so", "2026-11-24, 15:00 EST"),
        ] {
            assert_eq!(instant(language, &at), words, "{language}");
        }
        assert_eq!(day("fr", at.date_naive()), "mardi 24 novembre 2026");
    }
}
