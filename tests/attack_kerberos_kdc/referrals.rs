//! Referrals that lead nowhere, or in circles.

use secur32::spi::error::PeerFault;

use super::support::client::Machine;
use super::{BAD, WWW, name, refused_as};

/// Realms that refer to each other in this order, and share keys.
fn chain(machine: &Machine, realms: &[&str]) {
    for realm in realms {
        if *realm != "EXAMPLE.COM" {
            machine.kdcs.add_realm(realm);
        }
    }
    for pair in realms.windows(2) {
        machine.kdcs.trust(pair[0], pair[1]);
        machine.kdcs.realm(pair[0], |realm| realm.refers_to = Some(pair[1].into()));
    }
}

#[test]
fn k18_referrals_in_circles_are_not_followed() {
    let machine = Machine::new();
    chain(&machine, &["EXAMPLE.COM", "B.COM", "C.COM"]);
    machine.kdcs.trust("C.COM", "EXAMPLE.COM");
    machine.kdcs.realm("C.COM", |realm| realm.refers_to = Some("EXAMPLE.COM".into()));
    let alice = machine.alice();
    refused_as(PeerFault::TooManyReferrals, machine.ticket(&alice, "HTTP/nowhere"));
    assert!(machine.kdcs.requests().len() <= 5);
}

#[test]
fn k18_referrals_have_a_bound() {
    let machine = Machine::new();
    let names: Vec<_> = (0..100).map(|number| format!("R{number}.COM")).collect();
    let realms: Vec<_> =
        ["EXAMPLE.COM"].into_iter().chain(names.iter().map(String::as_str)).collect();
    chain(&machine, &realms);
    let alice = machine.alice();
    refused_as(PeerFault::TooManyReferrals, machine.ticket(&alice, "HTTP/nowhere"));
    assert!(machine.kdcs.requests().len() <= 13);
}

#[test]
fn k18_a_referral_that_nobody_asked_for() {
    // Without canonicalisation a service is that service.
    let machine = Machine::new();
    machine.kdcs.realm("EXAMPLE.COM", |realm| realm.is_old = true);
    machine.kdcs.lie(|lies| {
        lies.ticket = Some(Box::new(|ticket| {
            if ticket.sname.name_string[0] == "HTTP" {
                ticket.sname = name(&["krbtgt", "EVIL.COM"]);
            }
        }));
        lies.part = Some(Box::new(|part| {
            if part.sname.name_string[0] == "HTTP" {
                part.sname = name(&["krbtgt", "EVIL.COM"]);
            }
        }));
    });
    refused_as(BAD, machine.try_alice());
}

#[test]
fn k18_referrals_to_realms_that_are_none() {
    for realm in ["EXAMPLE.COM", "", "\0", "EVIL\nCOM", "NOWHERE.COM", &"x".repeat(100_000)] {
        let machine = Machine::new();
        let to = realm.to_owned();
        machine.kdcs.lie(|lies| {
            let there = to.clone();
            lies.ticket = Some(Box::new(move |ticket| {
                if ticket.sname.name_string[0] == "HTTP" {
                    ticket.sname = name(&["krbtgt", &there]);
                }
            }));
            lies.part = Some(Box::new(move |part| {
                if part.sname.name_string[0] == "HTTP" {
                    part.sname = name(&["krbtgt", &to]);
                }
            }));
        });
        assert!(machine.try_alice().is_err());
        assert!(machine.kdcs.requests().len() <= 4);
        // What was wrong is forgotten.
        machine.kdcs.lie(|_| ());
        machine.try_alice().unwrap();
    }
}

#[test]
fn k18_off_the_configured_way_nobody_goes() {
    let machine = Machine::with(|settings| {
        let by = [("FAR.COM".to_owned(), vec!["MIDDLE.COM".to_owned()])];
        settings.capaths.insert("EXAMPLE.COM".into(), by.into());
    });
    for realm in ["MIDDLE.COM", "EVIL.COM", "FAR.COM"] {
        machine.kdcs.add_realm(realm);
    }
    for (one, other) in
        [("EXAMPLE.COM", "MIDDLE.COM"), ("EXAMPLE.COM", "EVIL.COM"), ("EVIL.COM", "FAR.COM")]
    {
        machine.kdcs.trust(one, other);
    }
    machine.kdcs.add_service("HTTP/far@FAR.COM");
    machine.kdcs.lie(|lies| {
        let middle = |name: &[String]| name.get(1).is_some_and(|realm| realm == "MIDDLE.COM");
        lies.ticket = Some(Box::new(move |ticket| {
            if middle(&ticket.sname.name_string) {
                ticket.sname = name(&["krbtgt", "EVIL.COM"]);
            }
        }));
        lies.part = Some(Box::new(move |part| {
            if middle(&part.sname.name_string) {
                part.sname = name(&["krbtgt", "EVIL.COM"]);
            }
        }));
    });
    refused_as(BAD, machine.ticket(&machine.alice(), "HTTP/far@FAR.COM"));
}

#[test]
fn k27_a_foreign_kdcs_word_on_delegation_needs_the_ways() {
    use secur32::wire::kerberos::numbers::ticket_flags::OK_AS_DELEGATE;
    for vouched in [true, false] {
        let machine = Machine::new();
        chain(&machine, &["EXAMPLE.COM", "B.COM"]);
        machine.kdcs.add_service("HTTP/b@B.COM");
        machine.kdcs.account("HTTP/b@B.COM", |account| account.flags = OK_AS_DELEGATE);
        machine.kdcs.lie(|lies| {
            lies.part = Some(Box::new(move |part| {
                if vouched && part.sname.name_string[1] == "B.COM" {
                    part.flags |= OK_AS_DELEGATE;
                }
            }));
        });
        let ticket = machine.ticket(&machine.alice(), "HTTP/b").unwrap().ticket;
        assert_eq!(ticket.flags & OK_AS_DELEGATE != 0, vouched);
    }
}

#[test]
fn k18_the_same_alice_elsewhere() {
    // The way does not change who asks.
    let machine = Machine::new();
    chain(&machine, &["EXAMPLE.COM", "B.COM"]);
    machine.kdcs.add_service("HTTP/b@B.COM");
    machine.kdcs.add_user("alice@B.COM", "other");
    let ticket = machine.ticket(&machine.alice(), "HTTP/b").unwrap().ticket;
    assert_eq!(ticket.client.realm, "EXAMPLE.COM");
    machine.ticket(&machine.alice(), WWW).unwrap();
}
