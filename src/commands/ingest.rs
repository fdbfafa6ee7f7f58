//! `ingest`: one mail from a mail server's pipe into the spool. It is safe once this ends with 0. One that is too large is
//! in no mailbox where the rest of it could be looked up: its head is parked for a person, and its sender hears of it.

use anyhow::Context as _;

use crate::app;
use crate::clock::Clock;
use crate::mailbox::{Raw, stdin};
use crate::settings::Settings;
use crate::store::spool::Incoming;

/// The spool's name for mail that came by pipe.
const MAILBOX: &str = "stdin";

/// The mail server tells the sender, with these words.
#[derive(Debug, thiserror::Error)]
#[error(
    "the mail is larger than the {mib} MiB that are taken here; please send it again without large attachments"
)]
pub(super) struct TooLarge {
    mib: u64,
}

pub(super) async fn run(settings: &Settings) -> anyhow::Result<()> {
    let cap = u64::try_from(settings.limits.bytes).unwrap_or(u64::MAX);
    let mail = stdin::read(tokio::io::stdin(), cap).await.context("Read the mail")?;
    let store = app::open_store(settings).await?;
    let now = Clock::System.now();
    let origin = mail.origin.key();
    let is_whole = matches!(mail.raw, Raw::Whole(_));
    let incoming = match mail.raw {
        Raw::Whole(raw) => {
            let bytes = u64::try_from(raw.len()).unwrap_or(u64::MAX);
            Incoming { origin, raw, whole: true, bytes, arrived_at: now }
        }
        Raw::HeaderOnly { header, size } => {
            Incoming { origin, raw: header, whole: false, bytes: size, arrived_at: now }
        }
    };
    let position = store.position(MAILBOX).await?;
    store.spool(MAILBOX, position, &[incoming], now).await.context("Keep the mail in the spool")?;
    store.close().await;
    if is_whole { Ok(()) } else { Err(TooLarge { mib: cap >> 20 }.into()) }
}
