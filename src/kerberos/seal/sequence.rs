//! The numbers of messages: ours one after the other, the peer's in a window (RFC 2743 1.2.3).

use super::damaged;
use crate::spi::error::{CallerFault, Error, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::secret::SecretBytes;

/// How far numbers count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// RFC 4757: they begin again.
    Bits32,
    /// RFC 4121: they never come to their end.
    Bits64,
}

impl Width {
    const fn mask(self) -> u64 {
        match self {
            Self::Bits32 => u32::MAX as u64,
            Self::Bits64 => u64::MAX,
        }
    }
}

/// The numbers of our messages.
pub struct Outgoing {
    first: u64,
    sent: u64,
    width: Width,
}

impl Outgoing {
    /// From the beginning, or where another process stopped.
    pub fn open(first: u32, width: Width, state: Option<&[u8]>) -> Result<Self> {
        let sent = match state {
            None => 0,
            Some(state) => u64::from_le_bytes(state.try_into().map_err(|_| damaged())?),
        };
        Ok(Self { first: first.into(), sent, width })
    }

    /// How many messages there were before this one. It is never told twice.
    pub const fn sent(&self) -> u64 {
        self.sent
    }

    /// The number of this message.
    pub const fn number(&self) -> u64 {
        self.first.wrapping_add(self.sent) & self.width.mask()
    }

    /// This message is made. A counter that came to its end does not begin again: confounders
    /// would repeat.
    pub fn advance(&mut self) -> Result<()> {
        self.sent = self.sent.checked_add(1).ok_or(CallerFault::OutOfSequence)?;
        Ok(())
    }

    /// The state from which another process goes on.
    pub fn save(&self) -> SecretBytes {
        SecretBytes::new(self.sent.to_le_bytes().to_vec())
    }
}

/// What a context was asked to detect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detect {
    /// Nothing: numbers are not looked at.
    Nothing,
    /// Messages that come again, or so late that nobody knows.
    Replays,
    /// Everything but the next message.
    Order,
}

/// The numbers of the peer's messages.
pub struct Incoming {
    detect: Detect,
    width: Width,
    /// The number after the highest that came.
    next: u64,
    /// Of the numbers before `next`, nearest first, which have come.
    seen: u128,
}

impl Incoming {
    /// From the beginning, or where another process stopped.
    pub fn open(
        first: u32,
        width: Width,
        flags: ContextFlags,
        state: Option<&[u8]>,
    ) -> Result<Self> {
        let detect = if flags.contains(ContextFlags::SEQUENCE_DETECT) {
            Detect::Order
        } else if flags.contains(ContextFlags::REPLAY_DETECT) {
            Detect::Replays
        } else {
            Detect::Nothing
        };
        // Nothing comes before the first number.
        let (next, seen) = match state {
            None => (first.into(), u128::MAX),
            Some(state) => restore(state, width)?,
        };
        Ok(Self { detect, width, next, seen })
    }

    /// Takes the number of a message in. To be asked only of a message that is genuine: a forged
    /// one must not move the window.
    pub fn accept(&mut self, number: u64) -> Result<()> {
        match self.detect {
            Detect::Nothing => Ok(()),
            Detect::Order if number != self.next => Err(self.refused("is not the next", number)),
            Detect::Order | Detect::Replays => self.enter(number),
        }
    }

    fn enter(&mut self, number: u64) -> Result<()> {
        let mask = self.width.mask();
        let ahead = number.wrapping_sub(self.next) & mask;
        if ahead <= mask / 2 {
            // What lies between has not come; the lowest bit is this message.
            let shift = ahead.saturating_add(1).min(u128::BITS.into());
            self.seen = self.seen.checked_shl(shift as u32).unwrap_or(0) | 1;
            self.next = number.wrapping_add(1) & mask;
            return Ok(());
        }
        let behind = self.next.wrapping_sub(number).wrapping_sub(1) & mask;
        let bit = u32::try_from(behind).ok().and_then(|behind| 1_u128.checked_shl(behind));
        match bit {
            None => Err(self.refused("is too old", number)),
            Some(bit) if self.seen & bit != 0 => Err(self.refused("came before", number)),
            Some(bit) => {
                self.seen |= bit;
                Ok(())
            }
        }
    }

    #[cold]
    fn refused(&self, what: &str, number: u64) -> Error {
        let story = format!("the message with number {number} {what}; {} is due", self.next);
        Error::new(PeerFault::OutOfSequence, story)
    }

    /// The state from which another process goes on.
    pub fn save(&self) -> SecretBytes {
        let mut state = Vec::with_capacity(24);
        state.extend_from_slice(&self.next.to_le_bytes());
        state.extend_from_slice(&self.seen.to_le_bytes());
        SecretBytes::new(state)
    }
}

fn restore(state: &[u8], width: Width) -> Result<(u64, u128)> {
    let (next, seen) = state.split_first_chunk().ok_or_else(damaged)?;
    let next = u64::from_le_bytes(*next);
    let seen = u128::from_le_bytes(seen.try_into().map_err(|_| damaged())?);
    if next > width.mask() {
        return Err(damaged());
    }
    Ok((next, seen))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPLAY: ContextFlags = ContextFlags::REPLAY_DETECT;

    fn window(first: u32, width: Width, flags: ContextFlags) -> Incoming {
        Incoming::open(first, width, flags, None).unwrap()
    }

    #[test]
    fn g8_without_detection_every_number_passes() {
        let mut window = window(5, Width::Bits64, ContextFlags::empty());
        for number in [5, 5, 4, 0, u64::MAX, 6] {
            window.accept(number).unwrap();
        }
    }

    #[test]
    fn g8_replays_are_refused_and_gaps_pass() {
        let mut window = window(100, Width::Bits64, REPLAY);
        assert!(window.accept(99).is_err(), "before the first");
        for number in [100, 102, 101, 300, 173, 299] {
            window.accept(number).unwrap();
            assert!(window.accept(number).is_err(), "{number} again");
        }
        assert!(window.accept(172).is_err(), "128 behind, too old");
        window.accept(301 + (1 << 40)).unwrap();
        for old in [100, 299, 300, 1 << 40, 173 + (1 << 40)] {
            assert!(window.accept(old).is_err(), "{old}");
        }
        window.accept(174 + (1 << 40)).unwrap();
    }

    #[test]
    fn g8_in_order_only_the_next_passes() {
        for flags in [ContextFlags::SEQUENCE_DETECT, ContextFlags::SEQUENCE_DETECT | REPLAY] {
            let mut window = window(7, Width::Bits64, flags);
            for (number, passes) in
                [(8, false), (7, true), (7, false), (9, false), (8, true), (9, true), (6, false)]
            {
                assert_eq!(window.accept(number).is_ok(), passes, "{number}");
            }
        }
    }

    #[test]
    fn g8_numbers_of_32_bits_go_round() {
        let mut window = window(u32::MAX - 1, Width::Bits32, REPLAY);
        let max = u64::from(u32::MAX);
        for number in [max - 1, max, 1, 0] {
            window.accept(number).unwrap();
            assert!(window.accept(number).is_err(), "{number} again");
        }
        let mut ours = Outgoing::open(u32::MAX, Width::Bits32, None).unwrap();
        assert_eq!(ours.number(), max);
        ours.advance().unwrap();
        assert_eq!((ours.number(), ours.sent()), (0, 1));
    }

    #[test]
    fn g8_numbers_of_64_bits_go_on_behind_32() {
        let mut ours = Outgoing::open(u32::MAX, Width::Bits64, None).unwrap();
        ours.advance().unwrap();
        assert_eq!(ours.number(), 1 << 32);
        let state = u64::MAX.to_le_bytes();
        let mut last = Outgoing::open(1, Width::Bits64, Some(&state)).unwrap();
        assert!(last.advance().is_err(), "a counter does not begin again");
        let mut theirs = window(u32::MAX, Width::Bits64, ContextFlags::SEQUENCE_DETECT);
        theirs.accept(u32::MAX.into()).unwrap();
        theirs.accept(1 << 32).unwrap();
        assert!(theirs.accept(0).is_err());
    }

    #[test]
    fn g8_the_window_agrees_with_a_list_of_what_came() {
        let mut window = window(1000, Width::Bits64, REPLAY);
        let (mut seen, mut highest) = (std::collections::BTreeSet::new(), 999_u64);
        let mut random = 1_u64;
        for _ in 0..20_000 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let number = (highest + 40).saturating_sub((random >> 33) % 200);
            let fresh = number >= 1000 && number + 128 > highest && seen.insert(number);
            assert_eq!(window.accept(number).is_ok(), fresh, "{number} after {highest}");
            highest = highest.max(number);
        }
    }

    #[test]
    fn a_kept_window_goes_on() {
        let mut window = window(3, Width::Bits64, REPLAY);
        window.accept(5).unwrap();
        let state = window.save();
        let open = |state| Incoming::open(3, Width::Bits32, REPLAY, Some(state));
        let mut again = open(state.expose()).unwrap();
        assert!(again.accept(5).is_err());
        again.accept(3).unwrap();
        for length in 0..state.expose().len() {
            assert!(open(&state.expose()[..length]).is_err(), "{length}");
        }
        let beyond = [0xFF; 24];
        assert!(open(&beyond).is_err());
    }
}
