//! A credential at work: what it remembers, what its cache has, and what the KDCs give.

use std::sync::Arc;

use super::credential::{KerberosCredential, Owner, ServiceTicket};
use super::kdc::{
    self, ForUser, Line, ProxyWanted, Purpose, SelfTicket, SelfWanted, Service, Wanted,
};
use super::names::{self, ServiceRequest};
use super::{enctypes, logon, tickets};
use crate::crypto::kerberos::Enctype;
use crate::spi::environment::Environment;
use crate::spi::error::{Error, LocalFault, PeerFault, Result};
use crate::spi::kerberos::{
    CachedTicket, CredentialCache, HostCanonicalization, KerberosTime, Principal,
};
use crate::wire::kerberos::EncodedTicket;
use crate::wire::kerberos::numbers::{kdc_options, name_type};

/// What a ticket must be like, beside being for its service.
#[derive(Debug, Clone, Copy, Default)]
pub struct Demands {
    /// `TicketFlags`
    pub flags: u32,
    /// The enctype of its session key.
    pub enctype: Option<Enctype>,
}

impl Demands {
    /// Whether a ticket is so.
    pub fn are_met(self, ticket: &CachedTicket) -> bool {
        ticket.flags & self.flags == self.flags
            && self.enctype.is_none_or(|enctype| enctype.number() == ticket.key.enctype)
    }

    /// The flags that a KDC can be asked for.
    const fn options(self) -> u32 {
        self.flags
            & (kdc_options::FORWARDABLE
                | kdc_options::FORWARDED
                | kdc_options::PROXIABLE
                | kdc_options::RENEWABLE)
    }
}

/// A credential at work.
pub struct Session<'a> {
    credential: &'a KerberosCredential,
    line: Line<'a>,
    enctypes: Vec<Enctype>,
    cache: Option<OpenCache<'a>>,
}

/// The caller's cache, read once.
struct OpenCache<'a> {
    cache: &'a dyn CredentialCache,
    /// `None`: there is no such cache yet.
    client: Option<Principal>,
    tickets: Vec<Arc<CachedTicket>>,
    /// Why there is nothing in it.
    empty: Option<Error>,
}

impl<'a> Session<'a> {
    /// Begins.
    pub fn open(credential: &'a KerberosCredential, env: &'a dyn Environment) -> Result<Self> {
        let mut line = credential.line(env)?;
        let enctypes = enctypes::of_service_tickets(line.settings());
        let cache = match &credential.owner {
            Owner::Default(cache) => {
                let cache = OpenCache::read(cache.as_ref().map_err(Clone::clone)?.as_ref());
                if let Some(offset) = cache.offset() {
                    line.offset = offset;
                    credential.state().offset = offset;
                }
                cache.adopt(credential);
                Some(cache)
            }
            Owner::Account(_) | Owner::Delegated | Owner::Proxy(_) => None,
        };
        Ok(Self { credential, line, enctypes, cache })
    }

    /// The client's ticket-granting ticket.
    pub fn tgt(&mut self) -> Result<Arc<CachedTicket>> {
        let known = self.credential.state().tgt.clone();
        if let Some(tgt) = known.filter(|tgt| tgt.end_time > self.line.now()) {
            return Ok(tgt);
        }
        match &self.credential.owner {
            Owner::Default(_) => self.default_tgt(),
            Owner::Account(account) => {
                let initial = logon::log_on(account, &self.line, Service::TicketGranting)?;
                self.line.offset = initial.offset;
                Ok(self.credential.logged_on(initial))
            }
            Owner::Delegated => {
                let story = "the ticket-granting ticket that was delegated has expired";
                Err(Error::new(PeerFault::TicketExpired, story))
            }
            Owner::Proxy(proxy) => Err(proxy.no_tgt()),
        }
    }

    /// Whether there is a ticket, or a keytab to get one by; no KDC is asked.
    pub fn has_ticket(&self) -> Result<()> {
        let Some(open) = &self.cache else { return Err(LocalFault::NoCredentials.into()) };
        let now = self.line.now();
        if open.tickets.iter().any(|ticket| ticket.end_time > now) {
            return Ok(());
        }
        let asked = self.credential.principal();
        match logon::keytab_client(asked, open.client.as_ref(), &self.line)? {
            Some(_) => Ok(()),
            None => Err(open.nothing(now)),
        }
    }

    /// A ticket for a service.
    pub fn service_ticket(&mut self, target: &ServiceRequest) -> Result<ServiceTicket> {
        let mut error = None;
        for name in self.ways_to_call(target) {
            match self.ticket_of(&name) {
                Ok(ticket) => {
                    let now = self.line.now();
                    self.credential.state().tickets.keep(&target.name, &ticket, now);
                    return Ok(ServiceTicket { ticket, clock_offset: self.line.offset });
                }
                Err(other) if logon::is_unknown(&other) => error = error.or(Some(other)),
                Err(other) => return Err(other),
            }
        }
        Err(error.unwrap_or_else(|| PeerFault::TargetUnknown.into()))
    }

    /// The ticket-granting ticket as the caller's cache has it now, whatever is remembered.
    pub fn current_tgt(&mut self) -> Result<Arc<CachedTicket>> {
        match &self.credential.owner {
            Owner::Default(_) => self.default_tgt(),
            Owner::Account(_) | Owner::Delegated | Owner::Proxy(_) => self.tgt(),
        }
    }

    /// A ticket like that that is there.
    pub fn find(&self, target: &ServiceRequest, demands: Demands) -> Option<Arc<CachedTicket>> {
        let names = self.ways_to_call(target);
        if self.cache.is_some() {
            let fits = |ticket: &CachedTicket| !ticket.is_session_key && demands.are_met(ticket);
            return names.iter().find_map(|name| self.in_cache_if(&name.name, fits));
        }
        let (now, state) = (self.line.now(), self.credential.state());
        let mut kept = state.tgt.iter().chain(state.tickets.all(now));
        let fits = |ticket: &&Arc<CachedTicket>| {
            ticket.end_time > now
                && names.iter().any(|name| tickets::is_for(ticket, &name.name))
                && demands.are_met(ticket)
        };
        kept.find(fits).cloned()
    }

    /// A ticket like that from the KDC, which is kept where that is wanted.
    pub fn fetch(
        &mut self,
        target: &ServiceRequest,
        demands: Demands,
        keep: bool,
    ) -> Result<ServiceTicket> {
        let only = demands.enctype.map(|enctype| vec![enctype]);
        let enctypes = only.unwrap_or_else(|| self.enctypes.clone());
        let mut error = None;
        for name in self.ways_to_call(target) {
            match self.obtain(&name, demands.options(), &enctypes, true) {
                Ok(ticket) => {
                    if keep {
                        let now = self.line.now();
                        self.credential.state().tickets.keep(&target.name, &ticket, now);
                        self.put_into_cache(&ticket);
                    }
                    return Ok(ServiceTicket { ticket, clock_offset: self.line.offset });
                }
                Err(other) if logon::is_unknown(&other) => error = error.or(Some(other)),
                Err(other) => return Err(other),
            }
        }
        Err(error.unwrap_or_else(|| PeerFault::TargetUnknown.into()))
    }

    /// How far the KDCs' clock is ahead of ours, in seconds.
    pub const fn clock_offset(&self) -> i64 {
        self.line.offset
    }

    /// A ticket in the session key of a peer's ticket-granting ticket.
    pub fn user_to_user_ticket(
        &mut self,
        target: &ServiceRequest,
        peer_tgt: &[u8],
    ) -> Result<ServiceTicket> {
        let issued = EncodedTicket(peer_tgt.to_vec()).parse()?;
        let realm = names::tgs_realm(&issued.sname.name_string).ok_or_else(|| {
            Error::new(PeerFault::NoTgtReply, "the peer's ticket is not a ticket-granting one")
        })?;
        let mut error = None;
        for server in self.peer_names(target, realm)? {
            match self.ticket_for_peer(&server, peer_tgt) {
                Err(other) if logon::is_unknown(&other) => error = error.or(Some(other)),
                other => return other,
            }
        }
        Err(error.unwrap_or_else(|| PeerFault::TargetUnknown.into()))
    }

    /// What a peer may be called: a name of its realm (`issuer` is that of its ticket-granting
    /// ticket), and, where what stands behind the `@` is no realm that krb5.conf knows, perhaps a
    /// user principal name, which our own KDC knows.
    fn peer_names(&mut self, target: &ServiceRequest, issuer: &str) -> Result<Vec<Principal>> {
        let mut name = target.name.clone();
        let upn = if names::known_realm(&name.realm, self.line.settings()).is_some() {
            None
        } else {
            names::enterprise(&name, &self.tgt()?.client.realm)
        };
        if name.realm.is_empty() {
            issuer.clone_into(&mut name.realm);
        }
        Ok([name].into_iter().chain(upn).collect())
    }

    fn ticket_for_peer(&mut self, server: &Principal, peer_tgt: &[u8]) -> Result<ServiceTicket> {
        if let Some(ticket) = self.in_cache_for_peer(server, peer_tgt) {
            return Ok(ServiceTicket { ticket, clock_offset: self.line.offset });
        }
        let tgt = self.tgt()?;
        let wanted = Wanted {
            server,
            fallback: None,
            options: 0,
            enctypes: &self.enctypes,
            purpose: Purpose::UserToUser(peer_tgt),
        };
        let (ticket, clock_offset) = kdc::service_ticket(self.line, self, &tgt, wanted)?;
        self.put_into_cache(&ticket);
        Ok(ServiceTicket { ticket: Arc::new(ticket), clock_offset })
    }

    /// S4U2Self: a ticket for `service`, which is ours, in a user's name. It is not kept.
    pub fn self_ticket(&mut self, service: &Principal, user: &ForUser) -> Result<SelfTicket> {
        let tgt = self.tgt()?;
        let wanted = SelfWanted { service, user, enctypes: &self.enctypes };
        let found = kdc::s4u2self(self.line, self, &tgt, wanted)?;
        self.learn(found.offset);
        Ok(found)
    }

    /// S4U2Proxy by our ticket-granting ticket: a ticket in the name of a client of ours, and the
    /// offset of the clocks. It is not kept.
    pub fn proxy_ticket(&mut self, wanted: ProxyWanted<'_>) -> Result<(CachedTicket, i64)> {
        let tgt = self.tgt()?;
        let (ticket, offset) = kdc::s4u2proxy(self.line, self, &tgt, wanted)?;
        self.learn(offset);
        Ok((ticket, offset))
    }

    /// A user in its realm, which for a user principal name only the KDCs know.
    pub fn realm_of_user(&self, user: Principal) -> Result<Principal> {
        if user.name_type != name_type::ENTERPRISE {
            return Ok(user);
        }
        kdc::find_client(&self.line, &user, &enctypes::of_initial_tickets(self.line.settings()))
    }

    /// The KDCs' time, as far as we know it.
    pub fn now(&self) -> KerberosTime {
        self.line.now()
    }

    /// The names of a service, by what krb5.conf says of canonical host names.
    fn ways_to_call(&self, target: &ServiceRequest) -> Vec<ServiceRequest> {
        let settings = self.line.settings();
        let canonical = || {
            let host = self.line.host.canonical_host(target.host()?)?;
            Some(target.on_host(&host, settings)).filter(|other| other != target)
        };
        match settings.canonicalize_hostname {
            HostCanonicalization::Never => vec![target.clone()],
            HostCanonicalization::Always => vec![canonical().unwrap_or_else(|| target.clone())],
            HostCanonicalization::Fallback => {
                [target.clone()].into_iter().chain(canonical()).collect()
            }
        }
    }

    fn ticket_of(&mut self, target: &ServiceRequest) -> Result<Arc<CachedTicket>> {
        if let Some(found) = self.in_cache(&target.name) {
            return Ok(found);
        }
        let ticket = self.obtain(target, 0, &self.enctypes.clone(), false)?;
        self.put_into_cache(&ticket);
        Ok(ticket)
    }

    /// Asks the KDCs: by the ticket-granting ticket, looked up anew or not, or in the name of the
    /// client that a service acts for.
    fn obtain(
        &mut self,
        target: &ServiceRequest,
        options: u32,
        enctypes: &[Enctype],
        anew: bool,
    ) -> Result<Arc<CachedTicket>> {
        let by_dns = |host| self.line.host.realm_of_host(host);
        let fallback = target.host().filter(|_| target.name.realm.is_empty());
        let fallback =
            fallback.and_then(|host| by_dns(host).or_else(|| names::realm_by_domain(host)));
        let (server, fallback) = (&target.name, fallback.as_deref());
        let (ticket, offset) = if let Owner::Proxy(proxy) = &self.credential.owner {
            proxy.ticket(server, fallback, enctypes, self.line.env)?
        } else {
            let tgt = if anew { self.current_tgt()? } else { self.tgt()? };
            let wanted = Wanted { server, fallback, options, enctypes, purpose: Purpose::Own };
            kdc::service_ticket(self.line, self, &tgt, wanted)?
        };
        self.learn(offset);
        Ok(Arc::new(ticket))
    }

    /// Remembers how far the KDCs' clock is ahead.
    fn learn(&mut self, offset: i64) {
        if offset != self.line.offset {
            self.line.offset = offset;
            self.credential.state().offset = offset;
        }
    }

    /// From the caller's cache, or by its keytab.
    fn default_tgt(&mut self) -> Result<Arc<CachedTicket>> {
        let Some(open) = &self.cache else { return Err(LocalFault::NoCredentials.into()) };
        if let Some(client) = &open.client {
            let realm = open.start_realm().unwrap_or_else(|| client.realm.clone());
            let server = names::krbtgt(&realm, &realm);
            if let Some(found) = self.in_cache(&server) {
                self.credential.state().tgt = Some(Arc::clone(&found));
                return Ok(found);
            }
        }
        let asked = self.credential.principal();
        let by_keytab =
            logon::by_client_keytab(asked, open.client.as_ref(), open.cache, &self.line)?;
        match by_keytab {
            Some(initial) => {
                self.line.offset = initial.offset;
                Ok(self.credential.logged_on(initial))
            }
            None => Err(open.nothing(self.line.now())),
        }
    }

    fn in_cache(&self, asked: &Principal) -> Option<Arc<CachedTicket>> {
        self.in_cache_if(asked, |ticket| !ticket.is_session_key)
    }

    /// A ticket in the session key of exactly this ticket-granting ticket.
    fn in_cache_for_peer(&self, asked: &Principal, peer_tgt: &[u8]) -> Option<Arc<CachedTicket>> {
        self.in_cache_if(asked, |ticket| ticket.is_session_key && ticket.second_ticket == peer_tgt)
    }

    fn in_cache_if(
        &self,
        asked: &Principal,
        wanted: impl Fn(&CachedTicket) -> bool,
    ) -> Option<Arc<CachedTicket>> {
        let open = self.cache.as_ref()?;
        let (now, skew) = (self.line.now(), self.line.settings().clock_skew);
        let fits = |ticket: &&Arc<CachedTicket>| {
            wanted(ticket)
                && tickets::is_for(ticket, asked)
                && open.client.as_ref() == Some(&ticket.client)
                && tickets::is_usable(ticket, now, skew, &self.enctypes)
        };
        let found = open.tickets.iter().filter(fits).max_by_key(|ticket| ticket.end_time)?;
        let (name, cache) = (names::unparse(asked), open.cache.name());
        self.line.host.trace(format_args!("a ticket for {name} is in {cache}"));
        Some(Arc::clone(found))
    }

    /// A cache that takes nothing is no reason to fail.
    fn put_into_cache(&self, ticket: &CachedTicket) {
        let Some(open) = &self.cache else { return };
        let (name, cache) = (names::unparse(&ticket.server), open.cache.name());
        match open.cache.store(ticket) {
            Ok(()) => self.line.host.trace(format_args!("the ticket for {name} goes into {cache}")),
            Err(error) => {
                let line = format_args!("{cache} takes no ticket for {name}: {error}");
                self.line.host.trace(line);
            }
        }
    }
}

/// Ticket-granting tickets of other realms.
impl kdc::Tickets for Session<'_> {
    fn find(&self, server: &Principal) -> Option<Arc<CachedTicket>> {
        let now = self.line.now();
        let kept = self.credential.state().tickets.find(server, now).cloned();
        kept.or_else(|| self.in_cache(server))
    }

    fn keep(&self, ticket: &Arc<CachedTicket>) {
        self.credential.state().tickets.keep(&ticket.server, ticket, self.line.now());
        self.put_into_cache(ticket);
    }
}

impl<'a> OpenCache<'a> {
    fn read(cache: &'a dyn CredentialCache) -> Self {
        let content = cache.principal().and_then(|client| Ok((client, cache.tickets()?)));
        match content {
            Ok((client, tickets)) => Self {
                cache,
                client: Some(client),
                tickets: tickets.into_iter().map(Arc::new).collect(),
                empty: None,
            },
            Err(error) => Self { cache, client: None, tickets: Vec::new(), empty: Some(error) },
        }
    }

    fn offset(&self) -> Option<i64> {
        let told = self.client.as_ref().and_then(|_| self.cache.time_offset().ok().flatten());
        told.map(i64::from)
    }

    /// Another client's tickets are not ours: the cache may have been made anew meanwhile.
    fn adopt(&self, credential: &KerberosCredential) {
        let Some(client) = &self.client else { return };
        let mut state = credential.state();
        if state.client.as_ref() != Some(client) {
            state.client = Some(client.clone());
            (state.tgt, state.tickets) = (None, tickets::Tickets::default());
        }
    }

    /// The realm of the ticket-granting ticket, where it is not the client's (MIT).
    fn start_realm(&self) -> Option<String> {
        String::from_utf8(self.cache.config("start_realm", None).ok().flatten()?).ok()
    }

    /// Why there is no ticket-granting ticket.
    fn nothing(&self, now: KerberosTime) -> Error {
        let name = self.cache.name();
        let Some(client) = &self.client else {
            let error = self.empty.clone().unwrap_or_else(|| LocalFault::NoCredentials.into());
            return error.context(format_args!("no ticket in {name}"));
        };
        let granting =
            |ticket: &&Arc<CachedTicket>| names::tgs_realm(&ticket.server.components).is_some();
        let last = self.tickets.iter().filter(granting).map(|ticket| ticket.end_time).max();
        let why = match last {
            None => "has no ticket-granting ticket".to_owned(),
            Some(end) if end <= now => {
                format!(
                    "has a ticket-granting ticket that expired {} seconds ago",
                    now.0.saturating_sub(end.0)
                )
            }
            Some(_) => "has no ticket-granting ticket that may be used".to_owned(),
        };
        let story = format!("{name} of {} {why}", names::unparse(client));
        Error::new(LocalFault::NoCredentials, story)
    }
}
