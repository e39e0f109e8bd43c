//! Functions that none of the packages here offers: the handle is checked, then the answer is
//! SEC_E_UNSUPPORTED_FUNCTION. `exports.txt` says which of them are to come.

use std::ffi::c_void;

use crate::abi::boundary::boundary_ok;
use crate::abi::handles::{context_in, credential_in};

use crate::abi::strings::{Ansi, Charset, Wide, text_in};
use crate::abi::types::*;
use crate::spi::error::{CallerFault, Error, Result};
use crate::sspi;

/// Applies a control token (Schannel): answers SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// `phContext` is NULL or readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ApplyControlToken(
    phContext: PCtxtHandle,
    pInput: PSecBufferDesc,
) -> SECURITY_STATUS {
    let _ = pInput;
    boundary_ok("ApplyControlToken", format_args!("{phContext:p}"), || {
        // SAFETY: the contract is the same.
        unsafe { no_context_function(phContext, "control tokens are Schannel's") }
    })
}

/// Sets an attribute of a context (Schannel): answers SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// `phContext` is NULL or readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SetContextAttributesW(
    phContext: PCtxtHandle,
    ulAttribute: ULONG,
    pBuffer: *mut c_void,
    cbBuffer: ULONG,
) -> SECURITY_STATUS {
    let _ = (pBuffer, cbBuffer);
    boundary_ok("SetContextAttributesW", format_args!("{ulAttribute}"), || {
        // SAFETY: the contract is the same.
        unsafe { no_context_function(phContext, "no attribute of a context can be set") }
    })
}

/// Sets an attribute of a context (Schannel): answers SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// `phContext` is NULL or readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SetContextAttributesA(
    phContext: PCtxtHandle,
    ulAttribute: ULONG,
    pBuffer: *mut c_void,
    cbBuffer: ULONG,
) -> SECURITY_STATUS {
    let _ = (pBuffer, cbBuffer);
    boundary_ok("SetContextAttributesA", format_args!("{ulAttribute}"), || {
        // SAFETY: the contract is the same.
        unsafe { no_context_function(phContext, "no attribute of a context can be set") }
    })
}

/// Sets an attribute of a credential (Kerberos, not offered yet): answers
/// SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// `phCredential` is NULL or readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SetCredentialsAttributesW(
    phCredential: PCredHandle,
    ulAttribute: ULONG,
    pBuffer: *mut c_void,
    cbBuffer: ULONG,
) -> SECURITY_STATUS {
    let _ = (pBuffer, cbBuffer);
    boundary_ok("SetCredentialsAttributesW", format_args!("{ulAttribute}"), || {
        // SAFETY: the contract is the same.
        unsafe { no_credential_function(phCredential, "no attribute of a credential can be set") }
    })
}

/// Sets an attribute of a credential (Kerberos, not offered yet): answers
/// SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// `phCredential` is NULL or readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SetCredentialsAttributesA(
    phCredential: PCredHandle,
    ulAttribute: ULONG,
    pBuffer: *mut c_void,
    cbBuffer: ULONG,
) -> SECURITY_STATUS {
    let _ = (pBuffer, cbBuffer);
    boundary_ok("SetCredentialsAttributesA", format_args!("{ulAttribute}"), || {
        // SAFETY: the contract is the same.
        unsafe { no_credential_function(phCredential, "no attribute of a credential can be set") }
    })
}

/// Adds a credential to one of Negotiate (not offered yet): answers SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// `hCredentials` is NULL or readable, `ptsExpiry` NULL or writable.
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
    let _ = (pszPrincipal, pszPackage, pAuthData, pGetKeyFn, pvGetKeyArgument, ptsExpiry);
    boundary_ok("AddCredentialsW", format_args!("use={fCredentialUse:#x}"), || {
        // SAFETY: the contract is the same.
        unsafe { no_credential_function(hCredentials, "the package keeps one credential") }
    })
}

/// Adds a credential to one of Negotiate (not offered yet): answers SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// `hCredentials` is NULL or readable, `ptsExpiry` NULL or writable.
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
    let _ = (pszPrincipal, pszPackage, pAuthData, pGetKeyFn, pvGetKeyArgument, ptsExpiry);
    boundary_ok("AddCredentialsA", format_args!("use={fCredentialUse:#x}"), || {
        // SAFETY: the contract is the same.
        unsafe { no_credential_function(hCredentials, "the package keeps one credential") }
    })
}

/// Changes a password (Kerberos, not offered yet): answers SEC_E_SECPKG_NOT_FOUND for an unknown
/// package, else SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// `pszPackageName` is NULL or terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ChangeAccountPasswordW(
    pszPackageName: *mut SEC_WCHAR,
    pszDomainName: *mut SEC_WCHAR,
    pszAccountName: *mut SEC_WCHAR,
    pszOldPassword: *mut SEC_WCHAR,
    pszNewPassword: *mut SEC_WCHAR,
    bImpersonating: BOOLEAN,
    dwReserved: ULONG,
    pOutput: PSecBufferDesc,
) -> SECURITY_STATUS {
    let _ = (pszDomainName, pszAccountName, pszOldPassword, pszNewPassword, pOutput);
    let _ = (bImpersonating, dwReserved);
    boundary_ok("ChangeAccountPasswordW", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { no_password_change::<Wide>(pszPackageName) }
    })
}

/// Changes a password (Kerberos, not offered yet): answers SEC_E_SECPKG_NOT_FOUND for an unknown
/// package, else SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// `pszPackageName` is NULL or terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ChangeAccountPasswordA(
    pszPackageName: *mut SEC_CHAR,
    pszDomainName: *mut SEC_CHAR,
    pszAccountName: *mut SEC_CHAR,
    pszOldPassword: *mut SEC_CHAR,
    pszNewPassword: *mut SEC_CHAR,
    bImpersonating: BOOLEAN,
    dwReserved: ULONG,
    pOutput: PSecBufferDesc,
) -> SECURITY_STATUS {
    let _ = (pszDomainName, pszAccountName, pszOldPassword, pszNewPassword, pOutput);
    let _ = (bImpersonating, dwReserved);
    boundary_ok("ChangeAccountPasswordA", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { no_password_change::<Ansi>(pszPackageName) }
    })
}

/// Marks channel bindings of a TLS context (Schannel's) for auditing: answers
/// SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// Nothing is demanded: no pointer is followed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SspiSetChannelBindingFlags(
    pBindings: PSecPkgContext_Bindings,
    flags: ULONG,
) -> SECURITY_STATUS {
    let _ = pBindings;
    boundary_ok("SspiSetChannelBindingFlags", format_args!("{flags:#x}"), || {
        Err(Error::new(CallerFault::Unsupported, "no package here gives such bindings"))
    })
}

/// # Safety
/// `context` is NULL or readable.
unsafe fn no_context_function(context: PCtxtHandle, why: &str) -> Result<()> {
    // SAFETY: the contract is the same.
    sspi::contexts::check(unsafe { context_in(context)? })?;
    Err(Error::new(CallerFault::Unsupported, why))
}

/// # Safety
/// `credential` is NULL or readable.
unsafe fn no_credential_function(credential: PCredHandle, why: &str) -> Result<()> {
    // SAFETY: the contract is the same.
    sspi::credentials::check(unsafe { credential_in(credential)? })?;
    Err(Error::new(CallerFault::Unsupported, why))
}

/// # Safety
/// `package` is NULL or terminated.
unsafe fn no_password_change<C: Charset>(package: *const C::Unit) -> Result<()> {
    // SAFETY: the contract is the same.
    let name = unsafe { text_in::<C>(package, "pszPackageName")? };
    sspi::find_package(&name.ok_or(CallerFault::UnknownPackage)?)?;
    Err(Error::new(CallerFault::Unsupported, "the package cannot change passwords"))
}
