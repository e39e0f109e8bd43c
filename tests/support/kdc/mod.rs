//! KDCs in memory, on our own messages and keys: a few realms with their principals, and a place
//! to lie at every step.

mod issue;
pub mod passwords;
pub mod s4u;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use secur32::crypto::kerberos::{Enctype, Key};
use secur32::spi::error::{Error, LocalFault, Result};
use secur32::spi::kerberos::{KdcAnswer, KdcRequest, KdcService, KerberosTime, KeytabEntry};
use secur32::spi::secret::SecretText;
use secur32::wire::kerberos::numbers::error_code as code;
use secur32::wire::kerberos::{
    EncKdcRepPart, EncTicketPart, KdcMessage, KdcRep, KdcReq, KrbError, PrincipalName, Ticket,
};

use super::env::NOW;
use super::kerberos::{keytab_entry, principal};

/// What a lie does to a value before it is encrypted or sent.
type Lie<T> = Box<dyn Fn(&mut T) + Send + Sync>;
/// Another answer to a request.
type Forgery = Box<dyn Fn(&[u8], Vec<u8>) -> Vec<u8> + Send + Sync>;

/// Lies; each is told as often as there is an occasion.
#[derive(Default)]
pub struct Lies {
    /// The encrypted part of a reply.
    pub part: Option<Lie<EncKdcRepPart>>,
    /// The encrypted part of a ticket.
    pub ticket_part: Option<Lie<EncTicketPart>>,
    /// The clear part of a ticket.
    pub ticket: Option<Lie<Ticket>>,
    /// The reply around them.
    pub reply: Option<Lie<KdcRep>>,
    /// Under which tag the encrypted part of a reply comes, if not its own.
    pub tag: Option<KdcMessage>,
    /// An error.
    pub error: Option<Lie<KrbError>>,
    /// Any answer, as it is sent; the request tells which.
    pub bytes: Option<Forgery>,
    /// What a KDC vouches for of the user of S4U2Self.
    pub vouch: Option<Lie<s4u::Vouch>>,
    /// What a password server says.
    pub password: Option<Lie<passwords::Answer>>,
}

/// A principal.
pub struct Account {
    pub keys: Vec<Key>,
    pub kvno: u32,
    pub salt: Vec<u8>,
    pub preauth: bool,
    /// `None`: the account is fine.
    pub trouble: Option<i32>,
    /// `None`: whatever the client likes best.
    pub session: Option<Enctype>,
    /// Flags of its tickets.
    pub flags: u32,
    /// Another name for it, of one component.
    pub alias: Option<String>,
    /// When the password expires.
    pub expiry: Option<KerberosTime>,
    /// Whom it may go on to, and who may come.
    pub delegation: s4u::Delegation,
}

/// A realm.
pub struct Realm {
    pub name: String,
    /// Where its KDC sends clients for services that it does not know.
    pub refers_to: Option<String>,
    /// Where it sends clients that it does not know.
    pub clients_are_in: Option<String>,
    /// Realms that it shares a key with.
    pub trusts: Vec<String>,
    /// Its KDC knows no canonicalisation.
    pub is_old: bool,
    /// How much S4U its KDC does.
    pub s4u: s4u::S4uSupport,
    /// Its clock.
    pub clock: KerberosTime,
    /// The longest life of a ticket, in seconds.
    pub lifetime: i64,
    accounts: HashMap<Vec<String>, Account>,
}

/// The world.
#[derive(Clone, Default)]
pub struct Kdcs(Arc<Mutex<World>>);

#[derive(Default)]
struct World {
    realms: HashMap<String, Realm>,
    lies: Lies,
    /// Requests to KDCs, in their order.
    requests: Vec<(String, KdcService, KdcReq)>,
    /// `None`: the primary KDC is the same server.
    primary: Option<String>,
    made: u8,
}

impl Kdcs {
    /// `EXAMPLE.COM` with `alice` ("secret") and `HTTP/www.example.com`.
    pub fn new() -> Self {
        let world = Self::default();
        world.add_realm("EXAMPLE.COM");
        world.add_user("alice@EXAMPLE.COM", "secret");
        world.add_service("HTTP/www.example.com@EXAMPLE.COM");
        world
    }

    pub fn add_realm(&self, name: &str) {
        let realm = Realm {
            name: name.to_owned(),
            refers_to: None,
            clients_are_in: None,
            trusts: Vec::new(),
            is_old: false,
            s4u: s4u::S4uSupport::default(),
            clock: KerberosTime::of(NOW),
            lifetime: 36_000,
            accounts: HashMap::new(),
        };
        self.0.lock().unwrap().realms.insert(name.to_owned(), realm);
        self.add(&format!("krbtgt/{name}@{name}"), keys_of(name));
        self.add(&format!("kadmin/changepw@{name}"), keys_of("changepw"));
    }

    /// A client with a password, by the default salt.
    pub fn add_user(&self, name: &str, password: &str) {
        let named = principal(name);
        let salt = [&named.realm[..], &named.components.concat()].concat().into_bytes();
        self.add(name, passwords::keys_of(password, &salt));
        self.account(name, |account| (account.salt, account.preauth) = (salt, true));
    }

    /// A service with keys of all enctypes.
    pub fn add_service(&self, name: &str) {
        self.add(name, keys_of(name));
    }

    fn add(&self, name: &str, keys: Vec<Key>) {
        let principal = principal(name);
        let account = Account {
            keys,
            kvno: 1,
            salt: Vec::new(),
            preauth: false,
            trouble: None,
            session: None,
            flags: 0,
            alias: None,
            expiry: None,
            delegation: s4u::Delegation::default(),
        };
        let mut world = self.0.lock().unwrap();
        let realm = world.realms.get_mut(&principal.realm).unwrap();
        realm.accounts.insert(principal.components, account);
    }

    /// Both realms have a key of the other.
    pub fn trust(&self, one: &str, other: &str) {
        self.realm(one, |realm| realm.trusts.push(other.to_owned()));
        self.realm(other, |realm| realm.trusts.push(one.to_owned()));
    }

    pub fn account<T>(&self, name: &str, change: impl FnOnce(&mut Account) -> T) -> T {
        let named = principal(name);
        self.realm(&named.realm, |realm| change(realm.accounts.get_mut(&named.components).unwrap()))
    }

    pub fn realm<T>(&self, name: &str, change: impl FnOnce(&mut Realm) -> T) -> T {
        change(self.0.lock().unwrap().realms.get_mut(name).unwrap())
    }

    pub fn lie(&self, tell: impl FnOnce(&mut Lies)) {
        let mut lies = Lies::default();
        tell(&mut lies);
        self.0.lock().unwrap().lies = lies;
    }

    /// The primary KDC is another server, of this name.
    pub fn has_primary(&self, server: &str) {
        self.0.lock().unwrap().primary = Some(server.to_owned());
    }

    /// A keytab of a service.
    pub fn keytab(&self, name: &str) -> Vec<KeytabEntry> {
        self.account(name, |account| {
            let entry = |key: &Key| {
                let (kvno, enctype) = (account.kvno, key.enctype().number());
                keytab_entry(principal(name), kvno, enctype, key.expose())
            };
            account.keys.iter().map(entry).collect()
        })
    }

    /// The requests so far; none is left.
    pub fn requests(&self) -> Vec<(String, KdcService, KdcReq)> {
        std::mem::take(&mut self.0.lock().unwrap().requests)
    }

    /// For `FixedKerberos::with_exchange`.
    pub fn exchange(&self) -> impl Fn(&KdcRequest<'_>) -> Result<KdcAnswer> + Send + Sync + use<> {
        let kdcs = self.clone();
        move |request| kdcs.answer(request)
    }

    pub fn answer(&self, request: &KdcRequest<'_>) -> Result<KdcAnswer> {
        let mut world = self.0.lock().unwrap();
        if !world.realms.contains_key(request.realm) {
            let story = format!("no KDC of {} is there", request.realm);
            return Err(Error::new(LocalFault::NoAuthority, story));
        }
        let server = match (request.service, &world.primary) {
            (KdcService::PrimaryKdc, Some(primary)) => primary.clone(),
            _ => "kdc.test:88".to_owned(),
        };
        let mut message = match request.service {
            KdcService::Kpasswd => world.change_password(request.realm, request.message),
            service => {
                let decoded = KdcReq::from_der(request.message).unwrap();
                world.requests.push((request.realm.to_owned(), service, decoded.clone()));
                world.reply(request.realm, &decoded, request.message)
            }
        };
        if let Some(lie) = &world.lies.bytes {
            message = lie(request.message, message);
        }
        drop(world);
        // What a transport does with the verdict is not tested here, but it must come.
        (request.judge)(&message);
        Ok(KdcAnswer { message, server })
    }
}

impl World {
    fn reply(&mut self, realm: &str, request: &KdcReq, sent: &[u8]) -> Vec<u8> {
        match self.issue(realm, request, sent) {
            Ok(reply) => reply.to_der(),
            Err(no) => {
                let mut error = KrbError {
                    ctime: None,
                    cusec: None,
                    stime: self.realms[realm].clock,
                    susec: 0,
                    error_code: no.code,
                    crealm: no.crealm,
                    cname: request.req_body.cname.clone(),
                    realm: realm.to_owned(),
                    sname: request.req_body.sname.clone().unwrap_or_else(|| service(&["x"])),
                    e_text: None,
                    e_data: no.data,
                };
                if let Some(lie) = &self.lies.error {
                    lie(&mut error);
                }
                error.to_der()
            }
        }
    }

    /// New bytes, never the same.
    fn key(&mut self, enctype: Enctype) -> Key {
        self.made = self.made.wrapping_add(1);
        Key::from_seed(enctype, &vec![self.made; enctype.seed_length()]).unwrap()
    }
}

/// A refusal.
pub struct No {
    code: i32,
    crealm: Option<String>,
    data: Option<Vec<u8>>,
}

impl From<i32> for No {
    fn from(code: i32) -> Self {
        Self { code, crealm: None, data: None }
    }
}

/// Keys of all enctypes that belong to a name.
fn keys_of(name: &str) -> Vec<Key> {
    let byte = name.bytes().fold(7_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
    let key =
        |enctype: Enctype| Key::from_seed(enctype, &vec![byte; enctype.seed_length()]).unwrap();
    ENCTYPES.map(key).into()
}

/// The key that two realms share.
fn trust_key(from: &str, to: &str) -> Key {
    keys_of(&format!("{from}→{to}")).remove(0)
}

pub const ENCTYPES: [Enctype; 5] = [
    Enctype::Aes256CtsHmacSha1,
    Enctype::Aes128CtsHmacSha1,
    Enctype::Aes256CtsHmacSha384,
    Enctype::Aes128CtsHmacSha256,
    Enctype::Rc4Hmac,
];

fn service(components: &[&str]) -> PrincipalName {
    let name_string = components.iter().map(|part| (*part).to_owned()).collect();
    PrincipalName { name_type: 2, name_string }
}

fn find_key(keys: &[Key], etype: i32) -> std::result::Result<&Key, No> {
    let found = keys.iter().find(|key| key.enctype().number() == etype);
    found.ok_or_else(|| code::KDC_ERR_ETYPE_NOSUPP.into())
}

/// A password as the library takes it.
pub fn secret(password: &str) -> SecretText {
    SecretText::from_str_secret(password)
}

/// The realm of a principal that grants tickets.
fn leads_to(name: &PrincipalName) -> Option<&str> {
    match name.name_string.as_slice() {
        [krbtgt, realm] if krbtgt == "krbtgt" => Some(realm),
        _ => None,
    }
}
