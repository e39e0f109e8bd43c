//! Headers, and the fields (`Len`, `MaxLen`, `BufferOffset`) that point into the payload.

use smallvec::SmallVec;

use super::{MessageType, SIGNATURE, malformed};
use crate::spi::error::{CallerFault, Error, Result};

/// The longest message that fields of 16-bit lengths can fill; longer ones are not looked at.
const MAX_MESSAGE: usize = 88 + 6 * 0xFFFF;

/// A message that is read.
#[derive(Clone, Copy)]
pub struct Header<'a>(&'a [u8]);

/// A field as it stands in a header.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// Where they begin; the end of the message when there are none. Empty fields come with any
    /// offset, which means nothing.
    pub offset: usize,
}

impl<'a> Header<'a> {
    /// A message of at least `minimum` bytes.
    pub fn new(message: &'a [u8], minimum: usize) -> Result<Self> {
        if message.len() < minimum {
            return Err(malformed("the NTLM message ends within its header"));
        }
        if message.len() > MAX_MESSAGE {
            return Err(malformed("the NTLM message is longer than its fields can make it"));
        }
        Ok(Self(message))
    }

    /// Bytes of the whole message.
    pub const fn len(self) -> usize {
        self.0.len()
    }

    /// Fixed bytes of the header.
    pub fn array<const N: usize>(self, at: usize) -> Result<[u8; N]> {
        let rest = self.0.get(at..).and_then(|rest| rest.first_chunk());
        rest.copied().ok_or_else(|| malformed("the NTLM message ends within its header"))
    }

    /// A number of the header.
    pub fn u32(self, at: usize) -> Result<u32> {
        self.array(at).map(u32::from_le_bytes)
    }

    /// A field whose bytes must lie behind the first `header` bytes and within the message.
    /// `MaxLen` is ignored, as [MS-NLMP] 2.2.1 demands.
    pub fn field(self, at: usize, header: usize) -> Result<Field<'a>> {
        let [l0, l1, _, _, o0, o1, o2, o3] = self.array(at)?;
        let length = usize::from(u16::from_le_bytes([l0, l1]));
        if length == 0 {
            return Ok(Field { bytes: &[], offset: self.0.len() });
        }
        let offset = u32::from_le_bytes([o0, o1, o2, o3]) as usize;
        if offset < header {
            return Err(malformed("a field of the NTLM message points into its header"));
        }
        let bytes = offset.checked_add(length).and_then(|end| self.0.get(offset..end));
        let bytes = bytes.ok_or_else(|| malformed("a field points outside the NTLM message"))?;
        Ok(Field { bytes, offset })
    }
}

/// A message that is written: the header grows, the payload is placed behind it.
pub struct Builder<'a> {
    message: Vec<u8>,
    payload: SmallVec<[&'a [u8]; 6]>,
    end: usize,
}

impl<'a> Builder<'a> {
    /// A message whose header has this length.
    pub fn new(message_type: MessageType, header: usize) -> Self {
        let mut message = Vec::with_capacity(header + 512);
        message.extend_from_slice(SIGNATURE);
        message.extend_from_slice(&(message_type as u32).to_le_bytes());
        Self { message, payload: SmallVec::new(), end: header }
    }

    /// Gives the next bytes of the payload their place; they are written in this order.
    pub fn place(&mut self, what: &str, bytes: &'a [u8]) -> Result<[u8; 8]> {
        let length = u16::try_from(bytes.len()).map_err(|_| {
            let story = format!("NTLM cannot carry {} bytes of {what}", bytes.len());
            Error::new(CallerFault::InvalidParameter, story)
        })?;
        let offset = u32::try_from(self.end).map_err(|_| CallerFault::InvalidParameter)?;
        self.payload.push(bytes);
        self.end += bytes.len();
        let ([l0, l1], [o0, o1, o2, o3]) = (length.to_le_bytes(), offset.to_le_bytes());
        Ok([l0, l1, l0, l1, o0, o1, o2, o3])
    }

    /// The next bytes of the header.
    pub fn header(&mut self, bytes: &[u8]) {
        self.message.extend_from_slice(bytes);
    }

    /// Header and payload.
    pub fn finish(mut self) -> Vec<u8> {
        for bytes in self.payload {
            self.message.extend_from_slice(bytes);
        }
        self.message
    }
}
