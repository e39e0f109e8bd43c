//! `regcomp(3)`, `regexec(3)`: for tests alone, as what MIT reads its rules with. What they need
//! for hostile patterns has no bounds, so the library itself does not use them.

use std::ffi::CString;
use std::mem::MaybeUninit;

/// A pattern that `regcomp` refuses.
#[derive(Debug, PartialEq, Eq)]
pub struct PosixError;

/// A POSIX extended regular expression of the C library.
#[derive(Debug)]
pub struct Posix(Box<libc::regex_t>);

impl Posix {
    pub fn new(pattern: &str) -> Result<Self, PosixError> {
        let pattern = CString::new(pattern).map_err(|_| PosixError)?;
        let mut regex = Box::new(MaybeUninit::<libc::regex_t>::uninit());
        // SAFETY: `regex` has room for a regex_t, and the pattern is terminated.
        let result =
            unsafe { libc::regcomp(regex.as_mut_ptr(), pattern.as_ptr(), libc::REG_EXTENDED) };
        if result != 0 {
            return Err(PosixError);
        }
        // SAFETY: regcomp filled it.
        Ok(Self(unsafe { regex.assume_init() }))
    }

    /// Where it lies in a text without NULs.
    pub fn find(&self, text: &str) -> Option<(usize, usize)> {
        let text = CString::new(text).unwrap();
        let mut found = libc::regmatch_t { rm_so: -1, rm_eo: -1 };
        // SAFETY: a compiled pattern, a terminated text, room for one place.
        let result =
            unsafe { libc::regexec(&raw const *self.0, text.as_ptr(), 1, &raw mut found, 0) };
        let place = |at| usize::try_from(at).unwrap();
        (result == 0).then(|| (place(found.rm_so), place(found.rm_eo)))
    }
}

impl Drop for Posix {
    fn drop(&mut self) {
        // SAFETY: compiled once and freed once.
        unsafe { libc::regfree(&raw mut *self.0) };
    }
}
