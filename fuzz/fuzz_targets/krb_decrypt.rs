//! See `bodies::keys::krb_decrypt`.
#![no_main]

#[path = "../bodies/mod.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::keys::krb_decrypt(data));
