//! DES as NTLM uses it: 7-byte keys spread over 8 bytes ([MS-NLMP] 6, `DES`, `DESL`).

use des::Des;
use des::cipher::{BlockCipherEncrypt, KeyInit};

/// `DES(K, D)`: one block under a 7-byte key.
pub fn des(key: [u8; 7], data: &[u8; 8]) -> [u8; 8] {
    let mut block = (*data).into();
    Des::new(&spread(key).into()).encrypt_block(&mut block);
    block.into()
}

/// `DESL(K, D)`: three blocks under a 16-byte key followed by five zero bytes.
pub fn desl(key: &[u8; 16], data: &[u8; 8]) -> [u8; 24] {
    let [k0, k1, k2, k3, k4, k5, k6, k7, k8, k9, k10, k11, k12, k13, k14, k15] = *key;
    let keys =
        [[k0, k1, k2, k3, k4, k5, k6], [k7, k8, k9, k10, k11, k12, k13], [k14, k15, 0, 0, 0, 0, 0]];
    let mut response = [0; 24];
    for (out, key) in response.as_chunks_mut::<8>().0.iter_mut().zip(keys) {
        *out = des(key, data);
    }
    response
}

/// Seven bits into each byte; the parity bits, which DES ignores, are zero.
fn spread(key: [u8; 7]) -> [u8; 8] {
    let packed = key.iter().fold(0_u64, |packed, &byte| packed << 8 | u64::from(byte));
    std::array::from_fn(|index| ((packed >> (49 - 7 * index)) as u8 & 0x7F) << 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_bits_are_spread_in_order() {
        assert_eq!(spread([0xFF; 7]), [0xFE; 8]);
        assert_eq!(spread([0x80, 0, 0, 0, 0, 0, 0x01]), [0x80, 0, 0, 0, 0, 0, 0, 0x02]);
    }

    #[test]
    fn the_lm_hash_of_nothing() {
        // [MS-NLMP] 3.3.1: DES of "KGS!@#$%" under a zero key.
        assert_eq!(des([0; 7], b"KGS!@#$%"), 0xAAD3_B435_B514_04EE_u64.to_be_bytes());
    }
}
