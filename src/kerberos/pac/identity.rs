//! What a verified PAC says of its client, in the words of this library ([MS-KILE] 3.4.5.3).

use std::collections::HashSet;

use super::refused;
use super::signatures::SignaturesVerified;
use crate::kerberos::names;
use crate::spi::error::Result;
use crate::spi::kerberos::Principal;
use crate::spi::sid::Sid;
use crate::spi::token::{Authorization, ClientIdentity, Delegated, Membership};
use crate::wire::pac::{
    Attributes, CredentialsInfo, DelegationInfo, GroupMembership, LogonInfo, Pac, UpnDnsInfo, kind,
    requestor,
};

/// `SE_GROUP_MANDATORY`, `SE_GROUP_ENABLED_BY_DEFAULT`, `SE_GROUP_ENABLED`.
const USUAL: u32 = 7;

/// What the domain vouches for.
#[derive(Default)]
pub struct Vouched {
    account: Option<String>,
    domain: Option<String>,
    upn: Option<String>,
    dns_domain: Option<String>,
    authorization: Option<Authorization>,
}

impl Vouched {
    /// Reads every buffer. Those of unknown kinds are nobody's; claims stay as they came.
    pub(super) fn read(pac: &Pac<'_>, _: &SignaturesVerified) -> Result<Self> {
        let logon = read(pac, kind::LOGON_INFO, LogonInfo::from_bytes)?;
        let upn = read(pac, kind::UPN_DNS_INFO, UpnDnsInfo::from_bytes)?.unwrap_or_default();
        let requestor = read(pac, kind::REQUESTOR, requestor)?;
        let delegation = read(pac, kind::DELEGATION_INFO, DelegationInfo::from_bytes)?;
        let attributes = read(pac, kind::ATTRIBUTES_INFO, Attributes::from_bytes)?;
        pac.buffer(kind::CREDENTIALS_INFO).map(CredentialsInfo::from_bytes).transpose()?;
        let mut vouched = Self {
            account: upn.sam.as_ref().map(|sam| sam.name.clone()).and_then(some),
            domain: logon.as_ref().and_then(|logon| some(logon.logon_domain_name.clone())),
            upn: some(upn.upn),
            dns_domain: some(upn.dns_domain),
            authorization: None,
        };
        let says_nothing = logon.is_none() && delegation.is_none();
        if let Some(name) = logon.as_ref().and_then(|logon| some(logon.effective_name.clone())) {
            vouched.account = Some(name);
        }
        let mut authorization = authorization(logon.unwrap_or_default())?;
        for sid in upn.sam.map(|sam| sam.sid).into_iter().chain(requestor) {
            same_account(&mut authorization.user, &sid)?;
        }
        if says_nothing && authorization.user.is_none() {
            return Ok(vouched);
        }
        let bytes = |kind| pac.buffer(kind).unwrap_or_default().to_vec();
        vouched.authorization = Some(Authorization {
            delegation: delegation.map(|way| Delegated {
                target: way.proxy_target,
                transited: way.transited_services,
            }),
            pac_attributes: attributes.map(|attributes| attributes.flags),
            client_claims: bytes(kind::CLIENT_CLAIMS_INFO),
            device_claims: bytes(kind::DEVICE_CLAIMS_INFO),
            device_info: bytes(kind::DEVICE_INFO),
            ..authorization
        });
        Ok(vouched)
    }

    /// The client of the ticket that it is in.
    pub fn identity(self, client: Principal) -> ClientIdentity {
        let known = names::identity(client);
        ClientIdentity {
            account: self.account.unwrap_or(known.account),
            domain: self.domain.unwrap_or(known.domain),
            upn: self.upn.or(known.upn),
            dns_domain: self.dns_domain.or(known.dns_domain),
            authorization: self.authorization,
            principal: known.principal,
            anonymous: known.anonymous,
        }
    }
}

/// Every SID is the domain's word; which one a buffer repeats must be the same account's, since
/// whoever reads one of them believes that it is (attack P8).
fn same_account(user: &mut Option<Sid>, again: &Sid) -> Result<()> {
    let first = user.get_or_insert_with(|| again.clone());
    if first == again {
        return Ok(());
    }
    Err(refused(&format!("it is {first}'s by one of its buffers and {again}'s by another")))
}

fn authorization(logon: LogonInfo) -> Result<Authorization> {
    let mut extra = logon.extra_sids.into_iter();
    let domain = logon.logon_domain_id;
    // Of an account of another domain `UserId` is zero, and its SID the first of the others.
    let user = match (logon.user_id, &domain) {
        (0, _) => extra.next().map(|first| first.sid),
        (rid, Some(domain)) => Some(below(domain, rid)?),
        (_, None) => return Err(refused("its account is of no domain")),
    };
    let primary_group = match (logon.primary_group_id, &domain) {
        (0, _) | (_, None) => None,
        (rid, Some(domain)) => Some(below(domain, rid)?),
    };
    let mut groups = memberships(&logon.group_ids, domain.as_ref())?;
    if let Some(sid) = &primary_group {
        groups.push(Membership { sid: sid.clone(), attributes: USUAL });
    }
    groups.extend(extra.map(|one| Membership { sid: one.sid, attributes: one.attributes }));
    groups.extend(memberships(&logon.resource_group_ids, logon.resource_group_domain.as_ref())?);
    let mut seen = HashSet::with_capacity(groups.len());
    groups.retain(|group| seen.insert(group.sid.clone()));
    Ok(Authorization {
        user,
        primary_group,
        groups,
        full_name: logon.full_name,
        logon_server: logon.logon_server,
        logon_time: logon.logon_time,
        kickoff_time: logon.kickoff_time,
        password_last_set: logon.password_last_set,
        password_must_change: logon.password_must_change,
        user_flags: logon.user_flags,
        user_account_control: logon.user_account_control,
        logon_count: logon.logon_count,
        bad_password_count: logon.bad_password_count,
        ..Authorization::default()
    })
}

fn memberships(groups: &[GroupMembership], domain: Option<&Sid>) -> Result<Vec<Membership>> {
    let groups = groups.iter().map(|group| {
        let domain = domain.ok_or_else(|| refused("its groups are of no domain"))?;
        Ok(Membership { sid: below(domain, group.rid)?, attributes: group.attributes })
    });
    groups.collect()
}

fn below(domain: &Sid, rid: u32) -> Result<Sid> {
    domain.child(rid).ok_or_else(|| refused("the SID of its domain is too long"))
}

fn read<T>(
    pac: &Pac<'_>,
    kind: u32,
    from_bytes: impl FnOnce(&[u8]) -> Result<T>,
) -> Result<Option<T>> {
    pac.buffer(kind).map(from_bytes).transpose()
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}
