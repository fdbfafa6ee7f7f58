//! A way to reach somebody in running text, and whose it is.

use crate::referral::packet::Judged;

/// Whose a number or an address is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::intake::form) enum Owner {
    /// The client's.
    Client,
    /// The client's too: "home …, cell …".
    Also,
    /// Of whoever wrote: "call me at …", below a farewell.
    Writer,
    /// Of somebody beside the client: a landlord, a sister.
    Bystander,
    /// The words do not say.
    Unknown,
}

/// A way to reach somebody.
pub(in crate::intake::form) struct Reach {
    /// As written.
    pub(in crate::intake::form) value: String,
    /// What it is worth.
    pub(in crate::intake::form) judged: Judged,
    /// Its line, counted from 1; 0 is the subject.
    pub(in crate::intake::form) line: usize,
    /// Whose it is.
    pub(in crate::intake::form) owner: Owner,
}
