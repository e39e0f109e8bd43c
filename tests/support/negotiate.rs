//! Negotiate over the real Kerberos and the real NTLM, both sides in one process.

use std::sync::Arc;

use secur32::spi::bindings::ChannelBindings;
use secur32::spi::environment::Environment;
use secur32::spi::error::Error;
use secur32::spi::flags::ContextFlags;
use secur32::spi::identity::{Identity, PackageList};
use secur32::spi::message::{MessageProtection, Part, Qop};
use secur32::spi::package::{
    AcquireRequest, Credential, Handshake, Opening, Progress, Refusal, SecurityPackage, Step,
    StepInput, Usage,
};
use secur32::spi::packed::PackedContext;
use secur32::{kerberos, negotiate, ntlm};

use super::env::FixedEnv;

static MECHANISMS: [&dyn SecurityPackage; 2] = [&kerberos::PACKAGE, &ntlm::PACKAGE];

/// The package.
pub static NEGOTIATE: negotiate::Package = negotiate::Package::new(&MECHANISMS);

static NTLM_FIRST: [&dyn SecurityPackage; 2] = [&ntlm::PACKAGE, &kerberos::PACKAGE];

/// The same for those who prefer NTLM.
pub static PREFERS_NTLM: negotiate::Package = negotiate::Package::new(&NTLM_FIRST);

/// What most callers ask for.
pub const USUAL: ContextFlags = ContextFlags::MUTUAL_AUTH
    .union(ContextFlags::INTEGRITY)
    .union(ContextFlags::CONFIDENTIALITY)
    .union(ContextFlags::REPLAY_DETECT)
    .union(ContextFlags::SEQUENCE_DETECT);

/// One side of a handshake.
pub struct End {
    pub env: FixedEnv,
    pub identity: Option<Identity>,
    pub packages: PackageList,
    /// The name that the credential is for.
    pub principal: Option<String>,
    pub flags: ContextFlags,
    pub target: Option<String>,
    pub bindings: Option<ChannelBindings>,
    /// Which of the two is preferred.
    pub package: &'static negotiate::Package,
}

impl End {
    pub fn new(env: FixedEnv) -> Self {
        Self {
            env,
            identity: None,
            packages: PackageList::default(),
            principal: None,
            flags: ContextFlags::empty(),
            target: None,
            bindings: None,
            package: &NEGOTIATE,
        }
    }

    pub fn credential(&self, usage: Usage) -> Result<Arc<dyn Credential>, Error> {
        let request = AcquireRequest {
            principal: self.principal.clone(),
            usage,
            identity: self.identity.as_ref().map(Identity::duplicate),
            packages: self.packages.clone(),
            ..AcquireRequest::default()
        };
        self.package.acquire(request, &self.env)
    }

    fn opening(&self) -> Opening {
        Opening { target: self.target.clone(), flags: self.flags }
    }

    pub fn initiate(&self) -> Result<Box<dyn Handshake>, Error> {
        let usage = Usage { inbound: false, outbound: true };
        self.credential(usage)?.initiate(self.opening(), &self.env)
    }

    pub fn accept(&self) -> Result<Box<dyn Handshake>, Error> {
        let usage = Usage { inbound: true, outbound: false };
        self.credential(usage)?.accept(self.opening(), &self.env)
    }

    pub fn step(&self, handshake: Box<dyn Handshake>, token: &[u8]) -> Result<Step, Refusal> {
        let token = Some(token).filter(|token| !token.is_empty());
        handshake.step(StepInput { token, bindings: self.bindings.as_ref() }, &self.env)
    }
}

/// Client and server.
pub struct Pair {
    pub client: End,
    pub server: End,
    /// The server speaks first.
    pub hint: bool,
}

/// What came of it.
pub struct Outcome {
    pub client: PackedContext,
    pub server: PackedContext,
    pub delegated: Option<Arc<dyn Credential>>,
    /// All tokens as they were made, the first speaker's first.
    pub tokens: Vec<Vec<u8>>,
    /// What was said of the contexts on the way: the client's, the server's.
    pub progress: [Vec<Progress>; 2],
}

/// Who failed, and what was sent all the same.
#[derive(Debug)]
pub struct Failure {
    pub error: Error,
    pub token: Option<Vec<u8>>,
    pub by_server: bool,
}

enum Side {
    Going(Box<dyn Handshake>),
    Over(Box<PackedContext>, Option<Arc<dyn Credential>>),
    Failed,
}

impl Pair {
    pub fn new(client: FixedEnv, server: FixedEnv) -> Self {
        let mut client = End::new(client);
        client.flags = USUAL;
        Self { client, server: End::new(server), hint: false }
    }

    pub fn run(&self) -> Result<Outcome, Failure> {
        self.run_through(|_, _| {})
    }

    /// With something that changes each token on its way; they are counted from 0.
    pub fn run_through(
        &self,
        mut wire: impl FnMut(usize, &mut Vec<u8>),
    ) -> Result<Outcome, Failure> {
        let fail = |by_server| move |error| Failure { error, token: None, by_server };
        let client = self.client.initiate().map_err(fail(false))?;
        let server = self.server.accept().map_err(fail(true))?;
        let ends = [&self.client, &self.server];
        let mut sides = [Side::Going(client), Side::Going(server)];
        let (mut token, mut tokens) = (Vec::new(), Vec::new());
        let mut progress = [Vec::new(), Vec::new()];
        let mut turn = usize::from(self.hint);
        loop {
            let side = std::mem::replace(&mut sides[turn], Side::Failed);
            let Side::Going(handshake) = side else { panic!("a token came too late: {tokens:x?}") };
            let by_server = turn == 1;
            let step = ends[turn].step(handshake, &token).map_err(|refusal| {
                let Refusal { error, token } = refusal;
                Failure { error, token, by_server }
            })?;
            (sides[turn], token) = match step {
                Step::Continue { next, token, progress: so_far } => {
                    progress[turn].push(so_far);
                    (Side::Going(next), token)
                }
                Step::Done { context, token, delegated, .. } => {
                    (Side::Over(context, delegated), token)
                }
            };
            if token.is_empty() {
                break;
            }
            wire(tokens.len(), &mut token);
            tokens.push(token.clone());
            turn = 1 - turn;
        }
        let [Side::Over(client, _), Side::Over(server, delegated)] = sides else {
            panic!("somebody waits: {tokens:x?}")
        };
        Ok(Outcome { client: *client, server: *server, delegated, tokens, progress })
    }
}

pub fn open(context: &PackedContext) -> MessageProtection {
    NEGOTIATE.protection(context).unwrap()
}

/// A signed and, where it can be, a sealed message each way, twice.
pub fn exchange_messages(client: &PackedContext, server: &PackedContext) {
    let (mut client_end, mut server_end) = (open(client), open(server));
    for _ in 0..2 {
        one_way(&mut client_end, &mut server_end, client.flags, b"from the client");
        one_way(&mut server_end, &mut client_end, server.flags, b"from the server");
    }
}

fn one_way(
    from: &mut MessageProtection,
    to: &mut MessageProtection,
    flags: ContextFlags,
    text: &[u8],
) {
    let (mut token, mut padding, mut data) = ([0; 100], [0; 16], text.to_vec());
    let length = from.sender.sign(Qop::Default, &[text], &mut token, 0).unwrap();
    to.receiver.verify(&[text], &token[..length], 0).unwrap();
    if !flags.contains(ContextFlags::CONFIDENTIALITY) {
        return;
    }
    let parts = &mut [Part::Data(&mut data)];
    let sealed = from.sender.seal(Qop::Default, parts, &mut token, &mut padding, 0).unwrap();
    assert_ne!(data, text);
    let (token, padding) = (&mut token[..sealed.token], &mut padding[..sealed.padding]);
    to.receiver.unseal(&mut [Part::Data(&mut data)], token, padding, 0).unwrap();
    assert_eq!(data, text);
}

/// Steps a handshake that must go on.
pub fn go_on(step: Result<Step, Refusal>) -> Result<(Box<dyn Handshake>, Vec<u8>), Refusal> {
    match step? {
        Step::Continue { next, token, .. } => Ok((next, token)),
        Step::Done { .. } => panic!("the handshake was over too early"),
    }
}

/// Whatever an environment is for.
pub fn as_env(env: &FixedEnv) -> &dyn Environment {
    env
}
