//! `connect(2)` to a Unix socket in bounded time: the standard library waits for ever where
//! nobody accepts.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// A connection to the socket of this name. The same time is the limit of each write on it.
pub fn connect_unix(path: &Path, wait: Duration) -> io::Result<UnixStream> {
    // SAFETY: takes no pointers.
    let socket = unsafe { libc::socket(libc::AF_UNIX, libc::SOCK_STREAM | libc::SOCK_CLOEXEC, 0) };
    if socket == -1 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the descriptor was just made, and nobody else has it.
    let socket = UnixStream::from(unsafe { OwnedFd::from_raw_fd(socket) });
    socket.set_write_timeout(Some(wait))?;
    let address = address(path)?;
    let length = size_of::<libc::sockaddr_un>() as libc::socklen_t;
    // SAFETY: the address lives, and is as long as is said.
    let result = unsafe { libc::connect(socket.as_raw_fd(), (&raw const address).cast(), length) };
    if result == -1 { Err(io::Error::last_os_error()) } else { Ok(socket) }
}

fn address(path: &Path) -> io::Result<libc::sockaddr_un> {
    // SAFETY: every field of a `sockaddr_un` may be zero.
    let mut address: libc::sockaddr_un = unsafe { std::mem::zeroed() };
    address.sun_family = libc::AF_UNIX as libc::sa_family_t;
    let name = path.as_os_str().as_bytes();
    // One byte stays for the NUL at the end.
    if name.is_empty() || name.len() >= address.sun_path.len() || name.contains(&0) {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    }
    for (to, from) in address.sun_path.iter_mut().zip(name) {
        *to = from.cast_signed();
    }
    Ok(address)
}
