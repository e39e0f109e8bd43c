//! An identity as it lies in memory, its parts found and bounded but not decoded.
//!
//! Holds: telling the forms apart, finding their strings. May use: the pointer vocabulary, `spi`.
//! Must not touch: everything else.

use std::ffi::c_void;
use std::fmt;

use super::super::pointers::{required, slice_in};
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::secret::SecretText;

/// The three structures that an identity can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `SEC_WINNT_AUTH_IDENTITY_A`, `_W`.
    Plain,
    /// `SEC_WINNT_AUTH_IDENTITY_EXA`, `_EXW`.
    Ex,
    /// `SEC_WINNT_AUTH_IDENTITY_EX2`.
    Ex2,
}

/// What the characters of an identity are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// Bytes, UTF-8 here.
    Ansi,
    /// UTF-16 units of two bytes, at any address.
    Wide,
}

impl Charset {
    /// The bytes of a character.
    pub const fn unit(self) -> usize {
        match self {
            Self::Ansi => 1,
            Self::Wide => 2,
        }
    }
}

/// The parts of an identity. A part is absent (`None`) when its pointer is NULL or its length 0.
pub struct View<'a> {
    /// Which structure.
    pub form: Form,
    /// `Flags`, with the bits that nobody knows.
    pub flags: u32,
    /// What the characters are.
    pub charset: Charset,
    /// `User`.
    pub user: Option<&'a [u8]>,
    /// `Domain`.
    pub domain: Option<&'a [u8]>,
    /// `Password`, or the `PackedCredentials` of EX2.
    pub secret: Option<&'a [u8]>,
    /// `PackageList`.
    pub packages: Option<&'a [u8]>,
}

impl<'a> View<'a> {
    /// Finds the parts.
    ///
    /// # Safety
    /// `identity` is NULL, or points to an identity in one of the documented forms: its structure
    /// is readable, and so are the strings that it names, in the lengths that it gives, and nobody
    /// changes them during `'a`.
    pub unsafe fn of(identity: *const c_void) -> Result<Self> {
        // SAFETY: every form is at least as long as a `Head`, and the caller promises one.
        let head = unsafe { required(identity.cast::<Head>(), "the identity")? };
        // SAFETY: the head says which structure the caller promises.
        unsafe {
            match form(head)? {
                Form::Plain => Self::plain(required(identity.cast(), "the identity")?),
                Form::Ex => Self::ex(required(identity.cast(), "the identity")?),
                Form::Ex2 => Self::ex2(required(identity.cast(), "the identity")?),
            }
        }
    }

    /// Neither user nor domain nor anything that proves one.
    pub const fn names_nobody(&self) -> bool {
        self.user.is_none() && self.domain.is_none() && self.secret.is_none()
    }

    /// A part as text.
    pub fn text(&self, part: Option<&[u8]>, name: &str) -> Result<Option<String>> {
        let Some(bytes) = part else { return Ok(None) };
        let text = match self.charset {
            Charset::Ansi => str::from_utf8(bytes).ok().map(str::to_owned),
            Charset::Wide => crate::spi::text::from_utf16le(bytes),
        };
        text.map(Some).ok_or_else(|| ill_formed(name))
    }

    /// A part as secret text. UTF-16 is taken as it is, well formed or not.
    pub fn secret_text(&self, bytes: &[u8], name: &str) -> Result<SecretText> {
        match self.charset {
            Charset::Ansi => {
                str::from_utf8(bytes).map(SecretText::from_str_secret).map_err(|_| ill_formed(name))
            }
            Charset::Wide => secret_utf16(bytes).ok_or_else(|| ill_formed(name)),
        }
    }

    /// # Safety
    /// The strings are readable during `'a`.
    unsafe fn plain(identity: &Plain) -> Result<Self> {
        let charset = charset(identity.flags)?;
        // SAFETY: the contract is the same, for each string.
        unsafe {
            Ok(Self {
                form: Form::Plain,
                flags: identity.flags,
                charset,
                user: string(charset, identity.user, identity.user_length, "User")?,
                domain: string(charset, identity.domain, identity.domain_length, "Domain")?,
                secret: string(charset, identity.password, identity.password_length, "Password")?,
                packages: None,
            })
        }
    }

    /// # Safety
    /// The strings are readable during `'a`.
    unsafe fn ex(identity: &Ex) -> Result<Self> {
        let charset = charset(identity.flags)?;
        let packages = identity.package_list;
        // SAFETY: the contract is the same, for each string.
        unsafe {
            Ok(Self {
                form: Form::Ex,
                flags: identity.flags,
                charset,
                user: string(charset, identity.user, identity.user_length, "User")?,
                domain: string(charset, identity.domain, identity.domain_length, "Domain")?,
                secret: string(charset, identity.password, identity.password_length, "Password")?,
                packages: string(charset, packages, identity.package_list_length, "PackageList")?,
            })
        }
    }

    /// # Safety
    /// The structure is followed by the rest of its `cbStructureLength` bytes, readable during
    /// `'a`.
    unsafe fn ex2(identity: &'a Ex2) -> Result<Self> {
        let length = identity.cb_structure_length as usize;
        if !(size_of::<Ex2>()..=MAX_STRUCTURE).contains(&length) {
            return Err(refused(format_args!("cbStructureLength is {length}")));
        }
        let charset = charset_ex2(identity.flags)?;
        let start = std::ptr::from_ref(identity).cast();
        // SAFETY: the caller promises that many bytes.
        let block = unsafe { slice_in(start, length, "the identity")? };
        let text = |offset, length: u16, name| {
            vector(block, offset, length, name)?
                .map(|bytes| whole(charset, bytes, name))
                .transpose()
        };
        Ok(Self {
            form: Form::Ex2,
            flags: identity.flags,
            charset,
            user: text(identity.user_offset, identity.user_length, "User")?,
            domain: text(identity.domain_offset, identity.domain_length, "Domain")?,
            secret: vector(
                block,
                identity.packed_credentials_offset,
                identity.packed_credentials_length,
                "PackedCredentials",
            )?,
            packages: text(
                identity.package_list_offset,
                identity.package_list_length,
                "PackageList",
            )?,
        })
    }
}

/// More characters than any protocol can carry are refused.
pub const MAX_CHARACTERS: usize = 65_535;

/// Four strings of EX2 and its header fit into this many times over.
const MAX_STRUCTURE: usize = 0x10_0000;

/// A version word with a length like this means EX or EX2, never the halves of a pointer.
const LARGEST_HEADER: u32 = 0x400;

const ANSI: u32 = 1;
const UNICODE: u32 = 2;
const EX_VERSION: u32 = 0x200;
const EX2_VERSION: u32 = 0x201;

/// The first words of every form.
#[repr(C)]
struct Head {
    version: u32,
    length: u32,
}

/// `SEC_WINNT_AUTH_IDENTITY_A` and `_W`.
#[repr(C)]
struct Plain {
    user: *const u8,
    user_length: u32,
    domain: *const u8,
    domain_length: u32,
    password: *const u8,
    password_length: u32,
    flags: u32,
}

/// `SEC_WINNT_AUTH_IDENTITY_EXA` and `_EXW`.
#[repr(C)]
struct Ex {
    version: u32,
    length: u32,
    user: *const u8,
    user_length: u32,
    domain: *const u8,
    domain_length: u32,
    password: *const u8,
    password_length: u32,
    flags: u32,
    package_list: *const u8,
    package_list_length: u32,
}

/// `SEC_WINNT_AUTH_IDENTITY_EX2`.
#[repr(C)]
struct Ex2 {
    version: u32,
    cb_header_length: u16,
    cb_structure_length: u32,
    user_offset: u32,
    user_length: u16,
    domain_offset: u32,
    domain_length: u16,
    packed_credentials_offset: u32,
    packed_credentials_length: u16,
    flags: u32,
    package_list_offset: u32,
    package_list_length: u16,
}

/// The version word alone could be the low half of a pointer, so the length beside it must agree.
/// A version word with another small length is a broken EX or EX2, not a pointer to follow.
fn form(head: &Head) -> Result<Form> {
    let header = match head.version {
        EX_VERSION if head.length as usize == size_of::<Ex>() => return Ok(Form::Ex),
        EX_VERSION => head.length,
        // Only 16 bits: the rest of the word is padding.
        EX2_VERSION if (head.length & 0xFFFF) as usize == size_of::<Ex2>() => {
            return Ok(Form::Ex2);
        }
        EX2_VERSION => head.length & 0xFFFF,
        _ => return Ok(Form::Plain),
    };
    if header <= LARGEST_HEADER {
        let version = head.version;
        return Err(refused(format_args!("version {version:#x} with a header of {header} bytes")));
    }
    Ok(Form::Plain)
}

/// Plain and EX: exactly one of the two flags must be set.
fn charset(flags: u32) -> Result<Charset> {
    match flags & (ANSI | UNICODE) {
        ANSI => Ok(Charset::Ansi),
        UNICODE => Ok(Charset::Wide),
        _ => Err(refused(format_args!("Flags {flags:#x} must say either ANSI or UNICODE"))),
    }
}

/// EX2 is Unicode by definition; the flag need not repeat it.
fn charset_ex2(flags: u32) -> Result<Charset> {
    charset(if flags & ANSI == 0 { flags | UNICODE } else { flags })
}

/// A string of plain or EX.
///
/// # Safety
/// As [`slice_in`], for `length` characters.
unsafe fn string<'a>(
    charset: Charset,
    pointer: *const u8,
    length: u32,
    name: &str,
) -> Result<Option<&'a [u8]>> {
    let length = length as usize;
    if length == 0 {
        return Ok(None);
    }
    if length > MAX_CHARACTERS {
        return Err(refused(format_args!("{name} has {length} characters")));
    }
    // SAFETY: the contract is the same.
    unsafe { slice_in(pointer, length * charset.unit(), name) }.map(Some)
}

/// A part of EX2, wholly inside the structure and behind its header.
fn vector<'a>(block: &'a [u8], offset: u32, length: u16, name: &str) -> Result<Option<&'a [u8]>> {
    if length == 0 {
        return Ok(None);
    }
    let start = offset as usize;
    let end = start.checked_add(usize::from(length));
    let part = end.filter(|_| start >= size_of::<Ex2>()).and_then(|end| block.get(start..end));
    part.map(Some).ok_or_else(|| refused(format_args!("{name} lies outside of the structure")))
}

fn whole<'a>(charset: Charset, bytes: &'a [u8], name: &str) -> Result<&'a [u8]> {
    if bytes.len().is_multiple_of(charset.unit()) { Ok(bytes) } else { Err(ill_formed(name)) }
}

/// UTF-16 code units, whatever they are; an odd length is `None`.
pub fn secret_utf16(bytes: &[u8]) -> Option<SecretText> {
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    // Sized first, so that no growth leaves an unwiped copy behind.
    let mut units = Vec::with_capacity(pairs.len());
    units.extend(pairs.iter().map(|pair| u16::from_le_bytes(*pair)));
    Some(SecretText::new(units))
}

fn refused(story: impl fmt::Display) -> Error {
    Error::new(CallerFault::InvalidParameter, format!("identity: {story}"))
}

fn ill_formed(name: &str) -> Error {
    refused(format_args!("{name} is no well-formed text"))
}

const _: () = assert!(size_of::<Plain>() == 48 && size_of::<Ex>() == 72 && size_of::<Ex2>() == 48);
