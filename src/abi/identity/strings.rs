//! The strings of an identity as UTF-16 with a terminator, whatever they are in it.
//!
//! Holds: what SspiEncodeAuthIdentityAsStrings and the credential manager's helpers give out.
//! May use: `spi`. Must not touch: memory that is handed out.

use super::packed;
use super::seal::is_encrypted;
use super::view::{Charset, Form, View};
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::identity::Proof;
use crate::spi::secret::SecretBytes;

/// `User`.
pub fn user(view: &View<'_>) -> Result<Option<SecretBytes>> {
    view.user.map(|bytes| terminated(view.charset, bytes, "User")).transpose()
}

/// `Domain`.
pub fn domain(view: &View<'_>) -> Result<Option<SecretBytes>> {
    view.domain.map(|bytes| terminated(view.charset, bytes, "Domain")).transpose()
}

/// `Domain\User`, or whichever of them there is.
pub fn qualified_user(view: &View<'_>) -> Result<Option<SecretBytes>> {
    let separator = match view.charset {
        Charset::Ansi => &b"\\"[..],
        Charset::Wide => b"\\\0",
    };
    match (view.domain, view.user) {
        (Some(domain), Some(user)) => {
            terminated(view.charset, &[domain, separator, user].concat(), "User").map(Some)
        }
        (_, Some(_)) => user(view),
        (_, None) => domain(view),
    }
}

/// The password. An encrypted identity must be decrypted first.
pub fn password(view: &View<'_>) -> Result<Option<SecretBytes>> {
    let Some(bytes) = view.secret else { return Ok(None) };
    if is_encrypted(view.flags) {
        return Err(Error::new(CallerFault::InvalidParameter, "the identity is encrypted"));
    }
    if !matches!(view.form, Form::Ex2(_)) || !packed::is_packed(bytes) {
        return terminated(view.charset, bytes, "Password").map(Some);
    }
    match packed::read(bytes)? {
        Proof::None => Ok(None),
        Proof::Password(text) => Ok(Some(with_terminator(text.expose()))),
        Proof::NtHash(_) | Proof::Keytab(_) => {
            let story = "a packed hash or keytab is no string";
            Err(Error::new(CallerFault::Unsupported, story))
        }
    }
}

/// UTF-16 with a terminator.
pub fn with_terminator(units: &[u16]) -> SecretBytes {
    // Sized first, so that no growth leaves an unwiped copy behind.
    let mut bytes = Vec::with_capacity((units.len() + 1) * 2);
    units.iter().chain(&[0]).for_each(|unit| bytes.extend_from_slice(&unit.to_le_bytes()));
    SecretBytes::new(bytes)
}

fn terminated(charset: Charset, bytes: &[u8], name: &str) -> Result<SecretBytes> {
    charset.secret_text(bytes, name).map(|text| with_terminator(text.expose()))
}
