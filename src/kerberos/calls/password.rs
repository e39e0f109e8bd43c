//! Somebody's password, set by the right of this credential (RFC 3244).

use std::sync::Arc;

use crate::kerberos::account::logon_names;
use crate::kerberos::credential::{KerberosCredential, Owner};
use crate::kerberos::kdc::{self, Line, Service};
use crate::kerberos::logon;
use crate::kerberos::names::ServiceRequest;
use crate::kerberos::session::{Demands, Session};
use crate::spi::environment::Environment;
use crate::spi::error::{CallerFault, Error, LocalFault, Result};
use crate::spi::kerberos::{CachedTicket, Principal};
use crate::spi::secret::SecretText;
use crate::wire::kerberos::numbers::name_type;

/// Sets the password of `(account, domain)`.
pub fn set_password(
    credential: &KerberosCredential,
    (account, domain): (&str, &str),
    new: &SecretText,
    env: &dyn Environment,
) -> Result<()> {
    if account.is_empty() {
        let story = "no account is named whose password to set";
        return Err(Error::new(CallerFault::InvalidParameter, story));
    }
    let line = credential.line(env)?;
    let mut names = logon_names(account, domain, line.settings(), env.machine())?.into_iter();
    let plain = names.clone().find(|name| name.name_type != name_type::ENTERPRISE);
    let whose = plain.or_else(|| names.next()).ok_or(LocalFault::Internal)?;
    let (ticket, offset) = ticket(credential, &whose, &line, env)?;
    let line = Line { offset, ..line };
    kdc::set_password(line, &ticket, &whose, new).map_err(|refusal| refusal.error)
}

/// A ticket for the password server of the account's realm: with the secret where there is one,
/// because some servers want a first ticket (`INITIAL`); else one from the cache, or by the
/// ticket-granting ticket. It is not kept.
fn ticket(
    credential: &KerberosCredential,
    whose: &Principal,
    line: &Line<'_>,
    env: &dyn Environment,
) -> Result<(Arc<CachedTicket>, i64)> {
    if let Owner::Account(account) = &credential.owner
        && credential.client(env)?.realm == whose.realm
    {
        let initial = logon::log_on(account, line, Service::ChangePassword)?;
        return Ok((Arc::new(initial.ticket), initial.offset));
    }
    let server = ServiceRequest { name: Service::ChangePassword.principal(&whose.realm) };
    let mut session = Session::open(credential, env)?;
    if let Some(ticket) = session.find(&server, Demands::default()) {
        return Ok((ticket, session.clock_offset()));
    }
    let found = session.fetch(&server, Demands::default(), false)?;
    Ok((found.ticket, found.clock_offset))
}
