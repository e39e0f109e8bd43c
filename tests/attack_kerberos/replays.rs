//! Requests that come twice, and clocks (K1, K20).

use std::sync::Arc;
use std::time::Duration;

use secur32::spi::error::{LocalFault, PeerFault};
use secur32::spi::package::{Step, StepInput};
use secur32::wire::gss::{self, Mechanism, tok_id};
use secur32::wire::kerberos::numbers::error_code;
use secur32::wire::kerberos::{KrbError, PrincipalName};

use super::{AES, forge, refused, serve, shared};
use crate::support::ap::{Forger, Loop, SERVICE, TicketMaker, after, judge, krb_error, world};
use crate::support::env::NOW;
use crate::support::kerberos::principal;

#[test]
fn k1_a_request_is_good_once() {
    let setup = Loop::new(&TicketMaker::new(AES));
    let forger = Forger::new(&TicketMaker::new(AES));
    serve(&setup, &forger).unwrap();
    let repeated = Some(error_code::KRB_AP_ERR_REPEAT);
    refused(serve(&setup, &forger), PeerFault::LogonDenied, repeated);
    // Another process of the machine shares the cache.
    let other = Loop { server_env: world(&shared(&setup)), ..Loop::new(&TicketMaker::new(AES)) };
    refused(serve(&other, &forger), PeerFault::LogonDenied, repeated);
    // What is not encrypted may be changed; the authenticator is the same.
    let mut changed = forger.clone();
    changed.ap_options = 0;
    refused(serve(&setup, &changed), PeerFault::LogonDenied, None);
    changed.ap_options = 0x2000_0001;
    changed.mech = Some(Mechanism::MsKrb5);
    refused(serve(&setup, &changed), PeerFault::LogonDenied, repeated);
    // A new authenticator is another request.
    changed.confounder += 1;
    serve(&setup, &changed).unwrap();
    assert_eq!(setup.kerberos.replays.len(), 2);
}

#[test]
fn k1_of_threads_with_one_request_one_is_accepted() {
    let setup = Arc::new(Loop::new(&TicketMaker::new(AES)));
    let token = Forger::new(&TicketMaker::new(AES)).token();
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let (setup, token) = (Arc::clone(&setup), token.clone());
            std::thread::spawn(move || {
                judge(setup.server(), &token, None, &setup.server_env).is_ok()
            })
        })
        .collect();
    let accepted = threads.into_iter().map(|thread| thread.join().unwrap());
    assert_eq!(accepted.filter(|&accepted| accepted).count(), 1);
}

#[test]
fn k1_what_cannot_be_remembered_is_not_accepted() {
    let setup = Loop::new(&TicketMaker::new(AES));
    setup.kerberos.replays.break_it();
    let forger = Forger::new(&TicketMaker::new(AES));
    // The client is told nothing: it is our own affair.
    refused(serve(&setup, &forger), LocalFault::NoReplayCache, None);
}

#[test]
fn k1_a_forged_authenticator_does_not_fill_the_cache() {
    let setup = Loop::new(&TicketMaker::new(AES));
    let mut forger = Forger::new(&TicketMaker::new(AES));
    forger.authenticator_key = Some((AES, 0x77));
    for confounder in 0..20 {
        forger.confounder = confounder;
        let code = Some(error_code::KRB_AP_ERR_BAD_INTEGRITY);
        refused(serve(&setup, &forger), PeerFault::LogonDenied, code);
    }
    assert_eq!(setup.kerberos.replays.len(), 0);
}

#[test]
fn k20_clocks_apart_by_more_than_the_skew_are_refused() {
    for (seconds, accepted) in [(299, true), (300, true), (301, false), (86_400 * 365, false)] {
        for sign in [1, -1] {
            let result = forge(|forger| forger.ctime = after(sign * seconds));
            if accepted {
                result.unwrap();
            } else {
                refused(result, PeerFault::TimeSkew, Some(error_code::KRB_AP_ERR_SKEW));
            }
        }
    }
    for ctime in [0, -62_000_000_000, 253_402_300_799] {
        let result = forge(|forger| forger.ctime.0 = ctime);
        refused(result, PeerFault::TimeSkew, Some(error_code::KRB_AP_ERR_SKEW));
    }
}

#[test]
fn k20_a_clock_that_is_stepped_back_makes_no_replay_new() {
    let setup = Loop::new(&TicketMaker::new(AES));
    let mut forger = Forger::new(&TicketMaker::new(AES));
    forger.ctime = after(250);
    serve(&setup, &forger).unwrap();
    // Twice the skew later the authenticator would be too old, if the clock had not been moved.
    setup.server_env.set_now(NOW.plus(Duration::from_secs(500)));
    refused(serve(&setup, &forger), PeerFault::LogonDenied, Some(error_code::KRB_AP_ERR_REPEAT));
    setup.server_env.set_now(NOW.plus(Duration::from_secs(100)));
    refused(serve(&setup, &forger), PeerFault::LogonDenied, Some(error_code::KRB_AP_ERR_REPEAT));
}

#[test]
fn k20_a_client_corrects_its_clock_once_and_for_one_request() {
    let setup = Loop::new(&TicketMaker::new(AES));
    let late = Duration::from_secs(3600);
    setup.client_env.set_now(NOW.plus(late));
    let outcome = setup.run().unwrap();
    assert_eq!(outcome.tokens.len(), 4);
    let error = krb_error(&outcome.tokens[1]);
    assert_eq!(error.error_code, error_code::KRB_AP_ERR_SKEW);
    assert_eq!(error.e_data.as_deref(), Some(&[0x30, 5, 0xA1, 3, 2, 1, 2][..]));
    // Nothing was remembered of what nobody vouches for.
    assert_eq!(setup.run().unwrap().tokens.len(), 4);
}

#[test]
fn k20_a_server_that_lies_about_its_time_is_believed_once() {
    let setup = Loop::new(&TicketMaker::new(AES));
    let mut client = setup.client();
    let mut told = None;
    for seconds in [None, Some(400), Some(800)] {
        told = seconds.map(|seconds| gss::frame(Mechanism::Krb5, tok_id::ERROR, &skew(seconds)));
        let input = StepInput { token: told.as_deref(), bindings: None };
        match client.step(input, &setup.client_env) {
            Ok(Step::Continue { next, .. }) => client = next,
            Ok(Step::Done { .. }) => panic!("the server proved nothing"),
            Err(refusal) => {
                assert_eq!(seconds, Some(800));
                assert_eq!(refusal.error.fault(), PeerFault::TimeSkew.into());
                return;
            }
        }
    }
    panic!("believed twice: {told:x?}");
}

#[test]
fn k20_no_time_outside_the_tickets_life_is_believed() {
    let setup = Loop::new(&TicketMaker::new(AES));
    for seconds in [-3600, 40_000, i64::from(i32::MAX)] {
        let failure = setup
            .run_through(|number, token| {
                if number == 1 {
                    *token = gss::frame(Mechanism::Krb5, tok_id::ERROR, &skew(seconds));
                }
            })
            .err()
            .unwrap();
        assert!(!failure.by_server);
        assert_eq!(failure.error.fault(), PeerFault::TimeSkew.into(), "{}", failure.error);
    }
    assert_eq!(*setup.client_env.now.lock().unwrap(), NOW);
}

/// A KRB-ERROR of a server whose clock is so far ahead.
fn skew(seconds: i64) -> Vec<u8> {
    let name = principal(SERVICE);
    let error = KrbError {
        ctime: None,
        cusec: None,
        stime: after(seconds),
        susec: 0,
        error_code: error_code::KRB_AP_ERR_SKEW,
        crealm: None,
        cname: None,
        realm: name.realm.clone(),
        sname: PrincipalName::of(&name),
        e_text: None,
        e_data: None,
    };
    error.to_der()
}
