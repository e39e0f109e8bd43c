//! `InitializeSecurityContext`, `AcceptSecurityContext`, `CompleteAuthToken`,
//! `DeleteSecurityContext`.

use crate::abi::boundary::{boundary, boundary_ok};
use crate::abi::handles::context_in;
use crate::abi::handshake::{Call, run};
use crate::abi::strings::{Ansi, Wide, text_in};
use crate::abi::types::*;
use crate::spi::packed::Role;
use crate::sspi;

/// Takes the first or the next step of a handshake as client. SEC_I_CONTINUE_NEEDED asks for the
/// peer's answer; a token that comes with SEC_E_OK must still be sent. A TOKEN buffer that is too
/// small is answered with SEC_E_BUFFER_TOO_SMALL and the needed size, and the call may be
/// repeated.
///
/// # Safety
/// Handles, descriptors and the target name are NULL or readable with all that they point at;
/// outputs are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn InitializeSecurityContextW(
    phCredential: PCredHandle,
    phContext: PCtxtHandle,
    pszTargetName: *mut SEC_WCHAR,
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
    let _ = (Reserved1, Reserved2, TargetDataRep);
    boundary("InitializeSecurityContextW", format_args!("req={fContextReq:#x}"), || {
        let call = Call {
            role: Role::Initiator,
            step: sspi::contexts::step,
            credential: phCredential,
            context: phContext,
            requirements: fContextReq,
            input: pInput,
            new_context: phNewContext,
            output: pOutput,
            attributes: pfContextAttr,
            expiry: ptsExpiry,
        };
        // SAFETY: the contract is the same.
        unsafe { run(&call, || text_in::<Wide>(pszTargetName, "pszTargetName")) }
    })
}

/// Takes the first or the next step of a handshake as client. SEC_I_CONTINUE_NEEDED asks for the
/// peer's answer; a token that comes with SEC_E_OK must still be sent. A TOKEN buffer that is too
/// small is answered with SEC_E_BUFFER_TOO_SMALL and the needed size, and the call may be
/// repeated.
///
/// # Safety
/// Handles, descriptors and the target name are NULL or readable with all that they point at;
/// outputs are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn InitializeSecurityContextA(
    phCredential: PCredHandle,
    phContext: PCtxtHandle,
    pszTargetName: *mut SEC_CHAR,
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
    let _ = (Reserved1, Reserved2, TargetDataRep);
    boundary("InitializeSecurityContextA", format_args!("req={fContextReq:#x}"), || {
        let call = Call {
            role: Role::Initiator,
            step: sspi::contexts::step,
            credential: phCredential,
            context: phContext,
            requirements: fContextReq,
            input: pInput,
            new_context: phNewContext,
            output: pOutput,
            attributes: pfContextAttr,
            expiry: ptsExpiry,
        };
        // SAFETY: the contract is the same.
        unsafe { run(&call, || text_in::<Ansi>(pszTargetName, "pszTargetName")) }
    })
}

/// Takes the first or the next step of a handshake as server. The results are those of
/// `InitializeSecurityContext`; a client that does not prove who it is gets SEC_E_LOGON_DENIED.
///
/// # Safety
/// Handles and descriptors are NULL or readable with all that they point at; outputs are NULL or
/// writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn AcceptSecurityContext(
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
    let _ = TargetDataRep;
    boundary("AcceptSecurityContext", format_args!("req={fContextReq:#x}"), || {
        let call = Call {
            role: Role::Acceptor,
            step: sspi::contexts::step,
            credential: phCredential,
            context: phContext,
            requirements: fContextReq,
            input: pInput,
            new_context: phNewContext,
            output: pOutput,
            attributes: pfContextAttr,
            expiry: ptsExpiry,
        };
        // SAFETY: the contract is the same.
        unsafe { run(&call, || Ok(None)) }
    })
}

/// Completes a token whose checksum covers later data. No package of this library makes such
/// tokens, so that for a living context there is nothing left to do.
///
/// # Safety
/// `phContext` is NULL or readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CompleteAuthToken(
    phContext: PCtxtHandle,
    pToken: PSecBufferDesc,
) -> SECURITY_STATUS {
    let _ = pToken;
    boundary_ok("CompleteAuthToken", format_args!("{phContext:p}"), || {
        // SAFETY: the contract is the same.
        sspi::contexts::check(unsafe { context_in(phContext)? })
    })
}

/// Deletes a context, finished or not, and wipes its keys. A context that was deleted before is
/// answered with SEC_E_OK, as documented.
///
/// # Safety
/// `phContext` is NULL or readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn DeleteSecurityContext(phContext: PCtxtHandle) -> SECURITY_STATUS {
    boundary_ok("DeleteSecurityContext", format_args!("{phContext:p}"), || {
        // SAFETY: the contract is the same.
        sspi::contexts::delete(unsafe { context_in(phContext)? })
    })
}
