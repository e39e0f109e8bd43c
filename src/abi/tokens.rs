//! Access tokens as C reads them: one block with all that a token says, or what Windows'
//! `GetTokenInformation` fills in.
//!
//! Holds: SECUR32_TOKEN, SECUR32_UNIX_ACCOUNT, the structures of the information classes, SIDs of
//! C. May use: the rest of the boundary, `lsa`, `spi`. Must not touch: protocols.

use std::mem::offset_of;

use super::last_error::Failure;
use super::lsa::reply::Reply;
use super::lsa::{logon_number, luid};
use super::pointers;
use super::types::{
    ERROR_INVALID_PARAMETER, ERROR_INVALID_SID, ERROR_NONE_MAPPED, PSID, SECUR32_TOKEN,
    SECUR32_TOKEN_ANONYMOUS, SECUR32_TOKEN_AUTHORIZED, SECUR32_TOKEN_DELEGATED,
    SECUR32_UNIX_ACCOUNT, SID_AND_ATTRIBUTES, TOKEN_GROUPS, TOKEN_PRIMARY_GROUP, TOKEN_SOURCE,
    TOKEN_STATISTICS, TOKEN_USER, token_class,
};
use crate::lsa::{AccessToken, Additions, TokenKind, TokenSource, package_info};
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::sid::{MAX_SUB_AUTHORITIES, Sid};
use crate::spi::time::FileTime;
use crate::spi::token::{Authorization, Membership, UnixAccount};

/// SECUR32_TOKEN.
pub fn description(token: &AccessToken) -> Result<Reply> {
    type Token = SECUR32_TOKEN;
    let mut reply = Reply::new(size_of::<Token>());
    put_kind(&mut reply, token)?;
    put_names(&mut reply, token)?;
    put_sid(&mut reply, offset_of!(Token, User), token.user().as_ref());
    put_sid(&mut reply, offset_of!(Token, PrimaryGroup), token.primary_group().as_ref());
    let groups = token.groups();
    reply.put_count(offset_of!(Token, GroupCount), groups.len())?;
    let place = reply.reserve(size_of::<SID_AND_ATTRIBUTES>().saturating_mul(groups.len()));
    reply.point(offset_of!(Token, Groups), place);
    put_groups(&mut reply, place, &groups)?;
    let authorization = token.client.authorization.as_ref();
    let nothing = Authorization { kickoff_time: FileTime::NEVER, ..Authorization::default() };
    put_authorization(&mut reply, authorization.unwrap_or(&nothing))?;
    Ok(reply)
}

/// SECUR32_UNIX_ACCOUNT.
pub fn account(account: &UnixAccount) -> Result<Reply> {
    type Account = SECUR32_UNIX_ACCOUNT;
    let mut reply = Reply::new(size_of::<Account>());
    reply.put_count(offset_of!(Account, Size), size_of::<Account>())?;
    reply.put_u32(offset_of!(Account, User), account.user)?;
    reply.put_u32(offset_of!(Account, Group), account.group)?;
    reply.put_count(offset_of!(Account, GroupCount), account.groups.len())?;
    let groups: Vec<u8> = account.groups.iter().flat_map(|group| group.to_ne_bytes()).collect();
    reply.put_bytes(offset_of!(Account, Groups), &groups);
    reply.put_string(offset_of!(Account, Name), &account.name)?;
    reply.put_string(offset_of!(Account, Home), &account.home)?;
    Ok(reply)
}

/// What `GetTokenInformation` fills in for a class.
pub fn information(token: &AccessToken, class: u32) -> Result<Reply, Failure> {
    match class {
        token_class::USER => {
            let user = token.user().ok_or_else(|| unknown("user"))?;
            let mut reply = Reply::new(size_of::<TOKEN_USER>());
            put_sid(&mut reply, 0, Some(&user));
            Ok(reply)
        }
        token_class::GROUPS => Ok(groups(&token.groups())?),
        token_class::PRIMARY_GROUP => {
            let group = token.primary_group().ok_or_else(|| unknown("primary group"))?;
            let mut reply = Reply::new(size_of::<TOKEN_PRIMARY_GROUP>());
            put_sid(&mut reply, 0, Some(&group));
            Ok(reply)
        }
        token_class::SOURCE => Ok(source(token)?),
        token_class::TYPE => Ok(number(token.kind as u32)?),
        token_class::IMPERSONATION_LEVEL if token.kind == TokenKind::Impersonation => {
            Ok(number(token.level as u32)?)
        }
        token_class::IMPERSONATION_LEVEL => {
            Err(parameter("a primary token has no level of impersonation".to_owned()))
        }
        token_class::STATISTICS => Ok(statistics(token)?),
        _ => Err(parameter(format!("tokens have no information of class {class}"))),
    }
}

/// Reads a SID of C.
///
/// # Safety
/// `sid` is NULL, or readable for as many bytes as it says to have.
pub unsafe fn sid_in(sid: PSID, name: &str) -> Result<Sid, Failure> {
    const HEADER: usize = 8;
    // SAFETY: the contract is the same: a SID has a header, and as many numbers as that says.
    let bytes = unsafe {
        let header = pointers::slice_in(sid.cast_const().cast(), HEADER, name)?;
        let count = header.get(1).copied().map_or(0, usize::from);
        if count > MAX_SUB_AUTHORITIES {
            let story = format!("{name} has {count} numbers, more than a SID can have");
            return Err(Failure::new(ERROR_INVALID_SID, invalid(story)));
        }
        pointers::slice_in(sid.cast_const().cast(), HEADER.saturating_add(count * 4), name)?
    };
    Sid::from_bytes(bytes).map_err(|error| Failure::new(ERROR_INVALID_SID, error))
}

/// What `LsaLogonUser` is to add to a token.
///
/// # Safety
/// Both are NULL or readable, and so are the SIDs of the groups.
pub unsafe fn additions_in(
    source: *const TOKEN_SOURCE,
    groups: *const TOKEN_GROUPS,
) -> Result<Additions> {
    // SAFETY: the contract is the same.
    let source = unsafe { pointers::optional(source, "SourceContext")? };
    let source = source.map(|source| TokenSource {
        name: source.SourceName.map(i8::cast_unsigned),
        id: logon_number(source.SourceIdentifier),
    });
    // SAFETY: the contract is the same.
    Ok(Additions { source, groups: unsafe { groups_in(groups)? } })
}

/// # Safety
/// `groups` is NULL or readable, and so are the SIDs in it.
unsafe fn groups_in(groups: *const TOKEN_GROUPS) -> Result<Vec<Membership>> {
    // Windows takes no token with more.
    const MOST: u32 = 1024;
    // SAFETY: a structure with no groups may be as short as its count.
    let count = unsafe { pointers::optional(groups.cast::<u32>(), "LocalGroups")? };
    let count = count.copied().unwrap_or(0);
    if count > MOST {
        return Err(invalid(format!("LocalGroups has {count} groups, more than {MOST}")));
    }
    let first = groups.cast::<SID_AND_ATTRIBUTES>();
    let first = first.wrapping_byte_add(offset_of!(TOKEN_GROUPS, Groups));
    // SAFETY: the contract is the same: there are as many as the count says.
    let groups = unsafe { pointers::array_in(first, count as usize, "LocalGroups")? };
    let group_in = |group: &SID_AND_ATTRIBUTES| {
        // SAFETY: the contract is the same.
        let sid = unsafe { sid_in(group.Sid, "a SID of LocalGroups") };
        let wrong = |_| invalid("a SID of LocalGroups is malformed or NULL".to_owned());
        let sid = sid.map_err(wrong)?;
        Ok(Membership { sid, attributes: group.Attributes })
    };
    groups.iter().map(group_in).collect()
}

fn put_kind(reply: &mut Reply, token: &AccessToken) -> Result<()> {
    type Token = SECUR32_TOKEN;
    let client = &token.client;
    let authorization = client.authorization.as_ref();
    let mut flags = 0;
    for (is_set, flag) in [
        (client.anonymous, SECUR32_TOKEN_ANONYMOUS),
        (authorization.is_some(), SECUR32_TOKEN_AUTHORIZED),
        (authorization.is_some_and(|a| a.delegation.is_some()), SECUR32_TOKEN_DELEGATED),
    ] {
        flags |= if is_set { flag } else { 0 };
    }
    for (place, value) in [
        (offset_of!(Token, Flags), flags),
        (offset_of!(Token, Type), token.kind as u32),
        (offset_of!(Token, Level), token.level as u32),
        (offset_of!(Token, LogonType), token.logon_type as u32),
    ] {
        reply.put_u32(place, value)?;
    }
    reply.put_count(offset_of!(Token, Size), size_of::<Token>())?;
    reply.put_luid(offset_of!(Token, TokenId), luid(token.id))?;
    reply.put_luid(offset_of!(Token, LogonId), luid(token.logon.unwrap_or(0)))?;
    reply.put_time(offset_of!(Token, StartTime), token.start)?;
    reply.put_time(offset_of!(Token, ExpiryTime), token.expiry)
}

fn put_names(reply: &mut Reply, token: &AccessToken) -> Result<()> {
    type Token = SECUR32_TOKEN;
    let client = &token.client;
    let principal = client.principal.as_ref().map(ToString::to_string);
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    reply.put_string(offset_of!(Token, Package), package_info(token.package)?.name)?;
    reply.put_string(offset_of!(Token, Account), &client.account)?;
    reply.put_string(offset_of!(Token, Domain), &client.domain)?;
    reply.put_string(offset_of!(Token, DnsDomain), &or_empty(&client.dns_domain))?;
    reply.put_string(offset_of!(Token, Upn), &or_empty(&client.upn))?;
    reply.put_string(offset_of!(Token, Principal), &or_empty(&principal))
}

fn put_authorization(reply: &mut Reply, what: &Authorization) -> Result<()> {
    type Token = SECUR32_TOKEN;
    reply.put_string(offset_of!(Token, FullName), &what.full_name)?;
    reply.put_string(offset_of!(Token, LogonServer), &what.logon_server)?;
    for (place, time) in [
        (offset_of!(Token, LogonTime), what.logon_time),
        (offset_of!(Token, KickOffTime), what.kickoff_time),
        (offset_of!(Token, PasswordLastSet), what.password_last_set),
        (offset_of!(Token, PasswordMustChange), what.password_must_change),
    ] {
        reply.put_time(place, time)?;
    }
    for (place, value) in [
        (offset_of!(Token, UserFlags), what.user_flags),
        (offset_of!(Token, UserAccountControl), what.user_account_control),
        (offset_of!(Token, LogonCount), u32::from(what.logon_count)),
        (offset_of!(Token, BadPasswordCount), u32::from(what.bad_password_count)),
        (offset_of!(Token, PacAttributes), what.pac_attributes.unwrap_or(0)),
    ] {
        reply.put_u32(place, value)?;
    }
    for (place, length, bytes) in [
        (
            offset_of!(Token, ClientClaims),
            offset_of!(Token, ClientClaimsLength),
            &what.client_claims,
        ),
        (
            offset_of!(Token, DeviceClaims),
            offset_of!(Token, DeviceClaimsLength),
            &what.device_claims,
        ),
        (offset_of!(Token, DeviceInfo), offset_of!(Token, DeviceInfoLength), &what.device_info),
    ] {
        reply.put_count(length, bytes.len())?;
        if !bytes.is_empty() {
            reply.put_bytes(place, bytes);
        }
    }
    put_delegation(reply, what)
}

fn put_delegation(reply: &mut Reply, what: &Authorization) -> Result<()> {
    type Token = SECUR32_TOKEN;
    let (target, transited) = match &what.delegation {
        Some(delegated) => (delegated.target.as_str(), delegated.transited.as_slice()),
        None => ("", &[][..]),
    };
    reply.put_string(offset_of!(Token, DelegationTarget), target)?;
    reply.put_count(offset_of!(Token, TransitedCount), transited.len())?;
    let place = reply.reserve(size_of::<usize>().saturating_mul(transited.len()));
    reply.point(offset_of!(Token, TransitedServices), place);
    for (index, service) in transited.iter().enumerate() {
        reply
            .put_string(size_of::<usize>().saturating_mul(index).saturating_add(place), service)?;
    }
    Ok(())
}

/// TOKEN_GROUPS.
fn groups(groups: &[Membership]) -> Result<Reply> {
    let first = offset_of!(TOKEN_GROUPS, Groups);
    let array = size_of::<SID_AND_ATTRIBUTES>().saturating_mul(groups.len());
    let mut reply = Reply::new(first.saturating_add(array));
    reply.put_count(0, groups.len())?;
    put_groups(&mut reply, first, groups)?;
    Ok(reply)
}

fn put_groups(reply: &mut Reply, first: usize, groups: &[Membership]) -> Result<()> {
    for (index, group) in groups.iter().enumerate() {
        let at = size_of::<SID_AND_ATTRIBUTES>().saturating_mul(index).saturating_add(first);
        put_sid(reply, at, Some(&group.sid));
        let attributes = at.saturating_add(offset_of!(SID_AND_ATTRIBUTES, Attributes));
        reply.put_u32(attributes, group.attributes)?;
    }
    Ok(())
}

/// Points at a SID; none is NULL.
fn put_sid(reply: &mut Reply, at: usize, sid: Option<&Sid>) {
    if let Some(sid) = sid {
        reply.put_bytes(at, &sid.to_bytes());
    }
}

fn source(token: &AccessToken) -> Result<Reply> {
    let mut reply = Reply::new(size_of::<TOKEN_SOURCE>());
    reply.put(offset_of!(TOKEN_SOURCE, SourceName), token.source.name)?;
    reply.put_luid(offset_of!(TOKEN_SOURCE, SourceIdentifier), luid(token.source.id))?;
    Ok(reply)
}

fn statistics(token: &AccessToken) -> Result<Reply> {
    type Statistics = TOKEN_STATISTICS;
    let mut reply = Reply::new(size_of::<Statistics>());
    reply.put_luid(offset_of!(Statistics, TokenId), luid(token.id))?;
    reply.put_luid(offset_of!(Statistics, AuthenticationId), luid(token.logon.unwrap_or(0)))?;
    reply.put_time(offset_of!(Statistics, ExpirationTime), token.expiry)?;
    reply.put_u32(offset_of!(Statistics, TokenType), token.kind as u32)?;
    reply.put_u32(offset_of!(Statistics, ImpersonationLevel), token.level as u32)?;
    reply.put_count(offset_of!(Statistics, GroupCount), token.groups().len())?;
    // It never changes.
    reply.put_luid(offset_of!(Statistics, ModifiedId), luid(token.id))?;
    Ok(reply)
}

fn number(value: u32) -> Result<Reply> {
    let mut reply = Reply::new(size_of::<u32>());
    reply.put_u32(0, value)?;
    Ok(reply)
}

fn unknown(what: &str) -> Failure {
    let story = format!("nobody vouches for a SID of the client's {what}");
    Failure::new(ERROR_NONE_MAPPED, Error::new(CallerFault::NoImpersonation, story))
}

fn parameter(story: String) -> Failure {
    Failure::new(ERROR_INVALID_PARAMETER, invalid(story))
}

fn invalid(story: String) -> Error {
    Error::new(CallerFault::InvalidParameter, story)
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::*;
    use crate::abi::memory::{self, Kind};
    use crate::lsa;
    use crate::spi::flags::ContextFlags;
    use crate::spi::kerberos::Principal;
    use crate::spi::package::PackageId;
    use crate::spi::packed::{PackedContext, Role};
    use crate::spi::secret::SecretBytes;
    use crate::spi::token::{ClientIdentity, Delegated};

    fn context(client: ClientIdentity) -> PackedContext {
        PackedContext {
            package: PackageId::Kerberos,
            negotiated: false,
            role: Role::Acceptor,
            flags: ContextFlags::empty(),
            client_name: String::new(),
            client: Some(Box::new(client)),
            server_name: None,
            authority: None,
            client_target: None,
            target_information: Vec::new(),
            start: FileTime(5),
            expiry: FileTime(6),
            password_expiry: FileTime::NEVER,
            logon: None,
            session_key: SecretBytes::new(Vec::new()),
            protection: SecretBytes::new(Vec::new()),
            sender: None,
            receiver: None,
        }
    }

    fn zoe() -> ClientIdentity {
        let sid = |text: &str| text.parse::<Sid>().unwrap();
        ClientIdentity {
            account: "zoë".into(),
            domain: "AD".into(),
            principal: Some(Principal {
                name_type: 1,
                components: vec!["zoë@home".into()],
                realm: "AD.TEST".into(),
            }),
            upn: Some("zoë@ad.test".into()),
            authorization: Some(Authorization {
                user: Some(sid("S-1-5-21-1-2-3-1104")),
                primary_group: Some(sid("S-1-5-21-1-2-3-513")),
                groups: vec![Membership { sid: sid("S-1-5-21-1-2-3-513"), attributes: 7 }],
                kickoff_time: FileTime(u64::MAX),
                logon_count: 9,
                delegation: Some(Delegated {
                    target: "http/b".into(),
                    transited: vec!["one".into(), "two".into()],
                }),
                client_claims: vec![1, 2, 3],
                ..Authorization::default()
            }),
            ..ClientIdentity::default()
        }
    }

    fn token(client: ClientIdentity) -> std::sync::Arc<AccessToken> {
        lsa::token_of_context(&context(client)).unwrap()
    }

    #[test]
    fn all_that_a_token_says_is_in_one_block() {
        let token = token(zoe());
        let (block, _) = description(&token).unwrap().hand_out_as(Kind::ContextBuffer).unwrap();
        let pointer: *mut SECUR32_TOKEN = block.release();
        // SAFETY: the block begins with the structure, and all that it points at is in it.
        let (what, read) = unsafe {
            let what = *pointer;
            let text = |text| CStr::from_ptr(text).to_str().unwrap().to_owned();
            let groups = std::slice::from_raw_parts(what.Groups, what.GroupCount as usize);
            let sids: Vec<String> = [what.User, what.PrimaryGroup]
                .into_iter()
                .chain(groups.iter().map(|group| group.Sid))
                .map(|sid| sid_in(sid, "a SID").unwrap().to_string())
                .collect();
            assert_eq!(
                sids[..3],
                ["S-1-5-21-1-2-3-1104", "S-1-5-21-1-2-3-513", "S-1-5-21-1-2-3-513"]
            );
            assert_eq!(sids.len(), 6);
            let claims = std::slice::from_raw_parts(what.ClientClaims, 3);
            assert_eq!((what.ClientClaimsLength, claims), (3, &[1, 2, 3][..]));
            let transited = std::slice::from_raw_parts(what.TransitedServices, 2);
            assert_eq!(
                transited.iter().map(|&name| text(name)).collect::<Vec<_>>(),
                ["one", "two"]
            );
            let texts = [what.Account, what.Domain, what.Principal, what.Upn, what.DnsDomain]
                .map(text)
                .to_vec();
            (what, texts)
        };
        assert_eq!(read, ["zoë", "AD", "zoë\\@home@AD.TEST", "zoë@ad.test", ""]);
        assert_eq!(what.Flags, SECUR32_TOKEN_AUTHORIZED | SECUR32_TOKEN_DELEGATED);
        assert_eq!((what.Type, what.Level, what.LogonCount, what.TransitedCount), (2, 2, 9, 2));
        assert_eq!((what.StartTime.QuadPart, what.ExpiryTime.QuadPart), (5, 6));
        assert_eq!(what.KickOffTime.QuadPart, i64::MAX);
        assert!(what.DeviceClaims.is_null() && what.DeviceInfo.is_null());
        memory::take_back(Kind::ContextBuffer, pointer.cast()).unwrap();
    }

    #[test]
    fn k31_a_name_with_a_nul_is_no_shorter_name() {
        let admin = ClientIdentity { account: "root\0@evil".into(), ..ClientIdentity::default() };
        assert!(description(&token(admin)).is_err());
    }

    #[test]
    fn sids_of_c_are_read_within_what_they_say() {
        let mut bytes = *b"\x01\x01\0\0\0\0\0\x05\x12\0\0\0";
        // SAFETY: NULL, or as long as the second byte says.
        unsafe {
            assert_eq!(sid_in(bytes.as_mut_ptr().cast(), "sid").unwrap().to_string(), "S-1-5-18");
            assert_eq!(
                sid_in(std::ptr::null_mut(), "sid").unwrap_err().code,
                ERROR_INVALID_PARAMETER
            );
            for (place, value) in [(0, 2), (1, 16), (1, 255)] {
                let mut wrong = bytes;
                wrong[place] = value;
                let refused = sid_in(wrong.as_mut_ptr().cast(), "sid").unwrap_err();
                assert_eq!(refused.code, ERROR_INVALID_SID, "{place} {value}");
            }
        }
    }
}
