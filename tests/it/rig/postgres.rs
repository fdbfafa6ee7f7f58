//! A private PostgreSQL: one server per test binary, one database per test.

use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use super::leash::Leash;
use super::{SOON, is_root, run, until};

/// A database of its own on the shared server.
pub(crate) struct Postgres {
    /// What sqlx connects to.
    pub(crate) url: String,
}

struct Server {
    folder: PathBuf,
    databases: AtomicUsize,
    _process: Leash,
}

/// A database on a server that may lose data, to be refused.
pub(crate) struct Careless {
    /// What sqlx connects to.
    pub(crate) url: String,
    _server: Server,
}

static SERVER: OnceLock<Server> = OnceLock::new();

impl Postgres {
    /// Starts the server if it does not run yet, and makes an empty database.
    pub(crate) fn start() -> Postgres {
        Postgres { url: SERVER.get_or_init(|| Server::start("on")).database() }
    }

    /// A base backup of the whole server, with its log, as an operator makes one.
    pub(crate) fn base_backup(into: &Path) {
        let server = SERVER.get_or_init(|| Server::start("on"));
        let mut backup = Command::new(tool("pg_basebackup"));
        run(backup
            .arg("-h")
            .arg(&server.folder)
            .args(["-U", "rig", "-c", "fast", "-X", "stream", "-D"])
            .arg(into));
    }

    /// Starts a server of its own that does not sync to the disk.
    pub(crate) fn without_fsync() -> Careless {
        let server = Server::start("off");
        Careless { url: server.database(), _server: server }
    }
}

impl Server {
    fn database(&self) -> String {
        let name = format!("rig{}", self.databases.fetch_add(1, Ordering::SeqCst));
        run(Command::new(tool("createdb")).arg("-h").arg(&self.folder).args(["-U", "rig", &name]));
        format!("postgres:///{name}?host={}&user=rig", self.folder.display())
    }

    fn start(fsync: &str) -> Server {
        let folder = TempDir::with_prefix("handoffd-pg-").unwrap().keep();
        let mut wrapper = Vec::new();
        if is_root() {
            // PostgreSQL refuses to run as root. setpriv becomes it, so the leash holds the server itself.
            chown(&folder, Some(id("-u")), Some(id("-g"))).unwrap();
            wrapper = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
                .map(str::to_owned)
                .into();
        }
        let data = folder.join("data").display().to_string();
        let program = |name: &str, arguments: &[&str]| {
            let tool = tool(name).display().to_string();
            let arguments = arguments.iter().map(ToString::to_string);
            wrapper.iter().cloned().chain([tool]).chain(arguments).collect::<Vec<String>>()
        };
        let init = ["-D", &data, "-U", "rig", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"];
        let init = program("initdb", &init);
        run(Command::new(&init[0]).args(&init[1..]).current_dir(&folder));
        let sockets = folder.display().to_string();
        let fsync = format!("fsync={fsync}");
        let server = ["-D", &data, "-k", &sockets, "-c", "listen_addresses=", "-c", &fsync];
        let process = Leash::start("INT", &folder, &program("postgres", &server));
        until("postgres answers", SOON, || {
            let asked = Command::new(tool("pg_isready")).arg("-h").arg(&folder).args(["-U", "rig"]).output();
            asked.unwrap().status.success()
        });
        Server { folder, databases: AtomicUsize::new(0), _process: process }
    }
}

fn id(flag: &str) -> u32 {
    run(Command::new("id").args([flag, "postgres"])).trim().parse().unwrap()
}

/// Debian keeps the server's programs outside the path, one folder per version.
fn tool(name: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions.map(|version| version.path().join("bin").join(name)).collect();
    found.retain(|path| path.exists());
    found.sort();
    found.pop().unwrap_or_else(|| Path::new(name).to_owned())
}
