//! What DNS says of hosts, where krb5.conf lets it be asked.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use super::locate::is_domain;
use super::{background, dns};
use crate::platform::sys;

/// How long anybody waits for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Domains above a host that are asked for their realm.
const MAX_PARENTS: usize = 8;

/// The canonical name of a host, if it has one and DNS says so soon; with `reverse` the name that
/// belongs to its address.
pub fn canonical_host(host: &str, reverse: bool) -> Option<String> {
    let host = host.to_owned();
    let name = background::start(move || sys::canonical_name(&host, reverse)).ok()?;
    let name = name.wait(Instant::now() + PATIENCE)??;
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    // An address that has no name comes back as it is.
    (!name.is_empty() && name.parse::<IpAddr>().is_err()).then_some(name)
}

/// The realm that a TXT record tells for a host or, failing that, for the domains it is in; none
/// of the top-level domains is asked.
pub fn realm_of_host(host: &str) -> Option<String> {
    let names = questions(host);
    let ask = move || {
        let mut answers = names.iter().filter_map(|name| sys::query(name, dns::TXT));
        answers.find_map(|answer| dns::read_txt(&answer)?.into_iter().next())
    };
    let realm = background::start(ask).ok()?.wait(Instant::now() + PATIENCE)??;
    let realm = realm.trim_end_matches('.');
    (!realm.is_empty()).then(|| realm.to_owned())
}

fn questions(host: &str) -> Vec<String> {
    if !is_domain(host) || host.parse::<IpAddr>().is_ok() {
        return Vec::new();
    }
    std::iter::successors(Some(host), |name| Some(name.split_once('.')?.1))
        .take_while(|name| name.contains('.'))
        .take(MAX_PARENTS)
        .map(|name| format!("_kerberos.{name}."))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_names_are_names() {
        assert!(canonical_host("127.0.0.1", true).is_some_and(|name| name.contains("localhost")));
        assert_eq!(canonical_host("127.0.0.1", false), None);
        assert_eq!(canonical_host(&"a".repeat(70), true), None);
        assert_eq!(canonical_host("a\0b", true), None);
    }

    #[test]
    fn a_host_and_its_domains_are_asked_for() {
        let expected = [
            "_kerberos.www.sales.example.com.",
            "_kerberos.sales.example.com.",
            "_kerberos.example.com.",
        ];
        assert_eq!(questions("www.sales.example.com"), expected);
        assert_eq!(questions(&"a.".repeat(100)).len(), 0, "a dot at the end");
        assert_eq!(questions(&["a"; 100].join(".")).len(), MAX_PARENTS);
        for host in ["localhost", "127.0.0.1", "::1", "", "a b.com", "x..y"] {
            assert!(questions(host).is_empty(), "{host}");
        }
        assert_eq!(realm_of_host("localhost"), None);
    }
}
