//! Kerberos' protected messages.

use secur32::crypto::kerberos::{Enctype, Key, Piece};
use secur32::kerberos::seal;
use secur32::spi::flags::ContextFlags;
use secur32::spi::message::{MessageProtection, Part, Qop};
use secur32::spi::packed::PackedContext;

use super::Sample;
use super::kerberos_ends::{ENCTYPES, ends};

/// The first byte chooses the enctype, the layout, and whether the rest is a forged message or
/// the inside of a genuine one.
pub fn krb_unseal(data: &[u8]) {
    let Some((choice, rest)) = data.split_first() else { return };
    let enctype = ENCTYPES[usize::from(choice & 7) % ENCTYPES.len()];
    let mut flags = ContextFlags::CONFIDENTIALITY | ContextFlags::INTEGRITY;
    flags.set(ContextFlags::DCE_STYLE, choice & 8 != 0);
    let [initiator, acceptor] = ends(enctype, flags);
    if choice & 16 == 0 || enctype == Enctype::Rc4Hmac {
        forged(&acceptor, rest);
    } else {
        genuine(&initiator, &acceptor, enctype, rest);
    }
}

/// Nobody without the key makes a message.
fn forged(acceptor: &PackedContext, data: &[u8]) {
    let mut end = open(acceptor);
    assert!(end.receiver.unseal_stream(&mut data.to_vec(), 0).is_err());
    for length in [16, 28, 45, 46, 60, 64, 72, 76, 80, 88] {
        split(&mut end, data, length, false);
        if let Some((token, text)) = data.split_at_checked(length) {
            assert!(end.receiver.verify(&[text], token, 0).is_err());
        }
    }
}

/// The peer has the key and makes what it likes: a header, and what is encrypted behind it.
fn genuine(initiator: &PackedContext, acceptor: &PackedContext, enctype: Enctype, data: &[u8]) {
    let Some((header, content)) = data.split_first_chunk::<16>() else { return };
    let key = Key::new(enctype, initiator.session_key.expose()).unwrap();
    let (mut confounder, mut sealed) = ([3; 16], content.to_vec());
    let mut tag = vec![0; enctype.tag_length()];
    let pieces = &mut [Piece::Encrypt(&mut confounder), Piece::Encrypt(&mut sealed)];
    key.cipher(24).seal(pieces, &mut tag).unwrap();
    let mut body = [&confounder[..], &sealed, &tag].concat();
    let turned = usize::from(u16::from_be_bytes([header[6], header[7]])) % body.len();
    body.rotate_right(turned);
    let message = [header, &body[..]].concat();

    let mut end = open(acceptor);
    let mut stream = message.clone();
    if let Ok(opened) = end.receiver.unseal_stream(&mut stream, 0) {
        let text = &stream[opened.data];
        let extra = usize::from(u16::from_be_bytes([header[4], header[5]]));
        assert_eq!(text.len() + extra + 16, content.len());
        assert!(content.starts_with(text));
    }
    for length in [16, 60, 64, 72, 76, 80, 88] {
        split(&mut end, &message, length, true);
    }
}

fn split(end: &mut MessageProtection, message: &[u8], length: usize, may_open: bool) {
    let mut message = message.to_vec();
    let Some((token, data)) = message.split_at_mut_checked(length) else { return };
    let (data, padding) = data.split_at_mut(data.len().saturating_sub(1));
    let opened = end.receiver.unseal(&mut [Part::Data(data)], token, padding, 0);
    assert!(may_open || opened.is_err());
}

fn open(context: &PackedContext) -> MessageProtection {
    seal::open(context).unwrap()
}

/// Forged messages of each enctype and layout, and the insides of genuine ones.
pub fn samples() -> Vec<Sample> {
    let mut targets: Vec<Sample> = Vec::new();
    for choice in 0..16_u8 {
        let enctype = ENCTYPES[usize::from(choice & 7) % ENCTYPES.len()];
        let mut flags = ContextFlags::CONFIDENTIALITY;
        flags.set(ContextFlags::DCE_STYLE, choice & 8 != 0);
        let [initiator, _] = ends(enctype, flags);
        let mut sender = seal::open(&initiator).unwrap().sender;
        for qop in [Qop::Default, Qop::WrapNoEncrypt] {
            let (mut token, mut data, mut padding) = ([0; 88], [7; 50], [0]);
            let parts = &mut [Part::Data(&mut data)];
            let sealed = sender.seal(qop, parts, &mut token, &mut padding, 0).unwrap();
            // In more places than a mutation could put right by chance.
            for byte in data.iter_mut().step_by(5) {
                *byte ^= 1;
            }
            let token = &token[..sealed.token];
            let forged = [&[choice], token, &data, &padding[..sealed.padding]].concat();
            targets.push((krb_unseal as fn(&[u8]), forged));
        }
        let header = [5, 4, 6, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0xE8];
        let inside = [&[choice | 16], &header[..], &[7; 50], &header].concat();
        targets.push((krb_unseal as fn(&[u8]), inside));
    }
    targets
}
