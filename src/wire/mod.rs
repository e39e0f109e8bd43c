//! Bytes and structs of the protocols.
//!
//! Holds: NTLM messages, the frame of GSS tokens. May use: `spi::error`. Must not touch: state, keys, the clock, I/O, the
//! log.
#![forbid(unsafe_code)]

pub mod gss;
pub mod ntlm;
