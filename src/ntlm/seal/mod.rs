//! The program's half of NTLM: signing and sealing ([MS-NLMP] 3.4).
//!
//! Holds: message protection. May use: `spi`, `crypto`, the flags of `wire`. Must not touch: the
//! handshake, credentials, accounts.
//!
//! A message that does not verify changes nothing: the counter stays, the keystream is run back
//! to where it was, and the buffers hold again what came in. So a genuine message still verifies
//! after any number of forged ones, and plaintext that nobody vouches for is never handed out.

mod session;
mod shared;
mod unprotected;

use crate::spi::error::{CallerFault, Error, PeerFault, Result};
use crate::spi::message::{KeyInfo, MessageProtection, Part, Qop, Sealed, Sizes};
use crate::spi::package::PackageId;
use crate::spi::packed::PackedContext;
use crate::spi::secret::{Secret, SecretBytes};
use crate::wire::ntlm::NegotiateFlags;

/// The longest token, as Windows announces it.
pub const MAX_TOKEN: u32 = 2888;

/// Bytes of `NTLMSSP_MESSAGE_SIGNATURE`.
pub const SIGNATURE: usize = 16;

/// Bounds of the buffers of every NTLM context.
pub const SIZES: Sizes = Sizes {
    max_token: MAX_TOKEN,
    max_signature: SIGNATURE as u32,
    block_size: 0,
    security_trailer: SIGNATURE as u32,
};

/// Opens a packed context for messages, or goes on where another process stopped.
pub fn open(context: &PackedContext) -> Result<MessageProtection> {
    if context.package != PackageId::Ntlm {
        return Err(Error::new(PeerFault::MalformedToken, "the context is not one of NTLM"));
    }
    let protection = Protection::decode(context.protection.expose())?;
    let flags = protection.flags;
    let states = match (&context.sender, &context.receiver) {
        (Some(sender), Some(receiver)) => Some((sender.expose(), receiver.expose())),
        (None, None) => None,
        _ => return Err(damaged()),
    };
    let (sender, receiver) = if !protection.is_signed() {
        unprotected::open(states)?
    } else if flags.contains(NegotiateFlags::EXTENDED_SESSION_SECURITY) {
        session::open(&protection, context.role, states)?
    } else {
        shared::open(&protection, states)?
    };
    Ok(MessageProtection { sizes: SIZES, key_info: protection.key_info(), sender, receiver })
}

/// What the authority packs for [`open`].
pub struct Protection {
    /// What was agreed.
    pub flags: NegotiateFlags,
    /// `ExportedSessionKey`
    pub exported_session_key: Secret<16>,
}

const VERSION: u8 = 1;

impl Protection {
    /// The bytes of `PackedContext::protection`.
    pub fn encode(&self) -> SecretBytes {
        let mut bytes = Vec::with_capacity(21);
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.flags.bits().to_le_bytes());
        bytes.extend_from_slice(self.exported_session_key.expose());
        SecretBytes::new(bytes)
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        let Some((&[VERSION, f0, f1, f2, f3], key)) = bytes.split_first_chunk() else {
            return Err(damaged());
        };
        let key = key.try_into().map_err(|_| damaged())?;
        Ok(Self {
            flags: NegotiateFlags::from_bits_retain(u32::from_le_bytes([f0, f1, f2, f3])),
            exported_session_key: Secret::new(key),
        })
    }

    /// For a direction that makes its keys later.
    const fn duplicate(&self) -> Self {
        Self { flags: self.flags, exported_session_key: self.exported_session_key.duplicate() }
    }

    const fn is_signed(&self) -> bool {
        self.flags.intersects(NegotiateFlags::SIGN.union(NegotiateFlags::SEAL))
    }

    /// Bits of the key that protects messages (3.4.5.3): 128 wins over 56.
    fn key_bits(&self) -> u32 {
        let weak = NegotiateFlags::EXTENDED_SESSION_SECURITY | NegotiateFlags::LM_KEY;
        if self.flags.contains(NegotiateFlags::BITS_128) || !self.flags.intersects(weak) {
            128
        } else if self.flags.contains(NegotiateFlags::BITS_56) {
            56
        } else {
            40
        }
    }

    /// `SECPKG_ATTR_KEY_INFO`, as Windows fills it.
    fn key_info(&self) -> KeyInfo {
        let extended = self.flags.contains(NegotiateFlags::EXTENDED_SESSION_SECURITY);
        let (signature_name, signature_algorithm) =
            if extended { ("HMAC-MD5", HMAC_MD5) } else { ("RSADSI RC4-CRC32", REAL_CRC32) };
        KeyInfo {
            signature_name,
            encrypt_name: "RSADSI RC4",
            key_size: self.key_bits(),
            signature_algorithm,
            encrypt_algorithm: CALG_RC4,
        }
    }
}

/// `KERB_CHECKSUM_HMAC_MD5`, -138.
const HMAC_MD5: u32 = 0xFFFF_FF76;
/// `KERB_CHECKSUM_REAL_CRC32`, -132.
const REAL_CRC32: u32 = 0xFFFF_FF7C;
const CALG_RC4: u32 = 0x6801;

/// NTLM has no quality of its own: whether a message is encrypted the context decides.
const fn accept_qop(qop: Qop) {
    match qop {
        Qop::Default | Qop::WrapNoEncrypt => {}
    }
}

/// The place for a signature.
fn room(token: &mut [u8]) -> Result<&mut [u8; SIGNATURE]> {
    Ok(token.first_chunk_mut().ok_or(CallerFault::BufferTooSmall)?)
}

/// A signature that came.
fn received(token: &[u8]) -> Result<&[u8; SIGNATURE]> {
    Ok(token.first_chunk().ok_or(PeerFault::MalformedToken)?)
}

/// A whole message: signature, then text.
fn split_stream(stream: &mut [u8]) -> Result<([u8; SIGNATURE], &mut [u8])> {
    let (token, data) = stream.split_first_chunk_mut().ok_or(PeerFault::MalformedToken)?;
    Ok((*token, data))
}

const SEALED: Sealed = Sealed { token: SIGNATURE, padding: 0 };

/// The number of the message after this one. A counter that came to its end does not begin
/// again: the signatures would repeat.
fn next(seq: u32) -> Result<u32> {
    seq.checked_add(1).ok_or_else(|| CallerFault::OutOfSequence.into())
}

fn encrypt_parts(stream: &mut crate::crypto::rc4::Rc4, parts: &mut [Part<'_>]) {
    for part in parts {
        if let Part::Data(data) = part {
            stream.apply(data);
        }
    }
}

fn restore_parts(stream: &mut crate::crypto::rc4::Rc4, parts: &mut [Part<'_>]) {
    for part in parts.iter_mut().rev() {
        if let Part::Data(data) = part {
            stream.unapply(data);
        }
    }
}

fn damaged() -> Error {
    Error::new(PeerFault::MalformedToken, "the packed context's message protection is damaged")
}
