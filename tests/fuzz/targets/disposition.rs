//! Raw bytes → disposition.
#![no_main]

use handoffd_fuzz::targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::disposition(data));
