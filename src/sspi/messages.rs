//! Message calls: handle to context, the direction's lock, the package's protection.
//!
//! Holds: the four calls. May use: `spi`. Must not touch: everything else.

use super::contexts;
use super::handles::ContextHandle;
use crate::spi::error::Result;
use crate::spi::message::{Opened, Part, Qop, Sealed};

/// `MakeSignature`: the bytes of `token` that were used.
pub fn sign(
    handle: ContextHandle,
    qop: Qop,
    parts: &[&[u8]],
    token: &mut [u8],
    seq: u32,
) -> Result<usize> {
    contexts::find(handle)?.established()?.sender()?.sign(qop, parts, token, seq)
}

/// `VerifySignature`.
pub fn verify(
    handle: ContextHandle,
    parts: &[&[u8]],
    token: &[u8],
    seq: u32,
) -> Result<Option<Qop>> {
    contexts::find(handle)?.established()?.receiver()?.verify(parts, token, seq)
}

/// `EncryptMessage`.
pub fn seal(
    handle: ContextHandle,
    qop: Qop,
    parts: &mut [Part<'_>],
    token: &mut [u8],
    padding: &mut [u8],
    seq: u32,
) -> Result<Sealed> {
    contexts::find(handle)?.established()?.sender()?.seal(qop, parts, token, padding, seq)
}

/// `DecryptMessage` with TOKEN and DATA.
pub fn unseal(
    handle: ContextHandle,
    parts: &mut [Part<'_>],
    token: &mut [u8],
    padding: &mut [u8],
    seq: u32,
) -> Result<Option<Qop>> {
    contexts::find(handle)?.established()?.receiver()?.unseal(parts, token, padding, seq)
}

/// `DecryptMessage` with STREAM.
pub fn unseal_stream(handle: ContextHandle, stream: &mut [u8], seq: u32) -> Result<Opened> {
    contexts::find(handle)?.established()?.receiver()?.unseal_stream(stream, seq)
}

/// Whether the context can protect messages: asked before the buffers are looked at.
pub fn check(handle: ContextHandle) -> Result<()> {
    contexts::find(handle)?.established().map(drop)
}
