//! What a client delegated (RFC 4121 4.1.1.1): the ticket-granting ticket of its KRB-CRED.

use std::sync::Arc;

use super::authenticator::AuthenticatorVerified;
use super::claims::ClaimsVerified;
use super::denied::Denied;
use super::ticket::TicketVerified;
use crate::kerberos::credential::{KerberosCredential, Shared};
use crate::kerberos::names;
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::kerberos::{CachedTicket, KerberosTime, Principal};
use crate::spi::package::Credential;
use crate::spi::secret::SecretBytes;
use crate::wire::kerberos::numbers::key_usage;
use crate::wire::kerberos::{EncKrbCredPart, KrbCred, KrbCredInfo};

/// The credential, if there is one.
pub(super) fn delegated(
    claims: &ClaimsVerified,
    authenticator: &AuthenticatorVerified,
    ticket: &TicketVerified,
) -> Result<Option<Arc<dyn Credential>>, Denied> {
    let Some(message) = claims.delegation() else { return Ok(None) };
    let message = KrbCred::from_der(message).map_err(Error::from)?;
    let plain = decrypt(&message, authenticator, ticket)?;
    let part = EncKrbCredPart::from_der(plain.expose()).map_err(Error::from)?;
    if part.ticket_info.len() != message.tickets.len() {
        return Err(refused("there are not as many keys as tickets").into());
    }
    let mut pairs = part.ticket_info.into_iter().zip(message.tickets);
    let tgt = pairs.find(|(info, _)| {
        info.sname.as_ref().is_some_and(|name| names::tgs_realm(&name.name_string).is_some())
    });
    let (info, encoded) = tgt.ok_or_else(|| refused("no ticket for a KDC is among them"))?;
    let client = whose(&info, ticket.client())?;
    encoded.parse().map_err(Error::from)?;
    let tgt = cached(client.clone(), info, encoded.0);
    let credential = Arc::new(KerberosCredential::from_delegation(client, tgt));
    Ok(Some(Arc::new(Shared(credential))))
}

/// In the session key, as RFC 4121 has it; in the subkey, or not at all, by older clients. The
/// authenticator around it is encrypted in any case.
fn decrypt(
    message: &KrbCred,
    authenticator: &AuthenticatorVerified,
    ticket: &TicketVerified,
) -> Result<SecretBytes> {
    let data = &message.enc_part;
    if data.etype == 0 {
        return Ok(SecretBytes::new(data.cipher.clone()));
    }
    let keys = authenticator.subkey().into_iter().chain([ticket.session()]);
    let mut fitting = keys.filter(|key| key.enctype().number() == data.etype);
    let plain = fitting.find_map(|key| key.decrypt(key_usage::KRB_CRED, &data.cipher).ok());
    plain.ok_or_else(|| refused("no key of the exchange decrypts it"))
}

/// The client itself and nobody else: who delegates another's ticket would act under two names.
fn whose(info: &KrbCredInfo, client: &Principal) -> Result<Principal> {
    let realm = info.prealm.as_ref().is_none_or(|realm| *realm == client.realm);
    let name = info.pname.as_ref().is_none_or(|name| name.name_string == client.components);
    if realm && name {
        return Ok(client.clone());
    }
    Err(refused("the delegated ticket is another client's"))
}

fn cached(client: Principal, info: KrbCredInfo, ticket: Vec<u8>) -> CachedTicket {
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

fn refused(story: &str) -> Error {
    Error::new(PeerFault::UnexpectedToken, format!("the delegated KRB-CRED: {story}"))
}
