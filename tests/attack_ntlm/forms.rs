//! Messages out of order, out of form and out of time (N14, N19, N20, N21), and what our own
//! messages look like.

use std::time::Duration;

use secur32::spi::error::PeerFault;
use secur32::spi::package::Opening;
use secur32::spi::time::FileTime;

use super::{challenged, forge, set_target_info};
use crate::support::env::{FixedEnv, NOW};
use crate::support::handshake::{Client, Server, Setup, finish, identity, outbound, refused};
use crate::support::reference::{
    Forger, field, hmac_md5, nt_hash, pairs, rc4, response_pairs, u16_at, utf16,
};

#[test]
fn n20_fields_that_lie_are_refused() {
    let env = FixedEnv::new();
    let lengths = [1_u16, 2, 0x7FFF, 0xFFFE, 0xFFFF];
    let offsets = [0_u32, 8, 51, 63, 87, 0x7FFF_FFFF, 0xFFFF_FFF0, u32::MAX];
    for at in [12, 20, 28, 36, 44, 52] {
        for length in lengths {
            for offset in offsets {
                let mut setup = Setup::new(&env);
                let result = setup.run_through(|message| {
                    if message[8] == 3 {
                        message[at..at + 2].copy_from_slice(&length.to_le_bytes());
                        message[at + 4..at + 8].copy_from_slice(&offset.to_le_bytes());
                    }
                });
                assert!(result.is_err(), "{at} {length} {offset}");
            }
        }
    }
    for offset in [0, 31, 1 << 20, u32::MAX] {
        for at in [12, 40] {
            let result = challenged(&mut Setup::new(&env), &env, |challenge| {
                challenge[at + 4..at + 8].copy_from_slice(&offset.to_le_bytes());
            });
            refused(result, PeerFault::MalformedToken);
        }
    }
}

#[test]
fn n20_names_that_are_no_text_are_refused() {
    let env = FixedEnv::new();
    let mut setup = Setup::new(&env);
    for value in [&[0x61, 0, 0x62][..], &[0x00, 0xD8], &[0x00, 0xDC, 0x61, 0]] {
        let Client { negotiate, .. } = setup.client().unwrap();
        let Server { next, challenge } = Setup::new(&env).server(&negotiate).unwrap();
        let forger = Forger::honest(&challenge);
        let mut message = forger.speak(&negotiate, &challenge);
        let offset = u32::try_from(message.len()).unwrap();
        message.extend_from_slice(value);
        message[36..38].copy_from_slice(&u16::try_from(value.len()).unwrap().to_le_bytes());
        message[40..44].copy_from_slice(&offset.to_le_bytes());
        refused(finish(next, &message, &env), PeerFault::MalformedToken);
        setup.identity = Some(identity("DOM", "alice", "secret"));
    }
}

#[test]
fn n21_times_outside_the_window_are_refused() {
    let env = FixedEnv::new();
    let hour = Duration::from_hours(1);
    let ago = |duration: Duration| NOW.0 - u64::try_from(duration.as_nanos() / 100).unwrap();
    for time in [NOW.plus(hour).0, ago(hour), NOW.plus(hour * 36).0, ago(hour * 36)] {
        forge(&env, |forger| forger.time = time).unwrap();
    }
    let decade = hour * 24 * 3652;
    let far = [NOW.plus(hour * 37).0, ago(hour * 37), NOW.plus(decade).0, ago(decade)];
    for time in far.into_iter().chain([0, 1, u64::MAX, i64::MAX as u64, 1 << 63]) {
        refused(forge(&env, |forger| forger.time = time), PeerFault::Stale);
    }
}

#[test]
fn n21_an_old_challenge_is_no_longer_answered() {
    let env = FixedEnv::new();
    let mut setup = Setup::new(&env);
    let (_, token, server) = setup.authenticate().unwrap();
    env.set_now(NOW.plus(Duration::from_hours(37)));
    refused(finish(server.next, &token, &env), PeerFault::Stale);
    env.set_now(NOW);
    let strict =
        FixedEnv::new().with_policy(|policy| policy.max_lifetime = Duration::from_secs(60));
    let mut setup = Setup::new(&strict);
    let (_, token, server) = setup.authenticate().unwrap();
    strict.set_now(NOW.plus(Duration::from_secs(61)));
    refused(finish(server.next, &token, &strict), PeerFault::Stale);
}

#[test]
fn n21_clients_send_the_servers_time_back() {
    let (client_env, server_env) = (FixedEnv::new(), FixedEnv::new());
    client_env.set_now(FileTime(NOW.0 / 2));
    let mut setup = Setup::new(&client_env);
    setup.server_env = &server_env;
    let mut last = Vec::new();
    setup.run_through(|message| last.clone_from(message)).unwrap();
    let blob_time = u64::from_le_bytes(field(&last, 20)[24..32].try_into().unwrap());
    assert_eq!(blob_time, NOW.0);
    assert!(response_pairs(&last).contains(&(7, NOW.0.to_le_bytes().to_vec())));
}

/// The forger must be able to succeed, or nothing below would say anything.
#[test]
fn an_honest_forger_is_accepted_in_every_form() {
    let env = FixedEnv::new();
    for header in [88, 80, 96] {
        let context = forge(&env, |forger| forger.header = header).unwrap();
        assert_eq!(context.client_name, "DOM\\alice");
        assert_eq!(context.session_key.expose(), b"0123456789abcdef");
    }
    for header in [72, 64] {
        forge(&env, |forger| {
            forger.header = header;
            forger.without(6);
        })
        .unwrap();
    }
}

#[test]
fn n14_messages_come_in_their_order() {
    let env = FixedEnv::new();
    let mut setup = Setup::new(&env);
    let (_, authenticate, server) = setup.authenticate().unwrap();
    let negotiate = setup_client(&env).negotiate;
    let challenge = server.challenge.clone();
    for first in [&challenge, &authenticate] {
        refused(Setup::new(&env).server(first).map(|_| ()), PeerFault::UnexpectedToken);
    }
    for second in [&negotiate, &challenge] {
        let server = Setup::new(&env).server(&negotiate).unwrap();
        refused(finish(server.next, second, &env), PeerFault::UnexpectedToken);
    }
    for second in [&negotiate, &authenticate] {
        refused(finish(setup_client(&env).next, second, &env), PeerFault::UnexpectedToken);
    }
    let mut unknown = negotiate.clone();
    for number in [0, 4, 255] {
        unknown[8] = number;
        refused(Setup::new(&env).server(&unknown).map(|_| ()), PeerFault::MalformedToken);
    }
    // A client speaks first.
    let credential = outbound(Some(identity("DOM", "alice", "secret")), &env);
    let start = credential.initiate(Opening::default(), &env).unwrap();
    refused(finish(start, &challenge, &env), PeerFault::UnexpectedToken);
}

fn setup_client(env: &FixedEnv) -> Client {
    Setup::new(env).client().unwrap()
}

#[test]
fn n19_broken_pairs_are_refused_by_the_server() {
    let env = FixedEnv::new();
    let bad: [(u16, usize); 9] =
        [(6, 0), (6, 3), (7, 7), (7, 9), (10, 0), (10, 15), (8, 47), (9, 3), (1, 1)];
    for (id, length) in bad {
        let result = forge(&env, |forger| {
            forger.without(id);
            forger.pairs.push((id, vec![1; length]));
        });
        refused(result, PeerFault::MalformedToken);
    }
    for length in [48, 80] {
        forge(&env, |forger| forger.pairs.push((8, vec![1; length]))).unwrap();
    }
    let result = forge(&env, |forger| {
        forger.end.clear();
        forger.tail.clear();
    });
    refused(result, PeerFault::MalformedToken);
    // A pair that ends outside.
    let result = forge(&env, |forger| forger.end = vec![77, 0, 0xFF, 0xFF]);
    refused(result, PeerFault::MalformedToken);
    let result = forge(&env, |forger| forger.end = vec![0, 0, 1, 0, 1]);
    refused(result, PeerFault::MalformedToken);
    // Bytes behind the end are covered by the proof and mean nothing.
    for tail in [0, 4, 8, 100] {
        forge(&env, |forger| forger.tail = vec![3; tail]).unwrap();
    }
    // Unknown pairs are nothing to be afraid of.
    forge(&env, |forger| forger.pairs.push((500, vec![1; 500]))).unwrap();
}

#[test]
fn n19_broken_pairs_are_refused_by_the_client() {
    let env = FixedEnv::new();
    let answer = |list: &[u8]| {
        challenged(&mut Setup::new(&env), &env, |challenge| set_target_info(challenge, list))
    };
    let good = [&[2, 0, 2, 0, 0x41, 0][..], &[1, 0, 2, 0, 0x41, 0]].concat();
    let with = |more: &[u8]| [&good[..], more].concat();
    answer(&with(&[0; 4])).unwrap();
    answer(&with(&[0; 8])).unwrap();
    let bad: [&[u8]; 9] = [
        &[],
        &[0],
        &[0, 0, 1, 0, 1],
        &[0, 0, 0, 0, 1],
        &[3, 0, 0xFF, 0xFF, 0, 0, 0, 0],
        &[7, 0, 7, 0, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0],
        &[6, 0, 3, 0, 1, 2, 3, 0, 0, 0, 0],
        &[1, 0, 2, 0, 0x42, 0, 0, 0, 0, 0],
        &[3, 0, 1, 0, 0x42, 0, 0, 0, 0],
    ];
    for list in bad {
        refused(answer(&with(list)), PeerFault::MalformedToken);
    }
    // So much that the response would not fit into its 16-bit length.
    for length in [65_000_u16, 65_500] {
        let mut list = with(&[99, 0]);
        list.extend_from_slice(&length.to_le_bytes());
        list.resize(list.len() + usize::from(length), 7);
        list.extend_from_slice(&[0; 4]);
        let result = answer(&list);
        if length == 65_000 {
            assert!(usize::from(u16_at(&result.unwrap(), 20)) > 65_000);
        } else {
            refused(result, PeerFault::MalformedToken);
        }
    }
    // Signing needs a server that says who it is.
    refused(answer(&[2, 0, 2, 0, 0x41, 0, 0, 0, 0, 0]), PeerFault::LogonDenied);
    refused(answer(&[1, 0, 2, 0, 0x41, 0, 0, 0, 0, 0]), PeerFault::LogonDenied);
}

/// The pairs that a client adds, in Windows' order and behind the server's.
#[test]
fn a_clients_pairs_are_in_windows_order() {
    let env = FixedEnv::new();
    let mut setup = Setup::new(&env);
    setup.target = None;
    let mut seen = Vec::new();
    setup.run_through(|message| seen.push(message.clone())).unwrap();
    let ids = |pairs: Vec<(u16, Vec<u8>)>| pairs.into_iter().map(|pair| pair.0).collect::<Vec<_>>();
    assert_eq!(ids(pairs(field(&seen[1], 40))), [2, 1, 4, 3, 7]);
    let sent = response_pairs(&seen[2]);
    assert_eq!(sent.iter().find(|pair| pair.0 == 10).unwrap().1, [0; 16]);
    assert_eq!(sent.iter().find(|pair| pair.0 == 9).unwrap().1, b"");
    assert_eq!(sent.iter().find(|pair| pair.0 == 8).unwrap().1.len(), 48);
    assert_eq!(ids(sent), [2, 1, 4, 3, 7, 6, 8, 10, 9]);
    assert_eq!(field(&seen[2], 12), [0; 24]);
}

/// The forger's keys are made with other crates than ours.
#[test]
fn session_keys_agree_with_an_independent_client() {
    let env = FixedEnv::new();
    let mut setup = Setup::new(&env);
    let (client, token, server) = setup.authenticate().unwrap();
    let v2 = hmac_md5(&nt_hash("secret"), &[&utf16("ALICEDOM")]);
    let nt = field(&token, 20);
    assert_eq!(nt[..16], hmac_md5(&v2, &[&server.challenge[24..32], &nt[16..]]));
    let key = rc4(&hmac_md5(&v2, &[&nt[..16]]), field(&token, 52));
    assert_eq!(client.session_key.expose(), key);
}
