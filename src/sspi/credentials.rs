//! Credentials, as their owner sees them.
//!
//! Holds: the credential calls. May use: `lsa`, `spi`. Must not touch: everything else.

use super::handles::CredentialHandle;
use crate::lsa;
use crate::spi::error::Result;
use crate::spi::package::{AcquireRequest, KdcProxySettings, PasswordChange, PasswordRefusal};
use crate::spi::time::FileTime;

/// `AcquireCredentialsHandle`: the handle, and when it expires in local time. `logon` is the
/// number of a logon session: what a client delegated to us, or a user was logged on with.
pub fn acquire(
    package: &str,
    request: AcquireRequest,
    logon: Option<u64>,
) -> Result<(CredentialHandle, FileTime)> {
    let info = lsa::find_package(package)?;
    let (id, expiry) = lsa::acquire(info.id, request, logon)?;
    Ok((CredentialHandle(id), lsa::local_time(expiry)))
}

/// `AddCredentials`: when the credential expires now, in local time.
pub fn add(handle: CredentialHandle, package: &str, request: AcquireRequest) -> Result<FileTime> {
    let info = lsa::find_package(package)?;
    lsa::add_credentials(handle.0, info.id, request).map(lsa::local_time)
}

/// `SECPKG_CRED_ATTR_KDC_PROXY_SETTINGS`.
pub fn set_kdc_proxy(handle: CredentialHandle, settings: KdcProxySettings) -> Result<()> {
    lsa::set_kdc_proxy(handle.0, settings)
}

/// `ChangeAccountPassword`.
pub fn change_password(package: &str, change: PasswordChange) -> Result<(), PasswordRefusal> {
    lsa::change_password(lsa::find_package(package)?.id, change)
}

/// `FreeCredentialsHandle`.
pub fn free(handle: CredentialHandle) -> Result<()> {
    lsa::release(handle.0)
}

/// Whether the handle names a living credential.
pub fn check(handle: CredentialHandle) -> Result<()> {
    lsa::is_credential(handle.0)
}

/// `SECPKG_CRED_ATTR_NAMES`.
pub fn name(handle: CredentialHandle) -> Result<String> {
    lsa::credential_name(handle.0)
}
