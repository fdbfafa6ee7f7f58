//! The original inside a forwarded mail.

use super::Forwarded;

/// Finds the original author, subject and text in an inline forward; `None` when the mail is not a forward.
#[must_use]
pub fn find(_subject: &str, _plain: Option<&str>, _html: Option<&str>) -> Option<Forwarded> {
    None
}
