//! Backup: a whole copy of a SQLite store while the daemon goes on. The file alone is none, as what was committed last
//! lies in the log beside it.
//!
//! A copy that is written over the store lies beside the log of the store that was there before, which SQLite would
//! apply to it: pages of another time among its own. So a copy says of itself that it never had a log.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::IntoRawFd as _;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::{Pool, Store, StoreError};

impl Store {
    /// Writes everything that is committed into `file`, with 0600 and through to the disk. The name is there only once
    /// all of it is; an attempt that fails leaves nothing beside it, and what one that was killed left is written over.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] where there is such a file already, where none can be written, and on PostgreSQL, which
    /// has its own means.
    pub async fn back_up(&self, file: &Path) -> Result<(), StoreError> {
        let Pool::Sqlite(pool) = &self.pool else {
            return Err(StoreError::Unusable(
                "PostgreSQL is backed up by its own means: pg_dump, or its archive of the log".to_owned(),
            ));
        };
        if file.exists() {
            return Err(StoreError::Unusable(format!(
                "{} is there already; give another name",
                file.display()
            )));
        }
        let refused = |error: io::Error| {
            StoreError::Unusable(format!(
                "cannot write {} ({}); check the folder",
                file.display(),
                error.kind()
            ))
        };
        let part = unfinished(file);
        let name = part.to_str().ok_or_else(|| refused(io::ErrorKind::InvalidFilename.into()))?;
        begin(&part).map_err(refused)?;
        let copied = sqlx::query("VACUUM INTO $1").bind(name).execute(pool).await;
        let done = match copied {
            Ok(_) => finish(&part, file).map_err(refused),
            Err(error) => Err(of_a_copy(error.into(), file)),
        };
        if done.is_err() {
            // Half a copy is none, and on a full disk it takes the room that is needed.
            let _ = fs::remove_file(&part);
        }
        done
    }
}

/// A disk that is full is that of the copy, not that of the store.
fn of_a_copy(error: StoreError, file: &Path) -> StoreError {
    match error {
        StoreError::CannotWrite(why) => {
            StoreError::Unusable(format!("cannot write {} ({why}); make room there", file.display()))
        }
        other => other,
    }
}

/// Where a copy grows: the name with `.part` behind it.
fn unfinished(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

/// An empty file that only we can read, as SQLite would make one that others can.
fn begin(part: &Path) -> io::Result<()> {
    match fs::remove_file(part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(part).map(drop)
}

fn finish(part: &Path, file: &Path) -> io::Result<()> {
    let copy = OpenOptions::new().write(true).open(part)?;
    copy.write_all_at(&NO_LOG, VERSIONS_AT)?;
    copy.sync_all()?;
    fs::rename(part, file)?;
    sync_folder_of(file)
}

fn sync_folder_of(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Where a file of SQLite says whether it has a log (its file format, §1.3.3): a store of ours in use always does.
const VERSIONS_AT: u64 = 18;
const NO_LOG: [u8; 2] = [1, 1];
const WITH_LOG: [u8; 2] = [2, 2];

/// Takes away the log beside a file that never had one: it is that of the store which the file was written over.
///
/// # Errors
/// [`StoreError::Unusable`] where that cannot be done.
pub(super) fn part_from_anothers_log(store: &Path) -> Result<(), StoreError> {
    let beside = |end: &str| {
        let mut name = store.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    let log = beside("-wal");
    if fs::metadata(&log).map_or(0, |log| log.len()) == 0 {
        return Ok(());
    }
    part(store, &[log, beside("-shm")]).map_err(|error| {
        StoreError::Unusable(format!(
            "cannot tell whose log lies beside {} ({}); check the folder and its owner",
            store.display(),
            error.kind()
        ))
    })
}

fn part(store: &Path, logs: &[PathBuf]) -> io::Result<()> {
    let file = OpenOptions::new().read(true).write(true).open(store)?;
    // Of two of our processes that start now, the second one sees what the first one did.
    file.lock()?;
    let mut versions = [0; 2];
    let has_none = file.read_exact_at(&mut versions, VERSIONS_AT).is_ok() && versions == NO_LOG;
    if has_none {
        for log in logs {
            match fs::remove_file(log) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        sync_folder_of(store)?;
        file.write_all_at(&WITH_LOG, VERSIONS_AT)?;
        file.sync_all()?;
    }
    file.unlock()?;
    // Left open: closing it would drop the locks that SQLite may hold on it elsewhere in this process.
    let _ = file.into_raw_fd();
    Ok(())
}
