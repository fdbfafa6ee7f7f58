//! A good server of three mails, which a test makes odd in one place.

use handoffd::mailbox::imap::Imap;
use handoffd::mailbox::{Batch, Cursor, MailboxError};

use crate::rig::imap::{FakeImap, Talk};

pub(super) const MAIL: &str = "Subject: x\r\n\r\ncanary-Ann-Smith\r\n";

/// A good server with three mails, except where `odd` answers a command itself and says true.
pub(super) fn server(odd: impl Fn(&mut Talk, &str) -> bool + Send + Sync + 'static) -> FakeImap {
    FakeImap::start(move |talk, _| {
        talk.say("* OK ready");
        while let Some(command) = talk.hear() {
            if odd(talk, &command) {
                continue;
            }
            good(talk, &command);
        }
    })
}

pub(super) fn good(talk: &mut Talk, command: &str) {
    if command.starts_with("SELECT") {
        talk.select(7, 3);
    } else if command.contains("RFC822.SIZE") {
        talk.list(&[1, 2, 3], MAIL.len() as u64);
    } else if command.contains("BODY.PEEK[]") {
        (1..=3).filter(|uid| asks(command, *uid)).for_each(|uid| talk.mail(uid, MAIL));
        talk.done("OK fetched");
    } else if command.starts_with("UID SEARCH") {
        let found: Vec<String> =
            (1..=3).filter(|uid| asks(command, *uid)).map(|uid| uid.to_string()).collect();
        talk.say(format!("* SEARCH {}", found.join(" ")).trim_end());
        talk.done("OK searched");
    } else {
        talk.usual(command);
    }
}

/// Is this UID in the command's set?
pub(super) fn asks(command: &str, uid: u32) -> bool {
    let set = command.split(' ').find(|word| word.starts_with(|c: char| c.is_ascii_digit())).unwrap_or("");
    set.split(',').any(|range| {
        let (first, last) = range.split_once(':').unwrap_or((range, range));
        (first.parse().unwrap()..=last.parse().unwrap()).contains(&uid)
    })
}

pub(super) async fn first_look(server: &FakeImap) -> Result<Batch, MailboxError> {
    Imap::new(server.settings()).fetch(&Cursor::default()).await
}

pub(super) fn cursor(next_uid: u32) -> Cursor {
    Cursor { validity: 7, next_uid }
}
