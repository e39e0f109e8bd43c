//! `KRB-CRED` (RFC 4120 5.8): tickets that change hands with their keys.

use zeroize::Zeroize;

use super::names;
use crate::crypto::kerberos::Key;
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::kerberos::{CachedTicket, KerberosTime, Principal};
use crate::spi::secret::SecretBytes;
use crate::wire::kerberos::numbers::key_usage;
use crate::wire::kerberos::{
    EncKrbCredPart, EncodedTicket, EncryptedData, HostAddress, KrbCred, KrbCredInfo, PrincipalName,
};

/// What a message says of a ticket.
pub fn info(ticket: &CachedTicket) -> KrbCredInfo {
    let given = |time: KerberosTime| Some(time).filter(|time| time.0 != 0);
    let address = |(addr_type, address): &(i32, Vec<u8>)| HostAddress {
        addr_type: *addr_type,
        address: address.clone(),
    };
    KrbCredInfo {
        key: ticket.key.duplicate(),
        prealm: Some(ticket.client.realm.clone()),
        pname: Some(PrincipalName::of(&ticket.client)),
        flags: Some(ticket.flags),
        authtime: given(ticket.auth_time),
        starttime: given(ticket.start_time),
        endtime: given(ticket.end_time),
        renew_till: given(ticket.renew_till),
        srealm: Some(ticket.server.realm.clone()),
        sname: Some(PrincipalName::of(&ticket.server)),
        caddr: ticket.addresses.iter().map(address).collect(),
    }
}

/// A ticket with its key in the clear (enctype 0), under the name that it was asked for.
pub fn in_the_clear(ticket: &CachedTicket, target: &Principal) -> SecretBytes {
    let mut about = info(ticket);
    about.srealm = Some(target.realm.clone());
    let part = EncKrbCredPart {
        ticket_info: vec![about],
        nonce: None,
        timestamp: None,
        usec: None,
        s_address: None,
        r_address: None,
    };
    let cipher = part.to_der_secret().expose().to_vec();
    let mut message = KrbCred {
        tickets: vec![EncodedTicket(ticket.ticket.clone())],
        enc_part: EncryptedData { etype: 0, kvno: None, cipher },
    };
    let encoded = SecretBytes::new(message.to_der());
    message.enc_part.cipher.zeroize();
    encoded
}

/// The tickets of a message, each with what is said of it. The encrypted part is in the clear, or
/// under one of these keys.
pub fn open<'a>(
    message: &[u8],
    keys: impl IntoIterator<Item = &'a Key>,
) -> Result<Vec<(KrbCredInfo, EncodedTicket)>> {
    let mut message = KrbCred::from_der(message)?;
    let plain = decrypt(&message.enc_part, keys);
    // Keys are in it, where nothing is encrypted.
    message.enc_part.cipher.zeroize();
    let plain = plain?;
    let part = EncKrbCredPart::from_der(plain.expose())?;
    if part.ticket_info.len() != message.tickets.len() {
        return Err(refused("there are not as many keys as tickets"));
    }
    for ticket in &message.tickets {
        ticket.parse()?;
    }
    Ok(part.ticket_info.into_iter().zip(message.tickets).collect())
}

/// A ticket of a message, as caches hold it.
pub fn cached(client: Principal, info: KrbCredInfo, ticket: Vec<u8>) -> CachedTicket {
    let time = |time: Option<KerberosTime>| time.unwrap_or_default();
    let realm = info.srealm.unwrap_or_else(|| client.realm.clone());
    let server = match info.sname {
        Some(name) => name.into_principal(realm),
        None => names::krbtgt(&realm, &realm),
    };
    CachedTicket {
        client,
        server,
        key: info.key,
        auth_time: time(info.authtime),
        start_time: time(info.starttime.or(info.authtime)),
        end_time: time(info.endtime),
        renew_till: time(info.renew_till),
        is_session_key: false,
        flags: info.flags.unwrap_or(0),
        addresses: info.caddr.into_iter().map(|host| (host.addr_type, host.address)).collect(),
        authorization_data: Vec::new(),
        ticket,
        second_ticket: Vec::new(),
    }
}

/// A message that is refused.
pub fn refused(story: &str) -> Error {
    Error::new(PeerFault::UnexpectedToken, format!("the KRB-CRED: {story}"))
}

fn decrypt<'a>(
    data: &EncryptedData,
    keys: impl IntoIterator<Item = &'a Key>,
) -> Result<SecretBytes> {
    if data.etype == 0 {
        return Ok(SecretBytes::new(data.cipher.clone()));
    }
    let mut fitting = keys.into_iter().filter(|key| key.enctype().number() == data.etype);
    let plain = fitting.find_map(|key| key.decrypt(key_usage::KRB_CRED, &data.cipher).ok());
    plain.ok_or_else(|| refused("no key that is known decrypts it"))
}
