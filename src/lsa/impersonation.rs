//! Whom the calling thread acts as.
//!
//! Holds: the token of each thread that impersonates. May use: `tokens`, the thread's identity on
//! the machine, `spi`. Must not touch: everything else.

use std::cell::RefCell;
use std::sync::Arc;

use super::tokens::AccessToken;
use crate::spi::error::{CallerFault, Error, Result};

thread_local! {
    static CURRENT: RefCell<Option<Arc<AccessToken>>> = const { RefCell::new(None) };
}

/// The calling thread is the client from now on. A failure changes nothing.
pub fn impersonate(token: &Arc<AccessToken>) -> Result<()> {
    token.unix_account()?;
    Err(Error::new(CallerFault::Unsupported, "impersonation is not offered yet"))
}

/// The calling thread is the process again.
pub fn revert() -> Result<()> {
    CURRENT.with(|current| current.borrow_mut().take());
    Ok(())
}

/// The token of the calling thread; `None` when it acts as its process.
pub fn current_token() -> Option<Arc<AccessToken>> {
    CURRENT.try_with(|current| current.try_borrow().ok()?.clone()).ok().flatten()
}
