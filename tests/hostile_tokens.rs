//! Tokens that were cut, changed or put in the wrong place, through the C functions: no success,
//! no key, no name, and a handle that can be deleted.
#![allow(unsafe_code)]

mod c_abi;

use std::time::{Duration, Instant};

use c_abi::*;

/// A context that has failed offers nothing and can be deleted.
fn is_dead(context: Context) {
    let handle = context.0;
    assert_eq!(named(session_key(handle).unwrap_err()), "SEC_E_INVALID_HANDLE");
    assert_eq!(named(client_name(handle).unwrap_err()), "SEC_E_INVALID_HANDLE");
    for status in [
        sealed(handle, b"x").unwrap_err(),
        unsealed(handle, &[0; 16], b"x").unwrap_err(),
        sign_and_forget(handle),
    ] {
        assert_eq!(named(status), "SEC_E_INVALID_HANDLE");
    }
    assert!(export(handle, 0).is_err());
    assert_eq!(context.delete(), SEC_E_OK);
    assert_eq!(named(session_key(handle).unwrap_err()), "SEC_E_INVALID_HANDLE");
}

fn sign_and_forget(handle: SecHandle) -> i32 {
    let (mut token, mut data) = ([0; 16], [0; 1]);
    sign(handle, &mut [buffer(SECBUFFER_TOKEN, &mut token), buffer(SECBUFFER_DATA, &mut data)])
}

fn fails(answer: &Answer) {
    let allowed = [
        SEC_E_INVALID_TOKEN,
        SEC_E_LOGON_DENIED,
        SEC_E_UNSUPPORTED_FUNCTION,
        SEC_E_MESSAGE_ALTERED,
        SEC_E_BAD_BINDINGS,
        SEC_E_INVALID_PARAMETER,
    ];
    assert!(allowed.contains(&answer.status), "{}", named(answer.status));
    assert_eq!(words(answer.handle), words(FOREIGN), "{}", named(answer.status));
}

/// The server's first step with a bad NEGOTIATE message. Any eight bytes of head and number and
/// flags are one, so that many changes are none; then the exchange must still end in a refusal
/// when the client's code does not fit what the server has seen.
fn first_of_server(parties: &Parties, bad: &[u8]) -> bool {
    let (answer, token) = step(Side::Server, &parties.server, None, bad, 0);
    if answer.status == SEC_I_CONTINUE_NEEDED {
        drop(Context(answer.handle));
        return true;
    }
    fails(&answer);
    assert!(token.is_empty());
    false
}

/// The client's second step with a bad CHALLENGE message. Where it cannot be told from a good
/// one, the server must refuse the answer.
fn second_of_client(parties: &Parties, challenge: &[u8], server: &Context) -> bool {
    let (client, _) = parties.negotiate(PROTECTED);
    let (answer, token) = step(Side::Client, &parties.client, Some(client.0), challenge, 0);
    if answer.status == SEC_E_OK {
        let (answer, _) = step(Side::Server, &parties.server, Some(server.0), &token, 0);
        fails(&answer);
        return true;
    }
    fails(&answer);
    assert!(token.is_empty());
    is_dead(client);
    false
}

/// The server's last step with a bad AUTHENTICATE message of this very handshake.
fn second_of_server(parties: &Parties, change: impl FnOnce(&mut Vec<u8>)) {
    let (client, negotiate) = parties.negotiate(PROTECTED);
    let (server, challenge) = parties.challenge(&negotiate);
    let good = parties.authenticate(&client, &challenge);
    let mut bad = good.clone();
    change(&mut bad);
    let (answer, token) = step(Side::Server, &parties.server, Some(server.0), &bad, 0);
    if bad == good {
        assert_eq!(named(answer.status), "SEC_E_OK");
        return;
    }
    fails(&answer);
    assert!(token.is_empty());
    is_dead(server);
}

#[test]
fn n20_every_truncation_of_every_message() {
    let parties = Parties::new();
    let [negotiate, challenge, authenticate] = parties.messages(PROTECTED);
    // The fixed part of a NEGOTIATE message ends after the flags; what follows is optional.
    for length in 0..negotiate.len() {
        let accepted = first_of_server(&parties, &negotiate[..length]);
        assert!(!accepted || length >= 16, "{length}");
    }
    for length in 0..challenge.len() {
        let (server, _) = parties.challenge(&negotiate);
        let accepted = second_of_client(&parties, &challenge[..length], &server);
        assert!(!accepted, "{length}");
    }
    for length in 0..authenticate.len() {
        second_of_server(&parties, |message| message.truncate(length));
    }
}

#[test]
fn n3_n20_every_bit_of_the_last_message() {
    let parties = Parties::new();
    let length = parties.messages(PROTECTED)[2].len();
    for position in 0..length {
        for bit in 0..8 {
            second_of_server(&parties, |message| {
                if let Some(byte) = message.get_mut(position) {
                    *byte ^= 1 << bit;
                }
            });
        }
    }
}

#[test]
fn n3_n20_every_bit_of_the_challenge() {
    let parties = Parties::new();
    let (client, negotiate) = parties.negotiate(PROTECTED);
    drop(client);
    let length = parties.challenge(&negotiate).1.len();
    let mut accepted_by_client = 0;
    for position in 0..length {
        for bit in 0..8 {
            let (server, mut challenge) = parties.challenge(&negotiate);
            challenge[position] ^= 1 << bit;
            // The client's own NEGOTIATE is the same each time, so that only the change counts.
            accepted_by_client += usize::from(second_of_client(&parties, &challenge, &server));
        }
    }
    assert!(accepted_by_client > 0, "some changes can be told by the server only");
}

/// Changes of several kinds in every message, for a few seconds.
#[test]
fn n20_mutations_of_every_message() {
    let parties = Parties::new();
    let (client, negotiate) = parties.negotiate(PROTECTED);
    drop(client);
    let mut numbers = Seeded::new(20);
    let end = Instant::now() + Duration::from_secs(4);
    let mut rounds = 0_u32;
    while Instant::now() < end {
        rounds += 1;
        first_of_server(&parties, &mutated(&negotiate, &mut numbers));
        let (server, challenge) = parties.challenge(&negotiate);
        let bad = mutated(&challenge, &mut numbers);
        if bad != challenge {
            second_of_client(&parties, &bad, &server);
        }
        let seed = numbers.next();
        second_of_server(&parties, |good| *good = mutated(good, &mut Seeded::new(seed)));
    }
    assert!(rounds > 1_000, "{rounds}");
}

/// Bits, bytes, 16- and 32-bit numbers at the border, pieces that were doubled, lost or moved.
fn mutated(message: &[u8], numbers: &mut Seeded) -> Vec<u8> {
    const BORDERS: [u32; 10] =
        [0, 1, 7, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF];
    let mut bytes = message.to_vec();
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(bytes.len());
        let border = BORDERS[numbers.below(BORDERS.len())].to_le_bytes();
        let number = numbers.next();
        match numbers.below(7) {
            0 => bytes[at] ^= 1 << (number % 8),
            1 => bytes[at] = number.to_le_bytes()[0],
            kind @ (2 | 3) => {
                let width = if kind == 2 { 2 } else { 4 };
                bytes.iter_mut().skip(at).zip(border).take(width).for_each(|(to, from)| *to = from);
            }
            4 => bytes.truncate(at.max(1)),
            5 => {
                let piece = bytes[at..bytes.len().min(at + 24)].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => {
                let end = bytes.len().min(at + 1 + numbers.below(16));
                bytes.drain(at..end);
                if bytes.is_empty() {
                    bytes.push(0);
                }
            }
        }
    }
    bytes
}

#[test]
fn n14_messages_in_the_wrong_place() {
    let parties = Parties::new();
    let messages = parties.messages(PROTECTED);
    let [negotiate, challenge, authenticate] = &messages;
    let mut of_type_4 = negotiate.clone();
    of_type_4[8] = 4;
    for wrong in [challenge, authenticate, &of_type_4] {
        assert!(!first_of_server(&parties, wrong));
    }
    for wrong in [negotiate, challenge, &of_type_4] {
        let (server, _) = parties.challenge(negotiate);
        let (answer, _) = step(Side::Server, &parties.server, Some(server.0), wrong, 0);
        fails(&answer);
        is_dead(server);
    }
    for wrong in [negotiate, authenticate, &of_type_4] {
        let (client, _) = parties.negotiate(PROTECTED);
        let (answer, _) = step(Side::Client, &parties.client, Some(client.0), wrong, 0);
        fails(&answer);
        is_dead(client);
    }
    // A client does not begin with an answer.
    for wrong in &messages {
        let (answer, token) = step(Side::Client, &parties.client, None, wrong, PROTECTED);
        assert!(answer.status < 0 && token.is_empty(), "{}", named(answer.status));
        assert_eq!(words(answer.handle), words(FOREIGN));
    }
}

#[test]
fn n12_an_answer_is_good_once() {
    let parties = Parties::new();
    let (client, negotiate) = parties.negotiate(PROTECTED);
    let (server, challenge) = parties.challenge(&negotiate);
    let authenticate = parties.authenticate(&client, &challenge);
    // On another context, whose challenge is another.
    let (other, _) = parties.challenge(&negotiate);
    let (answer, _) = step(Side::Server, &parties.server, Some(other.0), &authenticate, 0);
    fails(&answer);
    is_dead(other);
    let (answer, _) = step(Side::Server, &parties.server, Some(server.0), &authenticate, 0);
    assert_eq!(named(answer.status), "SEC_E_OK");
    // On the same context, which is complete and stays so. Another first message would begin a new
    // handshake on it (tests/reauthentication.rs).
    for token in [&authenticate, &challenge] {
        let (answer, token) = step(Side::Server, &parties.server, Some(server.0), token, 0);
        assert_eq!(named(answer.status), "SEC_E_OUT_OF_SEQUENCE");
        assert!(token.is_empty());
    }
    let (answer, _) = step(Side::Client, &parties.client, Some(client.0), &challenge, 0);
    assert_eq!(named(answer.status), "SEC_E_OUT_OF_SEQUENCE");
    Pair { client, server }.works();
}

/// The other side's function is not there for a context.
#[test]
fn b1_a_context_of_the_other_side() {
    let parties = Parties::new();
    let (client, negotiate) = parties.negotiate(PROTECTED);
    let (server, challenge) = parties.challenge(&negotiate);
    let (answer, _) = step(Side::Server, &parties.server, Some(client.0), &negotiate, 0);
    assert_eq!(named(answer.status), "SEC_E_INVALID_HANDLE");
    let (answer, _) = step(Side::Client, &parties.client, Some(server.0), &challenge, 0);
    assert_eq!(named(answer.status), "SEC_E_INVALID_HANDLE");
    let authenticate = parties.authenticate(&client, &challenge);
    let (answer, _) = step(Side::Server, &parties.server, Some(server.0), &authenticate, 0);
    assert_eq!(named(answer.status), "SEC_E_OK");
    Pair { client, server }.works();
}

/// Messages that were changed, repeated, lost or turned back; then the next one is good again.
#[test]
fn n22_messages_that_were_tampered_with() {
    let pair = Pair::new();
    let (client, server) = (pair.client.0, pair.server.0);
    let altered = |token: &[u8], data: &[u8]| {
        assert_eq!(named(unsealed(server, token, data).unwrap_err()), "SEC_E_MESSAGE_ALTERED");
    };
    let (token, data) = sealed(client, b"first of two").unwrap();
    let (later_token, later_data) = sealed(client, b"second of two").unwrap();
    for position in 0..token.len() {
        for bit in 0..8 {
            let mut flipped = token.clone();
            flipped[position] ^= 1 << bit;
            let status = unsealed(server, &flipped, &data).unwrap_err();
            assert!([SEC_E_MESSAGE_ALTERED, SEC_E_INVALID_TOKEN].contains(&status));
        }
    }
    for position in 0..data.len() {
        let mut flipped = data.clone();
        flipped[position] ^= 0x80;
        altered(&token, &flipped);
    }
    altered(&token, &data[1..]);
    altered(&token, &[&data[..], &[0]].concat());
    altered(&token, &[]);
    altered(&later_token, &later_data);
    altered(&later_token, &data);
    // Turned back to its sender.
    let status = unsealed(client, &token, &data).unwrap_err();
    assert_eq!(named(status), "SEC_E_MESSAGE_ALTERED");
    // Nothing of that has moved the receiver.
    assert_eq!(unsealed(server, &token, &data).unwrap(), b"first of two");
    altered(&token, &data);
    assert_eq!(unsealed(server, &later_token, &later_data).unwrap(), b"second of two");
    pair.works();
}

/// The plaintext of a message that does not verify is not left with the caller.
#[test]
fn n22_what_does_not_verify_is_not_decrypted() {
    let pair = Pair::new();
    let (mut token, mut data) = sealed(pair.client.0, b"nobody may read this").unwrap();
    token[5] ^= 1;
    let before = data.clone();
    let mut buffers = [buffer(SECBUFFER_TOKEN, &mut token), buffer(SECBUFFER_DATA, &mut data)];
    assert_eq!(named(decrypt(pair.server.0, &mut buffers)), "SEC_E_MESSAGE_ALTERED");
    assert_eq!(data, before);
    let mut stream = [&token[..], &data].concat();
    let before = stream.clone();
    let mut buffers = [buffer(SECBUFFER_STREAM, &mut stream), empty(SECBUFFER_DATA)];
    assert_eq!(named(decrypt(pair.server.0, &mut buffers)), "SEC_E_MESSAGE_ALTERED");
    assert!(buffers[1].pvBuffer.is_null() && buffers[1].cbBuffer == 0);
    assert_eq!(stream, before);
}
