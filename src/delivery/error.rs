//! What can go wrong with the outlet as a whole, by what the operator can do about it.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::wire::dial::DialError;
use crate::wire::tls::TlsError;

/// Why nothing can be handed over at present. It says nothing about any recipient, and nothing was handed over.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The relay was not reached.
    #[error("the mail relay cannot be reached: {0}")]
    Unreachable(DialError),
    /// The relay could not prove who it is; no password and no mail was sent.
    #[error("the mail relay is not trusted: {0}")]
    CertificateWrong(TlsError),
    /// The relay does not offer STARTTLS; nothing is sent in the clear.
    #[error("the mail relay does not offer STARTTLS; set security to tls, or mend the relay")]
    NoStartTls,
    /// The relay refuses the user name or the password.
    #[error("the mail relay refuses the login: {said}; check user and password file in settings")]
    LoginRefused {
        /// The relay's words, sanitised.
        said: String,
    },
    /// The relay refuses us whoever the recipient is.
    #[error(
        "the mail relay refuses to take mail at {during}: {said}; check that it may relay for this machine"
    )]
    Refused {
        /// The phase: `MAIL`, `RCPT`, …
        during: &'static str,
        /// The relay's words, sanitised.
        said: String,
    },
    /// The relay asks us to come back later (421, or 4xx before any recipient was named).
    #[error("the mail relay is not ready at {during}: {said}")]
    Busy {
        /// The phase.
        during: &'static str,
        /// The relay's words, sanitised.
        said: String,
    },
    /// The connection broke, or the answer was no SMTP.
    #[error("the mail relay broke off at {during}: {why}")]
    Broken {
        /// The phase.
        during: &'static str,
        /// What happened.
        why: &'static str,
    },
    /// The relay went silent.
    #[error("the mail relay did not answer {during} within {} s", after.as_secs())]
    Timeout {
        /// The phase.
        during: &'static str,
        /// How long we waited.
        after: Duration,
    },
    /// The folder cannot be used.
    #[error("the outlet folder {} cannot be used: {kind}; check that it exists and may be written", path.display())]
    Folder {
        /// The folder named in settings.
        path: PathBuf,
        /// The kind of failure.
        kind: io::ErrorKind,
    },
}

impl DeliveryError {
    /// Trying again will not help before somebody changes something.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        matches!(
            self,
            DeliveryError::CertificateWrong(_)
                | DeliveryError::NoStartTls
                | DeliveryError::LoginRefused { .. }
                | DeliveryError::Refused { .. }
                | DeliveryError::Folder { .. }
                | DeliveryError::Unreachable(DialError::PlainAway { .. })
        )
    }
}

impl From<DialError> for DeliveryError {
    fn from(error: DialError) -> DeliveryError {
        match error {
            // A handshake that broke off says nothing about trust, and may work the next time.
            DialError::Tls(TlsError::Handshake { .. })
            | DialError::Unknown { .. }
            | DialError::Unreachable { .. }
            | DialError::Silent { .. }
            | DialError::PlainAway { .. } => DeliveryError::Unreachable(error),
            DialError::Tls(tls) => DeliveryError::CertificateWrong(tls),
        }
    }
}
