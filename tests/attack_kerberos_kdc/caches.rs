//! Tickets stay with the credential that they belong to.

use secur32::spi::error::{LocalFault, PeerFault};
use secur32::spi::kerberos::{CredentialCache, KerberosHost, KeyBlock};
use secur32::spi::secret::SecretBytes;

use super::support::client::Machine;
use super::support::kerberos::duplicate;
use super::{NONE, WWW, refused_as};

#[test]
fn b13_kerberos_credentials_of_one_name_share_nothing() {
    let machine = Machine::new();
    let right = machine.alice();
    machine.ticket(&right, WWW).unwrap();
    let wrong = machine.logon("alice", "EXAMPLE.COM", "wrong");
    refused_as(PeerFault::LogonDenied, machine.ticket(&wrong, WWW));
    let second = machine.alice();
    let (first, second) =
        (machine.ticket(&right, WWW).unwrap().ticket, machine.ticket(&second, WWW).unwrap().ticket);
    assert_ne!(first.key, second.key);
    // Nor do they touch the caller's cache, or use it.
    assert!(machine.host.default_cache.principal().is_err());
    let tgt = right.tgt(&machine.env).unwrap();
    machine.host.default_cache.initialize(&tgt.client, &[duplicate(&tgt)]).unwrap();
    refused_as(PeerFault::LogonDenied, machine.ticket(&wrong, WWW));
    assert_eq!(machine.host.default_cache.tickets().unwrap().len(), 1);
}

#[test]
fn b13_a_cache_that_changes_hands_keeps_nothing() {
    let machine = Machine::new();
    machine.kdcs.add_user("bob@EXAMPLE.COM", "bobs");
    let cache = &machine.host.default_cache;
    let give = |tgt: &secur32::spi::kerberos::CachedTicket| {
        cache.initialize(&tgt.client, &[duplicate(tgt)]).unwrap();
    };
    give(&machine.alice().tgt(&machine.env).unwrap());
    let default = machine.default();
    machine.ticket(&default, WWW).unwrap();
    give(&machine.logon("bob", "", "bobs").tgt(&machine.env).unwrap());
    machine.kdcs.add_service("cifs/www.example.com@EXAMPLE.COM");
    for service in ["cifs/www.example.com", WWW] {
        let ticket = machine.ticket(&default, service).unwrap().ticket;
        assert_eq!(ticket.client.components, ["bob"]);
    }
}

#[test]
fn l12_the_cache_is_chosen_when_the_credential_is_acquired() {
    let machine = Machine::new();
    machine.kdcs.add_user("bob@EXAMPLE.COM", "bobs");
    let alices = machine.alice().tgt(&machine.env).unwrap();
    machine.host.default_cache.initialize(&alices.client, &[duplicate(&alices)]).unwrap();
    let bob = machine.acquire(Some("bob@EXAMPLE.COM"), None);
    let error = machine.ticket(&bob, WWW).unwrap_err();
    assert_eq!(error.fault(), NONE.into());
    // A cache of bob's that comes later, of whomever, is not taken.
    let bobs = machine.logon("bob", "", "bobs").tgt(&machine.env).unwrap();
    let later = machine.host.cache("MEMORY:later").unwrap();
    later.initialize(&bobs.client, &[duplicate(&bobs)]).unwrap();
    let error = machine.ticket(&bob, WWW).unwrap_err();
    assert_eq!(error.fault(), NONE.into());
    machine.ticket(&machine.acquire(Some("bob@EXAMPLE.COM"), None), WWW).unwrap();
}

#[test]
fn k14_a_ticket_of_a_cache_with_a_forbidden_key_is_not_used() {
    let machine = Machine::new();
    let tgt = machine.alice().tgt(&machine.env).unwrap();
    let mut weak = duplicate(&tgt);
    weak.key = KeyBlock { enctype: 23, value: SecretBytes::new(vec![1; 16]) };
    machine.host.default_cache.initialize(&tgt.client, &[weak]).unwrap();
    machine.kdcs.requests();
    let error = machine.ticket(&machine.default(), WWW).unwrap_err();
    assert_eq!(error.fault(), LocalFault::NoCredentials.into());
    assert_eq!(machine.kdcs.requests().len(), 0);
}
