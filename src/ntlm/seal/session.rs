//! Extended session security: each direction has its own keys, keystream and counter
//! ([MS-NLMP] 3.4.4.2, 3.4.5.2, 3.4.5.3).

use subtle::ConstantTimeEq;

use super::{
    Protection, SEALED, SIGNATURE, accept_qop, damaged, next, received, restore_parts, room,
    split_stream,
};
use crate::crypto::digest::md5;
use crate::crypto::hmac_md5::HmacMd5Key;
use crate::crypto::rc4::{Rc4, STATE};
use crate::spi::error::{PeerFault, Result};
use crate::spi::message::{MessageReceiver, MessageSender, Opened, Part, Qop, Sealed};
use crate::spi::packed::Role;
use crate::spi::secret::{Secret, SecretBytes};
use crate::wire::ntlm::NegotiateFlags;

/// Both directions, fresh or from their kept states.
pub fn open(
    protection: &Protection,
    role: Role,
    states: Option<(&[u8], &[u8])>,
) -> Result<(Box<dyn MessageSender>, Box<dyn MessageReceiver>)> {
    let (ours, theirs) = match role {
        Role::Initiator => (Side::Client, Side::Server),
        Role::Acceptor => (Side::Server, Side::Client),
    };
    let (sender, receiver) = states.unzip();
    Ok((
        Box::new(Direction::open(protection, ours, sender)?),
        Box::new(Direction::open(protection, theirs, receiver)?),
    ))
}

/// Who sends in a direction.
#[derive(Clone, Copy)]
enum Side {
    Client,
    Server,
}

struct Direction {
    protection: Protection,
    side: Side,
    /// Made for the first message: many contexts only authenticate.
    keys: Option<Keys>,
    /// Of the next message.
    seq: u32,
    encrypts: bool,
    datagram: bool,
}

struct Keys {
    signing: HmacMd5Key,
    sealing: Secret<16>,
    stream: Rc4,
    key_exchange: bool,
}

impl Direction {
    fn open(protection: &Protection, side: Side, state: Option<&[u8]>) -> Result<Self> {
        let (keys, seq) = match state {
            None => (None, 0),
            // The keystream has not begun: it is made of the keys again.
            Some(state) if state.len() == NUMBER => (None, number(state)?),
            Some(state) => {
                let (stream, seq) = restore(state)?;
                (Some(Keys { stream, ..Keys::new(protection, side) }), seq)
            }
        };
        let flags = protection.flags;
        Ok(Self {
            protection: protection.duplicate(),
            side,
            keys,
            seq,
            encrypts: flags.contains(NegotiateFlags::SEAL),
            datagram: flags.contains(NegotiateFlags::DATAGRAM),
        })
    }

    /// The keys, the number of this message, and the one after it. Datagrams are numbered by the
    /// application, and each has a keystream of its own: `RC4(MD5(SealKey ‖ SeqNum))` (3.4).
    fn begin(&mut self, seq: u32) -> Result<(&mut Keys, u32, u32)> {
        let keys = self.keys.get_or_insert_with(|| Keys::new(&self.protection, self.side));
        if self.datagram {
            let key = Secret::new(md5(&[keys.sealing.expose(), &seq.to_le_bytes()]));
            keys.stream = Rc4::new(key.expose());
            return Ok((keys, seq, 0));
        }
        Ok((keys, self.seq, next(self.seq)?))
    }

    fn save_state(&self) -> SecretBytes {
        let mut state = Vec::with_capacity(STATE + NUMBER);
        if let Some(keys) = &self.keys {
            keys.stream.save(&mut state);
        }
        state.extend_from_slice(&self.seq.to_le_bytes());
        SecretBytes::new(state)
    }
}

impl Keys {
    #[cold]
    fn new(protection: &Protection, side: Side) -> Self {
        let sealing = sealkey(protection, side);
        Self {
            signing: HmacMd5Key::new(signkey(protection, side).expose()),
            stream: Rc4::new(sealing.expose()),
            sealing,
            key_exchange: protection.flags.contains(NegotiateFlags::KEY_EXCH),
        }
    }

    fn code<'p>(&self, seq: u32, parts: impl Iterator<Item = &'p [u8]>) -> [u8; 16] {
        let mut code = self.signing.start_with(seq);
        for part in parts {
            code.update(part);
        }
        code.finish()
    }

    /// `MAC` (3.4.4.2), given the first half of the code. The checksum takes its keystream after
    /// the data, in signed messages too.
    fn signature(&mut self, seq: u32, code: [u8; 16]) -> [u8; SIGNATURE] {
        let [c0, c1, c2, c3, c4, c5, c6, c7, ..] = code;
        let mut checksum = [c0, c1, c2, c3, c4, c5, c6, c7];
        if self.key_exchange {
            self.stream.apply(&mut checksum);
        }
        let mut signature = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        signature[4..12].copy_from_slice(&checksum);
        signature[12..].copy_from_slice(&seq.to_le_bytes());
        signature
    }

    /// Gives back the keystream that [`Self::signature`] took.
    fn rewind_signature(&mut self) {
        if self.key_exchange {
            self.stream.unapply(&mut [0; 8]);
        }
    }
}

impl MessageSender for Direction {
    fn sign(&mut self, qop: Qop, parts: &[&[u8]], token: &mut [u8], seq: u32) -> Result<usize> {
        accept_qop(qop);
        let token = room(token)?;
        let (keys, seq, after) = self.begin(seq)?;
        let code = keys.code(seq, parts.iter().copied());
        *token = keys.signature(seq, code);
        self.seq = after;
        Ok(SIGNATURE)
    }

    fn seal(
        &mut self,
        qop: Qop,
        parts: &mut [Part<'_>],
        token: &mut [u8],
        _padding: &mut [u8],
        seq: u32,
    ) -> Result<Sealed> {
        accept_qop(qop);
        let token = room(token)?;
        let encrypts = self.encrypts;
        let (keys, seq, after) = self.begin(seq)?;
        let mut code = keys.signing.start_with(seq);
        for part in parts {
            match part {
                Part::Data(data) if encrypts => {
                    code.update_and_encrypt(data, &mut keys.stream);
                }
                part => code.update(part.bytes()),
            }
        }
        let code = code.finish();
        *token = keys.signature(seq, code);
        self.seq = after;
        Ok(SEALED)
    }

    fn save(&self) -> SecretBytes {
        self.save_state()
    }

    fn restart_keystream(&mut self) {
        self.keys = None;
    }
}

impl MessageReceiver for Direction {
    fn verify(&mut self, parts: &[&[u8]], token: &[u8], seq: u32) -> Result<Option<Qop>> {
        let token = received(token)?;
        let (keys, seq, after) = self.begin(seq)?;
        let code = keys.code(seq, parts.iter().copied());
        let expected = keys.signature(seq, code);
        if same(&expected, token) {
            self.seq = after;
            return Ok(None);
        }
        keys.rewind_signature();
        Err(PeerFault::MessageAltered.into())
    }

    fn unseal(
        &mut self,
        parts: &mut [Part<'_>],
        token: &mut [u8],
        _padding: &mut [u8],
        seq: u32,
    ) -> Result<Option<Qop>> {
        let token = *received(token)?;
        let encrypts = self.encrypts;
        let (keys, seq, after) = self.begin(seq)?;
        let mut code = keys.signing.start_with(seq);
        for part in &mut *parts {
            match part {
                Part::Data(data) if encrypts => {
                    code.decrypt_and_update(data, &mut keys.stream);
                }
                part => code.update(part.bytes()),
            }
        }
        let code = code.finish();
        let expected = keys.signature(seq, code);
        if same(&expected, &token) {
            self.seq = after;
            return Ok(None);
        }
        keys.rewind_signature();
        if encrypts {
            restore_parts(&mut keys.stream, parts);
        }
        Err(PeerFault::MessageAltered.into())
    }

    fn unseal_stream(&mut self, stream: &mut [u8], seq: u32) -> Result<Opened> {
        let length = stream.len();
        let (mut token, data) = split_stream(stream)?;
        self.unseal(&mut [Part::Data(data)], &mut token, &mut [], seq)?;
        Ok(Opened { data: SIGNATURE..length, qop: None })
    }

    fn save(&self) -> SecretBytes {
        self.save_state()
    }

    fn restart_keystream(&mut self) {
        self.keys = None;
    }
}

/// Compared as one number: it is as constant in time as byte by byte, and shorter.
fn same(expected: &[u8; SIGNATURE], token: &[u8; SIGNATURE]) -> bool {
    u128::from_ne_bytes(*expected).ct_eq(&u128::from_ne_bytes(*token)).into()
}

/// `SIGNKEY` (3.4.5.2): the whole key, whatever its strength.
fn signkey(protection: &Protection, side: Side) -> Secret<16> {
    let constant: &[u8] = match side {
        Side::Client => b"session key to client-to-server signing key magic constant\0",
        Side::Server => b"session key to server-to-client signing key magic constant\0",
    };
    Secret::new(md5(&[protection.exported_session_key.expose(), constant]))
}

/// `SEALKEY` (3.4.5.3): of 16, 7 or 5 bytes of the key.
fn sealkey(protection: &Protection, side: Side) -> Secret<16> {
    let constant: &[u8] = match side {
        Side::Client => b"session key to client-to-server sealing key magic constant\0",
        Side::Server => b"session key to server-to-client sealing key magic constant\0",
    };
    let bytes = protection.key_bits() as usize / 8;
    let key = protection.exported_session_key.expose().get(..bytes).unwrap_or_default();
    Secret::new(md5(&[key, constant]))
}

/// Bytes of the number alone: the state of a keystream that has not begun.
pub(super) const NUMBER: usize = 4;

pub(super) fn number(state: &[u8]) -> Result<u32> {
    Ok(u32::from_le_bytes(state.try_into().map_err(|_| damaged())?))
}

pub(super) fn restore(state: &[u8]) -> Result<(Rc4, u32)> {
    let (stream, seq) = state.split_first_chunk::<STATE>().ok_or_else(damaged)?;
    Ok((Rc4::restore(stream).ok_or_else(damaged)?, number(seq)?))
}
