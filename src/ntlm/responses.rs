//! The client's responses to a challenge ([MS-NLMP] 3.3).

use super::credential::KnownAccount;
use super::keys::{self, Key, KxInput};
use crate::spi::error::{Error, LocalFault, Result};
use crate::spi::secret::Secret;
use crate::wire::ntlm::NegotiateFlags;

/// What goes into the AUTHENTICATE message, and the key that both sides then have.
pub struct Responses {
    /// `LmChallengeResponse`
    pub lm: Vec<u8>,
    /// `NtChallengeResponse`
    pub nt: Vec<u8>,
    /// `KeyExchangeKey`
    pub key_exchange_key: Key,
}

/// The LM field beside an `NTLMv2` response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LmField {
    /// 24 zeros: the server sent a timestamp.
    Zeros,
    /// `LMv2`, for old servers.
    LmV2,
    /// Nothing: connectionless (3.1.5.2.1).
    Empty,
}

/// `ComputeResponse` of `NTLMv2` (3.3.2).
pub fn ntlm_v2(
    account: &KnownAccount,
    server_challenge: [u8; 8],
    client_challenge: [u8; 8],
    blob: &[u8],
    lm: LmField,
) -> Result<Responses> {
    let key = account.v2.as_ref().ok_or_else(no_hash)?;
    let proof = key.nt_proof(server_challenge, blob);
    let lm = match lm {
        LmField::Zeros => vec![0; 24],
        LmField::LmV2 => key.lm_v2(server_challenge, client_challenge).to_vec(),
        LmField::Empty => Vec::new(),
    };
    let nt = [&proof, blob].concat();
    Ok(Responses { lm, nt, key_exchange_key: key.session_base_key(&proof) })
}

/// `ComputeResponse` of `NTLMv1` (3.3.1). `flags` may lose `LM_KEY`, for which there must be an
/// LM hash.
pub fn ntlm_v1(
    account: &KnownAccount,
    server_challenge: [u8; 8],
    client_challenge: [u8; 8],
    flags: &mut NegotiateFlags,
    sends_lm: bool,
) -> Result<Responses> {
    let nt_hash = account.hashes.nt.as_ref().ok_or_else(no_hash)?;
    let lm_hash = account.hashes.lm.as_ref().filter(|_| sends_lm);
    if lm_hash.is_none() {
        flags.remove(NegotiateFlags::LM_KEY);
    }
    let (lm, nt) = if flags.contains(NegotiateFlags::EXTENDED_SESSION_SECURITY) {
        let mut lm = [0; 24];
        lm[..8].copy_from_slice(&client_challenge);
        (lm, keys::response_v1_ess(nt_hash, server_challenge, client_challenge))
    } else {
        let nt = keys::response_v1(nt_hash, server_challenge);
        (lm_hash.map_or(nt, |lm_hash| keys::response_v1(lm_hash, server_challenge)), nt)
    };
    let base = keys::session_base_key_v1(nt_hash);
    let input =
        KxInput { session_base_key: Some(&base), lm_hash, lm_response: &lm, server_challenge };
    let key_exchange_key = keys::kxkey_v1(*flags, &input).ok_or(LocalFault::Internal)?;
    Ok(Responses { lm: lm.to_vec(), nt: nt.to_vec(), key_exchange_key })
}

/// Nothing, as Windows writes it: one zero byte in the LM field.
pub fn anonymous() -> Responses {
    Responses { lm: vec![0], nt: Vec::new(), key_exchange_key: Secret::new([0; 16]) }
}

fn no_hash() -> Error {
    Error::new(LocalFault::NoCredentials, "the account has no NT hash")
}
