//! An office in which mails wait for a person.

use handoffd::settings::Settings;

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
                assert!(store.replay(mail.id).await.unwrap());
            }
        });
        self.settle();
    }

    /// The parked mails: the cause, and the record each led to.
    pub(crate) fn parked(&self) -> Vec<(String, Option<String>)> {
        let parked = self.runtime.block_on(self.desk().store.parked()).unwrap();
        parked.into_iter().map(|mail| (mail.cause, mail.reference)).collect()
    }
}
