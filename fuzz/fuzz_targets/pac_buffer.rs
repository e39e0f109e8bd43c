//! See `bodies::pac::pac_buffer`.
#![no_main]

#[path = "../bodies/mod.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::pac::pac_buffer(data));
