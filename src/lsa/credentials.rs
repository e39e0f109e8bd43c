//! Credentials: acquired once, used by any number of handshakes.
//!
//! Holds: the table of credentials. May use: `impersonation`, `registry`, `spi`. Must not touch: everything else.

use std::sync::Arc;

use super::{impersonation, registry};
use crate::spi::environment::Environment;
use crate::spi::error::{CallerFault, LocalFault, Result};
use crate::spi::package::{
    AcquireRequest, Credential, KdcProxySettings, PackageId, PasswordChange, PasswordRefusal,
};
use crate::spi::table::{Key, Table};
use crate::spi::time::FileTime;

/// Names a credential of the authority.
pub type CredentialId = Key;

/// Makes a credential of a package, of what is the process's.
pub(super) fn acquire(
    package: PackageId,
    request: AcquireRequest,
) -> Result<(CredentialId, FileTime)> {
    let environment = super::environment()?;
    let credential = registry::package(package)?.acquire(request, &*environment)?;
    let expiry = credential.expiry();
    Ok((insert(Entry { package, credential, environment })?, expiry))
}

/// Gives a credential up. Handshakes that use it and contexts that it made go on.
pub fn release(id: CredentialId) -> Result<()> {
    CREDENTIALS.remove(id).alive().map(drop).ok_or_else(|| CallerFault::InvalidHandle.into())
}

/// Adds a credential for a mechanism to one of Negotiate (`AddCredentials`), and gives the expiry
/// of the whole. The configuration is the one that the first was acquired under.
pub(super) fn add_credentials(
    id: CredentialId,
    package: PackageId,
    request: AcquireRequest,
) -> Result<FileTime> {
    let entry = find(id)?;
    entry.credential.add(package, request, &*entry.environment)?;
    Ok(entry.credential.expiry())
}

/// The package that the credential was acquired for.
pub fn credential_package(id: CredentialId) -> Result<PackageId> {
    Ok(find(id)?.package)
}

/// Whether the credential is there.
pub fn is_credential(id: CredentialId) -> Result<()> {
    find(id).map(drop)
}

/// Tells a credential through which server its KDCs are to be asked.
pub fn set_kdc_proxy(id: CredentialId, settings: KdcProxySettings) -> Result<()> {
    find(id)?.credential.set_kdc_proxy(settings)
}

/// Changes the password of an account.
pub fn change_password(package: PackageId, change: PasswordChange) -> Result<(), PasswordRefusal> {
    let environment = super::environment()?;
    registry::package(package)?.change_password(change, &*environment)
}

/// The name that the credential speaks for.
pub fn credential_name(id: CredentialId) -> Result<String> {
    let entry = find(id)?;
    // Its cache is the process's, whoever the thread acts as (attack L12).
    let _process = impersonation::suspend();
    entry.credential.name(&*entry.environment)
}

/// A credential and the world that it was acquired in.
#[derive(Clone)]
pub(super) struct Entry {
    pub package: PackageId,
    pub credential: Arc<dyn Credential>,
    pub environment: Arc<dyn Environment>,
}

pub(super) fn insert(entry: Entry) -> Result<CredentialId> {
    CREDENTIALS.insert(entry).ok_or_else(|| LocalFault::NoMemory.into())
}

pub(super) fn find(id: CredentialId) -> Result<Arc<Entry>> {
    CREDENTIALS.get(id).ok_or_else(|| CallerFault::InvalidHandle.into())
}

static CREDENTIALS: Table<Entry> = Table::new();
