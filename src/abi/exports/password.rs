//! `ChangeAccountPassword`.

use crate::abi::boundary::boundary_ok;
use crate::abi::buffers::Buffers;
use crate::abi::memory::{self, Kind};
use crate::abi::strings::{Ansi, Charset, Wide, terminated, text_in};
use crate::abi::types::*;
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::package::{PasswordChange, PasswordPolicy};
use crate::spi::secret::SecretText;
use crate::sspi;

/// Changes the password of an account of Kerberos (RFC 3244). When the authority refuses the new
/// password and tells its policy, a SECBUFFER_CHANGE_PASS_RESPONSE of `pOutput` receives a
/// DOMAIN_PASSWORD_INFORMATION: in the caller's memory where `pvBuffer` is given, else in memory
/// that is freed by `FreeContextBuffer`.
///
/// # Safety
/// Strings are NULL or terminated, `pOutput` is NULL or a descriptor with readable and writable
/// buffers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ChangeAccountPasswordW(
    pszPackageName: *mut SEC_WCHAR,
    pszDomainName: *mut SEC_WCHAR,
    pszAccountName: *mut SEC_WCHAR,
    pszOldPassword: *mut SEC_WCHAR,
    pszNewPassword: *mut SEC_WCHAR,
    bImpersonating: BOOLEAN,
    dwReserved: ULONG,
    pOutput: PSecBufferDesc,
) -> SECURITY_STATUS {
    let _ = (bImpersonating, dwReserved);
    boundary_ok("ChangeAccountPasswordW", format_args!(""), || {
        let names = [pszPackageName, pszDomainName, pszAccountName];
        // SAFETY: the contract is the same.
        unsafe { change::<Wide>(names, [pszOldPassword, pszNewPassword], pOutput) }
    })
}

/// Changes the password of an account of Kerberos (RFC 3244). When the authority refuses the new
/// password and tells its policy, a SECBUFFER_CHANGE_PASS_RESPONSE of `pOutput` receives a
/// DOMAIN_PASSWORD_INFORMATION: in the caller's memory where `pvBuffer` is given, else in memory
/// that is freed by `FreeContextBuffer`.
///
/// # Safety
/// Strings are NULL or terminated, `pOutput` is NULL or a descriptor with readable and writable
/// buffers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ChangeAccountPasswordA(
    pszPackageName: *mut SEC_CHAR,
    pszDomainName: *mut SEC_CHAR,
    pszAccountName: *mut SEC_CHAR,
    pszOldPassword: *mut SEC_CHAR,
    pszNewPassword: *mut SEC_CHAR,
    bImpersonating: BOOLEAN,
    dwReserved: ULONG,
    pOutput: PSecBufferDesc,
) -> SECURITY_STATUS {
    let _ = (bImpersonating, dwReserved);
    boundary_ok("ChangeAccountPasswordA", format_args!(""), || {
        let names = [pszPackageName, pszDomainName, pszAccountName];
        // SAFETY: the contract is the same.
        unsafe { change::<Ansi>(names, [pszOldPassword, pszNewPassword], pOutput) }
    })
}

/// # Safety
/// As [`ChangeAccountPasswordW`].
unsafe fn change<C: Charset>(
    [package, domain, account]: [*mut C::Unit; 3],
    [old, new]: [*mut C::Unit; 2],
    output: PSecBufferDesc,
) -> Result<()> {
    // SAFETY: the contract is the same.
    let (package, domain, account, output) = unsafe {
        (
            text_in::<C>(package, "pszPackageName")?.ok_or(CallerFault::UnknownPackage)?,
            text_in::<C>(domain, "pszDomainName")?.unwrap_or_default(),
            text_in::<C>(account, "pszAccountName")?,
            Buffers::read(output, "pOutput")?,
        )
    };
    sspi::find_package(&package)?;
    // SAFETY: the contract is the same.
    let (old, new) =
        unsafe { (secret_in::<C>(old, "pszOldPassword")?, secret_in::<C>(new, "pszNewPassword")?) };
    let account =
        account.filter(|name| !name.is_empty()).ok_or_else(|| missing("pszAccountName"))?;
    let change = PasswordChange { domain, account, old, new };
    sspi::credentials::change_password(&package, change).map_err(|refusal| {
        // SAFETY: the contract is the same.
        match refusal.policy.map(|policy| unsafe { answer(&output, policy) }) {
            Some(Err(error)) => error,
            Some(Ok(())) | None => refusal.error,
        }
    })
}

/// # Safety
/// `pointer` is NULL or terminated.
unsafe fn secret_in<C: Charset>(pointer: *const C::Unit, name: &str) -> Result<SecretText> {
    // SAFETY: the contract is the same.
    let units = unsafe { terminated(pointer, name)? }.ok_or_else(|| missing(name))?;
    C::secret(units).ok_or_else(|| {
        Error::new(CallerFault::InvalidParameter, format!("{name} is no well-formed text"))
    })
}

/// Hands the policy out, where the caller has a buffer for it.
///
/// # Safety
/// The buffers are writable.
unsafe fn answer(output: &Buffers<'_>, policy: PasswordPolicy) -> Result<()> {
    let Some(buffer) = output.find(SECBUFFER_CHANGE_PASS_RESPONSE) else { return Ok(()) };
    let bytes = encode(policy);
    if buffer.pointer.is_null() {
        output.set_pointer(buffer, memory::hand_out(Kind::ContextBuffer, &bytes)?.cast());
    } else {
        // SAFETY: the contract is the same.
        unsafe { buffer.fill(&bytes)? };
    }
    output.set_size(buffer, bytes.len());
    Ok(())
}

/// `DOMAIN_PASSWORD_INFORMATION` as it lies in memory.
fn encode(policy: PasswordPolicy) -> [u8; size_of::<DOMAIN_PASSWORD_INFORMATION>()] {
    let mut bytes = [0; size_of::<DOMAIN_PASSWORD_INFORMATION>()];
    bytes[..2].copy_from_slice(&policy.min_length.to_ne_bytes());
    bytes[2..4].copy_from_slice(&policy.history_length.to_ne_bytes());
    bytes[4..8].copy_from_slice(&policy.properties.to_ne_bytes());
    bytes[8..16].copy_from_slice(&policy.max_age.to_ne_bytes());
    bytes[16..].copy_from_slice(&policy.min_age.to_ne_bytes());
    bytes
}

fn missing(name: &str) -> Error {
    Error::new(CallerFault::InvalidParameter, format!("{name} is missing"))
}
