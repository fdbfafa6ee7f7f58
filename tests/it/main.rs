//! Everything that needs a server, a process or more than one room. One binary, so that it links once.
#![cfg(test)]

mod acceptance;
mod asked;
mod attached;
mod catalogue;
mod commands;
mod corpora;
mod daemon;
mod fuzz;
mod hostile;
mod imap;
mod letters;
mod maildir;
mod operators;
mod parked;
mod people;
mod privacy;
mod rig;
#[cfg(test)]
mod rules;
mod settings;
mod simulate;
mod smtp;
mod store;
#[cfg(test)]
mod story;
mod tidy;
#[cfg(test)]
mod world;
