//! Every form is built by hand, byte for byte, as a C program's compiler lays it out.

use super::*;
use crate::spi::error::{CallerFault, Fault};
use crate::spi::text::utf16le;

/// The 48 bytes of a plain identity.
fn plain(user: (&[u8], u32), domain: (&[u8], u32), password: (&[u8], u32), flags: u32) -> Block {
    let mut block = Block::default();
    for ((bytes, length), flags) in [(user, None), (domain, None), (password, Some(flags))] {
        block.u64(if bytes.is_empty() { 0 } else { bytes.as_ptr().addr() as u64 });
        block.u32(length);
        block.u32(flags.unwrap_or(0xCCCC_CCCC));
    }
    block
}

#[derive(Default)]
struct Block(Vec<u8>);

impl Block {
    fn u32(&mut self, value: u32) {
        self.0.extend(value.to_le_bytes());
    }

    fn u64(&mut self, value: u64) {
        self.0.extend(value.to_le_bytes());
    }

    fn read(&self) -> Result<AuthData> {
        // Aligned as malloc would align it, and no longer than it is.
        let mut words = vec![0_u128; self.0.len().div_ceil(16)];
        let bytes = words.as_mut_ptr().cast::<u8>();
        // SAFETY: the words are at least as long; the tests keep the strings alive.
        unsafe {
            bytes.copy_from_nonoverlapping(self.0.as_ptr(), self.0.len());
            identity_in(bytes.cast())
        }
    }

    fn explicit(&self) -> Identity {
        match self.read().unwrap() {
            AuthData::Explicit(identity) => identity,
            AuthData::Default(_) => panic!("the default credentials"),
        }
    }

    fn refused(&self) {
        let error = self.read().unwrap_err();
        assert_eq!(error.fault(), Fault::Caller(CallerFault::InvalidParameter), "{error}");
    }
}

fn password(identity: &Identity) -> String {
    match &identity.proof {
        Proof::Password(text) => String::from_utf16(text.expose()).unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn null_is_the_default_and_empty_is_anonymous() {
    // SAFETY: NULL is allowed.
    let default = unsafe { identity_in(std::ptr::null()) }.unwrap();
    assert!(matches!(default, AuthData::Default(list) if list == PackageList::default()));
    assert!(plain((b"", 0), (b"", 0), (b"", 0), 2).explicit().is_empty());
    assert!(plain((b"x", 0), (b"x", 0), (b"x", 0), 1).explicit().is_empty());
}

#[test]
fn flags_alone_decide_between_a_and_w() {
    let (user, domain, word) = (utf16le("Zoë"), utf16le("EX"), utf16le("pw"));
    let wide = plain((&user, 3), (&domain, 2), (&word, 2), 2 | 0x300).explicit();
    assert_eq!(wide.user.as_deref(), Some("Zoë"));
    assert_eq!(wide.domain.as_deref(), Some("EX"));
    assert_eq!(password(&wide), "pw");
    let ansi = plain(("Zoë".as_bytes(), 4), (b"EX", 2), (b"pw!", 2), 1 | 4).explicit();
    assert_eq!(ansi.user.as_deref(), Some("Zoë"));
    assert_eq!(password(&ansi), "pw");
}

#[test]
fn b7_neither_or_both_charsets_are_refused() {
    for flags in [0, 3, 4, 0x300, 0xFFFF_FFFF] {
        plain((b"user", 2), (b"", 0), (b"", 0), flags).refused();
    }
}
