//! The targets of the fuzzer: the same functions that the ordinary tests run on their mutants (`tests/it/fuzz`).

#[path = "../it/fuzz/targets.rs"]
pub mod targets;
