//! Delegated tickets (K25, K27).

use secur32::crypto::kerberos::Enctype;
use secur32::spi::error::PeerFault;
use secur32::spi::flags::ContextFlags;
use secur32::spi::kerberos::{KerberosTime, KeyBlock, Principal};
use secur32::spi::secret::SecretBytes;
use secur32::wire::kerberos::numbers::{key_usage, ticket_flags};
use secur32::wire::kerberos::{EncKrbCredPart, EncryptedData, KrbCred, KrbCredInfo, PrincipalName};

use super::{AES, refused, serve};
use crate::support::ap::{Forger, Loop, TicketMaker, after, key};
use crate::support::kerberos::principal;

/// A KRB-CRED, every part of which can be changed.
struct Delegation {
    client: Option<Principal>,
    server: Option<Principal>,
    tickets: usize,
    infos: usize,
    /// Enctype and byte of the key; `None` is the null enctype.
    key: Option<(Enctype, u8)>,
}

impl Delegation {
    fn new() -> Self {
        Self {
            client: Some(principal("alice@EXAMPLE.COM")),
            server: Some(principal("krbtgt/EXAMPLE.COM@EXAMPLE.COM")),
            tickets: 1,
            infos: 1,
            key: Some((AES, 0x52)),
        }
    }

    fn message(&self) -> Vec<u8> {
        let info = |_| KrbCredInfo {
            key: KeyBlock { enctype: 18, value: SecretBytes::new(vec![5; 32]) },
            prealm: self.client.as_ref().map(|client| client.realm.clone()),
            pname: self.client.as_ref().map(PrincipalName::of),
            flags: Some(ticket_flags::FORWARDED),
            authtime: Some(after(-60)),
            starttime: None,
            endtime: Some(after(3600)),
            renew_till: None,
            srealm: self.server.as_ref().map(|server| server.realm.clone()),
            sname: self.server.as_ref().map(PrincipalName::of),
            caddr: Vec::new(),
        };
        let part = EncKrbCredPart {
            ticket_info: (0..self.infos).map(info).collect(),
            nonce: None,
            timestamp: Some(KerberosTime(0)),
            usec: None,
            s_address: None,
            r_address: None,
        };
        let plain = part.to_der_secret();
        let (etype, cipher) = match self.key {
            None => (0, plain.expose().to_vec()),
            Some((enctype, byte)) => {
                let key = key(enctype, byte);
                (enctype.number(), key.encrypt(key_usage::KRB_CRED, &[1; 16], plain.expose()))
            }
        };
        let tgt = TicketMaker::new(AES).tgt().mint();
        let tickets = vec![tgt; self.tickets];
        KrbCred { tickets, enc_part: EncryptedData { etype, kvno: None, cipher } }.to_der()
    }

    fn forger(&self) -> Forger {
        let mut forger = Forger::new(&TicketMaker::new(AES));
        forger.set_gss(|gss| gss.delegation = Some(self.message()));
        forger
    }
}

fn judged(
    change: impl FnOnce(&mut Delegation),
) -> Result<ContextFlags, secur32::spi::error::Error> {
    let mut delegation = Delegation::new();
    change(&mut delegation);
    let setup = Loop::new(&TicketMaker::new(AES));
    let context = serve(&setup, &delegation.forger()).map_err(|refusal| refusal.error)?;
    Ok(context.flags)
}

#[test]
fn delegated_tickets_in_every_known_form_are_taken() {
    for key in [Some((AES, 0x52)), Some((AES, 0x53)), None] {
        let flags = judged(|delegation| delegation.key = key).unwrap();
        assert!(flags.contains(ContextFlags::DELEGATE));
    }
    // Names that are left out are those of the exchange.
    assert!(judged(|delegation| delegation.client = None).is_ok());
}

#[test]
fn k25_a_delegated_ticket_of_another_client_is_refused() {
    for name in ["bob@EXAMPLE.COM", "alice@OTHER.COM", "alice/admin@EXAMPLE.COM"] {
        let result = judged(|delegation| delegation.client = Some(principal(name)));
        super::failed(result, PeerFault::UnexpectedToken);
    }
}

#[test]
fn k25_a_delegation_that_does_not_fit_is_refused() {
    let refuse = |change: &dyn Fn(&mut Delegation)| {
        super::failed(judged(change), PeerFault::UnexpectedToken);
    };
    refuse(&|delegation| delegation.tickets = 0);
    refuse(&|delegation| delegation.tickets = 2);
    refuse(&|delegation| delegation.infos = 0);
    refuse(&|delegation| delegation.key = Some((AES, 0x54)));
    refuse(&|delegation| delegation.key = Some((Enctype::Aes128CtsHmacSha1, 0x52)));
    refuse(&|delegation| delegation.server = None);
    refuse(&|delegation| delegation.server = Some(principal("cifs/x@EXAMPLE.COM")));
    let setup = Loop::new(&TicketMaker::new(AES));
    let message = Delegation::new().message();
    for length in 0..message.len() {
        let mut forger = Forger::new(&TicketMaker::new(AES));
        forger.confounder = length as u8;
        forger.set_gss(|gss| gss.delegation = Some(message[..length].to_vec()));
        refused(serve(&setup, &forger), PeerFault::MalformedToken, None);
    }
}
