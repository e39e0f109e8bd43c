//! The AS exchange (RFC 4120 3.1): from a long-term secret to a first ticket.

use super::answer::Opened;
use super::hints::{Hints, Recipe};
use super::long_term::LongTerm;
use super::refusal::refusal;
use super::{Answer, Heard, Line, later, name_of, names_of, numbers_of};
use crate::crypto::kerberos::{Enctype, Key};
use crate::kerberos::names;
use crate::spi::error::{Error, Fault, LocalFault, PeerFault, Result};
use crate::spi::kerberos::{CachedTicket, KdcService, KerberosTime, Principal};
use crate::wire::kerberos::numbers::{
    error_code, kdc_options, key_usage, lr_type, name_type, pa_type, ticket_flags,
};
use crate::wire::kerberos::{
    Checksum, EncKdcRepPart, KdcMessage, KdcRep, KdcReq, KdcReqBody, KrbError, PaData, PaEncTsEnc,
    PrincipalName, TypedData,
};

/// Requests of one logon: proofs, referrals, another clock.
const MAX_ROUNDS: usize = 16;
/// Referrals of a client to another realm (RFC 6806 7).
const MAX_REFERRALS: usize = 10;

/// A logon.
pub struct Logon<'a> {
    /// Who.
    pub client: &'a Principal,
    /// With what.
    pub secret: &'a LongTerm,
    /// For what.
    pub service: Service,
    /// Which enctypes, best first.
    pub enctypes: &'a [Enctype],
    /// The KDC may give the client another name, or know its realm.
    pub canonicalize: bool,
    /// `kdc-options` besides.
    pub options: u32,
}

/// What a first ticket is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Further tickets.
    TicketGranting,
    /// A change of the password (RFC 3244).
    ChangePassword,
}

impl Service {
    /// As a service of a realm.
    pub fn principal(self, realm: &str) -> Principal {
        self.name(realm).in_realm(realm)
    }

    fn name(self, realm: &str) -> PrincipalName {
        match self {
            Self::TicketGranting => PrincipalName::of(&names::krbtgt(realm, realm)),
            Self::ChangePassword => PrincipalName {
                name_type: name_type::SRV_INST,
                name_string: vec!["kadmin".to_owned(), "changepw".to_owned()],
            },
        }
    }
}

/// The outcome.
#[derive(Debug)]
pub struct Initial {
    /// The ticket; its client has the name that the KDC gave it.
    pub ticket: CachedTicket,
    /// How far the KDC's clock is ahead of ours, in seconds.
    pub offset: i64,
    /// When the password expires.
    pub password_expiry: Option<KerberosTime>,
}

/// Why there is no first ticket.
#[derive(Debug)]
pub struct NoLogon {
    /// The KDC does not know the client by this name.
    pub unknown: bool,
    /// Fault and story.
    pub error: Error,
}

/// Logs on. A KDC that says no may not know a new password yet: the primary KDC is asked, too,
/// unless it was the one that said no, so that a wrong password is not counted twice.
pub fn logon(line: &Line<'_>, logon: &Logon<'_>) -> Result<Initial, NoLogon> {
    let mut exchange = Exchange::new(*line, logon);
    let error = match exchange.run() {
        Ok(initial) => return Ok(initial),
        Err(error) => error,
    };
    // Who is not known by an alias is asked for by another name first.
    let alias = exchange.unknown && logon.client.name_type == name_type::ENTERPRISE;
    if alias || !is_denial(&error) {
        return Err(NoLogon { unknown: exchange.unknown, error });
    }
    line.host.trace(format_args!("perhaps the primary KDC of {} knows better", logon.client.realm));
    let mut again = Exchange::new(*line, logon);
    again.kdcs = KdcService::PrimaryKdc;
    again.refused_by = exchange.server.take();
    match again.run() {
        Ok(initial) => Ok(initial),
        Err(other) if is_denial(&other) && again.proved => {
            Err(NoLogon { unknown: again.unknown, error: other })
        }
        Err(_) => Err(NoLogon { unknown: exchange.unknown, error }),
    }
}

fn is_denial(error: &Error) -> bool {
    matches!(error.fault(), Fault::Peer(fault) if fault.denies_account())
}

/// How a client's keys are made.
pub struct Recipes {
    /// The client, in its realm.
    pub owner: Principal,
    hints: Hints,
}

impl Recipes {
    /// By the default salt.
    pub fn of(owner: Principal) -> Self {
        Self { owner, hints: Hints::default() }
    }

    /// How to make the key of an enctype.
    pub fn recipe(&self, enctype: Enctype) -> Recipe {
        self.hints.recipe(enctype)
    }
}

/// Asks how a client's keys are made: an AS exchange that ends where the proof would begin.
pub fn ask_recipes(
    line: &Line<'_>,
    client: &Principal,
    secret: &LongTerm,
    enctypes: &[Enctype],
) -> Result<Recipes> {
    let service = Service::TicketGranting;
    let logon = Logon { client, secret, service, enctypes, canonicalize: true, options: 0 };
    let mut exchange = Exchange::new(*line, &logon);
    for _ in 0..MAX_ROUNDS {
        let (heard, ..) = exchange.ask()?;
        match heard.answer {
            Answer::Reply(reply) => {
                let owner = reply.cname.in_realm(&reply.crealm);
                return Ok(Recipes { owner, hints: Hints::read(&reply.padata)? });
            }
            Answer::Refused(error) => exchange.react(&error, &heard.server)?,
        }
        if let Some(proof) = exchange.proof {
            return Ok(Recipes { owner: exchange.client, hints: proof.hints });
        }
    }
    Err(Error::new(PeerFault::BadAuthority, "the KDC never comes to an end"))
}

/// In which realm a client's name is known ([MS-SFU] 3.1.5.1.1.2): asks for its first ticket
/// without any proof, and follows where the KDCs refer to. That a KDC wants a proof, or refuses
/// one that it knows, is an answer. None is vouched for: what counts is who the client is in the
/// realm that is found.
pub fn find_client(line: &Line<'_>, client: &Principal, enctypes: &[Enctype]) -> Result<Principal> {
    let secret = &LongTerm::keytab(&[], client);
    let service = Service::TicketGranting;
    let logon = Logon { client, secret, service, enctypes, canonicalize: true, options: 0 };
    let mut exchange = Exchange::new(*line, &logon);
    for _ in 0..MAX_ROUNDS {
        let (heard, ..) = exchange.ask()?;
        match heard.answer {
            Answer::Refused(error) if is_unknown_here(error.error_code) => {
                exchange.react(&error, &heard.server)?;
            }
            _ => return Ok(exchange.client),
        }
    }
    Err(Error::new(PeerFault::BadAuthority, "the KDC never comes to an end"))
}

const fn is_unknown_here(code: i32) -> bool {
    matches!(code, error_code::KDC_ERR_WRONG_REALM | error_code::KDC_ERR_C_PRINCIPAL_UNKNOWN)
}

/// An exchange in progress.
struct Exchange<'a> {
    line: Line<'a>,
    logon: &'a Logon<'a>,
    /// The client in the realm that is asked.
    client: Principal,
    realms: Vec<String>,
    order: Vec<Enctype>,
    kdcs: KdcService,
    /// A server that is not to be bothered again.
    refused_by: Option<String>,
    /// The server that answered last.
    server: Option<String>,
    /// The proof, once it is wanted.
    proof: Option<Proof>,
    /// Whether a key was looked at.
    proved: bool,
    /// Whether the KDC does not know the client.
    unknown: bool,
    /// Whether the reply is asked to vouch for the request (RFC 6806 11).
    vouch: bool,
}

/// What is known of the proof that a KDC wants.
struct Proof {
    hints: Hints,
    cookie: Option<Vec<u8>>,
    /// The KDC's time, by which the proof is made.
    clock: (KerberosTime, u32),
    /// It did not like the first one.
    corrected: bool,
}

impl<'a> Exchange<'a> {
    fn new(line: Line<'a>, logon: &'a Logon<'a>) -> Self {
        Self {
            line,
            logon,
            client: logon.client.clone(),
            realms: vec![logon.client.realm.clone()],
            order: logon.secret.order(logon.enctypes),
            kdcs: KdcService::Kdc,
            refused_by: None,
            server: None,
            proof: None,
            proved: false,
            unknown: false,
            vouch: true,
        }
    }

    fn run(&mut self) -> Result<Initial> {
        self.logon.secret.check(self.logon.enctypes, &self.called())?;
        for _ in 0..MAX_ROUNDS {
            let (Heard { answer, server }, request, sent) = self.ask()?;
            if self.refused_by.as_ref() == Some(&server) {
                return Err(LocalFault::NoAuthority.into());
            }
            self.server = Some(server.clone());
            match answer {
                Answer::Reply(reply) => {
                    return self.finish(&request.req_body, &sent, *reply, &server);
                }
                Answer::Refused(error) => self.react(&error, &server)?,
            }
        }
        Err(Error::new(PeerFault::BadAuthority, "the KDC never comes to an end"))
    }

    fn ask(&self) -> Result<(Heard, KdcReq, Vec<u8>)> {
        let request = self.request()?;
        let sent = request.to_der();
        let realm = &self.client.realm;
        self.line.host.trace(format_args!(
            "asking {realm} for {}, as {}, enctypes {}{}",
            names::unparse(&self.logon.service.name(realm).in_realm(realm)),
            self.called(),
            names_of(&self.order),
            if self.proof.is_some() { ", with an encrypted timestamp" } else { "" },
        ));
        let judge = |answer: &[u8]| super::judge(answer, KdcMessage::As);
        let heard = self.line.ask_raw(realm, self.kdcs, &sent, &judge, KdcMessage::As)?;
        Ok((heard, request, sent))
    }

    fn request(&self) -> Result<KdcReq> {
        let (logon, settings) = (self.logon, self.line.settings());
        let now = self.proof.as_ref().map_or(self.line.now(), |proof| proof.clock.0);
        let canonicalize = if logon.canonicalize { kdc_options::CANONICALIZE } else { 0 };
        let renewable = !settings.renew_lifetime.is_zero();
        let renew = if renewable { kdc_options::RENEWABLE } else { 0 };
        let req_body = KdcReqBody {
            kdc_options: logon.options | canonicalize | renew,
            cname: Some(PrincipalName::of(&self.client)),
            realm: self.client.realm.clone(),
            sname: Some(logon.service.name(&self.client.realm)),
            from: None,
            till: later(now, settings.ticket_lifetime),
            rtime: renewable.then(|| later(now, settings.renew_lifetime)),
            nonce: self.line.nonce()?,
            etype: numbers_of(&self.order),
            addresses: Vec::new(),
            enc_authorization_data: None,
            additional_tickets: Vec::new(),
        };
        Ok(KdcReq { msg_type: KdcMessage::As, padata: self.padata()?, req_body })
    }

    fn padata(&self) -> Result<Vec<PaData>> {
        let mut padata = Vec::new();
        let mut add = |padata_type, padata_value| padata.push(PaData { padata_type, padata_value });
        if let Some(proof) = &self.proof {
            if let Some(cookie) = &proof.cookie {
                add(pa_type::FX_COOKIE, cookie.clone());
            }
            add(pa_type::ENC_TIMESTAMP, self.encrypted_timestamp(proof)?);
        }
        if self.vouch {
            add(pa_type::REQ_ENC_PA_REP, Vec::new());
        }
        Ok(padata)
    }

    /// PA-ENC-TIMESTAMP (RFC 4120 5.2.7.2), by the KDC's own clock, so that a client whose clock
    /// is wrong can log on all the same.
    fn encrypted_timestamp(&self, proof: &Proof) -> Result<Vec<u8>> {
        let key = self.proof_key(&proof.hints)?;
        let (patimestamp, pausec) = proof.clock;
        let stamp = PaEncTsEnc { patimestamp, pausec: Some(pausec) }.to_der();
        Ok(self.line.encrypt(&key, key_usage::PA_ENC_TIMESTAMP, &stamp)?.to_der())
    }

    fn proof_key(&self, hints: &Hints) -> Result<Key> {
        let usable: Vec<_> =
            self.order.iter().copied().filter(|enctype| self.logon.secret.has(*enctype)).collect();
        let recipe = hints.choose(&usable).ok_or_else(|| {
            let story = format!("the KDC knows {} by none of {}", self.called(), names_of(&usable));
            Error::new(PeerFault::EnctypeRefused, story)
        })?;
        self.logon.secret.key(&recipe, &self.client)
    }

    fn react(&mut self, error: &KrbError, server: &str) -> Result<()> {
        self.proved |= self.proof.is_some();
        self.unknown = error.error_code == error_code::KDC_ERR_C_PRINCIPAL_UNKNOWN;
        self.line.host.trace(format_args!(
            "the KDC {server} of {} answers {}",
            self.client.realm,
            error_code::name(error.error_code).unwrap_or("with an error"),
        ));
        match (error.error_code, &mut self.proof) {
            (error_code::KDC_ERR_PREAUTH_REQUIRED, None) => self.begin_proof(error, server),
            (error_code::KDC_ERR_PREAUTH_FAILED, None) if self.vouch => {
                // MIT's KDCs before 1.7 fall over preauthentication data that they do not know.
                self.vouch = false;
                Ok(())
            }
            (error_code::KRB_AP_ERR_SKEW, Some(proof)) if !proof.corrected => {
                (proof.clock, proof.corrected) = (time_of(error), true);
                Ok(())
            }
            (code, _) if is_unknown_here(code) => match error.crealm.as_deref() {
                Some(realm) if self.is_elsewhere(realm) => self.follow(realm),
                _ => Err(self.refused(error, server)),
            },
            _ => Err(self.refused(error, server)),
        }
    }

    /// The KDC wants a proof and says which it understands.
    fn begin_proof(&mut self, error: &KrbError, server: &str) -> Result<()> {
        let methods = methods(error);
        let offers = |padata_type| PaData::find(&methods, padata_type).is_some();
        if !offers(pa_type::ENC_TIMESTAMP) {
            let kinds = methods.iter().take(20).map(|method| method.padata_type.to_string());
            let kinds: Vec<_> = kinds.collect();
            let story = format!(
                "the KDC {server} of {} wants a proof of {} by preauthentication of type {}",
                self.client.realm,
                self.called(),
                kinds.join(", "),
            );
            return Err(Error::new(PeerFault::UnsupportedPreauth, story));
        }
        self.proof = Some(Proof {
            hints: Hints::read(&methods)?,
            cookie: PaData::find(&methods, pa_type::FX_COOKIE).map(<[u8]>::to_vec),
            clock: time_of(error),
            corrected: false,
        });
        Ok(())
    }

    fn is_elsewhere(&self, realm: &str) -> bool {
        self.logon.canonicalize && names::may_be_realm(realm) && realm != self.client.realm
    }

    /// The client's realm is another one (RFC 6806 7). Nothing that this KDC said counts there.
    fn follow(&mut self, realm: &str) -> Result<()> {
        if self.realms.len() > MAX_REFERRALS || self.realms.iter().any(|seen| seen == realm) {
            let way = self.realms.join(" → ");
            let story = format!("{}: the KDCs refer in circles: {way} → {realm:?}", self.called());
            return Err(Error::new(PeerFault::TooManyReferrals, story));
        }
        self.line.host.trace(format_args!("{} is known in {realm:?}", self.called()));
        self.realms.push(realm.to_owned());
        realm.clone_into(&mut self.client.realm);
        self.proof = None;
        Ok(())
    }

    fn finish(
        &self,
        body: &KdcReqBody,
        sent: &[u8],
        reply: KdcRep,
        server: &str,
    ) -> Result<Initial> {
        let (key, part) = self.open(&reply, server)?;
        let opened = Opened { body, reply, part, server };
        let authtime = opened.part.authtime;
        let offset = authtime.0.saturating_sub(KerberosTime::of(self.line.env.now()).0);
        // From here on by the clock of a KDC that has proved itself.
        opened.check(&Line { offset, ..self.line })?;
        self.check_names(&opened)?;
        check_request(&opened, sent, &key)?;
        let password_expiry = password_expiry(&opened.part);
        let ticket = opened.into_ticket();
        self.line.host.trace(format_args!(
            "the KDC {server} gives {} a ticket for {}, session key {}, until {}",
            names::unparse(&ticket.client),
            names::unparse(&ticket.server),
            name_of(ticket.key.enctype),
            ticket.end_time.0,
        ));
        Ok(Initial { ticket, offset, password_expiry })
    }

    /// Decrypts the reply with the client's key. The reply itself may tell the salt.
    fn open(&self, reply: &KdcRep, server: &str) -> Result<(Key, EncKdcRepPart)> {
        let refuse = |story: String| {
            let realm = &self.client.realm;
            format!("the reply of the KDC {server} of {realm} is refused: {story}")
        };
        let offered = Enctype::from_number(reply.enc_part.etype)
            .filter(|enctype| self.order.contains(enctype))
            .ok_or_else(|| {
                let story = format!("{} was not offered", name_of(reply.enc_part.etype));
                Error::new(PeerFault::EnctypeRefused, refuse(story))
            })?;
        let mut hints = Hints::read(&reply.padata)?;
        if let Some(proof) = self.proof.as_ref().filter(|_| !hints.speaks_of(offered)) {
            hints = proof.hints.clone();
        }
        let client = reply.cname.in_realm(&reply.crealm);
        let key = self.logon.secret.key(&hints.recipe(offered), &client)?;
        let plain = key.decrypt(key_usage::AS_REP, &reply.enc_part.cipher).map_err(|_| {
            let story = format!(
                "the KDC {server} of {} encrypts with another key than that of {} ({}{})",
                self.client.realm,
                self.called(),
                offered.name(),
                reply.enc_part.kvno.map(|kvno| format!(", kvno {kvno}")).unwrap_or_default(),
            );
            Error::new(PeerFault::LogonDenied, story)
        })?;
        Ok((key, EncKdcRepPart::from_der(plain.expose())?))
    }

    /// Names change only where that was asked for (RFC 6806 6, 7).
    fn check_names(&self, opened: &Opened<'_>) -> Result<()> {
        let free = self.logon.canonicalize || self.client.name_type == name_type::ENTERPRISE;
        if opened.client() != self.client && !free {
            return Err(opened.wrong("it is for another client"));
        }
        let asked = self.logon.service.name(&self.client.realm);
        let both_grant = names::tgs_realm(&asked.name_string).is_some()
            && names::tgs_realm(&opened.part.sname.name_string)
                .is_some_and(|realm| realm == opened.part.srealm);
        if !(opened.is_for(&asked) || free && both_grant) {
            return Err(opened.wrong("it is for another service"));
        }
        Ok(())
    }

    fn refused(&self, error: &KrbError, server: &str) -> Error {
        refusal(error, &self.called(), &self.client.realm, server)
    }

    fn called(&self) -> String {
        names::unparse(&self.client)
    }
}

/// PA-REQ-ENC-PA-REP (RFC 6806 11): a KDC that knows it vouches for the request as it came.
fn check_request(opened: &Opened<'_>, sent: &[u8], key: &Key) -> Result<()> {
    if opened.part.flags & ticket_flags::ENC_PA_REP == 0 {
        return Ok(());
    }
    let checksum = PaData::find(&opened.part.encrypted_pa_data, pa_type::REQ_ENC_PA_REP)
        .ok_or_else(|| opened.wrong("it does not vouch for the request"))?;
    let Checksum { cksumtype, checksum } = Checksum::from_der(checksum)?;
    key.verify_checksum(key_usage::AS_REQ_CHECKSUM, cksumtype, &[sent], &checksum)
        .map_err(|_| opened.wrong("the request came to the KDC otherwise than it was sent"))
}

/// What the KDC tells of the password: [MS-KILE] and RFC 4120 5.4.2.
fn password_expiry(part: &EncKdcRepPart) -> Option<KerberosTime> {
    let told = part.last_req.iter().find(|last| last.lr_type.abs() == lr_type::PASSWORD_EXPIRATION);
    told.map(|last| last.lr_value).or(part.key_expiration)
}

const fn time_of(error: &KrbError) -> (KerberosTime, u32) {
    (error.stime, error.susec)
}

/// METHOD-DATA, or in older KDCs TYPED-DATA; whatever cannot be read offers nothing.
fn methods(error: &KrbError) -> Vec<PaData> {
    let Some(data) = error.e_data.as_deref() else { return Vec::new() };
    if let Ok(methods) = PaData::list_from_der(data) {
        return methods;
    }
    let typed = TypedData::list_from_der(data).unwrap_or_default();
    let padata = |TypedData { data_type, data_value }| PaData {
        padata_type: data_type,
        padata_value: data_value.unwrap_or_default(),
    };
    typed.into_iter().map(padata).collect()
}
