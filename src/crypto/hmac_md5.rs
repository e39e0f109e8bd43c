//! HMAC-MD5 (RFC 2104) with the two halves of the key hashed once.

use md5::block_api::compress;
use zeroize::Zeroize;

const BLOCK: usize = 64;

/// A key, as the two MD5 states that follow its inner and outer pads.
pub struct HmacMd5Key {
    inner: [u32; 4],
    outer: [u32; 4],
}

impl HmacMd5Key {
    /// Hashes the pads of a 16-byte key.
    pub fn new(key: &[u8; 16]) -> Self {
        let mut inner = Self::padded(key, 0x36);
        let mut outer = Self::padded(key, 0x5C);
        let states = Self { inner: after(&inner), outer: after(&outer) };
        inner.zeroize();
        outer.zeroize();
        states
    }

    /// Begins a code.
    pub const fn start(&self) -> HmacMd5<'_> {
        HmacMd5 { key: self, hash: Stream { state: self.inner, block: [0; BLOCK], length: 0 } }
    }

    /// The code of the concatenation.
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 16] {
        let mut mac = self.start();
        for part in parts {
            mac.update(part);
        }
        mac.finish()
    }

    fn padded(key: &[u8; 16], pad: u8) -> [u8; BLOCK] {
        let mut block = [pad; BLOCK];
        for (byte, key) in block.iter_mut().zip(key) {
            *byte ^= key;
        }
        block
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
    hash: Stream,
}

impl HmacMd5<'_> {
    /// Takes more bytes in.
    pub fn update(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
    }

    /// The code.
    pub fn finish(self) -> [u8; 16] {
        let inner = self.hash.finish();
        let mut outer = Stream { state: self.key.outer, block: [0; BLOCK], length: 0 };
        outer.update(&inner);
        outer.finish()
    }
}

/// MD5 that continues from a state after one block.
struct Stream {
    state: [u32; 4],
    block: [u8; BLOCK],
    /// Bytes taken in after the first block.
    length: u64,
}

impl Stream {
    fn update(&mut self, mut bytes: &[u8]) {
        let filled = self.filled();
        self.length = self.length.wrapping_add(bytes.len() as u64);
        if filled > 0 {
            let room = &mut self.block[filled..];
            if bytes.len() < room.len() {
                room[..bytes.len()].copy_from_slice(bytes);
                return;
            }
            let (head, rest) = bytes.split_at(room.len());
            room.copy_from_slice(head);
            compress(&mut self.state, std::slice::from_ref(&self.block));
            bytes = rest;
        }
        let (blocks, tail) = bytes.as_chunks::<BLOCK>();
        compress(&mut self.state, blocks);
        self.block[..tail.len()].copy_from_slice(tail);
    }

    fn finish(mut self) -> [u8; 16] {
        let filled = self.filled();
        let bits = self.length.wrapping_add(BLOCK as u64).wrapping_mul(8);
        self.block[filled] = 0x80;
        self.block[filled + 1..].fill(0);
        if filled + 9 > BLOCK {
            compress(&mut self.state, std::slice::from_ref(&self.block));
            self.block.fill(0);
        }
        self.block[BLOCK - 8..].copy_from_slice(&bits.to_le_bytes());
        compress(&mut self.state, std::slice::from_ref(&self.block));
        let mut digest = [0; 16];
        for (bytes, word) in digest.as_chunks_mut::<4>().0.iter_mut().zip(self.state) {
            *bytes = word.to_le_bytes();
        }
        digest
    }

    const fn filled(&self) -> usize {
        (self.length % BLOCK as u64) as usize
    }
}

const INITIAL: [u32; 4] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476];

fn after(block: &[u8; BLOCK]) -> [u32; 4] {
    let mut state = INITIAL;
    compress(&mut state, std::slice::from_ref(block));
    state
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
