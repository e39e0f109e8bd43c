//! Tokens of logons are closed here. Access tokens of contexts are not offered
//! yet: the answers are those of a context that carries no client token.

use std::ffi::c_void;

use super::lsa::id_of;
use crate::abi::boundary::{boundary_boolean, boundary_ok};
use crate::abi::handles::context_in;
use crate::abi::last_error::Failure;
use crate::abi::pointers::Out;
use crate::abi::types::{BOOL, ERROR_INVALID_HANDLE, HANDLE, PCtxtHandle, SECURITY_STATUS};
use crate::lsa as authority;
use crate::spi::error::{CallerFault, Error, Result};
use crate::sspi;

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

/// Closes a token that `LsaLogonUser` gave; its session ends, credentials acquired from it live on.
/// What `CloseHandle` does on Windows, which on Linux is nobody's to export. FALSE for everything
/// that is no such token, a connection of `LsaConnectUntrusted` among it; the thread's last error is
/// ERROR_INVALID_HANDLE then.
///
/// # Safety
/// Nothing is demanded: the handle is never followed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Secur32CloseHandle(hObject: HANDLE) -> BOOL {
    BOOL::from(boundary_boolean("Secur32CloseHandle", format_args!("{hObject:p}"), || {
        let closed = authority::close_token(id_of(hObject));
        closed.map_err(|error| Failure::new(ERROR_INVALID_HANDLE, error))
    }))
}

/// # Safety
/// `context` is NULL or readable.
pub(super) unsafe fn no_tokens(context: PCtxtHandle) -> Result<()> {
    // SAFETY: the contract is the same.
    sspi::contexts::check(unsafe { context_in(context)? })?;
    Err(Error::new(CallerFault::Unsupported, "access tokens are not offered yet"))
}
