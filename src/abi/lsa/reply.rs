//! Answers: a structure, its strings and all that it points at in one block, which
//! `LsaFreeReturnBuffer` frees, or whatever goes with its kind.
//!
//! Holds: their making. May use: the rest of the boundary, `spi`. Must not touch: everything else.

use zeroize::Zeroizing;

use crate::abi::memory::{self, Kind, Pending};
use crate::abi::types::LUID;
use crate::spi::error::{CallerFault, Error, LocalFault, PeerFault, Result};
use crate::spi::time::FileTime;

/// A block that is being made. Places are offsets from its beginning.
pub struct Reply {
    image: Zeroizing<Vec<u8>>,
    /// Where pointers are, and the offsets that they point at.
    pointers: Vec<(usize, usize)>,
}

impl Reply {
    /// A block that begins with so many zero bytes.
    pub fn new(fixed: usize) -> Self {
        Self { image: Zeroizing::new(vec![0; fixed]), pointers: Vec::new() }
    }

    /// Room for a structure at the end, aligned for all of ours; gives its place.
    pub fn reserve(&mut self, size: usize) -> usize {
        let place = self.image.len().next_multiple_of(8);
        self.resize(place.saturating_add(size));
        place
    }

    /// Writes a number.
    pub fn put<const N: usize>(&mut self, at: usize, bytes: [u8; N]) -> Result<()> {
        let place = at.checked_add(N).and_then(|end| self.image.get_mut(at..end));
        place.ok_or(LocalFault::Internal)?.copy_from_slice(&bytes);
        Ok(())
    }

    /// Writes a ULONG.
    pub fn put_u32(&mut self, at: usize, value: u32) -> Result<()> {
        self.put(at, value.to_ne_bytes())
    }

    /// Writes a count.
    pub fn put_count(&mut self, at: usize, count: usize) -> Result<()> {
        self.put_u32(at, u32::try_from(count).map_err(|_| too_long())?)
    }

    /// Writes a time as a LARGE_INTEGER.
    pub fn put_time(&mut self, at: usize, time: FileTime) -> Result<()> {
        self.put(at, time.0.min(FileTime::NEVER.0).to_ne_bytes())
    }

    /// Writes a LUID.
    pub fn put_luid(&mut self, at: usize, luid: LUID) -> Result<()> {
        self.put(at, luid.LowPart.to_ne_bytes())?;
        self.put(at.saturating_add(4), luid.HighPart.to_ne_bytes())
    }

    /// Writes a UNICODE_STRING and, at the end, its text with a terminator that it does not count.
    pub fn put_text(&mut self, at: usize, text: &str) -> Result<()> {
        let length = text.encode_utf16().count().checked_mul(2);
        let length = length.and_then(|length| u16::try_from(length).ok()).ok_or_else(too_long)?;
        self.put(at, length.to_ne_bytes())?;
        self.put(at.saturating_add(2), length.saturating_add(2).to_ne_bytes())?;
        let place = self.append_text(text);
        self.point(at.saturating_add(8), place);
        Ok(())
    }

    /// Appends a terminated text and gives its place.
    pub fn append_text(&mut self, text: &str) -> usize {
        let place = self.image.len().next_multiple_of(2);
        self.resize(place);
        for unit in text.encode_utf16().chain([0]) {
            self.append(&unit.to_ne_bytes());
        }
        place
    }

    /// Appends a terminated UTF-8 text and points at it from `at`. One that C would read as a
    /// shorter one is refused.
    pub fn put_string(&mut self, at: usize, text: &str) -> Result<()> {
        if text.contains('\0') {
            let story = format!("{text:?} has a NUL, after which C would not read on");
            return Err(Error::new(PeerFault::MalformedToken, story));
        }
        let place = self.image.len();
        self.append(text.as_bytes());
        self.append(&[0]);
        self.point(at, place);
        Ok(())
    }

    /// Appends bytes and points at them from `at`.
    pub fn put_bytes(&mut self, at: usize, bytes: &[u8]) {
        let place = self.reserve(0);
        self.append(bytes);
        self.point(at, place);
    }

    /// A pointer at `at` to a place of the block.
    pub fn point(&mut self, at: usize, place: usize) {
        self.pointers.push((at, place));
    }

    /// How long it is.
    pub fn length(&self) -> Result<u32> {
        u32::try_from(self.image.len()).map_err(|_| too_long())
    }

    /// Hands the block out, with its length.
    pub fn hand_out(self) -> Result<(Block, u32)> {
        self.hand_out_as(Kind::LsaReturn)
    }

    /// Hands the block out as one of this kind, with its length.
    pub fn hand_out_as(self, kind: Kind) -> Result<(Block, u32)> {
        let length = self.length()?;
        // The block must be there before its address can be written into it.
        let block = Pending::new(kind, &self.image)?;
        let image = self.located_at(block.address())?;
        block.fill(&image);
        Ok((Block(block), length))
    }

    /// The bytes as they are to lie at this address.
    pub fn located_at(mut self, base: usize) -> Result<Zeroizing<Vec<u8>>> {
        for (at, place) in std::mem::take(&mut self.pointers) {
            self.put(at, base.wrapping_add(place).to_ne_bytes())?;
        }
        Ok(self.image)
    }

    fn append(&mut self, bytes: &[u8]) {
        let place = self.image.len();
        self.resize(place.saturating_add(bytes.len()));
        if let Some(room) = self.image.get_mut(place..) {
            room.copy_from_slice(bytes);
        }
    }

    /// Grows by hand: the old memory may hold a key, and is wiped.
    fn resize(&mut self, length: usize) {
        if length > self.image.capacity() {
            let mut grown = Vec::with_capacity(length.saturating_mul(2));
            grown.extend_from_slice(&self.image);
            self.image = Zeroizing::new(grown);
        }
        self.image.resize(length, 0);
    }
}

/// A block with all its pointers; freed when nobody takes it.
pub struct Block(Pending);

impl Block {
    /// The caller's from now on.
    pub fn release<T>(self) -> *mut T {
        self.0.release().cast()
    }
}

/// Hands out an array of values that hold no pointers.
pub fn array(bytes: &[u8]) -> Result<*mut u8> {
    memory::hand_out(Kind::LsaReturn, bytes)
}

fn too_long() -> Error {
    Error::new(CallerFault::BufferTooSmall, "an answer is longer than its structure can say")
}
