//! Logon sessions of what clients delegated: a function of our own.

use crate::abi::boundary::boundary_ok;
use crate::abi::handles::context_in;
use crate::abi::pointers::Out;
use crate::abi::types::*;
use crate::spi::error::Result;
use crate::sspi::attributes::Subject;

/// The number of the logon session that holds what the client delegated to a server's context:
/// AcquireCredentialsHandle takes it as `pvLogonId` and gives a credential that speaks for the
/// client. The session ends with the context, such a credential lives on. SEC_E_NO_CREDENTIALS
/// when the client delegated nothing.
///
/// # Safety
/// `phContext` is NULL or readable, `pLogonId` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Secur32QueryContextLogonId(
    phContext: PCtxtHandle,
    pLogonId: PLUID,
) -> SECURITY_STATUS {
    boundary_ok("Secur32QueryContextLogonId", format_args!("{phContext:p}"), || {
        // SAFETY: the contract is the same.
        unsafe { logon_id(phContext, pLogonId) }
    })
}

/// # Safety
/// As [`Secur32QueryContextLogonId`].
unsafe fn logon_id(context: PCtxtHandle, id: PLUID) -> Result<()> {
    // SAFETY: the contract is the same.
    let (subject, id) =
        unsafe { (Subject::of(context_in(context)?)?, Out::required(id, "pLogonId")?) };
    let logon = subject.logon()?;
    id.set(LUID { LowPart: logon as u32, HighPart: ((logon >> 32) as u32).cast_signed() });
    Ok(())
}
