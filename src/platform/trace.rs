//! `KRB5_TRACE`: what Kerberos does, line by line, in MIT's form.
#![forbid(unsafe_code)]

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use super::logging::printable;
use super::sys;

/// Where the lines go; the log of this library gets them too.
#[derive(Debug)]
pub struct Trace(Option<Place>);

#[derive(Debug)]
enum Place {
    Stdout,
    Stderr,
    File(Mutex<File>),
}

impl Trace {
    /// To the file of `KRB5_TRACE`. A file that cannot be written is no trace, and said in the log.
    pub fn from_environment() -> Self {
        Self(sys::secure_variable("KRB5_TRACE").and_then(|path| open(Path::new(&path))))
    }

    /// Writes a line.
    pub fn line(&self, text: fmt::Arguments<'_>) {
        log::debug!("{text}");
        let Some(place) = &self.0 else { return };
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let line = format!(
            "[{}] {}.{:06}: {}\n",
            process::id(),
            now.as_secs(),
            now.subsec_micros(),
            printable(&text.to_string()),
        );
        // A trace that cannot be written must not fail what it tells of.
        let _ = match place {
            Place::Stdout => io::stdout().write_all(line.as_bytes()),
            Place::Stderr => io::stderr().write_all(line.as_bytes()),
            Place::File(file) => {
                file.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes())
            }
        };
    }
}

fn open(path: &Path) -> Option<Place> {
    if path == Path::new("/dev/stdout") {
        return Some(Place::Stdout);
    }
    if path == Path::new("/dev/stderr") {
        return Some(Place::Stderr);
    }
    let mut options = OpenOptions::new();
    // A pipe that nobody reads is not waited for.
    options.append(true).create(true).mode(0o600).custom_flags(libc::O_NONBLOCK);
    match options.open(path) {
        Ok(file) => Some(Place::File(Mutex::new(file))),
        Err(error) => {
            log::warn!("KRB5_TRACE={}: {error}", path.display());
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn lines_are_mits_and_cannot_be_forged() {
        let path = std::env::temp_dir().join(format!("secur32-trace-{}", process::id()));
        let trace = Trace(open(&path));
        trace.line(format_args!("Getting {}", "a\nforged line"));
        trace.line(format_args!("done"));
        let text = fs::read_to_string(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[0].starts_with(&format!("[{}] ", process::id())), "{text}");
        assert!(lines[0].ends_with(": Getting a\\nforged line"), "{text}");
    }

    #[test]
    fn a_file_that_cannot_be_written_is_no_trace() {
        assert!(open(Path::new("/no/such/folder/trace")).is_none());
    }
}
