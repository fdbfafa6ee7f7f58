//! A scripted SMTP relay: it records what it takes, and fails where a test says so.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use handoffd::delivery::smtp::{Patience, SmtpSettings};
use handoffd::wire::Security;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::SOON;
use super::listener::Listener;

/// Where a dialogue stands when the script is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Phase {
    Connect,
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    Dot,
    Rset,
}

/// What the script is told.
#[derive(Clone, Debug)]
pub(crate) struct Turn {
    pub(crate) phase: Phase,
    /// Numbers the connections from 0.
    pub(crate) connection: usize,
    /// The recipient, once it is known.
    pub(crate) to: String,
}

/// What the relay does.
pub(crate) enum Act {
    /// As a good relay does.
    Go,
    /// Says this and goes on; at the dot, the mail is not taken.
    Say(String),
    /// Says this and closes.
    SayAndDrop(String),
    /// Closes without a word.
    Drop,
    /// At the dot: takes the mail, then closes without a word (RFC 1047).
    TakeAndDrop,
    /// Says nothing more until the client goes.
    Hang,
}

/// A mail the relay took.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) from: String,
    pub(crate) to: String,
    /// Transparency undone.
    pub(crate) message: Vec<u8>,
    /// When, for figures such as letters a minute.
    pub(crate) at: Instant,
}

/// How the relay speaks TLS.
#[derive(Clone)]
pub(crate) enum Cover {
    None,
    Implicit(Arc<ServerConfig>),
    Upgrade(Arc<ServerConfig>),
}

/// The relay.
pub(crate) struct Relay {
    pub(crate) listener: Listener,
    taken: Arc<Mutex<Vec<Taken>>>,
    said: Arc<Mutex<Vec<String>>>,
}

impl Relay {
    /// A relay without TLS.
    pub(crate) fn start(script: impl Fn(&Turn) -> Act + Send + Sync + 'static) -> Relay {
        Relay::covered(Cover::None, script)
    }

    /// A relay that takes one command at a time.
    pub(crate) fn step_by_step(script: impl Fn(&Turn) -> Act + Send + Sync + 'static) -> Relay {
        Relay::with(Cover::None, false, script)
    }

    /// A relay with TLS.
    pub(crate) fn covered(cover: Cover, script: impl Fn(&Turn) -> Act + Send + Sync + 'static) -> Relay {
        Relay::with(cover, true, script)
    }

    fn with(cover: Cover, pipelines: bool, script: impl Fn(&Turn) -> Act + Send + Sync + 'static) -> Relay {
        let (taken, said) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
        let (into, log) = (Arc::clone(&taken), Arc::clone(&said));
        let listener = Listener::start(move |stream, connection| {
            let line: Box<dyn Line> = match &cover {
                Cover::Implicit(config) => Box::new(tls(stream, config)),
                Cover::None | Cover::Upgrade(_) => Box::new(stream),
            };
            let turn = Turn { phase: Phase::Connect, connection, to: String::new() };
            let mut talk = Talk {
                pipelines,
                last: String::new(),
                line: Some(line),
                buffer: Vec::new(),
                turn,
                from: String::new(),
                taken: Arc::clone(&into),
                said: Arc::clone(&log),
            };
            let upgrade = if let Cover::Upgrade(config) = &cover { Some(config) } else { None };
            // An ended dialogue is the usual end: the client closes, or the script does.
            let _ = talk.hold(&script, upgrade);
        });
        Relay { listener, taken, said }
    }

    /// What it took so far.
    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }

    /// Every command line it heard.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }

    /// How to reach it without TLS.
    pub(crate) fn settings(&self) -> SmtpSettings {
        plain_settings(self.listener.port)
    }
}

/// How to reach a relay on this machine.
pub(crate) fn plain_settings(port: u16) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::Plain,
        login: None,
        hello: "desk.example.org".to_owned(),
        connections: 1,
        extra_ca: None,
        patience: Patience { connect: SOON, command: SOON, dot: SOON },
    }
}

/// Either kind of connection.
trait Line: Read + Write + Send {
    /// The socket, if it is bare.
    fn socket(self: Box<Self>) -> Option<TcpStream>;
}

impl Line for TcpStream {
    fn socket(self: Box<Self>) -> Option<TcpStream> {
        Some(*self)
    }
}

impl Line for StreamOwned<ServerConnection, TcpStream> {
    fn socket(self: Box<Self>) -> Option<TcpStream> {
        None
    }
}

fn tls(stream: TcpStream, config: &Arc<ServerConfig>) -> StreamOwned<ServerConnection, TcpStream> {
    StreamOwned::new(ServerConnection::new(Arc::clone(config)).unwrap(), stream)
}

struct Talk {
    /// It offers to take several commands at once (RFC 2920).
    pipelines: bool,
    /// What it said last.
    last: String,
    line: Option<Box<dyn Line>>,
    buffer: Vec<u8>,
    turn: Turn,
    from: String,
    taken: Arc<Mutex<Vec<Taken>>>,
    said: Arc<Mutex<Vec<String>>>,
}

impl Talk {
    /// Ends with none when either side is done.
    fn hold(&mut self, script: &dyn Fn(&Turn) -> Act, upgrade: Option<&Arc<ServerConfig>>) -> Option<()> {
        self.answer(script, Phase::Connect, "220 rig ready")?;
        let mut has_recipient = false;
        loop {
            let command = self.line()?;
            self.said.lock().unwrap().push(command.clone());
            let upper = command.to_ascii_uppercase();
            match upper.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" => {
                    let offer = if upgrade.is_some() { "STARTTLS" } else { "AUTH PLAIN LOGIN" };
                    let last = if self.pipelines { "PIPELINING" } else { "8BITMIME" };
                    self.answer(script, Phase::Ehlo, &format!("250-rig\r\n250-{offer}\r\n250 {last}"))?;
                }
                "STARTTLS" => {
                    self.answer(script, Phase::StartTls, "220 go")?;
                    let socket = self.line.take()?.socket()?;
                    self.line = Some(Box::new(tls(socket, upgrade?)));
                }
                "AUTH" => {
                    self.answer(script, Phase::Auth, "235 2.7.0 welcome")?;
                }
                "MAIL" => {
                    if self.pipelines {
                        self.hear_data()?;
                    }
                    self.from = between(&command);
                    self.answer(script, Phase::Mail, "250 2.1.0 ok")?;
                }
                "RCPT" => {
                    self.turn.to = between(&command);
                    self.answer(script, Phase::Rcpt, "250 2.1.5 ok")?;
                    has_recipient = self.last.starts_with("250 ");
                }
                "DATA" if !has_recipient => {
                    self.say("503 5.5.1 no valid recipients")?;
                }
                "DATA" => {
                    if self.answer(script, Phase::Data, "354 go")? {
                        self.message(script)?;
                    }
                }
                "RSET" => {
                    self.answer(script, Phase::Rset, "250 2.0.0 ok")?;
                }
                "QUIT" => {
                    self.say("221 2.0.0 bye")?;
                    return None;
                }
                _ => {
                    self.say("500 5.5.1 what?")?;
                }
            }
        }
    }

    /// True if the script let it go its way.
    fn answer(&mut self, script: &dyn Fn(&Turn) -> Act, phase: Phase, usual: &str) -> Option<bool> {
        self.turn.phase = phase;
        match script(&self.turn) {
            Act::Go => self.say(usual).map(|_| true),
            Act::Say(other) => self.say(&other).map(|_| false),
            Act::SayAndDrop(last) => {
                self.say(&last)?;
                None
            }
            Act::Drop | Act::TakeAndDrop => None,
            Act::Hang => {
                while self.line().is_some() {}
                None
            }
        }
    }

    fn message(&mut self, script: &dyn Fn(&Turn) -> Act) -> Option<()> {
        let mut message = Vec::new();
        loop {
            let line = self.bytes()?;
            match line.as_slice() {
                b".\r\n" => break,
                [b'.', rest @ ..] => message.extend_from_slice(rest),
                other => message.extend_from_slice(other),
            }
        }
        self.turn.phase = Phase::Dot;
        let act = script(&self.turn);
        if matches!(act, Act::Go | Act::TakeAndDrop) {
            let (from, to) = (self.from.clone(), self.turn.to.clone());
            self.taken.lock().unwrap().push(Taken { from, to, message, at: Instant::now() });
        }
        let again = |_: &Turn| match &act {
            Act::Go => Act::Go,
            Act::Say(text) => Act::Say(text.clone()),
            Act::SayAndDrop(text) => Act::SayAndDrop(text.clone()),
            Act::Drop | Act::TakeAndDrop => Act::Drop,
            Act::Hang => Act::Hang,
        };
        self.answer(&again, Phase::Dot, "250 2.0.0 queued as RIG1").map(drop)
    }

    /// One that takes a command at a time closes on whoever sends the next one before its answer.
    fn say(&mut self, text: &str) -> Option<bool> {
        if !self.pipelines && !self.buffer.is_empty() {
            return None;
        }
        let line = self.line.as_mut()?;
        line.write_all(format!("{text}\r\n").as_bytes()).ok()?;
        line.flush().ok()?;
        text.clone_into(&mut self.last);
        Some(true)
    }

    /// One that takes several commands at once answers none of them before it has all: who waits for it in between
    /// waits for ever.
    fn hear_data(&mut self) -> Option<()> {
        while !self.buffer.windows(6).any(|bytes| bytes == b"DATA\r\n") {
            self.read()?;
        }
        Some(())
    }

    fn line(&mut self) -> Option<String> {
        self.bytes().map(|bytes| String::from_utf8_lossy(&bytes).trim_end().to_owned())
    }

    fn bytes(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|two| two == b"\r\n") {
                return Some(self.buffer.drain(..end + 2).collect());
            }
            self.read()?;
        }
    }

    fn read(&mut self) -> Option<()> {
        let mut piece = [0; 4096];
        let read = self.line.as_mut()?.read(&mut piece).ok().filter(|read| *read > 0)?;
        self.buffer.extend_from_slice(&piece[..read]);
        Some(())
    }
}

fn between(command: &str) -> String {
    let inside = command.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or_else(String::new, |(inside, _)| inside.to_owned())
}
