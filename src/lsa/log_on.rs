//! `LsaLogonUser`: a package verifies, and a session and its token begin.
//!
//! Holds: which package is asked. May use: `impersonation`, `logons`, `objects`, `registry`, `spi`.
//! Must not touch: everything else.

use std::sync::Arc;

use super::logons::{self, LogonId, LogonType};
use super::objects::{self, ObjectId};
use super::tokens::{self, Additions};
use super::{impersonation, registry};
use crate::spi::environment::Environment;
use crate::spi::error::{CallerFault, Error, Fault, LocalFault, PeerFault, Result};
use crate::spi::kerberos::KeyBlock;
use crate::spi::logon::{LoggedOn, LogonRequest};
use crate::spi::package::PackageId;
use crate::spi::secret::SecretBytes;
use crate::spi::time::FileTime;
use crate::spi::token::ClientIdentity;

/// Somebody's new session, and what the profile tells of it.
#[derive(Debug)]
pub struct NewLogon {
    /// The session.
    pub logon: LogonId,
    /// Its token.
    pub token: ObjectId,
    /// Who verified it.
    pub package: PackageId,
    /// Who it is, with what the domain says of the account.
    pub client: ClientIdentity,
    /// The authority that was asked, if it was another machine.
    pub logon_server: Option<String>,
    /// `UserSessionKey` of a network logon.
    pub session_key: Option<SecretBytes>,
    /// `LanmanSessionKey`, likewise.
    pub lm_session_key: Option<SecretBytes>,
    /// The session key of the ticket that was logged on with.
    pub ticket_key: Option<KeyBlock>,
    /// `LOGON_*`
    pub user_flags: u32,
    /// When it began, UTC.
    pub logon_time: FileTime,
    /// When its tickets end, UTC.
    pub logoff_time: FileTime,
    /// When the password must be changed, UTC.
    pub password_must_change: FileTime,
}

/// Logs a user on.
pub fn log_on(
    package: PackageId,
    logon_type: LogonType,
    request: LogonRequest,
    additions: Additions,
) -> Result<NewLogon> {
    // The machine's keys are asked, whoever the thread acts as.
    let _process = impersonation::suspend();
    let environment = super::environment()?;
    let who = if package == PackageId::Negotiate {
        negotiate(request, &*environment)?
    } else {
        registry::package(package)?.log_on(request, &*environment)?
    };
    let who = completed(who);
    let now = environment.now();
    let session = logons::begin_logged_on(&who, logon_type, Arc::clone(&environment));
    let logon = session.logon();
    let token = tokens::token_of_logon(&who, logon_type, additions, session, environment);
    Ok(NewLogon {
        logon,
        token: objects::open_token(&token)?,
        package: who.package,
        client: who.client,
        logon_server: who.logon_server,
        session_key: who.session_key,
        lm_session_key: who.lm_session_key,
        ticket_key: who.ticket_key,
        user_flags: who.user_flags,
        logon_time: now,
        logoff_time: who.logoff_time,
        password_must_change: who.password_must_change,
    })
}

/// A challenge for a client whose answers `log_on` verifies (`MsV1_0Lm20ChallengeRequest`).
pub fn challenge() -> Result<[u8; 8]> {
    let mut challenge = [0; 8];
    super::environment()?.random(&mut challenge)?;
    Ok(challenge)
}

/// What the domain says of the account stands where the package says nothing.
fn completed(mut who: LoggedOn) -> LoggedOn {
    let Some(known) = &who.client.authorization else { return who };
    let server = Some(&known.logon_server).filter(|server| !server.is_empty());
    who.logon_server = who.logon_server.or_else(|| server.cloned());
    if who.user_flags == 0 {
        who.user_flags = known.user_flags;
    }
    if who.password_must_change == FileTime::NEVER && known.password_must_change != FileTime(0) {
        who.password_must_change = known.password_must_change;
    }
    who
}

/// Kerberos where it can, and NTLM for accounts of which Kerberos knows nothing; never because
/// Kerberos refused the proof. Answers to a challenge are NTLM's, tickets Kerberos'.
fn negotiate(request: LogonRequest, env: &dyn Environment) -> Result<LoggedOn> {
    let kerberos = registry::package(PackageId::Kerberos)?;
    let ntlm = registry::package(PackageId::Ntlm)?;
    let identity = match request {
        LogonRequest::Interactive(identity) => identity,
        LogonRequest::Network(_) => return ntlm.log_on(request, env),
        LogonRequest::Ticket { .. } | LogonRequest::ServiceForUser(_) => {
            return kerberos.log_on(request, env);
        }
    };
    let refused = match kerberos.log_on(LogonRequest::Interactive(identity.duplicate()), env) {
        Err(error) if is_strange_to_kerberos(&error) => error,
        answer => return answer,
    };
    ntlm.log_on(LogonRequest::Interactive(identity), env).map_err(|error| {
        let unknown = error.fault() == Fault::Local(LocalFault::NoAccounts);
        if unknown { refused } else { error }
    })
}

/// Kerberos could not ask, or the authority does not know the account.
fn is_strange_to_kerberos(error: &Error) -> bool {
    matches!(
        error.fault(),
        Fault::Caller(CallerFault::Unsupported)
            | Fault::Peer(PeerFault::ClientUnknown)
            | Fault::Local(
                LocalFault::NoAuthority | LocalFault::NoCredentials | LocalFault::Configuration
            )
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spi::token::{Authorization, ImpersonationLevel};

    fn logged_on(authorization: Option<Authorization>) -> LoggedOn {
        LoggedOn {
            package: PackageId::Kerberos,
            client: ClientIdentity { authorization, ..ClientIdentity::default() },
            level: ImpersonationLevel::Impersonation,
            logon_server: None,
            credential: None,
            session_key: None,
            lm_session_key: None,
            ticket_key: None,
            user_flags: 0,
            logoff_time: FileTime::NEVER,
            password_must_change: FileTime::NEVER,
        }
    }

    #[test]
    fn the_domains_word_fills_the_gaps_and_no_more() {
        let known = Authorization {
            logon_server: "DC1".into(),
            user_flags: 0x20,
            password_must_change: FileTime(7),
            ..Authorization::default()
        };
        let who = completed(logged_on(Some(known.clone())));
        assert_eq!(who.logon_server.as_deref(), Some("DC1"));
        assert_eq!((who.user_flags, who.password_must_change), (0x20, FileTime(7)));

        let said = LoggedOn {
            logon_server: Some("DC2".into()),
            user_flags: 0x100,
            password_must_change: FileTime(9),
            ..logged_on(Some(known))
        };
        let who = completed(said);
        assert_eq!(who.logon_server.as_deref(), Some("DC2"));
        assert_eq!((who.user_flags, who.password_must_change), (0x100, FileTime(9)));

        for nothing in [None, Some(Authorization::default())] {
            let who = completed(logged_on(nothing));
            assert_eq!((who.logon_server, who.user_flags), (None, 0));
            assert_eq!(who.password_must_change, FileTime::NEVER);
        }
    }
}
