//! Clients, as those who verified them know them: names, SIDs, and what they are on this machine.
//! What an access token is made of, as plain data.

use super::kerberos::Principal;
use super::sid::Sid;
use super::time::FileTime;

/// A client of whom the package has verified who it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClientIdentity {
    /// The account: `sAMAccountName` where it is known, else the name that was verified.
    pub account: String,
    /// The NetBIOS name of the domain where it is known, else the realm or domain that vouches
    /// for the account.
    pub domain: String,
    /// The principal of the ticket (Kerberos).
    pub principal: Option<Principal>,
    /// `user@realm`, where there is one.
    pub upn: Option<String>,
    /// The DNS name of the domain, where it is known.
    pub dns_domain: Option<String>,
    /// Nobody: the client proved nothing, and may be so.
    pub anonymous: bool,
    /// What the domain says of the client; only what was verified is ever put here.
    pub authorization: Option<Authorization>,
}

/// What a domain vouches for of an account: `KERB_VALIDATION_INFO` ([MS-PAC] 2.5) or
/// `NETLOGON_VALIDATION_SAM_INFO4` ([MS-NRPC] 2.2.1.4.13), and what else a PAC says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Authorization {
    /// The account; `None` when the authority gave none.
    pub user: Option<Sid>,
    /// `PrimaryGroupId`
    pub primary_group: Option<Sid>,
    /// Every group, each once: those of the domain, `ExtraSids`, `ResourceGroupIds`.
    pub groups: Vec<Membership>,
    /// `FullName`; may be empty.
    pub full_name: String,
    /// The domain controller; may be empty.
    pub logon_server: String,
    /// `HomeDirectory`, `LogonScript` and their like are not kept. `LogonTime`.
    pub logon_time: FileTime,
    /// `KickOffTime`
    pub kickoff_time: FileTime,
    /// `PasswordLastSet`
    pub password_last_set: FileTime,
    /// `PasswordMustChange`
    pub password_must_change: FileTime,
    /// `UserFlags`
    pub user_flags: u32,
    /// `UserAccountControl` (`USER_*` of [MS-SAMR] 2.2.1.12).
    pub user_account_control: u32,
    /// `LogonCount`
    pub logon_count: u16,
    /// `BadPasswordCount`
    pub bad_password_count: u16,
    /// Who acted in the client's name on the way here (`S4U_DELEGATION_INFO`, [MS-PAC] 2.9),
    /// the first one first; with what the KDC was asked for last.
    pub delegation: Option<Delegated>,
    /// `PAC_ATTRIBUTES_INFO` (2.14): bit 0 the PAC was asked for, bit 1 it was given unasked.
    pub pac_attributes: Option<u32>,
    /// `PAC_CLIENT_CLAIMS_INFO` (2.11), as it came.
    pub client_claims: Vec<u8>,
    /// `PAC_DEVICE_CLAIMS_INFO` (2.13), as it came.
    pub device_claims: Vec<u8>,
    /// `PAC_DEVICE_INFO` (2.12), as it came.
    pub device_info: Vec<u8>,
}

/// `S4U_DELEGATION_INFO`
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delegated {
    /// `S4U2proxyTarget`
    pub target: String,
    /// `S4UTransitedServices`
    pub transited: Vec<String>,
}

/// A group and what it is for its member (`SE_GROUP_*`, [MS-PAC] 2.2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The group.
    pub sid: Sid,
    /// `Attributes`
    pub attributes: u32,
}

/// `SECURITY_IMPERSONATION_LEVEL`
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum ImpersonationLevel {
    /// Nobody.
    Anonymous = 0,
    /// The server may know who it is.
    Identification = 1,
    /// The server may act as it on this machine.
    Impersonation = 2,
    /// And go on to other machines.
    Delegation = 3,
}

/// An account of this machine: what a client can be here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnixAccount {
    /// The login name.
    pub name: String,
    /// `uid`
    pub user: u32,
    /// `gid`
    pub group: u32,
    /// Supplementary groups, the primary one among them.
    pub groups: Vec<u32>,
    /// The home directory; may be empty.
    pub home: String,
}
