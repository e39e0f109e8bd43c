//! Keyed checksums of one usage.

use std::fmt;

use subtle::ConstantTimeEq;

use super::enctype::Enctype;
use super::hash::{Hash, HmacKey, Sha1, Sha256, Sha384};
use super::rc4_hmac;
use crate::crypto::hmac_md5::HmacMd5Key;

/// How an enctype makes its checksum.
pub(super) enum Code {
    /// RFC 3961 5.4
    Sha1(HmacKey<Sha1>),
    /// RFC 8009 5
    Sha256(HmacKey<Sha256>),
    /// RFC 8009 5
    Sha384(HmacKey<Sha384>),
    /// RFC 4757 4, with the message type
    Rc4(HmacMd5Key, u32),
}

/// The checksum key of one usage, ready for many messages.
pub struct MacKey {
    enctype: Enctype,
    code: Code,
}

impl MacKey {
    pub(super) const fn new(enctype: Enctype, code: Code) -> Self {
        Self { enctype, code }
    }

    /// The enctype.
    pub const fn enctype(&self) -> Enctype {
        self.enctype
    }

    /// Writes the checksum of the concatenation: as much of it as `out` has room for, which should
    /// be the enctype's tag length.
    pub fn compute<'a>(&self, data: impl IntoIterator<Item = &'a [u8]>, out: &mut [u8]) {
        let whole = self.whole(data.into_iter());
        let (checksum, _) = whole.split_at(self.enctype.tag_length().min(WHOLE));
        out.iter_mut().zip(checksum).for_each(|(out, byte)| *out = *byte);
    }

    /// Compares in constant time. A checksum of another length is none of ours.
    pub fn verify<'a>(&self, data: impl IntoIterator<Item = &'a [u8]>, checksum: &[u8]) -> bool {
        let whole = self.whole(data.into_iter());
        let (expected, _) = whole.split_at(self.enctype.tag_length().min(WHOLE));
        expected.ct_eq(checksum).into()
    }

    fn whole<'a>(&self, data: impl Iterator<Item = &'a [u8]>) -> [u8; WHOLE] {
        match &self.code {
            Code::Sha1(key) => hmac(key, data),
            Code::Sha256(key) => hmac(key, data),
            Code::Sha384(key) => hmac(key, data),
            Code::Rc4(key, message_type) => padded(&rc4_hmac::checksum(key, *message_type, data)),
        }
    }
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MacKey({}, [secret])", self.enctype)
    }
}

/// The longest code before it is cut: of SHA-384.
const WHOLE: usize = 48;

fn hmac<'a, H: Hash>(key: &HmacKey<H>, data: impl Iterator<Item = &'a [u8]>) -> [u8; WHOLE] {
    let mut mac = key.start();
    data.for_each(|bytes| mac.update(bytes));
    padded(key.finish(&mut mac).as_ref())
}

fn padded(code: &[u8]) -> [u8; WHOLE] {
    let mut whole = [0; WHOLE];
    whole.iter_mut().zip(code).for_each(|(out, byte)| *out = *byte);
    whole
}
