//! The security package interface: the words that all rooms share.
//!
//! Holds: traits, errors, flags, names, secrets, messages, the packed context, handle tables, SIDs
//! and who clients are.
//! May use: nothing of this crate. Must not touch: everything else.
#![forbid(unsafe_code)]

pub mod bindings;
pub mod directory;
pub mod environment;
pub mod error;
pub mod flags;
pub mod identity;
pub mod kerberos;
pub mod logon;
pub mod message;
pub mod package;
pub mod packed;
pub mod secret;
pub mod sid;
pub mod status;
pub mod table;
pub mod target;
pub mod text;
pub mod tickets;
pub mod time;
pub mod token;
