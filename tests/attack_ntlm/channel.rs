//! Relays, other channels, other servers, replays, reflections (N1, N2, N9, N11, N12, C).

use secur32::ntlm::seal::Protection;
use secur32::spi::bindings::ChannelBindings;
use secur32::spi::environment::Demand;
use secur32::spi::error::PeerFault;
use secur32::spi::flags::ContextFlags;
use secur32::spi::message::Qop;
use secur32::spi::package::{Step, StepInput};
use secur32::spi::packed::PackedContext;
use secur32::spi::secret::Secret;
use secur32::wire::ntlm::NegotiateFlags;

use super::{bindings, challenged, forge, forge_with, hash, set_flags, set_target_info};
use crate::support::env::FixedEnv;
use crate::support::handshake::{Setup, finish, open, refused};
use crate::support::reference::{Forger, field, response_pairs, u16_at, u32_at, utf16};

#[test]
fn n1_a_relayed_handshake_leaves_the_middle_without_keys() {
    let env = FixedEnv::new();
    let mut seen = Vec::new();
    let mut setup = Setup::new(&env);
    setup.required = ContextFlags::INTEGRITY;
    let (client, server) = setup.run_through(|message| seen.push(message.clone())).unwrap();
    assert!(server.flags.contains(ContextFlags::INTEGRITY));
    // No 16 bytes that went by are the key, and with none of them a message can be signed.
    let seen = seen.concat();
    let flags = NegotiateFlags::from_bits_retain(0xE288_8235);
    let mut receiver = open(&server).receiver;
    for window in seen.windows(16) {
        assert_ne!(server.session_key.expose(), window);
        let guess =
            Protection { flags, exported_session_key: Secret::new(window.try_into().unwrap()) };
        let guessed = PackedContext {
            protection: guess.encode(),
            ..PackedContext::decode(client.encode().expose()).unwrap()
        };
        let mut token = [0; 16];
        open(&guessed).sender.sign(Qop::Default, &[b"delete"], &mut token, 0).unwrap();
        refused(receiver.verify(&[b"delete"], &token, 0), PeerFault::MessageAltered);
    }
    let mut token = [0; 16];
    open(&client).sender.sign(Qop::Default, &[b"delete"], &mut token, 0).unwrap();
    receiver.verify(&[b"delete"], &token, 0).unwrap();
}

#[test]
fn n2_channel_bindings_of_another_channel_are_refused() {
    let env = FixedEnv::new();
    let zero = vec![0; 16];
    let cases = [
        (Some(hash(b"tls-unique:A")), true, true),
        (Some(hash(b"tls-unique:B")), false, false),
        (Some(zero), false, true),
        (None, false, true),
    ];
    for (sent, accepted, accepted_if_missing_allowed) in cases {
        for allow in [false, true] {
            let mut setup = Setup::new(&env);
            setup.server_bindings = Some(bindings(b"tls-unique:A"));
            setup.required.set(ContextFlags::ALLOW_MISSING_BINDINGS, allow);
            let result = forge_with(&mut setup, &env, |forger| match &sent {
                Some(sent) => forger.pair(10).clone_from(sent),
                None => forger.without(10),
            });
            if if allow { accepted_if_missing_allowed } else { accepted } {
                result.unwrap();
            } else {
                refused(result, PeerFault::BadBindings);
            }
        }
    }
    for length in [0, 15, 17] {
        let result = forge(&env, |forger| *forger.pair(10) = vec![1; length]);
        refused(result, PeerFault::MalformedToken);
    }
}

#[test]
fn n2_bindings_count_in_the_response_and_not_in_the_challenge() {
    let env = FixedEnv::new();
    let mut setup = Setup::new(&env);
    setup.client_bindings = Some(bindings(b"tls-unique:A"));
    // A server that wants to choose the client's bindings.
    let token = challenged(&mut setup, &env, |challenge| {
        let mut list = field(challenge, 40).to_vec();
        list.truncate(list.len() - 4);
        list.extend_from_slice(&[10, 0, 16, 0]);
        list.extend_from_slice(&hash(b"tls-unique:B"));
        list.extend_from_slice(&[9, 0, 2, 0, 0x41, 0, 0, 0, 0, 0]);
        set_target_info(challenge, &list);
    })
    .unwrap();
    let sent = response_pairs(&token);
    let values = |id| sent.iter().filter(|pair| pair.0 == id).map(|p| &p.1).collect::<Vec<_>>();
    assert_eq!(values(10), [&hash(b"tls-unique:A")]);
    assert_eq!(values(9), [&utf16("cifs/server.example")]);
}

#[test]
fn n2b_bindings_may_come_with_the_second_call() {
    let env = FixedEnv::new();
    let mut setup = Setup::new(&env);
    setup.server_bindings = Some(bindings(b"tls-unique:A"));
    let client = setup.client().unwrap();
    let server = setup.server(&client.negotiate).unwrap();
    let own = bindings(b"tls-unique:A");
    let input = StepInput { token: Some(&server.challenge), bindings: Some(&own) };
    let Ok(Step::Done { token, .. }) = client.next.step(input, &env) else {
        panic!("the client did not answer")
    };
    assert!(response_pairs(&token).contains(&(10, hash(b"tls-unique:A"))));
    finish(server.next, &token, &env).unwrap();
}

#[test]
fn n2c_the_service_name_is_told_and_can_be_demanded() {
    let env = FixedEnv::new();
    let name = |text: &str| utf16(text);
    let context = forge(&env, |forger| *forger.pair(9) = name("cifs/other")).unwrap();
    assert_eq!(context.client_target.as_deref(), Some("cifs/other"));
    let context = forge(&env, |forger| forger.without(9)).unwrap();
    assert_eq!(context.client_target, None);
    for (demand, missing_fine) in [(Demand::WhenSent, true), (Demand::Always, false)] {
        let strict = FixedEnv::new().with_policy(|policy| {
            policy.service_name = demand;
            policy.service_names = vec!["CIFS/server.example".into()];
        });
        forge(&strict, |_| {}).unwrap();
        let result = forge(&strict, |forger| *forger.pair(9) = name("cifs/other"));
        refused(result, PeerFault::WrongTarget);
        let missing: [fn(&mut Forger); 3] = [
            |forger| forger.without(9),
            |forger| forger.pair(9).clear(),
            // From an untrusted source: as good as none.
            |forger| *forger.pair(6) = 6_u32.to_le_bytes().to_vec(),
        ];
        for change in missing {
            let result = forge(&strict, change);
            if missing_fine {
                result.unwrap();
            } else {
                refused(result, PeerFault::WrongTarget);
            }
        }
    }
}

#[test]
fn n2c_a_client_marks_an_untrusted_name_and_no_other() {
    let env = FixedEnv::new();
    for (untrusted, expected) in [(false, 2_u32), (true, 6)] {
        let mut setup = Setup::new(&env);
        setup.asked.set(ContextFlags::UNVERIFIED_TARGET_NAME, untrusted);
        let token = challenged(&mut setup, &env, |_| {}).unwrap();
        let flags = response_pairs(&token).into_iter().find(|pair| pair.0 == 6).unwrap().1;
        assert_eq!(flags, expected.to_le_bytes());
    }
}

#[test]
fn n9_an_answer_to_another_servers_challenge_is_refused() {
    let env = FixedEnv::new();
    for id in [1, 2, 3, 4, 7] {
        let result = forge(&env, |forger| forger.pair(id)[0] ^= 1);
        refused(result, PeerFault::LogonDenied);
        let result = forge(&env, |forger| forger.without(id));
        refused(result, PeerFault::LogonDenied);
    }
    // A description that we did not send is another server's.
    let result = forge(&env, |forger| forger.pairs.push((5, utf16("evil.example"))));
    refused(result, PeerFault::LogonDenied);
}

#[test]
fn n11_reflected_challenges_are_refused_where_policy_says_so() {
    // In this test binary no other test remembers challenges.
    let env = FixedEnv::new().with_policy(|policy| policy.refuse_reflection = true);
    // Two credentials, then a challenge of its own, which no other test can have seen.
    env.script(&[0; 64]);
    env.script(b"REFLECTS");
    refused(Setup::new(&env).run(), PeerFault::LogonDenied);
    // A client of another process is not affected.
    forge(&env, |_| {}).unwrap();
}

#[test]
fn n11_a_local_call_is_no_proof() {
    let env = FixedEnv::new();
    let result = forge(&env, |forger| {
        forger.flags |= 0x4000;
        forger.nt = Some(Vec::new());
        forger.lm = Vec::new();
        forger.user.clear();
        forger.domain.clear();
    });
    refused(result, PeerFault::AnonymousRefused);
    let result = forge(&env, |forger| {
        forger.flags |= 0x4000;
        forger.nt = Some(Vec::new());
        forger.lm = Vec::new();
    });
    refused(result, PeerFault::LogonDenied);
    // Our client answers such a challenge with a whole response, and does not say the word.
    let token = challenged(&mut Setup::new(&env), &env, |challenge| {
        set_flags(challenge, 20, |flags| flags | 0x4000);
    })
    .unwrap();
    assert!(u16_at(&token, 20) > 24);
    assert_eq!(u32_at(&token, 60) & 0x4000, 0);
}

#[test]
fn n12_a_replayed_last_message_is_refused() {
    let env = FixedEnv::new();
    let mut setup = Setup::new(&env);
    let (_, token, server) = setup.authenticate().unwrap();
    finish(server.next, &token, &env).unwrap();
    let mut setup = Setup::new(&env);
    let client = setup.client().unwrap();
    let other = setup.server(&client.negotiate).unwrap();
    refused(finish(other.next, &token, &env), PeerFault::LogonDenied);
}

#[test]
fn c1_bindings_of_the_whole_structure_are_compared() {
    let env = FixedEnv::new();
    let own = bindings(b"tls-server-end-point:hash");
    let mut setup = Setup::new(&env);
    setup.client_bindings = Some(own.clone());
    setup.server_bindings = Some(own.clone());
    setup.run().unwrap();
    let others = [
        ChannelBindings { initiator_type: 2, ..own.clone() },
        ChannelBindings { acceptor: vec![127, 0, 0, 1], ..own.clone() },
        bindings(b"tls-server-end-point:hasi"),
        bindings(b"tls-server-end-point:has"),
        ChannelBindings::default(),
    ];
    for other in others {
        let mut setup = Setup::new(&env);
        setup.client_bindings = Some(own.clone());
        setup.server_bindings = Some(other);
        refused(setup.run(), PeerFault::BadBindings);
    }
}

#[test]
fn c3_c5_a_client_without_bindings_meets_the_servers_demand() {
    let env = FixedEnv::new();
    let mut setup = Setup::new(&env);
    setup.server_bindings = Some(bindings(b"tls-unique:A"));
    refused(setup.run(), PeerFault::BadBindings);
    let mut setup = Setup::new(&env);
    setup.server_bindings = Some(bindings(b"tls-unique:A"));
    setup.required = ContextFlags::ALLOW_MISSING_BINDINGS;
    setup.run().unwrap();
    // Without bindings of its own a server does not look, unless a proxy makes it.
    let mut setup = Setup::new(&env);
    setup.client_bindings = Some(bindings(b"tls-unique:A"));
    setup.run().unwrap();
    let mut setup = Setup::new(&env);
    setup.required = ContextFlags::PROXY_BINDINGS;
    refused(setup.run(), PeerFault::BadBindings);
    let mut setup = Setup::new(&env);
    setup.client_bindings = Some(bindings(b"tls-unique:A"));
    setup.required = ContextFlags::PROXY_BINDINGS;
    setup.run().unwrap();
}

#[test]
fn c6_the_servers_bindings_may_come_with_its_second_call() {
    let env = FixedEnv::new();
    let mut setup = Setup::new(&env);
    let (_, token, server) = setup.authenticate().unwrap();
    let own = bindings(b"tls-unique:A");
    let input = StepInput { token: Some(&token), bindings: Some(&own) };
    let result = server.next.step(input, &env).map(|_| ()).map_err(|refusal| refusal.error);
    refused(result, PeerFault::BadBindings);
}
