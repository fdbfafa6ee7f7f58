//! The one TLS configuration: rustls with ring, the system's roots and, if settings name one, an extra CA.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::Wire;
use super::server_words::sanitised;

/// Why TLS was not reached.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The extra CA file is missing or is not PEM.
    #[error("the CA file {} cannot be used: {why}; name a PEM file with at least one certificate", path.display())]
    CaFile {
        /// The file named in settings.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// There is no root certificate at all, so no server could ever be trusted.
    #[error("no root certificates were found on this machine; install ca-certificates or name a CA file")]
    NoRoots,
    /// The host in settings is neither a host name nor an IP address.
    #[error("{host:?} is not a host name; correct the host in settings")]
    HostName {
        /// The host named in settings.
        host: String,
    },
    /// The server's certificate does not prove that it is this host; nothing was sent.
    #[error("the certificate of {host} was not accepted: {why}; nothing was sent to it")]
    Certificate {
        /// The host named in settings.
        host: String,
        /// What is wrong, and what mends it.
        why: &'static str,
    },
    /// The other side does not speak TLS, or not a version we accept (1.2 and 1.3).
    #[error("TLS with {host} failed: {why}; check the port and the security setting")]
    Handshake {
        /// The host named in settings.
        host: String,
        /// The library's words, sanitised.
        why: String,
    },
}

/// Trusts the system's roots and the certificates in `extra_ca`.
///
/// # Errors
/// [`TlsError::CaFile`], or [`TlsError::NoRoots`] when nothing at all is trusted.
pub fn client_config(extra_ca: Option<&Path>) -> Result<Arc<ClientConfig>, TlsError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = extra_ca {
        add_file(&mut roots, path).map_err(|why| TlsError::CaFile { path: path.to_owned(), why })?;
    }
    if roots.is_empty() {
        return Err(TlsError::NoRoots);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| TlsError::Handshake { host: String::new(), why: sanitised(&error.to_string()) })?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn add_file(roots: &mut RootCertStore, path: &Path) -> Result<(), String> {
    let before = roots.len();
    let pem = std::fs::read(path).map_err(|error| error.kind().to_string())?;
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|_| "it is not PEM".to_owned())?;
        roots.add(certificate).map_err(|_| "a certificate in it cannot be read".to_owned())?;
    }
    if roots.len() == before { Err("it holds no certificate".to_owned()) } else { Ok(()) }
}

/// Shakes hands over `tcp`; the server must prove to be `host`.
///
/// # Errors
/// [`TlsError`] by what mends it. The caller sets the deadline.
pub async fn shake_hands(tcp: TcpStream, host: &str, config: Arc<ClientConfig>) -> Result<Wire, TlsError> {
    let name =
        ServerName::try_from(host.to_owned()).map_err(|_| TlsError::HostName { host: host.to_owned() })?;
    let connected = TlsConnector::from(config).connect(name, tcp).await;
    connected.map(|tls| Wire::Tls(Box::new(tls))).map_err(|error| failed(host, &error))
}

fn failed(host: &str, error: &io::Error) -> TlsError {
    let host = host.to_owned();
    let cause = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match cause {
        Some(rustls::Error::InvalidCertificate(wrong)) => {
            TlsError::Certificate { host, why: wrong_with(wrong) }
        }
        Some(other) => TlsError::Handshake { host, why: sanitised(&other.to_string()) },
        None => TlsError::Handshake { host, why: error.kind().to_string() },
    }
}

/// In words, with the mend. The list is rustls' own and open, so the rest has one sentence.
fn wrong_with(error: &CertificateError) -> &'static str {
    if matches!(error, CertificateError::Expired | CertificateError::ExpiredContext { .. }) {
        "it has expired; the server needs a fresh one"
    } else if matches!(error, CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) {
        "it is not valid yet; check the clock of this machine"
    } else if matches!(
        error,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }
    ) {
        "it is for another name; put the name that stands in the certificate into settings"
    } else if matches!(error, CertificateError::UnknownIssuer) {
        "its issuer is unknown here; if it is your own CA, name its file in settings"
    } else if matches!(error, CertificateError::Revoked) {
        "it was revoked; the server needs a fresh one"
    } else if format!("{error:?}").contains("CaUsedAsEndEntity") {
        "it signed itself, and so is that of an authority and not of a server; make an authority of your own, let it \
         sign a certificate for the server, and name the authority's file in extra_ca"
    } else {
        "it is malformed or made for another use; the server needs a proper one"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ca_file_that_cannot_work_is_named_with_its_fault() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        for (path, fault) in [
            (folder.path().join("none.pem"), "entity not found"),
            (file("empty.pem", "no certificate here"), "it holds no certificate"),
            (file("torn.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n"), "it is not PEM"),
            (
                file("other.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
                "a certificate in it cannot be read",
            ),
        ] {
            let error = client_config(Some(&path)).unwrap_err().to_string();
            assert!(error.contains(fault) && error.contains(&path.display().to_string()), "{error}");
        }
    }

    #[tokio::test]
    async fn a_certificate_that_signed_itself_is_told_with_what_to_make() {
        use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
        use rustls::pki_types::PrivatePkcs8KeyDer;
        let key = KeyPair::generate().unwrap();
        let mut own = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let own = own.self_signed(&key).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let ca = folder.path().join("own.pem");
        std::fs::write(&ca, own.pem()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let server = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![own.der().clone()], PrivatePkcs8KeyDer::from(key.serialize_der()).into());
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(server.unwrap()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let near = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (far, _) = listener.accept().await.unwrap();
        let config = client_config(Some(&ca)).unwrap();
        let (shaken, _) = tokio::join!(shake_hands(near, "localhost", config), acceptor.accept(far));
        let said = shaken.err().unwrap().to_string();
        assert!(said.contains("it signed itself") && said.contains("extra_ca"), "{said}");
    }
}
