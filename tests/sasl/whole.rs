//! Whole exchanges.

use secur32::crypto::kerberos::Enctype;

use crate::c_abi::*;
use crate::parties::*;
use crate::support::ap::ALL_ENCTYPES;

const AES: Enctype = Enctype::Aes256CtsHmacSha1;

/// What a layer is called in the attributes of each side.
fn layer_of(client: &Party, server: &Party) -> &'static str {
    let client_says = (
        client.attributes & ISC_RET_INTEGRITY != 0,
        client.attributes & ISC_RET_CONFIDENTIALITY != 0,
    );
    let server_says = (
        server.attributes & ASC_RET_INTEGRITY != 0,
        server.attributes & ASC_RET_CONFIDENTIALITY != 0,
    );
    assert_eq!(client_says, server_says);
    match client_says {
        (false, false) => "none",
        (true, false) => "integrity",
        (true, true) => "confidentiality",
        (false, true) => "nonsense",
    }
}

#[test]
fn every_layer_with_every_enctype() {
    for enctype in ALL_ENCTYPES {
        for (flags, demanded, layer) in [
            (0, 0, "none"),
            (SIGN, 0, "integrity"),
            (SEAL, 0, "confidentiality"),
            (0, SERVER_SIGN, "integrity"),
            (SIGN, SERVER_SIGN, "integrity"),
            (SEAL, SERVER_SIGN, "confidentiality"),
            (SEAL, SERVER_SEAL, "confidentiality"),
        ] {
            let (mut client, mut server) = (Party::client(enctype, flags), Party::server(demanded));
            let tokens = meet(&mut client, &mut server).unwrap();
            // With mutual authentication: request, reply, nothing, offer, choice.
            let legs = if flags == 0 { 3 } else { 5 };
            assert_eq!(tokens.len(), legs, "{flags:#x}");
            assert_eq!(layer_of(&client, &server), layer, "{enctype:?} {flags:#x} {demanded:#x}");
            messages_go_both_ways(&client, &server, layer);
        }
    }
}

fn messages_go_both_ways(client: &Party, server: &Party, layer: &str) {
    for (from, to) in [(client, server), (server, client)] {
        let (good, bad) = match layer {
            "integrity" => (SECQOP_WRAP_NO_ENCRYPT, Some(0)),
            "confidentiality" => (0, Some(SECQOP_WRAP_NO_ENCRYPT)),
            _ => {
                for qop in [0, SECQOP_WRAP_NO_ENCRYPT] {
                    assert_eq!(from.wrap(qop, b"x").unwrap_err(), "SEC_E_UNSUPPORTED_FUNCTION");
                }
                assert_eq!(to.unwrap(b"x").unwrap_err(), "SEC_E_UNSUPPORTED_FUNCTION");
                continue;
            }
        };
        for text in [&b""[..], b"a message", &[7; 4000]] {
            let token = from.wrap(good, text).unwrap();
            let (opened, sealed) = to.unwrap(&token).unwrap();
            assert_eq!((&opened[..], sealed), (text, layer == "confidentiality"));
        }
        if let Some(bad) = bad {
            assert_eq!(from.wrap(bad, b"x").unwrap_err(), "SEC_E_UNSUPPORTED_FUNCTION");
        }
    }
}

#[test]
fn nothing_is_to_be_had_before_the_layer_is_agreed_on() {
    let (mut client, mut server) = (Party::client(AES, SEAL), Party::server(0));
    let mut seen = 0;
    meet_with(&mut client, &mut server, |stepped, _, leg| {
        if leg < 5 {
            assert_eq!(stepped.wrap(0, b"x").unwrap_err(), "SEC_E_INVALID_HANDLE", "leg {leg}");
            assert_eq!(session_key(stepped.context()).unwrap_err(), SEC_E_INVALID_HANDLE);
            seen += 1;
        }
    })
    .unwrap();
    assert_eq!(seen, 4);
    assert_eq!(session_key(client.context()), session_key(server.context()));
    assert_eq!(client_name(server.context()).unwrap(), "alice@EXAMPLE.COM");
}

#[test]
fn buffers_that_are_too_small_are_settled_on_every_leg() {
    let (mut client, mut server) = (Party::client(AES, SEAL), Party::server(0));
    let (mut token, mut needs) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        for party in [&mut client, &mut server] {
            party.room = Some(3);
            let mut made = party.step(&token);
            // What has no token to send needs no room for one.
            if made.status == "SEC_E_BUFFER_TOO_SMALL" {
                party.room = Some(4096);
                made = party.step(&token);
            }
            token = made.token;
            needs.push(!token.is_empty());
        }
    }
    assert_eq!(needs, [true, true, false, true, true, false]);
    assert_eq!(layer_of(&client, &server), "confidentiality");
    messages_go_both_ways(&client, &server, "confidentiality");
}

#[test]
fn a_token_without_a_buffer_is_an_invalid_one() {
    let mut client = Party::client(AES, SEAL);
    assert_eq!(named(client.call(&[], &mut [], SEAL)), "SEC_E_INVALID_TOKEN");
    let request = client.step(&[]);
    let mut server = Party::server(0);
    assert_eq!(named(server.call(&request.token, &mut [], 0)), "SEC_E_INVALID_TOKEN");
    // The request was not taken, and can be given again.
    assert_eq!(server.step(&request.token).status, "SEC_I_CONTINUE_NEEDED");
    let small = Party::server(0).with_room(64).step(&request.token);
    assert_eq!(small.status, "SEC_E_BUFFER_TOO_SMALL");
}

#[test]
fn a_server_may_acknowledge_the_last_token_before_its_offer_and_only_once() {
    for twice in [false, true] {
        let mut client = Party::client(AES, 0);
        let mut server = Party::server(0);
        let offer = server.step(&client.step(&[]).token).token;
        let nothing = client.step(&[]);
        assert_eq!((&nothing.status[..], nothing.token.len()), ("SEC_I_CONTINUE_NEEDED", 0));
        if twice {
            assert_eq!(client.step(&[]).status, "SEC_E_INVALID_TOKEN");
        } else {
            assert_eq!(server.step(&client.step(&offer).token).status, "SEC_E_OK");
        }
    }
}

#[test]
fn the_end_is_the_end() {
    let (mut client, mut server) = (Party::client(AES, SIGN), Party::server(0));
    let tokens = meet(&mut client, &mut server).unwrap();
    for token in &tokens {
        assert_eq!(client.step(token).status, "SEC_E_OUT_OF_SEQUENCE");
        assert_eq!(server.step(token).status, "SEC_E_OUT_OF_SEQUENCE");
    }
    messages_go_both_ways(&client, &server, "integrity");
}

#[test]
fn ntlm_has_no_messages_of_its_own_for_the_layer() {
    for (flags, layer) in [(0, "none"), (SIGN, "integrity"), (SEAL, "confidentiality")] {
        let mut client = Party::of("NTLM", Side::Client, flags);
        let mut server = Party::of("NTLM", Side::Server, 0);
        let tokens = meet(&mut client, &mut server).unwrap();
        assert_eq!(tokens.len(), 3);
        assert_eq!(layer_of(&client, &server), layer, "{flags:#x}");
        if layer == "none" {
            assert_eq!(client.wrap(0, b"x").unwrap_err(), "SEC_E_UNSUPPORTED_FUNCTION");
        } else {
            let token = client.wrap(0, b"a message").unwrap();
            assert_eq!(server.unwrap(&token).unwrap().0, b"a message");
        }
        assert_eq!(client.set(SASL_OPTION_AUTHZ_STRING, &mut [b'a']), "SEC_E_UNSUPPORTED_FUNCTION");
    }
}

#[test]
fn negotiate_has_no_messages_of_its_own_for_the_layer_either() {
    crate::machine::set_up();
    for (flags, layer) in [(SIGN, "integrity"), (SEAL, "confidentiality")] {
        // Without a target there is no Kerberos to be had.
        let mut client = Party::of("Negotiate", Side::Client, flags);
        let mut server = Party::of("Negotiate", Side::Server, 0);
        meet(&mut client, &mut server).unwrap();
        assert_eq!(layer_of(&client, &server), layer, "{flags:#x}");
        for (from, to) in [(&client, &server), (&server, &client)] {
            let token = from.wrap(0, b"a message").unwrap();
            assert_eq!(to.unwrap(&token).unwrap().0, b"a message");
        }
        assert_eq!(client.number(SASL_OPTION_SEND_SIZE).unwrap(), 0xFFFF);
        assert_eq!(client.step(b"").status, "SEC_E_OUT_OF_SEQUENCE");
    }
}

#[test]
fn x4_a_context_of_sasl_is_not_exported() {
    let (mut client, mut server) = (Party::client(AES, SEAL), Party::server(0));
    meet(&mut client, &mut server).unwrap();
    assert_eq!(named(export(client.context(), 0).unwrap_err()), "SEC_E_UNSUPPORTED_FUNCTION");
}
