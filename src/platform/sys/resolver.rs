//! `res_query(3)` and `getaddrinfo(3)`: what the C library knows of DNS and the standard library
//! does not ask for. All of them may take as long as the machine's resolver is patient.

use std::ffi::{CStr, CString, c_char, c_int};
use std::ptr;

const CLASS_IN: c_int = 1;
/// A DNS message over TCP cannot be longer.
const MAX_ANSWER: usize = 64 << 10;

// In glibc 2.34 and musl part of the C library, in older versions of glibc of its own.
#[link(name = "resolv")]
unsafe extern "C" {
    // The resolver's state is the calling thread's own. res_nquery would take one of ours, whose
    // size is not the same everywhere.
    fn res_query(
        name: *const c_char,
        class: c_int,
        kind: c_int,
        answer: *mut u8,
        length: c_int,
    ) -> c_int;
}

/// The answer to a question, as it came; nothing when there is none.
pub fn query(name: &str, kind: u16) -> Option<Vec<u8>> {
    let name = CString::new(name).ok()?;
    let mut answer = vec![0; MAX_ANSWER];
    let room = c_int::try_from(answer.len()).ok()?;
    // SAFETY: `name` is a C string, and the length is the buffer's.
    let length =
        unsafe { res_query(name.as_ptr(), CLASS_IN, kind.into(), answer.as_mut_ptr(), room) };
    let length = usize::try_from(length).ok()?;
    answer.truncate(length);
    Some(answer)
}

/// The canonical name of a host: by its aliases and, if `reverse`, by its address.
pub fn canonical_name(host: &str, reverse: bool) -> Option<String> {
    let host = CString::new(host).ok()?;
    // SAFETY: every field of an `addrinfo` may be zero.
    let mut hints: libc::addrinfo = unsafe { std::mem::zeroed() };
    hints.ai_flags = libc::AI_CANONNAME;
    hints.ai_socktype = libc::SOCK_STREAM;
    let mut found: *mut libc::addrinfo = ptr::null_mut();
    // SAFETY: a C string, and pointers to living values.
    let result =
        unsafe { libc::getaddrinfo(host.as_ptr(), ptr::null(), &raw const hints, &raw mut found) };
    if result != 0 || found.is_null() {
        return None;
    }
    let list = AddressList(found);
    let by_address = if reverse { list.name_of_first() } else { None };
    by_address.or_else(|| list.canonical_name())
}

/// What `getaddrinfo` gave, to be given back.
struct AddressList(*mut libc::addrinfo);

impl AddressList {
    fn first(&self) -> &libc::addrinfo {
        // SAFETY: the list is not empty, and lives as long as this value.
        unsafe { &*self.0 }
    }

    fn canonical_name(&self) -> Option<String> {
        let name = self.first().ai_canonname;
        if name.is_null() {
            return None;
        }
        // SAFETY: a canonical name is a C string that lives as long as the list.
        unsafe { CStr::from_ptr(name) }.to_str().ok().map(str::to_owned)
    }

    fn name_of_first(&self) -> Option<String> {
        let first = self.first();
        // NI_MAXHOST
        let mut name = [0_u8; 1025];
        let room = libc::socklen_t::try_from(name.len()).ok()?;
        // SAFETY: the address and its length belong together; the length is the buffer's.
        let result = unsafe {
            libc::getnameinfo(
                first.ai_addr,
                first.ai_addrlen,
                name.as_mut_ptr().cast(),
                room,
                ptr::null_mut(),
                0,
                libc::NI_NAMEREQD,
            )
        };
        let name = CStr::from_bytes_until_nul(&name).ok()?;
        (result == 0).then(|| name.to_str().ok().map(str::to_owned))?
    }
}

impl Drop for AddressList {
    fn drop(&mut self) {
        // SAFETY: it came from `getaddrinfo`, and this is the only owner.
        unsafe { libc::freeaddrinfo(self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_names() {
        assert!(canonical_name("127.0.0.1", true).is_some_and(|name| name.contains("localhost")));
        assert_eq!(canonical_name("127.0.0.1", false).as_deref(), Some("127.0.0.1"));
        assert_eq!(canonical_name("not a host", true), None);
        assert_eq!(canonical_name("a\0b", false), None);
    }
}
