//! Bytes and structs of the protocols.
//!
//! Holds: messages of NTLM, Kerberos, SPNEGO and LDAP, PACs, the frame of GSS tokens. May use:
//! `spi::{error, kerberos, secret, sid, time}`. Must not touch: state, keys, the clock, I/O, the log.
#![forbid(unsafe_code)]

pub mod gss;
pub mod kerberos;
pub mod ldap;
pub mod ntlm;
pub mod pac;
pub mod spnego;
