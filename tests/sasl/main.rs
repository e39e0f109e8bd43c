//! SASL through the C interface: whole exchanges of GSSAPI and NTLM in one process, options,
//! profiles, and peers that lie. The peer that lies is a plain context: what it wraps is its own.
#![allow(unsafe_code)]

#[path = "../c_abi/mod.rs"]
mod c_abi;
#[path = "../support/mod.rs"]
mod support;

mod attacks;
mod machine;
mod options;
mod parties;
mod profiles;
mod whole;
