//! Replay caches by their names: `dfl:`, `file2:path`, `none:`. The files are MIT's, so that all
//! acceptors of a machine share them.
#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use super::sys;
use crate::spi::error::{Error, LocalFault, Result};
use crate::spi::kerberos::{Freshness, KerberosTime, ReplayCache};

mod file2;
mod shared;
mod turn;

use shared::SharedFile;

/// Where authenticators are remembered.
#[derive(Debug)]
pub struct Replays(Place);

#[derive(Debug)]
enum Place {
    /// The administrator wants none.
    None,
    File(Arc<SharedFile>),
    /// A name that means nothing: nothing can be remembered.
    Unusable(String),
}

impl Replays {
    /// By `KRB5RCACHENAME`, `KRB5RCACHETYPE`, `default_rcache_name` (expanded) of krb5.conf,
    /// else `dfl:`.
    pub fn new(default_name: Option<&str>) -> Self {
        let variable =
            |name: &str| sys::secure_variable(name).and_then(|value| value.into_string().ok());
        let name = variable("KRB5RCACHENAME")
            .or_else(|| variable("KRB5RCACHETYPE").map(|kind| format!("{kind}:")))
            .or_else(|| default_name.map(str::to_owned));
        Self::named(name.as_deref().unwrap_or("dfl:"))
    }

    /// By this name.
    pub fn named(name: &str) -> Self {
        Self(match name.split_once(':') {
            Some(("none", _)) => Place::None,
            Some(("dfl", _)) => Place::File(shared(&default_path())),
            Some(("file2", path)) if !path.is_empty() => Place::File(shared(Path::new(path))),
            _ => Place::Unusable(name.to_owned()),
        })
    }
}

impl ReplayCache for Replays {
    fn remember(&self, tag: &[u8; 12], now: KerberosTime, skew: Duration) -> Result<Freshness> {
        match &self.0 {
            Place::None => Ok(Freshness::Fresh),
            Place::File(file) => file.remember(tag, now, skew),
            Place::Unusable(name) => {
                let story = format!(
                    "{name} is no replay cache: there are dfl:, file2:PATH and none: \
                     (KRB5RCACHENAME, KRB5RCACHETYPE, default_rcache_name)"
                );
                Err(Error::new(LocalFault::NoReplayCache, story))
            }
        }
    }
}

/// `krb5_EUID.rcache2` in `KRB5RCACHEDIR`, `TMPDIR`, or `/var/tmp`.
fn default_path() -> PathBuf {
    let folder = sys::secure_variable("KRB5RCACHEDIR").or_else(|| sys::secure_variable("TMPDIR"));
    let folder = folder.map_or_else(|| PathBuf::from("/var/tmp"), PathBuf::from);
    folder.join(format!("krb5_{}.rcache2", sys::effective_user()))
}

/// The file of this name, shared with everyone in the process who asked for it before.
fn shared(path: &Path) -> Arc<SharedFile> {
    static FILES: LazyLock<Mutex<HashMap<PathBuf, Arc<SharedFile>>>> =
        LazyLock::new(Mutex::default);
    let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    let make = || Arc::new(SharedFile::new(path));
    Arc::clone(files.entry(path.to_owned()).or_insert_with(make))
}

#[cfg(test)]
mod tests;
