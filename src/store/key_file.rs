//! The key file: text, one key a line, `#` begins a comment, mode 0600.
//!
//! ```text
//! lookup <base64 of 32 bytes>   the look-up digests, the reply tokens and the audit chain come from it: it never
//! changes 1 <base64 of 32 bytes>        wraps data keys; the last line wraps what is sealed now 2 <base64 of 32 bytes>
//! added by `handoffd key rotate`; afterwards line 1 may go
//! ```
//!
//! A file without a `lookup` line uses the first key in its place; `key rotate` writes the line out, so that the first
//! key may go too.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use zeroize::{Zeroize as _, Zeroizing};

use super::seal::{Key, Keyring, SealError, random};

/// The word that begins the line of the look-up key.
const LOOKUP: &str = "lookup";

impl Keyring {
    /// Reads a key file. A file others can read is refused.
    ///
    /// # Errors
    /// [`SealError`] with the remedy.
    pub fn read(path: &Path) -> Result<Keyring, SealError> {
        let (root, keys) = parsed(path)?;
        let damaged = || SealError::Damaged { path: path.display().to_string(), line: 1 };
        match root {
            Some(root) => Keyring::with_root(&root, &keys).ok_or_else(damaged),
            None => Keyring::of(&keys).ok_or_else(damaged),
        }
    }

    /// The text of a fresh key file.
    ///
    /// # Errors
    /// [`SealError::NoRandomness`].
    pub fn fresh_file() -> Result<Zeroizing<String>, SealError> {
        let (root, key) = (line(LOOKUP, &*random::<32>()?), line("1", &*random::<32>()?));
        let text = format!(
            "# handoffd key file. Without it nothing in the store can be read: keep a copy apart from the store's backups.\n{}{}",
            *root, *key
        );
        Ok(Zeroizing::new(text))
    }

    /// Adds a key to the file, as its last line, and writes the look-up key out if it had no line of its own. The old
    /// lines stay. The new file takes the place of the old one in one step (0600): there is always a whole one.
    /// Returns the new key's id.
    ///
    /// # Errors
    /// [`SealError`]; then the file is as it was.
    pub fn add_key(path: &Path) -> Result<u8, SealError> {
        let (root, keys) = parsed(path)?;
        let unwritable = |cause| SealError::Unwritable { path: path.display().to_string(), cause };
        let newest = keys.iter().map(|(id, _)| *id).max().unwrap_or(0);
        let id = newest.checked_add(1).ok_or(SealError::TooManyKeys)?;
        let mut text = Zeroizing::new(std::fs::read_to_string(path).map_err(unwritable)?);
        if !text.ends_with('\n') {
            text.push('\n');
        }
        if let (None, Some((_, first))) = (&root, keys.first()) {
            text.push_str(&line(LOOKUP, first));
        }
        text.push_str(&line(&id.to_string(), &*random::<32>()?));
        replace(path, text.as_bytes()).map_err(unwritable)?;
        Ok(id)
    }
}

type Parsed = (Option<Zeroizing<[u8; 32]>>, Vec<(u8, Key)>);

fn parsed(path: &Path) -> Result<Parsed, SealError> {
    let shown = path.display().to_string();
    let unreadable = |cause| SealError::Unreadable { path: shown.clone(), cause };
    let text = Zeroizing::new(std::fs::read_to_string(path).map_err(unreadable)?);
    refuse_open_file(path, &shown)?;
    let (mut root, mut keys): Parsed = (None, Vec::new());
    for (at, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let damaged = || SealError::Damaged { path: shown.clone(), line: at + 1 };
        let (name, key) = key_of_line(line).ok_or_else(damaged)?;
        let id: Option<u8> = name.parse().ok().filter(|id| *id > 0);
        match id {
            None if name == LOOKUP && root.is_none() => root = Some(key),
            Some(id) if keys.iter().all(|(known, _)| *known != id) => keys.push((id, key)),
            None | Some(_) => return Err(damaged()),
        }
    }
    if keys.is_empty() { Err(SealError::Damaged { path: shown, line: 1 }) } else { Ok((root, keys)) }
}

fn key_of_line(line: &str) -> Option<(&str, Key)> {
    let (name, encoded) = line.split_once(char::is_whitespace)?;
    let bytes = Zeroizing::new(BASE64.decode(encoded.trim()).ok()?);
    let key: [u8; 32] = bytes.as_slice().try_into().ok()?;
    Some((name, Zeroizing::new(key)))
}

fn line(name: &str, key: &[u8; 32]) -> Zeroizing<String> {
    let mut encoded = BASE64.encode(key);
    let line = Zeroizing::new(format!("{name} {encoded}\n"));
    encoded.zeroize();
    line
}

/// Writes beside the file, syncs, renames over it, syncs the folder.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut beside = path.to_path_buf().into_os_string();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    // What an interrupted run left there was never in use.
    let _ = std::fs::remove_file(&beside);
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(folder)?.sync_all()
}

fn refuse_open_file(path: &Path, shown: &str) -> Result<(), SealError> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata =
        std::fs::metadata(path).map_err(|cause| SealError::Unreadable { path: shown.to_owned(), cause })?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(SealError::TooOpen { path: shown.to_owned(), mode });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn key_file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        (dir, path)
    }

    #[test]
    fn a_key_file_others_can_read_is_refused() {
        let (_dir, path) = key_file(&Keyring::fresh_file().unwrap());
        for mode in [0o644, 0o640, 0o604, 0o660] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert!(matches!(Keyring::read(&path), Err(SealError::TooOpen { .. })), "{mode:o}");
        }
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(Keyring::read(&path).is_ok());
    }

    #[test]
    fn a_damaged_line_is_named() {
        let key = BASE64.encode([7; 32]);
        for (text, line) in [
            ("1 short\n".to_owned(), 1),
            (format!("1 {key}\n1 {key}\n"), 2),
            (format!("# keys\nlookup {key}\n"), 1),
            (format!("lookup {key}\nlookup {key}\n1 {key}\n"), 2),
            (format!("0 {key}\n"), 1),
            (String::new(), 1),
        ] {
            let (_dir, path) = key_file(&text);
            let error = Keyring::read(&path).unwrap_err();
            assert!(matches!(&error, SealError::Damaged { line: at, .. } if *at == line), "{error}");
        }
    }

    #[test]
    fn digests_and_tokens_outlive_every_key() {
        for fresh in [true, false] {
            let old_form = format!("1 {}\n", BASE64.encode([7; 32]));
            let text = if fresh { Keyring::fresh_file().unwrap() } else { Zeroizing::new(old_form) };
            let (_dir, path) = key_file(&text);
            let before = Keyring::read(&path).unwrap();
            let (_, wrapped) = before.data_key("p").unwrap();
            assert_eq!(Keyring::add_key(&path).unwrap(), 2);
            let both = Keyring::read(&path).unwrap();
            let rewrapped = both.rewrapped("p", &wrapped).unwrap().unwrap();
            assert!(both.rewrapped("p", &rewrapped).unwrap().is_none(), "it is under the newest key");
            let without_first: String = std::fs::read_to_string(&path)
                .unwrap()
                .lines()
                .filter(|line| !line.starts_with("1 "))
                .fold(String::new(), |text, line| text + line + "\n");
            std::fs::write(&path, without_first).unwrap();
            let after = Keyring::read(&path).unwrap();
            assert!(after.open_key("p", Some(&rewrapped)).is_ok());
            assert!(matches!(after.open_key("p", Some(&wrapped)), Err(SealError::UnknownKey(1))));
            assert_eq!(before.digest("phone", b"1"), after.digest("phone", b"1"));
            assert_eq!(before.token_key(), after.token_key());
            let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600);
        }
    }
}
