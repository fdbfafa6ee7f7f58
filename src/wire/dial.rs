//! Reaching a server: name, socket, TLS, all before one deadline.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::Wire;
use super::tls::{TlsError, shake_hands};

/// Why a server was not reached. Nothing was sent to it.
#[derive(Debug, thiserror::Error)]
pub enum DialError {
    /// The name does not resolve.
    #[error("the name {host} does not resolve; check the host in settings and the name server")]
    Unknown {
        /// The host named in settings.
        host: String,
    },
    /// Nobody answers there.
    #[error(
        "{host}:{port} cannot be reached ({why}); check the port, the firewall and whether the server runs"
    )]
    Unreachable {
        /// The host named in settings.
        host: String,
        /// The port named in settings.
        port: u16,
        /// The kind of failure.
        why: io::ErrorKind,
    },
    /// No answer in time.
    #[error("{host}:{port} did not answer within {} s", after.as_secs())]
    Silent {
        /// The host named in settings.
        host: String,
        /// The port named in settings.
        port: u16,
        /// How long we waited.
        after: Duration,
    },
    /// A connection without TLS would have left this machine.
    #[error(
        "{host} is not this machine: without TLS only loopback addresses are allowed; set security to tls"
    )]
    PlainAway {
        /// The host named in settings.
        host: String,
    },
    /// TLS failed.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// Opens a TCP connection with keepalive and without Nagle's delay, trying each address of the name in turn.
///
/// `loopback_only` is for connections that stay unencrypted.
///
/// # Errors
/// [`DialError`] by what mends it.
pub async fn tcp(
    host: &str,
    port: u16,
    loopback_only: bool,
    within: Duration,
) -> Result<TcpStream, DialError> {
    let addresses = resolve(host, port, within).await?;
    let wanted: Vec<SocketAddr> =
        addresses.into_iter().filter(|address| !loopback_only || address.ip().is_loopback()).collect();
    if wanted.is_empty() {
        return Err(DialError::PlainAway { host: host.to_owned() });
    }
    let unreachable = |why| DialError::Unreachable { host: host.to_owned(), port, why };
    let mut last = DialError::Unknown { host: host.to_owned() };
    for address in wanted {
        match timeout(within, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return prepared(stream).map_err(|error| unreachable(error.kind())),
            Ok(Err(error)) => last = unreachable(error.kind()),
            Err(_) => last = DialError::Silent { host: host.to_owned(), port, after: within },
        }
    }
    Err(last)
}

async fn resolve(host: &str, port: u16, within: Duration) -> Result<Vec<SocketAddr>, DialError> {
    let unknown = || DialError::Unknown { host: host.to_owned() };
    let found = timeout(within, lookup_host((host, port))).await.map_err(|_| unknown())?;
    let addresses: Vec<SocketAddr> = found.map_err(|_| unknown())?.collect();
    if addresses.is_empty() { Err(unknown()) } else { Ok(addresses) }
}

/// A half-open connection is noticed within about two minutes, even while nothing is sent.
fn prepared(stream: TcpStream) -> io::Result<TcpStream> {
    stream.set_nodelay(true)?;
    let keepalive =
        TcpKeepalive::new().with_time(Duration::from_mins(1)).with_interval(Duration::from_secs(15));
    SockRef::from(&stream).set_tcp_keepalive(&keepalive)?;
    Ok(stream)
}

/// Turns a plain socket into TLS to `host`, within a deadline.
///
/// # Errors
/// [`DialError::Tls`] or [`DialError::Silent`].
pub async fn encrypted(
    tcp: TcpStream,
    host: &str,
    port: u16,
    config: Arc<ClientConfig>,
    within: Duration,
) -> Result<Wire, DialError> {
    let shaken = timeout(within, shake_hands(tcp, host, config)).await;
    Ok(shaken.map_err(|_| DialError::Silent { host: host.to_owned(), port, after: within })??)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With Nagle's delay each mail on a connection waits 44 ms for nothing.
    #[tokio::test]
    async fn a_connection_sends_at_once_and_notices_a_peer_that_is_gone() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let stream = tcp("127.0.0.1", port, true, Duration::from_secs(30)).await.unwrap();
        assert!(stream.nodelay().unwrap());
        assert!(SockRef::from(&stream).keepalive().unwrap());
    }
}
