//! `poll(2)`, and a thread without signals.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr;
use std::time::Duration;

/// A socket that is waited for.
pub struct Watched<'a> {
    /// Which.
    pub socket: BorrowedFd<'a>,
    /// Whether to wait until it takes more bytes, too.
    pub writing: bool,
    /// Set when there is something to read, room to write, or an error to learn of.
    pub ready: bool,
}

/// Waits until a socket is ready or the time is over; a signal ends it early.
pub fn wait(sockets: &mut [Watched<'_>], time: Duration) -> io::Result<()> {
    let interest = |writing| if writing { libc::POLLIN | libc::POLLOUT } else { libc::POLLIN };
    let mut polled: Vec<libc::pollfd> = sockets
        .iter()
        .map(|socket| libc::pollfd {
            fd: socket.socket.as_raw_fd(),
            events: interest(socket.writing),
            revents: 0,
        })
        .collect();
    // Up, not down: a rest of half a millisecond is not to be spun away.
    let milliseconds = i32::try_from(time.as_micros().div_ceil(1000)).unwrap_or(i32::MAX);
    let count = libc::nfds_t::try_from(polled.len()).map_err(io::Error::other)?;
    // SAFETY: the pointer is to that many living entries.
    let result = unsafe { libc::poll(polled.as_mut_ptr(), count, milliseconds) };
    if result < 0 {
        let error = io::Error::last_os_error();
        return if error.kind() == io::ErrorKind::Interrupted { Ok(()) } else { Err(error) };
    }
    for (socket, polled) in sockets.iter_mut().zip(&polled) {
        socket.ready = polled.revents != 0;
    }
    Ok(())
}

/// Keeps the program's signals away from the calling thread, which is ours: handlers may count
/// on running in one of the program's own.
pub fn block_signals() {
    // SAFETY: every value of a signal set may be zero, and it is filled next.
    let mut all: libc::sigset_t = unsafe { std::mem::zeroed() };
    // SAFETY: the set lives; the old mask is not asked for.
    unsafe {
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, ptr::null_mut());
    }
}
