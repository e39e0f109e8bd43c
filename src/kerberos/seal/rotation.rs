//! Rotation of tokens (RFC 4121 4.2.5): what lies in the caller's buffers is turned where it is.

/// Bytes that lie in pieces and are one sequence.
pub struct Scattered<'p, 'b>(pub &'p mut [&'b mut [u8]]);

impl Scattered<'_, '_> {
    /// Bytes of all pieces.
    pub fn len(&self) -> usize {
        self.0.iter().map(|piece| piece.len()).fold(0, usize::saturating_add)
    }

    /// Turns to the right: the last `amount` bytes come to the front. Modulo the length; nothing
    /// can be turned wrongly.
    pub fn rotate_right(&mut self, amount: usize) {
        let length = self.len();
        let Some(amount) = amount.checked_rem(length).filter(|&amount| amount > 0) else { return };
        self.reverse(0, length);
        self.reverse(0, amount);
        self.reverse(amount, length);
    }

    fn reverse(&mut self, start: usize, end: usize) {
        let (mut low, mut high) = (start, end);
        while let Some(last) = high.checked_sub(1).filter(|&last| last > low) {
            let byte = self.replace(low, None);
            let byte = self.replace(last, byte);
            self.replace(low, byte);
            low = low.saturating_add(1);
            high = last;
        }
    }

    /// Puts a byte in a place and gives the one that was there.
    fn replace(&mut self, mut at: usize, byte: Option<u8>) -> Option<u8> {
        for piece in self.0.iter_mut() {
            match piece.get_mut(at) {
                Some(place) => return Some(std::mem::replace(place, byte.unwrap_or(*place))),
                None => at = at.saturating_sub(piece.len()),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g3_every_amount_over_every_split_is_the_rotation_of_a_slice() {
        for length in 0..12_usize {
            for amount in 0..30 {
                let mut expected: Vec<u8> = (0..length as u8).collect();
                if length > 0 {
                    expected.rotate_right(amount % length);
                }
                for one in 0..=length {
                    for two in one..=length {
                        let mut bytes: Vec<u8> = (0..length as u8).collect();
                        let (head, tail) = bytes.split_at_mut(two);
                        let (head, middle) = head.split_at_mut(one);
                        Scattered(&mut [head, &mut [], middle, tail]).rotate_right(amount);
                        assert_eq!(bytes, expected, "{amount} {one} {two}");
                    }
                }
            }
        }
    }
}
