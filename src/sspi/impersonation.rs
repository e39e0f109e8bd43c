//! Acting as the client of a context.
//!
//! Holds: which context. May use: `contexts`, `tokens`, `lsa`, `spi`.
//! Must not touch: everything else.

use super::handles::ContextHandle;
use super::{contexts, tokens};
use crate::lsa;
use crate::spi::error::Result;

/// `ImpersonateSecurityContext`
pub fn impersonate(handle: ContextHandle) -> Result<()> {
    lsa::impersonate(|| tokens::token(handle))
}

/// `RevertSecurityContext`: any living context will do.
pub fn revert(handle: ContextHandle) -> Result<()> {
    contexts::check(handle)?;
    lsa::revert()
}
