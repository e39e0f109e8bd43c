//! Target names.
//!
//! Holds: the host of one. May use: nothing. Must not touch: everything else.

/// The host of `service/host`, `service/host:port` or `service/host/name`; of anything else, all
/// of it. `None` if there is nothing left.
pub fn host(target: &[u16]) -> Option<&[u16]> {
    let host = match split(target, "/") {
        Some((_service, instance)) => {
            // The address in brackets of IPv6 has colons of its own.
            let bracket = instance.first() == Some(&unit('['));
            let end = if bracket {
                split(instance, "]").map(|(address, _)| address.len() + 1)
            } else {
                None
            };
            match end {
                Some(end) => instance.get(..end)?,
                None => split(instance, "/:").map_or(instance, |(host, _)| host),
            }
        }
        None => target,
    };
    (!host.is_empty()).then_some(host)
}

/// What comes before and after the first of these characters.
fn split<'a>(text: &'a [u16], separators: &str) -> Option<(&'a [u16], &'a [u16])> {
    let at = text.iter().position(|&u| separators.chars().any(|s| unit(s) == u))?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The separators are ASCII.
const fn unit(character: char) -> u16 {
    character as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_between_the_separators() {
        for (target, expected) in [
            ("HTTP/www.example.org", Some("www.example.org")),
            ("HTTP/www.example.org:8080", Some("www.example.org")),
            ("ldap/dc.example.org/example.org", Some("dc.example.org")),
            ("MSSQLSvc/db:1433/x", Some("db")),
            ("HTTP/[fe80::1]:80", Some("[fe80::1]")),
            ("HTTP/[fe80::1]", Some("[fe80::1]")),
            ("HTTP/[broken", Some("[broken")),
            ("www.example.org", Some("www.example.org")),
            ("host@example.org:80", Some("host@example.org:80")),
            ("HTTP/", None),
            ("HTTP//x", None),
            ("", None),
        ] {
            let units: Vec<u16> = target.encode_utf16().collect();
            let host = host(&units).map(|host| String::from_utf16(host).unwrap());
            assert_eq!(host.as_deref(), expected, "{target}");
        }
    }
}
