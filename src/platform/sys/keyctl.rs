//! The kernel's keyrings: `add_key(2)`, `keyctl(2)`. The C library has no functions for them.

use std::ffi::CString;
use std::io;
use std::ptr;

use crate::spi::secret::SecretBytes;

/// The serial number of a key or keyring; the negative ones are the caller's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeySerial(i32);

impl KeySerial {
    /// Of this thread.
    pub const THREAD: Self = Self(libc::KEY_SPEC_THREAD_KEYRING);
    /// Of this process.
    pub const PROCESS: Self = Self(libc::KEY_SPEC_PROCESS_KEYRING);
    /// Of this session.
    pub const SESSION: Self = Self(libc::KEY_SPEC_SESSION_KEYRING);
    /// Of this user.
    pub const USER: Self = Self(libc::KEY_SPEC_USER_KEYRING);
    /// Of all sessions of this user that have none of their own.
    pub const USER_SESSION: Self = Self(libc::KEY_SPEC_USER_SESSION_KEYRING);
}

/// Puts a key into a keyring, in the place of one of the same type and name.
pub fn add_key(kind: &str, name: &str, content: &[u8], ring: KeySerial) -> io::Result<KeySerial> {
    let (kind, name) = (CString::new(kind)?, CString::new(name)?);
    let pointer = if content.is_empty() { ptr::null() } else { content.as_ptr() };
    // SAFETY: both names are C strings, and the content is readable for its length; nothing is
    // read of it where the length is 0.
    let result = unsafe {
        libc::syscall(
            libc::SYS_add_key,
            kind.as_ptr(),
            name.as_ptr(),
            pointer,
            content.len(),
            libc::c_long::from(ring.0),
        )
    };
    serial(result)
}

/// Looks for a key in a keyring and what is linked from it; what is found is linked from
/// `link_from`, if that is a keyring. `None` where there is no such key.
pub fn search(
    ring: KeySerial,
    kind: &str,
    name: &str,
    link_from: Option<KeySerial>,
) -> io::Result<Option<KeySerial>> {
    let (kind, name) = (CString::new(kind)?, CString::new(name)?);
    let link_from = link_from.map_or(0, |ring| ring.0);
    let arguments = [number(ring.0), kind.as_ptr() as _, name.as_ptr() as _, number(link_from)];
    // SAFETY: both names are C strings that outlive the call.
    match unsafe { keyctl(libc::KEYCTL_SEARCH, arguments) }.and_then(serial) {
        Ok(key) => Ok(Some(key)),
        Err(error) => match error.raw_os_error() {
            Some(libc::ENOKEY | libc::EKEYEXPIRED | libc::EKEYREVOKED) => Ok(None),
            _ => Err(error),
        },
    }
}

/// The content of a key, of at most so many bytes.
pub fn read(key: KeySerial, max_size: usize) -> io::Result<SecretBytes> {
    let mut content = SecretBytes::new(vec![0; 1024.min(max_size)]);
    loop {
        let buffer = content.expose_mut();
        let arguments = [number(key.0), buffer.as_mut_ptr() as _, buffer.len() as libc::c_ulong, 0];
        // SAFETY: the buffer is writable for the length that is given with it.
        let length = unsafe { keyctl(libc::KEYCTL_READ, arguments) }?;
        let length = usize::try_from(length).map_err(io::Error::other)?;
        if length > max_size {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        if let Some(whole) = buffer.get(..length) {
            return Ok(SecretBytes::new(whole.to_vec()));
        }
        // It is longer, or has become longer since.
        content = SecretBytes::new(vec![0; length]);
    }
}

/// The keys that are linked from a keyring.
pub fn list(ring: KeySerial) -> io::Result<Vec<KeySerial>> {
    const MOST: usize = 1 << 20;
    let content = read(ring, MOST)?;
    let (serials, _) = content.expose().as_chunks::<4>();
    Ok(serials.iter().map(|bytes| KeySerial(i32::from_ne_bytes(*bytes))).collect())
}

/// Type and name of a key.
pub fn describe(key: KeySerial) -> io::Result<(String, String)> {
    let mut buffer = vec![0_u8; 8192];
    let arguments = [number(key.0), buffer.as_mut_ptr() as _, buffer.len() as libc::c_ulong, 0];
    // SAFETY: the buffer is writable for the length that is given with it.
    let length = unsafe { keyctl(libc::KEYCTL_DESCRIBE, arguments) }?;
    buffer.truncate(usize::try_from(length).unwrap_or(0).saturating_sub(1));
    let text = String::from_utf8(buffer).map_err(io::Error::other)?;
    // type;uid;gid;permissions;name
    let mut fields = text.splitn(5, ';');
    match (fields.next(), fields.nth(3)) {
        (Some(kind), Some(name)) => Ok((kind.to_owned(), name.to_owned())),
        _ => Err(io::Error::from(io::ErrorKind::InvalidData)),
    }
}

/// Makes a link to a key from a keyring.
pub fn link(key: KeySerial, ring: KeySerial) -> io::Result<()> {
    // SAFETY: no argument is a pointer.
    unsafe { keyctl(libc::KEYCTL_LINK, [number(key.0), number(ring.0), 0, 0]) }.map(|_| ())
}

/// Takes a key out of a keyring; the kernel forgets it when it is in no other.
pub fn unlink(key: KeySerial, ring: KeySerial) -> io::Result<()> {
    // SAFETY: no argument is a pointer.
    unsafe { keyctl(libc::KEYCTL_UNLINK, [number(key.0), number(ring.0), 0, 0]) }.map(|_| ())
}

/// Takes all keys out of a keyring.
pub fn clear(ring: KeySerial) -> io::Result<()> {
    // SAFETY: no argument is a pointer.
    unsafe { keyctl(libc::KEYCTL_CLEAR, [number(ring.0), 0, 0, 0]) }.map(|_| ())
}

/// Lets a key expire in so many seconds; 0 is never.
pub fn set_timeout(key: KeySerial, seconds: u32) -> io::Result<()> {
    let arguments = [number(key.0), libc::c_ulong::from(seconds), 0, 0];
    // SAFETY: no argument is a pointer.
    unsafe { keyctl(libc::KEYCTL_SET_TIMEOUT, arguments) }.map(|_| ())
}

/// The true serial number of one of the caller's own keyrings; it is not made.
pub fn resolve(ring: KeySerial) -> io::Result<KeySerial> {
    // SAFETY: no argument is a pointer.
    unsafe { keyctl(libc::KEYCTL_GET_KEYRING_ID, [number(ring.0), 0, 0, 0]) }.and_then(serial)
}

/// The persistent keyring of a user, linked from a keyring of the caller's.
pub fn persistent(user: u32, link_from: KeySerial) -> io::Result<KeySerial> {
    let arguments = [libc::c_ulong::from(user), number(link_from.0), 0, 0];
    // SAFETY: no argument is a pointer.
    unsafe { keyctl(libc::KEYCTL_GET_PERSISTENT, arguments) }.and_then(serial)
}

/// # Safety
/// The arguments are what this operation takes; those that are pointers are good for what it
/// does with them.
unsafe fn keyctl(operation: u32, arguments: [libc::c_ulong; 4]) -> io::Result<libc::c_long> {
    let [a, b, c, d] = arguments;
    let operation = libc::c_ulong::from(operation);
    // SAFETY: the caller's promise.
    let result = unsafe { libc::syscall(libc::SYS_keyctl, operation, a, b, c, d) };
    if result == -1 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

/// As the kernel takes signed numbers.
fn number(serial: i32) -> libc::c_ulong {
    libc::c_long::from(serial).cast_unsigned()
}

fn serial(result: libc::c_long) -> io::Result<KeySerial> {
    if result == -1 {
        return Err(io::Error::last_os_error());
    }
    i32::try_from(result).map(KeySerial).map_err(io::Error::other)
}
