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

/// The fields an attested label may mean: the corpora know fewer fields than a packet.
fn may_mean(field: &str) -> Vec<Field> {
    let more: &[Field] = match field {
        "client_phone" => &[Field::ClientPhoneOther],
        "client_address" => &[Field::County],
        "safe_to_contact" => &[Field::SafeVoicemail, Field::SafeCall, Field::SafeText, Field::SafeEmail],
        "language" => &[Field::Interpreter],
        "household_income" => &[Field::HouseholdSize],
        "reason" => &[Field::Service],
        "urgency" => &[Field::CourtDate, Field::LockoutDate, Field::OtherDeadline],
        "consent" => &[Field::ConsentContact],
        _ => &[],
    };
    Field::from_key(field).into_iter().chain(more.iter().copied()).collect()
}

fn value_of(field: &str) -> &'static str {
    match field {
        "client_name" => "Marisol Vega",
        "client_dob" => "3/14/1985",
        "client_phone" => "(518) 555-0142",
        "client_email" => "marisol@example.org",
        "client_address" => "12 Elm St, Albany NY 12207",
        "safe_to_contact" => "No - please don't leave details",
        "best_time" => "weekday mornings",
        "preferred_contact" => "Phone",
        "language" => "Spanish",
        "gender_pronouns" => "she/her",
        "household_income" => "1,200 a month",
        "referrer_name" => "Jo Bell",
        "referrer_org" => "Hill House",
        "referrer_phone" => "518-555-0111",
        "referrer_email" => "jo@hill.example.org",
        "relationship" => "Social worker",
        "reason" => "Papers came on Friday and she is afraid",
        "service" => "Housing",
        "urgency" => "Thursday 9/17, 8:30am",
        "opposing_party" => "Acme Rentals",
        "consent" => "Yes",
        "referral_date" => "9/14/2026",
        other => panic!("{other}"),
    }
}

fn render(layout: usize, pairs: &[(String, &str)]) -> (String, bool) {
    let each = |f: &dyn Fn(&str, &str) -> String| {
        pairs.iter().map(|(label, value)| f(label, value)).collect::<String>()
    };
    match layout {
        0 => (each(&|l, v| format!("{}: {v}\n", l.trim_end_matches(':'))), false),
        1 => (each(&|l, v| format!("{l}\n{v}\n\n")), false),
        2 => (each(&|l, v| format!("{l}\n{v}\n")), false),
        3 => (format!("<table>{}</table>", each(&|l, v| format!("<tr><td>{l}</td><td>{v}</td></tr>"))), true),
        4 => (
            format!(
                "<table>{}</table>",
                each(&|l, v| format!(
                    "<tr><td colspan=2><strong>{l}</strong></td></tr><tr><td>&nbsp;</td><td>{v}</td></tr>"
                ))
            ),
            true,
        ),
        5 => (each(&|l, v| format!("<p><b>{}:</b> {v}</p>", l.trim_end_matches(':'))), true),
        6 => (format!("<dl>{}</dl>", each(&|l, v| format!("<dt>{l}</dt><dd>{v}</dd>"))), true),
        7 => (each(&|l, v| format!("<b>{l}</b><br>{v}<br><br>")), true),
        8 => (each(&|l, v| format!("* {}\t{v}\n", l.trim_end_matches(':'))), false),
        _ => (each(&|l, v| format!("{}:\n{v}\n\n\n", l.trim_end_matches([':', '?']))), false),
    }
}

/// Forms made of attested labels, one variant a field, in every layout: at least 98 of 100 values in the right place.
#[test]
fn forms_of_attested_labels_are_read_in_every_layout() {
    let Ok(text) = std::fs::read_to_string("../shared/corpora/labels.json")
        .or_else(|_| std::fs::read_to_string("../../shared/corpora/labels.json"))
    else {
        println!("the corpora are absent: attested forms not checked");
        return;
    };
    let all: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut seed = 7_u64;
    let mut pick = |bound: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % bound
    };
    let (mut right, mut total) = (0, 0);
    let mut wrong: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for round in 0..400 {
        let language = if round % 4 == 3 { "es" } else { "en" };
        let mut pairs = Vec::new();
        let mut fields = Vec::new();
        for (field, languages) in
            all["fields"].as_object().unwrap().iter().filter(|(field, _)| !field.starts_with("section_"))
        {
            let Some(sources) = languages.get(language).and_then(|list| list.as_object()) else { continue };
            let labels: Vec<&str> = sources
                .values()
                .flat_map(|list| list.as_array().unwrap())
                .filter_map(|l| l.as_str())
                .collect();
            let label = labels[pick(labels.len())];
            if pick(5) == 0
                || (field == "client_address"
                    && label::exact(label).unwrap().meaning.unwrap().slot != super::Slot::Address)
            {
                continue;
            }
            pairs.push((label.to_owned(), value_of(field)));
            fields.push(field.clone());
        }
        let layout = round % 10;
        let (body, is_html) = render(layout, &pairs);
        let source = if is_html {
            Source { subject: "", text: "", html: Some(&body) }
        } else {
            Source { subject: "", text: &body, html: None }
        };
        let harvest = read(source, &context());
        for (field, (label, value)) in fields.iter().zip(&pairs) {
            total += 1;
            let found = harvest.packets.iter().any(|packet| {
                may_mean(field).into_iter().any(|f| packet.text(f).is_some_and(|text| text == *value))
            });
            if found && harvest.packets.len() == 1 {
                right += 1;
            } else {
                *wrong
                    .entry(format!(
                        "layout {layout}: {field} by {label:?} ({} packets)",
                        harvest.packets.len()
                    ))
                    .or_default() += 1;
            }
        }
    }
    println!("{right} of {total} values in the right place");
    for (line, count) in &wrong {
        println!("{count} x {line}");
    }
    assert!(right * 100 >= total * 98, "{right} of {total}");
}
