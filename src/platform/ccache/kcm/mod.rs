//! `KCM:`: caches that a daemon keeps (sssd's or Heimdal's), asked over a Unix socket.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{broken, missing};
use crate::spi::error::{Error, LocalFault, Result};
use crate::spi::kerberos::{CachedTicket, CredentialCache, Principal};
use crate::wire::kerberos::ccache::{
    Version, config_entry, decode_credential, decode_principal, encode_credential,
    encode_principal, is_config, is_config_of,
};

mod call;

use call::{Failure, Operation, Reply, Request};

const DEFAULT_SOCKET: &str = "/var/run/.heim_org.h5l.kcm-socket";
const UUID: usize = 16;
/// A clock that is a day apart is none.
const MAX_OFFSET: u32 = 86_400;

/// The cache of this name; without a name the primary one.
pub fn resolve(socket: Option<&Path>, residual: &str) -> Result<KcmCache> {
    let daemon = Daemon::at(socket)?;
    if residual.contains('\0') {
        return Err(broken(&format!("KCM:{residual}"), "its name has a NUL"));
    }
    let residual = match residual {
        "" => daemon.primary().map_err(|failure| daemon.failed("KCM:", failure))?,
        residual => residual.to_owned(),
    };
    Ok(KcmCache { daemon, residual })
}

/// All caches, the primary one first, or the one that is named.
pub fn collection(socket: Option<&Path>, residual: &str) -> Result<Vec<Arc<dyn CredentialCache>>> {
    let first = resolve(socket, residual)?;
    if !residual.is_empty() {
        return Ok(vec![Arc::new(first)]);
    }
    let daemon = first.daemon.clone();
    let names = daemon.names().map_err(|failure| daemon.failed("KCM:", failure))?;
    let primary = first.residual.clone();
    let mut caches: Vec<Arc<dyn CredentialCache>> = Vec::new();
    if first.principal().is_ok() {
        caches.push(Arc::new(first));
    }
    for residual in names.into_iter().filter(|name| *name != primary) {
        caches.push(Arc::new(KcmCache { daemon: daemon.clone(), residual }));
    }
    Ok(caches)
}

/// Who keeps the caches.
#[derive(Debug, Clone)]
struct Daemon(PathBuf);

impl Daemon {
    fn at(socket: Option<&Path>) -> Result<Self> {
        match socket {
            Some(path) if path == Path::new("-") => {
                let story = "there is no KCM: kcm_socket of krb5.conf is \"-\"";
                Err(Error::new(LocalFault::NoCredentials, story))
            }
            Some(path) => Ok(Self(path.to_owned())),
            None => Ok(Self(PathBuf::from(DEFAULT_SOCKET))),
        }
    }

    fn call(&self, request: &Request) -> std::result::Result<Reply, Failure> {
        call::call(&self.0, request)
    }

    fn primary(&self) -> std::result::Result<String, Failure> {
        self.call(&Request::new(Operation::GetDefaultCache))?.name()
    }

    fn names(&self) -> std::result::Result<Vec<String>, Failure> {
        let list = match self.call(&Request::new(Operation::GetCacheUuidList)) {
            Err(Failure::Code(call::NO_FILE)) => return Ok(Vec::new()),
            list => list?,
        };
        let mut names = Vec::new();
        for uuid in list.uuids()? {
            match self.call(&Request::new(Operation::GetCacheByUuid).bytes(uuid)) {
                // It was destroyed meanwhile.
                Err(Failure::Code(call::END | call::NO_FILE)) => {}
                reply => names.push(reply?.name()?),
            }
        }
        Ok(names)
    }

    fn failed(&self, name: &str, failure: Failure) -> Error {
        match failure {
            // sssd finds no cache where Heimdal has no file.
            Failure::Code(call::NO_FILE | call::END | call::NOT_FOUND) => missing(name),
            Failure::Unreachable(error) => {
                let story = format!("{name}: no KCM answers at {}: {error}", self.0.display());
                Error::new(LocalFault::NoCredentials, story)
            }
            failure => broken(name, failure),
        }
    }
}

/// One cache.
#[derive(Debug)]
pub struct KcmCache {
    daemon: Daemon,
    residual: String,
}

impl KcmCache {
    fn request(&self, operation: Operation) -> Request {
        Request::new(operation).name(&self.residual)
    }

    fn failed(&self, failure: Failure) -> Error {
        self.daemon.failed(&self.name(), failure)
    }

    fn call(&self, request: &Request) -> Result<Reply> {
        self.daemon.call(request).map_err(|failure| self.failed(failure))
    }

    fn entries(&self) -> Result<Vec<CachedTicket>> {
        let list = match self.daemon.call(&self.request(Operation::GetCredList)) {
            // Heimdal's and older daemons do not know how to give all at once.
            Err(Failure::Code(call::INTERNAL | call::IO | call::NO_SUPPORT)) => {
                return self.entries_one_by_one();
            }
            list => list.map_err(|failure| self.failed(failure))?,
        };
        let mut entries = Vec::new();
        for bytes in list.credentials().map_err(|failure| self.failed(failure))? {
            entries.extend(decode_credential(bytes).map_err(|error| broken(&self.name(), error))?);
        }
        Ok(entries)
    }

    /// Removes entries of any kind, and says how many.
    fn take_out(&self, goes: &dyn Fn(&CachedTicket) -> bool) -> Result<usize> {
        let before = self.entries()?;
        let mut removed = 0_usize;
        for entry in before.iter().filter(|entry| goes(entry)) {
            let _ = self.daemon.call(&self.request(Operation::RemoveCred).matching(entry));
            removed = removed.saturating_add(1);
        }
        // sssd's daemon cannot take single ones out.
        if removed > 0 && self.entries()?.iter().any(goes) {
            self.make_anew(before.iter().filter(|entry| !goes(entry)))?;
        }
        Ok(removed)
    }

    /// The cache again, with these entries alone.
    fn make_anew<'a>(&self, entries: impl Iterator<Item = &'a CachedTicket>) -> Result<()> {
        let (client, offset) = (self.principal()?, self.time_offset()?);
        self.initialize(&client, &[])?;
        if let Some(offset) = offset.filter(|offset| *offset != 0) {
            // A daemon that knows no offsets gave none.
            let request = self.request(Operation::SetKdcOffset).bytes(&offset.to_be_bytes());
            let _ = self.daemon.call(&request);
        }
        for entry in entries {
            self.store(entry)?;
        }
        Ok(())
    }

    fn entries_one_by_one(&self) -> Result<Vec<CachedTicket>> {
        let list = self.call(&self.request(Operation::GetCredUuidList))?;
        let mut entries = Vec::new();
        for uuid in list.uuids().map_err(|failure| self.failed(failure))? {
            let request = self.request(Operation::GetCredByUuid).bytes(uuid);
            let reply = match self.daemon.call(&request) {
                // It was removed meanwhile.
                Err(Failure::Code(call::END | call::NOT_FOUND)) => continue,
                reply => reply.map_err(|failure| self.failed(failure))?,
            };
            let entry = decode_credential(reply.rest());
            entries.extend(entry.map_err(|error| broken(&self.name(), error))?);
        }
        Ok(entries)
    }
}

impl CredentialCache for KcmCache {
    fn name(&self) -> String {
        format!("KCM:{}", self.residual)
    }

    fn principal(&self) -> Result<Principal> {
        let reply = self.call(&self.request(Operation::GetPrincipal))?;
        // Heimdal's daemon has caches of nobody.
        if reply.rest().is_empty() {
            return Err(missing(&self.name()));
        }
        decode_principal(reply.rest()).map_err(|error| broken(&self.name(), error))
    }

    fn tickets(&self) -> Result<Vec<CachedTicket>> {
        let mut entries = self.entries()?;
        entries.retain(|entry| !is_config(entry));
        Ok(entries)
    }

    fn store(&self, ticket: &CachedTicket) -> Result<()> {
        let entry = encode_credential(Version::V4, ticket).map_err(|error| {
            Error::new(LocalFault::Internal, format!("{} cannot hold {error}", self.name()))
        })?;
        self.call(&self.request(Operation::Store).bytes(entry.expose())).map(drop)
    }

    fn initialize(&self, client: &Principal, tickets: &[CachedTicket]) -> Result<()> {
        let request = self.request(Operation::Initialize).bytes(&encode_principal(client));
        self.call(&request)?;
        tickets.iter().try_for_each(|ticket| self.store(ticket))
    }

    fn remove(&self, which: &dyn Fn(&CachedTicket) -> bool) -> Result<usize> {
        self.take_out(&|entry| !is_config(entry) && which(entry))
    }

    fn time_offset(&self) -> Result<Option<i32>> {
        let reply = self.daemon.call(&self.request(Operation::GetKdcOffset));
        let offset = reply.ok().and_then(|reply| reply.number());
        // Heimdal's daemon gives anything for a cache that nobody told it of.
        Ok(offset.filter(|seconds| seconds.unsigned_abs() <= MAX_OFFSET))
    }

    fn config(&self, key: &str, server: Option<&Principal>) -> Result<Option<Vec<u8>>> {
        let mut entries = self.entries()?.into_iter();
        let entry = entries.find(|entry| is_config_of(entry, key, server));
        Ok(entry.map(|entry| entry.ticket))
    }

    fn set_config(&self, key: &str, server: Option<&Principal>, value: &[u8]) -> Result<()> {
        let entry = config_entry(&self.principal()?, key, server, value);
        self.take_out(&|old| is_config_of(old, key, server))?;
        self.store(&entry)
    }
}

#[cfg(test)]
mod tests;
