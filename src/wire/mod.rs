//! Bytes and structs of the protocols.
//!
//! Holds: NTLM messages. May use: `spi::error`. Must not touch: state, keys, the clock, I/O, the
//! log.
#![forbid(unsafe_code)]

pub mod ntlm;
