//! `LsaLogonUser`: a client with its password or its tickets, verified by a key of this machine,
//! or one that a service of this machine vouches for.

mod service_for_user;

use std::sync::Arc;

use super::acceptor::{self, BareTicket};
use super::credential::{KerberosCredential, Shared};
use super::names::{self, ServiceRequest};
use super::{krb_cred, logon};
use crate::spi::environment::Environment;
use crate::spi::error::{CallerFault, Error, Fault, LocalFault, PeerFault, Result};
use crate::spi::identity::Identity;
use crate::spi::kerberos::{KerberosTime, KeyBlock, KeytabEntry, Principal};
use crate::spi::logon::{LoggedOn, LogonRequest};
use crate::spi::package::{AcquireRequest, PackageId, Usage};
use crate::spi::secret::SecretBytes;
use crate::spi::time::FileTime;
use crate::spi::token::{ClientIdentity, ImpersonationLevel};

/// Names of this machine that its KDC is asked for.
const MOST_HOSTS: usize = 4;

/// Proof that the KDC which vouches for a client knows a key of this machine, or that the
/// administrator does without (attack K2).
struct AuthorityProved {
    /// Whom it vouches for.
    identity: ClientIdentity,
}

/// Logs a client on.
pub fn log_on(request: LogonRequest, env: &dyn Environment) -> Result<LoggedOn> {
    match request {
        LogonRequest::Interactive(identity) => interactive(identity, env),
        LogonRequest::Ticket { service, granting } => by_ticket(&service, granting.as_deref(), env),
        LogonRequest::Network(_) => {
            let story = "answers to a challenge are NTLM's, and no logon of Kerberos";
            Err(Error::new(CallerFault::Unsupported, story))
        }
        LogonRequest::ServiceForUser(request) => service_for_user::log_on(&request, env),
    }
}

/// By the password: the KDC gives a ticket, and this machine's own key says that it was the KDC.
fn interactive(identity: Identity, env: &dyn Environment) -> Result<LoggedOn> {
    let usage = Usage { inbound: false, outbound: true };
    let request = AcquireRequest { usage, identity: Some(identity), ..AcquireRequest::default() };
    let credential = KerberosCredential::new(request, env)?;
    let tgt = credential.tgt(env)?;
    let proof = prove_authority(&credential, &tgt.client, env)?;
    let password_expiry = credential.password_expiry();
    Ok(logged_on(proof, Some(credential), tgt.end_time, password_expiry))
}

/// By a ticket for a service of this machine. What may be in it besides, a ticket-granting one, is
/// the same client's, under the session key of the first or in the clear.
fn by_ticket(service: &[u8], granting: Option<&[u8]>, env: &dyn Environment) -> Result<LoggedOn> {
    let now = KerberosTime::of(env.now());
    let machine = machine(env)?;
    let opened = acceptor::open_ticket(&machine, service, now, env)?;
    let BareTicket { client, identity, session, end } = opened;
    let credential =
        granting.map(|message| granted(message, &client, &session, now)).transpose()?;
    let value = SecretBytes::new(session.expose().to_vec());
    let ticket_key = Some(KeyBlock { enctype: session.enctype().number(), value });
    let proof = AuthorityProved { identity };
    let who = logged_on(proof, credential, end, FileTime::NEVER);
    Ok(LoggedOn { ticket_key, ..who })
}

fn granted(
    message: &[u8],
    client: &Principal,
    session: &crate::crypto::kerberos::Key,
    now: KerberosTime,
) -> Result<KerberosCredential> {
    let pairs = krb_cred::open(message, [session])?;
    let [(info, encoded)] = <[_; 1]>::try_from(pairs)
        .map_err(|_| krb_cred::refused("it has another number of tickets than one"))?;
    let named = info.pname.as_ref().zip(info.prealm.as_ref());
    if named.is_none_or(|(name, realm)| name.in_realm(realm) != *client) {
        return Err(krb_cred::refused("its ticket is not that of who logs on"));
    }
    let tgt = krb_cred::cached(client.clone(), info, encoded.0);
    if names::tgs_realm(&tgt.server.components).is_none() {
        return Err(krb_cred::refused("its ticket is not for a KDC"));
    }
    if tgt.end_time <= now {
        let story = "the ticket-granting ticket of who logs on has expired";
        return Err(Error::new(PeerFault::TicketExpired, story));
    }
    Ok(KerberosCredential::from_delegation(client.clone(), tgt))
}

/// The keys of this machine: those of its keytab.
fn machine(env: &dyn Environment) -> Result<KerberosCredential> {
    let usage = Usage { inbound: true, outbound: false };
    KerberosCredential::new(AcquireRequest { usage, ..AcquireRequest::default() }, env)
}

/// Who could write a forged KDC's answers knows the password that was typed, but not this
/// machine's key: a ticket for it is got, and opened.
fn prove_authority(
    credential: &KerberosCredential,
    client: &Principal,
    env: &dyn Environment,
) -> Result<AuthorityProved> {
    let machine = machine(env)?;
    let hosts = match machine.acceptor_keys(env) {
        Ok(keys) => hosts(&keys.entries),
        Err(error) => return without_keys(client, &error, env),
    };
    if hosts.is_empty() {
        let none = Error::new(LocalFault::NoServiceKey, "the keytab has no key of a service");
        return without_keys(client, &none, env);
    }
    let mut refusal = None;
    for name in hosts.into_iter().take(MOST_HOSTS) {
        match credential.service_ticket(&ServiceRequest { name: name.clone() }, env) {
            Ok(found) => return open(&machine, &name, &found, client, env),
            Err(error) if logon::is_unknown(&error) => refusal = refusal.or(Some(error)),
            Err(error) => return Err(error),
        }
    }
    let error = refusal.unwrap_or_else(|| LocalFault::NoServiceKey.into());
    let who = names::unparse(client);
    Err(error.context(format_args!("{who} gets no ticket that proves the KDC genuine")))
}

fn open(
    machine: &KerberosCredential,
    name: &Principal,
    found: &super::credential::ServiceTicket,
    client: &Principal,
    env: &dyn Environment,
) -> Result<AuthorityProved> {
    let here = KerberosTime::of(env.now()).0;
    let now = KerberosTime(here.saturating_add(found.clock_offset));
    let opened = acceptor::open_ticket(machine, &found.ticket.ticket, now, env);
    match opened {
        Ok(BareTicket { client: whose, identity, .. }) if whose == *client => {
            Ok(AuthorityProved { identity })
        }
        Ok(_) => {
            let story = "the KDC gives who logs on a ticket of somebody else";
            Err(Error::new(PeerFault::BadAuthority, story))
        }
        // It decrypts, so that the KDC has the key.
        Err(error) if error.fault() == Fault::Peer(PeerFault::PacRefused) => Err(error),
        Err(error) => {
            let (who, host) = (names::unparse(client), names::unparse(name));
            let why = error.story().unwrap_or("it cannot be decrypted");
            let story = format!(
                "the KDC that vouches for {who} does not prove that it knows the key of {host}: \
                 it is forged, or the keytab is out of date ({why})"
            );
            Err(Error::new(PeerFault::BadAuthority, story))
        }
    }
}

fn without_keys(
    client: &Principal,
    error: &Error,
    env: &dyn Environment,
) -> Result<AuthorityProved> {
    let host = env.kerberos()?;
    let who = names::unparse(client);
    if !host.settings().verify_ap_req_nofail {
        if env.policy().require_pac {
            let story = format!("without a keytab {who} has no PAC, which RequirePac demands");
            return Err(Error::new(PeerFault::PacRefused, story));
        }
        host.trace(format_args!("nothing proves the KDC of {who} genuine, which krb5.conf allows"));
        return Ok(AuthorityProved { identity: names::identity(client.clone()) });
    }
    let why = error.story().unwrap_or("there is no keytab");
    let story = format!(
        "nothing here can prove the KDC genuine that vouches for {who}: {why} \
         (verify_ap_req_nofail of krb5.conf)"
    );
    Err(Error::new(Fault::Local(LocalFault::NoServiceKey), story))
}

/// The services of a keytab, this machine's host service first.
fn hosts(entries: &[KeytabEntry]) -> Vec<Principal> {
    let mut names: Vec<Principal> = Vec::new();
    for entry in entries {
        let principal = &entry.principal;
        if !acceptor::is_kdc_service(&principal.components) && !names.contains(principal) {
            names.push(principal.clone());
        }
    }
    let is_host = |name: &Principal| matches!(&*name.components, [host, _] if host == "host");
    names.sort_by_key(|name| !is_host(name));
    names
}

fn logged_on(
    proof: AuthorityProved,
    credential: Option<KerberosCredential>,
    end: KerberosTime,
    password_must_change: FileTime,
) -> LoggedOn {
    LoggedOn {
        package: PackageId::Kerberos,
        client: proof.identity,
        level: ImpersonationLevel::Impersonation,
        logon_server: None,
        credential: credential.map(|credential| Arc::new(Shared(Arc::new(credential))) as _),
        session_key: None,
        lm_session_key: None,
        ticket_key: None,
        user_flags: 0,
        logoff_time: end.to_file_time(),
        password_must_change,
    }
}
