//! `FILE:`, and the files that `DIR:` collects.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{broken, missing};
use crate::platform::files::{self, Access};
use crate::platform::lock::{LOCK_WAIT, LockKind, Locked};
use crate::spi::error::{Error, LocalFault, Result};
use crate::spi::kerberos::{CachedTicket, CredentialCache, Principal};
use crate::wire::kerberos::ccache::{
    Ccache, Entry, Version, config_entry, decode_ccache, encode_credential, encode_header,
    encode_removed, is_config, is_config_of,
};
use crate::wire::kerberos::{FormatError, MAX_FILE};

/// One file.
#[derive(Debug)]
pub struct FileCache {
    name: String,
    path: PathBuf,
    /// The folder that must be there, and this file its primary one if it has none.
    collection: Option<PathBuf>,
}

impl FileCache {
    /// `FILE:path`.
    pub fn new(path: &Path) -> Self {
        Self { name: format!("FILE:{}", path.display()), path: path.to_owned(), collection: None }
    }

    /// `DIR::path`; a new one makes its folder and, where there is none, becomes the primary.
    pub(super) fn of_collection(path: &Path, collection: Option<PathBuf>) -> Self {
        Self { name: format!("DIR::{}", path.display()), path: path.to_owned(), collection }
    }

    /// Whether there is a file.
    pub(super) fn exists(&self) -> bool {
        fs::symlink_metadata(&self.path).is_ok()
    }

    fn read(&self) -> Result<Ccache> {
        let (file, metadata) = self.open(Access::Read)?;
        let lock = Locked::if_possible(&file, LockKind::Shared, LOCK_WAIT);
        let _lock = lock.map_err(|error| broken(&self.name, error))?;
        self.read_opened(&file, &metadata)
    }

    fn read_opened(&self, file: &File, metadata: &Metadata) -> Result<Ccache> {
        let size = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
        if size > MAX_FILE {
            return Err(broken(&self.name, "it is larger than any credential cache"));
        }
        if size == 0 {
            return Err(missing(&self.name));
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(size.saturating_add(1)));
        let limit = MAX_FILE as u64;
        file.take(limit).read_to_end(&mut bytes).map_err(|error| broken(&self.name, error))?;
        let cache = decode_ccache(&bytes).map_err(|error| broken(&self.name, error))?;
        if cache.end < bytes.len() {
            log::warn!("{}: its last entry is not complete", self.name);
        }
        Ok(cache)
    }

    fn open(&self, access: Access) -> Result<(File, Metadata)> {
        let (file, metadata) =
            files::open_own(&self.path, access).map_err(|error| match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => missing(&self.name),
                _ => broken(&self.name, error),
            })?;
        if metadata.mode() & 0o044 != 0 {
            log::warn!("{} can be read by others; it should have mode 0600", self.name);
        }
        Ok((file, metadata))
    }

    /// Changes the file while nobody else reads or writes it.
    fn change<T>(&self, change: impl Fn(&File, Ccache) -> Result<T>) -> Result<T> {
        // The file may be replaced while its lock is waited for.
        for _ in 0..16 {
            let (file, _) = self.open(Access::Write)?;
            let lock = Locked::new(&file, LockKind::Exclusive, LOCK_WAIT);
            let _lock = lock.map_err(|error| broken(&self.name, error))?;
            let metadata = file.metadata().map_err(|error| broken(&self.name, error))?;
            if files::still_there(&self.path, &metadata) {
                let cache = self.read_opened(&file, &metadata)?;
                return change(&file, cache);
            }
        }
        Err(broken(&self.name, "it is replaced again and again"))
    }

    fn append(&self, file: &File, version: Version, end: usize, new: &CachedTicket) -> Result<()> {
        let entry = encode_credential(version, new).map_err(|error| self.unwritable(&error))?;
        let (bytes, end) = (entry.expose(), end as u64);
        // What an unfinished writer left behind the last entry goes.
        let done = file
            .write_all_at(bytes, end)
            .and_then(|()| file.set_len(end.saturating_add(bytes.len() as u64)));
        if done.is_err() {
            let _ = file.set_len(end);
        }
        done.map_err(|error| self.not_written(&error))
    }

    /// Writes over an entry that it is none any more, as MIT does: the file stays as long as it is.
    fn overwrite(&self, file: &File, version: Version, entry: Entry) -> Result<()> {
        let removed = encode_removed(version, entry.credential);
        let removed = removed.map_err(|error| self.unwritable(&error))?;
        file.write_all_at(removed.expose(), entry.offset as u64)
            .map_err(|error| self.not_written(&error))
    }

    fn unwritable(&self, error: &FormatError) -> Error {
        Error::new(LocalFault::Internal, format!("{} cannot hold {error}", self.name))
    }

    fn not_written(&self, error: &io::Error) -> Error {
        let story = format!("the credential cache {} cannot be written: {error}", self.name);
        Error::new(LocalFault::Configuration, story)
    }
}

impl CredentialCache for FileCache {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn principal(&self) -> Result<Principal> {
        self.read().map(|cache| cache.client)
    }

    fn tickets(&self) -> Result<Vec<CachedTicket>> {
        let entries = self.read()?.entries.into_iter().map(|entry| entry.credential);
        Ok(entries.filter(|credential| !is_config(credential)).collect())
    }

    fn store(&self, ticket: &CachedTicket) -> Result<()> {
        self.change(|file, cache| self.append(file, cache.version, cache.end, ticket))
    }

    fn initialize(&self, client: &Principal, tickets: &[CachedTicket]) -> Result<()> {
        let mut bytes = Zeroizing::new(encode_header(Version::V4, None, client));
        for ticket in tickets {
            let entry = encode_credential(Version::V4, ticket);
            let entry = entry.map_err(|error| self.unwritable(&error))?;
            let mut longer = Zeroizing::new(Vec::with_capacity(bytes.len() + entry.expose().len()));
            longer.extend_from_slice(&bytes);
            longer.extend_from_slice(entry.expose());
            bytes = longer;
        }
        if let Some(folder) = &self.collection {
            super::directory::prepare(folder, &self.path)?;
        }
        files::replace(&self.path, &bytes).map_err(|error| self.not_written(&error))
    }

    fn remove(&self, which: &dyn Fn(&CachedTicket) -> bool) -> Result<usize> {
        self.change(|file, cache| {
            let mut removed = 0_usize;
            for entry in cache.entries {
                if !is_config(&entry.credential) && which(&entry.credential) {
                    self.overwrite(file, cache.version, entry)?;
                    removed = removed.saturating_add(1);
                }
            }
            Ok(removed)
        })
    }

    fn time_offset(&self) -> Result<Option<i32>> {
        self.read().map(|cache| cache.time_offset)
    }

    fn config(&self, key: &str, server: Option<&Principal>) -> Result<Option<Vec<u8>>> {
        let mut entries = self.read()?.entries.into_iter().map(|entry| entry.credential);
        let entry = entries.find(|credential| is_config_of(credential, key, server));
        Ok(entry.map(|entry| entry.ticket))
    }

    fn set_config(&self, key: &str, server: Option<&Principal>, value: &[u8]) -> Result<()> {
        self.change(|file, cache| {
            let new = config_entry(&cache.client, key, server, value);
            for entry in cache.entries {
                if is_config_of(&entry.credential, key, server) {
                    self.overwrite(file, cache.version, entry)?;
                }
            }
            self.append(file, cache.version, cache.end, &new)
        })
    }
}

#[cfg(test)]
mod tests;
