//! The original sender of a forward is found, and nothing else is called a forward, measured on the corpora.

use handoffd::intake::forward;

use super::bodies::{Sample, samples};

/// The share of forwards whose original sender must be right.
const SENDER_RIGHT: f64 = 0.95;

#[test]
fn the_original_sender_is_found_and_nothing_else_is_called_a_forward() {
    let Some(all) = samples(&["forward", "reply", "human"]) else {
        return println!("skipped: no corpora here");
    };
    let (mut forwards, mut right, mut wrong) = (0_u32, 0_u32, Vec::new());
    for sample in &all {
        let found = forward::find(&sample.subject, sample.plain.as_deref(), sample.html.as_deref());
        match original_of(sample) {
            Some(original) => {
                forwards += 1;
                let address = found
                    .as_ref()
                    .and_then(|f| f.from.as_ref())
                    .map(|from| from.as_str().to_ascii_lowercase());
                let shown = found.as_ref().map(|f| f.from_shown.as_str()).unwrap_or_default();
                let fits = address.as_ref().map_or(shown.contains(&original), |address| {
                    original.to_ascii_lowercase().contains(address.as_str())
                });
                right += u32::from(found.is_some() && fits);
                if !fits || found.is_none() {
                    println!("{}: found {}, shown {shown:?}", sample.file, found.is_some());
                }
            }
            None if found.is_some() && !has_marker(sample) => wrong.push(sample.file.as_str()),
            None => {}
        }
    }
    let share = f64::from(right) / f64::from(forwards.max(1));
    println!("forwards: {forwards} labelled, sender right {share:.3}, called so wrongly {wrong:?}");
    assert!(share >= SENDER_RIGHT && wrong.is_empty());
}

/// The labelled sender of the original, if this is a forward.
fn original_of(sample: &Sample) -> Option<String> {
    if sample.expected["forwarded"] != true {
        return None;
    }
    let address = sample.expected["original"]["from"]["address"].as_str();
    address.or_else(|| sample.expected["original_from"].as_str()).map(str::to_owned)
}

/// A mail whose label is silent about forwards, but which carries a forward's marker, is one.
fn has_marker(sample: &Sample) -> bool {
    let marked = sample.plain.as_deref().is_some_and(|text| text.contains("-- Forwarded message --"));
    sample.kind == "forward" || (sample.expected["forwarded"].is_null() && marked)
}
