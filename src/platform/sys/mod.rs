//! The C library's interfaces that have no well-kept safe wrapper, one small file each.
//!
//! Holds: `secure_getenv`, `gethostname`, `localtime_r`, `geteuid`, `getpwnam_r`, `getgrouplist`,
//! `poll`, `res_query`, `getaddrinfo`, locks on files, keyrings, Unix sockets, events, libwbclient,
//! the identity of a thread. May use: `spi::{secret, sid}`. Must not touch: everything else.
#![allow(unsafe_code)]

mod environment;
mod event;
mod hostname;
pub mod keyctl;
mod localtime;
mod lock;
mod login;
mod poll;
#[cfg(test)]
pub mod regex;
mod resolver;
mod thread_identity;
mod unix_socket;
mod user;
pub mod wbclient;

pub use environment::secure_variable;
pub use event::open_event;
pub use hostname::hostname;
pub use localtime::utc_offset;
pub use lock::{LockKind, try_lock, unlock};
pub use login::{Login, groups_of, login_by_name};
pub use poll::{Watched, block_signals, wait};
pub use resolver::{canonical_name, query};
pub use thread_identity::{Failed, ThreadIdentity};
pub use unix_socket::connect_unix;
pub use user::{effective_user, real_user, user_entry, user_name};
