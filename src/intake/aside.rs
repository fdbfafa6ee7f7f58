//! What stands beside the new text of a mail.

/// Words of a mail, and whether their labels are read as those of a form.
pub type Words<'a> = (&'a str, bool);

/// What something beside the new text says: a file, the markup, an attached message.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Aside {
    /// Where it stands, as the places of values are named; empty when it belongs to nobody in particular.
    pub place: String,
    /// Its words.
    pub text: String,
    /// Its labels are read as those of a form, so that their answers are judged and need not be heard.
    pub is_read: bool,
}

masked!(Aside);

impl Aside {
    /// Its words, and whether its labels are read as those of a form.
    #[must_use]
    pub fn words(&self) -> Words<'_> {
        (&self.text, self.is_read)
    }
}
