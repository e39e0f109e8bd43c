//! DER, element by element.

use crate::spi::error::{Error, PeerFault, Result};

/// What is still to be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// The contents of the one element that these bytes are.
    pub fn whole(bytes: &'a [u8], tag: u8) -> Result<&'a [u8]> {
        let mut reader = Reader(bytes);
        let contents = reader.take(tag)?;
        reader.end()?;
        Ok(contents)
    }

    /// The contents of the next element, which has this tag.
    pub fn take(&mut self, tag: u8) -> Result<&'a [u8]> {
        match self.element()? {
            (found, contents) if found == tag => Ok(contents),
            _ => Err(malformed("a field is missing, or not in its place")),
        }
    }

    /// The contents of the next element, if it has this tag.
    pub fn optional(&mut self, tag: u8) -> Result<Option<&'a [u8]>> {
        if self.0.first() == Some(&tag) { self.take(tag).map(Some) } else { Ok(None) }
    }

    /// Nothing is left.
    pub fn end(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(malformed("something follows its end")) }
    }

    /// Passes over the fields of a later version, whose tags are higher than this and in order.
    pub fn skip_behind(mut self, last: u8) -> Result<()> {
        let mut highest = last;
        while !self.0.is_empty() {
            let (tag, _) = self.element()?;
            if tag <= highest || tag > HIGHEST_FIELD {
                return Err(malformed("a field comes twice, or not in its place"));
            }
            highest = tag;
        }
        Ok(())
    }

    fn element(&mut self) -> Result<(u8, &'a [u8])> {
        let (&[tag, first], rest) = self.0.split_first_chunk().ok_or_else(cut_off)?;
        let (length, rest) = if first < 0x80 {
            (usize::from(first), rest)
        } else {
            long_length(usize::from(first & 0x7F), rest)?
        };
        let (contents, rest) = rest.split_at_checked(length).ok_or_else(cut_off)?;
        self.0 = rest;
        Ok((tag, contents))
    }
}

/// The highest number that fits into a tag of one octet.
const HIGHEST_FIELD: u8 = 0xBE;

/// A length of so many octets, which must be as few as can be.
fn long_length(octets: usize, bytes: &[u8]) -> Result<(usize, &[u8])> {
    let (length, rest) = bytes
        .split_at_checked(octets)
        .filter(|_| (1..=4).contains(&octets))
        .ok_or_else(|| malformed("a length cannot be read"))?;
    let shortest = length.first().is_some_and(|&first| first != 0);
    let length = length.iter().fold(0_usize, |sum, &byte| sum << 8 | usize::from(byte));
    if !shortest || length < 0x80 {
        return Err(malformed("a length is not in its shortest form"));
    }
    Ok((length, rest))
}

fn cut_off() -> Error {
    malformed("it is cut off")
}

/// A token that cannot be read.
pub(super) fn malformed(story: &str) -> Error {
    Error::new(PeerFault::MalformedToken, format!("the SPNEGO token: {story}"))
}
