//! As much of NDR (C706 14, [MS-RPCE] 2.2.6 type serialization version 1) as PACs need.
//!
//! What a pointer points to comes after the structure that it is in, in the order of the
//! pointers. Counts are believed when the bytes that they promise are there, before anything is
//! allocated (attack P9).

use super::{malformed, name};
use crate::spi::error::Result;
use crate::spi::sid::{MAX_SUB_AUTHORITIES, Sid};
use crate::spi::time::FileTime;

/// An object that is read.
pub(super) struct Ndr<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// `RPC_UNICODE_STRING` before its characters.
#[derive(Clone, Copy)]
pub(super) struct TextHead {
    /// In bytes.
    length: u16,
    /// In bytes.
    room: u16,
    there: bool,
}

/// Version 1, little-endian, eight bytes long.
const COMMON_HEADER: [u8; 4] = [1, 0x10, 8, 0];
const SID_REVISION: u8 = 1;

impl<'a> Ndr<'a> {
    /// The only object of a buffer: both headers (2.2.6.1, 2.2.6.2) and the pointer to it.
    pub fn open(bytes: &'a [u8]) -> Result<Self> {
        let cut = || malformed("an object ends within its headers");
        let (common, rest) = bytes.split_first_chunk::<8>().ok_or_else(cut)?;
        let (private, rest) = rest.split_first_chunk::<8>().ok_or_else(cut)?;
        if !common.starts_with(&COMMON_HEADER) {
            return Err(malformed("an object is in a representation that nobody uses"));
        }
        let [l0, l1, l2, l3, ..] = *private;
        let length = usize::try_from(u32::from_le_bytes([l0, l1, l2, l3])).ok();
        let object = length.and_then(|length| rest.get(..length));
        let bytes = object.ok_or_else(|| malformed("an object is longer than its buffer"))?;
        let mut object = Self { bytes, at: 0 };
        if object.pointer()? { Ok(object) } else { Err(malformed("an object is not there")) }
    }

    /// Two bytes.
    pub fn u16(&mut self) -> Result<u16> {
        self.align(2)?;
        self.array().map(u16::from_le_bytes)
    }

    /// Four bytes.
    pub fn u32(&mut self) -> Result<u32> {
        self.align(4)?;
        self.array().map(u32::from_le_bytes)
    }

    /// `FILETIME`: two halves, the lower one first.
    pub fn time(&mut self) -> Result<FileTime> {
        let (low, high) = (self.u32()?, self.u32()?);
        Ok(FileTime(u64::from(high) << 32 | u64::from(low)))
    }

    /// Bytes that nobody reads.
    pub fn skip(&mut self, count: usize) -> Result<()> {
        self.take(count).map(drop)
    }

    /// A pointer: whether there is something at its end.
    pub fn pointer(&mut self) -> Result<bool> {
        self.u32().map(|referent| referent != 0)
    }

    /// A pointer to so many elements; there must be some where there are any to be, and none
    /// needs to be there for none.
    pub fn pointer_to(&mut self, count: u32) -> Result<bool> {
        let there = self.pointer()?;
        if count > 0 && !there {
            return Err(malformed("a list is counted and not there"));
        }
        Ok(there)
    }

    /// A conformant array of so many elements, each of at least so many bytes.
    pub fn elements(&mut self, count: u32, size: usize) -> Result<usize> {
        if self.u32()? != count {
            return Err(malformed("a list has not as many elements as are counted"));
        }
        let count = usize::try_from(count).ok();
        let left = self.bytes.len().saturating_sub(self.at);
        let fits = |count: &usize| count.checked_mul(size).is_some_and(|bytes| bytes <= left);
        count.filter(fits).ok_or_else(|| malformed("a list is longer than its object"))
    }

    /// `RPC_UNICODE_STRING` ([MS-DTYP] 2.3.10).
    pub fn text_head(&mut self) -> Result<TextHead> {
        self.align(4)?;
        let head = TextHead { length: self.u16()?, room: self.u16()?, there: self.pointer()? };
        if !head.length.is_multiple_of(2)
            || head.length > head.room
            || (head.length > 0 && !head.there)
        {
            return Err(malformed("a text is not as long as it says"));
        }
        Ok(head)
    }

    /// Its characters, of a name.
    pub fn name(&mut self, head: TextHead) -> Result<String> {
        name(self.characters(head)?)
    }

    /// Its characters, of a text for humans.
    pub fn text(&mut self, head: TextHead) -> Result<String> {
        let chars = char::decode_utf16(self.characters(head)?);
        Ok(chars.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
    }

    /// Its characters, of which nobody wants to know.
    pub fn skip_text(&mut self, head: TextHead) -> Result<()> {
        self.characters(head).map(drop)
    }

    /// `PISID` ([MS-DTYP] 2.4.2.3).
    pub fn sid(&mut self) -> Result<Sid> {
        let count = self.u32()?;
        let [revision, again, authority @ ..] = self.array::<8>()?;
        if revision != SID_REVISION || u32::from(again) != count {
            return Err(malformed("a SID is not as long as it says"));
        }
        let count = usize::from(again);
        if count > MAX_SUB_AUTHORITIES {
            return Err(malformed("a SID is longer than SIDs can be"));
        }
        let mut numbers = [0; MAX_SUB_AUTHORITIES];
        let (numbers, _) = numbers.split_at_mut(count);
        for number in &mut *numbers {
            *number = self.u32()?;
        }
        let authority = authority.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        Sid::new(authority, numbers).ok_or_else(|| malformed("a SID is none"))
    }

    /// A conformant and varying array of UTF-16.
    fn characters(&mut self, head: TextHead) -> Result<impl Iterator<Item = u16> + use<'a>> {
        let mut bytes: &[u8] = &[];
        if head.there {
            let (room, offset, count) = (self.u32()?, self.u32()?, self.u32()?);
            let fits = room == u32::from(head.room) / 2
                && offset == 0
                && count == u32::from(head.length) / 2;
            if !fits {
                return Err(malformed("a text has not as many characters as are counted"));
            }
            bytes = self.take(usize::from(head.length))?;
        }
        super::units(bytes)
    }

    fn align(&mut self, to: usize) -> Result<()> {
        self.take(self.at.wrapping_neg() % to).map(drop)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let bytes = self.take(N)?.first_chunk();
        bytes.copied().ok_or_else(|| malformed("an object is cut"))
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let end = self.at.checked_add(count);
        let bytes = end.and_then(|end| self.bytes.get(self.at..end));
        let bytes = bytes.ok_or_else(|| malformed("an object is cut"))?;
        self.at += count;
        Ok(bytes)
    }
}
