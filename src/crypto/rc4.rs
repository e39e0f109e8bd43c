//! RC4 with a state that can be kept, carried to another process, and run backwards.
//!
//! The streams of NTLM live as long as their session, and a message that does not verify must
//! leave its stream where it was. The generator's step can be undone, so nothing has to be
//! copied before each message. The `rc4` crate, which offers neither, is the test's oracle.

use zeroize::optimization_barrier;

/// Bytes of a kept state: the permutation and its two indices.
pub const STATE: usize = 258;

/// A keystream.
pub struct Rc4 {
    table: [u8; 256],
    i: u8,
    j: u8,
}

impl Rc4 {
    /// Schedules a key of 1 to 256 bytes. Of an empty one nothing comes but the identity.
    pub fn new(key: &[u8]) -> Self {
        let mut table: [u8; 256] = std::array::from_fn(|index| index as u8);
        let (mut i, mut j) = (0_u8, 0_u8);
        // Around the key and not around the table: a third faster.
        'table: while !key.is_empty() {
            for &key in key {
                let at_i = table[usize::from(i)];
                j = j.wrapping_add(at_i.wrapping_add(key));
                table[usize::from(i)] = table[usize::from(j)];
                table[usize::from(j)] = at_i;
                i = i.wrapping_add(1);
                if i == 0 {
                    break 'table;
                }
            }
        }
        Self { table, i: 0, j: 0 }
    }

    /// Encrypts or decrypts in place.
    pub fn apply(&mut self, data: &mut [u8]) {
        let mut keystream = self.run();
        let (words, rest) = data.as_chunks_mut::<8>();
        for word in words {
            let key = u64::from_le_bytes(std::array::from_fn(|_| keystream.next()));
            *word = (u64::from_le_bytes(*word) ^ key).to_le_bytes();
        }
        for byte in rest {
            *byte ^= keystream.next();
        }
        keystream.stop();
    }

    /// The keystream byte by byte, for work that is done beside other work.
    pub(super) const fn run(&mut self) -> Run<'_> {
        Run { i: self.i, j: self.j, stream: self }
    }

    /// Undoes [`Self::apply`] on the same bytes: the data and the keystream are as before.
    pub fn unapply(&mut self, data: &mut [u8]) {
        for byte in data.iter_mut().rev() {
            *byte ^= self.back();
        }
    }

    /// The state, to go on elsewhere: a secret.
    pub fn save(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.table);
        out.extend_from_slice(&[self.i, self.j]);
    }

    /// A kept state; `None` if it is no state that RC4 can have.
    pub fn restore(state: &[u8; STATE]) -> Option<Self> {
        let (table, rest) = state.split_first_chunk::<256>()?;
        let &[i, j] = rest else { return None };
        let mut seen = [false; 256];
        for &value in table {
            seen[usize::from(value)] = true;
        }
        seen.iter().all(|&seen| seen).then_some(Self { table: *table, i, j })
    }

    /// Gives the byte that [`Run::next`] gave last and goes back to before it.
    fn back(&mut self) -> u8 {
        let at_j = self.table[usize::from(self.i)];
        let at_i = self.table[usize::from(self.j)];
        let byte = self.table[usize::from(at_i.wrapping_add(at_j))];
        self.table[usize::from(self.i)] = at_i;
        self.table[usize::from(self.j)] = at_j;
        self.j = self.j.wrapping_sub(at_i);
        self.i = self.i.wrapping_sub(1);
        byte
    }
}

/// A keystream that runs: its indices are kept where the processor's registers can hold them.
pub(super) struct Run<'s> {
    stream: &'s mut Rc4,
    i: u8,
    j: u8,
}

impl Run<'_> {
    /// The next byte.
    #[expect(clippy::inline_always, reason = "it is the inside of every loop over a message")]
    #[inline(always)]
    pub(super) fn next(&mut self) -> u8 {
        let table = &mut self.stream.table;
        self.i = self.i.wrapping_add(1);
        let at_i = table[usize::from(self.i)];
        self.j = self.j.wrapping_add(at_i);
        let at_j = table[usize::from(self.j)];
        table[usize::from(self.i)] = at_j;
        table[usize::from(self.j)] = at_i;
        table[usize::from(at_i.wrapping_add(at_j))]
    }

    /// Puts the indices back.
    pub(super) const fn stop(self) {
        self.stream.i = self.i;
        self.stream.j = self.j;
    }
}

impl Drop for Rc4 {
    fn drop(&mut self) {
        self.table = [0; 256];
        (self.i, self.j) = (0, 0);
        optimization_barrier(self);
    }
}

/// `RC4K(key, data)`: one value under a key of its own.
pub fn rc4k(key: &[u8; 16], mut data: [u8; 16]) -> [u8; 16] {
    Rc4::new(key).apply(&mut data);
    data
}

#[cfg(test)]
mod tests {
    use rc4::{KeyInit, StreamCipher};

    use super::*;

    #[test]
    fn agrees_with_the_rc4_crate() {
        for length in [1, 5, 7, 8, 16, 32, 256] {
            let key: Vec<u8> = (0..length).map(|n: u32| (n * 37 + 11) as u8).collect();
            let mut ours = vec![0xA5; 5000];
            Rc4::new(&key).apply(&mut ours);
            let mut theirs = vec![0xA5; 5000];
            rc4::Rc4::new_from_slice(&key).unwrap().apply_keystream(&mut theirs);
            assert_eq!(ours, theirs, "{length}");
        }
    }

    #[test]
    fn a_stream_goes_back_to_where_it_was() {
        let mut stream = Rc4::new(b"key");
        stream.apply(&mut [0; 1000]);
        let before = kept(&stream);
        let mut data: Vec<u8> = (0..=255).cycle().take(777).collect();
        let copy = data.clone();
        stream.apply(&mut data);
        assert_ne!(data, copy);
        stream.unapply(&mut data);
        assert_eq!(data, copy);
        assert_eq!(kept(&stream), before);
    }

    #[test]
    fn a_kept_state_goes_on_and_a_forged_one_is_refused() {
        let mut stream = Rc4::new(b"another key");
        stream.apply(&mut [0; 99]);
        let state = kept(&stream);
        let mut other = Rc4::restore(&state).unwrap();
        let (mut a, mut b) = ([0; 300], [0; 300]);
        stream.apply(&mut a);
        other.apply(&mut b);
        assert_eq!(a, b);
        let mut forged = state;
        forged[3] = forged[4];
        assert!(Rc4::restore(&forged).is_none());
    }

    fn kept(stream: &Rc4) -> [u8; STATE] {
        let mut state = Vec::new();
        stream.save(&mut state);
        state.try_into().unwrap()
    }
}
