//! Messages of Negotiate.
//!
//! Holds: the prefixes of tokens and the name of a caller. May use: the rest of the boundary,
//! `lsa`. Must not touch: protocols.

use std::mem::offset_of;

use super::reply::Reply;
use super::status::Refused;
use super::submit::Submit;
use super::{Answer, logon_number, package_number};
use crate::abi::types::enumerations::NEGOTIATE_MESSAGES as Message;
use crate::abi::types::{
    NEGOTIATE_CALLER_NAME_REQUEST, NEGOTIATE_CALLER_NAME_RESPONSE, NEGOTIATE_PACKAGE_PREFIX,
    NEGOTIATE_PACKAGE_PREFIXES, STATUS_INVALID_PARAMETER, STATUS_NOT_SUPPORTED,
};
use crate::lsa;
use crate::spi::error::Result;

/// Answers a message.
pub fn call(message: u32, submit: &Submit<'_>) -> Answer {
    const PREFIXES: u32 = Message::NegEnumPackagePrefixes as u32;
    const CALLER_NAME: u32 = Message::NegGetCallerName as u32;
    const TRANSFER: u32 = Message::NegTransferCredentials as u32;
    match message {
        PREFIXES => Ok(Some(prefixes()?)),
        CALLER_NAME => {
            let request: NEGOTIATE_CALLER_NAME_REQUEST = submit.structure()?;
            let name = caller_name(logon_number(request.LogonId))?;
            named(&name).map(Some).map_err(Refused::from)
        }
        TRANSFER => {
            let story = "Negotiate does not hand credentials from session to session";
            Err(Refused::new(STATUS_NOT_SUPPORTED, story))
        }
        _ => {
            let story = format!("Negotiate has no message {message}");
            Err(Refused::new(STATUS_INVALID_PARAMETER, story))
        }
    }
}

/// `NegEnumPackagePrefixes`: what tells a package by the first bytes of a token. Only NTLM's
/// begin with something that no other's do; the tokens of Kerberos and SPNEGO have a length where
/// they differ.
fn prefixes() -> Result<Reply, Refused> {
    const NTLM: &[u8; 8] = b"NTLMSSP\0";
    const HEADER: usize = size_of::<NEGOTIATE_PACKAGE_PREFIXES>();
    type Entry = NEGOTIATE_PACKAGE_PREFIX;
    let mut reply = Reply::new(HEADER.saturating_add(size_of::<Entry>()));
    let field = |offset: usize| HEADER.saturating_add(offset);
    reply.put_u32(offset_of!(NEGOTIATE_PACKAGE_PREFIXES, MessageType), 0)?;
    reply.put_u32(offset_of!(NEGOTIATE_PACKAGE_PREFIXES, PrefixCount), 1)?;
    reply.put_count(offset_of!(NEGOTIATE_PACKAGE_PREFIXES, Offset), HEADER)?;
    let number = u64::from(package_number("NTLM")?);
    reply.put(field(offset_of!(Entry, PackageId)), number.to_ne_bytes())?;
    reply.put(field(offset_of!(Entry, PrefixLen)), NTLM.len().to_ne_bytes())?;
    reply.put(field(offset_of!(Entry, Prefix)), *NTLM)?;
    Ok(reply)
}

/// `DOMAIN\user` of a session; 0 is the caller's own.
fn caller_name(logon: u64) -> Result<String> {
    let logon = if logon == 0 { lsa::own_logon() } else { logon };
    let data = lsa::logon_data(logon)?;
    if data.domain.is_empty() {
        Ok(data.user)
    } else {
        Ok([&*data.domain, "\\", &*data.user].concat())
    }
}

/// `NEGOTIATE_CALLER_NAME_RESPONSE`, the text right behind it.
fn named(name: &str) -> Result<Reply> {
    let mut reply = Reply::new(size_of::<NEGOTIATE_CALLER_NAME_RESPONSE>());
    reply.put_u32(0, Message::NegGetCallerName as u32)?;
    let place = reply.append_text(name);
    reply.point(offset_of!(NEGOTIATE_CALLER_NAME_RESPONSE, CallerName), place);
    Ok(reply)
}
