//! S4, S5, S7: mechanisms that nobody offered, and tokens in which something is missing.

use secur32::spi::error::PeerFault;
use secur32::spi::flags::ContextFlags;
use secur32::spi::package::PackageId;

use crate::downgrade::next;
use crate::raw::HandMade;
use crate::support::spnego::{
    COMPLETED, End, Ends, INCOMPLETE, Init, KRB5, MS_KRB5, NEGOEX, NTLM, REJECT, REQUEST_MIC, Resp,
    SPNEGO, U2U, UNKNOWN, edit_resp, framed, list, tlv,
};
use crate::{NONSENSE, TAMPERED, refused};

/// What a server cannot have chosen.
fn others() -> [Vec<u8>; 8] {
    [
        UNKNOWN.to_vec(),
        U2U.to_vec(),
        SPNEGO.to_vec(),
        NEGOEX.to_vec(),
        vec![],
        KRB5[..8].to_vec(),
        [MS_KRB5, &[1]].concat(),
        vec![0xFF; 200],
    ]
}

const REFUSALS: &[PeerFault] = &[
    PeerFault::MalformedToken,
    PeerFault::UnexpectedToken,
    PeerFault::CapabilityMissing,
    PeerFault::Downgrade,
    PeerFault::MicMismatch,
];

#[test]
fn s4_a_mechanism_that_was_not_offered() {
    for other in others() {
        for (leg, ends) in [(1, Ends::kerberos()), (1, Ends::ntlm()), (1, Ends::fallback())] {
            for keep in [true, false] {
                for state in [COMPLETED, INCOMPLETE, REQUEST_MIC] {
                    let talk = ends.run_through(|number, token| {
                        if number == leg {
                            edit_resp(token, |resp| {
                                resp.mech = Some(other.clone());
                                resp.state = Some(state);
                                resp.token = resp.token.take().filter(|_| keep);
                            });
                        }
                    });
                    refused(&talk.client, REFUSALS);
                }
            }
        }
    }
}

#[test]
fn s4_ntlm_is_not_chosen_where_kerberos_alone_was_offered() {
    for packages in ["Kerberos", "!NTLM"] {
        for state in [COMPLETED, INCOMPLETE, REQUEST_MIC] {
            let ends = Ends { client_packages: packages, ..Ends::kerberos() };
            let (client, _) = ends.first();
            let chosen =
                Resp { state: Some(state), mech: Some(NTLM.to_vec()), ..Resp::default() }.encode();
            refused(&ends.client_step(client, &chosen), REFUSALS);
        }
    }
}

/// A server chooses once.
#[test]
fn s4_a_second_choice_is_refused() {
    for other in [MS_KRB5, KRB5, UNKNOWN] {
        for ends in [Ends::ntlm(), Ends::fallback()] {
            let legs = ends.run().tokens.len();
            for leg in (3..legs).step_by(2) {
                let talk = ends.run_through(|number, token| {
                    if number == leg {
                        edit_resp(token, |resp| resp.mech = Some(other.to_vec()));
                    }
                });
                refused(&talk.client, REFUSALS);
            }
        }
    }
}

/// After the choice was made, another one takes the client nowhere either.
#[test]
fn s4_ntlm_then_kerberos_is_no_choice() {
    let ends = Ends::kerberos();
    let (client, _) = ends.first();
    let choice = |mech: &[u8]| {
        Resp { state: Some(REQUEST_MIC), mech: Some(mech.to_vec()), ..Resp::default() }.encode()
    };
    let client = ends.client_step(client, &choice(NTLM));
    refused(&next(&ends, client, &choice(MS_KRB5)), REFUSALS);
}

#[test]
fn s5_an_empty_second_token() {
    for ends in [Ends::kerberos(), Ends::ntlm(), Ends::fallback()] {
        let (client, first) = ends.first();
        refused(&ends.client_step(client, &[]), NONSENSE);
        if let End::Going(server, ..) = ends.serve(&first) {
            refused(&ends.server_step(server, &[]), NONSENSE);
        }
    }
}

/// Answers in which nothing is said, or not what is due.
#[test]
fn s5_answers_without_content() {
    let empty = [
        tlv(0xA1, &[]),
        tlv(0xA1, &tlv(0x30, &[])),
        Resp { token: Some(vec![]), ..Resp::default() }.encode(),
        Resp { mic: Some(vec![]), ..Resp::default() }.encode(),
        Resp::state(COMPLETED).encode(),
        Resp::state(INCOMPLETE).encode(),
        Resp::state(REJECT).encode(),
        Resp::state(REQUEST_MIC).encode(),
        Resp { state: Some(COMPLETED), token: Some(vec![]), ..Resp::default() }.encode(),
    ];
    for answer in empty {
        for ends in [Ends::kerberos(), Ends::ntlm(), Ends::fallback()] {
            let (client, first) = ends.first();
            let mut client = ends.client_step(client, &answer);
            for _ in 0..4 {
                assert!(!client.is_done(), "{answer:x?}: {}", client.say());
                client = next(&ends, client, &answer);
            }
            assert!(client.error().is_some(), "{answer:x?}: {}", client.say());

            let mut server = ends.serve(&first);
            for _ in 0..4 {
                if let End::Going(side, ..) = server {
                    server = ends.server_step(side, &answer);
                    assert!(!server.is_done(), "{answer:x?}: {}", server.say());
                }
            }
            assert!(!matches!(server, End::Going(..)), "{answer:x?}: {}", server.say());
        }
    }
}

#[test]
fn s5_states_that_there_are_not() {
    for state in [4, 5, 127, 128, 255] {
        for ends in [Ends::kerberos(), Ends::ntlm(), Ends::fallback()] {
            for leg in 1..ends.run().tokens.len() {
                let talk = ends.run_through(|number, token| {
                    if number == leg {
                        edit_resp(token, |resp| resp.state = Some(state));
                    }
                });
                let victim = if leg.is_multiple_of(2) { &talk.server } else { &talk.client };
                refused(victim, NONSENSE);
            }
        }
    }
    for encoded in [&[10, 0][..], &[10, 2, 0, 0], &[10, 2, 0, 1], &[2, 1, 0], &[10, 1], &[10]] {
        let ends = Ends::kerberos();
        let (client, _) = ends.first();
        let answer = tlv(0xA1, &tlv(0x30, &tlv(0xA0, encoded)));
        refused(&ends.client_step(client, &answer), NONSENSE);
    }
}

#[test]
fn s5_offers_of_nothing() {
    let ends = Ends::kerberos();
    let token = Init::read(&ends.first().1).unwrap().token;
    let offers = [
        Init { token: token.clone(), ..Init::default() },
        Init { list: Some(tlv(0x30, &[])), token: token.clone(), ..Init::default() },
        Init::default(),
        Init { list: Some(vec![]), ..Init::default() },
        Init { list: Some(tlv(0x30, &tlv(6, &[]))), ..Init::default() },
        Init { list: Some(tlv(0x30, &tlv(4, KRB5))), ..Init::default() },
        Init { list: Some(tlv(0x31, &tlv(6, KRB5))), ..Init::default() },
        Init { list: Some(tlv(0x30, &[6, 9, 1])), ..Init::default() },
        Init { list: Some(tlv(0x30, &[6])), token, ..Init::default() },
    ];
    for offer in offers {
        refused(&ends.serve(&offer.encode()), REFUSALS);
    }
}

/// Nothing that both know: a refusal that says so, and no mechanism.
#[test]
fn s5_only_unknown_mechanisms() {
    let ends = Ends { required: ContextFlags::EXTENDED_ERROR, ..Ends::kerberos() };
    for mechanisms in [&[UNKNOWN][..], &[NEGOEX], &[SPNEGO], &[UNKNOWN, NEGOEX, SPNEGO]] {
        for token in [None, Some(&b"nobody understands this"[..]), Some(&[])] {
            let end = ends.serve(&Init::of(mechanisms, token).encode());
            refused(&end, REFUSALS);
            let answer = Resp::read(&end.token()).unwrap();
            assert_eq!(answer, Resp::state(REJECT), "{}", end.say());
        }
    }
    let kerberos = Init::of(&[MS_KRB5, KRB5], None).encode();
    let fallback = Ends { required: ContextFlags::EXTENDED_ERROR, ..Ends::fallback() };
    let end = fallback.serve(&kerberos);
    refused(&end, REFUSALS);
    // Who is told so does not go on.
    let (client, _) = ends.first();
    let client = ends.client_step(client, &end.token());
    assert!(client.error().is_some(), "{}", client.say());
}

/// An optimistic token that is for somebody else is not looked at: the mechanism that both know
/// begins from the beginning, and is protected, because it was not the first.
#[test]
fn s5_a_token_for_an_unknown_mechanism_is_nobodys() {
    for first in [UNKNOWN, NEGOEX] {
        for token in [None, Some(&b"NTLMSSP\0nonsense"[..]), Some(&[0x60, 0xFF])] {
            let offer = Init::of(&[first, NTLM], token);
            HandMade::through(&offer).unwrap();
        }
    }
}

/// Without a token of its own the first mechanism begins, too.
#[test]
fn s5_an_offer_without_a_token() {
    HandMade::through(&Init::of(&[NTLM], None)).unwrap();
    let ends = Ends::kerberos();
    let end = ends.serve(&Init::of(&[MS_KRB5, KRB5, NTLM], None).encode());
    let answer = Resp::read(&end.token()).unwrap();
    assert!(matches!(end, End::Going(..)), "{}", end.say());
    assert_eq!(answer.mech.as_deref(), Some(MS_KRB5));
    assert_eq!(answer.token, None);
}

/// A client that began with Kerberos and is told NTLM begins with a new context: nothing of
/// Kerberos is left in it.
#[test]
fn s5_another_mechanism_begins_anew() {
    let talk = Ends::fallback().run();
    talk.agree_on(PackageId::Ntlm);
    let (client, server) = talk.both();
    assert_eq!(client.session_key.expose().len(), 16);
    assert_eq!(server.client_name, "DOM\\alice");
    let second = Resp::read(&talk.tokens[2]).unwrap();
    assert!(second.token.unwrap().starts_with(b"NTLMSSP\0\x01"));
}

/// Fields twice, in another order, or that there are not.
#[test]
fn s5_fields_repeated_unknown_or_out_of_order() {
    let ends = Ends::ntlm();
    let genuine = Init::read(&ends.first().1).unwrap();
    let octets = tlv(0xA2, &tlv(4, genuine.token.as_ref().unwrap()));
    for more in [octets.clone(), tlv(0xA0, &list(&[NTLM])), tlv(0xA0, &list(&[MS_KRB5]))] {
        let init = Init { more, ..genuine.clone() };
        refused(&ends.serve(&init.encode()), NONSENSE);
    }
    let reversed = tlv(0x30, &[octets, tlv(0xA0, &list(&[NTLM]))].concat());
    refused(&ends.serve(&framed(SPNEGO, &tlv(0xA0, &reversed))), NONSENSE);
    for leg in [1, 3] {
        for more in [tlv(0xA0, &tlv(10, &[0])), tlv(0xA1, &tlv(6, NTLM)), tlv(0xA2, &tlv(4, b"x"))]
        {
            let talk = ends.run_through(|number, token| {
                if number == leg {
                    edit_resp(token, |resp| resp.more.clone_from(&more));
                }
            });
            refused(&talk.client, NONSENSE);
        }
    }
}

/// What is behind a token is not of it.
#[test]
fn s5_bytes_behind_a_token() {
    for ends in [Ends::kerberos(), Ends::ntlm(), Ends::fallback()] {
        for leg in 0..ends.run().tokens.len() {
            for more in [&[0][..], b"NTLMSSP\0", &[0xA1, 0]] {
                let talk = ends.run_through(|number, token| {
                    if number == leg {
                        token.extend_from_slice(more);
                    }
                });
                let victim = if leg.is_multiple_of(2) { &talk.server } else { &talk.client };
                assert!(victim.error().is_some(), "{leg}: {}", talk.say());
            }
        }
    }
}

/// A choice whose token is another mechanism's.
#[test]
fn s5_a_choice_with_another_mechanisms_token() {
    let ends = Ends::fallback();
    let (client, _) = ends.first();
    let challenge = Ends::ntlm().run().tokens[1].clone();
    let challenge = Resp::read(&challenge).unwrap().token;
    for mech in [Some(MS_KRB5.to_vec()), None] {
        let ends = Ends::kerberos();
        let (client, _) = ends.first();
        let answer =
            Resp { state: Some(INCOMPLETE), mech, token: challenge.clone(), ..Resp::default() };
        let client = ends.client_step(client, &answer.encode());
        assert!(client.error().is_some(), "{}", client.say());
    }
    // NTLM that was chosen has not begun: there is nothing that a challenge could answer.
    let answer = Resp {
        state: Some(REQUEST_MIC),
        mech: Some(NTLM.to_vec()),
        token: challenge,
        ..Resp::default()
    };
    refused(&ends.client_step(client, &answer.encode()), TAMPERED);
}

/// NegoEx is not offered; what is in it is not read.
#[test]
fn s7_negoex_is_passed_over_whatever_is_in_it() {
    let message = |kind: u32, header: u32, length: u32| {
        let mut bytes = b"NEGOEXTS".to_vec();
        for word in [kind, 0, header, length] {
            bytes.extend(word.to_le_bytes());
        }
        bytes.extend([0x5A; 16]);
        // A vector of AuthSchemes: offset and count.
        bytes.extend([0xFF; 48]);
        bytes
    };
    let tokens = [
        vec![],
        b"NEGOEXTS".to_vec(),
        message(0, 0, 0),
        message(0, 96, 96),
        message(0, u32::MAX, u32::MAX),
        message(2, 40, 4_000_000_000),
        message(99, 96, 64),
        [message(0, 96, 96), message(2, 96, 96)].concat(),
    ];
    for token in tokens {
        for offer in [
            Init::of(&[NEGOEX, NTLM], Some(&token)),
            Init::of(&[NEGOEX, UNKNOWN, NTLM], Some(&token)),
        ] {
            HandMade::through(&offer).unwrap();
        }
        let end = Ends::kerberos().serve(&Init::of(&[NEGOEX], Some(&token)).encode());
        refused(&end, REFUSALS);
    }
}

/// No answer of a server makes a client speak it.
#[test]
fn s7_negoex_is_not_chosen() {
    let ends = Ends::kerberos();
    let (client, first) = ends.first();
    assert!(!Init::read(&first).unwrap().mechanisms().contains(&NEGOEX.to_vec()));
    let answer = Resp {
        state: Some(INCOMPLETE),
        mech: Some(NEGOEX.to_vec()),
        token: Some(b"NEGOEXTS".to_vec()),
        ..Resp::default()
    };
    refused(&ends.client_step(client, &answer.encode()), REFUSALS);
}
