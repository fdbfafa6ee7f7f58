//! Form text → packet.
#![no_main]

use handoffd_fuzz::targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::form(&String::from_utf8_lossy(data)));
