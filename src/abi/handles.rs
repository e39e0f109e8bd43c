//! Handles of C, to and from the program's half and the authority.
//!
//! Holds: `credential_in`, `context_in`, `optional_…`, `id_of`, and the ways back.
//! May use: the pointer vocabulary, `sspi`, the numbers of `lsa`. Must not touch: everything else.

use std::ptr::without_provenance_mut;

use super::pointers;
use super::types::{HANDLE, SecHandle};
use crate::lsa::ObjectId;
use crate::spi::error::{CallerFault, Error, Result};
use crate::sspi::handles::{ContextHandle, CredentialHandle, Words};

/// The credential that the caller must have given.
///
/// # Safety
/// `handle` is NULL or readable.
pub unsafe fn credential_in(handle: *const SecHandle) -> Result<CredentialHandle> {
    // SAFETY: the contract is the same.
    unsafe { optional_credential(handle)? }.ok_or_else(|| null("credential"))
}

/// The credential that the caller may have given.
///
/// # Safety
/// `handle` is NULL or readable.
pub unsafe fn optional_credential(handle: *const SecHandle) -> Result<Option<CredentialHandle>> {
    // SAFETY: the contract is the same.
    unsafe { words(handle)? }.map(CredentialHandle::from_words).transpose()
}

/// The context that the caller must have given.
///
/// # Safety
/// `handle` is NULL or readable.
pub unsafe fn context_in(handle: *const SecHandle) -> Result<ContextHandle> {
    // SAFETY: the contract is the same.
    unsafe { optional_context(handle)? }.ok_or_else(|| null("context"))
}

/// The context that the caller may have given.
///
/// # Safety
/// `handle` is NULL or readable.
pub unsafe fn optional_context(handle: *const SecHandle) -> Result<Option<ContextHandle>> {
    // SAFETY: the contract is the same.
    unsafe { words(handle)? }.map(ContextHandle::from_words).transpose()
}

/// The credential that a structure names.
pub fn credential_of(handle: SecHandle) -> Result<CredentialHandle> {
    CredentialHandle::from_words(words_of(handle))
}

/// A handle as C keeps it.
pub fn to_c(words: Words) -> SecHandle {
    // 64-bit Windows is what the ABI is of; on a 32-bit machine this would not compile.
    SecHandle { dwLower: words.lower as usize, dwUpper: words.upper as usize }
}

/// The handle of a connection or a token, as C keeps it.
pub fn handle_of(id: ObjectId) -> HANDLE {
    // 64-bit Windows is what the ABI is of.
    without_provenance_mut(id.to_bits() as usize)
}

/// What a handle may name.
pub fn id_of(handle: HANDLE) -> ObjectId {
    ObjectId::from_bits(handle.addr() as u64)
}

/// # Safety
/// `handle` is NULL or readable.
unsafe fn words(handle: *const SecHandle) -> Result<Option<Words>> {
    // SAFETY: the contract is the same.
    let handle = unsafe { pointers::optional(handle, "the handle") };
    let handle = handle.map_err(|_| Error::from(CallerFault::InvalidHandle))?;
    Ok(handle.map(|handle| words_of(*handle)))
}

const fn words_of(handle: SecHandle) -> Words {
    Words { lower: handle.dwLower as u64, upper: handle.dwUpper as u64 }
}

const _: () = assert!(size_of::<usize>() == 8, "the ABI is that of 64-bit Windows");

fn null(what: &str) -> Error {
    Error::new(CallerFault::InvalidHandle, format!("the {what} handle is NULL"))
}
