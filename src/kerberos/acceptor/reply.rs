//! AP-REP (RFC 4120 3.2.4), and the keys and numbers that come of it.

use super::Accepted;
use crate::crypto::kerberos::{Enctype, Key};
use crate::kerberos::draw::Draw;
use crate::spi::environment::Environment;
use crate::spi::error::Result;
use crate::spi::flags::ContextFlags;
use crate::spi::kerberos::KeyBlock;
use crate::spi::secret::{Secret, SecretBytes};
use crate::wire::gss::{self, Mechanism, tok_id};
use crate::wire::kerberos::numbers::key_usage;
use crate::wire::kerberos::{ApRep, EncApRepPart, EncryptedData};

/// What was answered.
pub(super) struct Reply {
    /// Our subkey, if the client was told one.
    pub subkey: Option<Key>,
    /// The number of our first message.
    pub sequence: u32,
    /// The token; empty when the client wants none.
    pub token: Vec<u8>,
    /// For the messages of the context.
    pub confounder_seed: Secret<32>,
}

impl Reply {
    /// The answer to a request. Without one both directions count from the client's number.
    pub fn make(
        accepted: &Accepted,
        flags: ContextFlags,
        mech: Option<Mechanism>,
        permitted: &[Enctype],
        env: &dyn Environment,
    ) -> Result<Self> {
        let random = Draw::new(env)?;
        let confounder_seed = random.confounder_seed();
        if !flags.contains(ContextFlags::MUTUAL_AUTH) {
            let sequence = accepted.authenticator.sequence();
            return Ok(Self { subkey: None, sequence, token: Vec::new(), confounder_seed });
        }
        let sequence = random.sequence_number();
        let subkey = match accepted.subkey_enctype(flags, permitted) {
            Some(enctype) => Some(random.subkey(enctype)?),
            // RC4: MIT, and so everybody, repeats the client's.
            None => accepted.authenticator.subkey().map(Key::duplicate),
        };
        let confounder = random.confounder(accepted.ticket.session().enctype());
        let message = accepted.encode(subkey.as_ref(), sequence, confounder);
        let token = match mech {
            Some(mech) => gss::frame(mech, tok_id::AP_REP, &message),
            None => message,
        };
        Ok(Self { subkey, sequence, token, confounder_seed })
    }
}

impl Accepted {
    /// The enctype of a subkey of our own: the client's key's, or a better one that both know
    /// (RFC 4537). RC4 keeps the client's key, except where a third leg protects the choice or a
    /// better enctype was found.
    fn subkey_enctype(&self, flags: ContextFlags, permitted: &[Enctype]) -> Option<Enctype> {
        let current = self.authenticator.key(&self.ticket).enctype();
        let listed = self.claims.enctypes();
        let common = permitted.iter().find(|enctype| listed.contains(&enctype.number())).copied();
        // A list never leads to something weaker.
        let better = common.filter(|enctype| !enctype.is_weak() || current.is_weak());
        let chosen = better.unwrap_or(current);
        let dce = flags.contains(ContextFlags::DCE_STYLE);
        (dce || !chosen.is_weak()).then_some(chosen)
    }

    fn encode(&self, subkey: Option<&Key>, sequence: u32, confounder: &[u8]) -> Vec<u8> {
        let content = self.authenticator.content();
        let subkey = subkey.map(|key| KeyBlock {
            enctype: key.enctype().number(),
            value: SecretBytes::new(key.expose().to_vec()),
        });
        let seq_number = Some(sequence);
        let (ctime, cusec) = (content.ctime, content.cusec);
        let part = EncApRepPart { ctime, cusec, subkey, seq_number }.to_der_secret();
        let session = self.ticket.session();
        let cipher = session.encrypt(key_usage::AP_REP, confounder, part.expose());
        let etype = session.enctype().number();
        ApRep { enc_part: EncryptedData { etype, kvno: None, cipher } }.to_der()
    }
}
