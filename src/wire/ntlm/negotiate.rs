//! `NEGOTIATE_MESSAGE` ([MS-NLMP] 2.2.1.1).

use super::layout::{Builder, Header};
use super::{MessageType, NegotiateFlags, Version, expect, malformed};
use crate::spi::error::Result;

const FLAGS_ONLY: usize = 16;
const WITH_NAMES: usize = 32;
const WITH_VERSION: usize = 40;

/// The client's first message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Negotiate<'a> {
    /// What the client offers.
    pub flags: NegotiateFlags,
    /// The client's domain, in the OEM code page whatever the flags say.
    pub domain: &'a [u8],
    /// The client's machine, likewise.
    pub workstation: &'a [u8],
    /// The client's version.
    pub version: Option<Version>,
}

impl<'a> Negotiate<'a> {
    /// Reads the forms of 16 bytes (flags only), 32 (no version) and 40.
    pub fn decode(message: &'a [u8]) -> Result<Self> {
        expect(message, MessageType::Negotiate)?;
        let header = Header::new(message, FLAGS_ONLY)?;
        let flags = NegotiateFlags::from_bits_retain(header.u32(12)?);
        let mut decoded = Self { flags, ..Self::default() };
        if header.len() == FLAGS_ONLY {
            return Ok(decoded);
        }
        if header.len() < WITH_NAMES {
            return Err(malformed("the NTLM NEGOTIATE message ends within its header"));
        }
        if flags.contains(NegotiateFlags::OEM_DOMAIN_SUPPLIED) {
            decoded.domain = header.field(16, WITH_NAMES)?.bytes;
        }
        if flags.contains(NegotiateFlags::OEM_WORKSTATION_SUPPLIED) {
            decoded.workstation = header.field(24, WITH_NAMES)?.bytes;
        }
        if flags.contains(NegotiateFlags::VERSION) && header.len() >= WITH_VERSION {
            decoded.version = Some(Version(header.array(32)?));
        }
        Ok(decoded)
    }

    /// Writes the form of 40 bytes. Empty names have offset 0, as Windows writes them.
    pub fn encode(&self) -> Result<Vec<u8>> {
        let mut builder = Builder::new(MessageType::Negotiate, WITH_VERSION);
        builder.header(&self.flags.bits().to_le_bytes());
        for (what, name) in [("domain", self.domain), ("workstation", self.workstation)] {
            let field = if name.is_empty() { [0; 8] } else { builder.place(what, name)? };
            builder.header(&field);
        }
        builder.header(&self.version.map_or([0; 8], |version| version.0));
        Ok(builder.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spi::error::PeerFault;

    fn message(flags: u32, rest: &[u8]) -> Vec<u8> {
        [b"NTLMSSP\0\x01\0\0\0", &flags.to_le_bytes()[..], rest].concat()
    }

    #[test]
    fn the_three_forms_are_read() {
        let short = message(0x0008_8206, &[]);
        assert_eq!(Negotiate::decode(&short).unwrap().flags.bits(), 0x0008_8206);
        let curl = message(0x0008_8206, &[0; 16]);
        assert_eq!(Negotiate::decode(&curl).unwrap().version, None);
        let windows = message(0xE208_8297, &[&[0; 16][..], &Version::OURS.0].concat());
        let decoded = Negotiate::decode(&windows).unwrap();
        assert_eq!(decoded.version, Some(Version::OURS));
        assert_eq!(decoded.encode().unwrap(), windows);
    }

    #[test]
    fn names_make_the_round() {
        let flags = NegotiateFlags::OEM
            | NegotiateFlags::OEM_DOMAIN_SUPPLIED
            | NegotiateFlags::OEM_WORKSTATION_SUPPLIED;
        let sent = Negotiate { flags, domain: b"DOMAIN", workstation: b"WS", version: None };
        assert_eq!(Negotiate::decode(&sent.encode().unwrap()).unwrap(), sent);
    }

    #[test]
    fn n20_fields_stay_within_the_message() {
        let domain = |length: u16, offset: u32| {
            let mut rest = [length.to_le_bytes(); 2].concat();
            rest.extend_from_slice(&offset.to_le_bytes());
            rest.resize(40, 0);
            Negotiate::decode(&message(0x1002, &rest)).map(|_| ()).map_err(|e| e.fault())
        };
        assert_eq!(domain(4, 40), Ok(()));
        assert_eq!(domain(0, u32::MAX), Ok(()));
        for (length, offset) in [(4, 0), (4, 31), (17, 40), (4, u32::MAX), (0xFFFF, 40)] {
            assert_eq!(domain(length, offset), Err(PeerFault::MalformedToken.into()));
        }
    }
}
