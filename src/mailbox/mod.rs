//! Mailbox: where mail comes from. It hands out raw bytes with the place they lay in; it knows nothing of referrals.
//!
//! The promise: every mail of the mailbox is handed out at least once, in the order it arrived, however the server
//! behaves; whatever cannot be read is an error or is handed out as unreadable, never skipped in silence. Progress
//! is the caller's: a [`Cursor`] is stored in the transaction that stores the mails, and [`Mailbox::file_away`]
//! comes after that commit.
//!
//! Nevers: nothing here looks at `\Seen`, uses sequence numbers, or deletes a mail; no error holds a server's raw
//! answer or a password.

mod error;
pub mod imap;
pub mod maildir;
pub mod stdin;

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use error::MailboxError;

/// A mail as it lay in the mailbox.
pub struct Fetched {
    /// Where it lay.
    pub origin: Origin,
    /// Its bytes.
    pub raw: Raw,
    /// When the server took it in (IMAP `INTERNALDATE`, the file's time in a Maildir); a server may lie.
    pub internal_date: Option<DateTime<Utc>>,
}

/// The bytes of a mail.
pub enum Raw {
    /// All of it.
    Whole(Vec<u8>),
    /// Over the size cap, so only its header block was read; or, with an empty header, a mail that its server could
    /// not deliver though others after it came.
    HeaderOnly {
        /// The header block, at most 256 KiB of it.
        header: Vec<u8>,
        /// The size of the whole mail in bytes, as the mailbox gives it.
        size: u64,
    },
}

impl fmt::Debug for Fetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetched")
            .field("origin", &self.origin)
            .field("raw", &self.raw)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Raw::Whole(bytes) => write!(f, "Whole({} bytes)", bytes.len()),
            Raw::HeaderOnly { size, .. } => write!(f, "HeaderOnly(of {size} bytes)"),
        }
    }
}

/// Where a mail lay: unique for ever.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Origin {
    /// The mailbox's name, such as `INBOX`; `maildir` or `stdin` for the other kinds.
    pub mailbox: String,
    /// IMAP `UIDVALIDITY`; 0 elsewhere.
    pub validity: u32,
    /// IMAP UID; 0 elsewhere.
    pub uid: u32,
    /// The unique file name in a Maildir, the SHA-256 of a mail from stdin; empty for IMAP.
    pub name: String,
}

impl Origin {
    /// One text per place, for a unique column.
    #[must_use]
    pub fn key(&self) -> String {
        if self.uid > 0 {
            format!("imap:{}:{}:{}", self.validity, self.uid, self.mailbox)
        } else {
            format!("{}:{}", self.mailbox, self.name)
        }
    }
}

/// How far a mailbox was read; stored by the store in the same transaction as the mails.
///
/// The default means: never read.
#[derive(Clone, Default, Serialize, Deserialize, PartialEq, Eq, Debug)]
pub struct Cursor {
    /// The `UIDVALIDITY` the UIDs belong to; 0 before the first look.
    pub validity: u32,
    /// The lowest UID not read yet.
    pub next_uid: u32,
}

/// The next mails of a mailbox.
#[derive(Debug)]
pub struct Batch {
    /// At most 100 mails, oldest first.
    pub mails: Vec<Fetched>,
    /// Where to go on, once the mails are committed.
    pub cursor: Cursor,
    /// Mails that had arrived but were gone before they could be read. Holes from before the very first look are not
    /// counted, unless the process restarts within that first reading.
    pub vanished: u32,
    /// More may wait: ask again at once.
    pub more: bool,
    /// The server numbers its mails anew: all of them are read again and recognised by digest (not by origin, which
    /// may now name another mail); admins are told.
    pub renumbered: bool,
}

/// A mailbox of either kind.
pub enum Mailbox {
    /// A folder on an IMAP server.
    Imap(Box<imap::Imap>),
    /// A directory on this machine.
    Maildir(maildir::Maildir),
}

impl Mailbox {
    /// The next mails after `cursor`, at most 100 and a bounded number of bytes.
    ///
    /// A lost connection is opened again by the next call; waiting between tries is the caller's job. A Maildir
    /// hands out the same mails until [`Mailbox::file_away`] names them.
    ///
    /// # Errors
    /// [`MailboxError`]; nothing was skipped then, the same cursor is good for the next try.
    pub async fn fetch(&mut self, cursor: &Cursor) -> Result<Batch, MailboxError> {
        match self {
            Mailbox::Imap(imap) => imap.fetch(cursor).await,
            Mailbox::Maildir(maildir) => maildir.fetch(cursor).await,
        }
    }

    /// Marks or moves mails that are committed, as settings say. Doing it twice does no harm.
    ///
    /// # Errors
    /// [`MailboxError`]; the mails are safe then, and the call may be made again.
    pub async fn file_away(&mut self, origins: &[Origin]) -> Result<(), MailboxError> {
        match self {
            Mailbox::Imap(imap) => imap.file_away(origins).await,
            Mailbox::Maildir(maildir) => maildir.file_away(origins).await,
        }
    }

    /// Looks whether mails can be filed away as settings say; nothing is moved.
    ///
    /// # Errors
    /// [`MailboxError`] with the remedy.
    pub async fn look_where_to_move(&mut self) -> Result<(), MailboxError> {
        match self {
            Mailbox::Imap(imap) => imap.look_where_to_move().await,
            Mailbox::Maildir(_) => Ok(()),
        }
    }

    /// Takes whatever connection there was for dead, such as after the machine slept: the next look opens a new one.
    pub fn hang_up(&mut self) {
        if let Mailbox::Imap(imap) = self {
            imap.hang_up();
        }
    }

    /// Waits until a look is due: new mail was announced, or the poll interval is over.
    ///
    /// May be dropped at any time; an IMAP connection that was idling is then opened anew.
    ///
    /// # Errors
    /// [`MailboxError`] when the connection is lost meanwhile.
    pub async fn wait(&mut self) -> Result<(), MailboxError> {
        match self {
            Mailbox::Imap(imap) => imap.wait().await,
            Mailbox::Maildir(maildir) => {
                maildir.wait().await;
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_its_own_key() {
        let place = |mailbox: &str, validity, uid, name: &str| {
            Origin { mailbox: mailbox.into(), validity, uid, name: name.into() }.key()
        };
        let keys = [
            place("INBOX", 777, 12, ""),
            place("INBOX", 77, 712, ""),
            place("Other", 777, 12, ""),
            place("maildir", 0, 0, "1700000000.M1.host"),
            place("stdin", 0, 0, "1700000000.M1.host"),
        ];
        let distinct: std::collections::BTreeSet<_> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len());
    }

    #[test]
    fn a_mail_is_never_shown_by_debug() {
        let origin = Origin { mailbox: "INBOX".into(), validity: 1, uid: 2, name: String::new() };
        let mail = Fetched { origin, raw: Raw::Whole(b"Ann Smith".to_vec()), internal_date: None };
        assert!(!format!("{mail:?}").contains("Ann"));
    }
}
