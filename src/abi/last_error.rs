//! The thread's last error, as `GetLastError` has it.
//!
//! Holds: one number for each thread, and which number an error is. May use: the types, `spi`.
//! Must not touch: everything else.
//!
//! Linux has no such number that other libraries share: this one is the library's own, and the
//! compat folder's `GetLastError` reads it.

use std::cell::Cell;

use super::types::{
    ERROR_CANT_ACCESS_DOMAIN_INFO, ERROR_INTERNAL_ERROR, ERROR_INVALID_PARAMETER,
    ERROR_NO_SUCH_DOMAIN, ERROR_NONE_MAPPED, ERROR_NOT_ENOUGH_MEMORY, ULONG,
};
use crate::spi::directory::{NameFault, NoName};
use crate::spi::error::{CallerFault, Error, Fault, LocalFault};

/// Why a function answers FALSE: the thread's last error, and the story where there is one.
#[derive(Debug)]
pub struct Failure {
    /// `ERROR_*`
    pub code: ULONG,
    /// What happened; a question for a size is none.
    pub error: Option<Error>,
}

impl Failure {
    /// A failure with a story.
    pub fn new(code: ULONG, error: impl Into<Error>) -> Self {
        Self { code, error: Some(error.into()) }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let code = match error.fault() {
            Fault::Caller(CallerFault::InvalidParameter) => ERROR_INVALID_PARAMETER,
            Fault::Local(LocalFault::NoMemory) => ERROR_NOT_ENOUGH_MEMORY,
            _ => ERROR_INTERNAL_ERROR,
        };
        Self::new(code, error)
    }
}

impl From<NoName> for Failure {
    fn from(none: NoName) -> Self {
        match none.fault {
            NameFault::NotMapped => Self::new(ERROR_NONE_MAPPED, none.error),
            NameFault::NoDomain => Self::new(ERROR_NO_SUCH_DOMAIN, none.error),
            NameFault::NotJoined => Self::new(ERROR_CANT_ACCESS_DOMAIN_INFO, none.error),
            NameFault::Failed => none.error.into(),
        }
    }
}

/// The number; 0 on a thread that is ending.
pub fn get() -> ULONG {
    LAST_ERROR.try_with(Cell::get).unwrap_or(0)
}

/// Sets the number. A thread that is ending has none any more.
pub fn set(code: ULONG) {
    let _ = LAST_ERROR.try_with(|last| last.set(code));
}

thread_local! {
    static LAST_ERROR: Cell<ULONG> = const { Cell::new(0) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thread_has_its_own() {
        set(5);
        std::thread::spawn(|| {
            assert_eq!(get(), 0);
            set(7);
        })
        .join()
        .unwrap();
        assert_eq!(get(), 5);
    }
}
