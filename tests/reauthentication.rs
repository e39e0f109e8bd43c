//! A complete context that is authenticated anew: on the same handle, with the old protection until
//! the new handshake is complete, and without any harm when that fails.
#![allow(unsafe_code)]

mod c_abi;

use c_abi::*;

/// The first two legs of a new handshake on both sides.
fn begun(parties: &Parties, pair: &Pair) -> Vec<u8> {
    let (answer, negotiate) =
        step(Side::Client, &parties.client, Some(pair.client.0), &[], PROTECTED);
    assert_eq!(named(answer.status), "SEC_I_CONTINUE_NEEDED");
    assert_eq!(words(answer.handle), words(pair.client.0));
    assert_ne!(answer.attributes & ISC_RET_REAUTHENTICATION, 0);
    let (answer, challenge) =
        step(Side::Server, &parties.server, Some(pair.server.0), &negotiate, 0);
    assert_eq!(named(answer.status), "SEC_I_CONTINUE_NEEDED");
    assert_eq!(words(answer.handle), words(pair.server.0));
    challenge
}

#[test]
fn a_new_handshake_replaces_keys_on_the_same_handles() {
    let parties = Parties::new();
    let pair = parties.established(PROTECTED);
    pair.works();
    for _ in 0..3 {
        let old = session_key(pair.client.0).unwrap();
        let challenge = begun(&parties, &pair);
        // Until it is complete everything is as it was.
        pair.works();
        assert_eq!(session_key(pair.client.0).unwrap(), old);
        let (answer, authenticate) =
            step(Side::Client, &parties.client, Some(pair.client.0), &challenge, 0);
        assert_eq!(named(answer.status), "SEC_E_OK");
        assert_ne!(answer.attributes & ISC_RET_REAUTHENTICATION, 0);
        assert_eq!(session_key(pair.server.0).unwrap(), old);
        let (answer, _) =
            step(Side::Server, &parties.server, Some(pair.server.0), &authenticate, 0);
        assert_eq!(named(answer.status), "SEC_E_OK");
        let new = session_key(pair.client.0).unwrap();
        assert_ne!(new, old);
        assert_eq!(session_key(pair.server.0).unwrap(), new);
        assert_eq!(client_name(pair.server.0).unwrap(), format!("{DOMAIN}\\{USER}"));
        pair.works();
    }
}

#[test]
fn one_that_fails_leaves_the_context_as_it_was() {
    let parties = Parties::new();
    let pair = parties.established(PROTECTED);
    let old = session_key(pair.server.0).unwrap();
    let challenge = begun(&parties, &pair);
    let (answer, _) = step(Side::Client, &parties.client, Some(pair.client.0), b"nonsense", 0);
    assert_eq!(named(answer.status), "SEC_E_INVALID_TOKEN");
    // What was begun is gone, and can be begun again.
    let (answer, _) = step(Side::Client, &parties.client, Some(pair.client.0), &challenge, 0);
    assert_eq!(named(answer.status), "SEC_E_OUT_OF_SEQUENCE");
    let (answer, token) = step(Side::Server, &parties.server, Some(pair.server.0), &challenge, 0);
    assert_eq!(named(answer.status), "SEC_E_INVALID_TOKEN");
    assert!(token.is_empty());
    pair.works();
    assert_eq!(session_key(pair.server.0).unwrap(), old);
    let challenge = begun(&parties, &pair);
    let (answer, _) = step(Side::Client, &parties.client, Some(pair.client.0), &challenge, 0);
    assert_eq!(named(answer.status), "SEC_E_OK");
    assert_ne!(session_key(pair.client.0).unwrap(), old);
}

/// Whoever does not know the password gets nothing, and takes nothing away.
#[test]
fn a_wrong_password_does_not_get_into_an_old_context() {
    let parties = Parties::new();
    let pair = parties.established(PROTECTED);
    let wrong = Credential::client(USER, DOMAIN, "wrong");
    let (answer, negotiate) = step(Side::Client, &wrong, Some(pair.client.0), &[], PROTECTED);
    assert_eq!(named(answer.status), "SEC_I_CONTINUE_NEEDED");
    let (_, challenge) = step(Side::Server, &parties.server, Some(pair.server.0), &negotiate, 0);
    let (answer, authenticate) = step(Side::Client, &wrong, Some(pair.client.0), &challenge, 0);
    assert_eq!(named(answer.status), "SEC_E_OK");
    let (answer, _) = step(Side::Server, &parties.server, Some(pair.server.0), &authenticate, 0);
    assert_eq!(named(answer.status), "SEC_E_LOGON_DENIED");
    // The two no longer understand each other: the client went over, the server did not.
    let (token, data) = sealed(pair.client.0, b"hello").unwrap();
    assert!(unsealed(pair.server.0, &token, &data).is_err());
    assert_eq!(client_name(pair.server.0).unwrap(), format!("{DOMAIN}\\{USER}"));
}

#[test]
fn a_token_that_is_too_long_for_the_buffer_waits() {
    let parties = Parties::new();
    let pair = parties.established(PROTECTED);
    let mut room = [0; 8];
    let mut output = [buffer(SECBUFFER_TOKEN, &mut room)];
    let answer = call(Leg {
        side: Side::Client,
        credential: Some(parties.client.0),
        context: Some(pair.client.0),
        flags: PROTECTED,
        target: None,
        input: &mut [],
        output: Some(&mut output),
    });
    assert_eq!(named(answer.status), "SEC_E_BUFFER_TOO_SMALL");
    assert!(output[0].cbBuffer > 8);
    pair.works();
    let challenge = begun(&parties, &pair);
    let (answer, _) = step(Side::Client, &parties.client, Some(pair.client.0), &challenge, 0);
    assert_eq!(named(answer.status), "SEC_E_OK");
}

#[test]
fn it_needs_a_credential_that_fits() {
    let parties = Parties::new();
    let pair = parties.established(PROTECTED);
    let again = |credential| {
        let mut output = [empty(SECBUFFER_TOKEN)];
        let answer = call(Leg {
            side: Side::Client,
            credential,
            context: Some(pair.client.0),
            flags: ISC_REQ_ALLOCATE_MEMORY,
            target: Some("HTTP/server"),
            input: &mut [],
            output: Some(&mut output),
        });
        assert!(take(output[0]).is_empty());
        named(answer.status)
    };
    assert_eq!(again(None), "SEC_E_OUT_OF_SEQUENCE");
    assert_eq!(again(Some(parties.server.0)), "SEC_E_UNKNOWN_CREDENTIALS");
    let mut identity = PlainIdentity::new(USER, DOMAIN, PASSWORD);
    let kerberos =
        Credential::acquire_of("Kerberos", SECPKG_CRED_OUTBOUND, identity.pointer()).unwrap();
    assert_eq!(again(Some(kerberos.0)), "SEC_E_UNKNOWN_CREDENTIALS");
    pair.works();
}

/// A context that goes to another process does so with what it is, not with what it would become.
#[test]
fn an_unfinished_new_handshake_does_not_travel() {
    let parties = Parties::new();
    let Pair { client, server } = parties.established(PROTECTED);
    let pair = Pair { client, server };
    let challenge = begun(&parties, &pair);
    let blob = export(pair.client.0, SECPKG_CONTEXT_EXPORT_DELETE_OLD).unwrap();
    let (answer, _) = step(Side::Client, &parties.client, Some(pair.client.0), &challenge, 0);
    assert_eq!(named(answer.status), "SEC_E_INVALID_HANDLE");
    let Pair { server, client } = pair;
    drop(client);
    Pair { client: import(NTLM, &blob).unwrap(), server }.works();
}

/// Messages on one thread while the context is authenticated anew on others: each of them goes out
/// with the old keys or with the new ones.
#[test]
fn messages_go_on_meanwhile() {
    let parties = Parties::new();
    let pair = parties.established(PROTECTED);
    let handle = pair.client.0;
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut messages = 0_u32;
            while !done.load(std::sync::atomic::Ordering::Acquire) || messages < 100 {
                sealed(handle, b"in between").unwrap();
                messages += 1;
            }
        });
        for _ in 0..200 {
            let challenge = begun(&parties, &pair);
            let (answer, authenticate) =
                step(Side::Client, &parties.client, Some(handle), &challenge, 0);
            assert_eq!(named(answer.status), "SEC_E_OK");
            let (answer, _) =
                step(Side::Server, &parties.server, Some(pair.server.0), &authenticate, 0);
            assert_eq!(named(answer.status), "SEC_E_OK");
        }
        done.store(true, std::sync::atomic::Ordering::Release);
    });
    assert_eq!(session_key(handle).unwrap(), session_key(pair.server.0).unwrap());
}
