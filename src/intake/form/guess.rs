//! Questions about what is safe in words that no list holds: understood as far as harms nobody.

use super::fold::words;
use super::lexicon::{LEXICON, Meaning, Slot, Whose, channel};

/// A question about what is safe, in words nobody wrote down: its "no" counts, and its "yes" is asked about.
pub(super) fn delicate(key: &str) -> Option<Meaning> {
    let words = words(key);
    let says = |list: &str| LEXICON.phrases(list).within(&words);
    if words.len() < 3 || !says("safe_questions") || says("safe_otherwise") {
        return None;
    }
    let channels = [
        ("call", channel::CALL),
        ("voicemail", channel::VOICEMAIL),
        ("text", channel::TEXT),
        ("email", channel::EMAIL),
        ("letter", channel::LETTER),
    ];
    // A text message is no message to leave.
    let text = LEXICON.phrases("text");
    let (mut rest, mut at) = (Vec::new(), 0);
    while let Some(word) = words.get(at) {
        let taken = text.starts(words.get(at..).unwrap_or_default());
        if taken == 0 {
            rest.push(*word);
        }
        at += taken.max(1);
    }
    let is_text = rest.len() < words.len();
    let named = |(list, bit): &(&str, u8)| {
        if *bit == channel::TEXT { is_text } else { LEXICON.phrases(list).within(&rest) }
    };
    let bits: Vec<u8> = channels.into_iter().filter(named).map(|(_, bit)| bit).collect();
    let bit = match bits.as_slice() {
        [bit] => *bit,
        // "Is it safe to leave a message when we call?"
        [channel::CALL, channel::VOICEMAIL] => channel::VOICEMAIL,
        _ => return None,
    };
    Some(Meaning { slot: Slot::Safe(bit), whose: Whose::Plain })
}
