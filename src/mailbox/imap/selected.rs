//! What the server says of a mailbox when it is opened.

use async_imap::imap_proto::{MailboxDatum, Response, ResponseCode};

/// The mailbox as the server described it when it was opened.
#[derive(Clone, Debug, Default)]
pub(super) struct Selected {
    /// `UIDVALIDITY`, never 0.
    pub(super) validity: u32,
    /// The lowest UID no mail has yet.
    pub(super) uid_next: u32,
    /// The server said so itself; otherwise it is one above the highest mail, and falls when that is deleted.
    pub(super) uid_next_announced: bool,
    /// Mails in it.
    pub(super) exists: u32,
    /// Nothing can be marked or moved.
    pub(super) read_only: bool,
}

impl Selected {
    /// Takes over what an answer says of it.
    pub(super) fn hear(&mut self, answer: &Response<'_>) {
        if let Response::MailboxData(MailboxDatum::Exists(exists)) = answer {
            self.exists = *exists;
        }
        if let Response::Data { outcome, .. } | Response::Done { outcome, .. } = answer {
            match outcome.code {
                Some(ResponseCode::UidValidity(validity)) => self.validity = validity,
                Some(ResponseCode::UidNext(next)) if next > 0 => {
                    (self.uid_next, self.uid_next_announced) = (next, true);
                }
                Some(ResponseCode::ReadOnly) => self.read_only = true,
                _ => {}
            }
        }
    }
}
