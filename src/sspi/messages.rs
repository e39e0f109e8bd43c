//! Message calls: handle to context, the direction's lock, the package's protection.
//!
//! Holds: the four calls. May use: `spi`. Must not touch: everything else.

use std::sync::Arc;

use super::contexts::{self, Context};
use super::handles::ContextHandle;
use crate::spi::error::Result;
use crate::spi::message::{Opened, Part, Qop, Sealed};

/// An established context, looked up once for a call.
pub struct Channel(Arc<Context>);

impl Channel {
    /// The context of a handle, if its handshake is complete.
    pub fn of(handle: ContextHandle) -> Result<Self> {
        let context = contexts::find(handle)?;
        context.established()?;
        Ok(Self(context))
    }

    /// `MakeSignature`: the bytes of `token` that were used.
    pub fn sign(&self, qop: Qop, parts: &[&[u8]], token: &mut [u8], seq: u32) -> Result<usize> {
        self.0.established()?.sender()?.sign(qop, parts, token, seq)
    }

    /// `VerifySignature`.
    pub fn verify(&self, parts: &[&[u8]], token: &[u8], seq: u32) -> Result<Option<Qop>> {
        self.0.established()?.receiver()?.verify(parts, token, seq)
    }

    /// `EncryptMessage`.
    pub fn seal(
        &self,
        qop: Qop,
        parts: &mut [Part<'_>],
        token: &mut [u8],
        padding: &mut [u8],
        seq: u32,
    ) -> Result<Sealed> {
        self.0.established()?.sender()?.seal(qop, parts, token, padding, seq)
    }

    /// `DecryptMessage` with TOKEN and DATA.
    pub fn unseal(
        &self,
        parts: &mut [Part<'_>],
        token: &mut [u8],
        padding: &mut [u8],
        seq: u32,
    ) -> Result<Option<Qop>> {
        self.0.established()?.receiver()?.unseal(parts, token, padding, seq)
    }

    /// `DecryptMessage` with STREAM.
    pub fn unseal_stream(&self, stream: &mut [u8], seq: u32) -> Result<Opened> {
        self.0.established()?.receiver()?.unseal_stream(stream, seq)
    }
}
