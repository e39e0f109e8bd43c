//! The chain of CBC, beside which a hash runs.
//!
//! Encryption is a chain, and so is a hash: a processor that meets them in turns, a block of the
//! hash at a time, works on both at once. Each turn of one is independent of the other's.

use aes::cipher::consts::U16;
use aes::cipher::{
    BlockCipherDecBackend, BlockCipherDecClosure, BlockCipherEncBackend, BlockCipherEncClosure,
    BlockSizeUser,
};

use super::hash::{Hash, Running};

/// Bytes of a block of AES.
pub(super) const BLOCK: usize = 16;

/// A block of AES.
pub(super) type Block = [u8; BLOCK];

/// CBC, for a backend of the `aes` crate: the whole chain runs inside its instructions' context.
pub(super) struct Cbc<'a> {
    /// The ciphertext block before the next.
    pub(super) chain: &'a mut Block,
    pub(super) blocks: &'a mut [Block],
}

/// CBC and a hash of what lies in the blocks before it (`HASH_FIRST`) or after it.
pub(super) struct CbcBeside<'a, H: Hash, const HASH_FIRST: bool> {
    pub(super) cbc: Cbc<'a>,
    pub(super) hash: &'a mut Running<H>,
}

impl BlockSizeUser for Cbc<'_> {
    type BlockSize = U16;
}

impl<H: Hash, const HASH_FIRST: bool> BlockSizeUser for CbcBeside<'_, H, HASH_FIRST> {
    type BlockSize = U16;
}

#[expect(clippy::inline_always, reason = "it must share the backend's target features")]
impl BlockCipherEncClosure for Cbc<'_> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = U16>>(self, backend: &B) {
        Encrypting { backend, chain: self.chain }.turn(self.blocks);
    }
}

#[expect(clippy::inline_always, reason = "it must share the backend's target features")]
impl BlockCipherDecClosure for Cbc<'_> {
    #[inline(always)]
    fn call<B: BlockCipherDecBackend<BlockSize = U16>>(self, backend: &B) {
        Decrypting { backend, chain: self.chain }.turn(self.blocks);
    }
}

#[expect(clippy::inline_always, reason = "it must share the backend's target features")]
impl<H: Hash, const HASH_FIRST: bool> BlockCipherEncClosure for CbcBeside<'_, H, HASH_FIRST> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = U16>>(self, backend: &B) {
        let Cbc { chain, blocks } = self.cbc;
        in_turns::<H, HASH_FIRST>(self.hash, blocks, Encrypting { backend, chain });
    }
}

#[expect(clippy::inline_always, reason = "it must share the backend's target features")]
impl<H: Hash, const HASH_FIRST: bool> BlockCipherDecClosure for CbcBeside<'_, H, HASH_FIRST> {
    #[inline(always)]
    fn call<B: BlockCipherDecBackend<BlockSize = U16>>(self, backend: &B) {
        let Cbc { chain, blocks } = self.cbc;
        in_turns::<H, HASH_FIRST>(self.hash, blocks, Decrypting { backend, chain });
    }
}

/// The cipher's part. A trait and no closure, because it has to be inlined wherever it is called.
trait Turn {
    fn turn(&mut self, blocks: &mut [Block]);
}

struct Encrypting<'a, B> {
    backend: &'a B,
    chain: &'a mut Block,
}

struct Decrypting<'a, B> {
    backend: &'a B,
    chain: &'a mut Block,
}

#[expect(clippy::inline_always, reason = "it must share the backend's target features")]
impl<B: BlockCipherEncBackend<BlockSize = U16>> Turn for Encrypting<'_, B> {
    #[inline(always)]
    fn turn(&mut self, blocks: &mut [Block]) {
        // Of its own, so that it stays in a register.
        let mut last = *self.chain;
        for block in blocks {
            xor_block(&mut last, block);
            self.backend.encrypt_block_inplace((&mut last).into());
            *block = last;
        }
        *self.chain = last;
    }
}

#[expect(clippy::inline_always, reason = "it must share the backend's target features")]
impl<B: BlockCipherDecBackend<BlockSize = U16>> Turn for Decrypting<'_, B> {
    /// The blocks are independent: the processor takes several at once. Here a chain of its own
    /// would cost an eighth of the speed beside SHA-1.
    #[inline(always)]
    fn turn(&mut self, blocks: &mut [Block]) {
        for block in blocks {
            let next = *block;
            self.backend.decrypt_block_inplace(block.into());
            xor_block(block, self.chain);
            *self.chain = next;
        }
    }
}

#[expect(clippy::inline_always, reason = "it must share the backend's target features")]
#[inline(always)]
fn in_turns<H: Hash, const HASH_FIRST: bool>(
    hash: &mut Running<H>,
    blocks: &mut [Block],
    cipher: impl Turn,
) {
    if HASH_FIRST {
        hash_first(hash, blocks, cipher);
    } else {
        hash_last(hash, blocks, cipher);
    }
}

/// In turns: a block of the hash, and as many bytes of CBC, which stay behind.
#[expect(clippy::inline_always, reason = "it must share the backend's target features")]
#[inline(always)]
fn hash_first<H: Hash>(hash: &mut Running<H>, blocks: &mut [Block], mut cipher: impl Turn) {
    let size = H::TURN * size_of::<H::Block>();
    let (mut done, mut hashed) = (0, hash.missing().min(blocks.len() * BLOCK));
    hash.update(blocks.as_flattened().get(..hashed).unwrap_or_default());
    while let Some(next) = blocks.as_flattened().get(hashed..hashed + size) {
        hash.update_blocks(H::blocks(next).0);
        hashed += size;
        let now = done / BLOCK..(done + size) / BLOCK;
        cipher.turn(blocks.get_mut(now).unwrap_or_default());
        done += size;
    }
    hash.update(blocks.as_flattened().get(hashed..).unwrap_or_default());
    cipher.turn(blocks.get_mut(done / BLOCK..).unwrap_or_default());
}

/// In turns: bytes of CBC, and a block of the hash, which stays behind.
#[expect(clippy::inline_always, reason = "it must share the backend's target features")]
#[inline(always)]
fn hash_last<H: Hash>(hash: &mut Running<H>, blocks: &mut [Block], mut cipher: impl Turn) {
    let size = H::TURN * size_of::<H::Block>();
    let (mut done, mut hashed) = (0, 0);
    let mut next = if hash.missing() == 0 { size } else { hash.missing() };
    while done + size <= blocks.len() * BLOCK {
        if hashed + next <= done {
            hash.update(blocks.as_flattened().get(hashed..hashed + next).unwrap_or_default());
            hashed += next;
            next = size;
        }
        let now = done / BLOCK..(done + size) / BLOCK;
        cipher.turn(blocks.get_mut(now).unwrap_or_default());
        done += size;
    }
    cipher.turn(blocks.get_mut(done / BLOCK..).unwrap_or_default());
    hash.update(blocks.as_flattened().get(hashed..).unwrap_or_default());
}

#[expect(clippy::inline_always, reason = "it must share the backend's target features")]
#[inline(always)]
const fn xor_block(to: &mut Block, from: &Block) {
    *to = (u128::from_ne_bytes(*to) ^ u128::from_ne_bytes(*from)).to_ne_bytes();
}

/// Combines bytes with others.
pub(super) fn xor(to: &mut [u8], from: &[u8]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to ^= *from);
}
