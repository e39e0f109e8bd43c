//! The mechanisms: their names on the wire, and what a credential has for each.

use std::sync::Arc;

use super::memory::NoTicket;
use crate::spi::error::Result;
use crate::spi::package::{Credential, PackageId, SecurityPackage};
use crate::wire::gss;
use crate::wire::spnego::{MechTypes, oid};

/// A mechanism, and the credential for it or why there is none.
#[derive(Clone)]
pub struct Mechanism {
    /// The package that it is.
    pub package: &'static dyn SecurityPackage,
    /// What it proves or verifies with.
    pub credential: Result<Arc<dyn Credential>>,
    /// What the credential could not reach lately; all its handshakes share it.
    pub no_ticket: Arc<NoTicket>,
}

impl Mechanism {
    /// A mechanism whose credential has tried nothing yet.
    pub fn new(
        package: &'static dyn SecurityPackage,
        credential: Result<Arc<dyn Credential>>,
    ) -> Self {
        Self { package, credential, no_ticket: Arc::default() }
    }

    /// Which package.
    pub fn id(&self) -> PackageId {
        self.package.info().id
    }

    /// Its name for humans.
    pub fn name(&self) -> &'static str {
        self.package.info().name
    }
}

/// The object identifiers under which a package is offered, in Windows' order.
pub const fn oids(package: PackageId) -> &'static [&'static [u8]] {
    const KERBEROS: &[&[u8]] = &[gss::Mechanism::MsKrb5.oid(), gss::Mechanism::Krb5.oid()];
    const NTLM: &[&[u8]] = &[oid::NTLM];
    match package {
        PackageId::Kerberos => KERBEROS,
        PackageId::Ntlm => NTLM,
        PackageId::Negotiate => &[],
    }
}

/// The package behind an object identifier.
pub fn package_of(oid: &[u8]) -> Option<PackageId> {
    let kerberos = [gss::Mechanism::MsKrb5, gss::Mechanism::Krb5, gss::Mechanism::UserToUser];
    if kerberos.iter().any(|mechanism| mechanism.oid() == oid) {
        return Some(PackageId::Kerberos);
    }
    (oid == oid::NTLM).then_some(PackageId::Ntlm)
}

/// Whether it is Kerberos' user-to-user, which only those can do who have a ticket to lend.
pub fn is_user_to_user(oid: &[u8]) -> bool {
    oid == gss::Mechanism::UserToUser.oid()
}

/// The list of these packages, as `mechListMIC` covers it.
pub fn encode_list(packages: &[PackageId]) -> Vec<u8> {
    MechTypes::encode(packages.iter().flat_map(|package| oids(*package)).copied())
}
