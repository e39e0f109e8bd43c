//! What a server answers: AP-REP, whose verification is the only way to a mutual context
//! (RFC 4120 3.2.5), or KRB-ERROR.

use super::request::Sent;
use crate::crypto::kerberos::{Enctype, Key};
use crate::kerberos::clock;
use crate::kerberos::draw::Draw;
use crate::spi::environment::Environment;
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::wire::gss::{self, GssToken, tok_id};
use crate::wire::kerberos::numbers::{application, key_usage};
use crate::wire::kerberos::{ApRep, EncApRepPart, EncryptedData, KrbError, application_tag};

/// An answer, as it came.
pub(super) enum Answer {
    /// `AP-REP`
    Reply(ApRep),
    /// `KRB-ERROR`
    Error(KrbError),
}

impl Answer {
    /// Reads a token. In DCE style it has no frame, but MIT's errors have one nevertheless.
    pub fn read(token: &[u8], sent: &Sent) -> Result<Self> {
        let dce = sent.flags.contains(ContextFlags::DCE_STYLE);
        let (is_reply, is_error, body) = if dce && !gss::is_framed(token) {
            let tag = application_tag(token);
            (tag == Some(application::AP_REP), tag == Some(application::KRB_ERROR), token)
        } else {
            let GssToken { mech, tok_id, body } = gss::unframe(token)?;
            let is_reply = tok_id == tok_id::AP_REP && mech == sent.mech && !dce;
            (is_reply, tok_id == tok_id::ERROR, body)
        };
        match (is_reply, is_error) {
            (true, _) => Ok(Self::Reply(ApRep::from_der(body)?)),
            (_, true) => Ok(Self::Error(KrbError::from_der(body)?)),
            _ => Err(failed("the server answered with neither AP-REP nor KRB-ERROR")),
        }
    }
}

/// Proof that the server knows the session key, or that nobody asked it to prove that.
pub(super) struct ServerProof {
    subkey: Option<Key>,
    sequence: u32,
}

impl ServerProof {
    /// For one-way authentication: both directions count from the client's number.
    pub fn not_asked_for(sent: &Sent) -> Option<Self> {
        let mutual = sent.flags.contains(ContextFlags::MUTUAL_AUTH);
        (!mutual).then_some(Self { subkey: None, sequence: sent.sequence })
    }

    /// Decrypts the answer; our time must be in it, to the microsecond.
    pub fn check(sent: &Sent, reply: &ApRep, permitted: &[Enctype]) -> Result<Self> {
        if reply.enc_part.etype != sent.session.enctype().number() {
            return Err(failed("AP-REP is not encrypted in the session key's enctype"));
        }
        let plain = sent.session.decrypt(key_usage::AP_REP, &reply.enc_part.cipher);
        let plain = plain.map_err(|_| failed("AP-REP does not verify with the session key"))?;
        let part = EncApRepPart::from_der(plain.expose())?;
        if (part.ctime, part.cusec) != (sent.ctime, sent.cusec) {
            return Err(failed("AP-REP answers another request"));
        }
        let subkey = part.subkey.map(|block| {
            let enctype = Enctype::from_number(block.enctype);
            let enctype =
                enctype.filter(|enctype| permitted.contains(enctype)).ok_or_else(|| {
                    let story = format!("the server's subkey is of enctype {}", block.enctype);
                    Error::new(
                        PeerFault::EnctypeRefused,
                        format!("{story}, which is not permitted"),
                    )
                })?;
            Ok::<_, Error>(Key::new(enctype, block.value.expose())?)
        });
        Ok(Self { subkey: subkey.transpose()?, sequence: part.seq_number.unwrap_or(0) })
    }

    /// The number of the server's first message.
    pub const fn sequence(&self) -> u32 {
        self.sequence
    }

    /// Whether the server chose a key of its own.
    pub const fn has_subkey(&self) -> bool {
        self.subkey.is_some()
    }

    /// The server's key.
    pub fn into_key(self) -> Option<Key> {
        self.subkey
    }

    /// In DCE style the client answers with an AP-REP of its own, which repeats the server's
    /// number; empty otherwise.
    pub fn third_leg(&self, sent: &Sent, env: &dyn Environment) -> Result<Vec<u8>> {
        if !sent.flags.contains(ContextFlags::DCE_STYLE) {
            return Ok(Vec::new());
        }
        let (ctime, cusec) = clock::kerberos_time(env.now(), 0);
        let seq_number = Some(self.sequence);
        let part = EncApRepPart { ctime, cusec, subkey: None, seq_number }.to_der_secret();
        let enctype = sent.session.enctype();
        let random = Draw::new(env)?;
        let confounder = random.confounder(enctype);
        let cipher = sent.session.encrypt(key_usage::AP_REP, confounder, part.expose());
        let enc_part = EncryptedData { etype: enctype.number(), kvno: None, cipher };
        Ok(ApRep { enc_part }.to_der())
    }
}

fn failed(story: &str) -> Error {
    Error::new(PeerFault::MutualAuthFailed, story)
}
