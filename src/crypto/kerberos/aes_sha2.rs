//! AES with HMAC-SHA2 (RFC 8009).

use std::marker::PhantomData;

use sha2::digest::block_api::EagerHash;

use super::aes_cts::{Aes, AesHmac};
use super::cipher::Protection;
use super::enctype::Enctype;
use super::error::CryptoError;
use super::hash::{Hash, HmacKey, Sha256, Sha384};
use super::mac::Code;
use super::profile::{KeyBytes, Profile, iterations, utf8};
use super::simplified::constant;
use crate::spi::secret::{SecretBytes, SecretText};

/// RFC 8009 4.
const DEFAULT_ITERATIONS: u32 = 32768;

/// The hash of an enctype of this family.
pub(super) trait Sha2: Hash {
    /// The same hash of the `sha2` crate.
    type OfCrate: EagerHash;

    /// A checksum under a key of this hash.
    fn code(key: HmacKey<Self>) -> Code;
}

impl Sha2 for Sha256 {
    type OfCrate = sha2::Sha256;

    fn code(key: HmacKey<Self>) -> Code {
        Code::Sha256(key)
    }
}

impl Sha2 for Sha384 {
    type OfCrate = sha2::Sha384;

    fn code(key: HmacKey<Self>) -> Code {
        Code::Sha384(key)
    }
}

/// The enctype of a length of AES key and a hash.
pub(super) struct AesSha2<C, H> {
    enctype: Enctype,
    cipher: PhantomData<fn() -> (C, H)>,
}

impl<C: Aes, H: Sha2> AesSha2<C, H> {
    /// Under this number.
    pub(super) const fn new(enctype: Enctype) -> Self {
        Self { enctype, cipher: PhantomData }
    }

    /// The keys of integrity and of checksums have half of the hash.
    const HALF: usize = size_of::<H::Digest>() / 2;

    /// An HMAC key of a usage.
    fn hmac_key(base: &HmacKey<H>, usage: u32, purpose: u8) -> HmacKey<H> {
        let key = derive(base, &constant(usage, purpose), Self::HALF);
        HmacKey::new(key.expose().get(..Self::HALF).unwrap_or_default())
    }

    fn base(key: &KeyBytes) -> HmacKey<H> {
        HmacKey::new(key.expose().get(..C::KEY).unwrap_or_default())
    }
}

impl<C: Aes, H: Sha2> Profile for AesSha2<C, H> {
    fn string_to_key(
        &self,
        password: &SecretText,
        salt: &[u8],
        parameters: Option<&[u8]>,
    ) -> Result<KeyBytes, CryptoError> {
        let count = iterations(self.enctype, parameters, DEFAULT_ITERATIONS)?;
        let password = utf8(password)?;
        let salt = [self.enctype.name().as_bytes(), &[0], salt].concat();
        let mut seed = KeyBytes::new([0; 32]);
        let wanted = seed.expose_mut().get_mut(..C::KEY).unwrap_or_default();
        pbkdf2::pbkdf2_hmac::<H::OfCrate>(password.expose(), &salt, count, wanted);
        Ok(derive(&Self::base(&seed), b"kerberos", C::KEY))
    }

    fn protection(&self, key: &KeyBytes, usage: u32) -> Box<dyn Protection> {
        let base = Self::base(key);
        let cipher = C::schedule(&derive(&base, &constant(usage, 0xAA), C::KEY));
        let integrity = Self::hmac_key(&base, usage, 0x55);
        Box::new(AesHmac::<C, H, true> { cipher, integrity })
    }

    fn code(&self, key: &KeyBytes, usage: u32) -> Code {
        H::code(Self::hmac_key(&Self::base(key), usage, 0x99))
    }

    /// RFC 8009 5: as much as the hash gives.
    fn prf(&self, key: &KeyBytes, input: &[u8]) -> SecretBytes {
        let whole = size_of::<H::Digest>();
        SecretBytes::new(kdf(&Self::base(key), b"prf", input, whole).as_ref().to_vec())
    }
}

/// `KDF-HMAC-SHA2(key, label, k)` without a context, for a key of so many bytes.
fn derive<H: Hash>(key: &HmacKey<H>, label: &[u8], length: usize) -> KeyBytes {
    let mut derived = KeyBytes::new([0; 32]);
    let output = kdf(key, label, &[], length);
    let wanted = derived.expose_mut().get_mut(..length).unwrap_or_default();
    wanted.iter_mut().zip(output.as_ref()).for_each(|(key, byte)| *key = *byte);
    derived
}

/// `KDF-HMAC-SHA2` (RFC 8009 3): one round, of which the first `length` bytes are meant.
fn kdf<H: Hash>(key: &HmacKey<H>, label: &[u8], context: &[u8], length: usize) -> H::Digest {
    let bits = (length as u32 * 8).to_be_bytes();
    key.mac(&[&[0, 0, 0, 1], label, &[0], context, &bits])
}
