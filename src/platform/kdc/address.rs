//! Servers as `[realms]` writes them.

use std::net::Ipv6Addr;

/// How a server is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Carrier {
    /// `udp/…`, `_udp`
    Udp,
    /// `tcp/…`, `_tcp`
    Tcp,
    /// Whatever fits the message.
    Either,
}

/// A server of a realm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// A name or an address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How it is reached.
    pub carrier: Carrier,
}

impl Server {
    /// Reads `host`, `host:port`, `[v6]:port`, with `tcp/` or `udp/` before it; what is wrong
    /// with it otherwise.
    pub fn parse(text: &str, default_port: u16) -> Result<Self, String> {
        let text = text.split_ascii_whitespace().next().unwrap_or_default();
        let (carrier, rest) = match text.split_once('/') {
            None => (Carrier::Either, text),
            Some(("tcp", rest)) => (Carrier::Tcp, rest),
            Some(("udp", rest)) => (Carrier::Udp, rest),
            Some(_) => return Err(format!("{text}: only UDP and TCP are spoken here")),
        };
        let unreadable = || format!("{text}: no host and port");
        let (host, port) = host_and_port(rest).ok_or_else(unreadable)?;
        if host.is_empty() || host.contains(['[', ']', '/']) {
            return Err(unreadable());
        }
        let port = match port {
            Some(port) => port.parse().ok().filter(|&port| port != 0).ok_or_else(unreadable)?,
            None => default_port,
        };
        Ok(Self { host: host.to_owned(), port, carrier })
    }
}

fn host_and_port(text: &str) -> Option<(&str, Option<&str>)> {
    if text.parse::<Ipv6Addr>().is_ok() {
        return Some((text, None));
    }
    if let Some(rest) = text.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        return match rest.strip_prefix(':') {
            Some(port) => Some((host, Some(port))),
            None => rest.is_empty().then_some((host, None)),
        };
    }
    Some(text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_read_in_all_their_forms() {
        let table = [
            ("kdc.example.com", "kdc.example.com", 88, Carrier::Either),
            ("kdc:1088", "kdc", 1088, Carrier::Either),
            (" 10.0.0.1:88  # old", "10.0.0.1", 88, Carrier::Either),
            ("[::1]:750", "::1", 750, Carrier::Either),
            ("[fe80::1%lo]", "fe80::1%lo", 88, Carrier::Either),
            ("2001:db8::1", "2001:db8::1", 88, Carrier::Either),
            ("tcp/kdc", "kdc", 88, Carrier::Tcp),
            ("udp/[::1]:1", "::1", 1, Carrier::Udp),
        ];
        for (text, host, port, carrier) in table {
            let expected = Server { host: host.into(), port, carrier };
            assert_eq!(Server::parse(text, 88), Ok(expected), "{text}");
        }
        let wrong = [
            "",
            ":88",
            "kdc:",
            "kdc:0",
            "kdc:65536",
            "kdc:x",
            "[::1",
            "[::1]88",
            "[]:88",
            "a[:1",
            "https://kdc/x",
            "http/kdc",
            "/run/kdc.sock",
            "tcp/",
            "tcp/udp/kdc",
            "kdc:88:88",
        ];
        for text in wrong {
            assert!(Server::parse(text, 88).is_err(), "{text}");
        }
    }
}
