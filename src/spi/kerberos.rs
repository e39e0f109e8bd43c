//! The values of Kerberos that more than one room speaks of, and what a package asks of the
//! machine: KDCs, caches, keytabs, the replay cache, krb5.conf.

use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use super::error::{CallerFault, Error, Result};
use super::secret::SecretBytes;
use super::time::FileTime;

/// A principal: a name and its realm (RFC 4120 6). Two are equal when realm and components are;
/// the name type is a hint (RFC 4120 6.2).
#[derive(Debug, Clone, Eq)]
pub struct Principal {
    /// `name-type`.
    pub name_type: i32,
    /// `name-string`.
    pub components: Vec<String>,
    /// The realm; empty asks the KDC for a referral.
    pub realm: String,
}

impl PartialEq for Principal {
    fn eq(&self, other: &Self) -> bool {
        self.realm == other.realm && self.components == other.components
    }
}

/// `component/component@REALM`, without `@` when the realm is empty; separators and control
/// characters within a part are escaped as MIT does it, so that two principals never have the
/// same text.
impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, component) in self.components.iter().enumerate() {
            f.write_str(if number > 0 { "/" } else { "" })?;
            escape(f, component)?;
        }
        if self.realm.is_empty() {
            return Ok(());
        }
        f.write_str("@")?;
        escape(f, &self.realm)
    }
}

fn escape(f: &mut fmt::Formatter<'_>, part: &str) -> fmt::Result {
    part.chars().try_for_each(|c| match c {
        '/' | '@' | '\\' => write!(f, "\\{c}"),
        '\n' => f.write_str("\\n"),
        '\t' => f.write_str("\\t"),
        '\u{8}' => f.write_str("\\b"),
        '\0' => f.write_str("\\0"),
        _ => f.write_char(c),
    })
}

impl Hash for Principal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.realm.hash(state);
        self.components.hash(state);
    }
}

/// Seconds since 1970, UTC; `KerberosTime` without its notation (RFC 4120 5.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct KerberosTime(pub i64);

impl KerberosTime {
    /// The whole seconds of a time of Windows.
    pub const fn of(time: FileTime) -> Self {
        Self((time.0 / 10_000_000).cast_signed() - 11_644_473_600)
    }

    /// The time as Windows counts it; times before 1601 are the beginning.
    pub fn to_file_time(self) -> FileTime {
        let seconds = self.0.saturating_add(11_644_473_600).max(0).unsigned_abs();
        FileTime(seconds.saturating_mul(10_000_000).min(FileTime::NEVER.0))
    }
}

/// A key with its enctype (`EncryptionKey`, RFC 4120 5.2.9).
#[derive(Debug, PartialEq, Eq)]
pub struct KeyBlock {
    /// `keytype`.
    pub enctype: i32,
    /// `keyvalue`.
    pub value: SecretBytes,
}

impl KeyBlock {
    /// A second copy, where two owners are really needed.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self { enctype: self.enctype, value: self.value.duplicate() }
    }
}

/// A ticket with its session key: what caches hold.
#[derive(Debug, PartialEq, Eq)]
pub struct CachedTicket {
    /// The client.
    pub client: Principal,
    /// The server, as it was asked for.
    pub server: Principal,
    /// The session key.
    pub key: KeyBlock,
    /// `authtime`.
    pub auth_time: KerberosTime,
    /// `starttime`.
    pub start_time: KerberosTime,
    /// `endtime`.
    pub end_time: KerberosTime,
    /// `renew-till`; 0 when the ticket is not renewable.
    pub renew_till: KerberosTime,
    /// The ticket is encrypted in the session key of `second_ticket` (user-to-user).
    pub is_session_key: bool,
    /// `TicketFlags`, bit 0 of the protocol being the highest.
    pub flags: u32,
    /// Addresses: type and bytes.
    pub addresses: Vec<(i32, Vec<u8>)>,
    /// Authorisation data: type and bytes.
    pub authorization_data: Vec<(i32, Vec<u8>)>,
    /// The encoded `Ticket`.
    pub ticket: Vec<u8>,
    /// The encoded second ticket, or nothing.
    pub second_ticket: Vec<u8>,
}

/// One key of a keytab.
#[derive(Debug, PartialEq, Eq)]
pub struct KeytabEntry {
    /// Whose.
    pub principal: Principal,
    /// When it was written.
    pub timestamp: u32,
    /// Its version; 0 matches any.
    pub kvno: u32,
    /// The key.
    pub key: KeyBlock,
}

impl KeytabEntry {
    /// A second copy, where two owners are really needed.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        let Self { principal, timestamp, kvno, key } = self;
        let (timestamp, kvno) = (*timestamp, *kvno);
        Self { principal: principal.clone(), timestamp, kvno, key: key.duplicate() }
    }
}

/// What `[libdefaults]`, `[domain_realm]` and `[capaths]` say. Lists of enctypes are kept as they
/// were written; the table of names is the package's.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // krb5.conf's own switches, one each
pub struct KerberosSettings {
    /// `default_realm`.
    pub default_realm: Option<String>,
    /// `permitted_enctypes`.
    pub permitted_enctypes: Option<String>,
    /// `default_tkt_enctypes`.
    pub default_tkt_enctypes: Option<String>,
    /// `default_tgs_enctypes`.
    pub default_tgs_enctypes: Option<String>,
    /// `allow_rc4`, or the older `allow_weak_crypto`.
    pub allow_rc4: bool,
    /// `ticket_lifetime`.
    pub ticket_lifetime: Duration,
    /// `renew_lifetime`; zero asks for no renewable ticket.
    pub renew_lifetime: Duration,
    /// `forwardable`.
    pub forwardable: bool,
    /// `proxiable`.
    pub proxiable: bool,
    /// `canonicalize`: ask for the client's canonical name.
    pub canonicalize: bool,
    /// `clockskew`.
    pub clock_skew: Duration,
    /// `dns_canonicalize_hostname`.
    pub canonicalize_hostname: HostCanonicalization,
    /// `rdns`; means something only with canonicalisation.
    pub reverse_dns: bool,
    /// `dns_lookup_realm`.
    pub dns_lookup_realm: bool,
    /// `ignore_acceptor_hostname`.
    pub ignore_acceptor_hostname: bool,
    /// `verify_ap_req_nofail`: who logs on is believed only when a key of this machine proves the
    /// KDC genuine. MIT's default is off.
    pub verify_ap_req_nofail: bool,
    /// `enforce_ok_as_delegate`. MIT's default is off; Windows always does, and so do we.
    pub enforce_ok_as_delegate: bool,
    /// `[domain_realm]`: host or `.domain`, lower case, and realm.
    pub domain_realm: HashMap<String, String>,
    /// `[capaths]`: client realm, server realm, intermediate realms in order (`.`: none).
    pub capaths: HashMap<String, HashMap<String, Vec<String>>>,
}

/// `dns_canonicalize_hostname`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostCanonicalization {
    /// Names are taken as they are: Windows' way, and our default.
    Never,
    /// The name as it is first, its canonical name when the KDC does not know it.
    Fallback,
    /// Always.
    Always,
}

impl Default for KerberosSettings {
    fn default() -> Self {
        Self {
            default_realm: None,
            permitted_enctypes: None,
            default_tkt_enctypes: None,
            default_tgs_enctypes: None,
            allow_rc4: false,
            ticket_lifetime: Duration::from_hours(24),
            renew_lifetime: Duration::ZERO,
            forwardable: false,
            proxiable: false,
            canonicalize: false,
            clock_skew: Duration::from_secs(300),
            canonicalize_hostname: HostCanonicalization::Never,
            reverse_dns: false,
            dns_lookup_realm: false,
            ignore_acceptor_hostname: false,
            verify_ap_req_nofail: true,
            enforce_ok_as_delegate: true,
            domain_realm: HashMap::new(),
            capaths: HashMap::new(),
        }
    }
}

/// The machine, as Kerberos sees it.
pub trait KerberosHost: Send + Sync {
    /// krb5.conf.
    fn settings(&self) -> &KerberosSettings;

    /// Sends a request to a server of a realm and gives the answer: servers in their order, UDP
    /// or TCP, in bounded time. Nobody to be reached is [`LocalFault::NoAuthority`].
    ///
    /// [`LocalFault::NoAuthority`]: super::error::LocalFault::NoAuthority
    fn exchange(&self, request: &KdcRequest<'_>) -> Result<KdcAnswer>;

    /// The caller's cache (`KRB5CCNAME`, `default_ccache_name`): where its tickets are looked for
    /// and stored. In a collection the primary one.
    fn default_cache(&self) -> Result<Arc<dyn CredentialCache>>;

    /// A cache by its name, `TYPE:residual`.
    fn cache(&self, name: &str) -> Result<Arc<dyn CredentialCache>>;

    /// The cache of the caller's collection that belongs to this client; `None` if none does.
    fn cache_of(&self, client: &Principal) -> Result<Option<Arc<dyn CredentialCache>>>;

    /// The acceptor's keys (`KRB5_KTNAME`, `default_keytab_name`).
    fn acceptor_keytab(&self) -> Result<Arc<dyn Keytab>>;

    /// The client's keys (`KRB5_CLIENT_KTNAME`, `default_client_keytab_name`); `None` when there
    /// is no such file.
    fn client_keytab(&self) -> Result<Option<Arc<dyn Keytab>>>;

    /// Where authenticators are remembered.
    fn replay_cache(&self) -> &dyn ReplayCache;

    /// The canonical name of a host by DNS, if it has one.
    fn canonical_host(&self, host: &str) -> Option<String>;

    /// The realm of a host by DNS, where `dns_lookup_realm` lets it be asked. Whoever forges it
    /// chooses the KDCs that a client's own KDC vouches for, and nothing else: a server's policy
    /// never depends on it.
    fn realm_of_host(&self, _host: &str) -> Option<String> {
        None
    }

    /// Lets this process ask the KDC at an address first, whenever a realm's is wanted
    /// (`KerbAddBindingCacheEntry`), until it is told otherwise.
    fn bind_kdc(&self, _binding: KdcBinding) -> Result<()> {
        Err(Error::new(CallerFault::Unsupported, "KDCs are not to be chosen here"))
    }

    /// What [`bind_kdc`](Self::bind_kdc) took, the latest first.
    fn kdc_bindings(&self) -> Vec<KdcBinding> {
        Vec::new()
    }

    /// Forgets all of it.
    fn purge_kdc_bindings(&self) {}

    /// A line for `KRB5_TRACE` and the log. Never a secret.
    fn trace(&self, line: fmt::Arguments<'_>);
}

/// A message for a KDC or password server.
pub struct KdcRequest<'a> {
    /// Whose servers.
    pub realm: &'a str,
    /// Which of them.
    pub service: KdcService,
    /// The message, without the length that TCP puts before it.
    pub message: &'a [u8],
    /// Looks at each answer: transports do not know the protocol.
    pub judge: &'a dyn Fn(&[u8]) -> Verdict,
}

/// The servers of a realm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KdcService {
    /// Any KDC.
    Kdc,
    /// The KDC that knows a changed password first (`primary_kdc`).
    PrimaryKdc,
    /// The password server (`kpasswd_server`), by TCP first: a repeated datagram is a replay.
    Kpasswd,
}

/// What to do with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the answer, good or bad.
    Take,
    /// `KRB_ERR_RESPONSE_TOO_BIG`: the same request by TCP.
    UseTcp,
    /// `KDC_ERR_SVC_UNAVAILABLE`, or no message of the protocol: ask the next server.
    NextServer,
}

/// An answer and who gave it.
#[derive(Debug)]
pub struct KdcAnswer {
    /// The message.
    pub message: Vec<u8>,
    /// The server's address, for the story.
    pub server: String,
}

/// A realm and the KDC that is to be asked first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KdcBinding {
    /// The realm.
    pub realm: String,
    /// Host or address of the KDC, with a port if it is not Kerberos' own; Windows' two
    /// backslashes may stand before it.
    pub address: String,
    /// `DS_INET_ADDRESS` (1), `DS_NETBIOS_ADDRESS` (2), or 0.
    pub address_type: u32,
    /// `DcFlags`, as they were given.
    pub flags: u32,
    /// When it was bound; [`bind_kdc`](KerberosHost::bind_kdc) writes it.
    pub since: FileTime,
}

/// A credential cache.
pub trait CredentialCache: Send + Sync {
    /// `TYPE:residual`.
    fn name(&self) -> String;

    /// Its client; an error when there is no such cache (`NoCredentials`).
    fn principal(&self) -> Result<Principal>;

    /// All tickets, without configuration entries.
    fn tickets(&self) -> Result<Vec<CachedTicket>>;

    /// Adds a ticket.
    fn store(&self, ticket: &CachedTicket) -> Result<()>;

    /// Makes the cache anew for this client with these tickets.
    fn initialize(&self, client: &Principal, tickets: &[CachedTicket]) -> Result<()>;

    /// Removes tickets, and says how many; configuration entries stay.
    fn remove(&self, which: &dyn Fn(&CachedTicket) -> bool) -> Result<usize>;

    /// How far the KDC's clock is ahead of ours, in seconds, if the cache says so.
    fn time_offset(&self) -> Result<Option<i32>> {
        Ok(None)
    }

    /// A configuration entry (`X-CACHECONF:`), of the cache or of one server.
    fn config(&self, key: &str, server: Option<&Principal>) -> Result<Option<Vec<u8>>>;

    /// Sets a configuration entry.
    fn set_config(&self, key: &str, server: Option<&Principal>, value: &[u8]) -> Result<()>;
}

/// A keytab.
pub trait Keytab: Send + Sync {
    /// Its name, for the story.
    fn name(&self) -> String;

    /// Its entries. The same `Arc` as long as the keytab has not changed, so that what was
    /// derived of the keys can be kept.
    fn entries(&self) -> Result<Arc<Vec<KeytabEntry>>>;
}

/// Authenticators that were seen.
pub trait ReplayCache: Send + Sync {
    /// Remembers an authenticator by its tag, until it is too old to be accepted. A cache that
    /// cannot be used is an error, so that nothing is accepted that cannot be remembered.
    fn remember(&self, tag: &[u8; 12], now: KerberosTime, skew: Duration) -> Result<Freshness>;
}

/// Whether an authenticator was seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// It is new.
    Fresh,
    /// It was seen.
    Replayed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_go_over_and_back() {
        assert_eq!(KerberosTime::of(FileTime::UNIX_EPOCH), KerberosTime(0));
        assert_eq!(KerberosTime(0).to_file_time(), FileTime::UNIX_EPOCH);
        assert_eq!(KerberosTime(i64::MAX).to_file_time(), FileTime::NEVER);
        assert_eq!(KerberosTime(i64::MIN).to_file_time(), FileTime(0));
    }

    #[test]
    fn a_name_type_makes_no_other_principal() {
        let principal = |name_type, realm: &str| Principal {
            name_type,
            components: vec!["HTTP".into(), "h".into()],
            realm: realm.into(),
        };
        assert_eq!(principal(2, "R"), principal(3, "R"));
        assert_ne!(principal(2, "R"), principal(2, "r"));
    }
}
