//! Texts for a status, and the last error: functions of our own, declared in `secur32_status.h`.
//! The compat folder's `windows.h` gives the last error Windows' names.

use std::collections::HashMap;
use std::ffi::{CStr, CString, c_char};
use std::sync::LazyLock;

use crate::abi::boundary::{boundary_value, last_error};
use crate::abi::last_error as thread;
use crate::abi::pointers::slice_in;
use crate::spi::status::{Status, all};

/// The name of a status in Windows' headers, or "unknown status". The string is static.
#[unsafe(no_mangle)]
pub extern "C" fn Secur32StatusName(status: i32) -> *const c_char {
    texts(status).map_or(UNKNOWN.as_ptr(), |(name, _)| name.as_ptr())
}

/// A sentence that says what a status means. The string is static.
#[unsafe(no_mangle)]
pub extern "C" fn Secur32StatusText(status: i32) -> *const c_char {
    texts(status).map_or(UNKNOWN.as_ptr(), |(_, text)| text.as_ptr())
}

/// The last failure of the calling thread: function, status and story, as a terminated UTF-8
/// text that is cut to the buffer. Returns the length of the whole text without its terminator;
/// 0 when nothing has failed.
///
/// # Safety
/// `buffer` is NULL or writable for `size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Secur32LastErrorText(buffer: *mut c_char, size: usize) -> usize {
    let last = last_error().unwrap_or_default();
    boundary_value("Secur32LastErrorText", format_args!("size={size}"), 0, || {
        if size > 0 && !buffer.is_null() {
            let mut end = last.len().min(size - 1);
            while !last.is_char_boundary(end) {
                end -= 1;
            }
            // SAFETY: `end` + 1 bytes fit into the buffer, which the caller promised.
            unsafe {
                let text = slice_in(last.as_ptr(), end, "the text")?;
                buffer.cast::<u8>().copy_from_nonoverlapping(text.as_ptr(), end);
                buffer.add(end).write(0);
            }
        }
        Ok(last.len())
    })
}

/// The Win32 error that a function of this library, or [`Secur32SetLastError`], left for the
/// calling thread; 0 when none has. What succeeds leaves it alone.
#[unsafe(no_mangle)]
pub extern "C" fn Secur32GetLastError() -> u32 {
    thread::get()
}

/// Sets the calling thread's last error.
#[unsafe(no_mangle)]
pub extern "C" fn Secur32SetLastError(error: u32) {
    thread::set(error);
}

const UNKNOWN: &CStr = c"unknown status";

fn texts(status: i32) -> Option<&'static (CString, CString)> {
    static TEXTS: LazyLock<HashMap<Status, (CString, CString)>> = LazyLock::new(|| {
        all()
            .filter_map(|(status, name, text)| {
                Some((status, (CString::new(name).ok()?, CString::new(text).ok()?)))
            })
            .collect()
    });
    TEXTS.get(&Status::new(status))
}
