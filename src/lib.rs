//! handoffd: a daemon that stops people from disappearing after a referral.
pub mod intake;
pub mod letters;
pub mod referral;
pub mod report;
