//! Strings of the A and the W functions.
//!
//! Holds: reading and writing of both. May use: `spi`. Must not touch: everything else.
//!
//! The ANSI code page of a Linux process is UTF-8 here, whatever the locale says.

use std::ffi::c_char;

use super::pointers;
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::secret::{SecretBytes, SecretText};

/// A longer name is a missing terminator.
const MAX_UNITS: usize = 65_536;

/// The two kinds of functions: `…A` with bytes, `…W` with UTF-16.
pub trait Charset {
    /// One unit of a string.
    type Unit: Copy + Default + PartialEq;

    /// The text of units; bytes must be UTF-8, UTF-16 must be well formed.
    fn decode(units: &[Self::Unit]) -> Option<String>;

    /// The same for a secret; UTF-16 is taken as it is, well formed or not.
    fn secret(units: &[Self::Unit]) -> Option<SecretText>;

    /// The units of a text with a terminator.
    fn encode(text: &str) -> Vec<Self::Unit>;

    /// The bytes of [`Charset::encode`], as they lie in memory.
    fn encode_bytes(text: &str) -> Vec<u8>;
}

/// The `…A` functions.
#[derive(Debug)]
pub enum Ansi {}

/// The `…W` functions.
#[derive(Debug)]
pub enum Wide {}

impl Charset for Ansi {
    type Unit = c_char;

    fn decode(units: &[c_char]) -> Option<String> {
        String::from_utf8(units.iter().map(|unit| unit.cast_unsigned()).collect()).ok()
    }

    fn secret(units: &[c_char]) -> Option<SecretText> {
        let mut bytes = SecretBytes::new(vec![0; units.len()]);
        for (byte, unit) in bytes.expose_mut().iter_mut().zip(units) {
            *byte = unit.cast_unsigned();
        }
        str::from_utf8(bytes.expose()).ok().map(SecretText::from_str_secret)
    }

    fn encode(text: &str) -> Vec<c_char> {
        text.bytes().chain([0]).map(u8::cast_signed).collect()
    }

    fn encode_bytes(text: &str) -> Vec<u8> {
        text.bytes().chain([0]).collect()
    }
}

impl Charset for Wide {
    type Unit = u16;

    fn decode(units: &[u16]) -> Option<String> {
        String::from_utf16(units).ok()
    }

    fn secret(units: &[u16]) -> Option<SecretText> {
        Some(SecretText::new(units.to_vec()))
    }

    fn encode(text: &str) -> Vec<u16> {
        text.encode_utf16().chain([0]).collect()
    }

    fn encode_bytes(text: &str) -> Vec<u8> {
        text.encode_utf16().chain([0]).flat_map(u16::to_ne_bytes).collect()
    }
}

/// Reads a terminated string; NULL is `None`.
///
/// # Safety
/// `pointer` is NULL, or readable up to a terminator or for `MAX_UNITS` units.
pub unsafe fn text_in<C: Charset>(pointer: *const C::Unit, name: &str) -> Result<Option<String>> {
    // SAFETY: the contract is the same.
    let Some(units) = (unsafe { terminated::<C::Unit>(pointer, name)? }) else { return Ok(None) };
    C::decode(units).map(Some).ok_or_else(|| {
        Error::new(CallerFault::InvalidParameter, format!("{name} is no well-formed text"))
    })
}

/// The units of a terminated string without the terminator; NULL is `None`.
///
/// # Safety
/// As [`text_in`].
pub unsafe fn terminated<'a, U: Copy + Default + PartialEq>(
    pointer: *const U,
    name: &str,
) -> Result<Option<&'a [U]>> {
    if pointer.is_null() {
        return Ok(None);
    }
    if !pointer.is_aligned() {
        return Err(Error::new(CallerFault::InvalidParameter, format!("{name} is misaligned")));
    }
    for length in 0..MAX_UNITS {
        // SAFETY: no terminator came before, so the string is readable here.
        if unsafe { pointer.add(length).read() } == U::default() {
            // SAFETY: these units were just read.
            return unsafe { pointers::array_in(pointer, length, name) }.map(Some);
        }
    }
    Err(Error::new(CallerFault::InvalidParameter, format!("{name} has no terminator")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ptr;

    #[test]
    fn both_kinds_of_strings_are_read_strictly() {
        // SAFETY: every array ends in a terminator.
        unsafe {
            assert_eq!(text_in::<Wide>(Wide::encode("Zoë").as_ptr(), "s").unwrap().unwrap(), "Zoë");
            assert_eq!(text_in::<Ansi>(Ansi::encode("Zoë").as_ptr(), "s").unwrap().unwrap(), "Zoë");
            assert!(text_in::<Wide>([0xD800_u16, 0].as_ptr(), "s").is_err());
            assert!(text_in::<Ansi>([-1 as c_char, 0].as_ptr(), "s").is_err());
            assert!(text_in::<Ansi>(ptr::null(), "s").unwrap().is_none());
            assert_eq!(text_in::<Ansi>([0 as c_char].as_ptr(), "s").unwrap().unwrap(), "");
        }
    }

    #[test]
    fn a_missing_terminator_is_found_in_bounded_time() {
        let endless = vec![u16::from(b'a'); MAX_UNITS];
        // SAFETY: readable for MAX_UNITS units.
        assert!(unsafe { text_in::<Wide>(endless.as_ptr(), "s") }.is_err());
    }
}
