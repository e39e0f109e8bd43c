//! The messages of `LsaCallAuthenticationPackage` and `LsaLogonUser`: what lies in the caller's
//! buffer becomes values, and answers become one block of memory.
//!
//! Holds: reading and writing of the structures of ntsecapi.h, the NTSTATUS of each fault.
//! May use: the rest of the boundary, `lsa`, `spi`. Must not touch: protocols.
#![allow(clippy::wildcard_imports)]

mod kerberos;
pub mod logon;
mod msv1_0;
mod negotiate;
mod password;
pub mod reply;
pub mod sessions;
pub mod status;
pub mod submit;
#[cfg(test)]
mod tests;

use self::reply::Reply;
use self::status::Refused;
use self::submit::Submit;
use super::types::{LUID, STATUS_NO_SUCH_PACKAGE};
use crate::spi::package::PackageId;

/// What a package answers: a message, if it has one.
type Answer = Result<Option<Reply>, Refused>;

/// The packages by the numbers that `LsaLookupAuthenticationPackage` gives: Negotiate must be 0.
const PACKAGES: [(u32, PackageId, &[&str]); 3] = [
    (0, PackageId::Negotiate, &["Negotiate"]),
    (2, PackageId::Kerberos, &["Kerberos"]),
    (3, PackageId::Ntlm, &["MICROSOFT_AUTHENTICATION_PACKAGE_V1_0", "NTLM"]),
];

/// The number of a package by its name, in any case.
pub fn package_number(name: &str) -> Result<u32, Refused> {
    let is_called = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let found = PACKAGES.iter().find(|(_, _, names)| is_called(names));
    found.map(|&(number, ..)| number).ok_or_else(|| {
        Refused::new(STATUS_NO_SUCH_PACKAGE, format!("there is no authentication package {name:?}"))
    })
}

/// The package of a number.
pub fn package(number: u32) -> Result<PackageId, Refused> {
    let found = PACKAGES.iter().find(|&&(known, ..)| known == number);
    found.map(|&(_, package, _)| package).ok_or_else(|| {
        let story = format!("{number} is the number of no authentication package");
        Refused::new(STATUS_NO_SUCH_PACKAGE, story)
    })
}

/// Passes a message on to its package. What is refused here is what the package says
/// (`ProtocolStatus`), not that the call failed.
pub fn call(package: PackageId, message: u32, submit: &Submit<'_>) -> Answer {
    match package {
        PackageId::Negotiate => negotiate::call(message, submit),
        PackageId::Kerberos => kerberos::call(message, submit),
        PackageId::Ntlm => msv1_0::call(message, submit),
    }
}

/// A LUID as one number.
pub fn logon_number(luid: LUID) -> u64 {
    u64::from(luid.HighPart.cast_unsigned()) << 32 | u64::from(luid.LowPart)
}

/// A number as a LUID.
pub const fn luid(number: u64) -> LUID {
    LUID { LowPart: number as u32, HighPart: ((number >> 32) as u32).cast_signed() }
}
