//! The exported functions, a file for each family.
//!
//! Holds: plain `extern "C"` functions under their Windows names, each inside one `boundary`.
//! May use: the rest of `abi`, `sspi`, `spi`. Must not touch: protocols.
#![allow(non_snake_case, clippy::too_many_arguments, clippy::wildcard_imports)]

pub mod attributes;
pub mod context;
pub mod credentials;
pub mod identities;
pub mod impersonation;
pub mod logon;
pub mod lsa;
pub mod memory;
pub mod message;
pub mod names;
pub mod packages;
pub mod packages_admin;
pub mod password;
pub mod sasl;
pub mod saved_credentials;
pub mod status;
pub mod table;
pub mod target_info;
pub mod thread_token;
pub mod token_information;
pub mod tokens;
pub mod transfer;
pub mod unsupported;
