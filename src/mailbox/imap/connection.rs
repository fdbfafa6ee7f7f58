//! One authenticated connection, and the loop every command goes through.
//!
//! The library's own commands take a refusal or a closed connection for an empty answer, so only its reading and
//! writing are used. Its error texts hold the raw answer and are dropped unread.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_imap::error::Error as LibraryError;
use async_imap::imap_proto::{Capability, MailboxDatum, Response, ResponseCode, Status};
use async_imap::{Authenticator, Client, Session};
use rustls::ClientConfig;
use tokio::time::timeout;

use super::ImapSettings;
use super::selected::Selected;
use crate::mailbox::MailboxError;
use crate::wire::bounded::{Bounded, Grammar, TooMuch};
use crate::wire::dial::{encrypted, tcp};
use crate::wire::server_words::sanitised;
use crate::wire::{Security, Wire};

/// Over the size cap, a literal may be this much longer: servers miscount sizes.
const SLACK: u64 = 64 * 1024;

/// A connection that is logged in.
pub(super) struct Connection {
    pub(super) session: Session<Bounded<Wire>>,
    /// The deadline of an ordinary command.
    pub(super) within: Duration,
    pub(super) selected: Option<Selected>,
    /// The server announced new mail since the mailbox was opened.
    pub(super) news: bool,
    pub(super) can_move: bool,
    pub(super) can_idle: bool,
}

impl Connection {
    /// Reaches the server, proves who it is, logs in, and asks what it can do.
    pub(super) async fn open(
        settings: &ImapSettings,
        tls: Option<Arc<ClientConfig>>,
    ) -> Result<Connection, MailboxError> {
        let client = greeted(settings, tls).await?;
        let session = match timeout(settings.timeout, log_in(client, settings)).await {
            Ok(session) => session?,
            Err(_) => return Err(MailboxError::Timeout { during: "LOGIN", after: settings.timeout }),
        };
        let mut connection = Connection {
            session,
            within: settings.timeout,
            selected: None,
            news: false,
            can_move: false,
            can_idle: false,
        };
        connection.ask_capabilities().await?;
        Ok(connection)
    }

    /// The mailbox as it was when it was last opened.
    pub(super) fn selected(&self) -> Option<&Selected> {
        self.selected.as_ref()
    }

    async fn ask_capabilities(&mut self) -> Result<(), MailboxError> {
        let (mut can_move, mut can_idle) = (false, false);
        self.command("CAPABILITY", "CAPABILITY", |response| {
            if let Response::Capabilities(offered) = response {
                let offers = |name: &str| {
                    let is = |one: &Capability<'_>| matches!(one, Capability::Atom(atom) if atom.eq_ignore_ascii_case(name));
                    offered.iter().any(is)
                };
                can_move |= offers("MOVE");
                can_idle |= offers("IDLE");
            }
        })
        .await?;
        (self.can_move, self.can_idle) = (can_move, can_idle);
        Ok(())
    }

    /// Sends a command and hands every answer to `each`, the tagged one too; returns when that one says OK.
    ///
    /// # Errors
    /// [`MailboxError::Refused`] on a tagged NO or BAD: the connection is still in step. Any other error: it is lost.
    pub(super) async fn command(
        &mut self,
        name: &'static str,
        text: &str,
        each: impl FnMut(&Response<'_>) + Send,
    ) -> Result<(), MailboxError> {
        let within = self.within;
        self.command_within(within, name, text, each).await
    }

    /// As [`Connection::command`], with a deadline of its own.
    pub(super) async fn command_within(
        &mut self,
        within: Duration,
        name: &'static str,
        text: &str,
        each: impl FnMut(&Response<'_>) + Send,
    ) -> Result<(), MailboxError> {
        match timeout(within, self.run(name, text, each)).await {
            Ok(done) => done,
            Err(_) => Err(MailboxError::Timeout { during: name, after: within }),
        }
    }

    async fn run(
        &mut self,
        name: &'static str,
        text: &str,
        mut each: impl FnMut(&Response<'_>) + Send,
    ) -> Result<(), MailboxError> {
        let tag = self.session.run_command(text).await.map_err(|error| lost(name, &error))?;
        loop {
            let response = self.session.read_response().await.map_err(|error| unread(name, &error))?;
            let response = response.ok_or(MailboxError::Closed { during: name })?;
            self.note(name, response.parsed())?;
            each(response.parsed());
            if let Response::Done { tag: answered, status, outcome } = response.parsed()
                && *answered == tag
            {
                let said = sanitised(outcome.information.as_deref().unwrap_or_default());
                return match status {
                    Status::Ok => Ok(()),
                    Status::No | Status::Bad => Err(MailboxError::Refused { command: name, said }),
                    Status::PreAuth | Status::Bye => Err(MailboxError::Closed { during: name }),
                };
            }
        }
    }

    /// What any answer may say by the way.
    pub(super) fn note(&mut self, during: &'static str, response: &Response<'_>) -> Result<(), MailboxError> {
        if let Response::MailboxData(MailboxDatum::Exists(_)) = response {
            self.news = true;
        }
        if let Response::Data { status: Status::Bye, .. } = response {
            return Err(MailboxError::Closed { during });
        }
        if let Response::Data { outcome, .. } = response
            && let Some(ResponseCode::UidValidity(validity)) = outcome.code
            && self.selected.as_ref().is_some_and(|selected| selected.validity != validity)
        {
            // The UIDs of answers yet to come would mean other mails: the next look opens the mailbox anew.
            return Err(MailboxError::Closed { during });
        }
        Ok(())
    }
}

async fn greeted(
    settings: &ImapSettings,
    tls: Option<Arc<ClientConfig>>,
) -> Result<Client<Bounded<Wire>>, MailboxError> {
    let ImapSettings { host, port, security, timeout: within, .. } = settings;
    let grammar = Grammar::Imap { literal: settings.max_mail_bytes.saturating_add(SLACK) };
    let plain = tcp(host, *port, *security == Security::Plain, *within).await?;
    match (security, tls) {
        (Security::Tls, Some(tls)) => {
            let wire = encrypted(plain, host, *port, tls, *within).await?;
            with_greeting(Client::new(Bounded::new(wire, grammar)), *within).await
        }
        (Security::StartTls, Some(tls)) => {
            let client = Client::new(Bounded::new(Wire::Plain(plain), grammar));
            let agreed = timeout(*within, upgraded(client)).await;
            let late = |_| MailboxError::Timeout { during: "STARTTLS", after: *within };
            let wire = encrypted(agreed.map_err(late)??, host, *port, tls, *within).await?;
            // No second greeting follows (RFC 3501 §6.2.1).
            Ok(Client::new(Bounded::new(wire, grammar)))
        }
        (Security::Plain, _) => {
            with_greeting(Client::new(Bounded::new(Wire::Plain(plain), grammar)), *within).await
        }
        (Security::Tls | Security::StartTls, None) => {
            Err(MailboxError::Setting { setting: "security", why: "TLS was not prepared" })
        }
    }
}

async fn with_greeting(
    mut client: Client<Bounded<Wire>>,
    within: Duration,
) -> Result<Client<Bounded<Wire>>, MailboxError> {
    match timeout(within, greeting(&mut client)).await {
        Ok(greeted) => greeted.map(|()| client),
        Err(_) => Err(MailboxError::Timeout { during: "the greeting", after: within }),
    }
}

async fn greeting(client: &mut Client<Bounded<Wire>>) -> Result<(), MailboxError> {
    let during = "the greeting";
    let first = client.read_response().await.map_err(|error| unread(during, &error))?;
    let first = first.ok_or(MailboxError::Closed { during })?;
    let Response::Data { status, .. } = first.parsed() else {
        return Err(MailboxError::Protocol { during, what: "it does not greet" });
    };
    match status {
        Status::Ok => Ok(()),
        Status::PreAuth => Err(MailboxError::Preauthenticated),
        Status::Bye | Status::No | Status::Bad => Err(MailboxError::Closed { during }),
    }
}

/// Back to the bare socket after `STARTTLS`: what the library had buffered is thrown away with it, so that nothing
/// said in the clear is believed afterwards.
async fn upgraded(mut client: Client<Bounded<Wire>>) -> Result<tokio::net::TcpStream, MailboxError> {
    greeting(&mut client).await?;
    let agreed = client.run_command_and_check_ok("STARTTLS", None).await;
    agreed.map_err(|error| refused_or_lost("STARTTLS", &error))?;
    match client.into_inner().into_inner() {
        Wire::Plain(tcp) => Ok(tcp),
        Wire::Tls(_) => Err(MailboxError::Protocol { during: "STARTTLS", what: "it is encrypted already" }),
    }
}

async fn log_in(
    client: Client<Bounded<Wire>>,
    settings: &ImapSettings,
) -> Result<Session<Bounded<Wire>>, MailboxError> {
    let (user, password) = (settings.user.as_str(), settings.password.expose());
    // LOGIN carries ASCII only (RFC 3501 §9); SASL PLAIN carries UTF-8 (RFC 4616).
    let session = if user.is_ascii() && password.is_ascii() {
        client.login(user, password).await
    } else {
        client.authenticate("PLAIN", Plain { user, password }).await
    };
    session.map_err(|(error, _)| not_let_in(&error))
}

struct Plain<'a> {
    user: &'a str,
    password: &'a str,
}

impl Authenticator for Plain<'_> {
    type Response = String;
    fn process(&mut self, _challenge: &[u8]) -> String {
        format!("\0{}\0{}", self.user, self.password)
    }
}

fn not_let_in(error: &LibraryError) -> MailboxError {
    if let LibraryError::Validate(_) = error {
        return MailboxError::Setting { setting: "user or password", why: "it holds a line break" };
    }
    // One refusal says nothing about the password (RFC 5530).
    if let LibraryError::No(said) = error
        && !said.contains("UNAVAILABLE")
    {
        return MailboxError::LoginRefused { said: words(said) };
    }
    refused_or_lost("LOGIN", error)
}

fn refused_or_lost(name: &'static str, error: &LibraryError) -> MailboxError {
    if let LibraryError::No(said) | LibraryError::Bad(said) = error {
        return MailboxError::Refused { command: name, said: words(said) };
    }
    lost(name, error)
}

/// The server's own words out of the library's `code: …, info: Some("…")`.
fn words(said: &str) -> String {
    let info = said.split_once("info: Some(\"").map_or(said, |(_, info)| info);
    sanitised(info.trim_end_matches("\")"))
}

fn lost(during: &'static str, error: &LibraryError) -> MailboxError {
    if let LibraryError::Io(error) = error {
        return unread(during, error);
    }
    if let LibraryError::ConnectionLost = error {
        return MailboxError::Closed { during };
    }
    MailboxError::Protocol { during, what: "its answer was not understood" }
}

/// By the kind alone: the text of a parse failure holds the raw bytes of a mail.
pub(super) fn unread(during: &'static str, error: &io::Error) -> MailboxError {
    if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<TooMuch>) {
        return MailboxError::Protocol { during, what: "its answer is larger than allowed" };
    }
    let kind = error.kind();
    if kind == io::ErrorKind::Other {
        MailboxError::Protocol { during, what: "its answer was not understood" }
    } else if kind == io::ErrorKind::InvalidData {
        MailboxError::Protocol { during, what: "its TLS was not understood" }
    } else {
        MailboxError::Closed { during }
    }
}
