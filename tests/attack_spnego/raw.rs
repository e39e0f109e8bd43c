//! S8: tokens without SPNEGO, in the wrong frame, in too many frames.

use secur32::spi::message::Qop;
use secur32::spi::package::{Handshake, PackageId};
use secur32::spi::packed::{PackedContext, Role};

use crate::downgrade::next;
use crate::keys::Keys;
use crate::support::ap::{Forger, TicketMaker};
use crate::support::handshake::{Setup, finish};
use crate::support::spnego::{
    AES, COMPLETED, End, Ends, INCOMPLETE, Init, KRB5, MS_KRB5, NTLM, Resp, SPNEGO, edit_init,
    framed, list, oid, open, tlv,
};
use crate::{NONSENSE, nobody_is_done, refused};

/// A client whose NTLM is ours and whose SPNEGO is made by hand.
pub struct HandMade {
    next: Box<dyn Handshake>,
    negotiate: Vec<u8>,
}

impl HandMade {
    fn new(ends: &Ends) -> Self {
        let client = Setup::new(&ends.client_env).client().unwrap();
        Self { next: client.next, negotiate: client.negotiate }
    }

    /// Begins with this offer, from which the server must choose NTLM and nothing else of it, and
    /// goes on to the end as a client should. Says what went wrong.
    pub fn through(offer: &Init) -> Result<(), String> {
        let ends = Ends::kerberos();
        let hand = Self::new(&ends);
        let chosen = ends.serve(&offer.encode());
        let answer = Resp::read(&chosen.token()).ok_or_else(|| chosen.say())?;
        if answer.mech.as_deref() != Some(NTLM) || answer.token.is_some() {
            return Err(format!("{answer:x?}"));
        }
        let token = Some(hand.negotiate);
        let server = next_of_server(&ends, chosen, &Resp { token, ..Resp::default() });
        let challenge = Resp::read(&server.token()).and_then(|resp| resp.token);
        let challenge = challenge.ok_or_else(|| server.say())?;
        let (context, token) = finish(hand.next, &challenge, &ends.client_env).unwrap();
        let signed = offer.list.as_deref().unwrap();
        let mut mic = vec![0; 16];
        open(&context).sender.sign(Qop::Default, &[signed], &mut mic, 0).unwrap();
        let last = Resp { token: Some(token), mic: Some(mic), ..Resp::default() };
        let End::Done(server, last, _) = next_of_server(&ends, server, &last) else {
            return Err("the server is not done".into());
        };
        let keys = Keys::of(context.session_key.expose(), Role::Acceptor);
        let last = Resp::read(&last).unwrap();
        assert_eq!((last.state, last.mic), (Some(COMPLETED), Some(keys.signature(signed, 0, 0))));
        assert_eq!(server.package, PackageId::Ntlm);
        Ok(())
    }
}

fn next_of_server(ends: &Ends, server: End, resp: &Resp) -> End {
    match server {
        End::Going(side, ..) => ends.server_step(side, &resp.encode()),
        end => end,
    }
}

/// NTLM without SPNEGO against a server of Negotiate.
pub fn raw_ntlm() -> (PackedContext, PackedContext) {
    let ends = Ends::kerberos();
    let hand = HandMade::new(&ends);
    let End::Going(server, challenge, _) = ends.serve(&hand.negotiate) else {
        panic!("a raw NEGOTIATE is not taken")
    };
    let (client, token) = finish(hand.next, &challenge, &ends.client_env).unwrap();
    match ends.server_step(server, &token) {
        End::Done(server, last, _) if last.is_empty() => (client, *server),
        end => panic!("{}", end.say()),
    }
}

#[test]
fn s8_raw_ntlm_is_answered_raw() {
    let (client, server) = raw_ntlm();
    assert_eq!(server.package, PackageId::Ntlm);
    assert_eq!(server.client_name, "DOM\\alice");
    crate::support::spnego::converse(&client, &server);
}

#[test]
fn s8_raw_kerberos_is_answered_raw() {
    let ends = Ends::kerberos();
    let forger = Forger::new(&TicketMaker::new(AES));
    match ends.serve(&forger.token()) {
        End::Done(server, answer, _) => {
            assert_eq!(server.package, PackageId::Kerberos);
            forger.read_reply(&answer);
        }
        end => panic!("{}", end.say()),
    }
    // Replayed within SPNEGO it is the same request.
    let again = Init::of(&[MS_KRB5, KRB5], Some(&forger.token()));
    assert!(ends.serve(&again.encode()).error().is_some());
}

/// A raw token is for a mechanism that the server may use.
#[test]
fn s8_raw_tokens_need_their_mechanism() {
    let only_kerberos = Ends { server_packages: "Kerberos", ..Ends::kerberos() };
    let end = only_kerberos.serve(&HandMade::new(&only_kerberos).negotiate);
    assert!(end.error().is_some(), "{}", end.say());
    let only_ntlm = Ends::fallback();
    let end = only_ntlm.serve(&Forger::new(&TicketMaker::new(AES)).token());
    assert!(end.error().is_some(), "{}", end.say());
}

/// SPNEGO does not negotiate SPNEGO.
#[test]
fn s8_spnego_in_spnego() {
    let ends = Ends::kerberos();
    let inner = ends.first().1;
    for mechanisms in [&[SPNEGO][..], &[SPNEGO, SPNEGO]] {
        let end = ends.serve(&Init::of(mechanisms, Some(&inner)).encode());
        assert!(end.error().is_some(), "{}", end.say());
    }
    // For a mechanism that there is it is no token.
    for mechanism in [MS_KRB5, KRB5, NTLM] {
        let end = ends.serve(&Init::of(&[mechanism], Some(&inner)).encode());
        assert!(end.error().is_some(), "{}", end.say());
    }
    // Whoever is passed over has no token.
    let end = ends.serve(&Init::of(&[SPNEGO, NTLM], Some(&inner)).encode());
    if let End::Going(_, token, _) = &end {
        let answer = Resp::read(token).unwrap();
        assert_eq!((answer.mech.as_deref(), answer.token), (Some(NTLM), None));
    }
    assert!(!end.is_done(), "{}", end.say());
    let (client, _) = ends.first();
    let answer = Resp { state: Some(COMPLETED), token: Some(inner), ..Resp::default() };
    assert!(ends.client_step(client, &answer.encode()).error().is_some());
}

/// Frames that are nothing but lengths.
#[test]
fn s8_frames_that_end_early() {
    let lengths: [&[u8]; 10] = [
        &[],
        &[0],
        &[0x80],
        &[0x81],
        &[0x82, 1],
        &[0x84, 0xFF, 0xFF, 0xFF, 0xFF],
        &[0x88, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        &[0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0],
        &[0xFF],
        &[0x7F],
    ];
    let behind: [Vec<u8>; 8] = [
        vec![],
        vec![6],
        oid(KRB5),
        oid(SPNEGO),
        oid(NTLM),
        [oid(SPNEGO), vec![0xA0]].concat(),
        [oid(SPNEGO), vec![0xA0, 0x82]].concat(),
        [oid(KRB5), vec![1]].concat(),
    ];
    let ends = Ends::kerberos();
    for tag in [0x60, 0xA0, 0xA1, 0x6E, 0x30] {
        for length in lengths {
            for rest in &behind {
                let token = [&[tag], length, rest].concat();
                refused(&ends.serve(&token), NONSENSE);
                let (client, _) = ends.first();
                let client = ends.client_step(client, &token);
                assert!(client.error().is_some(), "{token:x?}: {}", client.say());
            }
        }
    }
}

#[test]
fn s8_first_tokens_that_are_nothing() {
    let ends = Ends::kerberos();
    let resp = Resp { state: Some(INCOMPLETE), token: Some(b"x".to_vec()), ..Resp::default() };
    let tokens = [
        b"x".to_vec(),
        b"NTLMSSP".to_vec(),
        b"NTLMSSP\0".to_vec(),
        b"NTLMSSP\0\x03\0\0\0".to_vec(),
        b"NEGOEXTS".to_vec(),
        resp.encode(),
        framed(SPNEGO, &resp.encode()),
        framed(SPNEGO, &[]),
        framed(NTLM, b"NTLMSSP\0"),
        framed(KRB5, &[]),
        framed(KRB5, &[1, 0]),
        framed(KRB5, &[2, 0, 0x6F, 0]),
        framed(KRB5, &[3, 0, 0x7E, 0]),
        tlv(0xA0, &[]),
        vec![0; 100],
        vec![0xFF; 100],
    ];
    for token in tokens {
        let end = ends.serve(&token);
        assert!(end.error().is_some(), "{token:x?}: {}", end.say());
    }
}

/// Who offered a choice does not take an answer that leaves it out: a middleman who takes SPNEGO
/// away takes the signature of the list away.
#[test]
fn s8_a_server_that_answers_raw_is_not_believed() {
    let raw = Ends::kerberos();
    let hand = HandMade::new(&raw);
    let challenge = raw.serve(&hand.negotiate).token();
    assert!(challenge.starts_with(b"NTLMSSP\0"));
    for ends in [Ends::kerberos(), Ends::fallback()] {
        let (client, _) = ends.first();
        let client = ends.client_step(client, &challenge);
        assert!(client.error().is_some(), "{}", client.say());
    }
}

/// The middleman speaks raw NTLM with the server and SPNEGO with the client: without the
/// server's signature the client is not satisfied.
#[test]
fn s8_spnego_on_one_side_only() {
    let ends = Ends::ntlm();
    let (client, first) = ends.first();
    let End::Going(server, challenge, _) = ends.serve(&Init::read(&first).unwrap().token.unwrap())
    else {
        panic!("the server does not go on")
    };
    let answer = Resp {
        state: Some(INCOMPLETE),
        mech: Some(NTLM.to_vec()),
        token: Some(challenge),
        ..Resp::default()
    };
    let client = ends.client_step(client, &answer.encode());
    let authenticate = Resp::read(&client.token()).unwrap().token.unwrap();
    drop(ends.server_step(server, &authenticate));
    let last = Resp::state(COMPLETED).encode();
    let client = next(&ends, client, &last);
    assert!(!client.is_done(), "{}", client.say());
}

/// Between a server that answers raw and a raw client a frame does not appear.
#[test]
fn s8_later_legs_keep_their_form() {
    let ends = Ends::kerberos();
    let hand = HandMade::new(&ends);
    let End::Going(server, challenge, _) = ends.serve(&hand.negotiate) else { panic!() };
    let (_, token) = finish(hand.next, &challenge, &ends.client_env).unwrap();
    let wrapped = Init::of(&[NTLM], Some(&token)).encode();
    let end = ends.server_step(server, &wrapped);
    assert!(end.error().is_some(), "{}", end.say());
}

/// A second offer on a later leg is none.
#[test]
fn s8_an_offer_comes_once() {
    for ends in [Ends::ntlm(), Ends::fallback()] {
        let talk = ends.run_through(|number, token| {
            if number == 2 {
                let resp = Resp::read(token).unwrap();
                *token = Init { list: Some(list(&[NTLM])), token: resp.token, ..Init::default() }
                    .encode();
            }
        });
        nobody_is_done(&talk);
        refused(&talk.server, NONSENSE);
    }
}

/// Mechanisms of the frame and of the list need not be written alike: a server answers with the
/// client's word.
#[test]
fn s8_the_servers_answer_repeats_the_clients_word() {
    for mechanism in [MS_KRB5, KRB5] {
        let talk = Ends::kerberos().run_through(|number, token| {
            if number == 0 {
                edit_init(token, |init| init.list = Some(list(&[mechanism, NTLM])));
            }
        });
        let answer = Resp::read(&talk.tokens[1]).unwrap();
        assert_eq!(answer.mech.as_deref(), Some(mechanism));
        assert!(talk.server.is_done(), "{}", talk.say());
    }
}
