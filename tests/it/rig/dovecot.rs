//! A private Dovecot: any user, one password, mail in Maildirs, TLS by our own CA. Works as root and as anyone.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use handoffd::mailbox::imap::{After, ImapSettings};
use handoffd::wire::Security;
use handoffd::wire::secret::Secret;
use tempfile::TempDir;

use super::ca::Authority;
use super::leash::Leash;
use super::{SOON, free_port, is_root, listens, own_name, run, until};

/// The user and group Debian gives to mail; only used when we are root.
const MAIL_ID: u32 = 8;

/// Everybody's; found in no other text.
pub(crate) const PASSWORD: &str = "qxdovecotpasswordzq";

/// The server.
pub(crate) struct Dovecot {
    /// Plain and STARTTLS.
    pub(crate) port: u16,
    /// TLS.
    pub(crate) tls_port: u16,
    /// Its certificates.
    pub(crate) authority: Authority,
    delivered: AtomicUsize,
    // Dropped in this order: the process first, then its folder.
    _process: Leash,
    folder: PathBuf,
}

impl Dovecot {
    /// Starts it and waits until it answers.
    pub(crate) fn start() -> Dovecot {
        // The folder belongs to the leash, which removes it even if the test binary is killed.
        let folder = TempDir::with_prefix("handoffd-dovecot-").unwrap().keep();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        let authority = Authority::new(&folder);
        let (port, tls_port) = (free_port(), free_port());
        fs::create_dir(folder.join("mail")).unwrap();
        own(&folder.join("mail"));
        let config = folder.join("dovecot.conf");
        fs::write(&config, configuration(&folder, &authority, port, tls_port)).unwrap();
        let program = ["dovecot".as_ref(), "-F".as_ref(), "-c".as_ref(), config.as_os_str()];
        let process = Leash::start("TERM", &folder, &program);
        until("dovecot listens", SOON, || listens(port) && listens(tls_port));
        Dovecot { port, tls_port, authority, delivered: AtomicUsize::new(0), _process: process, folder }
    }

    /// How to reach `user`'s inbox over TLS.
    pub(crate) fn settings(&self, user: &str) -> ImapSettings {
        ImapSettings {
            host: "localhost".to_owned(),
            port: self.tls_port,
            security: Security::Tls,
            user: user.to_owned(),
            password: Secret::new(PASSWORD.to_owned()),
            mailbox: "INBOX".to_owned(),
            after: After::Leave,
            poll: Duration::from_secs(20),
            idle: true,
            extra_ca: Some(self.authority.ca.clone()),
            max_mail_bytes: 1_000_000,
            timeout: SOON,
        }
    }

    /// Puts a mail into `user`'s inbox as a local delivery agent does: it gets its UID when somebody looks.
    pub(crate) fn deliver(&self, user: &str, mail: &[u8]) {
        let number = self.delivered.fetch_add(1, Ordering::SeqCst);
        let home = self.folder.join("mail").join(user);
        let maildir = home.join("Maildir");
        let folders = ["tmp", "new", "cur"].map(|part| maildir.join(part));
        for folder in [&home, &maildir].into_iter().chain(&folders) {
            if !folder.exists() {
                fs::create_dir(folder).unwrap();
                own(folder);
            }
        }
        let name = format!("{}.M{number}.rig", 1_700_000_000 + number);
        let draft = maildir.join("tmp").join(&name);
        fs::write(&draft, mail).unwrap();
        own(&draft);
        fs::rename(draft, maildir.join("new").join(name)).unwrap();
    }

    /// Puts a mail into a mailbox through Dovecot itself: it has its UID at once.
    pub(crate) fn save(&self, user: &str, mailbox: &str, mail: &[u8]) {
        let mut doveadm = self.command(&["save", "-u", user, "-m", mailbox]);
        let mut child = doveadm.stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(mail).unwrap();
        assert!(child.wait().unwrap().success());
    }

    /// Runs `doveadm`.
    pub(crate) fn doveadm(&self, arguments: &[&str]) -> String {
        run(&mut self.command(arguments))
    }

    /// Gives `user`'s inbox another UIDVALIDITY, as a rebuilt index does.
    pub(crate) fn renumber(&self, user: &str, validity: u32) {
        let validity = validity.to_string();
        self.doveadm(&["mailbox", "update", "-u", user, "--uid-validity", &validity, "INBOX"]);
    }

    /// One field of all mails in a mailbox, such as `flags`.
    pub(crate) fn fields(&self, user: &str, mailbox: &str, field: &str) -> Vec<String> {
        let table = self.doveadm(&["-f", "tab", "fetch", "-u", user, field, "mailbox", mailbox, "all"]);
        table.lines().skip(1).map(str::to_owned).collect()
    }

    /// Where it logs.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join("dovecot.log")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("doveadm");
        command.arg("-c").arg(self.folder.join("dovecot.conf")).args(arguments);
        command
    }
}

fn own(path: &Path) {
    if is_root() {
        chown(path, Some(MAIL_ID), Some(MAIL_ID)).unwrap();
    }
}

fn configuration(folder: &Path, authority: &Authority, port: u16, tls_port: u16) -> String {
    let folder = folder.display();
    let (certificate, key) = (authority.certificate.display(), authority.key.display());
    let me = own_name("-un");
    let (internal, group, login, owner, owner_group, chroot) = if is_root() {
        ("dovecot", "dovecot".to_owned(), "dovenull", "mail", "mail".to_owned(), "")
    } else {
        // An ordinary user cannot chroot.
        let group = own_name("-gn");
        (me.as_str(), group.clone(), me.as_str(), me.as_str(), group, "chroot =")
    };
    format!(
        "base_dir = {folder}/run
state_dir = {folder}/state
instance_name = handoffd-rig
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail/%u/Maildir
mail_fsync = never
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner_group} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
protocol imap {{
  mail_max_userip_connections = 100
}}
service anvil {{
  {chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
"
    )
}
