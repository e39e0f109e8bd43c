//! `KERB_S4U_LOGON`: a user who proves nothing, for whom the KDC vouches to a service of this
//! machine (S4U2Self), and in whose name the service can go on where the KDC permits it.

use std::sync::Arc;

use super::{AuthorityProved, MOST_HOSTS, hosts, logged_on, machine};
use crate::kerberos::acceptor;
use crate::kerberos::credential::{KerberosCredential, ServiceTicket};
use crate::kerberos::names;
use crate::kerberos::s4u::{Evidence, SelfLogon};
use crate::spi::environment::Environment;
use crate::spi::error::{Error, Fault, LocalFault, PeerFault, Result};
use crate::spi::kerberos::{KerberosTime, Principal};
use crate::spi::logon::{LoggedOn, SelfLogonRequest};
use crate::spi::package::{AcquireRequest, Usage};
use crate::spi::time::FileTime;
use crate::spi::token::ClientIdentity;

/// `USER_NOT_DELEGATED` ([MS-SAMR] 2.2.1.12).
const NOT_DELEGATED: u32 = 0x4000;

/// Logs a user on by the word of the KDC.
pub fn log_on(request: &SelfLogonRequest, env: &dyn Environment) -> Result<LoggedOn> {
    let own = Arc::new(service(env)?);
    let SelfLogonRequest { client, realm, check_logon_hours, level } = request;
    let logon = SelfLogon { client, realm, check_logon_hours: *check_logon_hours, service: None };
    let found = own.s4u2self(&logon, env)?;
    let (found, identity) = by_account_name(&own, &logon, found, env)?;
    let told = identity.authorization.as_ref();
    let sensitive = told.is_some_and(|told| told.user_account_control & NOT_DELEGATED != 0);
    let evidence = Evidence::of_self_ticket(&found.ticket, sensitive);
    let onward = KerberosCredential::by_proxy(own, evidence);
    let proof = AuthorityProved { identity };
    let who = logged_on(proof, Some(onward), found.ticket.end_time, FileTime::NEVER);
    Ok(LoggedOn { level: *level, ..who })
}

/// The service that asks: an account of this machine's keytab that its KDC knows; where there is
/// no keytab the caller itself, by its tickets or its client keytab.
fn service(env: &dyn Environment) -> Result<KerberosCredential> {
    let keys = match machine(env)?.acceptor_keys(env) {
        Ok(keys) => keys.entries,
        Err(error) => return by_tickets(&error, env),
    };
    let mut refusal = None;
    for host in hosts(&keys).into_iter().take(MOST_HOSTS) {
        let own = KerberosCredential::of_service(&host, &keys)?;
        match own.tgt(env) {
            Ok(_) => return Ok(own),
            Err(error) if is_no_client(&error) => refusal = refusal.or(Some(error)),
            Err(error) => return Err(error),
        }
    }
    let none = || Error::new(LocalFault::NoServiceKey, "the keytab has no key of a service");
    by_tickets(&refusal.unwrap_or_else(none), env)
}

/// A keytab can have keys that are no longer good, and names that are no accounts.
fn is_no_client(error: &Error) -> bool {
    matches!(error.fault(), Fault::Peer(PeerFault::ClientUnknown | PeerFault::LogonDenied))
}

fn by_tickets(why: &Error, env: &dyn Environment) -> Result<KerberosCredential> {
    let usage = Usage { inbound: false, outbound: true };
    let own = KerberosCredential::new(AcquireRequest { usage, ..AcquireRequest::default() }, env)?;
    match own.tgt(env) {
        Ok(_) => Ok(own),
        Err(error) => {
            let keytab = why.story().unwrap_or("there is no keytab");
            let tickets = error.story().unwrap_or("there are no tickets");
            let story = format!(
                "a service needs tickets of its own to ask for a user's (S4U2Self): {keytab}; \
                 {tickets}"
            );
            Err(Error::new(LocalFault::NoCredentials, story))
        }
    }
}

/// The ticket, and who the user is. A KDC of Samba's leaves a user principal name in the ticket as
/// it was asked for, and the servers after us would know the user by that: the ticket says what
/// the account is called, which is asked for then.
fn by_account_name(
    own: &KerberosCredential,
    logon: &SelfLogon<'_>,
    found: ServiceTicket,
    env: &dyn Environment,
) -> Result<(ServiceTicket, ClientIdentity)> {
    let user = identity(own, &found, env)?;
    let Principal { components, realm, .. } = &found.ticket.client;
    let is_alias = matches!(&components[..], [upn] if upn.contains('@'));
    let sid = user.authorization.as_ref().and_then(|told| told.user.clone());
    if !is_alias || sid.is_none() {
        return Ok((found, user));
    }
    let other = own.s4u2self(&SelfLogon { client: &user.account, realm, ..*logon }, env)?;
    let same = identity(own, &other, env)?;
    let its_sid = same.authorization.as_ref().and_then(|told| told.user.clone());
    Ok(if its_sid == sid { (other, same) } else { (found, user) })
}

/// Who the user is, by the ticket, where a key of ours opens it; else by the KDC's word alone.
fn identity(
    own: &KerberosCredential,
    found: &ServiceTicket,
    env: &dyn Environment,
) -> Result<ClientIdentity> {
    let here = KerberosTime::of(env.now()).0;
    let now = KerberosTime(here.saturating_add(found.clock_offset));
    let ticket = &found.ticket;
    match acceptor::open_ticket(own, &ticket.ticket, now, env) {
        Ok(opened) => Ok(opened.identity),
        Err(error) if error.fault() == Fault::Peer(PeerFault::PacRefused) => Err(error),
        Err(_) if env.policy().require_pac => {
            let who = names::unparse(&ticket.client);
            let story = format!("without a keytab {who} has no PAC, which RequirePac demands");
            Err(Error::new(PeerFault::PacRefused, story))
        }
        Err(_) => Ok(names::identity(ticket.client.clone())),
    }
}
