//! Negotiate: SPNEGO ([MS-SPNG], RFC 4178) over mechanisms that are handed in.
//!
//! Holds: one package. May use: `spi`, `wire` (SPNEGO and GSS frames). Must not touch: the other
//! packages, `crypto`, `lsa`, `platform`.
#![forbid(unsafe_code)]

mod client;
mod credential;
mod fallback;
mod inner;
mod list_mic;
mod mechanism;
mod memory;
mod server;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use self::credential::NegotiateCredential;
use crate::spi::environment::Environment;
use crate::spi::error::{CallerFault, Result};
use crate::spi::message::{MessageProtection, Sizes};
use crate::spi::package::{
    AcquireRequest, Credential, PackageId, PackageInfo, PasswordChange, PasswordRefusal,
    SecurityPackage,
};
use crate::spi::packed::PackedContext;

/// Negotiate as a security package.
pub struct Package {
    /// In the order in which they are preferred.
    mechanisms: &'static [&'static dyn SecurityPackage],
}

/// Kerberos' and 256 bytes for the frames, as Windows announces it.
const MAX_TOKEN: u32 = 48_256;

static INFO: PackageInfo = PackageInfo {
    id: PackageId::Negotiate,
    capabilities: 0x0088_3BB3,
    version: 1,
    rpc_id: 9,
    max_token: MAX_TOKEN,
    // The largest of what its mechanisms need.
    sizes: Sizes { max_token: MAX_TOKEN, max_signature: 40, block_size: 1, security_trailer: 88 },
    name: "Negotiate",
    comment: "Microsoft Package Negotiator",
};

impl Package {
    /// Negotiate over these packages, the preferred one first.
    pub const fn new(mechanisms: &'static [&'static dyn SecurityPackage]) -> Self {
        Self { mechanisms }
    }

    fn mechanism(&self, id: PackageId) -> Result<&'static dyn SecurityPackage> {
        let found = self.mechanisms.iter().find(|package| package.info().id == id);
        found.copied().ok_or_else(|| CallerFault::UnknownPackage.into())
    }
}

impl SecurityPackage for Package {
    fn info(&self) -> &'static PackageInfo {
        &INFO
    }

    fn acquire(
        &self,
        request: AcquireRequest,
        env: &dyn Environment,
    ) -> Result<Arc<dyn Credential>> {
        Ok(Arc::new(NegotiateCredential::acquire(self.mechanisms, &request, env)?))
    }

    fn protection(&self, context: &PackedContext) -> Result<MessageProtection> {
        self.mechanism(context.package)?.protection(context)
    }

    fn adopt(
        &self,
        mechanism: PackageId,
        credential: Arc<dyn Credential>,
    ) -> Result<Arc<dyn Credential>> {
        if mechanism == PackageId::Negotiate {
            return Ok(credential);
        }
        self.mechanism(mechanism)?;
        Ok(Arc::new(NegotiateCredential::adopt(self.mechanisms, mechanism, &credential)))
    }

    fn change_password(
        &self,
        change: PasswordChange,
        env: &dyn Environment,
    ) -> Result<(), PasswordRefusal> {
        // Of the mechanisms only Kerberos has an authority that changes passwords.
        self.mechanism(PackageId::Kerberos)?.change_password(change, env)
    }
}
