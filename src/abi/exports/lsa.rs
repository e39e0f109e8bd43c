//! Calls to the local security authority.

use std::fmt::Arguments;
use std::ptr::null_mut;

use crate::abi::boundary::{boundary_value, failed};
use crate::abi::handles::{handle_of, id_of};
use crate::abi::lsa::logon::{self, ServiceForUser};
use crate::abi::lsa::reply::Reply;
use crate::abi::lsa::status::Refused;
use crate::abi::lsa::submit::Submit;
use crate::abi::lsa::{self, sessions};
use crate::abi::memory::{self, Kind};
use crate::abi::pointers::{self, Out};
use crate::abi::tokens;
use crate::abi::types::*;
use crate::lsa as authority;
use crate::spi::environment::PolicyClass;
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::package::PackageId;

/// Connects to the authority without privileges: good for every call here. The handle is given up
/// by `LsaDeregisterLogonProcess`.
///
/// # Safety
/// `LsaHandle` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LsaConnectUntrusted(LsaHandle: PHANDLE) -> NTSTATUS {
    answer("LsaConnectUntrusted", format_args!(""), || {
        // SAFETY: the contract is the same.
        let handle = unsafe { Out::required(LsaHandle, "LsaHandle")? };
        handle.set(null_mut());
        handle.set(handle_of(authority::connect()?));
        Ok(())
    })
}

/// Connects to the authority as a logon process, which only the machine's own user (root) may:
/// others get STATUS_PORT_CONNECTION_REFUSED. `SecurityMode` is set to 0 and means nothing.
///
/// # Safety
/// `LogonProcessName` is NULL or readable, the others are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LsaRegisterLogonProcess(
    LogonProcessName: PLSA_STRING,
    LsaHandle: PHANDLE,
    SecurityMode: PLSA_OPERATIONAL_MODE,
) -> NTSTATUS {
    answer("LsaRegisterLogonProcess", format_args!(""), || {
        // SAFETY: the contract is the same.
        let (handle, name) = unsafe {
            let handle = Out::required(LsaHandle, "LsaHandle")?;
            handle.set(null_mut());
            Out::optional(SecurityMode, "SecurityMode")?.set(0);
            (handle, lsa_string_in(LogonProcessName, "LogonProcessName")?)
        };
        let id = authority::register()?.ok_or_else(|| {
            let story = format!("only root may register the logon process {name:?}");
            Refused::new(STATUS_PORT_CONNECTION_REFUSED, story)
        })?;
        handle.set(handle_of(id));
        Ok(())
    })
}

/// Ends a connection to the authority. What was logged on by it stays so.
///
/// # Safety
/// Nothing is demanded: the handle is never followed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LsaDeregisterLogonProcess(LsaHandle: HANDLE) -> NTSTATUS {
    answer("LsaDeregisterLogonProcess", format_args!("{LsaHandle:p}"), || {
        Ok(authority::disconnect(id_of(LsaHandle))?)
    })
}

/// Gives the number of a package by its name, in any case: Negotiate's is 0.
///
/// # Safety
/// `PackageName` is NULL or readable, `AuthenticationPackage` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LsaLookupAuthenticationPackage(
    LsaHandle: HANDLE,
    PackageName: PLSA_STRING,
    AuthenticationPackage: PULONG,
) -> NTSTATUS {
    answer("LsaLookupAuthenticationPackage", format_args!("{LsaHandle:p}"), || {
        // SAFETY: the contract is the same.
        let number = unsafe { Out::required(AuthenticationPackage, "AuthenticationPackage")? };
        number.set(0);
        authority::connection(id_of(LsaHandle))?;
        // SAFETY: the contract is the same.
        let name = unsafe { lsa_string_in(PackageName, "PackageName")? };
        number.set(lsa::package_number(&name)?);
        Ok(())
    })
}

/// Passes a message to a package. What is returned says whether the package was reached;
/// `ProtocolStatus` is what it answers. Its message is freed by `LsaFreeReturnBuffer`.
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
    let name = "LsaCallAuthenticationPackage";
    answer(name, format_args!("{LsaHandle:p}, {AuthenticationPackage}"), || {
        // SAFETY: the contract is the same.
        let (buffer, length, status) = unsafe {
            (
                Out::optional(ProtocolReturnBuffer, "ProtocolReturnBuffer")?,
                Out::optional(ReturnBufferLength, "ReturnBufferLength")?,
                Out::optional(ProtocolStatus, "ProtocolStatus")?,
            )
        };
        buffer.set(null_mut());
        length.set(0);
        status.set(STATUS_SUCCESS);
        authority::connection(id_of(LsaHandle))?;
        let package = lsa::package(AuthenticationPackage)?;
        // SAFETY: the contract is the same.
        let submit = unsafe {
            Submit::new(ProtocolSubmitBuffer.cast(), SubmitBufferLength, "ProtocolSubmitBuffer")?
        };
        let message = submit.message_type()?;
        log::trace!("{name}: message {message}");
        match lsa::call(package, message, &submit) {
            Ok(None) => {}
            Ok(Some(reply)) => give(ProtocolReturnBuffer.is_null(), buffer, length, reply)?,
            Err(Refused { status: said, error }) => {
                failed(name, &error.context(format_args!("message {message}")));
                status.set(said);
            }
        }
        Ok(())
    })
}

/// Logs a user on: with a name and a password, with answers to a challenge, with tickets, or by
/// the word of a service of this machine, for which the token is good to impersonate with only by
/// a connection as a logon process. The
/// session lives until the token is closed (`Secur32CloseHandle`), and `AcquireCredentialsHandle`
/// takes its number. `SubStatus` says why an account is restricted. `LocalGroups`, which the token
/// gets too, needs a connection as a logon process.
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
    let _ = OriginName;
    let arguments = format_args!("{LsaHandle:p}, type={LogonType}, {AuthenticationPackage}");
    answer("LsaLogonUser", arguments, || {
        // SAFETY: the contract is the same.
        let (outputs, submit) = unsafe {
            let outputs = LogonOutputs {
                wants_profile: !ProfileBuffer.is_null(),
                profile: Out::optional(ProfileBuffer, "ProfileBuffer")?,
                profile_length: Out::optional(ProfileBufferLength, "ProfileBufferLength")?,
                logon: Out::optional(LogonId, "LogonId")?,
                token: Out::required(Token, "Token")?,
                quotas: Out::optional(Quotas, "Quotas")?,
                sub_status: Out::optional(SubStatus, "SubStatus")?,
            };
            outputs.clear();
            let information = AuthenticationInformation.cast();
            let length = AuthenticationInformationLength;
            (outputs, Submit::new(information, length, "AuthenticationInformation"))
        };
        let connection = authority::connection(id_of(LsaHandle))?;
        let package = lsa::package(AuthenticationPackage)?;
        let logon_type = logon::logon_type(LogonType)?;
        if !LocalGroups.is_null() && !connection.trusted {
            let story = "LocalGroups needs a connection as a logon process";
            return Err(Refused::new(STATUS_PRIVILEGE_NOT_HELD, story));
        }
        // SAFETY: the contract is the same.
        let additions = unsafe { tokens::additions_in(SourceContext, LocalGroups)? };
        log_on((package, connection.trusted), logon_type, &submit?, additions, &outputs)
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

/// Lists the logon sessions: the caller's own, and those that began in this process. The list is
/// freed by `LsaFreeReturnBuffer`.
///
/// # Safety
/// Both pointers are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LsaEnumerateLogonSessions(
    LogonSessionCount: PULONG,
    LogonSessionList: *mut PLUID,
) -> NTSTATUS {
    answer("LsaEnumerateLogonSessions", format_args!(""), || {
        // SAFETY: the contract is the same.
        let (count, list) = unsafe {
            (
                Out::required(LogonSessionCount, "LogonSessionCount")?,
                Out::required(LogonSessionList, "LogonSessionList")?,
            )
        };
        count.set(0);
        list.set(null_mut());
        let logons = authority::logons();
        let (block, _) = sessions::list(&logons)?.hand_out()?;
        count.set(logons.len() as u32);
        list.set(block.release());
        Ok(())
    })
}

/// Describes a logon session; freed by `LsaFreeReturnBuffer`.
///
/// # Safety
/// `LogonId` is NULL or readable, `ppLogonSessionData` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LsaGetLogonSessionData(
    LogonId: PLUID,
    ppLogonSessionData: *mut PSECURITY_LOGON_SESSION_DATA,
) -> NTSTATUS {
    answer("LsaGetLogonSessionData", format_args!("{LogonId:p}"), || {
        // SAFETY: the contract is the same.
        let (data, logon) = unsafe {
            let data = Out::required(ppLogonSessionData, "ppLogonSessionData")?;
            data.set(null_mut());
            (data, pointers::required(LogonId, "LogonId")?)
        };
        let session = authority::logon_data(lsa::logon_number(*logon))?;
        data.set(sessions::data(&session)?.hand_out()?.0.release());
        Ok(())
    })
}

/// Names the user of a logon session; NULL is the caller's own. Freed by `LsaFreeReturnBuffer`.
///
/// # Safety
/// `LogonId` is NULL or readable, `UserInformation` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetSecurityUserInfo(
    LogonId: PLUID,
    Flags: ULONG,
    UserInformation: *mut PSecurityUserData,
) -> NTSTATUS {
    answer("GetSecurityUserInfo", format_args!("{Flags:#x}"), || {
        // SAFETY: the contract is the same.
        let (data, logon) = unsafe {
            let data = Out::required(UserInformation, "UserInformation")?;
            data.set(null_mut());
            (data, pointers::optional(LogonId, "LogonId")?)
        };
        let logon = logon.map_or_else(authority::own_logon, |&luid| lsa::logon_number(luid));
        let session = authority::logon_data(logon)?;
        data.set(sessions::user(&session)?.hand_out()?.0.release());
        Ok(())
    })
}

/// Signals an event whenever a policy of this machine changes. The event's handle is the number of
/// an `eventfd`, which becomes readable. There are the classes of the account
/// domain, the server's role and the DNS domain (the machine's names in secur32.conf and the host's
/// name), of Kerberos' tickets (lifetimes in krb5.conf) and of the machine's password (its keytab);
/// the others never change here and answer STATUS_NOT_SUPPORTED.
///
/// # Safety
/// Nothing is demanded: the handle is a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LsaRegisterPolicyChangeNotification(
    InformationClass: POLICY_NOTIFICATION_INFORMATION_CLASS,
    NotificationEventHandle: HANDLE,
) -> NTSTATUS {
    let arguments = format_args!("{InformationClass}, {NotificationEventHandle:p}");
    answer("LsaRegisterPolicyChangeNotification", arguments, || {
        Ok(authority::watch_policy(
            policy_class(InformationClass)?,
            event(NotificationEventHandle)?,
        )?)
    })
}

/// Ends such signals. STATUS_INVALID_PARAMETER if the event does not wait for this class.
///
/// # Safety
/// Nothing is demanded: the handle is a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LsaUnregisterPolicyChangeNotification(
    InformationClass: POLICY_NOTIFICATION_INFORMATION_CLASS,
    NotificationEventHandle: HANDLE,
) -> NTSTATUS {
    let arguments = format_args!("{InformationClass}, {NotificationEventHandle:p}");
    answer("LsaUnregisterPolicyChangeNotification", arguments, || {
        let class = policy_class(InformationClass)?;
        Ok(authority::unwatch_policy(class, event(NotificationEventHandle)?)?)
    })
}

/// The class, if there is anything here that could change.
fn policy_class(class: POLICY_NOTIFICATION_INFORMATION_CLASS) -> Result<PolicyClass> {
    const AUDIT: i32 = 1;
    const EFS: i32 = 5;
    const SACL: i32 = 8;
    match class {
        2 => Ok(PolicyClass::AccountDomain),
        3 => Ok(PolicyClass::ServerRole),
        4 => Ok(PolicyClass::DnsDomain),
        6 => Ok(PolicyClass::KerberosTickets),
        7 => Ok(PolicyClass::MachinePassword),
        AUDIT | EFS | SACL => {
            let story = format!("there is no policy of class {class} on this machine");
            Err(Error::new(CallerFault::Unsupported, story))
        }
        _ => Err(Error::new(CallerFault::InvalidParameter, format!("no class has number {class}"))),
    }
}

/// The number of an event.
fn event(handle: HANDLE) -> Result<i32> {
    i32::try_from(handle.addr()).map_err(|_| CallerFault::InvalidHandle.into())
}

/// Runs a function that answers an NTSTATUS.
fn answer(
    name: &'static str,
    arguments: Arguments<'_>,
    body: impl FnOnce() -> Result<(), Refused>,
) -> NTSTATUS {
    boundary_value(name, arguments, STATUS_INTERNAL_ERROR, || {
        Ok(match body() {
            Ok(()) => STATUS_SUCCESS,
            Err(Refused { status, error }) => {
                failed(name, &error);
                status
            }
        })
    })
}

/// Where `LsaLogonUser` puts what it has to say.
struct LogonOutputs<'a> {
    wants_profile: bool,
    profile: Out<'a, PVOID>,
    profile_length: Out<'a, ULONG>,
    logon: Out<'a, LUID>,
    token: Out<'a, HANDLE>,
    quotas: Out<'a, QUOTA_LIMITS>,
    sub_status: Out<'a, NTSTATUS>,
}

impl LogonOutputs<'_> {
    fn clear(&self) {
        self.profile.set(null_mut());
        self.profile_length.set(0);
        self.logon.set(lsa::luid(0));
        self.token.set(null_mut());
        self.sub_status.set(STATUS_SUCCESS);
    }
}

fn log_on(
    (package, trusted): (PackageId, bool),
    logon_type: authority::LogonType,
    submit: &Submit<'_>,
    additions: authority::Additions,
    outputs: &LogonOutputs<'_>,
) -> Result<(), Refused> {
    let (request, form) = logon::request(package, submit, trusted)?;
    let service_for_user = ServiceForUser::of(&request);
    let who = authority::log_on(package, logon_type, request, additions).map_err(|error| {
        let (refused, why) = logon::refused(service_for_user, error);
        outputs.sub_status.set(why);
        refused
    })?;
    let told = logon::profile(form, &who).and_then(|profile| {
        give(!outputs.wants_profile, outputs.profile, outputs.profile_length, profile)
    });
    if let Err(error) = told {
        // Nobody would ever close the token.
        authority::close_token(who.token)?;
        return Err(error.into());
    }
    outputs.logon.set(lsa::luid(who.logon));
    outputs.quotas.set(NO_QUOTAS);
    outputs.token.set(handle_of(who.token));
    Ok(())
}

/// Nothing here counts pages against a session.
const NO_QUOTAS: QUOTA_LIMITS = QUOTA_LIMITS {
    PagedPoolLimit: usize::MAX,
    NonPagedPoolLimit: usize::MAX,
    MinimumWorkingSetSize: 0,
    MaximumWorkingSetSize: usize::MAX,
    PagefileLimit: usize::MAX,
    TimeLimit: LARGE_INTEGER { QuadPart: -1 },
};

/// Hands a block to the caller; one who has no place for it gets none.
fn give(unwanted: bool, place: Out<'_, PVOID>, length: Out<'_, ULONG>, reply: Reply) -> Result<()> {
    let (block, size) = reply.hand_out()?;
    length.set(size);
    if !unwanted {
        place.set(block.release());
    }
    Ok(())
}

/// A counted string that every one of these functions limits to 127 bytes.
///
/// # Safety
/// `string` is NULL or readable, and so is what it points at.
unsafe fn lsa_string_in(string: *const LSA_STRING, name: &str) -> Result<String, Refused> {
    const MAX: u16 = 127;
    // SAFETY: the contract is the same.
    let string = unsafe { pointers::required(string, name)? };
    if string.Length > MAX {
        let story = format!("{name} has {} bytes, more than {MAX}", string.Length);
        return Err(Refused::new(STATUS_NAME_TOO_LONG, story));
    }
    // SAFETY: the contract is the same.
    let bytes =
        unsafe { pointers::slice_in(string.Buffer.cast(), usize::from(string.Length), name)? };
    str::from_utf8(bytes)
        .map(str::to_owned)
        .map_err(|_| Error::new(CallerFault::InvalidParameter, format!("{name} is no text")).into())
}
