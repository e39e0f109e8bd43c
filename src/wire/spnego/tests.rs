use super::*;
use crate::wire::gss::Mechanism;

const KRB5: &[u8] = Mechanism::Krb5.oid();

fn list() -> Vec<u8> {
    MechTypes::encode([Mechanism::MsKrb5.oid(), KRB5, oid::NTLM])
}

#[test]
fn a_list_of_mechanisms_is_the_bytes_of_the_examples() {
    let expected: &[u8] = b"\x30\x22\x06\x09\x2a\x86\x48\x82\xf7\x12\x01\x02\x02\
        \x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\
        \x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a";
    assert_eq!(list(), expected);
}

#[test]
fn an_offer_is_read_as_it_was_written() {
    for length in [0, 1, 100, 200, 60_000] {
        let (list, mech_token) = (list(), vec![7; length]);
        let token = NegTokenInit::encode(&list, &mech_token);
        assert_eq!(Kind::of(&token), Some(Kind::Init));
        let init = NegTokenInit::decode(&token).unwrap();
        assert_eq!(init.mech_types.der(), list);
        assert_eq!(
            init.mech_types.iter().collect::<Vec<_>>(),
            [Mechanism::MsKrb5.oid(), KRB5, oid::NTLM]
        );
        assert_eq!(init.mech_token, Some(&mech_token[..]).filter(|_| length > 0));
        assert_eq!((init.mech_list_mic, init.has_hints), (None, false));
    }
}

#[test]
fn hints_are_told_from_a_mic() {
    let hint = NegTokenInit::encode_hint(&list());
    let init = NegTokenInit::decode(&hint).unwrap();
    assert!(init.has_hints && init.mech_token.is_none() && init.mech_list_mic.is_none());
    // A NegTokenInit with a MIC in the place of the hints.
    let with_mic = framed(|fields| {
        fields.tagged(field(0), |out| out.bytes(&list()));
        put_octets(fields, 3, b"mic");
    });
    let init = NegTokenInit::decode(&with_mic).unwrap();
    assert_eq!((init.mech_list_mic, init.has_hints), (Some(&b"mic"[..]), false));
}

#[test]
fn the_smallest_answers() {
    let accept =
        NegTokenResp { neg_state: Some(NegState::AcceptCompleted), ..NegTokenResp::default() };
    assert_eq!(accept.encode(), [0xA1, 7, 0x30, 5, 0xA0, 3, 0x0A, 1, 0]);
    let reject = NegTokenResp { neg_state: Some(NegState::Reject), ..NegTokenResp::default() };
    assert_eq!(reject.encode(), [0xA1, 7, 0x30, 5, 0xA0, 3, 0x0A, 1, 2]);
    assert_eq!(NegTokenResp::decode(&[0xA1, 2, 0x30, 0]).unwrap(), NegTokenResp::default());
}

#[test]
fn an_answer_is_read_as_it_was_written_in_a_frame_too() {
    let answer = NegTokenResp {
        neg_state: Some(NegState::RequestMic),
        supported_mech: Some(oid::NTLM),
        response_token: Some(b"token"),
        mech_list_mic: Some(b"mic"),
    };
    let token = answer.encode();
    assert_eq!(Kind::of(&token), Some(Kind::Response));
    assert_eq!(NegTokenResp::decode(&token).unwrap(), answer);
    let mut framed = Writer::new();
    framed.tagged(FRAME, |out| {
        out.tagged(OBJECT_IDENTIFIER, |out| out.bytes(oid::SPNEGO));
        out.bytes(&token);
    });
    let framed = framed.into_bytes();
    assert_eq!(Kind::of(&framed), Some(Kind::Response));
    assert_eq!(NegTokenResp::decode(&framed).unwrap(), answer);
}

#[test]
fn what_others_are_known_to_send_is_read() {
    // Without the SEQUENCE (old Sun).
    let bare = NegTokenResp::decode(&[0xA1, 5, 0xA0, 3, 0x0A, 1, 1]).unwrap();
    assert_eq!(bare.neg_state, Some(NegState::AcceptIncomplete));
    // An empty token (old IIS).
    let empty = [0xA1, 11, 0x30, 9, 0xA0, 3, 0x0A, 1, 0, 0xA2, 2, 0x04, 0];
    assert_eq!(NegTokenResp::decode(&empty).unwrap().response_token, None);
    // The token twice (Windows 2000).
    let twice = NegTokenResp {
        response_token: Some(b"token"),
        mech_list_mic: Some(b"token"),
        ..NegTokenResp::default()
    };
    let token = twice.encode();
    let twice = NegTokenResp::decode(&token).unwrap();
    assert_eq!((twice.response_token, twice.mech_list_mic), (Some(&b"token"[..]), None));
    // A field of a later version.
    let later = [0xA1, 11, 0x30, 9, 0xA0, 3, 0x0A, 1, 0, 0xA4, 2, 0x04, 0];
    assert!(NegTokenResp::decode(&later).is_ok());
}

#[test]
fn s5_states_fields_and_lengths_that_there_are_not_are_refused() {
    let refused: &[&[u8]] = &[
        &[],
        &[0xA1],
        &[0xA1, 0x80],
        &[0xA1, 7, 0x30, 5, 0xA0, 3, 0x0A, 1, 4],
        &[0xA1, 7, 0x30, 5, 0xA0, 3, 0x0A, 1, 255],
        &[0xA1, 8, 0x30, 6, 0xA0, 4, 0x0A, 2, 0, 0],
        &[0xA1, 6, 0x30, 4, 0xA0, 2, 0x0A, 0],
        &[0xA1, 12, 0x30, 10, 0xA0, 3, 0x0A, 1, 0, 0xA0, 3, 0x0A, 1, 0],
        &[0xA1, 0x81, 7, 0x30, 5, 0xA0, 3, 0x0A, 1, 0],
        &[0xA1, 0x82, 0, 7, 0x30, 5, 0xA0, 3, 0x0A, 1, 0],
        &[0xA1, 0x84, 0xFF, 0xFF, 0xFF, 0xFF],
        &[0xA1, 7, 0x30, 5, 0xA0, 3, 0x0A, 1, 0, 0],
        &[0xA1, 7, 0x30, 4, 0xA0, 3, 0x0A, 1, 0],
        &[0xA1, 4, 0xA1, 2, 0x05, 0],
        &[0xA0, 7, 0x30, 5, 0xA0, 3, 0x0A, 1, 0],
    ];
    for token in refused {
        assert!(NegTokenResp::decode(token).is_err(), "{token:x?}");
    }
    assert!(NegTokenResp::decode(&vec![0; MAX_TOKEN + 1]).is_err());
}

#[test]
fn s5_lists_are_whole_and_their_mechanisms_have_names() {
    let offer = |list: &[u8]| {
        let token = NegTokenInit::encode(list, b"");
        NegTokenInit::decode(&token).map(|init| init.mech_types.iter().count())
    };
    assert_eq!(offer(&[0x30, 0]).unwrap(), 0);
    assert_eq!(offer(&[0x30, 3, 0x06, 1, 0x2A]).unwrap(), 1);
    for list in [&[][..], &[0x30], &[0x30, 2, 6, 0], &[0x30, 2, 6, 1], &[0x30, 2, 4, 0], &[0x31, 0]]
    {
        assert!(offer(list).is_err(), "{list:x?}");
    }
    assert!(offer(&[0x30, 0, 0]).is_err());
    assert_eq!(offer(&MechTypes::encode([oid::NTLM; 340])).unwrap(), 340);
    assert!(offer(&MechTypes::encode([oid::NTLM; 342])).is_err());
}

#[test]
fn s8_every_truncation_and_extension_is_refused() {
    let tokens = [NegTokenInit::encode(&list(), &[7; 200]), NegTokenInit::encode_hint(&list())];
    for token in tokens {
        for end in 0..token.len() {
            assert!(NegTokenInit::decode(&token[..end]).is_err(), "{end}");
        }
        assert!(NegTokenInit::decode(&[&token[..], &[0]].concat()).is_err());
    }
}

#[test]
fn s8_raw_tokens_are_known_by_their_first_bytes() {
    let kerberos = gss::frame(Mechanism::Krb5, gss::tok_id::AP_REQ, b"body");
    assert_eq!(Kind::of(&kerberos), Some(Kind::RawKerberos));
    assert_eq!(Kind::of(&[0x6E, 3, 1, 2, 3]), Some(Kind::RawKerberos));
    assert_eq!(Kind::of(b"NTLMSSP\0\x01\0\0\0"), Some(Kind::RawNtlm));
    for other in [&b""[..], b"NTLMSSP", b"\x60", b"\x60\x81", b"\x60\x03\x06\x01\x2A", b"GET /"] {
        assert_eq!(Kind::of(other), None, "{other:x?}");
    }
}
