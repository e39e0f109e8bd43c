//! Attacks on messages: every one is refused, leaves no decrypted text, and the genuine message
//! still opens afterwards.

use super::*;
use crate::crypto::kerberos::Piece;

const SECRET: &[u8] = b"a secret that must not be seen, of fifty bytes....";

fn is_rc4(enctype: Enctype) -> bool {
    enctype == Enctype::Rc4Hmac
}

/// Refused in one block and in buffers, and nothing readable is left in either.
fn refuses(end: &mut MessageProtection, message: &[u8], token: usize, what: &str) {
    let gone =
        |bytes: &[u8]| !bytes.windows(8).any(|seen| SECRET.windows(8).any(|secret| secret == seen));
    let mut stream = message.to_vec();
    let error = end.receiver.unseal_stream(&mut stream, 0).expect_err(what);
    assert!(is_refusal(&error), "{what}: {error}");
    assert!(gone(&stream), "{what}: the text is left in the stream");
    for padding in [0, 1] {
        let mut buffers = message.to_vec();
        let (token, data) = buffers.split_at_mut(token.min(message.len()));
        let (data, pad) = data.split_at_mut(data.len().saturating_sub(padding));
        let parts = &mut [Part::Data(data)];
        // RC4 without its padding in PADDING takes it for text; that is no forgery.
        if let Err(error) = end.receiver.unseal(parts, token, pad, 0) {
            assert!(is_refusal(&error), "{what}: {error}");
        } else {
            panic!("{what}: opened in buffers, {padding}");
        }
        assert!(gone(&buffers), "{what}: the text is left in the buffers");
    }
}

fn is_refusal(error: &Error) -> bool {
    let fault = error.fault();
    fault == PeerFault::MalformedToken.into()
        || fault == PeerFault::UnexpectedToken.into()
        || fault == PeerFault::MessageAltered.into()
        // The checksum of RFC 4757 does not cover the number.
        || fault == PeerFault::OutOfSequence.into()
}

fn altered(error: &Error) -> bool {
    error.fault() == PeerFault::MessageAltered.into()
}

const AES: [Enctype; 4] = {
    let [aes @ .., _] = ENCTYPES;
    aes
};

#[test]
fn g1_the_extra_count_in_clear_is_compared_with_the_encrypted_one() {
    for enctype in AES {
        for flags in [STREAM, DCE] {
            let [mut from, mut to] = ends(enctype, flags);
            let (message, token) = seal(&mut from, Qop::Default, SECRET);
            let genuine = u16::from_be_bytes([message[4], message[5]]);
            for count in (0..=200).chain([0x7FFF, 0x8000, 0xFFFF]).filter(|&n| n != genuine) {
                let mut forged = message.clone();
                forged[4..6].copy_from_slice(&u16::to_be_bytes(count));
                refuses(&mut to, &forged, token, &format!("EC {count}"));
            }
            // In one block, turned so that everything lies where such an EC would have it.
            for count in 0..=40_u16 {
                let mut forged = message.clone();
                let turned = usize::from(genuine) * usize::from(flags == DCE) + 12 + 16;
                forged[16..].rotate_left(turned);
                forged[4..8].copy_from_slice(&[0, count as u8, 0, 0]);
                if count != genuine || flags == DCE || enctype.tag_length() != 12 {
                    assert!(open_stream(&mut to, &forged).is_err(), "EC {count}");
                }
            }
            assert_eq!(open_stream(&mut to, &message).unwrap().0, SECRET);
        }
    }
}

/// A sealed message whose ciphertext has this content, with a genuine tag, unturned.
fn craft(enctype: Enctype, header: [u8; 16], content: &[u8]) -> Vec<u8> {
    let (mut confounder, mut content) = ([7; 16], content.to_vec());
    let mut tag = vec![0; enctype.tag_length()];
    let pieces = &mut [Piece::Encrypt(&mut confounder), Piece::Encrypt(&mut content)];
    key(enctype).cipher(24).seal(pieces, &mut tag).unwrap();
    [&header[..], &confounder, &content, &tag].concat()
}

#[test]
fn g2_contents_too_short_for_their_extra_count_are_refused() {
    for enctype in AES {
        let header = |count: u16| {
            let [c0, c1] = count.to_be_bytes();
            [5, 4, 6, 0xFF, c0, c1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100]
        };
        let [_, mut to] = ends(enctype, STREAM);
        for length in 0..16 {
            let message = craft(enctype, header(0), &header(0)[..length]);
            refuses(&mut to, &message, 60, "no room for a header");
        }
        for (count, length) in [(1, 16), (16, 31), (17, 32), (65_535, 100), (84, 99)] {
            let content = [vec![9; length - 16], header(count).to_vec()].concat();
            let message = craft(enctype, header(count), &content);
            refuses(&mut to, &message, 60, "EC beyond the content");
        }
        // Any filler that fits is fine, whatever it is made of.
        for count in [0, 1, 15, 16, 84] {
            let [_, mut to] = ends(enctype, STREAM);
            let content = [vec![9; 84], header(count).to_vec()].concat();
            let opened = open_stream(&mut to, &craft(enctype, header(count), &content)).unwrap();
            assert_eq!(opened.0, vec![9; 84 - usize::from(count)]);
        }
    }
}

#[test]
fn g3_any_rotation_that_is_true_opens_and_any_other_does_not() {
    for enctype in AES {
        for (flags, qop) in [
            (STREAM, Qop::Default),
            (DCE, Qop::Default),
            (STREAM, Qop::WrapNoEncrypt),
            (DCE, Qop::WrapNoEncrypt),
        ] {
            let flags = flags - ContextFlags::SEQUENCE_DETECT - ContextFlags::REPLAY_DETECT;
            let [mut from, mut to] = ends(enctype, flags);
            let (message, token) = seal(&mut from, qop, SECRET);
            let length = message.len() - 16;
            let own = usize::from(message[7]);
            for rotation in (0..=2 * length + 3).chain([0x7FFF, 0xFFFE, 0xFFFF]) {
                let mut turned = message.clone();
                turned[6..8].copy_from_slice(&(rotation as u16).to_be_bytes());
                if rotation % length != own % length {
                    assert!(open_stream(&mut to, &turned).is_err(), "RRC {rotation} is a lie");
                    assert!(open_split(&mut to, &turned, token, 0).is_err());
                }
                turned[16..].rotate_left(own);
                turned[16..].rotate_right(rotation % length);
                let expected = (SECRET.to_vec(), qop);
                assert_eq!(open_stream(&mut to, &turned).unwrap(), expected, "RRC {rotation}");
                assert_eq!(open_split(&mut to, &turned, token, 0).unwrap(), expected);
            }
        }
    }
}

#[test]
fn g3_rotation_over_an_empty_text() {
    for enctype in AES {
        for qop in [Qop::Default, Qop::WrapNoEncrypt] {
            let [mut from, mut to] = ends(enctype, CONFIDENTIAL);
            let (mut message, token) = seal(&mut from, qop, b"");
            assert_eq!(open_stream(&mut to, &message).unwrap(), (vec![], qop));
            assert_eq!(open_split(&mut to, &message, token, 0).unwrap(), (vec![], qop));
            message.truncate(16);
            assert!(open_stream(&mut to, &message).is_err(), "nothing to turn");
            assert!(open_split(&mut to, &message, 16, 0).is_err());
        }
    }
}

#[test]
fn g4_every_truncation_and_extension_is_refused() {
    for enctype in ENCTYPES {
        for flags in [STREAM, DCE] {
            let [mut from, mut to] = ends(enctype, flags);
            for qop in [Qop::Default, Qop::WrapNoEncrypt] {
                let text = if qop == Qop::Default { SECRET } else { &[0xEE; 40] };
                let (message, token) = seal(&mut from, qop, text);
                for length in 0..message.len() {
                    refuses(&mut to, &message[..length], token, &format!("{enctype} {length}"));
                }
                let longer = [&message[..], &[1]].concat();
                assert!(open_stream(&mut to, &longer).is_err());
                assert_eq!(open_stream(&mut to, &message).unwrap().0, text);
            }
            let signature = sign(&mut from, SECRET);
            for length in 0..signature.len() {
                assert!(to.receiver.verify(&[SECRET], &signature[..length], 0).is_err());
            }
            let longer = [&signature[..], &[0]].concat();
            assert!(to.receiver.verify(&[SECRET], &longer, 0).is_err());
            to.receiver.verify(&[SECRET], &signature, 0).unwrap();
        }
    }
}

#[test]
fn g4_every_bit_of_every_message_counts() {
    for enctype in ENCTYPES {
        for flags in [STREAM, DCE] {
            let [mut from, mut to] = ends(enctype, flags);
            for qop in [Qop::Default, Qop::WrapNoEncrypt] {
                let text = if qop == Qop::Default { SECRET } else { &[0xEE; 50] };
                let (message, token) = seal(&mut from, qop, text);
                for bit in (0..message.len() * 8).filter(|&bit| !names_the_same(enctype, bit)) {
                    let mut forged = message.clone();
                    forged[bit / 8] ^= 1 << (bit % 8);
                    refuses(&mut to, &forged, token, &format!("{enctype} {qop:?} bit {bit}"));
                }
                assert_eq!(open_stream(&mut to, &message).unwrap().0, text);
            }
            let signature = sign(&mut from, SECRET);
            let bits = 0..signature.len() * 8;
            for bit in bits.filter(|&bit| !names_the_same(enctype, bit)) {
                let mut forged = signature.clone();
                forged[bit / 8] ^= 1 << (bit % 8);
                assert!(to.receiver.verify(&[SECRET], &forged, 0).is_err(), "{enctype} {bit}");
            }
            to.receiver.verify(&[SECRET], &signature, 0).unwrap();
        }
    }
}

/// One bit lies between the mechanism and its twin from Windows 2000; nothing depends on it.
fn names_the_same(enctype: Enctype, bit: usize) -> bool {
    is_rc4(enctype) && bit == 7 * 8 + 2
}

#[test]
fn g5_tokens_of_the_other_format_are_refused() {
    let [mut old, mut old_to] = ends(Enctype::Rc4Hmac, STREAM);
    for enctype in AES {
        let [mut new, mut new_to] = ends(enctype, STREAM);
        for qop in [Qop::Default, Qop::WrapNoEncrypt] {
            let (message, token) = seal(&mut old, qop, &[0xEE; 64]);
            refuses(&mut new_to, &message, token, "RFC 4757 for RFC 4121");
            let (message, token) = seal(&mut new, qop, &[0xEE; 64]);
            refuses(&mut old_to, &message, token, "RFC 4121 for RFC 4757");
        }
        let (old, new) = (sign(&mut old, b"text"), sign(&mut new, b"text"));
        assert!(new_to.receiver.verify(&[b"text"], &old, 0).is_err());
        assert!(old_to.receiver.verify(&[b"text"], &new, 0).is_err());
    }
}

#[test]
fn g5_algorithms_and_padding_of_rc4() {
    let [mut from, mut to] = ends(Enctype::Rc4Hmac, STREAM);
    let (message, token) = seal(&mut from, Qop::Default, SECRET);
    // SGN_ALG, SEAL_ALG and filler: nothing but the one choice, "none" for sealed text neither.
    for (at, values) in [(15, [0, 1, 2, 4]), (17, [0xFF, 0, 2, 0x11]), (19, [0, 1, 0x10, 0xFE])] {
        for value in values {
            let mut forged = message.clone();
            forged[at] = value;
            forged[at + 1] = if value == 0xFF { 0xFF } else { 0 };
            refuses(&mut to, &forged, token, &format!("{value:#x} at {at}"));
        }
    }
    // Whatever is done to the padding looks the same as what is done to the checksum.
    for value in 1..=255 {
        for at in [message.len() - 1, token - 9, 40] {
            let mut forged = message.clone();
            forged[at] ^= value;
            assert!(altered(&open_stream(&mut to, &forged).unwrap_err()), "{value} at {at}");
        }
    }
    assert_eq!(open_stream(&mut to, &message).unwrap().0, SECRET);
    // A frame with nothing behind it, and one that says more than there is.
    for length in 13..=token {
        let mut short = message[..length].to_vec();
        short[1] = (length - 2) as u8;
        assert!(open_stream(&mut to, &short).is_err(), "{length}");
    }
}

#[test]
fn g6_a_message_does_not_come_back_to_its_sender() {
    for enctype in ENCTYPES {
        // The same numbers in both directions, as without mutual authentication.
        let packed_end = |role| packed(&session(enctype, 5, 5), role, CONFIDENTIAL);
        for role in [Role::Initiator, Role::Acceptor] {
            let mut end = open(&packed_end(role)).unwrap();
            for qop in [Qop::Default, Qop::WrapNoEncrypt] {
                let (message, token) = seal(&mut end, qop, &[0xEE; 64]);
                refuses(&mut end, &message, token, "reflected");
                let mut turned = message.clone();
                turned[2] ^= 1;
                refuses(&mut end, &turned, token, "reflected, and said to be of the other side");
            }
            let mut signature = sign(&mut end, b"text");
            assert!(end.receiver.verify(&[b"text"], &signature, 0).is_err());
            signature[2] ^= 1;
            assert!(end.receiver.verify(&[b"text"], &signature, 0).is_err());
        }
    }
}

#[test]
fn g7_signatures_and_messages_are_not_taken_for_each_other() {
    for enctype in ENCTYPES {
        let [mut from, mut to] = ends(enctype, CONFIDENTIAL);
        let signature = sign(&mut from, &[0xEE; 32]);
        refuses(&mut to, &[&signature[..], &[0xEE; 32]].concat(), signature.len(), "a MIC");
        let (message, token) = seal(&mut from, Qop::WrapNoEncrypt, &[0xEE; 32]);
        let verified = to.receiver.verify(&[&[0xEE; 32]], &message[..token], 0);
        assert!(verified.is_err(), "a Wrap token as a signature");
        if is_rc4(enctype) {
            continue;
        }
        // Same length, same header; the keys are of another usage.
        let mut as_mic = message[..token].to_vec();
        as_mic[..8].copy_from_slice(&signature[..8]);
        assert!(to.receiver.verify(&[&[0xEE; 32]], &as_mic, 0).is_err());
        for flag in [2, 4] {
            for qop in [Qop::Default, Qop::WrapNoEncrypt] {
                let (mut message, token) = seal(&mut from, qop, &[0xEE; 32]);
                message[2] ^= flag;
                refuses(&mut to, &message, token, "a flag");
            }
        }
        let mut end = session(enctype, 200, 100);
        end.acceptor_subkey = false;
        let mut other = open(&packed(&end, Role::Acceptor, CONFIDENTIAL)).unwrap();
        let (message, token) = seal(&mut from, Qop::Default, SECRET);
        refuses(&mut other, &message, token, "the acceptor's subkey where there is none");
    }
}

#[test]
fn g8_replayed_skipped_and_reordered_messages() {
    let replay = CONFIDENTIAL | ContextFlags::REPLAY_DETECT;
    // Per message of the order 0 1 1 3 2 0: what is asked, and whether it passes.
    let table = [
        (CONFIDENTIAL, [true; 6]),
        (replay, [true, true, false, true, true, false]),
        (STREAM, [true, true, false, false, true, false]),
    ];
    for enctype in ENCTYPES {
        for (flags, expected) in table {
            let [mut from, mut to] = ends(enctype, flags);
            let messages = [(); 4].map(|()| seal(&mut from, Qop::Default, SECRET).0);
            for (number, passes) in [0, 1, 1, 3, 2, 0].into_iter().zip(expected) {
                let mut stream = messages[number].clone();
                let result = to.receiver.unseal_stream(&mut stream, 0);
                assert_eq!(result.is_ok(), passes, "{enctype} {flags:?} {number}");
                if let Err(error) = result {
                    assert_eq!(error.fault(), PeerFault::OutOfSequence.into());
                    let left = stream.windows(8).any(|seen| seen == &SECRET[..8]);
                    assert!(!left, "a replayed message is not shown again");
                }
            }
        }
    }
}

#[test]
fn g8_signatures_and_messages_share_their_numbers() {
    for enctype in ENCTYPES {
        let [mut from, mut to] = ends(enctype, STREAM);
        let signature = sign(&mut from, b"text");
        let (message, _) = seal(&mut from, Qop::Default, b"text");
        assert!(open_stream(&mut to, &message).is_err());
        to.receiver.verify(&[b"text"], &signature, 0).unwrap();
        assert!(to.receiver.verify(&[b"text"], &signature, 0).is_err());
        open_stream(&mut to, &message).unwrap();
    }
}

#[test]
fn g8_forged_numbers_do_not_move_the_window() {
    for enctype in ENCTYPES {
        for flags in [CONFIDENTIAL | ContextFlags::REPLAY_DETECT, STREAM] {
            let [mut from, mut to] = ends(enctype, flags);
            let (message, token) = seal(&mut from, Qop::Default, SECRET);
            let number = if is_rc4(enctype) { token - 24..token - 20 } else { 8..16 };
            for value in [0, 0x7F, 0x80, 0xFF] {
                let mut forged = message.clone();
                forged[number.clone()].fill(value);
                refuses(&mut to, &forged, token, "a forged number");
            }
            assert_eq!(open_stream(&mut to, &message).unwrap().0, SECRET);
        }
    }
}

#[test]
fn g8_numbers_go_over_32_bits() {
    for enctype in ENCTYPES {
        let open = |role, send, receive| {
            open(&packed(&session(enctype, send, receive), role, STREAM)).unwrap()
        };
        let mut from = open(Role::Initiator, u32::MAX, 0);
        let mut to = open(Role::Acceptor, 0, u32::MAX);
        for _ in 0..3 {
            let (message, _) = seal(&mut from, Qop::Default, SECRET);
            assert_eq!(open_stream(&mut to, &message).unwrap().0, SECRET);
        }
    }
}

#[test]
fn g9_buffers_of_wrong_lengths() {
    for enctype in ENCTYPES {
        for flags in [STREAM, DCE] {
            let [mut from, mut to] = ends(enctype, flags);
            let (message, token) = seal(&mut from, Qop::Default, SECRET);
            // TOKEN and DATA meet at the wrong place.
            for length in (0..=message.len()).filter(|&length| length != token) {
                let mut buffers = message.clone();
                let (token, data) = buffers.split_at_mut(length);
                let error = to.receiver.unseal(&mut [Part::Data(data)], token, &mut [], 0);
                assert!(is_refusal(&error.unwrap_err()), "{enctype} {length}");
            }
            let mut buffers = message.clone();
            assert!(to.receiver.unseal(&mut [], &mut buffers[..token], &mut [], 0).is_err());
            assert!(to.receiver.unseal(&mut [], &mut [], &mut [], 0).is_err());
            assert!(to.receiver.unseal_stream(&mut [], 0).is_err());
            assert_eq!(open_stream(&mut to, &message).unwrap().0, SECRET);
        }
    }
}

#[test]
fn g10_the_right_code_passes_and_a_wrong_one_does_not() {
    for enctype in ENCTYPES {
        let [mut from, mut to] = ends(enctype, STREAM);
        let signature = sign(&mut from, SECRET);
        let other = sign(&mut ends(enctype, STREAM)[1], SECRET);
        let zeros = [&signature[..16], &vec![0; signature.len() - 16]].concat();
        for wrong in [&other, &zeros] {
            assert!(to.receiver.verify(&[SECRET], wrong, 0).is_err(), "{enctype}");
        }
        assert!(to.receiver.verify(&[&SECRET[1..]], &signature, 0).is_err());
        assert_eq!(to.receiver.verify(&[SECRET], &signature, 0).unwrap(), Some(Qop::Default));
    }
}

#[test]
fn g11_what_is_only_signed_is_covered() {
    for enctype in ENCTYPES {
        for flags in [STREAM, DCE] {
            for qop in [Qop::Default, Qop::WrapNoEncrypt] {
                let [mut from, mut to] = ends(enctype, flags);
                let (head, tail) = (*b"header", *b"trailer");
                let (mut data, mut token) = (SECRET.to_vec(), [0; 88]);
                let parts = &mut [Part::Signed(&head), Part::Data(&mut data), Part::Signed(&tail)];
                let sealed = from.sender.seal(qop, parts, &mut token, &mut [], 0).unwrap();
                let mut open = |head: &[u8], tail: &[u8]| {
                    let (mut token, mut data) = (token, data.clone());
                    let token = &mut token[..sealed.token];
                    let parts =
                        &mut [Part::Signed(head), Part::Data(&mut data), Part::Signed(tail)];
                    to.receiver.unseal(parts, token, &mut [], 0).map(|_| data)
                };
                for (head, tail) in [
                    (&b"Header"[..], &b"trailer"[..]),
                    (b"header", b"trailes"),
                    (b"", b"trailer"),
                    (b"header", b""),
                    (b"trailer", b"header"),
                ] {
                    assert!(altered(&open(head, tail).unwrap_err()), "{enctype} {qop:?}");
                }
                assert_eq!(open(b"header", b"trailer").unwrap(), SECRET);
            }
        }
    }
}
