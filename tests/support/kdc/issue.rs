//! What a KDC does (RFC 4120 3.1.3, 3.3.3).

use secur32::crypto::kerberos::{Enctype, Key};
use secur32::spi::kerberos::{KerberosTime, KeyBlock};
use secur32::spi::secret::SecretBytes;
use secur32::wire::kerberos::numbers::{
    error_code as code, kdc_options, key_usage, lr_type, pa_type, ticket_flags,
};
use secur32::wire::kerberos::{
    ApReq, Authenticator, AuthorizationDataEntry, Checksum, EncKdcRepPart, EncTicketPart,
    EncryptedData, EtypeInfo2Entry, KdcMessage, KdcRep, KdcReq, LastReq, PaData, PaEncTsEnc,
    PrincipalName, Ticket, TransitedEncoding,
};

use super::{Account, No, World, find_key, leads_to, trust_key};

/// Whom and what a reply is for.
pub(super) struct Issued<'a> {
    pub crealm: String,
    pub cname: PrincipalName,
    pub srealm: String,
    pub sname: PrincipalName,
    /// The service's key and its number.
    pub key: Key,
    pub kvno: u32,
    pub session: Enctype,
    pub flags: u32,
    /// Nothing lives longer.
    pub limit: KerberosTime,
    /// What the reply is encrypted with.
    pub reply_key: Key,
    pub usage: u32,
    pub authtime: KerberosTime,
    pub last_req: Vec<LastReq>,
    pub padata: Vec<PaData>,
    pub encrypted_pa_data: Vec<PaData>,
    pub authorization_data: Vec<AuthorizationDataEntry>,
    pub request: &'a KdcReq,
}

impl World {
    pub fn issue(&mut self, realm: &str, request: &KdcReq, sent: &[u8]) -> Result<KdcRep, No> {
        let issued = match request.msg_type {
            KdcMessage::As => self.initial(realm, request, sent)?,
            KdcMessage::Tgs => self.further(realm, request)?,
        };
        Ok(self.write(issued))
    }

    fn initial<'a>(&self, at: &str, request: &'a KdcReq, sent: &[u8]) -> Result<Issued<'a>, No> {
        let realm = &self.realms[at];
        let body = &request.req_body;
        let asked = body.cname.clone().ok_or(code::KDC_ERR_C_PRINCIPAL_UNKNOWN)?;
        let canonicalize = body.kdc_options & kdc_options::CANONICALIZE != 0;
        let found = realm.accounts.get_key_value(&asked.name_string).or_else(|| {
            let alias = |account: &Account| account.alias.as_ref() == asked.name_string.first();
            realm.accounts.iter().find(|(_, account)| alias(account))
        });
        let Some((name, account)) = found else {
            return Err(match &realm.clients_are_in {
                Some(other) if canonicalize => {
                    No { crealm: Some(other.clone()), ..code::KDC_ERR_WRONG_REALM.into() }
                }
                _ => code::KDC_ERR_C_PRINCIPAL_UNKNOWN.into(),
            });
        };
        let sname = body.sname.clone().ok_or(code::KDC_ERR_S_PRINCIPAL_UNKNOWN)?;
        let changes = sname.name_string.last().is_some_and(|last| last == "changepw");
        if let Some(trouble) = account.trouble.filter(|_| !changes) {
            return Err(trouble.into());
        }
        let service = realm.accounts.get(&sname.name_string);
        let service = service.ok_or(code::KDC_ERR_S_PRINCIPAL_UNKNOWN)?;
        let reply_key = client_key(account, request)?;
        let preauth = self.check_proof(at, account, request)?;
        let vouches = PaData::find(&request.padata, pa_type::REQ_ENC_PA_REP).is_some();
        let checksum = Checksum {
            cksumtype: reply_key.enctype().checksum_type(),
            checksum: reply_key.checksum(key_usage::AS_REQ_CHECKSUM, &[sent]),
        };
        let vouched =
            PaData { padata_type: pa_type::REQ_ENC_PA_REP, padata_value: checksum.to_der() };
        let cname = PrincipalName { name_type: 1, name_string: name.clone() };
        let key = service.keys[0].duplicate();
        let flag = |is, flag| if is { flag } else { 0 };
        let kept = kdc_options::FORWARDABLE | kdc_options::PROXIABLE | kdc_options::RENEWABLE;
        Ok(Issued {
            crealm: at.to_owned(),
            cname,
            srealm: at.to_owned(),
            sname,
            key,
            kvno: service.kvno,
            session: session(service, request)?,
            flags: ticket_flags::INITIAL
                | flag(preauth, ticket_flags::PRE_AUTHENT)
                | flag(vouches, ticket_flags::ENC_PA_REP)
                | body.kdc_options & kept,
            limit: KerberosTime(realm.clock.0 + realm.lifetime),
            usage: key_usage::AS_REP,
            authtime: realm.clock,
            last_req: last_req(account.expiry),
            padata: vec![etype_info(account, &[reply_key.enctype()])],
            encrypted_pa_data: if vouches { vec![vouched] } else { Vec::new() },
            authorization_data: Vec::new(),
            reply_key,
            request,
        })
    }

    /// PA-ENC-TIMESTAMP: whether it was there.
    fn check_proof(&self, at: &str, account: &Account, request: &KdcReq) -> Result<bool, No> {
        let realm = &self.realms[at];
        let Some(proof) = PaData::find(&request.padata, pa_type::ENC_TIMESTAMP) else {
            if !account.preauth {
                return Ok(false);
            }
            let asked = &request.req_body.etype;
            let enctypes: Vec<_> = asked.iter().filter_map(|n| Enctype::from_number(*n)).collect();
            let empty = |padata_type| PaData { padata_type, padata_value: Vec::new() };
            let methods = [
                etype_info(account, &enctypes),
                empty(pa_type::ENC_TIMESTAMP),
                empty(pa_type::REQ_ENC_PA_REP),
                PaData { padata_type: pa_type::FX_COOKIE, padata_value: b"MIT".to_vec() },
            ];
            let data = Some(PaData::list_to_der(&methods));
            return Err(No { data, ..code::KDC_ERR_PREAUTH_REQUIRED.into() });
        };
        if PaData::find(&request.padata, pa_type::FX_COOKIE) != Some(b"MIT") {
            return Err(code::KDC_ERR_PREAUTH_FAILED.into());
        }
        let proof = EncryptedData::from_der(proof).unwrap();
        let key = find_key(&account.keys, proof.etype)?;
        let stamp = key.decrypt(key_usage::PA_ENC_TIMESTAMP, &proof.cipher);
        let stamp = stamp.map_err(|_| No::from(code::KDC_ERR_PREAUTH_FAILED))?;
        let stamp = PaEncTsEnc::from_der(stamp.expose()).unwrap();
        if (stamp.patimestamp.0 - realm.clock.0).abs() > 300 {
            return Err(code::KRB_AP_ERR_SKEW.into());
        }
        Ok(true)
    }

    fn further<'a>(&self, at: &str, request: &'a KdcReq) -> Result<Issued<'a>, No> {
        let realm = &self.realms[at];
        let body = &request.req_body;
        let (tgt, authenticator) = self.check_request(at, request)?;
        let asked = body.sname.clone().ok_or(code::KDC_ERR_S_PRINCIPAL_UNKNOWN)?;
        if let Some(issued) = self.for_user(at, request, &tgt, &authenticator)? {
            return Ok(issued);
        }
        if let Some(issued) = self.by_proxy(at, request, &tgt, &authenticator)? {
            return Ok(issued);
        }
        let canonicalize = body.kdc_options & kdc_options::CANONICALIZE != 0;
        if canonicalize && realm.is_old {
            return Err(code::KDC_ERR_BADOPTION.into());
        }
        let elsewhere = match leads_to(&asked) {
            Some(to) if to != at => Some(to.to_owned()).filter(|to| realm.trusts.contains(to)),
            Some(_) => None,
            None => realm.refers_to.clone().filter(|_| canonicalize),
        };
        let known = realm.accounts.get(&asked.name_string);
        let in_session_key = body.kdc_options & kdc_options::ENC_TKT_IN_SKEY != 0;
        let session_ticket = body.additional_tickets.first().filter(|_| in_session_key);
        let (key, kvno, sname, flags, session) = match (known, elsewhere) {
            (Some(account), _) => {
                let session = session(account, request)?;
                let key = match session_ticket {
                    Some(ticket) => self.session_key_of(at, &ticket.parse().unwrap(), &asked)?,
                    None => account.keys[0].duplicate(),
                };
                (key, account.kvno, asked, account.flags, session)
            }
            (None, Some(to)) => {
                let name = super::service(&["krbtgt", &to]);
                let first = body.etype.iter().find_map(|n| Enctype::from_number(*n));
                let session = first.ok_or(code::KDC_ERR_ETYPE_NOSUPP)?;
                (trust_key(at, &to), 1, name, realm_flags(realm, &to), session)
            }
            (None, None) => return Err(code::KDC_ERR_S_PRINCIPAL_UNKNOWN.into()),
        };
        let reply_key = secur32::kerberos::kdc::key_of(authenticator.subkey.as_ref().unwrap());
        let kept = kdc_options::FORWARDABLE
            | kdc_options::FORWARDED
            | kdc_options::PROXIABLE
            | kdc_options::RENEWABLE;
        Ok(Issued {
            crealm: tgt.crealm,
            cname: tgt.cname,
            srealm: at.to_owned(),
            sname,
            key,
            kvno,
            session,
            flags: flags | body.kdc_options & kept | tgt.flags & ticket_flags::PRE_AUTHENT,
            limit: tgt.endtime,
            reply_key: reply_key.unwrap(),
            usage: key_usage::TGS_REP_SUBKEY,
            authtime: tgt.authtime,
            last_req: last_req(None),
            padata: Vec::new(),
            encrypted_pa_data: Vec::new(),
            authorization_data: Vec::new(),
            request,
        })
    }

    /// PA-TGS-REQ: the ticket, and an authenticator that covers the body.
    fn check_request(
        &self,
        at: &str,
        request: &KdcReq,
    ) -> Result<(EncTicketPart, Authenticator), No> {
        let proof = PaData::find(&request.padata, pa_type::TGS_REQ).unwrap();
        let proof = ApReq::from_der(proof).unwrap();
        let tgt = self.open_tgt(at, &proof.ticket.parse().unwrap())?;
        let session = secur32::kerberos::kdc::key_of(&tgt.key).unwrap();
        let usage = key_usage::TGS_REQ_AUTHENTICATOR;
        let plain = session.decrypt(usage, &proof.authenticator.cipher);
        let plain = plain.map_err(|_| No::from(code::KRB_AP_ERR_BAD_INTEGRITY))?;
        let authenticator = Authenticator::from_der(plain.expose()).unwrap();
        let Checksum { cksumtype, checksum } = authenticator.cksum.as_ref().unwrap();
        let body = request.req_body.to_der();
        session
            .verify_checksum(key_usage::TGS_REQ_CHECKSUM, *cksumtype, &[&body], checksum)
            .map_err(|_| No::from(code::KRB_AP_ERR_MODIFIED))?;
        if (&authenticator.crealm, &authenticator.cname) != (&tgt.crealm, &tgt.cname) {
            return Err(code::KRB_AP_ERR_BADMATCH.into());
        }
        assert_eq!(authenticator.seq_number, None);
        let clock = self.realms[at].clock;
        if (authenticator.ctime.0 - clock.0).abs() > 300 {
            return Err(code::KRB_AP_ERR_SKEW.into());
        }
        if tgt.endtime <= clock {
            return Err(code::KRB_AP_ERR_TKT_EXPIRED.into());
        }
        Ok((tgt, authenticator))
    }

    fn open_tgt(&self, at: &str, ticket: &Ticket) -> Result<EncTicketPart, No> {
        if leads_to(&ticket.sname) != Some(at) {
            return Err(code::KRB_AP_ERR_NOT_US.into());
        }
        let key = if ticket.realm == at {
            let granting = &self.realms[at].accounts[&ticket.sname.name_string];
            find_key(&granting.keys, ticket.enc_part.etype)?.duplicate()
        } else {
            trust_key(&ticket.realm, at)
        };
        let plain = key.decrypt(key_usage::TICKET, &ticket.enc_part.cipher);
        let plain = plain.map_err(|_| No::from(code::KRB_AP_ERR_BAD_INTEGRITY))?;
        Ok(EncTicketPart::from_der(plain.expose()).unwrap())
    }

    /// Of a peer's TGT: the peer must be who is asked for (RFC 4120 3.3.3.1).
    fn session_key_of(&self, at: &str, ticket: &Ticket, asked: &PrincipalName) -> Result<Key, No> {
        let tgt = self.open_tgt(at, ticket)?;
        if tgt.crealm != at || !tgt.cname.same_name(asked) {
            return Err(code::KDC_ERR_SERVER_NOMATCH.into());
        }
        Ok(secur32::kerberos::kdc::key_of(&tgt.key).unwrap())
    }

    fn write(&mut self, issued: Issued<'_>) -> KdcRep {
        let body = &issued.request.req_body;
        let session = self.key(issued.session);
        let endtime = body.till.min(issued.limit);
        let renewable = issued.flags & ticket_flags::RENEWABLE != 0;
        let renew_till = body.rtime.filter(|_| renewable);
        let mut ticket_part = EncTicketPart {
            flags: issued.flags,
            key: block(&session),
            crealm: issued.crealm.clone(),
            cname: issued.cname.clone(),
            transited: TransitedEncoding { tr_type: 1, contents: Vec::new() },
            authtime: issued.authtime,
            starttime: None,
            endtime,
            renew_till,
            caddr: Vec::new(),
            authorization_data: issued.authorization_data,
        };
        if leads_to(&issued.sname).is_none() {
            self.sign(&issued.srealm, &mut ticket_part);
        }
        let mut part = EncKdcRepPart {
            key: block(&session),
            last_req: issued.last_req,
            nonce: body.nonce,
            key_expiration: None,
            flags: issued.flags,
            authtime: issued.authtime,
            starttime: None,
            endtime,
            renew_till,
            srealm: issued.srealm.clone(),
            sname: issued.sname.clone(),
            caddr: Vec::new(),
            encrypted_pa_data: issued.encrypted_pa_data,
        };
        let told = |lie: &Option<super::Lie<EncTicketPart>>, value: &mut EncTicketPart| {
            if let Some(lie) = lie {
                lie(value);
            }
        };
        told(&self.lies.ticket_part, &mut ticket_part);
        if let Some(lie) = &self.lies.part {
            lie(&mut part);
        }
        let plain = ticket_part.to_der_secret();
        let mut ticket = Ticket {
            realm: issued.srealm,
            sname: issued.sname,
            enc_part: sealed(&issued.key, key_usage::TICKET, plain.expose(), Some(issued.kvno)),
        };
        if let Some(lie) = &self.lies.ticket {
            lie(&mut ticket);
        }
        let plain = part.to_der_secret(self.lies.tag.unwrap_or(issued.request.msg_type));
        let mut reply = KdcRep {
            msg_type: issued.request.msg_type,
            padata: issued.padata,
            crealm: issued.crealm,
            cname: issued.cname,
            ticket: ticket.encode(),
            enc_part: sealed(&issued.reply_key, issued.usage, plain.expose(), None),
        };
        if let Some(lie) = &self.lies.reply {
            lie(&mut reply);
        }
        reply
    }
}

/// The first enctype of the client's that the account has a key of.
fn client_key(account: &Account, request: &KdcReq) -> Result<Key, No> {
    let mut asked = request.req_body.etype.iter();
    let found = asked.find_map(|etype| find_key(&account.keys, *etype).ok());
    found.map(Key::duplicate).ok_or_else(|| code::KDC_ERR_ETYPE_NOSUPP.into())
}

pub fn session(service: &Account, request: &KdcReq) -> Result<Enctype, No> {
    let mut asked = request.req_body.etype.iter().filter_map(|n| Enctype::from_number(*n));
    let found = match service.session {
        Some(only) => asked.find(|enctype| *enctype == only),
        None => asked.next(),
    };
    found.ok_or_else(|| code::KDC_ERR_ETYPE_NOSUPP.into())
}

fn etype_info(account: &Account, enctypes: &[Enctype]) -> PaData {
    let has = |enctype: &&Enctype| account.keys.iter().any(|key| key.enctype() == **enctype);
    let entry = |enctype: &Enctype| EtypeInfo2Entry {
        etype: enctype.number(),
        salt: (*enctype != Enctype::Rc4Hmac).then(|| account.salt.clone()),
        s2kparams: None,
    };
    let list: Vec<_> = enctypes.iter().filter(has).map(entry).collect();
    PaData { padata_type: pa_type::ETYPE_INFO2, padata_value: EtypeInfo2Entry::list_to_der(&list) }
}

pub fn last_req(expiry: Option<KerberosTime>) -> Vec<LastReq> {
    let expiry = expiry.map(|at| (lr_type::PASSWORD_EXPIRATION, at));
    let (lr_type, lr_value) = expiry.unwrap_or((lr_type::NONE, KerberosTime(0)));
    vec![LastReq { lr_type, lr_value }]
}

/// Flags of the ticket for another realm.
fn realm_flags(realm: &super::Realm, to: &str) -> u32 {
    let name = vec!["krbtgt".to_owned(), to.to_owned()];
    realm.accounts.get(&name).map_or(0, |account| account.flags)
}

pub fn block(key: &Key) -> KeyBlock {
    KeyBlock { enctype: key.enctype().number(), value: SecretBytes::new(key.expose().to_vec()) }
}

pub fn sealed(key: &Key, usage: u32, plain: &[u8], kvno: Option<u32>) -> EncryptedData {
    let confounder = vec![0x5A; key.enctype().confounder_length()];
    let cipher = key.encrypt(usage, &confounder, plain);
    EncryptedData { etype: key.enctype().number(), kvno, cipher }
}
