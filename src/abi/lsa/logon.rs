//! Messages of `LsaLogonUser`, and the profiles that answer them.
//!
//! Holds: reading of KERB_*_LOGON and MSV1_0_*_LOGON, writing of the profiles. May use: the rest
//! of the boundary, `lsa`, `spi`. Must not touch: protocols.

use std::mem::offset_of;

use super::kerberos::put_key;
use super::reply::Reply;
use super::status::Refused;
use super::submit::Submit;
use crate::abi::types::enumerations::{
    _KERB_LOGON_SUBMIT_TYPE as Kerb, _KERB_PROFILE_BUFFER_TYPE as KerbProfile,
    _MSV1_0_LOGON_SUBMIT_TYPE as Msv, _MSV1_0_PROFILE_BUFFER_TYPE as MsvProfile,
    _SECURITY_LOGON_TYPE as Kind,
};
use crate::abi::types::{
    KERB_INTERACTIVE_LOGON, KERB_INTERACTIVE_PROFILE, KERB_LOGON_FLAG_ALLOW_EXPIRED_TICKET,
    KERB_S4U_LOGON, KERB_S4U_LOGON_FLAG_CHECK_LOGONHOURS, KERB_S4U_LOGON_FLAG_IDENTIFY,
    KERB_TICKET_LOGON, KERB_TICKET_PROFILE, MSV1_0_LM20_LOGON, MSV1_0_LM20_LOGON_PROFILE, NTSTATUS,
    STATUS_ACCOUNT_RESTRICTION, STATUS_BAD_VALIDATION_CLASS, STATUS_INVALID_LOGON_TYPE,
    STATUS_NO_S4U_PROT_SUPPORT, STATUS_NOT_SUPPORTED, STATUS_SUCCESS,
};
use crate::lsa::{LogonType, NewLogon};
use crate::spi::error::{CallerFault, Error, Fault, PeerFault, Result};
use crate::spi::identity::{Identity, PackageList, Proof};
use crate::spi::logon::{LogonRequest, NetworkLogon, SelfLogonRequest};
use crate::spi::package::PackageId;
use crate::spi::secret::SecretBytes;
use crate::spi::time::FileTime;
use crate::spi::token::{Authorization, ImpersonationLevel};

/// The form that the profile of a logon has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileForm {
    /// KERB_INTERACTIVE_PROFILE or MSV1_0_INTERACTIVE_PROFILE, which are the same.
    Interactive,
    /// KERB_TICKET_PROFILE.
    Ticket,
    /// MSV1_0_LM20_LOGON_PROFILE.
    Network,
}

/// `LogonType`. Cached logons are not asked for, and new credentials have no token of their own.
pub fn logon_type(number: i32) -> Result<LogonType, Refused> {
    const TYPES: [(Kind, LogonType); 7] = [
        (Kind::Interactive, LogonType::Interactive),
        (Kind::Network, LogonType::Network),
        (Kind::Batch, LogonType::Batch),
        (Kind::Service, LogonType::Service),
        (Kind::Unlock, LogonType::Unlock),
        (Kind::NetworkCleartext, LogonType::NetworkCleartext),
        (Kind::RemoteInteractive, LogonType::RemoteInteractive),
    ];
    let found = TYPES.iter().find(|&&(kind, _)| kind as i32 == number);
    found.map(|&(_, logon_type)| logon_type).ok_or_else(|| {
        let story = format!("{number} is no SECURITY_LOGON_TYPE that can be asked for");
        Refused::new(STATUS_INVALID_LOGON_TYPE, story)
    })
}

/// Reads what the user wants to be logged on with. `trusted`: by a connection as a logon process.
pub fn request(
    package: PackageId,
    submit: &Submit<'_>,
    trusted: bool,
) -> Result<(LogonRequest, ProfileForm), Refused> {
    const INTERACTIVE: u32 = Kerb::KerbInteractiveLogon as u32;
    const LM20: u32 = Msv::MsV1_0Lm20Logon as u32;
    const NETWORK: u32 = Msv::MsV1_0NetworkLogon as u32;
    const TICKET: u32 = Kerb::KerbTicketLogon as u32;
    const S4U: u32 = Kerb::KerbS4ULogon as u32;
    let message = submit.message_type()?;
    let (kerberos, ntlm) = (package != PackageId::Ntlm, package != PackageId::Kerberos);
    match message {
        INTERACTIVE => Ok((interactive(submit)?, ProfileForm::Interactive)),
        LM20 | NETWORK if ntlm => Ok((network(submit)?, ProfileForm::Network)),
        TICKET if kerberos => Ok((ticket(submit)?, ProfileForm::Ticket)),
        S4U => Ok((service_for_user(submit, trusted)?, ProfileForm::Interactive)),
        _ => {
            let story = format!("the package logs nobody on by message {message}");
            Err(Refused::new(STATUS_BAD_VALIDATION_CLASS, story))
        }
    }
}

/// What a failed logon answers, and its `SubStatus`: why an account is restricted. That nobody can
/// be logged on without a proof has a status of its own.
pub fn refused(form: ServiceForUser, error: Error) -> (Refused, NTSTATUS) {
    let refused = Refused::from(error);
    match refused.error.fault() {
        Fault::Caller(CallerFault::Unsupported) if form.0 => {
            (refused.as_status(STATUS_NO_S4U_PROT_SUPPORT), STATUS_SUCCESS)
        }
        Fault::Peer(
            PeerFault::AccountDisabled
            | PeerFault::PasswordExpired
            | PeerFault::OutsideLogonHours
            | PeerFault::WorkstationRefused,
        ) => {
            let why = refused.status;
            (refused.as_status(STATUS_ACCOUNT_RESTRICTION), why)
        }
        _ => (refused, STATUS_SUCCESS),
    }
}

/// Whether a request was one of S4U.
#[derive(Debug, Clone, Copy)]
pub struct ServiceForUser(bool);

impl ServiceForUser {
    /// Looks at a request.
    pub const fn of(request: &LogonRequest) -> Self {
        Self(matches!(request, LogonRequest::ServiceForUser(_)))
    }
}

/// The profile of a new session.
pub fn profile(form: ProfileForm, who: &NewLogon) -> Result<Reply> {
    match form {
        ProfileForm::Interactive => {
            let mut reply = Reply::new(size_of::<KERB_INTERACTIVE_PROFILE>());
            put_interactive(&mut reply, KerbProfile::KerbInteractiveProfile as u32, who)?;
            Ok(reply)
        }
        ProfileForm::Ticket => {
            let mut reply = Reply::new(size_of::<KERB_TICKET_PROFILE>());
            put_interactive(&mut reply, KerbProfile::KerbTicketProfile as u32, who)?;
            if let Some(key) = &who.ticket_key {
                put_key(&mut reply, offset_of!(KERB_TICKET_PROFILE, SessionKey), key)?;
            }
            Ok(reply)
        }
        ProfileForm::Network => network_profile(who),
    }
}

/// KERB_INTERACTIVE_LOGON and MSV1_0_INTERACTIVE_LOGON, which are the same.
fn interactive(submit: &Submit<'_>) -> Result<LogonRequest> {
    let logon: KERB_INTERACTIVE_LOGON = submit.structure()?;
    let present = |text: String| Some(text).filter(|text| !text.is_empty());
    let password = submit.secret(&logon.Password, "Password")?;
    let proof = if password.is_empty() { Proof::None } else { Proof::Password(password) };
    let user = present(submit.text(&logon.UserName, "UserName")?);
    if user.is_none() {
        return Err(Error::new(CallerFault::InvalidParameter, "there is no UserName to log on"));
    }
    Ok(LogonRequest::Interactive(Identity {
        user,
        domain: present(submit.text(&logon.LogonDomainName, "LogonDomainName")?),
        proof,
        packages: PackageList::default(),
    }))
}

/// MSV1_0_LM20_LOGON.
fn network(submit: &Submit<'_>) -> Result<LogonRequest> {
    let logon: MSV1_0_LM20_LOGON = submit.structure()?;
    let nt = "CaseSensitiveChallengeResponse";
    let lm = "CaseInsensitiveChallengeResponse";
    Ok(LogonRequest::Network(NetworkLogon {
        domain: submit.text(&logon.LogonDomainName, "LogonDomainName")?,
        user: submit.text(&logon.UserName, "UserName")?,
        workstation: submit.text(&logon.Workstation, "Workstation")?,
        challenge: logon.ChallengeToClient,
        nt_response: submit.string(&logon.CaseSensitiveChallengeResponse, nt)?.to_vec(),
        lm_response: submit.string(&logon.CaseInsensitiveChallengeResponse, lm)?.to_vec(),
        control: logon.ParameterControl,
    }))
}

/// KERB_TICKET_LOGON.
fn ticket(submit: &Submit<'_>) -> Result<LogonRequest, Refused> {
    let logon: KERB_TICKET_LOGON = submit.structure()?;
    if logon.Flags & KERB_LOGON_FLAG_ALLOW_EXPIRED_TICKET != 0 {
        let story = "a ticket that has expired proves nothing";
        return Err(Refused::new(STATUS_NOT_SUPPORTED, story));
    }
    let length = logon.ServiceTicketLength as usize;
    let service = submit.pointed(logon.ServiceTicket, length, "ServiceTicket")?;
    let length = logon.TicketGrantingTicketLength as usize;
    let granting = submit.pointed(logon.TicketGrantingTicket, length, "TicketGrantingTicket")?;
    if service.is_empty() {
        let story = "there is no ServiceTicket to log on with";
        return Err(Error::new(CallerFault::InvalidParameter, story).into());
    }
    Ok(LogonRequest::Ticket {
        service: service.to_vec(),
        granting: Some(granting.to_vec()).filter(|granting| !granting.is_empty()),
    })
}

/// KERB_S4U_LOGON and MSV1_0_S4U_LOGON, which are the same. Who is not trusted to act as anybody
/// gets a token that names the user and is good for nothing else.
fn service_for_user(submit: &Submit<'_>, trusted: bool) -> Result<LogonRequest> {
    let logon: KERB_S4U_LOGON = submit.structure()?;
    let identify = logon.Flags & KERB_S4U_LOGON_FLAG_IDENTIFY != 0;
    Ok(LogonRequest::ServiceForUser(SelfLogonRequest {
        client: submit.text(&logon.ClientUpn, "ClientUpn")?,
        realm: submit.text(&logon.ClientRealm, "ClientRealm")?,
        check_logon_hours: logon.Flags & KERB_S4U_LOGON_FLAG_CHECK_LOGONHOURS != 0,
        level: if trusted && !identify {
            ImpersonationLevel::Impersonation
        } else {
            ImpersonationLevel::Identification
        },
    }))
}

/// Counters, times and the name for people are the domain's word, where there is one; scripts and
/// directories are for Windows' desktops.
fn put_interactive(reply: &mut Reply, message: u32, who: &NewLogon) -> Result<()> {
    type Profile = KERB_INTERACTIVE_PROFILE;
    reply.put_u32(offset_of!(Profile, MessageType), message)?;
    reply.put_time(offset_of!(Profile, LogonTime), who.logon_time)?;
    reply.put_time(offset_of!(Profile, LogoffTime), who.logoff_time)?;
    reply.put_time(offset_of!(Profile, PasswordMustChange), who.password_must_change)?;
    let nothing = Authorization { kickoff_time: FileTime::NEVER, ..Authorization::default() };
    let known = who.client.authorization.as_ref().unwrap_or(&nothing);
    reply.put_time(offset_of!(Profile, KickOffTime), known.kickoff_time)?;
    reply.put_time(offset_of!(Profile, PasswordLastSet), known.password_last_set)?;
    reply.put(offset_of!(Profile, LogonCount), known.logon_count.to_ne_bytes())?;
    reply.put(offset_of!(Profile, BadPasswordCount), known.bad_password_count.to_ne_bytes())?;
    reply.put_text(offset_of!(Profile, FullName), &known.full_name)?;
    for empty in [
        offset_of!(Profile, LogonScript),
        offset_of!(Profile, HomeDirectory),
        offset_of!(Profile, ProfilePath),
        offset_of!(Profile, HomeDirectoryDrive),
    ] {
        reply.put_text(empty, "")?;
    }
    let server = who.logon_server.as_deref().unwrap_or_default();
    reply.put_text(offset_of!(Profile, LogonServer), server)?;
    reply.put_u32(offset_of!(Profile, UserFlags), who.user_flags)
}

fn network_profile(who: &NewLogon) -> Result<Reply> {
    type Profile = MSV1_0_LM20_LOGON_PROFILE;
    let mut reply = Reply::new(size_of::<Profile>());
    reply.put_u32(offset_of!(Profile, MessageType), MsvProfile::MsV1_0Lm20LogonProfile as u32)?;
    let known = who.client.authorization.as_ref();
    let kickoff = known.map_or(FileTime::NEVER, |known| known.kickoff_time);
    reply.put_time(offset_of!(Profile, KickOffTime), kickoff)?;
    reply.put_time(offset_of!(Profile, LogoffTime), who.logoff_time)?;
    reply.put_u32(offset_of!(Profile, UserFlags), who.user_flags)?;
    if let Some(key) = first_bytes::<16>(who.session_key.as_ref()) {
        reply.put(offset_of!(Profile, UserSessionKey), key)?;
    }
    if let Some(key) = first_bytes::<8>(who.lm_session_key.as_ref()) {
        reply.put(offset_of!(Profile, LanmanSessionKey), key)?;
    }
    reply.put_text(offset_of!(Profile, LogonDomainName), &who.client.domain)?;
    let server = who.logon_server.as_deref().unwrap_or_default();
    reply.put_text(offset_of!(Profile, LogonServer), server)?;
    reply.put_text(offset_of!(Profile, UserParameters), "")?;
    Ok(reply)
}

fn first_bytes<const N: usize>(key: Option<&SecretBytes>) -> Option<[u8; N]> {
    key?.expose().first_chunk().copied()
}
