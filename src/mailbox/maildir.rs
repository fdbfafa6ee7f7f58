//! A Maildir on this machine: `new/` and `cur/`, read by name, never deleted from
//! (<https://cr.yp.to/proto/maildir.html>).

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Batch, Cursor, Fetched, MailboxError, Origin, Raw};

use crate::lock::lock;

/// Mails handed out at a time.
const MAILS: usize = 100;
/// Bytes handed out at a time: at least one mail, whatever its size.
const BYTES: u64 = 32 * 1024 * 1024;
/// The most of a header block that is read of a mail over the cap.
pub(super) const HEADER: u64 = 256 * 1024;

/// Where the Maildir is and what is done with mails that were read.
#[derive(Clone, Debug)]
pub struct MaildirSettings {
    /// The directory that holds `new`, `cur` and `tmp`.
    pub path: PathBuf,
    /// Move what was read from `new/` to `cur/`, without a flag; otherwise leave it where it is.
    pub move_to_cur: bool,
    /// How often to look.
    pub poll: Duration,
    /// The largest mail that is read whole, in bytes.
    pub max_mail_bytes: u64,
}

/// A Maildir being read.
///
/// A mail is handed out by [`Maildir::fetch`] until [`Maildir::file_away`] names it. Which mails those are is kept in
/// memory: after a restart everything that lies there is handed out again, and the store recognises it by its origin.
pub struct Maildir {
    settings: MaildirSettings,
    /// Shared with the thread that looks, so that a look that is given up half-way forgets nothing.
    filed: Arc<Mutex<BTreeSet<String>>>,
}

impl Maildir {
    /// Touches nothing yet.
    #[must_use]
    pub fn new(settings: MaildirSettings) -> Maildir {
        Maildir { settings, filed: Arc::default() }
    }

    /// Names that need not be read again: the store's, at start, so that a full `cur/` costs nothing.
    pub fn skip(&mut self, names: impl IntoIterator<Item = String>) {
        self.filed().extend(names);
    }

    /// The oldest mails not filed yet; the cursor comes back as it was given.
    ///
    /// # Errors
    /// [`MailboxError::Io`] when a directory cannot be listed, or when nothing but unreadable files is left.
    pub async fn fetch(&mut self, cursor: &Cursor) -> Result<Batch, MailboxError> {
        let (settings, filed) = (self.settings.clone(), Arc::clone(&self.filed));
        let looked = tokio::task::spawn_blocking(move || look(&settings, &filed)).await;
        let found = looked.map_err(|_| self.broken(io::ErrorKind::Interrupted))??;
        Ok(Batch {
            mails: found.mails,
            cursor: cursor.clone(),
            vanished: found.vanished,
            more: found.more,
            renumbered: false,
        })
    }

    /// Remembers the mails as done and, if settings say so, moves them from `new/` to `cur/`.
    ///
    /// # Errors
    /// [`MailboxError::Io`] when a move fails; the mail is done all the same.
    pub async fn file_away(&mut self, origins: &[Origin]) -> Result<(), MailboxError> {
        let names: Vec<String> = origins
            .iter()
            .filter(|origin| origin.mailbox == MAILBOX)
            .map(|origin| origin.name.clone())
            .collect();
        self.filed().extend(names.iter().cloned());
        if !self.settings.move_to_cur {
            return Ok(());
        }
        let path = self.settings.path.clone();
        let moved = tokio::task::spawn_blocking(move || move_to_cur(&path, &names)).await;
        moved.map_err(|_| self.broken(io::ErrorKind::Interrupted))?
    }

    /// Waits one poll interval.
    pub async fn wait(&self) {
        tokio::time::sleep(self.settings.poll).await;
    }

    fn filed(&self) -> MutexGuard<'_, BTreeSet<String>> {
        lock(&self.filed)
    }

    fn broken(&self, kind: io::ErrorKind) -> MailboxError {
        MailboxError::Io { path: self.settings.path.clone(), kind }
    }
}

/// The word for a Maildir in an [`Origin`].
const MAILBOX: &str = "maildir";

struct Found {
    mails: Vec<Fetched>,
    vanished: u32,
    more: bool,
}

fn look(settings: &MaildirSettings, filed: &Mutex<BTreeSet<String>>) -> Result<Found, MailboxError> {
    let waiting = list(&settings.path, filed)?;
    let mut found = Found { mails: Vec::new(), vanished: 0, more: false };
    let (mut bytes, mut gone, mut unreadable) = (0, Vec::new(), None);
    for (name, path) in waiting {
        if found.mails.len() >= MAILS || bytes >= BYTES {
            found.more = true;
            break;
        }
        match read(&path, settings.max_mail_bytes) {
            Ok((raw, internal_date)) => {
                bytes += match &raw {
                    Raw::Whole(whole) => whole.len() as u64,
                    Raw::HeaderOnly { header, .. } => header.len() as u64,
                };
                let origin = Origin { mailbox: MAILBOX.to_owned(), validity: 0, uid: 0, name };
                found.mails.push(Fetched { origin, raw, internal_date });
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => gone.push(name),
            Err(error) => unreadable = Some(MailboxError::Io { path, kind: error.kind() }),
        }
    }
    found.vanished = vanished(settings, filed, &gone)?;
    match unreadable {
        Some(error) if found.mails.is_empty() => Err(error),
        Some(_) | None => Ok(found),
    }
}

/// A mail that a mail program moved from `new/` to `cur/` meanwhile is not gone: the next look finds it.
fn vanished(
    settings: &MaildirSettings,
    filed: &Mutex<BTreeSet<String>>,
    gone: &[String],
) -> Result<u32, MailboxError> {
    if gone.is_empty() {
        return Ok(0);
    }
    let still: BTreeSet<String> = list(&settings.path, filed)?.into_iter().map(|(name, _)| name).collect();
    let count = gone.iter().filter(|name| !still.contains(*name)).count();
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// What waits, oldest first: unique names begin with the second of delivery.
fn list(path: &Path, filed: &Mutex<BTreeSet<String>>) -> Result<Vec<(String, PathBuf)>, MailboxError> {
    let mut filed = lock(filed);
    let (mut waiting, mut still_here) = (Vec::new(), BTreeSet::new());
    for folder in ["new", "cur"] {
        let folder = path.join(folder);
        let broken = |error: io::Error| MailboxError::Io { path: folder.clone(), kind: error.kind() };
        for entry in fs::read_dir(&folder).map_err(broken)? {
            let file = entry.map_err(broken)?;
            // A name that is not UTF-8 is read lossily: it stays one name as long as the file keeps it.
            let name = file.file_name().to_string_lossy().into_owned();
            let unique = unique_part(&name);
            if filed.contains(unique) {
                still_here.insert(unique.to_owned());
            } else if !name.starts_with('.') {
                waiting.push((unique.to_owned(), file.path()));
            }
        }
    }
    // Names of files that somebody cleaned up need not be remembered.
    *filed = still_here;
    waiting.sort_by(|(a, _), (b, _)| delivered(a).cmp(&delivered(b)).then_with(|| a.cmp(b)));
    // The same mail may show up twice while it is moved from new/ to cur/.
    waiting.dedup_by(|(a, _), (b, _)| a == b);
    Ok(waiting)
}

fn unique_part(name: &str) -> &str {
    name.split_once(':').map_or(name, |(unique, _flags)| unique)
}

fn delivered(name: &str) -> u64 {
    name.split('.').next().and_then(|second| second.parse().ok()).unwrap_or(u64::MAX)
}

fn read(path: &Path, cap: u64) -> io::Result<(Raw, Option<DateTime<Utc>>)> {
    let file = fs::File::open(path)?;
    let facts = file.metadata()?;
    if !facts.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let internal_date = facts.modified().ok().map(DateTime::<Utc>::from);
    let whole = facts.len() <= cap;
    let mut bytes = Vec::new();
    file.take(if whole { cap } else { HEADER }).read_to_end(&mut bytes)?;
    let raw = if whole {
        Raw::Whole(bytes)
    } else {
        Raw::HeaderOnly { header: header_of(bytes), size: facts.len() }
    };
    Ok((raw, internal_date))
}

/// Up to and with the empty line; delivery agents write LF, some CRLF.
pub(super) fn header_of(mut bytes: Vec<u8>) -> Vec<u8> {
    let end = |mark: &[u8]| bytes.windows(mark.len()).position(|at| at == mark).map(|at| at + mark.len());
    let end = [end(b"\n\n"), end(b"\n\r\n")].into_iter().flatten().min();
    bytes.truncate(end.unwrap_or(bytes.len()));
    bytes
}

fn move_to_cur(path: &Path, names: &[String]) -> Result<(), MailboxError> {
    let mut first = None;
    for name in names {
        let from = path.join("new").join(name);
        let moved = fs::rename(&from, path.join("cur").join(format!("{name}:2,")));
        match moved {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                first.get_or_insert(MailboxError::Io { path: from, kind: error.kind() });
            }
            // Not in new/ any more: a mail program was there first, or it was filed before.
            Ok(()) | Err(_) => {}
        }
    }
    first.map_or(Ok(()), Err)
}
