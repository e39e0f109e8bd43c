//! The part of BER that LDAP uses (RFC 4511 5.1): definite lengths, tags of one octet. Servers of
//! Active Directory write lengths longer than they need to be, so that DER's rules cannot be held
//! to.

use crate::spi::error::{Error, PeerFault, Result};

/// Universal tags.
pub mod tag {
    /// `BOOLEAN`
    pub const BOOLEAN: u8 = 0x01;
    /// `INTEGER`
    pub const INTEGER: u8 = 0x02;
    /// `OCTET STRING`
    pub const OCTET_STRING: u8 = 0x04;
    /// `NULL`
    #[cfg(test)]
    pub const NULL: u8 = 0x05;
    /// `ENUMERATED`
    pub const ENUMERATED: u8 = 0x0A;
    /// `SEQUENCE`
    pub const SEQUENCE: u8 = 0x30;
    /// `SET`
    pub const SET: u8 = 0x31;
}

/// Tags with this in their low bits have more octets.
const LONG_TAG: u8 = 0x1F;
/// Octets of a length behind the first one.
const MAX_LENGTH_OCTETS: usize = 4;

/// What is left of some contents.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Reads these bytes.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether nothing is left.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next element, whatever it is: its tag and its contents.
    pub fn any(&mut self) -> Result<(u8, &'a [u8])> {
        let (tag, header, length) = header(self.0)?.ok_or_else(truncated)?;
        let rest = self.0.get(header..).ok_or_else(truncated)?;
        let (contents, rest) = rest.split_at_checked(length).ok_or_else(truncated)?;
        self.0 = rest;
        Ok((tag, contents))
    }

    /// The contents of the next element, which must have this tag.
    pub fn element(&mut self, wanted: u8) -> Result<&'a [u8]> {
        let (tag, contents) = self.any()?;
        if tag == wanted {
            return Ok(contents);
        }
        Err(malformed(format!("tag {tag:#04x} is at the place of {wanted:#04x}")))
    }

    /// The next element if it has this tag.
    pub fn optional(&mut self, wanted: u8) -> Result<Option<&'a [u8]>> {
        if self.0.first() == Some(&wanted) { self.element(wanted).map(Some) } else { Ok(None) }
    }

    /// The elements of the next one.
    pub fn nested(&mut self, wanted: u8) -> Result<Self> {
        self.element(wanted).map(Self)
    }

    /// A number of no more than 32 bits.
    pub fn number(&mut self, wanted: u8) -> Result<i32> {
        let contents = self.element(wanted)?;
        let (&first, rest) = contents.split_first().ok_or_else(|| malformed("an empty number"))?;
        if rest.len() >= size_of::<i32>() {
            return Err(malformed("a number of more than 32 bits"));
        }
        let sign = i32::from(first.cast_signed());
        Ok(rest.iter().fold(sign, |number, &byte| (number << 8) | i32::from(byte)))
    }

    /// Text: UTF-8.
    pub fn text(&mut self) -> Result<String> {
        let contents = self.element(tag::OCTET_STRING)?;
        let text = str::from_utf8(contents).map_err(|_| malformed("a text that is no UTF-8"))?;
        Ok(text.to_owned())
    }

    /// Nothing may be left.
    pub fn end(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(malformed("octets behind the last element")) }
    }
}

/// Tag, length of tag and length, and length of the contents of an element that begins here;
/// `None` when not all of that is there yet.
pub fn header(bytes: &[u8]) -> Result<Option<(u8, usize, usize)>> {
    let Some(&tag) = bytes.first() else { return Ok(None) };
    if tag & LONG_TAG == LONG_TAG {
        return Err(malformed("a tag of more than one octet"));
    }
    let Some(&first) = bytes.get(1) else { return Ok(None) };
    if first < 0x80 {
        return Ok(Some((tag, 2, first.into())));
    }
    let octets = usize::from(first & 0x7F);
    if octets == 0 || octets > MAX_LENGTH_OCTETS {
        return Err(malformed("a length that is indefinite or of more than four octets"));
    }
    let end = octets.saturating_add(2);
    let Some(length) = bytes.get(2..end) else { return Ok(None) };
    let length = length.iter().fold(0, |length, &byte| (length << 8) | usize::from(byte));
    Ok(Some((tag, end, length)))
}

/// Elements that are being written, with the shortest lengths.
#[derive(Debug, Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// What was written.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    /// An element with these contents.
    pub fn element(&mut self, tag: u8, contents: &[u8]) {
        self.0.push(tag);
        self.length(contents.len());
        self.0.extend_from_slice(contents);
    }

    /// An element of elements.
    pub fn nested(&mut self, tag: u8, write: impl FnOnce(&mut Self)) {
        let mut inner = Self::default();
        write(&mut inner);
        self.element(tag, &inner.0);
    }

    /// A number.
    pub fn number(&mut self, tag: u8, value: i32) {
        let bytes = value.to_be_bytes();
        let redundant = |at: usize| match (bytes.get(at), bytes.get(at.saturating_add(1))) {
            (Some(0), Some(next)) => *next < 0x80,
            (Some(0xFF), Some(next)) => *next >= 0x80,
            _ => false,
        };
        let start = (0..bytes.len()).find(|&at| !redundant(at)).unwrap_or(0);
        self.element(tag, bytes.get(start..).unwrap_or_default());
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        self.element(tag::OCTET_STRING, text.as_bytes());
    }

    fn length(&mut self, length: usize) {
        if let Ok(short) = u8::try_from(length)
            && short < 0x80
        {
            self.0.push(short);
            return;
        }
        let bytes = length.to_be_bytes();
        let start = bytes.iter().position(|&byte| byte != 0).unwrap_or(0);
        let bytes = bytes.get(start..).unwrap_or_default();
        // No length has more than eight octets.
        self.0.push(0x80 | bytes.len() as u8);
        self.0.extend_from_slice(bytes);
    }
}

/// A message that cannot be read.
pub fn malformed(story: impl Into<String>) -> Error {
    Error::new(PeerFault::MalformedToken, format!("LDAP: {}", story.into()))
}

fn truncated() -> Error {
    malformed("an element ends before its end")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_over_and_back() {
        for value in [0, 1, 127, 128, 255, 256, 65_535, i32::MAX, -1, -128, -129, i32::MIN] {
            let mut writer = Writer::default();
            writer.number(tag::INTEGER, value);
            let bytes = writer.finish();
            assert_eq!(Reader::new(&bytes).number(tag::INTEGER).unwrap(), value);
            assert!(Reader::new(&bytes[..bytes.len() - 1]).number(tag::INTEGER).is_err());
        }
        assert!(Reader::new(&[2, 5, 0, 0, 0, 0, 1]).number(tag::INTEGER).is_err());
        assert!(Reader::new(&[2, 0]).number(tag::INTEGER).is_err());
    }

    #[test]
    fn lengths_may_be_longer_than_need_be() {
        for bytes in [&[4, 1, 7][..], &[4, 0x81, 1, 7], &[4, 0x84, 0, 0, 0, 1, 7]] {
            assert_eq!(Reader::new(bytes).element(tag::OCTET_STRING).unwrap(), [7]);
            for length in 0..bytes.len() {
                assert!(Reader::new(&bytes[..length]).any().is_err());
            }
        }
        for bytes in [&[4, 0x80, 0, 0][..], &[4, 0x85, 0, 0, 0, 0, 1, 7], &[0x1F, 1, 1, 7]] {
            assert!(header(bytes).is_err());
        }
        assert!(Reader::new(&[4, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 7]).any().is_err());
        for length in [0, 127, 128, 255, 256, 70_000] {
            let mut writer = Writer::default();
            writer.element(tag::OCTET_STRING, &vec![5; length]);
            let bytes = writer.finish();
            assert_eq!(Reader::new(&bytes).element(tag::OCTET_STRING).unwrap().len(), length);
        }
        assert!(Reader::new(&[tag::NULL, 0, 0]).nested(tag::NULL).unwrap().end().is_ok());
    }
}
