"""The three that are measured. Each starts on a full mailbox and is done when every sender has a receipt at the sink.

The clock runs from the start of the process to the last receipt taken by the sink; the peers run their one pass to the
end. Afterwards each is asked whether it really recorded everything: a figure of lost mail would be none.
"""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import gauge
import mails
import servers as mail_servers
from databases import Sqlite

HERE = Path(__file__).resolve().parent
STAFF = ["ada", "ben", "cho", "dee", "eli", "fay"]
UNSENT = "SELECT COUNT(*) FROM outbox WHERE settled_at IS NULL"
SENT = "SELECT COUNT(*) FROM outbox WHERE state = 'sent' AND %s"


@dataclass
class Run:
    """One pass over one mailbox."""
    mails: int
    wall: float          # seconds, start to the last receipt
    cpu: float           # seconds of processor time of the contestant
    peak: float          # MiB resident at most
    servers_cpu: float   # seconds of processor time of Dovecot and the sink
    others: float        # processors that everybody else on the machine kept busy

    @property
    def rate(self):
        return self.mails / self.wall

    @property
    def cpu_each(self):
        """Milliseconds a mail."""
        return 1000 * self.cpu / self.mails


class Handoffd:
    name = "handoffd"

    def __init__(self, binary, servers, store=None):
        self.binary, self.servers = binary, servers
        self.dir = servers.dir / "handoffd"
        self.store = store or Sqlite(self.dir / "handoffd.db")
        self.process = None

    def set_up(self, user, smtp_port=None, after="keyword:Handled"):
        """A fresh folder with a fresh store."""
        self.tear_down()
        self.dir.mkdir(mode=0o700)
        self.store.fresh()
        password = self.dir / "password"
        password.write_text(mail_servers.PASSWORD + "\n")
        password.chmod(0o600)
        subprocess.run([self.binary, "init", str(self.dir / "made")], check=True, stdout=subprocess.DEVNULL)
        self.config.write_text(config(self, user, smtp_port or self.servers.smtp, after))

    @property
    def config(self):
        return self.dir / "bench.toml"

    def start(self):
        with open(self.dir / "log", "ab") as log:
            environment = dict(os.environ, RUST_LOG=os.environ.get("BENCH_LOG", "warn"), **unit_environment())
            self.process = subprocess.Popen([self.binary, "run", "--config", str(self.config)], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, env=environment)
        return self.process.pid

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def tear_down(self):
        self.stop()
        subprocess.run(["rm", "-rf", str(self.dir)], check=True)

    def run(self, count):
        self.servers.fill("handoffd", count)
        self.servers.forget()
        self.set_up("handoffd")
        accepted = self.servers.accepted()
        others, served = gauge.Others(), servers_cpu(self.servers)
        began = time.monotonic()
        pid = self.start()
        wall = self._wait(accepted, began, count)
        cpu, (_, peak), served = gauge.cpu(pid), gauge.memory(pid), servers_cpu(self.servers) - served
        result = Run(count, wall, cpu, peak, served, others.took(cpu + served + self.looking, wall))
        self._settle(accepted)
        self.check(count)
        self.tear_down()
        return result

    def _wait(self, accepted, began, count):
        """Until every sender has its receipt; looking costs a little, which is not somebody else's work."""
        looking, end = time.process_time(), began + 60 + count / 20
        while accepted.look()[1] < count:
            if time.monotonic() > end or self.process.poll() is not None:
                raise SystemExit("handoffd: %d letters, %d receipts of %d; see the log:\n%s" % (
                    *accepted.look(), count, (self.dir / "log").read_text()[-3000:]))
            time.sleep(0.005)
        self.looking = time.process_time() - looking
        return time.monotonic() - began

    def _settle(self, accepted):
        """What owners are told of a flood waits half a minute for more of it; wait for the last."""
        end = time.monotonic() + 60
        while self.store.ask(UNSENT) > 0 and time.monotonic() < end:
            time.sleep(0.01)
        self.stop()
        accepted.close()

    def check(self, count):
        expect("handoffd: referrals", self.store.ask("SELECT COUNT(*) FROM referral"), count)
        expect("handoffd: mails settled", self.store.ask("SELECT COUNT(*) FROM mail WHERE disposition = 'referral'"), count)
        expect("handoffd: receipts", self.store.ask(SENT % "part = 'sender'"), count)
        expect("handoffd: letters not sent", self.store.ask(UNSENT), 0)
        # Many at once are one letter to their owner; few are one each.
        told = self.store.ask(SENT % "kind IN ('assignment', 'summary')")
        if not len(STAFF) <= told <= count:
            raise SystemExit("handoffd: %d letters to owners" % told)


class Script:
    name = "Python script"

    def __init__(self, servers):
        self.servers = servers
        self.store = Sqlite(servers.dir / "script.db")

    def run(self, count):
        self.store.fresh()
        self.servers.fill("script", count)
        self.servers.forget()
        command = [sys.executable, str(HERE / "script_peer.py"), str(self.servers.imap), str(self.servers.smtp), "script",
                   str(self.store.path)]
        result = run_to_end(command, self.servers, count)
        expect("script: records", self.store.ask("SELECT COUNT(*) FROM referral WHERE acknowledged > 0"), count)
        expect("script: receipts", self.servers.accepted().look()[1], count)
        return result


class Helpdesk:
    name = "django-helpdesk"
    version = "2.6.1"

    def __init__(self, servers, cache, store=None):
        self.servers = servers
        self.python = cache / ("helpdesk-" + self.version) / "bin" / "python"
        self.store = store or Sqlite(servers.dir / "helpdesk.db")
        where = {"BENCH_SQLITE": str(self.store.path)} if isinstance(self.store, Sqlite) else {
            "BENCH_POSTGRES": self.store.database, "BENCH_POSTGRES_HOST": str(self.store.server.dir)}
        self.environment = dict(
            os.environ, DJANGO_SETTINGS_MODULE="settings", PYTHONPATH=str(HERE / "helpdesk"),
            BENCH_MEDIA=str(servers.dir / "helpdesk-media"), BENCH_SMTP_PORT=str(servers.smtp),
            BENCH_IMAP_PORT=str(servers.imap), PYTHONDONTWRITEBYTECODE="1", **where)
        self.install()
        self.prepare()

    def install(self):
        """From PyPI into the cache folder, once."""
        if (self.python.parent.parent / "psycopg2").exists():
            return
        subprocess.run([sys.executable, "-m", "venv", str(self.python.parent.parent)], check=True)
        subprocess.run([str(self.python), "-m", "pip", "install", "-q", "--disable-pip-version-check",
                        "django-helpdesk==" + self.version, "psycopg2-binary"], check=True)
        (self.python.parent.parent / "psycopg2").touch()

    def django(self, *arguments):
        return [str(self.python), "-W", "ignore", "-m", "django", *arguments]

    def prepare(self):
        """A database with its tables, templates and queue, kept aside: each run starts with a copy."""
        self.store.fresh()
        for command in (self.django("migrate", "-v0"), self.django("loaddata", "-v0", "emailtemplate.json"),
                        [str(self.python), "-W", "ignore", str(HERE / "helpdesk" / "make_queue.py")]):
            subprocess.run(command, env=self.environment, check=True, stdout=subprocess.DEVNULL)
        self.store.keep_blank()

    def run(self, count):
        self.store.fresh()
        media = Path(self.environment["BENCH_MEDIA"])
        subprocess.run(["rm", "-rf", str(media)], check=True)
        media.mkdir()
        self.servers.fill("helpdesk", count)
        self.servers.forget()
        result = run_to_end(self.django("get_email", "--quiet"), self.servers, count, self.environment)
        expect("django-helpdesk: tickets", self.store.ask("SELECT COUNT(*) FROM helpdesk_ticket"), count)
        expect("django-helpdesk: receipts", self.servers.accepted().look()[1], count)
        return result


def unit_environment():
    """What the systemd unit sets for the daemon."""
    lines = (HERE.parent.parent / "systemd/handoffd.service").read_text().splitlines()
    return dict(line.removeprefix("Environment=").split("=", 1) for line in lines if line.startswith("Environment="))


def run_to_end(command, servers, count, environment=None):
    others, served = gauge.Others(), servers_cpu(servers)
    began = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit("%s ended with %d" % (" ".join(command), process.returncode))
    cpu, served = used.ru_utime + used.ru_stime, servers_cpu(servers) - served
    return Run(count, wall, cpu, used.ru_maxrss / 1024, served, others.took(cpu + served, wall))


def servers_cpu(servers):
    return sum(gauge.tree_cpu(pid) for pid in servers.pids())


def expect(what, found, meant):
    if found != meant:
        raise SystemExit("%s: %d instead of %d" % (what, found, meant))


def config(daemon, user, smtp_port, after):
    """Settings of a middling office: six people, the agencies of the generator as partners, each by its domain."""
    servers, made = daemon.servers, daemon.dir / "made"
    lines = ["""
[organisation]
name = "Example Law Clinic"
client_from_name = "Front Desk"
phone = "555-0100"
phone_hours = "Monday to Friday, 9 am to 5 pm"
zone = "Europe/London"
phone_region = "GB"
workflow_owner = "ada"
data_owner = "ben"
[inbox]
address = "%(inbox)s"
kind = "imap"
host = "127.0.0.1"
port = %(imaps)d
security = "tls"
extra_ca = "%(ca)s"
user = "%(user)s"
password_file = "%(dir)s/password"
after = "%(after)s"
[outlet]
kind = "smtp"
host = "127.0.0.1"
port = %(smtp)d
security = "plain"
per_minute = 6000
%(connections)s
[store]
%(store)s
[calendar]
monday = "09:00-17:00"
tuesday = "09:00-17:00"
wednesday = "09:00-17:00"
thursday = "09:00-17:00"
friday = "09:00-17:00"
[privacy]
key_file = "%(key)s"
client_mail = false
[reports]
digest_at = "%(digest_at)s"
admins = ["ada"]
""" % {
        "inbox": mails.INBOX, "imaps": servers.imaps, "ca": servers.dir / "ca.pem", "user": user, "dir": daemon.dir,
        "after": after, "smtp": smtp_port, "store": daemon.store.settings, "key": made / "secrets" / "handoffd.key",
        "connections": os.environ.get("BENCH_OUTLET", "connections = 8"),
        # Twelve hours away, so that no digest falls into a run.
        "digest_at": time.strftime("%H:00", time.gmtime(time.time() + 12 * 3600)),
    }]
    for name in STAFF:
        lines.append('[[staff]]\nid = "%s"\nname = "%s"\nemail = "%s@clinic.example.org"' % (name, name.title(), name))
    for agency in range(mails.AGENCIES):
        domain = "agency%02d.example.org" % agency
        lines.append('[[partner]]\nid = "agency%02d"\nname = "Agency %d"\ndomains = ["%s"]\nmode = "enforce"' % (
            agency, agency, domain))
    return "\n".join(lines) + "\n"
