//! Locks on files that are waited for, but not for ever.
#![forbid(unsafe_code)]

use std::fs::File;
use std::io::{self, ErrorKind};
use std::thread;
use std::time::{Duration, Instant};

use super::sys;
pub use super::sys::LockKind;

/// As long as whoever holds a file's lock may need: their work takes microseconds.
pub const LOCK_WAIT: Duration = Duration::from_secs(5);

/// A lock on a whole file, given back when dropped.
#[derive(Debug)]
pub struct Locked<'a>(Option<&'a File>);

impl<'a> Locked<'a> {
    /// Locks the file; gives up after a while.
    pub fn new(file: &'a File, kind: LockKind, wait: Duration) -> io::Result<Self> {
        let mut started = None;
        let mut pause = Duration::from_micros(20);
        while !sys::try_lock(file, kind)? {
            let started = *started.get_or_insert_with(Instant::now);
            if started.elapsed() >= wait {
                let story = format!("somebody has held its lock for {} ms", wait.as_millis());
                return Err(io::Error::new(ErrorKind::TimedOut, story));
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(5));
        }
        Ok(Self(Some(file)))
    }

    /// The same, on file systems without locks without one: for readers of files that are
    /// replaced and not changed.
    pub fn if_possible(file: &'a File, kind: LockKind, wait: Duration) -> io::Result<Self> {
        match Self::new(file, kind, wait) {
            Err(error) if without_locks(&error) => Ok(Self(None)),
            locked => locked,
        }
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        if let Some(file) = self.0 {
            // Closing the file gives the lock back in any case.
            let _ = sys::unlock(file);
        }
    }
}

fn without_locks(error: &io::Error) -> bool {
    let code = error.raw_os_error();
    matches!(code, Some(libc::ENOLCK | libc::EINVAL | libc::ENOSYS | libc::EOPNOTSUPP))
}
