//! What the credential manager saves an identity as (sspi.h).
//!
//! Holds: the exports. May use: `abi::identity`, the rest of the boundary. Must not touch: what an
//! identity looks like.

use crate::abi::boundary::boundary_ok;
use crate::abi::exports::identities::{local_text, release};
use crate::abi::identity::view::View;
use crate::abi::identity::{strings, target};
use crate::abi::pointers::Out;
use crate::abi::strings::terminated;
use crate::abi::types::{
    CRED_TYPE_DOMAIN_PASSWORD, PCWSTR, PSEC_WINNT_AUTH_IDENTITY_OPAQUE, PUCHAR, PULONG, PWSTR,
    SECURITY_STATUS, ULONG,
};
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::secret::SecretBytes;

/// Gives what CredWrite would save an identity with: the kind of credential, the target (the user
/// if `pszTargetName` is NULL), the user as `DOMAIN\user`, and the password as UTF-16 without
/// terminator. Free target, user and blob with SspiLocalFree.
///
/// # Safety
/// `AuthIdentity` is NULL or an identity. `pszTargetName` is NULL or readable up to its terminator.
/// The other pointers are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SspiPrepareForCredWrite(
    AuthIdentity: PSEC_WINNT_AUTH_IDENTITY_OPAQUE,
    pszTargetName: PCWSTR,
    pCredmanCredentialType: PULONG,
    ppszCredmanTargetName: *mut PCWSTR,
    ppszCredmanUserName: *mut PCWSTR,
    ppCredentialBlob: *mut PUCHAR,
    pCredentialBlobSize: PULONG,
) -> SECURITY_STATUS {
    let arguments = format_args!("{AuthIdentity:p}, {pszTargetName:p}");
    boundary_ok("SspiPrepareForCredWrite", arguments, || {
        // SAFETY: the contract is the same, for each pointer.
        unsafe {
            let view = View::of(AuthIdentity)?;
            let target = target_of(&view, terminated(pszTargetName, "pszTargetName")?)?;
            let kind_out = Out::required(pCredmanCredentialType, "pCredmanCredentialType")?;
            let target_out = Out::required(ppszCredmanTargetName, "ppszCredmanTargetName")?;
            let user_out = Out::required(ppszCredmanUserName, "ppszCredmanUserName")?;
            let blob_out = Out::required(ppCredentialBlob, "ppCredentialBlob")?;
            let size_out = Out::required(pCredentialBlobSize, "pCredentialBlobSize")?;
            let target = local_text(Some(target))?;
            let user = local_text(strings::qualified_user(&view)?)?;
            let password = strings::password(&view)?;
            let size = password.as_ref().map_or(0, |text| text.expose().len() - 2);
            let blob = local_text(password)?;
            kind_out.set(CRED_TYPE_DOMAIN_PASSWORD);
            target_out.set(release(target));
            user_out.set(release(user));
            blob_out.set(release(blob).cast_mut().cast());
            // At most MAX_CHARACTERS characters.
            size_out.set(size as ULONG);
        }
        Ok(())
    })
}

/// Gives what CredRead would look an identity up with: the kind of credential and the target (the
/// user if `pszTargetName` is NULL). Free the target with SspiLocalFree.
///
/// # Safety
/// As SspiPrepareForCredWrite.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SspiPrepareForCredRead(
    AuthIdentity: PSEC_WINNT_AUTH_IDENTITY_OPAQUE,
    pszTargetName: PCWSTR,
    pCredmanCredentialType: PULONG,
    ppszCredmanTargetName: *mut PCWSTR,
) -> SECURITY_STATUS {
    let arguments = format_args!("{AuthIdentity:p}, {pszTargetName:p}");
    boundary_ok("SspiPrepareForCredRead", arguments, || {
        // SAFETY: the contract is the same, for each pointer.
        unsafe {
            let view = View::of(AuthIdentity)?;
            let target = target_of(&view, terminated(pszTargetName, "pszTargetName")?)?;
            let kind_out = Out::required(pCredmanCredentialType, "pCredmanCredentialType")?;
            let target_out = Out::required(ppszCredmanTargetName, "ppszCredmanTargetName")?;
            let target = local_text(Some(target))?;
            kind_out.set(CRED_TYPE_DOMAIN_PASSWORD);
            target_out.set(release(target));
        }
        Ok(())
    })
}

/// Gives the host that a target name names: what stands between the first slash and the next slash
/// or colon; a name without a slash is given back whole. Free it with SspiLocalFree.
///
/// # Safety
/// `pszTargetName` is NULL or readable up to its terminator. `pszHostName` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SspiGetTargetHostName(
    pszTargetName: PCWSTR,
    pszHostName: *mut PWSTR,
) -> SECURITY_STATUS {
    boundary_ok("SspiGetTargetHostName", format_args!("{pszTargetName:p}"), || {
        // SAFETY: the contract is the same, for each pointer.
        unsafe {
            let name = terminated(pszTargetName, "pszTargetName")?;
            let name = name.ok_or_else(|| invalid("pszTargetName is NULL"))?;
            let host = target::host(name).ok_or_else(|| invalid("the target names no host"))?;
            let out = Out::required(pszHostName, "pszHostName")?;
            let host = local_text(Some(strings::with_terminator(host)))?;
            out.set(release(host).cast_mut());
        }
        Ok(())
    })
}

fn target_of(view: &View<'_>, given: Option<&[u16]>) -> Result<SecretBytes> {
    match given {
        Some(name) => Ok(strings::with_terminator(name)),
        None => strings::qualified_user(view)?
            .ok_or_else(|| invalid("there is neither a target nor a user to name it after")),
    }
}

fn invalid(story: &str) -> Error {
    Error::new(CallerFault::InvalidParameter, story)
}
