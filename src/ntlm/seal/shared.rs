//! Without extended session security both directions share one keystream and one counter
//! ([MS-NLMP] 3.4.4.1, 3.4.5.3).
//!
//! The two halves therefore wait for each other, and the order in which messages are sent and
//! received must be the same on both sides: that is the protocol's, not ours.

use std::sync::{Arc, Mutex, MutexGuard};

use subtle::ConstantTimeEq;

use super::session::{NUMBER, number, restore};
use super::{
    Protection, SEALED, SIGNATURE, accept_qop, damaged, encrypt_parts, next, received,
    restore_parts, room, split_stream,
};
use crate::crypto::crc32::Crc32;
use crate::crypto::rc4::{Rc4, STATE};
use crate::spi::error::{CallerFault, Error, LocalFault, PeerFault, Result};
use crate::spi::message::{MessageReceiver, MessageSender, Opened, Part, Qop, Sealed};
use crate::spi::secret::{Secret, SecretBytes};
use crate::wire::ntlm::NegotiateFlags;

/// Both directions, fresh or from their kept state, which is the same for both.
pub fn open(
    protection: &Protection,
    states: Option<(&[u8], &[u8])>,
) -> Result<(Box<dyn MessageSender>, Box<dyn MessageReceiver>)> {
    if protection.flags.contains(NegotiateFlags::DATAGRAM) {
        let story = "datagrams need extended session security";
        return Err(Error::new(CallerFault::Unsupported, story));
    }
    let (stream, seq) = match states {
        None => (None, 0),
        Some((sender, receiver)) if sender != receiver => return Err(damaged()),
        Some((state, _)) if state.len() == NUMBER => (None, number(state)?),
        Some((state, _)) => {
            let (stream, seq) = restore(state)?;
            (Some(stream), seq)
        }
    };
    let encrypts = protection.flags.contains(NegotiateFlags::SEAL);
    let protection = protection.duplicate();
    let both = Arc::new(Mutex::new(State { protection, stream, seq, encrypts }));
    Ok((Box::new(Shared(Arc::clone(&both))), Box::new(Shared(both))))
}

struct Shared(Arc<Mutex<State>>);

struct State {
    protection: Protection,
    /// Made for the first message.
    stream: Option<Rc4>,
    /// Of the next message in either direction.
    seq: u32,
    encrypts: bool,
}

impl Shared {
    fn state(&self) -> Result<MutexGuard<'_, State>> {
        self.0.lock().map_err(|_| {
            Error::new(LocalFault::Internal, "an earlier call on this context panicked")
        })
    }

    fn save_state(&self) -> SecretBytes {
        let Ok(state) = self.state() else { return SecretBytes::default() };
        let mut kept = Vec::with_capacity(STATE + NUMBER);
        if let Some(stream) = &state.stream {
            stream.save(&mut kept);
        }
        kept.extend_from_slice(&state.seq.to_le_bytes());
        SecretBytes::new(kept)
    }
}

impl State {
    fn stream(&mut self) -> &mut Rc4 {
        self.stream.get_or_insert_with(|| sealing_stream(&self.protection))
    }

    /// `MAC` (3.4.4.1): pad, checksum and number in one run of the keystream, after the data.
    /// The pad takes its keystream and goes out as zeros, as the pseudo-code ends. The example of
    /// 4.2.2.4 prints the encrypted pad (45c844e5); pyspnego and gss-ntlmssp compare all 16 bytes
    /// and, as Windows does (observed by pyspnego), expect zeros.
    fn signature(&mut self, checksum: u32) -> [u8; SIGNATURE] {
        let mut covered = [0; 12];
        covered[4..8].copy_from_slice(&checksum.to_le_bytes());
        covered[8..].copy_from_slice(&self.seq.to_le_bytes());
        self.stream().apply(&mut covered);
        covered[..4].fill(0);
        let mut signature = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        signature[4..].copy_from_slice(&covered);
        signature
    }

    /// Whether a signature is genuine; if not, its keystream is given back.
    fn verify(&mut self, checksum: u32, token: &[u8; SIGNATURE], after: u32) -> Result<()> {
        let mut expected = self.signature(checksum);
        // The pad may be anything.
        expected[4..8].copy_from_slice(&token[4..8]);
        if bool::from(expected.ct_eq(token)) {
            self.seq = after;
            return Ok(());
        }
        self.stream().unapply(&mut [0; 12]);
        Err(PeerFault::MessageAltered.into())
    }
}

impl MessageSender for Shared {
    fn sign(&mut self, qop: Qop, parts: &[&[u8]], token: &mut [u8], _seq: u32) -> Result<usize> {
        accept_qop(qop);
        let token = room(token)?;
        let mut state = self.state()?;
        let after = next(state.seq)?;
        *token = state.signature(checksum(parts.iter().copied()));
        state.seq = after;
        Ok(SIGNATURE)
    }

    fn seal(
        &mut self,
        qop: Qop,
        parts: &mut [Part<'_>],
        token: &mut [u8],
        _padding: &mut [u8],
        _seq: u32,
    ) -> Result<Sealed> {
        accept_qop(qop);
        let token = room(token)?;
        let mut state = self.state()?;
        let after = next(state.seq)?;
        let checksum = checksum(data(parts));
        if state.encrypts {
            encrypt_parts(state.stream(), parts);
        }
        *token = state.signature(checksum);
        state.seq = after;
        Ok(SEALED)
    }

    fn save(&self) -> SecretBytes {
        self.save_state()
    }

    fn restart_keystream(&mut self) {
        if let Ok(mut state) = self.state() {
            state.stream = None;
        }
    }
}

impl MessageReceiver for Shared {
    fn verify(&mut self, parts: &[&[u8]], token: &[u8], _seq: u32) -> Result<Option<Qop>> {
        let token = received(token)?;
        let mut state = self.state()?;
        let after = next(state.seq)?;
        state.verify(checksum(parts.iter().copied()), token, after)?;
        Ok(None)
    }

    fn unseal(
        &mut self,
        parts: &mut [Part<'_>],
        token: &mut [u8],
        _padding: &mut [u8],
        _seq: u32,
    ) -> Result<Option<Qop>> {
        let token = *received(token)?;
        let mut state = self.state()?;
        let after = next(state.seq)?;
        if state.encrypts {
            encrypt_parts(state.stream(), parts);
        }
        let verified = state.verify(checksum(data(parts)), &token, after);
        if verified.is_err() && state.encrypts {
            restore_parts(state.stream(), parts);
        }
        verified.map(|()| None)
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
        if let Ok(mut state) = self.state() {
            state.stream = None;
        }
    }
}

/// `SEALKEY` (3.4.5.3): the whole key, or with `LM_KEY` a weak one of 8 bytes.
fn sealing_stream(protection: &Protection) -> Rc4 {
    let key = protection.exported_session_key.expose();
    if !protection.flags.contains(NegotiateFlags::LM_KEY) {
        return Rc4::new(key);
    }
    let [k0, k1, k2, k3, k4, k5, k6, ..] = *key;
    let weak = if protection.flags.contains(NegotiateFlags::BITS_56) {
        Secret::new([k0, k1, k2, k3, k4, k5, k6, 0xA0])
    } else {
        Secret::new([k0, k1, k2, k3, k4, 0xE5, 0x38, 0xB0])
    };
    Rc4::new(weak.expose())
}

fn checksum<'p>(parts: impl Iterator<Item = &'p [u8]>) -> u32 {
    let mut checksum = Crc32::new();
    for part in parts {
        checksum.update(part);
    }
    checksum.finish()
}

/// Sealed messages are summed over their data only; headers that are merely signed are left out
/// (observed).
fn data<'p>(parts: &'p [Part<'_>]) -> impl Iterator<Item = &'p [u8]> {
    parts.iter().filter_map(|part| match part {
        Part::Data(data) => Some(&**data),
        Part::Signed(_) => None,
    })
}
