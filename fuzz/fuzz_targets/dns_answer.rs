//! See `bodies::machine::dns_answer`.
#![no_main]

#[path = "../bodies/mod.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::machine::dns_answer(data));
