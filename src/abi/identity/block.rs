//! Identities that are handed out: the structure and its strings in one block.
//!
//! Holds: making EX and EX2 identities. May use: the rest of the boundary, `spi`.
//! Must not touch: everything else.
//!
//! ```text
//! EX:  the structure (72) ‖ User ‖ Domain ‖ Password ‖ PackageList ‖ room to encrypt the secret
//! EX2: its cbStructureLength bytes ‖ a new PackageList ‖ room to encrypt the secret
//! ```

use std::ffi::c_void;

use super::view::{Form, View, refused};
use crate::abi::memory::{self, Kind};
use crate::abi::types::{
    SEC_WINNT_AUTH_IDENTITY_EX2, SEC_WINNT_AUTH_IDENTITY_EXW, SEC_WINNT_AUTH_IDENTITY_VERSION,
};
use crate::spi::error::Result;
use crate::spi::identity::SEAL_OVERHEAD;
use crate::spi::secret::SecretBytes;

/// An EX identity of UTF-16 strings. An empty one is absent.
pub fn of_strings(
    user: Option<&[u16]>,
    domain: Option<&[u16]>,
    password: Option<&[u16]>,
) -> Result<*mut c_void> {
    let [user, domain, password] = [user, domain, password].map(|text| text.map(bytes));
    ex(&View {
        user: present(user.as_ref()),
        domain: present(domain.as_ref()),
        secret: present(password.as_ref()),
        ..View::NOTHING
    })
}

/// A copy: of EX2 an EX2, of plain and EX an EX.
pub fn copy(view: &View<'_>) -> Result<*mut c_void> {
    match view.form {
        Form::Ex2(structure) => ex2(structure, None, room(view)),
        Form::Plain | Form::Ex => ex(view),
    }
}

/// A copy with another `PackageList`, in the characters of the identity.
pub fn with_packages(view: &View<'_>, packages: &[u8]) -> Result<*mut c_void> {
    match view.form {
        Form::Ex2(structure) => ex2(structure, Some(packages), room(view)),
        Form::Plain | Form::Ex => ex(&View { packages: Some(packages), ..*view }),
    }
}

fn ex(view: &View<'_>) -> Result<*mut c_void> {
    const HEADER: usize = size_of::<SEC_WINNT_AUTH_IDENTITY_EXW>();
    let parts = [view.user, view.domain, view.secret, view.packages];
    let strings: usize = parts.iter().flatten().map(|part| part.len()).sum();
    let end = HEADER + strings.next_multiple_of(2);
    // Sized first, so that no growth leaves an unwiped copy behind.
    let mut image = Vec::with_capacity(end + room(view));
    image.resize(HEADER, 0);
    parts.iter().flatten().for_each(|part| image.extend_from_slice(part));
    image.resize(end + room(view), 0);
    let image = SecretBytes::new(image);
    let block: *mut c_void = memory::hand_out(Kind::AuthIdentity, image.expose())?.cast();
    // SAFETY: the block begins with a zeroed structure, is aligned for it, and is nobody else's.
    let identity = unsafe { &mut *block.cast::<SEC_WINNT_AUTH_IDENTITY_EXW>() };
    let mut offset = HEADER;
    let mut place = |part: Option<&[u8]>| {
        let Some(part) = part else { return (std::ptr::null_mut(), 0) };
        let pointer = block.wrapping_byte_add(offset).cast::<u16>();
        offset += part.len();
        // A view's strings have at most MAX_CHARACTERS characters.
        (pointer, (part.len() / view.charset.unit()) as u32)
    };
    identity.Version = SEC_WINNT_AUTH_IDENTITY_VERSION;
    identity.Length = HEADER as u32;
    identity.Flags = view.flags;
    (identity.User, identity.UserLength) = place(view.user);
    (identity.Domain, identity.DomainLength) = place(view.domain);
    (identity.Password, identity.PasswordLength) = place(view.secret);
    (identity.PackageList, identity.PackageListLength) = place(view.packages);
    Ok(block)
}

fn ex2(structure: &[u8], packages: Option<&[u8]>, room: usize) -> Result<*mut c_void> {
    let added = packages.unwrap_or_default();
    let end = structure.len().saturating_add(added.len());
    let mut image = Vec::with_capacity(end.saturating_add(room));
    image.extend_from_slice(structure);
    image.extend_from_slice(added);
    image.resize(end.saturating_add(room), 0);
    let image = SecretBytes::new(image);
    let length = u16::try_from(added.len()).map_err(|_| refused("PackageList is too long"))?;
    let block: *mut c_void = memory::hand_out(Kind::AuthIdentity, image.expose())?.cast();
    if packages.is_some() {
        // SAFETY: the block begins with the structure, is aligned for it, and is nobody else's.
        let identity = unsafe { &mut *block.cast::<SEC_WINNT_AUTH_IDENTITY_EX2>() };
        identity.PackageListOffset = structure.len() as u32;
        identity.PackageListLength = length;
        identity.cbStructureLength = end as u32;
    }
    Ok(block)
}

fn present(text: Option<&SecretBytes>) -> Option<&[u8]> {
    text.map(SecretBytes::expose).filter(|bytes| !bytes.is_empty())
}

fn bytes(units: &[u16]) -> SecretBytes {
    // Sized first, so that no growth leaves an unwiped copy behind.
    let mut bytes = Vec::with_capacity(units.len() * 2);
    bytes.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    SecretBytes::new(bytes)
}

fn room(view: &View<'_>) -> usize {
    view.secret.map_or(0, |secret| secret.len() + SEAL_OVERHEAD)
}
