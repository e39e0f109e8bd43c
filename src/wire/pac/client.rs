//! The buffers that are no NDR: who the client is, by several names ([MS-PAC] 2.6, 2.7, 2.10,
//! 2.14, 2.15).

use super::{malformed, name, units};
use crate::spi::error::Result;
use crate::spi::sid::Sid;
use crate::spi::time::FileTime;

/// `PAC_CLIENT_INFO` (2.7): whose ticket the PAC belongs into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientInfo {
    /// `ClientId`: the ticket's `authtime`.
    pub client_id: FileTime,
    /// `Name`: the ticket's `cname`.
    pub name: String,
}

/// `UPN_DNS_INFO` (2.10)
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpnDnsInfo {
    /// The user principal name, or one that was made of the account's.
    pub upn: String,
    /// The DNS name of the domain.
    pub dns_domain: String,
    /// `Flags`: bit 0 the account has no UPN of its own.
    pub flags: u32,
    /// With bit 1 of the flags.
    pub sam: Option<SamIdentity>,
}

/// The account, as `UPN_DNS_INFO` repeats it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamIdentity {
    /// `sAMAccountName`
    pub name: String,
    /// Its SID.
    pub sid: Sid,
}

/// `PAC_ATTRIBUTES_INFO` (2.14)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attributes {
    /// The first 32 of `Flags`; no more are defined.
    pub flags: u32,
}

/// `PAC_CREDENTIAL_INFO` (2.6.1): encrypted for who logged on with a certificate, not for servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CredentialsInfo<'a> {
    /// `EncryptionType`
    pub enctype: u32,
    /// `SerializedData`
    pub data: &'a [u8],
}

const HAS_SAM: u32 = 2;

impl ClientInfo {
    /// Reads all of it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let cut = || malformed("the client's name is cut");
        let (client_id, rest) = bytes.split_first_chunk().ok_or_else(cut)?;
        let (length, rest) = rest.split_first_chunk().ok_or_else(cut)?;
        let length = usize::from(u16::from_le_bytes(*length));
        if rest.len() != length {
            return Err(malformed("the client's name is not as long as it says"));
        }
        Ok(Self { client_id: FileTime(u64::from_le_bytes(*client_id)), name: name(units(rest)?)? })
    }
}

impl UpnDnsInfo {
    /// Reads it; texts may lie anywhere in the buffer behind the header.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let cut = || malformed("the client's UPN is cut");
        let (header, rest) = bytes.split_first_chunk::<12>().ok_or_else(cut)?;
        let [u0, u1, u2, u3, d0, d1, d2, d3, f0, f1, f2, f3] = *header;
        let flags = u32::from_le_bytes([f0, f1, f2, f3]);
        let sam = match (flags & HAS_SAM, rest.first_chunk::<8>()) {
            (0, _) => None,
            (_, None) => return Err(cut()),
            (_, Some(&[n0, n1, n2, n3, s0, s1, s2, s3])) => {
                let sid = Sid::from_bytes(field(bytes, [s0, s1, s2, s3], SAM_HEADER)?);
                Some(SamIdentity {
                    name: name(units(field(bytes, [n0, n1, n2, n3], SAM_HEADER)?)?)?,
                    sid: sid.map_err(|_| malformed("the SID beside the UPN is none"))?,
                })
            }
        };
        let header = if sam.is_some() { SAM_HEADER } else { UPN_HEADER };
        Ok(Self {
            upn: name(units(field(bytes, [u0, u1, u2, u3], header)?)?)?,
            dns_domain: name(units(field(bytes, [d0, d1, d2, d3], header)?)?)?,
            flags,
            sam,
        })
    }
}

const UPN_HEADER: usize = 12;
const SAM_HEADER: usize = 20;

/// Length and offset, and what lies there.
fn field(bytes: &[u8], [l0, l1, o0, o1]: [u8; 4], header: usize) -> Result<&[u8]> {
    let length = usize::from(u16::from_le_bytes([l0, l1]));
    let offset = usize::from(u16::from_le_bytes([o0, o1]));
    if length == 0 {
        return Ok(&[]);
    }
    let found = (offset >= header).then(|| bytes.get(offset..offset + length)).flatten();
    found.ok_or_else(|| malformed("a name beside the UPN reaches outside"))
}

impl Attributes {
    /// Reads all of it: `FlagsLength` in bits, and as many words as they need.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let wrong = || malformed("its attributes are not as long as they say");
        let (words, rest) = bytes.as_chunks::<4>();
        let [length, flags @ ..] = words else { return Err(wrong()) };
        let needed = u32::from_le_bytes(*length).div_ceil(32);
        if !rest.is_empty() || u32::try_from(flags.len()).ok() != Some(needed) {
            return Err(wrong());
        }
        Ok(Self { flags: flags.first().map_or(0, |flags| u32::from_le_bytes(*flags)) })
    }
}

impl<'a> CredentialsInfo<'a> {
    /// Reads what is not encrypted.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self> {
        match bytes.split_first_chunk() {
            Some((&[0, 0, 0, 0, e0, e1, e2, e3], data)) => {
                Ok(Self { enctype: u32::from_le_bytes([e0, e1, e2, e3]), data })
            }
            _ => Err(malformed("its credentials are of an unknown version")),
        }
    }
}

/// `PAC_REQUESTOR` (2.15): the SID of who asked for the ticket-granting ticket.
pub fn requestor(bytes: &[u8]) -> Result<Sid> {
    Sid::from_bytes(bytes).map_err(|_| malformed("the SID of who asked for it is none"))
}
