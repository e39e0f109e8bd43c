//! Tickets handed out, with their keys: they are the caller's own, in a cache that it can read
//! itself.

use std::sync::Arc;

use super::listing::{started, target};
use crate::crypto::kerberos::Enctype;
use crate::kerberos::credential::KerberosCredential;
use crate::kerberos::names::{self, ServiceRequest};
use crate::kerberos::session::{Demands, Session};
use crate::kerberos::{enctypes, krb_cred};
use crate::spi::environment::Environment;
use crate::spi::error::{CallerFault, Error, LocalFault, PeerFault, Result};
use crate::spi::kerberos::{CachedTicket, KerberosSettings, Principal};
use crate::spi::secret::SecretBytes;
use crate::spi::tickets::{ExternalTicket, Retrieve};
use crate::wire::kerberos::EncodedTicket;

/// The ticket-granting ticket of the client's realm.
pub fn granting_ticket(
    credential: &KerberosCredential,
    env: &dyn Environment,
) -> Result<ExternalTicket> {
    let mut session = Session::open(credential, env)?;
    let tgt = session.current_tgt()?;
    external(&tgt, session.clock_offset(), false)
}

/// A ticket for a service: from the cache, or else from the KDC.
pub fn retrieve(
    credential: &KerberosCredential,
    wanted: &Retrieve,
    env: &dyn Environment,
) -> Result<ExternalTicket> {
    if wanted.fresh && wanted.cache_only {
        let story = "a ticket is wanted from the cache only, and not from the cache";
        return Err(Error::new(CallerFault::InvalidParameter, story));
    }
    let settings = env.kerberos()?.settings();
    let target = ServiceRequest::parse(&wanted.target, settings)?;
    let demands = demands(wanted, settings)?;
    let mut session = Session::open(credential, env)?;
    let cached = if wanted.fresh { None } else { session.find(&target, demands) };
    let ticket = match cached {
        Some(cached) => cached,
        None if wanted.cache_only => {
            let story = format!("no ticket for {} is in the cache", wanted.target);
            return Err(Error::new(LocalFault::NoSuchTicket, story));
        }
        None => fetch(&mut session, &target, demands, wanted)?,
    };
    external(&ticket, session.clock_offset(), wanted.as_kerb_cred)
}

fn demands(wanted: &Retrieve, settings: &KerberosSettings) -> Result<Demands> {
    if wanted.enctype == 0 {
        return Ok(Demands { flags: wanted.flags, enctype: None });
    }
    let allowed = enctypes::of_service_tickets(settings);
    let enctype = Enctype::from_number(wanted.enctype).filter(|enctype| allowed.contains(enctype));
    if enctype.is_none() {
        let story = format!("enctype {} is not permitted here", wanted.enctype);
        return Err(Error::new(PeerFault::EnctypeRefused, story));
    }
    Ok(Demands { flags: wanted.flags, enctype })
}

/// Windows keeps what was got in the usual way, and the rest where that is asked for.
fn fetch(
    session: &mut Session<'_>,
    target: &ServiceRequest,
    demands: Demands,
    wanted: &Retrieve,
) -> Result<Arc<CachedTicket>> {
    let usual = wanted.flags == 0 && wanted.enctype == 0 && !wanted.fresh && !wanted.as_kerb_cred;
    let ticket = session.fetch(target, demands, usual || wanted.keep)?.ticket;
    if !demands.are_met(&ticket) {
        let story = format!(
            "the KDC gives a ticket for {} with flags {:#010x}, and {:#010x} were asked for",
            wanted.target, ticket.flags, wanted.flags
        );
        return Err(Error::new(PeerFault::AuthorityRefused, story));
    }
    Ok(ticket)
}

fn external(ticket: &CachedTicket, skew: i64, as_kerb_cred: bool) -> Result<ExternalTicket> {
    let issued = EncodedTicket(ticket.ticket.clone()).parse().map_err(|_| {
        let name = names::unparse(&ticket.server);
        Error::new(LocalFault::NoSuchTicket, format!("the ticket for {name} is none"))
    })?;
    let target = target(ticket);
    let encoded = if as_kerb_cred {
        krb_cred::in_the_clear(ticket, &target)
    } else {
        SecretBytes::new(ticket.ticket.clone())
    };
    Ok(ExternalTicket {
        service: issued.sname.into_principal(issued.realm),
        target,
        client: Principal::clone(&ticket.client),
        key: ticket.key.duplicate(),
        flags: ticket.flags,
        start: started(ticket),
        end: ticket.end_time,
        renew: ticket.renew_till,
        skew,
        encoded,
    })
}
