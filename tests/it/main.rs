//! Everything that needs a server, a process or more than one room. One binary, so that it links once.
#![cfg(test)]

mod corpora;
mod imap;
mod letters;
mod maildir;
mod privacy;
mod rig;
mod settings;
mod smtp;
