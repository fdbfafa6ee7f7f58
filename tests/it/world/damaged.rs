//! A store in which something cannot be read, for a while.

use handoffd::app;
use handoffd::store::seal::Keyring;

use super::World;
use crate::rig::rows;

impl World {
    /// The record of this row is damaged: nobody can open it until it is [mended](World::mend).
    pub(crate) fn damage(&mut self, row: u8) {
        let damage = match row {
            1 => "UPDATE referral SET record = X'00' WHERE id = 1",
            2 => "UPDATE referral SET record = X'00' WHERE id = 2",
            _ => panic!("one of the first two"),
        };
        let url = self.url();
        self.runtime.block_on(async {
            rows::change(&url, "CREATE TABLE whole AS SELECT id, record FROM referral").await;
            rows::change(&url, damage).await;
        });
    }

    /// No mail that was kept opens any more.
    pub(crate) fn damage_mails(&mut self) {
        let url = self.url();
        self.runtime.block_on(rows::change(&url, "UPDATE mail_raw SET raw = substr(raw, 1, 40)"));
    }

    /// What was damaged is put back as it was.
    pub(crate) fn mend(&mut self) {
        let url = self.url();
        self.runtime.block_on(async {
            let mend = "UPDATE referral SET record = (SELECT record FROM whole WHERE id = referral.id) \
                        WHERE record = X'00'";
            rows::change(&url, mend).await;
            rows::change(&url, "DROP TABLE whole").await;
        });
    }

    /// An operator adds a key and wraps everything with it, while the daemon goes on with the keys it read.
    pub(crate) fn rotate_keys_beside(&mut self) {
        Keyring::add_key(&self.root.join("key")).unwrap();
        let settings = &self.settings;
        self.runtime.block_on(async {
            let store = app::open_store(settings).await.unwrap();
            while store.rewrap_some().await.unwrap() > 0 {}
            store.close().await;
        });
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.root.join("handoffd.db").display())
    }
}
