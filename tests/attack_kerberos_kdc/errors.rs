//! Errors, which anybody on the way can forge.

use secur32::spi::error::{LocalFault, PeerFault};
use secur32::spi::kerberos::KerberosTime;
use secur32::wire::kerberos::numbers::{error_code, pa_type};
use secur32::wire::kerberos::{EtypeInfo2Entry, KdcMessage, KdcReq, KrbError, PaData};

use super::support::client::Machine;
use super::support::kdc::Lies;
use super::{WWW, after, refused_as};

/// Each answer to requests of one kind becomes an error.
fn only_errors(lies: &mut Lies, kind: KdcMessage, change: fn(&mut KrbError)) {
    lies.bytes = Some(Box::new(move |request, answer| {
        let Ok(request) = KdcReq::from_der(request) else { return answer };
        if request.msg_type != kind {
            return answer;
        }
        let mut error = KrbError {
            ctime: None,
            cusec: None,
            stime: after(0),
            susec: 0,
            error_code: error_code::KRB_ERR_GENERIC,
            crealm: None,
            cname: None,
            realm: "EXAMPLE.COM".into(),
            sname: request.req_body.sname.unwrap(),
            e_text: None,
            e_data: None,
        };
        change(&mut error);
        error.to_der()
    }));
}

/// The hint of a forged PREAUTH_REQUIRED.
fn hinted(entry: EtypeInfo2Entry) -> impl Fn(&mut KrbError) + Send + Sync {
    move |error| {
        if error.error_code == error_code::KDC_ERR_PREAUTH_REQUIRED {
            let methods = [
                PaData {
                    padata_type: pa_type::ETYPE_INFO2,
                    padata_value: EtypeInfo2Entry::list_to_der(std::slice::from_ref(&entry)),
                },
                PaData { padata_type: pa_type::ENC_TIMESTAMP, padata_value: Vec::new() },
                PaData { padata_type: pa_type::FX_COOKIE, padata_value: b"MIT".to_vec() },
            ];
            error.e_data = Some(PaData::list_to_der(&methods));
        }
    }
}

fn proofs(machine: &Machine) -> usize {
    let requests = machine.kdcs.requests();
    let proved = |request: &KdcReq| PaData::find(&request.padata, pa_type::ENC_TIMESTAMP).is_some();
    requests.iter().filter(|(_, _, request)| proved(request)).count()
}

#[test]
fn k13_a_forged_skew_changes_no_clock_and_comes_to_an_end() {
    for kind in [KdcMessage::As, KdcMessage::Tgs] {
        for stime in [|| KerberosTime(i64::MAX / 4), || after(0), || after(-100_000_000)] {
            let machine = Machine::new();
            let alice = machine.alice();
            let change = move |error: &mut KrbError| {
                error.error_code = error_code::KRB_AP_ERR_SKEW;
                // What cannot be written as a time would be no message.
                error.stime = stime().min(KerberosTime(253_402_300_799));
            };
            machine.kdcs.lie(|lies| {
                lies.bytes = Some(Box::new(move |request, answer| {
                    let request = KdcReq::from_der(request).unwrap();
                    let proved = PaData::find(&request.padata, pa_type::ENC_TIMESTAMP).is_some();
                    if request.msg_type != kind || kind == KdcMessage::As && !proved {
                        return answer;
                    }
                    let mut error = KrbError {
                        ctime: None,
                        cusec: None,
                        stime: after(0),
                        susec: 0,
                        error_code: 0,
                        crealm: None,
                        cname: None,
                        realm: "EXAMPLE.COM".into(),
                        sname: request.req_body.sname.unwrap(),
                        e_text: None,
                        e_data: None,
                    };
                    change(&mut error);
                    error.to_der()
                }));
            });
            refused_as(PeerFault::TimeSkew, machine.ticket(&alice, WWW));
            assert!(machine.kdcs.requests().len() <= 4);
            machine.kdcs.lie(|_| ());
            assert_eq!(machine.ticket(&alice, WWW).unwrap().clock_offset, 0);
        }
    }
}

#[test]
fn k13_a_hint_at_a_weak_enctype_brings_no_proof() {
    for etype in [23, 3, 1, 24, -128] {
        let machine = Machine::new();
        let entry = EtypeInfo2Entry { etype, salt: None, s2kparams: None };
        machine.kdcs.lie(|lies| lies.error = Some(Box::new(hinted(entry))));
        let error = machine.try_alice().unwrap_err();
        assert_eq!(error.fault(), PeerFault::EnctypeRefused.into(), "{error}");
        assert_eq!(proofs(&machine), 0);
    }
}

#[test]
fn k13_iteration_counts_of_a_hint_have_bounds() {
    let counts: [&[u8]; 7] =
        [&[0; 4], &[0, 0, 0, 1], &[0, 0, 15, 255], &[255; 4], &[1, 0, 0, 0], &[0; 3], &[]];
    for count in counts {
        let machine = Machine::new();
        let salt = Some(b"EXAMPLE.COMalice".to_vec());
        let entry = EtypeInfo2Entry { etype: 18, salt, s2kparams: Some(count.to_vec()) };
        machine.kdcs.lie(|lies| lies.error = Some(Box::new(hinted(entry))));
        let error = machine.try_alice().unwrap_err();
        assert_eq!(error.fault(), PeerFault::BadAuthority.into(), "{count:?}: {error}");
        assert_eq!(proofs(&machine), 0);
    }
}

#[test]
fn k13_another_salt_is_a_wrong_password_and_no_more() {
    let machine = Machine::new();
    let entry = EtypeInfo2Entry { etype: 18, salt: Some(b"other".to_vec()), s2kparams: None };
    machine.kdcs.lie(|lies| lies.error = Some(Box::new(hinted(entry))));
    let alice = machine.alice();
    refused_as(PeerFault::LogonDenied, machine.ticket(&alice, WWW));
    machine.kdcs.lie(|_| ());
    machine.ticket(&alice, WWW).unwrap();
}

#[test]
fn k13_errors_without_end_come_to_an_end() {
    type Case = (fn(&mut KrbError), PeerFault);
    let cases: [Case; 5] = [
        (
            |error| {
                hinted(EtypeInfo2Entry { etype: 18, salt: None, s2kparams: None })({
                    error.error_code = error_code::KDC_ERR_PREAUTH_REQUIRED;
                    error
                });
            },
            PeerFault::UnsupportedPreauth,
        ),
        (
            |error| error.error_code = error_code::KDC_ERR_PREAUTH_REQUIRED,
            PeerFault::UnsupportedPreauth,
        ),
        (|error| error.error_code = error_code::KDC_ERR_PREAUTH_FAILED, PeerFault::LogonDenied),
        (
            |error| error.error_code = error_code::KRB_ERR_RESPONSE_TOO_BIG,
            PeerFault::AuthorityRefused,
        ),
        (|error| error.error_code = i32::MIN, PeerFault::AuthorityRefused),
    ];
    for (change, fault) in cases {
        let machine = Machine::new();
        machine.kdcs.lie(|lies| only_errors(lies, KdcMessage::As, change));
        refused_as(fault, machine.try_alice());
        assert!(machine.kdcs.requests().len() <= 4);
    }
}

#[test]
fn k13_a_client_is_not_sent_from_realm_to_realm_for_ever() {
    // To and fro, to nowhere, to names that are none.
    let machine = Machine::new();
    machine.kdcs.add_realm("OTHER.COM");
    machine.kdcs.realm("EXAMPLE.COM", |realm| realm.clients_are_in = Some("OTHER.COM".into()));
    machine.kdcs.realm("OTHER.COM", |realm| realm.clients_are_in = Some("EXAMPLE.COM".into()));
    let nobody = machine.logon("nobody", "EXAMPLE.COM", "secret");
    refused_as(PeerFault::TooManyReferrals, machine.ticket(&nobody, WWW));
    assert!(machine.kdcs.requests().len() <= 3);
    // A chain of a hundred realms.
    for number in 0..100 {
        let name = format!("R{number}.EXAMPLE.COM");
        machine.kdcs.add_realm(&name);
        let next = format!("R{}.EXAMPLE.COM", number + 1);
        machine.kdcs.realm(&name, |realm| realm.clients_are_in = Some(next));
    }
    let nobody = machine.logon("nobody", "R0.EXAMPLE.COM", "secret");
    refused_as(PeerFault::TooManyReferrals, machine.ticket(&nobody, WWW));
    assert!(machine.kdcs.requests().len() <= 12);
    for realm in [String::new(), "\0".into(), "a\nb".into(), "x".repeat(100_000)] {
        let machine = Machine::new();
        machine.kdcs.realm("EXAMPLE.COM", |at| at.clients_are_in = Some(realm.clone()));
        let nobody = machine.logon("nobody", "EXAMPLE.COM", "secret");
        let error = machine.ticket(&nobody, WWW).unwrap_err();
        let denied = [PeerFault::AuthorityRefused.into(), LocalFault::NoAuthority.into()];
        assert!(denied.contains(&error.fault()), "{error}");
        assert!(!machine.host.traced().lines().any(|line| line == "b"));
    }
}

#[test]
fn k13_what_a_forged_error_says_cannot_forge_lines() {
    let machine = Machine::new();
    machine.kdcs.lie(|lies| {
        only_errors(lies, KdcMessage::As, |error| {
            error.e_text =
                Some(format!("no\nkerberos: alice logged on\u{1b}[2J{}", "x".repeat(9999)));
        });
    });
    let error = machine.try_alice().unwrap_err();
    let story = error.story().unwrap();
    assert!(!story.chars().any(char::is_control), "{story}");
    assert!(story.len() < 1_000);
}
