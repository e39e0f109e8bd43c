//! The directory of a domain: an LDAP client that binds with a security package and looks
//! accounts up, and the forms of their names.
//!
//! Holds: the connection with its security layer, the bind, the searches, what is made of their
//! answers. May use: `spi`, `wire`. Must not touch: the packages (one is handed in), `lsa`,
//! `platform`; the connection is handed in, too.
#![forbid(unsafe_code)]

mod bind;
mod client;
mod forms;
mod layer;
mod lookup;
mod machine;

pub use bind::{Who, bind};
pub use client::Client;
pub use lookup::{Directory, Sought};
pub use machine::machine_identity;
