//! Access tokens: who a client is, what it may, and what it is on this machine.
//!
//! Holds: the token of a context or logon, as an object that handles name. May use: `logons`,
//! `objects`, `spi`. Must not touch: everything else.

use std::sync::{Arc, OnceLock};

use super::logons::LogonId;
use super::objects::{self, ObjectId};
use crate::spi::environment::Environment;
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::package::PackageId;
use crate::spi::packed::{PackedContext, Role};
use crate::spi::time::FileTime;
use crate::spi::token::{ClientIdentity, ImpersonationLevel, UnixAccount};

/// `TOKEN_TYPE`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum TokenKind {
    /// To start processes with.
    Primary = 1,
    /// To impersonate with.
    Impersonation = 2,
}

/// A token. It does not change; duplicates are tokens of their own.
pub struct AccessToken {
    /// Who it is.
    pub client: ClientIdentity,
    /// Who verified it.
    pub package: PackageId,
    /// The session that it can go on with as a client, where there is one.
    pub logon: Option<LogonId>,
    /// What it is for.
    pub kind: TokenKind,
    /// How far whoever holds it may go.
    pub level: ImpersonationLevel,
    /// Since when, UTC.
    pub start: FileTime,
    /// Until when, UTC.
    pub expiry: FileTime,
    /// Asked once, when it is needed first.
    account: OnceLock<Result<UnixAccount>>,
    environment: Arc<dyn Environment>,
}

impl AccessToken {
    /// The account of this machine that the client is. A name service may be waited for.
    pub fn unix_account(&self) -> Result<&UnixAccount> {
        let ask = || self.environment.unix_account(&self.client);
        self.account.get_or_init(ask).as_ref().map_err(Clone::clone)
    }
}

/// The token of a server's context.
pub fn token_of_context(context: &PackedContext) -> Result<Arc<AccessToken>> {
    let client = context.client.as_deref().filter(|_| context.role == Role::Acceptor);
    let client = client.ok_or_else(|| {
        Error::new(CallerFault::NoImpersonation, "only a server's context has a client's token")
    })?;
    let level = if client.anonymous {
        ImpersonationLevel::Anonymous
    } else if context.flags.contains(ContextFlags::IDENTIFY) {
        ImpersonationLevel::Identification
    } else if context.flags.contains(ContextFlags::DELEGATE) {
        ImpersonationLevel::Delegation
    } else {
        ImpersonationLevel::Impersonation
    };
    Ok(Arc::new(AccessToken {
        client: client.clone(),
        package: context.package,
        logon: context.logon,
        kind: TokenKind::Impersonation,
        level,
        start: context.start,
        expiry: context.expiry,
        account: OnceLock::new(),
        environment: super::environment()?,
    }))
}

/// A handle for a token, to be closed by its owner.
pub fn open_token(token: &Arc<AccessToken>) -> Result<ObjectId> {
    let _ = (token, objects::token);
    Err(Error::new(CallerFault::Unsupported, "tokens have no handles yet"))
}

/// Another token of the same client, of this kind and at most this level.
pub fn duplicate_token(
    token: &Arc<AccessToken>,
    kind: TokenKind,
    level: ImpersonationLevel,
) -> Result<Arc<AccessToken>> {
    if level > token.level {
        let story = "a token cannot be raised above its level";
        return Err(Error::new(CallerFault::NoImpersonation, story));
    }
    Ok(Arc::new(AccessToken {
        client: token.client.clone(),
        package: token.package,
        logon: token.logon,
        kind,
        level,
        start: token.start,
        expiry: token.expiry,
        account: token.account.clone(),
        environment: Arc::clone(&token.environment),
    }))
}
