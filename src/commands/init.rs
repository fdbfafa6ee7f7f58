//! `init`: an annotated config, a key file (0600), folders; nothing that exists is touched.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use anyhow::Context as _;

use super::shown;
use crate::settings::init::starter;
use crate::store::seal::Keyring;

pub(super) fn run(dir: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    write_starter(dir, out)?;
    let config = shown(&dir.join("handoffd.toml"));
    writeln!(
        out,
        "\nNext: edit {config}, then\n  handoffd check --config {config}\n  handoffd run   --config {config}"
    )?;
    Ok(())
}

/// Makes folders, texts and the key file, and says each; what exists stays as it is.
pub(super) fn write_starter(dir: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    let starter = starter(dir);
    for folder in std::iter::once(&dir.to_path_buf()).chain(&starter.folders) {
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.with_context(|| format!("Make the folder {}", shown(folder)))?;
    }
    for (path, text) in &starter.texts {
        write_once(path, text.as_bytes(), 0o600, out)?;
    }
    let key = Keyring::fresh_file()?;
    write_once(&starter.key_file, key.as_bytes(), 0o600, out)
}

fn write_once(path: &Path, bytes: &[u8], mode: u32, out: &mut dyn Write) -> anyhow::Result<()> {
    let opened = OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    match opened {
        Ok(mut file) => {
            file.write_all(bytes)
                .and_then(|()| file.sync_all())
                .with_context(|| format!("Write {}", shown(path)))?;
            writeln!(out, "made  {}", shown(path))?;
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            writeln!(out, "kept  {}", shown(path))?;
        }
        Err(error) => return Err(error).with_context(|| format!("Make {}", shown(path))),
    }
    Ok(())
}
