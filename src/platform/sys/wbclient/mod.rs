//! libwbclient, which is loaded at run time if it is there: what winbindd says of clients, of SIDs,
//! and of the domain. Interface 0.12 and later (Samba 4.3), by its public header.
//!
//! Every call waits as long as libwbclient does, which is minutes: see `platform::winbind`. Each
//! has a connection of its own, so that it belongs to nobody after a fork.

mod library;

use std::ffi::{CStr, CString, c_char, c_int};
use std::ptr;
use std::slice;
use std::time::Duration;

use self::library::{AuthErrorInfo, AuthUserInfo, AuthUserParams, Context, Response};
pub use self::library::{WbcSid, library};
use crate::spi::secret::Secret;
use crate::spi::sid::Sid;

/// libwbclient copies names into fields of 256 bytes, and cuts what is longer.
const MAX_NAME: usize = 255;
/// Windows allows a token of 1024 groups.
const MAX_SIDS: u32 = 4096;
/// A home directory, a name for people; more is not kept.
const MAX_TEXT: usize = 4096;

const WBC_AUTH_USER_LEVEL_RESPONSE: c_int = 3;
/// `wbcErr`
const WBC_ERR_SUCCESS: c_int = 0;
const WBC_ERR_DOMAIN_NOT_FOUND: c_int = 7;
const WBC_ERR_AUTH_ERROR: c_int = 10;
const WBC_ERR_UNKNOWN_USER: c_int = 11;
const WBC_ERR_UNKNOWN_GROUP: c_int = 12;

/// Why winbindd gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// libwbclient is not there, or is too old.
    NoLibrary(String),
    /// What was asked cannot be asked: a name with a NUL, or one too long.
    Unaskable(&'static str),
    /// The domain refused, with this NTSTATUS.
    Refused(u32),
    /// There is no such user, group or domain.
    Unknown,
    /// There was no answer within this time.
    Silent(Duration),
    /// winbindd is not there, or has no answer: `wbcErr`, and its name.
    Unavailable(c_int, String),
    /// The answer does not fit the question.
    Nonsense(&'static str),
}

/// Answers to a challenge, for [`authenticate`].
pub struct Question<'a> {
    /// The account, as the client wrote it.
    pub user: &'a str,
    /// Its domain; not empty.
    pub domain: &'a str,
    /// The client's machine.
    pub workstation: &'a str,
    /// `MSV1_0_*`
    pub control: u32,
    /// The challenge.
    pub challenge: [u8; 8],
    /// `NtChallengeResponse`
    pub nt: &'a [u8],
    /// `LmChallengeResponse`
    pub lm: &'a [u8],
}

/// What the domain says of somebody who answered rightly (`wbcAuthUserInfo`). Times are seconds
/// of Unix.
#[derive(Debug)]
pub struct UserInfo {
    /// `LOGON_*`
    pub user_flags: u32,
    /// `sAMAccountName`
    pub account: String,
    /// May be empty.
    pub upn: String,
    /// May be empty.
    pub full_name: String,
    /// The domain's NetBIOS name.
    pub domain: String,
    /// May be empty.
    pub dns_domain: String,
    /// `USER_*` of [MS-SAMR]
    pub account_control: u32,
    /// `UserSessionKey`
    pub session_key: Secret<16>,
    /// `LMSessionKey`
    pub lm_session_key: Secret<8>,
    /// `LogonCount`
    pub logon_count: u16,
    /// `BadPasswordCount`
    pub bad_password_count: u16,
    /// `LogonTime`
    pub logon_time: u64,
    /// `KickOffTime`
    pub kickoff_time: u64,
    /// `PasswordLastSet`
    pub password_last_set: u64,
    /// `PasswordMustChange`
    pub password_must_change: u64,
    /// The domain controller.
    pub logon_server: String,
    /// The account, its primary group, and its groups, with attributes.
    pub sids: Vec<(Sid, u32)>,
}

/// What winbindd calls the machine and its domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// The machine's NetBIOS name.
    pub netbios_name: String,
    /// The domain's.
    pub netbios_domain: String,
    /// The domain's DNS name; may be empty.
    pub dns_domain: String,
}

/// The account of this machine that winbindd has for a SID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnixEntry {
    /// The login name.
    pub name: String,
    /// `uid`
    pub user: u32,
    /// The primary group.
    pub group: u32,
    /// The home directory.
    pub home: String,
}

/// Lets the domain compare answers to a challenge.
pub fn authenticate(question: &Question<'_>) -> Result<UserInfo, Failure> {
    let functions = library()?;
    let context = Context::new(functions)?;
    let [user, domain, workstation] =
        [question.user, question.domain, question.workstation].map(c_name);
    let (user, domain, workstation) = (user?, domain?, workstation?);
    let length =
        |bytes: &[u8]| u32::try_from(bytes.len()).map_err(|_| Failure::Unaskable("a long answer"));
    // libwbclient wants NULL for nothing.
    let data = |bytes: &[u8]| if bytes.is_empty() { ptr::null() } else { bytes.as_ptr() };
    let params = AuthUserParams {
        account_name: user.as_ptr(),
        domain_name: domain.as_ptr(),
        workstation_name: workstation.as_ptr(),
        flags: 0,
        parameter_control: question.control,
        level: WBC_AUTH_USER_LEVEL_RESPONSE,
        response: Response {
            challenge: question.challenge,
            nt_length: length(question.nt)?,
            nt_data: data(question.nt),
            lm_length: length(question.lm)?,
            lm_data: data(question.lm),
        },
    };
    let mut info: *mut AuthUserInfo = ptr::null_mut();
    let mut error: *mut AuthErrorInfo = ptr::null_mut();
    // SAFETY: the context lives; the parameters, and all that they point to, live until the call
    // returns and are only read; the outputs are living pointers.
    let result = unsafe {
        (functions.authenticate)(context.as_ptr(), &raw const params, &raw mut info, &raw mut error)
    };
    let (info, error) = (functions.owned(info), functions.owned(error));
    match (result, error.get()) {
        (WBC_ERR_SUCCESS, _) => {
            let info =
                info.get().ok_or(Failure::Nonsense("success, and nothing about the user"))?;
            read_user(info)
        }
        // No refusal has the number of success.
        (WBC_ERR_AUTH_ERROR, Some(error)) if error.nt_status != 0 => {
            Err(Failure::Refused(error.nt_status))
        }
        (other, _) => Err(functions.failure(other)),
    }
}

/// What winbindd calls the machine and its domain.
pub fn interface() -> Result<Interface, Failure> {
    let functions = library()?;
    let context = Context::new(functions)?;
    let mut details = ptr::null_mut();
    // SAFETY: the context lives; the output is a living pointer.
    let result = unsafe { (functions.interface)(context.as_ptr(), &raw mut details) };
    let details = functions.owned(details);
    functions.check(result)?;
    let details = details.get().ok_or(Failure::Nonsense("success, and no details"))?;
    Ok(Interface {
        netbios_name: text(details.netbios_name)?,
        netbios_domain: text(details.netbios_domain)?,
        dns_domain: text(details.dns_domain)?,
    })
}

/// The account of this machine that winbindd has for a SID.
pub fn entry_of(sid: &Sid) -> Result<UnixEntry, Failure> {
    let functions = library()?;
    let context = Context::new(functions)?;
    let mut sid = WbcSid::of(sid);
    let mut entry: *mut libc::passwd = ptr::null_mut();
    // SAFETY: the context and the SID live; the output is a living pointer.
    let result = unsafe { (functions.entry)(context.as_ptr(), &raw mut sid, &raw mut entry) };
    let entry = functions.owned(entry);
    functions.check(result)?;
    let entry = entry.get().ok_or(Failure::Nonsense("success, and no entry"))?;
    Ok(UnixEntry {
        name: text(entry.pw_name)?,
        user: entry.pw_uid,
        group: entry.pw_gid,
        home: text(entry.pw_dir)?,
    })
}

/// The groups of this machine that winbindd has for SIDs; those that are none are left out.
pub fn groups_of(sids: &[Sid]) -> Result<Vec<u32>, Failure> {
    let functions = library()?;
    let context = Context::new(functions)?;
    let sids: Vec<WbcSid> = sids.iter().map(WbcSid::of).collect();
    let count = u32::try_from(sids.len()).map_err(|_| Failure::Unaskable("too many groups"))?;
    let mut ids = vec![library::UnixId::default(); sids.len()];
    // SAFETY: the context lives, and both arrays have that many living entries.
    let result =
        unsafe { (functions.groups)(context.as_ptr(), sids.as_ptr(), count, ids.as_mut_ptr()) };
    functions.check(result)?;
    Ok(ids.iter().filter(|id| id.is_group()).map(|id| id.id).collect())
}

fn read_user(info: &AuthUserInfo) -> Result<UserInfo, Failure> {
    Ok(UserInfo {
        user_flags: info.user_flags,
        account: text(info.account_name)?,
        upn: text(info.user_principal)?,
        full_name: text(info.full_name)?,
        domain: text(info.domain_name)?,
        dns_domain: text(info.dns_domain_name)?,
        account_control: info.acct_flags,
        session_key: Secret::new(info.user_session_key),
        lm_session_key: Secret::new(info.lm_session_key),
        logon_count: info.logon_count,
        bad_password_count: info.bad_password_count,
        logon_time: info.logon_time,
        kickoff_time: info.kickoff_time,
        password_last_set: info.pass_last_set_time,
        password_must_change: info.pass_must_change_time,
        logon_server: text(info.logon_server)?,
        sids: read_sids(info)?,
    })
}

fn read_sids(info: &AuthUserInfo) -> Result<Vec<(Sid, u32)>, Failure> {
    if info.num_sids == 0 {
        return Ok(Vec::new());
    }
    if info.num_sids > MAX_SIDS || info.sids.is_null() {
        return Err(Failure::Nonsense("a list of groups that cannot be"));
    }
    // SAFETY: the list has `num_sids` entries and lives as long as `info`.
    let sids = unsafe { slice::from_raw_parts(info.sids, info.num_sids as usize) };
    let read = |entry: &library::SidWithAttr| Some((entry.sid.read()?, entry.attributes));
    sids.iter().map(read).collect::<Option<_>>().ok_or(Failure::Nonsense("a SID that cannot be"))
}

/// A text that may be missing.
fn text(pointer: *const c_char) -> Result<String, Failure> {
    if pointer.is_null() {
        return Ok(String::new());
    }
    // SAFETY: libwbclient's texts are C strings that live as long as the structure around them,
    // which the caller holds.
    let bytes = unsafe { CStr::from_ptr(pointer) };
    match bytes.to_str() {
        Ok(text) if text.len() <= MAX_TEXT => Ok(text.to_owned()),
        _ => Err(Failure::Nonsense("a text that is not UTF-8, or has no end")),
    }
}

fn c_name(name: &str) -> Result<CString, Failure> {
    if name.len() > MAX_NAME {
        return Err(Failure::Unaskable("a name is longer than winbindd takes"));
    }
    CString::new(name).map_err(|_| Failure::Unaskable("a name has a NUL in it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n18_names_that_would_be_cut_are_not_asked_for() {
        let longest = "n".repeat(MAX_NAME);
        assert_eq!(c_name(&longest).unwrap().as_bytes(), longest.as_bytes());
        assert!(matches!(c_name(&"n".repeat(MAX_NAME + 1)), Err(Failure::Unaskable(_))));
        assert!(matches!(c_name("alice\0bob"), Err(Failure::Unaskable(_))));
    }

    #[test]
    fn sids_go_over_and_back() {
        for sid in ["S-1-5-21-1-2-3-500", "S-1-0", "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15"] {
            let sid: Sid = sid.parse().unwrap();
            assert_eq!(WbcSid::of(&sid).read(), Some(sid));
        }
    }
}
