//! Delivery: handing rendered mails over, one recipient at a time.
//!
//! The promise: what became of a mail is one of four [`Verdict`]s, made here, where the answer is known. The last
//! step is split off ([`Session::prepare`], then [`Session::finish`]) so that the caller commits "in doubt" between
//! the two: after [`Session::finish`] was called, a mail may have been accepted even if no answer came.
//!
//! Nevers: a trouble of the relay is never told as a refusal of the recipient; no reason holds an address or more
//! than one line; a connection that is not certainly in step is never used again.

mod error;
pub mod folder;
pub mod smtp;

use std::fmt;

pub use error::DeliveryError;

use crate::referral::address::EmailAddress;

/// One mail to one recipient.
pub struct Parcel {
    /// The outbox row.
    pub id: i64,
    /// The envelope's sender; none is the null path `<>`.
    pub from: Option<EmailAddress>,
    /// The one recipient.
    pub to: EmailAddress,
    /// Header and body with CRLF line ends.
    pub message: Vec<u8>,
}

impl fmt::Debug for Parcel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parcel({}, {} bytes)", self.id, self.message.len())
    }
}

/// What became of a mail. Reasons are one line of at most 200 characters, addresses masked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The other side took it over.
    Accepted {
        /// Its words: often its own queue number.
        reply: String,
    },
    /// It was surely not taken over; later it may be.
    TryLater {
        /// Why.
        reason: String,
    },
    /// It was surely not taken over and will not be: this recipient or this mail is refused for good.
    Refused {
        /// The enhanced status code (RFC 3463) if one was given, else the reply code (RFC 5321).
        code: String,
        /// Why.
        reason: String,
    },
    /// It may or may not have been taken over.
    InDoubt {
        /// What happened after the last byte was sent.
        reason: String,
    },
}

/// What [`Session::prepare`] came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Readiness {
    /// All is agreed but the message itself: call [`Session::finish`].
    Ready,
    /// It is decided already; nothing was handed over.
    Settled(Verdict),
}

/// Where mail goes.
#[derive(Clone, Debug)]
pub enum Outlet {
    /// An SMTP relay.
    Smtp(smtp::Smtp),
    /// A folder on this machine.
    Folder(folder::Folder),
}

impl Outlet {
    /// Opens a connection; a folder only looks whether it is there.
    ///
    /// # Errors
    /// [`DeliveryError`] when nothing can be handed over at present.
    pub async fn open(&self) -> Result<Session, DeliveryError> {
        match self {
            Outlet::Smtp(smtp) => Ok(Session::Smtp(Box::new(smtp.open().await?))),
            Outlet::Folder(folder) => {
                folder.look().await?;
                Ok(Session::Folder(folder.clone()))
            }
        }
    }

    /// How many sessions may be open at a time.
    #[must_use]
    pub fn connections(&self) -> usize {
        match self {
            Outlet::Smtp(smtp) => smtp.connections(),
            Outlet::Folder(_) => 1,
        }
    }
}

/// One connection, for one mail after the other.
pub enum Session {
    /// To an SMTP relay.
    Smtp(Box<smtp::Connection>),
    /// To a folder.
    Folder(folder::Folder),
}

impl Session {
    /// Does everything but handing over the message.
    ///
    /// # Errors
    /// [`DeliveryError`] when the relay itself is in trouble: nothing was handed over, the mail waits, and so should
    /// the ones behind it.
    pub async fn prepare(&mut self, parcel: &Parcel) -> Result<Readiness, DeliveryError> {
        match self {
            Session::Smtp(connection) => connection.prepare(parcel).await,
            Session::Folder(_) => Ok(Readiness::Ready),
        }
    }

    /// Hands the message over. Call it right after [`Session::prepare`] said [`Readiness::Ready`] for this parcel;
    /// without that nothing is sent and the verdict is [`Verdict::TryLater`].
    pub async fn finish(&mut self, parcel: &Parcel) -> Verdict {
        match self {
            Session::Smtp(connection) => connection.finish(parcel).await,
            Session::Folder(folder) => folder.put(parcel).await,
        }
    }

    /// May the next mail go this way? Otherwise drop the session and open another.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        match self {
            Session::Smtp(connection) => connection.is_usable(),
            Session::Folder(_) => true,
        }
    }

    /// Says goodbye.
    pub async fn close(self) {
        match self {
            Session::Smtp(connection) => connection.close().await,
            Session::Folder(_) => {}
        }
    }
}
