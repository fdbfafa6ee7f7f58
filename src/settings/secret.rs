//! Secrets come from files nobody else may read, never from the config, the environment or the command line.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::wire::secret::Secret;

use super::mistake::{Wrong, wrong};
use super::reader::{Notes, Read, Secrets, Section};

/// A password or a URL with a password in it is one line; more is the wrong file.
const LONGEST: u64 = 16 * 1024;

/// What is said of a file that is not there.
const NONE_SUCH: &str = "there is no such file";

/// What a secret opens.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opens {
    /// The mailbox or the relay.
    Mail,
    /// What we remember.
    Store,
}

/// The secret of the mailbox or the relay that a key names by its file; `None` when the key is absent.
pub(super) fn secret(section: &Section<'_>, key: &'static str) -> Read<Option<Secret>> {
    section.read_if(key, |text| read(section.notes, Opens::Mail, text))
}

/// The same for a key that must be there.
pub(super) fn need_secret(section: &Section<'_>, key: &'static str, example: &str) -> Read<Secret> {
    section.need_read(key, example, |text| read(section.notes, Opens::Mail, text))
}

/// The same for what opens the store.
pub(super) fn need_store_secret(section: &Section<'_>, key: &'static str, example: &str) -> Read<Secret> {
    section.need_read(key, example, |text| read(section.notes, Opens::Store, text))
}

/// The path of the key file, which only its owner may read: `path`, or `credential:NAME` for one that systemd hands
/// over.
///
/// systemd guards the files of its credentials directory by itself, with an access list that shows as a group's
/// right to read, so that their mode is not judged.
pub(super) fn key_file(notes: &Notes<'_>, text: &str) -> Result<PathBuf, Wrong> {
    guarded_file(notes, Opens::Store, text).map_err(|wrong_with| {
        if wrong_with.what == NONE_SUCH {
            wrong(
                NONE_SUCH,
                "at a first start: `handoffd init DIR` makes one; for a store that is in use: put it back from your backup \
                 of keys (chmod 600), as no other one opens it",
            )
        } else {
            wrong_with
        }
    })
}

fn guarded_file(notes: &Notes<'_>, opens: Opens, text: &str) -> Result<PathBuf, Wrong> {
    if is_left_alone(notes, opens, text) {
        return Ok(notes.path(text));
    }
    let path = match text.strip_prefix("credential:") {
        Some(name) => credential(notes, name)?,
        None => notes.path(text),
    };
    let about = fs::metadata(&path).map_err(|error| unreadable(error.kind()))?;
    if !about.is_file() {
        return Err(wrong("is not a file", "name the file itself"));
    }
    let mode = about.permissions().mode() & 0o777;
    if !text.starts_with("credential:") && mode & 0o077 != 0 {
        return Err(wrong(
            format!("others may read the file (mode {mode:04o})"),
            "make it yours alone: chmod 600 FILE",
        ));
    }
    Ok(path)
}

/// Whether it is not asked what is in it, nor whether it is there.
fn is_left_alone(notes: &Notes<'_>, opens: Opens, text: &str) -> bool {
    let credential = text.strip_prefix("credential:").filter(|name| is_plain(name));
    match (notes.surroundings.secrets, credential) {
        (Secrets::None, _) => true,
        (Secrets::Store, _) => opens == Opens::Mail,
        (Secrets::Files, Some(name)) if notes.surroundings.credentials.is_none() => {
            notes.leave_unread(name);
            true
        }
        (Secrets::All | Secrets::Files, _) => false,
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.contains('/') && name != "." && name != ".."
}

fn credential(notes: &Notes<'_>, name: &str) -> Result<PathBuf, Wrong> {
    let folder = notes.surroundings.credentials.as_ref();
    match folder {
        Some(folder) if is_plain(name) => Ok(folder.join(name)),
        Some(_) => Err(wrong(
            "is not the name of a credential",
            "write credential:NAME as in LoadCredential=NAME:PATH",
        )),
        None => Err(wrong(
            "there is no credentials directory",
            "run it as handoffd.service does, with LoadCredential (its comment on credentials shows how), or name \
             a file instead",
        )),
    }
}

fn read(notes: &Notes<'_>, opens: Opens, text: &str) -> Result<Secret, Wrong> {
    let path = guarded_file(notes, opens, text)?;
    if is_left_alone(notes, opens, text) {
        return Ok(Secret::new(String::new()));
    }
    in_file(&path)
}

fn in_file(path: &Path) -> Result<Secret, Wrong> {
    let length = fs::metadata(path).map_err(|error| unreadable(error.kind()))?.len();
    if length > LONGEST {
        return Err(wrong("the file is too long for a secret", "put the secret alone on one line"));
    }
    let text = fs::read_to_string(path).map(Zeroizing::new).map_err(|error| unreadable(error.kind()))?;
    let line = text.trim_end_matches(['\r', '\n']);
    if line.trim().is_empty() {
        return Err(wrong("the file is empty", "put the secret into it, on one line"));
    }
    if line.chars().any(char::is_control) {
        return Err(wrong("the file holds more than one line", "put the secret alone on one line"));
    }
    Ok(Secret::new(line.to_owned()))
}

fn unreadable(kind: ErrorKind) -> Wrong {
    if kind == ErrorKind::NotFound {
        wrong(NONE_SUCH, "create it (chmod 600) or correct the path")
    } else if kind == ErrorKind::PermissionDenied {
        wrong("we may not read the file", "give it to the user that runs handoffd: chown USER FILE")
    } else if kind == ErrorKind::InvalidData {
        wrong("the file is not text", "put the secret alone on one line")
    } else {
        wrong(format!("the file cannot be read ({kind})"), "correct the path")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_shown_by_debug() {
        assert_eq!(format!("{:?}", Secret::new("hunter2".into())), "***");
    }
}
