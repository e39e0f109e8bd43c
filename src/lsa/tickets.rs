//! What `LsaCallAuthenticationPackage` asks of Kerberos: the tickets of a session or credential.
//!
//! Holds: who is asked. May use: `acquire`, `credentials`, `impersonation`, `logons`, `registry`, `spi`. Must not touch:
//! everything else. What goes over the line is plain data.

use super::credentials::{self, CredentialId};
use super::logons::{self, LogonId};
use super::{acquire, impersonation, registry};
use crate::spi::environment::Environment;
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::kerberos::{KdcBinding, KeyBlock};
use crate::spi::package::{AcquireRequest, PackageId, Usage};
use crate::spi::secret::SecretText;
use crate::spi::tickets::{ExternalTicket, KerberosCalls, Retrieve, TicketFilter, TicketListing};

/// Whose tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketOwner {
    /// The caller's own default cache; what the client has whom the thread acts as.
    Caller,
    /// Those of another session of this process.
    Logon(LogonId),
    /// A credential's.
    Credential(CredentialId),
}

impl TicketOwner {
    /// The owner that a number names: 0 and the caller's own session are the same.
    pub fn of_logon(logon: LogonId) -> Self {
        if logon == 0 || logon == logons::own_logon() { Self::Caller } else { Self::Logon(logon) }
    }
}

/// `KerbQueryTicketCache…`
pub fn list_tickets(owner: TicketOwner) -> Result<Vec<TicketListing>> {
    ask(owner, |tickets, env| tickets.list(env))
}

/// `KerbRetrieveTicketMessage`
pub fn granting_ticket(owner: TicketOwner) -> Result<ExternalTicket> {
    ask(owner, |tickets, env| tickets.granting_ticket(env))
}

/// `KerbRetrieveEncodedTicketMessage`
pub fn retrieve_ticket(owner: TicketOwner, wanted: &Retrieve) -> Result<ExternalTicket> {
    ask(owner, |tickets, env| tickets.retrieve(wanted, env))
}

/// `KerbPurgeTicketCache…`: how many went.
pub fn purge_tickets(owner: TicketOwner, which: &TicketFilter) -> Result<usize> {
    ask(owner, |tickets, env| tickets.purge(which, env))
}

/// `KerbSubmitTicketMessage`
pub fn submit_ticket(owner: TicketOwner, message: &[u8], key: Option<KeyBlock>) -> Result<()> {
    ask(owner, |tickets, env| tickets.submit(message, key, env))
}

/// `KerbSetPasswordMessage`
pub fn set_password(
    owner: TicketOwner,
    account: &str,
    domain: &str,
    new: &SecretText,
) -> Result<()> {
    ask(owner, |tickets, env| tickets.set_password(account, domain, new, env))
}

/// `KerbAddBindingCacheEntry…`: the KDC that this process asks first for a realm.
pub fn bind_kdc(binding: KdcBinding) -> Result<()> {
    super::environment()?.kerberos()?.bind_kdc(binding)
}

/// `KerbQueryBindingCacheMessage`
pub fn kdc_bindings() -> Result<Vec<KdcBinding>> {
    Ok(super::environment()?.kerberos()?.kdc_bindings())
}

/// `KerbPurgeBindingCacheMessage`
pub fn purge_kdc_bindings() -> Result<()> {
    super::environment()?.kerberos()?.purge_kdc_bindings();
    Ok(())
}

fn ask<T>(
    owner: TicketOwner,
    call: impl FnOnce(&dyn KerberosCalls, &dyn Environment) -> Result<T>,
) -> Result<T> {
    let (credential, environment) = match owner {
        TicketOwner::Caller if let Some(entry) = acquire::of_thread()? => {
            (entry.credential, entry.environment)
        }
        TicketOwner::Caller => {
            // The caller's cache as it is now: nothing is kept from call to call.
            let environment = super::environment()?;
            let usage = Usage { inbound: false, outbound: true };
            let request = AcquireRequest { usage, ..AcquireRequest::default() };
            let kerberos = registry::package(PackageId::Kerberos)?;
            (kerberos.acquire(request, &*environment)?, environment)
        }
        TicketOwner::Logon(logon) => {
            let entry = logons::entry_of(logon)?;
            (entry.credential, entry.environment)
        }
        TicketOwner::Credential(id) => {
            let entry = credentials::find(id)?;
            (entry.credential.clone(), entry.environment.clone())
        }
    };
    // A credential's cache is whose it was, whoever the thread acts as by now (attack L12).
    let _process = impersonation::suspend();
    let tickets = credential.kerberos_calls().ok_or_else(|| {
        Error::new(CallerFault::Unsupported, "there are no Kerberos tickets to ask for")
    })?;
    call(tickets, &*environment)
}
