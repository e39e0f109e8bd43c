//! Lists of tickets, and their removal.
//!
//! Holds: the four lists and the two removals. May use: the rest of the boundary, `lsa`, `spi`.
//! Must not touch: protocols.

use std::mem::offset_of;

use super::owner;
use crate::abi::lsa::Answer;
use crate::abi::lsa::reply::Reply;
use crate::abi::lsa::status::Refused;
use crate::abi::lsa::submit::Submit;
use crate::abi::types::enumerations::_KERB_PROTOCOL_MESSAGE_TYPE as Message;
use crate::abi::types::{
    KERB_PURGE_ALL_TICKETS, KERB_PURGE_TKT_CACHE_EX_REQUEST, KERB_PURGE_TKT_CACHE_REQUEST,
    KERB_QUERY_TKT_CACHE_EX_RESPONSE, KERB_QUERY_TKT_CACHE_EX2_RESPONSE,
    KERB_QUERY_TKT_CACHE_EX3_RESPONSE, KERB_QUERY_TKT_CACHE_REQUEST, KERB_QUERY_TKT_CACHE_RESPONSE,
    KERB_TICKET_CACHE_INFO, KERB_TICKET_CACHE_INFO_EX, KERB_TICKET_CACHE_INFO_EX2,
    KERB_TICKET_CACHE_INFO_EX3, SEC_E_NO_CREDENTIALS, UNICODE_STRING,
};
use crate::lsa::{self, TicketOwner};
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::kerberos::{KerberosTime, Principal};
use crate::spi::tickets::{TicketFilter, TicketListing};
use crate::spi::time::FileTime;

/// `KerbQueryTicketCacheMessage` and its three successors: no ticket is no error.
pub fn query(message: u32, submit: &Submit<'_>) -> Answer {
    let request: KERB_QUERY_TKT_CACHE_REQUEST = submit.structure()?;
    let tickets = lsa::list_tickets(owner(request.LogonId))?;
    list(message, &tickets).map(Some).map_err(Refused::from)
}

/// `KerbPurgeTicketCacheMessage`: a service, or all when both names are empty.
pub fn purge(submit: &Submit<'_>) -> Answer {
    let request: KERB_PURGE_TKT_CACHE_REQUEST = submit.structure()?;
    let filter = TicketFilter {
        server: named(submit, &request.ServerName, "ServerName")?,
        server_realm: named(submit, &request.RealmName, "RealmName")?,
        ..TicketFilter::default()
    };
    remove(owner(request.LogonId), &filter)
}

/// `KerbPurgeTicketCacheExMessage`: what the template fits, or all.
pub fn purge_ex(submit: &Submit<'_>) -> Answer {
    let request: KERB_PURGE_TKT_CACHE_EX_REQUEST = submit.structure()?;
    let unknown = request.Flags & !KERB_PURGE_ALL_TICKETS;
    if unknown != 0 {
        let story = format!("Flags {unknown:#x} of KERB_PURGE_TKT_CACHE_EX_REQUEST are not known");
        return Err(Error::new(CallerFault::InvalidParameter, story).into());
    }
    let template = &request.TicketTemplate;
    let filter = if request.Flags & KERB_PURGE_ALL_TICKETS != 0 {
        TicketFilter::default()
    } else {
        TicketFilter {
            client: named(submit, &template.ClientName, "ClientName")?,
            client_realm: named(submit, &template.ClientRealm, "ClientRealm")?,
            server: named(submit, &template.ServerName, "ServerName")?,
            server_realm: named(submit, &template.ServerRealm, "ServerRealm")?,
        }
    };
    remove(owner(request.LogonId), &filter)
}

/// Nothing to remove is an error only where something was named.
fn remove(owner: TicketOwner, filter: &TicketFilter) -> Answer {
    let removed = lsa::purge_tickets(owner, filter)?;
    if removed == 0 && *filter != TicketFilter::default() {
        let story = "no ticket has the names that were given";
        return Err(Refused::new(SEC_E_NO_CREDENTIALS, story));
    }
    Ok(None)
}

fn named(submit: &Submit<'_>, string: &UNICODE_STRING, name: &str) -> Result<Option<String>> {
    Ok(Some(submit.text(string, name)?).filter(|text| !text.is_empty()))
}

/// The answer: the number of tickets and an array of the structure that this message has.
pub(in crate::abi::lsa) fn list(message: u32, tickets: &[TicketListing]) -> Result<Reply> {
    let form = Form::of(message);
    // Even the empty array has room for one element in the declaration.
    let mut reply =
        Reply::new(ARRAY.saturating_add(form.size().saturating_mul(tickets.len().max(1))));
    reply.put_u32(0, message)?;
    reply.put_count(4, tickets.len())?;
    for (index, ticket) in tickets.iter().enumerate() {
        form.put(&mut reply, ARRAY.saturating_add(form.size().saturating_mul(index)), ticket)?;
    }
    Ok(reply)
}

/// Where the array begins in each of the responses.
const ARRAY: usize = offset_of!(KERB_QUERY_TKT_CACHE_RESPONSE, Tickets);
const _: () = assert!(ARRAY == offset_of!(KERB_QUERY_TKT_CACHE_EX_RESPONSE, Tickets));
const _: () = assert!(ARRAY == offset_of!(KERB_QUERY_TKT_CACHE_EX2_RESPONSE, Tickets));
const _: () = assert!(ARRAY == offset_of!(KERB_QUERY_TKT_CACHE_EX3_RESPONSE, Tickets));

/// The structures of a ticket; each begins with all of the one before, but for the first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Plain,
    Ex,
    Ex2,
    Ex3,
}

impl Form {
    const fn of(message: u32) -> Self {
        const EX: u32 = Message::KerbQueryTicketCacheExMessage as u32;
        const EX2: u32 = Message::KerbQueryTicketCacheEx2Message as u32;
        const EX3: u32 = Message::KerbQueryTicketCacheEx3Message as u32;
        match message {
            EX => Self::Ex,
            EX2 => Self::Ex2,
            EX3 => Self::Ex3,
            _ => Self::Plain,
        }
    }

    const fn size(self) -> usize {
        match self {
            Self::Plain => size_of::<KERB_TICKET_CACHE_INFO>(),
            Self::Ex => size_of::<KERB_TICKET_CACHE_INFO_EX>(),
            Self::Ex2 => size_of::<KERB_TICKET_CACHE_INFO_EX2>(),
            Self::Ex3 => size_of::<KERB_TICKET_CACHE_INFO_EX3>(),
        }
    }

    fn put(self, reply: &mut Reply, at: usize, ticket: &TicketListing) -> Result<()> {
        type Ex3 = KERB_TICKET_CACHE_INFO_EX3;
        let field = |offset: usize| at.saturating_add(offset);
        if self == Self::Plain {
            return put_plain(reply, at, ticket);
        }
        reply.put_text(field(offset_of!(Ex3, ClientName)), &name(&ticket.client))?;
        reply.put_text(field(offset_of!(Ex3, ClientRealm)), &ticket.client.realm)?;
        reply.put_text(field(offset_of!(Ex3, ServerName)), &name(&ticket.server))?;
        reply.put_text(field(offset_of!(Ex3, ServerRealm)), &ticket.server.realm)?;
        reply.put_time(field(offset_of!(Ex3, StartTime)), time(ticket.start))?;
        reply.put_time(field(offset_of!(Ex3, EndTime)), time(ticket.end))?;
        reply.put_time(field(offset_of!(Ex3, RenewTime)), time(ticket.renew))?;
        reply.put(field(offset_of!(Ex3, EncryptionType)), ticket.enctype.to_ne_bytes())?;
        reply.put_u32(field(offset_of!(Ex3, TicketFlags)), ticket.flags)?;
        if self >= Self::Ex2 {
            let key_type = ticket.key_enctype.to_ne_bytes();
            reply.put(field(offset_of!(Ex3, SessionKeyType)), key_type)?;
        }
        if self == Self::Ex3 {
            let flags = if is_primary(ticket) { PRIMARY } else { 0 };
            reply.put_u32(field(offset_of!(Ex3, CacheFlags)), flags)?;
            // Which KDC was called no cache of MIT's remembers.
            reply.put_text(field(offset_of!(Ex3, KdcCalled)), "")?;
        }
        Ok(())
    }
}

fn put_plain(reply: &mut Reply, at: usize, ticket: &TicketListing) -> Result<()> {
    type Plain = KERB_TICKET_CACHE_INFO;
    let field = |offset: usize| at.saturating_add(offset);
    reply.put_text(field(offset_of!(Plain, ServerName)), &name(&ticket.server))?;
    reply.put_text(field(offset_of!(Plain, RealmName)), &ticket.server.realm)?;
    reply.put_time(field(offset_of!(Plain, StartTime)), time(ticket.start))?;
    reply.put_time(field(offset_of!(Plain, EndTime)), time(ticket.end))?;
    reply.put_time(field(offset_of!(Plain, RenewTime)), time(ticket.renew))?;
    reply.put(field(offset_of!(Plain, EncryptionType)), ticket.enctype.to_ne_bytes())?;
    reply.put_u32(field(offset_of!(Plain, TicketFlags)), ticket.flags)
}

/// What Windows' klist prints as "Cache Flags: 0x1 -> PRIMARY": the ticket-granting ticket of the
/// client's own realm.
const PRIMARY: u32 = 1;

fn is_primary(ticket: &TicketListing) -> bool {
    let realm = &ticket.client.realm;
    ticket.server.realm == *realm
        && matches!(&*ticket.server.components, [tgs, of] if tgs == "krbtgt" && of == realm)
}

/// A name without its realm, as Windows writes it: no escapes.
fn name(principal: &Principal) -> String {
    principal.components.join("/")
}

/// A time that a ticket does not have is 0.
pub(super) fn time(time: KerberosTime) -> FileTime {
    if time.0 == 0 { FileTime(0) } else { time.to_file_time() }
}
