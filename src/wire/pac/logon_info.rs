//! `KERB_VALIDATION_INFO` ([MS-PAC] 2.5): the account and its groups.

use super::malformed;
use super::ndr::Ndr;
use crate::spi::error::Result;
use crate::spi::sid::Sid;
use crate::spi::time::FileTime;

/// What of it is of use; profile, home directory, scripts and the counters of failed logons are
/// read over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogonInfo {
    /// `LogonTime`
    pub logon_time: FileTime,
    /// `LogoffTime`
    pub logoff_time: FileTime,
    /// `KickOffTime`
    pub kickoff_time: FileTime,
    /// `PasswordLastSet`
    pub password_last_set: FileTime,
    /// `PasswordMustChange`
    pub password_must_change: FileTime,
    /// `EffectiveName`: the account's `sAMAccountName`.
    pub effective_name: String,
    /// `FullName`; for humans.
    pub full_name: String,
    /// `LogonCount`
    pub logon_count: u16,
    /// `BadPasswordCount`
    pub bad_password_count: u16,
    /// `UserId`; 0 when the account is of another domain, and the first of `extra_sids`.
    pub user_id: u32,
    /// `PrimaryGroupId`
    pub primary_group_id: u32,
    /// `GroupIds`, of the domain.
    pub group_ids: Vec<GroupMembership>,
    /// `UserFlags`
    pub user_flags: u32,
    /// `LogonServer`; for humans.
    pub logon_server: String,
    /// `LogonDomainName`: the NetBIOS name.
    pub logon_domain_name: String,
    /// `LogonDomainId`
    pub logon_domain_id: Option<Sid>,
    /// `UserAccountControl`
    pub user_account_control: u32,
    /// `ExtraSids`
    pub extra_sids: Vec<SidAndAttributes>,
    /// `ResourceGroupDomainSid`
    pub resource_group_domain: Option<Sid>,
    /// `ResourceGroupIds`, of that domain.
    pub resource_group_ids: Vec<GroupMembership>,
}

/// `GROUP_MEMBERSHIP` (2.2.2)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupMembership {
    /// `RelativeId`
    pub rid: u32,
    /// `Attributes`
    pub attributes: u32,
}

/// `KERB_SID_AND_ATTRIBUTES` (2.2.1)
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SidAndAttributes {
    /// `Sid`
    pub sid: Sid,
    /// `Attributes`
    pub attributes: u32,
}

/// `UserSessionKey`: zero, unless NTLM made the logon.
const SESSION_KEY: usize = 16;
/// Bytes of a `GROUP_MEMBERSHIP`, and of a `KERB_SID_AND_ATTRIBUTES`.
const PAIR: usize = 8;

impl LogonInfo {
    /// Reads it. What follows the structure is nobody's.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let mut ndr = Ndr::open(bytes)?;
        let logon_time = ndr.time()?;
        let logoff_time = ndr.time()?;
        let kickoff_time = ndr.time()?;
        let password_last_set = ndr.time()?;
        ndr.time()?; // PasswordCanChange
        let password_must_change = ndr.time()?;
        let names = [ndr.text_head()?, ndr.text_head()?];
        // LogonScript, ProfilePath, HomeDirectory, HomeDirectoryDrive
        let paths = [ndr.text_head()?, ndr.text_head()?, ndr.text_head()?, ndr.text_head()?];
        let (logon_count, bad_password_count) = (ndr.u16()?, ndr.u16()?);
        let (user_id, primary_group_id) = (ndr.u32()?, ndr.u32()?);
        let groups = List::head(&mut ndr)?;
        let user_flags = ndr.u32()?;
        ndr.skip(SESSION_KEY)?;
        let (server, domain) = (ndr.text_head()?, ndr.text_head()?);
        let has_domain = ndr.pointer()?;
        ndr.skip(8)?; // Reserved1
        let user_account_control = ndr.u32()?;
        ndr.skip(4 + 8 + 8 + 4 + 4)?; // SubAuthStatus to Reserved3
        let extra = List::head(&mut ndr)?;
        let has_resource_domain = ndr.pointer()?;
        let resources = List::head(&mut ndr)?;
        // What the pointers point to.
        let [effective_name, full_name] = names;
        let effective_name = ndr.name(effective_name)?;
        let full_name = ndr.text(full_name)?;
        paths.into_iter().try_for_each(|path| ndr.skip_text(path))?;
        let group_ids = groups.memberships(&mut ndr)?;
        let logon_server = ndr.text(server)?;
        let logon_domain_name = ndr.name(domain)?;
        let logon_domain_id = has_domain.then(|| ndr.sid()).transpose()?;
        let extra_sids = extra.sids(&mut ndr)?;
        let resource_group_domain = has_resource_domain.then(|| ndr.sid()).transpose()?;
        let resource_group_ids = resources.memberships(&mut ndr)?;
        Ok(Self {
            logon_time,
            logoff_time,
            kickoff_time,
            password_last_set,
            password_must_change,
            effective_name,
            full_name,
            logon_count,
            bad_password_count,
            user_id,
            primary_group_id,
            group_ids,
            user_flags,
            logon_server,
            logon_domain_name,
            logon_domain_id,
            user_account_control,
            extra_sids,
            resource_group_domain,
            resource_group_ids,
        })
    }
}

/// A count, and whether there is a list.
struct List {
    count: u32,
    there: bool,
}

impl List {
    fn head(ndr: &mut Ndr<'_>) -> Result<Self> {
        let count = ndr.u32()?;
        Ok(Self { count, there: ndr.pointer_to(count)? })
    }

    fn memberships(&self, ndr: &mut Ndr<'_>) -> Result<Vec<GroupMembership>> {
        let count = self.elements(ndr)?;
        let mut list = Vec::with_capacity(count);
        for _ in 0..count {
            list.push(GroupMembership { rid: ndr.u32()?, attributes: ndr.u32()? });
        }
        Ok(list)
    }

    fn sids(&self, ndr: &mut Ndr<'_>) -> Result<Vec<SidAndAttributes>> {
        let count = self.elements(ndr)?;
        let mut attributes = Vec::with_capacity(count);
        for _ in 0..count {
            if !ndr.pointer()? {
                return Err(malformed("a SID of a list is not there"));
            }
            attributes.push(ndr.u32()?);
        }
        let sids = attributes.into_iter();
        sids.map(|attributes| Ok(SidAndAttributes { sid: ndr.sid()?, attributes })).collect()
    }

    fn elements(&self, ndr: &mut Ndr<'_>) -> Result<usize> {
        if self.there { ndr.elements(self.count, PAIR) } else { Ok(0) }
    }
}
