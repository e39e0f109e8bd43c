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

/// Blocks that are decrypted at once.
const PARALLEL: usize = 4;

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
        encrypt(backend, self.chain, self.blocks);
    }
}

#[expect(clippy::inline_always, reason = "it must share the backend's target features")]
impl BlockCipherDecClosure for Cbc<'_> {
    #[inline(always)]
    fn call<B: BlockCipherDecBackend<BlockSize = U16>>(self, backend: &B) {
        decrypt(backend, self.chain, self.blocks);
    }
}

#[expect(clippy::inline_always, reason = "it must share the backend's target features")]
impl<H: Hash, const HASH_FIRST: bool> BlockCipherEncClosure for CbcBeside<'_, H, HASH_FIRST> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = U16>>(self, backend: &B) {
        let Cbc { chain, blocks } = self.cbc;
        let turn = |blocks: &mut [Block]| encrypt(backend, chain, blocks);
        if HASH_FIRST {
            hash_first(self.hash, blocks, turn);
        } else {
            hash_last(self.hash, blocks, turn);
        }
    }
}

#[expect(clippy::inline_always, reason = "it must share the backend's target features")]
impl<H: Hash, const HASH_FIRST: bool> BlockCipherDecClosure for CbcBeside<'_, H, HASH_FIRST> {
    #[inline(always)]
    fn call<B: BlockCipherDecBackend<BlockSize = U16>>(self, backend: &B) {
        let Cbc { chain, blocks } = self.cbc;
        let turn = |blocks: &mut [Block]| decrypt(backend, chain, blocks);
        if HASH_FIRST {
            hash_first(self.hash, blocks, turn);
        } else {
            hash_last(self.hash, blocks, turn);
        }
    }
}

/// In turns: a block of the hash, and as many bytes of CBC, which stay behind.
#[expect(clippy::inline_always, reason = "it must share the backend's target features")]
#[inline(always)]
fn hash_first<H: Hash>(
    hash: &mut Running<H>,
    blocks: &mut [Block],
    mut turn: impl FnMut(&mut [Block]),
) {
    let size = size_of::<H::Block>();
    let (mut done, mut hashed) = (0, hash.missing().min(blocks.len() * BLOCK));
    hash.update(blocks.as_flattened().get(..hashed).unwrap_or_default());
    while let Some(next) = blocks.as_flattened().get(hashed..hashed + size) {
        hash.update_blocks(H::blocks(next).0);
        hashed += size;
        let now = done / BLOCK..(done + size) / BLOCK;
        turn(blocks.get_mut(now).unwrap_or_default());
        done += size;
    }
    hash.update(blocks.as_flattened().get(hashed..).unwrap_or_default());
    turn(blocks.get_mut(done / BLOCK..).unwrap_or_default());
}

/// In turns: bytes of CBC, and a block of the hash, which stays behind.
#[expect(clippy::inline_always, reason = "it must share the backend's target features")]
#[inline(always)]
fn hash_last<H: Hash>(
    hash: &mut Running<H>,
    blocks: &mut [Block],
    mut turn: impl FnMut(&mut [Block]),
) {
    let size = size_of::<H::Block>();
    let (mut done, mut hashed) = (0, 0);
    let mut next = if hash.missing() == 0 { size } else { hash.missing() };
    while done + size <= blocks.len() * BLOCK {
        if hashed + next <= done {
            hash.update(blocks.as_flattened().get(hashed..hashed + next).unwrap_or_default());
            hashed += next;
            next = size;
        }
        let now = done / BLOCK..(done + size) / BLOCK;
        turn(blocks.get_mut(now).unwrap_or_default());
        done += size;
    }
    turn(blocks.get_mut(done / BLOCK..).unwrap_or_default());
    hash.update(blocks.as_flattened().get(hashed..).unwrap_or_default());
}

#[expect(clippy::inline_always, reason = "it must share the backend's target features")]
#[inline(always)]
fn encrypt<B: BlockCipherEncBackend<BlockSize = U16>>(
    backend: &B,
    chain: &mut Block,
    blocks: &mut [Block],
) {
    // Of its own, so that it stays in a register.
    let mut last = *chain;
    for block in blocks {
        xor_block(&mut last, block);
        backend.encrypt_block_inplace((&mut last).into());
        *block = last;
    }
    *chain = last;
}

/// The blocks are independent: the processor takes several at once.
#[expect(clippy::inline_always, reason = "it must share the backend's target features")]
#[inline(always)]
fn decrypt<B: BlockCipherDecBackend<BlockSize = U16>>(
    backend: &B,
    chain: &mut Block,
    blocks: &mut [Block],
) {
    let (many, few) = blocks.as_chunks_mut::<PARALLEL>();
    for blocks in many {
        decrypt_few(backend, chain, blocks);
    }
    for block in few {
        decrypt_few(backend, chain, std::array::from_mut(block));
    }
}

#[expect(clippy::inline_always, reason = "it must share the backend's target features")]
#[inline(always)]
fn decrypt_few<B: BlockCipherDecBackend<BlockSize = U16>, const N: usize>(
    backend: &B,
    chain: &mut Block,
    blocks: &mut [Block; N],
) {
    let ciphertext = *blocks;
    for block in blocks.iter_mut() {
        backend.decrypt_block_inplace(block.into());
    }
    for (block, before) in blocks.iter_mut().zip([&*chain].into_iter().chain(&ciphertext)) {
        xor_block(block, before);
    }
    if let Some(last) = ciphertext.last() {
        *chain = *last;
    }
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
