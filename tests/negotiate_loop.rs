//! Negotiate client against Negotiate server in one process, with the real Kerberos and NTLM.

mod support;

use std::sync::Arc;
use std::time::Duration;

use secur32::crypto::kerberos::Enctype;
use secur32::spi::error::{CallerFault, LocalFault, PeerFault};
use secur32::spi::flags::ContextFlags;
use secur32::spi::identity::{Identity, PackageList};
use secur32::spi::package::{
    AcquireRequest, Credential, Negotiation, Opening, PackageId, SecurityPackage, Step, StepInput,
};
use secur32::spi::packed::Role;
use secur32::wire::spnego::{Kind, NegState, NegTokenInit, NegTokenResp};

use support::ap::{ALL_ENCTYPES, TARGET, TicketMaker, machine, world};
use support::env::{FixedEnv, NOW};
use support::handshake::identity;
use support::kdc::Kdcs;
use support::kerberos::FixedKerberos;
use support::negotiate::{NEGOTIATE, Outcome, PREFERS_NTLM, Pair, USUAL, exchange_messages, go_on};

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
    let mut pair = in_a_realm(AES);
    pair.client.identity = None;
    for package in [&secur32::kerberos::PACKAGE as &dyn SecurityPackage, &secur32::ntlm::PACKAGE] {
        let request = AcquireRequest { usage: support::ap::OUTBOUND, ..AcquireRequest::default() };
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

/// The states of all tokens behind the offer, and whether they have tokens and codes.
fn shape(outcome: &Outcome) -> Vec<(NegState, bool, bool)> {
    let answers = outcome.tokens[1..].iter().map(|token| NegTokenResp::decode(token).unwrap());
    let shape = answers.map(|answer| {
        let (token, mic) = (answer.response_token, answer.mech_list_mic);
        (answer.neg_state.unwrap(), token.is_some(), mic.is_some())
    });
    shape.collect()
}

const INCOMPLETE: NegState = NegState::AcceptIncomplete;
const COMPLETED: NegState = NegState::AcceptCompleted;
const REQUEST_MIC: NegState = NegState::RequestMic;

#[test]
fn a_server_takes_what_it_prefers_and_the_list_is_signed_by_whoever_speaks_last() {
    let mut pair = in_a_realm(AES);
    pair.client.package = &PREFERS_NTLM;
    // The server's AP-REP is the mechanism's last token.
    let outcome = pair.run().unwrap();
    agree(&outcome, PackageId::Kerberos);
    let two_way = [
        (REQUEST_MIC, false, false),
        (INCOMPLETE, true, false),
        (INCOMPLETE, true, true),
        (COMPLETED, false, true),
    ];
    assert_eq!(shape(&outcome), two_way);
    // The client's AP-REQ is.
    pair.client.flags = ContextFlags::INTEGRITY;
    let outcome = pair.run().unwrap();
    agree(&outcome, PackageId::Kerberos);
    let one_way = [(REQUEST_MIC, false, false), (INCOMPLETE, true, true), (COMPLETED, false, true)];
    assert_eq!(shape(&outcome), one_way);
    // The client's third leg is.
    pair.client.flags = USUAL | ContextFlags::DCE_STYLE;
    let outcome = pair.run().unwrap();
    agree(&outcome, PackageId::Kerberos);
    let dce = [
        (REQUEST_MIC, false, false),
        (INCOMPLETE, true, false),
        (INCOMPLETE, true, false),
        (INCOMPLETE, true, true),
        (COMPLETED, false, true),
    ];
    assert_eq!(shape(&outcome), dce);
}

#[test]
fn every_enctype_signs_the_list() {
    for enctype in ALL_ENCTYPES {
        for style in [ContextFlags::MUTUAL_AUTH, ContextFlags::DCE_STYLE, ContextFlags::INTEGRITY] {
            let mut pair = in_a_realm(enctype);
            pair.client.package = &PREFERS_NTLM;
            pair.client.flags = style | ContextFlags::CONFIDENTIALITY;
            agree(&pair.run().unwrap(), PackageId::Kerberos);
            pair.client.flags |= ContextFlags::SEQUENCE_DETECT | ContextFlags::REPLAY_DETECT;
            agree(&pair.run().unwrap(), PackageId::Kerberos);
        }
    }
}

#[test]
fn a_server_that_can_do_kerberos_only_is_met() {
    let mut pair = in_a_realm(AES);
    pair.client.package = &PREFERS_NTLM;
    pair.server.env.accounts = None;
    agree(&pair.run().unwrap(), PackageId::Kerberos);
    pair.server.packages = PackageList::parse("!Kerberos");
    let failure = pair.run().err().unwrap();
    assert!(failure.by_server);
    assert_eq!(failure.error.fault(), PeerFault::CapabilityMissing.into());
    assert_eq!(failure.token, None);
    // The client is told where the caller sends what comes with a failure.
    pair.server.flags = ContextFlags::EXTENDED_ERROR;
    let reject = pair.run().err().unwrap().token.unwrap();
    assert_eq!(reject, [0xA1, 7, 0x30, 5, 0xA0, 3, 0x0A, 1, 2]);
}

#[test]
fn a_mechanisms_error_is_told_in_an_answer_and_not_in_a_rejection() {
    let mut pair = in_a_realm(AES);
    pair.server.env.set_now(NOW.plus(Duration::from_secs(3600)));
    // The clock: the client tries once more, by the server's.
    let outcome = pair.run().unwrap();
    agree(&outcome, PackageId::Kerberos);
    let shape = shape(&outcome);
    assert_eq!(
        shape,
        [(INCOMPLETE, true, false), (INCOMPLETE, true, false), (COMPLETED, true, false)]
    );
    // A ticket that the server cannot read.
    let stranger = TicketMaker { service_key: 0x77, ..TicketMaker::new(AES) };
    let kerberos = Arc::new(machine(&[&stranger]));
    pair.server.env = world(&kerberos);
    pair.server.flags = ContextFlags::EXTENDED_ERROR;
    let failure = pair.run().err().unwrap();
    assert!(failure.by_server);
    let token = failure.token.unwrap();
    let answer = NegTokenResp::decode(&token).unwrap();
    assert_eq!(answer.neg_state, Some(INCOMPLETE));
    support::ap::krb_error(answer.response_token.unwrap());
}

#[test]
fn callers_that_want_no_signatures_have_the_list_signed_all_the_same() {
    for mut pair in [without_kerberos(), only_the_client_has_kerberos()] {
        pair.client.flags = ContextFlags::empty();
        let outcome = pair.run().unwrap();
        agree(&outcome, PackageId::Ntlm);
        assert!(shape(&outcome).last().unwrap().2);
    }
}

#[test]
fn older_responses_and_weaker_sessions_of_ntlm_sign_the_list_too() {
    for level in 0..=3 {
        let mut pair = without_kerberos();
        for end in [&mut pair.client, &mut pair.server] {
            end.env.policy.lm_compatibility_level = level;
            end.env.policy.ntlm_min_client_sec.ntlm2_session = false;
            end.env.policy.ntlm_min_server_sec.ntlm2_session = false;
        }
        let outcome = pair.run().unwrap();
        agree(&outcome, PackageId::Ntlm);
        assert!(shape(&outcome).last().unwrap().2, "{level}");
        let mut second = only_the_client_has_kerberos();
        for end in [&mut second.client, &mut second.server] {
            end.env.policy = pair.client.env.policy.clone();
        }
        let outcome = second.run().unwrap();
        agree(&outcome, PackageId::Ntlm);
        assert!(shape(&outcome).last().unwrap().2, "{level}");
    }
}

#[test]
fn channel_bindings_of_any_leg_reach_the_mechanism() {
    use secur32::spi::bindings::ChannelBindings;
    let bindings = |data: &[u8]| {
        Some(ChannelBindings { application_data: data.to_vec(), ..ChannelBindings::default() })
    };
    for make in [|| in_a_realm(AES), without_kerberos, only_the_client_has_kerberos] {
        let mut pair = make();
        pair.client.bindings = bindings(b"tls-server-end-point:one");
        pair.server.bindings = bindings(b"tls-server-end-point:one");
        pair.run().unwrap();
        pair.server.bindings = bindings(b"tls-server-end-point:other");
        let failure = pair.run().err().unwrap();
        assert_eq!(failure.error.fault(), PeerFault::BadBindings.into());
        pair.client.bindings = None;
        let failure = pair.run().err().unwrap();
        assert_eq!(failure.error.fault(), PeerFault::BadBindings.into());
    }
}

#[test]
fn credentials_are_added_for_one_mechanism_or_for_all() {
    let pair = without_kerberos();
    let env = &pair.client.env;
    let request = |identity| AcquireRequest {
        usage: support::ap::OUTBOUND,
        identity,
        ..AcquireRequest::default()
    };
    // Nothing of its own: the source's first account.
    let credential = NEGOTIATE.acquire(request(None), env).unwrap();
    let who = || {
        let opening = Opening { target: None, flags: USUAL };
        let started = credential.initiate(opening, env).unwrap();
        let (client, token) = go_on(started.step(StepInput::default(), env)).unwrap();
        let (server, token) =
            go_on(pair.server.step(pair.server.accept().unwrap(), &token)).unwrap();
        let (_, token) = go_on(pair.client.step(client, &token)).unwrap();
        match pair.server.step(server, &token) {
            Ok(Step::Done { context, .. }) => context.client_name,
            Ok(Step::Continue { .. }) => panic!("the server waits"),
            Err(refusal) => format!("{:?}", refusal.error.fault()),
        }
    };
    assert_eq!(who(), "DOM\\alice");
    let bob = || Some(identity("", "bob", "hunter2"));
    credential.add(PackageId::Kerberos, request(bob()), env).unwrap();
    assert_eq!(who(), "DOM\\alice");
    credential.add(PackageId::Ntlm, request(bob()), env).unwrap();
    assert_eq!(who(), "SERVER\\bob");
    let wrong = Some(identity("DOM", "alice", "wrong"));
    credential.add(PackageId::Negotiate, request(wrong), env).unwrap();
    assert_eq!(who(), "Peer(LogonDenied)");
    let excluded =
        Identity { packages: PackageList::parse("!ntlm"), ..identity("", "bob", "hunter2") };
    let error = credential.add(PackageId::Ntlm, request(Some(excluded)), env).unwrap_err();
    assert_eq!(error.fault(), CallerFault::UnknownPackage.into());
}

#[test]
fn restricted_autologon_leaves_the_default_credentials_alone() {
    let pair = in_a_realm(AES);
    let request = |identity| AcquireRequest {
        usage: support::ap::OUTBOUND,
        autologon_restricted: true,
        identity,
        ..AcquireRequest::default()
    };
    let credential = NEGOTIATE.acquire(request(None), &pair.client.env).unwrap();
    let opening = || Opening { target: Some(TARGET.into()), flags: USUAL };
    let step = |credential: &Arc<dyn Credential>| {
        let handshake = credential.initiate(opening(), &pair.client.env).unwrap();
        handshake.step(StepInput::default(), &pair.client.env).map(drop)
    };
    assert_eq!(step(&credential).unwrap_err().error.fault(), LocalFault::NoCredentials.into());
    // What is added may be used.
    credential
        .add(PackageId::Ntlm, request(Some(identity("DOM", "alice", "secret"))), &pair.client.env)
        .unwrap();
    step(&credential).unwrap();
    step(
        &NEGOTIATE
            .acquire(request(Some(identity("DOM", "alice", "secret"))), &pair.client.env)
            .unwrap(),
    )
    .unwrap();
}

#[test]
fn policy_says_whether_a_user_must_be_asked() {
    let mut pair = in_a_realm(AES);
    let ask = |env: &FixedEnv, identity| {
        let request = AcquireRequest {
            usage: support::ap::OUTBOUND,
            policy_only: true,
            identity,
            ..AcquireRequest::default()
        };
        NEGOTIATE.acquire(request, env).map(drop).map_err(|error| error.fault())
    };
    assert_eq!(ask(&pair.client.env, None), Ok(()));
    pair.client.env.kerberos = None;
    assert_eq!(ask(&pair.client.env, None), Ok(()));
    pair.client.env.accounts = None;
    assert_eq!(ask(&pair.client.env, None), Err(LocalFault::NoCredentials.into()));
    assert_eq!(ask(&pair.client.env, Some(identity("DOM", "alice", "secret"))), Ok(()));
}

#[test]
fn what_was_delegated_is_a_credential_of_negotiate() {
    let kerberos = Arc::new(machine(&[&TicketMaker::new(AES)]));
    let env = world(&kerberos);
    let request = AcquireRequest { usage: support::ap::OUTBOUND, ..AcquireRequest::default() };
    let theirs = secur32::kerberos::PACKAGE.acquire(request, &env).unwrap();
    let adopted = NEGOTIATE.adopt(PackageId::Kerberos, theirs).unwrap();
    assert_eq!(adopted.name(&env).unwrap(), "alice@EXAMPLE.COM");
    assert!(adopted.accept(Opening::default(), &env).is_err());
    let opening = Opening { target: Some(TARGET.into()), flags: USUAL };
    let started = adopted.initiate(opening, &env).unwrap();
    let (_, token) = go_on(started.step(StepInput::default(), &env)).unwrap();
    assert_eq!(NegTokenInit::decode(&token).unwrap().mech_types.iter().count(), 2);
    let nothing = adopted.initiate(Opening { target: None, flags: USUAL }, &env).unwrap();
    let error = nothing.step(StepInput::default(), &env).map(drop).unwrap_err().error;
    assert_eq!(error.fault(), PeerFault::TargetUnknown.into());
}

#[test]
fn a_negotiated_context_goes_on_in_another_process() {
    use secur32::spi::packed::PackedContext;
    for pair in [in_a_realm(AES), without_kerberos(), only_the_client_has_kerberos()] {
        let outcome = pair.run().unwrap();
        let journey =
            |context: &PackedContext| PackedContext::decode(context.encode().expose()).unwrap();
        let (client, server) = (journey(&outcome.client), journey(&outcome.server));
        assert_eq!((&client, &server), (&outcome.client, &outcome.server));
        assert!(client.negotiated && server.negotiated);
        exchange_messages(&client, &server);
    }
}

#[test]
fn a_keytab_without_a_key_for_the_service_is_none() {
    let mut pair = in_a_realm(AES);
    pair.server.principal = Some("HTTP/www.example.com".into());
    agree(&pair.run().unwrap(), PackageId::Kerberos);
    pair.server.principal = Some("HTTP/other.example.com".into());
    // Asked twice: what was read of the keytab is remembered.
    let usage = support::ap::INBOUND;
    let credential = pair.server.credential(usage).unwrap();
    for _ in 0..2 {
        let ready = credential.ready(Role::Acceptor, None, &pair.server.env);
        assert_eq!(ready, Ok(()), "NTLM is");
        let outcome = pair.run().unwrap();
        agree(&outcome, PackageId::Ntlm);
    }
    pair.server.packages = PackageList::parse("!ntlm");
    let credential = pair.server.credential(usage).unwrap();
    for _ in 0..2 {
        let error = credential.ready(Role::Acceptor, None, &pair.server.env).unwrap_err();
        assert_eq!(error.fault(), LocalFault::NoServiceKey.into());
    }
}

#[test]
fn who_may_only_use_kerberos_asks_the_kdc_each_time() {
    let kdcs = Kdcs::new();
    let up = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let (exchange, is_up) = (kdcs.exchange(), Arc::clone(&up));
    let kerberos = FixedKerberos::new().with_exchange(move |request| {
        if is_up.load(std::sync::atomic::Ordering::Relaxed) {
            return exchange(request);
        }
        Err(secur32::spi::error::Error::new(LocalFault::NoAuthority, "no KDC is there"))
    });
    let env = FixedEnv::new().with_kerberos(Arc::new(kerberos));
    for (packages, package) in [("!ntlm", None), ("", Some(PackageId::Ntlm))] {
        up.store(false, std::sync::atomic::Ordering::Relaxed);
        let request = AcquireRequest {
            usage: support::ap::OUTBOUND,
            identity: Some(identity("EXAMPLE.COM", "alice", "secret")),
            packages: PackageList::parse(packages),
            ..AcquireRequest::default()
        };
        let credential = NEGOTIATE.acquire(request, &env).unwrap();
        let begin = || {
            let opening = Opening { target: Some(TARGET.into()), flags: USUAL };
            match credential.initiate(opening, &env).unwrap().step(StepInput::default(), &env) {
                Ok(Step::Continue { progress, .. }) => Some(progress.package),
                Ok(Step::Done { .. }) => panic!("it is over too early"),
                Err(refusal) => {
                    assert_eq!(refusal.error.fault(), LocalFault::NoAuthority.into());
                    None
                }
            }
        };
        assert_eq!(begin(), package);
        up.store(true, std::sync::atomic::Ordering::Relaxed);
        // Who has NTLM does with it for a minute.
        assert_eq!(begin(), package.or(Some(PackageId::Kerberos)));
        env.set_now(NOW.plus(Duration::from_secs(60)));
        assert_eq!(begin(), Some(PackageId::Kerberos));
        env.set_now(NOW);
    }
}
