//! Up to the point where mail can be handed over: socket, TLS, greeting, EHLO, login.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use lettre::transport::smtp::Error as LibraryError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::commands::Ehlo;
use lettre::transport::smtp::extension::ClientId;
use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::SmtpSettings;
use super::answer::Answer;
use crate::delivery::DeliveryError;
use crate::wire::bounded::{Bounded, Grammar};
use crate::wire::dial::{encrypted, tcp};
use crate::wire::server_words::sanitised;
use crate::wire::tls::client_config;
use crate::wire::{Security, Wire};

/// Lines in a reply we read ourselves, before TLS.
const LINES: usize = 100;

pub(super) async fn connect(
    settings: &SmtpSettings,
    tls: &OnceLock<Arc<ClientConfig>>,
) -> Result<Greeted, DeliveryError> {
    let within = settings.patience.connect;
    let hello = hello(&settings.hello);
    let stream = stream(settings, tls, &hello).await?;
    let greeted = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &hello);
    let mut dialogue = answered("the greeting", within, greeted).await?;
    if let Some((user, password)) = &settings.login {
        let credentials = Credentials::new(user.clone(), password.expose().to_owned());
        let mechanisms = [Mechanism::Plain, Mechanism::Login];
        let login = timeout(within, dialogue.auth(&mechanisms, &credentials)).await;
        login
            .map_err(|_| DeliveryError::Timeout { during: "the login", after: within })?
            .map_err(|error| not_let_in(&error))?;
    }
    // The library forgets what the relay offered but for TLS and logins; asking again changes nothing (RFC 5321
    // §4.1.4).
    let offered = dialogue.command(Ehlo::new(hello));
    let offered = answered("EHLO", within, offered).await?;
    let pipelines = offered.message().any(|line| line.trim().eq_ignore_ascii_case("PIPELINING"));
    Ok(Greeted { dialogue, pipelines })
}

/// A dialogue between two mails, and how it may go on.
pub(super) struct Greeted {
    pub(super) dialogue: AsyncSmtpConnection,
    /// The relay takes several commands at once (RFC 2920).
    pub(super) pipelines: bool,
}

fn hello(name: &str) -> ClientId {
    match name.parse() {
        Ok(std::net::IpAddr::V4(ip)) => ClientId::Ipv4(ip),
        Ok(std::net::IpAddr::V6(ip)) => ClientId::Ipv6(ip),
        Err(_) => ClientId::Domain(name.to_owned()),
    }
}

async fn stream(
    settings: &SmtpSettings,
    tls: &OnceLock<Arc<ClientConfig>>,
    hello: &ClientId,
) -> Result<Stream, DeliveryError> {
    let SmtpSettings { host, port, security, .. } = settings;
    let within = settings.patience.connect;
    let plain = tcp(host, *port, *security == Security::Plain, within).await?;
    if *security == Security::Plain {
        return Ok(Stream::new(Wire::Plain(plain), b""));
    }
    let config = trusting(settings, tls)?;
    if *security == Security::Tls {
        return Ok(Stream::new(encrypted(plain, host, *port, config, within).await?, b""));
    }
    let agreed = timeout(within, ask_for_tls(plain, hello)).await;
    let plain = agreed.map_err(|_| DeliveryError::Timeout { during: "STARTTLS", after: within })??;
    // After STARTTLS the relay waits for EHLO (RFC 3207 §4.2), but the library waits for a greeting first.
    Ok(Stream::new(encrypted(plain, host, *port, config, within).await?, b"220 \r\n"))
}

fn trusting(
    settings: &SmtpSettings,
    tls: &OnceLock<Arc<ClientConfig>>,
) -> Result<Arc<ClientConfig>, DeliveryError> {
    if let Some(config) = tls.get() {
        return Ok(Arc::clone(config));
    }
    let config = client_config(settings.extra_ca.as_deref()).map_err(DeliveryError::CertificateWrong)?;
    Ok(Arc::clone(tls.get_or_init(|| config)))
}

/// Reads byte by byte, so that nothing said in the clear is left over to be believed inside TLS.
async fn ask_for_tls(mut tcp: TcpStream, hello: &ClientId) -> Result<TcpStream, DeliveryError> {
    let during = "STARTTLS";
    expect(&reply(&mut tcp).await?, 220, during)?;
    say(&mut tcp, &format!("EHLO {hello}\r\n")).await?;
    let offered = reply(&mut tcp).await?;
    expect(&offered, 250, during)?;
    if !offered.iter().any(|(_, text)| text.eq_ignore_ascii_case("STARTTLS")) {
        return Err(DeliveryError::NoStartTls);
    }
    say(&mut tcp, "STARTTLS\r\n").await?;
    expect(&reply(&mut tcp).await?, 220, during)?;
    Ok(tcp)
}

fn expect(reply: &[(u16, String)], wanted: u16, during: &'static str) -> Result<(), DeliveryError> {
    match reply.last() {
        Some((code, _)) if *code == wanted => Ok(()),
        Some((code, text)) => Err(about_us(&Answer::new(*code, text.clone()), during)),
        None => Err(DeliveryError::Broken { during, why: "no proper answer came" }),
    }
}

async fn say(tcp: &mut TcpStream, line: &str) -> Result<(), DeliveryError> {
    let closed = |_| DeliveryError::Broken { during: "STARTTLS", why: "the connection is closed" };
    tcp.write_all(line.as_bytes()).await.map_err(closed)
}

async fn reply(tcp: &mut TcpStream) -> Result<Vec<(u16, String)>, DeliveryError> {
    let broken = |why| DeliveryError::Broken { during: "STARTTLS", why };
    let mut lines = Vec::new();
    while lines.len() < LINES {
        let mut line = Vec::new();
        while line.last() != Some(&b'\n') {
            if line.len() > 1000 {
                return Err(broken("a line is too long"));
            }
            line.push(tcp.read_u8().await.map_err(|_| broken("the connection is closed"))?);
        }
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        let code = line.get(..3).and_then(|code| code.parse().ok()).ok_or(broken("the answer is no SMTP"))?;
        let more = line.get(3..4) == Some("-");
        lines.push((code, line.get(4..).unwrap_or_default().to_owned()));
        if !more {
            return Ok(lines);
        }
    }
    Err(broken("the answer has no end"))
}

async fn answered<T>(
    during: &'static str,
    within: Duration,
    asked: impl Future<Output = Result<T, LibraryError>>,
) -> Result<T, DeliveryError> {
    let answered =
        timeout(within, asked).await.map_err(|_| DeliveryError::Timeout { during, after: within })?;
    answered.map_err(|error| match Answer::read(Err(error)) {
        Some(answer) => about_us(&answer, during),
        None => DeliveryError::Broken { during, why: "no proper answer came" },
    })
}

fn about_us(answer: &Answer, during: &'static str) -> DeliveryError {
    match answer.before_recipient(during) {
        Err(error) => error,
        Ok(_) => DeliveryError::Broken { during, why: "the answer is out of place" },
    }
}

/// 5xx is the password or its user; anything else passes by itself.
fn not_let_in(error: &LibraryError) -> DeliveryError {
    let said = std::error::Error::source(error).map(|source| sanitised(&source.to_string()));
    let said = said.unwrap_or_default();
    match (error.is_permanent() || error.is_client(), error.status()) {
        (true, _) => DeliveryError::LoginRefused { said },
        (false, Some(_)) => DeliveryError::Busy { during: "the login", said },
        (false, None) => DeliveryError::Broken { during: "the login", why: "no proper answer came" },
    }
}

/// The connection as the library takes it, with what it must read first.
#[derive(Debug)]
struct Stream {
    first: &'static [u8],
    wire: Bounded<Wire>,
}

impl Stream {
    fn new(wire: Wire, first: &'static [u8]) -> Stream {
        Stream { first, wire: Bounded::new(wire, Grammar::Smtp) }
    }
}

impl AsyncTokioStream for Stream {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.wire.get_ref().peer_addr()
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.first.is_empty() {
            return Pin::new(&mut this.wire).poll_read(cx, buf);
        }
        let (now, later) = this.first.split_at(this.first.len().min(buf.remaining()));
        buf.put_slice(now);
        this.first = later;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().wire).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().wire).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().wire).poll_shutdown(cx)
    }
}
