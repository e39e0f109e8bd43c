//! Names: of the user, of this computer, and of accounts of the domain.
//!
//! Holds: what of them the machine knows by itself, and who is looked up in the directory
//! otherwise. May use: `registry`, `directory`, `spi`. Must not touch: everything else.

use crate::spi::directory::{NameFault, NameFormat, NoName};
use crate::spi::environment::{Environment, LocalUser};
use crate::spi::error::{Error, LocalFault, PeerFault};
use crate::spi::kerberos::Principal;

/// The name of the user that the calling thread acts for.
pub fn user_name(format: NameFormat) -> Result<String, NoName> {
    let environment = super::environment().map_err(failed)?;
    name_of_user(format, &*environment)
}

/// The name of this computer's account.
pub fn computer_name(format: NameFormat) -> Result<String, NoName> {
    let environment = super::environment().map_err(failed)?;
    name_of_computer(format, &*environment)
}

/// Another form of an account's name; without `from` it is guessed by its look.
pub fn translate_name(
    name: &str,
    from: Option<NameFormat>,
    to: NameFormat,
) -> Result<String, NoName> {
    let environment = super::environment().map_err(failed)?;
    let _ = (name, from, to, environment);
    Err(NoName::new(
        NameFault::NoDomain,
        Error::new(LocalFault::NoAuthority, "no domain controller can be asked"),
    ))
}

/// [`user_name`] in a given world.
pub fn name_of_user(format: NameFormat, env: &dyn Environment) -> Result<String, NoName> {
    let user = Subject::of(env);
    let known = match format {
        NameFormat::SamCompatible => Some(user.sam_name(env)?),
        NameFormat::UserPrincipal => user.principal_name(),
        NameFormat::DnsDomain => user.dns_name(),
        NameFormat::Display if user.realm().is_none() => user.full_name(),
        _ => None,
    };
    match (known, user.realm()) {
        (Some(name), _) => Ok(name),
        (None, None) => Err(not_mapped("the user belongs to no domain")),
        (None, Some(_)) => Err(NoName::new(
            NameFault::NoDomain,
            Error::new(LocalFault::NoAuthority, "no domain controller can be asked"),
        )),
    }
}

/// [`computer_name`] in a given world.
pub fn name_of_computer(format: NameFormat, env: &dyn Environment) -> Result<String, NoName> {
    let machine = env.machine();
    if !machine.in_domain {
        let story = "this computer belongs to no domain: NetbiosDomainName is not set";
        return Err(NoName::new(
            NameFault::NotJoined,
            Error::new(LocalFault::Configuration, story),
        ));
    }
    let account = format!("{}$", machine.netbios_computer);
    match (format, home_realm(env)) {
        (NameFormat::SamCompatible, _) => Ok(format!("{}\\{account}", machine.netbios_domain)),
        (NameFormat::DnsDomain, Some(realm)) => Ok(format!("{}\\{account}", realm.to_lowercase())),
        _ => Err(NoName::new(
            NameFault::NoDomain,
            Error::new(LocalFault::NoAuthority, "no domain controller can be asked"),
        )),
    }
}

/// Who a user is: to the machine, and to the domain.
struct Subject {
    login: Option<LocalUser>,
    /// The client of the user's tickets.
    principal: Option<Principal>,
    /// The machine's realm, if it belongs to a domain.
    home: Option<String>,
}

impl Subject {
    fn of(env: &dyn Environment) -> Self {
        let home = home_realm(env).filter(|_| env.machine().in_domain);
        Self { login: env.user(), principal: default_principal(env), home }
    }

    /// The domain's NetBIOS name, or the computer's, and the user.
    fn sam_name(&self, env: &dyn Environment) -> Result<String, NoName> {
        let domain = &env.machine().netbios_domain;
        if let (Some((user, realm)), Some(home)) = (self.account(), &self.home)
            && realm.eq_ignore_ascii_case(home)
        {
            return Ok(format!("{domain}\\{user}"));
        }
        let Some(login) = &self.login else {
            let story = "the machine has no name for the user that the process acts for";
            return Err(not_mapped(story));
        };
        // Winbind and SSSD can be set up to give logins of these forms.
        if login.name.contains('\\') {
            return Ok(login.name.clone());
        }
        let user = login.name.split_once('@').map_or(&*login.name, |(user, _)| user);
        Ok(format!("{domain}\\{user}"))
    }

    /// `user@REALM`
    fn principal_name(&self) -> Option<String> {
        if let Some(principal) = &self.principal {
            return Some(format!("{}@{}", principal.components.join("/"), principal.realm));
        }
        self.account().map(|(user, realm)| format!("{user}@{realm}"))
    }

    /// `realm\user`
    fn dns_name(&self) -> Option<String> {
        self.account().map(|(user, realm)| format!("{}\\{user}", realm.to_lowercase()))
    }

    /// The first field of GECOS.
    fn full_name(&self) -> Option<String> {
        let login = self.login.as_ref()?;
        let name = login.full_name.split(',').next().unwrap_or_default().trim();
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// The account in its domain: the client of the tickets, else the login of a machine that
    /// belongs to a domain.
    fn account(&self) -> Option<(&str, &str)> {
        if let Some(principal) = &self.principal {
            let [user] = &*principal.components else { return None };
            return Some((user, &principal.realm));
        }
        let login = &*self.login.as_ref()?.name;
        let user = login.rsplit_once('\\').map_or(login, |(_, user)| user);
        let user = user.split_once('@').map_or(user, |(user, _)| user);
        Some((user, self.home.as_ref()?))
    }

    fn realm(&self) -> Option<&str> {
        let principal = self.principal.as_ref().map(|principal| &*principal.realm);
        principal.or(self.home.as_deref())
    }
}

/// The client of the caller's cache, else of its client keytab. No network is waited for.
fn default_principal(env: &dyn Environment) -> Option<Principal> {
    let host = env.kerberos().ok()?;
    if let Ok(principal) = host.default_cache().and_then(|cache| cache.principal()) {
        return Some(principal);
    }
    let entries = host.client_keytab().ok()??.entries().ok()?;
    entries.first().map(|entry| entry.principal.clone())
}

/// krb5.conf's `default_realm`, else the machine's domain of DNS.
fn home_realm(env: &dyn Environment) -> Option<String> {
    let configured = env.kerberos().ok().and_then(|host| host.settings().default_realm.clone());
    let domain = &env.machine().dns_domain;
    configured.or_else(|| (!domain.is_empty()).then(|| domain.to_uppercase()))
}

fn not_mapped(story: &str) -> NoName {
    NoName::new(NameFault::NotMapped, Error::new(PeerFault::TargetUnknown, story))
}

fn failed(error: Error) -> NoName {
    NoName::new(NameFault::Failed, error)
}
