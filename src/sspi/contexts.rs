//! Contexts: their table, their handshake, their end.
//!
//! Holds: the state of a context as its owner sees it. May use: `lsa`, `spi`.
//! Must not touch: token bytes.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use super::established::Established;
use super::handles::{ContextHandle, CredentialHandle};
use super::sasl::Sasl;
use crate::lsa::{self, HandshakeId, Outcome, Progressed};
use crate::spi::error::{CallerFault, Error, Fault, LocalFault, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::package::{
    AcquireRequest, LastClientToken, Negotiation, Opening, PackageId, Progress, Refusal, StepInput,
};
use crate::spi::packed::{PackedContext, Role};
use crate::spi::table::{Found, Table};
use crate::spi::time::FileTime;

/// One call of `InitializeSecurityContext` or `AcceptSecurityContext`.
pub struct Call<'a> {
    /// Which of the two.
    pub role: Role,
    /// The credential; may be absent on later calls.
    pub credential: Option<CredentialHandle>,
    /// The context; absent on the first call.
    pub context: Option<ContextHandle>,
    /// Target and requirements; only those of a handshake's first call count.
    pub opening: Opening,
    /// Credentials that a client's first call brings along.
    pub supplied: Option<AcquireRequest>,
    /// The peer's token and channel bindings.
    pub input: StepInput<'a>,
    /// How long a token the caller has room for.
    pub room: Room,
}

/// The caller's room for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// There is no TOKEN buffer: only an empty token fits.
    None,
    /// A buffer of this size.
    Bytes(usize),
    /// We allocate.
    Unlimited,
}

/// What a call gives.
pub enum Reply {
    /// The step was taken.
    Stepped(Stepped),
    /// The token is this long, the caller's buffer is shorter: repeat the call.
    TooSmall(usize),
    /// The step failed, and there may be a token that tells the peer.
    Refused(Refusal),
}

/// A step that was taken.
pub struct Stepped {
    /// The context.
    pub handle: ContextHandle,
    /// The token to send; empty when there is none.
    pub token: Vec<u8>,
    /// Whether the handshake is complete.
    pub complete: bool,
    /// Whether the context was complete before, and is authenticated anew.
    pub anew: bool,
    /// What the context offers.
    pub flags: ContextFlags,
    /// When it expires, in local time.
    pub expiry: FileTime,
}

/// Takes the first or the next step of a handshake.
pub fn step(call: Call<'_>) -> Result<Reply> {
    match call.context {
        None => first_step(call),
        Some(handle) => next_step(handle, call),
    }
}

/// `DeleteSecurityContext`. One that was deleted before is as good as deleted now.
pub fn delete(handle: ContextHandle) -> Result<()> {
    match CONTEXTS.remove(handle.0) {
        Found::Alive(context) => {
            context.abandon();
            Ok(())
        }
        Found::Removed => Ok(()),
        Found::Never => Err(CallerFault::InvalidHandle.into()),
    }
}

/// Takes a context away, of which others may not have had the same idea.
pub(super) fn withdraw(handle: ContextHandle) -> Result<()> {
    let context = CONTEXTS.remove(handle.0).alive().ok_or(CallerFault::InvalidHandle)?;
    context.abandon();
    Ok(())
}

/// Whether the handle names a living context.
pub fn check(handle: ContextHandle) -> Result<()> {
    find(handle).map(drop)
}

/// Whether the handle still names this very context, which was not authenticated anew meanwhile.
pub(super) fn check_current(handle: ContextHandle, context: &Arc<Context>) -> Result<()> {
    if Arc::ptr_eq(&find(handle)?, context) {
        return Ok(());
    }
    let story = "the context was authenticated anew meanwhile";
    Err(Error::new(CallerFault::InvalidHandle, story))
}

/// A context of the table.
pub(super) struct Context {
    role: Role,
    established: OnceLock<Established>,
    phase: Mutex<Phase>,
    /// Where a function of SASL began the context: how far it is with its security layer.
    sasl: OnceLock<Sasl>,
}

/// What can be said of a context that is not complete.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unfinished {
    pub progress: Progress,
}

enum Phase {
    /// The peer's next token is awaited.
    Running(HandshakeId, Progress),
    /// A token was made that the caller had no room for.
    Waiting(Progressed, Progress),
    /// Complete.
    Finished,
    /// A step failed, or another context has taken the place: only deletion is sensible.
    Failed,
}

impl Context {
    /// A context that came complete.
    pub fn complete(context: PackedContext) -> Result<Self> {
        let role = context.role;
        let established = OnceLock::from(Established::open(context)?);
        let phase = Mutex::new(Phase::Finished);
        Ok(Self { role, established, phase, sasl: OnceLock::new() })
    }

    /// The established context, for messages: no lock is taken.
    pub fn established(&self) -> Result<&Established> {
        if self.sasl().is_some_and(|sasl| sasl.agreed().is_none()) {
            let story = "the security layer of this context is not agreed on yet";
            return Err(Error::new(CallerFault::InvalidHandle, story));
        }
        self.established_below_sasl()
    }

    /// The established context while SASL still agrees on the layer above it.
    pub fn established_below_sasl(&self) -> Result<&Established> {
        self.established.get().ok_or_else(|| {
            Error::new(CallerFault::InvalidHandle, "the handshake of this context is not complete")
        })
    }

    /// SASL's part of the context, if it has one.
    pub fn sasl(&self) -> Option<&Sasl> {
        self.sasl.get()
    }

    /// Makes it a context of SASL.
    pub fn begin_sasl(&self, sasl: Sasl) -> Result<&Sasl> {
        self.sasl.set(sasl).map_err(|_| LocalFault::Internal)?;
        self.sasl().ok_or_else(|| LocalFault::Internal.into())
    }

    /// What is told of a complete context: flags, and the expiry in local time.
    pub fn outcome(&self) -> (ContextFlags, FileTime) {
        let Some(established) = self.established.get() else {
            return (ContextFlags::empty(), FileTime::NEVER);
        };
        (self.offers(established.context.flags), lsa::local_time(established.context.expiry))
    }

    /// The flags of the context, less what its layer of SASL does not do.
    pub fn offers(&self, flags: ContextFlags) -> ContextFlags {
        match self.sasl().and_then(Sasl::agreed) {
            Some(agreed) => agreed.restrict(flags),
            None => flags,
        }
    }

    /// Whether it is a client's or a server's.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// The package that the caller asked for.
    fn asked_package(&self) -> Result<PackageId> {
        let context = &self.established()?.context;
        Ok(if context.negotiated { PackageId::Negotiate } else { context.package })
    }

    /// How far a context is that is not complete.
    pub fn unfinished(&self) -> Result<Unfinished> {
        match *self.phase()? {
            Phase::Running(_, progress) | Phase::Waiting(_, progress) => {
                Ok(Unfinished { progress })
            }
            // The mechanism is done, SASL is not.
            Phase::Finished if self.established().is_err() => {
                let context = &self.established_below_sasl()?.context;
                let progress = Progress {
                    last_client_token: LastClientToken::No,
                    ..complete(context, context.role)
                };
                Ok(Unfinished { progress })
            }
            Phase::Finished | Phase::Failed => Err(CallerFault::InvalidHandle.into()),
        }
    }

    /// Where the context is when no handshake is under way. What was once complete stays so.
    fn at_rest(&self) -> Phase {
        match self.established.get() {
            Some(_) => Phase::Finished,
            None => Phase::Failed,
        }
    }

    fn phase(&self) -> Result<MutexGuard<'_, Phase>> {
        self.phase.lock().map_err(|_| {
            Error::new(LocalFault::Internal, "an earlier call on this context panicked")
        })
    }

    fn abandon(&self) {
        let Ok(mut phase) = self.phase() else { return };
        match std::mem::replace(&mut *phase, Phase::Failed) {
            Phase::Running(id, _) => lsa::abandon(id),
            Phase::Waiting(progressed, _) => abandon(&progressed.outcome),
            Phase::Finished | Phase::Failed => {}
        }
    }
}

/// Gives up what the caller never got.
fn abandon(outcome: &Outcome) {
    match outcome {
        Outcome::Continue(id, _) => lsa::abandon(*id),
        Outcome::Done(packed) => {
            if let Some(logon) = packed.logon {
                lsa::release_logon(logon);
            }
        }
    }
}

/// Adds a context to the table.
pub(super) fn insert(context: Context) -> Result<ContextHandle> {
    Ok(ContextHandle(CONTEXTS.insert(context).ok_or(LocalFault::NoMemory)?))
}

/// A living context.
pub(super) fn find(handle: ContextHandle) -> Result<Arc<Context>> {
    CONTEXTS.get(handle.0).ok_or_else(|| {
        Error::new(CallerFault::InvalidHandle, "the context is deleted or was never there")
    })
}

static CONTEXTS: Table<Context> = Table::new();

/// A first step that fails leaves nothing behind, so that it can be repeated from the start.
fn first_step(call: Call<'_>) -> Result<Reply> {
    let credential = call.credential.ok_or(CallerFault::InvalidHandle)?;
    let (role, room) = (call.role, call.room);
    let progressed = match begin(credential, call) {
        Ok(progressed) => progressed,
        Err(refusal) => return Ok(Reply::Refused(refusal)),
    };
    let needed = progressed.token.len();
    if !room.fits(needed) {
        abandon(&progressed.outcome);
        return Ok(Reply::TooSmall(needed));
    }
    let Progressed { token, outcome } = progressed;
    let (context, result) = match outcome {
        Outcome::Continue(id, progress) => {
            let phase = Mutex::new(Phase::Running(id, progress));
            let result = (false, progress.flags, FileTime::NEVER);
            let (established, sasl) = (OnceLock::new(), OnceLock::new());
            (Context { role, established, phase, sasl }, result)
        }
        Outcome::Done(packed) => {
            let result = (true, packed.flags, lsa::local_time(packed.expiry));
            (Context::complete(*packed)?, result)
        }
    };
    let (complete, flags, expiry) = result;
    let handle = insert(context)?;
    Ok(Reply::Stepped(Stepped { handle, token, complete, anew: false, flags, expiry }))
}

fn begin(credential: CredentialHandle, call: Call<'_>) -> Result<Progressed, Refusal> {
    match (call.role, call.supplied) {
        (Role::Initiator, None) => lsa::initiate(credential.0, call.opening, call.input),
        (Role::Initiator, Some(supplied)) => {
            lsa::initiate_as(credential.0, supplied, call.opening, call.input)
        }
        (Role::Acceptor, _) => lsa::accept(credential.0, call.opening, call.input),
    }
}

fn next_step(handle: ContextHandle, call: Call<'_>) -> Result<Reply> {
    let context = find(handle)?;
    if let Some(credential) = call.credential {
        super::credentials::check(credential)?;
    }
    if context.role != call.role {
        let story = "a client's context was given to the server's function, or the reverse";
        return Err(Error::new(CallerFault::InvalidHandle, story));
    }
    let mut phase = context.phase()?;
    let room = call.room;
    let stepped = match std::mem::replace(&mut *phase, context.at_rest()) {
        Phase::Running(id, _) => lsa::go_on(id, call.input),
        Phase::Waiting(progressed, _) => Ok(progressed),
        Phase::Finished => begin_anew(&context, call)?,
        Phase::Failed => {
            *phase = Phase::Failed;
            return Err(Error::new(
                CallerFault::OutOfSequence,
                "the handshake of this context failed",
            ));
        }
    };
    match stepped {
        Ok(progressed) => deliver(handle, &context, &mut phase, progressed, room),
        Err(refusal) => Ok(Reply::Refused(refusal)),
    }
}

/// Authenticates a complete context anew. It protects messages as before until the new handshake
/// is complete; one that fails changes nothing. The outer error is that of a call that does not
/// even begin one.
fn begin_anew(context: &Context, call: Call<'_>) -> Result<Result<Progressed, Refusal>> {
    let over = |story: &str| Error::new(CallerFault::OutOfSequence, story);
    if context.sasl().is_some() {
        return Err(over("a context of SASL is not authenticated anew"));
    }
    let credential = call.credential.ok_or_else(|| {
        over("the handshake of this context is over, and a new one needs a credential")
    })?;
    if call.input.token.is_some() != (call.role == Role::Acceptor) {
        return Err(over(
            "the handshake of this context is over, and a new one begins with the client",
        ));
    }
    if lsa::credential_package(credential.0)? != context.asked_package()? {
        let story = "the credential is of another package than the context";
        return Err(Error::new(CallerFault::UnknownCredentials, story));
    }
    match begin(credential, call) {
        Err(refusal) if begins_nothing(refusal.error.fault()) => {
            Err(over("the handshake of this context is over, and the token begins no new one"))
        }
        begun => Ok(begun),
    }
}

const fn begins_nothing(fault: Fault) -> bool {
    matches!(fault, Fault::Peer(PeerFault::MalformedToken | PeerFault::UnexpectedToken))
}

/// Hands a token over, or keeps it until the caller comes back with more room.
fn deliver(
    handle: ContextHandle,
    context: &Arc<Context>,
    phase: &mut Phase,
    progressed: Progressed,
    room: Room,
) -> Result<Reply> {
    let needed = progressed.token.len();
    if !room.fits(needed) {
        let progress = progress_of(&progressed.outcome, context.role);
        *phase = Phase::Waiting(progressed, progress);
        return Ok(Reply::TooSmall(needed));
    }
    let anew = context.established.get().is_some();
    let Progressed { token, outcome } = progressed;
    let (complete, flags, expiry) = match outcome {
        Outcome::Continue(id, progress) => {
            *phase = Phase::Running(id, progress);
            (false, progress.flags, FileTime::NEVER)
        }
        Outcome::Done(packed) => {
            let result = (true, packed.flags, lsa::local_time(packed.expiry));
            *phase = establish(handle, context, *packed)?;
            result
        }
    };
    Ok(Reply::Stepped(Stepped { handle, token, complete, anew, flags, expiry }))
}

/// Completes a context, or puts one that was authenticated anew into its place. Calls that have
/// the old one in hand finish with it.
fn establish(
    handle: ContextHandle,
    context: &Arc<Context>,
    packed: PackedContext,
) -> Result<Phase> {
    if context.established.get().is_none() {
        let established = Established::open(packed)?;
        context.established.set(established).map_err(|_| LocalFault::Internal)?;
        return Ok(Phase::Finished);
    }
    if CONTEXTS.replace(handle.0, context, Context::complete(packed)?) {
        return Ok(Phase::Failed);
    }
    Err(Error::new(CallerFault::InvalidHandle, "the context was deleted meanwhile"))
}

fn progress_of(outcome: &Outcome, role: Role) -> Progress {
    match outcome {
        Outcome::Continue(_, progress) => *progress,
        Outcome::Done(packed) => complete(packed, role),
    }
}

const fn complete(packed: &PackedContext, role: Role) -> Progress {
    Progress {
        package: packed.package,
        flags: packed.flags,
        last_client_token: match role {
            Role::Acceptor => LastClientToken::Yes,
            Role::Initiator => LastClientToken::Maybe,
        },
        negotiation: Negotiation::Complete,
    }
}

impl Room {
    /// An empty token always fits.
    pub(super) const fn fits(self, length: usize) -> bool {
        match self {
            Self::None => length == 0,
            Self::Bytes(room) => length <= room,
            Self::Unlimited => true,
        }
    }
}
