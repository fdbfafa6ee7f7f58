//! A folder on an IMAP server (RFC 3501), read by UID.
//!
//! Each command's tagged answer is checked, each command has a deadline, and each mail asked for must come: a server
//! that says NO, hangs up, or leaves out a mail is an error or is asked again. A mail counts as gone only when a
//! search of its own says so.

mod connection;
mod file_away;
mod idle;
mod select;
mod selected;
mod uids;
mod window;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;

use super::{Batch, Cursor, Fetched, MailboxError, Origin, Raw};
use crate::wire::secret::Secret;
use crate::wire::{Security, tls};
use connection::Connection;
use selected::Selected;
use window::Window;

/// How often a mail at the head may fail to come before the mails behind it are tried without it.
const STRIKES: u32 = 5;

/// Where the mailbox is and how it is read.
#[derive(Clone, Debug)]
pub struct ImapSettings {
    /// Host name or IP address, as it stands in the server's certificate.
    pub host: String,
    /// 993 for [`Security::Tls`], 143 for [`Security::StartTls`].
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The login name.
    pub user: String,
    /// Its password.
    pub password: Secret,
    /// The folder to read, such as `INBOX`; other than ASCII names in modified UTF-7 (RFC 3501 §5.1.3).
    pub mailbox: String,
    /// What is done with mails that were read.
    pub after: After,
    /// How often to look, at the latest, even while the server would announce new mail.
    pub poll: Duration,
    /// Let the server announce new mail (RFC 2177), if it can.
    pub idle: bool,
    /// A PEM file with a CA of your own.
    pub extra_ca: Option<PathBuf>,
    /// The largest mail that is read whole, in bytes.
    pub max_mail_bytes: u64,
    /// The deadline of a command; reading mails has twice that and a second for every 10 kB.
    pub timeout: Duration,
}

/// What is done with a mail after it was committed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum After {
    /// Nothing.
    Leave,
    /// It gets this keyword, such as `$Handoff`.
    Keyword(String),
    /// It moves to this folder, if the server can move (RFC 6851); otherwise it is left.
    Move(String),
}

/// An IMAP mailbox being read. Connects when it is first needed, and again after every failure.
pub struct Imap {
    settings: ImapSettings,
    tls: Option<Arc<ClientConfig>>,
    connection: Option<Connection>,
    stuck: Stuck,
    /// Holes in the UIDs below this one are older than our first look: nothing vanished before us there.
    counted_from: u32,
    /// The server refused IDLE once: polling is enough.
    idle_refused: bool,
    /// The operator was told that mails cannot be filed as set.
    warned: bool,
}

/// The mail at the head that does not come, and how often it did not.
#[derive(Clone, Copy, Default)]
struct Stuck {
    validity: u32,
    uid: u32,
    times: u32,
}

/// Where a look begins.
struct Start {
    first: u32,
    renumbered: bool,
}

impl Imap {
    /// Connects to nothing yet.
    #[must_use]
    pub fn new(settings: ImapSettings) -> Imap {
        Imap {
            settings,
            tls: None,
            connection: None,
            stuck: Stuck::default(),
            counted_from: 1,
            idle_refused: false,
            warned: false,
        }
    }

    /// The next mails after `cursor`, at most 100 and 32 MB.
    ///
    /// # Errors
    /// [`MailboxError`]; nothing was skipped then.
    pub async fn fetch(&mut self, cursor: &Cursor) -> Result<Batch, MailboxError> {
        let mut connection = self.take_connection().await?;
        let selected = self.look(&mut connection, cursor).await?;
        let start = self.start(cursor, &selected);
        let mut window =
            connection.list(start.first, selected.uid_next, self.settings.max_mail_bytes).await?;
        let given_up = self.given_up(selected.validity);
        let mut fault = connection.read(&mut window, given_up).await.err();
        if in_step(fault.as_ref()) {
            fault = connection.tell_gone(&mut window).await.err().or(fault);
        }
        if in_step(fault.as_ref()) {
            self.connection = Some(connection);
        }
        self.batch(window, &start, &selected, fault)
    }

    /// Takes the connection for dead: the next look opens a new one.
    pub fn hang_up(&mut self) {
        self.connection = None;
    }

    /// Opens the mailbox anew unless mails below the known end wait: only that shows new mail and new numbering.
    async fn look(&self, connection: &mut Connection, cursor: &Cursor) -> Result<Selected, MailboxError> {
        if let Some(selected) = connection.selected()
            && cursor.validity == selected.validity
            && cursor.next_uid < selected.uid_next
        {
            return Ok(selected.clone());
        }
        connection.select(&self.settings.mailbox).await
    }

    fn start(&mut self, cursor: &Cursor, selected: &Selected) -> Start {
        let known = cursor.validity != 0;
        // UIDNEXT may never fall (RFC 3501 §2.3.1.1): if it did, old numbers stand for other mails.
        let fell = selected.uid_next_announced && cursor.next_uid > selected.uid_next;
        let renumbered = known && (cursor.validity != selected.validity || fell);
        if known && !renumbered {
            return Start { first: cursor.next_uid.max(1), renumbered };
        }
        self.counted_from = selected.uid_next;
        Start { first: 1, renumbered }
    }

    /// What came, up to the first mail that should have come and did not.
    fn batch(
        &mut self,
        mut window: Window,
        start: &Start,
        selected: &Selected,
        fault: Option<MailboxError>,
    ) -> Result<Batch, MailboxError> {
        let mut missing = window.missing();
        if let Some(uid) = missing.first().copied()
            && window.is_head(uid)
        {
            if self.given_up(selected.validity) != Some(uid) || !window.has_any() {
                self.strike(selected.validity, uid);
                return Err(fault.unwrap_or(MailboxError::Withheld { uid }));
            }
            window.put_unreadable(uid);
            missing = window.missing();
        }
        let end = missing.first().map_or(window.end(), |uid| uid.saturating_sub(1));
        let from = start.first.max(self.counted_from);
        Ok(Batch {
            vanished: window.vanished(from, end),
            cursor: Cursor { validity: selected.validity, next_uid: end.saturating_add(1).max(start.first) },
            more: end.saturating_add(1) < selected.uid_next,
            renumbered: start.renumbered,
            mails: self.mails(window, selected.validity, end),
        })
    }

    fn mails(&self, window: Window, validity: u32, end: u32) -> Vec<Fetched> {
        let origin =
            |uid| Origin { mailbox: self.settings.mailbox.clone(), validity, uid, name: String::new() };
        let readable = window.into_mails().take_while(|(uid, ..)| *uid <= end);
        readable
            .map(|(uid, internal_date, raw): (u32, _, Raw)| Fetched {
                origin: origin(uid),
                raw,
                internal_date,
            })
            .collect()
    }

    fn strike(&mut self, validity: u32, uid: u32) {
        let again = (self.stuck.validity, self.stuck.uid) == (validity, uid);
        let times = if again { self.stuck.times.saturating_add(1) } else { 1 };
        self.stuck = Stuck { validity, uid, times };
    }

    /// The mail that is left out of the reading, to see whether those behind it come.
    fn given_up(&self, validity: u32) -> Option<u32> {
        (self.stuck.validity == validity && self.stuck.times >= STRIKES).then_some(self.stuck.uid)
    }

    /// Takes the connection out, so that a call that fails or is dropped half-way leaves none behind.
    async fn take_connection(&mut self) -> Result<Connection, MailboxError> {
        if let Some(connection) = self.connection.take() {
            return Ok(connection);
        }
        let tls = match (&self.tls, self.settings.security) {
            (_, Security::Plain) => None,
            (Some(tls), Security::Tls | Security::StartTls) => Some(Arc::clone(tls)),
            (None, Security::Tls | Security::StartTls) => {
                let config = tls::client_config(self.settings.extra_ca.as_deref());
                Some(config.map_err(MailboxError::CertificateWrong)?)
            }
        };
        self.tls.clone_from(&tls);
        Connection::open(&self.settings, tls).await
    }
}

/// After a refusal the connection is good for the next command; after any other fault it is not.
fn in_step(fault: Option<&MailboxError>) -> bool {
    fault.is_none_or(|fault| matches!(fault, MailboxError::Refused { .. }))
}
