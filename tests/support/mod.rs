//! What the tests of the packages share.
#![allow(dead_code, reason = "each test binary uses a part")]

pub mod ap;
pub mod client;
pub mod env;
pub mod handshake;
pub mod kdc;
pub mod kerberos;
pub mod negotiate;
pub mod pac;
pub mod random;
pub mod reference;
pub mod spnego;
