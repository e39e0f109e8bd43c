//! The client (RFC 4178 4, [MS-SPNG] 3.2).

use super::fallback;
use super::inner::Inner;
use super::list_mic::{ListMic, ListProtected};
use super::mechanism::{self, Mechanism};
use crate::spi::bindings::ChannelBindings;
use crate::spi::environment::Environment;
use crate::spi::error::{CallerFault, Error, LocalFault, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::package::{Handshake, Negotiation, Opening, PackageId, Refusal, Step, StepInput};
use crate::spi::packed::Role;
use crate::wire::spnego::{self, Kind, NegState, NegTokenInit, NegTokenResp};

/// Nothing was sent yet.
pub struct Start {
    mechanisms: Vec<Mechanism>,
    opening: Opening,
}

/// The offer is out, and what the server chose is not known.
struct Offered {
    /// In the order of the offer.
    mechanisms: Vec<Mechanism>,
    opening: Opening,
    bindings: Option<ChannelBindings>,
    /// The first mechanism, at work already.
    inner: Inner,
    mic: ListMic,
}

/// The mechanism is agreed on.
struct Agreed {
    inner: Inner,
    mic: ListMic,
    /// Nothing of ours is due any more: the server's last word is awaited.
    awaits_end: bool,
}

impl Start {
    /// A handshake with these mechanisms, the preferred one first.
    pub const fn new(mechanisms: Vec<Mechanism>, opening: Opening) -> Self {
        Self { mechanisms, opening }
    }
}

impl Handshake for Start {
    fn step(self: Box<Self>, input: StepInput<'_>, env: &dyn Environment) -> Result<Step, Refusal> {
        if let Some(hint) = input.token {
            check_hint(hint)?;
        }
        let Self { mechanisms, opening } = *self;
        let begin = StepInput { token: None, bindings: input.bindings };
        let (first, inner, token) = begin_with_any(&mechanisms, &opening, begin, env)?;
        let offered: Vec<Mechanism> = mechanisms
            .into_iter()
            .enumerate()
            .filter(|(index, mechanism)| {
                *index == first || (*index > first && can_follow(mechanism, &opening, env).is_ok())
            })
            .map(|(_, mechanism)| mechanism)
            .collect();
        let packages: Vec<PackageId> = offered.iter().map(Mechanism::id).collect();
        let list = mechanism::encode_list(&packages);
        let token = NegTokenInit::encode(&list, &token);
        let progress = inner.progress(Negotiation::Optimistic);
        let mic = ListMic::new(list, opening.flags);
        let bindings = input.bindings.cloned();
        let next = Box::new(Offered { mechanisms: offered, opening, bindings, inner, mic });
        Ok(Step::Continue { next, token, progress })
    }
}

impl Handshake for Offered {
    fn step(self: Box<Self>, input: StepInput<'_>, env: &dyn Environment) -> Result<Step, Refusal> {
        let mut offered = *self;
        if let Some(bindings) = input.bindings {
            offered.bindings = Some(bindings.clone());
        }
        let token = input.token.ok_or_else(no_answer)?;
        let answer = match Kind::of(token) {
            Some(Kind::Response) => NegTokenResp::decode(token)?,
            Some(raw @ (Kind::RawNtlm | Kind::RawKerberos)) => {
                return offered.go_on_raw(raw, input, env);
            }
            Some(Kind::Init) => return Err(unexpected("the server answers with an offer").into()),
            None => return Err(spnego::unknown().into()),
        };
        if answer.neg_state == Some(NegState::Reject) {
            return Err(offered.rejected(&answer, env));
        }
        offered.agree(&answer, input.bindings, env)
    }
}

impl Handshake for Agreed {
    fn step(self: Box<Self>, input: StepInput<'_>, env: &dyn Environment) -> Result<Step, Refusal> {
        let token = input.token.ok_or_else(no_answer)?;
        if Kind::of(token) != Some(Kind::Response) {
            return Err(unexpected("the server left SPNEGO in the middle of it").into());
        }
        let answer = NegTokenResp::decode(token)?;
        if answer.neg_state == Some(NegState::Reject) {
            return Err(rejected(self.inner, &answer, env));
        }
        if let Some(mech) = answer.supported_mech
            && mechanism::package_of(mech) != Some(self.inner.id())
        {
            return Err(unexpected("the server changes the mechanism that it chose").into());
        }
        self.hear(&answer, input.bindings, env)
    }
}

impl Offered {
    /// The server's first answer: it took the first mechanism, or another one of the offer.
    fn agree(
        mut self,
        answer: &NegTokenResp<'_>,
        bindings: Option<&ChannelBindings>,
        env: &dyn Environment,
    ) -> Result<Step, Refusal> {
        // Some servers do not name a mechanism: they took the first.
        let chosen = match answer.supported_mech {
            Some(oid) => self.chosen(oid)?,
            None => self.inner.id(),
        };
        if answer.neg_state == Some(NegState::RequestMic) {
            self.mic.demand();
        }
        if chosen != self.inner.id() || self.was_passed_over(answer) {
            return self.choose_again(chosen, answer, env);
        }
        let agreed = Agreed { inner: self.inner, mic: self.mic, awaits_end: false };
        agreed.hear(answer, bindings, env)
    }

    /// The package that the server means. It must be in the list; under which of Kerberos' names,
    /// does not matter: they are one mechanism.
    fn chosen(&self, oid: &[u8]) -> Result<PackageId> {
        let package = mechanism::package_of(oid).filter(|_| !mechanism::is_user_to_user(oid));
        let offered = |id: &PackageId| self.mechanisms.iter().any(|found| found.id() == *id);
        package
            .filter(offered)
            .ok_or_else(|| unexpected("the server chose a mechanism that it was not offered"))
    }

    /// The server knows Kerberos by its other name only, and did not look at the first token.
    fn was_passed_over(&self, answer: &NegTokenResp<'_>) -> bool {
        let first = mechanism::oids(self.inner.id()).first().copied();
        answer.supported_mech.is_some_and(|oid| Some(oid) != first)
            && answer.response_token.is_none()
            && answer.neg_state != Some(NegState::AcceptCompleted)
    }

    /// Another mechanism than the first: it begins anew, and nobody may have made the server
    /// choose it.
    fn choose_again(
        mut self,
        chosen: PackageId,
        answer: &NegTokenResp<'_>,
        env: &dyn Environment,
    ) -> Result<Step, Refusal> {
        let goes_on = answer.neg_state != Some(NegState::AcceptCompleted);
        if !goes_on || answer.response_token.is_some() || answer.mech_list_mic.is_some() {
            let story = "the server answers a mechanism that has not begun";
            return Err(unexpected(story).into());
        }
        self.mic.demand();
        let found = self.mechanisms.iter().find(|mechanism| mechanism.id() == chosen);
        let mechanism = found.ok_or(LocalFault::Internal)?;
        let input = StepInput { token: None, bindings: self.bindings.as_ref() };
        let (mut inner, token) =
            Inner::begin(mechanism, Role::Initiator, &self.opening, input, env)?;
        let mic = match inner.finished() {
            Some(finished) => self.mic.exchange(finished, None, true)?,
            None => None,
        };
        let progress = inner.progress(Negotiation::InProgress);
        let token = response(NegState::AcceptIncomplete, &token, mic.as_deref());
        let next = Box::new(Agreed { inner, mic: self.mic, awaits_end: false });
        Ok(Step::Continue { next, token, progress })
    }

    /// A server that knows no SPNEGO answers the mechanism itself. There is no list then that
    /// could be protected: only the first choice may be answered so, and NTLM only where nothing
    /// better was offered.
    fn go_on_raw(
        self,
        kind: Kind,
        input: StepInput<'_>,
        env: &dyn Environment,
    ) -> Result<Step, Refusal> {
        let fits = match self.inner.id() {
            PackageId::Kerberos => kind == Kind::RawKerberos,
            PackageId::Ntlm => kind == Kind::RawNtlm && self.mechanisms.len() == 1,
            PackageId::Negotiate => false,
        };
        if !fits {
            let story =
                "the server answers without SPNEGO for a mechanism that was not to be first";
            return Err(unexpected(story).into());
        }
        Raw::hear(self.inner, input, env)
    }

    /// Before anything was agreed on, there is no common mechanism, unless the first says more.
    fn rejected(self, answer: &NegTokenResp<'_>, env: &dyn Environment) -> Refusal {
        if answer.response_token.is_some() || answer.supported_mech.is_some() {
            return rejected(self.inner, answer, env);
        }
        let names: Vec<_> = self.mechanisms.iter().map(Mechanism::name).collect();
        let story = format!("the server takes none of {}", names.join(", "));
        Error::new(PeerFault::CapabilityMissing, story).into()
    }
}

impl Agreed {
    /// An answer within the agreed mechanism.
    fn hear(
        self,
        answer: &NegTokenResp<'_>,
        bindings: Option<&ChannelBindings>,
        env: &dyn Environment,
    ) -> Result<Step, Refusal> {
        let Self { mut inner, mut mic, awaits_end } = self;
        let mut token = Vec::new();
        let was_over = inner.is_over();
        if answer.response_token.is_some() || !was_over {
            let input = StepInput { token: answer.response_token, bindings };
            (inner, token) = inner.step(input, env)?;
        }
        let completed = answer.neg_state == Some(NegState::AcceptCompleted);
        let Some(finished) = inner.finished() else {
            if completed || answer.mech_list_mic.is_some() {
                let story = "the server has finished, and the mechanism has not";
                return Err(unexpected(story).into());
            }
            return Ok(go_on(inner, mic, NegState::AcceptIncomplete, &token, None, false));
        };
        let mut code = mic.exchange(finished, answer.mech_list_mic, !completed)?;
        if completed {
            // Nobody would hear what is said now. A code of ours may stay away, but no token.
            if !token.is_empty() {
                return Err(unexpected("the server did not wait for the last token").into());
            }
            let proof = mic.settle(finished)?;
            return inner.done(proof, Vec::new());
        }
        if token.is_empty() && mic.is_verified() {
            let proof = mic.settle(finished)?;
            let last = response(NegState::AcceptCompleted, &[], code.as_deref());
            return inner.done(proof, last);
        }
        if token.is_empty() && code.is_none() {
            if awaits_end {
                return Err(unexpected("the server waits, and so do we").into());
            }
            if answer.neg_state.is_none() {
                // Who does not know states has nothing more to say.
                let proof = mic.settle(finished)?;
                return inner.done(proof, Vec::new());
            }
            // It waits for something: there is nothing but our code.
            code = mic.volunteer(finished)?;
        }
        Ok(go_on(inner, mic, NegState::AcceptIncomplete, &token, code.as_deref(), true))
    }
}

/// A mechanism with a server that knows no SPNEGO.
struct Raw(Inner);

impl Raw {
    fn hear(inner: Inner, input: StepInput<'_>, env: &dyn Environment) -> Result<Step, Refusal> {
        let (inner, token) = inner.step(input, env)?;
        if inner.is_over() {
            return inner.done(ListProtected::no_list(), token);
        }
        let progress = inner.progress(Negotiation::InProgress);
        Ok(Step::Continue { next: Box::new(Self(inner)), token, progress })
    }
}

impl Handshake for Raw {
    fn step(self: Box<Self>, input: StepInput<'_>, env: &dyn Environment) -> Result<Step, Refusal> {
        input.token.ok_or_else(no_answer)?;
        Self::hear(self.0, input, env)
    }
}

/// The first mechanism that has a first token. What stands in the way of the better ones must
/// allow it ([`fallback`]).
fn begin_with_any(
    mechanisms: &[Mechanism],
    opening: &Opening,
    input: StepInput<'_>,
    env: &dyn Environment,
) -> Result<(usize, Inner, Vec<u8>), Refusal> {
    let mut failures = Vec::new();
    for (index, mechanism) in mechanisms.iter().enumerate() {
        let begun = match may_begin(mechanism, opening, failures.is_empty(), env) {
            Ok(()) => {
                let others = mechanisms.get(index.saturating_add(1)..).unwrap_or_default();
                begin(mechanism, others, opening, input, env)
            }
            Err(error) => Err(error.into()),
        };
        match begun {
            Ok((inner, token)) => {
                told(mechanism, &failures);
                return Ok((index, inner, token));
            }
            // The last one's reason is as good as the others'.
            Err(refusal) if fallback::is_allowed(&refusal.error) || !failures.is_empty() => {
                failures.push((mechanism.name(), refusal.error));
            }
            Err(refusal) => return Err(refusal),
        }
    }
    Err(fallback::exhausted(failures).into())
}

/// The mechanism's first step, unless it failed lately for a reason that lasts. That is
/// remembered only where another mechanism steps in: who has nothing else tries each time.
fn begin(
    mechanism: &Mechanism,
    others: &[Mechanism],
    opening: &Opening,
    input: StepInput<'_>,
    env: &dyn Environment,
) -> Result<(Inner, Vec<u8>), Refusal> {
    let (target, now) = (opening.target.as_deref(), env.now());
    if let Some(error) = mechanism.no_ticket.recall(target, now) {
        return Err(error.into());
    }
    let begun = Inner::begin(mechanism, Role::Initiator, opening, input, env);
    if let Err(refusal) = &begun
        && others.iter().any(|other| can_follow(other, opening, env).is_ok())
    {
        mechanism.no_ticket.remember(target, &refusal.error, now);
    }
    begun
}

/// Whether a mechanism can be the one that begins. The preferred one finds out by trying: that is
/// as fast as asking.
fn may_begin(
    mechanism: &Mechanism,
    opening: &Opening,
    preferred: bool,
    env: &dyn Environment,
) -> Result<()> {
    if preferred { fits(mechanism, opening) } else { can_follow(mechanism, opening, env) }
}

/// Whether a mechanism may be offered beside another one.
fn can_follow(mechanism: &Mechanism, opening: &Opening, env: &dyn Environment) -> Result<()> {
    fits(mechanism, opening)?;
    let credential = mechanism.credential.as_ref().map_err(Clone::clone)?;
    credential.ready(Role::Initiator, opening.target.as_deref(), env)
}

/// Whether a mechanism can do what is asked for at all.
fn fits(mechanism: &Mechanism, opening: &Opening) -> Result<()> {
    // What there is to prove is asked first: that there is nothing is the better story.
    mechanism.credential.as_ref().map_err(Clone::clone)?;
    let (id, flags) = (mechanism.id(), opening.flags);
    if id == PackageId::Kerberos && !fallback::has_name(opening.target.as_deref()) {
        let story = "there is no name of a service to get a ticket for";
        return Err(Error::new(PeerFault::TargetUnknown, story));
    }
    if id == PackageId::Kerberos && flags.contains(ContextFlags::NULL_SESSION) {
        return Err(Error::new(LocalFault::NoCredentials, "it has no anonymous clients"));
    }
    if id == PackageId::Ntlm && flags.contains(ContextFlags::DATAGRAM) {
        // Its client has no first message, which SPNEGO needs.
        let story = "connectionless NTLM cannot be negotiated";
        return Err(Error::new(CallerFault::Unsupported, story));
    }
    Ok(())
}

/// A server that spoke first: what it says is unprotected, and changes nothing of our offer.
fn check_hint(token: &[u8]) -> Result<()> {
    match Kind::of(token) {
        Some(Kind::Init) => NegTokenInit::decode(token).map(drop),
        Some(_) => Err(unexpected("a client speaks first, and this one was given a token")),
        None => Err(spnego::unknown()),
    }
}

fn told(mechanism: &Mechanism, failures: &[(&'static str, Error)]) {
    for (name, error) in failures {
        log::info!("{} instead of {name}: {error}", mechanism.name());
    }
}

/// A refusal with a token is the mechanism's: it knows what is in it. One that would try again
/// (Kerberos with the server's clock) hears it twice: here it was the last word.
fn rejected(mut inner: Inner, answer: &NegTokenResp<'_>, env: &dyn Environment) -> Refusal {
    for _ in 0..2 {
        let Some(token) = answer.response_token.filter(|_| !inner.is_over()) else { break };
        match inner.step(StepInput { token: Some(token), bindings: None }, env) {
            Ok((next, _)) => inner = next,
            Err(refusal) => return Refusal { token: None, ..refusal },
        }
    }
    Error::new(PeerFault::LogonDenied, "the server rejected the negotiation").into()
}

fn go_on(
    inner: Inner,
    mic: ListMic,
    state: NegState,
    token: &[u8],
    code: Option<&[u8]>,
    awaits_end: bool,
) -> Step {
    let token = response(state, token, code);
    let progress = inner.progress(Negotiation::InProgress);
    Step::Continue { next: Box::new(Agreed { inner, mic, awaits_end }), token, progress }
}

fn response(state: NegState, token: &[u8], mic: Option<&[u8]>) -> Vec<u8> {
    let response = NegTokenResp {
        neg_state: Some(state),
        supported_mech: None,
        response_token: Some(token).filter(|token| !token.is_empty()),
        mech_list_mic: mic,
    };
    response.encode()
}

fn unexpected(story: &str) -> Error {
    Error::new(PeerFault::UnexpectedToken, story)
}

fn no_answer() -> Error {
    Error::new(PeerFault::MalformedToken, "the server's answer is missing")
}
