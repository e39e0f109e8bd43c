//! The C boundary: pointers become values here, and values become pointers.
//!
//! Holds: the exported functions, `repr(C)` types, the pointer vocabulary, A and W strings,
//! memory that is handed out. May use: `sspi`, `lsa` (its LSA calls), `spi`.
//! Must not touch: protocols, `wire`, `crypto`, `platform`.
#![allow(unsafe_code)]

pub mod boundary;
pub mod buffers;
pub mod exports;
pub mod flags;
pub mod handles;
pub mod handshake;
pub mod identity;
pub mod last_error;
pub mod lsa;
pub mod memory;
pub mod package_block;
pub mod pointers;
pub mod strings;
pub mod time;
pub mod tokens;
pub mod types;
