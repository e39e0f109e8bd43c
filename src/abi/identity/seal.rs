//! Identities whose secret is encrypted in place.
//!
//! Holds: encryption, decryption and wiping of an identity's secret. May use: `sspi`, `spi`, the
//! rest of the boundary. Must not touch: everything else.
//!
//! A sealed secret is longer than the clear one. Identities that this library makes have room for
//! it at the end of their block, so that the structure itself never moves.

use std::ffi::c_void;
use std::ops::Range;

use zeroize::Zeroize;

use super::slot::Slot;
use super::view::{Form, MAX_CHARACTERS, View, refused};
use crate::abi::memory;
use crate::abi::pointers::slice_inout;
use crate::abi::types::{
    SEC_WINNT_AUTH_IDENTITY_FLAGS_PROCESS_ENCRYPTED as PROCESS_ENCRYPTED,
    SEC_WINNT_AUTH_IDENTITY_FLAGS_SYSTEM_ENCRYPTED as SYSTEM_ENCRYPTED,
    SEC_WINNT_AUTH_IDENTITY_FLAGS_SYSTEM_PROTECTED as SYSTEM_PROTECTED,
    SEC_WINNT_AUTH_IDENTITY_FLAGS_USER_PROTECTED as USER_PROTECTED,
};
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::identity::SealScope;
use crate::spi::secret::SecretBytes;
use crate::sspi;

const ENCRYPTED: u32 = PROCESS_ENCRYPTED | USER_PROTECTED | SYSTEM_PROTECTED | SYSTEM_ENCRYPTED;

/// Whether the flags say that the secret is encrypted.
pub const fn is_encrypted(flags: u32) -> bool {
    flags & ENCRYPTED != 0
}

/// The secret in the clear, if it is encrypted; `None` if it already is clear.
pub fn opened(view: &View<'_>, secret: &[u8]) -> Result<Option<SecretBytes>> {
    let Some(scope) = scope(view.flags)? else { return Ok(None) };
    sspi::unprotect(scope, secret).map(Some)
}

/// Encrypts the secret in place.
///
/// # Safety
/// As [`View::of`]; the identity is writable, and nobody else has access to it.
pub unsafe fn encrypt(identity: *mut c_void, by: SealScope) -> Result<()> {
    // SAFETY: the contract is the same; the view is dead before anything is written.
    let view = unsafe { View::of(identity)? };
    match scope(view.flags)? {
        Some(already) if already == by => return Ok(()),
        Some(_) => return Err(refused("it is encrypted already, for others")),
        None => {}
    }
    let slot = Slot::of(identity, view.form);
    let (flags, charset) = (view.flags | flag(by), view.charset);
    let plan = view.secret.map(|secret| plan(identity, slot, &view, secret, by)).transpose()?;
    // SAFETY: the view said which form it is; the plan lies within the block.
    unsafe {
        if let Some(Plan { size, clear, start, sealed }) = plan {
            let block = slice_inout(identity.cast(), size, "the identity")?;
            block.get_mut(clear).unwrap_or_default().zeroize();
            for (to, from) in block.iter_mut().skip(start).zip(&sealed) {
                *to = *from;
            }
            slot.set_secret_start(start, size);
            slot.set_secret_length(sealed.len(), charset);
        }
        slot.set_flags(flags);
    }
    Ok(())
}

/// Decrypts the secret in place; a clear one stays as it is.
///
/// # Safety
/// As [`encrypt`]; the encrypted secret is writable.
pub unsafe fn decrypt(identity: *mut c_void) -> Result<()> {
    // SAFETY: the contract is the same; the view is dead before anything is written.
    let view = unsafe { View::of(identity)? };
    let Some(scope) = scope(view.flags)? else { return Ok(()) };
    let slot = Slot::of(identity, view.form);
    let (flags, charset) = (view.flags & !ENCRYPTED, view.charset);
    let sealed = view.secret.map_or(0, <[u8]>::len);
    let clear = view.secret.map(|secret| sspi::unprotect(scope, secret)).transpose()?;
    // SAFETY: the view said which form it is, and how long the secret is.
    unsafe {
        if let Some(clear) = clear {
            let place = slice_inout(slot.secret(), sealed, "the secret")?;
            place.zeroize();
            for (to, from) in place.iter_mut().zip(clear.expose()) {
                *to = *from;
            }
            slot.set_secret_length(clear.expose().len(), charset);
        }
        slot.set_flags(flags);
    }
    Ok(())
}

/// Wipes the secret and nothing else.
///
/// # Safety
/// As [`encrypt`]; the secret is writable.
pub unsafe fn wipe(identity: *mut c_void) -> Result<()> {
    // SAFETY: the contract is the same; the view is dead before anything is written.
    let view = unsafe { View::of(identity)? };
    let slot = Slot::of(identity, view.form);
    let length = view.secret.map_or(0, <[u8]>::len);
    if length > 0 {
        // SAFETY: the view said which form it is, and how long the secret is.
        unsafe { slice_inout(slot.secret(), length, "the secret")?.zeroize() }
    }
    Ok(())
}

/// What an encryption writes into a block of ours.
struct Plan {
    size: usize,
    clear: Range<usize>,
    start: usize,
    sealed: Vec<u8>,
}

fn plan(
    identity: *mut c_void,
    slot: Slot,
    view: &View<'_>,
    secret: &[u8],
    by: SealScope,
) -> Result<Plan> {
    let size =
        memory::size_of_block(memory::Kind::AuthIdentity, identity.cast()).ok_or_else(|| {
            let story = "only an identity that this library handed out has room for encryption";
            Error::new(CallerFault::Unsupported, story)
        })?;
    // Where a part begins and ends in the block; a part elsewhere is in nobody's way.
    let within = |part: &[u8]| {
        let start = part.as_ptr().addr().checked_sub(identity.addr())?;
        (start < size).then(|| start..start.saturating_add(part.len()))
    };
    let inside = |secret: &Range<usize>| secret.start >= slot.header() && secret.end <= size;
    let clear = within(secret).filter(inside);
    let clear = clear.ok_or_else(|| refused("its secret lies elsewhere"))?;
    let sealed = sspi::protect(by, secret)?;
    let others = [view.user, view.domain, view.packages].into_iter().flatten().filter_map(within);
    let taken = others.map(|part| part.end).fold(slot.header(), usize::max);
    let most = match view.form {
        Form::Ex2(_) => usize::from(u16::MAX),
        Form::Plain | Form::Ex => MAX_CHARACTERS * view.charset.unit(),
    };
    let start = size.checked_sub(sealed.len());
    let start = start.filter(|start| *start >= taken && sealed.len() <= most);
    let start = start.ok_or_else(|| refused("there is no room to encrypt it"))?;
    Ok(Plan { size, clear, start, sealed })
}

fn scope(flags: u32) -> Result<Option<SealScope>> {
    if flags & SYSTEM_ENCRYPTED != 0 {
        let story = "the identity is encrypted for the system, which this library does not do";
        return Err(Error::new(CallerFault::Unsupported, story));
    }
    Ok(if flags & PROCESS_ENCRYPTED != 0 {
        Some(SealScope::Process)
    } else if is_encrypted(flags) {
        Some(SealScope::Logon)
    } else {
        None
    })
}

const fn flag(scope: SealScope) -> u32 {
    match scope {
        SealScope::Process => PROCESS_ENCRYPTED,
        SealScope::Logon => USER_PROTECTED,
    }
}
