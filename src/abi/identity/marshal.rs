//! Identities as bytes, to be carried to another place.
//!
//! Holds: marshalling and its reverse. May use: `spi`. Must not touch: memory that is handed out.
//!
//! EX (and plain) becomes eleven 32-bit words, the strings without terminators, and four more
//! bytes: Version 0x200, Length 44, then offset and characters of User, Domain and Password, Flags,
//! offset and characters of PackageList; an absent string is 0 and 0. EX2 has offsets already: its
//! own bytes and eight more.

use super::view::{Charset, Form, MAX_CHARACTERS, MAX_STRUCTURE, View, part_at, refused, u32_at};
use crate::abi::types::{
    SEC_WINNT_AUTH_IDENTITY_EX2, SEC_WINNT_AUTH_IDENTITY_MARSHALLED,
    SEC_WINNT_AUTH_IDENTITY_VERSION, SEC_WINNT_AUTH_IDENTITY_VERSION_2,
};
use crate::spi::error::Result;
use crate::spi::secret::SecretBytes;

/// The identity as bytes; they hold its password, in the clear or encrypted.
pub fn marshal(view: &View<'_>) -> SecretBytes {
    match view.form {
        Form::Ex2(structure) => padded(structure.iter().copied(), structure.len() + 8),
        Form::Plain | Form::Ex => marshal_ex(view),
    }
}

/// The identity that the bytes hold. EX gets the flag MARSHALLED, EX2 stays as it is.
pub fn unmarshal(bytes: &[u8]) -> Result<View<'_>> {
    match u32_at(bytes, 0)? {
        SEC_WINNT_AUTH_IDENTITY_VERSION => unmarshal_ex(bytes),
        SEC_WINNT_AUTH_IDENTITY_VERSION_2 => unmarshal_ex2(bytes),
        version => Err(refused(format_args!("version {version:#x} cannot be unmarshalled"))),
    }
}

const HEADER: usize = 44;
const TRAILER: usize = 4;
const EX2_HEADER: usize = size_of::<SEC_WINNT_AUTH_IDENTITY_EX2>();

fn marshal_ex(view: &View<'_>) -> SecretBytes {
    let strings = [view.user, view.domain, view.secret, view.packages];
    let mut offset = HEADER;
    let [user, domain, secret, packages] = strings.map(|part| {
        let Some(part) = part else { return [0, 0] };
        let start = offset;
        offset += part.len();
        // A view's strings have at most MAX_CHARACTERS characters.
        [start as u32, (part.len() / view.charset.unit()) as u32]
    });
    let head = [SEC_WINNT_AUTH_IDENTITY_VERSION, HEADER as u32];
    let words = head.into_iter().chain(user).chain(domain).chain(secret);
    let words = words.chain([view.flags]).chain(packages);
    let strings = strings.into_iter().flatten().flatten().copied();
    padded(words.flat_map(u32::to_le_bytes).chain(strings), offset + TRAILER)
}

fn unmarshal_ex(bytes: &[u8]) -> Result<View<'_>> {
    let word = |index: usize| u32_at(bytes, index * 4);
    if word(1)? as usize != HEADER {
        return Err(refused("the length of the marshalled header is not 44"));
    }
    let flags = word(8)?;
    let charset = Charset::of(flags)?;
    let part = |index, name| {
        let (offset, length) = (word(index)? as usize, word(index + 1)? as usize);
        if length > MAX_CHARACTERS {
            return Err(refused(format_args!("{name} has {length} characters")));
        }
        part_at(bytes, HEADER, (offset, length * charset.unit()), name)
    };
    Ok(View {
        form: Form::Ex,
        flags: flags | SEC_WINNT_AUTH_IDENTITY_MARSHALLED,
        charset,
        user: part(2, "User")?,
        domain: part(4, "Domain")?,
        secret: part(6, "Password")?,
        packages: part(9, "PackageList")?,
    })
}

fn unmarshal_ex2(bytes: &[u8]) -> Result<View<'_>> {
    let header = u32_at(bytes, 4)? & 0xFFFF;
    let length = u32_at(bytes, 8)? as usize;
    if header as usize != EX2_HEADER || !(EX2_HEADER..=MAX_STRUCTURE).contains(&length) {
        let story = format_args!("an EX2 of {length} bytes with a header of {header}");
        return Err(refused(story));
    }
    let structure = bytes.get(..length).ok_or_else(|| refused("the structure is truncated"))?;
    View::of_ex2(structure)
}

/// The bytes, filled up with zeros. Sized first, so that no growth leaves an unwiped copy behind.
fn padded(bytes: impl Iterator<Item = u8>, size: usize) -> SecretBytes {
    let mut padded = Vec::with_capacity(size);
    padded.extend(bytes.take(size));
    padded.resize(size, 0);
    SecretBytes::new(padded)
}
