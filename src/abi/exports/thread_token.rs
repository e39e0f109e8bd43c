//! Acting as whom a token speaks of: functions of our own, declared in `secur32_token.h`. On Windows
//! they are advapi32's.

use crate::abi::boundary::boundary_boolean;
use crate::abi::handles::id_of;
use crate::abi::last_error::Failure;
use crate::abi::types::{
    BOOL, ERROR_ACCESS_DENIED, ERROR_INTERNAL_ERROR, ERROR_INVALID_HANDLE, HANDLE,
};
use crate::lsa as authority;
use crate::spi::error::{CallerFault, Error, Fault};

/// The calling thread, and no other, acts as whom an access token speaks of. TRUE, or FALSE and the
/// thread's last error: ERROR_INVALID_HANDLE for what is no token, ERROR_ACCESS_DENIED where
/// ImpersonateSecurityContext answers SEC_E_NO_IMPERSONATION. The token may be closed afterwards.
///
/// # Safety
/// Nothing is demanded: the handle is never followed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Secur32ImpersonateLoggedOnUser(hToken: HANDLE) -> BOOL {
    BOOL::from(boundary_boolean(
        "Secur32ImpersonateLoggedOnUser",
        format_args!("{hToken:p}"),
        || authority::impersonate(|| authority::token(id_of(hToken))).map_err(failure),
    ))
}

/// The calling thread acts as its process again, whomever it acted as. TRUE also when it acted as
/// nobody.
#[unsafe(no_mangle)]
pub extern "C" fn Secur32RevertToSelf() -> BOOL {
    BOOL::from(boundary_boolean("Secur32RevertToSelf", format_args!(""), || {
        authority::revert().map_err(failure)
    }))
}

fn failure(error: Error) -> Failure {
    let code = match error.fault() {
        Fault::Caller(CallerFault::InvalidHandle) => ERROR_INVALID_HANDLE,
        Fault::Caller(CallerFault::NoImpersonation) => ERROR_ACCESS_DENIED,
        _ => ERROR_INTERNAL_ERROR,
    };
    Failure::new(code, error)
}
