//! `AcquireCredentialsHandle`, `AddCredentials`, `FreeCredentialsHandle`,
//! `QueryCredentialsAttributes`, `SetCredentialsAttributes`.

use std::ffi::c_void;

use crate::abi::boundary::boundary_ok;
use crate::abi::handles::{credential_in, to_c};
use crate::abi::identity::{AuthData, identity_in};
use crate::abi::memory::{self, Kind};
use crate::abi::pointers::{self, Out};
use crate::abi::strings::{Ansi, Charset, Wide, text_in};
use crate::abi::time::to_c as time_to_c;
use crate::abi::types::*;
use crate::lsa;
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::package::{AcquireRequest, KdcProxySettings, Usage};
use crate::spi::text::from_utf16le;
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

/// Adds a credential for one of Negotiate's packages, or for all that can use it when
/// `pszPackage` is Negotiate itself. Handshakes that run go on with what they began with. The
/// other packages' credentials are single ones: SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// `hCredentials` is NULL or readable, strings are NULL or terminated, `pAuthData` NULL or an
/// identity, `ptsExpiry` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn AddCredentialsW(
    hCredentials: PCredHandle,
    pszPrincipal: *mut SEC_WCHAR,
    pszPackage: *mut SEC_WCHAR,
    fCredentialUse: ULONG,
    pAuthData: *mut c_void,
    pGetKeyFn: SEC_GET_KEY_FN,
    pvGetKeyArgument: *mut c_void,
    ptsExpiry: PTimeStamp,
) -> SECURITY_STATUS {
    let _ = (pGetKeyFn, pvGetKeyArgument);
    boundary_ok("AddCredentialsW", format_args!("use={fCredentialUse:#x}"), || {
        let names = [pszPrincipal.cast_const(), pszPackage.cast_const()];
        // SAFETY: the contract is the same.
        unsafe { add::<Wide>(hCredentials, names, fCredentialUse, pAuthData, ptsExpiry) }
    })
}

/// Adds a credential for one of Negotiate's packages, or for all that can use it when
/// `pszPackage` is Negotiate itself. Handshakes that run go on with what they began with. The
/// other packages' credentials are single ones: SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// `hCredentials` is NULL or readable, strings are NULL or terminated, `pAuthData` NULL or an
/// identity, `ptsExpiry` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn AddCredentialsA(
    hCredentials: PCredHandle,
    pszPrincipal: *mut SEC_CHAR,
    pszPackage: *mut SEC_CHAR,
    fCredentialUse: ULONG,
    pAuthData: *mut c_void,
    pGetKeyFn: SEC_GET_KEY_FN,
    pvGetKeyArgument: *mut c_void,
    ptsExpiry: PTimeStamp,
) -> SECURITY_STATUS {
    let _ = (pGetKeyFn, pvGetKeyArgument);
    boundary_ok("AddCredentialsA", format_args!("use={fCredentialUse:#x}"), || {
        let names = [pszPrincipal.cast_const(), pszPackage.cast_const()];
        // SAFETY: the contract is the same.
        unsafe { add::<Ansi>(hCredentials, names, fCredentialUse, pAuthData, ptsExpiry) }
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

/// Sets an attribute of a credential: SECPKG_CRED_ATTR_KDC_PROXY_SETTINGS of Kerberos.
///
/// # Safety
/// `phCredential` is NULL or readable, `pBuffer` NULL or readable for `cbBuffer` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SetCredentialsAttributesW(
    phCredential: PCredHandle,
    ulAttribute: ULONG,
    pBuffer: *mut c_void,
    cbBuffer: ULONG,
) -> SECURITY_STATUS {
    boundary_ok("SetCredentialsAttributesW", format_args!("{ulAttribute}"), || {
        // SAFETY: the contract is the same.
        unsafe { set_attribute(phCredential, ulAttribute, pBuffer, cbBuffer) }
    })
}

/// Sets an attribute of a credential: SECPKG_CRED_ATTR_KDC_PROXY_SETTINGS of Kerberos, whose text
/// is UTF-16 here too.
///
/// # Safety
/// `phCredential` is NULL or readable, `pBuffer` NULL or readable for `cbBuffer` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SetCredentialsAttributesA(
    phCredential: PCredHandle,
    ulAttribute: ULONG,
    pBuffer: *mut c_void,
    cbBuffer: ULONG,
) -> SECURITY_STATUS {
    boundary_ok("SetCredentialsAttributesA", format_args!("{ulAttribute}"), || {
        // SAFETY: the contract is the same.
        unsafe { set_attribute(phCredential, ulAttribute, pBuffer, cbBuffer) }
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
    let request = AcquireRequest {
        principal,
        usage,
        autologon_restricted: credential_use & SECPKG_CRED_AUTOLOGON_RESTRICTED != 0,
        policy_only: credential_use & SECPKG_CRED_PROCESS_POLICY_ONLY != 0,
        // SAFETY: the contract is the same.
        ..unsafe { identified(auth_data)? }
    };
    let (credential, expires) = sspi::credentials::acquire(&package, request, other_logon(logon))?;
    handle.set(to_c(credential.to_words()));
    expiry.set(time_to_c(expires));
    Ok(())
}

/// # Safety
/// As [`AddCredentialsW`].
unsafe fn add<C: Charset>(
    credential: PCredHandle,
    names: [*const C::Unit; 2],
    credential_use: ULONG,
    auth_data: *const c_void,
    expiry: PTimeStamp,
) -> Result<()> {
    let [principal, package] = names;
    // SAFETY: the contract is the same.
    let credential = unsafe { credential_in(credential)? };
    sspi::credentials::check(credential)?;
    // SAFETY: the contract is the same.
    let (principal, package, expiry) = unsafe {
        (
            text_in::<C>(principal, "pszPrincipal")?,
            text_in::<C>(package, "pszPackage")?,
            Out::optional(expiry, "ptsExpiry")?,
        )
    };
    let package = package.ok_or(CallerFault::UnknownPackage)?;
    sspi::find_package(&package)?;
    let usage = usage(credential_use)?;
    // SAFETY: the contract is the same.
    let request = AcquireRequest { principal, usage, ..unsafe { identified(auth_data)? } };
    let expires = sspi::credentials::add(credential, &package, request)?;
    expiry.set(time_to_c(expires));
    Ok(())
}

/// The part of a request that `pAuthData` makes.
///
/// # Safety
/// `auth_data` is NULL or an identity.
unsafe fn identified(auth_data: *const c_void) -> Result<AcquireRequest> {
    // SAFETY: the contract is the same.
    let (identity, packages) = match unsafe { identity_in(auth_data)? } {
        AuthData::Default(list) => (None, list),
        AuthData::Explicit(identity) => {
            let list = identity.packages.clone();
            (Some(identity), list)
        }
    };
    Ok(AcquireRequest { identity, packages, ..AcquireRequest::default() })
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

/// The number of a logon session other than the process's own, which is also named by zero.
fn other_logon(logon: Option<&LUID>) -> Option<u64> {
    let LUID { LowPart: low, HighPart: high } = *logon?;
    let number = u64::from(high.cast_unsigned()) << 32 | u64::from(low);
    Some(number).filter(|&number| number != 0 && number != lsa::own_logon())
}

/// # Safety
/// As [`SetCredentialsAttributesW`].
unsafe fn set_attribute(
    handle: PCredHandle,
    attribute: ULONG,
    buffer: *const c_void,
    size: ULONG,
) -> Result<()> {
    // SAFETY: the contract is the same.
    let handle = unsafe { credential_in(handle)? };
    sspi::credentials::check(handle)?;
    if attribute != SECPKG_CRED_ATTR_KDC_PROXY_SETTINGS {
        let story = format!("attribute {attribute} of a credential cannot be set");
        return Err(Error::new(CallerFault::Unsupported, story));
    }
    // SAFETY: the contract is the same.
    let block = unsafe { pointers::slice_in(buffer.cast(), size as usize, "pBuffer")? };
    let settings = kdc_proxy(block).ok_or_else(|| {
        let story = "pBuffer is no SecPkgCredentials_KdcProxySettings of version 1";
        Error::new(CallerFault::InvalidParameter, story)
    })?;
    sspi::credentials::set_kdc_proxy(handle, settings)
}

/// `SecPkgCredentials_KdcProxySettings`: offsets and lengths count bytes of the block.
fn kdc_proxy(block: &[u8]) -> Option<KdcProxySettings> {
    let word = |at: usize| Some(u32::from_ne_bytes(*block.get(at..)?.first_chunk()?));
    let half = |at: usize| Some(u16::from_ne_bytes(*block.get(at..)?.first_chunk()?));
    let (version, flags) = (word(0)?, word(4)?);
    let known =
        version == KDC_PROXY_SETTINGS_V1 && flags & !KDC_PROXY_SETTINGS_FLAGS_FORCEPROXY == 0;
    let (offset, length) = (usize::from(half(8)?), usize::from(half(10)?));
    let server = block.get(offset..offset.checked_add(length)?)?;
    let _client_certificate = (half(12)?, half(14)?);
    let server = from_utf16le(server)?;
    known.then(|| KdcProxySettings {
        force: flags & KDC_PROXY_SETTINGS_FLAGS_FORCEPROXY != 0,
        server: Some(server.trim_end_matches('\0').to_owned()).filter(|text| !text.is_empty()),
    })
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
