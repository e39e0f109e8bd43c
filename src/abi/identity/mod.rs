//! Authentication identities: what `pAuthData` points to, in all its forms.
//!
//! Holds: the reading of plain, EX and EX2 identities and of packed credentials.
//! May use: the pointer vocabulary, `sspi`, `spi`. Must not touch: everything else.
//!
//! `docs/identities.md` lists the forms and the decisions where Windows is not documented.

mod packed;
mod view;

pub use view::{Charset, Form, View};

use std::ffi::c_void;

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
    let view = unsafe { View::of(auth_data)? };
    let packages = match view.text(view.packages, "PackageList")? {
        Some(names) if view.names_nobody() => {
            return Ok(AuthData::Default(PackageList::parse(&names)));
        }
        Some(names) => PackageList::parse(&names),
        None => PackageList::default(),
    };
    Ok(AuthData::Explicit(Identity {
        user: view.text(view.user, "User")?,
        domain: view.text(view.domain, "Domain")?,
        proof: proof(&view)?,
        packages,
    }))
}

fn proof(view: &View<'_>) -> Result<Proof> {
    let Some(bytes) = view.secret else { return Ok(Proof::None) };
    if view.form == Form::Ex2 && packed::is_packed(bytes) {
        return packed::read(bytes);
    }
    // Whatever it looks like (32 hex digits, hundreds of characters): text is a password.
    view.secret_text(bytes, "Password").map(Proof::Password)
}

#[cfg(test)]
mod tests;
