//! Nonsense for `LsaCallAuthenticationPackage` and `LsaLogonUser` behind a living connection:
//! every message with random bytes, with pointers that lie, cut at every length and altered in
//! every bit. Nothing crashes, nothing outside of the buffer is read, and both results are ones.
#![allow(unsafe_code, clippy::cast_possible_truncation, clippy::items_after_statements)]

mod c_abi;
mod lsa;

use std::fs;
use std::mem::offset_of;
use std::process::Command;

use c_abi::Seeded;
use c_abi::process::alone_with;
use lsa::*;

/// A world in which nobody can be asked: no KDC, no cache, no account.
fn nobody_there(command: &mut Command) {
    let folder = std::env::temp_dir();
    let conf = folder.join(format!("secur32-lsa-hostile-{}.conf", std::process::id()));
    let text = "[libdefaults]\n default_realm = NOWHERE.TEST\n dns_lookup_kdc = false\n \
                dns_lookup_realm = false\n dns_canonicalize_hostname = false\n";
    fs::write(&conf, text).unwrap();
    command
        .env("KRB5_CONFIG", &conf)
        .env("KRB5CCNAME", "MEMORY:secur32-lsa-hostile")
        .env("KRB5_KTNAME", "FILE:/nonexistent/keytab")
        .env("KRB5_CLIENT_KTNAME", "FILE:/nonexistent/client-keytab")
        .env_remove("NTLM_USER_FILE")
        .env_remove("SECUR32_CONFIG");
}

/// Memory that ends where the buffer does: what is read behind it kills the process.
struct Fenced {
    start: *mut u8,
    size: usize,
}

impl Fenced {
    fn new() -> Self {
        const PAGES: usize = 3;
        let page = 4096;
        // SAFETY: new memory of the system, whose last page is made unreadable.
        unsafe {
            let start = libc::mmap(
                std::ptr::null_mut(),
                PAGES * page,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            );
            assert_ne!(start, libc::MAP_FAILED);
            assert_eq!(
                libc::mprotect(start.byte_add((PAGES - 1) * page), page, libc::PROT_NONE),
                0
            );
            Self { start: start.cast(), size: (PAGES - 1) * page }
        }
    }

    /// A copy of the bytes at the very end. Pointers into them keep pointing at the original.
    fn place(&self, bytes: &[u8]) -> &[u8] {
        assert!(bytes.len() <= self.size);
        // SAFETY: within the writable pages; nobody holds an earlier slice.
        unsafe {
            let at = self.start.add(self.size - bytes.len());
            at.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
            std::slice::from_raw_parts(at, bytes.len())
        }
    }
}

fn check(said: &Said, story: &dyn Fn() -> String) {
    let known = [STATUS_SUCCESS, STATUS_INVALID_PARAMETER, STATUS_NO_SUCH_PACKAGE];
    assert!(known.contains(&said.returned), "{} -> {:#x}", story(), said.returned);
    assert_ne!(said.status, STATUS_INTERNAL_ERROR, "{}: {}", story(), why());
    assert!(!why().contains("panic"), "{}: {}", story(), why());
    if said.returned != STATUS_SUCCESS {
        assert_eq!(said.status, STATUS_SUCCESS, "{}", story());
    }
    if said.returned != STATUS_SUCCESS || said.status != STATUS_SUCCESS {
        assert!(said.block.pointer.is_null(), "{}", story());
    }
}

#[test]
fn random_bytes_for_every_message() {
    if !alone_with("random_bytes_for_every_message", nobody_there) {
        return;
    }
    let (lsa, fence, mut numbers) = (Lsa::connect(), Fenced::new(), Seeded::new(0x15A));
    for package in [NEGOTIATE, KERBEROS, MSV1_0, 1, 4, u32::MAX] {
        for message in (0..40).chain([1000, 0x8000_0000, u32::MAX]) {
            for _ in 0..60 {
                let length = numbers.below(200);
                let mut bytes: Vec<u8> = (0..length).map(|_| numbers.next() as u8).collect();
                if let Some(place) = bytes.get_mut(..4) {
                    place.copy_from_slice(&u32::to_ne_bytes(message));
                }
                let said = lsa.call(package, fence.place(&bytes));
                check(&said, &|| format!("{package} {message} {bytes:02x?}"));
            }
        }
    }
}

/// Every request in its good form.
fn requests() -> Vec<(u32, Request)> {
    type Retrieve = KERB_RETRIEVE_TKT_REQUEST;
    type Purge = KERB_PURGE_TKT_CACHE_REQUEST;
    type PurgeEx = KERB_PURGE_TKT_CACHE_EX_REQUEST;
    type Submit = KERB_SUBMIT_TKT_REQUEST;
    type Change = KERB_CHANGEPASSWORD_REQUEST;
    type Set = KERB_SETPASSWORD_REQUEST;
    type Bind = KERB_ADD_BINDING_CACHE_ENTRY_EX_REQUEST;
    let template = offset_of!(PurgeEx, TicketTemplate);
    let ex = |field: usize| template + field;
    let submit = Request::new::<Submit>(21)
        .number(offset_of!(Submit, KerbCredSize), 64)
        .number(offset_of!(Submit, KerbCredOffset), 68)
        .number(offset_of!(Submit, Key), 18)
        .number(offset_of!(Submit, Key) + 4, 32)
        .number(offset_of!(Submit, Key) + 8, 36)
        .append(&[0x76; 96])
        .0;
    vec![
        (KERBEROS, Request::new::<KERB_QUERY_TKT_CACHE_REQUEST>(25)),
        (KERBEROS, Request::new::<KERB_QUERY_TKT_CACHE_REQUEST>(4)),
        (
            KERBEROS,
            Request::new::<Retrieve>(8)
                .text(offset_of!(Retrieve, TargetName), "HTTP/h.nowhere.test")
                .number(offset_of!(Retrieve, CacheOptions), 2),
        ),
        (
            KERBEROS,
            Request::new::<Purge>(6)
                .text(offset_of!(Purge, ServerName), "HTTP/h")
                .text(offset_of!(Purge, RealmName), "NOWHERE.TEST"),
        ),
        (
            KERBEROS,
            Request::new::<PurgeEx>(15)
                .text(ex(offset_of!(KERB_TICKET_CACHE_INFO_EX, ClientName)), "u")
                .text(ex(offset_of!(KERB_TICKET_CACHE_INFO_EX, ServerName)), "HTTP/h"),
        ),
        (KERBEROS, submit),
        (
            KERBEROS,
            Request::new::<Change>(7)
                .text(offset_of!(Change, DomainName), "NOWHERE.TEST")
                .text(offset_of!(Change, AccountName), "u")
                .text(offset_of!(Change, OldPassword), "old")
                .text(offset_of!(Change, NewPassword), "new"),
        ),
        (
            KERBEROS,
            Request::new::<Set>(11)
                .text(offset_of!(Set, DomainName), "NOWHERE.TEST")
                .text(offset_of!(Set, AccountName), "u")
                .text(offset_of!(Set, Password), "new"),
        ),
        (
            KERBEROS,
            Request::new::<Bind>(27)
                .text(offset_of!(Bind, RealmName), "BOUND.TEST")
                .text(offset_of!(Bind, KdcAddress), "127.0.0.1")
                .number(offset_of!(Bind, AddressType), 1),
        ),
        (NEGOTIATE, Request::new::<NEGOTIATE_CALLER_NAME_REQUEST>(1)),
    ]
}

#[test]
fn every_request_cut_at_every_length() {
    if !alone_with("every_request_cut_at_every_length", nobody_there) {
        return;
    }
    let (lsa, fence) = (Lsa::connect(), Fenced::new());
    for (package, request) in requests() {
        let bytes = request.bytes();
        // In its own memory, where its pointers are right, and at the end of other memory, where
        // they point at something that is readable and not part of the buffer.
        for length in 0..=bytes.len() {
            let cut = &bytes[..length];
            let message = bytes[0];
            check(&lsa.call(package, cut), &|| format!("message {message}, {length} bytes"));
            check(&lsa.call(package, fence.place(cut)), &|| format!("message {message} moved"));
        }
    }
}

#[test]
fn every_request_with_every_bit_altered() {
    if !alone_with("every_request_with_every_bit_altered", nobody_there) {
        return;
    }
    let lsa = Lsa::connect();
    for (package, mut request) in requests() {
        // Texts are long and all alike: the structure and a little of what is behind it.
        let bits = request.bytes().len().min(200) * 8;
        for bit in 32..bits {
            request.bytes_mut()[bit / 8] ^= 1 << (bit % 8);
            let said = lsa.call(package, request.bytes());
            request.bytes_mut()[bit / 8] ^= 1 << (bit % 8);
            let message = request.bytes()[0];
            check(&said, &|| format!("message {message}, bit {bit}"));
        }
    }
}

#[test]
fn b7_logons_cut_and_altered() {
    if !alone_with("b7_logons_cut_and_altered", nobody_there) {
        return;
    }
    let lsa = Lsa::connect();
    let mut requests = logons();
    for (package, request) in &mut requests {
        for length in 0..request.bytes().len() {
            let status = lsa.log_on(*package, 2, &request.bytes()[..length]).unwrap_err();
            assert_eq!(status, STATUS_INVALID_PARAMETER, "{} at {length}", request.bytes()[0]);
        }
        for bit in 32..request.bytes().len().min(200) * 8 {
            request.bytes_mut()[bit / 8] ^= 1 << (bit % 8);
            let status = lsa.log_on(*package, 3, request.bytes()).unwrap_err();
            request.bytes_mut()[bit / 8] ^= 1 << (bit % 8);
            assert_ne!(status, STATUS_INTERNAL_ERROR, "bit {bit}: {}", why());
            assert!(!why().contains("panic"), "{}", why());
        }
    }
    // Types of logons and of messages that there are not.
    for message in (0..100).chain([u32::MAX]) {
        for package in [NEGOTIATE, KERBEROS, MSV1_0, 1, 99] {
            let bytes = [&message.to_ne_bytes()[..], &[0; 200]].concat();
            assert!(lsa.log_on(package, 3, &bytes).is_err(), "{message} {package}");
        }
    }
    for kind in (-3..20).chain([i32::MAX, i32::MIN]) {
        assert!(lsa.log_on(MSV1_0, kind, logons()[0].1.bytes()).is_err());
    }
}

fn logons() -> Vec<(u32, Request)> {
    type Interactive = MSV1_0_INTERACTIVE_LOGON;
    type Network = MSV1_0_LM20_LOGON;
    let interactive = Request::new::<Interactive>(2)
        .text(offset_of!(Interactive, LogonDomainName), "NOWHERE")
        .text(offset_of!(Interactive, UserName), "u")
        .text(offset_of!(Interactive, Password), "p");
    let network = Request::new::<Network>(4)
        .text(offset_of!(Network, LogonDomainName), "NOWHERE")
        .text(offset_of!(Network, UserName), "u")
        .string(offset_of!(Network, CaseSensitiveChallengeResponse), &[1; 24]);
    vec![(MSV1_0, interactive), (MSV1_0, network)]
}
