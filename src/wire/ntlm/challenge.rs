//! `CHALLENGE_MESSAGE` ([MS-NLMP] 2.2.1.2).

use super::layout::{Builder, Header};
use super::{MessageType, NegotiateFlags, Version, expect};
use crate::spi::error::Result;

/// Servers without target information may end here.
const SHORT: usize = 32;
const WITH_TARGET_INFO: usize = 48;
const WITH_VERSION: usize = 56;

/// The server's message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Challenge<'a> {
    /// What the server agrees to.
    pub flags: NegotiateFlags,
    /// Eight random bytes.
    pub server_challenge: [u8; 8],
    /// The server's name, in the code page that the flags say.
    pub target_name: &'a [u8],
    /// AV pairs; `None` when the server sent none.
    pub target_info: Option<&'a [u8]>,
    /// The server's version.
    pub version: Option<Version>,
}

impl<'a> Challenge<'a> {
    /// Reads every form from 32 bytes upward.
    pub fn decode(message: &'a [u8]) -> Result<Self> {
        expect(message, MessageType::Challenge)?;
        let header = Header::new(message, SHORT)?;
        let flags = NegotiateFlags::from_bits_retain(header.u32(20)?);
        let name = header.field(12, SHORT)?;
        let info = if flags.contains(NegotiateFlags::TARGET_INFO) {
            Some(header.field(40, WITH_TARGET_INFO)?)
        } else {
            None
        };
        let payload = name.offset.min(info.map_or(header.len(), |info| info.offset));
        let has_version = flags.contains(NegotiateFlags::VERSION) && payload >= WITH_VERSION;
        Ok(Self {
            flags,
            server_challenge: header.array(24)?,
            target_name: name.bytes,
            target_info: info.map(|info| info.bytes).filter(|bytes| !bytes.is_empty()),
            version: if has_version { Some(Version(header.array(48)?)) } else { None },
        })
    }

    /// Writes the form of 56 bytes and the payload: name, then information.
    pub fn encode(&self) -> Result<Vec<u8>> {
        let mut builder = Builder::new(MessageType::Challenge, WITH_VERSION);
        let name = builder.place("target name", self.target_name)?;
        let info = match self.target_info {
            Some(info) => builder.place("target information", info)?,
            None => [0; 8],
        };
        builder.header(&name);
        builder.header(&self.flags.bits().to_le_bytes());
        builder.header(&self.server_challenge);
        builder.header(&[0; 8]);
        builder.header(&info);
        builder.header(&self.version.map_or([0; 8], |version| version.0));
        Ok(builder.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_may_stop_after_32_bytes() {
        let mut message = b"NTLMSSP\0\x02\0\0\0\0\0\0\0\0\0\0\0".to_vec();
        message.extend_from_slice(&0x0000_8205_u32.to_le_bytes());
        message.extend_from_slice(b"CHALLENG");
        let decoded = Challenge::decode(&message).unwrap();
        assert_eq!(decoded.server_challenge, *b"CHALLENG");
        assert_eq!((decoded.target_info, decoded.version), (None, None));
        assert!(Challenge::decode(&message[..31]).is_err());
    }

    #[test]
    fn every_part_makes_the_round() {
        let sent = Challenge {
            flags: NegotiateFlags::TARGET_INFO | NegotiateFlags::VERSION,
            server_challenge: [7; 8],
            target_name: b"S\0",
            target_info: Some(&[0; 4]),
            version: Some(Version::OURS),
        };
        let message = sent.encode().unwrap();
        assert_eq!(Challenge::decode(&message).unwrap(), sent);
        for length in 0..message.len() {
            assert!(Challenge::decode(&message[..length]).is_err(), "{length}");
        }
    }
}
