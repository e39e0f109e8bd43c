//! MD5 (RFC 1321) that can work beside a keystream.
//!
//! MD5 is a chain: each step waits for the one before, and most of a processor stands idle.
//! What a step does not wait for is added first, and where a message is also encrypted, the
//! keystream is made and applied between the steps: both together then cost hardly more than
//! the slower of the two. The `md-5` crate, which offers neither, is the test's oracle.

mod steps;

use self::steps::{Two, steps};
use super::rc4::Rc4;

/// Bytes of a block.
const BLOCK: usize = 64;

/// A digest in the making.
pub struct Md5 {
    state: [u32; 4],
    /// What is not compressed yet, and zeros.
    block: [u8; BLOCK],
    length: u64,
}

impl Md5 {
    /// Of no bytes yet.
    pub const fn new() -> Self {
        Self { state: INITIAL, block: [0; BLOCK], length: 0 }
    }

    /// Goes on from the state that [`Self::states_after`] gave.
    pub(super) const fn resume(state: [u32; 4]) -> Self {
        Self { state, block: [0; BLOCK], length: BLOCK as u64 }
    }

    /// [`Self::resume`], with the first bytes of the next block.
    pub(super) const fn resume_with(state: [u32; 4], [b0, b1, b2, b3]: [u8; 4]) -> Self {
        let mut block = [0; BLOCK];
        [block[0], block[1], block[2], block[3]] = [b0, b1, b2, b3];
        Self { state, block, length: BLOCK as u64 + 4 }
    }

    /// The states after two first blocks, given by their words. Both cost little more than one.
    pub(super) fn states_after(words: impl Fn(usize) -> (u32, u32)) -> [[u32; 4]; 2] {
        let mut states = INITIAL.map(|word| Two(word, word));
        let both = |n| {
            let (one, other) = words(n);
            Two(one, other)
        };
        steps(&mut states, both, |_| {});
        [states.map(|Two(one, _)| one), states.map(|Two(_, other)| other)]
    }

    /// Takes bytes in.
    pub fn update(&mut self, mut bytes: &[u8]) {
        let filled = self.filled();
        self.count(bytes.len());
        if filled > 0 {
            let Some((head, rest)) = bytes.split_at_checked(BLOCK - filled) else {
                self.block[filled..filled + bytes.len()].copy_from_slice(bytes);
                return;
            };
            let first = self.completed(filled, head);
            compress(&mut self.state, &first);
            bytes = rest;
        }
        let (blocks, tail) = bytes.as_chunks::<BLOCK>();
        compress_all(&mut self.state, blocks);
        self.keep(tail);
    }

    /// Takes bytes in and encrypts them.
    pub fn update_and_encrypt(&mut self, data: &mut [u8], stream: &mut Rc4) {
        let filled = self.filled();
        let Some((head, rest)) = data.split_at_mut_checked(BLOCK - filled) else {
            self.update(data);
            stream.apply(data);
            return;
        };
        let first = self.completed(filled, head);
        match <&mut [u8; AFTER_NUMBER]>::try_from(&mut *head) {
            Ok(head) => compress_beside(&mut self.state, |n| first[n], stream, head),
            Err(_) => compress_beside_part(&mut self.state, &first, stream, head),
        }
        let (blocks, tail) = rest.as_chunks_mut::<BLOCK>();
        for block in &mut *blocks {
            let plain = words(block);
            compress_beside(&mut self.state, |n| plain[n], stream, block);
        }
        self.keep(tail);
        stream.apply(tail);
        self.count(data.len());
    }

    /// Decrypts bytes and takes them in. Each block is decrypted beside the one before it.
    pub fn decrypt_and_update(&mut self, data: &mut [u8], stream: &mut Rc4) {
        let filled = self.filled();
        let Some((head, rest)) = data.split_at_mut_checked(BLOCK - filled) else {
            stream.apply(data);
            self.update(data);
            return;
        };
        stream.apply(head);
        let first = self.completed(filled, head);
        let (blocks, tail) = rest.as_chunks_mut::<BLOCK>();
        let mut blocks = blocks.iter_mut();
        match blocks.next() {
            None => compress_beside_part(&mut self.state, &first, stream, tail),
            Some(block) => {
                compress_beside(&mut self.state, |n| first[n], stream, block);
                let mut plain = &*block;
                for block in blocks {
                    compress_beside(&mut self.state, |n| word(plain, n), stream, block);
                    plain = block;
                }
                compress_beside_part(&mut self.state, &words(plain), stream, tail);
            }
        }
        self.keep(tail);
        self.count(data.len());
    }

    /// The digest.
    pub fn finish(&mut self) -> [u8; 16] {
        bytes(self.finish_words())
    }

    /// The digest as the words that it is made of.
    pub(super) fn finish_words(&mut self) -> [u32; 4] {
        let filled = self.filled();
        let mut last = words(&self.block);
        last[filled / 4] |= 0x80 << (filled % 4 * 8);
        if filled + 9 > BLOCK {
            compress(&mut self.state, &last);
            last = [0; 16];
        }
        end(self.state, last, self.length)
    }

    /// The digest of the block that `state` came after, and of a digest.
    pub(super) fn of_digest(state: [u32; 4], [a, b, c, d]: [u32; 4]) -> [u8; 16] {
        let last = [a, b, c, d, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        bytes(end(state, last, BLOCK as u64 + 16))
    }

    /// The words of the block, filled up.
    fn completed(&mut self, filled: usize, head: &[u8]) -> [u32; 16] {
        if let Ok(head) = head.try_into() {
            let [n0, n1, n2, n3, ..] = self.block;
            return words_after_number([n0, n1, n2, n3], head);
        }
        self.block[filled..].copy_from_slice(head);
        words(&self.block)
    }

    /// Begins a block.
    fn keep(&mut self, tail: &[u8]) {
        self.block = [0; BLOCK];
        self.block[..tail.len()].copy_from_slice(tail);
    }

    const fn filled(&self) -> usize {
        (self.length % BLOCK as u64) as usize
    }

    const fn count(&mut self, bytes: usize) {
        self.length = self.length.wrapping_add(bytes as u64);
    }
}

impl Default for Md5 {
    fn default() -> Self {
        Self::new()
    }
}

const INITIAL: [u32; 4] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476];

fn words(block: &[u8; BLOCK]) -> [u32; 16] {
    std::array::from_fn(|n| word(block, n))
}

#[expect(clippy::inline_always, reason = "a part of the steps")]
#[inline(always)]
const fn word(block: &[u8; BLOCK], n: usize) -> u32 {
    u32::from_le_bytes([block[4 * n], block[4 * n + 1], block[4 * n + 2], block[4 * n + 3]])
}

/// What fits into a block that begins with the number of a message.
const AFTER_NUMBER: usize = BLOCK - 4;

/// [`words`], without putting the two together first.
fn words_after_number(number: [u8; 4], text: &[u8; AFTER_NUMBER]) -> [u32; 16] {
    let mut words = [u32::from_le_bytes(number); 16];
    for (word, bytes) in words.iter_mut().skip(1).zip(text.as_chunks::<4>().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    words
}

fn compress(state: &mut [u32; 4], words: &[u32; 16]) {
    steps(state, |n| words[n], |_| {});
}

fn compress_all(state: &mut [u32; 4], blocks: &[[u8; BLOCK]]) {
    for block in blocks {
        steps(state, |n| word(block, n), |_| {});
    }
}

/// Also encrypts or decrypts a block, or what of it is data. `N` is even and at most [`BLOCK`].
fn compress_beside<const N: usize>(
    state: &mut [u32; 4],
    word: impl Fn(usize) -> u32,
    stream: &mut Rc4,
    data: &mut [u8; N],
) {
    let mut keystream = stream.run();
    // Two bytes after every other step: a little faster than one after each.
    steps(state, word, |step| {
        if step % 2 == 1 && step < N {
            data[step - 1] ^= keystream.next();
            data[step] ^= keystream.next();
        }
    });
    keystream.stop();
}

/// Also encrypts or decrypts less than a block.
fn compress_beside_part(
    state: &mut [u32; 4],
    words: &[u32; 16],
    stream: &mut Rc4,
    part: &mut [u8],
) {
    if part.len() < WORTHWHILE {
        compress(state, words);
        stream.apply(part);
        return;
    }
    let mut keystream = stream.run();
    let next = |step| {
        if let Some(byte) = part.get_mut(step) {
            *byte ^= keystream.next();
        }
    };
    steps(state, |n| words[n], next);
    keystream.stop();
}

/// From so many bytes on it pays to look after each step whether there is one more.
const WORTHWHILE: usize = 16;

/// Compresses the last block, which holds the length in bytes at its end.
fn end(mut state: [u32; 4], mut last: [u32; 16], length: u64) -> [u32; 4] {
    let bits = length.wrapping_mul(8);
    [last[14], last[15]] = [bits as u32, (bits >> 32) as u32];
    compress(&mut state, &last);
    state
}

fn bytes(words: [u32; 4]) -> [u8; 16] {
    let mut bytes = [0; 16];
    for (bytes, word) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(words) {
        *bytes = word.to_le_bytes();
    }
    bytes
}

#[cfg(test)]
mod tests {
    use md5::Digest;

    use super::*;

    fn bytes(length: usize) -> Vec<u8> {
        (0..length).map(|n| (n * 7 + n / 256) as u8).collect()
    }

    fn oracle(bytes: &[u8]) -> [u8; 16] {
        md5::Md5::digest(bytes).into()
    }

    #[test]
    fn every_length_and_split_agrees_with_the_md5_crate() {
        let data = bytes(300);
        for length in 0..=data.len() {
            for split in [0, 1, length / 3, length / 2, length] {
                let mut md5 = Md5::new();
                let (head, tail) = data[..length].split_at(split.min(length));
                md5.update(head);
                md5.update(tail);
                assert_eq!(md5.finish(), oracle(&data[..length]), "{length} {split}");
            }
        }
    }

    #[test]
    fn hashing_beside_a_keystream_is_hashing_and_encrypting() {
        for first in [0, 1, 4, 60, 63, 64, 65] {
            for length in (0..270).chain([4096, 4097]) {
                let plain = bytes(length);
                let mut separate = plain.clone();
                Rc4::new(b"key").apply(&mut separate);
                let expected = oracle(&[&bytes(first), &plain[..]].concat());

                let (mut md5, mut stream) = (Md5::new(), Rc4::new(b"key"));
                let mut data = plain.clone();
                md5.update(&bytes(first));
                md5.update_and_encrypt(&mut data, &mut stream);
                assert_eq!(data, separate, "{first} {length}");
                assert_eq!(md5.finish(), expected, "{first} {length}");

                let (mut md5, mut other) = (Md5::new(), Rc4::new(b"key"));
                md5.update(&bytes(first));
                md5.decrypt_and_update(&mut data, &mut other);
                assert_eq!(data, plain, "{first} {length}");
                assert_eq!(md5.finish(), expected, "{first} {length}");

                let mut next = [[0; 20]; 2];
                stream.apply(&mut next[0]);
                other.apply(&mut next[1]);
                assert_eq!(next[0], next[1], "both streams stand at the same place");
            }
        }
    }
}
