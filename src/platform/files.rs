//! Files that must be files: bounded, and never waited for.
//!
//! Holds: the opening of configuration and accounts. May use: nothing.
//! Must not touch: everything else.
#![forbid(unsafe_code)]

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

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
