//! handoffd: a daemon that stops people from disappearing after a referral.
pub mod delivery;
pub mod intake;
pub mod mailbox;
pub mod referral;
pub mod wire;
