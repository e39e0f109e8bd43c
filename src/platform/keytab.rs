//! Keytabs by their names: FILE, WRFILE, MEMORY. Read again when the file changes.
#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use zeroize::Zeroizing;

use super::files::{Stamp, open_regular};
use super::lock::{LOCK_WAIT, LockKind, Locked};
use super::sys;
use crate::spi::error::{Error, LocalFault, Result};
use crate::spi::kerberos::{Keytab, KeytabEntry};
use crate::wire::kerberos::MAX_FILE;
use crate::wire::kerberos::keytab::decode_keytab;

/// Where keytabs are, as the environment and krb5.conf say.
#[derive(Debug, Clone, Default)]
pub struct Keytabs {
    default_name: Option<String>,
    default_client_name: Option<String>,
    strict: bool,
}

impl Keytabs {
    /// With `default_keytab_name` and `default_client_keytab_name` (expanded) of krb5.conf, and
    /// `StrictKeytabPermissions`.
    pub const fn new(
        default_name: Option<String>,
        default_client_name: Option<String>,
        strict: bool,
    ) -> Self {
        Self { default_name, default_client_name, strict }
    }

    /// The acceptor's: `KRB5_KTNAME`, `default_keytab_name`, else `/etc/krb5.keytab`.
    pub fn acceptor(&self) -> Result<Arc<dyn Keytab>> {
        let name = configured("KRB5_KTNAME", self.default_name.as_ref());
        self.named(name.as_deref().unwrap_or("FILE:/etc/krb5.keytab"))
    }

    /// The client's: `KRB5_CLIENT_KTNAME`, `default_client_keytab_name`, else
    /// `/etc/krb5/user/EUID/client.keytab`; `None` where there is no such file.
    pub fn client(&self) -> Result<Option<Arc<dyn Keytab>>> {
        let name = configured("KRB5_CLIENT_KTNAME", self.default_client_name.as_ref());
        let user = sys::effective_user();
        let name = name.unwrap_or_else(|| format!("FILE:/etc/krb5/user/{user}/client.keytab"));
        if let ("FILE" | "WRFILE", path) = split(&name)
            && fs::metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound)
        {
            return Ok(None);
        }
        self.named(&name).map(Some)
    }

    /// A keytab by its name.
    pub fn named(&self, name: &str) -> Result<Arc<dyn Keytab>> {
        match split(name) {
            ("FILE" | "WRFILE", path) => {
                let file = File::shared(Path::new(path));
                Ok(Arc::new(FileKeytab { name: name.to_owned(), strict: self.strict, file }))
            }
            ("MEMORY", residual) => Ok(Arc::new(MemoryKeytab::named(residual))),
            (kind, _) => {
                let story = format!("{kind}: is no type of keytab: there are FILE and MEMORY");
                Err(Error::new(LocalFault::Configuration, story))
            }
        }
    }
}

/// A keytab in a file.
#[derive(Debug)]
struct FileKeytab {
    name: String,
    strict: bool,
    file: Arc<File>,
}

impl Keytab for FileKeytab {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn entries(&self) -> Result<Arc<Vec<KeytabEntry>>> {
        let state = self.file.load().map_err(|error| self.unusable(&error))?;
        match state.exposed {
            Some(why) if self.strict => Err(self.unusable(&io::Error::other(why))),
            _ => Ok(state.entries),
        }
    }
}

impl FileKeytab {
    fn unusable(&self, error: &io::Error) -> Error {
        let fault = match error.kind() {
            ErrorKind::NotFound => LocalFault::NoServiceKey,
            _ => LocalFault::Configuration,
        };
        Error::new(fault, format!("the keytab {}: {error}", self.name))
    }
}

/// What all who use a file share of it.
#[derive(Debug)]
struct File {
    path: PathBuf,
    state: RwLock<Option<State>>,
}

#[derive(Debug, Clone)]
struct State {
    stamp: Stamp,
    /// Whether a later change must show in the stamp.
    settled: bool,
    /// Why the keys may be known to others.
    exposed: Option<&'static str>,
    entries: Arc<Vec<KeytabEntry>>,
}

impl File {
    fn shared(path: &Path) -> Arc<Self> {
        static FILES: LazyLock<Mutex<HashMap<PathBuf, Arc<File>>>> = LazyLock::new(Mutex::default);
        let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || Arc::new(Self { path: path.to_owned(), state: RwLock::default() });
        Arc::clone(files.entry(path.to_owned()).or_insert_with(make))
    }

    fn load(&self) -> io::Result<State> {
        let stamp = Stamp::of(&fs::metadata(&self.path)?);
        let known = self.state.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(state) = &known
            && state.settled
            && state.stamp == stamp
        {
            return Ok(state.clone());
        }
        let mut state = read(&self.path)?;
        if let Some(known) = known
            && known.entries == state.entries
        {
            // Written anew with the same keys: what was derived of them is still good.
            state.entries = known.entries;
        }
        if let Some(why) = state.exposed {
            log::warn!("the keytab {}: {why}", self.path.display());
        }
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Some(state.clone());
        Ok(state)
    }
}

fn read(path: &Path) -> io::Result<State> {
    let (file, metadata) = open_regular(path, MAX_FILE as u64)?;
    let _lock = Locked::if_possible(&file, LockKind::Shared, LOCK_WAIT)?;
    let size = usize::try_from(metadata.len()).unwrap_or(0);
    let mut bytes = Zeroizing::new(Vec::with_capacity(size.saturating_add(1)));
    (&file).take(MAX_FILE as u64).read_to_end(&mut bytes)?;
    let entries = decode_keytab(&bytes).map_err(io::Error::other)?;
    Ok(State {
        stamp: Stamp::of(&metadata),
        settled: is_settled(&metadata),
        exposed: exposure(&metadata),
        entries: Arc::new(entries),
    })
}

/// A change within the same tick of the file system's clock would not show.
fn is_settled(metadata: &Metadata) -> bool {
    let changed = u64::try_from(metadata.ctime()).unwrap_or(0);
    let nanoseconds = u32::try_from(metadata.ctime_nsec()).unwrap_or(0);
    let changed = SystemTime::UNIX_EPOCH + Duration::new(changed, nanoseconds);
    SystemTime::now().duration_since(changed).is_ok_and(|age| age > Duration::from_millis(100))
}

fn exposure(metadata: &Metadata) -> Option<&'static str> {
    if ![0, sys::effective_user()].contains(&metadata.uid()) {
        Some("it belongs to another user, who knows its keys and can change them")
    } else if metadata.mode() & 0o004 != 0 {
        Some("everybody can read its keys; it should have mode 0600")
    } else if metadata.mode() & 0o022 != 0 {
        Some("others may write it; it should have mode 0600")
    } else {
        None
    }
}

type MemoryKeytabs = HashMap<String, Arc<Vec<KeytabEntry>>>;

static MEMORY: LazyLock<Mutex<MemoryKeytabs>> = LazyLock::new(Mutex::default);

/// A keytab of this process.
#[derive(Debug)]
pub struct MemoryKeytab(String);

impl MemoryKeytab {
    /// `MEMORY:residual`; empty until somebody fills it.
    pub fn named(residual: &str) -> Self {
        Self(residual.to_owned())
    }

    /// Puts these entries in the place of all that were there.
    pub fn fill(&self, entries: Vec<KeytabEntry>) {
        let mut keytabs = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
        keytabs.insert(self.0.clone(), Arc::new(entries));
    }
}

impl Keytab for MemoryKeytab {
    fn name(&self) -> String {
        format!("MEMORY:{}", self.0)
    }

    fn entries(&self) -> Result<Arc<Vec<KeytabEntry>>> {
        let keytabs = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
        keytabs.get(&self.0).cloned().ok_or_else(|| {
            let story = format!("nobody has filled the keytab MEMORY:{}", self.0);
            Error::new(LocalFault::NoServiceKey, story)
        })
    }
}

fn configured(variable: &str, setting: Option<&String>) -> Option<String> {
    let value = sys::secure_variable(variable).and_then(|value| value.into_string().ok());
    value.or_else(|| setting.cloned())
}

/// Type and residual. A name without a type is a file's.
fn split(name: &str) -> (&str, &str) {
    match name.split_once(':') {
        Some(parts) if !name.starts_with('/') => parts,
        _ => ("FILE", name),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt, chown};

    use super::*;
    use crate::spi::kerberos::{KeyBlock, Principal};
    use crate::spi::secret::SecretBytes;
    use crate::wire::kerberos::keytab::encode_keytab;

    fn entry(kvno: u32) -> KeytabEntry {
        KeytabEntry {
            principal: Principal {
                name_type: 1,
                components: vec!["HTTP".into(), "h".into()],
                realm: "R".into(),
            },
            timestamp: 1,
            kvno,
            key: KeyBlock { enctype: 18, value: SecretBytes::new(vec![kvno as u8; 32]) },
        }
    }

    /// A keytab in the folder for temporary files, removed when the test ends.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let name = format!("secur32-keytab-{}-{name}", std::process::id());
            let scratch = Self(std::env::temp_dir().join(name));
            scratch.write(&[entry(1)]);
            fs::set_permissions(&scratch.0, Permissions::from_mode(0o600)).unwrap();
            scratch
        }

        fn write(&self, entries: &[KeytabEntry]) {
            fs::write(&self.0, encode_keytab(entries).unwrap().expose()).unwrap();
        }

        fn keytab(&self, strict: bool) -> Arc<dyn Keytab> {
            let keytabs = Keytabs::new(None, None, strict);
            keytabs.named(&format!("FILE:{}", self.0.display())).unwrap()
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_file(&self.0);
        }
    }

    #[test]
    fn entries_stay_the_same_until_the_file_changes() {
        let scratch = Scratch::new("changes");
        let keytab = scratch.keytab(false);
        let first = keytab.entries().unwrap();
        assert_eq!(*first, [entry(1)]);
        // As long, and within the same tick of the clock.
        scratch.write(&[entry(2)]);
        let second = keytab.entries().unwrap();
        assert_eq!(*second, [entry(2)]);
        scratch.write(&[entry(2)]);
        assert!(Arc::ptr_eq(&second, &scratch.keytab(true).entries().unwrap()));
        scratch.write(&[entry(2), entry(3)]);
        assert_eq!(keytab.entries().unwrap().len(), 2);
        fs::write(&scratch.0, b"no keytab").unwrap();
        let error = keytab.entries().unwrap_err();
        assert!(error.story().unwrap().contains("05 02"), "{error}");
        fs::remove_file(&scratch.0).unwrap();
        assert_eq!(keytab.entries().unwrap_err().fault(), LocalFault::NoServiceKey.into());
    }

    #[test]
    fn l3_keytabs_that_others_know_are_refused_where_policy_says_so() {
        let scratch = Scratch::new("modes");
        for (mode, fine) in [(0o600, true), (0o640, true), (0o644, false), (0o620, false)] {
            fs::set_permissions(&scratch.0, Permissions::from_mode(mode)).unwrap();
            assert!(scratch.keytab(false).entries().is_ok(), "{mode:o}");
            let strict = scratch.keytab(true).entries();
            assert_eq!(strict.is_ok(), fine, "{mode:o}");
        }
        fs::set_permissions(&scratch.0, Permissions::from_mode(0o600)).unwrap();
        // Only root can give files away.
        if chown(&scratch.0, Some(12345), None).is_ok() {
            assert!(scratch.keytab(false).entries().is_ok());
            let error = scratch.keytab(true).entries().unwrap_err();
            assert!(error.story().unwrap().contains("another user"), "{error}");
        }
    }

    #[test]
    fn names_have_a_type_or_are_files() {
        assert_eq!(split("/etc/a:b"), ("FILE", "/etc/a:b"));
        assert_eq!(split("WRFILE:/etc/x"), ("WRFILE", "/etc/x"));
        let keytabs = Keytabs::default();
        let story = keytabs.named("SRVTAB:/x").err().unwrap();
        assert!(story.story().unwrap().starts_with("SRVTAB:"), "{story}");
        let memory = MemoryKeytab::named("t");
        assert!(memory.entries().is_err());
        memory.fill(vec![entry(7)]);
        assert_eq!(*keytabs.named("MEMORY:t").unwrap().entries().unwrap(), [entry(7)]);
    }

    #[test]
    fn pipes_are_not_waited_for() {
        assert!(Keytabs::default().named("FILE:/dev/zero").unwrap().entries().is_err());
        assert!(Keytabs::default().named("FILE:/proc").unwrap().entries().is_err());
    }
}
