//! What can go wrong with a mailbox, by what the operator can do about it.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::wire::dial::DialError;
use crate::wire::tls::TlsError;

/// Why a mailbox could not be read. Each message says what, where, and how to mend it; none holds a raw answer.
#[derive(Debug, thiserror::Error)]
pub enum MailboxError {
    /// The server was not reached; nothing was sent to it.
    #[error("the mailbox cannot be reached: {0}")]
    Unreachable(DialError),
    /// The server could not prove who it is; no password was sent.
    #[error("the mailbox server is not trusted: {0}")]
    CertificateWrong(TlsError),
    /// The server refuses the user name or the password.
    #[error("the mailbox server refuses the login: {said}; check user and password file in settings")]
    LoginRefused {
        /// The server's words, sanitised.
        said: String,
    },
    /// The server offers a session that was never authenticated by us (RFC 3501 §7.1.4).
    #[error("the mailbox server greets with PREAUTH, which anyone between could do; use security tls")]
    Preauthenticated,
    /// The server closed the connection.
    #[error("the mailbox server closed the connection during {during}")]
    Closed {
        /// The command that was running.
        during: &'static str,
    },
    /// The server went silent.
    #[error("the mailbox server did not finish {during} within {} s", after.as_secs())]
    Timeout {
        /// The command that was running.
        during: &'static str,
        /// How long we waited.
        after: Duration,
    },
    /// The mailbox in settings is not there, or may not be read.
    #[error("the mailbox {name:?} cannot be opened: {said}; check its name and rights")]
    MailboxMissing {
        /// The mailbox named in settings.
        name: String,
        /// The server's words, sanitised.
        said: String,
    },
    /// The server answered NO or BAD.
    #[error("the mailbox server refuses {command}: {said}")]
    Refused {
        /// The command it refused.
        command: &'static str,
        /// The server's words, sanitised.
        said: String,
    },
    /// A mail that still exists could not be had; it blocks the mails behind it until they show that it is alone.
    #[error("the mailbox server does not hand out the mail with UID {uid}; move or repair it")]
    Withheld {
        /// The UID of the mail.
        uid: u32,
    },
    /// The server does not keep to the protocol; the raw answer is not shown because it may hold mail.
    #[error("the mailbox server broke the protocol during {during}: {what}")]
    Protocol {
        /// The command that was running.
        during: &'static str,
        /// What is wrong.
        what: &'static str,
    },
    /// A setting cannot work.
    #[error("the setting {setting} of the mailbox cannot be used: {why}")]
    Setting {
        /// The setting's name.
        setting: &'static str,
        /// What is wrong.
        why: &'static str,
    },
    /// A file or directory of a Maildir, or stdin.
    #[error("{} cannot be used: {kind}; check that it exists and belongs to this service", path.display())]
    Io {
        /// The file or directory; file names of a Maildir hold no personal data.
        path: PathBuf,
        /// The kind of failure.
        kind: io::ErrorKind,
    },
    /// The folder that mails are moved to is not there.
    #[error(
        "the folder {folder:?} of after = \"move:...\" cannot be opened: {said}; make it, or correct its name"
    )]
    NowhereToMove {
        /// The folder named in settings.
        folder: String,
        /// The server's words, sanitised.
        said: String,
    },
    /// The server cannot move mails.
    #[error(
        "the mailbox server cannot move mails (it lacks RFC 6851), as after = \"move:...\" asks; set after to leave, or to \
         keyword:NAME"
    )]
    CannotMove,
}

impl MailboxError {
    /// Trying again will not help before somebody changes something.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        matches!(
            self,
            MailboxError::CertificateWrong(_)
                | MailboxError::LoginRefused { .. }
                | MailboxError::Preauthenticated
                | MailboxError::MailboxMissing { .. }
                | MailboxError::Setting { .. }
                | MailboxError::NowhereToMove { .. }
                | MailboxError::CannotMove
                | MailboxError::Unreachable(DialError::PlainAway { .. })
        )
    }
}

impl From<DialError> for MailboxError {
    fn from(error: DialError) -> MailboxError {
        match error {
            // A handshake that broke off says nothing about trust, and may work the next time.
            DialError::Tls(TlsError::Handshake { .. })
            | DialError::Unknown { .. }
            | DialError::Unreachable { .. }
            | DialError::Silent { .. }
            | DialError::PlainAway { .. } => MailboxError::Unreachable(error),
            DialError::Tls(tls) => MailboxError::CertificateWrong(tls),
        }
    }
}
