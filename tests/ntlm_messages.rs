//! Signing and sealing: buffers, failures, order (N22 of the attack catalogue).

mod support;

use std::sync::mpsc;

use secur32::spi::environment::NtlmMinSec;
use secur32::spi::error::{CallerFault, PeerFault};
use secur32::spi::flags::ContextFlags;
use secur32::spi::message::{MessageProtection, MessageReceiver, MessageSender, Part, Qop};
use secur32::spi::packed::PackedContext;

use support::env::FixedEnv;
use support::handshake::{Setup, open, refused};
use support::reference::{hmac_md5, md5, rc4};

/// Client and server of a fresh context with these properties.
fn pair(asked: ContextFlags) -> (MessageProtection, MessageProtection) {
    let (client, server) = contexts(&FixedEnv::new(), asked);
    (open(&client), open(&server))
}

fn contexts(env: &FixedEnv, asked: ContextFlags) -> (PackedContext, PackedContext) {
    let mut setup = Setup::new(env);
    setup.asked = asked;
    setup.run().unwrap()
}

/// A world in which there is no extended session security.
fn old_world() -> FixedEnv {
    FixedEnv::new().with_policy(|policy| {
        let lax = NtlmMinSec { ntlm2_session: false, bits_128: false };
        policy.lm_compatibility_level = 0;
        policy.ntlm_min_client_sec = lax;
        policy.ntlm_min_server_sec = lax;
    })
}

/// Sealed contexts of both kinds.
fn both_kinds() -> [(MessageProtection, MessageProtection); 2] {
    [FixedEnv::new(), old_world()].map(|env| {
        let (client, server) = contexts(&env, SEALED);
        (open(&client), open(&server))
    })
}

const SIGNED: ContextFlags = ContextFlags::INTEGRITY;
const SEALED: ContextFlags = ContextFlags::CONFIDENTIALITY.union(ContextFlags::INTEGRITY);

fn sign(from: &mut MessageProtection, text: &[u8]) -> [u8; 16] {
    let mut token = [0; 16];
    from.sender.sign(Qop::Default, &[text], &mut token, 0).unwrap();
    token
}

fn seal(from: &mut MessageProtection, text: &[u8]) -> ([u8; 16], Vec<u8>) {
    let (mut token, mut data) = ([0; 16], text.to_vec());
    from.sender.seal(Qop::Default, &mut [Part::Data(&mut data)], &mut token, &mut [], 0).unwrap();
    (token, data)
}

/// Bits of a signature that mean something: without extended session security the pad does not.
fn meaningful_bits(protection: &MessageProtection) -> impl Iterator<Item = usize> + use<> {
    let extended = protection.key_info.signature_name == "HMAC-MD5";
    (0..128).filter(move |bit| extended || !(32..64).contains(bit))
}

#[test]
fn n22_every_flipped_bit_is_seen_and_the_true_message_still_verifies() {
    for (mut client, mut server) in both_kinds() {
        for _ in 0..3 {
            let token = sign(&mut client, b"signed text");
            for bit in meaningful_bits(&server) {
                let mut forged = token;
                forged[bit / 8] ^= 1 << (bit % 8);
                let result = server.receiver.verify(&[b"signed text"], &forged, 0);
                refused(result, PeerFault::MessageAltered);
            }
            let result = server.receiver.verify(&[b"signed texT"], &token, 0);
            refused(result, PeerFault::MessageAltered);
            server.receiver.verify(&[b"signed text"], &token, 0).unwrap();
        }
    }
}

#[test]
fn n22_a_forged_sealed_message_leaves_buffers_and_stream_as_they_were() {
    for (mut client, mut server) in both_kinds() {
        for length in [0, 1, 63, 64, 65, 1000] {
            let text = vec![b't'; length];
            let (token, sealed) = seal(&mut client, &text);
            for bit in meaningful_bits(&server) {
                let (mut forged, mut data) = (token, sealed.clone());
                forged[bit / 8] ^= 1 << (bit % 8);
                let parts = &mut [Part::Data(&mut data)];
                let result = server.receiver.unseal(parts, &mut forged, &mut [], 0);
                refused(result, PeerFault::MessageAltered);
                assert_eq!(data, sealed);
            }
            for at in 0..length.min(70) {
                let mut stream = [&token[..], &sealed].concat();
                stream[16 + at] ^= 0x40;
                let before = stream.clone();
                let result = server.receiver.unseal_stream(&mut stream, 0);
                refused(result, PeerFault::MessageAltered);
                assert_eq!(stream, before);
            }
            let (mut token, mut data) = (token, sealed);
            let parts = &mut [Part::Data(&mut data)];
            server.receiver.unseal(parts, &mut token, &mut [], 0).unwrap();
            assert_eq!(data, text);
        }
    }
}

#[test]
fn n22_messages_out_of_order_are_refused() {
    for (mut client, mut server) in both_kinds() {
        let first = sign(&mut client, b"one");
        let second = sign(&mut client, b"two");
        let third = sign(&mut client, b"three");
        refused(server.receiver.verify(&[b"two"], &second, 0), PeerFault::MessageAltered);
        server.receiver.verify(&[b"one"], &first, 0).unwrap();
        refused(server.receiver.verify(&[b"one"], &first, 0), PeerFault::MessageAltered);
        refused(server.receiver.verify(&[b"three"], &third, 0), PeerFault::MessageAltered);
        server.receiver.verify(&[b"two"], &second, 0).unwrap();
        server.receiver.verify(&[b"three"], &third, 0).unwrap();
    }
}

#[test]
fn n22_a_message_does_not_come_back_to_its_sender() {
    let (mut client, mut server) = pair(SEALED);
    let token = sign(&mut client, b"text");
    refused(client.receiver.verify(&[b"text"], &token, 0), PeerFault::MessageAltered);
    server.receiver.verify(&[b"text"], &token, 0).unwrap();
}

#[test]
fn n22_short_signatures_are_never_read_past_their_end() {
    let unsigned = [pair(ContextFlags::empty())];
    for (mut client, mut server) in both_kinds().into_iter().chain(unsigned) {
        for length in 0..16 {
            let mut token = vec![0; length];
            let result = client.sender.sign(Qop::Default, &[b"x"], &mut token, 0);
            refused(result, CallerFault::BufferTooSmall);
            let result = server.receiver.verify(&[b"x"], &token, 0);
            refused(result, PeerFault::MalformedToken);
        }
        // Nothing was used up by the attempts.
        let token = sign(&mut client, b"x");
        server.receiver.verify(&[b"x"], &token, 0).unwrap();
    }
    for (mut client, mut server) in both_kinds() {
        for length in 0..16 {
            let mut data = *b"text";
            let mut token = vec![0; length];
            let parts = &mut [Part::Data(&mut data)];
            let result = client.sender.seal(Qop::Default, parts, &mut token, &mut [], 0);
            refused(result, CallerFault::BufferTooSmall);
            let parts = &mut [Part::Data(&mut data)];
            let result = server.receiver.unseal(parts, &mut token, &mut [], 0);
            refused(result, PeerFault::MalformedToken);
            assert_eq!(&data, b"text");
            let mut stream = vec![0; length];
            let result = server.receiver.unseal_stream(&mut stream, 0);
            refused(result, PeerFault::MalformedToken);
        }
        let (token, data) = seal(&mut client, b"");
        let mut stream = [&token[..], &data].concat();
        assert_eq!(server.receiver.unseal_stream(&mut stream, 0).unwrap().data, 16..16);
    }
}

#[test]
fn a_longer_token_buffer_is_used_at_its_beginning() {
    for (mut client, mut server) in both_kinds() {
        let mut token = [0xEE; 40];
        assert_eq!(client.sender.sign(Qop::Default, &[b"x"], &mut token, 0).unwrap(), 16);
        assert_eq!(token[16..], [0xEE; 24]);
        server.receiver.verify(&[b"x"], &token, 0).unwrap();
    }
}

#[test]
fn parts_are_one_message_however_they_are_cut() {
    for (mut client, mut server) in both_kinds() {
        let text: Vec<u8> = (0..=255).collect();
        for cut in [0, 1, 59, 60, 61, 64, 128, 255, 256] {
            let mut data = text.clone();
            let mut token = [0; 16];
            let (head, tail) = data.split_at_mut(cut);
            let parts = &mut [Part::Data(head), Part::Data(&mut []), Part::Data(tail)];
            client.sender.seal(Qop::Default, parts, &mut token, &mut [], 0).unwrap();
            let mut stream = [&token[..], &data].concat();
            let opened = server.receiver.unseal_stream(&mut stream, 0).unwrap();
            assert_eq!(stream[opened.data], text);
            let token = sign(&mut client, &text);
            server.receiver.verify(&[&text[..cut], &text[cut..]], &token, 0).unwrap();
        }
    }
}

#[test]
fn signed_parts_are_covered_and_never_changed() {
    let (mut client, mut server) = pair(SEALED);
    let (header, trailer) = (b"header".to_vec(), b"trailer".to_vec());
    let mut body = *b"body";
    let mut token = [0; 16];
    let parts = &mut [Part::Signed(&header), Part::Data(&mut body), Part::Signed(&trailer)];
    client.sender.seal(Qop::Default, parts, &mut token, &mut [], 0).unwrap();
    assert_ne!(&body, b"body");
    let parts = &mut [Part::Signed(b"Header"), Part::Data(&mut body), Part::Signed(&trailer)];
    let result = server.receiver.unseal(parts, &mut token, &mut [], 0);
    refused(result, PeerFault::MessageAltered);
    let parts = &mut [Part::Signed(&header), Part::Data(&mut body), Part::Signed(&trailer)];
    server.receiver.unseal(parts, &mut token, &mut [], 0).unwrap();
    assert_eq!(&body, b"body");
}

/// Observed at Windows: without SEAL a sealed message is a signed one, whatever is asked for;
/// with SEAL it is always encrypted.
#[test]
fn the_context_decides_whether_a_message_is_encrypted() {
    for (asked, encrypted) in [(SIGNED, false), (SEALED, true)] {
        let (mut client, mut server) = pair(asked);
        for qop in [Qop::Default, Qop::WrapNoEncrypt] {
            let (mut token, mut data) = ([0; 16], *b"plain text");
            let parts = &mut [Part::Data(&mut data)];
            client.sender.seal(qop, parts, &mut token, &mut [], 0).unwrap();
            assert_eq!(&data != b"plain text", encrypted);
            let parts = &mut [Part::Data(&mut data)];
            let reported = server.receiver.unseal(parts, &mut token, &mut [], 0).unwrap();
            assert_eq!((&data, reported), (b"plain text", None));
            client.sender.sign(qop, &[b"x"], &mut token, 0).unwrap();
            server.receiver.verify(&[b"x"], &token, 0).unwrap();
        }
    }
}

#[test]
fn an_unsigned_context_signs_with_nothing_and_seals_not_at_all() {
    let (mut client, mut server) = pair(ContextFlags::empty());
    let token = sign(&mut client, b"anything");
    assert_eq!(token, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    server.receiver.verify(&[b"something else"], &token, 0).unwrap();
    let other = [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    refused(server.receiver.verify(&[b"anything"], &other, 0), PeerFault::MessageAltered);
    let (mut token, mut data) = ([0; 16], *b"text");
    let parts = &mut [Part::Data(&mut data)];
    let result = client.sender.seal(Qop::Default, parts, &mut token, &mut [], 0);
    refused(result, CallerFault::Unsupported);
    let parts = &mut [Part::Data(&mut data)];
    let result = server.receiver.unseal(parts, &mut token, &mut [], 0);
    refused(result, CallerFault::Unsupported);
    refused(server.receiver.unseal_stream(&mut [0; 20], 0), CallerFault::Unsupported);
}

/// The messages themselves, made again from the session key with other crates.
#[test]
fn messages_agree_with_an_independent_implementation() {
    let (client, _) = contexts(&FixedEnv::new(), SEALED);
    let key = client.session_key.expose();
    let of = |what: &[u8]| {
        md5(&[key, b"session key to client-to-server ", what, b" key magic constant\0"])
    };
    let (signing, sealing) = (of(b"signing"), of(b"sealing"));
    let mut sender = open(&client);
    let texts: Vec<Vec<u8>> = (0..6_u8).map(|n| vec![n; 1 << (2 * n)]).collect();
    let mut plain = Vec::new();
    let mut ours = Vec::new();
    for (seq, text) in texts.iter().enumerate() {
        let seq = u32::try_from(seq).unwrap().to_le_bytes();
        plain.extend_from_slice(text);
        plain.extend_from_slice(&hmac_md5(&signing, &[&seq, text])[..8]);
        let (token, data) = seal(&mut sender, text);
        assert_eq!((token[..4].to_vec(), &token[12..]), (vec![1, 0, 0, 0], &seq[..]));
        ours.extend_from_slice(&data);
        ours.extend_from_slice(&token[4..12]);
    }
    // One keystream runs through all data and checksums.
    assert_eq!(ours, rc4(&sealing, &plain));
}

/// The sequence of a context without extended session security is the order of all messages.
#[test]
fn without_extended_session_security_both_directions_take_turns() {
    let (client, server) = contexts(&old_world(), SEALED);
    let (mut client, mut server) = (open(&client), open(&server));
    let first = sign(&mut client, b"first");
    // The server answers before it has read: the two streams are apart.
    let early = sign(&mut server, b"early");
    refused(client.receiver.verify(&[b"early"], &early, 0), PeerFault::MessageAltered);
    refused(server.receiver.verify(&[b"first"], &first, 0), PeerFault::MessageAltered);
}

#[test]
fn one_thread_sends_while_another_receives() {
    let (client, server) = pair(SEALED);
    let (to_server, from_client) = mpsc::sync_channel(8);
    let (to_client, from_server) = mpsc::sync_channel(8);
    std::thread::scope(|scope| {
        scope.spawn(move || send_many(client.sender, &to_server));
        scope.spawn(move || send_many(server.sender, &to_client));
        scope.spawn(move || receive_many(client.receiver, &from_server));
        scope.spawn(move || receive_many(server.receiver, &from_client));
    });
}

const MANY: u8 = 200;

fn send_many(mut sender: Box<dyn MessageSender>, out: &mpsc::SyncSender<Vec<u8>>) {
    for n in 0..MANY {
        let (mut token, mut data) = ([0; 16], vec![n; usize::from(n) * 3]);
        let parts = &mut [Part::Data(&mut data)];
        sender.seal(Qop::Default, parts, &mut token, &mut [], 0).unwrap();
        out.send([&token[..], &data].concat()).unwrap();
    }
}

fn receive_many(mut receiver: Box<dyn MessageReceiver>, input: &mpsc::Receiver<Vec<u8>>) {
    for n in 0..MANY {
        let mut stream = input.recv().unwrap();
        let opened = receiver.unseal_stream(&mut stream, 0).unwrap();
        assert_eq!(stream[opened.data], vec![n; usize::from(n) * 3]);
    }
}
