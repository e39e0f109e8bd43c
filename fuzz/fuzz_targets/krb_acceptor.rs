//! See `bodies::exchange::krb_acceptor`.
#![no_main]

#[path = "../bodies/mod.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::exchange::krb_acceptor(data));
