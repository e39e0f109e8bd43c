//! RC4 with HMAC-MD5 (RFC 4757), without the export variant.

use subtle::ConstantTimeEq;

use super::cipher::Protection;
use super::enctype::Enctype;
use super::error::CryptoError;
use super::hash::{HmacKey, Sha1};
use super::mac::Code;
use super::pieces::Piece;
use super::profile::{KeyBytes, Profile, half};
use crate::crypto::digest::md4;
use crate::crypto::hmac_md5::{HmacMd5Key, hmac_md5};
use crate::crypto::md5::Md5;
use crate::crypto::rc4::Rc4;
use crate::spi::secret::{Secret, SecretBytes, SecretText};

/// The enctype.
pub(super) struct Rc4Hmac;

impl Profile for Rc4Hmac {
    /// The NT hash. There is no salt, and there are no parameters.
    fn string_to_key(
        &self,
        password: &SecretText,
        _salt: &[u8],
        parameters: Option<&[u8]>,
    ) -> Result<KeyBytes, CryptoError> {
        if parameters.is_some_and(|parameters| !parameters.is_empty()) {
            return Err(CryptoError::Parameters(Enctype::Rc4Hmac));
        }
        let hash = md4(password.to_utf16le().expose());
        let mut key = KeyBytes::new([0; 32]);
        key.expose_mut().iter_mut().zip(hash.expose()).for_each(|(key, byte)| *key = *byte);
        Ok(key)
    }

    fn protection(&self, key: &KeyBytes, usage: u32) -> Box<dyn Protection> {
        let key = HmacMd5Key::new(half(key).expose());
        let of_usage = Secret::new(key.mac(&[&message_type(usage).to_le_bytes()]));
        Box::new(Rc4Protection(HmacMd5Key::new(of_usage.expose())))
    }

    fn code(&self, key: &KeyBytes, usage: u32) -> Code {
        let signing = Secret::new(hmac_md5(half(key).expose(), &[b"signaturekey\0"]));
        Code::Rc4(HmacMd5Key::new(signing.expose()), message_type(usage))
    }

    /// HMAC-SHA1, as MIT defines it; RFC 4757 has none.
    fn prf(&self, key: &KeyBytes, input: &[u8]) -> SecretBytes {
        let mac = HmacKey::<Sha1>::new(half(key).expose()).mac(&[input]);
        SecretBytes::new(mac.to_vec())
    }
}

/// The number of a usage in the days before RFC 3961 (RFC 4757 3). The part of a TGS answer under
/// a subkey would be 8 there as well; Windows and MIT say 9.
const fn message_type(usage: u32) -> u32 {
    match usage {
        3 => 8,
        23 => 13,
        other => other,
    }
}

/// The key of one usage, from which each message's key is made.
struct Rc4Protection(HmacMd5Key);

impl Rc4Protection {
    /// The tag of what lies in the pieces.
    fn tag(&self, pieces: &[Piece<'_>]) -> [u8; 16] {
        let mut mac = self.0.start();
        for piece in pieces {
            match piece {
                Piece::Encrypt(bytes) => mac.update(bytes),
                Piece::SignOnly(bytes) => mac.update(bytes),
            }
        }
        mac.finish()
    }

    /// Encrypts or decrypts under the key that a tag gives.
    fn apply(&self, pieces: &mut [Piece<'_>], tag: &[u8; 16]) {
        let key = Secret::new(self.0.mac(&[tag]));
        let mut stream = Rc4::new(key.expose());
        for piece in pieces {
            if let Piece::Encrypt(bytes) = piece {
                stream.apply(bytes);
            }
        }
    }
}

impl Protection for Rc4Protection {
    fn seal(&self, pieces: &mut [Piece<'_>], tag: &mut [u8]) -> Result<(), CryptoError> {
        let out: &mut [u8; 16] = tag.try_into().map_err(|_| CryptoError::Buffers)?;
        *out = self.tag(pieces);
        self.apply(pieces, out);
        Ok(())
    }

    fn open(&self, pieces: &mut [Piece<'_>], tag: &[u8]) -> Result<(), CryptoError> {
        let tag: &[u8; 16] = tag.try_into().map_err(|_| CryptoError::Integrity)?;
        self.apply(pieces, tag);
        if self.tag(pieces).ct_eq(tag).into() { Ok(()) } else { Err(CryptoError::Integrity) }
    }
}

/// The checksum of RFC 4757 4 under a key of another enctype ([MS-SFU] 2.2.1).
pub(super) fn checksum_of_any_key(key: &KeyBytes, usage: u32, data: &[u8]) -> [u8; 16] {
    let signing = Secret::new(HmacMd5Key::new_padded(key.expose()).mac(&[b"signaturekey\0"]));
    checksum(&HmacMd5Key::new(signing.expose()), message_type(usage), [data].into_iter())
}

/// The checksum of RFC 4757 4: of the digest of the message type and the data.
pub(super) fn checksum<'a>(
    key: &HmacMd5Key,
    message_type: u32,
    data: impl Iterator<Item = &'a [u8]>,
) -> [u8; 16] {
    let mut digest = Md5::new();
    digest.update(&message_type.to_le_bytes());
    data.for_each(|bytes| digest.update(bytes));
    key.mac(&[&digest.finish()])
}

#[cfg(test)]
mod tests {
    use super::super::Key;
    use super::*;

    #[test]
    fn rfc4757_2_string_to_key() {
        let password = SecretText::from_str_secret("foo");
        let key = Key::from_password(Enctype::Rc4Hmac, &password, b"any salt", None).unwrap();
        let expected = 0xac8e_657f_83df_82be_ea5d_43bd_af78_00cc_u128;
        assert_eq!(key.expose(), expected.to_be_bytes());
    }

    #[test]
    fn usages_have_their_old_numbers() {
        assert_eq!([1, 2, 3, 8, 9, 22, 23, 24].map(message_type), [1, 2, 8, 8, 9, 22, 13, 24]);
    }
}
