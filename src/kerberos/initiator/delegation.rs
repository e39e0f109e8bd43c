//! Delegation (RFC 4121 4.1.1.1): a forwarded ticket-granting ticket in a KRB-CRED, within the
//! checksum of the authenticator.

use super::Client;
use super::request::Sent;
use crate::kerberos::draw::Draw;
use crate::kerberos::krb_cred::info;
use crate::kerberos::{clock, names};
use crate::spi::environment::Environment;
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::wire::kerberos::numbers::{key_usage, ticket_flags};
use crate::wire::kerberos::{EncKrbCredPart, EncodedTicket, EncryptedData, KrbCred};

/// The KRB-CRED, if delegation is asked for and may be. What cannot be had does not end the
/// handshake: the context says that nothing was delegated.
pub(super) fn forward(
    client: &Client,
    sent: &mut Sent,
    env: &dyn Environment,
) -> Result<Option<Vec<u8>>> {
    if !sent.flags.contains(ContextFlags::DELEGATE) {
        return Ok(None);
    }
    let made = may_delegate(client, sent, env).and_then(|()| credential(client, sent, env));
    match made {
        Ok(message) => Ok(Some(message)),
        Err(error) => {
            sent.flags.remove(ContextFlags::DELEGATE);
            env.kerberos()?.trace(format_args!("nothing is delegated to {}: {error}", client.spn));
            Ok(None)
        }
    }
}

/// The KDC trusts the service, as Windows demands, and the client's ticket may leave the machine.
fn may_delegate(client: &Client, sent: &Sent, env: &dyn Environment) -> Result<()> {
    let refused = |story: &str| Err(Error::new(PeerFault::DelegationRefused, story));
    let ticket = &sent.ticket.ticket;
    let enforce = env.kerberos()?.settings().enforce_ok_as_delegate;
    if enforce && ticket.flags & ticket_flags::OK_AS_DELEGATE == 0 {
        return refused("the KDC does not trust the service with delegation");
    }
    if client.credential.tgt(env)?.flags & ticket_flags::FORWARDABLE == 0 {
        return refused("the client's ticket may not be forwarded");
    }
    Ok(())
}

/// Encrypted in the session key, whatever the subkey is. Its length must fit into 16 bits.
fn credential(client: &Client, sent: &Sent, env: &dyn Environment) -> Result<Vec<u8>> {
    let enctype = sent.session.enctype();
    let tgt = client.credential.forwarded_tgt(enctype.number(), env)?;
    let (timestamp, usec) = clock::kerberos_time(env.now(), sent.ticket.clock_offset);
    let part = EncKrbCredPart {
        ticket_info: vec![info(&tgt)],
        nonce: None,
        timestamp: Some(timestamp),
        usec: Some(usec),
        s_address: None,
        r_address: None,
    };
    let random = Draw::new(env)?;
    let confounder = random.confounder(enctype);
    let cipher =
        sent.session.encrypt(key_usage::KRB_CRED, confounder, part.to_der_secret().expose());
    let message = KrbCred {
        tickets: vec![EncodedTicket(tgt.ticket)],
        enc_part: EncryptedData { etype: enctype.number(), kvno: None, cipher },
    };
    let message = message.to_der();
    if u16::try_from(message.len()).is_err() {
        let story = format!("the forwarded ticket of {} is too long", names::unparse(&tgt.client));
        return Err(Error::new(PeerFault::DelegationRefused, story));
    }
    Ok(message)
}
