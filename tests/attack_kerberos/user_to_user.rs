//! User-to-user confused (K21).

use secur32::crypto::kerberos::Enctype;
use secur32::spi::error::{Error, PeerFault};
use secur32::spi::flags::ContextFlags;
use secur32::spi::package::{Handshake, Opening, Step, StepInput};
use secur32::spi::packed::PackedContext;
use secur32::wire::gss::{self, Mechanism, tok_id};
use secur32::wire::kerberos::numbers::{ap_options, error_code};
use secur32::wire::kerberos::{EncodedTicket, TgtRep, TgtReq};

use super::{AES, failed, refused, serve};
use crate::support::ap::{BOTH, Forger, Loop, TicketMaker, acquire, judge, to_alice};
use crate::support::kdc::Kdcs;
use crate::support::kerberos::FixedKerberos;

/// A server that was asked for its TGT, and it.
fn lent(setup: &Loop) -> (Box<dyn Handshake>, EncodedTicket) {
    let request = TgtReq { server_name: None, realm: None };
    let token = gss::frame(Mechanism::UserToUser, tok_id::TGT_REQ, &request.to_der());
    let input = StepInput { token: Some(&token), bindings: None };
    let step = server(setup).step(input, &setup.server_env);
    let Ok(Step::Continue { next, token, .. }) = step else { panic!("no TGT") };
    let token = gss::unframe(&token).unwrap();
    assert_eq!((token.mech, token.tok_id), (Mechanism::UserToUser, tok_id::TGT_REP));
    (next, TgtRep::from_der(token.body).unwrap().ticket)
}

/// Alice as a server: her credential is both.
fn server(setup: &Loop) -> Box<dyn Handshake> {
    let both = secur32::spi::package::Usage { inbound: true, outbound: true };
    let credential = acquire(None, None, both, &setup.server_env);
    credential.accept(Opening::default(), &setup.server_env).unwrap()
}

fn judged(setup: &Loop, forger: &Forger) -> Result<PackedContext, secur32::spi::package::Refusal> {
    let (server, _) = lent(setup);
    judge(server, &forger.token(), None, &setup.server_env).map(|(context, _)| context)
}

fn forger(ticket: &TicketMaker) -> Forger {
    let mut forger = Forger::new(ticket);
    forger.ap_options |= ap_options::USE_SESSION_KEY;
    forger.mech = Some(Mechanism::UserToUser);
    forger
}

#[test]
fn k21_without_our_tgt_no_session_key_is_used() {
    let (setup, ticket) = to_alice(AES);
    let no_tgt = Some(error_code::KRB_AP_ERR_NO_TGT);
    let result = judge(server(&setup), &forger(&ticket).token(), None, &setup.server_env);
    refused(result.map(|(context, _)| context), PeerFault::WrongTarget, no_tgt);
    // Nor does the flag lead to the keytab.
    let mut wrong = Forger::new(&TicketMaker::new(AES));
    wrong.ap_options |= ap_options::USE_SESSION_KEY;
    refused(serve(&setup, &wrong), PeerFault::WrongTarget, no_tgt);
}

#[test]
fn k21_a_ticket_in_another_tgts_key_is_refused() {
    let (setup, ticket) = to_alice(AES);
    judged(&setup, &forger(&ticket)).unwrap();
    let modified = Some(error_code::KRB_AP_ERR_MODIFIED);
    let of_bob = TicketMaker { service_key: 0x99, ..ticket.clone() };
    refused(judged(&setup, &forger(&of_bob)), PeerFault::WrongTarget, modified);
    let other = Enctype::Aes128CtsHmacSha1;
    let other = TicketMaker { enctype: other, session: other, ..ticket };
    refused(judged(&setup, &forger(&other)), PeerFault::WrongTarget, modified);
}

#[test]
fn k21_after_our_tgt_was_lent_the_keytab_is_not_looked_at() {
    let (setup, ticket) = to_alice(AES);
    let in_keytab = TicketMaker::new(AES);
    let modified = Some(error_code::KRB_AP_ERR_MODIFIED);
    refused(judged(&setup, &forger(&in_keytab)), PeerFault::WrongTarget, modified);
    let no_tgt = Some(error_code::KRB_AP_ERR_NO_TGT);
    refused(judged(&setup, &Forger::new(&in_keytab)), PeerFault::WrongTarget, no_tgt);
    let mut without_flag = forger(&ticket);
    without_flag.ap_options = ap_options::MUTUAL_REQUIRED;
    refused(judged(&setup, &without_flag), PeerFault::WrongTarget, no_tgt);
}

#[test]
fn k21_a_tgt_is_lent_once() {
    let (setup, _) = to_alice(AES);
    let (server, _) = lent(&setup);
    let request = TgtReq { server_name: None, realm: None };
    let token = gss::frame(Mechanism::UserToUser, tok_id::TGT_REQ, &request.to_der());
    let result = server.step(StepInput { token: Some(&token), bindings: None }, &setup.server_env);
    failed(result.map_err(|refusal| refusal.error), PeerFault::UnexpectedToken);
}

/// What a client makes of an answer to its request for a TGT.
fn answered(setup: &Loop, token: &[u8]) -> Result<Step, Error> {
    let first = setup.client().step(StepInput::default(), &setup.client_env);
    let Ok(Step::Continue { next, token: request, .. }) = first else { panic!() };
    let request = gss::unframe(&request).unwrap();
    assert_eq!((request.mech, request.tok_id), (Mechanism::UserToUser, tok_id::TGT_REQ));
    let named = TgtReq::from_der(request.body).unwrap();
    assert_eq!(named.server_name.unwrap().name_string, ["alice"]);
    assert_eq!(named.realm.as_deref(), Some("EXAMPLE.COM"));
    let token = Some(token).filter(|token| !token.is_empty());
    let step = next.step(StepInput { token, bindings: None }, &setup.client_env);
    step.map_err(|refusal| refusal.error)
}

fn tgt_rep(ticket: EncodedTicket) -> Vec<u8> {
    gss::frame(Mechanism::UserToUser, tok_id::TGT_REP, &TgtRep { ticket }.to_der())
}

#[test]
fn k21_a_client_takes_only_a_tgt_for_a_tgt() {
    let (setup, _) = to_alice(AES);
    assert!(answered(&setup, &tgt_rep(TicketMaker::new(AES).tgt().mint())).is_ok());
    let service = TicketMaker::new(AES);
    failed(answered(&setup, &tgt_rep(service.mint())), PeerFault::WrongTarget);
    failed(answered(&setup, b""), PeerFault::NoTgtReply);
    let request = TgtReq { server_name: None, realm: None }.to_der();
    let reflected = gss::frame(Mechanism::UserToUser, tok_id::TGT_REQ, &request);
    failed(answered(&setup, &reflected), PeerFault::NoTgtReply);
    let empty = gss::frame(Mechanism::UserToUser, tok_id::TGT_REP, &[]);
    failed(answered(&setup, &empty), PeerFault::MalformedToken);
}

/// Alice asks for bob by his name; who answers is whoever the test says.
fn alice_to_bob(answers: &'static str) -> Loop {
    let kdcs = Kdcs::new();
    kdcs.add_user("bob@EXAMPLE.COM", "hunter2");
    kdcs.add_user("mallory@EXAMPLE.COM", "hunter2");
    let mut setup = Loop::on(FixedKerberos::new().with_exchange(kdcs.exchange()));
    setup.user = Some(("alice", "secret"));
    setup.account = Some((answers, "hunter2"));
    setup.usage = BOTH;
    setup.target = Some("bob@EXAMPLE.COM".into());
    setup.asked |= ContextFlags::USE_SESSION_KEY;
    setup
}

#[test]
fn k21_a_client_takes_no_ticket_for_somebody_else() {
    let outcome = alice_to_bob("bob").run().unwrap();
    assert_eq!(outcome.server.server_name.as_deref(), Some("bob@EXAMPLE.COM"));
    assert_eq!(outcome.client.session_key, outcome.server.session_key);
    // Mallory sends her own TGT in bob's place: the KDC looks whose it is.
    let failure = alice_to_bob("mallory").run().err().unwrap();
    assert!(!failure.by_server, "{}", failure.error);
}
