//! One binary for all tests against the public face of the library.

#[cfg(test)]
mod letters;
//! The integration tests, in one binary.

mod corpora;
//! The tests from outside: one binary.

mod corpora {
    mod bodies;
    mod forwards;
    mod replies;
}
//! Everything that needs a server, a process or more than one room. One binary, so that it links once.

mod settings;
