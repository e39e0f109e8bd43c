//! What tokens say, duplicates of them, SIDs as text: functions of our own, declared in
//! `secur32_token.h`.

use std::ptr::null_mut;

use crate::abi::boundary::{boundary_boolean, boundary_ok};
use crate::abi::handles::{handle_of, id_of};
use crate::abi::last_error::Failure;
use crate::abi::memory::{self, Kind};
use crate::abi::pointers::Out;
use crate::abi::strings::{Ansi, Charset, Wide, text_in};
use crate::abi::tokens;
use crate::abi::types::{
    BOOL, ERROR_INSUFFICIENT_BUFFER, ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER,
    ERROR_INVALID_SID, ERROR_NO_TOKEN, HANDLE, LPSTR, LPWSTR, PSID, PVOID, SECUR32_TOKEN,
    SECUR32_UNIX_ACCOUNT, SECURITY_STATUS, ULONG,
};
use crate::lsa::{self as authority, TokenKind};
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::sid::Sid;
use crate::spi::token::ImpersonationLevel;

/// Tells all that a token says. The block is freed by `FreeContextBuffer`.
///
/// # Safety
/// `ppToken` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Secur32QueryToken(
    hToken: HANDLE,
    ppToken: *mut *mut SECUR32_TOKEN,
) -> SECURITY_STATUS {
    boundary_ok("Secur32QueryToken", format_args!("{hToken:p}"), || {
        // SAFETY: the contract is the same.
        let out = unsafe { Out::required(ppToken, "ppToken")? };
        out.set(null_mut());
        let description = tokens::description(&*authority::token(id_of(hToken))?)?;
        out.set(description.hand_out_as(Kind::ContextBuffer)?.0.release());
        Ok(())
    })
}

/// Tells which account of this machine the client is; a name service may be waited for. The block
/// is freed by `FreeContextBuffer`. SEC_E_NO_IMPERSONATION when it is none.
///
/// # Safety
/// `ppAccount` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Secur32QueryTokenAccount(
    hToken: HANDLE,
    ppAccount: *mut *mut SECUR32_UNIX_ACCOUNT,
) -> SECURITY_STATUS {
    boundary_ok("Secur32QueryTokenAccount", format_args!("{hToken:p}"), || {
        // SAFETY: the contract is the same.
        let out = unsafe { Out::required(ppAccount, "ppAccount")? };
        out.set(null_mut());
        let token = authority::token(id_of(hToken))?;
        let account = tokens::account(token.unix_account()?)?;
        out.set(account.hand_out_as(Kind::ContextBuffer)?.0.release());
        Ok(())
    })
}

/// Makes another token of the same client: of this level, which is no higher than its own, and of
/// this type. SEC_E_NO_IMPERSONATION when the level is higher.
///
/// # Safety
/// `phNewToken` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Secur32DuplicateToken(
    hToken: HANDLE,
    ImpersonationLevel: ULONG,
    TokenType: ULONG,
    phNewToken: *mut HANDLE,
) -> SECURITY_STATUS {
    let arguments = format_args!("{hToken:p}, {ImpersonationLevel}, {TokenType}");
    boundary_ok("Secur32DuplicateToken", arguments, || {
        // SAFETY: the contract is the same.
        let out = unsafe { Out::required(phNewToken, "phNewToken")? };
        out.set(null_mut());
        let token = authority::token(id_of(hToken))?;
        let (level, kind) = (level_in(ImpersonationLevel)?, kind_in(TokenType)?);
        let copy = authority::duplicate_token(&token, kind, level)?;
        out.set(handle_of(authority::open_token(&copy)?));
        Ok(())
    })
}

/// Gives the token of the client that the calling thread acts as, to be closed by
/// `Secur32CloseHandle`. SEC_E_NO_IMPERSONATION when it acts as its process.
///
/// # Safety
/// `phToken` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Secur32OpenThreadToken(phToken: *mut HANDLE) -> SECURITY_STATUS {
    boundary_ok("Secur32OpenThreadToken", format_args!(""), || {
        // SAFETY: the contract is the same.
        let out = unsafe { Out::required(phToken, "phToken")? };
        out.set(null_mut());
        let token = authority::current_token().ok_or_else(|| {
            Error::new(CallerFault::NoImpersonation, "the thread acts as its process")
        })?;
        out.set(handle_of(authority::open_token(&token)?));
        Ok(())
    })
}

/// `GetTokenInformation` of Windows, for the classes TokenUser, TokenGroups, TokenPrimaryGroup,
/// TokenSource, TokenType, TokenImpersonationLevel and TokenStatistics. FALSE leaves the thread's
/// last error: ERROR_INSUFFICIENT_BUFFER, with the size in `ReturnLength`; ERROR_NONE_MAPPED for a
/// SID for which nobody vouches; ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER.
///
/// # Safety
/// `TokenInformation` is NULL or writable for `TokenInformationLength` bytes, `ReturnLength` NULL
/// or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Secur32GetTokenInformation(
    TokenHandle: HANDLE,
    TokenInformationClass: ULONG,
    TokenInformation: PVOID,
    TokenInformationLength: ULONG,
    ReturnLength: *mut ULONG,
) -> BOOL {
    let arguments = format_args!("{TokenHandle:p}, {TokenInformationClass}");
    BOOL::from(boundary_boolean("Secur32GetTokenInformation", arguments, || {
        // SAFETY: the contract is the same.
        let length = unsafe { Out::optional(ReturnLength, "ReturnLength")? };
        length.set(0);
        let token = authority::token(id_of(TokenHandle)).map_err(no_handle)?;
        let information = tokens::information(&token, TokenInformationClass)?;
        let size = information.length()?;
        length.set(size);
        if TokenInformationLength < size {
            return Err(Failure { code: ERROR_INSUFFICIENT_BUFFER, error: None });
        }
        let image = information.located_at(TokenInformation.expose_provenance())?;
        // SAFETY: the caller has room for so many bytes, or gave NULL.
        unsafe { fill(TokenInformation.cast(), &image) }
    }))
}

/// `CheckTokenMembership` of Windows: whether an enabled group of the token, or its user, is this
/// one. A NULL handle is the token that the calling thread acts with; ERROR_NO_TOKEN when there is
/// none.
///
/// # Safety
/// `SidToCheck` is NULL or a SID, `IsMember` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Secur32CheckTokenMembership(
    TokenHandle: HANDLE,
    SidToCheck: PSID,
    IsMember: *mut BOOL,
) -> BOOL {
    let arguments = format_args!("{TokenHandle:p}");
    BOOL::from(boundary_boolean("Secur32CheckTokenMembership", arguments, || {
        // SAFETY: the contract is the same.
        let is_member = unsafe { Out::required(IsMember, "IsMember")? };
        is_member.set(0);
        let token = if TokenHandle.is_null() {
            let story = "the thread acts as its process, which has no token";
            let none = || Error::new(CallerFault::NoImpersonation, story);
            authority::current_token().ok_or_else(|| Failure::new(ERROR_NO_TOKEN, none()))?
        } else {
            authority::token(id_of(TokenHandle)).map_err(no_handle)?
        };
        // SAFETY: the contract is the same.
        let sid = unsafe { tokens::sid_in(SidToCheck, "SidToCheck")? };
        is_member.set(BOOL::from(token.is_member(&sid)));
        Ok(())
    }))
}

/// `ConvertSidToStringSid` of Windows: `S-1-5-…`. The text is freed by `SspiLocalFree`.
///
/// # Safety
/// `Sid` is NULL or a SID, `StringSid` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Secur32ConvertSidToStringSidA(Sid: PSID, StringSid: *mut LPSTR) -> BOOL {
    BOOL::from(boundary_boolean("Secur32ConvertSidToStringSidA", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { sid_to_text::<Ansi>(Sid, StringSid.cast()) }
    }))
}

/// `ConvertSidToStringSid` of Windows: `S-1-5-…`. The text is freed by `SspiLocalFree`.
///
/// # Safety
/// `Sid` is NULL or a SID, `StringSid` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Secur32ConvertSidToStringSidW(Sid: PSID, StringSid: *mut LPWSTR) -> BOOL {
    BOOL::from(boundary_boolean("Secur32ConvertSidToStringSidW", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { sid_to_text::<Wide>(Sid, StringSid.cast()) }
    }))
}

/// `ConvertStringSidToSid` of Windows, for SIDs in numbers. The SID is freed by `SspiLocalFree`;
/// ERROR_INVALID_SID for what is none.
///
/// # Safety
/// `StringSid` is NULL or terminated, `Sid` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Secur32ConvertStringSidToSidA(
    StringSid: *const i8,
    Sid: *mut PSID,
) -> BOOL {
    BOOL::from(boundary_boolean("Secur32ConvertStringSidToSidA", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { text_to_sid::<Ansi>(StringSid.cast(), Sid) }
    }))
}

/// `ConvertStringSidToSid` of Windows, for SIDs in numbers. The SID is freed by `SspiLocalFree`;
/// ERROR_INVALID_SID for what is none.
///
/// # Safety
/// `StringSid` is NULL or terminated, `Sid` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Secur32ConvertStringSidToSidW(
    StringSid: *const u16,
    Sid: *mut PSID,
) -> BOOL {
    BOOL::from(boundary_boolean("Secur32ConvertStringSidToSidW", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { text_to_sid::<Wide>(StringSid, Sid) }
    }))
}

/// # Safety
/// `place` is NULL or writable for so many bytes.
unsafe fn fill(place: *mut u8, bytes: &[u8]) -> Result<(), Failure> {
    if place.is_null() {
        let story = "TokenInformation is NULL";
        let error = Error::new(CallerFault::InvalidParameter, story);
        return Err(Failure::new(ERROR_INVALID_PARAMETER, error));
    }
    // SAFETY: not NULL; the contract is the same, and what we made overlaps nothing of the caller's.
    unsafe { place.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
    Ok(())
}

/// # Safety
/// As [`Secur32ConvertSidToStringSidA`].
unsafe fn sid_to_text<C: Charset>(sid: PSID, text: *mut *mut u8) -> Result<(), Failure> {
    // SAFETY: the contract is the same.
    let (out, sid) = unsafe {
        let out = Out::required(text, "StringSid")?;
        out.set(null_mut());
        (out, tokens::sid_in(sid, "Sid")?)
    };
    out.set(memory::hand_out(Kind::Local, &C::encode_bytes(&sid.to_string()))?);
    Ok(())
}

/// # Safety
/// As [`Secur32ConvertStringSidToSidA`].
unsafe fn text_to_sid<C: Charset>(text: *const C::Unit, sid: *mut PSID) -> Result<(), Failure> {
    // SAFETY: the contract is the same.
    let (out, text) = unsafe {
        let out = Out::required(sid, "Sid")?;
        out.set(null_mut());
        (out, text_in::<C>(text, "StringSid")?)
    };
    let text =
        text.ok_or_else(|| Error::new(CallerFault::InvalidParameter, "StringSid is NULL"))?;
    let parsed: Result<Sid> = text.parse();
    let parsed = parsed.map_err(|error| Failure::new(ERROR_INVALID_SID, error))?;
    out.set(memory::hand_out(Kind::Local, &parsed.to_bytes())?.cast());
    Ok(())
}

fn level_in(level: u32) -> Result<ImpersonationLevel> {
    match level {
        0 => Ok(ImpersonationLevel::Anonymous),
        1 => Ok(ImpersonationLevel::Identification),
        2 => Ok(ImpersonationLevel::Impersonation),
        3 => Ok(ImpersonationLevel::Delegation),
        _ => {
            let story = format!("{level} is no SECURITY_IMPERSONATION_LEVEL");
            Err(Error::new(CallerFault::InvalidParameter, story))
        }
    }
}

fn kind_in(kind: u32) -> Result<TokenKind> {
    match kind {
        1 => Ok(TokenKind::Primary),
        2 => Ok(TokenKind::Impersonation),
        _ => {
            let story = format!("{kind} is no TOKEN_TYPE");
            Err(Error::new(CallerFault::InvalidParameter, story))
        }
    }
}

fn no_handle(error: Error) -> Failure {
    Failure::new(ERROR_INVALID_HANDLE, error)
}
