//! Acting as the client of a context.
//!
//! Holds: which context. May use: `contexts`, `lsa`, `spi`. Must not touch: everything else.

use super::contexts;
use super::handles::ContextHandle;
use crate::lsa;
use crate::spi::error::Result;

/// `ImpersonateSecurityContext`
pub fn impersonate(handle: ContextHandle) -> Result<()> {
    let context = contexts::find(handle)?;
    lsa::impersonate_client(&context.established()?.context)
}

/// `RevertSecurityContext`: any living context will do.
pub fn revert(handle: ContextHandle) -> Result<()> {
    contexts::check(handle)?;
    lsa::revert()
}
