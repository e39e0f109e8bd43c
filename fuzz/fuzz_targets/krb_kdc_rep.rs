//! See `bodies::kerberos::kdc_rep`.
#![no_main]

#[path = "../bodies/mod.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::kerberos::kdc_rep(data));
