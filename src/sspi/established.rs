//! Established contexts: the packed context, opened for messages.
//!
//! Holds: the one place where a package's `seal` half is called. May use: the `seal` halves,
//! `spi`. Must not touch: everything else.

use std::sync::{Mutex, MutexGuard};

use crate::kerberos::seal as kerberos;
use crate::lsa;
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
        })
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

/// What was delegated to a context ends with it.
impl Drop for Established {
    fn drop(&mut self) {
        if let Some(logon) = self.context.logon {
            lsa::end_logon(logon);
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
