//! The third leg of DCE style: the client's AP-REP, which shows that it has ours.

use super::Accepted;
use super::reply::Reply;
use crate::kerberos::bindings::BindingsHash;
use crate::spi::environment::Environment;
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::package::{Handshake, Refusal, Step, StepInput};
use crate::wire::kerberos::numbers::key_usage;
use crate::wire::kerberos::{ApRep, EncApRepPart};

/// Our AP-REP is out.
pub(super) struct ExpectThirdLeg {
    accepted: Accepted,
    reply: Reply,
    flags: ContextFlags,
    required: ContextFlags,
}

impl ExpectThirdLeg {
    pub const fn new(
        accepted: Accepted,
        reply: Reply,
        flags: ContextFlags,
        required: ContextFlags,
    ) -> Self {
        Self { accepted, reply, flags, required }
    }
}

impl Handshake for ExpectThirdLeg {
    fn step(self: Box<Self>, input: StepInput<'_>, env: &dyn Environment) -> Result<Step, Refusal> {
        let Self { mut accepted, reply, flags, required } = *self;
        if let Some(bindings) = input.bindings {
            // The last ones given count.
            let hash = BindingsHash::of(bindings);
            accepted.claims.check_bindings(Some(hash), required).map_err(|denied| denied.error)?;
        }
        let token = input.token.ok_or_else(|| {
            Error::new(PeerFault::MalformedToken, "the third leg of DCE style is missing")
        })?;
        accepted.third_leg = Some(ThirdLegVerified::check(token, &accepted, &reply)?);
        let reply = Reply { token: Vec::new(), ..reply };
        accepted.established(reply, flags, env).map_err(Refusal::from)
    }
}

/// Proof that the client answered our AP-REP.
pub(super) struct ThirdLegVerified(());

impl ThirdLegVerified {
    /// It repeats our number. Its time is the client's present one, and chooses no key.
    fn check(token: &[u8], accepted: &Accepted, reply: &Reply) -> Result<Self> {
        let failed = |story: &str| Error::new(PeerFault::LogonDenied, story);
        let message = ApRep::from_der(token)?;
        let session = accepted.ticket.session();
        if message.enc_part.etype != session.enctype().number() {
            return Err(failed("the third leg is not in the session key's enctype"));
        }
        let plain = session.decrypt(key_usage::AP_REP, &message.enc_part.cipher);
        let plain = plain.map_err(|_| failed("the third leg does not verify"))?;
        let part = EncApRepPart::from_der(plain.expose())?;
        if part.subkey.is_some() || part.seq_number.unwrap_or(0) != reply.sequence {
            return Err(failed("the third leg answers another AP-REP"));
        }
        Ok(Self(()))
    }
}
