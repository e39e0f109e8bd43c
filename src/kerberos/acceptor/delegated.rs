//! What a client delegated (RFC 4121 4.1.1.1): the ticket-granting ticket of its KRB-CRED.

use std::sync::Arc;

use super::authenticator::AuthenticatorVerified;
use super::claims::ClaimsVerified;
use super::denied::Denied;
use super::ticket::TicketVerified;
use crate::kerberos::credential::{KerberosCredential, Shared};
use crate::kerberos::{krb_cred, names};
use crate::spi::error::Result;
use crate::spi::kerberos::Principal;
use crate::spi::package::Credential;
use crate::wire::kerberos::KrbCredInfo;

/// The credential, if there is one.
pub(super) fn delegated(
    claims: &ClaimsVerified,
    authenticator: &AuthenticatorVerified,
    ticket: &TicketVerified,
) -> Result<Option<Arc<dyn Credential>>, Denied> {
    let Some(message) = claims.delegation() else { return Ok(None) };
    // The authenticator around it is encrypted in any case, so that older clients may leave the
    // encryption out. RFC 4121 has the session key.
    let keys = authenticator.subkey().into_iter().chain([ticket.session()]);
    let mut pairs = krb_cred::open(message, keys)?.into_iter();
    let tgt = pairs.find(|(info, _)| {
        info.sname.as_ref().is_some_and(|name| names::tgs_realm(&name.name_string).is_some())
    });
    let (info, encoded) =
        tgt.ok_or_else(|| krb_cred::refused("no ticket for a KDC is among them"))?;
    let client = whose(&info, ticket.client())?;
    let tgt = krb_cred::cached(client.clone(), info, encoded.0);
    let credential = Arc::new(KerberosCredential::from_delegation(client, tgt));
    Ok(Some(Arc::new(Shared(credential))))
}

/// The client itself and nobody else: who delegates another's ticket would act under two names.
fn whose(info: &KrbCredInfo, client: &Principal) -> Result<Principal> {
    let realm = info.prealm.as_ref().is_none_or(|realm| *realm == client.realm);
    let name = info.pname.as_ref().is_none_or(|name| name.name_string == client.components);
    if realm && name {
        return Ok(client.clone());
    }
    Err(krb_cred::refused("the delegated ticket is another client's"))
}
