//! Logon sessions: the caller's own, those of users whom this process logged on, and what clients
//! delegated to this process's servers.
//!
//! Holds: the table of sessions, by number. May use: `credentials`, `impersonation`, `registry`, who the caller is, `spi`. Must not touch: everything else.
//!
//! A session lives as long as somebody has a share in it: the server's context that brought it, and
//! every token. A credential that was acquired from a session goes on without it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use super::credentials::Entry;
use super::{Caller, impersonation, registry};
use crate::spi::environment::Environment;
use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::logon::LoggedOn;
use crate::spi::package::{Credential, PackageId};
use crate::spi::sid::Sid;
use crate::spi::time::FileTime;
use crate::spi::token::ClientIdentity;

/// Names a logon session: what Windows calls a LUID.
pub type LogonId = u64;

/// `SECURITY_LOGON_TYPE`, as far as a session can have it here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum LogonType {
    /// Somebody at a terminal.
    Interactive = 2,
    /// A client of a server.
    Network = 3,
    /// A job.
    Batch = 4,
    /// A service.
    Service = 5,
    /// The owner of a locked terminal.
    Unlock = 7,
    /// A client of a server that passed its password on.
    NetworkCleartext = 8,
    /// Somebody at a terminal elsewhere.
    RemoteInteractive = 10,
}

impl LogonType {
    /// Whether the token that it gives is one to impersonate with and not one to start
    /// processes with.
    pub const fn impersonates(self) -> bool {
        matches!(self, Self::Network | Self::NetworkCleartext)
    }
}

/// What is known of a session (`SECURITY_LOGON_SESSION_DATA`). Times are UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionData {
    /// Its number.
    pub logon: LogonId,
    /// The account.
    pub user: String,
    /// Its domain or realm.
    pub domain: String,
    /// The name of the package that vouches for it.
    pub package: &'static str,
    /// How it began.
    pub logon_type: LogonType,
    /// The kernel's login session; 0 is none.
    pub login_session: u32,
    /// When it began; 0 when nobody knows.
    pub logon_time: FileTime,
    /// The authority that was asked, if it was another machine and is known.
    pub logon_server: Option<String>,
    /// The DNS name of the domain, where it is known.
    pub dns_domain: Option<String>,
    /// `user@realm`, where there is one.
    pub upn: Option<String>,
    /// `LOGON_*`
    pub user_flags: u32,
    /// When its tickets end.
    pub logoff_time: FileTime,
    /// When the password must be changed.
    pub password_must_change: FileTime,
    /// The account's, where a domain vouches for it.
    pub sid: Option<Sid>,
    /// When whoever is logged on must leave.
    pub kickoff_time: FileTime,
    /// When the password was changed last; 0 when nobody knows.
    pub password_last_set: FileTime,
}

/// The number of the caller's own session: that of the client whom the thread acts as, where there
/// is one.
pub fn own_logon() -> LogonId {
    let client = impersonation::current_token().and_then(|token| token.logon);
    client.unwrap_or_else(|| Caller::current().logon())
}

/// The numbers of all sessions, the caller's own first.
pub fn logons() -> Vec<LogonId> {
    let own = own_logon();
    let mut list = vec![own];
    list.extend(sessions().keys().filter(|&&logon| logon != own));
    list
}

/// What is known of a session.
pub fn logon_data(logon: LogonId) -> Result<SessionData> {
    let caller = Caller::current();
    if logon != caller.logon() {
        return Ok(find(logon)?.data);
    }
    match impersonation::current_token() {
        Some(token) => {
            let data = SessionData::of_client(&token.client, token.package, token.start);
            Ok(SessionData { logon, logoff_time: token.expiry, ..data })
        }
        None => own_data(&caller),
    }
}

/// Gives up the share that a context has in the session that it brought. The session ends with
/// the last share.
pub fn release_logon(logon: LogonId) {
    let ended = {
        let mut sessions = sessions();
        let Some(session) = sessions.get_mut(&logon) else { return };
        session.shares = session.shares.saturating_sub(1);
        if session.shares == 0 { sessions.remove(&logon) } else { None }
    };
    // What it holds goes while nobody waits for the lock.
    drop(ended);
}

/// A share in a session, given up when it is dropped.
#[derive(Debug)]
pub(super) struct Share(LogonId);

impl Share {
    /// One share more; `None` when the session is over.
    pub fn of(logon: LogonId) -> Option<Self> {
        let mut sessions = sessions();
        let session = sessions.get_mut(&logon)?;
        session.shares = session.shares.checked_add(1)?;
        Some(Self(logon))
    }

    /// The session.
    pub const fn logon(&self) -> LogonId {
        self.0
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        release_logon(self.0);
    }
}

/// Begins a session of a server's client, with what the server can go on with in its name; the one
/// share in it is the context's.
pub(super) fn begin(
    package: PackageId,
    credential: Arc<dyn Credential>,
    client: Option<&ClientIdentity>,
    environment: Arc<dyn Environment>,
) -> LogonId {
    let data = if let Some(client) = client {
        SessionData::of_client(client, package, environment.now())
    } else {
        let name = credential.name(&*environment).unwrap_or_default();
        let (user, realm) = name.rsplit_once('@').unwrap_or((&name, ""));
        let (user, domain) = (user.to_owned(), realm.to_owned());
        let upn = Some(name).filter(|_| !domain.is_empty());
        let known = SessionData::new(user, domain, package, LogonType::Network, environment.now());
        SessionData { upn, ..known }
    };
    let data = SessionData { logoff_time: credential.expiry(), ..data };
    insert(data, Some(Entry { package, credential, environment }))
}

/// Begins the session of a user who was logged on.
pub(super) fn begin_logged_on(
    who: &LoggedOn,
    logon_type: LogonType,
    environment: Arc<dyn Environment>,
) -> Share {
    let data = SessionData {
        logon_type,
        logon_server: who.logon_server.clone(),
        user_flags: who.user_flags,
        logoff_time: who.logoff_time,
        password_must_change: who.password_must_change,
        ..SessionData::of_client(&who.client, who.package, environment.now())
    };
    let entry = who.credential.as_ref().map(|credential| Entry {
        package: who.package,
        credential: Arc::clone(credential),
        environment,
    });
    Share(insert(data, entry))
}

/// What a session of this process can go on with as a client.
pub(super) fn entry_of(logon: LogonId) -> Result<Entry> {
    find(logon)?.entry.ok_or_else(|| {
        let story = format!("logon session {logon:#x} holds nothing to go on with");
        Error::new(CallerFault::UnknownCredentials, story)
    })
}

impl SessionData {
    /// That of a server's client.
    pub(super) fn of_client(client: &ClientIdentity, package: PackageId, since: FileTime) -> Self {
        let (user, domain) = (client.account.clone(), client.domain.clone());
        let data = Self {
            dns_domain: client.dns_domain.clone(),
            upn: client.upn.clone(),
            ..Self::new(user, domain, package, LogonType::Network, since)
        };
        let Some(known) = &client.authorization else { return data };
        let server = Some(&known.logon_server).filter(|server| !server.is_empty());
        // 0 is "not set".
        let must_change = Some(known.password_must_change).filter(|time| *time != FileTime(0));
        Self {
            sid: known.user.clone(),
            logon_server: server.cloned(),
            user_flags: known.user_flags,
            kickoff_time: known.kickoff_time,
            password_last_set: known.password_last_set,
            password_must_change: must_change.unwrap_or(FileTime::NEVER),
            ..data
        }
    }

    fn new(
        user: String,
        domain: String,
        package: PackageId,
        logon_type: LogonType,
        logon_time: FileTime,
    ) -> Self {
        Self {
            logon: 0,
            user,
            domain,
            package: registry::package_info(package).map_or("", |info| info.name),
            logon_type,
            login_session: 0,
            logon_time,
            logon_server: None,
            dns_domain: None,
            upn: None,
            user_flags: 0,
            logoff_time: FileTime::NEVER,
            password_must_change: FileTime::NEVER,
            sid: None,
            kickoff_time: FileTime::NEVER,
            password_last_set: FileTime(0),
        }
    }
}

/// The caller's own session: the owner of its default cache, and where it has none, its user.
fn own_data(caller: &Caller) -> Result<SessionData> {
    let environment = super::environment()?;
    let cache =
        environment.kerberos().and_then(super::super::spi::kerberos::KerberosHost::default_cache);
    let logon_type = match caller.login_session {
        Some(_) => LogonType::Interactive,
        None => LogonType::Service,
    };
    let data = if let Ok(client) = cache.and_then(|cache| cache.principal()) {
        let user = client.components.join("/");
        let upn = Some(format!("{user}@{}", client.realm));
        let kerberos = PackageId::Kerberos;
        let dns_domain = Some(client.realm.to_ascii_lowercase());
        let known = SessionData::new(user, client.realm, kerberos, logon_type, FileTime(0));
        SessionData { dns_domain, upn, ..known }
    } else {
        let user = caller.name.clone().unwrap_or_else(|| caller.user.to_string());
        let domain = environment.machine().netbios_domain.clone();
        SessionData::new(user, domain, PackageId::Negotiate, logon_type, FileTime(0))
    };
    let login_session = caller.login_session.unwrap_or(0);
    Ok(SessionData { logon: caller.logon(), login_session, ..data })
}

/// A session of this process.
#[derive(Clone)]
struct Session {
    data: SessionData,
    entry: Option<Entry>,
    /// How many hold it; it is gone with the last.
    shares: usize,
}

type Sessions = BTreeMap<LogonId, Session>;

fn insert(mut data: SessionData, entry: Option<Entry>) -> LogonId {
    // Windows' own sessions have numbers below 0x10000.
    static NEXT: AtomicU64 = AtomicU64::new(0x1_0000);
    let logon = NEXT.fetch_add(1, Ordering::Relaxed);
    data.logon = logon;
    sessions().insert(logon, Session { data, entry, shares: 1 });
    logon
}

fn find(logon: LogonId) -> Result<Session> {
    sessions().get(&logon).cloned().ok_or_else(|| {
        let story = format!("there is no logon session {logon:#x} of this process");
        Error::new(CallerFault::UnknownCredentials, story)
    })
}

fn sessions() -> MutexGuard<'static, Sessions> {
    static SESSIONS: LazyLock<Mutex<Sessions>> = LazyLock::new(Mutex::default);
    // Nothing under this lock can leave the map half changed.
    SESSIONS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::spi::package::{Handshake, Opening};
    use crate::spi::token::Authorization;

    struct Delegated;

    impl Credential for Delegated {
        fn name(&self, _env: &dyn Environment) -> Result<String> {
            Ok("zo@e@EXAMPLE.COM".to_owned())
        }

        fn initiate(&self, _: Opening, _: &dyn Environment) -> Result<Box<dyn Handshake>> {
            Err(CallerFault::Unsupported.into())
        }

        fn accept(&self, _: Opening, _: &dyn Environment) -> Result<Box<dyn Handshake>> {
            Err(CallerFault::Unsupported.into())
        }
    }

    /// A session of what a client delegated; the context's share is the caller's.
    pub fn begin(environment: Arc<dyn Environment>) -> LogonId {
        super::begin(PackageId::Kerberos, Arc::new(Delegated), None, environment)
    }

    #[test]
    fn what_was_delegated_is_a_session_until_it_ends() {
        let environment = super::super::environment().unwrap();
        let logon = begin(environment);
        assert!(logons().contains(&logon) && logons().first() == Some(&own_logon()));
        let data = logon_data(logon).unwrap();
        assert_eq!((data.logon, &*data.user, &*data.domain), (logon, "zo@e", "EXAMPLE.COM"));
        assert_eq!((data.package, data.logon_type), ("Kerberos", LogonType::Network));
        assert_eq!(data.upn.as_deref(), Some("zo@e@EXAMPLE.COM"));
        assert!(entry_of(logon).is_ok());
        let share = Share::of(logon).unwrap();
        release_logon(logon);
        assert_eq!(logon_data(share.logon()).unwrap(), data, "somebody has a share still");
        drop(share);
        assert!(!logons().contains(&logon) && Share::of(logon).is_none());
        for error in [logon_data(logon).err(), entry_of(logon).err()] {
            assert_eq!(error.unwrap().fault(), CallerFault::UnknownCredentials.into());
        }
    }

    #[test]
    fn what_the_domain_says_of_a_client_is_in_its_session() {
        let user: Sid = "S-1-5-21-1-2-3-1104".parse().unwrap();
        let authorization = Authorization {
            user: Some(user.clone()),
            logon_server: "DC1".into(),
            password_last_set: FileTime(7),
            kickoff_time: FileTime(9),
            ..Authorization::default()
        };
        let client = ClientIdentity {
            account: "alice".into(),
            domain: "ADDOM".into(),
            authorization: Some(authorization),
            ..ClientIdentity::default()
        };
        let data = SessionData::of_client(&client, PackageId::Kerberos, FileTime(1));
        assert_eq!((&*data.user, &*data.domain, data.sid), ("alice", "ADDOM", Some(user)));
        assert_eq!(data.logon_server.as_deref(), Some("DC1"));
        assert_eq!((data.password_last_set, data.kickoff_time), (FileTime(7), FileTime(9)));
        // 0 is "not set", and no time in the past.
        assert_eq!(data.password_must_change, FileTime::NEVER);
    }

    #[test]
    fn the_callers_own_session_has_a_name() {
        let data = logon_data(own_logon()).unwrap();
        assert_eq!(data.logon, own_logon());
        assert!(!data.user.is_empty() && !data.domain.is_empty());
    }
}
