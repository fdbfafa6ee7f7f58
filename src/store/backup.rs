//! Backup: a whole copy of a SQLite store while the daemon goes on. The file alone is none, as what was committed last
//! lies in the log beside it.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::{Pool, Store, StoreError};

impl Store {
    /// Writes everything that is committed into `file`, with 0600 and through to the disk. The name is there only once
    /// all of it is; what an attempt that was broken off left beside it is written over.
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
        sqlx::query("VACUUM INTO $1").bind(name).execute(pool).await?;
        finish(&part, file).map_err(refused)
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
    File::open(part)?.sync_all()?;
    fs::rename(part, file)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
