//! Established contexts: the packed context, opened for messages.
//!
//! Holds: the one place where a package's `seal` half is called. May use: the `seal` halves,
//! `spi`. Must not touch: everything else.

use std::sync::{Arc, Mutex, MutexGuard};

use once_cell::sync::OnceCell;

use crate::kerberos::seal as kerberos;
use crate::lsa::{self, AccessToken, ObjectId};
use crate::ntlm::seal as ntlm;
use crate::spi::error::{CallerFault, Error, LocalFault, Result};
use crate::spi::message::{KeyInfo, MessageProtection, MessageReceiver, MessageSender, Sizes};
use crate::spi::package::PackageId;
use crate::spi::packed::PackedContext;

/// A context that can protect messages. Each direction has its own lock.
pub struct Established {
    /// Names, flags, lifetime, session key.
    pub context: PackedContext,
    /// Bounds of the caller's buffers.
    pub sizes: Sizes,
    /// Algorithms.
    pub key_info: KeyInfo,
    sender: Mutex<Box<dyn MessageSender>>,
    receiver: Mutex<Box<dyn MessageReceiver>>,
    /// The client's token, once somebody asked for it.
    token: OnceCell<Arc<AccessToken>>,
    /// The handle of that token that ends with the context.
    lent: OnceCell<ObjectId>,
}

impl Established {
    /// Opens a packed context.
    pub fn open(context: PackedContext) -> Result<Self> {
        let protection = protection(&context)?;
        Ok(Self {
            context,
            sizes: protection.sizes,
            key_info: protection.key_info,
            sender: Mutex::new(protection.sender),
            receiver: Mutex::new(protection.receiver),
            token: OnceCell::new(),
            lent: OnceCell::new(),
        })
    }

    /// The client's token; a client's own context has none.
    pub fn token(&self) -> Result<&Arc<AccessToken>> {
        self.token.get_or_try_init(|| lsa::token_of_context(&self.context))
    }

    /// A handle for the token that nobody but this context can close.
    pub fn lent_token(&self) -> Result<ObjectId> {
        self.lent.get_or_try_init(|| lsa::lend_token(self.token()?)).copied()
    }

    /// The sending direction. After a panic in it the context is of no more use.
    pub fn sender(&self) -> Result<MutexGuard<'_, Box<dyn MessageSender>>> {
        self.sender.lock().map_err(|_| poisoned())
    }

    /// The receiving direction, likewise.
    pub fn receiver(&self) -> Result<MutexGuard<'_, Box<dyn MessageReceiver>>> {
        self.receiver.lock().map_err(|_| poisoned())
    }
}

/// The context's share in what was delegated to it ends with it, and the handle that it lent.
impl Drop for Established {
    fn drop(&mut self) {
        if let Some(&lent) = self.lent.get() {
            lsa::end_loan(lent);
        }
        if let Some(logon) = self.context.logon {
            lsa::release_logon(logon);
        }
    }
}

fn protection(context: &PackedContext) -> Result<MessageProtection> {
    match context.package {
        PackageId::Ntlm => ntlm::open(context),
        PackageId::Kerberos => kerberos::open(context),
        PackageId::Negotiate => Err(CallerFault::UnknownPackage.into()),
    }
}

fn poisoned() -> Error {
    Error::new(LocalFault::Internal, "an earlier call on this context panicked")
}
