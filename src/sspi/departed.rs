//! The directions of a context that moved to another process.
//!
//! Holds: refusals. May use: `spi`. Must not touch: everything else.
//!
//! A call that had the context in hand when it left must not go on with a keystream that belongs
//! to its importer now.

use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::message::{MessageReceiver, MessageSender, Opened, Part, Qop, Sealed};
use crate::spi::secret::SecretBytes;

/// Either direction of such a context.
pub struct Departed;

impl MessageSender for Departed {
    fn sign(&mut self, _: Qop, _: &[&[u8]], _: &mut [u8], _: u32) -> Result<usize> {
        Err(gone())
    }

    fn seal(
        &mut self,
        _: Qop,
        _: &mut [Part<'_>],
        _: &mut [u8],
        _: &mut [u8],
        _: u32,
    ) -> Result<Sealed> {
        Err(gone())
    }

    fn save(&self) -> SecretBytes {
        SecretBytes::default()
    }
}

impl MessageReceiver for Departed {
    fn verify(&mut self, _: &[&[u8]], _: &[u8], _: u32) -> Result<Option<Qop>> {
        Err(gone())
    }

    fn unseal(
        &mut self,
        _: &mut [Part<'_>],
        _: &mut [u8],
        _: &mut [u8],
        _: u32,
    ) -> Result<Option<Qop>> {
        Err(gone())
    }

    fn unseal_stream(&mut self, _: &mut [u8], _: u32) -> Result<Opened> {
        Err(gone())
    }

    fn save(&self) -> SecretBytes {
        SecretBytes::default()
    }
}

fn gone() -> Error {
    Error::new(CallerFault::InvalidHandle, "the context has moved to another process")
}
