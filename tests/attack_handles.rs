//! Handles that lie, die twice, or die while they are used (series B of docs/attacks.md).
#![allow(unsafe_code)]

mod c_abi;

use std::ptr;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use c_abi::process::*;
use c_abi::*;
use secur32::abi::exports::tokens::{QuerySecurityContextToken, Secur32CloseHandle};

/// Handles that name nothing, made from one that names something; `others` are alive too.
fn forged(living: SecHandle, others: &[SecHandle]) -> Vec<SecHandle> {
    let mut all = vec![ZERO, ONES, FOREIGN, SecHandle { dwLower: usize::MAX - 1, ..ONES }];
    for bit in 0..usize::BITS {
        all.push(SecHandle { dwLower: living.dwLower ^ (1 << bit), ..living });
        all.push(SecHandle { dwUpper: living.dwUpper ^ (1 << bit), ..living });
    }
    all.push(SecHandle { dwLower: living.dwUpper, dwUpper: living.dwLower });
    all.retain(|forged| others.iter().all(|&other| words(other) != words(*forged)));
    all
}

/// Every function that takes a context, by what it answers to a handle.
fn on_context(mut handle: SecHandle) -> Vec<(&'static str, i32)> {
    let handle_in = &raw mut handle;
    let mut flags = SecPkgContext_Flags { Flags: 0 };
    let (mut token, mut data) = ([0; 16], [0; 4]);
    let parties_free = {
        let mut one = [buffer(SECBUFFER_TOKEN, &mut token), buffer(SECBUFFER_DATA, &mut data)];
        vec![
            ("EncryptMessage", encrypt(handle, &mut one)),
            ("DecryptMessage", decrypt(handle, &mut one)),
            ("MakeSignature", sign(handle, &mut one)),
            ("VerifySignature", verify(handle, &mut one)),
        ]
    };
    let mut answers = parties_free;
    // SAFETY: a handle, and structures of the right kind.
    unsafe {
        let flags_out = (&raw mut flags).cast();
        answers.push((
            "QueryContextAttributesW",
            QueryContextAttributesW(handle_in, SECPKG_ATTR_FLAGS, flags_out),
        ));
        answers.push(("CompleteAuthToken", CompleteAuthToken(handle_in, ptr::null_mut())));
    }
    answers.push(("ExportSecurityContext", export(handle, 0).err().unwrap_or(SEC_E_OK)));
    answers
}

#[test]
fn b1_a_context_handle_that_names_nothing_is_refused_everywhere() {
    // A forged handle might name what another test has.
    if !alone("b1_a_context_handle_that_names_nothing_is_refused_everywhere") {
        return;
    }
    let parties = Parties::new();
    let pair = parties.established(PROTECTED);
    let mut handles = forged(pair.client.0, &[pair.server.0]);
    handles.push(parties.client.0);
    let (dead, _) = parties.negotiate(0);
    handles.push(dead.0);
    assert_eq!(dead.delete(), SEC_E_OK);
    for handle in handles {
        for (function, status) in on_context(handle) {
            assert_eq!(status, SEC_E_INVALID_HANDLE, "{function} {:x?}", words(handle));
        }
        for side in [Side::Client, Side::Server] {
            let (answer, token) = step(side, parties.credential(side), Some(handle), b"x", 0);
            assert_eq!(answer.status, SEC_E_INVALID_HANDLE, "{side:?} {:x?}", words(handle));
            assert_eq!(words(answer.handle), words(FOREIGN));
            assert!(token.is_empty());
        }
    }
    pair.works();
}

#[test]
fn b1_a_credential_handle_that_names_nothing_is_refused_everywhere() {
    // A forged handle might name what another test has.
    if !alone("b1_a_credential_handle_that_names_nothing_is_refused_everywhere") {
        return;
    }
    let parties = Parties::new();
    let pair = parties.established(PROTECTED);
    let mut handles = forged(parties.client.0, &[parties.server.0]);
    handles.push(pair.client.0);
    let dead = Credential::client(USER, DOMAIN, PASSWORD);
    handles.push(dead.0);
    assert_eq!(dead.free(), SEC_E_OK);
    for mut handle in handles {
        let mut names = SecPkgCredentials_NamesW { sUserName: ptr::null_mut() };
        // SAFETY: a handle and the structure of the attribute.
        let (queried, freed) = unsafe {
            let names = (&raw mut names).cast();
            (
                QueryCredentialsAttributesW(&raw mut handle, SECPKG_CRED_ATTR_NAMES, names),
                FreeCredentialsHandle(&raw mut handle),
            )
        };
        assert_eq!((queried, freed), (SEC_E_INVALID_HANDLE, SEC_E_INVALID_HANDLE));
        for side in [Side::Client, Side::Server] {
            let borrowed = std::mem::ManuallyDrop::new(Credential(handle));
            let (answer, token) = step(side, &borrowed, None, b"NTLMSSP", 0);
            assert_eq!(answer.status, SEC_E_INVALID_HANDLE, "{side:?} {:x?}", words(handle));
            assert_eq!(words(answer.handle), words(FOREIGN));
            assert!(token.is_empty());
        }
    }
    assert_eq!(parties.client.free(), SEC_E_OK);
}

#[test]
fn b1_a_handle_dies_once_and_its_slot_gets_another_name() {
    let parties = Parties::new();
    let (first, _) = parties.negotiate(0);
    let first = first.0;
    // Delete is forgiving, as documented: what is gone is gone.
    let old = std::mem::ManuallyDrop::new(Context(first));
    assert_eq!(delete(old.0), SEC_E_OK);
    assert_eq!(delete(old.0), SEC_E_OK);
    let credential = Credential::client(USER, DOMAIN, PASSWORD);
    let mut handle = credential.0;
    assert_eq!(credential.free(), SEC_E_OK);
    // SAFETY: a handle.
    assert_eq!(unsafe { FreeCredentialsHandle(&raw mut handle) }, SEC_E_INVALID_HANDLE);

    // The slots are used again, the names never.
    for _ in 0..2_000 {
        let (context, _) = parties.negotiate(0);
        assert_ne!(words(context.0), words(first));
        assert_eq!(delete(first), SEC_E_OK);
        assert_eq!(on_context(context.0)[4].1, SEC_E_OK, "the old name reached the new context");
    }
    for handle in [ZERO, ONES, FOREIGN] {
        assert_eq!(delete(handle), SEC_E_INVALID_HANDLE);
    }
    // SAFETY: NULL is allowed to be passed.
    unsafe {
        assert_eq!(DeleteSecurityContext(ptr::null_mut()), SEC_E_INVALID_HANDLE);
        assert_eq!(FreeCredentialsHandle(ptr::null_mut()), SEC_E_INVALID_HANDLE);
    }
}

/// Two pieces of work that begin together; what each of them gives.
fn race<A: Send, B: Send>(
    one: impl FnOnce() -> A + Send,
    two: impl FnOnce() -> B + Send,
) -> (A, B) {
    let barrier = Barrier::new(2);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| {
            barrier.wait();
            one()
        });
        barrier.wait();
        let second = two();
        (first.join().unwrap(), second)
    })
}

#[test]
fn b2_encrypting_and_deleting_at_once() {
    let parties = Parties::new();
    let mut messages = 0;
    for _ in 0..200 {
        let Pair { client, server } = parties.established(PROTECTED);
        let handle = client.0;
        // Whoever deletes may not get the processor for a while: time is the bound.
        let begun = Instant::now();
        let sending = || {
            let mut count = 0;
            loop {
                assert!(
                    begun.elapsed() < Duration::from_secs(20),
                    "the context outlived its deletion"
                );
                match sealed(handle, b"racing") {
                    Ok((token, data)) => {
                        assert_eq!(unsealed(server.0, &token, &data).unwrap(), b"racing");
                        count += 1;
                    }
                    Err(status) => {
                        assert_eq!(named(status), "SEC_E_INVALID_HANDLE");
                        return count;
                    }
                }
            }
        };
        let (sent, status) = race(sending, || client.delete());
        assert_eq!(status, SEC_E_OK);
        messages += sent;
    }
    assert!(messages > 0, "no message ever won the race");
}

#[test]
fn b2_stepping_and_deleting_at_once() {
    let parties = Parties::new();
    for _ in 0..300 {
        let (client, negotiate) = parties.negotiate(PROTECTED);
        let (_server, challenge) = parties.challenge(&negotiate);
        let handle = client.0;
        let stepping = || {
            let (answer, token) = step(Side::Client, &parties.client, Some(handle), &challenge, 0);
            assert_eq!(answer.status == SEC_E_OK, !token.is_empty());
            answer.status
        };
        let (stepped, deleted) = race(stepping, || client.delete());
        assert_eq!(deleted, SEC_E_OK);
        assert!(
            [SEC_E_OK, SEC_E_INVALID_HANDLE, SEC_E_OUT_OF_SEQUENCE].contains(&stepped),
            "{}",
            named(stepped)
        );
        assert_eq!(session_key(handle).unwrap_err(), SEC_E_INVALID_HANDLE);
    }
}

#[test]
fn b2_of_two_steps_at_once_one_wins() {
    let parties = Parties::new();
    for _ in 0..300 {
        let (client, negotiate) = parties.negotiate(PROTECTED);
        let (server, challenge) = parties.challenge(&negotiate);
        let authenticate = parties.authenticate(&client, &challenge);
        let accepting =
            || step(Side::Server, &parties.server, Some(server.0), &authenticate, 0).0.status;
        let (one, two) = race(accepting, accepting);
        let mut both = [one, two];
        both.sort_unstable();
        assert_eq!(both.map(named), ["SEC_E_OUT_OF_SEQUENCE", "SEC_E_OK"]);
        Pair { client, server }.works();
    }
}

#[test]
fn b2_credentials_go_while_contexts_live() {
    let parties = Parties::new();
    let pair = parties.established(PROTECTED);
    let (half, negotiate) = parties.negotiate(PROTECTED);
    let (_server, challenge) = parties.challenge(&negotiate);
    let Parties { client, server } = parties;
    let gone = client.0;
    assert_eq!((client.free(), server.free()), (SEC_E_OK, SEC_E_OK));
    pair.works();
    // A half-built context that still passes the credential is told so, and goes on without it.
    let stale = std::mem::ManuallyDrop::new(Credential(gone));
    let (answer, _) = step(Side::Client, &stale, Some(half.0), &challenge, 0);
    assert_eq!(named(answer.status), "SEC_E_INVALID_HANDLE");
    let (mut token, mut output) = (challenge, [empty(SECBUFFER_TOKEN)]);
    let answer = call(Leg {
        side: Side::Client,
        credential: None,
        context: Some(half.0),
        flags: ISC_REQ_ALLOCATE_MEMORY,
        target: None,
        input: &mut [buffer(SECBUFFER_TOKEN, &mut token)],
        output: Some(&mut output),
    });
    assert_eq!(named(answer.status), "SEC_E_OK");
    take(output[0]);
}

#[test]
fn b2_credentials_are_freed_while_many_begin() {
    for _ in 0..20 {
        let parties = Parties::new();
        let gone = parties.client.0;
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let credential = std::mem::ManuallyDrop::new(Credential(gone));
                    for _ in 0..200 {
                        let (answer, _) = step(Side::Client, &credential, None, &[], PROTECTED);
                        match named(answer.status).as_str() {
                            "SEC_I_CONTINUE_NEEDED" => drop(Context(answer.handle)),
                            status => assert_eq!(status, "SEC_E_INVALID_HANDLE"),
                        }
                    }
                });
            }
            scope.spawn(|| {
                std::thread::yield_now();
                assert_eq!(parties.client.free(), SEC_E_OK);
            });
        });
    }
}

/// The token of a server's context, by its handle's number.
fn access_token(mut context: SecHandle) -> Result<usize, i32> {
    let mut token = ptr::null_mut();
    // SAFETY: a handle, and where another one goes.
    match unsafe { QuerySecurityContextToken(&raw mut context, &raw mut token) } {
        SEC_E_OK => Ok(token.addr()),
        status => Err(status),
    }
}

/// Closes a token by the number of its handle.
fn close_token(token: usize) -> bool {
    // SAFETY: the handle is never followed.
    unsafe { Secur32CloseHandle(ptr::without_provenance_mut(token)) != 0 }
}

#[test]
fn b2_tokens_are_asked_for_while_their_context_goes() {
    let parties = Parties::new();
    let mut won = 0;
    for _ in 0..200 {
        let Pair { client: _client, server } = parties.established(PROTECTED);
        let handle = server.0;
        let asking = || {
            let mut tokens = Vec::new();
            let begun = Instant::now();
            loop {
                assert!(begun.elapsed() < Duration::from_secs(20), "the context is not deleted");
                match access_token(handle) {
                    Ok(token) => tokens.push(token),
                    Err(status) => {
                        assert_eq!(named(status), "SEC_E_INVALID_HANDLE");
                        return tokens;
                    }
                }
            }
        };
        let (tokens, status) = race(asking, || server.delete());
        assert_eq!(status, SEC_E_OK);
        won += tokens.len();
        // Each outlives the context, and dies once.
        assert!(tokens.iter().all(|&token| close_token(token) && !close_token(token)));
    }
    assert!(won > 0, "no token ever won the race");
}

#[test]
fn b3_a_first_leg_that_fails_writes_no_handle() {
    let parties = Parties::new();
    let (answer, token) = step(Side::Server, &parties.server, None, b"nonsense", 0);
    assert!(answer.status < 0, "{}", named(answer.status));
    assert_eq!(words(answer.handle), words(FOREIGN));
    assert!(token.is_empty());
    assert_eq!(delete(ZERO), SEC_E_INVALID_HANDLE);
}

#[test]
fn b3_a_context_whose_second_leg_failed_stays_until_it_is_deleted() {
    let parties = Parties::new();
    for side in [Side::Client, Side::Server] {
        let (client, negotiate) = parties.negotiate(PROTECTED);
        let (server, challenge) = parties.challenge(&negotiate);
        let authenticate = parties.authenticate(&client, &challenge);
        let (context, good) = match side {
            Side::Client => (parties.negotiate(PROTECTED).0, challenge),
            Side::Server => (server, authenticate),
        };
        let credential = parties.credential(side);
        let (answer, token) = step(side, credential, Some(context.0), b"nonsense", 0);
        assert!(answer.status < 0 && token.is_empty());
        // Whoever goes on learns that it is over, however good the token is.
        let (answer, token) = step(side, credential, Some(context.0), &good, 0);
        assert_eq!(named(answer.status), "SEC_E_OUT_OF_SEQUENCE");
        assert!(token.is_empty());
        assert!(session_key(context.0).is_err() && client_name(context.0).is_err());
        assert_eq!(sealed(context.0, b"x").unwrap_err(), SEC_E_INVALID_HANDLE);
        assert_eq!(context.delete(), SEC_E_OK);
    }
}

/// Every attribute that has a number, on a context of each stage.
#[test]
fn b4_attributes_of_half_built_contexts() {
    let parties = Parties::new();
    let (client, negotiate) = parties.negotiate(PROTECTED);
    check_half_built(client.0, Side::Client);
    let (server, challenge) = parties.challenge(&negotiate);
    check_half_built(server.0, Side::Server);
    let authenticate = parties.authenticate(&client, &challenge);
    let (answer, _) = step(Side::Server, &parties.server, Some(server.0), &authenticate[..40], 0);
    assert!(answer.status < 0);
    check_failed(server.0);
}

const KNOWN_EARLY: [u32; 5] = [
    SECPKG_ATTR_SIZES,
    SECPKG_ATTR_PACKAGE_INFO,
    SECPKG_ATTR_NEGOTIATION_INFO,
    SECPKG_ATTR_FLAGS,
    SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS,
];

fn attributes() -> impl Iterator<Item = u32> {
    (0..=255).chain([0x8000_0000, u32::MAX, 0x1000_0000])
}

fn query(mut handle: SecHandle, attribute: u32) -> (i32, [u64; 8]) {
    let mut room = [0xA5A5_A5A5_A5A5_A5A5_u64; 8];
    // SAFETY: no structure of an attribute is longer.
    let status =
        unsafe { QueryContextAttributesW(&raw mut handle, attribute, room.as_mut_ptr().cast()) };
    (status, room)
}

fn check_half_built(handle: SecHandle, side: Side) {
    for attribute in attributes() {
        let (status, room) = query(handle, attribute);
        let early = KNOWN_EARLY.contains(&attribute)
            && (side == Side::Server || attribute != SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS);
        assert_eq!(status == SEC_E_OK, early, "{side:?} {attribute}: {}", named(status));
        if status == SEC_E_OK {
            free_pointers(attribute, room);
        } else {
            assert!(room.iter().all(|&word| word == 0xA5A5_A5A5_A5A5_A5A5), "{attribute}");
            assert!([SEC_E_INVALID_HANDLE, SEC_E_UNSUPPORTED_FUNCTION].contains(&status));
        }
    }
    assert_eq!(session_key(handle).unwrap_err(), SEC_E_INVALID_HANDLE);
}

fn check_failed(handle: SecHandle) {
    for attribute in attributes() {
        let (status, room) = query(handle, attribute);
        assert!(status < 0, "{attribute}");
        assert!(room.iter().all(|&word| word == 0xA5A5_A5A5_A5A5_A5A5), "{attribute}");
    }
}

fn free_pointers(attribute: u32, room: [u64; 8]) {
    if [SECPKG_ATTR_PACKAGE_INFO, SECPKG_ATTR_NEGOTIATION_INFO].contains(&attribute) {
        // SAFETY: a block of the library, freed once.
        let status =
            unsafe { FreeContextBuffer(ptr::with_exposed_provenance_mut(room[0] as usize)) };
        assert_eq!(status, SEC_E_OK);
    }
}

#[test]
fn b12_memory_stays_flat_over_failures() {
    // No other test moves the memory of that process.
    if !alone("b12_memory_stays_flat_over_failures") {
        return;
    }
    let parties = Parties::new();
    let good = parties.messages(PROTECTED);
    let mut numbers = Seeded::new(12);
    (0..10_000).for_each(|_| fail(&parties, &good, &mut numbers));
    let before = resident_kilobytes();
    (0..100_000).for_each(|_| fail(&parties, &good, &mut numbers));
    let grown = resident_kilobytes().saturating_sub(before);
    assert!(grown < 1_024, "{grown} KiB more after 10^5 failures");
}

/// A message cut short, to each side, first and later.
fn fail(parties: &Parties, good: &[Vec<u8>; 3], numbers: &mut Seeded) {
    let mut bad = good[numbers.below(3)].clone();
    bad.truncate(numbers.below(bad.len()));
    let (answer, _) = step(Side::Server, &parties.server, None, &bad, 0);
    if answer.status == SEC_I_CONTINUE_NEEDED {
        let context = Context(answer.handle);
        let (answer, _) = step(Side::Server, &parties.server, Some(context.0), &bad, 0);
        assert!(answer.status < 0, "{}", named(answer.status));
    }
    let (client, _) = parties.negotiate(PROTECTED);
    let (answer, _) = step(Side::Client, &parties.client, Some(client.0), &bad, 0);
    assert!(answer.status < 0, "{}", named(answer.status));
}

#[test]
fn b13_credentials_of_one_name_are_not_mixed_up() {
    let right = Credential::client(USER, DOMAIN, PASSWORD);
    let wrong = Credential::client(USER, DOMAIN, "another password");
    let server = Credential::server(USER, DOMAIN, PASSWORD);
    let outcome = |client: &Credential| {
        let (answer, negotiate) = step(Side::Client, client, None, &[], PROTECTED);
        let client_context = Context(answer.handle);
        let (answer, challenge) = step(Side::Server, &server, None, &negotiate, 0);
        let server_context = Context(answer.handle);
        let (_, authenticate) = step(Side::Client, client, Some(client_context.0), &challenge, 0);
        let last = step(Side::Server, &server, Some(server_context.0), &authenticate, 0).0;
        let key = session_key(server_context.0);
        assert_eq!(key.is_ok(), last.status == SEC_E_OK);
        last.status
    };
    for _ in 0..50 {
        assert_eq!(named(outcome(&right)), "SEC_E_OK");
        assert_eq!(named(outcome(&wrong)), "SEC_E_LOGON_DENIED");
    }
    assert_eq!(named(outcome(&Credential::client(USER, DOMAIN, PASSWORD))), "SEC_E_OK");
    assert_eq!(named(outcome(&Credential::client("bob", DOMAIN, PASSWORD))), "SEC_E_LOGON_DENIED");
}

/// Of two wrong arguments the first one counts.
#[test]
fn a_bad_handle_is_found_before_a_bad_name() {
    let mut foreign = FOREIGN;
    let mut handle = FOREIGN;
    // A lone surrogate.
    let mut name = [0xD800_u16, 0];
    // SAFETY: the handle is readable, the name terminated, everything else absent.
    let status = unsafe {
        InitializeSecurityContextW(
            &raw mut foreign,
            ptr::null_mut(),
            name.as_mut_ptr(),
            0,
            0,
            0,
            ptr::null_mut(),
            0,
            &raw mut handle,
            ptr::null_mut(),
            ptr::null_mut(),
            ptr::null_mut(),
        )
    };
    assert_eq!(named(status), "SEC_E_INVALID_HANDLE");
    assert_eq!(words(handle), words(FOREIGN));
}
