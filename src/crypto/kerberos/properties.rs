//! What must hold for every key and every message, by random trials.

use aes::Aes128;
use proptest::collection::vec;
use proptest::prelude::*;

use super::hash::{HmacKey, Sha1};
use super::profile::KeyBytes;
use super::simplified::{constant, derive};
use super::{CryptoError, Enctype, Key, Piece};
use crate::spi::error::{Error, Fault, PeerFault};
use crate::spi::secret::SecretText;

const ALL: [Enctype; 5] = [
    Enctype::Aes128CtsHmacSha1,
    Enctype::Aes256CtsHmacSha1,
    Enctype::Aes128CtsHmacSha256,
    Enctype::Aes256CtsHmacSha384,
    Enctype::Rc4Hmac,
];

fn enctype() -> impl Strategy<Value = Enctype> {
    proptest::sample::select(ALL.to_vec())
}

fn key(enctype: Enctype) -> Key {
    Key::new(enctype, &(0..enctype.key_length()).map(|n| n as u8 ^ 0xA5).collect::<Vec<_>>())
        .unwrap()
}

fn wide(bytes: &[u8]) -> [u8; 32] {
    std::array::from_fn(|index| bytes.get(index).copied().unwrap_or(0))
}

/// The data in pieces, cut at these places, with sign-only pieces of a few bytes between some.
fn cut<'a>(data: &'a mut [u8], cuts: &[(usize, usize)], sign_only: &'a [u8]) -> Vec<Piece<'a>> {
    let (mut pieces, mut rest) = (Vec::new(), data);
    for &(length, between) in cuts {
        let (piece, behind) = rest.split_at_mut(length.min(rest.len()));
        pieces.push(Piece::Encrypt(piece));
        if between > 0 {
            pieces.push(Piece::SignOnly(&sign_only[..between]));
        }
        rest = behind;
    }
    pieces.push(Piece::Encrypt(rest));
    pieces
}

/// Of a few bytes and of many, so that blocks lie across pieces and runs lie in one.
fn cuts() -> impl Strategy<Value = Vec<(usize, usize)>> {
    vec((prop_oneof![0..20_usize, 0..400_usize], prop_oneof![Just(0_usize), 1..70_usize]), 0..12)
}

proptest! {
    #[test]
    fn what_is_encrypted_is_decrypted(
        enctype in enctype(),
        usage in any::<u32>(),
        confounder in vec(any::<u8>(), 16),
        plaintext in vec(any::<u8>(), 0..700),
    ) {
        let key = key(enctype);
        let confounder = &confounder[..enctype.confounder_length()];
        let ciphertext = key.encrypt(usage, confounder, &plaintext);
        let overhead = enctype.confounder_length() + enctype.tag_length();
        prop_assert_eq!(ciphertext.len(), plaintext.len() + overhead);
        let decrypted = key.decrypt(usage, &ciphertext).unwrap();
        prop_assert_eq!(decrypted.expose(), &plaintext[..]);
        let other = usage.wrapping_add(1);
        prop_assert_eq!(key.decrypt(other, &ciphertext).err(), Some(CryptoError::Integrity));
    }

    /// Sign-only pieces change nothing but the tag.
    #[test]
    fn pieces_are_as_their_concatenation(
        enctype in enctype(),
        message in vec(any::<u8>(), 16..1500),
        cuts in cuts(),
    ) {
        let cipher = key(enctype).cipher(24);
        let sign_only: Vec<u8> = (0..70).collect();
        let (mut whole, mut tag) = (message.clone(), vec![0; enctype.tag_length()]);
        cipher.seal(&mut [Piece::Encrypt(&mut whole)], &mut tag).unwrap();

        let (mut scattered, mut its_tag) = (message.clone(), vec![0; enctype.tag_length()]);
        cipher.seal(&mut cut(&mut scattered, &cuts, &sign_only), &mut its_tag).unwrap();
        let alone = cuts.iter().all(|&(_, between)| between == 0);
        prop_assert_eq!(its_tag == tag, alone);
        if alone || enctype != Enctype::Rc4Hmac {
            // RC4's key is made of the tag.
            prop_assert_eq!(&scattered, &whole);
        }

        // Cut in another way, with the same sign-only bytes in the same places or none.
        cipher.open(&mut cut(&mut scattered, &cuts, &sign_only), &its_tag).unwrap();
        prop_assert_eq!(&scattered, &message);
        cipher.open(&mut cut(&mut whole, &[(3, 0), (0, 0), (14, 0), (1, 0)], &[]), &tag).unwrap();
        prop_assert_eq!(&whole, &message);
    }

    /// As RFC 3961 and MIT's iov calls have it: the tag is of the pieces in their order.
    #[test]
    fn the_tag_of_plaintext_is_of_all_pieces_in_order(
        message in vec(any::<u8>(), 16..600),
        cuts in cuts(),
    ) {
        let key = key(Enctype::Aes128CtsHmacSha1);
        let sign_only: Vec<u8> = (0..70).collect();
        let (mut copy, mut tag) = (message.clone(), [0; 12]);
        let mut concatenation = Vec::new();
        for piece in cut(&mut copy, &cuts, &sign_only) {
            match piece {
                Piece::Encrypt(bytes) => concatenation.extend_from_slice(bytes),
                Piece::SignOnly(bytes) => concatenation.extend_from_slice(bytes),
            }
        }
        key.cipher(24).seal(&mut cut(&mut copy, &cuts, &sign_only), &mut tag).unwrap();
        let derived = derive::<Aes128>(&KeyBytes::new(wide(key.expose())), &constant(24, 0x55));
        let integrity = HmacKey::<Sha1>::new(&derived.expose()[..16]);
        prop_assert_eq!(&integrity.mac(&[&concatenation])[..12], &tag[..]);
    }

    #[test]
    fn checksums_are_of_the_concatenation(
        enctype in enctype(),
        data in vec(any::<u8>(), 0..400),
        at in any::<prop::sample::Index>(),
    ) {
        let key = key(enctype);
        let whole = key.checksum(23, &[&data]);
        let (a, b) = data.split_at(at.index(data.len() + 1));
        prop_assert_eq!(&key.checksum(23, &[a, &[], b]), &whole);
        let swapped = key.verify_checksum(23, enctype.checksum_type(), &[b, a], &whole);
        prop_assert_eq!(swapped.is_ok(), [b, a].concat() == data);
    }
}

#[test]
fn every_changed_bit_is_refused() {
    for enctype in ALL {
        let key = key(enctype);
        let cipher = key.cipher(2);
        for length in [0, 1, 16, 33, 100] {
            let ciphertext = cipher.encrypt(&[7; 16], &vec![3; length]);
            for bit in 0..ciphertext.len() * 8 {
                let mut changed = ciphertext.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                let refused = cipher.decrypt(&changed).err();
                assert_eq!(refused, Some(CryptoError::Integrity), "{enctype} {length} {bit}");
            }
        }
        let checksum = key.checksum(6, &[b"data"]);
        for bit in 0..checksum.len() * 8 {
            let mut changed = checksum.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let refused = key.verify_checksum(6, enctype.checksum_type(), &[b"data"], &changed);
            assert_eq!(refused, Err(CryptoError::Integrity), "{enctype} {bit}");
        }
    }
}

#[test]
fn every_other_length_is_refused() {
    for enctype in ALL {
        let key = key(enctype);
        let ciphertext = key.encrypt(2, &[7; 16], b"something");
        for length in 0..ciphertext.len() {
            assert!(key.decrypt(2, &ciphertext[..length]).is_err(), "{enctype} {length}");
        }
        let longer = [&ciphertext[..], &[0]].concat();
        assert_eq!(key.decrypt(2, &longer).err(), Some(CryptoError::Integrity), "{enctype}");
        let bytes = vec![1; enctype.key_length() + 1];
        for length in (0..=bytes.len()).filter(|&length| length != enctype.key_length()) {
            let refused = Key::new(enctype, &bytes[..length]).err();
            assert_eq!(refused, Some(CryptoError::KeyLength(enctype)), "{length}");
        }
    }
}

#[test]
fn buffers_that_make_no_message_are_left_alone() {
    for enctype in ALL {
        let cipher = key(enctype).cipher(24);
        let mut tag = vec![0; enctype.tag_length()];
        let mut data = [5; 15];
        let pieces = &mut [Piece::Encrypt(&mut data)];
        if enctype != Enctype::Rc4Hmac {
            assert_eq!(cipher.seal(pieces, &mut tag), Err(CryptoError::Buffers), "{enctype}");
            assert_eq!(data, [5; 15], "{enctype}");
        }
        let pieces = &mut [Piece::Encrypt(&mut data)];
        assert_eq!(cipher.seal(pieces, &mut tag[1..]), Err(CryptoError::Buffers), "{enctype}");
        assert_eq!(cipher.open(pieces, &tag[1..]), Err(CryptoError::Integrity), "{enctype}");
        assert_eq!(cipher.open(pieces, &[]), Err(CryptoError::Integrity), "{enctype}");
    }
}

#[test]
fn k13_iteration_counts_have_bounds() {
    let password = SecretText::from_str_secret("password");
    for (enctype, default) in ALL.into_iter().zip([4096_u32, 4096, 32768, 32768]) {
        let made =
            |bytes: &[u8]| Key::from_password(enctype, &password, b"salt", Some(bytes)).map(|_| ());
        assert_eq!(made(&default.to_be_bytes()), Ok(()), "{enctype}");
        for count in [0, 1, default - 1, (1 << 20) + 1, 1 << 24, u32::MAX] {
            let refused = made(&count.to_be_bytes());
            assert_eq!(refused, Err(CryptoError::Iterations(count)), "{enctype}");
        }
        for malformed in [&[][..], &[0, 0x10, 0], &[0, 0, 0x10, 0, 0]] {
            let refused = made(malformed);
            assert_eq!(refused, Err(CryptoError::Parameters(enctype)), "{enctype}");
        }
    }
    let rc4 = Key::from_password(Enctype::Rc4Hmac, &password, b"", Some(&[0, 0, 0x10, 0]));
    assert_eq!(rc4.err(), Some(CryptoError::Parameters(Enctype::Rc4Hmac)));
}

#[test]
fn half_a_surrogate_pair_is_no_password_of_aes() {
    let password = SecretText::new(vec![0x61, 0xD834]);
    for enctype in ALL {
        let made = Key::from_password(enctype, &password, b"salt", None).map(|_| ());
        // RC4 hashes the units as they are, as Windows does.
        let expected = if enctype.is_weak() { Ok(()) } else { Err(CryptoError::Password) };
        assert_eq!(made, expected, "{enctype}");
    }
}

#[test]
fn k15_a_checksum_of_another_type_or_length_is_refused() {
    // Among them what needs no key: CRC-32, MD4, MD5, SHA-1.
    let types = [0, 1, 2, 7, 9, 10, 14, 0x8003, 15, 16, 19, 20, -138];
    for enctype in ALL {
        let key = key(enctype);
        let checksum = key.checksum(6, &[b"data"]);
        for number in types.into_iter().filter(|&number| number != enctype.checksum_type()) {
            let refused = key.verify_checksum(6, number, &[b"data"], &checksum);
            assert_eq!(refused, Err(CryptoError::ChecksumType(number)), "{enctype}");
        }
        let longer = [&checksum[..], &[0]].concat();
        for wrong in (0..checksum.len()).map(|length| &checksum[..length]).chain([&longer[..]]) {
            let refused = key.verify_checksum(6, enctype.checksum_type(), &[b"data"], wrong);
            assert_eq!(refused, Err(CryptoError::Integrity), "{enctype} {}", wrong.len());
        }
        let verified = key.verify_checksum(6, enctype.checksum_type(), &[b"data"], &checksum);
        assert_eq!(verified, Ok(()), "{enctype}");
    }
}

#[test]
fn k16_rc4_makes_no_checksum_where_aes_is_due() {
    // The checksum of RC4 is keyed; with an AES key it is none all the same.
    let rc4 = key(Enctype::Rc4Hmac);
    let forged = rc4.checksum(17, &[b"ticket"]);
    for enctype in ALL.into_iter().filter(|&enctype| enctype != Enctype::Rc4Hmac) {
        assert!(!enctype.is_weak());
        let refused = key(enctype).verify_checksum(17, -138, &[b"ticket"], &forged);
        assert_eq!(refused, Err(CryptoError::ChecksumType(-138)));
    }
    assert!(Enctype::Rc4Hmac.is_weak());
}

#[test]
fn secrets_are_not_printed() {
    let key = key(Enctype::Aes256CtsHmacSha1);
    let text = format!("{key:?} {:?} {:?}", key.cipher(2), key.mac(2));
    let one = "(aes256-cts-hmac-sha1-96, [secret])";
    assert_eq!(text, format!("Key{one} CipherKey{one} MacKey{one}"));
}

#[test]
fn errors_have_a_fault_and_a_story() {
    let error = Error::from(CryptoError::Integrity);
    assert_eq!(error.fault(), Fault::Peer(PeerFault::MessageAltered));
    assert_eq!(error.story(), Some("the integrity check failed"));
}
