//! S1, S2: a middleman who wants another mechanism than the best.

use secur32::spi::flags::ContextFlags;
use secur32::spi::message::Qop;
use secur32::spi::package::PackageId;

use crate::support::spnego::{
    COMPLETED, End, Ends, INCOMPLETE, Init, KRB5, MS_KRB5, NEGOEX, NTLM, REJECT, REQUEST_MIC, Resp,
    Talk, UNKNOWN, converse, edit_init, edit_resp, list, open, tlv,
};
use crate::{TAMPERED, is_done_with, nobody_is_done, refused};

/// What the middleman does to everything after the first token.
#[derive(Debug, Clone, Copy)]
struct Later {
    /// Takes the signatures away.
    strip: bool,
    /// Says this in the server's first answer.
    state: Option<u8>,
    /// Says that all is well in the server's last.
    complete: bool,
}

fn ways() -> impl Iterator<Item = Later> {
    [false, true].into_iter().flat_map(|strip| {
        [None, Some(INCOMPLETE), Some(REQUEST_MIC)]
            .into_iter()
            .flat_map(move |state| [false, true].map(|complete| Later { strip, state, complete }))
    })
}

fn tamper(later: Later, number: usize, token: &mut Vec<u8>) {
    let Some(mut resp) = Resp::read(token).filter(|_| number > 0) else { return };
    if later.strip {
        resp.mic = None;
    }
    if number == 1 && later.state.is_some() && resp.state != Some(REJECT) {
        resp.state = later.state;
    }
    if number > 2 && number % 2 == 1 && later.complete {
        resp.state = Some(COMPLETED);
    }
    *token = resp.encode();
}

/// The handshake with another first token.
fn with_first(ends: &Ends, later: Later, change: impl Fn(&mut Init)) -> Talk {
    ends.run_through(|number, token| match number {
        0 => edit_init(token, &change),
        _ => tamper(later, number, token),
    })
}

#[test]
fn s1_a_list_without_kerberos_is_found_out() {
    for later in ways() {
        for keep in [true, false] {
            let talk = with_first(&Ends::kerberos(), later, |init| {
                init.list = Some(list(&[NTLM]));
                init.token = init.token.take().filter(|_| keep);
            });
            nobody_is_done(&talk);
        }
    }
    // Without the middleman it is Kerberos.
    Ends::kerberos().run().agree_on(PackageId::Kerberos);
}

#[test]
fn s1_a_list_with_ntlm_in_front_does_not_lead_to_ntlm() {
    for later in ways() {
        for mechanisms in [&[NTLM, MS_KRB5, KRB5][..], &[NTLM, MS_KRB5], &[NTLM, KRB5]] {
            for keep in [true, false] {
                let talk = with_first(&Ends::kerberos(), later, |init| {
                    init.list = Some(list(mechanisms));
                    init.token = init.token.take().filter(|_| keep);
                });
                for end in [&talk.client, &talk.server] {
                    assert!(!is_done_with(end, PackageId::Ntlm), "{later:?} {}", talk.say());
                }
                assert!(!(talk.client.is_done() && talk.server.is_done()), "{}", talk.say());
            }
        }
    }
}

/// Nothing vouches for the list when the first mechanism is taken: whatever was done to what
/// follows it, Kerberos it stays.
#[test]
fn s1_changes_behind_the_first_mechanism_change_nothing() {
    let lists: [&[&[u8]]; 5] = [
        &[MS_KRB5],
        &[MS_KRB5, NTLM],
        &[MS_KRB5, KRB5, UNKNOWN, NTLM],
        &[MS_KRB5, NEGOEX, KRB5],
        &[MS_KRB5, KRB5, NTLM, NTLM],
    ];
    for mechanisms in lists {
        let talk = Ends::kerberos().run_through(|number, token| {
            if number == 0 {
                edit_init(token, |init| init.list = Some(list(mechanisms)));
            }
        });
        talk.agree_on(PackageId::Kerberos);
    }
}

/// Where the server cannot do Kerberos, NTLM is right, and still the list is what it was.
#[test]
fn s1_the_list_counts_where_ntlm_is_right() {
    let lists: [&[&[u8]]; 6] = [
        &[NTLM],
        &[KRB5, MS_KRB5, NTLM],
        &[MS_KRB5, NTLM],
        &[MS_KRB5, KRB5, UNKNOWN, NTLM],
        &[MS_KRB5, KRB5, NTLM, NTLM],
        &[UNKNOWN, NTLM],
    ];
    for later in ways() {
        for mechanisms in lists {
            let talk = with_first(&Ends::fallback(), later, |init| {
                assert_ne!(init.list, Some(list(mechanisms)), "that is the genuine list");
                init.list = Some(list(mechanisms));
            });
            nobody_is_done(&talk);
        }
    }
    Ends::fallback().run().agree_on(PackageId::Ntlm);
}

#[test]
fn s1_a_list_that_only_has_ntlm_may_not_grow() {
    for later in ways() {
        for mechanisms in [&[NTLM, UNKNOWN][..], &[NTLM, NTLM], &[NTLM, KRB5], &[UNKNOWN, NTLM]] {
            let talk = with_first(&Ends::ntlm(), later, |init| init.list = Some(list(mechanisms)));
            nobody_is_done(&talk);
        }
    }
    Ends::ntlm().run().agree_on(PackageId::Ntlm);
}

/// The same identifiers with longer lengths: who signs what came, and not what it means, sees it.
#[test]
fn s1_a_list_in_another_encoding_is_another_list() {
    use crate::support::spnego::{long_tlv, oid};
    for ends in [Ends::ntlm(), Ends::fallback()] {
        for octets in [1, 2, 4] {
            let talk = ends.run_through(|number, token| {
                if number == 0 {
                    edit_init(token, |init| {
                        let inner: Vec<u8> =
                            init.mechanisms().iter().flat_map(|octets| oid(octets)).collect();
                        init.list = Some(long_tlv(0x30, &inner, octets));
                    });
                }
            });
            nobody_is_done(&talk);
        }
    }
}

#[test]
fn s1_who_may_only_do_kerberos_offers_no_ntlm() {
    for packages in ["Kerberos", "!ntlm", "kerberos,!NTLM"] {
        let ends = Ends { client_packages: packages, ..Ends::kerberos() };
        let (_, token) = ends.first();
        let offered = Init::read(&token).unwrap().mechanisms();
        assert!(!offered.is_empty() && !offered.contains(&NTLM.to_vec()), "{offered:x?}");
        assert!(!contains(&token, b"NTLMSSP"));
        ends.run().agree_on(PackageId::Kerberos);
        // A server that has nothing else.
        let required = ContextFlags::EXTENDED_ERROR;
        let talk = Ends { server_packages: "NTLM", required, ..ends }.run();
        nobody_is_done(&talk);
        assert!(talk.client.error().is_some(), "{}", talk.say());
        assert!(!talk.tokens.iter().any(|token| contains(token, b"NTLMSSP")));
    }
}

/// What a server says before the client spoke is nobody's word: the offer stays what it is, and
/// what is signed is the offer.
#[test]
fn s1_a_hint_changes_nothing() {
    let ends = Ends::kerberos();
    let genuine = Init::read(&ends.first().1).unwrap();
    let name = tlv(0x30, &tlv(0xA0, &tlv(0x1B, b"not_defined_in_RFC4178@please_ignore")));
    for mechanisms in [&[NTLM][..], &[UNKNOWN], &[NTLM, MS_KRB5], &[NEGOEX, NTLM]] {
        for hints in [Some(name.clone()), None] {
            let hint = Init { hints, ..Init::of(mechanisms, None) };
            let client = ends.client_step(ends.client(), &hint.encode());
            let offer = Init::read(&client.token()).unwrap();
            assert_eq!(offer.list, genuine.list);
        }
    }
    // A server of ours that was asked for one goes on with whoever comes.
    for ends in [Ends::kerberos(), Ends::ntlm(), Ends::fallback()] {
        let End::Going(server, hint, _) = ends.serve(&[]) else { panic!() };
        assert!(Init::read(&hint).unwrap().hints.is_some());
        let talk = ends.run_between(ends.client(), server, |_, _| {});
        talk.both();
    }
    for nonsense in [&b"nonsense"[..], b"NTLMSSP\0\x02\0\0\0", &Resp::state(COMPLETED).encode()] {
        let client = ends.client_step(ends.client(), nonsense);
        assert!(client.error().is_some(), "{}", client.say());
    }
    let End::Going(server, ..) = ends.serve(&[]) else { panic!() };
    assert!(ends.server_step(server, &[]).error().is_some());
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// The middleman is the server, and claims that NTLM is all there is: the client's proof is of no
/// use to him, because he has no key to sign the list with.
#[test]
fn s1_s2_a_server_that_prefers_ntlm_must_prove_that_it_heard_everything() {
    for mic in [None, Some(vec![]), Some(vec![0; 16]), Some([&[1, 0, 0, 0][..], &[0; 12]].concat())]
    {
        for state in [INCOMPLETE, REQUEST_MIC] {
            let ends = Ends::kerberos();
            let (client, _) = ends.first();
            let chosen =
                Resp { state: Some(state), mech: Some(NTLM.to_vec()), ..Resp::default() }.encode();
            let client = ends.client_step(client, &chosen);
            let Some(negotiate) = Resp::read(&client.token()).and_then(|resp| resp.token) else {
                // It need not play along at all.
                assert!(client.error().is_some(), "{}", client.say());
                continue;
            };
            let challenge = Ends::ntlm().serve(&negotiate).token();
            let answer =
                Resp { state: Some(INCOMPLETE), token: Some(challenge), ..Resp::default() };
            let client = next(&ends, client, &answer.encode());
            assert!(!client.is_done(), "{}", client.say());
            let last = Resp { state: Some(COMPLETED), mic: mic.clone(), ..Resp::default() };
            refused(&next(&ends, client, &last.encode()), TAMPERED);
        }
    }
}

/// The client's next step, if it waits.
pub fn next(ends: &Ends, client: End, token: &[u8]) -> End {
    match client {
        End::Going(side, ..) => ends.client_step(side, token),
        end => end,
    }
}

/// Where another than the first mechanism was taken, both sign; and both do with NTLM, whose last
/// message has a MIC.
#[test]
fn s2_a_signature_that_is_due_may_not_be_missing() {
    for ends in [Ends::ntlm(), Ends::fallback()] {
        let genuine = ends.run();
        genuine.agree_on(PackageId::Ntlm);
        let signed: Vec<_> = genuine
            .tokens
            .iter()
            .map(|token| Resp::read(token).is_some_and(|resp| resp.mic.is_some()))
            .collect();
        let legs = signed.len();
        assert_eq!(signed.iter().filter(|&&signed| signed).count(), 2, "{signed:?}");
        assert!(signed[legs - 2] && signed[legs - 1], "{signed:?}");

        for stripped in [&[legs - 2][..], &[legs - 1], &[legs - 2, legs - 1]] {
            let talk = ends.run_through(|number, token| {
                if stripped.contains(&number) {
                    edit_resp(token, |resp| resp.mic = None);
                }
            });
            // Who sent the last token was satisfied; it is the other who must not be.
            let victims = if stripped == [legs - 1] {
                vec![&talk.client]
            } else {
                vec![&talk.client, &talk.server]
            };
            for end in victims {
                assert!(!end.is_done(), "{stripped:?}: {}", talk.say());
            }
        }
    }
}

/// The client's first choice is taken, and nothing more was asked for: no signature, two legs.
#[test]
fn s2_kerberos_as_the_first_choice_needs_no_signature() {
    let talk = Ends::kerberos().run();
    talk.agree_on(PackageId::Kerberos);
    assert_eq!(talk.tokens.len(), 2);
    let last = Resp::read(&talk.tokens[1]).unwrap();
    assert_eq!((last.state, last.mic), (Some(COMPLETED), None));
    assert_eq!(last.mech.as_deref(), Some(MS_KRB5));
}

/// A server that asks for a signature gives its own with the mechanism's last token and gets the
/// client's.
#[test]
fn s2_who_asks_for_a_signature_must_give_one() {
    let ends = Ends::kerberos();
    let (client, first) = ends.first();
    let End::Done(mut server, mut answer, _) = ends.serve(&first) else { panic!() };
    let list = Init::read(&first).unwrap().list.unwrap();
    let mut mic = vec![0; 100];
    let mut protection = open(&server);
    let used = protection.sender.sign(Qop::Default, &[&list], &mut mic, 0).unwrap();
    edit_resp(&mut answer, |resp| {
        resp.state = Some(REQUEST_MIC);
        resp.mic = Some(mic[..used].to_vec());
    });
    let End::Done(client, last, _) = ends.client_step(client, &answer) else { panic!() };
    let last = Resp::read(&last).unwrap();
    assert_eq!((last.state, last.token), (Some(COMPLETED), None));
    protection.receiver.verify(&[&list], &last.mic.unwrap(), 0).unwrap();
    server.sender = Some(protection.sender.save());
    server.receiver = Some(protection.receiver.save());
    converse(&client, &server);

    let ends = Ends::kerberos();
    let (client, first) = ends.first();
    let mut answer = ends.serve(&first).token();
    edit_resp(&mut answer, |resp| resp.state = Some(REQUEST_MIC));
    refused(&ends.client_step(client, &answer), TAMPERED);
}

/// The middleman asks for a signature in the server's name: the server, which is done, hears no
/// more, and the client does not believe that all is well.
#[test]
fn s2_a_request_that_was_forged_leads_nowhere() {
    let talk = Ends::kerberos().run_through(|number, token| {
        if number == 1 {
            edit_resp(token, |resp| resp.state = Some(REQUEST_MIC));
        }
    });
    assert!(!talk.client.is_done(), "{}", talk.say());
}
