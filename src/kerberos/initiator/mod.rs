//! The client of the AP exchange (RFC 4120 3.2, RFC 4121 4.1, [MS-KILE] 3.2.5): one-way, mutual,
//! three legs of DCE style, and user-to-user.

mod delegation;
mod refused;
mod reply;
mod request;

use std::sync::Arc;

use self::refused::Refused;
use self::reply::{Answer, ServerProof};
use self::request::Sent;
use super::bindings::BindingsHash;
use super::credential::{KerberosCredential, ServiceTicket};
use super::flags;
use super::names::{self, ServiceRequest};
use super::seal::SessionProtection;
use crate::spi::bindings::ChannelBindings;
use crate::spi::environment::Environment;
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::kerberos::CachedTicket;
use crate::spi::package::{
    Handshake, LastClientToken, Negotiation, Opening, PackageId, Progress, Refusal, Step, StepInput,
};
use crate::spi::packed::{PackedContext, Role};
use crate::spi::secret::SecretBytes;
use crate::wire::gss::{self, Mechanism, tok_id};
use crate::wire::kerberos::{EncodedTicket, KrbError, PrincipalName, TgtRep, TgtReq};

/// Nothing was sent yet.
pub struct Start {
    credential: Arc<KerberosCredential>,
    opening: Opening,
}

/// KRB_TGT_REQ is out (user-to-user).
struct ExpectTgt(Client);

/// AP-REQ is out, and the server must prove itself.
struct ExpectReply {
    client: Client,
    sent: Sent,
    /// The clock was corrected once already.
    corrected: bool,
}

/// What does not change through a handshake.
struct Client {
    credential: Arc<KerberosCredential>,
    target: ServiceRequest,
    /// The target in the caller's words.
    spn: String,
    wanted: ContextFlags,
    bindings: Option<BindingsHash>,
}

impl Start {
    /// A handshake towards the opening's target.
    pub const fn new(credential: Arc<KerberosCredential>, opening: Opening) -> Self {
        Self { credential, opening }
    }
}

impl Handshake for Start {
    fn step(self: Box<Self>, input: StepInput<'_>, env: &dyn Environment) -> Result<Step, Refusal> {
        if input.token.is_some() {
            let story = "a client speaks first, and this one was given a token";
            return Err(Error::new(PeerFault::UnexpectedToken, story).into());
        }
        let client = Client::new(*self, input.bindings, env)?;
        if client.wanted.contains(ContextFlags::USE_SESSION_KEY) {
            return Ok(client.ask_for_tgt());
        }
        let ticket = client.credential.service_ticket(&client.target, env)?;
        client.request(ticket, Mechanism::Krb5, env).map_err(Refusal::from)
    }
}

impl Handshake for ExpectTgt {
    fn step(self: Box<Self>, input: StepInput<'_>, env: &dyn Environment) -> Result<Step, Refusal> {
        let mut client = self.0;
        client.take_bindings(input.bindings);
        let ticket = client.user_to_user_ticket(input.token, env)?;
        client.request(ticket, Mechanism::UserToUser, env).map_err(Refusal::from)
    }
}

impl Handshake for ExpectReply {
    fn step(self: Box<Self>, input: StepInput<'_>, env: &dyn Environment) -> Result<Step, Refusal> {
        let Self { mut client, sent, corrected } = *self;
        client.take_bindings(input.bindings);
        let token = input.token.ok_or_else(|| {
            let story = format!("{} sent no AP-REP", client.spn);
            Error::new(PeerFault::MutualAuthFailed, story)
        })?;
        match Answer::read(token, &sent).map_err(|error| error.context(&client.spn))? {
            Answer::Reply(reply) => {
                let permitted = super::enctypes::permitted(env.kerberos()?.settings());
                let proof = ServerProof::check(&sent, &reply, &permitted)
                    .map_err(|error| error.context(&client.spn))?;
                let token = proof.third_leg(&sent, env)?;
                Ok(client.done(sent, proof, token, env)?)
            }
            Answer::Error(error) if !corrected && Refused(&error).is_skew() => {
                client.correct_clock(sent, &error, env).map_err(Refusal::from)
            }
            Answer::Error(error) => Err(Refused(&error).error(&client.spn).into()),
        }
    }
}

impl Client {
    fn new(
        start: Start,
        bindings: Option<&ChannelBindings>,
        env: &dyn Environment,
    ) -> Result<Self> {
        let Start { credential, opening } = start;
        let spn = opening.target.filter(|target| !target.is_empty()).ok_or_else(|| {
            Error::new(PeerFault::TargetUnknown, "Kerberos needs the name of its target")
        })?;
        let target = ServiceRequest::parse(&spn, env.kerberos()?.settings())?;
        let wanted = flags::wanted(opening.flags);
        let bindings = bindings.map(BindingsHash::of);
        Ok(Self { credential, target, spn, wanted, bindings })
    }

    fn take_bindings(&mut self, bindings: Option<&ChannelBindings>) {
        if let Some(bindings) = bindings {
            self.bindings = Some(BindingsHash::of(bindings));
        }
    }

    /// Begins user-to-user: the server's TGT is wanted.
    fn ask_for_tgt(self) -> Step {
        let name = &self.target.name;
        let request = TgtReq {
            server_name: Some(PrincipalName::of(name)),
            realm: Some(name.realm.clone()).filter(|realm| !realm.is_empty()),
        };
        let token = gss::frame(Mechanism::UserToUser, tok_id::TGT_REQ, &request.to_der());
        let progress = progress(self.wanted);
        Step::Continue { next: Box::new(ExpectTgt(self)), token, progress }
    }

    /// A ticket in the session key of the server's TGT. Whose TGT that is, only the KDC can see:
    /// it gives a ticket for the name that we ask for, or none.
    fn user_to_user_ticket(
        &self,
        token: Option<&[u8]>,
        env: &dyn Environment,
    ) -> Result<ServiceTicket> {
        let no_tgt = |story: String| Error::new(PeerFault::NoTgtReply, story);
        let token = token.ok_or_else(|| no_tgt(format!("{} sent no TGT", self.spn)))?;
        let token = gss::unframe(token)?;
        if token.tok_id == tok_id::ERROR {
            return Err(Refused(&KrbError::from_der(token.body)?).error(&self.spn));
        }
        if token.tok_id != tok_id::TGT_REP {
            return Err(no_tgt(format!("{} sent something else than its TGT", self.spn)));
        }
        let reply = TgtRep::from_der(token.body)?;
        let tgt = reply.ticket.parse()?;
        if names::tgs_realm(&tgt.sname.name_string).is_none() {
            let story = format!("the ticket that {} sent is not one for a KDC", self.spn);
            return Err(Error::new(PeerFault::WrongTarget, story));
        }
        let ticket = self.credential.user_to_user_ticket(&self.target, &reply.ticket.0, env)?;
        let asked = &self.target.name;
        let given = &ticket.ticket.server;
        let realm_fits = asked.realm.is_empty() || asked.realm == given.realm;
        let fits = realm_fits && given.components == asked.components
            || names::enterprise(asked, &given.realm).as_ref() == Some(given);
        if !ticket.ticket.is_session_key || !fits {
            let story =
                format!("the ticket is for {}, not for {}", names::unparse(given), self.spn);
            return Err(Error::new(PeerFault::WrongTarget, story));
        }
        Ok(ticket)
    }

    /// Sends AP-REQ.
    fn request(
        self,
        ticket: ServiceTicket,
        mech: Mechanism,
        env: &dyn Environment,
    ) -> Result<Step> {
        let offset = ticket.clock_offset;
        let (sent, token) = Sent::make(&self, ticket, mech, offset, env)?;
        match ServerProof::not_asked_for(&sent) {
            Some(proof) => self.done(sent, proof, token, env),
            None => Ok(self.expect_reply(sent, token, false)),
        }
    }

    /// One more AP-REQ, by the server's clock. The clock is not authenticated: it is good for this
    /// one request, within the life of its ticket, and not remembered.
    fn correct_clock(self, sent: Sent, error: &KrbError, env: &dyn Environment) -> Result<Step> {
        let now = super::clock::seconds(env.now());
        let offset = error.stime.0.saturating_sub(now.0);
        let ticket = &sent.ticket.ticket;
        if error.stime < ticket.start_time || error.stime > ticket.end_time {
            return Err(Refused(error).error(&self.spn));
        }
        let story = format_args!("{}: the clocks are {offset} s apart, once more", self.spn);
        env.kerberos()?.trace(story);
        let (sent, token) = Sent::make(&self, sent.ticket, sent.mech, offset, env)?;
        Ok(self.expect_reply(sent, token, true))
    }

    fn expect_reply(self, sent: Sent, token: Vec<u8>, corrected: bool) -> Step {
        let progress = progress(sent.flags);
        Step::Continue {
            next: Box::new(ExpectReply { client: self, sent, corrected }),
            token,
            progress,
        }
    }

    /// The context: the server has proved what it had to.
    fn done(
        self,
        sent: Sent,
        proof: ServerProof,
        token: Vec<u8>,
        env: &dyn Environment,
    ) -> Result<Step> {
        let ticket = &sent.ticket.ticket;
        let receive_sequence = proof.sequence();
        let acceptor_subkey = proof.has_subkey();
        let key = proof.into_key().unwrap_or(sent.subkey);
        let session_key = SecretBytes::new(key.expose().to_vec());
        let protection = SessionProtection {
            key,
            acceptor_subkey,
            send_sequence: sent.sequence,
            receive_sequence,
            confounder_seed: sent.confounder_seed,
        };
        let server_name = server_name(ticket);
        let start = if ticket.start_time.0 == 0 { ticket.auth_time } else { ticket.start_time };
        let trace =
            format_args!("context with {server_name} as {}", names::unparse(&ticket.client));
        env.kerberos()?.trace(trace);
        let context = PackedContext {
            package: PackageId::Kerberos,
            negotiated: false,
            role: Role::Initiator,
            flags: sent.flags,
            client_name: names::unparse(&ticket.client),
            client: None,
            target_information: Vec::new(),
            server_name: Some(server_name),
            authority: Some(ticket.client.realm.clone()),
            client_target: Some(self.spn),
            start: start.to_file_time(),
            expiry: ticket.end_time.to_file_time(),
            password_expiry: self.credential.password_expiry(),
            logon: None,
            session_key,
            protection: protection.pack(),
            sender: None,
            receiver: None,
        };
        Ok(Step::Done {
            context: Box::new(context),
            token,
            delegated: None,
            mech_list_mic_due: false,
        })
    }
}

/// The server by its whole name: who asked without a realm finds it in the ticket.
fn server_name(ticket: &CachedTicket) -> String {
    let encoded = || EncodedTicket(ticket.ticket.clone()).parse().ok();
    let found = if ticket.server.realm.is_empty() { encoded() } else { None };
    found.map_or_else(
        || names::unparse(&ticket.server),
        |ticket| names::unparse(&ticket.sname.in_realm(&ticket.realm)),
    )
}

const fn progress(flags: ContextFlags) -> Progress {
    let last_client_token = LastClientToken::No;
    Progress {
        package: PackageId::Kerberos,
        flags,
        last_client_token,
        negotiation: Negotiation::Complete,
    }
}
