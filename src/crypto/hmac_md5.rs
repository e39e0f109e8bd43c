//! HMAC-MD5 (RFC 2104) with the two halves of the key hashed once.

use zeroize::Zeroize;

use super::md5::Md5;
use super::rc4::Rc4;

/// A key, as the two MD5 states that follow its inner and outer pads.
pub struct HmacMd5Key {
    inner: [u32; 4],
    outer: [u32; 4],
}

impl HmacMd5Key {
    /// Hashes the pads of a 16-byte key.
    pub fn new(key: &[u8; 16]) -> Self {
        Self::of_words([0; 4], key.as_chunks().0)
    }

    /// Likewise of a key of up to 32 bytes, filled up with zeros, as RFC 2104 fills a key up.
    pub fn new_padded(key: &[u8; 32]) -> Self {
        Self::of_words([0; 8], key.as_chunks().0)
    }

    fn of_words<const N: usize>(mut words: [u32; N], key: &[[u8; 4]]) -> Self {
        for (word, bytes) in words.iter_mut().zip(key) {
            *word = u32::from_le_bytes(*bytes);
        }
        let [inner, outer] = Md5::states_after(|n| {
            let word = words.get(n).copied().unwrap_or(0);
            (word ^ 0x3636_3636, word ^ 0x5C5C_5C5C)
        });
        words.zeroize();
        Self { inner, outer }
    }

    /// Begins a code.
    pub const fn start(&self) -> HmacMd5<'_> {
        HmacMd5 { key: self, hash: Md5::resume(self.inner) }
    }

    /// Begins a code of what starts with a number, as [MS-NLMP] counts its messages.
    pub const fn start_with(&self, number: u32) -> HmacMd5<'_> {
        HmacMd5 { key: self, hash: Md5::resume_with(self.inner, number.to_le_bytes()) }
    }

    /// The code of the concatenation.
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 16] {
        let mut mac = self.start();
        for part in parts {
            mac.update(part);
        }
        mac.finish()
    }
}

impl Drop for HmacMd5Key {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

/// `HMAC_MD5(key, parts)` for a key that is used once.
pub fn hmac_md5(key: &[u8; 16], parts: &[&[u8]]) -> [u8; 16] {
    HmacMd5Key::new(key).mac(parts)
}

/// A code in the making.
pub struct HmacMd5<'k> {
    key: &'k HmacMd5Key,
    hash: Md5,
}

impl HmacMd5<'_> {
    /// Takes more bytes in.
    pub fn update(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
    }

    /// Takes more bytes in and encrypts them.
    pub fn update_and_encrypt(&mut self, data: &mut [u8], stream: &mut Rc4) {
        self.hash.update_and_encrypt(data, stream);
    }

    /// Decrypts more bytes and takes them in.
    pub fn decrypt_and_update(&mut self, data: &mut [u8], stream: &mut Rc4) {
        self.hash.decrypt_and_update(data, stream);
    }

    /// The code.
    pub fn finish(&mut self) -> [u8; 16] {
        Md5::of_digest(self.key.outer, self.hash.finish_words())
    }
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit, Mac};
    use md5::Md5;

    use super::*;

    #[test]
    fn rfc2202_first_case() {
        let expected = 0x9294_727a_3638_bb1c_13f4_8ef8_158b_fc9d_u128.to_be_bytes();
        assert_eq!(hmac_md5(&[0x0b; 16], &[b"Hi ", b"There"]), expected);
    }

    #[test]
    fn keys_are_filled_up_with_zeros() {
        let mut key = [0; 32];
        key[..16].copy_from_slice(b"0123456789abcdef");
        let expected = hmac_md5(b"0123456789abcdef", &[b"data"]);
        assert_eq!(HmacMd5Key::new_padded(&key).mac(&[b"data"]), expected);
        let key = *b"0123456789abcdefghijklmnopqrstuv";
        let mut other = Hmac::<Md5>::new_from_slice(&key).unwrap();
        other.update(b"data");
        let expected: [u8; 16] = other.finalize().into_bytes().into();
        assert_eq!(HmacMd5Key::new_padded(&key).mac(&[b"data"]), expected);
    }

    #[test]
    fn every_length_and_split_agrees_with_the_hmac_crate() {
        let key = *b"0123456789abcdef";
        let data: Vec<u8> = (0..300_u32).map(|n| (n * 7) as u8).collect();
        for length in 0..data.len() {
            let mut other = Hmac::<Md5>::new_from_slice(&key).unwrap();
            other.update(&data[..length]);
            let expected: [u8; 16] = other.finalize().into_bytes().into();
            for split in [0, length / 3, length.saturating_sub(1)] {
                let parts = [&data[..split], &data[split..length]];
                assert_eq!(hmac_md5(&key, &parts), expected, "{length} {split}");
            }
        }
    }
}
