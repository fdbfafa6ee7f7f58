//! The real binary with a config, a key and folders of its own, started and ended like a service.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use handoffd::store::seal::Keyring;
use serde_json::Value;
use tempfile::TempDir;

use super::dovecot::{Dovecot, PASSWORD};
use super::{SOON, until};

/// The domain of the one rostered partner: whoever writes from there is known.
pub(crate) const PARTNER: &str = "harbor-house.example";

/// What the organisation and its people are; the transports come before it.
const PEOPLE: &str = r#"
[organisation]
name = "Example Help Center"
client_from_name = "Front Desk"
phone = "555-0100"
phone_hours = "Monday to Friday"
zone = "America/New_York"
workflow_owner = "sam"
data_owner = "sam"

[calendar]
monday = "00:00-23:59"
tuesday = "00:00-23:59"
wednesday = "00:00-23:59"
thursday = "00:00-23:59"
friday = "00:00-23:59"
saturday = "00:00-23:59"
sunday = "00:00-23:59"

[[staff]]
id = "maria"
name = "Maria Lopez"
email = "maria@desk.example.org"

[[staff]]
id = "sam"
name = "Sam Reed"
email = "sam@desk.example.org"
takes_referrals = false

[[partner]]
id = "harbor-house"
name = "Harbor House"
domains = ["harbor-house.example"]

[privacy]
key_file = "key"
client_mail = true
client_hours = "00:00-23:59"

[reports]
digest_at = "23:59"
admins = ["sam"]
"#;

/// Where mail comes from: a Maildir in the desk's folder.
pub(crate) const MAILDIR: &str = "kind = \"maildir\"\npath = \"inbox\"\nmove_to_cur = true\npoll_secs = 1\n";
/// Where letters go: a folder in the desk's folder.
pub(crate) const FOLDER: &str = "kind = \"folder\"\npath = \"outbox\"\n";
/// What remembers: a file in the desk's folder.
pub(crate) const SQLITE: &str = "kind = \"sqlite\"\npath = \"handoffd.db\"\n";

/// A relay on this machine.
pub(crate) fn relay(port: u16) -> String {
    format!(
        "kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"plain\"\nresend_doubtful_secs = 1\n"
    )
}

/// `user`'s inbox on a Dovecot, over TLS.
pub(crate) fn imap(dovecot: &Dovecot, user: &str) -> String {
    imap_at(dovecot.tls_port, &dovecot.authority.ca, user)
}

/// An inbox behind TLS at any port.
pub(crate) fn imap_at(port: u16, ca: &Path, user: &str) -> String {
    format!(
        "kind = \"imap\"\nhost = \"localhost\"\nport = {port}\nuser = \"{user}\"\npassword_file = \"password\"\nextra_ca = \"{}\"\npoll_secs = 2\n",
        ca.display()
    )
}

/// A folder with everything a daemon needs, and the daemon while it runs.
pub(crate) struct Desk {
    folder: TempDir,
    daemon: Option<Child>,
    /// Set for the daemon, such as `NOTIFY_SOCKET`.
    pub(crate) environment: Vec<(String, String)>,
    /// A program that starts the binary and looks on, with its own arguments.
    pub(crate) looked_at_by: Vec<String>,
}

/// How a command ended.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Desk {
    /// Writes the config; nothing runs yet.
    pub(crate) fn new(inbox: &str, outlet: &str, store: &str) -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk { folder, daemon: None, environment: Vec::new(), looked_at_by: Vec::new() };
        for name in ["inbox", "inbox/new", "inbox/cur", "inbox/tmp", "outbox"] {
            fs::create_dir(desk.path(name)).unwrap();
        }
        desk.secret("password", PASSWORD);
        desk.secret("key", &Keyring::fresh_file().unwrap());
        desk.configure(inbox, outlet, store);
        desk
    }

    /// Writes the config anew.
    pub(crate) fn configure(&self, inbox: &str, outlet: &str, store: &str) {
        let config = format!(
            "[inbox]\naddress = \"referrals@desk.example.org\"\n{inbox}\n[outlet]\n{outlet}\n[store]\n{store}\n{PEOPLE}"
        );
        fs::write(self.path("handoffd.toml"), config).unwrap();
    }

    /// Writes a file only its owner may read.
    pub(crate) fn secret(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// A file or folder of the desk.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a mail into the Maildir as a mail server does.
    pub(crate) fn drop_in(&self, name: &str, mail: &[u8]) {
        let draft = self.path("inbox/tmp").join(name);
        fs::write(&draft, mail).unwrap();
        fs::rename(draft, self.path("inbox/new").join(name)).unwrap();
    }

    /// Starts the daemon; it is not waited for.
    pub(crate) fn start(&mut self) {
        assert!(self.daemon.is_none());
        let log = fs::File::options().create(true).append(true).open(self.path("log")).unwrap();
        let mut command = self.command(&["run"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.daemon = Some(command.spawn().unwrap());
    }

    /// Starts the daemon and waits until it is ready.
    pub(crate) fn start_ready(&mut self) {
        let before = self.said("Ready");
        self.start();
        until("the daemon is ready", SOON, || self.said("Ready") > before);
    }

    /// Ends the daemon as a power cut does.
    pub(crate) fn kill(&mut self) {
        let mut daemon = self.daemon.take().unwrap();
        daemon.kill().unwrap();
        daemon.wait().unwrap();
    }

    /// Ends the daemon as a service manager does; its exit code.
    pub(crate) fn terminate(&mut self) -> i32 {
        let mut daemon = self.daemon.take().unwrap();
        super::run(Command::new("kill").args(["-TERM", &daemon.id().to_string()]));
        until("the daemon ends", SOON, || daemon.try_wait().unwrap().is_some());
        daemon.wait().unwrap().code().unwrap_or(-1)
    }

    /// The exit code of a daemon that ended by itself.
    pub(crate) fn ended(&mut self) -> i32 {
        self.daemon.take().unwrap().wait().unwrap().code().unwrap_or(-1)
    }

    /// The daemon's process number.
    pub(crate) fn pid(&self) -> u32 {
        self.daemon.as_ref().unwrap().id()
    }

    /// Does the daemon still run?
    pub(crate) fn lives(&mut self) -> bool {
        self.daemon.as_mut().is_some_and(|daemon| daemon.try_wait().unwrap().is_none())
    }

    /// Everything the daemon said so far, over all its lives.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// How many lines of the log hold these words.
    pub(crate) fn said(&self, words: &str) -> usize {
        self.log().lines().filter(|line| line.contains(words)).count()
    }

    /// Runs a command of the binary with this config.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        ended(&mut self.command(arguments), b"")
    }

    /// As [`Desk::run`], with something on its standard input.
    pub(crate) fn feed(&self, arguments: &[&str], input: &[u8]) -> Ended {
        ended(&mut self.command(arguments), input)
    }

    /// The JSON a command prints.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let ended = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(ended.code, 0, "{arguments:?}: {}", ended.err);
        serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {}", ended.out))
    }

    /// Waits until every mail is handled and every letter settled.
    pub(crate) fn settled(&self, mails: u64, patience: Duration) {
        let end = Instant::now() + patience;
        loop {
            // In this order: what is not received yet cannot wait yet.
            let received = self.json(&["report", "daily"])["mails"]["received"].as_u64();
            let health: Value =
                serde_json::from_str(&self.run(&["health", "--json"]).out).unwrap_or_default();
            let is_quiet = health["mails_waiting"] == 0 && health["letters_waiting"] == 0;
            if received == Some(mails) && is_quiet {
                return;
            }
            assert!(Instant::now() < end, "{received:?} of {mails} mails; {health}");
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program_through(&self.looked_at_by);
        command.args(arguments).arg("--config").arg(self.path("handoffd.toml"));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
        if std::thread::panicking() {
            eprintln!("--- the daemon said:\n{}", self.log());
        }
    }
}

/// The binary under test, away from the surroundings of the test run.
pub(crate) fn program() -> Command {
    program_through(&[])
}

fn program_through(words: &[String]) -> Command {
    const BINARY: &str = env!("CARGO_BIN_EXE_handoffd");
    let mut all = words.iter().map(String::as_str).chain([BINARY]);
    let mut command = Command::new(all.next().unwrap_or(BINARY));
    command.args(all);
    for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "JOURNAL_STREAM", "RUST_LOG", "CREDENTIALS_DIRECTORY"] {
        command.env_remove(name);
    }
    command.env("NO_COLOR", "1");
    command
}

/// Runs a command to its end.
pub(crate) fn ended(command: &mut Command, input: &[u8]) -> Ended {
    use std::io::Write as _;
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    // A command that does not read its input ends before all of it is written.
    let _ = pipe.write_all(input);
    drop(pipe);
    let done = child.wait_with_output().unwrap();
    Ended {
        code: done.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&done.stdout).into_owned(),
        err: String::from_utf8_lossy(&done.stderr).into_owned(),
    }
}

/// A complete referral in plain text.
pub(crate) fn referral(number: usize, from: &str) -> Vec<u8> {
    format!(
        "From: Dana Cole <{from}>\r\nTo: referrals@desk.example.org\r\nSubject: Referral\r\nMessage-ID: <n{number}@rig.example>\r\n\
         Date: Tue, 17 Nov 2026 09:00:00 -0500\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}",
        body(number)
    )
    .into_bytes()
}

/// The lines of a complete referral of a person nobody else is.
pub(crate) fn body(number: usize) -> String {
    const AREAS: [&str; 12] =
        ["212", "213", "305", "312", "404", "415", "503", "518", "602", "617", "702", "713"];
    let (area, line) = (AREAS[number / 100 % AREAS.len()], 100 + number % 100);
    format!(
        "Client name: Person Number{number}\r\nPhone: {area}-555-0{line}\r\nSafe to contact: call and text\r\n\
         Language: English\r\nMatter type: Housing\r\nConsent to share: yes\r\nConsent to contact: yes\r\n"
    )
}

/// A header of a mail, unfolded; empty if it is not there.
pub(crate) fn header(mail: &[u8], name: &str) -> String {
    let text = String::from_utf8_lossy(mail).replace("\r\n ", " ").replace("\r\n\t", " ");
    let head = text.split("\r\n\r\n").next().unwrap_or_default();
    let found = head.lines().find_map(|line| {
        let (field, value) = line.split_once(':')?;
        field.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    });
    found.unwrap_or_default()
}
