//! Service for user ([MS-SFU]) with KDCs that lie, and with people in between who change what
//! nobody vouches for; first what it does when nobody does.

use std::sync::{Arc, Mutex};

use secur32::crypto::kerberos::{Enctype, Key};
use secur32::kerberos::credential::{KerberosCredential, ServiceTicket};
use secur32::kerberos::names::ServiceRequest;
use secur32::kerberos::s4u::{Evidence, Origin, SelfLogon};
use secur32::spi::error::{Fault, LocalFault, PeerFault, Result};
use secur32::spi::kerberos::{CredentialCache, KdcRequest, Principal};
use secur32::wire::kerberos::numbers::{pa_type, pac_options, ticket_flags};
use secur32::wire::kerberos::{
    EncodedTicket, KdcMessage, KdcReq, PaData, PaPacOptions, PrincipalName,
};

use super::support::client::Machine;
use super::support::kdc::Kdcs;
use super::support::kdc::s4u::{Delegation, S4uSupport, Vouch, forge_forwardable, tgt_in};
use super::support::kerberos::{FixedKerberos, principal};
use super::{BAD, after, name};

const FRONT: &str = "svc/front@EXAMPLE.COM";
const BACK: &str = "svc/back";
const SUPPORT: [S4uSupport; 2] = [S4uSupport::Full, S4uSupport::WithoutProof];

/// A machine of the service `svc/front`, which may go on to `svc/back` as anybody.
fn machine() -> Machine {
    on(Machine::new())
}

fn on(machine: Machine) -> Machine {
    machine.kdcs.add_service(FRONT);
    machine.kdcs.add_service("svc/back@EXAMPLE.COM");
    machine.kdcs.add_user("bob@EXAMPLE.COM", "bob");
    machine.kdcs.add_user("guarded@EXAMPLE.COM", "guarded");
    machine.kdcs.account("guarded@EXAMPLE.COM", |account| account.delegation.sensitive = true);
    machine.kdcs.account(FRONT, |account| {
        account.delegation.to = vec![principal(BACK).components];
        account.delegation.transition = true;
    });
    machine
}

fn front(machine: &Machine) -> KerberosCredential {
    KerberosCredential::of_service(&principal(FRONT), &machine.kdcs.keytab(FRONT)).unwrap()
}

fn for_user(machine: &Machine, client: &str) -> Result<ServiceTicket> {
    front(machine).s4u2self(&SelfLogon { client, ..SelfLogon::default() }, &machine.env)
}

fn evidence(machine: &Machine, client: &str) -> Evidence {
    Evidence::of_self_ticket(&for_user(machine, client).unwrap().ticket, false)
}

fn proxy(machine: &Machine, evidence: Evidence) -> KerberosCredential {
    KerberosCredential::by_proxy(Arc::new(front(machine)), evidence)
}

/// What `svc/front` gets for a service in the name of a client.
fn go_on(machine: &Machine, evidence: Evidence, target: &str) -> Result<ServiceTicket> {
    machine.ticket(&proxy(machine, evidence), target)
}

fn fails<T>(fault: impl Into<Fault>, outcome: Result<T>) {
    let fault = fault.into();
    let Err(error) = outcome else { panic!("believed; should be {fault:?}") };
    assert_eq!(error.fault(), fault, "{error}");
    assert!(error.story().is_some_and(|story| !story.is_empty()), "{error}");
}

/// Refused, whatever for.
fn refused<T>(outcome: Result<T>) {
    let Err(error) = outcome else { panic!("a lie was believed") };
    let faults = [BAD, PeerFault::MalformedToken].map(Fault::from);
    assert!(faults.contains(&error.fault()), "{error}");
}

/// What the KDC makes of a user principal name.
fn known_as(support: S4uSupport, account: &str, realm: &str) -> Principal {
    let upn = format!("{account}@{realm}");
    match support {
        S4uSupport::WithoutProof => Principal { components: vec![upn.clone()], ..principal(&upn) },
        _ => principal(&upn),
    }
}

fn is_self(sname: &PrincipalName) -> bool {
    sname.name_string == ["svc", "front"]
}

fn vouches(machine: &Machine, lie: impl Fn(&mut Vouch) + Send + Sync + 'static) {
    machine.kdcs.lie(|lies| lies.vouch = Some(Box::new(lie)));
}

/// The last request to a KDC.
fn last(machine: &Machine) -> KdcReq {
    machine.kdcs.requests().pop().unwrap().2
}

#[test]
fn a_service_gets_a_ticket_for_itself_in_a_users_name() {
    for support in SUPPORT {
        for session in [Enctype::Aes256CtsHmacSha1, Enctype::Aes128CtsHmacSha256] {
            let machine = machine();
            machine.kdcs.realm("EXAMPLE.COM", |realm| realm.s4u = support);
            machine.kdcs.account("krbtgt/EXAMPLE.COM@EXAMPLE.COM", |account| {
                account.session = Some(session);
            });
            for (client, realm) in
                [("bob", ""), ("bob", "EXAMPLE.COM"), ("BOB", "example.com"), ("X\\bob", "X")]
            {
                let logon = SelfLogon { client, realm, ..SelfLogon::default() };
                let found = front(&machine).s4u2self(&logon, &machine.env);
                if client != "bob" {
                    // Other KDCs than AD's distinguish case.
                    fails(PeerFault::ClientUnknown, found.or(for_user(&machine, "BOB")));
                    continue;
                }
                let ticket = found.unwrap().ticket;
                assert_eq!(ticket.client, principal("bob@EXAMPLE.COM"));
                assert_eq!(ticket.server, principal(FRONT));
                assert_ne!(ticket.flags & ticket_flags::FORWARDABLE, 0);
                let request = last(&machine);
                for padata in [pa_type::FOR_USER, pa_type::FOR_X509_USER] {
                    assert!(PaData::find(&request.padata, padata).is_some());
                }
            }
            assert!(machine.host.default_cache.tickets().is_err());
        }
    }
}

#[test]
fn a_user_has_many_names() {
    let machine = machine();
    // No KDC knows the alias, but the realm behind it.
    for client in ["EXAMPLE.COM\\bob", "example.com\\bob", "bob@EXAMPLE.COM", "bob@example.com"] {
        let found = for_user(&machine, client).unwrap();
        assert_eq!(found.ticket.client, principal("bob@EXAMPLE.COM"), "{client}");
    }
    for client in ["", "\\", "EXAMPLE.COM\\", "nobody", "nobody@EXAMPLE.COM"] {
        fails(PeerFault::ClientUnknown, for_user(&machine, client));
    }
    machine.kdcs.account("bob@EXAMPLE.COM", |bob| bob.alias = Some("robert@dept".into()));
    let found = for_user(&machine, "robert@dept").unwrap();
    assert_eq!(found.ticket.client, principal("bob@EXAMPLE.COM"));
    machine.kdcs.account("bob@EXAMPLE.COM", |bob| bob.trouble = Some(18));
    fails(PeerFault::AccountRestricted, for_user(&machine, "robert@dept"));
}

#[test]
fn a_user_of_another_realm_is_looked_up_there_and_comes_back_by_referrals() {
    for support in SUPPORT {
        let machine = machine();
        for realm in ["USERS.COM", "MIDDLE.COM"] {
            machine.kdcs.add_realm(realm);
            machine.kdcs.realm(realm, |realm| realm.s4u = support);
        }
        machine.kdcs.realm("EXAMPLE.COM", |realm| realm.s4u = support);
        machine.kdcs.trust("EXAMPLE.COM", "USERS.COM");
        machine.kdcs.add_user("carol@USERS.COM", "carol");
        machine.kdcs.account("carol@USERS.COM", |a| a.alias = Some("carol@USERS.COM".into()));
        machine.kdcs.realm("EXAMPLE.COM", |realm| {
            realm.clients_are_in = Some("USERS.COM".into());
        });
        let logon = SelfLogon { client: "carol", realm: "USERS.COM", ..SelfLogon::default() };
        let service = front(&machine);
        let ticket = service.s4u2self(&logon, &machine.env).unwrap().ticket;
        assert_eq!(ticket.client, principal("carol@USERS.COM"));
        assert_eq!(ticket.server, principal(FRONT));
        let ticket = for_user(&machine, "carol@USERS.COM").unwrap().ticket;
        assert_eq!(ticket.client, known_as(support, "carol", "USERS.COM"));
        // The way back was the user's, and is kept for nobody.
        machine.kdcs.requests();
        service.s4u2self(&logon, &machine.env).unwrap();
        let asked: Vec<_> = machine.kdcs.requests().into_iter().map(|(realm, ..)| realm).collect();
        assert_eq!(asked, ["USERS.COM", "EXAMPLE.COM"]);
    }
}

#[test]
fn a_service_goes_on_in_the_name_of_its_client() {
    let machine = machine();
    let alices = proxy(&machine, evidence(&machine, "alice"));
    machine.kdcs.requests();
    assert_eq!(alices.client(&machine.env).unwrap(), principal("alice@EXAMPLE.COM"));
    assert_eq!(machine.kdcs.requests().len(), 0);
    let ticket = machine.ticket(&alices, BACK).unwrap().ticket;
    assert_eq!(ticket.client, principal("alice@EXAMPLE.COM"));
    assert_eq!(ticket.server.components, ["svc", "back"]);
    // Once more from memory, and from this credential's only.
    machine.kdcs.requests();
    let again = machine.ticket(&alices, BACK).unwrap().ticket;
    assert!(Arc::ptr_eq(&ticket, &again));
    assert_eq!(machine.kdcs.requests().len(), 0);
    assert!(machine.host.default_cache.tickets().is_err());
    // A ticket that the client came with; by a service of the same account.
    machine.kdcs.add_service("HTTP/front@EXAMPLE.COM");
    machine.kdcs.account(FRONT, |account| {
        account.delegation.also = vec![principal("HTTP/front").components];
    });
    let client = machine.logon("alice", "EXAMPLE.COM", "secret");
    let brought = machine.ticket(&client, "HTTP/front").unwrap().ticket;
    let brought = Evidence { origin: Origin::Client, ..Evidence::of_self_ticket(&brought, false) };
    let ticket = go_on(&machine, brought, BACK).unwrap().ticket;
    assert_eq!(ticket.client, principal("alice@EXAMPLE.COM"));
    // It is no more than that.
    fails(LocalFault::NoCredentials, alices.tgt(&machine.env));
    fails(LocalFault::NoCredentials, alices.forwarded_tgt(18, &machine.env));
    assert!(alices.acceptor_keys(&machine.env).is_err());
}

#[test]
fn a_service_permits_delegation_to_itself() {
    let machine = machine();
    machine.kdcs.account(FRONT, |account| account.delegation = Delegation::default());
    let own = for_user(&machine, "alice").unwrap().ticket;
    assert_eq!(own.flags & ticket_flags::FORWARDABLE, 0);
    let evidence = Evidence::of_self_ticket(&own, false);
    fails(PeerFault::DelegationRefused, go_on(&machine, evidence.clone(), BACK));
    machine.kdcs.account("svc/back@EXAMPLE.COM", |account| {
        account.delegation.from = vec![principal(FRONT).components];
    });
    let ticket = go_on(&machine, evidence, BACK).unwrap().ticket;
    assert_eq!(ticket.client, principal("alice@EXAMPLE.COM"));
    let request = last(&machine);
    let options = PaData::find(&request.padata, pa_type::PAC_OPTIONS).unwrap();
    let options = PaPacOptions::from_der(options).unwrap().options;
    assert_ne!(options & pac_options::RESOURCE_BASED_CONSTRAINED_DELEGATION, 0);
}

/// `svc/far` is in `FAR.COM`, behind `EXAMPLE.COM`.
fn far() -> Machine {
    let machine = machine();
    machine.kdcs.add_realm("FAR.COM");
    machine.kdcs.trust("EXAMPLE.COM", "FAR.COM");
    machine.kdcs.realm("EXAMPLE.COM", |realm| realm.refers_to = Some("FAR.COM".into()));
    machine.kdcs.add_service("svc/far@FAR.COM");
    machine.kdcs.account("svc/far@FAR.COM", |account| {
        account.delegation.from = vec![principal(FRONT).components];
    });
    machine
}

#[test]
fn a_service_goes_on_to_another_realm() {
    for target in ["svc/far", "svc/far@FAR.COM"] {
        let machine = far();
        if target.contains('@') {
            // A KDC that refers to nowhere, but knows the realm.
            machine.kdcs.realm("EXAMPLE.COM", |realm| realm.refers_to = None);
        }
        let evidence = evidence(&machine, "alice");
        let ticket = go_on(&machine, evidence, target).unwrap().ticket;
        assert_eq!(ticket.client, principal("alice@EXAMPLE.COM"));
        // The last one was asked by our own ticket, with the client's as evidence.
        let request = last(&machine);
        assert_eq!(tgt_in(&request).sname.name_string, ["krbtgt", "FAR.COM"]);
        let second = request.req_body.additional_tickets[0].parse().unwrap();
        assert_eq!(second.sname.name_string, ["krbtgt", "FAR.COM"]);
        assert_ne!(tgt_in(&request), second);
    }
}

#[test]
fn k28_a_kdc_that_knows_no_s4u_makes_us_no_other_user() {
    let machine = machine();
    machine.kdcs.realm("EXAMPLE.COM", |realm| realm.s4u = S4uSupport::None);
    fails(PeerFault::S4uUnsupported, for_user(&machine, "alice"));
    fails(PeerFault::S4uUnsupported, for_user(&machine, "svc/front"));
}

#[test]
fn k28_the_ticket_is_of_who_was_asked_for() {
    type Lie = fn(&mut secur32::wire::kerberos::KdcRep);
    let lies: [Lie; 5] = [
        |reply| reply.cname = name(&["bob"]),
        |reply| reply.cname = name(&["alice", "admin"]),
        |reply| reply.cname = name(&[]),
        |reply| reply.crealm = "EVIL.COM".into(),
        |reply| reply.cname = name(&["svc", "front"]),
    ];
    for support in SUPPORT {
        for lie in lies {
            let machine = machine();
            machine.kdcs.realm("EXAMPLE.COM", |realm| realm.s4u = support);
            machine.kdcs.lie(|lies| {
                lies.reply = Some(Box::new(move |reply| {
                    if reply.msg_type == KdcMessage::Tgs {
                        lie(reply);
                    }
                }));
            });
            let error = for_user(&machine, "alice").map(|_| ()).unwrap_err();
            let faults = [BAD, PeerFault::S4uUnsupported].map(Fault::from);
            assert!(faults.contains(&error.fault()), "{error}");
        }
    }
}

#[test]
fn k28_k15_what_the_kdc_says_of_the_user_must_verify() {
    type Lie = fn(&mut Vouch);
    let other = || Key::new(Enctype::Aes256CtsHmacSha1, &[9; 32]).unwrap();
    let lies: [(&str, Lie); 14] = [
        ("nonce", |vouch| vouch.user_id.nonce ^= 1),
        ("no nonce", |vouch| vouch.user_id.nonce = 0),
        ("another user", |vouch| vouch.user_id.cname = Some(name(&["bob"]))),
        ("nobody", |vouch| vouch.user_id.cname = None),
        ("no name", |vouch| vouch.user_id.cname = Some(name(&[]))),
        ("another realm", |vouch| vouch.user_id.crealm = "EVIL.COM".into()),
        ("the request's usage", |vouch| vouch.usage = 26),
        ("the reply's usage unsaid", |vouch| vouch.user_id.options = Some(0)),
        ("CRC-32", |vouch| vouch.cksumtype = Some(1)),
        ("MD4", |vouch| vouch.cksumtype = Some(2)),
        ("MD5", |vouch| vouch.cksumtype = Some(7)),
        ("HMAC-MD5", |vouch| vouch.cksumtype = Some(-138)),
        ("our own message", |vouch| vouch.bytes = Some(vouch.asked.clone())),
        ("nothing in it", |vouch| vouch.bytes = Some(Vec::new())),
    ];
    for (what, lie) in lies {
        let machine = machine();
        vouches(&machine, lie);
        let Err(error) = for_user(&machine, "alice") else { panic!("{what} was believed") };
        let faults = [BAD, PeerFault::MalformedToken].map(Fault::from);
        assert!(faults.contains(&error.fault()), "{what}: {error}");
    }
    let machine = machine();
    vouches(&machine, move |vouch| vouch.key = other());
    refused(for_user(&machine, "alice"));
    // The usage of requests, said to be so: a KDC of old.
    let machine = self::machine();
    vouches(&machine, |vouch| (vouch.usage, vouch.user_id.options) = (26, Some(0)));
    for_user(&machine, "alice").unwrap();
}

#[test]
fn k28_what_the_kdc_promised_to_say_must_be_there() {
    let machine = machine();
    machine.kdcs.lie(|lies| {
        lies.vouch = Some(Box::new(|vouch| vouch.silent = true));
        lies.part = Some(Box::new(|part| {
            let padata_type = pa_type::FOR_X509_USER;
            part.encrypted_pa_data.push(PaData { padata_type, padata_value: vec![0; 24] });
        }));
    });
    refused(for_user(&machine, "alice"));
}

/// A service without a key: its ticket-granting ticket is in the caller's cache.
fn keyless(machine: &Machine) -> KerberosCredential {
    let tgt = front(machine).tgt(&machine.env).unwrap();
    let tgt = super::support::kerberos::duplicate(&tgt);
    machine.host.default_cache.initialize(&principal(FRONT), &[tgt]).unwrap();
    machine.default()
}

#[test]
fn k28_what_nobody_vouches_for_is_believed_of_our_own_key_only() {
    let alice = SelfLogon { client: "alice", ..SelfLogon::default() };
    let machine = machine();
    let service = keyless(&machine);
    service.s4u2self(&alice, &machine.env).unwrap();
    vouches(&machine, |vouch| vouch.silent = true);
    for_user(&machine, "alice").unwrap();
    fails(BAD, service.s4u2self(&alice, &machine.env));
    machine.kdcs.lie(|_| ());
    machine.kdcs.realm("EXAMPLE.COM", |realm| realm.s4u = S4uSupport::WithoutProof);
    for_user(&machine, "alice").unwrap();
    fails(BAD, service.s4u2self(&alice, &machine.env));
}

#[test]
fn k28_an_older_ticket_of_another_user_is_not_taken_for_this_ones() {
    for support in SUPPORT {
        let machine = machine();
        machine.kdcs.realm("EXAMPLE.COM", |realm| realm.s4u = support);
        for user in ["bob", "alice"] {
            let older = for_user(&machine, user).unwrap().ticket.ticket.clone();
            machine.kdcs.lie(|lies| {
                lies.reply = Some(Box::new(move |reply| {
                    if is_self(&reply.ticket.parse().unwrap().sname) {
                        reply.ticket = EncodedTicket(older.clone());
                    }
                }));
            });
            fails(BAD, for_user(&machine, "alice"));
            machine.kdcs.lie(|_| ());
        }
    }
}

/// A machine whose requests somebody changes on the way.
fn changed_on_the_way(change: impl Fn(&mut KdcReq) + Send + Sync + 'static) -> Machine {
    let kdcs = Kdcs::new();
    let answers = kdcs.clone();
    let host = FixedKerberos::new().with_exchange(move |request| {
        let mut message = KdcReq::from_der(request.message).unwrap();
        change(&mut message);
        let message = message.to_der();
        let KdcRequest { realm, service, judge, .. } = *request;
        answers.answer(&KdcRequest { realm, service, message: &message, judge })
    });
    on(Machine::on(kdcs, host))
}

#[test]
fn k28_an_older_wish_for_another_user_is_not_taken_for_this_one() {
    // `PA-FOR-USER` has no nonce: whoever has seen one for bob can put it into a later request.
    for upn in [false, true] {
        let seen: Arc<Mutex<Option<PaData>>> = Arc::default();
        let machine = changed_on_the_way(move |request| {
            let place = request.padata.iter_mut().find(|pa| pa.padata_type == pa_type::FOR_USER);
            let Some(place) = place else { return };
            let older = seen.lock().unwrap().get_or_insert_with(|| place.clone()).clone();
            *place = older;
        });
        machine.kdcs.realm("EXAMPLE.COM", |realm| realm.s4u = S4uSupport::WithoutProof);
        for user in ["alice", "bob"] {
            machine.kdcs.account(&format!("{user}@EXAMPLE.COM"), |account| {
                account.alias = Some(format!("{user}@EXAMPLE.COM"));
            });
        }
        let service = front(&machine);
        let ask = |client: &str| {
            let client = if upn { format!("{client}@EXAMPLE.COM") } else { client.to_owned() };
            let logon = SelfLogon { client: &client, ..SelfLogon::default() };
            service.s4u2self(&logon, &machine.env)
        };
        let bob = ask("bob").unwrap().ticket.client.clone();
        let named = known_as(S4uSupport::WithoutProof, "bob", "EXAMPLE.COM");
        assert_eq!(bob, if upn { named } else { principal("bob@EXAMPLE.COM") });
        refused(ask("alice"));
        // And with the name in the clear changed, so that it looks like alice's.
        machine.kdcs.lie(|lies| {
            lies.reply = Some(Box::new(move |reply| {
                let alice = if upn { "alice@EXAMPLE.COM" } else { "alice" };
                reply.cname = name(&[alice]);
            }));
        });
        refused(ask("alice"));
    }
}

#[test]
fn k28_a_realm_on_the_way_back_cannot_change_the_user() {
    let machine = machine();
    machine.kdcs.add_realm("USERS.COM");
    machine.kdcs.trust("EXAMPLE.COM", "USERS.COM");
    machine.kdcs.add_user("carol@USERS.COM", "carol");
    let logon = SelfLogon { client: "carol", realm: "USERS.COM", ..SelfLogon::default() };
    let ask = |tell: fn(&mut super::support::kdc::Lies)| {
        machine.kdcs.lie(tell);
        front(&machine).s4u2self(&logon, &machine.env)
    };
    ask(|_| ()).unwrap();
    // A referral in the user's name would be a ticket to act as the user.
    refused(ask(|lies| {
        lies.reply = Some(Box::new(|reply| {
            if reply.ticket.parse().unwrap().realm == "USERS.COM" {
                (reply.cname, reply.crealm) = (name(&["carol"]), "USERS.COM".into());
            }
        }));
    }));
    // The home KDC falls silent, or speaks of another.
    refused(ask(|lies| {
        let count = Mutex::new(0);
        lies.vouch = Some(Box::new(move |vouch| {
            let mut count = count.lock().unwrap();
            *count += 1;
            vouch.silent = *count > 1;
        }));
    }));
    refused(ask(|lies| {
        lies.vouch = Some(Box::new(|vouch| vouch.user_id.cname = Some(name(&["bob"]))));
    }));
    // Referred to the realm that was asked, and on and on.
    fails(
        PeerFault::TooManyReferrals,
        ask(|lies| {
            lies.part = Some(Box::new(|part| {
                if part.srealm == "USERS.COM" {
                    part.sname = name(&["krbtgt", "USERS.COM"]);
                }
            }));
            lies.ticket = Some(Box::new(|ticket| {
                if ticket.realm == "USERS.COM" {
                    ticket.sname = name(&["krbtgt", "USERS.COM"]);
                }
            }));
        }),
    );
}

#[test]
fn k29_evidence_that_may_not_be_forwarded_is_not_sent() {
    let machine = machine();
    let own = for_user(&machine, "guarded").unwrap().ticket;
    assert_eq!(own.flags & ticket_flags::FORWARDABLE, 0);
    machine.kdcs.requests();
    let sensitive = Evidence::of_self_ticket(&own, true);
    fails(PeerFault::DelegationRefused, go_on(&machine, sensitive.clone(), BACK));
    let brought = Evidence { origin: Origin::Client, sensitive: false, ..sensitive.clone() };
    fails(PeerFault::DelegationRefused, go_on(&machine, brought, BACK));
    let asked = machine.kdcs.requests();
    assert!(asked.iter().all(|(.., request)| request.req_body.additional_tickets.is_empty()));
    // Who leaves the word of the PAC out has the KDC's.
    let unsaid = Evidence { sensitive: false, ..sensitive };
    machine.kdcs.account("svc/back@EXAMPLE.COM", |account| {
        account.delegation.from = vec![principal(FRONT).components];
    });
    fails(PeerFault::DelegationRefused, go_on(&machine, unsaid, BACK));
}

#[test]
fn k29_a_flag_that_the_holder_of_the_key_sets_does_not_help() {
    let machine = machine();
    let own = for_user(&machine, "guarded").unwrap().ticket;
    let key = machine.kdcs.account(FRONT, |account| account.keys[0].duplicate());
    let forged = Evidence {
        ticket: forge_forwardable(&own.ticket, &key),
        flags: own.flags | ticket_flags::FORWARDABLE,
        ..Evidence::of_self_ticket(&own, false)
    };
    fails(PeerFault::AuthorityRefused, go_on(&machine, forged, BACK));
}

#[test]
fn k29_the_ticket_is_of_the_client_of_the_evidence() {
    for realm in [true, false] {
        let machine = machine();
        let evidence = evidence(&machine, "alice");
        machine.kdcs.lie(|lies| {
            lies.reply = Some(Box::new(move |reply| {
                if reply.ticket.parse().unwrap().sname.name_string == ["svc", "back"] {
                    if realm {
                        reply.crealm = "EVIL.COM".into();
                    } else {
                        reply.cname = name(&["bob"]);
                    }
                }
            }));
        });
        fails(BAD, go_on(&machine, evidence, BACK));
    }
    let machine = machine();
    let evidence = evidence(&machine, "alice");
    machine.kdcs.realm("EXAMPLE.COM", |realm| realm.s4u = S4uSupport::None);
    fails(PeerFault::S4uUnsupported, go_on(&machine, evidence, BACK));
}

#[test]
fn k29_only_who_is_permitted_goes_on_and_only_to_whom() {
    let machine = machine();
    machine.kdcs.add_service("svc/other@EXAMPLE.COM");
    let evidence = evidence(&machine, "alice");
    fails(PeerFault::DelegationRefused, go_on(&machine, evidence.clone(), "svc/other"));
    fails(PeerFault::TargetUnknown, go_on(&machine, evidence.clone(), "svc/nobody"));
    // By another service's ticket-granting ticket.
    let keys = machine.kdcs.keytab("svc/other@EXAMPLE.COM");
    let other = KerberosCredential::of_service(&principal("svc/other@EXAMPLE.COM"), &keys);
    let thief = KerberosCredential::by_proxy(Arc::new(other.unwrap()), evidence);
    assert!(machine.ticket(&thief, BACK).is_err());
}

#[test]
fn k29_evidence_that_is_over_is_not_sent() {
    let machine = machine();
    let evidence = Evidence { end: after(0), ..evidence(&machine, "alice") };
    machine.kdcs.requests();
    fails(PeerFault::TicketExpired, go_on(&machine, evidence, BACK));
    assert!(machine.kdcs.requests().is_empty());
}

#[test]
fn k29_other_realms_are_gone_to_only_where_the_kdc_vouches_that_it_understands() {
    let machine = far();
    let evidence = evidence(&machine, "alice");
    machine.kdcs.lie(|lies| {
        lies.part = Some(Box::new(|part| {
            part.encrypted_pa_data.retain(|padata| padata.padata_type != pa_type::PAC_OPTIONS);
        }));
        // In the clear it is worth nothing.
        lies.reply = Some(Box::new(|reply| {
            let options = pac_options::RESOURCE_BASED_CONSTRAINED_DELEGATION;
            let padata_value = PaPacOptions { options }.to_der();
            reply.padata.push(PaData { padata_type: pa_type::PAC_OPTIONS, padata_value });
        }));
    });
    fails(PeerFault::CrossRealmDelegation, go_on(&machine, evidence, "svc/far"));
}

#[test]
fn k29_tickets_of_clients_are_nobody_elses() {
    // Neither the process' cache nor the service's own tickets have them, whatever realm they
    // come from.
    let machine = far();
    let service = Arc::new(front(&machine));
    let logon = SelfLogon { client: "alice", ..SelfLogon::default() };
    let own = service.s4u2self(&logon, &machine.env).unwrap().ticket;
    let evidence = Evidence::of_self_ticket(&own, false);
    let alices = KerberosCredential::by_proxy(Arc::clone(&service), evidence);
    for target in [BACK, "svc/far"] {
        let is = |credential: &KerberosCredential, client: &str| {
            let target = ServiceRequest::parse(target, &machine.host.settings).unwrap();
            let found = credential.service_ticket(&target, &machine.env).unwrap().ticket;
            assert_eq!(found.client, principal(client));
        };
        is(&alices, "alice@EXAMPLE.COM");
        is(&service, FRONT);
        is(&alices, "alice@EXAMPLE.COM");
    }
    assert!(machine.host.default_cache.tickets().is_err());
}

#[test]
fn the_account_of_a_service_is_found_by_its_keys() {
    let entry = |name: &str, byte: u8| {
        super::support::kerberos::keytab_entry(principal(name), 1, 18, &[byte; 32])
    };
    let keytab = [entry("svc/a@R", 1), entry("HTTP/a@R", 1), entry("A$@R", 1), entry("B$@R", 2)];
    let machine = Machine::new();
    let client = |service: &str| -> Result<Principal> {
        KerberosCredential::of_service(&principal(service), &keytab)?.client(&machine.env)
    };
    assert_eq!(client("svc/a@R").unwrap(), principal("A$@R"));
    assert_eq!(client("B$@R").unwrap(), principal("B$@R"));
    fails(LocalFault::NoServiceKey, client("svc/c@R"));
}
