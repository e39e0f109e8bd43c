//! What can go wrong with a key.

use std::fmt;

use super::enctype::Enctype;
use crate::spi::error::{CallerFault, Error, Fault, LocalFault, PeerFault};

/// Why an operation with a key was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CryptoError {
    /// A key of another length than its enctype's.
    KeyLength(Enctype),
    /// A password that has no UTF-8: it contains half a surrogate pair.
    Password,
    /// String-to-key parameters that the enctype does not have.
    Parameters(Enctype),
    /// An iteration count below the enctype's default or above what we are willing to do.
    Iterations(u32),
    /// A ciphertext that is shorter than its confounder and its tag.
    Truncated,
    /// The ciphertext or the checksum does not verify.
    Integrity,
    /// A checksum of another type than the key's own.
    ChecksumType(i32),
    /// Buffers that do not make a message: a mistake of ours.
    Buffers,
}

impl CryptoError {
    /// Whose fault it is where nobody knows better.
    pub const fn fault(self) -> Fault {
        match self {
            Self::Password => Fault::Caller(CallerFault::MalformedIdentity),
            Self::KeyLength(_) => Fault::Peer(PeerFault::MalformedToken),
            Self::Parameters(_) | Self::Iterations(_) => Fault::Peer(PeerFault::BadAuthority),
            Self::Truncated | Self::Integrity | Self::ChecksumType(_) => {
                Fault::Peer(PeerFault::MessageAltered)
            }
            Self::Buffers => Fault::Local(LocalFault::Internal),
        }
    }
}

impl fmt::Display for CryptoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyLength(enctype) => write!(f, "a key of a wrong length for {enctype}"),
            Self::Password => f.write_str("a password that cannot be written in UTF-8"),
            Self::Parameters(enctype) => {
                write!(f, "string-to-key parameters that {enctype} does not have")
            }
            Self::Iterations(count) => {
                write!(f, "a string-to-key iteration count of {count}, which is out of bounds")
            }
            Self::Truncated => f.write_str("a ciphertext too short for its enctype"),
            Self::Integrity => f.write_str("the integrity check failed"),
            Self::ChecksumType(number) => {
                write!(f, "a checksum of type {number}, which is not this key's")
            }
            Self::Buffers => f.write_str("buffers that do not make a message"),
        }
    }
}

impl std::error::Error for CryptoError {}

impl From<CryptoError> for Error {
    fn from(error: CryptoError) -> Self {
        Self::new(error.fault(), error.to_string())
    }
}
