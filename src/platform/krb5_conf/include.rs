//! The files of a profile: the list of `KRB5_CONFIG`, `include`, `includedir`; all of it bounded.

use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::parse::{Directive, Parser};
use super::profile::{Place, Profile, Section};
use crate::platform::files::open_regular;
use crate::spi::error::{Error, LocalFault, Result};

/// Files that include files that include files.
const MAX_INCLUDES: usize = 16;
/// All files of a configuration.
const MAX_FILES: usize = 1000;
/// All bytes of a configuration.
const MAX_SIZE: u64 = 4 << 20;

/// Reads the files of a list, the first of which counts most. Files that are not there or not
/// to be read are passed over, as MIT does; a broken one is an error.
pub fn load(paths: &[PathBuf]) -> Result<Profile> {
    let mut profile = Profile::default();
    let mut reading = Reading::default();
    for path in paths {
        match reading.bytes_of(path) {
            Ok(bytes) => reading.file(&mut profile.root, path, &bytes)?,
            Err(error) if is_absent(&error) => {
                log::debug!("{}: {error}, passed over", path.display());
            }
            Err(error) => return Err(unreadable(path, &error)),
        }
    }
    Ok(profile)
}

/// Reads a text as if it were this file.
pub fn read(text: &[u8], path: &Path) -> Result<Profile> {
    let mut profile = Profile::default();
    Reading::default().file(&mut profile.root, path, text)?;
    Ok(profile)
}

/// How much was read, and through which files the current one was reached.
#[derive(Debug, Default)]
pub struct Reading {
    files: usize,
    size: u64,
    chain: Vec<PathBuf>,
}

impl Reading {
    fn file(&mut self, root: &mut Section, path: &Path, bytes: &[u8]) -> Result<()> {
        self.chain.push(path.to_owned());
        let mut parser = Parser::default();
        let file: Arc<Path> = Arc::from(path);
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        for (number, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
            let place = Place { file: Arc::clone(&file), line: number + 1 };
            // Comments are written in any encoding; in a name it would find nothing.
            let line = String::from_utf8_lossy(line);
            match parser.line(root, &line, &place)? {
                None => {}
                Some(Directive::Include(path)) => self.include(root, &path, &place)?,
                Some(Directive::IncludeDir(path)) => self.directory(root, &path, &place)?,
            }
        }
        self.chain.pop();
        Ok(())
    }

    fn include(&mut self, root: &mut Section, path: &Path, place: &Place) -> Result<()> {
        if self.chain.iter().any(|open| open == path) {
            return Err(place.error(format_args!("{} includes itself", path.display())));
        }
        if self.chain.len() >= MAX_INCLUDES {
            return Err(
                place.error(format_args!("more than {MAX_INCLUDES} includes in each other"))
            );
        }
        let bytes = self
            .bytes_of(path)
            .map_err(|error| place.error(format_args!("{}: {error}", path.display())))?;
        self.file(root, path, &bytes)
    }

    fn directory(&mut self, root: &mut Section, path: &Path, place: &Place) -> Result<()> {
        let names = listed(path)
            .map_err(|error| place.error(format_args!("{}: {error}", path.display())))?;
        names.into_iter().try_for_each(|name| self.include(root, &path.join(name), place))
    }

    fn bytes_of(&mut self, path: &Path) -> io::Result<Vec<u8>> {
        // The way to say "no configuration"; any other device or pipe might never end.
        if path == Path::new("/dev/null") {
            return Ok(Vec::new());
        }
        let left = MAX_SIZE.saturating_sub(self.size);
        let mut bytes = Vec::new();
        open_regular(path, MAX_SIZE)?.0.take(left.saturating_add(1)).read_to_end(&mut bytes)?;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.size = self.size.saturating_add(size);
        self.files = self.files.saturating_add(1);
        if self.size > MAX_SIZE || self.files > MAX_FILES {
            let limit = format!("more than {} MiB or {MAX_FILES} files", MAX_SIZE >> 20);
            return Err(io::Error::other(limit));
        }
        Ok(bytes)
    }
}

/// The files of a directory that MIT would read, in the order of their names.
fn listed(path: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path)?.take(MAX_FILES.saturating_add(1)) {
        let entry = entry?;
        if let Ok(name) = entry.file_name().into_string()
            && is_listed(&name)
            && !entry.path().is_dir()
        {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Letters, digits, `-` and `_`, or `*.conf`; no hidden files.
fn is_listed(name: &str) -> bool {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    plain || (name.strip_suffix(".conf").is_some() && !name.starts_with('.'))
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied)
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    Error::new(LocalFault::Configuration, format!("{}: {error}", path.display()))
}
