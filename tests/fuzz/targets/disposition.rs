//! Raw bytes → disposition.
#![no_main]

#[path = "../../it/fuzz/targets.rs"]
mod targets;

// The fuzzer's hook takes a panic that intake catches for a crash; one that is not caught ends the process without it.
libfuzzer_sys::fuzz_target!(init: drop(std::panic::take_hook()), |data: &[u8]| targets::run("disposition", data));
