//! What the fuzz targets do with their input: plain functions, which `tests/fuzz_bodies.rs` runs
//! too, on genuine messages and on a few thousand changes of them.
#![allow(dead_code, reason = "each target uses one")]

pub mod directory;
pub mod exchange;
pub mod files;
pub mod kdc;
pub mod kerberos;
#[path = "../../tests/support/kerberos_ends.rs"]
pub mod kerberos_ends;
pub mod keys;
pub mod machine;
pub mod pac;
#[path = "../../tests/support/pac.rs"]
pub mod pac_maker;
pub mod sealed;
pub mod spnego;
pub mod support;
pub mod targets;

pub use support::{env, handshake};

/// A body, and something genuine for it.
pub type Sample = (fn(&[u8]), Vec<u8>);

use secur32::ntlm::seal;
use secur32::spi::environment::NtlmMinSec;
use secur32::spi::message::{MessageProtection, Part, Qop};
use secur32::spi::packed::PackedContext;
use secur32::wire::ntlm::{
    Authenticate, AvPairs, Challenge, Negotiate, Ntlmv2Response, write_av_pair,
};

use env::FixedEnv;
use handshake::{Setup, finish, open};

/// What can be read can be written, and is read as the same.
pub fn negotiate(data: &[u8]) {
    let Ok(message) = Negotiate::decode(data) else { return };
    let written = message.encode().unwrap();
    let again = Negotiate::decode(&written).unwrap();
    assert_eq!(
        (again.flags, again.domain, again.workstation),
        (message.flags, message.domain, message.workstation)
    );
}

/// Likewise.
pub fn challenge(data: &[u8]) {
    let Ok(message) = Challenge::decode(data) else { return };
    let written = message.encode().unwrap();
    let again = Challenge::decode(&written).unwrap();
    assert_eq!((again.flags, again.server_challenge), (message.flags, message.server_challenge));
    assert_eq!((again.target_name, again.target_info), (message.target_name, message.target_info));
    if let Some(info) = message.target_info {
        av_pairs(info);
    }
}

/// Likewise.
pub fn authenticate(data: &[u8]) {
    let Ok(message) = Authenticate::decode(data) else { return };
    if let Some(mic) = message.mic {
        let parts = mic.around(data).unwrap();
        assert_eq!(parts.map(<[u8]>::len).iter().sum::<usize>(), data.len());
    }
    let written = message.encode().unwrap();
    let again = Authenticate::decode(&written).unwrap();
    assert_eq!((again.lm, again.nt, again.domain), (message.lm, message.nt, message.domain));
    assert_eq!((again.user, again.workstation), (message.user, message.workstation));
    assert_eq!(again.session_key, message.session_key);
    response(message.nt);
}

/// Whatever is read lies within its input.
pub fn response(data: &[u8]) {
    if let Ok(response) = Ntlmv2Response::decode(data) {
        assert_eq!(response.blob.len() + 16, data.len());
        av_pairs(&response.blob[28..]);
    }
}

/// A list is what its pairs are.
pub fn av_pairs(data: &[u8]) {
    let Ok(pairs) = AvPairs::decode(data) else { return };
    let mut list = Vec::new();
    for pair in pairs.iter() {
        write_av_pair(&mut list, pair.id, pair.value).unwrap();
    }
    assert_eq!(list, &data[..list.len()]);
    assert_eq!(list.len() + 4 + pairs.tail().len(), data.len());
}

/// A server that lies to our client.
pub fn client(data: &[u8]) {
    let (env, data) = world(data);
    let client = Setup::new(&env).client().unwrap();
    if let Ok((context, token)) = finish(client.next, data, &env) {
        assert!(Authenticate::decode(&token).is_ok());
        use_it(&mut open(&context));
    }
}

/// A client that lies to our server: the first two bytes say how much of the input is its
/// NEGOTIATE; none is a genuine one. Where everything is verified, no lie may succeed.
pub fn server(data: &[u8]) {
    let strict = data.first().is_none_or(|choice| choice & 1 == 0);
    let (env, data) = world(data);
    let Some((length, rest)) = data.split_first_chunk::<2>() else { return };
    let length = usize::from(u16::from_le_bytes(*length));
    let Some((first, last)) = rest.split_at_checked(length) else { return };
    let mut setup = Setup::new(&env);
    let genuine = setup.client().unwrap().negotiate;
    let first = if first.is_empty() { &genuine } else { first };
    let Ok(server) = setup.server(first) else { return };
    match finish(server.next, last, &env) {
        Ok(_) if strict => panic!("a forged client was accepted"),
        Ok((context, _)) => use_it(&mut open(&context)),
        Err(_) => {}
    }
}

/// A forged message: refused, and left as it came.
pub fn unseal(data: &[u8]) {
    let (env, data) = world(data);
    let (_, server) = Setup::new(&env).run().unwrap();
    let mut receiver = open(&server).receiver;
    let mut stream = data.to_vec();
    assert!(receiver.unseal_stream(&mut stream, 0).is_err());
    assert_eq!(stream, data);
    if let Some((token, text)) = data.split_first_chunk::<16>() {
        assert!(receiver.verify(&[text], token, 0).is_err());
    }
}

/// A packed context from somewhere.
pub fn packed_context(data: &[u8]) {
    let Ok(context) = PackedContext::decode(data) else { return };
    assert_eq!(context.encode().expose(), data);
    if let Ok(mut protection) = seal::open(&context) {
        use_it(&mut protection);
        let states = [protection.sender.save(), protection.receiver.save()];
        assert!(states.iter().all(|state| state.expose().len() < 1000));
    }
}

/// The first byte chooses the world: as it should be, or as old as it can be.
fn world(data: &[u8]) -> (FixedEnv, &[u8]) {
    let (choice, rest) = data.split_first().unwrap_or((&0, data));
    let env = FixedEnv::new();
    if choice & 1 == 0 {
        return (env, rest);
    }
    let lax = NtlmMinSec { ntlm2_session: false, bits_128: false };
    let env = env.with_policy(|policy| {
        policy.lm_compatibility_level = 0;
        policy.ntlm_min_client_sec = lax;
        policy.ntlm_min_server_sec = lax;
    });
    (env, rest)
}

fn use_it(protection: &mut MessageProtection) {
    let (mut token, mut data) = ([0; 16], [7; 100]);
    drop(protection.sender.sign(Qop::Default, &[&data], &mut token, 1));
    let parts = &mut [Part::Data(&mut data)];
    drop(protection.sender.seal(Qop::Default, parts, &mut token, &mut [], 2));
    drop(protection.receiver.unseal_stream(&mut data, 3));
}
