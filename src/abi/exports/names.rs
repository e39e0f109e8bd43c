//! Names of users and computers: not offered yet. The answer is FALSE, and buffers and sizes stay
//! as they are.

use crate::abi::boundary::boundary_value;
use crate::abi::types::*;
use crate::spi::error::{CallerFault, Error};

/// Would give the name of the calling user: answers FALSE.
///
/// # Safety
/// Nothing is demanded yet: no pointer is followed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetUserNameExW(
    NameFormat: EXTENDED_NAME_FORMAT,
    lpNameBuffer: LPWSTR,
    nSize: PULONG,
) -> BOOLEAN {
    let _ = (lpNameBuffer, nSize);
    no_name("GetUserNameExW", NameFormat)
}

/// Would give the name of the calling user: answers FALSE.
///
/// # Safety
/// Nothing is demanded yet: no pointer is followed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetUserNameExA(
    NameFormat: EXTENDED_NAME_FORMAT,
    lpNameBuffer: LPSTR,
    nSize: PULONG,
) -> BOOLEAN {
    let _ = (lpNameBuffer, nSize);
    no_name("GetUserNameExA", NameFormat)
}

/// Would give the name of this computer's account: answers FALSE.
///
/// # Safety
/// Nothing is demanded yet: no pointer is followed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetComputerObjectNameW(
    NameFormat: EXTENDED_NAME_FORMAT,
    lpNameBuffer: LPWSTR,
    nSize: PULONG,
) -> BOOLEAN {
    let _ = (lpNameBuffer, nSize);
    no_name("GetComputerObjectNameW", NameFormat)
}

/// Would give the name of this computer's account: answers FALSE.
///
/// # Safety
/// Nothing is demanded yet: no pointer is followed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetComputerObjectNameA(
    NameFormat: EXTENDED_NAME_FORMAT,
    lpNameBuffer: LPSTR,
    nSize: PULONG,
) -> BOOLEAN {
    let _ = (lpNameBuffer, nSize);
    no_name("GetComputerObjectNameA", NameFormat)
}

/// Would give another form of an account's name: answers FALSE.
///
/// # Safety
/// Nothing is demanded yet: no pointer is followed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn TranslateNameW(
    lpAccountName: LPCWSTR,
    AccountNameFormat: EXTENDED_NAME_FORMAT,
    DesiredNameFormat: EXTENDED_NAME_FORMAT,
    lpTranslatedName: LPWSTR,
    nSize: PULONG,
) -> BOOLEAN {
    let _ = (lpAccountName, AccountNameFormat, lpTranslatedName, nSize);
    no_name("TranslateNameW", DesiredNameFormat)
}

/// Would give another form of an account's name: answers FALSE.
///
/// # Safety
/// Nothing is demanded yet: no pointer is followed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn TranslateNameA(
    lpAccountName: LPCSTR,
    AccountNameFormat: EXTENDED_NAME_FORMAT,
    DesiredNameFormat: EXTENDED_NAME_FORMAT,
    lpTranslatedName: LPSTR,
    nSize: PULONG,
) -> BOOLEAN {
    let _ = (lpAccountName, AccountNameFormat, lpTranslatedName, nSize);
    no_name("TranslateNameA", DesiredNameFormat)
}

fn no_name(function: &'static str, format: EXTENDED_NAME_FORMAT) -> BOOLEAN {
    boundary_value(function, format_args!("{format}"), 0, || {
        Err(Error::new(CallerFault::Unsupported, "names are not offered yet"))
    })
}
