//! One request to the servers of a realm, in MIT's order: each server by the preferred protocol
//! and a moment to answer; then each by the other one; then all again, with growing patience.
//! Whoever was asked may answer until the end.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use super::Trace;
use super::address::{Carrier, Server};
use super::attempt::{Attempt, MAX_DATAGRAM, Protocol};
use super::background;
use super::locate::Located;
use crate::platform::krb5_conf::Transport;
use crate::platform::sys::{self, Watched};
use crate::spi::error::{Error, LocalFault};
use crate::spi::kerberos::{KdcAnswer, KdcRequest, KdcService, Verdict};

/// Addresses of one host that are tried.
const MAX_ADDRESSES: usize = 16;
/// How much of a story is told.
const MAX_STORY: usize = 16;
/// How often sockets are looked at while a name is looked up.
const GLANCE: Duration = Duration::from_millis(20);

/// The request and everybody who was asked.
pub struct Conversation<'a> {
    request: &'a KdcRequest<'a>,
    transport: &'a Transport,
    deadline: Instant,
    trace: Trace<'a>,
    attempts: Vec<Attempt>,
    notes: Vec<String>,
    /// A server said that its answer is too big for a datagram.
    tcp_only: bool,
    answer: Option<KdcAnswer>,
    buffer: Vec<u8>,
}

impl<'a> Conversation<'a> {
    /// Nobody was asked yet.
    pub fn new(
        request: &'a KdcRequest<'a>,
        transport: &'a Transport,
        deadline: Instant,
        trace: Trace<'a>,
    ) -> Self {
        Self {
            request,
            transport,
            deadline,
            trace,
            attempts: Vec::new(),
            notes: Vec::new(),
            tcp_only: false,
            answer: None,
            buffer: vec![0; MAX_DATAGRAM],
        }
    }

    /// Asks these servers until an answer is taken or nobody is left to wait for.
    pub fn with(&mut self, servers: &[Server]) -> Option<KdcAnswer> {
        for (index, server) in servers.iter().enumerate() {
            if self.is_over() {
                break;
            }
            let first = self.attempts.len();
            self.resolve(index, server);
            let tcp_only = self.tcp_only;
            self.round(first, |attempt| !attempt.deferred || tcp_only);
        }
        self.round(0, |attempt| attempt.tries == 0);
        let mut patience = self.transport.kdc_timeout.saturating_mul(2);
        self.listen(None, patience);
        for _ in 1..self.transport.max_retries {
            // A password server takes a repetition for a replay.
            if self.request.service != KdcService::Kpasswd {
                self.round(0, |_| true);
            }
            patience = patience.saturating_mul(2);
            self.listen(None, patience);
        }
        self.answer.take()
    }

    /// Why nobody answered.
    pub fn failure(&self, located: &Located) -> Error {
        let who = match self.request.service {
            KdcService::Kdc => "KDC",
            KdcService::PrimaryKdc => "primary KDC",
            KdcService::Kpasswd => "password server",
        };
        let attempts = self.attempts.iter().map(ToString::to_string);
        let notes = located.notes.iter().chain(&self.notes).cloned();
        let mut story: Vec<String> = attempts.chain(notes).take(MAX_STORY + 1).collect();
        if story.len() > MAX_STORY {
            story.truncate(MAX_STORY);
            story.push("and so on".to_owned());
        }
        let what = if located.servers.is_empty() { "is known" } else { "answered" };
        let story =
            format!("no {who} of realm {} {what}: {}", self.request.realm, story.join("; "));
        Error::new(LocalFault::NoAuthority, story)
    }

    /// Adds the addresses of a server. A server that may be spoken to both ways comes first by
    /// the preferred one, and by the other when everybody had the chance.
    fn resolve(&mut self, index: usize, server: &Server) {
        let addresses = match server.host.parse::<IpAddr>() {
            Ok(address) => vec![SocketAddr::new(address, server.port)],
            Err(_) => self.look_up(server),
        };
        let by_tcp = self.request.service == KdcService::Kpasswd
            || self.request.message.len() > self.transport.udp_preference_limit;
        let protocols: &[Protocol] = match server.carrier {
            Carrier::Udp => &[Protocol::Udp],
            Carrier::Tcp => &[Protocol::Tcp],
            Carrier::Either if by_tcp => &[Protocol::Tcp, Protocol::Udp],
            Carrier::Either => &[Protocol::Udp, Protocol::Tcp],
        };
        for (place, &protocol) in protocols.iter().enumerate() {
            for &address in addresses.iter().take(MAX_ADDRESSES) {
                let mut attempt = Attempt::new(index, &server.host, address, protocol);
                attempt.deferred = place > 0;
                self.attempts.push(attempt);
            }
        }
    }

    /// The addresses of a host. Answers of servers that were asked before are heard meanwhile.
    fn look_up(&mut self, server: &Server) -> Vec<SocketAddr> {
        (self.trace)(format_args!("Resolving hostname {}", server.host));
        let until = self.end_of(self.transport.kdc_timeout.saturating_mul(5));
        let asked = (server.host.clone(), server.port);
        let work = move || asked.to_socket_addrs().map(Vec::from_iter);
        let found = match background::start(work) {
            Err(error) => Err(error),
            Ok(pending) => loop {
                self.listen(None, GLANCE.min(remaining(until)));
                let others = self.attempts.iter().any(|attempt| attempt.socket().is_some());
                let time = if others { Duration::ZERO } else { remaining(until) };
                match pending.poll(time) {
                    Ok(found) => break found,
                    Err(RecvTimeoutError::Timeout) if !self.is_over() && Instant::now() < until => {
                    }
                    Err(_) => {
                        break Err(std::io::Error::other("its name was not resolved in time"));
                    }
                }
            },
        };
        found.unwrap_or_else(|error| {
            (self.trace)(format_args!("{}: {error}", server.host));
            self.notes.push(format!("{}: {error}", server.host));
            Vec::new()
        })
    }

    /// Contacts the wanted ones, from this one on, and gives each a moment to answer.
    fn round(&mut self, first: usize, wanted: impl Fn(&Attempt) -> bool) {
        for index in first..self.attempts.len() {
            if self.is_over() {
                return;
            }
            if self.attempts.get(index).is_some_and(&wanted) && self.contact(index) {
                self.listen(Some(index), self.patience());
            }
        }
    }

    /// A password server is given more time: whoever asks the next one meanwhile changes the
    /// password twice.
    fn patience(&self) -> Duration {
        let factor = if self.request.service == KdcService::Kpasswd { 10 } else { 1 };
        self.transport.kdc_timeout.saturating_mul(factor)
    }

    /// Sends the request to an address; whether there is something to wait for.
    fn contact(&mut self, index: usize) -> bool {
        let Some(attempt) = self.attempts.get(index) else { return false };
        let (server, protocol) = (attempt.server, attempt.protocol);
        let repeats = self.request.service == KdcService::Kpasswd
            && self.attempts.iter().any(|other| other.server == server && other.sent);
        let patience = self.transport.kdc_timeout.min(remaining(self.deadline));
        let tcp_only = self.tcp_only;
        let Some(attempt) = self.attempts.get_mut(index) else { return false };
        if attempt.is_ended() || patience.is_zero() {
            return false;
        }
        if repeats {
            attempt.end("not tried, the server has the request");
            return false;
        }
        if protocol == Protocol::Udp && tcp_only {
            attempt.end("not tried, the answer is too big");
            return false;
        }
        match (protocol, attempt.tries) {
            (Protocol::Tcp, _) if attempt.socket().is_some() => {}
            (Protocol::Tcp, _) => {
                (self.trace)(format_args!("Initiating TCP connection to stream {}", attempt.name));
            }
            (Protocol::Udp, 0) => {
                (self.trace)(format_args!("Sending initial UDP request to dgram {}", attempt.name));
            }
            (Protocol::Udp, _) => {
                (self.trace)(format_args!("Sending retry UDP request to dgram {}", attempt.name));
            }
        }
        let waits = attempt.contact(self.request.message, patience);
        if attempt.is_ended() {
            (self.trace)(format_args!("{attempt}"));
        }
        waits
    }

    /// Hears everybody who was asked, until an answer is taken, the time is over, nobody is left,
    /// or `current` has nothing more to say.
    fn listen(&mut self, mut current: Option<usize>, time: Duration) {
        let mut until = self.end_of(time);
        while !self.is_over() {
            let ended = |index| self.attempts.get(index).is_none_or(Attempt::is_ended);
            if current.is_some_and(ended) || Instant::now() >= until {
                return;
            }
            let Some(ready) = self.ready(until) else { return };
            for index in ready {
                if let Some(next) = self.hear(index)
                    && self.contact(next)
                {
                    current = Some(next);
                    until = self.end_of(time);
                }
            }
        }
    }

    /// Who has something to say; `None` when nobody can have.
    fn ready(&self, until: Instant) -> Option<Vec<usize>> {
        let sockets =
            |(index, attempt): (usize, &'_ Attempt)| attempt.socket().is_some().then_some(index);
        let indexes: Vec<usize> = self.attempts.iter().enumerate().filter_map(sockets).collect();
        let watched = self.attempts.iter().filter_map(Attempt::socket);
        let mut watched: Vec<Watched<'_>> =
            watched.map(|(socket, writing)| Watched { socket, writing, ready: false }).collect();
        if watched.is_empty() || sys::wait(&mut watched, remaining(until)).is_err() {
            return None;
        }
        let ready = indexes.into_iter().zip(&watched).filter(|(_, watched)| watched.ready);
        Some(ready.map(|(index, _)| index).collect())
    }

    /// Takes what one has to say; gives the attempt that must be made at once because of it.
    fn hear(&mut self, index: usize) -> Option<usize> {
        let attempt = self.attempts.get_mut(index)?;
        let Ok(message) = attempt.hear(&mut self.buffer) else {
            (self.trace)(format_args!("{attempt}"));
            return None;
        };
        let message = message?;
        let kind = if attempt.protocol == Protocol::Udp { "dgram" } else { "stream" };
        let (length, name) = (message.len(), attempt.name.clone());
        (self.trace)(format_args!("Received answer ({length} bytes) from {kind} {name}"));
        match (self.request.judge)(&message) {
            Verdict::Take => {
                attempt.end("answered");
                self.answer.get_or_insert(KdcAnswer { message, server: name });
                None
            }
            Verdict::UseTcp if attempt.protocol == Protocol::Udp => {
                attempt.end("its answer is too big for UDP");
                self.tcp_only = true;
                Some(self.by_tcp(index))
            }
            Verdict::UseTcp | Verdict::NextServer => {
                attempt.end("it cannot serve, or its answer is none of Kerberos");
                (self.trace)(format_args!("{attempt}"));
                None
            }
        }
    }

    /// The attempt by TCP at the same address.
    fn by_tcp(&mut self, index: usize) -> usize {
        let Some(attempt) = self.attempts.get(index) else { return index };
        let (server, address, name) = (attempt.server, attempt.address, attempt.name.clone());
        let same = |other: &Attempt| other.address == address && other.protocol == Protocol::Tcp;
        if let Some(known) = self.attempts.iter().position(same) {
            return known;
        }
        let mut attempt = Attempt::new(server, "", address, Protocol::Tcp);
        attempt.name = name;
        self.attempts.push(attempt);
        self.attempts.len().saturating_sub(1)
    }

    fn is_over(&self) -> bool {
        self.answer.is_some() || Instant::now() >= self.deadline
    }

    fn end_of(&self, time: Duration) -> Instant {
        Instant::now().checked_add(time).map_or(self.deadline, |end| end.min(self.deadline))
    }
}

fn remaining(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now())
}
