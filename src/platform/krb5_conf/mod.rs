//! krb5.conf, as MIT reads it.
//!
//! Holds: the files with their includes, the tree of sections, the typed settings, the servers of
//! realms, the names of caches and keytabs. May use: `spi`, its siblings in `platform`.
//! Must not touch: protocols, caches and keytabs themselves.
#![forbid(unsafe_code)]

mod conf;
mod expand;
mod include;
mod parse;
mod profile;
mod values;

#[cfg(test)]
mod tests;

pub use conf::{FileNames, Krb5Conf, RealmServers, Transport};
pub use include::{Reading, load, read};
pub use profile::{Place, Profile, Section, Value};
pub use values::duration;
