//! Challenges that this process's own clients have answered, so that a server of the same
//! process can refuse them (`Policy::refuse_reflection`).
//!
//! The only state of the package that is shared by a process; it is touched only where policy
//! asks for it, and it is bounded in number and in time.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::spi::time::FileTime;

const MAX: usize = 4096;
const KEPT: Duration = Duration::from_secs(600);

static ANSWERED: Mutex<VecDeque<(FileTime, [u8; 8])>> = Mutex::new(VecDeque::new());

/// A client of ours answers this challenge.
pub fn remember(server_challenge: [u8; 8], now: FileTime) {
    let mut answered = ANSWERED.lock().unwrap_or_else(PoisonError::into_inner);
    answered.retain(|(when, _)| when.distance(now) <= KEPT);
    if answered.len() >= MAX {
        answered.pop_front();
    }
    answered.push_back((now, server_challenge));
}

/// Whether a client of ours answered this challenge.
pub fn is_ours(server_challenge: [u8; 8]) -> bool {
    let answered = ANSWERED.lock().unwrap_or_else(PoisonError::into_inner);
    answered.iter().any(|(_, answered)| *answered == server_challenge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n11_the_memory_is_bounded_in_number_and_time() {
        let start = FileTime::UNIX_EPOCH;
        for number in 0..2 * MAX as u64 {
            remember((1 << 63 | number).to_le_bytes(), start);
        }
        assert!(ANSWERED.lock().unwrap().len() <= MAX);
        let last = (1 << 63 | (2 * MAX as u64 - 1)).to_le_bytes();
        assert!(is_ours(last));
        remember([0xFE; 8], start.plus(KEPT * 2));
        assert!(!is_ours(last));
    }
}
