//! From Kerberos to NTLM: when, and when not.

use crate::spi::error::{CallerFault, Error, Fault, LocalFault, PeerFault};

/// Whether NTLM may be tried because no ticket can be had. Never after a wrong password, a clock
/// that is wrong, or an authority or server that did not prove itself: who can bring that about
/// must not be able to choose the weaker mechanism by it.
pub const fn is_allowed(error: &Error) -> bool {
    match error.fault() {
        Fault::Peer(fault) => matches!(
            fault,
            PeerFault::TargetUnknown | PeerFault::ClientUnknown | PeerFault::NoTgtReply
        ),
        Fault::Local(fault) => matches!(
            fault,
            LocalFault::NoAuthority
                | LocalFault::NoCredentials
                | LocalFault::NoServiceKey
                | LocalFault::Configuration
        ),
        // The caller's list of packages excludes it.
        Fault::Caller(fault) => matches!(fault, EXCLUDED),
    }
}

/// The fault of a mechanism that the caller's list of packages excludes.
pub const EXCLUDED: CallerFault = CallerFault::UnknownPackage;

/// Whether Kerberos can be tried towards a target: it needs the name of one, and no authority
/// knows hosts by their addresses.
pub fn has_name(target: Option<&str>) -> bool {
    target.is_some_and(|target| !target.is_empty() && !is_address(host_of(target)))
}

/// The error of a client that has nothing else to try: the first mechanism's, with the story of
/// the others. Where policy forbids what would be weaker, that is what the caller must know.
pub fn exhausted(failures: Vec<(&'static str, Error)>) -> Error {
    let mut failures = failures.into_iter();
    let Some((name, first)) = failures.next() else {
        return Error::new(LocalFault::NoCredentials, "there is no mechanism to negotiate");
    };
    let mut error = first.context(name);
    for (name, other) in failures {
        let forbidden = other.fault() == Fault::Peer(PeerFault::Downgrade);
        let excluded = error.fault() == EXCLUDED.into();
        let fault = if forbidden || excluded { other.fault() } else { error.fault() };
        let (before, after) = (told(&error), told(&other));
        error = Error::new(fault, format!("{before}; {name}: {after}"));
    }
    error
}

fn told(error: &Error) -> String {
    error.story().map_or_else(|| error.to_string(), str::to_owned)
}

/// The host of `class/host[:port][/name][@REALM]`, or all of a name that is none.
fn host_of(target: &str) -> &str {
    let instance = match target.split_once('/') {
        Some((_, instance)) => instance.split(['/', '@']).next().unwrap_or(instance),
        None => target,
    };
    if let Some((address, _)) = instance.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return address;
    }
    match instance.rsplit_once(':') {
        Some((host, _)) if !host.contains(':') => host,
        _ => instance,
    }
}

fn is_address(host: &str) -> bool {
    let without_zone = host.split('%').next().unwrap_or(host);
    without_zone.parse::<core::net::IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_no_names() {
        for target in [
            "HTTP/10.0.0.1",
            "HTTP/10.0.0.1:80",
            "cifs/::1",
            "cifs/[::1]:445",
            "cifs/fe80::1%eth0",
            "cifs/[fe80::1%eth0]",
            "HTTP/10.0.0.1@REALM",
            "10.0.0.1",
            "",
        ] {
            assert!(!has_name(Some(target)), "{target}");
        }
        assert!(!has_name(None));
        for target in ["HTTP/www.example.com", "HTTP/www:80", "alice", "alice@REALM", "a/b/c"] {
            assert!(has_name(Some(target)), "{target}");
        }
    }

    #[test]
    fn s6_only_the_want_of_a_ticket_allows_ntlm() {
        let allowed: [Fault; 7] = [
            PeerFault::TargetUnknown.into(),
            PeerFault::ClientUnknown.into(),
            PeerFault::NoTgtReply.into(),
            LocalFault::NoAuthority.into(),
            LocalFault::NoCredentials.into(),
            LocalFault::NoServiceKey.into(),
            LocalFault::Configuration.into(),
        ];
        for fault in allowed {
            assert!(is_allowed(&Error::new(fault, "")), "{fault:?}");
        }
        let refused: [Fault; 12] = [
            PeerFault::LogonDenied.into(),
            PeerFault::TimeSkew.into(),
            PeerFault::MutualAuthFailed.into(),
            PeerFault::BadAuthority.into(),
            PeerFault::AuthorityRefused.into(),
            PeerFault::EnctypeRefused.into(),
            PeerFault::TicketExpired.into(),
            PeerFault::MalformedToken.into(),
            PeerFault::TooManyReferrals.into(),
            PeerFault::UnsupportedPreauth.into(),
            LocalFault::NoRandom.into(),
            LocalFault::Internal.into(),
        ];
        for fault in refused {
            assert!(!is_allowed(&Error::new(fault, "")), "{fault:?}");
        }
    }

    #[test]
    fn who_has_nothing_left_is_told_everything() {
        let kerberos = Error::new(PeerFault::TargetUnknown, "no such service");
        let ntlm = Error::new(LocalFault::NoCredentials, "no account");
        let error = exhausted(vec![("Kerberos", kerberos.clone()), ("NTLM", ntlm)]);
        assert_eq!(error.fault(), PeerFault::TargetUnknown.into());
        assert_eq!(error.story(), Some("Kerberos: no such service; NTLM: no account"));
        let forbidden = Error::new(PeerFault::Downgrade, "policy forbids it");
        let error = exhausted(vec![("Kerberos", kerberos), ("NTLM", forbidden)]);
        assert_eq!(error.fault(), PeerFault::Downgrade.into());
    }
}
