//! S3, S9: signatures of the list that are not what they should be.

use secur32::spi::flags::ContextFlags;
use secur32::spi::identity::Identity;
use secur32::spi::message::Qop;
use secur32::spi::package::PackageId;

use crate::support::spnego::{
    COMPLETED, End, Ends, INCOMPLETE, KRB5, MS_KRB5, NTLM, Resp, Talk, edit_init, edit_resp, list,
    open, tlv,
};
use crate::{NONSENSE, TAMPERED, nobody_is_done, refused};

/// Which leg the client signs, and which the server, in handshakes of this kind.
fn signed_legs(ends: &Ends) -> [usize; 2] {
    let legs = ends.run().tokens.len();
    [legs - 2, legs - 1]
}

fn with_mic(ends: &Ends, leg: usize, change: impl Fn(&mut Vec<u8>)) -> Talk {
    ends.run_through(|number, token| {
        if number == leg {
            edit_resp(token, |resp| change(resp.mic.as_mut().unwrap()));
        }
    })
}

#[test]
fn s3_every_bit_of_a_signature_counts() {
    for ends in [Ends::ntlm(), Ends::fallback()] {
        let [client, server] = signed_legs(&ends);
        for bit in 0..128 {
            let flip = |mic: &mut Vec<u8>| mic[bit / 8] ^= 1 << (bit % 8);
            let talk = with_mic(&ends, client, flip);
            nobody_is_done(&talk);
            refused(&talk.server, TAMPERED);
            refused(&with_mic(&ends, server, flip).client, TAMPERED);
        }
    }
}

#[test]
fn s3_signatures_of_other_lengths() {
    let changes: [fn(&mut Vec<u8>); 6] = [
        Vec::clear,
        |mic| mic.truncate(1),
        |mic| mic.truncate(15),
        |mic| mic.push(0),
        |mic| mic.resize(60_000, 0),
        |mic| mic.insert(0, 0),
    ];
    for ends in [Ends::ntlm(), Ends::fallback()] {
        let [client, server] = signed_legs(&ends);
        for change in changes {
            let talk = with_mic(&ends, client, change);
            nobody_is_done(&talk);
            refused(&talk.server, TAMPERED);
            refused(&with_mic(&ends, server, change).client, TAMPERED);
        }
    }
}

/// Each side has keys of its own: what it signed does not come back as the other's.
#[test]
fn s3_the_signature_of_the_wrong_party() {
    for ends in [Ends::ntlm(), Ends::fallback()] {
        let [client, server] = signed_legs(&ends);
        let mut clients = None;
        let talk = ends.run_through(|number, token| {
            if number == client {
                clients = Resp::read(token).unwrap().mic;
            }
            if number == server {
                edit_resp(token, |resp| resp.mic.clone_from(&clients));
            }
        });
        assert!(clients.is_some());
        refused(&talk.client, TAMPERED);
    }
}

/// That of another handshake of the same two.
#[test]
fn s3_the_signature_of_another_handshake() {
    for ends in [Ends::ntlm(), Ends::fallback()] {
        let before = ends.run();
        for leg in signed_legs(&ends) {
            let old = Resp::read(&before.tokens[leg]).unwrap().mic;
            let talk = with_mic(&ends, leg, |mic| mic.clone_from(old.as_ref().unwrap()));
            assert!(!talk.client.is_done(), "{}", talk.say());
        }
    }
}

/// Who signs before there are keys signs nothing.
#[test]
fn s3_a_signature_before_its_time() {
    for ends in [Ends::kerberos(), Ends::ntlm(), Ends::fallback()] {
        for mic in [vec![0], vec![0; 16], vec![1; 60]] {
            let talk = ends.run_through(|number, token| {
                if number == 0 {
                    edit_init(token, |init| init.mic = Some(mic.clone()));
                }
            });
            nobody_is_done(&talk);
            refused(&talk.server, TAMPERED);
        }
    }
    for ends in [Ends::ntlm(), Ends::fallback()] {
        let legs = ends.run().tokens.len();
        for leg in 1..legs - 2 {
            let talk = ends.run_through(|number, token| {
                if number == leg {
                    edit_resp(token, |resp| resp.mic = Some(vec![1; 16]));
                }
            });
            nobody_is_done(&talk);
        }
    }
}

/// One that nobody needs is looked at all the same.
#[test]
fn s3_a_signature_that_was_not_due_must_be_right() {
    for mic in [vec![0], vec![0; 16], vec![4; 28], vec![4; 60_000]] {
        let talk = Ends::kerberos().run_through(|number, token| {
            if number == 1 {
                edit_resp(token, |resp| resp.mic = Some(mic.clone()));
            }
        });
        refused(&talk.client, TAMPERED);
    }
}

#[test]
fn s3_two_signatures_are_one_too_many() {
    for ends in [Ends::ntlm(), Ends::fallback()] {
        for leg in signed_legs(&ends) {
            let talk = ends.run_through(|number, token| {
                if number == leg {
                    edit_resp(token, |resp| {
                        resp.more = tlv(0xA3, &tlv(4, resp.mic.as_deref().unwrap()));
                    });
                }
            });
            let victim = if leg.is_multiple_of(2) { &talk.server } else { &talk.client };
            refused(victim, NONSENSE);
        }
    }
}

/// A server with the right keys that heard another list than the client sent.
#[test]
fn s3_the_signature_of_another_list() {
    let lists: [Vec<u8>; 5] = [
        list(&[NTLM]),
        list(&[MS_KRB5, NTLM, KRB5]),
        tlv(0xA0, &list(&[MS_KRB5, KRB5, NTLM])),
        list(&[MS_KRB5, KRB5, NTLM])[2..].to_vec(),
        vec![],
    ];
    for other in lists {
        let end = answered_with_the_signature_of(&other);
        refused(&end, TAMPERED);
    }
    let end = answered_with_the_signature_of(&list(&[MS_KRB5, KRB5, NTLM]));
    assert!(end.is_done(), "{}", end.say());
}

/// The client after a last token in which this list is signed with the server's keys.
fn answered_with_the_signature_of(list: &[u8]) -> End {
    let ends = Ends::fallback();
    let legs = ends.run().tokens.len();
    let (mut side, mut token) = (End::Over, vec![]);
    let mut client = End::Going(ends.client(), vec![], None);
    let mut server = Some(ends.server());
    for _ in 0..legs / 2 {
        client = crate::downgrade::next(&ends, client, &token);
        side = ends.server_step(server.take().unwrap(), &client.token());
        token = side.token();
        if let End::Going(next, ..) = side {
            server = Some(next);
            side = End::Over;
        }
    }
    let mut context = match side {
        End::Done(context, ..) => context,
        end => panic!("{}", end.say()),
    };
    // As it was before the server signed.
    (context.sender, context.receiver) = (None, None);
    let mut mic = vec![0; 16];
    open(&context).sender.sign(Qop::Default, &[list], &mut mic, 0).unwrap();
    edit_resp(&mut token, |resp| resp.mic = Some(mic));
    crate::downgrade::next(&ends, client, &token)
}

/// Old servers of Windows 2000 repeated their token where the signature belongs.
#[test]
fn s3_a_repeated_token_is_no_signature() {
    let talk = Ends::ntlm().run_through(|number, token| {
        if number == 3 {
            edit_resp(token, |resp| resp.token.clone_from(&resp.mic));
        }
    });
    assert!(!talk.client.is_done(), "{}", talk.say());
}

fn nobody() -> Identity {
    Identity::default()
}

/// An anonymous client has no key to sign with.
#[test]
fn s9_only_a_server_that_takes_anonymous_clients_does_without_a_signature() {
    for server_packages in ["", "NTLM"] {
        let anonymous = || Ends {
            identity: Some(nobody),
            asked: ContextFlags::NULL_SESSION,
            server_packages,
            ..Ends::ntlm()
        };
        let talk = anonymous().run();
        nobody_is_done(&talk);
        assert!(talk.server.error().is_some(), "{}", talk.say());

        let ends = Ends { required: ContextFlags::NULL_SESSION, ..anonymous() };
        let talk = ends.run();
        let (client, server) = talk.both();
        assert_eq!((client.package, server.package), (PackageId::Ntlm, PackageId::Ntlm));
        assert_eq!(server.client_name, "");
        assert!(server.flags.contains(ContextFlags::NULL_SESSION));
        assert!(!server.flags.intersects(ContextFlags::INTEGRITY | ContextFlags::CONFIDENTIALITY));
    }
}

/// A client that has a name is not told that none was needed.
#[test]
fn s9_a_client_with_a_name_is_not_taken_for_an_anonymous_one() {
    for required in [ContextFlags::empty(), ContextFlags::NULL_SESSION] {
        for ends in [Ends::ntlm(), Ends::fallback()] {
            let ends = Ends { required, ..ends };
            let [client, server] = signed_legs(&ends);
            let talk = ends.run_through(|number, token| {
                if number == client || number == server {
                    edit_resp(token, |resp| {
                        resp.mic = None;
                        resp.state = Some(if number == server { COMPLETED } else { INCOMPLETE });
                    });
                }
            });
            nobody_is_done(&talk);
        }
    }
}
