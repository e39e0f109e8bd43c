//! KDCs that this process asks first.
//!
//! Holds: the messages that bind, list and forget them. May use: the rest of the boundary, `lsa`,
//! `spi`. Must not touch: protocols.

use std::mem::offset_of;

use crate::abi::lsa::Answer;
use crate::abi::lsa::reply::Reply;
use crate::abi::lsa::status::Refused;
use crate::abi::lsa::submit::Submit;
use crate::abi::types::enumerations::_KERB_PROTOCOL_MESSAGE_TYPE as Message;
use crate::abi::types::{
    DS_NETBIOS_ADDRESS, KERB_ADD_BINDING_CACHE_ENTRY_EX_REQUEST,
    KERB_ADD_BINDING_CACHE_ENTRY_REQUEST, KERB_BINDING_CACHE_ENTRY_DATA,
    KERB_QUERY_BINDING_CACHE_RESPONSE, UNICODE_STRING,
};
use crate::lsa;
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::kerberos::KdcBinding;

/// `KerbAddBindingCacheEntryMessage`.
pub fn add(submit: &Submit<'_>) -> Answer {
    let request: KERB_ADD_BINDING_CACHE_ENTRY_REQUEST = submit.structure()?;
    bind(submit, &request.RealmName, &request.KdcAddress, [request.AddressType, 0])
}

/// `KerbAddBindingCacheEntryExMessage`.
pub fn add_ex(submit: &Submit<'_>) -> Answer {
    let request: KERB_ADD_BINDING_CACHE_ENTRY_EX_REQUEST = submit.structure()?;
    let numbers = [request.AddressType, request.DcFlags];
    bind(submit, &request.RealmName, &request.KdcAddress, numbers)
}

/// `KerbQueryBindingCacheMessage`.
pub fn query() -> Answer {
    list(&lsa::kdc_bindings()?).map(Some).map_err(Refused::from)
}

/// `KerbPurgeBindingCacheMessage`.
pub fn purge() -> Answer {
    lsa::purge_kdc_bindings()?;
    Ok(None)
}

fn bind(
    submit: &Submit<'_>,
    realm: &UNICODE_STRING,
    address: &UNICODE_STRING,
    [address_type, flags]: [u32; 2],
) -> Answer {
    if address_type > DS_NETBIOS_ADDRESS {
        let story = format!("AddressType {address_type} is none");
        return Err(Error::new(CallerFault::InvalidParameter, story).into());
    }
    lsa::bind_kdc(KdcBinding {
        realm: submit.text(realm, "RealmName")?,
        address: submit.text(address, "KdcAddress")?,
        address_type,
        flags,
        ..KdcBinding::default()
    })?;
    Ok(None)
}

fn list(bindings: &[KdcBinding]) -> Result<Reply> {
    type Entry = KERB_BINDING_CACHE_ENTRY_DATA;
    let mut reply = Reply::new(size_of::<KERB_QUERY_BINDING_CACHE_RESPONSE>());
    let message = Message::KerbQueryBindingCacheMessage as u32;
    reply.put_u32(offset_of!(KERB_QUERY_BINDING_CACHE_RESPONSE, MessageType), message)?;
    let count = offset_of!(KERB_QUERY_BINDING_CACHE_RESPONSE, CountOfEntries);
    reply.put_count(count, bindings.len())?;
    if bindings.is_empty() {
        return Ok(reply);
    }
    let array = reply.reserve(size_of::<Entry>().saturating_mul(bindings.len()));
    reply.point(offset_of!(KERB_QUERY_BINDING_CACHE_RESPONSE, Entries), array);
    for (index, binding) in bindings.iter().enumerate() {
        let at = array.saturating_add(size_of::<Entry>().saturating_mul(index));
        let field = |offset: usize| at.saturating_add(offset);
        reply.put_time(field(offset_of!(Entry, DiscoveryTime)), binding.since)?;
        reply.put_text(field(offset_of!(Entry, RealmName)), &binding.realm)?;
        reply.put_text(field(offset_of!(Entry, KdcAddress)), &binding.address)?;
        reply.put_u32(field(offset_of!(Entry, AddressType)), binding.address_type)?;
        reply.put_u32(field(offset_of!(Entry, DcFlags)), binding.flags)?;
        reply.put_text(field(offset_of!(Entry, KdcName)), "")?;
    }
    Ok(reply)
}
