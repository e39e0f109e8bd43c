//! `AV_PAIR` lists ([MS-NLMP] 2.2.2.1).

use bitflags::bitflags;

use super::malformed;
use crate::spi::error::Result;

/// `AvId`. Unknown ones are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AvId(pub u16);

#[allow(missing_docs, reason = "the names are those of the specification")]
impl AvId {
    pub const EOL: Self = Self(0);
    pub const NB_COMPUTER_NAME: Self = Self(1);
    pub const NB_DOMAIN_NAME: Self = Self(2);
    pub const DNS_COMPUTER_NAME: Self = Self(3);
    pub const DNS_DOMAIN_NAME: Self = Self(4);
    pub const DNS_TREE_NAME: Self = Self(5);
    pub const FLAGS: Self = Self(6);
    pub const TIMESTAMP: Self = Self(7);
    pub const SINGLE_HOST: Self = Self(8);
    pub const TARGET_NAME: Self = Self(9);
    pub const CHANNEL_BINDINGS: Self = Self(10);

    /// The pairs with which a server says who it is; a client sends them back.
    pub const fn describes_server(self) -> bool {
        matches!(self.0, 1..=5 | 7)
    }

    /// Whether a value of this length can be one of this kind.
    const fn fits(self, length: usize) -> bool {
        match self {
            Self::FLAGS => length == 4,
            Self::TIMESTAMP => length == 8,
            Self::SINGLE_HOST => length >= SINGLE_HOST,
            Self::CHANNEL_BINDINGS => length == 16,
            Self(1..=5 | 9) => length.is_multiple_of(2),
            _ => true,
        }
    }
}

bitflags! {
    /// `MsvAvFlags`. Bits without a name are kept.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct AvFlags: u32 {
        /// The account is constrained.
        const CONSTRAINED = 1;
        /// The AUTHENTICATE message carries a message integrity code.
        const MIC_PRESENT = 2;
        /// The target name comes from an untrusted source.
        const UNVERIFIED_TARGET_NAME = 4;

        const _ = !0;
    }
}

/// One pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AvPair<'a> {
    /// Its kind.
    pub id: AvId,
    /// Its value.
    pub value: &'a [u8],
}

/// A list that was checked as a whole: bounds, lengths, its end, and that no kind of pair comes
/// twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AvPairs<'a> {
    pairs: &'a [u8],
    tail: &'a [u8],
}

impl<'a> AvPairs<'a> {
    /// Reads up to the pair that ends the list.
    pub fn decode(bytes: &'a [u8]) -> Result<Self> {
        let mut seen = 0_u64;
        Self::walk(bytes, |id| {
            let bit = 1_u64.checked_shl(u32::from(id.0)).unwrap_or(0);
            let again = seen & bit != 0;
            seen |= bit;
            !again
        })
    }

    /// Reads a list in which a pair that the reader replaces may come more than once.
    pub fn decode_except(bytes: &'a [u8], replaced: &[AvId]) -> Result<Self> {
        let mut seen = 0_u64;
        Self::walk(bytes, |id| {
            let bit = 1_u64.checked_shl(u32::from(id.0)).unwrap_or(0);
            let again = seen & bit != 0 && !replaced.contains(&id);
            seen |= bit;
            !again
        })
    }

    /// The pairs, without the end.
    pub fn iter(self) -> impl Iterator<Item = AvPair<'a>> {
        let mut rest = self.pairs;
        std::iter::from_fn(move || {
            let (pair, behind) = split_pair(rest)?;
            rest = behind;
            Some(pair)
        })
    }

    /// The value of a kind of pair.
    pub fn find(self, id: AvId) -> Option<&'a [u8]> {
        self.iter().find(|pair| pair.id == id).map(|pair| pair.value)
    }

    /// `MsvAvFlags`; none when the pair is missing.
    pub fn flags(self) -> AvFlags {
        let value = self.find(AvId::FLAGS).and_then(|value| value.first_chunk());
        AvFlags::from_bits_retain(value.map_or(0, |bytes| u32::from_le_bytes(*bytes)))
    }

    /// `MsvAvTimestamp`.
    pub fn timestamp(self) -> Option<u64> {
        let value = self.find(AvId::TIMESTAMP)?;
        value.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
    }

    /// What follows the end of the list.
    pub const fn tail(self) -> &'a [u8] {
        self.tail
    }

    fn walk(bytes: &'a [u8], mut accept: impl FnMut(AvId) -> bool) -> Result<Self> {
        let mut rest = bytes;
        loop {
            let (pair, behind) =
                split_pair(rest).ok_or_else(|| malformed("an AV pair ends outside its list"))?;
            if pair.id == AvId::EOL {
                if !pair.value.is_empty() {
                    return Err(malformed("the AV pair that ends the list has a value"));
                }
                let pairs = bytes.get(..bytes.len() - rest.len()).unwrap_or_default();
                return Ok(Self { pairs, tail: behind });
            }
            if !pair.id.fits(pair.value.len()) {
                return Err(malformed("an AV pair has a wrong length"));
            }
            if !accept(pair.id) {
                return Err(malformed("an AV pair comes twice"));
            }
            rest = behind;
        }
    }
}

/// Adds a pair to a list.
pub fn write_av_pair(list: &mut Vec<u8>, id: AvId, value: &[u8]) -> Result<()> {
    let length = u16::try_from(value.len()).map_err(|_| malformed("an AV pair is too long"))?;
    list.extend_from_slice(&id.0.to_le_bytes());
    list.extend_from_slice(&length.to_le_bytes());
    list.extend_from_slice(value);
    Ok(())
}

const SINGLE_HOST: usize = 48;

/// `Single_Host_Data` ([MS-NLMP] 2.2.2.2): medium integrity, and the machine's number.
pub fn single_host(machine_id: &[u8; 32]) -> [u8; SINGLE_HOST] {
    let mut value = [0; SINGLE_HOST];
    let (size, data_present, integrity) = (48_u32, 1_u32, 0x2000_u32);
    value[..4].copy_from_slice(&size.to_le_bytes());
    value[8..12].copy_from_slice(&data_present.to_le_bytes());
    value[12..16].copy_from_slice(&integrity.to_le_bytes());
    value[16..].copy_from_slice(machine_id);
    value
}

fn split_pair(bytes: &[u8]) -> Option<(AvPair<'_>, &[u8])> {
    let (&[i0, i1, l0, l1], rest) = bytes.split_first_chunk()?;
    let length = usize::from(u16::from_le_bytes([l0, l1]));
    let (value, rest) = rest.split_at_checked(length)?;
    Some((AvPair { id: AvId(u16::from_le_bytes([i0, i1])), value }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(pairs: &[(u16, usize)]) -> Vec<u8> {
        let mut list = Vec::new();
        for &(id, length) in pairs {
            write_av_pair(&mut list, AvId(id), &vec![0x41; length]).unwrap();
        }
        list
    }

    #[test]
    fn n19_lengths_must_fit_their_kind() {
        let good = [(6, 4), (7, 8), (8, 48), (8, 80), (10, 16), (9, 0), (1, 2), (77, 3)];
        for pair in good {
            assert!(AvPairs::decode(&list(&[pair, (0, 0)])).is_ok(), "{pair:?}");
        }
        let bad = [(6, 0), (6, 3), (6, 5), (7, 7), (7, 9), (8, 47), (10, 0), (10, 15), (9, 1)];
        for pair in bad {
            assert!(AvPairs::decode(&list(&[pair, (0, 0)])).is_err(), "{pair:?}");
        }
    }

    #[test]
    fn n19_a_list_has_an_end_and_stays_within_its_bytes() {
        assert!(AvPairs::decode(&[]).is_err());
        assert!(AvPairs::decode(&list(&[(2, 4)])).is_err());
        assert!(AvPairs::decode(&[2, 0, 0xFF, 0xFF, 0, 0, 0, 0]).is_err());
        assert!(AvPairs::decode(&[0, 0, 1, 0, 0]).is_err());
        let longer = [list(&[(2, 4), (0, 0)]), vec![9; 3]].concat();
        assert_eq!(AvPairs::decode(&longer).unwrap().tail(), &[9; 3]);
    }

    #[test]
    fn n4_no_kind_comes_twice() {
        let twice = list(&[(6, 4), (6, 4), (0, 0)]);
        assert!(AvPairs::decode(&twice).is_err());
        assert!(AvPairs::decode_except(&twice, &[AvId::FLAGS]).is_ok());
        assert!(AvPairs::decode_except(&list(&[(7, 8), (7, 8), (0, 0)]), &[AvId::FLAGS]).is_err());
    }

    #[test]
    fn pairs_come_in_order() {
        let bytes = list(&[(2, 2), (1, 4), (7, 8), (0, 0)]);
        let pairs = AvPairs::decode(&bytes).unwrap();
        assert_eq!(pairs.iter().map(|pair| pair.id.0).collect::<Vec<_>>(), [2, 1, 7]);
        assert_eq!(pairs.timestamp(), Some(0x4141_4141_4141_4141));
        assert_eq!(pairs.flags(), AvFlags::default());
    }
}
