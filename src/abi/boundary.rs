//! The boundary itself: what every export's body runs inside.
//!
//! Holds: panic catching, tracing, the one conversion of an error to a status, the last error
//! of each thread. May use: `sspi`, `spi`. Must not touch: protocols, platform.

use std::cell::RefCell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::last_error::{self, Failure};
use super::types::{BOOLEAN, ERROR_INTERNAL_ERROR};
use crate::spi::error::{Error, LocalFault, Result};
use crate::spi::status::{SEC_E_OK, Status};

/// Runs the body of an export: no panic leaves it, and its result becomes a status once.
///
/// `arguments` is what the trace may show: handles, sizes and flags, never a secret.
pub fn boundary(
    name: &'static str,
    arguments: fmt::Arguments<'_>,
    body: impl FnOnce() -> Result<Status>,
) -> i32 {
    crate::sspi::start();
    log::trace!("{name}({arguments})");
    let status = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(status)) => status,
        Ok(Err(error)) => failed(name, &error),
        Err(_) => failed(name, &panicked()),
    };
    log::trace!("{name} -> {status}");
    status.code()
}

/// [`boundary`] for functions that return nothing but success.
pub fn boundary_ok(
    name: &'static str,
    arguments: fmt::Arguments<'_>,
    body: impl FnOnce() -> Result<()>,
) -> i32 {
    boundary(name, arguments, || body().map(|()| SEC_E_OK))
}

/// [`boundary`] for functions that return a value of their own kind: `otherwise` is the answer
/// to an error or a panic.
pub fn boundary_value<T>(
    name: &'static str,
    arguments: fmt::Arguments<'_>,
    otherwise: T,
    body: impl FnOnce() -> Result<T>,
) -> T {
    crate::sspi::start();
    log::trace!("{name}({arguments})");
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(value)) => value,
        Ok(Err(error)) => {
            failed(name, &error);
            otherwise
        }
        Err(_) => {
            failed(name, &panicked());
            otherwise
        }
    }
}

/// [`boundary`] for functions that answer TRUE or FALSE and say why by the thread's last error,
/// which success leaves alone.
pub fn boundary_boolean(
    name: &'static str,
    arguments: fmt::Arguments<'_>,
    body: impl FnOnce() -> Result<(), Failure>,
) -> BOOLEAN {
    let outcome = boundary_value(name, arguments, Err(ERROR_INTERNAL_ERROR), || {
        Ok(body().map_err(|failure| {
            if let Some(error) = &failure.error {
                failed(name, error);
            }
            failure.code
        }))
    });
    if let Err(code) = outcome {
        last_error::set(code);
    }
    log::trace!("{name} -> {outcome:?}");
    BOOLEAN::from(outcome.is_ok())
}

/// The last failure of this thread as a line of text: function, status name, story.
pub fn last_error() -> Option<String> {
    LAST_ERROR.try_with(|last| last.try_borrow().ok().and_then(|last| last.clone())).ok().flatten()
}

/// Notes a failure that an export reports in its own way.
pub fn failed(name: &str, error: &Error) -> Status {
    let text = error.story().or_else(|| error.status().text()).unwrap_or("an unknown failure");
    let line = format!("{name}: {}: {text}", error.status());
    log::warn!("{line}");
    // A thread that is ending has no last error any more.
    let _ = LAST_ERROR.try_with(|last| {
        if let Ok(mut last) = last.try_borrow_mut() {
            *last = Some(line);
        }
    });
    error.status()
}

fn panicked() -> Error {
    Error::new(LocalFault::Internal, "a panic inside the library, please report it")
}

thread_local! {
    static LAST_ERROR: RefCell<Option<String>> = const { RefCell::new(None) };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spi::error::PeerFault;
    use crate::spi::status;

    #[test]
    fn b9_a_panic_becomes_an_internal_error() {
        let code = boundary("Test", format_args!(""), || panic!("on purpose"));
        assert_eq!(code, status::SEC_E_INTERNAL_ERROR.code());
        assert!(last_error().unwrap().contains("a panic inside the library"));
    }

    #[test]
    fn b9_a_panic_answers_false_with_an_internal_error() {
        last_error::set(7);
        assert_eq!(boundary_boolean("Test", format_args!(""), || Ok(())), 1);
        assert_eq!(last_error::get(), 7, "success leaves it alone");
        assert_eq!(boundary_boolean("Test", format_args!(""), || panic!("on purpose")), 0);
        assert_eq!(last_error::get(), ERROR_INTERNAL_ERROR);
    }

    #[test]
    fn the_story_of_a_failure_is_kept() {
        let code = boundary("Test", format_args!(""), || {
            Err(Error::new(PeerFault::LogonDenied, "user EX\\u: wrong password"))
        });
        assert_eq!(code, status::SEC_E_LOGON_DENIED.code());
        let expected = "Test: SEC_E_LOGON_DENIED: user EX\\u: wrong password";
        assert_eq!(last_error().as_deref(), Some(expected));
    }
}
