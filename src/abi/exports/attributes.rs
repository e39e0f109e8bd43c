//! `QueryContextAttributes`.

use std::ffi::c_void;

use crate::abi::boundary::boundary_ok;
use crate::abi::flags;
use crate::abi::handles::{context_in, handle_of};
use crate::abi::memory::{self, Kind};
use crate::abi::package_block::{self, SecPkgInfo};
use crate::abi::pointers::Out;
use crate::abi::strings::{Ansi, Charset, Wide};
use crate::abi::time;
use crate::abi::types::*;
use crate::spi::error::{CallerFault, Error, LocalFault, Result};
use crate::spi::package::{LastClientToken, Negotiation};
use crate::spi::packed::Role;
use crate::sspi::attributes::Subject;

/// Asks for an attribute of a context. What the attribute's structure points at is freed by
/// `FreeContextBuffer`.
///
/// # Safety
/// `phContext` is NULL or readable, `pBuffer` NULL or writable for the attribute's structure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn QueryContextAttributesW(
    phContext: PCtxtHandle,
    ulAttribute: ULONG,
    pBuffer: *mut c_void,
) -> SECURITY_STATUS {
    boundary_ok("QueryContextAttributesW", format_args!("{ulAttribute}"), || {
        // SAFETY: the contract is the same.
        unsafe { query::<Wide>(phContext, ulAttribute, Target { pointer: pBuffer, size: None }) }
    })
}

/// Asks for an attribute of a context. What the attribute's structure points at is freed by
/// `FreeContextBuffer`.
///
/// # Safety
/// `phContext` is NULL or readable, `pBuffer` NULL or writable for the attribute's structure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn QueryContextAttributesA(
    phContext: PCtxtHandle,
    ulAttribute: ULONG,
    pBuffer: *mut c_void,
) -> SECURITY_STATUS {
    boundary_ok("QueryContextAttributesA", format_args!("{ulAttribute}"), || {
        // SAFETY: the contract is the same.
        unsafe { query::<Ansi>(phContext, ulAttribute, Target { pointer: pBuffer, size: None }) }
    })
}

/// `QueryContextAttributesW` with the size of the buffer.
///
/// # Safety
/// `phContext` is NULL or readable, `pBuffer` NULL or writable for `cbBuffer` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn QueryContextAttributesExW(
    phContext: PCtxtHandle,
    ulAttribute: ULONG,
    pBuffer: *mut c_void,
    cbBuffer: ULONG,
) -> SECURITY_STATUS {
    boundary_ok("QueryContextAttributesExW", format_args!("{ulAttribute}"), || {
        let target = Target { pointer: pBuffer, size: Some(cbBuffer as usize) };
        // SAFETY: the contract is the same.
        unsafe { query::<Wide>(phContext, ulAttribute, target) }
    })
}

/// `QueryContextAttributesA` with the size of the buffer.
///
/// # Safety
/// `phContext` is NULL or readable, `pBuffer` NULL or writable for `cbBuffer` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn QueryContextAttributesExA(
    phContext: PCtxtHandle,
    ulAttribute: ULONG,
    pBuffer: *mut c_void,
    cbBuffer: ULONG,
) -> SECURITY_STATUS {
    boundary_ok("QueryContextAttributesExA", format_args!("{ulAttribute}"), || {
        let target = Target { pointer: pBuffer, size: Some(cbBuffer as usize) };
        // SAFETY: the contract is the same.
        unsafe { query::<Ansi>(phContext, ulAttribute, target) }
    })
}

/// The caller's structure.
#[derive(Clone, Copy)]
struct Target {
    pointer: *mut c_void,
    size: Option<usize>,
}

impl Target {
    /// # Safety
    /// The pointer is NULL or writable for a `T`, or for the size that was given.
    unsafe fn write<T>(self, value: impl FnOnce() -> Result<T>) -> Result<()> {
        if self.size.is_some_and(|size| size < size_of::<T>()) {
            let story = format!("the attribute needs {} bytes", size_of::<T>());
            return Err(Error::new(CallerFault::BufferTooSmall, story));
        }
        // SAFETY: the contract is the same.
        let out = unsafe { Out::required(self.pointer.cast::<T>(), "pBuffer")? };
        out.set(value()?);
        Ok(())
    }
}

/// The A and the W structures differ in what their pointers point at only.
type Text = *mut u8;

/// Checks in the order handle, attribute, buffer, state.
///
/// # Safety
/// As [`QueryContextAttributesW`].
unsafe fn query<C: Charset>(context: PCtxtHandle, attribute: ULONG, target: Target) -> Result<()> {
    // SAFETY: the contract is the same.
    let subject = Subject::of(unsafe { context_in(context)? })?;
    // SAFETY: the structure of each attribute is what the caller promised to give room for.
    unsafe {
        match attribute {
            SECPKG_ATTR_SIZES => target.write(|| sizes(&subject)),
            SECPKG_ATTR_NAMES => target.write::<Text>(|| text::<C>(subject.name()?)),
            SECPKG_ATTR_LIFESPAN => target.write(|| lifespan(&subject)),
            SECPKG_ATTR_KEY_INFO => target.write(|| key_info::<C>(&subject)),
            SECPKG_ATTR_AUTHORITY => target.write::<Text>(|| text::<C>(subject.authority()?)),
            SECPKG_ATTR_PASSWORD_EXPIRY => target.write(|| password_expiry(&subject)),
            SECPKG_ATTR_SESSION_KEY => target.write(|| session_key(&subject)),
            SECPKG_ATTR_PACKAGE_INFO => target.write(|| package::<C>(&subject)),
            SECPKG_ATTR_NEGOTIATION_INFO => target.write(|| negotiation::<C>(&subject)),
            SECPKG_ATTR_NATIVE_NAMES => target.write::<[Text; 2]>(|| {
                let (client, server) = subject.native_names()?;
                texts::<C>(client, server)
            }),
            SECPKG_ATTR_FLAGS => target.write(|| context_flags(&subject)),
            SECPKG_ATTR_TARGET_INFORMATION => target.write(|| target_information(&subject)),
            SECPKG_ATTR_CLIENT_SPECIFIED_TARGET => {
                // One structure for both functions, and always UTF-16.
                target.write::<Text>(|| text::<Wide>(subject.client_target()?))
            }
            SECPKG_ATTR_ACCESS_TOKEN => target.write(|| access_token(&subject)),
            SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS => target.write(|| last_client_token(&subject)),
            _ => {
                let story = format!("attribute {attribute} of a context is not offered");
                Err(Error::new(CallerFault::Unsupported, story))
            }
        }
    }
}

fn text<C: Charset>(text: &str) -> Result<Text> {
    memory::hand_out(Kind::ContextBuffer, &C::encode_bytes(text))
}

/// Two texts; when the second cannot be handed out the first is not lost.
fn texts<C: Charset>(first: &str, second: &str) -> Result<[Text; 2]> {
    let first = text::<C>(first)?;
    match text::<C>(second) {
        Ok(second) => Ok([first, second]),
        Err(error) => {
            memory::take_back(Kind::ContextBuffer, first)?;
            Err(error)
        }
    }
}

fn block(bytes: &[u8]) -> Result<(u32, *mut u8)> {
    let length = u32::try_from(bytes.len()).map_err(|_| LocalFault::Internal)?;
    Ok((length, memory::hand_out(Kind::ContextBuffer, bytes)?))
}

fn sizes(subject: &Subject) -> Result<SecPkgContext_Sizes> {
    let sizes = subject.sizes()?;
    Ok(SecPkgContext_Sizes {
        cbMaxToken: sizes.max_token,
        cbMaxSignature: sizes.max_signature,
        cbBlockSize: sizes.block_size,
        cbSecurityTrailer: sizes.security_trailer,
    })
}

fn lifespan(subject: &Subject) -> Result<SecPkgContext_Lifespan> {
    let (start, expiry) = subject.lifespan()?;
    Ok(SecPkgContext_Lifespan { tsStart: time::to_c(start), tsExpiry: time::to_c(expiry) })
}

fn key_info<C: Charset>(subject: &Subject) -> Result<SecPkgContext_KeyInfoW> {
    let info = subject.key_info()?;
    let [signature, encryption] = texts::<C>(info.signature_name, info.encrypt_name)?;
    Ok(SecPkgContext_KeyInfoW {
        sSignatureAlgorithmName: signature.cast(),
        sEncryptAlgorithmName: encryption.cast(),
        KeySize: info.key_size,
        SignatureAlgorithm: info.signature_algorithm,
        EncryptAlgorithm: info.encrypt_algorithm,
    })
}

fn password_expiry(subject: &Subject) -> Result<SecPkgContext_PasswordExpiry> {
    Ok(SecPkgContext_PasswordExpiry { tsPasswordExpires: time::to_c(subject.password_expiry()?) })
}

fn session_key(subject: &Subject) -> Result<SecPkgContext_SessionKey> {
    let (length, key) = block(subject.session_key()?.expose())?;
    Ok(SecPkgContext_SessionKey { SessionKeyLength: length, SessionKey: key })
}

fn package<C: Charset>(subject: &Subject) -> Result<*mut SecPkgInfo<C::Unit>> {
    package_block::hand_out::<C>(&[subject.package()?])
}

/// The package at work, before completion the one that is tried; a package that does not negotiate
/// has always done so.
fn negotiation<C: Charset>(subject: &Subject) -> Result<SecPkgContext_NegotiationInfoW> {
    let state = match subject.negotiation()? {
        Negotiation::Complete => SECPKG_NEGOTIATION_COMPLETE,
        Negotiation::Optimistic => SECPKG_NEGOTIATION_OPTIMISTIC,
        Negotiation::InProgress => SECPKG_NEGOTIATION_IN_PROGRESS,
    };
    let package = package::<C>(subject)?.cast();
    Ok(SecPkgContext_NegotiationInfoW { PackageInfo: package, NegotiationState: state })
}

fn context_flags(subject: &Subject) -> Result<SecPkgContext_Flags> {
    let flags = subject.flags()?;
    let bits = match subject.role() {
        Role::Initiator => flags::to_isc_ret(flags),
        Role::Acceptor => flags::to_asc_ret(flags),
    };
    Ok(SecPkgContext_Flags { Flags: bits })
}

fn target_information(subject: &Subject) -> Result<SecPkgContext_TargetInformation> {
    let (length, bytes) = block(&subject.target_information()?)?;
    Ok(SecPkgContext_TargetInformation {
        MarshalledTargetInfoLength: length,
        MarshalledTargetInfo: bytes,
    })
}

/// Borrowed: it is not to be closed, and cannot be.
fn access_token(subject: &Subject) -> Result<SecPkgContext_AccessToken> {
    Ok(SecPkgContext_AccessToken { AccessToken: handle_of(subject.access_token()?) })
}

fn last_client_token(subject: &Subject) -> Result<SecPkgContext_LastClientTokenStatus> {
    let status = match subject.last_client_token()? {
        LastClientToken::Yes => 0,
        LastClientToken::No => 1,
        LastClientToken::Maybe => 2,
    };
    Ok(SecPkgContext_LastClientTokenStatus { LastClientTokenStatus: status })
}
