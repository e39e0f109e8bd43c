//! N23: RC4 and the numbers after the list was signed, computed beside the library.

use secur32::spi::message::{Part, Qop};
use secur32::spi::packed::{PackedContext, Role};

use crate::support::reference::{hmac_md5, md5, rc4};
use crate::support::spnego::{Ends, Init, Resp, open};

/// SIGNKEY and SEALKEY of [MS-NLMP] 3.4.5 for 128-bit extended session security.
pub struct Keys {
    sign: [u8; 16],
    seal: [u8; 16],
}

impl Keys {
    pub fn of(session_key: &[u8], by: Role) -> Self {
        let way = match by {
            Role::Initiator => "client-to-server",
            Role::Acceptor => "server-to-client",
        };
        let key = |kind| {
            let constant = format!("session key to {way} {kind} key magic constant\0");
            md5(&[session_key, constant.as_bytes()])
        };
        Self { sign: key("signing"), seal: key("sealing") }
    }

    /// The signature of a text at an offset of the keystream.
    pub fn signature(&self, text: &[u8], number: u32, offset: usize) -> Vec<u8> {
        let number = number.to_le_bytes();
        let checksum = &hmac_md5(&self.sign, &[&number, text])[..8];
        let stream = rc4(&self.seal, &vec![0; offset + 8]);
        let hidden: Vec<u8> =
            checksum.iter().zip(&stream[offset..]).map(|(byte, key)| byte ^ key).collect();
        [&[1, 0, 0, 0], &hidden[..], &number].concat()
    }

    /// The ciphertext of a text at the beginning of the keystream, and its signature.
    pub fn sealed(&self, text: &[u8], number: u32) -> (Vec<u8>, Vec<u8>) {
        (rc4(&self.seal, text), self.signature(text, number, text.len()))
    }
}

fn seal(context: &PackedContext, text: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (mut token, mut data) = (vec![0; 16], text.to_vec());
    let parts = &mut [Part::Data(&mut data)];
    open(context).sender.seal(Qop::Default, parts, &mut token, &mut [], 0).unwrap();
    (data, token)
}

#[test]
fn n23_the_keystream_begins_anew_and_the_numbers_go_on() {
    for ends in [Ends::ntlm(), Ends::fallback()] {
        let talk = ends.run();
        let (client, server) = talk.both();
        let list = Init::read(&talk.tokens[0]).unwrap().list.unwrap();
        let legs = talk.tokens.len();
        for (context, leg) in [(client, legs - 2), (server, legs - 1)] {
            let keys = Keys::of(context.session_key.expose(), context.role);
            let mic = Resp::read(&talk.tokens[leg]).unwrap().mic.unwrap();
            assert_eq!(mic, keys.signature(&list, 0, 0));
            let text = b"the first message";
            assert_eq!(seal(context, text), keys.sealed(text, 1));
        }
    }
}

/// A handshake in which nobody signed begins at 0.
#[test]
fn n23_without_a_signature_the_numbers_begin_at_0() {
    use crate::raw::raw_ntlm;
    let (client, server) = raw_ntlm();
    for context in [client, server] {
        let keys = Keys::of(context.session_key.expose(), context.role);
        let text = b"the first message";
        assert_eq!(seal(&context, text), keys.sealed(text, 0));
    }
}

/// The signature of the list is no message: it does not verify as one, and no message as it.
#[test]
fn n23_the_signature_of_the_list_is_no_message() {
    let talk = Ends::ntlm().run();
    let (client, server) = talk.both();
    let list = Init::read(&talk.tokens[0]).unwrap().list.unwrap();
    let mic = |leg: usize| Resp::read(&talk.tokens[leg]).unwrap().mic.unwrap();
    assert!(open(server).receiver.verify(&[&list], &mic(2), 0).is_err());
    assert!(open(client).receiver.verify(&[&list], &mic(3), 0).is_err());
}
