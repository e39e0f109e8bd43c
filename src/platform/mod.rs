//! The world outside: the only room that does I/O.
//!
//! Holds: clock, randomness, configuration, krb5.conf, accounts, machine names, the caller, log,
//! secrets encrypted in memory, Kerberos' caches, keytabs and replay caches, directory servers.
//! May use: `spi`, `wire` for the formats of files. Must not touch: protocols, `lsa`, `sspi`, `abi`.
//! `unsafe` only in `sys`, one small file for each interface of the C library.

pub mod accounts;
pub mod caller;
pub mod ccache;
pub mod config;
mod files;
pub mod host;
pub mod impersonation;
pub mod kdc;
mod kerberos_host;
pub mod keytab;
pub mod krb5_conf;
pub mod ldap;
mod lock;
pub mod logging;
pub mod machine;
pub mod mapping;
pub mod policy_watch;
pub mod protect;
pub mod replay;
mod sys;
mod trace;
pub mod winbind;

pub use host::Host;
