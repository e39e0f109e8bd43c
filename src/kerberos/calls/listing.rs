//! The tickets that there are.

use crate::kerberos::credential::{KerberosCredential, Owner};
use crate::kerberos::names;
use crate::spi::environment::Environment;
use crate::spi::error::{Fault, LocalFault, Result};
use crate::spi::kerberos::{CachedTicket, CredentialCache, KerberosTime, Principal};
use crate::spi::tickets::TicketListing;
use crate::wire::kerberos::EncodedTicket;

/// Those that last. A cache that does not exist has none.
pub fn list(credential: &KerberosCredential, env: &dyn Environment) -> Result<Vec<TicketListing>> {
    let mut line = credential.line(env)?;
    let Owner::Default(cache) = &credential.owner else {
        let (now, state) = (line.now(), credential.state());
        let all = state.tgt.iter().chain(state.tickets.all(now));
        return Ok(all.filter(|ticket| ticket.end_time > now).map(|t| listing(t)).collect());
    };
    let cache = cache.as_ref().map_err(Clone::clone)?;
    let Some(tickets) = if_there(cache.tickets())? else { return Ok(Vec::new()) };
    line.offset = offset(&**cache);
    let lasting = tickets.iter().filter(|ticket| ticket.end_time > line.now());
    Ok(lasting.map(listing).collect())
}

/// What a cache says, unless there is no such cache.
pub(super) fn if_there<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.fault() == Fault::Local(LocalFault::NoCredentials) => Ok(None),
        Err(error) => Err(error),
    }
}

/// How far the KDCs' clock is ahead of ours, as a cache has it.
pub(super) fn offset(cache: &dyn CredentialCache) -> i64 {
    cache.time_offset().ok().flatten().map_or(0, i64::from)
}

/// The service as it was asked for, in the realm that it turned out to be in.
pub(super) fn target(ticket: &CachedTicket) -> Principal {
    Principal { realm: names::realm_of_ticket(ticket), ..ticket.server.clone() }
}

fn listing(ticket: &CachedTicket) -> TicketListing {
    let issued = EncodedTicket(ticket.ticket.clone()).parse().ok();
    TicketListing {
        client: ticket.client.clone(),
        server: target(ticket),
        start: started(ticket),
        end: ticket.end_time,
        renew: ticket.renew_till,
        enctype: issued.map_or(0, |issued| issued.enc_part.etype),
        key_enctype: ticket.key.enctype,
        flags: ticket.flags,
    }
}

/// Caches may leave the beginning out, when it is that of the authentication.
pub(super) fn started(ticket: &CachedTicket) -> KerberosTime {
    if ticket.start_time.0 == 0 { ticket.auth_time } else { ticket.start_time }
}
