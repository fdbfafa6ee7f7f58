//! The notice: beside a SQLite store lies a file that its daemon keeps locked while it runs, and in which it says what
//! troubles it. Nobody needs the store to read it, and its room on the disk is taken at the start, so that a full disk
//! does not silence it. It names no person: what stands in it is what the log says.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::Read as _;
use std::os::unix::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Context as _, anyhow};

use crate::lock::lock;
use crate::settings::{self, Settings};

/// Bytes of the file, always as many.
const ROOM: usize = 4096;
/// Characters of one trouble at most, so that those of all loops have room.
const LONGEST: usize = 500;
/// `health` holds the lock for a moment too; a daemon that is started then tries again so often.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(50);

/// What each line begins with, and a word for a clock that is moved by hand.
const STORE: &str = "store: ";
const OTHER: &str = "other: ";
const OWN_CLOCK: &str = "a clock of its own";
const WORKS_ON: &str = "file: ";

/// The daemon's own end of the notice.
pub struct Notice {
    file: Option<File>,
    troubles: Mutex<BTreeMap<&'static str, String>>,
    has_own_clock: bool,
    works_on: Option<String>,
}

/// What can be seen of the daemon from outside, without its store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Seen {
    /// One runs; what it says.
    Runs(Said),
    /// None runs.
    Stopped,
    /// None is connected to a store that has no such file.
    Apart,
    /// There is no such file, or we may not look at it.
    Unknown,
}

/// What the daemon says of itself.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Said {
    /// What its loops cannot do because of the store.
    pub store: Vec<String>,
    /// What they cannot do for another reason.
    pub other: Vec<String>,
    /// Its clock is not that of this machine: it is a demo.
    pub has_own_clock: bool,
    /// The [`identity`] of the file that it opened.
    pub works_on: Option<String>,
}

impl Notice {
    /// Keeps a second daemon away from the same SQLite file for as long as the answer lives. PostgreSQL has no file.
    ///
    /// # Errors
    /// When another daemon runs, or no file can be made beside the store.
    pub fn alone(settings: &Settings) -> anyhow::Result<Notice> {
        let Some(path) = path(settings) else { return Ok(Notice::nowhere()) };
        let shown = path.display();
        let mut opened = OpenOptions::new();
        // Who may open it can keep the daemon from its store.
        opened.read(true).write(true).create(true).truncate(false).mode(0o600);
        let file =
            opened.open(&path).with_context(|| format!("Make {shown}; check the folder and its owner"))?;
        for _ in 1..TRIES {
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
                Ok(()) | Err(TryLockError::Error(_)) => break,
            }
        }
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => {
                anyhow!("another handoffd runs on this store ({shown} is locked); stop it first")
            }
            TryLockError::Error(error) => {
                anyhow!("Lock {shown}: {error}; put the store on a disk that knows locks")
            }
        })?;
        let notice = Notice { file: Some(file), ..Notice::nowhere() };
        notice.write(&BTreeMap::new());
        Ok(notice)
    }

    /// One that nobody reads.
    #[must_use]
    pub fn nowhere() -> Notice {
        Notice { file: None, troubles: Mutex::default(), has_own_clock: false, works_on: None }
    }

    /// The same, of a daemon whose clock is moved by hand.
    #[must_use]
    pub fn with_own_clock(self) -> Notice {
        let notice = Notice { has_own_clock: true, ..self };
        notice.write(&BTreeMap::new());
        notice
    }

    /// The same, of a daemon that has opened its store: who puts another file in its place learns that it is not read.
    #[must_use]
    pub fn with_open_store(self, settings: &Settings) -> Notice {
        let settings::Store::Sqlite { path } = &settings.store else { return self };
        let notice = Notice { works_on: identity(path), ..self };
        notice.write(&BTreeMap::new());
        notice
    }

    /// Says what troubles a loop, or that nothing does any more.
    pub fn say(&self, name: &'static str, trouble: Option<(&str, bool)>) {
        let mut troubles = lock(&self.troubles);
        let line = trouble.map(|(text, is_of_store)| {
            let kind = if is_of_store { STORE } else { OTHER };
            let text: String =
                text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
            format!("{kind}{text}")
        });
        if troubles.get(name) == line.as_ref() {
            return;
        }
        match line {
            Some(line) => troubles.insert(name, line),
            None => troubles.remove(name),
        };
        self.write(&troubles);
    }

    /// Over the old bytes. A notice that cannot be written is no reason to stop; the log says the same.
    fn write(&self, troubles: &BTreeMap<&'static str, String>) {
        let Some(file) = &self.file else { return };
        let mut text = String::new();
        let clock = self.has_own_clock.then(|| OWN_CLOCK.to_owned());
        let works_on = self.works_on.as_ref().map(|file| format!("{WORKS_ON}{file}"));
        for line in clock.iter().chain(&works_on).chain(troubles.values()) {
            text.push_str(line);
            text.push('\n');
        }
        let mut bytes = text.into_bytes();
        bytes.resize(ROOM, b'\n');
        let _ = file.write_all_at(&bytes, 0);
    }
}

/// Looks whether the daemon of a store runs, and what it says.
#[must_use]
pub fn seen(settings: &Settings) -> Seen {
    let Some(path) = path(settings) else { return Seen::Unknown };
    let mut file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Seen::Stopped,
        Err(_) => return Seen::Unknown,
    };
    match file.try_lock_shared() {
        Ok(()) => Seen::Stopped,
        Err(TryLockError::Error(_)) => Seen::Unknown,
        Err(TryLockError::WouldBlock) => {
            let mut bytes = Vec::new();
            let _ = file.read_to_end(&mut bytes);
            Seen::Runs(said(&String::from_utf8_lossy(&bytes)))
        }
    }
}

fn said(text: &str) -> Said {
    let of = |kind: &str| text.lines().filter_map(|line| Some(line.strip_prefix(kind)?.to_owned())).collect();
    let has_own_clock = text.lines().any(|line| line == OWN_CLOCK);
    Said { store: of(STORE), other: of(OTHER), has_own_clock, works_on: of(WORKS_ON).pop() }
}

/// Which file lies at a path, whatever its name: another one that takes its place has another. `None` where none is seen.
#[must_use]
pub fn identity(path: &Path) -> Option<String> {
    let file = std::fs::metadata(path).ok()?;
    Some(format!("{} {}", file.dev(), file.ino()))
}

fn path(settings: &Settings) -> Option<PathBuf> {
    let settings::Store::Sqlite { path } = &settings.store else { return None };
    let mut lock = path.clone().into_os_string();
    lock.push(".lock");
    Some(Path::new(&lock).to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_read_again_and_goes_with_the_trouble() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let read = || said(&std::fs::read_to_string(file.path()).unwrap());
        let opened = OpenOptions::new().write(true).open(file.path()).unwrap();
        let notice = Notice { file: Some(opened), ..Notice::nowhere() }.with_own_clock();
        assert_eq!(read(), Said { has_own_clock: true, ..Said::default() });
        notice.say("receive", Some(("the disk\nis full", true)));
        notice.say("deliver", Some((&"x".repeat(9_000), false)));
        assert_eq!(read().store, ["the disk is full"]);
        assert_eq!(read().other, ["x".repeat(LONGEST)]);
        notice.say("receive", None);
        notice.say("deliver", None);
        assert_eq!(read(), Said { has_own_clock: true, ..Said::default() });
        assert_eq!(std::fs::metadata(file.path()).unwrap().len(), ROOM as u64, "its room stays taken");
    }
}
