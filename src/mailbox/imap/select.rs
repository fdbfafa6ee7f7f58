//! Opening the mailbox: its numbering, its end, and what may be done in it.

use async_imap::imap_proto::{AttributeValue, Response};

use super::connection::Connection;
use super::selected::Selected;
use super::uids::quoted;
use crate::mailbox::MailboxError;

impl Connection {
    /// Opens `mailbox`, also when it is open: only opening shows new mail and new numbering for certain.
    ///
    /// # Errors
    /// [`MailboxError::MailboxMissing`] when the server refuses; [`MailboxError::Protocol`] without `UIDVALIDITY`,
    /// because then a mail could not be recognised again.
    pub(super) async fn select(&mut self, mailbox: &str) -> Result<Selected, MailboxError> {
        let name = quoted("mailbox", mailbox)?;
        self.selected = None;
        let mut selected = Selected::default();
        let opened = self.command("SELECT", &format!("SELECT {name}"), |answer| selected.hear(answer)).await;
        opened.map_err(|error| missing(mailbox, error))?;
        self.news = false;
        if selected.validity == 0 {
            return Err(MailboxError::Protocol { during: "SELECT", what: "it gives no UIDVALIDITY" });
        }
        if !selected.uid_next_announced {
            selected.uid_next = self.highest_uid(selected.exists).await?.saturating_add(1);
        }
        self.selected = Some(selected.clone());
        Ok(selected)
    }

    /// For servers that do not announce `UIDNEXT`: in a UID set, `*` is the highest UID in use.
    async fn highest_uid(&mut self, exists: u32) -> Result<u32, MailboxError> {
        if exists == 0 {
            return Ok(0);
        }
        let mut highest = 0;
        self.command("UID FETCH", "UID FETCH * (UID)", |answer| {
            if let Response::Fetch(_, attributes) = answer {
                for attribute in attributes {
                    if let AttributeValue::Uid(uid) = attribute {
                        highest = highest.max(*uid);
                    }
                }
            }
        })
        .await?;
        Ok(highest)
    }
}

/// Codes of a refusal that passes by itself (RFC 5530); the library leaves them in the text.
const PASSING: [&str; 4] = ["[UNAVAILABLE]", "[INUSE]", "[SERVERBUG]", "[LIMIT]"];

fn missing(mailbox: &str, error: MailboxError) -> MailboxError {
    if let MailboxError::Refused { said, .. } = &error
        && !PASSING.iter().any(|code| said.contains(code))
    {
        return MailboxError::MailboxMissing { name: mailbox.to_owned(), said: said.clone() };
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_that_passes_is_not_told_as_a_missing_mailbox() {
        for (said, permanent) in [
            ("[UNAVAILABLE] later", false),
            ("[INUSE] locked", false),
            ("[NONEXISTENT] no such mailbox", true),
            ("[NOPERM] no right", true),
        ] {
            let error = MailboxError::Refused { command: "SELECT", said: said.to_owned() };
            assert_eq!(missing("INBOX", error).is_permanent(), permanent, "{said}");
        }
    }
}
