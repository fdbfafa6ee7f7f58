//! Samples of what partners and web forms send, with what must come out of them.

use super::tests::context;
use super::{Harvest, Source, label, read};
use crate::referral::packet::Field;

/// The attested labels lie beside the project; without them the test says so and passes.
#[test]
fn every_attested_label_is_known() {
    let Ok(text) = std::fs::read_to_string("../shared/corpora/labels.json")
        .or_else(|_| std::fs::read_to_string("../../shared/corpora/labels.json"))
    else {
        println!("the corpora are absent: attested labels not checked");
        return;
    };
    let all: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut missing = Vec::new();
    for (field, languages) in all["fields"].as_object().unwrap() {
        for list in
            languages.as_object().unwrap().values().flat_map(|sources| sources.as_object().unwrap().values())
        {
            for label in list.as_array().unwrap().iter().filter_map(|label| label.as_str()) {
                let known = if field.starts_with("section_") {
                    super::lexicon::LEXICON.heading(&super::fold::fold(label)).is_some()
                } else {
                    label::exact(label).is_some()
                };
                if !known {
                    missing.push(format!("{field}: {label}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{} labels are unknown:\n{}", missing.len(), missing.join("\n"));
}

/// A file of `tests/fixtures/forms`: the text (or HTML) above a line `=====`, and below it `field = value` lines, one
/// block a person.
fn check(name: &str, fixture: &str) -> Vec<String> {
    let (body, expected) = fixture.split_once("\n=====\n").unwrap();
    let harvest = if name.ends_with(".html") {
        read(Source { subject: "", text: "", html: Some(body) }, &context())
    } else {
        read(Source { subject: "", text: body, html: None }, &context())
    };
    let blocks: Vec<&str> = expected.split("\n-----\n").collect();
    let mut wrong = compare(&harvest, &blocks);
    wrong.iter_mut().for_each(|line| *line = format!("{name}: {line}"));
    wrong
}

fn compare(harvest: &Harvest, blocks: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    if harvest.packets.len() != blocks.len() {
        wrong.push(format!("{} packets instead of {}", harvest.packets.len(), blocks.len()));
    }
    for (packet, block) in harvest.packets.iter().zip(blocks) {
        let mut expected = std::collections::BTreeMap::new();
        for line in block.lines().filter(|line| !line.trim().is_empty()) {
            let (key, value) = line.split_once(" = ").unwrap();
            expected.insert(Field::from_key(key).unwrap_or_else(|| panic!("{key}")), value);
        }
        for (field, value) in &expected {
            if packet.text(*field) != Some(value) {
                wrong.push(format!("{} is {:?} instead of {value:?}", field.key(), packet.text(*field)));
            }
        }
        for (field, found) in packet.iter() {
            let derived = field == Field::SafeToContact;
            if !expected.contains_key(&field) && !derived {
                wrong.push(format!(
                    "{} should not be there: {:?} from {}",
                    field.key(),
                    found.value,
                    found.place
                ));
            }
        }
    }
    wrong
}

#[test]
fn every_form_comes_out_as_it_went_in() {
    let mut wrong = Vec::new();
    let mut names: Vec<_> =
        std::fs::read_dir("tests/fixtures/forms").unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    for path in &names {
        let fixture = std::fs::read_to_string(path).unwrap();
        wrong.extend(check(&path.file_name().unwrap().to_string_lossy(), &fixture));
    }
    assert!(!names.is_empty() && wrong.is_empty(), "{}", wrong.join("\n"));
}
