//! NTLM ([MS-NLMP]): client, server, and the program's half in [`seal`].
//!
//! Holds: one package. May use: `spi`, `wire`, `crypto`. Must not touch: the other packages,
//! `lsa`, `platform`.
#![forbid(unsafe_code)]

mod accounts;
mod bindings;
mod charset;
mod client;
mod credential;
mod keys;
mod negotiation;
mod reflection;
mod responses;
mod restrict;
pub mod seal;
mod server;
mod target_information;
mod verify;

use std::sync::Arc;

use crate::spi::environment::Environment;
use crate::spi::error::Result;
use crate::spi::logon::{LoggedOn, LogonRequest};
use crate::spi::message::MessageProtection;
use crate::spi::package::{AcquireRequest, Credential, PackageId, PackageInfo, SecurityPackage};
use crate::spi::packed::PackedContext;
use crate::spi::target::TargetInformation;

/// The package, for the registry.
pub static PACKAGE: Package = Package;

/// NTLM as a security package.
#[derive(Debug, Clone, Copy)]
pub struct Package;

static INFO: PackageInfo = PackageInfo {
    id: PackageId::Ntlm,
    capabilities: 0x0288_2B37,
    version: 1,
    rpc_id: 10,
    max_token: seal::MAX_TOKEN,
    sizes: seal::SIZES,
    name: "NTLM",
    comment: "NTLM Security Package",
};

impl SecurityPackage for Package {
    fn info(&self) -> &'static PackageInfo {
        &INFO
    }

    fn protection(&self, context: &PackedContext) -> Result<MessageProtection> {
        seal::open(context)
    }

    fn target_information(&self, context: &PackedContext) -> TargetInformation {
        target_information::of(context)
    }

    fn acquire(
        &self,
        request: AcquireRequest,
        env: &dyn Environment,
    ) -> Result<Arc<dyn Credential>> {
        let credential = Arc::new(credential::NtlmCredential::new(request, env)?);
        Ok(Arc::new(credential::Shared(credential)))
    }

    fn log_on(&self, request: LogonRequest, env: &dyn Environment) -> Result<LoggedOn> {
        verify::logon::log_on(request, env)
    }
}
