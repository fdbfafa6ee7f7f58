//! Languages: which files stand for a tag (BCP 47, RFC 4647 look-up), and how each language writes a date and time.
//!
//! The names of days and months come from the locales of glibc (crate `pure-rust-locales`, by chrono): ICU4X costs six
//! times the build time and has no Haitian Creole. The order of the parts is the table below.

use chrono::{DateTime, Locale, NaiveDate};
use chrono_tz::Tz;

/// The languages every letter to a client is written in (issue 5, point 3), as the files are named.
pub const CLIENT_LANGUAGES: [&str; 12] =
    ["en", "es", "zh-hans", "zh-hant", "vi", "ht", "ar", "ru", "ko", "pt", "fr", "tl"];

/// How a language writes a day, and a day with a time.
struct Manner {
    tag: &'static str,
    locale: Locale,
    day: &'static str,
    instant: &'static str,
}

const fn manner(tag: &'static str, locale: Locale, day: &'static str, instant: &'static str) -> Manner {
    Manner { tag, locale, day, instant }
}

/// Russian names the weekday last: only there it needs no case ending.
const MANNERS: [Manner; 12] = [
    manner("en", Locale::en_US, "%A, %B %-d, %Y", "%A, %B %-d, %Y, %-I:%M %p"),
    manner("es", Locale::es_MX, "%A %-d de %B de %Y", "%A %-d de %B de %Y, %H:%M"),
    manner("zh-hans", Locale::zh_CN, "%Y年%-m月%-d日%A", "%Y年%-m月%-d日%A %H:%M"),
    manner("zh-hant", Locale::zh_TW, "%Y年%-m月%-d日%A", "%Y年%-m月%-d日%A %H:%M"),
    manner("vi", Locale::vi_VN, "%A, ngày %-d tháng %-m năm %Y", "%H:%M, %A, ngày %-d tháng %-m năm %Y"),
    manner("ht", Locale::ht_HT, "%A %-d %B %Y", "%A %-d %B %Y, %H:%M"),
    manner("ar", Locale::ar_EG, "%A، %-d %B %Y", "%A، %-d %B %Y، %H:%M"),
    manner("ru", Locale::ru_RU, "%-d %B %Y г. (%A)", "%H:%M %-d %B %Y г. (%A)"),
    manner("ko", Locale::ko_KR, "%Y년 %-m월 %-d일 %A", "%Y년 %-m월 %-d일 %A %p %-I:%M"),
    manner("pt", Locale::pt_BR, "%A, %-d de %B de %Y", "%A, %-d de %B de %Y, %H:%M"),
    manner("fr", Locale::fr_FR, "%A %-d %B %Y", "%A %-d %B %Y, %H:%M"),
    manner("tl", Locale::tl_PH, "%A, ika-%-d ng %B %Y", "%A, ika-%-d ng %B %Y, %-I:%M %p"),
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
    match manner_of(language) {
        Some(manner) => date.format_localized(manner.day, manner.locale).to_string(),
        None => date.format("%Y-%m-%d").to_string(),
    }
}

/// A day and time in the words of a language, with the name of the zone.
#[must_use]
pub fn instant(language: &str, at: &DateTime<Tz>) -> String {
    let zone = at.format("%Z");
    match manner_of(language) {
        Some(manner) => format!("{} {zone}", at.format_localized(manner.instant, manner.locale)),
        None => format!("{} {zone}", at.format("%Y-%m-%d, %H:%M")),
    }
}

fn manner_of(language: &str) -> Option<&'static Manner> {
    candidates(language).iter().find_map(|tag| MANNERS.iter().find(|manner| manner.tag == tag))
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
            ("en", "Tuesday, November 24, 2026, 3:00 PM EST"),
            ("es", "martes 24 de noviembre de 2026, 15:00 EST"),
            ("zh-hans", "2026年11月24日星期二 15:00 EST"),
            ("zh-hant", "2026年11月24日週二 15:00 EST"),
            ("vi", "15:00, Thứ ba, ngày 24 tháng 11 năm 2026 EST"),
            ("ht", "madi 24 novanm 2026, 15:00 EST"),
            ("ar", "الثلاثاء، 24 نوفمبر 2026، 15:00 EST"),
            ("ru", "15:00 24 ноября 2026 г. (Вторник) EST"),
            ("ko", "2026년 11월 24일 화요일 오후 3:00 EST"),
            ("pt-BR", "terça, 24 de novembro de 2026, 15:00 EST"),
            ("fr", "mardi 24 novembre 2026, 15:00 EST"),
            ("tl", "Martes, ika-24 ng Nobiyembre 2026, 3:00 PM EST"),
            ("so", "2026-11-24, 15:00 EST"),
        ] {
            assert_eq!(instant(language, &at), words, "{language}");
        }
        assert_eq!(day("fr", at.date_naive()), "mardi 24 novembre 2026");
    }
}
