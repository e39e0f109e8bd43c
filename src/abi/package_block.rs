//! `SecPkgInfo` blocks: an array and all its strings in one piece of memory.
//!
//! Holds: their making. May use: the pointer vocabulary, `spi`. Must not touch: everything else.

use super::memory::{self, Kind};
use super::strings::Charset;
use crate::spi::error::Result;
use crate::spi::package::PackageInfo;

/// `SecPkgInfoA` and `SecPkgInfoW` are the same but for what their strings are made of.
#[repr(C)]
pub struct SecPkgInfo<U> {
    capabilities: u32,
    version: u16,
    rpc_id: u16,
    max_token: u32,
    name: *mut U,
    comment: *mut U,
}

const _: () = assert!(size_of::<SecPkgInfo<u16>>() == size_of::<super::types::SecPkgInfoW>());

/// Hands out rows as one block, freed by `FreeContextBuffer`: the array, then name and comment
/// of each, with their terminators and nothing else.
pub fn hand_out<C: Charset>(rows: &[&PackageInfo]) -> Result<*mut SecPkgInfo<C::Unit>> {
    let strings: Vec<[Vec<u8>; 2]> =
        rows.iter().map(|row| [C::encode_bytes(row.name), C::encode_bytes(row.comment)]).collect();
    let array = size_of::<SecPkgInfo<C::Unit>>() * rows.len();
    let mut bytes = vec![0_u8; array];
    let mut offsets = Vec::with_capacity(rows.len());
    for [name, comment] in &strings {
        offsets.push((bytes.len(), bytes.len() + name.len()));
        bytes.extend_from_slice(name);
        bytes.extend_from_slice(comment);
    }
    let block = memory::hand_out(Kind::ContextBuffer, &bytes)?;
    #[allow(clippy::cast_ptr_alignment, reason = "blocks are aligned to memory::ALIGNMENT")]
    let array = block.cast::<SecPkgInfo<C::Unit>>();
    for (index, (row, (name, comment))) in rows.iter().zip(offsets).enumerate() {
        let info = SecPkgInfo {
            capabilities: row.capabilities,
            version: row.version,
            rpc_id: row.rpc_id,
            max_token: row.max_token,
            name: block.wrapping_add(name).cast(),
            comment: block.wrapping_add(comment).cast(),
        };
        // SAFETY: the block begins with an array of this length and is aligned for it.
        unsafe { array.add(index).write(info) };
    }
    Ok(array)
}
