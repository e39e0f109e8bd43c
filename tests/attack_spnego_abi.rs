//! Negotiate through the C functions, half built, failed and on its travels: what is inside it
//! is not to be had before it is complete (series B and X of docs/attacks.md).
#![allow(unsafe_code)]

mod c_abi;

use std::ptr;

use c_abi::*;

const NEGOTIATE: &str = "Negotiate";

/// A client and a server that know the same account. There is no name to get a ticket for, so
/// that it will be NTLM.
struct Negotiators {
    client: Credential,
    server: Credential,
}

/// All that was said, and where both stand.
struct Talk {
    client: Context,
    server: Context,
    tokens: Vec<Vec<u8>>,
}

impl Negotiators {
    fn new() -> Self {
        let acquire = |usage| {
            let mut identity = PlainIdentity::new(USER, DOMAIN, PASSWORD);
            Credential::acquire_of(NEGOTIATE, usage, identity.pointer()).unwrap()
        };
        Self { client: acquire(SECPKG_CRED_OUTBOUND), server: acquire(SECPKG_CRED_INBOUND) }
    }

    /// So many legs of a handshake; `look` sees both contexts after each, as far as they are.
    fn legs(&self, count: usize, mut look: impl FnMut(usize, Side, SecHandle)) -> Talk {
        let mut contexts = [None, None];
        let (mut token, mut tokens) = (Vec::new(), Vec::new());
        for leg in 0..count {
            let turn = leg % 2;
            let (side, credential) =
                [(Side::Client, &self.client), (Side::Server, &self.server)][turn];
            let before = contexts[turn];
            let (answer, next) = step(side, credential, before, &token, PROTECTED);
            let due = if leg < 3 { "SEC_I_CONTINUE_NEEDED" } else { "SEC_E_OK" };
            assert_eq!(named(answer.status), due, "leg {leg}");
            contexts[turn] = Some(before.unwrap_or(answer.handle));
            look(leg, side, contexts[turn].unwrap());
            tokens.push(next.clone());
            token = next;
        }
        let server = contexts[1].unwrap_or(ZERO);
        Talk { client: Context(contexts[0].unwrap()), server: Context(server), tokens }
    }

    /// Both are complete.
    fn established(&self) -> Talk {
        self.legs(5, |_, _, _| {})
    }
}

const UNTOUCHED: u64 = 0xA5A5_A5A5_A5A5_A5A5;

fn query(mut handle: SecHandle, attribute: u32) -> (i32, [u64; 8]) {
    let mut room = [UNTOUCHED; 8];
    // SAFETY: no structure of an attribute is longer.
    let status =
        unsafe { QueryContextAttributesW(&raw mut handle, attribute, room.as_mut_ptr().cast()) };
    (status, room)
}

fn attributes() -> impl Iterator<Item = u32> {
    (0..=255).chain([0x8000_0000, u32::MAX, 0x1000_0000])
}

/// The name in the `SecPkgInfo` that an attribute points at, which is freed.
fn package_of(handle: SecHandle, attribute: u32) -> String {
    let (status, room) = query(handle, attribute);
    assert_eq!(named(status), "SEC_E_OK", "{attribute}");
    let block: *mut SecPkgInfoW = ptr::with_exposed_provenance_mut(room[0] as usize);
    // SAFETY: a block of the library with a terminated name, freed once.
    unsafe {
        let name = text_of((*block).Name);
        assert_eq!(FreeContextBuffer(block.cast()), SEC_E_OK);
        name
    }
}

/// Nothing of what is inside can be had.
fn gives_nothing_away(handle: SecHandle) {
    let known = [
        SECPKG_ATTR_SIZES,
        SECPKG_ATTR_PACKAGE_INFO,
        SECPKG_ATTR_NEGOTIATION_INFO,
        SECPKG_ATTR_FLAGS,
        SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS,
    ];
    for attribute in attributes().filter(|attribute| !known.contains(attribute)) {
        let (status, room) = query(handle, attribute);
        assert!(status < 0, "{attribute}");
        assert!(room.iter().all(|&word| word == UNTOUCHED), "{attribute}");
    }
    assert!(session_key(handle).is_err() && client_name(handle).is_err());
    assert!(sealed(handle, b"x").is_err());
    assert!(export(handle, 0).is_err());
    let mut text = *b"x";
    let mut token = [0; 16];
    let buffers = &mut [buffer(SECBUFFER_TOKEN, &mut token), buffer(SECBUFFER_DATA, &mut text)];
    assert!(sign(handle, buffers) < 0);
}

/// After each leg, on both sides; on the third the client's NTLM is over, and Negotiate is not.
#[test]
fn b4_negotiate_gives_nothing_away_before_it_is_complete() {
    let people = Negotiators::new();
    let mut looks = 0;
    let talk = people.legs(5, |leg, _, handle| {
        if leg < 3 {
            looks += 1;
            gives_nothing_away(handle);
            let name = package_of(handle, SECPKG_ATTR_PACKAGE_INFO);
            assert!(["NTLM", "Negotiate"].contains(&name.as_str()), "{name}");
            let name = package_of(handle, SECPKG_ATTR_NEGOTIATION_INFO);
            assert!(["NTLM", "Negotiate"].contains(&name.as_str()), "{name}");
        }
    });
    assert_eq!(looks, 3);
    for handle in [talk.client.0, talk.server.0] {
        assert_eq!(package_of(handle, SECPKG_ATTR_PACKAGE_INFO), "NTLM");
        assert_eq!(session_key(handle).unwrap().len(), 16);
    }
    assert_eq!(session_key(talk.client.0), session_key(talk.server.0));
    exchange(talk.client.0, talk.server.0, b"to the server");
    exchange(talk.server.0, talk.client.0, b"to the client");
}

/// A signature of the list that is wrong leaves neither a key nor a name, before the context is
/// deleted and after.
#[test]
fn b4_negotiate_that_failed_gives_nothing_away() {
    let people = Negotiators::new();
    for leg in [3, 4] {
        let talk = people.legs(leg, |_, _, _| {});
        let (side, credential, context) = match leg {
            3 => (Side::Server, &people.server, talk.server),
            _ => (Side::Client, &people.client, talk.client),
        };
        let mut forged = talk.tokens[leg - 1].clone();
        // The checksum of the signature, which comes last.
        let place = forged.len() - 6;
        forged[place] ^= 1;
        let (answer, _) = step(side, credential, Some(context.0), &forged, PROTECTED);
        assert_eq!(named(answer.status), "SEC_E_MESSAGE_ALTERED");
        for attribute in attributes() {
            let (status, room) = query(context.0, attribute);
            assert!(status < 0 && room.iter().all(|&word| word == UNTOUCHED), "{attribute}");
        }
        gives_nothing_away(context.0);
        let (answer, token) =
            step(side, credential, Some(context.0), &talk.tokens[leg - 1], PROTECTED);
        assert_eq!(named(answer.status), "SEC_E_OUT_OF_SEQUENCE");
        assert!(token.is_empty());
        let handle = context.0;
        assert_eq!(context.delete(), SEC_E_OK);
        gives_nothing_away(handle);
    }
}

/// Handles of the other kind, of the inner package's credentials, and of contexts that are gone.
#[test]
fn b1_negotiate_takes_its_own_handles_alone() {
    let people = Negotiators::new();
    let ntlm = Parties::new();
    let talk = people.legs(2, |_, _, _| {});
    // NTLM's context is not Negotiate's, whatever token comes with it.
    let (inner, negotiate) = ntlm.negotiate(PROTECTED);
    for (context, token) in [(inner.0, &talk.tokens[1]), (people.client.0, &talk.tokens[1])] {
        let (answer, _) = step(Side::Client, &people.client, Some(context), token, PROTECTED);
        assert!(answer.status < 0, "{}", named(answer.status));
    }
    let confused = Credential(talk.client.0);
    let (answer, _) = step(Side::Client, &confused, None, &[], PROTECTED);
    assert_eq!(named(answer.status), "SEC_E_INVALID_HANDLE");
    std::mem::forget(confused);
    let gone = talk.client.0;
    assert_eq!(talk.client.delete(), SEC_E_OK);
    let (answer, _) = step(Side::Client, &people.client, Some(gone), &talk.tokens[1], PROTECTED);
    assert_eq!(named(answer.status), "SEC_E_INVALID_HANDLE");
    // What is NTLM's is understood raw, and only as the first token.
    let (answer, challenge) = step(Side::Server, &people.server, None, &negotiate, 0);
    let raw = Context(answer.handle);
    assert_eq!(named(answer.status), "SEC_I_CONTINUE_NEEDED");
    assert!(challenge.starts_with(b"NTLMSSP\0"));
    drop(raw);
}

/// A negotiated context travels under both names, and keeps its keystream and its numbers.
#[test]
fn x5_a_negotiated_context_is_imported_under_both_names() {
    let people = Negotiators::new();
    for package in [NEGOTIATE, "NTLM", "ntlm"] {
        let talk = people.established();
        exchange(talk.client.0, talk.server.0, b"before the journey");
        let blob = export(talk.server.0, SECPKG_CONTEXT_EXPORT_DELETE_OLD).unwrap();
        let there = import(package, &blob).unwrap();
        assert_eq!(package_of(there.0, SECPKG_ATTR_PACKAGE_INFO), "NTLM");
        exchange(talk.client.0, there.0, b"to the server");
        exchange(there.0, talk.client.0, b"to the client");
        assert_eq!(session_key(there.0), session_key(talk.client.0));
        assert_eq!(client_name(there.0).unwrap(), format!("{DOMAIN}\\{USER}"));
    }
    let blob = export(people.established().server.0, 0).unwrap();
    assert_eq!(import("Kerberos", &blob).err().map(named).as_deref(), Some("SEC_E_INVALID_TOKEN"));
    for length in [0, 1, blob.len() / 2, blob.len() - 1] {
        assert!(import(NEGOTIATE, &blob[..length]).is_err(), "{length}");
    }
    // What was not negotiated is not Negotiate's.
    let plain = export(Pair::new().server.0, 0).unwrap();
    assert!(import(NEGOTIATE, &plain).is_err());
}

/// Half a handshake is not exported.
#[test]
fn x4_a_half_negotiated_context_is_not_exported() {
    let people = Negotiators::new();
    let mut looks = 0;
    people.legs(3, |_, _, handle| {
        looks += 1;
        assert_eq!(
            export(handle, 0).map_err(named).err().as_deref(),
            Some("SEC_E_UNSUPPORTED_FUNCTION")
        );
    });
    assert_eq!(looks, 3);
}
