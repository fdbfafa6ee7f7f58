//! Whose the addresses in settings are.

use std::collections::BTreeMap;

use super::super::mistake::wrong;
use super::{Notes, Read};

/// Whose an address is: no mailbox may be two people's.
#[derive(Default)]
pub(in crate::settings) struct Claims(BTreeMap<String, String>);

impl Claims {
    /// Notes a claim; an address somebody else has is a mistake.
    pub(in crate::settings) fn claim(
        &mut self,
        notes: &Notes<'_>,
        line: usize,
        place: &str,
        mailbox: String,
        whose: String,
    ) -> Read<()> {
        if let Some(first) = self.0.get(&mailbox) {
            let what = format!("already belongs to {first}");
            return Err(notes.note(
                line,
                place,
                wrong(what, "remove it here or there: mail from it must be one's alone"),
            ));
        }
        self.0.insert(mailbox, whose);
        Ok(())
    }

    /// Whose a mailbox is.
    pub(in crate::settings) fn whose(&self, mailbox: &str) -> Option<&str> {
        self.0.get(mailbox).map(String::as_str)
    }
}
