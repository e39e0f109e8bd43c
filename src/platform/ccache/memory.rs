//! `MEMORY:`: caches of this process.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use super::{broken, missing};
use crate::spi::error::{Error, LocalFault, Result};
use crate::spi::kerberos::{CachedTicket, CredentialCache, Principal};
use crate::spi::secret::SecretBytes;
use crate::wire::kerberos::ccache::{
    Version, config_entry, decode_credential, encode_credential, is_config, is_config_of,
};

/// The cache of this name, shared with all who ask for it.
pub fn resolve(residual: &str) -> MemoryCache {
    static CACHES: LazyLock<Mutex<HashMap<String, Contents>>> = LazyLock::new(Mutex::default);
    let mut caches = CACHES.lock().unwrap_or_else(PoisonError::into_inner);
    let contents = Arc::clone(caches.entry(residual.to_owned()).or_default());
    MemoryCache { name: format!("MEMORY:{residual}"), contents }
}

type Contents = Arc<Mutex<Option<Content>>>;

/// A cache of this process.
#[derive(Debug)]
pub struct MemoryCache {
    name: String,
    contents: Contents,
}

#[derive(Debug)]
struct Content {
    client: Principal,
    /// Each in the form of a file's entry.
    entries: Vec<SecretBytes>,
}

impl MemoryCache {
    fn lock(&self) -> MutexGuard<'_, Option<Content>> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(&self, use_it: impl FnOnce(&mut Content) -> Result<T>) -> Result<T> {
        self.lock().as_mut().map_or_else(|| Err(missing(&self.name)), use_it)
    }

    fn encode(&self, ticket: &CachedTicket) -> Result<SecretBytes> {
        encode_credential(Version::V4, ticket).map_err(|error| {
            Error::new(LocalFault::Internal, format!("{} cannot hold {error}", self.name))
        })
    }

    fn decode(&self, content: &Content) -> Result<Vec<CachedTicket>> {
        let entries = content.entries.iter().map(|entry| decode_credential(entry.expose()));
        let entries: std::result::Result<Vec<_>, _> =
            entries.filter_map(Result::transpose).collect();
        entries.map_err(|error| broken(&self.name, error))
    }
}

impl CredentialCache for MemoryCache {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn principal(&self) -> Result<Principal> {
        self.with(|content| Ok(content.client.clone()))
    }

    fn tickets(&self) -> Result<Vec<CachedTicket>> {
        let mut tickets = self.with(|content| self.decode(content))?;
        tickets.retain(|ticket| !is_config(ticket));
        Ok(tickets)
    }

    fn store(&self, ticket: &CachedTicket) -> Result<()> {
        let entry = self.encode(ticket)?;
        self.with(|content| {
            content.entries.push(entry);
            Ok(())
        })
    }

    fn initialize(&self, client: &Principal, tickets: &[CachedTicket]) -> Result<()> {
        let entries = tickets.iter().map(|ticket| self.encode(ticket)).collect::<Result<_>>()?;
        *self.lock() = Some(Content { client: client.clone(), entries });
        Ok(())
    }

    fn remove(&self, which: &dyn Fn(&CachedTicket) -> bool) -> Result<usize> {
        self.with(|content| {
            let before = content.entries.len();
            content.entries.retain(|entry| {
                let read = decode_credential(entry.expose());
                !matches!(read, Ok(Some(entry)) if !is_config(&entry) && which(&entry))
            });
            Ok(before.saturating_sub(content.entries.len()))
        })
    }

    fn config(&self, key: &str, server: Option<&Principal>) -> Result<Option<Vec<u8>>> {
        let entries = self.with(|content| self.decode(content))?;
        let entry = entries.into_iter().find(|entry| is_config_of(entry, key, server));
        Ok(entry.map(|entry| entry.ticket))
    }

    fn set_config(&self, key: &str, server: Option<&Principal>, value: &[u8]) -> Result<()> {
        self.with(|content| {
            let entry = self.encode(&config_entry(&content.client, key, server, value))?;
            content.entries.retain(|entry| {
                let read = decode_credential(entry.expose());
                !matches!(read, Ok(Some(entry)) if is_config_of(&entry, key, server))
            });
            content.entries.push(entry);
            Ok(())
        })
    }
}
