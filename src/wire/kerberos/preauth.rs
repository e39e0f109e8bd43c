//! Preauthentication data (RFC 4120 5.2.7, 7.5.2; [MS-KILE] 2.2; [MS-SFU] 2.2).

use super::asn1::{
    Boolean, EncodedString, Int32, KerberosFlags, OctetString, Optional, UInt32, lists, messages,
    sequence,
};
use crate::spi::kerberos::KerberosTime;

/// `PA-DATA` (RFC 4120 5.2.7). A list of them is METHOD-DATA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaData {
    /// `padata-type`: [`numbers::pa_type`](super::numbers::pa_type).
    pub padata_type: i32,
    /// `padata-value`.
    pub padata_value: Vec<u8>,
}

sequence! { PaData {
    [1] padata_type: Int32,
    [2] padata_value: OctetString,
}}

impl PaData {
    /// The value of the first of this type.
    pub fn find(list: &[Self], padata_type: i32) -> Option<&[u8]> {
        let found = list.iter().find(|padata| padata.padata_type == padata_type)?;
        Some(&found.padata_value)
    }
}

/// `PA-ENC-TS-ENC` (RFC 4120 5.2.7.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaEncTsEnc {
    /// `patimestamp`.
    pub patimestamp: KerberosTime,
    /// `pausec`.
    pub pausec: Option<u32>,
}

sequence! { PaEncTsEnc {
    [0] patimestamp: KerberosTime,
    [1] pausec: Optional<UInt32>,
}}

/// `ETYPE-INFO-ENTRY` (RFC 4120 5.2.7.4). A list of them is ETYPE-INFO.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EtypeInfoEntry {
    /// `etype`.
    pub etype: i32,
    /// `salt`; absent, the default salt holds.
    pub salt: Option<Vec<u8>>,
}

sequence! { EtypeInfoEntry {
    [0] etype: Int32,
    [1] salt: Optional<OctetString>,
}}

/// `ETYPE-INFO2-ENTRY` (RFC 4120 5.2.7.5). A list of them is ETYPE-INFO2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EtypeInfo2Entry {
    /// `etype`.
    pub etype: i32,
    /// `salt`, the bytes of its text; absent, the default salt holds; an empty one is empty.
    pub salt: Option<Vec<u8>>,
    /// `s2kparams`.
    pub s2kparams: Option<Vec<u8>>,
}

sequence! { EtypeInfo2Entry {
    [0] etype: Int32,
    [1] salt: Optional<EncodedString>,
    [2] s2kparams: Optional<OctetString>,
}}

/// `PA-PAC-OPTIONS` ([MS-KILE] 2.2.10, [MS-SFU] 2.2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaPacOptions {
    /// `options`: [`numbers::pac_options`](super::numbers::pac_options).
    pub options: u32,
}

sequence! { PaPacOptions {
    [0] options: KerberosFlags,
    extensible
}}

/// `KERB-PA-PAC-REQUEST` ([MS-KILE] 2.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaPacRequest {
    /// `include-pac`.
    pub include_pac: bool,
}

sequence! { PaPacRequest {
    [0] include_pac: Boolean,
    extensible
}}

messages! {
    PaEncTsEnc: "PA-ENC-TS-ENC",
    PaPacOptions: "PA-PAC-OPTIONS",
    PaPacRequest: "KERB-PA-PAC-REQUEST",
}
lists! {
    PaData: "METHOD-DATA",
    EtypeInfoEntry: "ETYPE-INFO",
    EtypeInfo2Entry: "ETYPE-INFO2",
}
