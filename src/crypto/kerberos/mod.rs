//! Kerberos' encryption types (RFC 3961, 3962, 4757, 8009).
//!
//! Holds: the table of enctypes, keys and how they are derived, encryption with integrity,
//! checksums, pseudo-random functions. May use: `spi::{error, secret}`. Must not touch: messages,
//! randomness of its own, I/O.

mod aes_cts;
mod aes_sha2;
mod cbc;
mod cipher;
mod enctype;
mod error;
mod hash;
mod key;
mod mac;
mod pieces;
mod profile;
#[cfg(test)]
mod properties;
mod rc4_hmac;
mod simplified;
#[cfg(test)]
mod vectors;

pub use cipher::CipherKey;
pub use enctype::Enctype;
pub use error::CryptoError;
pub use key::Key;
pub use mac::MacKey;
pub use pieces::Piece;
