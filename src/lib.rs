//! handoffd: a daemon that stops people from disappearing after a referral.
pub mod intake;
pub mod referral;
pub mod settings;
