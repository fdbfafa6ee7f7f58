//! New text is kept and quoted text does not leak, measured on the corpora.

use handoffd::intake::{forward, reply};
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
    let (mut kept, mut leaked) = (0_u32, 0_u32);
    for (sample, own) in &labelled {
        let text = reply::split(sample.plain.as_deref(), sample.html.as_deref());
        let lost = missing(own, &format!("{}\n{}", text.own, text.removed));
        let extra = missing(&text.own, own);
        kept += u32::from(lost.is_empty());
        leaked += u32::from(!extra.is_empty());
        if !lost.is_empty() || !extra.is_empty() {
            println!("{} ({}): lost {lost:?}, extra {extra:?}", sample.file, sample.label_source);
        }
    }
    let all = u32::try_from(labelled.len()).unwrap().max(1);
    let share = |count: u32| f64::from(count) / f64::from(all);
    println!("replies: {all} labelled, kept {:.3}, leaked {:.3}", share(kept), share(leaked));
    assert!(share(kept) >= KEPT && share(leaked) <= LEAKED);
}

#[test]
fn every_mail_of_the_corpora_is_taken_apart_without_loss() {
    let kinds = ["reply", "forward", "human", "auto", "bounce", "torture"];
    let Some(all) = samples(&kinds) else { return println!("skipped: no corpora here") };
    for sample in &all {
        let text = reply::split(sample.plain.as_deref(), None);
        let bytes = text.own.len() + text.quoted.len() + text.removed.len();
        let is_html = sample.plain.as_deref().is_some_and(|plain| plain.trim_start().starts_with('<'));
        assert!(is_html || bytes == sample.plain.as_deref().unwrap_or_default().len(), "{}", sample.file);
        let _ = reply::split(None, sample.html.as_deref());
        let _ = forward::find(&sample.subject, sample.plain.as_deref(), sample.html.as_deref());
    }
}

/// The new text by the origin's own label.
fn own_of(sample: &Sample) -> Option<String> {
    let text = |key: &str| sample.label(key).as_str().map(str::to_owned);
    text("/reply_text")
        .or_else(|| text("/reply_text_ws_insensitive"))
        .or_else(|| text("/reply_html").map(|html| reply::split(None, Some(&html)).own))
        .or_else(|| segments(sample.label("/segments")))
}

/// The origin shows the heading over a quote as new text: it is taken off.
fn segments(value: &Value) -> Option<String> {
    let shown = value.as_array()?.iter().filter(|segment| segment["expand"] == true);
    let text = shown.filter_map(|segment| segment["text"].as_str()).collect::<Vec<_>>().join("\n\n");
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
