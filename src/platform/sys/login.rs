//! `getpwnam_r(3)`, `getgrouplist(3)`: accounts as the name services know them,
//! which may ask other processes and machines.

use std::ffi::{CStr, CString, c_char, c_int};
use std::io;
use std::ptr;

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// `pw_name`: may be spelt in another way than it was asked for.
    pub name: String,
    /// `pw_uid`
    pub user: u32,
    /// `pw_gid`
    pub group: u32,
    /// `pw_dir`
    pub home: String,
}

const FIRST_BUFFER: usize = 4 << 10;
const MAX_BUFFER: usize = 1 << 20;
/// `NGROUPS_MAX`
const MAX_GROUPS: usize = 65_536;

/// The account of this name; `None` when no service knows it.
pub fn login_by_name(name: &str) -> io::Result<Option<Login>> {
    let Ok(name) = CString::new(name) else { return Ok(None) };
    // SAFETY: the name is terminated, and the rest is what `look_up` says.
    look_up(|entry, buffer, size, found| unsafe {
        libc::getpwnam_r(name.as_ptr(), entry, buffer, size, found)
    })
}

/// The groups that an account is in, its own among them.
pub fn groups_of(name: &str, group: u32) -> io::Result<Vec<u32>> {
    let name = CString::new(name)?;
    let mut size = 64;
    while size <= MAX_GROUPS {
        let mut groups = vec![0; size];
        let mut count = c_int::try_from(size).map_err(io::Error::other)?;
        // SAFETY: a terminated name, and room for as many groups as `count` says.
        let result = unsafe {
            libc::getgrouplist(name.as_ptr(), group, groups.as_mut_ptr(), &raw mut count)
        };
        let count = usize::try_from(count).unwrap_or(0);
        if result >= 0 && count <= size {
            groups.truncate(count);
            return Ok(groups);
        }
        // Not every version of the C library says how many there are.
        size = count.max(size.saturating_mul(2));
    }
    Err(io::Error::other("the account is in too many groups"))
}

/// Calls with an entry and a buffer of its own, larger ones until it fits. `call` gets pointers
/// that live as long as it runs, and the buffer's size.
fn look_up(
    call: impl Fn(*mut libc::passwd, *mut c_char, usize, *mut *mut libc::passwd) -> c_int,
) -> io::Result<Option<Login>> {
    let mut size = FIRST_BUFFER;
    while size <= MAX_BUFFER {
        let mut buffer = vec![0_u8; size];
        // SAFETY: every field of a `passwd` may be zero.
        let mut entry: libc::passwd = unsafe { std::mem::zeroed() };
        let mut found = ptr::null_mut();
        match call(&raw mut entry, buffer.as_mut_ptr().cast(), size, &raw mut found) {
            libc::ERANGE => size = size.saturating_mul(4),
            libc::EINTR => {}
            0 if !found.is_null() => {
                let text = |field: *const c_char| {
                    // SAFETY: the fields of an entry that was found are NULL or C strings in
                    // the buffer.
                    (!field.is_null()).then(|| unsafe { CStr::from_ptr(field) })
                };
                let name = text(entry.pw_name).and_then(|name| name.to_str().ok());
                let home = text(entry.pw_dir).map(CStr::to_string_lossy).unwrap_or_default();
                return Ok(name.map(|name| Login {
                    name: name.to_owned(),
                    user: entry.pw_uid,
                    group: entry.pw_gid,
                    home: home.into_owned(),
                }));
            }
            // What the services say of names that they do not know (getpwnam(3)).
            0 | libc::ENOENT | libc::ESRCH | libc::EBADF | libc::EPERM => return Ok(None),
            error => return Err(io::Error::from_raw_os_error(error)),
        }
    }
    Err(io::Error::other("the account's entry is too large"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_found_by_name() {
        let root = login_by_name("root").unwrap().unwrap();
        assert_eq!((root.user, &*root.name), (0, "root"));
        assert!(groups_of("root", root.group).unwrap().contains(&root.group));
        for name in ["nobody here", "", "ro\0ot", "root "] {
            assert_eq!(login_by_name(name).unwrap(), None, "{name:?}");
        }
    }
}
