//! `key rotate`: a fresh key, and every data key wrapped by it. Stopped at any point, the next run goes on.

use std::io::Write;
use std::sync::Arc;

use anyhow::Context as _;

use crate::app;
use crate::app::notice::Notice;
use crate::settings::Settings;
use crate::store::seal::Keyring;

pub(super) async fn rotate(settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
    // A daemon that runs does not know the fresh key and would stumble over what it wraps.
    let _alone = Notice::alone(settings)?;
    let file = &settings.privacy.key_file;
    let store = app::open_store(settings).await?;
    let newest = store.keys().newest();
    let used = store.keys_in_use().await.context("Count the keys in use")?;
    let interrupted = used.keys().any(|id| *id != newest);
    store.close().await;
    if interrupted {
        writeln!(out, "An earlier rotation was interrupted; it goes on with key {newest}.")?;
    } else {
        let id = Keyring::add_key(file)?;
        writeln!(out, "Key {id} is added to {}.", file.display())?;
    }
    let store = app::open_store_with(settings, Arc::new(Keyring::read(file)?)).await?;
    let mut done = 0;
    loop {
        let some = store.rewrap_some().await.context("Wrap data keys anew")?;
        if some == 0 {
            break;
        }
        done += some;
    }
    store.scrub().await?;
    let newest = store.keys().newest();
    writeln!(out, "{done} data keys are wrapped by key {newest} now.")?;
    let left = store.keys_in_use().await?;
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
