//! A scripted IMAP server: each test says itself what a hostile server answers.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use handoffd::mailbox::imap::{After, ImapSettings};
use handoffd::wire::Security;
use handoffd::wire::secret::Secret;

use super::listener::Listener;

/// The server; it speaks without TLS, to loopback.
pub(crate) struct FakeImap(pub(crate) Listener);

impl FakeImap {
    /// Lets `script` hold each conversation; the second argument numbers the connections from 0.
    pub(crate) fn start(script: impl Fn(&mut Talk, usize) + Send + Sync + 'static) -> FakeImap {
        FakeImap(Listener::start(move |stream, number| script(&mut Talk::new(stream), number)))
    }

    /// How to reach it, with a short deadline.
    pub(crate) fn settings(&self) -> ImapSettings {
        ImapSettings {
            host: "127.0.0.1".to_owned(),
            port: self.0.port,
            security: Security::Plain,
            user: "desk".to_owned(),
            password: Secret::new("secret".to_owned()),
            mailbox: "INBOX".to_owned(),
            after: After::Leave,
            poll: Duration::from_secs(10),
            idle: true,
            extra_ca: None,
            max_mail_bytes: 1_000_000,
            timeout: Duration::from_secs(10),
        }
    }
}

/// One conversation, from the server's side. Writing to a client that is gone is not an error here.
pub(crate) struct Talk {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
    /// The tag of the last command.
    pub(crate) tag: String,
    idle_tag: String,
    /// Bytes that may still be sent before the connection is cut.
    budget: usize,
}

impl Talk {
    fn new(stream: TcpStream) -> Talk {
        let reader = BufReader::new(stream.try_clone().unwrap());
        Talk { reader, writer: stream, tag: String::new(), idle_tag: String::new(), budget: usize::MAX }
    }

    /// Sends lines; CRLF is added.
    pub(crate) fn say(&mut self, lines: &str) {
        self.raw(format!("{}\r\n", lines.replace('\n', "\r\n")).as_bytes());
    }

    /// Sends bytes as they are; false once the client is gone.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> bool {
        let passed = bytes.len().min(self.budget);
        self.budget -= passed;
        let sent = self.writer.write_all(&bytes[..passed]).is_ok();
        if passed < bytes.len() {
            self.hang_up();
        }
        sent
    }

    /// Ends the command that was read last, such as `OK done`.
    pub(crate) fn done(&mut self, outcome: &str) {
        let line = format!("{} {outcome}", self.tag);
        self.say(&line);
    }

    /// The next command without its tag; none once the client is gone.
    pub(crate) fn hear(&mut self) -> Option<String> {
        let mut line = String::new();
        if self.reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let (tag, command) = line.trim_end().split_once(' ').unwrap_or((line.trim_end(), ""));
        self.tag = tag.to_owned();
        Some(if command.is_empty() { tag.to_owned() } else { command.to_owned() })
    }

    /// Cuts the connection after so many bytes more.
    pub(crate) fn cut_after(&mut self, bytes: usize) {
        self.budget = bytes;
    }

    /// Closes the connection.
    pub(crate) fn hang_up(&mut self) {
        let _ = self.writer.shutdown(Shutdown::Both);
    }

    /// Remembers the tag of an IDLE, which ends only after `DONE`.
    pub(crate) fn keep_tag(&mut self) {
        self.idle_tag.clone_from(&self.tag);
    }

    /// Ends the IDLE.
    pub(crate) fn done_idle(&mut self) {
        self.tag.clone_from(&self.idle_tag);
        self.done("OK idled");
    }

    /// Answers a SELECT.
    pub(crate) fn select(&mut self, validity: u32, mails: u32) {
        let next = mails + 1;
        self.say(&format!("* {mails} EXISTS\n* OK [UIDVALIDITY {validity}] v\n* OK [UIDNEXT {next}] n"));
        self.done("OK [READ-WRITE] opened");
    }

    /// Answers what every session needs.
    pub(crate) fn usual(&mut self, command: &str) {
        if command == "CAPABILITY" {
            self.say("* CAPABILITY IMAP4rev1 IDLE MOVE");
        }
        self.done("OK done");
    }

    /// Lists mails as asked for by `UID FETCH … RFC822.SIZE`.
    pub(crate) fn list(&mut self, uids: &[u32], size: u64) {
        for uid in uids {
            self.say(&format!("* {uid} FETCH (UID {uid} RFC822.SIZE {size})"));
        }
        self.done("OK listed");
    }

    /// One whole mail.
    pub(crate) fn mail(&mut self, uid: u32, mail: &str) {
        let length = mail.len();
        self.raw(format!("* {uid} FETCH (UID {uid} BODY[] {{{length}}}\r\n{mail})\r\n").as_bytes());
    }
}
