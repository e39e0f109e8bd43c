//! Tickets that a Samba domain controller and MIT's KDC made, recorded by `capture.py`.

use std::collections::BTreeSet;
use std::sync::Arc;

use secur32::kerberos::PACKAGE;
use secur32::spi::error::{Error, PeerFault};
use secur32::spi::kerberos::{CachedTicket, KeytabEntry};
use secur32::spi::logon::{LoggedOn, LogonRequest};
use secur32::spi::package::SecurityPackage;
use secur32::spi::time::FileTime;
use secur32::spi::token::{Authorization, ClientIdentity};
use secur32::wire::kerberos::ccache::decode_ccache;
use secur32::wire::kerberos::keytab::decode_keytab;

use crate::support::env::FixedEnv;
use crate::support::kerberos::FixedKerberos;

const SAMBA: (&[u8], &[u8]) = (include_bytes!("samba.ccache"), include_bytes!("samba.keytab"));
const SAMBA_S4U: (&[u8], &[u8]) =
    (include_bytes!("samba-s4u.ccache"), include_bytes!("samba.keytab"));
const MIT: (&[u8], &[u8]) = (include_bytes!("mit.ccache"), include_bytes!("mit.keytab"));
/// What the domain's database says of alice, herself first.
const SIDS: &str = include_str!("samba.sids");

fn tickets(cache: &[u8]) -> Vec<CachedTicket> {
    let entries = decode_ccache(cache).unwrap().entries.into_iter();
    let tickets = entries.map(|entry| entry.credential);
    tickets.filter(|ticket| ticket.server.components[0] == "svc").collect()
}

/// Logs on with a ticket, at its own time, on a machine with these keys.
fn log_on(ticket: &CachedTicket, keys: Vec<KeytabEntry>) -> Result<LoggedOn, Error> {
    let host = FixedKerberos::new().with_settings(|settings| settings.allow_rc4 = true);
    host.keytab.replace(keys);
    let env = FixedEnv::new().with_kerberos(Arc::new(host)).with_policy(|p| p.require_pac = true);
    env.set_now(FileTime(ticket.start_time.to_file_time().0 + 10_000_000));
    let request = LogonRequest::Ticket { service: ticket.ticket.clone(), granting: None };
    PACKAGE.log_on(request, &env)
}

/// Every service ticket of a cache, with the KDC's key in the keytab and without it.
fn clients((cache, keytab): (&[u8], &[u8])) -> Vec<ClientIdentity> {
    let mut clients = vec![];
    for ticket in tickets(cache) {
        let all = decode_keytab(keytab).unwrap();
        let is_kdc = |entry: &KeytabEntry| entry.principal.components[0] == "krbtgt";
        assert!(all.iter().any(is_kdc));
        clients.push(log_on(&ticket, all).unwrap().client);
        let services = decode_keytab(keytab).unwrap().into_iter().filter(|e| !is_kdc(e));
        let again = log_on(&ticket, services.collect()).unwrap().client;
        assert_eq!(Some(&again), clients.last());
    }
    clients
}

/// Builtin groups are those of each machine, and in no PAC. The database does not know how who
/// logged on was verified (`S-1-18-1`).
fn sids(authorization: &Authorization) -> BTreeSet<String> {
    let groups = authorization.groups.iter().map(|group| group.sid.to_string());
    groups.filter(|sid| !sid.starts_with("S-1-18-")).collect()
}

#[test]
fn the_sids_are_those_of_sambas_database() {
    let clients = clients(SAMBA);
    assert_eq!(clients.len(), 3);
    for client in clients {
        assert_eq!((&*client.account, &*client.domain), ("alice", "ADDOM"));
        assert_eq!(client.upn.as_deref(), Some("alice@ad.test"));
        assert_eq!(client.dns_domain.as_deref(), Some("AD.TEST"));
        let authorization = client.authorization.unwrap();
        let (alice, groups) = SIDS.split_once('\n').unwrap();
        assert_eq!(authorization.user.as_ref().unwrap().to_string(), alice);
        let expected = groups.lines().filter(|sid| !sid.starts_with("S-1-5-32-"));
        assert_eq!(sids(&authorization), expected.map(str::to_owned).collect());
        let primary = authorization.primary_group.unwrap().to_string();
        assert!(primary.ends_with("-513"), "{primary}");
        assert_eq!(authorization.logon_server, "DC1");
        assert!(authorization.password_last_set.0 > 0 && authorization.delegation.is_none());
    }
}

#[test]
fn a_ticket_that_was_delegated_says_by_whom() {
    let clients = clients(SAMBA_S4U);
    assert_eq!(clients.len(), 1);
    for client in clients {
        assert_eq!(client.account, "alice");
        let way = client.authorization.unwrap().delegation.unwrap();
        assert_eq!(way.target, "svc/aes.ad.test");
        assert_eq!(way.transited.len(), 1, "{way:?}");
        assert!(way.transited[0].starts_with("svcs4u@"), "{way:?}");
    }
}

#[test]
fn mits_kdc_says_no_more_than_whose_ticket_it_is() {
    let clients = clients(MIT);
    assert_eq!(clients.len(), 5);
    for client in clients {
        assert_eq!((&*client.account, &*client.domain), ("alice", "MIT.TEST"));
        assert_eq!(client.authorization, None);
    }
}

#[test]
fn p7_another_kdcs_key_in_the_keytab_refuses_genuine_tickets() {
    for (cache, keytab) in [SAMBA, MIT] {
        for ticket in tickets(cache) {
            let mut keys = decode_keytab(keytab).unwrap();
            for key in keys.iter_mut().filter(|key| key.principal.components[0] == "krbtgt") {
                key.key.value.expose_mut()[0] ^= 1;
            }
            let error = log_on(&ticket, keys).err().unwrap();
            assert_eq!(error.fault(), PeerFault::PacRefused.into(), "{error}");
        }
    }
}
