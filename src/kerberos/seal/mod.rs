//! The program's half of Kerberos: signing and sealing (RFC 4121, RFC 4757, [MS-KILE] 3.4.5.4).
//!
//! Holds: message protection. May use: `spi`, `crypto`, the frame of `wire::gss`. Must not touch:
//! the exchanges, credentials, tickets.
//!
//! A message that does not verify moves nothing, and what was decrypted of it is wiped: plaintext
//! that nobody vouches for is never handed out.

mod cfx;
mod header;
mod rc4;
mod rotation;
mod sequence;
#[cfg(test)]
mod tests;

use zeroize::Zeroize;

use crate::crypto::kerberos::{Enctype, Key};
use crate::spi::error::{CallerFault, Error, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::message::{KeyInfo, MessageProtection, Part, Qop, Sizes};
use crate::spi::package::PackageId;
use crate::spi::packed::{PackedContext, Role};
use crate::spi::secret::{Secret, SecretBytes};

/// The longest token, as Windows announces it.
pub const MAX_TOKEN: u32 = 48_000;

/// Bounds of the buffers before the enctype is known: enough for every one.
pub const SIZES: Sizes = Sizes {
    max_token: MAX_TOKEN,
    max_signature: cfx::mic_length(Enctype::Aes256CtsHmacSha384) as u32,
    block_size: 1,
    security_trailer: cfx::longest_wrap(Enctype::Aes256CtsHmacSha384) as u32,
};

/// The trailer that Windows announces for AES and RC4, in every layout.
const TRAILER: u32 = 76;

/// Opens a packed context for messages, or goes on where another process stopped.
pub fn open(context: &PackedContext) -> Result<MessageProtection> {
    if context.package != PackageId::Kerberos {
        return Err(Error::new(PeerFault::MalformedToken, "the context is not one of Kerberos"));
    }
    let session = SessionProtection::unpack(context.protection.expose())?;
    let states = match (&context.sender, &context.receiver) {
        (Some(sender), Some(receiver)) => Some((sender.expose(), receiver.expose())),
        (None, None) => None,
        _ => return Err(damaged()),
    };
    let enctype = session.key.enctype();
    let (sender, receiver) = match enctype {
        Enctype::Rc4Hmac => rc4::open(&session, context.role, context.flags, states)?,
        Enctype::Aes128CtsHmacSha1
        | Enctype::Aes256CtsHmacSha1
        | Enctype::Aes128CtsHmacSha256
        | Enctype::Aes256CtsHmacSha384 => cfx::open(&session, context.role, context.flags, states)?,
    };
    Ok(MessageProtection { sizes: sizes(enctype), key_info: key_info(enctype), sender, receiver })
}

/// What the authority packs for [`open`]: the outcome of the AP exchange.
#[derive(Debug)]
pub struct SessionProtection {
    /// The acceptor's subkey, else the initiator's, else the session key.
    pub key: Key,
    /// Whether it is the acceptor's.
    pub acceptor_subkey: bool,
    /// The number of the first message that we send.
    pub send_sequence: u32,
    /// The number of the first message that we receive.
    pub receive_sequence: u32,
    /// 32 fresh random bytes, of which the confounders of this context are made.
    pub confounder_seed: Secret<32>,
}

const VERSION: u8 = 1;

impl SessionProtection {
    /// The bytes of `PackedContext::protection`.
    pub fn pack(&self) -> SecretBytes {
        let mut bytes = Vec::with_capacity(80);
        bytes.extend_from_slice(&[VERSION, u8::from(self.acceptor_subkey)]);
        bytes.extend_from_slice(&self.key.enctype().number().to_le_bytes());
        bytes.extend_from_slice(&self.send_sequence.to_le_bytes());
        bytes.extend_from_slice(&self.receive_sequence.to_le_bytes());
        bytes.extend_from_slice(self.confounder_seed.expose());
        bytes.extend_from_slice(self.key.expose());
        SecretBytes::new(bytes)
    }

    fn unpack(bytes: &[u8]) -> Result<Self> {
        let mut rest = bytes;
        let [version, acceptor_subkey] = take(&mut rest)?;
        let enctype = i32::from_le_bytes(take(&mut rest)?);
        let send_sequence = u32::from_le_bytes(take(&mut rest)?);
        let receive_sequence = u32::from_le_bytes(take(&mut rest)?);
        let confounder_seed = Secret::new(take(&mut rest)?);
        let enctype = Enctype::from_number(enctype).ok_or_else(damaged)?;
        if version != VERSION || acceptor_subkey > 1 {
            return Err(damaged());
        }
        Ok(Self {
            key: Key::new(enctype, rest).map_err(|_| damaged())?,
            acceptor_subkey: acceptor_subkey == 1,
            send_sequence,
            receive_sequence,
            confounder_seed,
        })
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk().ok_or_else(damaged)?;
    *bytes = rest;
    Ok(*head)
}

/// Bounds that hold for every layout of an enctype's tokens, DCE's as well.
fn sizes(enctype: Enctype) -> Sizes {
    let (max_signature, longest) = match enctype {
        Enctype::Rc4Hmac => (rc4::MIC, rc4::LONGEST_WRAP),
        _ => (cfx::mic_length(enctype), cfx::longest_wrap(enctype)),
    };
    let security_trailer = TRAILER.max(longest as u32);
    Sizes { max_signature: max_signature as u32, security_trailer, ..SIZES }
}

/// `SECPKG_ATTR_KEY_INFO`: the numbers are those of the checksum and of the enctype.
fn key_info(enctype: Enctype) -> KeyInfo {
    let (signature_name, encrypt_name) = match enctype {
        Enctype::Aes128CtsHmacSha1 => ("HMAC-SHA1-96-AES128", "AES128-CTS-HMAC-SHA1-96"),
        Enctype::Aes256CtsHmacSha1 => ("HMAC-SHA1-96-AES256", "AES256-CTS-HMAC-SHA1-96"),
        Enctype::Aes128CtsHmacSha256 => ("HMAC-SHA256-128-AES128", "AES128-CTS-HMAC-SHA256-128"),
        Enctype::Aes256CtsHmacSha384 => ("HMAC-SHA384-192-AES256", "AES256-CTS-HMAC-SHA384-192"),
        Enctype::Rc4Hmac => ("HMAC-MD5", "RSADSI RC4-HMAC"),
    };
    KeyInfo {
        signature_name,
        encrypt_name,
        key_size: (enctype.key_length() * 8) as u32,
        signature_algorithm: enctype.checksum_type().cast_unsigned(),
        encrypt_algorithm: enctype.number().cast_unsigned(),
    }
}

/// Which side makes the messages of a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Initiator,
    Acceptor,
}

impl Side {
    /// Who sends, and who is heard.
    const fn of(role: Role) -> (Self, Self) {
        match role {
            Role::Initiator => (Self::Initiator, Self::Acceptor),
            Role::Acceptor => (Self::Acceptor, Self::Initiator),
        }
    }
}

/// So many parts of a message need no heap.
const INLINE: usize = 10;

/// Whether a message is to be encrypted. Signing is always to be had, a Kerberos context has
/// keys; a caller who asked for no confidentiality and then wants it must not go on in clear.
fn encrypts(qop: Qop, flags: ContextFlags) -> Result<bool> {
    match qop {
        Qop::WrapNoEncrypt => Ok(false),
        Qop::Default if flags.contains(ContextFlags::CONFIDENTIALITY) => Ok(true),
        Qop::Default => Err(Error::new(
            CallerFault::Unsupported,
            "confidentiality was not agreed; SECQOP_WRAP_NO_ENCRYPT signs only",
        )),
    }
}

/// Bytes of the parts that are encrypted.
fn data_length(parts: &[Part<'_>]) -> usize {
    let length = |part: &Part<'_>| match part {
        Part::Data(data) => data.len(),
        Part::Signed(_) => 0,
    };
    parts.iter().map(length).fold(0, usize::saturating_add)
}

/// Leaves nothing of what was decrypted of a message that is refused.
fn wipe(parts: &mut [Part<'_>]) {
    for part in parts {
        if let Part::Data(data) = part {
            data.zeroize();
        }
    }
}

/// A place for so many bytes of a token.
fn room(token: &mut [u8], length: usize) -> Result<&mut [u8]> {
    Ok(token.get_mut(..length).ok_or(CallerFault::BufferTooSmall)?)
}

fn malformed(story: &str) -> Error {
    Error::new(PeerFault::MalformedToken, story)
}

#[cold]
fn altered() -> Error {
    PeerFault::MessageAltered.into()
}

fn damaged() -> Error {
    Error::new(PeerFault::MalformedToken, "the packed context's message protection is damaged")
}
