//! The texts `handoffd init DIR` writes: a config to start with that works as it stands, and the one with every key.

use std::path::{Path, PathBuf};

/// What to put into an empty folder, besides the key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Starter {
    /// Folders to make, in order; nobody but their owner may look into any of them (0700).
    pub folders: Vec<PathBuf>,
    /// Texts to write, where no such file exists yet.
    pub texts: Vec<(PathBuf, &'static str)>,
    /// Where the config expects the key (0600); making it is the store's work.
    pub key_file: PathBuf,
    /// The config among the texts.
    pub config: PathBuf,
}

/// The starter for this folder.
#[must_use]
pub fn starter(dir: &Path) -> Starter {
    const FOLDERS: [&str; 7] = ["secrets", "data", "inbox", "inbox/new", "inbox/cur", "inbox/tmp", "outbox"];
    let config = dir.join("handoffd.toml");
    let every_key = dir.join("handoffd.example.toml");
    Starter {
        folders: FOLDERS.iter().map(|folder| dir.join(folder)).collect(),
        texts: vec![(config.clone(), STARTER), (every_key, EVERY_KEY)],
        key_file: dir.join("secrets/handoffd.key"),
        config,
    }
}

/// The config to start with: SQLite, a Maildir, a folder outlet.
const STARTER: &str = include_str!("starter.toml");

/// Every key, its default and a reason.
pub const EVERY_KEY: &str = include_str!("../../systemd/handoffd.example.toml");
