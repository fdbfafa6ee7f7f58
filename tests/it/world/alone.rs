//! Single loops, while the others stand still or fail.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use handoffd::app::App;
use handoffd::clock::Clock;
use handoffd::loops::{deliver, handle, receive};
use tokio::sync::watch;

use super::{Mail, Running, World};
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

    /// What lies in the inbox is read and handled once; whether that could be done.
    pub(crate) fn handle_once(&mut self) -> bool {
        let Running { desk, mailbox, .. } = self.running.as_mut().unwrap();
        self.runtime.block_on(async {
            receive::tick(desk, mailbox, "maildir").await.unwrap();
            handle::tick(desk).await.is_ok()
        })
    }

    /// The daemon itself runs, every loop at its own pace. The machine sleeps until an instant, and while it did a mail
    /// arrived: ends once that was read and handled, or answers that it was not, within so much real time.
    pub(crate) fn wakes_to(&mut self, mail: &Mail, at: DateTime<Utc>, patience: Duration) -> bool {
        self.stop();
        let clock = Clock::Manual(self.hand.clone());
        let app = self.runtime.block_on(App::build(&self.settings, clock)).unwrap();
        let desk = Arc::clone(&app.desk);
        let (ask, stop) = watch::channel(false);
        let daemon = self.runtime.spawn(app.run(stop));
        let is_done = |round: u32| {
            let desk = Arc::clone(&desk);
            async move {
                while desk.progress.inbox_round() < round
                    || !desk.progress.is_inbox_read()
                    || desk.store.waiting().await.unwrap() > 0
                {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            }
        };
        self.runtime.block_on(is_done(0));
        self.drop_in(mail);
        self.hand.move_to(at);
        let done = self.runtime.block_on(async { tokio::time::timeout(patience, is_done(1)).await.is_ok() });
        ask.send(true).unwrap();
        self.runtime.block_on(daemon).unwrap().unwrap();
        self.restart();
        self.settle();
        done
    }
}
