//! Message calls: handle to context, the direction's lock, the package's protection.
//!
//! Holds: the four calls. May use: `spi`. Must not touch: everything else.

use std::sync::Arc;

use super::contexts::{self, Context};
use super::handles::ContextHandle;
use super::sasl::{Agreed, Sasl};
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
        let established = self.0.established()?;
        if let Some(agreed) = self.agreed() {
            agreed.sends(established, qop, length(parts))?;
        }
        established.sender()?.seal(qop, parts, token, padding, seq)
    }

    /// `DecryptMessage` with TOKEN and DATA.
    pub fn unseal(
        &self,
        parts: &mut [Part<'_>],
        token: &mut [u8],
        padding: &mut [u8],
        seq: u32,
    ) -> Result<Option<Qop>> {
        let established = self.0.established()?;
        let Some(agreed) = self.agreed() else {
            return established.receiver()?.unseal(parts, token, padding, seq);
        };
        let around = token.len().saturating_add(padding.len());
        agreed.takes(length(parts).saturating_add(around))?;
        let qop = established.receiver()?.unseal(parts, token, padding, seq)?;
        agreed.accepts(qop)?;
        Ok(qop)
    }

    /// `DecryptMessage` with STREAM.
    pub fn unseal_stream(&self, stream: &mut [u8], seq: u32) -> Result<Opened> {
        let established = self.0.established()?;
        let Some(agreed) = self.agreed() else {
            return established.receiver()?.unseal_stream(stream, seq);
        };
        agreed.takes(stream.len())?;
        let opened = established.receiver()?.unseal_stream(stream, seq)?;
        agreed.accepts(opened.qop)?;
        Ok(opened)
    }

    /// What SASL agreed on, where the context is one of SASL.
    fn agreed(&self) -> Option<&Agreed> {
        self.0.sasl().and_then(Sasl::agreed)
    }
}

fn length(parts: &[Part<'_>]) -> usize {
    parts.iter().map(|part| part.bytes().len()).fold(0, usize::saturating_add)
}
