//! Samples of what partners and web forms send, with what must come out of them.

mod properties;

use super::piece::{self, Piece};
use super::tests::context;
use super::{Harvest, Source, label, lexicon::Slot, markup, read, scan};
use crate::referral::packet::{Field, Packet};

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
    let harvest = if name.rsplit_once('.').is_some_and(|(_, ending)| ending == "html") {
        read(Source { html: Some(body), ..Source::default() }, &context())
    } else {
        read(Source { text: body, ..Source::default() }, &context())
    };
    let blocks: Vec<&str> = expected.split("\n-----\n").collect();
    let mut wrong = compare(&harvest, &blocks);
    for line in &mut wrong {
        *line = format!("{name}: {line}");
    }
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
                    && label::exact(label).unwrap().meaning.unwrap().slot != Slot::Address)
            {
                continue;
            }
            pairs.push((label.to_owned(), value_of(field)));
            fields.push(field.clone());
        }
        let layout = round % 10;
        let (body, is_html) = render(layout, &pairs);
        let source = if is_html {
            Source { html: Some(&body), ..Source::default() }
        } else {
            Source { text: &body, ..Source::default() }
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

/// How long a typical form mail and a typical letter take; run by hand with `--ignored`.
#[test]
#[ignore = "a measurement, not a check"]
fn a_typical_mail_takes_tens_of_microseconds() {
    let form = std::fs::read_to_string("tests/fixtures/forms/spanish-form.txt").unwrap();
    let story =
        "She came to our office on Monday and told us about the papers that were put under her door. "
            .repeat(30);
    let form = format!("{}\n\n{story}", form.split("\n=====\n").next().unwrap());
    let letter = "Dear colleagues,\n\nthank you for the meeting last week. As discussed we will send the minutes\nto everybody who took part and to the board, and we will see each other again.\n\n".repeat(24);
    let html = std::fs::read_to_string("tests/fixtures/forms/gravity-forms.html").unwrap();
    let context = context();
    let raw = format!(
        "From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\nMessage-ID: <1@example.org>\r\n\r\n{letter}"
    );
    let start = std::time::Instant::now();
    for _ in 0..200 {
        std::hint::black_box(mail_parser::MessageParser::default().parse(raw.as_bytes()));
    }
    println!("the parser alone: {:.1} µs", start.elapsed().as_secs_f64() * 5_000.0);
    for (name, text, html) in
        [("form", form.as_str(), None), ("letter", letter.as_str(), None), ("html", "", Some(html.as_str()))]
    {
        let source = Source { subject: "Referral", text, html, ..Source::default() };
        let _ = read(source, &context);
        // The shortest of many runs: a busy machine must not count.
        let run = || {
            let start = std::time::Instant::now();
            std::hint::black_box(read(source, &context));
            start.elapsed()
        };
        let best = (0..300).map(|_| run()).min().unwrap();
        println!("{name}: {} bytes, {best:?}", text.len() + html.map_or(0, str::len));
    }
}

/// What the values of a mail are worth, by field.
fn judged(text: &str, field: Field) -> (crate::referral::packet::Judged, Vec<String>) {
    let harvest = read(Source { text, ..Source::default() }, &context());
    let found =
        harvest.packets.first().and_then(|packet| packet.get(field)).map(|found| found.judged.clone());
    (found.unwrap_or(crate::referral::packet::Judged::Text), harvest.problems)
}

#[test]
fn two_answers_about_consent_or_safety_leave_the_safer_one_and_a_question() {
    use crate::referral::packet::Judged;
    for (text, field) in [
        ("Client name: A B\nConsent: yes\nConsent to share: no\n", Field::Consent),
        ("Client name: A B\nConsent: no\nConsent to share: yes\n", Field::Consent),
        ("Client name: A B\nSafe to contact: yes\nSafe to contact: no\n", Field::SafeToContact),
        ("Client name: A B\nSafe to text: no\nOK to text: yes\n", Field::SafeText),
        (
            "Client name: A B\nPhone: 518-555-0100 (no voicemail)\nSafe to leave a voicemail: yes\n",
            Field::SafeVoicemail,
        ),
        ("Client name: A B\nEmail: a@example.org (do not email)\nSafe to email: yes\n", Field::SafeEmail),
    ] {
        let (judged, problems) = judged(text, field);
        assert_eq!((judged, problems.len()), (Judged::No, 1), "{text}");
    }
    let (judged, problems) =
        judged("Client name: A B\nSafe to email: email is fine but only Tuesdays\n", Field::SafeEmail);
    assert!(matches!(judged, Judged::Unclear(_)) && problems.len() == 1);
}

#[test]
fn what_is_wrong_with_a_number_an_address_or_a_date_is_said_without_quoting_it() {
    for (text, sentence) in [
        ("Client name: A B\nPhone: 518-555-010\n", "the phone number has 9 digits."),
        ("Client name: A B\nEmail: marisol@example\n", "the email address has no domain."),
        (
            "Client name: A B\nCourt date: 10/11/2026\n",
            "A deadline can be read as two dates (day and month could be swapped); please confirm it.",
        ),
        (
            "Client name: A B\nConsent: ask her sister\n",
            "The answer about consent to share information is not a clear yes or no; please ask.",
        ),
    ] {
        assert_eq!(read(Source { text, ..Source::default() }, &context()).problems, [sentence], "{text}");
    }
}

#[test]
fn a_phone_in_another_region_and_a_prohibition_beside_a_number_are_understood() {
    use crate::referral::packet::Judged;
    let mut abroad = context();
    abroad.phone_region = "GB".to_owned();
    let text = "Client name: A B\nPhone: 07700 900123 (no voicemail)\nOther phone: +34 612 345 678\n";
    let harvest = read(Source { text, ..Source::default() }, &abroad);
    let packet = harvest.packets.first().unwrap();
    let phone = |field: Field| packet.get(field).map(|found| found.judged.clone());
    assert_eq!(
        phone(Field::ClientPhone),
        Some(Judged::Phone { e164: "+447700900123".to_owned(), problem: None })
    );
    assert_eq!(
        phone(Field::ClientPhoneOther),
        Some(Judged::Phone { e164: "+34612345678".to_owned(), problem: None })
    );
    assert_eq!(phone(Field::SafeVoicemail), Some(Judged::No));
    assert!(!packet.consents());
}

#[test]
fn a_quoted_or_hidden_field_fills_nothing() {
    let html = "<p><b>Client name:</b> Ann Smith</p><blockquote type=\"cite\"><p><b>Consent:</b> yes</p></blockquote><div class=\"gmail_quote\"><p><b>Phone:</b> 518-555-0100</p></div><span style=\"display:none\">Language: Spanish</span><div id=\"divRplyFwdMsg\"></div><p><b>Email:</b> x@example.org</p>";
    let harvest = read(Source { html: Some(html), ..Source::default() }, &context());
    let fields: Vec<Field> =
        harvest.packets.iter().flat_map(|packet| packet.iter().map(|(field, _)| field)).collect();
    assert_eq!(fields, [Field::ClientName]);
    let text = "Client name: Ann Smith\n> Consent: yes\n> Phone: 518-555-0100\n";
    let harvest = read(Source { text, ..Source::default() }, &context());
    assert!(harvest.packets.iter().all(|packet| packet.iter().all(|(field, _)| field == Field::ClientName)));
}

#[test]
fn a_number_written_with_its_country_is_the_same_everywhere() {
    use crate::referral::packet::Judged;
    for region in ["US", "GB", "MX"] {
        let mut here = context();
        here.phone_region = region.to_owned();
        for (written, e164) in [
            ("+44 161 496 0123", "+441614960123"),
            ("+44 (0)7700 900123", "+447700900123"),
            ("+49 177 1234567", "+491771234567"),
            ("+1 617-555-0142", "+16175550142"),
            ("+52 55 1234 5678", "+525512345678"),
        ] {
            let text = format!("Client name: A B\nPhone: {written}\n");
            let harvest = read(Source { text: &text, ..Source::default() }, &here);
            let judged = harvest.packets.first().and_then(|packet| packet.get(Field::ClientPhone));
            let wanted = Judged::Phone { e164: e164.to_owned(), problem: None };
            assert_eq!(judged.map(|found| &found.judged), Some(&wanted), "{written} in {region}");
        }
    }
}
