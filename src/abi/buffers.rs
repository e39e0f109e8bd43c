//! Buffer descriptors: found by type, in any order, never trusted to be disjoint.
//!
//! Holds: the reading of `SecBufferDesc` for handshakes and for messages.
//! May use: the pointer vocabulary, `spi`. Must not touch: everything else.

use std::ffi::c_void;
use std::marker::PhantomData;

use smallvec::SmallVec;

use super::pointers::{self, Out};
use super::types::{
    SEC_CHANNEL_BINDINGS, SECBUFFER_ATTRMASK, SECBUFFER_CHANNEL_BINDINGS, SECBUFFER_DATA,
    SECBUFFER_PADDING, SECBUFFER_READONLY, SECBUFFER_READONLY_WITH_CHECKSUM, SECBUFFER_STREAM,
    SECBUFFER_TOKEN, SECBUFFER_VERSION, SecBuffer, SecBufferDesc,
};
use crate::spi::bindings::ChannelBindings;
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::message::Part;

/// More buffers than this in one call are a mistake.
const MAX_BUFFERS: u32 = 256;
/// So many parts of a message need no heap.
pub const INLINE: usize = 8;

/// The buffers of a descriptor. They are read and written one by one, through the pointer, so
/// that input and output may be the same array.
pub struct Buffers<'a> {
    base: *mut SecBuffer,
    count: usize,
    lifetime: PhantomData<&'a mut SecBuffer>,
}

/// One buffer.
#[derive(Debug, Clone, Copy)]
pub struct Buffer {
    /// Its place in the array.
    pub index: usize,
    /// `SECBUFFER_…` without the attribute bits.
    pub kind: u32,
    /// The attribute bits.
    pub attributes: u32,
    /// `cbBuffer`
    pub size: usize,
    /// `pvBuffer`
    pub pointer: *mut u8,
}

impl Buffers<'_> {
    /// Reads a descriptor; NULL is no buffers.
    ///
    /// # Safety
    /// `descriptor` is NULL or points to a descriptor whose `pBuffers` is NULL or points to
    /// `cBuffers` buffers; all of it readable, the buffers also writable, during `'a`.
    pub unsafe fn read(descriptor: *const SecBufferDesc, name: &str) -> Result<Self> {
        let none = Self { base: std::ptr::null_mut(), count: 0, lifetime: PhantomData };
        // SAFETY: the contract is the same.
        let Some(descriptor) = (unsafe { pointers::optional(descriptor, name)? }) else {
            return Ok(none);
        };
        let broken =
            |what: &str| Err(Error::new(CallerFault::MissingBuffer, format!("{name}: {what}")));
        match (descriptor.ulVersion, descriptor.cBuffers, descriptor.pBuffers) {
            (SECBUFFER_VERSION, 0, _) => Ok(none),
            (SECBUFFER_VERSION, _, base) if base.is_null() => broken("pBuffers is NULL"),
            (SECBUFFER_VERSION, _, base) if !base.is_aligned() => broken("pBuffers is misaligned"),
            (SECBUFFER_VERSION, count, base) if count <= MAX_BUFFERS => {
                Ok(Self { base, count: count as usize, lifetime: PhantomData })
            }
            (SECBUFFER_VERSION, ..) => broken("cBuffers is too large"),
            _ => broken("ulVersion is not SECBUFFER_VERSION"),
        }
    }

    /// The buffers in their order.
    pub fn iter(&self) -> impl Iterator<Item = Buffer> + '_ {
        (0..self.count).map(|index| {
            // SAFETY: `read` was promised `count` readable buffers, and the base is aligned.
            let raw = unsafe { self.base.add(index).read() };
            Buffer {
                index,
                kind: raw.BufferType & !SECBUFFER_ATTRMASK,
                attributes: raw.BufferType & SECBUFFER_ATTRMASK,
                size: raw.cbBuffer as usize,
                pointer: raw.pvBuffer.cast(),
            }
        })
    }

    /// The first buffer of a type.
    pub fn find(&self, kind: u32) -> Option<Buffer> {
        self.iter().find(|buffer| buffer.kind == kind)
    }

    /// Writes `cbBuffer`.
    pub fn set_size(&self, buffer: Buffer, size: usize) {
        if buffer.index < self.count {
            let size = u32::try_from(size).unwrap_or(u32::MAX);
            // SAFETY: within the `count` writable buffers that `read` was promised.
            unsafe { (&raw mut (*self.base.add(buffer.index)).cbBuffer).write(size) }
        }
    }

    /// Writes `pvBuffer`.
    pub(crate) fn set_pointer(&self, buffer: Buffer, pointer: *mut c_void) {
        if buffer.index < self.count {
            // SAFETY: within the `count` writable buffers that `read` was promised.
            unsafe { (&raw mut (*self.base.add(buffer.index)).pvBuffer).write(pointer) }
        }
    }
}

impl Buffer {
    /// The bytes, to be read.
    ///
    /// # Safety
    /// As [`pointers::slice_in`].
    pub unsafe fn bytes<'a>(self, name: &str) -> Result<&'a [u8]> {
        // SAFETY: the contract is the same.
        unsafe { pointers::slice_in(self.pointer, self.size, name) }
    }

    /// Copies bytes into the buffer. The caller has compared the sizes.
    ///
    /// # Safety
    /// `pvBuffer` is writable for `cbBuffer` bytes.
    pub unsafe fn fill(self, bytes: &[u8]) -> Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        if self.pointer.is_null() || bytes.len() > self.size {
            return Err(CallerFault::BufferTooSmall.into());
        }
        // SAFETY: the buffer is at least this long, and `bytes` is our own memory.
        unsafe { self.pointer.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        Ok(())
    }
}

/// The channel bindings among the input buffers.
///
/// # Safety
/// The buffer of that type is readable for its size.
pub unsafe fn channel_bindings(input: &Buffers<'_>) -> Result<Option<ChannelBindings>> {
    let Some(buffer) = input.find(SECBUFFER_CHANNEL_BINDINGS) else { return Ok(None) };
    // SAFETY: the contract is the same.
    let bytes = unsafe { buffer.bytes("the channel bindings")? };
    if bytes.is_empty() {
        return Ok(None);
    }
    parse_bindings(bytes).map(Some).ok_or_else(|| {
        let story = "an offset or a length of the channel bindings lies outside their buffer";
        Error::new(CallerFault::InvalidParameter, story)
    })
}

/// `SEC_CHANNEL_BINDINGS`: eight numbers, then what their offsets point at.
fn parse_bindings(bytes: &[u8]) -> Option<ChannelBindings> {
    const HEADER: usize = size_of::<SEC_CHANNEL_BINDINGS>();
    let (words, _) = bytes.get(..HEADER)?.as_chunks::<4>();
    let word = |index: usize| words.get(index).map(|word| u32::from_ne_bytes(*word));
    let part = |length: usize, offset: usize| {
        let (length, offset) = (word(length)? as usize, word(offset)? as usize);
        if length == 0 {
            return Some(Vec::new());
        }
        bytes.get(offset..offset.checked_add(length)?).map(<[u8]>::to_vec)
    };
    Some(ChannelBindings {
        initiator_type: word(0)?,
        initiator: part(1, 2)?,
        acceptor_type: word(3)?,
        acceptor: part(4, 5)?,
        application_data: part(6, 7)?,
    })
}

/// The buffers of a message call.
pub struct Message<'a> {
    /// DATA buffers in their order.
    pub parts: SmallVec<[Part<'a>; INLINE]>,
    /// The bytes of TOKEN.
    pub token: Option<&'a mut [u8]>,
    /// The bytes of PADDING.
    pub padding: &'a mut [u8],
    /// The bytes of STREAM.
    pub stream: Option<&'a mut [u8]>,
    /// Where the results go.
    pub token_buffer: Option<Buffer>,
    /// Where the padding's size goes.
    pub padding_buffer: Option<Buffer>,
    /// Where a stream's plaintext is told.
    pub data_buffer: Option<Buffer>,
}

/// How a message call uses its DATA buffers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// They are only read: signatures.
    Read,
    /// They are changed in place: encryption.
    Change,
}

impl<'a> Message<'a> {
    /// Sorts the buffers of a message call. Two buffers of which one is written must not
    /// overlap.
    ///
    /// # Safety
    /// Every buffer is readable for its size, and writable if its type says that it is changed;
    /// nobody else has access during `'a`.
    pub unsafe fn read(buffers: &Buffers<'a>, how: Use) -> Result<Self> {
        let mut message = Message {
            parts: SmallVec::new(),
            token: None,
            padding: &mut [],
            stream: None,
            token_buffer: None,
            padding_buffer: None,
            data_buffer: None,
        };
        let mut ranges = SmallVec::<[Range; INLINE]>::new();
        for buffer in buffers.iter() {
            // SAFETY: the contract is the same; `take` forms no slice that overlaps another.
            unsafe { message.take(buffer, how, &mut ranges)? };
        }
        Ok(message)
    }

    /// # Safety
    /// As [`Message::read`].
    unsafe fn take(
        &mut self,
        buffer: Buffer,
        how: Use,
        ranges: &mut SmallVec<[Range; INLINE]>,
    ) -> Result<()> {
        let checked = buffer.attributes & SECBUFFER_READONLY_WITH_CHECKSUM != 0;
        match buffer.kind {
            // Neither encrypted nor covered: it is not even looked at.
            SECBUFFER_DATA if buffer.attributes & SECBUFFER_READONLY != 0 => {}
            SECBUFFER_DATA if checked || how == Use::Read => {
                claim(ranges, buffer, false)?;
                // SAFETY: readable by contract, and claimed against every written buffer.
                self.parts.push(Part::Signed(unsafe { buffer.bytes("DATA")? }));
            }
            SECBUFFER_DATA => {
                self.data_buffer = self.data_buffer.or(Some(buffer));
                // SAFETY: the contract is the same.
                self.parts.push(Part::Data(unsafe { claim_bytes(ranges, buffer, "DATA")? }));
            }
            SECBUFFER_TOKEN if self.token.is_none() => {
                // SAFETY: the contract is the same.
                self.token = Some(unsafe { claim_bytes(ranges, buffer, "TOKEN")? });
                self.token_buffer = Some(buffer);
            }
            SECBUFFER_PADDING if self.padding_buffer.is_none() => {
                // SAFETY: the contract is the same.
                self.padding = unsafe { claim_bytes(ranges, buffer, "PADDING")? };
                self.padding_buffer = Some(buffer);
            }
            SECBUFFER_STREAM if self.stream.is_none() => {
                // SAFETY: the contract is the same.
                self.stream = Some(unsafe { claim_bytes(ranges, buffer, "STREAM")? });
            }
            _ => {}
        }
        Ok(())
    }

    /// The parts as bytes, for a signature.
    pub fn signed(&self) -> SmallVec<[&[u8]; INLINE]> {
        self.parts.iter().map(Part::bytes).collect()
    }
}

struct Range {
    start: usize,
    end: usize,
    written: bool,
}

/// # Safety
/// The buffer is readable and writable for its size.
unsafe fn claim_bytes<'a>(
    ranges: &mut SmallVec<[Range; INLINE]>,
    buffer: Buffer,
    name: &str,
) -> Result<&'a mut [u8]> {
    claim(ranges, buffer, true)?;
    // SAFETY: writable by contract, and claimed against every other buffer.
    unsafe { pointers::slice_inout(buffer.pointer, buffer.size, name) }
}

/// Notes a buffer's place, unless it overlaps one before it and either of them is written.
fn claim(ranges: &mut SmallVec<[Range; INLINE]>, buffer: Buffer, written: bool) -> Result<()> {
    if buffer.size == 0 || buffer.pointer.is_null() {
        return Ok(());
    }
    let start = buffer.pointer.addr();
    let Some(end) = start.checked_add(buffer.size) else {
        return Err(Error::new(CallerFault::InvalidParameter, "a buffer wraps around memory"));
    };
    let overlaps =
        |other: &Range| start < other.end && other.start < end && (written || other.written);
    if ranges.iter().any(overlaps) {
        return Err(Error::new(CallerFault::InvalidParameter, "two buffers overlap"));
    }
    ranges.push(Range { start, end, written });
    Ok(())
}

/// A place for a pointer and a length, as packed contexts and tokens come in.
///
/// # Safety
/// `buffer` is NULL or a writable `SecBuffer`.
pub unsafe fn single<'a>(buffer: *mut SecBuffer, name: &str) -> Result<Out<'a, SecBuffer>> {
    // SAFETY: the contract is the same.
    unsafe { Out::required(buffer, name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buffer(kind: u32, bytes: &mut [u8]) -> SecBuffer {
        SecBuffer {
            cbBuffer: u32::try_from(bytes.len()).unwrap(),
            BufferType: kind,
            pvBuffer: bytes.as_mut_ptr().cast(),
        }
    }

    fn descriptor(version: u32, count: u32, base: *mut SecBuffer) -> SecBufferDesc {
        SecBufferDesc { ulVersion: version, cBuffers: count, pBuffers: base }
    }

    #[test]
    fn b6_descriptors_that_make_no_sense_are_refused() {
        let mut one = buffer(SECBUFFER_TOKEN, &mut [0; 4]);
        // SAFETY: refused before any buffer is read, or one buffer is there.
        unsafe {
            let read = |d: SecBufferDesc| Buffers::read(&raw const d, "d").map(|b| b.count);
            assert!(read(descriptor(1, 1, &raw mut one)).is_err());
            assert!(read(descriptor(0, u32::MAX, &raw mut one)).is_err());
            assert!(read(descriptor(0, 1, std::ptr::null_mut())).is_err());
            assert_eq!(read(descriptor(0, 0, std::ptr::null_mut())).unwrap(), 0);
            assert_eq!(read(descriptor(0, 1, &raw mut one)).unwrap(), 1);
        }
    }

    #[test]
    fn b6_overlapping_buffers_are_refused_when_one_is_written() {
        let mut bytes = [0_u8; 64];
        let mut list =
            [buffer(SECBUFFER_TOKEN, &mut bytes[..32]), buffer(SECBUFFER_DATA, &mut bytes[16..])];
        let descriptor = descriptor(0, 2, list.as_mut_ptr());
        // SAFETY: both buffers lie in `bytes`, which is used for nothing else.
        unsafe {
            let buffers = Buffers::read(&raw const descriptor, "d").unwrap();
            assert!(Message::read(&buffers, Use::Change).is_err());
            assert!(Message::read(&buffers, Use::Read).is_err());
        }
    }

    #[test]
    fn c2_bindings_stay_inside_their_buffer() {
        let make = |length: u32, offset: u32| {
            let words = [0, 0, 0, 0, 0, 0, length, offset];
            let mut bytes: Vec<u8> =
                words.iter().flat_map(|word: &u32| word.to_ne_bytes()).collect();
            bytes.extend_from_slice(b"tls-unique:x");
            bytes
        };
        assert_eq!(parse_bindings(&make(12, 32)).unwrap().application_data, b"tls-unique:x");
        for (length, offset) in
            [(13, 32), (12, 33), (u32::MAX, 32), (12, u32::MAX), (u32::MAX, u32::MAX)]
        {
            assert!(parse_bindings(&make(length, offset)).is_none(), "{length} {offset}");
        }
        let good = make(12, 32);
        for length in 0..good.len() {
            assert!(parse_bindings(&good[..length]).is_none(), "{length}");
        }
    }
}
