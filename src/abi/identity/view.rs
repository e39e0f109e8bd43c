//! An identity as it lies in memory: its parts found and bounded, but not decoded.
//!
//! Holds: telling the forms apart, finding their strings. May use: the pointer vocabulary, C types,
//! `spi`. Must not touch: everything else.

use std::ffi::c_void;
use std::fmt;
use std::mem::offset_of;

use crate::abi::pointers::{required, slice_in};
use crate::abi::types::{
    SEC_WINNT_AUTH_IDENTITY_ANSI, SEC_WINNT_AUTH_IDENTITY_EX2, SEC_WINNT_AUTH_IDENTITY_EXW,
    SEC_WINNT_AUTH_IDENTITY_MARSHALLED, SEC_WINNT_AUTH_IDENTITY_UNICODE,
    SEC_WINNT_AUTH_IDENTITY_VERSION, SEC_WINNT_AUTH_IDENTITY_VERSION_2, SEC_WINNT_AUTH_IDENTITY_W,
};
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::secret::SecretText;
use crate::spi::text;

/// More characters than any protocol can carry are refused.
pub const MAX_CHARACTERS: usize = 65_535;

/// The four parts of an EX2 identity and its header fit into this several times over.
pub const MAX_STRUCTURE: usize = 0x10_0000;

/// The three structures that an identity can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form<'a> {
    /// `SEC_WINNT_AUTH_IDENTITY_A`, `_W`.
    Plain,
    /// `SEC_WINNT_AUTH_IDENTITY_EXA`, `_EXW`.
    Ex,
    /// `SEC_WINNT_AUTH_IDENTITY_EX2`, with all its bytes.
    Ex2(&'a [u8]),
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
    /// Plain and EX: exactly one of the two flags must be set.
    pub fn of(flags: u32) -> Result<Self> {
        const ANSI: u32 = SEC_WINNT_AUTH_IDENTITY_ANSI;
        const UNICODE: u32 = SEC_WINNT_AUTH_IDENTITY_UNICODE;
        match flags & (ANSI | UNICODE) {
            ANSI => Ok(Self::Ansi),
            UNICODE => Ok(Self::Wide),
            _ => Err(refused(format_args!("Flags {flags:#x} must say either ANSI or UNICODE"))),
        }
    }

    /// EX2 is Unicode by definition; its flags need not repeat it.
    fn of_ex2(flags: u32) -> Result<Self> {
        let silent = flags & SEC_WINNT_AUTH_IDENTITY_ANSI == 0;
        Self::of(if silent { flags | SEC_WINNT_AUTH_IDENTITY_UNICODE } else { flags })
    }

    /// The bytes of a character.
    pub const fn unit(self) -> usize {
        match self {
            Self::Ansi => 1,
            Self::Wide => 2,
        }
    }

    /// Secret text; UTF-16 is taken as it is, well formed or not.
    pub fn secret_text(self, bytes: &[u8], name: &str) -> Result<SecretText> {
        let text = match self {
            Self::Ansi => str::from_utf8(bytes).ok().map(SecretText::from_str_secret),
            Self::Wide => secret_utf16(bytes),
        };
        text.ok_or_else(|| ill_formed(name))
    }

    fn text(self, bytes: &[u8], name: &str) -> Result<String> {
        let text = match self {
            Self::Ansi => str::from_utf8(bytes).ok().map(str::to_owned),
            Self::Wide => text::from_utf16le(bytes),
        };
        text.ok_or_else(|| ill_formed(name))
    }
}

/// The parts of an identity. A part is absent (`None`) when its pointer is NULL or its length 0.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// Which structure.
    pub form: Form<'a>,
    /// `Flags`, with the bits that nobody knows.
    pub flags: u32,
    /// What the characters are.
    pub charset: Charset,
    /// `User`.
    pub user: Option<&'a [u8]>,
    /// `Domain`.
    pub domain: Option<&'a [u8]>,
    /// `Password`, or the `PackedCredentials` of EX2; encrypted if the flags say so.
    pub secret: Option<&'a [u8]>,
    /// `PackageList`.
    pub packages: Option<&'a [u8]>,
}

impl<'a> View<'a> {
    /// An EX identity in which everything is absent.
    pub const NOTHING: Self = Self {
        form: Form::Ex,
        flags: SEC_WINNT_AUTH_IDENTITY_UNICODE | SEC_WINNT_AUTH_IDENTITY_MARSHALLED,
        charset: Charset::Wide,
        user: None,
        domain: None,
        secret: None,
        packages: None,
    };

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
            match kind(head)? {
                Kind::Plain => Self::of_plain(required(identity.cast(), "the identity")?),
                Kind::Ex => Self::of_ex(required(identity.cast(), "the identity")?),
                Kind::Ex2 => Self::of_ex2_at(required(identity.cast(), "the identity")?),
            }
        }
    }

    /// The parts of an EX2 identity, all of whose bytes these are.
    pub fn of_ex2(structure: &'a [u8]) -> Result<Self> {
        use SEC_WINNT_AUTH_IDENTITY_EX2 as Ex2;
        let flags = u32_at(structure, offset_of!(Ex2, Flags))?;
        let charset = Charset::of_ex2(flags)?;
        let part = |offset, length, name| part_of_ex2(structure, offset, length, name);
        let text = |offset, length, name| match part(offset, length, name)? {
            Some(bytes) if !bytes.len().is_multiple_of(charset.unit()) => Err(ill_formed(name)),
            part => Ok(part),
        };
        Ok(Self {
            form: Form::Ex2(structure),
            flags,
            charset,
            user: text(offset_of!(Ex2, UserOffset), offset_of!(Ex2, UserLength), "User")?,
            domain: text(offset_of!(Ex2, DomainOffset), offset_of!(Ex2, DomainLength), "Domain")?,
            secret: part(
                offset_of!(Ex2, PackedCredentialsOffset),
                offset_of!(Ex2, PackedCredentialsLength),
                "PackedCredentials",
            )?,
            packages: text(
                offset_of!(Ex2, PackageListOffset),
                offset_of!(Ex2, PackageListLength),
                "PackageList",
            )?,
        })
    }

    /// Neither user nor domain nor anything that proves one.
    pub const fn names_nobody(&self) -> bool {
        self.user.is_none() && self.domain.is_none() && self.secret.is_none()
    }

    /// `User` as text.
    pub fn user_text(&self) -> Result<Option<String>> {
        self.user.map(|bytes| self.charset.text(bytes, "User")).transpose()
    }

    /// `Domain` as text.
    pub fn domain_text(&self) -> Result<Option<String>> {
        self.domain.map(|bytes| self.charset.text(bytes, "Domain")).transpose()
    }

    /// `PackageList` as text.
    pub fn packages_text(&self) -> Result<Option<String>> {
        self.packages.map(|bytes| self.charset.text(bytes, "PackageList")).transpose()
    }

    /// # Safety
    /// The strings are readable during `'a`.
    unsafe fn of_plain(identity: &SEC_WINNT_AUTH_IDENTITY_W) -> Result<Self> {
        let charset = Charset::of(identity.Flags)?;
        // SAFETY: the contract is the same, for each string.
        unsafe {
            Ok(Self {
                form: Form::Plain,
                flags: identity.Flags,
                charset,
                user: string(charset, identity.User, identity.UserLength, "User")?,
                domain: string(charset, identity.Domain, identity.DomainLength, "Domain")?,
                secret: string(charset, identity.Password, identity.PasswordLength, "Password")?,
                packages: None,
            })
        }
    }

    /// # Safety
    /// The strings are readable during `'a`.
    unsafe fn of_ex(identity: &SEC_WINNT_AUTH_IDENTITY_EXW) -> Result<Self> {
        let charset = Charset::of(identity.Flags)?;
        let (list, length) = (identity.PackageList, identity.PackageListLength);
        // SAFETY: the contract is the same, for each string.
        unsafe {
            Ok(Self {
                form: Form::Ex,
                flags: identity.Flags,
                charset,
                user: string(charset, identity.User, identity.UserLength, "User")?,
                domain: string(charset, identity.Domain, identity.DomainLength, "Domain")?,
                secret: string(charset, identity.Password, identity.PasswordLength, "Password")?,
                packages: string(charset, list, length, "PackageList")?,
            })
        }
    }

    /// # Safety
    /// The structure is followed by the rest of its `cbStructureLength` bytes, readable during
    /// `'a`.
    unsafe fn of_ex2_at(identity: &SEC_WINNT_AUTH_IDENTITY_EX2) -> Result<Self> {
        let length = identity.cbStructureLength as usize;
        if !(size_of::<SEC_WINNT_AUTH_IDENTITY_EX2>()..=MAX_STRUCTURE).contains(&length) {
            return Err(refused(format_args!("cbStructureLength is {length}")));
        }
        let start = std::ptr::from_ref(identity).cast();
        // SAFETY: the caller promises that many bytes.
        Self::of_ex2(unsafe { slice_in(start, length, "the identity")? })
    }
}

/// UTF-16 code units, whatever they are; an odd length is `None`.
pub fn secret_utf16(bytes: &[u8]) -> Option<SecretText> {
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    // Sized first, so that no growth leaves an unwiped copy behind.
    let mut units = Vec::with_capacity(pairs.len());
    units.extend(pairs.iter().map(|pair| u16::from_le_bytes(*pair)));
    Some(SecretText::new(units))
}

/// A number of a structure that is only bytes.
pub fn u32_at(structure: &[u8], offset: usize) -> Result<u32> {
    let bytes = structure.get(offset..).and_then(|rest| rest.first_chunk());
    bytes.map(|bytes| u32::from_le_bytes(*bytes)).ok_or_else(truncated)
}

/// A part of a structure, wholly inside it and behind its header.
pub fn part_at<'a>(
    structure: &'a [u8],
    header: usize,
    (offset, length): (usize, usize),
    name: &str,
) -> Result<Option<&'a [u8]>> {
    if length == 0 {
        return Ok(None);
    }
    let end = offset.checked_add(length).filter(|_| offset >= header);
    let part = end.and_then(|end| structure.get(offset..end));
    part.map(Some).ok_or_else(|| refused(format_args!("{name} lies outside of the structure")))
}

/// An identity that cannot be read.
pub fn refused(story: impl fmt::Display) -> Error {
    Error::new(CallerFault::InvalidParameter, format!("identity: {story}"))
}

/// A version word with a length like this means EX or EX2, never the halves of a pointer.
const LARGEST_HEADER: u32 = 0x400;

/// The first words of every form.
#[repr(C)]
struct Head {
    version: u32,
    length: u32,
}

enum Kind {
    Plain,
    Ex,
    Ex2,
}

/// The version word alone could be the low half of a pointer, so the length beside it must agree.
/// A version word with another small length is a broken EX or EX2, not a pointer to follow.
fn kind(head: &Head) -> Result<Kind> {
    let (kind, header, size) = match head.version {
        SEC_WINNT_AUTH_IDENTITY_VERSION => {
            (Kind::Ex, head.length, size_of::<SEC_WINNT_AUTH_IDENTITY_EXW>())
        }
        // Only 16 bits: the rest of the word is padding.
        SEC_WINNT_AUTH_IDENTITY_VERSION_2 => {
            (Kind::Ex2, head.length & 0xFFFF, size_of::<SEC_WINNT_AUTH_IDENTITY_EX2>())
        }
        _ => return Ok(Kind::Plain),
    };
    if header as usize == size {
        return Ok(kind);
    }
    if header <= LARGEST_HEADER {
        let version = head.version;
        return Err(refused(format_args!("version {version:#x} with a header of {header} bytes")));
    }
    Ok(Kind::Plain)
}

/// A string of plain or EX, whose pointers the A form types otherwise.
///
/// # Safety
/// As [`slice_in`], for `length` characters.
unsafe fn string<'a>(
    charset: Charset,
    pointer: *const u16,
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
    unsafe { slice_in(pointer.cast(), length * charset.unit(), name) }.map(Some)
}

fn part_of_ex2<'a>(
    structure: &'a [u8],
    offset_at: usize,
    length_at: usize,
    name: &str,
) -> Result<Option<&'a [u8]>> {
    let offset = u32_at(structure, offset_at)? as usize;
    let length = structure.get(length_at..).and_then(|rest| rest.first_chunk());
    let length = usize::from(u16::from_le_bytes(*length.ok_or_else(truncated)?));
    part_at(structure, size_of::<SEC_WINNT_AUTH_IDENTITY_EX2>(), (offset, length), name)
}

fn truncated() -> Error {
    refused("the structure is truncated")
}

fn ill_formed(name: &str) -> Error {
    refused(format_args!("{name} is no well-formed text"))
}
