//! NTLM client against NTLM server: every combination of options, and messages both ways.

mod support;

use secur32::spi::flags::ContextFlags;
use secur32::spi::message::{MessageProtection, Part, Qop};
use secur32::spi::packed::PackedContext;

use support::env::FixedEnv;
use support::handshake::{Setup, identity, open};

const SIGNED: ContextFlags =
    ContextFlags::INTEGRITY.union(ContextFlags::REPLAY_DETECT).union(ContextFlags::SEQUENCE_DETECT);

#[test]
fn a_client_logs_on_and_messages_go_both_ways() {
    let env = FixedEnv::new();
    let (client, server) = Setup::new(&env).run().unwrap();
    assert_eq!(client.client_name, "DOM\\alice");
    assert_eq!(server.client_name, "DOM\\alice");
    assert_eq!(client.session_key, server.session_key);
    assert_eq!(server.client_target.as_deref(), Some("cifs/server.example"));
    assert_eq!(server.authority.as_deref(), Some("DOM"));
    let both = SIGNED | ContextFlags::CONFIDENTIALITY | ContextFlags::CONNECTION;
    assert_eq!((client.flags, server.flags), (both, both));
    exchange(&client, &server);
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
    let sealed = from
        .sender
        .seal(Qop::Default, &mut [Part::Data(&mut data)], &mut token, &mut [], 0)
        .unwrap();
    assert_eq!((sealed.token, sealed.padding), (16, 0));
    let mut stream = [&token[..], &data].concat();
    to.receiver.unseal(&mut [Part::Data(&mut data)], &mut token, &mut [], 0).unwrap();
    assert_eq!(data, text);
    // Once more as a stream: refused, because the message was taken already.
    assert!(to.receiver.unseal_stream(&mut stream, 0).is_err());
    data.copy_from_slice(text);
    from.sender.seal(Qop::Default, &mut [Part::Data(&mut data)], &mut token, &mut [], 0).unwrap();
    let mut stream = [&token[..], &data].concat();
    let opened = to.receiver.unseal_stream(&mut stream, 0).unwrap();
    assert_eq!(&stream[opened.data], text);
}

#[test]
fn a_wrong_password_is_refused() {
    let env = FixedEnv::new();
    let mut setup = Setup::new(&env);
    setup.identity = Some(identity("DOM", "alice", "Secret"));
    let error = setup.run().unwrap_err();
    assert_eq!(error.fault(), secur32::spi::error::PeerFault::LogonDenied.into());
}
