//! Kerberos V5 (RFC 4120, [MS-KILE]): the exchanges with KDCs, the AP exchange of both sides, and
//! the program's half in [`seal`].
//!
//! Holds: one package. May use: `spi`, `wire`, `crypto`. Must not touch: the other packages,
//! `lsa`, `platform`.
#![forbid(unsafe_code)]

pub mod credential;
pub mod names;
pub mod seal;

use std::sync::Arc;

use crate::spi::environment::Environment;
use crate::spi::error::Result;
use crate::spi::message::Sizes;
use crate::spi::package::{AcquireRequest, Credential, PackageId, PackageInfo, SecurityPackage};

/// The package, for the registry.
pub static PACKAGE: Package = Package;

/// Kerberos as a security package.
#[derive(Debug, Clone, Copy)]
pub struct Package;

static INFO: PackageInfo = PackageInfo {
    id: PackageId::Kerberos,
    capabilities: 0x028F_3BBF,
    version: 1,
    rpc_id: 16,
    max_token: 48_000,
    sizes: Sizes { max_token: 48_000, max_signature: 40, block_size: 1, security_trailer: 88 },
    name: "Kerberos",
    comment: "Microsoft Kerberos V1.0",
};

impl SecurityPackage for Package {
    fn info(&self) -> &'static PackageInfo {
        &INFO
    }

    fn acquire(
        &self,
        request: AcquireRequest,
        env: &dyn Environment,
    ) -> Result<Arc<dyn Credential>> {
        let credential = Arc::new(credential::KerberosCredential::new(request, env)?);
        Ok(Arc::new(credential::Shared(credential)))
    }
}
