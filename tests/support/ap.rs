//! The AP exchange in one process: tickets that the test mints, both sides in a loop, and a
//! client whose every word can be changed.

use std::sync::Arc;

use secur32::crypto::kerberos::{Enctype, Key};
use secur32::kerberos::PACKAGE;
use secur32::spi::bindings::ChannelBindings;
use secur32::spi::error::Error;
use secur32::spi::flags::ContextFlags;
use secur32::spi::identity::{Identity, Proof};
use secur32::spi::kerberos::{
    CachedTicket, CredentialCache, KerberosTime, KeyBlock, KeytabEntry, Principal,
};
use secur32::spi::package::{
    AcquireRequest, Credential, Handshake, Opening, Refusal, SecurityPackage, Step, StepInput,
    Usage,
};
use secur32::spi::packed::PackedContext;
use secur32::spi::secret::{SecretBytes, SecretText};
use secur32::wire::gss::{self, Mechanism, tok_id};
use secur32::wire::kerberos::numbers::{ap_options, key_usage, ticket_flags};
use secur32::wire::kerberos::{
    ApRep, ApReq, Authenticator, AuthorizationDataEntry, Checksum, EncApRepPart, EncTicketPart,
    EncodedTicket, EncryptedData, GssChecksum, KrbError, PrincipalName, Ticket, TransitedEncoding,
};

use super::env::{FixedEnv, NOW};
use super::kerberos::{FixedKerberos, keytab_entry, principal};

pub const CLIENT: &str = "alice@EXAMPLE.COM";
pub const SERVICE: &str = "HTTP/www.example.com@EXAMPLE.COM";
pub const TARGET: &str = "HTTP/www.example.com";
pub const ALL_ENCTYPES: [Enctype; 5] = [
    Enctype::Aes128CtsHmacSha1,
    Enctype::Aes256CtsHmacSha1,
    Enctype::Aes128CtsHmacSha256,
    Enctype::Aes256CtsHmacSha384,
    Enctype::Rc4Hmac,
];

/// The time of the fixed world.
pub fn now() -> KerberosTime {
    KerberosTime::of(NOW)
}

pub fn after(seconds: i64) -> KerberosTime {
    KerberosTime(now().0 + seconds)
}

/// A key of an enctype, of one repeated byte.
pub fn key(enctype: Enctype, byte: u8) -> Key {
    Key::new(enctype, &vec![byte; enctype.key_length()]).unwrap()
}

fn block(key: &Key) -> KeyBlock {
    KeyBlock { enctype: key.enctype().number(), value: SecretBytes::new(key.expose().to_vec()) }
}

/// A KDC's last word: a ticket, every part of which can be changed.
#[derive(Clone)]
pub struct TicketMaker {
    pub client: Principal,
    /// As it is written outside.
    pub server: Principal,
    pub enctype: Enctype,
    pub kvno: Option<u32>,
    /// The byte of which the service's key is made.
    pub service_key: u8,
    pub session: Enctype,
    pub session_key: u8,
    pub flags: u32,
    pub auth_time: KerberosTime,
    pub start_time: Option<KerberosTime>,
    pub end_time: KerberosTime,
    pub transited: (i32, Vec<u8>),
    pub authorization_data: Vec<AuthorizationDataEntry>,
    /// What the session key's number is said to be, if not the truth.
    pub claimed_session: Option<i32>,
}

impl TicketMaker {
    pub fn new(enctype: Enctype) -> Self {
        Self {
            client: principal(CLIENT),
            server: principal(SERVICE),
            enctype,
            kvno: Some(3),
            service_key: 0x51,
            session: enctype,
            session_key: 0x52,
            flags: ticket_flags::PRE_AUTHENT,
            auth_time: after(-60),
            start_time: None,
            end_time: after(36_000),
            transited: (1, Vec::new()),
            authorization_data: Vec::new(),
            claimed_session: None,
        }
    }

    /// What is encrypted in the ticket.
    pub fn part(&self) -> EncTicketPart {
        let session = key(self.session, self.session_key);
        let mut session = block(&session);
        if let Some(claimed) = self.claimed_session {
            session.enctype = claimed;
        }
        EncTicketPart {
            flags: self.flags,
            key: session,
            crealm: self.client.realm.clone(),
            cname: PrincipalName::of(&self.client),
            transited: TransitedEncoding {
                tr_type: self.transited.0,
                contents: self.transited.1.clone(),
            },
            authtime: self.auth_time,
            starttime: self.start_time,
            endtime: self.end_time,
            renew_till: None,
            caddr: Vec::new(),
            authorization_data: self.authorization_data.clone(),
        }
    }

    pub fn mint(&self) -> EncodedTicket {
        let part = self.part();
        let confounder = vec![7; self.enctype.confounder_length()];
        let cipher = key(self.enctype, self.service_key).encrypt(
            key_usage::TICKET,
            &confounder,
            part.to_der_secret().expose(),
        );
        let ticket = Ticket {
            realm: self.server.realm.clone(),
            sname: PrincipalName::of(&self.server),
            enc_part: EncryptedData { etype: self.enctype.number(), kvno: self.kvno, cipher },
        };
        ticket.encode()
    }

    /// As the client's cache holds it.
    pub fn cached(&self) -> CachedTicket {
        CachedTicket {
            client: self.client.clone(),
            server: self.server.clone(),
            key: block(&key(self.session, self.session_key)),
            auth_time: self.auth_time,
            start_time: self.start_time.unwrap_or(self.auth_time),
            end_time: self.end_time,
            renew_till: KerberosTime(0),
            is_session_key: false,
            flags: self.flags,
            addresses: Vec::new(),
            authorization_data: Vec::new(),
            ticket: self.mint().0,
            second_ticket: Vec::new(),
        }
    }

    /// The client's ticket-granting ticket.
    pub fn tgt(&self) -> Self {
        let realm = &self.client.realm;
        Self {
            server: principal(&format!("krbtgt/{realm}@{realm}")),
            service_key: 0x61,
            session_key: 0x62,
            flags: self.flags | ticket_flags::FORWARDABLE | ticket_flags::INITIAL,
            ..self.clone()
        }
    }

    pub fn service_entry(&self) -> KeytabEntry {
        let key = key(self.enctype, self.service_key);
        let kvno = self.kvno.unwrap_or(0);
        keytab_entry(self.server.clone(), kvno, self.enctype.number(), key.expose())
    }
}

/// A machine on which client and service meet: a cache with these tickets and a keytab with
/// their keys.
pub fn machine(tickets: &[&TicketMaker]) -> FixedKerberos {
    let kerberos = FixedKerberos::new().with_settings(|settings| settings.allow_rc4 = true);
    let client = tickets.first().map_or_else(|| principal(CLIENT), |ticket| ticket.client.clone());
    let tgt = tickets.first().map(|ticket| ticket.tgt().cached());
    let cached: Vec<_> = tgt.into_iter().chain(tickets.iter().map(|t| t.cached())).collect();
    kerberos.default_cache.initialize(&client, &cached).unwrap();
    kerberos.keytab.replace(tickets.iter().map(|ticket| ticket.service_entry()).collect());
    kerberos
}

/// A world with that machine in it.
pub fn world(kerberos: &Arc<FixedKerberos>) -> FixedEnv {
    FixedEnv::new().with_kerberos(Arc::clone(kerberos) as _)
}

pub fn acquire(
    principal: Option<&str>,
    identity: Option<Identity>,
    usage: Usage,
    env: &FixedEnv,
) -> Arc<dyn Credential> {
    let principal = principal.map(str::to_owned);
    PACKAGE
        .acquire(AcquireRequest { principal, usage, identity, ..AcquireRequest::default() }, env)
        .unwrap()
}

pub const OUTBOUND: Usage = Usage { inbound: false, outbound: true };
pub const BOTH: Usage = Usage { inbound: true, outbound: true };
pub const INBOUND: Usage = Usage { inbound: true, outbound: false };

/// A user of `EXAMPLE.COM`.
fn identity((user, password): (&str, &str)) -> Identity {
    Identity {
        user: Some(user.to_owned()),
        domain: Some("EXAMPLE.COM".to_owned()),
        proof: Proof::Password(SecretText::from_str_secret(password)),
        ..Identity::default()
    }
}

/// Both sides.
pub struct Loop {
    pub client_env: FixedEnv,
    pub server_env: FixedEnv,
    pub kerberos: Arc<FixedKerberos>,
    pub target: Option<String>,
    /// The name that the server's credential is for.
    pub own_name: Option<String>,
    /// What the server's credential is for.
    pub usage: Usage,
    /// The client's name and password, if it has no cache.
    pub user: Option<(&'static str, &'static str)>,
    /// The server's, if it has no keytab.
    pub account: Option<(&'static str, &'static str)>,
    pub asked: ContextFlags,
    pub required: ContextFlags,
    pub client_bindings: Option<ChannelBindings>,
    pub server_bindings: Option<ChannelBindings>,
}

/// Alice, who is client and server, and a ticket for her in the session key of her TGT.
pub fn to_alice(enctype: Enctype) -> (Loop, TicketMaker) {
    let alice = TicketMaker::new(enctype);
    let tgt = alice.tgt();
    let ticket = TicketMaker {
        server: alice.client.clone(),
        service_key: tgt.session_key,
        enctype: tgt.session,
        kvno: None,
        session_key: 0x71,
        ..alice
    };
    let mut setup = Loop::new(&TicketMaker::new(enctype));
    let (tgt, mut cached) = (tgt.cached(), ticket.cached());
    cached.is_session_key = true;
    cached.second_ticket.clone_from(&tgt.ticket);
    let client = ticket.client.clone();
    setup.kerberos.default_cache.initialize(&client, &[tgt, cached]).unwrap();
    setup.asked |= ContextFlags::USE_SESSION_KEY;
    setup.target = Some("alice@EXAMPLE.COM".into());
    setup.usage = BOTH;
    (setup, ticket)
}

/// What came of it.
pub struct Outcome {
    pub client: PackedContext,
    pub server: PackedContext,
    /// The client's own ticket-granting ticket.
    pub delegated: Option<Arc<dyn Credential>>,
    /// What the server can go on with where the KDC permits it.
    pub evidence: Option<Arc<dyn Credential>>,
    /// All tokens as they were sent, the client's first.
    pub tokens: Vec<Vec<u8>>,
}

/// Who failed, and what was sent all the same.
#[derive(Debug)]
pub struct Failure {
    pub error: Error,
    pub token: Option<Vec<u8>>,
    pub by_server: bool,
}

impl Loop {
    pub fn new(ticket: &TicketMaker) -> Self {
        Self::on(machine(&[ticket]))
    }

    pub fn on(kerberos: FixedKerberos) -> Self {
        let kerberos = Arc::new(kerberos);
        Self {
            client_env: world(&kerberos),
            server_env: world(&kerberos),
            kerberos,
            target: Some(TARGET.into()),
            own_name: None,
            usage: INBOUND,
            user: None,
            account: None,
            asked: ContextFlags::MUTUAL_AUTH | ContextFlags::CONFIDENTIALITY,
            required: ContextFlags::empty(),
            client_bindings: None,
            server_bindings: None,
        }
    }

    pub fn client(&self) -> Box<dyn Handshake> {
        let identity = self.user.map(identity);
        let credential = acquire(None, identity, OUTBOUND, &self.client_env);
        let opening = Opening { target: self.target.clone(), flags: self.asked };
        credential.initiate(opening, &self.client_env).unwrap()
    }

    pub fn server(&self) -> Box<dyn Handshake> {
        let own_name = self.own_name.as_deref();
        let identity = self.account.map(identity);
        let credential = acquire(own_name, identity, self.usage, &self.server_env);
        let opening = Opening { target: None, flags: self.required };
        credential.accept(opening, &self.server_env).unwrap()
    }

    pub fn run(&self) -> Result<Outcome, Failure> {
        self.run_through(|_, _| {})
    }

    /// With something that changes each token on its way; they are counted from 0.
    pub fn run_through(
        &self,
        mut wire: impl FnMut(usize, &mut Vec<u8>),
    ) -> Result<Outcome, Failure> {
        let mut sides = [Side::Going(self.client()), Side::Going(self.server())];
        let bindings = [self.client_bindings.as_ref(), self.server_bindings.as_ref()];
        let envs = [&self.client_env, &self.server_env];
        let (mut token, mut tokens, mut turn) = (Vec::new(), Vec::new(), 0);
        loop {
            let side = std::mem::replace(&mut sides[turn], Side::Failed);
            let Side::Going(handshake) = side else { panic!("a token came too late: {tokens:x?}") };
            let input = StepInput {
                token: Some(&token[..]).filter(|token| !token.is_empty()),
                bindings: bindings[turn],
            };
            let by_server = turn == 1;
            let step = handshake.step(input, envs[turn]).map_err(|refusal| {
                let Refusal { error, token } = refusal;
                Failure { error, token, by_server }
            })?;
            (sides[turn], token) = match step {
                Step::Continue { next, token, .. } => (Side::Going(next), token),
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
        let [Side::Over(client, _), Side::Over(server, onward)] = sides else {
            panic!("both sides wait: {tokens:x?}")
        };
        let has_tgt = onward.as_ref().is_some_and(|onward| {
            onward.kerberos_calls().unwrap().granting_ticket(&self.server_env).is_ok()
        });
        let (delegated, evidence) = if has_tgt { (onward, None) } else { (None, onward) };
        Ok(Outcome { client: *client, server: *server, delegated, evidence, tokens })
    }
}

enum Side {
    Going(Box<dyn Handshake>),
    Over(Box<PackedContext>, Option<Arc<dyn Credential>>),
    Failed,
}

/// A client whose every word can be changed before it speaks.
#[derive(Clone)]
pub struct Forger {
    pub ticket: TicketMaker,
    /// The encoded ticket, if it is not the maker's.
    pub minted: Option<EncodedTicket>,
    pub ap_options: u32,
    pub client: Principal,
    pub checksum: Option<(i32, Vec<u8>)>,
    pub ctime: KerberosTime,
    pub cusec: u32,
    /// Number and bytes.
    pub subkey: Option<(i32, Vec<u8>)>,
    pub seq_number: Option<u32>,
    pub authorization_data: Vec<AuthorizationDataEntry>,
    /// What the authenticator is encrypted in, if not the session key.
    pub authenticator_key: Option<(Enctype, u8)>,
    /// `None`: without a frame.
    pub mech: Option<Mechanism>,
    pub confounder: u8,
}

pub const MUTUAL: u32 = 2;
pub const INTEGRITY: u32 = 0x20;
pub const DCE: u32 = 0x1000;
pub const GSS: i32 = 0x8003;

impl Forger {
    /// Asks for mutual authentication and integrity.
    pub fn new(ticket: &TicketMaker) -> Self {
        let mut forger = Self {
            ticket: ticket.clone(),
            minted: None,
            ap_options: ap_options::MUTUAL_REQUIRED,
            client: ticket.client.clone(),
            checksum: None,
            ctime: now(),
            cusec: 17,
            subkey: Some((ticket.session.number(), vec![0x53; ticket.session.key_length()])),
            seq_number: Some(1000),
            authorization_data: Vec::new(),
            authenticator_key: None,
            mech: Some(Mechanism::Krb5),
            confounder: 9,
        };
        forger.set_gss(|gss| gss.flags = MUTUAL | INTEGRITY);
        forger
    }

    pub fn set_gss(&mut self, change: impl FnOnce(&mut GssChecksum)) {
        let old = self.checksum.as_ref().map(|(_, bytes)| GssChecksum::from_bytes(bytes).unwrap());
        let mut gss = old.unwrap_or_default();
        change(&mut gss);
        self.checksum = Some((GSS, gss.to_bytes().unwrap()));
    }

    pub fn request(&self) -> ApReq {
        let subkey = self.subkey.as_ref().map(|(enctype, value)| KeyBlock {
            enctype: *enctype,
            value: SecretBytes::new(value.clone()),
        });
        let checksum = self.checksum.as_ref();
        let authenticator = Authenticator {
            crealm: self.client.realm.clone(),
            cname: PrincipalName::of(&self.client),
            cksum: checksum.map(|(cksumtype, checksum)| Checksum {
                cksumtype: *cksumtype,
                checksum: checksum.clone(),
            }),
            cusec: self.cusec,
            ctime: self.ctime,
            subkey,
            seq_number: self.seq_number,
            authorization_data: self.authorization_data.clone(),
        };
        let (enctype, byte) =
            self.authenticator_key.unwrap_or((self.ticket.session, self.ticket.session_key));
        let cipher = key(enctype, byte).encrypt(
            key_usage::AP_REQ_AUTHENTICATOR,
            &vec![self.confounder; enctype.confounder_length()],
            authenticator.to_der_secret().expose(),
        );
        let ticket = self.minted.clone().unwrap_or_else(|| self.ticket.mint());
        let authenticator = EncryptedData { etype: enctype.number(), kvno: None, cipher };
        ApReq { ap_options: self.ap_options, ticket, authenticator }
    }

    pub fn token(&self) -> Vec<u8> {
        let request = self.request().to_der();
        match self.mech {
            Some(mech) => gss::frame(mech, tok_id::AP_REQ, &request),
            None => request,
        }
    }

    /// What the server answers.
    pub fn read_reply(&self, token: &[u8]) -> EncApRepPart {
        let token = gss::unframe(token).unwrap();
        assert_eq!(token.tok_id, tok_id::AP_REP);
        let reply = ApRep::from_der(token.body).unwrap();
        let session = key(self.ticket.session, self.ticket.session_key);
        let plain = session.decrypt(key_usage::AP_REP, &reply.enc_part.cipher).unwrap();
        EncApRepPart::from_der(plain.expose()).unwrap()
    }
}

/// One token for a server: the context, or why not.
pub fn judge(
    server: Box<dyn Handshake>,
    token: &[u8],
    bindings: Option<&ChannelBindings>,
    env: &FixedEnv,
) -> Result<(PackedContext, Vec<u8>), Refusal> {
    match server.step(StepInput { token: Some(token), bindings }, env)? {
        Step::Done { context, token, .. } => Ok((*context, token)),
        Step::Continue { token, .. } if token.is_empty() => panic!("the server waits"),
        Step::Continue { token, .. } => {
            let story = "the server lets the client try again";
            Err(Refusal { error: Error::new(refusal_fault(&token), story), token: Some(token) })
        }
    }
}

/// A skew is not the end for a server: it tells its time and waits.
fn refusal_fault(token: &[u8]) -> secur32::spi::error::PeerFault {
    assert_eq!(krb_error(token).error_code, 37);
    secur32::spi::error::PeerFault::TimeSkew
}

/// The KRB-ERROR of a token.
pub fn krb_error(token: &[u8]) -> KrbError {
    let token = gss::unframe(token).unwrap();
    assert_eq!(token.tok_id, tok_id::ERROR);
    KrbError::from_der(token.body).unwrap()
}
