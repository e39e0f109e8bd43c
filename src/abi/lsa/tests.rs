//! Answers read back as C reads them, and submitted structures in every wrong form.

use super::kerberos::{external_of_tests, list_of_tests};
use super::reply::Reply;
use super::status::Refused;
use super::submit::{Plain, Submit};
use super::*;
use crate::abi::exports::lsa::LsaFreeReturnBuffer;
use crate::abi::types::enumerations::_KERB_PROTOCOL_MESSAGE_TYPE as Message;
use crate::abi::types::*;
use crate::spi::error::{CallerFault, LocalFault};
use crate::spi::kerberos::{KerberosTime, KeyBlock, Principal};
use crate::spi::secret::SecretBytes;
use crate::spi::tickets::{ExternalTicket, TicketListing};

fn principal(text: &[&str], realm: &str) -> Principal {
    let components = text.iter().map(|&part| part.to_owned()).collect();
    Principal { name_type: 2, components, realm: realm.to_owned() }
}

fn listing(server: &[&str]) -> TicketListing {
    TicketListing {
        client: principal(&["zoë"], "EXAMPLE.COM"),
        server: principal(server, "EXAMPLE.COM"),
        start: KerberosTime(0),
        end: KerberosTime(1_000_000_000),
        renew: KerberosTime(0),
        enctype: 18,
        key_enctype: -133,
        flags: 0x4081_0000,
    }
}

/// The block of a reply as C has it, freed at the end.
struct Received(*mut u8, u32);

impl Received {
    fn of(reply: Reply) -> Self {
        let (block, length) = reply.hand_out().unwrap();
        Self(block.release(), length)
    }

    fn structure<T: Copy>(&self, offset: usize) -> T {
        assert!(offset + size_of::<T>() <= self.1 as usize);
        // SAFETY: inside of the block, which is aligned for it.
        unsafe { self.0.add(offset).cast::<T>().read() }
    }

    /// The text, which must lie in the block and be terminated there.
    fn text(&self, string: UNICODE_STRING) -> String {
        let offset = string.Buffer.addr() - self.0.addr();
        let units = usize::from(string.Length) / 2;
        assert!(offset + usize::from(string.Length) + 2 <= self.1 as usize);
        assert_eq!(string.MaximumLength, string.Length + 2);
        // SAFETY: inside of the block.
        let units = unsafe { std::slice::from_raw_parts(string.Buffer, units + 1) };
        assert_eq!(units.last(), Some(&0));
        String::from_utf16(&units[..units.len() - 1]).unwrap()
    }
}

impl Drop for Received {
    fn drop(&mut self) {
        // SAFETY: a block of the library that nobody uses any more.
        assert_eq!(unsafe { LsaFreeReturnBuffer(self.0.cast()) }, STATUS_SUCCESS);
    }
}

#[test]
fn every_list_of_tickets_is_one_block_of_its_structures() {
    let tickets = [listing(&["krbtgt", "EXAMPLE.COM"]), listing(&["HTTP", "h:80"])];
    let end = 126_444_736_000_000_000;
    let plain = Received::of(list_of_tests(Message::KerbQueryTicketCacheMessage, &tickets));
    let head: KERB_QUERY_TKT_CACHE_RESPONSE = plain.structure(0);
    assert_eq!((head.MessageType, head.CountOfTickets), (1, 2));
    let first = head.Tickets[0];
    assert_eq!(plain.text(first.ServerName), "krbtgt/EXAMPLE.COM");
    assert_eq!(plain.text(first.RealmName), "EXAMPLE.COM");
    assert_eq!((first.StartTime.QuadPart, first.RenewTime.QuadPart), (0, 0));
    assert_eq!(first.EndTime.QuadPart, end);
    assert_eq!((first.EncryptionType, first.TicketFlags), (18, 0x4081_0000));
    let second: KERB_TICKET_CACHE_INFO = plain.structure(8 + 64);
    assert_eq!(plain.text(second.ServerName), "HTTP/h:80");

    let ex = Received::of(list_of_tests(Message::KerbQueryTicketCacheExMessage, &tickets));
    let second: KERB_TICKET_CACHE_INFO_EX = ex.structure(8 + 96);
    assert_eq!(ex.text(second.ClientName), "zoë");
    assert_eq!(ex.text(second.ClientRealm), "EXAMPLE.COM");
    assert_eq!(ex.text(second.ServerRealm), "EXAMPLE.COM");
    assert_eq!((second.EncryptionType, second.TicketFlags), (18, 0x4081_0000));

    let ex2 = Received::of(list_of_tests(Message::KerbQueryTicketCacheEx2Message, &tickets));
    let second: KERB_TICKET_CACHE_INFO_EX2 = ex2.structure(8 + 104);
    assert_eq!(ex2.text(second.ServerName), "HTTP/h:80");
    assert_eq!((second.SessionKeyType.cast_signed(), second.BranchId), (-133, 0));

    let ex3 = Received::of(list_of_tests(Message::KerbQueryTicketCacheEx3Message, &tickets));
    let both: [KERB_TICKET_CACHE_INFO_EX3; 2] = ex3.structure(8);
    assert_eq!((both[0].CacheFlags, both[1].CacheFlags), (1, 0));
    assert_eq!(both[1].EndTime.QuadPart, end);
    assert_eq!(ex3.text(both[1].KdcCalled), "");
}

#[test]
fn no_tickets_are_an_empty_list() {
    for message in [
        Message::KerbQueryTicketCacheMessage,
        Message::KerbQueryTicketCacheExMessage,
        Message::KerbQueryTicketCacheEx2Message,
        Message::KerbQueryTicketCacheEx3Message,
    ] {
        let list = Received::of(list_of_tests(message, &[]));
        assert_eq!(list.structure::<[u32; 2]>(0), [message as u32, 0]);
    }
}

#[test]
fn a_ticket_is_one_block_with_its_key_and_names() {
    let key = KeyBlock { enctype: 18, value: SecretBytes::new(vec![7; 32]) };
    let ticket = ExternalTicket {
        service: principal(&["krbtgt", "OTHER"], "EXAMPLE.COM"),
        target: principal(&["krbtgt", "other"], "ASKED"),
        client: principal(&["u"], "EXAMPLE.COM"),
        key,
        flags: 0x4000_0000,
        start: KerberosTime(1),
        end: KerberosTime(2),
        renew: KerberosTime(3),
        skew: -5,
        encoded: SecretBytes::new(vec![0x61; 1000]),
    };
    let block = Received::of(external_of_tests(&ticket));
    let external: KERB_EXTERNAL_TICKET = block.structure(0);
    let name = |pointer: PKERB_EXTERNAL_NAME| {
        let place = pointer.addr() - block.0.addr();
        let head: KERB_EXTERNAL_NAME = block.structure(place);
        let parts = (0..usize::from(head.NameCount))
            .map(|part| block.text(block.structure(place + 8 + 16 * part)));
        (head.NameType, parts.collect::<Vec<_>>().join("/"))
    };
    assert_eq!(name(external.ServiceName), (2, "krbtgt/OTHER".to_owned()));
    assert_eq!(name(external.TargetName), (2, "krbtgt/other".to_owned()));
    assert_eq!(name(external.ClientName), (2, "u".to_owned()));
    assert_eq!(block.text(external.DomainName), "EXAMPLE.COM");
    assert_eq!(block.text(external.TargetDomainName), "OTHER");
    assert_eq!(block.text(external.AltTargetDomainName), "ASKED");
    assert_eq!((external.SessionKey.KeyType, external.SessionKey.Length), (18, 32));
    let place = external.SessionKey.Value.addr() - block.0.addr();
    assert_eq!(block.structure::<[u8; 32]>(place), [7; 32]);
    assert_eq!(external.TimeSkew.QuadPart, -50_000_000);
    assert_eq!(external.EncodedTicketSize, 1000);
    let place = external.EncodedTicket.addr() - block.0.addr();
    assert_eq!(block.structure::<[u8; 1000]>(place), [0x61; 1000]);
    // The end of the block is the end of what it holds.
    assert_eq!(place + 1000, block.1 as usize);
}

/// A request in one buffer: a structure, and the bytes behind it.
fn buffer<T: Plain>(structure: &T, behind: &[u8]) -> Vec<u8> {
    // SAFETY: `Plain` has no padding that matters and may be read as bytes of this test's own.
    let bytes =
        unsafe { std::slice::from_raw_parts(std::ptr::from_ref(structure).cast(), size_of::<T>()) };
    [bytes, behind].concat()
}

fn submit(bytes: &[u8]) -> Submit<'_> {
    // SAFETY: the bytes are alive.
    unsafe { Submit::new(bytes.as_ptr(), bytes.len() as u32, "test") }.unwrap()
}

#[test]
fn a_string_must_lie_inside_of_the_buffer() {
    let bytes: Vec<u8> =
        [0; 16].into_iter().chain("wörd".encode_utf16().flat_map(u16::to_ne_bytes)).collect();
    let within = submit(&bytes);
    let base = bytes.as_ptr().addr();
    let string = |address: usize, length: u16| UNICODE_STRING {
        Length: length,
        MaximumLength: 0,
        Buffer: std::ptr::without_provenance_mut(address),
    };
    assert_eq!(within.text(&string(base + 16, 8), "s").unwrap(), "wörd");
    // Empty strings may point anywhere.
    assert_eq!(within.text(&string(0, 0), "s").unwrap(), "");
    assert_eq!(within.text(&string(7, 0), "s").unwrap(), "");
    for (address, length) in [
        (base + 16, 10),
        (base + 24, 2),
        (base - 2, 2),
        (base - 2, 8),
        (0, 2),
        (16, 8),
        (usize::MAX, 2),
        (usize::MAX - 1, 0xFFFE),
        (base + 16, 7),
        (base, 0xFFFE),
    ] {
        let error = within.text(&string(address, length), "s").unwrap_err();
        assert_eq!(error.fault(), CallerFault::InvalidParameter.into(), "{address:#x} {length}");
    }
    for (offset, length) in [(24, 1), (25, 0), (u32::MAX, 1), (0, u32::MAX), (u32::MAX, u32::MAX)] {
        assert!(within.at(offset, length, "k").is_err(), "{offset} {length}");
    }
    assert_eq!(within.at(0, 24, "k").unwrap().len(), 24);
}

/// Every request at every length that is too short, through the package itself.
#[test]
fn a_structure_that_is_cut_short_is_refused() {
    let requests: [(u32, usize); 13] = [
        (1, size_of::<KERB_QUERY_TKT_CACHE_REQUEST>()),
        (4, size_of::<KERB_QUERY_TKT_CACHE_REQUEST>()),
        (6, size_of::<KERB_PURGE_TKT_CACHE_REQUEST>()),
        (7, size_of::<KERB_CHANGEPASSWORD_REQUEST>()),
        (8, size_of::<KERB_RETRIEVE_TKT_REQUEST>()),
        (10, size_of::<KERB_ADD_BINDING_CACHE_ENTRY_REQUEST>()),
        (11, size_of::<KERB_SETPASSWORD_REQUEST>()),
        (14, size_of::<KERB_QUERY_TKT_CACHE_REQUEST>()),
        (15, size_of::<KERB_PURGE_TKT_CACHE_EX_REQUEST>()),
        (20, size_of::<KERB_QUERY_TKT_CACHE_REQUEST>()),
        (21, size_of::<KERB_SUBMIT_TKT_REQUEST>()),
        (25, size_of::<KERB_QUERY_TKT_CACHE_REQUEST>()),
        (27, size_of::<KERB_ADD_BINDING_CACHE_ENTRY_EX_REQUEST>()),
    ];
    for (message, size) in requests {
        let mut bytes = vec![0; size];
        bytes[..4].copy_from_slice(&message.to_ne_bytes());
        for length in 4..size {
            let refused = call(PackageId::Kerberos, message, &submit(&bytes[..length]));
            let status = refused.err().map(|refused: Refused| refused.status);
            assert_eq!(status, Some(STATUS_INVALID_PARAMETER), "message {message}, {length} bytes");
        }
    }
    for (package, message, size) in [(PackageId::Ntlm, 5, 80), (PackageId::Negotiate, 1, 12)] {
        for length in 4..size {
            let refused = call(package, message, &submit(&vec![0; length]));
            assert_eq!(refused.err().unwrap().status, STATUS_INVALID_PARAMETER, "{package:?}");
        }
    }
}

#[test]
fn messages_that_are_not_offered_and_those_that_do_not_exist_differ() {
    let bytes = [0; 256];
    let status = |package, message| {
        call(package, message, &submit(&bytes)).err().map(|refused| refused.status)
    };
    for message in [0, 2, 3, 5, 9, 12, 13, 16, 17, 18, 19, 22, 23, 24, 26, 30, 31, 32, 33, 34, 36] {
        assert_eq!(status(PackageId::Kerberos, message), Some(STATUS_NOT_SUPPORTED), "{message}");
    }
    for message in [37, 1000, u32::MAX] {
        assert_eq!(status(PackageId::Kerberos, message), Some(STATUS_INVALID_PARAMETER));
        assert_eq!(status(PackageId::Ntlm, message), Some(STATUS_INVALID_PARAMETER));
        assert_eq!(status(PackageId::Negotiate, message), Some(STATUS_INVALID_PARAMETER));
    }
    for message in [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 24] {
        assert_eq!(status(PackageId::Ntlm, message), Some(STATUS_NOT_IMPLEMENTED), "{message}");
    }
    assert_eq!(status(PackageId::Negotiate, 2), Some(STATUS_NOT_SUPPORTED));
}

#[test]
fn a_krb_cred_and_its_key_must_lie_inside_of_the_buffer() {
    let request = |key: (u32, u32), cred: (u32, u32)| {
        let structure = KERB_SUBMIT_TKT_REQUEST {
            MessageType: 21,
            LogonId: luid(0),
            Flags: 0,
            Key: KERB_CRYPTO_KEY32 { KeyType: 18, Length: key.1, Offset: key.0 },
            KerbCredSize: cred.1,
            KerbCredOffset: cred.0,
        };
        let bytes = buffer(&structure, &[0x76; 20]);
        call(PackageId::Kerberos, 21, &submit(&bytes)).err().unwrap().status
    };
    for (key, cred) in [
        ((36, 21), (36, 20)),
        ((36, 16), (36, 21)),
        ((56, 1), (36, 20)),
        ((0, 0), (36, 0)),
        ((0, 0), (u32::MAX, 2)),
        ((u32::MAX, u32::MAX), (36, 20)),
        ((0, 0), (57, 1)),
        ((0, 0), (0, u32::MAX)),
    ] {
        assert_eq!(request(key, cred), STATUS_INVALID_PARAMETER, "{key:?} {cred:?}");
    }
}

#[test]
fn packages_have_their_numbers_by_every_name() {
    for (name, number) in [
        ("Negotiate", 0),
        ("NEGOTIATE", 0),
        ("Kerberos", 2),
        ("kerberos", 2),
        ("NTLM", 3),
        ("microsoft_authentication_package_v1_0", 3),
    ] {
        assert_eq!(package_number(name).unwrap(), number);
        assert!(package(number).is_ok());
    }
    for name in ["", "Negotiate ", "Kerb", "MICROSOFT_AUTHENTICATION_PACKAGE_V1_1", "Schannel"] {
        assert_eq!(package_number(name).unwrap_err().status, STATUS_NO_SUCH_PACKAGE);
    }
    for number in [1, 4, 10, u32::MAX] {
        assert_eq!(package(number).unwrap_err().status, STATUS_NO_SUCH_PACKAGE);
    }
}

#[test]
fn a_text_that_a_counted_string_cannot_count_is_an_error() {
    let mut reply = Reply::new(16);
    reply.put_text(0, &"x".repeat(32_767)).unwrap();
    assert!(reply.put_text(0, &"x".repeat(32_768)).is_err());
    assert_eq!(reply.put_u32(1 << 20, 1).unwrap_err().fault(), LocalFault::Internal.into());
}
