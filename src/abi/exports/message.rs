//! `MakeSignature`, `VerifySignature`, `EncryptMessage`, `DecryptMessage` and their old names.

use crate::abi::boundary::boundary_ok;
use crate::abi::buffers::{Buffers, Message, Use};
use crate::abi::handles::context_in;
use crate::abi::pointers::Out;
use crate::abi::types::*;
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::message::Qop;
use crate::sspi::messages::Channel;

/// Signs the DATA buffers into the TOKEN buffer, whose size becomes that of the signature.
///
/// # Safety
/// `phContext` is NULL or readable; `pMessage` is NULL or a descriptor whose buffers are readable,
/// TOKEN writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn MakeSignature(
    phContext: PCtxtHandle,
    fQOP: ULONG,
    pMessage: PSecBufferDesc,
    MessageSeqNo: ULONG,
) -> SECURITY_STATUS {
    boundary_ok("MakeSignature", format_args!("qop={fQOP:#x} seq={MessageSeqNo}"), || {
        // SAFETY: the contract is the same.
        unsafe { sign(phContext, fQOP, pMessage, MessageSeqNo) }
    })
}

/// Verifies the signature in the TOKEN buffer over the DATA buffers.
///
/// # Safety
/// `phContext` is NULL or readable; `pMessage` is NULL or a descriptor whose buffers are readable;
/// `pfQOP` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn VerifySignature(
    phContext: PCtxtHandle,
    pMessage: PSecBufferDesc,
    MessageSeqNo: ULONG,
    pfQOP: *mut ULONG,
) -> SECURITY_STATUS {
    boundary_ok("VerifySignature", format_args!("seq={MessageSeqNo}"), || {
        // SAFETY: the contract is the same.
        unsafe { verify(phContext, pMessage, MessageSeqNo, pfQOP) }
    })
}

/// Encrypts the DATA buffers in place; TOKEN and PADDING get the sizes that were used.
/// TOKEN‖DATA‖PADDING is the message.
///
/// # Safety
/// `phContext` is NULL or readable; `pMessage` is NULL or a descriptor whose buffers are readable
/// and, unless marked read-only, writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn EncryptMessage(
    phContext: PCtxtHandle,
    fQOP: ULONG,
    pMessage: PSecBufferDesc,
    MessageSeqNo: ULONG,
) -> SECURITY_STATUS {
    boundary_ok("EncryptMessage", format_args!("qop={fQOP:#x} seq={MessageSeqNo}"), || {
        // SAFETY: the contract is the same.
        unsafe { seal(phContext, fQOP, pMessage, MessageSeqNo) }
    })
}

/// Decrypts in place: TOKEN and DATA buffers, or a STREAM buffer that holds a whole message, into
/// which the DATA buffer then points.
///
/// # Safety
/// `phContext` is NULL or readable; `pMessage` is NULL or a descriptor whose buffers are readable
/// and, unless marked read-only, writable; `pfQOP` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn DecryptMessage(
    phContext: PCtxtHandle,
    pMessage: PSecBufferDesc,
    MessageSeqNo: ULONG,
    pfQOP: *mut ULONG,
) -> SECURITY_STATUS {
    boundary_ok("DecryptMessage", format_args!("seq={MessageSeqNo}"), || {
        // SAFETY: the contract is the same.
        unsafe { unseal(phContext, pMessage, MessageSeqNo, pfQOP) }
    })
}

/// `EncryptMessage` under its old name.
///
/// # Safety
/// As `EncryptMessage`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SealMessage(
    phContext: PCtxtHandle,
    fQOP: ULONG,
    pMessage: PSecBufferDesc,
    MessageSeqNo: ULONG,
) -> SECURITY_STATUS {
    boundary_ok("SealMessage", format_args!("qop={fQOP:#x} seq={MessageSeqNo}"), || {
        // SAFETY: the contract is the same.
        unsafe { seal(phContext, fQOP, pMessage, MessageSeqNo) }
    })
}

/// `DecryptMessage` under its old name.
///
/// # Safety
/// As `DecryptMessage`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn UnsealMessage(
    phContext: PCtxtHandle,
    pMessage: PSecBufferDesc,
    MessageSeqNo: ULONG,
    pfQOP: *mut ULONG,
) -> SECURITY_STATUS {
    boundary_ok("UnsealMessage", format_args!("seq={MessageSeqNo}"), || {
        // SAFETY: the contract is the same.
        unsafe { unseal(phContext, pMessage, MessageSeqNo, pfQOP) }
    })
}

/// # Safety
/// As [`MakeSignature`].
unsafe fn sign(context: PCtxtHandle, qop: u32, message: PSecBufferDesc, seq: u32) -> Result<()> {
    // SAFETY: the contract is the same.
    let channel = Channel::of(unsafe { context_in(context)? })?;
    let qop = parse_qop(qop)?;
    // SAFETY: the contract is the same.
    let buffers = unsafe { Buffers::read(message, "pMessage")? };
    // SAFETY: the contract is the same.
    let mut message = unsafe { Message::read(&buffers, Use::Read)? };
    let token = message.token.take().ok_or_else(|| missing("TOKEN"))?;
    if message.parts.is_empty() {
        return Err(missing("DATA"));
    }
    let used = channel.sign(qop, &message.signed(), token, seq)?;
    if let Some(buffer) = message.token_buffer {
        buffers.set_size(buffer, used);
    }
    Ok(())
}

/// # Safety
/// As [`VerifySignature`].
unsafe fn verify(
    context: PCtxtHandle,
    message: PSecBufferDesc,
    seq: u32,
    qop: *mut u32,
) -> Result<()> {
    // SAFETY: the contract is the same.
    let channel = Channel::of(unsafe { context_in(context)? })?;
    // SAFETY: the contract is the same.
    let (buffers, out) =
        unsafe { (Buffers::read(message, "pMessage")?, Out::optional(qop, "pfQOP")?) };
    // SAFETY: the contract is the same.
    let mut message = unsafe { Message::read(&buffers, Use::Read)? };
    let token = message.token.take().ok_or_else(|| missing("TOKEN"))?;
    if message.parts.is_empty() {
        return Err(missing("DATA"));
    }
    if let Some(qop) = channel.verify(&message.signed(), token, seq)? {
        out.set(qop_to_c(qop));
    }
    Ok(())
}

/// # Safety
/// As [`EncryptMessage`].
unsafe fn seal(context: PCtxtHandle, qop: u32, message: PSecBufferDesc, seq: u32) -> Result<()> {
    // SAFETY: the contract is the same.
    let channel = Channel::of(unsafe { context_in(context)? })?;
    let qop = parse_qop(qop)?;
    // SAFETY: the contract is the same.
    let buffers = unsafe { Buffers::read(message, "pMessage")? };
    // SAFETY: the contract is the same.
    let mut message = unsafe { Message::read(&buffers, Use::Change)? };
    let token = message.token.take().ok_or_else(|| missing("TOKEN"))?;
    if message.parts.is_empty() {
        return Err(missing("DATA"));
    }
    let sealed = channel.seal(qop, &mut message.parts, token, message.padding, seq)?;
    if let Some(buffer) = message.token_buffer {
        buffers.set_size(buffer, sealed.token);
    }
    if let Some(buffer) = message.padding_buffer {
        buffers.set_size(buffer, sealed.padding);
    }
    Ok(())
}

/// # Safety
/// As [`DecryptMessage`].
unsafe fn unseal(
    context: PCtxtHandle,
    message: PSecBufferDesc,
    seq: u32,
    qop: *mut u32,
) -> Result<()> {
    // SAFETY: the contract is the same.
    let channel = Channel::of(unsafe { context_in(context)? })?;
    // SAFETY: the contract is the same.
    let (buffers, out) =
        unsafe { (Buffers::read(message, "pMessage")?, Out::optional(qop, "pfQOP")?) };
    let protected = if buffers.find(SECBUFFER_STREAM).is_some() {
        unseal_stream(&channel, &buffers, seq)?
    } else {
        // SAFETY: the contract is the same.
        let mut message = unsafe { Message::read(&buffers, Use::Change)? };
        let token = message.token.take().ok_or_else(|| missing("TOKEN or STREAM"))?;
        if message.parts.is_empty() {
            return Err(missing("DATA"));
        }
        channel.unseal(&mut message.parts, token, message.padding, seq)?
    };
    if let Some(qop) = protected {
        out.set(qop_to_c(qop));
    }
    Ok(())
}

/// A whole message in one buffer; what the DATA buffer points at is of no meaning before.
fn unseal_stream(channel: &Channel, buffers: &Buffers<'_>, seq: u32) -> Result<Option<Qop>> {
    let stream = buffers.find(SECBUFFER_STREAM).ok_or_else(|| missing("STREAM"))?;
    let data = buffers.find(SECBUFFER_DATA).ok_or_else(|| missing("DATA"))?;
    // SAFETY: `DecryptMessage` was promised that the stream is readable and writable; no other
    // slice is made in this call.
    let bytes =
        unsafe { crate::abi::pointers::slice_inout(stream.pointer, stream.size, "STREAM")? };
    let opened = channel.unseal_stream(bytes, seq)?;
    buffers.set_pointer(data, stream.pointer.wrapping_add(opened.data.start).cast());
    buffers.set_size(data, opened.data.len());
    Ok(opened.qop)
}

fn parse_qop(qop: u32) -> Result<Qop> {
    match qop {
        0 => Ok(Qop::Default),
        SECQOP_WRAP_NO_ENCRYPT => Ok(Qop::WrapNoEncrypt),
        _ => Err(CallerFault::UnknownQop.into()),
    }
}

const fn qop_to_c(qop: Qop) -> u32 {
    match qop {
        Qop::Default => 0,
        Qop::WrapNoEncrypt => SECQOP_WRAP_NO_ENCRYPT,
    }
}

fn missing(what: &str) -> Error {
    Error::new(CallerFault::MissingBuffer, format!("the message has no {what} buffer"))
}
