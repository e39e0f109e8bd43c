//! Secret values: wiped when dropped, never printed, compared in constant time.
//!
//! Secret and public bytes are two types. A secret leaves through [`SecretBytes::expose`] or
//! [`Secret::expose`], so that a search for `expose` finds every use.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::{Zeroizing, optimization_barrier};

/// A secret of a size known at compile time: a key, a hash.
pub struct Secret<const N: usize>([u8; N]);

impl<const N: usize> Secret<N> {
    /// Takes the bytes; the caller wipes its own copy, if it kept one.
    pub const fn new(bytes: [u8; N]) -> Self {
        Self(bytes)
    }

    /// The bytes, for a computation or for the wire.
    pub const fn expose(&self) -> &[u8; N] {
        &self.0
    }

    /// The bytes, to be filled.
    pub const fn expose_mut(&mut self) -> &mut [u8; N] {
        &mut self.0
    }

    /// A second copy, where two owners are really needed.
    #[must_use]
    pub const fn duplicate(&self) -> Self {
        Self(self.0)
    }
}

impl<const N: usize> Drop for Secret<N> {
    fn drop(&mut self) {
        self.0 = [0; N];
        optimization_barrier(&self.0);
    }
}

impl<const N: usize> PartialEq for Secret<N> {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl<const N: usize> Eq for Secret<N> {}

impl<const N: usize> fmt::Debug for Secret<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// A secret of any length.
#[derive(Default)]
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// Takes the bytes.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, for a computation or for the wire.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, to be changed in place.
    pub fn expose_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }

    /// A second copy, where two owners are really needed.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.clone())
    }
}

impl PartialEq for SecretBytes {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_slice().ct_eq(other.0.as_slice()).into()
    }
}

impl Eq for SecretBytes {}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// A secret text as Windows keeps it: UTF-16 code units, whatever they are.
#[derive(Default)]
pub struct SecretText(Zeroizing<Vec<u16>>);

impl SecretText {
    /// Takes the code units.
    pub fn new(units: Vec<u16>) -> Self {
        Self(Zeroizing::new(units))
    }

    /// The code units of a text.
    pub fn from_str_secret(text: &str) -> Self {
        // Sized first, so that no growth leaves an unwiped copy behind.
        let mut units = Vec::with_capacity(text.encode_utf16().count());
        units.extend(text.encode_utf16());
        Self::new(units)
    }

    /// The code units.
    pub fn expose(&self) -> &[u16] {
        &self.0
    }

    /// The code units in little-endian bytes, as NTLM hashes them.
    pub fn to_utf16le(&self) -> SecretBytes {
        let mut bytes = Vec::with_capacity(self.0.len() * 2);
        for unit in self.0.iter() {
            bytes.extend_from_slice(&unit.to_le_bytes());
        }
        SecretBytes::new(bytes)
    }

    /// A second copy, where two owners are really needed.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.clone())
    }

    /// No characters at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_prints_nothing() {
        assert_eq!(format!("{:?}", Secret::new([7u8; 4])), "[secret]");
        assert_eq!(format!("{:?}", SecretBytes::new(vec![1])), "[secret]");
        assert_eq!(format!("{:?}", SecretText::from_str_secret("pw")), "[secret]");
    }

    #[test]
    fn equality_sees_content_and_length() {
        assert_eq!(SecretBytes::new(vec![1, 2]), SecretBytes::new(vec![1, 2]));
        assert_ne!(SecretBytes::new(vec![1, 2]), SecretBytes::new(vec![1]));
        assert_ne!(Secret::new([1u8; 16]), Secret::new([2u8; 16]));
    }

    #[test]
    fn text_is_little_endian() {
        assert_eq!(SecretText::from_str_secret("aß").to_utf16le().expose(), &[0x61, 0, 0xDF, 0]);
    }
}
