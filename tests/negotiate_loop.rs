//! Negotiate client against Negotiate server in one process, with the real Kerberos and NTLM.

mod support;

use std::sync::Arc;

use secur32::crypto::kerberos::Enctype;
use secur32::spi::error::{CallerFault, LocalFault, PeerFault};
use secur32::spi::flags::ContextFlags;
use secur32::spi::identity::PackageList;
use secur32::spi::package::{Negotiation, PackageId};
use secur32::spi::packed::Role;
use secur32::wire::spnego::{Kind, NegState, NegTokenInit, NegTokenResp};

use support::ap::{ALL_ENCTYPES, TARGET, TicketMaker, machine, world};
use support::env::FixedEnv;
use support::handshake::identity;
use support::kdc::Kdcs;
use support::kerberos::FixedKerberos;
use support::negotiate::{Outcome, Pair, USUAL, exchange_messages};

const AES: Enctype = Enctype::Aes256CtsHmacSha1;

/// Both sides have Kerberos (and NTLM).
fn in_a_realm(enctype: Enctype) -> Pair {
    let kerberos = Arc::new(machine(&[&TicketMaker::new(enctype)]));
    let mut pair = Pair::new(world(&kerberos), world(&kerberos));
    pair.client.target = Some(TARGET.into());
    pair
}

/// Neither side has Kerberos.
fn without_kerberos() -> Pair {
    let mut pair = Pair::new(FixedEnv::new(), FixedEnv::new());
    pair.client.identity = Some(identity("DOM", "alice", "secret"));
    pair.client.target = Some("HTTP/server.example".into());
    pair
}

/// The client has a ticket, the server has no keytab.
fn only_the_client_has_kerberos() -> Pair {
    let mut pair = in_a_realm(AES);
    pair.server.env = FixedEnv::new();
    pair
}

fn agree(outcome: &Outcome, package: PackageId) {
    let (client, server) = (&outcome.client, &outcome.server);
    for context in [client, server] {
        assert_eq!(context.package, package);
        assert!(context.negotiated);
    }
    assert_eq!((client.role, server.role), (Role::Initiator, Role::Acceptor));
    assert_eq!(client.session_key, server.session_key);
    exchange_messages(client, server);
}

#[test]
fn kerberos_takes_two_tokens() {
    for enctype in ALL_ENCTYPES {
        let outcome = in_a_realm(enctype).run().unwrap();
        agree(&outcome, PackageId::Kerberos);
        assert_eq!(outcome.tokens.len(), 2);
        let init = NegTokenInit::decode(&outcome.tokens[0]).unwrap();
        assert_eq!(init.mech_types.iter().count(), 3);
        let answer = NegTokenResp::decode(&outcome.tokens[1]).unwrap();
        assert_eq!(answer.neg_state, Some(NegState::AcceptCompleted));
        assert_eq!(answer.supported_mech, init.mech_types.iter().next());
        assert_eq!(answer.mech_list_mic, None);
        assert_eq!(outcome.server.client_name, "alice@EXAMPLE.COM");
    }
}

#[test]
fn one_way_kerberos_ends_with_the_servers_word() {
    let mut pair = in_a_realm(AES);
    pair.client.flags = ContextFlags::INTEGRITY;
    let outcome = pair.run().unwrap();
    agree(&outcome, PackageId::Kerberos);
    assert_eq!(outcome.tokens.len(), 2);
    assert_eq!(
        outcome.tokens[1],
        [0xA1, 7 + 13, 0x30, 18, 0xA0, 3, 0x0A, 1, 0, 0xA1, 11, 6, 9]
            .into_iter()
            .chain([0x2A, 0x86, 0x48, 0x82, 0xF7, 0x12, 1, 2, 2])
            .collect::<Vec<_>>()
    );
}

#[test]
fn dce_style_takes_four_tokens() {
    let mut pair = in_a_realm(AES);
    pair.client.flags = USUAL | ContextFlags::DCE_STYLE;
    let outcome = pair.run().unwrap();
    agree(&outcome, PackageId::Kerberos);
    assert_eq!(outcome.tokens.len(), 4);
}

#[test]
fn ntlm_takes_four_tokens_and_signs_the_list() {
    let outcome = without_kerberos().run().unwrap();
    agree(&outcome, PackageId::Ntlm);
    assert_eq!(outcome.tokens.len(), 4);
    let init = NegTokenInit::decode(&outcome.tokens[0]).unwrap();
    assert_eq!(init.mech_types.iter().count(), 1);
    let answers: Vec<_> =
        outcome.tokens[1..].iter().map(|token| NegTokenResp::decode(token).unwrap()).collect();
    let states: Vec<_> = answers.iter().map(|answer| answer.neg_state).collect();
    let (incomplete, completed) = (NegState::AcceptIncomplete, NegState::AcceptCompleted);
    assert_eq!(states, [Some(incomplete), Some(incomplete), Some(completed)]);
    assert!(answers[0].mech_list_mic.is_none());
    assert_eq!(answers[1].mech_list_mic.map(<[u8]>::len), Some(16));
    assert_eq!(answers[2].mech_list_mic.map(<[u8]>::len), Some(16));
    assert_eq!(outcome.server.client_name, "DOM\\alice");
    for context in [&outcome.client, &outcome.server] {
        let states = [&context.sender, &context.receiver].map(|state| state.as_ref().unwrap());
        assert!(states.iter().all(|state| state.expose() == [1, 0, 0, 0]));
    }
}

#[test]
fn progress_says_how_far_the_negotiation_is() {
    let [client, server] = without_kerberos().run().unwrap().progress;
    let negotiation: Vec<_> = client.iter().map(|progress| progress.negotiation).collect();
    assert_eq!(negotiation, [Negotiation::Optimistic, Negotiation::InProgress]);
    assert!(server.iter().all(|progress| progress.negotiation == Negotiation::InProgress));
    assert!(client.iter().chain(&server).all(|progress| progress.package == PackageId::Ntlm));
}

#[test]
fn a_server_without_keys_chooses_ntlm_and_the_list_is_signed() {
    let mut pair = only_the_client_has_kerberos();
    pair.client.env.accounts = FixedEnv::new().accounts;
    let outcome = pair.run().unwrap();
    agree(&outcome, PackageId::Ntlm);
    // Offer, request-mic, NEGOTIATE, CHALLENGE, AUTHENTICATE, the end.
    assert_eq!(outcome.tokens.len(), 6);
    let answer = NegTokenResp::decode(&outcome.tokens[1]).unwrap();
    assert_eq!(answer.neg_state, Some(NegState::RequestMic));
    assert!(answer.response_token.is_none());
    let last = NegTokenResp::decode(&outcome.tokens[5]).unwrap();
    assert!(last.mech_list_mic.is_some());
}

#[test]
fn a_server_may_speak_first() {
    for (mut pair, package) in
        [(in_a_realm(AES), PackageId::Kerberos), (without_kerberos(), PackageId::Ntlm)]
    {
        pair.hint = true;
        let outcome = pair.run().unwrap();
        agree(&outcome, package);
        assert!(NegTokenInit::decode(&outcome.tokens[0]).unwrap().has_hints);
        assert_eq!(Kind::of(&outcome.tokens[1]), Some(Kind::Init));
    }
}

#[test]
fn an_address_or_no_target_means_ntlm() {
    for target in [Some("HTTP/10.0.0.1"), Some("cifs/[::1]:445"), Some(""), None] {
        let mut pair = in_a_realm(AES);
        pair.client.target = target.map(str::to_owned);
        let outcome = pair.run().unwrap();
        agree(&outcome, PackageId::Ntlm);
        assert_eq!(outcome.tokens.len(), 4);
    }
}

#[test]
fn s1_a_package_list_is_obeyed() {
    let mut pair = in_a_realm(AES);
    pair.client.packages = PackageList::parse("!ntlm");
    let outcome = pair.run().unwrap();
    agree(&outcome, PackageId::Kerberos);
    assert_eq!(NegTokenInit::decode(&outcome.tokens[0]).unwrap().mech_types.iter().count(), 2);

    pair.client.target = Some("HTTP/10.0.0.1".into());
    let failure = pair.run().err().unwrap();
    assert_eq!(failure.error.fault(), PeerFault::TargetUnknown.into());
    assert!(failure.error.story().unwrap().contains("NTLM: the list of packages excludes it"));

    pair.client.packages = PackageList::parse("NTLM");
    agree(&pair.run().unwrap(), PackageId::Ntlm);
    pair.client.packages = PackageList::parse("Negotiate,!Kerberos");
    agree(&pair.run().unwrap(), PackageId::Ntlm);
    pair.client.packages = PackageList::parse("Schannel");
    let failure = pair.run().err().unwrap();
    assert_eq!(failure.error.fault(), CallerFault::UnknownPackage.into());
}

#[test]
fn raw_tokens_of_a_mechanism_are_answered_raw() {
    use secur32::spi::package::{Opening, SecurityPackage, Step, StepInput};
    let mut pair = in_a_realm(AES);
    pair.client.identity = None;
    for package in [&secur32::kerberos::PACKAGE as &dyn SecurityPackage, &secur32::ntlm::PACKAGE] {
        let request = secur32::spi::package::AcquireRequest {
            usage: support::ap::OUTBOUND,
            ..Default::default()
        };
        let credential = package.acquire(request, &pair.client.env).unwrap();
        let opening = Opening { target: pair.client.target.clone(), flags: USUAL };
        let mut client = credential.initiate(opening, &pair.client.env).unwrap();
        let mut server = pair.server.accept().unwrap();
        let mut token = Vec::new();
        let (client, server) = loop {
            let input =
                StepInput { token: Some(&token[..]).filter(|t| !t.is_empty()), bindings: None };
            let client_step = client.step(input, &pair.client.env).unwrap();
            let (next, to_server) = match client_step {
                Step::Continue { next, token, .. } => (Ok(next), token),
                Step::Done { context, token, .. } => (Err(context), token),
            };
            assert!(!to_server.is_empty(), "{}", package.info().name);
            let step = pair.server.step(server, &to_server).unwrap();
            match (next, step) {
                (Ok(next), Step::Continue { next: theirs, token: answer, .. }) => {
                    (client, server, token) = (next, theirs, answer);
                }
                (Ok(next), Step::Done { context, token, .. }) => {
                    let input = StepInput { token: Some(&token), bindings: None };
                    let Ok(Step::Done { context: ours, .. }) = next.step(input, &pair.client.env)
                    else {
                        panic!("the client is not done")
                    };
                    break (ours, context);
                }
                (Err(ours), Step::Done { context, .. }) => break (ours, context),
                (Err(_), Step::Continue { .. }) => panic!("the server waits"),
            }
        };
        assert_eq!(server.package, package.info().id);
        assert!(server.negotiated && !client.negotiated);
        exchange_messages(&client, &server);
    }
}

#[test]
fn s6_a_wrong_password_never_falls_back() {
    // The KDC has another password for her than the client and the NTLM server.
    let kdcs = Kdcs::new();
    kdcs.add_realm("DOM");
    kdcs.add_user("alice@DOM", "changed");
    kdcs.add_service("HTTP/server.example@DOM");
    let kerberos = || Arc::new(FixedKerberos::new().with_exchange(kdcs.exchange()));
    let mut pair = without_kerberos();
    pair.client.env = FixedEnv::new().with_kerberos(kerberos());
    let failure = pair.run().err().unwrap();
    assert_eq!(failure.error.fault(), PeerFault::LogonDenied.into());
    assert!(!failure.by_server);

    // An account that the KDC does not know, and a service that it does not know, do.
    pair.client.identity = Some(identity("DOM", "bob", "hunter2"));
    agree(&pair.run().unwrap(), PackageId::Ntlm);
    kdcs.add_user("bob@DOM", "hunter2");
    pair.client.target = Some("HTTP/unknown.example".into());
    agree(&pair.run().unwrap(), PackageId::Ntlm);
}

#[test]
fn s6_no_kdc_and_no_ticket_mean_ntlm_and_the_package_shows_it() {
    let mut pair = without_kerberos();
    let kerberos = Arc::new(FixedKerberos::new());
    pair.client.env = FixedEnv::new().with_kerberos(kerberos);
    agree(&pair.run().unwrap(), PackageId::Ntlm);
    // Default credentials without a ticket.
    pair.client.identity = None;
    agree(&pair.run().unwrap(), PackageId::Ntlm);
    // And with nothing at all.
    pair.client.env.accounts = None;
    let failure = pair.run().err().unwrap();
    assert_eq!(failure.error.fault(), LocalFault::NoCredentials.into());
}

#[test]
fn s9_an_anonymous_client_has_no_list_to_sign() {
    let mut pair = without_kerberos();
    pair.client.identity = Some(identity("", "", ""));
    pair.server.flags = ContextFlags::NULL_SESSION;
    let outcome = pair.run().unwrap();
    assert_eq!(outcome.server.package, PackageId::Ntlm);
    assert_eq!(outcome.server.client_name, "");
    assert!(
        outcome.tokens[2..]
            .iter()
            .all(|token| { NegTokenResp::decode(token).unwrap().mech_list_mic.is_none() })
    );
    pair.server.flags = ContextFlags::empty();
    let failure = pair.run().err().unwrap();
    assert_eq!(failure.error.fault(), PeerFault::AnonymousRefused.into());
}
