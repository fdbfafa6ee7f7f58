//! Waiting for new mail: the server announces it (RFC 2177), or the poll interval ends. An announcement is a hint:
//! the look that follows goes by UID, and it follows in any case.

use std::time::Duration;

use async_imap::imap_proto::{Response, Status};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::Imap;
use super::connection::{Connection, unread};
use crate::mailbox::MailboxError;
use crate::wire::server_words::sanitised;

/// An idling connection is used at least this often, so that a dead one is noticed.
const LONGEST: Duration = Duration::from_mins(4);

impl Imap {
    /// Waits until a look is due.
    ///
    /// # Errors
    /// [`MailboxError`] when the server closes the connection or goes silent; the next look opens a new one.
    pub async fn wait(&mut self) -> Result<(), MailboxError> {
        let until = Instant::now() + self.settings.poll.min(LONGEST);
        let wants_idle = self.settings.idle && !self.idle_refused;
        let idles = |connection: &Connection| connection.can_idle && connection.selected().is_some();
        let Some(mut connection) = self.connection.take_if(|connection| wants_idle && idles(connection))
        else {
            sleep(self.settings.poll).await;
            return Ok(());
        };
        if !connection.news {
            match connection.idle(until).await {
                Ok(()) => {}
                Err(MailboxError::Refused { .. }) => self.idle_refused = true,
                Err(lost) => return Err(lost),
            }
        }
        self.connection = Some(connection);
        Ok(())
    }
}

impl Connection {
    /// Idles until new mail is announced or the time is over.
    async fn idle(&mut self, until: Instant) -> Result<(), MailboxError> {
        let within = self.within;
        let late = |_| MailboxError::Timeout { during: "IDLE", after: within };
        timeout(within, self.begin_idle()).await.map_err(late)??;
        while !self.news {
            match timeout_at(until, self.hear()).await {
                Ok(heard) => heard?,
                Err(_) => break,
            }
        }
        timeout(within, self.end_idle()).await.map_err(late)?
    }

    async fn begin_idle(&mut self) -> Result<(), MailboxError> {
        self.session.run_command("IDLE").await.map_err(|_| MailboxError::Closed { during: "IDLE" })?;
        loop {
            let answer = self.session.read_response().await.map_err(|error| unread("IDLE", &error))?;
            let answer = answer.ok_or(MailboxError::Closed { during: "IDLE" })?;
            self.note("IDLE", answer.parsed())?;
            if let Response::Continue(_) = answer.parsed() {
                return Ok(());
            }
            if let Response::Done { outcome, .. } = answer.parsed() {
                let said = sanitised(outcome.information.as_deref().unwrap_or_default());
                return Err(MailboxError::Refused { command: "IDLE", said });
            }
        }
    }

    async fn hear(&mut self) -> Result<(), MailboxError> {
        let answer = self.session.read_response().await.map_err(|error| unread("IDLE", &error))?;
        let answer = answer.ok_or(MailboxError::Closed { during: "IDLE" })?;
        if let Response::Done { .. } = answer.parsed() {
            return Err(MailboxError::Protocol { during: "IDLE", what: "it ended on its own" });
        }
        self.note("IDLE", answer.parsed())
    }

    async fn end_idle(&mut self) -> Result<(), MailboxError> {
        let closed = |_| MailboxError::Closed { during: "IDLE" };
        self.session.run_command_untagged("DONE").await.map_err(closed)?;
        loop {
            let answer = self.session.read_response().await.map_err(|error| unread("IDLE", &error))?;
            let answer = answer.ok_or(MailboxError::Closed { during: "IDLE" })?;
            self.note("IDLE", answer.parsed())?;
            if let Response::Done { status, .. } = answer.parsed() {
                return if *status == Status::Ok {
                    Ok(())
                } else {
                    Err(MailboxError::Closed { during: "IDLE" })
                };
            }
        }
    }
}
