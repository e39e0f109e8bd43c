//! Primitives put together.
//!
//! Holds: RC4 with a state that can be kept, MD4/MD5/HMAC-MD5, DES as NTLM uses it, CRC-32, the
//! enctypes of Kerberos, confounders.
//! May use: `spi::{error, secret}`. Must not touch: messages, randomness of its own, I/O.
#![forbid(unsafe_code)]

pub mod confounder;
pub mod crc32;
pub mod des;
pub mod digest;
pub mod hmac_md5;
pub mod kerberos;
pub mod md5;
pub mod rc4;
