//! Protocol keys (RFC 3961 2).

use std::fmt;

use super::cipher::CipherKey;
use super::enctype::Enctype;
use super::error::CryptoError;
use super::mac::MacKey;
use super::profile::KeyBytes;
use super::rc4_hmac::checksum_of_any_key;
use crate::spi::secret::{SecretBytes, SecretText};

/// A key with its enctype.
pub struct Key {
    enctype: Enctype,
    bytes: KeyBytes,
}

impl Key {
    /// A key of its bytes.
    pub fn new(enctype: Enctype, bytes: &[u8]) -> Result<Self, CryptoError> {
        if bytes.len() != enctype.key_length() {
            return Err(CryptoError::KeyLength(enctype));
        }
        let mut key = KeyBytes::new([0; 32]);
        key.expose_mut().iter_mut().zip(bytes).for_each(|(key, byte)| *key = *byte);
        Ok(Self { enctype, bytes: key })
    }

    /// `random-to-key`: of random bytes. Our enctypes take them as they are.
    pub fn from_seed(enctype: Enctype, seed: &[u8]) -> Result<Self, CryptoError> {
        Self::new(enctype, seed)
    }

    /// `string-to-key`: of a password. `parameters` are the `s2kparams` of the wire, which nobody
    /// vouches for: an iteration count below the enctype's default or beyond reason is refused.
    pub fn from_password(
        enctype: Enctype,
        password: &SecretText,
        salt: &[u8],
        parameters: Option<&[u8]>,
    ) -> Result<Self, CryptoError> {
        let bytes = enctype.profile().string_to_key(password, salt, parameters)?;
        Ok(Self { enctype, bytes })
    }

    /// The enctype.
    pub const fn enctype(&self) -> Enctype {
        self.enctype
    }

    /// The bytes, for a message or a file.
    pub fn expose(&self) -> &[u8] {
        self.bytes.expose().get(..self.enctype.key_length()).unwrap_or_default()
    }

    /// A second copy, where two owners are really needed.
    #[must_use]
    pub const fn duplicate(&self) -> Self {
        Self { enctype: self.enctype, bytes: self.bytes.duplicate() }
    }

    /// The keys of encryption and integrity of a usage. Keep them where a key is used often.
    pub fn cipher(&self, usage: u32) -> CipherKey {
        CipherKey::new(self.enctype, self.enctype.profile().protection(&self.bytes, usage))
    }

    /// The checksum key of a usage. Keep it where a key is used often.
    pub fn mac(&self, usage: u32) -> MacKey {
        MacKey::new(self.enctype, self.enctype.profile().code(&self.bytes, usage))
    }

    /// Encrypts one message; see [`CipherKey::encrypt`].
    pub fn encrypt(&self, usage: u32, confounder: &[u8], plaintext: &[u8]) -> Vec<u8> {
        self.cipher(usage).encrypt(confounder, plaintext)
    }

    /// Decrypts one message and verifies its integrity.
    pub fn decrypt(&self, usage: u32, ciphertext: &[u8]) -> Result<SecretBytes, CryptoError> {
        self.cipher(usage).decrypt(ciphertext)
    }

    /// The keyed checksum of the concatenation.
    pub fn checksum(&self, usage: u32, data: &[&[u8]]) -> Vec<u8> {
        let mut checksum = vec![0; self.enctype.tag_length()];
        self.mac(usage).compute(data.iter().copied(), &mut checksum);
        checksum
    }

    /// Verifies a checksum, which must be of this key's own type and of its exact length.
    pub fn verify_checksum(
        &self,
        usage: u32,
        checksum_type: i32,
        data: &[&[u8]],
        checksum: &[u8],
    ) -> Result<(), CryptoError> {
        if checksum_type != self.enctype.checksum_type() {
            return Err(CryptoError::ChecksumType(checksum_type));
        }
        if self.mac(usage).verify(data.iter().copied(), checksum) {
            Ok(())
        } else {
            Err(CryptoError::Integrity)
        }
    }

    /// `KERB_CHECKSUM_HMAC_MD5` (type -138, RFC 4757 4) under this key, whatever its enctype is:
    /// `PA-FOR-USER` knows no other ([MS-SFU] 2.2.1).
    pub fn hmac_md5_checksum(&self, usage: u32, data: &[u8]) -> [u8; 16] {
        checksum_of_any_key(&self.bytes, usage, data)
    }

    /// The pseudo-random function of the enctype.
    pub fn prf(&self, input: &[u8]) -> SecretBytes {
        self.enctype.profile().prf(&self.bytes, input)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.enctype == other.enctype && self.bytes == other.bytes
    }
}

impl Eq for Key {}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({}, [secret])", self.enctype)
    }
}
