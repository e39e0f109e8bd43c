//! Every message cut at every length, and mutated at random from a fixed seed: nothing is
//! accepted and nothing panics.

mod support;

use secur32::ntlm::seal;
use secur32::spi::flags::ContextFlags;
use secur32::spi::message::{Part, Qop};
use secur32::spi::packed::PackedContext;

use support::env::FixedEnv;
use support::handshake::{Setup, finish, open};
use support::random::{Random, mutate};

/// The message that is attacked on its way: NEGOTIATE, CHALLENGE or AUTHENTICATE.
fn handshake_with(env: &FixedEnv, kind: u8, change: impl Fn(&mut Vec<u8>)) -> bool {
    let mut changed = true;
    let mut setup = Setup::new(env);
    let result = setup.run_through(|message| {
        if message[8] == kind {
            let before = message.clone();
            change(message);
            changed = *message != before;
        }
    });
    assert!(changed || result.is_ok());
    changed && result.is_ok()
}

fn lengths(env: &FixedEnv) -> [usize; 3] {
    let mut lengths = [0; 3];
    Setup::new(env)
        .run_through(|message| lengths[usize::from(message[8]) - 1] = message.len())
        .unwrap();
    lengths
}

#[test]
fn n20_no_truncated_message_is_accepted() {
    let env = FixedEnv::new();
    for (kind, whole) in (1..).zip(lengths(&env)) {
        for length in 0..whole {
            let accepted = handshake_with(&env, kind, |message| message.truncate(length));
            assert!(!accepted, "message {kind} cut to {length} bytes");
        }
    }
}

#[test]
fn n20_no_extended_message_is_accepted() {
    let env = FixedEnv::new();
    for kind in 1..=3 {
        for more in [1, 8, 1000, 400_000] {
            let accepted =
                handshake_with(&env, kind, |message| message.resize(message.len() + more, 0));
            assert!(!accepted, "message {kind} with {more} more bytes");
        }
    }
}

#[test]
fn no_mutated_message_is_accepted() {
    let env = FixedEnv::new();
    let mut random = Random(32);
    for round in 0..100_000_u32 {
        let kind = 1 + (round % 3) as u8;
        let seed = random.next();
        let accepted = handshake_with(&env, kind, |message| mutate(message, &mut Random(seed)));
        assert!(!accepted, "message {kind}, seed {seed:#x}");
    }
}

/// Where nothing protects the first messages, they must at least break nothing.
#[test]
fn mutated_messages_without_integrity_do_not_panic() {
    let env = FixedEnv::new().with_policy(|policy| {
        policy.lm_compatibility_level = 0;
        policy.ntlm_min_client_sec.ntlm2_session = false;
        policy.ntlm_min_client_sec.bits_128 = false;
        policy.ntlm_min_server_sec = policy.ntlm_min_client_sec;
    });
    let mut random = Random(77);
    for round in 0..5_000_u32 {
        let seed = random.next();
        let mut mutator = Random(seed);
        let mut setup = Setup::new(&env);
        let result = setup.run_through(|message| {
            if message[8] == 1 + (round % 3) as u8 {
                mutate(message, &mut mutator);
            }
        });
        if let Ok((client, server)) = result {
            // A signature verifies only where the keys agree, as far as the weakest look at them.
            let (mut token, text) = ([0; 16], b"text");
            open(&client).sender.sign(Qop::Default, &[text], &mut token, 0).unwrap();
            let verified = open(&server).receiver.verify(&[text], &token, 0).is_ok();
            let keys = [&client, &server].map(|context| &context.session_key.expose()[..5]);
            assert!(!verified || keys[0] == keys[1] || is_unsigned(&server));
        }
    }
}

fn is_unsigned(context: &PackedContext) -> bool {
    !context.flags.contains(ContextFlags::INTEGRITY)
}

#[test]
fn random_tokens_are_refused_by_both_sides() {
    let env = FixedEnv::new();
    let mut random = Random(3);
    let challenge = {
        let mut setup = Setup::new(&env);
        let client = setup.client().unwrap();
        setup.server(&client.negotiate).unwrap().challenge
    };
    for _ in 0..5_000 {
        let mut token: Vec<u8> = b"NTLMSSP\0".to_vec();
        token.extend_from_slice(&u32::from(random.below(4) as u8).to_le_bytes());
        token.extend((0..random.below(200)).map(|_| random.next() as u8));
        let client = Setup::new(&env).client().unwrap();
        assert!(finish(client.next, &token, &env).is_err());
        let server = Setup::new(&env).server(&client.negotiate).unwrap();
        assert_eq!(server.challenge.len(), challenge.len());
        assert!(finish(server.next, &token, &env).is_err());
        drop(Setup::new(&env).server(&token));
    }
}

#[test]
fn n22_no_mutated_sealed_message_is_accepted() {
    let env = FixedEnv::new();
    let (client, server) = Setup::new(&env).run().unwrap();
    let (mut client, mut server) = (open(&client), open(&server));
    let mut random = Random(9);
    for _ in 0..3_000 {
        let text = vec![random.next() as u8; random.below(300)];
        let (mut token, mut data) = ([0; 16], text.clone());
        let parts = &mut [Part::Data(&mut data)];
        client.sender.seal(Qop::Default, parts, &mut token, &mut [], 0).unwrap();
        let genuine = [&token[..], &data].concat();
        let mut forged = genuine.clone();
        mutate(&mut forged, &mut random);
        if forged != genuine {
            let before = forged.clone();
            assert!(server.receiver.unseal_stream(&mut forged, 0).is_err());
            assert_eq!(forged, before);
        }
        let mut stream = genuine;
        let opened = server.receiver.unseal_stream(&mut stream, 0).unwrap();
        assert_eq!(stream[opened.data], text);
    }
}

#[test]
fn x1_mutated_packed_contexts_do_not_panic() {
    let env = FixedEnv::new();
    let (client, _) = Setup::new(&env).run().unwrap();
    let protection = open(&client);
    let client = PackedContext {
        sender: Some(protection.sender.save()),
        receiver: Some(protection.receiver.save()),
        ..client
    };
    let encoded = client.encode();
    let mut random = Random(11);
    for _ in 0..5_000 {
        let mut bytes = encoded.expose().to_vec();
        mutate(&mut bytes, &mut random);
        if let Ok(context) = PackedContext::decode(&bytes)
            && let Ok(mut protection) = seal::open(&context)
        {
            let mut token = [0; 16];
            drop(protection.sender.sign(Qop::Default, &[b"x"], &mut token, 0));
        }
    }
}
