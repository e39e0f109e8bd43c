//! SASL: profiles, handshakes with a security layer (RFC 4752), options of their contexts.

use std::ffi::c_void;
use std::ptr::null_mut;

use crate::abi::boundary::{boundary, boundary_ok};
use crate::abi::buffers::Buffers;
use crate::abi::handles::context_in;
use crate::abi::handshake::{Call, run};
use crate::abi::memory::{self, Kind};
use crate::abi::package_block::{self, SecPkgInfo};
use crate::abi::pointers::{self, Out};
use crate::abi::strings::{Ansi, Charset, Wide, text_in};
use crate::abi::types::*;
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::package::PackageInfo;
use crate::spi::packed::Role;
use crate::sspi::sasl::{self, OptionId, OptionValue};

/// Lists the profiles, that is the mechanisms of SASL: each terminated, and a terminator after the
/// last, in one block freed by `FreeContextBuffer`.
///
/// # Safety
/// Both pointers are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslEnumerateProfilesW(
    ProfileList: *mut LPWSTR,
    ProfileCount: *mut ULONG,
) -> SECURITY_STATUS {
    boundary_ok("SaslEnumerateProfilesW", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { enumerate::<Wide>(ProfileList, ProfileCount) }
    })
}

/// Lists the profiles, that is the mechanisms of SASL: each terminated, and a terminator after the
/// last, in one block freed by `FreeContextBuffer`.
///
/// # Safety
/// Both pointers are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslEnumerateProfilesA(
    ProfileList: *mut LPSTR,
    ProfileCount: *mut ULONG,
) -> SECURITY_STATUS {
    boundary_ok("SaslEnumerateProfilesA", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { enumerate::<Ansi>(ProfileList, ProfileCount) }
    })
}

/// Describes the package of a profile, whose name may be in any case, as
/// `QuerySecurityPackageInfo` does. Free the block with `FreeContextBuffer`.
///
/// # Safety
/// `ProfileName` is NULL or terminated, `PackageInfo` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslGetProfilePackageW(
    ProfileName: LPWSTR,
    PackageInfo: *mut PSecPkgInfoW,
) -> SECURITY_STATUS {
    boundary_ok("SaslGetProfilePackageW", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { profile::<Wide>(ProfileName, PackageInfo.cast()) }
    })
}

/// Describes the package of a profile, whose name may be in any case, as
/// `QuerySecurityPackageInfo` does. Free the block with `FreeContextBuffer`.
///
/// # Safety
/// `ProfileName` is NULL or terminated, `PackageInfo` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslGetProfilePackageA(
    ProfileName: LPSTR,
    PackageInfo: *mut PSecPkgInfoA,
) -> SECURITY_STATUS {
    boundary_ok("SaslGetProfilePackageA", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { profile::<Ansi>(ProfileName, PackageInfo.cast()) }
    })
}

/// Describes the package that a client's first token is for; SEC_E_SECPKG_NOT_FOUND when it is for
/// none. Free the block with `FreeContextBuffer`.
///
/// # Safety
/// `pInput` is NULL or a descriptor, `PackageInfo` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslIdentifyPackageW(
    pInput: PSecBufferDesc,
    PackageInfo: *mut PSecPkgInfoW,
) -> SECURITY_STATUS {
    boundary_ok("SaslIdentifyPackageW", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { identify::<Wide>(pInput, PackageInfo.cast()) }
    })
}

/// Describes the package that a client's first token is for; SEC_E_SECPKG_NOT_FOUND when it is for
/// none. Free the block with `FreeContextBuffer`.
///
/// # Safety
/// `pInput` is NULL or a descriptor, `PackageInfo` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslIdentifyPackageA(
    pInput: PSecBufferDesc,
    PackageInfo: *mut PSecPkgInfoA,
) -> SECURITY_STATUS {
    boundary_ok("SaslIdentifyPackageA", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { identify::<Ansi>(pInput, PackageInfo.cast()) }
    })
}

/// `InitializeSecurityContext` as a mechanism of SASL: after Kerberos (GSSAPI) the security layer is
/// agreed on in two further messages. The flags ask for the layer, the attributes of SEC_E_OK tell
/// it. An empty token with SEC_I_CONTINUE_NEEDED must be sent as well, as an empty response.
///
/// # Safety
/// As `InitializeSecurityContextW`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslInitializeSecurityContextW(
    phCredential: PCredHandle,
    phContext: PCtxtHandle,
    pszTargetName: LPWSTR,
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
    boundary("SaslInitializeSecurityContextW", format_args!("req={fContextReq:#x}"), || {
        let call = Call {
            role: Role::Initiator,
            step: sasl::step,
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
        unsafe {
            clear(pfContextAttr)?;
            run(&call, || text_in::<Wide>(pszTargetName, "pszTargetName"))
        }
    })
}

/// `InitializeSecurityContext` as a mechanism of SASL: after Kerberos (GSSAPI) the security layer is
/// agreed on in two further messages. The flags ask for the layer, the attributes of SEC_E_OK tell
/// it. An empty token with SEC_I_CONTINUE_NEEDED must be sent as well, as an empty response.
///
/// # Safety
/// As `InitializeSecurityContextA`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslInitializeSecurityContextA(
    phCredential: PCredHandle,
    phContext: PCtxtHandle,
    pszTargetName: LPSTR,
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
    boundary("SaslInitializeSecurityContextA", format_args!("req={fContextReq:#x}"), || {
        let call = Call {
            role: Role::Initiator,
            step: sasl::step,
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
        unsafe {
            clear(pfContextAttr)?;
            run(&call, || text_in::<Ansi>(pszTargetName, "pszTargetName"))
        }
    })
}

/// `AcceptSecurityContext` as a mechanism of SASL. The flags demand a layer: what falls short of
/// them is not offered. The attributes of SEC_E_OK tell the layer.
///
/// # Safety
/// As `AcceptSecurityContext`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslAcceptSecurityContext(
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
    boundary("SaslAcceptSecurityContext", format_args!("req={fContextReq:#x}"), || {
        let call = Call {
            role: Role::Acceptor,
            step: sasl::step,
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
        unsafe {
            clear(pfContextAttr)?;
            run(&call, || Ok(None))
        }
    })
}

/// Sets an option of a SASL context, before the layer is agreed on.
///
/// # Safety
/// `ContextHandle` is NULL or readable, `Value` NULL or readable for `Size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslSetContextOption(
    ContextHandle: PCtxtHandle,
    Option: ULONG,
    Value: PVOID,
    Size: ULONG,
) -> SECURITY_STATUS {
    boundary_ok("SaslSetContextOption", format_args!("{Option}"), || {
        // SAFETY: the contract is the same.
        unsafe {
            let context = context_in(ContextHandle)?;
            sasl::check(context)?;
            let option = option_id(Option)?;
            let value = value_in(option, Value.cast_const().cast(), Size as usize)?;
            sasl::set_option(context, option, &value)
        }
    })
}

/// Gives an option of a SASL context. `Needed` gets the size of the value.
///
/// # Safety
/// `ContextHandle` is NULL or readable, `Value` NULL or writable for `Size` bytes, `Needed` NULL or
/// writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SaslGetContextOption(
    ContextHandle: PCtxtHandle,
    Option: ULONG,
    Value: PVOID,
    Size: ULONG,
    Needed: PULONG,
) -> SECURITY_STATUS {
    boundary_ok("SaslGetContextOption", format_args!("{Option}"), || {
        // SAFETY: the contract is the same.
        unsafe {
            let needed = Out::optional(Needed, "Needed")?;
            needed.set(0);
            let context = context_in(ContextHandle)?;
            sasl::check(context)?;
            let value = match sasl::option(context, option_id(Option)?)? {
                OptionValue::Number(number) => number.to_ne_bytes().to_vec(),
                OptionValue::Octets(octets) => octets,
            };
            needed.set(u32::try_from(value.len()).unwrap_or(u32::MAX));
            value_out(&value, Value, Size as usize)
        }
    })
}

/// # Safety
/// Both pointers are NULL or writable.
unsafe fn enumerate<C: Charset>(list: *mut *mut C::Unit, count: *mut ULONG) -> Result<()> {
    // SAFETY: the contract is the same.
    let (list, count) = unsafe {
        Out::optional(list, "ProfileList")?.set(null_mut());
        Out::optional(count, "ProfileCount")?.set(0);
        (Out::required(list, "ProfileList")?, Out::required(count, "ProfileCount")?)
    };
    let names = sasl::names();
    let number = u32::try_from(names.len()).unwrap_or(u32::MAX);
    let mut strings: Vec<u8> = names.flat_map(C::encode_bytes).collect();
    strings.extend_from_slice(&C::encode_bytes(""));
    list.set(memory::hand_out(Kind::ContextBuffer, &strings)?.cast());
    count.set(number);
    Ok(())
}

/// # Safety
/// `name` is NULL or terminated, `package` NULL or writable.
unsafe fn profile<C: Charset>(
    name: *const C::Unit,
    package: *mut *mut SecPkgInfo<C::Unit>,
) -> Result<()> {
    // SAFETY: the contract is the same.
    unsafe {
        Out::optional(package, "PackageInfo")?.set(null_mut());
        let name = text_in::<C>(name, "ProfileName")?;
        describe::<C>(sasl::package(&name.ok_or(CallerFault::UnknownPackage)?)?, package)
    }
}

/// # Safety
/// `input` is NULL or a descriptor, `package` NULL or writable.
unsafe fn identify<C: Charset>(
    input: PSecBufferDesc,
    package: *mut *mut SecPkgInfo<C::Unit>,
) -> Result<()> {
    // SAFETY: the contract is the same.
    unsafe {
        Out::optional(package, "PackageInfo")?.set(null_mut());
        let buffers = Buffers::read(input, "pInput")?;
        let token = buffers
            .find(SECBUFFER_TOKEN)
            .ok_or_else(|| Error::new(CallerFault::MissingBuffer, "pInput has no TOKEN buffer"))?;
        describe::<C>(sasl::identify(token.bytes("the input TOKEN")?)?, package)
    }
}

/// # Safety
/// `package` is NULL or writable.
unsafe fn describe<C: Charset>(
    info: &PackageInfo,
    package: *mut *mut SecPkgInfo<C::Unit>,
) -> Result<()> {
    // SAFETY: the contract is the same.
    let package = unsafe { Out::required(package, "PackageInfo")? };
    package.set(package_block::hand_out::<C>(&[info])?);
    Ok(())
}

/// # Safety
/// `attributes` is NULL or writable.
unsafe fn clear(attributes: *mut ULONG) -> Result<()> {
    // SAFETY: the contract is the same.
    unsafe { Out::optional(attributes, "pfContextAttr")?.set(0) };
    Ok(())
}

fn option_id(option: ULONG) -> Result<OptionId> {
    match option {
        SASL_OPTION_SEND_SIZE => Ok(OptionId::SendSize),
        SASL_OPTION_RECV_SIZE => Ok(OptionId::ReceiveSize),
        SASL_OPTION_AUTHZ_STRING => Ok(OptionId::AuthorizationString),
        SASL_OPTION_AUTHZ_PROCESSING => Ok(OptionId::AuthorizationProcessing),
        _ => {
            let story = format!("there is no option {option} of SASL contexts");
            Err(Error::new(CallerFault::Unsupported, story))
        }
    }
}

/// # Safety
/// `value` is NULL or readable for `size` bytes.
unsafe fn value_in(option: OptionId, value: *const u8, size: usize) -> Result<OptionValue> {
    // SAFETY: the contract is the same.
    let bytes = unsafe { pointers::slice_in(value, size, "Value")? };
    if option == OptionId::AuthorizationString {
        return Ok(OptionValue::Octets(bytes.to_vec()));
    }
    let number = bytes.first_chunk().ok_or_else(|| too_small(size_of::<ULONG>()))?;
    Ok(OptionValue::Number(u32::from_ne_bytes(*number)))
}

/// # Safety
/// `target` is NULL or writable for `size` bytes.
unsafe fn value_out(value: &[u8], target: *mut c_void, size: usize) -> Result<()> {
    if value.len() > size {
        return Err(too_small(value.len()));
    }
    // SAFETY: the contract is the same, and the value is no longer than the target.
    let target = unsafe { pointers::slice_inout(target.cast(), value.len(), "Value")? };
    target.copy_from_slice(value);
    Ok(())
}

fn too_small(needed: usize) -> Error {
    Error::new(CallerFault::BufferTooSmall, format!("the option needs {needed} bytes"))
}
