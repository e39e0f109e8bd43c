//! Logons.

use std::sync::Arc;

use secur32::crypto::kerberos::Key;
use secur32::kerberos::PACKAGE;
use secur32::kerberos::credential::KerberosCredential;
use secur32::spi::error::{CallerFault, Error, Fault, LocalFault, PeerFault};
use secur32::spi::kerberos::{CredentialCache, KeytabEntry};
use secur32::spi::logon::{LoggedOn, LogonRequest, NetworkLogon, SelfLogonRequest};
use secur32::spi::package::{PackageId, SecurityPackage};
use secur32::spi::tickets::Retrieve;
use secur32::spi::time::FileTime;
use secur32::spi::token::ImpersonationLevel;

use super::support::client::Machine;
use super::support::env::NOW;
use super::support::handshake::identity;
use super::support::kdc::ENCTYPES;
use super::support::kdc::s4u::S4uSupport;
use super::support::kerberos::principal;
use super::{WWW, fault, logged_on, retrieve, wanted};

const HOST: &str = "host/me.example.com@EXAMPLE.COM";

/// A machine that has the key of its host service.
fn member() -> Machine {
    let machine = Machine::new();
    machine.kdcs.add_service(HOST);
    machine.host.keytab.replace(machine.kdcs.keytab(HOST));
    machine
}

fn interactive(machine: &Machine, user: &str, password: &str) -> Result<LoggedOn, Error> {
    let identity = identity("EXAMPLE.COM", user, password);
    PACKAGE.log_on(LogonRequest::Interactive(identity), &machine.env)
}

fn denied(outcome: Result<LoggedOn, Error>) -> (Fault, String) {
    let error = outcome.err().expect("a logon");
    (error.fault(), error.story().unwrap_or_default().to_owned())
}

#[test]
fn a_password_logs_on_and_leaves_a_credential() {
    let machine = member();
    let who = interactive(&machine, "alice", "secret").unwrap();
    assert_eq!(
        (who.package, &*who.client.account, &*who.client.domain),
        (PackageId::Kerberos, "alice", "EXAMPLE.COM")
    );
    assert_eq!(who.client.upn.as_deref(), Some("alice@EXAMPLE.COM"));
    assert_eq!(who.logoff_time, FileTime(NOW.0 / 10_000_000 * 10_000_000 + 36_000 * 10_000_000));
    assert_eq!(who.password_must_change, FileTime::NEVER);
    let credential = who.credential.unwrap();
    assert_eq!(credential.name(&machine.env).unwrap(), "alice@EXAMPLE.COM");
    let calls = credential.kerberos_calls().unwrap();
    assert_eq!(calls.list(&machine.env).unwrap().len(), 2);
    calls.retrieve(&wanted(WWW), &machine.env).unwrap();
    // The caller's own cache is not the new session's.
    let own = machine.host.default_cache.as_ref();
    assert!(secur32::spi::kerberos::CredentialCache::principal(own).is_err());
}

#[test]
fn a_wrong_password_logs_nobody_on() {
    let machine = member();
    let (why, _) = denied(interactive(&machine, "alice", "wrong"));
    assert_eq!(why, fault(PeerFault::LogonDenied));
    let (why, _) = denied(interactive(&machine, "nobody", "secret"));
    assert_eq!(why, fault(PeerFault::ClientUnknown));
    let (why, _) = denied(interactive(&machine, "alice", ""));
    assert_eq!(why, fault(LocalFault::NoCredentials));
}

#[test]
fn k2_a_kdc_that_does_not_know_our_key_is_not_believed() {
    let machine = member();
    // It knows every password that is typed, and makes up the key of our host.
    machine.kdcs.account(HOST, |account| account.keys = made_up());
    let (why, story) = denied(interactive(&machine, "alice", "secret"));
    assert_eq!(why, fault(PeerFault::BadAuthority));
    assert!(story.contains("forged") && story.contains(HOST), "{story}");
    // Or says that it knows of no such host.
    let machine = Machine::new();
    let other = member();
    machine.host.keytab.replace(other.kdcs.keytab(HOST));
    let (why, story) = denied(interactive(&machine, "alice", "secret"));
    assert_eq!(why, fault(PeerFault::TargetUnknown));
    assert!(story.contains("genuine"), "{story}");
}

#[test]
fn k2_without_a_key_of_ours_nobody_is_believed_unless_krb5_conf_says_so() {
    for entries in [Vec::new(), kdc_keys()] {
        for nofail in [true, false] {
            let machine = Machine::with(|settings| settings.verify_ap_req_nofail = nofail);
            machine.host.keytab.replace(entries.iter().map(copy).collect());
            let outcome = interactive(&machine, "alice", "secret");
            if nofail {
                let (why, story) = denied(outcome);
                assert_eq!(why, fault(LocalFault::NoServiceKey));
                assert!(story.contains("verify_ap_req_nofail"), "{story}");
            } else {
                assert_eq!(outcome.unwrap().client.account, "alice");
            }
        }
    }
    // The switch is not for a key that is there and does not fit.
    let machine = member();
    let lenient = Machine::with(|settings| settings.verify_ap_req_nofail = false);
    lenient.kdcs.add_service(HOST);
    lenient.kdcs.account(HOST, |account| account.keys = made_up());
    lenient.host.keytab.replace(machine.kdcs.keytab(HOST));
    let (why, _) = denied(interactive(&lenient, "alice", "secret"));
    assert_eq!(why, fault(PeerFault::BadAuthority));
}

#[test]
fn k2_a_ticket_of_somebody_else_proves_nothing() {
    let machine = member();
    machine.kdcs.lie(|lies| {
        lies.ticket_part = Some(Box::new(|part| part.cname.name_string = vec!["bob".into()]));
    });
    let (why, _) = denied(interactive(&machine, "alice", "secret"));
    // Its own ticket-granting ticket is bob's, too, for this KDC.
    assert!(matches!(why, Fault::Peer(_)), "{why:?}");
}

#[test]
fn a_ticket_for_this_machine_logs_its_client_on() {
    let machine = logged_on();
    machine.kdcs.add_service(HOST);
    machine.host.keytab.replace(machine.kdcs.keytab(HOST));
    let service = retrieve(&machine, &wanted("host/me.example.com")).unwrap();
    let ticket = service.encoded.expose().to_vec();
    let log_on = |service: &[u8], granting: Option<Vec<u8>>| {
        let request = LogonRequest::Ticket { service: service.to_vec(), granting };
        PACKAGE.log_on(request, &machine.env)
    };
    let who = log_on(&ticket, None).unwrap();
    assert_eq!((&*who.client.account, who.credential.is_none()), ("alice", true));
    let wish = Retrieve { as_kerb_cred: true, ..wanted("krbtgt/EXAMPLE.COM") };
    let granting = retrieve(&machine, &wish).unwrap().encoded.expose().to_vec();
    let who = log_on(&ticket, Some(granting.clone())).unwrap();
    let credential = who.credential.unwrap();
    credential.kerberos_calls().unwrap().retrieve(&wanted(WWW), &machine.env).unwrap();
    // Not for us, not a ticket-granting one, cut off, changed.
    let www = retrieve(&machine, &wanted(WWW)).unwrap().encoded.expose().to_vec();
    assert!(log_on(&www, None).is_err());
    let wish = Retrieve { as_kerb_cred: true, ..wanted(WWW) };
    let other = retrieve(&machine, &wish).unwrap().encoded.expose().to_vec();
    assert!(log_on(&ticket, Some(other)).is_err());
    assert!(log_on(&ticket, Some(granting[..granting.len() - 1].to_vec())).is_err());
    for length in 0..ticket.len() {
        assert!(log_on(&ticket[..length], None).is_err(), "{length} bytes");
    }
    for place in 0..ticket.len() {
        let mut changed = ticket.clone();
        changed[place] ^= 1;
        if let Ok(who) = log_on(&changed, None) {
            assert_eq!(who.client.account, "alice", "byte {place}");
        }
    }
}

#[test]
fn k6_an_expired_ticket_logs_nobody_on() {
    let machine = logged_on();
    machine.kdcs.add_service(HOST);
    machine.host.keytab.replace(machine.kdcs.keytab(HOST));
    let service = retrieve(&machine, &wanted("host/me.example.com")).unwrap();
    machine.env.set_now(FileTime(NOW.0 + 36_301 * 10_000_000));
    let service = service.encoded.expose().to_vec();
    let request = LogonRequest::Ticket { service, granting: None };
    let error = PACKAGE.log_on(request, &machine.env).err().unwrap();
    assert_eq!(error.fault(), fault(PeerFault::TicketExpired));
}

fn for_user(machine: &Machine, client: &str) -> Result<LoggedOn, Error> {
    let request = SelfLogonRequest {
        client: client.into(),
        realm: String::new(),
        check_logon_hours: false,
        level: ImpersonationLevel::Identification,
    };
    PACKAGE.log_on(LogonRequest::ServiceForUser(request), &machine.env)
}

const BACK: &str = "svc/back.example.com";

/// A member whose service may go on to another one, as anybody or as its clients only.
fn front(support: S4uSupport, transition: bool) -> Machine {
    let machine = member();
    machine.kdcs.add_service(&format!("{BACK}@EXAMPLE.COM"));
    machine.kdcs.realm("EXAMPLE.COM", |realm| realm.s4u = support);
    machine.kdcs.account(HOST, |account| {
        account.delegation.to = vec![principal(BACK).components];
        account.delegation.transition = transition;
    });
    machine
}

#[test]
fn who_proves_nothing_is_logged_on_by_the_kdcs_word_to_a_service() {
    for support in [S4uSupport::Full, S4uSupport::WithoutProof] {
        let machine = front(support, true);
        let who = for_user(&machine, "alice").unwrap();
        assert_eq!((&*who.client.account, &*who.client.domain), ("alice", "EXAMPLE.COM"));
        assert_eq!(who.level, ImpersonationLevel::Identification);
        let alices = who.credential.unwrap();
        assert_eq!(alices.name(&machine.env).unwrap(), "alice@EXAMPLE.COM");
        assert_eq!(alices.expiry(), who.logoff_time);
        let calls = alices.kerberos_calls().unwrap();
        let found = calls.retrieve(&wanted(BACK), &machine.env).unwrap();
        assert_eq!(found.client.components, ["alice"]);
        // The client's own tickets she did not give.
        assert!(calls.granting_ticket(&machine.env).is_err());
    }
}

#[test]
fn a_service_that_is_not_trusted_goes_nowhere_for_whom_it_names() {
    let machine = front(S4uSupport::Full, false);
    let alices = for_user(&machine, "alice").unwrap().credential.unwrap();
    let gone = alices.kerberos_calls().unwrap().retrieve(&wanted(BACK), &machine.env);
    assert_eq!(gone.unwrap_err().fault(), fault(PeerFault::DelegationRefused));
    let (why, _) = denied(for_user(&machine, "nobody"));
    assert_eq!(why, fault(PeerFault::ClientUnknown));
}

#[test]
fn a_service_without_a_keytab_needs_a_kdc_that_vouches() {
    for support in [S4uSupport::Full, S4uSupport::WithoutProof] {
        let machine = front(support, true);
        let own = KerberosCredential::of_service(&principal(HOST), &machine.kdcs.keytab(HOST));
        let tgt = own.unwrap().tgt(&machine.env).unwrap();
        let cache = &machine.host.default_cache;
        cache.initialize(&tgt.client, &[super::support::kerberos::duplicate(&tgt)]).unwrap();
        machine.host.keytab.replace(Vec::new());
        let outcome = for_user(&machine, "alice");
        if support == S4uSupport::Full {
            assert_eq!(outcome.unwrap().client.account, "alice");
        } else {
            assert_eq!(denied(outcome).0, fault(PeerFault::BadAuthority));
        }
    }
}

#[test]
fn k28_a_kdc_that_knows_no_s4u_logs_nobody_on() {
    // It gives a ticket all right: in our own name.
    let machine = front(S4uSupport::None, true);
    let (why, story) = denied(for_user(&machine, "alice"));
    assert_eq!(why, fault(PeerFault::S4uUnsupported));
    assert!(story.contains("alice") && story.contains(HOST), "{story}");
}

#[test]
fn a_service_without_keys_and_tickets_asks_for_nobody() {
    let machine = Machine::new();
    let (why, story) = denied(for_user(&machine, "alice"));
    assert_eq!(why, fault(LocalFault::NoCredentials));
    assert!(story.contains("S4U2Self"), "{story}");
    assert!(machine.kdcs.requests().is_empty());
}

#[test]
fn what_kerberos_does_not_do_is_said() {
    let machine = member();
    let request = LogonRequest::Network(NetworkLogon {
        domain: "EXAMPLE".into(),
        user: "alice".into(),
        workstation: String::new(),
        challenge: [1; 8],
        nt_response: vec![0; 24],
        lm_response: vec![0; 24],
        control: 0,
    });
    let error = PACKAGE.log_on(request, &machine.env).err().unwrap();
    assert_eq!(error.fault(), fault(CallerFault::Unsupported));
}

/// Keys that nobody has.
fn made_up() -> Vec<Key> {
    let key = |enctype: secur32::crypto::kerberos::Enctype| {
        Key::from_seed(enctype, &vec![99; enctype.seed_length()]).unwrap()
    };
    ENCTYPES.map(key).into()
}

/// A keytab with keys of the KDC itself, which are no machine's.
fn kdc_keys() -> Vec<KeytabEntry> {
    Machine::new().kdcs.keytab("kadmin/changepw@EXAMPLE.COM")
}

fn copy(entry: &KeytabEntry) -> KeytabEntry {
    KeytabEntry { principal: entry.principal.clone(), key: entry.key.duplicate(), ..*entry }
}

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Arc<dyn secur32::spi::package::Credential>>();
};
