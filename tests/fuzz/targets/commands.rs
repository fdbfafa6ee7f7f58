//! Reply text → command.
#![no_main]

use handoffd_fuzz::targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::commands(&String::from_utf8_lossy(data)));
