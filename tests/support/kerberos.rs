//! The machine as Kerberos sees it, in memory: krb5.conf, caches, keytabs, the replay cache, and
//! a KDC that is whatever closure the test gives.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use secur32::spi::error::{Error, LocalFault, Result};
use secur32::spi::kerberos::{
    CachedTicket, CredentialCache, Freshness, KdcAnswer, KdcRequest, KerberosHost,
    KerberosSettings, KerberosTime, KeyBlock, Keytab, KeytabEntry, Principal, ReplayCache,
};
use secur32::spi::secret::SecretBytes;

/// Answers requests.
pub type Exchange = dyn Fn(&KdcRequest<'_>) -> Result<KdcAnswer> + Send + Sync;

/// The machine.
pub struct FixedKerberos {
    pub settings: KerberosSettings,
    pub default_cache: Arc<FixedCache>,
    pub caches: Mutex<HashMap<String, Arc<FixedCache>>>,
    pub keytab: Arc<FixedKeytab>,
    pub client_keytab: Option<Arc<FixedKeytab>>,
    pub replays: FixedReplays,
    /// What DNS says: host, and its canonical name.
    pub canonical_hosts: HashMap<String, String>,
    exchange: Box<Exchange>,
    traced: Mutex<Vec<String>>,
}

impl FixedKerberos {
    /// A machine of the realm `EXAMPLE.COM` that reaches no KDC and has no tickets and no keys.
    pub fn new() -> Self {
        let settings = KerberosSettings {
            default_realm: Some("EXAMPLE.COM".into()),
            ..KerberosSettings::default()
        };
        Self {
            settings,
            default_cache: Arc::new(FixedCache::new("MEMORY:default")),
            caches: Mutex::default(),
            keytab: Arc::new(FixedKeytab::default()),
            client_keytab: None,
            replays: FixedReplays::default(),
            canonical_hosts: HashMap::new(),
            exchange: Box::new(|request| {
                let story = format!("no KDC of {} is there", request.realm);
                Err(Error::new(LocalFault::NoAuthority, story))
            }),
            traced: Mutex::default(),
        }
    }

    pub fn with_settings(mut self, change: impl FnOnce(&mut KerberosSettings)) -> Self {
        change(&mut self.settings);
        self
    }

    pub fn with_exchange(
        mut self,
        exchange: impl Fn(&KdcRequest<'_>) -> Result<KdcAnswer> + Send + Sync + 'static,
    ) -> Self {
        self.exchange = Box::new(exchange);
        self
    }

    /// What was traced so far.
    pub fn traced(&self) -> String {
        self.traced.lock().unwrap().join("\n")
    }
}

impl KerberosHost for FixedKerberos {
    fn settings(&self) -> &KerberosSettings {
        &self.settings
    }

    fn exchange(&self, request: &KdcRequest<'_>) -> Result<KdcAnswer> {
        (self.exchange)(request)
    }

    fn default_cache(&self) -> Result<Arc<dyn CredentialCache>> {
        Ok(Arc::clone(&self.default_cache) as Arc<dyn CredentialCache>)
    }

    fn cache(&self, name: &str) -> Result<Arc<dyn CredentialCache>> {
        let mut caches = self.caches.lock().unwrap();
        let cache =
            caches.entry(name.to_owned()).or_insert_with(|| Arc::new(FixedCache::new(name)));
        Ok(Arc::clone(cache) as Arc<dyn CredentialCache>)
    }

    fn cache_of(&self, client: &Principal) -> Result<Option<Arc<dyn CredentialCache>>> {
        let caches = self.caches.lock().unwrap();
        let mut all = caches.values().chain([&self.default_cache]);
        let found = all.find(|cache| cache.principal().is_ok_and(|owner| owner == *client));
        Ok(found.map(|cache| Arc::clone(cache) as Arc<dyn CredentialCache>))
    }

    fn acceptor_keytab(&self) -> Result<Arc<dyn Keytab>> {
        Ok(Arc::clone(&self.keytab) as Arc<dyn Keytab>)
    }

    fn client_keytab(&self) -> Result<Option<Arc<dyn Keytab>>> {
        let keytab = self.client_keytab.as_ref();
        Ok(keytab.map(|keytab| Arc::clone(keytab) as Arc<dyn Keytab>))
    }

    fn replay_cache(&self) -> &dyn ReplayCache {
        &self.replays
    }

    fn canonical_host(&self, host: &str) -> Option<String> {
        self.canonical_hosts.get(host).cloned()
    }

    fn trace(&self, line: fmt::Arguments<'_>) {
        self.traced.lock().unwrap().push(line.to_string());
    }
}

/// A credential cache; without a client it is as good as not there.
pub struct FixedCache {
    name: String,
    content: Mutex<Content>,
}

#[derive(Default)]
struct Content {
    client: Option<Principal>,
    tickets: Vec<CachedTicket>,
    config: HashMap<(String, Option<Principal>), Vec<u8>>,
    offset: Option<i32>,
}

impl FixedCache {
    pub fn new(name: &str) -> Self {
        Self { name: name.into(), content: Mutex::default() }
    }

    pub fn set_time_offset(&self, seconds: i32) {
        self.content.lock().unwrap().offset = Some(seconds);
    }
}

impl CredentialCache for FixedCache {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn principal(&self) -> Result<Principal> {
        let client = self.content.lock().unwrap().client.clone();
        client.ok_or_else(|| {
            Error::new(LocalFault::NoCredentials, format!("there is no cache {}", self.name))
        })
    }

    fn tickets(&self) -> Result<Vec<CachedTicket>> {
        self.principal()?;
        Ok(self.content.lock().unwrap().tickets.iter().map(duplicate).collect())
    }

    fn store(&self, ticket: &CachedTicket) -> Result<()> {
        self.principal()?;
        self.content.lock().unwrap().tickets.push(duplicate(ticket));
        Ok(())
    }

    fn initialize(&self, client: &Principal, tickets: &[CachedTicket]) -> Result<()> {
        *self.content.lock().unwrap() = Content {
            client: Some(client.clone()),
            tickets: tickets.iter().map(duplicate).collect(),
            ..Content::default()
        };
        Ok(())
    }

    fn remove(&self, which: &dyn Fn(&CachedTicket) -> bool) -> Result<usize> {
        self.principal()?;
        let tickets = &mut self.content.lock().unwrap().tickets;
        let before = tickets.len();
        tickets.retain(|ticket| !which(ticket));
        Ok(before - tickets.len())
    }

    fn time_offset(&self) -> Result<Option<i32>> {
        Ok(self.content.lock().unwrap().offset)
    }

    fn config(&self, key: &str, server: Option<&Principal>) -> Result<Option<Vec<u8>>> {
        let content = self.content.lock().unwrap();
        Ok(content.config.get(&(key.to_owned(), server.cloned())).cloned())
    }

    fn set_config(&self, key: &str, server: Option<&Principal>, value: &[u8]) -> Result<()> {
        let mut content = self.content.lock().unwrap();
        content.config.insert((key.to_owned(), server.cloned()), value.to_vec());
        Ok(())
    }
}

/// A second copy of a ticket.
pub fn duplicate(ticket: &CachedTicket) -> CachedTicket {
    CachedTicket {
        client: ticket.client.clone(),
        server: ticket.server.clone(),
        key: ticket.key.duplicate(),
        addresses: ticket.addresses.clone(),
        authorization_data: ticket.authorization_data.clone(),
        ticket: ticket.ticket.clone(),
        second_ticket: ticket.second_ticket.clone(),
        ..*ticket
    }
}

/// A keytab that can be changed.
#[derive(Default)]
pub struct FixedKeytab(Mutex<Arc<Vec<KeytabEntry>>>);

impl FixedKeytab {
    pub fn new(entries: Vec<KeytabEntry>) -> Self {
        Self(Mutex::new(Arc::new(entries)))
    }

    /// Another content: the `Arc` is another one, too.
    pub fn replace(&self, entries: Vec<KeytabEntry>) {
        *self.0.lock().unwrap() = Arc::new(entries);
    }
}

impl Keytab for FixedKeytab {
    fn name(&self) -> String {
        "MEMORY:keytab".into()
    }

    fn entries(&self) -> Result<Arc<Vec<KeytabEntry>>> {
        Ok(Arc::clone(&self.0.lock().unwrap()))
    }
}

/// An entry of a keytab.
pub fn keytab_entry(principal: Principal, kvno: u32, enctype: i32, key: &[u8]) -> KeytabEntry {
    let key = KeyBlock { enctype, value: SecretBytes::new(key.to_vec()) };
    KeytabEntry { principal, timestamp: 0, kvno, key }
}

/// `component/component@REALM`; the name type is that of a service if there are two.
pub fn principal(text: &str) -> Principal {
    let (name, realm) = text.split_once('@').unwrap_or((text, ""));
    let components: Vec<String> = name.split('/').map(str::to_owned).collect();
    let name_type = if components.len() == 2 { 2 } else { 1 };
    Principal { name_type, components, realm: realm.into() }
}

/// Remembers every authenticator.
#[derive(Default)]
pub struct FixedReplays {
    seen: Mutex<HashMap<[u8; 12], KerberosTime>>,
    broken: Mutex<bool>,
}

impl FixedReplays {
    pub fn break_it(&self) {
        *self.broken.lock().unwrap() = true;
    }

    pub fn len(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

impl ReplayCache for FixedReplays {
    fn remember(&self, tag: &[u8; 12], now: KerberosTime, skew: Duration) -> Result<Freshness> {
        if *self.broken.lock().unwrap() {
            let story = "the replay cache is broken";
            return Err(Error::new(LocalFault::NoReplayCache, story));
        }
        // An authenticator may be early by the skew, and is then good for twice as long.
        let good_for = i64::try_from(2 * skew.as_secs()).unwrap();
        let before = self.seen.lock().unwrap().insert(*tag, now);
        if before.is_some_and(|at| at.0.saturating_add(good_for) >= now.0) {
            return Ok(Freshness::Replayed);
        }
        Ok(Freshness::Fresh)
    }
}
