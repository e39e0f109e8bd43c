//! The "checksum" 0x8003 of the authenticator in GSS (RFC 4121 4.1.1): flags, channel bindings
//! and a delegated ticket. The first part is little-endian, extensions are big-endian.

use super::WireError;

const BINDINGS: usize = 16;

/// The contents of the checksum.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GssChecksum {
    /// `Bnd`: MD5 over the channel bindings; zeros when there are none.
    pub bindings: [u8; BINDINGS],
    /// `Flags`: [`numbers::gss_flags`](super::numbers::gss_flags).
    pub flags: u32,
    /// `Deleg`: a KRB-CRED. It is there when the flag says so, and only then.
    pub delegation: Option<Vec<u8>>,
    /// `Exts`.
    pub extensions: Vec<GssExtension>,
}

/// An extension (RFC 6542 4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GssExtension {
    /// Its type.
    pub number: u32,
    /// Its data.
    pub data: Vec<u8>,
}

impl GssChecksum {
    /// Reads it; all of the bytes. The flag of delegation decides whether there is a ticket.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        parse(bytes).ok_or_else(|| WireError::new("GSS checksum", "lengths do not fit"))
    }

    /// Writes it; the flag of delegation as the ticket is there or not. A ticket that is longer
    /// than 16 bits can tell is an error.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WireError> {
        let too_long = || WireError::new("GSS checksum", "delegated ticket or extension too long");
        let mut flags = self.flags & !DELEGATE;
        if self.delegation.is_some() {
            flags |= DELEGATE;
        }
        let mut bytes = (BINDINGS as u32).to_le_bytes().to_vec();
        bytes.extend_from_slice(&self.bindings);
        bytes.extend_from_slice(&flags.to_le_bytes());
        if let Some(ticket) = &self.delegation {
            let length = u16::try_from(ticket.len()).map_err(|_| too_long())?;
            bytes.extend_from_slice(&DELEGATION_OPTION.to_le_bytes());
            bytes.extend_from_slice(&length.to_le_bytes());
            bytes.extend_from_slice(ticket);
        }
        for extension in &self.extensions {
            let length = u32::try_from(extension.data.len()).map_err(|_| too_long())?;
            bytes.extend_from_slice(&extension.number.to_be_bytes());
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(&extension.data);
        }
        Ok(bytes)
    }
}

const DELEGATE: u32 = super::numbers::gss_flags::DELEGATE;
/// `DlgOpt`: the only value.
const DELEGATION_OPTION: u16 = 1;

fn parse(bytes: &[u8]) -> Option<GssChecksum> {
    let (length, rest) = bytes.split_first_chunk()?;
    if u32::from_le_bytes(*length) as usize != BINDINGS {
        return None;
    }
    let (bindings, rest) = rest.split_first_chunk()?;
    let (flags, mut rest) = rest.split_first_chunk()?;
    let flags = u32::from_le_bytes(*flags);
    let mut delegation = None;
    if flags & DELEGATE != 0 {
        let (option, tail) = rest.split_first_chunk()?;
        let (length, tail) = tail.split_first_chunk()?;
        if u16::from_le_bytes(*option) != DELEGATION_OPTION {
            return None;
        }
        let (ticket, tail) = tail.split_at_checked(u16::from_le_bytes(*length).into())?;
        delegation = Some(ticket.to_vec());
        rest = tail;
    }
    let mut extensions = Vec::new();
    while !rest.is_empty() {
        let (number, tail) = rest.split_first_chunk()?;
        let (length, tail) = tail.split_first_chunk()?;
        let (data, tail) = tail.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        extensions.push(GssExtension { number: u32::from_be_bytes(*number), data: data.to_vec() });
        rest = tail;
    }
    Some(GssChecksum { bindings: *bindings, flags, delegation, extensions })
}
