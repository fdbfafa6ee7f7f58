//! The rules of a warm handoff: pure, readable in one sitting, and importing no other room.
//!
//! [`decide`] answers two questions: what follows from this event at this time, and when must I be asked again.
//! Effects are values: a [`decide::Decision`] holds the record as it should be, the facts that happened and the letters
//! to send. Nevers: no clock, no log, no async, no store.

#![deny(clippy::wildcard_enum_match_arm, reason = "a new case must be thought about everywhere")]

pub mod address;
pub mod calendar;
pub mod clock;
pub mod command;
pub mod conflict;
pub mod contact;
pub mod decide;
pub mod disposition;
pub mod driver;
pub mod eligibility;
pub mod event;
pub mod fact;
pub mod fold;
pub mod handovers;
pub mod letter;
mod masked;
pub mod onward;
pub mod packet;
pub mod party;
pub mod policy;
pub mod reason;
pub mod record;
pub mod reference;
pub mod roster;
pub mod safety;
pub mod verbs;
pub mod zone;
