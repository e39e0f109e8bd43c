//! Tickets taken in (`KERB_SUBMIT_TKT_REQUEST`).

use std::sync::Arc;

use super::listing::{if_there, offset, target};
use crate::kerberos::credential::{KerberosCredential, Owner};
use crate::kerberos::kdc::key_of;
use crate::kerberos::{krb_cred, names};
use crate::spi::environment::Environment;
use crate::spi::error::{CallerFault, Error, PeerFault, Result};
use crate::spi::kerberos::{CachedTicket, CredentialCache, KerberosTime, KeyBlock, Principal};
use crate::wire::kerberos::{KrbCredInfo, MAX_FILE};

/// More than anybody has for one client.
const MOST_TICKETS: usize = 128;

/// Takes the tickets of a message in, all or none: they are one client's, and it must be the
/// credential's, or the cache has nobody's tickets that last.
pub fn submit(
    credential: &KerberosCredential,
    message: &[u8],
    key: Option<&KeyBlock>,
    env: &dyn Environment,
) -> Result<()> {
    if message.len() > MAX_FILE {
        return Err(krb_cred::refused("it is larger than any cache"));
    }
    let key = key.map(key_of).transpose()?;
    let pairs = krb_cred::open(message, &key)?;
    if pairs.is_empty() || pairs.len() > MOST_TICKETS {
        return Err(krb_cred::refused("it has no ticket, or more than anybody has"));
    }
    let mut tickets = Vec::with_capacity(pairs.len());
    for (info, encoded) in pairs {
        let client = client_of(&info)?;
        tickets.push(checked(krb_cred::cached(client, info, encoded.0))?);
    }
    let client = one_client(&tickets)?;
    match &credential.owner {
        Owner::Default(cache) => {
            let cache = cache.as_ref().map_err(Clone::clone)?;
            let now = credential.line(env)?.now();
            let done = into_cache(&**cache, &client, &tickets, now);
            KerberosCredential::cache_changed();
            done?;
            let (count, cache, client) = (tickets.len(), cache.name(), names::unparse(&client));
            env.kerberos()?.trace(format_args!("{count} tickets of {client} go into {cache}"));
            Ok(())
        }
        Owner::Account(_) | Owner::Delegated | Owner::Proxy(_) => {
            into_memory(credential, &client, tickets, env)
        }
    }
}

fn client_of(info: &KrbCredInfo) -> Result<Principal> {
    match (&info.pname, &info.prealm) {
        (Some(name), Some(realm)) if names::may_be_realm(realm) && !name.name_string.is_empty() => {
            Ok(name.in_realm(realm))
        }
        _ => Err(krb_cred::refused("it does not say whose ticket it is")),
    }
}

/// A ticket that could never be used is not taken: its key must be one.
fn checked(ticket: CachedTicket) -> Result<CachedTicket> {
    key_of(&ticket.key)?;
    let named = !ticket.server.components.is_empty() && names::may_be_realm(&ticket.server.realm);
    if !named || ticket.end_time.0 <= 0 {
        return Err(krb_cred::refused("it does not say for whom or until when a ticket is"));
    }
    Ok(ticket)
}

fn one_client(tickets: &[CachedTicket]) -> Result<Principal> {
    match tickets {
        [first, others @ ..] if others.iter().all(|other| other.client == first.client) => {
            Ok(first.client.clone())
        }
        _ => Err(krb_cred::refused("its tickets are not one client's")),
    }
}

fn lasting(tickets: &[CachedTicket], now: KerberosTime) -> Result<()> {
    if tickets.iter().all(|ticket| ticket.end_time > now) {
        return Ok(());
    }
    Err(Error::new(PeerFault::TicketExpired, "the KRB-CRED: a ticket of it has expired"))
}

/// Tickets for the same services give way. A cache of somebody else is made anew when there is
/// nothing in it that lasts, as one that is not there is.
fn into_cache(
    cache: &dyn CredentialCache,
    client: &Principal,
    tickets: &[CachedTicket],
    now: KerberosTime,
) -> Result<()> {
    let content = cache.principal().and_then(|owner| Ok((owner, cache.tickets()?)));
    let Some((owner, there)) = if_there(content)? else {
        lasting(tickets, now)?;
        return cache.initialize(client, tickets);
    };
    let now = KerberosTime(now.0.saturating_add(offset(cache)));
    lasting(tickets, now)?;
    if owner == *client {
        cache.remove(&|old| tickets.iter().any(|new| replaces(new, old)))?;
        return tickets.iter().try_for_each(|ticket| cache.store(ticket));
    }
    if there.iter().any(|ticket| ticket.end_time > now) {
        return Err(foreign(client, &names::unparse(&owner), &cache.name()));
    }
    cache.initialize(client, tickets)
}

fn replaces(new: &CachedTicket, old: &CachedTicket) -> bool {
    target(new) == target(old) && !old.is_session_key
}

/// Into what a credential of its own remembers.
fn into_memory(
    credential: &KerberosCredential,
    client: &Principal,
    tickets: Vec<CachedTicket>,
    env: &dyn Environment,
) -> Result<()> {
    let now = credential.line(env)?.now();
    lasting(&tickets, now)?;
    if !is_ours(credential, client, env)? {
        let owner = credential.client(env).map(|owner| names::unparse(&owner));
        return Err(foreign(client, &owner.unwrap_or_default(), "the credential"));
    }
    let mut state = credential.state();
    state.client = Some(client.clone());
    for ticket in tickets {
        let ticket = Arc::new(ticket);
        if names::tgs_realm(&ticket.server.components) == Some(&client.realm) {
            state.tgt = Some(ticket);
        } else {
            state.tickets.keep(&ticket.server, &ticket, now);
        }
    }
    Ok(())
}

fn is_ours(
    credential: &KerberosCredential,
    client: &Principal,
    env: &dyn Environment,
) -> Result<bool> {
    if let Some(known) = credential.state().client.clone() {
        return Ok(known == *client);
    }
    match &credential.owner {
        Owner::Account(account) => {
            let names = account.names(&credential.line(env)?)?;
            Ok(names.contains(client))
        }
        Owner::Default(_) | Owner::Delegated | Owner::Proxy(_) => Ok(false),
    }
}

fn foreign(client: &Principal, owner: &str, place: &str) -> Error {
    let client = names::unparse(client);
    let story = format!("tickets of {client} do not go to those of {owner} in {place}");
    Error::new(CallerFault::InvalidParameter, story)
}
