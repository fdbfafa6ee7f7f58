//! handoffd: a daemon that stops people from disappearing after a referral.
//!
//! The rooms, in the order a mail meets them. A room imports only rooms above it in this list (a test checks it).
//!
//! 1. [`referral`]: the rules of a handoff. Pure: time is an argument, effects are values.
//! 2. [`intake`]: bytes → meaning. Pure, and it cannot fail.
//! 3. [`letters`]: what is to be said → mail bytes. Pure.
//! 4. [`report`]: figures → the digest. [`simulation`]: the rules against invented referrals → the measures. Pure.
//! 5. [`clock`]: the only wall clock. [`lock`]: how a lock is taken. [`wire`]: TLS, bounded streams, secrets.
//! 6. [`settings`]: one file of settings → checked domain types, every mistake at once.
//! 7. [`mailbox`]: where mail comes from. Knows no referral.
//! 8. [`store`]: memory. The only place with SQL, and the only place that seals.
//! 9. [`delivery`]: handing letters over. Knows no referral.
//! 10. [`loops`]: the hands. Each file one `tick`.
//! 11. [`lifecycle`]: signals and systemd. [`app`]: the only place that picks implementations.
//!
//! Nevers: `referral` imports no other room and is never async; nothing pure reads a clock or logs; only [`app`] names
//! concrete stores, mailboxes, outlets; only `loops::deliver` sends; nothing logs an address, a name or a text of a
//! mail; no mail is lost: it is stored, parked with a cause, or still in the mailbox.

pub mod app;
pub mod clock;
pub mod commands;
pub mod delivery;
pub mod intake;
pub mod letters;
pub mod lifecycle;
pub mod lock;
pub mod loops;
pub mod mailbox;
pub mod referral;
pub mod report;
pub mod settings;
pub mod simulation;
pub mod store;
pub mod wire;
