//! The server of the AP exchange (RFC 4120 3.2, RFC 4121 4.1, [MS-KILE] 3.4.5).
//!
//! A context is only made from proof values: [`TicketVerified`], [`AuthenticatorVerified`],
//! [`NotReplayed`], [`ClaimsVerified`] and, in DCE style, [`ThirdLegVerified`]. Each can only be
//! made by the check that it is named after.

mod authenticator;
mod bare;
mod claims;
mod delegated;
mod denied;
mod evidence;
mod reply;
mod ring;
mod third_leg;
mod ticket;
mod transited;

use std::sync::Arc;

use self::authenticator::{AuthenticatorVerified, NotReplayed};
pub(super) use self::bare::{BareTicket, open_ticket};
use self::claims::ClaimsVerified;
use self::delegated::delegated;
use self::denied::{Denied, Told, no_tgt};
use self::evidence::evidence;
use self::reply::Reply;
pub use self::ring::RingCache;
pub(super) use self::ring::is_kdc_service;
use self::third_leg::{ExpectThirdLeg, ThirdLegVerified};
use self::ticket::{Conditions, TicketVerified};
use super::bindings::BindingsHash;
use super::credential::KerberosCredential;
use super::enctypes;
use super::names;
use super::seal::SessionProtection;
use crate::spi::environment::Environment;
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::kerberos::{CachedTicket, Principal};
use crate::spi::package::{
    Credential, Handshake, LastClientToken, Negotiation, Opening, PackageId, Progress, Refusal,
    Step, StepInput,
};
use crate::spi::packed::{PackedContext, Role};
use crate::spi::secret::SecretBytes;
use crate::spi::time::FileTime;
use crate::wire::gss::{self, Mechanism, tok_id};
use crate::wire::kerberos::numbers::application;
use crate::wire::kerberos::{ApReq, EncodedTicket, TgtRep, TgtReq, application_tag};

/// Nothing came yet.
pub struct Start {
    credential: Arc<KerberosCredential>,
    opening: Opening,
}

/// An answer to something that was no acceptable AP-REQ is out, and another one may come.
struct ExpectRequest {
    server: Server,
    expected: Expected,
}

/// What may come.
#[derive(Default)]
struct Expected {
    /// Our TGT, if it was lent: the ticket must be in its session key.
    tgt: Option<Arc<CachedTicket>>,
    /// The client was told our time: this is its last try.
    corrected: bool,
}

/// What does not change through a handshake.
struct Server {
    credential: Arc<KerberosCredential>,
    required: ContextFlags,
    bindings: Option<BindingsHash>,
}

impl Start {
    /// A handshake with these requirements.
    pub const fn new(credential: Arc<KerberosCredential>, opening: Opening) -> Self {
        Self { credential, opening }
    }
}

impl Handshake for Start {
    fn step(self: Box<Self>, input: StepInput<'_>, env: &dyn Environment) -> Result<Step, Refusal> {
        let Self { credential, opening } = *self;
        let server = Server { credential, required: opening.flags, bindings: None };
        server.receive(input, Expected::default(), env)
    }
}

impl Handshake for ExpectRequest {
    fn step(self: Box<Self>, input: StepInput<'_>, env: &dyn Environment) -> Result<Step, Refusal> {
        let Self { server, expected } = *self;
        server.receive(input, expected, env)
    }
}

/// A token, its frame taken off.
enum Received {
    Request { mech: Option<Mechanism>, request: ApReq },
    TgtRequest(TgtReq),
}

impl Received {
    fn read(token: &[u8]) -> Result<Self> {
        if application_tag(token) == Some(application::AP_REQ) {
            return Ok(Self::Request { mech: None, request: ApReq::from_der(token)? });
        }
        let token = gss::unframe(token)?;
        match (token.tok_id, token.mech) {
            (tok_id::AP_REQ, mech) => {
                Ok(Self::Request { mech: Some(mech), request: ApReq::from_der(token.body)? })
            }
            (tok_id::TGT_REQ, Mechanism::UserToUser) => {
                Ok(Self::TgtRequest(TgtReq::from_der(token.body)?))
            }
            _ => {
                let story = "the client's token is neither AP-REQ nor KRB_TGT_REQ";
                Err(Error::new(PeerFault::UnexpectedToken, story))
            }
        }
    }
}

/// A request of which everything holds.
struct Accepted {
    ticket: TicketVerified,
    authenticator: AuthenticatorVerified,
    _fresh: NotReplayed,
    claims: ClaimsVerified,
    /// DCE style.
    third_leg: Option<ThirdLegVerified>,
    onward: Option<Onward>,
}

/// What the server can go on with in the client's name.
enum Onward {
    /// The client's own ticket-granting ticket.
    Forwarded(Arc<dyn Credential>),
    /// The client's ticket for the server, where the KDC permits it.
    Evidence(Arc<dyn Credential>),
}

impl Server {
    fn receive(
        mut self,
        input: StepInput<'_>,
        expected: Expected,
        env: &dyn Environment,
    ) -> Result<Step, Refusal> {
        if let Some(bindings) = input.bindings {
            self.bindings = Some(BindingsHash::of(bindings));
        }
        let token = input.token.ok_or_else(|| {
            Error::new(PeerFault::MalformedToken, "the client's AP-REQ is missing")
        })?;
        match Received::read(token)? {
            Received::Request { mech, request } => self.judge(mech, &request, expected, env),
            Received::TgtRequest(request) if expected.tgt.is_none() && !expected.corrected => {
                self.lend_tgt(request, env)
            }
            Received::TgtRequest(_) => {
                let story = "the client asked for our TGT at the wrong time";
                Err(Error::new(PeerFault::UnexpectedToken, story).into())
            }
        }
    }

    /// User-to-user: our TGT, in whose session key the client's ticket shall be.
    fn lend_tgt(self, request: TgtReq, env: &dyn Environment) -> Result<Step, Refusal> {
        let tgt = self.credential.tgt(env).map_err(|error| {
            let error = error.context("the client wants user-to-user, and there is no TGT");
            Refusal { error, token: Some(no_tgt(request, env)) }
        })?;
        let reply = TgtRep { ticket: EncodedTicket(tgt.ticket.clone()) };
        let token = gss::frame(Mechanism::UserToUser, tok_id::TGT_REP, &reply.to_der());
        Ok(self.expect_request(
            Expected { tgt: Some(tgt), corrected: false },
            token,
            LastClientToken::No,
        ))
    }

    fn expect_request(self, expected: Expected, token: Vec<u8>, last: LastClientToken) -> Step {
        let progress = progress(ContextFlags::empty(), last);
        Step::Continue { next: Box::new(ExpectRequest { server: self, expected }), token, progress }
    }

    fn judge(
        self,
        mech: Option<Mechanism>,
        request: &ApReq,
        expected: Expected,
        env: &dyn Environment,
    ) -> Result<Step, Refusal> {
        let mut told = Told::new(mech, request, self.required);
        let denied = match self.accept(mech, request, &expected, &mut told, env) {
            Ok(accepted) => return Ok(self.answer(mech, accepted, env)?),
            Err(denied) => denied,
        };
        let token = told.token(&denied, env);
        env.kerberos()?.trace(format_args!("AP-REQ refused: {}", denied.error));
        match token {
            // The client can do better: it has learned our time.
            Some(token) if denied.is_skew() && !expected.corrected => {
                let expected = Expected { corrected: true, ..expected };
                Ok(self.expect_request(expected, token, LastClientToken::Maybe))
            }
            token => Err(Refusal { error: denied.error, token }),
        }
    }

    /// All that RFC 4120 3.2.3 and RFC 4121 4.1.1 have checked, in one order: the ticket, the
    /// authenticator, that it is new, and what its checksum says.
    fn accept(
        &self,
        mech: Option<Mechanism>,
        request: &ApReq,
        expected: &Expected,
        told: &mut Told,
        env: &dyn Environment,
    ) -> Result<Accepted, Denied> {
        let host = env.kerberos()?;
        let permitted = enctypes::permitted(host.settings());
        let now = super::clock::seconds(env.now());
        let skew = host.settings().clock_skew;
        let conditions = Conditions::new(&permitted, now, env)?;
        let (ticket, account) = match &expected.tgt {
            Some(tgt) => (TicketVerified::in_session_key(request, tgt, &conditions)?, None),
            None => self.verify_ticket(request, &conditions, env)?,
        };
        let authenticator = AuthenticatorVerified::check(request, &ticket, &permitted, now, skew)?;
        let fresh = NotReplayed::check(&authenticator, request, host.replay_cache(), now, skew)?;
        let claims = ClaimsVerified::check(&authenticator, request, mech.is_none(), &ticket)?;
        told.heard(claims.flags());
        claims.check_bindings(self.bindings, self.required)?;
        let onward = match delegated(&claims, &authenticator, &ticket)? {
            Some(tgt) => Some(Onward::Forwarded(tgt)),
            None => account.map(|own| Onward::Evidence(evidence(own, &ticket, request))),
        };
        Ok(Accepted { ticket, authenticator, _fresh: fresh, claims, third_leg: None, onward })
    }

    /// The ticket, and the account that it is for.
    fn verify_ticket(
        &self,
        request: &ApReq,
        conditions: &Conditions<'_>,
        env: &dyn Environment,
    ) -> Result<(TicketVerified, Option<Arc<KerberosCredential>>), Denied> {
        let keys = self.credential.acceptor_keys(env)?;
        let ring = self.credential.key_ring().of(&keys.entries);
        let ticket = TicketVerified::with_keys(request, &keys, &ring, conditions)?;
        let account = ring.account(ticket.server());
        Ok((ticket, account))
    }

    /// Sends AP-REP, if one is due, and has the context, or waits for the third leg.
    fn answer(
        self,
        mech: Option<Mechanism>,
        accepted: Accepted,
        env: &dyn Environment,
    ) -> Result<Step> {
        let host = env.kerberos()?;
        let flags = super::flags::accepted(accepted.claims.flags(), self.required);
        let permitted = enctypes::permitted(host.settings());
        let reply = Reply::make(&accepted, flags, mech, &permitted, env)?;
        if flags.contains(ContextFlags::DCE_STYLE) {
            let token = reply.token.clone();
            let next = Box::new(ExpectThirdLeg::new(accepted, reply, flags, self.required));
            let progress = progress(flags, LastClientToken::No);
            return Ok(Step::Continue { next, token, progress });
        }
        accepted.established(reply, flags, env)
    }
}

impl Accepted {
    /// The context. In DCE style the third leg must have come.
    fn established(self, reply: Reply, flags: ContextFlags, env: &dyn Environment) -> Result<Step> {
        if flags.contains(ContextFlags::DCE_STYLE) != self.third_leg.is_some() {
            return Err(PeerFault::UnexpectedToken.into());
        }
        let Self { ticket, authenticator, onward, .. } = self;
        let Reply { subkey, sequence, token, confounder_seed } = reply;
        let acceptor_subkey = subkey.is_some();
        let receive_sequence = authenticator.sequence();
        let key = subkey.unwrap_or_else(|| authenticator.into_key(&ticket));
        let session_key = SecretBytes::new(key.expose().to_vec());
        let protection = SessionProtection {
            key,
            acceptor_subkey,
            send_sequence: sequence,
            receive_sequence,
            confounder_seed,
        };
        let mut flags = flags | ticket.flags();
        flags.set(ContextFlags::DELEGATE, matches!(onward, Some(Onward::Forwarded(_))));
        let delegated = onward.map(|onward| match onward {
            Onward::Forwarded(credential) | Onward::Evidence(credential) => credential,
        });
        let client = ticket.client();
        let (client_name, server_name) = (names::unparse(client), names::unparse(ticket.server()));
        env.kerberos()?.trace(format_args!("context of {client_name} with {server_name}"));
        let context = PackedContext {
            package: PackageId::Kerberos,
            negotiated: false,
            role: Role::Acceptor,
            flags,
            client_name,
            target_information: Vec::new(),
            client_target: Some(service_name(ticket.server())),
            server_name: Some(server_name),
            authority: Some(client.realm.clone()),
            start: ticket.start().to_file_time(),
            expiry: ticket.end().to_file_time(),
            client: Some(Box::new(ticket.into_identity())),
            password_expiry: FileTime::NEVER,
            logon: None,
            session_key,
            protection: protection.pack(),
            sender: None,
            receiver: None,
        };
        Ok(Step::Done { context: Box::new(context), token, delegated, mech_list_mic_due: false })
    }
}

/// A server's name as clients ask for it.
fn service_name(server: &Principal) -> String {
    names::unparse(&Principal { realm: String::new(), ..server.clone() })
}

const fn progress(flags: ContextFlags, last_client_token: LastClientToken) -> Progress {
    Progress {
        package: PackageId::Kerberos,
        flags,
        last_client_token,
        negotiation: Negotiation::Complete,
    }
}
