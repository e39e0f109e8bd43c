//! The headers of per-message tokens of RFC 4121 (4.2.6).

use super::{Side, altered, malformed};
use crate::spi::error::{Error, PeerFault, Result};
use crate::wire::gss::tok_id;

/// Bytes of a header.
pub const HEADER: usize = 16;

/// `SentByAcceptor`
const SENT_BY_ACCEPTOR: u8 = 1;
/// `Sealed`
const SEALED: u8 = 2;
/// `AcceptorSubkey`
const ACCEPTOR_SUBKEY: u8 = 4;

/// What all tokens of one direction have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// Who makes them.
    pub side: Side,
    /// Whether the key is the acceptor's subkey.
    pub acceptor_subkey: bool,
}

impl Origin {
    fn flags(self) -> u8 {
        let side = if self.side == Side::Acceptor { SENT_BY_ACCEPTOR } else { 0 };
        side | if self.acceptor_subkey { ACCEPTOR_SUBKEY } else { 0 }
    }

    /// Flags that are not of this origin are refused, those that RFC 4121 leaves open as well.
    fn expect(self, flags: u8) -> Result<()> {
        let differing = flags ^ self.flags();
        if differing & SENT_BY_ACCEPTOR != 0 {
            return Err(Error::new(PeerFault::UnexpectedToken, "a message of our own came back"));
        }
        if differing != 0 { Err(altered()) } else { Ok(()) }
    }

    /// The header of a MIC token.
    pub fn mic(self, number: u64) -> [u8; HEADER] {
        let [n0, n1, n2, n3, n4, n5, n6, n7] = number.to_be_bytes();
        let [id0, id1] = tok_id::CFX_MIC;
        let f = FILLER;
        [id0, id1, self.flags(), f, f, f, f, f, n0, n1, n2, n3, n4, n5, n6, n7]
    }

    /// The number of a MIC token.
    pub fn read_mic(self, header: &[u8; HEADER]) -> Result<u64> {
        let &[id0, id1, flags, f0, f1, f2, f3, f4, ref number @ ..] = header;
        expect_id([id0, id1], tok_id::CFX_MIC)?;
        if [f0, f1, f2, f3, f4] != [FILLER; 5] {
            return Err(malformed("the filler of the MIC token's header is not FF"));
        }
        self.expect(flags)?;
        Ok(u64::from_be_bytes(*number))
    }
}

const FILLER: u8 = 0xFF;

/// The header of a Wrap token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrap {
    /// `Sealed`
    pub sealed: bool,
    /// `EC`: bytes of the filler, or of the checksum.
    pub extra_count: u16,
    /// `RRC`: how far what follows is turned to the right. Nobody vouches for it.
    pub rotation: u16,
    /// `SND_SEQ`
    pub number: u64,
}

impl Wrap {
    /// The sixteen bytes.
    pub fn encode(self, origin: Origin) -> [u8; HEADER] {
        let [n0, n1, n2, n3, n4, n5, n6, n7] = self.number.to_be_bytes();
        let ([id0, id1], [e0, e1]) = (tok_id::CFX_WRAP, self.extra_count.to_be_bytes());
        let [r0, r1] = self.rotation.to_be_bytes();
        let flags = origin.flags() | if self.sealed { SEALED } else { 0 };
        [id0, id1, flags, FILLER, e0, e1, r0, r1, n0, n1, n2, n3, n4, n5, n6, n7]
    }

    /// Reads a header that must be of this origin.
    pub fn decode(header: &[u8; HEADER], origin: Origin) -> Result<Self> {
        let &[id0, id1, flags, filler, e0, e1, r0, r1, ref number @ ..] = header;
        expect_id([id0, id1], tok_id::CFX_WRAP)?;
        if filler != FILLER {
            return Err(malformed("the filler of the Wrap token's header is not FF"));
        }
        origin.expect(flags & !SEALED)?;
        Ok(Self {
            sealed: flags & SEALED != 0,
            extra_count: u16::from_be_bytes([e0, e1]),
            rotation: u16::from_be_bytes([r0, r1]),
            number: u64::from_be_bytes(*number),
        })
    }
}

fn expect_id(found: [u8; 2], expected: [u8; 2]) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    let story = format!("a token with id {found:02x?} where {expected:02x?} was due");
    Err(Error::new(PeerFault::UnexpectedToken, story))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGINS: [Origin; 4] = [
        Origin { side: Side::Initiator, acceptor_subkey: false },
        Origin { side: Side::Initiator, acceptor_subkey: true },
        Origin { side: Side::Acceptor, acceptor_subkey: false },
        Origin { side: Side::Acceptor, acceptor_subkey: true },
    ];

    #[test]
    fn the_layouts_of_rfc_4121() {
        let wrap = Wrap { sealed: true, extra_count: 0x102, rotation: 28, number: 1 << 32 };
        let bytes = wrap.encode(ORIGINS[3]);
        assert_eq!(bytes, [5, 4, 7, 0xFF, 1, 2, 0, 28, 0, 0, 0, 1, 0, 0, 0, 0]);
        assert_eq!(Wrap::decode(&bytes, ORIGINS[3]).unwrap(), wrap);
        let mic = ORIGINS[0].mic(5);
        assert_eq!(mic, [4, 4, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 5]);
        assert_eq!(ORIGINS[0].read_mic(&mic).unwrap(), 5);
    }

    #[test]
    fn g7_a_header_is_of_its_origin_and_kind() {
        for made in ORIGINS {
            let wrap = Wrap { sealed: false, extra_count: 12, rotation: 0, number: 9 };
            let (wrap, mic) = (wrap.encode(made), made.mic(9));
            for expected in ORIGINS {
                assert_eq!(Wrap::decode(&wrap, expected).is_ok(), made == expected);
                assert_eq!(expected.read_mic(&mic).is_ok(), made == expected);
            }
            assert!(Wrap::decode(&mic, made).is_err());
            assert!(made.read_mic(&wrap).is_err());
        }
    }

    #[test]
    fn g4_fillers_and_unknown_flags_are_looked_at() {
        let origin = ORIGINS[1];
        let mic = origin.mic(u64::MAX);
        for bit in 0..64 {
            let mut forged = mic;
            forged[bit / 8] ^= 1 << (bit % 8);
            assert!(origin.read_mic(&forged).is_err(), "bit {bit}");
        }
        let wrap = Wrap { sealed: true, extra_count: 0, rotation: 0, number: 1 }.encode(origin);
        for bit in (0..32).filter(|bit| *bit != 17) {
            let mut forged = wrap;
            forged[bit / 8] ^= 1 << (bit % 8);
            assert!(Wrap::decode(&forged, origin).is_err(), "bit {bit}");
        }
    }
}
