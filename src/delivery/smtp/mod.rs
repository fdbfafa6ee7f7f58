//! An SMTP relay (RFC 5321, submission RFC 6409), one dialogue at a time over the library's bare connection.
//!
//! The library's transport and pool hide the phase a dialogue broke in and reuse connections that are out of step,
//! so only its commands, its replies and its transparency are used; deadlines and verdicts are ours.

mod answer;
mod connect;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::response::Response;
use rustls::ClientConfig;
use tokio::time::error::Elapsed;
use tokio::time::timeout;

use super::{DeliveryError, Parcel, Readiness, Verdict};
use crate::referral::address::EmailAddress;
use crate::wire::Security;
use crate::wire::secret::Secret;
use crate::wire::server_words::sanitised;
use answer::Answer;
use connect::Greeted;

/// Where the relay is and how it is spoken to.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Host name or IP address, as it stands in the relay's certificate.
    pub host: String,
    /// 465 for [`Security::Tls`], 587 for [`Security::StartTls`], 25 for a relay on this machine.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The login name and its password, if the relay asks for them.
    pub login: Option<(String, Secret)>,
    /// The name we give in EHLO, such as the organisation's mail domain.
    pub hello: String,
    /// How many connections may be open at a time.
    pub connections: usize,
    /// A PEM file with a CA of your own.
    pub extra_ca: Option<PathBuf>,
    /// How long to wait.
    pub patience: Patience,
}

/// The deadlines of each phase.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Patience {
    /// TCP, TLS, greeting, EHLO and login, each.
    pub connect: Duration,
    /// One command (RFC 5321 §4.5.3.2: five minutes).
    pub command: Duration,
    /// The answer to the final dot (RFC 5321 §4.5.3.2.6: ten minutes).
    pub dot: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            connect: Duration::from_mins(1),
            command: Duration::from_mins(5),
            dot: Duration::from_mins(10),
        }
    }
}

/// The SMTP outlet.
#[derive(Clone, Debug)]
pub struct Smtp {
    settings: SmtpSettings,
    /// Made once: reading the system's roots takes longer than sending a mail.
    tls: Arc<OnceLock<Arc<ClientConfig>>>,
}

impl Smtp {
    /// Connects to nothing yet.
    #[must_use]
    pub fn new(settings: SmtpSettings) -> Smtp {
        Smtp { settings, tls: Arc::default() }
    }

    /// How many connections may be open at a time.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.settings.connections.max(1)
    }

    /// Reaches the relay, proves who it is, greets, and logs in if settings say so.
    ///
    /// # Errors
    /// [`DeliveryError`]; nothing was handed over.
    pub async fn open(&self) -> Result<Connection, DeliveryError> {
        let Greeted { dialogue, pipelines } = connect::connect(&self.settings, &self.tls).await?;
        Ok(Connection { dialogue, pipelines, patience: self.settings.patience, state: State::Idle })
    }
}

/// One connection to the relay.
pub struct Connection {
    dialogue: AsyncSmtpConnection,
    pipelines: bool,
    patience: Patience,
    state: State,
}

/// Where the dialogue stands. It is `Broken` while an answer is awaited, so that a dropped call leaves it so.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    /// The relay said 354 to this parcel.
    Ready(i64),
    Broken,
}

impl Connection {
    /// `MAIL`, `RCPT` and `DATA`, up to the 354: in one turn if the relay takes several commands at once.
    ///
    /// # Errors
    /// [`DeliveryError`] when the relay itself is in trouble.
    pub async fn prepare(&mut self, parcel: &Parcel) -> Result<Readiness, DeliveryError> {
        if let Some(reason) = unfit(&parcel.message) {
            return Ok(Readiness::Settled(Verdict::Refused { code: "5.6.0".to_owned(), reason }));
        }
        let from = parcel.from.as_ref().map(address).transpose()?;
        let to = address(&parcel.to)?;
        if self.state != State::Idle {
            self.state = State::Broken;
            return Err(DeliveryError::Broken { during: "MAIL", why: "it is not in step any more" });
        }
        let (mail, rcpt) = (Mail::new(from, Vec::new()), Rcpt::new(to, Vec::new()));
        if self.pipelines {
            return self.prepare_at_once(parcel, &format!("{mail}{rcpt}{Data}")).await;
        }
        let answer = self.ask("MAIL", &mail.to_string()).await?;
        if !answer.is_ok() {
            return self.step_back(answer.before_recipient("MAIL")).await;
        }
        let answer = self.ask("RCPT", &rcpt.to_string()).await?;
        if !answer.is_ok() {
            return self.step_back(answer.about_recipient("RCPT")).await;
        }
        let answer = self.ask("DATA", &Data.to_string()).await?;
        self.data_answered(parcel, &answer).await
    }

    /// The three commands in one turn, and their three answers (RFC 2920 §3.1).
    async fn prepare_at_once(&mut self, parcel: &Parcel, commands: &str) -> Result<Readiness, DeliveryError> {
        let mail = self.ask("MAIL", commands).await?;
        if !mail.is_ok() {
            return self.step_back(mail.before_recipient("MAIL")).await;
        }
        let rcpt = self.hear("RCPT").await?;
        let told = if rcpt.is_ok() { None } else { Some(rcpt.about_recipient("RCPT")?) };
        let data = self.hear("DATA").await?;
        match told {
            None => self.data_answered(parcel, &data).await,
            // It wants a message for nobody: the connection stays broken and is left.
            Some(verdict) if data.is_go_ahead() => Ok(Readiness::Settled(verdict)),
            Some(verdict) => self.step_back(Ok(verdict)).await,
        }
    }

    async fn data_answered(&mut self, parcel: &Parcel, answer: &Answer) -> Result<Readiness, DeliveryError> {
        if !answer.is_go_ahead() {
            return self.step_back(answer.about_recipient("DATA")).await;
        }
        self.state = State::Ready(parcel.id);
        Ok(Readiness::Ready)
    }

    /// The message and the final dot.
    pub async fn finish(&mut self, parcel: &Parcel) -> Verdict {
        let ready = std::mem::replace(&mut self.state, State::Broken) == State::Ready(parcel.id);
        if !ready {
            return Verdict::TryLater { reason: "it was not prepared on this connection".to_owned() };
        }
        let answer = match timeout(self.patience.dot, self.hand_over(&parcel.message)).await {
            Ok(answered) => Answer::read(answered),
            Err(_) => return Verdict::InDoubt { reason: "no answer to the final dot in time".to_owned() },
        };
        let Some(answer) = answer else {
            return Verdict::InDoubt { reason: "the connection broke after the final dot".to_owned() };
        };
        if answer.is_ok() {
            self.state = State::Idle;
            return Verdict::Accepted { reply: answer.said() };
        }
        if !answer.is_negative() {
            return Verdict::InDoubt { reason: format!("an answer out of place: {}", answer.said()) };
        }
        if !answer.closes() {
            self.state = State::Idle;
        }
        match answer.about_recipient("the message") {
            Ok(verdict) => verdict,
            Err(trouble) => Verdict::TryLater { reason: sanitised(&trouble.to_string()) },
        }
    }

    /// The whole message and the last line. The library would look at each byte by itself, which took a twentieth of all
    /// work on a mail; what is no text is left to it.
    async fn hand_over(&mut self, message: &[u8]) -> Result<Response, lettre::transport::smtp::Error> {
        match std::str::from_utf8(message) {
            Ok(text) => self.dialogue.command(ended(text)).await,
            // The library ends the last line itself.
            Err(_) => self.dialogue.message(message.strip_suffix(b"\r\n").unwrap_or(message)).await,
        }
    }

    /// Is the dialogue in step and between two mails?
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.state == State::Idle
    }

    /// `QUIT`, if the dialogue is in step; never waits long for the answer.
    pub async fn close(mut self) {
        if self.state == State::Idle {
            // Nothing depends on the answer: every mail of this connection has its verdict.
            let _ = timeout(Duration::from_secs(5), self.dialogue.quit()).await;
        }
    }

    /// One command and its answer. The connection counts as broken until a caller knows better.
    async fn ask(&mut self, during: &'static str, command: &str) -> Result<Answer, DeliveryError> {
        self.state = State::Broken;
        let within = self.patience.command;
        let answered = timeout(within, self.dialogue.command(command)).await;
        proper(during, within, answered)
    }

    /// The answer to a command that was sent together with the one before it.
    async fn hear(&mut self, during: &'static str) -> Result<Answer, DeliveryError> {
        let within = self.patience.command;
        let answered = timeout(within, self.dialogue.read_response()).await;
        proper(during, within, answered)
    }

    /// After a refusal in step: forget the mail at the relay, so that the connection can carry the next one.
    async fn step_back(&mut self, told: Result<Verdict, DeliveryError>) -> Result<Readiness, DeliveryError> {
        let verdict = told?;
        if let Ok(answer) = self.ask("RSET", &Rset.to_string()).await
            && answer.is_ok()
        {
            self.state = State::Idle;
        }
        Ok(Readiness::Settled(verdict))
    }
}

fn proper(
    during: &'static str,
    within: Duration,
    answered: Result<Result<Response, lettre::transport::smtp::Error>, Elapsed>,
) -> Result<Answer, DeliveryError> {
    let answered = answered.map_err(|_| DeliveryError::Timeout { during, after: within })?;
    Answer::read(answered).ok_or(DeliveryError::Broken { during, why: "no proper answer came" })
}

impl Answer {
    fn read(answered: Result<Response, lettre::transport::smtp::Error>) -> Option<Answer> {
        match answered {
            Ok(response) => {
                let text = response.message().collect::<Vec<_>>().join(" ");
                Some(Answer::new(response.code().into(), text))
            }
            Err(error) => {
                let code = error.status()?;
                let text = std::error::Error::source(&error).map(ToString::to_string);
                Some(Answer::new(code.into(), text.unwrap_or_default()))
            }
        }
    }
}

/// A message as it travels: each line that begins with a dot has one more, and a dot alone ends it (RFC 5321 §4.5.2).
fn ended(message: &str) -> String {
    let dot = if message.starts_with('.') { "." } else { "" };
    let gap = if message.ends_with("\r\n") { "" } else { "\r\n" };
    format!("{dot}{}{gap}.\r\n", message.replace("\r\n.", "\r\n.."))
}

/// The library's address from ours. Ours is the stricter one, so this does not fail in practice.
fn address(address: &EmailAddress) -> Result<Address, DeliveryError> {
    let parsed = Address::new(address.local(), address.domain());
    parsed.map_err(|_| DeliveryError::Broken { during: "RCPT", why: "an address has no SMTP form" })
}

/// A line end that is not CRLF lets a relay see where we see none the end of a message (SMTP smuggling).
fn unfit(message: &[u8]) -> Option<String> {
    let is_whole = |at: usize| match message.get(at) {
        Some(b'\r') => message.get(at + 1) == Some(&b'\n'),
        _ => at.checked_sub(1).and_then(|before| message.get(before)) == Some(&b'\r'),
    };
    let whole = memchr::memchr2_iter(b'\r', b'\n', message).all(is_whole);
    (!whole).then(|| "the message has a line end that is not CRLF".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_that_begins_a_line_ends_nothing() {
        for (message, travels) in [
            ("a\r\n", "a\r\n.\r\n"),
            ("a", "a\r\n.\r\n"),
            ("", "\r\n.\r\n"),
            (".\r\n.\r\n..b.\r\n", "..\r\n..\r\n...b.\r\n.\r\n"),
            ("\r\n.\r\n\r\n.\r\n", "\r\n..\r\n\r\n..\r\n.\r\n"),
        ] {
            assert_eq!(ended(message), travels, "{message:?}");
        }
    }

    #[test]
    fn only_crlf_ends_a_line() {
        for fit in ["", "a\r\n.\r\nb", "\r\n\r\n"] {
            assert_eq!(unfit(fit.as_bytes()), None, "{fit:?}");
        }
        for smuggled in ["\n.\n", "a\n.\r\n", "\r.\r", "a\r", "\r\r\n", "a\n"] {
            assert!(unfit(smuggled.as_bytes()).is_some(), "{smuggled:?}");
        }
    }
}
