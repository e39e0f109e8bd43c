//! What is dropped, stripped or cut short on the way (N3 to N8, N10).

use secur32::spi::environment::Demand;
use secur32::spi::error::PeerFault;
use secur32::spi::flags::ContextFlags;

use super::{
    BITS_128, ESS, KEY_EXCH, SEAL, SIGN, TARGET_INFO, bindings, challenged, forge, forge_with,
    set_flags, set_target_info,
};
use crate::support::env::FixedEnv;
use crate::support::handshake::{Client, Server, Setup, finish, refused};
use crate::support::reference::{
    Forger, field, hmac_md5, nt_hash, response_pairs, u16_at, u32_at, utf16,
};

#[test]
fn n3_a_dropped_or_changed_integrity_code_is_refused() {
    let env = FixedEnv::new();
    let on_the_wire = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut setup = Setup::new(&env);
        let result = setup.run_through(|message| {
            if message[8] == 3 {
                change(message);
            }
        });
        refused(result.map(|_| ()), PeerFault::MicMismatch);
    };
    on_the_wire(&|message| message[72..88].fill(0));
    for bit in 0..128 {
        on_the_wire(&|message| message[72 + bit / 8] ^= 1 << (bit % 8));
    }
    // Code and version cut out, and the payload moved.
    for cut in [16, 24] {
        on_the_wire(&|message| {
            message.drain(88 - cut..88);
            for at in [12, 20, 28, 36, 44, 52] {
                let offset = u32_at(message, at + 4) - u32::try_from(cut).unwrap();
                message[at + 4..at + 8].copy_from_slice(&offset.to_le_bytes());
            }
        });
    }
    on_the_wire(&|message| set_flags(message, 60, |flags| flags & !0x0200_0000));
    on_the_wire(&|message| {
        set_flags(message, 60, |flags| flags & !(SIGN | SEAL | KEY_EXCH));
        message[72..88].fill(0);
    });
    // Behind the last field is inside the code too.
    on_the_wire(&|message| message.push(0));
}

#[test]
fn n3_the_code_covers_the_first_two_messages() {
    let env = FixedEnv::new();
    for kind in [1, 2] {
        let mut setup = Setup::new(&env);
        let result = setup.run_through(|message| {
            if message[8] == kind {
                // The build number, which nobody looks at.
                let at = if kind == 1 { 34 } else { 50 };
                message[at] ^= 1;
            }
        });
        refused(result.map(|_| ()), PeerFault::MicMismatch);
    }
}

#[test]
fn n4_two_or_empty_av_flags_do_not_take_the_code_away() {
    let env = FixedEnv::new();
    for extra in [&[6, 0, 4, 0, 0, 0, 0, 0][..], &[6, 0, 4, 0, 0, 0, 0, 0, 6, 0, 4, 0, 4, 0, 0, 0]]
    {
        let token = challenged(&mut Setup::new(&env), &env, |challenge| {
            let list = [extra, field(challenge, 40)].concat();
            set_target_info(challenge, &list);
        })
        .unwrap();
        let flags: Vec<_> = response_pairs(&token).into_iter().filter(|pair| pair.0 == 6).collect();
        assert_eq!(flags, [(6, 2_u32.to_le_bytes().to_vec())]);
        assert_ne!(token[72..88], [0; 16]);
    }
    for second in [0_u32, 2] {
        for front in [true, false] {
            let result = forge(&env, |forger| {
                let pair = (6, second.to_le_bytes().to_vec());
                let at = if front { 0 } else { forger.pairs.len() };
                forger.pairs.insert(at, pair);
                forger.mic = false;
            });
            refused(result, PeerFault::MalformedToken);
        }
    }
}

#[test]
fn n5_no_response_but_lmv2_is_refused() {
    for demand in [Demand::Caller, Demand::Always] {
        let env = FixedEnv::new().with_policy(|policy| policy.channel_bindings = demand);
        let mut setup = Setup::new(&env);
        if demand == Demand::Always {
            setup.server_bindings = Some(bindings(b"tls-unique:A"));
        }
        let Client { negotiate, .. } = setup.client().unwrap();
        let Server { next, challenge } = setup.server(&negotiate).unwrap();
        let mut forger = Forger::honest(&challenge);
        let key = hmac_md5(&nt_hash("secret"), &[&utf16("ALICEDOM")]);
        let proof = hmac_md5(&key, &[&challenge[24..32], b"CLIENTCH"]);
        forger.lm = [&proof[..], b"CLIENTCH"].concat();
        forger.nt = Some(Vec::new());
        let result = finish(next, &forger.speak(&negotiate, &challenge), &env);
        let fault = match demand {
            Demand::Always => PeerFault::BadBindings,
            _ => PeerFault::LogonDenied,
        };
        refused(result, fault);
    }
    let env = FixedEnv::new();
    for length in [1, 16, 23, 25, 43, 44, 47] {
        let result = forge(&env, |forger| forger.nt = Some(vec![1; length]));
        refused(result, PeerFault::MalformedToken);
    }
}

#[test]
fn n6_clients_never_fall_back_to_older_responses() {
    let env = FixedEnv::new();
    let stripped: [fn(&mut Vec<u8>); 4] = [
        |challenge| set_flags(challenge, 20, |flags| flags & !TARGET_INFO),
        |challenge| set_flags(challenge, 20, |flags| flags & !ESS),
        |challenge| set_flags(challenge, 20, |flags| flags & !(ESS | TARGET_INFO)),
        |challenge| {
            // As an NT 4 server: 32 bytes and hardly a flag.
            set_flags(challenge, 20, |_| 0x0000_8205);
            challenge.truncate(32);
            challenge[12..20].fill(0);
        },
    ];
    for change in stripped {
        let result = challenged(&mut Setup::new(&env), &env, change);
        refused(result, PeerFault::CapabilityMissing);
    }
    // Without signing nothing has to be extended, but the response stays what it is.
    let mut setup = Setup::new(&env);
    setup.asked = ContextFlags::empty();
    let token = challenged(&mut setup, &env, |challenge| {
        set_flags(challenge, 20, |flags| flags & !ESS);
    })
    .unwrap();
    assert!(u16_at(&token, 20) > 24);
    assert_eq!(field(&token, 12), [0; 24]);
    let mut setup = Setup::new(&env);
    setup.asked = ContextFlags::empty();
    let result = challenged(&mut setup, &env, stripped[0]);
    refused(result, PeerFault::CapabilityMissing);
}

#[test]
fn n6_servers_refuse_right_answers_of_the_older_kind() {
    let env = FixedEnv::new();
    let old = FixedEnv::new().with_policy(|policy| policy.lm_compatibility_level = 1);
    for asked in [ContextFlags::empty(), ContextFlags::INTEGRITY] {
        let mut setup = Setup::new(&old);
        setup.server_env = &env;
        setup.asked = asked;
        refused(setup.run(), PeerFault::LogonDenied);
        // The same response is right where it is allowed: the refusal is policy's.
        let lax = FixedEnv::new().with_policy(|policy| policy.lm_compatibility_level = 4);
        let mut setup = Setup::new(&old);
        setup.server_env = &lax;
        setup.asked = asked;
        setup.run().unwrap();
    }
}

#[test]
fn n7_extended_session_security_cannot_be_stripped() {
    let env = FixedEnv::new();
    let result = challenged(&mut Setup::new(&env), &env, |challenge| {
        set_flags(challenge, 20, |flags| flags & !ESS);
    });
    refused(result, PeerFault::CapabilityMissing);
    let mut setup = Setup::new(&env);
    let result = setup.run_through(|message| {
        if message[8] == 3 {
            set_flags(message, 60, |flags| flags & !ESS);
        }
    });
    refused(result.map(|_| ()), PeerFault::CapabilityMissing);
    // Nor by a client that means it.
    let result = forge(&env, |forger| forger.flags &= !ESS);
    refused(result, PeerFault::CapabilityMissing);
}

#[test]
fn n8_what_the_caller_needs_cannot_be_stripped() {
    let env = FixedEnv::new();
    for flag in [SIGN, SEAL, KEY_EXCH, BITS_128] {
        let result = challenged(&mut Setup::new(&env), &env, |challenge| {
            set_flags(challenge, 20, |flags| flags & !flag);
        });
        refused(result, PeerFault::CapabilityMissing);
        let mut setup = Setup::new(&env);
        let result = setup.run_through(|message| {
            if message[8] == 3 {
                set_flags(message, 60, |flags| flags & !flag);
            }
        });
        assert!(result.is_err(), "{flag:#x}");
    }
}

/// Bits that only the client sets are no agreement; they give it nothing.
#[test]
fn n8_flags_that_the_challenge_did_not_grant_give_nothing() {
    let env = FixedEnv::new();
    let mut setup = Setup::new(&env);
    setup.asked = ContextFlags::empty();
    let context = forge_with(&mut setup, &env, |forger| {
        forger.flags |= SIGN | SEAL;
        forger.mic = false;
        forger.without(6);
    })
    .unwrap();
    assert_eq!(context.flags, ContextFlags::CONNECTION);
}

#[test]
fn n10_an_encrypted_session_key_of_another_length_is_refused() {
    let env = FixedEnv::new();
    for length in [0, 1, 15, 17, 65_535] {
        let result = forge(&env, |forger| forger.session_key_field = Some(vec![7; length]));
        refused(result, PeerFault::MalformedToken);
    }
    // Without key exchange the field is not looked at.
    for key in [vec![7; 16], vec![7; 1], Vec::new()] {
        let mut setup = Setup::new(&env);
        setup.asked = ContextFlags::empty();
        let context = forge_with(&mut setup, &env, |forger| {
            forger.session_key_field = Some(key);
        })
        .unwrap();
        assert_ne!(context.session_key.expose(), [7; 16]);
    }
}
