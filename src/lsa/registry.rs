//! The registry: which packages there are, in the order in which they are enumerated.
//!
//! Holds: the list. May use: the packages, `spi`. Must not touch: everything else.

use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::package::{PackageId, PackageInfo, SecurityPackage};
use crate::spi::packed::PackedContext;
use crate::{kerberos, negotiate, ntlm};

/// What Negotiate negotiates, the preferred one first.
static MECHANISMS: [&dyn SecurityPackage; 2] = [&kerberos::PACKAGE, &ntlm::PACKAGE];

static NEGOTIATE: negotiate::Package = negotiate::Package::new(&MECHANISMS);

static PACKAGES: [&dyn SecurityPackage; 3] = [&NEGOTIATE, &kerberos::PACKAGE, &ntlm::PACKAGE];

/// Every package's row.
pub fn packages() -> impl ExactSizeIterator<Item = &'static PackageInfo> {
    PACKAGES.iter().map(|package| package.info())
}

/// The row of a package by its name, in any case.
pub fn find_package(name: &str) -> Result<&'static PackageInfo> {
    packages().find(|info| info.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
        Error::new(CallerFault::UnknownPackage, format!("there is no package {name:?}"))
    })
}

/// The row of a package by its number.
pub fn package_info(id: PackageId) -> Result<&'static PackageInfo> {
    packages().find(|info| info.id == id).ok_or_else(|| CallerFault::UnknownPackage.into())
}

/// What is known of the server of a context, marshalled: UTF-16 without a terminator.
pub fn target_information(context: &PackedContext) -> Result<Vec<u8>> {
    let string = package(context.package)?.target_information(context).marshal()?;
    Ok(string.into_iter().flat_map(u16::to_le_bytes).collect())
}

/// The package itself.
pub(super) fn package(id: PackageId) -> Result<&'static dyn SecurityPackage> {
    let found = PACKAGES.iter().find(|package| package.info().id == id);
    found.copied().ok_or_else(|| CallerFault::UnknownPackage.into())
}
