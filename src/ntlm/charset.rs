//! Names in the code page that the flags say: UTF-16, or "OEM", which is UTF-8 here as every
//! narrow string of this library is (ASCII names are the same in every OEM code page).

use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::text::{from_utf16le, utf16le};
use crate::wire::ntlm::NegotiateFlags;

/// How the names of a message are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// UTF-16, little-endian.
    Unicode,
    /// One byte and more.
    Oem,
}

impl Charset {
    /// Unicode wins when both are offered; neither is no way to write a name.
    pub fn of(flags: NegotiateFlags) -> Option<Self> {
        if flags.contains(NegotiateFlags::UNICODE) {
            Some(Self::Unicode)
        } else if flags.contains(NegotiateFlags::OEM) {
            Some(Self::Oem)
        } else {
            None
        }
    }

    /// The flag that says so.
    pub const fn flag(self) -> NegotiateFlags {
        match self {
            Self::Unicode => NegotiateFlags::UNICODE,
            Self::Oem => NegotiateFlags::OEM,
        }
    }

    /// A name as bytes.
    pub fn encode(self, name: &str) -> Vec<u8> {
        match self {
            Self::Unicode => utf16le(name),
            Self::Oem => name.as_bytes().to_vec(),
        }
    }

    /// Bytes as a name: odd lengths, lone surrogates and broken UTF-8 are no names.
    pub fn decode(self, bytes: &[u8]) -> Result<String> {
        let name = match self {
            Self::Unicode => from_utf16le(bytes),
            Self::Oem => std::str::from_utf8(bytes).ok().map(str::to_owned),
        };
        name.ok_or_else(|| {
            let story = "a name in the NTLM message is not in its code page";
            Error::new(PeerFault::MalformedToken, story)
        })
    }
}
