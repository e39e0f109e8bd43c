//! `AcquireCredentialsHandle`, `FreeCredentialsHandle`, `QueryCredentialsAttributes`.

use std::ffi::c_void;

use crate::abi::boundary::boundary_ok;
use crate::abi::handles::{credential_in, to_c};
use crate::abi::identity::{AuthData, identity_in};
use crate::abi::memory::{self, Kind};
use crate::abi::pointers::{self, Out};
use crate::abi::strings::{Ansi, Charset, Wide, text_in};
use crate::abi::time::to_c as time_to_c;
use crate::abi::types::*;
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::package::{AcquireRequest, Usage};
use crate::sspi;

/// Acquires a credential of a package. This is no logon: a wrong password is found out later.
/// `pAuthData` is copied; NULL means the default credentials.
///
/// # Safety
/// Strings are NULL or terminated, `pAuthData` NULL or an identity, `pvLogonId` NULL or readable,
/// outputs NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn AcquireCredentialsHandleW(
    pszPrincipal: *mut SEC_WCHAR,
    pszPackage: *mut SEC_WCHAR,
    fCredentialUse: ULONG,
    pvLogonId: *mut c_void,
    pAuthData: *mut c_void,
    pGetKeyFn: SEC_GET_KEY_FN,
    pvGetKeyArgument: *mut c_void,
    phCredential: PCredHandle,
    ptsExpiry: PTimeStamp,
) -> SECURITY_STATUS {
    let _ = (pGetKeyFn, pvGetKeyArgument);
    boundary_ok("AcquireCredentialsHandleW", format_args!("use={fCredentialUse:#x}"), || {
        let outputs = (phCredential, ptsExpiry);
        let logon = pvLogonId.cast();
        // SAFETY: the contract is the same.
        unsafe {
            acquire::<Wide>(pszPrincipal, pszPackage, fCredentialUse, logon, pAuthData, outputs)
        }
    })
}

/// Acquires a credential of a package. This is no logon: a wrong password is found out later.
/// `pAuthData` is copied; NULL means the default credentials.
///
/// # Safety
/// Strings are NULL or terminated, `pAuthData` NULL or an identity, `pvLogonId` NULL or readable,
/// outputs NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn AcquireCredentialsHandleA(
    pszPrincipal: *mut SEC_CHAR,
    pszPackage: *mut SEC_CHAR,
    fCredentialUse: ULONG,
    pvLogonId: *mut c_void,
    pAuthData: *mut c_void,
    pGetKeyFn: SEC_GET_KEY_FN,
    pvGetKeyArgument: *mut c_void,
    phCredential: PCredHandle,
    ptsExpiry: PTimeStamp,
) -> SECURITY_STATUS {
    let _ = (pGetKeyFn, pvGetKeyArgument);
    boundary_ok("AcquireCredentialsHandleA", format_args!("use={fCredentialUse:#x}"), || {
        let outputs = (phCredential, ptsExpiry);
        let logon = pvLogonId.cast();
        // SAFETY: the contract is the same.
        unsafe {
            acquire::<Ansi>(pszPrincipal, pszPackage, fCredentialUse, logon, pAuthData, outputs)
        }
    })
}

/// Frees a credential. Established contexts and running handshakes go on without it.
///
/// # Safety
/// `phCredential` is NULL or readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn FreeCredentialsHandle(phCredential: PCredHandle) -> SECURITY_STATUS {
    boundary_ok("FreeCredentialsHandle", format_args!("{phCredential:p}"), || {
        // SAFETY: the contract is the same.
        sspi::credentials::free(unsafe { credential_in(phCredential)? })
    })
}

/// Asks for an attribute of a credential: SECPKG_CRED_ATTR_NAMES, whose string is freed by
/// `FreeContextBuffer`.
///
/// # Safety
/// `phCredential` is NULL or readable, `pBuffer` NULL or writable for the attribute's structure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn QueryCredentialsAttributesW(
    phCredential: PCredHandle,
    ulAttribute: ULONG,
    pBuffer: *mut c_void,
) -> SECURITY_STATUS {
    boundary_ok("QueryCredentialsAttributesW", format_args!("{ulAttribute}"), || {
        // SAFETY: the contract is the same.
        unsafe { query::<Wide>(phCredential, ulAttribute, pBuffer, None) }
    })
}

/// Asks for an attribute of a credential: SECPKG_CRED_ATTR_NAMES, whose string is freed by
/// `FreeContextBuffer`.
///
/// # Safety
/// `phCredential` is NULL or readable, `pBuffer` NULL or writable for the attribute's structure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn QueryCredentialsAttributesA(
    phCredential: PCredHandle,
    ulAttribute: ULONG,
    pBuffer: *mut c_void,
) -> SECURITY_STATUS {
    boundary_ok("QueryCredentialsAttributesA", format_args!("{ulAttribute}"), || {
        // SAFETY: the contract is the same.
        unsafe { query::<Ansi>(phCredential, ulAttribute, pBuffer, None) }
    })
}

/// `QueryCredentialsAttributesW` with the size of the buffer.
///
/// # Safety
/// `phCredential` is NULL or readable, `pBuffer` NULL or writable for `cbBuffer` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn QueryCredentialsAttributesExW(
    phCredential: PCredHandle,
    ulAttribute: ULONG,
    pBuffer: *mut c_void,
    cbBuffer: ULONG,
) -> SECURITY_STATUS {
    boundary_ok("QueryCredentialsAttributesExW", format_args!("{ulAttribute}"), || {
        // SAFETY: the contract is the same.
        unsafe { query::<Wide>(phCredential, ulAttribute, pBuffer, Some(cbBuffer)) }
    })
}

/// `QueryCredentialsAttributesA` with the size of the buffer.
///
/// # Safety
/// `phCredential` is NULL or readable, `pBuffer` NULL or writable for `cbBuffer` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn QueryCredentialsAttributesExA(
    phCredential: PCredHandle,
    ulAttribute: ULONG,
    pBuffer: *mut c_void,
    cbBuffer: ULONG,
) -> SECURITY_STATUS {
    boundary_ok("QueryCredentialsAttributesExA", format_args!("{ulAttribute}"), || {
        // SAFETY: the contract is the same.
        unsafe { query::<Ansi>(phCredential, ulAttribute, pBuffer, Some(cbBuffer)) }
    })
}

/// # Safety
/// As [`AcquireCredentialsHandleW`].
unsafe fn acquire<C: Charset>(
    principal: *const C::Unit,
    package: *const C::Unit,
    credential_use: ULONG,
    logon: *const LUID,
    auth_data: *const c_void,
    outputs: (PCredHandle, PTimeStamp),
) -> Result<()> {
    // SAFETY: the contract is the same.
    let (handle, expiry, principal, package, logon) = unsafe {
        (
            Out::required(outputs.0, "phCredential")?,
            Out::optional(outputs.1, "ptsExpiry")?,
            text_in::<C>(principal, "pszPrincipal")?,
            text_in::<C>(package, "pszPackage")?,
            pointers::optional(logon, "pvLogonId")?,
        )
    };
    let package = package.ok_or(CallerFault::UnknownPackage)?;
    sspi::find_package(&package)?;
    let usage = usage(credential_use)?;
    own_logon(logon)?;
    // SAFETY: the contract is the same.
    let identity = match unsafe { identity_in(auth_data)? } {
        AuthData::Default(_) => None,
        AuthData::Explicit(identity) => Some(identity),
    };
    let request = AcquireRequest { principal, usage, identity };
    let (credential, expires) = sspi::credentials::acquire(&package, request)?;
    handle.set(to_c(credential.to_words()));
    expiry.set(time_to_c(expires));
    Ok(())
}

/// INBOUND, OUTBOUND, BOTH and the historic DEFAULT; the policy bits belong to Negotiate.
fn usage(bits: u32) -> Result<Usage> {
    const POLICY: u32 = SECPKG_CRED_AUTOLOGON_RESTRICTED | SECPKG_CRED_PROCESS_POLICY_ONLY;
    match bits & !POLICY {
        SECPKG_CRED_INBOUND => Ok(Usage { inbound: true, outbound: false }),
        SECPKG_CRED_OUTBOUND => Ok(Usage { inbound: false, outbound: true }),
        SECPKG_CRED_BOTH | SECPKG_CRED_DEFAULT => Ok(Usage { inbound: true, outbound: true }),
        _ => {
            let story = format!("fCredentialUse {bits:#x} is no use of a credential");
            Err(Error::new(CallerFault::UnknownCredentials, story))
        }
    }
}

/// There is one logon session for a process; zero names it.
fn own_logon(logon: Option<&LUID>) -> Result<()> {
    match logon {
        None | Some(LUID { LowPart: 0, HighPart: 0 }) => Ok(()),
        Some(_) => {
            let story = "pvLogonId names another logon session";
            Err(Error::new(CallerFault::UnknownCredentials, story))
        }
    }
}

/// # Safety
/// As [`QueryCredentialsAttributesW`].
unsafe fn query<C: Charset>(
    handle: PCredHandle,
    attribute: ULONG,
    buffer: *mut c_void,
    size: Option<ULONG>,
) -> Result<()> {
    // SAFETY: the contract is the same.
    let handle = unsafe { credential_in(handle)? };
    sspi::credentials::check(handle)?;
    if attribute != SECPKG_CRED_ATTR_NAMES {
        let story = format!("attribute {attribute} of a credential is not offered");
        return Err(Error::new(CallerFault::Unsupported, story));
    }
    if size.is_some_and(|size| (size as usize) < size_of::<SecPkgCredentials_NamesW>()) {
        return Err(CallerFault::BufferTooSmall.into());
    }
    // SAFETY: the contract is the same; the A and the W structure are one pointer each.
    let names = unsafe { Out::required(buffer.cast::<*mut u8>(), "pBuffer")? };
    let name = sspi::credentials::name(handle)?;
    names.set(memory::hand_out(Kind::ContextBuffer, &C::encode_bytes(&name))?);
    Ok(())
}
