//! A folder as the outlet: each mail becomes a file. For `handoffd demo`, dry runs and tests.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::{DeliveryError, Parcel, Verdict};

/// Where the files go.
#[derive(Clone, Debug)]
pub struct FolderSettings {
    /// An existing folder; temporary files appear in it with a leading dot.
    pub path: PathBuf,
}

/// The folder outlet.
#[derive(Clone, Debug)]
pub struct Folder {
    settings: FolderSettings,
}

impl Folder {
    /// Touches nothing yet.
    #[must_use]
    pub fn new(settings: FolderSettings) -> Folder {
        Folder { settings }
    }

    /// Is the folder there?
    ///
    /// # Errors
    /// [`DeliveryError::Folder`].
    pub async fn look(&self) -> Result<(), DeliveryError> {
        let path = self.settings.path.clone();
        let error = |kind| DeliveryError::Folder { path: path.clone(), kind };
        let facts = tokio::fs::metadata(&self.settings.path).await.map_err(|failed| error(failed.kind()))?;
        if facts.is_dir() { Ok(()) } else { Err(error(io::ErrorKind::NotADirectory)) }
    }

    /// Writes `<id>-<digest>.eml`, whole or not at all: the same parcel again is the same file. Accepted once the
    /// file and the folder are on disk.
    pub async fn put(&self, parcel: &Parcel) -> Verdict {
        let (folder, message) = (self.settings.path.clone(), parcel.message.clone());
        let name = format!("{}-{}.eml", parcel.id, digest(&message));
        let put = tokio::task::spawn_blocking(move || write(&folder, &name, &message).map(|()| name)).await;
        match put {
            Ok(Ok(name)) => Verdict::Accepted { reply: format!("written as {name}") },
            Ok(Err(error)) => {
                Verdict::TryLater { reason: format!("the folder refuses it: {}", error.kind()) }
            }
            Err(_) => Verdict::InDoubt { reason: "the write was interrupted".to_owned() },
        }
    }
}

fn write(folder: &Path, name: &str, message: &[u8]) -> io::Result<()> {
    let draft = folder.join(format!(".{name}.tmp"));
    // A letter is its owner's alone, whatever the umask says. A draft that was left behind may be open to others, and
    // so is none of ours.
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(message)?;
    file.sync_all()?;
    fs::rename(&draft, folder.join(name))?;
    File::open(folder)?.sync_all()
}

/// Eight hex digits of the content, so that a file's name says whether it is the same mail.
fn digest(message: &[u8]) -> String {
    let digest = Sha256::digest(message);
    format!("{:08x}", digest.first_chunk::<4>().map_or(0, |front| u32::from_be_bytes(*front)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referral::address::EmailAddress;

    #[tokio::test]
    async fn a_parcel_is_one_file_however_often_it_is_put() {
        let folder = tempfile::tempdir().unwrap();
        let outlet = Folder::new(FolderSettings { path: folder.path().to_owned() });
        let to = EmailAddress::parse("desk@example.org").unwrap();
        let parcel = Parcel { id: 7, from: None, to, message: b"Subject: x\r\n\r\n.\r\n".to_vec() };
        for _ in 0..2 {
            assert!(matches!(outlet.put(&parcel).await, Verdict::Accepted { .. }));
        }
        let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!(files.len(), 1);
        assert_eq!(fs::read(&files[0]).unwrap(), parcel.message);
    }

    #[tokio::test]
    async fn a_draft_that_was_left_open_to_others_makes_no_letter_that_is() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let outlet = Folder::new(FolderSettings { path: folder.path().to_owned() });
        let to = EmailAddress::parse("desk@example.org").unwrap();
        let parcel = Parcel { id: 7, from: None, to, message: b"Subject: x\r\n\r\nx\r\n".to_vec() };
        let draft = folder.path().join(format!(".7-{}.eml.tmp", digest(&parcel.message)));
        fs::write(&draft, "half of it").unwrap();
        fs::set_permissions(&draft, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(outlet.put(&parcel).await, Verdict::Accepted { .. }));
        let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!(files.len(), 1);
        assert_eq!(fs::metadata(&files[0]).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read(&files[0]).unwrap(), parcel.message);
    }

    #[tokio::test]
    async fn a_folder_that_is_not_there_is_said_and_refuses_nobody() {
        let outlet = Folder::new(FolderSettings { path: PathBuf::from("/nonexistent/outlet") });
        assert!(matches!(outlet.look().await, Err(DeliveryError::Folder { .. })));
        let to = EmailAddress::parse("desk@example.org").unwrap();
        let parcel = Parcel { id: 7, from: None, to, message: Vec::new() };
        assert!(matches!(outlet.put(&parcel).await, Verdict::TryLater { .. }));
    }
}
