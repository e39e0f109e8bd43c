//! NTLM client against NTLM server: every combination of options, and messages both ways.

mod support;

use std::sync::Arc;

use secur32::ntlm::{PACKAGE, seal};
use secur32::spi::environment::{AccountSecret, NtlmMinSec, Policy};
use secur32::spi::error::{CallerFault, LocalFault, PeerFault};
use secur32::spi::flags::ContextFlags;
use secur32::spi::identity::{Identity, Proof};
use secur32::spi::message::{MessageProtection, Part, Qop};
use secur32::spi::package::{
    AcquireRequest, LastClientToken, Opening, PackageId, SecurityPackage, Step, StepInput, Usage,
};
use secur32::spi::packed::PackedContext;
use secur32::spi::secret::Secret;
use secur32::spi::time::FileTime;

use support::env::{FixedAccounts, FixedEnv, NOW, account};
use support::handshake::{Setup, identity, inbound, open, outbound, refused};
use support::reference::{nt_hash, short_form, u32_at};

const SIGNED: ContextFlags =
    ContextFlags::INTEGRITY.union(ContextFlags::REPLAY_DETECT).union(ContextFlags::SEQUENCE_DETECT);
const LAX: NtlmMinSec = NtlmMinSec { ntlm2_session: false, bits_128: false };

/// A world in which clients and servers speak as old as the level says.
fn old_world(level: u8) -> FixedEnv {
    FixedEnv::new().with_policy(|policy| lower(policy, level))
}

fn lower(policy: &mut Policy, level: u8) {
    policy.lm_compatibility_level = level;
    policy.ntlm_min_client_sec = LAX;
    policy.ntlm_min_server_sec = LAX;
}

/// Signs and seals in both directions, several messages each.
fn exchange(client: &PackedContext, server: &PackedContext) {
    let (mut client, mut server) = (open(client), open(server));
    for round in 0..5_u8 {
        one_way(&mut client, &mut server, &vec![round; usize::from(round) * 41]);
        one_way(&mut server, &mut client, &vec![0x80 | round; usize::from(round) * 97]);
    }
}

fn one_way(from: &mut MessageProtection, to: &mut MessageProtection, text: &[u8]) {
    let mut token = [0; 16];
    assert_eq!(from.sender.sign(Qop::Default, &[text], &mut token, 0).unwrap(), 16);
    assert_eq!(to.receiver.verify(&[text], &token, 0).unwrap(), None);
    let mut data = text.to_vec();
    let parts = &mut [Part::Data(&mut data)];
    let sealed = from.sender.seal(Qop::Default, parts, &mut token, &mut [], 0).unwrap();
    assert_eq!((sealed.token, sealed.padding), (16, 0));
    to.receiver.unseal(&mut [Part::Data(&mut data)], &mut token, &mut [], 0).unwrap();
    assert_eq!(data, text);
    let parts = &mut [Part::Data(&mut data)];
    from.sender.seal(Qop::Default, parts, &mut token, &mut [], 0).unwrap();
    let mut stream = [&token[..], &data].concat();
    let opened = to.receiver.unseal_stream(&mut stream, 0).unwrap();
    assert_eq!(&stream[opened.data], text);
}

#[test]
fn a_client_logs_on_and_messages_go_both_ways() {
    let env = FixedEnv::new();
    let (client, server) = Setup::new(&env).run().unwrap();
    assert_eq!(client.client_name, "DOM\\alice");
    assert_eq!(server.client_name, "DOM\\alice");
    assert_eq!(client.session_key, server.session_key);
    assert_eq!(client.server_name.as_deref(), Some("cifs/server.example"));
    assert_eq!(server.client_target.as_deref(), Some("cifs/server.example"));
    assert_eq!(server.authority.as_deref(), Some("DOM"));
    assert_eq!(server.target_information, client.target_information);
    assert_eq!((server.start, server.expiry), (NOW, FileTime::NEVER));
    let both = SIGNED | ContextFlags::CONFIDENTIALITY | ContextFlags::CONNECTION;
    assert_eq!((client.flags, server.flags), (both, both));
    let info = open(&client).key_info;
    assert_eq!((info.signature_name, info.encrypt_name), ("HMAC-MD5", "RSADSI RC4"));
    let numbers = (info.key_size, info.signature_algorithm, info.encrypt_algorithm);
    assert_eq!(numbers, (128, 0xFFFF_FF76, 0x6801));
    let sizes = open(&client).sizes;
    let sizes = (sizes.max_token, sizes.max_signature, sizes.block_size, sizes.security_trailer);
    assert_eq!(sizes, (2888, 16, 0, 16));
    exchange(&client, &server);
}

#[test]
fn every_combination_of_requirements_agrees_on_both_sides() {
    let env = FixedEnv::new();
    let wishes = [
        ContextFlags::INTEGRITY,
        ContextFlags::REPLAY_DETECT,
        ContextFlags::SEQUENCE_DETECT,
        ContextFlags::CONFIDENTIALITY,
        ContextFlags::IDENTIFY,
        ContextFlags::MUTUAL_AUTH,
    ];
    for choice in 0..1_u32 << wishes.len() {
        let chosen = wishes.iter().enumerate().filter(|(bit, _)| choice & 1 << bit != 0);
        let asked = chosen.fold(ContextFlags::empty(), |asked, (_, wish)| asked | *wish);
        let mut setup = Setup::new(&env);
        setup.asked = asked;
        let (client, server) = setup.run().unwrap();
        let mut expected = ContextFlags::CONNECTION | (asked & ContextFlags::IDENTIFY);
        expected |= asked & ContextFlags::CONFIDENTIALITY;
        if asked.intersects(SIGNED | ContextFlags::CONFIDENTIALITY) {
            expected |= SIGNED;
        }
        assert_eq!((client.flags, server.flags), (expected, expected), "{asked:?}");
        assert_eq!(client.session_key, server.session_key);
        if asked.contains(ContextFlags::CONFIDENTIALITY) {
            exchange(&client, &server);
        }
    }
}

/// Every level of client and server: 0 to 2 speak `NTLMv1`, which servers below 5 accept.
#[test]
fn levels_of_compatibility_meet_as_documented() {
    for client_level in 0..=5 {
        for server_level in 0..=5 {
            let (client_env, server_env) = (old_world(client_level), old_world(server_level));
            let mut setup = Setup::new(&client_env);
            setup.server_env = &server_env;
            let speaks_v1 = client_level < 3;
            if speaks_v1 && server_level == 5 {
                refused(setup.run(), PeerFault::LogonDenied);
                continue;
            }
            let (client, server) =
                setup.run().unwrap_or_else(|e| panic!("{client_level} {server_level}: {e}"));
            assert_eq!(client.session_key, server.session_key);
            exchange(&client, &server);
        }
    }
}

/// `NTLMv1` has no integrity code, so that its flags can be thinned out on the way: every key
/// strength, with and without extended session security, key exchange and `LM_KEY`.
#[test]
fn every_strength_of_keys_protects_messages() {
    const ESS: u32 = 0x0008_0000;
    const LM_KEY: u32 = 0x80;
    const EXCHANGE: u32 = 0x4000_0000;
    const BITS: [u32; 3] = [0, 0x2000_0000, 0xA000_0000];
    for bits in BITS {
        for removed in [0, ESS, EXCHANGE, LM_KEY, ESS | EXCHANGE, ESS | LM_KEY] {
            let env = old_world(1);
            let mut setup = Setup::new(&env);
            let (client, server) = setup
                .run_through(|message| {
                    if message[8] == 1 {
                        let flags = u32_at(message, 12) & !(removed | bits);
                        message[12..16].copy_from_slice(&flags.to_le_bytes());
                    }
                })
                .unwrap();
            assert_eq!(client.session_key, server.session_key, "{bits:x} {removed:x}");
            let (one, two) = (open(&client).key_info, open(&server).key_info);
            assert_eq!(one, two);
            let weak = removed & ESS == 0 || removed & LM_KEY == 0;
            let expected = match bits {
                0x2000_0000 if weak => 56,
                0xA000_0000 if weak => 40,
                _ => 128,
            };
            assert_eq!(one.key_size, expected, "{bits:x} {removed:x}");
            exchange(&client, &server);
        }
    }
}

/// LM responses alone are accepted below level 4, and only where they are right.
#[test]
fn lm_responses_alone_are_for_the_oldest() {
    for (level, password, accepted) in
        [(3, "secret", true), (3, "SECRET", true), (3, "other", false), (4, "secret", false)]
    {
        let (client_env, server_env) = (old_world(0), old_world(level));
        let mut setup = Setup::new(&client_env);
        setup.server_env = &server_env;
        setup.asked = ContextFlags::empty();
        setup.identity = Some(identity("DOM", "alice", password));
        let result = setup.run_through(|message| {
            if message[8] == 3 {
                message[20..24].fill(0);
            }
        });
        if accepted {
            assert_eq!(result.unwrap().1.client_name, "DOM\\alice");
        } else {
            refused(result, PeerFault::LogonDenied);
        }
    }
}

#[test]
fn the_short_form_of_windows_9x_is_understood() {
    let env = old_world(0);
    let mut setup = Setup::new(&env);
    setup.asked = ContextFlags::empty();
    let (client, server) = setup
        .run_through(|message| {
            if message[8] == 3 {
                *message = short_form(message);
            }
        })
        .unwrap();
    assert_eq!(server.client_name, "DOM\\alice");
    assert_eq!(client.session_key, server.session_key);
}

#[test]
fn names_travel_in_oem_too() {
    for user in ["alice", "zoë"] {
        let env = old_world(1).with_accounts(FixedAccounts::new(&[("DOM", user, "secret")]));
        let mut setup = Setup::new(&env);
        setup.identity = Some(identity("DOM", user, "secret"));
        let (client, server) = setup
            .run_through(|message| {
                if message[8] == 1 {
                    message[12] &= !1;
                }
            })
            .unwrap();
        assert_eq!(server.client_name, format!("DOM\\{user}"));
        exchange(&client, &server);
    }
}

#[test]
fn datagrams_need_no_order() {
    let env = FixedEnv::new();
    let mut setup = Setup::new(&env);
    setup.asked |= ContextFlags::DATAGRAM;
    setup.required = ContextFlags::DATAGRAM;
    let (client, server) = setup.run().unwrap();
    for context in [&client, &server] {
        assert!(context.flags.contains(ContextFlags::DATAGRAM), "{:?}", context.flags);
        assert!(!context.flags.contains(ContextFlags::CONNECTION));
    }
    let (mut client, mut server) = (open(&client), open(&server));
    let mut sent = Vec::new();
    for seq in [7, 3, 5_000_000, u32::MAX, 3] {
        let (mut data, mut token) = (vec![9; 40], [0; 16]);
        let parts = &mut [Part::Data(&mut data)];
        client.sender.seal(Qop::Default, parts, &mut token, &mut [], seq).unwrap();
        sent.push((seq, data, token));
    }
    // The same number has the same keystream: that is the application's care.
    assert_eq!(sent[1], sent[4]);
    for (seq, mut data, mut token) in sent.into_iter().rev() {
        let wrong = seq.wrapping_add(1);
        let parts = &mut [Part::Data(&mut data)];
        let result = server.receiver.unseal(parts, &mut token, &mut [], wrong);
        refused(result, PeerFault::MessageAltered);
        let parts = &mut [Part::Data(&mut data)];
        server.receiver.unseal(parts, &mut token, &mut [], seq).unwrap();
        assert_eq!(data, [9; 40]);
    }
}

#[test]
fn datagram_clients_send_nothing_first_and_servers_begin() {
    let env = FixedEnv::new();
    let mut setup = Setup::new(&env);
    setup.asked |= ContextFlags::DATAGRAM;
    setup.required = ContextFlags::DATAGRAM;
    let client = setup.client().unwrap();
    assert_eq!(client.negotiate, b"");
    let server = setup.server(&client.negotiate).unwrap();
    assert_eq!(u32_at(&server.challenge, 20) & 0x40, 0x40);
    // A server of connections does not begin.
    setup.required = ContextFlags::empty();
    refused(setup.server(&[]).map(|_| ()), PeerFault::MalformedToken);
    // A client of datagrams does not settle for a connection.
    let mut setup = Setup::new(&env);
    setup.asked |= ContextFlags::DATAGRAM;
    refused(setup.run_through(|_| {}).map(|_| ()), PeerFault::MalformedToken);
}

#[test]
fn default_credentials_are_the_sources_first_account() {
    let env = FixedEnv::new();
    let mut setup = Setup::new(&env);
    setup.identity = None;
    let (client, server) = setup.run().unwrap();
    assert_eq!((&*client.client_name, &*server.client_name), ("DOM\\alice", "DOM\\alice"));
    assert_eq!(outbound(None, &env).name(&env).unwrap(), "DOM\\alice");
}

#[test]
fn missing_default_credentials_are_found_out_at_the_last_moment() {
    let server_env = FixedEnv::new();
    let no_hash = AccountSecret::Hashes { lm: None, nt: None };
    let worlds = [
        FixedEnv::new().without_accounts(),
        FixedEnv::new().with_accounts(FixedAccounts::new(&[])),
        FixedEnv::new().with_accounts(FixedAccounts::new(&[("DOM", "alice", "")])),
        FixedEnv::new().with_accounts(FixedAccounts {
            accounts: vec![account("", "x", no_hash, false)],
            failure: None,
        }),
    ];
    for env in &worlds {
        let mut setup = Setup::new(env);
        setup.server_env = &server_env;
        setup.identity = None;
        let client = setup.client().unwrap();
        let server = setup.server(&client.negotiate).unwrap();
        let result = support::handshake::finish(client.next, &server.challenge, env);
        refused(result, LocalFault::NoCredentials);
    }
}

#[test]
fn a_principal_that_is_not_the_default_account_has_no_credentials() {
    let env = FixedEnv::new();
    for (principal, fine) in [("alice", true), ("dom\\ALICE", true), ("bob", false)] {
        let usage = Usage { inbound: false, outbound: true };
        let principal = Some(principal.to_owned());
        let request =
            AcquireRequest { principal, usage, identity: None, ..AcquireRequest::default() };
        let credential = PACKAGE.acquire(request, &env).unwrap();
        assert_eq!(credential.name(&env).is_ok(), fine);
    }
}

#[test]
fn a_hash_is_as_good_as_its_password_where_it_is_given_as_one() {
    let env = FixedEnv::new();
    let mut setup = Setup::new(&env);
    setup.identity = Some(Identity {
        proof: Proof::NtHash(Secret::new(nt_hash("secret"))),
        ..identity("DOM", "alice", "")
    });
    let (client, server) = setup.run().unwrap();
    exchange(&client, &server);
}

#[test]
fn a_user_principal_name_is_used_whole() {
    let env = FixedEnv::new();
    let mut setup = Setup::new(&env);
    setup.identity = Some(identity("", "alice@dom", "secret"));
    let (client, server) = setup.run().unwrap();
    assert_eq!(client.client_name, "alice@dom");
    assert_eq!(server.client_name, "DOM\\alice");
}

#[test]
fn an_inbound_identity_is_an_account_of_that_credential_alone() {
    let env = FixedEnv::new().without_accounts();
    let mut setup = Setup::new(&env);
    setup.own_account = Some(identity("", "Carol", "own"));
    setup.identity = Some(identity("ELSEWHERE", "carol", "own"));
    let (client, server) = setup.run().unwrap();
    // In the account's own spelling, and the machine's name where it has no domain.
    assert_eq!(server.client_name, "SERVER\\Carol");
    exchange(&client, &server);
    let mut setup = Setup::new(&env);
    setup.own_account = Some(identity("", "Carol", "own"));
    refused(setup.run(), PeerFault::LogonDenied);
    // Without the credential nobody knows her.
    let mut setup = Setup::new(&env);
    setup.identity = Some(identity("ELSEWHERE", "carol", "own"));
    refused(setup.run(), LocalFault::NoAccounts);
}

#[test]
fn an_inbound_identity_stands_before_the_source() {
    let env = FixedEnv::new();
    let mut setup = Setup::new(&env);
    setup.own_account = Some(identity("DOM", "alice", "other"));
    refused(setup.run(), PeerFault::LogonDenied);
    let mut setup = Setup::new(&env);
    setup.own_account = Some(identity("DOM", "alice", "other"));
    setup.identity = Some(identity("", "bob", "hunter2"));
    assert_eq!(setup.run().unwrap().1.client_name, "SERVER\\bob");
}

#[test]
fn accounts_with_hashes_log_on() {
    let hashes = AccountSecret::Hashes { lm: None, nt: Some(Secret::new(nt_hash("secret"))) };
    let env = FixedEnv::new().with_accounts(FixedAccounts {
        accounts: vec![account("DOM", "alice", hashes, false)],
        failure: None,
    });
    let (client, server) = Setup::new(&env).run().unwrap();
    exchange(&client, &server);
}

#[test]
fn a_context_goes_on_in_another_process() {
    for env in [FixedEnv::new(), old_world(0)] {
        let (mut client, mut server) = Setup::new(&env).run().unwrap();
        let (mut from, mut to) = (open(&client), open(&server));
        for _ in 0..3 {
            one_way(&mut from, &mut to, b"before");
            one_way(&mut to, &mut from, b"and back");
        }
        for (context, protection) in [(&mut client, from), (&mut server, to)] {
            context.sender = Some(protection.sender.save());
            context.receiver = Some(protection.receiver.save());
        }
        let again =
            |context: &PackedContext| PackedContext::decode(context.encode().expose()).unwrap();
        let (client, server) = (again(&client), again(&server));
        let (mut from, mut to) = (open(&client), open(&server));
        one_way(&mut from, &mut to, b"after");
        one_way(&mut to, &mut from, b"and back again");
        // A fresh start knows nothing of what went before.
        let fresh = PackedContext { sender: None, receiver: None, ..server };
        let (mut token, mut to) = ([0; 16], open(&fresh));
        from.sender.sign(Qop::Default, &[b"x"], &mut token, 0).unwrap();
        refused(to.receiver.verify(&[b"x"], &token, 0), PeerFault::MessageAltered);
    }
}

#[test]
fn x1_damaged_message_states_are_refused() {
    let env = FixedEnv::new();
    let (client, _) = Setup::new(&env).run().unwrap();
    let kept = open(&client).sender.save();
    let open_with = |protection: &[u8], sender: Option<&[u8]>, receiver: Option<&[u8]>| {
        let secret = |bytes: &[u8]| secur32::spi::secret::SecretBytes::new(bytes.to_vec());
        let context = PackedContext {
            protection: secret(protection),
            sender: sender.map(secret),
            receiver: receiver.map(secret),
            ..PackedContext::decode(client.encode().expose()).unwrap()
        };
        seal::open(&context).is_ok()
    };
    let (protection, state) = (client.protection.expose(), kept.expose());
    assert!(open_with(protection, Some(state), Some(state)));
    assert!(!open_with(protection, Some(state), None));
    assert!(!open_with(protection, None, Some(state)));
    for length in 0..protection.len() {
        assert!(!open_with(&protection[..length], None, None), "{length}");
    }
    for length in 0..state.len() {
        assert!(!open_with(protection, Some(&state[..length]), Some(state)), "{length}");
    }
    let mut other_version = protection.to_vec();
    other_version[0] = 2;
    assert!(!open_with(&other_version, None, None));
    let other_package = PackedContext {
        package: PackageId::Kerberos,
        negotiated: false,
        ..PackedContext::decode(client.encode().expose()).unwrap()
    };
    assert!(seal::open(&other_package).is_err());
}

#[test]
fn a_handshake_says_how_far_it_is() {
    let env = FixedEnv::new();
    let client = outbound(Some(identity("DOM", "alice", "secret")), &env);
    let opening = Opening { target: None, flags: ContextFlags::INTEGRITY };
    let handshake = client.initiate(opening.clone(), &env).unwrap();
    let Ok(Step::Continue { token, progress, .. }) = handshake.step(StepInput::default(), &env)
    else {
        panic!("no NEGOTIATE")
    };
    assert_eq!(progress.package, PackageId::Ntlm);
    assert!(progress.flags.contains(ContextFlags::INTEGRITY));
    let handshake = inbound(None, &env).accept(opening, &env).unwrap();
    let input = StepInput { token: Some(&token), bindings: None };
    let Ok(Step::Continue { progress, .. }) = handshake.step(input, &env) else {
        panic!("no CHALLENGE")
    };
    assert_eq!(progress.last_client_token, LastClientToken::No);
}

#[test]
fn a_credential_is_used_as_it_was_acquired() {
    let env = FixedEnv::new();
    let opening = Opening::default();
    let result = outbound(None, &env).accept(opening.clone(), &env);
    refused(result.map(|_| ()), CallerFault::UnknownCredentials);
    let result = inbound(None, &env).initiate(opening, &env);
    refused(result.map(|_| ()), CallerFault::UnknownCredentials);
}

#[test]
fn a_credential_serves_many_threads() {
    let env = Arc::new(FixedEnv::new());
    let client = outbound(Some(identity("DOM", "alice", "secret")), &*env);
    let server = inbound(None, &*env);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let flags = ContextFlags::CONFIDENTIALITY;
                    let opening = Opening { target: None, flags };
                    let start = client.initiate(opening, &*env).unwrap();
                    let (next, token) =
                        support::handshake::go_on(start.step(StepInput::default(), &*env)).unwrap();
                    let start = server.accept(Opening::default(), &*env).unwrap();
                    let input = StepInput { token: Some(&token), bindings: None };
                    let (last, token) =
                        support::handshake::go_on(start.step(input, &*env)).unwrap();
                    let (client, token) = support::handshake::finish(next, &token, &*env).unwrap();
                    let (server, _) = support::handshake::finish(last, &token, &*env).unwrap();
                    exchange(&client, &server);
                }
            });
        }
    });
}

#[test]
fn the_package_is_the_one_that_windows_lists() {
    let info = PACKAGE.info();
    assert_eq!((info.name, info.comment), ("NTLM", "NTLM Security Package"));
    assert_eq!((info.capabilities, info.version, info.rpc_id), (0x0288_2B37, 1, 10));
    assert_eq!(info.max_token, 2888);
}
