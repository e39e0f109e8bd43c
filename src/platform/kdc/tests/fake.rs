//! KDCs that misbehave, on loopback.
#![allow(clippy::unnecessary_wraps, reason = "they are the protocols that a server speaks")]

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

const TICK: Duration = Duration::from_millis(10);

/// What a server does with a datagram; `usize` counts them from 1.
pub type OnDatagram = Box<dyn FnMut(&UdpSocket, SocketAddr, &[u8], usize) + Send>;
/// What it does with a connection whose request was read.
pub type OnConnection = Box<dyn FnMut(TcpStream, &[u8]) + Send>;

/// A server at one port of UDP and TCP, as far as it speaks them.
pub struct Fake {
    pub address: SocketAddr,
    pub datagrams: Arc<AtomicUsize>,
    pub connections: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Fake {
    pub fn new(udp: Option<OnDatagram>, tcp: Option<OnConnection>) -> Self {
        Self::at(Ipv4Addr::LOCALHOST.into(), udp, tcp)
    }

    pub fn at(host: IpAddr, udp: Option<OnDatagram>, tcp: Option<OnConnection>) -> Self {
        let (listener, socket) = sockets(host);
        let mut fake = Self {
            address: socket.local_addr().unwrap(),
            datagrams: Arc::default(),
            connections: Arc::default(),
            stop: Arc::default(),
            threads: Vec::new(),
        };
        if let Some(udp) = udp {
            fake.serve_udp(socket, udp);
        }
        if let Some(tcp) = tcp {
            fake.serve_tcp(listener, tcp);
        }
        fake
    }

    /// Its line in krb5.conf.
    pub fn line(&self) -> String {
        format!("kdc = {}\n", self.address)
    }

    fn serve_udp(&mut self, socket: UdpSocket, mut handle: OnDatagram) {
        let (stop, count) = (Arc::clone(&self.stop), Arc::clone(&self.datagrams));
        socket.set_read_timeout(Some(TICK)).unwrap();
        self.threads.push(std::thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            while !stop.load(Ordering::SeqCst) {
                if let Ok((length, from)) = socket.recv_from(&mut buffer) {
                    let number = count.fetch_add(1, Ordering::SeqCst) + 1;
                    handle(&socket, from, &buffer[..length], number);
                }
            }
        }));
    }

    fn serve_tcp(&mut self, listener: TcpListener, mut handle: OnConnection) {
        let (stop, count) = (Arc::clone(&self.stop), Arc::clone(&self.connections));
        listener.set_nonblocking(true).unwrap();
        self.threads.push(std::thread::spawn(move || {
            while !stop.load(Ordering::SeqCst) {
                let Ok((mut stream, _)) = listener.accept() else {
                    std::thread::sleep(TICK);
                    continue;
                };
                count.fetch_add(1, Ordering::SeqCst);
                stream.set_nonblocking(false).unwrap();
                stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
                let mut length = [0; 4];
                stream.read_exact(&mut length).unwrap();
                let mut message = vec![0; u32::from_be_bytes(length) as usize];
                stream.read_exact(&mut message).unwrap();
                handle(stream, &message);
            }
        }));
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        for thread in self.threads.drain(..) {
            thread.join().unwrap();
        }
    }
}

/// One port for both protocols.
fn sockets(host: IpAddr) -> (TcpListener, UdpSocket) {
    for _ in 0..100 {
        let listener = TcpListener::bind((host, 0)).unwrap();
        if let Ok(socket) = UdpSocket::bind(listener.local_addr().unwrap()) {
            return (listener, socket);
        }
    }
    panic!("no port is free for UDP and TCP");
}

/// Answers each datagram with this.
pub fn says(text: &str) -> Option<OnDatagram> {
    let text = text.to_owned();
    Some(Box::new(move |socket, from, _, _| {
        socket.send_to(text.as_bytes(), from).unwrap();
    }))
}

/// Hears datagrams and answers none.
pub fn silent() -> Option<OnDatagram> {
    Some(Box::new(|_, _, _, _| {}))
}

/// Answers each connection with this, whole.
pub fn says_by_tcp(text: &str) -> Option<OnConnection> {
    let framed = [&(text.len() as u32).to_be_bytes()[..], text.as_bytes()].concat();
    writes(framed)
}

/// Writes these bytes into each connection and closes it.
pub fn writes(bytes: Vec<u8>) -> Option<OnConnection> {
    Some(Box::new(move |mut stream, _| {
        // The client may hang up as soon as it has seen enough.
        let _ = stream.write_all(&bytes);
    }))
}

/// Keeps each connection open and says nothing.
pub fn silent_by_tcp() -> Option<OnConnection> {
    let mut open = Vec::new();
    Some(Box::new(move |stream, _| open.push(stream)))
}
