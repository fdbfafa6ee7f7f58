//! Everything that needs a server, a process or more than one room. One binary, so that it links once.

mod corpora;
mod letters;
mod settings;
