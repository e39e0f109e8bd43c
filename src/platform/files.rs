//! Files that must be files: bounded, and never waited for.
//!
//! Holds: the opening of configuration, accounts, and of the files that only their owner may
//! write. May use: `sys`. Must not touch: everything else.
#![forbid(unsafe_code)]

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::sys;

/// Opens a regular file of at most so many bytes. A pipe in its place is refused and not waited
/// for, whenever it came there: what is judged is what was opened.
pub fn open_regular(path: &Path, max_size: u64) -> io::Result<(File, Metadata)> {
    let file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() || metadata.len() > max_size {
        let story = format!("not a regular file of at most {} MiB", max_size >> 20);
        return Err(io::Error::other(story));
    }
    Ok((file, metadata))
}

/// What a file of one's own is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To be read.
    Read,
    /// To be read and changed.
    Write,
    /// To be read and changed, and made if it is not there.
    Create,
}

/// Opens a file that must be ours alone: no link in its place, no second name, ours, and nobody
/// else may write it. Whoever may put things into the folder (`/tmp`) can otherwise choose what
/// we read, or have us write over something else.
pub fn open_own(path: &Path, access: Access) -> io::Result<(File, Metadata)> {
    let file = OpenOptions::new()
        .read(true)
        .write(access != Access::Read)
        .create(access == Access::Create)
        .mode(0o600)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY)
        .open(path)
        .map_err(|error| match error.raw_os_error() {
            Some(libc::ELOOP) => refused("it is a symbolic link"),
            _ => error,
        })?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(refused("it is not a regular file"));
    }
    if metadata.uid() != sys::effective_user() {
        let story = format!("it belongs to uid {}, not to us", metadata.uid());
        return Err(io::Error::new(ErrorKind::PermissionDenied, story));
    }
    if metadata.nlink() > 1 {
        return Err(refused("it has a second name (a hard link)"));
    }
    if metadata.mode() & 0o022 != 0 {
        return Err(refused("others may write it"));
    }
    Ok((file, metadata))
}

/// Puts a file of mode 0600 in the place of whatever has this name, at once.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let (temporary, mut file) = create_beside(path)?;
    let done = file
        .set_permissions(Permissions::from_mode(0o600))
        .and_then(|()| file.write_all(content))
        .and_then(|()| fs::rename(&temporary, path));
    if done.is_err() {
        // Nothing more can be done about a file that cannot be removed.
        let _ = fs::remove_file(&temporary);
    }
    done
}

/// Whether a name still means the file that was opened by it.
pub fn still_there(path: &Path, opened: &Metadata) -> bool {
    fs::symlink_metadata(path)
        .is_ok_and(|found| (found.dev(), found.ino()) == (opened.dev(), opened.ino()))
}

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    file: (u64, u64),
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    /// The state that `stat` tells.
    pub fn of(metadata: &Metadata) -> Self {
        Self {
            file: (metadata.dev(), metadata.ino()),
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

/// A new file in the same folder, whose name nobody could know before.
fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    for _ in 0..16 {
        let mut random = [0_u8; 6];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let suffix: String = random.iter().map(|byte| char::from(b'a' + byte % 26)).collect();
        let mut name = OsString::from(path);
        name.push(format!(".{suffix}"));
        let name = PathBuf::from(name);
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&name) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(file) => return Ok((name, file)),
        }
    }
    Err(io::Error::from(ErrorKind::AlreadyExists))
}

fn refused(story: &'static str) -> io::Error {
    io::Error::new(ErrorKind::PermissionDenied, story)
}
