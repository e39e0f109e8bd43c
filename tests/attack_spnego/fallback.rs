//! S6: errors that somebody makes so that a client takes NTLM.

use secur32::spi::environment::{RestrictReceiving, RestrictSending};
use secur32::spi::error::{CallerFault, Fault, LocalFault, PeerFault};
use secur32::spi::identity::Identity;
use secur32::spi::package::{AcquireRequest, Opening, PackageId, Usage};
use secur32::wire::gss::{self, Mechanism, tok_id};
use secur32::wire::kerberos::numbers::error_code as code;
use secur32::wire::kerberos::{KdcMessage, KdcReq, KrbError, PrincipalName};

use crate::downgrade::next;
use crate::support::ap::{SERVICE, TARGET, now};
use crate::support::env::FixedAccounts;
use crate::support::handshake::identity;
use crate::support::kdc::Kdcs;
use crate::support::kerberos::{FixedKerberos, principal};
use crate::support::spnego::{
    COMPLETED, End, Ends, INCOMPLETE, Init, MS_KRB5, NTLM, REJECT, REQUEST_MIC, Resp, Talk,
};

fn alice() -> Identity {
    identity("EXAMPLE.COM", "alice", "secret")
}

fn mistaken() -> Identity {
    identity("EXAMPLE.COM", "alice", "not-secret")
}

fn stranger() -> Identity {
    identity("EXAMPLE.COM", "stranger", "secret")
}

/// A client with a password, KDCs that know alice, and a server that knows them all.
fn world(kdcs: &Kdcs, who: fn() -> Identity) -> Ends {
    let kerberos = FixedKerberos::new().with_exchange(kdcs.exchange());
    kerberos.keytab.replace(kdcs.keytab(SERVICE));
    let accounts = [("EXAMPLE.COM", "alice", "secret"), ("EXAMPLE.COM", "stranger", "secret")];
    let mut ends = Ends { identity: Some(who), ..Ends::on(kerberos) };
    ends.server_env = ends.server_env.with_accounts(FixedAccounts::new(&accounts));
    ends
}

/// A KDC that answers each request of this kind with this error.
fn failing(kind: KdcMessage, error_code: i32) -> Kdcs {
    let kdcs = Kdcs::new();
    kdcs.lie(|lies| {
        lies.bytes = Some(Box::new(move |request, answer| {
            let Ok(request) = KdcReq::from_der(request) else { return answer };
            if request.msg_type != kind {
                return answer;
            }
            error(error_code, request.req_body.sname.unwrap()).to_der()
        }));
    });
    kdcs
}

fn error(error_code: i32, sname: PrincipalName) -> KrbError {
    KrbError {
        ctime: None,
        cusec: None,
        stime: now(),
        susec: 0,
        error_code,
        crealm: None,
        cname: None,
        realm: "EXAMPLE.COM".into(),
        sname,
        e_text: None,
        e_data: None,
    }
}

fn says_ntlm(bytes: &[u8]) -> bool {
    bytes.windows(8).any(|window| window == b"NTLMSSP\0")
        || bytes.windows(NTLM.len()).any(|window| window == NTLM)
}

/// Fails unless it is NTLM for both, and can be seen to be.
#[track_caller]
fn falls_to_ntlm(ends: &Ends) {
    let End::Going(_, token, progress) = ends.client_step(ends.client(), &[]) else {
        panic!("the client does not begin")
    };
    assert_eq!(progress.map(|progress| progress.package), Some(PackageId::Ntlm));
    if let Some(init) = Init::read(&token) {
        assert_eq!(init.mechanisms(), [NTLM.to_vec()]);
    }
    ends.run().agree_on(PackageId::Ntlm);
}

/// Fails unless the client gives up with this fault and without a word of NTLM.
#[track_caller]
fn gives_up(ends: &Ends, faults: &[Fault]) {
    let Talk { client, tokens, .. } = ends.run();
    let Some(error) = client.error() else { panic!("{}", client.say()) };
    assert!(faults.is_empty() || faults.contains(&error.fault()), "{faults:?} was due: {error}");
    assert!(!tokens.iter().any(|token| says_ntlm(token)), "{tokens:x?}");
}

#[test]
fn s6_ntlm_comes_where_no_ticket_can_be_had() {
    let kdcs = Kdcs::new();
    let mut ends = world(&kdcs, alice);
    ends.run().agree_on(PackageId::Kerberos);
    for target in
        [Some("HTTP/nobody.example.com"), None, Some("HTTP/192.0.2.7"), Some("HTTP/[2001:db8::7]")]
    {
        ends.target = target.map(str::to_owned);
        falls_to_ntlm(&ends);
    }
    // No KDC, and a KDC that does not know the user.
    let nowhere = Ends { identity: Some(alice), ..Ends::on(FixedKerberos::new()) };
    let accounts = FixedAccounts::new(&[("EXAMPLE.COM", "alice", "secret")]);
    let server_env = nowhere.server_env.with_accounts(accounts);
    falls_to_ntlm(&Ends { server_env, ..nowhere });
    falls_to_ntlm(&world(&kdcs, stranger));
}

#[test]
fn s6_who_forbids_ntlm_gets_the_error_of_kerberos() {
    for packages in ["!NTLM", "Kerberos", "kerberos, !ntlm"] {
        let mut ends = Ends { client_packages: packages, ..world(&Kdcs::new(), alice) };
        ends.target = Some("HTTP/nobody.example.com".into());
        gives_up(&ends, &[PeerFault::TargetUnknown.into(), PeerFault::Downgrade.into()]);
        ends.target = Some("HTTP/192.0.2.7".into());
        gives_up(&ends, &[PeerFault::TargetUnknown.into(), PeerFault::Downgrade.into()]);
        let nowhere = Ends {
            client_packages: packages,
            identity: Some(alice),
            ..Ends::on(FixedKerberos::new())
        };
        gives_up(&nowhere, &[LocalFault::NoAuthority.into(), PeerFault::Downgrade.into()]);
    }
}

/// The administrator's word counts for the offer, for the fallback, and for what a server chooses.
#[test]
fn s6_policy_that_forbids_ntlm_is_not_talked_out_of_it() {
    let restricted = || {
        let mut ends = world(&Kdcs::new(), alice);
        ends.client_env.policy.restrict_sending = RestrictSending::Deny;
        ends
    };
    let talk = restricted().run();
    talk.agree_on(PackageId::Kerberos);
    assert!(!talk.tokens.iter().any(|token| says_ntlm(token)));
    for target in [Some("HTTP/nobody.example.com"), None, Some("HTTP/192.0.2.7")] {
        let ends = Ends { target: target.map(str::to_owned), ..restricted() };
        gives_up(&ends, &[PeerFault::Downgrade.into()]);
    }
    let ends = restricted();
    let (client, _) = ends.first();
    let chosen = Resp { state: Some(REQUEST_MIC), mech: Some(NTLM.to_vec()), ..Resp::default() };
    let client = ends.client_step(client, &chosen.encode());
    assert!(client.error().is_some() && !says_ntlm(&client.token()), "{}", client.say());
}

/// A server that takes no NTLM takes it in no form, and does not say that it would.
#[test]
fn s6_a_server_that_takes_no_ntlm_takes_it_in_no_form() {
    let mut ends = Ends::kerberos();
    ends.server_env.policy.restrict_receiving = RestrictReceiving::DenyAll;
    ends.run().agree_on(PackageId::Kerberos);
    let negotiate = Init::read(&Ends::ntlm().first().1).unwrap().token.unwrap();
    for token in [negotiate.clone(), Init::of(&[NTLM], Some(&negotiate)).encode()] {
        let end = ends.serve(&token);
        assert!(end.error().is_some(), "{}", end.say());
    }
    let hint = Init::read(&ends.serve(&[]).token()).unwrap();
    assert!(!hint.mechanisms().contains(&NTLM.to_vec()));
}

#[test]
fn s6_a_wrong_password_is_no_reason_for_ntlm() {
    gives_up(&world(&Kdcs::new(), mistaken), &[PeerFault::LogonDenied.into()]);
}

/// What a KDC says about the account, the clock or the request is an answer, and no reason to ask
/// elsewhere.
#[test]
fn s6_forged_errors_of_a_kdc_are_no_reason_for_ntlm() {
    let codes = [
        code::KDC_ERR_PREAUTH_FAILED,
        code::KRB_AP_ERR_SKEW,
        code::KDC_ERR_POLICY,
        code::KDC_ERR_CLIENT_REVOKED,
        code::KRB_AP_ERR_BAD_INTEGRITY,
        code::KRB_AP_ERR_MODIFIED,
        code::KRB_ERR_GENERIC,
        9999,
        -1,
    ];
    for kind in [KdcMessage::As, KdcMessage::Tgs] {
        for error_code in codes {
            let ends = world(&failing(kind, error_code), alice);
            let talk = ends.run();
            let error = talk.client.error().unwrap_or_else(|| {
                panic!("{kind:?} {error_code}: {}", talk.say());
            });
            let caller = matches!(error.fault(), Fault::Caller(CallerFault::InvalidParameter));
            assert!(!caller, "{error}");
            gives_up(&ends, &[]);
        }
    }
}

/// Answers that are none.
#[test]
fn s6_nonsense_of_a_kdc_is_no_reason_for_ntlm() {
    for nonsense in [&b"nonsense"[..], &[0x6B, 0x82, 0xFF, 0xFF], &[0x7E, 0]] {
        let kdcs = Kdcs::new();
        kdcs.lie(|lies| lies.bytes = Some(Box::new(move |_, _| nonsense.to_vec())));
        gives_up(&world(&kdcs, alice), &[]);
    }
    // Half an answer.
    let kdcs = Kdcs::new();
    kdcs.lie(|lies| {
        lies.bytes = Some(Box::new(|_, mut answer| {
            answer.truncate(answer.len() / 2);
            answer
        }));
    });
    gives_up(&world(&kdcs, alice), &[]);
}

/// Once a token of Kerberos is on its way there is no way back, whatever the server says.
#[test]
fn s6_after_a_token_of_kerberos_there_is_no_fallback() {
    let mut answers: Vec<Vec<u8>> = vec![
        Resp::state(REJECT).encode(),
        Resp { state: Some(REJECT), mech: Some(NTLM.to_vec()), ..Resp::default() }.encode(),
        b"nonsense".to_vec(),
    ];
    for error_code in [7, 6, 25, 29, 31, 32, 33, 34, 36, 37, 41, 52, 60, 68] {
        let sname = PrincipalName::of(&principal(SERVICE));
        let body = error(error_code, sname).to_der();
        let token = gss::frame(Mechanism::Krb5, tok_id::ERROR, &body);
        for state in [COMPLETED, INCOMPLETE, REJECT, REQUEST_MIC] {
            for mech in [Some(MS_KRB5.to_vec()), None] {
                let token = Some(token.clone());
                answers.push(Resp { state: Some(state), mech, token, ..Resp::default() }.encode());
            }
        }
        answers.push(token);
    }
    for answer in answers {
        let ends = world(&Kdcs::new(), alice);
        let (client, first) = ends.first();
        assert!(Init::read(&first).unwrap().token.unwrap().starts_with(&[0x60]));
        let mut client = ends.client_step(client, &answer);
        for _ in 0..3 {
            assert!(!client.is_done(), "{answer:x?}: {}", client.say());
            assert!(!says_ntlm(&client.token()), "{answer:x?}: {}", client.say());
            client = next(&ends, client, &answer);
        }
        assert!(client.error().is_some(), "{answer:x?}: {}", client.say());
    }
}

/// The error of the mechanism is what the client learns, not that of SPNEGO.
#[test]
fn s6_a_refusal_with_a_token_says_what_the_mechanism_says() {
    let sname = PrincipalName::of(&principal(SERVICE));
    let body = error(code::KRB_AP_ERR_MODIFIED, sname).to_der();
    let token = Some(gss::frame(Mechanism::Krb5, tok_id::ERROR, &body));
    let ends = world(&Kdcs::new(), alice);
    assert_eq!(ends.target.as_deref(), Some(TARGET));
    let raw = {
        let ends = Ends { client_packages: "Kerberos", ..world(&Kdcs::new(), alice) };
        let (client, _) = ends.first();
        let resp = Resp { state: Some(INCOMPLETE), token: token.clone(), ..Resp::default() };
        ends.client_step(client, &resp.encode())
    };
    let (client, _) = ends.first();
    let refusal = Resp { state: Some(REJECT), token, ..Resp::default() };
    let client = ends.client_step(client, &refusal.encode());
    let faults = [&client, &raw].map(|end| end.error().map(secur32::spi::error::Error::fault));
    assert!(faults[0].is_some() && faults[0] == faults[1], "{faults:?}");
}

/// Credentials that are added do not pile up for ever, and the last one counts until then.
#[test]
fn b12_credentials_that_are_added_have_an_end() {
    let ends = Ends::ntlm();
    let credential = ends.client_credential();
    let request = || AcquireRequest {
        usage: Usage { inbound: false, outbound: true },
        identity: Some(identity("DOM", "alice", "secret")),
        ..AcquireRequest::default()
    };
    let add = || credential.add(PackageId::Ntlm, request(), &ends.client_env);
    let added = (0..1_000).take_while(|_| add().is_ok()).count();
    assert!((10..1_000).contains(&added), "{added}");
    let refusal = add().unwrap_err();
    assert_eq!(refusal.fault(), LocalFault::NoMemory.into(), "{refusal}");
    let opening = Opening { target: ends.target.clone(), flags: ends.asked };
    let client = credential.initiate(opening, &ends.client_env).unwrap();
    ends.run_between(client, ends.server(), |_, _| {}).agree_on(PackageId::Ntlm);
}
