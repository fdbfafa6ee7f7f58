//! New text is kept and quoted text does not leak, measured on the corpora.

use handoffd::intake::reply;
use serde_json::Value;

use super::bodies::{Sample, samples, squeezed};

/// The share of mails whose labelled new text must be kept whole.
const KEPT: f64 = 0.98;
/// The share of mails that may show a line of quoted text as new.
const LEAKED: f64 = 0.05;

#[test]
fn new_text_is_kept_and_quoted_text_does_not_leak() {
    let Some(all) = samples(&["reply"]) else { return println!("skipped: no corpora here") };
    // Labels that are only another tool's output contradict each other; they are not asserted.
    let firm = |s: &Sample| !s.label_source.starts_with("silver") && !s.label_source.contains("no own test");
    let labelled: Vec<(Sample, String)> =
        all.into_iter().filter(firm).filter_map(|sample| own_of(&sample).map(|own| (sample, own))).collect();
    let (mut kept, mut leaked) = (0, 0);
    for (sample, own) in &labelled {
        let text = reply::split(sample.plain.as_deref(), sample.html.as_deref());
        let lost = missing(own, &format!("{}\n{}", text.own, text.removed));
        let extra = missing(&text.own, own);
        kept += usize::from(lost.is_empty());
        leaked += usize::from(!extra.is_empty());
        if !lost.is_empty() || !extra.is_empty() {
            println!("{} ({}): lost {lost:?}, extra {extra:?}", sample.file, sample.label_source);
        }
    }
    let share = |count: usize| count as f64 / labelled.len().max(1) as f64;
    println!("replies: {} labelled, kept {:.3}, leaked {:.3}", labelled.len(), share(kept), share(leaked));
    assert!(share(kept) >= KEPT && share(leaked) <= LEAKED);
}

/// The new text by the origin's own label. Labels made by running another tool are not asserted on signatures.
fn own_of(sample: &Sample) -> Option<String> {
    let text = |key: &str| sample.expected[key].as_str().map(str::to_owned);
    text("reply_text")
        .or_else(|| text("reply_text_ws_insensitive"))
        .or_else(|| text("reply_html").map(|html| reply::split(None, Some(&html)).own))
        .or_else(|| segments(&sample.expected["segments"]))
}

/// The origin shows the heading over a quote as new text: it is taken off.
fn segments(value: &Value) -> Option<String> {
    let shown = value.as_array()?.iter().filter(|segment| segment["expand"] == true);
    let text: String =
        shown.filter_map(|segment| segment["text"].as_str()).map(|text| format!("{text}\n\n")).collect();
    let text =
        if text.contains('<') && text.contains("</") { reply::split(None, Some(&text)).own } else { text };
    let own = |line: &&str| !(line.starts_with("On ") || line.contains("wrote:") || line.starts_with("---"));
    Some(
        text.lines()
            .filter(own)
            .filter(|line| !line.contains("someone@example.com>"))
            .collect::<Vec<_>>()
            .join("\n"),
    )
}

/// The lines of one text that are not in the other; rules drawn across the page are no text.
fn missing<'a>(text: &'a str, other: &str) -> Vec<&'a str> {
    let other = squeezed(other);
    let said = |line: &&str| line.contains(char::is_alphanumeric);
    text.lines().filter(said).filter(|line| !other.contains(&squeezed(line))).collect()
}
