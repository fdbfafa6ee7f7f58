"""A private Dovecot and a private smtp-sink on free loopback ports, all of it under one folder.

Works as root (the servers then drop to the user `mail`) and as an ordinary user. Any user name is let in with the
password `bench`. Needs dovecot-imapd, postfix (for its smtp-sink) and openssl.
"""

import getpass
import grp
import os
import pwd
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

import mails

PASSWORD = "bench"
HOST = "127.0.0.1"
SYSTEM_PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"

CONFIG = """
base_dir = {dir}/base
state_dir = {dir}/state
instance_name = {name}
log_path = {dir}/dovecot.log
protocols = imap
listen = {host}
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 1
first_valid_gid = 1
mail_location = sdbox:~/Mail
disable_plaintext_auth = no
mail_max_userip_connections = 100
ssl = yes
ssl_cert = <{dir}/cert.pem
ssl_key = <{dir}/key.pem
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={dir}/mail/%u
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service anvil {{
  {chroot}
}}
namespace inbox {{
  inbox = yes
}}
"""


class Servers:
    """Start with `with Servers(folder) as servers:`; both servers are gone afterwards."""

    def __init__(self, folder):
        self.dir = Path(folder)
        self.imap, self.imaps, self.smtp = free_port(), free_port(), free_port()
        self.user = "mail" if os.geteuid() == 0 else getpass.getuser()
        self.group = grp.getgrgid(pwd.getpwnam(self.user).pw_gid).gr_name
        self.dump = self.dir / "sink" / "mails"
        self.sink = None
        self.postgres = None

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.sink:
            self.sink.terminate()
            self.sink.wait()
        if self.dovecot_pid():
            self._run("doveadm", "-c", self.config, "stop")

    def _start(self):
        for folder in ("base", "state", "mail", "boxes", "sink"):
            (self.dir / folder).mkdir(parents=True)
        self.dir.chmod(0o755)
        self._own(self.dir / "mail")
        self._own(self.dir / "sink")
        certificate(self.dir)
        self.config.write_text(self._settings())
        self._run("dovecot", "-c", self.config)
        self.start_sink()
        for port in (self.imap, self.imaps):
            wait_for(port)

    def start_sink(self):
        self.dump.touch()
        self._own(self.dump)
        drop = ["-u", self.user] if os.geteuid() == 0 else []
        command = ["smtp-sink", *drop, "-D", str(self.dump), "%s:%d" % (HOST, self.smtp), "1024"]
        self.sink = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL, env={"PATH": SYSTEM_PATH})
        wait_for(self.smtp)

    @property
    def config(self):
        return self.dir / "dovecot.conf"

    def _settings(self):
        root = os.geteuid() == 0
        internal = "dovecot" if root else self.user
        return CONFIG.format(
            dir=self.dir, name=self.dir.name, host=HOST, password=PASSWORD, imap=self.imap, imaps=self.imaps,
            user=self.user, group=self.group, internal=internal, login="dovenull" if root else self.user,
            internal_group=grp.getgrgid(pwd.getpwnam(internal).pw_gid).gr_name, chroot="" if root else "chroot =")

    def dovecot_pid(self):
        try:
            return int((self.dir / "base" / "master.pid").read_text())
        except (OSError, ValueError):
            return None

    def pids(self):
        """The servers, for those who account for their processor time."""
        postgres = self.postgres and self.postgres.process
        return [pid for pid in (self.dovecot_pid(), self.sink and self.sink.pid, postgres and postgres.pid) if pid]

    def fill(self, user, count):
        """Gives `user` an inbox with the first `count` generated mails, none of them seen, as if delivered earlier."""
        box = self._box(count)
        home = self.dir / "mail" / user
        subprocess.run([self._find("doveadm"), "-c", str(self.config), "kick", user], stderr=subprocess.DEVNULL, check=False)
        shutil.rmtree(home, ignore_errors=True)
        if box:
            shutil.copytree(box, home)
        else:
            home.mkdir()
        self._own(home)
        os.sync()

    def _box(self, count):
        """A mailbox with its index, made once for each size."""
        kept = self.dir / "boxes" / str(count)
        if count == 0 or kept.exists():
            return kept if count else None
        made, maildir = "made-%d" % count, self.dir / "boxes" / ("%d.maildir" % count)
        for folder in ("new", "cur", "tmp"):
            (maildir / folder).mkdir(parents=True)
        for number in range(count):
            (maildir / "new" / ("%06d.bench" % number)).write_bytes(mails.mail(number))
        (self.dir / "mail" / made).mkdir()
        self._own(self.dir / "mail" / made)
        self._own(maildir)
        self._run("doveadm", "-c", self.config, "-o", "mail_fsync=never", "import", "-u", made, "maildir:%s" % maildir, "", "ALL")
        self._run("doveadm", "-c", self.config, "index", "-u", made, "INBOX")
        shutil.rmtree(maildir)
        (self.dir / "mail" / made).rename(kept)
        return kept

    def forget(self):
        """Forgets what the sink has taken so far."""
        with open(self.dump, "r+b") as dump:
            dump.truncate(0)

    def accepted(self):
        return Accepted(self.dump)

    def _own(self, path):
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", "%s:%s" % (self.user, self.group), str(path)], check=True)

    def _find(self, program):
        found = shutil.which(program, path=SYSTEM_PATH)
        if not found:
            raise SystemExit("%s is missing: install dovecot-imapd, postfix and openssl" % program)
        return found

    def _run(self, program, *arguments):
        subprocess.run([self._find(program), *map(str, arguments)], check=True, stdin=subprocess.DEVNULL)


class Accepted:
    """Counts what the sink has accepted, reading only what it wrote since the last look."""

    RECIPIENT = re.compile(rb"^X-Rcpt-Args: <([^>]*)>", re.MULTILINE)

    def __init__(self, dump):
        self.file = open(dump, "rb")
        self.rest = b""
        self.letters = 0
        self.receipts = set()

    def look(self):
        """(letters of all kinds, distinct senders who got one)"""
        read = self.rest + self.file.read()
        whole, _, self.rest = read.rpartition(b"\n")
        for recipient in self.RECIPIENT.findall(whole + b"\n"):
            self.letters += 1
            if recipient.startswith(b"caseworker"):
                self.receipts.add(recipient)
        return self.letters, len(self.receipts)

    def close(self):
        self.file.close()


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def wait_for(port):
    for _ in range(200):
        try:
            socket.create_connection((HOST, port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("nothing answers on port %d" % port)


def certificate(folder):
    """A CA of our own and a server certificate for 127.0.0.1."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL)
    (folder / "leaf.ext").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n"
                                     "extendedKeyUsage=serverAuth\n")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl("req", "-x509", *key, "-days", "30", "-subj", "/CN=bench CA", "-addext", "basicConstraints=critical,CA:TRUE",
            "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", *key, "-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "leaf.csr")
    openssl("x509", "-req", "-in", "leaf.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30",
            "-extfile", "leaf.ext", "-out", "cert.pem")
