//! Theirs: the number by which the sender knows a referral is repeated to them, in a subject too, which every relay on
//! the way may log. So it is repeated only where it shows nobody: names, initials, ways to the client, days of birth and
//! numbers that a person has from an office are looked for however they are written (RELIABILITY §4). What may be one
//! of them is taken for one: the sender has our own reference beside it.

use super::super::fold;
use super::super::packet::{Field, Judged, Packet};

/// A longer reference of the sender's own is no word.
const LONGEST_WORD: usize = 40;
/// So many letters of a name are known again anywhere, and so many digits as a part of a longer number.
const LONG: usize = 4;
/// Digits that are no chance any more, anywhere in a number.
const CLEAR: usize = 6;
/// A number of more digits is a person's, or a phone.
const LONGEST: usize = 8;
/// Of a name so many words are looked at.
const MOST_WORDS: usize = 8;

/// The sender's own reference, if it is a short plain word that shows nobody.
pub(super) fn partner_reference(packet: &Packet) -> Option<String> {
    let text = packet.text(Field::PartnerReference)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-/._#".contains(c);
    let is_word =
        text.len() <= LONGEST_WORD && text.chars().all(plain) && text.chars().any(|c| c.is_ascii_digit());
    (is_word && !Word::of(text).shows_somebody(packet)).then(|| text.to_owned())
}

/// The reference as it is looked at.
struct Word {
    /// All of its letters and digits.
    bare: String,
    /// All of its letters.
    letters: String,
    /// Its runs of letters, also as a capital parts them: `KimLee` is `kimlee`, `kim` and `lee`.
    names: Vec<String>,
    /// Its letters and numbers in their order.
    parts: Vec<String>,
}

impl Word {
    fn of(text: &str) -> Word {
        let is_letter = |c: &char| c.is_ascii_alphabetic();
        let mut names = runs(text, |_, c| is_letter(&c));
        names.extend(runs(text, |last, c| {
            is_letter(&c) && !(last.is_ascii_lowercase() && c.is_ascii_uppercase())
        }));
        let bare: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
        let letters = bare.chars().filter(is_letter).collect::<String>().to_ascii_lowercase();
        let parts = parts(text);
        Word { bare: bare.to_ascii_lowercase(), letters, names, parts }
    }

    fn shows_somebody(&self, packet: &Packet) -> bool {
        let text = |field| packet.text(field).unwrap_or_default();
        let phones =
            [Field::ClientPhone, Field::ClientPhoneOther].into_iter().filter_map(|field| packet.get(field));
        let mut phones = phones.flat_map(|found| [digits(&found.value), dialled(&found.judged)]);
        let (email, home) = (text(Field::ClientEmail), text(Field::ClientAddress));
        self.is_numbered()
            || self.is_named(text(Field::ClientName))
            || self.is_abridged(text(Field::ClientName))
            || self.is_named(text(Field::OpposingParty))
            || phones.any(|phone| self.is_of_number(&phone))
            || self.is_of_address(email)
            || self.is_in(home)
            || packet.get(Field::ClientDob).is_some_and(|born| self.is_day(&born.judged, &born.value))
    }

    /// Its numbers, in their order.
    fn numbers(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(String::as_str).filter(|part| is_number(part))
    }

    fn digits(&self) -> String {
        self.numbers().collect()
    }

    /// A number that a person has: nine digits and more, eight behind one letter (an alien's, a passport's), or digits
    /// parted as those of social security, of an alien and of a phone are.
    fn is_numbered(&self) -> bool {
        const PARTED: [&[usize]; 3] = [&[3, 2, 4], &[3, 3, 3], &[3, 3, 4]];
        let is_long = |number: &String| number.len() >= LONGEST && is_number(number);
        let is_letter = |part: &String| part.len() == 1 && !is_number(part);
        let is_lettered = |pair: &[String]| matches!(pair, [one, two] if is_letter(one) && is_long(two));
        let is_alien = |four: &[String]| {
            matches!(four, [letter, a, b, c] if letter == "a" && [a, b, c].map(String::len) == [2, 3, 3]
                && [a, b, c].into_iter().all(|part| is_number(part)))
        };
        let is_parted = |three: &[String]| {
            let lengths: Vec<usize> = three.iter().map(String::len).collect();
            three.iter().all(|part| is_number(part)) && PARTED.contains(&&*lengths)
        };
        self.numbers().any(|number| number.len() > LONGEST)
            || self.parts.windows(2).any(is_lettered)
            || self.parts.windows(3).any(is_parted)
            || self.parts.windows(4).any(is_alien)
    }

    /// A word of a name stands in it: a long one anywhere, a short one by itself. Of a name in other letters than Latin
    /// ones nobody knows how it is spelt here: then whatever could be spoken may be it.
    fn is_named(&self, name: &str) -> bool {
        let mut words = spelt(name).into_iter().flatten();
        words.any(|word| match word.len() {
            0 | 1 => false,
            2 | 3 => self.names.contains(&word) || self.letters == word,
            _ => self.letters.contains(&word),
        }) || is_foreign(name) && self.names.iter().any(|run| may_be_spoken(run))
    }

    /// Initials, or beginnings of words of the name: `AL`, `LopAn`, `GARC`.
    fn is_abridged(&self, name: &str) -> bool {
        let runs = || self.names.iter().chain(std::iter::once(&self.letters));
        spelt(name).iter().any(|words| {
            let is_begun = |run: &String| run.len() > 2 && words.iter().any(|word| word.starts_with(run));
            runs().any(|run| is_begun(run) || is_of_beginnings(run, words))
        })
    }

    /// All its digits stand in the number, or a part of them that is no chance, or a number of its own.
    fn is_of_number(&self, number: &str) -> bool {
        let digits = self.digits();
        let is_part = |part: &str| number.contains(part);
        let holds = |start: usize| digits.get(start..start + CLEAR).is_some_and(is_part);
        digits.len() >= LONG && is_part(&digits)
            || (0..digits.len()).any(holds)
            || self.numbers().any(|own| own.len() >= LONG && is_part(own))
    }

    /// What stands before the at sign is in it, whole or in its words, or all of it is in the address.
    fn is_of_address(&self, address: &str) -> bool {
        let local = address.split('@').next().unwrap_or_default();
        let whole: String = bare(local);
        let is_whole = whole.len() >= LONG && self.bare.contains(&whole) || self.names.contains(&whole);
        is_whole || self.is_in(address) || self.is_named(local)
    }

    /// All of it is in the text, or one of its longer numbers stands there.
    fn is_in(&self, text: &str) -> bool {
        let theirs = runs(text, |_, c| c.is_ascii_digit());
        let mut own = self.numbers().filter(|number| number.len() >= LONG);
        self.bare.len() >= LONG && bare(text).contains(&self.bare)
            || own.any(|own| theirs.iter().any(|it| it == own))
    }

    /// A day: its year, or its year, month and day in any order, with or without signs and zeros. Of a day that nobody
    /// could read, its numbers.
    fn is_day(&self, judged: &Judged, value: &str) -> bool {
        const WHOLE: [&str; 6] = ["%Y%m%d", "%Y%d%m", "%m%d%Y", "%d%m%Y", "%m%Y%d", "%d%Y%m"];
        const SHORT: [&str; 6] = ["%y%m%d", "%y%d%m", "%m%d%y", "%d%m%y", "%m%y%d", "%d%y%m"];
        const ALONE: [&[&str]; 3] = [&["%Y", "%y"], &["%m", "%-m", "%b", "%B"], &["%d", "%-d"]];
        let Judged::Date { date, .. } = judged else {
            return self.is_of_number(&digits(value)) || self.is_in(value);
        };
        let written = |form: &str| date.format(form).to_string().to_ascii_lowercase();
        let digits = self.digits();
        let is_part = |form: &str| self.parts.contains(&written(form));
        is_part("%Y")
            || WHOLE.iter().chain(&SHORT).any(|form| digits.contains(&written(form)))
            || ALONE.iter().all(|forms| forms.iter().any(|form| is_part(form)))
    }
}

/// The runs of what belongs to one, by it and the character before it, in lower case.
fn runs(text: &str, belongs: impl Fn(char, char) -> bool) -> Vec<String> {
    let (mut runs, mut last) = (vec![String::new()], ' ');
    for c in text.chars() {
        if !belongs(last, c) {
            runs.push(String::new());
        }
        if c.is_ascii_alphanumeric()
            && belongs(' ', c)
            && let Some(run) = runs.last_mut()
        {
            run.push(c.to_ascii_lowercase());
        }
        last = c;
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// Letters and numbers in their order.
fn parts(text: &str) -> Vec<String> {
    let is_one_kind = |last: char, c: char| {
        c.is_ascii_alphanumeric()
            && (!last.is_ascii_alphanumeric() || last.is_ascii_digit() == c.is_ascii_digit())
    };
    let mut parted = String::new();
    let mut last = ' ';
    for c in text.chars() {
        if !is_one_kind(last, c) {
            parted.push(' ');
        }
        parted.push(c);
        last = c;
    }
    runs(&parted, |_, c| c.is_ascii_alphanumeric())
}

fn is_number(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_digit())
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn dialled(judged: &Judged) -> String {
    if let Judged::Phone { e164, .. } = judged { digits(e164) } else { String::new() }
}

fn bare(text: &str) -> String {
    fold::fold(text).chars().filter(char::is_ascii_alphanumeric).collect()
}

/// The words of a name in plain letters, by each way to write them: an apostrophe parts them or not, and a letter with
/// a sign is the letter without it, or two.
fn spelt(name: &str) -> Vec<Vec<String>> {
    const AS_TWO: [(&str, &str); 10] = [
        ("a\u{308}", "ae"),
        ("o\u{308}", "oe"),
        ("u\u{308}", "ue"),
        ("a\u{30a}", "aa"),
        ("ä", "ae"),
        ("ö", "oe"),
        ("ü", "ue"),
        ("å", "aa"),
        ("ø", "oe"),
        ("đ", "dj"),
    ];
    let lower = name.to_lowercase();
    let as_two = AS_TWO.iter().fold(lower.clone(), |name, (sign, two)| name.replace(sign, two));
    let whole = |name: &str| name.replace(['\'', '’', '‘', 'ʼ', '`', '´'], "");
    let ways = [whole(&lower), whole(&as_two), lower, as_two];
    ways.iter().map(|way| words(way)).collect()
}

fn words(name: &str) -> Vec<String> {
    let parted = name.split(|c: char| !c.is_alphabetic() && !fold::is_mark(c));
    let plain = parted.map(|word| fold::fold(word).chars().map(in_plain_letters).collect::<String>());
    plain.filter(|word| !word.is_empty()).take(MOST_WORDS).collect()
}

/// A folded letter in plain ones; nothing of one that is not Latin.
fn in_plain_letters(c: char) -> String {
    match c {
        'ß' => "ss".to_owned(),
        'æ' => "ae".to_owned(),
        'œ' => "oe".to_owned(),
        'þ' => "th".to_owned(),
        'ð' => "d".to_owned(),
        _ if c.is_ascii() => c.to_string(),
        _ => String::new(),
    }
}

/// A letter of it has no plain spelling that we know.
fn is_foreign(name: &str) -> bool {
    fold::fold(name).chars().any(|c| c.is_alphabetic() && in_plain_letters(c).is_empty())
}

/// Letters that may be a name as it is spoken, as opposed to a sign of an office.
fn may_be_spoken(run: &str) -> bool {
    const OFFICE: [&str; 12] = [
        "case", "ref", "file", "no", "id", "intake", "matter", "client", "legal", "aid", "referral",
        "housing",
    ];
    // The one name without a vowel that is common.
    let is_spoken = run == "ng" || run.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    run.len() > 1 && is_spoken && !OFFICE.contains(&run)
}

/// Whether a run is made of beginnings of two words and more, none of them right behind itself.
fn is_of_beginnings(run: &str, words: &[String]) -> bool {
    // For each place the words that may end there; the beginning of the run is the end of none.
    let mut ends: Vec<Vec<usize>> = vec![Vec::new(); run.len() + 1];
    for from in 0..run.len() {
        let before = ends.get(from).cloned().unwrap_or_default();
        for (at, word) in words.iter().enumerate() {
            let is_behind_another = before.iter().any(|other| *other != at);
            let alike =
                run.bytes().skip(from).zip(word.bytes()).take_while(|(one, other)| one == other).count();
            // One word by itself is not made of two.
            for end in
                (from + 1..=from + alike).filter(|end| from == 0 && *end < run.len() || is_behind_another)
            {
                if let Some(ends) = ends.get_mut(end).filter(|ends| !ends.contains(&at)) {
                    ends.push(at);
                }
            }
        }
    }
    ends.last().is_some_and(|ends| !ends.is_empty())
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::super::packet::{Confidence, Found};
    use super::*;

    const ANA: &str = "Ana López";

    /// A packet of this client, born on 4 March 1980, with this reference of the sender's.
    fn packet(name: &str, reference: &str) -> Packet {
        let date = NaiveDate::from_ymd_opt(1980, 3, 4).unwrap();
        let phone = Judged::Phone { e164: "+16175550142".to_owned(), problem: None };
        let address = "lucky.star77@mail.example".to_owned();
        let mut packet = Packet::default();
        for (field, value, judged) in [
            (Field::ClientName, name, Judged::Text),
            (Field::OpposingParty, "Bob Strømberg", Judged::Text),
            (Field::ClientDob, "3/4/80", Judged::Date { date, time: None, ambiguous: true }),
            (Field::ClientPhone, "(617) 555-0142", phone),
            (Field::ClientEmail, &*address.clone(), Judged::Email { address, problem: None }),
            (Field::ClientAddress, "4711 Elm Street, Boston 02139", Judged::Text),
            (Field::PartnerReference, reference, Judged::Text),
        ] {
            let (value, place) = (value.to_owned(), String::new());
            packet.put(field, Found { value, judged, confidence: Confidence::High, place });
        }
        packet
    }

    fn is_repeated(name: &str, reference: &str) -> bool {
        partner_reference(&packet(name, reference)).is_some()
    }

    #[test]
    fn a_name_is_known_however_it_is_written() {
        for (name, reference) in [
            ("Rosa Muñoz", "Munoz-12"),
            ("Rosa Munoz", "MUN-2024-3"),
            ("Rosa Mun\u{303}oz", "Munoz-12"),
            ("Rosa Garcia-Lopez", "GARCIA-2024-1"),
            ("Rosa Garcia-Lopez", "24.LOPEZ.1"),
            ("Sean O'Brien-Cole", "OBrien-9"),
            ("Sean O’Brien-Cole", "Brien-9"),
            ("Kim Lee", "KimLee-2024"),
            ("Kim Lee", "leekim2024"),
            ("Kim Lee", "24KimB"),
            ("Kim Lee", "K-L-2024"),
            (ANA, "LopezAna7"),
            (ANA, "ANALOPEZ7"),
            (ANA, "L0PEZ-LOPEZ-1"),
            (ANA, "AL-1980"),
            (ANA, "LA-2026-117"),
            (ANA, "AnLo-26"),
            (ANA, "LopAna80"),
            (ANA, "24-LOPE"),
            (ANA, "ALopez1"),
            (ANA, "Lo-pez-1"),
            ("Jürgen Møller", "MUELLER-MOELLER-1"),
            ("Ju\u{308}rgen Roth", "Juergen-2"),
            ("Eva Groß", "GROSS-2"),
            ("Søren Ærø", "aeroe-2"),
            ("Łukasz Wąs", "was-2"),
            ("Nguyễn Thị Đào", "NGUYEN7"),
            ("王小明", "WANG-12"),
            ("吴 敏", "NG-12"),
            ("Мария Петрова", "Petrova-12"),
            ("محمد علي", "MOALI-12"),
            (ANA, "Stromberg-12"),
            (ANA, "v-STROEMBERG-12"),
        ] {
            assert!(!is_repeated(name, reference), "{name}: {reference}");
        }
    }

    #[test]
    fn a_number_that_leads_to_a_person_is_known_however_it_is_written() {
        for reference in [
            "123-45-6789",
            "HH-123-45-6789",
            "123.45.6789",
            "123456789",
            "SSN123456789",
            "A123456789",
            "A-12345678",
            "A#123-456-789",
            "A12-345-678",
            "X12345678",
            "IOE0912345678",
            "617-555-0199",
            "6175550199",
            "HH-0142",
            "HH-617-555-1",
            "H5550142",
            "02139-7",
            "HH-4711",
            "luckystar77",
            "LUCKY.STAR77-2",
            "HH-lucky-2",
            "HH-1980-12",
            "19800403",
            "04-03-1980",
            "030480",
            "HH040380",
            "80.4.3",
            "4MAR80",
            "March-4-80",
            "03198004",
        ] {
            assert!(!is_repeated(ANA, reference), "{reference}");
        }
        let mut unread = packet(ANA, "HH-30480");
        let judged = Judged::Unclear("which day".to_owned());
        let (value, place) = ("30480".to_owned(), String::new());
        unread.put(Field::ClientDob, Found { value, judged, confidence: Confidence::High, place });
        assert_eq!(partner_reference(&unread), None);
    }

    #[test]
    fn a_number_that_shows_nobody_is_repeated() {
        for name in
            [ANA, "Rosa Muñoz", "Kim Lee", "Sean O'Brien-Cole", "Hanna Berg", "王小明", "Мария Петрова", ""]
        {
            for reference in [
                "HH-2026-117",
                "24-0192",
                "CASE-88121",
                "HH-2041",
                "2026/0117",
                "#1204",
                "26.11.0017",
                "DV7",
                "20261124",
            ] {
                assert!(is_repeated(name, reference), "{name}: {reference}");
            }
        }
    }
}
