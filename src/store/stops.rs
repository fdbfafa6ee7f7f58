//! The stops that are kept beside a store: who said stop and when, as the keyed digests that outlive a forgotten
//! referral. A store that is put back knows no stop since its backup, and the mail that said so may lie in another
//! folder by then.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::StoreError;
use crate::lock::lock;

/// The length of a digest: a shorter one was torn.
const DIGEST: usize = 32;

/// A stop: when it was said, in milliseconds, and the digest of the address.
pub(super) type Kept = (i64, Vec<u8>);

/// The file, the stops that did not get into it yet, and whose turn it is to write them.
#[derive(Clone)]
pub(super) struct Stops {
    path: PathBuf,
    unkept: Arc<Mutex<Unkept>>,
    /// Held until it is known what came of the writing: until then nobody knows whether all are kept.
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// Stops, the oldest first, and of how many of them somebody was told.
#[derive(Default)]
struct Unkept {
    stops: Vec<Kept>,
    told: usize,
}

impl Stops {
    pub(super) fn at(path: PathBuf) -> Stops {
        Stops { path, unkept: Arc::default(), turn: Arc::default() }
    }

    /// Adds stops and waits for the disk. A file that cannot be written stops nobody's decision; the stops are tried
    /// again, and it is remembered that somebody must be told. So it is when this is dropped.
    pub(super) async fn keep(&self, stops: Vec<Kept>) {
        self.unkept().stops.extend(stops);
        self.keep_again().await;
    }

    /// Tries once more to add what did not get in. Returns whether nothing is left of what waited.
    pub(super) async fn keep_again(&self) -> bool {
        let _turn = self.turn.lock().await;
        let stops = self.unkept().stops.clone();
        if stops.is_empty() {
            return true;
        }
        let (path, tried) = (self.path.clone(), stops.len());
        let kept = tokio::task::spawn_blocking(move || append(&path, &stops)).await;
        let is_kept = matches!(kept, Ok(Ok(())));
        if is_kept {
            // Others only add behind them.
            let mut unkept = self.unkept();
            unkept.stops.drain(..tried);
            unkept.told = unkept.told.saturating_sub(tried);
        }
        is_kept
    }

    fn unkept(&self) -> MutexGuard<'_, Unkept> {
        lock(&self.unkept)
    }

    /// Whether a stop is not kept, and nobody was told of it yet.
    pub(super) fn is_short(&self) -> bool {
        let unkept = self.unkept();
        unkept.told < unkept.stops.len()
    }

    /// Somebody was told.
    pub(super) fn told(&self) {
        let mut unkept = self.unkept();
        unkept.told = unkept.stops.len();
    }

    /// Leaves of the stops that a store knows by themselves only the day. What cannot be done now is done the next time.
    pub(super) async fn blur(&self, known: BTreeMap<Vec<u8>, i64>) {
        let _turn = self.turn.lock().await;
        let path = self.path.clone();
        let _ = tokio::task::spawn_blocking(move || blur(&path, &known)).await;
    }

    /// The stops that were kept; a torn line is none and hides no other.
    ///
    /// # Errors
    /// When there is a file that cannot be read: nobody knows then who said stop.
    pub(super) fn read(&self) -> Result<Vec<Kept>, StoreError> {
        let bytes = read_if_there(&self.path)?.unwrap_or_default();
        Ok(bytes.split(|byte| *byte == b'\n').filter_map(stop_in).collect())
    }
}

/// The last instant of its day: what says no more than the day, and is not before what it stands for.
pub(super) const fn end_of_day(at: i64) -> i64 {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    at.div_euclid(DAY).saturating_add(1).saturating_mul(DAY).saturating_sub(1)
}

/// Puts the day in the place of the instant of each stop that a store knows by itself until then or later: digest and
/// instant. The other bytes stay where they are, as another process may add to the file.
fn blur(path: &Path, known: &BTreeMap<Vec<u8>, i64>) -> std::io::Result<()> {
    let file = fs::OpenOptions::new().read(true).write(true).open(path)?;
    let bytes = fs::read(path)?;
    let mut begins: u64 = 0;
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Some((at, digest)) = stop_in(line) {
            let (said, day) = (at.to_string(), end_of_day(at));
            let is_known = known.get(&digest).is_some_and(|known| *known >= day);
            if is_known && line.starts_with(said.as_bytes()) && said.len() == day.to_string().len() {
                file.write_all_at(day.to_string().as_bytes(), begins)?;
            }
        }
        begins += line.len() as u64 + 1;
    }
    file.sync_data()
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
