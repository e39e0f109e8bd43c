//! Who the servers of a realm are: `[realms]`, else DNS.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Instant;

use super::address::{Carrier, Server};
use super::background::{self, Pending};
use super::bindings;
use super::dns::{self, Srv};
use super::{Kdcs, Trace};
use crate::platform::sys;
use crate::spi::kerberos::{KdcRequest, KdcService};

/// The servers in the order in which they are asked, and what was found out on the way.
#[derive(Debug, Default)]
pub struct Located {
    /// The servers.
    pub servers: Vec<Server>,
    /// For the story, when no server answers.
    pub notes: Vec<String>,
}

/// Looks the servers up. What krb5.conf says keeps DNS out.
pub fn locate(
    kdcs: &Kdcs,
    request: &KdcRequest<'_>,
    deadline: Instant,
    trace: Trace<'_>,
) -> Located {
    let mut located = Located::default();
    let bound = bindings::find(request.realm);
    if let Some(server) = &bound
        && request.service != KdcService::Kpasswd
    {
        trace(format_args!("{} is bound to the KDC {}", request.realm, server.host));
        located.servers.push(server.clone());
    }
    if configured(kdcs, request, &mut located) {
        return located;
    }
    // Whoever chose a KDC wants nobody to look for another one; domain controllers are password
    // servers, too.
    if let Some(server) = bound {
        if located.servers.is_empty() {
            located.servers.push(Server { port: 464, ..server });
        }
        return located;
    }
    if !kdcs.transport.dns_lookup_kdc {
        located.notes.push("krb5.conf has none and does not let DNS be asked".to_owned());
    } else if is_domain(request.realm) {
        by_dns(request, deadline, trace, &mut located);
    } else {
        located.notes.push("krb5.conf has none, and its name is none of DNS".to_owned());
    }
    located
}

/// The servers of `[realms]`; whether it says anything about them.
fn configured(kdcs: &Kdcs, request: &KdcRequest<'_>, located: &mut Located) -> bool {
    let Some(realm) = kdcs.realms.get(request.realm) else { return false };
    let (entries, port, own_port) = match request.service {
        KdcService::Kdc => (&realm.kdc, 88, true),
        KdcService::PrimaryKdc => (&realm.primary_kdc, 88, true),
        KdcService::Kpasswd if realm.kpasswd_server.is_empty() => (&realm.admin_server, 464, false),
        KdcService::Kpasswd => (&realm.kpasswd_server, 464, true),
    };
    for entry in entries {
        match Server::parse(entry, port) {
            Ok(server) if own_port => located.servers.push(server),
            // The port of an admin server is kadmin's.
            Ok(server) => located.servers.push(Server { port, ..server }),
            Err(note) => located.notes.push(note),
        }
    }
    // A realm whose KDCs are written down has no primary one that is not.
    let is_primary = request.service == KdcService::PrimaryKdc;
    if is_primary && entries.is_empty() && !realm.kdc.is_empty() {
        located.notes.push("krb5.conf names no primary_kdc".to_owned());
        return true;
    }
    !entries.is_empty()
}

/// The servers of another service of a domain, by SRV records of this name.
pub fn services(name: &str, domain: &str, deadline: Instant) -> Vec<Server> {
    if !is_domain(domain) {
        return Vec::new();
    }
    let asked = name.to_owned();
    let Ok(pending) = background::start(move || sys::query(&asked, dns::SRV)) else {
        return Vec::new();
    };
    let mut located = Located::default();
    if let Ok(records) = answer(&pending, deadline) {
        add(records, Carrier::Tcp, name, &|_| {}, &mut located);
    }
    located.servers
}

/// The addresses of a host.
pub fn addresses(host: &str, port: u16, deadline: Instant) -> io::Result<Vec<SocketAddr>> {
    let asked = (host.to_owned(), port);
    let pending = background::start(move || asked.to_socket_addrs().map(Vec::from_iter))?;
    let late = || io::Error::other("its name was not resolved in time");
    pending.wait(deadline).ok_or_else(late)?
}

/// Whether a name can be asked for in DNS.
pub fn is_domain(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    name.len() < 230 && name.split('.').all(is_label)
}

fn by_dns(request: &KdcRequest<'_>, deadline: Instant, trace: Trace<'_>, located: &mut Located) {
    let service = match request.service {
        KdcService::Kdc => "_kerberos",
        KdcService::PrimaryKdc => "_kerberos-master",
        KdcService::Kpasswd => "_kpasswd",
    };
    // Both at once: each may take as long as the resolver waits for a dead name server.
    let questions = [(Carrier::Udp, "_udp"), (Carrier::Tcp, "_tcp")].map(|(carrier, protocol)| {
        let name = format!("{service}.{protocol}.{}.", request.realm);
        trace(format_args!("Sending DNS SRV query for {name}"));
        let asked = name.clone();
        (carrier, name, background::start(move || sys::query(&asked, dns::SRV)))
    });
    for (carrier, name, pending) in questions {
        let records = match pending {
            Ok(pending) => answer(&pending, deadline),
            Err(error) => Err(error.to_string()),
        };
        match records {
            Ok(records) => add(records, carrier, &name, trace, located),
            Err(note) => located.notes.push(format!("DNS, {name}: {note}")),
        }
    }
}

fn answer(pending: &Pending<Option<Vec<u8>>>, deadline: Instant) -> Result<Vec<Srv>, String> {
    let answer = pending.wait(deadline).ok_or("no answer")?.ok_or("no such record")?;
    dns::read_srv(&answer).ok_or_else(|| "an answer that cannot be read".to_owned())
}

fn add(records: Vec<Srv>, carrier: Carrier, name: &str, trace: Trace<'_>, located: &mut Located) {
    for record in dns::ordered(records, random) {
        let Srv { priority, weight, port, target } = record;
        trace(format_args!("SRV answer: {priority} {weight} {port} {target:?}"));
        if target.is_empty() || port == 0 {
            located.notes.push(format!("DNS, {name}: there is no such service"));
            continue;
        }
        let same = |known: &&mut Server| known.host == target && known.port == port;
        match located.servers.iter_mut().find(same) {
            Some(known) if known.carrier != carrier => known.carrier = Carrier::Either,
            Some(_) => {}
            None => located.servers.push(Server { host: target, port, carrier }),
        }
    }
}

/// A number up to and including the limit; without randomness the order is that of the records.
fn random(limit: u32) -> u32 {
    let mut bytes = [0; 4];
    match getrandom::fill(&mut bytes) {
        Ok(()) => u32::from_ne_bytes(bytes) % limit.saturating_add(1),
        Err(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::platform::krb5_conf::{Krb5Conf, read};
    use crate::spi::kerberos::Verdict;

    fn servers(conf: &str, realm: &str, service: KdcService) -> (Vec<String>, String) {
        let profile = read(conf.as_bytes(), std::path::Path::new("t")).unwrap();
        let kdcs = Kdcs::of(&Krb5Conf::from_profile(&profile).unwrap());
        let judge = |_: &[u8]| Verdict::Take;
        let request = KdcRequest { realm, service, message: b"", judge: &judge };
        let located = locate(&kdcs, &request, Instant::now() + Duration::from_secs(5), &|_| {});
        let text =
            |server: &Server| format!("{:?} {}:{}", server.carrier, server.host, server.port);
        (located.servers.iter().map(text).collect(), located.notes.join("; "))
    }

    #[test]
    fn what_is_written_down_is_taken_in_its_order() {
        let conf = "[libdefaults]\n dns_lookup_kdc = false\n[realms]\n R = {\n kdc = a\n \
                    kdc = tcp/b:1\n kdc = https://c/\n admin_server = d:749\n}\n S = {\n \
                    primary_kdc = p\n kpasswd_server = k:1464\n admin_server = d\n}\n";
        let list = |realm, service| servers(conf, realm, service);
        let (kdcs, notes) = list("R", KdcService::Kdc);
        assert_eq!(kdcs, ["Either a:88", "Tcp b:1"]);
        assert!(notes.contains("https://c/"), "{notes}");
        assert_eq!(list("R", KdcService::Kpasswd).0, ["Either d:464"]);
        let (primary, notes) = list("R", KdcService::PrimaryKdc);
        assert!(primary.is_empty() && notes.contains("primary_kdc"), "{notes}");
        assert_eq!(list("S", KdcService::PrimaryKdc).0, ["Either p:88"]);
        assert_eq!(list("S", KdcService::Kpasswd).0, ["Either k:1464"]);
        let (none, notes) = list("S", KdcService::Kdc);
        assert!(none.is_empty() && notes.contains("DNS"), "{notes}");
        let (none, notes) = list("r", KdcService::Kdc);
        assert!(none.is_empty() && notes.contains("DNS"), "{notes}");
    }

    #[test]
    fn names_that_are_none_of_dns_are_not_asked_for() {
        for realm in ["", ".", "A..B", "A B", "A/B", "X.500:C=US", "Ä", &"A".repeat(64), "A.B."] {
            let (none, notes) = servers("", realm, KdcService::Kdc);
            assert!(none.is_empty() && notes.contains("none of DNS"), "{realm}: {notes}");
        }
        assert!(is_domain("EXAMPLE.COM") && is_domain("A_B-1"));
    }

    #[test]
    fn records_of_both_protocols_are_one_server() {
        let record =
            |target: &str, port| Srv { priority: 0, weight: 0, port, target: target.into() };
        let mut located = Located::default();
        let mut add = |carrier, records| add(records, carrier, "n", &|_| {}, &mut located);
        add(Carrier::Udp, vec![record("a", 88), record("a", 88), record("", 0)]);
        add(Carrier::Tcp, vec![record("b", 88), record("a", 88), record("c", 0)]);
        let servers: Vec<_> = located.servers.iter().map(|s| (&s.host[..], s.carrier)).collect();
        assert_eq!(servers, [("a", Carrier::Either), ("b", Carrier::Tcp)]);
        assert_eq!(located.notes.len(), 2);
    }
}
