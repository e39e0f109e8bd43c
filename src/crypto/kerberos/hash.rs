//! SHA-1 and SHA-2 with states that can be kept, and HMAC (RFC 2104) over them.
//!
//! The compression functions are the `sha1` and `sha2` crates'. What is around them is here
//! because a key's two states are kept for all its messages, because states are wiped, and because
//! a message is hashed block by block beside its encryption.

use zeroize::{Zeroize, optimization_barrier};

/// A hash function, as its compression function.
pub(super) trait Hash: Sized + Send + Sync + 'static {
    /// The chaining value.
    type State: Copy + Zeroize + Send + Sync;
    /// What is compressed at once.
    type Block: Copy + AsRef<[u8]> + AsMut<[u8]> + Zeroize;
    /// The digest; HMAC's tags are its beginning.
    type Digest: Copy + AsRef<[u8]> + AsMut<[u8]> + Zeroize;

    /// The chaining value before the first block.
    const INITIAL: Self::State;
    /// A block of zeros.
    const ZEROS: Self::Block;
    /// Blocks in a turn beside a cipher. Of a hash with few long instructions a turn is one block,
    /// and the processor works on both at once. One with many short ones leaves it nothing to do
    /// beside it, but works on two blocks at once.
    const TURN: usize;

    /// Takes blocks in.
    fn compress(state: &mut Self::State, blocks: &[Self::Block]);
    /// The bytes as whole blocks and a rest.
    fn blocks(bytes: &[u8]) -> (&[Self::Block], &[u8]);
    /// The chaining value as the digest.
    fn digest(state: &Self::State) -> Self::Digest;
}

macro_rules! hash {
    ($(#[$doc:meta])* $name:ident, $word:ty, $words:literal, $block:literal, $digest:literal,
     $turn:literal, $compress:path, $initial:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub(super) struct $name;

        impl Hash for $name {
            type State = [$word; $words];
            type Block = [u8; $block];
            type Digest = [u8; $digest];

            const INITIAL: Self::State = $initial;
            const ZEROS: Self::Block = [0; $block];
            const TURN: usize = $turn;

            #[inline]
            fn compress(state: &mut Self::State, blocks: &[Self::Block]) {
                $compress(state, blocks);
            }

            #[inline]
            fn blocks(bytes: &[u8]) -> (&[Self::Block], &[u8]) {
                bytes.as_chunks()
            }

            #[inline]
            fn digest(state: &Self::State) -> Self::Digest {
                let mut digest = [0; $digest];
                let (words, _) = digest.as_chunks_mut::<{ size_of::<$word>() }>();
                for (bytes, word) in words.iter_mut().zip(state) {
                    *bytes = word.to_be_bytes();
                }
                digest
            }
        }
    };
}

hash!(
    /// SHA-1 (RFC 3174).
    Sha1, u32, 5, 64, 20, 1, sha1::block_api::compress,
    [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
);
hash!(
    /// SHA-256 (FIPS 180-4).
    Sha256, u32, 8, 64, 32, 1, sha2::block_api::compress256,
    [
        0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A,
        0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19,
    ]
);
hash!(
    /// SHA-384 (FIPS 180-4).
    Sha384, u64, 8, 128, 48, 32, sha2::block_api::compress512,
    [
        0xCBBB_9D5D_C105_9ED8, 0x629A_292A_367C_D507, 0x9159_015A_3070_DD17, 0x152F_ECD8_F70E_5939,
        0x6733_2667_FFC0_0B31, 0x8EB4_4A87_6858_1511, 0xDB0C_2E0D_64F9_8FA7, 0x47B5_481D_BEFA_4FA4,
    ]
);

/// A digest in the making.
pub(super) struct Running<H: Hash> {
    state: H::State,
    /// What is not compressed yet.
    block: H::Block,
    length: u64,
}

impl<H: Hash> Running<H> {
    /// Of no bytes yet.
    pub(super) const fn new() -> Self {
        Self { state: H::INITIAL, block: H::ZEROS, length: 0 }
    }

    /// After one block that led to this state.
    const fn resume(state: H::State) -> Self {
        Self { state, block: H::ZEROS, length: size_of::<H::Block>() as u64 }
    }

    /// Takes bytes in.
    #[inline]
    pub(super) fn update(&mut self, mut bytes: &[u8]) {
        let filled = self.filled();
        self.length = self.length.wrapping_add(bytes.len() as u64);
        if filled > 0 {
            let (_, rest) = self.block.as_mut().split_at_mut(filled);
            let Some((head, tail)) = bytes.split_at_checked(rest.len()) else {
                put(rest, bytes);
                return;
            };
            rest.copy_from_slice(head);
            H::compress(&mut self.state, std::slice::from_ref(&self.block));
            bytes = tail;
        }
        let (blocks, tail) = H::blocks(bytes);
        if !blocks.is_empty() {
            H::compress(&mut self.state, blocks);
        }
        put(self.block.as_mut(), tail);
    }

    /// Takes whole blocks in, where [`Self::missing`] is 0.
    #[inline]
    pub(super) fn update_blocks(&mut self, blocks: &[H::Block]) {
        H::compress(&mut self.state, blocks);
        self.length = self.length.wrapping_add(size_of_val(blocks) as u64);
    }

    /// How many bytes are missing from a whole block.
    pub(super) const fn missing(&self) -> usize {
        (size_of::<H::Block>() - self.filled()) % size_of::<H::Block>()
    }

    /// The digest.
    pub(super) fn finish(mut self) -> H::Digest {
        H::digest(&self.end())
    }

    /// The last state: after `80`, zeros and the length in bits.
    fn end(&mut self) -> H::State {
        let bits = self.length.wrapping_mul(8).to_be_bytes();
        let size = size_of::<H::Block>();
        let filled = self.filled();
        let (_, rest) = self.block.as_mut().split_at_mut(filled);
        rest.fill(0);
        put(rest, &[0x80]);
        // The length field is twice a word: 8 bytes of SHA-1 and SHA-256, 16 of SHA-384.
        if filled >= size - size / 8 {
            H::compress(&mut self.state, std::slice::from_ref(&self.block));
            self.block = H::ZEROS;
        }
        if let Some(end) = self.block.as_mut().last_chunk_mut() {
            *end = bits;
        }
        H::compress(&mut self.state, std::slice::from_ref(&self.block));
        self.state
    }

    const fn filled(&self) -> usize {
        self.length as usize % size_of::<H::Block>()
    }
}

impl<H: Hash> Drop for Running<H> {
    fn drop(&mut self) {
        self.state = H::INITIAL;
        self.block = H::ZEROS;
        optimization_barrier(self);
    }
}

/// An HMAC key, as the two states that follow its inner and outer pads.
pub(super) struct HmacKey<H: Hash> {
    inner: H::State,
    outer: H::State,
}

impl<H: Hash> HmacKey<H> {
    /// Hashes the pads of a key of any length.
    pub(super) fn new(key: &[u8]) -> Self {
        let mut block = H::ZEROS;
        if key.len() > block.as_ref().len() {
            let mut hash = Running::<H>::new();
            hash.update(key);
            let mut digest = hash.finish();
            put(block.as_mut(), digest.as_ref());
            digest.zeroize();
        } else {
            put(block.as_mut(), key);
        }
        let inner = after::<H>(&mut block, 0x36);
        let outer = after::<H>(&mut block, 0x36 ^ 0x5C);
        block.zeroize();
        Self { inner, outer }
    }

    /// Begins a code.
    pub(super) const fn start(&self) -> Running<H> {
        Running::resume(self.inner)
    }

    /// Ends a code.
    #[inline]
    pub(super) fn finish(&self, inner: &mut Running<H>) -> H::Digest {
        let digest = H::digest(&inner.end());
        // The outer hash has two blocks: the pad, which was hashed, and the digest with its end.
        let bytes = size_of::<H::Block>() + size_of::<H::Digest>();
        let mut block = H::ZEROS;
        let (start, rest) = block.as_mut().split_at_mut(size_of::<H::Digest>());
        start.copy_from_slice(digest.as_ref());
        put(rest, &[0x80]);
        if let Some(end) = rest.last_chunk_mut() {
            *end = (bytes as u64 * 8).to_be_bytes();
        }
        let mut state = self.outer;
        H::compress(&mut state, std::slice::from_ref(&block));
        H::digest(&state)
    }

    /// The code of the concatenation.
    pub(super) fn mac(&self, parts: &[&[u8]]) -> H::Digest {
        let mut hash = self.start();
        for part in parts {
            hash.update(part);
        }
        self.finish(&mut hash)
    }
}

impl<H: Hash> Drop for HmacKey<H> {
    fn drop(&mut self) {
        (self.inner, self.outer) = (H::INITIAL, H::INITIAL);
        optimization_barrier(self);
    }
}

/// The state after one block, each byte of which has been combined with `pad`.
fn after<H: Hash>(block: &mut H::Block, pad: u8) -> H::State {
    for byte in block.as_mut() {
        *byte ^= pad;
    }
    let mut state = H::INITIAL;
    H::compress(&mut state, std::slice::from_ref(block));
    state
}

/// Copies as much as fits.
#[inline]
pub(super) fn put(to: &mut [u8], from: &[u8]) {
    let length = to.len().min(from.len());
    let (to, from) = (to.split_at_mut(length).0, from.split_at(length).0);
    to.copy_from_slice(from);
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit, Mac};

    use super::*;

    fn agrees<H: Hash>(oracle: impl Fn(&[u8], &[u8]) -> Vec<u8>) {
        let data: Vec<u8> = (0..600_u32).map(|n| (n * 7) as u8).collect();
        for key in [0, 1, 16, 24, 32, 63, 64, 65, 128, 129, 300] {
            for length in (0..300).chain([600]) {
                let expected = oracle(&data[..key], &data[..length]);
                for split in [0, length / 3, length.saturating_sub(1)] {
                    let parts = [&data[..split], &data[split..length]];
                    let mac = HmacKey::<H>::new(&data[..key]).mac(&parts);
                    assert_eq!(mac.as_ref(), expected, "{key} {length} {split}");
                }
            }
        }
    }

    #[test]
    fn every_length_and_split_agrees_with_the_hmac_crate() {
        macro_rules! oracle {
            ($hash:ty) => {
                |key: &[u8], data: &[u8]| {
                    let mut mac = Hmac::<$hash>::new_from_slice(key).unwrap();
                    mac.update(data);
                    mac.finalize().into_bytes().to_vec()
                }
            };
        }
        agrees::<Sha1>(oracle!(sha1::Sha1));
        agrees::<Sha256>(oracle!(sha2::Sha256));
        agrees::<Sha384>(oracle!(sha2::Sha384));
    }
}
