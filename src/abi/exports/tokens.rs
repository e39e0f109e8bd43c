//! Access tokens and impersonation: not offered yet. The answers are those of a context that
//! carries no client token.

use std::ffi::c_void;

use crate::abi::boundary::boundary_ok;
use crate::abi::handles::context_in;
use crate::abi::pointers::Out;
use crate::abi::types::{HANDLE, PCtxtHandle, SECURITY_STATUS};
use crate::spi::error::{CallerFault, Error, Result};
use crate::sspi;

/// Would make the calling thread act as the client: answers SEC_E_UNSUPPORTED_FUNCTION, and the
/// thread stays who it is.
///
/// # Safety
/// `phContext` is NULL or readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ImpersonateSecurityContext(phContext: PCtxtHandle) -> SECURITY_STATUS {
    boundary_ok("ImpersonateSecurityContext", format_args!("{phContext:p}"), || {
        // SAFETY: the contract is the same.
        unsafe { no_tokens(phContext) }
    })
}

/// Would end what `ImpersonateSecurityContext` began: answers SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// `phContext` is NULL or readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn RevertSecurityContext(phContext: PCtxtHandle) -> SECURITY_STATUS {
    boundary_ok("RevertSecurityContext", format_args!("{phContext:p}"), || {
        // SAFETY: the contract is the same.
        unsafe { no_tokens(phContext) }
    })
}

/// Would give the client's access token: answers SEC_E_UNSUPPORTED_FUNCTION and a NULL token.
///
/// # Safety
/// `phContext` is NULL or readable, `Token` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn QuerySecurityContextToken(
    phContext: PCtxtHandle,
    Token: *mut HANDLE,
) -> SECURITY_STATUS {
    boundary_ok("QuerySecurityContextToken", format_args!("{phContext:p}"), || {
        // SAFETY: the contract is the same.
        unsafe {
            Out::<*mut c_void>::optional(Token, "Token")?.set(std::ptr::null_mut());
            no_tokens(phContext)
        }
    })
}

/// # Safety
/// `context` is NULL or readable.
unsafe fn no_tokens(context: PCtxtHandle) -> Result<()> {
    // SAFETY: the contract is the same.
    sspi::contexts::check(unsafe { context_in(context)? })?;
    Err(Error::new(CallerFault::Unsupported, "access tokens are not offered yet"))
}
