//! The first look at a sentence: of which kinds its words may be, whoever listens for them.

use std::sync::LazyLock;

use super::{anothers, answers, net, reach, unagreed, words};
use crate::intake::marks::Marks;

/// The words of all who listen, as marks: nearly no sentence warns of anything, and one look tells so.
static MARKS: LazyLock<Marks> = LazyLock::new(|| {
    let said = unagreed::marks().chain(reach::marks()).chain(answers::marks());
    Marks::of(words::marks().chain(anothers::marks()).chain(said).chain(net::marks()))
});

/// The kinds that words of a sentence may be of, in any language: rather too many than one too few.
pub(super) fn marked(sentence: &str) -> u64 {
    MARKS.within(sentence)
}
