//! What a KDC does of S4U ([MS-SFU] 3.2): whom it believes, whom it lets go on to whom, and what
//! it vouches for.

use secur32::crypto::kerberos::{Enctype, Key};
use secur32::kerberos::kdc::key_of;
use secur32::wire::kerberos::numbers::{
    error_code as code, kdc_options, key_usage, pa_type, pac_options, s4u_options, ticket_flags,
};
use secur32::wire::kerberos::{
    ApReq, Authenticator, AuthorizationDataEntry, Checksum, EncTicketPart, EncodedUserId, KdcReq,
    PaData, PaForUser, PaPacOptions, PaS4uX509User, PrincipalName, S4uUserId, Ticket,
};

use super::issue::{Issued, session};
use super::{Account, No, World, find_key, leads_to, service, trust_key};

/// How much a KDC does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum S4uSupport {
    /// As Windows' and MIT's.
    #[default]
    Full,
    /// It vouches for nothing, as Samba's and Heimdal's.
    WithoutProof,
    /// It knows none of it, and passes over what it does not know.
    None,
}

/// What an account may.
#[derive(Debug, Clone, Default)]
pub struct Delegation {
    /// `msDS-AllowedToDelegateTo`: components of services.
    pub to: Vec<Vec<String>>,
    /// `msDS-AllowedToActOnBehalfOfOtherIdentity`: components of accounts.
    pub from: Vec<Vec<String>>,
    /// `TRUSTED_TO_AUTHENTICATE_FOR_DELEGATION`
    pub transition: bool,
    /// `NOT_DELEGATED`
    pub sensitive: bool,
    /// Other names of the account, of which it has the keys.
    pub also: Vec<Vec<String>>,
}

/// `PA-S4U-X509-USER` of a reply, before its checksum is made.
pub struct Vouch {
    pub user_id: S4uUserId,
    pub usage: u32,
    pub key: Key,
    /// Under another number.
    pub cksumtype: Option<i32>,
    /// What came in the request.
    pub asked: Vec<u8>,
    /// Sent instead.
    pub bytes: Option<Vec<u8>>,
    /// It is left out.
    pub silent: bool,
}

/// The KDC's own authorisation data: whom a ticket of another realm's KDC is for; and what a PAC
/// has in buffer 16, a signature over the ticket.
const FOR_USER: i32 = -17;
const SIGNATURE: i32 = -16;
/// The usage of that ([MS-PAC] 2.8.3).
const SIGNED: u32 = 17;

impl World {
    /// S4U2Self.
    pub(super) fn for_user<'a>(
        &self,
        at: &str,
        request: &'a KdcReq,
        tgt: &EncTicketPart,
        authenticator: &Authenticator,
    ) -> Result<Option<Issued<'a>>, No> {
        let realm = &self.realms[at];
        let Some((user, asked)) = asked_user(realm.s4u, request, tgt, authenticator)? else {
            return Ok(None);
        };
        let (name, sensitive) = self.resolve(at, &user, tgt)?;
        let ours = tgt.crealm == at;
        let sname = request.req_body.sname.clone().unwrap();
        let mut issued = of_another(at, request, tgt, authenticator)?;
        let subkey = key_of(authenticator.subkey.as_ref().unwrap()).unwrap();
        if realm.s4u == S4uSupport::Full
            && let Some(asked) = asked
        {
            issued.padata.extend(self.vouch(&asked, &name, &user.realm, subkey));
        }
        if !ours {
            let whole = format!("{}@{}", tgt.cname.name_string.join("/"), tgt.crealm);
            assert_eq!((sname.name_type, &sname.name_string), (10, &vec![whole]));
            refer(&mut issued, at, &tgt.crealm, &name, &user.realm);
            return Ok(Some(issued));
        }
        if !self.same_account(at, &sname, &tgt.cname) {
            return Err(code::KRB_AP_ERR_BADMATCH.into());
        }
        let account = &realm.accounts[&sname.name_string];
        issued.key = account.keys[0].duplicate();
        issued.kvno = account.kvno;
        issued.sname = sname;
        issued.flags &= !ticket_flags::FORWARDABLE;
        if account.delegation.transition && !sensitive {
            issued.flags |= ticket_flags::FORWARDABLE;
        }
        (issued.crealm, issued.cname) = (user.realm, name);
        Ok(Some(issued))
    }

    /// S4U2Proxy.
    pub(super) fn by_proxy<'a>(
        &self,
        at: &str,
        request: &'a KdcReq,
        tgt: &EncTicketPart,
        authenticator: &Authenticator,
    ) -> Result<Option<Issued<'a>>, No> {
        let (realm, body) = (&self.realms[at], &request.req_body);
        if realm.s4u == S4uSupport::None || body.kdc_options & kdc_options::CNAME_IN_ADDL_TKT == 0 {
            return Ok(None);
        }
        assert_ne!(body.kdc_options & kdc_options::CANONICALIZE, 0);
        let evidence = body.additional_tickets.first().unwrap().parse().unwrap();
        let (client, evidence) = self.open_evidence(at, &evidence, tgt)?;
        let forwardable = evidence.flags & ticket_flags::FORWARDABLE != 0;
        let asked = body.sname.clone().unwrap();
        let mut issued = of_another(at, request, tgt, authenticator)?;
        let Some(target) = realm.accounts.get(&asked.name_string) else {
            let next = match leads_to(&asked) {
                Some(next) => realm.trusts.contains(&next.to_owned()).then(|| next.to_owned()),
                None => realm.refers_to.clone(),
            };
            let next = next.ok_or(code::KDC_ERR_S_PRINCIPAL_UNKNOWN)?;
            if !offers_resource_based(request) {
                return Err(code::KDC_ERR_BADOPTION.into());
            }
            refer(&mut issued, at, &next, &client.1, &client.0);
            issued.encrypted_pa_data.push(resource_based());
            return Ok(Some(issued));
        };
        let account = realm.accounts.get(&tgt.cname.name_string).filter(|_| tgt.crealm == at);
        let to = account.is_some_and(|a| a.delegation.to.contains(&asked.name_string));
        let from = target.delegation.from.contains(&tgt.cname.name_string);
        let sensitive = |name: &PrincipalName| {
            let user = realm.accounts.get(&name.name_string);
            user.is_some_and(|user| user.delegation.sensitive)
        };
        let may = to && forwardable
            || from && offers_resource_based(request) && (forwardable || !sensitive(&client.1));
        if !may {
            return Err(code::KDC_ERR_BADOPTION.into());
        }
        issued.session = session(target, request)?;
        issued.key = target.keys[0].duplicate();
        issued.kvno = target.kvno;
        issued.sname = asked;
        issued.flags |= ticket_flags::FORWARDABLE;
        (issued.crealm, issued.cname) = client;
        Ok(Some(issued))
    }

    /// Under the key of the service that asks, or of the realm that it comes from; never changed
    /// since it was issued (CVE-2020-17049).
    fn open_evidence(
        &self,
        at: &str,
        ticket: &Ticket,
        tgt: &EncTicketPart,
    ) -> Result<((String, PrincipalName), EncTicketPart), No> {
        let open = |key: &Key| {
            let plain = key.decrypt(key_usage::TICKET, &ticket.enc_part.cipher);
            let plain = plain.map_err(|_| No::from(code::KRB_AP_ERR_BAD_INTEGRITY))?;
            Ok::<_, No>(EncTicketPart::from_der(plain.expose()).unwrap())
        };
        if leads_to(&ticket.sname) == Some(at) && ticket.realm != at {
            let part = open(&trust_key(&ticket.realm, at))?;
            assert_eq!((&part.crealm, &part.cname), (&tgt.crealm, &tgt.cname));
            let client = user_of(&part).ok_or(code::KDC_ERR_POLICY)?;
            return Ok((client, part));
        }
        if ticket.realm != at || !self.same_account(at, &ticket.sname, &tgt.cname) {
            return Err(code::KDC_ERR_SERVER_NOMATCH.into());
        }
        let account = &self.realms[at].accounts[&ticket.sname.name_string];
        let part = open(find_key(&account.keys, ticket.enc_part.etype)?)?;
        let signature = find(&part, SIGNATURE).ok_or(code::KRB_AP_ERR_MODIFIED)?;
        if signature != self.signature(at, &part) {
            return Err(code::KRB_AP_ERR_MODIFIED.into());
        }
        if part.endtime <= self.realms[at].clock {
            return Err(code::KRB_AP_ERR_TKT_EXPIRED.into());
        }
        Ok(((part.crealm.clone(), part.cname.clone()), part))
    }

    /// Signs a ticket for a service.
    pub(super) fn sign(&self, at: &str, part: &mut EncTicketPart) {
        let ad_data = self.signature(at, part);
        let element = AuthorizationDataEntry { ad_type: SIGNATURE, ad_data };
        part.authorization_data.push(AuthorizationDataEntry::if_relevant(&[element]));
    }

    fn signature(&self, at: &str, part: &EncTicketPart) -> Vec<u8> {
        let granting = &self.realms[at].accounts[&vec!["krbtgt".to_owned(), at.to_owned()]];
        let mut bare = EncTicketPart::from_der(part.to_der_secret().expose()).unwrap();
        bare.authorization_data.clear();
        granting.keys[0].checksum(SIGNED, &[bare.to_der_secret().expose()])
    }

    /// The account of a user, and whether it is sensitive.
    fn resolve(
        &self,
        at: &str,
        user: &User,
        tgt: &EncTicketPart,
    ) -> Result<(PrincipalName, bool), No> {
        if user.realm != at {
            // The KDC of the user's realm has said who it is.
            let said = user_of(tgt).ok_or(code::KDC_ERR_C_PRINCIPAL_UNKNOWN)?;
            if (&said.0, &said.1.name_string) != (&user.realm, &user.name.name_string) {
                return Err(code::KDC_ERR_POLICY.into());
            }
            return Ok((said.1, false));
        }
        let named = |account: &Account| account.alias.as_ref() == user.name.name_string.first();
        let mut accounts = self.realms[at].accounts.iter();
        let found = accounts.find(|(name, account)| {
            **name == user.name.name_string || user.name.name_type == 10 && named(account)
        });
        let (name, account) = found.ok_or(code::KDC_ERR_C_PRINCIPAL_UNKNOWN)?;
        if let Some(trouble) = account.trouble {
            return Err(trouble.into());
        }
        // Samba's KDC keeps an alias as it came.
        let name = match self.realms[at].s4u {
            S4uSupport::WithoutProof => user.name.clone(),
            _ => PrincipalName { name_type: 1, name_string: name.clone() },
        };
        Ok((name, account.delegation.sensitive))
    }

    fn same_account(&self, at: &str, one: &PrincipalName, other: &PrincipalName) -> bool {
        let accounts = &self.realms[at].accounts;
        let also = accounts.get(&other.name_string).map(|account| &account.delegation.also);
        one.same_name(other) || also.is_some_and(|also| also.contains(&one.name_string))
    }

    fn vouch(
        &self,
        asked: &PaS4uX509User,
        name: &PrincipalName,
        realm: &str,
        subkey: Key,
    ) -> Option<PaData> {
        let request = asked.user_id.parse().unwrap();
        let understood = request.options.unwrap() & s4u_options::USE_REPLY_KEY_USAGE;
        let mut vouch = Vouch {
            user_id: S4uUserId {
                nonce: request.nonce,
                cname: Some(name.clone()),
                crealm: realm.to_owned(),
                subject_certificate: None,
                options: Some(understood),
            },
            usage: key_usage::S4U_X509_USER_REPLY,
            key: subkey,
            cksumtype: None,
            asked: asked.to_der(),
            bytes: None,
            silent: false,
        };
        if let Some(lie) = &self.lies.vouch {
            lie(&mut vouch);
        }
        let user_id = vouch.user_id.to_der();
        let checksum = Checksum {
            cksumtype: vouch.cksumtype.unwrap_or(vouch.key.enctype().checksum_type()),
            checksum: vouch.key.checksum(vouch.usage, &[&user_id]),
        };
        let message = PaS4uX509User { user_id: EncodedUserId(user_id), checksum };
        let padata_value = vouch.bytes.unwrap_or_else(|| message.to_der());
        let padata = PaData { padata_type: pa_type::FOR_X509_USER, padata_value };
        (!vouch.silent).then_some(padata)
    }
}

/// A ticket for the next realm's KDC, which knows whom it is for.
fn refer(issued: &mut Issued<'_>, at: &str, next: &str, user: &PrincipalName, realm: &str) {
    issued.key = trust_key(at, next);
    issued.kvno = 1;
    issued.sname = service(&["krbtgt", next]);
    let text = [realm, &user.name_string.join("/")].join("\0");
    issued.authorization_data =
        vec![AuthorizationDataEntry { ad_type: FOR_USER, ad_data: text.into_bytes() }];
}

/// What all these replies have.
fn of_another<'a>(
    at: &str,
    request: &'a KdcReq,
    tgt: &EncTicketPart,
    authenticator: &Authenticator,
) -> Result<Issued<'a>, No> {
    let asked = &request.req_body.etype;
    let first = asked.iter().find_map(|number| Enctype::from_number(*number));
    let kept = request.req_body.kdc_options & kdc_options::FORWARDABLE;
    Ok(Issued {
        crealm: tgt.crealm.clone(),
        cname: tgt.cname.clone(),
        srealm: at.to_owned(),
        sname: service(&["krbtgt", at]),
        key: trust_key(at, at),
        kvno: 1,
        session: first.ok_or(code::KDC_ERR_ETYPE_NOSUPP)?,
        flags: kept | tgt.flags & ticket_flags::PRE_AUTHENT,
        limit: tgt.endtime,
        reply_key: key_of(authenticator.subkey.as_ref().unwrap()).unwrap(),
        usage: key_usage::TGS_REP_SUBKEY,
        authtime: tgt.authtime,
        last_req: super::issue::last_req(None),
        padata: Vec::new(),
        encrypted_pa_data: Vec::new(),
        authorization_data: Vec::new(),
        request,
    })
}

/// Whom a request is for.
struct User {
    name: PrincipalName,
    realm: String,
}

/// The user of a request, and its newer message. Both must be genuine, and say the same.
fn asked_user(
    support: S4uSupport,
    request: &KdcReq,
    tgt: &EncTicketPart,
    authenticator: &Authenticator,
) -> Result<Option<(User, Option<PaS4uX509User>)>, No> {
    let old = PaData::find(&request.padata, pa_type::FOR_USER);
    let Some(old) = old.filter(|_| support != S4uSupport::None) else { return Ok(None) };
    let old = PaForUser::from_der(old).unwrap();
    assert_eq!((old.cksum.cksumtype, &*old.auth_package), (-138, PaForUser::PACKAGE));
    let covered = PaForUser::covered(&old.user_name, &old.user_realm, &old.auth_package);
    let key = key_of(&tgt.key).unwrap();
    if key.hmac_md5_checksum(key_usage::PA_FOR_USER, &covered) != *old.cksum.checksum {
        return Err(code::KRB_AP_ERR_MODIFIED.into());
    }
    let user = User { name: old.user_name, realm: old.user_realm };
    let newer = PaData::find(&request.padata, pa_type::FOR_X509_USER);
    let Some(newer) = newer.filter(|_| support == S4uSupport::Full) else {
        return Ok(Some((user, None)));
    };
    let newer = PaS4uX509User::from_der(newer).unwrap();
    let subkey = key_of(authenticator.subkey.as_ref().unwrap()).unwrap();
    let Checksum { cksumtype, checksum } = &newer.checksum;
    subkey
        .verify_checksum(
            key_usage::S4U_X509_USER_REQUEST,
            *cksumtype,
            &[&newer.user_id.0],
            checksum,
        )
        .map_err(|_| No::from(code::KRB_AP_ERR_MODIFIED))?;
    let said = newer.user_id.parse().unwrap();
    assert_eq!(said.nonce, request.req_body.nonce);
    assert_eq!((said.cname.as_ref(), &said.crealm), (Some(&user.name), &user.realm));
    Ok(Some((user, Some(newer))))
}

/// Changes a service's ticket as who has its key can, so that it looks forwardable (Bronze Bit).
pub fn forge_forwardable(ticket: &[u8], key: &Key) -> Vec<u8> {
    let mut ticket = Ticket::from_der(ticket).unwrap();
    let plain = key.decrypt(key_usage::TICKET, &ticket.enc_part.cipher).unwrap();
    let mut part = EncTicketPart::from_der(plain.expose()).unwrap();
    part.flags |= ticket_flags::FORWARDABLE;
    let plain = part.to_der_secret();
    let kvno = ticket.enc_part.kvno;
    ticket.enc_part = super::issue::sealed(key, key_usage::TICKET, plain.expose(), kvno);
    ticket.to_der()
}

/// The ticket that a request proves itself with is of this client.
pub fn tgt_in(request: &KdcReq) -> Ticket {
    let proof = PaData::find(&request.padata, pa_type::TGS_REQ).unwrap();
    ApReq::from_der(proof).unwrap().ticket.parse().unwrap()
}

fn find(part: &EncTicketPart, ad_type: i32) -> Option<Vec<u8>> {
    let found = AuthorizationDataEntry::find(&part.authorization_data, ad_type).unwrap();
    found.into_iter().next().map(|element| element.ad_data)
}

fn user_of(part: &EncTicketPart) -> Option<(String, PrincipalName)> {
    let text = String::from_utf8(find(part, FOR_USER)?).unwrap();
    let (realm, name) = text.split_once('\0').unwrap();
    let name_string = name.split('/').map(str::to_owned).collect();
    Some((realm.to_owned(), PrincipalName { name_type: 1, name_string }))
}

fn offers_resource_based(request: &KdcReq) -> bool {
    let options = PaData::find(&request.padata, pa_type::PAC_OPTIONS).unwrap();
    let options = PaPacOptions::from_der(options).unwrap().options;
    options & pac_options::RESOURCE_BASED_CONSTRAINED_DELEGATION != 0
}

fn resource_based() -> PaData {
    let options = pac_options::RESOURCE_BASED_CONSTRAINED_DELEGATION;
    let padata_value = PaPacOptions { options }.to_der();
    PaData { padata_type: pa_type::PAC_OPTIONS, padata_value }
}
