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
use secur32::crypto::kerberos::{Enctype, Key};
use secur32::platform::ccache::Caches;
use secur32::spi::kerberos::KeytabEntry;
use secur32::spi::kerberos::{CachedTicket, KerberosTime, KeyBlock, Principal};
use secur32::spi::secret::SecretBytes;
use secur32::wire::kerberos::keytab::encode_keytab;
use secur32::wire::kerberos::{
    EncTicketPart, EncryptedData, PrincipalName, Ticket, TransitedEncoding,
};

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
                .env("KRB5_KTNAME", format!("FILE:{}", self.0.join("keytab").display()))
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

const HOST: &str = "host/me.cache.test";

/// The key of this machine, which its keytab holds.
fn host_key() -> Key {
    Key::new(Enctype::from_number(18).unwrap(), &[9; 32]).unwrap()
}

fn write_keytab() {
    let key = KeyBlock { enctype: 18, value: SecretBytes::new(vec![9; 32]) };
    let entry = KeytabEntry { principal: principal(HOST), timestamp: 0, kvno: 1, key };
    let name = std::env::var("KRB5_KTNAME").unwrap();
    let path = name.strip_prefix("FILE:").unwrap();
    fs::write(path, encode_keytab(&[entry]).unwrap().expose()).unwrap();
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

/// A ticket of this client for this machine, as its KDC would make it.
fn host_ticket(client: &str, key: &Key, lasts: i64) -> Vec<u8> {
    let name = |text: &str| PrincipalName {
        name_type: 1,
        name_string: text.split('/').map(str::to_owned).collect(),
    };
    let part = EncTicketPart {
        flags: FLAGS,
        key: KeyBlock { enctype: 18, value: SecretBytes::new(vec![5; 32]) },
        crealm: REALM.into(),
        cname: name(client),
        transited: TransitedEncoding { tr_type: 1, contents: Vec::new() },
        authtime: now(),
        starttime: None,
        endtime: KerberosTime(now().0 + lasts),
        renew_till: None,
        caddr: Vec::new(),
        authorization_data: Vec::new(),
    };
    let cipher = key.encrypt(2, &[0x5A; 16], part.to_der_secret().expose());
    let enc_part = EncryptedData { etype: 18, kvno: Some(1), cipher };
    Ticket { realm: REALM.into(), sname: name(HOST), enc_part }.encode().0
}

fn ticket_logon(service: &[u8], granting: &[u8]) -> Request {
    type Logon = KERB_TICKET_LOGON;
    let (request, service_place) = Request::new::<Logon>(10).append(service);
    let (request, granting_place) = request.append(granting);
    request
        .number(offset_of!(Logon, ServiceTicketLength), service.len() as u32)
        .number(offset_of!(Logon, TicketGrantingTicketLength), granting.len() as u32)
        .put(offset_of!(Logon, ServiceTicket), service_place.to_ne_bytes())
        .put(offset_of!(Logon, TicketGrantingTicket), granting_place.to_ne_bytes())
}

fn acquire(luid: LUID) -> Result<String, i32> {
    acquire_for(SECPKG_CRED_OUTBOUND, luid)
}

fn acquire_for(usage: u32, luid: LUID) -> Result<String, i32> {
    let (mut luid, mut handle) = (luid, c_abi::FOREIGN);
    let mut package = c_abi::wide("Kerberos");
    let mut name = SecPkgCredentials_NamesW { sUserName: std::ptr::null_mut() };
    // SAFETY: readable and writable places, terminated strings.
    unsafe {
        let status = c_abi::AcquireCredentialsHandleW(
            std::ptr::null_mut(),
            package.as_mut_ptr(),
            usage,
            (&raw mut luid).cast(),
            std::ptr::null_mut(),
            None,
            std::ptr::null_mut(),
            &raw mut handle,
            std::ptr::null_mut(),
        );
        if status != SEC_E_OK {
            return Err(status);
        }
        let place = (&raw mut name).cast();
        let status = c_abi::QueryCredentialsAttributesW(&raw mut handle, 1, place);
        assert_eq!(status, SEC_E_OK);
        assert_eq!(c_abi::FreeCredentialsHandle(&raw mut handle), SEC_E_OK);
        let text = c_abi::text_of(name.sUserName);
        assert_eq!(c_abi::FreeContextBuffer(name.sUserName.cast()), SEC_E_OK);
        Ok(text)
    }
}

#[test]
fn a_ticket_for_this_machine_logs_its_client_on() {
    const NAME: &str = "a_ticket_for_this_machine_logs_its_client_on";
    let world = World::new(NAME);
    if !world.alone(NAME) {
        return;
    }
    fill(&own_cache());
    write_keytab();
    let lsa = Lsa::connect();
    assert_eq!(acquire(own_session()).unwrap(), format!("zoë@{REALM}"));
    // The caller's own session is named for every use, another one's is a client's.
    assert!(acquire_for(SECPKG_CRED_BOTH, own_session()).is_ok());
    let service = host_ticket("zoë", &host_key(), 600);
    let alone = lsa.log_on(KERBEROS, 3, ticket_logon(&service, &[]).bytes());
    let alone = alone.unwrap_or_else(|status| panic!("{status:#x} {}", why()));
    let profile: KERB_TICKET_PROFILE = alone.profile.structure(0);
    assert_eq!(profile.Profile.MessageType, 6);
    assert!(profile.Profile.LogoffTime.QuadPart > profile.Profile.LogonTime.QuadPart);
    let key = profile.SessionKey;
    assert_eq!((key.KeyType, alone.profile.bytes(key.Value, key.Length)), (18, &[5; 32][..]));
    // Without a ticket-granting ticket there is nothing to go on with.
    assert_eq!(acquire(alone.session), Err(SEC_E_UNKNOWN_CREDENTIALS));

    // With one, in a KRB-CRED: a session with tickets of its own.
    let options = KERB_RETRIEVE_TICKET_AS_KERB_CRED | KERB_RETRIEVE_TICKET_USE_CACHE_ONLY;
    let said = retrieve(&lsa, &format!("krbtgt/{REALM}"), options);
    assert_eq!(said.status, STATUS_SUCCESS, "{}", why());
    let tgt: KERB_EXTERNAL_TICKET = said.block.structure(0);
    let granting = said.block.bytes(tgt.EncodedTicket, tgt.EncodedTicketSize).to_vec();
    for package in [KERBEROS, NEGOTIATE] {
        let logon = lsa.log_on(package, 3, ticket_logon(&service, &granting).bytes());
        let logon = logon.unwrap_or_else(|status| panic!("{status:#x} {}", why()));
        assert_eq!(servers(&lsa, logon.session), [format!("krbtgt/{REALM}")]);
        assert_eq!(acquire(logon.session).unwrap(), format!("zoë@{REALM}"));
        let both = acquire_for(SECPKG_CRED_BOTH, logon.session);
        assert_eq!(both.unwrap(), format!("zoë@{REALM}"));
        let inbound = acquire_for(SECPKG_CRED_INBOUND, logon.session);
        assert_eq!(inbound, Err(SEC_E_UNKNOWN_CREDENTIALS));
        // What is taken out of the session stays in the caller's cache.
        let request = Request::new::<KERB_PURGE_TKT_CACHE_REQUEST>(6).luid(4, logon.session);
        lsa.ask(KERBEROS, request.bytes());
        assert_eq!(servers(&lsa, logon.session), [""; 0]);
        assert_eq!(servers(&lsa, OWN).len(), 2);
        let gone = logon.session;
        drop(logon);
        assert_eq!(acquire(gone), Err(SEC_E_UNKNOWN_CREDENTIALS));
        let request = Request::new::<KERB_QUERY_TKT_CACHE_REQUEST>(1).luid(4, gone);
        assert_eq!(lsa.call(KERBEROS, request.bytes()).status, STATUS_NO_SUCH_LOGON_SESSION);
    }
}

#[test]
fn a_ticket_of_another_key_another_client_or_another_time_logs_nobody_on() {
    const NAME: &str = "a_ticket_of_another_key_another_client_or_another_time_logs_nobody_on";
    let world = World::new(NAME);
    if !world.alone(NAME) {
        return;
    }
    fill(&own_cache());
    write_keytab();
    let lsa = Lsa::connect();
    let refused = |service: &[u8], granting: &[u8]| {
        let status = lsa.log_on(KERBEROS, 3, ticket_logon(service, granting).bytes()).unwrap_err();
        assert_ne!(status, STATUS_INTERNAL_ERROR, "{}", why());
        assert!(!why().contains("panic"), "{}", why());
        status
    };
    let other = Key::new(Enctype::from_number(18).unwrap(), &[8; 32]).unwrap();
    refused(&host_ticket("zoë", &other, 600), &[]);
    assert_eq!(refused(&host_ticket("zoë", &host_key(), -600), &[]), SEC_E_CONTEXT_EXPIRED);
    let options = KERB_RETRIEVE_TICKET_AS_KERB_CRED | KERB_RETRIEVE_TICKET_USE_CACHE_ONLY;
    let said = retrieve(&lsa, &format!("krbtgt/{REALM}"), options);
    let tgt: KERB_EXTERNAL_TICKET = said.block.structure(0);
    let granting = said.block.bytes(tgt.EncodedTicket, tgt.EncodedTicketSize).to_vec();
    refused(&host_ticket("mallory", &host_key(), 600), &granting);
    let service = host_ticket("zoë", &host_key(), 600);
    for length in 0..service.len() {
        refused(&service[..length], &[]);
    }
    for bit in 0..service.len() * 8 {
        let mut altered = service.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        // The kvno is a hint, and a bit of it changes nothing that is verified.
        let request = ticket_logon(&altered, &[]);
        if let Ok(logon) = lsa.log_on(KERBEROS, 3, request.bytes()) {
            let profile: KERB_TICKET_PROFILE = logon.profile.structure(0);
            let key = profile.SessionKey;
            assert_eq!(logon.profile.bytes(key.Value, key.Length), [5; 32], "bit {bit}");
        }
    }
    for length in 1..granting.len() {
        refused(&service, &granting[..length]);
    }
}
