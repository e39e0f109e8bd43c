//! AP-REPs forged, reflected, missing; the third leg (K17).

use secur32::spi::error::PeerFault;
use secur32::spi::flags::ContextFlags;
use secur32::spi::package::StepInput;
use secur32::wire::gss::{self, Mechanism, tok_id};
use secur32::wire::kerberos::numbers::{error_code, key_usage};
use secur32::wire::kerberos::{ApRep, EncApRepPart, EncryptedData, KrbError};

use super::{AES, failed};
use crate::support::ap::{Failure, Forger, Loop, Outcome, TicketMaker, key};

/// An AP-REP with this inside, in this key.
fn ap_rep(part: &EncApRepPart, key_byte: u8, usage: u32, framed: bool) -> Vec<u8> {
    let cipher = key(AES, key_byte).encrypt(usage, &[3; 16], part.to_der_secret().expose());
    let enc_part = EncryptedData { etype: 18, kvno: None, cipher };
    let message = ApRep { enc_part }.to_der();
    if framed { gss::frame(Mechanism::Krb5, tok_id::AP_REP, &message) } else { message }
}

/// Lets our client take a forged answer to its request.
fn answered(change: impl FnOnce(&mut Vec<u8>)) -> Result<Outcome, Failure> {
    let mut change = Some(change);
    Loop::new(&TicketMaker::new(AES)).run_through(|count, token| {
        if let (1, Some(change)) = (count, change.take_if(|_| count == 1)) {
            change(token);
        }
    })
}

fn fails_at_client(change: impl FnOnce(&mut Vec<u8>), fault: PeerFault) {
    let failure = answered(change).err().expect("accepted");
    assert!(!failure.by_server && failure.token.is_none());
    assert_eq!(failure.error.fault(), fault.into(), "{}", failure.error);
}

fn read(token: &[u8]) -> EncApRepPart {
    Forger::new(&TicketMaker::new(AES)).read_reply(token)
}

#[test]
fn k17_an_answer_to_another_request_is_refused() {
    let forged = PeerFault::MutualAuthFailed;
    let rewritten = |change: fn(&mut EncApRepPart)| {
        move |token: &mut Vec<u8>| {
            let mut part = read(token);
            change(&mut part);
            *token = ap_rep(&part, 0x52, key_usage::AP_REP, true);
        }
    };
    answered(rewritten(|_| {})).unwrap();
    fails_at_client(rewritten(|part| part.ctime.0 += 1), forged);
    fails_at_client(rewritten(|part| part.cusec ^= 1), forged);
    fails_at_client(rewritten(|part| part.ctime.0 = 0), forged);
    // Another context's, with the same ticket.
    let mut other = Vec::new();
    let setup = Loop::new(&TicketMaker::new(AES));
    setup.client_env.set_now(secur32::spi::time::FileTime(crate::support::env::NOW.0 + 10));
    setup
        .run_through(|count, token| {
            if count == 1 {
                other.clone_from(token);
            }
        })
        .unwrap();
    fails_at_client(|token| *token = other, forged);
}

#[test]
fn k17_an_answer_in_another_key_is_refused() {
    let forged = PeerFault::MutualAuthFailed;
    let part = |token: &[u8]| read(token);
    fails_at_client(|t| *t = ap_rep(&part(t), 0x53, key_usage::AP_REP, true), forged);
    fails_at_client(|t| *t = ap_rep(&part(t), 0x51, key_usage::AP_REP, true), forged);
    let usage = key_usage::AP_REQ_AUTHENTICATOR;
    fails_at_client(|t| *t = ap_rep(&part(t), 0x52, usage, true), forged);
    let other_enctype = |token: &mut Vec<u8>| {
        let enc_part = EncryptedData { etype: 17, kvno: None, cipher: vec![0; 80] };
        *token = gss::frame(Mechanism::Krb5, tok_id::AP_REP, &ApRep { enc_part }.to_der());
    };
    fails_at_client(other_enctype, forged);
}

#[test]
fn k17_the_request_itself_is_no_answer() {
    let forged = PeerFault::MutualAuthFailed;
    let mut request = Vec::new();
    let setup = Loop::new(&TicketMaker::new(AES));
    let failure = setup.run_through(|count, token| match count {
        0 => request.clone_from(token),
        _ => token.clone_from(&request),
    });
    let failure = failure.err().unwrap();
    assert!(!failure.by_server);
    assert_eq!(failure.error.fault(), forged.into());
    // And not under another name either.
    let body = gss::unframe(&request).unwrap().body.to_vec();
    let renamed = gss::frame(Mechanism::Krb5, tok_id::AP_REP, &body);
    fails_at_client(|token| *token = renamed, PeerFault::MalformedToken);
    // Nor is an answer without its frame.
    let bare = |token: &mut Vec<u8>| *token = gss::unframe(token).unwrap().body.to_vec();
    fails_at_client(bare, PeerFault::MalformedToken);
}

#[test]
fn k17_an_answer_that_does_not_come_is_missed() {
    let setup = Loop::new(&TicketMaker::new(AES));
    let first = setup.client().step(StepInput::default(), &setup.client_env);
    let Ok(secur32::spi::package::Step::Continue { next, .. }) = first else { panic!() };
    let second = next.step(StepInput::default(), &setup.client_env);
    failed(second.map_err(|refusal| refusal.error), PeerFault::MutualAuthFailed);
}

#[test]
fn k17_errors_end_the_handshake_with_their_meaning() {
    let meanings = [
        (error_code::KRB_AP_ERR_MODIFIED, PeerFault::WrongTarget),
        (error_code::KRB_AP_ERR_BADMATCH, PeerFault::WrongTarget),
        (error_code::KRB_AP_ERR_NOT_US, PeerFault::WrongTarget),
        (error_code::KRB_AP_ERR_NOKEY, PeerFault::WrongTarget),
        (error_code::KRB_AP_ERR_TKT_EXPIRED, PeerFault::TicketExpired),
        (error_code::KRB_AP_ERR_TKT_NYV, PeerFault::TicketExpired),
        (error_code::KRB_AP_ERR_REPEAT, PeerFault::LogonDenied),
        (error_code::KDC_ERR_ETYPE_NOSUPP, PeerFault::EnctypeRefused),
        (error_code::KRB_AP_ERR_MUT_FAIL, PeerFault::MutualAuthFailed),
        (error_code::KRB_AP_ERR_NO_TGT, PeerFault::NoTgtReply),
        (error_code::KRB_ERR_GENERIC, PeerFault::LogonDenied),
        (0, PeerFault::LogonDenied),
        (i32::MIN, PeerFault::LogonDenied),
    ];
    let name = crate::support::kerberos::principal(crate::support::ap::SERVICE);
    for (error_code, fault) in meanings {
        let error = KrbError {
            ctime: None,
            cusec: None,
            stime: crate::support::ap::now(),
            susec: 0,
            error_code,
            crealm: None,
            cname: None,
            realm: name.realm.clone(),
            sname: secur32::wire::kerberos::PrincipalName::of(&name),
            e_text: Some("\u{1b}[31mtext of a stranger\n".into()),
            e_data: None,
        };
        let message = error.to_der();
        let framed = gss::frame(Mechanism::Krb5, tok_id::ERROR, &message);
        fails_at_client(|token| *token = framed, fault);
    }
}

/// DCE style up to the token with this number, which is changed.
fn dce(number: usize, change: impl Fn(&mut Vec<u8>)) -> Result<Outcome, Failure> {
    let mut setup = Loop::new(&TicketMaker::new(AES));
    setup.asked = ContextFlags::DCE_STYLE;
    setup.run_through(|count, token| {
        if count == number {
            change(token);
        }
    })
}

fn raw_part(token: &[u8]) -> EncApRepPart {
    read(&gss::frame(Mechanism::Krb5, tok_id::AP_REP, token))
}

#[test]
fn k17_the_third_leg_answers_our_answer() {
    let rewritten = |change: fn(&mut EncApRepPart)| {
        move |token: &mut Vec<u8>| {
            let mut part = raw_part(token);
            change(&mut part);
            *token = ap_rep(&part, 0x52, key_usage::AP_REP, false);
        }
    };
    dce(2, rewritten(|_| {})).unwrap();
    dce(2, rewritten(|part| part.ctime.0 += 5)).unwrap();
    for change in [
        (|part| part.seq_number = part.seq_number.map(|number| number ^ 1))
            as fn(&mut EncApRepPart),
        |part| part.seq_number = None,
        |part| {
            part.subkey = Some(secur32::spi::kerberos::KeyBlock {
                enctype: 18,
                value: secur32::spi::secret::SecretBytes::new(vec![1; 32]),
            });
        },
    ] {
        let failure = dce(2, rewritten(change)).err().unwrap();
        assert!(failure.by_server);
        assert_eq!(failure.error.fault(), PeerFault::LogonDenied.into());
    }
    let other_key = |t: &mut Vec<u8>| *t = ap_rep(&raw_part(t), 0x53, key_usage::AP_REP, false);
    let failure = dce(2, other_key).err().unwrap();
    assert_eq!(failure.error.fault(), PeerFault::LogonDenied.into());
}

#[test]
fn k17_the_servers_own_answer_is_no_third_leg() {
    let mut setup = Loop::new(&TicketMaker::new(AES));
    setup.asked = ContextFlags::DCE_STYLE;
    let mut own = Vec::new();
    let failure = setup.run_through(|count, token| match count {
        1 => own.clone_from(token),
        2 => token.clone_from(&own),
        _ => {}
    });
    let failure = failure.err().unwrap();
    assert!(failure.by_server);
    assert_eq!(failure.error.fault(), PeerFault::LogonDenied.into());
    let framed = |token: &mut Vec<u8>| *token = gss::frame(Mechanism::Krb5, tok_id::AP_REP, token);
    assert!(dce(2, framed).is_err());
    assert!(dce(1, framed).is_err());
}
