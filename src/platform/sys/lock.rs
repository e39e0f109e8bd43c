//! `fcntl(2)` with `F_OFD_SETLK`: locks that belong to the open file and not to the process, so
//! that threads exclude each other too. They conflict with the locks of MIT and Heimdal.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

/// With whom a lock is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockKind {
    /// With other readers.
    Shared,
    /// With nobody.
    Exclusive,
}

/// Locks a whole file, without waiting; `false` when somebody else holds it.
pub fn try_lock(file: &File, kind: LockKind) -> io::Result<bool> {
    let kind = match kind {
        LockKind::Shared => libc::F_RDLCK,
        LockKind::Exclusive => libc::F_WRLCK,
    };
    match set(file, kind) {
        Ok(()) => Ok(true),
        Err(error) => match error.raw_os_error() {
            Some(libc::EAGAIN | libc::EACCES) => Ok(false),
            _ => Err(error),
        },
    }
}

/// Gives the lock back.
pub fn unlock(file: &File) -> io::Result<()> {
    set(file, libc::F_UNLCK)
}

fn set(file: &File, kind: libc::c_int) -> io::Result<()> {
    // SAFETY: every field of a `flock` may be zero; zero offsets mean the whole file.
    let mut lock: libc::flock = unsafe { std::mem::zeroed() };
    lock.l_type = kind as libc::c_short;
    lock.l_whence = libc::SEEK_SET as libc::c_short;
    // SAFETY: the descriptor is open as long as `file` is borrowed, and the pointer is to a
    // living `flock`, which this command only reads.
    let result = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_OFD_SETLK, &raw const lock) };
    if result == -1 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
