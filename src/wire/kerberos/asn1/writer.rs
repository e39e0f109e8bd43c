//! Writing DER, forward and in one pass.

use std::mem;

use zeroize::Zeroizing;

use crate::spi::secret::SecretBytes;

/// Enough for most messages: growing copies, and wipes what was copied.
const FIRST: usize = 2048;

/// The bytes that are being written. They may be secret: when they move, the old place is wiped.
pub struct Writer(Zeroizing<Vec<u8>>);

impl Writer {
    /// Nothing yet.
    pub fn new() -> Self {
        Self(Zeroizing::new(Vec::with_capacity(FIRST)))
    }

    /// An element: its tag, its length, and what `contents` writes.
    pub fn tagged(&mut self, tag: u8, contents: impl FnOnce(&mut Self)) {
        self.bytes(&[tag, 0]);
        let start = self.0.len();
        contents(self);
        self.set_length(start);
    }

    /// Bytes as they are.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.make_room(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// What was written.
    pub fn into_bytes(mut self) -> Vec<u8> {
        mem::take(&mut *self.0)
    }

    /// What was written, and is secret.
    pub fn into_secret(self) -> SecretBytes {
        SecretBytes::new(self.into_bytes())
    }

    /// Makes one octet of length, before `start`, what the contents from there need.
    fn set_length(&mut self, start: usize) {
        let (length, digits) = length_octets(self.0.len() - start);
        let length = length.get(..digits).unwrap_or(&length);
        let more = digits - 1;
        if more > 0 {
            let end = self.0.len();
            self.make_room(more);
            self.0.resize(end + more, 0);
            self.0.copy_within(start..end, start + more);
        }
        if let Some(place) = self.0.get_mut(start - 1..start + more) {
            place.copy_from_slice(length);
        }
    }

    fn make_room(&mut self, more: usize) {
        let needed = self.0.len().saturating_add(more);
        if needed > self.0.capacity() {
            let room = needed.max(self.0.capacity().saturating_mul(2));
            let mut bigger = Zeroizing::new(Vec::with_capacity(room));
            bigger.extend_from_slice(&self.0);
            self.0 = bigger;
        }
    }
}

/// The octets of a length (X.690 8.1.3), and how many of them count.
fn length_octets(length: usize) -> ([u8; 9], usize) {
    let mut octets = [0; 9];
    if length < 0x80 {
        octets[0] = length as u8;
        return (octets, 1);
    }
    let bytes = length.to_be_bytes();
    let zeros = length.leading_zeros() as usize / 8;
    let digits = bytes.len() - zeros;
    octets[0] = 0x80 | digits as u8;
    octets.iter_mut().skip(1).zip(bytes.iter().skip(zeros)).for_each(|(to, from)| *to = *from);
    (octets, digits + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_as_short_as_they_can_be() {
        let of = |length| {
            let (octets, digits) = length_octets(length);
            octets[..digits].to_vec()
        };
        assert_eq!(of(0), [0]);
        assert_eq!(of(0x7F), [0x7F]);
        assert_eq!(of(0x80), [0x81, 0x80]);
        assert_eq!(of(0xFF), [0x81, 0xFF]);
        assert_eq!(of(0x100), [0x82, 1, 0]);
        assert_eq!(of(0xFFFF), [0x82, 0xFF, 0xFF]);
        assert_eq!(of(0x1_0000), [0x83, 1, 0, 0]);
        assert_eq!(of(usize::MAX).len(), 9);
    }

    #[test]
    fn contents_move_when_their_length_grows() {
        for length in [0, 1, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 0x1_0000] {
            let contents = vec![7; length];
            let mut out = Writer::new();
            out.tagged(0x30, |out| out.tagged(0x04, |out| out.bytes(&contents)));
            let element = |tag: u8, contents: &[u8]| {
                let (octets, digits) = length_octets(contents.len());
                [&[tag], &octets[..digits], contents].concat()
            };
            assert_eq!(out.into_bytes(), element(0x30, &element(0x04, &contents)), "{length}");
        }
    }
}
