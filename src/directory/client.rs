//! A connection: messages out and in, numbered, in the clear or within the security layer.

use super::layer::{self, Layer};
use crate::spi::directory::DirectoryLink;
use crate::spi::error::{Error, LocalFault, PeerFault, Result};
use crate::wire::ldap::{self, Answer, Entry, Outcome, Request, Search, result_code};

/// Entries of one search; a server that sends more is not listened to.
const MAX_ENTRIES: usize = 1_000;
/// Messages of one answer, references and notifications included.
const MAX_MESSAGES: usize = 2_000;
/// All that one answer may bring.
const MAX_ANSWER: usize = 8 << 20;
const CHUNK: usize = 16 << 10;
/// RFC 4511 4.4.1
const NOTICE_OF_DISCONNECTION: &str = "1.3.6.1.4.1.1466.20036";

/// A client of one server.
pub struct Client {
    link: Box<dyn DirectoryLink>,
    layer: Option<Layer>,
    last_id: i32,
    /// What came and is not taken yet: as it came, and as messages.
    received: Vec<u8>,
    messages: Vec<u8>,
}

/// What a search found.
#[derive(Debug, Default)]
pub struct Found {
    /// The entries.
    pub entries: Vec<Entry>,
    /// There are more than the server was asked for, or may tell.
    pub cut_off: bool,
}

impl Client {
    /// A client that has said nothing yet.
    pub fn new(link: Box<dyn DirectoryLink>) -> Self {
        Self { link, layer: None, last_id: 0, received: Vec::new(), messages: Vec::new() }
    }

    /// The server as it was configured or found.
    pub fn host(&self) -> &str {
        self.link.host()
    }

    /// Searches. What is not there is nothing found.
    pub fn search(&mut self, search: &Search<'_>) -> Result<Found> {
        let id = self.ask(&Request::Search(search))?;
        let mut found = Found::default();
        let mut room = Room::new();
        loop {
            match self.answer(id, &mut room)? {
                Answer::Entry(entry) if found.entries.len() < MAX_ENTRIES => {
                    found.entries.push(entry);
                }
                Answer::Entry(_) => return Err(bad(self.host(), "it sends entries without end")),
                // No one is asked on the word of somebody else.
                Answer::Reference => {}
                Answer::Done(outcome) => return self.searched(found, &outcome),
                other => return Err(self.unexpected(&other)),
            }
        }
    }

    /// One step of a SASL bind: the outcome, and what the mechanism of the server says.
    pub(super) fn sasl(
        &mut self,
        mechanism: &str,
        credentials: Option<&[u8]>,
    ) -> Result<(Outcome, Option<Vec<u8>>)> {
        let id = self.ask(&Request::SaslBind { mechanism, credentials })?;
        match self.answer(id, &mut Room::new())? {
            Answer::Bind(outcome, credentials) => Ok((outcome, credentials)),
            other => Err(self.unexpected(&other)),
        }
    }

    /// From now on everything goes through the security layer. What came before its time was
    /// sent by somebody who does not have the key.
    pub(super) fn protect(&mut self, layer: Layer) -> Result<()> {
        if !self.received.is_empty() || !self.messages.is_empty() {
            return Err(bad(self.host(), "something was put in before the security layer"));
        }
        self.layer = Some(layer);
        Ok(())
    }

    /// An answer of the server that says no.
    pub(super) fn refused(&self, what: &str, outcome: &Outcome) -> Error {
        let diagnostic: String =
            outcome.diagnostic.chars().filter(|c| !c.is_control()).take(200).collect();
        let story = format!("{} refuses {what}: code {}, {diagnostic}", self.host(), outcome.code);
        Error::new(PeerFault::AuthorityRefused, story)
    }

    fn searched(&self, mut found: Found, outcome: &Outcome) -> Result<Found> {
        match outcome.code {
            result_code::SUCCESS => Ok(found),
            result_code::SIZE_LIMIT_EXCEEDED => {
                found.cut_off = true;
                Ok(found)
            }
            result_code::NO_SUCH_OBJECT
            | result_code::INVALID_DN_SYNTAX
            | result_code::REFERRAL => Ok(Found::default()),
            _ => Err(self.refused("a search", outcome)),
        }
    }

    fn ask(&mut self, request: &Request<'_>) -> Result<i32> {
        self.last_id = self.last_id.checked_add(1).ok_or(LocalFault::Internal)?;
        let message = ldap::encode(self.last_id, request);
        match &mut self.layer {
            Some(layer) => self.link.send(&layer.seal(&message)?)?,
            None => self.link.send(&message)?,
        }
        Ok(self.last_id)
    }

    /// The next message of the answer to this request.
    fn answer(&mut self, id: i32, room: &mut Room) -> Result<Answer> {
        loop {
            let message = self.message(room)?;
            let response = ldap::decode(&message).map_err(|error| error.context(self.host()))?;
            match (response.id, response.answer) {
                (own, answer) if own == id => return Ok(answer),
                (0, Answer::Extended(outcome, name)) => {
                    if name.as_deref() == Some(NOTICE_OF_DISCONNECTION) {
                        return Err(self.refused("to go on", &outcome));
                    }
                    // Other notifications are none of ours (RFC 4511 4.4).
                }
                (other, _) => {
                    let story = format!("it answers request {other}, and {id} was asked");
                    return Err(bad(self.host(), &story));
                }
            }
        }
    }

    fn message(&mut self, room: &mut Room) -> Result<Vec<u8>> {
        loop {
            let length = ldap::message_length(&self.messages)
                .map_err(|error| error.context(self.link.host()))?;
            if let Some(length) = length.filter(|&length| length <= self.messages.len()) {
                room.take(length).ok_or_else(|| bad(self.host(), "its answer has no end"))?;
                let rest = self.messages.split_off(length);
                return Ok(std::mem::replace(&mut self.messages, rest));
            }
            self.more()?;
        }
    }

    /// Waits for more, and opens what is whole of it.
    fn more(&mut self) -> Result<()> {
        let mut chunk = [0; CHUNK];
        let count = self.link.receive(&mut chunk)?;
        let chunk = chunk.get(..count).filter(|chunk| !chunk.is_empty());
        let chunk = chunk.ok_or_else(|| bad(self.host(), "nothing came"))?;
        let Some(layer) = &mut self.layer else {
            self.messages.extend_from_slice(chunk);
            return Ok(());
        };
        self.received.extend_from_slice(chunk);
        while let Some(length) = layer::buffer_length(&self.received)? {
            if length > self.received.len() {
                break;
            }
            let rest = self.received.split_off(length);
            let buffer = std::mem::replace(&mut self.received, rest);
            layer.open(buffer, &mut self.messages)?;
        }
        Ok(())
    }

    fn unexpected(&self, answer: &Answer) -> Error {
        let kind = match answer {
            Answer::Bind(..) => "a bind",
            Answer::Entry(_) | Answer::Reference | Answer::Done(_) => "a search",
            Answer::Extended(..) => "an extended operation",
        };
        bad(self.host(), &format!("it answers {kind}, and something else was asked"))
    }
}

/// A word of farewell where the two understood each other; nobody waits for it.
impl Drop for Client {
    fn drop(&mut self) {
        if self.layer.is_some() {
            let _ = self.ask(&Request::Unbind);
        }
    }
}

/// How much may still come.
struct Room {
    messages: usize,
    bytes: usize,
}

impl Room {
    const fn new() -> Self {
        Self { messages: MAX_MESSAGES, bytes: MAX_ANSWER }
    }

    fn take(&mut self, length: usize) -> Option<()> {
        self.messages = self.messages.checked_sub(1)?;
        self.bytes = self.bytes.checked_sub(length)?;
        Some(())
    }
}

/// A server that does not keep to the protocol.
fn bad(host: &str, story: &str) -> Error {
    Error::new(PeerFault::BadAuthority, format!("the directory server {host}: {story}"))
}
