//! Authentication identities: what `pAuthData` and the `Sspi…AuthIdentity` functions work on.
//!
//! Holds: reading, copying, marshalling, encrypting and comparing identities of every form.
//! May use: the rest of the boundary, `sspi`, `spi`. Must not touch: everything else.
//!
//! `docs/identities.md` lists the forms, and the decisions where Windows is not documented.

pub mod block;
pub mod compare;
pub mod marshal;
pub mod packages;
mod packed;
pub mod seal;
mod slot;
pub mod strings;
pub mod target;
pub mod view;

use std::ffi::c_void;

use self::view::{Form, View};
use crate::spi::error::Result;
use crate::spi::identity::{Identity, PackageList, Proof};

/// What the `pAuthData` of `AcquireCredentialsHandle` says.
#[derive(Debug)]
pub enum AuthData {
    /// The default credentials: NULL, or an EX or EX2 identity with nothing but a `PackageList`
    /// (as the JDK passes it), which filters what Negotiate may use.
    Default(PackageList),
    /// This identity. One in which everything is absent is anonymous.
    Explicit(Identity),
}

/// Reads `pAuthData`. Everything is copied: the caller may wipe or free it at once.
///
/// # Safety
/// `auth_data` is NULL, or points to an identity in one of the documented forms: its structure is
/// readable, and so are the strings that it names, in the lengths that it gives.
pub unsafe fn identity_in(auth_data: *const c_void) -> Result<AuthData> {
    if auth_data.is_null() {
        return Ok(AuthData::Default(PackageList::default()));
    }
    // SAFETY: the contract is the same.
    read(&unsafe { View::of(auth_data)? })
}

/// The meaning of an identity; an encrypted one is decrypted on the way.
pub fn read(view: &View<'_>) -> Result<AuthData> {
    let packages = view.packages_text()?;
    let list = packages.as_deref().map(PackageList::parse).unwrap_or_default();
    if packages.is_some() && view.names_nobody() {
        return Ok(AuthData::Default(list));
    }
    Ok(AuthData::Explicit(Identity {
        user: view.user_text()?,
        domain: view.domain_text()?,
        proof: proof(view)?,
        packages: list,
    }))
}

fn proof(view: &View<'_>) -> Result<Proof> {
    let Some(secret) = view.secret else { return Ok(Proof::None) };
    match seal::opened(view, secret)? {
        Some(clear) => clear_proof(view, clear.expose()),
        None => clear_proof(view, secret),
    }
}

fn clear_proof(view: &View<'_>, secret: &[u8]) -> Result<Proof> {
    if matches!(view.form, Form::Ex2(_)) && packed::is_packed(secret) {
        return packed::read(secret);
    }
    // Whatever it looks like (32 hex digits, hundreds of characters): text is a password.
    view.charset.secret_text(secret, "Password").map(Proof::Password)
}
