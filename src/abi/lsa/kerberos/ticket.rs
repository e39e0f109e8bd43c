//! Single tickets: taken out with their key, and brought in.
//!
//! Holds: KERB_EXTERNAL_TICKET, its requests, and KERB_SUBMIT_TKT_REQUEST. May use: the rest of
//! the boundary, `lsa`, `spi`. Must not touch: protocols.

use std::mem::offset_of;

use super::cache::time;
use super::owner;
use crate::abi::handles;
use crate::abi::lsa::Answer;
use crate::abi::lsa::reply::Reply;
use crate::abi::lsa::status::Refused;
use crate::abi::lsa::submit::Submit;
use crate::abi::types::{
    KERB_CRYPTO_KEY, KERB_CRYPTO_KEY32, KERB_EXTERNAL_NAME, KERB_EXTERNAL_TICKET,
    KERB_QUERY_TKT_CACHE_REQUEST, KERB_RETRIEVE_TICKET_AS_KERB_CRED,
    KERB_RETRIEVE_TICKET_CACHE_TICKET, KERB_RETRIEVE_TICKET_DONT_USE_CACHE,
    KERB_RETRIEVE_TICKET_MAX_LIFETIME, KERB_RETRIEVE_TICKET_USE_CACHE_ONLY,
    KERB_RETRIEVE_TICKET_USE_CREDHANDLE, KERB_RETRIEVE_TICKET_WITH_SEC_CRED,
    KERB_RETRIEVE_TKT_REQUEST, KERB_RETRIEVE_TKT_RESPONSE, KERB_SUBMIT_TKT_REQUEST,
    STATUS_NOT_SUPPORTED, UNICODE_STRING,
};
use crate::lsa::{self, TicketOwner};
use crate::spi::error::{CallerFault, Error, LocalFault, Result};
use crate::spi::kerberos::{KeyBlock, Principal};
use crate::spi::secret::SecretBytes;
use crate::spi::tickets::{ExternalTicket, Retrieve};

/// `KerbRetrieveTicketMessage`: the ticket-granting ticket.
pub fn retrieve_granting(submit: &Submit<'_>) -> Answer {
    let request: KERB_QUERY_TKT_CACHE_REQUEST = submit.structure()?;
    let ticket = lsa::granting_ticket(owner(request.LogonId))?;
    external(&ticket).map(Some).map_err(Refused::from)
}

/// `KerbRetrieveEncodedTicketMessage`.
pub fn retrieve(submit: &Submit<'_>) -> Answer {
    let request: KERB_RETRIEVE_TKT_REQUEST = submit.structure()?;
    let wanted = wanted(submit, &request)?;
    let owner = if request.CacheOptions & KERB_RETRIEVE_TICKET_USE_CREDHANDLE != 0 {
        TicketOwner::Credential(handles::credential_of(request.CredentialsHandle)?.0)
    } else {
        owner(request.LogonId)
    };
    external(&lsa::retrieve_ticket(owner, &wanted)?).map(Some).map_err(Refused::from)
}

/// `KerbSubmitTicketMessage`.
pub fn submit(submit: &Submit<'_>) -> Answer {
    let request: KERB_SUBMIT_TKT_REQUEST = submit.structure()?;
    let KERB_CRYPTO_KEY32 { KeyType: enctype, Length: length, Offset: offset } = request.Key;
    let key = submit.at(offset, length, "Key")?;
    let key = (length != 0).then(|| KeyBlock { enctype, value: SecretBytes::new(key.to_vec()) });
    let message = submit.at(request.KerbCredOffset, request.KerbCredSize, "the KRB-CRED")?;
    if message.is_empty() {
        let story = "there is no KRB-CRED in the KERB_SUBMIT_TKT_REQUEST";
        return Err(Error::new(CallerFault::InvalidParameter, story).into());
    }
    lsa::submit_ticket(owner(request.LogonId), message, key)?;
    Ok(None)
}

fn wanted(submit: &Submit<'_>, request: &KERB_RETRIEVE_TKT_REQUEST) -> Result<Retrieve, Refused> {
    // A longer lifetime than the KDC's longest, which we ask for anyway, there is not.
    const KNOWN: u32 = KERB_RETRIEVE_TICKET_DONT_USE_CACHE
        | KERB_RETRIEVE_TICKET_USE_CACHE_ONLY
        | KERB_RETRIEVE_TICKET_USE_CREDHANDLE
        | KERB_RETRIEVE_TICKET_AS_KERB_CRED
        | KERB_RETRIEVE_TICKET_CACHE_TICKET
        | KERB_RETRIEVE_TICKET_MAX_LIFETIME;
    let has = |option: u32| request.CacheOptions & option != 0;
    if has(KERB_RETRIEVE_TICKET_WITH_SEC_CRED) {
        let story = "KERB_RETRIEVE_TICKET_WITH_SEC_CRED is not implemented, as on Windows";
        return Err(Refused::new(STATUS_NOT_SUPPORTED, story));
    }
    let wanted = Retrieve {
        target: submit.text(&request.TargetName, "TargetName")?,
        flags: request.TicketFlags,
        enctype: request.EncryptionType,
        fresh: has(KERB_RETRIEVE_TICKET_DONT_USE_CACHE),
        cache_only: has(KERB_RETRIEVE_TICKET_USE_CACHE_ONLY),
        as_kerb_cred: has(KERB_RETRIEVE_TICKET_AS_KERB_CRED),
        keep: has(KERB_RETRIEVE_TICKET_CACHE_TICKET),
    };
    let nonsense = request.CacheOptions & !KNOWN != 0 || (wanted.fresh && wanted.cache_only);
    if nonsense || wanted.target.is_empty() {
        let options = request.CacheOptions;
        let story = format!("a ticket for {:?} with CacheOptions {options:#x}", wanted.target);
        return Err(Error::new(CallerFault::InvalidParameter, story).into());
    }
    Ok(wanted)
}

/// `KERB_RETRIEVE_TKT_RESPONSE`, which is one KERB_EXTERNAL_TICKET.
pub(in crate::abi::lsa) fn external(ticket: &ExternalTicket) -> Result<Reply> {
    type External = KERB_EXTERNAL_TICKET;
    let mut reply = Reply::new(size_of::<KERB_RETRIEVE_TKT_RESPONSE>());
    put_name(&mut reply, offset_of!(External, ServiceName), &ticket.service)?;
    put_name(&mut reply, offset_of!(External, TargetName), &ticket.target)?;
    put_name(&mut reply, offset_of!(External, ClientName), &ticket.client)?;
    // The realm that issued the ticket, the one in which it is good, and the latter by the name
    // that it was asked for by.
    let valid_in = match &*ticket.service.components {
        [tgs, of] if tgs == "krbtgt" => of,
        _ => &ticket.service.realm,
    };
    let asked = &ticket.target.realm;
    let other = if asked == &ticket.service.realm { "" } else { asked };
    reply.put_text(offset_of!(External, DomainName), &ticket.service.realm)?;
    reply.put_text(offset_of!(External, TargetDomainName), valid_in)?;
    reply.put_text(offset_of!(External, AltTargetDomainName), other)?;
    put_key(&mut reply, offset_of!(External, SessionKey), &ticket.key)?;
    reply.put_u32(offset_of!(External, TicketFlags), ticket.flags)?;
    reply.put_time(offset_of!(External, StartTime), time(ticket.start))?;
    reply.put_time(offset_of!(External, EndTime), time(ticket.end))?;
    reply.put_time(offset_of!(External, RenewUntil), time(ticket.renew))?;
    let skew = ticket.skew.saturating_mul(10_000_000);
    reply.put(offset_of!(External, TimeSkew), skew.to_ne_bytes())?;
    reply.put_count(offset_of!(External, EncodedTicketSize), ticket.encoded.expose().len())?;
    reply.put_bytes(offset_of!(External, EncodedTicket), ticket.encoded.expose());
    Ok(reply)
}

/// A KERB_CRYPTO_KEY.
pub(in crate::abi::lsa) fn put_key(reply: &mut Reply, at: usize, key: &KeyBlock) -> Result<()> {
    let field = |offset: usize| at.saturating_add(offset);
    reply.put(field(offset_of!(KERB_CRYPTO_KEY, KeyType)), key.enctype.to_ne_bytes())?;
    reply.put_count(field(offset_of!(KERB_CRYPTO_KEY, Length)), key.value.expose().len())?;
    reply.put_bytes(field(offset_of!(KERB_CRYPTO_KEY, Value)), key.value.expose());
    Ok(())
}

/// A pointer to a KERB_EXTERNAL_NAME.
fn put_name(reply: &mut Reply, at: usize, principal: &Principal) -> Result<()> {
    const NAMES: usize = offset_of!(KERB_EXTERNAL_NAME, Names);
    let count = u16::try_from(principal.components.len())
        .map_err(|_| Error::new(LocalFault::Internal, "a name of too many parts"))?;
    let strings = usize::from(count.max(1)).saturating_mul(size_of::<UNICODE_STRING>());
    let place = reply.reserve(NAMES.saturating_add(strings));
    reply.point(at, place);
    // Name types are small numbers of one byte or negative ones of Windows.
    reply.put(place, (principal.name_type as i16).to_ne_bytes())?;
    reply.put(place.saturating_add(2), count.to_ne_bytes())?;
    for (index, component) in principal.components.iter().enumerate() {
        let offset = index.saturating_mul(size_of::<UNICODE_STRING>());
        let string = place.saturating_add(NAMES).saturating_add(offset);
        reply.put_text(string, component)?;
    }
    Ok(())
}
