//! The tests from outside: one binary.

mod corpora {
    mod bodies;
    mod forwards;
    mod replies;
}
