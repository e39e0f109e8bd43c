//! One request and one answer by TCP: four bytes of length before each (RFC 4120 7.2.2).

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

/// No answer of a KDC comes near it.
const MAX_ANSWER: usize = 1 << 20;
const PREFIX: usize = 4;

/// A connection with its request and what has come of the answer.
#[derive(Debug)]
pub struct TcpLink {
    stream: TcpStream,
    outgoing: Vec<u8>,
    written: usize,
    incoming: Vec<u8>,
}

impl TcpLink {
    /// Connects, and sends as much of the request as the connection takes.
    pub fn open(address: SocketAddr, message: &[u8], patience: Duration) -> io::Result<Self> {
        let length = u32::try_from(message.len()).ok().filter(|&length| length < 1 << 31);
        let length = length.ok_or_else(|| io::Error::other("the request is too long"))?;
        let stream = TcpStream::connect_timeout(&address, patience)?;
        stream.set_nonblocking(true)?;
        let outgoing = [&length.to_be_bytes()[..], message].concat();
        let mut link = Self { stream, outgoing, written: 0, incoming: Vec::new() };
        link.write()?;
        Ok(link)
    }

    /// Whether a part of the request waits.
    pub fn is_writing(&self) -> bool {
        self.written < self.outgoing.len()
    }

    /// Goes on without waiting; gives the answer when it is whole. An error ends it.
    pub fn proceed(&mut self) -> io::Result<Option<Vec<u8>>> {
        self.write()?;
        let mut chunk = [0; 4096];
        loop {
            let missing = self.missing()?;
            if missing == 0 {
                return Ok(Some(self.incoming.split_off(PREFIX)));
            }
            let room = missing.min(chunk.len());
            match self.stream.read(chunk.get_mut(..room).unwrap_or_default()) {
                Ok(0) => return Err(self.cut_off()),
                Ok(count) => self.incoming.extend(chunk.iter().take(count)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn write(&mut self) -> io::Result<()> {
        while let Some(rest) = self.outgoing.get(self.written..).filter(|rest| !rest.is_empty()) {
            match self.stream.write(rest) {
                Ok(count) => self.written = self.written.saturating_add(count),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// How many bytes must still come, as far as is known.
    fn missing(&self) -> io::Result<usize> {
        let Some((prefix, body)) = self.incoming.split_first_chunk::<PREFIX>() else {
            return Ok(PREFIX.saturating_sub(self.incoming.len()));
        };
        let length = u32::from_be_bytes(*prefix);
        match usize::try_from(length) {
            Ok(length) if (1..=MAX_ANSWER).contains(&length) => {
                Ok(length.saturating_sub(body.len()))
            }
            _ => Err(io::Error::other(format!("it announced an answer of {length} bytes"))),
        }
    }

    fn cut_off(&self) -> io::Error {
        io::Error::other(match self.incoming.len() {
            0 => "it closed the connection without an answer".to_owned(),
            count => format!("it closed the connection after {count} bytes"),
        })
    }
}

impl AsFd for TcpLink {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}
