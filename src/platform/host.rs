//! This machine as an [`Environment`].
#![forbid(unsafe_code)]

use std::fs;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use hmac::{Hmac, KeyInit, Mac};
use once_cell::sync::OnceCell;
use sha2::Sha256;

use super::accounts::FileAccounts;
use super::config::{Config, DirectorySection, KerberosSection, MachineSection, WinbindSection};
use super::kerberos_host::Machine;
use super::mapping::{Mapping, SidService, SystemLogins, World};
use super::winbind::Winbind;
use super::{machine, sys};
use crate::spi::directory::DirectoryHost;
use crate::spi::environment::{
    AccountSource, DomainAuthority, Environment, LocalUser, MachineNames, Policy,
};
use crate::spi::error::{Error, LocalFault, Result};
use crate::spi::kerberos::KerberosHost;
use crate::spi::time::FileTime;
use crate::spi::token::{ClientIdentity, UnixAccount};

/// The machine, with the configuration as it was when this value was made.
#[derive(Debug)]
pub struct Host {
    machine: MachineNames,
    policy: Policy,
    accounts: Option<Arc<FileAccounts>>,
    kerberos_section: KerberosSection,
    directory_section: DirectorySection,
    machine_section: MachineSection,
    winbind_section: WinbindSection,
    /// krb5.conf is read when a package asks for it: NTLM does not care whether it is broken.
    kerberos: OnceCell<Machine>,
    /// winbindd is looked for when somebody wants to know what it knows.
    winbind: OnceCell<Option<Winbind>>,
    mapping: Mapping,
}

impl Host {
    /// Reads the configuration and the environment variables as they are now.
    pub fn current() -> Result<Self> {
        let config = Config::load()?;
        Ok(Self {
            machine: machine::names(&config.machine),
            mapping: Mapping::of(&config.mapping)?,
            policy: config.policy()?,
            accounts: config.user_file().as_deref().map(FileAccounts::shared),
            kerberos_section: config.kerberos,
            directory_section: config.directory,
            machine_section: config.machine,
            winbind_section: config.winbind,
            kerberos: OnceCell::new(),
            winbind: OnceCell::new(),
        })
    }
}

impl Host {
    fn machine_of_kerberos(&self) -> Result<&Machine> {
        let make = || Machine::current(&self.kerberos_section, &self.directory_section);
        self.kerberos.get_or_try_init(make)
    }

    /// winbindd, if this machine is in a domain by it.
    pub fn winbind(&self) -> Option<&Winbind> {
        let find = || Winbind::find(&self.winbind_section, &self.machine_section);
        self.winbind.get_or_init(find).as_ref()
    }
}

impl Environment for Host {
    fn now(&self) -> FileTime {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        FileTime::UNIX_EPOCH.plus(since.unwrap_or_default())
    }

    fn random(&self, out: &mut [u8]) -> Result<()> {
        getrandom::fill(out).map_err(|error| {
            Error::new(LocalFault::NoRandom, format!("the system's random generator: {error}"))
        })
    }

    fn machine(&self) -> &MachineNames {
        &self.machine
    }

    fn policy(&self) -> &Policy {
        &self.policy
    }

    fn accounts(&self) -> Option<&dyn AccountSource> {
        self.accounts.as_deref().map(|accounts| accounts as &dyn AccountSource)
    }

    /// Without being told so, winbindd is not asked beside an accounts file.
    fn domain(&self) -> Option<&dyn DomainAuthority> {
        let demanded = self.winbind_section.enabled == Some(true);
        if self.accounts.is_some() && !demanded {
            return None;
        }
        self.winbind().map(|winbind| winbind as &dyn DomainAuthority)
    }

    fn kerberos(&self) -> Result<&dyn KerberosHost> {
        self.machine_of_kerberos().map(|machine| machine as &dyn KerberosHost)
    }

    fn directory(&self) -> Result<&dyn DirectoryHost> {
        Ok(self.machine_of_kerberos()?.directories())
    }

    fn unix_account(&self, client: &ClientIdentity) -> Result<UnixAccount> {
        let local_names = || self.machine_of_kerberos().map(Machine::local_names);
        let sids = || self.winbind().map(|winbind| winbind as &dyn SidService);
        let world = World {
            logins: &SystemLogins,
            sids: &sids,
            local_names: &local_names,
            machine: &self.machine,
        };
        self.mapping.unix_account(client, &world)
    }

    fn user(&self) -> Option<LocalUser> {
        let (name, full_name) = sys::user_entry(sys::effective_user())?;
        Some(LocalUser { name, full_name })
    }
}

/// A UTC time as the local time in which SSPI speaks; "never" stays as it is.
pub fn local_time(time: FileTime) -> FileTime {
    if time == FileTime::NEVER || time < FileTime::UNIX_EPOCH {
        return time;
    }
    let since_epoch = time.distance(FileTime::UNIX_EPOCH);
    let Ok(seconds) = i64::try_from(since_epoch.as_secs()) else { return time };
    let offset = sys::utc_offset(seconds);
    let distance = Duration::from_secs(offset.unsigned_abs());
    if offset < 0 {
        FileTime(time.0.saturating_sub(distance.as_secs() * 10_000_000))
    } else {
        time.plus(distance)
    }
}

/// Authenticates bytes as made on this machine since it was started. Against damage and against
/// blobs of other machines: the key is no secret from this machine's own users.
pub fn machine_mac(bytes: &[u8]) -> Result<[u8; 32]> {
    static KEY: LazyLock<Mutex<Option<[u8; 32]>>> = LazyLock::new(Mutex::default);
    let mut key = KEY.lock().unwrap_or_else(PoisonError::into_inner);
    let key = match *key {
        Some(key) => key,
        None => *key.insert(machine_key()?),
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| LocalFault::Internal)?;
    mac.update(bytes);
    Ok(mac.finalize().into_bytes().into())
}

fn machine_key() -> Result<[u8; 32]> {
    let boot = fs::read("/proc/sys/kernel/random/boot_id").map_err(|error| {
        Error::new(LocalFault::Internal, format!("/proc/sys/kernel/random/boot_id: {error}"))
    })?;
    let mut mac = Hmac::<Sha256>::new_from_slice(b"secur32 exported context")
        .map_err(|_| LocalFault::Internal)?;
    mac.update(&boot);
    // A container without a machine id still has the boot id.
    mac.update(&fs::read("/etc/machine-id").unwrap_or_default());
    Ok(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_is_never_in_every_time_zone() {
        assert_eq!(local_time(FileTime::NEVER), FileTime::NEVER);
        let now = Host::current().unwrap().now();
        assert!(local_time(now).distance(now) < Duration::from_hours(24));
    }

    #[test]
    fn the_machine_knows_its_own_bytes() {
        assert_eq!(machine_mac(b"a").unwrap(), machine_mac(b"a").unwrap());
        assert_ne!(machine_mac(b"a").unwrap(), machine_mac(b"b").unwrap());
    }
}
