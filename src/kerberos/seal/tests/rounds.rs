//! From one end to the other.

use super::*;
use crate::spi::message::Sealed;

#[test]
fn every_length_in_every_layout_and_direction() {
    for enctype in ENCTYPES {
        for flags in [STREAM, DCE] {
            let [mut initiator, mut acceptor] = ends(enctype, flags);
            for length in (0..70).chain([255, 256, 1000, 70_000]) {
                for qop in [Qop::Default, Qop::WrapNoEncrypt] {
                    let text = text(length);
                    for reverse in [false, true] {
                        let (from, to) = if reverse {
                            (&mut acceptor, &mut initiator)
                        } else {
                            (&mut initiator, &mut acceptor)
                        };
                        let (message, token) = seal(from, qop, &text);
                        assert!(token <= from.sizes.security_trailer as usize);
                        let expected = (text.clone(), qop);
                        assert_eq!(open_stream(to, &message).unwrap(), expected, "{enctype}");
                        let (message, token) = seal(from, qop, &text);
                        let padding = message.len() - token - length;
                        assert_eq!(open_split(to, &message, token, padding).unwrap(), expected);
                    }
                }
                let signature = sign(&mut initiator, &text(length));
                assert_eq!(signature.len(), initiator.sizes.max_signature as usize);
                acceptor.receiver.verify(&[&text(length)], &signature, 0).unwrap();
            }
        }
    }
}

#[test]
fn sealed_text_is_not_readable_and_signed_text_is() {
    for enctype in ENCTYPES {
        for flags in [STREAM, DCE] {
            let [mut end, _] = ends(enctype, flags);
            let text = text(64);
            for (qop, readable) in [(Qop::Default, false), (Qop::WrapNoEncrypt, true)] {
                let (message, _) = seal(&mut end, qop, &text);
                assert_eq!(message.windows(8).any(|window| window == &text[8..16]), readable);
            }
            let (one, two) =
                (seal(&mut end, Qop::Default, &text), seal(&mut end, Qop::Default, &text));
            let differing = one.0.iter().zip(&two.0).filter(|(one, two)| one != two).count();
            assert!(differing > 64, "the same text twice looks the same");
        }
    }
}

#[test]
fn the_lengths_of_windows() {
    let table = [(60, 76, 28), (60, 76, 28), (64, 80, 32), (72, 88, 40), (45, 45, 37)];
    for (enctype, (stream, dce, mic)) in ENCTYPES.into_iter().zip(table) {
        for (flags, expected) in [(STREAM, stream), (DCE, dce)] {
            let [mut end, _] = ends(enctype, flags);
            let (_, token) = seal(&mut end, Qop::Default, b"text");
            assert_eq!(token, expected, "{enctype}");
            assert_eq!(sign(&mut end, b"text").len(), mic);
        }
    }
}

#[test]
fn parts_of_both_kinds_in_any_order() {
    for enctype in ENCTYPES {
        for flags in [STREAM, DCE] {
            for qop in [Qop::Default, Qop::WrapNoEncrypt] {
                let [mut from, mut to] = ends(enctype, flags);
                let plain = text(200);
                for lengths in [[0, 5, 0, 17, 3], [16, 16, 16, 16, 16], [1, 0, 2, 0, 90]] {
                    let mut data = plain.clone();
                    let (mut token, mut padding) = ([0; 88], [0; 1]);
                    let parts = &mut split(&mut data, lengths);
                    let sealed = from.sender.seal(qop, parts, &mut token, &mut padding, 0).unwrap();
                    let (token, padding) =
                        (&mut token[..sealed.token], &mut padding[..sealed.padding]);
                    let parts = &mut split(&mut data, lengths);
                    let opened = to.receiver.unseal(parts, token, padding, 0).unwrap();
                    assert_eq!((opened, &data), (Some(qop), &plain), "{enctype} {lengths:?}");
                }
            }
        }
    }
}

/// Signed, data, signed, data, signed.
fn split(mut bytes: &mut [u8], lengths: [usize; 5]) -> [Part<'_>; 5] {
    let mut signed = false;
    lengths.map(|length| {
        let (part, rest) = std::mem::take(&mut bytes).split_at_mut(length);
        bytes = rest;
        signed = !signed;
        if signed { Part::Signed(part) } else { Part::Data(part) }
    })
}

/// WinRM gives TOKEN and DATA and nothing else.
#[test]
fn rc4_without_a_padding_buffer_has_no_padding() {
    let [mut from, mut to] = ends(Enctype::Rc4Hmac, STREAM);
    let mut sealed = |text: &[u8]| {
        let (mut data, mut token) = (text.to_vec(), [0; 49]);
        let parts = &mut [Part::Data(&mut data)];
        let sealed = from.sender.seal(Qop::Default, parts, &mut token, &mut [], 0).unwrap();
        assert_eq!(sealed, Sealed { token: 45, padding: 0 });
        [&token[..45], &data].concat()
    };
    let message = sealed(b"text");
    assert_eq!(open_split(&mut to, &message, 45, 0).unwrap().0, b"text");
    // A caller with a PADDING buffer all the same.
    let mut message = sealed(b"more");
    let (token, data) = message.split_at_mut(45);
    to.receiver.unseal(&mut [Part::Data(&mut *data)], token, &mut [0xEE], 0).unwrap();
    assert_eq!(data, b"more");
    // In one block nobody knows where it ends, on Windows neither.
    let error = open_stream(&mut to, &sealed(b"text")).unwrap_err();
    assert_eq!(error.fault(), PeerFault::MalformedToken.into());
}

#[test]
fn a_padding_buffer_is_of_no_use_to_aes() {
    let [mut from, mut to] = ends(Enctype::Aes128CtsHmacSha1, STREAM);
    let (mut message, token) = seal(&mut from, Qop::Default, b"text");
    let (token, data) = message.split_at_mut(token);
    to.receiver.unseal(&mut [Part::Data(&mut *data)], token, &mut [0xEE], 0).unwrap();
    assert_eq!(data, b"text");
}

#[test]
fn a_short_token_buffer_is_told_and_costs_no_number() {
    for enctype in ENCTYPES {
        for flags in [STREAM, DCE] {
            let [mut from, mut to] = ends(enctype, flags);
            let (_, used) = seal(&mut ends(enctype, flags)[0], Qop::Default, b"text");
            for length in 0..used {
                let (mut data, mut token) = (*b"text", [0; 88]);
                let parts = &mut [Part::Data(&mut data)];
                let token = &mut token[..length];
                let error = from.sender.seal(Qop::Default, parts, token, &mut [0], 0).unwrap_err();
                assert_eq!(error.fault(), CallerFault::BufferTooSmall.into());
                assert_eq!(&data, b"text", "nothing was encrypted");
            }
            let short = &mut vec![0; from.sizes.max_signature as usize - 1];
            assert!(from.sender.sign(Qop::Default, &[b"text"], short, 0).is_err());
            let (message, _) = seal(&mut from, Qop::Default, b"text");
            assert_eq!(open_stream(&mut to, &message).unwrap().0, b"text");
        }
    }
}

#[test]
fn without_confidentiality_nothing_is_sealed_and_all_is_signed() {
    for enctype in ENCTYPES {
        for flags in [ContextFlags::INTEGRITY, ContextFlags::empty()] {
            let [mut from, mut to] = ends(enctype, flags);
            let (mut data, mut token) = (*b"text", [0; 88]);
            let parts = &mut [Part::Data(&mut data)];
            let error = from.sender.seal(Qop::Default, parts, &mut token, &mut [0], 0).unwrap_err();
            assert_eq!(error.fault(), CallerFault::Unsupported.into());
            assert_eq!(&data, b"text");
            let (message, _) = seal(&mut from, Qop::WrapNoEncrypt, b"text");
            assert_eq!(open_stream(&mut to, &message).unwrap().1, Qop::WrapNoEncrypt);
            let signature = sign(&mut from, b"text");
            to.receiver.verify(&[b"te", b"xt"], &signature, 0).unwrap();
            // What the other side seals all the same is understood.
            let (sealed, _) = seal(&mut ends(enctype, CONFIDENTIAL)[0], Qop::Default, b"text");
            assert_eq!(open_stream(&mut to, &sealed).unwrap().0, b"text");
        }
    }
}

#[test]
fn both_directions_go_on_elsewhere() {
    for enctype in ENCTYPES {
        let [mut from, mut to] = ends(enctype, STREAM);
        let (first, _) = seal(&mut from, Qop::Default, b"one");
        open_stream(&mut to, &first).unwrap();
        let states = |end: &MessageProtection| (Some(end.sender.save()), Some(end.receiver.save()));
        let (sender, receiver) = states(&from);
        let initiator = packed(&session(enctype, 100, 200), Role::Initiator, STREAM);
        let mut from = open(&PackedContext { sender, receiver, ..initiator }).unwrap();
        let (sender, receiver) = states(&to);
        let acceptor = packed(&session(enctype, 200, 100), Role::Acceptor, STREAM);
        let mut to = open(&PackedContext { sender, receiver, ..acceptor }).unwrap();
        assert!(open_stream(&mut to, &first).is_err(), "the first again");
        for text in [&b"two"[..], b"three"] {
            let (message, _) = seal(&mut from, Qop::Default, text);
            assert_eq!(open_stream(&mut to, &message).unwrap().0, text);
            let (answer, _) = seal(&mut to, Qop::Default, text);
            assert_eq!(open_stream(&mut from, &answer).unwrap().0, text);
        }
    }
}

/// The plaintext lies inside the stream, and in our own layout nothing is moved.
#[test]
fn a_stream_is_opened_where_it_lies() {
    for enctype in ENCTYPES {
        let [mut from, mut to] = ends(enctype, STREAM);
        let (mut message, token) = seal(&mut from, Qop::Default, &text(100));
        let opened = to.receiver.unseal_stream(&mut message, 0).unwrap();
        assert_eq!(opened.data, token..token + 100);
        assert_eq!(message[opened.data], text(100));
    }
}
