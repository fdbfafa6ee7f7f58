//! Leases: a relay so slow that letters which were claimed are anybody's again before their turn comes.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use handoffd::app;
use handoffd::clock::{Clock, ManualClock};
use handoffd::delivery::Outlet;
use handoffd::delivery::smtp::Smtp;
use handoffd::loops::Desk;
use handoffd::loops::deliver::{self, Courier};
use handoffd::referral::letter::Part;
use handoffd::settings::Settings;
use handoffd::store::outbox::Queued;
use handoffd::store::records::Commit;
use handoffd::store::seal::Keyring;
use tempfile::TempDir;

use super::address;
use crate::rig::relay::{Act, Phase, Relay, Turn};
use crate::world::OFFICE;

/// A desk whose letters go to a relay, on a clock that the relay moves.
struct Slow {
    _folder: TempDir,
    desk: Arc<Desk>,
    relay: Relay,
    courier: Courier,
}

impl Slow {
    /// The relay does what `script` says; it is given the clock.
    async fn relay(script: impl Fn(&Turn, &ManualClock) -> Act + Send + Sync + 'static) -> Slow {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("key");
        fs::write(&key, Keyring::fresh_file().unwrap()).unwrap();
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
        for name in ["inbox", "outbox"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let settings = Settings::parse(OFFICE, "office.toml", folder.path()).unwrap();
        let store = app::open_store(&settings).await.unwrap();
        let dial = ManualClock::at(noon());
        let desk = Arc::new(app::desk(&settings, store, Clock::Manual(dial.clone())).unwrap());
        let relay = Relay::start(move |turn| script(turn, &dial));
        let courier = Courier::new(Outlet::Smtp(Smtp::new(relay.settings())));
        Slow { _folder: folder, desk, relay, courier }
    }

    async fn queue(&self, letters: usize) {
        let letter = |number: usize| Queued {
            natural_key: format!("letter {number:03}"),
            message_id: format!("{number}@example.org"),
            kind: "receipt",
            part: Part::Sender,
            to: address(&format!("n{number:03}@partner.example")),
            message: b"Subject: x\r\n\r\nInvented.\r\n".to_vec(),
            send_at: noon(),
        };
        let commit = Commit { letters: (0..letters).map(letter).collect(), ..Commit::default() };
        self.desk.store.commit(&[commit], noon()).await.unwrap();
    }

    /// Sends until nothing is due and nobody has any.
    async fn send_all(&mut self) {
        while let Some(at) = self.desk.store.next_letter().await.unwrap() {
            if let Clock::Manual(dial) = &self.desk.clock {
                dial.move_to(at);
            }
            deliver::tick(&self.desk, &mut self.courier).await.unwrap();
        }
    }

    /// To how many addresses letters went, and how many.
    fn taken(&self) -> (usize, usize) {
        let taken = self.relay.taken();
        (taken.iter().map(|mail| &mail.to).collect::<BTreeSet<_>>().len(), taken.len())
    }
}

fn noon() -> DateTime<Utc> {
    "2026-11-24T17:00:00Z".parse().unwrap()
}

fn waits_for(clock: &ManualClock, minutes: i64) {
    let now = Clock::Manual(clock.clone()).now();
    clock.move_to(now + TimeDelta::minutes(minutes));
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_claimed_ahead_go_once_though_the_relay_is_slower_than_their_lease() {
    let mut slow = Slow::relay(|turn, clock| {
        if turn.phase == Phase::Dot && turn.to.starts_with("n199@") {
            waits_for(clock, 31);
        }
        Act::Go
    })
    .await;
    slow.queue(420).await;
    slow.send_all().await;
    assert_eq!(slow.taken(), (420, 420));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_whose_lease_is_nearly_over_is_not_begun() {
    for minutes in [25, 31] {
        let mut slow = Slow::relay(move |turn, clock| {
            if turn.phase == Phase::Dot && turn.to.starts_with("n001@") {
                waits_for(clock, minutes);
            }
            Act::Go
        })
        .await;
        slow.queue(4).await;
        deliver::tick(&slow.desk, &mut slow.courier).await.unwrap();
        assert_eq!(slow.taken(), (2, 2), "after {minutes} minutes");
        slow.send_all().await;
        assert_eq!(slow.taken(), (4, 4), "after {minutes} minutes");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_in_trouble_frees_no_letter_that_somebody_else_may_have() {
    let mut slow = Slow::relay(|turn, clock| {
        if turn.phase == Phase::Mail {
            waits_for(clock, 31);
            return Act::Say("451 4.3.0 try later".to_owned());
        }
        Act::Go
    })
    .await;
    slow.queue(2).await;
    deliver::tick(&slow.desk, &mut slow.courier).await.unwrap_err();
    let lines = slow.desk.store.letters_since(0).await.unwrap();
    let states: Vec<&str> = lines.iter().map(|line| line.state.word()).collect();
    assert_eq!(states, ["queued", "claimed"]);
}
