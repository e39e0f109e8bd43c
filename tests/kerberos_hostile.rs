//! Tokens of the AP exchange cut at every length and with every bit flipped: none is accepted,
//! nothing panics.

mod support;

use secur32::crypto::kerberos::Enctype;
use secur32::spi::error::PeerFault;
use secur32::spi::flags::ContextFlags;
use secur32::spi::package::{Handshake, Opening, Step, StepInput, Usage};
use secur32::wire::gss::{self, Mechanism, tok_id};
use secur32::wire::kerberos::{TgtRep, TgtReq};

use support::ap::{Forger, Loop, TicketMaker, acquire};
use support::env::FixedEnv;

const AES: Enctype = Enctype::Aes256CtsHmacSha1;

/// The token cut at every length, and with every bit flipped.
fn changes(token: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    let cut = (0..token.len()).map(|length| token[..length].to_vec());
    let longer = [[token, &[0]].concat(), [&[0], token].concat()];
    let flipped = (0..token.len() * 8).map(|bit| {
        let mut changed = token.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        changed
    });
    cut.chain(longer).chain(flipped)
}

fn step(side: Box<dyn Handshake>, token: &[u8], env: &FixedEnv) -> Option<Step> {
    let token = Some(token).filter(|token| !token.is_empty());
    side.step(StepInput { token, bindings: None }, env).ok()
}

/// All tokens of a handshake.
fn recorded(asked: ContextFlags, enctype: Enctype) -> (Loop, Vec<Vec<u8>>) {
    let mut setup = Loop::new(&TicketMaker::new(enctype));
    setup.asked = asked;
    let tokens = setup.run().unwrap().tokens;
    (setup, tokens)
}

/// Bits outside what is encrypted that mean nothing to a server: the version of the key, which
/// other keys than its own are tried beside, the names, which nobody vouches for, and options
/// that RFC 4120 reserves. A change of them makes no other request.
fn is_the_same_request(changed: &[u8], genuine: &[u8]) -> bool {
    let read = |token: &[u8]| {
        let body = gss::unframe(token).map_or(token, |token| token.body).to_vec();
        secur32::wire::kerberos::ApReq::from_der(&body).ok()
    };
    let (Some(mut changed), Some(genuine)) = (read(changed), read(genuine)) else { return false };
    let (Ok(ticket), Ok(there)) = (changed.ticket.parse(), genuine.ticket.parse()) else {
        return false;
    };
    changed.authenticator.kvno = genuine.authenticator.kvno;
    changed.authenticator == genuine.authenticator
        && ticket.enc_part.cipher == there.enc_part.cipher
}

#[test]
fn no_cut_and_no_changed_request_is_another_one() {
    for (asked, enctype) in [
        (ContextFlags::MUTUAL_AUTH, AES),
        (ContextFlags::empty(), Enctype::Aes128CtsHmacSha256),
        (ContextFlags::DCE_STYLE, AES),
        (ContextFlags::MUTUAL_AUTH, Enctype::Rc4Hmac),
    ] {
        let (setup, tokens) = recorded(asked, enctype);
        for changed in changes(&tokens[0]) {
            // A fresh machine, so that nothing is refused as a replay.
            let fresh = Loop::new(&TicketMaker::new(enctype));
            let known = step(fresh.server(), &changed, &setup.server_env);
            assert!(known.is_none(), "the machine knows it already: {changed:x?}");
            if step(fresh.server(), &changed, &fresh.server_env).is_some() {
                assert!(is_the_same_request(&changed, &tokens[0]), "{changed:x?}");
                assert_eq!(fresh.kerberos.replays.len(), 1);
            }
        }
    }
}

#[test]
fn no_cut_and_no_changed_reply_is_accepted() {
    for (asked, enctype) in [
        (ContextFlags::MUTUAL_AUTH, AES),
        (ContextFlags::DCE_STYLE, AES),
        (ContextFlags::MUTUAL_AUTH, Enctype::Aes256CtsHmacSha384),
        (ContextFlags::MUTUAL_AUTH, Enctype::Rc4Hmac),
    ] {
        let mut setup = Loop::new(&TicketMaker::new(enctype));
        setup.asked = asked;
        let (_, token) = started(&setup);
        let Some(Step::Done { token: reply, .. } | Step::Continue { token: reply, .. }) =
            step(setup.server(), &token, &setup.server_env)
        else {
            panic!("the genuine request was refused")
        };
        for changed in changes(&reply) {
            // The same client as the one that was answered: clock and randomness are fixed.
            let mut again = Loop::new(&TicketMaker::new(enctype));
            again.asked = asked;
            let (client, same) = started(&again);
            assert_eq!(same, token);
            assert!(step(client, &changed, &again.client_env).is_none(), "{changed:x?}");
        }
        let mut again = Loop::new(&TicketMaker::new(enctype));
        again.asked = asked;
        let (client, _) = started(&again);
        assert!(matches!(step(client, &reply, &again.client_env), Some(Step::Done { .. })));
    }
}

fn started(setup: &Loop) -> (Box<dyn Handshake>, Vec<u8>) {
    match setup.client().step(StepInput::default(), &setup.client_env) {
        Ok(Step::Continue { next, token, .. }) => (next, token),
        _ => panic!("the client did not begin"),
    }
}

#[test]
fn no_cut_and_no_changed_third_leg_is_accepted() {
    let setup = || {
        let mut setup = Loop::new(&TicketMaker::new(AES));
        setup.asked = ContextFlags::DCE_STYLE;
        setup
    };
    let genuine = setup().run().unwrap().tokens.pop().unwrap();
    for changed in changes(&genuine) {
        let failure = setup().run_through(|number, token| {
            if number == 2 {
                token.clone_from(&changed);
                if token.is_empty() {
                    token.push(0);
                }
            }
        });
        assert!(failure.is_err(), "{changed:x?}");
    }
}

#[test]
fn no_changed_error_is_success() {
    let mut setup = Loop::new(&TicketMaker::new(AES));
    setup.required = ContextFlags::EXTENDED_ERROR;
    let mut wrong = Forger::new(&TicketMaker::new(AES));
    wrong.ticket.service_key = 1;
    let refusal = setup
        .server()
        .step(StepInput { token: Some(&wrong.token()), bindings: None }, &setup.server_env);
    let error = refusal.err().unwrap().token.unwrap();
    for changed in changes(&error) {
        let again = Loop::new(&TicketMaker::new(AES));
        let (client, _) = started(&again);
        // One bit makes a skew of it: another request goes out, and nothing is accepted.
        let step = step(client, &changed, &again.client_env);
        assert!(!matches!(step, Some(Step::Done { .. })), "{changed:x?}");
    }
}

#[test]
fn no_cut_and_no_changed_word_of_user_to_user_is_accepted() {
    let both = Usage { inbound: true, outbound: true };
    let setup = Loop::new(&TicketMaker::new(AES));
    let request = TgtReq { server_name: None, realm: Some("EXAMPLE.COM".into()) }.to_der();
    let request = gss::frame(Mechanism::UserToUser, tok_id::TGT_REQ, &request);
    let server = || {
        let credential = acquire(None, None, both, &setup.server_env);
        credential.accept(Opening::default(), &setup.server_env).unwrap()
    };
    assert!(step(server(), &request, &setup.server_env).is_some());
    for changed in changes(&request) {
        // A TGT is lent to everybody who asks; a context comes of it for nobody.
        let step = step(server(), &changed, &setup.server_env);
        assert!(!matches!(step, Some(Step::Done { .. })), "{changed:x?}");
    }
    let reply = TgtRep { ticket: TicketMaker::new(AES).tgt().mint() }.to_der();
    let reply = gss::frame(Mechanism::UserToUser, tok_id::TGT_REP, &reply);
    for changed in changes(&reply) {
        let mut setup = Loop::new(&TicketMaker::new(AES));
        setup.asked |= ContextFlags::USE_SESSION_KEY;
        let (client, _) = started(&setup);
        assert!(step(client, &changed, &setup.client_env).is_none(), "{changed:x?}");
    }
}

#[test]
fn a_target_is_needed_and_must_be_a_name() {
    for target in [None, Some(""), Some("a@b@c"), Some("/"), Some("HTTP/"), Some("x\0y")] {
        let mut setup = Loop::new(&TicketMaker::new(AES));
        setup.target = target.map(str::to_owned);
        let failure = setup.run().err().unwrap();
        assert_eq!(failure.error.fault(), PeerFault::TargetUnknown.into(), "{target:?}");
    }
}

#[test]
fn a_client_speaks_first_and_a_server_second() {
    let setup = Loop::new(&TicketMaker::new(AES));
    assert!(step(setup.client(), b"x", &setup.client_env).is_none());
    assert!(step(setup.server(), b"", &setup.server_env).is_none());
}
