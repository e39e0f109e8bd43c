//! The servers of directories: who they are, and connections to them in bounded time.
//!
//! Holds: `[directory]`, krb5.conf's KDCs, SRV records of DNS, TCP. May use: `spi`, its siblings in
//! `platform`. Must not touch: protocols; who a server is, its security layer proves.
#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use super::config::DirectorySection;
use super::kdc::{self, Server};
use super::krb5_conf::{Krb5Conf, RealmServers};
use crate::spi::directory::{Connected, DirectoryHost, DirectoryLink};
use crate::spi::error::{Error, LocalFault, Result};

const PORT: u16 = 389;
/// How long names may take, unless `Timeout` says otherwise.
const PATIENCE: Duration = Duration::from_secs(15);
/// One address; the next may answer.
const CONNECT: Duration = Duration::from_secs(3);
/// Addresses of one server, and servers of one realm, that are tried.
const MAX_ADDRESSES: usize = 4;
const MAX_SERVERS: usize = 8;

/// The directories of all realms.
#[derive(Debug, Clone, Default)]
pub struct Directories {
    configured: Vec<String>,
    patience: Option<Duration>,
    realms: HashMap<String, RealmServers>,
    dns: bool,
}

impl Directories {
    /// The servers that the configuration, krb5.conf or DNS tells of.
    pub fn of(section: &DirectorySection, conf: &Krb5Conf) -> Self {
        Self {
            configured: section.servers.clone(),
            patience: section.timeout.map(Duration::from_secs),
            realms: conf.realms.clone(),
            dns: conf.transport.dns_lookup_kdc,
        }
    }

    /// What is written down: `Servers`, else the realm's KDCs, which in a domain of Active Directory
    /// are its directory's servers as well.
    fn written(&self, realm: &str) -> Vec<Server> {
        let own = self.configured.iter().filter_map(|text| Server::parse(text, PORT).ok());
        let own: Vec<Server> = own.collect();
        if !own.is_empty() {
            return own;
        }
        let kdcs = self.realms.get(realm).map_or(&[][..], |servers| &servers.kdc);
        let kdcs = kdcs.iter().filter_map(|text| Server::parse(text, PORT).ok());
        kdcs.map(|server| Server { port: PORT, ..server }).collect()
    }
}

impl DirectoryHost for Directories {
    fn links<'a>(&'a self, realm: &str) -> Result<Box<dyn Iterator<Item = Connected> + 'a>> {
        let deadline = Instant::now() + self.patience.unwrap_or(PATIENCE);
        let written = self.written(realm);
        let by_dns = self.dns && self.configured.is_empty();
        if written.is_empty() && !by_dns {
            let story = format!("no server of the directory of {realm} is known");
            return Err(Error::new(LocalFault::NoAuthority, story));
        }
        let realm = realm.to_owned();
        // DNS is asked when nothing that is written down has been of use.
        let found =
            std::iter::once_with(move || if by_dns { found(&realm, deadline) } else { vec![] });
        let servers = written.into_iter().chain(found.flatten()).take(MAX_SERVERS);
        Ok(Box::new(servers.map(move |server| connect(&server, deadline))))
    }
}

/// `_ldap._tcp.dc._msdcs.REALM` names domain controllers ([MS-ADTS] 6.3.2.3).
fn found(realm: &str, deadline: Instant) -> Vec<Server> {
    kdc::services(&format!("_ldap._tcp.dc._msdcs.{realm}."), realm, deadline)
}

fn connect(server: &Server, deadline: Instant) -> Connected {
    let unreachable = |error: io::Error| {
        let story = format!("the directory server {}:{}: {error}", server.host, server.port);
        Error::new(LocalFault::NoAuthority, story)
    };
    let addresses = kdc::addresses(&server.host, server.port, deadline).map_err(unreachable)?;
    let mut last = io::Error::other("its name has no address");
    for address in addresses.into_iter().take(MAX_ADDRESSES) {
        match open(address, deadline) {
            Ok(stream) => {
                return Ok(Box::new(Link { stream, host: server.host.clone(), deadline }));
            }
            Err(error) => last = error,
        }
    }
    Err(unreachable(last))
}

fn open(address: SocketAddr, deadline: Instant) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, remaining(deadline)?.min(CONNECT))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

fn remaining(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
}

/// A connection that is over at a certain time, whatever the server does.
struct Link {
    stream: TcpStream,
    host: String,
    deadline: Instant,
}

impl Link {
    fn broken(&self, error: &io::Error) -> Error {
        let what = match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => "no answer in time".to_owned(),
            _ => error.to_string(),
        };
        let story = format!("the directory server {}: {what}", self.host);
        Error::new(LocalFault::NoAuthority, story)
    }

    fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            self.stream.set_write_timeout(Some(remaining(self.deadline)?))?;
            match self.stream.write(bytes) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        loop {
            self.stream.set_read_timeout(Some(remaining(self.deadline)?))?;
            match self.stream.read(room) {
                Ok(0) => return Err(io::Error::other("it closed the connection")),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                other => return other,
            }
        }
    }
}

impl DirectoryLink for Link {
    fn host(&self) -> &str {
        &self.host
    }

    fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.write(bytes).map_err(|error| self.broken(&error))
    }

    fn receive(&mut self, room: &mut [u8]) -> Result<usize> {
        self.read(room).map_err(|error| self.broken(&error))
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::path::Path;

    use super::*;
    use crate::platform::krb5_conf::read;

    fn directories(servers: &[&str], conf: &str, timeout: u64) -> Directories {
        let profile = read(conf.as_bytes(), Path::new("t")).unwrap();
        let conf = Krb5Conf::from_profile(&profile).unwrap();
        let servers = servers.iter().map(|&server| server.to_owned()).collect();
        Directories::of(&DirectorySection { servers, timeout: Some(timeout) }, &conf)
    }

    const CONF: &str = "[libdefaults]\n dns_lookup_kdc = false\n[realms]\n R = {\n kdc = a:88\n \
                        kdc = tcp/b\n kdc = https://c/\n}\n";

    #[test]
    fn the_configuration_comes_before_krb5_conf() {
        let list = |servers: &[&str], realm| {
            let written = directories(servers, CONF, 1).written(realm);
            let text = |server: Server| format!("{}:{}", server.host, server.port);
            written.into_iter().map(text).collect::<Vec<_>>()
        };
        assert_eq!(list(&[], "R"), ["a:389", "b:389"]);
        assert_eq!(list(&["x", "[::1]:3890"], "R"), ["x:389", "::1:3890"]);
        assert!(list(&[], "S").is_empty());
        let error = directories(&[], CONF, 1).links("S").err().unwrap();
        assert_eq!(error.fault(), LocalFault::NoAuthority.into());
    }

    /// A server that says nothing, one that hangs up, and one that is not there.
    #[test]
    fn d9_silence_is_waited_for_only_so_long() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let dead = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let silent = listener.local_addr().unwrap().to_string();
        let directories = directories(&[&dead, &silent], CONF, 1);
        let begin = Instant::now();
        let mut links = directories.links("R").unwrap();
        let refused = links.next().unwrap().err().unwrap();
        assert_eq!(refused.fault(), LocalFault::NoAuthority.into());
        let mut link = links.next().unwrap().unwrap();
        link.send(b"hello").unwrap();
        let error = link.receive(&mut [0; 8]).unwrap_err();
        assert!(error.story().unwrap().contains("in time"), "{error}");
        assert!(begin.elapsed() < Duration::from_secs(5));
        assert!(links.next().is_none());
        drop(links);
        let mut links = directories.links("R").unwrap();
        let mut link = links.nth(1).unwrap().unwrap();
        drop(listener);
        assert!(link.receive(&mut [0; 8]).is_err());
    }
}
