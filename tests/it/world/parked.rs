//! An office in which mails wait for a person.

use handoffd::settings::Settings;
use handoffd::store::replay::{Replay, Settling};

use super::World;

impl World {
    /// The daemon is started again with another config.
    pub(crate) fn restart_with(&mut self, config: &str) {
        self.stop();
        self.settings = Settings::parse(config, "office.toml", &self.root)
            .unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
        self.restart();
    }

    /// A person replays every parked mail.
    pub(crate) fn replay_parked(&mut self) {
        self.runtime.block_on(async {
            let store = &self.running.as_ref().unwrap().desk.store;
            for mail in store.parked().await.unwrap() {
                assert_eq!(store.replay(mail.id).await.unwrap(), Replay::Waits);
            }
        });
        self.settle();
    }

    /// A person read the only parked mail in the mailbox, and it asks nothing.
    pub(crate) fn settle_parked(&mut self) {
        let now = self.now().to_utc();
        self.runtime.block_on(async {
            let store = &self.running.as_ref().unwrap().desk.store;
            let id = store.parked().await.unwrap()[0].id;
            assert_eq!(store.settle_unread(id, now).await.unwrap(), Settling::Done);
        });
        self.settle();
    }

    /// A person hands the whole of the first parked mail in, of which only the head was kept.
    pub(crate) fn replay_whole(&mut self, raw: Vec<u8>) {
        let now = self.now().to_utc();
        self.runtime.block_on(async {
            let store = &self.running.as_ref().unwrap().desk.store;
            let id = store.parked().await.unwrap()[0].id;
            assert_eq!(store.replay(id).await.unwrap(), Replay::HeadOnly);
            assert_eq!(store.replay_whole(id, raw, now).await.unwrap(), Replay::Waits);
        });
        self.settle();
    }

    /// The parked mails: the cause, and the record each led to.
    pub(crate) fn parked(&self) -> Vec<(String, Option<String>)> {
        let parked = self.runtime.block_on(self.desk().store.parked()).unwrap();
        parked.into_iter().map(|mail| (mail.cause, mail.reference)).collect()
    }
}
