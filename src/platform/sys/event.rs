//! `eventfd(2)` objects of the calling program, named by their number.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd, RawFd};

/// A second descriptor of an event that the program made; what is no event is refused.
pub fn open_event(number: RawFd) -> io::Result<OwnedFd> {
    let what = std::fs::read_link(format!("/proc/self/fd/{number}"))?;
    if number < 0 || what.as_os_str() != "anon_inode:[eventfd]" {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    }
    // SAFETY: the number is not -1, and it is borrowed for this one call, which fails cleanly if
    // the program closes it meanwhile.
    unsafe { BorrowedFd::borrow_raw(number) }.as_fd().try_clone_to_owned()
}
