//! Functions that none of the packages here offers: the handle is checked, then the answer is
//! SEC_E_UNSUPPORTED_FUNCTION. `exports.txt` says which of them are to come.

use std::ffi::c_void;

use crate::abi::boundary::boundary_ok;
use crate::abi::handles::context_in;

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
