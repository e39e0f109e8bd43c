//! Calls to the local security authority: not offered yet. Outputs are cleared; since no handle
//! was ever given out, every handle is STATUS_INVALID_HANDLE; what needs no handle answers
//! STATUS_NOT_IMPLEMENTED.

use std::fmt::Arguments;
use std::ptr::null_mut;

use crate::abi::boundary::{boundary_value, failed};
use crate::abi::memory::{self, Kind};
use crate::abi::pointers::Out;
use crate::abi::types::*;
use crate::spi::error::{CallerFault, Error, Result};

/// Would connect to the authority without privileges: answers STATUS_NOT_IMPLEMENTED and NULL.
///
/// # Safety
/// `LsaHandle` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LsaConnectUntrusted(LsaHandle: PHANDLE) -> NTSTATUS {
    call("LsaConnectUntrusted", format_args!(""), STATUS_NOT_IMPLEMENTED, || {
        // SAFETY: the contract is the same.
        unsafe { Out::optional(LsaHandle, "LsaHandle")?.set(null_mut()) };
        Ok(())
    })
}

/// Would connect to the authority as a logon process: answers STATUS_NOT_IMPLEMENTED and NULL.
///
/// # Safety
/// `LogonProcessName` is NULL or readable, the others are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LsaRegisterLogonProcess(
    LogonProcessName: PLSA_STRING,
    LsaHandle: PHANDLE,
    SecurityMode: PLSA_OPERATIONAL_MODE,
) -> NTSTATUS {
    let _ = LogonProcessName;
    call("LsaRegisterLogonProcess", format_args!(""), STATUS_NOT_IMPLEMENTED, || {
        // SAFETY: the contract is the same.
        unsafe {
            Out::optional(LsaHandle, "LsaHandle")?.set(null_mut());
            Out::optional(SecurityMode, "SecurityMode")?.set(0);
        }
        Ok(())
    })
}

/// Ends a connection to the authority: answers STATUS_INVALID_HANDLE, for there are none.
///
/// # Safety
/// Nothing is demanded: the handle is never followed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LsaDeregisterLogonProcess(LsaHandle: HANDLE) -> NTSTATUS {
    let arguments = format_args!("{LsaHandle:p}");
    call("LsaDeregisterLogonProcess", arguments, STATUS_INVALID_HANDLE, || Ok(()))
}

/// Would give the number of a package: answers STATUS_INVALID_HANDLE and 0.
///
/// # Safety
/// `PackageName` is NULL or readable, `AuthenticationPackage` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LsaLookupAuthenticationPackage(
    LsaHandle: HANDLE,
    PackageName: PLSA_STRING,
    AuthenticationPackage: PULONG,
) -> NTSTATUS {
    let _ = PackageName;
    let arguments = format_args!("{LsaHandle:p}");
    call("LsaLookupAuthenticationPackage", arguments, STATUS_INVALID_HANDLE, || {
        // SAFETY: the contract is the same.
        unsafe { Out::optional(AuthenticationPackage, "AuthenticationPackage")?.set(0) };
        Ok(())
    })
}

/// Would pass a message to a package: answers STATUS_INVALID_HANDLE and no message.
///
/// # Safety
/// `ProtocolSubmitBuffer` is NULL or readable for `SubmitBufferLength` bytes, the outputs are
/// NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LsaCallAuthenticationPackage(
    LsaHandle: HANDLE,
    AuthenticationPackage: ULONG,
    ProtocolSubmitBuffer: PVOID,
    SubmitBufferLength: ULONG,
    ProtocolReturnBuffer: *mut PVOID,
    ReturnBufferLength: PULONG,
    ProtocolStatus: PNTSTATUS,
) -> NTSTATUS {
    let _ = (ProtocolSubmitBuffer, SubmitBufferLength);
    let arguments = format_args!("{LsaHandle:p}, {AuthenticationPackage}");
    call("LsaCallAuthenticationPackage", arguments, STATUS_INVALID_HANDLE, || {
        // SAFETY: the contract is the same.
        unsafe {
            Out::optional(ProtocolReturnBuffer, "ProtocolReturnBuffer")?.set(null_mut());
            Out::optional(ReturnBufferLength, "ReturnBufferLength")?.set(0);
            Out::optional(ProtocolStatus, "ProtocolStatus")?.set(STATUS_SUCCESS);
        }
        Ok(())
    })
}

/// Would log a user on: answers STATUS_INVALID_HANDLE, no profile and no token.
///
/// # Safety
/// Inputs are NULL or readable, outputs NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LsaLogonUser(
    LsaHandle: HANDLE,
    OriginName: PLSA_STRING,
    LogonType: SECURITY_LOGON_TYPE,
    AuthenticationPackage: ULONG,
    AuthenticationInformation: PVOID,
    AuthenticationInformationLength: ULONG,
    LocalGroups: PTOKEN_GROUPS,
    SourceContext: PTOKEN_SOURCE,
    ProfileBuffer: *mut PVOID,
    ProfileBufferLength: PULONG,
    LogonId: PLUID,
    Token: PHANDLE,
    Quotas: PQUOTA_LIMITS,
    SubStatus: PNTSTATUS,
) -> NTSTATUS {
    let _ = (OriginName, AuthenticationInformation, AuthenticationInformationLength);
    let _ = (LocalGroups, SourceContext, Quotas);
    let arguments = format_args!("{LsaHandle:p}, type={LogonType}, {AuthenticationPackage}");
    call("LsaLogonUser", arguments, STATUS_INVALID_HANDLE, || {
        // SAFETY: the contract is the same.
        unsafe {
            Out::optional(ProfileBuffer, "ProfileBuffer")?.set(null_mut());
            Out::optional(ProfileBufferLength, "ProfileBufferLength")?.set(0);
            Out::optional(LogonId, "LogonId")?.set(LUID { LowPart: 0, HighPart: 0 });
            Out::optional(Token, "Token")?.set(null_mut());
            Out::optional(SubStatus, "SubStatus")?.set(STATUS_SUCCESS);
        }
        Ok(())
    })
}

/// Frees what the functions here hand out. NULL is nothing to do; a pointer that is not of these
/// functions, or was freed already, is STATUS_INVALID_PARAMETER and stays untouched.
///
/// # Safety
/// `Buffer` is not used any more by anybody else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LsaFreeReturnBuffer(Buffer: PVOID) -> NTSTATUS {
    let name = "LsaFreeReturnBuffer";
    boundary_value(name, format_args!("{Buffer:p}"), STATUS_INTERNAL_ERROR, || {
        Ok(match memory::take_back(Kind::LsaReturn, Buffer.cast()) {
            Ok(()) => STATUS_SUCCESS,
            Err(error) => {
                failed(name, &error);
                STATUS_INVALID_PARAMETER
            }
        })
    })
}

/// Would list the logon sessions: answers STATUS_NOT_IMPLEMENTED and an empty list.
///
/// # Safety
/// Both pointers are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LsaEnumerateLogonSessions(
    LogonSessionCount: PULONG,
    LogonSessionList: *mut PLUID,
) -> NTSTATUS {
    call("LsaEnumerateLogonSessions", format_args!(""), STATUS_NOT_IMPLEMENTED, || {
        // SAFETY: the contract is the same.
        unsafe {
            Out::optional(LogonSessionCount, "LogonSessionCount")?.set(0);
            Out::optional(LogonSessionList, "LogonSessionList")?.set(null_mut());
        }
        Ok(())
    })
}

/// Would describe a logon session: answers STATUS_NOT_IMPLEMENTED and NULL.
///
/// # Safety
/// `LogonId` is NULL or readable, `ppLogonSessionData` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LsaGetLogonSessionData(
    LogonId: PLUID,
    ppLogonSessionData: *mut PSECURITY_LOGON_SESSION_DATA,
) -> NTSTATUS {
    let _ = LogonId;
    call("LsaGetLogonSessionData", format_args!(""), STATUS_NOT_IMPLEMENTED, || {
        // SAFETY: the contract is the same.
        unsafe { Out::optional(ppLogonSessionData, "ppLogonSessionData")?.set(null_mut()) };
        Ok(())
    })
}

/// Would name the user of a logon session: answers STATUS_NOT_IMPLEMENTED and NULL.
///
/// # Safety
/// `LogonId` is NULL or readable, `UserInformation` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetSecurityUserInfo(
    LogonId: PLUID,
    Flags: ULONG,
    UserInformation: *mut PSecurityUserData,
) -> NTSTATUS {
    let _ = LogonId;
    call("GetSecurityUserInfo", format_args!("{Flags:#x}"), STATUS_NOT_IMPLEMENTED, || {
        // SAFETY: the contract is the same.
        unsafe { Out::optional(UserInformation, "UserInformation")?.set(null_mut()) };
        Ok(())
    })
}

/// Would signal an event when a policy changes: answers STATUS_NOT_IMPLEMENTED.
///
/// # Safety
/// Nothing is demanded: the handle is never followed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LsaRegisterPolicyChangeNotification(
    InformationClass: POLICY_NOTIFICATION_INFORMATION_CLASS,
    NotificationEventHandle: HANDLE,
) -> NTSTATUS {
    let _ = NotificationEventHandle;
    let arguments = format_args!("{InformationClass}");
    call("LsaRegisterPolicyChangeNotification", arguments, STATUS_NOT_IMPLEMENTED, || Ok(()))
}

/// Would end such signals: answers STATUS_NOT_IMPLEMENTED.
///
/// # Safety
/// Nothing is demanded: the handle is never followed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LsaUnregisterPolicyChangeNotification(
    InformationClass: POLICY_NOTIFICATION_INFORMATION_CLASS,
    NotificationEventHandle: HANDLE,
) -> NTSTATUS {
    let _ = NotificationEventHandle;
    let arguments = format_args!("{InformationClass}");
    call("LsaUnregisterPolicyChangeNotification", arguments, STATUS_NOT_IMPLEMENTED, || Ok(()))
}

/// Clears the outputs, notes why there are none, and answers.
pub(super) fn call(
    name: &'static str,
    arguments: Arguments<'_>,
    answer: NTSTATUS,
    clear: impl FnOnce() -> Result<()>,
) -> NTSTATUS {
    boundary_value(name, arguments, STATUS_INTERNAL_ERROR, || {
        if let Err(error) = clear() {
            failed(name, &error);
            return Ok(STATUS_INVALID_PARAMETER);
        }
        failed(name, &Error::new(CallerFault::Unsupported, "this function is not offered yet"));
        Ok(answer)
    })
}
