//! Authentication identities (sspi.h): made, taken apart, copied, carried, encrypted, freed.
//!
//! Holds: the exports. May use: `abi::identity`, the rest of the boundary. Must not touch: what an
//! identity looks like.

use std::ffi::c_char;
use std::ptr;

use crate::abi::boundary::{boundary, boundary_ok, boundary_value, failed};
use crate::abi::identity::view::View;
use crate::abi::identity::{block, compare, identity_in, marshal, packages, read, seal, strings};
use crate::abi::memory::{self, Kind, Pending};
use crate::abi::pointers::{Out, slice_in};
use crate::abi::strings::{Wide, terminated, text_in};
use crate::abi::types::{
    BOOLEAN, PBOOLEAN, PCWSTR, PSEC_WINNT_AUTH_IDENTITY_OPAQUE, PULONG, PVOID,
    SEC_WINNT_AUTH_IDENTITY_ENCRYPT_FOR_SYSTEM, SEC_WINNT_AUTH_IDENTITY_ENCRYPT_SAME_LOGON,
    SEC_WINNT_AUTH_IDENTITY_ENCRYPT_SAME_PROCESS, SECURITY_STATUS, STATUS_INVALID_PARAMETER, ULONG,
};
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::identity::SealScope;
use crate::spi::secret::SecretBytes;
use crate::spi::status::{SEC_E_OK, Status};

/// Makes an identity of up to three strings, of which one must be there. The third is the password.
/// Free it with SspiFreeAuthIdentity.
///
/// # Safety
/// Each string is NULL, or readable up to its terminator. `ppAuthIdentity` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SspiEncodeStringsAsAuthIdentity(
    pszUserName: PCWSTR,
    pszDomainName: PCWSTR,
    pszPackedCredentialsString: PCWSTR,
    ppAuthIdentity: *mut PSEC_WINNT_AUTH_IDENTITY_OPAQUE,
) -> SECURITY_STATUS {
    let arguments = format_args!("{pszUserName:p}, {pszDomainName:p}, {ppAuthIdentity:p}");
    boundary_ok("SspiEncodeStringsAsAuthIdentity", arguments, || {
        // SAFETY: the contract is the same, for each pointer.
        unsafe {
            let user = terminated(pszUserName, "pszUserName")?;
            let domain = terminated(pszDomainName, "pszDomainName")?;
            let password = terminated(pszPackedCredentialsString, "pszPackedCredentialsString")?;
            if user.is_none() && domain.is_none() && password.is_none() {
                return Err(Error::new(CallerFault::MalformedIdentity, "all strings are NULL"));
            }
            let out = Out::required(ppAuthIdentity, "ppAuthIdentity")?;
            out.set(block::of_strings(user, domain, password)?);
        }
        Ok(())
    })
}

/// Gives the three strings of an identity, NULL where there is none. Free each with SspiLocalFree.
/// An encrypted identity must be decrypted first.
///
/// # Safety
/// `pAuthIdentity` is NULL or an identity. The other pointers are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SspiEncodeAuthIdentityAsStrings(
    pAuthIdentity: PSEC_WINNT_AUTH_IDENTITY_OPAQUE,
    ppszUserName: *mut PCWSTR,
    ppszDomainName: *mut PCWSTR,
    ppszPackedCredentialsString: *mut PCWSTR,
) -> SECURITY_STATUS {
    const NAME: &str = "SspiEncodeAuthIdentityAsStrings";
    boundary(NAME, format_args!("{pAuthIdentity:p}"), || {
        // SAFETY: the contract is the same, for each pointer.
        unsafe {
            let user_out = Out::optional(ppszUserName, "ppszUserName")?;
            let domain_out = Out::optional(ppszDomainName, "ppszDomainName")?;
            let password_out =
                Out::optional(ppszPackedCredentialsString, "ppszPackedCredentialsString")?;
            let view = View::of(pAuthIdentity)?;
            if seal::is_encrypted(view.flags) {
                failed(NAME, &Error::new(CallerFault::InvalidParameter, "it is encrypted"));
                return Ok(Status::new(STATUS_INVALID_PARAMETER));
            }
            let user = local_text(strings::user(&view)?)?;
            let domain = local_text(strings::domain(&view)?)?;
            // Somebody who does not ask for the password gets no copy of it.
            let wanted = if ppszPackedCredentialsString.is_null() { None } else { Some(&view) };
            let password = wanted.map(strings::password).transpose()?.flatten();
            let password = local_text(password)?;
            user_out.set(release(user));
            domain_out.set(release(domain));
            password_out.set(release(password));
        }
        Ok(SEC_E_OK)
    })
}

/// Wipes and frees an identity that this library gave out. NULL and foreign pointers are left
/// alone.
///
/// # Safety
/// An identity of this library is used by nobody else any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SspiFreeAuthIdentity(AuthData: PSEC_WINNT_AUTH_IDENTITY_OPAQUE) {
    boundary_value("SspiFreeAuthIdentity", format_args!("{AuthData:p}"), (), || {
        free(Kind::AuthIdentity, Kind::Local, AuthData)
    });
}

/// Frees a string or a byte array of the identity functions. NULL and foreign pointers are left
/// alone.
///
/// # Safety
/// A block of this library is used by nobody else any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SspiLocalFree(DataBuffer: PVOID) {
    boundary_value("SspiLocalFree", format_args!("{DataBuffer:p}"), (), || {
        free(Kind::Local, Kind::AuthIdentity, DataBuffer)
    });
}

/// Wipes the password of an identity where it lies; user and domain stay.
///
/// # Safety
/// `AuthData` is NULL or an identity whose password is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SspiZeroAuthIdentity(AuthData: PSEC_WINNT_AUTH_IDENTITY_OPAQUE) {
    boundary_value("SspiZeroAuthIdentity", format_args!("{AuthData:p}"), (), || {
        if AuthData.is_null() {
            return Ok(());
        }
        // SAFETY: the contract is the same.
        unsafe { seal::wipe(AuthData) }
    });
}

/// Makes a deep copy with the same flags. Free it with SspiFreeAuthIdentity.
///
/// # Safety
/// `AuthData` is NULL or an identity. `AuthDataCopy` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SspiCopyAuthIdentity(
    AuthData: PSEC_WINNT_AUTH_IDENTITY_OPAQUE,
    AuthDataCopy: *mut PSEC_WINNT_AUTH_IDENTITY_OPAQUE,
) -> SECURITY_STATUS {
    boundary_ok("SspiCopyAuthIdentity", format_args!("{AuthData:p}"), || {
        // SAFETY: the contract is the same, for each pointer.
        unsafe {
            let view = View::of(AuthData)?;
            let out = Out::required(AuthDataCopy, "AuthDataCopy")?;
            out.set(block::copy(&view)?);
        }
        Ok(())
    })
}

/// Says whether two identities have the same user and domain, and whether everything in them is the
/// same. NULL is the same as NULL only.
///
/// # Safety
/// Both identities are NULL or identities. The other pointers are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SspiCompareAuthIdentities(
    AuthIdentity1: PSEC_WINNT_AUTH_IDENTITY_OPAQUE,
    AuthIdentity2: PSEC_WINNT_AUTH_IDENTITY_OPAQUE,
    SameSuppliedUser: PBOOLEAN,
    SameSuppliedIdentity: PBOOLEAN,
) -> SECURITY_STATUS {
    let arguments = format_args!("{AuthIdentity1:p}, {AuthIdentity2:p}");
    boundary_ok("SspiCompareAuthIdentities", arguments, || {
        // SAFETY: the contract is the same, for each pointer.
        unsafe {
            let user = Out::optional(SameSuppliedUser, "SameSuppliedUser")?;
            let identity = Out::optional(SameSuppliedIdentity, "SameSuppliedIdentity")?;
            user.set(0);
            identity.set(0);
            let same = compare::compare(&identity_in(AuthIdentity1)?, &identity_in(AuthIdentity2)?);
            user.set(BOOLEAN::from(same.user));
            identity.set(BOOLEAN::from(same.identity));
        }
        Ok(())
    })
}

/// Says whether an identity can be understood: SEC_E_OK, or SEC_E_INVALID_TOKEN.
///
/// # Safety
/// `AuthData` is NULL or an identity.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SspiValidateAuthIdentity(
    AuthData: PSEC_WINNT_AUTH_IDENTITY_OPAQUE,
) -> SECURITY_STATUS {
    boundary_ok("SspiValidateAuthIdentity", format_args!("{AuthData:p}"), || {
        // SAFETY: the contract is the same.
        let view = unsafe { View::of(AuthData) }.map_err(|error| malformed(&error))?;
        read(&view).map(drop).map_err(|error| malformed(&error))
    })
}

/// Turns an identity into bytes, which hold its password as the identity holds it. Wipe them, and
/// free them with SspiLocalFree.
///
/// # Safety
/// `AuthIdentity` is NULL or an identity. The other pointers are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SspiMarshalAuthIdentity(
    AuthIdentity: PSEC_WINNT_AUTH_IDENTITY_OPAQUE,
    AuthIdentityLength: PULONG,
    AuthIdentityByteArray: *mut *mut c_char,
) -> SECURITY_STATUS {
    boundary_ok("SspiMarshalAuthIdentity", format_args!("{AuthIdentity:p}"), || {
        // SAFETY: the contract is the same, for each pointer.
        unsafe {
            let view = View::of(AuthIdentity)?;
            let length = Out::required(AuthIdentityLength, "AuthIdentityLength")?;
            let array = Out::required(AuthIdentityByteArray, "AuthIdentityByteArray")?;
            let bytes = marshal::marshal(&view);
            let size = ULONG::try_from(bytes.expose().len());
            let size = size.map_err(|_| CallerFault::InvalidParameter)?;
            array.set(memory::hand_out(Kind::Local, bytes.expose())?.cast());
            length.set(size);
        }
        Ok(())
    })
}

/// Turns bytes into an identity. Free it with SspiFreeAuthIdentity.
///
/// # Safety
/// `AuthIdentityByteArray` is NULL, or readable for `AuthIdentityLength` bytes. `ppAuthIdentity` is
/// NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SspiUnmarshalAuthIdentity(
    AuthIdentityLength: ULONG,
    AuthIdentityByteArray: *mut c_char,
    ppAuthIdentity: *mut PSEC_WINNT_AUTH_IDENTITY_OPAQUE,
) -> SECURITY_STATUS {
    let arguments = format_args!("{AuthIdentityLength}, {AuthIdentityByteArray:p}");
    boundary_ok("SspiUnmarshalAuthIdentity", arguments, || {
        let bytes = AuthIdentityByteArray.cast_const().cast();
        // SAFETY: the contract is the same, for each pointer.
        unsafe {
            let bytes = slice_in(bytes, AuthIdentityLength as usize, "AuthIdentityByteArray")
                .map_err(|error| malformed(&error))?;
            let view = marshal::unmarshal(bytes).map_err(|error| malformed(&error))?;
            let out = Out::required(ppAuthIdentity, "ppAuthIdentity")?;
            out.set(block::copy(&view)?);
        }
        Ok(())
    })
}

/// Makes a copy of an identity (NULL: of the default one) whose package list also excludes a
/// package. Free it with SspiFreeAuthIdentity.
///
/// # Safety
/// `AuthIdentity` is NULL or an identity. `pszPackageName` is NULL or readable up to its
/// terminator. `ppNewAuthIdentity` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SspiExcludePackage(
    AuthIdentity: PSEC_WINNT_AUTH_IDENTITY_OPAQUE,
    pszPackageName: PCWSTR,
    ppNewAuthIdentity: *mut PSEC_WINNT_AUTH_IDENTITY_OPAQUE,
) -> SECURITY_STATUS {
    boundary_ok("SspiExcludePackage", format_args!("{AuthIdentity:p}"), || {
        // SAFETY: the contract is the same, for each pointer.
        unsafe {
            let view = if AuthIdentity.is_null() { View::NOTHING } else { View::of(AuthIdentity)? };
            let package = text_in::<Wide>(pszPackageName, "pszPackageName")?;
            let list = packages::excluding(&view, &package.unwrap_or_default())?;
            let out = Out::required(ppNewAuthIdentity, "ppNewAuthIdentity")?;
            out.set(block::with_packages(&view, &list)?);
        }
        Ok(())
    })
}

/// Encrypts the password of an identity in place, for this process. The identity must be one that
/// this library gave out.
///
/// # Safety
/// `AuthData` is NULL or an identity that nobody else uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SspiEncryptAuthIdentity(
    AuthData: PSEC_WINNT_AUTH_IDENTITY_OPAQUE,
) -> SECURITY_STATUS {
    boundary_ok("SspiEncryptAuthIdentity", format_args!("{AuthData:p}"), || {
        // SAFETY: the contract is the same.
        unsafe { seal::encrypt(AuthData, SealScope::Process) }
    })
}

/// Encrypts the password of an identity in place: for this process, or for all processes of the
/// user's logon.
///
/// # Safety
/// As SspiEncryptAuthIdentity.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SspiEncryptAuthIdentityEx(
    Options: ULONG,
    AuthData: PSEC_WINNT_AUTH_IDENTITY_OPAQUE,
) -> SECURITY_STATUS {
    boundary_ok("SspiEncryptAuthIdentityEx", format_args!("{Options}, {AuthData:p}"), || {
        let scope = scope(Options)?;
        // SAFETY: the contract is the same.
        unsafe { seal::encrypt(AuthData, scope) }
    })
}

/// Decrypts the password of an identity in place; nothing happens to a clear one.
///
/// # Safety
/// `EncryptedAuthData` is NULL or an identity that nobody else uses, whose password is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SspiDecryptAuthIdentity(
    EncryptedAuthData: PSEC_WINNT_AUTH_IDENTITY_OPAQUE,
) -> SECURITY_STATUS {
    boundary_ok("SspiDecryptAuthIdentity", format_args!("{EncryptedAuthData:p}"), || {
        // SAFETY: the contract is the same.
        unsafe { seal::decrypt(EncryptedAuthData) }
    })
}

/// Decrypts the password of an identity in place. The identity itself says how it is encrypted.
///
/// # Safety
/// As SspiDecryptAuthIdentity.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SspiDecryptAuthIdentityEx(
    Options: ULONG,
    EncryptedAuthData: PSEC_WINNT_AUTH_IDENTITY_OPAQUE,
) -> SECURITY_STATUS {
    let arguments = format_args!("{Options}, {EncryptedAuthData:p}");
    boundary_ok("SspiDecryptAuthIdentityEx", arguments, || {
        scope(Options)?;
        // SAFETY: the contract is the same.
        unsafe { seal::decrypt(EncryptedAuthData) }
    })
}

/// Says whether the password of an identity is encrypted. NULL and what is no identity are not.
///
/// # Safety
/// `EncryptedAuthData` is NULL or an identity.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SspiIsAuthIdentityEncrypted(
    EncryptedAuthData: PSEC_WINNT_AUTH_IDENTITY_OPAQUE,
) -> BOOLEAN {
    let arguments = format_args!("{EncryptedAuthData:p}");
    boundary_value("SspiIsAuthIdentityEncrypted", arguments, 0, || {
        // SAFETY: the contract is the same.
        let view = unsafe { View::of(EncryptedAuthData)? };
        Ok(BOOLEAN::from(seal::is_encrypted(view.flags)))
    })
}

/// A string for SspiLocalFree, still ours.
pub(super) fn local_text(text: Option<SecretBytes>) -> Result<Option<Pending>> {
    text.map(|text| Pending::new(Kind::Local, text.expose())).transpose()
}

/// Hands a string over; NULL where there is none.
pub(super) fn release(text: Option<Pending>) -> PCWSTR {
    text.map_or(ptr::null(), |text| text.release().cast())
}

/// Microsoft's pages name now one of the two functions and now the other for the same strings, so
/// each also frees what belongs to the other.
fn free(kind: Kind, other: Kind, pointer: PVOID) -> Result<()> {
    let belongs_to_other = memory::size_of_block(other, pointer.cast()).is_some();
    memory::take_back(if belongs_to_other { other } else { kind }, pointer.cast())
}

fn scope(options: ULONG) -> Result<SealScope> {
    match options {
        SEC_WINNT_AUTH_IDENTITY_ENCRYPT_SAME_PROCESS => Ok(SealScope::Process),
        SEC_WINNT_AUTH_IDENTITY_ENCRYPT_SAME_LOGON => Ok(SealScope::Logon),
        SEC_WINNT_AUTH_IDENTITY_ENCRYPT_FOR_SYSTEM => {
            Err(Error::new(CallerFault::Unsupported, "there is no system process to encrypt for"))
        }
        _ => Err(Error::new(CallerFault::InvalidParameter, format!("Options is {options}"))),
    }
}

fn malformed(error: &Error) -> Error {
    match error.story() {
        Some(story) => Error::new(CallerFault::MalformedIdentity, story),
        None => CallerFault::MalformedIdentity.into(),
    }
}
