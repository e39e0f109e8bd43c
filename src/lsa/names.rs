//! Names: of the user, of this computer, and of accounts of the domain.
//!
//! Holds: what of them the machine knows by itself, and who is looked up in the directory
//! otherwise. May use: `client_names`, `impersonation`, `acquire`, `registry`, `directory`, `spi`.
//! Must not touch: everything else.

use std::sync::Arc;

use super::{acquire, client_names, impersonation, registry};
use crate::directory::{self, Client, Directory, Sought, Who};
use crate::spi::directory::{DirectoryLink, NameFault, NameFormat, NoName};
use crate::spi::environment::{Environment, LocalUser};
use crate::spi::error::{Error, LocalFault, PeerFault, Result};
use crate::spi::identity::Identity;
use crate::spi::kerberos::Principal;
use crate::spi::package::{AcquireRequest, Credential, PackageId, Usage};
use crate::spi::token::ClientIdentity;

/// The name of the user that the calling thread acts for: of the client that it acts as.
pub fn user_name(format: NameFormat) -> Result<String, NoName> {
    let token = impersonation::current_token();
    let session = session();
    let _process = impersonation::suspend();
    let environment = super::environment().map_err(failed)?;
    match token {
        Some(token) => name_of_client(format, &token.client, session, &*environment),
        None => name_of_user(format, &*environment),
    }
}

/// The name of this computer's account.
pub fn computer_name(format: NameFormat) -> Result<String, NoName> {
    let _process = impersonation::suspend();
    let environment = super::environment().map_err(failed)?;
    name_of_computer(format, &*environment)
}

/// Another form of an account's name; without `from` it is guessed by its look.
pub fn translate_name(
    name: &str,
    from: Option<NameFormat>,
    to: NameFormat,
) -> Result<String, NoName> {
    let token = impersonation::current_token();
    let session = session();
    let _process = impersonation::suspend();
    let environment = super::environment().map_err(failed)?;
    let Some(token) = token else { return translated(name, from, to, &*environment) };
    let place = client_names::place(&token.client).map(|(realm, _)| realm.to_owned());
    let realm = place.or_else(|| home_realm(&*environment)).ok_or_else(no_realm)?;
    let speakers = speakers_for_client(session, &*environment);
    translated_by(name, from, to, &realm, &speakers, &*environment)
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
    if let Some(name) = known {
        return Ok(name);
    }
    let Some((account, realm)) = user.account() else {
        return Err(not_mapped("the user has no account in a domain"));
    };
    let own =
        [Sought::Account(account.to_owned()), Sought::Principal(format!("{account}@{realm}"))];
    let told = ask(realm, &[Speaker::process()], env, &own, format);
    // Tickets alone make no domain: such a user has the name that the machine knows.
    let is_local = told.as_ref().is_err_and(|none| none.fault == NameFault::NoDomain)
        && user.home.is_none()
        && user.login.as_ref().is_some_and(|login| login.name == account);
    match user.full_name() {
        Some(name) if is_local && format == NameFormat::Display => Ok(name),
        _ => told,
    }
}

/// The name of the client that a thread acts as. What is known with it comes first; the directory
/// is asked in the client's name where it left something to go on with, else in the machine's:
/// never with the tickets of the process.
pub fn name_of_client(
    format: NameFormat,
    client: &ClientIdentity,
    session: Option<Arc<dyn Credential>>,
    env: &dyn Environment,
) -> Result<String, NoName> {
    if let Some(name) = client_names::known(format, client) {
        return Ok(name);
    }
    let Some((realm, account)) = client_names::place(client) else {
        return Err(not_mapped("the client has no account in a domain that is known"));
    };
    let own =
        [Sought::Account(account.to_owned()), Sought::Principal(format!("{account}@{realm}"))];
    ask(realm, &speakers_for_client(session, env), env, &own, format)
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
    if format == NameFormat::SamCompatible {
        return Ok(format!("{}\\{account}", machine.netbios_domain));
    }
    let realm = home_realm(env).ok_or_else(no_realm)?;
    if format == NameFormat::DnsDomain {
        return Ok(format!("{}\\{account}", realm.to_lowercase()));
    }
    let own = machine_identity(env, &account, &realm).map(Speaker::identity);
    let speakers: Vec<_> = own.into_iter().chain([Speaker::process()]).collect();
    ask(&realm, &speakers, env, &[Sought::Account(account)], format)
}

/// [`translate_name`] in a given world.
pub fn translated(
    name: &str,
    from: Option<NameFormat>,
    to: NameFormat,
    env: &dyn Environment,
) -> Result<String, NoName> {
    let user = Subject::of(env);
    let realm = user.realm().ok_or_else(no_realm)?;
    translated_by(name, from, to, realm, &[Speaker::process()], env)
}

fn translated_by(
    name: &str,
    from: Option<NameFormat>,
    to: NameFormat,
    realm: &str,
    speakers: &[Speaker],
    env: &dyn Environment,
) -> Result<String, NoName> {
    let sought = match from {
        Some(format) => Sought::of(name, format).into_iter().collect(),
        None => Sought::guesses(name),
    };
    if sought.is_empty() {
        return Err(not_mapped(&format!("{name:?} is no name of this form")));
    }
    ask(realm, speakers, env, &sought, to)
}

/// In whose name a directory is asked.
enum Speaker {
    /// An identity's, or the process' own.
    Request(Box<AcquireRequest>),
    /// That of a logon session.
    Session(Arc<dyn Credential>),
}

impl Speaker {
    fn process() -> Self {
        Self::Request(Box::default())
    }

    fn identity(identity: Identity) -> Self {
        Self::Request(Box::new(AcquireRequest { identity: Some(identity), ..Default::default() }))
    }

    fn credential(&self, env: &dyn Environment) -> Result<Arc<dyn Credential>> {
        let usage = Usage { inbound: false, outbound: true };
        match self {
            Self::Session(credential) => Ok(Arc::clone(credential)),
            Self::Request(request) => registry::package(PackageId::Kerberos)?
                .acquire(AcquireRequest { usage, ..request.duplicate() }, env),
        }
    }
}

/// What the client that the thread acts as can go on with, if it is Kerberos'.
fn session() -> Option<Arc<dyn Credential>> {
    let entry = acquire::of_thread().ok()??;
    (entry.package == PackageId::Kerberos).then_some(entry.credential)
}

fn speakers_for_client(
    session: Option<Arc<dyn Credential>>,
    env: &dyn Environment,
) -> Vec<Speaker> {
    let account = format!("{}$", env.machine().netbios_computer);
    let machine = home_realm(env).and_then(|realm| machine_identity(env, &account, &realm));
    session.map(Speaker::Session).into_iter().chain(machine.map(Speaker::identity)).collect()
}

/// Asks the directory of a realm, in the name of the first of these that is somebody there. What is
/// sought is tried in its order.
fn ask(
    realm: &str,
    speakers: &[Speaker],
    env: &dyn Environment,
    sought: &[Sought],
    format: NameFormat,
) -> Result<String, NoName> {
    let no_domain = |error| NoName::new(NameFault::NoDomain, error);
    let mut directory = open(realm, speakers, env).map_err(no_domain)?;
    for one in sought {
        let Some(entry) = directory.find(one).map_err(no_domain)? else { continue };
        let name = directory.name(&entry, format).map_err(no_domain)?;
        let story = || not_mapped(&format!("{} has no name of this form, or several", entry.name));
        return name.ok_or_else(story);
    }
    Err(not_mapped(&format!("the directory of {realm} has no such account, or several")))
}

/// The first server of a realm that lets one of these in.
fn open(realm: &str, speakers: &[Speaker], env: &dyn Environment) -> Result<Directory> {
    let package = registry::package(PackageId::Kerberos)?;
    let credentials: Result<Vec<_>> =
        speakers.iter().map(|speaker| speaker.credential(env)).collect();
    let credentials = credentials?;
    let mut last = match &*credentials {
        [] => Error::new(
            LocalFault::NoCredentials,
            "neither the client nor the machine has something to ask the directory with",
        ),
        _ => Error::new(LocalFault::NoAuthority, format!("{realm} has no directory server")),
    };
    for credential in &credentials {
        let who = Who { package, credential: &**credential, realm };
        for link in env.directory()?.links(realm)? {
            match link.and_then(|link| opened(link, &who, env)) {
                Ok(directory) => return Ok(directory),
                Err(error) => last = error,
            }
            // No other server gives tickets to somebody who has none.
            if last.fault() == LocalFault::NoCredentials.into() {
                break;
            }
        }
    }
    Err(last)
}

fn opened(link: Box<dyn DirectoryLink>, who: &Who<'_>, env: &dyn Environment) -> Result<Directory> {
    let mut client = Client::new(link);
    directory::bind(&mut client, who, env)?;
    Directory::open(client, who.realm)
}

/// The machine's account by its keytab, where the caller may read that.
fn machine_identity(env: &dyn Environment, account: &str, realm: &str) -> Option<Identity> {
    let entries = env.kerberos().ok()?.acceptor_keytab().ok()?.entries().ok()?;
    directory::machine_identity(&entries, account, realm)
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

fn no_realm() -> NoName {
    let story = "no realm is known: there are no tickets, and krb5.conf has no default_realm";
    NoName::new(NameFault::NoDomain, Error::new(LocalFault::NoAuthority, story))
}

fn failed(error: Error) -> NoName {
    NoName::new(NameFault::Failed, error)
}
