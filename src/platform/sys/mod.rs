//! The C library's interfaces that have no well-kept safe wrapper, one small file each.
//!
//! Holds: `secure_getenv`, `gethostname`, `localtime_r`, `geteuid`, `getpwuid_r`, locks on
//! files. May use: nothing. Must not touch: everything else.
#![allow(unsafe_code)]

mod environment;
mod hostname;
mod localtime;
mod lock;
mod user;

pub use environment::secure_variable;
pub use hostname::hostname;
pub use localtime::utc_offset;
pub use lock::{LockKind, try_lock, unlock};
pub use user::{effective_user, real_user, user_name};
