//! The long-term keys of a server, and what is derived of them, once for each content of a
//! keytab.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use smallvec::SmallVec;

use crate::crypto::kerberos::{CipherKey, Enctype, Key, MacKey};
use crate::kerberos::credential::{AcceptorKeys, KerberosCredential};
use crate::kerberos::names;
use crate::spi::error::Result;
use crate::spi::kerberos::{KeytabEntry, Principal};
use crate::wire::kerberos::numbers::key_usage;
use crate::wire::kerberos::{EncryptedData, PrincipalName};

/// The rings of a credential: the last one, as long as its entries are the keytab's.
#[derive(Default)]
pub struct RingCache(Mutex<Option<Cached>>);

/// Entries, and the ring that was made of them.
type Cached = (Arc<Vec<KeytabEntry>>, Arc<KeyRing>);

impl RingCache {
    /// The ring of these entries.
    pub(super) fn of(&self, entries: &Arc<Vec<KeytabEntry>>) -> Arc<KeyRing> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match last.as_ref() {
            Some((known, ring)) if Arc::ptr_eq(known, entries) => Arc::clone(ring),
            _ => {
                let ring = Arc::new(KeyRing::new(entries));
                *last = Some((Arc::clone(entries), Arc::clone(&ring)));
                ring
            }
        }
    }
}

impl RingCache {
    /// Whether there are keys of a keytab that tickets for this name can be verified with. What
    /// was there at the last look is taken for there: whoever accepts looks again.
    pub fn can_serve(
        &self,
        name: Option<&Principal>,
        ignore_host: bool,
        look: impl FnOnce() -> Result<AcceptorKeys>,
    ) -> Result<bool> {
        let serves = |ring: &KeyRing| {
            let is_named =
                |key: &ServiceKey, own: &Principal| is_same(own, &key.principal, ignore_host);
            ring.services.iter().any(|key| name.is_none_or(|own| is_named(key, own)))
        };
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if last.is_some_and(|(_, ring)| serves(&ring)) {
            return Ok(true);
        }
        Ok(serves(&self.of(&look()?.entries)))
    }
}

/// Keys that can decrypt tickets, and those of KDCs, which can do no more than verify.
pub(super) struct KeyRing {
    entries: Arc<Vec<KeytabEntry>>,
    services: Vec<ServiceKey>,
    kdcs: Vec<KdcKey>,
}

/// The key of a realm's KDC, for the signatures of its PACs.
struct KdcKey {
    realm: String,
    mac: MacKey,
}

/// One of them.
pub(super) struct ServiceKey {
    /// Whose.
    pub principal: Principal,
    kvno: u32,
    key: Key,
    cipher: OnceLock<CipherKey>,
    mac: OnceLock<MacKey>,
    account: OnceLock<Arc<KerberosCredential>>,
}

impl KeyRing {
    /// Of the entries that can be keys of a service. A KDC's own keys, and the password server's,
    /// are no such, even if somebody put them into the keytab (attack K5).
    fn new(entries: &Arc<Vec<KeytabEntry>>) -> Self {
        let key_of = |entry: &KeytabEntry| {
            let enctype = Enctype::from_number(entry.key.enctype)?;
            Key::new(enctype, entry.key.value.expose()).ok()
        };
        let usable = entries.iter().filter(|entry| !is_kdc_service(&entry.principal.components));
        let services = usable.filter_map(|entry| {
            Some(ServiceKey {
                principal: entry.principal.clone(),
                kvno: entry.kvno,
                key: key_of(entry)?,
                cipher: OnceLock::new(),
                mac: OnceLock::new(),
                account: OnceLock::new(),
            })
        });
        let kdcs = entries.iter().filter_map(|entry| {
            let Principal { components, realm, .. } = &entry.principal;
            let own = names::tgs_realm(components).is_some_and(|of| of == realm);
            let mac = key_of(entry).filter(|_| own)?.mac(key_usage::PA_FOR_USER);
            Some(KdcKey { realm: realm.clone(), mac })
        });
        Self { services: services.collect(), kdcs: kdcs.collect(), entries: Arc::clone(entries) }
    }

    /// The account that a service's keys are of, as a client of its KDC: the same for all of the
    /// service's tickets, so that it logs on once. It needs no file any more, whoever the thread
    /// acts as by then.
    pub fn account(&self, service: &Principal) -> Option<Arc<KerberosCredential>> {
        let key = self.services.iter().find(|key| key.principal == *service)?;
        if let Some(known) = key.account.get() {
            return Some(Arc::clone(known));
        }
        let account = KerberosCredential::of_service(service, &self.entries).ok()?;
        Some(Arc::clone(key.account.get_or_init(|| Arc::new(account))))
    }

    /// The keys of a realm's KDC; nearly no keytab has them.
    pub fn kdc_of(&self, realm: &str) -> SmallVec<[&MacKey; 4]> {
        self.kdcs.iter().filter(|key| key.realm == realm).map(|key| &key.mac).collect()
    }

    /// The keys that may have encrypted a ticket, likely ones first: those of the name in the
    /// ticket before others, those of its version before others. Nothing vouches for either, so
    /// that all keys of the enctype are tried; the one that fits tells whose ticket it is.
    pub fn candidates<'a>(
        &'a self,
        keys: &'a AcceptorKeys,
        ticket: &'a Candidate<'a>,
        ignore_host: bool,
    ) -> impl Iterator<Item = &'a ServiceKey> {
        (0..4).flat_map(move |rank| {
            self.services.iter().filter(move |key| {
                key.key.enctype() == ticket.enctype
                    && key.may_serve(keys, ignore_host)
                    && key.rank(ticket) == rank
            })
        })
    }
}

/// What a ticket says of its key.
pub(super) struct Candidate<'a> {
    pub realm: &'a str,
    pub sname: &'a PrincipalName,
    pub enctype: Enctype,
    pub kvno: Option<u32>,
}

impl<'a> Candidate<'a> {
    pub const fn new(
        realm: &'a str,
        sname: &'a PrincipalName,
        enctype: Enctype,
        data: &EncryptedData,
    ) -> Self {
        Self { realm, sname, enctype, kvno: data.kvno }
    }
}

impl ServiceKey {
    /// The key for tickets.
    pub fn cipher(&self) -> &CipherKey {
        self.cipher.get_or_init(|| self.key.cipher(key_usage::TICKET))
    }

    /// The key for the server's signature of a PAC.
    pub fn mac(&self) -> &MacKey {
        self.mac.get_or_init(|| self.key.mac(key_usage::PA_FOR_USER))
    }

    /// A credential that was acquired for one name serves that one alone (attack K4).
    fn may_serve(&self, keys: &AcceptorKeys, ignore_host: bool) -> bool {
        keys.any_name
            || keys.principal.as_ref().is_none_or(|own| is_same(own, &self.principal, ignore_host))
    }

    fn rank(&self, ticket: &Candidate<'_>) -> u8 {
        let same_name = self.principal.components == ticket.sname.name_string
            && self.principal.realm == ticket.realm;
        match (same_name, self.is_version(ticket.kvno)) {
            (true, true) => 0,
            (true, false) => 1,
            (false, true) => 2,
            (false, false) => 3,
        }
    }

    /// Old keytabs keep the lowest octet alone.
    fn is_version(&self, kvno: Option<u32>) -> bool {
        kvno.is_none_or(|kvno| {
            matches!(self.kvno, 0) || self.kvno == kvno || self.kvno == kvno & 0xFF
        })
    }
}

/// Whether an entry is the principal that a credential was acquired for. Windows does not
/// distinguish case; without a realm any will do; the host may be without meaning, too
/// (`ignore_acceptor_hostname`).
fn is_same(own: &Principal, entry: &Principal, ignore_host: bool) -> bool {
    let same = |a: &String, b: &String| a.eq_ignore_ascii_case(b);
    let realm_fits = own.realm.is_empty() || same(&own.realm, &entry.realm);
    let compared = if ignore_host && own.components.len() > 1 { 1 } else { usize::MAX };
    let mut pairs = own.components.iter().zip(&entry.components).take(compared);
    realm_fits && own.components.len() == entry.components.len() && pairs.all(|(a, b)| same(a, b))
}

/// Services whose tickets are not for us: the KDC's own, and the password server.
pub(in crate::kerberos) fn is_kdc_service(components: &[String]) -> bool {
    names::tgs_realm(components).is_some()
        || components.first().is_some_and(|first| first == "krbtgt")
        || matches!(components, [service, what] if service == "kadmin" && what == "changepw")
}
