//! Logons without a handshake (`LsaLogonUser`): a password, or answers to a challenge that the
//! caller issued.
//!
//! What a handshake binds its answers to besides the challenge (description of the server, channel
//! bindings, integrity code) only the caller knows who held it: nothing of it is looked at here.

use std::sync::Arc;

use super::account::Logon;
use super::response::{Offered, ResponseVerified};
use super::{Issued, check_age, check_reflection};
use crate::ntlm::credential::{NtlmCredential, Shared};
use crate::spi::environment::Environment;
use crate::spi::error::{CallerFault, Error, PeerFault, Result};
use crate::spi::identity::Identity;
use crate::spi::logon::{LoggedOn, LogonRequest, NetworkLogon};
use crate::spi::package::{AcquireRequest, Credential, PackageId, Usage};
use crate::spi::secret::SecretBytes;
use crate::spi::time::FileTime;
use crate::spi::token::ImpersonationLevel;
use crate::wire::ntlm::{NegotiateFlags, Ntlmv2Response};

/// Logs a user on.
pub fn log_on(request: LogonRequest, env: &dyn Environment) -> Result<LoggedOn> {
    match request {
        LogonRequest::Interactive(identity) => interactive(identity, env),
        LogonRequest::Network(logon) => network(&logon, env),
        LogonRequest::Ticket { .. } | LogonRequest::ServiceForUser(_) => {
            Err(Error::new(CallerFault::Unsupported, "NTLM verifies passwords and nothing else"))
        }
    }
}

/// `MSV1_0_INTERACTIVE_LOGON`: the session can go on as a client.
fn interactive(identity: Identity, env: &dyn Environment) -> Result<LoggedOn> {
    let domain = identity.domain.clone().unwrap_or_default();
    let logon = Logon::of_names(domain, identity.user.clone().unwrap_or_default());
    let verified = logon.prove_password(&identity.proof, env)?;
    let usage = Usage { inbound: false, outbound: true };
    let request = AcquireRequest { usage, identity: Some(identity), ..AcquireRequest::default() };
    let credential: Arc<dyn Credential> =
        Arc::new(Shared(Arc::new(NtlmCredential::new(request, env)?)));
    Ok(LoggedOn { credential: Some(credential), ..logged_on(verified) })
}

/// `MSV1_0_LM20_LOGON`: the session has nothing to go on with.
fn network(logon: &NetworkLogon, env: &dyn Environment) -> Result<LoggedOn> {
    if logon.control & NOT_OFFERED != 0 {
        let story = format!("ParameterControl {:#x} asks for what is not offered", logon.control);
        return Err(Error::new(CallerFault::Unsupported, story));
    }
    let offered = offered(logon)?;
    if logon.user.is_empty() || matches!(offered, Offered::Nothing) {
        let story = "a network logon without a name or without an answer proves nothing";
        return Err(Error::new(PeerFault::AnonymousRefused, story));
    }
    let flags = NegotiateFlags::default();
    let issued = Issued {
        negotiate: Vec::new(),
        challenge: Vec::new(),
        flags,
        server_challenge: logon.challenge,
        target_info: Vec::new(),
        at: env.now(),
    };
    check_age(&offered, &issued, env.now(), env.policy())?;
    check_reflection(&issued, env.policy())?;
    let names = Logon::of_network(logon);
    let verified = names.compare(None, &offered, flags, &issued, env)?;
    let key = SecretBytes::new(verified.key_exchange_key().expose().to_vec());
    let user_flags = match offered {
        Offered::V2(_) => LOGON_NTLMV2_ENABLED,
        Offered::Lm(_) => LOGON_USED_LM_PASSWORD,
        Offered::V1 { .. } | Offered::Nothing => 0,
    };
    let lm_session_key =
        verified.lm_session_key().map(|key| SecretBytes::new(key.expose().to_vec()));
    let logged_on = logged_on(verified);
    let user_flags = user_flags | logged_on.user_flags;
    Ok(LoggedOn { session_key: Some(key), lm_session_key, user_flags, ..logged_on })
}

/// `MSV1_0_CLEARTEXT_PASSWORD_SUPPLIED`, `…_SUBAUTHENTICATION_DLL…`, `…_TRY_GUEST_ACCOUNT_ONLY`,
/// `…_S4U2SELF`.
const NOT_OFFERED: u32 = 0xFF12_4100;
const LOGON_USED_LM_PASSWORD: u32 = 0x8;
const LOGON_NTLMV2_ENABLED: u32 = 0x100;

fn logged_on(verified: ResponseVerified) -> LoggedOn {
    let (_, client, _) = verified.into_names();
    let known = client.authorization.as_ref();
    let must_change = known.map_or(FileTime::NEVER, |known| known.password_must_change);
    LoggedOn {
        package: PackageId::Ntlm,
        logon_server: known.map(|known| known.logon_server.clone()),
        user_flags: known.map_or(0, |known| known.user_flags),
        password_must_change: must_change,
        client,
        level: ImpersonationLevel::Impersonation,
        credential: None,
        session_key: None,
        lm_session_key: None,
        ticket_key: None,
        logoff_time: FileTime::NEVER,
    }
}

fn offered(logon: &NetworkLogon) -> Result<Offered<'_>> {
    let (nt, lm) = (logon.nt_response.as_slice(), logon.lm_response.as_slice());
    let lm_response = lm.first_chunk().filter(|_| lm.len() == 24);
    match (nt.len(), lm.len()) {
        (0, 0 | 1) => Ok(Offered::Nothing),
        (0, _) => lm_response.map(Offered::Lm).ok_or_else(|| {
            Error::new(PeerFault::MalformedToken, "the LM response has no known form")
        }),
        (24, _) => {
            let nt = nt.first_chunk().ok_or(PeerFault::MalformedToken)?;
            Ok(Offered::V1 { nt, lm: lm_response.copied().unwrap_or([0; 24]) })
        }
        _ => Ntlmv2Response::decode(nt).map(Offered::V2),
    }
}
