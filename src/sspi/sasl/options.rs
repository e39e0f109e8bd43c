//! Options of a SASL context (`SaslSetContextOption`, `SaslGetContextOption`).
//!
//! Holds: their values. May use: `spi`. Must not touch: everything else.

use super::layers::{self, MAX_SIZE};
use crate::spi::error::{CallerFault, Error, PeerFault, Result};

/// What a size is as long as nobody says otherwise.
const DEFAULT_SIZE: u32 = 0xFFFF;

/// The options, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionId {
    /// `SASL_OPTION_SEND_SIZE`: the most data of a message that we send.
    SendSize,
    /// `SASL_OPTION_RECV_SIZE`: the longest protected message that we take.
    ReceiveSize,
    /// `SASL_OPTION_AUTHZ_STRING`: as whom the client wants to act, in UTF-8.
    AuthorizationString,
    /// `SASL_OPTION_AUTHZ_PROCESSING`: whether it may want to act as another.
    AuthorizationProcessing,
}

/// A value of one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptionValue {
    /// Of the sizes and of the processing.
    Number(u32),
    /// Of the string.
    Octets(Vec<u8>),
}

/// `SASL_AUTHZID_STATE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Processing {
    /// `Sasl_AuthZIDForbidden`
    Forbidden,
    /// `Sasl_AuthZIDProcessed`
    #[default]
    Processed,
}

/// The options of one context.
#[derive(Debug, Default)]
pub(super) struct Options {
    send_size: Option<u32>,
    receive_size: Option<u32>,
    authorization: Option<String>,
    processing: Processing,
}

impl Options {
    /// Sets an option to a value of its kind.
    pub fn set(&mut self, option: OptionId, value: &OptionValue) -> Result<()> {
        match (option, value) {
            (OptionId::SendSize, OptionValue::Number(size)) => self.send_size = Some(limit(*size)?),
            (OptionId::ReceiveSize, OptionValue::Number(size)) => {
                self.receive_size = Some(limit(*size)?);
            }
            (OptionId::AuthorizationProcessing, OptionValue::Number(state)) => {
                self.processing = match state {
                    0 => Processing::Forbidden,
                    1 => Processing::Processed,
                    _ => return Err(senseless("AUTHZ_PROCESSING is neither 0 nor 1")),
                };
            }
            (OptionId::AuthorizationString, OptionValue::Octets(octets)) => {
                self.must_process()?;
                self.authorization = Some(identity(octets)?).filter(|name| !name.is_empty());
            }
            _ => return Err(senseless("the value is not of the option's kind")),
        }
        Ok(())
    }

    /// The value of an option.
    pub fn get(&self, option: OptionId) -> Result<OptionValue> {
        Ok(match option {
            OptionId::SendSize => OptionValue::Number(self.send_size.unwrap_or(DEFAULT_SIZE)),
            OptionId::ReceiveSize => OptionValue::Number(self.receive_size()),
            OptionId::AuthorizationProcessing => OptionValue::Number(match self.processing {
                Processing::Forbidden => 0,
                Processing::Processed => 1,
            }),
            OptionId::AuthorizationString => {
                self.must_process()?;
                let name = self.authorization.as_deref().unwrap_or_default();
                OptionValue::Octets(name.as_bytes().to_vec())
            }
        })
    }

    /// The longest protected message that we say we take.
    pub fn receive_size(&self) -> u32 {
        self.receive_size.unwrap_or(DEFAULT_SIZE)
    }

    /// The limits that were set by the caller, sending and receiving.
    pub const fn limits(&self) -> (Option<u32>, Option<u32>) {
        (self.send_size, self.receive_size)
    }

    /// Notes how much data the peer takes in one message.
    pub fn peer_takes(&mut self, data: u32) {
        self.send_size = Some(self.send_size.map_or(data, |own| own.min(data)));
    }

    /// Clients: the identity to ask for, unless asking is forbidden.
    pub fn to_ask(&self) -> Result<String> {
        let name = self.authorization.clone().unwrap_or_default();
        if !name.is_empty() {
            self.may_be_asked()?;
        }
        Ok(name)
    }

    /// Servers: what the client asked for, unless asking is forbidden.
    pub fn asked(&mut self, name: String) -> Result<()> {
        if !name.is_empty() {
            self.may_be_asked()?;
            self.authorization = Some(name);
        }
        Ok(())
    }

    fn must_process(&self) -> Result<()> {
        match self.processing {
            Processing::Processed => Ok(()),
            Processing::Forbidden => {
                let story = "AUTHZ_PROCESSING is Sasl_AuthZIDForbidden";
                Err(Error::new(CallerFault::Unsupported, story))
            }
        }
    }

    fn may_be_asked(&self) -> Result<()> {
        match self.processing {
            Processing::Processed => Ok(()),
            Processing::Forbidden => {
                let story = "an authorization identity was given, and none is processed";
                Err(Error::new(PeerFault::AuthorizationRefused, story))
            }
        }
    }
}

fn limit(size: u32) -> Result<u32> {
    if size > MAX_SIZE {
        return Err(senseless("a size of SASL has three octets"));
    }
    Ok(size)
}

fn identity(octets: &[u8]) -> Result<String> {
    if octets.len() > DEFAULT_SIZE as usize {
        return Err(senseless("the authorization identity is too long"));
    }
    // A terminator belongs to the string in the caller's memory only.
    layers::authorization_identity(octets.strip_suffix(b"\0").unwrap_or(octets))
        .map_err(|_| senseless("the authorization identity is not UTF-8, or contains NUL"))
}

fn senseless(story: &str) -> Error {
    Error::new(CallerFault::InvalidParameter, story)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(options: &Options, option: OptionId) -> u32 {
        match options.get(option).unwrap() {
            OptionValue::Number(number) => number,
            OptionValue::Octets(_) => panic!("{option:?}"),
        }
    }

    #[test]
    fn the_defaults_are_the_documented_ones() {
        let options = Options::default();
        assert_eq!(number(&options, OptionId::SendSize), 0xFFFF);
        assert_eq!(number(&options, OptionId::ReceiveSize), 0xFFFF);
        assert_eq!(number(&options, OptionId::AuthorizationProcessing), 1);
        let none = OptionValue::Octets(Vec::new());
        assert_eq!(options.get(OptionId::AuthorizationString).unwrap(), none);
    }

    #[test]
    fn q4_sizes_have_three_octets() {
        let mut options = Options::default();
        for option in [OptionId::SendSize, OptionId::ReceiveSize] {
            for size in [0, 1, 0xFF_FFFF] {
                options.set(option, &OptionValue::Number(size)).unwrap();
                assert_eq!(number(&options, option), size);
            }
            for size in [0x100_0000, u32::MAX] {
                assert!(options.set(option, &OptionValue::Number(size)).is_err());
            }
            assert!(options.set(option, &OptionValue::Octets(vec![0; 4])).is_err());
        }
    }

    #[test]
    fn q5_a_forbidden_authorization_is_neither_asked_for_nor_granted() {
        let mut options = Options::default();
        let alice = OptionValue::Octets(b"alice\0".to_vec());
        options.set(OptionId::AuthorizationString, &alice).unwrap();
        assert_eq!(options.to_ask().unwrap(), "alice");
        options.set(OptionId::AuthorizationProcessing, &OptionValue::Number(0)).unwrap();
        assert!(options.set(OptionId::AuthorizationString, &alice).is_err());
        assert!(options.get(OptionId::AuthorizationString).is_err());
        assert!(options.to_ask().is_err());
        assert!(options.asked("bob".into()).is_err());
        assert!(options.asked(String::new()).is_ok());
        assert!(options.set(OptionId::AuthorizationProcessing, &OptionValue::Number(2)).is_err());
    }

    #[test]
    fn what_the_peer_takes_bounds_what_is_sent() {
        let mut options = Options::default();
        options.peer_takes(100_000);
        assert_eq!(number(&options, OptionId::SendSize), 100_000);
        options.set(OptionId::SendSize, &OptionValue::Number(50)).unwrap();
        options.peer_takes(100_000);
        assert_eq!(number(&options, OptionId::SendSize), 50);
    }
}
