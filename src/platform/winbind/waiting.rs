//! Questions that are not waited for longer than so.

use std::sync::mpsc::sync_channel;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::platform::sys;
use crate::platform::sys::wbclient::Failure;

/// Questions that are asked at once; more wait for their turn.
const MOST: usize = 64;
const STACK: usize = 256 << 10;

/// Lets a thread ask, and waits for its answer until the time is over.
pub fn within<T: Send + 'static>(
    time: Duration,
    ask: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let end = Instant::now() + time.min(Duration::from_secs(3600));
    let turn = Turn::take(end).ok_or(Failure::Silent(time))?;
    let (sender, receiver) = sync_channel(1);
    let body = move || {
        sys::block_signals();
        let answer = ask();
        drop(turn);
        // Nobody may be waiting any longer.
        let _ = sender.send(answer);
    };
    let thread = thread::Builder::new().name("secur32-winbind".into()).stack_size(STACK);
    let thread = thread.spawn(body);
    let thread = thread.map_err(|_| Failure::Nonsense("there is no room for a thread"))?;
    let left = end.saturating_duration_since(Instant::now());
    let answer = receiver.recv_timeout(left).map_err(|_| Failure::Silent(time))?;
    // It has nothing left to do but to end, and what the C library keeps for it ends with it.
    let _ = thread.join();
    answer
}

/// How many are asking, in the process of this number: a fork leaves them behind.
struct Asking {
    process: u32,
    count: usize,
}

static ASKING: Mutex<Asking> = Mutex::new(Asking { process: 0, count: 0 });
static FREED: Condvar = Condvar::new();

fn asking() -> MutexGuard<'static, Asking> {
    let mut asking = ASKING.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if asking.process != process {
        *asking = Asking { process, count: 0 };
    }
    asking
}

/// The right to ask, until it is dropped.
struct Turn(());

impl Turn {
    fn take(end: Instant) -> Option<Self> {
        let mut asking = asking();
        while asking.count >= MOST {
            let left = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
            asking = FREED.wait_timeout(asking, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        asking.count += 1;
        Some(Self(()))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut asking = asking();
        asking.count = asking.count.saturating_sub(1);
        FREED.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_not_waited_for_and_does_not_fill_the_process() {
        const SHORT: Duration = Duration::from_millis(50);
        assert_eq!(within(SHORT, || Ok(7)), Ok(7));
        let began = Instant::now();
        let slow = || {
            thread::sleep(Duration::from_secs(2));
            Ok(())
        };
        let ask = || within(SHORT, slow);
        // In parallel, so that all of them are asking at once.
        thread::scope(|scope| {
            let all: Vec<_> = (0..MOST).map(|_| scope.spawn(ask)).collect();
            assert!(all.into_iter().all(|one| one.join().unwrap() == Err(Failure::Silent(SHORT))));
        });
        // Nobody's turn comes before one of them gives up.
        assert_eq!(within(SHORT, || Ok(7)), Err(Failure::Silent(SHORT)));
        assert!(began.elapsed() < Duration::from_secs(2));
        assert_eq!(within(Duration::from_secs(30), || Ok(7)), Ok(7));
    }
}
