//! `EnumerateSecurityPackages`, `QuerySecurityPackageInfo`.

use crate::abi::boundary::boundary_ok;
use crate::abi::package_block::{self, SecPkgInfo};
use crate::abi::pointers::Out;
use crate::abi::strings::{Ansi, Charset, Wide, text_in};
use crate::abi::types::{PSecPkgInfoA, PSecPkgInfoW, SEC_CHAR, SEC_WCHAR, SECURITY_STATUS, ULONG};
use crate::spi::error::{CallerFault, Result};
use crate::sspi;

/// Lists the security packages in one block, freed by `FreeContextBuffer`.
///
/// # Safety
/// Both pointers are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn EnumerateSecurityPackagesW(
    pcPackages: *mut ULONG,
    ppPackageInfo: *mut PSecPkgInfoW,
) -> SECURITY_STATUS {
    boundary_ok("EnumerateSecurityPackagesW", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { enumerate::<Wide>(pcPackages, ppPackageInfo.cast()) }
    })
}

/// Lists the security packages in one block, freed by `FreeContextBuffer`.
///
/// # Safety
/// Both pointers are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn EnumerateSecurityPackagesA(
    pcPackages: *mut ULONG,
    ppPackageInfo: *mut PSecPkgInfoA,
) -> SECURITY_STATUS {
    boundary_ok("EnumerateSecurityPackagesA", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { enumerate::<Ansi>(pcPackages, ppPackageInfo.cast()) }
    })
}

/// Describes one package, whose name may be in any case, in one block freed by
/// `FreeContextBuffer`. An unknown name leaves `*ppPackageInfo` as it was.
///
/// # Safety
/// `pszPackageName` is NULL or a terminated string, `ppPackageInfo` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn QuerySecurityPackageInfoW(
    pszPackageName: *mut SEC_WCHAR,
    ppPackageInfo: *mut PSecPkgInfoW,
) -> SECURITY_STATUS {
    boundary_ok("QuerySecurityPackageInfoW", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { query::<Wide>(pszPackageName, ppPackageInfo.cast()) }
    })
}

/// Describes one package, whose name may be in any case, in one block freed by
/// `FreeContextBuffer`. An unknown name leaves `*ppPackageInfo` as it was.
///
/// # Safety
/// `pszPackageName` is NULL or a terminated string, `ppPackageInfo` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn QuerySecurityPackageInfoA(
    pszPackageName: *mut SEC_CHAR,
    ppPackageInfo: *mut PSecPkgInfoA,
) -> SECURITY_STATUS {
    boundary_ok("QuerySecurityPackageInfoA", format_args!(""), || {
        // SAFETY: the contract is the same.
        unsafe { query::<Ansi>(pszPackageName, ppPackageInfo.cast()) }
    })
}

/// # Safety
/// Both pointers are NULL or writable.
unsafe fn enumerate<C: Charset>(
    count: *mut ULONG,
    packages: *mut *mut SecPkgInfo<C::Unit>,
) -> Result<()> {
    // SAFETY: the contract is the same.
    let (count, packages) =
        unsafe { (Out::required(count, "pcPackages")?, Out::required(packages, "ppPackageInfo")?) };
    let rows: Vec<_> = sspi::packages().collect();
    packages.set(package_block::hand_out::<C>(&rows)?);
    count.set(u32::try_from(rows.len()).unwrap_or(u32::MAX));
    Ok(())
}

/// # Safety
/// `name` is NULL or a terminated string, `package` NULL or writable.
unsafe fn query<C: Charset>(
    name: *const C::Unit,
    package: *mut *mut SecPkgInfo<C::Unit>,
) -> Result<()> {
    // SAFETY: the contract is the same.
    let name = unsafe { text_in::<C>(name, "pszPackageName")? };
    let info = sspi::find_package(&name.ok_or(CallerFault::UnknownPackage)?)?;
    // SAFETY: the contract is the same.
    let package = unsafe { Out::required(package, "ppPackageInfo")? };
    package.set(package_block::hand_out::<C>(&[info])?);
    Ok(())
}
