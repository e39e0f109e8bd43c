//! Handshakes in progress.
//!
//! Holds: the table of handshakes. May use: `acquire`, `credentials`, `impersonation`, `spi`.
//! Must not touch: everything else.

use std::sync::{Arc, Mutex};

use super::credentials::{self, CredentialId, Entry};
use super::{acquire, impersonation, logons};
use crate::spi::error::{CallerFault, Error, LocalFault};
use crate::spi::package::{
    AcquireRequest, Credential, Handshake, Opening, Progress, Refusal, Step, StepInput,
};
use crate::spi::packed::PackedContext;
use crate::spi::table::{Key, Table};

/// Names a handshake of the authority.
pub type HandshakeId = Key;

/// What a step of a handshake gives.
pub struct Progressed {
    /// The token to send; empty when there is none.
    pub token: Vec<u8>,
    /// How it goes on.
    pub outcome: Outcome,
}

/// How a handshake goes on.
pub enum Outcome {
    /// Another token of the peer is needed.
    Continue(HandshakeId, Progress),
    /// It is over; this is the context.
    Done(Box<PackedContext>),
}

/// Begins a handshake as client and takes its first step.
pub fn initiate(
    credential: CredentialId,
    opening: Opening,
    input: StepInput<'_>,
) -> Result<Progressed, Refusal> {
    let entry = credentials::find(credential)?;
    let _process = impersonation::suspend();
    let handshake = entry.credential.initiate(opening, &*entry.environment)?;
    first_step(entry, handshake, input)
}

/// Begins a handshake as client with credentials of this handshake alone.
pub fn initiate_as(
    credential: CredentialId,
    supplied: AcquireRequest,
    opening: Opening,
    input: StepInput<'_>,
) -> Result<Progressed, Refusal> {
    let package = credentials::find(credential)?.package;
    let (own, _) = acquire::acquire(package, supplied, None)?;
    let begun = initiate(own, opening, input);
    credentials::release(own)?;
    begun
}

/// Begins a handshake as server and takes its first step.
pub fn accept(
    credential: CredentialId,
    opening: Opening,
    input: StepInput<'_>,
) -> Result<Progressed, Refusal> {
    let entry = credentials::find(credential)?;
    let _process = impersonation::suspend();
    let handshake = entry.credential.accept(opening, &*entry.environment)?;
    first_step(entry, handshake, input)
}

/// Takes the next step. A failed handshake is gone.
pub fn go_on(id: HandshakeId, input: StepInput<'_>) -> Result<Progressed, Refusal> {
    let running = HANDSHAKES.get(id).ok_or(CallerFault::InvalidHandle)?;
    let mut state = running.state.lock().map_err(|_| poisoned())?;
    let Some(handshake) = state.take() else { return Err(CallerFault::OutOfSequence.into()) };
    let _process = impersonation::suspend();
    match handshake.step(input, &*running.entry.environment) {
        Ok(Step::Continue { next, token, progress }) => {
            *state = Some(next);
            Ok(Progressed { token, outcome: Outcome::Continue(id, progress) })
        }
        Ok(Step::Done { context, token, delegated, .. }) => {
            HANDSHAKES.remove(id);
            Ok(done(&running.entry, context, token, delegated))
        }
        Err(refusal) => {
            HANDSHAKES.remove(id);
            Err(refusal)
        }
    }
}

/// Gives a handshake up.
pub fn abandon(id: HandshakeId) {
    HANDSHAKES.remove(id);
}

struct Running {
    entry: Arc<Entry>,
    /// Taken out for each step: a step that panics leaves nothing behind.
    state: Mutex<Option<Box<dyn Handshake>>>,
}

static HANDSHAKES: Table<Running> = Table::new();

fn first_step(
    entry: Arc<Entry>,
    handshake: Box<dyn Handshake>,
    input: StepInput<'_>,
) -> Result<Progressed, Refusal> {
    match handshake.step(input, &*entry.environment)? {
        Step::Continue { next, token, progress } => {
            let running = Running { entry, state: Mutex::new(Some(next)) };
            let id = HANDSHAKES.insert(running).ok_or(LocalFault::NoMemory)?;
            Ok(Progressed { token, outcome: Outcome::Continue(id, progress) })
        }
        Step::Done { context, token, delegated, .. } => Ok(done(&entry, context, token, delegated)),
    }
}

/// What the server can go on with in the client's name becomes a logon session; only its number
/// crosses the line.
fn done(
    entry: &Entry,
    mut context: Box<PackedContext>,
    token: Vec<u8>,
    delegated: Option<Arc<dyn Credential>>,
) -> Progressed {
    // Under Negotiate the entry is its credential, and that is the mechanism's.
    let package = context.package;
    context.logon = delegated.map(|credential| {
        let (client, environment) = (context.client.as_deref(), Arc::clone(&entry.environment));
        logons::begin(package, credential, client, environment)
    });
    Progressed { token, outcome: Outcome::Done(context) }
}

fn poisoned() -> Error {
    Error::new(LocalFault::Internal, "an earlier call on this handshake panicked")
}
