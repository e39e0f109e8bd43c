//! Windows' Security Support Provider Interface (`Secur32.dll`) for Linux.
//!
//! The product is the C library `libsecur32.so`; its functions are in [`abi`]. The rooms of the
//! house, from the street to the cellar: `abi` → `sspi` → `lsa` → the packages → `wire` and
//! `crypto`; `platform` is the only one that does I/O, `spi` holds the words that all share.
//! README.md has the map; `tests/layering.rs` enforces it.

pub mod abi;
pub mod crypto;
pub mod directory;
pub mod kerberos;
pub mod lsa;
pub mod negotiate;
pub mod ntlm;
pub mod platform;
pub mod spi;
pub mod sspi;
pub mod wire;
