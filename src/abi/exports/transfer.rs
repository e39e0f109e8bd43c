//! `ExportSecurityContext`, `ImportSecurityContext`.

use std::ffi::c_void;

use crate::abi::boundary::boundary_ok;
use crate::abi::buffers;
use crate::abi::handles::{context_in, to_c};
use crate::abi::memory::{self, Kind};
use crate::abi::pointers::{self, Out};
use crate::abi::strings::{Ansi, Charset, Wide, text_in};
use crate::abi::types::*;
use crate::spi::error::{CallerFault, Error, LocalFault, Result};
use crate::sspi;
use crate::sspi::transfer::Export;

/// Packs an established context for another process of this machine. The bytes, freed by
/// `FreeContextBuffer`, hold the keys of the session: hand them over a private channel only.
///
/// # Safety
/// `phContext` is NULL or readable, the outputs NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ExportSecurityContext(
    phContext: PCtxtHandle,
    fFlags: ULONG,
    pPackedContext: PSecBuffer,
    pToken: *mut *mut c_void,
) -> SECURITY_STATUS {
    boundary_ok("ExportSecurityContext", format_args!("flags={fFlags:#x}"), || {
        // SAFETY: the contract is the same.
        let handle = unsafe { context_in(phContext)? };
        sspi::contexts::check(handle)?;
        // SAFETY: the contract is the same.
        let (packed, token) = unsafe {
            (buffers::single(pPackedContext, "pPackedContext")?, Out::optional(pToken, "pToken")?)
        };
        let blob = sspi::transfer::export(handle, export_flags(fFlags)?)?;
        let block = memory::hand_out(Kind::ContextBuffer, blob.expose())?;
        let size = u32::try_from(blob.expose().len()).map_err(|_| LocalFault::Internal)?;
        let buffer =
            SecBuffer { cbBuffer: size, BufferType: SECBUFFER_EMPTY, pvBuffer: block.cast() };
        packed.set(buffer);
        token.set(std::ptr::null_mut());
        Ok(())
    })
}

/// Makes a context of the bytes of `ExportSecurityContext`; messages go on with the sequence.
///
/// # Safety
/// `pszPackage` is NULL or terminated, `pPackedContext` NULL or readable with what it points at,
/// `phContext` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ImportSecurityContextW(
    pszPackage: *mut SEC_WCHAR,
    pPackedContext: PSecBuffer,
    Token: *mut c_void,
    phContext: PCtxtHandle,
) -> SECURITY_STATUS {
    boundary_ok("ImportSecurityContextW", format_args!("token={Token:p}"), || {
        // SAFETY: the contract is the same.
        unsafe { import::<Wide>(pszPackage, pPackedContext, phContext) }
    })
}

/// Makes a context of the bytes of `ExportSecurityContext`; messages go on with the sequence.
///
/// # Safety
/// `pszPackage` is NULL or terminated, `pPackedContext` NULL or readable with what it points at,
/// `phContext` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ImportSecurityContextA(
    pszPackage: *mut SEC_CHAR,
    pPackedContext: PSecBuffer,
    Token: *mut c_void,
    phContext: PCtxtHandle,
) -> SECURITY_STATUS {
    boundary_ok("ImportSecurityContextA", format_args!("token={Token:p}"), || {
        // SAFETY: the contract is the same.
        unsafe { import::<Ansi>(pszPackage, pPackedContext, phContext) }
    })
}

/// # Safety
/// As [`ImportSecurityContextW`].
unsafe fn import<C: Charset>(
    package: *const C::Unit,
    packed: PSecBuffer,
    context: PCtxtHandle,
) -> Result<()> {
    // SAFETY: the contract is the same.
    let (package, packed, context) = unsafe {
        (
            text_in::<C>(package, "pszPackage")?.ok_or(CallerFault::UnknownPackage)?,
            pointers::required(packed, "pPackedContext")?,
            Out::required(context, "phContext")?,
        )
    };
    // SAFETY: the contract is the same.
    let blob = unsafe {
        pointers::slice_in(packed.pvBuffer.cast(), packed.cbBuffer as usize, "pPackedContext")?
    };
    context.set(to_c(sspi::transfer::import(&package, blob)?.to_words()));
    Ok(())
}

fn export_flags(flags: u32) -> Result<Export> {
    const KNOWN: u32 = SECPKG_CONTEXT_EXPORT_RESET_NEW | SECPKG_CONTEXT_EXPORT_DELETE_OLD;
    if flags & SECPKG_CONTEXT_EXPORT_TO_KERNEL != 0 {
        let story = "there is no kernel half that could take a context";
        return Err(Error::new(CallerFault::Unsupported, story));
    }
    if flags & !KNOWN != 0 {
        return Err(Error::new(CallerFault::InvalidParameter, format!("flags {flags:#x}")));
    }
    Ok(Export {
        reset: flags & SECPKG_CONTEXT_EXPORT_RESET_NEW != 0,
        delete: flags & SECPKG_CONTEXT_EXPORT_DELETE_OLD != 0,
    })
}
