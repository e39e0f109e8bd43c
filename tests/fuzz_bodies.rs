//! The fuzz targets' bodies on genuine input and on changes of it, from a fixed seed: a fuzzer
//! goes further, but this much is run with every test.

#[path = "../fuzz/bodies/mod.rs"]
mod bodies;
#[path = "support/messages.rs"]
mod messages;

use bodies::env::FixedEnv;
use bodies::handshake::{Setup, open};
use secur32::spi::message::{Part, Qop};
use secur32::spi::packed::PackedContext;
use secur32::spi::target::TargetInformation;

use bodies::Sample as Target;

/// Each Kerberos message for each body that may see it.
fn kerberos_targets() -> Vec<Target> {
    let bodies = [
        bodies::kerberos::kdc_rep as fn(&[u8]),
        bodies::kerberos::ap_req,
        bodies::kerberos::krb_error,
        bodies::kerberos::gss_checksum,
        bodies::kerberos::krb_cred,
        bodies::kerberos::kpasswd,
    ];
    let samples = messages::der_samples().into_iter().chain(messages::framed_samples());
    let samples: Vec<_> = samples.collect();
    let pairs = bodies.into_iter().flat_map(|body| samples.iter().map(move |s| (body, s)));
    pairs.map(|(body, sample)| (body, sample.bytes.clone())).collect()
}

/// Ciphertexts under each key, of lengths around a block's.
fn key_targets() -> Vec<Target> {
    let input = |(choice, length): (u8, usize)| {
        let ciphertext = bodies::keys::key(choice).encrypt(2, &[7; 16], &vec![5; length]);
        let header = [choice, 2, 20, 3];
        (bodies::keys::krb_decrypt as fn(&[u8]), [&header, &ciphertext[..]].concat())
    };
    (0..5).flat_map(|choice| [0, 1, 16, 40, 300].map(|length| input((choice, length)))).collect()
}

/// Strings as Windows makes them, and one with everything in it.
fn information_targets() -> Vec<Target> {
    let full = TargetInformation {
        names: std::array::from_fn(|at| Some(format!("name {at}").encode_utf16().collect())),
        flags: 0x3F,
        credential_types: vec![1, 2],
    };
    let empty = "1UWhRCAAAAAAAAAAAAAAAAAAAAAAAAAAAAwbEAYBAAAA".encode_utf16().collect();
    let body: fn(&[u8]) = bodies::targets::target_information;
    let octets = |string: Vec<u16>| string.into_iter().flat_map(u16::to_le_bytes).collect();
    [empty, full.marshal().unwrap()].map(|string| (body, octets(string))).to_vec()
}

/// A cache of each version and a keytab, as MIT's programs made them.
fn file_targets() -> Vec<Target> {
    let files = |name: &str| {
        std::fs::read(format!("{}/tests/kerberos_files/{name}", env!("CARGO_MANIFEST_DIR")))
            .unwrap()
    };
    vec![
        (bodies::files::ccache, files("v3.ccache")),
        (bodies::files::ccache, files("v4.ccache")),
        (bodies::files::keytab, files("mit.keytab")),
    ]
}

fn targets() -> Vec<Target> {
    let env = FixedEnv::new();
    let mut seen = Vec::new();
    let (client, _) = Setup::new(&env).run_through(|message| seen.push(message.clone())).unwrap();
    let [negotiate, challenge, authenticate] = seen.try_into().unwrap();
    let mut protection = open(&client);
    let (mut token, mut data) = ([0; 16], [7; 50]);
    let parts = &mut [Part::Data(&mut data)];
    protection.sender.seal(Qop::Default, parts, &mut token, &mut [], 0).unwrap();
    let info = challenge[68..].to_vec();
    let context = PackedContext {
        sender: Some(protection.sender.save()),
        receiver: Some(protection.receiver.save()),
        ..client
    };
    let of_world = |world: u8, rest: &[u8]| [&[world], rest].concat();
    let length = u16::try_from(negotiate.len()).unwrap().to_le_bytes();
    let forged = [&length[..], &negotiate, &authenticate].concat();
    vec![
        (bodies::negotiate, negotiate),
        (bodies::authenticate, authenticate),
        (bodies::av_pairs, info),
        (bodies::client, of_world(0, &challenge)),
        (bodies::client, of_world(1, &challenge)),
        (bodies::challenge, challenge),
        (bodies::server, of_world(1, &forged)),
        (bodies::packed_context, context.encode().expose().to_vec()),
    ]
}

#[test]
fn bodies_accept_genuine_input() {
    for (body, genuine) in targets()
        .into_iter()
        .chain(kerberos_targets())
        .chain(key_targets())
        .chain(bodies::directory::samples())
        .chain(bodies::exchange::samples())
        .chain(bodies::kdc::samples())
        .chain(file_targets())
        .chain(information_targets())
        .chain(bodies::machine::samples())
        .chain(bodies::pac::samples())
        .chain(bodies::sealed::samples())
        .chain(bodies::spnego::samples())
    {
        body(&genuine);
    }
}

#[test]
fn bodies_survive_changed_input() {
    let mut state = 1_u64;
    let mut random = move |limit: usize| {
        state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
        (state >> 33) as usize % limit.max(1)
    };
    let strict = [bodies::server as fn(&[u8]), bodies::unseal, bodies::response];
    let mut targets = targets();
    let forged = targets[6].1.clone();
    for body in strict {
        // From a world in which nothing may succeed.
        let mut input = forged.clone();
        input[0] = 0;
        let last = input.len() - 1;
        input[last] ^= 1;
        targets.push((body, input));
    }
    for (rounds, targets) in [
        (3_000, targets),
        (300, kerberos_targets()),
        (300, key_targets()),
        (3_000, bodies::directory::samples()),
        (400, bodies::exchange::samples()),
        (1_000, bodies::kdc::samples()),
        (3_000, file_targets()),
        (3_000, information_targets()),
        (3_000, bodies::machine::samples()),
        (3_000, bodies::pac::samples()),
        (200, bodies::sealed::samples()),
        (150, bodies::spnego::samples()),
    ] {
        for (body, genuine) in std::iter::repeat_n(&targets, rounds).flatten() {
            let mut input = genuine.clone();
            // The first byte chooses the world, and stays.
            for _ in 0..=random(3) {
                let at = 1 + random(input.len() - 1);
                input[at] = random(256) as u8;
            }
            if random(4) == 0 {
                input.truncate(1 + random(input.len()));
            }
            body(&input);
        }
    }
}
