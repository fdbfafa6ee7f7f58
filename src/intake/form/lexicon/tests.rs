//! Whether the files of labels hold together.

use super::*;

#[test]
fn every_language_file_reads_and_every_key_in_it_is_known() {
    for name in Files::iter().filter(|name| name != TONGUES) {
        let data = Files::get(&name).unwrap().data;
        let file: LanguageFile = toml::from_str(std::str::from_utf8(&data).unwrap()).unwrap();
        for key in file.labels.keys() {
            assert!(meaning_of(key).is_some(), "{name}: label key {key}");
        }
        for key in file.parts.keys() {
            assert!(slot_of(key).is_some(), "{name}: part key {key}");
        }
        for key in file.persons.keys() {
            assert!(whose_of(key).is_some(), "{name}: person key {key}");
        }
    }
    let data = Files::get(TONGUES).unwrap().data;
    let tongues: TongueFile = toml::from_str(std::str::from_utf8(&data).unwrap()).unwrap();
    assert!(tongues.tags.len() >= 60);
}

#[test]
fn nothing_stands_twice_in_a_list_and_a_list_named_in_it_is_there() {
    for name in Files::iter() {
        let data = Files::get(&name).unwrap().data;
        let file: toml::Table = toml::from_str(std::str::from_utf8(&data).unwrap()).unwrap();
        let sections = file.values().filter_map(toml::Value::as_table);
        for (key, list) in sections.flatten().filter_map(|(key, list)| Some((key, list.as_array()?))) {
            let mut seen = std::collections::BTreeSet::new();
            for word in list.iter().filter_map(toml::Value::as_str) {
                assert!(seen.insert(word), "{name}: {key}: {word}");
                let named = word.strip_prefix('@');
                assert!(named.is_none_or(|named| file["words"].get(named).is_some()), "{name}: {word}");
            }
        }
    }
}

#[test]
fn every_word_that_opens_a_phrase_of_the_running_text_is_marked() {
    for (at, list) in CUES.iter().enumerate() {
        let words = || LEXICON.phrases(list).by_first.keys();
        assert!(words().next().is_some(), "{list}");
        assert!(words().all(|word| LEXICON.hot.cues.within(word) & 1 << at != 0), "{list}");
    }
}

#[test]
fn headings_are_known_in_their_dress() {
    let heading = |text: &str| LEXICON.heading(&fold(text));
    assert_eq!(heading("Section 2: Client Information"), Some(Whose::Client));
    assert_eq!(heading("PART A - REFERRER DETAILS"), Some(Whose::Referrer));
    assert_eq!(heading("Datos de la persona que refiere el caso"), Some(Whose::Referrer));
    assert_eq!(heading("Legal issue"), Some(Whose::Plain));
    assert_eq!(heading("Maria Lopez"), None);
}
