//! Adding and removing packages: not possible, the packages are built in. The answer is
//! SEC_E_UNSUPPORTED_FUNCTION.

use crate::abi::boundary::boundary_ok;
use crate::abi::types::*;
use crate::spi::error::{CallerFault, Error};

/// Adds a package from a file: answers SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// Nothing is demanded: no pointer is followed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn AddSecurityPackageW(
    pszPackageName: LPWSTR,
    pOptions: PSECURITY_PACKAGE_OPTIONS,
) -> SECURITY_STATUS {
    let _ = (pszPackageName, pOptions);
    built_in("AddSecurityPackageW")
}

/// Adds a package from a file: answers SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// Nothing is demanded: no pointer is followed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn AddSecurityPackageA(
    pszPackageName: LPSTR,
    pOptions: PSECURITY_PACKAGE_OPTIONS,
) -> SECURITY_STATUS {
    let _ = (pszPackageName, pOptions);
    built_in("AddSecurityPackageA")
}

/// Removes a package: answers SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// Nothing is demanded: no pointer is followed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn DeleteSecurityPackageW(pszPackageName: *mut SEC_WCHAR) -> SECURITY_STATUS {
    let _ = pszPackageName;
    built_in("DeleteSecurityPackageW")
}

/// Removes a package: answers SEC_E_UNSUPPORTED_FUNCTION.
///
/// # Safety
/// Nothing is demanded: no pointer is followed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn DeleteSecurityPackageA(pszPackageName: *mut SEC_CHAR) -> SECURITY_STATUS {
    let _ = pszPackageName;
    built_in("DeleteSecurityPackageA")
}

fn built_in(function: &'static str) -> SECURITY_STATUS {
    boundary_ok(function, format_args!(""), || {
        Err(Error::new(CallerFault::Unsupported, "packages are built in"))
    })
}
