//! Report: figures → a mail for the people who answer for the service, pure.
//!
//! Nevers: no clock, no store, no client data; references, words of ours and counts only.

pub mod cells;
pub mod digest;
pub mod figures;
pub mod measures;
pub mod periodic;
pub mod pilot;
