//! Everything that needs a server, a process or more than one room. One binary, so that it links once.
#![cfg(test)]

mod corpora;
mod fuzz;
mod hostile;
mod imap;
mod letters;
mod maildir;
mod parked;
mod rig;
mod settings;
mod smtp;
#[cfg(test)]
mod story;
#[cfg(test)]
mod world;
