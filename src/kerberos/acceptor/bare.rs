//! A ticket without an authenticator: what it says, when a key of this machine decrypts it.

use super::denied::Denied;
use super::ticket::{Conditions, TicketVerified};
use crate::crypto::kerberos::Key;
use crate::kerberos::credential::KerberosCredential;
use crate::kerberos::enctypes;
use crate::spi::environment::Environment;
use crate::spi::error::Result;
use crate::spi::kerberos::{KerberosTime, Principal};
use crate::spi::token::ClientIdentity;
use crate::wire::kerberos::{ApReq, EncodedTicket, EncryptedData};

/// What it says. Whoever shows it need not be its client: nobody proved to have the key.
pub struct BareTicket {
    /// Whose it is.
    pub client: Principal,
    /// Who that is.
    pub identity: ClientIdentity,
    /// Its session key.
    pub session: Key,
    /// When it ends.
    pub end: KerberosTime,
}

/// Decrypts and verifies a ticket with the keys of a server's credential.
pub fn open_ticket(
    server: &KerberosCredential,
    ticket: &[u8],
    now: KerberosTime,
    env: &dyn Environment,
) -> Result<BareTicket> {
    let keys = server.acceptor_keys(env)?;
    let ring = server.key_ring().of(&keys.entries);
    let request = ApReq {
        ap_options: 0,
        ticket: EncodedTicket(ticket.to_vec()),
        authenticator: EncryptedData { etype: 0, kvno: None, cipher: Vec::new() },
    };
    let permitted = enctypes::permitted(env.kerberos()?.settings());
    let conditions = Conditions::new(&permitted, now, env)?;
    let opened = TicketVerified::with_keys(&request, &keys, &ring, &conditions)
        .map_err(|Denied { error, .. }| error)?;
    Ok(BareTicket {
        client: opened.client().clone(),
        session: opened.session().duplicate(),
        end: opened.end(),
        identity: opened.into_identity(),
    })
}
