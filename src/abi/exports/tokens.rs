//! Access tokens of contexts, and the end of every token.

use std::ptr::null_mut;

use crate::abi::boundary::{boundary_boolean, boundary_ok};
use crate::abi::handles::{context_in, handle_of, id_of};
use crate::abi::last_error::Failure;
use crate::abi::pointers::Out;
use crate::abi::types::{BOOL, ERROR_INVALID_HANDLE, HANDLE, PCtxtHandle, SECURITY_STATUS};
use crate::lsa as authority;
use crate::sspi;

/// Gives the access token of a server's client. The handle is the caller's, who closes it by
/// `Secur32CloseHandle`; it outlives the context. `secur32_token.h` reads it. SEC_E_NO_IMPERSONATION
/// for a client's own context, SEC_E_INVALID_HANDLE for one that is not complete.
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
            Out::optional(Token, "Token")?.set(null_mut());
            let context = context_in(phContext)?;
            sspi::contexts::check(context)?;
            let token = Out::required(Token, "Token")?;
            token.set(handle_of(sspi::tokens::open(context)?));
        }
        Ok(())
    })
}

/// Closes the handle of a token that `QuerySecurityContextToken`, `LsaLogonUser` or
/// `Secur32DuplicateToken` gave. A session that a logon began ends with its last token; credentials
/// acquired from it live on. What `CloseHandle` does on Windows, which on Linux is nobody's to
/// export. FALSE for everything that is no such handle, a connection of `LsaConnectUntrusted` and
/// the borrowed handle of SECPKG_ATTR_ACCESS_TOKEN among it; the thread's last error is
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
