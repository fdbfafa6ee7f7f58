//! The IMAP mailbox: against Dovecot where behaviour is real, against a script where it is hostile.

mod hostile;
mod real;
mod refusing;
mod script;

use handoffd::mailbox::{Batch, Fetched, Raw};

/// The UIDs of a batch, and whether each came whole.
fn uids(batch: &Batch) -> Vec<u32> {
    batch.mails.iter().map(|mail| mail.origin.uid).collect()
}

/// The bytes of a mail that came whole.
fn whole(mail: &Fetched) -> &[u8] {
    match &mail.raw {
        Raw::Whole(bytes) => bytes,
        Raw::HeaderOnly { .. } => panic!("only the header came"),
    }
}
