//! Secrets that wait encrypted in memory, as `CryptProtectMemory` keeps them on Windows.
//!
//! Holds: the two keys and the sealing. May use: `sys`, `spi`. Must not touch: everything else.
//!
//! A sealed secret is nonce, ciphertext and tag of XChaCha20-Poly1305 under a random key: the
//! process's own, which never leaves its memory, or the one of the user's logon, which lies in
//! the runtime directory that the system makes at logon, for that user alone, and removes after.
#![forbid(unsafe_code)]

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use once_cell::sync::OnceCell;

use super::sys;
use crate::spi::error::{CallerFault, Error, LocalFault, Result};
use crate::spi::identity::SealScope;
use crate::spi::secret::{Secret, SecretBytes};

/// Seals a secret: `SEAL_OVERHEAD` bytes longer, never the same twice.
pub fn seal(scope: SealScope, secret: &[u8]) -> Result<Vec<u8>> {
    let cipher = cipher(scope)?;
    let mut sealed = Vec::with_capacity(secret.len().saturating_add(NONCE + TAG));
    sealed.resize(NONCE, 0);
    random(&mut sealed)?;
    let nonce = *sealed.first_chunk::<NONCE>().ok_or(LocalFault::Internal)?;
    // Sized above, so that the plaintext, encrypted in its place, leaves no copy behind.
    sealed.extend_from_slice(secret);
    let (_, text) = sealed.split_at_mut(NONCE);
    let tag = cipher
        .encrypt_inout_detached(&nonce.into(), LABEL, text.into())
        .map_err(|_| Error::from(LocalFault::Internal))?;
    sealed.extend_from_slice(&tag);
    Ok(sealed)
}

/// Opens what [`seal`] made with the same key.
pub fn open(scope: SealScope, sealed: &[u8]) -> Result<SecretBytes> {
    let parts = sealed.split_first_chunk::<NONCE>().and_then(|(nonce, rest)| {
        let (text, tag) = rest.split_last_chunk::<TAG>()?;
        Some((nonce, text, tag))
    });
    let (nonce, text, tag) = parts.ok_or_else(|| foreign(scope))?;
    let mut secret = SecretBytes::new(text.to_vec());
    cipher(scope)?
        .decrypt_inout_detached(&(*nonce).into(), LABEL, secret.expose_mut().into(), &(*tag).into())
        .map_err(|_| foreign(scope))?;
    Ok(secret)
}

const NONCE: usize = 24;
const TAG: usize = 16;
const KEY: usize = 32;
const LABEL: &[u8] = b"secur32 protected secret";

fn cipher(scope: SealScope) -> Result<XChaCha20Poly1305> {
    static PROCESS: OnceCell<Secret<KEY>> = OnceCell::new();
    static LOGON: OnceCell<Secret<KEY>> = OnceCell::new();
    let key = match scope {
        SealScope::Process => PROCESS.get_or_try_init(new_key)?,
        SealScope::Logon => LOGON.get_or_try_init(|| logon_key(&runtime_directory()?))?,
    };
    Ok(XChaCha20Poly1305::new(key.expose().into()))
}

fn new_key() -> Result<Secret<KEY>> {
    let mut key = Secret::new([0; KEY]);
    random(key.expose_mut())?;
    Ok(key)
}

fn random(out: &mut [u8]) -> Result<()> {
    getrandom::fill(out).map_err(|error| {
        Error::new(LocalFault::NoRandom, format!("the system's random generator: {error}"))
    })
}

/// The user's own directory that lasts as long as the logon.
fn runtime_directory() -> Result<PathBuf> {
    let named = sys::secure_variable("XDG_RUNTIME_DIR").map(PathBuf::from);
    let directory =
        named.unwrap_or_else(|| PathBuf::from(format!("/run/user/{}", sys::effective_user())));
    match fs::metadata(&directory) {
        Ok(metadata) if metadata.is_dir() && is_private(&metadata) => Ok(directory),
        _ => Err(Error::new(
            CallerFault::Unsupported,
            "there is no runtime directory of this user's logon (XDG_RUNTIME_DIR)",
        )),
    }
}

/// The key in the directory, made by whoever comes first.
fn logon_key(directory: &Path) -> Result<Secret<KEY>> {
    let folder = directory.join("secur32");
    match DirBuilder::new().mode(0o700).create(&folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            return Err(broken(&folder, error));
        }
        _ => {}
    }
    let path = folder.join("logon.key");
    match File::open(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => publish_key(&folder, &path)?,
        _ => {}
    }
    read_key(&path)
}

/// Writes a key beside its place and links it there: nobody ever sees half a key, and of two
/// writers one wins.
fn publish_key(folder: &Path, path: &Path) -> Result<()> {
    let mut name = [0_u8; 8];
    random(&mut name)?;
    let draft = folder.join(format!("logon.key.{:016x}", u64::from_ne_bytes(name)));
    let key = new_key()?;
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)
        .and_then(|mut file| file.write_all(key.expose()))
        .and_then(|()| fs::hard_link(&draft, path));
    // The draft is only another name of the key now, or was never of use.
    let _ = fs::remove_file(&draft);
    match written {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(broken(path, error)),
        _ => Ok(()),
    }
}

fn read_key(path: &Path) -> Result<Secret<KEY>> {
    let mut file = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NOFOLLOW)
        .open(path)
        .map_err(|error| broken(path, error))?;
    let metadata = file.metadata().map_err(|error| broken(path, error))?;
    if !metadata.is_file() || !is_private(&metadata) || metadata.len() != KEY as u64 {
        return Err(broken(path, "is no key of this user alone"));
    }
    let mut key = Secret::new([0; KEY]);
    file.read_exact(key.expose_mut()).map_err(|error| broken(path, error))?;
    Ok(key)
}

/// Of this user, and nobody else's to read or write.
fn is_private(metadata: &Metadata) -> bool {
    let for_others = metadata.mode() & 0o077;
    metadata.uid() == sys::effective_user() && for_others == 0
}

fn broken(path: &Path, why: impl std::fmt::Display) -> Error {
    Error::new(LocalFault::Configuration, format!("{}: {why}", path.display()))
}

fn foreign(scope: SealScope) -> Error {
    let owner = match scope {
        SealScope::Process => "another process",
        SealScope::Logon => "another logon",
    };
    let story = format!("the secret is damaged, or was encrypted by {owner}");
    Error::new(CallerFault::UnknownCredentials, story)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spi::identity::SEAL_OVERHEAD;

    #[test]
    fn a_sealed_secret_opens_and_no_changed_one_does() {
        for secret in [&b""[..], b"p", b"a longer password \xFF\x00"] {
            let sealed = seal(SealScope::Process, secret).unwrap();
            assert_eq!(sealed.len(), secret.len() + SEAL_OVERHEAD);
            assert_ne!(sealed, seal(SealScope::Process, secret).unwrap());
            assert_eq!(open(SealScope::Process, &sealed).unwrap().expose(), secret);
            for length in 0..sealed.len() {
                assert!(open(SealScope::Process, &sealed[..length]).is_err());
            }
            for position in 0..sealed.len() {
                let mut changed = sealed.clone();
                changed[position] ^= 0x40;
                assert!(open(SealScope::Process, &changed).is_err());
            }
        }
    }

    #[test]
    fn the_logon_key_is_made_once_and_only_read_when_it_is_private() {
        let directory = std::env::temp_dir().join(format!("secur32-key-{}", std::process::id()));
        DirBuilder::new().mode(0o700).create(&directory).unwrap();
        let keys: Vec<_> = std::thread::scope(|scope| {
            let workers: Vec<_> =
                (0..8).map(|_| scope.spawn(|| logon_key(&directory).unwrap())).collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0] && *key != Secret::new([0; KEY])));
        let folder = directory.join("secur32");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "no draft is left");

        let path = folder.join("logon.key");
        let mode =
            |mode| fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(mode));
        mode(0o640).unwrap();
        assert!(logon_key(&directory).is_err());
        mode(0o600).unwrap();
        fs::write(&path, b"short").unwrap();
        assert!(logon_key(&directory).is_err());
        fs::remove_dir_all(&directory).unwrap();
    }
}
