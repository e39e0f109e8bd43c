//! `DIR:`: a folder of files whose names begin with `tkt`, one of them named by the file
//! `primary`.

use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{FileCache, broken};
use crate::platform::files::{self, Access};
use crate::spi::error::{Error, Result};
use crate::spi::kerberos::CredentialCache;

const PREFIX: &str = "tkt";
const MAX_NAME: u64 = 255;

/// `path` is the primary cache of a folder, `:path` one cache of it.
pub fn resolve(residual: &str) -> Result<FileCache> {
    match residual.strip_prefix(':') {
        Some(path) => one(Path::new(path)),
        None => primary(Path::new(residual)),
    }
}

/// All caches of a folder, the primary one first, or the one that is named.
pub fn collection(residual: &str) -> Result<Vec<Arc<dyn CredentialCache>>> {
    let first = resolve(residual)?;
    if residual.starts_with(':') {
        return Ok(vec![Arc::new(first)]);
    }
    let folder = Path::new(residual);
    let primary = first.name();
    let mut caches: Vec<Arc<dyn CredentialCache>> = Vec::new();
    if first.exists() {
        caches.push(Arc::new(first));
    }
    let mut names = match list(folder) {
        Ok(names) => names,
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(of_folder(folder, error)),
    };
    names.sort_unstable();
    let others = names.iter().map(|name| FileCache::of_collection(&folder.join(name), None));
    caches.extend(others.filter(|cache| cache.name() != primary).map(|cache| Arc::new(cache) as _));
    Ok(caches)
}

/// Makes the folder, and the file that names the primary cache, where they are not there.
pub fn prepare(folder: &Path, cache: &Path) -> Result<()> {
    match fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => return Err(of_folder(folder, "it is no folder")),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            DirBuilder::new().mode(0o700).create(folder).map_err(|e| of_folder(folder, e))?;
        }
        Err(error) => return Err(of_folder(folder, error)),
    }
    let file = folder.join("primary");
    if fs::symlink_metadata(&file).is_err()
        && let Some(name) = cache.file_name().and_then(|name| name.to_str())
    {
        let line = format!("{name}\n");
        files::replace(&file, line.as_bytes()).map_err(|error| of_folder(folder, error))?;
    }
    Ok(())
}

fn one(path: &Path) -> Result<FileCache> {
    let named = path.file_name().and_then(|name| name.to_str());
    if path.parent().is_none_or(|folder| folder.as_os_str().is_empty())
        || named.is_none_or(|name| !name.starts_with(PREFIX))
    {
        let name = format!("DIR::{}", path.display());
        return Err(broken(&name, "it must be a file in a folder, and begin with \"tkt\""));
    }
    Ok(FileCache::of_collection(path, None))
}

/// The cache that the file `primary` names; `tkt` where there is no such file yet.
fn primary(folder: &Path) -> Result<FileCache> {
    let name = match read_primary(&folder.join("primary")) {
        Ok(text) => primary_name(&text).map_err(|why| of_folder(folder, why))?.to_owned(),
        Err(error) if error.kind() == ErrorKind::NotFound => PREFIX.to_owned(),
        Err(error) => return Err(of_folder(folder, format!("its file primary: {error}"))),
    };
    Ok(FileCache::of_collection(&folder.join(name), Some(folder.to_owned())))
}

fn read_primary(path: &Path) -> io::Result<String> {
    let (file, _) = files::open_own(path, Access::Read)?;
    let mut text = String::new();
    file.take(MAX_NAME + 1).read_to_string(&mut text)?;
    Ok(text)
}

/// One line, and the name of a cache in this folder and no other.
fn primary_name(text: &str) -> std::result::Result<&str, &'static str> {
    let (name, _) = text.split_once('\n').ok_or("its file primary has no whole line")?;
    if !name.starts_with(PREFIX) || name.contains(['/', '\\', '\0']) {
        return Err("its file primary names no cache");
    }
    Ok(name)
}

fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        if name.to_str().is_some_and(|name| name.starts_with(PREFIX)) {
            names.push(PathBuf::from(name));
        }
    }
    Ok(names)
}

fn of_folder(folder: &Path, why: impl std::fmt::Display) -> Error {
    broken(&format!("DIR:{}", folder.display()), why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_primary_is_one_name_in_its_folder() {
        assert_eq!(primary_name("tktABC\nmore"), Ok("tktABC"));
        for text in ["", "tkt", "\n", "primary\n", "tkt/../../x\n", "tkt\\x\n", "../tkt\n"] {
            assert!(primary_name(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn single_caches_lie_in_a_folder() {
        assert_eq!(resolve(":/a/tktX").unwrap().name(), "DIR::/a/tktX");
        for residual in [":tktX", ":/a/other", ":", ":/"] {
            assert!(resolve(residual).is_err(), "{residual}");
        }
    }
}
