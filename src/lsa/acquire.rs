//! Whose credentials a caller gets: an explicit identity's, its own, those of the client that its
//! thread acts as, or those of a logon session that it names.
//!
//! Holds: that choice. May use: `credentials`, `impersonation`, `logons`, `registry`, `spi`.
//! Must not touch: everything else.

use std::sync::Arc;

use super::credentials::{self, CredentialId, Entry};
use super::logons::{self, LogonId};
use super::{impersonation, registry};
use crate::spi::environment::Environment;
use crate::spi::error::{CallerFault, Error, Fault, LocalFault, Result};
use crate::spi::package::{
    AcquireRequest, Credential, Handshake, KdcProxySettings, Opening, PackageId, Usage,
};
use crate::spi::packed::Role;
use crate::spi::tickets::KerberosCalls;
use crate::spi::time::FileTime;

/// Makes a credential of a package (`AcquireCredentialsHandle`); `logon` is the number of a
/// session that the caller names. The configuration is read now and stays as it is for all that
/// the credential does.
pub fn acquire(
    package: PackageId,
    request: AcquireRequest,
    logon: Option<LogonId>,
) -> Result<(CredentialId, FileTime)> {
    let whose = whose(package, &request, logon)?;
    // Configuration, keytab and the like are the process's, whoever the thread acts as.
    let _process = impersonation::suspend();
    match whose {
        Whose::Process => credentials::acquire(package, request),
        Whose::Session(entry, fault) => {
            let session = of_session(package, request, entry).map_err(|why| {
                let story = why.story().unwrap_or("it has no such credential");
                Error::new(fault, format!("the session's client: {story}"))
            })?;
            let expiry = session.credential.expiry();
            Ok((credentials::insert(session)?, expiry))
        }
    }
}

/// Adds a credential to one of Negotiate's (`AddCredentials`). What a thread that acts as its
/// client adds must be an explicit identity.
pub fn add_credentials(
    id: CredentialId,
    package: PackageId,
    request: AcquireRequest,
) -> Result<FileTime> {
    credentials::find(id)?;
    if wants_defaults(package, &request) && impersonation::current_token().is_some() {
        let story = "a thread that acts as its client can add explicit identities only";
        return Err(Error::new(LocalFault::NoCredentials, story));
    }
    let _process = impersonation::suspend();
    credentials::add_credentials(id, package, request)
}

/// What the calling thread can go on with as the client that it acts as; `None` when it acts as
/// its process. Where the client left nothing, there is nothing: never what is the process's.
pub(super) fn of_thread() -> Result<Option<Entry>> {
    let Some(token) = impersonation::current_token() else { return Ok(None) };
    let logon = token.logon.ok_or_else(|| {
        let story = "the client that this thread acts as gave nothing to go on with";
        Error::new(LocalFault::NoCredentials, story)
    })?;
    logons::entry_of(logon).map(Some).map_err(|error| {
        let why = error.story().unwrap_or("the session is over");
        let story = format!("the client that this thread acts as cannot go on: {why}");
        Error::new(LocalFault::NoCredentials, story)
    })
}

enum Whose {
    /// The process, or an explicit identity.
    Process,
    /// A session of this process, and what it is when that cannot be had.
    Session(Entry, Fault),
}

fn whose(package: PackageId, request: &AcquireRequest, logon: Option<LogonId>) -> Result<Whose> {
    let unknown = CallerFault::UnknownCredentials;
    match logon {
        Some(_) if request.identity.is_some() || !request.usage.outbound => {
            let story = "another logon session is a client's, and has no pAuthData";
            Err(Error::new(unknown, story))
        }
        Some(logon) => Ok(Whose::Session(logons::entry_of(logon)?, unknown.into())),
        None if wants_defaults(package, request) => Ok(of_thread()?
            .map_or(Whose::Process, |entry| {
                Whose::Session(entry, LocalFault::NoCredentials.into())
            })),
        None => Ok(Whose::Process),
    }
}

/// Whether a client's default credentials are what is asked for.
fn wants_defaults(package: PackageId, request: &AcquireRequest) -> bool {
    // Negotiate then makes a handle that is good for what will be added to it.
    let none = package == PackageId::Negotiate && request.autologon_restricted;
    request.usage.outbound && request.identity.is_none() && !none
}

/// The credential of a session, for a package. A server's half is the process's.
fn of_session(package: PackageId, request: AcquireRequest, session: Entry) -> Result<Entry> {
    let Entry { package: holder, credential, environment } = session;
    check_name(request.principal.as_deref(), &*credential, &*environment)?;
    let credential = if holder == package {
        credential
    } else {
        check_list(&request, holder)?;
        registry::package(package)?.adopt(holder, credential)?
    };
    if request.policy_only {
        credential.ready(Role::Initiator, None, &*environment)?;
    }
    if !request.usage.inbound {
        return Ok(Entry { package, credential, environment });
    }
    let usage = Usage { inbound: true, outbound: false };
    let request = AcquireRequest { usage, principal: None, ..request };
    let server = registry::package(package)?.acquire(request, &*environment)?;
    let credential = Arc::new(Both { client: credential, server });
    Ok(Entry { package, credential, environment })
}

/// Who asks for credentials of one name gets no other's.
fn check_name(
    asked: Option<&str>,
    credential: &dyn Credential,
    env: &dyn Environment,
) -> Result<()> {
    let Some(asked) = asked.filter(|asked| !asked.is_empty()) else { return Ok(()) };
    let name = credential.name(env)?;
    let short = name.rsplit_once('@').map_or(&*name, |(short, _)| short);
    if asked.eq_ignore_ascii_case(&name) || asked.eq_ignore_ascii_case(short) {
        return Ok(());
    }
    let story = format!("the session is that of {name}, and not of {asked}");
    Err(Error::new(LocalFault::NoCredentials, story))
}

/// The packages that Negotiate may use must have the session's among them.
fn check_list(request: &AcquireRequest, holder: PackageId) -> Result<()> {
    let holder = registry::package_info(holder)?.name;
    let negotiate = registry::package_info(PackageId::Negotiate)?.name;
    let list = &request.packages;
    let all = list.only.iter().any(|item| item.eq_ignore_ascii_case(negotiate));
    if list.allows(holder) || all {
        return Ok(());
    }
    let story = format!("the session has credentials of {holder}, which the list excludes");
    Err(Error::new(LocalFault::NoCredentials, story))
}

/// A client's credential of a session and the process's as a server (`SECPKG_CRED_BOTH`).
struct Both {
    client: Arc<dyn Credential>,
    server: Arc<dyn Credential>,
}

impl Credential for Both {
    fn name(&self, env: &dyn Environment) -> Result<String> {
        self.client.name(env)
    }

    fn expiry(&self) -> FileTime {
        self.client.expiry()
    }

    fn set_kdc_proxy(&self, settings: KdcProxySettings) -> Result<()> {
        self.client.set_kdc_proxy(settings.clone())?;
        self.server.set_kdc_proxy(settings)
    }

    fn ready(&self, role: Role, target: Option<&str>, env: &dyn Environment) -> Result<()> {
        match role {
            Role::Initiator => self.client.ready(role, target, env),
            Role::Acceptor => self.server.ready(role, target, env),
        }
    }

    fn add(
        &self,
        package: PackageId,
        request: AcquireRequest,
        env: &dyn Environment,
    ) -> Result<()> {
        self.client.add(package, request, env)
    }

    fn kerberos_calls(&self) -> Option<&dyn KerberosCalls> {
        self.client.kerberos_calls()
    }

    fn initiate(&self, opening: Opening, env: &dyn Environment) -> Result<Box<dyn Handshake>> {
        self.client.initiate(opening, env)
    }

    fn accept(&self, opening: Opening, env: &dyn Environment) -> Result<Box<dyn Handshake>> {
        self.server.accept(opening, env)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spi::identity::{Identity, PackageList};

    /// What a client of a server delegated.
    struct Delegated;

    impl Credential for Delegated {
        fn name(&self, _env: &dyn Environment) -> Result<String> {
            Ok("alice@EXAMPLE.COM".to_owned())
        }

        fn initiate(&self, _: Opening, _: &dyn Environment) -> Result<Box<dyn Handshake>> {
            Err(Error::new(CallerFault::OutOfSequence, "the session's"))
        }

        fn accept(&self, _: Opening, _: &dyn Environment) -> Result<Box<dyn Handshake>> {
            Err(Error::new(CallerFault::OutOfSequence, "nobody asks the session"))
        }
    }

    fn session() -> LogonId {
        let environment = crate::lsa::environment().unwrap();
        logons::begin(PackageId::Kerberos, Arc::new(Delegated), None, environment)
    }

    fn client() -> AcquireRequest {
        let usage = Usage { inbound: false, outbound: true };
        AcquireRequest { usage, ..AcquireRequest::default() }
    }

    fn acquired(package: PackageId, request: AcquireRequest, logon: LogonId) -> Result<Arc<Entry>> {
        let (id, _) = acquire(package, request, Some(logon))?;
        let entry = credentials::find(id)?;
        credentials::release(id)?;
        Ok(entry)
    }

    #[test]
    fn a_session_gives_its_credential_and_is_not_needed_any_more() {
        let logon = session();
        let (id, _) = acquire(PackageId::Kerberos, client(), Some(logon)).unwrap();
        logons::release_logon(logon);
        assert_eq!(credentials::credential_name(id).unwrap(), "alice@EXAMPLE.COM");
        credentials::release(id).unwrap();
        let error = acquire(PackageId::Kerberos, client(), Some(logon)).unwrap_err();
        assert_eq!(error.fault(), CallerFault::UnknownCredentials.into());
    }

    #[test]
    fn only_for_the_sessions_client_by_its_package_and_without_an_identity() {
        let logon = session();
        let named = |name: &str| AcquireRequest { principal: Some(name.into()), ..client() };
        for name in ["", "alice", "ALICE@example.com"] {
            assert!(acquired(PackageId::Kerberos, named(name), logon).is_ok(), "{name}");
        }
        let listed = |name: &str| {
            let packages = PackageList { only: vec![name.into()], ..PackageList::default() };
            AcquireRequest { packages, ..client() }
        };
        assert!(acquired(PackageId::Negotiate, listed("kerberos"), logon).is_ok());
        let identity = Some(Identity::default());
        let inbound = Usage { inbound: true, outbound: false };
        for (package, request) in [
            (PackageId::Kerberos, named("bob")),
            (PackageId::Kerberos, named("alice@OTHER.COM")),
            (PackageId::Ntlm, client()),
            (PackageId::Negotiate, listed("ntlm")),
            (PackageId::Kerberos, AcquireRequest { identity, ..client() }),
            (PackageId::Kerberos, AcquireRequest { usage: inbound, ..client() }),
        ] {
            let error = acquired(package, request, logon).err().unwrap();
            assert_eq!(error.fault(), CallerFault::UnknownCredentials.into(), "{error}");
        }
        logons::release_logon(logon);
    }

    #[test]
    fn for_both_uses_the_session_asks_and_the_process_accepts() {
        let logon = session();
        let usage = Usage { inbound: true, outbound: true };
        for package in [PackageId::Kerberos, PackageId::Negotiate] {
            let request = AcquireRequest { usage, ..client() };
            let entry = acquired(package, request, logon).unwrap();
            assert_eq!(entry.credential.name(&*entry.environment).unwrap(), "alice@EXAMPLE.COM");
            assert!(entry.credential.accept(Opening::default(), &*entry.environment).is_ok());
        }
        let request = AcquireRequest { usage, ..client() };
        let entry = acquired(PackageId::Kerberos, request, logon).unwrap();
        let asked = entry.credential.initiate(Opening::default(), &*entry.environment);
        assert_eq!(asked.err().unwrap().story(), Some("the session's"));
        logons::release_logon(logon);
    }
}
