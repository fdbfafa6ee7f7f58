//! The stops that are kept beside a store: who said stop and when, as the keyed digests that outlive a forgotten
//! referral. A store that is put back knows no stop since its backup, and the mail that said so may lie in another
//! folder by then.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::StoreError;

/// The length of a digest: a shorter one was torn.
const DIGEST: usize = 32;

/// A stop: when it was said, in milliseconds, and the digest of the address.
pub(super) type Kept = (i64, Vec<u8>);

/// The file, the stops that did not get into it, and whether somebody is to be told of one.
#[derive(Clone)]
pub(super) struct Stops {
    path: PathBuf,
    unkept: Arc<Mutex<Vec<Kept>>>,
    is_short: Arc<AtomicBool>,
}

impl Stops {
    pub(super) fn at(path: PathBuf) -> Stops {
        Stops { path, unkept: Arc::default(), is_short: Arc::default() }
    }

    /// Adds stops and waits for the disk. A file that cannot be written stops nobody's decision; the stops are tried
    /// again, and it is remembered that somebody must be told.
    pub(super) async fn keep(&self, stops: Vec<Kept>) {
        self.put_back(stops);
        if !self.keep_again().await {
            self.is_short.store(true, Ordering::Relaxed);
        }
    }

    /// Tries once more to add what did not get in. Returns whether nothing is left.
    pub(super) async fn keep_again(&self) -> bool {
        let stops = self.unkept.lock().map(|mut unkept| std::mem::take(&mut *unkept)).unwrap_or_default();
        if stops.is_empty() {
            return true;
        }
        let (path, tried) = (self.path.clone(), stops.clone());
        let kept = tokio::task::spawn_blocking(move || append(&path, &tried)).await;
        let is_kept = matches!(kept, Ok(Ok(())));
        if !is_kept {
            self.put_back(stops);
        }
        is_kept
    }

    fn put_back(&self, stops: Vec<Kept>) {
        if let Ok(mut unkept) = self.unkept.lock() {
            unkept.extend(stops);
        }
    }

    /// Whether a stop was not kept, and nobody was told of it yet.
    pub(super) fn is_short(&self) -> bool {
        self.is_short.load(Ordering::Relaxed)
    }

    /// Somebody was told.
    pub(super) fn told(&self) {
        self.is_short.store(false, Ordering::Relaxed);
    }

    /// The stops that were kept, none of them later than `now`; a torn line is none and hides no other.
    ///
    /// # Errors
    /// When there is a file that cannot be read: nobody knows then who said stop.
    pub(super) fn read(&self, now: i64) -> Result<Vec<Kept>, StoreError> {
        let bytes = read_if_there(&self.path)?.unwrap_or_default();
        let lines = bytes.split(|byte| *byte == b'\n').filter_map(stop_in);
        Ok(lines.map(|(at, digest)| (at.min(now), digest)).collect())
    }
}

/// The bytes of a file beside the store, if it is there.
///
/// # Errors
/// [`StoreError::Unusable`], with the remedy.
pub(super) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::Unusable(format!(
            "cannot read {} ({}), which says what a backup does not know; give it to our user",
            path.display(),
            error.kind()
        ))),
    }
}

/// Each line begins with a line break of its own: the one before may be torn.
fn append(path: &Path, stops: &[Kept]) -> std::io::Result<()> {
    let mut lines = Vec::new();
    for (at, digest) in stops {
        writeln!(lines, "\n{at} {}", BASE64_STANDARD.encode(digest))?;
    }
    let mut file = fs::OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
    file.write_all(&lines)?;
    file.sync_data()
}

fn stop_in(line: &[u8]) -> Option<Kept> {
    let (at, digest) = std::str::from_utf8(line).ok()?.trim().split_once(' ')?;
    let digest = BASE64_STANDARD.decode(digest).ok().filter(|digest| digest.len() == DIGEST)?;
    Some((at.parse().ok()?, digest))
}
