//! The log: `SECUR32_LOG` says what (`warn`, `secur32=debug`), `SECUR32_LOG_FILE` where to.
#![forbid(unsafe_code)]

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::process;
use std::sync::{Mutex, Once, PoisonError};
use std::time::SystemTime;

use env_filter::Filter;
use log::{Log, Metadata, Record};

use super::sys;

/// Sets the log up, once. Without `SECUR32_LOG` there is none and it costs nothing.
pub fn start() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let Some(spec) = sys::secure_variable("SECUR32_LOG").and_then(|s| s.into_string().ok())
        else {
            return;
        };
        let filter = env_filter::Builder::new().parse(&spec).build();
        let level = filter.filter();
        let logger =
            Logger { filter, file: sys::secure_variable("SECUR32_LOG_FILE").and_then(open) };
        // The static library may live in a program with a logger of its own; that one stays.
        if log::set_boxed_logger(Box::new(logger)).is_ok() {
            log::set_max_level(level);
        }
    });
}

struct Logger {
    filter: Filter,
    file: Option<Mutex<File>>,
}

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.filter.enabled(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        if !self.filter.matches(record) {
            return;
        }
        let line = format!(
            "{} secur32[{}] {} {}: {}\n",
            timestamp(),
            process::id(),
            record.level(),
            record.target(),
            printable(&record.args().to_string()),
        );
        // A log that cannot be written must not fail the call that it tells of.
        let _ = match &self.file {
            Some(file) => {
                file.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes())
            }
            None => io::stderr().write_all(line.as_bytes()),
        };
    }

    fn flush(&self) {}
}

fn open(path: std::ffi::OsString) -> Option<Mutex<File>> {
    let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path).ok()?;
    Some(Mutex::new(file))
}

/// Names come from peers: control characters must not forge lines of the log.
pub(super) fn printable(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            clean.extend(c.escape_default());
        } else {
            clean.push(c);
        }
    }
    clean
}

fn timestamp() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seconds = now.as_secs();
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let (year, month, day) = civil(seconds / 86_400);
    format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z",
        now.subsec_millis()
    )
}

/// The Gregorian date of a day since 1970, counted in eras of 400 years from March.
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_gregorian() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(11_016), (2000, 2, 29));
        assert_eq!(civil(20_781), (2026, 11, 24));
    }

    #[test]
    fn b11_names_cannot_forge_lines() {
        assert_eq!(printable("a\nb\u{1b}[m ü"), "a\\nb\\u{1b}[m ü");
    }
}
