//! Messages of Kerberos (`KERB_PROTOCOL_MESSAGE_TYPE`).
//!
//! Holds: which is which, and whose tickets one is about. May use: the rest of the boundary,
//! `lsa`, `spi`. Must not touch: protocols.

mod bindings;
mod cache;
mod ticket;

pub(super) use self::ticket::put_key;

#[cfg(test)]
pub(super) use self::tests::{external_of_tests, list_of_tests};

use super::status::Refused;
use super::submit::Submit;
use super::{Answer, logon_number, password};
use crate::abi::types::enumerations::_KERB_PROTOCOL_MESSAGE_TYPE as Message;
use crate::abi::types::{LUID, STATUS_INVALID_PARAMETER, STATUS_NOT_SUPPORTED};
use crate::lsa::TicketOwner;

/// Answers a message.
pub fn call(message: u32, submit: &Submit<'_>) -> Answer {
    const QUERY: u32 = Message::KerbQueryTicketCacheMessage as u32;
    const QUERY_EX: u32 = Message::KerbQueryTicketCacheExMessage as u32;
    const QUERY_EX2: u32 = Message::KerbQueryTicketCacheEx2Message as u32;
    const QUERY_EX3: u32 = Message::KerbQueryTicketCacheEx3Message as u32;
    const RETRIEVE_TGT: u32 = Message::KerbRetrieveTicketMessage as u32;
    const RETRIEVE: u32 = Message::KerbRetrieveEncodedTicketMessage as u32;
    const PURGE: u32 = Message::KerbPurgeTicketCacheMessage as u32;
    const PURGE_EX: u32 = Message::KerbPurgeTicketCacheExMessage as u32;
    const SUBMIT: u32 = Message::KerbSubmitTicketMessage as u32;
    const CHANGE_PASSWORD: u32 = Message::KerbChangePasswordMessage as u32;
    const SET_PASSWORD: u32 = Message::KerbSetPasswordMessage as u32;
    const BIND: u32 = Message::KerbAddBindingCacheEntryMessage as u32;
    const BIND_EX: u32 = Message::KerbAddBindingCacheEntryExMessage as u32;
    const QUERY_BINDINGS: u32 = Message::KerbQueryBindingCacheMessage as u32;
    const PURGE_BINDINGS: u32 = Message::KerbPurgeBindingCacheMessage as u32;
    const LAST: u32 = Message::KerbPrintCloudKerberosDebugMessage as u32;
    match message {
        QUERY | QUERY_EX | QUERY_EX2 | QUERY_EX3 => cache::query(message, submit),
        RETRIEVE_TGT => ticket::retrieve_granting(submit),
        RETRIEVE => ticket::retrieve(submit),
        PURGE => cache::purge(submit),
        PURGE_EX => cache::purge_ex(submit),
        SUBMIT => ticket::submit(submit),
        CHANGE_PASSWORD => password::change_kerberos(submit),
        SET_PASSWORD => password::set_kerberos(submit),
        BIND => bindings::add(submit),
        BIND_EX => bindings::add_ex(submit),
        QUERY_BINDINGS => bindings::query(),
        PURGE_BINDINGS => bindings::purge(),
        0..=LAST => {
            let story = format!("Kerberos offers no message {message}");
            Err(Refused::new(STATUS_NOT_SUPPORTED, story))
        }
        _ => {
            let story = format!("Kerberos has no message {message}");
            Err(Refused::new(STATUS_INVALID_PARAMETER, story))
        }
    }
}

/// Whose tickets a LUID means.
pub(super) fn owner(logon: LUID) -> TicketOwner {
    TicketOwner::of_logon(logon_number(logon))
}

#[cfg(test)]
mod tests {
    use super::super::reply::Reply;
    use super::*;
    use crate::spi::tickets::{ExternalTicket, TicketListing};

    pub fn list_of_tests(message: Message, tickets: &[TicketListing]) -> Reply {
        cache::list(message as u32, tickets).unwrap()
    }

    pub fn external_of_tests(ticket: &ExternalTicket) -> Reply {
        ticket::external(ticket).unwrap()
    }
}
