//! The world outside: the only room that does I/O.
//!
//! Holds: clock, randomness, configuration, krb5.conf, accounts, machine names, log,
//! secrets encrypted in memory.
//! May use: `spi`. Must not touch: protocols, `lsa`, `sspi`, `abi`.
//! `unsafe` only in `sys`, one small file for each interface of the C library.

pub mod accounts;
pub mod config;
mod files;
pub mod host;
pub mod krb5_conf;
pub mod logging;
pub mod machine;
pub mod protect;
mod sys;

pub use host::Host;
