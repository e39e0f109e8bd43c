//! A value that one thread has at a time; the others wait, but not for ever.

use std::mem;
use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// The value, and whether somebody has it.
#[derive(Debug, Default)]
pub struct Turn<T> {
    state: Mutex<State<T>>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct State<T> {
    taken: bool,
    /// How many wait: waking nobody costs a system call, too.
    waiting: u32,
    value: T,
}

impl<T: Default> Turn<T> {
    /// Waits for the value so long and no longer.
    pub fn take(&self, wait: Duration) -> Option<Taken<'_, T>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.waiting += 1;
        let waited = self.freed.wait_timeout_while(state, wait, |state| state.taken);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.waiting -= 1;
        if state.taken {
            return None;
        }
        state.taken = true;
        let value = mem::take(&mut state.value);
        Some(Taken { turn: self, value })
    }
}

/// The value in the hands of one thread; given back when dropped.
#[derive(Debug)]
pub struct Taken<'a, T: Default> {
    turn: &'a Turn<T>,
    value: T,
}

impl<T: Default> Deref for Taken<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Default> DerefMut for Taken<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: Default> Drop for Taken<'_, T> {
    fn drop(&mut self) {
        let mut state = self.turn.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.value = mem::take(&mut self.value);
        state.taken = false;
        if state.waiting > 0 {
            drop(state);
            self.turn.freed.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_waits_and_gives_up() {
        let turn = Turn::<u32>::default();
        let mut first = turn.take(Duration::ZERO).unwrap();
        *first = 7;
        assert!(turn.take(Duration::from_millis(1)).is_none());
        drop(first);
        assert_eq!(*turn.take(Duration::ZERO).unwrap(), 7);
    }
}
