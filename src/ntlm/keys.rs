//! One-way functions, responses and session keys, by the names of [MS-NLMP] 3.3 and 3.4.

use crate::crypto::des::{des, desl};
use crate::crypto::digest::{md4, md5};
use crate::crypto::hmac_md5::{HmacMd5Key, hmac_md5};
use crate::spi::secret::{Secret, SecretText};
use crate::spi::text::utf16le;
use crate::wire::ntlm::NegotiateFlags;

/// A key of 16 bytes.
pub type Key = Secret<16>;

/// `NTOWFv1` (3.3.1): MD4 of the password's UTF-16.
pub fn ntowf_v1(password: &SecretText) -> Key {
    md4(password.to_utf16le().expose())
}

/// `LMOWFv1` (3.3.1): `DES(UpperCase(password)[0..7], "KGS!@#$%")` and the same of `[7..14]`.
/// `None` for passwords that have no such hash: longer than 14 characters or not ASCII, where
/// the OEM code page would decide.
pub fn lmowf_v1(password: &SecretText) -> Option<Key> {
    let mut upper = Secret::new([0; 14]);
    let units = password.expose();
    if units.len() > upper.expose().len() {
        return None;
    }
    for (byte, &unit) in upper.expose_mut().iter_mut().zip(units) {
        *byte = u8::try_from(unit).ok().filter(u8::is_ascii)?.to_ascii_uppercase();
    }
    let mut hash = Secret::new([0; 16]);
    let (halves, _) = upper.expose().as_chunks::<7>();
    for (out, &half) in hash.expose_mut().as_chunks_mut::<8>().0.iter_mut().zip(halves) {
        *out = des(half, b"KGS!@#$%");
    }
    Some(hash)
}

/// `NTOWFv2` (3.3.2): `HMAC_MD5(NTOWFv1, UpperCase(user) ‖ domain)`. The caller upper-cases the
/// user; the domain is taken as it stands in the message.
pub fn ntowf_v2(nt_hash: &Key, upper_user: &str, domain: &str) -> Key {
    Secret::new(hmac_md5(nt_hash.expose(), &[&utf16le(upper_user), &utf16le(domain)]))
}

/// `NTOWFv2` as the key that it is used as.
pub struct V2Key(HmacMd5Key);

impl V2Key {
    /// The key of an account under exactly these names; see [`ntowf_v2`].
    pub fn new(nt_hash: &Key, upper_user: &str, domain: &str) -> Self {
        Self(HmacMd5Key::new(ntowf_v2(nt_hash, upper_user, domain).expose()))
    }

    /// `NTProofStr` (3.3.2): `HMAC_MD5(NTOWFv2, server challenge ‖ temp)`.
    pub fn nt_proof(&self, server_challenge: [u8; 8], temp: &[u8]) -> [u8; 16] {
        self.0.mac(&[&server_challenge, temp])
    }

    /// `LMv2` (3.3.2): `HMAC_MD5(LMOWFv2, server challenge ‖ client challenge) ‖ client
    /// challenge`; `LMOWFv2` is `NTOWFv2`.
    pub fn lm_v2(&self, server_challenge: [u8; 8], client_challenge: [u8; 8]) -> [u8; 24] {
        let mut response = [0; 24];
        let proof = self.0.mac(&[&server_challenge, &client_challenge]);
        response[..16].copy_from_slice(&proof);
        response[16..].copy_from_slice(&client_challenge);
        response
    }

    /// `SessionBaseKey` (3.3.2): `HMAC_MD5(NTOWFv2, NTProofStr)`.
    pub fn session_base_key(&self, proof: &[u8; 16]) -> Key {
        Secret::new(self.0.mac(&[proof]))
    }
}

/// A response of `NTLMv1` (3.3.1): `DESL(hash, server challenge)`.
pub fn response_v1(hash: &Key, server_challenge: [u8; 8]) -> [u8; 24] {
    desl(hash.expose(), &server_challenge)
}

/// The NT response of `NTLMv1` with extended session security (3.3.1):
/// `DESL(NTOWFv1, MD5(server challenge ‖ client challenge)[0..8])`.
pub fn response_v1_ess(hash: &Key, server: [u8; 8], client: [u8; 8]) -> [u8; 24] {
    let [c0, c1, c2, c3, c4, c5, c6, c7, ..] = md5(&[&server, &client]);
    desl(hash.expose(), &[c0, c1, c2, c3, c4, c5, c6, c7])
}

/// The session base key of `NTLMv1` (3.3.1): `MD4(NTOWFv1)`.
pub fn session_base_key_v1(nt_hash: &Key) -> Key {
    md4(nt_hash.expose())
}

/// What [`kxkey_v1`] looks at besides the flags.
pub struct KxInput<'a> {
    /// `MD4(NTOWFv1)`; `None` when the account has no NT hash.
    pub session_base_key: Option<&'a Key>,
    /// `LMOWFv1`; `None` when there is none.
    pub lm_hash: Option<&'a Key>,
    /// `LmChallengeResponse`.
    pub lm_response: &'a [u8; 24],
    /// The server's challenge.
    pub server_challenge: [u8; 8],
}

/// `KXKEY` of `NTLMv1` (3.4.5.1). `None` when what the flags demand is not there.
pub fn kxkey_v1(flags: NegotiateFlags, input: &KxInput<'_>) -> Option<Key> {
    let [l0, l1, l2, l3, l4, l5, l6, l7, ..] = *input.lm_response;
    let response = [l0, l1, l2, l3, l4, l5, l6, l7];
    if flags.contains(NegotiateFlags::EXTENDED_SESSION_SECURITY) {
        let base = input.session_base_key?;
        return Some(Secret::new(hmac_md5(base.expose(), &[&input.server_challenge, &response])));
    }
    if flags.contains(NegotiateFlags::LM_KEY) {
        let [h0, h1, h2, h3, h4, h5, h6, h7, ..] = *input.lm_hash?.expose();
        let mut key = Secret::new([0; 16]);
        let halves = [[h0, h1, h2, h3, h4, h5, h6], [h7, 0xBD, 0xBD, 0xBD, 0xBD, 0xBD, 0xBD]];
        for (out, half) in key.expose_mut().as_chunks_mut::<8>().0.iter_mut().zip(halves) {
            *out = des(half, &response);
        }
        return Some(key);
    }
    if flags.contains(NegotiateFlags::REQUEST_NON_NT_SESSION_KEY) {
        let mut key = Secret::new([0; 16]);
        key.expose_mut()[..8].copy_from_slice(&input.lm_hash?.expose()[..8]);
        return Some(key);
    }
    input.session_base_key.map(Secret::duplicate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::rc4::rc4k;

    const SERVER_CHALLENGE: [u8; 8] = 0x0123_4567_89AB_CDEF_u64.to_be_bytes();
    const CLIENT_CHALLENGE: [u8; 8] = [0xAA; 8];
    const RANDOM_SESSION_KEY: [u8; 16] = [0x55; 16];

    fn password() -> SecretText {
        SecretText::from_str_secret("Password")
    }

    fn hex<const N: usize>(text: &str) -> [u8; N] {
        let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16);
        let bytes: Vec<u8> = digits.chunks(2).map(|pair| byte(pair).unwrap()).collect();
        bytes.try_into().unwrap()
    }

    #[test]
    fn ms_nlmp_4_2_2_1_one_way_functions_v1() {
        let lm = lmowf_v1(&password()).unwrap();
        assert_eq!(lm.expose(), &hex("e52cac67419a9a22 4a3b108f3fa6cb6d"));
        let nt = ntowf_v1(&password());
        assert_eq!(nt.expose(), &hex("a4f49c406510bdca b6824ee7c30fd852"));
        let base = session_base_key_v1(&nt);
        assert_eq!(base.expose(), &hex("d87262b0cde4b1cb 7499becccdf10784"));
    }

    #[test]
    fn ms_nlmp_4_2_2_2_responses_and_session_keys_v1() {
        let (lm, nt) = (lmowf_v1(&password()).unwrap(), ntowf_v1(&password()));
        let nt_response = response_v1(&nt, SERVER_CHALLENGE);
        assert_eq!(nt_response, hex("67c43011f30298a2ad35ece64f16331c44bdbed927841f94"));
        let lm_response = response_v1(&lm, SERVER_CHALLENGE);
        assert_eq!(lm_response, hex("98def7b87f88aa5dafe2df779688a172def11c7d5ccdef13"));
        let base = session_base_key_v1(&nt);
        let input = KxInput {
            session_base_key: Some(&base),
            lm_hash: Some(&lm),
            lm_response: &lm_response,
            server_challenge: SERVER_CHALLENGE,
        };
        let encrypted = |flags| rc4k(kxkey_v1(flags, &input).unwrap().expose(), RANDOM_SESSION_KEY);
        assert_eq!(encrypted(NegotiateFlags::empty()), hex("518822b1b3f350c8958682ecbb3e3cb7"));
        let non_nt = NegotiateFlags::REQUEST_NON_NT_SESSION_KEY;
        assert_eq!(encrypted(non_nt), hex("7452ca55c225a1ca04b48fae32cf56fc"));
        assert_eq!(encrypted(NegotiateFlags::LM_KEY), hex("4cd7bb57d697ef9b549f02b8f9b37864"));
    }

    #[test]
    fn ms_nlmp_4_2_3_v1_with_client_challenge() {
        let nt = ntowf_v1(&password());
        let response = response_v1_ess(&nt, SERVER_CHALLENGE, CLIENT_CHALLENGE);
        assert_eq!(response, hex("7537f803ae367128ca458204bde7caf81e97ed2683267232"));
        let mut lm_response = [0; 24];
        lm_response[..8].copy_from_slice(&CLIENT_CHALLENGE);
        let base = session_base_key_v1(&nt);
        let input = KxInput {
            session_base_key: Some(&base),
            lm_hash: None,
            lm_response: &lm_response,
            server_challenge: SERVER_CHALLENGE,
        };
        let key = kxkey_v1(NegotiateFlags::EXTENDED_SESSION_SECURITY, &input).unwrap();
        assert_eq!(key.expose(), &hex("eb93429a8bd952f8b89c55b87f475edc"));
        assert!(kxkey_v1(NegotiateFlags::LM_KEY, &input).is_none());
    }

    #[test]
    fn ms_nlmp_4_2_4_v2() {
        let nt = ntowf_v1(&password());
        let hash = ntowf_v2(&nt, "USER", "Domain");
        assert_eq!(hash.expose(), &hex("0c868a403bfd7a93a3001ef22ef02e3f"));
        let key = V2Key::new(&nt, "USER", "Domain");
        let temp: [u8; 68] = hex("0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000
             02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000 00000000");
        let proof = key.nt_proof(SERVER_CHALLENGE, &temp);
        assert_eq!(proof, hex("68cd0ab851e51c96aabc927bebef6a1c"));
        let base = key.session_base_key(&proof);
        assert_eq!(base.expose(), &hex("8de40ccadbc14a82f15cb0ad0de95ca3"));
        let lm = key.lm_v2(SERVER_CHALLENGE, CLIENT_CHALLENGE);
        assert_eq!(lm, hex("86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa"));
        let encrypted = rc4k(base.expose(), RANDOM_SESSION_KEY);
        assert_eq!(encrypted, hex("c5dad2544fc9799094ce1ce90bc9d03e"));
    }

    #[test]
    fn passwords_without_an_lm_hash() {
        assert!(lmowf_v1(&SecretText::from_str_secret("fourteen chars")).is_some());
        assert!(lmowf_v1(&SecretText::from_str_secret("fifteen chars!!")).is_none());
        assert!(lmowf_v1(&SecretText::from_str_secret("pässword")).is_none());
    }
}
