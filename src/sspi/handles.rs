//! Handles as C sees them: two words, looked up and never dereferenced.
//!
//! Holds: the two kinds of handles. May use: `spi`. Must not touch: everything else.

use std::fmt;

use crate::spi::error::{CallerFault, Error, Result};
use crate::spi::table::Key;

/// A credential handle of a living or dead credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CredentialHandle(pub Key);

/// A context handle of a living or dead context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContextHandle(pub Key);

/// The two words of a `SecHandle`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// `dwLower`: the kind.
    pub lower: u64,
    /// `dwUpper`: index and generation.
    pub upper: u64,
}

/// In `dwLower`, so that a handle of the other kind, or of another library, is recognised.
const CREDENTIAL: u64 = 0x5EC3_2C5E_D000_0001;
const CONTEXT: u64 = 0x5EC3_2C07_E470_0002;

impl CredentialHandle {
    /// The words that C keeps.
    pub const fn to_words(self) -> Words {
        Words { lower: CREDENTIAL, upper: self.0.to_bits() }
    }

    /// Reads words; zero, all ones, foreign words and contexts are refused.
    pub fn from_words(words: Words) -> Result<Self> {
        key(words, CREDENTIAL, "credential").map(Self)
    }
}

impl ContextHandle {
    /// The words that C keeps.
    pub const fn to_words(self) -> Words {
        Words { lower: CONTEXT, upper: self.0.to_bits() }
    }

    /// Reads words; zero, all ones, foreign words and credentials are refused.
    pub fn from_words(words: Words) -> Result<Self> {
        key(words, CONTEXT, "context").map(Self)
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}:{:x}", self.lower, self.upper)
    }
}

fn key(words: Words, kind: u64, what: &str) -> Result<Key> {
    if words.lower == kind {
        return Ok(Key::from_bits(words.upper));
    }
    let is = match words.lower {
        CREDENTIAL => "a credential handle",
        CONTEXT => "a context handle",
        0 => "zero",
        u64::MAX => "the invalid handle",
        _ => "no handle of this library",
    };
    Err(Error::new(CallerFault::InvalidHandle, format!("a {what} handle is wanted, this is {is}")))
}
