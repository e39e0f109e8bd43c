//! The program's half: handle tables, contexts as their owner sees them, message calls,
//! attributes.
//!
//! Holds: what an export does once its pointers are values. May use: `lsa`, `spi`; in
//! `established.rs` the `seal` halves of the packages.
//! Must not touch: raw pointers, token bytes, keys of the authority.
#![forbid(unsafe_code)]

pub mod attributes;
pub mod contexts;
pub mod credentials;
mod departed;
mod established;
pub mod handles;
pub mod impersonation;
pub mod messages;
pub mod sasl;
pub mod tokens;
pub mod transfer;

pub use crate::lsa::{find_package, local_time, packages, protect, start, unprotect};
