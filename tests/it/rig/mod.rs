//! The rig: private servers on loopback, each gone with the value that started it.
//!
//! Real Dovecot, smtp-sink and PostgreSQL where behaviour is to be real; scripted servers where it is to be hostile.

pub(crate) mod ca;
pub(crate) mod desk;
pub(crate) mod disk;
pub(crate) mod dovecot;
pub(crate) mod draws;
pub(crate) mod imap;
pub(crate) mod leash;
pub(crate) mod listener;
pub(crate) mod postgres;
pub(crate) mod relay;
pub(crate) mod rows;
pub(crate) mod smtp_sink;

use std::net::TcpListener;
use std::time::{Duration, Instant};

/// Waits until `condition` holds; panics with `what` after `deadline`. The only place of the tests that waits.
pub(crate) fn until(what: &str, deadline: Duration, mut condition: impl FnMut() -> bool) {
    let end = Instant::now() + deadline;
    while !condition() {
        assert!(Instant::now() < end, "not within {deadline:?}: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Long enough for anything local on a busy machine.
pub(crate) const SOON: Duration = Duration::from_secs(30);

/// A loopback port nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// Does somebody listen there?
pub(crate) fn listens(port: u16) -> bool {
    std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
}

/// Do we run as root, so that servers must give up their rights?
pub(crate) fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

/// The name of the user we run as.
pub(crate) fn own_name(flag: &str) -> String {
    let id = std::process::Command::new("id").args([flag]).output().unwrap();
    String::from_utf8(id.stdout).unwrap().trim().to_owned()
}

/// Runs a command to its end; panics with its output unless it succeeds.
pub(crate) fn run(command: &mut std::process::Command) -> String {
    let done = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{command:?}\n{out}\n{err}");
    out.into_owned()
}

#[tokio::test]
async fn every_test_has_a_postgresql_database_of_its_own() {
    use sqlx::{Connection as _, Executor as _, PgConnection};
    let (one, other) = (postgres::Postgres::start(), postgres::Postgres::start());
    for database in [&one, &other] {
        let mut connection = PgConnection::connect(&database.url).await.unwrap();
        connection.execute("CREATE TABLE mail (id BIGINT)").await.unwrap();
        connection.close().await.unwrap();
    }
}
