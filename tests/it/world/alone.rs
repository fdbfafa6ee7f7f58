//! Single loops, while the others stand still or fail.

use handoffd::loops::{deliver, handle, receive};

use super::{Running, World};
use crate::rig::rows;

impl World {
    /// What is due is sent, and nothing else happens.
    pub(crate) fn deliver_alone(&mut self) {
        let Running { desk, outlet, .. } = self.running.as_mut().unwrap();
        self.runtime.block_on(async { while deliver::tick(desk, outlet).await.unwrap() > 0 {} });
        self.look_into_outbox();
    }

    /// The mailbox is polled to its end, and nothing is made of what lies there yet.
    pub(crate) fn poll_alone(&mut self) {
        let Running { desk, mailbox, .. } = self.running.as_mut().unwrap();
        self.runtime.block_on(async { while receive::tick(desk, mailbox, "maildir").await.unwrap() {} });
    }

    /// Mail comes in while the store takes no new record.
    pub(crate) fn handle_in_vain(&mut self) {
        let url = format!("sqlite://{}", self.root.join("handoffd.db").display());
        let Running { desk, mailbox, .. } = self.running.as_mut().unwrap();
        self.runtime.block_on(async {
            let refuse =
                "CREATE TRIGGER refuse BEFORE INSERT ON referral BEGIN SELECT RAISE(ABORT, 'no'); END";
            receive::tick(desk, mailbox, "maildir").await.unwrap();
            rows::change(&url, refuse).await;
            assert!(handle::tick(desk).await.is_err());
            rows::change(&url, "DROP TRIGGER refuse").await;
        });
    }
}
