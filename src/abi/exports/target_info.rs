//! Marshalled credential targets: not offered yet. Outputs are cleared, the answer is
//! STATUS_NOT_IMPLEMENTED.

use std::ptr::null_mut;

use super::lsa::call;
use crate::abi::pointers::Out;
use crate::abi::types::*;

/// Would put a credential target into one block: answers STATUS_NOT_IMPLEMENTED and NULL.
///
/// # Safety
/// `InTargetInfo` is NULL or readable, the others are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CredMarshalTargetInfo(
    InTargetInfo: PCREDENTIAL_TARGET_INFORMATIONW,
    Buffer: *mut PUSHORT,
    BufferSize: PULONG,
) -> NTSTATUS {
    let _ = InTargetInfo;
    call("CredMarshalTargetInfo", format_args!(""), STATUS_NOT_IMPLEMENTED, || {
        // SAFETY: the contract is the same.
        unsafe {
            Out::optional(Buffer, "Buffer")?.set(null_mut());
            Out::optional(BufferSize, "BufferSize")?.set(0);
        }
        Ok(())
    })
}

/// Would take a credential target out of a block: answers STATUS_NOT_IMPLEMENTED and NULL.
///
/// # Safety
/// `Buffer` is NULL or readable for `BufferSize` bytes, the others are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CredUnmarshalTargetInfo(
    Buffer: PUSHORT,
    BufferSize: ULONG,
    RetTargetInfo: *mut PCREDENTIAL_TARGET_INFORMATIONW,
    RetActualSize: PULONG,
) -> NTSTATUS {
    let _ = Buffer;
    call("CredUnmarshalTargetInfo", format_args!("{BufferSize}"), STATUS_NOT_IMPLEMENTED, || {
        // SAFETY: the contract is the same.
        unsafe {
            Out::optional(RetTargetInfo, "RetTargetInfo")?.set(null_mut());
            Out::optional(RetActualSize, "RetActualSize")?.set(0);
        }
        Ok(())
    })
}
