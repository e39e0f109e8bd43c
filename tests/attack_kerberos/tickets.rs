//! Tickets: whose, for whom, when, and by which way (K3, K4, K5, K6, K7, K19).

use secur32::spi::error::{LocalFault, PeerFault};
use secur32::spi::kerberos::Principal;
use secur32::wire::kerberos::numbers::{error_code, ticket_flags};

use super::{AES, forge, on_machine, refused, serve};
use crate::support::ap::{Forger, Loop, TicketMaker, after, machine};
use crate::support::kerberos::principal;

fn ticket_for(server: &str, service_key: u8) -> TicketMaker {
    TicketMaker { server: principal(server), service_key, ..TicketMaker::new(AES) }
}

#[test]
fn k3_the_service_is_the_owner_of_the_key_and_not_what_the_ticket_says() {
    let setup = Loop::new(&TicketMaker::new(AES));
    let mut forger = Forger::new(&ticket_for("cifs/www.example.com@EXAMPLE.COM", 0x51));
    let context = serve(&setup, &forger).unwrap();
    assert_eq!(context.server_name.as_deref(), Some("HTTP/www.example.com@EXAMPLE.COM"));
    assert_eq!(context.client_target.as_deref(), Some("HTTP/www.example.com"));
    forger.confounder += 1;
    forger.ticket = ticket_for("HTTP/www.example.com@EVIL.COM", 0x51);
    let context = serve(&setup, &forger).unwrap();
    assert_eq!(context.server_name.as_deref(), Some("HTTP/www.example.com@EXAMPLE.COM"));
}

#[test]
fn k3_a_ticket_in_another_services_key_is_refused() {
    let modified = Some(error_code::KRB_AP_ERR_MODIFIED);
    let result = forge(|f| f.ticket = ticket_for("cifs/www.example.com@EXAMPLE.COM", 0x77));
    refused(result, PeerFault::WrongTarget, modified);
    let result = forge(|f| f.ticket = ticket_for("HTTP/www.example.com@EXAMPLE.COM", 0x77));
    refused(result, PeerFault::LogonDenied, modified);
}

#[test]
fn k4_a_credential_for_one_name_serves_no_other() {
    let (http, cifs) = (TicketMaker::new(AES), ticket_for("cifs/www.example.com@EXAMPLE.COM", 2));
    let other_realm = ticket_for("HTTP/www.example.com@OTHER.COM", 3);
    let mut setup = Loop::on(machine(&[&http, &cifs, &other_realm]));
    setup.own_name = Some("HTTP/www.example.com@EXAMPLE.COM".into());
    let mut forger = Forger::new(&http);
    serve(&setup, &forger).unwrap();
    for ticket in [&cifs, &other_realm] {
        forger.ticket = ticket.clone();
        forger.confounder += 1;
        let result = serve(&setup, &forger);
        let code = result.as_ref().err().and_then(|refusal| refusal.token.as_ref()).is_some();
        assert!(result.is_err() && code);
    }
    // Without a realm any will do, and case is none, as on Windows.
    setup.own_name = Some("http/WWW.example.com".into());
    let context = serve(&setup, &forger).unwrap();
    assert_eq!(context.server_name.as_deref(), Some("HTTP/www.example.com@OTHER.COM"));
    for own_name in ["HTTP/ww", "HTTP", "HTTP/www.example.com/x", "cifs/www.example.com"] {
        setup.own_name = Some(own_name.into());
        forger.confounder += 1;
        assert!(serve(&setup, &forger).is_err(), "{own_name}");
    }
    // Anybody's, where nobody said whose.
    setup.own_name = None;
    forger.ticket = cifs;
    forger.confounder += 1;
    serve(&setup, &forger).unwrap();
}

#[test]
fn k4_the_host_counts_unless_krb5_conf_says_otherwise() {
    let ticket = TicketMaker::new(AES);
    for ignore in [false, true] {
        let mut setup = on_machine(&ticket, |kerberos| {
            kerberos.with_settings(|settings| settings.ignore_acceptor_hostname = ignore)
        });
        setup.own_name = Some("HTTP/alias.example.com".into());
        assert_eq!(serve(&setup, &Forger::new(&ticket)).is_ok(), ignore);
        setup.own_name = Some("cifs/www.example.com".into());
        let mut forger = Forger::new(&ticket);
        forger.confounder += 1;
        assert!(serve(&setup, &forger).is_err());
    }
}

#[test]
fn k4_only_keys_of_the_tickets_enctype_are_tried() {
    let aes128 = secur32::crypto::kerberos::Enctype::Aes128CtsHmacSha1;
    let setup = Loop::new(&TicketMaker::new(aes128));
    let result = serve(&setup, &Forger::new(&TicketMaker::new(AES)));
    refused(result, LocalFault::NoServiceKey, Some(error_code::KRB_AP_ERR_NOKEY));
}

#[test]
fn k4_a_version_is_a_hint() {
    // Of several keys the one that fits is found, whatever the KDC believes their version to be.
    let old = TicketMaker { kvno: Some(2), service_key: 9, ..TicketMaker::new(AES) };
    let setup = Loop::on(machine(&[&TicketMaker::new(AES), &old]));
    let mut forger = Forger::new(&old);
    for kvno in [Some(2), Some(3), Some(258), Some(u32::MAX), Some(0), None] {
        forger.ticket.kvno = kvno;
        forger.confounder += 1;
        serve(&setup, &forger).unwrap();
    }
}

#[test]
fn k5_tickets_for_the_kdc_are_for_no_service() {
    let not_us = Some(error_code::KRB_AP_ERR_NOT_US);
    for server in [
        "krbtgt/EXAMPLE.COM@EXAMPLE.COM",
        "krbtgt/OTHER@EXAMPLE.COM",
        "kadmin/changepw@EXAMPLE.COM",
    ] {
        // In the service's own key; and with an entry of its own in the keytab.
        let ticket = ticket_for(server, 0x51);
        let result = forge(|forger| forger.ticket = ticket.clone());
        refused(result, PeerFault::WrongTarget, not_us);
        let setup = Loop::on(machine(&[&ticket]));
        refused(serve(&setup, &Forger::new(&ticket)), PeerFault::WrongTarget, not_us);
        // The name outside is rewritten: the entry is used for nothing all the same.
        let mut forger = Forger::new(&ticket);
        forger.ticket.server = principal(crate::support::ap::SERVICE);
        let code = Some(error_code::KRB_AP_ERR_MODIFIED);
        refused(serve(&setup, &forger), PeerFault::WrongTarget, code);
    }
}

#[test]
fn k6_tickets_that_are_not_valid_are_refused() {
    let (early, late) =
        (Some(error_code::KRB_AP_ERR_TKT_NYV), Some(error_code::KRB_AP_ERR_TKT_EXPIRED));
    let with = |change: &dyn Fn(&mut TicketMaker)| forge(|forger| change(&mut forger.ticket));
    let expired = PeerFault::TicketExpired;
    refused(with(&|t| t.flags |= ticket_flags::INVALID), expired, early);
    refused(with(&|t| t.start_time = Some(after(301))), expired, early);
    refused(with(&|t| t.auth_time = after(301)), expired, early);
    refused(with(&|t| t.end_time = after(-301)), expired, late);
    refused(with(&|t| t.end_time = after(-61)), expired, late); // before it begins
    refused(with(&|t| (t.auth_time.0, t.end_time.0) = (0, 0)), expired, late);
    refused(with(&|t| t.start_time = Some(after(i64::from(u32::MAX)))), expired, early);
    with(&|t| t.start_time = Some(after(300))).unwrap();
    with(&|t| (t.auth_time, t.end_time) = (after(-9000), after(-300))).unwrap();
    // 2038 and 2106 are years like others.
    for end in [2_147_483_648, 4_294_967_296, 253_402_300_799] {
        let context = with(&|t| t.end_time.0 = end).unwrap();
        assert_eq!(context.expiry, secur32::spi::kerberos::KerberosTime(end).to_file_time());
    }
}

#[test]
fn k7_the_authenticator_is_the_tickets_clients() {
    let names = [
        "alice@OTHER.COM",
        "bob@EXAMPLE.COM",
        "alice/admin@EXAMPLE.COM",
        "Alice@EXAMPLE.COM",
        "alice@example.com",
        "@EXAMPLE.COM",
        "alice@",
        "alic@EXAMPLE.COM",
        "alice\0@EXAMPLE.COM",
    ];
    for name in names {
        let result = forge(|forger| forger.client = principal(name));
        refused(result, PeerFault::LogonDenied, Some(error_code::KRB_AP_ERR_BADMATCH));
    }
    let result = forge(|forger| forger.client.components.clear());
    refused(result, PeerFault::LogonDenied, Some(error_code::KRB_AP_ERR_BADMATCH));
    // The type of a name is a hint.
    forge(|forger| forger.client.name_type = 10).unwrap();
}

#[test]
fn k7_another_clients_ticket_does_not_verify_ours() {
    let result = forge(|forger| {
        forger.authenticator_key = Some((AES, 0x52));
        forger.ticket.session_key = 0x53;
    });
    refused(result, PeerFault::LogonDenied, Some(error_code::KRB_AP_ERR_BAD_INTEGRITY));
}

#[test]
fn k19_realms_on_a_tickets_way_must_be_trusted() {
    let foreign = |transited: (i32, &[u8]), flags: u32| {
        forge(|forger| {
            let client = principal("alice@DEPT.EVIL.ORG");
            forger.client = client.clone();
            forger.ticket.client = client;
            forger.ticket.transited = (transited.0, transited.1.to_vec());
            forger.ticket.flags |= flags;
        })
    };
    let untrusted = Some(error_code::KRB_AP_PATH_NOT_ACCEPTED);
    for transited in
        [(1, &b"MALLORY.NET"[..]), (1, b"EVIL.ORG,MALLORY.NET"), (0, b"EVIL.ORG"), (1, b"A\\")]
    {
        refused(foreign(transited, 0), PeerFault::LogonDenied, untrusted);
        foreign(transited, ticket_flags::TRANSITED_POLICY_CHECKED).unwrap();
    }
    foreign((1, b"EVIL.ORG,ORG,COM"), 0).unwrap();
    foreign((1, b""), 0).unwrap();
    let context = foreign((0, b""), 0).unwrap();
    assert_eq!(context.authority.as_deref(), Some("DEPT.EVIL.ORG"));
    assert_eq!(context.client_name, "alice@DEPT.EVIL.ORG");
}

/// Even where the KDC vouches for the name: a C program would take it for another realm's.
#[test]
fn k31_a_realm_that_ends_early_for_c_is_nobodys() {
    let of = |realm: String| {
        forge(|forger| {
            let client = Principal { realm, ..principal("alice@EXAMPLE.COM") };
            forger.client = client.clone();
            forger.ticket.client = client;
            forger.ticket.flags |= ticket_flags::TRANSITED_POLICY_CHECKED;
        })
    };
    let none = Some(error_code::KRB_AP_PATH_NOT_ACCEPTED);
    for realm in ["", "\0", "EXAMPLE.COM\0.EVIL.ORG", "EXAMPLE.COM\n", &"A.".repeat(10_000)] {
        refused(of(realm.to_owned()), PeerFault::LogonDenied, none);
    }
    let context = of("OTHER.ORG".to_owned()).unwrap();
    assert_eq!(context.authority.as_deref(), Some("OTHER.ORG"));
}
