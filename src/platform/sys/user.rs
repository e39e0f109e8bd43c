//! `geteuid(2)`, `getuid(2)`, `getpwuid_r(3)`.

use std::ffi::CStr;
use std::ptr;

/// The user that the process acts for.
pub fn effective_user() -> u32 {
    // SAFETY: takes nothing and cannot fail.
    unsafe { libc::geteuid() }
}

/// The user that started the process.
pub fn real_user() -> u32 {
    // SAFETY: takes nothing and cannot fail.
    unsafe { libc::getuid() }
}

/// A user's name, if the machine knows it.
pub fn user_name(id: u32) -> Option<String> {
    user_entry(id).map(|(name, _)| name)
}

/// A user's name and what its entry says for people (GECOS).
pub fn user_entry(id: u32) -> Option<(String, String)> {
    let mut buffer = vec![0_u8; 16 << 10];
    // SAFETY: every field of a `passwd` may be zero.
    let mut entry: libc::passwd = unsafe { std::mem::zeroed() };
    let mut found = ptr::null_mut();
    // SAFETY: all pointers are to living values, and the length is the buffer's.
    let result = unsafe {
        libc::getpwuid_r(
            id,
            &raw mut entry,
            buffer.as_mut_ptr().cast(),
            buffer.len(),
            &raw mut found,
        )
    };
    if result != 0 || found.is_null() || entry.pw_name.is_null() {
        return None;
    }
    // SAFETY: an entry that was found has a C string for a name, which lies in the buffer.
    let name = unsafe { CStr::from_ptr(entry.pw_name) }.to_str().ok()?.to_owned();
    if entry.pw_gecos.is_null() {
        return Some((name, String::new()));
    }
    // SAFETY: as the name.
    let gecos = unsafe { CStr::from_ptr(entry.pw_gecos) };
    Some((name, gecos.to_string_lossy().into_owned()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_first_user_has_a_name() {
        assert_eq!(super::user_name(0).as_deref(), Some("root"));
        assert_eq!(super::user_name(u32::MAX - 7), None);
        assert_eq!(super::user_entry(0).unwrap().0, "root");
    }
}
