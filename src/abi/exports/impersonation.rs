//! Acting as a client. Not offered yet: the answers are those of a context that carries no client
//! token.

use super::tokens::no_tokens;
use crate::abi::boundary::boundary_ok;
use crate::abi::types::{PCtxtHandle, SECURITY_STATUS};

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
