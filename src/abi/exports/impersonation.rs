//! Acting as a client: the calling thread becomes it, and comes back. docs/impersonation.md.

use crate::abi::boundary::boundary_ok;
use crate::abi::handles::context_in;
use crate::abi::types::{PCtxtHandle, SECURITY_STATUS};
use crate::sspi;

/// The calling thread, and no other, acts as the client of a server's complete context: its
/// effective user, group and supplementary groups are those of the client's account of this
/// machine. SEC_E_NO_IMPERSONATION, and nothing is changed, for anonymous clients, those that let
/// themselves be identified only, those without an account here, and where the process has not
/// CAP_SETUID and CAP_SETGID. A thread that acts as another client already leaves it for this one.
///
/// # Safety
/// `phContext` is NULL or readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ImpersonateSecurityContext(phContext: PCtxtHandle) -> SECURITY_STATUS {
    boundary_ok("ImpersonateSecurityContext", format_args!("{phContext:p}"), || {
        // SAFETY: the contract is the same.
        sspi::impersonation::impersonate(unsafe { context_in(phContext)? })
    })
}

/// The calling thread acts as its process again, whichever client it acted as; SEC_E_OK when it
/// did not act as one. Any living context will do.
///
/// # Safety
/// `phContext` is NULL or readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn RevertSecurityContext(phContext: PCtxtHandle) -> SECURITY_STATUS {
    boundary_ok("RevertSecurityContext", format_args!("{phContext:p}"), || {
        // SAFETY: the contract is the same.
        sspi::impersonation::revert(unsafe { context_in(phContext)? })
    })
}
