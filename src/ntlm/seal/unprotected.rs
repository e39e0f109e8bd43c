//! Contexts without signing: a signature that says nothing, and no sealing.
//!
//! Observed: Windows signs with these 16 bytes and accepts them (reference vectors of its own
//! tests), and refuses to encrypt.

use subtle::ConstantTimeEq;

use super::{SIGNATURE, accept_qop, damaged, received, room};
use crate::spi::error::{CallerFault, Error, PeerFault, Result};
use crate::spi::message::{MessageReceiver, MessageSender, Opened, Part, Qop, Sealed};
use crate::spi::secret::SecretBytes;

const DUMMY: [u8; SIGNATURE] = 1_u128.to_le_bytes();

/// Both directions; they have no state.
pub fn open(
    states: Option<(&[u8], &[u8])>,
) -> Result<(Box<dyn MessageSender>, Box<dyn MessageReceiver>)> {
    if states.is_some_and(|(sender, receiver)| !sender.is_empty() || !receiver.is_empty()) {
        return Err(damaged());
    }
    Ok((Box::new(Unprotected), Box::new(Unprotected)))
}

struct Unprotected;

impl MessageSender for Unprotected {
    fn sign(&mut self, qop: Qop, _: &[&[u8]], token: &mut [u8], _: u32) -> Result<usize> {
        accept_qop(qop);
        *room(token)? = DUMMY;
        Ok(SIGNATURE)
    }

    fn seal(
        &mut self,
        _: Qop,
        _: &mut [Part<'_>],
        _: &mut [u8],
        _: &mut [u8],
        _: u32,
    ) -> Result<Sealed> {
        Err(nothing_agreed())
    }

    fn save(&self) -> SecretBytes {
        SecretBytes::default()
    }
}

impl MessageReceiver for Unprotected {
    fn verify(&mut self, _: &[&[u8]], token: &[u8], _: u32) -> Result<Option<Qop>> {
        if bool::from(received(token)?.ct_eq(&DUMMY)) {
            Ok(None)
        } else {
            Err(PeerFault::MessageAltered.into())
        }
    }

    fn unseal(
        &mut self,
        _: &mut [Part<'_>],
        _: &mut [u8],
        _: &mut [u8],
        _: u32,
    ) -> Result<Option<Qop>> {
        Err(nothing_agreed())
    }

    fn unseal_stream(&mut self, _: &mut [u8], _: u32) -> Result<Opened> {
        Err(nothing_agreed())
    }

    fn save(&self) -> SecretBytes {
        SecretBytes::default()
    }
}

fn nothing_agreed() -> Error {
    Error::new(CallerFault::Unsupported, "neither signing nor sealing was agreed")
}
