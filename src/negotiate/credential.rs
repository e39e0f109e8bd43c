//! Credentials: one for each mechanism, or why there is none.

use std::sync::{Arc, OnceLock};

use super::mechanism::Mechanism;
use super::{client, fallback, server};
use crate::spi::environment::Environment;
use crate::spi::error::{CallerFault, Error, LocalFault, Result};
use crate::spi::identity::PackageList;
use crate::spi::package::{
    AcquireRequest, Credential, Handshake, KdcProxySettings, Opening, PackageId, SecurityPackage,
    Usage,
};
use crate::spi::packed::Role;
use crate::spi::tickets::KerberosCalls;
use crate::spi::time::FileTime;

/// A credential. Handshakes take along what is there when they begin.
pub struct NegotiateCredential {
    usage: Usage,
    slots: Vec<Slot>,
}

/// What there is for a mechanism.
struct Slot {
    first: Mechanism,
    /// What `AddCredentials` brought; the last one counts. It only grows, so that nobody waits.
    added: OnceLock<Box<Added>>,
}

struct Added {
    mechanism: Mechanism,
    next: OnceLock<Box<Added>>,
}

/// How often a mechanism's credential is replaced.
const MOST_ADDED: usize = 100;

impl NegotiateCredential {
    /// Asks every mechanism that is allowed; one that can is enough.
    pub fn acquire(
        mechanisms: &[&'static dyn SecurityPackage],
        request: &AcquireRequest,
        env: &dyn Environment,
    ) -> Result<Self> {
        let slots: Vec<Slot> = mechanisms
            .iter()
            .map(|&package| Slot::new(package, credential_of(package, request, env)))
            .collect();
        let found = slots.iter().any(|slot| slot.first.credential.is_ok());
        let credential = Self { usage: request.usage, slots };
        // Without the default credentials a handle is good for what will be added to it.
        if !found && !is_restricted(request) {
            return Err(credential.nothing());
        }
        if request.policy_only && !credential.can_log_on(request, env) {
            let story = "nothing is there to log on with: the user is to be asked";
            return Err(Error::new(LocalFault::NoCredentials, story));
        }
        Ok(credential)
    }

    /// A client's credential of one mechanism, which another package made.
    pub fn adopt(
        mechanisms: &[&'static dyn SecurityPackage],
        id: PackageId,
        credential: &Arc<dyn Credential>,
    ) -> Self {
        let slot = |&package: &&'static dyn SecurityPackage| {
            let theirs = package.info().id == id;
            let none = || Error::new(LocalFault::NoCredentials, "the session holds nothing for it");
            Slot::new(package, if theirs { Ok(Arc::clone(credential)) } else { Err(none()) })
        };
        let usage = Usage { inbound: false, outbound: true };
        Self { usage, slots: mechanisms.iter().map(slot).collect() }
    }

    fn mechanisms(&self) -> Vec<Mechanism> {
        self.slots.iter().map(|slot| slot.current().clone()).collect()
    }

    fn available(&self) -> impl Iterator<Item = &Arc<dyn Credential>> {
        self.slots.iter().filter_map(|slot| slot.current().credential.as_ref().ok())
    }

    fn can_log_on(&self, request: &AcquireRequest, env: &dyn Environment) -> bool {
        let ready =
            |credential: &Arc<dyn Credential>| credential.ready(Role::Initiator, None, env).is_ok();
        request.identity.is_some() || !request.usage.outbound || self.available().any(ready)
    }

    /// Why no mechanism has anything.
    fn nothing(&self) -> Error {
        let failed = self.slots.iter().filter_map(|slot| {
            let mechanism = slot.current();
            Some((mechanism.name(), mechanism.credential.as_ref().err()?.clone()))
        });
        fallback::exhausted(failed.collect())
    }

    fn of(&self, id: PackageId) -> Result<&Arc<dyn Credential>> {
        let slot = self.slots.iter().map(Slot::current).find(|mechanism| mechanism.id() == id);
        let slot = slot.ok_or(CallerFault::UnknownPackage)?;
        slot.credential.as_ref().map_err(Clone::clone)
    }
}

impl Slot {
    fn new(package: &'static dyn SecurityPackage, credential: Result<Arc<dyn Credential>>) -> Self {
        Self { first: Mechanism::new(package, credential), added: OnceLock::new() }
    }

    fn current(&self) -> &Mechanism {
        let (mut mechanism, mut link) = (&self.first, &self.added);
        while let Some(added) = link.get() {
            (mechanism, link) = (&added.mechanism, &added.next);
        }
        mechanism
    }

    /// What was there before is still borrowed by somebody, perhaps, and stays: a few times, since
    /// secrets are not to pile up.
    fn add(&self, credential: Arc<dyn Credential>) -> Result<()> {
        let mechanism = Mechanism::new(self.first.package, Ok(credential));
        let mut new = Box::new(Added { mechanism, next: OnceLock::new() });
        let mut link = &self.added;
        for _ in 0..MOST_ADDED {
            match link.set(new) {
                Ok(()) => return Ok(()),
                Err(refused) => new = refused,
            }
            link = &link.get().ok_or(LocalFault::Internal)?.next;
        }
        let story = "too many credentials were added to this one: another handle is needed";
        Err(Error::new(LocalFault::NoMemory, story))
    }
}

impl Credential for NegotiateCredential {
    fn name(&self, env: &dyn Environment) -> Result<String> {
        let mut names = self.available().map(|credential| credential.name(env));
        let first = names.next().unwrap_or_else(|| Err(self.nothing()));
        first.or_else(|error| names.find_map(Result::ok).ok_or(error))
    }

    fn expiry(&self) -> FileTime {
        self.available().map(|credential| credential.expiry()).min().unwrap_or(FileTime::NEVER)
    }

    fn set_kdc_proxy(&self, settings: KdcProxySettings) -> Result<()> {
        self.of(PackageId::Kerberos)?.set_kdc_proxy(settings)
    }

    fn ready(&self, role: Role, target: Option<&str>, env: &dyn Environment) -> Result<()> {
        let mut answers = self.available().map(|credential| credential.ready(role, target, env));
        let first = answers.next().unwrap_or_else(|| Err(self.nothing()));
        first.or_else(|error| answers.find_map(Result::ok).ok_or(error))
    }

    fn add(
        &self,
        package: PackageId,
        request: AcquireRequest,
        env: &dyn Environment,
    ) -> Result<()> {
        let all = package == PackageId::Negotiate;
        let (mut found, mut error) = (false, None);
        for slot in self.slots.iter().filter(|slot| all || slot.first.id() == package) {
            match credential_of(slot.first.package, &request, env) {
                Ok(credential) => {
                    slot.add(credential)?;
                    found = true;
                }
                Err(other) => error = error.or(Some(other)),
            }
        }
        match error {
            Some(error) if !found => Err(error),
            None if !found => Err(CallerFault::UnknownPackage.into()),
            _ => Ok(()),
        }
    }

    fn kerberos_calls(&self) -> Option<&dyn KerberosCalls> {
        self.of(PackageId::Kerberos).ok()?.kerberos_calls()
    }

    fn initiate(&self, opening: Opening, _env: &dyn Environment) -> Result<Box<dyn Handshake>> {
        acquired_for(self.usage.outbound, "outbound")?;
        Ok(Box::new(client::Start::new(self.mechanisms(), opening)))
    }

    fn accept(&self, opening: Opening, _env: &dyn Environment) -> Result<Box<dyn Handshake>> {
        acquired_for(self.usage.inbound, "inbound")?;
        Ok(Box::new(server::Start::new(self.mechanisms(), opening)))
    }
}

/// A mechanism's credential, if it may be used.
fn credential_of(
    package: &dyn SecurityPackage,
    request: &AcquireRequest,
    env: &dyn Environment,
) -> Result<Arc<dyn Credential>> {
    let name = package.info().name;
    let lists = [Some(&request.packages), request.identity.as_ref().map(|given| &given.packages)];
    if !lists.into_iter().flatten().all(|list| allows(list, name)) {
        let story = "the list of packages excludes it";
        return Err(Error::new(fallback::EXCLUDED, story));
    }
    if is_restricted(request) {
        let story = "the default credentials are not to be used (AUTOLOGON_RESTRICTED)";
        return Err(Error::new(LocalFault::NoCredentials, story));
    }
    package.acquire(request.duplicate(), env)
}

/// A list that names Negotiate means all that Negotiate can do.
fn allows(list: &PackageList, name: &str) -> bool {
    let negotiate = super::INFO.name;
    let all = list.only.iter().any(|item| item.eq_ignore_ascii_case(negotiate));
    list.allows(name) || (all && PackageList { only: Vec::new(), ..list.clone() }.allows(name))
}

const fn is_restricted(request: &AcquireRequest) -> bool {
    request.autologon_restricted && request.identity.is_none() && request.usage.outbound
}

fn acquired_for(allowed: bool, what: &str) -> Result<()> {
    if allowed {
        return Ok(());
    }
    let story = format!("the credential was not acquired for {what} use");
    Err(Error::new(CallerFault::UnknownCredentials, story))
}
