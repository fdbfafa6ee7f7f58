//! Beside: what stands beside the subject and the new text of a mail, in its other body, a file or an attached message.

use super::{Aside, Heard, LONGEST, MOST_BESIDE, Said, UNREAD, Warnings, is_long, of};

/// What stands there and warns.
#[derive(Clone, Default)]
pub(super) struct Beside {
    texts: Vec<String>,
    /// Not all of the mail was searched.
    is_cut: bool,
}

impl Beside {
    pub(super) fn of(warn: &[(&Aside, Said)], is_cut: bool) -> Beside {
        Beside { texts: warn.iter().map(|(aside, _)| aside.text.clone()).collect(), is_cut }
    }
}

impl Heard {
    /// What the mail warns of beside its subject and its new text, without what of it `left` takes out; that keeps a
    /// text as it is by `None`.
    #[must_use]
    pub fn beside(&self, left: impl Fn(&str) -> Option<String>) -> Warnings {
        let texts = self.beside.texts.iter();
        let of_text = |text: &String| of([left(text).as_deref().unwrap_or(text)]);
        let all = texts.map(of_text).fold(Warnings::default(), Warnings::and);
        if self.beside.is_cut { all.and(UNREAD) } else { all }
    }
}

/// As much of them as is looked at in one mail, and whether anything is left that is not.
pub(super) fn within(asides: &[Aside]) -> (Vec<&Aside>, bool) {
    let (mut left, mut is_left) = (MOST_BESIDE, false);
    let fits = |aside: &&Aside| {
        let size = aside.text.len().min(LONGEST);
        let fits = size <= left;
        left -= if fits { size } else { 0 };
        is_left |= !fits || is_long(&aside.text);
        fits
    };
    let beside = asides.iter().filter(fits).collect();
    (beside, is_left)
}
