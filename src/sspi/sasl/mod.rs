//! SASL: handshakes with a security layer agreed at their end (RFC 4752), and the options of such
//! contexts.
//!
//! Holds: what the `Sasl…` functions do with a context. May use: the contexts, `lsa`, `spi`.
//! Must not touch: the mechanisms' tokens.
//!
//! The mechanism is the one of the credential's package. GSSAPI (Kerberos) agrees on the layer in
//! two further messages. GSS-SPNEGO (Negotiate) and NTLM have no such messages: the flags of the
//! context are the layer ([MS-ADTS] 5.1.2.1; Cyrus SASL and Samba do the same).

mod exchange;
mod layers;
mod options;
mod profiles;

pub use options::{OptionId, OptionValue};
pub use profiles::{identify, names, package};

use std::sync::{Mutex, MutexGuard, OnceLock};

use super::contexts::{self, Call, Context, Reply, Room, Stepped};
use super::established::Established;
use super::handles::ContextHandle;
use crate::lsa;
use crate::spi::error::{CallerFault, Error, LocalFault, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::message::Qop;
use crate::spi::package::PackageId;
use crate::spi::packed::Role;
use layers::{Choice, Layer, Layers, Offer};
use options::Options;

/// An offer or a choice is never longer than this: it must be known before a server's first step,
/// which cannot be taken twice.
const OFFER_ROOM: usize = 128;

/// `SaslInitializeSecurityContext` and `SaslAcceptSecurityContext`.
pub fn step(call: Call<'_>) -> Result<Reply> {
    let room = call.room;
    let reply = match call.context {
        None => first_step(call),
        Some(handle) => next_step(handle, call),
    }?;
    match (&reply, room) {
        (Reply::TooSmall(_), Room::None) => {
            let story = "there is a token, and no TOKEN buffer for it";
            Err(Error::new(CallerFault::MissingBuffer, story))
        }
        _ => Ok(reply),
    }
}

/// Whether the handle names a living context of SASL.
pub fn check(handle: ContextHandle) -> Result<()> {
    sasl_of(&*contexts::find(handle)?).map(drop)
}

/// `SaslSetContextOption`. What was told to the peer does not change any more.
pub fn set_option(handle: ContextHandle, option: OptionId, value: &OptionValue) -> Result<()> {
    let context = contexts::find(handle)?;
    let sasl = sasl_of(&context)?;
    let mut state = sasl.state()?;
    if option == OptionId::AuthorizationString && !(sasl.negotiates && sasl.role == Role::Initiator)
    {
        let story = "only a client of GSSAPI can ask to act as another";
        return Err(Error::new(CallerFault::Unsupported, story));
    }
    let told = match state.stage {
        Stage::Handshake | Stage::Acknowledgement | Stage::Offer { .. } => false,
        // The offer carried the size, and nothing of the rest.
        Stage::Choice(_) => option == OptionId::ReceiveSize,
        Stage::Over | Stage::Failed => true,
    };
    if told {
        let story = "the security layer is agreed on, the option can no longer be set";
        return Err(Error::new(CallerFault::OutOfSequence, story));
    }
    state.options.set(option, value)
}

/// `SaslGetContextOption`.
pub fn option(handle: ContextHandle, option: OptionId) -> Result<OptionValue> {
    let context = contexts::find(handle)?;
    let state = sasl_of(&context)?.state()?;
    state.options.get(option)
}

/// What makes a context one of SASL.
pub(super) struct Sasl {
    role: Role,
    /// What the caller asked for, before the profile added to it.
    wanted: ContextFlags,
    /// Whether the layer is agreed on in messages of its own.
    negotiates: bool,
    state: Mutex<State>,
    agreed: OnceLock<Agreed>,
}

/// What was agreed on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Agreed {
    layer: Layer,
    /// The most data that may be sent in one message.
    send: Option<u32>,
    /// The longest protected message that is taken.
    receive: Option<u32>,
}

struct State {
    stage: Stage,
    options: Options,
    /// A message that the caller had no room for, and what is agreed when it goes out.
    waiting: Option<Ready>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The mechanism's own messages.
    Handshake,
    /// Servers: the client acknowledges the mechanism's last token with nothing.
    Acknowledgement,
    /// Clients: the server's offer is awaited. The server may acknowledge the mechanism's last token
    /// with nothing before it, when the client sent one: Samba does.
    Offer { acknowledged: bool },
    /// Servers: the client's choice is awaited.
    Choice(Layers),
    /// The layer is agreed on.
    Over,
    /// Only deletion is sensible.
    Failed,
}

/// A message to be delivered.
struct Ready {
    token: Vec<u8>,
    agreed: Option<Agreed>,
}

impl Sasl {
    fn new(role: Role, wanted: ContextFlags, package: PackageId) -> Self {
        let state = State { stage: Stage::Handshake, options: Options::default(), waiting: None };
        Self {
            role,
            wanted,
            negotiates: package == PackageId::Kerberos,
            state: Mutex::new(state),
            agreed: OnceLock::new(),
        }
    }

    /// What was agreed on, if the exchange is over.
    pub fn agreed(&self) -> Option<&Agreed> {
        self.agreed.get()
    }

    fn state(&self) -> Result<MutexGuard<'_, State>> {
        self.state.lock().map_err(|_| {
            Error::new(LocalFault::Internal, "an earlier call on this context panicked")
        })
    }
}

impl Agreed {
    /// The flags of the context: what its layer does not do, the context does not offer.
    pub fn restrict(&self, flags: ContextFlags) -> ContextFlags {
        self.layer.restrict(flags)
    }

    /// Whether a message may be sent: in the form of the layer, and no more data than the peer
    /// takes.
    pub fn sends(&self, established: &Established, qop: Qop, data: usize) -> Result<()> {
        let kerberos = established.context.package == PackageId::Kerberos;
        let story = match (self.layer, qop) {
            (Layer::None, _) => "no security layer was agreed on",
            // NTLM signs without encrypting of itself.
            (Layer::Integrity, Qop::Default) if kerberos => {
                "confidentiality was not agreed on; SECQOP_WRAP_NO_ENCRYPT signs only"
            }
            (Layer::Confidentiality, Qop::WrapNoEncrypt) => {
                "confidentiality was agreed on: every message is encrypted"
            }
            _ => return self.fits(data),
        };
        Err(Error::new(CallerFault::Unsupported, story))
    }

    /// Whether a message of so many bytes is taken.
    pub fn takes(&self, length: usize) -> Result<()> {
        if self.layer == Layer::None {
            return Err(Error::new(CallerFault::Unsupported, "no security layer was agreed on"));
        }
        match self.receive {
            Some(limit) if length > limit as usize => {
                let story = format!("the message has {length} bytes, and {limit} were agreed on");
                Err(Error::new(PeerFault::MalformedToken, story))
            }
            _ => Ok(()),
        }
    }

    /// Whether a message that was opened is protected as agreed.
    pub fn accepts(&self, qop: Option<Qop>) -> Result<()> {
        if self.layer == Layer::Confidentiality && qop == Some(Qop::WrapNoEncrypt) {
            let story = "the message is not encrypted, and confidentiality was agreed on";
            return Err(Error::new(PeerFault::Downgrade, story));
        }
        Ok(())
    }

    fn fits(&self, data: usize) -> Result<()> {
        match self.send {
            Some(limit) if data > limit as usize => {
                let story = format!("{data} bytes of data, and the peer takes {limit} at most");
                Err(Error::new(CallerFault::InvalidParameter, story))
            }
            _ => Ok(()),
        }
    }
}

fn sasl_of(context: &Context) -> Result<&Sasl> {
    context.sasl().ok_or_else(|| {
        Error::new(CallerFault::InvalidHandle, "the context was not begun by a function of SASL")
    })
}

/// The mechanism's first step. What the layer needs of the context is asked for.
fn first_step(mut call: Call<'_>) -> Result<Reply> {
    let credential = call.credential.ok_or(CallerFault::InvalidHandle)?;
    let package = lsa::credential_package(credential.0)?;
    let (role, room, wanted) = (call.role, call.room, call.opening.flags);
    let negotiates = package == PackageId::Kerberos;
    if negotiates && role == Role::Acceptor && !room.fits(OFFER_ROOM) {
        return Ok(Reply::TooSmall(OFFER_ROOM));
    }
    if role == Role::Initiator {
        call.opening.flags = opening_flags(wanted, negotiates);
    }
    match contexts::step(call)? {
        Reply::Stepped(stepped) => {
            let handle = stepped.handle;
            let begun = begin(stepped, room, Sasl::new(role, wanted, package));
            if !matches!(begun, Ok(Reply::Stepped(_))) {
                // The caller never learns of it.
                contexts::delete(handle)?;
            }
            begun
        }
        other => Ok(other),
    }
}

fn begin(stepped: Stepped, room: Room, sasl: Sasl) -> Result<Reply> {
    let context = contexts::find(stepped.handle)?;
    let sasl = context.begin_sasl(sasl)?;
    after_mechanism(&context, sasl, &mut *sasl.state()?, stepped, room)
}

/// RFC 4752 3.1: integrity always; mutual authentication and sequence where there is to be a layer.
fn opening_flags(wanted: ContextFlags, negotiates: bool) -> ContextFlags {
    let mut flags = wanted;
    if negotiates {
        flags.remove(ContextFlags::NO_INTEGRITY);
        flags |= ContextFlags::INTEGRITY;
    }
    if wanted.intersects(ContextFlags::INTEGRITY | ContextFlags::CONFIDENTIALITY) {
        flags |= ContextFlags::MUTUAL_AUTH | ContextFlags::SEQUENCE_DETECT;
    }
    flags
}

fn next_step(handle: ContextHandle, call: Call<'_>) -> Result<Reply> {
    let context = contexts::find(handle)?;
    let sasl = sasl_of(&context)?;
    if let Some(credential) = call.credential {
        super::credentials::check(credential)?;
    }
    if sasl.role != call.role {
        let story = "a client's context was given to the server's function, or the reverse";
        return Err(Error::new(CallerFault::InvalidHandle, story));
    }
    let mut state = sasl.state()?;
    let room = call.room;
    if let Some(ready) = state.waiting.take() {
        return Ok(deliver(handle, &context, sasl, &mut state, ready, room));
    }
    let stage = std::mem::replace(&mut state.stage, Stage::Failed);
    match stage {
        Stage::Handshake => {
            // A token that does not fit is kept by the context: the stage is the same.
            let reply = contexts::step(call)?;
            if let Reply::Stepped(stepped) = reply {
                return after_mechanism(&context, sasl, &mut state, stepped, room);
            }
            if matches!(reply, Reply::TooSmall(_)) {
                state.stage = stage;
            }
            Ok(reply)
        }
        Stage::Over | Stage::Failed => {
            state.stage = stage;
            let story = "the handshake of this context is over";
            Err(Error::new(CallerFault::OutOfSequence, story))
        }
        Stage::Acknowledgement | Stage::Offer { .. } | Stage::Choice(_) => {
            let established = context.established_below_sasl()?;
            let token = call.input.token.unwrap_or_default();
            let ready = answer(sasl, &mut state, established, stage, token)?;
            Ok(deliver(handle, &context, sasl, &mut state, ready, room))
        }
    }
}

/// What comes after a step of the mechanism: more of them, the layer's messages, or the end.
fn after_mechanism(
    context: &Context,
    sasl: &Sasl,
    state: &mut State,
    mut stepped: Stepped,
    room: Room,
) -> Result<Reply> {
    if !stepped.complete {
        state.stage = Stage::Handshake;
        return Ok(Reply::Stepped(stepped));
    }
    let established = context.established_below_sasl()?;
    if !sasl.negotiates {
        let (send, receive) = state.options.limits();
        let layer = Layer::of_flags(stepped.flags);
        sasl.agreed.set(Agreed { layer, send, receive }).map_err(|_| LocalFault::Internal)?;
        state.stage = Stage::Over;
        return Ok(Reply::Stepped(stepped));
    }
    stepped.complete = false;
    match sasl.role {
        Role::Initiator => {
            state.stage = Stage::Offer { acknowledged: stepped.token.is_empty() };
        }
        Role::Acceptor if !stepped.token.is_empty() => state.stage = Stage::Acknowledgement,
        Role::Acceptor => {
            let ready = offer(sasl, state, established)?;
            return Ok(deliver(stepped.handle, context, sasl, state, ready, room));
        }
    }
    Ok(Reply::Stepped(stepped))
}

/// The answer to a message of the layer's exchange. Whatever fails here fails for good.
fn answer(
    sasl: &Sasl,
    state: &mut State,
    established: &Established,
    stage: Stage,
    token: &[u8],
) -> Result<Ready> {
    match stage {
        Stage::Acknowledgement if token.is_empty() => offer(sasl, state, established),
        Stage::Acknowledgement => {
            let story = "the client sent data where it only had to acknowledge";
            Err(Error::new(PeerFault::UnexpectedToken, story))
        }
        Stage::Offer { acknowledged: false } if token.is_empty() => {
            state.stage = Stage::Offer { acknowledged: true };
            Ok(Ready { token: Vec::new(), agreed: None })
        }
        Stage::Offer { .. } => choose(sasl, state, established, token),
        Stage::Choice(offered) => take_choice(state, established, offered, token),
        Stage::Handshake | Stage::Over | Stage::Failed => Err(LocalFault::Internal.into()),
    }
}

fn offer(sasl: &Sasl, state: &mut State, established: &Established) -> Result<Ready> {
    let flags = established.context.flags;
    let offer = Offer::of_server(sasl.wanted, flags, state.options.receive_size())?;
    let token = exchange::wrap(established, &offer.encode())?;
    state.stage = Stage::Choice(offer.layers);
    Ok(Ready { token, agreed: None })
}

fn choose(
    sasl: &Sasl,
    state: &mut State,
    established: &Established,
    token: &[u8],
) -> Result<Ready> {
    let offer = Offer::decode(&exchange::unwrap(established, token)?)?;
    let own = state.options.receive_size();
    let layer = offer.choose(sasl.wanted, established.context.flags, own)?;
    let agreed = agree(state, established, layer, offer.size)?;
    let choice = Choice { layer, size: own, authorization: state.options.to_ask()? };
    let token = exchange::wrap(established, &choice.encode())?;
    state.stage = Stage::Over;
    Ok(Ready { token, agreed: Some(agreed) })
}

fn take_choice(
    state: &mut State,
    established: &Established,
    offered: Layers,
    token: &[u8],
) -> Result<Ready> {
    let choice = Choice::decode(&exchange::unwrap(established, token)?, offered)?;
    state.options.asked(choice.authorization)?;
    let agreed = agree(state, established, choice.layer, choice.size)?;
    state.stage = Stage::Over;
    Ok(Ready { token: Vec::new(), agreed: Some(agreed) })
}

/// The limits of a layer. As documented, the data that may be sent is what the peer takes, less
/// block, trailer and signature.
fn agree(
    state: &mut State,
    established: &Established,
    layer: Layer,
    peer_takes: u32,
) -> Result<Agreed> {
    if layer == Layer::None {
        return Ok(Agreed { layer, send: None, receive: None });
    }
    let sizes = established.sizes;
    let around = [sizes.block_size, sizes.security_trailer, sizes.max_signature];
    let data = around.iter().fold(peer_takes, |left, size| left.saturating_sub(*size));
    if data == 0 {
        let story = format!("the peer takes {peer_takes} bytes, in which no message has room");
        return Err(Error::new(PeerFault::MalformedToken, story));
    }
    state.options.peer_takes(data);
    let (send, _) = state.options.limits();
    Ok(Agreed { layer, send, receive: Some(state.options.receive_size()) })
}

/// Hands a message over, or keeps it until the caller comes back with more room.
fn deliver(
    handle: ContextHandle,
    context: &Context,
    sasl: &Sasl,
    state: &mut State,
    ready: Ready,
    room: Room,
) -> Reply {
    if !room.fits(ready.token.len()) {
        let needed = ready.token.len();
        state.waiting = Some(ready);
        return Reply::TooSmall(needed);
    }
    let Ready { token, agreed } = ready;
    let complete = agreed.is_some();
    if let Some(agreed) = agreed {
        // Set once: the stage before it does not come back.
        let _ = sasl.agreed.set(agreed);
    }
    let (flags, expiry) = context.outcome();
    Reply::Stepped(Stepped { handle, token, complete, anew: false, flags, expiry })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_layer_needs_is_asked_for() {
        let (sign, seal) = (ContextFlags::INTEGRITY, ContextFlags::CONFIDENTIALITY);
        let layered = ContextFlags::MUTUAL_AUTH | ContextFlags::SEQUENCE_DETECT;
        assert_eq!(opening_flags(ContextFlags::empty(), true), sign);
        assert_eq!(opening_flags(ContextFlags::NO_INTEGRITY, true), sign);
        assert_eq!(opening_flags(sign, true), sign | layered);
        assert_eq!(opening_flags(seal, true), sign | seal | layered);
        let none = ContextFlags::NO_INTEGRITY;
        assert_eq!(opening_flags(none, false), none);
        assert_eq!(opening_flags(seal, false), seal | layered);
    }
}
