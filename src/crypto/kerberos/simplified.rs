//! AES with HMAC-SHA1: the simplified profile of RFC 3961 5, with RFC 3962.

use std::marker::PhantomData;

use aes::cipher::BlockCipherEncrypt;
use sha1::Sha1 as Sha1Crate;
use zeroize::Zeroize;

use super::aes_cts::{Aes, AesHmac};
use super::cbc::Block;
use super::cipher::Protection;
use super::enctype::Enctype;
use super::error::CryptoError;
use super::hash::{HmacKey, Running, Sha1};
use super::mac::Code;
use super::profile::{KeyBytes, Profile, iterations, utf8};
use crate::spi::secret::{SecretBytes, SecretText};

/// RFC 3962 4.
const DEFAULT_ITERATIONS: u32 = 4096;

/// The enctype of a length of AES key.
pub(super) struct Simplified<C> {
    enctype: Enctype,
    cipher: PhantomData<fn() -> C>,
}

impl<C: Aes> Simplified<C> {
    /// Under this number.
    pub(super) const fn new(enctype: Enctype) -> Self {
        Self { enctype, cipher: PhantomData }
    }
}

impl<C: Aes> Profile for Simplified<C> {
    fn string_to_key(
        &self,
        password: &SecretText,
        salt: &[u8],
        parameters: Option<&[u8]>,
    ) -> Result<KeyBytes, CryptoError> {
        let count = iterations(self.enctype, parameters, DEFAULT_ITERATIONS)?;
        Ok(stretched::<C>(utf8(password)?.expose(), salt, count))
    }

    fn protection(&self, key: &KeyBytes, usage: u32) -> Box<dyn Protection> {
        let base = C::schedule_encryption(key);
        let cipher = C::schedule(&derive_with::<C>(&base, &constant(usage, 0xAA)));
        let integrity = hmac_key::<C>(&derive_with::<C>(&base, &constant(usage, 0x55)));
        Box::new(AesHmac::<C, Sha1, false> { cipher, integrity })
    }

    fn code(&self, key: &KeyBytes, usage: u32) -> Code {
        Code::Sha1(hmac_key::<C>(&derive::<C>(key, &constant(usage, 0x99))))
    }

    /// RFC 3961 5.3 and RFC 3962 6: one block of the digest, encrypted.
    fn prf(&self, key: &KeyBytes, input: &[u8]) -> SecretBytes {
        let mut hash = Running::<Sha1>::new();
        hash.update(input);
        let digest = hash.finish();
        let mut block: Block = std::array::from_fn(|index| digest[index]);
        C::schedule_encryption(&derive::<C>(key, b"prf")).encrypt_block((&mut block).into());
        SecretBytes::new(block.to_vec())
    }
}

/// RFC 3962 4, with any count.
fn stretched<C: Aes>(password: &[u8], salt: &[u8], count: u32) -> KeyBytes {
    let mut seed = KeyBytes::new([0; 32]);
    let wanted = seed.expose_mut().get_mut(..C::KEY).unwrap_or_default();
    pbkdf2::pbkdf2_hmac::<Sha1Crate>(password, salt, count, wanted);
    derive::<C>(&seed, b"kerberos")
}

fn hmac_key<C: Aes>(key: &KeyBytes) -> HmacKey<Sha1> {
    HmacKey::new(key.expose().get(..C::KEY).unwrap_or_default())
}

/// The well-known constant of a usage's key: the usage and what the key is for.
pub(super) const fn constant(usage: u32, purpose: u8) -> [u8; 5] {
    let [a, b, c, d] = usage.to_be_bytes();
    [a, b, c, d, purpose]
}

/// `DK(key, constant)`; making a key of random bytes changes nothing here.
pub(super) fn derive<C: Aes>(key: &KeyBytes, constant: &[u8]) -> KeyBytes {
    derive_with::<C>(&C::schedule_encryption(key), constant)
}

fn derive_with<C: Aes>(base: &C::Encrypt, constant: &[u8]) -> KeyBytes {
    let mut derived = KeyBytes::new([0; 32]);
    let mut block: Block = n_fold(constant);
    let wanted = derived.expose_mut().get_mut(..C::KEY).unwrap_or_default();
    for out in wanted.as_chunks_mut().0 {
        base.encrypt_block((&mut block).into());
        *out = block;
    }
    block.zeroize();
    derived
}

/// `n-fold` (RFC 3961 5.1): the sum in ones' complement of copies of the input, each turned right
/// by 13 bits more than the one before, cut into pieces of the output's length.
fn n_fold<const N: usize>(input: &[u8]) -> [u8; N] {
    // The constants of key derivation are five bytes, and keys are derived in each handshake.
    if let 2..=8 = input.len() {
        return n_fold_of_word(input);
    }
    n_fold_of_any(input)
}

/// [`n_fold`] of what fits a word, which can be turned as a whole.
fn n_fold_of_word<const N: usize>(input: &[u8]) -> [u8; N] {
    let bits = input.len() * 8;
    let mut copy = input.iter().fold(0, |word, &byte| word << 8 | u64::from(byte));
    let mut sums = [0_u32; N];
    let mut position = 0;
    for _ in 0..N / gcd(N, input.len()) {
        for &byte in copy.to_be_bytes().iter().skip(8 - input.len()) {
            sums[position % N] += u32::from(byte);
            position += 1;
        }
        copy = copy >> 13 | (copy & 0x1FFF) << (bits - 13);
    }
    carried(sums)
}

fn n_fold_of_any<const N: usize>(input: &[u8]) -> [u8; N] {
    let mut sums = [0_u32; N];
    let bits = input.len() * 8;
    if bits == 0 {
        return [0; N];
    }
    let mut position = 0;
    for copy in 0..N / gcd(N, input.len()) {
        for byte in 0..input.len() {
            // Where in the input the byte begins that stands here after turning.
            let bit = (byte * 8 + bits - copy * 13 % bits) % bits;
            sums[position % N] += u32::from(eight_bits(input, bit));
            position += 1;
        }
    }
    carried(sums)
}

/// The eight bits from a bit on, around the end.
fn eight_bits(input: &[u8], bit: usize) -> u8 {
    let at = |index: usize| u16::from(input[index % input.len()]);
    let two = at(bit / 8) << 8 | at(bit / 8 + 1);
    (two >> (8 - bit % 8)) as u8
}

/// Carries to the left, and around.
fn carried<const N: usize>(mut sums: [u32; N]) -> [u8; N] {
    let mut carry = 0;
    while carry > 0 || sums.iter().any(|&sum| sum > 0xFF) {
        for sum in sums.iter_mut().rev() {
            *sum += carry;
            carry = *sum >> 8;
            *sum &= 0xFF;
        }
    }
    sums.map(|sum| sum as u8)
}

const fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use aes::{Aes128, Aes256};

    use super::super::vectors::hex;
    use super::*;

    #[test]
    fn words_are_folded_as_everything_else() {
        let text = *b"\x99kerberos";
        for length in 1..=text.len() {
            let input = &text[text.len() - length..];
            assert_eq!(n_fold::<8>(input), n_fold_of_any::<8>(input), "{length}");
            assert_eq!(n_fold::<16>(input), n_fold_of_any::<16>(input), "{length}");
            assert_eq!(n_fold::<21>(input), n_fold_of_any::<21>(input), "{length}");
        }
        for byte in [0, 0x7F, 0xFF] {
            for length in 2..=8 {
                let input = &[byte; 8][..length];
                assert_eq!(n_fold::<16>(input), n_fold_of_any::<16>(input), "{byte} {length}");
            }
        }
    }

    #[test]
    fn rfc3961_a1_n_fold() {
        assert_eq!(n_fold(b"012345"), 0xbe07_2631_276b_1955_u64.to_be_bytes());
        let password = [0x78, 0xa0, 0x7b, 0x6c, 0xaf, 0x85, 0xfa];
        assert_eq!(n_fold(b"password"), password);
        assert_eq!(
            n_fold(b"Rough Consensus, and Running Code"),
            0xbb6e_d308_70b7_f0e0_u64.to_be_bytes()
        );
        let kerberos = 0x6b65_7262_6572_6f73_7b9b_5b2b_9313_2b93_u128;
        assert_eq!(n_fold(b"kerberos"), kerberos.to_be_bytes());
        assert_eq!(n_fold(b"kerberos"), 0x6b65_7262_6572_6f73_u64.to_be_bytes());
    }
    /// Count, password, salt, and both keys.
    type Case<'a> = (u32, &'a [u8], &'a [u8], &'a str, &'a str);

    #[test]
    fn rfc3962_b_string_to_key() {
        let athena = &b"ATHENA.MIT.EDUraeburn"[..];
        let bytes = 0x1234_5678_7856_3412_u64.to_be_bytes();
        let (equal, longer) = ([b'X'; 64], [b'X'; 65]);
        #[rustfmt::skip]
        let cases: [Case<'_>; 7] = [
            (1, b"password", athena, "42263c6e89f4fc28b8df68ee09799f15",
             "fe697b52bc0d3ce14432ba036a92e65bbb52280990a2fa27883998d72af30161"),
            (2, b"password", athena, "c651bf29e2300ac27fa469d693bdda13",
             "a2e16d16b36069c135d5e9d2e25f896102685618b95914b467c67622225824ff"),
            (1200, b"password", athena, "4c01cd46d632d01e6dbe230a01ed642a",
             "55a6ac740ad17b4846941051e1e8b0a7548d93b0ab30a8bc3ff16280382b8c2a"),
            (5, b"password", &bytes, "e9b23d52273747dd5c35cb55be619d8e",
             "97a4e786be20d81a382d5ebc96d5909cabcdadc87ca48f574504159f16c36e31"),
            (1200, &equal, b"pass phrase equals block size", "59d1bb789a828b1aa54ef9c2883f69ed",
             "89adee3608db8bc71f1bfbfe459486b05618b70cbae22092534e56c553ba4b34"),
            (1200, &longer, b"pass phrase exceeds block size", "cb8005dc5f90179a7f02104c0018751d",
             "d78c5c9cb872a8c9dad4697f0bb5b2d21496c82beb2caeda2112fceea057401b"),
            (50, "\u{1D11E}".as_bytes(), b"EXAMPLE.COMpianist", "f149c1f2e154a73452d43e7fe62a56e5",
             "4b6d9839f84406df1f09cc166db4b83c571848b784a3d6bdc346589a3e393f9e"),
        ];
        for (count, password, salt, aes128, aes256) in cases {
            let key = stretched::<Aes128>(password, salt, count);
            assert_eq!(key.expose()[..16], hex(aes128), "{count}");
            let key = stretched::<Aes256>(password, salt, count);
            assert_eq!(key.expose()[..], hex(aes256), "{count}");
        }
    }
}
