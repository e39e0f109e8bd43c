//! Tickets taken out.

use super::listing::{if_there, target};
use crate::kerberos::credential::{KerberosCredential, Owner};
use crate::spi::environment::Environment;
use crate::spi::error::Result;
use crate::spi::kerberos::{CachedTicket, Principal};
use crate::spi::tickets::TicketFilter;

/// Removes the tickets that fit, and says how many there were. A cache stays, with its client.
pub fn purge(
    credential: &KerberosCredential,
    which: &TicketFilter,
    env: &dyn Environment,
) -> Result<usize> {
    if let Owner::Default(cache) = &credential.owner {
        let cache = cache.as_ref().map_err(Clone::clone)?;
        let removed = if_there(cache.remove(&|ticket| fits(which, ticket)));
        // Also when not all of them could be removed.
        KerberosCredential::cache_changed();
        let removed = removed?.unwrap_or(0);
        let cache = cache.name();
        env.kerberos()?.trace(format_args!("{removed} tickets are taken out of {cache}"));
        return Ok(removed);
    }
    let mut state = credential.state();
    let tgt = state.tgt.take_if(|tgt| fits(which, tgt));
    let removed = state.tickets.remove(|ticket| fits(which, ticket));
    Ok(removed.saturating_add(usize::from(tgt.is_some())))
}

fn fits(which: &TicketFilter, ticket: &CachedTicket) -> bool {
    let (client, server) = (which.client.as_deref(), which.server.as_deref());
    is_named(client, which.client_realm.as_deref(), &ticket.client)
        && is_named(server, which.server_realm.as_deref(), &target(ticket))
}

/// Windows does not distinguish case.
fn is_named(name: Option<&str>, realm: Option<&str>, principal: &Principal) -> bool {
    let same = |wanted: Option<&str>, is: &str| {
        wanted.is_none_or(|wanted| wanted.to_lowercase() == is.to_lowercase())
    };
    same(name, &principal.components.join("/")) && same(realm, &principal.realm)
}
