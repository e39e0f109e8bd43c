//! What the administrator lets NTLM be used for: `RestrictSendingNTLMTraffic`,
//! `ClientAllowedNTLMServers`, `RestrictReceivingNTLMTraffic`.

use crate::spi::environment::{MachineNames, Policy, RestrictReceiving, RestrictSending};
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::text::same_name;

/// A client is about to use NTLM towards this target: told to the log where policy wants it.
pub fn sending(policy: &Policy, target: Option<&str>) -> Result<()> {
    if policy.restrict_sending == RestrictSending::Audit {
        let server = server_of(target.unwrap_or_default());
        log::warn!("NTLM is used towards {server:?} (RestrictSendingNTLMTraffic is 1)");
    }
    may_send(policy, target)
}

/// Whether a client may use NTLM towards this target.
pub fn may_send(policy: &Policy, target: Option<&str>) -> Result<()> {
    let server = server_of(target.unwrap_or_default());
    match policy.restrict_sending {
        RestrictSending::Allow | RestrictSending::Audit => Ok(()),
        RestrictSending::Deny if is_excepted(policy, server) => Ok(()),
        RestrictSending::Deny => {
            let story = format!(
                "RestrictSendingNTLMTraffic forbids NTLM, and ClientAllowedNTLMServers does not \
                 name {server:?}"
            );
            Err(Error::new(PeerFault::Downgrade, story))
        }
    }
}

/// Whether a server may take NTLM logons at all.
pub fn receiving(policy: &Policy) -> Result<()> {
    if policy.restrict_receiving == RestrictReceiving::DenyAll {
        let story = "RestrictReceivingNTLMTraffic forbids all NTLM logons";
        return Err(Error::new(PeerFault::LogonDenied, story));
    }
    Ok(())
}

/// Whether an account of this domain may log on: the machine's own accounts are no domain's.
pub fn account(policy: &Policy, machine: &MachineNames, domain: &str) -> Result<(), &'static str> {
    let own = domain.is_empty() || same_name(domain, &machine.netbios_computer);
    match policy.restrict_receiving {
        RestrictReceiving::Allow => Ok(()),
        RestrictReceiving::DenyDomainAccounts if own => Ok(()),
        RestrictReceiving::DenyDomainAccounts => {
            Err("RestrictReceivingNTLMTraffic forbids NTLM logons of domain accounts")
        }
        RestrictReceiving::DenyAll => Err("RestrictReceivingNTLMTraffic forbids all NTLM logons"),
    }
}

/// Whether there is a server to which NTLM may be used although it is forbidden.
pub const fn has_exceptions(policy: &Policy) -> bool {
    !policy.client_allowed_servers.is_empty()
}

fn is_excepted(policy: &Policy, server: &str) -> bool {
    policy.client_allowed_servers.iter().any(|pattern| fits(pattern, server))
}

/// A name of the list, in which one `*` stands for anything.
fn fits(pattern: &str, server: &str) -> bool {
    let (pattern, server) = (pattern.to_lowercase(), server.to_lowercase());
    match pattern.split_once('*') {
        None => pattern == server,
        Some((begin, end)) => server.strip_prefix(begin).is_some_and(|rest| rest.ends_with(end)),
    }
}

/// The host of `class/host[:port][/name]`, or the whole of a target that is no SPN.
fn server_of(target: &str) -> &str {
    let Some((_class, rest)) = target.split_once('/') else { return target };
    let instance = rest.split(['/', '@']).next().unwrap_or_default();
    if let Some((address, _)) = instance.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return address;
    }
    match instance.split_once(':') {
        // An IPv6 address without brackets has more colons than one.
        Some((host, port)) if !port.contains(':') => host,
        _ => instance,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_is_the_host_of_the_service() {
        for (target, server) in [
            ("HTTP/www.example.com", "www.example.com"),
            ("HTTP/www.example.com:8080", "www.example.com"),
            ("ldap/dc.example.com/example.com", "dc.example.com"),
            ("cifs/files@EXAMPLE.COM", "files"),
            ("HTTP/[fe80::1]:80", "fe80::1"),
            ("HTTP/fe80::1", "fe80::1"),
            ("files", "files"),
            ("HTTP/", ""),
            ("", ""),
        ] {
            assert_eq!(server_of(target), server, "{target}");
        }
    }

    #[test]
    fn denied_sending_has_exceptions_by_name_only() {
        let policy = |allowed: &[&str]| Policy {
            restrict_sending: RestrictSending::Deny,
            client_allowed_servers: allowed.iter().map(ToString::to_string).collect(),
            ..Policy::default()
        };
        let target = Some("HTTP/Www.Example.com:80");
        for allowed in ["www.example.com", "*.example.com", "www.*", "*", "w*.COM"] {
            assert!(sending(&policy(&["other", allowed]), target).is_ok(), "{allowed}");
        }
        for allowed in ["", "example.com", "www.example.com:80", "www", "*.example.org", "ww"] {
            let error = sending(&policy(&[allowed]), target).unwrap_err();
            assert_eq!(error.fault(), PeerFault::Downgrade.into(), "{allowed}");
            assert!(error.story().is_some_and(|story| story.contains("Www.Example.com")));
        }
        // Where the parts of a pattern would have to overlap.
        assert!(sending(&policy(&["www.example*example.com"]), target).is_err());
        assert!(sending(&policy(&["www"]), None).is_err());
        assert!(sending(&Policy::default(), None).is_ok());
    }

    #[test]
    fn receiving_tells_domain_accounts_from_the_machines_own() {
        let machine = MachineNames { netbios_computer: "BOX".into(), ..MachineNames::default() };
        let policy = |restrict_receiving| Policy { restrict_receiving, ..Policy::default() };
        let domain = policy(RestrictReceiving::DenyDomainAccounts);
        assert!(receiving(&domain).is_ok());
        assert!(account(&domain, &machine, "box").is_ok());
        assert!(account(&domain, &machine, "EXAMPLE").is_err());
        let all = policy(RestrictReceiving::DenyAll);
        assert!(receiving(&all).is_err() && account(&all, &machine, "BOX").is_err());
        assert!(account(&policy(RestrictReceiving::Allow), &machine, "EXAMPLE").is_ok());
    }
}
