//! The words, numbers and signs that dates and times of day are made of.

use std::borrow::Cow;

use crate::intake::form::fold::fold;
use crate::intake::form::lexicon::LEXICON;

/// A word, a number, or one sign.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Its value and how many digits it was written with.
    Number(u32, usize),
    /// Folded, and what it can say of a day, as bits of [`crate::intake::form::lexicon::day`].
    Word(Cow<'a, str>, u8),
    Sign(char),
}

masked!(Token<'_>);

impl<'a> Token<'a> {
    /// A number of more than nine digits is no part of a date.
    fn number(digits: &str) -> Token<'a> {
        let number = digits.parse().ok().filter(|_| digits.len() <= 9);
        number.map_or(Token::Sign('#'), |number| Token::Number(number, digits.len()))
    }

    fn word(word: &'a str) -> Token<'a> {
        let is_folded = word.bytes().all(|byte| byte.is_ascii_lowercase());
        let word = if is_folded { Cow::Borrowed(word) } else { Cow::Owned(fold(word)) };
        let days = LEXICON.hot.days.get(&*word).copied().unwrap_or_default();
        Token::Word(word, days)
    }
}

/// Where tokens are looked for, in characters.
const LONGEST: usize = 4_000;

/// At most the first 300 tokens.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let end = if text.len() > LONGEST { text.char_indices().nth(LONGEST) } else { None };
    let mut rest = end.and_then(|(end, _)| text.get(..end)).unwrap_or(text);
    let mut tokens = Vec::with_capacity((rest.len() / 3).min(300));
    while let Some(token) = next_token(&mut rest).filter(|_| tokens.len() < 300) {
        tokens.push(token);
    }
    tokens
}

/// Takes the first token off a text.
pub(super) fn next_token<'a>(rest: &mut &'a str) -> Option<Token<'a>> {
    let text = rest.trim_start();
    let c = text.chars().next()?;
    let (end, kind): (usize, fn(&'a str) -> Token<'a>) = if c.is_ascii_digit() {
        (text.bytes().take_while(u8::is_ascii_digit).count(), Token::number)
    } else if c.is_alphabetic() {
        (word_end(text), Token::word)
    } else {
        *rest = text.get(c.len_utf8()..)?;
        return Some(Token::Sign(c));
    };
    let (token, after) = text.split_at_checked(end)?;
    *rest = after;
    Some(kind(token))
}

/// Where the word ends that a text opens with.
fn word_end(text: &str) -> usize {
    let plain = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    match text.as_bytes().get(plain) {
        Some(byte) if !byte.is_ascii() || *byte == b'\'' => {
            text.find(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '’')).unwrap_or(text.len())
        }
        Some(_) | None => plain,
    }
}
