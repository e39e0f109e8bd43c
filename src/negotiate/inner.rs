//! The mechanism's own handshake: running, or over and waiting for SPNEGO's end.

use std::sync::Arc;

use super::list_mic::ListProtected;
use super::mechanism::Mechanism;
use crate::spi::environment::Environment;
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::message::MessageProtection;
use crate::spi::package::{
    Credential, Handshake, LastClientToken, Negotiation, Opening, PackageId, Progress, Refusal,
    SecurityPackage, Step, StepInput,
};
use crate::spi::packed::{PackedContext, Role};

/// A mechanism at work.
pub struct Inner {
    package: &'static dyn SecurityPackage,
    state: State,
}

enum State {
    Running(Box<dyn Handshake>, Progress),
    Over(Box<Finished>),
}

/// A mechanism that has done its part.
pub struct Finished {
    package: &'static dyn SecurityPackage,
    context: Box<PackedContext>,
    delegated: Option<Arc<dyn Credential>>,
    /// Opened for `mechListMIC` only: signatures take numbers and keystream.
    protection: Option<MessageProtection>,
    /// Its last message carried an integrity code, so that `mechListMIC` is due as well.
    pub mic_due: bool,
    /// Its last token was the peer's.
    pub peer_spoke_last: bool,
}

impl Inner {
    /// Begins with a mechanism's first step.
    pub fn begin(
        mechanism: &Mechanism,
        role: Role,
        opening: &Opening,
        input: StepInput<'_>,
        env: &dyn Environment,
    ) -> Result<(Self, Vec<u8>), Refusal> {
        let credential = mechanism.credential.as_ref().map_err(Clone::clone)?;
        let handshake = match role {
            Role::Initiator => credential.initiate(asked(mechanism.id(), opening), env)?,
            Role::Acceptor => credential.accept(opening.clone(), env)?,
        };
        Ok(Self::after(mechanism.package, handshake.step(input, env)?))
    }

    /// The next step. A mechanism that is over takes no token.
    pub fn step(
        self,
        input: StepInput<'_>,
        env: &dyn Environment,
    ) -> Result<(Self, Vec<u8>), Refusal> {
        match self.state {
            State::Running(handshake, _) => {
                Ok(Self::after(self.package, handshake.step(input, env)?))
            }
            State::Over(_) => {
                let story = "a token came for a mechanism that has had its last one";
                Err(Error::new(PeerFault::UnexpectedToken, story).into())
            }
        }
    }

    /// Which package.
    pub fn id(&self) -> PackageId {
        self.package.info().id
    }

    /// The context, once the mechanism is over.
    pub fn finished(&mut self) -> Option<&mut Finished> {
        match &mut self.state {
            State::Over(finished) => Some(finished),
            State::Running(..) => None,
        }
    }

    /// Whether the mechanism is over.
    pub const fn is_over(&self) -> bool {
        matches!(self.state, State::Over(_))
    }

    /// What can be said of the context so far.
    pub fn progress(&self, negotiation: Negotiation) -> Progress {
        match &self.state {
            State::Running(_, progress) => Progress { negotiation, ..*progress },
            State::Over(finished) => Progress {
                package: finished.context.package,
                flags: finished.context.flags,
                last_client_token: LastClientToken::No,
                negotiation,
            },
        }
    }

    /// The end: there is none without the proof that the list of mechanisms is the client's.
    pub fn done(self, _proof: ListProtected, token: Vec<u8>) -> Result<Step, Refusal> {
        let State::Over(finished) = self.state else {
            let story = "the negotiation ended before its mechanism did";
            return Err(Error::new(PeerFault::UnexpectedToken, story).into());
        };
        let Finished { mut context, delegated, protection, .. } = *finished;
        context.negotiated = true;
        if let Some(mut protection) = protection {
            protection.sender.restart_keystream();
            protection.receiver.restart_keystream();
            context.sender = Some(protection.sender.save());
            context.receiver = Some(protection.receiver.save());
        }
        Ok(Step::Done { context, token, delegated, mech_list_mic_due: false })
    }

    fn after(package: &'static dyn SecurityPackage, step: Step) -> (Self, Vec<u8>) {
        match step {
            Step::Continue { next, token, progress } => {
                (Self { package, state: State::Running(next, progress) }, token)
            }
            Step::Done { context, token, delegated, mech_list_mic_due } => {
                let finished = Finished {
                    package,
                    context,
                    delegated,
                    protection: None,
                    mic_due: mech_list_mic_due,
                    peer_spoke_last: token.is_empty(),
                };
                (Self { package, state: State::Over(Box::new(finished)) }, token)
            }
        }
    }
}

impl Finished {
    /// Whether the context can sign.
    pub const fn has_integrity(&self) -> bool {
        self.context.flags.contains(ContextFlags::INTEGRITY)
    }

    /// Whether the client is nobody.
    pub const fn is_anonymous(&self) -> bool {
        self.context.flags.contains(ContextFlags::NULL_SESSION)
    }

    /// Our side.
    pub const fn role(&self) -> Role {
        self.context.role
    }

    /// The mechanism's signatures.
    pub fn protection(&mut self) -> Result<&mut MessageProtection> {
        if self.protection.is_none() {
            self.protection = Some(self.package.protection(&self.context)?);
        }
        self.protection.as_mut().ok_or_else(|| PeerFault::MicMismatch.into())
    }
}

/// What a client's mechanism is asked for: what the caller asks, and NTLM for signatures besides,
/// so that the list of mechanisms can be signed. Kerberos can sign anyway.
fn asked(package: PackageId, opening: &Opening) -> Opening {
    let mut opening = opening.clone();
    if package == PackageId::Ntlm && !opening.flags.contains(ContextFlags::NULL_SESSION) {
        opening.flags |= ContextFlags::INTEGRITY;
    }
    opening
}
