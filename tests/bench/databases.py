"""Where the contestants keep what they record: a file of SQLite, or a private PostgreSQL under the folder of the run.

Both answer the same three questions: `fresh()` gives an empty one (or a copy of what `keep_blank()` put aside), `ask()`
runs a query that has one answer, `settings` is the [store] section of handoffd.
"""

import os
import pwd
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path


class Sqlite:
    name = "SQLite"

    def __init__(self, path):
        self.path = Path(path)
        self.blank = self.path.with_suffix(".blank")
        self.settings = 'kind = "sqlite"\npath = "%s"' % self.path

    def fresh(self):
        for left in ("", "-wal", "-shm"):
            Path(str(self.path) + left).unlink(missing_ok=True)
        if self.blank.exists():
            self.path.write_bytes(self.blank.read_bytes())

    def keep_blank(self):
        """What is in it now is what a fresh one holds."""
        with sqlite3.connect(self.path) as store:
            store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.close()
        self.path.rename(self.blank)

    def ask(self, sql):
        store = sqlite3.connect(self.path, timeout=10)
        try:
            return store.execute(sql).fetchone()[0]
        finally:
            store.close()


class Postgres:
    """One database of a server."""
    name = "PostgreSQL"

    def __init__(self, server, database):
        self.server, self.database = server, database
        self.url_file = server.dir / ("%s.url" % database)
        self.url_file.touch(mode=0o600)
        self.url_file.write_text("postgres:///%s?host=%s&user=bench\n" % (database, server.dir))
        self.settings = 'kind = "postgres"\nurl_file = "%s"' % self.url_file
        self.template = "template0"

    def fresh(self):
        self.server.tell("DROP DATABASE IF EXISTS %s WITH (FORCE)" % self.database)
        self.server.tell("CREATE DATABASE %s TEMPLATE %s" % (self.database, self.template))

    def keep_blank(self):
        self.template = self.database + "_blank"
        self.server.tell("ALTER DATABASE %s RENAME TO %s" % (self.database, self.template))

    def ask(self, sql):
        return int(self.server.tell(sql, self.database))


class PostgresServer:
    """Start with `with PostgresServer(folder) as server:`; as it comes, fsync and synchronous_commit on."""

    def __init__(self, folder):
        self.dir = Path(folder)
        self.process = None

    @staticmethod
    def is_installed():
        return tool("initdb") is not None

    def __enter__(self):
        self.dir.mkdir()
        as_whom = []
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            owner = pwd.getpwnam("postgres")
            os.chown(self.dir, owner.pw_uid, owner.pw_gid)
            as_whom = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        data = str(self.dir / "data")
        quiet = dict(cwd=self.dir, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        subprocess.run([*as_whom, tool("initdb"), "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8",
                        "--locale=C.UTF-8", "--no-sync"], check=True, **quiet)
        self.process = subprocess.Popen([*as_whom, tool("postgres"), "-D", data, "-k", str(self.dir), "-c",
                                         "listen_addresses="], **quiet)
        self._wait()
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.terminate()
            self.process.wait()

    def _wait(self):
        ready = [tool("pg_isready"), "-q", "-h", str(self.dir), "-U", "bench"]
        for _ in range(200):
            if subprocess.run(ready, check=False).returncode == 0:
                return
            time.sleep(0.05)
        raise SystemExit("PostgreSQL did not start")

    def tell(self, sql, database="postgres"):
        command = [tool("psql"), "-h", str(self.dir), "-U", "bench", "-d", database, "-qtAc", sql]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.strip()


def tool(name):
    """Debian keeps the server's programs outside the path, one folder for each version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/" + name))
    return str(found[-1]) if found else shutil.which(name)
