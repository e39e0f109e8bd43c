//! The client in a packed context.

use super::{Reader, Writer, boolean};
use crate::spi::error::{PeerFault, Result};
use crate::spi::kerberos::Principal;
use crate::spi::sid::Sid;
use crate::spi::time::FileTime;
use crate::spi::token::{Authorization, ClientIdentity, Delegated, Membership};

pub(super) fn write(writer: &mut Writer, client: &ClientIdentity) {
    // As `Reader::optional` reads it: the caller wrote the mark.
    writer.bytes(client.account.as_bytes());
    writer.bytes(client.domain.as_bytes());
    writer.0.push(u8::from(client.principal.is_some()));
    if let Some(principal) = &client.principal {
        writer.0.extend_from_slice(&principal.name_type.to_le_bytes());
        writer.bytes(principal.realm.as_bytes());
        writer.texts(&principal.components);
    }
    writer.optional(client.upn.as_ref().map(String::as_bytes));
    writer.optional(client.dns_domain.as_ref().map(String::as_bytes));
    writer.0.push(u8::from(client.anonymous));
    writer.0.push(u8::from(client.authorization.is_some()));
    if let Some(authorization) = &client.authorization {
        write_authorization(writer, authorization);
    }
}

pub(super) fn read(reader: &mut Reader<'_>) -> Result<ClientIdentity> {
    Ok(ClientIdentity {
        account: reader.text()?,
        domain: reader.text()?,
        principal: reader.optional(principal)?,
        upn: reader.optional(Reader::text)?,
        dns_domain: reader.optional(Reader::text)?,
        anonymous: boolean(reader.byte()?)?,
        authorization: reader.optional(authorization)?,
    })
}

fn write_authorization(writer: &mut Writer, what: &Authorization) {
    writer.optional(what.user.as_ref().map(Sid::to_bytes).as_deref());
    writer.optional(what.primary_group.as_ref().map(Sid::to_bytes).as_deref());
    writer.count(what.groups.len());
    for group in &what.groups {
        writer.bytes(&group.sid.to_bytes());
        writer.0.extend_from_slice(&group.attributes.to_le_bytes());
    }
    writer.bytes(what.full_name.as_bytes());
    writer.bytes(what.logon_server.as_bytes());
    for time in
        [what.logon_time, what.kickoff_time, what.password_last_set, what.password_must_change]
    {
        writer.0.extend_from_slice(&time.0.to_le_bytes());
    }
    writer.0.extend_from_slice(&what.user_flags.to_le_bytes());
    writer.0.extend_from_slice(&what.user_account_control.to_le_bytes());
    writer.0.extend_from_slice(&what.logon_count.to_le_bytes());
    writer.0.extend_from_slice(&what.bad_password_count.to_le_bytes());
    writer.0.push(u8::from(what.delegation.is_some()));
    if let Some(delegation) = &what.delegation {
        writer.bytes(delegation.target.as_bytes());
        writer.texts(&delegation.transited);
    }
    writer.optional(what.pac_attributes.map(u32::to_le_bytes).as_ref().map(|bytes| &bytes[..]));
    writer.bytes(&what.client_claims);
    writer.bytes(&what.device_claims);
    writer.bytes(&what.device_info);
}

fn authorization(reader: &mut Reader<'_>) -> Result<Authorization> {
    Ok(Authorization {
        user: reader.optional(sid)?,
        primary_group: reader.optional(sid)?,
        groups: reader.list(|reader| {
            let sid = sid(reader)?;
            Ok(Membership { sid, attributes: u32::from_le_bytes(reader.array()?) })
        })?,
        full_name: reader.text()?,
        logon_server: reader.text()?,
        logon_time: FileTime(u64::from_le_bytes(reader.array()?)),
        kickoff_time: FileTime(u64::from_le_bytes(reader.array()?)),
        password_last_set: FileTime(u64::from_le_bytes(reader.array()?)),
        password_must_change: FileTime(u64::from_le_bytes(reader.array()?)),
        user_flags: u32::from_le_bytes(reader.array()?),
        user_account_control: u32::from_le_bytes(reader.array()?),
        logon_count: u16::from_le_bytes(reader.array()?),
        bad_password_count: u16::from_le_bytes(reader.array()?),
        delegation: reader.optional(|reader| {
            Ok(Delegated { target: reader.text()?, transited: reader.list(Reader::text)? })
        })?,
        pac_attributes: reader.optional(|reader| {
            let bytes = reader.bytes()?.try_into().map_err(|_| PeerFault::MalformedToken)?;
            Ok(u32::from_le_bytes(bytes))
        })?,
        client_claims: reader.bytes()?.to_vec(),
        device_claims: reader.bytes()?.to_vec(),
        device_info: reader.bytes()?.to_vec(),
    })
}

fn principal(reader: &mut Reader<'_>) -> Result<Principal> {
    Ok(Principal {
        name_type: i32::from_le_bytes(reader.array()?),
        realm: reader.text()?,
        components: reader.list(Reader::text)?,
    })
}

fn sid(reader: &mut Reader<'_>) -> Result<Sid> {
    Sid::from_bytes(reader.bytes()?)
}

#[cfg(test)]
pub(super) fn sample() -> ClientIdentity {
    let sid = |text: &str| text.parse::<Sid>().unwrap();
    ClientIdentity {
        account: "zoë".into(),
        domain: "DOMAIN".into(),
        principal: Some(Principal {
            name_type: 1,
            components: vec!["zoë".into()],
            realm: "DOMAIN.TEST".into(),
        }),
        upn: Some("zoë@domain.test".into()),
        dns_domain: None,
        anonymous: false,
        authorization: Some(Authorization {
            user: Some(sid("S-1-5-21-1-2-3-1104")),
            primary_group: Some(sid("S-1-5-21-1-2-3-513")),
            groups: vec![Membership { sid: sid("S-1-5-21-1-2-3-513"), attributes: 7 }],
            full_name: "Zoë Z.".into(),
            logon_time: FileTime(3),
            delegation: Some(Delegated { target: "http/b".into(), transited: vec!["a".into()] }),
            pac_attributes: Some(1),
            client_claims: vec![1, 2, 3],
            ..Authorization::default()
        }),
    }
}
