//! Peers that lie about the layer. They hold the context's keys, as a plain context does, so that
//! nothing but the layer's own rules is in their way; or they do not, and change what passes.

use secur32::crypto::kerberos::Enctype;

use crate::c_abi::*;
use crate::parties::*;

const AES: Enctype = Enctype::Aes256CtsHmacSha1;
const CLEAR: u32 = SECQOP_WRAP_NO_ENCRYPT;

/// A server of SASL that awaits the choice, its client that is none, and the offer.
fn offered(demanded: u32) -> (Party, Party, Vec<u8>) {
    let (mut client, mut server) = (Party::client(AES, SEAL).plain(), Party::server(demanded));
    let reply = server.step(&client.step(&[]).token).token;
    assert_eq!(client.step(&reply).status, "SEC_E_OK");
    let offer = server.step(&[]);
    assert_eq!(offer.status, "SEC_I_CONTINUE_NEEDED");
    let clear = client.unwrap(&offer.token).unwrap().0;
    (client, server, clear)
}

/// A client of SASL that awaits the offer, and its server that is none.
fn awaiting(flags: u32) -> (Party, Party) {
    let (mut client, mut server) = (Party::client(AES, flags), Party::server(0).plain());
    let reply = server.step(&client.step(&[]).token);
    assert_eq!(reply.status, "SEC_E_OK");
    let nothing = client.step(&reply.token);
    assert_eq!((&nothing.status[..], nothing.token.len()), ("SEC_I_CONTINUE_NEEDED", 0));
    (client, server)
}

/// A refusal is for good.
fn refused(party: &mut Party, token: &[u8], status: &str, what: &str) {
    assert_eq!(party.step(token).status, status, "{what}");
    assert_eq!(party.step(token).status, "SEC_E_OUT_OF_SEQUENCE", "{what}, again");
    assert_eq!(party.wrap(0, b"x").unwrap_err(), "SEC_E_INVALID_HANDLE", "{what}, used");
}

#[test]
fn q1_offers_that_lie_are_refused() {
    let bad: [&[u8]; 7] =
        [b"", &[7], &[7, 0, 1], &[7, 0, 1, 0, 0], &[1, 0, 0, 1], &[0, 0, 1, 0], &[7, 0, 0, 105]];
    for offer in bad {
        let (mut client, server) = awaiting(SEAL);
        let token = server.wrap(CLEAR, offer).unwrap();
        refused(&mut client, &token, "SEC_E_INVALID_TOKEN", &format!("{offer:?}"));
    }
}

#[test]
fn q3_less_than_what_the_client_asked_for_is_refused() {
    for (asked, layers) in [(SEAL, 1), (SEAL, 2), (SEAL, 3), (SIGN, 1), (SIGN, 5), (0, 4)] {
        let (mut client, server) = match asked {
            0 => {
                // One-way: the server's offer is its first word.
                let mut client = Party::client(AES, 0);
                let mut server = Party::server(0).plain();
                assert_eq!(server.step(&client.step(&[]).token).status, "SEC_E_OK");
                (client, server)
            }
            asked => awaiting(asked),
        };
        let size = if layers == 1 { 0 } else { 16 };
        let offer = server.wrap(CLEAR, &[layers, 0, size, 0]).unwrap();
        let what = format!("{asked:#x} of {layers}");
        refused(&mut client, &offer, "SEC_E_UNSUPPORTED_FUNCTION", &what);
    }
}

#[test]
fn q2_choices_that_lie_are_refused() {
    let bad: [(u32, &[u8]); 15] = [
        (0, b""),
        (0, &[4]),
        (0, &[4, 0, 1]),
        (0, &[0, 0, 0, 0]),
        (0, &[3, 0, 1, 0]),
        (0, &[7, 0, 1, 0]),
        (0, &[8, 0, 1, 0]),
        (0, &[4, 0, 0, 0]),
        (0, &[4, 0, 0, 105]),
        (0, &[1, 0, 1, 0]),
        (0, &[4, 0, 1, 0, 0xFF]),
        (0, &[4, 0, 1, 0, b'a', 0]),
        (SERVER_SIGN, &[1, 0, 0, 0]),
        (SERVER_SEAL, &[1, 0, 0, 0]),
        (SERVER_SEAL, &[2, 0, 1, 0]),
    ];
    for (demanded, choice) in bad {
        let (client, mut server, _) = offered(demanded);
        let token = client.wrap(CLEAR, choice).unwrap();
        refused(&mut server, &token, "SEC_E_INVALID_TOKEN", &format!("{demanded:#x} {choice:?}"));
    }
}

#[test]
fn q3_a_server_offers_no_less_than_it_demands() {
    assert_eq!(offered(0).2, [7, 0, 0xFF, 0xFF]);
    assert_eq!(offered(SERVER_SIGN).2, [6, 0, 0xFF, 0xFF]);
    assert_eq!(offered(SERVER_SEAL).2, [4, 0, 0xFF, 0xFF]);
    // Of a context without confidentiality there is none to offer.
    let (mut client, mut server) = (Party::client(AES, SIGN).plain(), Party::server(SERVER_SEAL));
    let reply = server.step(&client.step(&[]).token).token;
    assert_eq!(client.step(&reply).status, "SEC_E_OK");
    refused(&mut server, &[], "SEC_E_UNSUPPORTED_FUNCTION", "nothing to offer");
}

#[test]
fn both_bits_are_confidentiality_and_encryption_does_no_harm() {
    let (client, mut server, _) = offered(0);
    // Active Directory's clients say both; some encrypt what only has to be signed.
    let choice = client.wrap(0, &[6, 0, 16, 0]).unwrap();
    assert_eq!(server.step(&choice).status, "SEC_E_OK");
    assert_ne!(server.attributes & ASC_RET_CONFIDENTIALITY, 0);
}

#[test]
fn q1_every_bit_and_every_length_of_the_two_messages_counts() {
    let (mut client, mut server) = (Party::client(AES, SEAL), Party::server(0));
    let tokens = meet(&mut client, &mut server).unwrap();
    for (leg, at_client) in [(3, true), (4, false)] {
        let length = tokens[leg].len();
        // The rotation count says where the parts lie, and another may say the same.
        let counts = |bit: &usize| !matches!(bit / 8, 6 | 7);
        let bits = (0..length * 8).step_by(7).filter(counts);
        let changes = bits.map(Some).chain((0..length).step_by(5).map(|_| None));
        for (number, change) in changes.enumerate() {
            let (mut client, mut server) = (Party::client(AES, SEAL), Party::server(0));
            let reply = server.step(&client.step(&[]).token).token;
            client.step(&reply);
            let mut token = server.step(&[]).token;
            if !at_client {
                token = client.step(&token).token;
            }
            match change {
                Some(bit) => token[bit / 8] ^= 1 << (bit % 8),
                None => token.truncate(number % length),
            }
            let victim = if at_client { &mut client } else { &mut server };
            let status = victim.step(&token).status;
            assert!(
                ["SEC_E_INVALID_TOKEN", "SEC_E_MESSAGE_ALTERED", "SEC_E_OUT_OF_SEQUENCE"]
                    .contains(&&status[..]),
                "{status} after {change:?} of leg {leg}"
            );
            assert_eq!(victim.wrap(0, b"x").unwrap_err(), "SEC_E_INVALID_HANDLE");
        }
    }
}

#[test]
fn q1_a_signature_is_not_a_message() {
    for at_client in [true, false] {
        let (victim, liar) = if at_client {
            awaiting(SEAL)
        } else {
            let (client, server, _) = offered(0);
            (server, client)
        };
        let (mut victim, mut signature, mut text) = (victim, vec![0; 64], vec![4, 0, 16, 0]);
        let mut buffers =
            [buffer(SECBUFFER_TOKEN, &mut signature), buffer(SECBUFFER_DATA, &mut text)];
        assert_eq!(sign(liar.context(), &mut buffers), SEC_E_OK);
        let used = buffers[0].cbBuffer as usize;
        let mut token = signature[..used].to_vec();
        token.extend_from_slice(&text);
        refused(&mut victim, &token, "SEC_E_INVALID_TOKEN", "MIC and text");
    }
}

#[test]
fn q6_messages_that_are_missing_early_repeated_or_reflected_are_refused() {
    // Nothing where the offer or the choice must be.
    let (mut client, _server) = awaiting(SEAL);
    refused(&mut client, &[], "SEC_E_INVALID_TOKEN", "no offer");
    let (_client, mut server, _) = offered(0);
    refused(&mut server, &[], "SEC_E_INVALID_TOKEN", "no choice");
    // A choice before the offer.
    let (mut client, mut server) = (Party::client(AES, SEAL).plain(), Party::server(0));
    let reply = server.step(&client.step(&[]).token).token;
    client.step(&reply);
    let choice = client.wrap(CLEAR, &[4, 0, 16, 0]).unwrap();
    refused(&mut server, &choice, "SEC_E_INVALID_TOKEN", "early");
    // The offer back to its server.
    let (mut client, mut server) = (Party::client(AES, SEAL), Party::server(0));
    let reply = server.step(&client.step(&[]).token).token;
    client.step(&reply);
    let offer = server.step(&[]).token;
    refused(&mut server, &offer, "SEC_E_INVALID_TOKEN", "reflected");
    // The offer of another session.
    let (mut other, mut theirs) = (Party::client(AES, SEAL), Party::server(0));
    let reply = theirs.step(&other.step(&[]).token).token;
    other.step(&reply);
    refused(&mut other, &offer, "SEC_E_MESSAGE_ALTERED", "another session's");
}

#[test]
fn q7_what_is_not_encrypted_is_refused_where_confidentiality_was_agreed_on() {
    let (client, mut server, _) = offered(0);
    let choice = client.wrap(CLEAR, &[4, 0, 16, 0]).unwrap();
    assert_eq!(server.step(&choice).status, "SEC_E_OK");
    let clear = client.wrap(CLEAR, b"in the clear").unwrap();
    assert_eq!(server.unwrap(&clear).unwrap_err(), "SEC_E_DOWNGRADE_DETECTED");
    let sealed = client.wrap(0, b"sealed").unwrap();
    assert_eq!(server.unwrap(&sealed).unwrap(), (b"sealed".to_vec(), true));
}

#[test]
fn q8_two_threads_on_one_exchange() {
    let (mut client, mut server) = (Party::client(AES, SEAL), Party::server(0));
    let reply = server.step(&client.step(&[]).token).token;
    client.step(&reply);
    let offer = server.step(&[]).token;
    let choice = client.step(&offer).token;
    let handle = words(server.context());
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let choice = choice.clone();
            std::thread::spawn(move || {
                again(SecHandle { dwLower: handle.0, dwUpper: handle.1 }, &choice)
            })
        })
        .collect();
    let mut outcomes: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    outcomes.sort();
    let late = "SEC_E_OUT_OF_SEQUENCE";
    assert_eq!(outcomes, ["SEC_E_OK", late, late, late]);
    assert_eq!(server.unwrap(&client.wrap(0, b"still").unwrap()).unwrap().0, b"still");
}

fn again(mut context: SecHandle, token: &[u8]) -> String {
    let mut token = token.to_vec();
    let mut input = [buffer(SECBUFFER_TOKEN, &mut token)];
    let (mut input, mut output) = (descriptor(&mut input), [empty(SECBUFFER_TOKEN)]);
    let (mut output, mut attributes) = (descriptor(&mut output), 0);
    // SAFETY: every pointer is NULL or to something living.
    named(unsafe {
        secur32::abi::exports::sasl::SaslAcceptSecurityContext(
            std::ptr::null_mut(),
            &raw mut context,
            &raw mut input,
            ASC_REQ_ALLOCATE_MEMORY,
            0,
            std::ptr::null_mut(),
            &raw mut output,
            &raw mut attributes,
            std::ptr::null_mut(),
        )
    })
}
