//! Files that only their owner reads (RELIABILITY P26).

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::PARTNER;
use super::office::{BIN, drop_in, files, referral};
use crate::rig::{SOON, is_root, until};

/// Runs the binary as whoever set no umask at all would.
fn unmasked(words: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", "umask 000; exec \"$0\" \"$@\"", BIN]).args(words);
    command
}

/// The body of the process below: a text of a mail is cut in the middle of a letter, as a library might do.
#[test]
#[ignore = "it runs as the child of the test below"]
fn a_life_that_panics() {
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(tracing::Level::TRACE);
    log.init();
    handoffd::lifecycle::name_only_the_place_of_a_panic();
    let text = std::hint::black_box("Qanaryé".to_owned());
    let _ = std::panic::catch_unwind(|| text.split_at(text.len() - 1).0.len());
    let missing: Option<&str> = std::hint::black_box(None);
    let _ = std::panic::catch_unwind(|| missing.expect("Qanary is missing").len());
}

#[test]
fn p21_a_panic_and_its_backtrace_show_its_place_and_no_word_of_a_mail() {
    let ended = Command::new(std::env::current_exe().unwrap())
        .args(["privacy::modes::a_life_that_panics", "--exact", "--ignored", "--nocapture"])
        .env("RUST_BACKTRACE", "full")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&[ended.stdout, ended.stderr].concat()).into_owned();
    assert_eq!(said.matches("A mistake of ours at ").count(), 2, "{said}");
    assert!(!said.contains("Qanary"), "{said}");
}

#[test]
fn p26_nothing_made_under_a_permissive_umask_is_open_to_anybody_else() {
    let folder = tempfile::tempdir().unwrap();
    // The folder above is everybody's: what is in it must keep others out by itself.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let dir = folder.path().join("desk");
    assert!(unmasked(&["init", dir.to_str().unwrap()]).output().unwrap().status.success());
    drop_in(&dir, 1, PARTNER, "Referral", &referral("Ann Smith", "518 555 0141", "ann@client.example", ""));
    let config = dir.join("handoffd.toml");
    let mut running = unmasked(&["run", "--config", config.to_str().unwrap()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let letters = || fs::read_dir(dir.join("outbox")).is_ok_and(|found| found.flatten().count() > 0);
    until("a letter is written", SOON, letters);
    let made: Vec<_> =
        files(&dir).into_iter().map(|(path, _)| path).filter(|path| !is_inbox(path, &dir)).collect();
    assert!(made.len() >= 5, "config, key, database, its log, a letter: {made:?}");
    for path in made.iter().map(std::path::PathBuf::as_path).chain([dir.as_path()]) {
        // A log of SQLite may be gone by now.
        let Ok(found) = fs::metadata(path) else { continue };
        assert_eq!(found.permissions().mode() & 0o077, 0, "{}", path.display());
        if is_root() {
            let other = ["--reuid=65534", "--regid=65534", "--clear-groups", "cat"];
            let read = Command::new("setpriv").args(other).arg(path).output().unwrap();
            assert!(!read.status.success() && read.stdout.is_empty(), "{}", path.display());
        }
    }
    running.kill().unwrap();
    running.wait().unwrap();
}

/// What the mail server, here the test, writes.
fn is_inbox(path: &Path, dir: &Path) -> bool {
    path.starts_with(dir.join("inbox"))
}
