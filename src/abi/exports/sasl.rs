//! SASL profiles: not offered yet. Handles are checked and outputs cleared, then the answer is
//! SEC_E_UNSUPPORTED_FUNCTION.

use crate::abi::boundary::boundary_ok;
use crate::abi::handles::{context_in, credential_in, optional_context, optional_credential};
use crate::abi::pointers::Out;
use crate::abi::types::*;
use crate::spi::error::{CallerFault, Error, Result};
use crate::sspi;

/// Would list the profiles: answers SEC_E_UNSUPPORTED_FUNCTION and an empty list.
///
/// # Safety
/// Both pointers are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslEnumerateProfilesW(
    ProfileList: *mut LPWSTR,
    ProfileCount: *mut ULONG,
) -> SECURITY_STATUS {
    boundary_ok("SaslEnumerateProfilesW", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { no_list(ProfileList, ProfileCount) }
    })
}

/// Would list the profiles: answers SEC_E_UNSUPPORTED_FUNCTION and an empty list.
///
/// # Safety
/// Both pointers are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslEnumerateProfilesA(
    ProfileList: *mut LPSTR,
    ProfileCount: *mut ULONG,
) -> SECURITY_STATUS {
    boundary_ok("SaslEnumerateProfilesA", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { no_list(ProfileList, ProfileCount) }
    })
}

/// Would say which package a profile uses: answers SEC_E_UNSUPPORTED_FUNCTION and NULL.
///
/// # Safety
/// `ProfileName` is NULL or terminated, `PackageInfo` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslGetProfilePackageW(
    ProfileName: LPWSTR,
    PackageInfo: *mut PSecPkgInfoW,
) -> SECURITY_STATUS {
    let _ = ProfileName;
    boundary_ok("SaslGetProfilePackageW", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { no_package(PackageInfo) }
    })
}

/// Would say which package a profile uses: answers SEC_E_UNSUPPORTED_FUNCTION and NULL.
///
/// # Safety
/// `ProfileName` is NULL or terminated, `PackageInfo` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslGetProfilePackageA(
    ProfileName: LPSTR,
    PackageInfo: *mut PSecPkgInfoA,
) -> SECURITY_STATUS {
    let _ = ProfileName;
    boundary_ok("SaslGetProfilePackageA", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { no_package(PackageInfo) }
    })
}

/// Would say which package a first token is of: answers SEC_E_UNSUPPORTED_FUNCTION and NULL.
///
/// # Safety
/// `pInput` is NULL or a descriptor, `PackageInfo` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslIdentifyPackageW(
    pInput: PSecBufferDesc,
    PackageInfo: *mut PSecPkgInfoW,
) -> SECURITY_STATUS {
    let _ = pInput;
    boundary_ok("SaslIdentifyPackageW", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { no_package(PackageInfo) }
    })
}

/// Would say which package a first token is of: answers SEC_E_UNSUPPORTED_FUNCTION and NULL.
///
/// # Safety
/// `pInput` is NULL or a descriptor, `PackageInfo` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslIdentifyPackageA(
    pInput: PSecBufferDesc,
    PackageInfo: *mut PSecPkgInfoA,
) -> SECURITY_STATUS {
    let _ = pInput;
    boundary_ok("SaslIdentifyPackageA", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { no_package(PackageInfo) }
    })
}

/// `InitializeSecurityContext` with the security layer of SASL: answers
/// SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// Handles are NULL or readable, `pfContextAttr` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslInitializeSecurityContextW(
    phCredential: PCredHandle,
    phContext: PCtxtHandle,
    pszTargetName: LPWSTR,
    fContextReq: ULONG,
    Reserved1: ULONG,
    TargetDataRep: ULONG,
    pInput: PSecBufferDesc,
    Reserved2: ULONG,
    phNewContext: PCtxtHandle,
    pOutput: PSecBufferDesc,
    pfContextAttr: *mut ULONG,
    ptsExpiry: PTimeStamp,
) -> SECURITY_STATUS {
    let _ = (pszTargetName, Reserved1, TargetDataRep, pInput, Reserved2);
    let _ = (phNewContext, pOutput, ptsExpiry);
    boundary_ok("SaslInitializeSecurityContextW", format_args!("{fContextReq:#x}"), || {
        // SAFETY: the contract is the same.
        unsafe { no_handshake(phCredential, phContext, pfContextAttr) }
    })
}

/// `InitializeSecurityContext` with the security layer of SASL: answers
/// SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// Handles are NULL or readable, `pfContextAttr` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslInitializeSecurityContextA(
    phCredential: PCredHandle,
    phContext: PCtxtHandle,
    pszTargetName: LPSTR,
    fContextReq: ULONG,
    Reserved1: ULONG,
    TargetDataRep: ULONG,
    pInput: PSecBufferDesc,
    Reserved2: ULONG,
    phNewContext: PCtxtHandle,
    pOutput: PSecBufferDesc,
    pfContextAttr: *mut ULONG,
    ptsExpiry: PTimeStamp,
) -> SECURITY_STATUS {
    let _ = (pszTargetName, Reserved1, TargetDataRep, pInput, Reserved2);
    let _ = (phNewContext, pOutput, ptsExpiry);
    boundary_ok("SaslInitializeSecurityContextA", format_args!("{fContextReq:#x}"), || {
        // SAFETY: the contract is the same.
        unsafe { no_handshake(phCredential, phContext, pfContextAttr) }
    })
}

/// `AcceptSecurityContext` with the security layer of SASL: answers SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// Handles are NULL or readable, `pfContextAttr` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslAcceptSecurityContext(
    phCredential: PCredHandle,
    phContext: PCtxtHandle,
    pInput: PSecBufferDesc,
    fContextReq: ULONG,
    TargetDataRep: ULONG,
    phNewContext: PCtxtHandle,
    pOutput: PSecBufferDesc,
    pfContextAttr: *mut ULONG,
    ptsExpiry: PTimeStamp,
) -> SECURITY_STATUS {
    let _ = (pInput, TargetDataRep, phNewContext, pOutput, ptsExpiry);
    boundary_ok("SaslAcceptSecurityContext", format_args!("{fContextReq:#x}"), || {
        // SAFETY: the contract is the same.
        unsafe { no_handshake(phCredential, phContext, pfContextAttr) }
    })
}

/// Would set an option of the security layer: answers SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// `ContextHandle` is NULL or readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslSetContextOption(
    ContextHandle: PCtxtHandle,
    Option: ULONG,
    Value: PVOID,
    Size: ULONG,
) -> SECURITY_STATUS {
    let _ = (Value, Size);
    boundary_ok("SaslSetContextOption", format_args!("{Option}"), || {
        // SAFETY: the contract is the same.
        sspi::contexts::check(unsafe { context_in(ContextHandle)? })?;
        Err(not_offered())
    })
}

/// Would give an option of the security layer: answers SEC_E_UNSUPPORTED_FUNCTION and size 0.
///
/// # Safety
/// `ContextHandle` is NULL or readable, `Needed` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslGetContextOption(
    ContextHandle: PCtxtHandle,
    Option: ULONG,
    Value: PVOID,
    Size: ULONG,
    Needed: PULONG,
) -> SECURITY_STATUS {
    let _ = (Value, Size);
    boundary_ok("SaslGetContextOption", format_args!("{Option}"), || {
        // SAFETY: the contract is the same.
        unsafe {
            Out::optional(Needed, "Needed")?.set(0);
            sspi::contexts::check(context_in(ContextHandle)?)?;
        }
        Err(not_offered())
    })
}

/// # Safety
/// Both pointers are NULL or writable.
unsafe fn no_list<T>(list: *mut *mut T, count: *mut ULONG) -> Result<()> {
    // SAFETY: the contract is the same.
    unsafe {
        Out::optional(list, "ProfileList")?.set(std::ptr::null_mut());
        Out::optional(count, "ProfileCount")?.set(0);
    }
    Err(not_offered())
}

/// # Safety
/// `package` is NULL or writable.
unsafe fn no_package<T>(package: *mut *mut T) -> Result<()> {
    // SAFETY: the contract is the same.
    unsafe { Out::optional(package, "PackageInfo")?.set(std::ptr::null_mut()) };
    Err(not_offered())
}

/// A later call names its context and may leave the credential out, as the plain functions.
///
/// # Safety
/// The handles are NULL or readable, `attributes` is NULL or writable.
unsafe fn no_handshake(
    credential: PCredHandle,
    context: PCtxtHandle,
    attributes: *mut ULONG,
) -> Result<()> {
    // SAFETY: the contract is the same.
    unsafe {
        Out::optional(attributes, "pfContextAttr")?.set(0);
        let context = optional_context(context)?;
        let credential = match context {
            None => Some(credential_in(credential)?),
            Some(_) => optional_credential(credential)?,
        };
        context.map(sspi::contexts::check).transpose()?;
        credential.map(sspi::credentials::check).transpose()?;
    }
    Err(not_offered())
}

fn not_offered() -> Error {
    Error::new(CallerFault::Unsupported, "SASL profiles are not offered yet")
}
