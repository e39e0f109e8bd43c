//! What the enctypes of one specification do in their own way.

use super::cipher::Protection;
use super::enctype::Enctype;
use super::error::CryptoError;
use super::mac::Code;
use crate::spi::secret::{Secret, SecretBytes, SecretText};

/// Room for the longest key; a shorter one is its beginning.
pub(super) type KeyBytes = Secret<32>;

/// The key of an enctype that has half of that.
pub(super) fn half(key: &KeyBytes) -> Secret<16> {
    Secret::new(std::array::from_fn(|index| key.expose()[index]))
}

/// The functions of an encryption type (RFC 3961 3).
pub(super) trait Profile: Sync {
    /// The key of a password. `parameters` are those of the wire.
    fn string_to_key(
        &self,
        password: &SecretText,
        salt: &[u8],
        parameters: Option<&[u8]>,
    ) -> Result<KeyBytes, CryptoError>;
    /// Encryption with integrity for one usage.
    fn protection(&self, key: &KeyBytes, usage: u32) -> Box<dyn Protection>;
    /// The keyed checksum for one usage.
    fn code(&self, key: &KeyBytes, usage: u32) -> Code;
    /// The pseudo-random function.
    fn prf(&self, key: &KeyBytes, input: &[u8]) -> SecretBytes;
}

/// The bounds of PBKDF2's iterations: what an authority names is not authenticated. Less than the
/// default would make the password cheap to guess, and much more would keep us busy.
const MAX_ITERATIONS: u32 = 1 << 20;

/// The iteration count that parameters of PBKDF2 name: four bytes (RFC 3962 4, RFC 8009 4).
pub(super) fn iterations(
    enctype: Enctype,
    parameters: Option<&[u8]>,
    default: u32,
) -> Result<u32, CryptoError> {
    let Some(parameters) = parameters else { return Ok(default) };
    let bytes = parameters.try_into().map_err(|_| CryptoError::Parameters(enctype))?;
    let count = u32::from_be_bytes(bytes);
    if (default..=MAX_ITERATIONS).contains(&count) {
        Ok(count)
    } else {
        Err(CryptoError::Iterations(count))
    }
}

/// A password as AES' string-to-key takes it.
pub(super) fn utf8(password: &SecretText) -> Result<SecretBytes, CryptoError> {
    // Three bytes for each unit at most: no growth leaves a copy behind.
    let mut bytes = Vec::with_capacity(password.expose().len() * 3);
    for character in char::decode_utf16(password.expose().iter().copied()) {
        let Ok(character) = character else {
            drop(SecretBytes::new(bytes));
            return Err(CryptoError::Password);
        };
        let mut buffer = [0; 4];
        bytes.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
    }
    Ok(SecretBytes::new(bytes))
}
