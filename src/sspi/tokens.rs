//! The tokens of clients, by the contexts that they came with.
//!
//! Holds: how a context gives its token out. May use: `lsa`, `spi`.
//! Must not touch: everything else.

use std::sync::Arc;

use super::contexts;
use super::handles::ContextHandle;
use crate::lsa::{self, AccessToken, ObjectId};
use crate::spi::error::Result;

/// The token of a server's context: the same each time.
pub fn token(handle: ContextHandle) -> Result<Arc<AccessToken>> {
    contexts::find(handle)?.established()?.token().map(Arc::clone)
}

/// `QuerySecurityContextToken`: a handle that the caller closes; it outlives the context.
pub fn open(handle: ContextHandle) -> Result<ObjectId> {
    lsa::open_token(&token(handle)?)
}
