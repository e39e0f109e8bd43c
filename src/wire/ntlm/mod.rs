//! The messages of NTLM ([MS-NLMP] 2.2).

mod authenticate;
mod av;
mod challenge;
mod flags;
mod layout;
mod negotiate;
mod response;

pub use authenticate::{Authenticate, Mic};
pub use av::{AvFlags, AvId, AvPair, AvPairs, single_host, write_av_pair};
pub use challenge::Challenge;
pub use flags::NegotiateFlags;
pub use negotiate::Negotiate;
pub use response::Ntlmv2Response;

use crate::spi::error::{Error, PeerFault, Result};

/// How every message begins.
pub const SIGNATURE: &[u8; 8] = b"NTLMSSP\0";

/// `MessageType` ([MS-NLMP] 2.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum MessageType {
    /// `NEGOTIATE_MESSAGE`
    Negotiate = 1,
    /// `CHALLENGE_MESSAGE`
    Challenge = 2,
    /// `AUTHENTICATE_MESSAGE`
    Authenticate = 3,
}

/// `VERSION` ([MS-NLMP] 2.2.2.10): for debugging only, kept as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version(pub [u8; 8]);

impl Version {
    /// What we call ourselves: 10.0, build 19041, NTLMSSP revision 15.
    pub const OURS: Self = Self([10, 0, 0x61, 0x4A, 0, 0, 0, 15]);
}

/// The type of a message, whatever it is; anything that does not begin like one is malformed.
pub fn message_type(message: &[u8]) -> Result<MessageType> {
    let rest = message.strip_prefix(SIGNATURE).ok_or_else(|| malformed("no NTLMSSP signature"))?;
    match rest.first_chunk().map(|bytes| u32::from_le_bytes(*bytes)) {
        Some(1) => Ok(MessageType::Negotiate),
        Some(2) => Ok(MessageType::Challenge),
        Some(3) => Ok(MessageType::Authenticate),
        _ => Err(malformed("unknown NTLM message type")),
    }
}

fn expect(message: &[u8], expected: MessageType) -> Result<()> {
    let found = message_type(message)?;
    if found == expected {
        return Ok(());
    }
    let story = format!("an NTLM {found:?} message where {expected:?} was due");
    Err(Error::new(PeerFault::UnexpectedToken, story))
}

fn malformed(story: &str) -> Error {
    Error::new(PeerFault::MalformedToken, story)
}
