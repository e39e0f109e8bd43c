//! `NTLMv2_RESPONSE` and `NTLMv2_CLIENT_CHALLENGE` ([MS-NLMP] 2.2.2.7, 2.2.2.8).

use super::{AvPairs, malformed};
use crate::spi::error::Result;

/// An NT response that is longer than that of `NTLMv1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ntlmv2Response<'a> {
    /// `NTProofStr`
    pub proof: &'a [u8; 16],
    /// What the proof covers, as it came.
    pub blob: &'a [u8],
    /// The client's time, or the server's sent back.
    pub time: u64,
    /// Eight random bytes of the client.
    pub client_challenge: [u8; 8],
    /// The server's pairs and the client's own. Bytes behind their end are covered by the proof
    /// and mean nothing: peers send 0, 4 or 8 of them.
    pub pairs: AvPairs<'a>,
}

impl<'a> Ntlmv2Response<'a> {
    /// Reads a response.
    pub fn decode(response: &'a [u8]) -> Result<Self> {
        let short = || malformed("the NTLMv2 response is too short");
        let (proof, blob) = response.split_first_chunk::<16>().ok_or_else(short)?;
        let (head, pairs) = blob.split_first_chunk::<28>().ok_or_else(short)?;
        let [1, 1, rest @ ..] = head else {
            return Err(malformed("the NTLMv2 response has an unknown version"));
        };
        let time = rest[6..].first_chunk().ok_or_else(short)?;
        let client_challenge = rest[14..].first_chunk().ok_or_else(short)?;
        Ok(Self {
            proof,
            blob,
            time: u64::from_le_bytes(*time),
            client_challenge: *client_challenge,
            pairs: AvPairs::decode(pairs)?,
        })
    }

    /// Writes what the proof covers around a complete list of pairs.
    pub fn encode_blob(time: u64, client_challenge: &[u8; 8], pairs: &[u8]) -> Vec<u8> {
        let mut blob = Vec::with_capacity(32 + pairs.len());
        blob.extend_from_slice(&[1, 1, 0, 0, 0, 0, 0, 0]);
        blob.extend_from_slice(&time.to_le_bytes());
        blob.extend_from_slice(client_challenge);
        blob.extend_from_slice(&[0; 4]);
        blob.extend_from_slice(pairs);
        blob.extend_from_slice(&[0; 4]);
        blob
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_makes_the_round() {
        let blob = Ntlmv2Response::encode_blob(77, b"CLIENTCH", &[0; 4]);
        let response = [&[9; 16][..], &blob].concat();
        let decoded = Ntlmv2Response::decode(&response).unwrap();
        assert_eq!((decoded.time, &decoded.client_challenge), (77, b"CLIENTCH"));
        assert_eq!(decoded.blob, blob);
        for length in 0..48 {
            assert!(Ntlmv2Response::decode(&response[..length]).is_err(), "{length}");
        }
        let mut other = response;
        other[16] = 2;
        assert!(Ntlmv2Response::decode(&other).is_err());
    }
}
