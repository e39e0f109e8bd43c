//! The security layer of SASL (RFC 4422 3.7, RFC 4752 3.3): everything is encrypted, each buffer
//! with its length before it.

use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::message::{MessageProtection, Part, Qop};

/// The longest buffer that we take: what we tell the server.
pub const MAX_BUFFER: usize = 1 << 20;
const PREFIX: usize = 4;

/// Both directions.
pub struct Layer {
    protection: MessageProtection,
    /// The longest buffer that the server takes.
    server_limit: usize,
}

impl Layer {
    /// The layer of a context, for a server that takes buffers of this length.
    pub const fn new(protection: MessageProtection, server_limit: usize) -> Self {
        Self { protection, server_limit }
    }

    /// A buffer with the message in it.
    pub fn seal(&mut self, message: &[u8]) -> Result<Vec<u8>> {
        let sealed = wrap(&mut self.protection, message, Qop::Default)?;
        if sealed.len() > self.server_limit {
            let story = format!("a request of {} bytes is too long for the server", sealed.len());
            return Err(Error::new(PeerFault::CapabilityMissing, story));
        }
        // The limit has 24 bits.
        let length = u32::try_from(sealed.len()).unwrap_or(u32::MAX);
        Ok([&length.to_be_bytes()[..], &sealed].concat())
    }

    /// Opens a whole buffer and appends what is in it. Integrity alone was not agreed.
    pub fn open(&mut self, mut buffer: Vec<u8>, messages: &mut Vec<u8>) -> Result<()> {
        let token = buffer.get_mut(PREFIX..).unwrap_or_default();
        let data = unwrap(&mut self.protection, token, Qop::Default)?;
        messages.extend_from_slice(data);
        Ok(())
    }
}

/// How long the buffer is that begins with these bytes, its length included; `None` when that is
/// not there yet.
pub fn buffer_length(bytes: &[u8]) -> Result<Option<usize>> {
    let Some(prefix) = bytes.first_chunk::<PREFIX>() else { return Ok(None) };
    let length = usize::try_from(u32::from_be_bytes(*prefix)).unwrap_or(usize::MAX);
    if length == 0 || length > MAX_BUFFER {
        let story = format!("the directory server announces a buffer of {length} bytes");
        return Err(Error::new(PeerFault::BadAuthority, story));
    }
    Ok(Some(length.saturating_add(PREFIX)))
}

/// The token of `GSS_Wrap`.
pub fn wrap(protection: &mut MessageProtection, data: &[u8], qop: Qop) -> Result<Vec<u8>> {
    let size = |size: u32| usize::try_from(size).unwrap_or(0);
    let mut token = vec![0; size(protection.sizes.security_trailer)];
    let mut padding = vec![0; size(protection.sizes.block_size)];
    let mut data = data.to_vec();
    let parts = &mut [Part::Data(&mut data)];
    let sealed = protection.sender.seal(qop, parts, &mut token, &mut padding, 0)?;
    token.truncate(sealed.token);
    padding.truncate(sealed.padding);
    Ok([token, data, padding].concat())
}

/// What is in a token of `GSS_Wrap`, which must have been protected in this way.
pub fn unwrap<'a>(
    protection: &mut MessageProtection,
    token: &'a mut [u8],
    qop: Qop,
) -> Result<&'a [u8]> {
    let opened = protection.receiver.unseal_stream(token, 0)?;
    if opened.qop != Some(qop) {
        let story = "a message of the directory server is not protected as agreed";
        return Err(Error::new(PeerFault::MessageAltered, story));
    }
    token.get(opened.data).ok_or_else(|| PeerFault::MalformedToken.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d5_lengths_of_buffers_are_bounded() {
        assert_eq!(buffer_length(&[0, 0, 0]).unwrap(), None);
        assert_eq!(buffer_length(&[0, 0, 0, 5]).unwrap(), Some(9));
        assert_eq!(buffer_length(&[0, 0x10, 0, 0]).unwrap(), Some(MAX_BUFFER + 4));
        for bytes in [[0; 4], [0, 0x10, 0, 1], [0xFF; 4]] {
            assert!(buffer_length(&bytes).is_err());
        }
    }
}
