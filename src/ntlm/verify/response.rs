//! Responses: their forms, and whether one proves an account.

use subtle::ConstantTimeEq;

use super::Issued;
use super::account::Names;
use crate::ntlm::accounts::Hashes;
use crate::ntlm::keys::{self, Key, KxInput, V2Key};
use crate::ntlm::negotiation::{Compatibility, PROTECTION};
use crate::spi::environment::Policy;
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::secret::Secret;
use crate::spi::token::ClientIdentity;
use crate::wire::ntlm::{Authenticate, AvPairs, NegotiateFlags, Ntlmv2Response};

/// What a client offers as its proof.
pub enum Offered<'a> {
    /// `NTLMv2`
    V2(Ntlmv2Response<'a>),
    /// `NTLMv1`, with or without extended session security.
    V1 {
        /// `NtChallengeResponse`
        nt: &'a [u8; 24],
        /// `LmChallengeResponse`; zeros when the client sent none.
        lm: [u8; 24],
    },
    /// An LM response alone.
    Lm(&'a [u8; 24]),
    /// Nothing: anonymous.
    Nothing,
}

impl<'a> Offered<'a> {
    /// The form is told by lengths. LM fields beside an `NTLMv2` response are never looked at.
    pub fn read(message: &Authenticate<'a>, flags: NegotiateFlags) -> Result<Self> {
        let lm = message.lm.first_chunk().filter(|_| message.lm.len() == 24);
        match message.nt.len() {
            0 if matches!(message.lm, [] | [0]) => Ok(Self::Nothing),
            0 => lm.map(Self::Lm).ok_or_else(|| malformed("the LM response has no known form")),
            24 => {
                let nt = message.nt.first_chunk().ok_or(PeerFault::MalformedToken)?;
                let extended = flags.contains(NegotiateFlags::EXTENDED_SESSION_SECURITY);
                if extended && lm.is_none() {
                    return Err(malformed("the client's challenge is missing"));
                }
                Ok(Self::V1 { nt, lm: lm.copied().unwrap_or([0; 24]) })
            }
            _ => Ntlmv2Response::decode(message.nt).map(Self::V2),
        }
    }

    /// The pairs that the response proves.
    pub const fn pairs(&self) -> Option<AvPairs<'a>> {
        match self {
            Self::V2(response) => Some(response.pairs),
            Self::V1 { .. } | Self::Lm(_) | Self::Nothing => None,
        }
    }

    /// Whether policy lets a client prove itself like this.
    pub fn is_allowed(&self, policy: &Policy) -> Result<()> {
        let allowed = match self {
            Self::V2(_) | Self::Nothing => true,
            Self::V1 { .. } => policy.server_accepts_v1(),
            Self::Lm(_) => policy.server_accepts_lm(),
        };
        if allowed {
            return Ok(());
        }
        let story = "LmCompatibilityLevel forbids responses older than NTLMv2";
        Err(Error::new(PeerFault::LogonDenied, story))
    }

    /// Whether these hashes hold the one that this response is verified with.
    pub const fn verifies_with(&self, hashes: &Hashes) -> bool {
        match self {
            Self::V2(_) | Self::V1 { .. } => hashes.nt.is_some(),
            Self::Lm(_) => hashes.lm.is_some(),
            Self::Nothing => false,
        }
    }

    /// The key exchange key, if the response was made with these hashes.
    pub fn matches(
        &self,
        hashes: &Hashes,
        names: &Names<'_>,
        flags: NegotiateFlags,
        issued: &Issued,
    ) -> Option<Key> {
        match self {
            Self::V2(response) => matches_v2(response, hashes, names, issued.server_challenge),
            Self::V1 { nt, lm } => matches_v1(nt, lm, hashes, flags, issued.server_challenge),
            Self::Lm(lm) => matches_lm(lm, hashes, flags, issued.server_challenge),
            Self::Nothing => None,
        }
    }
}

/// Proof that the response was compared and belongs to an account that may log on, or that the
/// client is anonymous and may be. Made by `Logon` and by `domain` alone.
pub struct ResponseVerified {
    pub(super) key_exchange_key: Key,
    pub(super) client_name: String,
    pub(super) client: ClientIdentity,
    pub(super) authority: Option<String>,
    pub(super) lm_session_key: Option<Secret<8>>,
    pub(super) anonymous: bool,
}

impl ResponseVerified {
    /// `KeyExchangeKey`
    pub const fn key_exchange_key(&self) -> &Key {
        &self.key_exchange_key
    }

    /// `LMSessionKey`, where the domain told it.
    pub const fn lm_session_key(&self) -> Option<&Secret<8>> {
        self.lm_session_key.as_ref()
    }

    /// What is left of the agreement: an anonymous client has no session security (3.4).
    pub fn flags(&self, mut agreed: NegotiateFlags) -> NegotiateFlags {
        if self.anonymous {
            agreed.remove(PROTECTION | NegotiateFlags::KEY_EXCH);
            agreed |= NegotiateFlags::ANONYMOUS;
        }
        agreed
    }

    /// The client, and who vouches for it.
    pub fn into_names(self) -> (String, ClientIdentity, Option<String>) {
        (self.client_name, self.client, self.authority)
    }
}

/// The names are tried as clients write them into their keys: Windows' upper case, ASCII upper
/// case (curl), full upper case (gss-ntlmssp); the domain as sent, in upper case, and empty.
fn matches_v2(
    response: &Ntlmv2Response<'_>,
    hashes: &Hashes,
    names: &Names<'_>,
    server_challenge: [u8; 8],
) -> Option<Key> {
    let nt = hashes.nt.as_ref()?;
    names.spellings().find_map(|(user, domain)| {
        let key = V2Key::new(nt, user, domain);
        let proof = key.nt_proof(server_challenge, response.blob);
        bool::from(proof.ct_eq(response.proof)).then(|| key.session_base_key(&proof))
    })
}

fn matches_v1(
    nt: &[u8; 24],
    lm: &[u8; 24],
    hashes: &Hashes,
    flags: NegotiateFlags,
    server_challenge: [u8; 8],
) -> Option<Key> {
    let nt_hash = hashes.nt.as_ref()?;
    let expected = if flags.contains(NegotiateFlags::EXTENDED_SESSION_SECURITY) {
        let client_challenge = *lm.first_chunk()?;
        keys::response_v1_ess(nt_hash, server_challenge, client_challenge)
    } else {
        keys::response_v1(nt_hash, server_challenge)
    };
    if !bool::from(expected.ct_eq(nt)) {
        return None;
    }
    let base = keys::session_base_key_v1(nt_hash);
    key_v1(Some(&base), lm, hashes.lm.as_ref(), flags, server_challenge)
}

fn matches_lm(
    lm: &[u8; 24],
    hashes: &Hashes,
    flags: NegotiateFlags,
    server_challenge: [u8; 8],
) -> Option<Key> {
    if flags.contains(NegotiateFlags::EXTENDED_SESSION_SECURITY) {
        return None;
    }
    let expected = keys::response_v1(hashes.lm.as_ref()?, server_challenge);
    if !bool::from(expected.ct_eq(lm)) {
        return None;
    }
    let base = hashes.nt.as_ref().map(keys::session_base_key_v1);
    key_v1(base.as_ref(), lm, hashes.lm.as_ref(), flags, server_challenge)
}

/// The key exchange key of an answer older than `NTLMv2` (3.4.5.1).
pub fn key_v1(
    session_base_key: Option<&Key>,
    lm_response: &[u8; 24],
    lm_hash: Option<&Key>,
    flags: NegotiateFlags,
    server_challenge: [u8; 8],
) -> Option<Key> {
    keys::kxkey_v1(flags, &KxInput { session_base_key, lm_hash, lm_response, server_challenge })
}

/// The key of a client that proved nothing.
pub const fn anonymous_key() -> Key {
    Secret::new([0; 16])
}

fn malformed(story: &str) -> Error {
    Error::new(PeerFault::MalformedToken, story)
}
