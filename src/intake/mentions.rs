//! Words of ours in a mail: references people quote and the tokens our own letters carried.

use super::{Context, Envelope, Mentions, Text, quick};

/// References kept of one mail.
const REFERENCES: usize = 10;

/// Tokens kept of one mail.
const TOKENS: usize = 20;

/// What stands before a token that travels in the text, since the mail server takes no addresses that carry it. It
/// proves what a token anywhere else proves, and no more.
const PROOF: &str = "proof:";

/// Finds references in the subject and the new text, tokens in the recipients, the thread and the new text.
#[must_use]
pub fn find(envelope: &Envelope, own_text: &str, context: &Context) -> Mentions {
    let mut mentions = Mentions::default();
    for text in [envelope.subject.as_str(), own_text] {
        let dressed = undressed(text).map(|text| references_in(&text, &context.reference_prefix));
        for reference in
            references_in(text, &context.reference_prefix).into_iter().chain(dressed.into_iter().flatten())
        {
            if mentions.references.len() < REFERENCES && !mentions.references.contains(&reference) {
                mentions.references.push(reference);
            }
        }
    }
    let proofs = quick::lines(own_text).filter_map(proof).map(str::to_owned);
    for token in tags(envelope, context).chain(thread_tokens(envelope, context)).chain(proofs) {
        if mentions.tokens.len() < TOKENS && !mentions.tokens.contains(&token) {
            mentions.tokens.push(token);
        }
    }
    mentions
}

/// Sets the lines that carry a token aside: they are ours, not the author's.
#[must_use]
pub fn without_proofs(text: Text) -> Text {
    if !quick::lines(&text.own).any(|line| proof(line).is_some()) {
        return text;
    }
    let (proofs, own): (Vec<&str>, Vec<&str>) = text.own.lines().partition(|line| proof(line).is_some());
    let removed = format!("{}\n{}", text.removed, proofs.join("\n"));
    Text { own: own.join("\n").trim_end().to_owned(), removed: removed.trim_start().to_owned(), ..text }
}

fn proof(line: &str) -> Option<&str> {
    let (label, token) = line.trim_start().split_at_checked(PROOF.len())?;
    if !label.eq_ignore_ascii_case(PROOF) {
        return None;
    }
    let token = token.trim();
    let is_token = (40..=50).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_token.then_some(token)
}

/// A text with the dashes, letters and digits that programs put in place of plain ones set right; `None` when it has
/// none but plain ones.
fn undressed(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        let even = quick::find_wide(rest).unwrap_or(rest.len());
        let (before, from) = rest.split_at_checked(even).unwrap_or((rest, ""));
        plain.push_str(before);
        let mut chars = from.chars();
        let Some(c) = chars.next() else { return Some(plain) };
        plain.extend(undressed_char(c));
        rest = chars.as_str();
    }
}

fn undressed_char(c: char) -> Option<char> {
    match c {
        '\u{a0}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => Some('-'),
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => None,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xFEE0),
        _ => Some(c),
    }
}

/// `PREFIX-XXXX-XXXX` shapes in a text, in upper case.
pub(super) fn references_in(text: &str, prefix: &str) -> Vec<String> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let bytes = text.as_bytes();
    let found = text.match_indices('-').filter_map(|(dash, _)| {
        let start = dash.checked_sub(prefix.len())?;
        let end = dash + 10;
        let ends_there = bytes.get(end).is_none_or(|next| !is_word(*next));
        let begins_there =
            start.checked_sub(1).and_then(|before| bytes.get(before)).is_none_or(|b| !is_word(*b));
        let word = text.get(start..end).filter(|_| begins_there && ends_there)?;
        is_reference(word, prefix).then(|| word.to_ascii_uppercase())
    });
    found.collect()
}

fn is_reference(word: &str, prefix: &str) -> bool {
    let is_group = |group: &str| group.len() == 4 && group.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let Some((written, groups)) = word.split_at_checked(prefix.len()) else { return false };
    let groups = groups.strip_prefix('-').and_then(|groups| groups.split_once('-'));
    written.eq_ignore_ascii_case(prefix) && groups.is_some_and(|(one, two)| is_group(one) && is_group(two))
}

/// The `+tag` of every address of ours the mail was sent to.
fn tags<'a>(envelope: &'a Envelope, context: &'a Context) -> impl Iterator<Item = String> + 'a {
    let is_ours = |mailbox: String| context.own_addresses.iter().any(|own| own.mailbox() == mailbox);
    envelope
        .to
        .iter()
        .filter(move |to| is_ours(to.mailbox()))
        .filter_map(|to| to.local().split_once('+'))
        .map(|(_, tag)| tag.to_owned())
        .filter(|tag| !tag.is_empty())
}

/// The local part of every Message-ID of ours in the thread, nearest first.
fn thread_tokens<'a>(envelope: &'a Envelope, context: &'a Context) -> impl Iterator<Item = String> + 'a {
    envelope
        .thread
        .iter()
        .filter_map(|id| id.rsplit_once('@'))
        .filter(|(_, domain)| domain.eq_ignore_ascii_case(&context.message_id_domain))
        .map(|(local, _)| local.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::tests::context;
    use crate::referral::address::EmailAddress;

    #[test]
    fn references_and_tokens_are_found_in_their_places() {
        let address = |text: &str| EmailAddress::parse(text).unwrap();
        let envelope = Envelope {
            subject: "Re: your referral R-7K4M-2QX9".to_owned(),
            to: vec![address("INTAKE+abc@handoff.example"), address("other+def@example.org")],
            thread: vec!["tok2@mail.handoff.example".to_owned(), "x@elsewhere.example".to_owned()],
            ..Envelope::default()
        };
        let found =
            find(&envelope, "see (r-7k4m-2qx9), R-AAAA-BBBB. not R-AAAA-BBB or XR-AAAA-BBBB", &context());
        assert_eq!(found.references, ["R-7K4M-2QX9", "R-AAAA-BBBB"]);
        assert_eq!(found.tokens, ["abc", "tok2"]);
    }

    #[test]
    fn a_proof_in_the_new_text_is_a_token_and_no_word_of_the_author() {
        let token = "0123456789abcdefghjkmnpqrstvwxyz0123456789abc";
        let own =
            format!("accept\n\n  PROOF: {token}\nSent from my phone\nProof: of income\nproof:{token}x!");
        let found = find(&Envelope::default(), &own, &context());
        assert_eq!(found.tokens, [token]);
        let text = without_proofs(Text { own, ..Text::default() });
        assert_eq!(text.own, format!("accept\n\nSent from my phone\nProof: of income\nproof:{token}x!"));
        assert_eq!(text.removed.trim(), format!("PROOF: {token}"));
        let quoted = without_proofs(Text { quoted: format!("Proof: {token}"), ..Text::default() });
        assert!(
            quoted.removed.is_empty()
                && find(&Envelope::default(), &quoted.own, &context()).tokens.is_empty()
        );
    }
}
