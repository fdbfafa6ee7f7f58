//! `[inbox]`, `[outlet]` and `[store]`: where mail comes from, where it goes, what remembers.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::letters::token;
use crate::referral::address::EmailAddress;

use super::mistake::{Wrong, wrong};
use super::reader::{Read, Section, one_line};
use super::roster::address;
use crate::wire::secret::Secret;

use super::secret::{need_secret, need_store_secret, secret};

/// The address referrals are sent to, and where its mail lies.
#[derive(Clone, Debug)]
pub struct Inbox {
    /// The address of the shared inbox; our letters come from it.
    pub address: EmailAddress,
    /// Further addresses that end in the same inbox.
    pub aliases: Vec<EmailAddress>,
    /// Mail to `name+anything@` arrives too, so that replies may carry a token in their address.
    pub plus_addressing: bool,
    /// How often to look, in seconds.
    pub poll: Duration,
    /// Where the mail lies.
    pub source: Source,
}

/// Where incoming mail lies.
#[derive(Clone, Debug)]
pub enum Source {
    /// A folder on an IMAP server.
    Imap(ImapSource),
    /// A Maildir on this machine.
    Maildir {
        /// The directory that holds `new`, `cur` and `tmp`.
        path: PathBuf,
        /// Mails that were read move from `new` to `cur`.
        move_to_cur: bool,
    },
}

/// A folder on an IMAP server.
#[derive(Clone, Debug)]
pub struct ImapSource {
    /// The server.
    pub server: Server,
    /// The login name.
    pub user: String,
    /// Its password.
    pub password: Secret,
    /// The folder to read.
    pub mailbox: String,
    /// What is done with a mail after it was committed.
    pub after: After,
    /// Let the server announce new mail (RFC 2177), if it can.
    pub idle: bool,
}

/// A host and how to speak to it.
#[derive(Clone, Debug)]
pub struct Server {
    /// Host name or IP address, as in the server's certificate.
    pub host: String,
    /// The port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// A PEM file with a certificate authority of your own.
    pub extra_ca: Option<PathBuf>,
    /// The deadline of an IMAP command; for SMTP that of connecting, TLS and login each, as RFC 5321 §4.5.3.2 sets
    /// the rest.
    pub timeout: Duration,
}

/// How a connection is protected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// An upgrade that is insisted on.
    StartTls,
    /// None: to this machine only.
    Plain,
}

/// What is done with a mail after it was committed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum After {
    /// Nothing.
    Leave,
    /// It gets this keyword.
    Keyword(String),
    /// It moves to this folder.
    Move(String),
}

/// Where letters go.
#[derive(Clone, Debug)]
pub struct Outlet {
    /// Reminders, escalations and bounces leave at most so many a minute; receipts and answers leave at once.
    pub per_minute: u32,
    /// A letter of which nobody knows whether it was taken is sent again after so long.
    pub resend_doubtful: Duration,
    /// Who takes them.
    pub sink: Sink,
}

/// Who takes letters over.
#[derive(Clone, Debug)]
pub enum Sink {
    /// A mail server.
    Smtp {
        /// The server.
        server: Server,
        /// Login name and password, if it wants them.
        login: Option<(String, Secret)>,
        /// Connections at a time.
        connections: u32,
    },
    /// Files in a folder: nothing leaves the machine.
    Folder {
        /// The folder.
        path: PathBuf,
    },
}

/// What remembers.
#[derive(Clone, Debug)]
pub enum Store {
    /// A file.
    Sqlite {
        /// The file; created when missing.
        path: PathBuf,
    },
    /// A PostgreSQL server, 15 or newer.
    Postgres {
        /// The connection URL, which holds a password.
        url: Secret,
        /// Where it is kept on this machine what a backup of the server does not know.
        witness_folder: Option<PathBuf>,
    },
}

/// The addresses of `[inbox]`, which other sections are held against.
pub(super) struct Own {
    pub(super) address: EmailAddress,
    pub(super) aliases: Vec<EmailAddress>,
}

pub(super) fn own_addresses(section: &Section<'_>) -> Read<Own> {
    let own = section.need_read("address", "\"referrals@example.org\"", address);
    let aliases = section.list("aliases", address);
    Ok(Own { address: own?, aliases: aliases? })
}

pub(super) fn inbox(section: &Section<'_>) -> Read<Inbox> {
    let own = own_addresses(section);
    let plus_addressing = section.flag("plus_addressing", true);
    let (source, poll_secs) = match kind(section, ["imap", "maildir"])? {
        0 => (imap(section).map(Source::Imap), 60),
        _ => (maildir(section), 5),
    };
    let poll_secs = section.number("poll_secs", 1..=3_600, poll_secs);
    section.finish();
    let Own { address, aliases } = own?;
    let plus_addressing = plus_addressing?;
    if plus_addressing && !token::fits(&address) {
        let remedy = "write plus_addressing = false (the token then travels in the Message-ID, and in the text of what a tap starts), or take a shorter address";
        return Err(section.wrong(wrong("address: no room for a reply token before its @", remedy)));
    }
    Ok(Inbox { address, aliases, plus_addressing, poll: Duration::from_secs(poll_secs?), source: source? })
}

fn imap(section: &Section<'_>) -> Read<ImapSource> {
    let server = server(section, [993, 143, 143], "\"imap.example.org\"");
    let user = section.need_read("user", "\"the login name\"", one_line);
    let password = section
        .refuse_inline("password", "password_file")
        .and_then(|()| need_secret(section, "password_file", "\"secrets/imap-password\""));
    let mailbox = section.read_or("mailbox", "INBOX".to_owned(), one_line);
    let after = section.read_or("after", After::Leave, after);
    let idle = section.flag("idle", true);
    Ok(ImapSource {
        server: server?,
        user: user?,
        password: password?,
        mailbox: mailbox?,
        after: after?,
        idle: idle?,
    })
}

fn maildir(section: &Section<'_>) -> Read<Source> {
    let path = path(section, "path", "\"inbox\"");
    let move_to_cur = section.flag("move_to_cur", false);
    Ok(Source::Maildir { path: path?, move_to_cur: move_to_cur? })
}

pub(super) fn outlet(section: &Section<'_>) -> Read<Outlet> {
    let per_minute = section.number("per_minute", 1..=6_000, 30);
    let resend_doubtful_secs = section.number("resend_doubtful_secs", 1..=86_400, 60);
    let sink = match kind(section, ["smtp", "folder"])? {
        0 => smtp(section),
        _ => path(section, "path", "\"outbox\"").map(|path| Sink::Folder { path }),
    };
    section.finish();
    Ok(Outlet {
        per_minute: per_minute?,
        resend_doubtful: Duration::from_secs(resend_doubtful_secs?),
        sink: sink?,
    })
}

fn smtp(section: &Section<'_>) -> Read<Sink> {
    let server = server(section, [465, 587, 25], "\"smtp.example.org\"");
    let connections = section.number("connections", 1..=20, 2);
    let user = section.read_if("user", one_line);
    let refused = section.refuse_inline("password", "password_file");
    let login = match user? {
        Some(user) => {
            refused?;
            Some((user, need_secret(section, "password_file", "\"secrets/smtp-password\"")?))
        }
        None if secret(section, "password_file")?.is_some() => {
            let remedy = "add user = \"the login name\"";
            return Err(section.wrong(wrong("password_file stands without a user", remedy)));
        }
        None => None,
    };
    refused?;
    Ok(Sink::Smtp { server: server?, login, connections: connections? })
}

pub(super) fn store(section: &Section<'_>) -> Read<Store> {
    let store = match kind(section, ["sqlite", "postgres"])? {
        0 => path(section, "path", "\"handoffd.db\"").map(|path| Store::Sqlite { path }),
        _ => postgres(section),
    };
    section.finish();
    store
}

fn postgres(section: &Section<'_>) -> Read<Store> {
    section.refuse_inline("url", "url_file")?;
    let url = need_store_secret(section, "url_file", "\"secrets/postgres-url\"");
    let witness_folder = section.read_if("witness_folder", |text| Ok(section.notes.path(text)));
    let (url, witness_folder) = (url?, witness_folder?);
    // Empty is only what a command that needs no secrets left unread.
    let is_unread = url.expose().is_empty();
    if is_unread || ["postgres://", "postgresql://"].iter().any(|scheme| url.expose().starts_with(scheme)) {
        return Ok(Store::Postgres { url, witness_folder });
    }
    let remedy = "write postgres://user:password@host/database into it";
    Err(section.wrong(wrong("url_file: the file holds no PostgreSQL URL", remedy)))
}

/// Which of two kinds a section is. Of an unknown kind no other key can be judged.
fn kind(section: &Section<'_>, kinds: [&str; 2]) -> Read<usize> {
    let [first, second] = kinds;
    section.need_read("kind", &format!("\"{first}\" or \"{second}\""), |text| {
        kinds
            .iter()
            .position(|kind| *kind == text)
            .ok_or_else(|| wrong("is not a kind we know", format!("write \"{first}\" or \"{second}\"")))
    })
}

fn path(section: &Section<'_>, key: &'static str, example: &str) -> Read<PathBuf> {
    section.need_read(key, example, |text| one_line(text).map(|text| section.notes.path(&text)))
}

/// `ports` are the usual ones of TLS, STARTTLS and plain.
fn server(section: &Section<'_>, ports: [u16; 3], example: &str) -> Read<Server> {
    let host = section.need_read("host", example, host_name);
    let reach = host.as_deref().ok();
    let security = section.read_or("security", Security::Tls, |text| security(text, reach));
    let [tls, start_tls, plain] = ports;
    let usual = match security {
        Ok(Security::Tls) | Err(_) => tls,
        Ok(Security::StartTls) => start_tls,
        Ok(Security::Plain) => plain,
    };
    let port = section.number("port", 1..=65_535, usual);
    let extra_ca = section.read_if("extra_ca", |text| {
        let path = section.notes.path(text);
        if path.is_file() { Ok(path) } else { Err(wrong("there is no such file", "correct the path")) }
    });
    let timeout_secs = section.number("timeout_secs", 5..=3_600, 60);
    Ok(Server {
        host: host?,
        port: port?,
        security: security?,
        extra_ca: extra_ca?,
        timeout: Duration::from_secs(timeout_secs?),
    })
}

fn security(text: &str, host: Option<&str>) -> Result<Security, Wrong> {
    match text {
        "tls" => Ok(Security::Tls),
        "starttls" => Ok(Security::StartTls),
        "plain" if host.is_none_or(is_loopback) => Ok(Security::Plain),
        "plain" => Err(wrong(
            "a plain connection to another machine shows everything to whoever listens",
            "write \"tls\" or \"starttls\"; \"plain\" is for localhost only",
        )),
        _ => Err(wrong("is not a kind of protection we know", "write \"tls\", \"starttls\" or \"plain\"")),
    }
}

fn host_name(text: &str) -> Result<String, Wrong> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.' || c == '_';
    let named = !text.is_empty() && text.len() <= 253 && text.chars().all(plain);
    if named || text.parse::<IpAddr>().is_ok() {
        Ok(text.to_ascii_lowercase())
    } else {
        Err(wrong("is not a host name", "write only the name, such as imap.example.org: no scheme, no port"))
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn after(text: &str) -> Result<After, Wrong> {
    let is_atom = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "$-_.".contains(c))
    };
    match text.split_once(':') {
        None if text == "leave" => Ok(After::Leave),
        Some(("keyword", name)) if is_atom(name) => Ok(After::Keyword(name.to_owned())),
        Some(("move", folder)) if !folder.trim().is_empty() => one_line(folder).map(After::Move),
        _ => {
            Err(wrong("is not something we can do", "write \"leave\", \"keyword:$Handoff\" or \"move:Done\""))
        }
    }
}
