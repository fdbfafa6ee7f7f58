//! Our own letters, quoted without any mark or heading: known by their phrases, so that they are not read as the words
//! of whoever answers them.

use std::collections::HashSet;
use std::hash::Hasher;
use std::sync::LazyLock;

use memchr::memmem;
use rust_embed::RustEmbed;

use super::quick::WordHasher;
use super::reply::line::Line;
use super::reply::{self, words::normal};
use super::{Context, Envelope, Text};

/// So many words in a row are a phrase.
const PHRASE: usize = 5;

/// So many phrases of ours make a letter of ours: two short sentences.
const FEW: usize = 8;

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Letters;

/// The phrases of every built-in letter in every language.
static PHRASES: LazyLock<HashSet<u64>> = LazyLock::new(|| {
    let mut phrases = HashSet::new();
    for path in Letters::iter().filter(|path| path.ends_with(".txt")) {
        let file = Letters::get(&path).map(|file| file.data.into_owned()).unwrap_or_default();
        for words in fixed(&String::from_utf8_lossy(&file)) {
            phrases.extend(hashes(&words).windows(PHRASE).map(phrase));
        }
    }
    phrases
});

/// What every letter of a template says, whatever its facts: the lines between the places to fill in.
fn fixed(template: &str) -> Vec<String> {
    let body = template.split_once("\n\n").filter(|(head, _)| head.starts_with("Subject:"));
    let body = body.map_or(template, |(_, body)| body);
    let mut lines = Vec::new();
    for (at, piece) in body.replace("{%", "{{").replace("{#", "{{").split("{{").enumerate() {
        // Behind an opening stands what is filled in, up to its end, and then more of the letter.
        let end = ["}}", "%}", "#}"].iter().filter_map(|end| piece.find(end)).min().filter(|_| at > 0);
        let more = end.map_or(piece, |end| piece.get(end + 2..).unwrap_or_default());
        lines.extend(more.lines().map(str::to_owned));
    }
    lines
}

/// The words of a text, each as a number.
fn hashes(text: &str) -> Vec<u64> {
    let text = normal(text);
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let hash = |word: &str| {
        let mut hasher = WordHasher::default();
        hasher.write(word.as_bytes());
        hasher.finish()
    };
    words.map(hash).collect()
}

fn phrase(words: &[u64]) -> u64 {
    words.iter().fold(0, |phrase: u64, word| phrase.rotate_left(7).wrapping_mul(31).wrapping_add(*word))
}

/// Whether a mail is the answer to a letter of ours, by what it says of itself.
pub(super) fn is_answered(envelope: &Envelope, context: &Context) -> bool {
    let is_ours = |id: &String| {
        id.rsplit_once('@').is_some_and(|(_, domain)| domain.eq_ignore_ascii_case(&context.message_id_domain))
    };
    envelope.thread.first().is_some_and(is_ours)
}

/// The lines taken apart, and whether what is quoted in them is a letter of ours: what of one stands among the new text
/// without any mark is quoted too. Only a mail that names one of our numbers, or answers us, is looked through.
pub(super) fn taken_apart(lines: &mut [Line<'_>], envelope: &Envelope, context: &Context) -> (Text, bool) {
    let text = reply::parts(lines);
    let is_answer = is_answered(envelope, context);
    let number = [context.reference_prefix.as_str(), "-"].concat();
    let names = |text: &str| memmem::find(text.as_bytes(), number.as_bytes()).is_some();
    if text.own.trim().is_empty() || !(is_answer || names(&envelope.subject) || names(&text.own)) {
        return (text, is_answer);
    }
    let Some((from, known)) = letter(lines, &text) else { return (text, is_answer) };
    let mut strange = String::new();
    let mut own = text.own.as_str();
    for (at, line) in lines.iter_mut().enumerate() {
        let Some(rest) = own.strip_prefix(line.raw).filter(|_| line.forced.is_none()) else { continue };
        own = rest;
        if let Some(is_known) = at.checked_sub(from).and_then(|at| known.get(at)) {
            line.forced = Some(reply::line::Class::Quoted);
            // What stands between our sentences may be somebody's words: it fills nothing, and it is heard.
            if !is_known {
                strange.push_str(line.raw);
            }
        }
    }
    let mut text = reply::parts(lines);
    text.unsure.push_str(&strange);
    (text, true)
}

/// Where a letter of ours stands among the new text: its first line, and of each from there to its last whether it holds
/// a phrase of ours.
fn letter(lines: &[Line<'_>], text: &Text) -> Option<(usize, Vec<bool>)> {
    let mut own = text.own.as_str();
    let mut known = vec![false; lines.len()];
    let mut count = 0;
    let mut paragraph: Vec<(usize, u64)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let rest = own.strip_prefix(line.raw).filter(|_| line.forced.is_none());
        own = rest.unwrap_or(own);
        if rest.is_some() && !line.is_blank() {
            paragraph.extend(hashes(line.text).into_iter().map(|word| (at, word)));
            continue;
        }
        count += mark(&mut known, &paragraph);
        paragraph.clear();
    }
    count += mark(&mut known, &paragraph);
    let first = known.iter().position(|known| *known)?;
    let last = known.iter().rposition(|known| *known)?;
    (count >= FEW).then(|| (first, known.get(first..=last).unwrap_or_default().to_vec()))
}

/// Marks the lines in which phrases of ours stand; returns how many there are.
fn mark(known: &mut [bool], paragraph: &[(usize, u64)]) -> usize {
    let mut count = 0;
    for window in paragraph.windows(PHRASE) {
        let words: Vec<u64> = window.iter().map(|(_, word)| *word).collect();
        if PHRASES.contains(&phrase(&words)) {
            count += 1;
            for (at, _) in window {
                known.get_mut(*at).into_iter().for_each(|line| *line = true);
            }
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use crate::intake::{read, tests::context};
    use crate::referral::packet::Field;

    const NEEDED: &str = "Please fill in this line and reply. The rest we have.\n\nPhone:VALUE\n\nIf you do not know, write \"not known\". \
        Please do not ask the person to tell their story again for this.\n\nWhat happens next: we go on with R-7K4M-2QX9 as soon as your \
        reply is here. We keep trying to reach the person meanwhile, where that is safe.\n";
    const RECEIPT: &str = "We have your referral. Please quote its number when you write\nor call.\n\nNumber: R-7K4M-2QX9\nOwner: Maria\n\
        Status: Received\nStill missing: Phone\n\nWhat happens next: the owner contacts the person, only in a way\nyou told us is safe. \
        Then you hear from us.\n\nThis is a receipt. It is not legal advice.\n";

    fn reading(body: &str) -> crate::intake::Reading {
        read(format!("From: jo@partner.example\nSubject: Re: Needed\n\n{body}").as_bytes(), &context())
    }

    #[test]
    fn our_letter_quoted_without_any_mark_is_not_the_authors_words() {
        for letter in [NEEDED.replace("VALUE", ""), RECEIPT.to_owned()] {
            let reading = reading(&format!("Thanks, I will ask her.\n\n{letter}"));
            assert_eq!(reading.text.own.trim(), "Thanks, I will ask her.", "{letter}");
            assert!(reading.text.quoted.contains("reply") || reading.text.quoted.contains("Owner: Maria"));
            assert!(reading.packets.is_empty() && reading.mentions.references.is_empty(), "{letter}");
        }
    }

    #[test]
    fn what_is_typed_into_it_is_read_and_what_is_written_between_its_lines_is_heard() {
        let packet = |body: &str| reading(body).packets.into_iter().next().unwrap_or_default();
        let typed = NEEDED.replace("VALUE", " 518-555-0142");
        assert_eq!(packet(&typed).text(Field::ClientPhone), Some("518-555-0142"));
        let warned = typed.replace("If you do", "He reads her email.\n\nIf you do");
        assert!(reading(&warned).warnings.mail);
        assert!(!reading(&typed).warnings.mail);
    }

    #[test]
    fn words_that_are_like_ours_stay_the_authors() {
        for own in [
            "R-7K4M-2QX9: we have your letter. Please quote its number when you write to her.",
            "Her number is R-7K4M-2QX9. What happens next: she calls the owner on Monday, and then you hear from her again.",
        ] {
            assert_eq!(reading(own).text.own.trim(), own);
        }
    }
}
