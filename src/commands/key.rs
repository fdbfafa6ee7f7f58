//! `key rotate`: a fresh key, and every data key wrapped by it. Stopped at any point, the next run goes on.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, ensure};

use crate::app;
use crate::app::notice::Notice;
use crate::settings::Settings;
use crate::store::Store;
use crate::store::seal::Keyring;

pub(super) async fn rotate(settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
    // A daemon that runs does not know the fresh key and would stumble over what it wraps.
    let _alone = Notice::alone(settings)?;
    let file = &settings.privacy.key_file;
    let store = app::open_store(settings).await?;
    let newest = store.keys().newest();
    let used = store.keys_in_use().await.context("Count the keys in use")?;
    // What is left under an older key since nothing opens it was left by a rotation that came to its end.
    let mut done = if used.keys().any(|id| *id != newest) { rewrap_all(&store).await? } else { 0 };
    ensure!(done > 0 || used.is_empty() || used.contains_key(&newest), "{}", nothing_opens(file));
    let store = if done > 0 {
        writeln!(out, "An earlier rotation was interrupted; it goes on with key {newest}.")?;
        store
    } else {
        store.close().await;
        let id = Keyring::add_key(file)?;
        writeln!(out, "Key {id} is added to {}.", file.display())?;
        let store = app::open_store_with(settings, Arc::new(Keyring::read(file)?)).await?;
        done = rewrap_all(&store).await?;
        store
    };
    store.scrub().await?;
    let newest = store.keys().newest();
    writeln!(out, "{done} data keys are wrapped by key {newest} now.")?;
    let left = store.keys_in_use().await?;
    let closed: u64 = left.iter().filter(|(id, _)| **id != newest).map(|(_, rows)| rows).sum();
    if closed > 0 {
        store.close().await;
        ensure!(done > 0, "{}", nothing_opens(file));
        writeln!(
            out,
            "{closed} data keys do not open and stay as they are: handoffd verify names what lies under them. Until \
             somebody has looked, keep every line of {}.",
            file.display()
        )?;
        return Ok(());
    }
    for id in used.keys().filter(|id| **id != newest && !left.contains_key(id)) {
        writeln!(
            out,
            "Key {id} is not used any more: take its line out of {}. Every backup made until now still needs it.",
            file.display()
        )?;
    }
    store.close().await;
    Ok(())
}

fn nothing_opens(file: &Path) -> String {
    format!("no data key opens with the keys of {}: is it the file of this store?", file.display())
}

/// Returns how many.
async fn rewrap_all(store: &Store) -> anyhow::Result<u64> {
    let mut done = 0;
    loop {
        match store.rewrap_some().await.context("Wrap data keys anew")? {
            0 => return Ok(done),
            some => done += some,
        }
    }
}
