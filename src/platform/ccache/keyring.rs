//! `KEYRING:`: a keyring of the kernel for each cache, a key for each ticket, in MIT's layout:
//! `anchor:collection:cache`. A collection is the keyring `_krb_collection` below its anchor,
//! with a key that names the primary cache.

use std::io;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::{broken, missing};
use crate::platform::sys::{self, keyctl, keyctl::KeySerial};
use crate::spi::error::{Error, LocalFault, Result};
use crate::spi::kerberos::{CachedTicket, CredentialCache, KerberosTime, Principal};
use crate::wire::kerberos::ccache::{
    Version, config_entry, decode_credential, decode_principal, encode_credential,
    encode_principal, is_config, is_config_of,
};
use crate::wire::kerberos::{MAX_FILE, unparse};

const KEYRING: &str = "keyring";
const USER: &str = "user";
/// Tickets may be larger than what a user's quota of keys allows.
const BIG: &str = "big_key";
const PRIMARY: &str = "krb_ccache:primary";
const PRINCIPAL: &str = "__krb5_princ__";
const TIME_OFFSETS: &str = "__krb5_time_offsets__";
const PREFIX: &str = "_krb_";
const PERSISTENT: &str = "_krb";
const COLLECTION_VERSION: u32 = 1;

/// The cache that a residual means; in a collection the primary one.
pub fn resolve(residual: &str) -> Result<KeyringCache> {
    let place = Place::parse(residual)?;
    let cache = match place.cache.clone() {
        Some(cache) => cache,
        None => place.primary().map_err(|error| place.unusable(&error))?,
    };
    Ok(KeyringCache::new(place, cache))
}

/// All caches of a collection, the primary one first, or the one that is named.
pub fn collection(residual: &str) -> Result<Vec<Arc<dyn CredentialCache>>> {
    let place = Place::parse(residual)?;
    let first = resolve(residual)?;
    if place.cache.is_some() {
        return Ok(vec![Arc::new(first)]);
    }
    let names = place.caches().map_err(|error| place.unusable(&error))?;
    let (mut caches, primary): (Vec<Arc<dyn CredentialCache>>, _) =
        (Vec::new(), first.cache.clone());
    if names.contains(&primary) {
        caches.push(Arc::new(first));
    }
    for name in names.into_iter().filter(|name| *name != primary) {
        caches.push(Arc::new(KeyringCache::new(place.clone(), name)));
    }
    Ok(caches)
}

/// Where a collection is.
#[derive(Debug, Clone)]
struct Place {
    anchor: Anchor,
    collection: String,
    cache: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Anchor {
    Persistent,
    User,
    Session,
    Process,
    Thread,
    /// The session's, and the first cache directly below it, as old programs expect it.
    Legacy,
}

impl Anchor {
    const ALL: [(Self, &str); 6] = [
        (Self::Persistent, "persistent"),
        (Self::User, "user"),
        (Self::Session, "session"),
        (Self::Process, "process"),
        (Self::Thread, "thread"),
        (Self::Legacy, "legacy"),
    ];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(anchor, _)| *anchor == self).map_or("", |(_, name)| name)
    }
}

impl Place {
    /// `anchor:collection:cache`, `anchor:collection`, or `collection` of the legacy anchor.
    fn parse(residual: &str) -> Result<Self> {
        let refused = |why: &str| Err(broken(&format!("KEYRING:{residual}"), why));
        if residual.contains('\0') {
            return refused("its name has a NUL");
        }
        let Some((anchor, rest)) = residual.split_once(':') else {
            let collection = residual.to_owned();
            return Ok(Self { anchor: Anchor::Legacy, collection, cache: None });
        };
        let Some((anchor, _)) = Anchor::ALL.into_iter().find(|(_, name)| *name == anchor) else {
            return refused("there is no such anchor: persistent, user, session, process, thread");
        };
        let (collection, cache) = match rest.split_once(':') {
            None => (rest, None),
            Some((_, "")) => return refused("the cache has no name"),
            Some((collection, cache)) => (collection, Some(cache.to_owned())),
        };
        let collection = collection.to_owned();
        if anchor == Anchor::Persistent
            && !collection.is_empty()
            && collection.parse::<u32>().is_err()
        {
            return refused("a persistent collection is named by a user id");
        }
        Ok(Self { anchor, collection, cache })
    }

    fn name(&self) -> String {
        format!("KEYRING:{}:{}", self.anchor.name(), self.collection)
    }

    fn unusable(&self, error: &io::Error) -> Error {
        broken(&self.name(), error)
    }

    /// The collection's keyring, made where it is not there.
    fn keyring(&self) -> io::Result<KeySerial> {
        let name = format!("{PREFIX}{}", self.collection);
        match self.anchor {
            Anchor::Persistent => {
                let user = self.collection.parse().unwrap_or_else(|_| sys::effective_user());
                let anchor = persistent(user)?;
                find_or_make(anchor, Some(KeySerial::PROCESS), PERSISTENT)
            }
            // The user's keyring does not give possession; the process's does.
            Anchor::User => find_or_make(KeySerial::USER, Some(KeySerial::PROCESS), &name),
            Anchor::Session | Anchor::Legacy => find_or_make(session(), None, &name),
            Anchor::Process => find_or_make(KeySerial::PROCESS, None, &name),
            Anchor::Thread => find_or_make(KeySerial::THREAD, None, &name),
        }
    }

    /// The name of the primary cache; a new collection gets one.
    fn primary(&self) -> io::Result<String> {
        let ring = self.keyring()?;
        if let Some(key) = keyctl::search(ring, USER, PRIMARY, None)? {
            let index = keyctl::read(key, 4096)?;
            return parse_index(index.expose()).map_err(io::Error::other);
        }
        let name = if self.collection.is_empty() { "tkt" } else { &self.collection };
        keyctl::add_key(USER, PRIMARY, &encode_index(name), ring)?;
        if self.anchor == Anchor::Legacy
            && let Some(old) = keyctl::search(KeySerial::SESSION, KEYRING, name, None)?
        {
            keyctl::link(old, ring)?;
        }
        Ok(name.to_owned())
    }

    fn caches(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for key in keyctl::list(self.keyring()?)? {
            // One that went away meanwhile is none.
            if let Ok((kind, name)) = keyctl::describe(key)
                && kind == KEYRING
            {
                names.push(name);
            }
        }
        names.sort_unstable();
        Ok(names)
    }
}

/// One cache.
#[derive(Debug)]
pub struct KeyringCache {
    name: String,
    place: Place,
    cache: String,
}

impl KeyringCache {
    fn new(place: Place, cache: String) -> Self {
        Self { name: format!("{}:{cache}", place.name()), place, cache }
    }

    /// The cache's keyring; [`missing`] where there is none, or nobody's name in it.
    fn keyring(&self) -> Result<KeySerial> {
        let found =
            self.place.keyring().and_then(|ring| keyctl::search(ring, KEYRING, &self.cache, None));
        found.map_err(|error| broken(&self.name, error))?.ok_or_else(|| missing(&self.name))
    }

    fn entries(&self) -> Result<Vec<CachedTicket>> {
        let entries = self.entries_of(self.keyring()?)?;
        Ok(entries.into_iter().map(|(_, entry)| entry).collect())
    }

    /// The keys of a cache that are no entries of it are left out.
    fn entries_of(&self, ring: KeySerial) -> Result<Vec<(KeySerial, CachedTicket)>> {
        let mut entries = Vec::new();
        for key in keyctl::list(ring).map_err(|error| broken(&self.name, error))? {
            // A key may expire or be taken away meanwhile.
            let Ok((_, name)) = keyctl::describe(key) else { continue };
            if name == PRINCIPAL || name == TIME_OFFSETS {
                continue;
            }
            let Ok(content) = keyctl::read(key, MAX_FILE) else { continue };
            let entry = decode_credential(content.expose());
            let entry = entry.map_err(|error| broken(&self.name, error))?;
            entries.extend(entry.map(|entry| (key, entry)));
        }
        Ok(entries)
    }

    fn principal_in(&self, ring: KeySerial) -> Result<Principal> {
        let key = keyctl::search(ring, USER, PRINCIPAL, None);
        let key = key.map_err(|error| broken(&self.name, error))?;
        let content = keyctl::read(key.ok_or_else(|| missing(&self.name))?, MAX_FILE);
        let content = content.map_err(|error| broken(&self.name, error))?;
        decode_principal(content.expose()).map_err(|error| broken(&self.name, error))
    }

    fn add(&self, ring: KeySerial, entry: &CachedTicket) -> Result<()> {
        let content = encode_credential(Version::V4, entry).map_err(|error| {
            Error::new(LocalFault::Internal, format!("{} cannot hold {error}", self.name))
        })?;
        let name = unparse(&entry.server);
        let add = |kind| keyctl::add_key(kind, &name, content.expose(), ring);
        let key = if self.place.anchor == Anchor::Legacy {
            add(USER)
        } else {
            add(BIG).or_else(|error| match error.raw_os_error() {
                // The kernel knows no such keys.
                Some(libc::EINVAL | libc::ENODEV) => add(USER),
                _ => Err(error),
            })
        };
        let key = key.map_err(|error| self.not_written(&error))?;
        if let Some(seconds) = seconds_until(entry.end_time) {
            // A key that stays longer than its ticket is no harm.
            let _ = keyctl::set_timeout(key, seconds);
        }
        Ok(())
    }

    /// The cache goes when its last ticket has expired.
    fn update_timeout(&self, ring: KeySerial) {
        let last = self.entries().ok().and_then(|entries| {
            entries.iter().map(|entry| entry.end_time).filter(|end| end.0 != 0).max()
        });
        if let Some(end) = last {
            // Zero would mean never.
            let _ = keyctl::set_timeout(ring, seconds_until(end).unwrap_or(1));
        }
    }

    fn make(&self, client: &Principal) -> io::Result<KeySerial> {
        let collection = self.place.keyring()?;
        self.place.primary()?;
        let ring = find_or_make(collection, None, &self.cache)?;
        keyctl::clear(ring)?;
        keyctl::set_timeout(ring, 0)?;
        if self.place.anchor == Anchor::Legacy && self.cache == self.place.collection {
            keyctl::link(ring, session())?;
        }
        keyctl::add_key(USER, PRINCIPAL, &encode_principal(client), ring)?;
        Ok(ring)
    }

    fn not_written(&self, error: &io::Error) -> Error {
        let story = format!("the credential cache {} cannot be written: {error}", self.name);
        Error::new(LocalFault::Configuration, story)
    }
}

impl CredentialCache for KeyringCache {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn principal(&self) -> Result<Principal> {
        self.principal_in(self.keyring()?)
    }

    fn tickets(&self) -> Result<Vec<CachedTicket>> {
        let mut entries = self.entries()?;
        entries.retain(|entry| !is_config(entry));
        Ok(entries)
    }

    fn store(&self, ticket: &CachedTicket) -> Result<()> {
        let ring = self.keyring()?;
        self.add(ring, ticket)?;
        self.update_timeout(ring);
        Ok(())
    }

    fn initialize(&self, client: &Principal, tickets: &[CachedTicket]) -> Result<()> {
        let ring = self.make(client).map_err(|error| self.not_written(&error))?;
        for ticket in tickets {
            self.add(ring, ticket)?;
        }
        self.update_timeout(ring);
        Ok(())
    }

    fn remove(&self, which: &dyn Fn(&CachedTicket) -> bool) -> Result<usize> {
        let ring = self.keyring()?;
        let mut removed = 0_usize;
        for (key, entry) in self.entries_of(ring)? {
            if !is_config(&entry) && which(&entry) {
                keyctl::unlink(key, ring).map_err(|error| self.not_written(&error))?;
                removed = removed.saturating_add(1);
            }
        }
        Ok(removed)
    }

    fn time_offset(&self) -> Result<Option<i32>> {
        let key = keyctl::search(self.keyring()?, USER, TIME_OFFSETS, None);
        let Some(key) = key.map_err(|error| broken(&self.name, error))? else { return Ok(None) };
        let content = keyctl::read(key, 64).map_err(|error| broken(&self.name, error))?;
        Ok(content.expose().first_chunk().map(|bytes| i32::from_be_bytes(*bytes)))
    }

    fn config(&self, key: &str, server: Option<&Principal>) -> Result<Option<Vec<u8>>> {
        let mut entries = self.entries()?.into_iter();
        let entry = entries.find(|entry| is_config_of(entry, key, server));
        Ok(entry.map(|entry| entry.ticket))
    }

    fn set_config(&self, key: &str, server: Option<&Principal>, value: &[u8]) -> Result<()> {
        let ring = self.keyring()?;
        // A key of the same name is replaced.
        self.add(ring, &config_entry(&self.principal_in(ring)?, key, server, value))
    }
}

/// The session's keyring to write to. Where the session has none of its own, it is that of all
/// the user's sessions; writing by the session's number would make one that nobody else sees.
fn session() -> KeySerial {
    let (own, shared) =
        (keyctl::resolve(KeySerial::SESSION), keyctl::resolve(KeySerial::USER_SESSION));
    match (own, shared) {
        (Ok(own), Ok(shared)) if own == shared => KeySerial::USER_SESSION,
        _ => KeySerial::SESSION,
    }
}

fn persistent(user: u32) -> io::Result<KeySerial> {
    match keyctl::persistent(user, KeySerial::PROCESS) {
        Err(error)
            if error.raw_os_error() == Some(libc::EOPNOTSUPP) && user == sys::effective_user() =>
        {
            Ok(KeySerial::USER)
        }
        found => found,
    }
}

/// A keyring below another. It is linked from `possess` too, where the parent does not give
/// possession.
fn find_or_make(
    parent: KeySerial,
    possess: Option<KeySerial>,
    name: &str,
) -> io::Result<KeySerial> {
    if let Some(found) = keyctl::search(parent, KEYRING, name, possess)? {
        return Ok(found);
    }
    let made = keyctl::add_key(KEYRING, name, &[], possess.unwrap_or(parent))?;
    if possess.is_some() {
        keyctl::link(made, parent)?;
    }
    Ok(made)
}

fn encode_index(name: &str) -> Vec<u8> {
    let length = u32::try_from(name.len()).unwrap_or(u32::MAX);
    [&COLLECTION_VERSION.to_be_bytes()[..], &length.to_be_bytes(), name.as_bytes()].concat()
}

fn parse_index(bytes: &[u8]) -> std::result::Result<String, &'static str> {
    let (version, rest) = bytes.split_first_chunk().ok_or("its primary is cut off")?;
    if u32::from_be_bytes(*version) != COLLECTION_VERSION {
        return Err("it is of a later version");
    }
    let (length, rest) = rest.split_first_chunk().ok_or("its primary is cut off")?;
    let name = rest.get(..u32::from_be_bytes(*length) as usize).ok_or("its primary is cut off")?;
    match std::str::from_utf8(name) {
        Ok(name) if !name.is_empty() && !name.contains('\0') => Ok(name.to_owned()),
        _ => Err("its primary has no name"),
    }
}

/// `None` for what is past, and for what has no end.
fn seconds_until(end: KerberosTime) -> Option<u32> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let end = u64::try_from(end.0).ok()?;
    let left = end.checked_sub(now).filter(|left| *left > 0)?;
    Some(u32::try_from(left).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ccache::Caches;
    use crate::platform::ccache::tests::{alice, ticket};

    #[test]
    fn names_have_anchor_collection_and_cache() {
        let parse = |residual: &str| {
            let place = Place::parse(residual).unwrap();
            (place.anchor, place.collection, place.cache)
        };
        assert_eq!(parse("x"), (Anchor::Legacy, "x".into(), None));
        assert_eq!(parse("session:x"), (Anchor::Session, "x".into(), None));
        assert_eq!(parse("user:x:y"), (Anchor::User, "x".into(), Some("y".into())));
        assert_eq!(parse("persistent:0"), (Anchor::Persistent, "0".into(), None));
        assert_eq!(parse("persistent:"), (Anchor::Persistent, String::new(), None));
        for residual in ["galaxy:x", "persistent:me", "session:x:", "a\0b"] {
            assert!(Place::parse(residual).is_err(), "{residual}");
        }
    }

    #[test]
    fn l2_an_index_that_lies_is_refused() {
        let good = encode_index("tkt");
        assert_eq!(parse_index(&good), Ok("tkt".to_owned()));
        for length in 0..good.len() {
            assert!(parse_index(&good[..length]).is_err(), "{length} bytes");
        }
        let long = [&[0, 0, 0, 1][..], &[0xFF; 4], b"tkt"].concat();
        let later = [&[0, 0, 0, 2, 0, 0, 0, 3][..], b"tkt"].concat();
        for index in [long, later, encode_index(""), encode_index("a\0")] {
            assert!(parse_index(&index).is_err(), "{index:?}");
        }
    }

    #[test]
    fn a_cache_of_the_process_is_kept() {
        let collection = format!("secur32-{}", std::process::id());
        let name = format!("KEYRING:process:{collection}");
        let caches = Caches::new(None);
        let cache = caches.cache(&name).unwrap();
        assert_eq!(cache.name(), format!("{name}:{collection}"));
        assert_eq!(cache.principal().unwrap_err().fault(), LocalFault::NoCredentials.into());
        cache.initialize(&alice(), &[ticket("krbtgt")]).unwrap();
        cache.store(&ticket("a")).unwrap();
        cache.set_config("k", None, b"1").unwrap();
        cache.set_config("k", None, b"2").unwrap();
        assert_eq!(cache.principal().unwrap(), alice());
        let mut tickets = cache.tickets().unwrap();
        tickets.sort_by(|a, b| a.server.components.cmp(&b.server.components));
        assert_eq!(tickets, [ticket("a"), ticket("krbtgt")]);
        assert_eq!(cache.config("k", None).unwrap().as_deref(), Some(&b"2"[..]));
        let bob = Principal { components: vec!["bob".into()], ..alice() };
        caches.cache(&format!("{name}:other")).unwrap().initialize(&bob, &[]).unwrap();
        let all = caches.collection(&name).unwrap();
        let names: Vec<_> = all.iter().map(|cache| cache.name()).collect();
        assert_eq!(names, [format!("{name}:{collection}"), format!("{name}:other")]);
        assert_eq!(cache.remove(&|ticket| ticket.server.components[0] == "a").unwrap(), 1);
        assert_eq!(cache.tickets().unwrap(), [ticket("krbtgt")]);
        assert_eq!(cache.remove(&|_| true).unwrap(), 1);
        assert_eq!(cache.config("k", None).unwrap().as_deref(), Some(&b"2"[..]));
        cache.initialize(&alice(), &[]).unwrap();
        assert_eq!(cache.tickets().unwrap(), []);
    }
}
