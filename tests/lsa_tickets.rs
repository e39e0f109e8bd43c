//! Messages of Kerberos about the caller's cache and about KDCs, through the C ABI, with a cache in
//! a file and no KDC that could be asked.
#![allow(unsafe_code, clippy::cast_possible_truncation, clippy::items_after_statements)]

mod c_abi;
mod lsa;

use std::fs;
use std::mem::offset_of;
use std::path::PathBuf;
use std::time::SystemTime;

use c_abi::process::alone_with;
use lsa::*;
use secur32::platform::ccache::Caches;
use secur32::spi::kerberos::{CachedTicket, KerberosTime, KeyBlock, Principal};
use secur32::spi::secret::SecretBytes;
use secur32::wire::kerberos::{EncryptedData, PrincipalName, Ticket};

const REALM: &str = "CACHE.TEST";
const SERVICE: &str = "HTTP/h.cache.test";
/// `forwardable`, `renewable`, `initial`, `pre_authent`.
const FLAGS: u32 = 0x40E0_0000;

/// A folder with krb5.conf and the cache, gone with the test.
struct World(PathBuf);

impl World {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("secur32-{name}-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        let conf = format!(
            "[libdefaults]\n default_realm = {REALM}\n dns_lookup_kdc = false\n\
             [domain_realm]\n .cache.test = {REALM}\n"
        );
        fs::write(folder.join("krb5.conf"), conf).unwrap();
        Self(folder)
    }

    fn cache(&self) -> String {
        format!("FILE:{}", self.0.join("cc").display())
    }

    /// Runs a test in a process whose cache this is.
    fn alone(&self, name: &str) -> bool {
        alone_with(name, |command| {
            command
                .env("KRB5_CONFIG", self.0.join("krb5.conf"))
                .env("KRB5CCNAME", self.cache())
                .env("KRB5_CLIENT_KTNAME", "FILE:/nonexistent/keytab")
                .env_remove("SECUR32_CONFIG");
        })
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn principal(text: &str) -> Principal {
    let components = text.split('/').map(str::to_owned).collect();
    Principal { name_type: 2, components, realm: REALM.into() }
}

fn now() -> KerberosTime {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    KerberosTime(since.as_secs().cast_signed())
}

fn ticket(server: &str, key: u8, lasts: i64) -> CachedTicket {
    let server = principal(server);
    let issued = Ticket {
        realm: REALM.into(),
        sname: PrincipalName { name_type: 2, name_string: server.components.clone() },
        enc_part: EncryptedData { etype: 17, kvno: Some(3), cipher: vec![key; 60] },
    };
    CachedTicket {
        client: principal("zoë"),
        server,
        key: KeyBlock { enctype: 18, value: SecretBytes::new(vec![key; 32]) },
        auth_time: now(),
        start_time: now(),
        end_time: KerberosTime(now().0 + lasts),
        renew_till: KerberosTime(0),
        is_session_key: false,
        flags: FLAGS,
        addresses: Vec::new(),
        authorization_data: Vec::new(),
        ticket: issued.encode().0,
        second_ticket: Vec::new(),
    }
}

/// The caller's cache: a ticket-granting ticket, one for a service, and one that has expired.
fn fill(cache: &str) {
    let tickets = [
        ticket(&format!("krbtgt/{REALM}"), 1, 3600),
        ticket(SERVICE, 2, 3600),
        ticket("ldap/h.cache.test", 3, -60),
    ];
    Caches::default().cache(cache).unwrap().initialize(&principal("zoë"), &tickets).unwrap();
}

fn own_cache() -> String {
    std::env::var("KRB5CCNAME").unwrap()
}

fn servers(lsa: &Lsa, logon: LUID) -> Vec<String> {
    let request = Request::new::<KERB_QUERY_TKT_CACHE_REQUEST>(14).luid(4, logon);
    let block = lsa.ask(KERBEROS, request.bytes());
    let head: [u32; 2] = block.structure(0);
    assert_eq!(head[0], 14);
    let size = size_of::<KERB_TICKET_CACHE_INFO_EX>();
    (0..head[1] as usize)
        .map(|index| {
            let info: KERB_TICKET_CACHE_INFO_EX = block.structure(8 + size * index);
            assert_eq!(block.text(info.ClientName), "zoë");
            assert_eq!(block.text(info.ClientRealm), REALM);
            block.text(info.ServerName)
        })
        .collect()
}

const OWN: LUID = LUID { LowPart: 0, HighPart: 0 };
const NOBODY: LUID = LUID { LowPart: 999, HighPart: 0 };

fn own_session() -> LUID {
    let (mut count, mut list) = (0, std::ptr::null_mut());
    // SAFETY: writable places; the list is ours to free.
    unsafe {
        assert_eq!(LsaEnumerateLogonSessions(&raw mut count, &raw mut list), STATUS_SUCCESS);
        let first = *list;
        assert_eq!(LsaFreeReturnBuffer(list.cast()), STATUS_SUCCESS);
        first
    }
}

fn retrieve(lsa: &Lsa, target: &str, options: u32) -> Said {
    type Retrieve = KERB_RETRIEVE_TKT_REQUEST;
    let request = Request::new::<Retrieve>(8)
        .text(offset_of!(Retrieve, TargetName), target)
        .number(offset_of!(Retrieve, CacheOptions), options);
    lsa.call(KERBEROS, request.bytes())
}

fn purge(lsa: &Lsa, server: &str, realm: &str) -> i32 {
    type Purge = KERB_PURGE_TKT_CACHE_REQUEST;
    let request = Request::new::<Purge>(6)
        .text(offset_of!(Purge, ServerName), server)
        .text(offset_of!(Purge, RealmName), realm);
    lsa.call(KERBEROS, request.bytes()).status
}

#[test]
fn the_callers_tickets_are_those_of_its_cache() {
    const NAME: &str = "the_callers_tickets_are_those_of_its_cache";
    let world = World::new(NAME);
    if !world.alone(NAME) {
        return;
    }
    fill(&own_cache());
    let lsa = Lsa::connect();
    let expected = [format!("krbtgt/{REALM}"), SERVICE.to_owned()];
    assert_eq!(servers(&lsa, OWN), expected);
    assert_eq!(servers(&lsa, own_session()), expected);

    // The oldest and the newest form.
    let block = lsa.ask(KERBEROS, Request::new::<KERB_QUERY_TKT_CACHE_REQUEST>(1).bytes());
    let head: KERB_QUERY_TKT_CACHE_RESPONSE = block.structure(0);
    assert_eq!((head.MessageType, head.CountOfTickets), (1, 2));
    assert_eq!(block.text(head.Tickets[0].ServerName), expected[0]);
    assert_eq!((head.Tickets[0].EncryptionType, head.Tickets[0].TicketFlags), (17, FLAGS));
    let block = lsa.ask(KERBEROS, Request::new::<KERB_QUERY_TKT_CACHE_REQUEST>(25).bytes());
    let both: [KERB_TICKET_CACHE_INFO_EX3; 2] = block.structure(8);
    assert_eq!((both[0].CacheFlags, both[1].CacheFlags), (1, 0));
    assert_eq!((both[0].SessionKeyType, both[1].SessionKeyType), (18, 18));

    // The ticket-granting ticket, with the key that lies in the caller's own cache.
    let block = lsa.ask(KERBEROS, Request::new::<KERB_QUERY_TKT_CACHE_REQUEST>(4).bytes());
    let tgt: KERB_EXTERNAL_TICKET = block.structure(0);
    assert_eq!(block.name(tgt.ServiceName), expected[0]);
    assert_eq!(block.name(tgt.ClientName), "zoë");
    assert_eq!(block.text(tgt.DomainName), REALM);
    assert_eq!(block.text(tgt.TargetDomainName), REALM);
    assert_eq!(block.bytes(tgt.SessionKey.Value, tgt.SessionKey.Length), [1; 32]);
    let encoded = block.bytes(tgt.EncodedTicket, tgt.EncodedTicketSize);
    assert_eq!(encoded, ticket(&expected[0], 1, 0).ticket);

    let session: SECURITY_LOGON_SESSION_DATA;
    let mut data = std::ptr::null_mut();
    // SAFETY: readable and writable places; what comes is ours to free.
    unsafe {
        let mut luid = own_session();
        assert_eq!(LsaGetLogonSessionData(&raw mut luid, &raw mut data), STATUS_SUCCESS);
        session = *data;
        let user = std::slice::from_raw_parts(session.UserName.Buffer, 3);
        assert_eq!(String::from_utf16(user).unwrap(), "zoë");
        let upn = usize::from(session.Upn.Length) / 2;
        let upn = std::slice::from_raw_parts(session.Upn.Buffer, upn);
        assert_eq!(String::from_utf16(upn).unwrap(), format!("zoë@{REALM}"));
        assert_eq!(LsaFreeReturnBuffer(data.cast()), STATUS_SUCCESS);
    }
}

#[test]
fn a_ticket_is_retrieved_from_the_cache_or_not_at_all() {
    const NAME: &str = "a_ticket_is_retrieved_from_the_cache_or_not_at_all";
    let world = World::new(NAME);
    if !world.alone(NAME) {
        return;
    }
    fill(&own_cache());
    let lsa = Lsa::connect();
    for options in [KERB_RETRIEVE_TICKET_USE_CACHE_ONLY, 0] {
        let said = retrieve(&lsa, SERVICE, options);
        assert_eq!((said.returned, said.status), (0, 0), "{}", why());
        let external: KERB_EXTERNAL_TICKET = said.block.structure(0);
        assert_eq!(said.block.name(external.TargetName), SERVICE);
        let key = external.SessionKey;
        assert_eq!((key.KeyType, said.block.bytes(key.Value, key.Length)), (18, &[2; 32][..]));
    }
    let status = |target: &str, options| retrieve(&lsa, target, options).status;
    assert_eq!(status("HTTP/other.cache.test", 2), STATUS_OBJECT_NAME_NOT_FOUND);
    // Not in the cache, and nobody to ask.
    assert_eq!(status("HTTP/other.cache.test", 0), STATUS_NO_LOGON_SERVERS);
    assert_eq!(status(SERVICE, KERB_RETRIEVE_TICKET_DONT_USE_CACHE), STATUS_NO_LOGON_SERVERS);
    assert_eq!(status(SERVICE, 3), STATUS_INVALID_PARAMETER);
    assert_eq!(status(SERVICE, 0x80), STATUS_INVALID_PARAMETER);
    assert_eq!(status("", 0), STATUS_INVALID_PARAMETER);
    assert_eq!(status(SERVICE, KERB_RETRIEVE_TICKET_WITH_SEC_CRED), STATUS_NOT_SUPPORTED);
    assert_eq!(status(SERVICE, KERB_RETRIEVE_TICKET_USE_CREDHANDLE), STATUS_INVALID_HANDLE);
    // Of another session than the caller's.
    let request = Request::new::<KERB_QUERY_TKT_CACHE_REQUEST>(4).luid(4, NOBODY);
    let said = lsa.call(KERBEROS, request.bytes());
    assert_eq!((said.returned, said.status), (STATUS_SUCCESS, STATUS_NO_SUCH_LOGON_SESSION));
}

#[test]
fn tickets_are_purged_by_name_or_all_at_once() {
    const NAME: &str = "tickets_are_purged_by_name_or_all_at_once";
    let world = World::new(NAME);
    if !world.alone(NAME) {
        return;
    }
    fill(&own_cache());
    let lsa = Lsa::connect();
    assert_eq!(purge(&lsa, "HTTP/other", REALM), SEC_E_NO_CREDENTIALS);
    assert_eq!(purge(&lsa, SERVICE, "OTHER.TEST"), SEC_E_NO_CREDENTIALS);
    assert_eq!(servers(&lsa, OWN).len(), 2);
    assert_eq!(purge(&lsa, SERVICE, REALM), STATUS_SUCCESS);
    assert_eq!(servers(&lsa, OWN), [format!("krbtgt/{REALM}")]);
    fill(&own_cache());
    type PurgeEx = KERB_PURGE_TKT_CACHE_EX_REQUEST;
    let template = |field: usize| offset_of!(PurgeEx, TicketTemplate) + field;
    let client = template(offset_of!(KERB_TICKET_CACHE_INFO_EX, ClientName));
    let ex = |request: Request| lsa.call(KERBEROS, request.bytes()).status;
    let none = Request::new::<PurgeEx>(15).text(client, "nobody");
    assert_eq!(ex(none), SEC_E_NO_CREDENTIALS);
    assert_eq!(ex(Request::new::<PurgeEx>(15).number(12, 2)), STATUS_INVALID_PARAMETER);
    let all = Request::new::<PurgeEx>(15).number(12, KERB_PURGE_ALL_TICKETS).text(client, "nobody");
    assert_eq!(ex(all), STATUS_SUCCESS);
    assert_eq!(servers(&lsa, OWN), [""; 0]);
    // Nothing is there, and all of it is to go.
    assert_eq!(purge(&lsa, "", ""), STATUS_SUCCESS);
    let said = lsa.call(KERBEROS, Request::new::<KERB_QUERY_TKT_CACHE_REQUEST>(4).bytes());
    assert_eq!(said.status, SEC_E_NO_CREDENTIALS);
}

#[test]
fn a_ticket_goes_out_as_a_krb_cred_and_in_again() {
    const NAME: &str = "a_ticket_goes_out_as_a_krb_cred_and_in_again";
    let world = World::new(NAME);
    if !world.alone(NAME) {
        return;
    }
    fill(&own_cache());
    let lsa = Lsa::connect();
    let options = KERB_RETRIEVE_TICKET_AS_KERB_CRED | KERB_RETRIEVE_TICKET_USE_CACHE_ONLY;
    let said = retrieve(&lsa, SERVICE, options);
    assert_eq!(said.status, STATUS_SUCCESS, "{}", why());
    let external: KERB_EXTERNAL_TICKET = said.block.structure(0);
    let cred = said.block.bytes(external.EncodedTicket, external.EncodedTicketSize).to_vec();
    assert_eq!(cred[0], 0x76);
    let submit = |cred: &[u8]| {
        type Submit = KERB_SUBMIT_TKT_REQUEST;
        let size = size_of::<Submit>() as u32;
        let request = Request::new::<Submit>(21)
            .number(offset_of!(Submit, KerbCredSize), cred.len() as u32)
            .number(offset_of!(Submit, KerbCredOffset), size)
            .append(cred)
            .0;
        lsa.call(KERBEROS, request.bytes()).status
    };
    assert_eq!(purge(&lsa, "", ""), STATUS_SUCCESS);
    assert_eq!(submit(&cred), STATUS_SUCCESS, "{}", why());
    assert_eq!(servers(&lsa, OWN), [SERVICE]);
    let said = retrieve(&lsa, SERVICE, KERB_RETRIEVE_TICKET_USE_CACHE_ONLY);
    let again: KERB_EXTERNAL_TICKET = said.block.structure(0);
    assert_eq!(said.block.bytes(again.SessionKey.Value, again.SessionKey.Length), [2; 32]);
    for length in 0..cred.len() {
        assert_ne!(submit(&cred[..length]), STATUS_SUCCESS, "{length}");
        assert!(!why().contains("panic"));
    }
}

#[test]
fn without_a_cache_there_are_no_tickets() {
    const NAME: &str = "without_a_cache_there_are_no_tickets";
    let world = World::new(NAME);
    if !world.alone(NAME) {
        return;
    }
    let lsa = Lsa::connect();
    assert_eq!(servers(&lsa, OWN), [""; 0]);
    let said = lsa.call(KERBEROS, Request::new::<KERB_QUERY_TKT_CACHE_REQUEST>(4).bytes());
    assert_eq!((said.returned, said.status), (STATUS_SUCCESS, SEC_E_NO_CREDENTIALS));
    assert_eq!(retrieve(&lsa, SERVICE, 2).status, STATUS_OBJECT_NAME_NOT_FOUND);
    assert_eq!(retrieve(&lsa, SERVICE, 0).status, SEC_E_NO_CREDENTIALS);
}

#[test]
fn kdcs_are_bound_listed_and_forgotten() {
    const NAME: &str = "kdcs_are_bound_listed_and_forgotten";
    let world = World::new(NAME);
    if !world.alone(NAME) {
        return;
    }
    type Bind = KERB_ADD_BINDING_CACHE_ENTRY_EX_REQUEST;
    let lsa = Lsa::connect();
    let bindings = || {
        let block = lsa.ask(KERBEROS, &28_u32.to_ne_bytes());
        let head: KERB_QUERY_BINDING_CACHE_RESPONSE = block.structure(0);
        assert_eq!(head.MessageType, 28);
        let place = head.Entries.addr().saturating_sub(block.pointer.addr());
        (0..head.CountOfEntries as usize)
            .map(|index| {
                let size = size_of::<KERB_BINDING_CACHE_ENTRY_DATA>();
                let entry: KERB_BINDING_CACHE_ENTRY_DATA = block.structure(place + size * index);
                assert!(entry.DiscoveryTime > 0);
                let numbers = (entry.AddressType, entry.DcFlags);
                (block.text(entry.RealmName), block.text(entry.KdcAddress), numbers)
            })
            .collect::<Vec<_>>()
    };
    let bind = |message, realm: &str, address: &str, kind: u32| {
        let request = Request::new::<Bind>(message)
            .text(offset_of!(Bind, RealmName), realm)
            .text(offset_of!(Bind, KdcAddress), address)
            .number(offset_of!(Bind, AddressType), kind)
            .number(offset_of!(Bind, DcFlags), 0x80);
        lsa.call(KERBEROS, request.bytes()).status
    };
    assert_eq!(bindings(), []);
    assert_eq!(bind(27, REALM, "127.0.0.1", 1), STATUS_SUCCESS, "{}", why());
    assert_eq!(bind(10, "OTHER.TEST", "kdc.other.test", 0), STATUS_SUCCESS, "{}", why());
    let other = ("OTHER.TEST".to_owned(), "kdc.other.test".to_owned(), (0, 0));
    let ours = (REALM.to_owned(), "127.0.0.1".to_owned(), (1, 0x80));
    assert_eq!(bindings(), [other, ours]);
    assert_eq!(bind(10, "", "127.0.0.1", 1), STATUS_INVALID_PARAMETER);
    assert_eq!(bind(10, REALM, "", 1), STATUS_INVALID_PARAMETER);
    assert_eq!(bind(10, REALM, "127.0.0.1", 3), STATUS_INVALID_PARAMETER);
    assert_eq!(lsa.call(KERBEROS, &29_u32.to_ne_bytes()).status, STATUS_SUCCESS);
    assert_eq!(bindings(), []);
}
