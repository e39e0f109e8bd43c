//! Whom the calling thread acts as.
//!
//! Holds: the token of each thread that impersonates. May use: `tokens`, the thread's identity on
//! the machine, `spi`. Must not touch: everything else.
//!
//! As on Windows a thread has one token: who impersonates anew leaves the client before, and one
//! revert ends it all. What the authority does for a thread that impersonates, it does as the
//! process: see [`suspend`].

use std::cell::RefCell;
use std::sync::Arc;

use super::Own;
use super::tokens::AccessToken;
use crate::spi::error::{CallerFault, Error, LocalFault, Result};
use crate::spi::token::{ImpersonationLevel, UnixAccount};

/// The calling thread is whom the token speaks of from now on. The process gets the token and
/// decides, whomever the thread acts as already. A failure changes nothing.
pub fn impersonate(token: impl FnOnce() -> Result<Arc<AccessToken>>) -> Result<()> {
    let mut before = suspend();
    let token = token()?;
    let own = Own::leave_for(account_of(&token)?.clone())?;
    log::debug!("the thread acts as {}", own.account().name);
    if let Some(acting) = put(Acting { token, own }) {
        acting.own.come_back();
        return Err(ending());
    }
    before.0 = None;
    Ok(())
}

/// The calling thread is the process again.
pub fn revert() -> Result<()> {
    if let Some(acting) = take()? {
        acting.own.come_back();
    }
    Ok(())
}

/// The token of the calling thread; `None` when it acts as its process.
pub fn current_token() -> Option<Arc<AccessToken>> {
    let token = |acting: &Acting| Arc::clone(&acting.token);
    CURRENT.try_with(|current| current.try_borrow().ok()?.as_ref().map(token)).ok().flatten()
}

/// The calling thread is the process until the value is dropped, whoever it acts as: for files and
/// connections that are the authority's and not the client's.
pub(super) fn suspend() -> Suspended {
    // A thread that is ending acts as nobody that we know of.
    let acting = take().ok().flatten();
    if let Some(acting) = &acting {
        acting.own.come_back();
    }
    Suspended(acting)
}

/// A thread that acts as a client again when this is dropped, by a panic too.
pub(super) struct Suspended(Option<Acting>);

impl Drop for Suspended {
    fn drop(&mut self) {
        let Some(acting) = self.0.take() else { return };
        acting.own.leave_again();
        // It could be taken, and so it can be put back.
        let _ = put(acting);
    }
}

/// A client that a thread acts as, and the way back.
struct Acting {
    token: Arc<AccessToken>,
    own: Own,
}

thread_local! {
    static CURRENT: RefCell<Option<Acting>> = const { RefCell::new(None) };
}

/// The account that a thread may be, if the client lets it.
fn account_of(token: &AccessToken) -> Result<&UnixAccount> {
    let refusal = match token.level {
        ImpersonationLevel::Anonymous => "an anonymous client is nobody that a thread could be",
        ImpersonationLevel::Identification => {
            "the client lets itself be identified, and no thread act as it (ISC_REQ_IDENTIFY)"
        }
        ImpersonationLevel::Impersonation | ImpersonationLevel::Delegation => {
            return token.unix_account();
        }
    };
    Err(Error::new(CallerFault::NoImpersonation, refusal))
}

fn take() -> Result<Option<Acting>> {
    let take = |current: &RefCell<Option<Acting>>| Some(current.try_borrow_mut().ok()?.take());
    CURRENT.try_with(take).ok().flatten().ok_or_else(ending)
}

/// Gives back what has no place.
fn put(acting: Acting) -> Option<Acting> {
    let mut acting = Some(acting);
    let _ = CURRENT.try_with(|current| {
        if let Ok(mut current) = current.try_borrow_mut() {
            *current = acting.take();
        }
    });
    acting
}

fn ending() -> Error {
    Error::new(LocalFault::Internal, "a thread that is ending acts as nobody")
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;
    use crate::lsa::tokens::tests::token_of;

    /// Who acts as whom it is already needs no privilege.
    #[test]
    fn l7_a_thread_is_its_client_until_it_reverts() {
        let token = token_of(Own::current_account().unwrap());
        assert!(current_token().is_none());
        impersonate(|| Ok(Arc::clone(&token))).unwrap();
        assert!(Arc::ptr_eq(&current_token().unwrap(), &token));
        std::thread::spawn(|| assert!(current_token().is_none())).join().unwrap();
        impersonate(|| {
            assert!(current_token().is_none(), "the process decides");
            Ok(Arc::clone(&token))
        })
        .unwrap();
        revert().unwrap();
        assert!(current_token().is_none(), "one revert ends all");
        revert().unwrap();
        assert_eq!(Arc::strong_count(&token), 1);
    }

    #[test]
    fn l7_a_panic_while_the_thread_is_the_process_brings_the_client_back() {
        let token = token_of(Own::current_account().unwrap());
        impersonate(|| Ok(Arc::clone(&token))).unwrap();
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let _process = suspend();
            assert!(current_token().is_none());
            panic!("on purpose");
        }));
        assert!(panicked.is_err());
        assert!(Arc::ptr_eq(&current_token().unwrap(), &token));
        let panicked = catch_unwind(AssertUnwindSafe(|| impersonate(|| panic!("on purpose"))));
        assert!(panicked.is_err());
        assert!(Arc::ptr_eq(&current_token().unwrap(), &token));
        assert!(impersonate(|| Err(LocalFault::Internal.into())).is_err());
        assert!(Arc::ptr_eq(&current_token().unwrap(), &token));
        revert().unwrap();
    }

    #[test]
    fn l7_a_thread_that_ends_gives_its_token_up() {
        let token = token_of(Own::current_account().unwrap());
        let theirs = Arc::clone(&token);
        std::thread::spawn(|| impersonate(|| Ok(theirs))).join().unwrap().unwrap();
        assert_eq!(Arc::strong_count(&token), 1);
    }
}
