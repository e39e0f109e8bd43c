//! Exported contexts that are damaged, old, of another package, or used twice (series X of
//! docs/attacks.md).
#![allow(unsafe_code)]

mod c_abi;

use std::io::Read;
use std::sync::Barrier;

use c_abi::process::*;
use c_abi::*;

const DELETE_OLD: u32 = SECPKG_CONTEXT_EXPORT_DELETE_OLD;
const RESET_NEW: u32 = SECPKG_CONTEXT_EXPORT_RESET_NEW;

fn refused(blob: &[u8]) {
    assert_eq!(import(NTLM, blob).err().map(named).as_deref(), Some("SEC_E_INVALID_TOKEN"));
}

#[test]
fn x1_every_truncation_and_every_flipped_bit_is_refused() {
    let pair = Pair::new();
    let blob = export(pair.server.0, 0).unwrap();
    for length in 0..blob.len() {
        refused(&blob[..length]);
    }
    for position in 0..blob.len() {
        for bit in 0..8 {
            let mut flipped = blob.clone();
            flipped[position] ^= 1 << bit;
            refused(&flipped);
        }
    }
    for extra in [1, 2, 16, 1_000, 1 << 21] {
        refused(&[&blob[..], &vec![0; extra]].concat());
    }
    refused(&vec![0xFF; 4_096]);
    refused(&[&blob[..32], &blob[..]].concat());
    assert!(import(NTLM, &blob).is_ok(), "the blob itself is good");
}

#[test]
fn x1_a_blob_is_of_its_own_package() {
    let blob = export(Pair::new().client.0, 0).unwrap();
    for (package, expected) in [
        ("ntlm", None),
        ("NoSuchPackage", Some("SEC_E_SECPKG_NOT_FOUND")),
        ("", Some("SEC_E_SECPKG_NOT_FOUND")),
        ("NTLM ", Some("SEC_E_SECPKG_NOT_FOUND")),
    ] {
        assert_eq!(import(package, &blob).err().map(named).as_deref(), expected, "{package:?}");
    }
}

/// Two importers go on from the same point: each works, and they repeat each other's keystream.
/// That is documented at `ExportSecurityContext`; what must not happen is that one reaches into
/// the other.
#[test]
fn x2_a_blob_imported_twice_gives_two_contexts() {
    let pair = Pair::new();
    pair.works();
    let blob = export(pair.client.0, DELETE_OLD).unwrap();
    let (one, two) = (import(NTLM, &blob).unwrap(), import(NTLM, &blob).unwrap());
    assert_ne!(words(one.0), words(two.0));
    let (token, data) = sealed(one.0, b"the same").unwrap();
    assert_eq!(sealed(two.0, b"the same").unwrap(), (token.clone(), data.clone()));
    assert_eq!(unsealed(pair.server.0, &token, &data).unwrap(), b"the same");
    // The peer takes only one of them.
    assert_eq!(named(unsealed(pair.server.0, &token, &data).unwrap_err()), "SEC_E_MESSAGE_ALTERED");
    assert_eq!(one.delete(), SEC_E_OK);
    assert!(session_key(two.0).is_ok());
}

#[test]
fn x3_an_exported_context_is_gone_when_it_was_to_go() {
    let pair = Pair::new();
    let handle = pair.client.0;
    let blob = export(handle, DELETE_OLD).unwrap();
    assert_eq!(named(sealed(handle, b"x").unwrap_err()), "SEC_E_INVALID_HANDLE");
    assert_eq!(named(session_key(handle).unwrap_err()), "SEC_E_INVALID_HANDLE");
    assert_eq!(named(export(handle, 0).unwrap_err()), "SEC_E_INVALID_HANDLE");
    assert_eq!(named(export(handle, DELETE_OLD).unwrap_err()), "SEC_E_INVALID_HANDLE");
    let imported = import(NTLM, &blob).unwrap();
    exchange(imported.0, pair.server.0, b"from the new one");

    // Without the flag it stays.
    let server = pair.server;
    let blob = export(server.0, 0).unwrap();
    assert!(import(NTLM, &blob).is_ok());
    exchange(server.0, imported.0, b"from the old one");
}

/// Of two threads that take a context away one gets it: no keystream is used twice.
#[test]
fn x3_a_context_leaves_once() {
    let parties = Parties::new();
    for _ in 0..2_000 {
        let Pair { client, server } = parties.established(PROTECTED);
        let handle = client.0;
        let barrier = Barrier::new(2);
        let taking = || {
            barrier.wait();
            export(handle, DELETE_OLD)
        };
        let both = std::thread::scope(|scope| {
            let other = scope.spawn(taking);
            [taking(), other.join().unwrap()]
        });
        let mut blobs: Vec<_> = both.into_iter().flatten().collect();
        assert_eq!(blobs.len(), 1, "the context left twice");
        exchange(import(NTLM, &blobs.remove(0)).unwrap().0, server.0, b"once");
    }
}

/// A sender that was under way when the context left has sent before, or not at all.
#[test]
fn x3_nobody_sends_with_what_has_left() {
    let parties = Parties::new();
    for _ in 0..200 {
        let Pair { client, server } = parties.established(PROTECTED);
        let handle = client.0;
        let barrier = Barrier::new(2);
        let (sent, blob) = std::thread::scope(|scope| {
            let sending = scope.spawn(|| {
                barrier.wait();
                let messages = std::iter::from_fn(|| sealed(handle, b"by the old one").ok());
                messages.take(10_000).collect::<Vec<_>>()
            });
            barrier.wait();
            std::thread::yield_now();
            let blob = export(handle, DELETE_OLD).unwrap();
            (sending.join().unwrap(), blob)
        });
        for (token, data) in sent {
            assert_eq!(unsealed(server.0, &token, &data).unwrap(), b"by the old one");
        }
        exchange(import(NTLM, &blob).unwrap().0, server.0, b"by the new one");
    }
}

#[test]
fn x4_a_half_built_context_is_not_exported() {
    let parties = Parties::new();
    let (client, negotiate) = parties.negotiate(PROTECTED);
    let (server, challenge) = parties.challenge(&negotiate);
    for context in [&client, &server] {
        for flags in [0, RESET_NEW, DELETE_OLD] {
            let status = export(context.0, flags).unwrap_err();
            assert_eq!(named(status), "SEC_E_UNSUPPORTED_FUNCTION");
        }
    }
    // It is still there and goes on.
    let authenticate = parties.authenticate(&client, &challenge);
    let (answer, _) = step(Side::Server, &parties.server, Some(server.0), &authenticate, 0);
    assert_eq!(named(answer.status), "SEC_E_OK");
    Pair { client, server }.works();
}

#[test]
fn x4_unknown_ways_of_exporting_are_refused() {
    let pair = Pair::new();
    for (flags, expected) in [
        (SECPKG_CONTEXT_EXPORT_TO_KERNEL, "SEC_E_UNSUPPORTED_FUNCTION"),
        (8, "SEC_E_INVALID_PARAMETER"),
        (DELETE_OLD | 0x8000_0000, "SEC_E_INVALID_PARAMETER"),
    ] {
        assert_eq!(named(export(pair.client.0, flags).unwrap_err()), expected);
    }
    pair.works();
}

#[test]
fn x6_an_import_has_the_flags_name_key_and_sequence_of_its_origin() {
    let pair = Pair::new();
    for _ in 0..3 {
        pair.works();
    }
    let before = (flags(pair.server.0), client_name(pair.server.0), session_key(pair.server.0));
    let blob = export(pair.server.0, DELETE_OLD).unwrap();
    let server = import(NTLM, &blob).unwrap();
    assert_eq!((flags(server.0), client_name(server.0), session_key(server.0)), before);
    Pair { client: pair.client, server }.works();

    // An unprotected context gains no protection on the way.
    let bare = Parties::new().established(0);
    let imported = import(NTLM, &export(bare.client.0, DELETE_OLD).unwrap()).unwrap();
    assert_eq!(named(sealed(imported.0, b"x").unwrap_err()), "SEC_E_UNSUPPORTED_FUNCTION");
}

#[test]
fn x6_reset_new_begins_the_sequence_again() {
    let pair = Pair::new();
    pair.works();
    let fresh = |handle| import(NTLM, &export(handle, RESET_NEW | DELETE_OLD).unwrap()).unwrap();
    let (client, server) = (fresh(pair.client.0), fresh(pair.server.0));
    Pair { client, server }.works();

    // One side alone does not fit the other any more.
    let pair = Pair::new();
    pair.works();
    let client = import(NTLM, &export(pair.client.0, RESET_NEW | DELETE_OLD).unwrap()).unwrap();
    let (token, data) = sealed(client.0, b"out of step").unwrap();
    let status = unsealed(pair.server.0, &token, &data).unwrap_err();
    assert_eq!(named(status), "SEC_E_MESSAGE_ALTERED");
}

fn flags(mut handle: SecHandle) -> u32 {
    let mut flags = SecPkgContext_Flags { Flags: 0 };
    // SAFETY: the structure of this attribute.
    let status = unsafe {
        QueryContextAttributesW(&raw mut handle, SECPKG_ATTR_FLAGS, (&raw mut flags).cast())
    };
    assert_eq!(named(status), "SEC_E_OK");
    flags.Flags
}

/// The blob comes through a pipe, as it should: it holds keys.
#[test]
fn x7_another_process_goes_on() {
    const NAME: &str = "x7_another_process_goes_on";
    if is_part(NAME) {
        other_process();
        return;
    }
    let pair = Pair::new();
    pair.works();
    let (token, data) = sealed(pair.client.0, b"read by another process").unwrap();
    let blob = export(pair.server.0, DELETE_OLD).unwrap();
    let mut input = Vec::new();
    for piece in [&blob, &token, &data] {
        input.extend_from_slice(&(piece.len() as u64).to_le_bytes());
        input.extend_from_slice(piece);
    }
    let said = run(part(NAME), &input);
    assert!(said.success, "{}", said.output);
    let answer = said.output.lines().find_map(|line| line.strip_prefix("answer ")).unwrap();
    let answer: Vec<u8> = answer.split(' ').map(|number| number.parse().unwrap()).collect();
    let text = unsealed(pair.client.0, &answer[..16], &answer[16..]).unwrap();
    assert_eq!(text, b"written by another process");
}

fn other_process() {
    let mut input = Vec::new();
    std::io::stdin().read_to_end(&mut input).unwrap();
    let mut rest = &input[..];
    let mut piece = || {
        let (length, tail) = rest.split_at(8);
        let length = u64::from_le_bytes(length.try_into().unwrap()) as usize;
        let (piece, tail) = tail.split_at(length);
        rest = tail;
        piece.to_vec()
    };
    let (blob, token, data) = (piece(), piece(), piece());
    let server = import("NTLM", &blob).unwrap();
    assert_eq!(client_name(server.0).unwrap(), format!("{DOMAIN}\\{USER}"));
    assert_eq!(unsealed(server.0, &token, &data).unwrap(), b"read by another process");
    let (token, data) = sealed(server.0, b"written by another process").unwrap();
    let numbers: Vec<String> = token.iter().chain(&data).map(u8::to_string).collect();
    println!("\nanswer {}", numbers.join(" "));
}
