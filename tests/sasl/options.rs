//! Options and what they do.

use std::ptr;

use secur32::abi::exports::sasl::*;
use secur32::crypto::kerberos::Enctype;

use crate::c_abi::*;
use crate::parties::*;

const AES: Enctype = Enctype::Aes256CtsHmacSha1;
/// Of AES with SHA-1: block, trailer and signature.
const AROUND: u32 = 1 + 76 + 28;

#[test]
fn sizes_are_told_and_kept_to() {
    let (mut client, mut server) = (Party::client(AES, SEAL), Party::server(0));
    meet_with(&mut client, &mut server, |stepped, other, leg| {
        if leg == 2 {
            assert_eq!(stepped.set_number(SASL_OPTION_RECV_SIZE, 1000), "SEC_E_OK");
            assert_eq!(other.set_number(SASL_OPTION_RECV_SIZE, 70_000), "SEC_E_OK");
            assert_eq!(other.set_number(SASL_OPTION_SEND_SIZE, 500), "SEC_E_OK");
        }
    })
    .unwrap();
    assert_eq!(client.number(SASL_OPTION_SEND_SIZE).unwrap(), 500);
    assert_eq!(client.number(SASL_OPTION_RECV_SIZE).unwrap(), 70_000);
    assert_eq!(server.number(SASL_OPTION_SEND_SIZE).unwrap(), 70_000 - AROUND);
    assert_eq!(server.number(SASL_OPTION_RECV_SIZE).unwrap(), 1000);
    for (from, to, most) in [(&client, &server, 500), (&server, &client, 70_000 - AROUND)] {
        let text = vec![5; most as usize];
        assert_eq!(to.unwrap(&from.wrap(0, &text).unwrap()).unwrap().0, text);
        let longer = vec![5; most as usize + 1];
        assert_eq!(from.wrap(0, &longer).unwrap_err(), "SEC_E_INVALID_PARAMETER");
        // Nothing was counted: the next one is in its order.
        assert_eq!(to.unwrap(&from.wrap(0, b"next").unwrap()).unwrap().0, b"next");
    }
}

#[test]
fn q4_longer_messages_than_agreed_on_are_not_even_opened() {
    let (mut client, mut server) = (Party::client(AES, SEAL).plain(), Party::server(0));
    let request = client.step(&[]).token;
    let reply = server.step(&request).token;
    assert_eq!(client.step(&reply).status, "SEC_E_OK");
    assert_eq!(server.set_number(SASL_OPTION_RECV_SIZE, 1000), "SEC_E_OK");
    let offer = client.unwrap(&server.step(&[]).token).unwrap().0;
    assert_eq!(offer, [7, 0, 3, 232]);
    let choice = client.wrap(SECQOP_WRAP_NO_ENCRYPT, &[4, 0, 100, 0]).unwrap();
    assert_eq!(server.step(&choice).status, "SEC_E_OK");
    let fits = client.wrap(0, &[0; 940]).unwrap();
    assert_eq!(fits.len(), 1000);
    assert!(server.unwrap(&fits).is_ok());
    let long = client.wrap(0, &[0; 941]).unwrap();
    assert_eq!(server.unwrap(&long).unwrap_err(), "SEC_E_INVALID_TOKEN");
}

#[test]
fn options_are_set_until_they_were_told() {
    let (mut client, mut server) = (Party::client(AES, SEAL), Party::server(0));
    let request = client.step(&[]).token;
    let reply = server.step(&request).token;
    assert!(client.step(&reply).token.is_empty());
    let offer = server.step(&[]).token;
    let late = |party: &Party, option| party.set_number(option, 5000);
    assert_eq!(late(&server, SASL_OPTION_RECV_SIZE), "SEC_E_OUT_OF_SEQUENCE");
    assert_eq!(late(&server, SASL_OPTION_SEND_SIZE), "SEC_E_OK");
    assert_eq!(late(&client, SASL_OPTION_RECV_SIZE), "SEC_E_OK");
    let choice = client.step(&offer).token;
    for option in [SASL_OPTION_RECV_SIZE, SASL_OPTION_SEND_SIZE] {
        assert_eq!(late(&client, option), "SEC_E_OUT_OF_SEQUENCE");
    }
    assert_eq!(server.step(&choice).status, "SEC_E_OK");
    assert_eq!(late(&server, SASL_OPTION_SEND_SIZE), "SEC_E_OUT_OF_SEQUENCE");
    // The client's 5000 less what is around a message is less than the server's own limit.
    assert_eq!(server.number(SASL_OPTION_SEND_SIZE).unwrap(), 5000 - AROUND);
}

#[test]
fn a_client_acts_as_another_where_that_is_processed() {
    let (mut client, mut server) = (Party::client(AES, SIGN), Party::server(0));
    meet_with(&mut client, &mut server, |stepped, _, leg| {
        if leg == 1 {
            assert_eq!(
                stepped.set(SASL_OPTION_AUTHZ_STRING, &mut b"zo\xC3\xAB".to_vec()),
                "SEC_E_OK"
            );
        }
    })
    .unwrap();
    assert_eq!(server.option(SASL_OPTION_AUTHZ_STRING).unwrap(), b"zo\xC3\xAB");
    assert_eq!(server.set(SASL_OPTION_AUTHZ_STRING, &mut [b'x']), "SEC_E_UNSUPPORTED_FUNCTION");
    // Who it is does not change by what it asks for.
    assert_eq!(client_name(server.context()).unwrap(), "alice@EXAMPLE.COM");
}

#[test]
fn q5_a_forbidden_authorization_identity_is_refused() {
    let forbid = |party: &Party| {
        assert_eq!(party.set_number(SASL_OPTION_AUTHZ_PROCESSING, 0), "SEC_E_OK");
        assert_eq!(
            party.option(SASL_OPTION_AUTHZ_STRING).unwrap_err(),
            "SEC_E_UNSUPPORTED_FUNCTION"
        );
    };
    let ask = |party: &Party| party.set(SASL_OPTION_AUTHZ_STRING, &mut b"bob".to_vec());
    for forbidden_at in ["client", "server"] {
        let (mut client, mut server) = (Party::client(AES, SIGN), Party::server(0));
        let met = meet_with(&mut client, &mut server, |stepped, other, leg| {
            if leg != 2 {
                return;
            }
            assert_eq!(ask(other), "SEC_E_OK");
            if forbidden_at == "client" {
                forbid(other);
                assert_eq!(ask(other), "SEC_E_UNSUPPORTED_FUNCTION");
            } else {
                forbid(stepped);
            }
        });
        assert_eq!(met.unwrap_err(), format!("{forbidden_at}: SEC_E_ALGORITHM_MISMATCH"));
    }
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let mut client = Party::client(AES, SIGN);
    client.step(&[]);
    for option in [0, 5, 0xFFFF_FFFF] {
        assert_eq!(client.set_number(option, 1), "SEC_E_UNSUPPORTED_FUNCTION");
        assert_eq!(client.number(option).unwrap_err(), "SEC_E_UNSUPPORTED_FUNCTION");
    }
    for option in [SASL_OPTION_SEND_SIZE, SASL_OPTION_RECV_SIZE, SASL_OPTION_AUTHZ_PROCESSING] {
        assert_eq!(client.set(option, &mut [1, 2, 3]), "SEC_E_BUFFER_TOO_SMALL");
        assert_eq!(client.set_number(option, 0x100_0000), "SEC_E_INVALID_PARAMETER");
    }
    for bad in [&b"\xFF"[..], b"a\0b"] {
        let set = client.set(SASL_OPTION_AUTHZ_STRING, &mut bad.to_vec());
        assert_eq!(set, "SEC_E_INVALID_PARAMETER");
    }
}

#[test]
fn the_size_of_an_option_is_told() {
    let mut client = Party::client(AES, SIGN);
    client.step(&[]);
    client.set(SASL_OPTION_AUTHZ_STRING, &mut b"bob".to_vec());
    let mut handle = client.context();
    for (option, size) in [(SASL_OPTION_SEND_SIZE, 4), (SASL_OPTION_AUTHZ_STRING, 3)] {
        for room in 0..=size {
            let (mut value, mut needed) = ([0xEE_u8; 8], 9);
            // SAFETY: the value is longer than its size.
            let status = unsafe {
                let value = value.as_mut_ptr().cast();
                SaslGetContextOption(&raw mut handle, option, value, room, &raw mut needed)
            };
            let expected = if room < size { SEC_E_BUFFER_TOO_SMALL } else { SEC_E_OK };
            assert_eq!((named(status), needed), (named(expected), size));
            assert!(
                value[if status == SEC_E_OK { size as usize } else { 0 }..]
                    .iter()
                    .all(|&b| b == 0xEE)
            );
        }
        // SAFETY: NULL is no place.
        let status = unsafe {
            SaslGetContextOption(&raw mut handle, option, ptr::null_mut(), size, ptr::null_mut())
        };
        assert_eq!(named(status), "SEC_E_INVALID_PARAMETER");
    }
}

#[test]
fn contexts_that_are_not_of_sasl_have_no_options() {
    let mut plain = Party::client(AES, SIGN).plain();
    plain.step(&[]);
    assert_eq!(plain.set_number(SASL_OPTION_SEND_SIZE, 7), "SEC_E_INVALID_HANDLE");
    assert_eq!(plain.number(SASL_OPTION_SEND_SIZE).unwrap_err(), "SEC_E_INVALID_HANDLE");
    // And the functions of SASL take none that they did not begin.
    let mut handle = plain.context();
    let mut output = [empty(SECBUFFER_TOKEN)];
    let mut output = descriptor(&mut output);
    // SAFETY: every pointer is NULL or to something living.
    let status = unsafe {
        SaslInitializeSecurityContextW(
            ptr::null_mut(),
            &raw mut handle,
            ptr::null_mut(),
            0,
            0,
            0,
            ptr::null_mut(),
            0,
            &raw mut handle,
            &raw mut output,
            ptr::null_mut(),
            ptr::null_mut(),
        )
    };
    assert_eq!(named(status), "SEC_E_INVALID_HANDLE");
}
