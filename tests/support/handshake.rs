//! Both sides of an NTLM handshake in one process.

use std::sync::Arc;

use secur32::ntlm::{PACKAGE, seal};
use secur32::spi::bindings::ChannelBindings;
use secur32::spi::environment::Environment;
use secur32::spi::error::{Error, Fault};
use secur32::spi::flags::ContextFlags;
use secur32::spi::identity::{Identity, Proof};
use secur32::spi::message::MessageProtection;
use secur32::spi::package::{
    AcquireRequest, Credential, Handshake, Opening, SecurityPackage, Step, StepInput, Usage,
};
use secur32::spi::packed::PackedContext;
use secur32::spi::secret::SecretText;

/// An identity with a password; empty texts are absent.
pub fn identity(domain: &str, user: &str, password: &str) -> Identity {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Identity {
        user: given(user),
        domain: given(domain),
        proof: match password {
            "" => Proof::None,
            password => Proof::Password(SecretText::from_str_secret(password)),
        },
        ..Identity::default()
    }
}

pub fn outbound(identity: Option<Identity>, env: &dyn Environment) -> Arc<dyn Credential> {
    acquire(identity, Usage { inbound: false, outbound: true }, env)
}

pub fn inbound(identity: Option<Identity>, env: &dyn Environment) -> Arc<dyn Credential> {
    acquire(identity, Usage { inbound: true, outbound: false }, env)
}

fn acquire(identity: Option<Identity>, usage: Usage, env: &dyn Environment) -> Arc<dyn Credential> {
    PACKAGE
        .acquire(
            AcquireRequest { principal: None, usage, identity, ..AcquireRequest::default() },
            env,
        )
        .unwrap()
}

/// A client's handshake after its first step.
pub struct Client {
    pub next: Box<dyn Handshake>,
    pub negotiate: Vec<u8>,
}

/// A server's handshake after its first step.
pub struct Server {
    pub next: Box<dyn Handshake>,
    pub challenge: Vec<u8>,
}

/// What a handshake is made with.
pub struct Setup<'e> {
    pub client_env: &'e dyn Environment,
    pub server_env: &'e dyn Environment,
    pub identity: Option<Identity>,
    pub own_account: Option<Identity>,
    pub target: Option<String>,
    pub asked: ContextFlags,
    pub required: ContextFlags,
    pub client_bindings: Option<ChannelBindings>,
    pub server_bindings: Option<ChannelBindings>,
}

impl<'e> Setup<'e> {
    /// `DOM\alice`, who asks for signing and sealing.
    pub fn new(env: &'e dyn Environment) -> Self {
        Self {
            client_env: env,
            server_env: env,
            identity: Some(identity("DOM", "alice", "secret")),
            own_account: None,
            target: Some("cifs/server.example".into()),
            asked: ContextFlags::INTEGRITY | ContextFlags::CONFIDENTIALITY,
            required: ContextFlags::empty(),
            client_bindings: None,
            server_bindings: None,
        }
    }

    pub fn client(&mut self) -> Result<Client, Error> {
        let credential = outbound(self.identity.take(), self.client_env);
        let opening = Opening { target: self.target.clone(), flags: self.asked };
        let handshake = credential.initiate(opening, self.client_env)?;
        let input = StepInput { token: None, bindings: self.client_bindings.as_ref() };
        let (next, negotiate) = go_on(handshake.step(input, self.client_env))?;
        Ok(Client { next, negotiate })
    }

    pub fn server(&mut self, negotiate: &[u8]) -> Result<Server, Error> {
        let credential = inbound(self.own_account.take(), self.server_env);
        let opening = Opening { target: None, flags: self.required };
        let handshake = credential.accept(opening, self.server_env)?;
        let token = (!negotiate.is_empty()).then_some(negotiate);
        let input = StepInput { token, bindings: self.server_bindings.as_ref() };
        let (next, challenge) = go_on(handshake.step(input, self.server_env))?;
        Ok(Server { next, challenge })
    }

    /// The whole handshake, with something that changes each message on its way.
    pub fn run_through(
        &mut self,
        mut wire: impl FnMut(&mut Vec<u8>),
    ) -> Result<(PackedContext, PackedContext), Error> {
        let mut client = self.client()?;
        wire(&mut client.negotiate);
        let mut server = self.server(&client.negotiate)?;
        wire(&mut server.challenge);
        let (client, mut token) = finish(client.next, &server.challenge, self.client_env)?;
        wire(&mut token);
        let (server, rest) = finish(server.next, &token, self.server_env)?;
        assert!(rest.is_empty());
        Ok((client, server))
    }

    pub fn run(&mut self) -> Result<(PackedContext, PackedContext), Error> {
        self.run_through(|_| {})
    }

    /// The whole handshake up to the client's last token, which is not delivered.
    pub fn authenticate(&mut self) -> Result<(PackedContext, Vec<u8>, Server), Error> {
        let client = self.client()?;
        let server = self.server(&client.negotiate)?;
        let (context, token) = finish(client.next, &server.challenge, self.client_env)?;
        Ok((context, token, server))
    }
}

/// A step that must not be the last.
pub fn go_on(
    step: Result<Step, secur32::spi::package::Refusal>,
) -> Result<(Box<dyn Handshake>, Vec<u8>), Error> {
    match step {
        Ok(Step::Continue { next, token, .. }) => Ok((next, token)),
        Ok(Step::Done { .. }) => panic!("the handshake was over too early"),
        Err(refusal) => Err(refusal.error),
    }
}

/// A step that must be the last.
pub fn finish(
    handshake: Box<dyn Handshake>,
    token: &[u8],
    env: &dyn Environment,
) -> Result<(PackedContext, Vec<u8>), Error> {
    match handshake.step(StepInput { token: Some(token), bindings: None }, env) {
        Ok(Step::Done { context, token, .. }) => Ok((*context, token)),
        Ok(Step::Continue { .. }) => panic!("the handshake was not over"),
        Err(refusal) => Err(refusal.error),
    }
}

pub fn open(context: &PackedContext) -> MessageProtection {
    seal::open(context).unwrap()
}

/// Fails unless the result is this fault.
pub fn refused<T>(result: Result<T, Error>, fault: impl Into<Fault>) {
    let fault = fault.into();
    match result {
        Ok(_) => panic!("accepted, and {fault:?} was due"),
        Err(error) => assert_eq!(error.fault(), fault, "{error}"),
    }
}
