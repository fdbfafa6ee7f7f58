//! The headings that mail programs put over a quoted or forwarded mail: `On … wrote:`, `-----Original Message-----`,
//! and blocks of `From: / Sent: / To: / Subject:`.
//!
//! Every search looks a bounded number of lines ahead, so that a body of nothing but headings costs linear time.

use super::line::{Class, Line, ends_open, is_dressing};
use super::words::{Announced, Label, WORDS, is_invisible, normal};
use crate::intake::quick;

/// How far an attribution or one header may be folded.
const FOLDED_LINES: usize = 6;
/// The longest attribution, in bytes.
const ATTRIBUTION_BYTES: usize = 800;
/// The longest header block, in lines.
const BLOCK_LINES: usize = 24;

/// A line that says who wrote the text below it.
#[derive(Clone)]
pub(in crate::intake) struct Attribution {
    /// The first line after it.
    pub(in crate::intake) end: usize,
    /// All of it as one line, as written.
    pub(in crate::intake) shown: String,
    /// Sure even when no quote marks follow: a date with a time or an address, and a word for "wrote" or its shape.
    pub(in crate::intake) sure: bool,
}

masked!(Attribution);

/// Reads an attribution that starts at a line.
pub(in crate::intake) fn attribution(lines: &[Line<'_>], at: usize) -> Option<Attribution> {
    let first = lines.get(at)?;
    if first.is_blank() || !first.is_short() || !may_end(lines, at) || !may_start(first) {
        return None;
    }
    let opens_with_digit = opens_with_digit(first.text);
    let lines = lines.get(at..)?;
    let mut blanks = 0;
    let mut last = "";
    for (offset, line) in lines.iter().take(FOLDED_LINES + 2).enumerate() {
        if line.is_blank() {
            blanks += 1;
            if blanks > 2 || ends_a_sentence(last) {
                return None;
            }
            continue;
        }
        if offset > 0 && (line.inner.is_empty() || starts_anew(line) || stands_alone(lines, offset)) {
            return None;
        }
        last = line.text;
        if !line.closes && !opens_with_digit {
            continue;
        }
        let shown = glued(lines.get(..=offset)?)?;
        if let Some(sure) = judged(&shown, offset == 0) {
            return Some(Attribution { end: at + offset + 1, shown, sure });
        }
    }
    None
}

/// The lines as one; `None` when they are too long.
fn glued(lines: &[Line<'_>]) -> Option<String> {
    let mut shown = String::with_capacity(lines.iter().map(|line| line.text.len() + 1).sum());
    for line in lines.iter().filter(|line| !line.is_blank()) {
        append(&mut shown, line.text);
        if shown.len() > ATTRIBUTION_BYTES {
            return None;
        }
    }
    Some(shown)
}

/// Glued as a mail program folds it: no space after an opening bracket.
fn append(shown: &mut String, text: &str) {
    if !shown.is_empty() && !shown.ends_with(['<', '(', '[']) {
        shown.push(' ');
    }
    shown.push_str(text);
}

/// A cheap look ahead: an attribution ends with a colon or dashes, but for the few that open with a year.
fn may_end(lines: &[Line<'_>], at: usize) -> bool {
    let mut ahead = lines.get(at..).unwrap_or_default().iter().take(FOLDED_LINES + 2);
    ahead.any(|line| line.closes) || lines.get(at).is_some_and(|line| opens_with_digit(line.text))
}

/// A cheap look at the first line: is there a date, an address, or a word that opens attributions?
fn may_start(line: &Line<'_>) -> bool {
    line.has_digit || quick::find(line.text, b'@').is_some() || ends_open(line.text) || leads(line.text)
}

/// Would this line start an attribution of its own? Then the one before it was none.
fn starts_anew(line: &Line<'_>) -> bool {
    line.has_digit && leads(line.text.trim_start_matches(['>', ' ']))
}

/// Is the line an attribution by itself, right above what is marked as quoted? Then the lines before it are none of it:
/// `Email: ann@example.org` above `On Monday Ann wrote:`.
fn stands_alone(lines: &[Line<'_>], at: usize) -> bool {
    let Some(line) = lines.get(at).filter(|line| line.closes && leads(line.text)) else { return false };
    let below = lines.get(at + 1..).unwrap_or_default().iter().take(2).find(|line| !line.is_blank());
    let is_quoted = |line: &Line<'_>| line.depth > 0 || line.forced == Some(Class::Quoted);
    below.is_some_and(is_quoted) && judged(line.text, true).is_some()
}

/// Does a text open like `On Monday …`? Nearly none does, and its first word tells so.
fn leads(text: &str) -> bool {
    WORDS.may_lead(text) && WORDS.leads(&normal(text))
}

fn ends_a_sentence(text: &str) -> bool {
    text.ends_with(['.', '!', '?', '。'])
}

/// `None`: not an attribution (yet). `Some(sure)`: one.
fn judged(shown: &str, one_line: bool) -> Option<bool> {
    let bare = shown.trim_matches(is_dressing);
    let dashed = shown.starts_with("--") && shown.ends_with("--");
    let closed = ends_open(bare) || dashed;
    if !closed {
        return unclosed(shown, one_line);
    }
    let text = with_plain_digits(normal(bare));
    let has_address = has_address(&text);
    let groups = digit_groups(&text);
    let wrote = WORDS.wrote(&text);
    if !wrote {
        // `2021年10月28日 12:46 Ann <ann@example.org>:` and its kind need no verb.
        return (has_address && has_time(&text) && groups >= 4 && bare.contains('<')).then_some(true);
    }
    if groups < 2 && !has_address {
        // `Ann wrote:` counts only if quote marks follow.
        return (one_line && text.len() <= 80 && groups == 0 && text.split(' ').count() <= 6)
            .then_some(false);
    }
    let opens = WORDS.leads(&text) || starts_like_a_date(&text) || has_address || has_time(&text);
    let bracketed = has_address && bare.contains(['<', '(', '[']);
    opens.then(|| bracketed || ((has_time(&text) || has_address) && groups >= 2))
}

/// Attributions that end without a colon: they start with a full date and end with an address, or name the offset to
/// GMT.
fn unclosed(shown: &str, one_line: bool) -> Option<bool> {
    // Nearly every line of a mail comes by here, and nearly none opens with a digit: the form for comparing can wait.
    if !opens_with_digit(shown) {
        return None;
    }
    let text = normal(shown);
    let year = text.get(..4).is_some_and(|year| year.bytes().all(|b| b.is_ascii_digit()));
    if !year || text.len() > 200 {
        return None;
    }
    let address = text.ends_with('>') && has_address(&text) && digit_groups(&text) >= 3;
    let offset = one_line && text.contains(" gmt") && has_time(&text) && digit_groups(&text) >= 6;
    let silent = offset && text.split(' ').count() <= 8 && text.ends_with(char::is_alphabetic);
    (address || silent).then_some(true)
}

/// Digits of Arabic, Persian and the scripts of India as those of ASCII.
fn with_plain_digits(text: String) -> String {
    const ZEROS: [char; 4] = ['\u{660}', '\u{6F0}', '\u{966}', '\u{9E6}'];
    let plain = |c: char| {
        let value = |zero: &char| u32::from(c).checked_sub(u32::from(*zero)).filter(|value| *value < 10);
        let digit = ZEROS.iter().find_map(value).and_then(|value| char::from_digit(value, 10));
        digit.unwrap_or(c)
    };
    if text.is_ascii() { text } else { text.chars().map(plain).collect() }
}

fn opens_with_digit(text: &str) -> bool {
    let opening = text.trim_start_matches(|c: char| c.is_whitespace() || c == '*' || is_invisible(c));
    opening.starts_with(|c: char| c.is_ascii_digit())
}

pub(super) fn has_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(before, after)| {
        before.ends_with(|c: char| c.is_alphanumeric() || "_-+.".contains(c)) && after.contains('.')
    })
}

fn starts_like_a_date(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        || text.split(' ').take(3).any(|word| word.contains(|c: char| c.is_ascii_digit()))
}

pub(super) fn digit_groups(text: &str) -> usize {
    text.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).count()
}

/// `12:46`, `12.46`, `12h46`: a digit, a sign, two digits.
pub(super) fn has_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(4).any(|w| {
        matches!(w, [a, sign, b, c] if a.is_ascii_digit() && matches!(sign, b':' | b'h') && b.is_ascii_digit() && c.is_ascii_digit())
    }) || dotted_time(text)
}

/// `20.42`, but not within a date such as `21.04.2016`.
fn dotted_time(text: &str) -> bool {
    text.split([' ', ',']).any(|word| {
        let mut groups = word.trim_end_matches([':', '.']).split('.');
        let two = |group: Option<&str>| {
            group.is_some_and(|g| matches!(g.len(), 1 | 2) && g.bytes().all(|b| b.is_ascii_digit()))
        };
        let (hours, minutes) = (two(groups.next()), two(groups.next()));
        hours && minutes && groups.next().is_none_or(|seconds| seconds.len() == 2)
    })
}

/// A line such as `-----Original Message-----` or `Begin forwarded message:`.
#[derive(Clone, Copy)]
pub(in crate::intake) struct Marker<'a> {
    /// What it announces.
    pub(in crate::intake) announced: Announced,
    /// What stands after it on the same line: some programs run the headers together.
    pub(in crate::intake) rest: &'a str,
}

masked!(Marker<'_>);

/// Reads a marker line.
pub(in crate::intake) fn marker<'a>(line: &Line<'a>) -> Option<Marker<'a>> {
    let dash = |c: char| {
        matches!(c, '-' | '_' | '=' | '–' | '—' | '─' | '━' | '*' | ' ' | '#' | '‐' | '‑' | '―' | '−')
    };
    if !line.inner.starts_with(dash) && !ends_open(line.inner) {
        return None;
    }
    let text = line.inner.trim_start_matches(dash);
    let ruled = text.len() + 2 <= line.inner.len();
    if text.is_empty() {
        return None;
    }
    if !ruled {
        let (phrase, rest) = text.split_once([':', '：'])?;
        let phrase = (phrase.len() <= 80 && rest.trim().is_empty()).then(|| normal(phrase))?;
        let announced = WORDS.announced(&phrase).filter(|a| *a == Announced::Forward)?;
        return Some(Marker { announced, rest: "" });
    }
    let (phrase, rest) = split_at_dashes(text)?;
    let announced = phrase_announces(&normal(phrase.trim_end_matches(|c| c == ':' || dash(c))))?;
    Some(Marker { announced, rest: rest.trim_start_matches(dash) })
}

/// The phrase up to the next run of dashes, and what follows it.
fn split_at_dashes(text: &str) -> Option<(&str, &str)> {
    let cut = ["--", "__", "==", "––", "——", "──", "━━", "**", "‐‐", "‑‑", "――", "−−"]
        .iter()
        .filter_map(|run| text.find(run))
        .min();
    let cut = cut.unwrap_or(text.len());
    let (phrase, rest) = (text.get(..cut)?, text.get(cut..)?);
    (phrase.len() <= 200).then_some((phrase, rest))
}

/// `Forwarded by Ann Smith on 04/19/2011` announces like `Forwarded by`; `Ann <ann@example.org> wrote` like an
/// original.
fn phrase_announces(phrase: &str) -> Option<Announced> {
    let words = |count| phrase.split(' ').take(count).collect::<Vec<_>>().join(" ");
    let opens =
        || WORDS.announced(&words(2)).filter(|a| *a == Announced::Forward && phrase.split(' ').count() > 3);
    let wrote = || WORDS.wrote(phrase) && (has_address(phrase) || digit_groups(phrase) >= 2);
    WORDS.announced(phrase).or_else(opens).or_else(|| wrote().then_some(Announced::Original))
}

/// A block of headers over a quoted mail.
#[derive(Clone, Default)]
pub(in crate::intake) struct Block {
    /// The first line after it.
    pub(in crate::intake) end: usize,
    /// The values, as written, by label; the first of each kind counts.
    pub(in crate::intake) from: Option<String>,
    /// The subject as written.
    pub(in crate::intake) subject: Option<String>,
    /// The kinds seen, as [`Label`] bits.
    kinds: u8,
    /// The first label was one of the sender's, date's or subject's.
    pub(in crate::intake) orderly: bool,
}

masked!(Block);

impl Block {
    /// How many kinds of headers it has.
    pub(in crate::intake) fn kinds(&self) -> u32 {
        self.kinds.count_ones()
    }

    /// Is one of these labels among its own?
    pub(super) fn has_any(&self, bits: u8) -> bool {
        self.kinds & bits != 0
    }

    /// Does the sender have an address?
    pub(in crate::intake) fn has_address(&self) -> bool {
        self.from.as_deref().is_some_and(has_address)
    }

    fn add(&mut self, bits: u8, value: &str) -> bool {
        let Some(label) = choose(bits, self.kinds, value) else { return false };
        if self.kinds == 0 {
            self.orderly = matches!(label, Label::From | Label::Date | Label::Subject);
        }
        self.kinds |= label as u8;
        match label {
            Label::From => _ = self.from.get_or_insert_with(|| value.to_owned()),
            Label::Subject => _ = self.subject.get_or_insert_with(|| value.to_owned()),
            Label::Date | Label::To | Label::Cc | Label::ReplyTo => {}
        }
        true
    }

    /// A folded value goes on: only the sender's is needed.
    fn go_on(&mut self, last: u8, text: &str) {
        if last & Label::From as u8 != 0
            && let Some(from) = self.from.as_mut().filter(|from| !has_address(from))
        {
            append(from, text);
        }
    }
}

/// A word with two meanings (`Tema`, `Data`, `A`) has the one that was not seen yet.
fn choose(bits: u8, seen: u8, value: &str) -> Option<Label> {
    let all = [Label::From, Label::Date, Label::Subject, Label::To, Label::ReplyTo, Label::Cc];
    let fits = |label: &Label| bits & *label as u8 != 0;
    let dated = value.contains(|c: char| c.is_ascii_digit());
    all.into_iter()
        .filter(fits)
        .filter(|label| *label != Label::Date || dated || value.is_empty() || bits.is_power_of_two())
        .find(|label| seen & *label as u8 == 0)
        .or_else(|| all.into_iter().find(fits))
}

/// Reads a header block that starts at a line, at whatever quote depth.
pub(in crate::intake) fn block(lines: &[Line<'_>], at: usize) -> Option<Block> {
    let (_, first) = lines.get(at)?.header?;
    if !has_kinds_ahead(lines, at) && !first.contains(':') {
        return None;
    }
    let mut block = Block::default();
    let mut last = 0;
    let mut loose = 0;
    for (offset, line) in lines.get(at..)?.iter().take(BLOCK_LINES).enumerate() {
        let repeats = |bits: u8| bits == Label::From as u8 && block.from.is_some();
        if line.header.is_some_and(|(bits, _)| repeats(bits)) {
            // The headers of the next mail down.
            break;
        }
        if let Some((bits, value)) = line.header.filter(|(bits, value)| block.add(*bits, value)) {
            (last, loose) = (bits, 0);
            block.end = at + offset + 1;
            if offset == 0 && bits & Label::Subject as u8 == 0 {
                read_run_together(&mut block, value);
            }
            continue;
        }
        // Between headers there may be one empty line, or a few lines of a folded value.
        loose += 1;
        let folds = !line.inner.is_empty() && line.is_short();
        if block.kinds == 0 || loose > FOLDED_LINES || (line.inner.is_empty() && loose > 1) {
            break;
        }
        if folds {
            block.go_on(last, line.inner);
        }
    }
    (block.kinds != 0).then_some(block)
}

/// A look at the labels ahead, so that a label on every line costs little: a block names a sender and one thing more.
fn has_kinds_ahead(lines: &[Line<'_>], at: usize) -> bool {
    let ahead = lines.get(at..).unwrap_or_default().iter().take(BLOCK_LINES);
    let kinds = ahead.filter_map(|line| line.header).fold(0, |kinds, (bits, _)| kinds | bits);
    kinds.count_ones() >= 2 && kinds & Label::From as u8 != 0
}

/// Headers on one line: `From: … Date: … Subject: …`, even without a space between a value and the next label.
fn read_run_together(block: &mut Block, value: &str) {
    if value.len() <= 2_000 && value.contains(':') {
        let found = run_together(value);
        for (label, value) in found {
            block.add(label as u8, value);
        }
    }
}

/// The labels within a line of headers run together, with their values. A digit before a colon is a time.
pub(in crate::intake) fn run_together(text: &str) -> Vec<(Label, &str)> {
    let mut found: Vec<(Label, &str)> = Vec::new();
    let mut open: Option<(Label, usize)> = None;
    for (colon, _) in text.match_indices(':').take(40) {
        let before = text.get(..colon).unwrap_or_default().trim_end();
        let Some((rest, label)) = WORDS.label_at_end(before) else { continue };
        let within_a_word = rest.ends_with(|c: char| c.is_lowercase()) && before.len() - rest.len() < 4;
        if within_a_word || found.iter().any(|(seen, _)| *seen == label) {
            continue;
        }
        if let Some((label, start)) = open.take() {
            found.push((label, text.get(start..rest.len()).unwrap_or_default().trim()));
        }
        open = Some((label, colon + 1));
        if label == Label::Subject {
            break;
        }
    }
    if let Some((label, start)) = open {
        found.push((label, text.get(start..).unwrap_or_default().trim()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::split;

    #[test]
    fn a_form_above_a_short_attribution_is_no_part_of_it() {
        let form = "Client name: Ana Ruiz\nPhone: 518-555-0142\nSafe to email: yes\nEmail: ana@mail.example";
        for between in ["\n", "\n\n", "\nLanguage: English\n\n"] {
            for below in ["On Monday Anna wrote:\n> Please help\n", "El lunes Anna escribió:\n\n> Ayuda\n"] {
                let text = split(Some(&[form, between, below].concat()), None);
                assert_eq!(text.own.trim(), [form, between].concat().trim(), "{between:?} {below}");
            }
        }
        // Without marks nobody can tell the quote from what was written, and nothing of it is read.
        let text = split(Some(&[form, "\n\nOn Monday Anna wrote:\nSafe to call: yes\n"].concat()), None);
        assert!(!text.own.contains("Safe to call"), "{}", text.own);
    }

    #[test]
    fn an_attribution_that_is_folded_stays_whole() {
        for heading in [
            "On Tue, 3 Nov 2026 at 09:15, Ann Smith <\nann@example.org> wrote:",
            "On Tuesday, 3 November 2026 at 09:15\nAnn Smith <ann@example.org>\nwrote:",
        ] {
            let text = split(Some(&format!("Yes.\n\n{heading}\n> Please answer\n")), None);
            assert_eq!(text.own.trim(), "Yes.", "{heading}");
        }
    }
}
