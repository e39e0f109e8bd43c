//! Logon sessions as C sees them.
//!
//! Holds: SECURITY_LOGON_SESSION_DATA and SECURITY_USER_DATA. May use: the rest of the boundary,
//! `lsa`, `spi`. Must not touch: protocols.

use std::mem::offset_of;

use super::luid;
use super::reply::Reply;
use crate::abi::types::{LUID, SECURITY_LOGON_SESSION_DATA, SECURITY_USER_DATA};
use crate::lsa::SessionData;
use crate::spi::error::Result;

/// The numbers of sessions as an array of LUIDs.
pub fn list(logons: &[u64]) -> Result<Reply> {
    let mut reply = Reply::new(size_of::<LUID>().saturating_mul(logons.len()));
    for (index, &logon) in logons.iter().enumerate() {
        reply.put_luid(size_of::<LUID>().saturating_mul(index), luid(logon))?;
    }
    Ok(reply)
}

/// SECURITY_LOGON_SESSION_DATA. `Sid` is NULL where no domain vouches for the account.
pub fn data(of: &SessionData) -> Result<Reply> {
    type Data = SECURITY_LOGON_SESSION_DATA;
    let mut reply = Reply::new(size_of::<Data>());
    reply.put_count(offset_of!(Data, Size), size_of::<Data>())?;
    reply.put_luid(offset_of!(Data, LogonId), luid(of.logon))?;
    reply.put_u32(offset_of!(Data, LogonType), of.logon_type as u32)?;
    reply.put_u32(offset_of!(Data, Session), of.login_session)?;
    reply.put_u32(offset_of!(Data, UserFlags), of.user_flags)?;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    for (place, text) in [
        (offset_of!(Data, UserName), of.user.clone()),
        (offset_of!(Data, LogonDomain), of.domain.clone()),
        (offset_of!(Data, AuthenticationPackage), of.package.to_owned()),
        (offset_of!(Data, LogonServer), text(&of.logon_server)),
        (offset_of!(Data, DnsDomainName), text(&of.dns_domain)),
        (offset_of!(Data, Upn), text(&of.upn)),
        (offset_of!(Data, LogonScript), String::new()),
        (offset_of!(Data, ProfilePath), String::new()),
        (offset_of!(Data, HomeDirectory), String::new()),
        (offset_of!(Data, HomeDirectoryDrive), String::new()),
    ] {
        reply.put_text(place, &text)?;
    }
    for (place, time) in [
        (offset_of!(Data, LogonTime), of.logon_time),
        (offset_of!(Data, LogoffTime), of.logoff_time),
        (offset_of!(Data, KickOffTime), of.kickoff_time),
        (offset_of!(Data, PasswordLastSet), of.password_last_set),
        (offset_of!(Data, PasswordMustChange), of.password_must_change),
    ] {
        reply.put_time(place, time)?;
    }
    if let Some(sid) = &of.sid {
        reply.put_bytes(offset_of!(Data, Sid), &sid.to_bytes());
    }
    Ok(reply)
}

/// SECURITY_USER_DATA.
pub fn user(of: &SessionData) -> Result<Reply> {
    type Data = SECURITY_USER_DATA;
    let mut reply = Reply::new(size_of::<Data>());
    let server = of.logon_server.as_deref().unwrap_or_default();
    reply.put_text(offset_of!(Data, UserName), &of.user)?;
    reply.put_text(offset_of!(Data, LogonDomainName), &of.domain)?;
    reply.put_text(offset_of!(Data, LogonServer), server)?;
    if let Some(sid) = &of.sid {
        reply.put_bytes(offset_of!(Data, pSid), &sid.to_bytes());
    }
    Ok(reply)
}
