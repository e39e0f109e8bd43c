//! What this machine is called.
#![forbid(unsafe_code)]

use std::fs;

use super::config::MachineSection;
use super::sys;
use super::sys::wbclient::Interface;
use crate::spi::environment::MachineNames;
use crate::spi::text;

/// `NetBIOS` names have at most 15 characters.
const NETBIOS_MAX: usize = 15;

/// The names from the environment, the configuration, and the host name, in this order.
pub fn names(section: &MachineSection) -> MachineNames {
    names_before(section, None)
}

/// The names from the environment, the configuration, and winbindd, in this order.
pub fn names_in_domain(section: &MachineSection, known: &Interface) -> MachineNames {
    names_before(section, Some(known))
}

fn names_before(section: &MachineSection, known: Option<&Interface>) -> MachineNames {
    let host = sys::hostname();
    let dns_computer = qualified(&host).unwrap_or_else(|| host.clone());
    let (label, host_domain) = dns_computer.split_once('.').unwrap_or((&dns_computer, ""));
    let variable = |name| sys::secure_variable(name).and_then(|value| value.into_string().ok());
    let netbios_computer = variable("NETBIOS_COMPUTER_NAME")
        .or_else(|| section.netbios_computer_name.clone())
        .or_else(|| Some(known?.netbios_name.clone()))
        .unwrap_or_else(|| netbios(label));
    let domain = variable("NETBIOS_DOMAIN_NAME")
        .or_else(|| section.netbios_domain_name.clone())
        .or_else(|| Some(known?.netbios_domain.clone()));
    let dns_domain = section.dns_domain_name.clone().or_else(|| Some(known?.dns_domain.clone()));
    let in_domain = domain.as_ref().is_some_and(|d| !text::same_name(d, &netbios_computer));
    MachineNames {
        netbios_domain: domain.unwrap_or_else(|| netbios_computer.clone()),
        netbios_computer,
        dns_domain: dns_domain.unwrap_or_else(|| host_domain.to_owned()),
        dns_computer,
        in_domain,
    }
}

/// The fully qualified name of /etc/hosts, so that no name server has to be waited for.
fn qualified(host: &str) -> Option<String> {
    if host.contains('.') {
        return None;
    }
    let hosts = fs::read_to_string("/etc/hosts").ok()?;
    hosts
        .lines()
        .filter_map(|line| line.split('#').next())
        .map(|line| line.split_whitespace().skip(1))
        .filter(|names| names.clone().any(|name| name.eq_ignore_ascii_case(host)))
        .find_map(|mut names| {
            names.find(|name| {
                let (label, domain) = name.split_once('.').unwrap_or((name, ""));
                label.eq_ignore_ascii_case(host) && !domain.is_empty()
            })
        })
        .map(str::to_owned)
}

fn netbios(label: &str) -> String {
    let name: String = text::upcase(label).chars().take(NETBIOS_MAX).collect();
    if name.is_empty() { "LOCALHOST".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_netbios_name_is_short_and_upper_case() {
        assert_eq!(netbios("very-long-host-name"), "VERY-LONG-HOST-");
        assert_eq!(netbios(""), "LOCALHOST");
    }

    #[test]
    fn configured_names_win() {
        let section = MachineSection {
            netbios_computer_name: Some("SRV".into()),
            netbios_domain_name: Some("CORP".into()),
            dns_domain_name: Some("corp.example".into()),
        };
        let names = names(&section);
        assert_eq!(names.netbios_computer, "SRV");
        assert_eq!(names.netbios_domain, "CORP");
        assert_eq!(names.dns_domain, "corp.example");
        assert!(names.in_domain);
    }
}
