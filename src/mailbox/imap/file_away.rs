//! Marking or moving mails that are committed. Other people's marks in a shared inbox are never touched: there is no
//! EXPUNGE here, and no move made of copying and deleting.

use std::collections::BTreeSet;

use tracing::warn;

use super::connection::Connection;
use super::uids::{keyword, quoted, uid_set};
use super::{After, Imap, in_step};
use crate::mailbox::{MailboxError, Origin};

/// UIDs in one command.
const AT_A_TIME: usize = 100;

impl Imap {
    /// Marks or moves the mails, as settings say; those of an earlier numbering are left alone.
    ///
    /// # Errors
    /// [`MailboxError::Refused`] when the server says no; any other when the connection is lost.
    pub async fn file_away(&mut self, origins: &[Origin]) -> Result<(), MailboxError> {
        if self.settings.after == After::Leave || origins.is_empty() {
            return Ok(());
        }
        let mut connection = self.take_connection().await?;
        let filed = self.file_with(&mut connection, origins).await;
        if in_step(filed.as_ref().err()) {
            self.connection = Some(connection);
        }
        filed
    }

    /// Whether mails can be moved where settings say, if they say so; nothing is moved.
    ///
    /// # Errors
    /// [`MailboxError::NowhereToMove`] or [`MailboxError::CannotMove`]; any other when the connection is lost.
    pub async fn look_where_to_move(&mut self) -> Result<(), MailboxError> {
        let After::Move(folder) = self.settings.after.clone() else { return Ok(()) };
        let mut connection = self.take_connection().await?;
        if !connection.can_move {
            return Err(MailboxError::CannotMove);
        }
        let name = quoted("after", &folder)?;
        // It opens nothing, and says no where there is no such folder (RFC 3501 §6.3.10).
        let asked = connection.command("STATUS", &format!("STATUS {name} (UIDNEXT)"), |_| {}).await;
        if in_step(asked.as_ref().err()) {
            self.connection = Some(connection);
        }
        asked.map_err(|error| match error {
            MailboxError::Refused { said, .. } => MailboxError::NowhereToMove { folder, said },
            other => other,
        })
    }

    async fn file_with(
        &mut self,
        connection: &mut Connection,
        origins: &[Origin],
    ) -> Result<(), MailboxError> {
        let selected = match connection.selected() {
            Some(selected) => selected.clone(),
            None => connection.select(&self.settings.mailbox).await?,
        };
        if selected.read_only {
            self.warn_once("The mailbox is read-only: mails that were read are left as they are");
            return Ok(());
        }
        let here = |origin: &&Origin| {
            origin.validity == selected.validity && origin.mailbox == self.settings.mailbox && origin.uid > 0
        };
        let uids: BTreeSet<u32> = origins.iter().filter(here).map(|origin| origin.uid).collect();
        let Some(order) = self.order(connection.can_move)? else { return Ok(()) };
        let uids: Vec<u32> = uids.into_iter().collect();
        for chunk in uids.chunks(AT_A_TIME) {
            let set = uid_set(chunk.iter().copied());
            connection.command(order.name, &format!("{} {set} {}", order.name, order.what), |_| {}).await?;
        }
        Ok(())
    }

    /// The command, or none when the server cannot do it.
    fn order(&mut self, can_move: bool) -> Result<Option<Order>, MailboxError> {
        match &self.settings.after {
            After::Leave => Ok(None),
            After::Keyword(word) => {
                Ok(Some(Order { name: "UID STORE", what: format!("+FLAGS.SILENT ({})", keyword(word)?) }))
            }
            After::Move(folder) if can_move => {
                Ok(Some(Order { name: "UID MOVE", what: quoted("after", folder)? }))
            }
            After::Move(_) => {
                self.warn_once(
                    "The mailbox server cannot move mails: those that were read are left in place",
                );
                Ok(None)
            }
        }
    }

    fn warn_once(&mut self, text: &'static str) {
        if !std::mem::replace(&mut self.warned, true) {
            warn!(host = %self.settings.host, "{text}");
        }
    }
}

struct Order {
    name: &'static str,
    what: String,
}
