//! Plus-addressing, tried out: a mail to `inbox+check…@` goes through the configured relay, and the inbox is watched
//! for it. It needs the whole way, because each mail server on it may drop the tag, or the mail.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use crate::app;
use crate::clock::Clock;
use crate::delivery::{Parcel, Verdict};
use crate::loops::deliver;
use crate::mailbox::{Cursor, Fetched, Mailbox, Raw};
use crate::settings::{Settings, Sink};
use crate::store::seal;

/// A mail through one relay into one inbox takes seconds.
const PATIENCE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_secs(2);

/// Sends the mail and waits for it, at most a minute. `Ok` says what was found, in one line.
pub(super) async fn tried(settings: &Settings) -> Result<&'static str, String> {
    if !settings.inbox.plus_addressing {
        return Ok("not used, by [inbox] plus_addressing = false");
    }
    if matches!(settings.outlet.sink, Sink::Folder { .. }) {
        return Ok("not tried: letters go to a folder");
    }
    let tag =
        format!("check{}", hex::encode(seal::random::<6>().map_err(|error| error.to_string())?.as_slice()));
    let end = Instant::now() + PATIENCE;
    let mut inbox = Watch::begin(settings, end).await?;
    send(settings, &tag, end).await?;
    loop {
        if inbox.has(&tag, end).await? {
            return Ok("works: a mail to a tagged address arrived");
        }
        if Instant::now() + PAUSE >= end {
            return Err(
                "a mail to a tagged address was accepted by the relay and did not arrive within a minute; replies by \
                 staff would be lost the same way: let your mail server take `+` addresses, or set [inbox] \
                 plus_addressing = false (stop the daemon before you try this; it may have taken the mail first)"
                    .to_owned(),
            );
        }
        sleep(PAUSE).await;
    }
}

/// An inbox read up to where it ended when the watch began.
struct Watch {
    mailbox: Mailbox,
    cursor: Cursor,
}

impl Watch {
    async fn begin(settings: &Settings, end: Instant) -> Result<Watch, String> {
        let mut watch = Watch { mailbox: app::mailbox(settings), cursor: Cursor::default() };
        watch.has("", end).await?;
        Ok(watch)
    }

    /// Reads what is new; whether one of the mails carries the tag. Nothing is marked, moved or kept.
    async fn has(&mut self, tag: &str, end: Instant) -> Result<bool, String> {
        loop {
            let fetched = timeout_at(end, self.mailbox.fetch(&self.cursor)).await;
            let batch = fetched
                .map_err(|_| "the inbox could not be read to its end within a minute".to_owned())?
                .map_err(|error| error.to_string())?;
            let found = !tag.is_empty() && batch.mails.iter().any(|mail| carries(mail, tag));
            if let Mailbox::Maildir(maildir) = &mut self.mailbox {
                maildir.skip(batch.mails.iter().map(|mail| mail.origin.name.clone()));
            }
            self.cursor = batch.cursor;
            if found || !batch.more {
                return Ok(found);
            }
        }
    }
}

fn carries(mail: &Fetched, tag: &str) -> bool {
    let (Raw::Whole(bytes) | Raw::HeaderOnly { header: bytes, .. }) = &mail.raw;
    bytes.windows(tag.len()).any(|window| window == tag.as_bytes())
}

/// The mail says nothing to anybody; the daemon knows it as its own and lets it be.
async fn send(settings: &Settings, tag: &str, end: Instant) -> Result<(), String> {
    let inbox = &settings.inbox.address;
    let to = inbox.with_tag(tag);
    let message = format!(
        "From: <{inbox}>\r\nTo: <{to}>\r\nSubject: Test of the inbox\r\nDate: {date}\r\nMessage-ID: <{tag}@{domain}>\r\n\
         Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n\
         handoffd looks whether this arrives. It may be deleted.\r\n",
        date = Clock::System.now().to_rfc2822(),
        domain = settings.organisation.message_id_domain,
        inbox = inbox.as_str(),
        to = to.as_str(),
    );
    let parcel = Parcel { id: 0, from: Some(inbox.clone()), to, message: message.into_bytes() };
    let outlet = app::outlet(settings);
    let handed = timeout_at(end, deliver::try_out(&outlet, &parcel)).await;
    let handed = handed.map_err(|_| "the relay did not take the mail within a minute".to_owned())?;
    match handed.map_err(|error| error.to_string())? {
        Verdict::Accepted { .. } | Verdict::InDoubt { .. } => Ok(()),
        Verdict::TryLater { reason } | Verdict::Refused { reason, .. } => {
            Err(format!("the relay does not take a mail to a tagged address ({reason})"))
        }
    }
}
