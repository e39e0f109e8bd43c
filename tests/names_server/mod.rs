//! A domain of one server, in memory: LDAP by an encoder and a reader of the tests' own, the bind
//! with real Kerberos, and a place to lie at every step.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use secur32::kerberos::PACKAGE;
use secur32::kerberos::credential::KerberosCredential;
use secur32::spi::directory::{Connected, DirectoryHost, DirectoryLink};
use secur32::spi::environment::{AccountSource, Environment, LocalUser, MachineNames, Policy};
use secur32::spi::error::{Error, LocalFault, Result};
use secur32::spi::kerberos::{CredentialCache, KerberosHost};
use secur32::spi::message::{MessageProtection, Part, Qop};
use secur32::spi::package::{
    AcquireRequest, Handshake, Opening, SecurityPackage, Step, StepInput, Usage,
};
use secur32::spi::time::FileTime;

use super::support::env::FixedEnv;
use super::support::handshake::identity;
use super::support::kdc::Kdcs;
use super::support::kerberos::FixedKerberos;

/// Where the number and the kind of a message are: its lengths have four octets each.
pub const ID_AT: usize = 8;
pub const KIND_AT: usize = 9;
const BASE: &str = "DC=example,DC=com";
const CONFIGURATION: &str = "CN=Configuration,DC=example,DC=com";
const SERVICE: &str = "ldap/dc.example.com/example.com@EXAMPLE.COM";

// ------------------------------------------------------------------ the world

/// A machine of the domain, its user, and the servers that it finds.
pub struct World {
    kdcs: Kdcs,
    host: Arc<FixedKerberos>,
    env: FixedEnv,
    machine: MachineNames,
    servers: Vec<Arc<Server>>,
    pub server: Arc<Server>,
    login: String,
}

impl World {
    pub fn new(server: Server) -> Self {
        Self::of(vec![Arc::new(server)])
    }

    /// alice has tickets; the servers are tried in their order.
    pub fn of(servers: Vec<Arc<Server>>) -> Self {
        let kdcs = Kdcs::new();
        kdcs.add_user("HOST$@EXAMPLE.COM", "machine");
        kdcs.add_service(SERVICE);
        for server in &servers {
            server.set_keys(&kdcs);
        }
        let server = servers.first().cloned().unwrap_or_else(|| Arc::new(Server::new("none")));
        let (host, env) = machine(&kdcs);
        let alice = AcquireRequest {
            usage: Usage { inbound: false, outbound: true },
            identity: Some(identity("EXAMPLE.COM", "alice", "secret")),
            ..AcquireRequest::default()
        };
        let tgt = KerberosCredential::new(alice, &env).unwrap().tgt(&env).unwrap();
        host.default_cache.initialize(&tgt.client, std::slice::from_ref(&*tgt)).unwrap();
        kdcs.requests();
        let machine = MachineNames {
            netbios_computer: "HOST".into(),
            netbios_domain: "EXAMPLE".into(),
            dns_computer: "host.example.com".into(),
            dns_domain: "example.com".into(),
            in_domain: true,
        };
        Self { kdcs, host, env, machine, servers, server, login: "login".into() }
    }

    pub fn without_tickets(mut self) -> Self {
        (self.host, self.env) = machine(&self.kdcs);
        self
    }

    pub fn with_machine_key(self) -> Self {
        self.host.keytab.replace(self.kdcs.keytab("HOST$@EXAMPLE.COM"));
        self
    }

    pub fn with_login(mut self, login: &str) -> Self {
        self.login = login.into();
        self
    }

    pub fn standing_alone(mut self) -> Self {
        self.machine.netbios_domain = "HOST".into();
        self.machine.in_domain = false;
        self
    }

    /// The services that tickets were asked for.
    pub fn services_asked_for(&self) -> Vec<String> {
        let names = self.kdcs.requests().into_iter().filter_map(|(_, _, request)| {
            request.req_body.sname.map(|name| name.name_string.join("/"))
        });
        names.filter(|name| !name.starts_with("krbtgt/")).collect()
    }
}

fn machine(kdcs: &Kdcs) -> (Arc<FixedKerberos>, FixedEnv) {
    let host = Arc::new(FixedKerberos::new().with_exchange(kdcs.exchange()));
    let env = FixedEnv::new().with_kerberos(Arc::clone(&host) as Arc<dyn KerberosHost>);
    (host, env)
}

impl Environment for World {
    fn now(&self) -> FileTime {
        self.env.now()
    }

    fn random(&self, out: &mut [u8]) -> Result<()> {
        self.env.random(out)
    }

    fn machine(&self) -> &MachineNames {
        &self.machine
    }

    fn policy(&self) -> &Policy {
        self.env.policy()
    }

    fn accounts(&self) -> Option<&dyn AccountSource> {
        None
    }

    fn kerberos(&self) -> Result<&dyn KerberosHost> {
        Ok(&*self.host)
    }

    fn user(&self) -> Option<LocalUser> {
        Some(LocalUser { name: self.login.clone(), full_name: "Log In,,,".into() })
    }

    fn directory(&self) -> Result<&dyn DirectoryHost> {
        Ok(self)
    }
}

impl DirectoryHost for World {
    fn links<'a>(&'a self, realm: &str) -> Result<Box<dyn Iterator<Item = Connected> + 'a>> {
        assert_eq!(realm, "EXAMPLE.COM");
        Ok(Box::new(self.servers.iter().map(|server| {
            let session = Session::new(Arc::clone(server));
            Ok(Box::new(session) as Box<dyn DirectoryLink>)
        })))
    }
}

// ------------------------------------------------------------------ the server

type Lie = Box<dyn Fn(&str, Vec<u8>) -> Vec<u8> + Send + Sync>;
type Forgery = Box<dyn Fn(usize, Vec<u8>) -> Vec<u8> + Send + Sync>;

/// Types and values, one of each.
type Attributes = Vec<(&'static str, Vec<u8>)>;

/// The offer of layers.
#[derive(Debug, Clone, Copy)]
pub struct Offer {
    pub layers: u8,
    pub limit: u32,
}

/// How answers are protected once the bind is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    Sealed,
    Signed,
    None,
}

/// What a server is, and how it lies.
pub struct Server {
    host: String,
    name: String,
    display_name: Vec<u8>,
    offer: Offer,
    protection: Protection,
    bind_code: Option<(usize, u8)>,
    search_code: u8,
    /// A message by its kind, before it is protected.
    lie: Lie,
    /// An answer by its number, as it goes out.
    forgery: Forgery,
    env: Mutex<Option<Arc<FixedEnv>>>,
    log: Mutex<Log>,
}

#[derive(Default)]
struct Log {
    clients: Vec<String>,
    values: Vec<Vec<u8>>,
    sent: Vec<usize>,
}

impl Server {
    /// As it is found under this name or address.
    pub fn new(host: &str) -> Self {
        // A name of one label is looked up as an address is.
        Self {
            host: host.into(),
            name: "dc.example.com".into(),
            display_name: super::DISPLAY.into(),
            offer: Offer { layers: 7, limit: 0x1_0000 },
            protection: Protection::Sealed,
            bind_code: None,
            search_code: 0,
            lie: Box::new(|_, message| message),
            forgery: Box::new(|_, bytes| bytes),
            env: Mutex::default(),
            log: Mutex::default(),
        }
    }

    pub fn named(mut self, name: &str) -> Self {
        self.name = name.into();
        self
    }

    pub fn calling_alice(mut self, name: &[u8]) -> Self {
        self.display_name = name.into();
        self
    }

    pub fn offering(mut self, offer: Offer) -> Self {
        self.offer = offer;
        self
    }

    pub fn protecting(mut self, protection: Protection) -> Self {
        self.protection = protection;
        self
    }

    /// Another result code at one leg of the bind.
    pub fn answering_binds(mut self, leg: usize, code: u8) -> Self {
        self.bind_code = Some((leg, code));
        self
    }

    /// Another result code for every search for an account.
    pub fn answering_searches(mut self, code: u8) -> Self {
        self.search_code = code;
        self
    }

    pub fn lying(mut self, lie: impl Fn(&str, Vec<u8>) -> Vec<u8> + Send + Sync + 'static) -> Self {
        self.lie = Box::new(lie);
        self
    }

    pub fn sending(
        mut self,
        forgery: impl Fn(usize, Vec<u8>) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        self.forgery = Box::new(forgery);
        self
    }

    /// The lengths of what went out.
    pub fn sent(&self) -> Vec<usize> {
        self.log.lock().unwrap().sent.clone()
    }

    /// Who has logged on.
    pub fn clients(&self) -> Vec<String> {
        self.log.lock().unwrap().clients.clone()
    }

    /// The values that were searched for.
    pub fn values(&self) -> Vec<Vec<u8>> {
        self.log.lock().unwrap().values.clone()
    }

    fn set_keys(&self, kdcs: &Kdcs) {
        let host = FixedKerberos::new();
        host.keytab.replace(kdcs.keytab(SERVICE));
        let env = FixedEnv::new().with_kerberos(Arc::new(host));
        *self.env.lock().unwrap() = Some(Arc::new(env));
    }

    /// Distinguished name and attributes.
    fn objects(&self) -> Vec<(&'static str, Attributes)> {
        let guid = [
            0xf0, 0x50, 0xa0, 0x4f, 0x61, 0xf5, 0xcf, 0x11, 0xbd, 0xd9, 0, 0xaa, 0, 0x3a, 0x77,
            0xb6,
        ];
        vec![
            (
                super::DN,
                vec![
                    ("name", b"Alice".to_vec()),
                    ("sAMAccountName", b"alice".to_vec()),
                    ("displayName", self.display_name.clone()),
                    ("objectGUID", guid.to_vec()),
                    ("canonicalName", b"example.com/In\\/Out/Alice".to_vec()),
                    ("userPrincipalName", b"alice.l@example.com".to_vec()),
                    ("servicePrincipalName", b"svc/alice".to_vec()),
                    ("givenName", "Älice".into()),
                    ("sn", b"Liddell".to_vec()),
                ],
            ),
            (
                "CN=HOST,DC=example,DC=com",
                vec![
                    ("name", b"HOST".to_vec()),
                    ("sAMAccountName", b"HOST$".to_vec()),
                    ("canonicalName", b"example.com/HOST".to_vec()),
                ],
            ),
            ("CN=Twin1,DC=example,DC=com", twin(b"twin1")),
            ("CN=Twin2,DC=example,DC=com", twin(b"twin2")),
            (BASE, vec![("canonicalName", b"example.com/".to_vec())]),
            (
                "CN=EXAMPLE,CN=Partitions,CN=Configuration,DC=example,DC=com",
                vec![("nCName", BASE.into()), ("nETBIOSName", b"EXAMPLE".to_vec())],
            ),
        ]
    }
}

fn twin(account: &[u8]) -> Attributes {
    vec![("sAMAccountName", account.to_vec()), ("displayName", b"Twin".to_vec())]
}

// ------------------------------------------------------------------ a connection

struct Session {
    server: Arc<Server>,
    handshake: Option<Box<dyn Handshake>>,
    protection: Option<MessageProtection>,
    /// The bind is over.
    bound: bool,
    legs: usize,
    answers: usize,
    outgoing: VecDeque<u8>,
}

impl Session {
    fn new(server: Arc<Server>) -> Self {
        server.log.lock().unwrap().sent.clear();
        Self {
            server,
            handshake: None,
            protection: None,
            bound: false,
            legs: 0,
            answers: 0,
            outgoing: VecDeque::new(),
        }
    }

    fn env(&self) -> Arc<FixedEnv> {
        self.server.env.lock().unwrap().clone().unwrap()
    }

    fn request(&mut self, bytes: &[u8]) -> Vec<u8> {
        let (0x30, message, b"") = element(bytes) else { panic!("{bytes:02x?}") };
        let (2, &[id], rest) = element(message) else { panic!("{bytes:02x?}") };
        let (kind, contents, _) = element(rest);
        match kind {
            0x60 => self.bind(id, contents),
            0x63 => self.search(id, contents),
            0x42 => Vec::new(),
            other => panic!("request {other:#x}"),
        }
    }

    fn bind(&mut self, id: u8, contents: &[u8]) -> Vec<u8> {
        let (_, version, rest) = element(contents);
        let (_, name, rest) = element(rest);
        let (0xA3, sasl, _) = element(rest) else { panic!("no SASL") };
        let (_, mechanism, rest) = element(sasl);
        assert_eq!((version, name, mechanism), (&[3][..], &b""[..], &b"GSSAPI"[..]));
        let (4, credentials, b"") = element(rest) else { panic!("no credentials") };
        let leg = self.legs;
        self.legs += 1;
        let (honest, answer) = match (leg, self.protection.is_some()) {
            (0, _) => (14, self.accept(credentials)),
            (1, true) => {
                assert!(credentials.is_empty());
                let [_, limit @ ..] = self.server.offer.limit.to_be_bytes();
                let offer = [&[self.server.offer.layers][..], &limit].concat();
                (14, self.wrap(&offer, Qop::WrapNoEncrypt))
            }
            (2, true) => {
                assert_eq!(self.unwrap(credentials, Qop::WrapNoEncrypt), [4, 0x10, 0, 0]);
                self.bound = true;
                (0, Vec::new())
            }
            other => panic!("{other:?}"),
        };
        let code = match self.server.bind_code {
            Some((at, code)) if at == leg => code,
            _ => honest,
        };
        let mut parts = result(code);
        if !answer.is_empty() {
            parts.extend(tlv(0x87, &answer));
        }
        (self.server.lie)("bind", message(id, 0x61, &parts))
    }

    fn accept(&mut self, token: &[u8]) -> Vec<u8> {
        let env = self.env();
        let usage = Usage { inbound: true, outbound: false };
        let request = AcquireRequest { usage, ..AcquireRequest::default() };
        let credential = PACKAGE.acquire(request, &*env).unwrap();
        let handshake = credential.accept(Opening::default(), &*env).unwrap();
        let input = StepInput { token: Some(token), bindings: None };
        match handshake.step(input, &*env) {
            Ok(Step::Done { context, token, .. }) => {
                self.server.log.lock().unwrap().clients.push(context.client_name.clone());
                self.protection = Some(PACKAGE.protection(&context).unwrap());
                token
            }
            Ok(Step::Continue { next, token, .. }) => {
                self.handshake = Some(next);
                token
            }
            Err(refusal) => panic!("{:?}", refusal.error),
        }
    }

    fn search(&mut self, id: u8, contents: &[u8]) -> Vec<u8> {
        let (_, base, rest) = element(contents);
        let base = str::from_utf8(base).unwrap().to_owned();
        let (_, scope, rest) = element(rest);
        let rest = (0..4).fold(rest, |rest, _| element(rest).2);
        let (kind, filter, rest) = element(rest);
        let (_, wanted, _) = element(rest);
        let wanted = strings(wanted);
        let is_account = !base.is_empty() && !base.starts_with("CN=Partitions");
        let conditions = conditions(kind, filter);
        self.server.log.lock().unwrap().values.extend(conditions.iter().map(|(_, v)| v.clone()));
        let mut found = Vec::new();
        for (dn, attributes) in self.all_objects() {
            let in_place = match scope {
                [0] => dn.eq_ignore_ascii_case(&base),
                _ => dn.ends_with(&base),
            };
            let fits = conditions.iter().all(|(name, value)| {
                name == "objectClass"
                    || attributes.iter().any(|(n, v)| n == name && v.eq_ignore_ascii_case(value))
            });
            if in_place && fits {
                found.push(entry(&dn, &attributes, &wanted));
            }
        }
        let code = match () {
            () if is_account && self.server.search_code != 0 => {
                found.clear();
                self.server.search_code
            }
            () if found.is_empty() && scope == [0] => 32,
            () => 0,
        };
        let mut answer = Vec::new();
        for entry in found {
            answer.extend((self.server.lie)("entry", message(id, 0x64, &entry)));
        }
        answer.extend((self.server.lie)("done", message(id, 0x65, &result(code))));
        answer
    }

    /// The domain's, and the root.
    fn all_objects(&self) -> Vec<(String, Attributes)> {
        let root = vec![
            ("dnsHostName", self.server.name.clone().into_bytes()),
            ("defaultNamingContext", BASE.into()),
            ("configurationNamingContext", CONFIGURATION.into()),
        ];
        let others = self.server.objects().into_iter().map(|(dn, list)| (dn.to_owned(), list));
        std::iter::once((String::new(), root)).chain(others).collect()
    }

    fn wrap(&mut self, data: &[u8], qop: Qop) -> Vec<u8> {
        let protection = self.protection.as_mut().unwrap();
        let (mut token, mut padding) = (vec![0; 256], vec![0; 16]);
        let mut data = data.to_vec();
        let parts = &mut [Part::Data(&mut data)];
        let sealed = protection.sender.seal(qop, parts, &mut token, &mut padding, 0).unwrap();
        [&token[..sealed.token], &data, &padding[..sealed.padding]].concat()
    }

    fn unwrap(&mut self, token: &[u8], qop: Qop) -> Vec<u8> {
        let protection = self.protection.as_mut().unwrap();
        let mut token = token.to_vec();
        let opened = protection.receiver.unseal_stream(&mut token, 0).unwrap();
        assert_eq!(opened.qop, Some(qop));
        token[opened.data].to_vec()
    }
}

impl DirectoryLink for Session {
    fn host(&self) -> &str {
        &self.server.host
    }

    fn send(&mut self, bytes: &[u8]) -> Result<()> {
        let is_sealed = self.bound;
        let request = if is_sealed {
            let (length, token) = bytes.split_first_chunk::<4>().unwrap();
            assert_eq!(u32::from_be_bytes(*length) as usize, token.len());
            self.unwrap(token, Qop::Default)
        } else {
            bytes.to_vec()
        };
        let mut answer = self.request(&request);
        if is_sealed && !answer.is_empty() && self.server.protection != Protection::None {
            let sealed = self.server.protection == Protection::Sealed;
            let qop = if sealed { Qop::Default } else { Qop::WrapNoEncrypt };
            let token = self.wrap(&answer, qop);
            answer = [&(token.len() as u32).to_be_bytes()[..], &token].concat();
        }
        if !answer.is_empty() {
            self.server.log.lock().unwrap().sent.push(answer.len());
            self.outgoing.extend((self.server.forgery)(self.answers, answer));
            self.answers += 1;
        }
        Ok(())
    }

    /// In pieces, as a network brings it.
    fn receive(&mut self, room: &mut [u8]) -> Result<usize> {
        let count = self.outgoing.len().min(room.len()).min(777);
        if count == 0 {
            return Err(Error::new(LocalFault::NoAuthority, "the server hangs up"));
        }
        for (place, byte) in room.iter_mut().zip(self.outgoing.drain(..count)) {
            *place = byte;
        }
        Ok(count)
    }
}

// ------------------------------------------------------------------ messages

/// `ExtendedResponse` that nobody asked for.
pub fn notification(name: &str) -> Vec<u8> {
    message(0, 0x78, &[result(52), tlv(0x8A, name.as_bytes())].concat())
}

/// `SearchResultReference`
pub fn reference(id: u8) -> Vec<u8> {
    message(id, 0x73, &tlv(4, b"ldap://evil.example.com/DC=example,DC=com"))
}

/// What answers the question that comes after the bind, in the clear.
pub fn forged_entry() -> Vec<u8> {
    let attributes = vec![("defaultNamingContext", b"DC=evil".to_vec())];
    let wanted = vec!["defaultNamingContext".to_owned()];
    message(4, 0x64, &entry("", &attributes, &wanted))
}

fn message(id: u8, kind: u8, contents: &[u8]) -> Vec<u8> {
    tlv(0x30, &[&[2, 1, id][..], &tlv(kind, contents)].concat())
}

fn result(code: u8) -> Vec<u8> {
    [&[0x0A, 1, code][..], &tlv(4, b""), &tlv(4, b"as it is")].concat()
}

fn entry(dn: &str, attributes: &[(&str, Vec<u8>)], wanted: &[String]) -> Vec<u8> {
    let told = attributes.iter().filter(|(name, _)| wanted.iter().any(|wanted| wanted == name));
    let list: Vec<u8> = told
        .flat_map(|(name, value)| {
            tlv(0x30, &[tlv(4, name.as_bytes()), tlv(0x31, &tlv(4, value))].concat())
        })
        .collect();
    [tlv(4, dn.as_bytes()), tlv(0x30, &list)].concat()
}

/// With four octets of length, as Active Directory does it.
fn tlv(tag: u8, contents: &[u8]) -> Vec<u8> {
    [&[tag, 0x84][..], &(contents.len() as u32).to_be_bytes(), contents].concat()
}

/// Tag, contents, rest of what a client writes.
fn element(bytes: &[u8]) -> (u8, &[u8], &[u8]) {
    let (tag, first) = (bytes[0], usize::from(bytes[1]));
    let (start, length) = if first < 0x80 {
        (2, first)
    } else {
        let end = 2 + first - 0x80;
        let length = bytes[2..end].iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte));
        (end, length)
    };
    (tag, &bytes[start..start + length], &bytes[start + length..])
}

fn strings(mut list: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    while !list.is_empty() {
        let (_, text, rest) = element(list);
        found.push(String::from_utf8(text.to_vec()).unwrap());
        list = rest;
    }
    found
}

/// Attributes and values that all must fit.
fn conditions(kind: u8, filter: &[u8]) -> Vec<(String, Vec<u8>)> {
    match kind {
        0xA0 => {
            let (mut rest, mut found) = (filter, Vec::new());
            while !rest.is_empty() {
                let (kind, inner, more) = element(rest);
                found.extend(conditions(kind, inner));
                rest = more;
            }
            found
        }
        0xA3 => {
            let (_, name, rest) = element(filter);
            let (_, value, b"") = element(rest) else { panic!("a value with more behind it") };
            vec![(String::from_utf8(name.to_vec()).unwrap(), value.to_vec())]
        }
        0x87 => Vec::new(),
        other => panic!("filter {other:#x}"),
    }
}
