//! An explicit identity: by which names the KDCs may know it, and what it proves itself with.

use super::kdc::{Line, LongTerm};
use super::names;
use crate::spi::environment::MachineNames;
use crate::spi::error::{CallerFault, Error, LocalFault, Result};
use crate::spi::identity::{Identity, Proof};
use crate::spi::kerberos::{KerberosSettings, KeytabEntry, Principal};
use crate::wire::kerberos::keytab::decode_keytab;
use crate::wire::kerberos::numbers::name_type;

/// The identity.
pub struct Account {
    user: String,
    domain: String,
    secret: Secret,
    /// The names that it is known by, where they are given.
    named: Vec<Principal>,
}

enum Secret {
    /// A password or a hash.
    One(LongTerm),
    /// Keys of whomever the keytab names.
    Keytab(Vec<KeytabEntry>),
    /// Nothing.
    Nothing,
}

impl Account {
    /// Takes an identity over.
    pub fn new(identity: Identity) -> Result<Self> {
        let secret = match identity.proof {
            Proof::None => Secret::Nothing,
            Proof::Password(password) => Secret::One(LongTerm::password(password)),
            Proof::NtHash(hash) => Secret::One(LongTerm::nt_hash(hash)),
            Proof::Keytab(bytes) => {
                let entries = decode_keytab(bytes.expose()).map_err(|error| {
                    Error::new(CallerFault::UnknownCredentials, error.to_string())
                })?;
                Secret::Keytab(entries)
            }
        };
        let (user, domain) = (identity.user, identity.domain);
        let (user, domain) = (user.unwrap_or_default(), domain.unwrap_or_default());
        Ok(Self { user, domain, secret, named: Vec::new() })
    }

    /// The account that a service has its keys of. In a domain many services are of one account,
    /// which a keytab shows by their keys: the same for each of its names. The account's own name
    /// is one of one component.
    pub fn of_service(service: &Principal, entries: &[KeytabEntry]) -> Result<Self> {
        let own: Vec<_> = entries.iter().filter(|entry| entry.principal == *service).collect();
        let shares = |entry: &&KeytabEntry| own.iter().any(|mine| mine.key == entry.key);
        let of_account: Vec<_> = entries.iter().filter(shares).collect();
        let mut named: Vec<Principal> = vec![service.clone()];
        for entry in &of_account {
            if !named.contains(&entry.principal) && entry.principal.components.len() == 1 {
                named.push(entry.principal.clone());
            }
        }
        named.sort_by_key(|name| name.components.len() != 1);
        if own.is_empty() {
            let story = format!("the keytab has no key of {}", names::unparse(service));
            return Err(Error::new(LocalFault::NoServiceKey, story));
        }
        let secret = Secret::Keytab(of_account.into_iter().map(KeytabEntry::duplicate).collect());
        Ok(Self { user: String::new(), domain: String::new(), secret, named })
    }

    /// By which names to log on, the likeliest first.
    pub fn names(&self, line: &Line<'_>) -> Result<Vec<Principal>> {
        let settings = line.settings();
        if !self.named.is_empty() {
            return Ok(self.named.clone());
        }
        match &self.secret {
            Secret::Nothing => Err(no_credentials("the identity has no password")),
            Secret::One(_) if self.user.is_empty() => {
                Err(no_credentials("the identity names no user"))
            }
            Secret::One(_) => logon_names(&self.user, &self.domain, settings, line.env.machine()),
            Secret::Keytab(entries) if self.user.is_empty() => {
                let first = entries.first().map(|entry| entry.principal.clone());
                first.map(|name| vec![name]).ok_or_else(|| no_credentials("the keytab is empty"))
            }
            Secret::Keytab(_) => {
                let mut names =
                    logon_names(&self.user, &self.domain, settings, line.env.machine())?;
                names.retain(|name| name.name_type != name_type::ENTERPRISE);
                Ok(names)
            }
        }
    }

    /// What the client of this name proves itself with.
    pub fn with_secret<T>(
        &self,
        client: &Principal,
        use_it: impl FnOnce(&LongTerm) -> T,
    ) -> Option<T> {
        match &self.secret {
            Secret::One(secret) => Some(use_it(secret)),
            Secret::Keytab(entries) => Some(use_it(&LongTerm::keytab(entries, client))),
            Secret::Nothing => None,
        }
    }

    /// All keys of a keytab, if it is one.
    pub fn keytab(&self) -> Option<&[KeytabEntry]> {
        match &self.secret {
            Secret::Keytab(entries) => Some(entries),
            Secret::One(_) | Secret::Nothing => None,
        }
    }
}

/// The names that `DOMAIN`, `user` or `user@domain` may stand for.
///
/// A name with `@` is a user principal name (`NT-ENTERPRISE`, RFC 6806 5): what stands behind
/// the `@` may be a realm, or a suffix that the KDCs of our realm can resolve. KDCs that know no
/// such names know the plain one.
pub fn logon_names(
    user: &str,
    domain: &str,
    settings: &KerberosSettings,
    machine: &MachineNames,
) -> Result<Vec<Principal>> {
    let enterprise = |realm: String| principal(name_type::ENTERPRISE, vec![user.to_owned()], realm);
    let plain = |user: &str, realm: String| {
        principal(name_type::PRINCIPAL, user.split('/').map(str::to_owned).collect(), realm)
    };
    let upn = user.rsplit_once('@').filter(|(name, suffix)| !name.is_empty() && !suffix.is_empty());
    if !domain.is_empty() {
        let realms = realms_of(domain, settings, machine).into_iter();
        return Ok(match upn {
            Some(_) => realms.map(enterprise).collect(),
            None => realms.map(|realm| plain(user, realm)).collect(),
        });
    }
    let Some((name, suffix)) = upn else {
        let realm = settings.default_realm.clone().ok_or_else(|| {
            let story = format!("{user:?} names no realm, and krb5.conf has no default_realm");
            Error::new(LocalFault::NoAuthority, story)
        })?;
        return Ok(vec![plain(user, realm)]);
    };
    if let Some(realm) = names::known_realm(suffix, settings) {
        return Ok(vec![enterprise(realm.clone()), plain(name, realm)]);
    }
    let mut names: Vec<_> = settings.default_realm.clone().map(enterprise).into_iter().collect();
    for realm in realms_of(suffix, settings, machine) {
        names.push(enterprise(realm.clone()));
        names.push(plain(name, realm));
    }
    Ok(names)
}

/// The realms that a domain may be: as krb5.conf spells it, or as it is given, or (as domains of
/// Windows are) in upper case.
fn realms_of(domain: &str, settings: &KerberosSettings, machine: &MachineNames) -> Vec<String> {
    if let Some(realm) = names::known_realm(domain, settings) {
        return vec![realm];
    }
    let ours = machine.in_domain && domain.eq_ignore_ascii_case(&machine.netbios_domain);
    if ours && !machine.dns_domain.is_empty() {
        let dns = &machine.dns_domain;
        let realm = names::known_realm(dns, settings);
        return vec![realm.unwrap_or_else(|| dns.to_ascii_uppercase())];
    }
    let mut realms = vec![domain.to_owned(), domain.to_ascii_uppercase()];
    realms.dedup();
    realms
}

const fn principal(name_type: i32, components: Vec<String>, realm: String) -> Principal {
    Principal { name_type, components, realm }
}

fn no_credentials(story: &str) -> Error {
    Error::new(LocalFault::NoCredentials, story)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_of(user: &str, domain: &str) -> Vec<String> {
        let settings = KerberosSettings {
            default_realm: Some("HOME.REALM".into()),
            domain_realm: [(".other".to_owned(), "OTHER.REALM".to_owned())].into(),
            ..KerberosSettings::default()
        };
        let machine = MachineNames {
            netbios_domain: "CORP".into(),
            dns_domain: "corp.example".into(),
            in_domain: true,
            ..MachineNames::default()
        };
        let names = logon_names(user, domain, &settings, &machine).unwrap();
        names.iter().map(|n| format!("{} {}", n.name_type, names::unparse(n))).collect()
    }

    #[test]
    fn a_user_of_a_domain() {
        assert_eq!(names_of("u", "Other.Realm"), ["1 u@OTHER.REALM"]);
        assert_eq!(names_of("u/admin", ""), ["1 u/admin@HOME.REALM"]);
        assert_eq!(names_of("u", "corp"), ["1 u@CORP.EXAMPLE"]);
        assert_eq!(names_of("u", "else.where"), ["1 u@else.where", "1 u@ELSE.WHERE"]);
        assert_eq!(names_of("u", "ELSE"), ["1 u@ELSE"]);
        assert_eq!(names_of("D\\u", ""), ["1 D\\\\u@HOME.REALM"]);
    }

    #[test]
    fn a_user_principal_name() {
        assert_eq!(names_of("u@x", "other.realm"), ["10 u\\@x@OTHER.REALM"]);
        assert_eq!(
            names_of("u@home.realm", ""),
            ["10 u\\@home.realm@HOME.REALM", "1 u@HOME.REALM"]
        );
        assert_eq!(
            names_of("u@SUFFIX", ""),
            ["10 u\\@SUFFIX@HOME.REALM", "10 u\\@SUFFIX@SUFFIX", "1 u@SUFFIX"]
        );
    }
}
