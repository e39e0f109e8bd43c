//! Names of users and computers. Each answers TRUE, or FALSE with the reason as the thread's last
//! error (`Secur32GetLastError`).

use crate::abi::boundary::boundary_boolean;
use crate::abi::last_error::Failure;
use crate::abi::pointers::{Out, required};
use crate::abi::strings::{Ansi, Charset, Wide, text_in};
use crate::abi::types::enumerations::_EXTENDED_NAME_FORMAT as Format;
use crate::abi::types::*;
use crate::lsa;
use crate::spi::directory::NameFormat;
use crate::spi::error::{CallerFault, Error};

/// Gives the name of the user that the calling thread acts for. `*nSize` is the buffer's size in
/// characters, and afterwards the length of the name without its terminator. ERROR_MORE_DATA when
/// the buffer is absent or too small: the buffer is untouched and `*nSize` says what is needed,
/// with the terminator. ERROR_NONE_MAPPED when there is no such name, ERROR_NO_SUCH_DOMAIN when
/// only a domain controller could tell and none can be asked, ERROR_NO_SUCH_USER for NameUnknown.
///
/// # Safety
/// `lpNameBuffer` is NULL or writable for `*nSize` characters, `nSize` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetUserNameExW(
    NameFormat: EXTENDED_NAME_FORMAT,
    lpNameBuffer: LPWSTR,
    nSize: PULONG,
) -> BOOLEAN {
    boundary_boolean("GetUserNameExW", format_args!("{NameFormat}"), || {
        // SAFETY: the contract is the same.
        unsafe { user_name::<Wide>(NameFormat, lpNameBuffer, nSize) }
    })
}

/// As GetUserNameExW, in UTF-8; sizes count bytes.
///
/// # Safety
/// As [`GetUserNameExW`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetUserNameExA(
    NameFormat: EXTENDED_NAME_FORMAT,
    lpNameBuffer: LPSTR,
    nSize: PULONG,
) -> BOOLEAN {
    boundary_boolean("GetUserNameExA", format_args!("{NameFormat}"), || {
        // SAFETY: the contract is the same.
        unsafe { user_name::<Ansi>(NameFormat, lpNameBuffer, nSize) }
    })
}

/// Gives the name of this computer's account. Sizes as with GetUserNameExW, but too little room is
/// ERROR_INSUFFICIENT_BUFFER. ERROR_INVALID_PARAMETER for NameUnknown and for formats that only
/// people have, ERROR_CANT_ACCESS_DOMAIN_INFO when the computer belongs to no domain,
/// ERROR_NO_SUCH_DOMAIN when no domain controller can be asked.
///
/// # Safety
/// As [`GetUserNameExW`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetComputerObjectNameW(
    NameFormat: EXTENDED_NAME_FORMAT,
    lpNameBuffer: LPWSTR,
    nSize: PULONG,
) -> BOOLEAN {
    boundary_boolean("GetComputerObjectNameW", format_args!("{NameFormat}"), || {
        // SAFETY: the contract is the same.
        unsafe { computer_name::<Wide>(NameFormat, lpNameBuffer, nSize) }
    })
}

/// As GetComputerObjectNameW, in UTF-8; sizes count bytes.
///
/// # Safety
/// As [`GetUserNameExW`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetComputerObjectNameA(
    NameFormat: EXTENDED_NAME_FORMAT,
    lpNameBuffer: LPSTR,
    nSize: PULONG,
) -> BOOLEAN {
    boundary_boolean("GetComputerObjectNameA", format_args!("{NameFormat}"), || {
        // SAFETY: the contract is the same.
        unsafe { computer_name::<Ansi>(NameFormat, lpNameBuffer, nSize) }
    })
}

/// Gives another form of an account's name, as a domain controller knows it. `*nSize` is the
/// buffer's size in characters, and afterwards the size of the name with its terminator; an absent
/// buffer of size 0 succeeds and is told the size. ERROR_INSUFFICIENT_BUFFER when it is too small,
/// ERROR_NONE_MAPPED when there is no such account, or several, or no such form of its name,
/// ERROR_NO_SUCH_DOMAIN when no domain controller can be asked.
///
/// # Safety
/// `lpAccountName` is NULL or a terminated string; the rest as with [`GetUserNameExW`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn TranslateNameW(
    lpAccountName: LPCWSTR,
    AccountNameFormat: EXTENDED_NAME_FORMAT,
    DesiredNameFormat: EXTENDED_NAME_FORMAT,
    lpTranslatedName: LPWSTR,
    nSize: PULONG,
) -> BOOLEAN {
    let formats = (AccountNameFormat, DesiredNameFormat);
    boundary_boolean("TranslateNameW", format_args!("{formats:?}"), || {
        // SAFETY: the contract is the same.
        unsafe { translate::<Wide>(lpAccountName, formats, lpTranslatedName, nSize) }
    })
}

/// As TranslateNameW, in UTF-8; sizes count bytes.
///
/// # Safety
/// As [`TranslateNameW`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn TranslateNameA(
    lpAccountName: LPCSTR,
    AccountNameFormat: EXTENDED_NAME_FORMAT,
    DesiredNameFormat: EXTENDED_NAME_FORMAT,
    lpTranslatedName: LPSTR,
    nSize: PULONG,
) -> BOOLEAN {
    let formats = (AccountNameFormat, DesiredNameFormat);
    boundary_boolean("TranslateNameA", format_args!("{formats:?}"), || {
        // SAFETY: the contract is the same.
        unsafe { translate::<Ansi>(lpAccountName, formats, lpTranslatedName, nSize) }
    })
}

/// # Safety
/// As [`GetUserNameExW`].
unsafe fn user_name<C: Charset>(
    format: EXTENDED_NAME_FORMAT,
    buffer: *mut C::Unit,
    size: PULONG,
) -> Result<(), Failure> {
    // SAFETY: the contract is the same.
    let place = unsafe { Place::new(buffer, size, ERROR_MORE_DATA)? };
    if format == Format::NameUnknown as i32 {
        return Err(Failure::new(ERROR_NO_SUCH_USER, no_format(format)));
    }
    let name = lsa::user_name(known(format)?)?;
    // SAFETY: the contract is the same.
    unsafe { place.put::<C>(&name) }
}

/// # Safety
/// As [`GetUserNameExW`].
unsafe fn computer_name<C: Charset>(
    format: EXTENDED_NAME_FORMAT,
    buffer: *mut C::Unit,
    size: PULONG,
) -> Result<(), Failure> {
    // SAFETY: the contract is the same.
    let place = unsafe { Place::new(buffer, size, ERROR_INSUFFICIENT_BUFFER)? };
    let name = lsa::computer_name(of_any_account(format)?)?;
    // SAFETY: the contract is the same.
    unsafe { place.put::<C>(&name) }
}

/// # Safety
/// As [`TranslateNameW`].
unsafe fn translate<C: Charset>(
    name: *const C::Unit,
    (from, to): (EXTENDED_NAME_FORMAT, EXTENDED_NAME_FORMAT),
    buffer: *mut C::Unit,
    size: PULONG,
) -> Result<(), Failure> {
    // SAFETY: the contract is the same.
    let (place, name) = unsafe {
        let place = Place::new(buffer, size, ERROR_INSUFFICIENT_BUFFER)?;
        (place, text_in::<C>(name, "lpAccountName")?)
    };
    let unknown = from == Format::NameUnknown as i32;
    let from = if unknown { None } else { Some(of_any_account(from)?) };
    let to = of_any_account(to)?;
    let missing = || Error::new(CallerFault::InvalidParameter, "lpAccountName is NULL");
    let translated = lsa::translate_name(&name.ok_or_else(missing)?, from, to)?;
    // SAFETY: the contract is the same.
    unsafe { place.put_terminated::<C>(&translated) }
}

/// Where a name goes.
struct Place<'a, U> {
    buffer: *mut U,
    /// Characters of the buffer.
    room: usize,
    size: Out<'a, ULONG>,
    /// What too little room is called.
    too_small: ULONG,
}

impl<U: Copy> Place<'_, U> {
    /// # Safety
    /// As [`GetUserNameExW`].
    unsafe fn new(buffer: *mut U, size: PULONG, too_small: ULONG) -> Result<Self, Failure> {
        // SAFETY: the contract is the same.
        let (room, size) = unsafe {
            let room = *required(size.cast_const(), "nSize")?;
            (room, Out::required(size, "nSize")?)
        };
        if !buffer.is_aligned() {
            let story = "the name's buffer is misaligned";
            return Err(Error::new(CallerFault::InvalidParameter, story).into());
        }
        let room = if buffer.is_null() { 0 } else { room as usize };
        Ok(Self { buffer, room, size, too_small })
    }

    /// Writes the name; its length is told without the terminator.
    ///
    /// # Safety
    /// The buffer is writable as [`Place::new`] was told.
    unsafe fn put<C: Charset<Unit = U>>(&self, name: &str) -> Result<(), Failure> {
        let units = C::encode(name);
        // SAFETY: the contract is the same.
        let written = unsafe { self.write(&units) };
        self.size.set(length(units.len()) - u32::from(written));
        if written { Ok(()) } else { Err(Failure { code: self.too_small, error: None }) }
    }

    /// Writes the name; its length is told with the terminator. An absent buffer asks for it.
    ///
    /// # Safety
    /// As [`Place::put`].
    unsafe fn put_terminated<C: Charset<Unit = U>>(&self, name: &str) -> Result<(), Failure> {
        let units = C::encode(name);
        let asks = self.buffer.is_null();
        // SAFETY: the contract is the same.
        let written = unsafe { self.write(&units) };
        self.size.set(length(units.len()));
        if written || asks { Ok(()) } else { Err(Failure { code: self.too_small, error: None }) }
    }

    /// # Safety
    /// As [`Place::put`].
    unsafe fn write(&self, units: &[U]) -> bool {
        if units.len() > self.room {
            return false;
        }
        // SAFETY: the buffer has room for that many units, is aligned, and no part of `units`.
        unsafe { self.buffer.copy_from_nonoverlapping(units.as_ptr(), units.len()) };
        true
    }
}

/// Names are bounded by the messages that they came in.
fn length(units: usize) -> ULONG {
    ULONG::try_from(units).unwrap_or(ULONG::MAX)
}

/// Formats that computers have as well, and that names are translated from and to.
fn of_any_account(format: EXTENDED_NAME_FORMAT) -> Result<NameFormat, Error> {
    match known(format)? {
        NameFormat::GivenName | NameFormat::Surname => Err(no_format(format)),
        format => Ok(format),
    }
}

fn known(format: EXTENDED_NAME_FORMAT) -> Result<NameFormat, Error> {
    const FORMATS: [(Format, NameFormat); 11] = [
        (Format::NameFullyQualifiedDN, NameFormat::FullyQualifiedDn),
        (Format::NameSamCompatible, NameFormat::SamCompatible),
        (Format::NameDisplay, NameFormat::Display),
        (Format::NameUniqueId, NameFormat::UniqueId),
        (Format::NameCanonical, NameFormat::Canonical),
        (Format::NameUserPrincipal, NameFormat::UserPrincipal),
        (Format::NameCanonicalEx, NameFormat::CanonicalEx),
        (Format::NameServicePrincipal, NameFormat::ServicePrincipal),
        (Format::NameDnsDomain, NameFormat::DnsDomain),
        (Format::NameGivenName, NameFormat::GivenName),
        (Format::NameSurname, NameFormat::Surname),
    ];
    let found = FORMATS.iter().find(|(number, _)| *number as i32 == format);
    found.map(|(_, format)| *format).ok_or_else(|| no_format(format))
}

fn no_format(format: EXTENDED_NAME_FORMAT) -> Error {
    Error::new(CallerFault::InvalidParameter, format!("names have no format {format} here"))
}
