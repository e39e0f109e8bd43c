//! The fields of an identity that are changed in place.
//!
//! Holds: writing to an identity. May use: C types. Must not touch: everything else.

use std::ffi::c_void;

use super::view::{Charset, Form};
use crate::abi::types::{
    SEC_WINNT_AUTH_IDENTITY_EX2, SEC_WINNT_AUTH_IDENTITY_EXW, SEC_WINNT_AUTH_IDENTITY_W,
};

/// The structure of an identity, to be written.
///
/// Every method's safety: [`Slot::of`]'s promise still holds, and nobody looks at the identity.
#[derive(Clone, Copy)]
pub enum Slot {
    Plain(*mut SEC_WINNT_AUTH_IDENTITY_W),
    Ex(*mut SEC_WINNT_AUTH_IDENTITY_EXW),
    Ex2(*mut SEC_WINNT_AUTH_IDENTITY_EX2),
}

impl Slot {
    /// The structure at `identity`, which must be one of this form when the slot is used.
    pub const fn of(identity: *mut c_void, form: Form<'_>) -> Self {
        match form {
            Form::Plain => Self::Plain(identity.cast()),
            Form::Ex => Self::Ex(identity.cast()),
            Form::Ex2(_) => Self::Ex2(identity.cast()),
        }
    }

    /// The size of the structure without what follows it.
    pub const fn header(self) -> usize {
        match self {
            Self::Plain(_) => size_of::<SEC_WINNT_AUTH_IDENTITY_W>(),
            Self::Ex(_) => size_of::<SEC_WINNT_AUTH_IDENTITY_EXW>(),
            Self::Ex2(_) => size_of::<SEC_WINNT_AUTH_IDENTITY_EX2>(),
        }
    }

    /// Where the secret is.
    ///
    /// # Safety
    /// See [`Slot`].
    pub const unsafe fn secret(self) -> *mut u8 {
        // SAFETY: the structure is readable.
        unsafe {
            match self {
                Self::Plain(identity) => (*identity).Password.cast(),
                Self::Ex(identity) => (*identity).Password.cast(),
                Self::Ex2(identity) => {
                    let offset = (*identity).PackedCredentialsOffset as usize;
                    identity.cast::<u8>().wrapping_add(offset)
                }
            }
        }
    }

    /// Writes `Flags`.
    ///
    /// # Safety
    /// See [`Slot`].
    pub const unsafe fn set_flags(self, flags: u32) {
        // SAFETY: the structure is writable.
        unsafe {
            match self {
                Self::Plain(identity) => (*identity).Flags = flags,
                Self::Ex(identity) => (*identity).Flags = flags,
                Self::Ex2(identity) => (*identity).Flags = flags,
            }
        }
    }

    /// Writes how many bytes the secret has.
    ///
    /// # Safety
    /// See [`Slot`].
    pub const unsafe fn set_secret_length(self, bytes: usize, charset: Charset) {
        // The callers hold secrets to MAX_CHARACTERS, or to 16 bits.
        let characters = (bytes / charset.unit()) as u32;
        // SAFETY: the structure is writable.
        unsafe {
            match self {
                Self::Plain(identity) => (*identity).PasswordLength = characters,
                Self::Ex(identity) => (*identity).PasswordLength = characters,
                Self::Ex2(identity) => (*identity).PackedCredentialsLength = bytes as u16,
            }
        }
    }

    /// Lets the secret be the end of a block of this size.
    ///
    /// # Safety
    /// See [`Slot`].
    pub const unsafe fn set_secret_start(self, start: usize, size: usize) {
        // SAFETY: the structure is writable.
        unsafe {
            match self {
                Self::Plain(identity) => {
                    (*identity).Password = identity.wrapping_byte_add(start).cast();
                }
                Self::Ex(identity) => {
                    (*identity).Password = identity.wrapping_byte_add(start).cast();
                }
                Self::Ex2(identity) => {
                    (*identity).PackedCredentialsOffset = start as u32;
                    (*identity).cbStructureLength = size as u32;
                }
            }
        }
    }
}
