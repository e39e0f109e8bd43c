//! Credential caches by their names: FILE, DIR, MEMORY, KEYRING, KCM.
#![forbid(unsafe_code)]

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::sys;
use crate::spi::error::{Error, LocalFault, Result};
use crate::spi::kerberos::{CredentialCache, Principal};
use crate::wire::kerberos::unparse;

mod directory;
mod file;
mod kcm;
mod keyring;
mod memory;

pub use file::FileCache;

/// Where caches are, as the environment and krb5.conf say.
#[derive(Debug, Clone, Default)]
pub struct Caches {
    default_name: Option<String>,
    kcm_socket: Option<PathBuf>,
}

impl Caches {
    /// With `default_ccache_name` (expanded) of krb5.conf.
    pub const fn new(default_name: Option<String>) -> Self {
        Self { default_name, kcm_socket: None }
    }

    /// With `kcm_socket` of krb5.conf.
    #[must_use]
    pub fn with_kcm_socket(self, kcm_socket: Option<String>) -> Self {
        Self { kcm_socket: kcm_socket.map(PathBuf::from), ..self }
    }

    /// The name of the caller's cache or collection: `KRB5CCNAME`, `default_ccache_name`, else
    /// `FILE:/tmp/krb5cc_UID`.
    pub fn default_name(&self) -> String {
        sys::secure_variable("KRB5CCNAME")
            .and_then(|name| name.into_string().ok())
            .or_else(|| self.default_name.clone())
            .unwrap_or_else(|| format!("FILE:/tmp/krb5cc_{}", sys::real_user()))
    }

    /// The caller's cache; in a collection the primary one.
    pub fn default_cache(&self) -> Result<Arc<dyn CredentialCache>> {
        self.cache(&self.default_name())
    }

    /// A cache by its name.
    pub fn cache(&self, name: &str) -> Result<Arc<dyn CredentialCache>> {
        Ok(match split(name) {
            ("FILE", path) => Arc::new(FileCache::new(Path::new(path))),
            ("DIR", residual) => Arc::new(directory::resolve(residual)?),
            ("KCM", residual) => Arc::new(kcm::resolve(self.kcm_socket.as_deref(), residual)?),
            ("KEYRING", residual) => Arc::new(keyring::resolve(residual)?),
            ("MEMORY", residual) => Arc::new(memory::resolve(residual)),
            (kind, _) => return Err(unknown(kind)),
        })
    }

    /// The caches of the collection that a name means; the primary one first.
    pub fn collection(&self, name: &str) -> Result<Vec<Arc<dyn CredentialCache>>> {
        match split(name) {
            ("DIR", residual) => directory::collection(residual),
            ("KCM", residual) => kcm::collection(self.kcm_socket.as_deref(), residual),
            ("KEYRING", residual) => keyring::collection(residual),
            _ => Ok(vec![self.cache(name)?]),
        }
    }

    /// The cache of the caller's collection that belongs to this client. Caches of it that
    /// cannot be read are not it.
    pub fn cache_of(&self, client: &Principal) -> Result<Option<Arc<dyn CredentialCache>>> {
        let caches = self.collection(&self.default_name())?;
        Ok(caches.into_iter().find(|cache| match cache.principal() {
            Ok(principal) => principal == *client,
            Err(error) => {
                log::debug!("looking for the cache of {}: {error}", unparse(client));
                false
            }
        }))
    }
}

/// Type and residual. A name without a type is a file's.
fn split(name: &str) -> (&str, &str) {
    match name.split_once(':') {
        Some(parts) if !name.starts_with('/') => parts,
        _ => ("FILE", name),
    }
}

fn unknown(kind: &str) -> Error {
    let story = match kind {
        "API" | "MSLSA" => "is a cache of another system",
        _ => "is no type of credential cache: there are FILE, DIR, MEMORY, KEYRING and KCM",
    };
    Error::new(LocalFault::Configuration, format!("{kind}: {story}"))
}

/// There is no such cache.
fn missing(name: &str) -> Error {
    Error::new(LocalFault::NoCredentials, format!("there is no credential cache {name}"))
}

/// It is there, but not as it should be.
fn broken(name: &str, why: impl fmt::Display) -> Error {
    Error::new(LocalFault::Configuration, format!("the credential cache {name}: {why}"))
}

#[cfg(test)]
pub(super) mod tests {
    use std::fs;

    use super::*;
    use crate::spi::kerberos::{CachedTicket, KerberosTime, KeyBlock};
    use crate::spi::secret::SecretBytes;

    /// A folder of its own, removed when the test ends.
    pub struct Scratch(pub PathBuf);

    impl Scratch {
        pub fn new(name: &str) -> Self {
            let name = format!("secur32-ccache-{}-{name}", std::process::id());
            let path = std::env::temp_dir().join(name);
            fs::create_dir(&path).unwrap();
            Self(path)
        }

        pub fn path(&self, name: &str) -> PathBuf {
            self.0.join(name)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    pub fn alice() -> Principal {
        Principal { name_type: 1, components: vec!["alice".into()], realm: "R".into() }
    }

    pub fn ticket(service: &str) -> CachedTicket {
        CachedTicket {
            client: alice(),
            server: Principal { components: vec![service.into(), "h".into()], ..alice() },
            key: KeyBlock { enctype: 18, value: SecretBytes::new(vec![7; 32]) },
            auth_time: KerberosTime(1_700_000_000),
            start_time: KerberosTime(1_700_000_000),
            end_time: KerberosTime(4_000_000_000),
            renew_till: KerberosTime(0),
            is_session_key: false,
            flags: 0x40E1_0000,
            addresses: Vec::new(),
            authorization_data: Vec::new(),
            ticket: vec![0x61; 300],
            second_ticket: Vec::new(),
        }
    }

    #[test]
    fn names_have_a_type_or_are_files() {
        assert_eq!(split("FILE:/tmp/x:y"), ("FILE", "/tmp/x:y"));
        assert_eq!(split("/tmp/x:y"), ("FILE", "/tmp/x:y"));
        assert_eq!(split("krb5cc"), ("FILE", "krb5cc"));
        assert_eq!(split("DIR::/a/tkt"), ("DIR", ":/a/tkt"));
        assert_eq!(split("KCM:"), ("KCM", ""));
    }

    #[test]
    fn types_of_others_are_refused_by_name() {
        for name in ["API:x", "MSLSA:", "file:/tmp/x", "HTTP:x"] {
            let error = Caches::default().cache(name).err().unwrap();
            let kind = name.split(':').next().unwrap();
            assert!(error.story().unwrap().starts_with(kind), "{error}");
        }
    }
}
