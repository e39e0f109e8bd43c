//! One TGS exchange (RFC 4120 3.3): a ticket for a ticket.

use super::answer::Opened;
use super::refusal::refusal;
use super::{Answer, Heard, Line, block_of, key_of, name_of, names_of, numbers_of};
use crate::crypto::kerberos::{Enctype, Key};
use crate::kerberos::names;
use crate::spi::error::{Error, Fault, PeerFault, Result};
use crate::spi::kerberos::{CachedTicket, KdcService, KerberosTime, Principal};
use crate::wire::kerberos::numbers::{
    error_code, kdc_options, key_usage, pa_type, pac_options, ticket_flags,
};
use crate::wire::kerberos::{
    ApReq, Authenticator, Checksum, EncKdcRepPart, EncodedTicket, KdcMessage, KdcRep, KdcReq,
    KdcReqBody, KrbError, PaData, PaPacOptions, PrincipalName,
};

/// What is asked for.
pub struct Request<'a> {
    /// The ticket-granting ticket: of the realm whose KDC is asked.
    pub tgt: &'a CachedTicket,
    /// The service; its realm is the KDC's.
    pub server: &'a Principal,
    /// `kdc-options` besides those that the ticket-granting ticket allows.
    pub options: u32,
    /// Enctypes of session keys, best first.
    pub enctypes: &'a [Enctype],
    /// The ticket-granting ticket of the service (user-to-user).
    pub second_ticket: Option<&'a [u8]>,
}

/// The answer.
pub struct Granted {
    /// The ticket, under the service's encrypted name.
    pub ticket: CachedTicket,
    /// How far the KDC's clock is ahead of ours, if it is another than was thought.
    pub offset: i64,
}

/// Why there is no ticket.
pub enum NoTicket {
    /// The KDC said no; `error-code` and story.
    Refused(i32, Error),
    /// Anything else.
    Failed(Error),
}

impl NoTicket {
    /// The error.
    pub fn into_error(self) -> Error {
        match self {
            Self::Refused(_, error) | Self::Failed(error) => error,
        }
    }
}

impl<E: Into<Error>> From<E> for NoTicket {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Asks the KDC. When it says that the clocks are too far apart, once more by its clock: whether
/// that was true, its reply proves.
pub fn exchange(line: &Line<'_>, request: &Request<'_>) -> Result<Granted, NoTicket> {
    let answer = attempt(line, request)?;
    let answer = match answer {
        Outcome::Refused(error, _) if error.error_code == error_code::KRB_AP_ERR_SKEW => {
            let here = KerberosTime::of(line.env.now()).0;
            let theirs = Line { offset: error.stime.0.saturating_sub(here), ..*line };
            return match attempt(&theirs, request)? {
                Outcome::Granted(ticket) => Ok(Granted { ticket: *ticket, offset: theirs.offset }),
                Outcome::Refused(error, server) => Err(refused(request, &error, &server)),
            };
        }
        other => other,
    };
    match answer {
        Outcome::Granted(ticket) => Ok(Granted { ticket: *ticket, offset: line.offset }),
        Outcome::Refused(error, server) => Err(refused(request, &error, &server)),
    }
}

enum Outcome {
    Granted(Box<CachedTicket>),
    Refused(Box<KrbError>, String),
}

fn attempt(line: &Line<'_>, request: &Request<'_>) -> Result<Outcome> {
    let realm = request.realm()?;
    let session = key_of(&request.tgt.key)?;
    let subkey = line.new_key(session.enctype())?;
    let req_body = request.body(line, realm)?;
    let padata = vec![
        PaData {
            padata_type: pa_type::TGS_REQ,
            padata_value: request.ap_req(line, &req_body, &session, &subkey)?,
        },
        PaData {
            padata_type: pa_type::PAC_OPTIONS,
            padata_value: PaPacOptions { options: pac_options::CLAIMS | pac_options::BRANCH_AWARE }
                .to_der(),
        },
    ];
    line.host.trace(format_args!(
        "asking {realm} for {}, as {}, enctypes {}",
        names::unparse(request.server),
        names::unparse(&request.tgt.client),
        names_of(request.enctypes),
    ));
    let message = KdcReq { msg_type: KdcMessage::Tgs, padata, req_body };
    let Heard { answer, server } = line.ask(realm, KdcService::Kdc, &message)?;
    let reply = match answer {
        Answer::Reply(reply) => *reply,
        Answer::Refused(error) => {
            line.host.trace(format_args!(
                "the KDC {server} of {realm} answers {}",
                error_code::name(error.error_code).unwrap_or("with an error"),
            ));
            return Ok(Outcome::Refused(error, server));
        }
    };
    let part = decrypt(&reply, &session, &subkey, realm, &server)?;
    let opened = Opened { body: &message.req_body, reply, part, server: &server };
    opened.check(line)?;
    request.check_names(&opened)?;
    let mut ticket = opened.into_ticket();
    if let Some(second) = request.second_ticket {
        ticket.is_session_key = true;
        ticket.second_ticket = second.to_vec();
    }
    line.host.trace(format_args!(
        "the KDC {server} of {realm} gives a ticket for {}, {}, session key {}",
        names::unparse(&ticket.server),
        described(&ticket.ticket),
        name_of(ticket.key.enctype),
    ));
    Ok(Outcome::Granted(Box::new(ticket)))
}

impl Request<'_> {
    /// The realm whose KDC takes the ticket-granting ticket.
    fn realm(&self) -> Result<&str> {
        names::tgs_realm(&self.tgt.server.components).ok_or_else(|| {
            let story = format!("{} grants no tickets", names::unparse(&self.tgt.server));
            Error::new(PeerFault::BadAuthority, story)
        })
    }

    fn body(&self, line: &Line<'_>, realm: &str) -> Result<KdcReqBody> {
        let inherited = kdc_options::FORWARDABLE | kdc_options::PROXIABLE | kdc_options::RENEWABLE;
        let kdc_options = self.options | (self.tgt.flags & inherited);
        let second = match self.second_ticket {
            None => Vec::new(),
            Some(ticket) => {
                let ticket = EncodedTicket(ticket.to_vec());
                ticket.parse()?;
                vec![ticket]
            }
        };
        let renewable = kdc_options & kdc_options::RENEWABLE != 0;
        Ok(KdcReqBody {
            kdc_options,
            cname: None,
            realm: realm.to_owned(),
            sname: Some(PrincipalName::of(self.server)),
            from: None,
            till: self.tgt.end_time,
            rtime: renewable.then_some(self.tgt.renew_till),
            nonce: line.nonce()?,
            etype: numbers_of(self.enctypes),
            addresses: Vec::new(),
            enc_authorization_data: None,
            additional_tickets: second,
        })
    }

    /// PA-TGS-REQ (RFC 4120 5.2.7.1): an AP-REQ whose authenticator covers the body.
    fn ap_req(
        &self,
        line: &Line<'_>,
        body: &KdcReqBody,
        session: &Key,
        subkey: &Key,
    ) -> Result<Vec<u8>> {
        let checksum = session.checksum(key_usage::TGS_REQ_CHECKSUM, &[&body.to_der()]);
        let authenticator = Authenticator {
            crealm: self.tgt.client.realm.clone(),
            cname: PrincipalName::of(&self.tgt.client),
            cksum: Some(Checksum { cksumtype: session.enctype().checksum_type(), checksum }),
            cusec: line.microseconds(),
            ctime: line.now(),
            subkey: Some(block_of(subkey)),
            seq_number: None,
            authorization_data: Vec::new(),
        };
        let plain = authenticator.to_der_secret();
        let usage = key_usage::TGS_REQ_AUTHENTICATOR;
        let authenticator = line.encrypt(session, usage, plain.expose())?;
        let ticket = EncodedTicket(self.tgt.ticket.clone());
        Ok(ApReq { ap_options: 0, ticket, authenticator }.to_der())
    }

    /// The client stays who it is. The service may be spelled otherwise, or be a referral, where
    /// that was asked for; a ticket-granting service may be a nearer one in any case.
    fn check_names(&self, opened: &Opened<'_>) -> Result<()> {
        if opened.client() != self.tgt.client {
            return Err(opened.wrong("it is for another client"));
        }
        let service = &opened.part.sname;
        let both_grant = names::tgs_realm(&self.server.components).is_some()
            && names::tgs_realm(&service.name_string).is_some();
        let free = self.options & kdc_options::CANONICALIZE != 0;
        if !(free || both_grant || opened.is_for(&PrincipalName::of(self.server))) {
            return Err(opened.wrong("it is for another service"));
        }
        if opened.part.flags & ticket_flags::INVALID != 0 {
            return Err(opened.wrong("its ticket is not valid yet"));
        }
        Ok(())
    }
}

/// Under the subkey, as it should be; old KDCs of Heimdal ignore it and use the session key.
fn decrypt(
    reply: &KdcRep,
    session: &Key,
    subkey: &Key,
    realm: &str,
    server: &str,
) -> Result<EncKdcRepPart> {
    let refuse = |fault: PeerFault, why: &str| {
        Error::new(fault, format!("the reply of the KDC {server} of {realm} is refused: {why}"))
    };
    if reply.enc_part.etype != session.enctype().number() {
        let why = format!("{} was not offered", name_of(reply.enc_part.etype));
        return Err(refuse(PeerFault::EnctypeRefused, &why));
    }
    let cipher = &reply.enc_part.cipher;
    let plain = subkey
        .decrypt(key_usage::TGS_REP_SUBKEY, cipher)
        .or_else(|_| session.decrypt(key_usage::TGS_REP_SESSION, cipher))
        .map_err(|_| refuse(PeerFault::BadAuthority, "it cannot be decrypted"))?;
    Ok(EncKdcRepPart::from_der(plain.expose())?)
}

fn refused(request: &Request<'_>, error: &KrbError, server: &str) -> NoTicket {
    let asked = format!(
        "{} a ticket for {}",
        names::unparse(&request.tgt.client),
        names::unparse(request.server)
    );
    let realm = names::tgs_realm(&request.tgt.server.components).unwrap_or_default();
    let mut story = refusal(error, &asked, realm, server);
    if story.fault() == Fault::Peer(PeerFault::EnctypeRefused) {
        story = story.context(format_args!("with {}", names_of(request.enctypes)));
    }
    NoTicket::Refused(error.error_code, story)
}

/// Enctype and kvno of a ticket, for the trace.
fn described(ticket: &[u8]) -> String {
    match EncodedTicket(ticket.to_vec()).parse() {
        Ok(ticket) => {
            let kvno = ticket.enc_part.kvno.map(|kvno| format!(", kvno {kvno}"));
            name_of(ticket.enc_part.etype) + &kvno.unwrap_or_default()
        }
        Err(_) => "unreadable".to_owned(),
    }
}
