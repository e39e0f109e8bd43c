//! Kerberos keys: what decrypts is what was encrypted, however it lies in memory.

use secur32::crypto::kerberos::{Enctype, Key, Piece};

const ENCTYPES: [i32; 5] = [17, 18, 19, 20, 23];

/// The key that the first byte of an input chooses.
pub fn key(choice: u8) -> Key {
    let enctype = Enctype::from_number(ENCTYPES[usize::from(choice) % ENCTYPES.len()]).unwrap();
    Key::new(enctype, &vec![choice | 1; enctype.key_length()]).unwrap()
}

/// A key, a usage, where to cut; then a ciphertext, which is also a plaintext and a checksum.
pub fn krb_decrypt(data: &[u8]) {
    let Some((&[choice, usage, first, second], message)) = data.split_first_chunk() else { return };
    let (key, usage) = (key(choice), u32::from(usage));
    if let Ok(plaintext) = key.decrypt(usage, message) {
        let confounder = confounder(&key, usage, message);
        assert_eq!(key.encrypt(usage, &confounder, plaintext.expose()), message);
    }
    let own = key.enctype().checksum_type();
    let verified = key.verify_checksum(usage, own, &[message], message);
    assert!(verified.is_err(), "a message is not its own checksum");
    cut(&key, usage, message, [first, second].map(usize::from));
}

/// The message in three pieces is what it is in one, there and back.
fn cut(key: &Key, usage: u32, message: &[u8], [first, second]: [usize; 2]) {
    let cipher = key.cipher(usage);
    let (mut whole, mut pieces) = (message.to_vec(), message.to_vec());
    let mut tags = [(); 2].map(|()| vec![0; key.enctype().tag_length()]);
    let sealed = cipher.seal(&mut [Piece::Encrypt(&mut whole)], &mut tags[0]);
    let (a, rest) = pieces.split_at_mut(first.min(message.len()));
    let (b, c) = rest.split_at_mut(second.min(rest.len()));
    let in_pieces = &mut [Piece::Encrypt(a), Piece::Encrypt(b), Piece::Encrypt(c)];
    assert_eq!(cipher.seal(in_pieces, &mut tags[1]), sealed);
    if sealed.is_ok() {
        cipher.open(in_pieces, &tags[0]).unwrap();
        assert_eq!(tags[0], tags[1]);
        cipher.open(&mut [Piece::Encrypt(&mut whole)], &tags[1]).unwrap();
    }
    assert_eq!((&whole[..], &pieces[..]), (message, message));
}

/// What an opened message begins with.
fn confounder(key: &Key, usage: u32, ciphertext: &[u8]) -> Vec<u8> {
    let (tag, confounder) = (key.enctype().tag_length(), key.enctype().confounder_length());
    let (message, tag) = if key.enctype() == Enctype::Rc4Hmac {
        (&ciphertext[tag..], &ciphertext[..tag])
    } else {
        ciphertext.split_at(ciphertext.len() - tag)
    };
    let mut message = message.to_vec();
    key.cipher(usage).open(&mut [Piece::Encrypt(&mut message)], tag).unwrap();
    message[..confounder].to_vec()
}
