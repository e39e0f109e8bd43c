//! Credentials: who a client is, what it proves that with, the tickets that it has, and the keys
//! of a server.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::acceptor::{self, RingCache};
use super::initiator;
use super::names::{self, ServiceRequest};
use crate::spi::environment::Environment;
use crate::spi::error::{CallerFault, Error, LocalFault, Result};
use crate::spi::identity::{Identity, Proof};
use crate::spi::kerberos::{CachedTicket, Keytab, KeytabEntry, Principal};
use crate::spi::package::{AcquireRequest, Credential, Handshake, Opening, Usage};
use crate::spi::time::FileTime;

/// A credential.
pub struct KerberosCredential {
    usage: Usage,
    /// The name that it was acquired for: a server's own.
    principal: Option<Principal>,
    owner: Owner,
    state: Mutex<State>,
    key_ring: RingCache,
}

/// Whose credential it is.
enum Owner {
    /// The caller's cache and keytabs.
    Default,
    /// An explicit identity's.
    Explicit(Identity),
    /// A client's, who delegated its ticket.
    Delegated(Principal),
}

/// What a credential learns.
#[derive(Default)]
struct State {
    tgt: Option<Arc<CachedTicket>>,
}

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
    /// Takes an identity over. This is no logon.
    pub fn new(request: AcquireRequest, _env: &dyn Environment) -> Result<Self> {
        let principal = match request.principal.as_deref() {
            None | Some("") => None,
            Some(text) => Some(names::parse(text).ok_or_else(|| {
                let story = format!("{text:?} is not the name of a principal");
                Error::new(LocalFault::NoCredentials, story)
            })?),
        };
        let owner = request.identity.map_or(Owner::Default, Owner::Explicit);
        Ok(Self {
            usage: request.usage,
            principal,
            owner,
            state: Mutex::default(),
            key_ring: RingCache::default(),
        })
    }

    /// What a client delegated: its own ticket-granting ticket.
    pub fn from_delegation(client: Principal, tgt: CachedTicket) -> Self {
        let state = State { tgt: Some(Arc::new(tgt)) };
        Self {
            usage: Usage { inbound: false, outbound: true },
            principal: None,
            owner: Owner::Delegated(client),
            state: Mutex::new(state),
            key_ring: RingCache::default(),
        }
    }

    /// The client.
    pub fn client(&self, env: &dyn Environment) -> Result<Principal> {
        match &self.owner {
            Owner::Delegated(client) => Ok(client.clone()),
            Owner::Default => env.kerberos()?.default_cache()?.principal(),
            Owner::Explicit(_) => self.tgt(env).map(|tgt| tgt.client.clone()),
        }
    }

    /// The ticket-granting ticket of the client's realm.
    pub fn tgt(&self, env: &dyn Environment) -> Result<Arc<CachedTicket>> {
        if let Some(tgt) = &self.state().tgt {
            return Ok(Arc::clone(tgt));
        }
        let mut tickets = env.kerberos()?.default_cache()?.tickets()?.into_iter();
        let tgt = tickets.find(|ticket| names::tgs_realm(&ticket.server.components).is_some());
        tgt.map(Arc::new).ok_or_else(|| LocalFault::NoCredentials.into())
    }

    /// A ticket for a service: one that is there, or a new one.
    pub fn service_ticket(
        &self,
        target: &ServiceRequest,
        env: &dyn Environment,
    ) -> Result<ServiceTicket> {
        for ticket in env.kerberos()?.default_cache()?.tickets()? {
            if ticket.server.components == target.name.components && !ticket.is_session_key {
                return Ok(ServiceTicket { ticket: Arc::new(ticket), clock_offset: 0 });
            }
        }
        Err(LocalFault::NoCredentials.into())
    }

    /// A ticket for a peer who has no key but that of its own ticket-granting ticket
    /// (`ENC-TKT-IN-SKEY`, RFC 4120 3.3.3).
    pub fn user_to_user_ticket(
        &self,
        target: &ServiceRequest,
        peer_tgt: &[u8],
        env: &dyn Environment,
    ) -> Result<ServiceTicket> {
        for ticket in env.kerberos()?.default_cache()?.tickets()? {
            if ticket.server.components == target.name.components
                && ticket.second_ticket == peer_tgt
            {
                return Ok(ServiceTicket { ticket: Arc::new(ticket), clock_offset: 0 });
            }
        }
        Err(LocalFault::NoCredentials.into())
    }

    /// A ticket-granting ticket for a service to act with (`FORWARDED`), with a session key of
    /// the enctype that the service understands, if the KDC agrees.
    pub fn forwarded_tgt(&self, enctype: i32, env: &dyn Environment) -> Result<CachedTicket> {
        let _ = (enctype, env);
        Err(LocalFault::NoCredentials.into())
    }

    /// The keys of a server.
    pub fn acceptor_keys(&self, env: &dyn Environment) -> Result<AcceptorKeys> {
        match &self.owner {
            Owner::Default => {
                let keytab = env.kerberos()?.acceptor_keytab()?;
                self.keys_of(keytab.as_ref())
            }
            Owner::Explicit(identity) if matches!(identity.proof, Proof::None) => {
                Err(Error::new(LocalFault::NoServiceKey, "the identity has no key"))
            }
            Owner::Explicit(_) | Owner::Delegated(_) => Err(LocalFault::NoServiceKey.into()),
        }
    }

    /// What was derived of the keys of [`acceptor_keys`](Self::acceptor_keys).
    pub const fn key_ring(&self) -> &RingCache {
        &self.key_ring
    }

    /// When the client's password expires, as far as a KDC has told.
    pub const fn password_expiry(&self) -> FileTime {
        FileTime::NEVER
    }

    fn keys_of(&self, keytab: &dyn Keytab) -> Result<AcceptorKeys> {
        Ok(AcceptorKeys {
            source: keytab.name(),
            entries: keytab.entries()?,
            principal: self.principal.clone(),
            any_name: false,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is handed out: the credential, shared with its handshakes.
pub struct Shared(pub Arc<KerberosCredential>);

impl Credential for Shared {
    fn name(&self, env: &dyn Environment) -> Result<String> {
        self.0.client(env).map(|client| names::unparse(&client))
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
