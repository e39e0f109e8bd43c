//! Tokens of Negotiate cut at every length, with every bit flipped, in another order, again, and
//! far too long: nothing that counts is accepted with a change, and nothing panics or takes long.

mod support;

use std::time::{Duration, Instant};

use secur32::spi::environment::Environment;
use secur32::spi::package::{Opening, PackageId};
use secur32::spi::time::FileTime;

use support::env::NOW;
use support::random::{Random, mutate};
use support::spnego::{
    COMPLETED, End, Ends, INCOMPLETE, Init, KRB5, MS_KRB5, NTLM, Resp, SPNEGO, Talk, UNKNOWN,
    framed, list, long_tlv, oid, tlv,
};

/// What counts in a token: whoever believes it must have heard this as it was sent.
fn what_counts(world: &World, leg: usize, token: &[u8]) -> Vec<Vec<u8>> {
    let Some(init) = Init::read(token) else {
        let resp = Resp::read(token).unwrap();
        return [resp.token, resp.mic].into_iter().flatten().collect();
    };
    assert_eq!(leg, 0);
    let inner = init.token.unwrap();
    match (world.package, world.is_fallback) {
        // The list is nobody's concern where the first mechanism is taken; of the request it is
        // what Kerberos protects (see `kerberos_hostile`).
        (PackageId::Kerberos, _) => {
            let body = secur32::wire::gss::unframe(&inner).unwrap().body.to_vec();
            let request = secur32::wire::kerberos::ApReq::from_der(&body).unwrap();
            vec![request.authenticator.cipher]
        }
        // The token is for a mechanism that is not taken.
        (_, true) => vec![init.list.unwrap()],
        _ => vec![init.list.unwrap(), inner],
    }
}

/// A handshake in which one token was changed. Fails if both believe what was changed.
#[track_caller]
fn changed(world: &World, leg: usize, change: impl Fn(&mut Vec<u8>)) {
    let mut seen = None;
    let ends = (world.make)();
    let talk = ends.run_through(|number, token| {
        if number == leg {
            let parts = what_counts(world, leg, token);
            change(token);
            seen = Some((parts, token.clone()));
        }
    });
    let Some((parts, token)) = seen else { panic!("no leg {leg}") };
    for end in [&talk.client, &talk.server] {
        let other = end.context().is_some_and(|context| context.package != world.package);
        assert!(!other, "{leg}, {token:x?}: {}", talk.say());
    }
    let victim = if leg.is_multiple_of(2) { &talk.server } else { &talk.client };
    if victim.is_done() {
        let heard = |part: &Vec<u8>| token.windows(part.len()).any(|window| window == part);
        assert!(parts.iter().all(heard), "{leg}: believed {token:x?}");
    }
    if let (Some(client), Some(server)) = (talk.client.context(), talk.server.context()) {
        assert!(client.session_key.expose() == server.session_key.expose());
        support::spnego::converse(client, server);
    }
}

/// A kind of handshake.
struct World {
    make: fn() -> Ends,
    package: PackageId,
    /// The first mechanism of the offer is not taken.
    is_fallback: bool,
}

const WORLDS: [World; 3] = [
    World { make: Ends::kerberos, package: PackageId::Kerberos, is_fallback: false },
    World { make: Ends::ntlm, package: PackageId::Ntlm, is_fallback: false },
    World { make: Ends::fallback, package: PackageId::Ntlm, is_fallback: true },
];

/// The same kind of handshake at another time, with other random numbers.
fn another(world: &World) -> Ends {
    let ends = (world.make)();
    for env in [&ends.client_env, &ends.server_env] {
        env.random(&mut [0; 7]).unwrap();
        env.set_now(FileTime(NOW.0 + 12_345_670));
    }
    ends
}

#[test]
fn no_cut_token_is_accepted() {
    for world in WORLDS {
        let genuine = (world.make)().run().tokens;
        for (leg, token) in genuine.iter().enumerate() {
            for length in 0..token.len() {
                let ends = (world.make)();
                let talk = ends.run_through(|number, token| {
                    if number == leg {
                        token.truncate(length);
                    }
                });
                // Who sent the last token was satisfied before.
                let victim = if leg.is_multiple_of(2) { &talk.server } else { &talk.client };
                assert!(!victim.is_done(), "{leg} cut to {length}: {}", talk.say());
                assert!(leg + 1 == genuine.len() || !both_done(&talk), "{}", talk.say());
            }
        }
    }
}

fn both_done(talk: &Talk) -> bool {
    talk.client.is_done() && talk.server.is_done()
}

#[test]
fn no_flipped_bit_that_counts_is_accepted() {
    for world in WORLDS {
        let genuine = (world.make)().run().tokens;
        for (leg, token) in genuine.iter().enumerate() {
            for bit in 0..token.len() * 8 {
                changed(&world, leg, |token| {
                    if let Some(byte) = token.get_mut(bit / 8) {
                        *byte ^= 1 << (bit % 8);
                    }
                });
            }
        }
    }
}

#[test]
fn random_changes_are_not_accepted() {
    let mut random = Random(178);
    for world in WORLDS {
        let legs = (world.make)().run().tokens.len();
        for round in 0..1_500 {
            let seed = random.next();
            changed(&world, round % legs, |token| mutate(token, &mut Random(seed)));
        }
    }
}

/// Each leg in the place of each other, of the same handshake and of one before.
#[test]
fn tokens_out_of_their_order_are_refused() {
    for world in WORLDS {
        let before = another(&world).run().tokens;
        let legs = before.len();
        for (leg, other) in (0..legs).flat_map(|leg| (0..legs).map(move |other| (leg, other))) {
            let mut seen: Vec<Vec<u8>> = Vec::new();
            let talk = (world.make)().run_through(|number, token| {
                seen.push(token.clone());
                if number == leg {
                    token.clone_from(seen.get(other).unwrap_or(&before[other]));
                }
            });
            assert!(other == leg || !both_done(&talk), "{leg} {other}: {}", talk.say());
            let mut is_another = false;
            let talk = (world.make)().run_through(|number, token| {
                if number == leg {
                    is_another = *token != before[other];
                    token.clone_from(&before[other]);
                }
            });
            // The token for a mechanism that is not taken is nobody's.
            let counts = is_another && !(world.is_fallback && leg == 0);
            assert!(!counts || !both_done(&talk), "{leg} {other}: {}", talk.say());
        }
    }
}

/// The tokens of a handshake that was overheard, to a new server.
#[test]
fn a_handshake_that_was_overheard_is_not_repeated() {
    for world in WORLDS {
        let ends = (world.make)();
        let heard = ends.run().tokens;
        ends.client_env.set_now(FileTime(NOW.0 + 12_345_670));
        let mut server = End::Going(ends.server(), vec![], None);
        for token in heard.iter().step_by(2) {
            if let End::Going(side, ..) = server {
                server = ends.server_step(side, token);
            }
            assert!(!server.is_done(), "{}", server.say());
        }
        assert!(server.error().is_some(), "{}", server.say());
        // And what the server said, to a new client.
        let mut client = ends.client_step(ends.client(), &[]);
        for token in heard.iter().skip(1).step_by(2) {
            if let End::Going(side, ..) = client {
                client = ends.client_step(side, token);
            }
            assert!(!client.is_done(), "{}", client.say());
        }
        assert!(client.error().is_some(), "{}", client.say());
    }
}

/// What goes to both ends, as the first token and as a later one.
fn to_everybody(token: &[u8]) {
    let begun = Instant::now();
    for world in WORLDS {
        let ends = (world.make)();
        let end = ends.serve(token);
        assert!(!end.is_done(), "{}", end.say());
        let (client, first) = ends.first();
        let client = ends.client_step(client, token);
        assert!(client.error().is_some(), "{}", client.say());
        if let End::Going(server, ..) = ends.serve(&first) {
            let end = ends.server_step(server, token);
            assert!(end.error().is_some(), "{}", end.say());
        }
    }
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

#[test]
fn tokens_that_are_far_too_long() {
    for length in [65_535, 65_536, 70_000, 1 << 20] {
        for byte in [0, 0x30, 0x60, 0xA0, 0xA1, 0xFF] {
            to_everybody(&vec![byte; length]);
        }
        let long = vec![0x5A; length];
        to_everybody(&Init::of(&[MS_KRB5, KRB5, NTLM], Some(&long)).encode());
        to_everybody(&Init::of(&[UNKNOWN], Some(&long)).encode());
        let token = Some(long.clone());
        to_everybody(&Resp { state: Some(INCOMPLETE), token, ..Resp::default() }.encode());
        let mic = Some(long);
        to_everybody(&Resp { state: Some(COMPLETED), mic, ..Resp::default() }.encode());
    }
}

#[test]
fn lists_of_ten_thousand_mechanisms() {
    for mechanism in [UNKNOWN, MS_KRB5, &[][..], &[0x2A]] {
        let offer = Init::of(&vec![mechanism; 10_000], Some(b"nonsense"));
        to_everybody(&offer.encode());
    }
    // The one that is known comes last, behind more than anybody offers.
    let mut many = vec![UNKNOWN; 10_000];
    many.push(NTLM);
    to_everybody(&Init::of(&many, None).encode());
    // A handful is what real clients send.
    let mut few = vec![UNKNOWN; 8];
    few.push(NTLM);
    let end = Ends::ntlm().serve(&Init::of(&few, None).encode());
    assert!(matches!(end, End::Going(..)), "{}", end.say());
}

#[test]
fn mechanisms_with_endless_names() {
    for length in [127, 128, 1_000, 60_000] {
        let name = vec![0x81; length];
        to_everybody(&Init::of(&[&name], None).encode());
        let mech = Some(name);
        to_everybody(&Resp { state: Some(INCOMPLETE), mech, ..Resp::default() }.encode());
    }
}

#[test]
fn frames_within_frames_within_frames() {
    for tag in [0x30, 0xA0, 0xA1, 0xA2, 0x60, 0x24] {
        let mut nested = Vec::new();
        for _ in 0..5_000 {
            nested = tlv(tag, &nested);
        }
        to_everybody(&nested);
        to_everybody(&framed(SPNEGO, &nested));
        to_everybody(&framed(SPNEGO, &tlv(0xA0, &nested)));
        to_everybody(&Init { list: Some(nested.clone()), ..Init::default() }.encode());
        to_everybody(&Resp { more: nested, ..Resp::default() }.encode());
    }
    let mut spnego = Init::of(&[SPNEGO], None).encode();
    for _ in 0..100 {
        spnego = Init::of(&[SPNEGO], Some(&spnego)).encode();
    }
    to_everybody(&spnego);
}

/// Lengths that no DER has, in each place of an offer.
#[test]
fn lengths_that_no_der_has() {
    let inner = list(&[NTLM]);
    for octets in [1, 2, 3, 4, 5, 8, 9, 100, 126] {
        let body = long_tlv(0x30, &tlv(0xA0, &inner), octets);
        to_everybody(&framed(SPNEGO, &tlv(0xA0, &body)));
        to_everybody(&framed(SPNEGO, &long_tlv(0xA0, &tlv(0x30, &tlv(0xA0, &inner)), octets)));
        let body = [oid(SPNEGO), tlv(0xA0, &tlv(0x30, &tlv(0xA0, &inner)))].concat();
        to_everybody(&long_tlv(0x60, &body, octets));
        let mut identifier = long_tlv(6, SPNEGO, octets);
        identifier.extend(tlv(0xA0, &tlv(0x30, &tlv(0xA0, &inner))));
        to_everybody(&tlv(0x60, &identifier));
    }
    let endless = [&[0x60, 0x80][..], &oid(SPNEGO), &tlv(0xA0, &[]), &[0, 0]].concat();
    to_everybody(&endless);
}

/// Many handshakes of one credential at once: each stays by itself.
#[test]
fn two_threads_with_the_same_credentials() {
    for world in WORLDS {
        let ends = (world.make)();
        let (client, server) = (ends.client_credential(), ends.server_credential());
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..10 {
                        let opening = Opening { target: ends.target.clone(), flags: ends.asked };
                        let initiator = client.initiate(opening, &ends.client_env).unwrap();
                        let acceptor = server.accept(Opening::default(), &ends.server_env).unwrap();
                        ends.run_between(initiator, acceptor, |_, _| {}).agree_on(world.package);
                    }
                });
            }
        });
    }
}
