//! Confounders: bytes that nobody can predict, without asking the system for each.

use aes::Aes256Enc;
use aes::cipher::{BlockCipherEncrypt, KeyInit};

use crate::spi::secret::Secret;

/// AES-256 over a counter, under a secret that was made for one context: a block never comes
/// twice, and none says anything of the next.
pub struct Confounders {
    cipher: Aes256Enc,
    stream: u8,
}

impl Confounders {
    /// One of the streams of a secret.
    pub fn new(seed: &Secret<32>, stream: u8) -> Self {
        Self { cipher: Aes256Enc::new(seed.expose().into()), stream }
    }

    /// The block of a number. Who never repeats the number never repeats the block.
    pub fn block(&self, number: u64) -> [u8; 16] {
        let mut block = [0; 16];
        let (head, tail) = block.split_at_mut(8);
        head.copy_from_slice(&number.to_be_bytes());
        tail.fill(self.stream);
        let mut block = block.into();
        self.cipher.encrypt_block(&mut block);
        block.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fips197_appendix_c3() {
        let seed = Secret::new(std::array::from_fn(|index| index as u8));
        let Confounders { cipher, .. } = Confounders::new(&seed, 0);
        let plain: [u8; 16] = std::array::from_fn(|index| index as u8 * 0x11);
        let mut block = plain.into();
        cipher.encrypt_block(&mut block);
        let expected = 0x8ea2_b7ca_5167_45bf_eafc_4990_4b49_6089_u128.to_be_bytes();
        assert_eq!(<[u8; 16]>::from(block), expected);
    }

    #[test]
    fn no_block_comes_twice() {
        let mut seen = std::collections::HashSet::new();
        for seed in [1, 2] {
            for stream in [0, 1] {
                let confounders = Confounders::new(&Secret::new([seed; 32]), stream);
                for number in (0..100).chain([u64::MAX]) {
                    assert!(seen.insert(confounders.block(number)));
                }
            }
        }
    }
}
