//! What the C library's resolver does, it does for as long as it likes: in a thread of its own,
//! which is waited for only so long.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::platform::sys;

/// Threads that were given up may still be waiting for a name server.
const MAX_RUNNING: usize = 64;
const STACK: usize = 512 << 10;

static RUNNING: AtomicUsize = AtomicUsize::new(0);

/// Something that will be there.
pub struct Pending<T>(Receiver<T>);

/// Starts it.
pub fn start<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<Pending<T>> {
    let place = Place::take()?;
    let (sender, receiver) = sync_channel(1);
    let thread = thread::Builder::new().name("secur32-dns".to_owned()).stack_size(STACK);
    thread.spawn(move || {
        sys::block_signals();
        let result = work();
        drop(place);
        // Nobody may be waiting any more.
        let _ = sender.send(result);
    })?;
    Ok(Pending(receiver))
}

impl<T> Pending<T> {
    /// Waits for it, but not longer than that.
    pub fn wait(&self, deadline: Instant) -> Option<T> {
        self.0.recv_timeout(deadline.saturating_duration_since(Instant::now())).ok()
    }

    /// Waits a little: it is there, or it is not there yet, or it never will.
    pub fn poll(&self, time: Duration) -> Result<T, RecvTimeoutError> {
        self.0.recv_timeout(time)
    }
}

/// One of the threads that may run.
struct Place;

impl Place {
    fn take() -> io::Result<Self> {
        let place = Self;
        if RUNNING.fetch_add(1, Ordering::Relaxed) < MAX_RUNNING {
            return Ok(place);
        }
        Err(io::Error::other("too many look-ups wait for the resolver"))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        RUNNING.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_comes_is_not_waited_for() {
        let (sender, receiver) = sync_channel::<()>(0);
        let pending = start(move || receiver.recv()).unwrap();
        assert!(pending.wait(Instant::now() + Duration::from_millis(20)).is_none());
        assert_eq!(pending.poll(Duration::ZERO).err(), Some(RecvTimeoutError::Timeout));
        drop(sender);
        assert!(pending.wait(Instant::now() + Duration::from_secs(60)).is_some());
    }
}
