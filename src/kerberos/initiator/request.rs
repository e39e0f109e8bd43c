//! AP-REQ (RFC 4120 5.5.1, RFC 4121 4.1.1).

use super::Client;
use super::delegation;
use crate::crypto::kerberos::{Enctype, Key};
use crate::kerberos::bindings::BindingsHash;
use crate::kerberos::credential::ServiceTicket;
use crate::kerberos::draw::Draw;
use crate::kerberos::{clock, enctypes, flags, names};
use crate::spi::environment::Environment;
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::kerberos::{KerberosTime, KeyBlock};
use crate::spi::secret::{Secret, SecretBytes};
use crate::wire::gss::{self, Mechanism, tok_id};
use crate::wire::kerberos::numbers::{ad_type, ap_options, key_usage};
use crate::wire::kerberos::{
    ApOptions, ApReq, Authenticator, AuthorizationDataEntry, Checksum, EncodedTicket,
    EncryptedData, EtypeList, GssChecksum, PrincipalName,
};

/// What is kept of a request, to measure its answer by.
pub(super) struct Sent {
    pub ticket: ServiceTicket,
    pub session: Key,
    pub subkey: Key,
    pub sequence: u32,
    pub ctime: KerberosTime,
    pub cusec: u32,
    /// What was asked of the server; `DELEGATE` only if a ticket went along.
    pub flags: ContextFlags,
    pub mech: Mechanism,
    /// For the messages of the context.
    pub confounder_seed: Secret<32>,
}

impl Sent {
    /// Makes a request, with a clock that is so many seconds ahead of ours.
    pub fn make(
        client: &Client,
        ticket: ServiceTicket,
        mech: Mechanism,
        offset: i64,
        env: &dyn Environment,
    ) -> Result<(Self, Vec<u8>)> {
        let permitted = enctypes::permitted(env.kerberos()?.settings());
        let session = session_key(&ticket, &permitted)?;
        let (ctime, cusec) = clock::kerberos_time(env.now(), offset);
        let random = Draw::new(env)?;
        let subkey = random.subkey(session.enctype())?;
        let sequence = random.sequence_number();
        let mut sent = Self {
            ticket,
            session,
            subkey,
            sequence,
            ctime,
            cusec,
            flags: client.wanted,
            mech,
            confounder_seed: random.confounder_seed(),
        };
        let delegated = delegation::forward(client, &mut sent, env)?;
        let authenticator =
            sent.authenticator(client.bindings, delegated, &permitted)?.to_der_secret();
        let confounder = random.confounder(sent.session.enctype());
        let usage = key_usage::AP_REQ_AUTHENTICATOR;
        let cipher = sent.session.encrypt(usage, confounder, authenticator.expose());
        let token = sent.encode(cipher);
        sent.trace(env)?;
        Ok((sent, token))
    }

    fn authenticator(
        &self,
        bindings: Option<BindingsHash>,
        delegation: Option<Vec<u8>>,
        permitted: &[Enctype],
    ) -> Result<Authenticator> {
        let client = &self.ticket.ticket.client;
        let checksum = GssChecksum {
            bindings: bindings.unwrap_or_default().0,
            flags: flags::to_gss(self.flags),
            delegation,
            extensions: Vec::new(),
        };
        let subkey = SecretBytes::new(self.subkey.expose().to_vec());
        Ok(Authenticator {
            crealm: client.realm.clone(),
            cname: PrincipalName::of(client),
            cksum: Some(Checksum {
                cksumtype: flags::GSS_CHECKSUM,
                checksum: checksum.to_bytes()?,
            }),
            cusec: self.cusec,
            ctime: self.ctime,
            subkey: Some(KeyBlock { enctype: self.subkey.enctype().number(), value: subkey }),
            seq_number: Some(self.sequence),
            authorization_data: self.authorization_data(bindings, permitted),
        })
    }

    /// That we know bindings, and which enctypes we like better than the session key's.
    fn authorization_data(
        &self,
        bindings: Option<BindingsHash>,
        permitted: &[Enctype],
    ) -> Vec<AuthorizationDataEntry> {
        let mut elements = Vec::new();
        let session = self.session.enctype();
        if self.flags.contains(ContextFlags::MUTUAL_AUTH) && permitted.first() != Some(&session) {
            let better = permitted.iter().take_while(|&&enctype| enctype != session);
            let list = better.chain([&session]).map(|enctype| enctype.number()).collect();
            elements.push(AuthorizationDataEntry {
                ad_type: ad_type::ETYPE_NEGOTIATION,
                ad_data: EtypeList(list).to_der(),
            });
        }
        if bindings.is_some() {
            elements.push(AuthorizationDataEntry {
                ad_type: ad_type::AP_OPTIONS,
                ad_data: ApOptions(ApOptions::CBT).to_bytes().to_vec(),
            });
        }
        if elements.is_empty() {
            return elements;
        }
        vec![AuthorizationDataEntry::if_relevant(&elements)]
    }

    fn encode(&self, cipher: Vec<u8>) -> Vec<u8> {
        let mut options = 0;
        if self.flags.contains(ContextFlags::MUTUAL_AUTH) {
            options |= ap_options::MUTUAL_REQUIRED;
        }
        if self.mech == Mechanism::UserToUser {
            options |= ap_options::USE_SESSION_KEY;
        }
        let etype = self.session.enctype().number();
        let request = ApReq {
            ap_options: options,
            ticket: EncodedTicket(self.ticket.ticket.ticket.clone()),
            authenticator: EncryptedData { etype, kvno: None, cipher },
        };
        let message = request.to_der();
        if self.flags.contains(ContextFlags::DCE_STYLE) {
            return message;
        }
        gss::frame(self.mech, tok_id::AP_REQ, &message)
    }

    fn trace(&self, env: &dyn Environment) -> Result<()> {
        let ticket = &self.ticket.ticket;
        let (client, server) = (names::unparse(&ticket.client), names::unparse(&ticket.server));
        let enctype = self.session.enctype().name();
        let flags = self.flags;
        env.kerberos()?.trace(format_args!(
            "AP-REQ of {client} to {server}, session key {enctype}, {flags:?}"
        ));
        Ok(())
    }
}

fn session_key(ticket: &ServiceTicket, permitted: &[Enctype]) -> Result<Key> {
    let block = &ticket.ticket.key;
    let enctype = Enctype::from_number(block.enctype).filter(|found| permitted.contains(found));
    let enctype = enctype.ok_or_else(|| {
        let server = names::unparse(&ticket.ticket.server);
        let story = format!("the session key for {server} is of enctype {}", block.enctype);
        Error::new(PeerFault::EnctypeRefused, format!("{story}, which is not permitted"))
    })?;
    Ok(Key::new(enctype, block.value.expose())?)
}
