//! Logon sessions: what clients delegated to this process's servers.
//!
//! Holds: the table of sessions, by number. May use: `credentials`, `spi`.
//! Must not touch: everything else.
//!
//! A session lives as long as the server's context that brought it. A credential that was
//! acquired from it goes on without it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use super::credentials::{self, CredentialId, Entry};
use crate::spi::environment::Environment;
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::package::{Credential, PackageId};
use crate::spi::time::FileTime;

/// Names a logon session: what Windows calls a LUID.
pub type LogonId = u64;

/// Makes a credential of what was delegated to a session.
pub fn acquire_from_logon(package: PackageId, logon: LogonId) -> Result<(CredentialId, FileTime)> {
    let entry = sessions().get(&logon).cloned().ok_or_else(|| {
        let story = format!("there is no logon session {logon:#x} of this process");
        Error::new(CallerFault::UnknownCredentials, story)
    })?;
    if entry.package != package {
        let story = format!("logon session {logon:#x} holds nothing for this package");
        return Err(Error::new(CallerFault::UnknownCredentials, story));
    }
    let expiry = entry.credential.expiry();
    Ok((credentials::insert(entry)?, expiry))
}

/// Ends a session.
pub fn end_logon(logon: LogonId) {
    sessions().remove(&logon);
}

/// Begins a session with a delegated credential.
pub(super) fn begin(
    package: PackageId,
    credential: Arc<dyn Credential>,
    environment: Arc<dyn Environment>,
) -> LogonId {
    // Windows' own sessions have numbers below 0x10000.
    static NEXT: AtomicU64 = AtomicU64::new(0x1_0000);
    let logon = NEXT.fetch_add(1, Ordering::Relaxed);
    sessions().insert(logon, Entry { package, credential, environment });
    logon
}

type Sessions = HashMap<LogonId, Entry>;

fn sessions() -> MutexGuard<'static, Sessions> {
    static SESSIONS: LazyLock<Mutex<Sessions>> = LazyLock::new(Mutex::default);
    // Nothing under this lock can leave the map half changed.
    SESSIONS.lock().unwrap_or_else(PoisonError::into_inner)
}
