//! Encryption with integrity under the keys of one usage.

use std::fmt;

use super::enctype::Enctype;
use super::error::CryptoError;
use super::pieces::Piece;
use crate::spi::secret::SecretBytes;

/// What an enctype does with a message in pieces.
pub(super) trait Protection: Send + Sync {
    /// Encrypts the pieces and writes the tag.
    fn seal(&self, pieces: &mut [Piece<'_>], tag: &mut [u8]) -> Result<(), CryptoError>;
    /// Decrypts the pieces and verifies the tag.
    fn open(&self, pieces: &mut [Piece<'_>], tag: &[u8]) -> Result<(), CryptoError>;
}

/// The keys of encryption and integrity of one usage, ready for many messages.
pub struct CipherKey {
    enctype: Enctype,
    protection: Box<dyn Protection>,
}

impl CipherKey {
    pub(super) fn new(enctype: Enctype, protection: Box<dyn Protection>) -> Self {
        Self { enctype, protection }
    }

    /// The enctype.
    pub const fn enctype(&self) -> Enctype {
        self.enctype
    }

    /// Encrypts a message that lies in pieces, in place and without allocation: the pieces are the
    /// confounder, the data, and what follows them. What steals ciphertext and what it is stolen
    /// from may lie in several pieces. `tag` has the enctype's tag length.
    ///
    /// Only pieces and tags of impossible lengths are refused; then nothing was encrypted.
    pub fn seal(&self, pieces: &mut [Piece<'_>], tag: &mut [u8]) -> Result<(), CryptoError> {
        if tag.len() != self.enctype.tag_length() {
            return Err(CryptoError::Buffers);
        }
        self.protection.seal(pieces, tag)
    }

    /// Decrypts what [`Self::seal`] made and verifies it. On failure the pieces hold nothing that
    /// may be used: the caller wipes them.
    pub fn open(&self, pieces: &mut [Piece<'_>], tag: &[u8]) -> Result<(), CryptoError> {
        if tag.len() != self.enctype.tag_length() {
            return Err(CryptoError::Integrity);
        }
        self.protection.open(pieces, tag)
    }

    /// The ciphertext of RFC 3961: confounder, plaintext and tag as one. A confounder is of the
    /// enctype's length; of another, what is missing is zero and what is too much is left out.
    pub fn encrypt(&self, confounder: &[u8], plaintext: &[u8]) -> Vec<u8> {
        let layout = Layout::of(self.enctype);
        let mut message = vec![0; layout.overhead() + plaintext.len()];
        if let Some((tag, start, data)) = layout.split(&mut message) {
            start.iter_mut().zip(confounder).for_each(|(out, byte)| *out = *byte);
            data.copy_from_slice(plaintext);
            let sealed = self.seal(&mut [Piece::Encrypt(start), Piece::Encrypt(data)], tag);
            debug_assert!(sealed.is_ok(), "the layout is the enctype's own");
        }
        message
    }

    /// The plaintext of a ciphertext of RFC 3961 whose integrity is verified.
    pub fn decrypt(&self, ciphertext: &[u8]) -> Result<SecretBytes, CryptoError> {
        let mut message = SecretBytes::new(ciphertext.to_vec());
        let layout = Layout::of(self.enctype);
        let (tag, start, data) =
            layout.split(message.expose_mut()).ok_or(CryptoError::Truncated)?;
        self.open(&mut [Piece::Encrypt(start), Piece::Encrypt(&mut *data)], tag)?;
        Ok(SecretBytes::new(data.to_vec()))
    }
}

impl fmt::Debug for CipherKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CipherKey({}, [secret])", self.enctype)
    }
}

/// Where a ciphertext has its parts.
struct Layout {
    tag: usize,
    confounder: usize,
    tag_first: bool,
}

impl Layout {
    fn of(enctype: Enctype) -> Self {
        let (tag, confounder) = (enctype.tag_length(), enctype.confounder_length());
        Self { tag, confounder, tag_first: enctype.tag_comes_first() }
    }

    const fn overhead(&self) -> usize {
        self.tag + self.confounder
    }

    /// Tag, confounder and data of a ciphertext.
    fn split<'m>(
        &self,
        message: &'m mut [u8],
    ) -> Option<(&'m mut [u8], &'m mut [u8], &'m mut [u8])> {
        let (tag, rest) = if self.tag_first {
            message.split_at_mut_checked(self.tag)?
        } else {
            let end = message.len().checked_sub(self.tag)?;
            let (rest, tag) = message.split_at_mut_checked(end)?;
            (tag, rest)
        };
        let (confounder, data) = rest.split_at_mut_checked(self.confounder)?;
        Some((tag, confounder, data))
    }
}
