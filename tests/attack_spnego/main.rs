//! What attackers do to SPNEGO, by the ids of the attack catalogue: series S, and what N23, C6 and
//! X5 mean under Negotiate. A test's name begins with the id it covers.

#[path = "../support/mod.rs"]
mod support;

mod bound;
mod downgrade;
mod fallback;
mod keys;
mod mic;
mod pieces;
mod raw;

use secur32::spi::error::{Fault, PeerFault};
use secur32::spi::package::PackageId;

use support::spnego::{End, Talk};

/// Fails unless neither side believes in anything.
#[track_caller]
fn nobody_is_done(talk: &Talk) {
    assert!(!talk.client.is_done() && !talk.server.is_done(), "{}", talk.say());
}

/// Fails unless the side refused for one of these reasons.
#[track_caller]
fn refused(end: &End, faults: &[PeerFault]) {
    let Some(error) = end.error() else { panic!("accepted, {faults:?} was due: {}", end.say()) };
    let due = faults.iter().any(|&fault| error.fault() == Fault::Peer(fault));
    assert!(due, "{faults:?} was due: {error}");
}

/// What a token that makes no sense is.
const NONSENSE: &[PeerFault] = &[PeerFault::MalformedToken, PeerFault::UnexpectedToken];
/// What a list that was tampered with is.
const TAMPERED: &[PeerFault] = &[
    PeerFault::MicMismatch,
    PeerFault::MessageAltered,
    PeerFault::Downgrade,
    PeerFault::MalformedToken,
    PeerFault::UnexpectedToken,
];

/// Whether a side is done with this package.
fn is_done_with(end: &End, package: PackageId) -> bool {
    end.context().is_some_and(|context| context.package == package)
}
