//! Holds: Windows' types and constants under Windows' names, laid out as on 64-bit Windows.
//! May use: nothing. Must not touch: anything of the library.
//!
//! As in Windows' headers, a structure has a tag (`_SecBuffer`) and the name that everybody uses
//! (`SecBuffer`); cbindgen makes both from what is here. Members mean what Microsoft's
//! documentation of the same names says. Each layout is asserted beside its structure, and once
//! more in C by `c-tests/layout.c`.
#![allow(
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    clippy::cast_possible_wrap,
    clippy::doc_markdown,
    clippy::pub_underscore_fields,
    clippy::type_complexity,
    clippy::wildcard_imports
)]

/// Asserts size, alignment and the offset of every member.
macro_rules! layout {
    ($type:ident, $size:literal, $align:literal, $($field:ident $offset:literal),+) => {
        const _: () = {
            assert!(size_of::<$type>() == $size && align_of::<$type>() == $align);
            $(assert!(core::mem::offset_of!($type, $field) == $offset);)+
        };
    };
}

pub mod attributes;
pub mod base;
pub mod constants;
pub mod credential_attributes;
pub mod enumerations;
pub mod functions;
pub mod identity;
pub mod kerberos;
pub mod kerberos_calls;
pub mod kerberos_logon;
pub mod lsa;
pub mod msv1_0;
pub mod numbers;
pub mod sspi;
pub mod tokens;
pub mod wincred;
pub mod winnt;

pub use self::{
    attributes::*, base::*, constants::*, credential_attributes::*, functions::*, identity::*,
    kerberos::*, kerberos_calls::*, kerberos_logon::*, lsa::*, msv1_0::*, numbers::*, sspi::*,
    tokens::*, wincred::*, winnt::*,
};
