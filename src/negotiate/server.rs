//! The server (RFC 4178 4, [MS-SPNG] 3.3).

use super::inner::Inner;
use super::list_mic::{ListMic, ListProtected};
use super::mechanism::{self, Mechanism};
use crate::spi::bindings::ChannelBindings;
use crate::spi::environment::Environment;
use crate::spi::error::{Error, LocalFault, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::package::{
    Handshake, LastClientToken, Negotiation, Opening, PackageId, Progress, Refusal, Step, StepInput,
};
use crate::spi::packed::Role;
use crate::wire::spnego::{self, Kind, NegState, NegTokenInit, NegTokenResp};

/// Nothing came yet, or nothing but the wish for a hint.
pub struct Start {
    server: Server,
    hinted: bool,
}

/// A mechanism is chosen, and its first token is awaited.
struct Chosen {
    server: Server,
    mechanism: Mechanism,
    mic: ListMic,
}

/// The mechanism is at work.
struct Working {
    server: Server,
    inner: Inner,
    /// `None` without SPNEGO.
    mic: Option<ListMic>,
}

/// What does not change through a handshake.
struct Server {
    mechanisms: Vec<Mechanism>,
    opening: Opening,
    bindings: Option<ChannelBindings>,
}

impl Start {
    /// A handshake with these mechanisms, the preferred one first.
    pub const fn new(mechanisms: Vec<Mechanism>, opening: Opening) -> Self {
        Self { server: Server { mechanisms, opening, bindings: None }, hinted: false }
    }
}

impl Handshake for Start {
    fn step(self: Box<Self>, input: StepInput<'_>, env: &dyn Environment) -> Result<Step, Refusal> {
        let Self { mut server, hinted } = *self;
        server.take_bindings(input.bindings);
        let token = match input.token {
            Some(token) => token,
            None if hinted => return Err(no_token().into()),
            None => return Ok(server.hint(env)?),
        };
        match Kind::of(token) {
            Some(Kind::Init) => {
                let offer = NegTokenInit::decode(token)?;
                server.choose(&offer, env)
            }
            Some(Kind::RawNtlm) => server.begin_raw(PackageId::Ntlm, token, env),
            Some(Kind::RawKerberos) => server.begin_raw(PackageId::Kerberos, token, env),
            Some(Kind::Response) => {
                Err(unexpected("the client answers before it was asked").into())
            }
            None => Err(spnego::unknown().into()),
        }
    }
}

impl Handshake for Chosen {
    fn step(self: Box<Self>, input: StepInput<'_>, env: &dyn Environment) -> Result<Step, Refusal> {
        let Self { mut server, mechanism, mic } = *self;
        server.take_bindings(input.bindings);
        let heard = Heard::read(input.token)?;
        let token = heard.token.ok_or_else(no_token)?;
        let begun = server.begin(&mechanism, token, env);
        server.answer(begun, Some(mic), &heard, None)
    }
}

impl Handshake for Working {
    fn step(self: Box<Self>, input: StepInput<'_>, env: &dyn Environment) -> Result<Step, Refusal> {
        let Self { server, inner, mic } = *self;
        let heard = Heard::read(input.token)?;
        let stepped = if heard.token.is_none() && inner.is_over() {
            Ok((inner, Vec::new()))
        } else {
            heard.token.ok_or_else(no_token)?;
            inner.step(StepInput { token: heard.token, bindings: input.bindings }, env)
        };
        server.answer(stepped, mic, &heard, None)
    }
}

/// A later token, in SPNEGO or without it.
struct Heard<'a> {
    token: Option<&'a [u8]>,
    mic: Option<&'a [u8]>,
    /// The client has nothing more to say.
    completed: bool,
    raw: bool,
}

impl<'a> Heard<'a> {
    fn read(token: Option<&'a [u8]>) -> Result<Self> {
        let token = token.ok_or_else(no_token)?;
        match Kind::of(token) {
            Some(Kind::RawNtlm | Kind::RawKerberos) => Ok(Self::raw(token)),
            Some(Kind::Response) => {
                let answer = NegTokenResp::decode(token)?;
                if answer.neg_state == Some(NegState::Reject) {
                    let story = "the client rejected the negotiation";
                    return Err(Error::new(PeerFault::LogonDenied, story));
                }
                let completed = answer.neg_state == Some(NegState::AcceptCompleted);
                let (token, mic) = (answer.response_token, answer.mech_list_mic);
                Ok(Self { token, mic, completed, raw: false })
            }
            Some(Kind::Init) => Err(unexpected("the client makes another offer")),
            None => Err(spnego::unknown()),
        }
    }

    const fn raw(token: &'a [u8]) -> Self {
        Self { token: Some(token), mic: None, completed: false, raw: true }
    }
}

/// What became of a step of the mechanism.
type Stepped = Result<(Inner, Vec<u8>), Refusal>;

impl Server {
    fn take_bindings(&mut self, bindings: Option<&ChannelBindings>) {
        if let Some(bindings) = bindings {
            self.bindings = Some(bindings.clone());
        }
    }

    /// What a client may offer, for those that want to hear the server first.
    fn hint(self, env: &dyn Environment) -> Result<Step> {
        let ready = self.mechanisms.iter().filter(|mechanism| ready(mechanism, env).is_ok());
        let packages: Vec<PackageId> = ready.map(Mechanism::id).collect();
        let Some(&package) = packages.first() else { return Err(self.nothing(env)) };
        let token = NegTokenInit::encode_hint(&mechanism::encode_list(&packages));
        let progress = progress(package, Negotiation::Optimistic);
        Ok(Step::Continue { next: Box::new(Start { server: self, hinted: true }), token, progress })
    }

    /// Takes the mechanism that is preferred here among those that the client offers and that
    /// can work here. The client's token is its first mechanism's, and good for nothing else.
    fn choose(self, offer: &NegTokenInit<'_>, env: &dyn Environment) -> Result<Step, Refusal> {
        let Some((mechanism, oid)) = self.common(offer, env) else {
            let error = self.no_common(offer, env);
            return Err(self.reject(error));
        };
        let mechanism = mechanism.clone();
        let mut mic = ListMic::new(offer.mech_types.der().to_vec(), self.opening.flags);
        let first = offer.mech_types.iter().next();
        let is_first = first == Some(oid);
        if !is_first {
            mic.demand();
        }
        let Some(token) = offer.mech_token.filter(|token| is_first && !token.is_empty()) else {
            if offer.mech_list_mic.is_some() {
                return Err(self.reject(signed_too_early()));
            }
            let state = if is_first { NegState::AcceptIncomplete } else { NegState::RequestMic };
            let answer = NegTokenResp {
                neg_state: Some(state),
                supported_mech: Some(oid),
                ..NegTokenResp::default()
            };
            let token = answer.encode();
            let progress = progress(mechanism.id(), Negotiation::InProgress);
            let next = Box::new(Chosen { server: self, mechanism, mic });
            return Ok(Step::Continue { next, token, progress });
        };
        let heard =
            Heard { token: Some(token), mic: offer.mech_list_mic, completed: false, raw: false };
        let begun = self.begin(&mechanism, token, env);
        self.answer(begun, Some(mic), &heard, Some(oid))
    }

    /// The mechanism and the name under which the client offers it. User-to-user is taken only
    /// where nothing else of Kerberos is offered: it needs a ticket of ours.
    fn common<'s, 'o>(
        &'s self,
        offer: &NegTokenInit<'o>,
        env: &dyn Environment,
    ) -> Option<(&'s Mechanism, &'o [u8])> {
        self.mechanisms.iter().find_map(|mechanism| {
            let ours = |oid: &&[u8]| mechanism::package_of(oid) == Some(mechanism.id());
            let offered = || offer.mech_types.iter().filter(ours);
            let oid = offered().find(|oid| !mechanism::is_user_to_user(oid)).or(offered().next());
            oid.filter(|_| ready(mechanism, env).is_ok()).map(|oid| (mechanism, oid))
        })
    }

    fn begin(&self, mechanism: &Mechanism, token: &[u8], env: &dyn Environment) -> Stepped {
        let input = StepInput { token: Some(token), bindings: self.bindings.as_ref() };
        Inner::begin(mechanism, Role::Acceptor, &self.opening, input, env)
    }

    /// Without SPNEGO: the answers are without it, too.
    fn begin_raw(
        self,
        id: PackageId,
        token: &[u8],
        env: &dyn Environment,
    ) -> Result<Step, Refusal> {
        let found = self.mechanisms.iter().find(|mechanism| mechanism.id() == id);
        let mechanism = found.ok_or_else(spnego::unknown)?;
        ready(mechanism, env).map_err(|error| error.context(mechanism.name()))?;
        let begun = self.begin(mechanism, token, env);
        self.answer(begun, None, &Heard::raw(token), None)
    }

    /// Puts the mechanism's answer into ours, in the form in which the client speaks.
    fn answer(
        self,
        stepped: Stepped,
        mut mic: Option<ListMic>,
        heard: &Heard<'_>,
        oid: Option<&[u8]>,
    ) -> Result<Step, Refusal> {
        let (mut inner, token) = match stepped {
            Ok(stepped) => stepped,
            Err(refusal) => return Err(self.refuse(refusal, heard, oid)),
        };
        let Some(finished) = inner.finished() else {
            if heard.mic.is_some() {
                return Err(self.reject(signed_too_early()));
            }
            let token = wrap(NegState::AcceptIncomplete, oid, token, None, heard);
            return Ok(self.go_on(inner, mic, token));
        };
        let ended = match &mut mic {
            Some(mic) => mic.exchange(finished, heard.mic, true).and_then(|code| {
                let settled = mic.is_settled(finished);
                let proof = if settled { Some(mic.settle(finished)?) } else { None };
                Ok((code, proof))
            }),
            None if heard.mic.is_some() => Err(unexpected("there is no list that was signed")),
            None => Ok((None, Some(ListProtected::no_list()))),
        };
        let (code, proof) = ended.map_err(|error| self.reject(error))?;
        match proof {
            Some(proof) => {
                let silent = heard.completed && token.is_empty() && code.is_none();
                let last = if silent {
                    Vec::new()
                } else {
                    wrap(NegState::AcceptCompleted, oid, token, code.as_deref(), heard)
                };
                inner.done(proof, last)
            }
            None if token.is_empty() && code.is_none() => {
                Err(self.reject(unexpected("the client did not sign the list of mechanisms")))
            }
            None => {
                let token = wrap(NegState::AcceptIncomplete, oid, token, code.as_deref(), heard);
                Ok(self.go_on(inner, mic, token))
            }
        }
    }

    fn go_on(self, inner: Inner, mic: Option<ListMic>, token: Vec<u8>) -> Step {
        let progress = inner.progress(Negotiation::InProgress);
        Step::Continue { next: Box::new(Working { server: self, inner, mic }), token, progress }
    }

    /// A mechanism's refusal. What it wants to tell the client is sent as if it went on: Windows'
    /// clients do not look into a rejection.
    fn refuse(&self, refusal: Refusal, heard: &Heard<'_>, oid: Option<&[u8]>) -> Refusal {
        let Refusal { error, token } = refusal;
        match token {
            Some(token) => {
                let token = wrap(NegState::AcceptIncomplete, oid, token, None, heard);
                Refusal { error, token: Some(token) }
            }
            None if heard.raw => error.into(),
            None => self.reject(error),
        }
    }

    /// The client is told, if the caller sends what comes with a failure.
    fn reject(&self, error: Error) -> Refusal {
        let tells = self.opening.flags.contains(ContextFlags::EXTENDED_ERROR);
        let reject = NegTokenResp { neg_state: Some(NegState::Reject), ..NegTokenResp::default() };
        Refusal { error, token: tells.then(|| reject.encode()) }
    }

    /// Why no mechanism of the offer was taken.
    fn no_common(&self, offer: &NegTokenInit<'_>, env: &dyn Environment) -> Error {
        let offered = |mechanism: &&Mechanism| {
            let mut oids = offer.mech_types.iter();
            oids.any(|oid| mechanism::package_of(oid) == Some(mechanism.id()))
        };
        let mut reasons = self.mechanisms.iter().filter(offered).map(|mechanism| {
            let why = ready(mechanism, env).err().unwrap_or_else(|| LocalFault::Internal.into());
            format!("{}: {why}", mechanism.name())
        });
        let reasons: Vec<_> = reasons.by_ref().collect();
        let story = if reasons.is_empty() {
            "the client offers no mechanism that is known here".to_owned()
        } else {
            format!("no mechanism of the client's can work here: {}", reasons.join("; "))
        };
        Error::new(PeerFault::CapabilityMissing, story)
    }

    fn nothing(&self, env: &dyn Environment) -> Error {
        let failed = self
            .mechanisms
            .iter()
            .filter_map(|mechanism| Some((mechanism.name(), ready(mechanism, env).err()?)));
        super::fallback::exhausted(failed.collect())
    }
}

fn ready(mechanism: &Mechanism, env: &dyn Environment) -> Result<()> {
    mechanism.credential.as_ref().map_err(Clone::clone)?.ready(Role::Acceptor, None, env)
}

/// An answer in the client's form.
fn wrap(
    state: NegState,
    oid: Option<&[u8]>,
    token: Vec<u8>,
    mic: Option<&[u8]>,
    heard: &Heard<'_>,
) -> Vec<u8> {
    if heard.raw {
        return token;
    }
    let answer = NegTokenResp {
        neg_state: Some(state),
        supported_mech: oid,
        response_token: Some(&token[..]).filter(|token| !token.is_empty()),
        mech_list_mic: mic,
    };
    answer.encode()
}

const fn progress(package: PackageId, negotiation: Negotiation) -> Progress {
    Progress {
        package,
        flags: ContextFlags::empty(),
        last_client_token: LastClientToken::No,
        negotiation,
    }
}

fn unexpected(story: &str) -> Error {
    Error::new(PeerFault::UnexpectedToken, story)
}

fn signed_too_early() -> Error {
    unexpected("the list of mechanisms is signed before there can be a key")
}

fn no_token() -> Error {
    Error::new(PeerFault::MalformedToken, "the client's token is missing")
}
