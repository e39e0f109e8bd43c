//! A replay cache's file, as all threads of a process share it.

use std::fs::{File, Metadata};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::OnceLock;
use std::time::Duration;

use super::file2::{self, Clock, Stored};
use super::turn::Turn;
use crate::platform::files::{self, Access};
use crate::platform::lock::{LOCK_WAIT, LockKind, Locked};
use crate::spi::error::{Error, LocalFault, Result};
use crate::spi::kerberos::{Freshness, KerberosTime};

/// The file of one name.
#[derive(Debug)]
pub struct SharedFile {
    path: PathBuf,
    wait: Duration,
    users: Users,
}

/// What the threads of one process share. A child process has its own: it must neither share its
/// parent's lock, which belongs to the open file, nor wait for a thread that it does not have.
#[derive(Debug)]
struct Users {
    process: u32,
    turn: Turn<State>,
    child: OnceLock<Box<Users>>,
}

#[derive(Debug, Default)]
struct State {
    opened: Option<(File, Metadata)>,
    /// Until when the records had to be kept that have given up their places.
    forgotten: u32,
}

impl SharedFile {
    /// Opened when it is needed, and kept open.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), wait: LOCK_WAIT, users: Users::new(process::id()) }
    }

    /// The same, with a patience of its own.
    #[cfg(test)]
    pub fn with_wait(path: &Path, wait: Duration) -> Self {
        Self { wait, ..Self::new(path) }
    }

    /// Looks for a tag and writes it if it is not there.
    pub fn remember(&self, tag: &[u8; 12], now: KerberosTime, skew: Duration) -> Result<Freshness> {
        let clock = Clock {
            now: u32::try_from(now.0.max(0)).unwrap_or(u32::MAX),
            skew: u32::try_from(skew.as_secs()).unwrap_or(u32::MAX),
        };
        let turn = self.users.current().turn.take(self.wait);
        let mut state = turn.ok_or_else(|| self.unusable("other threads wait for it"))?;
        if clock.now <= state.forgotten {
            return Err(self.unusable("the clock was set back behind what is remembered"));
        }
        let stored = self.store(&mut state, tag, clock)?;
        state.forgotten = state.forgotten.max(stored.forgotten);
        Ok(stored.freshness)
    }

    fn store(&self, state: &mut State, tag: &[u8; 12], clock: Clock) -> Result<Stored> {
        // Somebody may put another file in its place, before its lock is ours.
        for _ in 0..16 {
            let (file, metadata) = match state.opened.take() {
                Some(opened) => opened,
                None => files::open_own(&self.path, Access::Create)
                    .map_err(|error| self.unusable(error))?,
            };
            let lock = Locked::new(&file, LockKind::Exclusive, self.wait);
            let lock = lock.map_err(|error| self.unusable(error))?;
            if files::still_there(&self.path, &metadata) {
                let stored = file2::store(&file, tag, clock);
                drop(lock);
                state.opened = Some((file, metadata));
                return stored.map_err(|error| self.unusable(error));
            }
        }
        Err(self.unusable("it is replaced again and again"))
    }

    fn unusable(&self, why: impl std::fmt::Display) -> Error {
        let story = format!("the replay cache {}: {why}", self.path.display());
        Error::new(LocalFault::NoReplayCache, story)
    }
}

impl Users {
    fn new(process: u32) -> Self {
        Self { process, turn: Turn::default(), child: OnceLock::new() }
    }

    fn current(&self) -> &Self {
        let process = process::id();
        let mut users = self;
        while users.process != process {
            users = users.child.get_or_init(|| Box::new(Self::new(process)));
        }
        users
    }
}
