//! The rules of a warm handoff.
pub mod address;
pub mod packet;
