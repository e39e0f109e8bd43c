//! Kerberos V5 (RFC 4120, [MS-KILE]): the exchanges with KDCs, the AP exchange of both sides, and
//! the program's half in [`seal`].
//!
//! Holds: one package. May use: `spi`, `wire`, `crypto`. Must not touch: the other packages,
//! `lsa`, `platform`.
#![forbid(unsafe_code)]

pub mod acceptor;
mod account;
mod bindings;
mod calls;
mod clock;
pub mod credential;
mod draw;
pub mod enctypes;
mod flags;
pub mod initiator;
pub mod kdc;
mod krb_cred;
mod log_on;
mod logon;
pub mod names;
mod pac;
pub mod s4u;
pub mod seal;
mod session;
mod tickets;

use std::sync::Arc;

use crate::spi::environment::Environment;
use crate::spi::error::Result;
use crate::spi::logon::{LoggedOn, LogonRequest};
use crate::spi::message::MessageProtection;
use crate::spi::package::{
    AcquireRequest, Credential, PackageId, PackageInfo, PasswordChange, PasswordRefusal,
    SecurityPackage,
};
use crate::spi::packed::PackedContext;
use crate::spi::target::{Name, TargetInformation};

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
    max_token: seal::MAX_TOKEN,
    sizes: seal::SIZES,
    name: "Kerberos",
    comment: "Microsoft Kerberos V1.0",
};

impl SecurityPackage for Package {
    fn info(&self) -> &'static PackageInfo {
        &INFO
    }

    fn protection(&self, context: &PackedContext) -> Result<MessageProtection> {
        seal::open(context)
    }

    /// A Kerberos server describes itself by its name alone.
    fn target_information(&self, context: &PackedContext) -> TargetInformation {
        let information = TargetInformation::new(INFO.name);
        let Some(server) = context.server_name.as_deref().and_then(names::parse) else {
            return information;
        };
        let host = names::host_of(&server);
        information
            .with(Name::Target, host)
            .with(Name::DnsServer, host)
            .with(Name::DnsDomain, Some(&server.realm))
    }

    fn acquire(
        &self,
        request: AcquireRequest,
        env: &dyn Environment,
    ) -> Result<Arc<dyn Credential>> {
        let credential = Arc::new(credential::KerberosCredential::new(request, env)?);
        Ok(Arc::new(credential::Shared(credential)))
    }

    fn log_on(&self, request: LogonRequest, env: &dyn Environment) -> Result<LoggedOn> {
        log_on::log_on(request, env)
    }

    fn change_password(
        &self,
        change: PasswordChange,
        env: &dyn Environment,
    ) -> Result<(), PasswordRefusal> {
        logon::change_password(change, env)
    }
}
