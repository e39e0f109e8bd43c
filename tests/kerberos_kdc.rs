//! The client against KDCs: logging on, tickets of services, caches, keytabs, passwords.

mod support;

use std::sync::Arc;
use std::time::Duration;

use secur32::crypto::kerberos::Enctype;
use secur32::kerberos::PACKAGE;
use secur32::kerberos::credential::KerberosCredential;
use secur32::kerberos::names::{ServiceRequest, unparse};
use secur32::spi::error::{Fault, LocalFault, PeerFault};
use secur32::spi::identity::Proof;
use secur32::spi::kerberos::{CredentialCache, HostCanonicalization, KdcService, KerberosTime};
use secur32::spi::package::{PasswordChange, SecurityPackage};
use secur32::spi::secret::{Secret, SecretBytes};
use secur32::spi::time::FileTime;
use secur32::wire::kerberos::keytab::encode_keytab;
use secur32::wire::kerberos::numbers::{error_code, kdc_options, pa_type, ticket_flags};
use secur32::wire::kerberos::{EncodedTicket, KdcMessage, PaData};

use support::client::Machine;
use support::env::NOW;
use support::kdc::{ENCTYPES, Kdcs, secret};
use support::kerberos::{FixedKerberos, FixedKeytab, principal};

const WWW: &str = "HTTP/www.example.com";

fn now() -> KerberosTime {
    KerberosTime::of(NOW)
}

fn fault(fault: impl Into<Fault>) -> Fault {
    fault.into()
}

#[test]
fn a_password_gets_tickets_of_every_enctype() {
    for enctype in ENCTYPES {
        let machine = Machine::with(|settings| {
            settings.allow_rc4 = true;
            settings.permitted_enctypes = Some(enctype.name().into());
        });
        let ticket = machine.try_alice().unwrap().ticket;
        assert_eq!(ticket.key.enctype, enctype.number());
        assert_eq!(unparse(&ticket.client), "alice@EXAMPLE.COM");
        assert_eq!(ticket.end_time, KerberosTime(now().0 + 36_000));
        let parsed = EncodedTicket(ticket.ticket.clone()).parse().unwrap();
        assert_eq!(parsed.sname.name_string, ["HTTP", "www.example.com"]);
        let [first, proved, tgs] = machine.kdcs.requests().try_into().unwrap();
        assert!(PaData::find(&first.2.padata, pa_type::ENC_TIMESTAMP).is_none());
        assert!(PaData::find(&proved.2.padata, pa_type::ENC_TIMESTAMP).is_some());
        assert_eq!(proved.2.req_body.etype, [enctype.number()]);
        assert_eq!(tgs.2.msg_type, KdcMessage::Tgs);
        assert!(PaData::find(&tgs.2.padata, pa_type::PAC_OPTIONS).is_some());
    }
}

#[test]
fn tickets_are_kept_as_long_as_they_last() {
    let machine = Machine::new();
    machine.kdcs.add_service("cifs/www.example.com@EXAMPLE.COM");
    let alice = machine.alice();
    let first = machine.ticket(&alice, WWW).unwrap().ticket;
    assert_eq!(machine.kdcs.requests().len(), 3);
    assert!(Arc::ptr_eq(&first, &machine.ticket(&alice, WWW).unwrap().ticket));
    assert_eq!(machine.kdcs.requests().len(), 0);
    machine.ticket(&alice, "cifs/www.example.com").unwrap();
    assert_eq!(machine.kdcs.requests().len(), 1);
    let later = 36_000 * 10_000_000;
    machine.env.set_now(FileTime(NOW.0 + later));
    machine.kdcs.realm("EXAMPLE.COM", |realm| realm.clock.0 += 36_000);
    let second = machine.ticket(&alice, WWW).unwrap().ticket;
    assert!(second.end_time > first.end_time);
    assert_eq!(machine.kdcs.requests().len(), 3);
}

#[test]
fn a_refusal_is_not_kept() {
    let machine = Machine::new();
    let alice = machine.alice();
    let error = machine.ticket(&alice, "HTTP/new.example.com").unwrap_err();
    assert_eq!(error.fault(), fault(PeerFault::TargetUnknown));
    assert!(error.story().unwrap().contains("HTTP/new.example.com@EXAMPLE.COM"), "{error}");
    machine.kdcs.add_service("HTTP/new.example.com@EXAMPLE.COM");
    machine.ticket(&alice, "HTTP/new.example.com").unwrap();
}

#[test]
fn no_preauthentication_where_none_is_wanted() {
    let machine = Machine::new();
    machine.kdcs.account("alice@EXAMPLE.COM", |account| account.preauth = false);
    machine.try_alice().unwrap();
    assert_eq!(machine.kdcs.requests().len(), 2);
    let wrong = machine.logon("alice", "EXAMPLE.COM", "wrong");
    let error = machine.ticket(&wrong, WWW).unwrap_err();
    assert_eq!(error.fault(), fault(PeerFault::LogonDenied));
}

#[test]
fn salts_are_the_kdcs() {
    let machine = Machine::new();
    machine.kdcs.add_user("renamed@EXAMPLE.COM", "pass");
    let made = Kdcs::new();
    made.add_user("oldname@EXAMPLE.COM", "pass");
    let (keys, salt) = made.account("oldname@EXAMPLE.COM", |account| {
        (std::mem::take(&mut account.keys), account.salt.clone())
    });
    machine.kdcs.account("renamed@EXAMPLE.COM", |account| {
        (account.keys, account.salt) = (keys, salt);
    });
    let renamed = machine.logon("renamed", "", "pass");
    machine.ticket(&renamed, WWW).unwrap();
}

#[test]
fn a_hash_is_a_key_of_rc4_where_that_is_allowed() {
    // MD4 of "secret" in UTF-16.
    let machine = Machine::with(|settings| settings.allow_rc4 = true);
    let hash = machine.kdcs.account("alice@EXAMPLE.COM", |account| {
        let key = account.keys.iter().find(|key| key.enctype() == Enctype::Rc4Hmac).unwrap();
        <[u8; 16]>::try_from(key.expose()).unwrap()
    });
    let by_hash = machine.by("alice", Proof::NtHash(Secret::new(hash)));
    machine.ticket(&by_hash, WWW).unwrap();
    let (.., first) = machine.kdcs.requests().remove(0);
    assert_eq!(first.req_body.etype, [23]);
    let machine = Machine::new();
    let by_hash = machine.by("alice", Proof::NtHash(Secret::new(hash)));
    let error = machine.ticket(&by_hash, WWW).unwrap_err();
    assert_eq!(error.fault(), fault(LocalFault::NoCredentials));
    assert!(error.story().unwrap().contains("arcfour-hmac"), "{error}");
}

#[test]
fn a_keytab_logs_on_with_its_enctypes_first() {
    let machine = Machine::new();
    let mut entries = machine.kdcs.keytab("alice@EXAMPLE.COM");
    entries.retain(|entry| entry.key.enctype == 17);
    let encoded = encode_keytab(&entries).unwrap();
    let bytes = || Proof::Keytab(SecretBytes::new(encoded.expose().to_vec()));
    machine.ticket(&machine.by("alice", bytes()), WWW).unwrap();
    let (.., proved) = machine.kdcs.requests().remove(1);
    assert_eq!(proved.req_body.etype, [17, 18, 20, 19]);
    let stranger = machine.ticket(&machine.by("bob", bytes()), WWW).unwrap_err();
    assert_eq!(stranger.fault(), fault(LocalFault::NoCredentials));
    let anybody = machine.acquire(
        None,
        Some(secur32::spi::identity::Identity { proof: bytes(), ..Default::default() }),
    );
    let ticket = machine.ticket(&anybody, WWW).unwrap().ticket;
    assert_eq!(unparse(&ticket.client), "alice@EXAMPLE.COM");
}

#[test]
fn what_an_account_may_not_do_is_told() {
    let denied = [
        (error_code::KDC_ERR_KEY_EXPIRED, "expired", PeerFault::PasswordExpired),
        (error_code::KDC_ERR_CLIENT_REVOKED, "disabled", PeerFault::AccountRestricted),
        (error_code::KDC_ERR_POLICY, "policy", PeerFault::AccountRestricted),
        (error_code::KDC_ERR_NAME_EXP, "expired", PeerFault::AccountExpired),
    ];
    for (code, word, of_account) in denied {
        let machine = Machine::new();
        machine.kdcs.account("alice@EXAMPLE.COM", |account| account.trouble = Some(code));
        let error = machine.try_alice().unwrap_err();
        assert_eq!(error.fault(), fault(of_account));
        let story = error.story().unwrap();
        assert!(story.contains(word) && story.contains("alice@EXAMPLE.COM"), "{story}");
        assert!(story.contains("kdc.test:88 of EXAMPLE.COM"), "{story}");
        assert!(machine.host.traced().contains(error_code::name(code).unwrap()));
    }
    let others = [
        (error_code::KDC_ERR_ETYPE_NOSUPP, fault(PeerFault::EnctypeRefused)),
        (error_code::KRB_ERR_GENERIC, fault(PeerFault::AuthorityRefused)),
        (error_code::KRB_AP_ERR_SKEW, fault(PeerFault::TimeSkew)),
        (error_code::KDC_ERR_SVC_UNAVAILABLE, fault(LocalFault::NoAuthority)),
        (error_code::KDC_ERR_S_PRINCIPAL_UNKNOWN, fault(PeerFault::TargetUnknown)),
    ];
    for (code, expected) in others {
        let machine = Machine::new();
        machine.kdcs.account("alice@EXAMPLE.COM", |account| account.trouble = Some(code));
        assert_eq!(machine.alices_fault(), expected);
    }
}

#[test]
fn windows_tells_more() {
    use secur32::wire::kerberos::{KerbErrorData, KerbExtError};
    let machine = Machine::new();
    let trouble = Some(error_code::KDC_ERR_CLIENT_REVOKED);
    machine.kdcs.account("alice@EXAMPLE.COM", |account| account.trouble = trouble);
    machine.kdcs.lie(|lies| {
        lies.error = Some(Box::new(|error| {
            let status = KerbExtError { status: 0xC000_0234, reserved: 0, flags: 1 };
            let data = KerbErrorData { data_type: 3, data_value: Some(status.to_bytes()) };
            error.e_data = Some(data.to_der());
        }));
    });
    let error = machine.try_alice().unwrap_err();
    assert!(error.story().unwrap().contains("locked out"), "{error}");
}

#[test]
fn who_proves_nothing_has_no_credentials() {
    let machine = Machine::new();
    for (user, password) in [("alice", ""), ("", "secret"), ("", "")] {
        let error = machine.ticket(&machine.logon(user, "", password), WWW).unwrap_err();
        assert_eq!(error.fault(), fault(LocalFault::NoCredentials));
    }
    let nowhere = machine.ticket(&machine.logon("u", "NOWHERE", "p"), WWW).unwrap_err();
    assert_eq!(nowhere.fault(), fault(LocalFault::NoAuthority));
}

#[test]
fn a_wrong_password_is_tried_once_at_the_primary_kdc() {
    let proofs = |machine: &Machine| {
        let requests = machine.kdcs.requests();
        let proofs = requests.iter().filter(|(_, _, request)| {
            PaData::find(&request.padata, pa_type::ENC_TIMESTAMP).is_some()
        });
        proofs.map(|(_, service, _)| *service).collect::<Vec<_>>()
    };
    let machine = Machine::new();
    let wrong = machine.logon("alice", "EXAMPLE.COM", "wrong");
    assert!(machine.ticket(&wrong, WWW).is_err());
    // The same server is not asked to count it twice.
    assert_eq!(proofs(&machine), [KdcService::Kdc]);
    machine.kdcs.has_primary("primary.test:88");
    assert!(machine.ticket(&wrong, WWW).is_err());
    assert_eq!(proofs(&machine), [KdcService::Kdc, KdcService::PrimaryKdc]);
}

#[test]
fn the_clock_of_the_kdc_is_learnt_from_its_reply() {
    for apart in [-86_400, -400, 400, 86_400 * 365] {
        let machine = Machine::new();
        machine.kdcs.realm("EXAMPLE.COM", |realm| realm.clock.0 += apart);
        let ticket = machine.try_alice().unwrap();
        assert_eq!(ticket.clock_offset, apart);
        // Another credential knows nothing of it.
        let other = machine.logon("alice", "EXAMPLE.COM", "wrong");
        assert!(machine.ticket(&other, WWW).is_err());
    }
}

#[test]
fn a_cached_ticket_is_used_in_spite_of_the_clock() {
    let machine = Machine::new();
    let alice = machine.alice();
    let tgt = alice.tgt(&machine.env).unwrap();
    machine
        .host
        .default_cache
        .initialize(&tgt.client, &[support::kerberos::duplicate(&tgt)])
        .unwrap();
    machine.kdcs.realm("EXAMPLE.COM", |realm| realm.clock.0 += 1_000);
    let ticket = machine.ticket(&machine.default(), WWW).unwrap();
    assert_eq!(ticket.clock_offset, 1_000);
}

#[test]
fn user_principal_names_and_other_realms_of_clients() {
    let machine = Machine::new();
    machine.kdcs.account("alice@EXAMPLE.COM", |account| {
        account.alias = Some("a.smith@corp.test".into());
    });
    let by_alias = machine.logon("a.smith@corp.test", "", "secret");
    let ticket = machine.ticket(&by_alias, WWW).unwrap().ticket;
    assert_eq!(unparse(&ticket.client), "alice@EXAMPLE.COM");
    assert_eq!(unparse(&by_alias.client(&machine.env).unwrap()), "alice@EXAMPLE.COM");
    // A KDC that knows no such names knows the plain one.
    let plain = machine.logon("alice@example.com", "", "secret");
    machine.ticket(&plain, WWW).unwrap();
    // The client is in a realm that only its KDC knows of.
    machine.kdcs.add_realm("OTHER.COM");
    machine.kdcs.add_user("carol@OTHER.COM", "carols");
    machine.kdcs.trust("EXAMPLE.COM", "OTHER.COM");
    machine.kdcs.realm("EXAMPLE.COM", |realm| realm.clients_are_in = Some("OTHER.COM".into()));
    let carol = machine.logon("carol", "", "carols");
    let ticket = machine.ticket(&carol, "HTTP/www.example.com@EXAMPLE.COM").unwrap().ticket;
    assert_eq!(unparse(&ticket.client), "carol@OTHER.COM");
}

#[test]
fn the_realm_of_a_domain_in_lower_case() {
    let machine = Machine::new();
    machine.kdcs.add_realm("CORP.TEST");
    machine.kdcs.add_user("bob@CORP.TEST", "bobs");
    let bob = machine.logon("bob", "corp.test", "bobs");
    let tgt = bob.tgt(&machine.env).unwrap();
    assert_eq!(unparse(&tgt.client), "bob@CORP.TEST");
}

/// `EXAMPLE.COM` – `MIDDLE.COM` – `FAR.COM`, which has a service.
fn three_realms(machine: &Machine) {
    for realm in ["MIDDLE.COM", "FAR.COM"] {
        machine.kdcs.add_realm(realm);
    }
    machine.kdcs.trust("EXAMPLE.COM", "MIDDLE.COM");
    machine.kdcs.trust("MIDDLE.COM", "FAR.COM");
    machine.kdcs.add_service("HTTP/far@FAR.COM");
}

#[test]
fn referrals_lead_to_a_service() {
    let machine = Machine::new();
    three_realms(&machine);
    machine.kdcs.realm("EXAMPLE.COM", |realm| realm.refers_to = Some("MIDDLE.COM".into()));
    machine.kdcs.realm("MIDDLE.COM", |realm| realm.refers_to = Some("FAR.COM".into()));
    let alice = machine.alice();
    let ticket = machine.ticket(&alice, "HTTP/far").unwrap().ticket;
    assert_eq!(unparse(&ticket.server), "HTTP/far");
    assert_eq!(EncodedTicket(ticket.ticket.clone()).parse().unwrap().realm, "FAR.COM");
    let asked: Vec<_> = machine.kdcs.requests().into_iter().map(|(realm, ..)| realm).collect();
    assert_eq!(asked[2..], ["EXAMPLE.COM", "MIDDLE.COM", "FAR.COM"]);
}

#[test]
fn the_way_to_a_named_realm() {
    let capaths = |settings: &mut secur32::spi::kerberos::KerberosSettings| {
        let by = [("FAR.COM".to_owned(), vec!["MIDDLE.COM".to_owned()])];
        settings.capaths.insert("EXAMPLE.COM".into(), by.into());
        settings.domain_realm.insert("far".into(), "FAR.COM".into());
    };
    let machine = Machine::with(capaths);
    three_realms(&machine);
    let alice = machine.alice();
    let ticket = machine.ticket(&alice, "HTTP/far").unwrap().ticket;
    assert_eq!(unparse(&ticket.server), "HTTP/far@FAR.COM");
    machine.kdcs.requests();
    machine.kdcs.add_service("cifs/far@FAR.COM");
    machine.ticket(&alice, "cifs/far").unwrap();
    // The realm's ticket-granting ticket is there.
    assert_eq!(machine.kdcs.requests().len(), 1);
}

#[test]
fn a_realm_by_the_domain_of_a_host() {
    let machine = Machine::new();
    machine.kdcs.add_realm("BRANCH.TEST");
    machine.kdcs.trust("EXAMPLE.COM", "BRANCH.TEST");
    machine.kdcs.add_service("HTTP/host.branch.test@BRANCH.TEST");
    let ticket = machine.ticket(&machine.alice(), "HTTP/host.branch.test").unwrap().ticket;
    assert_eq!(EncodedTicket(ticket.ticket.clone()).parse().unwrap().realm, "BRANCH.TEST");
}

#[test]
fn an_old_kdc_knows_no_canonicalisation() {
    let machine = Machine::new();
    machine.kdcs.realm("EXAMPLE.COM", |realm| realm.is_old = true);
    machine.try_alice().unwrap();
    let options: Vec<_> =
        machine.kdcs.requests().iter().map(|r| r.2.req_body.kdc_options).collect();
    assert_ne!(options[2] & kdc_options::CANONICALIZE, 0);
    assert_eq!(options[3] & kdc_options::CANONICALIZE, 0);
}

#[test]
fn delegation_is_told_by_the_whole_way() {
    let ok = ticket_flags::OK_AS_DELEGATE;
    let machine = Machine::new();
    machine.kdcs.account("HTTP/www.example.com@EXAMPLE.COM", |account| account.flags = ok);
    assert_ne!(machine.try_alice().unwrap().ticket.flags & ok, 0);
    let forwarded = machine.alice().forwarded_tgt(17, &machine.env).unwrap();
    assert_ne!(forwarded.flags & ticket_flags::FORWARDED, 0);
    assert_eq!(forwarded.key.enctype, 17);
}

#[test]
fn tickets_of_the_callers_cache_are_used_and_new_ones_go_there() {
    let machine = Machine::new();
    let alice = machine.alice();
    let tgt = alice.tgt(&machine.env).unwrap();
    let cache = &machine.host.default_cache;
    cache.initialize(&tgt.client, &[support::kerberos::duplicate(&tgt)]).unwrap();
    machine.kdcs.requests();
    machine.ticket(&machine.default(), WWW).unwrap();
    assert_eq!(machine.kdcs.requests().len(), 1);
    assert_eq!(cache.tickets().unwrap().len(), 2);
    machine.ticket(&machine.default(), WWW).unwrap();
    assert_eq!(machine.kdcs.requests().len(), 0);
    assert!(machine.host.traced().contains("MEMORY:default"));
    machine.env.set_now(FileTime(NOW.0 + 36_000 * 10_000_000));
    let error = machine.ticket(&machine.default(), WWW).unwrap_err();
    assert_eq!(error.fault(), fault(LocalFault::NoCredentials));
    assert!(error.story().unwrap().contains("expired"), "{error}");
}

#[test]
fn without_a_cache_there_are_no_credentials_but_those_of_a_keytab() {
    let machine = Machine::new();
    let nobody = machine.default();
    let error = machine.ticket(&nobody, WWW).unwrap_err();
    assert_eq!(error.fault(), fault(LocalFault::NoCredentials));
    assert!(nobody.client(&machine.env).is_err());

    let kdcs = Kdcs::new();
    let mut host = FixedKerberos::new().with_exchange(kdcs.exchange());
    host.client_keytab = Some(Arc::new(FixedKeytab::new(kdcs.keytab("alice@EXAMPLE.COM"))));
    let machine = Machine::on(kdcs, host);
    let alice = machine.default();
    assert_eq!(unparse(&alice.client(&machine.env).unwrap()), "alice@EXAMPLE.COM");
    machine.ticket(&alice, WWW).unwrap();
    let cache = &machine.host.default_cache;
    assert_eq!(cache.principal().unwrap(), principal("alice@EXAMPLE.COM"));
    assert_eq!(cache.tickets().unwrap().len(), 2);
    let bob = machine.acquire(Some("bob@EXAMPLE.COM"), None);
    assert_eq!(machine.ticket(&bob, WWW).unwrap_err().fault(), fault(LocalFault::NoCredentials));
}

#[test]
fn a_principal_finds_its_cache() {
    let machine = Machine::new();
    machine.kdcs.add_user("bob@EXAMPLE.COM", "bobs");
    let store = |name: &str, credential: &KerberosCredential| {
        let tgt = credential.tgt(&machine.env).unwrap();
        let cache = secur32::spi::kerberos::KerberosHost::cache(&*machine.host, name).unwrap();
        cache.initialize(&tgt.client, &[support::kerberos::duplicate(&tgt)]).unwrap();
    };
    store("MEMORY:a", &machine.alice());
    store("MEMORY:b", &machine.logon("bob", "", "bobs"));
    for name in ["alice", "bob@EXAMPLE.COM"] {
        let credential = machine.acquire(Some(name), None);
        let ticket = machine.ticket(&credential, WWW).unwrap().ticket;
        assert_eq!(ticket.client.components, [name.split('@').next().unwrap()]);
    }
}

#[test]
fn host_names_are_canonical_where_krb5_conf_says_so() {
    let ticket = |way| {
        let kdcs = Kdcs::new();
        let mut host = FixedKerberos::new().with_exchange(kdcs.exchange());
        host.settings.canonicalize_hostname = way;
        host.canonical_hosts.insert("alias".into(), "www.example.com".into());
        let machine = Machine::on(kdcs, host);
        machine.ticket(&machine.alice(), "HTTP/alias").map(|found| found.ticket.ticket.clone())
    };
    let unknown = ticket(HostCanonicalization::Never).unwrap_err();
    assert_eq!(unknown.fault(), fault(PeerFault::TargetUnknown));
    for way in [HostCanonicalization::Fallback, HostCanonicalization::Always] {
        let parsed = EncodedTicket(ticket(way).unwrap()).parse().unwrap();
        assert_eq!(parsed.sname.name_string, ["HTTP", "www.example.com"]);
    }
}

#[test]
fn renewable_and_forwardable_tickets_by_krb5_conf() {
    let machine = Machine::with(|settings| settings.renew_lifetime = Duration::from_hours(240));
    let alice = machine.alice();
    let tgt = alice.tgt(&machine.env).unwrap();
    assert_eq!(tgt.renew_till, KerberosTime(now().0 + 240 * 3600));
    assert_ne!(tgt.flags & ticket_flags::FORWARDABLE, 0);
    let ticket = machine.ticket(&alice, WWW).unwrap().ticket;
    assert_eq!(ticket.renew_till, tgt.renew_till);
}

#[test]
fn the_password_expiry_is_told() {
    let machine = Machine::new();
    let expiry = KerberosTime(now().0 + 86_400);
    machine.kdcs.account("alice@EXAMPLE.COM", |account| account.expiry = Some(expiry));
    let alice = machine.alice();
    assert_eq!(alice.password_expiry(), FileTime::NEVER);
    machine.ticket(&alice, WWW).unwrap();
    assert_eq!(alice.password_expiry(), expiry.to_file_time());
}

#[test]
fn user_to_user_tickets_are_in_the_peers_session_key() {
    let machine = Machine::new();
    machine.kdcs.add_user("bob@EXAMPLE.COM", "bobs");
    let bob = machine.logon("bob", "", "bobs").tgt(&machine.env).unwrap();
    let target = ServiceRequest::parse("bob@EXAMPLE.COM", &machine.host.settings).unwrap();
    let alice = machine.alice();
    let ticket = alice.user_to_user_ticket(&target, &bob.ticket, &machine.env).unwrap().ticket;
    assert!(ticket.is_session_key);
    assert_eq!(ticket.second_ticket, bob.ticket);
    let key = secur32::kerberos::kdc::key_of(&bob.key).unwrap();
    let parsed = EncodedTicket(ticket.ticket.clone()).parse().unwrap();
    assert!(key.decrypt(2, &parsed.enc_part.cipher).is_ok());
    // It is no ticket for bob's own key.
    let plain = machine.ticket(&alice, "bob@EXAMPLE.COM").unwrap().ticket;
    assert!(!plain.is_session_key);
}

#[test]
fn the_keys_of_a_password_that_serves() {
    let machine = Machine::new();
    let server = machine.alice();
    let keys = server.acceptor_keys(&machine.env).unwrap();
    assert!(keys.any_name);
    assert_eq!(keys.entries.len(), 4);
    let theirs = machine.kdcs.keytab("alice@EXAMPLE.COM");
    assert!(keys.entries.iter().all(|own| theirs.iter().any(|known| known.key == own.key)));
    let again = server.acceptor_keys(&machine.env).unwrap();
    assert!(Arc::ptr_eq(&keys.entries, &again.entries));
    // No KDC at all: by the default salt.
    let alone = machine.logon("alice", "EXAMPLE.COM", "secret");
    let off = Machine::on(Kdcs::new(), FixedKerberos::new());
    let keys = alone.acceptor_keys(&off.env).unwrap();
    assert!(keys.entries.iter().all(|own| theirs.iter().any(|known| known.key == own.key)));
}

fn change(machine: &Machine, old: &str, new: &str) -> Result<(), Fault> {
    let (old, new) = (secret(old), secret(new));
    let (domain, account) = ("EXAMPLE.COM".into(), "alice".into());
    let change = PasswordChange { domain, account, old, new };
    PACKAGE.change_password(change, &machine.env).map_err(|refusal| refusal.error.fault())
}

#[test]
fn a_password_is_changed_even_when_it_has_expired() {
    let machine = Machine::new();
    let expired = Some(error_code::KDC_ERR_KEY_EXPIRED);
    machine.kdcs.account("alice@EXAMPLE.COM", |account| account.trouble = expired);
    assert_eq!(change(&machine, "wrong", "other!"), Err(fault(PeerFault::LogonDenied)));
    assert_eq!(change(&machine, "secret", "abc"), Err(fault(PeerFault::PasswordPolicy)));
    assert_eq!(machine.alices_fault(), fault(PeerFault::PasswordExpired));
    change(&machine, "secret", "pässword").unwrap();
    let alice = machine.logon("alice", "EXAMPLE.COM", "pässword");
    machine.ticket(&alice, WWW).unwrap();
    assert_eq!(machine.alices_fault(), fault(PeerFault::LogonDenied));
}

#[test]
fn the_policy_of_a_domain_is_told() {
    use secur32::wire::kerberos::{KpasswdMessage, PasswordPolicy};
    let machine = Machine::new();
    machine.kdcs.lie(|lies| {
        lies.password = Some(Box::new(|answer| {
            answer.result.code = 4;
            answer.result.message = KpasswdMessage::Policy(PasswordPolicy {
                min_length: 7,
                history: 24,
                properties: 1,
                expire: 36_288_000_000_000,
                min_age: 864_000_000_000,
            });
        }));
    });
    let (old, new) = (secret("secret"), secret("another"));
    let change =
        PasswordChange { domain: String::new(), account: "alice@EXAMPLE.COM".into(), old, new };
    let refusal = PACKAGE.change_password(change, &machine.env).unwrap_err();
    let policy = refusal.policy.unwrap();
    assert_eq!((policy.min_length, policy.history_length, policy.properties), (7, 24, 1));
    assert_eq!((policy.max_age, policy.min_age), (36_288_000_000_000, 864_000_000_000));
    assert!(refusal.error.story().unwrap().contains("at least 7 characters"));
}
