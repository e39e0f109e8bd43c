//! Names: principals as texts, service names, and the realms that they belong to.

use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::kerberos::{CachedTicket, KerberosSettings, Principal};
use crate::spi::target::is_marshalled;
use crate::spi::token::ClientIdentity;
use crate::wire::kerberos::EncodedTicket;
use crate::wire::kerberos::numbers::name_type;

/// The first component of ticket-granting services.
const KRBTGT: &str = "krbtgt";

/// A service that a client asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceRequest {
    /// Its name. The realm is empty when nobody but the KDC can know it.
    pub name: Principal,
}

impl ServiceRequest {
    /// Reads a target name: `class/host[:port][/name][@REALM]`, or an account name or UPN
    /// (user-to-user). What can be no name is a target that nobody knows.
    pub fn parse(target: &str, settings: &KerberosSettings) -> Result<Self> {
        let unknown = || {
            let story = format!("{:?} is not the name of a service", excerpt(target));
            Error::new(PeerFault::TargetUnknown, story)
        };
        if target.chars().any(char::is_control) {
            return Err(unknown());
        }
        // Windows takes it off and asks for the rest: whoever can name a host of his so gets
        // tickets for another's (CVE-2025-33073). Nothing here makes such names.
        if is_marshalled(target) {
            let story = format!("{:?} ends in marshalled target information", excerpt(target));
            return Err(Error::new(PeerFault::TargetUnknown, story));
        }
        let mut name = parse(target).ok_or_else(unknown)?;
        if name.components.iter().any(String::is_empty) {
            return Err(unknown());
        }
        if !name.realm.is_empty() {
            name.realm = known_realm(&name.realm, settings).unwrap_or(name.realm);
        } else if let Some(host) = host_of(&name) {
            let realm = realm_of_host(host, settings).unwrap_or_default().to_owned();
            name.realm = realm;
        }
        name.name_type =
            if name.components.len() > 1 { name_type::SRV_INST } else { name_type::PRINCIPAL };
        Ok(Self { name })
    }

    /// The host of a service name, without a port.
    pub fn host(&self) -> Option<&str> {
        host_of(&self.name)
    }

    /// The same service on the same host by another name of it; the realm is looked up anew.
    #[must_use]
    pub fn on_host(&self, host: &str, settings: &KerberosSettings) -> Self {
        let mut name = self.name.clone();
        let port = self.host().and_then(|old| name.components.get(1)?.strip_prefix(old));
        let instance = [host, port.unwrap_or_default()].concat();
        if let Some(place) = name.components.get_mut(1) {
            *place = instance;
            realm_of_host(host, settings).unwrap_or_default().clone_into(&mut name.realm);
        }
        Self { name }
    }
}

/// The ticket-granting service for `of`, as the KDCs of `at` know it (RFC 4120 7.3).
pub fn krbtgt(of: &str, at: &str) -> Principal {
    Principal {
        name_type: name_type::SRV_INST,
        components: vec![KRBTGT.to_owned(), of.to_owned()],
        realm: at.to_owned(),
    }
}

/// An account `user@suffix` as a user principal name (`NT-ENTERPRISE`, RFC 6806 5), which the KDCs
/// of `at` may know; `None` for what has no `@` or is no account.
pub fn enterprise(account: &Principal, at: &str) -> Option<Principal> {
    let [user] = account.components.as_slice() else { return None };
    (!account.realm.is_empty()).then(|| Principal {
        name_type: name_type::ENTERPRISE,
        components: vec![format!("{user}@{}", account.realm)],
        realm: at.to_owned(),
    })
}

/// The realm that a ticket-granting service leads to; `None` for other services.
pub fn tgs_realm(components: &[String]) -> Option<&str> {
    match components {
        [service, realm] if service == KRBTGT => Some(realm),
        _ => None,
    }
}

/// The realm of a ticket's service: also where the KDC was asked to find it out.
pub fn realm_of_ticket(ticket: &CachedTicket) -> String {
    if ticket.server.realm.is_empty()
        && let Ok(issued) = EncodedTicket(ticket.ticket.clone()).parse()
    {
        return issued.realm;
    }
    ticket.server.realm.clone()
}

/// Reads `component/component@REALM` with MIT's escapes: `\n`, `\t`, `\b`, `\0`, and any other
/// character after a backslash is itself. The realm is empty when there is none.
pub fn parse(text: &str) -> Option<Principal> {
    let mut components = vec![String::new()];
    let mut realm: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let literal = match c {
            '\\' => Some(unescaped(chars.next()?)),
            '/' | '@' => None,
            other => Some(other),
        };
        match (literal, realm.as_mut()) {
            (Some(literal), Some(realm)) => realm.push(literal),
            (Some(literal), None) => components.last_mut()?.push(literal),
            (None, Some(_)) => return None,
            (None, None) if c == '@' => realm = Some(String::new()),
            (None, None) => components.push(String::new()),
        }
    }
    if realm.as_ref().is_some_and(String::is_empty) || components.iter().all(String::is_empty) {
        return None;
    }
    Some(Principal {
        name_type: name_type::PRINCIPAL,
        components,
        realm: realm.unwrap_or_default(),
    })
}

/// A client of whom nothing is known but the principal of its ticket.
pub fn identity(client: Principal) -> ClientIdentity {
    let account = unparse(&Principal { realm: String::new(), ..client.clone() });
    ClientIdentity {
        account,
        domain: client.realm.clone(),
        upn: Some(unparse(&client)),
        dns_domain: Some(client.realm.clone()),
        principal: Some(client),
        anonymous: false,
        authorization: None,
    }
}

/// Writes a principal so that [`parse`] reads it back; without `@` when the realm is empty.
pub fn unparse(principal: &Principal) -> String {
    principal.to_string()
}

/// `[domain_realm]` of a host: the host itself, then its parent domains, longest first.
pub fn realm_of_host<'a>(host: &str, settings: &'a KerberosSettings) -> Option<&'a str> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let table = &settings.domain_realm;
    if let Some(realm) = table.get(&host) {
        return Some(realm);
    }
    let dots = host.match_indices('.').map(|(at, _)| host.split_at(at).1);
    dots.map(|domain| table.get(domain).or_else(|| table.get(domain.split_at(1).1)))
        .find_map(|realm| realm.map(String::as_str))
}

/// The realm that a host may be of when nothing else is known: its domain, in upper case.
pub fn realm_by_domain(host: &str) -> Option<String> {
    let (_, domain) = host.trim_end_matches('.').split_once('.')?;
    Some(domain.to_ascii_uppercase()).filter(|domain| !domain.is_empty())
}

/// The realm in the spelling of krb5.conf, where it is one that krb5.conf speaks of: Windows does
/// not distinguish case in names of domains, other KDCs do.
pub fn known_realm(text: &str, settings: &KerberosSettings) -> Option<String> {
    let named = settings.default_realm.iter().chain(settings.domain_realm.values());
    let mut realms = named.chain(settings.capaths.keys()).filter(|r| r.eq_ignore_ascii_case(text));
    let exact = realms.clone().find(|realm| *realm == text);
    exact.or_else(|| realms.next()).cloned()
}

/// Whether a realm that somebody else names can be one: no longer than any is, and with nothing in
/// it that would end a C string, forge a line or mean something else to DNS (attacks K18, K31).
pub fn may_be_realm(text: &str) -> bool {
    const LONGEST: usize = 255;
    (1..=LONGEST).contains(&text.len()) && !text.chars().any(char::is_control)
}

/// The host of `service/host[:port]…`.
pub(super) fn host_of(name: &Principal) -> Option<&str> {
    let instance = name.components.get(1)?;
    let numbers = |port: &str| !port.is_empty() && port.bytes().all(|c| c.is_ascii_digit());
    match instance.rsplit_once(':') {
        Some((host, port)) if numbers(port) && !host.contains(':') => Some(host),
        _ => Some(instance),
    }
}

const fn unescaped(c: char) -> char {
    match c {
        'n' => '\n',
        't' => '\t',
        'b' => '\u{8}',
        '0' => '\0',
        other => other,
    }
}

/// As much of a foreign text as belongs into a story.
fn excerpt(text: &str) -> &str {
    match text.char_indices().nth(200) {
        Some((end, _)) => text.split_at(end).0,
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spi::error::Fault;

    fn settings() -> KerberosSettings {
        let domain_realm =
            [("exact.example", "EXACT"), (".sub.example", "SUB"), ("example", "TOP")];
        KerberosSettings {
            default_realm: Some("Home.Realm".into()),
            domain_realm: domain_realm.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
            ..KerberosSettings::default()
        }
    }

    fn target(text: &str) -> Principal {
        ServiceRequest::parse(text, &settings()).unwrap().name
    }

    #[test]
    fn t3_a_name_with_information_behind_it_is_no_service() {
        let settings = KerberosSettings::default();
        for information in [
            "1UWhRCAAAAAAAAAAAAAAAAAAAAAAAAAAAAwbEAYBAAAA",
            "1UWhRCAAAAAAAAAAUAAAAAAAAAAAAAAAAAAAAAfileserversBAAAA",
        ] {
            let error = ServiceRequest::parse(&format!("cifs/srv{information}"), &settings);
            let error = error.unwrap_err();
            assert_eq!(error.fault(), PeerFault::TargetUnknown.into());
            assert!(error.story().unwrap().contains("target information"), "{error}");
        }
        assert!(ServiceRequest::parse("cifs/1UWhRC", &settings).is_ok());
    }

    #[test]
    fn an_account_with_a_suffix_may_be_a_user_principal_name() {
        let known = enterprise(&target("White.Rabbit@wonder.test"), "HOME").unwrap();
        assert_eq!(known.components, ["White.Rabbit@wonder.test"]);
        assert_eq!((known.name_type, &*known.realm), (name_type::ENTERPRISE, "HOME"));
        assert_eq!(enterprise(&target("alice"), "HOME"), None);
        assert_eq!(enterprise(&target("HTTP/www.test@wonder.test"), "HOME"), None);
    }

    #[test]
    fn service_names_have_their_realm_by_host_or_by_name() {
        assert_eq!(unparse(&target("HTTP/exact.example")), "HTTP/exact.example@EXACT");
        assert_eq!(unparse(&target("HTTP/Exact.Example:80")), "HTTP/Exact.Example:80@EXACT");
        assert_eq!(unparse(&target("http/a.b.sub.example")), "http/a.b.sub.example@SUB");
        assert_eq!(unparse(&target("http/a.example./x")), "http/a.example./x@TOP");
        assert_eq!(unparse(&target("http/nowhere")), "http/nowhere");
        assert_eq!(unparse(&target("http/x@HOME.REALM")), "http/x@Home.Realm");
        assert_eq!(unparse(&target("http/x@Elsewhere")), "http/x@Elsewhere");
        assert_eq!((target("alice").name_type, target("a/b").name_type), (1, 2));
    }

    #[test]
    fn another_host_keeps_service_and_port() {
        let asked = ServiceRequest::parse("HTTP/www:8080", &settings()).unwrap();
        assert_eq!(asked.host(), Some("www"));
        let there = asked.on_host("real.sub.example", &settings());
        assert_eq!(unparse(&there.name), "HTTP/real.sub.example:8080@SUB");
    }

    #[test]
    fn k31_what_is_no_name_is_an_unknown_target() {
        for text in ["", "/", "HTTP/", "/host", "a@", "a@b@c", "a/b@c/d", "x\0y", "a\nb", "a\\"] {
            let error = ServiceRequest::parse(text, &settings()).unwrap_err();
            assert_eq!(error.fault(), Fault::Peer(PeerFault::TargetUnknown), "{text:?}");
        }
    }

    #[test]
    fn k18_k31_a_realm_is_no_realm_when_it_is_empty_endless_or_unprintable() {
        for text in ["R", "EXAMPLE.COM", "/COM/HP", "x@y", "Ü.TEST", &"x".repeat(255)] {
            assert!(may_be_realm(text), "{text:?}");
        }
        for text in ["", "\0", "A\0B", "\0A", "A\nB", "\u{1B}[2J", &"x".repeat(256)] {
            assert!(!may_be_realm(text), "{text:?}");
        }
    }

    #[test]
    fn k31_names_with_strange_characters_survive_the_journey() {
        let parts = ["a", "a/b", "@", "\\", "x\ny", "\0", "t\tb\u{8}", "ß😀", "\0lead"];
        for component in parts {
            for realm in parts {
                let name = Principal {
                    name_type: name_type::PRINCIPAL,
                    components: vec![component.into(), "plain".into()],
                    realm: realm.into(),
                };
                assert_eq!(parse(&unparse(&name)), Some(name));
            }
        }
    }
}
