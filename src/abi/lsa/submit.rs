//! The buffer that a caller submits: a structure, and behind it what its pointers point at.
//!
//! Holds: its reading. May use: the pointer vocabulary, `spi`. Must not touch: everything else.
//!
//! A pointer in the structure is a number until it is found to lie inside the buffer; none is
//! ever followed.

use crate::abi::pointers;
use crate::abi::types::{
    KERB_ADD_BINDING_CACHE_ENTRY_EX_REQUEST, KERB_ADD_BINDING_CACHE_ENTRY_REQUEST,
    KERB_CHANGEPASSWORD_REQUEST, KERB_INTERACTIVE_LOGON, KERB_PURGE_TKT_CACHE_EX_REQUEST,
    KERB_PURGE_TKT_CACHE_REQUEST, KERB_QUERY_TKT_CACHE_REQUEST, KERB_RETRIEVE_TKT_REQUEST,
    KERB_S4U_LOGON, KERB_SETPASSWORD_REQUEST, KERB_SUBMIT_TKT_REQUEST, KERB_TICKET_LOGON,
    MSV1_0_CHANGEPASSWORD_REQUEST, MSV1_0_INTERACTIVE_LOGON, MSV1_0_LM20_LOGON, MSV1_0_S4U_LOGON,
    NEGOTIATE_CALLER_NAME_REQUEST, STRING, UNICODE_STRING,
};
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::secret::SecretText;

/// A structure of C of which any bytes are a value.
///
/// # Safety
/// The type is `repr(C)` and made of integers and pointers.
pub unsafe trait Plain: Copy {}

macro_rules! plain {
    ($($name:ty),* $(,)?) => {
        $(
            // SAFETY: declared `repr(C)` in `types`, of integers and pointers; enumerations are
            // integers there.
            unsafe impl Plain for $name {}
        )*
    };
}

plain!(
    KERB_QUERY_TKT_CACHE_REQUEST,
    KERB_RETRIEVE_TKT_REQUEST,
    KERB_PURGE_TKT_CACHE_REQUEST,
    KERB_PURGE_TKT_CACHE_EX_REQUEST,
    KERB_SUBMIT_TKT_REQUEST,
    KERB_CHANGEPASSWORD_REQUEST,
    KERB_SETPASSWORD_REQUEST,
    KERB_ADD_BINDING_CACHE_ENTRY_REQUEST,
    KERB_ADD_BINDING_CACHE_ENTRY_EX_REQUEST,
    KERB_INTERACTIVE_LOGON,
    KERB_TICKET_LOGON,
    KERB_S4U_LOGON,
    MSV1_0_INTERACTIVE_LOGON,
    MSV1_0_LM20_LOGON,
    MSV1_0_S4U_LOGON,
    MSV1_0_CHANGEPASSWORD_REQUEST,
    NEGOTIATE_CALLER_NAME_REQUEST,
);

/// The buffer.
#[derive(Clone, Copy)]
pub struct Submit<'a> {
    bytes: &'a [u8],
}

impl<'a> Submit<'a> {
    /// The caller's buffer.
    ///
    /// # Safety
    /// `buffer` is NULL, or readable for `length` bytes that nobody changes during `'a`.
    pub unsafe fn new(buffer: *const u8, length: u32, name: &str) -> Result<Self> {
        // SAFETY: the contract is the same.
        let bytes = unsafe { pointers::slice_in(buffer, length as usize, name)? };
        Ok(Self { bytes })
    }

    /// `MessageType`, which every structure begins with.
    pub fn message_type(&self) -> Result<u32> {
        let first = self.bytes.first_chunk().ok_or_else(|| too_short(self.bytes.len(), 4))?;
        Ok(u32::from_ne_bytes(*first))
    }

    /// The structure.
    pub fn structure<T: Plain>(&self) -> Result<T> {
        let bytes = self.bytes.get(..size_of::<T>());
        let bytes = bytes.ok_or_else(|| too_short(self.bytes.len(), size_of::<T>()))?;
        // SAFETY: there are as many bytes as the type has, and any of them are a value of it.
        Ok(unsafe { bytes.as_ptr().cast::<T>().read_unaligned() })
    }

    /// What a counted string says; an empty one may point anywhere.
    pub fn text(&self, string: &UNICODE_STRING, name: &str) -> Result<String> {
        let units: Vec<u16> = self.units(string, name)?.collect();
        String::from_utf16(&units).map_err(|_| wrong(format!("{name} is no well-formed text")))
    }

    /// The same for a secret, well formed or not.
    pub fn secret(&self, string: &UNICODE_STRING, name: &str) -> Result<SecretText> {
        let units = self.units(string, name)?;
        // Sized first, so that no growth leaves an unwiped copy behind.
        let mut secret = Vec::with_capacity(units.len());
        secret.extend(units);
        Ok(SecretText::new(secret))
    }

    /// What a counted string of bytes holds.
    pub fn string(&self, string: &STRING, name: &str) -> Result<&'a [u8]> {
        self.pointed(string.Buffer.cast(), usize::from(string.Length), name)
    }

    /// The bytes that a pointer of the structure points at; none may point anywhere.
    pub fn pointed(&self, pointer: *const u8, length: usize, name: &str) -> Result<&'a [u8]> {
        if length == 0 {
            return Ok(&[]);
        }
        let offset = pointer.addr().checked_sub(self.bytes.as_ptr().addr());
        self.within(offset, length)
            .ok_or_else(|| wrong(format!("{name} lies outside of the buffer that was submitted")))
    }

    /// The bytes at an offset.
    pub fn at(&self, offset: u32, length: u32, name: &str) -> Result<&'a [u8]> {
        self.within(Some(offset as usize), length as usize)
            .ok_or_else(|| wrong(format!("{name} lies outside of the buffer that was submitted")))
    }

    fn units(
        &self,
        string: &UNICODE_STRING,
        name: &str,
    ) -> Result<impl ExactSizeIterator<Item = u16> + 'a> {
        let bytes = self.pointed(string.Buffer.cast(), usize::from(string.Length), name)?;
        let (pairs, rest) = bytes.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(wrong(format!("{name} has half a character")));
        }
        Ok(pairs.iter().map(|&pair| u16::from_ne_bytes(pair)))
    }

    fn within(&self, offset: Option<usize>, length: usize) -> Option<&'a [u8]> {
        let offset = offset?;
        self.bytes.get(offset..offset.checked_add(length)?)
    }
}

fn too_short(length: usize, wanted: usize) -> Error {
    wrong(format!("the buffer that was submitted has {length} bytes and not {wanted}"))
}

fn wrong(story: String) -> Error {
    Error::new(CallerFault::InvalidParameter, story)
}
