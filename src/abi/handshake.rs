//! One call of a handshake: from the pointers of C to a step, and back.
//!
//! Holds: what `InitializeSecurityContext` and `AcceptSecurityContext` share.
//! May use: the pointer vocabulary, `sspi`, `spi`. Must not touch: protocols.

use super::buffers::{self, Buffer, Buffers};
use super::flags;
use super::handles::{credential_in, optional_context, optional_credential, to_c};
use super::identity::{AuthData, identity_in};
use super::memory::{self, Kind};
use super::pointers::Out;
use super::time;
#[allow(clippy::wildcard_imports)]
use super::types::*;
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::identity::PackageList;
use crate::spi::package::{AcquireRequest, Opening, Refusal, StepInput, Usage};
use crate::spi::packed::Role;
use crate::spi::status::{SEC_E_OK, SEC_I_CONTINUE_NEEDED, Status};
use crate::sspi::contexts::{self, Reply, Room, Stepped};

/// The pointers of a call.
pub struct Call {
    /// Which of the two functions.
    pub role: Role,
    /// How the step is taken: as it is, or with the layers of SASL.
    pub step: fn(contexts::Call<'_>) -> Result<Reply>,
    /// `phCredential`
    pub credential: PCredHandle,
    /// `phContext`
    pub context: PCtxtHandle,
    /// `fContextReq`
    pub requirements: ULONG,
    /// `pInput`
    pub input: PSecBufferDesc,
    /// `phNewContext`
    pub new_context: PCtxtHandle,
    /// `pOutput`
    pub output: PSecBufferDesc,
    /// `pfContextAttr`
    pub attributes: *mut ULONG,
    /// `ptsExpiry`
    pub expiry: PTimeStamp,
}

/// Takes the step. The target name is read when its turn comes, after the handles.
///
/// # Safety
/// As the exported functions.
pub unsafe fn run(call: &Call, target: impl FnOnce() -> Result<Option<String>>) -> Result<Status> {
    // SAFETY: the contract is the same.
    let (context, credential, new_context) = unsafe {
        let context = optional_context(call.context)?;
        let credential = match context {
            None => Some(credential_in(call.credential)?),
            Some(_) => optional_credential(call.credential)?,
        };
        (context, credential, Out::optional(call.new_context, "phNewContext")?)
    };
    if context.is_none() && call.new_context.is_null() {
        return Err(Error::new(CallerFault::InvalidHandle, "phNewContext is NULL"));
    }
    let target = target()?;
    // SAFETY: the contract is the same.
    let (input, output, attributes, expiry) = unsafe {
        (
            Buffers::read(call.input, "pInput")?,
            Buffers::read(call.output, "pOutput")?,
            Out::optional(call.attributes, "pfContextAttr")?,
            Out::optional(call.expiry, "ptsExpiry")?,
        )
    };
    let opening = Opening { target, flags: call.flags()? };
    // SAFETY: the contract is the same.
    let (token, bindings, supplied) = unsafe {
        let first = context.is_none();
        (call.token(&input, first)?, buffers::channel_bindings(&input)?, call.supplied(&input)?)
    };
    let place = Place::of(&output, call.allocates());
    let reply = (call.step)(contexts::Call {
        role: call.role,
        credential,
        context,
        opening,
        supplied,
        input: StepInput { token, bindings: bindings.as_ref() },
        room: place.room(),
    })?;
    match reply {
        Reply::Stepped(stepped) => {
            // SAFETY: the contract is the same.
            if let Err(error) = unsafe { place.write(&stepped.token) } {
                // Nobody would know of a context whose first token could not be handed out.
                if context.is_none() {
                    contexts::delete(stepped.handle)?;
                }
                return Err(error);
            }
            new_context.set(to_c(stepped.handle.to_words()));
            attributes.set(call.attributes_of(&stepped));
            expiry.set(time::to_c(stepped.expiry));
            Ok(if stepped.complete { SEC_E_OK } else { SEC_I_CONTINUE_NEEDED })
        }
        Reply::TooSmall(needed) => {
            place.tell_size(needed);
            let story = format!("the token needs {needed} bytes");
            Err(Error::new(CallerFault::BufferTooSmall, story))
        }
        // SAFETY: the contract is the same.
        Reply::Refused(refusal) => unsafe { refuse(refusal, &place) },
    }
}

/// A failed step. There may be a token to be sent all the same; if there is none, the caller must
/// not take the size of its own buffer for that of a token.
///
/// # Safety
/// The output buffer is writable.
unsafe fn refuse(refusal: Refusal, place: &Place<'_>) -> Result<Status> {
    let token = refusal.token.unwrap_or_default();
    if place.room() == Room::Unlimited || place.fits(token.len()) {
        // SAFETY: the contract is the same.
        unsafe { place.write(&token)? };
    }
    Err(refusal.error)
}

impl Call {
    fn allocates(&self) -> bool {
        let bit = match self.role {
            Role::Initiator => ISC_REQ_ALLOCATE_MEMORY,
            Role::Acceptor => ASC_REQ_ALLOCATE_MEMORY,
        };
        self.requirements & bit != 0
    }

    fn flags(&self) -> Result<ContextFlags> {
        let flags = match self.role {
            Role::Initiator => flags::from_isc_req(self.requirements),
            Role::Acceptor => flags::from_asc_req(self.requirements),
        };
        if flags.contains(ContextFlags::PROMPT_FOR_CREDS) {
            let story = "ISC_REQ_PROMPT_FOR_CREDS: there is nobody to ask for credentials";
            return Err(Error::new(CallerFault::Unsupported, story));
        }
        Ok(flags)
    }

    fn attributes_of(&self, stepped: &Stepped) -> u32 {
        let (bits, allocated) = match self.role {
            Role::Initiator => (flags::to_isc_ret(stepped.flags), ISC_RET_ALLOCATED_MEMORY),
            Role::Acceptor => (flags::to_asc_ret(stepped.flags), ASC_RET_ALLOCATED_MEMORY),
        };
        let anew = stepped.anew && self.role == Role::Initiator;
        bits | if self.allocates() { allocated } else { 0 }
            | if anew { ISC_RET_REAUTHENTICATION } else { 0 }
    }

    /// The peer's token. An empty one is none; so is, on a client's first call, a buffer full of
    /// zeros (JNA passes one).
    ///
    /// # Safety
    /// The buffer is readable for its size.
    unsafe fn token<'a>(&self, input: &Buffers<'a>, first: bool) -> Result<Option<&'a [u8]>> {
        let Some(buffer) = input.find(SECBUFFER_TOKEN) else { return Ok(None) };
        // SAFETY: the contract is the same.
        let bytes = unsafe { buffer.bytes("the input TOKEN")? };
        let blank = first && self.role == Role::Initiator && bytes.iter().all(|&byte| byte == 0);
        Ok(Some(bytes).filter(|bytes| !bytes.is_empty() && !blank))
    }

    /// Credentials that come with the call itself.
    ///
    /// # Safety
    /// The buffer points to an identity.
    unsafe fn supplied(&self, input: &Buffers<'_>) -> Result<Option<AcquireRequest>> {
        if self.role == Role::Acceptor || self.requirements & ISC_REQ_USE_SUPPLIED_CREDS == 0 {
            return Ok(None);
        }
        let Some(buffer) = input.find(SECBUFFER_PKG_PARAMS) else { return Ok(None) };
        if buffer.size < size_of::<SEC_WINNT_AUTH_IDENTITY_W>() || !buffer.pointer.is_aligned() {
            let story = "the PKG_PARAMS buffer holds no identity";
            return Err(Error::new(CallerFault::InvalidParameter, story));
        }
        // SAFETY: the contract is the same.
        let (identity, packages) = match unsafe { identity_in(buffer.pointer.cast())? } {
            AuthData::Default(list) if list == PackageList::default() => return Ok(None),
            AuthData::Default(list) => (None, list),
            AuthData::Explicit(identity) => {
                let list = identity.packages.clone();
                (Some(identity), list)
            }
        };
        let usage = Usage { inbound: false, outbound: true };
        Ok(Some(AcquireRequest { usage, identity, packages, ..AcquireRequest::default() }))
    }
}

/// Where the token goes.
struct Place<'a> {
    output: &'a Buffers<'a>,
    buffer: Option<Buffer>,
    allocate: bool,
}

impl<'a> Place<'a> {
    fn of(output: &'a Buffers<'a>, allocate: bool) -> Self {
        Self { output, buffer: output.find(SECBUFFER_TOKEN), allocate }
    }

    /// With ALLOCATE_MEMORY neither the pointer nor the size of the buffer means anything.
    fn room(&self) -> Room {
        match self.buffer {
            None => Room::None,
            Some(_) if self.allocate => Room::Unlimited,
            Some(buffer) if buffer.pointer.is_null() => Room::None,
            Some(buffer) => Room::Bytes(buffer.size),
        }
    }

    fn fits(&self, length: usize) -> bool {
        matches!(self.room(), Room::Bytes(room) if length <= room)
    }

    fn tell_size(&self, needed: usize) {
        if let Some(buffer) = self.buffer {
            self.output.set_size(buffer, needed);
        }
    }

    /// # Safety
    /// The buffer is writable for its size.
    unsafe fn write(&self, token: &[u8]) -> Result<()> {
        let Some(buffer) = self.buffer else { return Ok(()) };
        if self.allocate {
            let block = match token {
                [] => std::ptr::null_mut(),
                token => memory::hand_out(Kind::ContextBuffer, token)?,
            };
            self.output.set_pointer(buffer, block.cast());
        } else {
            // SAFETY: the contract is the same.
            unsafe { buffer.fill(token)? };
        }
        self.output.set_size(buffer, token.len());
        Ok(())
    }
}
