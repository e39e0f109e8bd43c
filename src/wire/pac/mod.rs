//! The privilege attribute certificate ([MS-PAC]): what a domain says of a ticket's client.
//!
//! [`Pac::parse`] reads the directory and nothing else: whoever verifies the signatures has not
//! looked at contents yet. Every number is little-endian.

mod client;
mod delegation;
mod logon_info;
mod ndr;
mod signature;

pub use client::{Attributes, ClientInfo, CredentialsInfo, SamIdentity, UpnDnsInfo, requestor};
pub use delegation::DelegationInfo;
pub use logon_info::{GroupMembership, LogonInfo, SidAndAttributes};
pub use signature::{Signature, checksum_length};

use smallvec::SmallVec;

use crate::spi::error::{Error, PeerFault, Result};

/// `ulType` of a buffer (2.4).
pub mod kind {
    /// `KERB_VALIDATION_INFO` (2.5)
    pub const LOGON_INFO: u32 = 1;
    /// `PAC_CREDENTIAL_INFO` (2.6.1)
    pub const CREDENTIALS_INFO: u32 = 2;
    /// The server's signature (2.8)
    pub const SERVER_CHECKSUM: u32 = 6;
    /// The KDC's signature (2.8)
    pub const KDC_CHECKSUM: u32 = 7;
    /// `PAC_CLIENT_INFO` (2.7)
    pub const CLIENT_INFO: u32 = 10;
    /// `S4U_DELEGATION_INFO` (2.9)
    pub const DELEGATION_INFO: u32 = 11;
    /// `UPN_DNS_INFO` (2.10)
    pub const UPN_DNS_INFO: u32 = 12;
    /// `PAC_CLIENT_CLAIMS_INFO` (2.11)
    pub const CLIENT_CLAIMS_INFO: u32 = 13;
    /// `PAC_DEVICE_INFO` (2.12)
    pub const DEVICE_INFO: u32 = 14;
    /// `PAC_DEVICE_CLAIMS_INFO` (2.13)
    pub const DEVICE_CLAIMS_INFO: u32 = 15;
    /// The ticket's signature (2.8.3)
    pub const TICKET_CHECKSUM: u32 = 16;
    /// `PAC_ATTRIBUTES_INFO` (2.14)
    pub const ATTRIBUTES_INFO: u32 = 17;
    /// `PAC_REQUESTOR` (2.15)
    pub const REQUESTOR: u32 = 18;
    /// The extended KDC signature, over all of the PAC (2.8.4)
    pub const FULL_CHECKSUM: u32 = 19;
}

/// Directories with more entries are nobody's; MIT's limit too (attack P3).
pub const MAX_BUFFERS: usize = 4096;
/// Buffers begin at multiples of this.
const ALIGNMENT: usize = 8;
const HEADER: usize = 8;
const ENTRY: usize = 16;

/// A PAC: its bytes, and where its buffers are.
#[derive(Debug, Clone)]
pub struct Pac<'a> {
    bytes: &'a [u8],
    /// By place.
    buffers: SmallVec<[Buffer; 12]>,
}

#[derive(Debug, Clone, Copy)]
struct Buffer {
    kind: u32,
    start: usize,
    end: usize,
}

impl<'a> Pac<'a> {
    /// Reads `PACTYPE` and `PAC_INFO_BUFFER` (2.3, 2.4). Each kind is there at most once; no
    /// buffer reaches into another, into the directory or outside (attacks P3, P4).
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let ends = || malformed("it ends within its directory");
        let (header, rest) = bytes.split_first_chunk::<HEADER>().ok_or_else(ends)?;
        let [count, version] = halves(*header);
        if version != 0 {
            return Err(malformed("its version is unknown"));
        }
        let count = usize::try_from(count).ok().filter(|count| *count <= MAX_BUFFERS);
        let count = count.ok_or_else(|| malformed("it has too many buffers"))?;
        let (entries, _) = rest.as_chunks::<ENTRY>();
        let entries = entries.get(..count).ok_or_else(ends)?;
        let directory = HEADER + count * ENTRY;
        let mut buffers = SmallVec::with_capacity(count);
        for entry in entries {
            buffers.push(Buffer::read(entry, directory, bytes.len())?);
        }
        check_apart(&mut buffers)?;
        Ok(Self { bytes, buffers })
    }

    /// The contents of the buffer of a kind.
    pub fn buffer(&self, kind: u32) -> Option<&'a [u8]> {
        let buffer = self.buffers.iter().find(|buffer| buffer.kind == kind)?;
        self.bytes.get(buffer.start..buffer.end)
    }

    /// The signature of a kind.
    pub fn signature(&self, kind: u32) -> Result<Option<Signature<'a>>> {
        self.buffer(kind).map(Signature::from_bytes).transpose()
    }

    /// All of the PAC as it is signed: with the signatures of these kinds zeroed, but not their
    /// types (2.8.1).
    pub fn signed(&self, zeroed: &[u32]) -> Result<SmallVec<[&'a [u8]; 8]>> {
        let mut parts = SmallVec::new();
        let mut from = 0;
        for buffer in self.buffers.iter().filter(|buffer| zeroed.contains(&buffer.kind)) {
            let Some(signature) = self.signature(buffer.kind)? else { continue };
            let (start, zeros) = signature.zeroed(buffer.start);
            parts.extend(self.bytes.get(from..start));
            parts.push(zeros);
            from = start + zeros.len();
        }
        parts.extend(self.bytes.get(from..));
        Ok(parts)
    }
}

impl Buffer {
    fn read(entry: &[u8; ENTRY], directory: usize, length: usize) -> Result<Self> {
        let (words, _) = entry.as_chunks::<8>();
        let [first, offset] = words else { return Err(malformed("an entry is cut")) };
        let [kind, size] = halves(*first);
        let start = usize::try_from(u64::from_le_bytes(*offset)).ok();
        let end = start.and_then(|start| start.checked_add(usize::try_from(size).ok()?));
        let (Some(start), Some(end)) = (start, end.filter(|end| *end <= length)) else {
            return Err(malformed("a buffer reaches outside"));
        };
        if start < directory || !start.is_multiple_of(ALIGNMENT) {
            return Err(malformed("a buffer is where none can be"));
        }
        Ok(Self { kind, start, end })
    }
}

/// Sorts the buffers by place.
fn check_apart(buffers: &mut [Buffer]) -> Result<()> {
    buffers.sort_unstable_by_key(|buffer| buffer.kind);
    let mut pairs = buffers.iter().zip(buffers.iter().skip(1));
    if pairs.any(|(one, other)| one.kind == other.kind) {
        return Err(malformed("a kind of buffer is there twice"));
    }
    buffers.sort_unstable_by_key(|buffer| (buffer.start, buffer.end));
    let mut pairs = buffers.iter().zip(buffers.iter().skip(1));
    if pairs.any(|(one, next)| one.end > next.start) {
        return Err(malformed("buffers overlap"));
    }
    Ok(())
}

const fn halves(word: [u8; 8]) -> [u32; 2] {
    let whole = u64::from_le_bytes(word);
    [whole as u32, (whole >> 32) as u32]
}

/// A PAC that cannot be read is one that is refused.
fn malformed(why: &str) -> Error {
    Error::new(PeerFault::PacRefused, format!("the ticket's PAC is malformed: {why}"))
}

/// Names: UTF-16 without anything that ends a line or a C string. A name that can be read in two
/// ways is nobody's.
fn name(units: impl Iterator<Item = u16>) -> Result<String> {
    let text: Option<String> = char::decode_utf16(units).map(Result::ok).collect();
    text.filter(|text| !text.chars().any(char::is_control))
        .ok_or_else(|| malformed("a name is no text"))
}

/// UTF-16 in bytes; of an odd number the last is no character.
fn units(bytes: &[u8]) -> Result<impl Iterator<Item = u16> + '_> {
    match bytes.as_chunks() {
        (units, []) => Ok(units.iter().map(|unit| u16::from_le_bytes(*unit))),
        _ => Err(malformed("a text has half a character")),
    }
}
