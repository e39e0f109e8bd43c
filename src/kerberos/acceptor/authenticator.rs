//! The authenticator (RFC 4120 3.2.3): made with the ticket's session key by its client, now, and
//! for the first time.

use std::time::Duration;

use super::denied::Denied;
use super::ticket::{TicketVerified, check_restrictions, permitted_enctype};
use crate::crypto::kerberos::{Enctype, Key};
use crate::spi::error::{Error, PeerFault};
use crate::spi::kerberos::{Freshness, KerberosTime, ReplayCache};
use crate::wire::kerberos::numbers::{error_code, key_usage};
use crate::wire::kerberos::{ApReq, Authenticator};

/// Proof that the client knows the session key and spoke now.
pub(super) struct AuthenticatorVerified {
    content: Authenticator,
    subkey: Option<Key>,
}

impl AuthenticatorVerified {
    /// Decrypts and judges.
    pub fn check(
        request: &ApReq,
        ticket: &TicketVerified,
        permitted: &[Enctype],
        now: KerberosTime,
        skew: Duration,
    ) -> Result<Self, Denied> {
        let session = ticket.session();
        let failed = |story: &str| {
            Denied::new(error_code::KRB_AP_ERR_BAD_INTEGRITY, PeerFault::LogonDenied, story)
        };
        if request.authenticator.etype != session.enctype().number() {
            return Err(failed("the authenticator is not in the session key's enctype"));
        }
        let usage = key_usage::AP_REQ_AUTHENTICATOR;
        let plain = session.decrypt(usage, &request.authenticator.cipher);
        let plain = plain.map_err(|_| failed("the authenticator does not verify"))?;
        let content = Authenticator::from_der(plain.expose()).map_err(Error::from)?;
        if !ticket.is_client(&content.crealm, &content.cname) {
            let story = "the authenticator is another client's than the ticket";
            return Err(Denied::new(
                error_code::KRB_AP_ERR_BADMATCH,
                PeerFault::LogonDenied,
                story,
            ));
        }
        check_clock(content.ctime, now, skew)?;
        check_restrictions(&content.authorization_data)?;
        let subkey = content.subkey.as_ref().map(|block| {
            let enctype = permitted_enctype(block.enctype, permitted, "the client's subkey")?;
            Key::new(enctype, block.value.expose())
                .map_err(|error| Denied::from(Error::from(error)))
        });
        let subkey = subkey.transpose()?;
        Ok(Self { content, subkey })
    }

    /// What the client said.
    pub const fn content(&self) -> &Authenticator {
        &self.content
    }

    /// The client's subkey.
    pub const fn subkey(&self) -> Option<&Key> {
        self.subkey.as_ref()
    }

    /// The key of messages, if we choose none: the subkey, or else the session key.
    pub fn key<'a>(&'a self, ticket: &'a TicketVerified) -> &'a Key {
        self.subkey.as_ref().unwrap_or_else(|| ticket.session())
    }

    /// The same.
    pub fn into_key(self, ticket: &TicketVerified) -> Key {
        self.subkey.unwrap_or_else(|| ticket.session().duplicate())
    }

    /// The number of the client's first message.
    pub fn sequence(&self) -> u32 {
        self.content.seq_number.unwrap_or(0)
    }
}

/// Both clocks may be off by the skew together, in either direction (attack K20).
fn check_clock(ctime: KerberosTime, now: KerberosTime, skew: Duration) -> Result<(), Denied> {
    let apart = ctime.0.abs_diff(now.0);
    if apart <= skew.as_secs() {
        return Ok(());
    }
    let story = format!("the client's clock and ours are {apart} s apart");
    Err(Denied::new(error_code::KRB_AP_ERR_SKEW, PeerFault::TimeSkew, story))
}

/// Proof that the authenticator was not seen before, and is remembered now.
pub(super) struct NotReplayed(());

impl NotReplayed {
    /// Remembers the authenticator, by the end of its ciphertext as MIT's caches do. A cache that
    /// cannot be used is an error (attack K1).
    pub fn check(
        authenticator: &AuthenticatorVerified,
        request: &ApReq,
        cache: &dyn ReplayCache,
        now: KerberosTime,
        skew: Duration,
    ) -> Result<Self, Denied> {
        // The proof that the ciphertext is genuine: anything else would fill the cache.
        let AuthenticatorVerified { .. } = authenticator;
        let enctype = Enctype::from_number(request.authenticator.etype);
        let length = enctype.map_or(0, Enctype::tag_length);
        let tag = tag(&request.authenticator.cipher, length);
        match cache.remember(&tag, now, skew)? {
            Freshness::Fresh => Ok(Self(())),
            Freshness::Replayed => {
                let story = "the authenticator was seen before";
                Err(Denied::new(error_code::KRB_AP_ERR_REPEAT, PeerFault::LogonDenied, story))
            }
        }
    }
}

/// The last bytes, as many as a checksum of the enctype has, cut or filled up to twelve.
fn tag(cipher: &[u8], length: usize) -> [u8; 12] {
    let mut tag = [0; 12];
    let last = cipher.len().checked_sub(length).and_then(|at| cipher.get(at..)).unwrap_or(cipher);
    for (to, from) in tag.iter_mut().zip(last) {
        *to = *from;
    }
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_those_of_mits_caches() {
        let cipher: Vec<u8> = (0..40).collect();
        assert_eq!(tag(&cipher, 12), *cipher[28..].as_array().unwrap());
        assert_eq!(tag(&cipher, 16), *cipher[24..36].as_array().unwrap());
        assert_eq!(tag(&[1, 2], 12), [1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn k20_clocks_may_be_apart_by_the_skew_and_no_second_more() {
        let skew = Duration::from_secs(300);
        let apart =
            |seconds: i64| check_clock(KerberosTime(1000 + seconds), KerberosTime(1000), skew);
        assert!(apart(0).is_ok() && apart(300).is_ok() && apart(-300).is_ok());
        assert!(apart(301).is_err() && apart(-301).is_err());
        let (first, last) = (KerberosTime(i64::MIN), KerberosTime(i64::MAX));
        assert!(check_clock(first, last, skew).is_err());
        assert!(check_clock(last, first, skew).is_err());
    }
}
