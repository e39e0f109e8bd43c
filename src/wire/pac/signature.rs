//! `PAC_SIGNATURE_DATA` ([MS-PAC] 2.8).

use super::malformed;
use crate::spi::error::Result;

/// A signature, as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature<'a> {
    /// `SignatureType`: a keyed checksum type of which the length is known.
    pub checksum_type: i32,
    /// `Signature`
    pub checksum: &'a [u8],
    /// `RODCIdentifier`: which read-only domain controller's key it is.
    pub rodc: Option<u16>,
}

/// Bytes before the signature.
const TYPE: usize = 4;
/// Keyed checksum types (RFC 3961, 3962, 4757, 6803, 8009) and their lengths. Those without a key
/// prove nothing (attack P1).
const KEYED: [(i32, usize); 8] =
    [(-138, 16), (12, 20), (15, 12), (16, 12), (17, 16), (18, 16), (19, 16), (20, 24)];
static ZEROS: [u8; 24] = [0; 24];

/// Bytes of a keyed checksum of this type; `None` for types without a key, and unknown ones.
pub fn checksum_length(checksum_type: i32) -> Option<usize> {
    KEYED.iter().find(|(known, _)| *known == checksum_type).map(|(_, length)| *length)
}

impl<'a> Signature<'a> {
    /// Reads all of a buffer. Nothing but the number of an RODC may follow the signature, whose
    /// length is its type's (attack P2).
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self> {
        let parts = bytes.split_first_chunk::<TYPE>();
        let (number, rest) = parts.ok_or_else(|| malformed("a signature is cut"))?;
        let checksum_type = i32::from_le_bytes(*number);
        let length = checksum_length(checksum_type)
            .ok_or_else(|| malformed("a signature is of a type that has no key"))?;
        let wrong = || malformed("a signature has not the length of its type");
        let (checksum, rest) = rest.split_at_checked(length).ok_or_else(wrong)?;
        let rodc = match *rest {
            [] => None,
            [low, high] => Some(u16::from_le_bytes([low, high])),
            _ => return Err(wrong()),
        };
        Ok(Self { checksum_type, checksum, rodc })
    }

    /// Where the checksum begins in the PAC, and as many zeros as it has bytes.
    pub(super) fn zeroed(&self, buffer: usize) -> (usize, &'static [u8]) {
        (buffer + TYPE, ZEROS.get(..self.checksum.len()).unwrap_or(&ZEROS))
    }
}
