//! Service for user ([MS-SFU]): a ticket for ourselves in a user's name, without a proof of the
//! user's (S4U2Self), and a ticket for another service in the name of the client of a ticket for
//! us (S4U2Proxy); within a realm and by referrals across realms.

use std::sync::Arc;

use super::answer::Opened;
use super::service::{Tickets, Walk, Wanted, realm_of};
use super::tgs_exchange::{Granted, NoTicket, Purpose, Request, exchange};
use super::{Line, MAX_HOPS};
use crate::crypto::kerberos::{Enctype, Key};
use crate::kerberos::names;
use crate::spi::error::{Error, Fault, PeerFault, Result};
use crate::spi::kerberos::{CachedTicket, Principal};
use crate::spi::text::same_name;
use crate::wire::kerberos::numbers::{
    error_code, kdc_options, key_usage, name_type, pa_type, s4u_options,
};
use crate::wire::kerberos::{
    Checksum, EncodedUserId, PaData, PaForUser, PaS4uX509User, PrincipalName, S4uUserId,
};

/// The type of `KERB_CHECKSUM_HMAC_MD5` (RFC 4757 4).
const HMAC_MD5: i32 = -138;

/// The user that S4U2Self is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForUser {
    /// The name, in the user's own realm. A user principal name is one component of the type
    /// `NT-ENTERPRISE`, of which the KDC makes the account's name.
    pub user: Principal,
    /// The KDC is to refuse outside the hours in which the user may log on.
    pub check_logon_hours: bool,
}

/// What S4U2Self gave.
pub struct SelfTicket {
    /// The ticket: for us, in the user's name.
    pub ticket: CachedTicket,
    /// How far it is proved whose the ticket is.
    pub vouched: Vouched,
    /// How far the KDCs' clock is ahead of ours, in seconds.
    pub offset: i64,
}

/// What a KDC proved by `PA-S4U-X509-USER`. The name in the clear of a reply proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vouched {
    /// Nothing: it does not know that message (Heimdal, Samba). Only the ticket itself tells.
    Nothing,
    /// That it was asked for this user, but not what the user's account is called.
    Request,
    /// That the ticket is this account's.
    Name,
}

/// What S4U2Self is asked with.
#[derive(Clone, Copy)]
pub struct SelfWanted<'a> {
    /// Our own name.
    pub service: &'a Principal,
    /// Whom for.
    pub user: &'a ForUser,
    /// Enctypes of session keys.
    pub enctypes: &'a [Enctype],
}

/// What S4U2Proxy is asked with.
#[derive(Clone, Copy)]
pub struct ProxyWanted<'a> {
    /// The service; its realm may be empty.
    pub server: &'a Principal,
    /// The realm to try when no KDC knows the service and no realm was named.
    pub fallback: Option<&'a str>,
    /// The client's ticket for us, encoded.
    pub evidence: &'a [u8],
    /// The client of that.
    pub client: &'a Principal,
    /// Enctypes of session keys.
    pub enctypes: &'a [Enctype],
}

/// A ticket for ourselves in a user's name ([MS-SFU] 3.1.5.1): the KDC of the user's realm is
/// asked first, and refers back to ours. The tickets on the way belong to the user and are not
/// kept.
pub fn s4u2self(
    line: Line<'_>,
    tickets: &dyn Tickets,
    tgt: &Arc<CachedTicket>,
    wanted: SelfWanted<'_>,
) -> Result<SelfTicket> {
    let SelfWanted { service, user, enctypes } = wanted;
    let reached =
        Wanted { server: service, fallback: None, options: 0, enctypes, purpose: Purpose::Own };
    let mut walk = Walk { line, tickets, wanted: reached };
    let home = realm_of(tgt);
    let mut tgt = walk.start(tgt, &user.user.realm)?;
    let mut user = user.clone();
    let mut vouched = None;
    let mut seen = vec![realm_of(&tgt).to_owned()];
    for _ in 0..MAX_HOPS {
        let Granted { ticket, offset, said } =
            ask_self(&walk.line, &tgt, service, home, &user, enctypes)?;
        walk.line.offset = offset;
        vouched = match (said.user, vouched) {
            (None, Some(_)) => return Err(lost(&tgt)),
            (None, None) => None,
            (Some(name), _) => Some(user.adopt(name)),
        };
        let (realm, who) = (realm_of(&tgt), names::unparse(&user.user));
        walk.trace(format_args!("the KDC of {realm} vouches for {who}: {}", vouched.is_some()));
        let next = names::tgs_realm(&ticket.server.components).map(str::to_owned);
        let Some(next) = next else {
            let vouched = user.check(&ticket, service, vouched)?;
            return Ok(SelfTicket { ticket, vouched, offset });
        };
        if seen.contains(&next) || realm_of(&tgt) == home || !names::may_be_realm(&next) {
            return Err(walk.astray(&seen, &next).into_error());
        }
        walk.trace(format_args!("{} refers to {next}", realm_of(&tgt)));
        seen.push(next);
        tgt = Arc::new(ticket);
    }
    Err(walk.astray(&seen, "…").into_error())
}

/// A ticket for a service in the name of the client of `evidence` ([MS-SFU] 3.1.5.2). Across
/// realms the first KDC gives a ticket-granting ticket in the client's name, which is the evidence
/// for the next one. Such tickets are not kept: they are the client's.
pub fn s4u2proxy(
    line: Line<'_>,
    tickets: &dyn Tickets,
    home: &Arc<CachedTicket>,
    wanted: ProxyWanted<'_>,
) -> Result<(CachedTicket, i64)> {
    let ProxyWanted { server, client, enctypes, fallback, .. } = wanted;
    let elsewhere = Some(&*server.realm).filter(|realm| !realm.is_empty()).or(fallback);
    let reached = Wanted { server, fallback: None, options: 0, enctypes, purpose: Purpose::Own };
    let mut walk = Walk { line, tickets, wanted: reached };
    let mut evidence = wanted.evidence.to_vec();
    let mut tgt = Arc::clone(home);
    let mut seen = vec![realm_of(home).to_owned()];
    for _ in 0..MAX_HOPS {
        let purpose = Purpose::Proxy { evidence: &evidence, client };
        let Granted { ticket, offset, said } =
            ask_proxy(&walk.line, &tgt, (server, elsewhere), purpose, enctypes)?;
        walk.line.offset = offset;
        let Some(next) = names::tgs_realm(&ticket.server.components).map(str::to_owned) else {
            let ticket = CachedTicket { server: server.clone(), ..ticket };
            return Ok((ticket, offset));
        };
        if seen.contains(&next) || !names::may_be_realm(&next) {
            return Err(walk.astray(&seen, &next).into_error());
        }
        if !said.resource_based {
            let story = format!(
                "{} is in {next}, and the KDC of {} delegates within its realm only",
                names::unparse(server),
                realm_of(&tgt)
            );
            return Err(Error::new(PeerFault::CrossRealmDelegation, story));
        }
        walk.trace(format_args!("{} refers to {next}, in the client's name", realm_of(&tgt)));
        tgt = walk.start(home, &next)?;
        evidence = ticket.ticket;
        seen.push(next);
    }
    Err(walk.astray(&seen, "…").into_error())
}

impl ForUser {
    /// `PA-FOR-USER`, which every KDC of S4U knows, and `PA-S4U-X509-USER`, whose answer proves
    /// what was understood. With a session key of RC4 that one has a checksum without a key, and
    /// is left out.
    pub(super) fn padata(&self, session: &Key, subkey: &Key, nonce: u32) -> Vec<PaData> {
        let name = PrincipalName::of(&self.user);
        let realm = self.user.realm.clone();
        let covered = PaForUser::covered(&name, &realm, PaForUser::PACKAGE);
        let checksum = session.hmac_md5_checksum(key_usage::PA_FOR_USER, &covered).to_vec();
        let for_user = PaForUser {
            user_name: name,
            user_realm: realm,
            cksum: Checksum { cksumtype: HMAC_MD5, checksum },
            auth_package: PaForUser::PACKAGE.to_owned(),
        };
        let old = PaData { padata_type: pa_type::FOR_USER, padata_value: for_user.to_der() };
        let newer = (!subkey.enctype().is_weak()).then(|| self.newer_message(subkey, nonce));
        [old].into_iter().chain(newer).collect()
    }

    fn newer_message(&self, subkey: &Key, nonce: u32) -> PaData {
        let hours = if self.check_logon_hours { s4u_options::CHECK_LOGON_HOURS } else { 0 };
        let user_id = S4uUserId {
            nonce,
            cname: Some(PrincipalName::of(&self.user)),
            crealm: self.user.realm.clone(),
            subject_certificate: None,
            options: Some(hours | s4u_options::USE_REPLY_KEY_USAGE),
        };
        let user_id = user_id.to_der();
        let checksum = Checksum {
            cksumtype: subkey.enctype().checksum_type(),
            checksum: subkey.checksum(key_usage::S4U_X509_USER_REQUEST, &[&user_id]),
        };
        let message = PaS4uX509User { user_id: EncodedUserId(user_id), checksum };
        PaData { padata_type: pa_type::FOR_X509_USER, padata_value: message.to_der() }
    }

    /// The user by the reply's `PA-S4U-X509-USER`: of this request, under a keyed checksum of our
    /// subkey (attacks K15, K28). Our own message come back is none: its usage is the request's.
    pub(super) fn vouched(&self, opened: &Opened<'_>, subkey: &Key) -> Result<Option<Principal>> {
        if subkey.enctype().is_weak() {
            return Ok(None);
        }
        let Some(message) = PaData::find(&opened.reply.padata, pa_type::FOR_X509_USER) else {
            let promised = &opened.part.encrypted_pa_data;
            if PaData::find(promised, pa_type::FOR_X509_USER).is_some() {
                return Err(opened.wrong("what it says of the user was taken out"));
            }
            return Ok(None);
        };
        let PaS4uX509User { user_id, checksum } = PaS4uX509User::from_der(message)?;
        let said = user_id.parse()?;
        let reply_usage = said.options.unwrap_or(0) & s4u_options::USE_REPLY_KEY_USAGE != 0;
        let usage = if reply_usage {
            key_usage::S4U_X509_USER_REPLY
        } else {
            key_usage::S4U_X509_USER_REQUEST
        };
        subkey
            .verify_checksum(usage, checksum.cksumtype, &[&user_id.0], &checksum.checksum)
            .map_err(|_| opened.wrong("what it says of the user does not verify"))?;
        if said.nonce != opened.body.nonce {
            return Err(opened.wrong("what it says of the user answers another request"));
        }
        let Some(cname) = said.cname else {
            return Err(opened.wrong("it does not say which user it is for"));
        };
        let user = cname.in_realm(&said.crealm);
        if self.may_be(&user) {
            Ok(Some(user))
        } else {
            Err(opened.wrong("it is for another user"))
        }
    }

    /// Whether the KDC's name for the user can be this one. AD does not distinguish case, and
    /// which account a user principal name belongs to only the KDC knows.
    fn may_be(&self, other: &Principal) -> bool {
        let renamed = self.is_enterprise() && !other.components.is_empty();
        same_name(&self.user.realm, &other.realm)
            && (renamed || same_components(&self.user.components, &other.components))
    }

    const fn is_enterprise(&self) -> bool {
        self.user.name_type == name_type::ENTERPRISE
    }

    /// Goes on with the KDC's name, which the KDCs after it are asked for. A KDC may say no more
    /// than that it was asked for this alias.
    fn adopt(&mut self, said: Principal) -> Vouched {
        let same = same_components(&self.user.components, &said.components);
        if self.is_enterprise() && same {
            return Vouched::Request;
        }
        self.user = said;
        Vouched::Name
    }

    /// The ticket in the end: for us, and not in our own name; nor in another's than the one
    /// that was vouched for.
    fn check(
        &self,
        ticket: &CachedTicket,
        service: &Principal,
        vouched: Option<Vouched>,
    ) -> Result<Vouched> {
        let (client, vouched) = (&ticket.client, vouched.unwrap_or(Vouched::Nothing));
        let wrong = |what: &str| {
            let (asked, given) = (names::unparse(&self.user), names::unparse(client));
            let story = format!("S4U2Self for {asked}: the ticket is {what}, of {given}");
            Error::new(PeerFault::BadAuthority, story)
        };
        if !same_components(&ticket.server.components, &service.components) {
            return Err(wrong("not for us"));
        }
        if client == service && vouched != Vouched::Name {
            let story = format!(
                "the KDC knows no service for user (S4U): instead of a ticket of {} it gave {} one \
                 in its own name",
                names::unparse(&self.user),
                names::unparse(service)
            );
            return Err(Error::new(PeerFault::S4uUnsupported, story));
        }
        let right = match vouched {
            Vouched::Name => client == &self.user,
            Vouched::Request | Vouched::Nothing => self.may_be(client),
        };
        if right { Ok(vouched) } else { Err(wrong("another user's")) }
    }
}

/// Asks one KDC for the user. A foreign one knows us by our name with the realm only.
fn ask_self(
    line: &Line<'_>,
    tgt: &CachedTicket,
    service: &Principal,
    home: &str,
    user: &ForUser,
    enctypes: &[Enctype],
) -> Result<Granted> {
    let options = kdc_options::CANONICALIZE | kdc_options::FORWARDABLE;
    let purpose = Purpose::ForUser(user);
    let ask =
        |server: &Principal| exchange(line, &Request { tgt, server, options, enctypes, purpose });
    let realm = realm_of(tgt).to_owned();
    let whole = Principal { realm: home.to_owned(), ..service.clone() };
    let answer = if realm == home {
        ask(&whole)
    } else {
        let components = vec![names::unparse(&whole)];
        ask(&Principal { name_type: name_type::ENTERPRISE, components, realm })
    };
    answer.map_err(|no| match no {
        NoTicket::Refused(
            error_code::KDC_ERR_BADOPTION | error_code::KDC_ERR_PADATA_TYPE_NOSUPP,
            error,
        ) => as_fault(PeerFault::S4uUnsupported, error),
        other => other.into_error(),
    })
}

/// Asks one KDC for the service, under its name in that realm: to name another realm is an error
/// to Windows.
fn ask_proxy(
    line: &Line<'_>,
    tgt: &CachedTicket,
    (server, elsewhere): (&Principal, Option<&str>),
    purpose: Purpose<'_>,
    enctypes: &[Enctype],
) -> Result<Granted> {
    let realm = realm_of(tgt).to_owned();
    let named = Principal { realm: realm.clone(), ..server.clone() };
    let options = kdc_options::CANONICALIZE;
    let ask =
        |server: &Principal| exchange(line, &Request { tgt, server, options, enctypes, purpose });
    let answer = match (ask(&named), elsewhere.filter(|other| *other != realm)) {
        // Who refers to no realm by the service's name may know the realm.
        (Err(NoTicket::Refused(error_code::KDC_ERR_S_PRINCIPAL_UNKNOWN, error)), Some(other)) => {
            ask(&names::krbtgt(other, &realm)).map_err(|_| NoTicket::Failed(error))
        }
        (other, _) => other,
    };
    answer.map_err(|no| match no {
        NoTicket::Refused(error_code::KDC_ERR_BADOPTION | error_code::KDC_ERR_POLICY, error) => {
            as_fault(PeerFault::DelegationRefused, error)
        }
        other => other.into_error(),
    })
}

/// The same story under another fault.
fn as_fault(fault: PeerFault, error: Error) -> Error {
    if error.fault() == Fault::Peer(fault) {
        return error;
    }
    Error::new(fault, error.story().unwrap_or_default())
}

/// The same client; Windows' KDCs take the spelling from the account.
pub(super) fn same_client(one: &Principal, other: &Principal) -> bool {
    same_name(&one.realm, &other.realm) && same_components(&one.components, &other.components)
}

fn same_components(one: &[String], other: &[String]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_name(one, other))
}

fn lost(tgt: &CachedTicket) -> Error {
    let realm = realm_of(tgt);
    let story = format!("the KDC of {realm} says no more whom its ticket is for (S4U2Self)");
    Error::new(PeerFault::BadAuthority, story)
}
