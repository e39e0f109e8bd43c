//! Changes of messages that are the same in every run.

/// One to four changes: bits, bytes, cuts, copies.
pub fn mutate(message: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(4) {
        if message.is_empty() {
            return;
        }
        let at = random.below(message.len());
        match random.below(7) {
            0 => message[at] ^= 1 << random.below(8),
            1 => message[at] = random.next() as u8,
            2 => message[at] = [0, 1, 0x7F, 0x80, 0xFF][random.below(5)],
            3 => message.truncate(at),
            4 => message.insert(at, random.next() as u8),
            5 => drop(message.remove(at)),
            _ => {
                let from = random.below(message.len());
                let length = random.below(message.len() - from.max(at) + 1);
                message.copy_within(from..from + length, at);
            }
        }
    }
}

/// `splitmix64`
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below the limit.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}
