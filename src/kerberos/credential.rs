//! Credentials: who a client is, what it proves that with, the tickets that it has, and the keys
//! of a server.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::acceptor::{self, RingCache};
use super::account::Account;
use super::initiator;
use super::kdc::{self, Initial, Line};
use super::names::{self, ServiceRequest};
use super::s4u::Proxy;
use super::session::Session;
use super::tickets::Tickets;
use super::{enctypes, logon};
use crate::crypto::kerberos::Enctype;
use crate::spi::environment::Environment;
use crate::spi::error::{CallerFault, Error, LocalFault, PeerFault, Result};
use crate::spi::kerberos::{CachedTicket, CredentialCache, KerberosTime, KeytabEntry, Principal};
use crate::spi::package::{
    AcquireRequest, Credential, Handshake, KdcProxySettings, Opening, Usage,
};
use crate::spi::packed::Role;
use crate::spi::tickets::KerberosCalls;
use crate::spi::time::FileTime;

/// How long keys are used for which no KDC told the salt, in seconds.
const GUESSED_KEYS_LAST: i64 = 60;

/// A credential.
pub struct KerberosCredential {
    usage: Usage,
    /// The name that it was acquired for.
    principal: Option<Principal>,
    pub(super) owner: Owner,
    state: Mutex<State>,
    key_ring: RingCache,
}

/// Whose credential it is.
pub(super) enum Owner {
    /// The caller's cache, as it was when the credential was acquired, and its keytabs.
    Default(Result<Arc<dyn CredentialCache>>),
    /// An explicit identity's.
    Account(Box<Account>),
    /// A client's, who delegated its ticket.
    Delegated,
    /// A client's, in whose name a service goes on (S4U2Proxy).
    Proxy(Box<Proxy>),
}

/// What a credential learns. Nothing of it is shared with another credential. Nobody waits for a
/// network while holding it.
#[derive(Default)]
pub(super) struct State {
    /// The client, by the name that its KDC gave it.
    pub client: Option<Principal>,
    /// Its ticket-granting ticket.
    pub tgt: Option<Arc<CachedTicket>>,
    /// How far the KDCs' clock is ahead of ours, in seconds.
    pub offset: i64,
    /// When the password expires.
    pub password_expiry: Option<KerberosTime>,
    /// Tickets for services and of other realms.
    pub tickets: Tickets,
    /// The keys of a server, and until when they are good.
    keys: Option<(KerberosTime, Arc<Vec<KeytabEntry>>)>,
    proxy: Option<KdcProxySettings>,
    /// Up to which change of the caller's cache this is true.
    changes: u64,
}

/// How often calls of this process have changed a cache of the caller's.
static CHANGES: AtomicU64 = AtomicU64::new(0);

/// A ticket for a service, and what must be known to use it.
#[derive(Debug, Clone)]
pub struct ServiceTicket {
    /// The ticket. Its `OK-AS-DELEGATE` flag is set only if every realm on the way said so.
    pub ticket: Arc<CachedTicket>,
    /// How far the KDCs' clock is ahead of ours, in seconds.
    pub clock_offset: i64,
}

/// The keys of a server.
#[derive(Debug)]
pub struct AcceptorKeys {
    /// Where they come from, for the story.
    pub source: String,
    /// The keys; the same `Arc` as long as nothing has changed.
    pub entries: Arc<Vec<KeytabEntry>>,
    /// The only name that may be accepted, if the credential was acquired for one.
    pub principal: Option<Principal>,
    /// The keys are an account's, and so of each of its service names: the name in a ticket is
    /// not compared with the entries'.
    pub any_name: bool,
}

impl KerberosCredential {
    /// Takes an identity over. This is no logon; but the caller's cache is looked up here, so
    /// that it stays the same whoever the caller is later.
    pub fn new(request: AcquireRequest, env: &dyn Environment) -> Result<Self> {
        let principal = match request.principal.as_deref() {
            None | Some("") => None,
            Some(text) => Some(names::parse(text).ok_or_else(|| {
                let story = format!("{text:?} is not the name of a principal");
                Error::new(LocalFault::NoCredentials, story)
            })?),
        };
        let owner = if let Some(identity) = request.identity {
            Owner::Account(Box::new(Account::new(identity)?))
        } else {
            Owner::Default(cache_for(principal.as_ref().filter(|_| request.usage.outbound), env))
        };
        Ok(Self { principal, ..Self::of_owner(request.usage, owner) })
    }

    /// Of whom nothing is known yet.
    pub(super) fn of_owner(usage: Usage, owner: Owner) -> Self {
        let (state, key_ring) = (Mutex::default(), RingCache::default());
        Self { usage, principal: None, owner, state, key_ring }
    }

    /// Of a client whose name is known; it serves nobody.
    pub(super) fn of_client(
        client: Principal,
        tgt: Option<Arc<CachedTicket>>,
        owner: Owner,
    ) -> Self {
        let state = Mutex::new(State { client: Some(client), tgt, ..State::default() });
        let usage = Usage { inbound: false, outbound: true };
        Self { state, ..Self::of_owner(usage, owner) }
    }

    /// What a client delegated: its own ticket-granting ticket.
    pub fn from_delegation(client: Principal, tgt: CachedTicket) -> Self {
        Self::of_client(client, Some(Arc::new(tgt)), Owner::Delegated)
    }

    /// The client: by the name that its KDC gave it, or by the one that it will try first.
    pub fn client(&self, env: &dyn Environment) -> Result<Principal> {
        if let Owner::Default(cache) = &self.owner {
            return logon::default_client(self, cache, env);
        }
        if let Some(client) = self.state().client.clone() {
            return Ok(client);
        }
        let Owner::Account(account) = &self.owner else {
            return Err(LocalFault::NoCredentials.into());
        };
        let names = account.names(&Line::new(env, 0)?)?;
        let plain = names.iter().find(|name| !name.components.iter().any(|c| c.contains('@')));
        plain.or_else(|| names.first()).cloned().ok_or_else(|| LocalFault::NoCredentials.into())
    }

    /// The ticket-granting ticket of the client's realm.
    pub fn tgt(&self, env: &dyn Environment) -> Result<Arc<CachedTicket>> {
        if let Some(tgt) = self.remembered_tgt(env) {
            return Ok(tgt);
        }
        Session::open(self, env)?.tgt()
    }

    /// A ticket for a service: one that is there, or a new one.
    pub fn service_ticket(
        &self,
        target: &ServiceRequest,
        env: &dyn Environment,
    ) -> Result<ServiceTicket> {
        if let Some(found) = self.remembered(&target.name, env) {
            return Ok(found);
        }
        Session::open(self, env)?.service_ticket(target)
    }

    /// A ticket for a peer who has no key but that of its own ticket-granting ticket
    /// (`ENC-TKT-IN-SKEY`, RFC 4120 3.3.3). It is good for this peer's ticket only.
    pub fn user_to_user_ticket(
        &self,
        target: &ServiceRequest,
        peer_tgt: &[u8],
        env: &dyn Environment,
    ) -> Result<ServiceTicket> {
        Session::open(self, env)?.user_to_user_ticket(target, peer_tgt)
    }

    /// A ticket-granting ticket for a service to act with (`FORWARDED`), with a session key of
    /// the enctype that the service understands, if the KDC agrees.
    pub fn forwarded_tgt(&self, enctype: i32, env: &dyn Environment) -> Result<CachedTicket> {
        let tgt = self.tgt(env)?;
        let line = self.line(env)?;
        let allowed = enctypes::of_service_tickets(line.settings());
        kdc::forwarded_tgt(line, &tgt, Enctype::from_number(enctype), &allowed)
    }

    /// The way to KDCs, as this credential knows it.
    pub(super) fn line<'a>(&self, env: &'a dyn Environment) -> Result<Line<'a>> {
        let state = self.state();
        let only_by_proxy = state.proxy.as_ref().is_some_and(|proxy| proxy.force);
        Ok(Line { only_by_proxy, ..Line::new(env, state.offset)? })
    }

    /// The keys of a server.
    pub fn acceptor_keys(&self, env: &dyn Environment) -> Result<AcceptorKeys> {
        let (source, entries, any_name) = match &self.owner {
            Owner::Default(_) => {
                let keytab = env.kerberos()?.acceptor_keytab()?;
                (keytab.name(), keytab.entries()?, false)
            }
            Owner::Account(account) => {
                let entries = self.account_keys(account, env)?;
                ("the identity".to_owned(), entries, account.keytab().is_none())
            }
            Owner::Delegated | Owner::Proxy(_) => return Err(LocalFault::NoServiceKey.into()),
        };
        Ok(AcceptorKeys { source, entries, principal: self.principal.clone(), any_name })
    }

    /// What was derived of the keys of [`acceptor_keys`](Self::acceptor_keys).
    pub const fn key_ring(&self) -> &RingCache {
        &self.key_ring
    }

    /// When the client's password expires, as far as a KDC has told.
    pub fn password_expiry(&self) -> FileTime {
        let told = self.state().password_expiry;
        told.map_or(FileTime::NEVER, KerberosTime::to_file_time)
    }

    /// The name that the credential was acquired for.
    pub const fn principal(&self) -> Option<&Principal> {
        self.principal.as_ref()
    }

    /// What was learnt, to be looked at or added to at once. Tickets of the caller's cache are
    /// looked up anew once calls have changed it.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let changes = CHANGES.load(Ordering::Acquire);
        if state.changes != changes {
            state.changes = changes;
            if matches!(self.owner, Owner::Default(_)) {
                (state.tgt, state.tickets) = (None, Tickets::default());
            }
        }
        state
    }

    /// The caller's cache is another one now: no credential goes on with what it remembers.
    pub(super) fn cache_changed() {
        CHANGES.fetch_add(1, Ordering::AcqRel);
    }

    /// Remembers what an AS exchange gave.
    pub(super) fn logged_on(&self, initial: Initial) -> Arc<CachedTicket> {
        let tgt = Arc::new(initial.ticket);
        let mut state = self.state();
        state.client = Some(tgt.client.clone());
        state.tgt = Some(Arc::clone(&tgt));
        state.offset = initial.offset;
        state.password_expiry = initial.password_expiry;
        tgt
    }

    /// Whether there is something to prove with: a ticket, or a secret to get one by. Whether a
    /// KDC gives one only the KDC can say.
    pub(super) fn client_ready(&self, env: &dyn Environment) -> Result<()> {
        if self.remembered_tgt(env).is_some() {
            return Ok(());
        }
        match &self.owner {
            Owner::Default(_) => Session::open(self, env)?.has_ticket(),
            Owner::Account(account) => account.names(&self.line(env)?).map(drop),
            Owner::Delegated => {
                let story = "the ticket-granting ticket that was delegated has expired";
                Err(Error::new(PeerFault::TicketExpired, story))
            }
            Owner::Proxy(proxy) => proxy.ready(self.line(env)?.now(), env),
        }
    }

    /// Whether there is a key to verify tickets with, or a ticket to lend (user-to-user).
    fn server_ready(&self, env: &dyn Environment) -> Result<()> {
        let none = |story: String| Err(Error::new(LocalFault::NoServiceKey, story));
        let keys = match &self.owner {
            Owner::Default(_) => {
                let look = || self.acceptor_keys(env);
                let ignore_host = env.kerberos()?.settings().ignore_acceptor_hostname;
                match self.key_ring.can_serve(self.principal.as_ref(), ignore_host, look) {
                    Ok(false) => {
                        let keytab = env.kerberos()?.acceptor_keytab()?.name();
                        none(format!("there is no key for this service in {keytab}"))
                    }
                    good => good.map(drop),
                }
            }
            Owner::Account(account) => account.names(&self.line(env)?).map(drop),
            Owner::Delegated | Owner::Proxy(_) => {
                none("what was delegated has no key of a server".to_owned())
            }
        };
        let lends_tgt = || self.usage.outbound && self.client_ready(env).is_ok();
        keys.or_else(|error| if lends_tgt() { Ok(()) } else { Err(error) })
    }

    fn remembered(&self, asked: &Principal, env: &dyn Environment) -> Option<ServiceTicket> {
        let state = self.state();
        let now = KerberosTime(KerberosTime::of(env.now()).0.saturating_add(state.offset));
        let ticket = Arc::clone(state.tickets.find(asked, now)?);
        Some(ServiceTicket { ticket, clock_offset: state.offset })
    }

    fn remembered_tgt(&self, env: &dyn Environment) -> Option<Arc<CachedTicket>> {
        let state = self.state();
        let now = KerberosTime::of(env.now()).0.saturating_add(state.offset);
        state.tgt.clone().filter(|tgt| tgt.end_time.0 > now)
    }

    /// The keys of an account that serves: the KDC knows their salts.
    fn account_keys(
        &self,
        account: &Account,
        env: &dyn Environment,
    ) -> Result<Arc<Vec<KeytabEntry>>> {
        let now = KerberosTime::of(env.now());
        if let Some((until, keys)) = &self.state().keys
            && *until > now
        {
            return Ok(Arc::clone(keys));
        }
        let (keys, told) = logon::server_keys(account, &Line { offset: 0, ..self.line(env)? })?;
        let until = if told { i64::MAX } else { now.0.saturating_add(GUESSED_KEYS_LAST) };
        let keys = Arc::new(keys);
        self.state().keys = Some((KerberosTime(until), Arc::clone(&keys)));
        Ok(keys)
    }
}

/// The caller's cache: of the client that was asked for, or the one that is its default. That
/// there is none is found out when it is needed.
fn cache_for(
    principal: Option<&Principal>,
    env: &dyn Environment,
) -> Result<Arc<dyn CredentialCache>> {
    let host = env.kerberos()?;
    let Some(client) = principal else { return host.default_cache() };
    let client = logon::in_a_realm(client, host.settings());
    if let Some(cache) = host.cache_of(&client)? {
        return Ok(cache);
    }
    let default = host.default_cache()?;
    if default.principal().is_ok_and(|owner| owner != client) {
        let story = format!("no cache of the caller belongs to {}", names::unparse(&client));
        return Err(Error::new(LocalFault::NoCredentials, story));
    }
    Ok(default)
}

/// What is handed out: the credential, shared with its handshakes.
pub struct Shared(pub Arc<KerberosCredential>);

impl Credential for Shared {
    fn name(&self, env: &dyn Environment) -> Result<String> {
        if let (false, Some(principal)) = (self.0.usage.outbound, self.0.principal()) {
            return Ok(names::unparse(principal));
        }
        self.0.client(env).map(|client| names::unparse(&client))
    }

    fn expiry(&self) -> FileTime {
        if let Owner::Proxy(proxy) = &self.0.owner {
            return proxy.end().to_file_time();
        }
        let state = self.0.state();
        let tgt = state.tgt.as_ref();
        tgt.map_or(FileTime::NEVER, |tgt| tgt.end_time.to_file_time())
    }

    fn ready(&self, role: Role, _target: Option<&str>, env: &dyn Environment) -> Result<()> {
        env.kerberos()?;
        match role {
            Role::Initiator => self.0.client_ready(env),
            Role::Acceptor => self.0.server_ready(env),
        }
    }

    fn set_kdc_proxy(&self, settings: KdcProxySettings) -> Result<()> {
        self.0.state().proxy = Some(settings);
        Ok(())
    }

    fn kerberos_calls(&self) -> Option<&dyn KerberosCalls> {
        self.0.usage.outbound.then_some(self)
    }

    fn initiate(&self, opening: Opening, _env: &dyn Environment) -> Result<Box<dyn Handshake>> {
        acquired_for(self.0.usage.outbound, "outbound")?;
        Ok(Box::new(initiator::Start::new(Arc::clone(&self.0), opening)))
    }

    fn accept(&self, opening: Opening, _env: &dyn Environment) -> Result<Box<dyn Handshake>> {
        acquired_for(self.0.usage.inbound, "inbound")?;
        Ok(Box::new(acceptor::Start::new(Arc::clone(&self.0), opening)))
    }
}

fn acquired_for(allowed: bool, what: &str) -> Result<()> {
    if allowed {
        return Ok(());
    }
    let story = format!("the credential was not acquired for {what} use");
    Err(Error::new(CallerFault::UnknownCredentials, story))
}
