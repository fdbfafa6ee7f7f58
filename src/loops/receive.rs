//! Receive: mails from the mailbox into the spool, then filed away. Nothing is parsed here.

use anyhow::Context as _;
use tracing::{info, warn};

use super::{Desk, clock_trust};
use crate::mailbox::{Cursor, Fetched, Mailbox, Raw};
use crate::store::spool::{Incoming, Position};

/// The beat of "the inbox was read to its end".
pub const INBOX_READ: &str = "inbox read";

/// Reads the next mails of the mailbox. Returns whether more may wait.
///
/// # Errors
/// When the mailbox or the store cannot be reached; nothing is lost then, the mails lie where they lay.
pub async fn tick(desk: &Desk, mailbox: &mut Mailbox, name: &str) -> anyhow::Result<bool> {
    let position = desk.store.position(name).await.context("Read the position in the mailbox")?;
    let began_at = clock_trust::arrival_time(desk).await?;
    let round = desk.progress.inbox_round();
    let cursor = Cursor { validity: position.validity, next_uid: position.next_uid };
    let batch = mailbox.fetch(&cursor).await?;
    let moved = Position {
        validity: batch.cursor.validity,
        next_uid: batch.cursor.next_uid,
        vanished: position.vanished.saturating_add(batch.vanished),
        renumbered: position.renumbered.saturating_add(u32::from(batch.renumbered)),
    };
    if batch.renumbered {
        warn!(
            "The mailbox numbers its mails anew: all of them are read again and recognised by their content"
        );
    }
    if batch.vanished > 0 {
        warn!(mails.count = batch.vanished, "Mails were gone from the mailbox before they could be read");
    }
    let origins: Vec<_> = batch.mails.iter().map(|mail| mail.origin.clone()).collect();
    let mails: Vec<Incoming> = batch.mails.into_iter().map(|mail| incoming(mail, began_at)).collect();
    if !mails.is_empty() || moved != position {
        let kept =
            desk.store.spool(name, moved, &mails, began_at).await.context("Keep mails in the spool")?;
        if kept > 0 {
            info!(mails.count = kept, "Mails kept in the spool");
            desk.signals.handle.notify_one();
        }
    }
    if !origins.is_empty() {
        mailbox.file_away(&origins).await.context("File mails away in the mailbox")?;
    }
    if !batch.more {
        desk.store.beat(INBOX_READ, began_at).await?;
        desk.progress.mark_inbox_read(round);
        desk.signals.remind.notify_one();
    }
    Ok(batch.more)
}

/// A server's date may lie: it counts only between 30 days ago and now.
fn incoming(mail: Fetched, now: chrono::DateTime<chrono::Utc>) -> Incoming {
    let oldest = now - chrono::TimeDelta::days(30);
    let arrived_at = mail.internal_date.map_or(now, |at| at.clamp(oldest, now));
    let origin = mail.origin.key();
    match mail.raw {
        Raw::Whole(raw) => {
            let bytes = u64::try_from(raw.len()).unwrap_or(u64::MAX);
            Incoming { origin, raw, whole: true, bytes, arrived_at }
        }
        Raw::HeaderOnly { header, size } => {
            Incoming { origin, raw: header, whole: false, bytes: size, arrived_at }
        }
    }
}
