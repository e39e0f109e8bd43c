//! The simple types of RFC 4120 5.2.

use std::marker::PhantomData;

use der::{ErrorKind, Reader as _, Tag};

use super::{Asn1, Element, Reader, Writer};
use crate::spi::secret::SecretBytes;

/// `Int32`: negative values are real.
pub struct Int32;

impl Asn1 for Int32 {
    type Value = i32;
    const TAG: u8 = 0x02;

    fn read(contents: &mut Reader<'_>) -> der::Result<i32> {
        let value = integer(contents)?;
        i32::try_from(value).map_err(|_| contents.error(ErrorKind::Value { tag: Tag::Integer }))
    }

    fn write(value: &i32, out: &mut Writer) {
        write_integer(i64::from(*value), out);
    }
}

/// `UInt32`, `Microseconds`. Peers write values from 2³¹ as negative numbers (Windows' kvno), or
/// leave the leading zero octet away, which is the same; we write the positive number.
pub struct UInt32;

impl Asn1 for UInt32 {
    type Value = u32;
    const TAG: u8 = 0x02;

    fn read(contents: &mut Reader<'_>) -> der::Result<u32> {
        let value = integer(contents)?;
        let negative = || i32::try_from(value).ok().map(i32::cast_unsigned);
        u32::try_from(value)
            .ok()
            .or_else(negative)
            .ok_or_else(|| contents.error(ErrorKind::Value { tag: Tag::Integer }))
    }

    fn write(value: &u32, out: &mut Writer) {
        write_integer(i64::from(*value), out);
    }
}

/// An INTEGER of up to five octets, in its shortest form (X.690 8.3.2).
fn integer(contents: &mut Reader<'_>) -> der::Result<i64> {
    let bytes = contents.read_slice(contents.remaining_len())?;
    match *bytes {
        [] | [_, _, _, _, _, _, ..] => Err(contents.error(ErrorKind::Length { tag: Tag::Integer })),
        [0, next, ..] if next < 0x80 => Err(noncanonical(contents)),
        [0xFF, next, ..] if next >= 0x80 => Err(noncanonical(contents)),
        [first, ..] => {
            let sign = i64::from(first.cast_signed() >> 7);
            Ok(bytes.iter().fold(sign, |value, byte| value << 8 | i64::from(*byte)))
        }
    }
}

fn noncanonical(contents: &mut Reader<'_>) -> der::Error {
    contents.error(ErrorKind::Noncanonical { tag: Tag::Integer })
}

fn write_integer(value: i64, out: &mut Writer) {
    let bytes = value.to_be_bytes();
    let mut rest: &[u8] = &bytes;
    // A first octet that only repeats the sign of the second is not needed.
    while let [0, 0..=0x7F, ..] | [0xFF, 0x80..=0xFF, ..] = rest {
        rest = rest.get(1..).unwrap_or_default();
    }
    out.bytes(rest);
}

/// `KerberosFlags` (RFC 4120 5.2.8): bit 0 is the highest. Written with 32 bits; shorter ones
/// are filled up, and of longer ones the first 32 are taken.
pub struct KerberosFlags;

impl Asn1 for KerberosFlags {
    type Value = u32;
    const TAG: u8 = 0x03;

    fn read(contents: &mut Reader<'_>) -> der::Result<u32> {
        let bytes = contents.read_slice(contents.remaining_len())?;
        let valid = match bytes {
            [unused, bits @ ..] => *unused <= 7 && (*unused == 0 || !bits.is_empty()),
            [] => false,
        };
        if !valid {
            return Err(contents.error(ErrorKind::Length { tag: Tag::BitString }));
        }
        let bits = bytes.iter().skip(1).chain(std::iter::repeat(&0)).take(4);
        Ok(bits.fold(0, |flags, byte| flags << 8 | u32::from(*byte)))
    }

    fn write(value: &u32, out: &mut Writer) {
        out.bytes(&[0]);
        out.bytes(&value.to_be_bytes());
    }
}

/// `KerberosString` (RFC 4120 5.2.1): a GeneralString that holds UTF-8, as everybody does it.
pub struct KerberosString;

impl Asn1 for KerberosString {
    type Value = String;
    const TAG: u8 = 0x1B;

    fn read(contents: &mut Reader<'_>) -> der::Result<String> {
        let bytes = contents.read_slice(contents.remaining_len())?;
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(contents.error(ErrorKind::Utf8(error))),
        }
    }

    fn write(value: &String, out: &mut Writer) {
        out.bytes(value.as_bytes());
    }
}

/// A `KerberosString` for people: what is not UTF-8 in it is replaced.
pub struct LenientString;

impl Asn1 for LenientString {
    type Value = String;
    const TAG: u8 = KerberosString::TAG;

    fn read(contents: &mut Reader<'_>) -> der::Result<String> {
        let bytes = contents.read_slice(contents.remaining_len())?;
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }

    fn write(value: &String, out: &mut Writer) {
        out.bytes(value.as_bytes());
    }
}

/// A `KerberosString` whose bytes matter: a salt.
pub struct EncodedString;

impl Asn1 for EncodedString {
    type Value = Vec<u8>;
    const TAG: u8 = KerberosString::TAG;

    fn read(contents: &mut Reader<'_>) -> der::Result<Vec<u8>> {
        OctetString::read(contents)
    }

    fn write(value: &Vec<u8>, out: &mut Writer) {
        out.bytes(value);
    }
}

/// OCTET STRING.
pub struct OctetString;

impl Asn1 for OctetString {
    type Value = Vec<u8>;
    const TAG: u8 = 0x04;

    fn read(contents: &mut Reader<'_>) -> der::Result<Vec<u8>> {
        contents.read_slice(contents.remaining_len()).map(<[u8]>::to_vec)
    }

    fn write(value: &Vec<u8>, out: &mut Writer) {
        out.bytes(value);
    }
}

/// OCTET STRING that holds a key or a password.
pub struct SecretOctetString;

impl Asn1 for SecretOctetString {
    type Value = SecretBytes;
    const TAG: u8 = OctetString::TAG;

    fn read(contents: &mut Reader<'_>) -> der::Result<SecretBytes> {
        OctetString::read(contents).map(SecretBytes::new)
    }

    fn write(value: &SecretBytes, out: &mut Writer) {
        out.bytes(value.expose());
    }
}

/// BOOLEAN.
pub struct Boolean;

impl Asn1 for Boolean {
    type Value = bool;
    const TAG: u8 = 0x01;

    fn read(contents: &mut Reader<'_>) -> der::Result<bool> {
        match contents.read_slice(contents.remaining_len())? {
            [0] => Ok(false),
            [0xFF] => Ok(true),
            _ => Err(contents.error(ErrorKind::Noncanonical { tag: Tag::Boolean })),
        }
    }

    fn write(value: &bool, out: &mut Writer) {
        out.bytes(&[if *value { 0xFF } else { 0 }]);
    }
}

/// SEQUENCE OF.
pub struct SequenceOf<K>(PhantomData<K>);

impl<K: Element> Asn1 for SequenceOf<K> {
    type Value = Vec<K::Value>;
    const TAG: u8 = super::SEQUENCE;

    fn read(contents: &mut Reader<'_>) -> der::Result<Vec<K::Value>> {
        let mut items = Vec::new();
        while !contents.is_finished() {
            items.push(K::read_element(contents)?);
        }
        Ok(items)
    }

    fn write(value: &Vec<K::Value>, out: &mut Writer) {
        for item in value {
            K::write_element(item, out);
        }
    }
}
