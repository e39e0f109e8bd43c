//! AES-CBC with ciphertext stealing (RFC 3962 5, CBC-CS3 with a zero vector) and HMAC, over a
//! message in pieces.
//!
//! The last two blocks change places, and the last may be short: they are taken out of the
//! pieces, transformed and put back, as is every block that lies across two pieces. What lies in
//! one piece is transformed where it is.

use aes::cipher::consts::U16;
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser, KeyInit};
use aes::{Aes128, Aes128Enc, Aes256, Aes256Enc};
use subtle::ConstantTimeEq;
use zeroize::optimization_barrier;

use super::cbc::{BLOCK, Block, Cbc, CbcBeside, xor};
use super::cipher::Protection;
use super::error::CryptoError;
use super::hash::{Hash, HmacKey, Running, put};
use super::pieces::{Fragment, Piece, Place, encrypted_length, gather, scatter};
use super::profile::{KeyBytes, half};

/// Bytes of a message that is short.
const SHORT: usize = 256;

/// AES with one length of key.
pub(super) trait Aes:
    BlockCipherEncrypt + BlockCipherDecrypt + BlockSizeUser<BlockSize = U16> + Send + Sync + 'static
{
    /// What can only encrypt.
    type Encrypt: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>;

    /// Bytes of a key.
    const KEY: usize;

    /// Both schedules.
    fn schedule(key: &KeyBytes) -> Self;
    /// The schedule of encryption.
    fn schedule_encryption(key: &KeyBytes) -> Self::Encrypt;
}

impl Aes for Aes128 {
    type Encrypt = Aes128Enc;
    const KEY: usize = 16;

    fn schedule(key: &KeyBytes) -> Self {
        Self::new(half(key).expose().into())
    }

    fn schedule_encryption(key: &KeyBytes) -> Aes128Enc {
        Aes128Enc::new(half(key).expose().into())
    }
}

impl Aes for Aes256 {
    type Encrypt = Aes256Enc;
    const KEY: usize = 32;

    fn schedule(key: &KeyBytes) -> Self {
        Self::new(key.expose().into())
    }

    fn schedule_encryption(key: &KeyBytes) -> Aes256Enc {
        Aes256Enc::new(key.expose().into())
    }
}

/// AES-CTS and HMAC under the keys of one usage. `THEN_MAC` says whether the tag is made of
/// zeros and the ciphertext (RFC 8009), or of the plaintext (RFC 3961).
pub(super) struct AesHmac<C, H: Hash, const THEN_MAC: bool> {
    pub(super) cipher: C,
    pub(super) integrity: HmacKey<H>,
}

impl<C: Aes, H: Hash, const THEN_MAC: bool> AesHmac<C, H, THEN_MAC> {
    /// Goes over a message, and gives its whole code. A short one is put together before it is
    /// opened: its blocks are decrypted at once then. Sealing has nothing to gain from that.
    fn pass<const SEAL: bool>(&self, pieces: &mut [Piece<'_>]) -> Result<H::Digest, CryptoError> {
        let encrypted = |piece: &Piece<'_>| matches!(piece, Piece::Encrypt(_));
        let bytes = encrypted_length(pieces);
        if SEAL || bytes > SHORT || !pieces.iter().all(encrypted) {
            return self.walk::<SEAL>(pieces, bytes);
        }
        let mut buffer = [0; SHORT];
        let message = buffer.get_mut(..bytes).unwrap_or_default();
        gather(pieces, Place::default(), message);
        let code = self.walk::<SEAL>(&mut [Piece::Encrypt(&mut *message)], bytes)?;
        scatter(pieces, Place::default(), message);
        message.fill(0);
        optimization_barrier(message);
        Ok(code)
    }

    /// Goes over pieces with so many bytes to transform.
    fn walk<const SEAL: bool>(
        &self,
        pieces: &mut [Piece<'_>],
        bytes: usize,
    ) -> Result<H::Digest, CryptoError> {
        // The last two blocks, of which the second may be short, or the only block.
        let tail = if bytes <= BLOCK { bytes } else { BLOCK + 1 + (bytes - 1) % BLOCK };
        if tail < BLOCK {
            return Err(CryptoError::Buffers);
        }
        let mut mac = self.integrity.start();
        if THEN_MAC {
            mac.update(&[0; BLOCK]);
        }
        let cipher = &self.cipher;
        let mut pass = Pass::<_, _, SEAL, THEN_MAC> { cipher, chain: [0; BLOCK], mac };
        let (mut place, mut left) = (Place::default(), bytes - tail);
        while left > 0 {
            let run = place.run(pieces, left, |bytes| pass.sign_only(bytes));
            if run.is_empty() {
                let mut block = [0; BLOCK];
                pass.across(pieces, &mut place, &mut block);
                left -= BLOCK;
            } else {
                pass.run(run);
                left -= run.len() * BLOCK;
            }
        }
        let mut end = [0; 2 * BLOCK];
        pass.across(pieces, &mut place, end.get_mut(..tail).unwrap_or_default());
        end = [0; 2 * BLOCK];
        optimization_barrier(&end);
        place.finish(pieces, |bytes| pass.sign_only(bytes));
        Ok(self.integrity.finish(&mut pass.mac))
    }
}

impl<C: Aes, H: Hash, const THEN_MAC: bool> Protection for AesHmac<C, H, THEN_MAC> {
    fn seal(&self, pieces: &mut [Piece<'_>], tag: &mut [u8]) -> Result<(), CryptoError> {
        let code = self.pass::<true>(pieces)?;
        tag.copy_from_slice(code.as_ref().get(..tag.len()).ok_or(CryptoError::Buffers)?);
        Ok(())
    }

    fn open(&self, pieces: &mut [Piece<'_>], tag: &[u8]) -> Result<(), CryptoError> {
        let code = self.pass::<false>(pieces)?;
        let expected = code.as_ref().get(..tag.len()).ok_or(CryptoError::Buffers)?;
        if bool::from(expected.ct_eq(tag)) { Ok(()) } else { Err(CryptoError::Integrity) }
    }
}

/// One way over one message.
struct Pass<'k, C, H: Hash, const SEAL: bool, const THEN_MAC: bool> {
    cipher: &'k C,
    /// The ciphertext block before the next.
    chain: Block,
    mac: Running<H>,
}

impl<C: Aes, H: Hash, const SEAL: bool, const THEN_MAC: bool> Pass<'_, C, H, SEAL, THEN_MAC> {
    /// Whether the tag is made of what lies in the pieces before they are transformed.
    const MAC_FIRST: bool = SEAL != THEN_MAC;

    /// They enter the tag in their place, whether it is made of the plaintext or of the ciphertext:
    /// RFC 8009 knows none, and this is what MIT does.
    fn sign_only(&mut self, bytes: &[u8]) {
        self.mac.update(bytes);
    }

    /// Whole blocks that lie in one piece.
    fn run(&mut self, blocks: &mut [Block]) {
        let cbc = Cbc { chain: &mut self.chain, blocks };
        let hash = &mut self.mac;
        // `HASH_FIRST` is `Self::MAC_FIRST`, which cannot be named there.
        match (SEAL, THEN_MAC) {
            (true, false) => self.cipher.encrypt_with_backend(CbcBeside::<H, true> { cbc, hash }),
            (true, true) => self.cipher.encrypt_with_backend(CbcBeside::<H, false> { cbc, hash }),
            (false, false) => self.cipher.decrypt_with_backend(CbcBeside::<H, false> { cbc, hash }),
            (false, true) => self.cipher.decrypt_with_backend(CbcBeside::<H, true> { cbc, hash }),
        }
    }

    /// A block that lies across pieces, or the end; by way of a buffer of its length.
    fn across(&mut self, pieces: &mut [Piece<'_>], place: &mut Place, buffer: &mut [u8]) {
        let from = *place;
        if Self::MAC_FIRST {
            self.hash(pieces, place, buffer.len());
        }
        gather(pieces, from, buffer);
        match buffer.split_first_chunk_mut() {
            Some((block, [])) => self.transform(std::slice::from_mut(block)),
            Some((block, last)) => self.steal(block, last),
            None => {}
        }
        scatter(pieces, from, buffer);
        if !Self::MAC_FIRST {
            self.hash(pieces, place, buffer.len());
        }
    }

    /// Hashes what lies from a place on.
    fn hash(&mut self, pieces: &mut [Piece<'_>], place: &mut Place, count: usize) {
        place.walk(pieces, count, |fragment| match fragment {
            Fragment::Encrypt(bytes) => self.mac.update(bytes),
            Fragment::SignOnly(bytes) => self.sign_only(bytes),
        });
    }

    /// Whole blocks of the chain.
    fn transform(&mut self, blocks: &mut [Block]) {
        let chain = &mut self.chain;
        if SEAL {
            self.cipher.encrypt_with_backend(Cbc { chain, blocks });
        } else {
            self.cipher.decrypt_with_backend(Cbc { chain, blocks });
        }
    }

    /// The last block but one, and the last, of 1 to 16 bytes.
    fn steal(&mut self, block: &mut Block, last: &mut [u8]) {
        if SEAL {
            let mut padded = [0; BLOCK];
            put(&mut padded, last);
            let blocks = &mut [*block, padded];
            self.transform(blocks);
            let [first, second] = *blocks;
            put(last, &first);
            *block = second;
        } else {
            let mut second = *block;
            self.cipher.decrypt_block((&mut second).into());
            // What was stolen from the ciphertext of the first comes out of the second.
            *block = second;
            put(block, last);
            xor(last, &second);
            self.transform(std::slice::from_mut(block));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::hash::Sha1;
    use super::super::vectors::hex;
    use super::*;

    #[test]
    fn rfc3962_b_ciphertext_stealing() {
        let mut key = KeyBytes::new([0; 32]);
        key.expose_mut()[..16].copy_from_slice(b"chicken teriyaki");
        let (cipher, integrity) = (Aes128::schedule(&key), HmacKey::new(b""));
        let aes = AesHmac::<Aes128, Sha1, false> { cipher, integrity };
        let text = b"I would like the General Gau's Chicken, please, and wonton soup.";
        for expected in [
            "c6353568f2bf8cb4d8a580362da7ff7f97",
            "fc00783e0efdb2c1d445d4c8eff7ed2297687268d6ecccc0c07b25e25ecfe5",
            "39312523a78662d5be7fcbcc98ebf5a897687268d6ecccc0c07b25e25ecfe584",
            "97687268d6ecccc0c07b25e25ecfe584b3fffd940c16a18c1b5549d2f838029e\
             39312523a78662d5be7fcbcc98ebf5",
            "97687268d6ecccc0c07b25e25ecfe5849dad8bbb96c4cdc03bc103e1a194bbd8\
             39312523a78662d5be7fcbcc98ebf5a8",
            "97687268d6ecccc0c07b25e25ecfe58439312523a78662d5be7fcbcc98ebf5a8\
             4807efe836ee89a526730dbc2f7bc8409dad8bbb96c4cdc03bc103e1a194bbd8",
        ] {
            let expected = hex(expected);
            let mut data = text[..expected.len()].to_vec();
            let mut tag = [0; 12];
            aes.seal(&mut [Piece::Encrypt(&mut data)], &mut tag).unwrap();
            assert_eq!(data, expected);
            aes.open(&mut [Piece::Encrypt(&mut data)], &tag).unwrap();
            assert_eq!(data, text[..expected.len()]);
        }
    }
}
