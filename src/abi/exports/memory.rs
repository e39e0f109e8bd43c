//! `FreeContextBuffer`.

use std::ffi::c_void;

use crate::abi::boundary::boundary_ok;
use crate::abi::memory::{self, Kind};
use crate::abi::types::SECURITY_STATUS;

/// Frees what the library handed out: tokens, package information, attribute strings, packed
/// contexts. NULL is nothing to do; a pointer that the library does not know is left alone and
/// answered with SEC_E_INVALID_HANDLE.
///
/// # Safety
/// `pvContextBuffer` may be any pointer; after success the memory is gone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn FreeContextBuffer(pvContextBuffer: *mut c_void) -> SECURITY_STATUS {
    boundary_ok("FreeContextBuffer", format_args!("{pvContextBuffer:p}"), || {
        memory::take_back(Kind::ContextBuffer, pvContextBuffer.cast())
    })
}
