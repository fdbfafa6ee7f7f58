//! The stops that are kept beside a SQLite store: who said stop and when, as the keyed digests that outlive a forgotten
//! referral. A store that is put back knows no stop since its backup, and the mail that said so may lie in another folder
//! by then.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::StoreError;

/// The length of a digest: a shorter one was torn.
const DIGEST: usize = 32;

/// A stop: when it was said, in milliseconds, and the digest of the address.
pub(super) type Kept = (i64, Vec<u8>);

/// The file, and whether a stop did not get into it.
#[derive(Clone)]
pub(super) struct Stops {
    path: PathBuf,
    is_short: Arc<AtomicBool>,
}

impl Stops {
    pub(super) fn at(path: PathBuf) -> Stops {
        Stops { path, is_short: Arc::default() }
    }

    /// Adds stops and waits for the disk. A file that cannot be written stops nobody's decision; it is remembered that
    /// somebody must be told.
    pub(super) async fn keep(&self, stops: Vec<Kept>) {
        let path = self.path.clone();
        let kept = tokio::task::spawn_blocking(move || append(&path, &stops)).await;
        if !matches!(kept, Ok(Ok(()))) {
            self.is_short.store(true, Ordering::Relaxed);
        }
    }

    /// Whether a stop was not kept since this was last asked.
    pub(super) fn take_short(&self) -> bool {
        self.is_short.swap(false, Ordering::Relaxed)
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
