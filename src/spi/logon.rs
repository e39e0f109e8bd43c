//! Logons: what `LsaLogonUser` asks of a package, and what a package vouches for.

use std::sync::Arc;

use super::identity::Identity;
use super::kerberos::KeyBlock;
use super::package::{Credential, PackageId};
use super::secret::SecretBytes;
use super::time::FileTime;
use super::token::{ClientIdentity, ImpersonationLevel};

/// How somebody wants to be logged on.
#[derive(Debug)]
pub enum LogonRequest {
    /// With a name and a password (`KERB_INTERACTIVE_LOGON`, `MSV1_0_INTERACTIVE_LOGON`).
    Interactive(Identity),
    /// With the answers to a challenge that the caller issued (`MSV1_0_LM20_LOGON`).
    Network(NetworkLogon),
    /// With tickets (`KERB_TICKET_LOGON`): for a service of this machine, and perhaps one to
    /// get others with.
    Ticket {
        /// The encoded `Ticket` for the service.
        service: Vec<u8>,
        /// An encoded `KRB-CRED` with the ticket-granting ticket.
        granting: Option<Vec<u8>>,
    },
    /// Without any proof, because the caller is trusted to know who it is (S4U).
    ServiceForUser(SelfLogonRequest),
}

/// Somebody whom a service says to have before it (`KERB_S4U_LOGON`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfLogonRequest {
    /// The client's UPN or account name.
    pub client: String,
    /// Its realm or domain; may be empty.
    pub realm: String,
    /// Whether the authority is to refuse outside the hours in which the client may log on.
    pub check_logon_hours: bool,
    /// What the token is to be good for: no more than to know the client, unless the caller is
    /// trusted to act as anybody.
    pub level: ImpersonationLevel,
}

/// Answers to a challenge.
#[derive(Debug)]
pub struct NetworkLogon {
    /// The domain as the client wrote it.
    pub domain: String,
    /// The user, likewise.
    pub user: String,
    /// The client's machine, likewise.
    pub workstation: String,
    /// The challenge that was issued.
    pub challenge: [u8; 8],
    /// `CaseSensitiveChallengeResponse`
    pub nt_response: Vec<u8>,
    /// `CaseInsensitiveChallengeResponse`
    pub lm_response: Vec<u8>,
    /// `ParameterControl`
    pub control: u32,
}

/// Somebody who is logged on: made only after the proof was verified.
pub struct LoggedOn {
    /// Who verified it.
    pub package: PackageId,
    /// Who it is.
    pub client: ClientIdentity,
    /// How far whoever holds the token may go: below `Impersonation` where the client itself
    /// proved nothing.
    pub level: ImpersonationLevel,
    /// The authority that was asked, where it was another machine.
    pub logon_server: Option<String>,
    /// What the session can go on with as a client.
    pub credential: Option<Arc<dyn Credential>>,
    /// The key that a network logon's answers gave (`UserSessionKey`).
    pub session_key: Option<SecretBytes>,
    /// `LanmanSessionKey`, likewise.
    pub lm_session_key: Option<SecretBytes>,
    /// The session key of the ticket that was logged on with (`KERB_TICKET_PROFILE`).
    pub ticket_key: Option<KeyBlock>,
    /// `LOGON_*` of the profile.
    pub user_flags: u32,
    /// When the session's tickets end.
    pub logoff_time: FileTime,
    /// When the password must be changed, where it is known.
    pub password_must_change: FileTime,
}
