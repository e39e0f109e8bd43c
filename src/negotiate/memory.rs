//! Targets for which no ticket could be had lately. Without this every handshake with a server
//! that Kerberos does not know would wait for its KDCs, or for a name server, once more.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::spi::error::{Error, Fault, LocalFault, PeerFault};
use crate::spi::time::FileTime;

/// How long a target stays in memory. Windows remembers unknown services for 15 minutes; a KDC
/// that comes back should be noticed sooner.
const LASTS: Duration = Duration::from_secs(60);

/// How many targets are remembered.
const ROOM: usize = 64;

/// What a credential remembers.
#[derive(Default)]
pub struct NoTicket(Mutex<Vec<Entry>>);

struct Entry {
    target: Option<String>,
    error: Error,
    at: FileTime,
}

impl NoTicket {
    /// Why there was no ticket for this target, if that was not long ago.
    pub fn recall(&self, target: Option<&str>, now: FileTime) -> Option<Error> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = entries.iter().find(|entry| entry.target.as_deref() == target)?;
        (found.at <= now && now < found.at.plus(LASTS)).then(|| found.error.clone())
    }

    /// Remembers what only an authority could change. What the user can change, such as having
    /// no ticket at all, is looked up each time.
    pub fn remember(&self, target: Option<&str>, error: &Error, now: FileTime) {
        let lasting = matches!(
            error.fault(),
            Fault::Peer(PeerFault::TargetUnknown | PeerFault::ClientUnknown)
                | Fault::Local(LocalFault::NoAuthority)
        );
        if !lasting {
            return;
        }
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|entry| entry.target.as_deref() != target);
        if entries.len() >= ROOM {
            entries.remove(0);
        }
        let target = target.map(str::to_owned);
        entries.push(Entry { target, error: error.clone(), at: now });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: FileTime = FileTime(1_000_000_000_000);

    fn unknown() -> Error {
        Error::new(PeerFault::TargetUnknown, "no such service")
    }

    #[test]
    fn a_target_is_remembered_for_a_while_and_for_itself_alone() {
        let memory = NoTicket::default();
        memory.remember(Some("HTTP/a"), &unknown(), NOW);
        let later = |seconds| NOW.plus(Duration::from_secs(seconds));
        assert_eq!(memory.recall(Some("HTTP/a"), later(59)), Some(unknown()));
        assert_eq!(memory.recall(Some("HTTP/b"), NOW), None);
        assert_eq!(memory.recall(None, NOW), None);
        assert_eq!(memory.recall(Some("HTTP/a"), later(60)), None);
        assert_eq!(memory.recall(Some("HTTP/a"), FileTime(NOW.0 - 1)), None, "the clock went back");
    }

    #[test]
    fn what_the_user_can_change_is_not_remembered() {
        let memory = NoTicket::default();
        for fault in [Fault::from(LocalFault::NoCredentials), PeerFault::LogonDenied.into()] {
            memory.remember(None, &Error::new(fault, ""), NOW);
            assert_eq!(memory.recall(None, NOW), None);
        }
    }

    #[test]
    fn the_memory_is_bounded() {
        let memory = NoTicket::default();
        for number in 0..1000 {
            memory.remember(Some(&number.to_string()), &unknown(), NOW);
        }
        assert_eq!(memory.0.lock().unwrap().len(), ROOM);
        assert_eq!(memory.recall(Some("0"), NOW), None);
        assert!(memory.recall(Some("999"), NOW).is_some());
    }
}
