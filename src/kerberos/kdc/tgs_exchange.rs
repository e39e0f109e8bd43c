//! One TGS exchange (RFC 4120 3.3): a ticket for a ticket.

use super::answer::Opened;
use super::refusal::refusal;
use super::s4u::{ForUser, same_client};
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
    /// Whom for.
    pub purpose: Purpose<'a>,
}

/// In whose name a ticket is to be, and by what right.
#[derive(Debug, Clone, Copy)]
pub enum Purpose<'a> {
    /// Of the client of the ticket-granting ticket.
    Own,
    /// Of the same, for a service that has nothing but its ticket-granting ticket, which this is
    /// (user-to-user).
    UserToUser(&'a [u8]),
    /// Of a user, for the client itself (S4U2Self).
    ForUser(&'a ForUser),
    /// Of the client of another ticket, which is for us or, from the second realm on, the
    /// ticket-granting ticket that the last one gave (S4U2Proxy).
    Proxy {
        /// That ticket, encoded.
        evidence: &'a [u8],
        /// Its client.
        client: &'a Principal,
    },
}

impl<'a> Purpose<'a> {
    /// What the request has in `additional-tickets`.
    const fn second_ticket(self) -> Option<&'a [u8]> {
        match self {
            Self::Own | Self::ForUser(_) => None,
            Self::UserToUser(ticket) | Self::Proxy { evidence: ticket, .. } => Some(ticket),
        }
    }

    const fn is_for_another(self) -> bool {
        matches!(self, Self::ForUser(_) | Self::Proxy { .. })
    }
}

/// The answer.
pub struct Granted {
    /// The ticket, under the service's encrypted name.
    pub ticket: CachedTicket,
    /// How far the KDC's clock is ahead of ours, if it is another than was thought.
    pub offset: i64,
    /// What the KDC proved to have understood of S4U.
    pub said: Said,
}

/// What a reply says of S4U, by which nobody on the way can have changed it.
#[derive(Debug, Default)]
pub struct Said {
    /// The user that S4U2Self was asked for, by the KDC's name for it (`PA-S4U-X509-USER`).
    pub user: Option<Principal>,
    /// The KDC does resource-based delegation (`PA-PAC-OPTIONS`), which alone crosses realms.
    pub resource_based: bool,
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
            return attempt(&theirs, request)?.granted(request);
        }
        other => other,
    };
    answer.granted(request)
}

enum Outcome {
    Granted(Box<Granted>),
    Refused(Box<KrbError>, String),
}

impl Outcome {
    fn granted(self, request: &Request<'_>) -> Result<Granted, NoTicket> {
        match self {
            Self::Granted(granted) => Ok(*granted),
            Self::Refused(error, server) => Err(refused(request, &error, &server)),
        }
    }
}

fn attempt(line: &Line<'_>, request: &Request<'_>) -> Result<Outcome> {
    let realm = request.realm()?;
    let session = key_of(&request.tgt.key)?;
    let subkey = line.new_key(session.enctype())?;
    let req_body = request.body(line, realm)?;
    let mut padata = vec![
        PaData {
            padata_type: pa_type::TGS_REQ,
            padata_value: request.ap_req(line, &req_body, &session, &subkey)?,
        },
        PaData { padata_type: pa_type::PAC_OPTIONS, padata_value: request.pac_options() },
    ];
    if let Purpose::ForUser(user) = request.purpose {
        padata.extend(user.padata(&session, &subkey, req_body.nonce));
    }
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
    let said = request.heard(&opened, &subkey)?;
    let mut ticket = opened.into_ticket();
    if let Purpose::UserToUser(second) = request.purpose {
        ticket.is_session_key = true;
        ticket.second_ticket = second.to_vec();
    }
    line.host.trace(format_args!(
        "the KDC {server} of {realm} gives a ticket for {}, {}, session key {}",
        names::unparse(&ticket.server),
        described(&ticket.ticket),
        name_of(ticket.key.enctype),
    ));
    Ok(Outcome::Granted(Box::new(Granted { ticket, offset: line.offset, said })))
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
        let purpose = match self.purpose {
            Purpose::Own | Purpose::ForUser(_) => 0,
            Purpose::UserToUser(_) => kdc_options::ENC_TKT_IN_SKEY,
            Purpose::Proxy { .. } => kdc_options::CNAME_IN_ADDL_TKT,
        };
        let kdc_options = self.options | purpose | (self.tgt.flags & inherited);
        let second = match self.purpose.second_ticket() {
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

    fn pac_options(&self) -> Vec<u8> {
        let mut options = pac_options::CLAIMS | pac_options::BRANCH_AWARE;
        if self.purpose.is_for_another() {
            options |= pac_options::RESOURCE_BASED_CONSTRAINED_DELEGATION;
        }
        PaPacOptions { options }.to_der()
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

    /// What the reply says of S4U.
    fn heard(&self, opened: &Opened<'_>, subkey: &Key) -> Result<Said> {
        let user = match self.purpose {
            Purpose::ForUser(user) => user.vouched(opened, subkey)?,
            Purpose::Own | Purpose::UserToUser(_) | Purpose::Proxy { .. } => None,
        };
        let options = PaData::find(&opened.part.encrypted_pa_data, pa_type::PAC_OPTIONS);
        let options = options.and_then(|options| PaPacOptions::from_der(options).ok());
        let bit = pac_options::RESOURCE_BASED_CONSTRAINED_DELEGATION;
        Ok(Said { user, resource_based: options.is_some_and(|said| said.options & bit != 0) })
    }

    /// The client stays who it is, or is the one that was asked for (S4U; who a user is by the
    /// KDC's names is for the caller to judge). A ticket-granting ticket on the way to another's
    /// may still be the service's own ([MS-SFU] 3.2.5.1.1). The service may be spelled otherwise, or be a referral, where
    /// that was asked for; a ticket-granting service may be a nearer one in any case.
    fn check_names(&self, opened: &Opened<'_>) -> Result<()> {
        let (client, refers) = (opened.client(), opened.refers());
        let right = match self.purpose {
            Purpose::Own | Purpose::UserToUser(_) => client == self.tgt.client,
            Purpose::ForUser(_) => !refers || client == self.tgt.client,
            Purpose::Proxy { client: whose, .. } => {
                same_client(&client, whose) || refers && client == self.tgt.client
            }
        };
        if !right {
            return Err(self.wrong_client(opened));
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

    fn wrong_client(&self, opened: &Opened<'_>) -> Error {
        if matches!(self.purpose, Purpose::Proxy { .. }) && opened.client() == self.tgt.client {
            return opened.ignores_s4u();
        }
        opened.wrong("it is for another client")
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
    let in_name = match request.purpose {
        Purpose::Own | Purpose::UserToUser(_) => String::new(),
        Purpose::ForUser(user) => format!(" in the name of {}", names::unparse(&user.user)),
        Purpose::Proxy { client, .. } => format!(" in the name of {}", names::unparse(client)),
    };
    let asked = format!(
        "{} a ticket for {}{in_name}",
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
