//! Memory that is handed out, and the registry by which it comes back.
//!
//! Holds: the registry, allocation and release. May use: `spi`. Must not touch: everything else.
//!
//! A pointer is only freed when the registry knows it, and only by the function that goes with
//! its kind: NULL, foreign, inner and twice-freed pointers do no harm. Everything is wiped before
//! it goes back, since nobody remembers which block held a secret.

use std::alloc::{self, Layout};
use std::collections::HashMap;
use std::mem::ManuallyDrop;
use std::sync::{LazyLock, Mutex, PoisonError};

use zeroize::Zeroize;

use crate::spi::error::{CallerFault, Error, LocalFault, Result};

/// Which function frees a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `FreeContextBuffer`.
    ContextBuffer,
    /// `SspiLocalFree`.
    Local,
    /// `SspiFreeAuthIdentity`.
    AuthIdentity,
    /// `LsaFreeReturnBuffer`.
    LsaReturn,
}

/// What every block begins at: enough for every structure of ours.
pub const ALIGNMENT: usize = 16;

/// Hands out a copy of the bytes. An empty block is a block too.
pub fn hand_out(kind: Kind, bytes: &[u8]) -> Result<*mut u8> {
    let layout = Layout::from_size_align(bytes.len().max(1), ALIGNMENT)
        .map_err(|_| Error::from(LocalFault::NoMemory))?;
    // SAFETY: the layout's size is not 0.
    let pointer = unsafe { alloc::alloc_zeroed(layout) };
    if pointer.is_null() {
        return Err(LocalFault::NoMemory.into());
    }
    // SAFETY: the new block is at least as long as `bytes` and overlaps nothing.
    unsafe { pointer.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
    shard(pointer).lock().unwrap_or_else(PoisonError::into_inner).insert(
        pointer.addr(),
        Allocation { pointer: SendPointer(pointer), size: layout.size(), kind },
    );
    Ok(pointer)
}

/// Takes a block back; NULL is nothing to do.
pub fn take_back(kind: Kind, pointer: *mut u8) -> Result<()> {
    if pointer.is_null() {
        return Ok(());
    }
    let allocation = {
        let mut blocks = shard(pointer).lock().unwrap_or_else(PoisonError::into_inner);
        match blocks.get(&pointer.addr()) {
            Some(block) if block.kind == kind => blocks.remove(&pointer.addr()),
            Some(block) => {
                let story = format!("the block was handed out as {:?}, not {kind:?}", block.kind);
                return Err(Error::new(CallerFault::InvalidHandle, story));
            }
            None => None,
        }
    };
    let Some(allocation) = allocation else {
        let story = format!("{pointer:p} was not handed out by this library, or is freed already");
        return Err(Error::new(CallerFault::InvalidHandle, story));
    };
    allocation.free();
    Ok(())
}

/// The size of a living block of this kind, if the pointer begins one.
pub fn size_of_block(kind: Kind, pointer: *const u8) -> Option<usize> {
    let blocks = shard(pointer).lock().unwrap_or_else(PoisonError::into_inner);
    blocks.get(&pointer.addr()).filter(|block| block.kind == kind).map(|block| block.size)
}

/// A block that is ours until it is released: an error on the way frees it.
#[derive(Debug)]
pub struct Pending {
    kind: Kind,
    pointer: *mut u8,
}

impl Pending {
    /// As [`hand_out`], not yet handed out.
    pub fn new(kind: Kind, bytes: &[u8]) -> Result<Self> {
        Ok(Self { kind, pointer: hand_out(kind, bytes)? })
    }

    /// Where it lies: what pointers inside it are made of.
    pub fn address(&self) -> usize {
        self.pointer.expose_provenance()
    }

    /// Replaces its content, as far as it goes.
    pub fn fill(&self, bytes: &[u8]) {
        let size = size_of_block(self.kind, self.pointer).unwrap_or(0).min(bytes.len());
        // SAFETY: a living block of at least so many bytes that nobody else knows yet.
        unsafe { self.pointer.copy_from_nonoverlapping(bytes.as_ptr(), size) };
    }

    /// The caller's from now on.
    pub fn release(self) -> *mut u8 {
        ManuallyDrop::new(self).pointer
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        // It is in the registry, so that this cannot fail.
        let _ = take_back(self.kind, self.pointer);
    }
}

struct Allocation {
    pointer: SendPointer,
    size: usize,
    kind: Kind,
}

struct SendPointer(*mut u8);

// SAFETY: the pointer is only used by whoever took the allocation out of the registry.
unsafe impl Send for SendPointer {}

impl Allocation {
    fn free(self) {
        let pointer = self.pointer.0;
        // SAFETY: the registry held a block of `size` bytes here and no longer does.
        unsafe { std::slice::from_raw_parts_mut(pointer, self.size) }.zeroize();
        if let Ok(layout) = Layout::from_size_align(self.size, ALIGNMENT) {
            // SAFETY: allocated in `hand_out` with this layout and removed from the registry.
            unsafe { alloc::dealloc(pointer, layout) };
        }
    }
}

type Shard = Mutex<HashMap<usize, Allocation>>;

const SHARDS: usize = 16;

static BLOCKS: LazyLock<[Shard; SHARDS]> = LazyLock::new(Default::default);

fn shard(pointer: *const u8) -> &'static Shard {
    // Blocks are 16 bytes apart at least; the bits above tell them apart.
    &BLOCKS[(pointer.addr() / 64) % SHARDS]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ptr;

    #[test]
    fn b8_only_what_was_handed_out_is_freed_and_only_once() {
        let block = hand_out(Kind::ContextBuffer, b"token").unwrap();
        let mut foreign = 5_u64;
        let inner = block.wrapping_add(1);
        assert!(take_back(Kind::ContextBuffer, ptr::null_mut()).is_ok());
        assert!(take_back(Kind::ContextBuffer, ptr::from_mut(&mut foreign).cast()).is_err());
        assert!(take_back(Kind::ContextBuffer, inner).is_err());
        assert!(take_back(Kind::Local, block).is_err());
        assert_eq!(size_of_block(Kind::ContextBuffer, block), Some(5));
        assert!(take_back(Kind::ContextBuffer, block).is_ok());
        assert!(take_back(Kind::ContextBuffer, block).is_err());
    }
}
