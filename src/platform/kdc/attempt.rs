//! One address of a server, by one protocol.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use super::tcp::TcpLink;

/// UDP's answers are no longer.
pub const MAX_DATAGRAM: usize = 64 << 10;

/// What is spoken to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Datagrams.
    Udp,
    /// A connection.
    Tcp,
}

/// An address that is tried.
#[derive(Debug)]
pub struct Attempt {
    /// Which of the servers it is of.
    pub server: usize,
    /// The server's name and address, for the story.
    pub name: String,
    /// The address.
    pub address: SocketAddr,
    /// How.
    pub protocol: Protocol,
    /// Tried only when all servers were tried by their preferred protocol.
    pub deferred: bool,
    /// How often it was contacted.
    pub tries: u32,
    /// Whether the server may have the request.
    pub sent: bool,
    link: Link,
    outcome: Option<String>,
}

#[derive(Debug)]
enum Link {
    None,
    Udp(UdpSocket),
    Tcp(TcpLink),
    Ended,
}

impl Attempt {
    /// An address that was not contacted yet.
    pub fn new(server: usize, host: &str, address: SocketAddr, protocol: Protocol) -> Self {
        let name = match host.parse::<IpAddr>() {
            Ok(_) => address.to_string(),
            Err(_) => format!("{host} ({address})"),
        };
        Self {
            server,
            name,
            address,
            protocol,
            deferred: false,
            tries: 0,
            sent: false,
            link: Link::None,
            outcome: None,
        }
    }

    /// Sends the request, again if it is a datagram that was sent before. False when there is
    /// nothing new to wait for.
    pub fn contact(&mut self, message: &[u8], patience: Duration) -> bool {
        let sent = match (&self.link, self.protocol) {
            (Link::Ended | Link::Tcp(_), _) => return false,
            (Link::Udp(socket), _) => socket.send(message).map(drop),
            (Link::None, Protocol::Udp) => {
                open_udp(self.address, message).map(|socket| self.link = Link::Udp(socket))
            }
            (Link::None, Protocol::Tcp) => TcpLink::open(self.address, message, patience)
                .map(|link| self.link = Link::Tcp(link)),
        };
        self.tries = self.tries.saturating_add(1);
        match sent {
            Ok(()) => self.sent = true,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            // It may be back in a later round.
            Err(error) if error.kind() == ErrorKind::TimedOut && self.protocol == Protocol::Tcp => {
                self.outcome = Some("no connection in time".to_owned());
                return false;
            }
            Err(error) => {
                self.end(error);
                return false;
            }
        }
        true
    }

    /// Takes what has come: a whole answer, or nothing yet. An error ends the attempt.
    pub fn hear(&mut self, buffer: &mut [u8]) -> io::Result<Option<Vec<u8>>> {
        let heard = match &mut self.link {
            Link::None | Link::Ended => Ok(None),
            Link::Udp(socket) => match socket.recv(buffer) {
                Ok(length) => Ok(Some(buffer.iter().take(length).copied().collect())),
                Err(error) if may_be_repeated(&error) => Ok(None),
                Err(error) => Err(error),
            },
            Link::Tcp(link) => link.proceed(),
        };
        if let Err(error) = &heard {
            self.end(error);
        }
        heard
    }

    /// Nothing more is expected from it; the text says why.
    pub fn end(&mut self, why: impl fmt::Display) {
        self.link = Link::Ended;
        self.outcome = Some(why.to_string());
    }

    /// The socket that may bring an answer, and whether it waits to take more of the request.
    pub fn socket(&self) -> Option<(BorrowedFd<'_>, bool)> {
        match &self.link {
            Link::None | Link::Ended => None,
            Link::Udp(socket) => Some((socket.as_fd(), false)),
            Link::Tcp(link) => Some((link.as_fd(), link.is_writing())),
        }
    }

    /// Whether it can bring no answer any more.
    pub fn is_ended(&self) -> bool {
        matches!(self.link, Link::Ended)
    }
}

/// What became of it.
impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let protocol = match self.protocol {
            Protocol::Udp => "UDP",
            Protocol::Tcp => "TCP",
        };
        let untried = if self.tries == 0 { "not tried" } else { "no answer" };
        write!(f, "{} by {protocol}: {}", self.name, self.outcome.as_deref().unwrap_or(untried))
    }
}

/// A socket that hears nobody else, and that nobody could send to before.
fn open_udp(address: SocketAddr, message: &[u8]) -> io::Result<UdpSocket> {
    let any: IpAddr = match address {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0))?;
    socket.connect(address)?;
    socket.set_nonblocking(true)?;
    socket.send(message)?;
    Ok(socket)
}

fn may_be_repeated(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
